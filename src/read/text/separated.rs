//! Tables with commas or semicolons between their cells, as a worksheet is saved.
//!
//! A comma may also stand inside an amount (`公务接待费,1,300.00`). Quotes around such amounts, or a row's number of cells against
//! that of the header, tell which; where neither does, the row's cells from that amount on are not told apart, and nothing may be
//! taken from them.

use std::ops::Range;

use memchr::memchr2;

use super::lines::Kind;
use super::{Reader, Refusal, Slice, is_amount};
use crate::model::CellNote;

/// No cell in quotes goes on over more lines.
const MOST_LINES: usize = 20;

/// The rows of a block of lines.
struct Separated {
    separator: u8,
    /// Lines that it takes.
    height: usize,
    rows: Vec<Vec<Slice>>,
}

impl Reader<'_> {
    /// A table with commas or semicolons between its cells, or a paragraph: sentences have commas as well, but no amounts alone
    /// between them.
    pub(super) fn separated(&mut self, start: usize) -> Result<usize, Refusal> {
        let Some(separator) = separator(self.line(start)) else {
            self.paragraph(start, self.lines[start].bytes.clone());
            return Ok(1);
        };
        let mut block = self.block(start, separator);
        if !self.is_table_of(&block) {
            (start..start + block.height).for_each(|at| self.paragraph(at, self.lines[at].bytes.clone()));
            return Ok(block.height);
        }
        let doubtful = self.tell_apart(&mut block);
        self.fill_up(&mut block.rows);
        let (merges_known, mut cells) = self.arranged(&block.rows);
        for placed in &mut cells {
            let from = doubtful[placed.row as usize - 1];
            if from.is_some_and(|from| placed.column as usize > from) {
                placed.cell.note = Some(CellNote::Undivided);
            }
        }
        self.table(merges_known, cells)?;
        Ok(block.height)
    }

    /// Consecutive lines of cells. A sentence ends them, unless it stands in a cell of a row as long as the one above it.
    fn block(&self, start: usize, separator: u8) -> Separated {
        let mut block = Separated { separator, height: 0, rows: Vec::new() };
        while let Some((height, row)) = self.record(start + block.height, separator) {
            let above = block.rows.last();
            let is_as_long = above.is_none_or(|above| above.len() == row.len());
            // Another table begins, or ends, where no comma of an amount can make the difference.
            let is_another = !is_as_long && !self.is_trimmed && {
                let is_blank = |row: &[Slice]| row.iter().all(|slice| self.text[slice.bytes.clone()].trim().is_empty());
                separator != b',' || self.is_guarded || is_blank(&row) || above.is_some_and(|above| is_blank(above))
            };
            let is_row = |at: usize| self.record(at, separator).is_some_and(|(_, row)| row.len() > 1);
            let is_label = || !block.rows.is_empty() && self.is_lone_label(start + block.height, is_row);
            if row.len() < 2 && !is_label() || is_another || !is_as_long && self.has_sentence(&row) {
                break;
            }
            block.height += height;
            block.rows.push(row);
        }
        block.height = block.height.max(1);
        block
    }

    /// The cells of a line, and of those behind it over which a cell in quotes goes on.
    fn record(&self, at: usize, separator: u8) -> Option<(usize, Vec<Slice>)> {
        let is_plain = |at: usize| {
            self.lines.get(at).is_some_and(|line| line.kind == Kind::Plain) && !self.line(at).contains('\t')
        };
        if !is_plain(at) {
            return None;
        }
        let start = self.lines[at].bytes.start;
        let ends = self.lines[at..].iter().take(MOST_LINES).map(|line| line.bytes.end);
        let whole = ends.map(|end| parts(&self.text[start..end], separator)).position(|(_, open)| !open);
        let height = whole.unwrap_or(0) + 1;
        let text = &self.text[start..self.lines[at + height - 1].bytes.end];
        let (mut counted, mut offset) = (0, self.lines[at].offset);
        let mut slice = |part: Range<usize>| {
            offset += text[counted..part.start].chars().count();
            counted = part.start;
            Slice { offset, bytes: start + part.start..start + part.end }
        };
        Some((height, parts(text, separator).0.into_iter().map(&mut slice).collect()))
    }

    /// Whether the rows are a table, and no sentences that happen to have commas.
    fn is_table_of(&self, block: &Separated) -> bool {
        const LEAST_ROWS: usize = 3;
        const LEAST_CELLS: usize = 3;
        const LEAST_AMOUNTS: usize = 2;
        // So many cells in so many lines no sentences have: here they stand in cells.
        const SURE: (usize, usize) = (6, 5);
        let rows = &block.rows;
        let with = |least: usize| rows.iter().filter(|row| row.len() >= least).count();
        let is_pair = |row: &Vec<Slice>| row.len() >= 2 && !self.is_alone(row, 0);
        let are_pairs = || rows.iter().all(is_pair) && rows.iter().skip(1).all(|row| self.is_alone(row, row.len() - 1));
        let amounts = |row: &Vec<Slice>| (0..row.len()).filter(|at| self.is_alone(row, *at)).count();
        rows.len() >= LEAST_ROWS
            && (with(LEAST_CELLS) * 2 >= rows.len() || are_pairs())
            && rows.iter().map(amounts).sum::<usize>() >= LEAST_AMOUNTS
            && (rows.len() >= SURE.0 && with(SURE.1) == rows.len() || !rows.iter().any(|row| self.has_sentence(row)))
    }

    /// A number alone in its cell; beside words that end with a digit it is the rest of one: 收入1,300万元.
    fn is_alone(&self, row: &[Slice], at: usize) -> bool {
        let text = |at: usize| self.text[row[at].bytes.clone()].trim();
        let before = at.checked_sub(1).map_or("", text);
        is_amount(text(at)) && (is_amount(before) || !before.ends_with(|c: char| c.is_ascii_digit()))
    }

    /// A sentence stands in one of several cells. A note may stand in a line of its own, with commas behind it for the other columns.
    fn has_sentence(&self, row: &[Slice]) -> bool {
        let mut texts = row.iter().map(|slice| self.text[slice.bytes.clone()].trim());
        let filled = texts.clone().filter(|text| !text.is_empty()).count();
        filled > 1 && texts.any(|text| text.contains(['。', '；', '！']))
    }

    /// Puts amounts together that their commas have parted, and tells for each row from which cell on that is in doubt.
    fn tell_apart(&self, block: &mut Separated) -> Vec<Option<usize>> {
        let none = vec![None; block.rows.len()];
        if block.separator != b',' || self.is_guarded {
            return none;
        }
        let chains: Vec<Vec<Range<usize>>> = block.rows.iter().map(|row| self.chains(row)).collect();
        let has_amount = |row: &Vec<Slice>| (0..row.len()).any(|at| self.is_alone(row, at));
        let heads = |(row, chains): (&Vec<Slice>, &Vec<Range<usize>>)| {
            (chains.is_empty() && !has_amount(row)).then_some(row.len())
        };
        let width = block.rows.iter().zip(&chains).filter_map(heads).max().unwrap_or(0);
        // A comma may also stand in a label, unless all rows have the same number of them.
        let are_even = {
            let mut lengths = block.rows.iter().filter(|row| has_amount(row)).map(Vec::len);
            let first = lengths.next();
            lengths.all(|length| Some(length) == first)
        };
        if are_even && chains.iter().all(Vec::is_empty) {
            return none;
        }
        let text = |slice: &Slice| self.text[slice.bytes.clone()].trim();
        let ends_blank = |row: &Vec<Slice>| row.len() == width && row.last().is_some_and(|last| text(last).is_empty());
        let is_plain = |slice: &Slice| {
            let whole = text(slice).trim_start_matches('-').split('.').next().map_or(0, str::len);
            is_amount(text(slice)) && text(slice).contains('.') && whole > 3
        };
        // Rows are as long as the header even where their last cells are blank; or amounts have no thousands apart.
        let keeps_width = block.rows.iter().any(ends_blank)
            || block.rows.iter().all(|row| row.len() == width) && block.rows.iter().flatten().any(is_plain);
        let mut told = |(row, chains): (&mut Vec<Slice>, &Vec<Range<usize>>)| {
            let Some(first) = chains.first().map(|chain| chain.start) else {
                return (!are_even && width > 0 && row.len() > width).then_some(0);
            };
            let most: usize = chains.iter().map(|chain| chain.len() - 1).sum();
            if row.len() == width + most {
                for chain in chains.iter().rev() {
                    row[chain.start].bytes.end = row[chain.end - 1].bytes.end;
                    row.drain(chain.start + 1..chain.end);
                }
                return None;
            }
            (row.len() != width || !keeps_width).then_some(first)
        };
        block.rows.iter_mut().zip(&chains).map(&mut told).collect()
    }

    /// The cells of a row that may be one amount each: 1 | 300.00, or 1 | 234 | 567.89.
    fn chains(&self, row: &[Slice]) -> Vec<Range<usize>> {
        let mut chains = Vec::new();
        let mut at = 0;
        while at < row.len() {
            let end = self.end_of_chain(row, at);
            if end > at + 1 {
                chains.push(at..end);
            }
            at = end;
        }
        chains
    }

    fn end_of_chain(&self, row: &[Slice], start: usize) -> usize {
        let is_quoted = |slice: &Slice| self.text[..slice.bytes.start].ends_with('"');
        let text = |slice: &Slice| self.text[slice.bytes.clone()].trim();
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        // Brackets may stand around an amount for its minus, and a unit behind it.
        let head = text(&row[start]).trim_start_matches(['-', '−', '+', '(', '（', '¥', '￥']);
        if !(1..=3).contains(&head.len()) || !digits(head) || head.starts_with('0') || is_quoted(&row[start]) {
            return start + 1;
        }
        for at in start + 1..row.len() {
            let number = text(&row[at]).trim_end_matches([')', '）', '%', '％', '元']);
            let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
            if whole.len() != 3 || !digits(whole) || !digits(decimals) || is_quoted(&row[at]) {
                return at;
            }
            if number.len() > 3 || number != text(&row[at]) {
                return at + 1;
            }
        }
        row.len()
    }
}

