//! Prose: which numbers of the explanation and of the review are values, and what each one is called.
//!
//! *In:* the paragraphs of one form in order, headings included, and the words of the lexicon. *Out:* claims with complete
//! keys, leftovers with the word that blocked them, findings, and the fate of every run of digits.
//!
//! A paragraph is cut into words ([`tokens`]); a heading ([`headings`]) opens a section ([`section`]); any other paragraph is
//! read word by word ([`reading`]), each word changing what governs ([`sentence`]) until a number takes its key from it
//! ([`values`]), if it is that of the label which governs ([`bearer`]).
//! What is not understood takes away whatever it might have changed: replacing a word by an unknown one, or putting one in,
//! can lose figures, but change or add none. The tests hold every text they know to that.

mod above;
mod account;
mod ahead;
mod amounts;
mod apart;
mod bearer;
mod blanks;
mod classified;
mod comparison;
mod costs;
mod counts;
mod cut;
mod expenses;
mod functions;
mod funds;
mod glued;
mod ground;
mod grouped;
mod heading;
mod headings;
mod heads;
mod joining;
mod kept;
mod kinds;
mod labels;
mod lists;
mod measures;
mod naming;
mod nouns;
mod numbers;
mod numerals;
mod others;
mod pages;
mod part;
mod phrases;
mod rates;
mod reading;
mod reason;
mod references;
mod runs;
mod section;
mod sentence;
mod shares;
mod taken_back;
#[cfg(test)]
mod tests;
mod text;
mod times;
mod tokens;
mod totals;
mod trace;
mod uncut;
mod unit_names;
mod units;
mod values;
mod whole_unit;
mod years;

use std::sync::Arc;

use self::above::Above;
use self::glued::Numbering;
pub use self::headings::{HeadingSays, read_announcement, read_heading};
use self::headings::{Shape, lead};
use self::heads::FirstLabel;
use self::joining::Piece;
use self::naming::{Named, Told};
use self::part::AnotherPart;
use self::runs::Run;
use self::section::Sections;
use self::sentence::{Against, List, Since, State, Time};
use self::text::Paragraph;
use self::tokens::{Cut, Word, Words};
use self::unit_names::UnitName;
use self::units::doubt_lone_yuan;
use super::Located;
use crate::mapping::{CodeLists, Lexicon, SectionKind, TimeWord, Vocabulary, WordSense, accounts, ends_with_any};
use crate::model::{Fate, Leftover, Measure, NumberRecord, Ordinal, Place, UnitOfMeasure};

/// A paragraph of the form.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The text as it stands.
    pub text: &'a str,
    /// The place of the whole paragraph.
    pub place: Place,
    /// Where the text starts in the file, in characters from 0; only for plain text.
    pub offset: Option<usize>,
}

/// What is known of the form before it is read.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// `narrative` or `evaluation_review`.
    pub form: Arc<str>,
    /// The year whose accounts these are.
    pub fiscal_year: i32,
    /// The reporting unit and its aliases: known words without a meaning.
    pub unit_names: &'a [String],
    /// Nothing in it speaks of a budget: what does not say otherwise is final.
    pub of_finals: bool,
    /// The unit of amounts that a line above it tells, which may be that of something else.
    pub unit_above: Option<UnitOfMeasure>,
    /// What claims give as their rule.
    pub rule: Arc<str>,
}

/// What reading carries from paragraph to paragraph.
struct Reader<'a> {
    lines: &'a [Line<'a>],
    frame: &'a Frame<'a>,
    vocabulary: &'a Vocabulary,
    words: Words<'a>,
    rule: Arc<str>,
    /// 本年支出合计, of which every function is a part.
    expenditure: Arc<[Arc<str>]>,
    sections: Sections,
    located: Located,
    /// The labels that governed at the end of the paragraph before, for one that begins with 其中.
    subject: Vec<Named>,
    /// The comparisons of the sentence before, for one that begins with 其中; `None` where it was in doubt.
    before: Option<Vec<Option<Against>>>,
    /// What was told of labels in the paragraph before.
    told: Vec<Named>,
    /// What the lines above tell of.
    above: Above,
    /// The level of the line, where it has an ordinal.
    level: Option<u8>,
    /// What the line tells of first.
    first: FirstLabel,
    /// A line above names a year that is not ours, and nothing else: 2022年度：
    another_year: Option<String>,
    /// The year of what the paragraph before told, where that is another than ours.
    year_before: Option<String>,
    /// A line above is of others than the unit, or of another year.
    part: Option<AnotherPart>,
    /// The unit of amounts without one, by a line above the first heading: 金额单位：元.
    unit_told: Option<UnitOfMeasure>,
    /// An amount has another unit than that line told.
    units_differ: bool,
    /// A word of the paragraph was not understood, outside free stretches.
    stumbled: bool,
    /// The paragraph before ended inside a sentence.
    broken_off: bool,
    /// How wide lines are, where a page broke them.
    page_width: Option<usize>,
    /// Notes what each word did, where that is to be told.
    tracer: Option<trace::Tracer>,
}

