//! A worksheet while it is read: cells, merges and hidden lines in the order of the file, then one table.

use std::sync::Arc;

use crate::model::{Aside, Block, Cell, CellNote, Finding, FindingCode, Format, PlacedCell, Table, struck};

use super::{Reason, Refusal};

/// Rows and columns that a worksheet of the newer format has.
pub(super) const MOST_ROWS: u32 = 1_048_576;
pub(super) const MOST_COLUMNS: u32 = 16_384;

/// Filled cells that all worksheets of one workbook may have. The largest honest submissions have some 10,000.
const MOST_CELLS: usize = 2_000_000;
/// Bytes of text that all cells of one workbook may have; one shared text counts in each cell that shows it.
const MOST_TEXT: usize = 256 << 20;
/// Positions in the grids of one workbook: rows with text times columns with text.
const MOST_POSITIONS: usize = 16_000_000;

/// A rectangle of cells, both corners included, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) top: u32,
    pub(super) left: u32,
    pub(super) bottom: u32,
    pub(super) right: u32,
}

/// One worksheet as it is being read.
#[derive(Debug)]
pub(super) struct Worksheet {
    name: Arc<str>,
    hidden: bool,
    cells: Vec<PlacedCell>,
    merges: Vec<Area>,
    hidden_rows: Vec<u32>,
    hidden_columns: Vec<(u32, u32)>,
}

/// What the worksheets of one workbook may still take.
#[derive(Debug)]
pub(super) struct Budget {
    format: Format,
    cells: usize,
    text: usize,
    positions: usize,
}

impl Budget {
    /// The whole budget, for a workbook of this format.
    pub(super) fn new(format: Format) -> Budget {
        Budget { format, cells: MOST_CELLS, text: MOST_TEXT, positions: MOST_POSITIONS }
    }

    fn take_cell(&mut self, text: usize) -> Result<(), Refusal> {
        let Some(cells) = self.cells.checked_sub(1) else {
            return Err(self.too_large(format!("超过 {MOST_CELLS} 个有内容的单元格")));
        };
        let Some(text) = self.text.checked_sub(text) else {
            return Err(self.too_large(format!("单元格文字超过 {MOST_TEXT} 字节")));
        };
        (self.cells, self.text) = (cells, text);
        Ok(())
    }

    fn take_positions(&mut self, positions: usize) -> Result<(), Refusal> {
        let Some(rest) = self.positions.checked_sub(positions) else {
            return Err(self.too_large(format!("表格展开后超过 {MOST_POSITIONS} 格")));
        };
        self.positions = rest;
        Ok(())
    }

    fn too_large(&self, what: String) -> Refusal {
        Refusal::new(Reason::TooLarge, self.format.word(), format!("{what}；请另存为只含决算表的文件"))
    }
}

impl Worksheet {
    /// An empty worksheet.
    pub(super) fn new(name: Arc<str>, hidden: bool) -> Worksheet {
        Worksheet {
            name,
            hidden,
            cells: Vec::new(),
            merges: Vec::new(),
            hidden_rows: Vec::new(),
            hidden_columns: Vec::new(),
        }
    }

    /// Adds a cell with text or a note; the place counts from 1 and exists.
    pub(super) fn add(&mut self, cell: PlacedCell, budget: &mut Budget) -> Result<(), Refusal> {
        budget.take_cell(cell.cell.text.len())?;
        if self.cells.is_empty() {
            // Most worksheets have no more, and a list of large things is dear to move while it grows.
            self.cells.reserve(256);
        }
        self.cells.push(cell);
        Ok(())
    }

    /// Marks a cell as struck out.
    pub(super) fn strike_out(cell: Cell) -> Cell {
        if cell.is_blank() {
            return cell;
        }
        Cell { text: struck(&cell.text).into(), number: None, note: None, ..cell }
    }

    /// Adds a cell without text that was counted before.
    pub(super) fn add_blank(&mut self, cell: PlacedCell) {
        self.cells.push(cell);
    }

    /// Adds a merged range.
    pub(super) fn merge(&mut self, area: Area) {
        if area.top < area.bottom || area.left < area.right {
            self.merges.push(area);
        }
    }

