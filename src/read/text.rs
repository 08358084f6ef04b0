//! Text: as it was typed, or as a text extractor (Apache Tika) writes a Word document.
//!
//! A line is a paragraph. Three kinds of table are read:
//!
//! - *Tab-led*, what Tika makes of a Word table: each cell begins with a tab at the start of a line and may go on over
//!   further lines, a blank line ends the row. Blank lines may also stand inside a cell and after its last line. Merges
//!   are lost: a cell that is merged away is there, and empty.
//! - *Tab-separated*, what is copied from a worksheet: the same number of tabs in each line.
//! - *Piped*, what people type: `| a | b |`, where `<` is merged with the cell to its left, `^` with the one above, and
//!   `⏎` is a line break in a cell.
//!
//! Every text is a slice of the file, so that offset and index in the text add up to a place in the file, counted in
//! characters (Unicode scalars of the decoded text, line ends included). Paragraphs are numbered by their line.

use std::ops::Range;

use super::GRID_LIMIT;
use super::encoding;
use super::refusal::{Reason, Refusal};
use crate::model::{Block, Cell, Document, Finding, FindingCode, Format, Paragraph, PlacedCell, Table};

/// Reads a text file.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let decoded = encoding::decode(bytes)?;
    let blocks = blocks(&decoded.text)?;
    if blocks.is_empty() {
        return Err(Refusal::new(Reason::Empty, "txt", "文件里没有内容；请重新导出后再提交"));
    }
    let is_damaged = decoded.text.contains(char::REPLACEMENT_CHARACTER);
    let findings = is_damaged.then(|| damage(&blocks, decoded.encoding)).into_iter().collect();
    Ok(Document { format: Format::Text, encoding: Some(decoded.encoding), blocks, findings })
}

/// One finding that names the paragraphs and cells in which damaged bytes stand.
fn damage(blocks: &[Block], encoding: &str) -> Finding {
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

/// A line without its end.
#[derive(Debug)]
struct Line {
    /// Its bytes in the text.
    bytes: Range<usize>,
    /// Characters before it in the text.
    offset: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// White space only, and no tab at its start.
    Blank,
    /// Begins with a tab: a cell of a table.
    Tab,
    /// Begins with `|`: a row of a table.
    Pipe,
    /// Parts two tables that follow one another.
    Separator,
    /// Anything else.
    Plain,
}

/// Splits at `\n`, `\r\n`, lone `\r`, form feeds and Unicode's line and paragraph separators.
fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::with_capacity(text.len() / 40);
    let (mut start, mut offset) = (0, 0);
    while start < text.len() {
        let rest = &text[start..];
        let length = line_length(rest);
        let line = &rest[..length];
        let end = match rest[length..].chars().next() {
            Some('\r') if rest[length + 1..].starts_with('\n') => 2,
            Some(end) => end.len_utf8(),
            None => 0,
        };
        lines.push(Line { bytes: start..start + length, offset, kind: Kind::of(line) });
        offset += line.chars().count() + rest[length..length + end].chars().count();
        start += length + end;
    }
    lines
}

/// Bytes before the first line end.
fn line_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_end = |at: usize| match bytes[at] {
        b'\n' | b'\r' | 0xc => true,
        // U+2028 and U+2029.
        0xe2 => matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])),
        _ => false,
    };
    (0..bytes.len()).find(|at| is_end(*at)).unwrap_or(bytes.len())
}

impl Kind {
    fn of(line: &str) -> Kind {
        if line.starts_with('\t') {
            return Kind::Tab;
        }
        let trimmed = line.trim_start();
        match trimmed.chars().next() {
            None => Kind::Blank,
            Some('|') if trimmed.trim_end().len() > 1 => Kind::Pipe,
            Some('-') if trimmed.trim_end() == "--- next table" => Kind::Separator,
            Some(_) => Kind::Plain,
        }
    }
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
        let text = self.text[slice.bytes.clone()].to_owned();
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

