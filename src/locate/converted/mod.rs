//! Tables as converters of text leave them: merges lost, cells left out. Cells are put back where only one way is possible.

mod aligned;
mod fit;
mod refill;
mod spread;

use super::grid::Grid;
use super::words::Reader;
use crate::model::Score;

/// Puts back what a converter moved in a table of values.
pub(super) fn restore(grid: &mut Grid<'_>, reader: &Reader<'_>) {
    refill::refill(grid, reader);
    fit::fit(grid, reader);
    spread::spread(grid, reader);
}

/// Puts back what a converter moved in a table of indicators; `told` are those of the same project above it.
pub(super) fn restore_indicators(grid: &mut Grid<'_>, reader: &Reader<'_>, told: &[&Score]) {
    if !aligned::align(grid, reader, told) {
        fit::fit(grid, reader);
    }
}
