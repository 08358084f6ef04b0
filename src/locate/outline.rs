//! The labels of a table that no form describes: which stand above its values, which to their left.
//!
//! For drafting a mapping; reads no value and names none.

use super::grid::{Grid, Rows};
use super::layout::{ColumnKind, Layout, RowKind};
use super::words::{Axis, Reader, Shape};
use crate::mapping::{ColumnRole, FormMapping, Mappings};
use crate::model::UnitOfMeasure;

/// The labels of a table, each once, in the order in which they stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline {
    /// Above values.
    pub(crate) headers: Vec<Labelled>,
    /// Above labels, line numbers and texts.
    pub(crate) columns: Vec<Labelled>,
    /// To the left of values.
    pub(crate) stubs: Vec<Labelled>,
}

/// A label, and what the form it is held against knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Labelled {
    /// As written, white space taken out.
    pub(crate) text: String,
    /// What it means; `None` where it is not known.
    pub(crate) means: Option<String>,
    /// The item that it means.
    pub(crate) item: Option<String>,
    /// It means a total.
    pub(crate) total: bool,
    /// What a column headed by it is.
    pub(crate) role: Option<ColumnRole>,
    /// The unit of measure that it states.
    pub(crate) unit: Option<UnitOfMeasure>,
    /// The label over this one and others, where it stands in a header.
    pub(crate) under: Option<String>,
    /// The column in which it stands first.
    pub(crate) column: usize,
}

/// Reads the labels of some rows as the form would.
pub(crate) fn outline(rows: Rows<'_>, form: &FormMapping, mappings: &Mappings) -> Outline {
    let grid = Grid::new(&[rows], &mappings.surroundings);
    let reader = Reader { form, mappings, fiscal_year: None };
    let layout = Layout::of(&grid, &reader);
    let mut outline = Outline::default();
    for block in &layout.blocks {
        for &column in &block.values {
            let mut outer: Option<String> = None;
            for spot in block.above(&grid, column) {
                let added = add(&mut outline.headers, spot.text(), column, Axis::Across, &reader);
                if let Some(added) = added {
                    added.under.clone_from(&outer);
                }
                outer = (block.reach(spot) > 1).then(|| squeezed(spot.text())).or(outer);
            }
        }
        for row in (block.body..grid.height).filter(|row| layout.rows[*row] == RowKind::Plain) {
            for &column in &block.labels {
                let spot = grid.at(row, column).filter(|spot| spot.row == row && spot.column == column);
                if let Some(spot) = spot.filter(|spot| spot.shape == Shape::Words && spot.role(&reader).is_none()) {
                    add(&mut outline.stubs, spot.text(), column, Axis::Down, &reader);
                }
            }
        }
    }
    let body = layout.blocks.iter().map(|block| block.body).min().unwrap_or(0);
    for column in (0..grid.width).filter(|column| {
        !matches!(layout.columns[*column], ColumnKind::Value | ColumnKind::Ignored | ColumnKind::Empty)
    }) {
        for row in 0..body {
            if let Some(spot) =
                grid.at(row, column).filter(|spot| spot.column_span < grid.width && spot.shape == Shape::Words)
            {
                add(&mut outline.columns, spot.text(), column, Axis::Across, &reader);
            }
        }
    }
    outline
}

/// Adds a label that is not there yet.
fn add<'l>(
    labels: &'l mut Vec<Labelled>,
    text: &str,
    column: usize,
    axis: Axis,
    reader: &Reader<'_>,
) -> Option<&'l mut Labelled> {
    let word = reader.word(text, axis);
    if word.written.is_empty() || labels.iter().any(|label| label.text == word.written) {
        return None;
    }
    let rule = word.rule.as_ref();
    labels.push(Labelled {
        means: rule.map(|rule| rule.to_string()),
        item: rule.and_then(|rule| rule.key.item.as_ref()).map(|item| item.to_string()),
        total: rule.is_some_and(|rule| rule.total),
        role: reader.role(text),
        unit: word.unit.or_else(|| unit_in_bracket(&word.written, reader)),
        text: word.written,
        under: None,
        column,
    });
    labels.last_mut()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The unit in the last bracket of a label that is not known: 在校学生（人）.
fn unit_in_bracket(written: &str, reader: &Reader<'_>) -> Option<UnitOfMeasure> {
    let folded = crate::model::fold(written);
    let inner = folded.strip_suffix(')')?;
    reader.mappings.surroundings.unit(&inner[inner.rfind('(')? + 1..])
}
