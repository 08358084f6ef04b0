//! Tables that are drawn with lines: `+---+` above and below their rows and `|` beside their cells, as pandoc and printing
//! programs write them.
//!
//! A cell reaches from one corner to the next whose lines close it, so merges are known. Columns are counted as a terminal
//! shows them: a Chinese character takes two.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthChar;

use super::lines::Kind;
use super::{Reader, Refusal, Slice};

/// More lines or columns no drawn table has; they bound the time on files made to be slow.
const MOST_LINES: usize = 4_000;
const MOST_COLUMNS: usize = 2_000;

/// What stands at a place of the drawing: a character and its bytes in the text, or the second half of a wide one.
type Drawn = (char, usize);

/// A cell: its first and last line and column, those of the lines around it not counted in.
struct Framed {
    top: usize,
    left: usize,
    bottom: usize,
    right: usize,
}

/// The upper edge of a drawn table: `+----+------+`.
pub(super) fn is_edge(line: &str) -> bool {
    let line = line.trim();
    let is_drawn = line.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'=' | b':'));
    is_drawn && line.starts_with("+-") && line.ends_with('+')
}

impl Reader<'_> {
    /// A table whose upper edge this line is. `None` where the lines below close no cells.
    pub(super) fn framed(&mut self, start: usize) -> Result<Option<usize>, Refusal> {
        let is_drawn = |at: &usize| {
            let line = self.line(*at).trim_start();
            self.lines[*at].kind != Kind::Blank && line.starts_with(['+', '|'])
        };
        let height = (start..self.lines.len()).take_while(is_drawn).take(MOST_LINES).count();
        let drawing: Vec<Vec<Drawn>> = (start..start + height).map(|at| self.drawn(at)).collect();
        let Some(frames) = frames(&drawing) else { return Ok(None) };
        let edge = |of: fn(&Framed) -> usize| frames.iter().map(of).collect::<BTreeSet<usize>>();
        let (tops, lefts) = (edge(|frame| frame.top), edge(|frame| frame.left));
        let index = |edges: &BTreeSet<usize>, at: usize| edges.range(..at).count();
        let mut cells = Vec::with_capacity(frames.len());
        for frame in &frames {
            let (row, column) = (index(&tops, frame.top), index(&lefts, frame.left));
            let parts: Vec<Slice> =
                (frame.top..frame.bottom).filter_map(|line| self.within(start + line, &drawing[line], frame)).collect();
            let first = parts.first().cloned().unwrap_or(Slice { bytes: 0..0, offset: self.lines[start].offset });
            let mut placed = self.placed(row, column, &first);
            if parts.len() > 1 {
                // Between its lines stand those of its neighbours: no slice of the text any more.
                let texts: Vec<&str> = parts.iter().map(|part| &self.text[part.bytes.clone()]).collect();
                (placed.cell.text, placed.cell.offset) = (texts.join("\n").into(), None);
            }
            placed.row_span = (index(&tops, frame.bottom + 1) - row) as u32;
            placed.column_span = (index(&lefts, frame.right + 1) - column) as u32;
            cells.push(placed);
        }
        cells.sort_by_key(|cell| (cell.row, cell.column));
        self.table(true, cells)?;
        Ok(Some(height))
    }

    /// The characters of a line, each at the columns it takes.
    fn drawn(&self, at: usize) -> Vec<Drawn> {
        let start = self.lines[at].bytes.start;
        let mut drawn = Vec::new();
        for (byte, character) in self.line(at).char_indices().take(MOST_COLUMNS) {
            let width = character.width().unwrap_or(0);
            drawn.extend(std::iter::repeat_n((character, start + byte), width));
        }
        drawn
    }

    /// What a line says inside a cell, without the blanks around it.
    fn within(&self, at: usize, drawn: &[Drawn], frame: &Framed) -> Option<Slice> {
        let (from, to) = (drawn.get(frame.left)?.1, drawn.get(frame.right)?.1);
        let text = self.text.get(from..to)?;
        let trimmed = text.trim();
        let from = from + text.len() - text.trim_start().len();
        let line = &self.lines[at];
        let offset = line.offset + self.text[line.bytes.start..from].chars().count();
        (!trimmed.is_empty()).then(|| Slice { bytes: from..from + trimmed.len(), offset })
    }
}

/// The cells of a drawing, if they fill it: each place of a line or of a cell, and none twice.
fn frames(drawing: &[Vec<Drawn>]) -> Option<Vec<Framed>> {
    let at = |line: usize, column: usize| drawing.get(line).and_then(|line| line.get(column)).map(|drawn| drawn.0);
    let is_corner = |line: usize, column: usize| at(line, column) == Some('+');
    let is_level = |line: usize, column: usize| matches!(at(line, column), Some('-' | '=' | ':' | '+'));
    let is_upright = |line: usize, column: usize| matches!(at(line, column), Some('|' | '+'));
    let left = drawing.first()?.iter().position(|drawn| drawn.0 == '+')?;
    let right = drawing.first()?.iter().rposition(|drawn| drawn.0 == '+')?;
    // The corners at which a cell may begin, from the top down; a cell adds those at its other ends.
    let mut corners = BTreeSet::from([(0, left)]);
    let (mut frames, mut area): (Vec<Framed>, usize) = (Vec::new(), 0);
    let mut steps = drawing.len() * (right + 1) * 16;
    while let Some((top, left)) = corners.pop_first() {
        if top + 1 >= drawing.len() || left >= right || !is_corner(top, left) {
            continue;
        }
        let mut closed = None;
        for end in (left + 1..=right).take_while(|end| is_level(top, *end)) {
            if !is_corner(top, end) {
                continue;
            }
            let sides = (top + 1..drawing.len()).take_while(|line| is_upright(*line, end) && is_upright(*line, left));
            for bottom in sides {
                steps = steps.checked_sub(end - left)?;
                if is_corner(bottom, end)
                    && is_corner(bottom, left)
                    && (left..=end).all(|column| is_level(bottom, column))
                {
                    closed = Some((bottom, end));
                    break;
                }
            }
            if closed.is_some() {
                break;
            }
        }
        // Below a corner may lie a cell that begins further to the left.
        let Some((bottom, end)) = closed else { continue };
        corners.extend([(top, end), (bottom, left)]);
        area += (bottom - top) * (end - left);
        frames.push(Framed { top: top + 1, left: left + 1, bottom, right: end });
    }
    (area == (drawing.len() - 1) * (right - left)).then_some(frames)
}
