//! Tables: rows told by their cells' edges become a grid.

use super::bytes::u16_at;
use super::properties::{DEFINE_ROW, Modifier, Modifiers};
use super::sprm;
use crate::model::{Cell, PlacedCell};
use crate::read::GRID_LIMIT;
use crate::read::refusal::{Reason, Refusal};

/// Edges that are closer than a point (in twentieths of one) are one line: programs round them differently.
const TOLERANCE: i32 = 20;
/// Cells that a row can define; Word itself allows 63.
const CELL_LIMIT: usize = 255;

/// A table that has been read to its end, and has no number yet.
#[derive(Debug, Default)]
pub(super) struct ReadTable {
    pub(super) cells: Vec<PlacedCell>,
    /// Row, column and text of what stands underneath merged cells, or in cells without any width.
    pub(super) covered: Vec<(u32, u32, String)>,
    /// Rows of which the file does not tell where their cells stand.
    pub(super) unplaced: Vec<u32>,
}

/// A table that is being read.
#[derive(Debug, Default)]
pub(super) struct OpenTable {
    rows: Vec<Row>,
    /// The texts of the cells of the current row, and the paragraphs of the current cell.
    cells: Vec<String>,
    paragraphs: Vec<String>,
    /// Tables inside its cells; how many before this row.
    nested: Vec<ReadTable>,
    nested_before: usize,
}

#[derive(Debug)]
struct Row {
    cells: Vec<String>,
    definition: Definition,
}

/// Where the cells of a row stand.
#[derive(Clone, Debug, Default)]
struct Definition {
    /// One more than cells, in twentieths of a point.
    edges: Vec<i32>,
    cells: Vec<Merge>,
}

/// What a cell is merged with.
#[derive(Clone, Copy, Debug, Default)]
struct Merge {
    goes_on_left: bool,
    goes_on_above: bool,
}

impl OpenTable {
    /// Adds a paragraph to the current cell.
    pub(super) fn paragraph(&mut self, text: String) {
        self.paragraphs.push(text);
    }

    /// Takes in a table that stands in the current cell.
    pub(super) fn nest(&mut self, tables: impl IntoIterator<Item = ReadTable>) {
        self.nested.extend(tables);
    }

    pub(super) fn end_cell(&mut self) {
        let text = std::mem::take(&mut self.paragraphs).join("\n");
        self.cells.push(text.trim_matches('\n').to_owned());
    }

    /// Ends the current row, which the modifiers define.
    pub(super) fn end_row<'a>(&mut self, modifiers: impl Iterator<Item = Modifier<'a>>, is_deleted: bool) {
        let cells = std::mem::take(&mut self.cells);
        self.paragraphs.clear();
        if is_deleted {
            self.nested.truncate(self.nested_before);
            return;
        }
        self.nested_before = self.nested.len();
        self.rows.push(Row { cells, definition: Definition::of(modifiers) });
    }

    /// The table, and those that stood in its cells.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] where its grid is.
    pub(super) fn end(mut self) -> Result<(ReadTable, Vec<ReadTable>), Refusal> {
        if !self.paragraphs.is_empty() {
            self.end_cell();
        }
        if !self.cells.is_empty() {
            self.end_row(std::iter::empty(), false);
        }
        let lines = Lines::of(&self.rows);
        let width = lines.starts.len().max(self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0));
        if self.rows.len() * width > GRID_LIMIT {
            let detail = format!("表格有 {} 行 {width} 列，超过上限；请拆分后再提交", self.rows.len());
            return Err(Refusal::new(Reason::TooLarge, "doc", detail));
        }
        let mut read = ReadTable::default();
        let mut above = Vec::new();
        for (number, row) in (1..).zip(self.rows) {
            above = read.row(number, row, &lines, &above);
        }
        Ok((read, self.nested))
    }
}

/// A cell as a row has it: where it stands, and the index of its anchor among the cells of the table.
#[derive(Clone, Copy, Debug)]
struct InRow {
    column: u32,
    span: u32,
    anchor: usize,
}

impl ReadTable {
    /// Places the cells of a row below those of the row above; these for the next.
    fn row(&mut self, number: u32, row: Row, lines: &Lines, above: &[InRow]) -> Vec<InRow> {
        let Row { cells, definition } = row;
        let is_placed = definition.cells.len() == cells.len() && definition.edges.len() == cells.len() + 1;
        if !is_placed {
            self.unplaced.push(number);
        }
        let mut placed: Vec<InRow> = Vec::with_capacity(cells.len());
        let first = self.cells.len();
        for (at, text) in cells.into_iter().enumerate() {
            let (column, span) = if is_placed {
                let (left, right) = (lines.at(definition.edges[at]), lines.at(definition.edges[at + 1]));
                (left + 1, right.saturating_sub(left))
            } else {
                (at as u32 + 1, 1)
            };
            if span == 0 {
                self.cover(number, column, text);
                continue;
            }
            let merge = definition.cells.get(at).copied().filter(|_| is_placed).unwrap_or_default();
            if merge.goes_on_above
                && let Some(anchor) = above.iter().find(|cell| (cell.column, cell.span) == (column, span))
            {
                self.cells[anchor.anchor].row_span += 1;
                placed.push(*anchor);
                self.cover(number, column, text);
            } else if merge.goes_on_left
                && let Some(left) = placed.last_mut().filter(|left| left.anchor >= first)
            {
                left.span = column + span - left.column;
                self.cells[left.anchor].column_span = left.span;
                self.cover(number, column, text);
            } else {
                placed.push(InRow { column, span, anchor: self.cells.len() });
                let cell = Cell { text: text.into(), ..Cell::default() };
                self.cells.push(PlacedCell { row: number, column, row_span: 1, column_span: span, cell });
            }
        }
        placed
    }

