//! Totals of which the words leave open whether they are the year's or hold what was carried over as well.
//!
//! 总收入 is 本年收入合计 or 收入总计, and so is the 收入 that is compared behind 收入总计. What the document tells elsewhere decides, and only
//! where it leaves no other reading: the same amount told of the one or the other, the parts of which it is the sum, or the two sides of
//! the accounts, whose grand totals change by the same amount as they are the same amount.

use rust_decimal::Decimal;

use super::figures::{Value, value_of};
use super::proof::{half_of_last_place, is_of, meets};
use crate::locate::{PART_OR_WHOLE, UNPROVED, WHICH_BUDGET, WHICH_TOTAL};
use crate::mapping::{Vocabulary, accounts};
use crate::model::{Claim, Key, Measure, Place};

/// Tells which of the claims stand that are in doubt for that reason.
pub(super) fn settle(claims: &[Box<Claim>], standing: &mut [bool], vocabulary: &Vocabulary) {
    let told = Told { claims, vocabulary };
    let open = |claim: &Claim| claim.doubt.as_deref() == Some(WHICH_TOTAL);
    for at in (0..claims.len()).filter(|at| open(&claims[*at])) {
        let claim = &claims[at];
        standing[at] = match claim.key.measure {
            Measure::Final => told.is_told(claim) || told.is_sum(claim),
            Measure::Change | Measure::ChangeRate => {
                let own = claims[..at].iter().rposition(|own| {
                    open(own) && is_of(own, &claim.key, Measure::Final) && paragraph(own) == paragraph(claim)
                });
                own.map_or(standing[at], |own| standing[own])
            }
            _ => false,
        };
    }
    for at in 1..claims.len() {
        // Each such number makes two claims, one behind the other: that of the year, and that with what was carried over.
        let (of_year, total) = (&claims[at - 1], &claims[at]);
        let parent = vocabulary.item(&of_year.key.item).and_then(|item| item.parent.as_deref());
        let of_one = of_year.place == total.place && parent == Some(&*total.key.item);
        if open(of_year) && open(total) && of_one && standing[at] {
            let both = standing[at - 1] && total.key.measure == Measure::Final;
            standing[at] &= both || !standing[at - 1];
            standing[at - 1] = false;
        }
    }
    for (income, expenditure) in told.twins() {
        for at in [income, expenditure] {
            let rate = told.rate_behind(at);
            if rate.is_none_or(|rate| told.fits(at, rate)) {
                standing[at] = true;
                rate.iter().for_each(|rate| standing[*rate] = true);
            }
        }
    }
}

struct Told<'c> {
    claims: &'c [Box<Claim>],
    vocabulary: &'c Vocabulary,
}

impl Told<'_> {
    /// The final of a key that nothing puts in doubt, if it has one value wherever it is told.
    fn amount(&self, key: &Key) -> Option<Value> {
        let all = self.claims.iter().filter(|claim| claim.doubt.is_none() && is_of(claim, key, Measure::Final));
        let mut all = all.map(|claim| value_of(claim, self.vocabulary).ok());
        let first = all.next()??;
        all.all(|other| other.is_some_and(|other| other.value == first.value)).then_some(first)
    }

    fn value(&self, at: usize) -> Option<Value> {
        value_of(&self.claims[at], self.vocabulary).ok()
    }

    /// The same amount is told of the same item by its own name.
    fn is_told(&self, claim: &Claim) -> bool {
        let value = value_of(claim, self.vocabulary).ok();
        let same = |told: Value| value.is_some_and(|value| value.value == told.value && !value.value.is_zero());
        self.amount(&claim.key).is_some_and(same)
    }

    /// It is the sum of the parts of its item, within what their last places leave open: the year's and what was carried over.
    fn is_sum(&self, claim: &Claim) -> bool {
        self.parts_leave(claim).is_some()
    }

    fn parts_leave(&self, claim: &Claim) -> Option<()> {
        let total = value_of(claim, self.vocabulary).ok()?;
        let parts = self.vocabulary.items().iter().filter(|item| item.parent.as_deref() == Some(&*claim.key.item));
        let amounts = parts.filter_map(|part| {
            let amount = self.amount(&Key { item: part.name.clone(), ..claim.key.clone() })?;
            Some((part.accounts_total, amount))
        });
        let (mut sum, mut open, mut of_year, mut others) =
            (Decimal::ZERO, half_of_last_place(&total), false, Decimal::ZERO);
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

    /// Changes of the two grand totals, told apart in one paragraph as those of 收入 and 支出: the totals are the same amount, and so are
    /// their changes.
    fn twins(&self) -> Vec<(usize, usize)> {
        let open = |at: &usize| {
            let doubt = self.claims[*at].doubt.as_deref();
            let other = [PART_OR_WHOLE, UNPROVED, WHICH_BUDGET, WHICH_TOTAL];
            self.claims[*at].key.measure == Measure::Change && doubt.is_some_and(|doubt| !other.contains(&doubt))
        };
        let changes: Vec<usize> = (0..self.claims.len()).filter(open).collect();
        let of = |item: &'static str| changes.iter().copied().filter(move |at| &*self.claims[*at].key.item == item);
        of(accounts::ALL_INCOME)
            .filter_map(|income| {
                let expenditure = of(accounts::ALL_EXPENDITURE).find(|other| self.are_twins(income, *other))?;
                Some((income, expenditure))
            })
            .collect()
    }

    fn are_twins(&self, income: usize, expenditure: usize) -> bool {
        let (a, b) = (&self.claims[income], &self.claims[expenditure]);
        let apart = paragraph(a) == paragraph(b) && a.place != b.place && a.key.funding == b.key.funding;
        let same = |a: Option<Value>, b: Option<Value>| {
            // 增加5万元 of both may be a chance.
            a.zip(b).is_some_and(|(a, b)| a.value == b.value && !a.value.is_zero() && a.decimals > 0)
        };
        apart && same(self.amount(&a.key), self.amount(&b.key)) && same(self.value(income), self.value(expenditure))
    }

    /// The rate directly behind a change.
    fn rate_behind(&self, change: usize) -> Option<usize> {
        let behind = change + 1;
        let rate = self.claims.get(behind)?;
        (rate.doubt.is_some() && is_of(rate, &self.claims[change].key, Measure::ChangeRate)).then_some(behind)
    }

    fn fits(&self, change: usize, rate: usize) -> bool {
        let amount = self.amount(&self.claims[change].key);
        let values = amount.zip(self.value(change)).zip(self.value(rate));
        values.is_some_and(|((amount, change), rate)| meets(&amount, &change, &rate).is_some())
    }
}

/// The paragraph in which a claim stands.
fn paragraph(claim: &Claim) -> Option<u32> {
    match claim.place {
        Place::Paragraph { paragraph, .. } => Some(paragraph),
        _ => None,
    }
}
