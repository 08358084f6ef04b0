//! What a share is of.

use std::sync::Arc;

use super::naming::Named;
use super::reading::Reading;
use super::section::{Section, SectionFunding};
use super::sentence::Time;
use super::values::{Draft, Trouble, left};
use crate::mapping::{Only, accounts};
use crate::model::{Funding, Key, Measure, UnitOfMeasure};

impl Reading<'_, '_> {
    /// The base of a share as it is written in keys: empty where it is the item's parent.
    pub(super) fn base(
        &self,
        named: &Named,
        item: &Arc<str>,
        key: &Key,
        base: Option<&Named>,
        section: &Section,
    ) -> Result<Arc<str>, Trouble> {
        let vocabulary = self.reader.vocabulary;
        let classified = !key.function.is_empty() || !key.economic.is_empty();
        let parent = vocabulary.item(item).and_then(|item| item.parent.clone());
        let (base_item, base_funding, said) = match base {
            Some(base) => {
                self.vouch(named, section, true)?;
                if let Some(doubt) = &base.doubt {
                    return left(doubt.clone());
                }
                let [item] = &*base.items else { return left(&*base.words) };
                if base.only == Some(Only::Nothing) || !base.function.is_empty() || !base.economic.is_empty() {
                    return left(&*base.words);
                }
                (item.clone(), base.own_funding, true)
            }
            None => {
                self.vouch(named, section, false)?;
                if let Some(blocker) = &self.state.blocker {
                    return left(blocker.clone());
                }
                let list = self.state.list.as_ref().filter(|list| list.here);
                if let Some(doubt) = list.and_then(|list| list.doubt.as_ref()) {
                    return left(doubt.clone());
                }
                if self.state.others.among_strangers && key.function.is_empty() {
                    // 支出决算数90万元，其中人员经费占65%: of what no label names.
                    return left("占 of which total");
                }
                let inside = self.state.inside.as_ref().filter(|inside| {
                    named.split && inside.items == named.items || named.is_part_of(inside, vocabulary)
                });
                let total = list
                    .filter(|_| named.listed)
                    .and_then(|list| list.total.iter().find(|total| named.is_part_of(total, vocabulary)))
                    .or(inside);
                let only = self.reader.words.lexicon.base_by_total(item);
                match (total, only) {
                    (Some(total), Some(only)) if !total.items.contains(only) => return left("占 of which total"),
                    (None, Some(_)) => return left("占 of which total"),
                    (Some(total), _) => {
                        let [item] = &*total.items else { return left(&*total.words) };
                        (item.clone(), total.funding, false)
                    }
                    (None, None) if !key.function.is_empty() => (item.clone(), key.funding, false),
                    (None, None) if !key.economic.is_empty() => return left("占 of which total"),
                    (None, None) if matches!(&**item, accounts::INCOME | accounts::EXPENDITURE) => {
                        let whole = match &section.funding {
                            SectionFunding::Told(funding) => *funding,
                            SectionFunding::Several | SectionFunding::NotTold => return left("占 of which total"),
                        };
                        if key.funding.is_none() || key.funding == whole {
                            return left("占 of which total");
                        }
                        (item.clone(), whole, false)
                    }
                    (None, None) => match &parent {
                        Some(parent) => (parent.clone(), key.funding, false),
                        None => return left("占 of which total"),
                    },
                }
            }
        };
        if base_item == *item && !classified && key.funding == base_funding {
            return left("占 of itself");
        }
        let same_fund = base_funding == key.funding || (said && base_funding.is_none());
        if !classified && parent.as_ref() == Some(&base_item) && same_fund {
            return Ok("".into());
        }
        let default = if classified { key.funding } else { None };
        // An item whose definition fixes its funding has no funds to tell apart: its base is written plainly.
        let tells_fund = classified || key.funding.is_some() || !self.is_fixed(named);
        let suffix = |funding: Option<Funding>| match funding {
            Some(funding) if tells_fund && Some(funding) != default => format!("{base_item}{{{}}}", funding.word()),
            _ => base_item.to_string(),
        };
        Ok(suffix(base_funding).into())
    }

