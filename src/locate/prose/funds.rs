//! Which budget pays what a label names.

use std::sync::Arc;

use super::ahead::label_runs_to_number;
use super::naming::{Named, Told};
use super::reading::Reading;
use super::section::{Section, SectionFunding, is_part};
use super::sentence::Since;
use super::tokens::{Token, Word, is_number};
use crate::mapping::{Only, Senses, WordSense, accounts};
use crate::model::Funding;

/// Where a sentence that divides a total by funds tells what was carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carried {
    /// Beside them, so that each is of this item of the year.
    Beside(&'static str),
    /// Within them, in brackets.
    Within,
    NotTold,
}

impl Reading<'_, '_> {
    /// The fund that the word directly before a label names, as far as it is pending.
    pub(super) fn fund_before(&self, at: usize) -> Option<Funding> {
        let before = at.checked_sub(1).map(|before| &self.tokens[before].word)?;
        matches!(before, Word::Phrase(senses) if matches!(senses.word, Some(WordSense::Funding(_))))
            .then_some(self.state.pending.funding)?
    }

    /// 一般公共预算支出 in a bracket behind an item whose definition fixes the funding: that item, split.
    pub(super) fn split(&self, named: &mut Named) -> bool {
        let Some(funding) = named.own_funding else { return false };
        let Some([total]) = self.state.list.as_ref().map(|list| list.total.as_slice()) else { return false };
        let vocabulary = self.reader.vocabulary;
        let fixed = total.items.iter().all(|item| vocabulary.item(item).is_some_and(|item| item.fixed_funding));
        let bare = named.items.iter().all(|item| &**item == accounts::EXPENDITURE) && named.function.is_empty();
        if !(self.state.aside && fixed && bare && total.doubt.is_none() && self.state.hard.is_none()) {
            return false;
        }
        *named = Named {
            words: format!("{} › {}", total.words, named.words).into(),
            own_funding: Some(funding),
            funding: Some(funding),
            split: true,
            listed: true,
            counts: Arc::from([]),
            told: Told::Nothing,
            ..total.clone()
        };
        true
    }

    /// 政府性基金预算100万元, in a list or bracket, or behind 本年支出中，: the total, of that fund. Where there is no such total, the
    /// funding stays without a label.
    pub(super) fn split_by_funding(&mut self, at: usize) {
        let Some(funding) = self.state.pending.funding else { return };
        if self.is_funding_of_subject(funding) {
            self.state.pending.funding = None;
            return;
        }
        let state = &self.state;
        let list = state.list.as_ref().filter(|list| !list.total.is_empty());
        let listed = list.is_some();
        let total = match list {
            Some(list) if list.doubt.is_some() => None,
            Some(list) => <&[Named; 1]>::try_from(list.total.as_slice()).ok().map(|[total]| total),
            None => state.inside.as_ref(),
        };
        let Some(total) = total.filter(|total| total.doubt.is_none() && state.hard.is_none()) else { return };
        let finer = total.funding.is_none_or(|of| of.merged(funding).is_some_and(|merged| merged != of));
        if !(self.needs_no_funding(total) || finer) {
            return;
        }
        let Ok(carried) = self.carried_with_fund(total, at) else { return };
        // 收入总计100万元，其中：一般公共预算财政拨款90万元: with or without what was carried over? All parts together tell.
        let to_be_proved = listed && carried == Carried::NotTold && total.is_grand_total();
        let items = match carried {
            Carried::Beside(of_year) => [of_year.into()].into(),
            Carried::Within | Carried::NotTold => total.items.clone(),
        };
        let named = Named {
            words: format!("{} › {}", total.words, funding.word()).into(),
            items,
            own_funding: Some(funding),
            funding: Some(funding),
            funding_open: None,
            split: true,
            listed,
            counts: Arc::from([]),
            told: Told::Nothing,
            ..total.clone()
        };
        self.state.pending.funding = None;
        self.state.others.part_or_whole = false;
        if let Some(list) = self.state.list.as_mut().filter(|_| to_be_proved) {
            list.behind_parts = true;
        }
        self.govern(named);
    }

