//! Claims in doubt that the amounts beside them prove.
//!
//! A change told behind a reason that itself holds numbers (主要原因是压减支出10%，与上年相比减少3万元，减少20%) or names another item may
//! be of the label before the reason, or of what the reason speaks of. It is the label's where the label's amount, the change
//! and its rate fit one another: those of anything else would do so by chance only. So it is with what differs from the
//! budget. Nothing is put right here, and nothing chosen between two values: without a proof both numbers are left over.
//!
//! So are the rates and differences of a table whose words leave open what they are: of which of two budgets (完成预算% beside
//! 年初预算数 and 全年预算数), or with which sign (预决算差异). They are what their key says where the amounts of the same row bear
//! that out, and nothing else.

use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};

use super::figures::{Value, value_of};
use super::totals;
use crate::locate::{IN_BRACKET, PART_OR_WHOLE, UNPROVED, WHICH_BUDGET};
use crate::mapping::Vocabulary;
use crate::model::{Claim, Funding, Key, Measure, Place};

/// For each claim nothing where it stands, having never been in doubt or being proved, else why it does not.
pub(crate) fn refuted(claims: &[Box<Claim>], vocabulary: &Vocabulary) -> Vec<Option<Arc<str>>> {
    let standing = standing(claims, vocabulary);
    let mut why: Vec<Option<Arc<str>>> = (claims.iter().zip(&standing))
        .map(|(claim, stands)| (!stands).then(|| claim.doubt.clone().unwrap_or_else(|| PART_OR_WHOLE.into())))
        .collect();
    for at in more_than_whole(claims, vocabulary) {
        why[at].get_or_insert_with(|| MORE_THAN_WHOLE.into());
    }
    /// How far off the amounts of a row or column are looked for: large tables have thousands of rows, but few columns.
    const BESIDE: usize = 200;
    for (at, (claim, why)) in claims.iter().zip(&mut why).enumerate() {
        let beside = &claims[at.saturating_sub(BESIDE)..claims.len().min(at + BESIDE)];
        if why.is_none() && is_signed_wrongly(claim, beside, vocabulary) == Some(true) && !has_signs(claim, claims) {
            *why = Some(SIGNED_WRONGLY.into());
        }
    }
    why
}

/// Why kinds of expense are left over that are more than what a sentence divides into them.
const MORE_THAN_WHOLE: &str = "more than what it is a part of";

/// The kinds of expense in sentences that together are more than what they are parts of: 人员经费36万元，主要包括：基本工资200万元. In one
/// of them a digit or 万 is lost, or they divide something else.
fn more_than_whole(claims: &[Box<Claim>], vocabulary: &Vocabulary) -> Vec<usize> {
    let is_amount = |claim: &Claim| claim.key.measure == Measure::Final && claim.unit.is_money();
    let value = |claim: &Claim| value_of(claim, vocabulary).ok();
    let mut more = Vec::new();
    for (at, whole) in claims.iter().enumerate().filter(|(_, claim)| is_amount(claim)) {
        let Place::Paragraph { paragraph, .. } = whole.place else { continue };
        let is_part = |part: &Claim| {
            let divides = part
                .label
                .split_once(" › ")
                .is_some_and(|(divided, _)| whole.label.split(" › ").next() == Some(divided));
            divides && part.key.economic.len() > whole.key.economic.len()
        };
        let here = |part: &Claim| matches!(part.place, Place::Paragraph { paragraph: of, .. } if of == paragraph);
        let parts = claims[at + 1..].iter().take_while(|part| here(part) && is_amount(part) && is_part(part));
        let parts: Vec<(usize, Value)> =
            parts.enumerate().filter_map(|(behind, part)| Some((at + 1 + behind, value(part)?))).collect();
        let Some(whole) = value(whole).filter(|_| !parts.is_empty()) else { continue };
        let least = |(sum, open): (Decimal, Decimal), part: &Value| {
            Some((sum.checked_add(part.value)?, open.checked_add(half_of_last_place(part))?))
        };
        let sum = parts.iter().try_fold((Decimal::ZERO, half_of_last_place(&whole)), |sum, (_, part)| least(sum, part));
        if sum.is_some_and(|(sum, open)| sum > whole.value + open) {
            more.extend(parts.into_iter().map(|(part, _)| part));
        }
    }
    more
}

/// Another difference of the same kind in the same table is negative: the column has signs, and a wrong one is as it was stated.
fn has_signs(claim: &Claim, claims: &[Box<Claim>]) -> bool {
    let in_table = |claim: &Claim| !matches!(claim.place, Place::Paragraph { .. });
    let negative =
        |claim: &Claim| claim.negative || claim.written.trim_start().starts_with(['-', '－', '−', '(', '（']);
    claims.iter().any(|other| other.key.measure == claim.key.measure && in_table(other) && negative(other))
}

