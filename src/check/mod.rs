//! What must add up (勾稽关系): figures held against one another by the rules of `checks.yaml`, scores by those of their table.
//!
//! *In:* the figures of a document and the rules. *Out:* how often each rule was due and how it ended, and findings; no figure is
//! changed, and none is left out because it breaks a rule: it is what the document says. Checking sees figures only, neither cells nor words.

mod numbers;
mod points;
mod relations;
mod scores;
mod stated;

pub(crate) use numbers::{KeyRef, Number, Numbers};
use relations::code;
pub(crate) use relations::{Broken, Outcome};
pub(crate) use scores::contradictions as contradictions_of_scores;
pub(crate) use stated::{Agreement, Stated, StatedValue, agreement, canonical_decimals, compare};

use crate::mapping::{Axis, Check, Kind, Mappings, Relation, Term, Vocabulary};
use crate::model::{Checked, Figure, Finding, Map, Submission, Tally, micros};

/// Places that a finding names: the figure in doubt, and what it is held against.
const MOST_PLACES: usize = 30;

/// How the figures and scores of a document keep the rules, and what is found of those that they break.
pub(crate) fn check(submission: &Submission, mappings: &Mappings) -> (Vec<Checked>, Vec<Finding>) {
    let (mut checked, mut findings) = (Vec::new(), Vec::new());
    let mut forms: Vec<&str> = Vec::new();
    for figure in &submission.figures {
        if !forms.contains(&&*figure.form) {
            forms.push(&figure.form);
        }
    }
    for form in forms {
        let checks: Vec<&Check> = mappings.checks.iter().filter(|check| check.holds_in(form)).collect();
        if checks.is_empty() {
            continue;
        }
        let figures: Vec<&Figure> =
            submission.figures.iter().map(|figure| &**figure).filter(|figure| *figure.form == *form).collect();
        let in_prose = mappings.form(form, submission.fiscal_year).is_some_and(|form| form.kind == Kind::Prose);
        let numbers = Numbers::of_figures(&figures, in_prose || has_leftovers(submission, form));
        for check in checks {
            let outcomes = match &check.relation {
                Relation::Score { whole, table } => as_scored(whole, table, &numbers, submission),
                _ => outcomes(check, &numbers, &mappings.vocabulary),
            };
            let from = findings.len();
            let tally = tally(outcomes, |broken| {
                let finding = told(check, form, &figures, broken);
                // 收、支总计 of one number are two figures, and one mistake.
                let is_new = findings[from..].iter().all(|other: &Finding| other.places != finding.places);
                if is_new {
                    findings.push(finding);
                }
                is_new
            });
            if tally.due() > 0 {
                checked.push(Checked { rule: check.rule.clone(), form: form.into(), tally });
            }
        }
    }
    let of_points = points::check(submission, mappings);
    checked.extend(of_points.0);
    findings.extend(of_points.1);
    (checked, findings)
}

/// Counts outcomes; `tell` is given each rule that is broken, and says whether that was not told before.
pub(crate) fn tally(outcomes: Vec<Outcome>, mut tell: impl FnMut(&Broken) -> bool) -> Tally {
    let mut tally = Tally::default();
    for outcome in &outcomes {
        match outcome {
            Outcome::Exact => tally.exact += 1,
            Outcome::WithinRounding => tally.within_rounding += 1,
            Outcome::Broken(broken) if !tell(broken) => {}
            Outcome::Broken(broken) if broken.in_last_digit => tally.last_digit += 1,
            Outcome::Broken(_) => tally.broken += 1,
        }
    }
    tally
}

/// A number of the form became no figure, though it may be one.
fn has_leftovers(submission: &Submission, form: &str) -> bool {
    submission.leftovers.iter().any(|leftover| *leftover.form == *form)
        || submission.findings.iter().any(|finding| finding.form == form && finding.code.tells_a_loss())
}

/// Figures and the scores of their whole tables.
fn as_scored(whole: &Term, table: &str, numbers: &Numbers<'_>, submission: &Submission) -> Vec<Outcome> {
    let keys = numbers.keys_of(whole);
    let scored = |key: &KeyRef<'_>| scores::scored(submission, table, key.entity).and_then(micros);
    keys.filter_map(|key| relations::score(numbers.get(key)?, scored(key)?)).collect()
}

/// What comes of a rule wherever it is due.
pub(crate) fn outcomes(check: &Check, numbers: &Numbers<'_>, vocabulary: &Vocabulary) -> Vec<Outcome> {
    match &check.relation {
        Relation::Sum { whole, parts, at_most } => {
            let Some(first) = whole.first() else { return Vec::new() };
            let summed = |key: &KeyRef<'_>| first.measure.is_some() || check.measures.contains(&key.measure);
            let keys = numbers.keys_of(first).filter(|key| summed(key));
            keys.filter_map(|key| relations::sum(*key, whole, parts, *at_most, numbers)).collect()
        }
        Relation::Rate { rate, of, to } => {
            numbers.keys_of(rate).filter_map(|key| relations::rate(*key, of, to, numbers, vocabulary)).collect()
        }
        Relation::Rollup { axis, at_most } => {
            let columns = columns(numbers, *axis, check);
            columns.iter().flat_map(|keys| relations::rollup(keys, *axis, *at_most, numbers)).collect()
        }
        Relation::Both { one, other } => {
            numbers.keys_of(one).filter_map(|key| relations::both(*key, other, numbers)).collect()
        }
        Relation::Needs { one, other } => {
            numbers.keys_of(one).filter_map(|key| relations::needs(*key, other, numbers)).collect()
        }
        Relation::Score { .. } | Relation::Points { .. } => Vec::new(),
    }
}

/// The keys of each column of a classification: those that differ in their codes only.
fn columns<'f>(numbers: &Numbers<'f>, axis: Axis, check: &Check) -> Vec<Vec<KeyRef<'f>>> {
    let mut at: Map<KeyRef<'f>, usize> = Map::default();
    let mut columns: Vec<Vec<KeyRef<'f>>> = Vec::new();
    for key in numbers.order.iter().filter(|key| check.measures.contains(&key.measure)) {
        let column = match axis {
            Axis::Functional => KeyRef { function: "", ..*key },
            Axis::Economic => KeyRef { economic: "", ..*key },
        };
        let index = *at.entry(column).or_insert_with(|| {
            columns.push(Vec::new());
            columns.len() - 1
        });
        columns[index].push(*key);
    }
    columns.retain(|keys| keys.iter().any(|key| !code(key, axis).is_empty()));
    columns
}

/// What a finding says of a rule that figures of a form break.
fn told(check: &Check, form: &str, figures: &[&Figure], broken: &Broken) -> Finding {
    let first = broken.numbers.first().map(|number| figures[number.at]);
    let (subject, unit) =
        first.map_or_else(Default::default, |figure| (figure.key.to_string(), &*figure.unit_of_measure));
    let mut finding = broken.finding(check, subject, unit);
    finding.form = form.to_owned();
    for place in broken.numbers.iter().map(|number| &figures[number.at].place).take(MOST_PLACES) {
        if !finding.places.contains(place) {
            finding.places.push(place.clone());
        }
    }
    finding
}
