//! The rows of one form as one grid, wherever they stood: in one table, or in several that go on from one another.

use std::ops::Range;

use crate::model::{Cell, Table};

/// Consecutive rows of a table.
#[derive(Clone, Debug)]
pub(crate) struct Rows<'a> {
    pub(crate) table: &'a Table,
    pub(crate) rows: Range<usize>,
}

/// A cell with its position in the grid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot<'a> {
    pub(super) table: &'a Table,
    pub(super) cell: &'a Cell,
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) row_span: usize,
    pub(super) column_span: usize,
}

impl Spot<'_> {
    pub(super) fn text(&self) -> &str {
        &self.cell.text
    }

    /// It covers a grid column.
    pub(super) fn covers(&self, column: usize) -> bool {
        (self.column..self.column + self.column_span).contains(&column)
    }
}

/// A dense grid of spots.
#[derive(Clone, Debug)]
pub(super) struct Grid<'a> {
    pub(super) spots: Vec<Spot<'a>>,
    pub(super) height: usize,
    pub(super) width: usize,
    /// Whether merges can be trusted to be told.
    pub(super) merges_known: bool,
    index: Vec<u32>,
}

impl<'a> Grid<'a> {
    /// Lays the rows of all parts below one another, by the columns of the file.
    pub(super) fn new(parts: &[Rows<'a>]) -> Grid<'a> {
        let mut columns: Vec<u32> = parts.iter().flat_map(|part| part.table.columns.iter().copied()).collect();
        columns.sort_unstable();
        columns.dedup();
        let width = columns.len();
        let height = parts.iter().map(|part| part.rows.len()).sum();
        let merges_known = parts.iter().all(|part| part.table.merges_known);
        let mut spots = Vec::new();
        let mut base = 0;
        for part in parts {
            let column_of = |column: usize| columns.partition_point(|at| *at < part.table.columns[column]);
            for cell in &part.table.cells {
                // A cell merged over the border of the part keeps what stands inside.
                let (top, bottom) = (cell.row.max(part.rows.start), (cell.row + cell.row_span).min(part.rows.end));
                if top < bottom {
                    spots.push(Spot {
                        table: part.table,
                        cell,
                        row: base + top - part.rows.start,
                        column: column_of(cell.column),
                        row_span: bottom - top,
                        column_span: column_of(cell.column + cell.column_span - 1) + 1 - column_of(cell.column),
                    });
                }
            }
            base += part.rows.len();
        }
        let mut grid = Grid { spots, height, width, merges_known, index: Vec::new() };
        grid.reindex();
        grid
    }

    /// Rebuilds the index after spots have moved.
    pub(super) fn reindex(&mut self) {
        self.index = vec![0; self.height * self.width];
        for (at, spot) in self.spots.iter().enumerate() {
            for row in spot.row..(spot.row + spot.row_span).min(self.height) {
                for column in spot.column..(spot.column + spot.column_span).min(self.width) {
                    let entry = &mut self.index[row * self.width + column];
                    if *entry == 0 {
                        *entry = at as u32 + 1;
                    }
                }
            }
        }
    }

    /// The index of the spot that covers a position.
    pub(super) fn index_at(&self, row: usize, column: usize) -> Option<usize> {
        match self.index[row * self.width + column] {
            0 => None,
            at => Some(at as usize - 1),
        }
    }

    /// The spot that covers a position.
    pub(super) fn at(&self, row: usize, column: usize) -> Option<&Spot<'a>> {
        self.index_at(row, column).map(|at| &self.spots[at])
    }

    /// The text at a position; empty where nothing stands.
    pub(super) fn text(&self, row: usize, column: usize) -> &'a str {
        self.at(row, column).map_or("", |spot| &spot.cell.text)
    }

    /// The spots whose anchor stands in a row, left to right, blank ones left out.
    pub(super) fn filled_in(&self, row: usize) -> impl Iterator<Item = &Spot<'a>> {
        (0..self.width).filter_map(move |column| {
            self.at(row, column)
                .filter(|spot| spot.row == row && spot.column == column && !spot.cell.text.trim().is_empty())
        })
    }

    /// A row that one cell fills from end to end.
    pub(super) fn band(&self, row: usize) -> Option<&Spot<'a>> {
        let spot = self.at(row, 0)?;
        let whole = spot.column == 0 && spot.column_span == self.width && spot.row_span == 1 && self.width > 1;
        (whole && !spot.cell.text.trim().is_empty()).then_some(spot)
    }

    /// The same grid on its side.
    pub(super) fn turned(&self) -> Grid<'a> {
        let mut turned = self.clone();
        std::mem::swap(&mut turned.height, &mut turned.width);
        for spot in &mut turned.spots {
            std::mem::swap(&mut spot.row, &mut spot.column);
            std::mem::swap(&mut spot.row_span, &mut spot.column_span);
        }
        turned.spots.sort_by_key(|spot| (spot.row, spot.column));
        turned.reindex();
        turned
    }
}
