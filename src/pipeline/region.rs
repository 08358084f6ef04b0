//! What is made of one form of a document, and whether it is the unit's own.

use std::collections::BTreeSet;

use super::Settings;
use crate::check;
use crate::locate::{self, Frame, Located, Project};
use crate::mapping::{ColumnRole, FormMapping, Kind, Mappings};
use crate::model::{Figure, Finding, FindingCode, FormSeen, FormStatus, NumberRecord, Submission, Trace};
use crate::normalise;
use crate::recognise::{Region, Scope, Stranger};

/// One form of a document. `numbers` is the account of the forms before it; it comes back with that of this form behind.
pub(super) fn of_region(
    region: &Region<'_, '_>,
    fiscal_year: i32,
    scope: &Scope,
    settings: &Settings,
    mut numbers: Vec<NumberRecord>,
    traces: Option<&mut Vec<Trace>>,
) -> Submission {
    let noted = region.form.as_noted(&region.notes);
    let form = noted.as_ref().unwrap_or(region.form);
    let mappings = &settings.mappings;
    let mut frame = Frame {
        form,
        mappings,
        fiscal_year: Some(fiscal_year),
        money: region.money.clone(),
        unit: &scope.unit,
        rule: form.file.as_str().into(),
        traced: traces.is_some(),
        project: Project::default(),
    };
    if let Some(name) = &region.project {
        frame.project = locate::project_named(name, &frame);
    }
    let before = numbers.len();
    numbers.extend(region.captions.iter().cloned());
    let mut located: Located = match form.kind {
        Kind::Prose => {
            locate::locate_prose(&region.parts, &frame, numbers, fiscal_year, &scope.names, region.of_finals)
        }
        _ => locate::locate(&region.parts, &frame, numbers),
    };
    if let Some(traces) = traces {
        traces.append(&mut located.traces);
    }
    mappings.schemes.tell(&mut located.scores);
    if located.leftovers.is_empty() {
        // Where a score is left over, the rest need not be a whole.
        located.findings.extend(check::contradictions_of_scores(&located.scores));
    }
    let mut numbers = located.numbers;
    let own = &mut numbers[before..];
    let normalised =
        normalise::normalise(located.claims, form, fiscal_year, &mappings.codes, &mappings.vocabulary, own);
    let mut made = Submission {
        figures: normalised.figures,
        scores: located.scores,
        texts: located.texts,
        leftovers: located.leftovers,
        findings: located.findings,
        numbers,
        ..Submission::default()
    };
    made.leftovers.extend(normalised.leftovers);
    made.findings.extend(normalised.findings);
    for finding in &mut made.findings {
        if finding.form.is_empty() {
            finding.form = form.form.to_string();
        }
    }
    let of_another =
        || region.stranger.as_ref().and_then(|stranger| whose(stranger, &scope.unit, fiscal_year, settings));
    if let Some(whose) = of_another().or_else(|| sample(&made, mappings)) {
        normalise::leave_over(&mut made, before, &whose.into());
    }
    for (row, note) in &region.doubted {
        normalise::leave_row_over(&mut made, before, row, &note.as_str().into(), &mappings.vocabulary);
    }
    speak_for_unit(&mut made.figures, names_projects(form));
    let scored = made.scores.iter().filter(|score| score.self_score.is_some()).count();
    if region.copied > 0 && region.parts.is_empty() {
        let place = region.place.clone();
        let finding = Finding::at(FindingCode::NumbersOutsideForms, place, region.known_by.clone());
        made.findings.push(finding.with_actual(region.copied.to_string()));
    }
    let status = if !made.figures.is_empty() || scored > 0 {
        FormStatus::Filled
    } else if made.leftovers.is_empty() && region.copied == 0 {
        FormStatus::Blank
    } else {
        FormStatus::Ambiguous
    };
    made.forms.push(FormSeen {
        form: form.form.clone(),
        status,
        known_by: region.known_by.clone(),
        place: region.place.clone(),
        figures: made.figures.len() + made.scores.len(),
        leftovers: made.leftovers.len(),
    });
    made
}

/// Another unit or year whose table it is; none where the registry knows that it is only another name of the unit.
fn whose(stranger: &Stranger, unit: &str, fiscal_year: i32, settings: &Settings) -> Option<String> {
    match stranger {
        Stranger::OfYear(year) => Some(format!("another year's: {year}")),
        Stranger::YearUntold => Some("of which year?".to_owned()),
        Stranger::Qualified(line) => Some(line.clone()),
        Stranger::OfUnit(name) => {
            let id = |name: &str| settings.registry.id(name, Some(fiscal_year));
            let is_alias = id(name).is_some_and(|of_name| id(unit) == Some(of_name));
            (!is_alias).then(|| format!("another unit's: {name}"))
        }
    }
}

/// The name of a project that stands in the form as an example.
fn sample(made: &Submission, mappings: &Mappings) -> Option<String> {
    let entities =
        made.figures.iter().map(|figure| &figure.key.entity).chain(made.scores.iter().map(|score| &score.entity));
    let mut last = "";
    let mut names = entities.filter(|name| std::mem::replace(&mut last, name) != &***name);
    names.find(|name| mappings.surroundings.standing.is_sample(name)).map(ToString::to_string)
}

/// The entities of a form are projects, by a column or by a field.
fn names_projects(form: &FormMapping) -> bool {
    form.columns.values().any(|role| *role == ColumnRole::Project) || form.fields.values().any(|field| field.project)
}

/// A figure of a sub-unit speaks for the unit where no other row of its table has values: neither one of another sub-unit, nor one of
/// all together. What the form tells of the unit itself (its staff) is no such row. One of a project never does.
fn speak_for_unit(figures: &mut [Box<Figure>], of_projects: bool) {
    let mut entities = figures.iter().map(|figure| &figure.key.entity).filter(|entity| !entity.is_empty());
    let first = entities.next();
    let is_only = !of_projects && entities.all(|entity| Some(entity) == first);
    let items: BTreeSet<&str> =
        figures.iter().filter(|figure| !figure.key.entity.is_empty()).map(|figure| &*figure.key.item).collect();
    let alone =
        is_only && figures.iter().all(|figure| !figure.key.entity.is_empty() || !items.contains(&*figure.key.item));
    for figure in figures {
        figure.speaks_for_unit = figure.key.entity.is_empty() || alone;
    }
}
