//! Headings, and what they set for the lines below them.

use super::naming::Named;
use super::tokens::{Token, Word};
use crate::mapping::{ComparisonWord, SectionKind, TimeWord, Vocabulary, WordSense};
use crate::model::{Funding, Measure, Ordinal};

/// The funding of the money in a section whose own words tell none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SectionFunding {
    /// All funds (`None`), or one.
    Told(Option<Funding>),
    /// No heading tells it.
    NotTold,
}

/// A section: what a heading sets until the next one of its level.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// How deep it stands: 0 a part of the document, 1 a title, then by the kind of ordinal.
    level: u8,
    /// The funding of its money.
    pub(super) funding: SectionFunding,
    /// What it is about.
    pub(super) kind: SectionKind,
    /// A word of the heading that is not understood: nothing is taken for granted below it.
    pub(super) doubt: Option<String>,
    /// The title above may be that of a budget: amounts need a measure of their own.
    pub(super) bare_doubt: Option<String>,
    /// A heading of budgets: amounts without a measure are budgets.
    pub(super) budget: bool,
    /// The heading's words.
    pub(super) title: String,
    /// The labels that it names.
    pub(super) subject: Vec<Named>,
    /// The labels hold for all lines below it, not only for the first paragraph.
    pub(super) lasting: bool,
    /// 收入总计 or 支出总计 was told in it: a bare 收入 behind a comparison may be the one or the other.
    pub(super) told_grand_total: bool,
}

/// Sections that are open, the outermost first.
#[derive(Debug, Default)]
pub(super) struct Sections {
    open: Vec<Section>,
}

/// The level of a heading without an ordinal.
const TITLE: u8 = 1;
/// The level of a line that may be a heading, but is not understood.
const DEEPEST: u8 = 8;

impl Sections {
    /// The innermost section.
    pub(super) fn current(&self) -> Option<&Section> {
        self.open.last()
    }

    /// All that are open, the outermost first.
    pub(super) fn all(&self) -> &[Section] {
        &self.open
    }

    /// Labels of the sections around the innermost one that hold for all lines below.
    pub(super) fn lasting_above(&self) -> Vec<Named> {
        let above = self.open.iter().rev().skip(1).find(|section| section.lasting && !section.subject.is_empty());
        above.map_or_else(Vec::new, |section| section.subject.clone())
    }

    /// The innermost section, to take its subject away.
    pub(super) fn current_mut(&mut self) -> Option<&mut Section> {
        self.open.last_mut()
    }

    /// A line with an ordinal stands for itself: what lines of its level and deeper ones set is over.
    pub(super) fn leave(&mut self, ordinal: Ordinal) {
        let level = level(ordinal);
        self.open.retain(|section| section.level < level);
    }

    /// The paragraph of a heading that is not understood is over: in a review, where every section is of all funds, it
    /// says nothing of the next ones.
    pub(super) fn leave_unknown_lead(&mut self) {
        let in_review = self
            .open
            .iter()
            .rev()
            .nth(1)
            .is_some_and(|above| above.kind == SectionKind::Review && above.doubt.is_none());
        if in_review && self.open.last().is_some_and(|section| section.doubt.is_some()) {
            self.open.pop();
        }
    }

