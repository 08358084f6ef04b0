//! Reading a paragraph word by word: what each word does to the sentence's state.

use super::functions::Function;
use super::naming::{Apart, Named};
use super::runs::Run;
use super::sentence::{Against, List, Pairing, Share, Since, State, Time};
use super::text::{Gap, Paragraph};
use super::tokens::{Cut, Token, Word};
use super::{Reader, ahead};
use crate::mapping::{Only, Senses, TimeWord, Unit, WordSense, accounts, behind_any};
use crate::model::{Claim, Finding, FindingCode, Measure};

/// The reading of one paragraph.
pub(super) struct Reading<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) paragraph: &'r Paragraph,
    pub(super) tokens: &'r [Token<'a>],
    pub(super) runs: Vec<Run>,
    pub(super) state: State,
    /// The first claim of the sentence, and for each claim of the paragraph its run.
    pub(super) sentence_from: usize,
    pub(super) claims_from: usize,
    pub(super) claim_runs: Vec<usize>,
    /// The kinds of comparison of the sentence before, for one that begins with 其中.
    pub(super) before: Option<Vec<Option<Against>>>,
    /// What was told of labels in this paragraph.
    pub(super) told: Vec<Named>,
    /// The same, as it stood before a reason with a number.
    pub(super) told_before_reason: Vec<Named>,
    /// What was told of others beside the unit in this paragraph.
    pub(super) apart: Vec<Apart>,
    /// What was told of both totals in the paragraph was the sum of both.
    pub(super) sum_of_both: bool,
}

/// Reads the words `tokens` of a paragraph, beginning with `state`; returns the state at its end.
pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    paragraph: &Paragraph,
    cut: &Cut<'a>,
    from: usize,
    state: State,
) -> (State, Vec<Run>) {
    let claims_from = reader.located.claims.len();
    let before = reader.before.take();
    let told = std::mem::take(&mut reader.told);
    let mut reading = Reading {
        reader,
        paragraph,
        tokens: &cut.tokens,
        runs: cut.runs.clone(),
        state,
        sentence_from: claims_from,
        claims_from,
        claim_runs: Vec::new(),
        before,
        told,
        told_before_reason: Vec::new(),
        apart: Vec::new(),
        sum_of_both: false,
    };
    reading.state.clause_opens = true;
    reading.words(from, cut.tokens.len());
    reading.sentence_end();
    let Reading { mut state, runs, before, told, told_before_reason, reader, .. } = reading;
    reader.before = before;
    reader.told = told;
    // A reason is over with its paragraph: 其中 at the head of the next one speaks of what this one was about.
    if !state.subject.is_empty() && state.subject.iter().all(|named| named.by_reason) {
        for named in &mut state.subject {
            named.doubt = None;
            named.by_reason = false;
        }
        reader.told = told_before_reason;
    }
    (state, runs)
}

