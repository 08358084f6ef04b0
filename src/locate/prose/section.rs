//! Sections: what headings set for the lines below them.

use std::sync::{Arc, LazyLock};

use super::heading::Heading;
use super::naming::Named;
use crate::mapping::SectionKind;
use crate::model::{Funding, Ordinal};

/// The funding of the money in a section whose own words tell none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum SectionFunding {
    /// All funds (`None`), or one.
    Told(Option<Funding>),
    /// Two of the three budgets, or more: 一般公共预算和政府性基金预算财政拨款支出.
    Several,
    /// No heading tells it.
    #[default]
    NotTold,
}

/// A section: what a heading sets until the next one of its level.
#[derive(Clone, Debug, Default)]
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
    /// Its heading names more than the unit, or those below it.
    pub(super) of_others: bool,
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
    /// A paragraph stands below it.
    pub(super) has_text: bool,
    /// It follows one of its level that has no text, below a list of contents: both may be lines of that list.
    listed: bool,
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
    /// The line's ordinal has ended a section without text, below a list of contents.
    left_bare: bool,
    /// The headings below a list of contents.
    contents: Vec<String>,
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
            [Some("no heading above".to_owned()), None].map(|bare_doubt| Section { bare_doubt, ..Section::default() })
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
        let below_contents = self.open.iter().any(|section| section.kind == SectionKind::Contents);
        self.left_bare = below_contents && left.is_some_and(|section| section.level == level && !section.has_text);
        self.open.retain(|section| section.level < level);
    }

    /// A paragraph stands below the innermost section. What a list of contents names may stand below it at once, with its text: then the list is
    /// over, unless the section follows another without text, so that both may be lines of the list.
    pub(super) fn has_text(&mut self) {
        let Some(last) = self.open.last_mut() else { return };
        last.has_text = true;
        let listed = last.listed;
        if last.kind == SectionKind::Contents {
            return;
        }
        let Some(contents) = self.open.iter_mut().find(|section| section.kind == SectionKind::Contents) else { return };
        if listed {
            let title = contents.title.clone();
            self.doubt(&title);
        } else {
            contents.kind = SectionKind::Other;
        }
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
        // What the list has had is the thing itself, the second time.
        let listed = std::mem::take(&mut self.left_bare) && !self.contents.iter().any(|line| line == title);
        if self.open.iter().any(|section| section.kind == SectionKind::Contents) {
            self.contents.push(title.to_owned());
        }
        self.open.retain(|section| section.level < level);
        let above = self.open.last();
        // 机构设置, without an ordinal, and then 一、收入支出决算总体情况说明: hardly a part of it, and no number is lost without a word.
        let behind = above.filter(|above| above.kind == SectionKind::Ignored && above.level == TITLE);
        if let Some(title) = behind.filter(|_| heading.heads_finals()).map(|above| above.title.clone()) {
            heading.doubt.get_or_insert(title);
        }
        let budget_amid = above.filter(|above| above.amid && above.budget && !heading.budget && !heading.says_final);

        let names_fund =
            heading.funding.is_some_and(|funding| funding != Funding::Appropriation) && heading.doubt.is_none();
        // A title of no meaning to us stands above sections that tell all of themselves.
        let outermost = is_title || matches!(ordinal, Ordinal::Part | Ordinal::Chinese);
        let inherited = above.filter(|above| !(names_fund || outermost && above.level <= TITLE));
        let of_others = heading.of_others || inherited.is_some_and(|above| above.of_others);
        let doubt = heading.doubt.clone().or_else(|| inherited.and_then(|above| above.doubt.clone()));
        let bare_doubt = if is_title && !heading.says_final {
            heading.doubt.clone()
        } else if let Some(above) = budget_amid {
            // “三公”经费预算情况, then 五、机关运行经费情况: budgets too, or not?
            Some(above.title.clone())
        } else {
            above.and_then(|above| above.bare_doubt.clone())
        };
        let funding = if beside_fund { SectionFunding::NotTold } else { funding_below(&heading, level, above) };
        let kind = kind_below(&heading, above);
        let of_whole = doubt.is_none()
            && bare_doubt.is_none()
            && match above {
                Some(above) => above.of_whole && (heading.of_whole || heading.says_nothing()),
                None => heading.of_whole,
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
            of_others,
            bare_doubt,
            amid,
            budget: heading.budget
                || !heading.says_final && budget_amid.is_none() && above.is_some_and(|above| above.budget),
            title: title.to_owned(),
            subject,
            lasting: heading.lasting,
            listed,
            ..Section::default()
        });
    }
}

/// The funding of the money below a heading.
fn funding_below(heading: &Heading, level: u8, above: Option<&Section>) -> SectionFunding {
    let told_above = above.map_or(SectionFunding::NotTold, |above| above.funding.clone());
    match (heading.funding, heading.kind, told_above) {
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
    }
}

/// What the section of a heading is about.
fn kind_below(heading: &Heading, above: Option<&Section>) -> SectionKind {
    let level_above = above.map(|above| above.level);
    let above = above.map(|above| above.kind);
    let at_title = level_above == Some(TITLE) && heading.heads_finals();
    if above == Some(SectionKind::Ignored) && !at_title {
        return SectionKind::Ignored;
    }
    match (heading.kind.or(above).unwrap_or_default(), above) {
        // The parts of a review stay parts of it.
        (SectionKind::Totals | SectionKind::Other, Some(SectionKind::Review)) => SectionKind::Review,
        (kind, _) => kind,
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

/// The fund pays a part of what is told of all: of the three public expenses.
pub(super) fn is_part(funding: Funding) -> bool {
    matches!(funding, Funding::GovernmentFund | Funding::StateCapital)
}
