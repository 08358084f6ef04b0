//! What stands before the worksheets: their names, the texts they share, fonts and number formats.

use std::collections::HashMap;
use std::sync::Arc;

use super::records::{Chunks, Record, Records, u16_at, u32_at};
use super::text::{TextForm, decode, text_form};
use super::{damaged, encrypted, record};
use crate::model::struck;
use crate::read::number_format::{DateOrigin, NumberFormat};
use crate::read::{RAISED, Refusal, make_a_number};

/// What stands before the worksheets.
pub(super) struct Workbook {
    pub(super) sheets: Vec<SheetEntry>,
    pub(super) strings: Vec<Arc<str>>,
    /// For each cell style, its number format.
    pub(super) formats: Vec<Arc<NumberFormat>>,
    /// For each cell style, whether its font strikes out.
    pub(super) struck: Vec<bool>,
    pub(super) origin: DateOrigin,
    pub(super) text: TextForm,
}

pub(super) struct SheetEntry {
    pub(super) name: Arc<str>,
    pub(super) hidden: bool,
    pub(super) is_worksheet: bool,
    pub(super) start: usize,
}

impl Workbook {
    pub(super) fn read(stream: &[u8]) -> Result<Workbook, Refusal> {
        let text = text_form(stream)?;
        let mut workbook = Workbook {
            sheets: Vec::new(),
            strings: Vec::new(),
            formats: Vec::new(),
            struck: Vec::new(),
            origin: DateOrigin::default(),
            text,
        };
        let mut codes: HashMap<u16, Arc<NumberFormat>> = HashMap::new();
        // For each cell style, its font and its number format.
        let mut uses: Vec<(u16, u16)> = Vec::new();
        let mut fonts = Fonts::default();
        let mut records = Records { rest: stream };
        loop {
            let record = records.next()?;
            let data = record.data;
            match record.kind {
                record::FILE_PASS => return Err(encrypted()),
                record::DATE_1904 if u16_at(data, 0) == Some(1) => workbook.origin = DateOrigin::Year1904,
                record::FORMAT => {
                    if let Some((id, code)) = format_record(&record, text) {
                        codes.insert(id, Arc::new(NumberFormat::parse(&code)));
                    }
                }
                record::FONT => fonts.0.push(Font {
                    strikes_out: u16_at(data, 2).is_some_and(|options| options & 8 != 0),
                    raised: u16_at(data, 8).is_some_and(|escapement| escapement != 0),
                }),
                record::XF => uses.push((u16_at(data, 0).unwrap_or(0), u16_at(data, 2).unwrap_or(0))),
                record::BOUND_SHEET => {
                    workbook.sheets.push(sheet_entry(&record, text).ok_or_else(|| damaged("工作表目录已损坏"))?);
                }
                record::SHARED_STRINGS => workbook.strings = shared_strings(&record, &fonts)?,
                record::END => break,
                _ => (),
            }
        }
        workbook.struck = uses.iter().map(|(font, _)| fonts.get(*font).strikes_out).collect();
        workbook.formats = uses
            .into_iter()
            .map(|(_, id)| codes.entry(id).or_insert_with(|| Arc::new(NumberFormat::built_in(u32::from(id)))).clone())
            .collect();
        Ok(workbook)
    }
}

fn format_record(record: &Record<'_>, text: TextForm) -> Option<(u16, String)> {
    let id = u16_at(record.data, 0)?;
    let mut chunks = Chunks::of(record, 2);
    let code = match text {
        TextForm::Unicode => {
            let count = chunks.u16()?;
            chunks.unicode(usize::from(count))?
        }
        TextForm::Bytes(encoding) => {
            let count = chunks.u8()?;
            decode(encoding, chunks.bytes(usize::from(count))?)
        }
    };
    Some((id, code))
}

fn sheet_entry(record: &Record<'_>, text: TextForm) -> Option<SheetEntry> {
    let data = record.data;
    let start = u32_at(data, 0)? as usize;
    let (state, kind) = (*data.get(4)?, *data.get(5)?);
    let mut chunks = Chunks::of(record, 6);
    let count = usize::from(chunks.u8()?);
    let mut name = match text {
        TextForm::Unicode => chunks.unicode(count)?,
        TextForm::Bytes(encoding) => decode(encoding, chunks.bytes(count)?),
    };
    name.retain(|character| character != '\0');
    Some(SheetEntry { name: name.into(), hidden: state & 3 != 0, is_worksheet: kind == 0, start })
}

/// The fonts, as they stand.
#[derive(Default)]
struct Fonts(Vec<Font>);

/// What is known of a font.
#[derive(Clone, Copy, Default)]
struct Font {
    strikes_out: bool,
    /// Above or below the line.
    raised: bool,
}

impl Fonts {
    fn get(&self, font: u16) -> Font {
        // There is no font 4: those from 5 on are numbered one higher than they stand.
        let at = usize::from(font) - usize::from(font > 4);
        self.0.get(at).copied().filter(|_| font != 4).unwrap_or_default()
    }
}

/// A text without the runs that are struck out, raised digits parted from others; each run begins at a place in UTF-16 units.
/// Where all is struck out, that is told.
fn with_fonts(text: String, runs: &[(u16, u16)], fonts: &Fonts) -> String {
    let looks = |(_, font): &(u16, u16)| fonts.get(*font);
    if !runs.iter().map(looks).any(|font| font.strikes_out || font.raised) {
        return text;
    }
    let mut kept = String::new();
    let (mut at, mut was_raised) = (0, false);
    for character in text.chars() {
        let font = runs.iter().rev().find(|(from, _)| usize::from(*from) <= at).map(looks).unwrap_or_default();
        at += character.len_utf16();
        if font.strikes_out {
            continue;
        }
        let changes = std::mem::replace(&mut was_raised, font.raised) != font.raised;
        if changes && make_a_number(kept.chars().next_back(), Some(character)) {
            kept.push(RAISED);
        }
        kept.push(character);
    }
    if kept.trim().is_empty() { struck(&text) } else { kept }
}

/// The texts that cells share. What the record says about their number is not believed.
fn shared_strings(record: &Record<'_>, fonts: &Fonts) -> Result<Vec<Arc<str>>, Refusal> {
    let broken = || damaged("共享文字表已损坏");
    let count = u32_at(record.data, 4).ok_or_else(broken)?;
    let mut chunks = Chunks::of(record, 8);
    let mut strings = Vec::new();
    for _ in 0..count {
        // A table that ends early has fewer texts; a cell that names one of the others is in doubt.
        let Some(length) = chunks.u16() else { break };
        let flags = chunks.u8().ok_or_else(broken)?;
        let runs = if flags & 8 != 0 { chunks.u16().ok_or_else(broken)? } else { 0 };
        let guides = if flags & 4 != 0 { chunks.u32().ok_or_else(broken)? } else { 0 };
        let text = chunks.characters(usize::from(length), flags).ok_or_else(broken)?;
        let mut fonts_of = Vec::new();
        for _ in 0..runs {
            fonts_of.push((chunks.u16().ok_or_else(broken)?, chunks.u16().ok_or_else(broken)?));
        }
        strings.push(with_fonts(text, &fonts_of, fonts).into());
        chunks.skip(guides as usize).ok_or_else(broken)?;
    }
    Ok(strings)
}
