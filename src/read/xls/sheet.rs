//! The cells of worksheets, what merges and hides them, and the cached results of formulas.

use rust_decimal::Decimal;

use super::records::{Chunks, Record, Records, f64_at, u16_at, u32_at};
use super::text::{TextForm, decode};
use super::workbook::Workbook;
use super::{damaged, record};
use crate::model::{Aside, Cell, CellNote, Finding, PlacedCell};
use crate::read::Refusal;
use crate::read::number_format::double_decimal;
use crate::read::worksheet::{Area, Budget, Worksheet};

/// Columns of a worksheet in this format.
const MOST_COLUMNS: u16 = 256;
/// Findings about cells without a valid place that one workbook may cause.
const MOST_FINDINGS: usize = 100;

/// What cached results of formulas a workbook has.
#[derive(Default)]
pub(super) struct Results {
    /// Some result is a number or a text.
    any: bool,
    /// Worksheet, row and column of results that are the empty text though the formula has no text in it.
    blanks: Vec<(usize, u32, u32)>,
    worksheet: usize,
}

impl Results {
    /// Programs that calculate nothing write the empty text for every formula. Where all results are that, none of
    /// them was ever calculated.
    pub(super) fn doubt_all_blanks(&self, worksheets: &mut [Worksheet]) {
        if self.any {
            return;
        }
        for (worksheet, row, column) in &self.blanks {
            let cell = Cell { note: Some(CellNote::FormulaWithoutValue), ..Cell::default() };
            let placed = PlacedCell { row: *row, column: *column, row_span: 1, column_span: 1, cell };
            if let Some(sheet) = worksheets.get_mut(*worksheet) {
                sheet.add_blank(placed);
            }
        }
    }
}

/// What reading the worksheets of one workbook needs and gathers.
pub(super) struct Reading<'a> {
    pub(super) workbook: &'a Workbook,
    pub(super) budget: Budget,
    pub(super) findings: Vec<Finding>,
    pub(super) asides: Vec<Aside>,
    pub(super) results: Results,
}

