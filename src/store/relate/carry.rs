//! What comparing the figures of one year told, kept beside the facts: a year whose figures did not change is not
//! compared again.

use std::path::{Path, PathBuf};

use super::checks::push_check;
use super::findings::push_finding;
use super::notes::{FactNotes, Facts, TwiceFilled};
use crate::store::schema::{FACT_CHECKS, FACT_FINDINGS, FACTS, FORMS_TWICE};
use crate::store::table::cells::Cell;
use crate::store::table::partition::share;
use crate::store::table::parts::{all_parts, begin};
use crate::store::table::shape::TableShape;
use crate::store::table::stored;
use crate::store::table::writer::TableWriter;
use crate::store::{STATE, StoreError};

/// Begins the table of what is found while the figures of a year are compared.
pub(crate) fn begin_findings(dir: &Path, id: &str, year: i32) -> Result<TableWriter, StoreError> {
    begin(&dir.join(STATE), id, &FACT_FINDINGS, Some(year))
}

/// Begins the table of the rules that are due among the facts of a year.
pub(crate) fn begin_checks(dir: &Path, id: &str, year: i32) -> Result<TableWriter, StoreError> {
    begin(&dir.join(STATE), id, &FACT_CHECKS, Some(year))
}

/// Writes what was found so far: nothing makes the number of contradictions small.
pub(crate) fn keep_findings(table: &mut TableWriter, notes: &mut FactNotes) -> Result<(), StoreError> {
    for finding in std::mem::take(&mut notes.findings) {
        push_finding(&finding, finding.finding.severity().word(), table)?;
    }
    Ok(())
}

/// Writes which rules were due so far.
pub(crate) fn keep_checks(table: &mut TableWriter, notes: &mut FactNotes) -> Result<(), StoreError> {
    std::mem::take(&mut notes.checks).iter().try_for_each(|check| push_check(check, table))
}

/// Writes which forms were filled twice in the year just compared.
pub(crate) fn keep_twice(dir: &Path, id: &str, year: i32, notes: &FactNotes) -> Result<(), StoreError> {
    let mut table = begin(&dir.join(STATE), id, &FORMS_TWICE, Some(year))?;
    for (twice, documents) in notes.twice.iter().filter(|(twice, _)| twice.fiscal_year == year) {
        let documents: Vec<&str> = documents.iter().map(String::as_str).collect();
        table.push(&[Cell::Text(&twice.unit_id), Cell::Text(&twice.form), Cell::Text(&documents.join(","))])?;
    }
    table.finish()?;
    Ok(())
}

/// Takes the facts of a year and its notes from the snapshot before.
pub(crate) fn year(before: &Path, dir: &Path, year: i32, notes: &mut FactNotes) -> Result<(), StoreError> {
    let (state_before, state) = (before.join(STATE), dir.join(STATE));
    let path = share(dir, &FACTS, Some(year), &part_of(before, &FACTS, year)?)?;
    notes.years.insert(year, Facts { path, kept: None });
    let findings = part_of(&state_before, &FACT_FINDINGS, year)?;
    notes.finding_files.push(share(&state, &FACT_FINDINGS, Some(year), &findings)?);
    let checks = part_of(&state_before, &FACT_CHECKS, year)?;
    notes.check_files.push(share(&state, &FACT_CHECKS, Some(year), &checks)?);
    let twice = share(&state, &FORMS_TWICE, Some(year), &part_of(&state_before, &FORMS_TWICE, year)?)?;
    stored::copy_all(&FORMS_TWICE, &twice, |frame, row| {
        let twice = TwiceFilled {
            fiscal_year: year,
            unit_id: frame.text(0, row).to_owned(),
            form: frame.text(1, row).to_owned(),
        };
        let documents = frame.text(2, row).split(',').map(str::to_owned);
        notes.twice.entry(twice).or_default().extend(documents);
        Ok(())
    })
}

fn part_of(dir: &Path, shape: &TableShape, year: i32) -> Result<PathBuf, StoreError> {
    let part = all_parts(dir, shape)?.into_iter().find(|(of, _)| *of == Some(year));
    part.map(|(_, part)| part).ok_or_else(|| StoreError::table(format!("`{}` has no part for {year}", shape.name)))
}
