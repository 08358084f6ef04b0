//! Changes whose label the words leave open: behind a reason that itself holds numbers (主要原因是压减支出10%，与上年相比减少3万元，减少20%) or
//! names another item, and behind the last part of a list.
//!
//! A change is the label's where the label's amount, the change and its rate fit one another: those of anything else would do so by
//! chance only. So it is with what differs from the budget.

use std::sync::Arc;

use super::reckoning::{fit, is_all_of, meets};
use super::{Told, Verdict, is_of, paragraph, rows};
use crate::mapping::accounts;
use crate::model::{Claim, Key, Measure, Unproved};

/// Proves changes and their rates.
pub(super) fn prove(told: Told<'_>, verdicts: &mut [Verdict]) {
    for at in told.open(|doubt| matches!(doubt, Unproved::Words(_) | Unproved::InBracket)) {
        if let Some(rate) = told.proved_with_rate(at, &told.claims[at].key, verdicts) {
            verdicts[at] = Verdict::Stands;
            rate.into_iter().for_each(|rate| verdicts[rate] = Verdict::Stands);
        }
    }
    for at in told.open(|doubt| *doubt == Unproved::NoUnit) {
        if told.proved_by_rate_behind(at).is_some() {
            verdicts[at] = Verdict::Stands;
        }
    }
    for at in told.open(|doubt| *doubt == Unproved::PartOrWhole) {
        if rows::is_borne_out(told, &told.claims[at]) {
            verdicts[at] = Verdict::Stands;
        }
        if let Some(rate) = told.proved_of_part(at) {
            verdicts[at] = Verdict::Stands;
            verdicts[rate] = Verdict::Stands;
        }
        if let Some(wholes) = told.whole_of_change(at) {
            verdicts[at] = Verdict::OfWholes(wholes.clone());
            verdicts[at + 1] = Verdict::OfWholes(wholes);
        }
    }
}

/// Refutes changes that nothing put in doubt and that are those of a whole: 三公经费12万元，公务接待费2万元，比上年减少3万元，下降20%.
pub(super) fn refute(told: Told<'_>, verdicts: &mut [Verdict]) {
    for at in 0..told.claims.len() {
        if told.claims[at].doubt.is_none() && told.is_of_whole(at) {
            for at in [at, at + 1] {
                let words = told.claims[at].doubt.as_ref().unwrap_or(&Unproved::PartOrWhole).words();
                verdicts[at] = Verdict::Refuted(words.into());
            }
        }
        if told.claims[at].doubt.is_none() && told.is_of_other_comparison(at) {
            verdicts[at] = Verdict::Refuted(Unproved::Kind.words().into());
        }
    }
}

impl<'c> Told<'c> {
    /// Whether the amount told before a change and the rate behind it prove that it is of this key; with where the rate stands, if
    /// there is one.
    pub(super) fn proved_with_rate(self, at: usize, key: &Key, verdicts: &[Verdict]) -> Option<Option<usize>> {
        let change = &self.claims[at];
        let rated = match change.key.measure {
            Measure::Change => Measure::ChangeRate,
            Measure::Deviation => Measure::DeviationRate,
            _ => return None,
        };
        // 总收入90万元 is an amount of the year, too, where that is proved.
        let before =
            (0..at).rev().find(|at| verdicts[*at] == Verdict::Stands && is_of(&self.claims[*at], key, Measure::Final));
        let amount = &self.claims[before?];
        let mut behind = self.claims[at + 1..].iter().take_while(|claim| claim.doubt.is_some());
        let rate = behind.position(|claim| is_of(claim, &change.key, rated)).map(|behind| at + 1 + behind);
        let (amount, changed) = (self.value(amount)?, self.value(change)?);
        match rate {
            Some(rate) => fit(&amount, &changed, &self.value(&self.claims[rate])?)?,
            None if rated == Measure::ChangeRate => is_all_of(&amount, &changed)?,
            None => return None,
        }
        Some(rate)
    }

    /// 增加20，增长4.00%: an amount of money, where it fits the amount of its label and the rate behind it, of which nothing is in doubt.
    fn proved_by_rate_behind(self, at: usize) -> Option<()> {
        let change = &self.claims[at];
        let rated = match change.key.measure {
            Measure::Change => Measure::ChangeRate,
            Measure::Deviation => Measure::DeviationRate,
            _ => return None,
        };
        let stands_here = |claim: &Claim| paragraph(claim) == paragraph(change);
        let mut before = self.claims[..at].iter().rev().take_while(|claim| stands_here(claim));
        let amount = before.find(|claim| claim.doubt.is_none() && is_of(claim, &change.key, Measure::Final))?;
        // 收、支总计各增加20，增长4.00%: the other total's change stands between.
        let mut behind = self.claims[at + 1..].iter().take_while(|claim| stands_here(claim)).take(3);
        let rate = behind.find(|claim| is_of(claim, &change.key, rated))?;
        fit(&self.value(amount)?, &self.value(change)?, &self.value(rate)?).filter(|()| rate.doubt.is_none())
    }

