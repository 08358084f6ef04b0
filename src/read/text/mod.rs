//! Text: as it was typed, or as a text extractor (Apache Tika) writes a Word document.
//!
//! A line is a paragraph; a Markdown heading is one without its marks. Four kinds of table are read:
//!
//! - *Tab-led*, what Tika makes of a Word table: each cell begins with a tab at the start of a line and may go on over
//!   further lines, a blank line ends the row. Blank lines may also stand inside a cell and after its last line. Merges
//!   are lost: a cell that is merged away is there, and empty.
//! - *Tab-separated*, what is copied from a worksheet: the same number of tabs in each line.
//! - *Comma-separated*, what a worksheet is saved as: the same number of commas in each line, and amounts between them.
//! - *Piped*, what people type: `| a | b |`, where `<` is merged with the cell to its left, `^` with the one above, and
//!   `⏎` is a line break in a cell. With a rule (`|---|`) it is Markdown, as converters make it: merges are lost,
//!   `<br>` is a line break, `**` around a cell only makes it bold, and what was put into blank cells (`Unnamed: 1`, `NaN`) is blank.
//!
//! Every text is a slice of the file, so that offset and index in the text add up to a place in the file, counted in
//! characters (Unicode scalars of the decoded text, line ends included). Paragraphs are numbered by their line.

mod lines;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::GRID_LIMIT;
use super::encoding;
use super::refusal::{Reason, Refusal};
use crate::model::{Block, Cell, CellNote, Document, Finding, FindingCode, Format, Paragraph, PlacedCell, Table};
use lines::{Kind, Line, lines};

/// Reads a text file.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let decoded = encoding::decode(bytes)?;
    let blocks = blocks(&decoded.text)?;
    if blocks.is_empty() {
        return Err(Refusal::new(Reason::Empty, "txt", "文件里没有内容；请重新导出后再提交"));
    }
    let is_damaged = decoded.text.contains(char::REPLACEMENT_CHARACTER);
    let findings = is_damaged.then(|| damage(&blocks, decoded.encoding)).into_iter().collect();
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

