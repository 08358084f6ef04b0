//! Kinds of expense in sentences that together are more than what they are parts of: 人员经费36万元，主要包括：基本工资200万元. In one of
//! them a digit or 万 is lost, or they divide something else.

use rust_decimal::Decimal;

use super::reckoning::half_of_last_place;
use super::{Told, Verdict, paragraph};
use crate::model::{Claim, Measure};
use crate::normalise::value::Value;

/// Why they are left over.
const MORE_THAN_WHOLE: &str = "more than what it is a part of";

/// Refutes what is more than its whole.
pub(super) fn refute(told: Told<'_>, verdicts: &mut [Verdict]) {
    for at in told.more_than_whole() {
        if !matches!(verdicts[at], Verdict::Refuted(_)) {
            verdicts[at] = Verdict::Refuted(MORE_THAN_WHOLE.into());
        }
    }
}

impl Told<'_> {
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
