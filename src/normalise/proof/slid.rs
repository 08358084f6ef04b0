//! Rows whose amounts slid to the left, since a converter left blank cells out in their midst: 2130306 | 40 | 40 below 213 | 120 | 80 | 40,
//! beside 2130301 | 80 | 80.
//!
//! As they stand the amounts of some columns contradict the row of which theirs are parts, in the one column by too much and in the other
//! by too little; further to the right they do not.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::reckoning::half_of_last_place;
use super::{Told, Verdict};
use crate::model::{Funding, Measure, Place};
use crate::normalise::value::Value;

/// Why they are left over.
const SLID: &str = "a row whose amounts stand too far to the left";

/// More cells are not left out.
const FARTHEST: usize = 2;

/// Each part is tried in each place.
const MOST_PARTS: usize = 100;

/// Refutes all amounts of such rows.
pub(super) fn refute(told: Told<'_>, verdicts: &mut [Verdict]) {
    let mut tables: BTreeMap<u32, Vec<Amount<'_>>> = BTreeMap::new();
    for (at, claim) in told.claims.iter().enumerate() {
        let Place::Table { table, row, column, .. } = claim.place else { continue };
        let key = &claim.key;
        if key.measure == Measure::Final
            && claim.unit.is_money()
            && key.economic.is_empty()
            && let Some(value) = told.value(claim)
        {
            let kind = (&*key.item, key.funding);
            tables.entry(table).or_default().push(Amount { at, row, column, kind, code: &key.function, value });
        }
    }
    for table in tables.into_values().filter_map(Table::of) {
        let mut slid: Vec<u32> = Vec::new();
        for whole in table.rows.keys() {
            slid.extend(table.slid_below(*whole, &slid));
        }
        for (at, _) in slid.iter().flat_map(|row| table.rows[row].amounts.values()) {
            verdicts[*at] = Verdict::Refuted(SLID.into());
        }
    }
}

/// An amount of a table.
struct Amount<'c> {
    at: usize,
    row: u32,
    column: u32,
    kind: Kind<'c>,
    code: &'c str,
    value: Value,
}

/// The item and funding that a column tells of.
type Kind<'c> = (&'c str, Option<Funding>);

/// The amounts of a table by their rows, each row with its code.
struct Table<'c> {
    rows: BTreeMap<u32, Row<'c>>,
    /// The rows by the code of which theirs are parts: the longest beginning of their own that the table has.
    below: BTreeMap<&'c str, Vec<u32>>,
    /// How many columns tell of functions.
    columns: usize,
}

/// The amounts of a row by what they tell of, in the order of the columns.
#[derive(Default)]
struct Row<'c> {
    code: &'c str,
    amounts: BTreeMap<usize, (usize, Value)>,
}

impl<'c> Table<'c> {
    /// `None` where two amounts of a row tell of the same. The row of the sum need not stand in the same columns as the others, and beside the
    /// functions there may be other items, as what was carried over.
    fn of(amounts: Vec<Amount<'c>>) -> Option<Table<'c>> {
        let mut columns: BTreeMap<u32, Kind<'c>> = BTreeMap::new();
        for amount in amounts.iter().filter(|amount| !amount.code.is_empty()) {
            columns.entry(amount.column).or_insert(amount.kind);
        }
        let kinds: Vec<Kind<'c>> = columns.into_values().collect();
        let mut rows: BTreeMap<u32, Row<'c>> = BTreeMap::new();
        for Amount { at, row, kind, code, value, .. } in amounts {
            let Some(column) = kinds.iter().position(|of| *of == kind) else { continue };
            let row = rows.entry(row).or_default();
            row.code = code;
            if row.amounts.insert(column, (at, value)).is_some() {
                return None;
            }
        }
        let codes: BTreeSet<&str> = rows.values().map(|row| row.code).collect();
        let mut below: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (at, row) in &rows {
            let beginnings = row.code.char_indices().rev().map(|(end, _)| &row.code[..end]);
            if let Some(above) = beginnings.into_iter().find(|beginning| codes.contains(beginning)) {
                below.entry(above).or_default().push(*at);
            }
        }
        Some(Table { rows, below, columns: kinds.len() })
    }

    /// The one row among a whole and its parts that puts them in order where it stands further to the right.
    fn slid_below(&self, whole: u32, known: &[u32]) -> Option<u32> {
        let parts = self.below.get(self.rows[&whole].code).filter(|parts| parts.len() <= MOST_PARTS)?;
        if known.iter().any(|row| *row == whole || parts.contains(row)) {
            return None;
        }
        let plain = |row: u32| self.rows[&row].amounts.iter().map(|(column, (_, value))| (*column, value)).collect();
        let mut rows: BTreeMap<u32, BTreeMap<usize, &Value>> =
            parts.iter().chain([&whole]).map(|row| (*row, plain(*row))).collect();
        let differences = differences(self.columns, whole, &rows)?;
        let any = |of: fn(&Decimal) -> bool| differences.iter().any(of);
        if !(any(|by| by.is_zero())
            && any(|by| by.is_sign_positive() && !by.is_zero())
            && any(|by| by.is_sign_negative() && !by.is_zero()))
        {
            return None;
        }
        let mut found = None;
        for row in parts.iter().chain([&whole]) {
            let stands = rows[row].clone();
            let fits = slides(self.columns, &stands).into_iter().any(|slid| {
                rows.insert(*row, slid);
                let all = self::differences(self.columns, whole, &rows);
                all.is_some_and(|all| all.iter().all(Decimal::is_zero))
            });
            rows.insert(*row, stands);
            if fits && found.replace(*row).is_some() {
                return None;
            }
        }
        found
    }
}

/// By how much the parts of a whole come to more in each column, where that is more than their last places leave open.
fn differences(columns: usize, whole: u32, rows: &BTreeMap<u32, BTreeMap<usize, &Value>>) -> Option<Vec<Decimal>> {
    let mut all = Vec::with_capacity(columns);
    for column in 0..columns {
        let (mut sum, mut open) = (Decimal::ZERO, Decimal::ZERO);
        for (row, amounts) in rows {
            let Some(value) = amounts.get(&column) else { continue };
            open = open.checked_add(half_of_last_place(value))?;
            sum = if *row == whole { sum.checked_sub(value.value)? } else { sum.checked_add(value.value)? };
        }
        all.push(if sum.abs() <= open { Decimal::ZERO } else { sum });
    }
    Some(all)
}

/// A row as it stands with its amounts from some column on further to the right.
fn slides<'v>(columns: usize, row: &BTreeMap<usize, &'v Value>) -> Vec<BTreeMap<usize, &'v Value>> {
    let slid = |from: usize, by: usize| -> Option<BTreeMap<usize, &'v Value>> {
        let moved = |column: usize| if column < from { column } else { column + by };
        row.iter().map(|(column, value)| Some((moved(*column), *value)).filter(|(to, _)| *to < columns)).collect()
    };
    row.keys().flat_map(|from| (1..=FARTHEST).filter_map(|by| slid(*from, by))).collect()
}
