//! Forms of fields: labels with their values beside, below or behind them, and small tables in between.

mod open;

use std::sync::Arc;

use self::open::{Open, PointsAbove};
use super::account::Account;
use super::grid::{Rows, recalled_label};
use super::table::{self, Frame, Money, Project};
use super::words::{Axis, Reader, Shape, holds_values, is_value, leading_year, shape, shape_of_text};
use super::{Located, NO_PERCENT_SIGN, NO_PROJECT, goes_on, indicators, says_percent, shows_percent, unreadable};
use crate::mapping::{ColumnRole, Field, FormMapping, Inner, Kind};
use crate::model::{
    AMOUNTS, Cell, Claim, Fate, Key, Label, Paragraph, Place, Role, Stands, Step, Table, TextField, Trace,
    UnitOfMeasure, digit_runs, fold,
};

/// A piece of the form, in document order.
#[derive(Clone, Debug)]
pub(crate) enum Part<'a> {
    Paragraph(&'a Paragraph),
    Rows(Rows<'a>),
}

/// Locates the fields and the small tables of one form.
pub(crate) fn locate(parts: &[Part<'_>], frame: &Frame<'_>, located: &mut Located) {
    let form = frame.form.form.clone();
    let mut fields = Fields { frame: frame.clone(), located, below: Vec::new(), open: None, form };
    fields.forget_project();
    for part in parts {
        match part {
            Part::Paragraph(paragraph) => {
                fields.end_inner();
                fields.paragraph(paragraph);
            }
            Part::Rows(rows) => match rows.unreadable_words(&frame.mappings.surroundings) {
                Some(why) => {
                    fields.end_inner();
                    fields.forget_project();
                    goes_on::leave(rows, why, frame, fields.located);
                }
                None => fields.rows(rows),
            },
        }
    }
    fields.end_inner();
}

/// Why values on a line around a form are left over: their table is lost, a line for each row or cell.
const OUTSIDE_TABLES: &str = "a value outside any table";

/// A label with a bracket behind it: 年初预算数（A）.
fn is_with_bracket(text: &str, label: &str) -> bool {
    text.strip_prefix(label).is_some_and(|rest| rest.starts_with('(') && rest.ends_with(')'))
}

struct Fields<'a, 'o> {
    frame: Frame<'a>,
    located: &'o mut Located,
    /// Labels whose value stands below, and the field.
    below: Vec<(&'a Cell, &'a Field)>,
    /// The table of the form in which the last rows stood.
    open: Option<Open<'a>>,
    form: Arc<str>,
}

impl<'a> Fields<'a, '_> {
    fn account(&mut self) -> Account<'_> {
        Account { form: &self.form, located: self.located }
    }

    // ---------------------------------------------------------------- paragraphs

    /// `预 算 编 码： 102`: a label, a colon, its value.
    fn paragraph(&mut self, paragraph: &Paragraph) {
        let place = paragraph.place();
        if let Some((label, value, start)) = behind_colon(&paragraph.text)
            && let Some(field) = self.field(label)
        {
            let label_digits: String = label.to_owned();
            self.account().text(&label_digits, &place, paragraph.offset, Fate::Ignored, "label");
            let length = value.chars().count();
            let offset = paragraph.offset.map(|offset| offset + start);
            if field.project {
                self.name_project(value);
            }
            self.text_value(field, value, place.narrowed(start, start + length), &place, start, offset);
            return;
        }
        if self.is_signature(&paragraph.text) {
            self.account().personal(&paragraph.text, &place, paragraph.offset);
            return;
        }
        if is_value(&paragraph.text) || holds_values(&paragraph.text) {
            return self.account().leftover_line(&paragraph.text, &place, paragraph.offset, OUTSIDE_TABLES);
        }
        self.account().text(&paragraph.text, &place, paragraph.offset, Fate::Ignored, "line around the form");
    }

    fn text_value(
        &mut self,
        field: &Field,
        value: &str,
        whole: Place,
        place: &Place,
        start: usize,
        offset: Option<usize>,
    ) {
        if field.personal {
            // Masked wherever it stands.
            let mut account = self.account();
            for run in digit_runs(value) {
                account.personal(
                    run.text,
                    &place.narrowed(start + run.start, start + run.end),
                    offset.map(|at| at + run.start),
                );
            }
        } else {
            for run in digit_runs(value) {
                let at = offset.map(|at| at + run.start);
                let spot = place.narrowed(start + run.start, start + run.end);
                self.located.numbers.push(crate::model::NumberRecord {
                    text: run.text.into(),
                    place: spot,
                    offset: at,
                    fate: Fate::Text,
                    rule: "text field".into(),
                    form: self.form.clone(),
                });
            }
        }
        self.push_text(field, value, whole);
    }

    fn push_text(&mut self, field: &Field, value: &str, place: Place) {
        let text = value.trim();
        if text.is_empty() {
            return;
        }
        self.located.texts.push(TextField {
            form: self.form.clone(),
            entity: self.frame.project.name(),
            item: field.name.clone(),
            measure: "",
            text: text.to_owned(),
            place,
            rule: self.frame.rule.clone(),
            personal: field.personal,
        });
    }

    fn is_signature(&self, text: &str) -> bool {
        let folded = fold(text);
        let words = &self.frame.mappings.surroundings;
        words.is_signature(&folded)
            || folded.contains([':', '('])
                && words.personal.iter().any(|word| {
                    folded.match_indices(word.as_str()).any(|(at, _)| folded[at + word.len()..].starts_with([':', '(']))
                })
    }

    fn field(&self, label: &str) -> Option<&'a Field> {
        // 按收入性质分：
        self.frame.form.fields.get(&*recalled_label(label.trim().trim_end_matches(['：', ':'])))
    }

    // ---------------------------------------------------------------- tables

    fn rows(&mut self, rows: &Rows<'a>) {
        let table = rows.table;
        // A table of the form goes on behind a page break, where no header of its own stands.
        if self.open.as_ref().is_some_and(|open| !open.goes_on_in(table)) {
            self.end_inner();
        }
        let mut inner = self.open.take();
        if let Some(open) = &mut inner {
            open.parts.push(Rows { table, rows: rows.rows.start..rows.rows.start });
        }
        let mut grid: Option<usize> = None;
        // The row below words that head its columns, with which the small table has begun.
        let mut headed: Option<usize> = None;
        for row in rows.rows.clone() {
            let cells: Vec<&Cell> = table.anchored_in(row).filter(|cell| !cell.text.trim().is_empty()).collect();
            let band = match cells.as_slice() {
                [only] => only.column == 0 && only.column_span == table.width() && table.width() > 1,
                _ => false,
            };
            let header = cells
                .first()
                .and_then(|cell| self.frame.reader().role(&cell.text))
                .filter(|role| matches!(role, ColumnRole::Entity | ColumnRole::Personal));
            if band && inner.as_ref().is_some_and(|open| self.is_row_of(open, table, cells[0])) {
                self.account().cell(table, cells[0], Fate::Ignored, "label");
                continue;
            }
            let begins = self.inner_that_begins(&cells).or_else(|| {
                let below = self.inner_headed_by(rows, row, &cells)?;
                headed = Some(row + 1);
                Some(below)
            });
            let again = headed == Some(row)
                || begins.is_some_and(|begun| inner.as_ref().is_some_and(|open| open.begins_again(begun, table, row)));
            let starts_field = cells.iter().any(|cell| self.field(&cell.text).is_some());
            // What people sign below a table is a row of its worksheet, too.
            let is_signed = cells.first().is_some_and(|cell| self.is_signature(&cell.text));
            if !again && starts_field && inner.as_ref().is_some_and(|open| self.is_above_total(open, rows, row)) {
                self.field_row(rows, row, &PointsAbove::default());
                continue;
            }
            let mut points = PointsAbove::default();
            if !again && (band || header.is_some() || starts_field || is_signed || begins.is_some()) {
                if let Some(start) = grid.take() {
                    self.small_table(table, start, row);
                }
                if let Some(open) = inner.take() {
                    points = PointsAbove::of(&open);
                    self.inner_table(open);
                }
            }
            if let Some(open) = &mut inner {
                open.take(row);
            } else if let Some(begun) = begins {
                inner = Some(Open { inner: begun, parts: vec![Rows { table, rows: row..row + 1 }] });
            } else if band {
                self.band(table, cells[0]);
            } else if header.is_some() {
                grid = Some(row);
            } else if grid.is_some() {
                // Inside a small table.
            } else {
                self.field_row(rows, row, &points);
            }
        }
        if let Some(start) = grid.take() {
            self.small_table(table, start, rows.rows.end);
        }
        self.open = inner;
    }

    /// A word of the table of the form that goes on, alone in its row: where merges are lost, blank cells stood behind it, or none.
    fn is_row_of(&self, open: &Open<'a>, table: &Table, cell: &Cell) -> bool {
        let reader = Reader { form: &open.inner.form, ..self.frame.reader() };
        let knows = |axis| reader.word(&cell.text, axis).rule.is_some();
        !table.merges_known && self.field(&cell.text).is_none() && (knows(Axis::Down) || knows(Axis::Across))
    }

    /// A text among indicators that goes on with their total: 其他需要说明的事项 | 无 over 总分 | 100 | 97.
    fn is_above_total(&self, open: &Open<'a>, rows: &Rows<'a>, row: usize) -> bool {
        if !open.has_indicators() {
            return false;
        }
        let table = rows.table;
        let cells = |row: usize| table.anchored_in(row).filter(|cell| !cell.is_blank());
        let is_text = |row: &usize| {
            let field = cells(*row).next().and_then(|first| self.field(&first.text));
            field.is_some_and(|field| field.text && !field.below && !field.project) && cells(*row).count() <= 2
        };
        let behind = (row..rows.rows.end).find(|row| !is_text(row)).filter(|behind| *behind > row);
        let Some(behind) = behind else { return false };
        let reader = Reader { form: &open.inner.form, ..self.frame.reader() };
        let is_total = |cell: &Cell| reader.word(&cell.text, Axis::Down).rule.as_ref().is_some_and(|rule| rule.total);
        cells(behind).next().is_some_and(is_total) && cells(behind).any(|cell| self.shape(cell) == Shape::Number)
    }

    /// The table of the form that one of these cells begins.
    fn inner_that_begins(&self, cells: &[&Cell]) -> Option<&'a Inner> {
        let begins = |inner: &&Inner| {
            cells.iter().any(|cell| {
                let label = Label::new(&cell.text);
                inner.begins.iter().any(|begins| label == *begins || is_with_bracket(label.as_str(), begins.as_str()))
            })
        };
        self.frame.form.tables.iter().find(begins)
    }

    /// The table of money that begins in the next row, where this one has words over its columns: 项目资金 | 上年 | 本年 over
    /// (the same cell) | 年初预算数 | 年初预算数.
    fn inner_headed_by(&self, rows: &Rows<'a>, row: usize, cells: &[&Cell]) -> Option<&'a Inner> {
        let table = rows.table;
        let first = cells.first().filter(|first| first.column == 0 && cells.len() > 1 && row + 1 < rows.rows.end)?;
        let below: Vec<&Cell> = table.anchored_in(row + 1).filter(|cell| !cell.is_blank()).collect();
        let goes_on = first.row_span > 1 || !table.merges_known && below.first().is_some_and(|cell| cell.column > 0);
        let are_words = cells.iter().all(|cell| self.shape(cell) == Shape::Words && self.field(&cell.text).is_none());
        let inner = self.inner_that_begins(&below).filter(|inner| inner.form.kind != Kind::Indicators);
        inner.filter(|_| goes_on && are_words)
    }

    /// Reads a table of the form as its own file says.
    fn inner_table(&mut self, open: Open<'a>) {
        let form: &'a FormMapping = &open.inner.form;
        let frame = Frame { form, rule: form.file.as_str().into(), ..self.frame.clone() };
        match form.kind {
            Kind::Indicators => indicators::locate(&open.parts, &frame, self.located),
            _ => table::locate(&open.parts, &frame, false, self.located),
        }
    }

    /// In a form of projects, what follows is nobody's until a project is named.
    fn forget_project(&mut self) {
        if self.frame.form.fields.values().any(|field| field.project) {
            self.frame.project = Project::Unnamed;
        }
    }

    /// Nothing goes on behind this.
    fn end_inner(&mut self) {
        if let Some(open) = self.open.take() {
            self.inner_table(open);
        }
    }

    fn small_table(&mut self, table: &'a Table, start: usize, end: usize) {
        let rows = Rows { table, rows: start..end };
        let first_role = table.anchored_in(start).next().and_then(|cell| self.frame.reader().role(&cell.text));
        if first_role == Some(ColumnRole::Personal) {
            self.personal_table(&rows);
        } else {
            table::locate(&[rows], &self.frame, false, self.located);
        }
    }

    /// Names and signatures: below each header that is personal, everything is.
    fn personal_table(&mut self, rows: &Rows<'a>) {
        for cell in cells_of(rows) {
            let place = rows.table.place(cell);
            let header = rows.table.at(rows.rows.start, cell.column).map_or("", |header| &header.text);
            let personal = self.frame.reader().role(header) == Some(ColumnRole::Personal);
            if cell.row > rows.rows.start && personal {
                self.account().personal(&cell.text, &place, cell.offset);
                let field = Field {
                    item: None,
                    measure: crate::model::Measure::Final,
                    name: header.split_whitespace().collect(),
                    text: true,
                    personal: true,
                    below: true,
                    project: false,
                };
                self.push_text(&field, &cell.text, place);
            } else {
                self.account().cell(rows.table, cell, Fate::Ignored, "people of the evaluation");
            }
        }
    }

    /// A heading inside the table; its bracket may state the unit of what follows.
    fn band(&mut self, table: &Table, cell: &Cell) {
        self.below.clear();
        if self.is_signature(&cell.text) {
            let place = table.place(cell);
            self.account().personal(&cell.text, &place, cell.offset);
            return;
        }
        if let Some(unit) = self.unit_in_bracket(&cell.text) {
            self.frame.money = Money::Stated(unit);
        }
        self.account().cell(table, cell, Fate::Ignored, "heading");
    }

    fn shape(&self, cell: &Cell) -> Shape {
        shape(Some(cell), &self.frame.mappings.surroundings)
    }

    /// The unit of money that a bracket at the end of a text states: 年度收入情况（万元）.
    fn unit_in_bracket(&self, text: &str) -> Option<UnitOfMeasure> {
        let folded = fold(text);
        let inner = folded.strip_suffix(')')?.rsplit_once('(')?.1;
        let unit = self.frame.mappings.surroundings.unit_in_bracket(inner);
        unit.filter(|unit| unit.is_money())
    }

    /// Labels with values to their right, or with values in the row below.
    ///
    /// 自评总分 | 100 | 97.6: right below the points and the scores of indicators, the score is what stands below the scores.
    fn field_row(&mut self, rows: &Rows<'a>, row: usize, points: &PointsAbove) {
        let table = rows.table;
        let below = std::mem::take(&mut self.below);
        let cells: Vec<&'a Cell> = table.anchored_in(row).collect();
        let mut taken: Vec<usize> = Vec::new();
        // Behind a label that has no cell for its value, whose the next value is, is not told: 人员编制 | 实有人数 | 30 | 28.
        let mut without_value = false;
        for cell in &cells {
            if taken.contains(&cell.column) {
                continue;
            }
            if let Some(field) = self.field(&cell.text) {
                self.account().cell(table, cell, Fate::Ignored, "label");
                if field.project {
                    // Until its name is read, what follows is nobody's.
                    self.frame.project = Project::Unnamed;
                }
                if field.below {
                    self.below.push((cell, field));
                    continue;
                }
                let Some(mut value) = self.value_beside(rows, &cells, cell) else { continue };
                if field.measure.is_score() && points.weights.contains(&value.column) {
                    taken.push(value.column);
                    let score = cells.iter().find(|cell| points.scores.contains(&cell.column));
                    let Some(score) = score.filter(|score| self.shape(score) == Shape::Number) else {
                        self.account().leftover(table, value, squeezed(&cell.text), "points, and no score");
                        continue;
                    };
                    self.account().cell(table, value, Fate::Ignored, "points of the whole");
                    value = score;
                }
                if self.field(&value.text).is_some() {
                    without_value = true;
                    continue;
                }
                taken.push(value.column);
                let doubt = self.doubt_beside(&cells, value, without_value).filter(|_| field.item.is_some());
                if let Some(doubt) = doubt {
                    self.account().leftover(table, value, squeezed(&cell.text), doubt);
                } else {
                    self.field_value(table, value, field, &cell.text);
                    self.trace(table, value, field, cell);
                }
                continue;
            }
            let over = |label: &Cell| (label.column..label.column + label.column_span).contains(&cell.column);
            if let Some((label, field)) = below.iter().find(|(label, _)| over(label)) {
                self.field_value(table, cell, field, "");
                self.trace(table, cell, field, label);
                continue;
            }
            self.loose_cell(table, cell);
        }
    }

    /// Why the number beside a label is not certain to be its value.
    fn doubt_beside(&self, cells: &[&Cell], value: &Cell, without_value: bool) -> Option<&'static str> {
        if self.shape(value) != Shape::Number {
            return None;
        }
        if without_value {
            return Some("two labels side by side");
        }
        // 自评总分 | 100 | 97.6: the first may be what could be reached.
        let next = cells.iter().find(|cell| cell.column > value.column && !cell.is_blank());
        next.filter(|next| self.shape(next) == Shape::Number).map(|_| "two numbers beside one label")
    }

    /// The cell of a label's value: the next one. Where merges are lost, a label may have left blank cells behind it: then it is
    /// the one that stands where the value of another label of its column does, and nothing stands between in any row of fields.
    fn value_beside(&self, rows: &Rows<'a>, cells: &[&'a Cell], label: &Cell) -> Option<&'a Cell> {
        let table = rows.table;
        let next = cells.iter().find(|value| value.column == label.column + label.column_span).copied()?;
        if table.merges_known || !next.is_blank() {
            return Some(next);
        }
        let Some(value) = cells.iter().find(|value| value.column > next.column && !value.is_blank()).copied() else {
            return Some(next);
        };
        let filled = |row: usize| table.anchored_in(row).filter(|cell| !cell.is_blank());
        let begins = |row: &usize| self.inner_that_begins(&filled(*row).collect::<Vec<_>>()).is_some();
        let fields = || rows.rows.clone().take_while(|row| !begins(row));
        let between = next.column..value.column;
        // In a row that begins with another word its cells may be narrower.
        let begins_with_field = |row: &usize| {
            filled(*row).find(|cell| cell.column == label.column).is_some_and(|cell| self.field(&cell.text).is_some())
        };
        let is_blank_between =
            fields().filter(begins_with_field).all(|row| !filled(row).any(|cell| between.contains(&cell.column)));
        let has_value_there = |row: usize| {
            let named = filled(row).any(|cell| cell.column == label.column && self.field(&cell.text).is_some());
            named && filled(row).any(|cell| cell.column == value.column && self.field(&cell.text).is_none())
        };
        let has_another = || fields().any(|row| row != label.row && has_value_there(row));
        Some(if is_blank_between && has_another() { value } else { next })
    }

    fn field_value(&mut self, table: &Table, cell: &Cell, field: &Field, label: &str) {
        if let Some(why) = unreadable(cell).filter(|_| !field.personal) {
            return match self.shape(cell) {
                Shape::Number => self.account().leftover(table, cell, squeezed(label), why),
                _ => self.account().leftover_words(table, cell),
            };
        }
        let place = table.place(cell);
        if field.project {
            self.name_project(&cell.text);
        }
        let Some(item) = field.item.clone().filter(|_| !field.text && !field.personal) else {
            if field.personal {
                self.account().personal(&cell.text, &place, cell.offset);
            } else {
                self.account().cell(table, cell, Fate::Text, "text field");
            }
            self.push_text(field, &cell.text, place);
            return;
        };
        match self.shape(cell) {
            Shape::Number if self.frame.project == Project::Unnamed => {
                self.account().leftover(table, cell, squeezed(label), NO_PROJECT);
            }
            Shape::Number => {
                let unit = match self.unit_of(table, cell, &item, field, label) {
                    Ok(unit) => unit,
                    Err(doubt) => return self.account().leftover(table, cell, squeezed(label), doubt),
                };
                let rule = self.frame.rule.clone();
                self.account().value(table, cell, Fate::Figure, rule);
                let entity = self.frame.project.name();
                self.located.claims.push(Box::new(Claim {
                    key: Key { entity, item, measure: field.measure, ..Key::default() },
                    written: cell.text.trim().into(),
                    number: cell.number.clone(),
                    unit,
                    negative: false,
                    label: squeezed(label),
                    place,
                    offset: cell.offset,
                    rule: self.frame.rule.clone(),
                    flags: Vec::new(),
                    doubt: None,
                }));
            }
            Shape::Words => self.account().leftover_words(table, cell),
            Shape::Blank | Shape::Dash => {}
        }
    }

    /// What follows is of the project that a field names, or of none where it names none.
    fn name_project(&mut self, text: &str) {
        self.frame.project = project_named(text, &self.frame);
    }

    /// Tells which label named a value, where that was asked for.
    fn trace(&mut self, table: &Table, cell: &Cell, field: &Field, label: &Cell) {
        let Some(item) = field.item.as_ref().filter(|_| self.frame.traced && self.shape(cell) == Shape::Number) else {
            return;
        };
        let says = vec![("item", item.to_string()), ("measure", field.measure.word().to_owned())];
        let step = Step {
            stands: Stands::Field,
            place: Some(table.place(label)),
            written: label.text.split_whitespace().collect(),
            role: Role::Key,
            merged: says.clone(),
            says,
        };
        self.located.traces.push(Trace { place: table.place(cell), form: self.form.clone(), steps: vec![step] });
    }

    /// The unit of a field's value, or why it is not told.
    fn unit_of(
        &self,
        table: &Table,
        cell: &Cell,
        item: &str,
        field: &Field,
        label: &str,
    ) -> Result<UnitOfMeasure, &'static str> {
        if field.measure.is_score() {
            return Ok(UnitOfMeasure::Points);
        }
        match self.frame.mappings.vocabulary.item(item).map_or(AMOUNTS, |item| &item.unit) {
            AMOUNTS => self.unit_of_amount(table, cell),
            "%" if shows_percent(cell) || says_percent(label) => Ok(UnitOfMeasure::Percent),
            "%" => Err(NO_PERCENT_SIGN),
            "分" => Ok(UnitOfMeasure::Points),
            _ => Ok(UnitOfMeasure::Count),
        }
    }

    /// A cell to the left may state it, over all rows of a block: 预算执行情况（万元）.
    fn unit_of_amount(&self, table: &Table, cell: &Cell) -> Result<UnitOfMeasure, &'static str> {
        let left = (0..cell.column).rev().filter_map(|column| table.at(cell.row, column));
        let beside = left.into_iter().find_map(|cell| self.unit_in_bracket(&cell.text));
        match (beside, &self.frame.money) {
            (Some(beside), Money::Stated(line)) if beside != *line => {
                Err("the unit of the label and that of the unit line")
            }
            (Some(unit), _) => Ok(unit),
            (None, Money::Stated(unit)) => Ok(*unit),
            (None, Money::Assumed(unit)) if !self.frame.form.unit_must_be_told => Ok(*unit),
            (None, Money::Assumed(_) | Money::Unknown(_)) => Err("no unit of measure is told"),
        }
    }

    /// A cell that belongs to no field: known words are nothing, digits in others are left over.
    fn loose_cell(&mut self, table: &Table, cell: &Cell) {
        let place = table.place(cell);
        if self.is_signature(&cell.text) {
            return self.account().personal(&cell.text, &place, cell.offset);
        }
        let word = self.frame.reader().word(&cell.text, Axis::Down);
        let heading = word.rule.is_some() || leading_year(fold(&cell.text).trim_matches(['(', ')'])).is_some();
        if heading {
            self.account().cell(table, cell, Fate::Ignored, "label");
        } else {
            self.account().leftover_words(table, cell);
        }
    }
}

