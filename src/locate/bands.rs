//! Header cells whose merge is lost: a word over several columns of which only the first still shows it.
//!
//! `本年支出 | (blank) | (blank)` over `小计 | 基本支出 | 项目支出`: the blanks with words below them are what is left of
//! the merge, unless somebody typed a label into the lower row only. So how far the word reaches is certain only where
//! the columns themselves tell: where they repeat, and nothing but such words tells the repetitions apart.

use super::grid::{Grid, Spot};
use super::layout::{Block, LostBand, RowKind};
use super::words::{Axis, Reader};
use crate::mapping::Partial;

/// The header cells of a block whose merge may be lost, from the top row down.
pub(super) fn lost(grid: &Grid<'_>, rows: &[RowKind], block: &Block, reader: &Reader<'_>) -> Vec<LostBand> {
    let mut all: Vec<LostBand> = Vec::new();
    for row in (0..block.body).filter(|row| rows[*row] == RowKind::Plain) {
        let (mut bands, whole) = in_row(grid, rows, block, row, &all);
        // Below such words the same holds within each of them, and no word may then be over more columns than the others.
        let nested = all.iter().any(|band| band.certain);
        let alike = bands.windows(2).all(|pair| pair[0].columns.len() == pair[1].columns.len());
        let certain = whole && (alike || !nested) && told_by_repetition(grid, block, &bands, reader);
        bands.retain(|band| band.columns.len() > 1);
        bands.iter_mut().for_each(|band| band.certain = certain);
        all.append(&mut bands);
    }
    all
}

/// The words of one header row that have words below them or blanks beside them, each with the blanks that it may reach;
/// and whether every column with a blank here is certainly reached by one of them, or by one of the rows above that is
/// parted no further. None reaches from below one certain band of those rows to below the next.
fn in_row(grid: &Grid<'_>, rows: &[RowKind], block: &Block, row: usize, above: &[LostBand]) -> (Vec<LostBand>, bool) {
    let mut bands: Vec<LostBand> = Vec::new();
    let mut open: Option<LostBand> = None;
    let mut whole = true;
    let over = |column: usize| above.iter().rev().find(|band| band.certain && band.columns.contains(&column));
    let has_word = |column: &usize| grid.at(row, *column).is_some_and(|spot| !spot.is_blank());
    for &column in &block.values {
        let over = over(column);
        if over.is_some_and(|band| band.columns[0] == column) {
            bands.extend(open.take());
        }
        let has_word_below = (row + 1..block.body).any(|below| {
            rows[below] == RowKind::Plain
                && grid.at(below, column).is_some_and(|spot| spot.row > row && !spot.is_blank())
        });
        let here = grid.index_at(row, column);
        if let Some(at) = here.filter(|at| !grid.spots[*at].is_blank()) {
            bands.extend(open.take());
            let spot = &grid.spots[at];
            // A cell that is merged tells its reach; one from a row above has been looked at there.
            if spot.row == row && spot.column_span == 1 {
                open = Some(LostBand {
                    spot: at,
                    row,
                    columns: vec![column],
                    own_word_below: has_word_below,
                    certain: false,
                });
            }
        } else if has_word_below {
            // Text without the cell at all may have lost more than the merge.
            whole &= here.is_some() || grid.merges_known;
            match &mut open {
                Some(band) => band.columns.push(column),
                None => whole &= over.is_some_and(|band| !band.columns.iter().any(has_word)),
            }
        } else {
            bands.extend(open.take());
        }
    }
    bands.extend(open);
    // A word over nothing of its own is a label of one column.
    bands.retain(|band| band.own_word_below || band.columns.len() > 1);
    whole &= bands.iter().all(|band| band.own_word_below);
    (bands, whole)
}

/// The columns below the words of one row repeat: below each stand the same labels, once or several times over.
fn told_by_repetition(grid: &Grid<'_>, block: &Block, bands: &[LostBand], reader: &Reader<'_>) -> bool {
    if bands.len() < 2 {
        return false;
    }
    let leaf = |column: &usize| block.above(grid, *column).last();
    let labels: Vec<Vec<_>> = bands.iter().map(|band| band.columns.iter().map(leaf).collect()).collect();
    // 因公出国费 below one and 因公出国（境）费 below the other are the same, 预算数 and 年初预算数 too; 合计 and 小计 are not.
    let meaning = |spot: &Spot<'_>| {
        let rule = spot.word(reader, Axis::Across).rule.as_ref()?;
        (rule.key != Partial::default()).then(|| Partial { any_budget: false, ..rule.key.clone() })
    };
    let same = |one: &Option<&Spot<'_>>, other: &Option<&Spot<'_>>| match (one, other) {
        (Some(one), Some(other)) => {
            one.label() == other.label() || meaning(one).is_some() && meaning(one) == meaning(other)
        }
        _ => false,
    };
    let Some(period) = labels.iter().min_by_key(|labels| labels.len()) else { return false };
    let distinct = period.iter().enumerate().all(|(at, label)| !period[..at].iter().any(|other| same(label, other)));
    period.len() > 1
        && distinct
        && labels.iter().all(|labels| {
            labels.len() % period.len() == 0
                && labels.iter().zip(period.iter().cycle()).all(|(one, other)| same(one, other))
        })
}
