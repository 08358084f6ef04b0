//! Prose: which numbers of the explanation and of the review are values, and what each one is called.
//!
//! *In:* the paragraphs of one form in order, headings included, and the words of the lexicon. *Out:* claims with complete
//! keys, leftovers with the word that blocked them, findings, and the fate of every run of digits.
//!
//! A paragraph is cut into words ([`tokens`]); a heading opens a section ([`section`]); any other paragraph is read word by
//! word ([`reading`]), each word changing what governs ([`sentence`]) until a number takes its key from it ([`values`]).
//! What is not understood takes away whatever it might have changed: replacing a word by an unknown one, or putting one in,
//! can lose figures, but change or add none. The tests hold every text they know to that.

mod account;
mod ahead;
mod apart;
mod bearer;
mod comparison;
mod cut;
mod expenses;
mod functions;
mod funds;
mod glued;
mod ground;
mod joining;
mod kinds;
mod labels;
mod lists;
mod naming;
mod numbers;
mod numerals;
mod pages;
mod reading;
mod reason;
mod references;
mod section;
mod sentence;
mod shares;
mod taken_back;
#[cfg(test)]
mod tests;
mod text;
mod tokens;
mod totals;
mod trace;
mod values;

use std::sync::Arc;

use self::glued::Numbering;
use self::joining::Piece;
use self::naming::{Named, Told};
use self::section::{Heading, Sections};
use self::sentence::{Against, List, Since, State, Time};
use self::text::Paragraph;
use self::tokens::{Cut, Run, UnitName, Word, Words};
use super::Located;
use crate::mapping::{
    CodeLists, Lexicon, SectionKind, TimeWord, Vocabulary, WordParts, WordSense, accounts, behind_any, ends_with_any,
};
use crate::model::{Claim, Fate, Leftover, Measure, NumberRecord, Ordinal, Place, UnitOfMeasure};

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
    /// The list that a paragraph left open (其中：), for the next ones.
    carried: Option<List>,
    /// The labels that governed at the end of the paragraph before, for one that begins with 其中.
    subject: Vec<Named>,
    /// The comparisons of the sentence before, for one that begins with 其中; `None` where it was in doubt.
    before: Option<Vec<Option<Against>>>,
    /// What was told of labels in the paragraph before.
    told: Vec<Named>,
    /// What the paragraph before divided: 按支出性质分类.
    divided: Option<List>,
    /// The places of the classification that lines with ordinals told of, each with its line's level, the outermost first.
    places: Vec<(u8, Arc<str>)>,
    /// A line since the last heading was not understood: it may have named a place for those below it.
    lost: bool,
    /// What lines with ordinals told of first, where its words name its funding, each with its line's level, the outermost first.
    above: Vec<(u8, Named)>,
    /// The level of the line, where it has an ordinal.
    level: Option<u8>,
    /// The first label of the line that one fund or another may pay.
    first: Option<Named>,
    /// A line above names a year that is not ours, and nothing else: 2022年度：
    another_year: Option<String>,
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
    let words = Words { lexicon, codes, fiscal_year: frame.fiscal_year, unit_names: &unit_names };
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
        carried: None,
        subject: Vec::new(),
        before: None,
        told: Vec::new(),
        divided: None,
        places: Vec::new(),
        lost: false,
        above: Vec::new(),
        level: None,
        first: None,
        another_year: None,
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

