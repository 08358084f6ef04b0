//! Presenting: a published snapshot becomes what a person compares.
//!
//! *In:* the tables of a dataset. *Out:* rows of plain values, for the command line to draw, or a page. Reads with polars'
//! lazy queries, writes nothing, and prints nothing.

mod compare;
mod completeness;
mod findings;
mod page;
mod statement;
mod trend;

pub use compare::{
    Cause, Change, Comparison, DocumentChange, FigureChange, FindingChange, NoPair, Pair, compare, named, since,
};
pub use completeness::{Completeness, UnitForms, completeness};
pub use findings::{CheckedRow, FindingRow, checked, findings};
pub use page::{PageOptions, page};
pub use statement::{Statement, statements_elsewhere};
pub use trend::{Stated, TrendRow, trend};
