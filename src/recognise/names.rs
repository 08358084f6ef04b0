//! Names of units: which are one unit's, how they are shortened, and which name a part of one.

use crate::mapping::{Surroundings, ends_with_any};
use crate::model::fold;

/// The name of an organisation that tells it from others, and is no area's government.
pub(super) fn names_one(name: &str, words: &Surroundings) -> bool {
    name.chars().nth(3).is_some()
        && !governs_area(name, words)
        && words.looks_like_organisation(name)
        && words.names_one(name)
}

/// 某县, 某县人民政府: its portal stands above every page.
pub(super) fn governs_area(name: &str, words: &Surroundings) -> bool {
    let area = words.seats.iter().find_map(|(seat, _)| name.strip_suffix(seat.as_str())).unwrap_or(name);
    words.areas.iter().any(|ending| area.ends_with(ending.as_str()))
}

/// A name that can tell one unit from another: 水管站, but not 本局, 我单位 and 办公室, which may be any.
pub(super) fn telling_name(name: &str, words: &Surroundings) -> bool {
    match name.chars().count() {
        0..=2 => false,
        3 => words.looks_like_organisation(name) && words.names_one(name),
        _ => true,
    }
}

/// 某局 and 某局本级 are one unit, 某镇 and 某镇人民政府; so are a name and the same with the county's name before it.
pub(super) fn same_unit(a: &str, b: &str, words: &Surroundings) -> bool {
    let bare = |name: &str| {
        let name = words.head_office.iter().fold(fold(name), |name, office| {
            let name = name.trim_end_matches(office.as_str());
            name.trim_end_matches(&format!("({office})")).to_owned()
        });
        let mut towns = words.seats.keys().filter_map(|seat| name.strip_suffix(seat.as_str()));
        let town = towns.find(|town| ends_with_any(town, &words.towns)).map(str::to_owned);
        town.unwrap_or(name)
    };
    let (a, b) = (bare(a), bare(b));
    a == b || a.ends_with(&b) || b.ends_with(&a)
}

/// Two names may be one unit's: one leaves characters of the other out, as 政府办 does of 某县人民政府办公室.
pub(super) fn may_be_one(a: &str, b: &str, words: &Surroundings) -> bool {
    let shortens = |short: &str, long: &str| {
        let mut characters = long.chars();
        short.chars().all(|character| characters.any(|other| other == character))
    };
    same_unit(a, b, words) || shortens(a, b) || shortens(b, a)
}

/// A unit's name without the part of it that it names, and whether it names one.
pub(super) fn of_part(unit: &str, words: &Surroundings) -> (String, bool) {
    let name = fold(unit);
    let whole = words.without_whole(&name);
    match words.without_part(whole) {
        Some(rest) => (rest.to_owned(), true),
        None => (whole.to_owned(), false),
    }
}

/// How a unit's text shortens its name: 青柳县白石镇人民政府 is 白石镇人民政府 and 白石镇, 青柳县水务局 is 县水务局,
/// 青柳县人力资源和社会保障局 is 县人社局, 青柳兵团第三师四十二团 is 第三师四十二团 and 四十二团.
pub(super) fn short_names(name: &str, words: &Surroundings) -> Vec<String> {
    let areas = &words.areas;
    let is_town = |name: &str| ends_with_any(name, &words.towns);
    let mut short = Vec::new();
    let whole = fold(name);
    // 某乡人民政府(部门)
    let kind = |inner: &str| words.kinds.iter().any(|kind| kind == inner);
    let unmarked = whole.strip_suffix(')').and_then(|inner| inner.rsplit_once('(')).filter(|(_, inner)| kind(inner));
    let name = unmarked.map_or(whole.as_str(), |(name, _)| name);
    let mut longest = vec![whole.clone()];
    longest.extend(unmarked.map(|(name, _)| name.to_owned()));
    for (at, character) in name.char_indices().skip(2) {
        let behind = &name[at + character.len_utf8()..];
        if areas.iter().any(|area| area.chars().eq([character])) && behind.chars().count() >= 3 {
            longest.push(behind.to_owned());
            short.push(name[at..].to_owned());
        }
    }
    for division in &words.divisions {
        let behind = name.match_indices(division.as_str()).map(|(at, _)| &name[at + division.len()..]);
        longest.extend(behind.map(str::to_owned));
    }
    for name in longest {
        // 青石乡人民政府 is 青石乡政府, and 青石乡.
        let seated = words.seats.iter().find_map(|(seat, short)| Some((name.strip_suffix(seat.as_str())?, short)));
        short.extend(seated.filter(|(_, short)| !short.is_empty()).map(|(area, short)| format!("{area}{short}")));
        short.extend(seated.filter(|(area, _)| is_town(area)).map(|(area, _)| area.to_owned()));
        if is_town(&name) {
            // 青石乡 signs as 青石乡人民政府.
            short.extend(words.seats.keys().map(|seat| format!("{name}{seat}")));
        }
        short.push(name);
    }
    short.retain(|short| short.chars().count() >= 4 || is_town(short) && short.chars().count() >= 3);
    let abbreviated: Vec<String> =
        std::iter::once(&whole).chain(&short).flat_map(|name| abbreviations(name, words)).collect();
    short.extend(abbreviated);
    // 青禾县本级 is 县本级 in its own text.
    let mut offices =
        areas.iter().flat_map(|area| words.head_office.iter().map(move |office| format!("{area}{office}")));
    let itself = offices.find(|itself| name.ends_with(itself.as_str()));
    short.extend(itself);
    short
}

/// 县人社局 of 县人力资源和社会保障局; no shorter ones than 人社局, which might be anything.
fn abbreviations(name: &str, words: &Surroundings) -> Vec<String> {
    let found = words.abbreviations.iter().find_map(|(long, short)| Some((name.strip_suffix(long.as_str())?, short)));
    let Some((before, short)) = found else { return Vec::new() };
    let names = short.iter().map(|short| format!("{before}{short}"));
    names.filter(|name| name.chars().count() >= 3).collect()
}
