//! Columns that say of each row in which unit its values are: 计量单位 | 万元, 个, 辆.

use super::grid::Grid;
use super::layout::{Block, Layout, RowKind};
use super::words::{Reader, Shape};
use crate::mapping::ColumnRole;
use crate::model::{UnitOfMeasure, fold};

/// Marks the columns that hold units of measure, most of them known, whose header says nothing, or 单位, which may be an
/// organisation's.
pub(super) fn mark(grid: &Grid<'_>, rows: &[RowKind], roles: &mut [Option<ColumnRole>], reader: &Reader<'_>) {
    for (column, role) in roles.iter_mut().enumerate() {
        // Below no header one unit alone may be anything: 项, in a header of two rows.
        let least = match role {
            Some(ColumnRole::Entity) => 1,
            None => 2,
            Some(_) => continue,
        };
        let own = |row: &usize| grid.at(*row, column).is_some_and(|spot| spot.row == *row && spot.column == column);
        let rows = (0..grid.height).filter(|row| rows[*row] == RowKind::Plain).filter(own);
        let spots = rows.filter_map(|row| grid.at(row, column)).filter(|spot| !spot.is_blank());
        // A header that says nothing stands above them; one that does, perhaps again at each page's head.
        let spots = spots.skip_while(|spot| role.is_none() && unit(spot.text(), reader).is_none());
        let spots = spots.filter(|spot| spot.role(reader).is_none());
        let (units, others): (Vec<_>, Vec<_>) = spots.partition(|spot| unit(spot.text(), reader).is_some());
        let are_words = others.iter().all(|spot| spot.shape == Shape::Words);
        if units.len() >= least && units.len() > others.len() && are_words {
            *role = Some(ColumnRole::CountedIn);
        }
    }
}

/// The unit that a cell is.
pub(super) fn unit(text: &str, reader: &Reader<'_>) -> Option<UnitOfMeasure> {
    reader.mappings.surroundings.unit(&fold(text))
}

/// The column that says so of the rows of a block: the only one beside its values and no others.
pub(super) fn column_of(layout: &Layout, block: &Block) -> Option<usize> {
    let ends = |other: &Block| other.values.last().copied();
    let starts = |other: &Block| other.values.first().copied();
    let (first, last) = (starts(block)?, ends(block)?);
    let from = layout.blocks.iter().filter_map(ends).filter(|end| *end < first).max().map_or(0, |end| end + 1);
    let to = layout.blocks.iter().filter_map(starts).filter(|start| *start > last).min().unwrap_or(layout.roles.len());
    let mut columns = (from..to).filter(|column| layout.roles[*column] == Some(ColumnRole::CountedIn));
    columns.next().filter(|_| columns.next().is_none())
}