impl Reading<'_> {
    /// Reads one worksheet from where the stream has it.
    pub(super) fn worksheet(&mut self, stream: &[u8], sheet: &mut Worksheet) -> Result<(), Refusal> {
        let mut records = Records { rest: stream };
        if u16_at(stream, 0) != Some(record::BEGIN) {
            return Err(damaged("工作表的位置有误"));
        }
        let mut depth = 0;
        // A formula whose text comes in a record of its own.
        let mut formula = None;
        loop {
            let record = records.next()?;
            match record.kind {
                record::BEGIN => depth += 1,
                record::END => depth -= 1,
                // Charts within the worksheet have cells too.
                _ if depth > 1 => continue,
                record::PAGE_HEAD | record::PAGE_FOOT if !record.data.is_empty() => {
                    // A line that is cut short says nothing of the cells.
                    let code = self.text(&record, 0).filter(|_| self.workbook.text == TextForm::Unicode);
                    self.asides.extend(code.iter().flat_map(|code| sheet.page_lines(code)));
                }
                record::STRING => {
                    if let Some(at) = formula.take() {
                        let text = self.text(&record, 0).ok_or_else(|| damaged("单元格记录已损坏"))?;
                        self.results.any = true;
                        self.add(at, Cell { text: text.into(), ..Cell::default() }, sheet)?;
                    }
                }
                record::FORMULA | 0x0206 | 0x0406 => {
                    self.without_text(formula.take(), sheet)?;
                    formula = self.formula(&record, sheet)?;
                }
                _ => self.line_or_cell(&record, sheet)?,
            }
            if depth == 0 {
                self.without_text(formula, sheet)?;
                self.results.worksheet += 1;
                return Ok(());
            }
        }
    }

    /// A record about lines, merges or one or more cells.
    fn line_or_cell(&mut self, record: &Record<'_>, sheet: &mut Worksheet) -> Result<(), Refusal> {
        self.line_or_cell_if_whole(record, sheet).unwrap_or_else(|| Err(damaged("单元格记录已损坏")))
    }

    /// The same; `None` if the record is too short for what it should have.
    fn line_or_cell_if_whole(&mut self, record: &Record<'_>, sheet: &mut Worksheet) -> Option<Result<(), Refusal>> {
        let data = record.data;
        match record.kind {
            record::ROW if u16_at(data, 12).is_some_and(|options| options & 0x20 != 0) => {
                sheet.hide_row(u32::from(u16_at(data, 0)?) + 1);
            }
            record::COLUMN_INFO if u16_at(data, 8).is_some_and(|options| options & 1 != 0) => {
                sheet.hide_columns(u32::from(u16_at(data, 0)?) + 1, u32::from(u16_at(data, 2)?) + 1);
            }
            record::MERGED_CELLS => {
                let count = usize::from(u16_at(data, 0)?);
                data[2..].as_chunks::<8>().0.iter().take(count).filter_map(merged).for_each(|area| sheet.merge(area));
            }
            record::NUMBER => {
                let at = place(data)?;
                let cell = self.number(double_decimal(f64_at(data, 6)?), at.2, data);
                return Some(self.add(at, cell, sheet));
            }
            record::RK => {
                let at = place(data)?;
                let cell = self.number(rk(u32_at(data, 6)?), at.2, data);
                return Some(self.add(at, cell, sheet));
            }
            record::MULTIPLE_RK => {
                let (row, first) = (u16_at(data, 0)?, u16_at(data, 2)?);
                let (values, _) = data.get(4..data.len().checked_sub(2)?)?.as_chunks::<6>();
                for (value, column) in values.iter().zip(first..) {
                    let style = u16_at(value, 0)?;
                    let cell = self.number(rk(u32_at(value, 2)?), style, value);
                    if let Err(refusal) = self.add((row, column, style), cell, sheet) {
                        return Some(Err(refusal));
                    }
                }
            }
            record::LABEL | record::RICH_STRING => {
                let at = place(data)?;
                let text = self.text(record, 6)?;
                return Some(self.add(at, Cell { text: text.into(), ..Cell::default() }, sheet));
            }
            record::LABEL_SHARED => {
                let at = place(data)?;
                let index = u32_at(data, 6)?;
                let cell = match self.workbook.strings.get(index as usize) {
                    Some(text) => Cell { text: text.as_ref().into(), ..Cell::default() },
                    None => {
                        Cell { text: index.to_string().into(), note: Some(CellNote::Unreadable), ..Cell::default() }
                    }
                };
                return Some(self.add(at, cell, sheet));
            }
            record::BOOLEAN_OR_ERROR => {
                let at = place(data)?;
                let (value, is_error) = (*data.get(6)?, *data.get(7)? != 0);
                return Some(self.add(at, if is_error { error(value) } else { boolean(value) }, sheet));
            }
            _ => (),
        }
        Some(Ok(()))
    }

    /// A formula's cached result. Its tokens are not looked at. Gives the place where the text follows.
    fn formula(&mut self, record: &Record<'_>, sheet: &mut Worksheet) -> Result<Option<(u16, u16, u16)>, Refusal> {
        let data = record.data;
        let (Some(at), Some(result)) = (place(data), data.get(6..14)) else {
            return Err(damaged("公式记录已损坏"));
        };
        let (row, column, style) = at;
        let cell = match result {
            [0, .., 0xff, 0xff] => return Ok(Some(at)),
            [1, _, value, .., 0xff, 0xff] => boolean(*value),
            [2, _, value, .., 0xff, 0xff] => error(*value),
            [3, .., 0xff, 0xff] => {
                // 0x17 begins a text among the tokens: such a formula may well give the empty one.
                if data.get(20..).is_some_and(|tokens| !tokens.contains(&0x17)) {
                    let worksheet = self.results.worksheet;
                    self.results.blanks.push((worksheet, u32::from(row) + 1, u32::from(column) + 1));
                }
                return Ok(None);
            }
            [_, .., 0xff, 0xff] => Cell { text: "?".into(), note: Some(CellNote::Unreadable), ..Cell::default() },
            _ => self.number(f64_at(data, 6).and_then(double_decimal), style, data),
        };
        self.results.any = true;
        self.add(at, cell, sheet)?;
        Ok(None)
    }

    /// A formula whose text should have followed, and did not.
    fn without_text(&mut self, formula: Option<(u16, u16, u16)>, sheet: &mut Worksheet) -> Result<(), Refusal> {
        let Some(at) = formula else { return Ok(()) };
        self.add(at, Cell { note: Some(CellNote::FormulaWithoutValue), ..Cell::default() }, sheet)
    }

    /// A cell with a number, shown by the format of its style.
    fn number(&self, stored: Option<Decimal>, style: u16, data: &[u8]) -> Cell {
        let unreadable = |text: String| Cell { text: text.into(), note: Some(CellNote::Unreadable), ..Cell::default() };
        match (stored, self.workbook.formats.get(usize::from(style))) {
            (Some(stored), Some(format)) => format.show(stored, self.workbook.origin),
            (Some(stored), None) => unreadable(stored.normalize().to_string()),
            (None, _) => unreadable(f64_at(data, 6).map_or_else(|| "?".to_owned(), |double| format!("{double:e}"))),
        }
    }

    /// A text with its length before it.
    fn text(&self, record: &Record<'_>, from: usize) -> Option<String> {
        let mut chunks = Chunks::of(record, from);
        let count = usize::from(chunks.u16()?);
        match self.workbook.text {
            TextForm::Unicode if count == 0 => Some(String::new()),
            TextForm::Unicode => chunks.unicode(count),
            TextForm::Bytes(encoding) => {
                let mut bytes = Vec::with_capacity(count);
                for _ in 0..count {
                    bytes.push(chunks.u8()?);
                }
                Some(decode(encoding, &bytes))
            }
        }
    }

    /// Adds a cell at a row and column counted from 0 (behind them its style), unless it is blank.
    fn add(&mut self, at: (u16, u16, u16), cell: Cell, sheet: &mut Worksheet) -> Result<(), Refusal> {
        let (row, column, style) = at;
        let is_struck = self.workbook.struck.get(usize::from(style)) == Some(&true);
        let cell = if is_struck { Worksheet::strike_out(cell) } else { cell };
        if cell.text.is_empty() && cell.note.is_none() {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            if self.findings.len() < MOST_FINDINGS {
                let address = format!("R{}C{}", u32::from(row) + 1, u32::from(column) + 1);
                self.findings.push(sheet.nowhere(&address, &cell.text));
            }
            return Ok(());
        }
        let (row, column) = (u32::from(row) + 1, u32::from(column) + 1);
        sheet.add(PlacedCell { row, column, row_span: 1, column_span: 1, cell }, &mut self.budget)
    }
}