    /// The rate behind a change that may be a part's or its whole's, where the two fit the part's amount, and no other amount that
    /// was told before it in the same paragraph.
    fn proved_of_part(self, at: usize) -> Option<usize> {
        let (mut proved, mut of_others) = (false, false);
        for (claim, fits) in self.fitting(at)? {
            let own = claim.doubt.is_none() && is_of(claim, &self.claims[at].key, Measure::Final);
            proved |= own && fits;
            of_others |= !own && fits;
        }
        let of_part = self.claims[at + 1].doubt == Some(Unproved::PartOrWhole);
        (proved && !of_others && of_part).then_some(at + 1)
    }

    /// The whole of which a change is and the rate behind it, where the two are reckoned from its amount, and from none of the others
    /// that were told before it in the same paragraph: 收入总计90万元，其中年初结转和结余5万元，比上年增加10万元，增长12.5%. One number may
    /// be that of two: 收支总计90万元.
    fn whole_of_change(self, at: usize) -> Option<Arc<[Key]>> {
        let change = &self.claims[at];
        let fitting: Vec<&Claim> =
            self.fitting(at)?.into_iter().filter(|(_, fits)| *fits).map(|(claim, _)| claim).collect();
        let part = &change.key;
        let is_whole = |claim: &&Claim| {
            let of = &claim.key;
            let beside = part.funding == of.funding && part.economic == of.economic;
            let of_place = part.item == of.item && part.function.len() > of.function.len();
            let of_item = self.vocabulary.is_part_of(&part.item, &of.item) && part.function.len() == of.function.len();
            beside && part.function.starts_with(&*of.function) && (of_place || of_item)
        };
        let (first, rate) = (fitting.first()?, &self.claims[at + 1]);
        let one = fitting.iter().all(|claim| claim.doubt.is_none() && claim.place == first.place);
        fit(&self.value(first)?, &self.value(change)?, &self.value(rate)?)?;
        let proved = one && fitting.iter().any(is_whole) && rate.doubt == Some(Unproved::PartOrWhole);
        proved.then(|| fitting.iter().map(|claim| claim.key.clone()).collect())
    }

    /// A change with its rate does not fit the amount of its label, and fits one of which that is a part, or that of the other side of
    /// the accounts: 收入合计50万元，支出合计48万元，比上年增加2万元，增长4.17%.
    fn is_of_whole(self, at: usize) -> bool {
        let Some(fitting) = self.fitting(at) else { return false };
        let (mut own_fits, mut of_whole) = (None, false);
        for (claim, fits) in fitting {
            if is_of(claim, &self.claims[at].key, Measure::Final) {
                own_fits = own_fits.or(Some(fits));
            } else {
                let (part, whole) = (&self.claims[at].key, &claim.key);
                let of_it =
                    part.function.starts_with(&*whole.function) && self.vocabulary.is_part_of(&part.item, &whole.item);
                let other_side = accounts::opposite(&part.item) == Some(&*whole.item) && part.funding == whole.funding;
                of_whole |= fits && (of_it || other_side);
            }
        }
        own_fits == Some(false) && of_whole
    }

    /// A rate behind a change does not fit it, and fits what the sentence told of the label's other comparison: 比预算减少5万元，比上年增加10万元，
    /// 下降4.76%.
    fn is_of_other_comparison(self, at: usize) -> bool {
        let rate = &self.claims[at];
        let (own, other) = match rate.key.measure {
            Measure::ChangeRate => (Measure::Change, Measure::Deviation),
            Measure::DeviationRate => (Measure::Deviation, Measure::Change),
            _ => return false,
        };
        let (Some(here), Some(rated)) = (paragraph(rate), self.value(rate)) else { return false };
        let told = |measure: Measure| {
            let mut before = self.claims[..at].iter().rev().take_while(|claim| paragraph(claim) == Some(here));
            self.value(before.find(|claim| is_of(claim, &rate.key, measure))?)
        };
        let Some(amount) = told(Measure::Final) else { return false };
        let fits = |measure: Measure| told(measure).map(|change| meets(&amount, &change, &rated).is_some());
        fits(own) == Some(false) && fits(other) == Some(true)
    }

    /// The amounts told before a change in the same paragraph, the last one first, and whether the change and the rate behind it fit
    /// them; `None` where no rate stands behind it.
    fn fitting(self, at: usize) -> Option<Vec<(&'c Claim, bool)>> {
        let change = &self.claims[at];
        let rate = self.claims.get(at + 1).filter(|rate| is_of(rate, &change.key, Measure::ChangeRate))?;
        if change.key.measure != Measure::Change {
            return None;
        }
        let here = Some(paragraph(change)?);
        let (changed, rated) = (self.value(change)?, self.value(rate)?);
        if changed.value.is_zero() {
            return None;
        }
        let before = self.claims[..at].iter().rev().take_while(|claim| paragraph(claim) == here);
        let finals = before.filter(|claim| claim.key.measure == Measure::Final && claim.unit.is_money());
        let fits = |claim: &'c Claim| Some((claim, meets(&self.value(claim)?, &changed, &rated).is_some()));
        finals.map(|claim| fits(claim)).collect()
    }
}