    /// Marks a row as hidden.
    pub(super) fn hide_row(&mut self, row: u32) {
        self.hidden_rows.push(row);
    }

    /// Marks the columns from the first to the last as hidden.
    pub(super) fn hide_columns(&mut self, first: u32, last: u32) {
        self.hidden_columns.push((first, last));
    }

    /// The cells read so far.
    pub(super) fn cells_mut(&mut self) -> &mut [PlacedCell] {
        &mut self.cells
    }

    /// The lines at the head or the foot of its pages, from how they are written: `&L` left, `&C` in the middle, `&R` right.
    pub(super) fn page_lines(&self, code: &str) -> Vec<Aside> {
        let mut lines = vec![String::new()];
        let mut rest = code.chars().peekable();
        while let Some(character) = rest.next() {
            let line = lines.len() - 1;
            match (character, rest.peek()) {
                ('&', Some('L' | 'C' | 'R' | 'l' | 'c' | 'r')) => {
                    rest.next();
                    lines.push(String::new());
                }
                // `&"宋体,常规"`, `&12`, `&K01+000`, `&P`
                ('&', Some('"')) => {
                    rest.next();
                    rest.by_ref().find(|c| *c == '"');
                }
                ('&', Some('0'..='9')) => while rest.next_if(char::is_ascii_digit).is_some() {},
                ('&', Some('K' | 'k')) => {
                    rest.next();
                    while rest.next_if(|c| c.is_ascii_hexdigit() || matches!(c, '+' | '-')).is_some() {}
                }
                ('&', Some('&')) => lines[line].extend(rest.next()),
                ('&', _) => drop(rest.next()),
                ('\n' | '\r', _) => lines.push(String::new()),
                _ => lines[line].push(character),
            }
        }
        lines.retain(|line| !line.trim().is_empty());
        lines.into_iter().map(|text| Aside { sheet: Some(self.name.clone()), cell: None, text }).collect()
    }

    /// A finding about something that has no valid place on this worksheet.
    pub(super) fn nowhere(&self, address: &str, text: &str) -> Finding {
        Finding::new(FindingCode::UnreadableCell, format!("{}!{address}", self.name)).with_actual(text)
    }

    /// The tables of a workbook's worksheets, each with the worksheet's number; one without text has none.
    pub(super) fn into_blocks(worksheets: Vec<Worksheet>, budget: &mut Budget) -> Result<Vec<Block>, Refusal> {
        let mut blocks = Vec::with_capacity(worksheets.len());
        for (number, worksheet) in (1..).zip(worksheets) {
            blocks.extend(worksheet.into_table(number, budget)?.map(Block::Table));
        }
        Ok(blocks)
    }

    /// The table, or `None` if the worksheet has no text.
    fn into_table(mut self, number: u32, budget: &mut Budget) -> Result<Option<Table>, Refusal> {
        if self.cells.is_empty() {
            return Ok(None);
        }
        self.cells.sort_by_key(|cell| (cell.row, cell.column));
        self.settle_places();
        self.drop_struck_rows();
        self.hidden_rows.sort_unstable();
        self.hidden_rows.dedup();
        self.hidden_columns.sort_unstable();
        let kept = self.kept();
        budget.take_positions(kept.0.len() * kept.1.len())?;
        self.spread(&kept, budget)?;
        let hidden_rows = Lines::of_rows(&self.hidden_rows);
        let hidden_columns = Lines::of_ranges(&self.hidden_columns);
        for placed in &mut self.cells {
            placed.cell.hidden = hidden_rows.cover(placed.row, placed.row_span)
                || hidden_columns.cover(placed.column, placed.column_span);
        }
        let mut table = Table::new(number, Some(self.name), true, self.cells);
        table.hidden = self.hidden;
        Ok(Some(table).filter(|table| table.height() > 0))
    }

