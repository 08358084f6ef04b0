//! What differs between two snapshots of a dataset, and why: documents, figures, findings.
//!
//! Files that both share are not opened. Of the others only the rows of documents are read whose content, place or
//! reading changed, so the work grows with the change.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::model::plain;
use crate::store::{
    self, Cell, DocumentRow, FIGURES, FINDINGS, Frame, SnapshotInfo, StoreError, StoredFile, StoredTable, TableShape,
    all_parts,
};

/// Two snapshots of a dataset.
#[derive(Clone, Debug)]
pub struct Pair {
    older: (SnapshotInfo, PathBuf),
    newer: (SnapshotInfo, PathBuf),
}

/// How something differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only the newer snapshot has it.
    Added,
    /// Only the older snapshot has it.
    Deleted,
    /// Both have it, and it says something else.
    Modified,
}

impl Change {
    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Change::Added => "ADDED",
            Change::Deleted => "DELETED",
            Change::Modified => "MODIFIED",
        }
    }
}

/// Why something differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A document came.
    NewDocument,
    /// A document has other content.
    ChangedContent,
    /// A document is no longer in the dataset.
    RemovedDocument,
    /// A document stands under another path.
    MovedDocument,
    /// The user declared that a document is replaced, or no longer does.
    Replaced,
    /// The program is another version.
    Program,
    /// Mapping files that could matter to the document changed.
    Mapping,
    /// The code lists changed.
    Codes,
    /// The registry says something else of the unit.
    Registry,
    /// The user says something else of how grave such findings are.
    Checks,
    /// Other documents changed, of other units or years: what is missing is told from what most have.
    OtherDocuments,
}

impl Cause {
    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Cause::NewDocument => "new_document",
            Cause::ChangedContent => "changed_content",
            Cause::RemovedDocument => "removed_document",
            Cause::MovedDocument => "moved_document",
            Cause::Replaced => "replaced",
            Cause::Program => "program",
            Cause::Mapping => "mapping",
            Cause::Codes => "codes",
            Cause::Registry => "registry",
            Cause::Checks => "checks",
            Cause::OtherDocuments => "other_documents",
        }
    }
}

/// A document that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentChange {
    /// How it differs.
    pub change: Change,
    /// Its path: in the newer snapshot, if it is there.
    pub path: String,
    /// Its path in the older snapshot, if it was there.
    pub old_path: String,
    /// Its status in the older snapshot; empty where it was not there.
    pub old_status: String,
    /// Its status in the newer snapshot; empty where it is not there.
    pub new_status: String,
    /// Why it differs.
    pub cause: Cause,
}

/// A figure that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureChange {
    /// How it differs.
    pub change: Change,
    /// The unit's id.
    pub unit_id: String,
    /// The unit's name as written.
    pub unit: String,
    /// The fiscal year.
    pub fiscal_year: i32,
    /// The form it stands in.
    pub form: String,
    /// Its key: entity, item, function, economic, funding, measure, base.
    pub key: [String; 7],
    /// The exact value in the older snapshot; empty where it was not there.
    pub old_value: String,
    /// The exact value in the newer snapshot; empty where it is not there.
    pub new_value: String,
    /// What both are measured in.
    pub unit_of_measure: String,
    /// The path of its document.
    pub document_path: String,
    /// Where it stood; empty where it was not there.
    pub old_place: String,
    /// Where it stands; empty where it is not there.
    pub new_place: String,
    /// Why it differs.
    pub cause: Cause,
}

/// A finding that came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingChange {
    /// It was opened, else closed.
    pub opened: bool,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// Its code.
    pub code: String,
    /// The unit's id; empty for none.
    pub unit_id: String,
    /// The unit's name.
    pub unit: String,
    /// The fiscal year.
    pub fiscal_year: Option<i32>,
    /// The form.
    pub form: String,
    /// What it says, in Chinese.
    pub message: String,
    /// The places it speaks of.
    pub places: String,
    /// Why it came or went: every cause that could have had a part in it.
    pub causes: Vec<Cause>,
}

