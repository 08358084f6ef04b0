//! The cells of worksheets, what merges and hides them, their comments, and the cached results of formulas.

use std::sync::Arc;

use super::XLSX;
use super::cell::{Kind, Raw, address, area, next_plain};
use super::strings::{Strings, decode_escapes, rich_text};
use super::styles::Styles;
use crate::model::{Aside, Cell, CellNote, Finding, PlacedCell};
use crate::read::Refusal;
use crate::read::number_format::{DateOrigin, NumberFormat, stored_decimal};
use crate::read::worksheet::{Budget, MOST_COLUMNS, MOST_ROWS, Worksheet};
use crate::read::xml::{Element, Piece, Xml};

/// Findings about cells without a valid place that one workbook may cause.
const MOST_FINDINGS: usize = 100;

/// What cached results of formulas a workbook has.
#[derive(Default)]
pub(super) struct Results {
    /// Some result is more than a bare `0`.
    any: bool,
    /// Worksheet and cell, by index, of the zeros.
    zeros: Vec<(usize, usize)>,
    worksheet: usize,
}

impl Results {
    /// Programs that calculate nothing write 0 for every formula, and leave the calculation to whoever opens the file.
    /// Where all results are zeros and it was left, none of them was ever calculated.
    pub(super) fn doubt_all_zeros(&self, worksheets: &mut [Worksheet]) {
        if self.any {
            return;
        }
        for (worksheet, cell) in &self.zeros {
            if let Some(placed) = worksheets.get_mut(*worksheet).and_then(|sheet| sheet.cells_mut().get_mut(*cell)) {
                placed.cell = without_value();
            }
        }
    }
}

/// A formula whose result is not known.
fn without_value() -> Cell {
    Cell { note: Some(CellNote::FormulaWithoutValue), ..Cell::default() }
}

/// What reading the worksheets of one workbook needs and gathers.
pub(super) struct Reading<'a> {
    pub(super) strings: &'a Strings,
    pub(super) styles: &'a Styles,
    pub(super) origin: DateOrigin,
    pub(super) budget: Budget,
    pub(super) findings: Vec<Finding>,
    pub(super) asides: Vec<Aside>,
    pub(super) results: Results,
}

