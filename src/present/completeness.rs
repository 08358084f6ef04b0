use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::store::{self, FORMS, FORMS_SEEN, StoreError};

/// Which forms the units of one fiscal year have handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completeness {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// The forms that any unit has or lacks, in the order of the nine tables and what follows them.
    pub forms: Vec<String>,
    /// The units, in the order of their ids.
    pub units: Vec<UnitForms>,
}

/// What one unit has handed in for one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitForms {
    /// The unit's id.
    pub unit_id: String,
    /// Its name.
    pub unit: String,
    /// The status of each form of the year, as in table `forms`; `None` where the unit is not due to have it.
    pub statuses: Vec<Option<&'static str>>,
}

/// Units by id: the name, and for each form the position of its status among [`STATUSES`].
type Units = BTreeMap<String, (String, BTreeMap<String, usize>)>;

/// Statuses; of two documents of a unit the earlier one tells.
const STATUSES: [&str; 4] = ["ambiguous", "filled", "blank", "missing"];

/// The matrix of units and forms of each fiscal year. Totals of a whole county are no units.
///
/// # Errors
///
/// Where nothing was published, or a table cannot be read.
pub fn completeness(dataset: &Path) -> Result<Vec<Completeness>, StoreError> {
    let (forms, seen) = store::forms_files(dataset)?;
    let totals = totals(&seen)?;
    let frame =
        store::read_columns(&FORMS, &forms, 0, usize::MAX, &["unit_id", "unit", "fiscal_year", "form", "status"])?;
    let mut years: BTreeMap<i32, Units> = BTreeMap::new();
    for row in 0..frame.height() {
        let year = frame.int(2, row).and_then(|year| i32::try_from(year).ok());
        let (Some(year), Some(status)) = (year, STATUSES.iter().position(|status| *status == frame.text(4, row)))
        else {
            continue;
        };
        let unit_id = frame.text(0, row);
        if totals.contains(&(unit_id.to_owned(), year)) {
            continue;
        }
        let unit = years.entry(year).or_default().entry(unit_id.to_owned());
        let (_, forms) = unit.or_insert_with(|| (frame.text(1, row).to_owned(), BTreeMap::new()));
        let kept = forms.entry(frame.text(3, row).to_owned()).or_insert(status);
        *kept = status.min(*kept);
    }
    Ok(years.into_iter().map(|(fiscal_year, units)| of_year(fiscal_year, units)).collect())
}

fn of_year(fiscal_year: i32, units: Units) -> Completeness {
    let forms: BTreeSet<(usize, &String)> =
        units.values().flat_map(|(_, forms)| forms.keys()).map(|form| (store::form_rank(form), form)).collect();
    let forms: Vec<String> = forms.into_iter().map(|(_, form)| form.clone()).collect();
    let units = units
        .into_iter()
        .map(|(unit_id, (unit, have))| UnitForms {
            unit_id,
            unit,
            statuses: forms.iter().map(|form| have.get(form).map(|status| STATUSES[*status])).collect(),
        })
        .collect();
    Completeness { fiscal_year, forms, units }
}

/// Units and years of which documents speak as of a whole county only.
fn totals(seen: &Path) -> Result<BTreeSet<(String, i32)>, StoreError> {
    let frame = store::read_columns(&FORMS_SEEN, seen, 0, usize::MAX, &["unit_id", "fiscal_year", "scope_total"])?;
    let (mut totals, mut units) = (BTreeSet::new(), BTreeSet::new());
    for row in 0..frame.height() {
        if let Some(year) = frame.int(1, row).and_then(|year| i32::try_from(year).ok()) {
            let kind = if frame.flag(2, row) { &mut totals } else { &mut units };
            kind.insert((frame.text(0, row).to_owned(), year));
        }
    }
    Ok(totals.difference(&units).cloned().collect())
}
