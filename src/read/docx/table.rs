//! A table of a Word document while it is read: rows, spans and merges on the grid of its columns.

use super::numbering::is_on;
use super::value;
use crate::model::{Cell, PlacedCell};
use crate::read::GRID_LIMIT;
use crate::read::refusal::{Reason, Refusal};
use crate::read::xml::Element;

/// Columns of a table; Word itself allows 63.
const COLUMN_LIMIT: u32 = 2_000;

/// A table that has been read to its end, and has no number yet.
#[derive(Default)]
pub(super) struct ReadTable {
    pub(super) cells: Vec<PlacedCell>,
    /// Row, column and text of cells that are covered by a merged one.
    pub(super) covered: Vec<(u32, u32, String)>,
}

impl ReadTable {
    /// The lines of its only cell, where another table stands in that: it only lays out the page.
    pub(super) fn lines_around(&self, nested: &[ReadTable]) -> Option<Vec<String>> {
        match (self.cells.as_slice(), nested) {
            ([only], [_]) => Some(only.cell.text.lines().map(str::to_owned).collect()),
            _ => None,
        }
    }
}

/// A table that is being read.
#[derive(Default)]
pub(super) struct OpenTable {
    /// How many flows were open where it began: rows and cells deeper down are not its own.
    depth: usize,
    read: ReadTable,
    /// Tables inside its cells.
    nested: Vec<ReadTable>,
    /// Rows that are complete.
    rows: u32,
    width: u32,
    row: Option<OpenRow>,
    /// The cells of the row above.
    above: Vec<InRow>,
}

/// A row that is being read.
struct OpenRow {
    /// Columns of the grid before the next cell.
    column: u32,
    is_deleted: bool,
    is_hidden: bool,
    /// Its cells; of merged ones their anchors, which may stand further up.
    cells: Vec<InRow>,
    /// Anchors further up that go on in this row.
    continued: Vec<usize>,
    /// Cells, covered texts and nested tables of the table before this row.
    start: (usize, usize, usize),
    /// Properties of the cell that is being read.
    cell: CellProperties,
}

/// A cell as a row has it.
#[derive(Clone, Copy)]
struct InRow {
    column: u32,
    span: u32,
    /// Index of its anchor among the cells of the table.
    anchor: usize,
}

struct CellProperties {
    span: u32,
    continues_above: bool,
    continues_left: bool,
    is_deleted: bool,
}

impl Default for CellProperties {
    fn default() -> CellProperties {
        CellProperties { span: 1, continues_above: false, continues_left: false, is_deleted: false }
    }
}

impl OpenTable {
    /// A table that begins in the flow number `depth`.
    pub(super) fn new(depth: usize) -> OpenTable {
        OpenTable { depth, ..OpenTable::default() }
    }

    /// Begins a row; `false` where none can begin.
    pub(super) fn start_row(&mut self, depth: usize) -> bool {
        let begins = depth == self.depth && self.row.is_none();
        if begins {
            self.row = Some(OpenRow {
                column: 0,
                is_deleted: false,
                is_hidden: false,
                cells: Vec::with_capacity(self.above.len()),
                continued: Vec::new(),
                start: (self.read.cells.len(), self.read.covered.len(), self.nested.len()),
                cell: CellProperties::default(),
            });
        }
        begins
    }

    /// Begins a cell; `false` where none can begin.
    pub(super) fn start_cell(&mut self, depth: usize) -> bool {
        match &mut self.row {
            Some(row) if depth == self.depth => {
                row.cell = CellProperties::default();
                true
            }
            _ => false,
        }
    }

    /// Takes in a property of the current row or cell.
    pub(super) fn property(&mut self, name: &str, element: Element<'_>) {
        let Some(row) = &mut self.row else { return };
        let number = || value(element).parse::<u32>().unwrap_or(0).min(COLUMN_LIMIT);
        match name {
            "gridBefore" => row.column = number(),
            "hidden" => row.is_hidden = is_on(&element.attribute("val")),
            "gridSpan" => row.cell.span = number().max(1),
            "vMerge" | "vmerge" => row.cell.continues_above = value(element) != "restart",
            "hMerge" => row.cell.continues_left = value(element) != "restart",
            "cellDel" => row.cell.is_deleted = true,
            _ => {}
        }
    }

    /// The current row was deleted.
    pub(super) fn delete_row(&mut self) {
        if let Some(row) = &mut self.row {
            row.is_deleted = true;
        }
    }

    /// Ends the current cell.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] where the table has too many columns.
    pub(super) fn end_cell(&mut self, text: String) -> Result<(), Refusal> {
        let Some(row) = self.row.as_mut().filter(|row| !row.cell.is_deleted) else { return Ok(()) };
        let text = trimmed(text);
        let (column, span) = (row.column + 1, row.cell.span);
        row.column += span;
        self.width = self.width.max(row.column);
        if self.width > COLUMN_LIMIT {
            return Err(Refusal::new(Reason::TooLarge, "docx", format!("表格超过 {COLUMN_LIMIT} 列的上限")));
        }
        if row.cell.continues_above
            && let Ok(at) = self.above.binary_search_by_key(&column, |above| above.column)
            // A cell that goes on stands exactly below the one it belongs to; else it is a cell of its own.
            && self.above[at].span == span
        {
            let above = self.above[at];
            self.read.cells[above.anchor].row_span += 1;
            row.continued.push(above.anchor);
            row.cells.push(above);
            self.cover(column, text);
        } else if row.cell.continues_left
            && let Some(left) = row.cells.last_mut()
            && left.anchor >= row.start.0
        {
            left.span += span;
            self.read.cells[left.anchor].column_span += span;
            self.cover(column, text);
        } else {
            row.cells.push(InRow { column, span, anchor: self.read.cells.len() });
            let cell = Cell { text: text.into(), ..Cell::default() };
            self.read.cells.push(PlacedCell { row: self.rows + 1, column, row_span: 1, column_span: span, cell });
        }
        Ok(())
    }

    /// Text underneath a merged cell is not seen, but it may have been meant.
    fn cover(&mut self, column: u32, text: String) {
        if !text.trim().is_empty() {
            self.read.covered.push((self.rows + 1, column, text));
        }
    }

    /// Takes in a table that stands in the current cell.
    pub(super) fn nest(&mut self, table: ReadTable) {
        self.nested.push(table);
    }

    pub(super) fn end_row(&mut self) {
        let Some(row) = self.row.take() else { return };
        if row.is_deleted {
            let (cells, covered, nested) = row.start;
            self.read.cells.truncate(cells);
            self.read.covered.truncate(covered);
            self.nested.truncate(nested);
            for anchor in row.continued {
                self.read.cells[anchor].row_span -= 1;
            }
            return;
        }
        for cell in &mut self.read.cells[row.start.0..] {
            cell.cell.hidden = row.is_hidden;
        }
        self.rows += 1;
        self.above = row.cells;
    }

    /// The table, and the tables that stood in its cells.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] where its grid is.
    pub(super) fn end(self) -> Result<(ReadTable, Vec<ReadTable>), Refusal> {
        if self.rows as usize * self.width as usize > GRID_LIMIT {
            let detail = format!("表格有 {} 行 {} 列，超过上限；请拆分后再提交", self.rows, self.width);
            return Err(Refusal::new(Reason::TooLarge, "docx", detail));
        }
        Ok((self.read, self.nested))
    }
}

/// A cell's text without the empty paragraphs around it.
fn trimmed(text: String) -> String {
    let inner = text.trim_matches('\n');
    if inner.len() == text.len() { text } else { inner.to_owned() }
}
