//! What differs between two snapshots of a dataset, and why: documents, figures, findings.
//!
//! Files that both share are not opened. Of the others only the rows of documents are read whose content, place or
//! reading changed, so the work grows with the change.

mod changes;
mod documents;
mod figures;
mod findings;
mod pair;

pub use changes::{Cause, Change, Comparison, DocumentChange, FigureChange, FindingChange};
pub use pair::{NoPair, Pair, named, since};

use documents::Documents;
use figures::Figures;

use crate::store::{DocumentRow, StoreError};

/// Compares two snapshots.
///
/// # Errors
///
/// Where one of them cannot be read.
pub fn compare(pair: &Pair) -> Result<Comparison, StoreError> {
    let (older, newer) = (&pair.older.1, &pair.newer.1);
    let (before, after) = (DocumentRow::read_all(older)?, DocumentRow::read_all(newer)?);
    let documents = Documents::new(&before, &after);
    let mut comparison = Comparison {
        older: pair.older.0.id.clone(),
        newer: pair.newer.0.id.clone(),
        documents: documents.changes.clone(),
        ..Comparison::default()
    };
    let mut figures = Figures::open(older, newer)?;
    for reading in &documents.readings {
        figures.compare(reading, &mut comparison.figures)?;
    }
    let checks = [&pair.older.0.checks, &pair.newer.0.checks];
    comparison.findings = findings::compare([older, newer], checks, &documents)?;
    Ok(comparison)
}