/// Where nearly all amounts are in 万元, one in 元 may have lost its 万.
fn doubt_lone_yuan(located: &mut Located, vocabulary: &Vocabulary) {
    const ENOUGH: usize = 8;
    // 0元 is 0万元.
    let is_nothing =
        |claim: &Claim| !claim.written.chars().filter_map(crate::model::fold_char).any(|c| ('1'..='9').contains(&c));
    let of = |unit| located.claims.iter().filter(move |claim| claim.unit == unit && !is_nothing(claim));
    let (usual, lone) = (of(UnitOfMeasure::TenThousandYuan).count(), of(UnitOfMeasure::Yuan).count());
    if usual < ENOUGH || lone * 10 > usual {
        return;
    }
    // 4,800元, where the unit spent 810万元 in all: it can have lost none.
    let is_whole = |claim: &Claim| {
        let key = &claim.key;
        let total = vocabulary.item(&key.item).is_some_and(|item| item.accounts_total);
        total && key.function.is_empty() && key.funding.is_none() && key.measure == Measure::Final
    };
    let most = of(UnitOfMeasure::TenThousandYuan)
        .filter(|claim| is_whole(claim))
        .map(|claim| whole_part(&claim.written))
        .max();
    let may_be_more = |claim: &Claim| !is_nothing(claim) && most.is_none_or(|most| whole_part(&claim.written) <= most);
    let lone = located.claims.iter_mut().filter(|claim| claim.unit == UnitOfMeasure::Yuan && may_be_more(claim));
    for claim in lone {
        claim.doubt.get_or_insert_with(|| "元 among 万元".into());
    }
}

/// The digits before the decimal point of a written number.
fn whole_part(written: &str) -> u128 {
    let folded = crate::model::fold(written);
    let digits = folded.chars().take_while(|c| *c != '.').filter(char::is_ascii_digit);
    digits.fold(0, |value, digit| value.saturating_mul(10).saturating_add(u128::from(digit.to_digit(10).unwrap_or(0))))
}

/// What a line says if it is a heading.
#[derive(Clone, Debug, Default)]
pub struct HeadingSays {
    /// All its words are those of headings, and it opens a section of money: 收支, 三公.
    pub opens_section: bool,
    /// It speaks of a budget and not of final accounts.
    pub of_budget: bool,
    /// The organisation that it names before its first word.
    pub organisation: Option<String>,
}

/// Reads a line as a heading, whatever its year; `None` where it has numbers or marks inside.
///
/// Before its words a name may stand that `is_organisation` knows as one.
pub fn read_heading(
    text: &str,
    is_organisation: impl Fn(&str) -> bool,
    vocabulary: &Vocabulary,
    codes: &CodeLists,
    lexicon: &Lexicon,
) -> Option<HeadingSays> {
    let line = Line { text, place: Place::Paragraph { paragraph: 0, range: None }, offset: None };
    let paragraph = Paragraph::of_line(&line, 0);
    let cut = Words { lexicon, codes, fiscal_year: 0, unit_names: &[] }.cut(&paragraph);
    let ends_in_mark = matches!(cut.tokens.last().map(|token| &token.word), Some(Word::Mark('。' | ':')));
    let tokens = &cut.tokens[..cut.tokens.len() - usize::from(ends_in_mark)];
    heading_says(tokens, &paragraph, is_organisation, vocabulary)
}

/// Reads what a line makes public as a heading: `根据…要求，现将某镇2021年度“三公”经费决算情况公布如下：`.
///
/// `None` where it makes nothing public, or something with numbers or marks inside.
pub fn read_announcement(
    text: &str,
    is_organisation: impl Fn(&str) -> bool,
    vocabulary: &Vocabulary,
    codes: &CodeLists,
    lexicon: &Lexicon,
) -> Option<(String, HeadingSays)> {
    let line = Line { text, place: Place::Paragraph { paragraph: 0, range: None }, offset: None };
    let paragraph = Paragraph::of_line(&line, 0);
    let cut = Words { lexicon, codes, fiscal_year: 0, unit_names: &[] }.cut(&paragraph);
    let words = Paragraph::of_text(announced(&paragraph, &cut, lexicon.parts())?);
    let cut = Words { lexicon, codes, fiscal_year: 0, unit_names: &[] }.cut(&words);
    let says = heading_says(&cut.tokens, &words, is_organisation, vocabulary)?;
    Some((words.text, says))
}

