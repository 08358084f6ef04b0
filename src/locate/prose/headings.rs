//! Which lines are headings, what they say, and where the heading at the start of a paragraph ends.

use super::heading::{self, Heading};
use super::runs::Run;
use super::sentence::Time;
use super::text::Paragraph;
use super::tokens::{self, Cut, Token, Word, Words};
use super::units::unit_told;
use super::{Line, Reader, ignored, reading};
use crate::mapping::{
    CodeLists, ComparisonWord, Lexicon, Only, SectionKind, Vocabulary, WordParts, WordSense, behind_any, ends_with_any,
};
use crate::model::{Ordinal, Place, UnitOfMeasure};

/// What a line says if it is a heading.
#[derive(Clone, Debug, Default)]
pub struct HeadingSays {
    /// All its words are those of headings, and it opens a section of money: 收支, 三公.
    pub opens_section: bool,
    /// All its words are known, and are those of a heading.
    pub is_known: bool,
    /// It speaks of a budget and not of final accounts.
    pub of_budget: bool,
    /// The organisation that it names before its first word.
    pub organisation: Option<String>,
}

/// How a line without an ordinal may be a heading.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Heading,
    Caption,
    Sentence,
}

impl<'a> Reader<'a> {
    /// The words of a line, as far as they are known, open no section.
    pub(super) fn opens_nothing(&self, line: &Paragraph) -> bool {
        let cut = self.words.cut(line);
        let heading = self.read_heading(&cut, line, cut.tokens.len());
        heading.is_bare()
    }

