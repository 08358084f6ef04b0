//! Totals of rows: which rows they sum, and what leaves that open.

use super::{Blocked, Head, Stub, Table, same_labels};
use crate::locate::layout::Block;
use crate::locate::words::{Axis, Shape};

/// What blocks a total that has rows above and below it.
const BETWEEN_ROWS: &str = "a total between rows: of which of them is not told";

impl Table<'_, '_> {
    /// T-19, down: a total row needs every row of its block understood and a part of it.
    pub(super) fn totals_down(&self, stubs: &mut [Option<Stub>], block: &Block, heads: &[Head]) {
        let columns_name_items = heads.iter().any(|head| !head.total && head.key.item.is_some());
        for row in 0..stubs.len() {
            let Some(stub) = &stubs[row] else { continue };
            if !stub.total || stub.blocked.is_some() {
                continue;
            }
            // Where the columns name the items, a total of rows is only all of them.
            let item = stub.key.item.clone().or_else(|| self.frame.form.total.clone()).filter(|_| !columns_name_items);
            let grouped = self.only_groups_above(block).filter(|_| !self.labels_several_blocks(block, row));
            let has_value =
                |row: usize| block.values.iter().any(|column| self.grid.shape(row, *column) == Shape::Number);
            let valued_row =
                |row: usize| stubs[row].as_ref().is_some_and(|stub| !stub.nameless && !stub.total) && has_value(row);
            let of_some_rows =
                stub.key.item.is_none() && (0..row).any(valued_row) && (row + 1..stubs.len()).any(valued_row);
            let stranger = stubs.iter().enumerate().filter(|(other, _)| *other != row).find_map(|(at, other)| {
                let other = other.as_ref()?;
                // 附：公务用车保有量2辆 below the last row: it is no part of anything.
                if at > row && !(at..stubs.len()).any(has_value) {
                    return None;
                }
                // Another total is no row of its own; one of many codes is a part of it, whichever it is.
                if other.total || other.unplaced {
                    return None;
                }
                if other.nameless {
                    return has_value(at).then(|| "a row without a label".to_owned());
                }
                let waiting = other.waiting.as_ref().map(|word| word.written.clone());
                match (other.blocked.as_ref().map(|blocked| blocked.by.clone()).or(waiting), &other.key.item, &item) {
                    (Some(doubt), _, _) => Some(doubt),
                    (None, Some(part), Some(whole)) if !self.may_be_summed(part, whole) => Some(part.to_string()),
                    _ => None,
                }
            });
            let after_others = stub.key.item.is_none() && self.has_other_totals_above(row, stubs, block);
            let Some(stub) = stubs[row].as_mut() else { continue };
            if of_some_rows || after_others {
                stub.blocked = Some(Blocked::by(BETWEEN_ROWS));
            } else if let Some(band) = grouped {
                stub.blocked = Some(Blocked::by(format!("a total under `{band}`")));
            } else if let Some(stranger) = stranger {
                stub.blocked = Some(Blocked::by(format!("a total beside `{stranger}`")));
            } else if stub.key.item.is_none() {
                stub.key.item = item;
            }
        }
    }

    /// A total of the same name stands between rows above, with other amounts: each may be that of a page.
    fn has_other_totals_above(&self, row: usize, stubs: &[Option<Stub>], block: &Block) -> bool {
        let Some(words) = stubs[row].as_ref().map(|stub| &stub.words) else { return false };
        let text = |row: usize, column: &usize| self.grid.at(row, *column).map_or("", |spot| spot.text().trim());
        let differs = |other: usize| block.values.iter().any(|column| text(row, column) != text(other, column));
        let between = |stub: &Stub| stub.blocked.as_ref().is_some_and(|blocked| blocked.by == BETWEEN_ROWS);
        let mut above = stubs[..row].iter().enumerate().filter_map(|(at, stub)| Some((at, stub.as_ref()?)));
        above.any(|(at, stub)| stub.total && between(stub) && same_labels(&stub.words, words) && differs(at))
    }

    /// The label of a row is merged over the labels of several blocks: it is none of this block's group alone.
    fn labels_several_blocks(&self, block: &Block, row: usize) -> bool {
        let spot = block.labels.first().and_then(|column| self.grid.at(row, *column));
        let covers = |other: &&Block| spot.is_some_and(|spot| other.labels.iter().any(|column| spot.covers(*column)));
        self.layout.blocks.iter().filter(covers).count() == self.layout.blocks.len() && self.layout.blocks.len() > 1
    }

    /// A band over the block that only groups codes.
    fn only_groups_above(&self, block: &Block) -> Option<String> {
        block.labels.iter().flat_map(|column| self.above(block, *column)).find_map(|spot| {
            let word = spot.word(&self.reader, Axis::Across);
            word.rule.as_ref().is_some_and(|rule| rule.group).then(|| word.written.clone())
        })
    }
}
