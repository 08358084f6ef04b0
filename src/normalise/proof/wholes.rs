//! Kinds of expense in sentences that together are more than what they are parts of: 人员经费36万元，主要包括：基本工资200万元. In one of
//! them a digit or 万 is lost, or they divide something else. 收支总计180万元，收入90万元，支出90万元: what is told of both totals at once is their
//! sum.

use rust_decimal::Decimal;

use super::reckoning::half_of_last_place;
use super::{Told, Verdict, paragraph};
use crate::mapping::accounts;
use crate::model::{Claim, Measure};
use crate::normalise::value::Value;

/// Why they are left over.
const MORE_THAN_WHOLE: &str = "more than what it is a part of";

/// The same of what is told of both totals.
const SUM_OF_BOTH: &str = "the sum of income and expenditure";

/// Refutes what is more than its whole, and what is the sum of both sides.
pub(super) fn refute(told: Told<'_>, verdicts: &mut [Verdict]) {
    for at in told.sums_of_both() {
        verdicts[at..at + 2].fill(Verdict::Refuted(SUM_OF_BOTH.into()));
    }
    for at in told.more_than_whole() {
        if !matches!(verdicts[at], Verdict::Refuted(_)) {
            verdicts[at] = Verdict::Refuted(MORE_THAN_WHOLE.into());
        }
    }
}

impl Told<'_> {
    /// Where one number is told of both totals, and is the sum of what the paragraph tells behind it of the two sides.
    fn sums_of_both(self) -> Vec<usize> {
        let is_final = |claim: &Claim| {
            let plain = claim.key.function.is_empty() && claim.key.economic.is_empty();
            claim.key.measure == Measure::Final && plain
        };
        let one_number = |pair: &[Box<Claim>]| {
            let [income, expenditure] = pair else { return false };
            &*income.key.item == accounts::ALL_INCOME
                && &*expenditure.key.item == accounts::ALL_EXPENDITURE
                && income.place == expenditure.place
                && income.offset == expenditure.offset
        };
        let is_sum = |at: &usize| {
            let of_side = |items: [&str; 2]| {
                let behind =
                    self.claims[at + 2..].iter().take_while(|claim| paragraph(claim) == paragraph(&self.claims[*at]));
                { behind }
                    .find(|claim| is_final(claim) && items.contains(&&*claim.key.item))
                    .and_then(|claim| self.value(claim))
            };
            let whole = self.value(&self.claims[*at]);
            let income = of_side([accounts::INCOME, accounts::ALL_INCOME]);
            let expenditure = of_side([accounts::EXPENDITURE, accounts::ALL_EXPENDITURE]);
            let (Some(whole), Some(income), Some(expenditure)) = (whole, income, expenditure) else { return false };
            !income.value.is_zero()
                && !expenditure.value.is_zero()
                && income.value.checked_add(expenditure.value) == Some(whole.value)
        };
        let pairs = self.claims.windows(2).enumerate();
        let pairs = pairs.filter(|(_, pair)| paragraph(&pair[0]).is_some() && one_number(pair) && is_final(&pair[0]));
        pairs.map(|(at, _)| at).filter(is_sum).collect()
    }

    fn more_than_whole(self) -> Vec<usize> {
        let is_amount = |claim: &Claim| claim.key.measure == Measure::Final && claim.unit.is_money();
        let mut more = Vec::new();
        for (at, whole) in self.claims.iter().enumerate().filter(|(_, claim)| is_amount(claim)) {
            let here = paragraph(whole);
            if here.is_none() {
                continue;
            }
            let is_part = |part: &Claim| {
                let divided = part.label.split_once(" › ").map(|(divided, _)| divided);
                let divides = divided.is_some() && whole.label.split(" › ").next() == divided;
                divides && part.key.economic.len() > whole.key.economic.len()
            };
            let behind = self.claims[at + 1..].iter();
            let parts = behind.take_while(|part| paragraph(part) == here && is_amount(part) && is_part(part));
            let parts: Vec<(usize, Value)> =
                parts.enumerate().filter_map(|(behind, part)| Some((at + 1 + behind, self.value(part)?))).collect();
            let Some(whole) = self.value(whole).filter(|_| !parts.is_empty()) else { continue };
            let least = |(sum, open): (Decimal, Decimal), part: &Value| {
                Some((sum.checked_add(part.value)?, open.checked_add(half_of_last_place(part))?))
            };
            let nothing = (Decimal::ZERO, half_of_last_place(&whole));
            let sum = parts.iter().try_fold(nothing, |sum, (_, part)| least(sum, part));
            if sum.is_some_and(|(sum, open)| sum > whole.value + open) {
                more.extend(parts.into_iter().map(|(part, _)| part));
            }
        }
        more
    }
}
