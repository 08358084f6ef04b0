//! Headings of explanations, and what lines name and nothing else.

use super::brackets::{Bracketed, told_behind};
use super::names::telling_name;
use super::years::{first_year, leading_year};
use crate::locate::prose;
use crate::mapping::{FormMapping, Mappings, behind_any};
use crate::model::{Label, Ordinal, has_digits, longer_than, split_ordinal};

/// No name of a unit, or of a part of one, that stands in a line of its own has more characters.
pub(super) const LONGEST_NAME: usize = 30;
/// No heading has more characters.
pub(super) const LONGEST_HEADING: usize = 60;

/// `2.本表金额保留两位小数。`, `2.资产总额=流动资产+固定资产`: a sentence with a number, not a heading.
pub(super) fn is_numbered_sentence(folded: &str) -> bool {
    let (ordinal, _, rest) = split_ordinal(folded);
    let numbered = matches!(ordinal, Ordinal::Digit | Ordinal::BracketedDigit | Ordinal::Circled);
    numbered && (rest.ends_with(['。', ';']) || rest.contains('='))
}

/// A heading that a prose form knows: to begin it, or to end it.
pub(super) fn heading_of<'m>(folded: &str, mappings: &'m Mappings, begins: bool) -> Option<&'m FormMapping> {
    if longer_than(folded, LONGEST_HEADING) {
        return None;
    }
    let (folded, _) = told_behind(folded, &mappings.surroundings).unwrap_or((folded, Bracketed::default()));
    let label = heading_label(folded);
    mappings.forms.iter().find(|form| {
        let list = if begins { &form.headings } else { &form.ends };
        list.contains(&label)
    })
}

/// What a heading of the lexicon's says to recognition.
#[derive(Debug, Default)]
pub(super) struct Section<'m> {
    /// The prose form that it begins: all its words are known, before them at most an organisation's name, and it says
    /// that it is about final accounts.
    pub(super) form: Option<&'m FormMapping>,
    /// It speaks of a budget.
    pub(super) of_budget: bool,
    /// The organisation that it names.
    pub(super) organisation: Option<String>,
    /// The year that stands in brackets behind it.
    pub(super) year: Option<i32>,
}

/// Reads a line as a heading of the lexicon's.
pub(super) fn section<'m>(text: &str, folded: &str, mappings: &'m Mappings) -> Section<'m> {
    let Some((title, told)) = told_behind(folded, &mappings.surroundings) else {
        return section_without_brackets(text, folded, mappings);
    };
    let section = section_without_brackets(title, title, mappings);
    match (told.name, &section.organisation) {
        // 某局决算情况说明(水管站): whose?
        (Some(_), Some(_)) => Section { of_budget: section.of_budget, ..Section::default() },
        (Some(name), None) => Section { organisation: Some(name.to_owned()), year: told.year, ..section },
        (None, _) => Section { year: told.year, ..section },
    }
}

fn section_without_brackets<'m>(text: &str, folded: &str, mappings: &'m Mappings) -> Section<'m> {
    let is_organisation = |name: &str| mappings.surroundings.looks_like_organisation(name);
    let (vocabulary, codes) = (&mappings.vocabulary, &mappings.codes);
    let of_form = |words: &str, says: &prose::HeadingSays| {
        let begins = |form: &&FormMapping| form.sections.iter().any(|word| words.contains(word.as_str()));
        mappings.forms.iter().find(begins).filter(|_| says.opens_section && !says.of_budget)
    };
    if folded.ends_with(':')
        && let Some((words, says)) =
            prose::read_announcement(text, is_organisation, vocabulary, codes, &mappings.lexicon)
    {
        return Section {
            form: of_form(&words, &says),
            of_budget: says.of_budget,
            organisation: says.organisation,
            year: None,
        };
    }
    if longer_than(folded, LONGEST_HEADING) {
        return Section::default();
    }
    let Some(says) = prose::read_heading(text, is_organisation, vocabulary, codes, &mappings.lexicon) else {
        return Section::default();
    };
    let form = of_form(folded, &says);
    let organisation =
        says.organisation.map(|name| behind_any(&name, &mappings.surroundings.about).unwrap_or(&name).to_owned());
    Section { form, of_budget: says.of_budget, organisation, year: None }
}

