//! Numbers: which key the words give them, or what leaves them over.

use std::sync::Arc;

use super::naming::{Named, Told};
use super::reading::Reading;
use super::reason::fits;
use super::section::Section;
use super::sentence::{Against, Direction, Pairing, Since, Time};
use super::tokens::{Number, Word};
use crate::mapping::{Only, Unit};
use crate::model::{Claim, Fate, Finding, FindingCode, Funding, Key, Leftover, Measure, UnitOfMeasure};

/// A value that the words name.
struct Draft {
    key: Key,
    negative: bool,
    unit: UnitOfMeasure,
    words: String,
    assumed: bool,
    /// The measure of an own amount or count, for what follows.
    told: Option<Told>,
}

/// Why a number has no key.
enum Trouble {
    /// It is left over: the word that blocked it, or what was missing.
    Left(String),
    /// It is reported.
    Report(FindingCode, String),
}

fn left<T>(why: impl Into<String>) -> Result<T, Trouble> {
    Err(Trouble::Left(why.into()))
}

impl Reading<'_, '_> {
    /// Reads the number at `at`; returns the next word to read.
    pub(super) fn number(&mut self, at: usize, to: usize) -> usize {
        let Word::Number(number) = self.tokens[at].word.clone() else { return at + 1 };
        let mut next = at + 1;
        if number.malformed {
            self.report(at, &number, FindingCode::MalformedNumber, self.text(at));
            self.after_number(&number, false);
            return next;
        }
        if self.state.since != Since::Nothing
            && let Some(label) = self.counted_behind(&number, next, to)
        {
            // 1个因公出国（境）团组: the counter counts the noun behind it.
            self.name(label, next);
            next += 1;
        }
        if self.state.comparison.as_ref().is_some_and(|comparison| comparison.open) {
            self.finish_comparison();
        }
        if self.state.funding.is_some() && self.state.since != Since::Nothing {
            self.split_by_funding();
        }
        if self.state.pairing == Some(Pairing::InOrder) {
            return self.pair(at, to);
        }
        let labels: Vec<usize> = (0..self.state.subject.len()).collect();
        let several = labels.len() > 1 && self.state.pairing != Some(Pairing::Each);
        let read = if several { left("several labels, one number") } else { self.read_for(&labels, &number) };
        self.settle(at, &number, read, &labels);
        self.after_number(&number, true);
        next
    }

    /// The label directly behind a number, where it is what the number counts.
    fn counted_behind(&mut self, number: &Number, at: usize, to: usize) -> Option<Named> {
        let Some(Unit::Count(unit)) = &number.unit else { return None };
        if at >= to {
            return None;
        }
        let Word::Phrase(senses) = &self.tokens[at].word else { return None };
        let label = senses.label.as_ref()?;
        let counts = label.only.is_none() && label.counts.iter().any(|(of, _)| fits(of, unit));
        (counts && label.by_section.is_empty()).then(|| Named::of(label, &self.text(at)))
    }

