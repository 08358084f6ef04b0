//! What must add up between all that a unit tells of a year, whatever form and document it stands in.

use super::notes::{DerivedCheck, DerivedFinding, FactNotes};
use crate::check::{Broken, KeyRef, Number, Numbers, Stated, outcomes, tally};
use crate::mapping::{Check, Mappings};
use crate::model::{AMOUNTS, Checked, Finding, Funding, Measure};
use crate::store::table::frame::Frame;

use super::figures::{DOCUMENT_ID, FORM, Fact, KEY, PLACE, UNIT, UNIT_ID, UNIT_OF_MEASURE};

/// The rules that hold across forms.
pub(crate) struct Rules<'m> {
    checks: Vec<&'m Check>,
    mappings: &'m Mappings,
}

impl<'m> Rules<'m> {
    /// Those of some mappings; `None` where there are none.
    pub(crate) fn of(mappings: &'m Mappings) -> Option<Rules<'m>> {
        let checks: Vec<&Check> =
            mappings.checks.iter().filter(|check| check.across && !check.is_of_two_years()).collect();
        (!checks.is_empty()).then_some(Rules { checks, mappings })
    }

    /// Holds the facts of each unit against them. Those of a unit follow one another.
    pub(crate) fn hold(&self, frame: &Frame, facts: &[Fact<'_>], year: i32, notes: &mut FactNotes) {
        let of_unit = |fact: &Fact<'_>| frame.words(UNIT_ID).1[fact.preferred];
        let units = facts.chunk_by(|a, b| of_unit(a) == of_unit(b));
        units.for_each(|facts| self.of_unit(frame, facts, year, notes));
    }

    fn of_unit(&self, frame: &Frame, facts: &[Fact<'_>], year: i32, notes: &mut FactNotes) {
        let told = facts.iter().enumerate().filter_map(|(at, fact)| {
            let row = fact.preferred;
            let key = key_of(frame, row)?;
            let is_money = frame.text(UNIT_OF_MEASURE, row) == AMOUNTS && !key.measure.is_rate();
            let number = Number {
                at,
                stated: Stated { value: fact.value, decimals: fact.decimals },
                is_short: is_money && fact.decimals == 0,
                is_money,
                is_doubtful: fact.status == "conflict",
            };
            Some((key, number))
        });
        // What a unit does not tell it may tell elsewhere.
        let numbers = Numbers::of(told, true);
        let Some(row) = facts.first().map(|fact| fact.preferred) else { return };
        for check in &self.checks {
            let outcomes = outcomes(check, &numbers, &self.mappings.vocabulary);
            let tally = tally(outcomes, |broken| {
                notes.findings.extend(derived(check, broken, frame, facts, year));
                true
            });
            if tally.due() > 0 {
                notes.checks.push(DerivedCheck {
                    unit_id: frame.text(UNIT_ID, row).to_owned(),
                    unit: frame.text(UNIT, row).to_owned(),
                    fiscal_year: year,
                    checked: Checked { rule: check.rule.clone(), form: "".into(), tally },
                });
            }
        }
    }
}

/// The key of a row that speaks for its unit.
fn key_of(frame: &Frame, row: usize) -> Option<KeyRef<'_>> {
    let [item, function, economic, funding, measure, base] = {
        let mut columns = KEY;
        std::array::from_fn(|_| columns.next().map_or("", |column| frame.text(column, row)))
    };
    let measure = Measure::from_word(measure)?;
    Some(KeyRef {
        entity: "",
        item,
        function,
        economic,
        funding: Funding::from_word(funding),
        measure,
        base,
        last_year: false,
    })
}

fn derived(check: &Check, broken: &Broken, frame: &Frame, facts: &[Fact<'_>], year: i32) -> Option<DerivedFinding> {
    let rows: Vec<usize> = broken.numbers.iter().map(|number| facts[number.at].preferred).collect();
    let first = *rows.first()?;
    let text = |column: usize, row: usize| frame.text(column, row).to_owned();
    let subject: Vec<&str> = KEY.map(|column| frame.text(column, first)).filter(|part| !part.is_empty()).collect();
    let finding = broken.finding(check, subject.join(" "), frame.text(UNIT_OF_MEASURE, first));
    let mut documents: Vec<String> = rows.iter().map(|row| text(DOCUMENT_ID, *row)).collect();
    documents.dedup();
    let places: Vec<String> = rows.iter().map(|row| text(PLACE, *row)).collect();
    Some(DerivedFinding {
        unit_id: text(UNIT_ID, first),
        unit: text(UNIT, first),
        fiscal_year: Some(year),
        places: places.join("; "),
        document_ids: documents.join(","),
        finding: Finding { form: text(FORM, first), ..finding },
    })
}
