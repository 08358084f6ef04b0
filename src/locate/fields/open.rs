//! Small tables among fields: where one goes on and what it tells to the rows below it.

use crate::locate::grid::{Rows, recalled_label};
use crate::mapping::{ColumnRole, Inner, Kind};
use crate::model::{Label, Table};

/// A table of the form whose end has not been seen.
pub(super) struct Open<'a> {
    pub(super) inner: &'a Inner,
    pub(super) parts: Vec<Rows<'a>>,
}

impl<'a> Open<'a> {
    /// The next row belongs to it, perhaps behind others that do not.
    pub(super) fn take(&mut self, row: usize) {
        let Some(last) = self.parts.last_mut() else { return };
        if last.rows.end == row || last.rows.is_empty() {
            last.rows = last.rows.start.min(row)..row + 1;
        } else {
            let table = last.table;
            self.parts.push(Rows { table, rows: row..row + 1 });
        }
    }

    /// It holds indicators.
    pub(super) fn has_indicators(&self) -> bool {
        self.inner.form.kind == Kind::Indicators
    }

    /// Rows of a table go on from it: it has the same columns.
    pub(super) fn goes_on_in(&self, table: &Table) -> bool {
        self.parts.first().is_some_and(|first| first.table.has_columns_of(table))
    }

    /// A row says its header again, as a page break makes it.
    pub(super) fn begins_again(&self, begun: &Inner, table: &Table, row: usize) -> bool {
        let Some(first) = self.parts.first().filter(|_| std::ptr::eq(begun, self.inner)) else { return false };
        let header = |column: usize| Label::new(first.table.text_at(first.rows.start, column));
        (0..table.width().min(first.table.width())).all(|column| {
            let below = Label::new(table.text_at(row, column));
            below.is_empty() || below == header(column)
        })
    }
}

/// The columns in which the score table that a row of fields ends has its points and its scores.
#[derive(Default)]
pub(super) struct PointsAbove {
    pub(super) weights: Vec<usize>,
    pub(super) scores: Vec<usize>,
}

impl PointsAbove {
    pub(super) fn of(open: &Open<'_>) -> PointsAbove {
        let mut points = PointsAbove::default();
        let Some(rows) = open.parts.first().filter(|_| open.has_indicators()) else {
            return points;
        };
        for cell in rows.table.anchored_in(rows.rows.start) {
            match open.inner.form.columns.get(&*recalled_label(&cell.text)) {
                Some(ColumnRole::Weight) => points.weights.push(cell.column),
                Some(ColumnRole::SelfScore) => points.scores.push(cell.column),
                _ => {}
            }
        }
        points
    }
}
