//! A document with its forms recognised: its regions, whose they are, and what stands in none.

use std::ops::Range;
use std::sync::Arc;

use super::above::Above;
use super::lines;
use super::scope::{Scope, same_unit};
use super::strangers::{self, Stranger, Told};
use super::walk::{Otherwise, walked};
use crate::locate::{Money, Part, Rows};
use crate::mapping::{FormMapping, Kind, Mappings};
use crate::model::{Block, Cell, Document, Finding, FindingCode, NumberRecord, Place, Set, Table, fold};

/// A document with its forms recognised.
#[derive(Debug)]
pub(crate) struct Recognised<'d, 'm> {
    /// Whose it is and for which year.
    pub(crate) scope: Scope,
    /// The forms, in document order.
    pub(crate) regions: Vec<Region<'d, 'm>>,
    /// Numbers that stand in no form.
    pub(crate) outside: Vec<NumberRecord>,
    /// Titles and headings seen that are no known form's, for messages.
    pub(crate) titles_seen: Vec<String>,
    /// What recognising noticed.
    pub(crate) findings: Vec<Finding>,
}

/// One form of a document.
#[derive(Debug)]
pub(crate) struct Region<'d, 'm> {
    pub(crate) form: &'m FormMapping,
    /// The title or labels that made it known.
    pub(crate) known_by: String,
    /// Where it begins.
    pub(crate) place: Place,
    /// Its paragraphs and rows.
    pub(crate) parts: Vec<Part<'d>>,
    /// The unit of amounts in it.
    pub(crate) money: Money,
    /// It is that of a table above, until a line says otherwise.
    pub(super) unit_is_of_another: bool,
    /// The number of its table: 公开05表.
    pub(super) number: Option<String>,
    /// Numbers of the lines around it: titles, unit lines, notes.
    pub(crate) captions: Vec<NumberRecord>,
    /// A line says that the table holds no data.
    pub(crate) says_no_data: bool,
    /// No line of the document had told a year where it began.
    pub(crate) before_any_year: bool,
    /// Its notes, folded: some say what its labels mean.
    pub(crate) notes: Vec<String>,
    /// A note stands below its rows.
    pub(super) is_noted: bool,
    /// Numbers in the lines below its title that no table holds: a copy that lost its tables.
    pub(crate) copied: usize,
    /// The unit and the year that its title, or a line between title and table, tells.
    pub(crate) told: Told,
    /// What stood above it.
    pub(super) above: Above,
    /// A line says that its figures leave something out, or that one of them is a slip: the line.
    pub(super) qualified: Option<String>,
    /// Its title stands again below amounts: a second version, which may say otherwise.
    pub(crate) told_again: bool,
    /// It is of another unit or year than the document.
    pub(crate) stranger: Option<Stranger>,
    /// No title made it known, only a heading.
    pub(super) by_heading: bool,
}

impl<'m> Region<'_, 'm> {
    /// A form that begins here; nothing of it has been read.
    pub(super) fn new(form: &'m FormMapping, known_by: String, place: Place, money: Money) -> Self {
        Region {
            form,
            known_by,
            place,
            parts: Vec::new(),
            money,
            unit_is_of_another: false,
            number: None,
            captions: Vec::new(),
            says_no_data: false,
            before_any_year: false,
            notes: Vec::new(),
            is_noted: false,
            copied: 0,
            told: Told::default(),
            above: Above::default(),
            qualified: None,
            told_again: false,
            stranger: None,
            by_heading: false,
        }
    }

    /// What a later title or heading tells is of another unit or year than this form.
    pub(super) fn is_of_another(&self, told: &Told, mappings: &Mappings) -> bool {
        self.told.differs(told, mappings, || self.parts.iter().any(strangers::states_amount))
    }

    /// Its notes stand above rows of the same sheet that begin with a header: they are those of another table, whose title
    /// may be lost.
    pub(super) fn is_whole_above(&self, rows: &Rows<'_>) -> bool {
        let same = matches!(self.parts.last(), Some(Part::Rows(above)) if std::ptr::eq(above.table, rows.table));
        let filled = |row: &usize| rows.table.anchored_in(*row).any(|cell| !cell.is_blank());
        let heads = |row: usize| {
            rows.table.anchored_in(row).any(|cell| self.form.columns.contains_key(fold(&cell.text).as_str()))
        };
        self.is_noted && self.form.kind == Kind::Table && same && rows.rows.clone().find(filled).is_some_and(heads)
    }

    /// The first column that its rows in a table have anything in, those that are still being read among them.
    pub(super) fn first_column(&self, table: &Table, being_read: Range<usize>) -> usize {
        let read = match self.parts.last() {
            Some(Part::Rows(rows)) if std::ptr::eq(rows.table, table) => rows.first_column(),
            _ => None,
        };
        let being_read = Rows { table, rows: being_read }.first_column();
        read.into_iter().chain(being_read).min().unwrap_or(0)
    }
}

