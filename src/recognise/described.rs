//! The unit that a text describes, speaks of or is signed by, where no title names one.
//!
//! `第一部分 某局概况`, `一、主要职责` with `某局是…` or `某局负责…` right below, `某局2021年度收入总计…`, and at the end of a text that
//! says 我局 the line `某局` above a date, which stands below the title on a cover, too. These are worth less than titles, unit lines and names of files, and only where all
//! of them name one unit: a text describes units below its own as well.

use super::names::{names_one, same_unit};
use super::years::{first_year, is_date, leading_year};
use crate::mapping::Surroundings;
use crate::model::{Ordinal, longer_than, split_ordinal};

/// No name of an organisation that a sentence begins with is longer, in bytes.
const LONGEST_NAME: usize = 30 * 3;

/// What a line is to the names directly below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Title {
    /// No title.
    #[default]
    None,
    /// That of accounts: above a name and a date it is a cover.
    Accounts,
    /// That of the accounts of a year, with no ordinal before it: a name directly below is that of the unit.
    OfYear,
}

/// What the lines of a document told so far of the unit that they describe.
#[derive(Debug, Default)]
pub(super) struct Described {
    /// The units that they name.
    units: Vec<String>,
    /// The units of which their sentences state single items, which count where nothing else names one.
    units_of_items: Vec<String>,
    /// The years of which its sentences state accounts.
    years: Vec<i32>,
    /// The years of which they state single items, which count where no sentence states accounts.
    years_of_items: Vec<i32>,
    /// A heading says that accounts are final: budgets state their totals in the same words.
    of_finals: bool,
    /// The units in a line of their own directly below a title that tells the year.
    on_covers: Vec<String>,
    /// The units below which a date stands elsewhere.
    signed: Vec<String>,
    /// A heading that says that a unit is described, and not which, stands directly above.
    below_heading: bool,
    /// The lines directly above that are nothing but an organisation's name.
    alone: Vec<String>,
    /// What stands above them, or directly above.
    below: Title,
    /// The text speaks of one unit as its own: 我局.
    speaks_for_one: bool,
    /// It speaks of the accounts of others: 全县, 汇总.
    speaks_of_others: bool,
}

impl Described {
    /// The sentences of the document say of themselves that its accounts are final.
    pub(super) fn of_finals() -> Self {
        Described { of_finals: true, ..Described::default() }
    }

    /// A line of a document, folded. `below_title`: a line above named accounts of a year; `title`: whether this one does.
    pub(super) fn line(&mut self, folded: &str, below_title: bool, title: Title, words: &Surroundings) {
        let alone = std::mem::take(&mut self.alone);
        let below = std::mem::replace(&mut self.below, title);
        let below_heading = std::mem::take(&mut self.below_heading);
        self.speaks_for_one |= words.speaks_for_one(folded);
        self.speaks_of_others |= words.speaks_of_others(folded);
        if let [name] = alone.as_slice() {
            let dated = below_title && is_date(folded);
            if below == Title::OfYear && !names_one(folded, words) || below == Title::Accounts && dated {
                self.on_covers.push(name.clone());
            } else if dated {
                self.signed.push(name.clone());
            }
        }
        let heading = folded.trim_end_matches('。');
        self.of_finals |= !longer_than(heading, 40) && !heading.contains([',', '。']) && words.says_finals(heading);
        self.years.extend(years_of_statements(folded, words, |behind| words.begins_statement(behind)));
        self.years_of_items.extend(years_of_statements(folded, words, |behind| states_item(behind, words)));
        match unit_of_heading(folded, words).or_else(|| unit_of_title(folded, words)) {
            Some("") => self.below_heading = true,
            Some(name) => self.units.push(name.to_owned()),
            None if names_one(folded, words) => {
                self.alone = alone;
                self.below = below;
                self.alone.push(folded.to_owned());
            }
            None => match unit_of_sentence(folded, below_heading, words) {
                Some(name) => self.units.push(name.to_owned()),
                None => self.units_of_items.extend(unit_of_item(folded, words).map(str::to_owned)),
            },
        }
    }

    /// A line that is known to tell nothing.
    pub(super) fn nothing(&mut self) {
        let alone = std::mem::take(&mut self.alone);
        if let [name] = alone.as_slice()
            && self.below == Title::OfYear
        {
            self.on_covers.push(name.clone());
        }
        (self.below, self.below_heading) = (Title::None, false);
    }

    /// A line may tell something, whatever stands above it.
    pub(super) fn may_tell(folded: &str, words: &Surroundings) -> bool {
        unit_of_heading(folded, words).is_some()
            || unit_of_title(folded, words).is_some()
            || names_one(folded, words)
            || unit_of_sentence(folded, true, words).is_some()
            || unit_of_item(folded, words).is_some()
    }

    /// The year of all accounts that its sentences state, if it is one.
    pub(super) fn year(&self) -> Option<i32> {
        let years = if self.years.is_empty() { &self.years_of_items } else { &self.years };
        let (first, others) = years.split_first().filter(|_| self.of_finals)?;
        others.iter().all(|year| year == first).then_some(*first)
    }

