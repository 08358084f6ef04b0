use std::sync::Arc;

use super::Severity;

/// A rule of `checks.yaml` as it is told of: what must hold between figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRule {
    /// The word in datasets: `checks::` and the rule's name.
    pub code: String,
    /// What must hold, for people.
    pub says: String,
    /// How grave it is to break it.
    pub severity: Severity,
}

/// How often a rule was due, by how it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// It holds to the last digit, or what must not be more is less.
    pub exact: u32,
    /// It holds as far as the decimals that were written tell.
    pub within_rounding: u32,
    /// It is broken by one unit of the last digit.
    pub last_digit: u32,
    /// It is broken.
    pub broken: u32,
}

impl Tally {
    /// How often it was due.
    pub fn due(self) -> u32 {
        self.exact + self.within_rounding + self.last_digit + self.broken
    }
}

/// How a rule was kept by the figures of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The rule.
    pub rule: Arc<CheckRule>,
    /// The form; empty where it holds across forms.
    pub form: Arc<str>,
    /// How often, and how it ended.
    pub tally: Tally,
}
