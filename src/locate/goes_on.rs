//! Tables that go on: behind a page break, on another sheet, in another table of the document.

use super::Located;
use super::account::Account;
use super::grid::Rows;
use super::table::Frame;
use super::words::{Reader, Shape, holds_values, shape};
use crate::model::{Fate, Label};

/// A piece of a form's tables.
pub(super) enum Piece<'a> {
    /// Rows that share one header.
    Grid(Vec<Rows<'a>>),
    /// Rows that are left over, and why.
    Left(Rows<'a>, &'static str),
}

/// Rows without a header, of another width than the table before them: which column is which is not known.
const NO_HEADER: &str = "no header fits";
/// A header further left or right than the first one on its sheet is that of another table, whose title may be lost.
const MOVED: &str = "its table begins in another column than the one above";

/// A table of another classification than the one above it is another table, whose title is lost.
const OF_ANOTHER_LIST: &str = "its codes are of another classification than those above";

/// Puts together what belongs to one header (T-10).
///
/// Rows of the same width go on from those before them, unless they begin with a header of their own that is another.
pub(super) fn grids<'a>(parts: &[Rows<'a>], frame: &Frame<'_>) -> Vec<Piece<'a>> {
    let reader = frame.reader();
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    for part in parts {
        let begins = begins_with_header(part, &reader);
        let is_moved = |piece: &Piece<'_>| match piece {
            Piece::Grid(grid) => {
                std::ptr::eq(grid[0].table, part.table)
                    && begins_with_header(&grid[0], &reader)
                    && grid[0].first_column() != part.first_column()
            }
            Piece::Left(..) => false,
        };
        if begins && pieces.iter().any(is_moved) {
            pieces.push(Piece::Left(part.clone(), MOVED));
            continue;
        }
        let list = list_of(part);
        let is_of_another = |piece: &Piece<'_>| match piece {
            Piece::Grid(grid) => list.is_some() && list_of(&grid[0]).is_some_and(|other| Some(other) != list),
            Piece::Left(..) => false,
        };
        if begins && pieces.iter().any(is_of_another) {
            pieces.push(Piece::Left(part.clone(), OF_ANOTHER_LIST));
            continue;
        }
        match pieces.last_mut() {
            None => pieces.push(Piece::Grid(vec![part.clone()])),
            Some(Piece::Grid(grid)) if grid[0].table.has_columns_of(part.table) => {
                if begins && !same_header(&grid[0], part) {
                    pieces.push(Piece::Grid(vec![part.clone()]));
                } else {
                    grid.push(part.clone());
                }
            }
            Some(_) if begins => pieces.push(Piece::Grid(vec![part.clone()])),
            Some(_) => pieces.push(Piece::Left(part.clone(), NO_HEADER)),
        }
    }
    pieces
}

/// The first row says what its columns are, and holds no number.
fn begins_with_header(part: &Rows<'_>, reader: &Reader<'_>) -> bool {
    let Some(row) = part.rows.clone().next() else { return false };
    let mut told = false;
    for cell in part.table.anchored_in(row) {
        if shape(Some(cell), &reader.mappings.surroundings) == Shape::Number {
            return false;
        }
        told |= reader.role(&cell.text).is_some();
    }
    told
}

/// The first digit of the codes with which rows begin: 2 for functions, 3 for economic classes.
fn list_of(part: &Rows<'_>) -> Option<u8> {
    let first = |row: usize| part.table.anchored_in(row).find(|cell| !cell.is_blank()).map(|cell| cell.text.trim());
    let is_code = |text: &&str| matches!(text.len(), 3 | 5 | 7) && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut codes = part.rows.clone().filter_map(first).filter(is_code);
    codes.find_map(|code| code.bytes().next().filter(|digit| matches!(digit, b'2' | b'3')))
}

/// The two begin with the same labels, blank cells aside.
fn same_header(first: &Rows<'_>, part: &Rows<'_>) -> bool {
    let header = |rows: &Rows<'_>, column: u32| {
        let at = rows.table.columns.iter().position(|found| *found == column);
        Label::new(at.map_or("", |at| rows.table.text_at(rows.rows.start, at)))
    };
    part.table.columns.iter().all(|column| {
        let below = header(part, *column);
        below.is_empty() || header(first, *column) == below
    })
}

/// Leaves the numbers of rows over that nothing can name, for the reason given.
pub(super) fn leave(rows: &Rows<'_>, blocked_by: &str, frame: &Frame<'_>, located: &mut Located) {
    let mut account = Account { form: &frame.form.form, located };
    for cell in rows.table.cells.iter().filter(|cell| rows.rows.contains(&cell.row)) {
        match shape(Some(cell), &frame.mappings.surroundings) {
            Shape::Number => account.leftover(rows.table, cell, String::new(), blocked_by),
            _ if holds_values(&cell.text) => account.leftover_text(rows.table, cell, blocked_by),
            _ => account.cell(rows.table, cell, Fate::Ignored, "label"),
        }
    }
}
