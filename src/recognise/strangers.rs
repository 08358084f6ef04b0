//! Tables that are of another unit or year than their document: a workbook of several schools, last year's tables behind
//! this year's, the head office's beside those of the whole department.

use std::sync::Arc;

use super::lines::Said;
use super::qualified;
use super::regions::Region;
use super::scope::{Scope, same_unit};
use crate::locate::Part;
use crate::mapping::{Kind, Mappings, Surroundings};
use crate::model::{fold, has_digits};

/// What the lines above a table tell of whose it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    unit: Option<String>,
    /// The unit is not the table's own word, but that of a heading above.
    by_heading: bool,
    year: Option<i32>,
    /// The worksheet, or the line above, is called as a part of the unit (本级), or as none of the year's (样表).
    of_part: Option<String>,
}

/// A name that can tell one unit from another: 本局, 我校 and 政府办 are too short for it.
fn telling_name(name: &str) -> bool {
    name.chars().count() >= 4
}

impl Told {
    pub(super) fn of(said: &Said) -> Told {
        Told {
            unit: said.unit_name.clone().filter(|name| telling_name(name)),
            by_heading: false,
            year: said.year,
            of_part: None,
        }
    }

    /// The year that is told.
    pub(super) fn year(&self) -> Option<i32> {
        self.year
    }

    pub(super) fn of_unit(unit: &str) -> Told {
        Told::default().or_of_unit(Some(unit))
    }

    /// Where the title names no unit, that of the heading above it.
    pub(super) fn or_of_unit(mut self, unit: Option<&str>) -> Told {
        if self.unit.is_none() {
            (self.unit, self.by_heading) = (unit.filter(|name| telling_name(name)).map(str::to_owned), true);
        }
        self
    }

    /// What the worksheet's name or a line between tables says: a unit's name, however short, which part of the unit, or
    /// that what stands there is none of the year's.
    pub(super) fn or_of_line(mut self, line: Option<&str>, words: &Surroundings) -> Told {
        let Some(name) = line else { return self };
        if words.names_a_part(name) || words.standing.is_spare_sheet(name) {
            self.of_part = Some(name.to_owned());
        } else if self.unit.is_none() {
            (self.unit, self.by_heading) = (Some(name.to_owned()), true);
        }
        self
    }

    /// Where the title names no year, that of the cover above it.
    pub(super) fn or_of_year(mut self, year: Option<i32>) -> Told {
        self.year = self.year.or(year);
        self
    }

    /// Whether what is told later is of another unit or year; of a part of the unit only where the whole has stated amounts.
    pub(super) fn differs(&self, later: &Told, mappings: &Mappings, stated: impl Fn() -> bool) -> bool {
        let (Some(unit), Some(later_unit)) = (&self.unit, &later.unit) else { return self.year_differs(later) };
        let ((name, is_part), (later_name, later_part)) = (of_part(unit, mappings), of_part(later_unit, mappings));
        self.year_differs(later)
            || !may_be_one(&name, &later_name, &mappings.surroundings)
            || is_part != later_part && stated()
    }

    fn year_differs(&self, later: &Told) -> bool {
        self.year.is_some_and(|year| later.year.is_some_and(|later| later != year))
    }

