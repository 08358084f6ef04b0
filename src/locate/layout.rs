//! How a grid is laid out: which rows are header, body or mere numbers of columns, what each column is, and which label
//! columns go with which value columns.

use super::grid::{Grid, Spot};
use crate::mapping::ColumnRole;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowKind {
    /// Header or body, as its block says.
    Plain,
    /// Numbers of columns (栏次): no values.
    Line,
    /// The header once more, after a page break.
    Repeat,
    /// One cell from end to end: it governs the rows below it.
    Band,
    /// Named by a label that the form ignores.
    Ignored,
    /// The number of a page, alone in it.
    Page,
}

/// What a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnKind {
    /// Names rows.
    Label,
    /// Holds values.
    Value,
    /// Numbers of rows: no values.
    Line,
    /// Words that are no labels.
    Text,
    /// Personal data.
    Personal,
    /// Headed by a label that the form ignores.
    Ignored,
    /// Nothing in it.
    Empty,
}

/// A run of label columns and the value columns to their right.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) labels: Vec<usize>,
    pub(super) values: Vec<usize>,
    /// Columns among them that the form ignores: they have headers, and no values.
    pub(super) ignored: Vec<usize>,
    /// The first row with a value; above it stands the header.
    pub(super) body: usize,
    /// For each column of the grid, the spots above its body, from the outermost inward, each once.
    pub(super) header: Vec<Vec<usize>>,
    /// Header cells whose merge is lost.
    pub(super) lost_bands: Vec<LostBand>,
}

impl Block {
    /// The spots above a column, from the outermost inward, each once.
    pub(super) fn above<'g, 'a>(&'g self, grid: &'g Grid<'a>, column: usize) -> impl Iterator<Item = &'g Spot<'a>> {
        self.header[column].iter().map(|at| &grid.spots[*at])
    }

    /// A word whose merge is lost may stand over both columns.
    pub(super) fn may_share_a_band(&self, one: usize, other: usize) -> bool {
        self.lost_bands.iter().any(|band| !band.certain && band.columns.contains(&one) && band.columns.contains(&other))
    }

    /// How many value columns stand below a header cell, those included that it may have been merged over.
    pub(super) fn reach(&self, spot: &Spot<'_>) -> usize {
        let lost = self.lost_bands.iter().find(|band| (band.row, band.columns[0]) == (spot.row, spot.column));
        lost.map_or_else(
            || self.values.iter().chain(&self.ignored).filter(|column| spot.covers(**column)).count(),
            |band| band.columns.len(),
        )
    }
}

/// The layout of a grid.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) rows: Vec<RowKind>,
    pub(super) columns: Vec<ColumnKind>,
    pub(super) roles: Vec<Option<ColumnRole>>,
    pub(super) blocks: Vec<Block>,
}

/// A header cell over one column that may have been merged over those to its right.
#[derive(Clone, Debug)]
pub(super) struct LostBand {
    /// The spot that shows the word.
    pub(super) spot: usize,
    /// Its row.
    pub(super) row: usize,
    /// The columns it may have covered, its own first.
    pub(super) columns: Vec<usize>,
    /// A word stands below it in its own column: it is no label of that column alone.
    pub(super) own_word_below: bool,
    /// It is certain that it covered them.
    pub(super) certain: bool,
}

/// 类, 款 or 项: a column of a code that stands in three.
pub(super) fn is_part_of_code(role: ColumnRole) -> bool {
    matches!(role, ColumnRole::Category | ColumnRole::Section | ColumnRole::Detail)
}