    /// Opens the section of a heading.
    pub(super) fn enter(&mut self, ordinal: Ordinal, heading: Heading, title: &str, subject: Vec<Named>) {
        let is_title = ordinal == Ordinal::None;
        let unknown_line = is_title && heading.doubt.is_some() && self.open.iter().any(|section| section.level > TITLE);
        if unknown_line {
            // It may have been the heading of any level: what is open is over, or in doubt.
            for section in &mut self.open {
                if section.level > TITLE && section.kind != SectionKind::Review {
                    section.doubt.get_or_insert_with(|| heading.doubt.clone().unwrap_or_default());
                    section.subject.clear();
                }
            }
        }
        let level = if unknown_line { DEEPEST } else { level(ordinal) };
        self.open.retain(|section| section.level < level);
        let above = self.open.last();

        let names_fund =
            heading.funding.is_some_and(|funding| funding != Funding::Appropriation) && heading.doubt.is_none();
        // A title of no meaning to us stands above sections that tell all of themselves.
        let outermost = is_title || matches!(ordinal, Ordinal::Part | Ordinal::Chinese);
        let inherited = above.filter(|above| !(names_fund || outermost && above.level <= TITLE));
        let doubt = heading.doubt.clone().or_else(|| inherited.and_then(|above| above.doubt.clone()));
        let bare_doubt = if is_title && !heading.says_final {
            heading.doubt.clone()
        } else {
            above.and_then(|above| above.bare_doubt.clone())
        };
        let told_above = above.map_or(SectionFunding::NotTold, |above| above.funding.clone());
        let funding = match (heading.funding, heading.kind, told_above) {
            (Some(own), _, SectionFunding::Told(Some(above))) => {
                SectionFunding::Told(Some(own.merged(above).unwrap_or(own)))
            }
            (Some(own), ..) => SectionFunding::Told(Some(own)),
            (None, Some(SectionKind::Totals), SectionFunding::NotTold) => SectionFunding::Told(None),
            (None, Some(SectionKind::Review), _) => SectionFunding::Told(None),
            (None, _, above) => above,
        };
        let ignored = above.is_some_and(|above| above.kind == SectionKind::Ignored);
        let kind = match (ignored, heading.kind) {
            (true, _) => SectionKind::Ignored,
            (false, Some(kind)) => kind,
            (false, None) => above.map_or(SectionKind::Other, |above| above.kind),
        };
        let kind = match (kind, above.map(|above| above.kind)) {
            // The parts of a review stay parts of it.
            (SectionKind::Totals | SectionKind::Other, Some(SectionKind::Review)) => SectionKind::Review,
            (kind, _) => kind,
        };
        self.open.push(Section {
            level,
            funding,
            kind,
            doubt,
            bare_doubt,
            budget: heading.budget || !heading.says_final && above.is_some_and(|above| above.budget),
            title: title.to_owned(),
            subject,
            lasting: heading.lasting,
            told_grand_total: false,
        });
    }
}

fn level(ordinal: Ordinal) -> u8 {
    match ordinal {
        Ordinal::Part => 0,
        Ordinal::None => TITLE,
        Ordinal::Chinese => 2,
        Ordinal::BracketedChinese => 3,
        Ordinal::Digit => 4,
        Ordinal::BracketedDigit => 5,
        Ordinal::Circled => 6,
    }
}

