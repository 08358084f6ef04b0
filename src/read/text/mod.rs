//! Text: as it was typed, or as a text extractor (Apache Tika) writes a Word document.
//!
//! A line is a paragraph; a Markdown heading is one without its marks. Eight kinds of table are read:
//!
//! - *Tab-led*, what Tika makes of a Word table: each cell begins with a tab at the start of a line and may go on over
//!   further lines, a blank line ends the row. Blank lines may also stand inside a cell and after its last line. Merges
//!   are lost: a cell that is merged away is there, and empty.
//! - *Tab-separated*, what is copied from a worksheet: the same number of tabs in each line.
//! - *Rows of lines*, parted by tabs or bars, what converters make of tables in HTML: merges are lost, and so are cells that are
//!   merged away ([`rows`]).
//! - *Padded* with bars, what extractors of a page's main text make: `甲 | 乙 | |||` ([`padded`]).
//! - *Separated* by commas or semicolons, what a worksheet is saved as, with amounts between them ([`separated`]).
//!   In these three kinds, a converter may have repeated the text of merged cells in each place of them, and merges are known.
//! - *Piped*, what people type: `| a | b |`, where `<` is merged with the cell to its left, `^` with the one above, and
//!   `⏎` is a line break in a cell. With a rule (`|---|`) it is Markdown, as converters make it: merges are lost,
//!   `<br>` is a line break, `**` around a cell only makes it bold, and what was put into blank cells (`Unnamed: 1`, `NaN`) is blank.
//! - *Aligned* by blanks, below a line of dashes for each column, or where its numbers tell the columns ([`rivers`]); else its
//!   cells are not told apart ([`aligned`]).
//! - *Framed*, with lines drawn around its cells: merges are known ([`framed`]).
//!
//! Every text has as many characters as what it was read from in the file ([`marks`]), so that offset and index in the text add up to a place in the file, counted in
//! characters (Unicode scalars of the decoded text, line ends included). Paragraphs are numbered by their line.

mod aligned;
mod framed;
mod lines;
mod marks;
mod padded;
mod piped;
mod rivers;
mod rows;
mod separated;
mod tab_led;
#[cfg(test)]
mod tests;
mod trimmed;

use std::ops::Range;

use super::GRID_LIMIT;
use super::encoding;
use super::refusal::{Reason, Refusal};
use crate::model::{Block, Cell, CellNote, Document, Finding, FindingCode, Format, Paragraph, PlacedCell, Table};
use lines::{Kind, Line, lines};
use separated::is_guarded;
use trimmed::is_trimmed;

/// Reads a text file.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let decoded = encoding::decode(bytes)?;
    let text = marks::with_named_characters(decoded.text);
    let (blocks, mut findings) = blocks(&text)?;
    if blocks.is_empty() {
        return Err(Refusal::new(Reason::Empty, "txt", "文件里没有内容；请重新导出后再提交"));
    }
    let is_damaged = text.contains(char::REPLACEMENT_CHARACTER);
    findings.extend(is_damaged.then(|| damage(&blocks, decoded.encoding)));
    Ok(Document {
        format: Format::Text,
        encoding: Some(decoded.encoding),
        blocks,
        findings,
        title: None,
        asides: Vec::new(),
    })
}

/// One finding that names the paragraphs and cells in which damaged bytes stand.
pub(super) fn damage(blocks: &[Block], encoding: &str) -> Finding {
    let is_damaged = |text: &str| text.contains(char::REPLACEMENT_CHARACTER);
    let mut places = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) if is_damaged(&paragraph.text) => places.push(paragraph.place()),
            Block::Paragraph(_) => {}
            Block::Table(table) => {
                places.extend(table.cells.iter().filter(|cell| is_damaged(&cell.text)).map(|cell| table.place(cell)));
            }
        }
    }
    Finding { places, ..Finding::new(FindingCode::DamagedText, encoding) }
}

