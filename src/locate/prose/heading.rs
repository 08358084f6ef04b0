//! What the words of a heading say.

use super::tokens::{Token, Word};
use crate::mapping::{
    ComparisonWord, LabelSense, SectionKind, Senses, TimeWord, Vocabulary, WordSense, accounts, ends_with_any,
};
use crate::model::{Funding, Measure};

/// What the words of a heading say.
#[derive(Clone, Debug, Default)]
pub(super) struct Heading {
    /// What it is about, where a word tells.
    pub(super) kind: Option<SectionKind>,
    /// The funding that it names.
    pub(super) funding: Option<Funding>,
    /// It names several budgets.
    pub(super) several: bool,
    /// The budget that it names of the three public expenses, whose definition leaves that open no more.
    pub(super) three_public_of: Option<Funding>,
    /// It says 预算 and not 决算.
    pub(super) budget: bool,
    /// It says 预算, whatever else it says.
    pub(super) says_budget: bool,
    /// It says that what stands below is compared: 与预算对比情况.
    pub(super) compares: bool,
    /// It says 决算.
    pub(super) says_final: bool,
    /// In a title, the words before the first known one.
    pub(super) prefix: Option<String>,
    /// A word that is not understood.
    pub(super) doubt: Option<String>,
    /// It names more than the unit, or those below it: 全县“三公”经费.
    pub(super) of_others: bool,
    /// It names a place in the functional classification: for all lines below.
    pub(super) lasting: bool,
    /// All its words are those of headings, and one of them opens a section.
    pub(super) opens_section: bool,
    /// Its last word is one of headings.
    pub(super) ends_as_heading: bool,
    /// It is a caption.
    pub(super) caption: bool,
    /// It names a label.
    pub(super) labelled: bool,
    /// It names a label, and apart from it accounts of which no label speaks: 部门决算及“三公”经费决算.
    pub(super) of_more: bool,
    /// It says that it is about the accounts as a whole, and nothing more.
    pub(super) of_whole: bool,
}

impl Heading {
    /// The funding that one more of its words names.
    fn refine(&mut self, more: Option<Funding>) {
        let merged = match (self.funding, more) {
            (Some(told), Some(more)) => told.merged(more),
            (told, more) => told.or(more),
        };
        self.several |= merged.is_none() && self.funding.is_some();
        self.funding = merged.or(self.funding);
    }

    /// Nothing that it says would change what the lines below it mean.
    pub(super) fn is_bare(&self) -> bool {
        self.funding.is_none()
            && !self.lasting
            && !self.labelled
            && matches!(self.kind, None | Some(SectionKind::Other | SectionKind::Ignored | SectionKind::Contents))
    }

    /// It says 预算, and not that it is about finals.
    pub(super) fn is_of_budgets(&self) -> bool {
        self.says_budget && !self.says_final
    }

    /// It says that it explains final accounts: 收入支出决算总体情况说明.
    pub(super) fn heads_finals(&self) -> bool {
        let of_money = matches!(self.kind, Some(SectionKind::Totals | SectionKind::ThreePublic));
        of_money && self.says_final && self.ends_as_heading
    }

    /// It is understood, and tells nothing at all: （一）总体情况.
    pub(super) fn says_nothing(&self) -> bool {
        self.doubt.is_none() && self.kind.is_none() && self.is_bare() && (self.compares || !self.says_budget)
    }

    /// The title of the whole, all of it understood: 2021年度部门决算公开.
    pub(super) fn is_mere_title(&self) -> bool {
        let lists = matches!(self.kind, Some(SectionKind::Ignored | SectionKind::Contents));
        self.doubt.is_none() && self.says_final && !lists && self.is_bare()
    }
}

/// Reads the words of a heading.
///
/// In a title (no ordinal) the words before the first known one may be an organisation's name, if the rest says that it
/// is about finals.
pub(super) fn read(
    tokens: &[Token<'_>],
    text: &str,
    title: bool,
    fiscal_year: i32,
    vocabulary: &Vocabulary,
) -> Heading {
    let names_ours = tokens.iter().any(|token| matches!(token.word, Word::Year(year) if year == fiscal_year));
    let mut reading = Reading {
        text,
        title,
        fiscal_year,
        names_ours,
        vocabulary,
        heading: Heading::default(),
        known_yet: false,
        ignored: false,
        compares: false,
        names_fixed: false,
        labelled_totals: false,
        topics: Topics::default(),
    };
    for token in tokens {
        reading.word(token);
    }
    if let Some(part) = part_of_unit(tokens) {
        // （一）某局机关, then （二）某中心: the sections of one unit after the other.
        reading.doubt(part);
    }
    reading.end()
}

/// The reading of one heading.
struct Reading<'r> {
    text: &'r str,
    title: bool,
    fiscal_year: i32,
    /// The year of the accounts is among its words.
    names_ours: bool,
    vocabulary: &'r Vocabulary,
    heading: Heading,
    /// A known word was read.
    known_yet: bool,
    /// A word says that nothing below is told in figures.
    ignored: bool,
    /// The word before opened a comparison.
    compares: bool,
    /// A label names what is paid by one fund by definition.
    names_fixed: bool,
    /// It is about totals as a label says.
    labelled_totals: bool,
    topics: Topics,
}

