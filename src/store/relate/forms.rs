//! What only several documents together show: forms that are missing or filled twice, and names that look like one another.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use crate::mapping::{Mappings, Surroundings};
use crate::model::{Finding, FindingCode};

use super::notes::{DerivedFinding, FactNotes, TwiceFilled};
use crate::store::StoreError;
use crate::store::document::DocumentRow;
use crate::store::schema::{FORMS, FORMS_SEEN};
use crate::store::sources::{FORM_ORDER, FORM_STATUSES, form_rank};
use crate::store::table::cells::Cell;
use crate::store::table::parts::begin;
use crate::store::table::stored;
use crate::store::table::writer::TableWriter;

/// The first fiscal year in which units hand in the form of the state capital budget.
const STATE_CAPITAL_FROM: i32 = 2020;

/// A unit's name and the forms it handed in for one year.
struct UnitYear {
    unit: String,
    forms: BTreeSet<usize>,
    /// Position of its first document, so that units stand in the order of documents.
    order: usize,
}

/// How many forms have each status: rows are forms by id, columns filled, blank, missing, ambiguous.
pub(crate) type FormCounts = BTreeMap<String, [u64; 4]>;

/// What is known of units after the forms were written.
#[derive(Default)]
pub(crate) struct UnitNotes {
    /// Units and years that stand for a whole county only.
    pub totals: BTreeSet<(String, i32)>,
    /// Forms by status.
    pub counts: FormCounts,
    /// Findings about forms and names.
    pub findings: Vec<DerivedFinding>,
}

/// Writes `forms`: those seen, in document order, then those missing.
pub(crate) fn publish_forms(
    dir: &Path,
    id: &str,
    seen: &Path,
    documents: &[DocumentRow],
    facts: &FactNotes,
    mappings: Option<&Mappings>,
) -> Result<UnitNotes, StoreError> {
    let mut notes = UnitNotes::default();
    let mut table = begin(dir, id, &FORMS, None)?;
    let mut units: BTreeMap<(i32, String), UnitYear> = BTreeMap::new();
    let mut total_only: BTreeSet<(String, i32)> = BTreeSet::new();
    let mut order = 0;
    stored::copy_all(&FORMS_SEEN, seen, |frame, row| {
        let text = |name: &str| frame.text(FORMS_SEEN.position(name), row);
        let year = frame.int(FORMS_SEEN.position("fiscal_year"), row).and_then(|year| i32::try_from(year).ok());
        let (unit_id, form) = (text("unit_id"), text("form"));
        order += 1;
        let mut status = text("status");
        if let Some(fiscal_year) = year.filter(|_| !unit_id.is_empty()) {
            let twice = TwiceFilled { fiscal_year, unit_id: unit_id.to_owned(), form: form.to_owned() };
            if facts.twice.get(&twice).is_some_and(|documents| documents.contains(text("document_id"))) {
                status = "ambiguous";
            }
            if frame.flag(FORMS_SEEN.position("scope_total"), row) {
                total_only.insert((unit_id.to_owned(), fiscal_year));
            } else {
                let unit = units.entry((fiscal_year, unit_id.to_owned())).or_insert_with(|| UnitYear {
                    unit: text("unit").to_owned(),
                    forms: BTreeSet::new(),
                    order,
                });
                unit.forms.insert(form_rank(form));
            }
        }
        count(&mut notes.counts, form, status);
        let cell = |name: &str| frame.cell(FORMS_SEEN.position(name), row);
        table.push(&[
            cell("unit_id"),
            cell("unit"),
            cell("fiscal_year"),
            cell("form"),
            Cell::Text(status),
            cell("document_id"),
            cell("figures"),
            cell("leftovers"),
        ])
    })?;
    total_only.retain(|(unit_id, year)| !units.contains_key(&(*year, unit_id.clone())));
    notes.totals = total_only;
    add_missing(&units, documents, &mut table, &mut notes)?;
    table.finish()?;
    add_twice_filled(&units, facts, &mut notes);
    if let Some(mappings) = mappings {
        add_similar_names(&units, &mappings.surroundings, &mut notes);
    }
    Ok(notes)
}

fn count(counts: &mut FormCounts, form: &str, status: &str) {
    if let Some(at) = FORM_STATUSES.iter().position(|known| *known == status) {
        counts.entry(form.to_owned()).or_default()[at] += 1;
    }
}

