//! Tables side by side in one worksheet, each below a title of its own: what is read row by row would give the left one's
//! values to the right one's form.

use std::ops::Range;

use super::lines::{self, Line};
use crate::mapping::Mappings;
use crate::model::{Block, Cell, Document, Table};

/// The document with tables that stand side by side as tables of their own.
pub(crate) fn parted(mut document: Document, mappings: &Mappings) -> Document {
    let has_titles = |block: &Block| matches!(block, Block::Table(table) if next_titles(table, 0, mappings).is_some());
    if document.blocks.iter().any(has_titles) {
        let blocks = document.blocks.into_iter().flat_map(|block| match block {
            Block::Table(table) => parts(&table, mappings).into_iter().map(Block::Table).collect(),
            Block::Paragraph(_) => vec![block],
        });
        document.blocks = blocks.collect();
    }
    document
}

/// The parts of a table in the order in which they are read.
fn parts(table: &Table, mappings: &Mappings) -> Vec<Table> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut next = 0;
    while let Some((row, starts)) = next_titles(table, next, mappings) {
        next = row + 1;
        let Some((bottom, columns)) = side_by_side(table, row, &starts) else { continue };
        parts.push(table.part(from..row, 0..table.width()));
        parts.extend(columns.into_iter().map(|columns| table.part(row..bottom, columns)));
        (from, next) = (bottom, bottom);
    }
    parts.push(table.part(from..table.height(), 0..table.width()));
    parts.retain(|part| part.height() > 0);
    parts
}

/// The next row in which more than one title stands, and the columns in which they begin.
fn next_titles(table: &Table, from: usize, mappings: &Mappings) -> Option<(usize, Vec<usize>)> {
    (from..table.height()).find_map(|row| {
        let starts = titles(table, row, mappings);
        (starts.len() > 1).then_some((row, starts))
    })
}

/// The columns in which the titles of a row begin.
pub(super) fn titles(table: &Table, row: usize, mappings: &Mappings) -> Vec<usize> {
    // Reading a line is slow, and most rows have no two cells that might be titles. No title has less than four characters.
    let may_be = |cell: &&Cell| cell.text.len() >= 12 && cell.text.contains('表');
    if table.anchored_in(row).filter(may_be).nth(1).is_none() {
        return Vec::new();
    }
    let is_title = |cell: &&Cell| matches!(lines::read_cell(&cell.text, mappings), Line::Title { .. });
    table.anchored_in(row).filter(may_be).filter(is_title).map(|cell| cell.column).collect()
}

/// The rows below titles that tables side by side fill, and the columns of each table.
///
/// They are parted where one title begins in a merged cell, or where one run of columns between two titles is blank; and as far down
/// as no cell stands on both sides.
fn side_by_side(table: &Table, row: usize, starts: &[usize]) -> Option<(usize, Vec<Range<usize>>)> {
    let mut edges = vec![0];
    for pair in starts.windows(2) {
        edges.push(edge(table, row, pair[0], pair[1])?);
    }
    let crosses = |row: &usize| {
        edges[1..].iter().any(|edge| {
            let cell = table.at(*row, *edge).filter(|cell| cell.column < *edge);
            cell.is_some_and(|cell| !cell.is_blank())
        })
    };
    let bottom = (row..table.height()).find(crosses).unwrap_or(table.height());
    edges.push(table.width());
    (bottom > row).then(|| (bottom, edges.windows(2).map(|pair| pair[0]..pair[1]).collect()))
}

/// The first column of the table whose title begins at `right`, beside one whose title begins at `left`.
fn edge(table: &Table, row: usize, left: usize, right: usize) -> Option<usize> {
    let is_merged = |column: usize| table.at(row, column).is_some_and(|cell| cell.column_span > 1);
    if is_merged(left) && is_merged(right) {
        return Some(right);
    }
    let blank = |column: usize| (row..table.height()).all(|row| table.text_at(row, column).trim().is_empty());
    let skipped = |column: usize| table.columns[column] > table.columns[column - 1] + 1;
    let mut edges = (left + 1..=right).filter(|column| (skipped(*column) || blank(*column - 1)) && !blank(*column));
    edges.next().filter(|_| edges.next().is_none())
}
