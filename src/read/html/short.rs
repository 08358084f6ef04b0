//! Rows that lack a cell in a table whose spans are told: what stands behind it has moved to the left.

use crate::model::{CellNote, PlacedCell, has_digits};

/// So many rows below one header that end where it does not are how the page is written: their last cell is left out.
const A_HABIT: usize = 3;

/// Doubts the numbers of rows that end before the header above them does, where others do not.
///
/// Which cell is missing, nothing tells: it may be one in the midst.
pub(super) fn doubt(cells: &mut [PlacedCell]) {
    let height = cells.iter().map(|cell| cell.row + cell.row_span).max().unwrap_or(0) as usize;
    let mut rows = vec![Row::default(); height];
    for cell in cells.iter() {
        let text = cell.cell.text.trim();
        let is_number = has_digits(text) && !text.chars().any(|c| c as u32 >= 0x2e80);
        for row in cell.row..cell.row + cell.row_span {
            let row = &mut rows[row as usize];
            row.end = row.end.max(cell.column + cell.column_span);
        }
        let row = &mut rows[cell.row as usize];
        row.words += usize::from(!text.is_empty() && !is_number);
        if is_number {
            row.counts &= text.parse() == Ok(row.numbers + 1);
            row.numbers += 1;
        }
    }
    let mut header = 0;
    let mut below: Vec<usize> = Vec::new();
    let mut short: Vec<usize> = Vec::new();
    for at in 0..=height {
        let heads = rows.get(at).is_none_or(|row| row.numbers == 0 && row.words > 1);
        if heads {
            short.extend(short_of(&below, &rows, header));
            below.clear();
            header = rows.get(at).map_or(0, |row| row.end);
        } else if rows[at].numbers > 0 && !(rows[at].counts && rows[at].numbers > 1) {
            below.push(at);
        }
    }
    for cell in cells.iter_mut().filter(|cell| short.contains(&(cell.row as usize))) {
        let text = cell.cell.text.trim();
        if has_digits(text) && !text.chars().any(|c| c as u32 >= 0x2e80) {
            cell.cell.note = Some(CellNote::Undivided);
        }
    }
}

/// A row, as far as it tells whether a cell is missing.
#[derive(Clone, Debug)]
struct Row {
    /// The column behind its last cell.
    end: u32,
    /// Cells with words, and with numbers.
    words: usize,
    numbers: usize,
    /// Its numbers are 1, 2, 3 …: those of columns.
    counts: bool,
}

impl Default for Row {
    fn default() -> Row {
        Row { end: 0, words: 0, numbers: 0, counts: true }
    }
}

/// The rows with numbers below a header that are shorter than it.
fn short_of(below: &[usize], rows: &[Row], header: u32) -> Vec<usize> {
    let short: Vec<usize> = below.iter().copied().filter(|at| rows[*at].end < header).collect();
    let are_habit = short.len() == below.len() && short.len() >= A_HABIT;
    if are_habit { Vec::new() } else { short }
}
