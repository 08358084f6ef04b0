use std::path::Path;
use std::sync::Arc;

use polars::prelude::*;
use rust_decimal::Decimal;

use crate::check::{Agreement, StatedValue, agreement};
use crate::model::{Figure, Place, plain};
use crate::store::{self, FIGURES, Frame, StoreError};

/// What a fact is about: a key with its year. The entity is empty where the figure speaks for its unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct FactKey {
    fiscal_year: i32,
    /// Entity, item, function, economic, funding, measure, base.
    parts: [Arc<str>; 7],
}

/// One figure as a statement about a fact, of any document.
#[derive(Clone, Debug)]
pub struct Statement {
    pub(super) key: FactKey,
    /// The path of its document; empty for the document in hand.
    pub(super) document: String,
    pub(super) form: Arc<str>,
    pub(super) place: String,
    /// Where it stands in the document in hand.
    pub(super) here: Option<Place>,
    /// Times 10⁶.
    value: i128,
    written: String,
    decimals: u32,
    unit_of_measure: Arc<str>,
}

impl Statement {
    /// The statement that a figure of the document in hand makes.
    pub(super) fn of_figure(figure: &Figure) -> Statement {
        let key = &figure.key;
        let entity: Arc<str> = if figure.speaks_for_unit { "".into() } else { key.entity.clone() };
        let word = |word: &'static str| -> Arc<str> { word.into() };
        Statement {
            key: FactKey {
                fiscal_year: figure.fiscal_year,
                parts: [
                    entity,
                    key.item.clone(),
                    key.function.clone(),
                    key.economic.clone(),
                    word(key.funding.map_or("", |funding| funding.word())),
                    word(key.measure.word()),
                    key.base.clone(),
                ],
            },
            document: String::new(),
            form: figure.form.clone(),
            place: figure.place.to_string(),
            here: Some(figure.place.clone()),
            value: millionths(figure.value),
            written: figure.value_as_written.to_string(),
            decimals: figure.decimals,
            unit_of_measure: figure.unit_of_measure.clone(),
        }
    }

    /// The value with its unit.
    pub(super) fn shown(&self) -> String {
        format!("{} {}", plain(self.value), self.unit_of_measure)
    }

    /// `agreed`, `last_digit` or `conflict`: how well another statement of the same fact agrees with this one.
    pub(super) fn agreement(&self, other: &Statement) -> &'static str {
        let stated = |statement: &Statement| StatedValue {
            value: statement.value,
            written: statement.written.clone(),
            decimals: statement.decimals as i32,
        };
        let measure = &self.key.parts[5];
        match agreement(&stated(self), &stated(other), &self.unit_of_measure, measure) {
            Agreement::Agreed => "agreed",
            Agreement::LastDigit => "last_digit",
            Agreement::Conflict => "conflict",
        }
    }
}

fn millionths(value: Decimal) -> i128 {
    let mut value = value;
    value.rescale(6);
    value.mantissa()
}

/// The columns of `figures` that a statement is made of.
const COLUMNS: [&str; 15] = [
    "fiscal_year",
    "entity",
    "item",
    "function",
    "economic",
    "funding",
    "measure",
    "base",
    "document_path",
    "form",
    "place",
    "value",
    "value_as_written",
    "decimals",
    "unit_of_measure",
];

/// The statements of a unit's other documents in the published snapshot: all figures but those of `document_id`.
///
/// # Errors
///
/// Where nothing was published, or a table cannot be read.
pub fn statements_elsewhere(dataset: &Path, unit_id: &str, document_id: &str) -> Result<Vec<Statement>, StoreError> {
    let mut statements = Vec::new();
    for file in store::figures_files(dataset)? {
        let columns: Vec<Expr> = COLUMNS.iter().map(|name| col(*name)).chain([col("flags")]).collect();
        let frame = store::scan(&file)?
            .filter(col("unit_id").eq(lit(unit_id)).and(col("document_id").neq(lit(document_id))))
            .select(columns)
            .collect()?;
        let names: Vec<&str> = COLUMNS.iter().copied().chain(["flags"]).collect();
        let frame = Frame::new(&FIGURES, &frame, &names)?;
        for row in 0..frame.height() {
            statements.push(of_row(&frame, row));
        }
    }
    Ok(statements)
}

fn of_row(frame: &Frame, row: usize) -> Statement {
    let text = |column: usize| -> Arc<str> { frame.text(column, row).into() };
    let entity = if store::speaks_for_unit(frame.text(1, row), frame.text(15, row)) { "".into() } else { text(1) };
    Statement {
        key: FactKey {
            fiscal_year: frame.int(0, row).and_then(|year| i32::try_from(year).ok()).unwrap_or_default(),
            parts: [entity, text(2), text(3), text(4), text(5), text(6), text(7)],
        },
        document: frame.text(8, row).to_owned(),
        form: text(9),
        place: frame.text(10, row).to_owned(),
        here: None,
        value: frame.amount(11, row).unwrap_or_default(),
        written: frame.text(12, row).to_owned(),
        decimals: frame.int(13, row).and_then(|value| u32::try_from(value).ok()).unwrap_or_default(),
        unit_of_measure: text(14),
    }
}
