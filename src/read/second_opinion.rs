//! A second reader of old workbooks: calamine reads the same cells, and both must agree on every number.
//!
//! The check costs a fifth of a millisecond, and catches what neither reader could notice alone: a number whose bytes were
//! taken for another kind of record. Where the two differ nobody knows which is right, so the cell is no number.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader as _, Xls};
use rust_decimal::Decimal;

use super::number_format::double_decimal;
use crate::model::{Block, CellNote, Document, Finding, FindingCode, Table};

/// Positions between the farthest cells of a worksheet up to which calamine is asked: it keeps them all in memory.
const MOST_POSITIONS: u64 = 1_000_000;

/// Takes the numbers back on which calamine does not agree. Where it cannot read the workbook, it has no opinion.
pub(super) fn compare(bytes: &[u8], document: &mut Document) {
    let spread = |table: &Table| {
        let last = |lines: &[u32]| u64::from(lines.last().copied().unwrap_or(0));
        last(&table.rows) * last(&table.columns)
    };
    let too_far =
        document.blocks.iter().any(|block| matches!(block, Block::Table(table) if spread(table) > MOST_POSITIONS));
    if too_far || declares_too_much(bytes) {
        return;
    }
    let opinion = catch_unwind(AssertUnwindSafe(|| Xls::new(Cursor::new(bytes)).ok()));
    let Ok(Some(mut workbook)) = opinion else { return };
    for block in &mut document.blocks {
        let Block::Table(table) = block else { continue };
        let Some(name) = table.sheet.clone() else { continue };
        let range = catch_unwind(AssertUnwindSafe(|| workbook.worksheet_range(&name).ok()));
        let Ok(Some(range)) = range else { continue };
        let mut doubtful = Vec::new();
        for (index, cell) in table.cells.iter().enumerate() {
            let Some(number) = &cell.number else { continue };
            let position = (table.rows[cell.row] - 1, table.columns[cell.column] - 1);
            let other = match range.get_value(position) {
                Some(Data::Float(double)) => double_decimal(*double),
                Some(Data::Int(integer)) => Some(Decimal::from(*integer)),
                // Dates, texts and blanks are judged by formats, in which the two readers differ by design.
                _ => continue,
            };
            let scale = if number.percent { Decimal::ONE_HUNDRED } else { Decimal::ONE };
            let agrees =
                other.and_then(|other| other.checked_mul(scale)).is_some_and(|other| alike(number.value, other));
            if !agrees {
                doubtful.push(index);
            }
        }
        for index in doubtful {
            let place = table.place(&table.cells[index]);
            let cell = &mut table.cells[index];
            cell.number = None;
            cell.note = Some(CellNote::Unreadable);
            document.findings.push(Finding::at(FindingCode::UnreadableCell, place, cell.text.clone()));
        }
    }
}

/// The same number but for the noise of binary fractions.
fn alike(ours: Decimal, theirs: Decimal) -> bool {
    let tolerance = Decimal::new(1, 6).checked_mul(ours.abs().max(Decimal::ONE)).unwrap_or(Decimal::MAX);
    ours.checked_sub(theirs).is_some_and(|difference| difference.abs() <= tolerance)
}

/// A record that declares the size of a worksheet says more than one can have: calamine would reserve it.
///
/// The record is looked for anywhere in the file; one found by chance only costs the second opinion.
fn declares_too_much(bytes: &[u8]) -> bool {
    let number = |at: usize| bytes.get(at..at + 4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
    // Record 0x0200 with 14 bytes: first and last row, first and last column.
    bytes.windows(4).enumerate().filter(|(_, head)| *head == [0x00, 0x02, 0x0e, 0x00]).any(|(at, _)| {
        let (Some(first), Some(last), Some(columns)) = (number(at + 4), number(at + 8), number(at + 12)) else {
            return false;
        };
        let (left, right) = (columns & 0xffff, columns >> 16);
        first > last || left > right || u64::from(last) * u64::from(right.max(1)) > MOST_POSITIONS
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::xls;

    fn workbook() -> (&'static [u8], Document) {
        let bytes = include_bytes!("../../tests/files/unit.xls");
        (bytes, xls::read(bytes).unwrap())
    }

    #[test]
    fn two_readers_agree_on_a_real_workbook() {
        let (bytes, mut document) = workbook();
        let before = document.findings.len();
        compare(bytes, &mut document);
        assert_eq!(document.findings.len(), before);
    }

    #[test]
    fn a_number_on_which_they_differ_is_none() {
        let (bytes, mut document) = workbook();
        let Some(Block::Table(table)) = document.blocks.first_mut() else { panic!("a table") };
        let cell = table.cells.iter_mut().find(|cell| cell.number.is_some()).unwrap();
        cell.number.as_mut().unwrap().value += Decimal::ONE;
        compare(bytes, &mut document);
        let Some(Block::Table(table)) = document.blocks.first() else { panic!("a table") };
        assert!(table.cells.iter().any(|cell| cell.note == Some(CellNote::Unreadable) && cell.number.is_none()));
        assert!(document.findings.iter().any(|finding| finding.code == FindingCode::UnreadableCell));
    }
}
