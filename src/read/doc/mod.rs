//! Word 97–2003 documents (.doc) and WPS documents (.wps): paragraphs and tables as a person sees them.
//!
//! The text lies in pieces of one stream ([`pieces`]); what is a row, a cell or hidden is told by lists of modifiers for
//! stretches of that stream ([`properties`]). A paragraph ends with a mark, a cell and a row end with marks of their own,
//! and where the cells of a row stand is told at its end ([`table`]). What counts is what counts in a `.docx`: inserted
//! text does, deleted and hidden text does not, of a field its result; a nested table follows the one that holds it, a
//! text box the paragraph it is anchored in, footnotes stand at the end.
//!
//! Source: Microsoft, *\[MS-DOC\]: Word (.doc) Binary File Format*; the names of its structures stand in the docs below.

mod bytes;
mod file;
mod lists;
mod pieces;
mod properties;
mod styles;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::docx::symbol;
use super::refusal::{Reason, Refusal};
use super::{RAISED, make_a_number};
use crate::model::{Block, Document, Finding, FindingCode, Format, Paragraph, Place, Table};
use bytes::{Plc, slice, u16_at, u32_at};
use file::{Entry, File};
use lists::Lists;
use pieces::{Character, More, Pieces};
use properties::{Modifiers, Runs};
use styles::Styles;
use table::{OpenTable, ReadTable, row_modifiers};

/// The modifiers that are understood, by their codes.
mod sprm {
    pub(super) const DELETED: u16 = 0x0800;
    pub(super) const OBJECT: u16 = 0x080a;
    pub(super) const STRUCK: u16 = 0x0837;
    pub(super) const STRUCK_TWICE: u16 = 0x2a53;
    pub(super) const HIDDEN: u16 = 0x083c;
    pub(super) const RAISED: u16 = 0x2a48;
    pub(super) const SPECIAL: u16 = 0x0855;
    pub(super) const CHARACTER_STYLE: u16 = 0x4a30;
    pub(super) const SYMBOL: u16 = 0x6a09;

    pub(super) const LEVEL: u16 = 0x260a;
    pub(super) const LIST: u16 = 0x460b;
    pub(super) const IN_TABLE: u16 = 0x2416;
    pub(super) const ROW_END: u16 = 0x2417;
    pub(super) const INNER_CELL_END: u16 = 0x244b;
    pub(super) const INNER_ROW_END: u16 = 0x244c;
    pub(super) const DEPTH: u16 = 0x6649;
    /// The modifiers stand in the data stream.
    pub(super) const ELSEWHERE: u16 = 0x6646;

    pub(super) const DELETE_CELLS: u16 = 0x5622;
    pub(super) const MERGE_CELLS: u16 = 0x5624;
    pub(super) const SPLIT_CELLS: u16 = 0x5625;
    pub(super) const INSERT_CELLS: u16 = 0x7621;
    pub(super) const CELL_WIDTH: u16 = 0x7623;
    pub(super) const MERGE_DOWN: u16 = 0xd62b;

    /// The codes of what pieces may change, by their old numbers.
    pub(super) fn of_old(number: u8) -> Option<u16> {
        match number {
            0x18 => Some(IN_TABLE),
            0x19 => Some(ROW_END),
            0x41 => Some(DELETED),
            0x5c => Some(HIDDEN),
            _ => None,
        }
    }
}

/// Tables inside tables.
const DEPTH_LIMIT: u32 = 100;
/// Bytes of modifiers that the paragraphs of one document may have outside of their pages, counted each time they are
/// used: many paragraphs can point to one long list.
const MODIFIER_LIMIT: usize = 256 << 20;

/// Reads a Word 97–2003 document.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let file = File::open(bytes)?;
    let pieces = Pieces::read(&file)?;
    let mut walk = Walk::new(&file, &pieces)?;
    let items = walk.all()?;
    walk.document(items)
}

