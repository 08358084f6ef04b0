//! The wide table of the three public expenses: one row per unit and year, made from the facts.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use rust_decimal::{Decimal, RoundingStrategy};

use super::notes::{FactNotes, Facts};
use crate::model::micros;
use crate::model::words::NONE;
use crate::store::StoreError;
use crate::store::schema::{COUNT_ITEMS, FACTS, MONEY_ITEMS, THREE_PUBLIC};
use crate::store::table::ROW_GROUP;
use crate::store::table::cells::Cell;
use crate::store::table::frame::Frame;
use crate::store::table::parts::begin;
use crate::store::table::stored::StoredFile;

/// The measures of an amount, in the order of the columns.
const MEASURES: [&str; 5] = ["budget", "final", "prior_final", "change", "change_rate"];
const FINAL: usize = 1;
const PRIOR_FINAL: usize = 2;
const CHANGE: usize = 3;
const CHANGE_RATE: usize = 4;
/// Columns before the first amount.
const LEADING: usize = 3;

/// The columns of `facts` that the table is made of.
pub(crate) const COLUMNS: [&str; 10] =
    ["unit_id", "unit", "item", "measure", "value", "status", "function", "economic", "funding", "base"];
const UNIT_ID: usize = 0;
const UNIT: usize = 1;
const ITEM: usize = 2;
const MEASURE: usize = 3;
const VALUE: usize = 4;
const STATUS: usize = 5;
/// The parts of a key that must be empty: a part of an expense is not the expense.
const PARTS: std::ops::Range<usize> = 6..10;

/// One unit's row in the making.
#[derive(Clone)]
struct Row {
    unit_id: String,
    unit: String,
    values: Vec<Option<i128>>,
    conflicts: BTreeSet<usize>,
}

/// Writes `three_public`, year after year, each with the finals of the year before at hand.
pub(crate) fn publish(
    dir: &Path,
    id: &str,
    facts: &FactNotes,
    totals: &BTreeSet<(String, i32)>,
) -> Result<(), StoreError> {
    let mut table = begin(dir, id, &THREE_PUBLIC, None)?;
    let mut before: (i32, HashMap<String, Vec<Option<i128>>>) = (i32::MIN, HashMap::new());
    for (year, facts) in &facts.years {
        let mut rows = rows(facts)?;
        let mut finals = HashMap::new();
        for row in &mut rows {
            finals.insert(row.unit_id.clone(), row.values.clone());
            if before.0 == year - 1 {
                take_prior(row, before.1.get(&row.unit_id).map(Vec::as_slice).unwrap_or_default());
            }
            complete(row);
            if totals.contains(&(row.unit_id.clone(), *year)) {
                continue;
            }
            let names: Vec<&str> = row.conflicts.iter().map(|at| THREE_PUBLIC.columns[LEADING + at].name).collect();
            let conflicts = names.join(",");
            let mut cells = vec![Cell::Text(&row.unit_id), Cell::Text(&row.unit), Cell::Int(i64::from(*year))];
            cells.extend(row.values.iter().map(|value| Cell::amount(*value)));
            cells.push(Cell::Text(&conflicts));
            table.push(&cells)?;
        }
        before = (*year, finals);
    }
    table.finish()?;
    Ok(())
}

/// One row per unit, in the order of the facts; these are looked through one row group at a time.
fn rows(facts: &Facts) -> Result<Vec<Row>, StoreError> {
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut rows: Vec<Row> = Vec::new();
    if let Some(kept) = &facts.kept {
        kept.iter().for_each(|frame| add_rows(frame, &mut known, &mut rows));
        return Ok(rows);
    }
    let mut stored = StoredFile::open(&FACTS, &facts.path)?;
    for start in (0..stored.height()).step_by(ROW_GROUP) {
        add_rows(&stored.read(start, ROW_GROUP, &COLUMNS)?, &mut known, &mut rows);
    }
    Ok(rows)
}

