//! What a line around a table says: a title, a unit line, a reporting unit, a note.

use std::cell::RefCell;
use std::sync::Arc;

use super::declared::{Said, declared, note_or_signature};
use super::titles::title;
use super::years::with_year_in_digits;
use crate::locate::Money;
use crate::mapping::{FormMapping, Mappings};
use crate::model::{Recent, TextNumber, UnitOfMeasure, fold};

/// What a line is.
#[derive(Clone, Debug)]
pub(super) enum Line<'m> {
    /// The title of a form.
    Title { form: &'m FormMapping, said: Said },
    /// Known, and it may say something of the tables below it.
    Declared { rule: &'static str, said: Said },
    /// A page number.
    PageNumber,
    /// Not understood.
    Unknown,
}

/// `12`, `-12-`, `第2页,共9页`
pub(super) fn is_page_number(folded: &str) -> bool {
    let among = |others: &str| folded.chars().all(|c| c.is_ascii_digit() || others.contains(c));
    folded.len() <= 5 && among("-") || folded.starts_with('第') && folded.ends_with('页') && among("第页共,/")
}

/// Reads one line, or one cell of a line.
///
/// `folded` is the text, folded.
pub(super) fn read<'m>(text: &str, folded: &str, mappings: &'m Mappings) -> Line<'m> {
    if folded.is_empty() {
        return Line::Declared { rule: "blank", said: Said::default() };
    }
    if is_page_number(folded) {
        return Line::PageNumber;
    }
    if let Some((form, said)) = title(folded, mappings) {
        return Line::Title { form, said };
    }
    if let Some((rule, said)) = declared(text, folded, mappings).or_else(|| note_or_signature(folded, mappings)) {
        return Line::Declared { rule, said };
    }
    Line::Unknown
}

/// A line, folded, with its year in digits.
pub(super) fn folded_line(text: &str) -> String {
    with_year_in_digits(fold(text))
}

/// The same for a line of an explanation, where notes and signatures are sentences as others are.
pub(super) fn read_in_prose<'m>(text: &str, folded: &str, mappings: &'m Mappings) -> Line<'m> {
    match title(folded, mappings) {
        Some((form, said)) => Line::Title { form, said },
        None => declared(text, folded, mappings).map_or(Line::Unknown, |(rule, said)| Line::Declared { rule, said }),
    }
}

/// Reads one cell of a table: most are not understood, and stand in every document of the pile.
pub(super) fn read_cell<'m>(text: &str, mappings: &'m Mappings) -> Line<'m> {
    thread_local! {
        static IS_UNKNOWN: RefCell<Recent<bool>> = RefCell::default();
    }
    let anew = || read(text, &folded_line(text), mappings);
    if Recent::recall(&IS_UNKNOWN, &mappings.version, &[], TextNumber::of(text), || matches!(anew(), Line::Unknown)) {
        return Line::Unknown;
    }
    anew()
}

/// The unit that a cell with a line of its own tells: 单位名称：青禾县某局.
pub(super) fn unit_told_by(text: &str, mappings: &Mappings) -> Option<String> {
    match read_cell(text, mappings) {
        Line::Declared { said, .. } if text.contains([':', '：']) => said.unit_name.map(|name| fold(&name)),
        _ => None,
    }
}

/// The default unit of a form.
pub(super) fn assumed(form: &FormMapping) -> Money {
    Money::Assumed(form.amounts.unwrap_or(UnitOfMeasure::TenThousandYuan))
}

/// The reason for an unknown unit, where another table of the document states another unit than 万元.
pub(super) fn in_doubt(stated: &Arc<str>) -> Money {
    Money::Unknown(format!("no unit line, but the document states {stated} elsewhere"))
}
