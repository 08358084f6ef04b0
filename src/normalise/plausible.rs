//! Amounts that no unit has: a lone table in 元 below 单位：万元 has nothing to be held against but what is possible at all.
//!
//! They are figures as they were stated, since nobody but the unit knows; a finding asks it. Where nothing stated their unit they are none.

use rust_decimal::Decimal;

use super::magnitude::leave_over;
use crate::mapping::{Limit, Vocabulary};
use crate::model::{AMOUNTS, Figure, Finding, FindingCode, Measure, Set, Submission, Unproved};

/// Asks for the unit of measure of each form that has an amount which no unit has.
pub fn ask_for_units(submission: &mut Submission, vocabulary: &Vocabulary) {
    if submission.scope_total {
        return;
    }
    let counted = |item: &str| submission.figures.iter().find(|figure| is_bare(figure) && *figure.key.item == *item);
    let limits: Vec<(&Limit, Decimal)> = vocabulary
        .limits()
        .iter()
        .filter_map(|limit| {
            Some((limit, limit.per.as_ref().map_or(Some(Decimal::ONE), |per| Some(counted(per)?.value))?))
        })
        .collect();
    let mut asked: Vec<Finding> = Vec::new();
    for figure in submission.figures.iter().filter(|figure| is_impossible(figure, &limits, vocabulary)) {
        if asked.iter().any(|finding| *finding.form == *figure.form) {
            continue;
        }
        let mut finding = Finding::at(FindingCode::DoubtfulUnit, figure.place.clone(), figure.label.clone());
        finding.actual = Some(format!("{} {AMOUNTS}", figure.value.normalize()));
        finding.form = figure.form.to_string();
        asked.push(finding);
    }
    let untold = |figure: &Figure| {
        *figure.unit_of_measure == *AMOUNTS
            && is_untold(figure)
            && asked.iter().any(|finding| *finding.form == *figure.form)
    };
    let figures = submission.figures.iter().enumerate();
    let untold: Set<usize> = figures.filter(|(_, figure)| untold(figure)).map(|(at, _)| at).collect();
    leave_over(submission, &untold, Unproved::NoUnit.words());
    submission.findings.append(&mut asked);
}

/// Nothing told its unit.
fn is_untold(figure: &Figure) -> bool {
    figure.flags.split(' ').any(|flag| flag == "unit_assumed")
}

fn is_bare(figure: &Figure) -> bool {
    let key = &figure.key;
    key.measure == Measure::Final && key.entity.is_empty() && key.function.is_empty() && key.economic.is_empty()
}

/// An amount passes one of the limits; each comes with how many it is for.
fn is_impossible(figure: &Figure, limits: &[(&Limit, Decimal)], vocabulary: &Vocabulary) -> bool {
    is_bare(figure)
        && *figure.unit_of_measure == *AMOUNTS
        && figure.value > Decimal::ZERO
        && limits.iter().any(|(limit, count)| {
            let each = figure.value.checked_div(*count).filter(|_| holds_for(limit, figure, vocabulary));
            each.is_some_and(|each| {
                limit.least.is_some_and(|least| each < least) || limit.most.is_some_and(|most| each > most)
            })
        })
}

fn holds_for(limit: &Limit, figure: &Figure, vocabulary: &Vocabulary) -> bool {
    if limit.untold && !is_untold(figure) {
        return false;
    }
    let is_of = |of: &str| *figure.key.item == *of || limit.with_parts && vocabulary.is_part_of(&figure.key.item, of);
    (limit.items.is_empty() || limit.items.iter().any(|of| is_of(of)))
        && !(limit.all_funds && figure.key.funding.is_some())
}