fn damaged(what: &str) -> Refusal {
    Refusal::new(Reason::Damaged, "doc", format!("{what} 不完整或已损坏；请用 Word 或 WPS 打开后重新另存"))
}

fn unsupported(detail: &str) -> Refusal {
    Refusal::new(Reason::Unsupported, "doc", detail)
}

#[derive(Debug)]
enum Item {
    Paragraph(String),
    Table(ReadTable),
}

/// What is known of a character's looks.
#[derive(Clone, Copy, Debug, Default)]
struct Looks {
    deleted: bool,
    hidden: bool,
    special: bool,
    /// Above or below the line.
    raised: bool,
    object: bool,
    /// Font and code of a symbol.
    symbol: Option<(u16, u16)>,
}

/// What is known of a paragraph.
#[derive(Debug, Default)]
struct Properties<'a> {
    depth: u32,
    ends_row: bool,
    ends_inner_cell: bool,
    list: Option<u16>,
    level: Option<u8>,
    style: u16,
    /// Its modifiers, those elsewhere, those of its piece.
    modifiers: [&'a [u8]; 3],
}

/// What looks depend on: the stretch of characters, the style of the paragraph, the modifiers of the piece.
type LooksKey = (u32, u16, usize, u16);

struct Walk<'a> {
    file: &'a File,
    pieces: &'a Pieces<'a>,
    characters: Runs<'a>,
    paragraphs: Runs<'a>,
    styles: Styles,
    lists: Lists,
    fonts: Vec<String>,
    /// The number of the shape that is anchored at a place of the main text.
    shapes: BTreeMap<u32, u32>,
    boxes: Plc<'a>,
    /// The text box of a shape, by the number of the shape.
    box_of: BTreeMap<u32, usize>,
    boxes_seen: Vec<bool>,
    /// Characters of text boxes that may still be read: those that there are.
    box_characters: u32,
    /// Bytes of modifiers that may still be gone through.
    modifier_bytes: usize,
    /// Where looks were last asked for, and what they were: they are the same for whole stretches.
    last_looks: Option<(LooksKey, Looks)>,
    has_pictures: bool,
    objects: usize,
    findings: Vec<Finding>,
}

/// A stretch of text that is read from paragraph to paragraph: the main text, a text box, the footnotes.
#[derive(Default)]
struct Story {
    items: Vec<Item>,
    tables: Vec<OpenTable>,
    /// The paragraph that is being read, in UTF-16.
    text: Vec<u16>,
    /// For each open field, whether its code (and not yet its result) is being read.
    fields: Vec<bool>,
    in_code: usize,
    /// The letter before is raised.
    was_raised: bool,
    /// The text boxes that are anchored in the paragraph.
    boxes: Vec<usize>,
    is_box: bool,
}

impl Story {
    fn push(&mut self, unit: u16) {
        if self.in_code == 0 {
            self.text.push(unit);
        }
    }

    /// A letter, raised or not.
    fn push_letter(&mut self, unit: u16, raised: bool) {
        let was_raised = std::mem::replace(&mut self.was_raised, raised);
        let letter = |unit: u16| char::from_u32(u32::from(unit));
        if was_raised != raised && make_a_number(self.text.last().copied().and_then(letter), letter(unit)) {
            self.push(RAISED as u16);
        }
        self.push(unit);
    }

    fn begin_field(&mut self) {
        self.fields.push(true);
        self.in_code += 1;
    }

    fn begin_result(&mut self) {
        if let Some(in_code) = self.fields.last_mut().filter(|in_code| **in_code) {
            *in_code = false;
            self.in_code -= 1;
        }
    }

    fn end_field(&mut self) {
        if self.fields.pop() == Some(true) {
            self.in_code -= 1;
        }
    }
}

