//! Tables whose cells begin with a tab at the start of a line: what Tika makes of a Word table.

use std::ops::Range;

use super::lines::Kind;
use super::{Reader, Refusal, Slice};
use crate::model::CellNote;

impl Reader<'_> {
    /// A table of tab-led cells, or the paragraphs that were only indented by tabs.
    pub(super) fn tab_led(&mut self, start: usize) -> Result<usize, Refusal> {
        let mut table = TabLed::default();
        let mut at = start;
        loop {
            match self.kind(at) {
                Some(Kind::Tab) => table.open_cell(at),
                Some(Kind::Blank) => table.row_ended = true,
                Some(Kind::Separator) => break,
                // Also a line that begins with `|`: inside a cell it is text.
                Some(_) if !is_attachment(self.line(at)) && self.goes_on(&table, at) => table.extend_cell(at),
                _ => break,
            }
            at += 1;
        }
        let rows: Vec<Vec<Slice>> =
            table.rows.iter().map(|row| row.iter().map(|cell| self.cell_slice(cell)).collect()).collect();
        let rows = self.joined(rows);
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        if width <= 1 || self.is_indented_prose(&rows) {
            self.indented_prose(start, at);
            return Ok(at - start);
        }
        let mut cells = self.side_by_side(&rows);
        let strays: Vec<usize> = table.rows.iter().flatten().filter_map(|cell| self.stray_number(cell)).collect();
        for placed in cells.iter_mut().filter(|placed| placed.cell.offset.is_some_and(|at| strays.contains(&at))) {
            placed.cell.note = Some(CellNote::Undivided);
        }
        self.table(false, cells)?;
        Ok(at - start)
    }

    /// Where a page number begins that a page break may have put into a cell: the cell is blank in its own line, and a number
    /// of a few digits stands alone in the next.
    fn stray_number(&self, cell: &Range<usize>) -> Option<usize> {
        let is_blank = cell.len() > 1 && self.line(cell.start).trim().is_empty();
        let slice = is_blank.then(|| self.cell_slice(cell))?;
        let text = self.text[slice.bytes.clone()].trim().trim_matches(['-', '—', ' ']);
        ((1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(slice.offset)
    }

    /// Puts rows together that only a blank line inside a cell parted.
    ///
    /// A row whose first cell is merged away, and which lacks just as many cells of the row above it as the next row has,
    /// goes on in that one. Rows that begin with a label of their own are never put together.
    fn joined(&self, rows: Vec<Vec<Slice>>) -> Vec<Vec<Slice>> {
        let is_blank = |slice: &Slice| self.text[slice.bytes.clone()].trim().is_empty();
        let mut joined: Vec<Vec<Slice>> = Vec::with_capacity(rows.len());
        for row in rows {
            let goes_on = match joined.as_slice() {
                [.., above, last] => {
                    last.len() > 1 && last.len() + row.len() == above.len() && is_blank(&last[0]) && !is_blank(&row[0])
                }
                _ => false,
            };
            match joined.last_mut() {
                Some(last) if goes_on => last.extend(row),
                _ => joined.push(row),
            }
        }
        joined
    }

    /// Whether a line without a tab belongs to the cell above it.
    ///
    /// Directly below it does. Behind a blank line it does only where it runs on into further cells, and these make the
    /// row as long as rows of this table are, but would be no row of this table alone: `投`, blank, `入` before six more
    /// cells of seven. A unit line before the header of the next table fails the last.
    fn goes_on(&self, table: &TabLed, at: usize) -> bool {
        if !table.row_ended {
            return true;
        }
        if self.heads_a_table(at) {
            return false;
        }
        let ahead = self.cells_ahead(at, table.widest());
        ahead > 0 && !table.widths.contains(&ahead) && table.widths.contains(&(table.cells_so_far() + ahead))
    }

    /// A title, or a line that states the unit, stands among the lines from `at` to the next cell.
    fn heads_a_table(&self, at: usize) -> bool {
        let lines = (at..self.lines.len()).take_while(|at| matches!(self.lines[*at].kind, Kind::Plain | Kind::Pipe));
        lines
            .map(|at| self.line(at).trim())
            .any(|line| line.ends_with('表') || line.contains("单位：") || line.contains("单位:"))
    }

    /// The cells that would still come in this row if the lines at `at` went on with its last cell; 0 where no cell
    /// follows directly.
    fn cells_ahead(&self, at: usize, widest: usize) -> usize {
        // Far more lines than a row of a form has; it bounds the time on files made to be slow.
        const FARTHEST: usize = 400;
        let (mut cells, mut behind_blank, mut between) = (0, false, false);
        for next in at..self.lines.len().min(at + FARTHEST) {
            match self.lines[next].kind {
                // The row ended at the blank line.
                Kind::Tab if behind_blank => break,
                Kind::Tab => {
                    cells += 1;
                    between = false;
                }
                // Lines between two blank ones are no part of a cell.
                Kind::Blank if between || cells == 0 => break,
                Kind::Blank => behind_blank = true,
                _ if is_attachment(self.line(next)) || (behind_blank && cells >= widest) => break,
                _ if behind_blank => (behind_blank, between) = (false, true),
                _ => {}
            }
        }
        cells
    }

    /// The text of a cell, without the blank lines around it.
    fn cell_slice(&self, lines: &Range<usize>) -> Slice {
        let first = &self.lines[lines.start];
        // Behind the tab.
        let (mut start, mut offset) = (first.bytes.start + 1, first.offset + 1);
        let end = self.lines[lines.end - 1].bytes.end;
        let trimmed = self.text[start..end].trim_end_matches(['\n', '\r', '\u{c}', '\u{2028}', '\u{2029}']);
        let leading = trimmed.len() - trimmed.trim_start_matches(['\n', '\r', '\u{c}', '\u{2028}', '\u{2029}']).len();
        let end = start + trimmed.len();
        offset += trimmed[..leading].chars().count();
        start += leading;
        Slice { bytes: start..end, offset }
    }

    /// Sentences that begin with a tab because somebody indents so: one row whose cells are all sentences.
    fn is_indented_prose(&self, rows: &[Vec<Slice>]) -> bool {
        let [row] = rows else { return false };
        let is_sentence = |slice: &Slice| {
            let text = self.text[slice.bytes.clone()].trim_end();
            text.ends_with(['。', '；', '：']) && text.chars().count() > 12
        };
        row.iter().filter(|slice| is_sentence(slice)).count() * 2 > row.len()
    }

    fn indented_prose(&mut self, start: usize, end: usize) {
        for at in start..end {
            let bytes = self.lines[at].bytes.clone();
            let tabs = self.line(at).len() - self.line(at).trim_start_matches('\t').len();
            self.paragraph(at, bytes.start + tabs..bytes.end);
        }
    }
}

/// `附件4`, `附件：`, `附表一`: the line above the title of a form that was a document of its own. It never belongs to
/// the cell above it.
pub(super) fn is_attachment(line: &str) -> bool {
    let line = line.trim();
    let Some(rest) = line.strip_prefix("附件").or_else(|| line.strip_prefix("附表")) else { return false };
    let rest = rest.trim_start();
    let number = rest.trim_start_matches(|c: char| c.is_numeric() || "一二三四五六七八九十-－—".contains(c));
    let is_numbered = number.len() < rest.len();
    let end = number.trim_start_matches(['：', ':', '.', '．', '、']);
    end.is_empty() || (is_numbered && (end.len() < number.len() || number.starts_with(char::is_whitespace)))
}

/// The lines of a tab-led table as they are collected: for each row its cells, for each cell its lines.
#[derive(Default)]
struct TabLed {
    rows: Vec<Vec<Range<usize>>>,
    /// The lengths of the rows that are complete, each once.
    widths: Vec<usize>,
    /// A blank line stands behind the last cell.
    row_ended: bool,
}

impl TabLed {
    fn open_cell(&mut self, at: usize) {
        if self.row_ended || self.rows.is_empty() {
            let width = self.cells_so_far();
            if width > 0 && !self.widths.contains(&width) {
                self.widths.push(width);
            }
            self.rows.push(Vec::new());
            self.row_ended = false;
        }
        if let Some(row) = self.rows.last_mut() {
            row.push(at..at + 1);
        }
    }

    /// The line belongs to the cell above, and the blank lines before it with it.
    fn extend_cell(&mut self, at: usize) {
        self.row_ended = false;
        if let Some(cell) = self.rows.last_mut().and_then(|row| row.last_mut()) {
            cell.end = at + 1;
        }
    }

    fn cells_so_far(&self) -> usize {
        self.rows.last().map_or(0, Vec::len)
    }

    fn widest(&self) -> usize {
        self.widths.iter().copied().max().unwrap_or(0)
    }
}
