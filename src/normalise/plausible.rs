//! Amounts that no unit has: a lone table in 元 below 单位：万元 has nothing to be held against but what is possible at all.
//!
//! They are figures as they were stated, since nobody but the unit knows; a finding asks it.

use rust_decimal::Decimal;

use crate::mapping::{Vocabulary, accounts};
use crate::model::{AMOUNTS, Figure, Finding, FindingCode, Measure, Submission};

/// No unit of a county receives or spends more in a year, in 万元: a hundred 亿元.
const MOST: i64 = 1_000_000;
/// Nor as much for receptions, cars and travels: one 亿元.
const MOST_OF_THREE_PUBLIC: i64 = 10_000;
/// None lives on less: half a 万元.
const LEAST: Decimal = Decimal::from_parts(5, 0, 0, false, 1);
/// What a person costs in a year lies between these, in 万元, however many more are paid than the unit counts: its own
/// institutions' people, those who retired. 元 for 万元 is a factor of 10⁴.
const OF_A_PERSON: (Decimal, i64) = (Decimal::from_parts(5, 0, 0, false, 2), 5_000);

/// Asks for the unit of measure of each form that has an amount which no unit has.
pub fn ask_for_units(submission: &mut Submission, vocabulary: &Vocabulary) {
    if submission.scope_total {
        return;
    }
    let persons = submission.figures.iter().find(|figure| is_bare(figure) && &*figure.key.item == accounts::PERSONS);
    let persons = persons.map(|persons| persons.value);
    let mut asked: Vec<Finding> = Vec::new();
    for figure in submission.figures.iter().filter(|figure| is_impossible(figure, persons, vocabulary)) {
        if asked.iter().any(|finding| *finding.form == *figure.form) {
            continue;
        }
        let mut finding = Finding::at(FindingCode::DoubtfulUnit, figure.place.clone(), figure.label.clone());
        finding.actual = Some(format!("{} {AMOUNTS}", figure.value.normalize()));
        finding.form = figure.form.to_string();
        asked.push(finding);
    }
    submission.findings.append(&mut asked);
}

fn is_bare(figure: &Figure) -> bool {
    let key = &figure.key;
    key.measure == Measure::Final && key.entity.is_empty() && key.function.is_empty() && key.economic.is_empty()
}

fn is_impossible(figure: &Figure, persons: Option<Decimal>, vocabulary: &Vocabulary) -> bool {
    let (value, item) = (figure.value, &*figure.key.item);
    if !is_bare(figure) || *figure.unit_of_measure != *AMOUNTS || value <= Decimal::ZERO {
        return false;
    }
    let totals = [accounts::ALL_INCOME, accounts::ALL_EXPENDITURE, accounts::INCOME, accounts::EXPENDITURE];
    let of_a_person = persons.filter(|persons| item == accounts::PERSONNEL && !persons.is_zero());
    value > MOST.into()
        || totals.contains(&item) && figure.key.funding.is_none() && value < LEAST
        || vocabulary.is_part_of(item, accounts::THREE_PUBLIC) && value > MOST_OF_THREE_PUBLIC.into()
        || of_a_person
            .and_then(|persons| value.checked_div(persons))
            .is_some_and(|each| each < OF_A_PERSON.0 || each > OF_A_PERSON.1.into())
}