/// Whether a difference of a table is that of the two amounts beside it, but for its sign: 减少 written as a positive number.
fn is_signed_wrongly(claim: &Claim, beside: &[Box<Claim>], vocabulary: &Vocabulary) -> Option<bool> {
    let (from, base) = match claim.key.measure {
        Measure::Change | Measure::ChangeRate => (Measure::PriorFinal, false),
        Measure::BudgetChange | Measure::BudgetChangeRate => (Measure::PriorBudget, false),
        Measure::Deviation | Measure::DeviationRate => (Measure::Budget, !claim.key.base.is_empty()),
        _ => return None,
    };
    let from = if base { Measure::AdjustedBudget } else { from };
    let to = match claim.key.measure {
        Measure::BudgetChange | Measure::BudgetChangeRate => Measure::Budget,
        _ => Measure::Final,
    };
    if matches!(claim.place, Place::Paragraph { .. }) {
        return None;
    }
    let amount = |measure: Measure| {
        let found = beside.iter().find(|other| other.doubt.is_none() && is_of(other, &claim.key, measure))?;
        value_of(found, vocabulary).ok()
    };
    let told = value_of(claim, vocabulary).ok()?;
    let (from, to) = (amount(from)?, amount(to)?);
    let turned = Value { value: -told.value, unit: told.unit.clone(), flags: Vec::new(), ..told };
    let amounts = matches!(claim.key.measure, Measure::Change | Measure::BudgetChange | Measure::Deviation);
    let measure = if amounts { Measure::Change } else { Measure::ChangeRate };
    let fits = |value: &Value| is_between(value, measure, &from, &to).is_some();
    Some(!told.value.is_zero() && fits(&turned) && !fits(&told))
}

/// For each claim, whether it stands: it was never in doubt, or it is proved.
fn standing(claims: &[Box<Claim>], vocabulary: &Vocabulary) -> Vec<bool> {
    let mut standing: Vec<bool> = claims.iter().map(|claim| claim.doubt.is_none()).collect();
    for (at, change) in claims.iter().enumerate() {
        let of_part = change.doubt.as_deref() == Some(PART_OR_WHOLE);
        let rated = match change.key.measure {
            Measure::Change => Measure::ChangeRate,
            Measure::Deviation => Measure::DeviationRate,
            _ => continue,
        };
        if change.doubt.is_none() || of_part || unproved(change) {
            continue;
        }
        let amount =
            claims[..at].iter().rev().find(|claim| claim.doubt.is_none() && is_of(claim, &change.key, Measure::Final));
        let rate = claims[at + 1..]
            .iter()
            .take_while(|claim| claim.doubt.is_some())
            .position(|claim| is_of(claim, &change.key, rated))
            .map(|behind| at + 1 + behind);
        let value = |claim: &Claim| value_of(claim, vocabulary).ok();
        let proved =
            match (amount.and_then(|amount| value(amount)), value(change), rate.map(|rate| value(&claims[rate]))) {
                (Some(amount), Some(change), Some(Some(rate))) => fit(&amount, &change, &rate),
                (Some(amount), Some(change), None) if rated == Measure::ChangeRate => is_all_of(&amount, &change),
                _ => None,
            };
        if proved.is_some() {
            standing[at] = true;
            if let Some(rate) = rate {
                standing[rate] = true;
            }
        }
    }
    for at in 0..claims.len() {
        if claims[at].doubt.as_deref() == Some(PART_OR_WHOLE) {
            standing[at] = standing[at] || borne_out(&claims[at], claims, vocabulary).is_some();
            if claims[at].key.measure == Measure::Change
                && let Some(rate) = proved_of_part(at, claims, vocabulary)
            {
                standing[at] = true;
                standing[rate] = true;
            }
        }
    }
    totals::settle(claims, &mut standing, vocabulary);
    for at in 0..claims.len() {
        if claims[at].doubt.is_none() && is_of_whole(at, claims, vocabulary) {
            standing[at] = false;
            standing[at + 1] = false;
        }
    }
    for at in 0..claims.len() {
        if claims[at].doubt.as_deref() == Some(IN_BRACKET) {
            standing[at] = in_bracket(at, claims, vocabulary).is_some();
        }
    }
    let borne: Vec<(usize, Borne)> = (claims.iter().enumerate())
        .filter(|(_, claim)| unproved(claim))
        .map(|(at, claim)| (at, borne_out(claim, claims, vocabulary).unwrap_or(Borne::Not)))
        .collect();
    for (at, out) in &borne {
        let measure = claims[*at].key.measure;
        let of_measure =
            |wanted: Borne| borne.iter().any(|(other, out)| *out == wanted && claims[*other].key.measure == measure);
        // A row whose two budgets are the same is what the others of its column are.
        let as_others = *out == Borne::OfBoth && of_measure(Borne::Out) && !of_measure(Borne::Not);
        standing[*at] = *out == Borne::Out || as_others;
    }
    standing
}

