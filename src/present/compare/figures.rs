//! The figures of two snapshots set against each other, content by content.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::changes::{Cause, Change, FigureChange};
use super::documents::Reading;
use crate::model::plain;
use crate::store::{Cell, FIGURES, StoreError, StoredTable, all_parts};

/// The years of `figures` that two snapshots do not share.
pub(super) struct Figures {
    before: Vec<StoredTable>,
    after: Vec<StoredTable>,
}

/// One row of `figures`, as far as it is compared.
struct Row {
    unit_id: String,
    unit: String,
    fiscal_year: i32,
    form: String,
    key: [String; 7],
    value: String,
    unit_of_measure: String,
    path: String,
    place: String,
}

const KEY: [&str; 7] = ["entity", "item", "function", "economic", "funding", "measure", "base"];

impl Row {
    fn of(cells: &[Cell<'_>]) -> Row {
        let text = |name: &str| match cells[FIGURES.position(name)] {
            Cell::Text(text) => text.to_owned(),
            Cell::Amount(value) => plain(value),
            _ => String::new(),
        };
        let year = match cells[FIGURES.position("fiscal_year")] {
            Cell::Int(year) => i32::try_from(year).unwrap_or_default(),
            _ => 0,
        };
        Row {
            unit_id: text("unit_id"),
            unit: text("unit"),
            fiscal_year: year,
            form: text("form"),
            key: KEY.map(text),
            value: text("value"),
            unit_of_measure: text("unit_of_measure"),
            path: text("document_path"),
            place: text("place"),
        }
    }

    fn same_key(&self, other: &Row) -> bool {
        (self.fiscal_year, &self.unit_id, &self.form, &self.key)
            == (other.fiscal_year, &other.unit_id, &other.form, &other.key)
    }
}

impl Figures {
    pub(super) fn open(older: &Path, newer: &Path) -> Result<Figures, StoreError> {
        let names = |dir: &Path| -> Result<HashSet<PathBuf>, StoreError> {
            let parts = all_parts(dir, &FIGURES)?;
            Ok(parts.into_iter().filter_map(|(_, part)| Some(part.strip_prefix(dir).ok()?.to_owned())).collect())
        };
        let (old, new) = (names(older)?, names(newer)?);
        let open =
            |dir: &Path, own: &HashSet<PathBuf>, other: &HashSet<PathBuf>| -> Result<Vec<StoredTable>, StoreError> {
                let mut own: Vec<&PathBuf> = own.difference(other).collect();
                own.sort();
                own.into_iter().map(|part| StoredTable::open(&FIGURES, dir.join(part), "document_id")).collect()
            };
        Ok(Figures { before: open(older, &old, &new)?, after: open(newer, &new, &old)? })
    }

    /// Adds what differs between the figures of a content and of what came in its place.
    pub(super) fn compare(&mut self, reading: &Reading, changes: &mut Vec<FigureChange>) -> Result<(), StoreError> {
        let before = rows_of(&mut self.before, reading.before.as_deref())?;
        let after = rows_of(&mut self.after, reading.after.as_deref())?;
        let mut by_key: HashMap<(i32, &str, &str, &[String; 7]), Vec<usize>> = HashMap::new();
        for (at, row) in before.iter().enumerate().rev() {
            by_key.entry((row.fiscal_year, &row.unit_id, &row.form, &row.key)).or_default().push(at);
        }
        let mut met = vec![false; before.len()];
        for new in &after {
            let key = (new.fiscal_year, &*new.unit_id, &*new.form, &new.key);
            let old = by_key.get_mut(&key).and_then(Vec::pop).map(|at| {
                met[at] = true;
                &before[at]
            });
            let same = |old: &Row| old.value == new.value && old.unit_of_measure == new.unit_of_measure;
            if !old.is_some_and(same) {
                changes.push(figure_change(old, Some(new), reading.cause));
            }
        }
        for (old, _) in before.iter().zip(met).filter(|(_, met)| !met) {
            changes.push(figure_change(Some(old), None, reading.cause));
        }
        Ok(())
    }
}

fn rows_of(tables: &mut [StoredTable], id: Option<&str>) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    for table in tables {
        let Some((start, length)) = id.and_then(|id| table.rows_of(id)) else { continue };
        table.copy(start, length, None, |cells| {
            rows.push(Row::of(cells));
            Ok(())
        })?;
    }
    Ok(rows)
}

fn figure_change(old: Option<&Row>, new: Option<&Row>, cause: Cause) -> FigureChange {
    debug_assert!(old.zip(new).is_none_or(|(old, new)| old.same_key(new)), "one figure has one key");
    let text = |row: Option<&Row>, of: fn(&Row) -> &String| row.map(of).cloned().unwrap_or_default();
    let some = new.or(old);
    FigureChange {
        change: match (old, new) {
            (None, _) => Change::Added,
            (_, None) => Change::Deleted,
            _ => Change::Modified,
        },
        unit_id: text(some, |row| &row.unit_id),
        unit: text(some, |row| &row.unit),
        fiscal_year: some.map_or(0, |row| row.fiscal_year),
        form: text(some, |row| &row.form),
        key: some.map(|row| row.key.clone()).unwrap_or_default(),
        old_value: text(old, |row| &row.value),
        new_value: text(new, |row| &row.value),
        unit_of_measure: text(some, |row| &row.unit_of_measure),
        document_path: text(some, |row| &row.path),
        old_place: text(old, |row| &row.place),
        new_place: text(new, |row| &row.place),
        cause,
    }
}
