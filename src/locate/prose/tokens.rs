//! Cutting a folded sentence into words: the longest known phrase at each place, numbers with their units, years, marks,
//! names of the classification. What is left over is a word too: one that is not known.

use std::cell::{Cell, RefCell};

use super::functions::{self, Function};
use super::nouns::look_behind_numbers;
use super::references;
use super::runs::{Run, RunFate, malformed};
use super::text::is_full_stop;
use super::uncut::Sentence;
use super::unit_names::UnitName;
use super::years::{date_end, is_within_year, year_of, years_joined};
use crate::mapping::{CodeLists, Found, Lexicon, Senses, Unit, WordSense};
use crate::model::{Fate, Ordinal, is_numeral, numeral_value};

/// A word of a paragraph.
#[derive(Clone, Debug)]
pub(super) struct Token<'l> {
    /// Byte where it starts.
    pub(super) start: usize,
    /// Byte behind its end.
    pub(super) end: usize,
    /// What it is.
    pub(super) word: Word<'l>,
}

impl Token<'_> {
    /// It names what figures are of: an item, by a label of its own, or a code.
    pub(super) fn names_item(&self) -> bool {
        match &self.word {
            Word::Function(_) => true,
            Word::Phrase(senses) => senses.label.as_ref().is_some_and(|label| label.only.is_none()),
            _ => false,
        }
    }

    /// It does, or it names a class of the classification.
    pub(super) fn names(&self) -> bool {
        self.names_item() || matches!(&self.word, Word::Phrase(senses) if senses.category)
    }
}

/// The kinds of word.
#[derive(Clone, Debug)]
pub(super) enum Word<'l> {
    /// A phrase of the lexicon.
    Phrase(&'l Senses),
    /// A name of the reporting unit.
    UnitName,
    /// A number with its unit.
    Number(Number),
    /// A year, or a date in it.
    Year(i32),
    /// A span of years.
    Years,
    /// An ordinal, at the start or within a paragraph.
    Ordinal,
    /// One of `,;。:、`.
    Mark(char),
    /// A bracket opens; the token at this index closes it.
    Open(usize),
    /// A bracket closes.
    Close,
    /// Names of the functional classification: 类, 款, 项.
    Function(Function),
    /// Nothing that is known.
    Unknown,
}

/// A number as it stands, with its unit.
#[derive(Clone, Debug)]
pub(super) struct Number {
    /// Its run in the account of the paragraph.
    pub(super) run: usize,
    /// What stands behind it.
    pub(super) unit: Option<Unit>,
    /// A minus sign stands before it.
    pub(super) minus: bool,
    /// It is an end of a span: 40—60.
    pub(super) span: bool,
    /// It has decimals.
    pub(super) decimals: bool,
    /// It is zero.
    pub(super) zero: bool,
    /// It is no number: a letter among the digits, two points.
    pub(super) malformed: bool,
    /// Something that is not known, or a noun that the unit counts, stands directly behind it.
    pub(super) behind: Option<String>,
    /// Why its digits may not be all of it: a blank among them, a line of digits alone beside them.
    pub(super) parted: Option<&'static str>,
}

/// A paragraph cut into words.
#[derive(Debug, Default)]
pub(super) struct Cut<'l> {
    /// The ordinal it begins with.
    pub(super) ordinal: Ordinal,
    /// Its words, without that ordinal.
    pub(super) tokens: Vec<Token<'l>>,
    /// All its runs of digits.
    pub(super) runs: Vec<Run>,
}

/// What cutting needs to know.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) codes: &'a CodeLists,
    pub(super) fiscal_year: i32,
    /// The names of the reporting unit.
    pub(super) unit_names: &'a [UnitName],
    /// Blanks part the thousands of amounts.
    pub(super) blank_groups: bool,
}