impl<'a> Walk<'a> {
    fn new(file: &'a File, pieces: &'a Pieces<'a>) -> Result<Walk<'a>, Refusal> {
        let boxes = Plc::new(file.entry(Entry::TextBoxes)?, 22);
        let shapes = Plc::new(file.entry(Entry::Shapes)?, 26);
        let number = |plc: &Plc<'_>, at: usize, offset: usize| plc.data(at).and_then(|data| u32_at(data, offset));
        Ok(Walk {
            file,
            pieces,
            characters: Runs::read(file, Entry::CharacterPages)?,
            paragraphs: Runs::read(file, Entry::ParagraphPages)?,
            styles: Styles::read(file.entry(Entry::Styles)?),
            lists: Lists::read(file.entry(Entry::Lists)?, file.behind(Entry::Lists), file.entry(Entry::ListOverrides)?),
            fonts: fonts(file.entry(Entry::Fonts)?),
            shapes: (0..shapes.len()).filter_map(|at| shapes.place(at).zip(number(&shapes, at, 0))).collect(),
            boxes,
            box_of: (0..boxes.len()).filter_map(|at| number(&boxes, at, 14).zip(Some(at))).collect(),
            box_characters: file.lengths.text_boxes,
            modifier_bytes: MODIFIER_LIMIT,
            last_looks: None,
            boxes_seen: vec![false; boxes.len()],
            has_pictures: false,
            objects: 0,
            findings: Vec::new(),
        })
    }

    /// The main text, then the text boxes that are anchored nowhere in it, then the notes.
    fn all(&mut self) -> Result<Vec<Item>, Refusal> {
        let lengths = self.file.lengths;
        let starts =
            [lengths.main, lengths.footnotes, lengths.headers, lengths.comments, lengths.endnotes, lengths.text_boxes]
                .iter()
                .try_fold(vec![0_u32], |mut starts, length| {
                    let end = starts.last().copied().unwrap_or(0).checked_add(*length)?;
                    starts.push(end);
                    Some(starts)
                })
                .filter(|starts| starts.last().is_some_and(|end| *end <= self.pieces.length()))
                .ok_or_else(|| damaged("文字"))?;
        let mut items = self.story(0, starts[1], false)?;
        for at in 0..self.boxes.len() {
            if !self.boxes_seen[at] {
                items.extend(self.text_box(at)?);
            }
        }
        for (length, start) in [(lengths.footnotes, starts[1]), (lengths.endnotes, starts[4])] {
            items.extend(self.story(start, start + length, false)?);
        }
        Ok(items)
    }

    /// What a text box holds.
    fn text_box(&mut self, at: usize) -> Result<Vec<Item>, Refusal> {
        let lengths = self.file.lengths;
        let before = lengths.main + lengths.footnotes + lengths.headers + lengths.comments + lengths.endnotes;
        self.boxes_seen[at] = true;
        let (Some(start), Some(end)) = (self.boxes.place(at), self.boxes.place(at + 1)) else {
            return Ok(Vec::new());
        };
        let rest = end.checked_sub(start).and_then(|length| self.box_characters.checked_sub(length));
        let Some(rest) = rest.filter(|_| end <= lengths.text_boxes) else { return Ok(Vec::new()) };
        self.box_characters = rest;
        self.story(before + start, before + end, true)
    }

    fn story(&mut self, start: u32, end: u32, is_box: bool) -> Result<Vec<Item>, Refusal> {
        let mut story = Story { is_box, ..Story::default() };
        let pieces = self.pieces;
        for character in pieces.characters(start, end) {
            self.character(&mut story, character)?;
        }
        // A story always ends with a mark; one that does not was cut by its lengths.
        if !story.text.is_empty() {
            let text = String::from_utf16_lossy(&std::mem::take(&mut story.text));
            story.items.push(Item::Paragraph(text));
        }
        close_tables(&mut story, 0)?;
        Ok(story.items)
    }

    fn character(&mut self, story: &mut Story, character: Character<'a>) -> Result<(), Refusal> {
        let unit = character.unit;
        let looks = self.looks(&character);
        match unit {
            0x0d | 0x07 => return self.end_paragraph(story, character, looks),
            // The end of a section, or a page break in a paragraph.
            0x0c if self.paragraphs.at(character.place).is_none_or(|run| run.end <= character.place + 2) => {
                return self.end_paragraph(story, character, looks);
            }
            _ if looks.deleted => {}
            0x13 => story.begin_field(),
            0x14 => story.begin_result(),
            0x15 => story.end_field(),
            _ if looks.hidden => {}
            0x09 => story.push(unit),
            0x0a..=0x0c | 0x0e => story.push(u16::from(b'\n')),
            0x1e => story.push(u16::from(b'-')),
            0x01 if looks.special => {
                self.has_pictures = true;
                self.objects += usize::from(looks.object);
            }
            0x08 if looks.special => self.shape(story, character.at),
            0x28 if looks.special => {
                if let Some((font, code)) = looks.symbol {
                    let font = self.fonts.get(usize::from(font)).map_or("", String::as_str);
                    if let Some(c) = symbol(font, u32::from(code)) {
                        c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| story.push(*unit));
                    }
                }
            }
            0x00..=0x1f => {}
            _ => story.push_letter(unit, looks.raised),
        }
        Ok(())
    }

