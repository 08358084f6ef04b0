//! One form of a document, as far as it has been read.

use std::ops::Range;

use super::above::Above;
use super::told::{Stranger, Told};
use crate::locate::{Money, Part, Rows};
use crate::mapping::{DoubtedRow, FormMapping, Kind, Mappings, accounts};
use crate::model::{NumberRecord, Place, Table, fold, has_digits};

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
    /// The project that a line above it names; blank where the line names none.
    pub(crate) project: Option<String>,
    /// The unit of amounts in it.
    pub(crate) money: Money,
    /// It is that of a table above, until a line says otherwise.
    pub(super) unit_is_of_another: bool,
    /// A line below rows told it, and none above them.
    pub(super) unit_came_below: bool,
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
    /// Rows and columns of which its notes say so, with the note.
    pub(crate) doubted: Vec<(DoubtedRow, String)>,
    /// Its title stands again below amounts: a second version, which may say otherwise.
    pub(crate) told_again: bool,
    /// It is of another unit or year than the document.
    pub(crate) stranger: Option<Stranger>,
    /// No title made it known, only a heading.
    pub(super) by_heading: bool,
    /// Its sentences made it known, and none speaks of a budget.
    pub(crate) of_finals: bool,
}

impl<'m> Region<'_, 'm> {
    /// Its table is of all budgets: it speaks of the accounts, and of no fund.
    pub(super) fn is_of_all_budgets(&self) -> bool {
        let context = &self.form.context;
        let of_accounts = context.item.is_some() || self.form.roots.iter().any(|item| **item == *accounts::ALL_INCOME);
        self.form.kind == Kind::Table && context.funding.is_none() && of_accounts
    }

    /// A form that begins here; nothing of it has been read.
    pub(super) fn new(form: &'m FormMapping, known_by: String, place: Place, money: Money) -> Self {
        Region {
            form,
            known_by,
            place,
            parts: Vec::new(),
            project: None,
            money,
            unit_is_of_another: false,
            unit_came_below: false,
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
            doubted: Vec::new(),
            told_again: false,
            stranger: None,
            by_heading: false,
            of_finals: false,
        }
    }

    /// What a later title or heading tells is of another unit or year than this form.
    pub(super) fn is_of_another(&self, told: &Told, mappings: &Mappings) -> bool {
        self.told.differs(told, &mappings.surroundings, || self.parts.iter().any(states_amount))
    }

    /// Its notes stand above rows of the same sheet that begin with a header: they are those of another table, whose title
    /// may be lost.
    pub(super) fn is_whole_above(&self, rows: &Rows<'_>) -> bool {
        let same = matches!(self.parts.last(), Some(Part::Rows(above)) if std::ptr::eq(above.table, rows.table));
        self.is_noted && self.form.kind == Kind::Table && same && self.begins_with_header(rows)
    }

    /// A line told the unit below rows that had none, and these begin with a header below it: it is theirs, and may not be that
    /// of the rows above.
    pub(super) fn is_in_two_units(&self, rows: &Rows<'_>) -> bool {
        self.unit_came_below && self.form.kind == Kind::Table && self.begins_with_header(rows)
    }

    fn begins_with_header(&self, rows: &Rows<'_>) -> bool {
        let filled = |row: &usize| rows.table.anchored_in(*row).any(|cell| !cell.is_blank());
        let heads = |row: usize| {
            rows.table.anchored_in(row).any(|cell| self.form.columns.contains_key(fold(&cell.text).as_str()))
        };
        rows.rows.clone().find(filled).is_some_and(heads)
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

/// Rows with a number.
pub(super) fn holds_a_number(part: &Part<'_>) -> bool {
    let Part::Rows(rows) = part else { return false };
    let mut cells = rows.rows.clone().flat_map(|row| rows.table.anchored_in(row));
    cells.any(|cell| has_digits(&cell.text) && !cell.text.contains(char::is_alphabetic))
}

/// A paragraph that states an amount.
pub(super) fn states_amount(part: &Part<'_>) -> bool {
    matches!(part, Part::Paragraph(paragraph) if paragraph.text.contains('元') && has_digits(&paragraph.text))
}
