//! What stands above a form and says whose it is, of which year, and whether it counts.
//!
//! | told by | tells | until |
//! | --- | --- | --- |
//! | a cover or heading: 某局2022年度部门决算 | unit, year of accounts | the next one; a unit also until the next worksheet |
//! | the heading of a part of the text: 第一部分 局机关 | unit, or part of one | the next part |
//! | the name of a worksheet: 局机关, 2021年 | unit or part of one; year | the next worksheet |
//! | a line above a title: 下属单位 | unit or part of one, or that it is none of the year's | a heading, the next worksheet |
//! | a line of its own: 征求意见稿, 修改前 | that it is none of the year's final accounts | 修改后; the second worksheet behind it |
//! | a note that no form stands above: 以下数据不含局机关 | that the figures leave something out | the end |

use std::sync::Arc;

use super::declared::Said;
use super::headings::LONGEST_NAME;
use super::told::Told;
use super::years;
use crate::mapping::{Kind, State, Surroundings};
use crate::model::{fold, longer_than, split_ordinal};

/// What the lines above what is read say of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Above {
    /// The unit of the last cover, heading or worksheet.
    unit: Option<String>,
    /// The year of accounts of the last cover.
    year: Option<i32>,
    /// The unit or part of one whose name the part of the text bears.
    part: Option<Arc<str>>,
    /// The year of the worksheet's name.
    sheet_year: Option<i32>,
    /// The worksheet's name, or the line above a title, where it says whose the tables are, or that they are samples.
    whose: Option<String>,
    /// The line that says that all of it is void.
    void: Option<String>,
    /// The line that says that it holds, whatever stood above.
    valid: Option<String>,
    /// The line that says that the figures leave something out.
    leaves_out: Option<String>,
}

impl Above {
    /// A worksheet begins: its name may be that of a unit, or of those below it, and may tell a year.
    pub(super) fn at_sheet(&mut self, name: Option<&str>, words: &Surroundings) {
        let name = name.map(fold);
        self.sheet_year = name.as_deref().and_then(years::only_year);
        let is_organisation = |name: &str| words.looks_like_organisation(name) && words.names_one(name);
        let numbered = |c: char| c.is_ascii_digit() || ".-_、".contains(c);
        let bare = name.as_deref().map(|name| name.trim_start_matches(numbered));
        let tells = |name: &&str| words.names_a_part(name) || words.names_subordinates(name) || is_organisation(name);
        self.whose = bare.filter(tells).map(str::to_owned);
        self.unit = name.filter(|name| words.looks_like_organisation(name) || words.names_subordinates(name));
    }

    /// A cover or heading names a unit: what stands below it is that unit's.
    pub(super) fn at_heading(&mut self, unit: &str) {
        self.unit = Some(unit.to_owned());
        self.whose = None;
    }

    /// A cover names a year of accounts.
    pub(super) fn at_cover_of(&mut self, year: i32) {
        self.year = Some(year);
    }

    /// A part of the text begins. Returns whether it is another's than the one above it.
    pub(super) fn at_part(&mut self, name: &str, words: &Surroundings) -> bool {
        let name = Some(name).filter(|name| words.names_unit_or_part(name)).map(Arc::from);
        let differs = name != self.part;
        self.part = name;
        differs
    }

    /// A line right above a title, behind a table: it may be a unit's name, or say that what follows is a part's, that of
    /// the units below it, or none of the year's.
    pub(super) fn at_line(&mut self, text: &str, words: &Surroundings) {
        if longer_than(text, LONGEST_NAME) {
            return;
        }
        let folded = fold(text);
        let name = split_ordinal(&folded).2.trim_matches(['(', ')', ':']);
        let tells = words.looks_like_organisation(name) && words.names_one(name)
            || words.names_a_part(name)
            || words.names_subordinates(name)
            || words.standing.is_spare_sheet(name);
        if tells {
            self.whose = Some(name.to_owned());
        }
    }

    /// A folded line says of which state the content below it is. Returns whether that is news.
    pub(super) fn at_state(&mut self, state: State, line: &str) -> bool {
        let line = Some(line.to_owned());
        let (void, valid) = if state == State::Void { (line, None) } else { (None, line) };
        let differs = void != self.void || valid != self.valid;
        (self.void, self.valid) = (void, valid);
        differs
    }

    /// What a cover called void has been read: the worksheets behind hold.
    pub(super) fn ends_void(&mut self) {
        (self.void, self.valid) = (None, None);
    }

    /// The line that says that what stands below it holds in place of what stood above.
    pub(super) fn valid(&self) -> Option<&String> {
        self.valid.as_ref()
    }

    /// A folded line says that the figures below it leave something out.
    pub(super) fn at_qualification(&mut self, line: String) {
        self.leaves_out = Some(line);
    }

    /// Whose a form is, and of which year: by its own title, else by what stands above it.
    pub(super) fn told(&self, said: &Said, kind: Kind, words: &Surroundings) -> Told {
        let mut told = Told::of(said, words);
        if kind == Kind::Table {
            told = told.or_of_line(self.whose.as_deref(), words).or_of_sheet_of(self.sheet_year).or_of_year(self.year);
        }
        told.or_of_unit(self.unit.as_deref(), words)
    }

    /// Whose a heading or a table without a title is.
    pub(super) fn told_of_untitled(&self, kind: Kind, words: &Surroundings) -> Told {
        match kind {
            Kind::Table => Told::default()
                .or_of_line(self.whose.as_deref(), words)
                .or_of_sheet_of(self.sheet_year)
                .or_of_year(self.year),
            _ => Told::default().or_of_unit(self.unit.as_deref(), words),
        }
    }

    /// The unit or the part of one that the part of the text is named after.
    pub(super) fn part(&self) -> Option<&Arc<str>> {
        self.part.as_ref()
    }

    /// The line that says that the figures below it do not count, or not for the whole.
    pub(super) fn qualified(&self) -> Option<&String> {
        self.void.as_ref().or(self.leaves_out.as_ref())
    }

    /// Both stand in the same part of the text and are of the same state: a form of the one may go on in the other.
    pub(super) fn is_one_text_with(&self, other: &Above) -> bool {
        self.part == other.part && self.is_one_state_with(other)
    }

    /// Both are void, or hold, by the same line, or nothing says so of either.
    pub(super) fn is_one_state_with(&self, other: &Above) -> bool {
        self.void == other.void && self.valid == other.valid
    }
}