/// The project that a value beside 项目名称 names: words that are no label themselves.
pub(crate) fn project_named(text: &str, frame: &Frame<'_>) -> Project {
    let words = &frame.mappings.surroundings;
    let name: String = text.split_whitespace().collect();
    let known = frame.form.fields.contains_key(&*recalled_label(text.trim().trim_end_matches(['：', ':'])))
        || frame.reader().word(text, Axis::Down).rule.is_some()
        || words.is_total(&Label::new(text));
    let named = shape_of_text(text, words) == Shape::Words && !known;
    if named { Project::Named(name.into()) } else { Project::Unnamed }
}

fn squeezed(label: &str) -> String {
    label.split_whitespace().collect()
}

fn cells_of<'t>(rows: &Rows<'t>) -> impl Iterator<Item = &'t Cell> {
    let (table, range) = (rows.table, rows.rows.clone());
    table.cells.iter().filter(move |cell| range.contains(&cell.row) && !cell.text.trim().is_empty())
}

/// The label before a colon, the value behind it without outer blanks, and where that starts in characters.
fn behind_colon(text: &str) -> Option<(&str, &str, usize)> {
    let colon = text.find(['：', ':'])?;
    let width = text[colon..].chars().next().map_or(1, char::len_utf8);
    let behind = &text[colon + width..];
    let blank = behind.len() - behind.trim_start().len();
    let start = text[..colon + width + blank].chars().count();
    Some((&text[..colon], behind.trim(), start))
}
