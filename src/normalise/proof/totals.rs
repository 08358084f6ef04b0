//! Totals of which the words leave open whether they are the year's or hold what was carried over as well.
//!
//! 总收入 is 本年收入合计 or 收入总计, and so is the 收入 that is compared behind 收入总计. What the document tells elsewhere decides, and only
//! where it leaves no other reading: the same amount told of the one or the other, the parts of which it is the sum, or the two sides of
//! the accounts, whose grand totals change by the same amount as they are the same amount.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::reckoning::{half_of_last_place, meets};
use super::{Told, Verdict, is_of, paragraph};
use crate::mapping::accounts;
use crate::model::{Claim, Key, Measure, Unproved};
use crate::normalise::value::Value;

/// Tells which total claims are of, and proves changes of both grand totals.
pub(super) fn prove(told: Told<'_>, verdicts: &mut [Verdict]) {
    let mut readings = vec![Readings::default(); told.claims.len()];
    for (at, claim) in told.claims.iter().enumerate() {
        let Some(Unproved::WhichTotal(wider) | Unproved::HoldsCarried(wider)) = &claim.doubt else { continue };
        if &*claim.key.item == accounts::CARRIED_OUT {
            if told.is_of_the_year_end(at, wider) == Some(true) {
                verdicts[at] = Verdict::Stands;
            }
            continue;
        }
        let total = Key { item: wider.clone(), ..claim.key.clone() };
        let of_own = claim.key.measure != Measure::Final;
        let own = of_own.then(|| told.own_total(at)).flatten().map(|own| readings[own]);
        readings[at] = match (claim.key.measure, own) {
            (_, Some(own)) => own,
            (Measure::Final, None) => {
                let of_year = told.is_total(claim, &claim.key) || told.is_divided(at) || told.is_all_none(claim);
                Readings { of_year, wider: told.is_total(claim, &total) }
            }
            (Measure::Change, None) => {
                let proved = [&claim.key, &total].map(|key| told.proved_with_rate(at, key, verdicts));
                let found = Readings { of_year: proved[0].is_some(), wider: proved[1].is_some() };
                proved.into_iter().flatten().flatten().for_each(|rate| readings[rate] = found);
                found
            }
            _ => readings[at],
        };
        if let Some(verdict) = readings[at].only(claim.key.measure, wider) {
            verdicts[at] = verdict;
        }
    }
    for (income, expenditure) in told.twins() {
        for at in [income, expenditure] {
            let rate = told.rate_behind(at);
            if rate.is_none_or(|rate| told.fits(at, rate)) {
                verdicts[at] = Verdict::Stands;
                rate.into_iter().for_each(|rate| verdicts[rate] = Verdict::Stands);
            }
        }
    }
}

/// Which of the two that a number may be the amounts bear out.
#[derive(Clone, Copy, Default)]
struct Readings {
    of_year: bool,
    wider: bool,
}

impl Readings {
    /// The one reading that is left. An amount that is both is that of both, which the wider item holds.
    fn only(self, measure: Measure, wider: &Arc<str>) -> Option<Verdict> {
        match (self.of_year, self.wider) {
            (true, false) => Some(Verdict::Stands),
            (true, true) if measure != Measure::Final => None,
            (_, true) => Some(Verdict::Wider(wider.clone())),
            (false, false) => None,
        }
    }
}

