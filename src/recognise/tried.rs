//! Which texts of a document were tried as titles, and what did not fit: told to whoever asks, never used for reading.

use super::declared;
use super::headings;
use std::sync::Arc;

use super::lines::{self, Line};
use super::years;
use crate::mapping::{Kind, Mappings, Near};
use crate::model::{Block, Document, Label, Place, Set, Table, fold};

/// A text that may be a title, or a table that may be known by its labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Where it stands; for a table its first cell.
    pub place: Place,
    /// The text; for a table its first cell's.
    pub text: String,
    /// What came of it.
    pub outcome: Fit,
}

/// Whether a text names a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is the title of a form.
    Title(Arc<str>),
    /// It has the title of a form, and words around it that are neither a year nor an organisation.
    Around {
        /// The form.
        form: Arc<str>,
        /// The words.
        words: String,
    },
    /// It is no title; the nearest ones, each with its form.
    None(Vec<Near>),
    /// The table has some of the labels by which a form without a title is known, not all.
    Labels {
        /// The form.
        form: Arc<str>,
        /// Those that are missing.
        missing: Vec<String>,
    },
}

/// No title is longer, in characters.
const LONGEST: usize = 80;

/// Every text that was tried as a title, in document order, and every table that lacks labels of a form.
pub(crate) fn tried(document: &Document, mappings: &Mappings) -> Vec<Tried> {
    let mut tried = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => {
                if !paragraph.text.contains(['。', '；', '，']) {
                    tried.extend(title(&paragraph.text, paragraph.place(), mappings));
                }
            }
            Block::Table(table) => of_table(table, mappings, &mut tried),
        }
    }
    tried
}

fn of_table(table: &Table, mappings: &Mappings, tried: &mut Vec<Tried>) {
    for row in 0..table.height() {
        let mut cells = table.anchored_in(row).filter(|cell| !cell.text.trim().is_empty());
        if let (Some(only), None) = (cells.next(), cells.next())
            && !crate::locate::is_number(only, &mappings.surroundings)
        {
            tried.extend(title(&only.text, table.place(only), mappings));
        }
    }
    let Some(first) = table.cells.iter().find(|cell| !cell.text.trim().is_empty()) else { return };
    let labels: Set<Label> = table.cells.iter().map(|cell| Label::new(&cell.text)).collect();
    for form in mappings.forms.iter().filter(|form| form.kind != Kind::Prose) {
        let missing: Vec<String> = form
            .labels_that_tell
            .iter()
            .filter(|label| !labels.contains(*label))
            .map(|label| label.to_string())
            .collect();
        if !missing.is_empty() && missing.len() < form.labels_that_tell.len() {
            let outcome = Fit::Labels { form: form.form.clone(), missing };
            tried.push(Tried { place: table.place(first), text: squeezed(&first.text), outcome });
        }
    }
}

/// A text held against the titles; `None` where it is a unit line, a note or too long.
fn title(text: &str, place: Place, mappings: &Mappings) -> Option<Tried> {
    let folded = fold(text);
    if folded.is_empty() || folded.chars().count() > LONGEST {
        return None;
    }
    let outcome = match lines::read(text, &folded, mappings) {
        Line::Title { form, .. } => Fit::Title(form.form.clone()),
        Line::Declared { .. } | Line::PageNumber => return None,
        Line::Unknown => words_around(&folded, mappings).unwrap_or_else(|| {
            let bare = headings::heading_label(&folded);
            Fit::None(mappings.nearest_titles(bare.as_str()))
        }),
    };
    Some(Tried { place, text: squeezed(text), outcome })
}

/// The longest title in a heading, and the rest of it.
fn words_around(folded: &str, mappings: &Mappings) -> Option<Fit> {
    let titles = mappings.forms.iter().flat_map(|form| form.titles.iter().map(move |title| (title.as_str(), form)));
    let (title, form) = titles.filter(|(title, _)| folded.contains(title)).max_by_key(|(title, _)| title.len())?;
    let (before, behind) = folded.split_once(title)?;
    let words = [before, behind].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" … ");
    Some(Fit::Around { form: form.form.clone(), words })
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A text is a unit line, a note or another line around a table that is understood, and no title.
pub(crate) fn says_unit(text: &str, mappings: &Mappings) -> bool {
    matches!(lines::read(text, &fold(text), mappings), Line::Declared { .. })
}

/// A heading as a mapping gives it as a title: without the year and the organisation before it; and that year.
pub(crate) fn bare_title(text: &str, mappings: &Mappings) -> (String, Option<i32>) {
    let mut written = squeezed(text);
    let folded = fold(&written);
    if let Some((title, _)) = declared::trailing_unit(&folded, mappings) {
        written = title.to_owned();
    }
    let starts: Vec<usize> = written.char_indices().map(|(at, _)| at).collect();
    // Behind the year everything is the title; else behind the longest organisation's name.
    for at in &starts {
        if let Some((year, rest)) = years::leading_year(&written[*at..]).filter(|(_, rest)| !rest.is_empty()) {
            return (rest.to_owned(), Some(year));
        }
    }
    // …县人民政府政府性基金…: of the ways to part the name from the title, the one by which the title is nearest to a known one.
    // The bare word for an organisation is no name of one: 学校收费情况表.
    let words = &mappings.surroundings;
    let is_name = |name: String| words.looks_like_organisation(&name) && !words.organisations.contains(&name);
    let behind = starts.iter().rev().filter(|at| is_name(fold(&written[..**at])));
    let far = |at: &&usize| mappings.nearest_titles(&written[**at..]).first().map_or(usize::MAX, |near| near.distance);
    let known =
        |at: &&usize| mappings.titles.at_end_of(&fold(&written[**at..])).is_some_and(|title| title.before.is_empty());
    let behind: Option<usize> = behind.min_by_key(|at| if known(at) { 0 } else { far(at) }).copied();
    (behind.map_or(written.clone(), |at| written[at..].to_owned()), None)
}

/// The form that a heading is a title of.
pub(crate) fn form_of_title(text: &str, mappings: &Mappings) -> Option<String> {
    match lines::read(text, &fold(text), mappings) {
        Line::Title { form, .. } => Some(form.form.to_string()),
        _ => None,
    }
}
