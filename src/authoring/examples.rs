//! The examples of mapping files: small documents with the figures that must be read from them.

use crate::mapping::{Problem, Wrong, shown};
use crate::model::{DocumentStatus, Extracted, Figure};
use crate::pipeline::{Settings, extract};

/// Runs every example of the settings' mapping files. Returns how many there were.
///
/// # Errors
/// For each example that is read otherwise: its place, the figures that are missing and those that nobody asked for.
pub fn check(settings: &mut Settings) -> Result<usize, Vec<Problem>> {
    let examples = settings.mappings.examples.clone();
    let mut problems = Vec::new();
    for example in &examples {
        settings.assumed_year = Some(example.year.unwrap_or(2022));
        let extracted = extract(example.given.as_bytes(), "example.txt", settings);
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
    if problems.is_empty() { Ok(examples.len()) } else { Err(problems) }
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
    extracted.submission.figures.iter().filter(move |figure| *figure.form == *form)
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
