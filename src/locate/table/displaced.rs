//! Rows whose cells stand in other columns than their own: a cell too many or too few, or two headers exchanged.

use super::Table;
use crate::locate::grid::{Spot, is_amount};
use crate::locate::layout::{Block, ColumnKind, RowKind};
use crate::locate::words::{Axis, Shape};
use crate::mapping::ColumnRole;

/// Why no number of a row has its place.
const AMOUNT_AMONG_LINES: &str = "a value where rows are numbered";
const AMOUNT_AMONG_LABELS: &str = "an amount where labels stand";
const LABEL_AMONG_LINES: &str = "a label where rows are numbered";
const AMOUNT_BEFORE_HEADER: &str = "an amount before the first header";
const NUMBER_OVER_TWO_CELLS: &str = "a number that two cells hold";

/// So many numbers, each one more than the one above it, are numbers of rows whatever the header calls them.
const A_COUNT: usize = 4;

impl Table<'_, '_> {
    /// For each row of the grid: why its cells in a block may stand in other columns than their own.
    pub(super) fn displaced(&self, block: &Block) -> Vec<Option<&'static str>> {
        let mut displaced = vec![None; self.grid.height];
        let blocks = &self.layout.blocks;
        let first_label = |block: &Block| block.labels.first().copied();
        let before = blocks.iter().take_while(|other| other.body != block.body || other.values != block.values).last();
        let behind = blocks.iter().find(|other| first_label(other) > block.values.last().copied());
        let from = before.and_then(|before| before.values.last()).map_or(0, |column| column + 1);
        let to = behind.and_then(first_label).unwrap_or(self.grid.width);
        for column in from..to {
            if self.layout.columns[column] == ColumnKind::Line {
                self.among_lines(column, &mut displaced);
            }
        }
        // What has moved out of this block stands among the labels of the next.
        for column in block.labels.iter().chain(behind.iter().flat_map(|behind| &behind.labels)) {
            if names_rows(self.layout.roles[*column]) {
                for spot in self.body_of(*column).filter(|spot| is_amount(spot)) {
                    displaced[spot.row] = Some(AMOUNT_AMONG_LABELS);
                }
            }
        }
        if !self.grid.merges_known {
            self.before_header(block, &mut displaced);
        }
        self.over_two_cells(block, &mut displaced);
        displaced
    }

    /// 1,00 | 0.00: a number came apart, and the rest of its row moved to the right.
    fn over_two_cells(&self, block: &Block, displaced: &mut [Option<&'static str>]) {
        for pair in block.values.windows(2) {
            for spot in self.body_of(pair[0]) {
                let next = self.grid.at(spot.row, pair[1]).filter(|next| next.row == spot.row);
                if next.is_some_and(|next| goes_on(spot.text().trim(), next.text().trim())) {
                    displaced[spot.row] = Some(NUMBER_OVER_TWO_CELLS);
                }
            }
        }
    }

    /// Converters leave out the cells that are merged down, and the rest of the row moves to the left: amounts then stand before
    /// the first column that has a header.
    fn before_header(&self, block: &Block, displaced: &mut [Option<&'static str>]) {
        let has_header = |column: &&usize| block.above(self.grid, **column).next().is_some();
        let Some(first) = block.values.iter().find(has_header) else { return };
        for column in block.values.iter().take_while(|column| *column < first) {
            for spot in self.body_of(*column).filter(|spot| spot.shape == Shape::Number) {
                displaced[spot.row] = Some(AMOUNT_BEFORE_HEADER);
            }
        }
    }

    /// 行次 | 金额 with their values the other way about, or a row that has moved by a cell.
    fn among_lines(&self, column: usize, displaced: &mut [Option<&'static str>]) {
        let numbers = self.body_of(column).filter(|spot| spot.shape == Shape::Number);
        let amounts = self.body_of(column).filter(|spot| is_amount(spot)).count();
        if amounts > 0 && amounts * 2 >= numbers.count() || self.falls(column) {
            displaced.fill(Some(AMOUNT_AMONG_LINES));
            return;
        }
        for spot in self.body_of(column) {
            if is_amount(spot) {
                displaced[spot.row] = Some(AMOUNT_AMONG_LINES);
            } else if spot.shape == Shape::Words && self.names_a_row(spot) {
                displaced[spot.row] = Some(LABEL_AMONG_LINES);
            }
        }
    }

    /// Its numbers fall more than once from one row to the next, and do not begin again with 1: they count no rows.
    fn falls(&self, column: usize) -> bool {
        let mut last = 0;
        let numbers = self.body_of(column).filter_map(|spot| spot.text().trim().parse::<u32>().ok());
        let falls = numbers.filter(|number| {
            let falls = *number < last && *number != 1;
            last = *number;
            falls
        });
        falls.count() > 1
    }

    /// The cells of a column that stand in rows of the body.
    fn body_of(&self, column: usize) -> impl Iterator<Item = &Spot<'_>> {
        let body = self.layout.blocks.iter().map(|block| block.body).min().unwrap_or(self.grid.height);
        (body..self.grid.height)
            .filter(|row| self.layout.rows[*row] == RowKind::Plain)
            .filter_map(move |row| self.grid.at(row, column).filter(|spot| spot.row == row && spot.column == column))
    }

    /// A label with a meaning of its own; 合计 may stand where rows are numbered.
    fn names_a_row(&self, spot: &Spot<'_>) -> bool {
        let word = spot.word(&self.reader, Axis::Down);
        spot.role(&self.reader).is_none() && word.rule.as_ref().is_some_and(|rule| !rule.total && rule.says_something())
    }

    /// A column of values counts its rows: the numbers of a 行次 column below another word.
    pub(super) fn counts_rows(&self, block: &Block, column: usize) -> bool {
        let mut next: Option<u32> = None;
        let mut count = 0;
        for spot in self.body_of(column).filter(|spot| spot.row >= block.body && spot.shape != Shape::Blank) {
            let Ok(number) = spot.text().trim().parse::<u32>() else { return false };
            if next.is_some_and(|next| next != number) {
                return false;
            }
            next = number.checked_add(1);
            count += 1;
        }
        count >= A_COUNT
    }
}

/// The digits of a number end where a group of three or its decimals must go on, and those behind do so.
fn goes_on(number: &str, behind: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'));
    let begins = behind.bytes().take_while(u8::is_ascii_digit).count();
    if !number.starts_with(|c: char| c.is_ascii_digit()) || !is_number(number) || !is_number(behind) {
        return false;
    }
    if behind.starts_with(['.', ',']) {
        return behind.len() > 1;
    }
    if number.ends_with('.') {
        return begins > 0;
    }
    let group = number.rsplit_once(',').filter(|_| !number.contains('.')).map(|(_, group)| group.len());
    group.is_some_and(|group| group < 3 && group + begins == 3)
}

/// A column that its header says to hold the labels of rows, and no codes.
fn names_rows(role: Option<ColumnRole>) -> bool {
    matches!(role, Some(ColumnRole::Label | ColumnRole::Name | ColumnRole::Entity))
}
