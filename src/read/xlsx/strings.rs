//! Texts: those that cells share, and their runs, struck out or raised.

use super::XLSX;
use crate::model::struck;
use crate::read::xml::{Element, Piece, Xml};
use crate::read::{RAISED, Refusal, make_a_number};

/// The texts that cells share, one after another, with the end of each.
#[derive(Default)]
pub(super) struct Strings {
    texts: String,
    ends: Vec<usize>,
}

impl Strings {
    /// Reads the part. What it says about its own size is not believed.
    pub(super) fn read(text: &str, part: &str) -> Result<Strings, Refusal> {
        let mut strings = Strings::default();
        if text.is_empty() {
            return Ok(strings);
        }
        let mut xml = Xml::new(text, part, XLSX);
        while let Some(piece) = xml.next()? {
            match piece {
                Piece::Start(element) if element.name == "si" => {
                    let start = strings.texts.len();
                    rich_text(&mut xml, &mut strings.texts)?;
                    decode_escapes(&mut strings.texts, start);
                }
                Piece::Empty(element) if element.name == "si" => (),
                _ => continue,
            }
            strings.ends.push(strings.texts.len());
        }
        Ok(strings)
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.texts.get(start..end)
    }
}

/// Appends the text of an element that has begun, up to its end: all runs but those struck out, no phonetic guides. Where all is
/// struck out, that is told.
pub(super) fn rich_text(xml: &mut Xml<'_>, text: &mut String) -> Result<(), Refusal> {
    let (mut depth, mut guides, mut in_text) = (1, 0, false);
    // The run is struck out, and what was struck so far.
    let (mut run_struck, mut taken_back) = (false, String::new());
    // The run is raised, and so was the text before.
    let (mut raised, mut was_raised) = (false, false);
    let start = text.len();
    while let Some(piece) = xml.next()? {
        match piece {
            Piece::Start(element) => {
                depth += 1;
                match element.name {
                    "rPh" => guides = depth,
                    "t" => in_text = guides == 0,
                    "r" => (run_struck, raised) = (false, false),
                    "strike" => run_struck = is_on(&element),
                    "vertAlign" => raised = is_raised(&element),
                    _ => (),
                }
            }
            Piece::Empty(element) if element.name == "strike" => run_struck = is_on(&element),
            Piece::Empty(element) if element.name == "vertAlign" => raised = is_raised(&element),
            Piece::End(_) => {
                in_text = false;
                if guides == depth {
                    guides = 0;
                }
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            other if in_text && run_struck => xml.append(other, &mut taken_back)?,
            other if in_text => {
                let end = text.len();
                xml.append(other, text)?;
                let changes = std::mem::replace(&mut was_raised, raised) != raised;
                if changes && make_a_number(text[start..end].chars().next_back(), text[end..].chars().next()) {
                    text.insert(end, RAISED);
                }
            }
            _ => (),
        }
    }
    if !taken_back.trim().is_empty() && text[start..].trim().is_empty() {
        text.truncate(start);
        text.push_str(&struck(&taken_back));
    }
    Ok(())
}

fn is_raised(element: &Element<'_>) -> bool {
    element.attribute("val").is_some_and(|value| &*value != "baseline")
}

/// A property that is there, and not switched off.
pub(super) fn is_on(element: &Element<'_>) -> bool {
    element.attribute("val").is_none_or(|value| !matches!(&*value, "0" | "false" | "off"))
}

/// Replaces `_x000D_` and its like from `start` on by the characters they stand for.
pub(super) fn decode_escapes(text: &mut String, start: usize) {
    if !text[start..].contains("_x") {
        return;
    }
    let escaped = text.split_off(start);
    let mut rest = escaped.as_str();
    while let Some(at) = rest.find("_x") {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let character = rest
            .get(2..7)
            .and_then(|code| code.strip_suffix('_'))
            .filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32);
        match character {
            Some(character) => {
                text.push(character);
                rest = &rest[7..];
            }
            None => {
                text.push_str("_x");
                rest = &rest[2..];
            }
        }
    }
    text.push_str(rest);
}
