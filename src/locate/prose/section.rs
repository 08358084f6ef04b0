//! Headings, and what they set for the lines below them.

use std::sync::{Arc, LazyLock};

use super::naming::Named;
use super::tokens::{Token, Word};
use crate::mapping::{ComparisonWord, SectionKind, TimeWord, Vocabulary, WordSense, accounts, ends_with_any};
use crate::model::{Funding, Measure, Ordinal};

/// The funding of the money in a section whose own words tell none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SectionFunding {
    /// All funds (`None`), or one.
    Told(Option<Funding>),
    /// Two of the three budgets, or more: 一般公共预算和政府性基金预算财政拨款支出.
    Several,
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
    /// The one fund whose part of the three public expenses it tells of: 政府性基金“三公”经费.
    pub(super) of_fund: Option<Funding>,
    /// What it is about.
    pub(super) kind: SectionKind,
    /// No heading around it says more than that it is about the accounts as a whole: 部门决算情况说明.
    pub(super) of_whole: bool,
    /// A word of the heading that is not understood: nothing is taken for granted below it.
    pub(super) doubt: Option<String>,
    /// The title above may be that of a budget: amounts need a measure of their own.
    pub(super) bare_doubt: Option<String>,
    /// A heading without an ordinal amid others that have one: a numbered one below it may be of its level.
    amid: bool,
    /// A heading of budgets: amounts without a measure are budgets.
    pub(super) budget: bool,
    /// The heading's words.
    pub(super) title: String,
    /// The labels that it names.
    pub(super) subject: Vec<Named>,
    /// The same, for as long as it is open.
    pub(super) topics: Vec<Named>,
    /// The labels hold for all lines below it, not only for the first paragraph.
    pub(super) lasting: bool,
    /// A paragraph below it named another place of the classification: the next one must name its own.
    pub(super) passed: bool,
    /// A paragraph below told the budget of its place in the classification.
    pub(super) budgeted: bool,
    /// A line below told that there was none of what the heading is about.
    pub(super) none_told: bool,
    /// It was told in a paragraph before.
    pub(super) none_before: bool,
    /// It is about what was carried over, and nothing else: 年末结转和结余情况.
    pub(super) of_carried: bool,
    /// It is about what changed, and says no more: 增减变动情况.
    pub(super) of_changes: bool,
    /// 收入总计 or 支出总计 was told in it: a bare 收入 behind a comparison may be the one or the other.
    pub(super) told_grand_total: bool,
    /// The 类 that it told of as parts of one budget, where it is of several: 一般公共预算财政拨款支出…，包括：教育支出…; `None`
    /// where which one is in doubt.
    pub(super) of_budget: Vec<(Arc<str>, Option<Funding>)>,
}

impl Section {
    /// How deep it stands.
    pub(super) fn level(&self) -> u8 {
        self.level
    }
}

/// Sections that are open, the outermost first.
#[derive(Debug, Default)]
pub(super) struct Sections {
    open: Vec<Section>,
    /// The level of the section that the line's ordinal has ended, where that was of one fund.
    left_fund: Option<u8>,
}

/// The level of a heading without an ordinal.
const TITLE: u8 = 1;
/// The level of （一）.
const BRACKETED: u8 = 3;
/// The level of a line that may be a heading, but is not understood.
const DEEPEST: u8 = 11;

impl Sections {
    /// The innermost section.
    pub(super) fn current(&self) -> Option<&Section> {
        self.open.last()
    }

    /// The innermost section, or what is known where no heading stands above: of which fund something is, it must say itself, and
    /// whether it is final, unless all is (`of_finals`).
    pub(super) fn current_or_none_above(&self, of_finals: bool) -> &Section {
        static NONE_ABOVE: LazyLock<[Section; 2]> = LazyLock::new(|| {
            [Some("no heading above".to_owned()), None].map(|bare_doubt| Section {
                level: 0,
                funding: SectionFunding::NotTold,
                of_fund: None,
                kind: SectionKind::Other,
                of_whole: false,
                doubt: None,
                bare_doubt,
                amid: false,
                budget: false,
                title: String::new(),
                subject: Vec::new(),
                topics: Vec::new(),
                lasting: false,
                passed: false,
                budgeted: false,
                none_told: false,
                none_before: false,
                told_grand_total: false,
                of_budget: Vec::new(),
                of_carried: false,
                of_changes: false,
            })
        });
        self.current().unwrap_or(&NONE_ABOVE[usize::from(of_finals)])
    }

