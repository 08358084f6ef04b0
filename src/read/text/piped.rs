//! Tables of lines that begin with a bar, as people and Markdown write them.

use super::lines::Kind;
use super::{Reader, Refusal, Slice, is_amount, within_bold};
use crate::model::{CellNote, PlacedCell};

impl Reader<'_> {
    /// A table of lines that begin with `|`.
    pub(super) fn piped(&mut self, start: usize) -> Result<usize, Refusal> {
        let height = (start..self.lines.len()).take_while(|at| self.lines[*at].kind == Kind::Pipe).count();
        let mut rows: Vec<Vec<Slice>> = (start..start + height).map(|at| self.piped_row(at)).collect();
        let is_ruled = rows.get(1).is_some_and(|row| is_rule(row.iter().map(|slice| &self.text[slice.bytes.clone()])));
        if is_ruled {
            rows.remove(1);
        }
        let says_merges = rows.iter().flatten().any(|slice| matches!(&self.text[slice.bytes.clone()], "<" | "^"));
        let is_markdown = is_ruled && !says_merges;
        if is_markdown {
            rows.iter_mut().flatten().for_each(|slice| self.unbolden(slice));
            self.forget_fillers(&mut rows);
            self.fill_up(&mut rows);
        }
        let anchors = if is_markdown { self.repeated(&rows) } else { None };
        let repeats = anchors.is_some();
        let anchors = anchors.unwrap_or_else(|| marked(&rows, self.text));
        // Its converter left out the cells that are merged down, and what is behind them has moved to the left.
        let left_out = is_markdown && rows.iter().any(|row| row.len() < rows[0].len());
        let mut cells = self.covering(&rows, &anchors);
        for placed in &mut cells {
            // One character for another, so that offsets stay right.
            placed.cell.text = placed.cell.text.replace('⏎', "\n").into();
            if is_markdown {
                placed.cell.text = placed.cell.text.replace("<br>", "\n   ").replace("<br/>", "\n    ").into();
            }
            placed.cell.note = (left_out && placed.row == 1).then_some(CellNote::Unreadable);
        }
        // Where nothing marks what is merged, and rows have few cells, which of them they lack is not told.
        let is_whole = says_merges || rows.iter().all(|row| row.len() <= 1 || row.len() == rows[0].len());
        self.table(if is_markdown { repeats } else { is_whole }, cells)?;
        Ok(height)
    }

    /// The cells of a table whose positions tell which cell covers them, with what they span.
    pub(super) fn covering(&self, rows: &[Vec<Slice>], anchors: &[Vec<(usize, usize)>]) -> Vec<PlacedCell> {
        let mut cells = Vec::new();
        for (row, slices) in rows.iter().enumerate() {
            for (column, slice) in slices.iter().enumerate() {
                let covers = |r: usize, c: usize| anchors.get(r).and_then(|row| row.get(c)) == Some(&(row, column));
                if !covers(row, column) {
                    continue;
                }
                let mut placed = self.placed(row, column, slice);
                let columns = (column..).take_while(|c| covers(row, *c)).count();
                // A rectangle: where somebody marked a corner of it otherwise, the cell in the corner is kept.
                let is_covered = |r: &usize| (column..column + columns).all(|c| covers(*r, c));
                placed.row_span = (row..).take_while(is_covered).count() as u32;
                placed.column_span = columns as u32;
                cells.push(placed);
            }
        }
        cells
    }

    /// For each position of a table the position of the cell that covers it, where its converter repeats the text of
    /// a merged cell in each place of it: `项目 | 项目` in its first row tells so.
    ///
    /// Labels that stand beside one another are then one cell, and so are codes at the beginning of a row; below one another they are in the header only, above the
    /// first number, because two rows of the body may have the same name.
    pub(super) fn repeated(&self, rows: &[Vec<Slice>]) -> Option<Vec<Vec<(usize, usize)>>> {
        const LONGEST_UNIT: usize = 4;
        const LONGEST_AMOUNT: usize = 10;
        let text = |row: usize, column: usize| rows.get(row)?.get(column).map(|slice| &self.text[slice.bytes.clone()]);
        // A number may have its unit behind it, a name its number before it; no amount is as long as that of a telephone.
        let is_name = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count() > LONGEST_UNIT;
        let is_long = |text: &str| text.len() > LONGEST_AMOUNT && text.bytes().all(|byte| byte.is_ascii_digit());
        let begins_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let is_label = |text: &str| !text.is_empty() && (!begins_number(text) || is_name(text) || is_long(text));
        let is_code = |text: &str| text.len() >= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        let same = |a: Option<&str>, b: Option<&str>| a == b && a.is_some_and(is_label);
        // Below two bands stand two cells, even where both say 小计.
        let has_number = |row: &Vec<Slice>| row.iter().any(|slice| is_amount(&self.text[slice.bytes.clone()]));
        let body = rows.iter().position(has_number).unwrap_or(rows.len());
        let below_two = |row: usize, start: usize, at: usize| {
            let above = row.checked_sub(1).filter(|_| row < body);
            let (left, right) = (above.and_then(|above| text(above, start)), above.and_then(|above| text(above, at)));
            left.is_some_and(is_label) && right.is_some_and(is_label) && left != right
        };
        // 12月底前完成 beside the same: what was to be reached and what was.
        let may_be_target = |row: usize, column: usize| {
            row >= body && text(row, column).is_some_and(|text| begins_number(text) && !is_long(text))
        };
        // A code at the beginning of a row may be merged over the columns of its parts.
        let goes_on = |row, start, at| {
            same(text(row, start), text(row, at)) && !below_two(row, start, at) && !may_be_target(row, start)
                || start == 0 && text(row, 0) == text(row, at) && text(row, 0).is_some_and(is_code)
        };
        if !(1..rows.first()?.len()).any(|column| same(text(0, column - 1), text(0, column))) {
            return None;
        }
        let mut anchors: Vec<Vec<(usize, usize)>> = Vec::with_capacity(rows.len());
        for (row, slices) in rows.iter().enumerate() {
            let mut line: Vec<(usize, usize)> = Vec::with_capacity(slices.len());
            let mut start = 0;
            while start < slices.len() {
                let ends = (start + 1..slices.len()).find(|at| !goes_on(row, start, *at));
                let end = ends.unwrap_or(slices.len());
                let end = if end == start + 1 { self.end_of_number(rows, &anchors, row, start) } else { end };
                // The same label over the same columns in the row above is the same cell.
                let above = row.checked_sub(1).filter(|above| {
                    let line: &Vec<(usize, usize)> = &anchors[*above];
                    let reaches = |at: usize| line.get(at).map(|anchor| anchor.1);
                    let (first, behind) = (reaches(start), reaches(end));
                    row < body
                        && same(text(*above, start), text(row, start))
                        && first == Some(start)
                        && behind != first
                        && (start..end).all(|at| reaches(at) == first)
                });
                let anchor = above.map_or((row, start), |above| anchors[above][start]);
                line.extend(std::iter::repeat_n(anchor, end - start));
                start = end;
            }
            anchors.push(line);
        }
        Some(anchors)
    }

    /// Behind which column a number ends that is said again in each column of its cell: the label above it is one cell over just
    /// these.
    fn end_of_number(&self, rows: &[Vec<Slice>], anchors: &[Vec<(usize, usize)>], row: usize, start: usize) -> usize {
        let text =
            |row: usize, column: usize| rows[row].get(column).map_or("", |slice| &self.text[slice.bytes.clone()]);
        let number = text(row, start);
        let is_words = |above: &usize| text(*above, start).contains(char::is_alphabetic);
        let Some(above) = (0..row).rev().find(is_words).filter(|_| is_amount(number)) else { return start + 1 };
        let header = &anchors[above];
        let of_header = |column: &usize| header.get(*column) == header.get(start);
        let end = (start..header.len()).take_while(of_header).last().map_or(start + 1, |last| last + 1);
        let begins_here = start == 0 || !of_header(&(start - 1));
        if begins_here && (start..end).all(|column| text(row, column) == number) { end } else { start + 1 }
    }

    /// Empties the cells that a converter filled because they were blank: `Unnamed: 1` in the first row, `NaN` below it. To a word
    /// that stands in the first row once more it has put a number: 金额.1.
    fn forget_fillers(&self, rows: &mut [Vec<Slice>]) {
        let text = |slice: &Slice| &self.text[slice.bytes.clone()];
        if let Some(first) = rows.first_mut() {
            for column in 1..first.len() {
                let counted = text(&first[column]).rsplit_once('.').filter(|(word, number)| {
                    let is_counted = number.parse::<usize>().is_ok_and(|number| number < column + 1 && number > 0);
                    is_counted
                        && word.contains(char::is_alphabetic)
                        && first[..column].iter().any(|cell| text(cell) == *word)
                });
                if let Some((word, _)) = counted {
                    first[column].bytes.end = first[column].bytes.start + word.len();
                }
            }
        }
        let is_unnamed = |column: usize, slice: &Slice| {
            text(slice).strip_prefix("Unnamed: ").is_some_and(|number| number.parse() == Ok(column))
        };
        let Some((first, body)) = rows.split_first_mut() else { return };
        if !first.iter().enumerate().any(|(column, slice)| is_unnamed(column, slice)) {
            return;
        }
        let unnamed = first.iter_mut().enumerate().filter(|(column, slice)| is_unnamed(*column, slice));
        let fillers =
            unnamed.map(|(_, slice)| slice).chain(body.iter_mut().flatten().filter(|slice| text(slice) == "NaN"));
        fillers.for_each(|slice| slice.bytes.end = slice.bytes.start);
    }

    /// Leaves the marks of bold type off a cell.
    fn unbolden(&self, slice: &mut Slice) {
        let text = &self.text[slice.bytes.clone()];
        let kept = within_bold(text);
        slice.offset += text[..kept.start].chars().count();
        slice.bytes = slice.bytes.start + kept.start..slice.bytes.start + kept.end;
    }

    /// The cells of one piped line, without the blanks around them.
    fn piped_row(&self, at: usize) -> Vec<Slice> {
        let line = &self.lines[at];
        let text = self.line(at);
        let indent = text.len() - text.trim_start().len();
        let body = text.trim().trim_start_matches('|');
        let body = body.strip_suffix('|').unwrap_or(body);
        let mut start = text.len() - text[indent..].trim_start_matches('|').len();
        // A row may begin with several pipes: each but the first stands before an empty cell.
        let empty = start - indent - 1;
        let mut offset = line.offset + text[..start].chars().count();
        let mut cells = vec![Slice { bytes: line.bytes.start + start..line.bytes.start + start, offset }; empty];
        for part in body.split('|') {
            let trimmed = part.trim();
            let before = part.len() - part.trim_start().len();
            let from = line.bytes.start + start + if trimmed.is_empty() { 0 } else { before };
            let skipped = if trimmed.is_empty() { 0 } else { part[..before].chars().count() };
            cells.push(Slice { bytes: from..from + trimmed.len(), offset: offset + skipped });
            offset += part.chars().count() + 1;
            start += part.len() + 1;
        }
        cells
    }
}

/// For each position of a piped table, the position of the cell that covers it, by its `<` and `^`.
fn marked(rows: &[Vec<Slice>], text: &str) -> Vec<Vec<(usize, usize)>> {
    let mut anchors: Vec<Vec<(usize, usize)>> = Vec::with_capacity(rows.len());
    for (row, slices) in rows.iter().enumerate() {
        let mut line: Vec<(usize, usize)> = Vec::with_capacity(slices.len());
        for (column, slice) in slices.iter().enumerate() {
            let above = row.checked_sub(1).and_then(|above| anchors[above].get(column));
            let anchor = match (&text[slice.bytes.clone()], line.last(), above) {
                ("<", Some(left), _) => *left,
                ("^", _, Some(above)) => *above,
                _ => (row, column),
            };
            line.push(anchor);
        }
        anchors.push(line);
    }
    anchors
}

/// `|---|:--:|`, the rule under a Markdown header.
pub(super) fn is_rule<'a>(mut cells: impl Iterator<Item = &'a str>) -> bool {
    let is_dashes = |cell: &str| cell.contains("--") && cell.chars().all(|c| matches!(c, '-' | ':'));
    cells.all(is_dashes)
}