impl<'r, 'a> Reading<'r, 'a> {
    pub(super) fn words(&mut self, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            let next = self.word(at, to);
            self.note(at, next);
            at = next;
        }
    }

    /// Reads the word at `at`; returns the next one to read.
    pub(super) fn word(&mut self, at: usize, to: usize) -> usize {
        if self.state.reason.is_some()
            && let Some(next) = self.in_reason(at, to)
        {
            return next;
        }
        if let Some(end) = self.both_years(at, to) {
            return end;
        }
        if let Some(end) = self.ground(at, to).or_else(|| self.expenses(at, to)).or_else(|| self.another_kind(at, to)) {
            return end;
        }
        match &self.tokens[at].word {
            Word::Mark(mark) => {
                self.mark(*mark);
                if *mark == ':' && self.state.announced && (self.ends_line(at) || self.announces(at)) {
                    // 现将…公布如下：says nothing of what follows but the year.
                    self.sentence_end();
                } else if *mark == ':' && self.ends_line(at) && self.state.unknown.is_some() {
                    self.carry_list();
                }
            }
            Word::Number(_) => return self.number(at, to),
            Word::Year(year) => self.time(self.time_of(*year, at), at),
            Word::Years => self.time(Time::Other(self.text(at)), at),
            Word::Ordinal => {
                self.finish_comparison();
                self.state.semicolon();
                self.state.others.ordinal();
            }
            Word::Open(close) => {
                let close = *close;
                self.aside(at, close.min(to));
                return close + 1;
            }
            Word::Close | Word::UnitName => {}
            Word::Function(function) => self.function(at, &function.clone()),
            Word::Phrase(senses) => self.phrase(at, senses, to),
            Word::Unknown if self.between_directions(at) => {}
            Word::Unknown if self.is_strange_path(at) => self.strange_path(at),
            Word::Unknown => self.not_understood(at),
        }
        at + 1
    }

    /// 公布如下 stands directly before.
    fn announces(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|before| &self.tokens[before].word);
        matches!(before, Some(Word::Phrase(Senses { word: Some(WordSense::Announcement), .. })))
    }

    /// 增加/减少: both words of the template, with a stroke between them.
    fn between_directions(&self, at: usize) -> bool {
        let is_direction = |token: Option<&Token<'_>>| {
            matches!(
                token.map(|token| &token.word),
                Some(Word::Phrase(Senses { word: Some(WordSense::Direction(_)), .. }))
            )
        };
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        self.word_at(at) == "/"
            && self.state.pending.direction.is_some()
            && is_direction(before)
            && is_direction(self.tokens.get(at + 1))
    }

    /// The word is the last one of its line, or of the paragraph.
    pub(super) fn ends_line(&self, at: usize) -> bool {
        self.tokens.get(at + 1).is_none_or(|next| self.paragraph.gap_before(next.start) == Gap::LineEnd)
    }

    pub(super) fn text(&self, at: usize) -> String {
        let token = &self.tokens[at];
        self.paragraph.text[token.start..token.end].to_owned()
    }

    /// The same without a copy.
    pub(super) fn word_at(&self, at: usize) -> &'r str {
        let token = &self.tokens[at];
        &self.paragraph.text[token.start..token.end]
    }

    pub(super) fn not_understood(&mut self, at: usize) {
        let word = self.word_at(at);
        self.reader.stumbled = true;
        self.state.not_understood(word);
        self.told.clear();
        let ends = matches!(self.tokens.get(at + 1).map(|next| &next.word), None | Some(Word::Mark(_)));
        if !ends {
            // 上年公务接待费…: such a word may have named another year, for the sentences behind it too.
            // Each of them would take the place of the one before: the room of its name is used again.
            word.clone_into(self.state.untimed.get_or_insert_default());
        } else {
            // 其中：甲…。乙…。: or it may have opened a list that goes on behind the full stop.
            self.state.past_list = Some(List { doubt: Some(word.to_owned()), ..List::default() });
        }
        // It may have ended the list that the lines above opened, or opened another.
        if let Some(list) = &mut self.reader.above.list {
            *list = List { doubt: Some(word.to_owned()), ..List::default() };
        }
        if self.ends_line(at) {
            self.carry_list();
        }
    }

    pub(super) fn mark(&mut self, mark: char) {
        match mark {
            '。' if !self.state.aside => self.sentence_end(),
            ';' | '。' => {
                self.finish_comparison();
                self.state.semicolon();
            }
            '、' => {
                if self.state.since == Since::Nothing {
                    self.state.since = Since::Joiner;
                }
                if self.state.since == Since::Number {
                    self.state.others.joined();
                }
            }
            _ => self.comma(),
        }
    }

    pub(super) fn comma(&mut self) {
        self.state.negated = None;
        self.finish_comparison();
        if self.state.pending.pairing == Some(Pairing::Each) && self.state.since == Since::Nothing {
            // 公务用车5辆，均为执法执勤用车，较上年减少1辆: of which of both?
            let words = self.subject_words();
            self.state.block(&words, false);
        }
        self.state.others.comma();
        if self.state.pending.direction.take().is_some() {
            // 有所减少，: a statement without a number.
            self.state.pending.comparison = None;
            self.state.moved = true;
        }
        self.state.pending.completion = None;
        self.state.pending.share = None;
        self.state.pending.cumulative = false;
        self.state.pending.funding = None;
        if matches!(self.state.since, Since::Nothing | Since::Joiner) {
            self.state.since = Since::Mark;
        }
        self.state.clause_opens = true;
    }

    pub(super) fn sentence_end(&mut self) {
        self.finish_comparison();
        self.end_reason();
        self.settle_values();
        if self.state.doubt().is_some() && self.state.may_list_budgets {
            self.state.bare_budgets = true;
        }
        self.before = match self.state.doubt() {
            None if self.state.blocker.is_none() => Some(std::mem::take(&mut self.state.comparisons)),
            _ => None,
        };
        self.state.full_stop();
        self.sentence_from = self.reader.located.claims.len();
    }

    pub(super) fn phrase(&mut self, at: usize, senses: &'a Senses, to: usize) {
        if senses.category
            && let Some(code) = self.category(at, senses)
        {
            let named = Named { function: code, ..self.expenditure(at) };
            return self.name(named);
        }
        if let Some(label) = &senses.label {
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
        if matches!(
            word,
            WordSense::Measure(_)
                | WordSense::Completion(_)
                | WordSense::Comparison(_)
                | WordSense::Direction(_)
                | WordSense::Share
        ) {
            self.settle_funding(at, to);
        }
        match word {
            WordSense::Funding(funding) => {
                let last = self.state.subject.last();
                let directly = self.state.since == Since::Nothing && self.state.hard.is_none();
                if self.state.pending.comparison.as_ref().is_some_and(|comparison| comparison.open) {
                    // 比2018年“三公”经费财政拨款年初预算: repeats what governs.
                } else if directly && let Some(last) = last {
                    // 三公经费财政拨款支出: fixed by the item; elsewhere two words that may not go together.
                    if last.funded && self.state.pending.share.is_none() {
                        let word = self.text(at);
                        self.state.block(&word, false);
                    }
                } else {
                    match self.state.pending.funding.map_or(Some(funding), |before| before.merged(funding)) {
                        Some(merged) => self.state.pending.funding = Some(merged),
                        // 一般公共预算和政府性基金预算: what both paid is of neither.
                        None => {
                            let word = self.text(at);
                            self.state.block(&word, false);
                        }
                    }
                }
            }
            WordSense::Measure(measure) => self.measure(at, measure),
            WordSense::Completion(adjusted) => {
                self.finish_comparison();
                let pairing = self.state.pending.pairing;
                self.state.drop_pending();
                self.state.pending.pairing = pairing;
                self.state.pending.completion = Some(adjusted);
            }
            WordSense::CompletionOfTold => self.completion_of_told(at, to),
            WordSense::Comparison(word) => self.comparison_word(at, word, to),
            WordSense::Direction(up) => self.direction(at, up),
            WordSense::Share => {
                self.finish_comparison();
                let base = self.state.pending.share.take().and_then(|share| share.base);
                let pairing = self.state.pending.pairing;
                self.state.drop_pending();
                self.state.pending.pairing = pairing;
                self.state.pending.share = Some(Share { open: base.is_none(), base });
            }
            WordSense::Distribute => self.state.pending.pairing = Some(Pairing::InOrder),
            WordSense::Each => {
                self.both_totals();
                self.state.pending.pairing = Some(Pairing::Each);
            }
            // Before any amount it is a part of what the label says: 用于保障正常运转，用于日常工作的经费支出20万元.
            WordSense::Link
                if senses.purpose_of_clause
                    && self.reader.located.claims.len() > self.sentence_from
                    && ahead::clause_without_number(&self.tokens[at + 1..to]) =>
            {
                self.enter_reason(true)
            }
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
            WordSense::PartsClose => {
                self.state.drop_pending();
                self.state.list = None;
                self.state.since = Since::Mark;
            }
            WordSense::Time(TimeWord::Current) => self.time(Time::Ours, at),
            WordSense::Time(TimeWord::Prior) => self.time(Time::Prior, at),
            WordSense::Time(TimeWord::Other) => self.time(Time::Other(self.text(at)), at),
            WordSense::Deviation(above) if self.tells_deviation(at) => self.deviation(at, above),
            WordSense::Statement | WordSense::Deviation(_) => {
                self.state.drop_pending();
                self.state.since = Since::Mark;
                if let Some(list) = &mut self.state.list {
                    // 甲5万元，与上年持平；乙…，比上年增加…
                    list.compared = true;
                    list.completed = true;
                }
            }
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
            WordSense::Blocker => {
                let word = self.text(at);
                self.state.block(&word, false);
                self.names_subordinates(at, senses);
                if senses.corrects {
                    self.is_corrected(at);
                }
                if senses.arrives {
                    self.is_what_was_before(at);
                }
                self.state.blocker.get_or_insert(word);
            }
            WordSense::Average => {
                let word = self.text(at);
                let clear = self.state.hard.as_ref().is_none_or(|hard| hard.restart);
                self.state.block(&word, false);
                if let Some(hard) = self.state.hard.as_mut().filter(|_| clear) {
                    hard.brief = true;
                }
            }
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
            WordSense::RepeatsUnit => {
                let counted = match &senses.unit {
                    Some(Unit::Count(unit)) => {
                        self.state.subject.last().is_some_and(|named| named.counts.iter().any(|(of, _)| of == unit))
                    }
                    _ => false,
                };
                if !counted {
                    let word = self.text(at);
                    self.state.block(&word, false);
                }
            }
            WordSense::Joiner => {
                if self.state.since == Since::Nothing {
                    self.state.since = Since::Joiner;
                }
            }
            WordSense::Caption => self.not_understood(at),
            WordSense::Link if senses.whole && self.speaks_of_whole(at) => self.state.others.part_or_whole = true,
            WordSense::Link
                if self.is_share_of_unnamed_total(senses) || senses.narrows && self.narrows_what_governs(at, to) =>
            {
                let word = self.text(at);
                self.state.block(&word, false);
            }
            WordSense::Itself if self.is_counted(at) => {
                let word = self.text(at);
                self.state.block(&word, false);
            }
            WordSense::Aside | WordSense::Link | WordSense::Itself => {}
        }
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

    /// 镇政府, and 全镇“三公”经费: in a town's own explanation all of the town is the unit, where an expense is named whose definition
    /// leaves no doubt that it is the unit's.
    fn is_whole_of_unit(&self, at: usize) -> bool {
        let word = self.text(at);
        if self.is_head_office(&word) {
            return true;
        }
        // 镇政府 is the town itself, whatever follows.
        let parts = self.reader.words.lexicon.parts();
        let seated = parts.without_seat(&word);
        let is_town = |area: &&str| parts.towns.iter().any(|town| town == area);
        let Some(area) = behind_any(&word, &parts.all_of).or(seated).filter(is_town) else { return false };
        let own = self.reader.words.unit_names.iter().any(|name| {
            let name = name.text.as_str();
            parts.without_seat(name).unwrap_or(name).ends_with(area)
        });
        if own && seated.is_some() {
            return true;
        }
        let vocabulary = self.reader.vocabulary;
        let fixed = |item: &std::sync::Arc<str>| vocabulary.item(item).is_some_and(|item| item.fixed_funding);
        own && self.tokens.get(at + 1).is_some_and(|next| match &next.word {
            Word::Phrase(Senses { label: Some(label), .. }) => {
                !label.items.is_empty() && label.items.iter().all(fixed)
                    || label.counts.iter().any(|(_, item)| fixed(item))
            }
            _ => false,
        })
    }

    /// 局机关, 本级: the unit itself, where its own name ends so, in brackets or not.
    fn is_head_office(&self, word: &str) -> bool {
        let own = self.reader.words.unit_names.first().map_or("", |name| name.text.as_str());
        let bracketed = own.strip_suffix(')').and_then(|own| own.rsplit_once('('));
        let mut offices = self.reader.words.lexicon.parts().offices.iter().map(String::as_str);
        match bracketed {
            // 局机关 of 水利局（本级）
            Some((name, bracketed)) => {
                let stem = { offices.clone() }.find_map(|office| word.strip_suffix(office));
                let named = word == bracketed || stem.is_some_and(|stem| name.ends_with(stem));
                named && offices.any(|office| bracketed.ends_with(office))
            }
            None => own.ends_with(word) && own.len() > word.len() && offices.any(|office| word.ends_with(office)),
        }
    }

    /// A phrase that has no part in sentences; a unit without its number is a blank of the template.
    pub(super) fn stray(&mut self, at: usize, senses: &Senses) {
        let declares = at.checked_sub(1).is_some_and(|before| matches!(self.tokens[before].word, Word::Mark(':')));
        match senses.unit {
            // XX万元: told already.
            Some(_) if self.is_placeholder_before(at) => {}
            Some(Unit::Money(_) | Unit::Percent) if !declares && !self.state.aside => self.missing_number(at),
            _ => self.not_understood(at),
        }
    }

    /// A unit stands directly behind, without a number of its own.
    fn unit_follows(&self, at: usize) -> bool {
        matches!(self.tokens.get(at + 1).map(|next| &next.word), Some(Word::Phrase(Senses { unit: Some(_), .. })))
    }

    /// A placeholder stands directly before, in the place of this unit's number.
    fn is_placeholder_before(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|before| &self.tokens[before].word);
        matches!(before, Some(Word::Phrase(Senses { word: Some(WordSense::Placeholder), .. })))
    }

    /// 增长%，: the blank of a rate, a share or a change is all that is missing, as if its number had been read. One of an amount
    /// may hide of which measure the next comparison is.
    fn missing_number(&mut self, at: usize) {
        let state = &mut self.state;
        let is_rate =
            state.pending.direction.is_some() || state.pending.share.is_some() || state.pending.completion.is_some();
        if !is_rate || state.hard.is_some() {
            return self.placeholder(at);
        }
        state.after_share |= state.pending.share.is_some();
        state.after_rate |= state.pending.share.is_some() || state.pending.completion.is_some();
        state.pending.measure = None;
        state.pending.direction = None;
        state.pending.share = None;
        state.pending.completion = None;
        state.pending.pairing = None;
        state.since = Since::Number;
        self.report_placeholder(at);
    }

    pub(super) fn placeholder(&mut self, at: usize) {
        self.report_placeholder(at);
        let word = self.text(at);
        self.state.block(&word, false);
    }

    fn report_placeholder(&mut self, at: usize) {
        let token = &self.tokens[at];
        let (place, _) = self.paragraph.place(self.reader.lines, token.start, token.end);
        let labels = self.subject_words();
        let mut finding = Finding::at(FindingCode::Placeholder, place, labels).with_actual(self.text(at));
        finding.form = self.reader.frame.form.to_string();
        self.reader.located.findings.push(finding);
    }

    pub(super) fn subject_words(&self) -> String {
        self.state.subject.iter().map(|named| &*named.words).collect::<Vec<_>>().join("、")
    }
}

