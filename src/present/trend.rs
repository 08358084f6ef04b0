use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use polars::prelude::*;

use crate::store::{self, FACTS, Frame, StoreError};

/// A value of the trend as text, and whether the documents contradict each other about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The exact value, without padding zeros: 万元, or percent for a rate.
    pub value: String,
    /// Documents of the unit and year contradict each other; the value is that of the preferred source.
    pub conflict: bool,
}

/// One of the three public expenses of one unit in one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendRow {
    /// The unit's id.
    pub unit_id: String,
    /// Its name as last written.
    pub unit: String,
    /// The item, by its canonical name.
    pub item: &'static str,
    /// The fiscal year; every year from the dataset's first to its last has its row.
    pub fiscal_year: i32,
    /// 年初预算数, 万元.
    pub budget: Option<Stated>,
    /// 决算数, 万元.
    pub final_amount: Option<Stated>,
    /// Final minus last year's final: of the dataset, else as the documents state it.
    pub change: Option<Stated>,
    /// The same in percent, to two decimals where it is computed.
    pub change_rate: Option<Stated>,
}

/// The three public expenses and their parts, in the order of the form.
const ITEMS: [&str; 6] = [
    "“三公”经费",
    "因公出国（境）费",
    "公务用车购置及运行维护费",
    "公务用车购置费",
    "公务用车运行维护费",
    "公务接待费",
];
const MEASURES: [&str; 4] = ["budget", "final", "change", "change_rate"];
const COLUMNS: [&str; 7] = ["unit_id", "unit", "fiscal_year", "item", "measure", "value", "status"];

/// A value times 10⁶, and whether it is in conflict.
type Value = (i128, bool);
/// The values of one unit: by item and year, in the order of [`MEASURES`].
type Years = BTreeMap<(usize, i32), [Option<Value>; 4]>;

/// Each unit's three public expenses by year, for the units whose name or id is in `wanted`; for all, where it is empty.
///
/// Units stand in the order of their ids. A year without a value has a row without values: a gap is no zero.
///
/// # Errors
///
/// Where nothing was published, or a table cannot be read.
pub fn trend(dataset: &Path, wanted: &[String]) -> Result<Vec<TrendRow>, StoreError> {
    let mut units: BTreeMap<String, (String, Years)> = BTreeMap::new();
    let mut years: BTreeSet<i32> = BTreeSet::new();
    for file in store::facts_files(dataset)? {
        let frame = facts_of(&file)?;
        for row in 0..frame.height() {
            let Some(year) = frame.int(2, row).and_then(|year| i32::try_from(year).ok()) else { continue };
            years.insert(year);
            add(&frame, row, year, wanted, &mut units);
        }
    }
    let (Some(first), Some(last)) = (years.first(), years.last()) else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for (unit_id, (unit, values)) in &units {
        for (item, name) in ITEMS.iter().enumerate() {
            if !values.keys().any(|(known, _)| *known == item) {
                continue;
            }
            for year in *first..=*last {
                let [budget, final_amount, change, change_rate] = year_of(values, item, year);
                let fiscal_year = year;
                let (unit_id, unit) = (unit_id.clone(), unit.clone());
                rows.push(TrendRow {
                    unit_id,
                    unit,
                    item: name,
                    fiscal_year,
                    budget,
                    final_amount,
                    change,
                    change_rate,
                });
            }
        }
    }
    Ok(rows)
}

/// The facts that a trend is made of.
fn facts_of(file: &Path) -> Result<Frame, StoreError> {
    let one_of = |column: &str, words: &[&str]| {
        let words = Series::new(column.into(), words);
        col(column).is_in(lit(words).implode(false), false)
    };
    let columns: Vec<Expr> = COLUMNS.iter().map(|name| col(*name)).collect();
    let frame = store::scan(file)?
        .filter(
            one_of("item", &ITEMS)
                .and(one_of("measure", &MEASURES))
                .and(col("function").is_null())
                .and(col("economic").is_null())
                .and(col("funding").is_null())
                .and(col("base").is_null()),
        )
        .select(columns)
        .collect()?;
    Frame::new(&FACTS, &frame, &COLUMNS)
}

fn add(frame: &Frame, row: usize, year: i32, wanted: &[String], units: &mut BTreeMap<String, (String, Years)>) {
    let (unit_id, unit) = (frame.text(0, row), frame.text(1, row));
    if !wanted.is_empty() && !wanted.iter().any(|name| name == unit_id || name == unit) {
        return;
    }
    let item = ITEMS.iter().position(|item| *item == frame.text(3, row));
    let measure = MEASURES.iter().position(|measure| *measure == frame.text(4, row));
    let (Some(item), Some(measure), Some(value)) = (item, measure, frame.amount(5, row)) else { return };
    if !units.contains_key(unit_id) {
        units.insert(unit_id.to_owned(), (String::new(), Years::new()));
    }
    if let Some((name, values)) = units.get_mut(unit_id) {
        unit.clone_into(name);
        values.entry((item, year)).or_default()[measure] = Some((value, frame.text(6, row) == "conflict"));
    }
}

/// Budget, final, change and rate of one item in one year.
fn year_of(values: &Years, item: usize, year: i32) -> [Option<Stated>; 4] {
    let [budget, this, change, rate] = values.get(&(item, year)).copied().unwrap_or_default();
    let before = values.get(&(item, year - 1)).and_then(|before| before[1]);
    let (change, rate) = match (this, before) {
        (Some((this, doubt)), Some((before, doubt_before))) => {
            let doubt = doubt || doubt_before;
            (Some((this - before, doubt)), store::change_rate(this, before).map(|rate| (rate, doubt)))
        }
        _ => (change, rate),
    };
    [budget, this, change, rate]
        .map(|value| value.map(|(value, conflict)| Stated { value: crate::model::plain(value), conflict }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_year_is_a_gap_and_breaks_the_change() {
        let mut values = Years::new();
        values.insert((5, 2020), [None, Some((16_200_000, false)), None, None]);
        values.insert((5, 2022), [Some((10_000_000, false)), Some((12_960_000, true)), None, None]);
        assert_eq!(year_of(&values, 5, 2021), [None, None, None, None]);
        let [budget, this, change, rate] = year_of(&values, 5, 2022);
        assert_eq!(budget, Some(Stated { value: "10".into(), conflict: false }));
        assert_eq!(this, Some(Stated { value: "12.96".into(), conflict: true }));
        assert_eq!((change, rate), (None, None));
    }

    #[test]
    fn the_change_is_against_last_year_in_the_dataset() {
        let mut values = Years::new();
        values.insert((5, 2020), [None, Some((16_200_000, false)), None, None]);
        values.insert((5, 2021), [None, Some((12_960_000, false)), Some((1, false)), None]);
        let [_, _, change, rate] = year_of(&values, 5, 2021);
        assert_eq!(change.unwrap().value, "-3.24");
        assert_eq!(rate.unwrap().value, "-20");
    }
}
