use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::model::Tally;
use crate::store::{self, CHECKS, DOCUMENTS, FINDINGS, StoreError};

/// Something found wrong or doubtful, as table `findings` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRow {
    /// The unit's id; empty where it concerns none.
    pub unit_id: String,
    /// Its name.
    pub unit: String,
    /// The fiscal year, where it is one year's.
    pub fiscal_year: Option<i32>,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// Its stable code.
    pub code: String,
    /// The form.
    pub form: String,
    /// What was found, in Chinese.
    pub message: String,
    /// Where the things it speaks of stand, joined by `; `.
    pub places: String,
    /// The paths of the documents it speaks of.
    pub documents: Vec<String>,
}

/// What was found in a dataset, each unit's and year's together, in the order of units and years; in it as in the table.
///
/// # Errors
///
/// Where nothing was published, or a table cannot be read.
pub fn findings(dataset: &Path) -> Result<Vec<FindingRow>, StoreError> {
    const COLUMNS: [&str; 9] =
        ["unit_id", "unit", "fiscal_year", "severity", "code", "form", "message", "places", "document_ids"];
    let (findings, documents) = store::findings_files(dataset)?;
    let frame = store::read_columns(&DOCUMENTS, &documents, 0, usize::MAX, &["document_id", "path"])?;
    let mut paths: HashMap<&str, &str> = HashMap::new();
    for row in 0..frame.height() {
        // A document may lie at several paths: figures carry the first.
        paths.entry(frame.text(0, row)).or_insert(frame.text(1, row));
    }
    let found = store::read_columns(&FINDINGS, &findings, 0, usize::MAX, &COLUMNS)?;
    let mut rows: Vec<FindingRow> = (0..found.height())
        .map(|row| {
            let text = |column: usize| found.text(column, row).to_owned();
            let ids = found.text(8, row).split(',').filter(|id| !id.is_empty());
            FindingRow {
                unit_id: text(0),
                unit: text(1),
                fiscal_year: found.int(2, row).and_then(|year| i32::try_from(year).ok()),
                severity: text(3),
                code: text(4),
                form: text(5),
                message: text(6),
                places: text(7),
                documents: ids.map(|id| paths.get(id).map_or(id, |path| path).to_owned()).collect(),
            }
        })
        .collect();
    rows.sort_by(|a, b| (&a.unit_id, a.fiscal_year).cmp(&(&b.unit_id, b.fiscal_year)));
    Ok(rows)
}

/// How often the rules of what must add up were due in a unit's year, and how that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedRow {
    /// The unit's id.
    pub unit_id: String,
    /// Its name.
    pub unit: String,
    /// The fiscal year.
    pub fiscal_year: Option<i32>,
    /// All rules of all forms together.
    pub tally: Tally,
}

/// What was checked in a dataset, by unit and year.
///
/// # Errors
///
/// Where nothing was published, or a table cannot be read.
pub fn checked(dataset: &Path) -> Result<Vec<CheckedRow>, StoreError> {
    const COLUMNS: [&str; 7] = ["unit_id", "unit", "fiscal_year", "exact", "within_rounding", "last_digit", "broken"];
    let frame = store::read_columns(&CHECKS, &store::checks_file(dataset)?, 0, usize::MAX, &COLUMNS)?;
    let mut rows: BTreeMap<(&str, Option<i32>), CheckedRow> = BTreeMap::new();
    for row in 0..frame.height() {
        let (unit_id, unit) = (frame.text(0, row), frame.text(1, row));
        let fiscal_year = frame.int(2, row).and_then(|year| i32::try_from(year).ok());
        let of_year = rows.entry((unit_id, fiscal_year)).or_insert_with(|| CheckedRow {
            unit_id: unit_id.to_owned(),
            unit: unit.to_owned(),
            fiscal_year,
            tally: Tally::default(),
        });
        let count =
            |column: usize| frame.int(column, row).and_then(|count| u32::try_from(count).ok()).unwrap_or_default();
        of_year.tally.exact += count(3);
        of_year.tally.within_rounding += count(4);
        of_year.tally.last_digit += count(5);
        of_year.tally.broken += count(6);
    }
    Ok(rows.into_values().collect())
}
