//! `guesses.yaml`: what a first mapping of an unknown table guesses by. No document is read by it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Problem;

/// The file among the others.
pub(super) const FILE: &str = "guesses.yaml";

/// For each meaning that may be guessed, words of labels that speak for it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guesses {
    /// Measures of columns.
    pub measures: BTreeMap<String, Vec<String>>,
    /// Units of counts.
    pub units: BTreeMap<String, Vec<String>>,
    /// What columns are that hold no values.
    pub columns: BTreeMap<String, Vec<String>>,
}

impl Guesses {
    /// Reads `guesses.yaml`.
    ///
    /// # Errors
    /// What is wrong with it, with line and column.
    pub fn parse(yaml: &str) -> Result<Guesses, Problem> {
        serde_saphyr::from_str(yaml).map_err(|error| Problem::yaml(FILE, yaml, &error))
    }

    /// The key of a group with the longest word that a label has.
    pub fn of<'g>(groups: &'g BTreeMap<String, Vec<String>>, label: &str) -> Option<&'g str> {
        let hits = groups.iter().flat_map(|(key, words)| words.iter().map(move |word| (word, key)));
        hits.filter(|(word, _)| label.contains(word.as_str()))
            .max_by_key(|(word, _)| word.len())
            .map(|(_, key)| key.as_str())
    }
}
