//! Reading: the bytes of one file become a [`Document`](crate::model::Document).
//!
//! *In:* bytes and a name. *Out:* paragraphs and tables in order, each cell with its text, exact number and place; or
//! a [`Refusal`] that says why nothing can be made of the file and what to do.
//!
//! The type is told by the bytes, never by the name. Knows no mapping and no template.

mod number_format;
mod package;
mod refusal;
#[cfg(test)]
mod workbook_tests;
mod worksheet;
mod xls;
mod xlsx;
mod xml;

pub use refusal::{Reason, Refusal};