impl Reading<'_> {
    fn word(&mut self, token: &Token<'_>) {
        self.topics.word(token);
        self.heading.ends_as_heading = false;
        self.heading.caption = false;
        match &token.word {
            Word::Phrase(senses) => self.phrase(token, senses),
            Word::Function(_) => {
                let heading = &mut self.heading;
                heading.lasting = true;
                heading.kind = heading.kind.filter(|kind| *kind != SectionKind::Whole).or(Some(SectionKind::Totals));
                self.known_yet = true;
            }
            Word::Year(year) if self.may_name(*year) => {}
            Word::Ordinal | Word::Open(_) if !self.known_yet && self.heading.prefix.is_some() => {
                // No organisation's name stands before an ordinal.
                let prefix = self.heading.prefix.clone().unwrap_or_default();
                self.heading.doubt.get_or_insert(prefix);
            }
            Word::UnitName | Word::Ordinal | Word::Mark(_) | Word::Open(_) | Word::Close => {}
            Word::Unknown if self.title && !self.known_yet && self.heading.prefix.is_none() => {
                self.heading.prefix = Some(self.words_of(token));
            }
            _ => self.doubt(token),
        }
        self.compares = opens_comparison(token);
        self.heading.compares |= self.compares || closes_comparison(token);
    }

    fn words_of(&self, token: &Token<'_>) -> String {
        self.text[token.start..token.end].to_owned()
    }

    fn doubt(&mut self, token: &Token<'_>) {
        if self.heading.doubt.is_none() {
            self.heading.doubt = Some(self.words_of(token));
        }
    }

    /// A title may name the year in which it was made public, or another beside ours; below 2022年收入情况 alone stands what was
    /// received then. Below 与2021年度决算对比情况 stands what is compared, each number with its own words.
    fn may_name(&self, year: i32) -> bool {
        year == self.fiscal_year
            || self.title && (year > self.fiscal_year || self.names_ours)
            || self.compares && year == self.fiscal_year - 1
    }

    fn phrase(&mut self, token: &Token<'_>, senses: &Senses) {
        self.heading.ends_as_heading = senses.heading_word || senses.heading.is_some();
        if let Some(kind) = senses.heading {
            self.section(kind);
        } else if let Some(label) = &senses.label {
            self.label(label);
        }
        let has_place = senses.word.is_some_and(|word| self.sense(word));
        let known =
            has_place || senses.heading_word || senses.category || senses.heading.is_some() || senses.label.is_some();
        self.heading.says_final |= senses.says_final;
        self.known_yet |= known;
        if !known {
            self.heading.of_others |= senses.others || senses.subordinate;
            self.doubt(token);
        }
    }

    /// A word opens a section.
    fn section(&mut self, kind: SectionKind) {
        let heading = &mut self.heading;
        heading.opens_section = true;
        self.ignored |= kind == SectionKind::Ignored;
        let weak = |kind| matches!(kind, SectionKind::Whole | SectionKind::Other | SectionKind::Totals);
        if heading.kind.is_none_or(|before| weak(before) && kind != SectionKind::Whole) {
            heading.kind = Some(kind);
        }
        heading.says_final |= kind == SectionKind::Review;
    }

    fn label(&mut self, label: &LabelSense) {
        let heading = &mut self.heading;
        heading.labelled = true;
        heading.refine(label.funding);
        let of_three_public = |item: &std::sync::Arc<str>| self.vocabulary.is_part_of(item, accounts::THREE_PUBLIC);
        if label.items.iter().any(of_three_public) {
            heading.kind = Some(SectionKind::ThreePublic);
        } else if label.funded && matches!(heading.kind, None | Some(SectionKind::Whole)) {
            heading.kind = Some(SectionKind::Totals);
            self.labelled_totals = true;
        }
        self.names_fixed |= !label.funded && !label.items.is_empty();
    }

    /// What a word of sentences says in a heading, and whether it has a place there at all.
    fn sense(&mut self, word: WordSense) -> bool {
        let heading = &mut self.heading;
        match word {
            WordSense::Funding(funding) => heading.refine(Some(funding)),
            WordSense::Measure(Measure::Budget | Measure::AdjustedBudget) => heading.says_budget = true,
            WordSense::Measure(_) => heading.says_final = true,
            WordSense::Caption => heading.caption = true,
            // 与上年对比情况
            WordSense::Time(TimeWord::Prior) => return self.compares,
            WordSense::Link
            | WordSense::Distribute
            | WordSense::Each
            | WordSense::Aside
            | WordSense::Time(TimeWord::Current)
            | WordSense::RepeatsUnit
            | WordSense::PartsOpen
            | WordSense::PartsDivide
            | WordSense::Comparison(_)
            | WordSense::Direction(_) => {}
            _ => return false,
        }
        true
    }

    /// All words were read.
    fn end(mut self) -> Heading {
        let heading = &mut self.heading;
        heading.of_more = self.topics.are_more();
        if self.labelled_totals && self.names_fixed && heading.kind == Some(SectionKind::Totals) {
            // 机关运行经费及公用经费: of which fund the latter is, the former does not say.
            heading.kind = Some(SectionKind::Other);
        }
        if heading.kind == Some(SectionKind::Whole) {
            heading.kind = Some(SectionKind::Other);
            heading.of_whole = heading.is_bare() && heading.says_final && !heading.says_budget;
        }
        if let Some(prefix) = &heading.prefix
            && !(heading.says_final && self.known_yet)
        {
            heading.doubt.get_or_insert_with(|| prefix.clone());
        }
        if self.ignored {
            heading.kind = Some(SectionKind::Ignored);
        }
        // 与年初预算数相比情况: what is compared with a budget is none.
        heading.budget = heading.is_of_budgets() && heading.doubt.is_none() && !heading.compares;
        if heading.kind == Some(SectionKind::ThreePublic) {
            // 一般公共预算财政拨款“三公”经费: fixed by the item. What one of the others paid is a part of it.
            heading.three_public_of = heading.funding.filter(|_| !heading.several);
            heading.funding = None;
            heading.several = false;
        }
        self.heading
    }
}