/// Recognises the forms of a document. `name` is its path, for unit and year where its text tells none.
pub(crate) fn recognise<'d, 'm>(document: &'d Document, name: &str, mappings: &'m Mappings) -> Recognised<'d, 'm> {
    let by_name = lines::title_of_name(name, mappings);
    let mut walk = walked(document, Otherwise::Nothing, mappings);
    if let Some(form) = by_name.filter(|_| walk.regions.is_empty() && has_one_sheet(document)) {
        // What nothing in it names, its name may.
        walk = walked(document, Otherwise::Name(form), mappings);
    }
    if walk.regions.is_empty() && walk.is_covered {
        walk = walked(document, Otherwise::Cover, mappings);
    }
    let mut regions = walk.regions;
    doubt_defaults(&mut regions);
    if let Some(form) = by_name.filter(|form| contradicts(&regions, form)) {
        let other = regions.iter().map(|region| &*region.form.form).collect::<Vec<_>>().join("、");
        walk.findings
            .push(Finding::new(FindingCode::FormContradiction, name).with_expected(&*form.form).with_actual(other));
    }
    let (scope, mut scope_findings) = walk.sources.settle(name, || unit_of_fields(&regions, mappings), mappings);
    walk.findings.append(&mut scope_findings);
    strangers::find(&mut regions, &scope, mappings);
    Recognised { scope, regions, outside: walk.outside, titles_seen: walk.titles_seen, findings: walk.findings }
}

/// The unit that all forms of fields name as theirs, in a document of nothing else.
fn unit_of_fields(regions: &[Region<'_, '_>], mappings: &Mappings) -> Option<String> {
    if regions.iter().any(|region| !matches!(region.form.kind, Kind::Fields | Kind::Indicators)) {
        return None;
    }
    let mut units = Vec::new();
    for part in regions.iter().flat_map(|region| &region.parts) {
        let Part::Rows(rows) = part else { continue };
        for row in rows.rows.clone() {
            let cells: Vec<&Cell> = rows.table.anchored_in(row).filter(|cell| !cell.text.trim().is_empty()).collect();
            let named = cells.windows(2).filter(|pair| mappings.surroundings.is_own_unit_field(&pair[0].text));
            units.extend(named.map(|pair| fold(&pair[1].text)));
        }
    }
    let (first, others) = units.split_first()?;
    let one = others.iter().all(|other| same_unit(first, other, &mappings.surroundings));
    (one && mappings.surroundings.looks_like_organisation(first)).then(|| first.clone())
}

/// The document's worksheets, if it has any, are one: its name cannot mean another.
fn has_one_sheet(document: &Document) -> bool {
    let sheets = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => table.sheet.as_deref(),
        Block::Paragraph(_) => None,
    });
    sheets.collect::<Set<&str>>().len() <= 1
}

/// A document whose name says that it is a form holds others, and not that one.
fn contradicts(regions: &[Region<'_, '_>], named: &FormMapping) -> bool {
    !regions.is_empty()
        && regions.iter().all(|region| region.form.kind == Kind::Table && region.form.form != named.form)
}

/// T-26: where a document states another unit than 万元, a form that states none is in doubt.
fn doubt_defaults(regions: &mut [Region<'_, '_>]) {
    use crate::model::UnitOfMeasure::{HundredMillionYuan, ThousandYuan, Yuan};
    let other = regions.iter().find_map(|region| match region.money {
        Money::Stated(Yuan) => Some("元"),
        Money::Stated(ThousandYuan) => Some("千元"),
        Money::Stated(HundredMillionYuan) => Some("亿元"),
        _ => None,
    });
    let Some(other) = other else { return };
    let other: Arc<str> = other.into();
    for region in regions.iter_mut().filter(|region| region.form.kind == Kind::Table) {
        if matches!(region.money, Money::Assumed(_)) {
            region.money = lines::in_doubt(&other);
        }
    }
}
