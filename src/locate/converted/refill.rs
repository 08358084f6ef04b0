//! Rows of which a converter left out a cell that is merged down beside them.
//!
//! `项目资金（万元） | (blank) | 年初预算数 | …` over `年度资金总额 | 80.00 | …`: the first cell goes on below the header, and some
//! converters write it once. What is left of a row then stands a column too far to the left. It is put back where only one way
//! is possible: where a label is followed by just as many values as there are headers of values, each of its kind.

use crate::locate::grid::{Grid, Spot};
use crate::locate::words::{Axis, Reader, Shape};
use crate::mapping::ColumnRole;
use crate::model::Measure;

/// What stands below a header of values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Amounts,
    Rates,
    Words,
}

/// Puts the rows back that stand too far to the left.
pub(super) fn refill(grid: &mut Grid<'_>, reader: &Reader<'_>) {
    if grid.merges_known {
        return;
    }
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); grid.height];
    for (at, spot) in grid.spots.iter().enumerate() {
        rows[spot.row].push(at);
    }
    let Some((labels, kinds)) = rows.first().and_then(|header| header_of(grid, header, reader)) else { return };
    // Padded with blanks to the width of the table, or not at all; words at the end may be merged down, or blank and left out.
    let used = 1 + kinds.len();
    let least = used - kinds.iter().rev().take_while(|kind| **kind == Holds::Words).count();
    let fits = |row: &[usize]| {
        let written = grid.written(row);
        let is_as_long = (least..=used).contains(&row.len()) || row.len() > used && (least..=used).contains(&written);
        let values = &row[..written.min(used)];
        (is_as_long || written <= used && fits_one_way(grid, &values[1..], &kinds))
            && is_whole(grid, &row[..row.len().min(used)], &kinds)
    };
    let has_number = |row: &&Vec<usize>| row.iter().any(|at| grid.spots[*at].shape == Shape::Number);
    // Beside a row of which more is gone, or nothing, nobody knows what the others have lost.
    let mut numbers = rows[1..].iter().filter(has_number).peekable();
    if numbers.peek().is_none() || !numbers.all(|row| fits(row)) {
        return;
    }
    let moved: Vec<&Vec<usize>> = rows[1..].iter().filter(|row| (2..=used).contains(&grid.written(row))).collect();
    for at in moved.into_iter().flatten() {
        grid.spots[*at].column += labels - 1;
    }
    // The blanks that filled the row up.
    let width = grid.width;
    grid.spots.retain(|spot| spot.column < width);
    grid.spots.sort_by_key(|spot| (spot.row, spot.column));
    grid.reindex();
}

/// How many columns of labels there are below a word that says nothing, and what the columns behind them hold.
fn header_of(grid: &Grid<'_>, header: &[usize], reader: &Reader<'_>) -> Option<(usize, Vec<Holds>)> {
    let spot = |at: &usize| &grid.spots[*at];
    let is_whole = header.iter().enumerate().all(|(column, at)| spot(at).column == column && spot(at).column_span == 1);
    let says_nothing = |spot: &Spot<'_>| {
        let word = spot.word(reader, Axis::Across);
        spot.role(reader).is_none() && word.rule.as_ref().is_some_and(|rule| rule.is_neutral())
    };
    let header = &header[..grid.written(header)];
    let labels = header.iter().position(|at| holds(spot(at), reader).is_some())?;
    let kinds: Vec<Holds> = header[labels..].iter().map(|at| holds(spot(at), reader)).collect::<Option<_>>()?;
    let is_merged_down = is_whole
        && labels > 1
        && kinds.len() > 1
        && says_nothing(spot(&header[0]))
        && header[1..labels].iter().all(|at| {
            let names_labels = spot(at).role(reader) == Some(ColumnRole::Label);
            spot(at).is_blank() || says_nothing(spot(at)) || names_labels
        });
    is_merged_down.then_some((labels, kinds))
}

/// Values without those that are blank: 0 | 0 below two headers of amounts and one of rates can be nothing but the two amounts.
fn fits_one_way(grid: &Grid<'_>, values: &[usize], kinds: &[Holds]) -> bool {
    let may_be = |at: &usize, kind: &Holds| {
        let spot = &grid.spots[*at];
        let has_percent = spot.text().trim().ends_with(['%', '％']);
        match (kind, spot.shape) {
            (Holds::Rates, Shape::Number) => has_percent,
            (Holds::Amounts, Shape::Number) => !has_percent,
            _ => true,
        }
    };
    // For each number of headers so far, in how many ways as many values as stand before stand below them.
    let mut ways = vec![1usize; kinds.len() + 1];
    for at in values {
        let mut next = vec![0; kinds.len() + 1];
        for (header, kind) in kinds.iter().enumerate() {
            next[header + 1] = next[header] + if may_be(at, kind) { ways[header] } else { 0 };
        }
        ways = next;
    }
    ways.last() == Some(&1)
}

/// What a header says that its column holds.
fn holds(spot: &Spot<'_>, reader: &Reader<'_>) -> Option<Holds> {
    match spot.role(reader) {
        Some(ColumnRole::Weight | ColumnRole::SelfScore) => return Some(Holds::Amounts),
        Some(ColumnRole::Text) => return Some(Holds::Words),
        Some(_) => return None,
        None => {}
    }
    match spot.word(reader, Axis::Across).rule.as_ref()?.key.measure? {
        Measure::CompletionRate => Some(Holds::Rates),
        _ => Some(Holds::Amounts),
    }
}

/// A label and behind it values, each of the kind that its column holds: a rate has a percent sign, nothing else has.
fn is_whole(grid: &Grid<'_>, row: &[usize], kinds: &[Holds]) -> bool {
    let spot = |at: &usize| &grid.spots[*at];
    let fits = |(at, kind): (&usize, &Holds)| {
        let (spot, has_percent) = (spot(at), spot(at).text().trim().ends_with(['%', '％']));
        match (kind, spot.shape) {
            (Holds::Words, Shape::Number) => false,
            (Holds::Words, _) | (_, Shape::Blank | Shape::Dash) => true,
            (Holds::Rates, Shape::Number) => has_percent,
            (Holds::Amounts, Shape::Number) => !has_percent,
            (_, Shape::Words) => false,
        }
    };
    spot(&row[0]).column == 0
        && spot(&row[0]).shape == Shape::Words
        && spot(&row[1]).shape == Shape::Number
        && row.iter().all(|at| spot(at).column_span == 1)
        && row[1..].iter().zip(kinds).all(fits)
}
