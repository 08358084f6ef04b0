//! A snapshot in the making: the rows of documents, pushed in the order of their paths, go into the tables.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::model::{DocumentStatus, Extracted, Figure, micros};
use crate::wording;

use super::document::DocumentRow;
use super::schema::{CHECKS_SEEN, FIGURES, FINDINGS_SEEN, FORMS_SEEN, LEFTOVERS, SCORES, TEXTS};
use super::table::Columns;
use super::table::cells::{Cell, CheckedOf, ENTITY_IS_UNIT, NOT_IN_FACTS, finding_id, places_text};
use super::table::partition::{Finished, Partition};
use super::table::parts::{all_parts, begin, only_part};
use super::table::shape::TableShape;
use super::table::stored::StoredTable;
use super::table::writer::KeepRoom;
use super::{CodeNames, StoreError};

/// A figure whose value fits into the dataset.
struct Storable<'a> {
    figure: &'a Figure,
    /// Its value times 10⁶.
    value: i128,
}

/// The tables that are filled document by document.
pub(crate) struct Draft {
    /// The folder of the snapshot in the making.
    pub dir: PathBuf,
    /// The snapshot's id, which is in the name of every part.
    pub id: String,
    figures: BTreeMap<i32, Partition>,
    /// Where there is room for what facts will be made of.
    room: KeepRoom,
    texts: Partition,
    scores: Partition,
    leftovers: Partition,
    forms: Partition,
    findings: Partition,
    checks: Partition,
}

/// The files that [`Draft::finish`] leaves.
pub(crate) struct DraftFiles {
    /// The figures by fiscal year.
    pub figures: BTreeMap<i32, Finished>,
    /// The forms as seen.
    pub forms: PathBuf,
    /// The findings of single documents.
    pub findings: PathBuf,
    /// The rules that were due in single documents.
    pub checks: PathBuf,
}

