//! Locating: which numbers of a form are values, and what each one is called.
//!
//! *In:* a recognised form with its mapping. *Out:* one [`Claim`] per value that the words on its path name, one
//! [`Leftover`] per number that they do not, and the fate of every number. **Nothing vanishes:** every run of digits of
//! the form is in the account exactly once.
//!
//! Knows tables, prose, labels and mappings. Knows no file format (that is `read`) and no amount (that is `normalise`):
//! what it hands on is still the text as written.

mod account;
mod bands;
mod blocks;
mod codes;
mod converted;
mod counted;
mod fields;
mod goes_on;
mod grid;
mod indicators;
mod layout;
mod outline;
pub mod prose;
mod table;
mod words;

pub(crate) use fields::{Part, project_named};
pub(crate) use grid::Rows;
pub(crate) use outline::{Labelled, Outline, outline};
pub(crate) use table::{Frame, Money, Project};

use crate::mapping::Kind;
use crate::model::{Cell, CellNote, Claim, Finding, Leftover, NumberRecord, Score, TextField, Trace};

/// Why a number of a form of projects is nobody's.
const NO_PROJECT: &str = "no project that it belongs to";

/// Why a rate is no figure: 0.93 may be ninety-three of a hundred, or one of them.
const NO_PERCENT_SIGN: &str = "a rate without a percent sign";

/// What was located in one form.
#[derive(Clone, Debug, Default)]
pub struct Located {
    /// Values with their keys. The number of each stands in `numbers` with the fate `figure`.
    #[allow(clippy::vec_box, reason = "claims are large, and are handed on from room to room")]
    pub claims: Vec<Box<Claim>>,
    /// Indicators.
    pub scores: Vec<Score>,
    /// Text fields.
    pub texts: Vec<TextField>,
    /// Numbers that could not be named, each also in `numbers`.
    pub leftovers: Vec<Leftover>,
    /// What is doubtful, with places.
    pub findings: Vec<Finding>,
    /// Every number of the form and its fate, in document order.
    pub numbers: Vec<NumberRecord>,
    /// How numbers got their keys or got none; only where that was asked for.
    pub traces: Vec<Trace>,
}

impl Located {
    /// Nothing as yet, with the account of numbers of this one to write on: it comes back with [`Located::append`].
    fn continued(&mut self) -> Located {
        Located { numbers: std::mem::take(&mut self.numbers), ..Located::default() }
    }

    /// Puts what was located in another piece of the form behind what is there.
    pub fn append(&mut self, other: Located) {
        put_behind(&mut self.claims, other.claims);
        put_behind(&mut self.scores, other.scores);
        put_behind(&mut self.texts, other.texts);
        put_behind(&mut self.leftovers, other.leftovers);
        put_behind(&mut self.findings, other.findings);
        put_behind(&mut self.numbers, other.numbers);
        put_behind(&mut self.traces, other.traces);
    }
}

/// Puts some things behind others. Claims and numbers are large and many: where nothing is there they are not moved.
fn put_behind<T>(these: &mut Vec<T>, mut others: Vec<T>) {
    if these.is_empty() {
        *these = others;
    } else {
        these.append(&mut others);
    }
}

/// Locates the values of one form.
///
/// `parts` are its paragraphs and rows in document order. Prose is located by [`prose`], which needs whole paragraphs.
///
/// The numbers of the form are put behind `numbers`, those of the forms before it.
pub(crate) fn locate(parts: &[Part<'_>], frame: &Frame<'_>, numbers: Vec<NumberRecord>) -> Located {
    let mut located = Located { numbers, ..Located::default() };
    match frame.form.kind {
        Kind::Fields => fields::locate(parts, frame, &mut located),
        Kind::Table | Kind::Indicators => {
            let rows: Vec<Rows<'_>> = parts
                .iter()
                .filter_map(|part| match part {
                    Part::Rows(rows) => Some(rows.clone()),
                    Part::Paragraph(_) => None,
                })
                .collect();
            let words = &frame.mappings.surroundings;
            for (at, grid) in goes_on::grids(&rows, frame).into_iter().enumerate() {
                match grid {
                    goes_on::Piece::Grid(parts) => {
                        if let Some(why) = parts.iter().find_map(|rows| rows.unreadable_words(words)) {
                            parts.iter().for_each(|rows| goes_on::leave(rows, why, frame, &mut located));
                        } else if frame.form.kind == Kind::Indicators {
                            indicators::locate(&parts, frame, &mut located);
                        } else {
                            table::locate(&parts, frame, at == 0, &mut located);
                        }
                    }
                    goes_on::Piece::Left(rows, why) => goes_on::leave(&rows, why, frame, &mut located),
                }
            }
        }
        Kind::Prose => {}
    }
    located
}

/// A percent sign stands in a number, or its format holds one.
fn shows_percent(cell: &Cell) -> bool {
    cell.number.as_ref().is_some_and(|number| number.percent) || says_percent(&cell.text)
}

/// Words hold a percent sign.
fn says_percent(words: &str) -> bool {
    words.contains(['%', '％'])
}

/// What keeps a number in a cell, or beside words in one, from its name: nobody knows what stands in it, or where it stands.
fn unreadable(cell: &Cell) -> Option<&'static str> {
    match cell.note {
        Some(CellNote::Undivided) => Some("columns that cannot be told apart"),
        _ => cell.is_unreadable().then_some("a cell that cannot be read"),
    }
}

/// A cell holds one number, or something that wants to be one.
pub(crate) fn is_number(cell: &Cell, words: &crate::mapping::Surroundings) -> bool {
    words::shape(Some(cell), words) == words::Shape::Number
}

/// Locates the values of prose: the paragraphs of a form whose kind it is.
///
/// Its numbers are put behind `numbers`, those of the forms before it.
pub(crate) fn locate_prose(
    parts: &[Part<'_>],
    frame: &Frame<'_>,
    mut numbers: Vec<NumberRecord>,
    fiscal_year: i32,
    unit_names: &[String],
    of_finals: bool,
) -> Located {
    let lines: Vec<prose::Line<'_>> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Paragraph(paragraph) => {
                Some(prose::Line { text: &paragraph.text, place: paragraph.place(), offset: paragraph.offset })
            }
            Part::Rows(_) => None,
        })
        .collect();
    let told = prose::Frame {
        form: frame.form.form.clone(),
        fiscal_year,
        unit_names,
        of_finals,
        unit_above: match frame.money {
            Money::Stated(unit) => Some(unit),
            _ => None,
        },
        rule: frame.rule.clone(),
    };
    let mappings = frame.mappings;
    let locate = if frame.traced { prose::locate_traced } else { prose::locate };
    let mut located = locate(&lines, &told, &mappings.vocabulary, &mappings.codes, &mappings.lexicon);
    numbers.append(&mut located.numbers);
    Located { numbers, ..located }
}