/// A percentage in a bracket behind an amount is the share that the amount has in its total, or the rate of the change that the
/// amount is.
fn in_bracket(at: usize, claims: &[Box<Claim>], vocabulary: &Vocabulary) -> Option<()> {
    let (told, before) = (&claims[at], claims.get(at.checked_sub(1)?)?);
    let (rate, part) = (value_of(told, vocabulary).ok()?, value_of(before, vocabulary).ok()?);
    if told.key.measure != Measure::Share {
        let mut finals = claims[..at].iter().rev().filter(|claim| is_of(claim, &told.key, Measure::Final));
        let amount = value_of(finals.find(|claim| claim.doubt.is_none())?, vocabulary).ok()?;
        return match told.key.measure {
            Measure::ChangeRate | Measure::DeviationRate => fit(&amount, &part, &rate),
            _ => None,
        };
    }
    let whole = whole_of(&told.key, vocabulary)?;
    let mut wholes = claims.iter().filter(|claim| claim.doubt.is_none() && claim.key == whole);
    let total = value_of(wholes.next()?, vocabulary).ok()?;
    let same = |claim: &Claim| value_of(claim, vocabulary).is_ok_and(|other| other.value == total.value);
    if !wholes.all(|claim| same(claim)) {
        return None;
    }
    is_between(&rate, Measure::CompletionRate, &total, &part)?;
    let narrow = half_of_last_place(&rate).checked_mul(Decimal::from(50))? <= rate.value;
    narrow.then_some(())
}

/// The total of which a share is.
fn whole_of(share: &Key, vocabulary: &Vocabulary) -> Option<Key> {
    let classified = !share.function.is_empty() || !share.economic.is_empty();
    let (item, funding) = match share.base.split_once('{') {
        Some((item, fund)) => (Arc::from(item), Some(Funding::from_word(fund.trim_end_matches('}'))?)),
        None if share.base.is_empty() => (vocabulary.item(&share.item)?.parent.clone()?, share.funding),
        None => (share.base.clone(), share.funding.filter(|_| classified)),
    };
    Some(Key { item, funding, measure: Measure::Final, entity: share.entity.clone(), ..Key::default() })
}

/// What the words of a table, or 预决算差异率, leave open: the amounts beside it are held against it as a whole.
fn unproved(claim: &Claim) -> bool {
    claim.doubt.as_deref().is_some_and(|doubt| [UNPROVED, WHICH_BUDGET].contains(&doubt))
}

/// The rate behind a change that may be a part's or its whole's, where the two fit the part's amount, and no other amount that
/// was told before it in the same paragraph.
fn proved_of_part(at: usize, claims: &[Box<Claim>], vocabulary: &Vocabulary) -> Option<usize> {
    let (mut proved, mut of_others) = (false, false);
    for (claim, fits) in fitting(at, claims, vocabulary)? {
        let own = claim.doubt.is_none() && is_of(claim, &claims[at].key, Measure::Final);
        proved |= own && fits;
        of_others |= !own && fits;
    }
    let of_part = claims[at + 1].doubt.as_deref() == Some(PART_OR_WHOLE);
    (proved && !of_others && of_part).then_some(at + 1)
}

/// A change with its rate does not fit the amount of its label, and fits one of which that is a part: 三公经费12万元，公务接待费2万元，
/// 比上年减少3万元，下降20%.
fn is_of_whole(at: usize, claims: &[Box<Claim>], vocabulary: &Vocabulary) -> bool {
    let Some(fitting) = fitting(at, claims, vocabulary) else { return false };
    let (mut own_fits, mut of_whole) = (None, false);
    for (claim, fits) in fitting {
        if is_of(claim, &claims[at].key, Measure::Final) {
            own_fits = own_fits.or(Some(fits));
        } else {
            let (part, whole) = (&claims[at].key, &claim.key);
            let of_it = part.function.starts_with(&*whole.function) && vocabulary.is_part_of(&part.item, &whole.item);
            of_whole |= fits && of_it;
        }
    }
    own_fits == Some(false) && of_whole
}

