//! Passing over what does not matter.

use quick_xml::events::BytesStart;

use super::Tag;

/// Properties that say nothing that matters here: fonts, widths, borders. Most of a document consists of them, the same
/// few again and again, and passing them over without looking at their elements saves a third of the time.
#[derive(Default)]
pub(super) struct PlainProperties<'a> {
    /// What stood in plain properties before, with the tag that ends them.
    known: [&'a [u8]; 8],
    next: usize,
}

impl<'a> PlainProperties<'a> {
    /// How many bytes from `rest` on, which begins behind the start of `element`, to its end can be passed over.
    pub(super) fn length(&mut self, tag: Tag, element: &BytesStart<'_>, rest: &'a [u8]) -> Option<usize> {
        let telling: &[&str] = match tag {
            Tag::RunProperties => &["vanish", "Style", "del", "move", "Change"],
            Tag::ParagraphProperties => &["vanish", "Style", "del", "move", "Change", "numPr"],
            Tag::CellProperties => &["gridSpan", "erge", "Del", "Change"],
            _ => return None,
        };
        let name = element.name();
        let name: &str = name.as_ref();
        // `</` and `>` around the name.
        let closing = name.len() + 3;
        // What is plain in one kind of properties may not be in another, so the end must be that of this one.
        let ends_here = |known: &[u8]| {
            known[known.len() - closing..].strip_prefix(b"</").is_some_and(|end| end.starts_with(name.as_bytes()))
        };
        if let Some(known) =
            self.known.iter().find(|known| known.len() >= closing && rest.starts_with(known) && ends_here(known))
        {
            return Some(known.len() - closing);
        }
        // Properties are short; long ones are read in the ordinary way.
        let near = &rest[..rest.len().min(1000)];
        let is_end =
            |at: usize| near[at + 2..].starts_with(name.as_bytes()) && near.get(at + closing - 1) == Some(&b'>');
        let end =
            (0..near.len().saturating_sub(1)).find(|at| near[*at] == b'<' && near[*at + 1] == b'/' && is_end(*at))?;
        let inner = std::str::from_utf8(&near[..end]).ok()?;
        if telling.iter().any(|word| inner.contains(word)) {
            return None;
        }
        self.known[self.next] = &rest[..end + closing];
        self.next = (self.next + 1) % self.known.len();
        Some(end)
    }
}