    /// Text that is not seen, but may have been meant.
    fn cover(&mut self, row: u32, column: u32, text: String) {
        if !text.trim().is_empty() {
            self.covered.push((row, column, text));
        }
    }
}

/// The lines of a table's grid: for each, the first edge that lies on it.
#[derive(Debug)]
struct Lines {
    starts: Vec<i32>,
    tolerance: i32,
}

impl Lines {
    fn of(rows: &[Row]) -> Lines {
        let mut edges: Vec<i32> = rows.iter().flat_map(|row| row.definition.edges.iter().copied()).collect();
        edges.sort_unstable();
        edges.dedup();
        let near = Lines::within(&edges, TOLERANCE);
        // Where a cell is narrower than that, every edge is a line of its own.
        let collapses = |row: &Row| row.definition.edges.windows(2).any(|pair| near.at(pair[0]) == near.at(pair[1]));
        if rows.iter().any(collapses) { Lines::within(&edges, 0) } else { near }
    }

    fn within(edges: &[i32], tolerance: i32) -> Lines {
        let mut starts: Vec<i32> = Vec::new();
        for edge in edges {
            if starts.last().is_none_or(|start| edge - start > tolerance) {
                starts.push(*edge);
            }
        }
        Lines { starts, tolerance }
    }

    /// The number of the line that an edge lies on, from 0.
    fn at(&self, edge: i32) -> u32 {
        let after = self.starts.partition_point(|start| *start <= edge);
        debug_assert!(after > 0 && edge - self.starts[after - 1] <= self.tolerance);
        after.saturating_sub(1) as u32
    }
}

impl Definition {
    fn of<'a>(modifiers: impl Iterator<Item = Modifier<'a>>) -> Definition {
        let mut definition = Definition::default();
        for modifier in modifiers {
            let [first, last] = [0, 1].map(|at| usize::from(modifier.operand.get(at).copied().unwrap_or(0)));
            match modifier.code {
                DEFINE_ROW => definition = Definition::parse(modifier.operand).unwrap_or_default(),
                sprm::MERGE_CELLS => definition.each(first + 1, last, |cell| cell.goes_on_left = true),
                sprm::SPLIT_CELLS => definition.each(first, last, |cell| cell.goes_on_left = false),
                sprm::MERGE_DOWN => {
                    definition.each(first, first + 1, |cell| cell.goes_on_above = last & 3 == 1);
                }
                sprm::DELETE_CELLS => definition.delete(first, last),
                sprm::INSERT_CELLS => {
                    definition.insert(first, last, u16_at(modifier.operand, 2).unwrap_or(0));
                }
                sprm::CELL_WIDTH => definition.widen(first, last, u16_at(modifier.operand, 2).unwrap_or(0)),
                _ => {}
            }
        }
        definition
    }

    fn parse(operand: &[u8]) -> Option<Definition> {
        let count = usize::from(*operand.first()?);
        let edges: Option<Vec<i32>> =
            (0..=count).map(|at| u16_at(operand, 1 + at * 2).map(|edge| i32::from(edge as i16))).collect();
        let cells = (0..count).map(|at| {
            // What is missing at the end is not merged.
            let flags = u16_at(operand, 1 + (count + 1) * 2 + at * 20).unwrap_or(0);
            Merge { goes_on_left: flags & 3 == 1, goes_on_above: flags >> 5 & 3 == 1 }
        });
        Some(Definition { edges: edges?, cells: cells.collect() })
    }

    fn each(&mut self, first: usize, end: usize, change: impl Fn(&mut Merge)) {
        self.cells.iter_mut().take(end).skip(first).for_each(change);
    }

    fn delete(&mut self, first: usize, end: usize) {
        let end = end.min(self.cells.len());
        if first < end && self.edges.len() == self.cells.len() + 1 {
            let gone = self.edges[end] - self.edges[first];
            self.cells.drain(first..end);
            self.edges.drain(first..end);
            self.edges[first..].iter_mut().for_each(|edge| *edge -= gone);
        }
    }

    fn insert(&mut self, first: usize, count: usize, width: u16) {
        if self.edges.len() != self.cells.len() + 1 || self.cells.len() + count > CELL_LIMIT {
            return;
        }
        let (first, width) = (first.min(self.cells.len()), i32::from(width as i16).max(0));
        for _ in 0..count {
            self.edges[first + 1..].iter_mut().for_each(|edge| *edge += width);
            self.edges.insert(first + 1, self.edges[first] + width);
            self.cells.insert(first, Merge::default());
        }
    }

    fn widen(&mut self, first: usize, end: usize, width: u16) {
        let width = i32::from(width as i16).max(0);
        for at in first..end.min(self.cells.len()) {
            if let Some(old) = self.edges.get(at + 1).zip(self.edges.get(at)).map(|(right, left)| right - left) {
                self.edges[at + 1..].iter_mut().for_each(|edge| *edge += width - old);
            }
        }
    }
}

/// The modifiers that define a row: those of its end, in order.
pub(super) fn row_modifiers<'a>(lists: [&'a [u8]; 3]) -> impl Iterator<Item = Modifier<'a>> {
    lists.into_iter().flat_map(Modifiers)
}
