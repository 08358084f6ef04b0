//! Tables whose columns are aligned by blanks.
//!
//! Below a line of dashes for each column, as pandoc writes its simple tables, each text stands in one column, and the table is
//! read. Without one, as `pdftotext -layout` writes tables, its numbers may tell where the columns are ([`rivers`](super::rivers));
//! where they do not, the lines are a table whose cells are not told apart.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::lines::Kind;
use super::rivers::is_page_number;
use super::{Reader, Refusal, Slice, is_amount};
use crate::model::{CellNote, PlacedCell};

impl Reader<'_> {
    /// A table whose first line this is. `None` where the lines are none.
    pub(super) fn aligned(&mut self, start: usize) -> Result<Option<usize>, Refusal> {
        if let Some((height, rows)) = self.dashed(start) {
            self.rows_of_cells(&rows)?;
            return Ok(Some(height));
        }
        // Where lines were found to be none, no part of them is looked at again.
        if start < self.unaligned || !self.line(start).trim().contains("  ") {
            return Ok(None);
        }
        let (height, rows) = self.undivided(start);
        if height == 0 {
            self.unaligned = start + rows.len();
            return Ok(None);
        }
        if let Some(divided) = self.divided(start, height) {
            self.table(false, divided.cells)?;
            return Ok(Some(divided.height));
        }
        let mut cells: Vec<PlacedCell> = Vec::new();
        for (row, slices) in rows.iter().enumerate() {
            cells.extend(slices.iter().enumerate().map(|(column, slice)| self.placed(row, column, slice)));
        }
        cells.iter_mut().for_each(|placed| placed.cell.note = Some(CellNote::Undivided));
        self.table(false, cells)?;
        Ok(Some(height))
    }

    /// The rows of a table whose header stands above a line of dashes for each column, up to a blank line.
    fn dashed(&self, start: usize) -> Option<(usize, Vec<Vec<Slice>>)> {
        let ruled = self.lines.get(start + 1).filter(|line| line.kind == Kind::Plain)?;
        let columns = columns(&self.text[ruled.bytes.clone()])?;
        let is_row = |at: &usize| self.lines[*at].kind == Kind::Plain && !is_rule(self.line(*at));
        let height = 2 + (start + 2..self.lines.len()).take_while(is_row).count();
        let ends = self.lines.get(start + height).is_none_or(|line| line.kind == Kind::Blank);
        let lines = std::iter::once(start).chain(start + 2..start + height);
        let rows: Option<Vec<Vec<Slice>>> = lines.map(|at| self.below(&columns, at)).collect();
        rows.filter(|rows| ends && rows.len() > 2).map(|rows| (height, rows))
    }

    /// What a line says in each column; `None` where something stands in none.
    fn below(&self, columns: &[Range<usize>], at: usize) -> Option<Vec<Slice>> {
        let line = &self.lines[at];
        let (mut column, mut offset) = (0, line.offset);
        let nothing = Slice { bytes: line.bytes.start..line.bytes.start, offset };
        let mut cells = vec![nothing; columns.len()];
        for (byte, character) in self.line(at).char_indices() {
            let width = character.width().unwrap_or(0);
            if !character.is_whitespace() {
                let holds = |within: &Range<usize>| within.start <= column && column + width <= within.end;
                let cell = &mut cells[columns.iter().position(holds)?];
                let byte = line.bytes.start + byte;
                if cell.bytes.is_empty() {
                    *cell = Slice { bytes: byte..byte, offset };
                }
                cell.bytes.end = byte + character.len_utf8();
            }
            column += width;
            offset += 1;
        }
        Some(cells)
    }

    /// The pieces of consecutive lines, with blank lines between them, most of which have several pieces and three of which
    /// have amounts, or one of which has three: no lines of text are so. How many lines they take; none where that is not so.
    fn undivided(&self, start: usize) -> (usize, Vec<Vec<Slice>>) {
        const LEAST_ROWS: usize = 3;
        const LEAST_AMOUNTS: usize = 3;
        let mut rows = Vec::new();
        let mut rows_with_amounts = 0;
        let (mut at, mut height) = (start, 0);
        while let Some(kind) = self.kind(at) {
            let pieces = self.pieces(at);
            let text = |slice: &Slice| &self.text[slice.bytes.clone()];
            let goes_on = match (kind, pieces.as_slice()) {
                (Kind::Blank, _) => at < start + height + 3,
                // A page ends here; what stands on the next begins a table of its own.
                (Kind::Plain, [lone]) if rows_with_amounts >= LEAST_ROWS && is_page_number(text(lone)) => false,
                (Kind::Plain, [lone]) => {
                    !rows.is_empty() && !text(lone).ends_with('表') && !text(lone).contains(['。', '；', '：', ':'])
                }
                // With commas behind or before them, the blanks stand around cells that these part.
                (Kind::Plain, _) => {
                    let is_cell = |text: &str| !text.contains(['。', '；']) && text == text.trim_matches([',', ';']);
                    !self.declares(&pieces) && pieces.iter().all(|piece| is_cell(text(piece)))
                }
                _ => false,
            };
            if !goes_on {
                break;
            }
            at += 1;
            if pieces.len() > 1 {
                height = at - start;
                rows_with_amounts += usize::from(pieces.iter().any(|piece| is_amount(text(piece))));
            }
            rows.push(pieces);
        }
        let is_row = |row: &&Vec<Slice>| row.len() > 1;
        let amounts = |row: &Vec<Slice>| row.iter().filter(|slice| is_amount(&self.text[slice.bytes.clone()])).count();
        let taken = &rows[..height];
        let in_pieces = taken.iter().filter(is_row).count();
        let are_a_table = in_pieces * 2 >= taken.iter().filter(|row| !row.is_empty()).count()
            && taken.len() >= LEAST_ROWS
            && (taken.iter().filter(is_row).filter(|row| amounts(row) > 0).count() >= LEAST_ROWS
                || taken.iter().any(|row| amounts(row) >= LEAST_AMOUNTS));
        if !are_a_table {
            return (0, rows);
        }
        rows.truncate(height);
        (height, rows)
    }

    /// What two or more blanks part in a line.
    fn pieces(&self, at: usize) -> Vec<Slice> {
        let line = &self.lines[at];
        let mut pieces: Vec<Slice> = Vec::new();
        let mut blanks = 2;
        for (index, (byte, character)) in self.line(at).char_indices().enumerate() {
            if character.is_whitespace() {
                blanks += 1;
                continue;
            }
            let byte = line.bytes.start + byte;
            match pieces.last_mut().filter(|_| blanks < 2) {
                Some(piece) => piece.bytes.end = byte + character.len_utf8(),
                None => pieces.push(Slice { bytes: byte..byte + character.len_utf8(), offset: line.offset + index }),
            }
            blanks = 0;
        }
        pieces
    }
}

/// Dashes and blanks.
fn is_rule(line: &str) -> bool {
    line.contains("--") && line.bytes().all(|byte| matches!(byte, b'-' | b' '))
}

/// The columns of a line of dashes, where it has several.
fn columns(line: &str) -> Option<Vec<Range<usize>>> {
    if !is_rule(line) {
        return None;
    }
    let mut columns: Vec<Range<usize>> = Vec::new();
    for (at, _) in line.bytes().enumerate().filter(|(_, byte)| *byte == b'-') {
        match columns.last_mut().filter(|column| column.end == at) {
            Some(column) => column.end += 1,
            None => columns.push(at..at + 1),
        }
    }
    (columns.len() > 1).then_some(columns)
}