/// The labels that the words of a heading name, as a sentence would.
pub(super) fn labels<'a>(reader: &mut Reader<'a>, paragraph: &Paragraph, cut: &Cut<'a>, end: usize) -> Vec<Named> {
    // 1.行政运行（项） below （一）人大事务（款）: what the headings above name, its names may be below.
    let above = reader.sections.lasting_above();
    let state = State { since: Since::Mark, subject: above.clone(), ..State::default() };
    let mut reading = Reading {
        claims_from: reader.located.claims.len(),
        sentence_from: reader.located.claims.len(),
        reader,
        paragraph,
        tokens: &cut.tokens,
        runs: cut.runs.clone(),
        state,
        claim_runs: Vec::new(),
        before: None,
        told: Vec::new(),
        told_before_reason: Vec::new(),
        apart: Vec::new(),
        sum_of_both: false,
    };
    for at in 0..end {
        match &reading.tokens[at].word {
            Word::Function(function) => reading.function(at, &function.clone()),
            Word::Phrase(senses) => {
                let named = senses.label.as_ref().is_some_and(|label| label.only.is_none() && senses.heading.is_none());
                if named || senses.category || matches!(senses.word, Some(WordSense::Funding(_) | WordSense::Joiner)) {
                    reading.phrase(at, senses, end);
                }
            }
            Word::Mark('、') => reading.mark('、'),
            _ => {}
        }
    }
    let mut subject = std::mem::take(&mut reading.state.subject);
    subject.retain(|named| !above.iter().any(|above| above.same_as(named)));
    if subject.iter().any(|named| named.doubt.is_some()) { Vec::new() } else { subject }
}