/// A form is missing where at least half of the year's units have it and this one has not.
fn add_missing(
    units: &BTreeMap<(i32, String), UnitYear>,
    documents: &[DocumentRow],
    table: &mut TableWriter,
    notes: &mut UnitNotes,
) -> Result<(), StoreError> {
    // A scan may hold any form: nothing is called missing because it cannot be read.
    let scanned: BTreeSet<&str> = documents
        .iter()
        .filter(|document| document.reason.starts_with("image_only") && !document.unit_id.is_empty())
        .map(|document| document.unit_id.as_str())
        .collect();
    let mut years: BTreeMap<i32, Vec<(&str, &UnitYear)>> = BTreeMap::new();
    for ((year, unit_id), unit) in units {
        years.entry(*year).or_default().push((unit_id, unit));
    }
    for (year, mut units) in years {
        units.sort_by_key(|(_, unit)| unit.order);
        let mut having = [0_usize; FORM_ORDER.len()];
        for (_, unit) in &units {
            unit.forms.iter().filter_map(|form| having.get_mut(*form).map(|count| *count += 1)).for_each(drop);
        }
        let due = |form: usize| {
            having[form] * 2 >= units.len() && (FORM_ORDER[form] != "state_capital" || year >= STATE_CAPITAL_FROM)
        };
        let due: Vec<usize> = (0..FORM_ORDER.len()).filter(|form| due(*form)).collect();
        for (unit_id, unit) in &units {
            if scanned.contains(unit_id) {
                continue;
            }
            for form in due.iter().filter(|form| !unit.forms.contains(form)) {
                let form = FORM_ORDER[*form];
                table.push(&[
                    Cell::Text(unit_id),
                    Cell::Text(&unit.unit),
                    Cell::Int(i64::from(year)),
                    Cell::Text(form),
                    Cell::Text("missing"),
                    Cell::Null,
                    Cell::Null,
                    Cell::Null,
                ])?;
                count(&mut notes.counts, form, "missing");
                notes.findings.push(DerivedFinding {
                    unit_id: (*unit_id).to_owned(),
                    unit: unit.unit.clone(),
                    fiscal_year: Some(year),
                    places: String::new(),
                    document_ids: String::new(),
                    finding: Finding { form: form.to_owned(), ..Finding::new(FindingCode::FormMissing, form) },
                });
            }
        }
    }
    Ok(())
}

fn add_twice_filled(units: &BTreeMap<(i32, String), UnitYear>, facts: &FactNotes, notes: &mut UnitNotes) {
    for (twice, documents) in &facts.twice {
        let unit = units.get(&(twice.fiscal_year, twice.unit_id.clone()));
        let documents: Vec<&str> = documents.iter().map(String::as_str).collect();
        notes.findings.push(DerivedFinding {
            unit_id: twice.unit_id.clone(),
            unit: unit.map(|unit| unit.unit.clone()).unwrap_or_default(),
            fiscal_year: Some(twice.fiscal_year),
            places: String::new(),
            document_ids: documents.join(","),
            finding: Finding {
                form: twice.form.clone(),
                ..Finding::new(FindingCode::FormAmbiguous, twice.form.clone())
                    .with_actual(format!("{} documents", documents.len()))
            },
        });
    }
}

/// Names that differ only in how they are shortened, or in whether the county stands before them.
fn add_similar_names(units: &BTreeMap<(i32, String), UnitYear>, words: &Surroundings, notes: &mut UnitNotes) {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for ((_, unit_id), unit) in units {
        names.entry(unit_id).or_insert(&unit.unit);
    }
    let spoken = words.spoken();
    let mut alike: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (unit_id, unit) in &names {
        alike.entry(spoken.of(unit)).or_default().insert(unit_id);
    }
    // A name without its county meets the one name that has it; where several counties have it, none is meant.
    let mut with_county: HashMap<&str, Vec<&str>> = HashMap::new();
    for short in alike.keys() {
        if let Some(bare) = words.without_areas(short) {
            with_county.entry(bare).or_default().push(short);
        }
    }
    let mut groups: BTreeSet<Vec<&str>> = BTreeSet::new();
    for (short, ids) in &alike {
        let mut group: BTreeSet<&str> = ids.clone();
        if let Some([only]) = with_county.get(short.as_str()).map(Vec::as_slice) {
            group.extend(&alike[*only]);
        }
        if group.len() > 1 {
            groups.insert(group.into_iter().collect());
        }
    }
    for group in groups {
        let listed: Vec<&str> = group.iter().map(|unit_id| names[unit_id]).collect();
        notes.findings.push(DerivedFinding {
            unit_id: group[0].to_owned(),
            unit: listed[0].to_owned(),
            fiscal_year: None,
            places: String::new(),
            document_ids: String::new(),
            finding: Finding::new(FindingCode::SimilarUnits, listed.join("、")).with_actual(group.join("、")),
        });
    }
}
