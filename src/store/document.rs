//! The rows of `documents` and of the ledger beside it: the only tables that are held in memory as a whole, one short
//! record per path.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::model::{DocumentStatus, Extracted, Fate, Finding, Versions};

use super::schema::{DOCUMENTS, LEDGER};
use super::table::cells::Cell;
use super::table::frame::Frame;
use super::table::parts::{begin, only_part};
use super::table::shape::TableShape;
use super::table::stored;
use super::table::writer::TableWriter;
use super::{Incoming, STATE, Stat, StoreError, disk};

/// One row of `documents`, with what the ledger knows of it.
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
    pub known: Known,
}

/// What the ledger knows of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// What the file was when it was last looked at; none for content that is no longer at its path.
    pub stat: Option<Stat>,
    /// Name of the unit as written.
    pub unit: String,
    pub fiscal_year: Option<i32>,
    /// Forms in it, in document order.
    pub forms: Vec<String>,
    /// A finding quotes its path: under another path it would say something else.
    pub quotes_path: bool,
    /// The path under which its rows stand: of several with the same bytes, the first in the order of the plan.
    pub rows_at: String,
    /// The path of the document that replaces it by the user's declaration.
    pub replaced_by: String,
    /// What read it.
    pub versions: Versions,
}

impl DocumentRow {
    /// What `documents` and the ledger say of an extracted document.
    pub(crate) fn new(extracted: &Extracted, imported_at: i64, stat: Option<Stat>) -> DocumentRow {
        let submission = &extracted.submission;
        let mut years: BTreeSet<i32> = submission.figures.iter().map(|figure| figure.fiscal_year).collect();
        years.extend(submission.fiscal_year);
        let years: Vec<String> = years.iter().map(i32::to_string).collect();
        let mut numbers = [0; Fate::ALL.len()];
        for record in &submission.numbers {
            numbers[record.fate as usize] += 1;
        }
        let mut forms: Vec<String> = Vec::new();
        for seen in &submission.forms {
            if !forms.iter().any(|form| **form == *seen.form) {
                forms.push(seen.form.to_string());
            }
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
            mapping_version: extracted.versions.of_mapping(),
            known: Known {
                stat,
                unit: submission.unit.clone(),
                fiscal_year: submission.fiscal_year,
                forms,
                quotes_path: submission.findings.iter().any(|finding| quotes(finding, &extracted.path)),
                rows_at: extracted.path.clone(),
                replaced_by: String::new(),
                versions: extracted.versions.clone(),
            },
        }
    }

    /// Something of the document is in the dataset, or accounted for.
    pub(crate) fn is_read(&self) -> bool {
        matches!(self.status, DocumentStatus::Ok | DocumentStatus::Partial)
    }

    /// The file is at its path, as far as is known: it was not superseded by other content there.
    pub(crate) fn is_present(&self) -> bool {
        self.status != DocumentStatus::Superseded || !self.known.replaced_by.is_empty()
    }

    /// The document as it came.
    pub(crate) fn incoming(&self) -> Incoming {
        Incoming { path: self.path.clone(), document_id: self.document_id.clone(), stat: self.known.stat.clone() }
    }

    /// The same content under another path.
    pub(crate) fn at(&self, path: &str, imported_at: i64, stat: Option<Stat>) -> DocumentRow {
        let known = Known { stat, ..self.known.clone() };
        DocumentRow { path: path.to_owned(), imported_at, known, ..self.clone() }
    }

    /// The same document, no longer in force.
    pub(crate) fn superseded(&self, replaced_by: &str) -> DocumentRow {
        let mut row = DocumentRow { status: DocumentStatus::Superseded, ..self.clone() };
        row.known.replaced_by = replaced_by.to_owned();
        if replaced_by.is_empty() {
            row.known.stat = None;
        } else {
            row.reason = format!("replaced: 由 {replaced_by} 取代");
        }
        row
    }