impl Reading<'_> {
    /// Reads one worksheet's part.
    pub(super) fn worksheet(&mut self, text: &str, part: &str, sheet: &mut Worksheet) -> Result<(), Refusal> {
        let mut xml = Xml::new(text, part, XLSX);
        let (mut row, mut column, mut row_named) = (0, 0, false);
        let (mut in_data, mut in_value, mut in_page) = (false, false, false);
        let mut cell: Option<Raw> = None;
        let mut content = String::new();
        loop {
            // Nearly all that a worksheet holds.
            while let Some((plain, rest)) = next_plain(&xml, row, in_data && row_named && cell.is_none()) {
                xml.go_on_at(rest);
                column = plain.column;
                if let Some(value) = plain.value {
                    content.clear();
                    content.push_str(value);
                    self.end_cell(Raw::plain(plain), &mut content, sheet)?;
                }
            }
            let Some(piece) = xml.next()? else { break };
            match piece {
                Piece::Start(element) | Piece::Empty(element) => {
                    let empty = matches!(piece, Piece::Empty(_));
                    match element.name {
                        "c" if in_data => {
                            let raw = Raw::begin(element, row, column, row_named);
                            column = raw.column;
                            // A row without a number takes that of its cells.
                            row = if row_named || raw.row == 0 { row } else { raw.row };
                            cell = Some(raw).filter(|_| !empty);
                            content.clear();
                        }
                        "v" => {
                            if let Some(raw) = &mut cell {
                                (in_value, raw.value) = (!empty && !raw.inline, true);
                            }
                        }
                        "f" => {
                            if let Some(raw) = &mut cell {
                                raw.formula = true;
                            }
                        }
                        "is" if !empty => {
                            if let Some(raw) = &mut cell {
                                raw.inline = true;
                                content.clear();
                                rich_text(&mut xml, &mut content)?;
                            }
                        }
                        "row" if in_data => {
                            (row, row_named) = begin_row(element, row, sheet);
                            column = 0;
                        }
                        "col" if !in_data => hide_columns(element, sheet),
                        "mergeCell" if !in_data => {
                            if let Some(area) = element.attribute("ref").as_deref().and_then(area) {
                                sheet.merge(area);
                            }
                        }
                        "sheetData" => in_data = !empty,
                        name if is_page_part(name) => {
                            in_page = !empty;
                            content.clear();
                        }
                        _ => (),
                    }
                }
                Piece::End(name) => match name {
                    "v" => in_value = false,
                    "c" => {
                        if let Some(raw) = cell.take() {
                            self.end_cell(raw, &mut content, sheet)?;
                        }
                    }
                    "sheetData" => in_data = false,
                    name if is_page_part(name) => {
                        in_page = false;
                        self.asides.extend(sheet.page_lines(&content));
                    }
                    _ => (),
                },
                other if in_value || in_page => xml.append(other, &mut content)?,
                _ => (),
            }
        }
        self.results.worksheet += 1;
        Ok(())
    }

    /// Reads the comments on the cells of a worksheet.
    pub(super) fn comments(&mut self, text: &str, part: &str, sheet: &Arc<str>) -> Result<(), Refusal> {
        let mut xml = Xml::new(text, part, XLSX);
        let mut cell = None;
        while let Some(piece) = xml.next()? {
            match piece {
                Piece::Start(element) if element.name == "comment" => {
                    cell = element.attribute("ref").as_deref().and_then(address);
                }
                Piece::Start(element) if element.name == "text" => {
                    let mut text = String::new();
                    rich_text(&mut xml, &mut text)?;
                    self.asides.extend(cell.take().map(|cell| Aside {
                        sheet: Some(sheet.clone()),
                        cell: Some(cell),
                        text,
                    }));
                }
                _ => (),
            }
        }
        Ok(())
    }

    /// Adds a cell that has been read, unless it is blank.
    fn end_cell(&mut self, raw: Raw, content: &mut String, sheet: &mut Worksheet) -> Result<(), Refusal> {
        // What is written where nothing was calculated; `0.0` is somebody's result.
        let bare_zero = content == "0";
        let mut cell = self.cell(&raw, content);
        if cell.text.is_empty() && cell.note.is_none() {
            return Ok(());
        }
        if let Some(address) = raw.odd_address {
            if raw.row == 0 || raw.column == 0 || raw.row > MOST_ROWS || raw.column > MOST_COLUMNS {
                if self.findings.len() < MOST_FINDINGS {
                    self.findings.push(sheet.nowhere(&address, &cell.text));
                }
                return Ok(());
            }
            // The address and the row around it disagree.
            (cell.number, cell.note) = (None, Some(CellNote::Unreadable));
        }
        let look = self.styles.look(raw.style);
        if look.struck {
            cell = Worksheet::strike_out(cell);
        }
        if look.white && cell.number.take_if(|number| !number.value.is_zero()).is_some() {
            // White on white: whoever looks at the table sees no number.
            cell.note = Some(CellNote::ScaledFormat);
        }
        if raw.formula && cell.note.is_none() {
            match &cell.number {
                Some(number) if number.value.is_zero() && bare_zero => {
                    self.results.zeros.push((self.results.worksheet, sheet.cells_mut().len()));
                }
                _ => self.results.any = true,
            }
        }
        sheet.add(PlacedCell { row: raw.row, column: raw.column, row_span: 1, column_span: 1, cell }, &mut self.budget)
    }

    /// What a cell says: its text, its exact number, what is odd about it.
    fn cell(&self, raw: &Raw, content: &mut String) -> Cell {
        let noted = |text: &str, note| Cell { text: text.into(), note: Some(note), ..Cell::default() };
        let plain = |text: &str| Cell { text: text.into(), ..Cell::default() };
        let blank = content.is_empty();
        match raw.kind {
            Kind::Number | Kind::Boolean | Kind::Error | Kind::Date if blank && raw.formula => without_value(),
            // A text formula without `<v>` has no result; one with an empty `<v>` has the empty text.
            Kind::Text if blank && raw.formula && !raw.value => without_value(),
            _ if blank && raw.kind != Kind::Shared => Cell::default(),
            Kind::Shared => match content.trim().parse().ok().and_then(|index| self.strings.get(index)) {
                Some(text) => plain(text),
                None if blank => Cell::default(),
                None => noted(content, CellNote::Unreadable),
            },
            Kind::Number => self.number(raw, content),
            Kind::Inline | Kind::Text => {
                decode_escapes(content, 0);
                plain(content)
            }
            Kind::Boolean => match content.trim() {
                "1" | "true" => plain("TRUE"),
                "0" | "false" => plain("FALSE"),
                other => noted(other, CellNote::Unreadable),
            },
            Kind::Error => noted(content.trim(), CellNote::ErrorValue),
            Kind::Date => noted(content.trim(), CellNote::Date),
            Kind::Unknown => noted(content, CellNote::Unreadable),
        }
    }

    /// A cell whose content should be a number.
    fn number(&self, raw: &Raw, content: &str) -> Cell {
        let content = content.trim();
        let Some(stored) = stored_decimal(content) else {
            // `1,240.70` where a number should be is a text, and read like one. A number that is too large is neither.
            let note = content.parse::<f64>().is_ok().then_some(CellNote::Unreadable);
            return Cell { text: content.into(), note, ..Cell::default() };
        };
        match raw.style {
            None => match self.styles.get(0) {
                Some(format) => format.show(stored, self.origin),
                None => NumberFormat::default().show(stored, self.origin),
            },
            Some(style) => match self.styles.get(style) {
                Some(format) => format.show(stored, self.origin),
                // Without styles every cell is in the general format.
                None if self.styles.styles.is_empty() => NumberFormat::default().show(stored, self.origin),
                None => Cell { text: content.into(), note: Some(CellNote::Unreadable), ..Cell::default() },
            },
        }
    }
}

/// The head or the foot of the pages of a worksheet.
fn is_page_part(name: &str) -> bool {
    matches!(name, "oddHeader" | "evenHeader" | "firstHeader" | "oddFooter" | "evenFooter" | "firstFooter")
}

/// The number of a row that begins behind `previous`, and whether the row itself says so.
fn begin_row(element: Element<'_>, previous: u32, sheet: &mut Worksheet) -> (u32, bool) {
    let (mut row, mut named, mut hidden) = (previous.saturating_add(1), false, false);
    for (name, value) in element.attributes() {
        match name {
            "r" => (row, named) = (value.parse().unwrap_or(u32::MAX), true),
            "hidden" => hidden = matches!(value, "1" | "true"),
            _ => (),
        }
    }
    if hidden {
        sheet.hide_row(row);
    }
    (row, named)
}

fn hide_columns(element: Element<'_>, sheet: &mut Worksheet) {
    let number = |name| element.attribute(name).and_then(|value| value.parse::<u32>().ok());
    if let (true, Some(first), Some(last)) = (element.says("hidden"), number("min"), number("max")) {
        sheet.hide_columns(first, last);
    }
}