    /// 分别为: k labels meet k numbers, in order.
    fn pair(&mut self, at: usize, to: usize) -> usize {
        let mut numbers = Vec::new();
        let mut end = at;
        while end < to {
            match &self.tokens[end].word {
                Word::Number(number) => numbers.push((end, number.clone())),
                Word::Mark('、') => {}
                Word::Mark(',')
                    if matches!(self.tokens.get(end + 1).map(|token| &token.word), Some(Word::Number(_))) => {}
                _ if self.is_joiner(end)
                    && matches!(self.tokens.get(end + 1).map(|token| &token.word), Some(Word::Number(_))) => {}
                _ => break,
            }
            end += 1;
        }
        let single = |named: &Named| named.items.len().max(1);
        let labels: usize = self.state.subject.iter().map(single).sum();
        if labels != numbers.len() || labels < 2 {
            let words = self.subject_words();
            for (at, number) in &numbers {
                self.report(*at, number, FindingCode::ListMismatch, words.clone());
            }
            for named in &mut self.state.subject {
                named.told = Told::Doubt;
            }
        } else if let [both] = self.state.subject.as_slice()
            && both.items.len() == numbers.len()
        {
            // 收、支总计分别为…: each number one of the two.
            let both = both.clone();
            for (index, (at, number)) in numbers.iter().enumerate() {
                self.state.subject = vec![Named { items: [both.items[index].clone()].into(), ..both.clone() }];
                let read = self.read_for(&[0], number);
                self.settle(*at, number, read, &[0]);
            }
            let told = self.state.subject.first().map_or(Told::Nothing, |named| named.told);
            self.state.subject = vec![Named { told, ..both }];
        } else {
            for (index, (at, number)) in numbers.iter().enumerate() {
                let read = self.read_for(&[index], number);
                self.settle(*at, number, read, &[index]);
            }
        }
        if let Some((_, number)) = numbers.last() {
            self.after_number(number, true);
        }
        end.max(at + 1)
    }

    fn is_joiner(&self, at: usize) -> bool {
        use crate::mapping::{ComparisonWord, Senses, WordSense};
        matches!(
            self.tokens[at].word,
            Word::Phrase(Senses {
                word: Some(WordSense::Joiner | WordSense::Comparison(ComparisonWord::OpenIfClosed)),
                ..
            })
        )
    }

    /// What a number ends.
    fn after_number(&mut self, number: &Number, read: bool) {
        let percent = matches!(number.unit, Some(Unit::Percent));
        self.remember_told();
        self.state.since = Since::Number;
        self.state.clause_opens = false;
        self.state.measure = None;
        self.state.direction = None;
        self.state.cumulative = false;
        self.state.funding = None;
        self.state.pairing = None;
        if percent || !read {
            self.state.completion = None;
            self.state.share = None;
        }
        if let Some(share) = &mut self.state.share {
            share.open = false;
        }
        if let Some(behind) = &number.behind {
            // 5万元以上的3次: what stands behind the number goes on.
            self.state.block(&behind.clone(), false);
        }
        if let Some(hard) = &mut self.state.hard
            && !hard.unknown
            && !hard.labelled
        {
            hard.restart = true;
        }
    }

    // ------------------------------------------------------------------ which key

    fn read_for(&self, labels: &[usize], number: &Number) -> Result<Vec<Draft>, Trouble> {
        if let Some(hard) = &self.state.hard {
            return left(hard.word.clone());
        }
        if let Some(example) = &self.state.examples {
            return left(example.clone());
        }
        if let Some(behind) = &number.behind {
            return left(behind.clone());
        }
        if number.span {
            return left("a span of numbers");
        }
        let Some(section) = self.reader.sections.current() else { return left("no heading above") };
        if let Time::Other(words) = &self.state.time {
            return left(words.clone());
        }
        if labels.is_empty() {
            return left("no label");
        }
        if self.state.funding.is_some() && self.state.since != Since::Nothing {
            return left("a funding without its label");
        }
        let mut drafts = Vec::new();
        for index in labels {
            let named = &self.state.subject[*index];
            if let Some(doubt) = &named.doubt {
                return left(doubt.clone());
            }
            let from = drafts.len();
            match &number.unit {
                Some(Unit::Money(unit)) => self.money(named, number, *unit, section, &mut drafts)?,
                Some(Unit::Percent) => self.percent(named, number, section, &mut drafts)?,
                Some(Unit::Count(unit)) => self.count(named, number, unit, section, &mut drafts)?,
                Some(Unit::Points) => self.points(named, &mut drafts)?,
                Some(Unit::Short) => return left("万"),
                Some(Unit::PercentagePoints | Unit::Other) => return left("a unit of nothing known"),
                None => {
                    let unit = self.unit_of_list(number)?;
                    self.money(named, number, unit, section, &mut drafts)?;
                    for draft in &mut drafts[from..] {
                        draft.assumed = true;
                    }
                }
            }
        }
        Ok(drafts)
    }

