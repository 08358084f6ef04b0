//! The rows that name indicators, each with its path.

use rust_decimal::Decimal;

use super::points::{is_quantity, points, without_weight};
use super::{Indicators, says_nothing};
use crate::locate::grid::Spot;
use crate::locate::words::Shape;
use crate::mapping::ColumnRole;

/// An indicator of the deepest level, with the row that names it.
pub(super) struct Entry {
    pub(super) row: usize,
    pub(super) levels: [String; 3],
    pub(super) total: bool,
    /// Levels whose cell is blank although merges are told: the name above need not be theirs.
    untold: [bool; 3],
    /// Every level of its path is told.
    pub(super) whole: bool,
}

impl Entry {
    /// The name of its deepest level.
    pub(super) fn name(&self) -> &str {
        self.levels.iter().rev().find(|level| !level.is_empty()).map_or("", String::as_str)
    }

    /// The path is whole: each level down to the deepest has a name, and it is told that the name is this row's.
    fn settle(&mut self, deepest: u8) {
        let levels = self.levels.iter().zip(&self.untold).take(usize::from(deepest));
        self.whole = self.total || levels.into_iter().all(|(name, untold)| !name.is_empty() && !untold);
    }
}

impl Indicators<'_, '_> {
    /// The indicators in order.
    pub(super) fn entries(&self, deepest: u8) -> Vec<Entry> {
        let levels = &self.levels;
        let mut entries: Vec<Entry> = Vec::new();
        let mut path: [String; 3] = Default::default();
        // Levels whose cell is blank although merges are told: the name above need not be theirs.
        let mut untold = [false; 3];
        for row in 0..self.grid.height {
            if !self.is_body(row) {
                continue;
            }
            let mut named = false;
            let mut total = false;
            if let Some(spot) = self.total_before(row) {
                path = Default::default();
                path[0] = without_weight(spot.text()).0;
                entries.push(Entry { row, levels: path.clone(), total: true, untold: [false; 3], whole: false });
                continue;
            }
            for (column, level) in levels {
                let Some(spot) = self.grid.at(row, *column) else {
                    // A workbook has no cell where nothing was ever typed: as blank as a blank one.
                    untold[usize::from(*level) - 1] |= self.grid.merges_known;
                    continue;
                };
                let first = *column == levels[0].0 && spot.column < *column;
                if spot.row != row || spot.column != *column && !(first && self.is_total(spot)) {
                    continue;
                }
                if spot.is_blank() {
                    untold[usize::from(*level) - 1] |= self.grid.merges_known || self.has_own_weight(row, *column);
                    continue;
                }
                if self.is_total(spot) && *column == levels[0].0 {
                    path = Default::default();
                    path[0] = without_weight(spot.text()).0;
                    (named, total) = (true, true);
                    untold = [false; 3];
                    break;
                }
                let level = usize::from(*level) - 1;
                path[level] = without_weight(spot.text()).0;
                untold[level] = false;
                for (deeper, untold) in path.iter_mut().zip(&mut untold).skip(level + 1) {
                    deeper.clear();
                    *untold = false;
                }
                named |= level + 1 == usize::from(deepest);
            }
            if named && !self.is_unfilled(row) {
                entries.push(Entry { row, levels: path.clone(), total, untold, whole: false });
            }
        }
        self.tell_by_points(&mut entries);
        self.tell_by_scheme(&mut entries);
        for entry in &mut entries {
            entry.settle(deepest);
        }
        if !self.grid.merges_known {
            self.doubt_displaced(&mut entries);
        }
        entries
    }

    /// 指标2, ……: a row of the template, whose indicator nobody named, with nothing beside it.
    fn is_unfilled(&self, row: usize) -> bool {
        let Some((deepest, _)) = self.levels.last() else { return false };
        let own = |column: &usize| self.grid.at(row, *column).filter(|spot| spot.row == row && !spot.is_blank());
        own(deepest).is_some_and(|name| says_nothing(name, &self.reader))
            && (deepest + 1..self.grid.width).all(|column| own(&column).is_none())
    }

    /// Converters leave out the cells that are merged down, and the rest of the row moves to the left: then it is shorter than the
    /// header, what an indicator was to reach stands among its names, or its points where the weight belongs and none behind.
    fn doubt_displaced(&self, entries: &mut [Entry]) {
        let end = |row: usize| {
            let spots = self.grid.spots.iter().filter(|spot| spot.row == row);
            spots.map(|spot| spot.column + spot.column_span).max()
        };
        let header = (0..self.body).map(end).max().flatten();
        let scores = self.columns(ColumnRole::SelfScore);
        let weights = self.columns(ColumnRole::Weight);
        let has_number = |row: usize, columns: &[usize]| {
            columns.iter().any(|column| self.grid.at(row, *column).is_some_and(|spot| spot.shape == Shape::Number))
        };
        let scored = entries.iter().any(|entry| has_number(entry.row, &scores));
        for entry in entries.iter_mut().filter(|entry| !entry.total) {
            let lacks_its_score = scored && has_number(entry.row, &weights) && !has_number(entry.row, &scores);
            // Words at its end may be blank, and left out: then its points stand where they belong.
            let mut lacked = end(entry.row).unwrap_or(0)..header.unwrap_or(0);
            let has_points = has_number(entry.row, &scores) && (weights.is_empty() || has_number(entry.row, &weights));
            let is_short = !lacked.is_empty()
                && (!has_points || lacked.any(|column| self.layout.roles[column] != Some(ColumnRole::Text)));
            if is_short || lacks_its_score || entry.levels.iter().any(|name| is_quantity(name)) {
                entry.whole = false;
            }
        }
    }