impl<'a> Words<'a> {
    /// The words of a sentence, and the fates of its runs as far as its words decide them.
    pub(super) fn cut_sentence(self, sentence: &Sentence<'_>) -> (Vec<Token<'a>>, Vec<RunFate>) {
        let (text, begin) = (sentence.text, sentence.begin);
        let mut functions = functions::find(text, begin, self.codes, self.fiscal_year, self.lexicon);
        let codes = functions::find_codes(text, begin, self.codes, self.fiscal_year);
        let joined = functions::find_joined(text, begin, self.codes, self.fiscal_year, self.lexicon);
        for (start, end, function) in codes.into_iter().chain(joined) {
            if !functions.iter().any(|(from, to, _)| *from < end && start < *to) {
                functions.push((start, end, Some(function)));
            }
        }
        let runs: Vec<Run> = sentence.runs().collect();
        let parts = self.lexicon.parts();
        let references = runs.iter().filter_map(|run| references::around(text, run.start, run.end, parts)).collect();
        let mut cutter = Cutter {
            sentence,
            text,
            lexicon: self.lexicon,
            codes: self.codes,
            fiscal_year: self.fiscal_year,
            runs,
            tokens: Vec::with_capacity(text.len() / 8),
            functions,
            references,
            at: begin,
            asked: Cell::new((usize::MAX, None)),
            here: RefCell::default(),
        };
        for run in &mut cutter.runs {
            if run.start < begin {
                run.fate = Some((Fate::Ignored, "ordinal".into()));
            }
        }
        while cutter.at < text.len() {
            cutter.next();
        }
        let Cutter { mut tokens, runs, .. } = cutter;
        pair_brackets(&mut tokens);
        look_behind_numbers(&mut tokens, text);
        (tokens, runs.into_iter().map(|run| run.fate).collect())
    }
}

struct Cutter<'a, 'p> {
    sentence: &'p Sentence<'p>,
    text: &'p str,
    lexicon: &'a Lexicon,
    codes: &'a CodeLists,
    fiscal_year: i32,
    runs: Vec<Run>,
    tokens: Vec<Token<'a>>,
    functions: Vec<(usize, usize, Option<Function>)>,
    /// Where figures and tables are referred to: 如图2所示.
    references: Vec<(usize, usize)>,
    at: usize,
    /// The place where a phrase was last looked for, and what stands there.
    asked: Cell<(usize, Option<(usize, &'a Senses)>)>,
    /// The phrases there: room to be used again.
    here: RefCell<Vec<Found<'a>>>,
}

impl<'a> Cutter<'a, '_> {
    fn next(&mut self) {
        let at = self.at;
        let rest = &self.text[at..];
        let Some(first) = rest.chars().next() else { return };
        if let Some((_, end)) = self.sentence.units().find(|(start, _)| *start == at) {
            // 街道 | （本级）及下属单位
            let with_others =
                |(longer, senses): &(usize, &Senses)| *longer > end && senses.word == Some(WordSense::Itself);
            return match self.longest(at).filter(with_others) {
                Some((longer, senses)) => self.push(longer, Word::Phrase(senses)),
                None => self.push(end, Word::UnitName),
            };
        }
        if let Some((_, end, function)) = self.functions.iter().find(|(start, ..)| *start == at) {
            let (end, function) = (*end, function.clone());
            self.decide(at, end, Fate::Ignored, "code");
            return self.push(end, function.map_or(Word::Unknown, Word::Function));
        }
        if let Some((_, end)) = self.references.iter().find(|(start, _)| *start == at).copied() {
            self.decide(at, end, Fate::Ignored, "reference");
            return self.push(end, Word::Phrase(&NAMED));
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        if is_numeral(first) && self.runs.binary_search_by_key(&at, |run| run.start).is_ok() {
            return self.count_in_words();
        }
        if first == '-' && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) && !self.ends_in_number() {
            return self.signed();
        }
        if first == '+' && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) && !self.ends_in_number() {
            self.at += 1;
            return self.number();
        }
        if let Some((end, function)) = self.bare_name(at) {
            return self.push(end, Word::Function(function));
        }
        if let Some((end, senses)) = self.longest(at) {
            self.decide(at, end, Fate::Ignored, "threshold of a label");
            return self.push(end, Word::Phrase(senses));
        }
        match first {
            ',' | ';' | '。' | ':' | '、' => self.push(at + first.len_utf8(), Word::Mark(first)),
            '.' if is_full_stop(self.text, at) => self.push(at + 1, Word::Mark('。')),
            '/' if self.parts_readings() => self.push(at + 1, Word::Mark(';')),
            '(' => self.open(),
            ')' => self.push(at + 1, Word::Close),
            '《' => {
                let closes = rest.find('》').map(|end| at + end + '》'.len_utf8());
                let end = closes.unwrap_or(at + first.len_utf8());
                self.decide(at, end, Fate::Text, "title of a document");
                self.push(end, if closes.is_some() { Word::Phrase(&NAMED) } else { Word::Unknown });
            }
            '①'..='⑳' => self.push(at + first.len_utf8(), Word::Ordinal),
            _ => self.unknown(),
        }
    }

