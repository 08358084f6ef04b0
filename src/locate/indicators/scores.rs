//! Weights and scores: of indicators, of several that share theirs, of levels above them.

use rust_decimal::Decimal;

use super::entries::Entry;
use super::points::{points, without_weight};
use super::{Indicators, Told, Use};
use crate::locate::grid::Spot;
use crate::locate::words::Shape;
use crate::mapping::ColumnRole;
use crate::model::{Finding, FindingCode, Score};

impl Indicators<'_, '_> {
    /// An indicator with neither weight nor score, told at a spot.
    fn score(&self, [level1, level2, level3]: [String; 3], spot: &Spot<'_>) -> Score {
        Score {
            form: self.frame.form.form.clone(),
            entity: self.frame.project.name(),
            scheme: None,
            total: false,
            level1,
            level2,
            level3,
            weight: None,
            self_score: None,
            place: spot.table.place(spot.cell),
        }
    }

    /// The weight and the score of indicators that share both, or of one alone.
    pub(super) fn group(
        &self,
        entries: &[Entry],
        group: &[usize],
        weight: Option<usize>,
        score: Option<usize>,
        told: &mut Told<'_>,
    ) {
        let group: Vec<&Entry> = group.iter().map(|index| &entries[*index]).collect();
        let Some(first) = group.first() else { return };
        // A blank template gives nothing to name, and is no doubtful form.
        let scored = |spot: &Spot<'_>| Some(spot.column) == score && spot.shape == Shape::Number;
        let unfilled = score.is_some() && !self.grid.spots.iter().any(scored);
        let spot_in = |column: Option<usize>| column.and_then(|column| self.grid.index_at(first.row, column));
        let [(weight, weight_at), (self_score, score_at)] = [weight, score].map(|column| match spot_in(column) {
            Some(at) => self.points_of(&group, at, unfilled, told),
            None => (None, None),
        });
        let Some(at) = score_at.or(weight_at) else { return };
        let mut levels = first.levels.clone();
        if group.len() > 1
            && let Some(last) = levels.iter_mut().rev().find(|level| !level.is_empty())
        {
            *last = group.iter().map(|entry| entry.name()).collect::<Vec<_>>().join("、");
        }
        let score = self.score(levels, &self.grid.spots[at]);
        told.located.scores.push(Score { total: first.total, weight, self_score, ..score });
    }

    /// The points in a spot beside the first of a group, and the spot where they stand, or a dash for none. What is not certain is left
    /// over, but for the weights of a template that is `unfilled`.
    fn points_of(
        &self,
        group: &[&Entry],
        at: usize,
        unfilled: bool,
        told: &mut Told<'_>,
    ) -> (Option<Decimal>, Option<usize>) {
        let (first, spot) = (group[0], &self.grid.spots[at]);
        if spot.row != first.row || spot.shape == Shape::Blank {
            return (None, None);
        }
        if spot.shape == Shape::Dash {
            return (None, Some(at));
        }
        let one_parent = group.iter().all(|entry| entry.levels[..2] == first.levels[..2]);
        let every_row_named = (first.row..first.row + spot.row_span).all(|row| self.names_an_indicator(row));
        let doubt = if !one_parent || first.levels.iter().all(String::is_empty) {
            Some(Use::Leftover("merged over indicators of several groups"))
        } else if self.has_numbers_beside(first.row, at) {
            Some(Use::Leftover("several numbers beside one indicator"))
        } else if !every_row_named || group.iter().any(|entry| !entry.whole) {
            Some(if unfilled { Use::Unfilled } else { Use::Leftover("a level of its path is blank") })
        } else {
            None
        };
        if let Some(doubt) = doubt {
            told.uses[at] = doubt;
            return (None, None);
        }
        match points(spot) {
            Ok(value) => {
                told.uses[at] = Use::Number;
                (Some(value), Some(at))
            }
            Err(doubt) => {
                let place = spot.table.place(spot.cell);
                let mut finding =
                    Finding::at(FindingCode::MalformedNumber, place, doubt).with_actual(spot.text().trim());
                finding.form = self.frame.form.form.to_string();
                told.findings.push(finding);
                told.uses[at] = Use::Leftover("not a number of points");
                (None, None)
            }
        }
    }

    /// Beside the cell of the deepest level that covers a row stand other numbers in the same column.
    fn has_numbers_beside(&self, row: usize, at: usize) -> bool {
        let Some((level, _)) = self.levels.last() else { return false };
        let Some(name) = self.grid.at(row, *level) else { return false };
        let column = self.grid.spots[at].column;
        (name.row..name.row + name.row_span).any(|row| {
            self.grid
                .index_at(row, column)
                .is_some_and(|other| other != at && self.grid.spots[other].shape == Shape::Number)
        })
    }