/// Paragraphs and tables of a text, in order.
fn blocks(text: &str) -> Result<Vec<Block>, Refusal> {
    let mut reader = Reader { text, lines: lines(text), blocks: Vec::new(), tables: 0 };
    let mut at = 0;
    while at < reader.lines.len() {
        let taken = match reader.lines[at].kind {
            Kind::Blank | Kind::Separator => 1,
            Kind::Tab => reader.tab_led(at)?,
            Kind::Pipe => reader.piped(at)?,
            Kind::Plain => reader.plain(at)?,
        };
        at += taken;
    }
    Ok(reader.blocks)
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
    blocks: Vec<Block>,
    tables: u32,
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
        let text = self.text[bytes].to_owned();
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
            self.blocks.push(Block::Table(Table::new(self.tables, None, merges_known, cells)));
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

    /// A table of tab-led cells, or the paragraphs that were only indented by tabs.
    fn tab_led(&mut self, start: usize) -> Result<usize, Refusal> {
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
        let mut cells = Vec::with_capacity(rows.iter().map(Vec::len).sum());
        for (row, slices) in rows.iter().enumerate() {
            cells.extend(slices.iter().enumerate().map(|(column, slice)| self.placed(row, column, slice)));
            // The spans are lost, but a lone cell in a wider table is a title over its whole width.
            if let ([_], Some(title)) = (slices.as_slice(), cells.last_mut()) {
                title.column_span = width as u32;
            }
        }
        self.table(false, cells)?;
        Ok(at - start)
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
        let ahead = self.cells_ahead(at, table.widest());
        ahead > 0 && !table.widths.contains(&ahead) && table.widths.contains(&(table.cells_so_far() + ahead))
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

    /// A paragraph, or a table of a worksheet: consecutive lines with equally many tabs or commas.
    fn plain(&mut self, start: usize) -> Result<usize, Refusal> {
        let tabs = |at: usize| self.line(at).bytes().filter(|byte| *byte == b'\t').count();
        let width = tabs(start);
        let is_row = |at: &usize| matches!(self.lines[*at].kind, Kind::Plain | Kind::Tab) && tabs(*at) == width;
        // One tab in two lines may still be a pair of signatures.
        let least = if width == 1 { 3 } else { 2 };
        if width == 0 {
            return self.comma_separated(start);
        }
        let height = (start..self.lines.len()).take_while(is_row).count();
        if height < least {
            self.paragraph(start, self.lines[start].bytes.clone());
            return Ok(1);
        }
        let mut cells = Vec::with_capacity(height * (width + 1));
        for row in 0..height {
            let line = &self.lines[start + row];
            let mut slice = Slice { bytes: line.bytes.start..line.bytes.start, offset: line.offset };
            for (column, part) in self.line(start + row).split('\t').enumerate() {
                slice.bytes.end = slice.bytes.start + part.len();
                cells.push(self.placed(row, column, &slice));
                slice.offset += part.chars().count() + 1;
                slice.bytes.start = slice.bytes.end + 1;
            }
        }
        self.table(false, cells)?;
        Ok(height)
    }

    /// A table that was saved with commas between its cells, or the paragraphs that have equally many: sentences have
    /// commas as well, but hardly equally many in each line, and no amounts alone between them. A table begins with its
    /// header or title, which has no amounts: `接待费,1,300.00` is 1300, and its header has a comma less.
    fn comma_separated(&mut self, start: usize) -> Result<usize, Refusal> {
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
        let mut cells = Vec::with_capacity(rows.len() * width);
        for (row, slices) in rows.iter().enumerate() {
            cells.extend(slices.iter().enumerate().map(|(column, slice)| self.placed(row, column, slice)));
        }
        self.table(false, cells)?;
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

    /// A table of lines that begin with `|`.
    fn piped(&mut self, start: usize) -> Result<usize, Refusal> {
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
        }
        let anchors = if is_markdown { self.repeated(&rows) } else { None };
        let repeats = anchors.is_some();
        let anchors = anchors.unwrap_or_else(|| marked(&rows, self.text));
        // Its converter left out the cells that are merged down, and what is behind them has moved to the left.
        let left_out = is_markdown && rows.iter().any(|row| row.len() < rows[0].len());
        let mut cells = Vec::new();
        for (row, slices) in rows.iter().enumerate() {
            for (column, slice) in slices.iter().enumerate() {
                let covers = |r: usize, c: usize| anchors.get(r).and_then(|row| row.get(c)) == Some(&(row, column));
                if !covers(row, column) {
                    continue;
                }
                let mut placed = self.placed(row, column, slice);
                // One character for another, so that offsets stay right.
                placed.cell.text = placed.cell.text.replace('⏎', "\n").into();
                if is_markdown {
                    placed.cell.text = placed.cell.text.replace("<br>", "\n   ").replace("<br/>", "\n    ").into();
                }
                let columns = (column..).take_while(|c| covers(row, *c)).count();
                // A rectangle: where somebody marked a corner of it otherwise, the cell in the corner is kept.
                let is_covered = |r: &usize| (column..column + columns).all(|c| covers(*r, c));
                placed.row_span = (row..).take_while(is_covered).count() as u32;
                placed.column_span = columns as u32;
                placed.cell.note = (left_out && row == 0).then_some(CellNote::Unreadable);
                cells.push(placed);
            }
        }
        self.table(!is_markdown || repeats, cells)?;
        Ok(height)
    }

    /// For each position of a Markdown table the position of the cell that covers it, where the table repeats the text of
    /// a merged cell in each place of it: `项目 | 项目` in its first row tells so.
    ///
    /// Labels that stand beside one another are then one cell, and so are codes at the beginning of a row; below one another they are in the header only, above the
    /// first number, because two rows of the body may have the same name.
    fn repeated(&self, rows: &[Vec<Slice>]) -> Option<Vec<Vec<(usize, usize)>>> {
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

/// A line without the marks of a Markdown heading before it and those of bold type around it.
pub(super) fn unmarked(line: &str) -> Range<usize> {
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

/// A number as it stands alone in a cell.
fn is_amount(text: &str) -> bool {
    let digits = text.trim_start_matches('-').trim_end_matches('%');
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
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

/// `|---|:--:|`, the rule under a Markdown header.
fn is_rule<'a>(mut cells: impl Iterator<Item = &'a str>) -> bool {
    let is_dashes = |cell: &str| cell.contains("--") && cell.chars().all(|c| matches!(c, '-' | ':'));
    cells.all(is_dashes)
}

/// `附件4`, `附件：`, `附表一`: the line above the title of a form that was a document of its own. It never belongs to
/// the cell above it.
fn is_attachment(line: &str) -> bool {
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