/// What differs between two snapshots.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The older snapshot's id.
    pub older: String,
    /// The newer snapshot's id.
    pub newer: String,
    /// Documents by path.
    pub documents: Vec<DocumentChange>,
    /// Figures by document.
    pub figures: Vec<FigureChange>,
    /// Findings, those closed first.
    pub findings: Vec<FindingChange>,
}

/// Why a pair of snapshots cannot be had.
#[derive(Debug)]
pub enum NoPair {
    /// There is no such snapshot; those that there are, the newest first.
    NoSuch(String, Vec<String>),
    /// There is no snapshot before the current one, or none as old as was asked for; the oldest there is.
    NoOlder(String),
    /// The dataset cannot be read.
    Store(StoreError),
}

impl From<StoreError> for NoPair {
    fn from(error: StoreError) -> NoPair {
        NoPair::Store(error)
    }
}

/// Two snapshots by their names: an id, the unambiguous beginning of one, `current` or `previous`.
///
/// # Errors
///
/// Where one of them is not there.
pub fn named(dataset: &Path, older: &str, newer: &str) -> Result<Pair, NoPair> {
    let all = store::chain(dataset)?;
    Ok(Pair { older: find(&all, older)?, newer: find(&all, newer)? })
}

/// The snapshot that was current at a time, in microseconds since 1970 (UTC), and the one that is current now.
///
/// # Errors
///
/// Where no snapshot of that time is left.
pub fn since(dataset: &Path, time: i64) -> Result<Pair, NoPair> {
    let all = store::chain(dataset)?;
    let older = all.iter().find(|(info, _)| info.made_at <= time);
    let oldest = || NoPair::NoOlder(all.last().map(|(info, _)| info.id.clone()).unwrap_or_default());
    Ok(Pair { older: older.cloned().ok_or_else(oldest)?, newer: find(&all, "current")? })
}

fn find(all: &[(SnapshotInfo, PathBuf)], name: &str) -> Result<(SnapshotInfo, PathBuf), NoPair> {
    let ids = || all.iter().map(|(info, _)| info.id.clone()).collect();
    let nothing = || NoPair::NoSuch(name.to_owned(), ids());
    match name {
        "current" => all.first().cloned().ok_or_else(nothing),
        "previous" => match all {
            [only] => Err(NoPair::NoOlder(only.0.id.clone())),
            _ => all.get(1).cloned().ok_or_else(nothing),
        },
        "" => Err(nothing()),
        _ => {
            if let Some(same) = all.iter().find(|(info, _)| info.id == name) {
                return Ok(same.clone());
            }
            let mut fitting = all.iter().filter(|(info, _)| info.id.starts_with(name));
            match (fitting.next(), fitting.next()) {
                (Some(one), None) => Ok(one.clone()),
                _ => Err(nothing()),
            }
        }
    }
}

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
    comparison.findings = findings([older, newer], checks, &documents)?;
    Ok(comparison)
}

/// A content whose rows may differ: its id on either side, and why.
#[derive(Clone, Debug)]
struct Reading {
    before: Option<String>,
    after: Option<String>,
    cause: Cause,
}

/// The documents of two snapshots, set against each other.
struct Documents {
    changes: Vec<DocumentChange>,
    readings: Vec<Reading>,
    /// Why the rows of a content differ.
    causes: HashMap<String, Cause>,
    /// The same by unit and year.
    of_units: BTreeMap<(String, Option<i32>), BTreeSet<Cause>>,
}