    /// The level of the innermost section.
    pub(super) fn level(&self) -> Option<u8> {
        self.current().map(Section::level)
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
        let of_fund = |section: &Section| match section.funding {
            SectionFunding::Told(funding) => funding.is_some_and(|funding| funding != Funding::Appropriation),
            SectionFunding::Several => true,
            SectionFunding::NotTold => false,
        };
        let left = self.open.iter().find(|section| section.level >= level);
        self.left_fund = left.filter(|section| section.level == level && of_fund(section)).map(|section| section.level);
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

    /// What is open may be over, or be what no heading says: for a word that is not understood.
    pub(super) fn doubt(&mut self, word: &str) {
        for section in &mut self.open {
            if section.level >= TITLE {
                section.doubt.get_or_insert_with(|| word.to_owned());
                section.subject.clear();
            }
        }
    }

    /// A heading without an ordinal below sections of money that all have one: what it tells may be less than they do.
    fn may_be_part_of(&self, heading: &Heading) -> bool {
        let told = |section: &Section| match section.funding {
            SectionFunding::Told(funding) => funding,
            SectionFunding::Several | SectionFunding::NotTold => None,
        };
        let numbered = self.open.iter().all(|section| section.level > TITLE || told(section).is_none());
        let Some(above) = self.open.last().filter(|last| last.level > TITLE && numbered).and_then(told) else {
            return false;
        };
        match heading.funding {
            Some(Funding::Appropriation) => above != Funding::Appropriation,
            Some(_) => false,
            None => heading.kind == Some(SectionKind::Totals),
        }
    }

    /// 六、基本支出决算情况说明 behind 五、一般公共预算财政拨款支出决算情况说明: all of what was spent so, or what that fund paid of it?
    fn is_kind_beside_fund(&self, level: u8, heading: &Heading) -> bool {
        heading.labelled
            && heading.funding.is_none()
            && heading.kind == Some(SectionKind::Totals)
            && self.left_fund == Some(level)
    }

    /// Opens the section of a heading.
    pub(super) fn enter(&mut self, ordinal: Ordinal, mut heading: Heading, title: &str, subject: Vec<Named>) {
        let is_title = ordinal == Ordinal::None;
        if is_title
            && heading.says_nothing()
            && self.open.last().is_some_and(|above| above.level == TITLE && above.of_whole)
        {
            // 2022年度 below the title of the whole: that goes on.
            return;
        }
        let of_money = |section: &Section| section.level > TITLE && matches!(section.funding, SectionFunding::Told(_));
        if is_title && heading.is_mere_title() && self.open.iter().any(of_money) {
            // A title of the whole amid its sections: a page's running head, or the beginning of something else.
            heading.doubt = Some(title.to_owned());
        }
        if is_title && self.may_be_part_of(&heading) {
            // 财政拨款支出决算结构情况 below 五、一般公共预算财政拨款支出…: a part of it without its ordinal, or the next section?
            heading.doubt.get_or_insert_with(|| title.to_owned());
        }
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
        let beside_fund = self.is_kind_beside_fund(level, &heading);
        let amid = is_title && self.open.iter().any(|section| section.level > TITLE);
        self.open.retain(|section| section.level < level);
        let above = self.open.last();
        let budget_amid = above.filter(|above| above.amid && above.budget && !heading.budget && !heading.says_final);

        let names_fund =
            heading.funding.is_some_and(|funding| funding != Funding::Appropriation) && heading.doubt.is_none();
        // A title of no meaning to us stands above sections that tell all of themselves.
        let outermost = is_title || matches!(ordinal, Ordinal::Part | Ordinal::Chinese);
        let inherited = above.filter(|above| !(names_fund || outermost && above.level <= TITLE));
        let doubt = heading.doubt.clone().or_else(|| inherited.and_then(|above| above.doubt.clone()));
        let bare_doubt = if is_title && !heading.says_final {
            heading.doubt.clone()
        } else if let Some(above) = budget_amid {
            // “三公”经费预算情况, then 五、机关运行经费情况: budgets too, or not?
            Some(above.title.clone())
        } else {
            above.and_then(|above| above.bare_doubt.clone())
        };
        let told_above = above.map_or(SectionFunding::NotTold, |above| above.funding.clone());
        let funding = match (heading.funding, heading.kind, told_above) {
            _ if heading.several => SectionFunding::Several,
            (Some(Funding::Appropriation), _, SectionFunding::Several) => SectionFunding::Several,
            (Some(own), _, SectionFunding::Told(Some(above))) => {
                SectionFunding::Told(Some(own.merged(above).unwrap_or(own)))
            }
            (Some(own), ..) => SectionFunding::Told(Some(own)),
            // A place in the functional classification tells no funding, nor does 2.支出结构 below a heading that tells none.
            (None, Some(SectionKind::Totals), SectionFunding::NotTold)
                if !heading.lasting
                    && (level <= BRACKETED || above.is_none_or(|above| above.level <= TITLE || above.of_whole)) =>
            {
                SectionFunding::Told(None)
            }
            (None, Some(SectionKind::Review), _) => SectionFunding::Told(None),
            (None, _, above) => above,
        };
        let funding = if beside_fund { SectionFunding::NotTold } else { funding };
        let ignored = above.is_some_and(|above| above.kind == SectionKind::Ignored);
        let kind = match (ignored, heading.kind) {
            (true, _) => SectionKind::Ignored,
            (false, Some(kind)) => kind,
            (false, None) => above.map_or(SectionKind::Other, |above| above.kind),
        };
        let of_whole = doubt.is_none()
            && bare_doubt.is_none()
            && match above {
                Some(above) => above.of_whole && (heading.of_whole || heading.says_nothing()),
                None => heading.of_whole,
            };
        let kind = match (kind, above.map(|above| above.kind)) {
            // The parts of a review stay parts of it.
            (SectionKind::Totals | SectionKind::Other, Some(SectionKind::Review)) => SectionKind::Review,
            (kind, _) => kind,
        };
        let of_fund = match heading.three_public_of {
            Some(named) => Some(named).filter(|named| is_part(*named)),
            None => above.and_then(|above| above.of_fund).filter(|_| heading.funding.is_none() && !heading.several),
        };
        self.open.push(Section {
            level,
            funding,
            of_fund,
            kind,
            of_whole,
            doubt,
            bare_doubt,
            amid,
            budget: heading.budget
                || !heading.says_final && budget_amid.is_none() && above.is_some_and(|above| above.budget),
            title: title.to_owned(),
            topics: Vec::new(),
            subject,
            lasting: heading.lasting,
            passed: false,
            budgeted: false,
            none_told: false,
            none_before: false,
            of_carried: false,
            of_changes: false,
            told_grand_total: false,
            of_budget: Vec::new(),
        });
    }
}

/// How deep a line with an ordinal stands.
pub(super) fn level(ordinal: Ordinal) -> u8 {
    match ordinal {
        Ordinal::Part => 0,
        Ordinal::None => TITLE,
        Ordinal::Chinese => 2,
        Ordinal::BracketedChinese => 3,
        Ordinal::Digit => 4,
        // 2.1.1, and those of more numbers, which nobody writes.
        Ordinal::Dotted(numbers) => 3 + numbers.clamp(2, 4),
        Ordinal::BracketedDigit => 8,
        Ordinal::Circled => 9,
        Ordinal::Bullet => 10,
    }
}

/// What the words of a heading say.
#[derive(Clone, Debug, Default)]
pub(super) struct Heading {
    /// What it is about, where a word tells.
    pub(super) kind: Option<SectionKind>,
    /// The funding that it names.
    pub(super) funding: Option<Funding>,
    /// It names several budgets.
    several: bool,
    /// The budget that it names of the three public expenses, whose definition leaves that open no more.
    three_public_of: Option<Funding>,
    /// It says 预算 and not 决算.
    budget: bool,
    /// It says 预算, whatever else it says.
    pub(super) says_budget: bool,
    /// It says that what stands below is compared: 与预算对比情况.
    compares: bool,
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
    /// It names a label.
    pub(super) labelled: bool,
    /// It names a label, and apart from it accounts of which no label speaks: 部门决算及“三公”经费决算.
    pub(super) of_more: bool,
    /// It says that it is about the accounts as a whole, and nothing more.
    of_whole: bool,
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
            && matches!(self.kind, None | Some(SectionKind::Other | SectionKind::Ignored))
    }

