//! Reading a paragraph word by word: what each word does to the sentence's state.

use std::sync::Arc;

use super::naming::{Named, Told, opposite};
use super::sentence::{Against, Comparison, Direction, List, Pairing, Reason, Share, Since, State, Time};
use super::text::Paragraph;
use super::tokens::{Cut, Run, Token, Word};
use super::{Reader, functions, reason};
use crate::mapping::{ComparisonWord, LabelSense, Only, SectionKind, Senses, TimeWord, Unit, WordSense};
use crate::model::{Fate, Finding, FindingCode, Measure};

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
    before: Option<Vec<Option<Against>>>,
    /// What was told of labels in this paragraph.
    told: Vec<Named>,
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
    };
    reading.state.clause_opens = true;
    reading.words(from, cut.tokens.len());
    let ends_open = !matches!(cut.tokens.last().map(|token| &token.word), Some(Word::Mark('。')));
    let carried = ends_open.then(|| reading.carried_list()).flatten();
    reading.sentence_end();
    let Reading { state, runs, before, told, reader, .. } = reading;
    reader.before = before;
    reader.told = told;
    if let Some(list) = carried {
        reader.carried = Some(list);
    }
    (state, runs)
}

impl<'a> Reading<'_, 'a> {
    fn words(&mut self, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            at = self.word(at, to);
        }
    }

    /// Reads the word at `at`; returns the next one to read.
    fn word(&mut self, at: usize, to: usize) -> usize {
        if self.state.reason.is_some()
            && let Some(next) = self.in_reason(at, to)
        {
            return next;
        }
        match &self.tokens[at].word {
            Word::Mark(mark) => self.mark(*mark),
            Word::Number(_) => return self.number(at, to),
            Word::Year(year) => self.time(self.time_of(*year, at), at),
            Word::Years => self.time(Time::Other(self.text(at)), at),
            Word::Ordinal => {
                self.finish_comparison();
                self.state.semicolon();
            }
            Word::Open(close) => {
                let close = *close;
                self.aside(at, close.min(to));
                return close + 1;
            }
            Word::Close | Word::UnitName => {}
            Word::Function(function) => self.function(at, &function.clone()),
            Word::Phrase(senses) => self.phrase(at, senses, to),
            Word::Unknown => self.not_understood(at),
        }
        at + 1
    }

    pub(super) fn text(&self, at: usize) -> String {
        let token = &self.tokens[at];
        self.paragraph.text[token.start..token.end].to_owned()
    }

    fn not_understood(&mut self, at: usize) {
        let word = self.text(at);
        self.reader.stumbled = true;
        self.state.not_understood(&word);
        self.told.clear();
        if let Some(list) = &mut self.state.list {
            // Parts behind `；` still know the total that was named before this word.
            list.here = list.here && list.doubt.is_none();
        }
    }

    // ------------------------------------------------------------------ marks

    fn mark(&mut self, mark: char) {
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
            }
            _ => self.comma(),
        }
    }

    fn comma(&mut self) {
        self.finish_comparison();
        if self.state.direction.take().is_some() {
            // 有所减少，: a statement without a number.
            self.state.comparison = None;
        }
        self.state.completion = None;
        self.state.share = None;
        self.state.cumulative = false;
        self.state.funding = None;
        if matches!(self.state.since, Since::Nothing | Since::Joiner) {
            self.state.since = Since::Mark;
        }
        self.state.clause_opens = true;
    }

    fn sentence_end(&mut self) {
        self.finish_comparison();
        self.leave_reason();
        self.settle_values();
        self.before = match self.state.doubt() {
            None if self.state.blocker.is_none() => Some(std::mem::take(&mut self.state.comparisons)),
            _ => None,
        };
        self.state.full_stop();
        self.sentence_from = self.reader.located.claims.len();
    }

    // ------------------------------------------------------------------ words

    fn phrase(&mut self, at: usize, senses: &'a Senses, to: usize) {
        if senses.category
            && let Some(code) = self.category(at)
        {
            let named = Named { function: code, ..self.expenditure(at) };
            return self.name(named, at);
        }
        if let Some(label) = &senses.label {
            return self.label(at, label, to);
        }
        let Some(word) = senses.word else {
            return self.stray(at, senses);
        };
        let transparent = matches!(word, WordSense::Time(_) | WordSense::Funding(_) | WordSense::Itself);
        self.play(at, word, senses, to);
        self.state.clause_opens &= transparent;
    }

    fn play(&mut self, at: usize, word: WordSense, senses: &Senses, to: usize) {
        match word {
            WordSense::Funding(funding) => {
                let last = self.state.subject.last();
                let directly = self.state.since == Since::Nothing && self.state.hard.is_none();
                if self.state.comparison.as_ref().is_some_and(|comparison| comparison.open) {
                    // 比2018年“三公”经费财政拨款年初预算: repeats what governs.
                } else if directly && let Some(last) = last {
                    // 三公经费财政拨款支出: fixed by the item; elsewhere two words that may not go together.
                    if last.funded && self.state.share.is_none() {
                        let word = self.text(at);
                        self.state.block(&word, false);
                    }
                } else {
                    let merged = self.state.funding.map_or(Some(funding), |before| before.merged(funding));
                    self.state.funding = Some(merged.unwrap_or(funding));
                }
            }
            WordSense::Measure(measure) => self.measure(at, measure),
            WordSense::Completion(adjusted) => {
                self.finish_comparison();
                self.state.drop_pending();
                self.state.completion = Some(adjusted);
            }
            WordSense::Comparison(word) => self.comparison_word(at, word, to),
            WordSense::Direction(up) => self.direction(at, up),
            WordSense::Share => {
                self.finish_comparison();
                let base = self.state.share.take().and_then(|share| share.base);
                let pairing = self.state.pairing;
                self.state.drop_pending();
                self.state.pairing = pairing;
                self.state.share = Some(Share { open: base.is_none(), base });
            }
            WordSense::Distribute => self.state.pairing = Some(Pairing::InOrder),
            WordSense::Each => self.state.pairing = Some(Pairing::Each),
            WordSense::PartsOpen => self.open_list(at),
            WordSense::PartsOrReason => {
                if reason::label_runs_to_number(self.tokens, &self.paragraph.text, at + 1, to) {
                    self.open_list(at);
                } else {
                    self.enter_reason();
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
            WordSense::Statement => {
                self.state.drop_pending();
                self.state.since = Since::Mark;
            }
            WordSense::Reason => self.enter_reason(),
            WordSense::Blocker => {
                let word = self.text(at);
                self.state.block(&word, false);
                self.state.blocker.get_or_insert(word);
            }
            WordSense::Example => {
                let word = self.text(at);
                self.state.examples.get_or_insert(word);
            }
            WordSense::EndsExamples => self.state.examples = None,
            WordSense::Placeholder => self.placeholder(at),
            WordSense::Cumulative => self.state.cumulative = true,
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
            WordSense::Aside | WordSense::Link | WordSense::Itself => {}
        }
    }

    /// A phrase that has no part in sentences; a unit without its number is a blank of the template.
    fn stray(&mut self, at: usize, senses: &Senses) {
        let declares = at.checked_sub(1).is_some_and(|before| matches!(self.tokens[before].word, Word::Mark(':')));
        match senses.unit {
            Some(Unit::Money(_) | Unit::Percent) if !declares && !self.state.aside => self.placeholder(at),
            _ => self.not_understood(at),
        }
    }

    fn placeholder(&mut self, at: usize) {
        let token = &self.tokens[at];
        let (place, _) = self.paragraph.place(self.reader.lines, token.start, token.end);
        let labels = self.subject_words();
        let word = self.text(at);
        let mut finding = Finding::at(FindingCode::Placeholder, place, labels).with_actual(word.clone());
        finding.form = self.reader.frame.form.to_string();
        self.reader.located.findings.push(finding);
        self.state.block(&word, false);
    }

    pub(super) fn subject_words(&self) -> String {
        self.state.subject.iter().map(|named| &*named.words).collect::<Vec<_>>().join("、")
    }

    fn measure(&mut self, at: usize, measure: Measure) {
        let words = self.text(at);
        if let Some(comparison) = self.state.comparison.as_mut().filter(|comparison| comparison.open) {
            comparison.measure = Some(measure);
            comparison.words.push_str(&words);
            return;
        }
        if self.state.share.as_ref().is_some_and(|share| share.base.is_some()) {
            // 占“三公”经费支出决算的: the measure of the base.
            return;
        }
        match &self.state.measure {
            Some((before, _)) if *before != measure => {
                // Two measures for one number contradict each other.
                self.state.block(&words, false);
            }
            _ => {
                let pairing = self.state.pairing;
                self.state.drop_pending();
                self.state.pairing = pairing;
                self.state.measure = Some((measure, words));
            }
        }
    }

    fn direction(&mut self, at: usize, up: bool) {
        self.finish_comparison();
        let words = self.text(at);
        if self.state.share.is_some() || self.state.completion.is_some() {
            // 占比提高, 完成预算的增加: a change of something else.
            self.state.block(&words, false);
            return;
        }
        self.state.direction = Some(match self.state.direction.take() {
            None if up => Direction::Up(words),
            None => Direction::Down(words),
            Some(_) => Direction::Both(words),
        });
    }

    // ------------------------------------------------------------------ time

    fn time_of(&self, year: i32, at: usize) -> Time {
        match self.reader.frame.fiscal_year - year {
            0 => Time::Ours,
            1 => Time::Prior,
            _ => Time::Other(self.text(at)),
        }
    }

    fn time(&mut self, time: Time, at: usize) {
        let words = self.text(at);
        if let Some(comparison) = self.state.comparison.as_mut().filter(|comparison| comparison.open) {
            comparison.time = Some(time);
            comparison.words.push_str(&words);
            return;
        }
        if self.state.share.as_ref().is_some_and(|share| share.open) {
            if time != Time::Ours {
                self.state.block(&words, false);
            }
            return;
        }
        self.state.last_time = Some(time.clone());
        let clear = self.state.hard.as_ref().is_none_or(|hard| hard.restart);
        self.state.ours = time == Time::Ours && clear;
        self.state.time = time;
    }

    // ------------------------------------------------------------------ comparisons

    fn comparison_word(&mut self, at: usize, word: ComparisonWord, to: usize) {
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
                if self.state.comparison.as_ref().is_some_and(|comparison| comparison.open) {
                    self.finish_comparison();
                } else if let Some(time) = self.time_before(at) {
                    // 2023年度相比: the time word was that of the comparison.
                    self.state.time = Time::Ours;
                    self.open_comparison(words);
                    if let Some(comparison) = &mut self.state.comparison {
                        comparison.time = Some(time);
                    }
                    self.finish_comparison();
                } else {
                    self.state.block(&words, false);
                }
            }
            ComparisonWord::Prior => {
                self.open_comparison(words);
                if let Some(comparison) = &mut self.state.comparison {
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

    fn time_before(&self, at: usize) -> Option<Time> {
        match &self.tokens[at.checked_sub(1)?].word {
            Word::Year(year) => Some(self.time_of(*year, at - 1)),
            Word::Phrase(Senses { word: Some(WordSense::Time(TimeWord::Prior)), .. }) => Some(Time::Prior),
            _ => None,
        }
    }

    fn open_comparison(&mut self, words: String) {
        self.finish_comparison();
        if self.state.share.is_some() || self.state.completion.is_some() {
            // 占比较上年提高: a change of the share.
            self.state.block(&words, false);
        }
        self.state.direction = None;
        self.state.comparison = Some(Comparison { open: true, words, ..Comparison::default() });
    }

    /// 与…相比, 与上年…下降: closed before the next mark.
    fn is_closed(&self, at: usize, to: usize) -> bool {
        let starts = match self.tokens[..to].get(at + 1).map(|token| &token.word) {
            Some(Word::Year(_)) => true,
            Some(Word::Phrase(senses)) => {
                matches!(senses.word, Some(WordSense::Time(_) | WordSense::Measure(_)))
            }
            _ => false,
        };
        starts
            && self.tokens[at + 1..to]
                .iter()
                .take_while(|token| !matches!(token.word, Word::Mark(_) | Word::Number(_) | Word::Unknown))
                .any(|token| {
                    matches!(
                        token.word,
                        Word::Phrase(Senses {
                            word: Some(WordSense::Direction(_) | WordSense::Comparison(ComparisonWord::Close)),
                            ..
                        })
                    )
                })
    }

    /// The words of a comparison are all there: what is it with?
    pub(super) fn finish_comparison(&mut self) {
        let Some(comparison) = self.state.comparison.as_mut().filter(|comparison| comparison.open) else { return };
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

    // ------------------------------------------------------------------ labels

    /// 本年支出合计, of which a function is a part.
    fn expenditure(&self, at: usize) -> Named {
        Named { words: self.text(at).into(), items: self.reader.expenditure.clone(), funded: true, ..Named::default() }
    }

    /// The code of a 类; a name that the economic classification has too must stand among other 类.
    fn category(&self, at: usize) -> Option<Arc<str>> {
        let year = self.reader.frame.fiscal_year;
        let of_both = self.reader.words.codes.economic.knows_name(&crate::model::Label::new(&self.text(at)));
        let before = self.state.subject.last().or(self.reader.subject.last());
        let among = |named: &Named| named.function.len() == 3 && named.doubt.is_none();
        if of_both && !before.is_some_and(among) {
            return None;
        }
        self.reader.words.codes.functional.code_of(&self.text(at), 3, "", Some(year))
    }

    fn function(&mut self, at: usize, function: &functions::Function) {
        let code = match function {
            functions::Function::Known(code) => Some(code.clone()),
            functions::Function::Below(levels) => {
                let governing = self
                    .state
                    .subject
                    .iter()
                    .chain(self.state.list.iter().flat_map(|list| &list.total))
                    .find(|named| named.doubt.is_none() && !named.function.is_empty());
                governing.and_then(|named| {
                    functions::resolve(levels, &named.function, self.reader.words.codes, self.reader.frame.fiscal_year)
                })
            }
        };
        match code {
            Some(code) => {
                let named = Named { function: code, ..self.expenditure(at) };
                self.name(named, at);
            }
            None => self.not_understood(at),
        }
    }

    fn label(&mut self, at: usize, label: &LabelSense, to: usize) {
        let words = self.text(at);
        if label.only == Some(Only::Weak) {
            return self.weak(at, label);
        }
        let kind = self.reader.sections.current().map(|section| section.kind);
        let mut named = Named::of(label, &words);
        if let Some((_, item)) = label.by_section.iter().find(|(section, _)| Some(*section) == kind) {
            named.only = None;
            if named.counts.is_empty() {
                named.items = [item.clone()].into();
            } else {
                named.counts = named.counts.iter().map(|(unit, _)| (unit.clone(), item.clone())).collect();
            }
        } else if !label.by_section.is_empty() {
            named.counts = named.counts.iter().filter(|(_, item)| !item.is_empty()).cloned().collect();
            if let Some(base) = &label.base {
                named.items = [base.clone()].into();
                named.funded = true;
                named.only = Some(Only::Base);
            } else if named.counts.is_empty() {
                named.doubt = Some(words.clone());
            }
        }
        if !label.under.is_empty() {
            let governing = self.governing_items();
            match label.under.iter().find(|(over, _)| governing.contains(over)) {
                Some((_, item)) => {
                    named.items = [item.clone()].into();
                    named.funded = true;
                }
                None => named.doubt = Some(words.clone()),
            }
        }
        match label.only {
            Some(Only::Nothing) => return self.state.block(&words, false),
            Some(Only::Totals) => {
                if self.state.totals.len() == 2 {
                    let totals = std::mem::take(&mut self.state.totals);
                    named.own_funding = totals[0].funding;
                    self.state.totals = totals;
                } else {
                    named.doubt = Some(words.clone());
                }
            }
            Some(Only::Reception) => self.reception(&mut named),
            _ => {}
        }
        let directly_counts = to > at + 1
            && matches!(&self.tokens[at + 1].word, Word::Number(number) if matches!(number.unit, Some(Unit::Count(_))));
        let _ = directly_counts;
        if label.takes_object && self.state.hard.is_none() && matches!(self.state.since, Since::Nothing) {
            self.state.since = Since::Mark;
            self.state.funding = None;
        }
        self.name(named, at);
    }

    fn governing_items(&self) -> Vec<Arc<str>> {
        let list = self.state.list.iter().filter(|list| list.doubt.is_none()).flat_map(|list| &list.total);
        list.chain(&self.state.subject)
            .filter(|named| named.doubt.is_none())
            .flat_map(|named| named.items.iter().cloned())
            .collect()
    }

    /// 来宾, 接待: of the kind of reception that governs.
    fn reception(&self, named: &mut Named) {
        let governing = self
            .state
            .subject
            .iter()
            .rev()
            .chain(self.state.list.iter().flat_map(|list| &list.total))
            .find(|governing| !governing.items.is_empty() || !governing.counts.is_empty());
        // 其中外事接待2批次，接待人次200人次: of the part, or of the whole?
        let counted = |named: &Named| !named.counted.is_empty();
        let part_or_whole = self.state.list.as_ref().is_some_and(|list| {
            list.here && governing.is_some_and(counted) && (list.doubt.is_some() || list.total.iter().any(counted))
        });
        let kind = governing.filter(|governing| governing.doubt.is_none() && !part_or_whole).and_then(|governing| {
            self.reader.words.lexicon.receptions().iter().find(|kind| {
                governing.items.contains(&kind.item)
                    || governing.counts.iter().any(|(_, item)| kind.counts.iter().any(|(_, of)| of == item))
            })
        });
        match kind {
            Some(kind) => {
                named.counts = kind.counts.iter().filter(|(unit, _)| has_unit(&named.counts, unit)).cloned().collect();
            }
            None => {
                let word = named.words.to_string();
                let why = governing.and_then(|governing| governing.doubt.clone()).unwrap_or(word);
                named.doubt = Some(why);
            }
        }
    }

    /// 收入, 支出 alone: an item where a clause opens with them below totals, else a word without a meaning.
    fn weak(&mut self, at: usize, label: &LabelSense) {
        let words = self.text(at);
        let income = label.items.iter().any(|item| &**item == "本年收入合计");
        let vocabulary = self.reader.vocabulary;
        let same_side = |named: &Named| named.items.is_empty() || named.is_income(vocabulary) == income;
        if let Some(comparison) = self.state.comparison.as_mut().filter(|comparison| comparison.open) {
            if !self.state.subject.iter().all(same_side) {
                comparison.time = Some(Time::Other(words));
            }
            return;
        }
        if self.state.direction.is_some() {
            return;
        }
        if self.state.share.as_ref().is_some_and(|share| share.open && share.base.is_none()) {
            self.state.block(&words, false);
            return;
        }
        let totals_section = self.reader.sections.current().is_some_and(|section| section.kind == SectionKind::Totals);
        let governing = self.state.subject.last();
        let opens = self.state.clause_opens && self.state.since != Since::Nothing;
        if opens && self.state.funding.is_none() {
            match governing {
                Some(named) if named.is_grand_total() => self.state.block(&words, false),
                Some(named) if named.is_total() => self.name(Named::of(label, &words), at),
                None if totals_section => self.name(Named::of(label, &words), at),
                Some(named) if !same_side(named) => self.state.block(&words, false),
                _ => {}
            }
        } else if self.state.funding.is_some() && self.state.since != Since::Nothing {
            // 财政拨款安排的支出: more than one reading.
            self.state.block(&words, false);
        } else if self.state.since == Since::Nothing && !self.state.subject.iter().all(same_side) {
            self.state.block(&words, false);
        }
    }

    /// A label is named: it governs, or it belongs to a comparison or a share.
    pub(super) fn name(&mut self, mut named: Named, at: usize) {
        if let Some(comparison) = self.state.comparison.as_mut().filter(|comparison| comparison.open) {
            comparison.words.push_str(&named.words);
            comparison.label = Some(named);
            return;
        }
        if let Some(funding) = self.state.funding.take() {
            named.own_funding = named.own_funding.map_or(Some(funding), |own| own.merged(funding).or(Some(own)));
        }
        if let Some(share) = self.state.share.as_mut().filter(|share| share.open && share.base.is_none()) {
            share.open = false;
            share.base = Some(named);
            return;
        }
        if self.split(&mut named) {
            return self.govern(named);
        }
        if let Some(hard) = &mut self.state.hard {
            if hard.restart {
                self.state.hard = None;
            } else {
                named.doubt.get_or_insert_with(|| hard.word.clone());
                hard.labelled = true;
                if self.state.scope.is_none() {
                    self.state.scope = Some(hard.word.clone());
                    self.state.apart = false;
                    self.state.ours = false;
                }
            }
        }
        if let Some(example) = &self.state.examples {
            named.doubt.get_or_insert_with(|| example.clone());
        }
        if self.inert_behind_fixed(&named) {
            return;
        }
        self.place_in_list(&mut named);
        self.fund(&mut named);
        let _ = at;
        self.relate(named);
    }

    /// 一般公共预算支出 in a bracket behind an item whose definition fixes the funding: that item, split.
    fn split(&self, named: &mut Named) -> bool {
        let Some(funding) = named.own_funding else { return false };
        let Some([total]) = self.state.list.as_ref().map(|list| list.total.as_slice()) else { return false };
        let vocabulary = self.reader.vocabulary;
        let fixed = total.items.iter().all(|item| vocabulary.item(item).is_some_and(|item| item.fixed_funding));
        let bare = named.items.iter().all(|item| &**item == "本年支出合计") && named.function.is_empty();
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

    /// 政府性基金预算100万元, in a list or bracket: the total, of that fund.
    pub(super) fn split_by_funding(&mut self) {
        let Some(funding) = self.state.funding.take() else { return };
        let Some(list) = &self.state.list else { return };
        let [total] = list.total.as_slice() else { return };
        let vocabulary = self.reader.vocabulary;
        let fixed = total.items.iter().all(|item| vocabulary.item(item).is_some_and(|item| item.fixed_funding));
        let finer = total.funding.is_none_or(|of| of.merged(funding).is_some_and(|merged| merged != of));
        if self.state.hard.is_some() || list.doubt.is_some() || total.doubt.is_some() || !(fixed || finer) {
            return;
        }
        let named = Named {
            words: format!("{} › {}", total.words, funding.word()).into(),
            own_funding: Some(funding),
            funding: Some(funding),
            funding_open: None,
            split: true,
            listed: true,
            counts: Arc::from([]),
            told: Told::Nothing,
            ..total.clone()
        };
        self.govern(named);
    }

    /// “三公”经费财政拨款支出: the funding of an item that needs none.
    fn inert_behind_fixed(&self, named: &Named) -> bool {
        let fixed = |before: &Named| {
            !before.items.is_empty()
                && before
                    .items
                    .iter()
                    .all(|item| self.reader.vocabulary.item(item).is_some_and(|item| item.fixed_funding))
        };
        self.state.since == Since::Nothing
            && named.own_funding == Some(crate::model::Funding::Appropriation)
            && named.items.iter().all(|item| &**item == "本年支出合计")
            && self.state.subject.last().is_some_and(fixed)
    }

    /// Whether the label is a part of the total of a list; a label that is none ends the list.
    fn place_in_list(&mut self, named: &mut Named) {
        let Some(list) = &self.state.list else { return };
        if named.items.is_empty() {
            named.listed = list.doubt.is_none();
            return;
        }
        if list.total.is_empty() {
            return;
        }
        let part = list.total.iter().any(|total| named.is_part_of(total, self.reader.vocabulary));
        if part {
            named.listed = list.doubt.is_none();
        } else {
            self.state.list = None;
        }
    }

    /// The funding of a label: its own words, its total's, its neighbour's, the section's.
    fn fund(&mut self, named: &mut Named) {
        if !named.funded {
            return;
        }
        let section = self.reader.sections.current();
        let told = match section.map(|section| &section.funding) {
            Some(super::section::SectionFunding::Told(funding)) => Ok(*funding),
            _ => Err(section.map_or("no heading".to_owned(), |section| section.title.clone())),
        };
        if let Some(own) = named.own_funding {
            named.funding = match told {
                Ok(Some(section)) => own.merged(section).or(Some(own)),
                _ => Some(own),
            };
            return;
        }
        let from_total = named
            .listed
            .then_some(self.state.list.as_ref())
            .flatten()
            .and_then(|list| list.total.iter().find(|total| total.funded));
        let other_side = named.items.iter().find_map(|item| opposite(item));
        let neighbour = other_side.and_then(|other| {
            self.state.neighbours.iter().rev().find(|neighbour| neighbour.items.iter().any(|item| &**item == other))
        });
        if let Some(total) = from_total {
            named.funding = total.funding;
            named.funding_open = total.funding_open.clone();
        } else if let Some(neighbour) = neighbour.filter(|_| named.function.is_empty()) {
            named.funding = neighbour.funding;
            named.funding_open = neighbour.funding_open.clone().or_else(|| neighbour.doubt.clone());
            if told == Ok(None) && neighbour.funding.is_some() && named.only != Some(Only::Weak) {
                // 财政拨款收入100万元；本年支出合计90万元, where the section is of all funds: of one fund, or of all?
                named.funding_open = Some(neighbour.words.to_string());
            }
        } else {
            match told {
                Ok(funding) => named.funding = funding,
                Err(heading) => named.funding_open = Some(heading),
            }
        }
    }

    /// The label and those named before it without a number between them.
    fn relate(&mut self, mut named: Named) {
        if let Some(before) = self.told.iter().find(|before| before.same_as(&named) && before.funding == named.funding)
        {
            named.counted = before.counted.clone();
        }
        if self.state.list.is_none() || !named.listed {
            self.state.neighbours.push(named.clone());
        }
        match (self.state.since, self.state.subject.last()) {
            (Since::Joiner, Some(before)) => {
                if before.doubt.is_some() {
                    named.doubt = before.doubt.clone();
                }
                if before.is_grand_total()
                    && named.is_grand_total()
                    && before.items != named.items
                    && self.state.subject.len() == 1
                    && before.funding == named.funding
                {
                    // 收入总计和支出总计: the two totals, as 收、支总计.
                    let mut both = named.clone();
                    both.items = before.items.iter().chain(named.items.iter()).cloned().collect();
                    both.words = format!("{}、{}", before.words, named.words).into();
                    both.doubt = before.doubt.clone().or(named.doubt.clone());
                    self.remember_totals(&named);
                    self.state.subject = vec![both];
                    self.named_now();
                } else {
                    self.remember_totals(&named);
                    self.state.subject.push(named);
                    self.named_now();
                }
            }
            (Since::Nothing, Some(before)) => {
                let fits = named.is_part_of(before, self.reader.vocabulary)
                    || before.items.is_empty() && named.items.is_empty()
                    || named.items.is_empty() && named.only == Some(Only::Reception)
                    || named.same_as(before)
                    || (!named.counts.is_empty()
                        && before.counts.iter().any(|(_, item)| {
                            named.counts.iter().any(|(_, of)| self.reader.vocabulary.is_part_of(of, item))
                        }));
                if !fits && self.state.hard.is_none() {
                    named.doubt = Some(format!("{} {}", before.words, named.words));
                }
                if before.doubt.is_some() {
                    named.doubt = before.doubt.clone();
                }
                self.govern(named);
            }
            _ => self.govern(named),
        }
    }

    fn govern(&mut self, named: Named) {
        self.remember_totals(&named);
        self.state.subject = vec![named];
        self.named_now();
    }

    fn named_now(&mut self) {
        self.state.since = Since::Nothing;
        self.state.clause_opens = false;
        self.state.comparison = None;
        self.state.completion = None;
        self.state.share = None;
        self.state.direction = None;
    }

    fn remember_totals(&mut self, named: &Named) {
        if !named.is_grand_total() || !named.function.is_empty() {
            return;
        }
        if named.doubt.is_some() {
            self.state.totals.clear();
            return;
        }
        for item in named.items.iter() {
            let single = Named { items: [item.clone()].into(), ..named.clone() };
            self.state.totals.retain(|other| other.items != single.items && other.funding == single.funding);
            self.state.totals.push(single);
        }
    }

    // ------------------------------------------------------------------ lists

    /// 其中: what governs is the total of what is named now.
    fn open_list(&mut self, at: usize) {
        self.finish_comparison();
        let first = self.tokens[..at].iter().rev().find(|token| !matches!(token.word, Word::Ordinal));
        let opens_sentence = first.is_none_or(|token| matches!(token.word, Word::Mark('。')));
        if opens_sentence && self.state.comparisons.is_empty() {
            match self.before.take() {
                Some(comparisons) => self.state.comparisons = comparisons,
                None => self.state.comparisons.push(None),
            }
        }
        self.state.drop_pending();
        let doubt = self
            .state
            .subject
            .iter()
            .find_map(|named| named.doubt.clone())
            .or_else(|| self.state.hard.as_ref().map(|hard| hard.word.clone()))
            .or_else(|| self.state.unknown.clone());
        let mut total = self.state.subject.clone();
        for named in &mut total {
            if matches!(named.told, Told::ChangeOf(_) | Told::Nothing)
                && let Some(before) = self.told.iter().find(|before| before.same_as(named))
                && matches!(before.told, Told::Amount(_))
            {
                named.told = before.told;
            }
        }
        if doubt.is_some() {
            total.clear();
        }
        self.state.list = Some(List { total, doubt, here: true });
        self.state.since = Since::Mark;
        self.state.clause_opens = true;
    }

    /// A paragraph that ends within a sentence (其中：) hands its list to the next ones.
    fn carried_list(&self) -> Option<List> {
        let list = self.state.list.as_ref();
        let open = matches!(self.tokens.last().map(|token| &token.word), Some(Word::Mark(':')));
        match (list, &self.state.unknown) {
            (Some(list), _) => Some(List { here: false, ..list.clone() }),
            (None, Some(word)) if open => Some(List { doubt: Some(word.clone()), ..List::default() }),
            _ => None,
        }
    }

    /// What was told of the governing labels, for a sentence that names them again.
    pub(super) fn remember_told(&mut self) {
        for named in &self.state.subject {
            let same = |before: &Named| before.same_as(named) && before.funding == named.funding;
            let amount = self.told.iter().find(|before| same(before)).map(|before| before.told);
            self.told.retain(|before| !same(before));
            let told = match (named.told, amount) {
                (Told::ChangeOf(_) | Told::Nothing, Some(Told::Amount(measure))) => Told::Amount(measure),
                (told, _) => told,
            };
            self.told.push(Named { told, ..named.clone() });
        }
    }

    // ------------------------------------------------------------------ brackets

    /// A bracket is a sentence of its own, in which the label outside is the total.
    fn aside(&mut self, open: usize, close: usize) {
        let inner = open + 1..close;
        let behind_number = open
            .checked_sub(1)
            .is_some_and(|before| matches!(self.tokens[before].word, Word::Number(_) | Word::Year(_)));
        if self.both_directions(inner.clone()) || self.is_inert(inner.clone()) {
            return;
        }
        let words = self.paragraph.text[self.tokens[open].start..self.tokens[close].end].to_owned();
        let has_number = self.tokens[inner.clone()].iter().any(super::tokens::is_number);
        let has_word = self.tokens[inner.clone()].iter().any(|token| matches!(token.word, Word::Unknown));
        if !has_number {
            if !behind_number {
                if has_word {
                    self.state.not_understood(&words);
                    self.told.clear();
                } else {
                    self.state.block(&words, false);
                }
            }
            return;
        }
        let outside = self.state.clone();
        self.state.drop_pending();
        self.state.aside = true;
        let doubt = outside
            .subject
            .iter()
            .find_map(|named| named.doubt.clone())
            .or_else(|| outside.unknown.clone())
            .or_else(|| outside.hard.as_ref().map(|hard| hard.word.clone()));
        let total = if doubt.is_some() { Vec::new() } else { outside.subject.clone() };
        self.state.list = Some(List { total, doubt, here: true });
        self.state.since = Since::Mark;
        self.state.clause_opens = true;
        self.words(inner.start, inner.end);
        self.finish_comparison();
        self.leave_reason();
        let inside = std::mem::replace(&mut self.state, outside);
        if !behind_number && inside.unknown.is_some() && self.state.unknown.is_none() {
            self.state.not_understood(&words);
            self.told.clear();
        } else if !behind_number && inside.blocker.is_some() {
            self.state.block(&words, false);
        }
    }

    /// 减少（增加）: the template's two words; which one holds is not told.
    fn both_directions(&mut self, inner: std::ops::Range<usize>) -> bool {
        let Some(direction) = &self.state.direction else { return false };
        let [Token { word: Word::Phrase(Senses { word: Some(WordSense::Direction(_)), .. }), .. }] =
            &self.tokens[inner.clone()]
        else {
            return false;
        };
        let (Direction::Up(words) | Direction::Down(words) | Direction::Both(words)) = direction;
        self.state.direction = Some(Direction::Both(format!("{words}（{}）", self.text(inner.start))));
        true
    }

    fn is_inert(&self, inner: std::ops::Range<usize>) -> bool {
        self.tokens[inner].iter().all(|token| match &token.word {
            Word::Phrase(senses) => matches!(senses.word, Some(WordSense::Aside | WordSense::Link | WordSense::Itself)),
            Word::UnitName => true,
            _ => false,
        })
    }

    // ------------------------------------------------------------------ free stretches

    fn enter_reason(&mut self) {
        self.finish_comparison();
        self.state.drop_pending();
        self.state.since = Since::Mark;
        self.state.reason = Some(Reason::default());
    }

    /// A number in it puts the governing label in doubt.
    fn leave_reason(&mut self) {
        let Some(reason) = self.state.reason.take() else { return };
        if reason.number {
            for named in &mut self.state.subject {
                named.doubt.get_or_insert_with(|| "a number in the reason before it".to_owned());
            }
            self.told.clear();
        }
        if reason.number && reason.speaks {
            self.state.unknown.get_or_insert_with(|| "a statement in a reason".to_owned());
            self.state.apart = false;
            self.state.ours = false;
        }
    }

    /// A word inside a free stretch: `None` where the stretch is over and the word is read as usual.
    fn in_reason(&mut self, at: usize, to: usize) -> Option<usize> {
        let text = &self.paragraph.text;
        match &self.tokens[at].word {
            Word::Mark('。') if !self.state.aside => None,
            Word::Mark(',' | ';' | '。' | ':') => {
                if reason::statement_opens(self.tokens, text, at + 1, to) {
                    self.leave_reason();
                    return None;
                }
                if let Some(reason) = &mut self.state.reason
                    && !reason.number
                {
                    reason.speaks = false;
                }
                Some(at + 1)
            }
            Word::Number(_) | Word::Phrase(_)
                if reason::counted_directly(self.tokens, at, to)
                    && self.state.reason.is_some_and(|reason| !reason.number) =>
            {
                self.leave_reason();
                None
            }
            Word::Number(number) => {
                let run = number.run;
                let token = &self.tokens[at];
                for run in self.runs[run..].iter_mut().take_while(|run| run.start < token.end) {
                    run.fate = Some((Fate::Ignored, "reason".into()));
                }
                if let Some(reason) = &mut self.state.reason {
                    reason.number = true;
                }
                Some(at + 1)
            }
            Word::Phrase(senses) => {
                if let Some(reason) = &mut self.state.reason {
                    reason.speaks |= reason::speaks(senses);
                }
                Some(at + 1)
            }
            Word::Function(_) | Word::Years => {
                if let Some(reason) = &mut self.state.reason {
                    reason.speaks = true;
                }
                Some(at + 1)
            }
            _ => Some(at + 1),
        }
    }
}

fn has_unit(counts: &[(Arc<str>, Arc<str>)], unit: &str) -> bool {
    counts.iter().any(|(of, _)| &**of == unit)
}

/// The labels that the words of a heading name, as a sentence would.
pub(super) fn labels<'a>(reader: &mut Reader<'a>, paragraph: &Paragraph, cut: &Cut<'a>, end: usize) -> Vec<Named> {
    let state = State { since: Since::Mark, ..State::default() };
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
    let subject = std::mem::take(&mut reading.state.subject);
    if subject.iter().any(|named| named.doubt.is_some()) { Vec::new() } else { subject }
}
