//! Names of organisations, of their parts and of those below them, and what tells that a text describes one.

use std::collections::BTreeMap;

use super::Surroundings;
use crate::model::{fold, longer_than};

impl Surroundings {
    /// A folded text may be the name of an organisation.
    ///
    /// It may have another one of its names in brackets behind it: 某市中医医院(某某医院).
    pub fn looks_like_organisation(&self, text: &str) -> bool {
        let bracketed = text.strip_suffix(')').and_then(|inner| inner.split_once('('));
        match bracketed {
            Some((name, other)) if !other.contains('(') && name.chars().count() >= 3 => {
                self.is_organisation(name) && self.is_organisation(other)
                    || self.is_organisation(text)
                    || self.is_head_office(text)
            }
            _ => self.is_organisation(text) || self.is_head_office(text),
        }
    }

    fn is_organisation(&self, text: &str) -> bool {
        text.chars().nth(1).is_some()
            && !longer_than(text, 40)
            && !text.contains(['，', ',', '。', ';', ':', '、'])
            && text.matches('(').count() == text.matches(')').count()
            && self.organisations.iter().any(|ending| text.ends_with(ending.as_str()))
            && !self.says_what_no_name_says(text)
            && !self.names_subordinates(text)
    }

    /// A word stands in a text that stands in no organisation's name, but as a part of one that does: 收入 of 非税收入管理局.
    fn says_what_no_name_says(&self, text: &str) -> bool {
        let says = |text: &str| self.not_in_organisations.iter().any(|word| text.contains(word.as_str()));
        says(text)
            && says(&self.in_organisations.iter().fold(text.to_owned(), |text, word| text.replace(word.as_str(), "")))
    }

    /// 某局机关, 某局(机关): the head office of an organisation; what sits in an area (县机关) is none.
    fn is_head_office(&self, text: &str) -> bool {
        let of = |office: &String| {
            let bracketed =
                text.strip_suffix(')').and_then(|name| name.strip_suffix(office.as_str())?.strip_suffix('('));
            bracketed.or_else(|| text.strip_suffix(office.as_str()))
        };
        let is_area = |name: &str| self.areas.iter().any(|area| name.ends_with(area.as_str()));
        let mut names = self.head_office.iter().filter_map(of);
        names.any(|name| name.chars().nth(3).is_some() && !is_area(name) && self.is_organisation(name))
    }

    /// A folded text may be the name of a part of the reporting unit: an organisation, perhaps numbered.
    pub fn looks_like_part(&self, text: &str) -> bool {
        let bare = text.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(')').trim_end_matches("(本级");
        self.looks_like_organisation(bare) || self.parts_of_unit.iter().any(|ending| bare.ends_with(ending.as_str()))
    }

    /// Two names are those of two departments of a county, neither of which is a part of the other: 教育局, 民政局.
    pub fn are_two_departments(&self, name: &str, other: &str) -> bool {
        let department = |name: &str| self.departments.iter().find(|department| name.ends_with(department.as_str()));
        let (Some(own), Some(others)) = (department(name), department(other)) else { return false };
        // 教育局 may be what is left of 教育体育局.
        let kernel = |department: &str| department.trim_end_matches(['局', '委', '会', '员']).to_owned();
        let holds = |whole: &str, part: &str| whole.contains(&kernel(part));
        own != others && !holds(own, others) && !holds(others, own)
    }

    /// A folded organisation's name tells it from others: not 我镇, 本单位, 学校.
    pub fn names_one(&self, name: &str) -> bool {
        let is_kind = |rest: &str| self.organisations.iter().chain(&self.kinds).any(|kind| kind == rest);
        !self.kinds.iter().any(|kind| kind == name)
            && !self.speakers.iter().any(|word| name.strip_prefix(word.as_str()).is_some_and(is_kind))
    }

    /// A folded name is that of an organisation, of a part of one or of those below it, and not that of one with all its parts.
    pub fn names_unit_or_part(&self, name: &str) -> bool {
        let is_organisation = self.looks_like_organisation(name) && self.names_one(name);
        let named = is_organisation || self.names_a_part(name) || self.names_subordinates(name);
        named && self.without_whole(name) == name
    }

    /// A folded name is that of a part of a unit: 本级, 局机关, 农业局本级.
    pub fn names_a_part(&self, name: &str) -> bool {
        let mut parts = self.parts_of_unit.iter().filter(|part| !self.whole_units.contains(*part));
        parts.any(|part| name == part) || self.without_part(name).is_some()
    }

