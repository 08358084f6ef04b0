//! The documents of two snapshots set against each other: which rows may differ, and why.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::changes::{Cause, Change, DocumentChange};
use crate::store::DocumentRow;

/// A content whose rows may differ: its id on either side, and why.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) cause: Cause,
}

/// The documents of two snapshots, set against each other.
pub(super) struct Documents {
    pub(super) changes: Vec<DocumentChange>,
    pub(super) readings: Vec<Reading>,
    /// Why the rows of a content differ.
    pub(super) causes: HashMap<String, Cause>,
    /// The same by unit and year.
    pub(super) of_units: BTreeMap<(String, Option<i32>), BTreeSet<Cause>>,
}

impl Documents {
    pub(super) fn new(before: &[DocumentRow], after: &[DocumentRow]) -> Documents {
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
