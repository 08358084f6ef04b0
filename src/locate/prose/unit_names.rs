//! The names of the reporting unit in its own text.

use memchr::memmem::Finder;

use super::functions;
use crate::mapping::{Lexicon, WordParts};
use crate::model::{Ordinal, fold, split_ordinal};

/// A name of the reporting unit, folded, and what finds it.
pub(super) struct UnitName {
    pub(super) text: String,
    /// It tells no more than the kind of the unit (学校), which others are of, too: it is the unit where a clause opens with it.
    pub(super) of_kind: bool,
    finder: Finder<'static>,
}

impl UnitName {
    /// The names of a unit, without empty ones, and what the first one says of its kind.
    pub(super) fn all(names: &[String], lexicon: &Lexicon) -> Vec<UnitName> {
        let name = |text: String, of_kind: bool| UnitName { finder: Finder::new(&text).into_owned(), of_kind, text };
        let folded = names.iter().map(|name| fold(name)).filter(|name| !name.is_empty());
        let mut all: Vec<UnitName> = folded.map(|text| name(text, false)).collect();
        let kinds = all.first().into_iter().flat_map(|own| lexicon.own_kinds(&own.text));
        let kinds: Vec<UnitName> = kinds.map(|kind| name(kind.to_owned(), true)).collect();
        all.extend(kinds);
        all
    }
}

/// Where the unit's own names stand, the longest at each place.
pub(super) fn unit_spans(text: &str, names: &[UnitName], parts: &WordParts) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = names
        .iter()
        .flat_map(|name| {
            let found = name.finder.find_iter(text.as_bytes()).map(|at| (at, at + name.text.len()));
            let found = found.filter(|(at, _)| !name.of_kind || opens_clause(&text[..*at]));
            // 法院（款）案件审判（项）: what a court's money was spent for.
            let found = found.filter(|(_, end)| !functions::levels().any(|level| text[*end..].starts_with(level)));
            found.filter(|(_, end)| !parts.begin_in_names.iter().any(|word| goes_across(text, *end, word)))
        })
        .collect();
    for (start, end) in &mut spans {
        *start = with_areas(text, *start, *end);
    }
    spans.sort_unstable_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)));
    let mut reached = 0;
    spans.retain(|(start, end)| {
        let keep = *start >= reached;
        if keep {
            reached = *end;
        }
        keep
    });
    spans
}

/// A word begins before a byte and ends behind it.
fn goes_across(text: &str, at: usize, word: &str) -> bool {
    let splits = word.char_indices().skip(1).map(|(split, _)| word.split_at(split));
    splits.into_iter().any(|(before, behind)| text[..at].ends_with(before) && text[at..].starts_with(behind))
}

/// These words end with a mark or a year, or are a line's ordinal: （一）.
fn opens_clause(before: &str) -> bool {
    let behind_ordinal = || matches!(split_ordinal(before), (ordinal, _, "") if ordinal != Ordinal::None);
    before.chars().next_back().is_none_or(|c| ",;。:.年度".contains(c)) || behind_ordinal()
}

/// Where a unit's whole name begins: 某省某县 before it belongs to it, where a clause or a year stands before that.
fn with_areas(text: &str, start: usize, end: usize) -> usize {
    let long_enough = text[start..end].chars().count() >= 5;
    let ends_as_area = text[..start].ends_with(['省', '市', '县', '区', '州', '旗', '盟']);
    if !long_enough || !ends_as_area {
        return start;
    }
    let is_name = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c) && !"的年度和与及各他外全下属邻是因由".contains(*c);
    let name: Vec<char> = text[..start].chars().rev().take_while(is_name).collect();
    let begin = start - name.iter().map(|c| c.len_utf8()).sum::<usize>();
    let clause = text[..begin].chars().next_back().is_none_or(|c| ",;。:、年度".contains(c));
    // The shortest names have two characters (某县), and an area has at most three of them above it.
    if clause && (2..=16).contains(&name.len()) { begin } else { start }
}
