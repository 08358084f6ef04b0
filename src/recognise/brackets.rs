//! Brackets behind a title or heading that tell of it, and are no part of its words: …情况说明（某镇2024年度）.

use super::names::names_one;
use super::years::{first_year, leading_year};
use crate::mapping::Surroundings;
use crate::model::UnitOfMeasure;

/// What brackets behind a title tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bracketed<'t> {
    /// The unit.
    pub(super) name: Option<&'t str>,
    /// The year.
    pub(super) year: Option<i32>,
    /// The unit of amounts.
    pub(super) money: Option<UnitOfMeasure>,
}

/// A folded title without the brackets behind it, and what they tell: a unit, a year, both, the unit of money (万元), or nothing (节选).
pub(super) fn told_behind<'t>(folded: &'t str, words: &Surroundings) -> Option<(&'t str, Bracketed<'t>)> {
    let (title, inner) = folded.strip_suffix(')')?.rsplit_once('(').filter(|(title, _)| !title.is_empty())?;
    let unit = words.unit_line.iter().find_map(|head| inner.strip_prefix(head.as_str())?.strip_prefix(':'));
    let money = words.unit(unit.unwrap_or(inner)).filter(|unit| unit.is_money());
    if money.is_some() || words.behind_titles.iter().any(|word| word == inner) {
        return Some((title, Bracketed { money, ..Bracketed::default() }));
    }
    let (name, year) = match (leading_year(inner), first_year(inner)) {
        (Some((year, name)), _) => (name.trim_start_matches([',', '、']), Some(year)),
        (None, Some((name, year, ""))) => (name.trim_end_matches([',', '、']), Some(year)),
        (None, Some(_)) => return None,
        (None, None) => (inner, None),
    };
    let told = Bracketed { name: Some(name).filter(|name| !name.is_empty()), year, money };
    told.name.is_none_or(|name| names_one_unit(name, words)).then_some((title, told))
}

/// 清溪镇, 水管站, and not 本级, 汇总, 下属单位.
fn names_one_unit(name: &str, words: &Surroundings) -> bool {
    let is_town = words.towns.iter().any(|town| name.ends_with(town.as_str())) && name.chars().nth(2).is_some();
    (is_town || names_one(name, words)) && !words.speaks_of_others(name) && !words.speaks_of_parts(name)
}