    /// What a line tells besides the title: of the year nothing where the title tells one, of the unit it knows more.
    pub(super) fn add(&mut self, said: &Said) {
        self.year = self.year.or(said.year);
        if said.unit_name.as_deref().is_some_and(telling_name) {
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

/// Marks the tables that are of another unit or year.
pub(super) fn find(regions: &mut [Region<'_, '_>], scope: &Scope, mappings: &Mappings) {
    // The forms whose tables tell a unit, and whether that is a part of one.
    let telling: Vec<(Arc<str>, bool)> = regions
        .iter()
        .filter(|region| {
            region.form.kind == Kind::Table && !region.told.by_heading || region.parts.iter().any(states_amount)
        })
        .filter_map(|region| Some((region.form.form.clone(), of_part(region.told.unit.as_deref()?, mappings).1)))
        .collect();
    let has_whole = regions.iter().any(|region| region.form.kind == Kind::Table && region.told.of_part.is_none());
    // Whom the part of the text that each form stands in is named after, if anybody.
    let places: Vec<(Option<Arc<str>>, Arc<str>)> =
        regions.iter().map(|region| (region.above.part().cloned(), region.form.form.clone())).collect();
    for region in regions.iter_mut() {
        let words = &mappings.surroundings;
        // 编制单位：某局（不含某站）
        let of_unit = region.told.unit.as_deref().filter(|unit| qualified::leaves_out(&fold(unit), true, words));
        let line = region.qualified.clone().or_else(|| of_unit.map(str::to_owned));
        region.stranger = line.map(Stranger::Qualified);
    }
    for region in regions.iter_mut().filter(|_| !scope.unit.is_empty()) {
        if let Some(name) = region.above.part()
            && is_one_of_several(name, &region.form.form, &places)
            && !is_unit_itself(name, scope, mappings)
        {
            region.stranger = Some(Stranger::OfUnit(name.to_string()));
        }
    }
    for region in regions.iter_mut().filter(|region| matches!(region.form.kind, Kind::Table | Kind::Prose)) {
        if let Some(part) = region.told.of_part.clone().filter(|_| has_whole) {
            let is_spare = mappings.surroundings.standing.is_spare_sheet(&part);
            region.stranger = Some(if is_spare { Stranger::Qualified(part) } else { Stranger::OfUnit(part) });
            continue;
        }
        let another_year = region.told.year.filter(|year| scope.fiscal_year.is_some_and(|of_scope| of_scope != *year));
        if let Some(year) = another_year {
            region.stranger = Some(Stranger::OfYear(year));
        }
        if region.form.kind == Kind::Table
            && region.before_any_year
            && region.told.year.is_none()
            && scope.year_is_contradicted
        {
            region.stranger = Some(Stranger::YearUntold);
        }
        let Some(unit) = region.told.unit.as_deref().filter(|_| !scope.unit.is_empty()) else { continue };
        let (name, is_part) = of_part(unit, mappings);
        // The head office's own table is a stranger only beside one of the same form that is the whole department's.
        let beside_whole = is_part && telling.iter().any(|(form, is_part)| *form == region.form.form && !is_part);
        // Texts and their headings shorten names as they like; the line above a table does not.
        let is_free = region.form.kind == Kind::Prose || region.told.by_heading;
        let one = if is_free { may_be_one } else { same_unit };
        // 青禾县财政局(汇总) in the accounts of 青禾县.
        let sums_up = scope.total && name.starts_with(fold(&scope.unit).as_str());
        if beside_whole || !sums_up && !one(&name, &of_part(&scope.unit, mappings).0, &mappings.surroundings) {
            region.stranger = Some(Stranger::OfUnit(fold(unit)));
        }
    }
}

/// Others are named after other units or parts, or the same form stands in one that is named after none.
fn is_one_of_several(name: &str, form: &str, places: &[(Option<Arc<str>>, Arc<str>)]) -> bool {
    places.iter().any(|(other, of_form)| match other {
        Some(other) => **other != *name,
        None => **of_form == *form,
    })
}

/// A name is the unit's, perhaps shortened, and not that of a part of it.
fn is_unit_itself(name: &str, scope: &Scope, mappings: &Mappings) -> bool {
    let words = &mappings.surroundings;
    !words.names_a_part(name) && !words.names_subordinates(name) && may_be_one(name, &fold(&scope.unit), words)
}

/// Two names may be one unit's: one leaves characters of the other out, as 政府办 does of 某县人民政府办公室.
pub(super) fn may_be_one(a: &str, b: &str, words: &Surroundings) -> bool {
    let shortens = |short: &str, long: &str| {
        let mut characters = long.chars();
        short.chars().all(|character| characters.any(|other| other == character))
    };
    same_unit(a, b, words) || shortens(a, b) || shortens(b, a)
}

/// A folded line that is a heading, not a sentence: it has no number but the year, and no mark inside it.
pub(super) fn is_heading(folded: &str) -> bool {
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    digits <= 4 && !folded.contains(['。', ',', ';', ':'])
}

/// A paragraph that states an amount.
pub(super) fn states_amount(part: &Part<'_>) -> bool {
    matches!(part, Part::Paragraph(paragraph) if paragraph.text.contains('元') && has_digits(&paragraph.text))
}

/// A unit's name without the part of it that it names, and whether it names one.
fn of_part(unit: &str, mappings: &Mappings) -> (String, bool) {
    let name = fold(unit);
    let whole = mappings.surroundings.without_whole(&name);
    match mappings.surroundings.without_part(whole) {
        Some(rest) => (rest.to_owned(), true),
        None => (whole.to_owned(), false),
    }
}
