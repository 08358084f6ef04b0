//! Tables whose converter left out the blank cells at the ends of rows, as Tika does with worksheets.
//!
//! A row with few cells may also have lost those that are merged away, with what stood behind them moved to the left
//! ([`rows`](super::rows)). Which of the two it is, the whole text tells: no row of it ends with a blank cell, and in a
//! header blanks stand where a cell reaches over words below it (`收入 | | | 支出` over `项目 | 行次 | 金额 | 项目`), so that cells
//! merged away were written.

use super::lines::{Kind, Line};
use super::piped::is_rule;
use super::{Reader, Slice, is_amount, separated};

/// Whether the rows of the text, parted by tabs or bars, are such rows.
pub(super) fn is_trimmed(text: &str, lines: &[Line]) -> bool {
    let mut above: Option<Vec<&str>> = None;
    let mut has_covered = false;
    for line in lines {
        let row = cells(&text[line.bytes.clone()], line.kind);
        if row.as_ref().is_some_and(|row| is_rule(row.iter().copied())) {
            continue;
        }
        if row.as_ref().is_some_and(|row| row.last().is_some_and(|last| last.is_empty())) {
            return false;
        }
        has_covered = has_covered
            || above.as_ref().zip(row.as_ref()).is_some_and(|(above, below)| reaches_over_words(above, below));
        above = row;
    }
    has_covered
}

/// The cells of a line that is a row.
fn cells(line: &str, kind: Kind) -> Option<Vec<&str>> {
    let separator = match kind {
        Kind::Pipe => '|',
        Kind::Tab | Kind::Plain if line.contains('\t') => '\t',
        Kind::Plain => return separated::cells(line),
        _ => return None,
    };
    let line = line.trim_matches(' ');
    let line = line.strip_prefix(separator).filter(|_| kind != Kind::Plain).unwrap_or(line);
    let line = if kind == Kind::Pipe { line.strip_suffix('|').unwrap_or(line) } else { line };
    Some(line.split(separator).map(str::trim).collect())
}

/// A blank between two words, with a word below it: the first of the two is merged over it. Lines that declare the unit,
/// the year or the number of the table are no headers.
fn reaches_over_words(above: &[&str], below: &[&str]) -> bool {
    let is_header = |text: &&str| !text.contains([':', '：']) && !text.contains(|c: char| c.is_ascii_digit());
    let is_word = |row: &[&str], at: usize| row.get(at).is_some_and(|text| text.contains(char::is_alphabetic));
    let Some(first) = above.iter().position(|text| !text.is_empty()) else { return false };
    above.iter().all(&is_header)
        && below.iter().all(is_header)
        && (first + 1..above.len()).any(|at| above[at].is_empty() && is_word(below, at))
}

impl Reader<'_> {
    /// A label whose row has nothing else, where the blank cells behind it are left out; `is_row` tells of the lines below it.
    pub(super) fn is_lone_label(&self, at: usize, is_row: impl Fn(usize) -> bool) -> bool {
        const MOST_LINES: usize = 8;
        let is_label = |at: &usize| {
            let text = self.line(*at);
            self.lines[*at].kind == Kind::Plain
                && text.contains(char::is_alphabetic)
                && !text.contains(['。', '；', '：', ':'])
        };
        if !self.is_trimmed {
            return false;
        }
        let labels = (at..self.lines.len()).take(MOST_LINES).take_while(|at| is_label(at) && !is_row(*at)).count();
        labels > 0 && at + labels < self.lines.len() && is_row(at + labels)
    }

    /// Puts the blank cells back to the ends of the rows of a table, where its text left them out and its header bears it.
    pub(super) fn fill_up(&self, rows: &mut [Vec<Slice>]) -> bool {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        if !self.is_trimmed || rows.iter().all(|row| row.len() == width) || !self.heads_all(rows, width) {
            return false;
        }
        let body = self.body(rows);
        // A cell alone above all amounts is a title over the whole width, below them a label.
        for (_, row) in rows.iter_mut().enumerate().filter(|(at, row)| row.len() > 1 || *at > body) {
            let Some(last) = row.last() else { continue };
            let offset = last.offset + self.text[last.bytes.clone()].chars().count();
            let blank = Slice { bytes: last.bytes.end..last.bytes.end, offset };
            row.resize(width, blank);
        }
        true
    }

    /// Where the rows of the table begin below its header: at the first amount.
    fn body(&self, rows: &[Vec<Slice>]) -> usize {
        let has_amount = |row: &Vec<Slice>| row.iter().any(|slice| is_amount(self.text[slice.bytes.clone()].trim()));
        rows.iter().position(has_amount).unwrap_or(rows.len())
    }

    /// Whether, as the cells stand, each column of amounts has a word of the header above it, and no row of the header has
    /// few cells because it lost some: such a row has no blanks, stands below no cell that reaches over its own, and
    /// reaches down over no blank itself.
    fn heads_all(&self, rows: &[Vec<Slice>], width: usize) -> bool {
        let text = |slice: &Slice| self.text[slice.bytes.clone()].trim();
        let (header, body) = rows.split_at(self.body(rows));
        let is_blank = |row: &Vec<Slice>, at: usize| row.get(at).is_none_or(|slice| text(slice).is_empty());
        let keeps_cells = |at: usize| {
            let row = &header[at];
            let has_blank = |other: &Vec<Slice>| (0..row.len()).any(|column| is_blank(other, column));
            let above = at.checked_sub(1).map(|above| &header[above]);
            let below = header.get(at + 1);
            row.len() <= 1
                || row.len() == width
                || has_blank(row)
                || above.is_some_and(has_blank)
                || below.is_some_and(|below| below.first().is_some_and(|first| text(first).is_empty()))
        };
        let is_headed = |column: usize| header.iter().any(|row| row.len() > 1 && !is_blank(row, column));
        let decimal = |row: &Vec<Slice>, column: usize| {
            row.get(column).is_some_and(|slice| is_amount(text(slice)) && text(slice).contains('.'))
        };
        (0..header.len()).all(keeps_cells)
            && (0..width).all(|column| is_headed(column) || !body.iter().any(|row| decimal(row, column)))
    }
}