    /// A number without a unit takes that of its list, if it has decimals and a label of its own.
    fn unit_of_list(&self, number: &Number) -> Result<UnitOfMeasure, Trouble> {
        let state = &self.state;
        let plain = state.direction.is_none()
            && state.share.is_none()
            && state.completion.is_none()
            && state.comparison.is_none()
            && number.decimals
            && state.since == Since::Nothing;
        match state.amount_unit {
            Some(Some(unit)) if plain => Ok(unit),
            _ => left("no unit"),
        }
    }

    /// In a sentence (or section) with a word that is not understood, what was told before it does not count: the number
    /// needs all of it said anew, or a list opened before the word.
    fn vouch(&self, named: &Named, section: &Section, says_all: bool) -> Result<(), Trouble> {
        let Some(doubt) = self.state.doubt().or(section.doubt.as_deref()) else { return Ok(()) };
        let in_list = named.listed
            && self.state.apart
            && section.doubt.is_none()
            && self.state.list.as_ref().is_some_and(|list| list.doubt.is_none() && !list.total.is_empty());
        // Below a heading that is not understood 财政拨款 may be any of its budgets.
        let funded = match named.own_funding {
            Some(Funding::Appropriation) => section.doubt.is_none(),
            Some(_) => true,
            None => self.is_fixed(named),
        };
        let told = says_all && self.state.ours && funded;
        if in_list || told { Ok(()) } else { left(doubt) }
    }

    fn is_fixed(&self, named: &Named) -> bool {
        !named.funded
    }

    fn key(&self, named: &Named, item: &Arc<str>, measure: Measure) -> Result<Key, Trouble> {
        let funding = if named.split {
            named.funding
        } else if named.funded {
            if let Some(open) = &named.funding_open {
                return left(open.clone());
            }
            named.funding
        } else {
            None
        };
        Ok(Key {
            item: item.clone(),
            function: named.function.clone(),
            economic: named.economic.clone(),
            funding,
            measure,
            ..Key::default()
        })
    }