/// A heading that says that it is of final accounts, inside a line: a page's text may be one line, as in
/// `…情况说明（一）收入支出决算总体情况说明2021年度收入总计…`. With it the prose form that it begins.
pub(super) fn heading_inside<'m, 't>(folded: &'t str, mappings: &'m Mappings) -> Option<(&'m FormMapping, &'t str)> {
    const ENDS: [&str; 2] = ["情况", "说明"];
    const LONGEST: usize = 45 * 3;
    if !longer_than(folded, LONGEST_HEADING) {
        return None;
    }
    let starts = folded.char_indices().filter(|(_, c)| "(一二三四五六七八九十".contains(*c)).map(|(at, _)| at);
    starts.filter(|at| folded[..*at].ends_with(['。', ';', '%', '元', ')', '明', '况', '表'])).find_map(|at| {
        let (ordinal, _, rest) = split_ordinal(&folded[at..]);
        if !matches!(ordinal, Ordinal::Chinese | Ordinal::BracketedChinese) {
            return None;
        }
        let end = rest.find(['。', ';', ',', ':']).unwrap_or(rest.len());
        let first = &rest[..rest.floor_char_boundary(end.min(LONGEST))];
        let heading_ends = |end: &str| first.find(end).map(|found| found + end.len());
        let mut heading = &first[..ENDS.into_iter().filter_map(heading_ends).min()?];
        if first[heading.len()..].starts_with(ENDS[1]) {
            heading = &first[..heading.len() + ENDS[1].len()];
        }
        section(heading, heading, mappings).form.map(|form| (form, heading))
    })
}

/// A folded line that is a heading, not a sentence: it has no number but the year, and no mark inside it.
pub(super) fn is_heading(folded: &str) -> bool {
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    digits <= 4 && !folded.contains(['。', ',', ';', ':', '%'])
}

/// The unit or the part of one that the words of a line name first, and little else behind it: 水管站决算情况.
pub(super) fn unit_named_first<'t>(words: &'t str, mappings: &Mappings) -> Option<&'t str> {
    /// No more than so many characters say of what of the unit's they speak.
    const LONGEST: usize = 6;
    if longer_than(words, LONGEST_NAME) {
        return None;
    }
    // 水管所2022年度决算情况
    if let Some((name, ..)) = first_year(words).filter(|(name, ..)| mappings.surroundings.names_unit_or_part(name)) {
        return Some(name);
    }
    let ends = words.char_indices().map(|(at, _)| at).chain([words.len()]);
    let mut names = ends.rev().filter(|end| !longer_than(&words[*end..], LONGEST)).map(|end| &words[..end]);
    names.find(|name| mappings.surroundings.names_unit_or_part(name))
}

/// That which a line names and nothing else, but for an ordinal, brackets or a word and a colon before the name: （二）水管站, 下属单位：水管站.
pub(super) fn unit_named_alone<'t>(folded: &'t str, mappings: &Mappings) -> Option<&'t str> {
    let words = split_ordinal(folded).2;
    if longer_than(words, LONGEST_NAME) || has_digits(words) {
        return None;
    }
    let bare = words.trim_matches(['(', ')', '[', ']', '【', '】', ':']);
    let name = bare.rsplit_once(':').map_or(bare, |(_, name)| name);
    let words = &mappings.surroundings;
    Some(name).filter(|name| telling_name(name, words) && words.names_unit_or_part(name))
}

/// A heading without ordinal, year, last mark and last digits: `附件3` is 附件.
pub(super) fn heading_label(folded: &str) -> Label {
    let text = split_ordinal(folded).2;
    let text = leading_year(text).map_or(text, |(_, rest)| rest);
    let text = text.trim_end_matches(['。', ':', '.']).trim_end_matches(|c: char| c.is_ascii_digit());
    Label::new(text)
}
