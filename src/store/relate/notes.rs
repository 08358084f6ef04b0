//! What comparing figures finds out beside the facts themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::model::{Checked, Finding};
use crate::store::table::frame::Frame;

/// A finding that speaks of more than one document.
pub(crate) struct DerivedFinding {
    pub unit_id: String,
    pub unit: String,
    pub fiscal_year: Option<i32>,
    pub places: String,
    pub document_ids: String,
    /// The finding; its own places are not used, because each is of another document.
    pub finding: Finding,
}

/// A rule that was due between all that a unit tells of a year.
pub(crate) struct DerivedCheck {
    pub unit_id: String,
    pub unit: String,
    pub fiscal_year: i32,
    pub checked: Checked,
}

/// A form that two documents of one unit and year fill differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TwiceFilled {
    pub fiscal_year: i32,
    pub unit_id: String,
    pub form: String,
}

/// What comes out of comparing beside the table itself.
#[derive(Default)]
pub(crate) struct FactNotes {
    /// Conflicts and last digits of the slice in hand, in the order of the facts.
    pub findings: Vec<DerivedFinding>,
    /// The same of each year, written.
    pub finding_files: Vec<PathBuf>,
    /// The rules that were due in the slice in hand.
    pub checks: Vec<DerivedCheck>,
    /// The same of each year, written.
    pub check_files: Vec<PathBuf>,
    /// Forms filled differently by two documents, each with the documents.
    pub twice: BTreeMap<TwiceFilled, BTreeSet<String>>,
    /// The facts by year.
    pub years: BTreeMap<i32, Facts>,
}

/// The facts of a year.
pub(crate) struct Facts {
    /// Their file.
    pub path: PathBuf,
    /// The columns that the wide table is made of, where they were kept.
    pub kept: Option<Vec<Frame>>,
}
