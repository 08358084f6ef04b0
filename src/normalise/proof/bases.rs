//! Shares of which the words leave open whether they are of the year's total or of that with what was carried over: 占总收入的90%, or a
//! bare 占 among the parts of 收入总计.
//!
//! They are of the year's total where they are what the amount before them has in it, and of the wider one only where the year's is told
//! and is not it.

use super::reckoning::is_between;
use super::{Told, Verdict, is_of, paragraph};
use crate::model::{Claim, Key, Measure, Unproved};
use crate::normalise::value::Value;

/// Why a share is left over.
const OF_ANOTHER: &str = "a share of another amount";

/// Tells of which total such shares are.
pub(super) fn prove(told: Told<'_>, verdicts: &mut [Verdict]) {
    for (at, claim) in told.claims.iter().enumerate() {
        let Some(Unproved::WhichBase(wider)) = &claim.doubt else { continue };
        let in_wider = Key { base: wider.clone(), ..claim.key.clone() };
        let Some(part) = told.part_before(at) else { continue };
        let is_share = |key: &Key| told.is_share(claim, &part, key, verdicts);
        match (is_share(&claim.key), is_share(&in_wider)) {
            (Some(true), _) => verdicts[at] = Verdict::Stands,
            (Some(false), Some(true)) => verdicts[at] = Verdict::InWider(wider.clone()),
            _ => {}
        }
    }
}

/// 基本支出60万元，占60%，人员经费50万元，占83.33%: what is no share of the total that its words lead to, and is one of another amount
/// of its paragraph, is left over.
pub(super) fn refute(told: Told<'_>, verdicts: &mut [Verdict]) {
    for (at, claim) in told.claims.iter().enumerate() {
        let stands = claim.key.measure == Measure::Share && verdicts[at] == Verdict::Stands;
        if stands && paragraph(claim).is_some() && told.is_share_of_another(at) == Some(true) {
            verdicts[at] = Verdict::Refuted(OF_ANOTHER.into());
        }
    }
}

impl Told<'_> {
    /// None of the amounts that are told of its total makes it that share, and another amount before it does.
    fn is_share_of_another(self, at: usize) -> Option<bool> {
        let share = &self.claims[at];
        let (part, rate) = (self.part_before(at)?, self.value(share)?);
        let makes_it = |claim: &Claim| {
            let whole = self.value(claim)?;
            let fits = is_between(&rate, Measure::CompletionRate, &whole, &part).is_some();
            Some(whole.value > part.value && fits)
        };
        let whole = self.whole_of(&share.key)?;
        let told = self.claims.iter().filter(|claim| is_of(claim, &whole, Measure::Final));
        let makes = told.map(|claim| makes_it(claim) == Some(true)).reduce(|one, other| one || other)?;
        let before = self.claims[..at].iter().rev().take_while(|claim| paragraph(claim) == paragraph(share));
        let mut amounts = before.filter(|claim| claim.key.measure == Measure::Final && claim.unit.is_money());
        Some(!makes && amounts.any(|claim| makes_it(claim) == Some(true)))
    }

    /// The amount whose share is told: the last one of its key in the paragraph.
    fn part_before(self, at: usize) -> Option<Value> {
        let share = &self.claims[at];
        let before = self.claims[..at].iter().rev().take_while(|claim| paragraph(claim) == paragraph(share));
        let is_part = |claim: &Claim| claim.doubt.is_none() && is_of(claim, &share.key, Measure::Final);
        self.value({ before }.find(|claim| is_part(claim))?)
    }

    /// Whether it is the share of an amount in the total of a key, of its fund or of all; `None` where none of these is told.
    fn is_share(self, share: &Claim, part: &Value, key: &Key, verdicts: &[Verdict]) -> Option<bool> {
        let whole = self.whole_of(key)?;
        let of_all = Key { funding: None, ..whole.clone() };
        let rate = self.value(share)?;
        let total = |key: Key| self.amount(&key, Measure::Final).or_else(|| self.proved_total(&key, verdicts));
        let totals = [whole, of_all].into_iter().filter_map(total);
        totals.map(|total| is_between(&rate, Measure::CompletionRate, &total, part).is_some()).reduce(|a, b| a || b)
    }

    /// What 总收入 came to, where that is proved to be the year's.
    fn proved_total(self, key: &Key, verdicts: &[Verdict]) -> Option<Value> {
        let is_it =
            |claim: &Claim| matches!(claim.doubt, Some(Unproved::WhichTotal(_))) && is_of(claim, key, Measure::Final);
        let mut told = self.claims.iter().zip(verdicts);
        let proved = told.find(|(claim, verdict)| is_it(claim) && **verdict == Verdict::Stands);
        proved.and_then(|(claim, _)| self.value(claim))
    }
}
