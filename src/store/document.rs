//! The rows of `documents`: the only table that is held in memory as a whole, one short record per path.

use std::collections::BTreeSet;

use crate::model::{DocumentStatus, Extracted, Fate};

use super::StoreError;
use super::schema::DOCUMENTS;
use super::stored::{self, Frame};
use super::table::{Cell, TableWriter};

/// One row of `documents`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DocumentRow {
    pub document_id: String,
    pub path: String,
    pub bytes: u64,
    pub format: String,
    pub encoding: String,
    pub status: DocumentStatus,
    pub reason: String,
    pub unit_id: String,
    pub fiscal_years: String,
    /// Numbers by fate, in the order of [`Fate::ALL`].
    pub numbers: [u64; Fate::ALL.len()],
    /// Microseconds since 1970, UTC.
    pub imported_at: i64,
    pub mapping_version: String,
}

impl DocumentRow {
    /// What `documents` says of an extracted document.
    pub(crate) fn new(extracted: &Extracted, imported_at: i64, mapping_version: &str) -> DocumentRow {
        let submission = &extracted.submission;
        let mut years: BTreeSet<i32> = submission.figures.iter().map(|figure| figure.fiscal_year).collect();
        years.extend(submission.fiscal_year);
        let years: Vec<String> = years.iter().map(i32::to_string).collect();
        let mut numbers = [0; Fate::ALL.len()];
        for record in &submission.numbers {
            numbers[record.fate as usize] += 1;
        }
        DocumentRow {
            document_id: extracted.document_id.clone(),
            path: extracted.path.clone(),
            bytes: extracted.bytes,
            format: extracted.format.clone(),
            encoding: extracted.encoding.clone(),
            status: extracted.status,
            reason: extracted.reason.clone(),
            unit_id: submission.unit_id.clone(),
            fiscal_years: years.join(","),
            numbers,
            imported_at,
            mapping_version: mapping_version.to_owned(),
        }
    }

    /// Something of the document is in the dataset, or accounted for.
    pub(crate) fn is_read(&self) -> bool {
        matches!(self.status, DocumentStatus::Ok | DocumentStatus::Partial)
    }

    /// The same content under another path.
    pub(crate) fn at(&self, path: &str, imported_at: i64) -> DocumentRow {
        DocumentRow { path: path.to_owned(), imported_at, ..self.clone() }
    }

    /// Adds the row to its table.
    pub(crate) fn push(&self, table: &mut TableWriter) -> Result<(), StoreError> {
        let number = |at: usize| Cell::Int(self.numbers[at] as i64);
        table.push(&[
            Cell::Text(&self.document_id),
            Cell::Text(&self.path),
            Cell::Int(self.bytes as i64),
            Cell::Text(&self.format),
            Cell::Text(&self.encoding),
            Cell::Text(self.status.word()),
            Cell::Text(&self.reason),
            Cell::Text(&self.unit_id),
            Cell::Text(&self.fiscal_years),
            number(0),
            number(1),
            number(2),
            number(3),
            number(4),
            number(5),
            number(6),
            Cell::Int(self.imported_at),
            Cell::Text(&self.mapping_version),
        ])
    }

    /// Every row of a stored `documents` table.
    pub(crate) fn read_all(file: &std::path::Path) -> Result<Vec<DocumentRow>, StoreError> {
        let frame = stored::read(&DOCUMENTS, file, 0, usize::MAX)?;
        (0..frame.height()).map(|row| DocumentRow::from_frame(&frame, row)).collect()
    }

    fn from_frame(frame: &Frame, row: usize) -> Result<DocumentRow, StoreError> {
        let text = |name: &str| match frame.cell(DOCUMENTS.position(name), row) {
            Cell::Text(text) => text.to_owned(),
            _ => String::new(),
        };
        let int = |name: &str| match frame.cell(DOCUMENTS.position(name), row) {
            Cell::Int(value) => value,
            _ => 0,
        };
        let word = text("status");
        let status = DocumentStatus::ALL.into_iter().find(|status| status.word() == word);
        let mut numbers = [0; Fate::ALL.len()];
        for (count, fate) in numbers.iter_mut().zip(Fate::ALL) {
            *count = int(&format!("numbers_{}", fate.word())) as u64;
        }
        Ok(DocumentRow {
            document_id: text("document_id"),
            path: text("path"),
            bytes: int("bytes") as u64,
            format: text("format"),
            encoding: text("encoding"),
            status: status.ok_or_else(|| StoreError::table(format!("`documents` has an unknown status `{word}`")))?,
            reason: text("reason"),
            unit_id: text("unit_id"),
            fiscal_years: text("fiscal_years"),
            numbers,
            imported_at: int("imported_at"),
            mapping_version: text("mapping_version"),
        })
    }
}
