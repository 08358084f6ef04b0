//! The points of single indicators held against the figures that they are given for.

use std::cell::LazyCell;
use std::fmt::Display;

use super::MOST_PLACES;
use super::numbers::{KeyRef, Number, Numbers};
use super::relations::{OffKind, Total, off};
use super::scores::path;
use super::stated::Stated;
use crate::mapping::{Check, Given, Mappings, Relation};
use crate::model::{Checked, Figure, Finding, FindingCode, Funding, Measure, Score, Submission, Tally};
use crate::model::{UnitOfMeasure, fold, micros, plain};

/// How the indicators of a document keep the rules of their points, and what is found of those that do not.
pub(super) fn check(submission: &Submission, mappings: &Mappings) -> (Vec<Checked>, Vec<Finding>) {
    let (mut checked, mut findings) = (Vec::new(), Vec::new());
    let figures: Vec<&Figure> = submission.figures.iter().map(|figure| &**figure).collect();
    // Few score tables have an indicator that a rule speaks of.
    let numbers = LazyCell::new(|| Numbers::of_figures(&figures, false));
    for score in submission.scores.iter().filter(|score| !score.total) {
        let Some(name) = path(score).last().map(|name| fold(name)) else { continue };
        for check in &mappings.checks {
            let Relation::Points { indicators, .. } = &check.relation else { continue };
            if !indicators.contains(&name) {
                continue;
            }
            let Some((fit, told_by)) = fit(score, &check.relation, &numbers) else { continue };
            count(&fit, check, score, &mut checked);
            if let Fit::Off { expected, in_last_digit } = fit {
                let places = told_by.iter().map(|number| figures[number.at].place.clone()).take(MOST_PLACES - 1);
                let mut finding = told(check, score, in_last_digit).with_expected(in_points(expected));
                finding.places.extend(places);
                findings.push(finding);
            }
        }
    }
    (checked, findings)
}

/// How the points of an indicator fit the figures that they are given for.
enum Fit {
    Exact,
    WithinRounding,
    Off { expected: String, in_last_digit: bool },
}

/// How an indicator's points fit the figures of its project or unit, and which these are. A rule does not say from which funds the money
/// is: the points are right where they are for one of them.
fn fit(score: &Score, relation: &Relation, numbers: &Numbers<'_>) -> Option<(Fit, Vec<Number>)> {
    let Relation::Points { given, of, to, .. } = relation else { return None };
    let (weight, points) = (score.weight?, score.self_score?);
    let decimals = i32::try_from(points.scale()).ok()?;
    let (weight, points) = (micros(weight)?, Stated { value: micros(points)?, decimals });
    let fit_of = |funding: Option<Funding>| {
        let key = KeyRef {
            entity: &score.entity,
            item: "",
            function: "",
            economic: "",
            funding,
            measure: Measure::Final,
            base: "",
            last_year: false,
        };
        let of = Total::told(key, of, numbers)?;
        let to = Total::told(key, to, numbers)?;
        let fit = match given {
            Given::NoneOfNothing => nothing(points, &to),
            Given::ProRata => pro_rata(weight, points, &of, &to)?,
            Given::AtMost => within(weight, points, of.value <= to.value, &of, &to)?,
            Given::AtLeast => within(weight, points, of.value >= to.value, &of, &to)?,
        };
        Some((fit, [of.numbers, to.numbers].concat()))
    };
    let fundings = [None, Some(Funding::Appropriation), Some(Funding::GeneralBudget)];
    let fits: Vec<(Fit, Vec<Number>)> = fundings.into_iter().filter_map(fit_of).collect();
    let right = fits.iter().position(|(fit, _)| !matches!(fit, Fit::Off { .. }));
    fits.into_iter().nth(right.unwrap_or_default())
}

/// A rate of nothing is none, and has no points.
fn nothing(points: Stated, to: &Total) -> Fit {
    match to.value == 0 && points.value > 0 {
        true => Fit::Off { expected: plain(0), in_last_digit: false },
        false => Fit::Exact,
    }
}

/// All points where a limit is kept, and not all where it is not. What is taken off for less than a percentage point is not told: each
/// table rounds in its own way.
fn within(weight: i128, points: Stated, is_kept: bool, of: &Total, to: &Total) -> Option<Fit> {
    let beyond = (of.value - to.value).abs().checked_mul(2)? - of.twice_open - to.twice_open;
    let is_beyond = beyond.checked_mul(100)? >= to.value.checked_mul(2)?;
    match (is_kept, points.value >= weight) {
        _ if to.value <= 0 => None,
        (true, true) | (false, false) => Some(Fit::Exact),
        (true, false) => Some(Fit::Off { expected: plain(weight), in_last_digit: false }),
        (false, true) if is_beyond => Some(Fit::Off { expected: format!("< {}", plain(weight)), in_last_digit: false }),
        (false, true) => None,
    }
}

/// As many points as the figure is of what it is held against.
fn pro_rata(weight: i128, points: Stated, of: &Total, to: &Total) -> Option<Fit> {
    let all = || Fit::Off { expected: plain(weight), in_last_digit: false };
    if to.value > 0 && of.value >= to.value {
        return Some(if points.value == weight { Fit::Exact } else { all() });
    }
    // Points are to all points as a percentage is to a hundred.
    const ALL: i128 = 100_000_000;
    let off = off(points, &of.times(weight)?, &to.times(ALL)?)?;
    let expected = || plain(off.expected);
    Some(match off.kind {
        OffKind::Fits if off.expected == points.value => Fit::Exact,
        OffKind::Fits => Fit::WithinRounding,
        OffKind::LastDigit => Fit::Off { expected: expected(), in_last_digit: true },
        OffKind::Broken => Fit::Off { expected: expected(), in_last_digit: false },
    })
}

fn count(fit: &Fit, check: &Check, score: &Score, checked: &mut Vec<Checked>) {
    let is_same = |known: &Checked| known.form == score.form && known.rule.code == check.rule.code;
    let at = checked.iter().position(is_same).unwrap_or_else(|| {
        checked.push(Checked { rule: check.rule.clone(), form: score.form.clone(), tally: Tally::default() });
        checked.len() - 1
    });
    let tally = &mut checked[at].tally;
    *match fit {
        Fit::Exact => &mut tally.exact,
        Fit::WithinRounding => &mut tally.within_rounding,
        Fit::Off { in_last_digit: true, .. } => &mut tally.last_digit,
        Fit::Off { in_last_digit: false, .. } => &mut tally.broken,
    } += 1;
}

fn told(check: &Check, score: &Score, in_last_digit: bool) -> Finding {
    let code = if in_last_digit { FindingCode::RuleInLastDigit } else { FindingCode::RuleBroken };
    let mut finding = Finding::at(code, score.place.clone(), path(score).join("›"));
    finding.rule = Some(check.rule.clone());
    finding.form = score.form.to_string();
    finding.with_actual(in_points(score.self_score.unwrap_or_default().normalize()))
}

fn in_points(said: impl Display) -> String {
    format!("{said} {}", UnitOfMeasure::Points.word())
}
