//! Lines and rows of fields around score tables: 项目名称：林区道路　评价年度：2022年 tells whose the table below is.

use super::super::regions::Region;
use super::{Text, Walk};
use crate::mapping::{ColumnRole, FormMapping, Kind};
use crate::model::{Block, Cell, Label, Place, Table, fold};

/// What one of several fields says: its label, and its value without outer blanks.
struct Told<'t> {
    label: &'t str,
    value: String,
}

impl Told<'_> {
    fn names_project(&self, form: &FormMapping) -> bool {
        form.fields.get(&Label::new(self.label)).is_some_and(|field| field.project)
    }
}

/// The fields of a form that a line tells; none if it tells anything else.
fn of_line<'t>(text: &'t str, form: &FormMapping) -> Option<Vec<Told<'t>>> {
    let mut told: Vec<Told<'t>> = Vec::new();
    for piece in text.split_whitespace() {
        let field = piece.split_once([':', '：']).filter(|(label, _)| is_field(label, form));
        match (field, told.last_mut()) {
            (Some((label, value)), _) => told.push(Told { label, value: value.to_owned() }),
            // 项目名称： 林区 道路
            (None, Some(last)) if !piece.contains([':', '：']) => last.value.push_str(piece),
            _ => return None,
        }
    }
    (!told.is_empty()).then_some(told)
}

/// The fields that the cells of a row tell: 项目名称 | 林区道路 | 评价年度：2022年. None if any cell is neither a label nor a value.
fn of_row<'t>(table: &'t Table, row: usize, form: &FormMapping) -> Option<Vec<Told<'t>>> {
    let mut told = Vec::new();
    let mut cells = table.anchored_in(row).peekable();
    while let Some(cell) = cells.next() {
        if cell.is_blank() {
            continue;
        }
        let label = cell.text.trim().trim_end_matches(['：', ':']);
        if !is_field(label, form) {
            told.extend(of_line(&cell.text, form)?);
            continue;
        }
        let beside = cell.column + cell.column_span;
        let value = cells.next_if(|next| next.column == beside).map_or("", |next| next.text.as_str());
        if is_field(value, form) {
            return None;
        }
        told.push(Told { label, value: value.trim().to_owned() });
    }
    (!told.is_empty()).then_some(told)
}

fn is_field(label: &str, form: &FormMapping) -> bool {
    form.fields.contains_key(&Label::new(label))
}

impl<'d, 'm> Walk<'d, 'm> {
    /// A line of fields above a score table, or between two of one form. Returns whether it is one.
    pub(super) fn takes_fields_of_line(&mut self, text: &str, place: &Place) -> bool {
        let Some(form) = self.score_table() else { return false };
        let told = of_line(text, form).filter(|told| self.head_table(form, told));
        told.is_some_and(|told| self.takes_fields(form, &told, place.clone()))
    }

    /// 项目名称：林区道路, where no form goes on: right above a title it names the project of the form that begins there; right
    /// above a table that a score table like the last one heads, a form of that title begins.
    pub(super) fn names_next_project(&mut self, text: &str, place: &Place) -> bool {
        let names_project = |form: &&'m FormMapping| form.fields.values().any(|field| field.project);
        let mut forms = self.mappings.forms.iter().filter(|form| form.kind == Kind::Indicators).filter(names_project);
        let named = forms.find_map(|form| {
            let told = of_line(text, form)?;
            told.iter().find(|told| told.names_project(form)).map(|told| (form, told.value.clone()))
        });
        let Some((form, name)) = named else { return false };
        let last = self.regions.last().filter(|last| last.form.form == form.form && self.is_above_scores(last.form));
        let Some(last) = last else {
            self.pending_project = Some(name);
            return false;
        };
        let mut region = Region::new(last.form, last.known_by.clone(), place.clone(), last.money.clone());
        (region.told, region.project) = (last.told.clone(), Some(name));
        self.begin(region);
        true
    }

    /// The table that stands next begins with a header of indicators.
    fn is_above_scores(&self, form: &FormMapping) -> bool {
        let Some(Block::Table(table)) = self.below.first() else { return false };
        let role = |cell: &Cell| form.columns.get(fold(&cell.text).as_str()).copied();
        table.sheet.is_none() && table.anchored_in(0).any(|cell| role(cell) == Some(ColumnRole::Level(1)))
    }

    /// The form that begins here is of the project that the line right above its title named.
    pub(super) fn of_pending_project(&mut self, pending: Option<String>) {
        if let (Some(name), Some(index)) = (pending, self.current) {
            let region = &mut self.regions[index];
            if region.form.kind == Kind::Indicators && region.form.fields.values().any(|field| field.project) {
                region.project = Some(name);
            }
        }
    }

    /// The row tells fields of the score table whose rows it stands above.
    pub(super) fn is_row_of_fields(&self, table: &Table, row: usize) -> bool {
        let Some(form) = self.score_table() else { return false };
        of_row(table, row, form).is_some_and(|told| self.head_table(form, &told))
    }

    pub(super) fn takes_fields_of_row(&mut self, table: &'d Table, row: usize) {
        let Some(form) = self.score_table() else { return };
        let cells: Vec<&Cell> = table.anchored_in(row).filter(|cell| !cell.is_blank()).collect();
        if let (Some(told), Some(first)) = (of_row(table, row, form), cells.first()) {
            self.takes_fields(form, &told, table.place(first));
        }
        for cell in cells {
            self.caption(&Text { text: &cell.text, place: table.place(cell), offset: cell.offset }, "field");
        }
    }

    /// The form of the score table that is read.
    fn score_table(&self) -> Option<&'m FormMapping> {
        let form = self.current.map(|index| self.regions[index].form)?;
        (form.kind == Kind::Indicators).then_some(form)
    }

    /// Below the rows of a table only the name of another project heads one more.
    fn head_table(&self, form: &FormMapping, told: &[Told<'_>]) -> bool {
        let is_above = self.current.is_some_and(|index| self.regions[index].parts.is_empty());
        is_above || told.iter().any(|told| told.names_project(form))
    }

    fn takes_fields(&mut self, form: &'m FormMapping, told: &[Told<'_>], place: Place) -> bool {
        let Some(index) = self.current else { return false };
        if !self.regions[index].parts.is_empty() {
            let above = &self.regions[index];
            let mut region = Region::new(form, above.known_by.clone(), place, above.money.clone());
            region.told = above.told.clone();
            self.begin(region);
        }
        if let (Some(name), Some(index)) = (told.iter().find(|told| told.names_project(form)), self.current) {
            self.regions[index].project = Some(name.value.clone());
        }
        true
    }
}