    /// A paragraph, or a table copied from a worksheet: consecutive lines with equally many tabs.
    fn plain(&mut self, start: usize) -> Result<usize, Refusal> {
        let tabs = |at: usize| self.line(at).bytes().filter(|byte| *byte == b'\t').count();
        let width = tabs(start);
        let is_row = |at: &usize| matches!(self.lines[*at].kind, Kind::Plain | Kind::Tab) && tabs(*at) == width;
        // One tab in two lines may still be a pair of signatures.
        let least = match width {
            0 => usize::MAX,
            1 => 3,
            _ => 2,
        };
        let height = if width == 0 { 1 } else { (start..self.lines.len()).take_while(is_row).count() };
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

    /// A table of lines that begin with `|`.
    fn piped(&mut self, start: usize) -> Result<usize, Refusal> {
        let height = (start..self.lines.len()).take_while(|at| self.lines[*at].kind == Kind::Pipe).count();
        let mut rows: Vec<Vec<Slice>> = (start..start + height).map(|at| self.piped_row(at)).collect();
        if rows.get(1).is_some_and(|row| is_rule(row.iter().map(|slice| &self.text[slice.bytes.clone()]))) {
            rows.remove(1);
        }
        let anchors = anchors(&rows, self.text);
        let mut cells = Vec::new();
        for (row, slices) in rows.iter().enumerate() {
            for (column, slice) in slices.iter().enumerate() {
                let covers = |r: usize, c: usize| anchors.get(r).and_then(|row| row.get(c)) == Some(&(row, column));
                if !covers(row, column) {
                    continue;
                }
                let mut placed = self.placed(row, column, slice);
                // One character for another, so that offsets stay right.
                placed.cell.text = placed.cell.text.replace('⏎', "\n");
                let columns = (column..).take_while(|c| covers(row, *c)).count();
                // A rectangle: where somebody marked a corner of it otherwise, the cell in the corner is kept.
                let is_covered = |r: &usize| (column..column + columns).all(|c| covers(*r, c));
                placed.row_span = (row..).take_while(is_covered).count() as u32;
                placed.column_span = columns as u32;
                cells.push(placed);
            }
        }
        self.table(true, cells)?;
        Ok(height)
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

/// For each position of a piped table, the position of the cell that covers it.
fn anchors(rows: &[Vec<Slice>], text: &str) -> Vec<Vec<(usize, usize)>> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::read::tests::shown;

    fn read_text(text: &str) -> Document {
        read(text.as_bytes()).unwrap()
    }

    #[test]
    fn lines_are_paragraphs_numbered_by_line() {
        for text in [
            "一、收入\n\n  收、支总计\n",
            "一、收入\r\n\r\n  收、支总计",
            "一、收入\r\r  收、支总计\r",
            "一、收入\u{c}\u{c}  收、支总计",
        ] {
            assert_eq!(shown(&read_text(text)), "1 一、收入\n3   收、支总计\n", "{text:?}");
        }
    }

    /// `⇥` is a tab at the start of a line, as in the layout cases.
    #[test]
    fn tables_are_read_as_a_text_extractor_writes_them() {
        let cases: &[(&str, &str, &str)] = &[
            (
                "a blank line ends a row, a line without a tab goes on in its cell",
                "⇥机构名称\n⇥三公经费\n合 计\n⇥其中：\n\n⇥\n⇥\n⇥公务接待费\n⇥运行费\n\n⇥本级\n⇥11.20\n⇥4.10\n⇥7.10\n",
                "table 1\n r1c1 机构名称\n r1c2 三公经费⏎合 计\n r1c3 其中：\n r2c3 公务接待费\n r2c4 运行费\n r3c1 本级\n r3c2 11.20\n r3c3 4.10\n r3c4 7.10\n",
            ),
            (
                "a lone cell spans the table",
                "⇥二、收支情况\n\n⇥评价等次\n⇥良好\n",
                "table 1\n r1c1 1x2 二、收支情况\n r2c1 评价等次\n r2c2 良好\n",
            ),
            (
                "blank lines may stand inside a cell",
                "⇥一级\n⇥二级\n⇥分值\n\n⇥投\n\n入\n⇥目标\n⇥5\n\n⇥过\n\n程\n⇥预\n\n算\n⇥6\n",
                "table 1\n r1c1 一级\n r1c2 二级\n r1c3 分值\n r2c1 投⏎⏎入\n r2c2 目标\n r2c3 5\n r3c1 过⏎⏎程\n r3c2 预⏎⏎算\n r3c3 6\n",
            ),
            (
                "a line between two tables is no part of the last cell",
                "⇥项目\n⇥金额\n\n⇥结余\n⇥3\n\n单位：万元\n⇥项目\n⇥金额\n\n⇥其他\n⇥4\n",
                "table 1\n r1c1 项目\n r1c2 金额\n r2c1 结余\n r2c2 3\n7 单位：万元\ntable 2\n r1c1 项目\n r1c2 金额\n r2c1 其他\n r2c2 4\n",
            ),
            (
                "neither is one behind a short row",
                "⇥项目\n⇥预算\n⇥决算\n\n⇥结余\n\n单位：万元\n⇥项目\n⇥预算\n⇥决算\n",
                "table 1\n r1c1 项目\n r1c2 预算\n r1c3 决算\n r2c1 1x3 结余\n7 单位：万元\ntable 2\n r1c1 项目\n r1c2 预算\n r1c3 决算\n",
            ),
            (
                "a table may be cut off by the next document",
                "⇥目标\n⇥时间\n\n⇥目标3：\n⇥时间3：\n 附件5\n评分表\n⇥一级\n⇥分值\n",
                "table 1\n r1c1 目标\n r1c2 时间\n r2c1 目标3：\n r2c2 时间3：\n6  附件5\n7 评分表\ntable 2\n r1c1 一级\n r1c2 分值\n",
            ),
            (
                "paragraphs that begin with a tab are no table",
                "⇥一、收入支出决算总体情况\n\n⇥2023年度收、支总计1240.71万元。\n\n二、收入\n⇥本年收入合计1240.71万元，占100%。\n⇥其中财政拨款收入1240.71万元。\n",
                "1 一、收入支出决算总体情况\n3 2023年度收、支总计1240.71万元。\n5 二、收入\n6 本年收入合计1240.71万元，占100%。\n7 其中财政拨款收入1240.71万元。\n",
            ),
        ];
        for (what, text, expected) in cases {
            assert_eq!(shown(&read_text(&text.replace('⇥', "\t"))), *expected, "{what}");
        }
    }

    #[test]
    fn tables_copied_from_a_worksheet_are_read() {
        let text = "三公经费表\n项目\t预算数\t决算数\n接待费\t13\t12.96\n\t1\t\n落款\n";
        assert_eq!(
            shown(&read_text(text)),
            "1 三公经费表\ntable 1\n r1c1 项目\n r1c2 预算数\n r1c3 决算数\n r2c1 接待费\n r2c2 13\n r2c3 12.96\n r3c2 1\n5 落款\n"
        );
        assert_eq!(shown(&read_text("填报人：a\t电话：1\n")), "1 填报人：a\t电话：1\n");
    }

    #[test]
    fn piped_tables_say_what_is_merged() {
        let text = "单位：万元\n| 项 目 | < | 本年⏎支出 | < |\n| ^ | < | ^ | 其中 |\n|---|---|---|\n| 208 | 社保 | 14.75 |\n--- next table\n| a |\n|---|\n| < |\n";
        let document = read_text(text);
        assert_eq!(
            shown(&document),
            "1 单位：万元\ntable 1\n r1c1 2x2 项 目\n r1c3 1x2 本年⏎支出\n r2c4 其中\n r3c1 ---\n r3c2 ---\n r3c3 ---\n r4c1 208\n r4c2 社保\n r4c3 14.75\ntable 2\n r1c1 a\n r2c1 <\n"
        );
        let Block::Table(table) = &document.blocks[1] else { panic!() };
        assert!(table.merges_known);
        assert_eq!(table.cells[0].offset, Some(8));
    }

    #[test]
    fn attachments_are_told_from_text() {
        for (line, is) in [
            (" 附件5", true),
            ("附件 5：", true),
            ("附件", true),
            ("附件4-1", true),
            ("附件1：评分表", true),
            ("附件一 2020年度评分表", true),
            ("附表3", true),
            ("附件齐全的计1分", false),
            ("附件：1.部门职责", false),
            ("见附件", false),
        ] {
            assert_eq!(is_attachment(line), is, "{line}");
        }
    }

    #[test]
    fn damaged_bytes_are_told_with_their_places() {
        let mut bytes = "一、收入合计1240.71万元，比上年增加\n\t项目\n\t合计\n".as_bytes().to_vec();
        let at = bytes.len() - 2;
        bytes[at] = 0xff;
        let document = read(&bytes).unwrap();
        assert_eq!(document.findings[0].code, FindingCode::DamagedText);
        assert_eq!(document.findings[0].places[0].to_string(), "table 1 r1c2");
    }

    /// Calls `check` with the offset and the text of each paragraph and cell.
    fn for_each_text(document: &Document, mut check: impl FnMut(usize, &str)) {
        for block in &document.blocks {
            match block {
                Block::Paragraph(paragraph) => check(paragraph.offset.unwrap(), &paragraph.text),
                Block::Table(table) => table.cells.iter().for_each(|cell| check(cell.offset.unwrap(), &cell.text)),
            }
        }
    }

    /// A real disclosure as Apache Tika wrote it, if it is at hand.
    fn seed() -> Option<String> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/seeds/hongjiang-2020.txt");
        let seed = std::fs::read_to_string(path).ok();
        if seed.is_none() {
            eprintln!("skipped: {path} is not there");
        }
        seed
    }

    #[test]
    fn every_text_of_the_seed_is_a_slice_of_it() {
        let Some(seed) = seed() else { return };
        let characters: Vec<char> = seed.chars().collect();
        for_each_text(&read_text(&seed), |offset, text| {
            let slice: String = characters[offset..offset + text.chars().count()].iter().collect();
            assert_eq!(slice, text);
        });
    }

    #[test]
    fn the_tables_of_the_seed_are_those_that_a_careful_reader_sees() {
        let Some(seed) = seed() else { return };
        let document = read_text(&seed);
        let tables: Vec<&Table> = document
            .blocks
            .iter()
            .filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None })
            .collect();
        // Number, rows with text, columns with text, the first cell.
        let shapes: Vec<_> =
            tables.iter().map(|table| (table.number, table.height(), table.width(), table.text_at(0, 0))).collect();
        assert_eq!(
            shapes,
            [
                (1, 45, 7, "一、部门（单位）基本概况"),
                (2, 36, 7, "2020年度部门（单位）整体支出绩效评价评分表"),
                (3, 7, 14, "2020年度本级项目绩效评价基础数据表"),
                (4, 22, 7, "一级\n指标"),
            ]
        );
        // Below its title the score table has seven cells in each row but the last, the project scores in each.
        let lengths = |table: &Table| (0..table.height()).map(|row| table.anchored_in(row).count()).collect::<Vec<_>>();
        let [title, rows @ .., total] = &lengths(tables[1])[..] else { panic!() };
        assert!((*title, *total) == (1, 5) && rows.iter().all(|cells| *cells == 7), "{rows:?}");
        let [rows @ .., total] = &lengths(tables[3])[..] else { panic!() };
        assert!(*total == 5 && rows.iter().all(|cells| *cells == 7), "{rows:?}");
        for (table, row, texts) in [
            (0, 18, ["政府办本级", "1240.71", "1240.71", "875.14", "365.57", "", ""]),
            (3, 1, ["投\n\n入", "项目\n立项", "项目立项规范性", "2", "", "", ""]),
        ] {
            for (column, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                assert_eq!(tables[table].text_at(row, column), *text);
            }
        }
    }

    proptest! {
        #[test]
        fn every_character_is_read_once_and_knows_its_place(text in "([\t\n\r ]{0,3}[合计0-9。<^附件5]{0,4}){0,40}") {
            let characters: Vec<char> = text.chars().collect();
            let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let mut seen = String::new();
            let document = Document { format: Format::Text, encoding: None, blocks: blocks(&text).unwrap(), findings: vec![] };
            for_each_text(&document, |offset, part| {
                let slice: String = characters[offset..offset + part.chars().count()].iter().collect();
                assert_eq!(slice, part);
                seen += &visible(part);
            });
            prop_assert_eq!(seen, visible(&text));
        }
    }
}