impl Draft {
    /// Begins the tables in `dir`, an empty folder; `before` is the folder of the snapshot before, whose files may stand
    /// in this one too where `may_share` says so. What facts will be made of is kept, of at most `keep` row groups.
    pub(crate) fn begin(
        dir: &Path,
        id: &str,
        before: Option<&Path>,
        may_share: bool,
        keep: usize,
    ) -> Result<Draft, StoreError> {
        let room = KeepRoom::new(keep.into());
        let open = |shape: &'static TableShape, key: &str| -> Result<Partition, StoreError> {
            let internal = [FORMS_SEEN.name, FINDINGS_SEEN.name, CHECKS_SEEN.name].contains(&shape.name);
            let below = |dir: &Path| if internal { dir.join(super::STATE) } else { dir.to_owned() };
            // The snapshot of an earlier program may not have the table yet.
            let stored = match before.filter(|before| below(before).join(shape.name).is_dir()) {
                Some(before) => Some(StoredTable::open(shape, only_part(&below(before), shape)?, key)?),
                None => None,
            };
            Ok(Partition::begin(&below(dir), id, shape, None, stored, may_share))
        };
        let mut figures = BTreeMap::new();
        if let Some(before) = before {
            for (year, part) in all_parts(before, &FIGURES)? {
                let Some(year) = year else { continue };
                let stored = StoredTable::open(&FIGURES, part, "document_id")?;
                let partition = Partition::begin(dir, id, &FIGURES, Some(year), Some(stored), may_share);
                figures.insert(year, partition.keeping(room.clone()));
            }
        }
        Ok(Draft {
            dir: dir.to_owned(),
            id: id.to_owned(),
            figures,
            room,
            texts: open(&TEXTS, "document_id")?,
            scores: open(&SCORES, "document_id")?,
            leftovers: open(&LEFTOVERS, "document_id")?,
            forms: open(&FORMS_SEEN, "document_path")?,
            findings: open(&FINDINGS_SEEN, "document_path")?,
            checks: open(&CHECKS_SEEN, "document_id")?,
        })
    }

    /// Adds every row that a document of the snapshot before had under the path `stood_at`.
    pub(crate) fn keep(&mut self, document: &DocumentRow, stood_at: &str) -> Result<(), StoreError> {
        let moved = |shape: &TableShape| {
            (stood_at != document.path).then(|| (shape.position("document_path"), document.path.as_str()))
        };
        // Nothing of an unread document is in these tables, but another one may have its bytes.
        if document.is_read() {
            for partition in self.figures.values_mut() {
                partition.keep(&document.document_id, moved(&FIGURES))?;
            }
            self.texts.keep(&document.document_id, None)?;
            self.scores.keep(&document.document_id, None)?;
            self.leftovers.keep(&document.document_id, moved(&LEFTOVERS))?;
            self.checks.keep(&document.document_id, None)?;
        }
        self.forms.keep(stood_at, moved(&FORMS_SEEN))?;
        self.findings.keep(stood_at, moved(&FINDINGS_SEEN))
    }

    /// Adds a row that was made before, to the table it is of and to its year.
    pub(crate) fn add(&mut self, shape: &TableShape, year: Option<i32>, row: &[Cell<'_>]) -> Result<(), StoreError> {
        let table = match (shape.name, year) {
            ("figures", Some(year)) => self.year(year),
            ("texts", _) => &mut self.texts,
            ("scores", _) => &mut self.scores,
            ("leftovers", _) => &mut self.leftovers,
            ("forms_seen", _) => &mut self.forms,
            ("findings_seen", _) => &mut self.findings,
            ("checks_seen", _) => &mut self.checks,
            (other, _) => return Err(StoreError::table(format!("`{other}` is not filled document by document"))),
        };
        table.push(row)
    }

    /// Adds every row of a document; its row of `documents` comes back, with the numbers that cannot be stored left over.
    pub(crate) fn push(
        &mut self,
        extracted: &Extracted,
        mut document: DocumentRow,
        names: &CodeNames<'_>,
    ) -> Result<DocumentRow, StoreError> {
        let mut storable = Vec::with_capacity(extracted.submission.figures.len());
        for figure in &extracted.submission.figures {
            match micros(figure.value) {
                Some(value) => storable.push(Storable { figure, value }),
                None => {
                    self.push_unstorable(extracted, figure)?;
                    document.numbers[crate::model::Fate::Figure as usize] -= 1;
                    document.numbers[crate::model::Fate::Leftover as usize] += 1;
                }
            }
        }
        for rows in storable.chunk_by(|a, b| a.figure.fiscal_year == b.figure.fiscal_year) {
            let version = &document.mapping_version;
            self.year(rows[0].figure.fiscal_year).extend(&extracted.submission.unit_id, rows, |columns, rows| {
                fill(columns, extracted, rows, version, names);
            })?;
        }
        self.push_texts(extracted)?;
        self.push_scores(extracted)?;
        self.push_leftovers(extracted)?;
        self.push_forms(extracted)?;
        self.push_findings(extracted)?;
        self.push_checks(extracted)?;
        Ok(document)
    }

    /// A number too large for the dataset is a leftover that says so.
    fn push_unstorable(&mut self, extracted: &Extracted, figure: &Figure) -> Result<(), StoreError> {
        let submission = &extracted.submission;
        self.leftovers.push(&[
            Cell::Text(&submission.unit_id),
            Cell::Text(&submission.unit),
            Cell::int(submission.fiscal_year.map(i64::from)),
            Cell::Text(&extracted.document_id),
            Cell::Text(&extracted.path),
            Cell::Text(&figure.form),
            Cell::Text(&figure.place.to_string()),
            Cell::Text(&figure.value_as_written),
            Cell::Text(&figure.label),
            Cell::Text("more than 14 digits before the decimal point"),
        ])
    }

    fn push_texts(&mut self, extracted: &Extracted) -> Result<(), StoreError> {
        let submission = &extracted.submission;
        for field in &submission.texts {
            self.texts.push(&[
                Cell::Text(&submission.unit_id),
                Cell::Text(&submission.unit),
                Cell::int(submission.fiscal_year.map(i64::from)),
                Cell::Text(&field.form),
                Cell::Text(&field.entity),
                Cell::Text(&field.item),
                Cell::Text(field.measure),
                Cell::Text(&field.text),
                Cell::Text(&extracted.document_id),
                Cell::Text(&field.place.to_string()),
                Cell::Text(&field.rule),
            ])?;
        }
        Ok(())
    }

    fn push_scores(&mut self, extracted: &Extracted) -> Result<(), StoreError> {
        let submission = &extracted.submission;
        for score in &submission.scores {
            self.scores.push(&[
                Cell::Text(&submission.unit_id),
                Cell::Text(&submission.unit),
                Cell::int(submission.fiscal_year.map(i64::from)),
                Cell::Text(&score.form),
                Cell::Text(&score.entity),
                score.scheme.as_deref().map_or(Cell::Null, Cell::Text),
                Cell::Text(&score.level1),
                Cell::Text(&score.level2),
                Cell::Text(&score.level3),
                Cell::amount(score.weight.and_then(micros)),
                Cell::amount(score.self_score.and_then(micros)),
                Cell::Text(&extracted.document_id),
                Cell::Text(&score.place.to_string()),
            ])?;
        }
        Ok(())
    }

    fn push_leftovers(&mut self, extracted: &Extracted) -> Result<(), StoreError> {
        let submission = &extracted.submission;
        for leftover in &submission.leftovers {
            self.leftovers.push(&[
                Cell::Text(&submission.unit_id),
                Cell::Text(&submission.unit),
                Cell::int(submission.fiscal_year.map(i64::from)),
                Cell::Text(&extracted.document_id),
                Cell::Text(&extracted.path),
                Cell::Text(&leftover.form),
                Cell::Text(&leftover.place.to_string()),
                Cell::Text(&leftover.value_as_written),
                Cell::Text(&leftover.labels),
                Cell::Text(&leftover.blocked_by),
            ])?;
        }
        Ok(())
    }

    fn push_forms(&mut self, extracted: &Extracted) -> Result<(), StoreError> {
        let submission = &extracted.submission;
        for seen in &submission.forms {
            self.forms.push(&[
                Cell::Text(&extracted.path),
                Cell::Text(&extracted.document_id),
                Cell::Text(&submission.unit_id),
                Cell::Text(&submission.unit),
                Cell::int(submission.fiscal_year.map(i64::from)),
                Cell::Text(&seen.form),
                Cell::Text(seen.status.word()),
                Cell::Int(seen.figures as i64),
                Cell::Int(seen.leftovers as i64),
                Cell::Flag(submission.scope_total),
            ])?;
        }
        Ok(())
    }

    fn push_findings(&mut self, extracted: &Extracted) -> Result<(), StoreError> {
        let submission = &extracted.submission;
        // Unreadable bytes are told once per path, though all empty files are one document.
        let at = match extracted.status {
            DocumentStatus::Ok | DocumentStatus::Partial => String::new(),
            _ => extracted.path.clone(),
        };
        let mut told: HashMap<String, u32> = HashMap::new();
        for finding in &submission.findings {
            let plain = finding_id(finding, &[&extracted.document_id, &at]);
            let count = told.entry(plain.clone()).or_default();
            *count += 1;
            let id = if *count == 1 { plain } else { format!("{plain}-{count}") };
            self.findings.push(&[
                Cell::Text(&extracted.path),
                Cell::Text(&id),
                Cell::Text(finding.severity().word()),
                Cell::Text(finding.word()),
                Cell::Text(&submission.unit_id),
                Cell::Text(&submission.unit),
                Cell::int(submission.fiscal_year.map(i64::from)),
                Cell::Text(&finding.form),
                Cell::Text(&wording::finding(finding, wording::Language::Chinese)),
                Cell::Text(finding.expected.as_deref().unwrap_or_default()),
                Cell::Text(finding.actual.as_deref().unwrap_or_default()),
                Cell::Text(finding.difference.as_deref().unwrap_or_default()),
                Cell::Text(&places_text(finding)),
                Cell::Text(&extracted.document_id),
            ])?;
        }
        Ok(())
    }

    fn push_checks(&mut self, extracted: &Extracted) -> Result<(), StoreError> {
        let submission = &extracted.submission;
        let about = CheckedOf {
            unit_id: &submission.unit_id,
            unit: &submission.unit,
            fiscal_year: submission.fiscal_year,
            document_id: &extracted.document_id,
        };
        submission.checked.iter().try_for_each(|checked| self.checks.push(&about.row(checked)))
    }

    fn year(&mut self, year: i32) -> &mut Partition {
        let begin =
            || Partition::begin(&self.dir, &self.id, &FIGURES, Some(year), None, false).keeping(self.room.clone());
        self.figures.entry(year).or_insert_with(begin)
    }

    /// Closes the tables.
    pub(crate) fn finish(self) -> Result<DraftFiles, StoreError> {
        let years = self.figures;
        let others = [self.texts, self.scores, self.leftovers, self.forms, self.findings, self.checks];
        // Every table has rows to encode.
        let (figures, others) = rayon::join(
            || {
                let finished =
                    years.into_par_iter().map(|(year, partition)| Ok::<_, StoreError>((year, partition.finish()?)));
                finished.collect::<Result<Vec<_>, _>>()
            },
            || others.into_par_iter().map(Partition::finish).collect::<Result<Vec<_>, _>>(),
        );
        let figures: BTreeMap<i32, Finished> =
            figures?.into_iter().filter_map(|(year, finished)| Some((year, finished?))).collect();
        if figures.is_empty() {
            // A table without a row still has a file, so that every reader finds its columns.
            begin(&self.dir, &self.id, &FIGURES, None)?.finish()?;
        }
        let mut others = others?.into_iter().flatten().map(|finished| finished.path).skip(3);
        match (others.next(), others.next(), others.next()) {
            (Some(forms), Some(findings), Some(checks)) => Ok(DraftFiles { figures, forms, findings, checks }),
            _ => Err(StoreError::table("a table has no file")),
        }
    }
}