/// Paragraphs and tables of a text, in order, and what is in doubt of them.
fn blocks(text: &str) -> Result<(Vec<Block>, Vec<Finding>), Refusal> {
    let lines = lines(text);
    let is_trimmed = is_trimmed(text, &lines);
    let is_guarded = is_guarded(text);
    let mut reader = Reader {
        text,
        lines,
        is_trimmed,
        is_guarded,
        unaligned: 0,
        blocks: Vec::new(),
        tables: 0,
        findings: Vec::new(),
    };
    let mut at = 0;
    while at < reader.lines.len() {
        let taken = match reader.lines[at].kind {
            Kind::Blank | Kind::Separator => 1,
            Kind::Tab => match reader.rows(at, '\t')? {
                Some(taken) => taken,
                None => reader.tab_led(at)?,
            },
            Kind::Pipe => reader.piped(at)?,
            Kind::Plain if framed::is_edge(reader.line(at)) => match reader.framed(at)? {
                Some(taken) => taken,
                None => reader.plain(at)?,
            },
            Kind::Plain => reader.plain(at)?,
        };
        at += taken;
    }
    Ok((reader.blocks, reader.findings))
}

/// A cell of a table in text: bytes in the text, and the characters before them.
#[derive(Clone, Debug)]
struct Slice {
    bytes: Range<usize>,
    offset: usize,
}

/// Takes tables and paragraphs off the lines. Methods that read a table return how many lines it took.
struct Reader<'a> {
    text: &'a str,
    lines: Vec<Line>,
    /// Its rows end with their last cell that is not blank.
    is_trimmed: bool,
    /// It sets amounts in quotes that have commas.
    is_guarded: bool,
    /// Up to here no lines are aligned.
    unaligned: usize,
    blocks: Vec<Block>,
    tables: u32,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> &str {
        &self.text[self.lines[at].bytes.clone()]
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.lines.get(at).map(|line| line.kind)
    }

    fn paragraph(&mut self, at: usize, bytes: Range<usize>) {
        let kept = unmarked(&self.text[bytes.clone()]);
        let bytes = bytes.start + kept.start..bytes.start + kept.end;
        let line = &self.lines[at];
        let skipped = self.text[line.bytes.start..bytes.start].chars().count();
        let text = marks::without_bold(&self.text[bytes]).into_owned();
        if !text.trim().is_empty() {
            let offset = Some(line.offset + skipped);
            self.blocks.push(Block::Paragraph(Paragraph { number: at as u32 + 1, text, offset }));
        }
    }

    fn table(&mut self, merges_known: bool, cells: Vec<PlacedCell>) -> Result<(), Refusal> {
        let filled = || cells.iter().filter(|cell| !cell.cell.text.trim().is_empty());
        let rows = filled().map(|cell| cell.row as usize).max().unwrap_or(0);
        let columns = filled().map(|cell| cell.column as usize).max().unwrap_or(0);
        if rows * columns > GRID_LIMIT {
            let detail = format!("文字中的表格有 {rows} 行 {columns} 列，超过上限；请拆分后再提交");
            return Err(Refusal::new(Reason::TooLarge, "txt", detail));
        }
        if rows > 0 {
            self.tables += 1;
            let table = Table::new(self.tables, None, merges_known, cells);
            self.findings.extend(undivided(&table));
            self.blocks.push(Block::Table(table));
        }
        Ok(())
    }

    fn placed(&self, row: usize, column: usize, slice: &Slice) -> PlacedCell {
        let text = self.text[slice.bytes.clone()].into();
        PlacedCell {
            row: row as u32 + 1,
            column: column as u32 + 1,
            row_span: 1,
            column_span: 1,
            cell: Cell { text, offset: Some(slice.offset), ..Cell::default() },
        }
    }

    /// A paragraph, or a table: consecutive lines with equally many tabs or commas, or rows of any length.
    fn plain(&mut self, start: usize) -> Result<usize, Refusal> {
        let tabs = |at: usize| self.line(at).bytes().filter(|byte| *byte == b'\t').count();
        let width = tabs(start);
        let is_row = |at: &usize| matches!(self.lines[*at].kind, Kind::Plain | Kind::Tab) && tabs(*at) == width;
        // One tab in two lines may still be a pair of signatures.
        let least = if width == 1 { 3 } else { 2 };
        if width == 0 {
            let barred = if self.line(start).contains('|') { self.barred(start)? } else { None };
            return match barred {
                Some(taken) => Ok(taken),
                None => self.aligned(start)?.map_or_else(|| self.separated(start), Ok),
            };
        }
        let height = (start..self.lines.len()).take_while(is_row).count();
        let goes_on = self.kind(start + height).is_some_and(|kind| matches!(kind, Kind::Plain | Kind::Tab))
            && tabs(start + height) > 0;
        if goes_on && let Some(taken) = self.rows(start, '\t')? {
            return Ok(taken);
        }
        if height < least {
            self.paragraph(start, self.lines[start].bytes.clone());
            return Ok(1);
        }
        let rows: Vec<Vec<Slice>> = (start..start + height).map(|at| self.parted(at)).collect();
        self.rows_of_cells(&rows)?;
        Ok(height)
    }

    /// A table of rows parted by bars.
    fn barred(&mut self, start: usize) -> Result<Option<usize>, Refusal> {
        match self.padded(start)? {
            Some(taken) => Ok(Some(taken)),
            None => self.rows(start, '|'),
        }
    }

    /// The parts of a line between its tabs.
    fn parted(&self, at: usize) -> Vec<Slice> {
        let line = &self.lines[at];
        let (mut start, mut offset) = (line.bytes.start, line.offset);
        let mut parts = Vec::new();
        for part in self.line(at).split('\t') {
            parts.push(Slice { bytes: start..start + part.len(), offset });
            offset += part.chars().count() + 1;
            start += part.len() + 1;
        }
        parts
    }

    /// A table of rows.
    fn rows_of_cells(&mut self, rows: &[Vec<Slice>]) -> Result<(), Refusal> {
        let (merges_known, cells) = self.arranged(rows);
        self.table(merges_known, cells)
    }

    /// The cells of rows, and whether their merges are known: they are lost, unless a converter repeated the text of merged cells.
    fn arranged(&self, rows: &[Vec<Slice>]) -> (bool, Vec<PlacedCell>) {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let is_even = rows.iter().all(|row| row.len() == width);
        match self.repeated(rows).filter(|_| is_even) {
            Some(anchors) => (true, self.covering(rows, &anchors)),
            None => (false, self.side_by_side(rows)),
        }
    }

    /// The cells of rows whose merges are lost.
    fn side_by_side(&self, rows: &[Vec<Slice>]) -> Vec<PlacedCell> {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut cells = Vec::with_capacity(rows.iter().map(Vec::len).sum());
        for (row, slices) in rows.iter().enumerate() {
            cells.extend(slices.iter().enumerate().map(|(column, slice)| self.placed(row, column, slice)));
            // The spans are lost, but a lone cell in a wider table is a title over its whole width.
            if let ([_], Some(title)) = (slices.as_slice(), cells.last_mut()) {
                title.column_span = width as u32;
            }
        }
        cells
    }
}