    /// Notes the text box of a shape that is anchored here.
    fn shape(&mut self, story: &mut Story, at: u32) {
        let found = self.shapes.get(&at).and_then(|shape| self.box_of.get(shape)).copied();
        match found {
            Some(found) if !story.is_box && !self.boxes_seen[found] => {
                self.boxes_seen[found] = true;
                story.boxes.push(found);
            }
            _ => self.has_pictures = true,
        }
    }

    fn looks(&mut self, character: &Character<'a>) -> Looks {
        let style = self.paragraphs.at(character.place).map_or(0, |run| run.style);
        let run = self.characters.at(character.place);
        let of_piece = match character.more {
            More::Nothing => (0, 0),
            More::One(number, operand) => (1, u16::from_le_bytes([number, operand])),
            // Lists that begin at one place are one list.
            More::List(list) => (list.as_ptr() as usize, 0),
        };
        let key = (run.map_or(u32::MAX, |run| run.start), style, of_piece.0, of_piece.1);
        match self.last_looks {
            Some((last, looks)) if last == key => looks,
            _ => {
                let looks = self.looks_of(run.map_or(&[], |run| run.modifiers), style, character.more);
                self.last_looks = Some((key, looks));
                looks
            }
        }
    }

    fn looks_of(&self, run: &[u8], style: u16, more: More<'_>) -> Looks {
        let mut looks = Looks::default();
        let (mut of_style, mut own) = (None, None);
        let mut struck = false;
        let of_piece: &[u8] = if let More::List(list) = more { list } else { &[] };
        for modifier in Modifiers(run).chain(Modifiers(of_piece)) {
            match modifier.code {
                sprm::DELETED => looks.deleted = modifier.byte() != 0,
                sprm::HIDDEN => own = Some(modifier.byte()),
                // What is struck out was withdrawn.
                sprm::STRUCK | sprm::STRUCK_TWICE => struck = modifier.byte() == 1,
                sprm::RAISED => looks.raised = modifier.byte() != 0,
                sprm::SPECIAL => looks.special = modifier.byte() != 0,
                sprm::OBJECT => looks.object = modifier.byte() != 0,
                sprm::CHARACTER_STYLE => of_style = self.styles.hides(modifier.word()),
                sprm::SYMBOL => {
                    looks.symbol = u16_at(modifier.operand, 0).zip(u16_at(modifier.operand, 2));
                    looks.special = true;
                }
                _ => {}
            }
        }
        if let More::One(number, operand) = more {
            match sprm::of_old(number) {
                Some(sprm::DELETED) => looks.deleted = operand != 0,
                Some(sprm::HIDDEN) => own = Some(operand),
                _ => {}
            }
        }
        let of_style = || of_style.or_else(|| self.styles.hides(style)).unwrap_or(false);
        looks.hidden = match own {
            // As the style has it, and the other way round.
            None | Some(0x80) => of_style(),
            Some(0x81) => !of_style(),
            Some(own) => own != 0,
        };
        looks.hidden |= struck;
        looks
    }