/// What a paragraph that ends with an announcement (公布如下：, 决算情况如下：) makes public: its words.
fn announced<'t>(paragraph: &'t Paragraph, cut: &Cut<'_>, parts: &WordParts) -> Option<&'t str> {
    let [before @ .., last, mark] = cut.tokens.as_slice() else { return None };
    if cut.ordinal != Ordinal::None || !matches!(mark.word, Word::Mark(':' | '。')) {
        return None;
    }
    let clause = before.iter().rev().find(|token| matches!(token.word, Word::Mark(',' | ';' | '。' | ':')));
    let from = clause.map_or(0, |mark| mark.end);
    let words = match &last.word {
        Word::Phrase(senses) if senses.word == Some(crate::mapping::WordSense::Announcement) => {
            &paragraph.text[from..last.start]
        }
        Word::Phrase(_) => {
            let words = &paragraph.text[from..last.end];
            let follows = parts.follows.iter().find_map(|word| words.strip_suffix(word.as_str()));
            follows.filter(|words| ends_with_any(words, &parts.announced))?
        }
        _ => return None,
    };
    Some(behind_any(words, &parts.announcing).unwrap_or(words)).filter(|words| !words.is_empty())
}

/// Reads words as a heading, whatever their year; before them a name may stand that `is_organisation` knows as one.
fn heading_says(
    tokens: &[tokens::Token<'_>],
    paragraph: &Paragraph,
    is_organisation: impl Fn(&str) -> bool,
    vocabulary: &Vocabulary,
) -> Option<HeadingSays> {
    if tokens
        .iter()
        .any(|token| matches!(token.word, Word::Number(_)) || matches!(token.word, Word::Mark(mark) if mark != '、'))
    {
        return None;
    }
    let first = tokens.iter().position(|token| !matches!(token.word, Word::Year(_)))?;
    let of_money = |heading: &Heading| {
        heading.doubt.is_none()
            && heading.ends_as_heading
            && match heading.kind {
                Some(SectionKind::Totals | SectionKind::ThreePublic) => true,
                // 财政拨款支出决算情况, 政府采购支出决算情况
                Some(SectionKind::Other) => (heading.funding.is_some() || heading.labelled) && heading.says_final,
                _ => false,
            }
    };
    let whole = section::read(tokens, &paragraph.text, true, 0, vocabulary);
    let of_budget = whole.says_budget && !whole.says_final;
    if of_money(&whole) && whole.prefix.is_none() {
        return Some(HeadingSays { opens_section: true, of_budget, organisation: None });
    }
    // The longest name behind which all is known.
    for from in (first + 1..tokens.len()).rev() {
        let name = &paragraph.text[tokens[first].start..tokens[from].start];
        let rest = section::read(&tokens[from..], &paragraph.text, true, 0, vocabulary);
        if of_money(&rest) && rest.prefix.is_none() && is_organisation(name) {
            return Some(HeadingSays { opens_section: true, of_budget, organisation: Some(name.to_owned()) });
        }
    }
    Some(HeadingSays { opens_section: false, of_budget, organisation: None })
}

/// How a line without an ordinal may be a heading.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Heading,
    Caption,
    Sentence,
}

impl<'a> Reader<'a> {
    /// The words of a line, as far as they are known, open no section.
    fn opens_nothing(&self, line: &Paragraph) -> bool {
        let cut = self.words.cut(line);
        let heading = self.read_heading(&cut, line, cut.tokens.len());
        heading.is_bare()
    }

