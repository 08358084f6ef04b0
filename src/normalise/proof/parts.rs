//! Parts that a list behind a reason with a number tells: 本年支出90万元，比上年增加5万元，主要原因是新增3万元；其中：基本支出80万元，项目支出10万元,
//! and parts of a change that are its reason: 比上年增加5万元，主要是基本支出增加2万元，项目支出增加3万元.
//! So are those of a total that the text divides once more: 本年支出90万元，其中：基本支出80万元，项目支出10万元。按功能分类：….
//!
//! They are those of the total before the reason where they add up to it, and so are their shares in it: those of anything that the
//! reason speaks of would do so by chance only.

use rust_decimal::Decimal;

use super::reckoning::{half_of_last_place, is_between};
use super::{Told, Verdict, is_of, paragraph};
use crate::model::{Claim, Measure, Unproved};

/// Proves all parts of a list, or none.
pub(super) fn prove(told: Told<'_>, verdicts: &mut [Verdict]) {
    prove_behind_parts(told, verdicts);
    let is_open = |claim: &Claim| claim.doubt == Some(Unproved::BehindReason);
    let mut from = 0;
    while let Some(first) = told.claims[from..].iter().position(|claim| is_open(claim)).map(|at| from + at) {
        let here = paragraph(&told.claims[first]);
        let measure = told.claims[first].key.measure;
        // 主要是基本支出减少2万元，项目支出减少3万元。其中：基本支出80万元，…: the parts of the change, and behind them those of the total.
        let of_list = |claim: &Claim| !is_amount(claim) || claim.key.measure == measure;
        let is_next = |claim: &Claim| is_open(claim) && paragraph(claim) == here && of_list(claim);
        from = first + told.claims[first..].iter().take_while(|claim| is_next(claim)).count();
        // …，主要原因是新增3万元； / 其中：基本支出80万元，…: the paragraph of the list may begin with it.
        let above = told.claims[..first].last().and_then(|claim| paragraph(claim));
        let near = |claim: &Claim| paragraph(claim) == here || paragraph(claim) == above;
        let before = told.claims[..first].iter().rev().take_while(|claim| near(claim));
        let is_whole = |claim: &Claim| claim.doubt.is_none() && claim.key.measure == measure && claim.unit.is_money();
        let mut wholes = before.filter(|claim| is_whole(claim)).peekable();
        // 收支较上年减少3万元: one number of two totals.
        let place = wholes.peek().map(|whole| whole.place.clone());
        let mut wholes = wholes.take_while(|whole| Some(&whole.place) == place.as_ref());
        let list: Vec<&Claim> = told.claims[first..from].iter().map(|claim| &**claim).collect();
        if wholes.any(|whole| told.adds_up(&list, whole).is_some()) {
            verdicts[first..from].fill(Verdict::Stands);
        }
    }
}

/// The same of lists that divide once more what was divided: each way of dividing by itself. Parts of these parts may stand among them.
fn prove_behind_parts(told: Told<'_>, verdicts: &mut [Verdict]) {
    let is_open = |claim: &Claim| claim.doubt == Some(Unproved::BehindParts);
    let mut from = 0;
    while let Some(first) = told.claims[from..].iter().position(|claim| is_open(claim)).map(|at| from + at) {
        let part = &told.claims[first];
        let same_way = |claim: &Claim| claim.key.economic.is_empty() == part.key.economic.is_empty();
        let is_whole = |claim: &Claim| claim.key.measure == Measure::Final && told.is_part(part, claim);
        // 总支出90万元, which is proved to be the year's.
        let stands = |at: &usize| verdicts[*at] == Verdict::Stands && is_whole(&told.claims[*at]);
        let whole = (0..first).rev().find(stands).map(|at| &told.claims[at]);
        let of_it = |claim: &Claim| {
            let part = paragraph(claim) == paragraph(part) && claim.key.measure == Measure::Final;
            is_open(claim) || part && claim.doubt.is_none() && whole.is_some_and(|whole| told.is_part(claim, whole))
        };
        let list = told.claims[first..].iter().take_while(|claim| same_way(claim) && of_it(claim));
        from = first + list.count();
        let list = || (first..from).map(|at| (at, &*told.claims[at]));
        let parts: Vec<&Claim> = list().map(|(_, claim)| claim).filter(|claim| tells_of_parts(claim)).collect();
        if whole.is_some_and(|whole| told.adds_up(&parts, whole).is_some()) {
            let mut amount = None;
            for (at, claim) in list() {
                let of_amount = |amount: &Claim| is_of(amount, &claim.key, Measure::Final);
                if is_open(claim) && (tells_of_parts(claim) || amount.is_some_and(of_amount)) {
                    verdicts[at] = Verdict::Stands;
                }
                if is_amount(claim) && tells_of_parts(claim) {
                    amount = Some(claim);
                }
            }
        }
    }
}

