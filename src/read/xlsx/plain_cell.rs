//! Cells as nearly every program writes them, taken in one step: `<c r="B7" s="4" t="s"><v>11</v></c>`.
//!
//! A worksheet consists of them. What is written in any other way is no plain cell, and read piece by piece; so what is
//! read of a worksheet is the same with and without this, which a test shows.

/// A cell whose attributes are, in this order, its address, its style and its type, holding nothing but a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlainCell<'a> {
    /// The row of its address.
    pub(super) row: u32,
    /// The column of its address.
    pub(super) column: u32,
    /// Its style.
    pub(super) style: Option<usize>,
    /// Its type as written.
    pub(super) kind: Option<&'a str>,
    /// Its value, without references to characters; `None` for a cell that holds nothing.
    pub(super) value: Option<&'a str>,
}

impl<'a> PlainCell<'a> {
    /// The plain cell with which a text begins, and the text behind it.
    pub(super) fn at_start_of(text: &'a str) -> Option<(PlainCell<'a>, &'a str)> {
        let mut rest = Rest { text, at: 0 };
        rest.pass(b"<c r=\"")?;
        let column = rest.letters()?;
        let row = u32::try_from(rest.digits()?).ok()?;
        rest.pass(b"\"")?;
        let mut cell = PlainCell { row, column, style: None, kind: None, value: None };
        if rest.pass(b" s=\"").is_some() {
            cell.style = Some(rest.digits()?);
            rest.pass(b"\"")?;
        }
        if rest.pass(b" t=\"").is_some() {
            cell.kind = Some(rest.until(b'"')?);
            rest.pass(b"\"")?;
        }
        if rest.pass(b"><v>").is_some() {
            cell.value = Some(rest.until(b'<')?);
            rest.pass(b"</v></c>")?;
        } else {
            rest.pass(b"/>")?;
        }
        Some((cell, &text[rest.at..]))
    }
}

/// What has not been read of a text.
struct Rest<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Rest<'a> {
    /// Passes over these bytes, if they come next.
    #[inline]
    fn pass(&mut self, bytes: &[u8]) -> Option<()> {
        self.text.as_bytes()[self.at..].starts_with(bytes).then(|| self.at += bytes.len())
    }

    /// A number of at most seven digits.
    #[inline]
    fn digits(&mut self) -> Option<usize> {
        let (start, mut number) = (self.at, 0);
        while let Some(byte @ b'0'..=b'9') = self.text.as_bytes().get(self.at) {
            number = number * 10 + usize::from(byte - b'0');
            self.at += 1;
            if self.at - start > 7 {
                return None;
            }
        }
        (self.at > start).then_some(number)
    }

    /// The column of at most three capital letters.
    #[inline]
    fn letters(&mut self) -> Option<u32> {
        let (start, mut column) = (self.at, 0);
        while let Some(byte @ b'A'..=b'Z') = self.text.as_bytes().get(self.at) {
            column = column * 26 + u32::from(byte - b'A') + 1;
            self.at += 1;
            if self.at - start > 3 {
                return None;
            }
        }
        (self.at > start).then_some(column)
    }

    /// Up to a byte, as long as nothing stands before it that would have to be resolved.
    #[inline]
    fn until(&mut self, end: u8) -> Option<&'a str> {
        let start = self.at;
        loop {
            match *self.text.as_bytes().get(self.at)? {
                byte if byte == end => return self.text.get(start..self.at),
                b'&' | b'\r' | b'<' | b'>' | b'"' => return None,
                _ => self.at += 1,
            }
        }
    }
}