    /// Whether a line without an ordinal is a heading; a short one that is not understood may be one.
    pub(super) fn shape(&self, cut: &Cut<'a>, paragraph: &Paragraph) -> Shape {
        let tokens = &cut.tokens;
        let length = if paragraph.text.len() > 200 { usize::MAX } else { paragraph.text.chars().count() };
        let another_time = || self.names_only_a_time(tokens).is_some_and(|time| time != Time::Ours);
        if is_bracketed(cut) && length <= 24 && another_time() {
            // （以下为2022年度数据）
            return Shape::Heading;
        }
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
        let tokens = self.without_told(tokens, &paragraph.text);
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
        if another_time() {
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
            matches!(&token.word, Word::Phrase(senses) if matches!(senses.word, Some(WordSense::Blocker | WordSense::Average | WordSense::Statement | WordSense::Deviation(_))))
        });
        let short = length <= 24;
        if heading.doubt.is_some() && short && !ends_in_mark && !blocked {
            return Shape::Heading;
        }
        Shape::Sentence
    }

    /// 【收入】2021年…: a line that begins with a few words in brackets has a heading.
    pub(super) fn bracketed_lead(cut: &Cut<'_>) -> Option<usize> {
        const LONGEST: usize = 6;
        let close = match cut.tokens.first().map(|token| &token.word) {
            Some(Word::Open(close)) if *close != usize::MAX && *close <= LONGEST => *close,
            _ => return None,
        };
        let plain = cut.tokens[1..close].iter().all(|token| match &token.word {
            Word::Phrase(senses) => !matches!(senses.word, Some(WordSense::Aside)),
            Word::Unknown => true,
            Word::Mark(mark) => *mark == '、',
            _ => false,
        });
        (plain && close > 1 && close + 1 < cut.tokens.len()).then_some(close + 1)
    }

    /// 国有资产占用情况：截至…: a line whose first words are a heading of what is no money, and a colon.
    pub(super) fn led_by_heading(&self, cut: &Cut<'a>, paragraph: &Paragraph) -> Option<usize> {
        const LONGEST: usize = 4;
        let end = lead(cut).filter(|end| *end < cut.tokens.len() && *end <= LONGEST)?;
        let heading = self.read_heading(cut, paragraph, end - 1);
        let of_no_money = matches!(heading.kind, Some(SectionKind::Assets | SectionKind::Performance));
        (of_no_money && heading.doubt.is_none() && heading.ends_as_heading && !heading.says_budget).then_some(end)
    }

    /// 支出结构：… : words before a colon that say nothing by themselves.
    pub(super) fn caption_before(&self, cut: &Cut<'a>, paragraph: &Paragraph) -> usize {
        let Some(end) = lead(cut).filter(|end| *end < cut.tokens.len() && *end <= 4) else { return 0 };
        let plain = cut.tokens[..end].iter().all(|token| match &token.word {
            Word::Phrase(senses) => {
                senses.heading_word && senses.label.as_ref().is_none_or(|label| label.only == Some(Only::Weak))
            }
            Word::Mark(mark) => *mark == ':',
            _ => false,
        });
        if plain && self.read_heading(cut, paragraph, end - 1).doubt.is_none() { end } else { 0 }
    }

    /// Where no heading stands above, what the first sentence makes public is one.
    pub(super) fn announcement(&mut self, paragraph: &Paragraph, cut: &Cut<'a>) {
        if self.sections.current().is_some() {
            return;
        }
        let Some(words) = announced(paragraph, cut, self.words.lexicon.parts()) else { return };
        let words = Paragraph::of_text(words);
        let cut = self.words.cut(&words);
        let heading = heading::read(&cut.tokens, &words.text, true, self.frame.fiscal_year, self.vocabulary);
        if heading.doubt.is_none() && heading.says_final && heading.ends_as_heading {
            self.sections.enter(Ordinal::None, heading, &words.text, Vec::new());
        }
    }

    /// A heading by itself.
    pub(super) fn heading(&mut self, paragraph: &Paragraph, cut: &Cut<'a>, end: usize) -> Vec<Run> {
        if let Some(unit) = self.unit_behind(&cut.tokens[..end], &paragraph.text) {
            self.tell_unit(unit);
        }
        self.enter(paragraph, cut, end);
        let heads_place = self.sections.current().is_some_and(|section| section.lasting);
        self.above.end(heads_place);
        self.subject.clear();
        self.told.clear();
        self.before = None;
        ignored(cut.runs.clone(), "heading")
    }

    /// Opens the section that the first words of a paragraph head.
    pub(super) fn enter(&mut self, paragraph: &Paragraph, cut: &Cut<'a>, end: usize) {
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
        let of_carried = self.is_about_what_was_carried(cut, paragraph, end);
        let changed = &self.words.lexicon.parts().changed;
        let of_changes = heading.says_nothing() && changed.iter().any(|word| title.contains(word.as_str()));
        // 部门决算及“三公”经费决算情况说明: which of both the lines below speak of, they must say.
        let governs = heading.doubt.is_none() && !heading.of_more;
        self.sections.enter(cut.ordinal, heading, &title, Vec::new());
        // The labels of a heading govern below it; they are read as those of a sentence, in the new section.
        let mut subject = if governs { reading::labels(self, paragraph, cut, end) } else { Vec::new() };
        if self.names_both_sides(&title) {
            subject.retain(|named| !named.is_of_year() || named.items.len() > 1 || !named.function.is_empty());
        }
        if let Some(section) = self.sections.current_mut() {
            section.topics.clone_from(&subject);
            section.of_carried = of_carried;
            section.of_changes = of_changes;
            section.subject = subject;
        }
    }

    /// 财政拨款收入支出情况: no label of the one side governs below it.
    fn names_both_sides(&self, title: &str) -> bool {
        let parts = self.words.lexicon.parts();
        let has = |of: &[String]| of.iter().any(|part| title.contains(part.as_str()));
        has(&parts.income) && has(&parts.expenditure)
    }

    /// 年末结转和结余情况: every word of accounts in a heading is one of what was carried over.
    fn is_about_what_was_carried(&self, cut: &Cut<'a>, paragraph: &Paragraph, end: usize) -> bool {
        let of_accounts = |token: &&Token<'_>| match &token.word {
            Word::Phrase(senses) => senses.label.is_some() || senses.heading == Some(SectionKind::Totals),
            _ => false,
        };
        let parts = self.words.lexicon.parts();
        let is_carried = |token: &Token<'_>| {
            let word = &paragraph.text[token.start..token.end];
            let has = |of: &[String]| of.iter().any(|part| word.contains(part.as_str()));
            has(&parts.carried) && !has(&parts.both_sides)
        };
        let mut words = cut.tokens[..end].iter().filter(of_accounts).peekable();
        words.peek().is_some() && words.all(is_carried)
    }

    pub(super) fn read_heading(&self, cut: &Cut<'a>, paragraph: &Paragraph, length: usize) -> Heading {
        let title = cut.ordinal == Ordinal::None;
        let tokens = self.without_told(&cut.tokens[..length], &paragraph.text);
        heading::read(tokens, &paragraph.text, title, self.frame.fiscal_year, self.vocabulary)
    }

    /// The words of a heading without the brackets behind it that tell only whose it is, of which year, or the unit of amounts below:
    /// …情况说明（某镇2024年度）, …情况说明（单位：万元）.
    fn without_told<'t>(&self, tokens: &'t [Token<'a>], text: &str) -> &'t [Token<'a>] {
        let Some(open) = last_bracket(tokens).filter(|open| *open > 0) else { return tokens };
        let tells = |token: &Token<'_>| match &token.word {
            Word::UnitName | Word::Mark(',' | '、') => true,
            Word::Year(year) => *year == self.frame.fiscal_year,
            Word::Phrase(senses) => senses.word == Some(WordSense::Link) && senses.label.is_none(),
            _ => false,
        };
        let inner = &tokens[open + 1..tokens.len() - 1];
        if inner.iter().all(tells) || self.unit_behind(tokens, text).is_some() { &tokens[..open] } else { tokens }
    }

    /// The unit of amounts in brackets behind a heading: …情况说明（单位：万元）, …情况说明（万元）.
    fn unit_behind(&self, tokens: &[Token<'a>], text: &str) -> Option<UnitOfMeasure> {
        let open = last_bracket(tokens)?;
        let words = &text[tokens[open].end..tokens[tokens.len() - 1].start];
        UnitOfMeasure::of_money(words).or_else(|| unit_told(words, self.words.lexicon.parts()))
    }
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
    let cut = Words { lexicon, codes, fiscal_year: 0, unit_names: &[], blank_groups: false }.cut(&paragraph);
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
    let cut = Words { lexicon, codes, fiscal_year: 0, unit_names: &[], blank_groups: false }.cut(&paragraph);
    let words = Paragraph::of_text(announced(&paragraph, &cut, lexicon.parts())?);
    let cut = Words { lexicon, codes, fiscal_year: 0, unit_names: &[], blank_groups: false }.cut(&words);
    let says = heading_says(&cut.tokens, &words, is_organisation, vocabulary)?;
    Some((words.text, says))
}