/// The amounts told before a change in the same paragraph, the last one first, and whether the change and the rate behind it fit
/// them; `None` where no rate stands behind it.
fn fitting<'c>(at: usize, claims: &'c [Box<Claim>], vocabulary: &Vocabulary) -> Option<Vec<(&'c Claim, bool)>> {
    let change = &claims[at];
    let paragraph = |claim: &Claim| match claim.place {
        Place::Paragraph { paragraph, .. } => Some(paragraph),
        _ => None,
    };
    let rate = claims.get(at + 1).filter(|rate| is_of(rate, &change.key, Measure::ChangeRate))?;
    if change.key.measure != Measure::Change {
        return None;
    }
    let here = paragraph(change)?;
    let value = |claim: &Claim| value_of(claim, vocabulary).ok();
    let (changed, rated) = (value(change)?, value(rate)?);
    if changed.value.is_zero() {
        return None;
    }
    let before = claims[..at].iter().rev().take_while(|claim| paragraph(claim) == Some(here));
    let finals = before.filter(|claim| claim.key.measure == Measure::Final && claim.unit.is_money());
    let fits = |claim: &'c Claim| -> Option<(&'c Claim, bool)> {
        Some((claim, meets(&value(claim)?, &changed, &rated).is_some()))
    };
    finals.map(|claim| fits(claim)).collect()
}

/// The change from what an amount was before is the rate that is told, within what the last places of all leave open.
pub(super) fn meets(amount: &Value, change: &Value, rate: &Value) -> Option<()> {
    let value = amount.value.checked_sub(change.value)?;
    let before = Value { value, unit: amount.unit.clone(), flags: Vec::new(), ..*amount };
    is_between(rate, Measure::ChangeRate, &before, amount)
}

/// Why a difference is left over whose sign the amounts beside it contradict.
const SIGNED_WRONGLY: &str = "its sign is not that of the amounts beside it";

/// What the amounts of a row say of a rate or difference beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Borne {
    /// It is what its key says, and nothing else.
    Out,
    /// It is that, and it would be of the other budget as well, or of anything.
    OfBoth,
    /// It is not, or there is nothing to hold it against.
    Not,
}

/// What the amounts of the same row make of a rate or difference; `None` where it is not what its key says.
fn borne_out(claim: &Claim, claims: &[Box<Claim>], vocabulary: &Vocabulary) -> Option<Borne> {
    let amount = |measure: Measure| {
        let all = claims.iter().filter(|other| other.doubt.is_none() && is_of(other, &claim.key, measure));
        let mut all = all.map(|claim| value_of(claim, vocabulary).ok());
        // A text may say an amount again; one that it tells otherwise proves nothing.
        let first = all.next()??;
        all.all(|other| other.is_some_and(|other| other.value == first.value)).then_some(first)
    };
    let told = value_of(claim, vocabulary).ok()?;
    let (first, adjusted) = (amount(Measure::Budget), amount(Measure::AdjustedBudget));
    let (meant, other) = if claim.key.base.is_empty() { (first, adjusted) } else { (adjusted, first) };
    let is_it = |from: &Value, to: &Value| is_between(&told, claim.key.measure, from, to);
    let (from, to) = match claim.key.measure {
        Measure::Change | Measure::ChangeRate => (amount(Measure::PriorFinal)?, amount(Measure::Final)?),
        _ => (meant?, amount(Measure::Final)?),
    };
    // Nothing of nothing is no rate: it is what the others of its column are.
    if [&told, &from, &to].iter().all(|value| value.value.is_zero()) {
        return Some(Borne::OfBoth);
    }
    is_it(&from, &to)?;
    let of_both = other.is_some_and(|other| is_it(&other, &to).is_some());
    Some(if of_both { Borne::OfBoth } else { Borne::Out })
}

/// A rate or difference is that between two amounts, within what the last places of all three leave open.
fn is_between(told: &Value, measure: Measure, from: &Value, to: &Value) -> Option<()> {
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

/// The claim is about the same as a key, but for the measure.
pub(super) fn is_of(claim: &Claim, key: &Key, measure: Measure) -> bool {
    claim.key.measure == measure && Key { measure, base: claim.key.base.clone(), ..key.clone() } == claim.key
}

/// The rate of the change, reckoned from the amount and the change, is the rate that is told: to its last place, or within
/// what their own places leave open. `None` where it is not, or where they leave more open than one part in twenty, so that
/// many a rate would fit; one in fifty where the rate is whole percents, which people round as they speak.
fn fit(amount: &Value, change: &Value, rate: &Value) -> Option<()> {
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
fn is_all_of(amount: &Value, change: &Value) -> Option<()> {
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
