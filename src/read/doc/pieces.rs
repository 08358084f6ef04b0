//! The pieces that a text is put together from: a document saved fast has its changes at its end.

use super::bytes::{Plc, slice, u16_at, u32_at};
use super::damaged;
use super::file::{Entry, File};
use crate::read::refusal::Refusal;

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Characters before it.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Where it stands in the document stream.
    place: u32,
    /// One byte for each character, not two.
    is_narrow: bool,
    /// Modifiers of all its text.
    modifier: u16,
}

/// A document's text.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    document: &'a [u8],
    pieces: Vec<Piece>,
    /// Lists of modifiers that pieces refer to.
    lists: Vec<&'a [u8]>,
}

/// A character of the text: a unit of UTF-16, and where it stands in the document stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Character<'a> {
    /// Characters before it.
    pub(super) at: u32,
    pub(super) unit: u16,
    pub(super) place: u32,
    /// Modifiers of its piece.
    pub(super) more: More<'a>,
}

/// What a piece changes about its text.
#[derive(Clone, Copy, Debug)]
pub(super) enum More<'a> {
    Nothing,
    /// An old number of a modifier, and its operand.
    One(u8, u8),
    List(&'a [u8]),
}

impl<'a> Pieces<'a> {
    /// Reads the table of pieces.
    ///
    /// # Errors
    /// [`Reason::Damaged`](crate::read::Reason::Damaged) where it is not whole, or pieces lie outside of the stream.
    pub(super) fn read(file: &'a File) -> Result<Pieces<'a>, Refusal> {
        Pieces::parse(file.entry(Entry::Pieces)?, &file.document).ok_or_else(|| damaged("文字的分段表"))
    }

    fn parse(table: &'a [u8], document: &'a [u8]) -> Option<Pieces<'a>> {
        let (mut at, mut lists) = (0, Vec::new());
        while *table.get(at)? == 1 {
            let length = usize::from(u16_at(table, at + 1)?);
            lists.push(slice(table, at + 3, length)?);
            at += 3 + length;
        }
        if table[at] != 2 {
            return None;
        }
        let length = u32_at(table, at + 1)? as usize;
        let plc = Plc::new(slice(table, at + 5, length)?, 8);
        let mut pieces = Vec::with_capacity(plc.len());
        let mut all = 0_usize;
        for number in 0..plc.len() {
            let (start, end) = (plc.place(number)?, plc.place(number + 1)?);
            let data = plc.data(number)?;
            let (place, modifier) = (u32_at(data, 2)?, u16_at(data, 6)?);
            let is_narrow = place & 0x4000_0000 != 0;
            let place = if is_narrow { (place & 0x3fff_ffff) / 2 } else { place & 0x3fff_ffff };
            let length = end.checked_sub(start)? as usize;
            slice(document, place as usize, if is_narrow { length } else { length.checked_mul(2)? })?;
            // Pieces of an honest document do not share their text.
            all += length;
            if all > document.len() {
                return None;
            }
            pieces.push(Piece { start, end, place, is_narrow, modifier });
        }
        let follow = pieces.first()?.start == 0 && pieces.windows(2).all(|pair| pair[0].end == pair[1].start);
        follow.then_some(Pieces { document, pieces, lists })
    }

    /// Characters of all pieces.
    pub(super) fn length(&self) -> u32 {
        self.pieces.last().map_or(0, |piece| piece.end)
    }

    /// The characters of a part of the text.
    pub(super) fn characters(&self, start: u32, end: u32) -> impl Iterator<Item = Character<'a>> + '_ {
        let first = self.pieces.partition_point(|piece| piece.end <= start);
        self.pieces[first..].iter().take_while(move |piece| piece.start < end).flat_map(move |piece| {
            let more = self.more(piece);
            (piece.start.max(start)..piece.end.min(end)).filter_map(move |at| {
                let before = at - piece.start;
                let place = piece.place + if piece.is_narrow { before } else { before * 2 };
                let unit = if piece.is_narrow {
                    narrow(*self.document.get(place as usize)?)
                } else {
                    u16_at(self.document, place as usize)?
                };
                Some(Character { at, unit, place, more })
            })
        })
    }

    fn more(&self, piece: &Piece) -> More<'a> {
        let [low, high] = piece.modifier.to_le_bytes();
        match piece.modifier {
            0 => More::Nothing,
            list if list & 1 == 1 => {
                self.lists.get(usize::from(list >> 1)).map_or(More::Nothing, |list| More::List(list))
            }
            _ => More::One(low >> 1, high),
        }
    }
}

/// A character that is stored in one byte, of Windows-1252.
fn narrow(byte: u8) -> u16 {
    match byte {
        0x80..=0x9f => {
            let decoded = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
            decoded.map_or(u16::from(byte), |c| u32::from(c) as u16)
        }
        byte => u16::from(byte),
    }
}
