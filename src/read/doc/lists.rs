//! Automatic numbering: the lists of a document, counted as those of a `.docx` are.

use super::bytes::{slice, u16_at, u32_at};
use crate::read::docx::{Level, Numbering};

/// Levels of a list that is not simple.
const LEVELS: usize = 9;
/// Lists that are read; more are no numbering a person made.
const LIST_LIMIT: usize = 10_000;
/// Characters of a level's number with what stands around it.
const TEXT_LIMIT: usize = 255;

/// The lists of a document.
#[derive(Debug, Default)]
pub(super) struct Lists(Numbering);

impl Lists {
    /// Reads definitions (PlfLst), their levels (which stand behind them) and lists (PlfLfo). What is not whole is left
    /// out: a paragraph without its number is read all the same.
    pub(super) fn read(definitions: &[u8], levels: &[u8], lists: &[u8]) -> Lists {
        let mut numbering = Numbering::default();
        define(&mut numbering, definitions, levels);
        number(&mut numbering, lists);
        Lists(numbering)
    }

    /// Counts the next paragraph of a list (from 1) and says what stands before it.
    pub(super) fn count(&mut self, list: u16, level: u8) -> String {
        self.0.count(&list.to_string(), usize::from(level))
    }
}

fn define(numbering: &mut Numbering, definitions: &[u8], mut levels: &[u8]) {
    let count = u16_at(definitions, 0).map_or(0, usize::from).min(LIST_LIMIT);
    for at in 0..count {
        let Some(definition) = slice(definitions, 2 + at * 28, 28) else {
            return;
        };
        let Some(id) = u32_at(definition, 0) else { return };
        let is_simple = definition[26] & 1 == 1;
        let mut read = Vec::new();
        for _ in 0..if is_simple { 1 } else { LEVELS } {
            let Some((level, length)) = level(levels) else { return };
            levels = &levels[length..];
            read.push(level);
        }
        numbering.define(id.to_string(), read);
    }
}

/// A level, and the bytes it takes.
fn level(bytes: &[u8]) -> Option<(Level, usize)> {
    let head = slice(bytes, 0, 28)?;
    let text_at = 28 + usize::from(head[24]) + usize::from(head[25]);
    // A number stands before each paragraph of its list: a long one would fill the memory.
    let length = usize::from(u16_at(bytes, text_at)?);
    if length > TEXT_LIMIT {
        return None;
    }
    let text = slice(bytes, text_at + 2, length * 2)?;
    let units: Vec<u16> = text.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    let mut shown = String::new();
    for c in String::from_utf16_lossy(&units).chars() {
        match u32::from(c) {
            // The number of a level stands as the level itself.
            level @ 0..=8 => shown.push_str(&format!("%{}", level + 1)),
            _ => shown.push(c),
        }
    }
    let level = Level {
        start: u32_at(head, 0)?,
        format: format(head[4]).to_owned(),
        text: shown,
        suffix: ["tab", "space", "nothing"].get(usize::from(head[15])).copied().unwrap_or("tab").to_owned(),
        is_legal: head[5] & 4 != 0,
        never_restarts: head[5] & 8 != 0,
        style: String::new(),
    };
    Some((level, text_at + 2 + length * 2))
}

/// Lists and what they override. Their numbers count from 1.
fn number(numbering: &mut Numbering, lists: &[u8]) {
    let count = u32_at(lists, 0).map_or(0, |count| count as usize).min(LIST_LIMIT);
    let mut overrides = lists.get(4 + count * 16..).unwrap_or_default();
    for at in 0..count {
        let Some(list) = slice(lists, 4 + at * 16, 16) else {
            return;
        };
        let Some(id) = u32_at(list, 0) else { return };
        let name = (at + 1).to_string();
        numbering.list_of(&name, id.to_string());
        overrides = overrides.get(4..).unwrap_or_default();
        for _ in 0..list[12] {
            let Some((start, flags)) = u32_at(overrides, 0).zip(u32_at(overrides, 4)) else {
                return;
            };
            overrides = &overrides[8..];
            let changed = if flags & 0x20 != 0 {
                let Some((level, length)) = level(overrides) else {
                    return;
                };
                overrides = &overrides[length..];
                Some(level)
            } else {
                None
            };
            numbering.override_level(&name, (flags & 0xf) as usize, (flags & 0x10 != 0).then_some(start), changed);
        }
    }
}

/// The word that a `.docx` has for a numbering (MSONFC).
fn format(code: u8) -> &'static str {
    match code {
        1 => "upperRoman",
        2 => "lowerRoman",
        3 => "upperLetter",
        4 => "lowerLetter",
        10 => "ideographDigital",
        11 => "japaneseCounting",
        14 => "decimalFullWidth",
        16 => "japaneseLegal",
        17 => "japaneseDigitalTenThousand",
        18 => "decimalEnclosedCircle",
        19 => "decimalFullWidth2",
        22 => "decimalZero",
        23 => "bullet",
        26 => "decimalEnclosedFullstop",
        27 => "decimalEnclosedParen",
        28 => "decimalEnclosedCircleChinese",
        29 => "ideographEnclosedCircle",
        30 => "ideographTraditional",
        31 => "ideographZodiac",
        33 => "taiwaneseCounting",
        34 => "ideographLegalTraditional",
        35 => "taiwaneseCountingThousand",
        36 => "taiwaneseDigital",
        37 => "chineseCounting",
        38 => "chineseLegalSimplified",
        39 => "chineseCountingThousand",
        255 => "none",
        _ => "decimal",
    }
}
