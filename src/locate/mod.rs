//! Locating: which numbers of a form are values, and what each one is called.
//!
//! *In:* a recognised form with its mapping. *Out:* one [`Claim`] per value that the words on its path name, one
//! [`Leftover`] per number that they do not, and the fate of every number. **Nothing vanishes:** every run of digits of
//! the form is in the account exactly once.
//!
//! Knows tables, prose, labels and mappings. Knows no file format (that is `read`) and no amount (that is `normalise`):
//! what it hands on is still the text as written.

pub mod prose;

use crate::model::{Claim, Finding, Leftover, NumberRecord, Score, TextField};

/// What was located in one form.
#[derive(Clone, Debug, Default)]
pub struct Located {
    /// Values with their keys. The number of each stands in `numbers` with the fate `figure`.
    pub claims: Vec<Claim>,
    /// Indicators.
    pub scores: Vec<Score>,
    /// Text fields.
    pub texts: Vec<TextField>,
    /// Numbers that could not be named, each also in `numbers`.
    pub leftovers: Vec<Leftover>,
    /// What is doubtful, with places.
    pub findings: Vec<Finding>,
    /// Every number of the form and its fate, in document order.
    pub numbers: Vec<NumberRecord>,
}
