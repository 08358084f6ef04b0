//! Finding how a grid is laid out: where its header ends, what each column holds, and which label columns go with which
//! value columns.

use std::sync::Arc;

use super::bands;
use super::grid::{Grid, Spot};
use super::layout::{Block, ColumnKind, Layout, RowKind, is_part_of_code};
use super::words::{Axis, Reader, Shape};
use crate::mapping::ColumnRole;
use crate::model::{Label, fold, longer_than};

impl Layout {
    pub(super) fn of(grid: &Grid<'_>, reader: &Reader<'_>) -> Layout {
        let mut rows = vec![RowKind::Plain; grid.height];
        for (row, kind) in rows.iter_mut().enumerate() {
            if is_page_number(grid, row, reader) {
                *kind = RowKind::Page;
            } else if let Some(band) = grid.band(row) {
                *kind = if ignored(band, reader).is_some() { RowKind::Ignored } else { RowKind::Band };
            } else if is_line_row(grid, row, reader) {
                *kind = RowKind::Line;
            }
        }
        let mut roles: Vec<Option<ColumnRole>> =
            (0..grid.width).map(|column| role_of_column(grid, column, &rows, reader)).collect();
        super::codes::divide(grid, &rows, &mut roles, reader);
        super::counted::mark(grid, &rows, &mut roles, reader);
        if let Some(row) = unnamed_line_row(grid, &rows, &roles) {
            rows[row] = RowKind::Line;
        }
        let body = first_value(grid, &rows, &roles);
        mark_repeats(grid, &mut rows, body);
        let columns = kinds(grid, &rows, &roles, body);
        let mut layout = Layout { rows, columns, roles, blocks: Vec::new() };
        layout.find_blocks(grid, reader);
        if let Some(body) = layout.blocks.iter().map(|block| block.body).min() {
            mark_repeats(grid, &mut layout.rows, body);
        }
        layout.find_headers(grid, reader);
        layout.take_out_ignored(grid, reader);
        layout
    }

    /// Takes out the rows and columns that a label names which the form ignores.
    ///
    /// A row is one for all blocks side by side: it is ignored only where none of them has another label in it.
    fn take_out_ignored(&mut self, grid: &Grid<'_>, reader: &Reader<'_>) {
        if reader.form.ignored.is_empty() {
            return;
        }
        let Layout { rows, columns, blocks, .. } = self;
        for block in blocks.iter_mut() {
            let of_none = |column: &usize| block.above(grid, *column).any(|spot| ignored(spot, reader).is_some());
            let out: Vec<usize> = block.values.iter().copied().filter(of_none).collect();
            block.values.retain(|column| !out.contains(column));
            out.iter().for_each(|column| columns[*column] = ColumnKind::Ignored);
            block.ignored = out;
        }
        blocks.retain(|block| !block.values.is_empty());
        for (row, kind) in rows.iter_mut().enumerate().filter(|(_, kind)| **kind == RowKind::Plain) {
            let of_row = |block: &Block| (row >= block.body).then(|| name_of(grid, block, row)).flatten();
            let mut names = blocks.iter().filter_map(of_row).peekable();
            if names.peek().is_some() && names.all(|spot| ignored(spot, reader).is_some()) {
                *kind = RowKind::Ignored;
            }
        }
    }

    /// The row at which another header begins below values: words that name values where values stand, and not the same as
    /// above. Also whether all of them are words of the header above, in another order.
    pub(super) fn other_header(&self, grid: &Grid<'_>, reader: &Reader<'_>) -> Option<(usize, bool)> {
        let body = self.blocks.iter().map(|block| block.body).min()?;
        let first = (body..grid.height).find(|row| self.rows[*row] == RowKind::Plain && self.has_number(grid, *row))?;
        let row = (first + 1..grid.height).find(|row| self.is_header(grid, *row, reader))?;
        // What is the same as above over it belongs to it.
        let again = (first + 1..row).rev().take_while(|above| self.rows[*above] == RowKind::Repeat);
        let values = || self.blocks.iter().flat_map(|block| block.values.iter().map(move |column| (block, *column)));
        let above =
            |label: &Label| values().any(|(block, column)| block.above(grid, column).any(|spot| spot.label() == label));
        let same = values().filter_map(|(_, column)| grid.label(row, column)).all(above);
        Some((again.last().unwrap_or(row), same))
    }