impl Documents {
    fn new(before: &[DocumentRow], after: &[DocumentRow]) -> Documents {
        let present =
            |rows: &'_ [DocumentRow]| -> Vec<usize> { (0..rows.len()).filter(|at| rows[*at].is_present()).collect() };
        let by_path = |rows: &'_ [DocumentRow]| -> BTreeMap<String, usize> {
            present(rows).into_iter().map(|at| (rows[at].path.clone(), at)).collect()
        };
        let (old, new) = (by_path(before), by_path(after));
        let mut left: HashMap<&str, Vec<usize>> = HashMap::new();
        for (_, at) in old.iter().rev().filter(|(path, _)| !new.contains_key(*path)) {
            if !before[*at].document_id.is_empty() {
                left.entry(&before[*at].document_id).or_default().push(*at);
            }
        }
        let mut documents =
            Documents { changes: Vec::new(), readings: Vec::new(), causes: HashMap::new(), of_units: BTreeMap::new() };
        let mut moved: HashSet<usize> = HashSet::new();
        let mut pairs: Vec<(Option<usize>, Option<usize>, Cause)> = Vec::new();
        for (path, at) in &new {
            let now = &after[*at];
            match old.get(path) {
                Some(was) => pairs.extend(cause(&before[*was], now).map(|cause| (Some(*was), Some(*at), cause))),
                None => match left.get_mut(now.document_id.as_str()).and_then(Vec::pop) {
                    Some(was) => {
                        moved.insert(was);
                        pairs.push((Some(was), Some(*at), Cause::MovedDocument));
                    }
                    None => pairs.push((None, Some(*at), Cause::NewDocument)),
                },
            }
        }
        for (path, at) in &old {
            if !new.contains_key(path) && !moved.contains(at) {
                pairs.push((Some(*at), None, Cause::RemovedDocument));
            }
        }
        let still: HashSet<&str> = after.iter().filter(|row| row.is_read()).map(|row| &*row.document_id).collect();
        let already: HashSet<&str> = before.iter().filter(|row| row.is_read()).map(|row| &*row.document_id).collect();
        let successors = successors(&pairs, before, after);
        for (was, now, cause) in pairs {
            // The figures of a corrected submission are set against those that it corrects.
            let of_reading = match (was, now, cause) {
                (Some(was), _, Cause::Replaced) if successors.values().any(|one| *one == was) => None,
                (None, Some(now), _) if successors.contains_key(&now) => {
                    Some((Some(successors[&now]), Some(now), Cause::Replaced))
                }
                as_it_is => Some(as_it_is),
            };
            let rows = |was: Option<usize>, now: Option<usize>| (was.map(|at| &before[at]), now.map(|at| &after[at]));
            let (was, now) = rows(was, now);
            documents.note(was, now, cause);
            if let Some((was, now, cause)) = of_reading {
                let (was, now) = rows(was, now);
                documents.read(was, now, cause, &already, &still);
            }
        }
        documents.changes.sort_by(|a, b| (&a.path, a.change).cmp(&(&b.path, b.change)));
        documents
    }

    /// A document is not as it was.
    fn note(&mut self, was: Option<&DocumentRow>, now: Option<&DocumentRow>, cause: Cause) {
        let path = |row: Option<&DocumentRow>| row.map(|row| row.path.clone()).unwrap_or_default();
        let status = |row: Option<&DocumentRow>| row.map(|row| row.status.word().to_owned()).unwrap_or_default();
        let told = |row: &DocumentRow| {
            let DocumentRow { status, reason, unit_id, fiscal_years, numbers, .. } = row.clone();
            (status, reason, unit_id, fiscal_years, numbers)
        };
        let of_versions = matches!(cause, Cause::Program | Cause::Mapping | Cause::Codes | Cause::Registry);
        // Read again with nothing else to say of it: only its figures may tell a difference.
        let same = of_versions && was.map(told) == now.map(told);
        let change = DocumentChange {
            change: match (was, now) {
                (None, _) => Change::Added,
                (_, None) => Change::Deleted,
                _ => Change::Modified,
            },
            path: if now.is_some() { path(now) } else { path(was) },
            old_path: path(was),
            old_status: status(was),
            new_status: status(now),
            cause,
        };
        self.changes.extend(Some(change).filter(|_| !same));
        for row in [was, now].into_iter().flatten() {
            self.causes.entry(row.document_id.clone()).or_insert(cause);
            let unit = (row.unit_id.clone(), row.known.fiscal_year);
            self.of_units.entry(unit).or_default().insert(cause);
        }
    }

    /// The rows of a document may not be what they were.
    fn read(
        &mut self,
        was: Option<&DocumentRow>,
        now: Option<&DocumentRow>,
        cause: Cause,
        already: &HashSet<&str>,
        still: &HashSet<&str>,
    ) {
        let content = |row: Option<&DocumentRow>| row.filter(|row| row.is_read()).map(|row| row.document_id.clone());
        let (mut before, mut after) = (content(was), content(now));
        if before != after {
            // The same bytes may stand elsewhere, before or behind: then their rows came or went with no one.
            after = after.filter(|id| !already.contains(id.as_str()));
            before = before.filter(|id| !still.contains(id.as_str()));
        }
        let seen = |readings: &[Reading]| readings.iter().any(|one| one.before == before && one.after == after);
        if (before.is_some() || after.is_some()) && !seen(&self.readings) {
            self.readings.push(Reading { before, after, cause });
        }
    }
}

