//! The table model of HTML: which columns a cell covers, given the spans of all cells before it.
//!
//! Source: WHATWG HTML, *Forming a table* (spans are cut at 1000 columns and 65534 rows, and at the end of a row group).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use rust_decimal::Decimal;

use crate::model::{Cell, CellNote, PlacedCell, digit_runs};
use crate::read::GRID_LIMIT;
use crate::read::number_format::{DateOrigin, NumberFormat, stored_decimal};
use crate::read::refusal::{Reason, Refusal};

const MOST_COLUMN_SPAN: u32 = 1_000;
const MOST_ROW_SPAN: u32 = 65_534;
/// Columns of a worksheet; no page needs more.
const COLUMN_LIMIT: u32 = 16_384;
/// Pixels up to which a column that no cell has to itself is what rounding left between two edges.
const SLIVER: u32 = 4;
/// Columns of a table in which slivers are looked for.
const SLIVER_COLUMNS: u32 = 200;

/// A table that has been read to its end, and has no number yet.
#[derive(Debug, Default)]
pub(super) struct ReadTable {
    pub(super) cells: Vec<PlacedCell>,
    pub(super) hidden: bool,
}

/// A paragraph or a table where it stands.
#[derive(Debug)]
pub(super) enum Item {
    Paragraph(String),
    Table(ReadTable),
}

/// A table that is being read.
#[derive(Debug, Default)]
pub(super) struct OpenTable {
    /// The table stands in something hidden.
    hidden: bool,
    cells: Vec<RawCell>,
    /// Rows begun so far.
    rows: u32,
    width: u32,
    /// For each column, the first row that no cell from above covers.
    free_from: Vec<u32>,
    /// Cells of the row group before the current one, whose spans are settled.
    settled: usize,
    group_is_hidden: bool,
    row: Option<OpenRow>,
    cell: Option<RawCell>,
    hidden_columns: Vec<bool>,
    /// Columns told by `<col>` so far.
    told_columns: usize,
}

#[derive(Debug, Default)]
struct OpenRow {
    column: u32,
    hidden: bool,
}

/// A cell before it is known whether its table is one.
#[derive(Debug, Default)]
struct RawCell {
    row: u32,
    column: u32,
    row_span: u32,
    column_span: u32,
    hidden: bool,
    /// Its width in pixels, as far as told.
    width: Option<u32>,
    /// The number that the page stores beside the text.
    stored: Option<String>,
    items: Vec<Item>,
}

/// What a cell's tag says.
#[derive(Debug, Default)]
pub(super) struct CellTag {
    pub(super) row_span: Option<u32>,
    pub(super) column_span: Option<u32>,
    pub(super) hidden: bool,
    pub(super) width: Option<u32>,
    /// The value of `x:num` (Excel) or `sdval` (LibreOffice).
    pub(super) stored: Option<String>,
}

impl OpenTable {
    pub(super) fn new(hidden: bool) -> OpenTable {
        OpenTable { hidden, ..OpenTable::default() }
    }

    /// Takes in `<col>`.
    pub(super) fn column(&mut self, span: u32, hidden: bool) {
        let span = span.clamp(1, MOST_COLUMN_SPAN) as usize;
        self.told_columns = (self.told_columns + span).min(COLUMN_LIMIT as usize);
        if hidden || !self.hidden_columns.is_empty() {
            let from = self.told_columns.saturating_sub(span);
            self.hidden_columns.resize(from, false);
            self.hidden_columns.resize(self.told_columns, hidden);
        }
    }

    /// Begins a row group: no cell of the group before reaches into it.
    pub(super) fn start_group(&mut self, hidden: bool) {
        self.end_group();
        self.group_is_hidden = hidden;
    }

    pub(super) fn end_group(&mut self) {
        for cell in &mut self.cells[self.settled..] {
            cell.row_span = cell.row_span.min(self.rows - cell.row);
        }
        self.settled = self.cells.len();
        self.free_from.clear();
        self.group_is_hidden = false;
    }

    pub(super) fn start_row(&mut self, hidden: bool) {
        self.rows += 1;
        self.row = Some(OpenRow { column: 0, hidden: hidden || self.group_is_hidden });
    }

    pub(super) fn end_row(&mut self) {
        self.row = None;
    }

    pub(super) fn has_row(&self) -> bool {
        self.row.is_some()
    }

    pub(super) fn has_cell(&self) -> bool {
        self.cell.is_some()
    }