    /// A name of the classification that fills a clause up to its number, and is no word of the lexicon.
    fn bare_name(&self, at: usize) -> Option<(usize, Function)> {
        let begins = match self.tokens.last().map(|token| &token.word) {
            None | Some(Word::Mark(_) | Word::Ordinal) => true,
            Some(Word::Phrase(senses)) => matches!(senses.word, Some(WordSense::PartsOpen | WordSense::Purpose)),
            _ => false,
        };
        // 国有资本经营预算 is the fund, though a 类 is called so too.
        let names = |senses: &Senses| {
            senses.label.is_some()
                || senses.category
                || matches!(senses.word, Some(WordSense::PartsOpen | WordSense::Funding(_)))
        };
        if !begins || self.longest(at).is_some_and(|(_, senses)| names(senses)) {
            return None;
        }
        functions::bare_name(self.text, at, self.codes, self.fiscal_year, self.lexicon)
    }

    /// A number behind a minus sign; a dash of the text is no sign.
    fn signed(&mut self) {
        let at = self.at;
        let sign = self.sentence.written_is_minus(at);
        self.at += 1;
        self.number();
        if let Some(Token { word: Word::Number(number), start, .. }) = self.tokens.last_mut() {
            *start = at;
            number.minus = sign;
            number.span |= !sign;
        }
    }

    fn push(&mut self, end: usize, word: Word<'a>) {
        self.tokens.push(Token { start: self.at, end, word });
        self.at = end;
    }

    fn ends_in_number(&self) -> bool {
        matches!(self.tokens.last(), Some(Token { word: Word::Number(_) | Word::Year(_), .. }))
    }

    /// The longest phrase that starts at a byte, cut short where a label or the unit's name begins inside it that reaches further.
    fn longest(&self, at: usize) -> Option<(usize, &'a Senses)> {
        let (asked, answer) = self.asked.get();
        if asked == at {
            return answer;
        }
        let answer = self.longest_anew(at);
        self.asked.set((at, answer));
        answer
    }

    fn longest_anew(&self, at: usize) -> Option<(usize, &'a Senses)> {
        let mut here = self.here.borrow_mut();
        here.clear();
        here.extend(self.lexicon.beginning_at(self.text, at));
        let mut longest = here.last()?;
        let counts_on = self.text[longest.end..].starts_with(|c: char| c.is_ascii_digit());
        if longest.senses.word == Some(WordSense::Aside) && counts_on {
            // （含上年结转34万元）: not the bracket that says no more than that.
            longest = here.iter().rev().nth(1).unwrap_or(longest);
        }
        for shorter in here.iter().rev().skip(1) {
            let reaches_further = self.lexicon.beginning_at(self.text, shorter.end).last().is_some_and(|label| {
                label.end > longest.end && label.senses.label.as_ref().is_some_and(|label| label.only.is_none())
            });
            // 2014年|中原科学院: the unit's own name, too.
            let is_name = |(start, end): (usize, usize)| start == shorter.end && end > longest.end;
            if reaches_further || self.sentence.units().any(is_name) {
                return Some((shorter.end, shorter.senses));
            }
        }
        if is_of_headings_only(longest.senses) && self.is_in_sentence(longest.end) {
            // 会议费和培训费分别为: two labels, though together they are a heading.
            let label = here.iter().rev().skip(1).find(|shorter| shorter.senses.label.is_some());
            if let Some(label) = label {
                return Some((label.end, label.senses));
            }
        }
        if !self.goes_on_known(longest.end) {
            // 决算数|据: where nothing known follows, a shorter phrase may leave the next one whole: 决算|数据.
            let known = here.iter().rev().skip(1).find(|shorter| {
                let next = self.lexicon.beginning_at(self.text, shorter.end).last();
                next.is_some_and(|next| next.end > longest.end && self.goes_on_known(next.end))
            });
            if let Some(shorter) = known {
                return Some((shorter.end, shorter.senses));
            }
        }
        Some((longest.end, longest.senses))
    }