    /// 收入总计90万元，其中：一般公共预算财政拨款80万元，年初结转和结余10万元: beside what was carried over a fund is that of the year. A bracket
    /// behind it may tell that it holds that.
    ///
    /// # Errors
    ///
    /// A word that is not understood may be what was carried over.
    fn carried_with_fund(&self, total: &Named, at: usize) -> Result<Carried, ()> {
        let (of_year, carried) = match &*total.items {
            [item] if **item == *accounts::ALL_INCOME => (accounts::INCOME, accounts::CARRIED_IN),
            [item] if **item == *accounts::ALL_EXPENDITURE => (accounts::EXPENDITURE, accounts::CARRIED_OUT),
            _ => return Ok(Carried::NotTold),
        };
        if self.state.aside {
            return Ok(Carried::NotTold);
        }
        let is_stop = |token: &&Token<'_>| matches!(token.word, Word::Mark('。'));
        let from = self.tokens[..at].iter().rposition(|token| is_stop(&token)).map_or(0, |stop| stop + 1);
        let mut depth = 0_usize;
        let mut told = Carried::NotTold;
        for token in self.tokens[from..].iter().take_while(|token| !is_stop(token)) {
            match &token.word {
                // What a bracket holds is a part of what stands before it.
                Word::Open(_) => depth += 1,
                Word::Close => depth = depth.saturating_sub(1),
                Word::Unknown if depth == 0 => return Err(()),
                Word::Phrase(Senses { label: Some(label), .. })
                    if label.items.iter().any(|item| &**item == carried) =>
                {
                    match depth {
                        0 => told = Carried::Beside(of_year),
                        _ if told == Carried::NotTold => told = Carried::Within,
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        Ok(told)
    }

    /// “三公”经费，财政拨款10万元: of what needs no funding it says nothing new, unless the parts of that are told of.
    fn is_funding_of_subject(&self, funding: Funding) -> bool {
        let state = &self.state;
        let divided = state.inside.is_some() || state.list.as_ref().is_some_and(|list| !list.total.is_empty());
        let says_nothing = |named: &Named| {
            named.funding == Some(funding)
                || self.needs_no_funding(named) && matches!(funding, Funding::Appropriation | Funding::GeneralBudget)
        };
        !divided && !state.subject.is_empty() && state.subject.iter().all(says_nothing)
    }

    /// 其中一般公共预算财政拨款比上年增加8万元: the word at `at` tells something of what the funding before it pays, unless a label
    /// follows that it pays for. Of what it pays then, or of nothing that is known.
    pub(super) fn settle_funding(&mut self, at: usize, to: usize) {
        let pending = self.state.pending.comparison.as_ref().is_some_and(|comparison| comparison.open)
            || self.state.pending.share.as_ref().is_some_and(|share| share.open);
        if self.state.pending.funding.is_none()
            || self.state.since == Since::Nothing
            || pending
            || label_runs_to_number(self.tokens, at + 1, to)
        {
            return;
        }
        self.split_by_funding(at);
        if let Some(funding) = self.state.pending.funding.filter(|_| !self.state.subject.is_empty()) {
            self.state.block(funding.word(), false);
        }
    }

    /// 政府性基金“三公”经费支出3万元: what one fund paid is a part of an item that needs none, and so is what stands below a heading of
    /// that fund. Else a label behind it may be of the fund or of the whole.
    pub(super) fn part_of_one_fund(&self, named: &mut Named, says_fund: bool) {
        let counts = named.items.is_empty() && !named.counts.is_empty();
        if !(counts || self.needs_no_funding(named)) {
            return;
        }
        let one = |funding: Option<Funding>| funding.filter(|funding| is_part(*funding));
        let section = self.reader.sections.current();
        let below_one = section.is_some_and(|section| match section.funding {
            SectionFunding::Told(funding) => one(funding).is_some(),
            _ => false,
        });
        let headed = section.and_then(|section| section.of_fund);
        let doubt = match (one(named.own_funding), headed, section) {
            // 政府性基金安排公务接待费3万元: what it was meant for, perhaps.
            (Some(own), ..) if !says_fund => Some(format!("{} {}", own.word(), named.words)),
            (own, Some(headed), Some(section)) => {
                named.of_fund = Some(headed);
                (named.own_funding.is_some() && own != Some(headed)).then(|| section.title.clone())
            }
            (Some(own), ..) => {
                named.of_fund = Some(own);
                None
            }
            (_, _, Some(section)) if below_one => Some(section.title.clone()),
            _ => {
                let vocabulary = self.reader.vocabulary;
                let mut totals = self.state.list.iter().flat_map(|list| &list.total);
                let whole = |total: &&Named| total.of_fund.is_some() && named.own_funding.is_none();
                // 公务接待费4万元，其中一般公共预算公务接待费3万元
                let split = |total: &&Named| total.own_funding.is_none() && total.items == named.items;
                let says_general = named.own_funding == Some(Funding::GeneralBudget) && says_fund;
                let total = totals.find(|total| {
                    (whole(total) || says_general && split(total)) && named.is_part_of(total, vocabulary)
                });
                named.of_fund = total.and_then(|total| total.of_fund.or(named.own_funding));
                let below = |item: &Arc<str>, whole: &Arc<str>| item == whole || vocabulary.is_part_of(item, whole);
                let may_be_of = |before: &&Named| {
                    let related = |item| before.items.iter().any(|whole| below(item, whole));
                    before.of_fund.is_some() && (counts || named.items.iter().any(related))
                };
                let mut before = self.told.iter().chain(&self.state.subject);
                let of_one = before.find(may_be_of).filter(|_| total.is_none());
                of_one.map(|before| before.words.to_string())
            }
        };
        if named.of_fund.is_some() {
            named.funding = named.of_fund;
        }
        if let Some(doubt) = doubt {
            named.doubt.get_or_insert(doubt);
        }
    }

    /// Its definition fixes its funding: 公务接待费.
    fn needs_no_funding(&self, named: &Named) -> bool {
        let fixed = |item: &Arc<str>| self.reader.vocabulary.item(item).is_some_and(|item| item.fixed_funding);
        !named.items.is_empty() && named.items.iter().all(fixed)
    }

    /// “三公”经费财政拨款支出, 机关运行经费支出合计: the funding of an item that needs none, and that it was spent.
    pub(super) fn inert_behind_fixed(&self, named: &Named) -> bool {
        self.state.since == Since::Nothing
            && matches!(named.own_funding, None | Some(Funding::Appropriation | Funding::GeneralBudget))
            && is_all_spent(named)
            && self.state.subject.last().is_some_and(|before| self.needs_no_funding(before))
    }

    /// Below 1.公务接待费: 财政拨款支出8万元 is of what the heading names, or of all that was spent?
    pub(super) fn below_fixed(&self, named: &Named) -> Option<String> {
        let section = self.reader.sections.all().iter().rev().find(|section| !section.topics.is_empty())?;
        let fixed = section.topics.iter().all(|topic| self.needs_no_funding(topic));
        let spent = !named.items.is_empty() && named.only.is_none() && is_all_spent(named);
        (fixed && spent).then(|| section.title.clone())
    }

    /// The funding of a label: its own words, its total's, its neighbour's, the section's.
    pub(super) fn fund(&mut self, named: &mut Named) {
        if !named.funded {
            return;
        }
        let section = self.reader.sections.current();
        let told = match section.map(|section| &section.funding) {
            Some(SectionFunding::Told(funding)) => Ok(*funding),
            _ => Err(section.map_or("no heading".to_owned(), |section| section.title.clone())),
        };
        if let Some(own) = named.own_funding {
            named.funding = match told {
                Ok(Some(section)) => own.merged(section).or(Some(own)),
                _ => Some(own),
            };
            let unsure = |section: &Section| section.funding == SectionFunding::Several || section.none_before;
            if own == Funding::Appropriation && section.is_some_and(unsure) {
                named.funding_open = section.map(|section| section.title.clone());
            }
            return;
        }
        let from_total = named
            .listed
            .then_some(self.state.list.as_ref())
            .flatten()
            .and_then(|list| list.total.iter().find(|total| total.funded));
        let other_side = named.items.iter().find_map(|item| accounts::opposite(item));
        let neighbour = other_side.and_then(|other| {
            self.state.neighbours.iter().rev().find(|neighbour| neighbour.items.iter().any(|item| &**item == other))
        });
        if let Some(before) = self.beside_one_fund(named, from_total.map_or(told.clone(), |total| Ok(total.funding))) {
            named.funding_open = Some(before);
        } else if let Some(before) = from_total
            .filter(|_| !named.function.is_empty())
            .and_then(|total| self.of_one_fund_before(named, &Ok(total.funding)))
        {
            // 本年支出90万元，其中：财政拨款支出80万元，教育支出50万元: a part of the one or of the other?
            named.funding_open = Some(before);
        } else if let Some(total) = from_total {
            named.funding = total.funding;
            named.funding_open = total.funding_open.clone();
        } else if let Some((level, above)) = self.of_one_fund_above(named, &told) {
            // （一）一般公共预算财政拨款支出90万元。 / 1.教育支出30万元: of that; without an ordinal it may be back to the whole.
            named.funding = above.funding;
            let below = self.reader.level.is_some_and(|own| own > level);
            let open = above.funding_open.clone().or_else(|| above.doubt.clone());
            named.funding_open = open.or_else(|| (!below).then(|| above.words.to_string()));
        } else if let Some(lost) = self.may_be_of_lost_fund(named, &told) {
            named.funding_open = Some(lost);
        } else if let Some(before) = self.of_one_fund_before(named, &told) {
            named.funding_open = Some(before);
        } else if let Some(before) = self.carried_beside_one_fund(named, &told) {
            named.funding_open = Some(before);
        } else if let Some(before) = self.behind_carried_of_one_fund(named, &told) {
            named.funding_open = Some(before);
        } else if let Some(neighbour) = neighbour.filter(|_| named.function.is_empty()) {
            named.funding = neighbour.funding;
            named.funding_open = neighbour.funding_open.clone().or_else(|| neighbour.doubt.clone());
            if told == Ok(None) && neighbour.funding.is_some() && named.only != Some(Only::Weak) {
                // 财政拨款收入100万元；本年支出合计90万元, where the section is of all funds: of one fund, or of all?
                named.funding_open = Some(neighbour.words.to_string());
            }
        } else {
            match told {
                Ok(Some(Funding::Appropriation)) if !named.function.is_empty() => self.fund_as_before(named),
                Ok(funding) if section.is_some_and(|section| section.none_before) => {
                    named.funding = funding;
                    named.funding_open = section.map(|section| section.title.clone());
                }
                Ok(funding) => named.funding = funding,
                // Below the title of the whole, 收入总计 is that of the whole.
                Err(_)
                    if section.is_some_and(|section| section.of_whole)
                        && named.function.is_empty()
                        && (named.is_total() || named.is_grand_total()) => {}
                Err(_) if section.is_some_and(|section| section.of_whole) && self.is_part_of_told_whole(named) => {}
                Err(heading) => named.funding_open = Some(heading),
            }
        }
        let Some(apart) = self.fund_apart_of(named) else { return };
        let section = self.reader.sections.current().map(|section| &section.funding);
        let below = match section {
            Some(SectionFunding::Told(of)) => of.is_none_or(|of| of.merged(apart) == Some(apart)),
            _ => false,
        };
        let plain = named.is_total() && !named.listed && named.funding_open.is_none();
        if self.state.fund_announced && is_part(apart) && below && plain {
            named.funding = Some(apart);
        } else {
            named.funding_open.get_or_insert_with(|| apart.word().to_owned());
        }
    }

    /// 政府性基金预算财政拨款收支情况：本年收入9万元: what a label without a number announces is of its fund.
    pub(super) fn announce_fund(&mut self, at: usize, to: usize) {
        let [named] = self.state.subject.as_slice() else { return };
        let behind = self.tokens[at + 1..to].iter().take_while(|token| !is_number(token));
        if self.state.since == Since::Nothing && named.told == Told::Nothing && { behind }.any(Token::names_item) {
            self.state.fund_apart = named.own_funding.or(self.state.fund_apart);
        }
    }

    /// 政府性基金预算财政拨款方面，本年收入9万元: the fund that a clause before the label names, where the label would be of another one.
    fn fund_apart_of(&self, named: &Named) -> Option<Funding> {
        let of_it = |fund: Funding| named.funding.is_some_and(|own| own.merged(fund) == Some(own));
        self.state.fund_apart.filter(|fund| !of_it(*fund))
    }

    /// 本部门没有国有资本经营预算财政拨款支出, below the heading of that fund: what is told below it may stand below another heading, which was lost.
    pub(super) fn there_is_none(&mut self, named: &Named) {
        let Some(section) = self.reader.sections.current_mut() else { return };
        let own = named.own_funding.filter(|own| is_part(*own) && *own != Funding::GeneralBudget);
        section.none_told |= own.is_some() && section.funding == SectionFunding::Told(own);
    }

    /// 本年支出90万元，…。教育支出50万元，… below the title of the whole: a part of the total of all funds that the paragraph told, where it
    /// told nothing of one fund.
    fn is_part_of_told_whole(&self, named: &Named) -> bool {
        let vocabulary = self.reader.vocabulary;
        let of_all = |told: &Named| {
            told.is_total()
                && told.funding.is_none()
                && told.funding_open.is_none()
                && told.doubt.is_none()
                && told.final_told
                && named.is_part_of(told, vocabulary)
        };
        self.told.iter().any(of_all)
            && self.told.iter().all(|told| told.funding.is_none() && told.own_funding.is_none())
    }

    /// 1.教育支出80万元，具体包括：… below 一般公共预算财政拨款支出100万元，包括：教育支出80万元，…: a place in the classification, in a
    /// section of all that the treasury gives, is of the budget whose part its 类 was told to be.
    fn fund_as_before(&self, named: &mut Named) {
        let told: Vec<_> = self.reader.sections.all().iter().flat_map(|section| &section.of_budget).collect();
        let mut of_class = told.iter().filter(|(class, _)| named.function.starts_with(&**class)).map(|told| told.1);
        match of_class.next() {
            Some(Some(funding)) if of_class.all(|other| other == Some(funding)) => named.funding = Some(funding),
            None if told.is_empty() => named.funding = Some(Funding::Appropriation),
            _ => named.funding_open = Some("of which budget".to_owned()),
        }
    }

    /// What a line above tells of first, where its words name another fund than the heading and the label is a part of it.
    fn of_one_fund_above(&self, named: &Named, told: &Result<Option<Funding>, String>) -> Option<(u8, &Named)> {
        let vocabulary = self.reader.vocabulary;
        let of_another = |above: &Named| told.as_ref() != Ok(&above.funding) && named.is_part_of(above, vocabulary);
        let (level, above) = self.reader.above.funds.innermost().filter(|(_, above)| of_another(above))?;
        let section = self.reader.sections.current().filter(|section| section.level() == level);
        section.is_none_or(|section| told.is_err() || self.goes_below(named, above, section)).then_some((level, above))
    }

    /// 基本支出情况 / 2018年某某基本支出90万元。 / 人员经费80万元: a part of what the heading speaks of, below a line that is not understood.
    fn may_be_of_lost_fund(&self, named: &Named, told: &Result<Option<Funding>, String>) -> Option<String> {
        let section = self.reader.sections.current().filter(|_| self.reader.above.fund_lost && told == &Ok(None))?;
        let whole = |topic: &Named| named.is_part_of(topic, self.reader.vocabulary);
        section.topics.iter().any(whole).then(|| section.title.clone())
    }

    /// A label is told below what a line without an ordinal told of first, where the heading tells of another fund: in lines with an
    /// ordinal, or of the heading's own item. Only a 类 that was told to be another budget's part is of that.
    fn goes_below(&self, named: &Named, above: &Named, section: &Section) -> bool {
        let topic = section.topics.iter().any(|topic| topic.items == above.items);
        let budgets = || self.reader.sections.all().iter().flat_map(|section| &section.of_budget);
        let of_it = |(class, budget): &(Arc<str>, Option<Funding>)| {
            named.function.starts_with(&**class) && budget.is_none_or(|budget| Some(budget) == above.funding)
        };
        (self.reader.level.is_some() || topic) && (budgets().next().is_none() || budgets().any(of_it))
    }

    /// 财政拨款支出90万元。基本支出50万元, below a heading of all funds: of that fund, or of all?
    fn of_one_fund_before(&self, named: &Named, told: &Result<Option<Funding>, String>) -> Option<String> {
        let vocabulary = self.reader.vocabulary;
        let of_another = |before: &&Named| {
            before.own_funding.is_some()
                && told.as_ref().is_ok_and(|told| *told != before.funding)
                && named.is_part_of(before, vocabulary)
        };
        // 事业收入 is none of 财政拨款收入.
        let before = self.told.iter().filter(|_| !named.is_income(vocabulary)).find(of_another)?;
        Some(before.words.to_string())
    }

    /// 政府性基金预算财政拨款收入90万元，年初结转10万元, below a heading of all that the treasury gives: of that fund, or of all?
    fn carried_beside_one_fund(&self, named: &Named, told: &Result<Option<Funding>, String>) -> Option<String> {
        let carried = |item: &Arc<str>| [accounts::CARRIED_IN, accounts::CARRIED_OUT].contains(&&**item);
        let before = self.state.subject.last().filter(|_| named.items.iter().any(carried))?;
        // Below a heading of all funds a list of what was received goes on with what was carried over of all.
        let one = |funding: Funding| match told {
            Ok(None) => is_part(funding),
            _ => funding != Funding::Appropriation,
        };
        let of_one = before.funded && before.funding.is_some_and(one) && told.as_ref() != Ok(&before.funding);
        of_one.then(|| before.words.to_string())
    }

    /// 政府性基金预算财政拨款年初结转10万元。本年收入90万元, below a heading of another fund, whose own heading was lost perhaps: of that fund, or of
    /// this one?
    fn behind_carried_of_one_fund(&self, named: &Named, told: &Result<Option<Funding>, String>) -> Option<String> {
        let carried = |item: &Arc<str>| [accounts::CARRIED_IN, accounts::CARRIED_OUT].contains(&&**item);
        let of_another = |before: &&Named| {
            before.own_funding.is_some_and(is_part)
                && before.items.iter().any(carried)
                && told.as_ref().is_ok_and(|told| *told != before.funding)
        };
        let of_section = |before: &Named| before.own_funding.is_none() && told.as_ref() == Ok(&before.funding);
        let plain = named.function.is_empty() && (named.is_total() || named.items.iter().any(carried));
        let mut before = self.told.iter();
        let found = before.find(of_another).filter(|_| plain && !self.told.iter().any(of_section))?;
        Some(found.words.to_string())
    }

    /// 财政拨款安排基本支出50万元，项目支出20万元: the one beside it of that fund, too, or of all?
    fn beside_one_fund(&self, named: &Named, funding: Result<Option<Funding>, String>) -> Option<String> {
        let vocabulary = self.reader.vocabulary;
        let plain = |named: &Named| named.function.is_empty() && named.economic.is_empty();
        let [item] = &*named.items else { return None };
        let parent = vocabulary.item(item)?.parent.clone()?;
        // Not 本年支出 and what was carried over.
        vocabulary.item(&parent)?.parent.as_ref()?;
        let beside = |before: &&Named| {
            before.own_funding.is_some()
                && plain(before)
                && funding.as_ref().is_ok_and(|funding| *funding != before.funding)
                && before.items.iter().all(|of| of != item && vocabulary.is_part_of(of, &parent) && **of != *parent)
        };
        plain(named).then(|| self.told.iter().find(beside).map(|before| before.words.to_string()))?
    }
}

/// 本年支出合计, 财政拨款支出: no part of what was spent, but the funding's.
fn is_all_spent(named: &Named) -> bool {
    named.function.is_empty()
        && named.economic.is_empty()
        && named.items.iter().all(|item| &**item == accounts::EXPENDITURE)
}