/// Puts figures of one document and year into the columns of `figures`, in their order.
fn fill(
    columns: &mut Columns<'_>,
    extracted: &Extracted,
    rows: &[Storable<'_>],
    mapping_version: &str,
    names: &CodeNames<'_>,
) {
    let submission = &extracted.submission;
    let year = rows.first().map_or(0, |row| row.figure.fiscal_year);
    let figures = || rows.iter().map(|row| row.figure);
    columns.text(&submission.unit_id);
    columns.text(&submission.unit);
    columns.ints(figures().map(|_| Some(i64::from(year))));
    columns.texts(figures().map(|figure| &*figure.form));
    columns.texts(figures().map(|figure| &*figure.key.entity));
    columns.texts(figures().map(|figure| &*figure.key.item));
    columns.texts(figures().map(|figure| &*figure.key.function));
    columns.derived(|code, name| name.push_str(names.of(code, year)));
    columns.texts(figures().map(|figure| &*figure.key.economic));
    columns.derived(|code, name| name.push_str(names.of(code, year)));
    columns.texts(figures().map(|figure| figure.key.funding.map_or("", |funding| funding.word())));
    columns.texts(figures().map(|figure| figure.key.measure.word()));
    columns.texts(figures().map(|figure| &*figure.key.base));
    columns.amounts(rows.iter().map(|row| row.value));
    columns.texts(figures().map(|figure| &*figure.unit_of_measure));
    columns.texts(figures().map(|figure| figure.value_as_written.as_str()));
    columns.ints(figures().map(|figure| Some(i64::from(figure.decimals))));
    columns.texts(figures().map(|figure| figure.label.as_str()));
    columns.text(&extracted.document_id);
    columns.text(&extracted.path);
    columns.made(figures(), |figure, text| figure.place.push_to(text));
    columns.texts(figures().map(|figure| &*figure.rule));
    columns.text(mapping_version);
    columns.made(figures(), |figure, text| add_flags(figure, submission.scope_total, text));
    columns.ints(figures().map(|figure| Some(i64::from(figure.level))));
    columns.flags(figures().map(|figure| Some(figure.leaf)));
}

/// Adds the remarks of a figure, and what publication has to know of it beyond its columns.
fn add_flags(figure: &Figure, scope_total: bool, flags: &mut String) {
    flags.push_str(&figure.flags);
    let mut add = |flag: &str| {
        if !flags.split(' ').any(|have| have == flag) {
            if !flags.is_empty() {
                flags.push(' ');
            }
            flags.push_str(flag);
        }
    };
    if scope_total {
        add("scope_total");
    }
    match (figure.speaks_for_unit, figure.key.entity.is_empty()) {
        (true, false) => add(ENTITY_IS_UNIT),
        (false, true) => add(NOT_IN_FACTS),
        _ => {}
    }
}