    /// Behind the words of a heading stands one that none has.
    fn is_in_sentence(&self, behind: usize) -> bool {
        let mut at = behind;
        while let Some(found) = self.lexicon.beginning_at(self.text, at).last() {
            let senses = found.senses;
            if senses.heading.is_none() && !senses.heading_word {
                return matches!(senses.word, Some(WordSense::Distribute | WordSense::Each | WordSense::Measure(_)));
            }
            at = found.end;
        }
        false
    }

    /// No character stands at a byte that might be one of a word that is not known.
    fn goes_on_known(&self, at: usize) -> bool {
        let character = self.text[at..].chars().next();
        character.is_none_or(|character| !('\u{4e00}'..='\u{9fff}').contains(&character))
            || self.lexicon.beginning_at(self.text, at).next().is_some()
            || self.begins_known(at)
    }

    /// Something that is no phrase begins at a byte: a path of the classification, a reference, the unit's name.
    fn begins_known(&self, at: usize) -> bool {
        self.functions.iter().any(|(start, ..)| *start == at)
            || self.references.iter().any(|(start, _)| *start == at)
            || self.sentence.units().any(|(start, _)| start == at)
    }

    /// A stretch that is not known, up to the next thing that is.
    fn unknown(&mut self) {
        let mut end = self.at;
        for character in self.text[self.at..].chars() {
            if end > self.at
                && (character.is_ascii_digit()
                    || matches!(character, ',' | ';' | '。' | ':' | '、' | '(' | ')' | '《')
                    || character == '.' && is_full_stop(self.text, end)
                    || self.longest(end).is_some()
                    || self.begins_known(end))
            {
                break;
            }
            end += character.len_utf8();
        }
        self.push(end, Word::Unknown);
    }

    /// 团组0个、共0人/参加其他单位组织的团组0个/无本单位组织的团组: the readings of a template, side by side, that nobody took out. 60人/天 is none.
    fn parts_readings(&self) -> bool {
        let Some(Token { word: Word::Number(number), .. }) = self.tokens.last() else { return false };
        let Some((_, senses)) = self.longest(self.at + 1) else { return false };
        let says = matches!(senses.word, Some(WordSense::Negation | WordSense::Average));
        matches!(number.unit, Some(Unit::Count(_))) && (says || senses.label.is_some())
    }

    /// A bracket: an ordinal （1）, a bookmark of an editor, or an aside.
    fn open(&mut self) {
        let rest = &self.text[self.at + 1..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=2).contains(&digits) && rest[digits..].starts_with(')') {
            let end = self.at + digits + 2;
            self.decide(self.at, end, Fate::Ignored, "ordinal");
            return self.push(end, Word::Ordinal);
        }
        if let Some(length) = rest.find(')')
            && length > 2
            && rest[..length].bytes().all(|byte| byte.is_ascii_alphabetic() || b":_".contains(&byte))
        {
            self.at += length + 2;
            return;
        }
        self.push(self.at + 1, Word::Open(usize::MAX));
    }

    fn decide(&mut self, start: usize, end: usize, fate: Fate, rule: &str) {
        let first = self.runs.partition_point(|run| run.start < start);
        for run in self.runs[first..].iter_mut().take_while(|run| run.start < end) {
            run.fate = Some((fate, rule.into()));
        }
    }

