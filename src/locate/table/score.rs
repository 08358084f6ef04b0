//! The weight and the score that stand in a table beside its values: those of one indicator, which the form names.

use super::super::indicators::{points, without_weight};
use super::{Block, Blocked, Head, Outcome, Stub, Table};
use crate::locate::words::Shape;
use crate::locate::{NO_PROJECT, Project};
use crate::mapping::ColumnRole;
use crate::model::Score;

impl Table<'_, '_> {
    /// Takes the one weight and the one score of a block, if the form says whose they are.
    ///
    /// They stand in the row of the whole, or are merged down over all rows. Where more than one of a kind stands there,
    /// or in the row of a part, none is taken.
    pub(super) fn score_beside(
        &self,
        block: &Block,
        heads: &[Head],
        stubs: &[Option<Stub>],
        fates: &mut [Option<Outcome>],
        scores: &mut Vec<Score>,
    ) {
        let Some(indicator) = &self.frame.form.score else { return };
        let weights = self.numbers_below(block, heads, ColumnRole::Weight);
        let reached = self.numbers_below(block, heads, ColumnRole::SelfScore);
        let all: Vec<usize> = weights.iter().chain(&reached).copied().collect();
        let doubt = self.doubt_of_score(block, heads, stubs, &weights, &reached);
        let printed = self.weight_in_a_label(block);
        let value = |at: Option<&usize>| at.map(|at| points(&self.grid.spots[*at])).transpose();
        let read = match (doubt, value(weights.first()), value(reached.first())) {
            (Some(doubt), ..) => Err(doubt),
            (None, Ok(weight), Ok(reached)) => match (weight, printed) {
                (Some(weight), Some((printed, _))) if weight != printed => {
                    Err(Blocked::by("a weight that its label says otherwise"))
                }
                (weight, printed) => Ok((weight.or(printed.map(|(weight, _)| weight)), reached)),
            },
            (None, Err(doubt), _) | (None, _, Err(doubt)) => Err(Blocked::by(doubt)),
        };
        match read {
            Err(blocked) => {
                for at in all {
                    let labels = indicator.to_string();
                    fates[at] = Some(Outcome::Leftover { labels, blocked: blocked.clone() });
                }
            }
            Ok((None, None)) => {}
            Ok((weight, self_score)) => {
                for at in &all {
                    fates[*at] = Some(Outcome::Score);
                }
                let at = reached.first().or(weights.first()).copied().or(printed.map(|(_, at)| at));
                let Some(spot) = at.map(|at| &self.grid.spots[at]) else { return };
                scores.push(Score {
                    form: self.frame.form.form.clone(),
                    entity: self.frame.project.name(),
                    scheme: None,
                    total: false,
                    level1: indicator.to_string(),
                    level2: String::new(),
                    level3: String::new(),
                    weight,
                    self_score,
                    place: spot.table.place(spot.cell),
                });
            }
        }
    }

    /// The spots with numbers in the body of the columns of a role.
    fn numbers_below(&self, block: &Block, heads: &[Head], role: ColumnRole) -> Vec<usize> {
        let columns = heads.iter().zip(&block.values).filter(|(head, _)| head.role == Some(role));
        let mut found: Vec<usize> = columns
            .flat_map(|(_, column)| (block.body..self.grid.height).filter_map(|row| self.grid.index_at(row, *column)))
            .filter(|at| self.grid.spots[*at].shape == Shape::Number)
            .collect();
        found.dedup();
        found
    }

    /// Why the weight and the score are not certain to be the indicator's.
    fn doubt_of_score(
        &self,
        block: &Block,
        heads: &[Head],
        stubs: &[Option<Stub>],
        weights: &[usize],
        reached: &[usize],
    ) -> Option<Blocked> {
        if self.frame.project == Project::Unnamed {
            return Some(Blocked::by(NO_PROJECT));
        }
        if weights.len() > 1 || reached.len() > 1 {
            return Some(Blocked::by("several scores beside one another"));
        }
        let scored = heads.iter().filter(|head| head.role.is_some());
        if let Some(blocked) = scored.filter_map(|head| head.blocked.as_ref()).next() {
            return Some(blocked.clone());
        }
        // The row of the whole has an item that is a part of no other.
        let vocabulary = &self.frame.mappings.vocabulary;
        let of_the_whole = |stub: &Stub| {
            let of_sum = self.frame.form.total.as_ref().filter(|_| stub.total && stub.entity.is_none());
            let item = stub.key.item.as_ref().or(self.frame.form.context.item.as_ref()).or(of_sum);
            let item = item.and_then(|item| vocabulary.item(item));
            stub.blocked.is_none() && item.is_some_and(|item| item.parent.is_none())
        };
        let named: Vec<usize> = (block.body..self.grid.height)
            .filter(|row| stubs[*row].as_ref().is_some_and(|stub| !stub.nameless))
            .collect();
        for at in weights.iter().chain(reached) {
            let spot = &self.grid.spots[*at];
            let rows = spot.row..spot.row + spot.row_span;
            let over_all = named.iter().all(|row| rows.contains(row));
            let whole = stubs[spot.row].as_ref().is_some_and(of_the_whole);
            if !(whole && (spot.row_span == 1 || over_all)) {
                return Some(Blocked::by("a score beside a part"));
            }
        }
        None
    }

    /// The weight that stands in a label over the label columns, and where: 预算执行情况（20分）.
    fn weight_in_a_label(&self, block: &Block) -> Option<(rust_decimal::Decimal, usize)> {
        let mut found: Option<(rust_decimal::Decimal, usize)> = None;
        for &column in &block.labels {
            for row in 0..block.body {
                let Some(at) = self.grid.index_at(row, column) else { continue };
                let (_, Some(weight)) = without_weight(self.grid.spots[at].text()) else { continue };
                match found {
                    Some((other, _)) if other != weight => return None,
                    Some(_) => {}
                    None => found = Some((weight, at)),
                }
            }
        }
        found
    }
}
