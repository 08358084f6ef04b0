//! What the path of a document tells: unit, year, form, and of which state it is.

use std::sync::Arc;

use super::titles::title_of_name;
use super::years::{leading_year, plausible_year};
use crate::mapping::{Mappings, NamedState};
use crate::model::fold;

/// All that can be taken from a document's path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ToldByPath {
    unit: Option<String>,
    year: Option<i32>,
    form: Option<Arc<str>>,
    /// What the name of the file, or else of a folder, says of the document, and that name: 某局2023年度决算（初稿）.docx.
    state: Option<(NamedState, String)>,
}

/// What a document's path tells.
pub(crate) fn told_by_path(path: &str, mappings: &Mappings) -> ToldByPath {
    let form = title_of_name(path, mappings).map(|form| form.form.clone());
    ToldByPath {
        unit: unit_of_path(path, mappings),
        year: year_of_path(path),
        form,
        state: state_of_path(path, mappings),
    }
}

/// What the parts of a path say of the document, the file's name first; a void one counts for more than a doubtful one.
pub(crate) fn state_of_path(path: &str, mappings: &Mappings) -> Option<(NamedState, String)> {
    let standing = &mappings.surroundings.standing;
    let said = || path.rsplit('/').filter_map(|part| Some((standing.of_name(part)?, part.to_owned())));
    said().find(|(state, _)| *state == NamedState::Void).or_else(|| said().next())
}

/// The year that the parts of a path name, if they agree.
pub(super) fn year_of_path(path: &str) -> Option<i32> {
    let mut found = None;
    for part in path.split('/') {
        let folded = fold(part);
        let chars: Vec<char> = folded.chars().collect();
        for start in 0..chars.len().saturating_sub(3) {
            let digits: String = chars[start..start + 4].iter().collect();
            let before = start.checked_sub(1).and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
            let behind = chars.get(start + 4).is_some_and(char::is_ascii_digit);
            if let Some(year) = plausible_year(&digits)
                && !before
                && !behind
            {
                if found.is_some_and(|other| other != year) {
                    return None;
                }
                found = Some(year);
            }
        }
    }
    found
}

/// The part of a path that looks like an organisation's name, nearest to the file first.
pub(super) fn unit_of_path(path: &str, mappings: &Mappings) -> Option<String> {
    let stem = |part: &str| -> String {
        let folded = fold(part);
        folded.rsplit_once('.').map_or(folded.clone(), |(stem, _)| stem.to_owned())
    };
    path.split('/')
        .rev()
        .flat_map(|part| {
            stem(part)
                .split(['_', '-', '(', ')', ' '])
                .map(|piece| {
                    let piece = leading_year(piece).map_or(piece, |(_, rest)| rest);
                    piece.split("20").next().unwrap_or(piece).to_owned()
                })
                .collect::<Vec<_>>()
        })
        .find(|piece| mappings.surroundings.looks_like_organisation(piece))
}
