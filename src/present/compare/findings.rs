//! The findings of two snapshots set against each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::changes::{Cause, FindingChange};
use super::documents::Documents;
use crate::store::{FINDINGS, Frame, StoreError, StoredFile, TableShape, all_parts};

/// The findings that only one of two snapshots has, or that are of another severity in the other; `checks` is what the
/// user said of their codes.
pub(super) fn compare(
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
