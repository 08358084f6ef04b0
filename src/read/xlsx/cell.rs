//! A cell as its element begins: where it stands, and of which type it says that it is.

use super::plain_cell::PlainCell;
use crate::read::worksheet::{Area, MOST_COLUMNS, MOST_ROWS};
use crate::read::xml::{Element, Xml};

/// A cell that is being read.
#[derive(Default)]
pub(super) struct Raw {
    pub(super) row: u32,
    pub(super) column: u32,
    /// The address as written, if it is no place of a worksheet or not in its row.
    pub(super) odd_address: Option<String>,
    pub(super) kind: Kind,
    pub(super) style: Option<usize>,
    pub(super) formula: bool,
    pub(super) value: bool,
    /// The text stood in the cell itself; a `<v>` beside it says no more.
    pub(super) inline: bool,
}

/// What a cell says about its content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Number,
    Shared,
    Inline,
    Text,
    Boolean,
    Error,
    Date,
    Unknown,
}

impl Kind {
    /// The kind of a type as it is written.
    fn of(written: &str) -> Kind {
        match written {
            "n" => Kind::Number,
            "s" => Kind::Shared,
            "inlineStr" => Kind::Inline,
            "str" => Kind::Text,
            "b" => Kind::Boolean,
            "e" => Kind::Error,
            "d" => Kind::Date,
            _ => Kind::Unknown,
        }
    }
}

/// The plain cell that comes next, if one may and it stands in this row.
pub(super) fn next_plain<'a>(xml: &Xml<'a>, row: u32, may: bool) -> Option<(PlainCell<'a>, &'a str)> {
    let found = if may { PlainCell::at_start_of(xml.rest()) } else { None };
    found.filter(|(cell, _)| cell.row == row && (1..=MOST_ROWS).contains(&row) && cell.column <= MOST_COLUMNS)
}

impl Raw {
    /// A plain cell with a value.
    pub(super) fn plain(cell: PlainCell<'_>) -> Raw {
        let kind = cell.kind.map_or(Kind::Number, Kind::of);
        Raw { row: cell.row, column: cell.column, kind, style: cell.style, value: true, ..Raw::default() }
    }

    /// Begins the cell behind `column` in `row`, or where it says that it stands.
    pub(super) fn begin(element: Element<'_>, row: u32, column: u32, row_named: bool) -> Raw {
        let mut raw = Raw { row, column: column.saturating_add(1), ..Raw::default() };
        for (name, value) in element.attributes() {
            match name {
                "r" => match address(value) {
                    Some((named_row, named_column)) => {
                        if row_named && named_row != row {
                            raw.odd_address = Some(value.to_owned());
                        }
                        (raw.row, raw.column) = (named_row, named_column);
                    }
                    None => {
                        raw.odd_address = Some(value.to_owned());
                        (raw.row, raw.column) = (0, column);
                    }
                },
                "s" => raw.style = Some(value.parse().unwrap_or(usize::MAX)),
                "t" => raw.kind = Kind::of(value),
                _ => (),
            }
        }
        if raw.odd_address.is_none() && (raw.row > MOST_ROWS || raw.column > MOST_COLUMNS) {
            raw.odd_address = Some(format!("R{}C{}", raw.row, raw.column));
        }
        raw
    }
}

/// Row and column of an address such as `C7`, counted from 1; `None` if it is none.
pub(super) fn address(text: &str) -> Option<(u32, u32)> {
    let (mut row, mut column) = (0_u32, 0_u32);
    let (mut letters, mut digits) = (0, 0);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' if digits == 0 && letters < 3 => {
                column = column * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1;
                letters += 1;
            }
            b'0'..=b'9' if letters > 0 => {
                row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?;
                digits += 1;
            }
            _ => return None,
        }
    }
    (digits > 0 && (1..=MOST_ROWS).contains(&row) && column <= MOST_COLUMNS).then_some((row, column))
}

/// The cells of a reference such as `A1:C3`, its corners in whichever order.
pub(super) fn area(text: &str) -> Option<Area> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let ((row_a, column_a), (row_b, column_b)) = (address(first)?, address(last)?);
    Some(Area {
        top: row_a.min(row_b),
        left: column_a.min(column_b),
        bottom: row_a.max(row_b),
        right: column_a.max(column_b),
    })
}