    fn has_number(&self, grid: &Grid<'_>, row: usize) -> bool {
        let values = self.blocks.iter().flat_map(|block| &block.values);
        values.into_iter().any(|column| shape_at(grid, row, *column) == Shape::Number)
    }

    /// A row of the body without a number, in which a word that names values stands in a column of values.
    fn is_header(&self, grid: &Grid<'_>, row: usize, reader: &Reader<'_>) -> bool {
        if self.rows[row] != RowKind::Plain || self.has_number(grid, row) {
            return false;
        }
        let here = |column: &usize| {
            let spot = grid.at(row, *column)?;
            ((spot.row, spot.column) == (row, *column) && spot.shape == Shape::Words).then_some(spot)
        };
        let words = || self.blocks.iter().flat_map(|block| &block.values).filter_map(here);
        let names_values =
            |spot: &Spot<'_>| spot.word(reader, Axis::Across).rule.as_ref().is_some_and(|rule| rule.says_something());
        // What names no row, or says what the labels are, names columns.
        let names_no_row = || {
            let mut labels = self.blocks.iter().flat_map(|block| &block.labels).filter_map(here).peekable();
            labels.peek().is_none() || labels.any(|spot| spot.role(reader).is_some())
        };
        words().any(names_values) || words().next().is_some() && names_no_row()
    }

    /// Why nothing at a position is a value, where the form ignores its row or its column.
    pub(super) fn reason(&self, grid: &Grid<'_>, reader: &Reader<'_>, spot: &Spot<'_>) -> Option<Arc<str>> {
        let column_is = self.columns[spot.column] == ColumnKind::Ignored;
        let header = (0..grid.height).filter(|_| column_is).filter_map(|row| grid.at(row, spot.column));
        let row_is = self.rows[spot.row] == RowKind::Ignored;
        let left = (0..grid.width).filter(|_| row_is).filter_map(|column| grid.at(spot.row, column));
        left.chain(header).find_map(|spot| ignored(spot, reader))
    }

    /// Groups columns into blocks and finds where the body of each begins.
    fn find_blocks(&mut self, grid: &Grid<'_>, reader: &Reader<'_>) {
        let mut blocks: Vec<Block> = Vec::new();
        let mut in_values = true;
        for (column, kind) in self.columns.iter().enumerate() {
            match kind {
                ColumnKind::Label => {
                    if in_values {
                        blocks.push(Block::default());
                        in_values = false;
                    }
                    if let Some(block) = blocks.last_mut() {
                        block.labels.push(column);
                    }
                }
                ColumnKind::Value => {
                    if blocks.is_empty() {
                        blocks.push(Block::default());
                    }
                    in_values = true;
                    if let Some(block) = blocks.last_mut() {
                        block.values.push(column);
                    }
                }
                _ => {}
            }
        }
        for block in &mut blocks {
            let header = self.end_of_header(grid, block, reader);
            block.body =
                (header..grid.height).find(|row| self.is_body(grid, block, *row, reader)).unwrap_or(grid.height);
        }
        blocks.retain(|block| !block.values.is_empty());
        self.blocks = blocks;
    }

    /// The row below the last one that says what the label columns of a block are, before its first number.
    ///
    /// A label alone in a row above it (收入 over 项目, where the merge is lost) is header, not body.
    fn end_of_header(&self, grid: &Grid<'_>, block: &Block, reader: &Reader<'_>) -> usize {
        let plain = |row: &usize| self.rows[*row] == RowKind::Plain;
        let has_number = |row: &usize| {
            plain(row) && block.values.iter().any(|column| shape_at(grid, *row, *column) == Shape::Number)
        };
        let first = (0..grid.height).find(has_number).unwrap_or(grid.height);
        let names_columns = |row: &usize| {
            plain(row)
                && block.labels.iter().any(|column| {
                    grid.at(*row, *column).is_some_and(|spot| spot.row == *row && spot.role(reader).is_some())
                })
        };
        (0..first).rev().find(names_columns).map_or(0, |row| row + 1)
    }