    /// A number, a year, a date or a code.
    fn number(&mut self) {
        let at = self.at;
        let index = self.runs.partition_point(|run| run.start < at);
        let Some(run) = self.runs.get(index).filter(|run| run.start == at).cloned() else {
            return self.unknown();
        };
        let digits = &self.text[run.start..run.end];
        if self.year(&run, digits) {
            return;
        }
        let rest = &self.text[run.end..];
        if let Some(end) = date_end(rest, digits) {
            self.decide(at, run.end + end, Fate::Ignored, "date");
            let date = &self.text[at..run.end + end];
            let word = if is_within_year(date) { Word::Years } else { Word::Phrase(&DATE) };
            return self.push(run.end + end, word);
        }
        let begins = matches!(self.tokens.last().map(|token| &token.word), None | Some(Word::Mark('。' | ';' | ':')));
        if digits.len() <= 2 && begins && rest.starts_with(['、', '.']) {
            // 主要职责：1、…
            let end = run.end + rest.chars().next().map_or(0, char::len_utf8);
            self.decide(at, end, Fate::Ignored, "ordinal");
            return self.push(end, Word::Ordinal);
        }
        let before = self.text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
            self.decide(at, run.end, Fate::Ignored, "code");
            return self.push(run.end, Word::Unknown);
        }
        if before == Some('第') {
            self.decide(at, run.end, Fate::Ignored, "ordinal");
            return self.push(run.end, Word::Unknown);
        }
        if let Some(is_its_code) = self.code_of_label(run.end, digits) {
            self.decide(at, run.end, Fate::Ignored, "code");
            if !is_its_code {
                return self.push(run.end, Word::Unknown);
            }
            self.at = run.end;
            return;
        }
        // 2130301项 is a code, too.
        let counts_nothing = rest.starts_with('项') || self.longest(run.end).is_none();
        let is_long = digits.len() >= 7 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_long && counts_nothing && !self.behind_label() {
            self.decide(at, run.end, Fate::Ignored, "telephone or code number");
            return self.push(run.end, Word::Unknown);
        }
        if rest.starts_with('号') {
            self.decide(at, run.end, Fate::Ignored, "document number");
            return self.push(run.end, Word::Unknown);
        }
        let malformed_end = malformed(self.text, &run);
        let mut number = Number {
            run: index,
            unit: digits.ends_with('%').then_some(Unit::Percent),
            minus: false,
            span: rest.starts_with('-') && rest[1..].starts_with(|c: char| c.is_ascii_digit()),
            decimals: digits.contains('.'),
            zero: !digits.bytes().any(|byte| byte.is_ascii_digit() && byte != b'0'),
            malformed: malformed_end.is_some(),
            behind: None,
            parted: None,
        };
        number.span |= before == Some('-') && self.ends_in_number();
        let mut end = malformed_end.unwrap_or(run.end);
        if digits.ends_with('‰') {
            number.unit = Some(Unit::Other);
        }
        let units = self.lexicon.beginning_at(self.text, end);
        let unit = units.filter_map(|found| Some((found.end, found.senses.unit.as_ref()?))).last();
        if number.unit.is_none()
            && let Some((unit_end, unit)) = unit
        {
            number.unit = Some(unit.clone());
            end = unit_end;
        }
        self.push(end, Word::Number(number));
    }

    /// 301工资福利支出: a code opens the clause, before a label that names a kind of expense. Whether it is the code of that.
    fn code_of_label(&self, behind: usize, digits: &str) -> Option<bool> {
        let opens = match self.tokens.last().map(|token| &token.word) {
            None | Some(Word::Mark(_) | Word::Ordinal) => true,
            Some(Word::Phrase(senses)) => senses.word == Some(WordSense::PartsOpen),
            _ => false,
        };
        let (_, senses) = self.longest(behind).filter(|_| opens && digits.len() == 3)?;
        let code = senses.label.as_ref()?.economic.as_deref()?;
        Some(code == digits)
    }

    /// 本年收入合计1200000: directly behind what has amounts, a long number is one of them.
    fn behind_label(&self) -> bool {
        let is_link = |token: &&Token<'_>| match &token.word {
            Word::Phrase(senses) => {
                senses.label.is_none() && matches!(senses.word, Some(WordSense::Link | WordSense::Measure(_)))
            }
            _ => false,
        };
        match self.tokens.iter().rev().find(|token| !is_link(token)).map(|token| &token.word) {
            Some(Word::Phrase(Senses { label: Some(label), .. })) => !label.items.is_empty(),
            _ => false,
        }
    }

    /// 三辆: a count that is written in words, with its unit.
    fn count_in_words(&mut self) {
        let index = self.runs.partition_point(|run| run.start < self.at);
        let Run { start, end, .. } = self.runs[index];
        let units = self.lexicon.beginning_at(self.text, end);
        let unit = units.filter_map(|found| Some((found.end, found.senses.unit.clone()?))).last();
        let Some((behind, unit)) = unit else { return self.unknown() };
        let number = Number {
            run: index,
            unit: Some(unit),
            minus: false,
            span: false,
            decimals: false,
            zero: numeral_value(&self.text[start..end]) == Some(0),
            malformed: false,
            behind: None,
            parted: None,
        };
        self.push(behind, Word::Number(number));
    }

    /// A year with what belongs to it: 2020年度, 2020年12月31日.
    fn year(&mut self, run: &Run, digits: &str) -> bool {
        let Some(year) = year_of(digits) else { return false };
        let rest = &self.text[run.end..];
        if let Some(rest) = rest.strip_prefix('-')
            && let Some(other) = rest.get(..4)
            && year_of(other).is_some()
            && rest[4..].starts_with('年')
        {
            let end = run.end + 1 + 4 + '年'.len_utf8();
            self.decide(run.start, end, Fate::Ignored, "year");
            self.push(end, Word::Years);
            return true;
        }
        if let Some(end) = years_joined(rest) {
            self.decide(run.start, run.end + end, Fate::Ignored, "year");
            self.push(run.end + end, Word::Years);
            return true;
        }
        if !rest.starts_with('年') {
            // The year of a document number: （2016）71号.
            let in_brackets = self.text[..run.start].ends_with('(') && rest.starts_with(')');
            if in_brackets {
                self.decide(run.start, run.end, Fate::Ignored, "year");
                self.push(run.end, Word::Unknown);
            }
            return in_brackets;
        }
        // 2018年初预算, 2022年末结转: the 年 may belong to the phrase behind.
        let label_behind = self.longest(run.end).is_some_and(|(end, _)| end > run.end + 2 * '年'.len_utf8() - 1);
        let mut end = run.end;
        let mut within = false;
        if !label_behind {
            end += '年'.len_utf8();
            for tail in ["度", "底", "末"] {
                if self.text[end..].starts_with(tail)
                    && self.longest(end).is_none_or(|(phrase_end, _)| phrase_end == end + tail.len())
                {
                    end += tail.len();
                    break;
                }
            }
            let month = self.text[end..].bytes().take_while(u8::is_ascii_digit).count();
            if (1..=2).contains(&month)
                && let Some(date) = date_end(&self.text[end + month..], &self.text[end..end + month])
            {
                within = is_within_year(&self.text[end..end + month + date]);
                end += month + date;
            }
        }
        self.decide(run.start, end, Fate::Ignored, "year");
        self.push(end, if within { Word::Years } else { Word::Year(year) });
        true
    }
}

