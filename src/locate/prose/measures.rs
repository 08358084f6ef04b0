//! Words that name the measure of the next number, and the budget that the words before told of.

use super::naming::{Named, Told};
use super::reading::Reading;
use super::section::{Section, SectionFunding};
use super::sentence::Since;
use super::tokens::{Token, Word};
use crate::mapping::{LabelSense, Only, SectionKind, Senses, Side, TimeWord, Unit, WordSense};
use crate::model::{Claim, Measure};

impl<'a> Reading<'_, 'a> {
    pub(super) fn measure(&mut self, at: usize, measure: Measure) {
        let words = self.text(at);
        if self.share_of_side(at) {
            return;
        }
        if let Some(side) = self.opens_with_side(at).filter(|_| !self.is_final_of_budget_told(at, measure)) {
            self.weak(at, side);
        }
        if self.is_of_the_other_side(&words) {
            return self.not_understood(at);
        }
        if let Some(comparison) = self.state.pending.comparison.as_mut().filter(|comparison| comparison.open) {
            comparison.measure = Some(measure);
            comparison.words.push_str(&words);
            return;
        }
        if self.state.pending.share.as_ref().is_some_and(|share| share.base.is_some()) {
            // 占“三公”经费支出决算的: the measure of the base.
            return;
        }
        self.state.others.part_or_whole |=
            self.may_be_measure_of_whole(at) || self.divides_what_was_spent_by_budget(at, measure);
        match &self.state.pending.measure {
            Some((before, _)) if *before != measure && self.is_joined_to(at, *before) => {
                self.state.pending.measures.extend(self.state.pending.measure.clone());
                self.state.pending.measures.push((measure, words));
            }
            Some((before, _)) if *before != measure => {
                // Two measures for one number contradict each other.
                self.state.block(&words, false);
            }
            _ => {
                if measure == Measure::ChangeRate {
                    self.hold_against_last_year();
                }
                let pairing = self.state.pending.pairing;
                self.state.drop_pending();
                self.state.pending.pairing = pairing;
                self.state.may_list_budgets |= matches!(measure, Measure::Budget | Measure::AdjustedBudget);
                self.state.pending.measure = Some((measure, words));
            }
        }
    }

    /// 项目支出95万元，其中当年预算85万元: what 其中 names first is a part of what was spent, and none of its budget.
    fn divides_what_was_spent_by_budget(&self, at: usize, measure: Measure) -> bool {
        let Some(list) = self.state.list.as_ref().filter(|list| list.here && list.unnamed) else { return false };
        let is_time = |at: &usize| match &self.tokens[*at].word {
            Word::Mark(':' | ',') | Word::Year(_) => true,
            Word::Phrase(senses) => matches!(senses.word, Some(WordSense::Time(_) | WordSense::Link)),
            _ => false,
        };
        let opener = (0..at).rev().find(|at| !is_time(at)).map(|opener| &self.tokens[opener].word);
        let opens = matches!(opener, Some(Word::Phrase(Senses { word: Some(WordSense::PartsOpen), .. })));
        let of_budget = matches!(measure, Measure::Budget | Measure::AdjustedBudget);
        opens && of_budget && list.total.iter().any(|total| total.told == Told::Amount(Measure::Final))
    }

    /// 预算数和决算数分别为: another measure word and what joins them stand directly before, and 分别 or 均 behind.
    fn is_joined_to(&self, at: usize, before: Measure) -> bool {
        let joiner = at
            .checked_sub(1)
            .filter(|joiner| matches!(self.tokens[*joiner].word, Word::Mark('、')) || self.is_joiner(*joiner));
        let word = |at: usize| match self.tokens.get(at).map(|token| &token.word) {
            Some(Word::Phrase(senses)) => senses.word,
            _ => None,
        };
        let joined = joiner.and_then(|joiner| joiner.checked_sub(1)).and_then(word) == Some(WordSense::Measure(before));
        let meets_numbers = matches!(word(at + 1), Some(WordSense::Distribute | WordSense::Each));
        joined && meets_numbers && self.state.pending.measures.is_empty()
    }

    /// 收入年初预算数 opens a clause where no heading names what governs: the 收入 in it, as where it stands by itself.
    fn opens_with_side(&self, at: usize) -> Option<&'a LabelSense> {
        let state = &self.state;
        let pending = state.negated.is_some()
            || state.pending.comparison.as_ref().is_some_and(|comparison| comparison.open)
            || state.pending.share.is_some()
            || state.pending.funding.is_some();
        let funding = self.reader.sections.current().map(|section| &section.funding);
        let of_section = |named: &Named| funding == Some(&SectionFunding::Told(named.own_funding));
        let of_sides = |named: &Named| named.is_total() && (named.own_funding.is_none() || of_section(named));
        let opens = state.clause_opens && state.since != Since::Nothing && state.hard.is_none() && !pending;
        let in_path = self.reader.sections.current().is_none_or(|section| section.lasting);
        if !opens || in_path || !state.headed.is_empty() || !state.subject.iter().all(of_sides) {
            return None;
        }
        // 年初预算为5万元，支出决算为4万元: of an item whose line was lost, perhaps. The whole is told of with its year.
        if state.subject.is_empty() && !self.tells_its_year(at) && !self.is_first_below_totals(at) {
            return None;
        }
        // 决算90万元，上年决算收入80万元: named already.
        self.side_in(at).filter(|label| state.subject.last().is_none_or(|named| named.items != label.items))
    }

    /// 财政拨款收入：年初预算为5万元，支出决算为4万元: the final that belongs to the budget before it, whatever it is called. What it is
    /// of is not certain then.
    fn is_final_of_budget_told(&self, at: usize, measure: Measure) -> bool {
        let apart = at.checked_sub(1).is_some_and(|before| matches!(self.tokens[before].word, Word::Mark(';' | '。')));
        let of_budget = |named: &Named| matches!(named.told, Told::Amount(Measure::Budget | Measure::AdjustedBudget));
        !apart && measure == Measure::Final && self.state.subject.last().is_some_and(of_budget)
    }

    /// （一）收支预决算差异情况 / 收入年初预算数90万元: the first words below the heading of the totals of all funds.
    fn is_first_below_totals(&self, at: usize) -> bool {
        let of_all = |section: &Section| {
            section.kind == SectionKind::Totals
                && section.funding == SectionFunding::Told(None)
                && section.doubt.is_none()
                && !section.lasting
        };
        let first = at == 0 && !self.reader.above.begun;
        first && self.reader.sections.current().is_some_and(of_all)
    }

    /// 收入 or 支出 at the beginning or the end of a measure word: 收入年初预算数, 年初预算收入.
    fn side_in(&self, at: usize) -> Option<&'a LabelSense> {
        let token = &self.tokens[at];
        let begins = |from: usize| self.reader.words.lexicon.beginning_at(&self.paragraph.text, from);
        let side = |found: crate::mapping::Found<'a>| {
            found.senses.label.as_deref().filter(|label| label.only == Some(Only::Weak))
        };
        let first = begins(token.start).filter(|found| found.end < token.end).find_map(side);
        first.or_else(|| self.side_behind(at))
    }

    /// The same at the end alone: 年初预算收入.
    pub(super) fn side_behind(&self, at: usize) -> Option<&'a LabelSense> {
        let token = &self.tokens[at];
        let begins = |from: usize| self.reader.words.lexicon.beginning_at(&self.paragraph.text, from);
        let side = |found: crate::mapping::Found<'a>| {
            found.senses.label.as_deref().filter(|label| label.only == Some(Only::Weak))
        };
        let mut places = self.word_at(at).char_indices().skip(1).map(|(from, _)| token.start + from);
        places.find_map(|from| begins(from).filter(|found| found.end == token.end).find_map(side))
    }

    /// 支出决算90万元，其中：基本支出50万元，占支出决算的55.56%: of the total whose parts are told.
    fn share_of_side(&mut self, at: usize) -> bool {
        let open = self.state.pending.share.as_ref().is_some_and(|share| share.open && share.base.is_none());
        let Some(side) = self.side_in(at).filter(|_| open) else { return false };
        let list = self.state.list.as_ref().filter(|list| list.here && list.doubt.is_none());
        let total = list.and_then(|list| match list.total.as_slice() {
            [total] if total.items == side.items && total.function.is_empty() => Some(total.clone()),
            _ => None,
        });
        if let (Some(total), Some(share)) = (total, self.state.pending.share.as_mut()) {
            share.open = false;
            share.base = Some(total);
            return true;
        }
        false
    }

    /// 2021年度, 全年, 本单位 and the like stand directly before, and begin the sentence.
    fn tells_its_year(&self, at: usize) -> bool {
        let opens = |token: &Token<'_>| match &token.word {
            Word::Year(_) | Word::UnitName => true,
            Word::Phrase(senses) => {
                matches!(senses.word, Some(WordSense::Link | WordSense::Itself | WordSense::Time(TimeWord::Current)))
            }
            _ => false,
        };
        let before = self.tokens[..at].iter().rev().take_while(|token| opens(token)).count();
        let begins = at == before || matches!(self.tokens[at - before - 1].word, Word::Mark('。'));
        let tells = |token: &Token<'_>| match &token.word {
            Word::Year(_) => true,
            Word::Phrase(senses) => senses.word == Some(WordSense::Time(TimeWord::Current)),
            _ => false,
        };
        begins && self.tokens[at - before..at].iter().any(tells)
    }

    /// 收入决算 of what is spent, 支出决算 of what is received: what governs is not what this speaks of.
    fn is_of_the_other_side(&self, words: &str) -> bool {
        let parts = self.reader.words.lexicon.parts();
        let has = |of: &[String]| of.iter().any(|word| words.contains(word.as_str()));
        let (received, spent) = (has(&parts.income), has(&parts.expenditure));
        let Some(named) = self.state.subject.last().filter(|_| received != spent) else { return false };
        named.items.iter().any(|item| (self.reader.vocabulary.side(item) == Some(Side::Income)) != received)
    }

    /// 年初预算80万元，支出决算60万元，完成率75%: of the one budget of its label that the sentence told of. Without a rate behind it 完成
    /// says no more than that something was done.
    pub(super) fn completion_of_told(&mut self, at: usize, to: usize) {
        let is_link = |token: &&Token<'_>| {
            matches!(&token.word, Word::Phrase(Senses { word: Some(WordSense::Link), label: None, .. }))
        };
        let links = self.tokens[at + 1..to].iter().take_while(is_link).count();
        let rate = match self.tokens[..to].get(at + 1 + links).map(|token| &token.word) {
            Some(Word::Number(number)) => matches!(number.unit, Some(Unit::Percent)),
            None | Some(Word::Mark(_) | Word::Function(_) | Word::Close | Word::UnitName | Word::Year(_)) => false,
            Some(Word::Phrase(senses)) if senses.label.is_some() || senses.category => false,
            Some(Word::Phrase(senses))
                if matches!(senses.word, Some(WordSense::Measure(_) | WordSense::Funding(_) | WordSense::Itself)) =>
            {
                false
            }
            _ => {
                let word = self.text(at);
                return self.state.block(&word, false);
            }
        };
        if !rate {
            return;
        }
        self.finish_comparison();
        match self.budget_told_of_subject() {
            Some(adjusted) => {
                self.state.drop_pending();
                self.state.pending.completion = Some(adjusted);
            }
            None => {
                self.block_at(at);
            }
        }
    }

    /// Which of its budgets the sentence told of the label that governs, where it told of one alone.
    pub(super) fn budget_told_of_subject(&self) -> Option<bool> {
        match (self.is_told_of_subject(Measure::Budget), self.is_told_of_subject(Measure::AdjustedBudget)) {
            (true, false) => Some(false),
            (false, true) => Some(true),
            _ => None,
        }
    }

    /// The sentence told of the year's first budget of the label that governs.
    pub(super) fn first_budget_told(&self) -> bool {
        self.is_told_of_subject(Measure::Budget)
    }

    fn is_told_of_subject(&self, measure: Measure) -> bool {
        let [named] = self.state.subject.as_slice() else { return false };
        let [item] = &*named.items else { return false };
        let of_it = |claim: &Claim| {
            let key = &claim.key;
            key.item == *item && key.function == named.function && key.economic == named.economic
        };
        let mut claims = self.reader.located.claims[self.sentence_from..].iter();
        claims.any(|claim| of_it(claim) && claim.key.measure == measure && claim.doubt.is_none())
    }

    /// 预算15万元，其中公务接待费3万元，支出决算12万元: behind the last part, which was told without a measure, another measure is the
    /// part's or the whole's.
    pub(super) fn may_be_measure_of_whole(&self, at: usize) -> bool {
        let state = &self.state;
        let in_list = state.list.as_ref().is_some_and(|list| list.here && !list.total.is_empty()) && !state.aside;
        in_list
            && state.since == Since::Number
            && state.after_bare
            && state.pending.measure.is_none()
            && state.subject.iter().any(|named| named.listed && !named.items.is_empty())
            && !self.another_part_follows(at)
    }
}