    /// Begins a cell; the row must have begun. `false` where the cell takes no place: one that is hidden beneath a cell
    /// from above, as scripts leave it that merge cells afterwards.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] where the table has too many columns.
    pub(super) fn start_cell(&mut self, tag: CellTag, format: &'static str) -> Result<bool, Refusal> {
        let Some(row) = &mut self.row else { return Ok(false) };
        let here = self.rows - 1;
        let is_free = |column: u32| self.free_from.get(column as usize).is_none_or(|free| *free <= here);
        if tag.hidden && !is_free(row.column) {
            return Ok(false);
        }
        while !is_free(row.column) {
            row.column += 1;
        }
        let column = row.column;
        let column_span = tag.column_span.unwrap_or(1).clamp(1, MOST_COLUMN_SPAN);
        // 0 means to the end of the row group.
        let row_span = match tag.row_span {
            None => 1,
            Some(0) => MOST_ROW_SPAN,
            Some(span) => span.min(MOST_ROW_SPAN),
        };
        row.column += column_span;
        self.width = self.width.max(row.column);
        if self.width > COLUMN_LIMIT {
            let detail = format!("表格超过 {COLUMN_LIMIT} 列的上限；请另存为 xlsx 后再提交");
            return Err(Refusal::new(Reason::TooLarge, format, detail));
        }
        if row_span > 1 {
            if self.free_from.len() < row.column as usize {
                self.free_from.resize(row.column as usize, 0);
            }
            for free in &mut self.free_from[column as usize..row.column as usize] {
                *free = (*free).max(here + row_span);
            }
        }
        let hidden = tag.hidden || row.hidden;
        self.cell = Some(RawCell {
            row: here,
            column,
            row_span,
            column_span,
            hidden,
            width: tag.width,
            stored: tag.stored,
            items: Vec::new(),
        });
        Ok(true)
    }

    pub(super) fn end_cell(&mut self, items: Vec<Item>) {
        if let Some(cell) = self.cell.take() {
            self.cells.push(RawCell { items, ..cell });
        }
    }

    /// Rows of which a cell is hidden whose column shows in other rows, with that cell's column. A browser moves the cells
    /// behind it to the left, into columns that the file gives to others: where they stand is not told.
    fn shifted(&self) -> HashMap<u32, u32> {
        let shows: HashSet<u32> =
            self.cells.iter().filter(|cell| !cell.hidden && cell.column_span == 1).map(|cell| cell.column).collect();
        let rows: HashSet<u32> = self.cells.iter().filter(|cell| !cell.hidden).map(|cell| cell.row).collect();
        let mut shifted = HashMap::new();
        let stray = |cell: &&RawCell| cell.hidden && rows.contains(&cell.row) && shows.contains(&cell.column);
        for cell in self.cells.iter().filter(stray) {
            let from = shifted.entry(cell.row).or_insert(cell.column);
            *from = cell.column.min(*from);
        }
        shifted
    }

    /// What the table comes to: itself with the tables in its cells behind it, or what it lays out, in order. Hidden
    /// numbers that are left out are counted.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] where its grid is.
    pub(super) fn end(
        mut self,
        format: &'static str,
        budget: &mut usize,
        hidden_numbers: &mut usize,
    ) -> Result<Vec<Item>, Refusal> {
        self.end_group();
        if !self.hidden && self.only_lays_out() {
            return Ok(self.laid_out(hidden_numbers));
        }
        self.drop_slivers();
        self.take_from(budget).ok_or_else(|| {
            let detail = format!("表格有 {} 行 {} 列，超过上限；请拆分后再提交", self.rows, self.width);
            Refusal::new(Reason::TooLarge, format, detail)
        })?;
        let shifted = self.shifted();
        let mut read = ReadTable { cells: Vec::with_capacity(self.cells.len()), hidden: self.hidden };
        let mut nested = Vec::new();
        for cell in self.cells {
            let last = (cell.column + cell.column_span) as usize;
            let columns = self.hidden_columns.get(cell.column as usize..last).unwrap_or_default();
            let hidden = cell.hidden || (!columns.is_empty() && columns.iter().all(|hidden| *hidden));
            let (mut text, mut has_text) = (String::new(), false);
            for item in cell.items {
                match item {
                    Item::Table(table) => nested.push(Item::Table(table)),
                    Item::Paragraph(paragraph) => {
                        if has_text {
                            text.push('\n');
                        }
                        has_text = true;
                        text.push_str(&paragraph);
                    }
                }
            }
            read.cells.push(PlacedCell {
                row: cell.row + 1,
                column: cell.column + 1,
                row_span: cell.row_span,
                column_span: cell.column_span,
                cell: match shifted.get(&cell.row).is_some_and(|from| cell.column >= *from) {
                    true if has_text => {
                        Cell { hidden, text: text.into(), note: Some(CellNote::Unreadable), ..Cell::default() }
                    }
                    _ => Cell { hidden, ..shown(text, cell.stored.as_deref()) },
                },
            });
        }
        Ok(std::iter::once(Item::Table(read)).chain(nested).collect())
    }

