//! Whether amounts, changes and rates fit one another: within what the last places of all of them leave open.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::model::Measure;
use crate::normalise::value::Value;

/// The change from what an amount was before is the rate that is told, within what the last places of all leave open.
pub(super) fn meets(amount: &Value, change: &Value, rate: &Value) -> Option<()> {
    let value = amount.value.checked_sub(change.value)?;
    is_between(rate, Measure::ChangeRate, &amount.with(value), amount)
}

/// A rate or difference is that between two amounts, within what the last places of all three leave open.
pub(super) fn is_between(told: &Value, measure: Measure, from: &Value, to: &Value) -> Option<()> {
    let hundred = Decimal::ONE_HUNDRED;
    let (of_from, of_to) = (half_of_last_place(from), half_of_last_place(to));
    let difference = to.value.checked_sub(from.value)?;
    let (reckoned, open) = match measure {
        Measure::Change | Measure::Deviation => (difference, Decimal::ZERO),
        _ if from.value <= Decimal::ZERO => return None,
        measure => {
            let part = if measure == Measure::CompletionRate { to.value } else { difference };
            let rate = part.checked_mul(hundred)?.checked_div(from.value)?;
            // The rate moves with each of the two, in proportion.
            let of_both = of_to.checked_add(of_from)?.checked_mul(hundred)?.checked_div(from.value)?;
            let grown = rate.abs().checked_mul(of_from)?.checked_div(from.value)?;
            (rate, of_both.checked_add(grown)?)
        }
    };
    let open = open.checked_add(half_of_last_place(told))?;
    (reckoned.checked_sub(told.value)?.abs() <= open).then_some(())
}

/// The rate of the change, reckoned from the amount and the change, is the rate that is told: to its last place, or within
/// what their own places leave open. `None` where it is not, or where they leave more open than one part in twenty, so that
/// many a rate would fit; one in fifty where the rate is whole percents, which people round as they speak.
pub(super) fn fit(amount: &Value, change: &Value, rate: &Value) -> Option<()> {
    let hundred = Decimal::ONE_HUNDRED;
    let before = amount.value.checked_sub(change.value)?;
    let of = |change: Decimal, before: Decimal| change.checked_mul(hundred)?.checked_div(before);
    if before <= Decimal::ZERO {
        return None;
    }
    let half = half_of_last_place(rate);
    let parts = Decimal::from(if rate.decimals > 0 { 20 } else { 50 });
    let narrow = |open: Decimal| open.checked_mul(parts).is_some_and(|open| open <= rate.value.abs());
    let told_exactly = of(change.value, before)?
        .round_dp_with_strategy(rate.decimals, RoundingStrategy::MidpointAwayFromZero)
        == rate.value.round_dp(rate.decimals);
    if told_exactly && narrow(half) {
        return Some(());
    }
    let (of_amount, of_change) = (half_of_last_place(amount), half_of_last_place(change));
    // The rate grows with the change and falls with the year before.
    let open = of_amount.checked_add(of_change)?;
    let (least, most) = (before.checked_sub(open)?, before.checked_add(open)?);
    if least <= Decimal::ZERO {
        return None;
    }
    let ends = |change: Decimal| Some([of(change, least)?, of(change, most)?]);
    let [a, b] = ends(change.value.checked_sub(of_change)?)?;
    let [c, d] = ends(change.value.checked_add(of_change)?)?;
    let (low, high) = (a.min(b).min(c).min(d), a.max(b).max(c).max(d));
    let meets = low <= rate.value.checked_add(half)? && rate.value.checked_sub(half)? <= high;
    let open = high.checked_sub(low)?.checked_div(Decimal::TWO)?.checked_add(half)?;
    (meets && narrow(open)).then_some(())
}

/// An increase without a rate that is the whole amount, to two digits or more, decimals among them: there was nothing the
/// year before.
pub(super) fn is_all_of(amount: &Value, change: &Value) -> Option<()> {
    let tenth = half_of_last_place(change).checked_mul(Decimal::from(20))?;
    let telling = change.decimals > 0 && change.value >= tenth;
    (amount.value == change.value && change.value > Decimal::ZERO && telling).then_some(())
}

/// How far the number that was written may be from the one that is meant, in the canonical unit.
pub(super) fn half_of_last_place(value: &Value) -> Decimal {
    Decimal::new(5, value.decimals + 1 + value.moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(written: &str) -> Value {
        let value: Decimal = written.parse().unwrap_or_default();
        Value { value, unit: "".into(), decimals: value.scale(), moved: 0, flags: Vec::new() }
    }

    fn fits(amount: &str, change: &str, rate: &str) -> bool {
        fit(&value(amount), &value(change), &value(rate)).is_some()
    }

    #[test]
    fn a_change_and_its_rate_fit_one_amount_only() {
        assert!(fits("40.21", "5.63", "16.28"));
        assert!(fits("4.49", "-35.72", "-88.8"));
        assert!(fits("1.69", "1.48", "704.76"), "exactly, though two small amounts leave much open");
        assert!(fits("278.39", "-3.17", "-1.1"), "a small rate with its decimal");
        assert!(fits("2.24", "0.18", "9.0"), "within what two small amounts leave open");
        assert!(!fits("2.24", "0.18", "8.2"));
        assert!(!fits("257.48", "-3.17", "-1.1"), "of a part of it, nearly as large");
        assert!(!fits("41.21", "5.63", "16.28"));
        assert!(!fits("40.21", "-5.63", "-16.28"));
        assert!(!fits("40.21", "5.63", "16.38"));
    }

    #[test]
    fn what_leaves_too_much_open_proves_nothing() {
        // 20 % may be 19.5 or 20.5.
        assert!(!fits("8", "-2", "-20"));
        assert!(!fits("0.02", "0.01", "102"));
        assert!(!fits("278.39", "-1.17", "-0.4"), "0.4 % may be 0.35 or 0.45");
        assert!(!fits("5", "5", "100"), "nothing before it, so that there is no rate");
    }

    #[test]
    fn all_of_an_amount_is_its_increase_over_nothing() {
        assert!(is_all_of(&value("69.99"), &value("69.99")).is_some());
        assert!(is_all_of(&value("69.99"), &value("69.98")).is_none());
        assert!(is_all_of(&value("18.00"), &value("18.00")).is_some());
        assert!(is_all_of(&value("5"), &value("5")).is_none());
        assert!(is_all_of(&value("0.05"), &value("0.05")).is_none());
        assert!(is_all_of(&value("69.99"), &value("-69.99")).is_none());
    }
}
