//! Comparisons, put together word by word: 比 | 上年 | 决算数, 与 | 2020年度 | 相比.

use super::naming::Told;
use super::reading::Reading;
use super::sentence::{Against, Comparison, Direction, Since, Time};
use super::tokens::{Number, Token, Word};
use crate::mapping::{ComparisonWord, Senses, TimeWord, Unit, WordSense};
use crate::model::Measure;

impl Reading<'_, '_> {
    pub(super) fn comparison_word(&mut self, at: usize, word: ComparisonWord, to: usize) {
        let words = self.text(at);
        match word {
            ComparisonWord::Open => self.open_comparison(words),
            ComparisonWord::OpenIfClosed => {
                if self.is_closed(at, to) {
                    self.open_comparison(words);
                } else if self.state.since == Since::Nothing {
                    self.state.since = Since::Joiner;
                }
            }
            ComparisonWord::Close => {
                if self.state.pending.comparison.as_ref().is_some_and(|comparison| comparison.open) {
                    self.finish_comparison();
                } else if self.opens_alone(at, to) {
                    self.open_comparison(words);
                } else if self.state.pending.comparison.is_some() && self.state.since == Since::Number {
                    // 与年初预算3412万元相比: closed by its amount already.
                } else if let Some(time) = self.time_before(at) {
                    // 2023年度相比: the time word was that of the comparison.
                    self.state.time = Time::Ours;
                    self.open_comparison(words);
                    if let Some(comparison) = &mut self.state.pending.comparison {
                        comparison.time = Some(time);
                    }
                    self.finish_comparison();
                } else if let (Since::Number, Some(budget @ (Measure::Budget | Measure::AdjustedBudget))) =
                    (self.state.since, self.state.last_measure)
                {
                    // 与2023年度财政拨款支出年初预算100万元相比: with the budget whose label and amount were just told.
                    self.open_comparison(words);
                    if let Some(comparison) = &mut self.state.pending.comparison {
                        comparison.measure = Some(budget);
                    }
                    self.finish_comparison();
                } else if let Some((measure, time)) = self.measure_before(at) {
                    // 2023年度预算相比: so were the time word and the measure.
                    self.state.pending.measure = None;
                    self.state.time = Time::Ours;
                    self.open_comparison(words);
                    if let Some(comparison) = &mut self.state.pending.comparison {
                        comparison.measure = Some(measure);
                        comparison.time = Some(time);
                    }
                    self.finish_comparison();
                } else {
                    self.state.block(&words, false);
                }
            }
            ComparisonWord::Prior => {
                self.open_comparison(words);
                if let Some(comparison) = &mut self.state.pending.comparison {
                    comparison.time = Some(Time::Prior);
                }
                self.finish_comparison();
            }
            ComparisonWord::Other => {
                self.open_comparison(words);
                self.finish_comparison();
            }
        }
    }

    /// 相比2022年减少: a word that closes comparisons opens one where none is open, and what it compares with stands behind it.
    pub(super) fn opens_alone(&self, at: usize, to: usize) -> bool {
        self.is_closed(at, to) && self.time_before(at).is_none_or(|time| time == Time::Ours)
    }

    /// An amount stands directly behind; it is of our year (上年决算数大于预算数…), and of no list, where it may be the last
    /// part's or the whole's.
    pub(super) fn tells_deviation(&self, at: usize) -> bool {
        matches!(self.tokens.get(at + 1).map(|next| &next.word), Some(Word::Number(_)))
            && self.state.time == Time::Ours
            && self.state.list.is_none()
    }

    /// 决算数小于预算数1.9万元: a comparison with the budget and its direction in one phrase.
    pub(super) fn deviation(&mut self, at: usize, above: bool) {
        let words = self.text(at);
        self.state.drop_pending();
        self.open_comparison(words.clone());
        if let Some(comparison) = &mut self.state.pending.comparison {
            comparison.measure = Some(Measure::Budget);
        }
        self.finish_comparison();
        self.state.pending.direction = Some(if above { Direction::Up(words) } else { Direction::Down(words) });
    }

