//! What single cells of the tables hold: their values on the way, amounts in millionths, ids, flags.

use sha2::{Digest, Sha256};

use crate::model::{Checked, Finding, Measure, hex};

/// The value of one cell on its way into a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    /// Nothing.
    Null,
    /// A text; the empty one is nothing.
    Text(&'a str),
    /// A whole number; in a timestamp column, microseconds since 1970.
    Int(i64),
    /// True or false.
    Flag(bool),
    /// An exact decimal, times 10⁶.
    Amount(i128),
}

impl Cell<'_> {
    /// A whole number, or nothing.
    pub(crate) fn int(value: Option<i64>) -> Cell<'static> {
        value.map_or(Cell::Null, Cell::Int)
    }

    /// An amount times 10⁶, or nothing.
    pub(crate) fn amount(value: Option<i128>) -> Cell<'static> {
        value.map_or(Cell::Null, Cell::Amount)
    }
}

/// The flag of a figure whose entity stands for the unit.
pub(crate) const ENTITY_IS_UNIT: &str = "entity_is_unit";
/// The flag of a figure without entity that does not speak for the unit.
pub(crate) const NOT_IN_FACTS: &str = "not_in_facts";

/// The places of a finding, joined by `; `.
pub(crate) fn places_text(finding: &Finding) -> String {
    let places: Vec<String> = finding.places.iter().map(ToString::to_string).collect();
    places.join("; ")
}

/// The stable id of a finding: of its code, where it stands and what it is about.
pub(crate) fn finding_id(finding: &Finding, about: &[&str]) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0]);
    };
    part(finding.word());
    about.iter().for_each(|text| part(text));
    part(&finding.form);
    part(&places_text(finding));
    part(&finding.subject);
    hex(&hash.finalize()[..8])
}

/// Of whom and what a rule that was due speaks.
pub(crate) struct CheckedOf<'a> {
    pub unit_id: &'a str,
    pub unit: &'a str,
    pub fiscal_year: Option<i32>,
    /// Empty where it speaks of all that the unit tells of the year.
    pub document_id: &'a str,
}

impl<'a> CheckedOf<'a> {
    /// Its row of `checks`.
    pub(crate) fn row(&self, checked: &'a Checked) -> [Cell<'a>; 11] {
        let Checked { rule, form, tally } = checked;
        let count = |count: u32| Cell::Int(i64::from(count));
        [
            Cell::Text(self.unit_id),
            Cell::Text(self.unit),
            Cell::int(self.fiscal_year.map(i64::from)),
            Cell::Text(form),
            Cell::Text(&rule.code),
            Cell::Text(&rule.says),
            count(tally.exact),
            count(tally.within_rounding),
            count(tally.last_digit),
            count(tally.broken),
            Cell::Text(self.document_id),
        ]
    }
}

/// Whether a measure's word is one of a rate.
pub(crate) fn is_rate(measure: &str) -> bool {
    Measure::from_word(measure).is_some_and(Measure::is_rate)
}