    /// Page numbers and running heads enter the account.
    fn lines_of_page(&mut self, lines: &mut Vec<(Paragraph, &'static str)>) {
        for (line, rule) in lines.drain(..) {
            let runs = self.words.cut(&line).runs;
            self.account(&line, ignored(runs, rule));
        }
    }

    /// Whether a line without an ordinal is a heading; a short one that is not understood may be one.
    fn shape(&self, cut: &Cut<'a>, paragraph: &Paragraph) -> Shape {
        let tokens = &cut.tokens;
        let length = if paragraph.text.len() > 200 { usize::MAX } else { paragraph.text.chars().count() };
        if is_bracketed(cut) {
            // 【上年收入情况】
            let words = paragraph.text.strip_suffix(')').unwrap_or_default();
            let heads = length <= 24 && ends_with_any(words, &self.words.lexicon.parts().explanations);
            return if heads { Shape::Heading } else { Shape::Caption };
        }
        if paragraph.text.ends_with(['?', '？']) && !tokens.iter().any(tokens::is_number) {
            // What a question asks heads its answer.
            return Shape::Heading;
        }
        let inside = tokens.len().saturating_sub(1);
        let marked = tokens.iter().enumerate().any(|(index, token)| match token.word {
            Word::Mark('、') => false,
            Word::Mark('。' | ':') => index < inside,
            Word::Mark(_) | Word::Number(_) => true,
            _ => false,
        });
        if marked || length > 50 {
            return Shape::Sentence;
        }
        if self.names_only_a_time(tokens).is_some_and(|time| time != Time::Ours) {
            // 2022年度：, the time of the lines below.
            return Shape::Heading;
        }
        let ends_in_mark = matches!(tokens.last().map(|token| &token.word), Some(Word::Mark(_)));
        let words = tokens.len() - usize::from(ends_in_mark);
        let heading = self.read_heading(cut, paragraph, words);
        if heading.caption {
            return Shape::Caption;
        }
        // 支出。 and 预算财政拨款收入和支出。 end sentences that a line's end parted; headings with a full stop explain.
        let stops = paragraph.text.strip_suffix('。');
        let known = heading.doubt.is_none() && (heading.opens_section || heading.ends_as_heading);
        if known
            && heading.ends_as_heading
            && stops.is_none_or(|text| ends_with_any(text, &self.words.lexicon.parts().heading_ends))
        {
            return Shape::Heading;
        }
        let blocked = tokens.iter().any(|token| {
            matches!(&token.word, Word::Phrase(senses) if matches!(senses.word, Some(crate::mapping::WordSense::Blocker | crate::mapping::WordSense::Average | crate::mapping::WordSense::Statement | crate::mapping::WordSense::Deviation(_))))
        });
        let short = length <= 24;
        if heading.doubt.is_some() && short && !ends_in_mark && !blocked {
            return Shape::Heading;
        }
        Shape::Sentence
    }

    fn read_heading(&self, cut: &Cut<'a>, paragraph: &Paragraph, length: usize) -> Heading {
        let title = cut.ordinal == Ordinal::None;
        section::read(&cut.tokens[..length], &paragraph.text, title, self.frame.fiscal_year, self.vocabulary)
    }

    /// 金额单位：元: the unit of the amounts below that have none, where it is told before the first of them. Another one further down
    /// leaves them open.
    fn note_unit(&mut self, paragraph: &Paragraph, cut: &Cut<'a>) {
        const MOST_WORDS: usize = 8;
        let line = Some(paragraph.text.as_str()).filter(|_| cut.tokens.len() <= MOST_WORDS);
        let Some(unit) = line.and_then(|line| unit_told(line, self.words.lexicon.parts())) else { return };
        let is_first = self.located.claims.is_empty() && self.located.leftovers.is_empty();
        self.units_differ |= self.unit_told.is_some_and(|told| told != unit);
        self.unit_told = self.unit_told.or(Some(unit).filter(|_| is_first));
    }

    /// Amounts in another unit than the line above told: which one holds where none is written, nothing tells.
    fn doubt_unit_told(&mut self) {
        let Some(unit) = self.unit_told.filter(|_| self.units_differ) else { return };
        let claims = self.located.claims.iter_mut();
        for claim in claims.filter(|claim| claim.unit == unit && claim.flags.contains(&"unit_assumed")) {
            claim.doubt.get_or_insert_with(|| "no unit".into());
        }
    }

    /// Reads one paragraph: a heading, a heading with the text behind it, or text.
    fn paragraph(&mut self, paragraph: &Paragraph, cut: &Cut<'a>) {
        self.note_unit(paragraph, cut);
        let broken_off = std::mem::replace(&mut self.broken_off, breaks_off(paragraph, cut));
        self.level = (cut.ordinal != Ordinal::None).then(|| section::level(cut.ordinal));
        let runs = if cut.ordinal == Ordinal::None {
            match self.shape(cut, paragraph) {
                Shape::Heading => {
                    self.heading(paragraph, cut, cut.tokens.len());
                    if broken_off && !ends_with_any(&paragraph.text, &self.words.lexicon.parts().heading_ends) {
                        // …完成 | 预算的: a heading, or a piece of the sentence before it?
                        self.sections.doubt(&paragraph.text);
                    }
                    ignored(cut.runs.clone(), "heading")
                }
                Shape::Caption => ignored(cut.runs.clone(), "caption"),
                Shape::Sentence => {
                    self.announcement(paragraph, cut);
                    if let Some(end) = Self::bracketed_lead(cut) {
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
            let level = section::level(cut.ordinal);
            self.places.retain(|(above, _)| *above < level);
            self.above.retain(|(above, _)| *above < level);
            match lead(cut) {
                Some(end) if end >= cut.tokens.len() => self.heading(paragraph, cut, end),
                Some(end) => {
                    self.enter(paragraph, cut, end);
                    if matches!(cut.ordinal, Ordinal::Part | Ordinal::Chinese) {
                        self.carried = None;
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

    /// 【收入】2021年…: a line that begins with a few words in brackets has a heading.
    fn bracketed_lead(cut: &Cut<'_>) -> Option<usize> {
        const LONGEST: usize = 6;
        let close = match cut.tokens.first().map(|token| &token.word) {
            Some(Word::Open(close)) if *close != usize::MAX && *close <= LONGEST => *close,
            _ => return None,
        };
        let plain = cut.tokens[1..close].iter().all(|token| match &token.word {
            Word::Phrase(senses) => !matches!(senses.word, Some(crate::mapping::WordSense::Aside)),
            Word::Unknown => true,
            Word::Mark(mark) => *mark == '、',
            _ => false,
        });
        (plain && close > 1 && close + 1 < cut.tokens.len()).then_some(close + 1)
    }

    /// 支出结构：… : words before a colon that say nothing by themselves.
    fn caption_before(&self, cut: &Cut<'a>, paragraph: &Paragraph) -> usize {
        let Some(end) = lead(cut).filter(|end| *end < cut.tokens.len() && *end <= 4) else { return 0 };
        let plain = cut.tokens[..end].iter().all(|token| match &token.word {
            Word::Phrase(senses) => {
                senses.heading_word
                    && senses.label.as_ref().is_none_or(|label| label.only == Some(crate::mapping::Only::Weak))
            }
            Word::Mark(mark) => *mark == ':',
            _ => false,
        });
        if plain && self.read_heading(cut, paragraph, end - 1).doubt.is_none() { end } else { 0 }
    }

    /// Where no heading stands above, what the first sentence makes public is one.
    fn announcement(&mut self, paragraph: &Paragraph, cut: &Cut<'a>) {
        if self.sections.current().is_some() {
            return;
        }
        let Some(words) = announced(paragraph, cut, self.words.lexicon.parts()) else { return };
        let words = Paragraph::of_text(words);
        let cut = self.words.cut(&words);
        let heading = section::read(&cut.tokens, &words.text, true, self.frame.fiscal_year, self.vocabulary);
        if heading.doubt.is_none() && heading.says_final && heading.ends_as_heading {
            self.sections.enter(Ordinal::None, heading, &words.text, Vec::new());
        }
    }

    /// A heading by itself.
    fn heading(&mut self, paragraph: &Paragraph, cut: &Cut<'a>, end: usize) -> Vec<Run> {
        self.enter(paragraph, cut, end);
        self.places.clear();
        self.lost = false;
        self.above.clear();
        self.divided = None;
        let function_line = self.sections.current().is_some_and(|section| section.lasting);
        if !function_line {
            self.carried = None;
        }
        self.subject.clear();
        self.told.clear();
        self.before = None;
        ignored(cut.runs.clone(), "heading")
    }

    /// Opens the section that the first words of a paragraph head.
    fn enter(&mut self, paragraph: &Paragraph, cut: &Cut<'a>, end: usize) {
        let asks = cut.tokens[..end].last().is_some_and(|token| {
            matches!(token.word, Word::Unknown) && matches!(&paragraph.text[token.start..token.end], "?" | "？")
        });
        let end = end - usize::from(asks);
        let trailing_mark = matches!(cut.tokens[..end].last().map(|token| &token.word), Some(Word::Mark(_)));
        let heading = self.read_heading(cut, paragraph, end - usize::from(trailing_mark));
        let title = match (cut.tokens.first(), cut.tokens[..end].last()) {
            (Some(first), Some(last)) => paragraph.text[first.start..last.end].to_owned(),
            _ => String::new(),
        };
        let time = self.names_only_a_time(&cut.tokens[..end]);
        self.another_year = time.filter(|time| *time != Time::Ours).map(|_| title.clone());
        // 部门决算及“三公”经费决算情况说明: which of both the lines below speak of, they must say.
        let governs = heading.doubt.is_none() && !heading.of_more;
        self.sections.enter(cut.ordinal, heading, &title, Vec::new());
        // The labels of a heading govern below it; they are read as those of a sentence, in the new section.
        let subject = if governs { reading::labels(self, paragraph, cut, end) } else { Vec::new() };
        if let Some(section) = self.sections.current_mut() {
            section.topics.clone_from(&subject);
            section.subject = subject;
        }
    }

    /// Reads sentences from token `from` on.
    fn sentences(&mut self, paragraph: &Paragraph, cut: &Cut<'a>, from: usize) -> Vec<Run> {
        if self.sections.current().is_some_and(|section| section.kind == SectionKind::Ignored) {
            let title = self.sections.current().map_or(String::new(), |section| section.title.clone());
            return ignored(cut.runs.clone(), &format!("section without figures: {title}"));
        }
        let mut state = State { since: Since::Mark, fresh: true, ..State::default() };
        let own_path = names_its_path(cut, from);
        if let Some(section) = self.sections.current_mut() {
            if section.lasting && section.passed && !own_path {
                // 1.甲（项）。 / …。2.乙（项）。 / 年初预算为…: of which of both?
                section.subject.clear();
            }
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
        state.list = self.carried.clone();
        if let Some(time) = self.names_only_a_time(&cut.tokens[from..]) {
            let words = paragraph.text.trim_end_matches(':').to_owned();
            self.another_year = Some(words).filter(|_| time != Time::Ours);
        } else if let Some(year) = &self.another_year {
            state.time = Time::Other(year.clone());
        }
        self.stumbled = false;
        self.first = None;
        let (mut end, runs) = reading::read(self, paragraph, cut, from, state);
        if let (Some(level), Some(first)) = (self.level, self.first.take().filter(|first| first.own_funding.is_some()))
        {
            self.above.push((level, first));
        }
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
        let divided =
            end.list.as_ref().or(end.past_list.as_ref()).filter(|list| list.divides && !self.stumbled).cloned();
        self.divided = divided;
        self.remember_place(paragraph, cut, from);
        self.pass_on(cut, from, &end);
        self.subject = std::mem::take(&mut end.subject);
        runs
    }

    /// 2018年度基本支出1420.03万元。 / 与2017年相比，增加101.20万元…: what a paragraph of its own compares is what the one before told the
    /// final of, where that told nothing else.
    fn only_subject(&self) -> Option<Named> {
        let ([named], [told]) = (self.subject.as_slice(), self.told.as_slice()) else { return None };
        let whole = self.carried.is_none() && !self.stumbled && !self.broken_off && named.same_as(told);
        let is_final = told.told == Told::Amount(Measure::Final) && named.funding == told.funding;
        (whole && is_final && !named.listed && named.doubt.is_none()).then(|| named.clone())
    }

    /// 2022年度：, the time of the lines below.
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
                    _ => return None,
                },
                Word::Mark(':') => {}
                _ => return None,
            }
        }
        time
    }

    /// 1.公共安全支出（类）1560万元，…。 / （1）公安（款）…: a line that begins with a place heads the deeper lines behind it.
    fn remember_place(&mut self, paragraph: &Paragraph, cut: &Cut<'_>, from: usize) {
        self.lost |= self.stumbled;
        if self.stumbled {
            self.places.clear();
        } else if from == 0
            && cut.ordinal != Ordinal::None
            && let Some(code) = cut.tokens.first().and_then(|token| self.place_of(token, paragraph))
        {
            self.places.push((section::level(cut.ordinal), code));
        }
    }

    /// The code that a word names: a path, or a 类 with its 支出.
    fn place_of(&self, token: &tokens::Token<'_>, paragraph: &Paragraph) -> Option<Arc<str>> {
        match &token.word {
            Word::Function(functions::Function::Known(code)) => Some(code.clone()),
            Word::Phrase(senses) if senses.category => {
                let name = &paragraph.text[token.start..token.end];
                let codes = self.words.codes;
                let of_both = codes.economic.knows_name(&crate::model::Label::new(name));
                codes.functional.code_of(name, 3, "", Some(self.frame.fiscal_year)).filter(|_| !of_both)
            }
            _ => None,
        }
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

/// A paragraph with numbers ends without the mark that ends a sentence or opens a list.
fn breaks_off(paragraph: &Paragraph, cut: &Cut<'_>) -> bool {
    cut.tokens.iter().any(tokens::is_number) && !paragraph.is_complete() && !paragraph.text.ends_with([';', ':'])
}

/// Where the heading at the start of a line with an ordinal ends: behind its first `。` or `：`, if no number stands before.
fn lead(cut: &Cut<'_>) -> Option<usize> {
    let mut depth = 0;
    for (index, token) in cut.tokens.iter().enumerate() {
        match token.word {
            Word::Open(_) => depth += 1,
            Word::Close => depth -= 1,
            Word::Number(_) => return None,
            Word::Mark('。' | ':') if depth == 0 => return Some(index + 1),
            Word::Mark(',' | ';') if depth == 0 => {
                // A path of the classification may be followed by a comma: …（项），年初预算为
                let function = matches!(cut.tokens[..index], [tokens::Token { word: Word::Function(_), .. }]);
                return function.then_some(index + 1);
            }
            _ => {}
        }
    }
    Some(cut.tokens.len())
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

/// The whole line stands in brackets.
fn is_bracketed(cut: &Cut<'_>) -> bool {
    let mut at = 0;
    while at < cut.tokens.len() {
        match cut.tokens[at].word {
            Word::Open(close) if close != usize::MAX => at = close + 1,
            _ => return false,
        }
    }
    at > 0
}

/// 单位：万元, in brackets or not: the unit that the words tell.
fn unit_told(text: &str, parts: &WordParts) -> Option<UnitOfMeasure> {
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let behind = parts.units_told.iter().filter_map(|word| text.strip_prefix(word.as_str()));
    let mut units = behind.map(|unit| unit.strip_prefix(':').unwrap_or(unit));
    units.find_map(UnitOfMeasure::of_money)
}

/// All runs that have no fate yet are ignored by a rule.
fn ignored(mut runs: Vec<Run>, rule: &str) -> Vec<Run> {
    for run in &mut runs {
        run.fate.get_or_insert_with(|| (Fate::Ignored, rule.into()));
    }
    runs
}