/// For each document that came to replace a single other one, that other one.
fn successors(
    pairs: &[(Option<usize>, Option<usize>, Cause)],
    before: &[DocumentRow],
    after: &[DocumentRow],
) -> HashMap<usize, usize> {
    let mut replaced: HashMap<&str, Vec<usize>> = HashMap::new();
    for (was, now, cause) in pairs {
        if let (Some(was), Some(now), Cause::Replaced) = (was, now, cause)
            && before[*was].known.replaced_by.is_empty()
        {
            replaced.entry(&after[*now].known.replaced_by).or_default().push(*was);
        }
    }
    let came = pairs.iter().filter_map(|(was, now, _)| now.filter(|_| was.is_none()));
    came.filter_map(|now| match replaced.get(after[now].path.as_str()).map(Vec::as_slice) {
        Some([only]) => Some((now, *only)),
        _ => None,
    })
    .collect()
}

/// Why a document at one path differs; `None` where it does not.
fn cause(was: &DocumentRow, now: &DocumentRow) -> Option<Cause> {
    if was.document_id != now.document_id {
        return Some(Cause::ChangedContent);
    }
    if was.known.replaced_by != now.known.replaced_by {
        return Some(Cause::Replaced);
    }
    match was.known.versions.differs_in(&now.known.versions)? {
        "program" => Some(Cause::Program),
        "mapping" => Some(Cause::Mapping),
        "codes" => Some(Cause::Codes),
        _ => Some(Cause::Registry),
    }
}

/// The years of `figures` that two snapshots do not share.
struct Figures {
    before: Vec<StoredTable>,
    after: Vec<StoredTable>,
}

/// One row of `figures`, as far as it is compared.
struct Row {
    unit_id: String,
    unit: String,
    fiscal_year: i32,
    form: String,
    key: [String; 7],
    value: String,
    unit_of_measure: String,
    path: String,
    place: String,
}

const KEY: [&str; 7] = ["entity", "item", "function", "economic", "funding", "measure", "base"];

impl Row {
    fn of(cells: &[Cell<'_>]) -> Row {
        let text = |name: &str| match cells[FIGURES.position(name)] {
            Cell::Text(text) => text.to_owned(),
            Cell::Amount(value) => plain(value),
            _ => String::new(),
        };
        let year = match cells[FIGURES.position("fiscal_year")] {
            Cell::Int(year) => i32::try_from(year).unwrap_or_default(),
            _ => 0,
        };
        Row {
            unit_id: text("unit_id"),
            unit: text("unit"),
            fiscal_year: year,
            form: text("form"),
            key: KEY.map(text),
            value: text("value"),
            unit_of_measure: text("unit_of_measure"),
            path: text("document_path"),
            place: text("place"),
        }
    }

    fn same_key(&self, other: &Row) -> bool {
        (self.fiscal_year, &self.unit_id, &self.form, &self.key)
            == (other.fiscal_year, &other.unit_id, &other.form, &other.key)
    }
}

impl Figures {
    fn open(older: &Path, newer: &Path) -> Result<Figures, StoreError> {
        let names = |dir: &Path| -> Result<HashSet<PathBuf>, StoreError> {
            let parts = all_parts(dir, &FIGURES)?;
            Ok(parts.into_iter().filter_map(|(_, part)| Some(part.strip_prefix(dir).ok()?.to_owned())).collect())
        };
        let (old, new) = (names(older)?, names(newer)?);
        let open =
            |dir: &Path, own: &HashSet<PathBuf>, other: &HashSet<PathBuf>| -> Result<Vec<StoredTable>, StoreError> {
                let mut own: Vec<&PathBuf> = own.difference(other).collect();
                own.sort();
                own.into_iter().map(|part| StoredTable::open(&FIGURES, dir.join(part), "document_id")).collect()
            };
        Ok(Figures { before: open(older, &old, &new)?, after: open(newer, &new, &old)? })
    }