/// Row, column (from 0) and style of a cell's record.
fn place(data: &[u8]) -> Option<(u16, u16, u16)> {
    Some((u16_at(data, 0)?, u16_at(data, 2)?, u16_at(data, 4)?))
}

/// A merged range; `None` if its corners are the wrong way round.
fn merged(area: &[u8; 8]) -> Option<Area> {
    let at = |from| u16_at(area, from).map(|value| u32::from(value) + 1);
    let area = Area { top: at(0)?, bottom: at(2)?, left: at(4)?, right: at(6)? };
    (area.top <= area.bottom && area.left <= area.right).then_some(area)
}

/// The number of an RK value: 30 bits of a double or of an integer, perhaps a hundred times what is meant.
fn rk(value: u32) -> Option<Decimal> {
    let (hundredfold, integer) = (value & 1 != 0, value & 2 != 0);
    let mut number = if integer {
        Decimal::from(value.cast_signed() >> 2)
    } else {
        double_decimal(f64::from_bits(u64::from(value & !3) << 32))?
    };
    if hundredfold {
        // The point is moved: dividing in binary would make noise.
        number.set_scale(number.scale() + 2).ok()?;
    }
    Some(number.normalize())
}

fn boolean(value: u8) -> Cell {
    Cell { text: if value == 0 { "FALSE" } else { "TRUE" }.into(), ..Cell::default() }
}

fn error(value: u8) -> Cell {
    let text = match value {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        0x2b => "#GETTING_DATA",
        _ => "#ERROR!",
    };
    Cell { text: text.into(), note: Some(CellNote::ErrorValue), ..Cell::default() }
}