    /// A row with a value, or with a label beside values that are blank; not one whose value cells hold words.
    fn is_body(&self, grid: &Grid<'_>, block: &Block, row: usize, reader: &Reader<'_>) -> bool {
        if self.rows[row] != RowKind::Plain {
            return false;
        }
        let here = |column: usize| grid.at(row, column).filter(|spot| spot.row == row);
        let mut number = false;
        for spot in block.values.iter().filter_map(|column| here(*column)) {
            match spot.shape {
                Shape::Number => number = true,
                // A label that is merged over its value columns.
                Shape::Words if !block.labels.contains(&spot.column) => return number,
                _ => {}
            }
        }
        number
            || block.labels.iter().filter_map(|column| here(*column)).any(|spot| {
                let over_values = block.values.iter().any(|column| spot.covers(*column));
                !over_values && spot.shape == Shape::Words && spot.role(reader).is_none()
            })
    }

    /// Notes for each block what stands above each column.
    fn find_headers(&mut self, grid: &Grid<'_>, reader: &Reader<'_>) {
        let Layout { rows, blocks, .. } = self;
        for block in blocks {
            block.header = (0..grid.width).map(|column| header_of(grid, rows, block.body, column)).collect();
            block.lost_bands = bands::lost(grid, rows, block, reader);
            for band in block.lost_bands.iter().filter(|band| band.certain) {
                for column in &band.columns[1..] {
                    // Rows come from the outermost inward, so what stands above the band is there already.
                    let inner = block.header[*column].iter().position(|at| grid.spots[*at].row > band.row);
                    let at = inner.unwrap_or(block.header[*column].len());
                    block.header[*column].insert(at, band.spot);
                }
            }
        }
    }
}

/// Why the form ignores what a label names.
fn ignored(spot: &Spot<'_>, reader: &Reader<'_>) -> Option<Arc<str>> {
    if reader.form.ignored.is_empty() || spot.shape != Shape::Words {
        return None;
    }
    reader.form.ignored.get(spot.label()).cloned()
}

/// The first label of a row in a block.
fn name_of<'g, 'a>(grid: &'g Grid<'a>, block: &Block, row: usize) -> Option<&'g Spot<'a>> {
    block.labels.iter().filter_map(|column| grid.at(row, *column)).find(|spot| spot.shape == Shape::Words)
}

/// Marks rows of the body that say a row of the header again, perhaps with other spaces or a cell emptied.
fn mark_repeats(grid: &Grid<'_>, rows: &mut [RowKind], body: usize) {
    let header: Vec<usize> = (0..body).filter(|row| rows[*row] == RowKind::Plain).collect();
    for row in body..grid.height {
        if rows[row] == RowKind::Plain && header.iter().any(|above| says_again(grid, *above, row)) {
            rows[row] = RowKind::Repeat;
        }
    }
}

fn header_of(grid: &Grid<'_>, rows: &[RowKind], body: usize, column: usize) -> Vec<usize> {
    let mut header: Vec<usize> = Vec::new();
    for row in (0..body).filter(|row| rows[*row] == RowKind::Plain) {
        let Some(at) = grid.index_at(row, column) else { continue };
        let spot = &grid.spots[at];
        let again = header.last().is_some_and(|last| std::ptr::eq(grid.spots[*last].cell, spot.cell));
        if !again && !spot.is_blank() {
            header.push(at);
        }
    }
    header
}

/// Two rows with the same labels, blank cells aside, and at least two of them.
fn says_again(grid: &Grid<'_>, header: usize, row: usize) -> bool {
    let mut same = 0;
    for column in 0..grid.width {
        let Some(below) = grid.label(row, column) else { continue };
        let same_label = match grid.label(header, column) {
            Some(above) => above == below,
            None => below.is_empty(),
        };
        if !same_label {
            return false;
        }
        same += 1;
    }
    same >= 2
}

