//! Properties of paragraphs, characters and rows: lists of modifiers (sprm), kept on pages of 512 bytes.

use std::collections::BTreeSet;

use super::bytes::{Plc, slice, u16_at, u32_at};
use super::file::{Entry, File};
use crate::read::refusal::Refusal;

const PAGE: usize = 512;

/// A modifier: what it changes, and to what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Modifier<'a> {
    pub(super) code: u16,
    pub(super) operand: &'a [u8],
}

impl Modifier<'_> {
    pub(super) fn byte(&self) -> u8 {
        self.operand.first().copied().unwrap_or(0)
    }

    pub(super) fn word(&self) -> u16 {
        u16_at(self.operand, 0).unwrap_or(0)
    }

    pub(super) fn double_word(&self) -> u32 {
        u32_at(self.operand, 0).unwrap_or(0)
    }
}

/// The modifiers of a list, one after the other; it ends at the first that is not whole.
pub(super) struct Modifiers<'a>(pub(super) &'a [u8]);

/// The definition of a row, whose length is two bytes.
pub(super) const DEFINE_ROW: u16 = 0xd608;
const CHANGE_TABS: u16 = 0xc615;

impl<'a> Iterator for Modifiers<'a> {
    type Item = Modifier<'a>;

    fn next(&mut self) -> Option<Modifier<'a>> {
        let code = u16_at(self.0, 0)?;
        let rest = &self.0[2..];
        let (skip, length) = match code >> 13 {
            0 | 1 => (0, 1),
            2 | 4 | 5 => (0, 2),
            3 => (0, 4),
            7 => (0, 3),
            _ if code == DEFINE_ROW => (2, usize::from(u16_at(rest, 0)?).saturating_sub(1)),
            _ => match usize::from(*rest.first()?) {
                // Too long for its length: tabs deleted, 4 bytes each, then tabs added, 3 bytes each.
                255 if code == CHANGE_TABS => {
                    let deleted = usize::from(*rest.get(1)?) * 4;
                    (1, 2 + deleted + usize::from(*rest.get(2 + deleted)?) * 3)
                }
                length => (1, length),
            },
        };
        let operand = slice(rest, skip, length)?;
        self.0 = &rest[skip + length..];
        Some(Modifier { code, operand })
    }
}

/// A stretch of the document stream whose text has the same properties.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The number of the paragraph's style; 0 for characters.
    pub(super) style: u16,
    pub(super) modifiers: &'a [u8],
}

/// All stretches of one kind, by their place in the document stream.
#[derive(Debug)]
pub(super) struct Runs<'a> {
    runs: Vec<Run<'a>>,
    /// The last one found: the next is nearly always near.
    last: usize,
}

impl<'a> Runs<'a> {
    /// Reads the pages of paragraph or character properties.
    pub(super) fn read(file: &'a File, entry: Entry) -> Result<Runs<'a>, Refusal> {
        let of_paragraphs = matches!(entry, Entry::ParagraphPages);
        let pages = Plc::new(file.entry(entry)?, 4);
        let numbers: BTreeSet<u32> = (0..pages.len())
            .filter_map(|at| pages.data(at))
            .filter_map(|number| u32_at(number, 0))
            // The upper bits are not part of the number.
            .map(|number| number & 0x003f_ffff)
            .collect();
        let mut runs = Vec::new();
        for number in numbers {
            if let Some(page) = slice(&file.document, number as usize * PAGE, PAGE) {
                runs.extend(page_runs(page, of_paragraphs));
            }
        }
        runs.sort_by_key(|run| run.start);
        Ok(Runs { runs, last: 0 })
    }

    /// The stretch that holds a place of the document stream.
    pub(super) fn at(&mut self, place: u32) -> Option<Run<'a>> {
        let holds = |run: &&Run<'a>| (run.start..run.end).contains(&place);
        for near in [self.last, self.last + 1] {
            if let Some(run) = self.runs.get(near).filter(holds) {
                self.last = near;
                return Some(*run);
            }
        }
        self.last = self.runs.partition_point(|run| run.start <= place).checked_sub(1)?;
        self.runs.get(self.last).filter(holds).copied()
    }
}

/// The stretches that a page tells.
fn page_runs(page: &[u8], of_paragraphs: bool) -> Vec<Run<'_>> {
    let count = usize::from(page[PAGE - 1]);
    let entry_size = if of_paragraphs { 13 } else { 1 };
    let mut runs = Vec::with_capacity(count);
    for at in 0..count {
        let (Some(start), Some(end)) = (u32_at(page, at * 4), u32_at(page, at * 4 + 4)) else {
            break;
        };
        let Some(offset) = page.get((count + 1) * 4 + at * entry_size) else {
            break;
        };
        let offset = usize::from(*offset) * 2;
        let found = if of_paragraphs { paragraph_entry(page, offset) } else { character_entry(page, offset) };
        let (style, modifiers) = found.unwrap_or((0, &[]));
        runs.push(Run { start, end, style, modifiers });
    }
    runs
}

/// Style and modifiers of a paragraph. Offset 0 stands for none.
fn paragraph_entry(page: &[u8], offset: usize) -> Option<(u16, &[u8])> {
    if offset == 0 {
        return None;
    }
    let (at, length) = match usize::from(*page.get(offset)?) {
        0 => (offset + 2, usize::from(*page.get(offset + 1)?) * 2),
        words => (offset + 1, words * 2 - 1),
    };
    let entry = slice(page, at, length)?;
    Some((u16_at(entry, 0)?, &entry[2..]))
}

fn character_entry(page: &[u8], offset: usize) -> Option<(u16, &[u8])> {
    if offset == 0 {
        return None;
    }
    let length = usize::from(*page.get(offset)?);
    Some((0, slice(page, offset + 1, length)?))
}
