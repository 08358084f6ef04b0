//! Recognising: which forms a document holds, whose they are, and for which fiscal year.
//!
//! *In:* a document and the mappings. *Out:* the regions of the document that belong to forms, each with the lines around
//! it that tell unit, year and unit of measure; what stands in no form; the reporting unit and the fiscal year.
//!
//! By titles and labels, never by number or position of a table. Names no figure.

mod above;
mod described;
mod lines;
mod qualified;
mod regions;
mod scope;
mod side_by_side;
mod strangers;
mod tried;
mod walk;

pub(crate) use regions::{Recognised, Region, recognise};
pub(crate) use scope::{Scope, state_of_path, told_by_path};
pub(crate) use side_by_side::parted;
pub(crate) use strangers::Stranger;
pub use tried::{Fit, Tried};
pub(crate) use tried::{bare_title, form_of_title, says_unit, tried};
