//! Records: their numbers, and their data as numbers and texts.

use super::narrow::narrow_text;
use super::{damaged, record};
use crate::read::Refusal;

/// A record: its number, its data, and what the CONTINUE records behind it add.
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) data: &'a [u8],
    more: Vec<&'a [u8]>,
}

/// The records of a stream.
pub(super) struct Records<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Records<'a> {
    /// The next record; an error if the stream ends within it, or before the end was said.
    pub(super) fn next(&mut self) -> Result<Record<'a>, Refusal> {
        let (kind, data) = self.take().ok_or_else(|| damaged("数据流中途截断"))?;
        let mut record = Record { kind, data, more: Vec::new() };
        while self.rest.starts_with(&record::CONTINUE.to_le_bytes()) {
            let (_, more) = self.take().ok_or_else(|| damaged("数据流中途截断"))?;
            record.more.push(more);
        }
        Ok(record)
    }

    fn take(&mut self) -> Option<(u16, &'a [u8])> {
        let (kind, length) = (u16_at(self.rest, 0)?, u16_at(self.rest, 2)?);
        let data = self.rest.get(4..4 + usize::from(length))?;
        self.rest = &self.rest[4 + usize::from(length)..];
        Some((kind, data))
    }
}

pub(super) fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..at + 2).and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes)
}

pub(super) fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes)
}

pub(super) fn f64_at(data: &[u8], at: usize) -> Option<f64> {
    data.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map(f64::from_le_bytes)
}

/// The data of a record and of the CONTINUE records behind it, read as one.
pub(super) struct Chunks<'a> {
    chunk: &'a [u8],
    more: std::vec::IntoIter<&'a [u8]>,
}

impl<'a> Chunks<'a> {
    pub(super) fn of(record: &Record<'a>, from: usize) -> Chunks<'a> {
        Chunks { chunk: record.data.get(from..).unwrap_or_default(), more: record.more.clone().into_iter() }
    }

    /// Goes on to the next chunk that has bytes where this one is used up.
    fn refill(&mut self) -> Option<()> {
        while self.chunk.is_empty() {
            self.chunk = self.more.next()?;
        }
        Some(())
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.refill()?;
        let (first, rest) = self.chunk.split_first()?;
        self.chunk = rest;
        Some(*first)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    pub(super) fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            self.refill()?;
            let step = count.min(self.chunk.len());
            self.chunk = &self.chunk[step..];
            count -= step;
        }
        Some(())
    }

    /// Bytes that stand in one chunk.
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        self.refill();
        let (bytes, rest) = self.chunk.split_at_checked(count)?;
        self.chunk = rest;
        Some(bytes)
    }

    /// A text of so many UTF-16 units behind its flags.
    pub(super) fn unicode(&mut self, count: usize) -> Option<String> {
        let flags = self.u8()?;
        self.characters(count, flags)
    }

    /// So many UTF-16 units, wide or low bytes alone; each chunk that goes on with them says anew which.
    pub(super) fn characters(&mut self, count: usize, flags: u8) -> Option<String> {
        let mut wide = flags & 1 != 0;
        // The usual text stands in one chunk.
        if !wide && let Some((bytes, rest)) = self.chunk.split_at_checked(count) {
            self.chunk = rest;
            return Some(narrow_text(bytes));
        }
        let mut units: Vec<u16> = Vec::with_capacity(count);
        while units.len() < count {
            if self.chunk.is_empty() {
                self.chunk = self.more.next()?;
                wide = self.u8()? & 1 != 0;
                continue;
            }
            let wanted = count - units.len();
            if wide {
                let (pairs, _) = self.chunk.as_chunks::<2>();
                let take = wanted.min(pairs.len());
                if take == 0 {
                    return None;
                }
                units.extend(pairs[..take].iter().map(|pair| u16::from_le_bytes(*pair)));
                self.chunk = &self.chunk[2 * take..];
            } else {
                let take = wanted.min(self.chunk.len());
                units.extend(self.chunk[..take].iter().map(|byte| u16::from(*byte)));
                self.chunk = &self.chunk[take..];
            }
        }
        Some(String::from_utf16_lossy(&units))
    }
}
