//! Percentages in a bracket of their own behind an amount: 基本支出60万元（75.00%）, 增加5万元（9.09%）.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::reckoning::{fit, half_of_last_place, is_between};
use super::{Told, Verdict, is_of};
use crate::model::{Funding, Key, Measure, Unproved};

/// Proves that they are the share which the amount has in its total, or the rate of the change that the amount is.
pub(super) fn prove(told: Told<'_>, verdicts: &mut [Verdict]) {
    for at in told.open(|doubt| *doubt == Unproved::InBracket) {
        if told.is_rate_before_bracket(at).is_some() {
            verdicts[at] = Verdict::Stands;
        }
    }
}

impl Told<'_> {
    fn is_rate_before_bracket(self, at: usize) -> Option<()> {
        let (bracket, before) = (&self.claims[at], self.claims.get(at.checked_sub(1)?)?);
        let (rate, part) = (self.value(bracket)?, self.value(before)?);
        if bracket.key.measure != Measure::Share {
            let mut finals = self.claims[..at].iter().rev().filter(|claim| is_of(claim, &bracket.key, Measure::Final));
            let amount = self.value(finals.find(|claim| claim.doubt.is_none())?)?;
            return match bracket.key.measure {
                Measure::ChangeRate | Measure::DeviationRate => fit(&amount, &part, &rate),
                _ => None,
            };
        }
        let total = self.amount(&self.whole_of(&bracket.key)?, Measure::Final)?;
        is_between(&rate, Measure::CompletionRate, &total, &part)?;
        let narrow = half_of_last_place(&rate).checked_mul(Decimal::from(50))? <= rate.value;
        narrow.then_some(())
    }

    /// The total of which a share is.
    pub(super) fn whole_of(self, share: &Key) -> Option<Key> {
        let classified = !share.function.is_empty() || !share.economic.is_empty();
        let (item, funding) = match share.base.split_once('{') {
            Some((item, fund)) => (Arc::from(item), Some(Funding::from_word(fund.trim_end_matches('}'))?)),
            None if share.base.is_empty() => (self.vocabulary.item(&share.item)?.parent.clone()?, share.funding),
            None => (share.base.clone(), share.funding.filter(|_| classified)),
        };
        Some(Key { item, funding, measure: Measure::Final, entity: share.entity.clone(), ..Key::default() })
    }
}
