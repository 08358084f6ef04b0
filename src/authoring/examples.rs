//! The examples of mapping files: small documents with the figures that must be read from them.

use std::collections::BTreeMap;

use super::explain::blocking_word;
use crate::mapping::{Problem, Wrong, shown};
use crate::model::{DocumentStatus, Extracted, Figure};
use crate::pipeline::{Settings, extract};

/// What came of running the examples of mapping files of which none is read otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// How many examples there are.
    pub examples: usize,
    /// What nothing is wrong with, and an author would want to know: forms that no example shows to read anything.
    pub remarks: Vec<Problem>,
}

/// Runs every example of the settings' mapping files.
///
/// # Errors
/// For each example that is read otherwise: its place, the figures that are missing and those that nobody asked for.
pub fn check(settings: &mut Settings) -> Result<Checked, Vec<Problem>> {
    let examples = settings.mappings.examples.clone();
    let mut problems = Vec::new();
    let mut read: BTreeMap<&str, Read> = BTreeMap::new();
    for example in &examples {
        settings.assumed_year = Some(example.year.unwrap_or(2022));
        let extracted = extract(example.given.as_bytes(), "example.txt", settings);
        read.entry(&example.form).or_insert_with(|| Read::beginning(&example.spot)).add(&extracted, &example.form);
        let found: Vec<String> = of_form(&extracted, &example.form).map(figure).collect();
        let missing = surplus(&example.expect, &found);
        let invented = surplus(&found, &example.expect);
        if missing.is_empty() && invented.is_empty() {
            continue;
        }
        let left = extracted.submission.leftovers.iter();
        let left =
            left.map(|left| [left.value_as_written.clone(), left.place.to_string(), left.blocked_by.clone()]).collect();
        let refused = match extracted.status {
            DocumentStatus::Quarantined => extracted.reason.clone(),
            _ => String::new(),
        };
        let wrong = Box::new(Wrong::Example { missing, invented, left, refused });
        problems.push(Problem { wrong, ..example.spot.clone() });
    }
    settings.assumed_year = None;
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut remarks = settings.mappings.untried.clone();
    remarks.extend(read.into_iter().filter_map(|(form, read)| read.remark(form)));
    Ok(Checked { examples: examples.len(), remarks })
}

/// What the examples of one form come to.
struct Read {
    /// Where the first of them stands.
    spot: Problem,
    numbers: usize,
    /// Figures, scores and texts.
    named: usize,
    /// How many numbers each word left over.
    blocked_by: BTreeMap<String, usize>,
    refused: String,
}

/// How many of the words that left numbers over are told.
const TOLD: usize = 5;

impl Read {
    fn beginning(spot: &Problem) -> Read {
        Read { spot: spot.clone(), numbers: 0, named: 0, blocked_by: BTreeMap::new(), refused: String::new() }
    }

    fn add(&mut self, extracted: &Extracted, form: &str) {
        let submission = &extracted.submission;
        self.numbers += submission.numbers.len();
        self.named += of_form(extracted, form).count()
            + submission.scores.iter().filter(|score| *score.form == *form).count()
            + submission.texts.iter().filter(|text| *text.form == *form).count();
        for left in &submission.leftovers {
            *self.blocked_by.entry(blocking_word(&left.blocked_by).to_owned()).or_default() += 1;
        }
        if extracted.status == DocumentStatus::Quarantined {
            self.refused.clone_from(&extracted.reason);
        }
    }

    /// Nothing wrong, but nothing shown either. Examples without a number show what is not read; they may be all there are.
    fn remark(self, form: &str) -> Option<Problem> {
        if self.named > 0 || self.numbers == 0 {
            return None;
        }
        let mut words: Vec<(usize, String)> = self.blocked_by.into_iter().map(|(word, count)| (count, word)).collect();
        words.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
        let blocked_by = words.into_iter().map(|(_, word)| word).take(TOLD).collect();
        let wrong =
            Wrong::ReadsNothing { form: form.to_owned(), numbers: self.numbers, blocked_by, refused: self.refused };
        Some(Problem { wrong: Box::new(wrong), ..self.spot })
    }
}

/// The figures of a form that are read from an example, as its `expect` gives them.
pub fn figures_of(given: &str, form: &str, year: Option<i32>, settings: &mut Settings) -> Vec<String> {
    settings.assumed_year = Some(year.unwrap_or(2022));
    let extracted = extract(given.as_bytes(), "example.txt", settings);
    settings.assumed_year = None;
    of_form(&extracted, form).map(figure).collect()
}

fn of_form<'e>(extracted: &'e Extracted, form: &str) -> impl Iterator<Item = &'e Figure> {
    let form = form.to_owned();
    extracted.submission.figures.iter().map(|figure| &**figure).filter(move |figure| *figure.form == *form)
}

fn figure(figure: &Figure) -> String {
    let key = &figure.key;
    let funding = key.funding.map_or("", |funding| funding.word());
    let parts = [&*key.entity, &*key.item, &*key.function, &*key.economic, funding, key.measure.word(), &*key.base];
    shown(parts, &figure.value.normalize().to_string())
}

/// The rows of one list that the other does not have, counting.
fn surplus(rows: &[String], others: &[String]) -> Vec<String> {
    let mut others: Vec<&String> = others.iter().collect();
    let mut surplus = Vec::new();
    for row in rows {
        match others.iter().position(|other| *other == row) {
            Some(at) => {
                others.swap_remove(at);
            }
            None => surplus.push(row.clone()),
        }
    }
    surplus
}
