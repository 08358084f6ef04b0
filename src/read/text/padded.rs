//! Tables of web pages as extractors of a page's main text write them: a bar behind each cell, and further bars that fill the row
//! up to the width of the table.
//!
//! `项目名称 | 渡口修缮 | ||||`: a cell that is merged over several columns is one, one that is merged down is none, and the bars at
//! the end are no blank cells. A line break inside a cell breaks the line here, too, and on some pages each cell has one behind it:
//! a row then goes on over the lines until it has as many bars as all others have.

use std::ops::Range;

use super::lines::Kind;
use super::{Reader, Refusal, Slice};

/// So many rows tell how wide a table is.
const LEAST_ROWS: usize = 3;
/// So many of them are filled up.
const LEAST_FILLED: usize = 2;
/// The first row has no more lines than this.
const MOST_LINES: usize = 40;
/// So far is looked to tell the width.
const FARTHEST: usize = 80;

impl Reader<'_> {
    /// A table whose first line this is. `None` where the lines are none.
    pub(super) fn padded(&mut self, start: usize) -> Result<Option<usize>, Refusal> {
        let Some(width) = self.padded_width(start) else { return Ok(None) };
        let lines = self.padded_rows(start, width, self.lines.len());
        let height = lines.last().map_or(0, |row| row.end - start);
        let rows: Vec<Vec<Slice>> = lines.into_iter().map(|row| self.padded_cells(row)).collect();
        self.table(false, self.side_by_side(&rows))?;
        Ok(Some(height))
    }

    /// How many bars each row of the table has: as many as the first lines have together that fit the most lines.
    fn padded_width(&self, start: usize) -> Option<usize> {
        let end = self.lines.len().min(start + FARTHEST);
        let is_filled = |at: &usize| is_filled_up(self.line(*at));
        if (start..end).take_while(|at| self.may_be_padded(*at)).filter(is_filled).count() < LEAST_FILLED {
            return None;
        }
        let mut widths: Vec<(usize, usize)> = Vec::new();
        let mut width = 0;
        for at in (start..end.min(start + MOST_LINES)).take_while(|at| self.may_be_padded(*at)) {
            width += bars(self.line(at));
            let rows = self.padded_rows(start, width, end);
            let is_blank =
                |row: &Range<usize>| row.len() == 1 && self.line(row.start).trim_matches(['|', ' ']).is_empty();
            let filled = rows.iter().filter(|row| is_filled_up(self.line(row.end - 1))).count();
            if width > 2 && rows.len() >= LEAST_ROWS && filled >= LEAST_FILLED && !rows.iter().any(is_blank) {
                widths.push((rows.last().map_or(0, |row| row.end), width));
            }
        }
        // The narrowest of those that reach as far.
        let farthest = widths.iter().map(|(end, _)| *end).max()?;
        widths.into_iter().find(|(end, _)| *end == farthest).map(|(_, width)| width)
    }

    /// The lines of each row from `start` on that has just so many bars, the last of them at its end.
    fn padded_rows(&self, start: usize, width: usize, end: usize) -> Vec<Range<usize>> {
        let mut rows = Vec::new();
        let (mut first, mut sum) = (start, 0);
        // The line before ends inside a cell.
        let mut is_open = false;
        for at in start..end {
            let line = self.line(at);
            let (found, is_closed) = (bars(line), line.trim_end().ends_with('|'));
            sum += found;
            // What fills a row up ends it.
            let is_inside = sum < width && !is_filled_up(line);
            let goes_on = self.may_be_padded(at) && (found > 0 || is_open) && at - first < MOST_LINES;
            if !goes_on || !(is_inside || sum == width && is_closed) {
                break;
            }
            is_open = !is_closed;
            if sum == width {
                rows.push(first..at + 1);
                (first, sum) = (at + 1, 0);
            }
        }
        rows
    }

    fn may_be_padded(&self, at: usize) -> bool {
        matches!(self.lines[at].kind, Kind::Plain | Kind::Pipe)
    }

    /// The cells of a row, without the bars that fill it up, of which blank cells at its end cannot be told.
    fn padded_cells(&self, lines: Range<usize>) -> Vec<Slice> {
        let first = &self.lines[lines.start];
        let (start, end) = (first.bytes.start, self.lines[lines.end - 1].bytes.end);
        let kept = self.text[start..end].trim_end_matches(['|', ' ', '\n', '\r']);
        let mut cells = Vec::new();
        let (mut from, mut offset) = (start, first.offset);
        for part in kept.split('|') {
            let trimmed = part.trim();
            let before = if trimmed.is_empty() { 0 } else { part.len() - part.trim_start().len() };
            let at = from + before;
            cells.push(Slice { bytes: at..at + trimmed.len(), offset: offset + part[..before].chars().count() });
            offset += part.chars().count() + 1;
            from += part.len() + 1;
        }
        cells
    }
}

fn bars(line: &str) -> usize {
    line.bytes().filter(|byte| *byte == b'|').count()
}

/// More bars stand at the end than close its last cell: `甲 | 乙 | |||`, or nothing but bars.
fn is_filled_up(line: &str) -> bool {
    let line = line.trim_end();
    let before = line.trim_end_matches('|');
    let behind = line.len() - before.len();
    behind > 1
        && (before.trim().is_empty() || before.trim_end().ends_with('|') && before.ends_with(char::is_whitespace))
}
