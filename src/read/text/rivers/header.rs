//! What stands over the columns of an aligned table.

use std::ops::Range;

use super::{Column, ColumnKind, MOST_STEPS, Piece, is_number, overlap, placed, widen};
use crate::model::PlacedCell;

/// Adds the columns below whose header nothing stands, and makes each column as wide as the words over it alone. The neighbours
/// of a blank column must have headers that begin no deeper: words over the gap between two columns may be those of both.
pub(super) fn add_blank(columns: &mut Vec<Column>, header: &[Vec<Piece>]) -> Option<()> {
    // From the lowest line on, for the words above may be over several; twice, for the second line of a word is narrower.
    for piece in header.iter().rev().chain(header.iter().rev()).flatten() {
        let mut below = columns.iter_mut().filter(|column| overlap(&column.at, &piece.at));
        if let (Some(column), None) = (below.next(), below.next()) {
            widen(&mut column.at, &piece.at);
        }
    }
    for (at, line) in header.iter().enumerate().rev() {
        let over_none =
            |columns: &[Column], piece: &Piece| !columns.iter().any(|column| overlap(&column.at, &piece.at));
        if !line.iter().any(|piece| over_none(columns, piece)) || groups(columns, line, &header[at + 1..]).is_some() {
            continue;
        }
        for piece in line {
            if over_none(columns, piece) {
                let gap = columns.iter().filter(|column| column.at.end <= piece.at.start).count();
                columns.insert(gap, Column { at: piece.at.clone(), kind: ColumnKind::Blank });
            }
        }
    }
    let mut told: Vec<(Option<usize>, usize)> = vec![(None, 0); columns.len()];
    for (at, line) in header.iter().enumerate() {
        for column in covered(columns, line, &header[at + 1..])?.into_iter().flatten() {
            told[column] = (told[column].0.or(Some(at)), at);
        }
    }
    let is_told = |at: usize| {
        let begins_below = |one: usize, other: usize| told[one].0.is_some_and(|first| first > told[other].1);
        let is_blank = |column: usize| columns[column].kind == ColumnKind::Blank;
        !(is_blank(at) && begins_below(at + 1, at) || is_blank(at + 1) && begins_below(at, at + 1))
    };
    // Amounts without words over them stand in another column than their own, or their header does.
    let is_headed = |at: usize| header.is_empty() || columns[at].kind != ColumnKind::Amounts || told[at].0.is_some();
    ((0..columns.len() - 1).all(is_told) && (0..columns.len()).all(is_headed)).then_some(())
}

/// The columns that the words of a line are over, where together they stand over all columns, each in the middle of its own, and
/// that is so in one way only. Each of several columns has words of its own below.
fn groups(columns: &[Column], line: &[Piece], below: &[Vec<Piece>]) -> Option<Vec<Range<usize>>> {
    let mut ways: Vec<Vec<Range<usize>>> = Vec::new();
    if (2..columns.len()).contains(&line.len()) {
        let headed = |column: &Column| below.iter().flatten().any(|piece| overlap(&piece.at, &column.at));
        let headed: Vec<bool> = columns.iter().map(headed).collect();
        let mut steps = MOST_STEPS;
        divide(columns, line, &headed, &mut Vec::new(), &mut ways, &mut steps);
        if steps == 0 {
            return None;
        }
    }
    ways.pop().filter(|_| ways.is_empty())
}

/// Finds the ways, two at most, in which the words of a line stand over the columns behind those of `so_far`.
fn divide(
    columns: &[Column],
    line: &[Piece],
    headed: &[bool],
    so_far: &mut Vec<Range<usize>>,
    ways: &mut Vec<Vec<Range<usize>>>,
    steps: &mut usize,
) {
    const OUT_OF_MIDDLE: usize = 3;
    let from = so_far.last().map_or(0, |group| group.end);
    let Some((piece, behind)) = line.split_first() else {
        if from == columns.len() {
            ways.push(so_far.clone());
        }
        return;
    };
    for to in from + 1..=columns.len().saturating_sub(behind.len()) {
        let at = columns[from].at.start..columns[to - 1].at.end;
        let is_over = match to - from {
            1 => overlap(&at, &piece.at),
            _ => {
                let is_in_the_middle = (at.start + at.end).abs_diff(piece.at.start + piece.at.end) <= OUT_OF_MIDDLE;
                is_in_the_middle && headed[from..to].iter().all(|headed| *headed)
            }
        };
        *steps = steps.saturating_sub(1);
        if is_over && ways.len() < 2 && *steps > 0 {
            so_far.push(from..to);
            divide(columns, behind, headed, so_far, ways, steps);
            so_far.pop();
        }
    }
}

/// The columns that a piece stands over.
pub(super) fn over(columns: &[Column], piece: &Piece) -> Option<Range<usize>> {
    let first = columns.iter().position(|column| overlap(&column.at, &piece.at))?;
    let last = columns.iter().rposition(|column| overlap(&column.at, &piece.at))?;
    Some(first..last + 1)
}

/// The columns that each of the words of a line in the header is over.
fn covered(columns: &[Column], line: &[Piece], below: &[Vec<Piece>]) -> Option<Vec<Range<usize>>> {
    groups(columns, line, below).or_else(|| line.iter().map(|piece| over(columns, piece)).collect())
}

/// The cells of the header. A line whose words all stand below words of one column each goes on with these; any other line
/// is a row of its own.
pub(super) fn headed(columns: &[Column], header: &[Vec<Piece>]) -> Option<Vec<PlacedCell>> {
    let mut cells: Vec<PlacedCell> = Vec::new();
    let mut open: Vec<Option<usize>> = vec![None; columns.len()];
    for (row, line) in header.iter().enumerate() {
        let covered = covered(columns, line, &header[row + 1..])?;
        let above: Option<Vec<usize>> =
            covered.iter().map(|covered| open[covered.start].filter(|_| covered.len() == 1)).collect();
        let goes_on = |above: &Vec<usize>| {
            line.iter().zip(above).all(|(piece, at)| goes_on_below(&cells[*at].cell.text, &piece.text))
        };
        if let Some(above) = above.filter(goes_on) {
            for (piece, at) in line.iter().zip(above) {
                let cell = &mut cells[at].cell;
                cell.text = format!("{}\n{}", cell.text, piece.text).into();
            }
            continue;
        }
        for (piece, covered) in line.iter().zip(covered) {
            let at = (covered.len() == 1).then_some(cells.len());
            covered.clone().for_each(|column| open[column] = at);
            cells.push(placed(row, covered, piece));
        }
    }
    Some(cells)
}

/// 项目 stands over the headers of labels, and is none of their first lines.
fn goes_on_below(text: &str, below: &str) -> bool {
    let bare: String = text.split_whitespace().collect();
    bare != "项目" && !below.contains(|c: char| c.is_ascii_digit())
}

/// The numbers of columns belong to the columns of amounts, each to one, or to what they stand over.
pub(super) fn numbers_of_columns(columns: &[Column], line: &[Piece], row: usize) -> Option<Vec<PlacedCell>> {
    let is_value = |column: &Column| matches!(column.kind, ColumnKind::Amounts | ColumnKind::Blank);
    let values: Vec<usize> = (0..columns.len()).filter(|at| is_value(&columns[*at])).collect();
    let in_order = line.iter().filter(is_number).count() == values.len();
    let mut next = values.iter();
    let mut cells = Vec::with_capacity(line.len());
    for piece in line {
        let covered = match is_number(&piece) && in_order {
            true => next.next().map(|at| *at..at + 1),
            false => over(columns, piece),
        };
        cells.push(placed(row, covered?, piece));
    }
    Some(cells)
}
