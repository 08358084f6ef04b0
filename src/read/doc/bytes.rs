//! Numbers in a stream, and pieces of one, where they are inside of it.

/// A number of 16 bits, little end first.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes([two[0], two[1]]))
}

/// A number of 32 bits, little end first.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

/// So many bytes from a place on.
pub(super) fn slice(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

/// A list of places with something of `size` bytes for each stretch between two of them (a PLC).
#[derive(Clone, Copy, Debug)]
pub(super) struct Plc<'a> {
    bytes: &'a [u8],
    size: usize,
    count: usize,
}

impl<'a> Plc<'a> {
    pub(super) fn new(bytes: &'a [u8], size: usize) -> Plc<'a> {
        Plc { bytes, size, count: bytes.len().saturating_sub(4) / (size + 4) }
    }

    /// How many stretches there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The place where a stretch begins; that of `len()` is where the last one ends.
    pub(super) fn place(&self, at: usize) -> Option<u32> {
        if at > self.count { None } else { u32_at(self.bytes, at * 4) }
    }

    /// What belongs to a stretch.
    pub(super) fn data(&self, at: usize) -> Option<&'a [u8]> {
        if at >= self.count { None } else { slice(self.bytes, (self.count + 1) * 4 + at * self.size, self.size) }
    }
}