    fn each_item(
        &self,
        named: &Named,
        measure: Measure,
        draft: impl Fn(Key) -> Draft,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Trouble> {
        if named.items.is_empty() || matches!(named.only, Some(Only::Base | Only::Share | Only::Nothing)) {
            return left(&*named.words);
        }
        for item in named.items.iter() {
            let unit = self.reader.vocabulary.item(item).map(|item| item.unit.clone());
            if unit.as_deref() == Some("%") {
                return left(&*named.words);
            }
            drafts.push(draft(self.key(named, item, measure)?));
        }
        Ok(())
    }

    fn money(
        &self,
        named: &Named,
        _number: &Number,
        unit: UnitOfMeasure,
        section: &Section,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Trouble> {
        let state = &self.state;
        if state.cumulative {
            return left("累计");
        }
        let draft = |words: String, negative: bool, told: Option<Told>, base: &'static str| {
            move |mut key: Key| {
                key.base = base.into();
                Draft { key, negative, unit, words: words.clone(), assumed: false, told }
            }
        };
        if let Some(direction) = &state.direction {
            let (measure, base, negative, words, subject) = self.change(named, section, direction, false)?;
            let told = Some(Told::ChangeOf(subject));
            return self.each_item(named, measure, draft(words, negative, told, base), drafts);
        }
        if let Some(adjusted) = state.completion {
            self.vouch(named, section, true)?;
            if !adjusted && state.adjusted_told {
                return left("年初预算 or 全年预算");
            }
            let measure = if adjusted { Measure::AdjustedBudget } else { Measure::Budget };
            return self.each_item(named, measure, draft("完成预算".into(), false, None, ""), drafts);
        }
        if let Some(share) = &state.share {
            return self.base_amount(share.base.as_ref(), unit, section, drafts);
        }
        if let Some(comparison) = &state.comparison {
            // 比上年120万元减少3万元: the amount that is compared with.
            let words = comparison.words.clone();
            if comparison.closed
                || state.since == Since::Number
                    && comparison.label.is_none()
                    && comparison.time.is_none()
                    && comparison.measure.is_none()
            {
                return left(words);
            }
            let subject = self.subject_measure(named, section)?;
            self.vouch(named, section, state.measure.is_some())?;
            let measure = match (&comparison.against, subject) {
                (Some(Ok(Against::Prior)), Measure::Final) => Measure::PriorFinal,
                (Some(Ok(Against::Prior | Against::PriorBudget)), Measure::Budget) => Measure::PriorBudget,
                (Some(Ok(Against::Budget(false))), Measure::Final) => Measure::Budget,
                (Some(Ok(Against::Budget(true))), Measure::Final) => Measure::AdjustedBudget,
                _ => return left(words),
            };
            return self.each_item(named, measure, draft(words, false, None, ""), drafts);
        }
        let (measure, words) = self.plain_measure(named, section)?;
        let told = (measure != Measure::PriorFinal).then_some(Told::Amount(measure));
        self.each_item(named, measure, draft(words, false, told, ""), drafts)
    }

    /// The measure of an amount: its own word, its list's, its section's, else `final` where nothing is in doubt.
    fn plain_measure(&self, named: &Named, section: &Section) -> Result<(Measure, String), Trouble> {
        let state = &self.state;
        if let Some((measure, words)) = &state.measure {
            self.vouch(named, section, true)?;
            if section.budget && *measure == Measure::Final {
                return Err(Trouble::Report(FindingCode::Contradiction, format!("{} › {words}", section.title)));
            }
            return match (&state.time, measure) {
                (Time::Prior, Measure::Final) => Ok((Measure::PriorFinal, words.clone())),
                (Time::Prior, _) => left("上年"),
                _ => Ok((*measure, words.clone())),
            };
        }
        if state.time == Time::Prior {
            return left("上年");
        }
        if named.split {
            return match state.last_measure {
                Some(measure) => Ok((measure, String::new())),
                None => left("no measure"),
            };
        }
        if state.since != Since::Nothing && matches!(named.told, Told::Amount(_)) && !section.budget {
            // 5万元，合计6万元: not another amount of the same label.
            return left("an amount without a label of its own");
        }
        self.vouch(named, section, false)?;
        if named.listed
            && let Some(list) = &state.list
            && let Some(total) = list.total.iter().find(|total| named.is_part_of(total, self.reader.vocabulary))
        {
            match total.told {
                Told::Amount(measure) => return Ok((measure, String::new())),
                Told::ChangeOf(_) | Told::Doubt => return left("the total's measure"),
                Told::Nothing => {}
            }
        }
        if let Some(list) = &state.list
            && let Some(doubt) = &list.doubt
        {
            return left(doubt.clone());
        }
        if section.budget {
            return Ok((Measure::Budget, section.title.clone()));
        }
        if state.budget_told || state.bare_budgets {
            return left("a budget before it");
        }
        if let Some(doubt) = state.blocker.as_ref().or(section.bare_doubt.as_ref()) {
            return left(doubt.clone());
        }
        Ok((Measure::Final, String::new()))
    }

    /// The measure whose change is told.
    fn subject_measure(&self, named: &Named, section: &Section) -> Result<Measure, Trouble> {
        let state = &self.state;
        if let Some((measure, _)) = &state.measure {
            return Ok(*measure);
        }
        match named.told {
            Told::Amount(measure) | Told::ChangeOf(measure) => return Ok(measure),
            Told::Doubt => return left("the amount before it"),
            Told::Nothing => {}
        }
        if state.time == Time::Prior {
            return left("上年");
        }
        if let Some(list) = &state.list {
            if let Some(doubt) = &list.doubt {
                return left(doubt.clone());
            }
            if named.listed
                && let Some(total) = list.total.iter().find(|total| named.is_part_of(total, self.reader.vocabulary))
            {
                match total.told {
                    Told::Amount(measure) | Told::ChangeOf(measure) => return Ok(measure),
                    Told::Doubt => return left("the total's measure"),
                    Told::Nothing => {}
                }
            }
        }
        if section.budget {
            return Ok(Measure::Budget);
        }
        if state.budget_told || state.bare_budgets {
            return left("a budget before it");
        }
        if let Some(doubt) = section.bare_doubt.as_ref() {
            return left(doubt.clone());
        }
        Ok(Measure::Final)
    }

    /// The measure of a change (or its rate), its base, its sign and words, and the measure that changed.
    fn change(
        &self,
        named: &Named,
        section: &Section,
        direction: &Direction,
        rate: bool,
    ) -> Result<(Measure, &'static str, bool, String, Measure), Trouble> {
        let state = &self.state;
        let (negative, word) = match direction {
            Direction::Up(word) => (false, word),
            Direction::Down(word) => (true, word),
            Direction::Both(word) => return Err(Trouble::Report(FindingCode::SignNotTold, word.clone())),
        };
        let against = match &state.comparison {
            Some(comparison) => match &comparison.against {
                Some(Ok(against)) => *against,
                _ => return left(comparison.words.clone()),
            },
            None => match state.comparisons.as_slice() {
                [] => return left(format!("{word} compared with what")),
                [first, rest @ ..] => match first {
                    Some(against) if rest.iter().all(|other| other == first) => *against,
                    _ => return left(format!("{word} compared with what")),
                },
            },
        };
        let subject = self.subject_measure(named, section)?;
        if state.doubt().is_some() || section.doubt.is_some() {
            self.vouch(named, section, state.measure.is_some() && state.comparison.is_some())?;
        }
        let (measure, rated, base) = match (subject, against) {
            (Measure::Final, Against::Prior) => (Measure::Change, Measure::ChangeRate, ""),
            (Measure::Budget, Against::Prior | Against::PriorBudget) => {
                (Measure::BudgetChange, Measure::BudgetChangeRate, "")
            }
            (Measure::Final, Against::Budget(adjusted)) => {
                let base = if adjusted { "adjusted_budget" } else { "" };
                (Measure::Deviation, Measure::DeviationRate, base)
            }
            _ => return left(format!("{word} of {}", subject.word())),
        };
        let comparison = state.comparison.as_ref().map_or("", |comparison| comparison.words.as_str());
        let words = format!("{comparison}{word}");
        Ok((if rate { rated } else { measure }, base, negative, words, subject))
    }

    fn percent(
        &self,
        named: &Named,
        number: &Number,
        section: &Section,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Trouble> {
        let state = &self.state;
        if state.time == Time::Prior {
            return left("上年");
        }
        let unit = UnitOfMeasure::Percent;
        let plain = |mut key: Key, words: &str, negative: bool, base: Arc<str>| {
            key.base = base;
            Draft { key, negative, unit, words: words.to_owned(), assumed: false, told: None }
        };
        if let Some(direction) = &state.direction {
            let (measure, base, negative, words, _) = self.change(named, section, direction, true)?;
            return self.each_item(named, measure, |key| plain(key, &words, negative, base.into()), drafts);
        }
        if number.minus {
            return left("a minus sign");
        }
        if let Some(adjusted) = state.completion {
            self.vouch(named, section, true)?;
            if !adjusted && state.adjusted_told {
                return left("年初预算 or 全年预算");
            }
            let base = if adjusted { "adjusted_budget" } else { "" };
            return self.each_item(
                named,
                Measure::CompletionRate,
                |key| plain(key, "完成预算", false, base.into()),
                drafts,
            );
        }
        if let Some(share) = &state.share {
            let mut named = named.clone();
            if named.only == Some(Only::Share) && share.base.is_some() {
                named.only = None;
            }
            let [item] = &*named.items else { return left(&*named.words) };
            let key = self.key(&named, item, Measure::Share)?;
            let base = self.base(&named, item, &key, share.base.as_ref(), section)?;
            return self.each_item(&named, Measure::Share, |key| plain(key, "占", false, base.clone()), drafts);
        }
        if let [item] = &*named.items
            && self.reader.vocabulary.item(item).is_some_and(|item| &*item.unit == "%")
            && state.comparison.is_none()
            && state.measure.is_none()
            && state.since != Since::Number
        {
            self.vouch(named, section, true)?;
            drafts.push(plain(self.key(named, item, Measure::Final)?, "", false, "".into()));
            return Ok(());
        }
        left("a percentage of nothing named")
    }

    /// The base of a share as it is written in keys: empty where it is the item's parent.
    fn base(
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
                let total = list
                    .filter(|_| named.listed)
                    .and_then(|list| list.total.iter().find(|total| named.is_part_of(total, vocabulary)));
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
                    (None, None) if matches!(&**item, "本年收入合计" | "本年支出合计") => {
                        let whole = match &section.funding {
                            super::section::SectionFunding::Told(funding) => *funding,
                            super::section::SectionFunding::NotTold => return left("占 of which total"),
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
        // An item without a funding of its own has no funds to tell apart: its base is written plainly.
        let tells_fund = classified || key.funding.is_some();
        let suffix = |funding: Option<Funding>| match funding {
            Some(funding) if tells_fund && Some(funding) != default => format!("{base_item}{{{}}}", funding.word()),
            _ => base_item.to_string(),
        };
        Ok(suffix(base_funding).into())
    }

    /// 占本年支出合计1240.71万元的12%: the amount is the base's.
    fn base_amount(
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
            |key| Draft { key, negative: false, unit, words: "占".into(), assumed: false, told: None },
            drafts,
        )
    }

    fn count(
        &self,
        named: &Named,
        _number: &Number,
        unit: &Arc<str>,
        section: &Section,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Trouble> {
        let state = &self.state;
        if state.completion.is_some() || state.share.is_some() {
            return left("a count that is completed or a share");
        }
        if state.time == Time::Prior {
            return left("上年");
        }
        if state.measure.as_ref().is_some_and(|(measure, _)| *measure != Measure::Final) || section.budget {
            return left("a budget of a count");
        }
        let exact = named.counts.iter().find(|(of, _)| of == unit);
        let Some((_, item)) = exact.or_else(|| named.counts.iter().find(|(of, _)| fits(of, unit))) else {
            return left(format!("{} in {unit}", named.words));
        };
        let item = if state.cumulative && &**unit == "个" {
            match self.reader.words.lexicon.cumulative(item) {
                Some(people) if named.counted.contains(item) => people,
                _ => return left("累计"),
            }
        } else {
            item
        };
        let (measure, negative, words) = match &state.direction {
            None if state.comparison.is_some() => return left("a comparison"),
            None => {
                self.vouch(named, section, true)?;
                (Measure::Final, false, String::new())
            }
            Some(direction) => {
                let subject = Named { told: Told::Amount(Measure::Final), ..named.clone() };
                let (measure, _, negative, words, _) = self.change(&subject, section, direction, false)?;
                if measure != Measure::Change {
                    return left(words);
                }
                (measure, negative, words)
            }
        };
        let key = self.key(named, item, measure)?;
        let told = (measure == Measure::Final).then_some(Told::Amount(Measure::Final));
        drafts.push(Draft { key, negative, unit: UnitOfMeasure::Count, words, assumed: false, told });
        Ok(())
    }

    fn points(&self, named: &Named, drafts: &mut Vec<Draft>) -> Result<(), Trouble> {
        let state = &self.state;
        let item = named.counts.iter().find(|(of, _)| &**of == "分").map(|(_, item)| item);
        let free = state.direction.is_none()
            && state.comparison.is_none()
            && state.share.is_none()
            && state.doubt().is_none()
            && state.time == Time::Ours;
        let (Some(item), true) = (item, free) else { return left(&*named.words) };
        let key = self.key(named, item, named.measure.unwrap_or(Measure::Final))?;
        drafts.push(Draft {
            key,
            negative: false,
            unit: UnitOfMeasure::Points,
            words: String::new(),
            assumed: false,
            told: None,
        });
        Ok(())
    }

    // ------------------------------------------------------------------ the account

    /// Hands on the values of a number, or tells what left it over.
    fn settle(&mut self, at: usize, number: &Number, read: Result<Vec<Draft>, Trouble>, labels: &[usize]) {
        let signed_twice = number.minus && !number.zero && self.state.direction.is_some();
        let read = match read {
            Ok(_) if signed_twice => Err(Trouble::Report(FindingCode::SignNotTold, self.text(at))),
            // 0 is 0, whichever of the template's words holds.
            Err(Trouble::Report(FindingCode::SignNotTold, _)) if number.zero && !number.minus => {
                let direction = self.state.direction.replace(Direction::Up("0".to_owned()));
                let read = self.read_for(labels, number);
                self.state.direction = direction;
                read
            }
            read => read,
        };
        let money = match &number.unit {
            Some(Unit::Money(unit)) => Some(*unit),
            _ => None,
        };
        match read {
            Ok(drafts) => {
                self.note_told(&drafts, labels, number);
                for draft in drafts {
                    self.claim(at, number, draft);
                }
                self.two_units(at, number, money);
            }
            Err(trouble) => {
                if money.is_some() && self.state.comparison.is_none() && self.state.completion.is_none() {
                    for index in labels {
                        self.state.subject[*index].told = Told::Doubt;
                    }
                    self.state.last_measure = None;
                }
                match trouble {
                    Trouble::Left(why) => self.leave_over(at, number, why),
                    Trouble::Report(code, subject) => self.report(at, number, code, subject),
                }
            }
        }
        if let Some(unit) = money
            && !number.zero
        {
            self.state.amount_unit = match self.state.amount_unit {
                None => Some(Some(unit)),
                Some(Some(before)) if before == unit => Some(Some(unit)),
                _ => Some(None),
            };
        }
    }

    /// An amount in another unit than the sentence's: told beside the figure.
    fn two_units(&mut self, at: usize, number: &Number, money: Option<UnitOfMeasure>) {
        let (Some(unit), Some(Some(before))) = (money, self.state.amount_unit) else { return };
        if unit != before && !number.zero {
            let run = &self.runs[number.run];
            let (place, _) = self.paragraph.place(self.reader.lines, run.start, run.end);
            let mut finding = Finding::at(FindingCode::TwoUnits, place, self.text(at));
            finding.form = self.reader.frame.form.to_string();
            self.reader.located.findings.push(finding);
        }
    }

    /// What the number tells of its labels, for the words behind it.
    fn note_told(&mut self, drafts: &[Draft], labels: &[usize], number: &Number) {
        let Some(draft) = drafts.first() else { return };
        let budget = matches!(draft.key.measure, Measure::Budget | Measure::AdjustedBudget);
        let plain_amount = matches!(draft.told, Some(Told::Amount(_))) && draft.unit != UnitOfMeasure::Count;
        if plain_amount {
            self.state.last_measure = Some(draft.key.measure);
            let in_list = self.state.measure.is_none() && labels.iter().all(|index| self.state.subject[*index].listed);
            if budget && in_list {
                self.state.bare_budgets |= !self.reader.sections.current().is_some_and(|section| section.budget);
            } else if budget {
                self.state.budget_told = true;
            }
            self.state.adjusted_told |= draft.key.measure == Measure::AdjustedBudget;
        }
        let _ = number;
        for index in labels {
            let named = &mut self.state.subject[*index];
            if draft.unit == UnitOfMeasure::Count {
                named.counted.extend(drafts.iter().map(|draft| draft.key.item.clone()));
                continue;
            }
            match draft.told {
                Some(Told::Amount(measure)) => named.told = Told::Amount(measure),
                Some(Told::ChangeOf(measure)) if named.told == Told::Nothing => named.told = Told::ChangeOf(measure),
                _ => {}
            }
        }
    }

    fn claim(&mut self, at: usize, number: &Number, draft: Draft) {
        let token = &self.tokens[at];
        let run = &self.runs[number.run];
        let start = if number.minus { token.start } else { run.start };
        let (place, offset) = self.paragraph.place(self.reader.lines, start, run.end);
        let mut label = self.subject_words();
        if !draft.words.is_empty() {
            label.push_str(" › ");
            label.push_str(&draft.words);
        }
        let claim = Claim {
            key: draft.key,
            written: self.paragraph.written(self.reader.lines, start, run.end),
            number: None,
            unit: draft.unit,
            negative: draft.negative && !number.zero,
            label,
            place,
            offset,
            rule: self.reader.rule.clone(),
            flags: if draft.assumed { vec!["unit_assumed"] } else { Vec::new() },
        };
        self.reader.located.claims.push(claim);
        self.claim_runs.push(number.run);
        self.runs[number.run].fate = Some((Fate::Figure, self.reader.rule.clone()));
    }

    fn leave_over(&mut self, at: usize, number: &Number, why: String) {
        let _ = at;
        let run = &mut self.runs[number.run];
        run.fate = Some((Fate::Leftover, why.as_str().into()));
        let (start, end) = (run.start, run.end);
        let (place, _) = self.paragraph.place(self.reader.lines, start, end);
        self.reader.located.leftovers.push(Leftover {
            form: self.reader.frame.form.clone(),
            place,
            value_as_written: self.paragraph.written(self.reader.lines, start, end),
            labels: self.subject_words(),
            blocked_by: why,
        });
    }

    fn report(&mut self, at: usize, number: &Number, code: FindingCode, subject: String) {
        let token = &self.tokens[at];
        let (place, _) = self.paragraph.place(self.reader.lines, token.start, token.end);
        let mut finding = Finding::at(code, place, subject).with_actual(self.text(at));
        finding.form = self.reader.frame.form.to_string();
        self.reader.located.findings.push(finding);
        for run in self.runs[number.run..].iter_mut().take_while(|run| run.start < token.end) {
            run.fate = Some((Fate::Finding, code.word().into()));
        }
        if code == FindingCode::MalformedNumber {
            for named in &mut self.state.subject {
                named.told = Told::Doubt;
            }
        }
    }

    /// The same key with two values in one sentence: both are reported.
    pub(super) fn settle_values(&mut self) {
        let from = self.sentence_from;
        let claims = &self.reader.located.claims;
        let value = |claim: &Claim| {
            let digits: String =
                claim.written.chars().filter_map(crate::model::fold_char).filter(|c| *c != ',').collect();
            (digits, claim.negative, claim.unit)
        };
        let mut bad: Vec<usize> = Vec::new();
        for a in from..claims.len() {
            for b in a + 1..claims.len() {
                if claims[a].key == claims[b].key && value(&claims[a]) != value(&claims[b]) {
                    bad.extend([a, b]);
                }
            }
        }
        bad.sort_unstable();
        bad.dedup();
        for index in bad.into_iter().rev() {
            let claim = self.reader.located.claims.remove(index);
            let run = self.claim_runs.remove(index - self.claims_from);
            self.runs[run].fate = Some((Fate::Finding, FindingCode::TwoValues.word().into()));
            let mut finding =
                Finding::at(FindingCode::TwoValues, claim.place, claim.key.to_string()).with_actual(claim.written);
            finding.form = self.reader.frame.form.to_string();
            self.reader.located.findings.push(finding);
        }
    }
}