/// What a paragraph that ends with an announcement (公布如下：, 决算情况如下：) makes public: its words.
pub(super) fn announced<'t>(paragraph: &'t Paragraph, cut: &Cut<'_>, parts: &WordParts) -> Option<&'t str> {
    let [before @ .., last, mark] = cut.tokens.as_slice() else { return None };
    if cut.ordinal != Ordinal::None || !matches!(mark.word, Word::Mark(':' | '。')) {
        return None;
    }
    let clause = before.iter().rev().find(|token| matches!(token.word, Word::Mark(',' | ';' | '。' | ':')));
    let from = clause.map_or(0, |mark| mark.end);
    let words = match &last.word {
        Word::Phrase(senses) if senses.word == Some(WordSense::Announcement) => &paragraph.text[from..last.start],
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
    tokens: &[Token<'_>],
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
    let whole = heading::read(tokens, &paragraph.text, true, 0, vocabulary);
    let of_budget = whole.says_budget && !whole.says_final;
    let is_known = whole.doubt.is_none() && whole.ends_as_heading && whole.prefix.is_none();
    if of_money(&whole) && is_known {
        return Some(HeadingSays { opens_section: true, is_known, of_budget, organisation: None });
    }
    // The longest name behind which all is known.
    for from in (first + 1..tokens.len()).rev() {
        let name = &paragraph.text[tokens[first].start..tokens[from].start];
        let rest = heading::read(&tokens[from..], &paragraph.text, true, 0, vocabulary);
        if of_money(&rest) && rest.prefix.is_none() && is_organisation(name) {
            return Some(HeadingSays { opens_section: true, is_known, of_budget, organisation: Some(name.to_owned()) });
        }
    }
    Some(HeadingSays { opens_section: false, is_known, of_budget, organisation: None })
}

/// Where the heading at the start of a line with an ordinal ends: behind its first `。` or `：`, if no number stands before.
pub(super) fn lead(cut: &Cut<'_>) -> Option<usize> {
    let mut depth = 0;
    for (index, token) in cut.tokens.iter().enumerate() {
        match token.word {
            Word::Open(_) => depth += 1,
            Word::Close => depth -= 1,
            Word::Number(_) => return None,
            // “三公”经费与上年相比：公务接待费减少1万元; the comparison holds for what stands behind it.
            Word::Mark(':')
                if depth == 0 && index + 1 < cut.tokens.len() && closes_comparison(&cut.tokens[..index]) =>
            {
                return None;
            }
            Word::Mark('。' | ':') if depth == 0 => return Some(index + 1),
            Word::Mark(',' | ';') if depth == 0 => {
                // A path of the classification may be followed by a comma: …（项），年初预算为
                let function = matches!(cut.tokens[..index], [Token { word: Word::Function(_), .. }]);
                return function.then_some(index + 1);
            }
            _ => {}
        }
    }
    Some(cut.tokens.len())
}

/// The words end with what ends a comparison: 与上年相比.
fn closes_comparison(tokens: &[Token<'_>]) -> bool {
    let Some(Word::Phrase(senses)) = tokens.last().map(|token| &token.word) else { return false };
    senses.word == Some(WordSense::Comparison(ComparisonWord::Close))
}

/// Where the bracket opens that closes at the end of a line.
fn last_bracket(tokens: &[Token<'_>]) -> Option<usize> {
    let last = tokens.len().checked_sub(1)?;
    tokens.iter().position(|token| matches!(token.word, Word::Open(close) if close == last))
}

/// The whole line stands in brackets.
pub(super) fn is_bracketed(cut: &Cut<'_>) -> bool {
    let mut at = 0;
    while at < cut.tokens.len() {
        match cut.tokens[at].word {
            Word::Open(close) if close != usize::MAX => at = close + 1,
            _ => return false,
        }
    }
    at > 0
}