    /// Takes out columns that no cell has to itself and that have no width: office programs put them where the edges of
    /// two rows differ by a hair, and every other row would have one column more than a person sees.
    fn drop_slivers(&mut self) {
        if self.width > SLIVER_COLUMNS {
            return;
        }
        let columns = self.width as usize;
        let (mut has_own, mut widths) = (vec![false; columns], vec![None; columns]);
        for cell in self.cells.iter().filter(|cell| cell.column_span == 1) {
            let column = cell.column as usize;
            has_own[column] = true;
            widths[column] = widths[column].max(cell.width);
        }
        let covered = |cell: &RawCell| cell.column as usize..(cell.column + cell.column_span) as usize;
        let is_sliver = |column: usize| {
            // What padding adds to a width grows with the columns covered, so the narrowest cells tell best.
            let over = || self.cells.iter().filter(|cell| covered(cell).contains(&column));
            let narrowest = over().map(|cell| cell.column_span).min();
            let mut estimates = over().filter(|cell| Some(cell.column_span) == narrowest).map(|cell| {
                let others: Option<u32> =
                    covered(cell).filter(|other| *other != column).map(|other| widths[other]).sum();
                Some(cell.width?.saturating_sub(others?))
            });
            estimates.all(|estimate| estimate.is_some_and(|estimate| estimate <= SLIVER))
        };
        let slivers: Vec<bool> = (0..columns).map(|column| !has_own[column] && is_sliver(column)).collect();
        let gone = |to: usize| slivers[..to].iter().filter(|sliver| **sliver).count() as u32;
        let keeps_a_column = |cell: &RawCell| covered(cell).any(|column| !slivers[column]);
        if !slivers.contains(&true) || !self.cells.iter().all(keeps_a_column) {
            return;
        }
        for cell in &mut self.cells {
            let columns = covered(cell);
            let before = gone(columns.start);
            cell.column_span -= gone(columns.end) - before;
            cell.column -= before;
        }
        self.width -= gone(columns);
        let mut column = 0;
        self.hidden_columns.retain(|_| {
            column += 1;
            !slivers.get(column - 1).copied().unwrap_or(false)
        });
    }

    /// What stands in its cells, in order; of hidden ones only tables, which are marked.
    fn laid_out(self, hidden_numbers: &mut usize) -> Vec<Item> {
        let mut items = Vec::new();
        for cell in self.cells {
            if !cell.hidden {
                items.extend(cell.items);
                continue;
            }
            for item in cell.items {
                match item {
                    Item::Paragraph(text) => *hidden_numbers += digit_runs(&text).count(),
                    Item::Table(table) => items.push(Item::Table(ReadTable { hidden: true, ..table })),
                }
            }
        }
        items
    }

    /// Whether the table is only there to put other things in their places.
    fn only_lays_out(&self) -> bool {
        let is_table = |item: &Item| matches!(item, Item::Table(_));
        let filled = self.cells.iter().filter(|cell| !cell.items.is_empty());
        let (mut all, mut with_tables, mut most) = (0_usize, 0_usize, 0);
        for cell in filled {
            all += 1;
            with_tables += usize::from(cell.items.iter().any(is_table));
            most = most.max(cell.items.len());
        }
        (with_tables > 0 && with_tables * 2 >= all) || (self.cells.len() == 1 && most > 1)
    }

    /// Takes the positions of the grid from what the document may still have.
    fn take_from(&mut self, budget: &mut usize) -> Option<()> {
        let is_filled = |cell: &&RawCell| !cell.items.is_empty();
        let lines = |of: fn(&RawCell) -> u32| {
            let mut lines: Vec<u32> = self.cells.iter().filter(is_filled).map(of).collect();
            lines.sort_unstable();
            lines.dedup();
            lines
        };
        let (rows, columns) = (lines(|cell| cell.row), lines(|cell| cell.column));
        let mut positions = rows.len().checked_mul(columns.len()).filter(|positions| *positions <= GRID_LIMIT)?;
        for cell in self.cells.iter().filter(|cell| cell.row_span > 1 || cell.column_span > 1) {
            let covered = |lines: &[u32], first: u32, count: u32| {
                lines.partition_point(|at| *at < first + count) - lines.partition_point(|at| *at < first)
            };
            positions += covered(&rows, cell.row, cell.row_span) * covered(&columns, cell.column, cell.column_span);
        }
        *budget = budget.checked_sub(positions)?;
        Some(())
    }
}

