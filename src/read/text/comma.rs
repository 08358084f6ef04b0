//! Tables with commas between their cells.

use std::ops::Range;

use super::lines::Kind;
use super::{Reader, Refusal, Slice, is_amount};

impl Reader<'_> {
    /// A table that was saved with commas between its cells, or the paragraphs that have equally many: sentences have
    /// commas as well, but hardly equally many in each line, and no amounts alone between them. A table begins with its
    /// header or title, which has no amounts: `接待费,1,300.00` is 1300, and its header has a comma less.
    pub(super) fn comma_separated(&mut self, start: usize) -> Result<usize, Refusal> {
        const LEAST_LINES: usize = 3;
        const LEAST_CELLS: usize = 3;
        const LEAST_AMOUNTS: usize = 2;
        // So many cells in so many lines no sentences have: here they stand in cells.
        const SURE: (usize, usize) = (6, 5);
        let width = comma_parts(self.line(start)).len();
        if width < LEAST_CELLS {
            self.paragraph(start, self.lines[start].bytes.clone());
            return Ok(1);
        }
        let is_row = |at: &usize| self.lines[*at].kind == Kind::Plain && !self.line(*at).contains('\t');
        let rows: Vec<Vec<Slice>> = (start..self.lines.len())
            .take_while(is_row)
            .map(|at| self.comma_row(at))
            .take_while(|row| row.len() == width)
            .collect();
        let texts =
            |row: &Vec<Slice>| -> Vec<&str> { row.iter().map(|slice| self.text[slice.bytes.clone()].trim()).collect() };
        let amounts = |row: &Vec<Slice>| texts(row).into_iter().filter(|text| is_amount(text)).count();
        // A note may stand in a line of its own, with commas behind it for the other columns.
        let has_sentence = |row: &Vec<Slice>| {
            let texts = texts(row);
            let filled = texts.iter().filter(|text| !text.is_empty()).count();
            filled > 1 && texts.iter().any(|text| text.contains(['。', '；', '！']))
        };
        // 公务接待费,1,300.00 is an amount with its thousands, or two: only what sets such amounts in quotes tells.
        let quotes = rows.iter().any(|row| texts(row).iter().any(|text| text.contains(',')));
        let is_quoted = |slice: &Slice| self.text[..slice.bytes.start].ends_with('"');
        let may_be_one = |row: &Vec<Slice>| {
            let texts = texts(row);
            let mut pairs = row.windows(2).zip(texts.windows(2));
            pairs.any(|(cells, pair)| may_be_thousands(pair[0], pair[1]) && !cells.iter().any(is_quoted))
        };
        let is_table = rows.len() >= LEAST_LINES
            && (quotes || !rows.iter().any(may_be_one))
            && amounts(&rows[0]) == 0
            && rows.iter().map(amounts).sum::<usize>() >= LEAST_AMOUNTS
            && (rows.len() >= SURE.0 && width >= SURE.1 || !rows.iter().any(has_sentence));
        if !is_table {
            (start..start + rows.len()).for_each(|at| self.paragraph(at, self.lines[at].bytes.clone()));
            return Ok(rows.len());
        }
        self.rows_of_cells(&rows)?;
        Ok(rows.len())
    }

    /// The cells of a line with commas between them.
    fn comma_row(&self, at: usize) -> Vec<Slice> {
        let (line, text) = (&self.lines[at], self.line(at));
        let (mut counted, mut offset) = (0, line.offset);
        let mut slice = |part: Range<usize>| {
            offset += text[counted..part.start].chars().count();
            counted = part.start;
            Slice { offset, bytes: line.bytes.start + part.start..line.bytes.start + part.end }
        };
        comma_parts(text).into_iter().map(&mut slice).collect()
    }
}

/// The parts of a line between its commas, in bytes, without the quotes that guard a comma inside a part.
fn comma_parts(line: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut quoted) = (0, false);
    let unquoted = |part: Range<usize>| {
        let text = &line[part.clone()];
        let is_quoted = text.len() >= 2 && text.starts_with('"') && text.ends_with('"');
        if is_quoted { part.start + 1..part.end - 1 } else { part }
    };
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                parts.push(unquoted(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(unquoted(start..line.len()));
    parts
}

/// What stands before a comma and behind it may be one amount: `1` and `300.00`.
fn may_be_thousands(before: &str, behind: &str) -> bool {
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let head = before.strip_prefix('-').unwrap_or(before);
    let (whole, decimals) = behind.split_once('.').unwrap_or((behind, ""));
    (1..=3).contains(&head.len())
        && all_digits(head)
        && !head.starts_with('0')
        && whole.len() == 3
        && all_digits(whole)
        && all_digits(decimals)
}
