//! What the lines above a form tell of whose it is.

use super::declared::Said;
use super::names::{may_be_one, of_part, telling_name};
use crate::mapping::Surroundings;
use crate::model::fold;

/// What the lines above a table tell of whose it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(super) unit: Option<String>,
    /// The unit is not the table's own word, but that of a heading above.
    pub(super) by_heading: bool,
    pub(super) year: Option<i32>,
    /// The worksheet, or the line above, is called as a part of the unit (本级), or as none of the year's (样表).
    pub(super) of_part: Option<String>,
    /// The unit that the worksheet, or the line above, is called after; the table's own lines may tell another.
    named_after: Option<String>,
    /// The worksheet is called after another year than the table tells.
    pub(super) of_two_years: bool,
}

impl Told {
    pub(super) fn of(said: &Said, words: &Surroundings) -> Told {
        Told {
            unit: said.unit_name.clone().filter(|name| telling_name(name, words)),
            by_heading: false,
            year: said.year,
            ..Told::default()
        }
    }

    /// The year that is told.
    pub(super) fn year(&self) -> Option<i32> {
        self.year
    }

    pub(super) fn of_unit(unit: &str, words: &Surroundings) -> Told {
        Told::default().or_of_unit(Some(unit), words)
    }

    /// Where the title names no unit, that of the heading above it.
    pub(super) fn or_of_unit(mut self, unit: Option<&str>, words: &Surroundings) -> Told {
        if self.unit.is_none() {
            (self.unit, self.by_heading) = (unit.filter(|name| telling_name(name, words)).map(str::to_owned), true);
        }
        self
    }

    /// What the worksheet's name or a line between tables says: a unit's name, however short, which part of the unit, or
    /// that what stands there is none of the year's.
    pub(super) fn or_of_line(mut self, line: Option<&str>, words: &Surroundings) -> Told {
        let Some(name) = line else { return self };
        if words.names_a_part(name) || words.names_subordinates(name) || words.standing.is_spare_sheet(name) {
            self.of_part = Some(name.to_owned());
        } else {
            self.named_after = Some(name.to_owned());
            if self.unit.is_none() {
                (self.unit, self.by_heading) = (Some(name.to_owned()), true);
            }
        }
        self
    }

    /// Where the title names no year, that of the cover above it.
    pub(super) fn or_of_year(mut self, year: Option<i32>) -> Told {
        self.year = self.year.or(year);
        self
    }

    /// Whether what is told later is of another unit or year; of a part of the unit only where the whole has stated amounts.
    pub(super) fn differs(&self, later: &Told, words: &Surroundings, stated: impl Fn() -> bool) -> bool {
        let (Some(unit), Some(later_unit)) = (&self.unit, &later.unit) else { return self.year_differs(later) };
        let ((name, is_part), (later_name, later_part)) = (of_part(unit, words), of_part(later_unit, words));
        self.year_differs(later) || !may_be_one(&name, &later_name, words) || is_part != later_part && stated()
    }

    /// The name of its worksheet, where that is another unit's than the table tells.
    pub(super) fn contradicted_by(&self, words: &Surroundings) -> Option<&String> {
        let unit = fold(self.unit.as_ref()?);
        self.named_after.as_ref().filter(|name| !may_be_one(name, &unit, words))
    }

    /// The year that the worksheet is called after.
    pub(super) fn or_of_sheet_of(mut self, year: Option<i32>) -> Told {
        self.of_two_years = self.year.is_some() && year.is_some_and(|year| self.year != Some(year));
        self.or_of_year(year)
    }

    fn year_differs(&self, later: &Told) -> bool {
        self.year.is_some_and(|year| later.year.is_some_and(|later| later != year))
    }

    /// What a line tells besides the title: of the year nothing where the title tells one, of the unit it knows more.
    pub(super) fn add(&mut self, said: &Said, words: &Surroundings) {
        self.year = self.year.or(said.year);
        if said.unit_name.as_deref().is_some_and(|name| telling_name(name, words)) {
            (self.unit, self.by_heading) = (said.unit_name.clone(), false);
        }
    }
}

/// Whose a table is that is none of its document's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stranger {
    /// Another unit's, by the name as it stands there.
    OfUnit(String),
    /// Another year's.
    OfYear(i32),
    /// A line or the worksheet's name says that its figures are not the whole, a slip, or none of the year's.
    Qualified(String),
    /// Of which year, nothing tells: a later table told the document's year, and the path another one.
    YearUntold,
}
