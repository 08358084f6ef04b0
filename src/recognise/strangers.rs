//! Tables that are of another unit or year than their document: a workbook of several schools, last year's tables behind
//! this year's, the head office's beside those of the whole department.

use std::sync::Arc;

use super::lines::Said;
use super::regions::Region;
use super::scope::{Scope, same_unit};
use crate::mapping::{Kind, Mappings};
use crate::model::fold;

/// What the lines above a table tell of whose it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    unit: Option<String>,
    year: Option<i32>,
}

impl Told {
    pub(super) fn of(said: &Said) -> Told {
        Told { unit: said.unit_name.clone(), year: said.year }
    }

    /// What a line tells besides the title: of the year nothing where the title tells one, of the unit it knows more.
    pub(super) fn add(&mut self, said: &Said) {
        self.year = self.year.or(said.year);
        if said.unit_name.is_some() {
            self.unit.clone_from(&said.unit_name);
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
}

/// Marks the tables that are of another unit or year.
pub(super) fn find(regions: &mut [Region<'_, '_>], scope: &Scope, mappings: &Mappings) {
    // The forms whose tables tell a unit, and whether that is a part of one.
    let telling: Vec<(Arc<str>, bool)> = regions
        .iter()
        .filter_map(|region| Some((region.form.form.clone(), of_part(region.told.unit.as_deref()?, mappings).1)))
        .collect();
    for region in regions.iter_mut().filter(|region| region.form.kind == Kind::Table) {
        let another_year = region.told.year.filter(|year| scope.fiscal_year.is_some_and(|of_scope| of_scope != *year));
        if let Some(year) = another_year {
            region.stranger = Some(Stranger::OfYear(year));
        }
        let Some(unit) = region.told.unit.as_deref().filter(|_| !scope.unit.is_empty()) else { continue };
        let (name, is_part) = of_part(unit, mappings);
        // The head office's own table is a stranger only beside one of the same form that is the whole department's.
        let beside_whole = is_part && telling.iter().any(|(form, is_part)| *form == region.form.form && !is_part);
        if beside_whole || !same_unit(&name, &of_part(&scope.unit, mappings).0) {
            region.stranger = Some(Stranger::OfUnit(fold(unit)));
        }
    }
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
