//! Tables with a row in each line, parted by tabs or bars, whose rows need not be equally long: what Tika makes of a table in
//! HTML, and what other converters make of one without Markdown's bar at the beginning of a line. A cell that is merged
//! over several columns is one cell there, and one that is merged downwards is none.
//!
//! Tika begins each cell of a worksheet with a tab. A line below such a row that begins with none goes on with its last cell:
//! that has a line break, as most headers of the templates have.

use std::ops::Range;

use super::lines::Kind;
use super::piped::is_rule;
use super::{Reader, Refusal, Slice, is_amount};

/// The lines of such a table, cut into cells.
struct Rows {
    /// Lines that it takes.
    height: usize,
    cells: Vec<Vec<Slice>>,
    /// A rule stands under its first row: `---|---`.
    ruled: bool,
    /// A bar closes each of its rows.
    closed: bool,
}

impl Reader<'_> {
    /// A table whose first line this is, or a line above it that declares something (`部门：某局⇥金额单位：万元`). `None` where the
    /// lines are none.
    pub(super) fn rows(&mut self, start: usize, separator: char) -> Result<Option<usize>, Refusal> {
        let mut rows = self.cut(start, separator);
        let is_heading = !self.is_table(&rows, start);
        if is_heading && !self.begins_below(start + rows.height, separator) {
            return Ok(None);
        }
        if is_heading || self.declares(&rows.cells[0]) {
            let height = if is_heading { rows.height } else { 1 };
            for at in start..start + height {
                let led = self.line(at).trim_start_matches([separator, ' ']).len();
                let end = self.lines[at].bytes.end;
                self.paragraph(at, end - led..end);
            }
            return Ok(Some(height));
        }
        self.fill_up(&mut rows.cells);
        self.rows_of_cells(&rows.cells)?;
        Ok(Some(rows.height))
    }

    /// Cuts the lines from `start` on that hold the separator. One that declares something belongs to the next table.
    fn cut(&self, start: usize, separator: char) -> Rows {
        let holds = |at: &usize| {
            let kind = self.lines[*at].kind;
            matches!(kind, Kind::Plain | Kind::Tab | Kind::Pipe) && self.line(*at).contains(separator)
        };
        let begins_next = |at: usize| {
            let led = self.line(at).trim_start_matches(' ').starts_with(separator);
            self.declares(&self.cells(at..at + 1, separator, led, false))
        };
        let goes_on = |at: &usize, led: bool| {
            *at == start
                || if holds(at) {
                    !begins_next(*at)
                } else {
                    led && self.ends_a_cell(*at, start) || self.is_lone_label(*at, |at| holds(&at) && !begins_next(at))
                }
        };
        let lines = |led: bool| -> Vec<usize> { (start..self.lines.len()).take_while(|at| goes_on(at, led)).collect() };
        let mut broken = separator == '\t' && self.kind(start) == Some(Kind::Tab) && self.tabs(start) > 1;
        let mut lines = lines(broken);
        if broken && !self.are_led_cells(&lines) {
            broken = false;
            lines.truncate(lines.iter().take_while(|at| goes_on(at, false)).count());
        }
        let text = |at: &usize| self.line(*at).trim_matches(' ');
        let begins = |at: &usize| !broken || self.lines[*at].kind == Kind::Tab;
        let led = lines.iter().filter(|at| holds(at) && begins(at)).all(|at| text(at).starts_with(separator));
        let ended = lines.iter().filter(|at| holds(at)).all(|at| text(at).ends_with(separator));
        let mut cells: Vec<Vec<Slice>> = Vec::with_capacity(lines.len());
        let mut height = 0;
        for row in lines.chunk_by(|_, next| !begins(next)) {
            let has_separator = row.iter().any(holds);
            let row_cells =
                self.cells(row[0]..row[0] + row.len(), separator, led && has_separator, ended && has_separator);
            if !cells.is_empty() && self.declares(&row_cells) {
                break;
            }
            height += row.len();
            cells.push(row_cells);
        }
        let ruled =
            separator == '|' && cells.get(1).is_some_and(|row| is_rule(row.iter().map(|cell| self.cell_text(cell))));
        if ruled {
            cells.remove(1);
        }
        Rows { height, cells, ruled, closed: separator == '|' && ended }
    }

    /// Whether a table begins with a line that declares something: what stands above is its title and number.
    fn begins_below(&self, at: usize, separator: char) -> bool {
        let rows = self.cut(at, separator);
        rows.cells.first().is_some_and(|row| self.declares(row)) && self.is_table(&rows, at)
    }

    /// Each cell of these lines begins with a tab, and lines that begin with none go on with a cell: put together, no row has
    /// more cells than one that stands in one line.
    fn are_led_cells(&self, lines: &[usize]) -> bool {
        let rows = || lines.chunk_by(|_, next| self.lines[*next].kind != Kind::Tab);
        let is_whole = |row: &&[usize]| row[1..].iter().all(|at| self.tabs(*at) == 0);
        let widest = rows().filter(is_whole).map(|row| self.tabs(row[0])).max().unwrap_or(0);
        rows().all(|row| row.iter().map(|at| self.tabs(*at)).sum::<usize>() <= widest)
    }

    fn tabs(&self, at: usize) -> usize {
        self.line(at).matches('\t').count()
    }

    /// A line without a tab goes on with the last cell of the row above it: with a word, where the next row follows, or with the
    /// digits of a number.
    fn ends_a_cell(&self, at: usize, start: usize) -> bool {
        const MOST_LINES: usize = 4;
        let is_word = |text: &str| {
            text.contains(|c: char| c >= '\u{2e80}') && !text.contains(['。', '；', '：', ':']) && !text.ends_with('表')
        };
        let is_digits = |text: &str| {
            let text = text.trim();
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
        };
        let is_part = |at: &usize| self.lines[*at].kind == Kind::Plain && !self.line(*at).contains('\t');
        let first = (start..at).rev().take(MOST_LINES).take_while(is_part).last().unwrap_or(at);
        let above = first.checked_sub(1).map_or("", |above| self.line(above));
        let next = (at..self.lines.len()).take(MOST_LINES).find(|at| !is_part(at));
        let last = above.rsplit('\t').next().unwrap_or("");
        let goes_on = |is: &dyn Fn(&str) -> bool| is(last) && (first..=at).all(|at| is(self.line(at).trim_end()));
        goes_on(&is_digits) || goes_on(&is_word) && next.is_some_and(|next| self.lines[next].kind == Kind::Tab)
    }

    /// The cells of a row, without the blanks around them; `led` and `ended` where separators stand around them all.
    fn cells(&self, at: Range<usize>, separator: char, led: bool, ended: bool) -> Vec<Slice> {
        let line = &self.lines[at.start];
        let whole = &self.text[line.bytes.start..self.lines[at.end - 1].bytes.end];
        let text = whole.trim_matches(' ');
        let mut start = whole.len() - whole.trim_start_matches(' ').len() + usize::from(led);
        let text = if led { &text[1..] } else { text };
        let text = if ended { text.strip_suffix(separator).unwrap_or(text) } else { text };
        let mut offset = line.offset + whole[..start].chars().count();
        let mut cells = Vec::new();
        for part in text.split(separator) {
            let trimmed = part.trim();
            let before = if trimmed.is_empty() { 0 } else { part.len() - part.trim_start().len() };
            let from = line.bytes.start + start + before;
            cells.push(Slice { bytes: from..from + trimmed.len(), offset: offset + part[..before].chars().count() });
            offset += part.chars().count() + 1;
            start += part.len() + 1;
        }
        cells
    }

    /// Whether the rows are a table and no tabs of a typist: many cells in most of them and amounts, or a rule. Lines that begin
    /// with a tab are cells of a Word table, if they have no further one.
    fn is_table(&self, rows: &Rows, start: usize) -> bool {
        const LEAST_ROWS: usize = 3;
        // 公务接待费 | 1.30 |: nobody types a bar at the end of each line for anything else.
        let least_cells = if rows.closed { 2 } else { 3 };
        let with = |least: usize| rows.cells.iter().filter(|row| row.len() >= least).count();
        if rows.ruled {
            return with(2) >= 2;
        }
        let height = rows.cells.len();
        let has_amount = |row: &&Vec<Slice>| row.iter().any(|cell| is_amount(self.cell_text(cell)));
        // Rows of a worksheet may have a label alone.
        let in_lines = self.lines[start].kind != Kind::Tab || with(2) * 2 >= height;
        height >= LEAST_ROWS
            && in_lines
            && with(least_cells) * 2 >= height
            // A form with nothing in it; the lines of a Word table have a cell each.
            && (rows.cells.iter().filter(has_amount).count() * 4 >= height
                || self.lines[start].kind == Kind::Tab && with(least_cells) * 4 >= height * 3)
    }

    /// 部门：某局 beside 金额单位：万元: all that a line says are declarations.
    pub(super) fn declares(&self, row: &[Slice]) -> bool {
        let mut filled = row.iter().map(|cell| self.cell_text(cell)).filter(|text| !text.is_empty()).peekable();
        let is_declaration = |text: &str| {
            let mut parts = text.splitn(2, [':', '：']);
            // 其中：某项 is a label whose values are blank.
            parts.next().is_some_and(|label| !matches!(label, "" | "其中"))
                && parts.next().is_some_and(|said| !said.is_empty())
        };
        row.len() > 1 && filled.peek().is_some() && filled.all(is_declaration)
    }

    fn cell_text(&self, cell: &Slice) -> &str {
        self.text[cell.bytes.clone()].trim()
    }
}
