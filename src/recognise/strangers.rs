//! Tables that are of another unit or year than their document: a workbook of several schools, last year's tables behind
//! this year's, the head office's beside those of the whole department.

use std::sync::Arc;

use super::names::{may_be_one, of_part, same_unit};
use super::qualified;
use super::regions::{Region, states_amount};
use super::scope::Scope;
use super::told::Stranger;
use crate::mapping::{Kind, Surroundings};
use crate::model::fold;

/// Marks the tables that are of another unit or year.
pub(super) fn find(regions: &mut [Region<'_, '_>], scope: &Scope, words: &Surroundings) {
    // The forms whose tables tell a unit, and whether that is a part of one.
    let telling: Vec<(Arc<str>, bool)> = regions
        .iter()
        .filter(|region| {
            region.form.kind == Kind::Table && !region.told.by_heading || region.parts.iter().any(states_amount)
        })
        .filter_map(|region| Some((region.form.form.clone(), of_part(region.told.unit.as_deref()?, words).1)))
        .collect();
    let has_whole = regions.iter().any(|region| region.form.kind == Kind::Table && region.told.of_part.is_none());
    let of_one_year = |region: &Region<'_, '_>| region.form.kind == Kind::Table && !region.told.of_two_years;
    let has_sheet_of_year = regions.iter().any(of_one_year);
    // Whom the part of the text that each form stands in is named after, if anybody.
    let places: Vec<(Option<Arc<str>>, Arc<str>)> =
        regions.iter().map(|region| (region.above.part().cloned(), region.form.form.clone())).collect();
    // What holds in place of earlier forms of its kind: 更正后.
    let in_place: Vec<(usize, Arc<str>, String)> = regions
        .iter()
        .enumerate()
        .filter_map(|(at, region)| Some((at, region.form.form.clone(), region.above.valid()?.clone())))
        .collect();
    for (at, form, line) in &in_place {
        for earlier in regions[..*at].iter_mut().filter(|earlier| earlier.form.form == *form) {
            if earlier.above.valid() != Some(line) {
                earlier.qualified.get_or_insert_with(|| line.clone());
            }
        }
    }
    for region in regions.iter_mut() {
        // 编制单位：某局（不含某站）
        let of_unit = region.told.unit.as_deref().filter(|unit| qualified::leaves_out(&fold(unit), true, words));
        let line = region.qualified.clone().or_else(|| of_unit.map(str::to_owned));
        region.stranger = line.map(Stranger::Qualified);
    }
    for region in regions.iter_mut().filter(|_| !scope.unit.is_empty()) {
        if let Some(name) = region.above.part()
            && is_one_of_several(name, &region.form.form, &places)
            && !is_unit_itself(name, scope, words)
        {
            region.stranger = Some(Stranger::OfUnit(name.to_string()));
        }
    }
    for region in regions.iter_mut().filter(|region| matches!(region.form.kind, Kind::Table | Kind::Prose)) {
        if let Some(part) = region.told.of_part.clone().filter(|_| has_whole) {
            let is_spare = words.standing.is_spare_sheet(&part);
            region.stranger = Some(if is_spare { Stranger::Qualified(part) } else { Stranger::OfUnit(part) });
            continue;
        }
        if let Some(name) = region.told.contradicted_by(words).filter(|_| has_whole).cloned() {
            region.stranger = Some(Stranger::OfUnit(name));
            continue;
        }
        if region.told.of_two_years && has_sheet_of_year {
            region.stranger = Some(Stranger::YearUntold);
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
        let (name, is_part) = of_part(unit, words);
        // The head office's own table is a stranger only beside one of the same form that is the whole department's.
        let beside_whole = is_part && telling.iter().any(|(form, is_part)| *form == region.form.form && !is_part);
        // Texts and their headings shorten names as they like; the line above a table does not.
        let is_free = region.form.kind == Kind::Prose || region.told.by_heading;
        let one = if is_free { may_be_one } else { same_unit };
        // 青禾县财政局(汇总) in the accounts of 青禾县.
        let sums_up = scope.total && name.starts_with(fold(&scope.unit).as_str());
        if beside_whole || !sums_up && !one(&name, &of_part(&scope.unit, words).0, words) {
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
fn is_unit_itself(name: &str, scope: &Scope, words: &Surroundings) -> bool {
    !words.names_a_part(name) && !words.names_subordinates(name) && may_be_one(name, &fold(&scope.unit), words)
}