    /// # Errors
    /// [`Reason::TooLarge`] where lists of modifiers are used without end.
    fn properties(&mut self, mark: &Character<'a>) -> Result<Properties<'a>, Refusal> {
        let run = self.paragraphs.at(mark.place);
        let mut properties = Properties { style: run.map_or(0, |run| run.style), ..Properties::default() };
        properties.modifiers[0] = run.map_or(&[], |run| run.modifiers);
        if let More::List(list) = mark.more {
            properties.modifiers[2] = list;
        }
        let (mut in_table, mut depth) = (false, None);
        let elsewhere = Modifiers(properties.modifiers[0]).find(|modifier| modifier.code == sprm::ELSEWHERE);
        if let Some(at) = elsewhere.map(|modifier| modifier.double_word() as usize) {
            let length = u16_at(&self.file.data, at).map_or(0, usize::from);
            properties.modifiers[1] = slice(&self.file.data, at.saturating_add(2), length).unwrap_or_default();
        }
        let used = properties.modifiers[1].len() + properties.modifiers[2].len();
        self.modifier_bytes = self
            .modifier_bytes
            .checked_sub(used)
            .ok_or_else(|| Refusal::new(Reason::TooLarge, "doc", "段落属性超过上限；请把内容复制到新文档后再提交"))?;
        let mut set = |properties: &mut Properties<'a>, code: u16, value: u32| match code {
            sprm::IN_TABLE => in_table = value != 0,
            sprm::ROW_END | sprm::INNER_ROW_END => properties.ends_row |= value != 0,
            sprm::INNER_CELL_END => properties.ends_inner_cell = value != 0,
            sprm::DEPTH => depth = Some(value),
            sprm::LIST => properties.list = Some(value as u16),
            sprm::LEVEL => properties.level = Some(value as u8),
            _ => {}
        };
        for modifier in properties.modifiers.into_iter().flat_map(Modifiers) {
            let value = match modifier.operand.len() {
                1 => u32::from(modifier.byte()),
                2 => u32::from(modifier.word()),
                _ => modifier.double_word(),
            };
            set(&mut properties, modifier.code, value);
        }
        if let More::One(number, operand) = mark.more
            && let Some(code) = sprm::of_old(number)
        {
            set(&mut properties, code, u32::from(operand));
        }
        properties.depth = depth.filter(|depth| *depth > 0).unwrap_or(u32::from(in_table));
        Ok(properties)
    }

    fn end_paragraph(&mut self, story: &mut Story, mark: Character<'a>, looks: Looks) -> Result<(), Refusal> {
        let properties = self.properties(&mark)?;
        let depth = properties.depth;
        if depth > DEPTH_LIMIT {
            let detail = format!("表格嵌套超过 {DEPTH_LIMIT} 层；请把内容复制到新文档后再提交");
            return Err(Refusal::new(Reason::TooDeep, "doc", detail));
        }
        let ends_cell = (depth == 1 && mark.unit == 0x07) || (depth > 1 && properties.ends_inner_cell);
        let ends_row = depth > 0 && properties.ends_row;
        // A paragraph whose mark was deleted goes on in the next one.
        if looks.deleted && !ends_cell && !ends_row {
            return Ok(());
        }
        story.fields.clear();
        story.in_code = 0;
        close_tables(story, depth)?;
        while (story.tables.len() as u32) < depth {
            story.tables.push(OpenTable::default());
        }
        let mut text = String::from_utf16_lossy(&std::mem::take(&mut story.text));
        if ends_row {
            if let Some(table) = story.tables.last_mut() {
                table.end_row(row_modifiers(properties.modifiers), looks.deleted);
            }
            return Ok(());
        }
        let list = properties.list.or_else(|| self.styles.list(properties.style)).filter(|list| *list != 0);
        if let Some(list) = list
            && !text.is_empty()
        {
            let level = properties.level.or_else(|| self.styles.level(properties.style)).unwrap_or(0);
            text.insert_str(0, &self.lists.count(list, level));
        }
        let mut items = vec![Item::Paragraph(text)];
        for number in std::mem::take(&mut story.boxes) {
            items.extend(self.text_box(number)?);
        }
        match story.tables.last_mut() {
            None => story.items.extend(items),
            Some(table) => {
                for item in items {
                    match item {
                        Item::Paragraph(text) => table.paragraph(text),
                        Item::Table(inner) => table.nest([inner]),
                    }
                }
                if ends_cell {
                    table.end_cell();
                }
            }
        }
        Ok(())
    }

