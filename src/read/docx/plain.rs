//! Passing over what does not matter.

use super::Tag;
use crate::read::xml::Element;

/// Properties that say nothing that matters here: fonts, widths, borders. Most of a document consists of them, the same
/// few again and again, and passing them over without looking at their elements saves a third of the time.
#[derive(Default)]
pub(super) struct PlainProperties<'a> {
    /// What stood in plain properties before, with the tag that ends them; and for which element.
    known: [(&'a str, &'a str); 8],
    next: usize,
}

impl<'a> PlainProperties<'a> {
    /// How many bytes of `rest`, which begins behind the start of `element`, can be passed over: up to behind its end.
    pub(super) fn length(&mut self, tag: Tag, element: Element<'a>, rest: &'a str) -> Option<usize> {
        let telling: &[&str] = match tag {
            Tag::RunProperties => &["vanish", "strike", "vertAlign", "Style", "del", "move", "Change"],
            Tag::ParagraphProperties => &["vanish", "Style", "del", "move", "Change", "numPr"],
            Tag::CellProperties => &["gridSpan", "erge", "Del", "Change"],
            _ => return None,
        };
        // What is plain in one kind of properties may not be in another, so they must be those of the same element.
        let known = self.known.iter().find(|(name, known)| *name == element.name && rest.starts_with(known));
        if let Some((_, known)) = known {
            return Some(known.len());
        }
        // Properties are short; long ones are read in the ordinary way.
        let near = &rest.as_bytes()[..rest.len().min(1000)];
        let is_end = |at: &usize| near[*at..].starts_with(b"</") && end_tag(&near[*at..], element.name).is_some();
        let end = (0..near.len()).find(is_end)?;
        let (inner, behind) = rest.split_at(end);
        if telling.iter().any(|word| inner.contains(word)) {
            return None;
        }
        let length = end + end_tag(behind.as_bytes(), element.name)?;
        self.known[self.next] = (element.name, &rest[..length]);
        self.next = (self.next + 1) % self.known.len();
        Some(length)
    }
}

/// The length of the tag with which a text begins, where it is the end of an element of this name, with any prefix.
fn end_tag(text: &[u8], name: &str) -> Option<usize> {
    let close = text.iter().take(100).position(|byte| *byte == b'>')?;
    let full = text[..close].strip_prefix(b"</")?;
    let local = full.iter().position(|byte| *byte == b':').map_or(full, |colon| &full[colon + 1..]);
    (local == name.as_bytes()).then_some(close + 1)
}