    /// A measure and its time stand directly before, at the head of their clause: 2023年度预算.
    fn measure_before(&self, at: usize) -> Option<(Measure, Time)> {
        let (measure, _) = self.state.pending.measure.as_ref()?;
        let word = at.checked_sub(1)?;
        let says = matches!(&self.tokens[word].word, Word::Phrase(senses) if senses.word == Some(WordSense::Measure(*measure)));
        let heads = |token: &Token<'_>| match &token.word {
            Word::Year(_) => true,
            Word::Phrase(senses) => {
                senses.label.is_none() && matches!(senses.word, Some(WordSense::Link | WordSense::Time(_)))
            }
            _ => false,
        };
        let first = self.tokens[..word].iter().rposition(|token| !heads(token));
        let opens = first.is_none_or(|first| matches!(self.tokens[first].word, Word::Mark(_)));
        let time = self.time_before(word).filter(|_| says && opens)?;
        Some((*measure, time))
    }

    pub(super) fn time_before(&self, at: usize) -> Option<Time> {
        let mut before = at.checked_sub(1)?;
        // 2022年度相比, 2022年同口径数据相比
        let is_link = |at: usize| match &self.tokens[at].word {
            Word::Phrase(senses) => senses.word == Some(WordSense::Link) && senses.label.is_none() && !senses.narrows,
            _ => false,
        };
        while before > 0 && is_link(before) {
            before -= 1;
        }
        if self.joins_a_time(before) {
            return Some(Time::Other(self.text(before)));
        }
        match &self.tokens[before].word {
            Word::Year(year) => Some(self.time_of(*year, before)),
            Word::Phrase(Senses { word: Some(WordSense::Time(TimeWord::Prior)), .. }) => Some(Time::Prior),
            _ => None,
        }
    }

    pub(super) fn open_comparison(&mut self, words: String) {
        self.finish_comparison();
        if self.state.pending.share.is_some() || self.state.pending.completion.is_some() {
            // 占比较上年提高: a change of the share.
            self.state.block(&words, false);
        }
        self.state.pending.direction = None;
        self.state.pending.leading = None;
        self.state.borne_out = false;
        self.state.pending.comparison = Some(Comparison { open: true, words, ..Comparison::default() });
    }

    /// 与…相比, 与上年…下降, 与上年持平: closed before the next mark.
    pub(super) fn is_closed(&self, at: usize, to: usize) -> bool {
        let starts = match self.tokens[..to].get(at + 1).map(|token| &token.word) {
            Some(Word::Year(_)) => true,
            Some(Word::Phrase(senses)) => {
                matches!(senses.word, Some(WordSense::Time(_) | WordSense::Measure(_)))
            }
            _ => false,
        };
        let closes = |token: &Token<'_>| {
            matches!(
                token.word,
                Word::Phrase(Senses {
                    word: Some(
                        WordSense::Direction(_) | WordSense::Statement | WordSense::Comparison(ComparisonWord::Close)
                    ),
                    ..
                })
            )
        };
        let is_end = |token: &Token<'_>| matches!(token.word, Word::Mark(_) | Word::Number(_) | Word::Unknown);
        let words = &self.tokens[at + 1..to];
        let end = words.iter().position(is_end).unwrap_or(words.len());
        // 与年初预算100万元相比: closed behind its amount.
        let with_amount = matches!(words.get(end).map(|token| &token.word), Some(Word::Number(_)))
            && words.get(end + 1).is_some_and(|token| {
                matches!(
                    token.word,
                    Word::Phrase(Senses { word: Some(WordSense::Comparison(ComparisonWord::Close)), .. })
                )
            });
        starts && (with_amount || words[..end].iter().any(closes))
    }

    /// The words of a comparison are all there: what is it with?
    pub(super) fn finish_comparison(&mut self) {
        let Some(comparison) = self.state.pending.comparison.as_mut().filter(|comparison| comparison.open) else {
            return;
        };
        comparison.open = false;
        let against = match (&comparison.time, comparison.measure) {
            (Some(Time::Prior), None | Some(Measure::Final)) => Ok(Against::Prior),
            (Some(Time::Prior), Some(Measure::Budget)) => Ok(Against::PriorBudget),
            (None | Some(Time::Ours), Some(Measure::Budget)) => Ok(Against::Budget(false)),
            (None | Some(Time::Ours), Some(Measure::AdjustedBudget)) => Ok(Against::Budget(true)),
            _ => Err(comparison.words.clone()),
        };
        let same_label = match (&comparison.label, self.state.subject.as_slice()) {
            (None, _) => true,
            (Some(label), [named]) => label.items == named.items,
            (Some(_), _) => false,
        };
        let against = if same_label { against } else { Err(comparison.words.clone()) };
        self.state.comparisons.push(against.as_ref().ok().copied());
        let soft = against.is_ok()
            && self.state.time != Time::Ours
            && self.state.subject.iter().any(|named| matches!(named.told, Told::Amount(_)));
        comparison.against = Some(against);
        if soft {
            // 决算数5万元，上年决算数6万元，同比减少1万元: the change is again that of this year.
            self.state.time = Time::Ours;
        }
    }

    /// 由上年的3万元减少到2万元: last year's final and this year's of the label that governs, in one statement; returns the word behind.
    /// Without last year's name, it may be a budget that was changed.
    pub(super) fn both_years(&mut self, at: usize, to: usize) -> Option<usize> {
        let Word::Phrase(Senses { word: Some(WordSense::Blocker), .. }) = self.tokens[at].word else { return None };
        let parts = self.reader.words.lexicon.parts();
        let is_one_of = |at: usize, words: &[String]| {
            at < to && words.iter().any(|word| *word == self.paragraph.text[self.tokens[at].start..self.tokens[at].end])
        };
        if !is_one_of(at, &parts.risen_from) || !self.may_tell_both_years() {
            return None;
        }
        let from = self.behind_time(at + 1, to, &Time::Prior)?;
        let before = self.amount(from, to)?;
        if !is_one_of(from + 1, &parts.reaches) {
            return None;
        }
        let ours = self.behind_time(from + 2, to, &Time::Ours).unwrap_or(from + 2);
        let now = self.amount(ours, to)?;
        let ends =
            matches!(self.tokens.get(ours + 1).map(|next| &next.word), None | Some(Word::Mark(',' | ';' | '。')));
        if !ends {
            return None;
        }
        for (time, at, number) in [(Time::Prior, from, before), (Time::Ours, ours, now)] {
            self.state.time = time;
            self.state.pending.measure = Some((Measure::Final, self.text(from + 1)));
            let read = self.read_for(at, &[0], &number);
            self.settle(at, &number, read, &[0]);
            self.after_number(&number, true);
        }
        self.compares_with_last_year();
        Some(ours + 1)
    }

    /// One label governs, nothing is in doubt or pending, and no budget was told.
    fn may_tell_both_years(&self) -> bool {
        let state = &self.state;
        let pending = state.pending.measure.is_some()
            || state.pending.comparison.is_some()
            || state.pending.direction.is_some()
            || state.pending.completion.is_some()
            || state.pending.share.is_some()
            || state.pending.pairing.is_some();
        let of_one = matches!(state.subject.as_slice(), [named] if named.doubt.is_none() && named.counted.is_empty());
        let alone = state.since != Since::Number || !state.subject.iter().any(|named| named.listed || named.past_part);
        of_one && alone && !pending && state.hard.is_none() && state.time == Time::Ours && !state.budget_told
    }

    /// Behind a time and what says no more of it: 上年的, 2023年决算数.
    fn behind_time(&self, at: usize, to: usize, time: &Time) -> Option<usize> {
        let told = match self.tokens[..to].get(at).map(|token| &token.word)? {
            Word::Year(year) => self.time_of(*year, at),
            Word::Phrase(Senses { word: Some(WordSense::Time(TimeWord::Prior)), .. }) => Time::Prior,
            Word::Phrase(Senses { word: Some(WordSense::Time(TimeWord::Current)), .. }) => Time::Ours,
            _ => return None,
        };
        let says_nothing = |token: &&Token<'_>| match &token.word {
            Word::Phrase(senses) => {
                senses.label.is_none()
                    && !senses.narrows
                    && matches!(senses.word, Some(WordSense::Link | WordSense::Measure(Measure::Final)))
            }
            _ => false,
        };
        let behind = at + 1 + self.tokens[at + 1..to].iter().take_while(says_nothing).count();
        (told == *time).then_some(behind)
    }

    /// The plain amount of money at a place.
    fn amount(&self, at: usize, to: usize) -> Option<Number> {
        match self.tokens[..to].get(at).map(|token| &token.word)? {
            Word::Number(number) if matches!(number.unit, Some(Unit::Money(_))) && !number.malformed => {
                Some(number.clone())
            }
            _ => None,
        }
    }

    pub(super) fn direction(&mut self, at: usize, up: bool) {
        self.finish_comparison();
        let words = self.text(at);
        self.hold_against_last_year();
        self.hold_against_budget();
        if self.state.pending.share.is_some() || self.state.pending.completion.is_some() {
            // 占比提高, 完成预算的增加: a change of something else.
            self.state.block(&words, false);
            return;
        }
        self.state.pending.direction = Some(match self.state.pending.direction.take() {
            None if up => Direction::Up(words),
            None => Direction::Down(words),
            Some(_) => Direction::Both(words),
        });
    }

    /// 决算90万元，上年决算80万元，增加10万元: held against the year whose amount was told last, if the two amounts bear it out.
    pub(super) fn hold_against_last_year(&mut self) {
        let claims = &self.reader.located.claims[self.sentence_from..];
        let last_year = claims.last().is_some_and(|claim| claim.key.measure == Measure::PriorFinal);
        let state = &mut self.state;
        let of_one = matches!(state.subject.as_slice(), [named] if named.final_told && named.doubt.is_none());
        let told = state.time == Time::Prior && last_year;
        if !(of_one
            && told
            && state.pending.comparison.is_none()
            && state.comparisons.is_empty()
            && state.pending.measure.is_none())
        {
            return;
        }
        self.compares_with_last_year();
    }

    /// 预算2万元，支出1.2万元，节约0.8万元: held against the budget, if the two amounts bear it out.
    fn hold_against_budget(&mut self) {
        let state = &self.state;
        let of_one = matches!(state.subject.as_slice(), [named] if named.final_told && named.doubt.is_none());
        let plain =
            state.pending.comparison.is_none() && state.comparisons.is_empty() && state.pending.measure.is_none();
        let ours = state.time == Time::Ours && state.since == Since::Number && state.pending.completion.is_none();
        if of_one
            && plain
            && ours
            && let Some(adjusted) = self.budget_told_of_subject()
        {
            self.compares_with(Against::Budget(adjusted));
        }
    }

    /// Behind the amounts of both years a change is one of last year, which they must bear out.
    pub(super) fn compares_with_last_year(&mut self) {
        self.state.time = Time::Ours;
        self.compares_with(Against::Prior);
    }

    /// What is told next is the difference of two amounts, as far as they bear it out.
    fn compares_with(&mut self, against: Against) {
        let state = &mut self.state;
        state.borne_out = true;
        state.comparisons.push(Some(against));
        state.pending.comparison =
            Some(Comparison { closed: true, against: Some(Ok(against)), ..Comparison::default() });
    }

    /// 同比2020年减少: the year is the one that 同比 has named.
    pub(super) fn repeats_comparison(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|before| &self.tokens[before].word);
        let prior = WordSense::Comparison(ComparisonWord::Prior);
        matches!(before, Some(Word::Phrase(senses)) if senses.word == Some(prior))
    }
}
