//! Word documents (.docx): paragraphs and tables as a person who accepted all changes would see them.
//!
//! One pass over the main part. What is nested (tables in cells, text boxes in paragraphs) is kept on stacks of our own,
//! so that no depth of nesting can overflow the program's. What is seen counts: inserted text does, deleted and hidden
//! text does not, of a text box that is stored twice the first copy does, of a field its result.
//!
//! A nested table becomes a table of its own behind the outermost table that holds it. The paragraphs of a text box
//! follow the paragraph that it is anchored in, those of footnotes stand at the end.

mod numbering;
mod parts;
mod plain;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use memchr::memmem;

use super::package::Package;
use super::refusal::{Reason, Refusal};
use super::xml::{Element, Piece, Xml, damaged};
use super::{RAISED, make_a_number};
use crate::model::{Aside, Block, Document, Finding, FindingCode, Format, Paragraph, Place, Table};
use numbering::is_on;
pub(in crate::read) use numbering::{Level, Numbering};
use parts::Parts;
use plain::PlainProperties;
use table::{OpenTable, ReadTable};

/// Reads a Word document.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let mut package = Package::open(bytes, "docx")?;
    let main = package.main_part()?.unwrap_or_else(|| "word/document.xml".to_owned());
    let xml = package.xml(&main)?.ok_or_else(|| damaged("docx", &main, "缺少这个部件"))?;

    let mut reader = Reader::new(Parts::new(package, main.clone()));
    reader.part(&main, &xml)?;
    reader.notes()?;
    reader.finish()
}

/// What closing an element must undo, or what the elements in it may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag {
    Paragraph,
    Run,
    Text,
    Table,
    Row,
    Cell,
    TextBox,
    /// `mc:AlternateContent`, of which one branch counts.
    Alternatives,
    ParagraphProperties,
    RunProperties,
    RowProperties,
    CellProperties,
    NumberingProperties,
    Other,
}

/// Where paragraphs and tables go.
struct Flow {
    kind: FlowKind,
    /// A cell's paragraphs, joined by line breaks.
    text: String,
    /// The cell has a paragraph.
    has_paragraph: bool,
    /// What a text box holds.
    items: Vec<Item>,
    /// The text of a paragraph whose mark was deleted: it goes on in the next one.
    carried: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FlowKind {
    Body,
    Cell,
    TextBox,
}

impl Flow {
    fn new(kind: FlowKind) -> Flow {
        Flow { kind, text: String::new(), has_paragraph: false, items: Vec::new(), carried: String::new() }
    }
}

enum Item {
    Paragraph(String),
    Table(ReadTable),
}

/// A paragraph that is being read.
#[derive(Default)]
struct OpenParagraph {
    text: String,
    style: String,
    list: Option<String>,
    level: Option<usize>,
    /// Its style hides its text.
    is_hidden: bool,
    /// What the current run says about being hidden.
    run_is_hidden: Option<bool>,
    /// The run is struck out: what it says was withdrawn.
    run_is_struck: bool,
    /// The run is raised or lowered, and so was the text before.
    run_is_raised: bool,
    was_raised: bool,
    /// Its mark was deleted: it is one with the next paragraph.
    mark_is_deleted: bool,
    /// For each open field, whether its code (and not yet its result) is being read.
    fields: Vec<bool>,
    /// The contents of its text boxes.
    boxes: Vec<Item>,
    /// Where the text of the current `w:t` begins, and whether its outer blanks count.
    text_start: usize,
    keeps_blanks: bool,
}

impl OpenParagraph {
    fn shows(&self) -> bool {
        !self.run_is_hidden.unwrap_or(self.is_hidden) && !self.run_is_struck && !self.fields.contains(&true)
    }

    fn push(&mut self, c: char) {
        if self.shows() {
            self.text.push(c);
        }
    }
}

struct Reader<'a> {
    parts: Parts<'a>,
    blocks: Vec<Block>,
    paragraphs_read: u32,
    tables_read: u32,
    open: Vec<Tag>,
    flows: Vec<Flow>,
    paragraphs: Vec<OpenParagraph>,
    tables: Vec<OpenTable>,
    /// For each open `mc:AlternateContent`, whether a branch has been taken.
    alternatives: Vec<bool>,
    /// The ids of the notes that the text refers to.
    footnotes: HashSet<String>,
    endnotes: HashSet<String>,
    findings: Vec<Finding>,
    has_pictures: bool,
    objects: usize,
    other_documents: usize,
}

