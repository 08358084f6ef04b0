//! Reading a paragraph word by word: what each word does to the sentence's state.

use super::Reader;
use super::naming::{Apart, Named};
use super::runs::Run;
use super::sentence::{Against, List, Pairing, Since, State, Time};
use super::text::{Gap, Paragraph};
use super::tokens::{Cut, Token, Word, is_number};
use crate::mapping::{Senses, WordSense};

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
    /// What the last number was told of, before words that are not understood.
    pub(super) told_before_free: Option<Named>,
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
        told_before_free: None,
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
        if is_number(&self.tokens[at]) {
            self.told_before_free = None;
        }
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
            Word::Mark(mark) => self.punctuation(at, *mark, to),
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

    fn punctuation(&mut self, at: usize, mark: char, to: usize) {
        if mark == ':' {
            self.announce_fund(at, to);
        }
        let whose = self.amount_of_others_before(at);
        if mark == '。' && whose.is_some() {
            // 局机关5万元。公务接待费2万元…: of the head office still, or of the unit?
            self.state.untimed.clone_from(&whose);
        }
        let announces_fund = mark == ':' && self.state.pending.funding.is_some();
        self.mark(mark);
        self.state.fund_announced |= announces_fund;
        if let Some(whose) = whose.filter(|_| matches!(mark, ':' | ',')) {
            // 局机关5万元：公务接待费2万元，…: what it divides is the head office's, and so may be what stands behind a comma.
            self.state.block(&whose, false);
        }
        if mark != ':' {
            return;
        }
        if self.state.announced && (self.ends_line(at) || self.announces(at)) {
            // 现将…公布如下：says nothing of what follows but the year.
            self.sentence_end();
        } else if self.ends_line(at) && self.state.unknown.is_some() {
            self.carry_list();
        }
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

    /// The word at `at` takes the governing label away.
    pub(super) fn block_at(&mut self, at: usize) {
        let word = self.word_at(at);
        self.state.block(word, false);
    }

    pub(super) fn not_understood(&mut self, at: usize) {
        let word = self.word_at(at);
        self.reader.stumbled = true;
        self.keep_told_before_free();
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
        self.state.set_fund_apart();
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
        told_before_free: None,
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