/// Adds the facts that the table has columns for.
fn add_rows(frame: &Frame, known: &mut HashMap<String, usize>, rows: &mut Vec<Row>) {
    let (items, item_keys) = frame.words(ITEM);
    let (measures, measure_keys) = frame.words(MEASURE);
    let has_column: Vec<bool> =
        items.iter().map(|item| MONEY_ITEMS.contains(&item) || COUNT_ITEMS.contains(&item)).collect();
    let parts: Vec<&[u32]> = PARTS.map(|column| frame.words(column).1).collect();
    for at in 0..frame.height() {
        let is_wanted = has_column.get(item_keys[at] as usize).is_some_and(|wanted| *wanted);
        if !is_wanted || parts.iter().any(|part| part[at] != NONE) {
            continue;
        }
        let Some(column) = position(items.get(item_keys[at]), measures.get(measure_keys[at])) else { continue };
        let unit_id = frame.text(UNIT_ID, at);
        let row = match known.get(unit_id) {
            Some(row) => *row,
            None => {
                rows.push(Row {
                    unit_id: unit_id.to_owned(),
                    unit: frame.text(UNIT, at).to_owned(),
                    values: vec![None; MONEY_ITEMS.len() * MEASURES.len() + COUNT_ITEMS.len()],
                    conflicts: BTreeSet::new(),
                });
                known.insert(unit_id.to_owned(), rows.len() - 1);
                rows.len() - 1
            }
        };
        rows[row].values[column] = frame.amount(VALUE, at);
        if frame.text(STATUS, at) == "conflict" {
            rows[row].conflicts.insert(column);
        }
    }
}

/// The column of an item's measure, counted from the first amount.
fn position(item: &str, measure: &str) -> Option<usize> {
    if let Some(item) = MONEY_ITEMS.iter().position(|known| *known == item) {
        let measure = MEASURES.iter().position(|known| *known == measure)?;
        return Some(item * MEASURES.len() + measure);
    }
    let item = COUNT_ITEMS.iter().position(|known| *known == item)?;
    (measure == "final").then_some(MONEY_ITEMS.len() * MEASURES.len() + item)
}

/// Takes last year's finals for prior finals that this year's documents do not state.
fn take_prior(row: &mut Row, before: &[Option<i128>]) {
    for item in 0..MONEY_ITEMS.len() {
        let base = item * MEASURES.len();
        if row.values[base + PRIOR_FINAL].is_none() {
            row.values[base + PRIOR_FINAL] = before.get(base + FINAL).copied().flatten();
        }
    }
}

/// Computes the change and its rate where both years are known and no document states them.
fn complete(row: &mut Row) {
    for item in 0..MONEY_ITEMS.len() {
        let base = item * MEASURES.len();
        let (Some(this), Some(prior)) = (row.values[base + FINAL], row.values[base + PRIOR_FINAL]) else { continue };
        if row.values[base + CHANGE].is_none() {
            row.values[base + CHANGE] = Some(this - prior);
        }
        if row.values[base + CHANGE_RATE].is_none() {
            row.values[base + CHANGE_RATE] = change_rate(this, prior);
        }
    }
}

/// The change in percent of last year's final, to two decimals; `None` where that was nothing.
///
/// All three are times 10⁶.
pub(crate) fn change_rate(this: i128, prior: i128) -> Option<i128> {
    let change = Decimal::try_from_i128_with_scale(this - prior, 6).ok()?;
    let prior = Decimal::try_from_i128_with_scale(prior, 6).ok()?;
    let rate = change.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(prior.abs())?;
    micros(rate.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_from_nothing_has_no_rate() {
        assert_eq!(change_rate(1_000_000, 0), None);
        assert_eq!(change_rate(7_510_000, 9_390_000), Some(-20_020_000));
    }

    #[test]
    fn every_column_has_its_position() {
        assert_eq!(position("“三公”经费", "budget"), Some(0));
        assert_eq!(position("公务接待费", "change_rate"), Some(29));
        assert_eq!(position("国内公务接待人次", "final"), Some(37));
        assert_eq!(position("国内公务接待人次", "budget"), None);
        assert_eq!(THREE_PUBLIC.columns.len(), LEADING + 38 + 1);
    }
}
