//! Rates and differences whose words leave open what they are: against which of two budgets (完成预算% beside 年初预算数 and 全年预算数), or with
//! which sign (预决算差异).
//!
//! They are what their key says where the amounts of the same row bear that out, and nothing else.

use rust_decimal::Decimal;

use super::reckoning::is_between;
use super::{Told, Verdict, is_of, paragraph};
use crate::model::{Claim, Measure, Unproved};
use crate::normalise::value::Value;

/// Why a difference is left over whose sign the amounts beside it contradict.
const SIGNED_WRONGLY: &str = "its sign is not that of the amounts beside it";
/// Why a rate is left over that is one in percent nowhere but in its header.
const RATIO: &str = "a ratio where percent are told";

/// Proves them.
pub(super) fn prove(told: Told<'_>, verdicts: &mut [Verdict]) {
    let open = told.open(|doubt| matches!(doubt, Unproved::Kind | Unproved::WhichBudget));
    let borne: Vec<(usize, Borne)> =
        open.map(|at| (at, told.borne_out(&told.claims[at]).unwrap_or(Borne::Not))).collect();
    for (at, out) in &borne {
        let measure = told.claims[*at].key.measure;
        let of_measure = |wanted: Borne| {
            borne.iter().any(|(other, out)| *out == wanted && told.claims[*other].key.measure == measure)
        };
        // A row whose two budgets are the same is what the others of its column are; sentences stand in none.
        let claim = &told.claims[*at];
        let in_column = paragraph(claim).is_none() || claim.doubt == Some(Unproved::Kind);
        let as_others = in_column && *out == Borne::OfBoth && of_measure(Borne::Out) && !of_measure(Borne::Not);
        if *out == Borne::Out || as_others {
            verdicts[*at] = Verdict::Stands;
        }
    }
}

/// Tells what 增减额 is the difference from: from what the words beside it leave, if most of its table are, and where they leave more
/// than one reading, from what all are.
pub(super) fn prove_differences(told: Told<'_>, verdicts: &mut [Verdict]) {
    let in_doubt: Vec<usize> = told.open(|doubt| matches!(doubt, Unproved::WhichDifference { .. })).collect();
    let is_open = |at: &usize| told.claims[*at].doubt == Some(Unproved::WhichDifference { open: true });
    let readings: Vec<(bool, bool)> = in_doubt.iter().filter_map(|at| told.readings(&told.claims[*at])).collect();
    let (own, other) = (readings.iter().filter(|of| of.0).count(), readings.iter().filter(|of| of.1).count());
    let all = readings.len();
    for at in in_doubt {
        verdicts[at] = match is_open(&at) {
            true if own == all && other < all => Verdict::Stands,
            true if other == all && own < all => Verdict::FromBudget,
            false if own * 2 > all || all == 0 => Verdict::Stands,
            _ => continue,
        };
    }
}

/// Refutes differences of tables that nothing put in doubt, where the amounts beside them have the other sign.
pub(super) fn refute(told: Told<'_>, verdicts: &mut [Verdict]) {
    /// How far off the amounts of a row or column are looked for: large tables have thousands of rows, but few columns.
    const BESIDE: usize = 200;
    for (at, claim) in told.claims.iter().enumerate() {
        let beside = &told.claims[at.saturating_sub(BESIDE)..told.claims.len().min(at + BESIDE)];
        let stands = !matches!(verdicts[at], Verdict::Refuted(_));
        if stands && told.is_signed_wrongly(claim, beside) == Some(true) && !told.has_signs(claim) {
            verdicts[at] = Verdict::Refuted(SIGNED_WRONGLY.into());
        } else if stands && told.is_ratio(claim, beside) == Some(true) {
            verdicts[at] = Verdict::Refuted(RATIO.into());
        }
    }
}

/// The amounts bear a rate or difference out, in one way or another.
pub(super) fn is_borne_out(told: Told<'_>, claim: &Claim) -> bool {
    told.borne_out(claim).is_some()
}

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