    /// 占总收入的90%, or 占90% in a line below 收入总计…，包括：: the total with what was carried over, of which the share may be as well.
    pub(super) fn wider_base(&self, named: &Named, item: &Arc<str>, key: &Key, section: &Section) -> Option<Arc<str>> {
        let vocabulary = self.reader.vocabulary;
        let share = self.state.pending.share.as_ref()?;
        let total = match (&share.base, &self.state.list) {
            (Some(base), _) => {
                let wider = base.or_total.as_ref().filter(|_| base.is_either_total())?;
                Named { items: [wider.clone()].into(), only: None, or_total: None, ..base.clone() }
            }
            (None, list) if section.told_grand_total && !list.as_ref().is_some_and(|list| list.here) => {
                let parent = vocabulary.item(item)?.parent.as_ref()?;
                let of_year = if named.is_of_year() { item } else { parent };
                let wider = vocabulary.item(of_year).filter(|_| accounts::is_of_year(of_year))?.parent.clone()?;
                Named { items: [wider].into(), ..Named::default() }
            }
            _ => return None,
        };
        let wider = self.base(named, item, key, Some(&total), section).ok()?;
        (share.base.is_some() || self.base(named, item, key, None, section).ok()? != wider).then_some(wider)
    }

    /// 教育支出50万元，占财政拨款支出的50%, below a heading of one of the treasury's budgets: of that budget, or of all that it gives? The
    /// amounts must tell.
    pub(super) fn base_of_section(
        &self,
        named: &Named,
        item: &Arc<str>,
        key: &Key,
        section: &Section,
    ) -> Option<Arc<str>> {
        let base = self.state.pending.share.as_ref()?.base.as_ref().filter(|_| !key.function.is_empty())?;
        let SectionFunding::Told(Some(fund)) = section.funding else { return None };
        let finer = base.own_funding.filter(|own| *own != fund)?.merged(fund) == Some(fund);
        let of_section = Named { own_funding: Some(fund), ..base.clone() };
        if finer && key.funding == Some(fund) {
            self.base(named, item, key, Some(&of_section), section).ok()
        } else {
            None
        }
    }

    /// “三公”经费4万元。公务用车运行维护费3万元，占75%: the total that a bare 占 may be of, where it was told of before in the paragraph; the
    /// amounts must prove it.
    pub(super) fn total_told_before(&self, named: &Named, item: &Arc<str>) -> Option<Arc<str>> {
        let total = self.reader.words.lexicon.base_by_total(item)?;
        let state = &self.state;
        let bare = state.pending.share.as_ref().is_some_and(|share| share.base.is_none());
        let apart = !named.listed && state.list.is_none() && !state.aside;
        let clear = state.doubt().is_none() && state.blocker.is_none() && named.doubt.is_none();
        let told = |told: &Named| matches!(&*told.items, [of] if of == total) && told.doubt.is_none();
        (bare && apart && clear && self.told.iter().any(told)).then(|| total.clone())
    }

    /// 占本年支出合计1240.71万元的12%: the amount is the base's.
    pub(super) fn base_amount(
        &self,
        base: Option<&Named>,
        unit: UnitOfMeasure,
        section: &Section,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Trouble> {
        let Some(base) = base else { return left("占") };
        if let Some(doubt) = self.state.doubt().or(section.doubt.as_deref()).or(base.doubt.as_deref()) {
            return left(doubt);
        }
        if self.state.time != Time::Ours || self.state.blocker.is_some() || section.budget {
            return left("占");
        }
        let base = Named { funding: base.own_funding, ..base.clone() };
        self.each_item(
            &base,
            Measure::Final,
            |key| Draft { key, negative: false, unit, words: "占".into(), assumed: false, told: None, doubt: None },
            drafts,
        )
    }
}