/// Reads the prose of one form.
pub fn locate(
    lines: &[Line<'_>],
    frame: &Frame<'_>,
    vocabulary: &Vocabulary,
    codes: &CodeLists,
    lexicon: &Lexicon,
) -> Located {
    read(lines, frame, vocabulary, codes, lexicon, None)
}

/// The same, and how each number got its key or got none.
pub(super) fn locate_traced(
    lines: &[Line<'_>],
    frame: &Frame<'_>,
    vocabulary: &Vocabulary,
    codes: &CodeLists,
    lexicon: &Lexicon,
) -> Located {
    read(lines, frame, vocabulary, codes, lexicon, Some(trace::Tracer::default()))
}

fn read(
    lines: &[Line<'_>],
    frame: &Frame<'_>,
    vocabulary: &Vocabulary,
    codes: &CodeLists,
    lexicon: &Lexicon,
    tracer: Option<trace::Tracer>,
) -> Located {
    let unit_names = UnitName::all(frame.unit_names, lexicon);
    let blank_groups = grouped::by_blanks(lines.iter().map(|line| line.text));
    let words = Words { lexicon, codes, fiscal_year: frame.fiscal_year, unit_names: &unit_names, blank_groups };
    let mut reader = Reader {
        lines,
        frame,
        vocabulary,
        words,
        rule: frame.rule.clone(),
        expenditure: [Arc::from(accounts::EXPENDITURE)].into(),
        sections: Sections::default(),
        // Numbers are large: one in each sixty bytes is more than most texts have.
        located: Located {
            numbers: Vec::with_capacity((lines.iter().map(|line| line.text.len()).sum::<usize>() / 60).min(16_384)),
            ..Located::default()
        },
        subject: Vec::new(),
        before: None,
        told: Vec::new(),
        above: Above::default(),
        level: None,
        first: FirstLabel::default(),
        another_year: None,
        year_before: None,
        part: None,
        unit_told: None,
        units_differ: false,
        stumbled: false,
        broken_off: false,
        page_width: pages::width(lines),
        tracer,
    };
    let mut open: Option<Piece<'_>> = None;
    let mut numbering = Numbering::default();
    let paragraphs: Vec<Paragraph> =
        lines.iter().enumerate().map(|(number, line)| Paragraph::of_line(line, number)).collect();
    let kinds = pages::lines(&paragraphs, &unit_names, lexicon.parts(), |line| reader.opens_nothing(line));
    let mut seam = false;
    // Lines of the page inside the paragraph in hand: they stand behind it in the account.
    let mut of_page: Vec<(Paragraph, &'static str)> = Vec::new();
    for (mut paragraph, kind) in paragraphs.into_iter().zip(kinds) {
        if paragraph.is_empty() {
            continue;
        }
        if let Some(rule) = kind.rule() {
            seam |= kind.parts_digits();
            of_page.push((paragraph, rule));
            continue;
        }
        if std::mem::replace(&mut seam, kind.parts_digits()) || kind.parts_digits() {
            paragraph.begins_at_seam();
        }
        for paragraph in numbering.apart(paragraph, &words, vocabulary) {
            let next = Piece { cut: reader.words.cut(&paragraph), paragraph };
            match &mut open {
                Some(before) if reader.goes_on(before, &next) => {
                    before.paragraph.append(&next.paragraph);
                    before.cut = reader.words.cut(&before.paragraph);
                }
                _ => {
                    if let Some(before) = open.replace(next) {
                        reader.paragraph(&before.paragraph, &before.cut);
                        reader.lines_of_page(&mut of_page);
                    }
                }
            }
        }
    }
    if let Some(last) = open {
        reader.paragraph(&last.paragraph, &last.cut);
    }
    reader.lines_of_page(&mut of_page);
    reader.doubt_unit_told();
    doubt_lone_yuan(&mut reader.located, vocabulary);
    reader.located
}

impl<'a> Reader<'a> {
    /// Page numbers and running heads enter the account.
    fn lines_of_page(&mut self, lines: &mut Vec<(Paragraph, &'static str)>) {
        for (line, rule) in lines.drain(..) {
            let runs = self.words.cut(&line).runs;
            self.account(&line, ignored(runs, rule));
        }
    }

    /// Reads one paragraph: a heading, a heading with the text behind it, or text.
    fn paragraph(&mut self, paragraph: &Paragraph, cut: &Cut<'a>) {
        let tells_unit = self.note_unit(paragraph, cut);
        let broken_off = std::mem::replace(&mut self.broken_off, breaks_off(paragraph, cut));
        self.level = (cut.ordinal != Ordinal::None).then(|| section::level(cut.ordinal));
        self.note_part(paragraph, cut);
        let runs = if cut.ordinal == Ordinal::None {
            let shape = if tells_unit { Shape::Caption } else { self.shape(cut, paragraph) };
            match shape {
                Shape::Heading => {
                    self.heading(paragraph, cut, cut.tokens.len());
                    if broken_off && !ends_with_any(&paragraph.text, &self.words.lexicon.parts().heading_ends) {
                        // …完成 | 预算的: a heading, or a piece of the sentence before it?
                        self.sections.doubt(&paragraph.text);
                    }
                    ignored(cut.runs.clone(), "heading")
                }
                Shape::Caption => {
                    if headings::is_bracketed(cut) && cut.tokens.iter().any(|token| matches!(token.word, Word::Unknown))
                    {
                        // （以下为囗囗数据）: the lines below may be another year's.
                        self.another_year = Some(paragraph.text.clone());
                    }
                    ignored(cut.runs.clone(), "caption")
                }
                Shape::Sentence => {
                    self.announcement(paragraph, cut);
                    let lead = Self::bracketed_lead(cut).or_else(|| self.led_by_heading(cut, paragraph));
                    if let Some(end) = lead {
                        self.heading(paragraph, cut, end);
                        self.sentences(paragraph, cut, end)
                    } else {
                        let from = self.caption_before(cut, paragraph);
                        self.sentences(paragraph, cut, from)
                    }
                }
            }
        } else {
            self.sections.leave(cut.ordinal);
            self.above.leave(section::level(cut.ordinal));
            match lead(cut) {
                Some(end) if end >= cut.tokens.len() => self.heading(paragraph, cut, end),
                Some(end) => {
                    self.enter(paragraph, cut, end);
                    if matches!(cut.ordinal, Ordinal::Part | Ordinal::Chinese) {
                        self.above.list = None;
                    }
                    let runs = self.sentences(paragraph, cut, end);
                    self.sections.leave_unknown_lead();
                    runs
                }
                None => self.sentences(paragraph, cut, 0),
            }
        };
        self.account(paragraph, runs);
    }

    /// Reads sentences from token `from` on.
    fn sentences(&mut self, paragraph: &Paragraph, cut: &Cut<'a>, from: usize) -> Vec<Run> {
        self.sections.has_text();
        let has_none = |kind: SectionKind| matches!(kind, SectionKind::Ignored | SectionKind::Contents);
        if self.sections.current().is_some_and(|section| has_none(section.kind)) {
            let title = self.sections.current().map_or(String::new(), |section| section.title.clone());
            return ignored(cut.runs.clone(), &format!("section without figures: {title}"));
        }
        let mut state = State { since: Since::Mark, fresh: true, ..State::default() };
        let own_path = names_its_path(cut, from);
        let budgets = !own_path && opens_with_budget(cut, from);
        if let Some(section) = self.sections.current_mut() {
            if section.lasting && (section.passed && !own_path || section.budgeted && budgets) {
                // 1.甲（项）。 / …。2.乙（项）。 / 年初预算为…: of which of both? 年初预算为3万元…。 / 年初预算为5万元…: a line between them was lost.
                section.subject.clear();
            }
            section.budgeted |= section.lasting && budgets;
            section.none_before |= section.none_told;
            state.subject = section.subject.clone();
            state.headed = section.subject.clone();
            if !section.lasting {
                section.subject.clear();
            }
        }
        let opens_parts = from == 0
            && cut
                .tokens
                .first()
                .is_some_and(|token| matches!(&token.word, Word::Phrase(senses) if opens_parts(senses)));
        if opens_parts && state.subject.is_empty() {
            state.subject = std::mem::take(&mut self.subject);
        } else if from == 0 && cut.ordinal == Ordinal::None && state.subject.is_empty() && opens_comparison(cut) {
            state.subject = self.only_subject().into_iter().collect();
            self.before = None;
            self.told.clear();
        } else if !opens_parts {
            self.before = None;
            self.told.clear();
        }
        state.list = self.above.list.clone();
        if let Some(time) = self.names_only_a_time(&cut.tokens[from..]) {
            let words = paragraph.text.trim_end_matches(':').to_owned();
            if time == Time::Ours {
                self.ends_list_of_year();
            }
            self.another_year = Some(words).filter(|_| time != Time::Ours);
        } else if let Some(year) = &self.another_year {
            state.time = Time::Other(year.clone());
        }
        if let Some(year) = self.year_before.take().filter(|_| opens_parts) {
            state.time = Time::Other(year);
        }
        if let Some(part) = &self.part {
            state.time = Time::Other(part.words.clone());
        }
        self.stumbled = false;
        self.first = FirstLabel::default();
        let (mut end, runs) = reading::read(self, paragraph, cut, from, state);
        self.note_list_of_others(paragraph, cut, from, &runs);
        self.remember_head(cut, &paragraph.text, from);
        self.remember_fund(cut);
        let numbers = cut.tokens.iter().any(tokens::is_number);
        let announces = matches!(cut.tokens.last().map(|token| &token.word), Some(Word::Mark(':'))) && !numbers;
        let is_date = |time: &&String| time.contains(|c: char| c.is_ascii_digit());
        if let (true, Time::Other(time)) = (announces, &end.time)
            && is_date(&time)
        {
            // 截至6月底，有关情况如下：
            self.another_year = Some(time.clone());
        }
        let names_function = cut.tokens.iter().any(|token| match token.word {
            Word::Function(_) => true,
            // A name that the list does not have: 甲乙支出（项）.
            Word::Unknown => {
                functions::levels().any(|level| paragraph.text[token.start..token.end].ends_with(&level[1..]))
            }
            _ => false,
        });
        if self.stumbled
            && (!numbers || names_function)
            && let Some(section) = self.sections.current_mut()
            && section.lasting
        {
            // A line without numbers that is not understood may have been another place in the classification.
            section.subject.clear();
        }
        let list = end.list.as_ref().or(end.past_list.as_ref());
        // …，其中：基本支出…，项目支出…。 / 按功能分类：…
        let has_all_parts = |list: &List| list.divides || list.here && list.named > 1 && paragraph.is_complete();
        self.above.divided = list.filter(|list| has_all_parts(list) && !self.stumbled).cloned();
        self.remember_place(paragraph, cut, from);
        self.above.begun = true;
        self.above.numbered |= cut.ordinal != Ordinal::None;
        self.pass_on(cut, from, &end);
        self.subject = std::mem::take(&mut end.subject);
        runs
    }

    /// 2018年度基本支出1420.03万元。 / 与2017年相比，增加101.20万元…: what a paragraph of its own compares is what the one before told the
    /// final of, where that told nothing else.
    fn only_subject(&self) -> Option<Named> {
        let ([named], [told]) = (self.subject.as_slice(), self.told.as_slice()) else { return None };
        let whole = self.above.list.is_none() && !self.stumbled && !self.broken_off && named.same_as(told);
        let is_final = told.told == Told::Amount(Measure::Final) && named.funding == told.funding;
        (whole && is_final && !named.listed && named.doubt.is_none()).then(|| named.clone())
    }

    /// 2022年度：, （以下为2021年度数据）: the time of the lines below.
    fn names_only_a_time(&self, tokens: &[tokens::Token<'_>]) -> Option<Time> {
        let mut time = None;
        for token in tokens {
            match &token.word {
                Word::Year(year) if *year == self.frame.fiscal_year => time = Some(Time::Ours),
                Word::Year(_) => time = Some(Time::Prior),
                Word::Phrase(senses) => match senses.word {
                    Some(WordSense::Time(TimeWord::Current)) => time = Some(Time::Ours),
                    Some(WordSense::Time(_)) => time = Some(Time::Prior),
                    Some(WordSense::Link) if senses.label.is_none() => {}
                    None if senses.heading_word && senses.label.is_none() => {}
                    _ => return None,
                },
                Word::Mark(':') | Word::Open(_) | Word::Close => {}
                _ => return None,
            }
        }
        time
    }

    /// A paragraph that names a place of the classification, below a heading that names one, leaves that behind; a path at
    /// its very end heads what follows.
    fn pass_on(&mut self, cut: &Cut<'_>, from: usize, end: &State) {
        let is_path = |token: &tokens::Token<'_>| matches!(token.word, Word::Function(_));
        let Some(section) = self.sections.current_mut().filter(|section| section.lasting) else { return };
        if !cut.tokens[from..].iter().any(is_path) {
            return;
        }
        section.passed = true;
        let bare = cut.tokens.iter().rposition(|token| !matches!(token.word, Word::Mark(_)));
        let heads = bare.is_some_and(|last| {
            // 2.教育支出（类） | 普通教育（款）…: the path, or what stands before it, begins the sentence.
            let opens = |token: &tokens::Token<'_>| matches!(token.word, Word::Ordinal | Word::Mark('。'));
            let from = cut.tokens[..last].iter().rposition(opens).map_or(last, |opens| opens + 1);
            is_path(&cut.tokens[last]) && last - from <= 4 && !cut.tokens[from..last].iter().any(tokens::is_number)
        });
        if let ([named], true) = (end.subject.as_slice(), heads)
            && named.doubt.is_none()
            && !named.function.is_empty()
        {
            section.subject = vec![named.clone()];
            section.passed = false;
        }
    }

    /// Every run of digits of a paragraph enters the account.
    fn account(&mut self, paragraph: &Paragraph, runs: Vec<Run>) {
        self.trace(paragraph, &runs);
        for run in runs {
            let (place, offset) = paragraph.place(self.lines, run.start, run.end);
            let written = paragraph.written(self.lines, run.start, run.end);
            let (fate, rule) = run.fate.unwrap_or_else(|| {
                self.located.leftovers.push(Leftover {
                    form: self.frame.form.clone(),
                    place: place.clone(),
                    value_as_written: written.to_string(),
                    labels: String::new(),
                    blocked_by: "no label".to_owned(),
                });
                (Fate::Leftover, "no label".into())
            });
            let personal = &*rule == "telephone or code number";
            self.located.numbers.push(NumberRecord {
                text: if personal { "*".repeat(written.chars().count()).into() } else { written },
                place,
                offset,
                fate,
                rule,
                form: self.frame.form.clone(),
            });
        }
    }
}

/// A place of the classification stands before the first number of a paragraph.
fn names_its_path(cut: &Cut<'_>, from: usize) -> bool {
    let first = cut.tokens[from..].iter().find(|token| matches!(token.word, Word::Function(_) | Word::Number(_)));
    first.is_some_and(|token| matches!(token.word, Word::Function(_)))
}

/// The first number of a paragraph is a budget: 年初预算为3万元，支出决算为….
fn opens_with_budget(cut: &Cut<'_>, from: usize) -> bool {
    let is_budget = |token: &tokens::Token<'_>| match &token.word {
        Word::Phrase(senses) => {
            matches!(senses.word, Some(WordSense::Measure(Measure::Budget | Measure::AdjustedBudget)))
        }
        _ => false,
    };
    let number = cut.tokens[from..].iter().position(tokens::is_number);
    number.is_some_and(|number| cut.tokens[from..from + number].iter().any(is_budget))
}

/// A paragraph with numbers ends without the mark that ends a sentence or opens a list.
fn breaks_off(paragraph: &Paragraph, cut: &Cut<'_>) -> bool {
    cut.tokens.iter().any(tokens::is_number) && !paragraph.is_complete() && !paragraph.text.ends_with([';', ':'])
}

/// The line ends with an opener of a list, whose parts stand on the lines below: 其中：
fn opens_list(cut: &Cut<'_>) -> bool {
    let [.., last, mark] = cut.tokens.as_slice() else { return false };
    matches!(mark.word, Word::Mark(':')) && matches!(&last.word, Word::Phrase(senses) if opens_parts(senses))
}

/// 其中, 按经济分类划分
fn opens_parts(senses: &crate::mapping::Senses) -> bool {
    use crate::mapping::WordSense;
    matches!(senses.word, Some(WordSense::PartsOpen | WordSense::PartsDivide))
}

/// The line begins with a comparison: 与2017年相比.
fn opens_comparison(cut: &Cut<'_>) -> bool {
    use crate::mapping::{ComparisonWord, WordSense};
    let opens = |senses: &crate::mapping::Senses| {
        matches!(
            senses.word,
            Some(WordSense::Comparison(ComparisonWord::Open | ComparisonWord::OpenIfClosed | ComparisonWord::Prior))
        )
    };
    matches!(cut.tokens.first().map(|token| &token.word), Some(Word::Phrase(senses)) if opens(senses))
}

/// All runs that have no fate yet are ignored by a rule.
fn ignored(mut runs: Vec<Run>, rule: &str) -> Vec<Run> {
    for run in &mut runs {
        run.fate.get_or_insert_with(|| (Fate::Ignored, rule.into()));
    }
    runs
}