/// A page's number stands alone in the row: - 12 -, as where pages were pasted into a worksheet.
fn is_page_number(grid: &Grid<'_>, row: usize, reader: &Reader<'_>) -> bool {
    /// 第 100 页 共 120 页
    const LONGEST: usize = 20;
    let mut filled = grid.filled_in(row);
    let Some(only) = filled.next().filter(|spot| !longer_than(spot.text(), LONGEST)) else { return false };
    // 3/30 may be a value.
    let may_be_page = only.shape == Shape::Words || !only.text().contains('/');
    may_be_page && filled.next().is_none() && reader.mappings.lexicon.parts().is_page_number(&fold(only.text()))
}

/// A row headed 栏次: the rest of it are numbers of columns, dashes or blank; 类, 款 and 项 may stand beside it, and letters over
/// the labels.
fn is_line_row(grid: &Grid<'_>, row: usize, reader: &Reader<'_>) -> bool {
    let mut named = false;
    for spot in grid.filled_in(row) {
        match spot.shape {
            Shape::Number | Shape::Dash => {}
            _ if spot.role(reader) == Some(ColumnRole::Line) => named = true,
            _ if spot.role(reader).is_some_and(is_part_of_code) => {}
            _ if is_letter_of_column(spot) => {}
            _ => return false,
        }
    }
    named
}

/// The row of numbers 1 … n without a gap, right below the header and without a label: numbers of columns. Letters may stand
/// over the labels (甲, 乙), and behind a number of which others it is the sum (3=4+5).
fn unnamed_line_row(grid: &Grid<'_>, rows: &[RowKind], roles: &[Option<ColumnRole>]) -> Option<usize> {
    let row = (0..grid.height).find(|row| {
        rows[*row] == RowKind::Plain
            && grid.filled_in(*row).any(|spot| roles[spot.column].is_none() && spot.shape == Shape::Number)
    })?;
    let mut expected = 1;
    for spot in grid.filled_in(row).skip_while(|spot| is_letter_of_column(spot)) {
        if number_of_column(spot.text()) != Some(expected) {
            return None;
        }
        expected += 1;
    }
    (expected > 2).then_some(row)
}

/// 甲 below the header of a label column, where others have numbers.
fn is_letter_of_column(spot: &Spot<'_>) -> bool {
    matches!(spot.text().trim(), "甲" | "乙" | "丙" | "丁" | "戊" | "己")
}

/// The number of a column: 3, or 3=4+5.
fn number_of_column(text: &str) -> Option<u32> {
    let folded = fold(text);
    let (number, sum) = folded.split_once('=').unwrap_or((&folded, "1"));
    let is_sum = !sum.is_empty() && sum.chars().all(|c| c.is_ascii_digit() || "+-()*/×÷".contains(c));
    number.parse().ok().filter(|_| is_sum)
}

/// What a column is by the words at its top: the lowest that tells.
fn role_of_column(grid: &Grid<'_>, column: usize, rows: &[RowKind], reader: &Reader<'_>) -> Option<ColumnRole> {
    let mut found = None;
    for row in 0..grid.height {
        let Some(spot) = grid.at(row, column) else { continue };
        if rows[row] != RowKind::Plain {
            // 类, 款, 项 beside 栏次 say what their columns are.
            let part = spot.role(reader).filter(|role| rows[row] == RowKind::Line && is_part_of_code(*role));
            found = part.or(found);
            continue;
        }
        match spot.shape {
            Shape::Blank | Shape::Dash => continue,
            Shape::Number => break,
            Shape::Words => {}
        }
        match spot.role(reader) {
            Some(role) => found = Some(role),
            None if found.is_some() => break,
            None => {}
        }
    }
    found
}

/// The first row in which a column that is neither label nor line has a number.
fn first_value(grid: &Grid<'_>, rows: &[RowKind], roles: &[Option<ColumnRole>]) -> usize {
    let has_value = |row: &usize| {
        rows[*row] == RowKind::Plain
            && (0..grid.width).any(|column| roles[column].is_none() && shape_at(grid, *row, column) == Shape::Number)
    };
    (0..grid.height).find(has_value).unwrap_or(grid.height)
}