    /// It says 预算, and not that it is about finals.
    pub(super) fn is_of_budgets(&self) -> bool {
        self.says_budget && !self.says_final
    }

    /// It is understood, and tells nothing at all: （一）总体情况.
    pub(super) fn says_nothing(&self) -> bool {
        self.doubt.is_none() && self.kind.is_none() && self.is_bare() && (self.compares || !self.says_budget)
    }

    /// The title of the whole, all of it understood: 2021年度部门决算公开.
    fn is_mere_title(&self) -> bool {
        self.doubt.is_none() && self.says_final && self.kind != Some(SectionKind::Ignored) && self.is_bare()
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
    let mut heading = Heading::default();
    let mut prefix_unknown = None;
    let mut known_yet = false;
    let mut says_budget = false;
    let mut ignored = false;
    let word_of = |token: &Token<'_>| text[token.start..token.end].to_owned();
    let names_ours = tokens.iter().any(|token| matches!(token.word, Word::Year(year) if year == fiscal_year));
    let mut compares = false;
    let mut compared = false;
    let mut topics = Topics::default();
    for token in tokens {
        topics.word(token);
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
                    let weak = |kind| matches!(kind, SectionKind::Whole | SectionKind::Other | SectionKind::Totals);
                    if heading.kind.is_none_or(|before| weak(before) && kind != SectionKind::Whole) {
                        heading.kind = Some(kind);
                    }
                    heading.says_final |= kind == SectionKind::Review;
                }
                if let Some(label) = &senses.label
                    && senses.heading.is_none()
                {
                    known = true;
                    heading.labelled = true;
                    let funded = label.funded;
                    heading.refine(label.funding);
                    let three_public =
                        label.items.iter().any(|item| vocabulary.is_part_of(item, accounts::THREE_PUBLIC));
                    if three_public {
                        heading.kind = Some(SectionKind::ThreePublic);
                    } else if funded && matches!(heading.kind, None | Some(SectionKind::Whole)) {
                        heading.kind = Some(SectionKind::Totals);
                    }
                }
                match senses.word {
                    Some(WordSense::Funding(funding)) => {
                        heading.refine(Some(funding));
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
                        | WordSense::PartsOpen
                        | WordSense::PartsDivide
                        | WordSense::Comparison(_),
                    ) => known = true,
                    // 与上年对比情况: the same.
                    Some(WordSense::Time(TimeWord::Prior)) if compares => known = true,
                    Some(WordSense::Direction(_)) => known = true,
                    // 及比上年增减情况
                    Some(WordSense::Time(TimeWord::Prior)) if compares => known = true,
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
                heading.kind = heading.kind.filter(|kind| *kind != SectionKind::Whole).or(Some(SectionKind::Totals));
                known_yet = true;
            }
            // A title may name the year in which it was made public, or another beside ours; below 2022年收入情况 alone stands what
            // was received then.
            Word::Year(year) if *year == fiscal_year || title && (*year > fiscal_year || names_ours) => {}
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
        compared |= compares || closes_comparison(token);
    }
    heading.of_more = topics.are_more();
    if let Some(part) = part_of_unit(tokens) {
        // （一）某局机关, then （二）某中心: the sections of one unit after the other.
        heading.doubt.get_or_insert_with(|| word_of(part));
    }
    if heading.kind == Some(SectionKind::Whole) {
        heading.kind = Some(SectionKind::Other);
        heading.of_whole = heading.is_bare() && heading.says_final && !says_budget;
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
    heading.compares = compared;
    // 与年初预算数相比情况: what is compared with a budget is none.
    heading.budget = says_budget && !heading.says_final && heading.doubt.is_none() && !compared;
    if heading.kind == Some(SectionKind::ThreePublic) {
        // 一般公共预算财政拨款“三公”经费: fixed by the item. What one of the others paid is a part of it.
        heading.three_public_of = heading.funding.filter(|_| !heading.several);
        heading.funding = None;
        heading.several = false;
    }
    heading
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

/// The fund pays a part of what is told of all: of the three public expenses.
pub(super) fn is_part(funding: Funding) -> bool {
    matches!(funding, Funding::GovernmentFund | Funding::StateCapital)
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