/// It is a part's amount or share; else it is held against the amount before it: 96万元，完成预算的104%.
fn tells_of_parts(claim: &Claim) -> bool {
    matches!(claim.key.measure, Measure::Final | Measure::Share)
}

fn is_amount(claim: &Claim) -> bool {
    claim.key.measure != Measure::Share && claim.unit.is_money()
}

impl Told<'_> {
    /// All amounts of a list are parts of a total, two or more of them side by side are as much as it, and each share in it is that of
    /// the amount before it.
    fn adds_up(self, list: &[&Claim], whole: &Claim) -> Option<()> {
        let total = self.value(whole)?;
        let amounts: Vec<&Claim> = list.iter().copied().filter(|claim| is_amount(claim)).collect();
        let in_another = |part: &Claim| amounts.iter().any(|other| self.is_part(part, other));
        let side_by_side: Vec<&Claim> = amounts.iter().copied().filter(|part| !in_another(part)).collect();
        let (mut sum, mut open) = (Decimal::ZERO, half_of_last_place(&total));
        for part in &side_by_side {
            let value = self.value(part)?;
            sum = sum.checked_add(value.value)?;
            open = open.checked_add(half_of_last_place(&value))?;
        }
        // Parts of a change are told as such by their directions: to the last place they need not leave less open.
        let exact = whole.key.measure != Measure::Final && sum == total.value;
        let narrow = exact || open.checked_mul(Decimal::ONE_HUNDRED)? <= total.value.abs();
        // What one part alone moved as far as the whole is its change, too; an amount may be as large by chance.
        let several = side_by_side.len() > 1 || whole.key.measure != Measure::Final;
        let is_part = |part: &&Claim| self.is_part(part, whole) && part.key.measure == whole.key.measure;
        let all_parts = amounts.iter().all(is_part) && several;
        let fits = |at: usize, share: &Claim| -> Option<()> {
            let own = list[..at].iter().rev().find(|claim| is_amount(claim))?;
            let of_it = is_of(own, &share.key, Measure::Final) && !in_another(own);
            is_between(&self.value(share)?, Measure::CompletionRate, &total, &self.value(own)?).filter(|()| of_it)
        };
        let mut shares = list.iter().enumerate().filter(|(_, claim)| !is_amount(claim));
        let adds_up = !amounts.is_empty() && all_parts && narrow && sum.checked_sub(total.value)?.abs() <= open;
        (adds_up && shares.all(|(at, share)| fits(at, share).is_some())).then_some(())
    }

    /// A claim is about a proper part of what another one is about.
    fn is_part(self, part: &Claim, whole: &Claim) -> bool {
        let (part, whole) = (&part.key, &whole.key);
        let finer = |part: &str, whole: &str| part.len() > whole.len() && part.starts_with(whole);
        if part.item != whole.item {
            // 其他收入 is no part of 财政拨款收入.
            let of_its_fund = whole.funding.is_none() || part.funding == whole.funding;
            let of_item = self.vocabulary.is_part_of(&part.item, &whole.item);
            return of_its_fund && of_item && part.function.starts_with(&*whole.function);
        }
        // 一般公共预算 is a part of 财政拨款, and none of 政府性基金预算.
        let of_fund = part
            .funding
            .is_some_and(|fund| whole.funding.is_none_or(|whole| whole != fund && whole.merged(fund) == Some(fund)));
        let of_kind = finer(&part.economic, &whole.economic) && part.function.starts_with(&*whole.function);
        finer(&part.function, &whole.function) || of_kind || of_fund
    }
}
