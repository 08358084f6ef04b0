//! Tables: the lines around their rows, headings among them, and the rows themselves.

use super::super::headings;
use super::super::titles;
use std::ops::Range;

use super::super::declared::Said;
use super::super::lines::{self, Line};
use super::super::regions::Region;
use super::super::scope::year_of_cover;
use super::super::years;
use super::Text;
use super::Walk;
use crate::locate::{Money, Part, Rows};
use crate::mapping::{FormMapping, Kind};
use crate::model::{Cell, Fate, Finding, FindingCode, Label, Place, Set, Table, fold};

/// So many rows below a title may be lines and header.
const LINES_AND_HEADER: usize = 8;
/// No word of a header has more characters.
const LONGEST: usize = 15;

/// What a row of a table is.
enum RowIs<'d, 'm> {
    /// A row of the form that goes on, or of no form.
    Part,
    /// Lines around a table.
    Lines(Vec<(&'d Cell, Line<'m>)>),
    /// Fields of the score table below.
    Fields,
    /// Headings that are not understood.
    Headings(Vec<&'d Cell>),
    /// The first row of a form that its headings make known.
    Begins(&'m FormMapping, &'d Cell),
}

/// Titles of more than one table.
fn has_several_titles(read: &[(&Cell, Line<'_>)]) -> bool {
    let mut titles = read.iter().filter_map(|(_, line)| match line {
        Line::Title { form, said } => Some((form, said)),
        _ => None,
    });
    let first = titles.next();
    titles.any(|(form, said)| {
        first.is_some_and(|(other, told)| {
            form.form != other.form || said.year != told.year || said.unit_name != told.unit_name
        })
    })
}

/// A row that tells of several years and of nothing else heads columns (2022年 | 2021年), and so does one below others that tells of a column's.
fn is_of_years(read: &[(&Cell, Line<'_>)], below_others: bool) -> bool {
    let is_year = |(_, line): &(&Cell, Line<'_>)| match line {
        Line::Declared { rule: "year", said } => said.money.is_none() && said.unit_name.is_none(),
        _ => false,
    };
    let is_column = |(cell, _): &(&Cell, Line<'_>)| cell.column > 0;
    read.iter().all(is_year) && (read.len() > 1 || below_others && read.iter().all(is_column))
}

impl<'d, 'm> Walk<'d, 'm> {
    pub(super) fn table(&mut self, table: &'d Table) {
        let of_sheet = table.hidden || table.sheet.is_some();
        self.without_table = self.without_table.take().filter(|_| !of_sheet);
        if table.hidden {
            return self.hidden(table);
        }
        if let Some(sheet) = &table.sheet {
            if !self.only_spare_sheets && self.mappings.surroundings.standing.is_spare_sheet(sheet) {
                return self.spare(table, sheet);
            }
            self.new_sheet(table);
        }
        let mut start = 0;
        for row in 0..table.height() {
            let is = self.what_row_is(table, start, row);
            if matches!(is, RowIs::Part) {
                continue;
            }
            // What stands above a line belongs to the form before it.
            self.rows(table, start, row);
            start = row + 1;
            match is {
                RowIs::Part => {}
                RowIs::Lines(lines) => self.lines(table, lines),
                RowIs::Fields => self.takes_fields_of_row(table, row),
                RowIs::Headings(cells) => {
                    let alone = cells.len() == 1;
                    cells.into_iter().for_each(|cell| self.heading(table, cell, alone));
                }
                RowIs::Begins(form, cell) => {
                    let text = Text { text: &cell.text, place: table.place(cell), offset: cell.offset };
                    self.begin_by_heading(form, &text);
                    start = row;
                }
            }
        }
        self.rows(table, start, table.height());
        self.without_table = None;
    }

    fn hidden(&mut self, table: &'d Table) {
        let before = self.outside.len();
        let mut place = None;
        for cell in &table.cells {
            let text = Text { text: &cell.text, place: table.place(cell), offset: cell.offset };
            place.get_or_insert(text.place.clone());
            self.count_outside(&text, Fate::Outside, "hidden sheet");
        }
        if let (Some(place), true) = (place, self.outside.len() > before) {
            let name = table.sheet.as_deref().unwrap_or_default();
            self.findings.push(Finding::at(FindingCode::HiddenSheet, place, name));
        }
    }

    /// A sample, a draft, last year's: none of its numbers is the year's.
    fn spare(&mut self, table: &'d Table, sheet: &str) {
        let before = self.outside.len();
        for cell in &table.cells {
            let text = Text { text: &cell.text, place: table.place(cell), offset: cell.offset };
            self.count_outside(&text, Fate::Outside, "spare sheet");
        }
        let count = self.outside.len() - before;
        if let Some(cell) = table.cells.first().filter(|_| count > 0) {
            let finding = Finding::at(FindingCode::NumbersOutsideForms, table.place(cell), sheet);
            self.findings.push(finding.with_actual(count.to_string()));
        }
        self.current = None;
    }

    /// On a new sheet the form goes on only if its header is repeated there.
    fn new_sheet(&mut self, table: &'d Table) {
        self.by_sheet = table.sheet.as_deref().and_then(|sheet| titles::title_of_sheet(sheet, self.mappings));
        self.above.at_sheet(table.sheet.as_deref(), &self.mappings.surroundings);
        let goes_on = self.current.is_some_and(|index| {
            let first = self.regions[index].parts.iter().find_map(|part| match part {
                Part::Rows(rows) => Some(rows),
                Part::Paragraph(_) => None,
            });
            first.is_some_and(|first| {
                first.table.width() == table.width()
                    && (0..table.width()).all(|column| {
                        fold(first.table.text_at(first.rows.start, column)) == fold(table.text_at(0, column))
                    })
            })
        });
        if !goes_on {
            // What a cover says holds for the worksheets behind it.
            if self.regions.iter().any(|region| region.above.is_one_state_with(&self.above)) {
                self.above.ends_void();
            }
            self.current = None;
            self.unknown_heading = false;
            self.pending_money = None;
        }
    }

    /// What a row is: lines around a table, a heading that is not understood, or a part of the form.
    ///
    /// `first`: no row of a table stands directly above it.
    fn what_row_is(&self, table: &'d Table, start: usize, row: usize) -> RowIs<'d, 'm> {
        let cells: Vec<&'d Cell> = table.anchored_in(row).filter(|cell| !cell.is_blank()).collect();
        let fields = self.current_kind() == Some(Kind::Fields);
        let mut read: Vec<(&'d Cell, Line<'m>)> = Vec::new();
        let mut bare_year = false;
        let mut all_known = !cells.is_empty();
        for cell in &cells {
            let line = match self.in_its_note(lines::read_cell(&cell.text, self.mappings), &cell.text) {
                // 第2页，共9页
                Line::PageNumber if cell.text.contains('页') => Some(Line::PageNumber),
                // 编制单位：某局 | 2023 | 金额单位：万元
                Line::PageNumber => years::plausible_year(&fold(&cell.text)).map(|year| {
                    bare_year = true;
                    Line::Declared { rule: "year", said: Said { year: Some(year), ..Said::default() } }
                }),
                // 编制单位：某局 | 2023年12月31日 | 金额单位：万元
                Line::Unknown if years::year_at_its_end(&fold(&cell.text)).is_some() => {
                    bare_year = true;
                    let year = years::year_at_its_end(&fold(&cell.text));
                    Some(Line::Declared { rule: "year", said: Said { year, ..Said::default() } })
                }
                Line::Title { said, .. } if said.is_subject && !self.is_of_finals(&said, table, row + 1) => None,
                Line::Unknown if cell.text.contains('\n') => {
                    let before = read.len();
                    read.extend(self.lines_with_title(cell).into_iter().map(|line| (*cell, line)));
                    if read.len() > before {
                        continue;
                    }
                    None
                }
                Line::Unknown => titles::title_of_project(&fold(&cell.text), table, row + 1, self.mappings)
                    .map(|(form, said)| Line::Title { form, said }),
                line => Some(line),
            };
            all_known &= line.is_some();
            let Some(line) = line else { break };
            read.push((cell, line));
        }
        // Side by side, and where one ends and the other begins is not told.
        if all_known && has_several_titles(&read) {
            return RowIs::Headings(cells);
        }
        let has_title = read.iter().any(|(_, line)| matches!(line, Line::Title { .. }));
        // A unit line holds for the tables of a form of fields, too; a table's number and a year alone are none of their values.
        let alone = cells.len() == 1;
        let is_line_of_table =
            |said: &Said| said.money.is_some() || said.number.is_some() || alone && said.year.is_some();
        let has_line_of_table =
            read.iter().any(|(_, line)| matches!(line, Line::Declared { said, .. } if is_line_of_table(said)));
        let tells_of_a_table = |line: &Line<'m>| match line {
            Line::Title { .. } => true,
            Line::Declared { said, .. } => said.money.is_some() || said.unit_name.is_some(),
            _ => false,
        };
        let all_known = all_known && (!bare_year || read.iter().any(|(_, line)| tells_of_a_table(line)));
        let is_note = matches!(read.as_slice(), [(_, Line::Declared { rule, .. })] if self.heads_fields(rule));
        let notes_fields = alone && start == row && is_note;
        let is_lines = all_known && !is_of_years(&read, start < row);
        if is_lines && (has_title || has_line_of_table || !fields || notes_fields) && !self.is_row_of_form(&cells) {
            return RowIs::Lines(read);
        }
        if fields || cells.is_empty() {
            return RowIs::Part;
        }
        if self.is_row_of_fields(table, row) {
            return RowIs::Fields;
        }
        if cells.iter().any(|cell| titles::holds_title(&cell.text, self.mappings)) && !self.is_note(&cells) {
            return RowIs::Headings(cells);
        }
        let [only] = cells.as_slice() else { return RowIs::Part };
        if self.mappings.surroundings.standing.corrects(&fold(&only.text)) {
            // 更正：公务接待费应为2.60
            return RowIs::Lines(vec![(*only, Line::Declared { rule: "note", said: Said::default() })]);
        }
        let whole = only.column_span == table.width() && table.width() > 1;
        let alone_above = start == row && self.current.is_none();
        let names_table = only.column == 0
            && only.text.contains('表')
            && titles::names_a_table(&fold(&only.text), &self.mappings.surroundings);
        let stray = || self.is_stray(table, start..row, &cells);
        if !(whole || alone_above || names_table || stray()) || self.is_band(only) {
            return RowIs::Part;
        }
        match headings::heading_of(&fold(&only.text), self.mappings, true).filter(|form| form.kind == Kind::Fields) {
            Some(form) => RowIs::Begins(form, only),
            None => RowIs::Headings(cells),
        }
    }

    /// The lines of a cell in which a title and what else stands above a table stand below one another; none, if one of
    /// them is not known.
    fn lines_with_title(&self, cell: &Cell) -> Vec<Line<'m>> {
        let lines = cell.text.lines().filter(|line| !line.trim().is_empty());
        let known = |line: &str| match lines::read_cell(line, self.mappings) {
            Line::Unknown | Line::PageNumber => None,
            Line::Title { said, .. } if said.is_subject => None,
            line => Some(line),
        };
        let mut lines: Vec<Line<'m>> = lines.map(known).collect::<Option<_>>().unwrap_or_default();
        // What the others tell is of the table that the title begins.
        lines.sort_by_key(|line| !matches!(line, Line::Title { .. }));
        if !matches!(lines.first(), Some(Line::Title { .. })) {
            lines.clear();
        }
        lines
    }

    /// The table whose header begins at a row below a title that does not say so is of final accounts.
    pub(super) fn is_of_finals(&self, said: &Said, table: &Table, from: usize) -> bool {
        !said.of_part && self.says_finals(table, from) || self.in_part_of_finals && !self.says_budget_only(table, from)
    }

    /// Nothing in the header that begins at a row speaks of final accounts, and something of a budget.
    fn says_budget_only(&self, table: &Table, from: usize) -> bool {
        let rows = from..table.height().min(from + LINES_AND_HEADER);
        let of_budget = |cell: &Cell| {
            cell.text.chars().count() <= LONGEST && self.mappings.surroundings.speaks_only_of_budgets(&fold(&cell.text))
        };
        !self.says_finals(table, from) && rows.into_iter().any(|row| table.anchored_in(row).any(of_budget))
    }

    /// The header that begins at a row says that its values are of the final accounts of its year, the latest one it names.
    pub(super) fn says_finals(&self, table: &Table, from: usize) -> bool {
        let mut years = Vec::new();
        let mut of_finals = Vec::new();
        for row in from..table.height().min(from + LINES_AND_HEADER) {
            for cell in table.anchored_in(row) {
                let folded = fold(&cell.text);
                if folded.chars().count() > LONGEST
                    || !matches!(lines::read_cell(&cell.text, self.mappings), Line::Unknown)
                {
                    continue;
                }
                // 2080201 is a code.
                let is_year = |(_, behind): &(i32, &str)| !behind.starts_with(|c: char| c.is_ascii_digit());
                let year = years::leading_year(&folded).filter(is_year).map(|(year, _)| year);
                years.extend(year);
                if self.mappings.surroundings.says_finals(&folded) {
                    of_finals.push(year);
                }
            }
        }
        of_finals.iter().any(|year| *year == years.iter().max().copied())
    }

    /// Lines around a table: a title, a unit line, a note.
    fn lines(&mut self, table: &'d Table, lines: Vec<(&'d Cell, Line<'m>)>) {
        let alone = lines.len() == 1;
        let mut before: Option<&Cell> = None;
        for (cell, line) in lines {
            // The numbers of a cell with several lines are counted once.
            let again = before.replace(cell).is_some_and(|before| std::ptr::eq(before, cell));
            let text =
                Text { text: if again { "" } else { &cell.text }, place: table.place(cell), offset: cell.offset };
            match line {
                Line::Title { form, .. } if self.is_narrowed_by_sheet(table, &cell.text, form) => self.no_title(&text),
                Line::Title { form, said } => self.title(form, &said, &text, None),
                Line::Declared { rule: "year", said }
                    if alone
                        && !self.title_stands_in(table, cell.row + cell.row_span)
                        && self.begins_another_year(&said) =>
                {
                    self.count_outside(&text, Fate::Outside, "year");
                }
                Line::Declared { rule, said } => {
                    self.sources.said(&said, self.mappings);
                    self.numbered(&said);
                    self.tells(&said);
                    self.said_money(said.money);
                    self.caption(&text, rule);
                }
                Line::PageNumber => self.caption(&text, "page number"),
                Line::Unknown => {}
            }
        }
    }

    fn is_narrowed_by_sheet(&self, table: &Table, text: &str, form: &FormMapping) -> bool {
        let narrows = |sheet: &str| titles::is_narrowed_by_sheet(sheet, &lines::folded_line(text), form, self.mappings);
        form.kind == Kind::Table && table.sheet.as_deref().is_some_and(narrows)
    }

    fn title_stands_in(&self, table: &Table, row: usize) -> bool {
        let is_title = |cell: &Cell| matches!(lines::read_cell(&cell.text, self.mappings), Line::Title { .. });
        row < table.height() && table.anchored_in(row).any(is_title)
    }

    fn is_note(&self, cells: &[&Cell]) -> bool {
        cells
            .iter()
            .any(|cell| matches!(lines::read_cell(&cell.text, self.mappings), Line::Declared { rule: "note", .. }))
    }

    /// A lone text in the first column of a table of codes that is neither a code nor a label of the form: a heading.
    fn is_stray(&self, table: &Table, above: Range<usize>, cells: &[&Cell]) -> bool {
        let ([only], Some(index)) = (cells, self.current) else { return false };
        let region = &self.regions[index];
        region.form.codes.is_some()
            && !only.text.trim().starts_with(|c: char| c.is_ascii_digit())
            && !region.form.columns.contains_key(fold(&only.text).as_str())
            && only.column <= region.first_column(table, above)
    }

    /// A row whose cells are all known lines may still be a row of the form: 项目 | 说明.
    fn is_row_of_form(&self, cells: &[&Cell]) -> bool {
        let Some(index) = self.current else { return false };
        let form = self.regions[index].form;
        cells.len() > 1 && cells.iter().all(|cell| form.columns.contains_key(fold(&cell.text).as_str()))
    }

    /// One cell from end to end that the form knows: a band of its rows.
    fn is_band(&self, cell: &Cell) -> bool {
        let Some(index) = self.current else { return false };
        let form = self.regions[index].form;
        // 相关统计数：
        let label = Label::new(cell.text.trim_end().trim_end_matches([':', '：']));
        form.across.contains_key(&label)
            || form.down.contains_key(&label)
            || form.ignored.contains_key(&label)
            || self.mappings.vocabulary.meaning(&label).is_some()
            || crate::locate::is_number(cell, &self.mappings.surroundings)
    }

    /// A heading that is not understood: it ends the form above it, and forbids knowing the next one by labels (T-2).
    ///
    /// `alone`: its row has no other cell.
    fn heading(&mut self, table: &'d Table, cell: &'d Cell, alone: bool) {
        let text = Text { text: &cell.text, place: table.place(cell), offset: cell.offset };
        if alone && self.ends_title(&text, None) {
            return;
        }
        let folded = fold(&cell.text);
        self.sources.line(&folded, self.mappings);
        if let Some(year) = year_of_cover(&folded, self.mappings) {
            self.on_cover(year);
        }
        self.current = None;
        self.unknown_heading = true;
        self.seen(&cell.text);
        self.enters_state(&folded);
        if self.title_stands_in(table, cell.row + cell.row_span) {
            self.tells_whose(&cell.text);
        }
        self.count_outside(&text, Fate::Outside, "no form");
        self.line_above = None;
        if alone {
            self.keep_above(&cell.text);
        }
    }

    fn rows(&mut self, table: &'d Table, start: usize, end: usize) {
        if start >= end {
            return;
        }
        self.line_above = None;
        let rows = Rows { table, rows: start..end };
        if self.current.is_some_and(|index| self.regions[index].is_whole_above(&rows)) {
            self.current = None;
            self.unknown_heading = true;
        }
        if self.current_kind() == Some(Kind::Prose) || self.current.is_none() {
            let by_labels = self.by_labels(&rows);
            // A heading that is not understood forbids what a name tells as well (T-2).
            let untitled = by_labels.is_none() && self.current.is_none() && !self.unknown_heading;
            let by_name = self.by_sheet.take_if(|_| untitled).or_else(|| self.by_name.take_if(|_| untitled));
            if let Some(form) = by_labels.or(by_name) {
                let cell = table.anchored_in(start).next();
                let place = cell.map_or(Place::Paragraph { paragraph: 0, range: None }, |cell| table.place(cell));
                let labels: Vec<&str> = form.labels_that_tell.iter().map(|label| label.as_str()).collect();
                let known_by = if by_name.is_some() { form.name.clone() } else { labels.join("、") };
                let money = self.pending_money.take().unwrap_or_else(|| lines::assumed(form));
                let mut region = Region::new(form, known_by, place, money);
                region.told = self.above.told_of_untitled(form.kind, &self.mappings.surroundings);
                self.begin(region);
            } else {
                return self.rows_outside(&rows);
            }
        }
        if let Some(region) =
            self.current.map(|index| &mut self.regions[index]).filter(|region| region.is_in_two_units(&rows))
        {
            region.money = Money::Unknown("a unit line between two tables".into());
        }
        self.push(Part::Rows(rows));
    }

    /// T-3: labels recognise a form only where no title stands, and only if no other form fits them.
    fn by_labels(&self, rows: &Rows<'_>) -> Option<&'m FormMapping> {
        if self.unknown_heading || self.current.is_some() {
            return None;
        }
        let labels: Set<Label> = rows
            .table
            .cells
            .iter()
            .filter(|cell| rows.rows.contains(&cell.row))
            .map(|cell| Label::new(&cell.text))
            .collect();
        let mut fitting = self.mappings.forms.iter().filter(|form| {
            form.kind != Kind::Prose
                && !form.labels_that_tell.is_empty()
                && form.labels_that_tell.iter().all(|label| labels.contains(label))
        });
        match (fitting.next(), fitting.next()) {
            (Some(form), None) => Some(form),
            _ => None,
        }
    }

    /// Below a title that has no table yet, and a line that is not understood, rows with labels of the title's form: it is not blank,
    /// though nothing of it can be read.
    fn may_be_titled_above(&mut self, rows: &Rows<'d>, numbers: usize) {
        /// So many labels stand in no other table by chance.
        const SEVERAL: usize = 3;
        let Some(region) = self.without_table.map(|index| &mut self.regions[index]) else { return };
        let form = region.form;
        let knows = |cell: &&Cell| {
            let label = Label::new(&cell.text);
            form.columns.contains_key(fold(&cell.text).as_str())
                || form.across.contains_key(&label)
                || form.down.contains_key(&label)
                || self.mappings.vocabulary.meaning(&label).is_some()
        };
        let cells = rows.table.cells.iter().filter(|cell| rows.rows.contains(&cell.row));
        if form.kind == Kind::Table && cells.filter(knows).nth(SEVERAL - 1).is_some() {
            region.copied += numbers;
        }
    }

    fn rows_outside(&mut self, rows: &Rows<'d>) {
        // The unit line above them was theirs; the next table may state its own.
        self.pending_is_of_another = true;
        let before = self.outside.len();
        let mut first = None;
        for cell in rows.table.cells.iter().filter(|cell| rows.rows.contains(&cell.row)) {
            let text = Text { text: &cell.text, place: rows.table.place(cell), offset: cell.offset };
            first.get_or_insert_with(|| (text.text.split_whitespace().collect::<String>(), text.place.clone()));
            self.count_outside(&text, Fate::Outside, "no form");
        }
        let count = self.outside.len() - before;
        self.may_be_titled_above(rows, count);
        if let (Some((title, place)), true) = (first, count > 0) {
            let title = self.titles_seen.last().cloned().unwrap_or(title);
            self.pending.push((title, place, count));
        }
    }
}