/// What some words are that no phrase of a lexicon is, if these are its parts.
pub(super) fn without_phrase(senses: &Senses) -> Option<&'static Senses> {
    [&NAMED, &DATE].into_iter().find(|known| std::ptr::eq(*known, senses))
}

/// The title of a document.
static NAMED: Senses = Senses {
    label: None,
    category: false,
    word: Some(WordSense::Link),
    unit: None,
    heading: None,
    heading_word: false,
    particle: true,
    narrows: false,
    approximate: false,
    puts_by: false,
    told_year: false,
    purpose_of_clause: false,
    whole: false,
    threshold: false,
    authority: false,
    subordinate: false,
    others: false,
    excludes: false,
    corrects: false,
    arrives: false,
    says_final: false,
};

static DATE: Senses = Senses {
    label: None,
    category: false,
    word: Some(WordSense::Link),
    unit: None,
    heading: None,
    heading_word: true,
    particle: true,
    narrows: false,
    approximate: false,
    puts_by: false,
    told_year: false,
    purpose_of_clause: false,
    whole: false,
    threshold: false,
    authority: false,
    subordinate: false,
    others: false,
    excludes: false,
    corrects: false,
    arrives: false,
    says_final: false,
};

/// A phrase that no sentence has.
fn is_of_headings_only(senses: &Senses) -> bool {
    let in_sentences = senses.label.is_some() || senses.category || senses.word.is_some() || senses.unit.is_some();
    senses.heading.is_some() && !in_sentences
}

/// Tells each opening bracket where it closes; one that never closes is not understood.
fn pair_brackets(tokens: &mut [Token<'_>]) {
    let mut open = Vec::new();
    for index in 0..tokens.len() {
        match tokens[index].word {
            Word::Open(_) => open.push(index),
            Word::Close => match open.pop() {
                Some(start) => tokens[start].word = Word::Open(index),
                None => tokens[index].word = Word::Unknown,
            },
            _ => {}
        }
    }
    for index in open {
        // 共12个项目（其中：优10个，良2个。: the one that closes was forgotten, and the parts stand behind it as behind a comma.
        let parts = matches!(
            tokens.get(index + 1).map(|next| &next.word),
            Some(Word::Phrase(Senses { word: Some(WordSense::PartsOpen), .. }))
        );
        tokens[index].word = if parts { Word::Mark(',') } else { Word::Unknown };
    }
}

/// The word is a number.
pub(super) fn is_number(token: &Token<'_>) -> bool {
    matches!(token.word, Word::Number(_))
}