impl Told<'_> {
    /// What the amounts of the same row make of a rate or difference; `None` where it is not what its key says.
    fn borne_out(self, claim: &Claim) -> Option<Borne> {
        if claim.key.measure == Measure::Share && paragraph(claim).is_none() {
            return self.is_share_of_whole(claim);
        }
        let amount = |measure: Measure| self.amount(&claim.key, measure);
        let told = self.value(claim)?;
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

    /// Whether a difference is what its key says, and whether a change is that from the budget instead; `None` where all is nothing, or
    /// nothing stands beside it.
    fn readings(self, claim: &Claim) -> Option<(bool, bool)> {
        let amount = |measure: Measure| self.amount(&claim.key, measure);
        let is_change = matches!(claim.key.measure, Measure::Change | Measure::ChangeRate);
        let own = match (is_change, claim.key.base.is_empty()) {
            (true, _) => Measure::PriorFinal,
            (false, true) => Measure::Budget,
            (false, false) => Measure::AdjustedBudget,
        };
        let other = amount(Measure::Budget).filter(|_| is_change);
        let (own, to, told) = (amount(own), amount(Measure::Final), self.value(claim));
        let is_nothing = |value: &Option<Value>| value.as_ref().is_none_or(|value| value.value.is_zero());
        if [&own, &other, &to, &told].into_iter().all(is_nothing) || own.is_none() && other.is_none() {
            return None;
        }
        let is_it =
            |told: &Value, from: &Option<Value>| is_between(told, claim.key.measure, from.as_ref()?, to.as_ref()?);
        let is_from = |from: &Option<Value>| told.as_ref().and_then(|told| is_it(told, from)).is_some();
        // Without a sign it is that difference all the same; whether it stands is told elsewhere.
        let turned = told.as_ref().map(|told| told.with(-told.value));
        let unsigned = claim.doubt == Some(Unproved::WhichDifference { open: false })
            && turned.as_ref().and_then(|told| is_it(told, &own)).is_some();
        Some((is_from(&own) || unsigned, is_from(&other)))
    }

    /// What the amount of the same row and that of the whole make of a share in it.
    fn is_share_of_whole(self, share: &Claim) -> Option<Borne> {
        let told = self.value(share)?;
        let (part, whole) = (self.amount(&share.key, Measure::Final)?, self.whole_of(&share.key)?);
        let whole = self.amount(&whole, Measure::Final)?;
        if [&told, &part].iter().all(|value| value.value.is_zero()) {
            return Some(Borne::OfBoth);
        }
        is_between(&told, Measure::CompletionRate, &whole, &part)?;
        Some(Borne::Out)
    }

    /// Another difference of the same kind in the same table is negative: the column has signs, and a wrong one is as it was stated.
    fn has_signs(self, claim: &Claim) -> bool {
        let negative =
            |claim: &Claim| claim.negative || claim.written.trim_start().starts_with(['-', '－', '−', '(', '（']);
        let of_column = |other: &Claim| other.key.measure == claim.key.measure && paragraph(other).is_none();
        self.claims.iter().any(|other| of_column(other) && negative(other))
    }

    /// Whether a difference of a table is that of the two amounts beside it, but for its sign: 减少 written as a positive number.
    fn is_signed_wrongly(self, claim: &Claim, beside: &[Box<Claim>]) -> Option<bool> {
        if claim.key.measure == Measure::CompletionRate {
            return None;
        }
        let (told, from, to) = self.with_ends(claim, beside)?;
        let turned = told.with(-told.value);
        let amounts = matches!(claim.key.measure, Measure::Change | Measure::BudgetChange | Measure::Deviation);
        let measure = if amounts { Measure::Change } else { Measure::ChangeRate };
        let fits = |value: &Value| is_between(value, measure, &from, &to).is_some();
        Some(!told.value.is_zero() && fits(&turned) && !fits(&told))
    }

    /// Whether a rate of a table is that of the two amounts beside it only as a ratio: 0.75 below 执行率（%）, as a cell shows it that has lost its
    /// format.
    fn is_ratio(self, claim: &Claim, beside: &[Box<Claim>]) -> Option<bool> {
        use Measure::{BudgetChangeRate, ChangeRate, CompletionRate, DeviationRate};
        if !matches!(claim.key.measure, CompletionRate | ChangeRate | BudgetChangeRate | DeviationRate) {
            return None;
        }
        let (told, from, to) = self.with_ends(claim, beside)?;
        let measure = if claim.key.measure == CompletionRate { CompletionRate } else { ChangeRate };
        let decimals = told.decimals.saturating_sub(2);
        let raised = Value { decimals, ..told.with(told.value.checked_mul(Decimal::ONE_HUNDRED)?) };
        let fits = |value: &Value| is_between(value, measure, &from, &to).is_some();
        Some(!told.value.is_zero() && fits(&raised) && !fits(&told))
    }

    /// A rate or difference of a table, and the two amounts beside it that it is told of.
    fn with_ends(self, claim: &Claim, beside: &[Box<Claim>]) -> Option<(Value, Value, Value)> {
        let adjusted = !claim.key.base.is_empty();
        let from = match claim.key.measure {
            Measure::Change | Measure::ChangeRate => Measure::PriorFinal,
            Measure::BudgetChange | Measure::BudgetChangeRate => Measure::PriorBudget,
            Measure::Deviation | Measure::DeviationRate | Measure::CompletionRate if adjusted => {
                Measure::AdjustedBudget
            }
            Measure::Deviation | Measure::DeviationRate | Measure::CompletionRate => Measure::Budget,
            _ => return None,
        };
        let to = match claim.key.measure {
            Measure::BudgetChange | Measure::BudgetChangeRate => Measure::Budget,
            _ => Measure::Final,
        };
        if paragraph(claim).is_some() {
            return None;
        }
        let amount = |measure: Measure| {
            self.value(beside.iter().find(|other| other.doubt.is_none() && is_of(other, &claim.key, measure))?)
        };
        Some((self.value(claim)?, amount(from)?, amount(to)?))
    }
}