    /// Leaves one cell at each place. Two cells of different content at one place leave one that is in doubt.
    fn settle_places(&mut self) {
        self.cells.dedup_by(|later, kept| {
            let same = (later.row, later.column) == (kept.row, kept.column);
            if same && (later.cell.text != kept.cell.text || later.cell.number != kept.cell.number) {
                kept.cell.number = None;
                kept.cell.note = Some(CellNote::Unreadable);
            }
            same
        });
    }

    /// Leaves out the rows of which all is struck out: they were taken back. Where a part of a row is, what is left of it is not
    /// told by what was struck, so that stays and is no word that anything knows.
    fn drop_struck_rows(&mut self) {
        let is_struck = |cell: &PlacedCell| cell.cell.is_struck_out();
        if !self.cells.iter().any(is_struck) {
            return;
        }
        let says = |cell: &&PlacedCell| cell.cell.note.is_some() || !cell.cell.is_blank();
        let stays = |row: &[PlacedCell]| !row.iter().filter(says).all(is_struck) || !row.iter().any(is_struck);
        let rows: Vec<u32> =
            self.cells.chunk_by(|a, b| a.row == b.row).filter(|row| stays(row)).map(|row| row[0].row).collect();
        self.cells.retain(|cell| rows.binary_search(&cell.row).is_ok());
    }

    /// The rows and the columns in which something stands, sorted.
    fn kept(&self) -> (Vec<u32>, Vec<u32>) {
        let mut rows: Vec<u32> = self.cells.iter().map(|cell| cell.row).collect();
        rows.dedup();
        let widest = self.cells.iter().map(|cell| cell.column.min(MOST_COLUMNS)).max().unwrap_or(0);
        let mut seen = vec![false; widest as usize + 1];
        self.cells.iter().for_each(|cell| seen[cell.column.min(MOST_COLUMNS) as usize] = true);
        let columns = (0..widest + 1).filter(|column| seen[*column as usize]).collect();
        (rows, columns)
    }

    /// Gives each merged range to the cell in its corner, or to a blank one: what lies beneath is not seen.
    fn spread(&mut self, (rows, columns): &(Vec<u32>, Vec<u32>), budget: &mut Budget) -> Result<(), Refusal> {
        let filled = self.cells.len();
        for area in &self.merges {
            let across = |kept: &[u32], first: u32, last: u32| {
                kept.partition_point(|at| *at <= last) - kept.partition_point(|at| *at < first)
            };
            let positions = across(rows, area.top, area.bottom) * across(columns, area.left, area.right);
            if positions == 0 {
                continue;
            }
            budget.take_positions(positions)?;
            let corner = (area.top, area.left);
            let (row_span, column_span) = (area.bottom - area.top + 1, area.right - area.left + 1);
            match self.cells[..filled].binary_search_by_key(&corner, |cell| (cell.row, cell.column)) {
                Ok(at) => {
                    let cell = &mut self.cells[at];
                    cell.row_span = cell.row_span.max(row_span);
                    cell.column_span = cell.column_span.max(column_span);
                }
                Err(_) => self.cells.push(PlacedCell {
                    row: area.top,
                    column: area.left,
                    row_span,
                    column_span,
                    ..PlacedCell::default()
                }),
            }
        }
        Ok(())
    }
}

/// Hidden rows or columns as ranges that neither overlap nor touch.
struct Lines(Vec<(u32, u32)>);

impl Lines {
    fn of_rows(rows: &[u32]) -> Lines {
        Lines::joined(rows.iter().map(|row| (*row, *row)))
    }

    fn of_ranges(ranges: &[(u32, u32)]) -> Lines {
        Lines::joined(ranges.iter().copied())
    }

    fn joined(sorted: impl Iterator<Item = (u32, u32)>) -> Lines {
        let mut lines: Vec<(u32, u32)> = Vec::new();
        for (first, last) in sorted {
            match lines.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => lines.push((first, last)),
            }
        }
        Lines(lines)
    }

    /// Whether all lines from `first` on, `count` of them, are hidden.
    fn cover(&self, first: u32, count: u32) -> bool {
        let at = self.0.partition_point(|(_, last)| *last < first);
        self.0.get(at).is_some_and(|(start, last)| *start <= first && first.saturating_add(count.max(1) - 1) <= *last)
    }
}