/// What the words of a heading between 及 and the like speak of: a label, or the accounts as a whole.
#[derive(Debug, Default)]
struct Topics {
    label: bool,
    accounts: bool,
    any_label: bool,
    any_accounts: bool,
}

impl Topics {
    fn word(&mut self, token: &Token<'_>) {
        match &token.word {
            Word::Mark('、') => self.end(),
            Word::Phrase(senses) => {
                let joins = matches!(
                    senses.word,
                    Some(WordSense::Joiner | WordSense::Comparison(ComparisonWord::OpenIfClosed))
                );
                if joins {
                    return self.end();
                }
                self.label |= senses.label.is_some() && senses.heading.is_none();
                // 决算 alone may be that of the label before: “三公”经费支出及决算.
                self.accounts |= match senses.heading {
                    Some(SectionKind::Totals) => true,
                    Some(SectionKind::Other | SectionKind::Whole) => {
                        !matches!(senses.word, Some(WordSense::Measure(_)))
                    }
                    _ => false,
                };
            }
            _ => {}
        }
    }

    fn end(&mut self) {
        let (label, accounts) = (std::mem::take(&mut self.label), std::mem::take(&mut self.accounts));
        self.any_label |= label;
        self.any_accounts |= accounts && !label;
    }

    fn are_more(mut self) -> bool {
        self.end();
        self.any_label && self.any_accounts
    }
}

/// A part of the unit (机关, 本级) that a heading names, and nothing else.
fn part_of_unit<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<&'t Token<'a>> {
    let names_only = tokens.iter().all(|token| is_part_of_unit(token) || is_name(token));
    tokens.iter().find(|token| is_part_of_unit(token)).filter(|_| names_only)
}

/// A line that begins with a part of the unit, one of `offices`, and says no more of it than headings do: （本级）, 局本级收支情况.
pub(super) fn heads_part_of_unit(tokens: &[Token<'_>], text: &str, offices: &[String]) -> bool {
    let is_office = |token: &Token<'_>| {
        let blocks = matches!(&token.word, Word::Phrase(senses) if senses.word == Some(WordSense::Blocker));
        blocks && ends_with_any(&text[token.start..token.end], offices)
    };
    let is_of_heading = |token: &Token<'_>| match &token.word {
        Word::Open(_) | Word::Close => true,
        Word::Phrase(senses) => {
            senses.heading_word || senses.heading.is_some() || senses.label.is_some() || is_office(token)
        }
        _ => is_name(token),
    };
    let first = tokens.iter().find(|token| !matches!(token.word, Word::Open(_)) && !is_name(token));
    first.is_some_and(is_office) && tokens.iter().all(is_of_heading)
}

fn is_part_of_unit(token: &Token<'_>) -> bool {
    matches!(&token.word, Word::Phrase(senses) if senses.word == Some(WordSense::Blocker) && senses.heading_word)
}

/// The unit's name, and marks.
fn is_name(token: &Token<'_>) -> bool {
    match &token.word {
        Word::UnitName | Word::Mark(_) | Word::Ordinal => true,
        Word::Phrase(senses) => senses.word == Some(WordSense::Itself),
        _ => false,
    }
}

/// The word opens a comparison: 与, 较.
fn opens_comparison(token: &Token<'_>) -> bool {
    let Word::Phrase(senses) = &token.word else { return false };
    matches!(senses.word, Some(WordSense::Comparison(ComparisonWord::Open | ComparisonWord::OpenIfClosed)))
}

/// The word closes a comparison: 相比.
fn closes_comparison(token: &Token<'_>) -> bool {
    let Word::Phrase(senses) = &token.word else { return false };
    matches!(senses.word, Some(WordSense::Comparison(ComparisonWord::Close)))
}