/// What the words of a heading say.
#[derive(Clone, Debug, Default)]
pub(super) struct Heading {
    /// What it is about, where a word tells.
    pub(super) kind: Option<SectionKind>,
    /// The funding that it names.
    pub(super) funding: Option<Funding>,
    /// It says 预算 and not 决算.
    budget: bool,
    /// It says 预算, whatever else it says.
    pub(super) says_budget: bool,
    /// It says 决算.
    pub(super) says_final: bool,
    /// In a title, the words before the first known one.
    pub(super) prefix: Option<String>,
    /// A word that is not understood.
    pub(super) doubt: Option<String>,
    /// It names a place in the functional classification: for all lines below.
    lasting: bool,
    /// All its words are those of headings, and one of them opens a section.
    pub(super) opens_section: bool,
    /// Its last word is one of headings.
    pub(super) ends_as_heading: bool,
    /// It is a caption.
    pub(super) caption: bool,
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
    let mut heading = Heading::default();
    let mut prefix_unknown = None;
    let mut known_yet = false;
    let mut says_budget = false;
    let mut ignored = false;
    let word_of = |token: &Token<'_>| text[token.start..token.end].to_owned();
    let mut compares = false;
    for token in tokens {
        heading.ends_as_heading = false;
        heading.caption = false;
        match &token.word {
            Word::Phrase(senses) => {
                let mut known = senses.heading_word || senses.category;
                if senses.heading_word {
                    heading.ends_as_heading = true;
                }
                if let Some(kind) = senses.heading {
                    known = true;
                    heading.opens_section = true;
                    heading.ends_as_heading = true;
                    ignored |= kind == SectionKind::Ignored;
                    if heading.kind.is_none_or(|before| before == SectionKind::Other || before == SectionKind::Totals) {
                        heading.kind = Some(kind);
                    }
                    heading.says_final |= kind == SectionKind::Review;
                }
                if let Some(label) = &senses.label
                    && senses.heading.is_none()
                {
                    known = true;
                    let funded = label.funded;
                    heading.funding = refine(heading.funding, label.funding);
                    let three_public = label.items.iter().any(|item| vocabulary.is_part_of(item, "“三公”经费"));
                    if three_public {
                        heading.kind = Some(SectionKind::ThreePublic);
                    } else if funded && heading.kind.is_none() {
                        heading.kind = Some(SectionKind::Totals);
                    }
                }
                match senses.word {
                    Some(WordSense::Funding(funding)) => {
                        heading.funding = refine(heading.funding, Some(funding));
                        known = true;
                    }
                    Some(WordSense::Measure(Measure::Budget | Measure::AdjustedBudget)) => {
                        says_budget = true;
                        known = true;
                    }
                    Some(WordSense::Measure(_)) => {
                        heading.says_final = true;
                        known = true;
                    }
                    Some(WordSense::Caption) => {
                        heading.caption = true;
                        known = true;
                    }
                    Some(
                        WordSense::Link
                        | WordSense::Distribute
                        | WordSense::Each
                        | WordSense::Aside
                        | WordSense::Time(TimeWord::Current)
                        | WordSense::RepeatsUnit
                        | WordSense::Comparison(_),
                    ) => known = true,
                    Some(WordSense::Direction(_)) => known = true,
                    _ => {}
                }
                heading.says_final |= senses.says_final;
                known_yet |= known;
                if !known {
                    heading.doubt.get_or_insert_with(|| word_of(token));
                }
            }
            Word::Function(_) => {
                heading.lasting = true;
                heading.kind = heading.kind.or(Some(SectionKind::Totals));
                known_yet = true;
            }
            Word::Year(year) if *year == fiscal_year || title => {}
            // 与2021年度决算对比情况: below it stands what is compared, each number with its own words.
            Word::Year(year) if compares && *year == fiscal_year - 1 => {}
            Word::Ordinal | Word::Open(_) if !known_yet && prefix_unknown.is_some() => {
                // No organisation's name stands before an ordinal.
                heading.doubt.get_or_insert_with(|| prefix_unknown.clone().unwrap_or_default());
            }
            Word::UnitName | Word::Ordinal | Word::Mark(_) | Word::Open(_) | Word::Close => {}
            Word::Unknown if title && !known_yet && prefix_unknown.is_none() => prefix_unknown = Some(word_of(token)),
            _ => {
                heading.doubt.get_or_insert_with(|| word_of(token));
            }
        }
        compares = opens_comparison(token);
    }
    heading.prefix.clone_from(&prefix_unknown);
    if let Some(prefix) = prefix_unknown
        && !(heading.says_final && known_yet)
    {
        heading.doubt.get_or_insert(prefix);
    }
    if ignored {
        heading.kind = Some(SectionKind::Ignored);
    }
    heading.says_budget = says_budget;
    heading.budget = says_budget && !heading.says_final && heading.doubt.is_none();
    if heading.kind == Some(SectionKind::ThreePublic) {
        // 一般公共预算财政拨款“三公”经费: fixed by the item.
        heading.funding = None;
    }
    heading
}

/// The word opens a comparison: 与, 较.
fn opens_comparison(token: &Token<'_>) -> bool {
    let Word::Phrase(senses) = &token.word else { return false };
    matches!(senses.word, Some(WordSense::Comparison(ComparisonWord::Open | ComparisonWord::OpenIfClosed)))
}

fn refine(told: Option<Funding>, more: Option<Funding>) -> Option<Funding> {
    match (told, more) {
        (Some(told), Some(more)) => Some(told.merged(more).unwrap_or(more)),
        (told, more) => told.or(more),
    }
}