    /// The document, with numbers for its paragraphs and tables.
    fn document(mut self, items: Vec<Item>) -> Result<Document, Refusal> {
        let (mut blocks, mut paragraphs, mut tables) = (Vec::new(), 0, 0);
        for item in items {
            match item {
                Item::Paragraph(text) => {
                    paragraphs += 1;
                    if !text.trim().is_empty() {
                        blocks.push(Block::Paragraph(Paragraph { number: paragraphs, text, offset: None }));
                    }
                }
                Item::Table(table) => {
                    tables += 1;
                    blocks.extend(self.table(table, tables).map(Block::Table));
                }
            }
        }
        if blocks.is_empty() {
            return Err(if self.has_pictures {
                Refusal::new(Reason::ImageOnly, "doc", "文档里只有图片，没有文字；请提交可以编辑的 xlsx 或 docx")
            } else {
                Refusal::new(Reason::Empty, "doc", "文档里没有内容；请重新导出后再提交")
            });
        }
        if self.objects > 0 {
            let finding = Finding::new(FindingCode::PartNotRead, "嵌入的对象");
            self.findings.push(finding.with_actual(self.objects.to_string()));
        }
        Ok(Document {
            format: Format::Doc,
            encoding: None,
            blocks,
            findings: self.findings,
            title: None,
            asides: Vec::new(),
        })
    }

    fn table(&mut self, read: ReadTable, number: u32) -> Option<Table> {
        let place = |row, column| Place::Table { table: number, row, column, range: None };
        for (row, column, text) in read.covered {
            let finding = Finding::at(FindingCode::PartNotRead, place(row, column), "合并单元格下面的文字");
            self.findings.push(finding.with_actual(text));
        }
        for row in read.unplaced {
            self.findings.push(Finding::at(FindingCode::UnreadableCell, place(row, 1), "看不出各单元格所在的列"));
        }
        let table = Table::new(number, None, true, read.cells);
        (table.height() > 0).then_some(table)
    }
}

/// Ends the tables that are deeper than a paragraph.
fn close_tables(story: &mut Story, depth: u32) -> Result<(), Refusal> {
    while story.tables.len() as u32 > depth {
        let Some(table) = story.tables.pop() else { break };
        let (table, nested) = table.end()?;
        let tables = std::iter::once(table).chain(nested);
        match story.tables.last_mut() {
            Some(outer) => outer.nest(tables),
            None => story.items.extend(tables.map(Item::Table)),
        }
    }
    Ok(())
}

/// The names of a document's fonts.
fn fonts(table: &[u8]) -> Vec<String> {
    let mut fonts = Vec::new();
    let mut at = 4;
    while let Some(length) = table.get(at) {
        let length = usize::from(*length);
        let Some(font) = slice(table, at + 1, length) else {
            break;
        };
        let units =
            font.get(39..).unwrap_or_default().chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
        let name: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
        fonts.push(String::from_utf16_lossy(&name));
        at += 1 + length;
    }
    fonts
}