    /// Adds the row to its table.
    fn push(&self, table: &mut TableWriter) -> Result<(), StoreError> {
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

    /// Adds the row of the ledger.
    fn push_known(&self, table: &mut TableWriter) -> Result<(), StoreError> {
        let known = &self.known;
        let forms = known.forms.join(",");
        let stat = |of: &dyn Fn(&Stat) -> i64| Cell::int(known.stat.as_ref().map(of));
        table.push(&[
            Cell::Text(&self.path),
            Cell::Text(&self.document_id),
            stat(&|stat| stat.size as i64),
            stat(&|stat| stat.modified),
            stat(&|stat| stat.changed),
            stat(&|stat| stat.seen),
            Cell::Text(&known.unit),
            Cell::int(known.fiscal_year.map(i64::from)),
            Cell::Text(&forms),
            Cell::Flag(known.quotes_path),
            Cell::Text(&known.rows_at),
            Cell::Text(&known.replaced_by),
            Cell::Text(&known.versions.program),
            Cell::Text(&known.versions.mapping),
            Cell::Text(&known.versions.codes),
            Cell::Text(&known.versions.registry),
        ])
    }

    /// Every row of `documents` of a snapshot, with its ledger.
    pub(crate) fn read_all(dir: &Path) -> Result<Vec<DocumentRow>, StoreError> {
        let documents = read_whole(dir, &DOCUMENTS)?;
        let ledger = read_whole(&dir.join(STATE), &LEDGER)?;
        if documents.height() != ledger.height() {
            return Err(StoreError::table("the ledger does not belong to `documents`"));
        }
        (0..documents.height()).map(|row| DocumentRow::from_frames(&documents, &ledger, row)).collect()
    }

    fn from_frames(documents: &Frame, ledger: &Frame, row: usize) -> Result<DocumentRow, StoreError> {
        let cells = Cells { shape: &DOCUMENTS, frame: documents, row };
        let word = cells.text("status");
        let status = DocumentStatus::ALL.into_iter().find(|status| status.word() == word);
        let mut numbers = [0; Fate::ALL.len()];
        for (count, fate) in numbers.iter_mut().zip(Fate::ALL) {
            *count = cells.int(&format!("numbers_{}", fate.word())).unwrap_or_default() as u64;
        }
        let known = Cells { shape: &LEDGER, frame: ledger, row };
        if cells.text("path") != known.text("path") {
            return Err(StoreError::table("the ledger does not belong to `documents`"));
        }
        Ok(DocumentRow {
            document_id: cells.text("document_id"),
            path: cells.text("path"),
            bytes: cells.int("bytes").unwrap_or_default() as u64,
            format: cells.text("format"),
            encoding: cells.text("encoding"),
            status: status.ok_or_else(|| StoreError::table(format!("`documents` has an unknown status `{word}`")))?,
            reason: cells.text("reason"),
            unit_id: cells.text("unit_id"),
            fiscal_years: cells.text("fiscal_years"),
            numbers,
            imported_at: cells.int("imported_at").unwrap_or_default(),
            mapping_version: cells.text("mapping_version"),
            known: Known::from_cells(&known),
        })
    }
}

impl Known {
    fn from_cells(cells: &Cells<'_>) -> Known {
        let stat = || {
            Some(Stat {
                size: cells.int("size")? as u64,
                modified: cells.int("modified")?,
                changed: cells.int("changed")?,
                seen: cells.int("seen")?,
            })
        };
        Known {
            stat: stat(),
            unit: cells.text("unit"),
            fiscal_year: cells.int("fiscal_year").and_then(|year| i32::try_from(year).ok()),
            forms: cells.text("forms").split(',').filter(|form| !form.is_empty()).map(str::to_owned).collect(),
            quotes_path: cells.flag("quotes_path"),
            rows_at: cells.text("rows_at"),
            replaced_by: cells.text("replaced_by"),
            versions: Versions {
                program: cells.text("program"),
                mapping: cells.text("mapping"),
                codes: cells.text("codes"),
                registry: cells.text("registry"),
            },
        }
    }

    /// The forms as what asks for them wants them.
    pub(crate) fn forms(&self) -> Vec<&str> {
        self.forms.iter().map(String::as_str).collect()
    }
}

/// The cells of one row, by the names of their columns.
struct Cells<'f> {
    shape: &'static TableShape,
    frame: &'f Frame,
    row: usize,
}

impl Cells<'_> {
    fn text(&self, name: &str) -> String {
        self.frame.text(self.shape.position(name), self.row).to_owned()
    }

    fn int(&self, name: &str) -> Option<i64> {
        self.frame.int(self.shape.position(name), self.row)
    }

    fn flag(&self, name: &str) -> bool {
        self.frame.flag(self.shape.position(name), self.row)
    }
}

fn read_whole(dir: &Path, shape: &'static TableShape) -> Result<Frame, StoreError> {
    stored::read(shape, &only_part(dir, shape)?, 0, usize::MAX)
}

/// A finding says the path of its document.
fn quotes(finding: &Finding, path: &str) -> bool {
    let said = [Some(&finding.subject), finding.expected.as_ref(), finding.actual.as_ref()];
    said.into_iter().flatten().any(|text| text.contains(path))
}

/// Writes `documents` and the ledger, in the order of the rows.
pub(crate) fn write_all(dir: &Path, id: &str, rows: &[DocumentRow]) -> Result<(), StoreError> {
    let mut table = begin(dir, id, &DOCUMENTS, None)?;
    for row in rows {
        row.push(&mut table)?;
    }
    table.finish()?;
    write_ledger(dir, id, rows)
}

/// Puts a ledger with other knowledge of the files in the place of that of a published snapshot. Nobody but the next
/// import reads it, and none is under way.
pub(crate) fn refresh_ledger(
    dir: &Path,
    id: &str,
    rows: &[DocumentRow],
    stats: &HashMap<&str, Option<Stat>>,
) -> Result<(), StoreError> {
    let rows: Vec<DocumentRow> = rows
        .iter()
        .map(|row| {
            let stat = stats.get(row.path.as_str()).filter(|_| row.is_present()).cloned();
            let known = Known { stat: stat.unwrap_or_else(|| row.known.stat.clone()), ..row.known.clone() };
            DocumentRow { known, ..row.clone() }
        })
        .collect();
    let old = only_part(&dir.join(STATE), &LEDGER)?;
    let beside = dir.join(STATE).join(format!(".{}", LEDGER.name));
    if beside.exists() {
        disk::remove_folder(&beside)?;
    }
    write_ledger_below(&beside, id, &rows)?;
    disk::sync_below(&beside)?;
    disk::rename(&only_part(&beside, &LEDGER)?, &old)?;
    disk::remove_folder(&beside)
}

fn write_ledger(dir: &Path, id: &str, rows: &[DocumentRow]) -> Result<(), StoreError> {
    write_ledger_below(&dir.join(STATE), id, rows)
}

/// Writes the ledger alone.
fn write_ledger_below(dir: &Path, id: &str, rows: &[DocumentRow]) -> Result<(), StoreError> {
    let mut table = begin(dir, id, &LEDGER, None)?;
    for row in rows {
        row.push_known(&mut table)?;
    }
    table.finish()?;
    Ok(())
}
