//! The findings of single documents and of several, as they are published.

use std::path::{Path, PathBuf};

use super::notes::DerivedFinding;
use crate::model::{Checks, FindingCode};
use crate::store::StoreError;
use crate::store::schema::{FINDINGS, FINDINGS_SEEN};
use crate::store::summary::{ERRORS, ErrorFinding};
use crate::store::table::cells::{Cell, finding_id};
use crate::store::table::parts::begin;
use crate::store::table::shape::TableShape;
use crate::store::table::stored::{self, push_row};
use crate::store::table::writer::TableWriter;
use crate::wording;

/// What a person is told of the findings.
#[derive(Default)]
pub(crate) struct FindingNotes {
    /// How many there are by severity: error, warning, info.
    pub counts: [u64; 3],
    /// The first errors.
    pub errors: Vec<ErrorFinding>,
}

impl FindingNotes {
    /// Takes note of one; `about` makes what is said of it.
    fn note(&mut self, severity: &str, code: &str, about: impl FnOnce() -> ErrorFinding) {
        match severity {
            "error" => self.counts[0] += 1,
            "warning" => self.counts[1] += 1,
            _ => self.counts[2] += 1,
        }
        // A document that could not be read is named among the documents.
        let is_named = severity == "error" && code != FindingCode::Quarantined.word();
        if is_named && self.errors.len() < ERRORS {
            self.errors.push(about());
        }
    }
}

/// Writes `findings`: those of single documents in document order, then those of several; each as grave as `checks`
/// says, and none that is switched off there.
pub(crate) fn publish_findings(
    dir: &Path,
    id: &str,
    seen: &Path,
    of_facts: &[PathBuf],
    derived: &[DerivedFinding],
    checks: &Checks,
) -> Result<FindingNotes, StoreError> {
    let mut notes = FindingNotes::default();
    let mut table = begin(dir, id, &FINDINGS, None)?;
    let mut copy = |shape: &'static TableShape, from: usize, file: &Path| {
        let severity = shape.position("severity");
        stored::copy_all(shape, file, |frame, row| {
            let text = |name: &str| frame.text(shape.position(name), row);
            let Some(word) = checks.severity(text("code"), text("severity")) else { return Ok(()) };
            notes.note(word, text("code"), || ErrorFinding {
                code: text("code").to_owned(),
                unit: text("unit").to_owned(),
                fiscal_year: frame.int(shape.position("fiscal_year"), row),
                message: text("message").to_owned(),
            });
            push_row(frame, row, from, (severity, Cell::Text(word)), &mut table)
        })
    };
    copy(&FINDINGS_SEEN, 1, seen)?;
    for file in of_facts {
        copy(&FINDINGS, 0, file)?;
    }
    for derived in derived {
        let (code, own) = (derived.finding.word(), derived.finding.severity());
        if let Some(word) = checks.severity(code, own.word()) {
            notes.note(word, code, || ErrorFinding {
                code: code.to_owned(),
                unit: derived.unit.clone(),
                fiscal_year: derived.fiscal_year.map(i64::from),
                message: wording::finding(&derived.finding, wording::Language::Chinese),
            });
            push_finding(derived, word, &mut table)?;
        }
    }
    table.finish()?;
    Ok(notes)
}

/// Adds a finding about several documents to a table with the columns of `findings`, as grave as `severity` says.
pub(crate) fn push_finding(
    derived: &DerivedFinding,
    severity: &str,
    table: &mut TableWriter,
) -> Result<(), StoreError> {
    let finding = &derived.finding;
    let year = derived.fiscal_year.map(|year| year.to_string()).unwrap_or_default();
    let about = [&*derived.unit_id, &*year, &*derived.document_ids, &*derived.places];
    table.push(&[
        Cell::Text(&finding_id(finding, &about)),
        Cell::Text(severity),
        Cell::Text(finding.word()),
        Cell::Text(&derived.unit_id),
        Cell::Text(&derived.unit),
        Cell::int(derived.fiscal_year.map(i64::from)),
        Cell::Text(&finding.form),
        Cell::Text(&wording::finding(finding, wording::Language::Chinese)),
        Cell::Text(finding.expected.as_deref().unwrap_or_default()),
        Cell::Text(finding.actual.as_deref().unwrap_or_default()),
        Cell::Text(finding.difference.as_deref().unwrap_or_default()),
        Cell::Text(&derived.places),
        Cell::Text(&derived.document_ids),
    ])
}