    /// Adds what differs between the figures of a content and of what came in its place.
    fn compare(&mut self, reading: &Reading, changes: &mut Vec<FigureChange>) -> Result<(), StoreError> {
        let before = rows_of(&mut self.before, reading.before.as_deref())?;
        let after = rows_of(&mut self.after, reading.after.as_deref())?;
        let mut by_key: HashMap<(i32, &str, &str, &[String; 7]), Vec<usize>> = HashMap::new();
        for (at, row) in before.iter().enumerate().rev() {
            by_key.entry((row.fiscal_year, &row.unit_id, &row.form, &row.key)).or_default().push(at);
        }
        let mut met = vec![false; before.len()];
        for new in &after {
            let key = (new.fiscal_year, &*new.unit_id, &*new.form, &new.key);
            let old = by_key.get_mut(&key).and_then(Vec::pop).map(|at| {
                met[at] = true;
                &before[at]
            });
            let same = |old: &Row| old.value == new.value && old.unit_of_measure == new.unit_of_measure;
            if !old.is_some_and(same) {
                changes.push(figure_change(old, Some(new), reading.cause));
            }
        }
        for (old, _) in before.iter().zip(met).filter(|(_, met)| !met) {
            changes.push(figure_change(Some(old), None, reading.cause));
        }
        Ok(())
    }
}

fn rows_of(tables: &mut [StoredTable], id: Option<&str>) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    for table in tables {
        let Some((start, length)) = id.and_then(|id| table.rows_of(id)) else { continue };
        table.copy(start, length, None, |cells| {
            rows.push(Row::of(cells));
            Ok(())
        })?;
    }
    Ok(rows)
}

fn figure_change(old: Option<&Row>, new: Option<&Row>, cause: Cause) -> FigureChange {
    debug_assert!(old.zip(new).is_none_or(|(old, new)| old.same_key(new)), "one figure has one key");
    let text = |row: Option<&Row>, of: fn(&Row) -> &String| row.map(of).cloned().unwrap_or_default();
    let some = new.or(old);
    FigureChange {
        change: match (old, new) {
            (None, _) => Change::Added,
            (_, None) => Change::Deleted,
            _ => Change::Modified,
        },
        unit_id: text(some, |row| &row.unit_id),
        unit: text(some, |row| &row.unit),
        fiscal_year: some.map_or(0, |row| row.fiscal_year),
        form: text(some, |row| &row.form),
        key: some.map(|row| row.key.clone()).unwrap_or_default(),
        old_value: text(old, |row| &row.value),
        new_value: text(new, |row| &row.value),
        unit_of_measure: text(some, |row| &row.unit_of_measure),
        document_path: text(some, |row| &row.path),
        old_place: text(old, |row| &row.place),
        new_place: text(new, |row| &row.place),
        cause,
    }
}