/// A cell that shows a text, and may store a number beside it.
///
/// The stored number counts where it is what the text shows, rounded or written otherwise. A zero that is shown as a dash
/// is a zero. Where the two do not fit, the text stays, and a note says that a format changed what it shows.
fn shown(text: String, stored: Option<&str>) -> Cell {
    static GENERAL: LazyLock<NumberFormat> = LazyLock::new(NumberFormat::default);
    let only_hashes = !text.is_empty() && text.trim().chars().all(|c| c == '#');
    let written = match stored {
        // `x:num` without a value says that the text is the number.
        Some("") => text.as_str(),
        Some(stored) => stored,
        None if only_hashes => {
            return Cell { text: text.into(), note: Some(CellNote::Unreadable), ..Cell::default() };
        }
        None => {
            return Cell { text: text.into(), ..Cell::default() };
        }
    };
    let Some(number) = stored_decimal(written.trim()) else {
        return Cell { text: text.into(), ..Cell::default() };
    };
    if only_hashes {
        return GENERAL.show(number, DateOrigin::Year1900);
    }
    let has_digits = text.chars().any(|c| c.is_ascii_digit());
    if !has_digits && number.is_zero() {
        return if text.trim().is_empty() {
            Cell { text: text.into(), ..Cell::default() }
        } else {
            GENERAL.show(number, DateOrigin::Year1900)
        };
    }
    match displayed(&text) {
        Some((value, percent)) => {
            let code = match (value.scale(), percent) {
                (0, false) => "0".to_owned(),
                (0, true) => "0%".to_owned(),
                (scale, false) => format!("0.{}", "0".repeat(scale as usize)),
                (scale, true) => format!("0.{}%", "0".repeat(scale as usize)),
            };
            let cell = NumberFormat::parse(&code).show(number, DateOrigin::Year1900);
            let fits = cell.number.as_ref().is_some_and(|number| {
                let rounded = number
                    .value
                    .round_dp_with_strategy(value.scale(), rust_decimal::RoundingStrategy::MidpointAwayFromZero);
                rounded == value
            });
            if fits { cell } else { Cell { text: text.into(), note: Some(CellNote::ScaledFormat), ..Cell::default() } }
        }
        None if text.contains(['年', '月', ':', '/']) || text.matches('-').count() > 1 => {
            Cell { text: text.into(), note: Some(CellNote::Date), ..Cell::default() }
        }
        // `12.50万元`, `第3批`: the text says more than the number.
        None if has_digits => Cell { text: text.into(), ..Cell::default() },
        None => Cell { text: text.into(), note: Some(CellNote::ScaledFormat), ..Cell::default() },
    }
}

/// The number that a text shows and nothing else: separators, brackets or a sign around it, a percent sign behind it.
fn displayed(text: &str) -> Option<(Decimal, bool)> {
    let text = text.trim();
    let (text, percent) = text.strip_suffix('%').map_or((text, false), |number| (number.trim_end(), true));
    let bracketed = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    let signed = text.strip_prefix(['-', '−']);
    let digits = bracketed.or(signed).unwrap_or(text).trim().trim_start_matches(['¥', '￥']).trim_start();
    if !digits.starts_with(|c: char| c.is_ascii_digit())
        || !digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b','))
    {
        return None;
    }
    let value = Decimal::from_str_exact(&digits.replace(',', "")).ok()?;
    Some((if bracketed.or(signed).is_some() { -value } else { value }, percent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_stored_beside_a_text_counts_where_the_two_fit() {
        for (text, stored, shows, value, hides, note) in [
            ("1,240.70", Some("1240.7"), "1240.70", Some("1240.7"), false, None),
            ("1,240.71", Some("1240.7099999999998"), "1240.71", Some("1240.71"), false, None),
            ("1240.7", Some("1240.7133"), "1240.7133", Some("1240.7133"), true, None),
            ("(5.00)", Some("-5"), "-5.00", Some("-5"), false, None),
            ("12.5%", Some("0.125"), "12.5%", Some("12.5"), false, None),
            ("1240.71", Some(""), "1240.71", Some("1240.71"), false, None),
            ("-", Some("0"), "0", Some("0"), false, None),
            ("", Some("0"), "", None, false, None),
            ("########", Some("1240.71"), "1240.71", Some("1240.71"), false, None),
            ("########", None, "########", None, false, Some(CellNote::Unreadable)),
            ("0.12", Some("1240.71"), "0.12", None, false, Some(CellNote::ScaledFormat)),
            ("2023年3月15日", Some("45000"), "2023年3月15日", None, false, Some(CellNote::Date)),
            ("12.50万元", Some("12.5"), "12.50万元", None, false, None),
            ("2010301", Some("no number"), "2010301", None, false, None),
            ("1240.71", None, "1240.71", None, false, None),
        ] {
            let cell = shown(text.to_owned(), stored);
            assert_eq!((cell.text.as_str(), &cell.note), (shows, &note), "{text} {stored:?}");
            let number = cell.number.map(|number| (number.value.to_string(), number.hides_digits));
            assert_eq!(number, value.map(|value| (value.to_owned(), hides)), "{text} {stored:?}");
        }
    }
}
