//! Rows of a text whose merges are lost: a row with fewer cells than the table is wide is stretched where only one way
//! of stretching it is possible.

use std::ops::Range;

use crate::locate::grid::{Grid, Spot, is_amount};
use crate::locate::words::{Axis, Reader, Shape};
use crate::mapping::ColumnRole;

/// Stretches short rows.
///
/// A cell that says only 其中 is a band over several columns, and the only such cell of its row takes all the width that
/// the row lacks. A total (合计) at the beginning of a row of values likewise spans the label columns, and a whole code before
/// its name the columns of 类, 款 and 项. Items with an amount
/// behind each (人员经费合计 and 公用经费合计 below three blocks of codes) stand in the blocks of a header that has the same
/// words in each. Any other short row is left as it stands; see `spread`.
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
    let full: Vec<Vec<usize>> =
        rows.iter().filter(has_number).filter(|spots| cells_in_row(grid, spots) == width).cloned().collect();
    let has_parts = rows.iter().any(|spots| begins_with_parts(grid, spots, reader));
    let short = |spots: &Vec<usize>| spots.len() >= 2 && cells_in_row(grid, spots) < width;
    let needs_blocks = rows.iter().any(|spots| short(spots) && are_items_with_amounts(grid, spots, reader));
    let header = needs_blocks.then(|| rows.iter().find_map(|spots| blocks_alike(grid, spots, width, reader)));
    let blocks = header.flatten().unwrap_or_default();
    let points = Points::of(grid, &rows, width, reader);
    let mut moved = over_numbers(grid, reader);
    for spots in rows {
        let used: usize = cells_in_row(grid, &spots);
        if used == 0 || used >= width || spots.len() < 2 {
            continue;
        }
        if spots.len() <= 2 * blocks.len() && are_items_with_amounts(grid, &spots, reader) {
            for (pair, block) in spots.chunks(2).zip(&blocks) {
                let end = if pair.last() == spots.last() { width } else { block.end };
                (grid.spots[pair[0]].column, grid.spots[pair[0]].column_span) = (block.start, end - 1 - block.start);
                grid.spots[pair[1]].column = end - 1;
            }
            moved = true;
            continue;
        }
        let missing = width - used;
        // Else the row lacks a blank value, and what is behind that has moved to the left.
        let are_labels_before = |column: usize| {
            let cells = full.iter().flatten().map(|at| &grid.spots[*at]).filter(|spot| spot.column == column);
            let mut shapes = cells.map(|spot| spot.shape).filter(|shape| *shape != Shape::Blank).peekable();
            shapes.peek().is_some() && shapes.all(|shape| shape == Shape::Words)
        };
        let is_band = |at: &&usize| {
            let word = grid.spots[**at].word(reader, Axis::Across);
            word.part_of && word.label.is_empty()
        };
        let bands: Vec<usize> = spots.iter().filter(is_band).copied().collect();
        let stretched = match bands.as_slice() {
            [band] => Some(*band),
            [] => spots.first().copied().filter(|first| {
                let spot = &grid.spots[*first];
                let has_words = |spots: &[usize]| spots.iter().any(|at| grid.spots[*at].shape == Shape::Words);
                // 合计 before other words is one column's header, not a row's label.
                let is_total = || {
                    let rule = spot.word(reader, Axis::Down).rule.as_ref();
                    !has_words(&spots[1..]) && are_labels_before(missing) && rule.is_some_and(|rule| rule.total)
                };
                let is_whole_code = || {
                    let code = spot.text().trim();
                    let whole = matches!(code.len(), 3 | 5 | 7) && code.bytes().all(|byte| byte.is_ascii_digit());
                    whole && missing == 2 && has_words(&spots[1..2]) && !has_words(&spots[2..])
                };
                let ends_in_points = || {
                    let rule = spot.word(reader, Axis::Down).rule.as_ref();
                    let values = spots[1..].iter().map(|at| &grid.spots[*at]).filter(|spot| !spot.is_blank());
                    let columns =
                        values.map(|spot| (spot.column + missing, spot.shape == Shape::Number)).collect::<Vec<_>>();
                    rule.is_some_and(|rule| rule.total) && points.are_whole(&columns)
                };
                spot.column == 0 && (is_total() || has_parts && is_whole_code() || ends_in_points())
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

/// The columns of points and of scores of a table of indicators whose header lacks no cell.
#[derive(Default)]
struct Points {
    columns: Vec<usize>,
}

impl Points {
    fn of(grid: &Grid<'_>, rows: &[Vec<usize>], width: usize, reader: &Reader<'_>) -> Points {
        let role = |at: &usize| grid.spots[*at].role(reader);
        let is_header = |spots: &&Vec<usize>| {
            cells_in_row(grid, spots) == width && spots.iter().any(|at| matches!(role(at), Some(ColumnRole::Level(1))))
        };
        let Some(header) = rows.iter().find(is_header) else { return Points::default() };
        let counts = |at: &&usize| matches!(role(at), Some(ColumnRole::Weight | ColumnRole::SelfScore));
        Points { columns: header.iter().filter(counts).map(|at| grid.spots[*at].column).collect() }
    }

    /// The values of a total are one number for each of these columns, and nothing else.
    fn are_whole(&self, values: &[(usize, bool)]) -> bool {
        !values.is_empty()
            && values.iter().all(|(_, is_number)| *is_number)
            && values.iter().map(|(column, _)| column).eq(&self.columns)
    }
}

/// A total in the column of the rows' numbers, beside a blank where rows have their names: it is merged over both.
fn over_numbers(grid: &mut Grid<'_>, reader: &Reader<'_>) -> bool {
    let is_name =
        |spot: &Spot<'_>| matches!(spot.role(reader), Some(ColumnRole::Label | ColumnRole::Name | ColumnRole::Entity));
    let is_head = |spot: &&Spot<'_>| {
        let is_last = spot.column + 1 == grid.width;
        spot.role(reader) == Some(ColumnRole::Line)
            && !is_last
            && grid.at(spot.row, spot.column + 1).is_some_and(is_name)
    };
    let heads: Vec<(usize, usize)> = grid.spots.iter().filter(is_head).map(|spot| (spot.row, spot.column)).collect();
    let is_total = |spot: &Spot<'_>| {
        let rule = spot.word(reader, Axis::Down).rule.as_ref();
        let is_below = heads.iter().any(|(row, column)| spot.row > *row && spot.column == *column);
        is_below
            && spot.column_span == 1
            && rule.is_some_and(|rule| rule.total)
            && grid.at(spot.row, spot.column + 1).is_none_or(Spot::is_blank)
    };
    let totals: Vec<usize> = (0..grid.spots.len()).filter(|at| is_total(&grid.spots[*at])).collect();
    totals.iter().for_each(|at| grid.spots[*at].column_span = 2);
    !totals.is_empty()
}

/// 类, 款 and 项 at the beginning of a row.
fn begins_with_parts(grid: &Grid<'_>, spots: &[usize], reader: &Reader<'_>) -> bool {
    const PARTS: [ColumnRole; 3] = [ColumnRole::Category, ColumnRole::Section, ColumnRole::Detail];
    spots.len() > PARTS.len() && spots.iter().zip(PARTS).all(|(at, part)| grid.spots[*at].role(reader) == Some(part))
}

/// The columns of the blocks that a row of the header parts, where each block has labels and one column of values, all of
/// them below the same word.
fn blocks_alike(grid: &Grid<'_>, spots: &[usize], width: usize, reader: &Reader<'_>) -> Option<Vec<Range<usize>>> {
    let heads_values = |at: &&usize| grid.spots[**at].role(reader).is_none();
    let values: Vec<usize> = spots.iter().filter(heads_values).copied().collect();
    let first = &grid.spots[*values.first()?];
    let are_words = spots.iter().all(|at| grid.spots[*at].shape == Shape::Words && grid.spots[*at].column_span == 1);
    let are_alike = values.iter().all(|at| grid.spots[*at].label() == first.label());
    if spots.len() != width || !are_words || !are_alike || first.word(reader, Axis::Across).rule.is_none() {
        return None;
    }
    let ends: Vec<usize> = values.iter().map(|at| grid.spots[*at].column + 1).collect();
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let blocks: Vec<Range<usize>> = starts.zip(ends.iter().copied()).map(|(start, end)| start..end).collect();
    (ends.last() == Some(&width) && blocks.iter().all(|block| block.len() > 1)).then_some(blocks)
}

/// Names of items, each with an amount behind it, and nothing else.
fn are_items_with_amounts(grid: &Grid<'_>, spots: &[usize], reader: &Reader<'_>) -> bool {
    let names_item = |at: usize| {
        let spot = &grid.spots[at];
        let rule = spot.word(reader, Axis::Down).rule.as_ref();
        spot.shape == Shape::Words && rule.is_some_and(|rule| rule.key.item.is_some() && rule.key.economic.is_none())
    };
    spots.chunks(2).all(|pair| match pair {
        [name, amount] => names_item(*name) && is_amount(&grid.spots[*amount]),
        _ => false,
    })
}

/// How many cells a row of text has, blank ones counted: the column behind the last of them.
fn cells_in_row(grid: &Grid<'_>, spots: &[usize]) -> usize {
    spots.iter().map(|at| grid.spots[*at].column + grid.spots[*at].column_span).max().unwrap_or(0)
}
