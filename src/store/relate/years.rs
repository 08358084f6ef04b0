//! A year held against the one before: what a unit says of last year, and what it handed in then.
//!
//! Only totals are held against one another: facts without a classification code. So what is in memory grows with the units, and not
//! with the rows of their tables.

use std::collections::BTreeMap;
use std::path::Path;

use super::notes::{DerivedCheck, DerivedFinding, Facts};
use crate::check::{KeyRef, Number, Numbers, Stated, outcomes, tally};
use crate::mapping::{Check, Mappings};
use crate::model::{AMOUNTS, Checked, Finding, Funding, Measure};
use crate::store::StoreError;
use crate::store::schema::FACTS;
use crate::store::table::stored;

/// A fact about a unit as a whole.
struct Total {
    unit: String,
    item: String,
    funding: Option<Funding>,
    measure: Measure,
    base: String,
    value: i128,
    decimals: i32,
    unit_of_measure: String,
    is_doubtful: bool,
    /// Parted by commas, the preferred one first.
    forms: String,
    document_id: String,
    place: String,
}

impl Total {
    fn key(&self, last_year: bool) -> KeyRef<'_> {
        KeyRef {
            entity: "",
            item: &self.item,
            function: "",
            economic: "",
            funding: self.funding,
            measure: self.measure,
            base: &self.base,
            last_year,
        }
    }

    /// As findings about facts name their keys.
    fn subject(&self) -> String {
        let funding = self.funding.map_or("", Funding::word);
        let parts = [&*self.item, funding, self.measure.word(), &*self.base];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<&str>>().join(" ")
    }

    fn number(&self, at: usize) -> Number {
        let is_money = self.unit_of_measure == AMOUNTS && !self.measure.is_rate();
        let stated = Stated { value: self.value, decimals: self.decimals };
        Number { at, stated, is_short: is_money && self.decimals == 0, is_money, is_doubtful: self.is_doubtful }
    }
}

/// The totals of each unit.
type Totals = BTreeMap<String, Vec<Total>>;

/// How the facts of two years that follow one another keep the rules.
#[derive(Default)]
pub(crate) struct Held {
    /// The rules that were due, by unit.
    pub checks: Vec<DerivedCheck>,
    /// What is found of those that are broken.
    pub findings: Vec<DerivedFinding>,
}

/// Holds each year against the one before.
pub(crate) fn hold(years: &BTreeMap<i32, Facts>, mappings: Option<&Mappings>) -> Result<Held, StoreError> {
    let mut held = Held::default();
    let Some(mappings) = mappings else { return Ok(held) };
    let checks: Vec<&Check> = mappings.checks.iter().filter(|check| check.across && check.is_of_two_years()).collect();
    let mut before: Option<(i32, Totals)> = None;
    for (year, facts) in years {
        let has_neighbour = years.contains_key(&(year - 1)) || years.contains_key(&(year + 1));
        if checks.is_empty() || !has_neighbour {
            continue;
        }
        let totals = totals(&facts.path)?;
        if let Some((_, last)) = before.as_ref().filter(|(last, _)| last + 1 == *year) {
            for (unit_id, this) in &totals {
                if let Some(last) = last.get(unit_id) {
                    of_unit(unit_id, *year, this, last, &checks, mappings, &mut held);
                }
            }
        }
        before = Some((*year, totals));
    }
    Ok(held)
}

/// The totals of a year, by unit.
fn totals(facts: &Path) -> Result<Totals, StoreError> {
    let at = |name: &str| FACTS.position(name);
    let (function, economic, value) = (at("function"), at("economic"), at("value"));
    let mut totals = Totals::new();
    stored::copy_all(&FACTS, facts, |frame, row| {
        let text = |name: &str| frame.text(at(name), row).to_owned();
        let is_total = frame.text(function, row).is_empty() && frame.text(economic, row).is_empty();
        let measure = Measure::from_word(frame.text(at("measure"), row)).filter(|_| is_total);
        if let (Some(measure), Some(value)) = (measure, frame.amount(value, row)) {
            totals.entry(text("unit_id")).or_default().push(Total {
                unit: text("unit"),
                item: text("item"),
                funding: Funding::from_word(frame.text(at("funding"), row)),
                measure,
                base: text("base"),
                value,
                decimals: frame
                    .int(at("decimals"), row)
                    .and_then(|decimals| i32::try_from(decimals).ok())
                    .unwrap_or_default(),
                unit_of_measure: text("unit_of_measure"),
                is_doubtful: frame.text(at("status"), row) == "conflict",
                forms: text("forms"),
                document_id: text("document_id"),
                place: text("place"),
            });
        }
        Ok(())
    })?;
    Ok(totals)
}

fn of_unit(
    unit_id: &str,
    year: i32,
    this: &[Total],
    last: &[Total],
    checks: &[&Check],
    mappings: &Mappings,
    held: &mut Held,
) {
    let told: Vec<(&Total, bool)> =
        this.iter().map(|total| (total, false)).chain(last.iter().map(|total| (total, true))).collect();
    let numbers = told.iter().enumerate().map(|(at, (total, last_year))| (total.key(*last_year), total.number(at)));
    let numbers = Numbers::of(numbers, true);
    for check in checks {
        let outcomes = outcomes(check, &numbers, &mappings.vocabulary);
        let tally = tally(outcomes, |broken| {
            let totals: Vec<&Total> = broken.numbers.iter().map(|number| told[number.at].0).collect();
            let Some(first) = totals.first() else { return false };
            let places: Vec<&str> = totals.iter().map(|total| &*total.place).collect();
            let mut documents: Vec<&str> = totals.iter().map(|total| &*total.document_id).collect();
            documents.dedup();
            held.findings.push(DerivedFinding {
                unit_id: unit_id.to_owned(),
                unit: first.unit.clone(),
                fiscal_year: Some(year),
                places: places.join("; "),
                document_ids: documents.join(","),
                finding: Finding {
                    form: first.forms.split(',').next().unwrap_or_default().to_owned(),
                    ..broken.finding(check, first.subject(), &first.unit_of_measure)
                },
            });
            true
        });
        if let Some(total) = this.first().filter(|_| tally.due() > 0) {
            held.checks.push(DerivedCheck {
                unit_id: unit_id.to_owned(),
                unit: total.unit.clone(),
                fiscal_year: year,
                checked: Checked { rule: check.rule.clone(), form: "".into(), tally },
            });
        }
    }
}
