//! The rules that were due, in single documents and between all that a unit tells, as they are published.

use std::path::{Path, PathBuf};

use super::notes::DerivedCheck;
use crate::store::StoreError;
use crate::store::schema::CHECKS;
use crate::store::table::cells::CheckedOf;
use crate::store::table::parts::begin;
use crate::store::table::stored;
use crate::store::table::writer::TableWriter;

/// Writes `checks`: those of single documents in document order, then those of the facts of each year, then those of two years.
pub(crate) fn publish(
    dir: &Path,
    id: &str,
    seen: &Path,
    of_facts: &[PathBuf],
    of_years: &[DerivedCheck],
) -> Result<(), StoreError> {
    let mut table = begin(dir, id, &CHECKS, None)?;
    for file in std::iter::once(seen).chain(of_facts.iter().map(PathBuf::as_path)) {
        stored::copy_all(&CHECKS, file, |frame, row| {
            let cells: Vec<_> = (0..CHECKS.columns.len()).map(|column| frame.cell(column, row)).collect();
            table.push(&cells)
        })?;
    }
    of_years.iter().try_for_each(|check| push_check(check, &mut table))?;
    table.finish()?;
    Ok(())
}

/// Adds a rule that was due to a table with the columns of `checks`.
pub(crate) fn push_check(check: &DerivedCheck, table: &mut TableWriter) -> Result<(), StoreError> {
    let about =
        CheckedOf { unit_id: &check.unit_id, unit: &check.unit, fiscal_year: Some(check.fiscal_year), document_id: "" };
    table.push(&about.row(&check.checked))
}