    /// The cell of the deepest level that covers a row has a name; a total has it in the first level.
    fn names_an_indicator(&self, row: usize) -> bool {
        let is_named = self.levels.last().is_none_or(|(column, _)| {
            self.grid.at(row, *column).is_some_and(|spot| !spot.is_blank())
                || self
                    .columns_of_level(1)
                    .and_then(|first| self.grid.at(row, first))
                    .is_some_and(|spot| self.is_total(spot))
        });
        is_named || self.total_before(row).is_some()
    }

    /// T-12: where merges are lost, a score with named, blank rows below it may be theirs together.
    ///
    /// It is certain where the weight of their group, printed in its label, is the sum of the weights that stand in it:
    /// then nothing is left for the blank rows alone. Otherwise the score is left over.
    pub(super) fn shared_without_merges(&self, entries: &[Entry], weight: Option<usize>, told: &mut Told<'_>) {
        let values: Vec<usize> =
            self.columns(ColumnRole::Weight).into_iter().chain(self.columns(ColumnRole::SelfScore)).collect();
        let blank = |entry: &Entry| values.iter().all(|column| self.grid.text(entry.row, *column).trim().is_empty());
        let Some(weight) = weight else { return };
        let mut index = 0;
        while index < entries.len() {
            let shared: Vec<usize> = (index + 1..entries.len())
                .take_while(|next| {
                    let next = &entries[*next];
                    let covered = values
                        .iter()
                        .any(|column| self.grid.at(next.row, *column).is_some_and(|spot| spot.row < next.row));
                    !covered && blank(next) && (!next.whole || next.levels[..2] == entries[index].levels[..2])
                })
                .collect();
            if shared.is_empty() || blank(&entries[index]) {
                index += 1;
                continue;
            }
            let group: Vec<&Entry> = entries
                .iter()
                .filter(|entry| entry.levels[..2] == entries[index].levels[..2] && !entry.total)
                .collect();
            let sum: Option<Decimal> = group
                .iter()
                .filter(|entry| !blank(entry))
                .map(|entry| points(self.grid.at(entry.row, weight)?).ok())
                .sum();
            let printed = self.printed_weight(&entries[index]);
            let names: Vec<&str> =
                std::iter::once(index).chain(shared.iter().copied()).map(|entry| entries[entry].name()).collect();
            let joined = names.join("、");
            let place =
                |column: usize| self.grid.at(entries[index].row, column).map(|spot| spot.table.place(spot.cell));
            let places: Vec<_> = values.iter().filter_map(|column| place(*column)).collect();
            let at = told.located.scores.iter().position(|score| places.contains(&score.place));
            if let Some(at) = at {
                if sum.is_some() && sum == printed {
                    let score = &mut told.located.scores[at];
                    let last = if score.level3.is_empty() { &mut score.level2 } else { &mut score.level3 };
                    *last = joined;
                } else {
                    told.located.scores.remove(at);
                    for column in &values {
                        if let Some(spot) = self.grid.index_at(entries[index].row, *column)
                            && told.uses[spot] == Use::Number
                        {
                            told.uses[spot] = Use::Leftover("named rows below it have no score");
                        }
                    }
                }
            }
            index += shared.len() + 1;
        }
    }

    /// The weight that stands in the label of an entry's second level.
    fn printed_weight(&self, entry: &Entry) -> Option<Decimal> {
        let column = self.columns_of_level(2)?;
        // The label may stand rows above, or be repeated behind a page break.
        (0..=entry.row).rev().find_map(|row| {
            let text = self.grid.text(row, column);
            let (name, weight) = without_weight(text);
            if text.trim().is_empty() || name != entry.levels[1] {
                return None;
            }
            Some(weight)
        })?
    }

    fn columns_of_level(&self, level: u8) -> Option<usize> {
        self.levels.iter().find(|(_, of)| *of == level).map(|(column, _)| *column)
    }

    /// A weight column of its own for each level stands right of the level; that of the deepest is the indicators' own.
    pub(super) fn weights_of_levels(&self, own_weight: Option<usize>, told: &mut Told<'_>) {
        for (column, level) in &self.levels {
            if let Some(weight) = self.weight_of_level(*column).filter(|weight| Some(*weight) != own_weight) {
                self.level_weights((*column, *level), weight, own_weight, told);
            }
        }
    }