fn kinds(grid: &Grid<'_>, rows: &[RowKind], roles: &[Option<ColumnRole>], body: usize) -> Vec<ColumnKind> {
    let mut kinds: Vec<ColumnKind> = (0..grid.width)
        .map(|column| match roles[column] {
            Some(ColumnRole::Line) => ColumnKind::Line,
            Some(
                ColumnRole::Text | ColumnRole::Target | ColumnRole::Actual | ColumnRole::Sign | ColumnRole::CountedIn,
            ) => ColumnKind::Text,
            Some(ColumnRole::Personal) => ColumnKind::Personal,
            Some(ColumnRole::Weight | ColumnRole::SelfScore) => ColumnKind::Value,
            Some(_) => ColumnKind::Label,
            None => {
                let (mut numbers, mut words) = (0, 0);
                for row in (body..grid.height).filter(|row| rows[*row] == RowKind::Plain) {
                    // A word beside the header that is merged down over the body names all its rows; one that is merged
                    // over label and values (本年支出合计 over three columns) says of neither what its column is.
                    let spot = grid.at(row, column);
                    let beside = spot.filter(|spot| spot.row < body && spot.shape == Shape::Words);
                    let reaches_here = spot.is_some_and(|spot| spot.column < column);
                    if reaches_here && spot.is_some_and(|spot| spot.row == row && spot.shape == Shape::Words) {
                        continue;
                    }
                    match beside.map_or_else(|| shape_at(grid, row, column), |spot| spot.shape) {
                        Shape::Number => numbers += 1,
                        Shape::Words => words += 1,
                        Shape::Blank | Shape::Dash => {}
                    }
                }
                let headed =
                    (0..body).any(|row| rows[row] == RowKind::Plain && shape_at(grid, row, column) == Shape::Words);
                match (numbers, words) {
                    _ if !headed && counts_rows(grid, column, rows, body) => ColumnKind::Line,
                    (0, 0) if headed => ColumnKind::Value,
                    (0, 0) => ColumnKind::Empty,
                    (numbers, words) if numbers >= words => ColumnKind::Value,
                    _ => ColumnKind::Label,
                }
            }
        })
        .collect();
    // Left of all labels no value has a name: a word there is what is left of a merge over the labels.
    let first = kinds.iter().position(|kind| *kind == ColumnKind::Label).unwrap_or(0);
    let holds_nothing = |column: usize| {
        (body..grid.height).all(|row| rows[row] != RowKind::Plain || shape_at(grid, row, column) == Shape::Blank)
    };
    for column in (0..first).filter(|column| !grid.merges_known && roles[*column].is_none()) {
        if kinds[column] == ColumnKind::Value && holds_nothing(column) {
            kinds[column] = ColumnKind::Label;
        }
    }
    kinds
}

/// Three numbers or more, each one more than the one above it: numbers of rows, whose header another part of the table has.
fn counts_rows(grid: &Grid<'_>, column: usize, rows: &[RowKind], body: usize) -> bool {
    let plain = (body..grid.height).filter(|row| rows[*row] == RowKind::Plain);
    let filled = plain.filter_map(|row| grid.at(row, column).filter(|spot| spot.row == row && !spot.is_blank()));
    let mut next: Option<u32> = None;
    let mut count = 0;
    for spot in filled {
        let Ok(number) = spot.text().trim().parse::<u32>() else { return false };
        if next.is_some_and(|next| next != number) {
            return false;
        }
        next = number.checked_add(1);
        count += 1;
    }
    count > 2
}

/// The shape of the cell anchored at a position; what a span only covers is blank, except over columns.
fn shape_at(grid: &Grid<'_>, row: usize, column: usize) -> Shape {
    match grid.at(row, column) {
        Some(spot) if spot.row == row => spot.shape,
        _ => Shape::Blank,
    }
}