/// One finding that names the first cell of each row whose cells are not told apart.
fn undivided(table: &Table) -> Option<Finding> {
    let mut cells: Vec<&Cell> = table.cells.iter().filter(|cell| cell.note == Some(CellNote::Undivided)).collect();
    cells.dedup_by_key(|cell| cell.row);
    let first = cells.first()?;
    let finding = Finding::new(FindingCode::UndividedCells, first.text.trim());
    Some(Finding { places: cells.iter().map(|cell| table.place(cell)).collect(), ..finding })
}

/// A line without the marks of a Markdown heading before it, those of bold type around it, and the bar behind its only cell.
pub(super) fn unmarked(line: &str) -> Range<usize> {
    let only_cell = line.trim_end().strip_suffix('|').filter(|cell| !cell.contains('|'));
    let line = only_cell.unwrap_or(line);
    let rest = line.trim_start_matches('#');
    let marks = line.len() - rest.len();
    let is_heading = (1..=6).contains(&marks) && rest.starts_with(' ');
    let start = if is_heading { marks + 1 } else { 0 };
    let kept = within_bold(&line[start..]);
    start + kept.start..start + kept.end
}

/// What stands between the `**` of bold type; all of a text that is not bold from end to end.
fn within_bold(text: &str) -> Range<usize> {
    let (before, trimmed) = (text.len() - text.trim_start().len(), text.trim());
    match trimmed.strip_prefix("**").and_then(|rest| rest.strip_suffix("**")) {
        Some(inner) if !inner.is_empty() && !inner.contains("**") => before + 2..before + 2 + inner.len(),
        _ => 0..text.len(),
    }
}

/// A number as it stands alone in a cell.
fn is_amount(text: &str) -> bool {
    let digits = text.trim_start_matches('-').trim_end_matches('%');
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}