    /// 总分 before the levels of its row, which are blank: where merges are lost, it was over them.
    pub(super) fn total_before(&self, row: usize) -> Option<&Spot<'_>> {
        let levels = &self.levels;
        let spot = |column: usize| self.grid.at(row, column).filter(|spot| spot.row == row && !spot.is_blank());
        let is_lost = !self.grid.merges_known && levels.iter().all(|(column, _)| spot(*column).is_none());
        (0..levels.first()?.0).filter(|_| is_lost).find_map(spot).filter(|spot| self.is_total(spot))
    }

    /// The row sums up the indicators above it.
    pub(super) fn is_total_row(&self, row: usize) -> bool {
        let first = self.levels.first().and_then(|(column, _)| self.grid.at(row, *column));
        first.is_some_and(|spot| self.is_total(spot)) || self.total_before(row).is_some()
    }

    /// A name whose label prints the points of its group holds for the blank cells below it, if the points of their rows
    /// make up just these: then no other name can have stood there.
    fn tell_by_points(&self, entries: &mut [Entry]) {
        let Some(weight) = self.columns(ColumnRole::Weight).pop() else { return };
        for (column, level) in &self.levels {
            let at = usize::from(*level) - 1;
            let mut from = 0;
            while from < entries.len() {
                let to = (from + 1..entries.len())
                    .find(|next| entries[*next].total || entries[*next].levels[..=at] != entries[from].levels[..=at])
                    .unwrap_or(entries.len());
                let label = self.grid.at(entries[from].row, *column).filter(|spot| spot.row == entries[from].row);
                let printed = label.and_then(|spot| without_weight(spot.text()).1);
                let mut spots: Vec<usize> =
                    entries[from..to].iter().filter_map(|entry| self.grid.index_at(entry.row, weight)).collect();
                spots.dedup();
                let sum: Option<Decimal> = spots.iter().map(|at| points(&self.grid.spots[*at]).ok()).sum();
                if printed.is_some() && printed == sum {
                    entries[from..to].iter_mut().for_each(|entry| entry.untold[at] = false);
                }
                from = to;
            }
        }
    }

    /// Blank cells repeat the name above them where the table is then a known scheme, each indicator with its points.
    fn tell_by_scheme(&self, entries: &mut [Entry]) {
        let Some(weight) = self.columns(ColumnRole::Weight).pop() else { return };
        if !entries.iter().any(|entry| entry.untold.contains(&true)) {
            return;
        }
        let mut told: Vec<([String; 3], Decimal)> = Vec::new();
        for entry in entries.iter().filter(|entry| !entry.total) {
            let spot = self.grid.at(entry.row, weight).filter(|spot| spot.row == entry.row && !spot.is_blank());
            match (spot.map(points), told.last_mut()) {
                (Some(Ok(points)), _) => told.push((entry.levels.clone(), points)),
                // It shares the points of the indicator above it.
                (None, Some((path, _))) if path[..2] == entry.levels[..2] => {
                    path[2] = format!("{}、{}", path[2], entry.levels[2]);
                }
                _ => return,
            }
        }
        let paths = told.iter().map(|(path, points)| (path.each_ref().map(String::as_str), *points));
        if self.frame.mappings.schemes.of(paths).is_some() {
            entries.iter_mut().for_each(|entry| entry.untold = [false; 3]);
        }
    }

    /// Entries that share a merged weight or score belong together.
    pub(super) fn groups(&self, entries: &[Entry]) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let last = self.levels.last().map_or(0, |(column, _)| *column);
        let own_weight = self.columns(ColumnRole::Weight).pop().filter(|weight| *weight > last);
        let values: Vec<usize> = own_weight.into_iter().chain(self.columns(ColumnRole::SelfScore)).collect();
        for (index, entry) in entries.iter().enumerate() {
            let continues =
                values.iter().any(|column| self.grid.at(entry.row, *column).is_some_and(|spot| spot.row < entry.row));
            match groups.last_mut() {
                Some(group) if continues && !entry.total => group.push(index),
                _ => groups.push(vec![index]),
            }
        }
        groups
    }
}