/// The findings that only one of two snapshots has, or that are of another severity in the other; `checks` is what the
/// user said of their codes.
fn findings(
    [older, newer]: [&Path; 2],
    checks: [&BTreeMap<String, String>; 2],
    documents: &Documents,
) -> Result<Vec<FindingChange>, StoreError> {
    let names = |dir: &Path| -> Result<Vec<PathBuf>, StoreError> {
        Ok(all_parts(dir, &FINDINGS)?.into_iter().map(|(_, part)| part).collect())
    };
    let (old, new) = (names(older)?, names(newer)?);
    let last = |parts: &[PathBuf]| parts.iter().map(|part| part.file_name().map(ToOwned::to_owned)).collect::<Vec<_>>();
    if last(&old) == last(&new) {
        return Ok(Vec::new());
    }
    let (old, new) = (read_whole(&old, &FINDINGS)?, read_whole(&new, &FINDINGS)?);
    let text = |frame: &Frame, name: &str, row: usize| frame.text(FINDINGS.position(name), row).to_owned();
    let id = |frame: &Frame, row: usize| vec![text(frame, "finding_id", row), text(frame, "severity", row)];
    // An id holds the document's content. The same thing said of new content is still open.
    let said = |frame: &Frame, row: usize| {
        let mut said: Vec<String> = ["severity", "code", "unit_id", "form", "message", "expected", "actual", "places"]
            .map(|name| text(frame, name, row))
            .into();
        said.push(frame.int(FINDINGS.position("fiscal_year"), row).unwrap_or_default().to_string());
        said
    };
    let all = |frame: &Frame| (0..frame.height()).collect::<Vec<usize>>();
    let (closed, opened) = without_equals(all(&old), all(&new), |row| id(&old, row), |row| id(&new, row));
    let (closed, opened) = without_equals(closed, opened, |row| said(&old, row), |row| said(&new, row));
    let change = |frame: &Frame, row: usize, opened: bool| {
        let year = frame.int(FINDINGS.position("fiscal_year"), row).and_then(|year| i32::try_from(year).ok());
        let unit_id = text(frame, "unit_id", row);
        let code = text(frame, "code", row);
        let told_otherwise = checks[0].get(&code) != checks[1].get(&code);
        FindingChange {
            opened,
            severity: text(frame, "severity", row),
            code,
            unit: text(frame, "unit", row),
            fiscal_year: year,
            form: text(frame, "form", row),
            message: text(frame, "message", row),
            places: text(frame, "places", row),
            causes: causes(documents, &text(frame, "document_ids", row), &unit_id, year, told_otherwise),
            unit_id,
        }
    };
    let closed = closed.into_iter().map(|row| change(&old, row, false));
    Ok(closed.chain(opened.into_iter().map(|row| change(&new, row, true))).collect())
}

/// The rows of either side that have no equal on the other; of several equals as many meet as there are on both.
fn without_equals(
    old: Vec<usize>,
    new: Vec<usize>,
    of_old: impl Fn(usize) -> Vec<String>,
    of_new: impl Fn(usize) -> Vec<String>,
) -> (Vec<usize>, Vec<usize>) {
    let mut open: HashMap<Vec<String>, usize> = HashMap::new();
    for row in &new {
        *open.entry(of_new(*row)).or_default() += 1;
    }
    let mut met: HashMap<Vec<String>, usize> = HashMap::new();
    let mut meets = |key: Vec<String>| match open.get_mut(&key).filter(|count| **count > 0) {
        Some(count) => {
            *count -= 1;
            *met.entry(key).or_default() += 1;
            true
        }
        None => false,
    };
    let closed: Vec<usize> = old.into_iter().filter(|row| !meets(of_old(*row))).collect();
    let mut is_met = |key: Vec<String>| match met.get_mut(&key).filter(|count| **count > 0) {
        Some(count) => {
            *count -= 1;
            true
        }
        None => false,
    };
    let opened = new.into_iter().filter(|row| !is_met(of_new(*row))).collect();
    (closed, opened)
}

/// Why a finding came or went: what became of the documents it speaks of, and what the user says of its code now; else
/// what became of the documents of its unit and year, else of others.
fn causes(documents: &Documents, ids: &str, unit_id: &str, year: Option<i32>, told_otherwise: bool) -> Vec<Cause> {
    let mut own: BTreeSet<Cause> = ids.split(',').filter_map(|id| documents.causes.get(id).copied()).collect();
    own.extend(told_otherwise.then_some(Cause::Checks));
    if !own.is_empty() {
        return own.into_iter().collect();
    }
    let of_unit =
        documents.of_units.iter().filter(|((unit, of), _)| unit == unit_id && (year.is_none() || *of == year));
    let of_unit: BTreeSet<Cause> = of_unit.flat_map(|(_, causes)| causes.iter().copied()).collect();
    if of_unit.is_empty() { vec![Cause::OtherDocuments] } else { of_unit.into_iter().collect() }
}

fn read_whole(parts: &[PathBuf], shape: &'static TableShape) -> Result<Frame, StoreError> {
    let part = parts.first().ok_or_else(|| StoreError::table(format!("`{}` has no part", shape.name)))?;
    StoredFile::open(shape, part)?.read(0, usize::MAX, &shape.names())
}
