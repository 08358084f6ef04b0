//! What each known phrase does to the sentence's state.

use super::ahead;
use super::functions::Function;
use super::naming::Named;
use super::reading::Reading;
use super::sentence::{Pairing, Share, Since, Time};
use super::tokens::{Token, Word};
use crate::mapping::{LabelSense, Only, Senses, TimeWord, Unit, WordSense, accounts};
use crate::model::{Claim, Funding, Measure};

impl<'a> Reading<'_, 'a> {
    /// 公务接待费年初预算6万元，全年实际支出3万元: what is a total in a review only is a measure elsewhere.
    fn is_mere_measure(&self, label: &LabelSense, senses: &Senses) -> bool {
        let kind = self.reader.sections.current().map(|section| section.kind);
        let is_measure = matches!(senses.word, Some(WordSense::Measure(_)));
        let of_section = label.by_section.iter().any(|(section, _)| Some(*section) == kind);
        is_measure && !label.by_section.is_empty() && !of_section
    }

    pub(super) fn phrase(&mut self, at: usize, senses: &'a Senses, to: usize) {
        if senses.category
            && let Some(code) = self.category(at, senses)
        {
            let named = Named { function: code, ..self.expenditure(at) };
            return self.name(named);
        }
        if let Some(label) = senses.label.as_ref().filter(|label| !self.is_mere_measure(label, senses)) {
            self.end_time_of_reason(at);
            return self.label(at, label);
        }
        let Some(word) = senses.word else {
            return self.stray(at, senses);
        };
        // 2021年度收入: 年度 belongs to the year.
        let of_year = word == WordSense::Link
            && at.checked_sub(1).is_some_and(|before| matches!(self.tokens[before].word, Word::Year(_)));
        let transparent = of_year || matches!(word, WordSense::Time(_) | WordSense::Funding(_) | WordSense::Itself);
        self.play(at, word, senses, to);
        self.state.clause_opens &= transparent;
    }

    pub(super) fn play(&mut self, at: usize, word: WordSense, senses: &Senses, to: usize) {
        let opens_number = matches!(
            word,
            WordSense::Measure(_)
                | WordSense::Completion(_)
                | WordSense::Comparison(_)
                | WordSense::Direction(_)
                | WordSense::Share
        );
        if opens_number {
            self.settle_funding(at, to);
        }
        match word {
            WordSense::Funding(funding) => self.funding_word(at, funding),
            WordSense::Measure(measure) => self.measure(at, measure),
            WordSense::Completion(adjusted) => {
                self.of_next_rate();
                self.state.pending.completion = Some(adjusted);
            }
            WordSense::CompletionOfTold => self.completion_of_told(at, to),
            WordSense::Comparison(word) => self.comparison_word(at, word, to),
            WordSense::Direction(up) => self.direction(at, up),
            WordSense::Share => {
                let base = self.state.pending.share.take().and_then(|share| share.base);
                self.of_next_rate();
                self.state.pending.share = Some(Share { open: base.is_none(), base });
            }
            WordSense::Distribute => self.state.pending.pairing = Some(Pairing::InOrder),
            WordSense::Each => {
                self.both_totals();
                self.state.pending.pairing = Some(Pairing::Each);
            }
            WordSense::PartsOpen
            | WordSense::PartsDivide
            | WordSense::PartsBehindAmount
            | WordSense::PartsOrReason
            | WordSense::PartsClose => self.parts_word(at, word, to),
            WordSense::Time(TimeWord::Current) => self.time(Time::Ours, at),
            WordSense::Time(TimeWord::Prior) => self.time(Time::Prior, at),
            WordSense::Time(TimeWord::Other) => self.time(Time::Other(self.text(at)), at),
            WordSense::Deviation(above) if self.tells_deviation(at) => self.deviation(at, above),
            WordSense::Statement | WordSense::Deviation(_) => self.statement(),
            // 支出800万元，主要用于：教育支出100万元、…
            WordSense::Reason | WordSense::Purpose if self.divides_what_was_spent(at, to) => self.open_list(at, false),
            WordSense::Reason => {
                self.tell_parts_of_change(at + 1, to);
                self.enter_reason(false);
            }
            // 按功能分类，用于教育支出90万元，…
            WordSense::Purpose if self.lists_what_it_was_for(at, to) => {}
            WordSense::Purpose => self.enter_reason(true),
            WordSense::Blocker if self.is_whole_of_unit(at) => {}
            WordSense::Blocker => self.blocker(at, senses),
            WordSense::Average => self.average(at),
            WordSense::Announcement => self.state.announced = true,
            WordSense::Negation => {
                self.state.drop_pending();
                self.state.subject.clear();
                self.state.since = Since::Mark;
                self.state.negated = Some(self.text(at));
            }
            WordSense::Example => {
                let word = self.text(at);
                self.state.examples.get_or_insert(word);
            }
            WordSense::EndsExamples if self.names_others_too(at) => self.state.subject.clear(),
            WordSense::EndsExamples => self.state.examples = None,
            WordSense::Placeholder if self.unit_follows(at) => self.missing_number(at),
            WordSense::Placeholder => self.placeholder(at),
            WordSense::Cumulative => self.state.pending.cumulative = true,
            WordSense::RepeatsUnit if !self.repeats_what_is_counted(senses) => self.block_at(at),
            WordSense::Joiner if self.state.since == Since::Nothing => self.state.since = Since::Joiner,
            WordSense::Caption => self.not_understood(at),
            WordSense::Link => self.link(at, senses, to),
            WordSense::Itself if self.is_counted(at) => self.block_at(at),
            WordSense::RepeatsUnit | WordSense::Joiner | WordSense::Aside | WordSense::Itself => {}
        }
    }

    /// The next number is a rate or a share: what was open is over, but how several numbers go to several labels.
    fn of_next_rate(&mut self) {
        self.finish_comparison();
        let pairing = self.state.pending.pairing;
        self.state.drop_pending();
        self.state.pending.pairing = pairing;
    }

    fn funding_word(&mut self, at: usize, funding: Funding) {
        let state = &mut self.state;
        if state.pending.comparison.as_ref().is_some_and(|comparison| comparison.open) {
            // 比2018年“三公”经费财政拨款年初预算: repeats what governs.
            return;
        }
        let directly = state.since == Since::Nothing && state.hard.is_none();
        if directly && let Some(last) = state.subject.last() {
            // 三公经费财政拨款支出: fixed by the item; elsewhere two words that may not go together.
            if last.funded && state.pending.share.is_none() {
                self.block_at(at);
            }
            return;
        }
        match state.pending.funding.map_or(Some(funding), |before| before.merged(funding)) {
            Some(merged) => state.pending.funding = Some(merged),
            // 一般公共预算和政府性基金预算: what both paid is of neither.
            None => self.block_at(at),
        }
    }

    /// A word of lists: 其中, 包括, 主要包括.
    fn parts_word(&mut self, at: usize, word: WordSense, to: usize) {
        match word {
            WordSense::PartsOpen => self.open_list(at, false),
            WordSense::PartsDivide => self.open_list(at, true),
            WordSense::PartsBehindAmount if self.divides_an_amount(at, to) => self.open_list(at, false),
            WordSense::PartsBehindAmount => {
                if self.state.since == Since::Nothing && at.checked_sub(1).is_some_and(|before| self.is_label(before)) {
                    self.state.inside = self.state.subject.last().cloned();
                    self.state.since = Since::Mark;
                }
            }
            WordSense::PartsOrReason => {
                let of_a_part = || self.describes_a_part(at) && ahead::examples_have_an_amount(self.tokens, at + 1, to);
                if ahead::label_runs_to_number(self.tokens, at + 1, to) {
                    self.open_list(at, false);
                } else if !(ahead::examples_have_a_share(self.tokens, at + 1, to) || of_a_part()) {
                    self.enter_reason(true);
                }
            }
            _ => {
                self.state.drop_pending();
                self.state.list = None;
                self.state.since = Since::Mark;
            }
        }
    }

    /// 与上年持平: nothing of it is a number.
    fn statement(&mut self) {
        self.state.drop_pending();
        self.state.since = Since::Mark;
        if let Some(list) = &mut self.state.list {
            // 甲5万元，与上年持平；乙…，比上年增加…
            list.compared = true;
            list.completed = true;
        }
    }

    /// A word behind which nothing is the unit's own, or nothing that a label names.
    fn blocker(&mut self, at: usize, senses: &Senses) {
        self.block_at(at);
        self.names_subordinates(at, senses);
        if senses.corrects {
            self.is_corrected(at);
        }
        if senses.arrives {
            self.is_what_was_before(at);
        }
        let word = self.text(at);
        self.state.blocker.get_or_insert(word);
    }

    fn average(&mut self, at: usize) {
        let clear = self.state.hard.as_ref().is_none_or(|hard| hard.restart);
        self.block_at(at);
        if let Some(hard) = self.state.hard.as_mut().filter(|_| clear) {
            hard.brief = true;
        }
    }

    /// A word that joins others and says nothing itself, but in some places.
    fn link(&mut self, at: usize, senses: &Senses, to: usize) {
        // Before any amount it is a part of what the label says: 用于保障正常运转，用于日常工作的经费支出20万元.
        let behind_amount = self.reader.located.claims.len() > self.sentence_from;
        if senses.purpose_of_clause && behind_amount && ahead::clause_without_number(&self.tokens[at + 1..to]) {
            self.enter_reason(true);
        } else if senses.whole && self.speaks_of_whole(at) {
            self.state.others.part_or_whole = true;
        } else if self.is_share_of_unnamed_total(senses) || senses.narrows && self.narrows_what_governs(at, to) {
            self.block_at(at);
        }
    }

    /// 辆 behind 公务用车: the unit of what is counted, again.
    fn repeats_what_is_counted(&self, senses: &Senses) -> bool {
        let Some(Unit::Count(unit)) = &senses.unit else { return false };
        self.state.subject.last().is_some_and(|named| named.counts.iter().any(|(of, _)| of == unit))
    }

    /// 某局等5个部门公务接待费40万元: what follows is that of all of them.
    fn is_counted(&self, at: usize) -> bool {
        let number = at.checked_sub(1).and_then(|before| match &self.tokens[before].word {
            Word::Number(number) => number.behind.as_deref(),
            _ => None,
        });
        let word = self.text(at);
        number == Some(&*word) && self.reader.words.lexicon.parts().counted.contains(&word)
    }

    /// 公务接待费等支出5万元: 等 stands behind a label, and the number is that of others too.
    fn names_others_too(&self, at: usize) -> bool {
        let behind_number = at.checked_sub(1).is_some_and(|before| matches!(self.tokens[before].word, Word::Number(_)));
        self.state.examples.is_none() && self.state.since == Since::Nothing && !behind_number
    }

    /// 支出90万元中：基本支出50万元: an amount of money stands directly before, a mark and a label with its number behind.
    fn divides_an_amount(&self, at: usize, to: usize) -> bool {
        let before = at.checked_sub(1).map(|before| &self.tokens[before].word);
        let amount = matches!(before, Some(Word::Number(number)) if matches!(number.unit, Some(Unit::Money(_))));
        let mark = matches!(self.tokens.get(at + 1).map(|next| &next.word), Some(Word::Mark(',' | ':')));
        amount && mark && ahead::label_runs_to_number(self.tokens, at + 2, to)
    }

    /// 项目支出40万元，其他资金占25%: less than all of what governs, where no label but a sum, a rate or a word of theirs follows.
    fn narrows_what_governs(&self, at: usize, to: usize) -> bool {
        let weak = |senses: &Senses| senses.label.as_ref().is_none_or(|label| label.only == Some(Only::Weak));
        let behind = self.tokens[at + 1..to].iter().find(|token| match &token.word {
            Word::Year(_) | Word::UnitName => false,
            Word::Phrase(senses) => {
                let link = matches!(senses.word, None | Some(WordSense::Link | WordSense::Itself | WordSense::Time(_)));
                !(link && weak(senses) && senses.unit.is_none())
            }
            _ => true,
        });
        match behind.map(|token| &token.word) {
            Some(Word::Number(number)) => matches!(number.unit, None | Some(Unit::Money(_) | Unit::Percent)),
            Some(Word::Phrase(senses)) => matches!(
                senses.word,
                Some(
                    WordSense::Comparison(_)
                        | WordSense::Direction(_)
                        | WordSense::Share
                        | WordSense::Completion(_)
                        | WordSense::Measure(_)
                )
            ),
            _ => false,
        }
    }

    /// A list was opened directly before, and what is named now is its first part.
    fn lists_what_it_was_for(&self, at: usize, to: usize) -> bool {
        let state = &self.state;
        let opened = state.list.as_ref().is_some_and(|list| list.here && list.unnamed && list.divides);
        opened && state.since == Since::Mark && ahead::label_runs_to_number(self.tokens, at + 1, to)
    }

    /// Directly before stands what was spent of a budget or a place of the classification, and behind a place with its amount.
    fn divides_what_was_spent(&self, at: usize, to: usize) -> bool {
        let [named] = self.state.subject.as_slice() else { return false };
        // 教育（类）支出90万元，占60%。主要用于小学教育80万元
        let of_place = !named.function.is_empty();
        let is_mark = |token: &Token<'_>| match token.word {
            Word::Mark(',' | ':') => true,
            Word::Mark('。') => of_place,
            _ => false,
        };
        let before = self.tokens[..at].iter().rposition(|token| !is_mark(token));
        let Some(Word::Number(last)) = before.map(|before| &self.tokens[before].word) else { return false };
        if self.claim_runs.last() != Some(&last.run) {
            return false;
        }
        // 支出90万元，占60%, 支出90万元，完成年初预算的95%
        let of_spent = |claim: &&Claim| {
            let rate = matches!(claim.key.measure, Measure::Share | Measure::CompletionRate);
            of_place && rate && claim.doubt.is_none() && claim.key.function == named.function
        };
        let mut told = self.reader.located.claims[self.claims_from..].iter().rev().map(|claim| &**claim);
        let Some(claim) = told.find(|claim| !of_spent(claim)).filter(|claim| claim.doubt.is_none()) else {
            return false;
        };
        let same = claim.key.function == named.function;
        let spent = &*claim.key.item == accounts::EXPENDITURE && claim.key.measure == Measure::Final && same;
        // 具体如下： / 1.教育（类）支出90万元，用于小学教育80万元…: a part that a line above listed is divided in its own.
        let by_itself = self.reader.level.is_some() && self.state.list.as_ref().is_some_and(|list| !list.here);
        let in_list = named.listed && !by_itself;
        let of_one = named.doubt.is_none() && !in_list;
        let colon = matches!(self.tokens.get(at + 1).map(|next| &next.word), Some(Word::Mark(':')));
        let first = at + 1 + usize::from(colon);
        let is_place = match self.tokens[..to].get(first).map(|token| &token.word) {
            Some(Word::Function(Function::Known(code))) => code.starts_with(&*named.function),
            Some(Word::Function(Function::Below(_))) => true,
            Some(Word::Phrase(senses)) => senses.category && named.function.is_empty(),
            _ => false,
        };
        spent && of_one && self.state.hard.is_none() && is_place && ahead::label_runs_to_number(self.tokens, first, to)
    }
}