    fn weight_of_level(&self, column: usize) -> Option<usize> {
        let has_level_between = |weight: usize| self.levels.iter().any(|(other, _)| *other > column && *other < weight);
        let weights = self.columns(ColumnRole::Weight).into_iter();
        weights.filter(|weight| *weight > column).find(|weight| !has_level_between(*weight))
    }

    /// A weight of its level stands in the row: then its name must, too.
    pub(super) fn has_own_weight(&self, row: usize, column: usize) -> bool {
        let is_last = self.levels.last().is_some_and(|(last, _)| *last == column);
        let weight = self.weight_of_level(column).filter(|_| !is_last).and_then(|weight| self.grid.at(row, weight));
        weight.is_some_and(|weight| weight.row == row && weight.shape == Shape::Number)
    }

    /// Weights in a column of their own beside a level that is not the deepest.
    fn level_weights(
        &self,
        (column, level): (usize, u8),
        weight: usize,
        own_weight: Option<usize>,
        told: &mut Told<'_>,
    ) {
        let mut path: [String; 3] = Default::default();
        for row in 0..self.grid.height {
            if !self.is_body(row) {
                continue;
            }
            for (other, of) in self.levels.iter().filter(|(other, _)| *other <= column) {
                let spot = self.grid.at(row, *other);
                if let Some(spot) = spot.filter(|spot| !spot.is_blank()) {
                    path[usize::from(*of) - 1] = without_weight(spot.text()).0;
                    if spot.row == row {
                        // The names below another one are not its own.
                        path.iter_mut().skip(usize::from(*of)).for_each(String::clear);
                    }
                } else if self.grid.merges_known {
                    path[usize::from(*of) - 1].clear();
                }
            }
            let Some(at) = self.grid.index_at(row, weight) else { continue };
            let spot = &self.grid.spots[at];
            if self.is_total_row(row) {
                let own = own_weight.and_then(|own| self.grid.at(row, own)).filter(|own| own.row == row);
                let is_again = own.is_some_and(|own| points(own).is_ok() && points(own) == points(spot));
                if spot.row == row && is_again {
                    told.uses[at] = Use::Again;
                }
                continue;
            }
            let name_here = self.grid.at(row, column).is_some_and(|spot| spot.row == row && !spot.is_blank());
            let whole = path[..usize::from(level)].iter().all(|name| !name.is_empty());
            if spot.row != row || !name_here || !whole || spot.shape != Shape::Number {
                continue;
            }
            if let Ok(value) = points(spot) {
                told.uses[at] = Use::Number;
                let mut levels = path.clone();
                levels.iter_mut().skip(usize::from(level)).for_each(String::clear);
                told.located.scores.push(Score { weight: Some(value), ..self.score(levels, spot) });
            }
        }
    }

    /// Weights that stand in labels: of the deepest level they are the indicator's own, where it has no other.
    pub(super) fn label_weights(&self, deepest: u8, told: &mut Told<'_>) {
        let mut path: [String; 3] = Default::default();
        let mut labelled: Vec<[String; 3]> = Vec::new();
        for row in 0..self.grid.height {
            if !self.is_body(row) {
                continue;
            }
            for (column, level) in &self.levels {
                let index = usize::from(*level) - 1;
                let Some(at) = self.grid.index_at(row, *column) else {
                    if self.grid.merges_known {
                        path[index].clear();
                    }
                    continue;
                };
                let spot = &self.grid.spots[at];
                if spot.row != row || spot.column != *column {
                    continue;
                }
                if spot.is_blank() {
                    if self.grid.merges_known {
                        path[index].clear();
                    }
                    continue;
                }
                let (name, weight) = without_weight(spot.text());
                path[index] = name;
                path.iter_mut().skip(index + 1).for_each(String::clear);
                let whole = path[..=index].iter().all(|name| !name.is_empty());
                let Some(weight) = weight.filter(|_| whole) else { continue };
                told.uses[at] = Use::Weighted;
                if labelled.contains(&path) {
                    continue;
                }
                labelled.push(path.clone());
                let own = |score: &&mut Score| {
                    let same = score.level1 == path[0] && score.level2 == path[1] && score.level3 == path[2];
                    same && (*level == deepest || score.total)
                };
                if let Some(score) = told.located.scores.iter_mut().find(own) {
                    score.weight.get_or_insert(weight);
                    continue;
                }
                told.located.scores.push(Score { weight: Some(weight), ..self.score(path.clone(), spot) });
            }
        }
    }
}