    /// The unit that all of it names, if it is one.
    pub(super) fn unit(&self, words: &Surroundings) -> Option<&str> {
        let on_covers = self.on_covers.iter().filter(|_| !self.speaks_of_others);
        let signed = self.signed.iter().filter(|_| self.speaks_for_one && !self.speaks_of_others);
        let of_items = self.units_of_items.iter().filter(|_| self.units.is_empty() && !self.speaks_of_others);
        let mut units = self.units.iter().chain(on_covers).chain(signed).chain(of_items);
        let first = units.next()?;
        units.all(|unit| same_unit(first, unit, words)).then_some(first)
    }
}

/// 一、某局概况, 某局主要职责及机构设置: the unit that a heading says is described, empty where it names none; only headings of
/// the upper levels name one, since those below may be of parts of the unit.
fn unit_of_heading<'t>(folded: &'t str, words: &Surroundings) -> Option<&'t str> {
    if longer_than(folded, 45) || folded.contains([',', '。', ';']) {
        return None;
    }
    let (ordinal, _, text) = split_ordinal(folded);
    let text = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '…' | '-'));
    let name = words.described_by(text)?;
    let upper = matches!(ordinal, Ordinal::None | Ordinal::Part | Ordinal::Chinese);
    (name.is_empty() || upper && names_one(name, words)).then_some(name)
}

/// 某局部门决算, below a line with the year: a line that is a unit's name and what is called the accounts.
fn unit_of_title<'t>(folded: &'t str, words: &Surroundings) -> Option<&'t str> {
    let at = words.first_of_accounts(folded).filter(|_| !longer_than(folded, 45))?;
    let (name, accounts) = folded.split_at(at);
    (words.of_accounts.iter().any(|word| word == accounts) && names_one(name, words)).then_some(name)
}

/// 2023年度收入总计…, 本部门2023年度收入总计…: the years at the beginning of a paragraph's sentences that go on as `states` knows.
fn years_of_statements(folded: &str, words: &Surroundings, states: impl Fn(&str) -> bool) -> Vec<i32> {
    let of_sentence = |sentence| -> Option<i32> {
        let (before, year, behind) = first_year(split_ordinal(sentence).2)?;
        let behind = behind.trim_start_matches(',');
        let is_own = before.is_empty() || words.is_speaker(before) || names_one(before, words);
        (is_own && states(words.behind_speaker(behind))).then_some(year)
    };
    folded.split(['。', ';', ':']).filter_map(of_sentence).collect()
}

/// Behind a year: 机关运行经费支出…, and not 机关运行经费预算…, which may be that of the next year.
fn states_item(behind: &str, words: &Surroundings) -> bool {
    let clause = &behind[..behind.find(',').unwrap_or(behind.len())];
    let of_budget = words.speaks_only_of_budgets(clause) && words.speaks_only_of_budgets(behind);
    words.begins_statement_of_item(behind) && !of_budget
}

/// 某局是…, 某局主要职责:…, 某局负责…: right below a heading that says that the unit is described, or behind it.
/// 某局2021年度收入总计…: anywhere.
fn unit_of_sentence<'t>(folded: &'t str, below_heading: bool, words: &Surroundings) -> Option<&'t str> {
    let mut sentence = split_ordinal(folded).2;
    let mut described = below_heading;
    if let Some((heading, behind)) = sentence.split_once(['。', ':'])
        && words.described_by(heading) == Some("")
    {
        (sentence, described) = (behind, true);
    }
    let end = sentence.floor_char_boundary(LONGEST_NAME.min(sentence.len()));
    let ends_of_names = sentence[..end].char_indices().map(|(at, _)| at).skip(4);
    ends_of_names.map(|at| sentence.split_at(at)).find_map(|(name, behind)| {
        let is_described = || {
            let behind = without_short_name(behind);
            let clause = &behind[..behind.find(['。', ';', ',']).unwrap_or(behind.len())];
            words.begins_description(behind) && !words.speaks_of_parts(clause) && !words.speaks_for_one(clause)
        };
        let states = || leading_year(behind).is_some_and(|(_, behind)| words.begins_statement(behind));
        (described && is_described() || states()).then_some(name).filter(|name| names_one(name, words))
    })
}

/// 某局2021年度机关运行经费支出…: the unit of which a paragraph states one item.
fn unit_of_item<'t>(folded: &'t str, words: &Surroundings) -> Option<&'t str> {
    let (name, _, behind) = first_year(split_ordinal(folded).2)?;
    (states_item(behind, words) && names_one(name, words)).then_some(name)
}

/// 某局(以下简称县局)是…: without what it is called for short.
fn without_short_name(text: &str) -> &str {
    text.strip_prefix('(').and_then(|inner| inner.split_once(')')).map_or(text, |(_, behind)| behind)
}