impl Told<'_> {
    /// The amount that a change or a rate of the same two readings is of: told before it in its paragraph.
    fn own_total(self, at: usize) -> Option<usize> {
        let claim = &self.claims[at];
        self.claims[..at].iter().rposition(|own| {
            let open = matches!(own.doubt, Some(Unproved::WhichTotal(_)));
            open && is_of(own, &claim.key, Measure::Final) && paragraph(own) == paragraph(claim)
        })
    }

    /// 结转结余30万元，比上年增加10万元: what is told so of the end of the year and not of its beginning, or what has changed by as much as was
    /// received and not spent.
    fn is_of_the_year_end(self, at: usize, beginning: &Arc<str>) -> Option<bool> {
        let claim = &self.claims[at];
        let own = if claim.key.measure == Measure::Final { at } else { self.own_total(at)? };
        let amount = self.value(&self.claims[own])?;
        let of = |item: &str| self.amount(&Key { item: item.into(), ..claim.key.clone() }, Measure::Final);
        let same = |told: Option<Value>| told.map(|told| told.value == amount.value);
        if same(of(accounts::CARRIED_OUT)) == Some(true) && same(of(beginning)) == Some(false) {
            return Some(true);
        }
        let behind = self.claims[own + 1..].iter().find(|other| is_of(other, &claim.key, Measure::Change))?;
        let change = self.value(behind).filter(|change| !change.value.is_zero() && change.decimals > 0)?;
        let here = paragraph(behind) == paragraph(&self.claims[own]);
        let (income, expenditure) = (of(accounts::INCOME)?, of(accounts::EXPENDITURE)?);
        Some(here && income.value.checked_sub(expenditure.value)? == change.value)
    }

    /// The amount of a claim is told at a key by the name of its item, or is the sum of its parts.
    fn is_total(self, claim: &Claim, key: &Key) -> bool {
        let Some(total) = self.value(claim) else { return false };
        let told =
            self.amount(key, Measure::Final).is_some_and(|told| told.value == total.value && !total.value.is_zero());
        told || self.is_sum(&total, key).is_some()
    }

    /// 支出0万元，…；年末结转和结余0万元: with what was carried over nothing, and so without it.
    fn is_all_none(self, claim: &Claim) -> bool {
        let holds = matches!(claim.doubt, Some(Unproved::HoldsCarried(_)));
        holds && self.value(claim).is_some_and(|value| value.value.is_zero())
    }

    /// It is the sum of the parts of an item, within what their last places leave open: the year's and what was carried over.
    fn is_sum(self, total: &Value, key: &Key) -> Option<()> {
        let parts = self.vocabulary.items().iter().filter(|item| item.parent.as_deref() == Some(&*key.item));
        let amounts = parts.filter_map(|part| {
            let amount = self.amount(&Key { item: part.name.clone(), ..key.clone() }, Measure::Final)?;
            Some((part.accounts_total, amount))
        });
        let (mut sum, mut open, mut of_year, mut others) =
            (Decimal::ZERO, half_of_last_place(total), false, Decimal::ZERO);
        for (is_of_year, amount) in amounts {
            sum = sum.checked_add(amount.value)?;
            open = open.checked_add(half_of_last_place(&amount))?;
            of_year |= is_of_year;
            if !is_of_year {
                others = others.checked_add(amount.value)?;
            }
        }
        /// What was carried over must be more than what the last places leave open.
        const TELLING: u32 = 10;
        let telling = others >= open.checked_mul(TELLING.into())?;
        let meets = sum.checked_sub(total.value)?.abs() <= open;
        (of_year && telling && meets).then_some(())
    }

    /// It is divided below, or where the text tells the same amount by the same words again: 总收入90万元。 / 总收入90万元中：….
    fn is_divided(self, at: usize) -> bool {
        let claim = &self.claims[at];
        let value = self.value(claim).map(|value| value.value);
        let again = |other: &usize| {
            let other = &self.claims[*other];
            other.key == claim.key && other.doubt == claim.doubt && self.value(other).map(|value| value.value) == value
        };
        (0..self.claims.len()).filter(again).any(|other| self.is_divided_below(other))
    }

    /// The sum of the year's own parts, into which its paragraph or its table divides it: 其中：财政拨款收入80万元，其他收入10万元.
    fn is_divided_below(self, at: usize) -> bool {
        let whole = &self.claims[at];
        let is_part = |claim: &Claim| {
            let (part, of) = (&claim.key, &whole.key);
            let parent = self.vocabulary.item(&part.item).and_then(|item| item.parent.as_ref());
            let kind = parent == Some(&of.item) && part.funding == of.funding;
            let finer = part.item == of.item && part.funding.is_some() && of.funding.is_none();
            let beside = (&part.entity, &part.function, &part.economic) == (&of.entity, &of.function, &of.economic);
            beside && part.measure == Measure::Final && claim.doubt.is_none() && (kind || finer)
        };
        // In a table the parts may stand above their total.
        let from = if paragraph(whole).is_some() { at + 1 } else { 0 };
        let here = self.claims[from..].iter().take_while(|claim| paragraph(claim) == paragraph(whole));
        let mut parts = here.filter(|claim| is_part(claim)).map(|claim| self.value(claim));
        let sum = |total: &Value| {
            let start = (Decimal::ZERO, half_of_last_place(total));
            let (sum, open) = parts.try_fold(start, |(sum, open), part| {
                let part = part?;
                Some((sum.checked_add(part.value)?, open.checked_add(half_of_last_place(&part))?))
            })?;
            Some(sum.checked_sub(total.value)?.abs() <= open)
        };
        let total = self.value(whole).filter(|total| !total.value.is_zero());
        total.as_ref().and_then(sum) == Some(true)
    }

    /// Changes of the two grand totals, told apart in one paragraph as those of 收入 and 支出: the totals are the same amount, and so are
    /// their changes.
    fn twins(self) -> Vec<(usize, usize)> {
        let open = self.open(|doubt| matches!(doubt, Unproved::Words(_)));
        let changes: Vec<usize> = open.filter(|at| self.claims[*at].key.measure == Measure::Change).collect();
        let of = |item: &'static str| changes.iter().copied().filter(move |at| &*self.claims[*at].key.item == item);
        of(accounts::ALL_INCOME)
            .filter_map(|income| {
                let expenditure = of(accounts::ALL_EXPENDITURE).find(|other| self.are_twins(income, *other))?;
                Some((income, expenditure))
            })
            .collect()
    }

    fn are_twins(self, income: usize, expenditure: usize) -> bool {
        let (a, b) = (&self.claims[income], &self.claims[expenditure]);
        let apart = paragraph(a) == paragraph(b) && a.place != b.place && a.key.funding == b.key.funding;
        let same = |a: Option<Value>, b: Option<Value>| {
            // 增加5万元 of both may be a chance.
            a.zip(b).is_some_and(|(a, b)| a.value == b.value && !a.value.is_zero() && a.decimals > 0)
        };
        let amount = |claim: &Claim| self.amount(&claim.key, Measure::Final);
        apart && same(amount(a), amount(b)) && same(self.value(a), self.value(b))
    }

    /// The rate directly behind a change.
    fn rate_behind(self, change: usize) -> Option<usize> {
        let behind = change + 1;
        let rate = self.claims.get(behind)?;
        (rate.doubt.is_some() && is_of(rate, &self.claims[change].key, Measure::ChangeRate)).then_some(behind)
    }

    fn fits(self, change: usize, rate: usize) -> bool {
        let (change, rate) = (&self.claims[change], &self.claims[rate]);
        let amount = self.amount(&change.key, Measure::Final);
        let values = amount.zip(self.value(change)).zip(self.value(rate));
        values.is_some_and(|((amount, change), rate)| meets(&amount, &change, &rate).is_some())
    }
}