impl<'a> Reader<'a> {
    fn new(parts: Parts<'a>) -> Reader<'a> {
        Reader {
            parts,
            blocks: Vec::new(),
            paragraphs_read: 0,
            tables_read: 0,
            open: Vec::new(),
            flows: vec![Flow::new(FlowKind::Body)],
            paragraphs: Vec::new(),
            tables: Vec::new(),
            alternatives: Vec::new(),
            footnotes: HashSet::new(),
            endnotes: HashSet::new(),
            findings: Vec::new(),
            has_pictures: false,
            objects: 0,
            other_documents: 0,
        }
    }

    /// Reads one part to its end.
    fn part(&mut self, name: &str, xml: &str) -> Result<(), Refusal> {
        let mut pieces = Xml::new(xml, name, "docx");
        let mut plain = PlainProperties::default();
        while let Some(piece) = pieces.next()? {
            match piece {
                Piece::Start(element) => match self.start(element)? {
                    Some(tag) => match plain.length(tag, element, pieces.rest()) {
                        Some(length) => {
                            pieces.pass_over_known(length);
                            self.end(tag)?;
                        }
                        None => self.open.push(tag),
                    },
                    None => pieces.pass_over()?,
                },
                Piece::Empty(element) => {
                    if let Some(tag) = self.start(element)? {
                        self.end(tag)?;
                    }
                }
                Piece::End(_) => {
                    if let Some(tag) = self.open.pop() {
                        self.end(tag)?;
                    }
                }
                text => {
                    let text = pieces.text(text)?;
                    if self.in_text() {
                        self.text(&text);
                    }
                }
            }
        }
        Ok(())
    }

    fn in_text(&self) -> bool {
        self.open.last() == Some(&Tag::Text)
    }

    /// Characters of a `w:t`. A line end in the file is a blank on the page.
    fn text(&mut self, text: &str) {
        let Some(paragraph) = self.paragraphs.last_mut().filter(|paragraph| paragraph.shows()) else { return };
        let was_raised = std::mem::replace(&mut paragraph.was_raised, paragraph.run_is_raised);
        if was_raised != paragraph.run_is_raised
            && make_a_number(paragraph.text.chars().next_back(), text.trim_start().chars().next())
        {
            paragraph.text.push(RAISED);
        }
        if text.bytes().any(|byte| matches!(byte, b'\n' | b'\r' | b'\t')) {
            paragraph.text.extend(text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }));
        } else {
            paragraph.text.push_str(text);
        }
    }

    /// Opens an element; `None` where nothing in it counts.
    fn start(&mut self, element: Element<'_>) -> Result<Option<Tag>, Refusal> {
        let name = element.name;
        let parent = self.open.last().copied().unwrap_or(Tag::Other);
        let tag = match name {
            "r" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    (paragraph.run_is_hidden, paragraph.run_is_struck, paragraph.run_is_raised) = (None, false, false);
                }
                Tag::Run
            }
            "t" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.text_start = paragraph.text.len();
                    paragraph.keeps_blanks = memmem::find(element.written().as_bytes(), b"preserve").is_some();
                }
                Tag::Text
            }
            "rPr" => Tag::RunProperties,
            "p" => self.start_paragraph(),
            "pPr" => Tag::ParagraphProperties,
            "tc" => self.start_cell(),
            "tcPr" => Tag::CellProperties,
            "tr" => self.start_row(),
            "trPr" => Tag::RowProperties,
            "tbl" => {
                self.tables.push(OpenTable::new(self.flows.len()));
                Tag::Table
            }
            "numPr" if parent == Tag::ParagraphProperties => Tag::NumberingProperties,
            "txbxContent" => {
                self.flows.push(Flow::new(FlowKind::TextBox));
                Tag::TextBox
            }
            "AlternateContent" => {
                self.alternatives.push(false);
                Tag::Alternatives
            }
            "Choice" | "Fallback" if parent == Tag::Alternatives => {
                match self.alternatives.last_mut() {
                    Some(taken) if *taken => return Ok(None),
                    Some(taken) => *taken = true,
                    None => {}
                }
                Tag::Other
            }
            "del" | "moveFrom" => return Ok(self.deleted(parent)),
            // The guide above a word is no part of it; former properties are no properties, and these never matter.
            "rt" | "tblPr" | "tblGrid" | "sectPr" => return Ok(None),
            _ if name.ends_with("Change") => return Ok(None),
            _ => match parent {
                Tag::Run => return self.in_run(name, element),
                Tag::RunProperties => return self.run_property(name, element),
                Tag::ParagraphProperties | Tag::NumberingProperties => {
                    self.paragraph_property(name, element)?;
                    Tag::Other
                }
                Tag::RowProperties | Tag::CellProperties => {
                    if let Some(table) = self.tables.last_mut() {
                        table.property(name, element);
                    }
                    Tag::Other
                }
                _ => return Ok(self.elsewhere(name, element)),
            },
        };
        Ok(Some(tag))
    }

    /// Deleted text is gone; a deleted paragraph mark or row is marked by an element in its properties.
    fn deleted(&mut self, parent: Tag) -> Option<Tag> {
        match parent {
            Tag::RunProperties => {
                let of_mark = self.open.len() >= 2 && self.open[self.open.len() - 2] == Tag::ParagraphProperties;
                if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| of_mark) {
                    paragraph.mark_is_deleted = true;
                }
            }
            Tag::RowProperties => {
                if let Some(table) = self.tables.last_mut() {
                    table.delete_row();
                }
            }
            _ => return None,
        }
        Some(Tag::Other)
    }

    fn in_run(&mut self, name: &str, element: Element<'_>) -> Result<Option<Tag>, Refusal> {
        let Some(paragraph) = self.paragraphs.last_mut() else { return Ok(Some(Tag::Other)) };
        match name {
            "tab" | "ptab" => paragraph.push('\t'),
            "br" | "cr" => paragraph.push('\n'),
            "noBreakHyphen" => paragraph.push('-'),
            "sym" => {
                let font = element.attribute("font").unwrap_or_default();
                let code = element.attribute("char").and_then(|code| u32::from_str_radix(&code, 16).ok());
                if let Some(c) = code.and_then(|code| symbol(&font, code)) {
                    paragraph.push(c);
                }
            }
            "fldChar" => match element.attribute("fldCharType").as_deref() {
                Some("begin") => paragraph.fields.push(true),
                Some("separate") => {
                    if let Some(in_code) = paragraph.fields.last_mut() {
                        *in_code = false;
                    }
                }
                _ => {
                    paragraph.fields.pop();
                }
            },
            "footnoteReference" if paragraph.shows() => {
                self.footnotes.insert(element.attribute("id").unwrap_or_default());
            }
            "endnoteReference" if paragraph.shows() => {
                self.endnotes.insert(element.attribute("id").unwrap_or_default());
            }
            _ => return Ok(self.elsewhere(name, element)),
        }
        Ok(Some(Tag::Other))
    }

    fn run_property(&mut self, name: &str, element: Element<'_>) -> Result<Option<Tag>, Refusal> {
        // The properties of a paragraph's mark look the same.
        let of_run = self.open.len() >= 2 && self.open[self.open.len() - 2] == Tag::Run;
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| of_run) {
            match name {
                "strike" | "dstrike" => paragraph.run_is_struck |= is_on(&element.attribute("val")),
                "vertAlign" => paragraph.run_is_raised = value(element) != "baseline",
                "vanish" => paragraph.run_is_hidden = Some(is_on(&element.attribute("val"))),
                "rStyle" if paragraph.run_is_hidden.is_none() && self.parts.hides(&value(element))? => {
                    paragraph.run_is_hidden = Some(true);
                }
                _ => {}
            }
        }
        Ok(Some(Tag::Other))
    }

    fn paragraph_property(&mut self, name: &str, element: Element<'_>) -> Result<(), Refusal> {
        let Some(paragraph) = self.paragraphs.last_mut() else { return Ok(()) };
        match name {
            "pStyle" => {
                paragraph.style = value(element);
                paragraph.is_hidden = self.parts.hides(&paragraph.style)?;
            }
            "numId" => paragraph.list = Some(value(element)),
            "ilvl" => paragraph.level = value(element).parse().ok(),
            _ => {}
        }
        Ok(())
    }

    /// Elements that only need to be noticed, wherever they stand.
    fn elsewhere(&mut self, name: &str, element: Element<'_>) -> Option<Tag> {
        match name {
            "blip" | "imagedata" => self.has_pictures = true,
            "OLEObject" => self.objects += 1,
            "altChunk" | "subDoc" => self.other_documents += 1,
            "footnote" | "endnote" => {
                let wanted = if name == "footnote" { &self.footnotes } else { &self.endnotes };
                if !element.attribute("id").is_some_and(|id| wanted.contains(&id)) {
                    return None;
                }
            }
            _ => {}
        }
        Some(Tag::Other)
    }

    fn start_paragraph(&mut self) -> Tag {
        let carried = self.flows.last_mut().map(|flow| std::mem::take(&mut flow.carried)).unwrap_or_default();
        self.paragraphs.push(OpenParagraph { text: carried, ..OpenParagraph::default() });
        Tag::Paragraph
    }

    fn start_row(&mut self) -> Tag {
        let depth = self.flows.len();
        if self.tables.last_mut().is_some_and(|table| table.start_row(depth)) { Tag::Row } else { Tag::Other }
    }

    fn start_cell(&mut self) -> Tag {
        let depth = self.flows.len();
        if !self.tables.last_mut().is_some_and(|table| table.start_cell(depth)) {
            return Tag::Other;
        }
        self.flows.push(Flow::new(FlowKind::Cell));
        Tag::Cell
    }

    fn end(&mut self, tag: Tag) -> Result<(), Refusal> {
        match tag {
            Tag::Text => self.end_text(),
            Tag::Paragraph => self.end_paragraph()?,
            Tag::Cell => self.end_cell()?,
            Tag::Row => {
                if let Some(table) = self.tables.last_mut() {
                    table.end_row();
                }
            }
            Tag::Table => self.end_table()?,
            Tag::TextBox => self.end_text_box(),
            Tag::Run => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    (paragraph.run_is_hidden, paragraph.run_is_struck, paragraph.run_is_raised) = (None, false, false);
                }
            }
            Tag::Alternatives => {
                self.alternatives.pop();
            }
            _ => {}
        }
        Ok(())
    }

    /// Word shows no blanks around a text that does not ask for them.
    fn end_text(&mut self) {
        let Some(paragraph) = self.paragraphs.last_mut().filter(|paragraph| !paragraph.keeps_blanks) else { return };
        let added = &paragraph.text[paragraph.text_start.min(paragraph.text.len())..];
        let (trimmed, from_start) = (added.trim_end_matches(' '), added.len() - added.trim_start_matches(' ').len());
        let end = paragraph.text_start + trimmed.len();
        paragraph.text.truncate(end);
        if from_start > 0 && paragraph.text_start < paragraph.text.len() {
            paragraph.text.drain(paragraph.text_start..paragraph.text_start + from_start);
        }
    }

    fn end_paragraph(&mut self) -> Result<(), Refusal> {
        let Some(mut paragraph) = self.paragraphs.pop() else { return Ok(()) };
        if paragraph.list.is_some() || !paragraph.style.is_empty() {
            let label = self.parts.label(&paragraph)?;
            if !label.is_empty() && !paragraph.is_hidden {
                paragraph.text.insert_str(0, &label);
            }
        }
        match self.flows.last_mut() {
            Some(flow) if paragraph.mark_is_deleted => flow.carried = paragraph.text,
            _ => self.deliver(Item::Paragraph(paragraph.text)),
        }
        for item in paragraph.boxes {
            self.deliver(item);
        }
        Ok(())
    }

    /// What was carried past the last paragraph of a flow is a paragraph after all.
    fn flush(&mut self) {
        let carried = self.flows.last_mut().map(|flow| std::mem::take(&mut flow.carried)).unwrap_or_default();
        if !carried.is_empty() {
            self.deliver(Item::Paragraph(carried));
        }
    }

    fn end_text_box(&mut self) {
        self.flush();
        let items = self.flows.pop().map(|flow| flow.items).unwrap_or_default();
        match self.paragraphs.last_mut() {
            Some(anchor) => anchor.boxes.extend(items),
            None => {
                for item in items {
                    self.deliver(item);
                }
            }
        }
    }

    fn end_cell(&mut self) -> Result<(), Refusal> {
        self.flush();
        match (self.flows.pop(), self.tables.last_mut()) {
            (Some(flow), Some(table)) => table.end_cell(flow.text),
            _ => Ok(()),
        }
    }

    fn end_table(&mut self) -> Result<(), Refusal> {
        let Some(table) = self.tables.pop() else { return Ok(()) };
        let (table, nested) = table.end()?;
        match table.lines_around(&nested) {
            Some(lines) => lines.into_iter().for_each(|line| self.deliver(Item::Paragraph(line))),
            None => self.deliver(Item::Table(table)),
        }
        for nested in nested {
            self.deliver(Item::Table(nested));
        }
        Ok(())
    }

    /// Hands a paragraph or a table to the flow that it stands in.
    fn deliver(&mut self, item: Item) {
        let Some(flow) = self.flows.last_mut() else { return };
        match (flow.kind, item) {
            (FlowKind::Cell, Item::Paragraph(text)) => {
                if !flow.has_paragraph {
                    flow.text = text;
                    flow.has_paragraph = true;
                } else {
                    flow.text.push('\n');
                    flow.text.push_str(&text);
                }
            }
            (FlowKind::Cell, Item::Table(nested)) => {
                if let Some(table) = self.tables.last_mut() {
                    table.nest(nested);
                }
            }
            (FlowKind::TextBox, item) => flow.items.push(item),
            (FlowKind::Body, Item::Paragraph(text)) => {
                self.paragraphs_read += 1;
                if !text.trim().is_empty() {
                    let number = self.paragraphs_read;
                    self.blocks.push(Block::Paragraph(Paragraph { number, text, offset: None }));
                }
            }
            (FlowKind::Body, Item::Table(ReadTable { cells, covered })) => {
                self.tables_read += 1;
                for (row, column, text) in covered {
                    let place = Place::Table { table: self.tables_read, row, column, range: None };
                    let finding = Finding::at(FindingCode::PartNotRead, place, "合并单元格下面的文字");
                    self.findings.push(finding.with_actual(text));
                }
                if cells.iter().any(|cell| !cell.cell.text.trim().is_empty()) {
                    self.blocks.push(Block::Table(Table::new(self.tables_read, None, true, cells)));
                }
            }
        }
    }

    /// Reads the footnotes and endnotes that the text refers to.
    fn notes(&mut self) -> Result<(), Refusal> {
        for (kind, is_wanted) in [("footnotes", !self.footnotes.is_empty()), ("endnotes", !self.endnotes.is_empty())] {
            if is_wanted && let Some((name, xml)) = self.parts.related(kind)? {
                self.part(&name, &xml)?;
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Document, Refusal> {
        self.flush();
        if self.blocks.is_empty() {
            return Err(if self.has_pictures {
                Refusal::new(Reason::ImageOnly, "docx", "文档里只有图片，没有文字；请提交可以编辑的 xlsx 或 docx")
            } else {
                Refusal::new(Reason::Empty, "docx", "文档里没有内容；请重新导出后再提交")
            });
        }
        for (subject, number) in [("嵌入的对象", self.objects), ("插入的其他文档", self.other_documents)] {
            if number > 0 {
                self.findings.push(Finding::new(FindingCode::PartNotRead, subject).with_actual(number.to_string()));
            }
        }
        let asides = self.parts.page_lines()?;
        let lines = asides.into_iter().map(|text| Aside { sheet: None, cell: None, text }).collect();
        Ok(Document {
            format: Format::Docx,
            encoding: None,
            blocks: self.blocks,
            findings: self.findings,
            title: None,
            asides: lines,
        })
    }
}

fn value(element: Element<'_>) -> String {
    element.attribute("val").unwrap_or_default()
}

/// The character that a symbol font shows for a code; codes of such fonts are often moved up by U+F000.
pub(super) fn symbol(font: &str, code: u32) -> Option<char> {
    let low = if (0xf000..=0xf0ff).contains(&code) { code - 0xf000 } else { code };
    let known = match (font.to_ascii_lowercase().as_str(), low) {
        ("symbol", 0x2d) => Some('−'),
        ("symbol", 0x25 | 0x28..=0x2c | 0x2e..=0x3a | 0x3c..=0x3e) => char::from_u32(low),
        ("symbol", 0xa3) => Some('≤'),
        ("symbol", 0xb3) => Some('≥'),
        ("symbol", 0xb1) => Some('±'),
        ("symbol", 0xb4) => Some('×'),
        ("symbol", 0xb8) => Some('÷'),
        ("symbol", 0xb9) => Some('≠'),
        ("symbol", 0xbb) => Some('≈'),
        ("wingdings", 0xfc) | ("wingdings 2", 0x50) => Some('√'),
        ("wingdings", 0xfe) | ("wingdings 2", 0x52) => Some('☑'),
        ("wingdings", 0xfd) | ("wingdings 2", 0x53 | 0x54) => Some('☒'),
        ("wingdings", 0x6f | 0xa8) | ("wingdings 2", 0xa3) => Some('□'),
        _ => None,
    };
    known.or_else(|| char::from_u32(code))
}
