//! Totals of the year among whose parts what was carried over is told: 本年收入合计 above 其中：上年结转.
//!
//! Such a total may be the year's, as it is called, or hold what was carried over. The amounts beside it tell.

use super::{Head, Outcome, Stub, Table};
use crate::locate::layout::Block;
use crate::locate::words::{Shape, Word};
use crate::mapping::accounts::{ALL_EXPENDITURE, ALL_INCOME, CARRIED_IN, CARRIED_OUT, EXPENDITURE, INCOME};
use crate::model::{Claim, Funding, Measure, Unproved};

/// What was carried over, the year's total among whose parts it may stand, the total that holds both, and what was carried over on
/// the other side.
const SIDES: [(&str, &str, &str, &str); 2] =
    [(CARRIED_IN, INCOME, ALL_INCOME, CARRIED_OUT), (CARRIED_OUT, EXPENDITURE, ALL_EXPENDITURE, CARRIED_IN)];

impl Table<'_, '_> {
    /// Puts the year's totals in doubt among whose parts something was carried over.
    pub(super) fn doubt_totals(
        &self,
        block: &Block,
        heads: &[Head],
        stubs: &[Option<Stub>],
        fates: &mut [Option<Outcome>],
    ) {
        let across: Vec<(usize, &Word)> = own_words(&block.values, heads.iter().map(|head| head.words.last()));
        let rows: Vec<usize> = (0..stubs.len()).collect();
        let down: Vec<(usize, &Word)> =
            own_words(&rows, stubs.iter().map(|stub| stub.as_ref().and_then(|stub| stub.words.last())));
        for (carried, of_year, grand, other) in SIDES {
            let columns = self.among_parts(&across, carried, of_year, other);
            let rows = self.among_parts(&down, carried, of_year, other);
            if columns.is_empty() && rows.is_empty() {
                continue;
            }
            for (spot, fate) in self.grid.spots.iter().zip(fates.iter_mut()) {
                let Some(Outcome::Claim(claim)) = fate else { continue };
                let holds = is_total(claim, of_year, self.frame.form.context.funding)
                    && block.values.contains(&spot.column)
                    && (columns.iter().any(|column| self.is_amount(spot.row, *column))
                        || rows.iter().any(|row| self.is_amount(*row, spot.column)));
                if holds {
                    claim.doubt.get_or_insert_with(|| Unproved::HoldsCarried(grand.into()));
                }
            }
        }
    }

    /// Where what was carried over stands among the parts of the year's total: as one of them (其中：上年结转), or before or behind them on
    /// the same side of the total, and nowhere as that of the other side, beside which it is no part.
    fn among_parts(&self, words: &[(usize, &Word)], carried: &str, of_year: &str, other: &str) -> Vec<usize> {
        let mut among = Vec::new();
        let at = |item: &str| words.iter().position(|(_, word)| self.means(word, item));
        for (nth, (place, word)) in words.iter().enumerate().filter(|(_, (_, word))| self.means(word, carried)) {
            let parted = at(of_year).is_some_and(|total| {
                let parts = &words[total.min(nth) + 1..total.max(nth)];
                let is_part = |word: &Word| {
                    let meaning = self.frame.mappings.vocabulary.meaning(&word.label);
                    meaning.is_some_and(|meaning| self.frame.mappings.vocabulary.is_part_of(&meaning.item, of_year))
                };
                // 二、上年结转 | 其中：财政拨款 | 本年收入合计: what divides it stands between.
                let directly = nth < total && parts.iter().all(|(_, word)| word.part_of);
                parts.iter().any(|(_, word)| is_part(word)) || directly && nth > 0 && is_part(words[nth - 1].1)
            });
            if word.part_of || parted && at(other).is_none() {
                among.push(*place);
            }
        }
        among
    }

    fn means(&self, word: &Word, item: &str) -> bool {
        let meaning = self.frame.mappings.vocabulary.meaning(&word.label);
        meaning.is_some_and(|meaning| &*meaning.item == item && meaning.funding.is_none())
    }

    /// A number other than nothing stands there.
    fn is_amount(&self, row: usize, column: usize) -> bool {
        let spot = self.grid.at(row, column).filter(|spot| spot.row == row && spot.shape == Shape::Number);
        spot.is_some_and(|spot| spot.text().contains(|c: char| matches!(c, '1'..='9')))
    }
}

/// The words nearest to the values, with their columns or rows.
fn own_words<'w, W: AsRef<Word> + 'w>(
    places: &[usize],
    words: impl Iterator<Item = Option<&'w W>>,
) -> Vec<(usize, &'w Word)> {
    places.iter().zip(words).filter_map(|(place, word)| Some((*place, word?.as_ref()))).collect()
}

fn is_total(claim: &Claim, item: &str, funding: Option<Funding>) -> bool {
    *claim.key.item == *item && claim.key.measure == Measure::Final && claim.key.funding == funding
}
