//! Rows of a text whose merges are lost: a row with fewer cells than the table is wide is stretched where only one way
//! of stretching it is possible.

use super::grid::Grid;
use super::words::{Axis, Reader, Shape};

/// Stretches short rows.
///
/// A cell that says only 其中 is a band over several columns, and the only such cell of its row takes all the width that
/// the row lacks. A total (合计) at the beginning of a row of values likewise spans the label columns. Any other short row
/// is left as it stands; see `spread`.
pub(super) fn fit(grid: &mut Grid<'_>, reader: &Reader<'_>) {
    if grid.merges_known {
        return;
    }
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); grid.height];
    for (at, spot) in grid.spots.iter().enumerate() {
        rows[spot.row].push(at);
    }
    // A small table inside a wide one is as wide as its own widest row.
    let width = rows.iter().map(|spots| cells_in_row(grid, spots)).max().unwrap_or(0);
    // Where only the header is so wide, it has a cell too many, or every row of values one too few.
    let has_number = |spots: &&Vec<usize>| spots.iter().any(|at| grid.spots[*at].shape == Shape::Number);
    let values_fill_it = rows.iter().filter(has_number).any(|spots| cells_in_row(grid, spots) == width);
    let mut moved = false;
    for spots in rows {
        let used: usize = cells_in_row(grid, &spots);
        if used == 0 || used >= width || spots.len() < 2 {
            continue;
        }
        let missing = width - used;
        let is_band = |at: &&usize| {
            let word = grid.spots[**at].word(reader, Axis::Across);
            word.part_of && word.label.is_empty()
        };
        let bands: Vec<usize> = spots.iter().filter(is_band).copied().collect();
        let stretched = match bands.as_slice() {
            [band] => Some(*band),
            [] => spots.first().copied().filter(|first| {
                let spot = &grid.spots[*first];
                // 合计 before other words is one column's header, not a row's label.
                let heads_values = spots[1..].iter().all(|at| grid.spots[*at].shape != Shape::Words);
                heads_values
                    && values_fill_it
                    && spot.column == 0
                    && spot.word(reader, Axis::Down).rule.as_ref().is_some_and(|rule| rule.total)
            }),
            _ => None,
        };
        let Some(stretched) = stretched else { continue };
        let column = grid.spots[stretched].column;
        for at in spots {
            if grid.spots[at].column > column {
                grid.spots[at].column += missing;
            }
        }
        grid.spots[stretched].column_span += missing;
        moved = true;
    }
    if moved {
        grid.spots.sort_by_key(|spot| (spot.row, spot.column));
        grid.reindex();
    }
}

/// How many cells a row of text has, blank ones counted: the column behind the last of them.
fn cells_in_row(grid: &Grid<'_>, spots: &[usize]) -> usize {
    spots.iter().map(|at| grid.spots[*at].column + grid.spots[*at].column_span).max().unwrap_or(0)
}
