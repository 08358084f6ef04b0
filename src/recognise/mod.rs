//! Recognising: which forms a document holds, whose they are, and for which fiscal year.
//!
//! *In:* a document and the mappings. *Out:* the regions of the document that belong to forms, each with the lines around
//! it that tell unit, year and unit of measure; what stands in no form; the reporting unit and the fiscal year.
//!
//! By titles and labels, never by number or position of a table. Names no figure.

mod above;
mod asides;
mod brackets;
mod declared;
mod described;
mod fragment;
mod headings;
mod lines;
mod names;
mod path;
mod qualified;
mod recognised;
mod regions;
mod scope;
mod side_by_side;
mod silent;
mod strangers;
mod titles;
mod told;
mod tried;
mod walk;
mod years;

pub(crate) use asides::remarked;
pub(crate) use path::{state_of_path, told_by_path};
pub(crate) use recognised::{Recognised, recognise};
pub(crate) use regions::Region;
pub(crate) use scope::Scope;
pub(crate) use side_by_side::parted;
pub(crate) use told::Stranger;
pub use tried::{Fit, Tried};
pub(crate) use tried::{bare_title, form_of_title, says_unit, tried};