    /// A folded text names the units below a unit: 某局下属单位; 某局及下属单位 is the whole.
    pub fn names_subordinates(&self, text: &str) -> bool {
        self.subordinates.iter().any(|word| {
            let joined = |at: usize| self.and.iter().any(|and| text[..at].ends_with(and.as_str()));
            text.match_indices(word.as_str()).any(|(at, _)| !joined(at))
        })
    }

    /// Names of units as they are spoken.
    pub fn spoken(&self) -> Spoken<'_> {
        let plain = |words: &String| replaced(words.clone(), &self.spoken);
        let all = |(long, short): &(String, Vec<String>)| {
            let spoken: Vec<String> = std::iter::once(long).chain(short).map(plain).collect();
            spoken
        };
        Spoken { words: &self.spoken, same: self.abbreviations.iter().map(all).collect() }
    }

    /// A folded name of a unit without the areas that stand before it, as short as they leave it; `None` where none does.
    pub fn without_areas<'t>(&self, name: &'t str) -> Option<&'t str> {
        /// No name of areas has more characters.
        const LONGEST: usize = 8;
        let ends = name.char_indices().map(|(at, character)| at + character.len_utf8()).skip(1).take(LONGEST - 1);
        let end = ends.filter(|end| self.areas.iter().any(|area| name[..*end].ends_with(area.as_str()))).last()?;
        name[end..].chars().nth(1).map(|_| &name[end..])
    }

    /// A folded organisation's name without what stands behind it, in brackets or not.
    fn without_ending<'t>(&self, name: &'t str, ending: &str) -> Option<&'t str> {
        let bracketed = name.strip_suffix(')').and_then(|name| name.strip_suffix(ending)?.strip_suffix('('));
        bracketed.or_else(|| name.strip_suffix(ending)).filter(|rest| self.looks_like_organisation(rest))
    }

    /// A folded unit's name without the words behind it that mean the unit with all its parts: `某局(汇总)`.
    pub fn without_whole<'t>(&self, name: &'t str) -> &'t str {
        self.whole_units.iter().find_map(|word| self.without_ending(name, word)).unwrap_or(name)
    }

    /// A folded unit's name in a title without the word behind it that says that it is one: 某局部门. 某县部门 are many.
    pub fn without_kind<'t>(&self, name: &'t str) -> &'t str {
        let is_one = |rest: &&str| {
            self.looks_like_organisation(rest)
                && self.names_one(rest)
                && !self.areas.iter().any(|area| rest.ends_with(area.as_str()))
        };
        let bare = self.behind_names.iter().find_map(|word| name.strip_suffix(word.as_str()).filter(is_one));
        bare.unwrap_or(name)
    }

    /// A folded unit's name without the part of the unit that it names: `某局(本级)`, `某局机关`.
    pub fn without_part<'t>(&self, name: &'t str) -> Option<&'t str> {
        let parts = self.parts_of_unit.iter().filter(|part| !self.whole_units.contains(*part));
        parts.filter_map(|part| self.without_ending(name, part)).min_by_key(|rest| rest.len())
    }

    /// A folded unit's name without what it says behind it of money: 某镇 of 某镇财政拨款三公经费.
    pub fn before_funds<'t>(&self, name: &'t str) -> &'t str {
        self.funds.first_in(name).map_or(name, |fund| name[..fund.start].trim_end_matches('的'))
    }

    /// A title says that its accounts are those of several units: 2022年度青禾县部门决算汇总表, but not 汇总全县经济动态.
    pub fn sums_up(&self, title: &str) -> bool {
        self.says_whole(self.first_of_accounts(title).map_or("", |at| &title[at..]))
    }

    /// The name of a table says that it sums up several units: 收入决算汇总表.
    pub fn says_whole(&self, title: &str) -> bool {
        self.whole_units.iter().any(|word| title.contains(word.as_str()))
    }

    /// The area whose departments a name speaks of: 青禾县部门.
    pub fn area_of_departments<'t>(&self, name: &'t str) -> &'t str {
        let mut areas = self.before_titles.iter().filter_map(|word| name.strip_suffix(word.as_str()));
        areas.find(|name| self.is_area(name)).unwrap_or(name)
    }

    /// The name is that of an area: 青禾县.
    pub fn is_area(&self, name: &str) -> bool {
        self.areas.iter().any(|area| name.ends_with(area.as_str()))
    }

    /// The words before those of a folded heading that say that a unit is described: the unit's name, or nothing.
    pub fn described_by<'t>(&self, heading: &'t str) -> Option<&'t str> {
        let found = self.descriptions.first_in(heading)?;
        let mut rest = &heading[found.end..];
        while !rest.is_empty() {
            let joined = self.and.iter().find_map(|and| rest.strip_prefix(and.as_str()));
            rest = joined.unwrap_or(rest).trim_start_matches('、');
            rest = self.describes.before(rest).next()?.1;
        }
        Some(heading[..found.start].trim_end_matches('的'))
    }

    /// A folded text goes on as a sentence does that describes the unit named before it.
    pub fn begins_description(&self, text: &str) -> bool {
        self.described_as.begin(text)
    }

    /// A folded text goes on as a sentence does that states the accounts of the unit and year named before it.
    pub fn begins_statement(&self, text: &str) -> bool {
        self.states.begin(text)
    }

    /// A folded text goes on as a sentence does that states of the year named before it what one item was.
    pub fn begins_statement_of_item(&self, text: &str) -> bool {
        self.states_items.begin(text)
    }

    /// A folded clause describes another unit than the text's own, or a part of it.
    pub fn speaks_of_parts(&self, clause: &str) -> bool {
        self.of_parts.is_in(clause)
    }

    /// A folded text speaks of the accounts of many units.
    pub fn speaks_of_others(&self, text: &str) -> bool {
        self.of_others.is_in(text)
    }

    /// A folded name stands for the unit whose text it is, without naming it: 本部门.
    pub fn is_speaker(&self, name: &str) -> bool {
        self.behind_speaker(name).is_empty()
    }

    /// 本部门机关运行经费…: a folded text without what stands at its beginning for the unit whose it is.
    pub fn behind_speaker<'t>(&self, text: &'t str) -> &'t str {
        let behind = self.speakers.iter().filter_map(|word| text.strip_prefix(word.as_str()));
        let kinds = behind.flat_map(|rest| self.kinds.iter().filter_map(|kind| rest.strip_prefix(kind.as_str())));
        kinds.min_by_key(|rest| rest.len()).unwrap_or(text)
    }

    /// A folded text speaks of one unit as its own: 我局.
    pub fn speaks_for_one(&self, text: &str) -> bool {
        let is_unit = |rest: &str| {
            let of_area = self.areas.iter().any(|area| rest.starts_with(area.as_str()));
            !of_area && self.organisations.iter().any(|kind| rest.starts_with(kind.as_str()))
        };
        self.speakers
            .iter()
            .any(|word| text.match_indices(word.as_str()).any(|(at, word)| is_unit(&text[at + word.len()..])))
    }
}

