//! Columns that a converter moved up by a row, since it left a blank cell out: 本年支出合计 100 | 60 | 40 beside 基本支出 60 | 60 and 项目支出 40 | | 40.
//!
//! As they stand the amounts contradict those beside them, a row further down they do not, and the last cell of the column is blank. So it is
//! where the grand total of one side is missing, and the amount of the other one ends the column above it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::reckoning::half_of_last_place;
use super::{Told, Verdict};
use crate::mapping::accounts;
use crate::model::{Claim, Measure, Place};
use crate::normalise::value::Value;

/// Why they are left over.
const MOVED: &str = "a column that stands a row too high";

/// Refutes all amounts of such columns.
pub(super) fn refute(told: Told<'_>, verdicts: &mut [Verdict]) {
    let mut tables: BTreeMap<u32, Vec<Amount<'_>>> = BTreeMap::new();
    for (at, claim) in told.claims.iter().enumerate() {
        if let Place::Table { table, row, column, .. } = claim.place
            && claim.key.measure == Measure::Final
            && claim.unit.is_money()
        {
            tables.entry(table).or_default().push(Amount { at, claim, row, column });
        }
    }
    for amounts in tables.values() {
        let moved = told.without_its_total(amounts).or_else(|| told.beside_its_parts(amounts));
        for amount in amounts.iter().filter(|amount| Some(amount.column) == moved) {
            verdicts[amount.at] = Verdict::Refuted(MOVED.into());
        }
    }
}

/// An amount of a table.
struct Amount<'c> {
    at: usize,
    claim: &'c Claim,
    row: u32,
    column: u32,
}

impl Amount<'_> {
    fn is_total(&self, item: &str) -> bool {
        let key = &self.claim.key;
        *key.item == *item && key.function.is_empty() && key.economic.is_empty() && key.entity.is_empty()
    }
}

/// The amounts of a column by their rows.
type Column = BTreeMap<u32, Value>;

impl<'c> Told<'c> {
    /// 年初结转和结余 110 | 收入总计 (blank) beside 支出总计 110: the column that ends with the other side's total, though its parts come to something else.
    fn without_its_total(self, amounts: &[Amount<'c>]) -> Option<u32> {
        let sides =
            [(accounts::ALL_INCOME, accounts::ALL_EXPENDITURE), (accounts::ALL_EXPENDITURE, accounts::ALL_INCOME)];
        sides.into_iter().find_map(|(own, other)| {
            let total = amounts.iter().find(|amount| amount.is_total(other))?;
            if amounts.iter().any(|amount| amount.is_total(own)) {
                return None;
            }
            let of_side = |amount: &&Amount<'_>| self.vocabulary.is_part_of(&amount.claim.key.item, own);
            let last = amounts.iter().filter(of_side).max_by_key(|amount| amount.row)?;
            let value = self.value(total.claim)?;
            let ends = last.row < total.row && last.column != total.column && !value.value.is_zero();
            if !ends || self.value(last.claim)?.value != value.value {
                return None;
            }
            let is_direct = |amount: &&Amount<'_>| {
                let parent = self.vocabulary.item(&amount.claim.key.item).and_then(|item| item.parent.as_deref());
                amount.column == last.column && parent == Some(own) && amount.is_total(&amount.claim.key.item)
            };
            let parts = amounts.iter().filter(is_direct).map(|part| Some(self.value(part.claim)?.value));
            let sum = parts.sum::<Option<Decimal>>()?;
            (sum != value.value).then_some(last.column)
        })
    }

    /// The one column of 本年支出合计 or its parts that bears out the others a row further down only.
    fn beside_its_parts(self, amounts: &[Amount<'c>]) -> Option<u32> {
        let is_whole = |amount: &&Amount<'_>| *amount.claim.key.item == *accounts::EXPENDITURE;
        let is_part = |amount: &&Amount<'_>| {
            let item = self.vocabulary.item(&amount.claim.key.item);
            item.and_then(|item| item.parent.as_deref()) == Some(accounts::EXPENDITURE)
        };
        let mut columns: BTreeMap<u32, Column> = BTreeMap::new();
        for amount in amounts.iter().filter(|amount| is_whole(amount) || is_part(amount)) {
            columns.entry(amount.column).or_default().insert(amount.row, self.value(amount.claim)?);
        }
        let mut wholes: Vec<u32> = amounts.iter().filter(is_whole).map(|amount| amount.column).collect();
        wholes.sort_unstable();
        wholes.dedup();
        let [whole] = wholes.as_slice() else { return None };
        if columns.len() < 2 {
            return None;
        }
        let mut rows: Vec<u32> = columns.values().flat_map(|column| column.keys().copied()).collect();
        rows.sort_unstable();
        rows.dedup();
        let first = rows.iter().position(|row| adds_up(&columns, *whole, *row) == Some(false))?;
        let last = *rows.last()?;
        let mut bearing = columns.keys().filter(|column| {
            let fixed = moved_down(&columns, **column, &rows, first);
            let due = |row: &&u32| **column != *whole || **row != rows[first];
            let holds = |row: &u32| adds_up(&fixed, *whole, *row) == Some(true);
            !columns[*column].contains_key(&last)
                && first + 1 < rows.len()
                && rows[first..].iter().filter(due).all(holds)
        });
        let found = *bearing.next()?;
        bearing.next().is_none().then_some(found)
    }
}

/// The whole of a row is the sum of its parts, within their last places.
fn adds_up(columns: &BTreeMap<u32, Column>, whole: u32, row: u32) -> Option<bool> {
    let (mut sum, mut open) = (Decimal::ZERO, Decimal::ZERO);
    for (column, amounts) in columns {
        let Some(value) = amounts.get(&row) else { continue };
        open = open.checked_add(half_of_last_place(value))?;
        sum = if *column == whole { sum.checked_sub(value.value)? } else { sum.checked_add(value.value)? };
    }
    Some(sum.abs() <= open)
}

/// The same columns, one of them a row further down from a row on.
fn moved_down(columns: &BTreeMap<u32, Column>, column: u32, rows: &[u32], first: usize) -> BTreeMap<u32, Column> {
    let moved = |at: &u32, amounts: &Column| -> Column {
        if *at != column {
            return amounts.iter().map(|(row, value)| (*row, value.with(value.value))).collect();
        }
        let of = |row: &u32| {
            let nth = rows.iter().position(|other| other == row)?;
            match nth.checked_sub(first) {
                None => amounts.get(row),
                Some(0) => None,
                Some(_) => amounts.get(&rows[nth - 1]),
            }
        };
        rows.iter().filter_map(|row| of(row).map(|value| (*row, value.with(value.value)))).collect()
    };
    columns.iter().map(|(at, amounts)| (*at, moved(at, amounts))).collect()
}
