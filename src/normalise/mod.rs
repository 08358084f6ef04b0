//! Normalising: claims become figures with exact values in canonical units.
//!
//! *In:* the claims of one form, each a text with its key. *Out:* figures; findings and leftovers for what cannot be
//! read with certainty. A claim whose words leave something open stands where the amounts of the other claims prove it
//! ([`proof`]); no cell or sentence is looked at again. Amounts never pass through binary floating point.

mod figures;
mod keys;
mod magnitude;
pub(crate) mod number;
mod plausible;
mod proof;
mod value;

pub use figures::{
    Normalised, leave_over, leave_row_over, leave_versions_over, normalise, one_number_per_form, versions_of_one_table,
};
pub use magnitude::one_unit;
pub use number::{Doubt, Written, read};
pub use plausible::ask_for_units;
#[cfg(test)]
pub(crate) use proof::{Verdict, verdicts};