/// How the names of units are spoken, so that they can be compared: 青禾市人民政府办公室 and 青禾市政府办 are both 青禾市政府办.
pub struct Spoken<'s> {
    words: &'s BTreeMap<String, String>,
    /// What organisations are called, and what they are called for short.
    same: Vec<Vec<String>>,
}

impl Spoken<'_> {
    /// A name as it is spoken.
    pub fn of(&self, name: &str) -> String {
        let spoken = replaced(fold(name), self.words);
        let shortened = self.same.iter().find_map(|names| {
            let (long, [short, ..]) = names.split_first()? else { return None };
            let bare =
                std::iter::once(long).chain(&names[2..]).find_map(|words| spoken.strip_suffix(words.as_str()))?;
            Some(format!("{bare}{short}"))
        });
        shortened.unwrap_or(spoken)
    }
}

fn replaced(mut name: String, words: &BTreeMap<String, String>) -> String {
    for (long, short) in words {
        name = name.replace(long, short);
    }
    name
}

#[cfg(test)]
mod tests {
    use crate::mapping::Mappings;

    #[test]
    fn names_are_compared_as_they_are_spoken() {
        let mappings = Mappings::load(None).unwrap();
        let spoken = mappings.surroundings.spoken();
        for (one, other) in [
            ("青禾市人民政府办公室", "青禾市政府办"),
            ("中共青禾市委员会办公室", "青禾市委办公室"),
            ("青禾市市场监督管理局", "青禾市市场监督局"),
            ("青禾市市场监督管理局", "青禾市市监局"),
            ("青禾县人力资源和社会保障局", "青禾县人社局"),
            ("青禾县农业农村局本级", "青禾县农业局"),
        ] {
            assert_eq!(spoken.of(one), spoken.of(other));
        }
        assert_ne!(spoken.of("青禾市教育局"), spoken.of("青禾市财政局"));
    }

    #[test]
    fn the_areas_before_a_name_can_be_left_out() {
        let mappings = Mappings::load(None).unwrap();
        let bare = |name| mappings.surroundings.without_areas(name);
        assert_eq!(bare("青禾市政府办"), Some("政府办"));
        assert_eq!(bare("南山市青禾县教育局"), Some("教育局"));
        assert_eq!(bare("教育局"), None);
        assert_eq!(bare("市区"), None);
    }
}