/// Whether the text sets amounts in quotes that have commas: then no other has any.
pub(super) fn is_guarded(text: &str) -> bool {
    let mut pieces = text.split('"');
    pieces.next();
    let is_guarded = |piece: &str| piece.contains(',') && piece.len() < 30 && is_amount(piece.trim());
    pieces.step_by(2).any(is_guarded)
}

/// The cells of a line that may be a row.
pub(super) fn cells(line: &str) -> Option<Vec<&str>> {
    let parts = parts(line, separator(line)?).0;
    (parts.len() > 2).then(|| parts.into_iter().map(|part| line[part].trim()).collect())
}

/// What parts the cells of a line: what stands more often in it.
fn separator(line: &str) -> Option<u8> {
    // Most lines of a text have neither.
    memchr2(b',', b';', line.as_bytes())?;
    let [commas, semicolons] = [b',', b';'].map(|separator| parts(line, separator).0.len());
    match commas.max(semicolons) {
        0 | 1 => None,
        _ if semicolons > commas => Some(b';'),
        _ => Some(b','),
    }
}

/// The parts of a text between its separators, in bytes, without the quotes that guard a separator inside a part, and whether
/// such quotes are open at its end.
fn parts(text: &str, separator: u8) -> (Vec<Range<usize>>, bool) {
    let mut parts = Vec::new();
    let (mut start, mut quoted) = (0, false);
    let unquoted = |part: Range<usize>| {
        let text = &text[part.clone()];
        let is_quoted = text.len() >= 2 && text.starts_with('"') && text.ends_with('"');
        if is_quoted { part.start + 1..part.end - 1 } else { part }
    };
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            // A quote inside a cell that does not begin with one is a character as any other.
            b'"' if quoted || at == start => quoted = !quoted,
            b'"' if text[start..].starts_with('"') => quoted = !quoted,
            _ if byte == separator && !quoted => {
                parts.push(unquoted(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(unquoted(start..text.len()));
    (parts, quoted)
}
