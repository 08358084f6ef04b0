//! Word documents (.docx): paragraphs and tables as a person who accepted all changes would see them.
//!
//! One pass over the main part. What is nested (tables in cells, text boxes in paragraphs) is kept on stacks of our own,
//! so that no depth of nesting can overflow the program's. What is seen counts: inserted text does, deleted and hidden
//! text does not, of a text box that is stored twice the first copy does, of a field its result.
//!
//! A nested table becomes a table of its own behind the outermost table that holds it. The paragraphs of a text box
//! follow the paragraph that it is anchored in, those of footnotes stand at the end.

use std::collections::HashMap;

use quick_xml::Reader as XmlReader;
use quick_xml::events::{BytesStart, Event};

use super::numbering::{Numbering, is_on};
use super::package::{self, Package, Relation, attribute};
use super::refusal::{Reason, Refusal};
use crate::model::{Block, Cell, Document, Finding, FindingCode, Format, Paragraph, Place, PlacedCell, Table};

/// Elements inside elements. A table in a table takes three; no honest document comes near.
const DEPTH_LIMIT: usize = 600;

/// Columns of a table; Word itself allows 63.
const COLUMN_LIMIT: u32 = 2_000;

/// Positions of a table's grid, filled or not.
const GRID_LIMIT: u64 = 10_000_000;

/// Reads a Word document.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let mut package = Package::open(bytes, "docx")?;
    let main = package.main_part()?.unwrap_or_else(|| "word/document.xml".to_owned());
    let xml = package.xml(&main)?.ok_or_else(|| package::damaged("docx", &main, "缺少这个部件"))?;

    let mut reader = Reader::new(Parts::new(package, main.clone()));
    reader.part(&main, &xml)?;
    reader.notes("footnote")?;
    reader.notes("endnote")?;
    reader.finish()
}

// ---------------------------------------------------------------------------------------------- other parts

/// The other parts of the package, each read when the first paragraph needs it.
struct Parts<'a> {
    package: Package<'a>,
    main: String,
    relations: Option<Vec<Relation>>,
    styles: Option<HashMap<String, Style>>,
    numbering: Option<Numbering>,
}

/// What of a paragraph or character style matters here.
#[derive(Debug, Default)]
struct Style {
    based_on: String,
    list: Option<String>,
    level: Option<usize>,
    is_hidden: Option<bool>,
}

impl<'a> Parts<'a> {
    fn new(package: Package<'a>, main: String) -> Parts<'a> {
        Parts { package, main, relations: None, styles: None, numbering: None }
    }

    /// The name and the text of the part that the main part calls its `kind`.
    fn related(&mut self, kind: &str) -> Result<Option<(String, String)>, Refusal> {
        let relations = match self.relations.take() {
            Some(relations) => relations,
            None => self.package.relations(&self.main)?,
        };
        let found = relations.iter().find(|relation| relation.kind == kind).map(|relation| relation.target.clone());
        self.relations = Some(relations);
        let folder = self.main.rsplit_once('/').map_or("", |(folder, _)| folder);
        let name = found.unwrap_or_else(|| format!("{folder}/{kind}.xml"));
        Ok(self.package.xml(&name)?.map(|xml| (name, xml)))
    }

    fn styles(&mut self) -> Result<&HashMap<String, Style>, Refusal> {
        let styles = match self.styles.take() {
            Some(styles) => styles,
            None => match self.related("styles")? {
                // Most styles say nothing about either, and then need no reading.
                Some((name, xml)) if xml.contains("numPr") || xml.contains("vanish") => {
                    styles(&xml).map_err(|error| package::damaged("docx", &name, error))?
                }
                _ => HashMap::new(),
            },
        };
        Ok(self.styles.insert(styles))
    }

    fn numbering(&mut self) -> Result<&mut Numbering, Refusal> {
        let numbering = match self.numbering.take() {
            Some(numbering) => numbering,
            None => match self.related("numbering")? {
                Some((name, xml)) => Numbering::parse(&xml).map_err(|error| package::damaged("docx", &name, error))?,
                None => Numbering::default(),
            },
        };
        Ok(self.numbering.insert(numbering))
    }

    /// Whether text of a style is hidden.
    fn hides(&mut self, style: &str) -> Result<bool, Refusal> {
        Ok(inherited(self.styles()?, style, |style| style.is_hidden).unwrap_or(false))
    }

    /// Counts a numbered paragraph; what stands before its text.
    fn label(&mut self, paragraph: &OpenParagraph) -> Result<String, Refusal> {
        let mut list = paragraph.list.clone();
        let mut level = paragraph.level;
        if !paragraph.style.is_empty() && (list.is_none() || level.is_none()) {
            let styles = self.styles()?;
            if list.is_none() {
                list = inherited(styles, &paragraph.style, |style| style.list.clone());
            }
            level = level.or_else(|| inherited(styles, &paragraph.style, |style| style.level));
        }
        // List 0 switches off what the style says.
        let Some(list) = list.filter(|list| list != "0") else { return Ok(String::new()) };
        let numbering = self.numbering()?;
        let level = level.or_else(|| numbering.level_of_style(&list, &paragraph.style)).unwrap_or(0);
        Ok(numbering.count(&list, level))
    }
}

/// What a style or the nearest one that it is based on says.
fn inherited<T>(styles: &HashMap<String, Style>, name: &str, says: impl Fn(&Style) -> Option<T>) -> Option<T> {
    let mut name = name;
    // Styles that are based on each other in a circle end here.
    for _ in 0..32 {
        let style = styles.get(name)?;
        if let Some(said) = says(style) {
            return Some(said);
        }
        name = &style.based_on;
    }
    None
}

fn styles(xml: &str) -> Result<HashMap<String, Style>, quick_xml::Error> {
    let mut styles: HashMap<String, Style> = HashMap::new();
    let mut current = Style::default();
    let mut name = String::new();
    let mut reader = XmlReader::from_str(xml);
    loop {
        match reader.read_event()? {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "style" => {
                    styles.insert(std::mem::take(&mut name), std::mem::take(&mut current));
                    name = attribute(&element, "styleId").unwrap_or_default();
                }
                "basedOn" => current.based_on = value(&element),
                "numId" => current.list = Some(value(&element)),
                "ilvl" => current.level = value(&element).parse().ok(),
                "vanish" => current.is_hidden = Some(is_on(&attribute(&element, "val"))),
                _ => {}
            },
            Event::Eof => {
                styles.insert(name, current);
                return Ok(styles);
            }
            _ => {}
        }
    }
}

fn value(element: &BytesStart<'_>) -> String {
    attribute(element, "val").unwrap_or_default()
}

// ---------------------------------------------------------------------------------------------- the pass

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

/// A table that has been read to its end, and has no number yet.
#[derive(Default)]
struct ReadTable {
    cells: Vec<PlacedCell>,
    /// Row, column and text of cells that are covered by a merged one.
    covered: Vec<(u32, u32, String)>,
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
        !self.run_is_hidden.unwrap_or(self.is_hidden) && !self.fields.contains(&true)
    }

    fn push(&mut self, c: char) {
        if self.shows() {
            self.text.push(c);
        }
    }
}

/// A table that is being read.
#[derive(Default)]
struct OpenTable {
    /// How many flows were open where it began: rows and cells deeper down are not its own.
    depth: usize,
    cells: Vec<PlacedCell>,
    covered: Vec<(u32, u32, String)>,
    /// Rows that are complete.
    row: u32,
    /// Columns of the grid before the next cell.
    column: u32,
    width: u32,
    in_row: bool,
    row_is_deleted: bool,
    row_is_hidden: bool,
    /// Cells and nested tables before this row.
    row_start: (usize, usize),
    /// Cells of rows above that go on in this row.
    continued: Vec<usize>,
    /// Column, span and index of the cells in the row above and in this one.
    above: Vec<(u32, u32, usize)>,
    current: Vec<(u32, u32, usize)>,
    cell: CellProperties,
    nested: Vec<ReadTable>,
}

impl OpenTable {
    /// Text underneath a merged cell is not seen, but it may have been meant.
    fn cover(&mut self, column: u32, text: String) {
        if !text.trim().is_empty() {
            self.covered.push((self.row + 1, column, text));
        }
    }
}

struct CellProperties {
    span: u32,
    continues_above: bool,
    continues_left: bool,
    is_deleted: bool,
}

impl Default for CellProperties {
    fn default() -> CellProperties {
        CellProperties { span: 1, continues_above: false, continues_left: false, is_deleted: false }
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
    /// Kind and id of the notes that the text refers to.
    notes: Vec<(&'static str, String)>,
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
            notes: Vec::new(),
            findings: Vec::new(),
            has_pictures: false,
            objects: 0,
            other_documents: 0,
        }
    }

    /// Reads one part to its end.
    fn part(&mut self, name: &str, xml: &str) -> Result<(), Refusal> {
        let damaged = |error: quick_xml::Error| package::damaged("docx", name, error);
        let mut reader = XmlReader::from_str(xml);
        let mut plain = PlainProperties::default();
        loop {
            match reader.read_event().map_err(damaged)? {
                Event::Start(element) => match self.start(&element)? {
                    Some(tag) if self.open.len() < DEPTH_LIMIT => {
                        self.open.push(tag);
                        if let Some(length) = plain.length(tag, &element, reader.get_ref()) {
                            *reader.get_mut() = &reader.get_ref()[length..];
                        }
                    }
                    Some(_) => {
                        let detail = format!("元素嵌套超过 {DEPTH_LIMIT} 层；请把内容复制到新文档后再提交");
                        return Err(Refusal::new(Reason::TooDeep, "docx", detail));
                    }
                    None => {
                        reader.read_to_end(element.name()).map_err(damaged)?;
                    }
                },
                Event::Empty(element) => {
                    if let Some(tag) = self.start(&element)? {
                        self.end(tag)?;
                    }
                }
                Event::End(_) => {
                    if let Some(tag) = self.open.pop() {
                        self.end(tag)?;
                    }
                }
                Event::Text(text) if self.in_text() => self.text(&text.xml10_content()),
                Event::CData(text) if self.in_text() => self.text(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let known = reference.resolve_char_ref().map_err(damaged)?.or(match &*reference {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => None,
                    });
                    let Some(c) = known else {
                        return Err(package::damaged("docx", name, format!("未定义的实体 &{};", &*reference)));
                    };
                    if self.in_text() {
                        self.text(c.encode_utf8(&mut [0; 4]));
                    }
                }
                Event::DocType(_) => return Err(package::entities("docx")),
                Event::Eof => break,
                _ => {}
            }
        }
        if !self.open.is_empty() {
            return Err(package::damaged("docx", name, "内容中途断了"));
        }
        Ok(())
    }

    fn in_text(&self) -> bool {
        self.open.last() == Some(&Tag::Text)
    }

    /// Characters of a `w:t`. A line end in the file is a blank on the page.
    fn text(&mut self, text: &str) {
        let Some(paragraph) = self.paragraphs.last_mut().filter(|paragraph| paragraph.shows()) else { return };
        if text.bytes().any(|byte| matches!(byte, b'\n' | b'\r' | b'\t')) {
            paragraph.text.extend(text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }));
        } else {
            paragraph.text.push_str(text);
        }
    }

    /// Opens an element; `None` where nothing in it counts.
    fn start(&mut self, element: &BytesStart<'_>) -> Result<Option<Tag>, Refusal> {
        let name = element.local_name();
        let name = name.as_ref();
        let parent = self.open.last().copied().unwrap_or(Tag::Other);
        let tag = match name {
            "r" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.run_is_hidden = None;
                }
                Tag::Run
            }
            "t" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.text_start = paragraph.text.len();
                    paragraph.keeps_blanks = element.attributes_raw().contains("preserve");
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
                self.tables.push(OpenTable { depth: self.flows.len(), ..OpenTable::default() });
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
                    self.table_property(name, element);
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
                    table.row_is_deleted = true;
                }
            }
            _ => return None,
        }
        Some(Tag::Other)
    }

    fn in_run(&mut self, name: &str, element: &BytesStart<'_>) -> Result<Option<Tag>, Refusal> {
        let Some(paragraph) = self.paragraphs.last_mut() else { return Ok(Some(Tag::Other)) };
        match name {
            "tab" | "ptab" => paragraph.push('\t'),
            "br" | "cr" => paragraph.push('\n'),
            "noBreakHyphen" => paragraph.push('-'),
            "sym" => {
                let font = attribute(element, "font").unwrap_or_default();
                let code = attribute(element, "char").and_then(|code| u32::from_str_radix(&code, 16).ok());
                if let Some(c) = code.and_then(|code| symbol(&font, code)) {
                    paragraph.push(c);
                }
            }
            "fldChar" => match attribute(element, "fldCharType").as_deref() {
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
                self.notes.push(("footnote", attribute(element, "id").unwrap_or_default()));
            }
            "endnoteReference" if paragraph.shows() => {
                self.notes.push(("endnote", attribute(element, "id").unwrap_or_default()));
            }
            _ => return Ok(self.elsewhere(name, element)),
        }
        Ok(Some(Tag::Other))
    }

    fn run_property(&mut self, name: &str, element: &BytesStart<'_>) -> Result<Option<Tag>, Refusal> {
        // The properties of a paragraph's mark look the same.
        let of_run = self.open.len() >= 2 && self.open[self.open.len() - 2] == Tag::Run;
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| of_run) {
            match name {
                "vanish" => paragraph.run_is_hidden = Some(is_on(&attribute(element, "val"))),
                "rStyle" if paragraph.run_is_hidden.is_none() && self.parts.hides(&value(element))? => {
                    paragraph.run_is_hidden = Some(true);
                }
                _ => {}
            }
        }
        Ok(Some(Tag::Other))
    }

    fn paragraph_property(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Refusal> {
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

    fn table_property(&mut self, name: &str, element: &BytesStart<'_>) {
        let Some(table) = self.tables.last_mut() else { return };
        let number = || value(element).parse::<u32>().unwrap_or(0).min(COLUMN_LIMIT);
        match name {
            "gridBefore" => table.column = number(),
            "hidden" => table.row_is_hidden = is_on(&attribute(element, "val")),
            "gridSpan" => table.cell.span = number().max(1),
            "vMerge" | "vmerge" => table.cell.continues_above = value(element) != "restart",
            "hMerge" => table.cell.continues_left = value(element) != "restart",
            "cellDel" => table.cell.is_deleted = true,
            _ => {}
        }
    }

    /// Elements that only need to be noticed, wherever they stand.
    fn elsewhere(&mut self, name: &str, element: &BytesStart<'_>) -> Option<Tag> {
        match name {
            "blip" | "imagedata" => self.has_pictures = true,
            "OLEObject" => self.objects += 1,
            "altChunk" | "subDoc" => self.other_documents += 1,
            "footnote" | "endnote" => {
                let id = attribute(element, "id").unwrap_or_default();
                if !self.notes.iter().any(|(kind, wanted)| *kind == name && *wanted == id) {
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
        match self.tables.last_mut() {
            Some(table) if table.depth == depth && !table.in_row => {
                table.in_row = true;
                table.column = 0;
                (table.row_is_deleted, table.row_is_hidden) = (false, false);
                table.row_start = (table.cells.len(), table.nested.len());
                Tag::Row
            }
            _ => Tag::Other,
        }
    }

    fn start_cell(&mut self) -> Tag {
        let depth = self.flows.len();
        match self.tables.last_mut() {
            Some(table) if table.depth == depth && table.in_row => {
                table.cell = CellProperties::default();
                self.flows.push(Flow::new(FlowKind::Cell));
                Tag::Cell
            }
            _ => Tag::Other,
        }
    }

    fn end(&mut self, tag: Tag) -> Result<(), Refusal> {
        match tag {
            Tag::Text => self.end_text(),
            Tag::Paragraph => self.end_paragraph()?,
            Tag::Cell => self.end_cell()?,
            Tag::Row => self.end_row(),
            Tag::Table => self.end_table()?,
            Tag::TextBox => self.end_text_box()?,
            Tag::Run => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.run_is_hidden = None;
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
            _ => self.deliver(Item::Paragraph(paragraph.text))?,
        }
        for item in paragraph.boxes {
            self.deliver(item)?;
        }
        Ok(())
    }

    /// What was carried past the last paragraph of a flow is a paragraph after all.
    fn flush(&mut self) -> Result<(), Refusal> {
        let carried = self.flows.last_mut().map(|flow| std::mem::take(&mut flow.carried)).unwrap_or_default();
        if carried.is_empty() { Ok(()) } else { self.deliver(Item::Paragraph(carried)) }
    }

    fn end_text_box(&mut self) -> Result<(), Refusal> {
        self.flush()?;
        let items = self.flows.pop().map(|flow| flow.items).unwrap_or_default();
        match self.paragraphs.last_mut() {
            Some(anchor) => anchor.boxes.extend(items),
            None => {
                for item in items {
                    self.deliver(item)?;
                }
            }
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Refusal> {
        self.flush()?;
        let Some(flow) = self.flows.pop() else { return Ok(()) };
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        if table.cell.is_deleted {
            return Ok(());
        }
        let (column, span) = (table.column + 1, table.cell.span);
        table.column += span;
        table.width = table.width.max(table.column);
        if table.width > COLUMN_LIMIT {
            let detail = format!("表格超过 {COLUMN_LIMIT} 列的上限");
            return Err(Refusal::new(Reason::TooLarge, "docx", detail));
        }
        let text = trimmed(flow.text);
        // A cell that goes on must stand exactly below the one it belongs to; else it is a cell of its own.
        let above = table.above.binary_search_by_key(&column, |(column, ..)| *column).map(|at| table.above[at]);
        if let (true, Ok((_, above_span, index))) = (table.cell.continues_above, above)
            && above_span == span
        {
            table.cells[index].row_span += 1;
            table.continued.push(index);
            table.current.push((column, span, index));
            table.cover(column, text);
            return Ok(());
        }
        if let (true, Some(left)) = (table.cell.continues_left, table.current.last_mut())
            && left.2 >= table.row_start.0
        {
            left.1 += span;
            table.cells[left.2].column_span += span;
            table.cover(column, text);
            return Ok(());
        }
        table.current.push((column, span, table.cells.len()));
        let cell = Cell { text, ..Cell::default() };
        table.cells.push(PlacedCell { row: table.row + 1, column, row_span: 1, column_span: span, cell });
        Ok(())
    }

    fn end_row(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        table.in_row = false;
        if table.row_is_deleted {
            table.cells.truncate(table.row_start.0);
            let row = table.row + 1;
            table.covered.retain(|(covered, ..)| *covered != row);
            table.nested.truncate(table.row_start.1);
            for index in table.continued.drain(..) {
                table.cells[index].row_span -= 1;
            }
            table.current.clear();
            return;
        }
        if table.row_is_hidden {
            for cell in &mut table.cells[table.row_start.0..] {
                cell.cell.hidden = true;
            }
        }
        table.row += 1;
        table.continued.clear();
        std::mem::swap(&mut table.above, &mut table.current);
        table.current.clear();
    }

    fn end_table(&mut self) -> Result<(), Refusal> {
        let Some(table) = self.tables.pop() else { return Ok(()) };
        if u64::from(table.row) * u64::from(table.width) > GRID_LIMIT {
            let detail = format!("表格有 {} 行 {} 列，超过上限", table.row, table.width);
            return Err(Refusal::new(Reason::TooLarge, "docx", detail));
        }
        self.deliver(Item::Table(ReadTable { cells: table.cells, covered: table.covered }))?;
        for nested in table.nested {
            self.deliver(Item::Table(nested))?;
        }
        Ok(())
    }

    /// Hands a paragraph or a table to the flow that it stands in.
    fn deliver(&mut self, item: Item) -> Result<(), Refusal> {
        let Some(flow) = self.flows.last_mut() else { return Ok(()) };
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
                    table.nested.push(nested);
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
        Ok(())
    }

    /// Reads the footnotes or endnotes that the text refers to.
    fn notes(&mut self, kind: &'static str) -> Result<(), Refusal> {
        if !self.notes.iter().any(|(other, _)| *other == kind) {
            return Ok(());
        }
        match self.parts.related(&format!("{kind}s"))? {
            Some((name, xml)) => self.part(&name, &xml),
            None => Ok(()),
        }
    }

    fn finish(mut self) -> Result<Document, Refusal> {
        self.flush()?;
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
        Ok(Document { format: Format::Docx, encoding: None, blocks: self.blocks, findings: self.findings })
    }
}

/// Properties that say nothing that matters here: fonts, widths, borders. Most of a document consists of them, the same
/// few again and again, and passing them over without looking at their elements saves a third of the time.
#[derive(Default)]
struct PlainProperties<'a> {
    /// What stood in plain properties before, with the tag that ends them.
    known: [&'a [u8]; 8],
    next: usize,
}

impl<'a> PlainProperties<'a> {
    /// How many bytes from `rest` on, which begins behind the start of `element`, to its end can be passed over.
    fn length(&mut self, tag: Tag, element: &BytesStart<'_>, rest: &'a [u8]) -> Option<usize> {
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

/// A cell's text without the empty paragraphs around it.
fn trimmed(text: String) -> String {
    let inner = text.trim_matches('\n');
    if inner.len() == text.len() { text } else { inner.to_owned() }
}

/// The character that a symbol font shows for a code; codes of such fonts are often moved up by U+F000.
fn symbol(font: &str, code: u32) -> Option<char> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::tests::{shown, zip_of};

    const RELATIONS: &str = r#"<Relationships><Relationship Id="1" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>"#;

    /// A document with the given body and further parts.
    fn docx(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
        let document = format!("<?xml version=\"1.0\"?><w:document><w:body>{body}<w:sectPr/></w:body></w:document>");
        let mut all = vec![("_rels/.rels", RELATIONS), ("word/document.xml", document.as_str())];
        all.extend_from_slice(parts);
        zip_of(&all)
    }

    fn p(text: &str) -> String {
        format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    /// A cell with properties and one paragraph.
    fn tc(properties: &str, text: &str) -> String {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
    }

    fn tr(cells: &[String]) -> String {
        format!("<w:tr>{}</w:tr>", cells.concat())
    }

    fn tbl(rows: &[String]) -> String {
        format!("<w:tbl><w:tblPr/><w:tblGrid/>{}</w:tbl>", rows.concat())
    }

    #[test]
    fn a_paragraph_holds_what_a_person_sees() {
        let cases: &[(&str, &str)] = &[
            ("<w:r><w:t>1240</w:t></w:r><w:r><w:t>.71</w:t></w:r>", "1240.71"),
            ("<w:r><w:t xml:space=\"preserve\">收、 </w:t><w:t> 支 </w:t></w:r>", "收、 支"),
            ("<w:r><w:t>A&amp;B &#x4E07;元</w:t></w:r>", "A&B 万元"),
            ("<w:r><w:t><![CDATA[a<b]]></w:t></w:r>", "a<b"),
            (
                "<w:r><w:noBreakHyphen/><w:t>5.00</w:t><w:tab/><w:t>a</w:t><w:br/><w:t>b</w:t><w:cr/><w:t>c</w:t></w:r>",
                "-5.00\ta⏎b⏎c",
            ),
            ("<w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>a</w:t></w:r>", "a"),
            (
                "<w:r><w:sym w:font=\"Symbol\" w:char=\"F0B3\"/><w:t>90%</w:t><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/></w:r>",
                "≥90%☑",
            ),
            // Tracked changes, as accepted.
            (
                "<w:ins><w:r><w:t>20.47</w:t></w:r></w:ins><w:del><w:r><w:delText>20.48</w:delText></w:r></w:del>",
                "20.47",
            ),
            ("<w:moveFrom><w:r><w:t>a</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>b</w:t></w:r></w:moveTo>", "b"),
            ("<w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>a</w:t></w:r>", "a"),
            // Hidden text.
            (
                "<w:r><w:rPr><w:vanish/></w:rPr><w:t>a</w:t></w:r><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>b</w:t></w:r>",
                "b",
            ),
            (
                "<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>the mark is hidden, the text is not</w:t></w:r>",
                "the mark is hidden, the text is not",
            ),
            // Fields show their result.
            (
                "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>PAGE</w:instrText><w:t>code</w:t></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>3</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t>页</w:t></w:r>",
                "3页",
            ),
            ("<w:fldSimple w:instr=\"DATE\"><w:r><w:t>2024</w:t></w:r></w:fldSimple>", "2024"),
            // Wrappers.
            (
                "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent><w:r><w:t>良好</w:t></w:r></w:sdtContent></w:sdt>",
                "良好",
            ),
            ("<w:hyperlink><w:smartTag><w:r><w:t>a</w:t></w:r></w:smartTag></w:hyperlink>", "a"),
            (
                "<w:r><w:ruby><w:rt><w:r><w:t>yuán</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>元</w:t></w:r></w:rubyBase></w:ruby></w:r>",
                "元",
            ),
            // A text box is stored twice.
            (
                "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>anchor</w:t></w:r>",
                "anchor\n2 box",
            ),
        ];
        for (runs, expected) in cases {
            let document = read(&docx(&format!("<w:p>{runs}</w:p>"), &[])).unwrap();
            assert_eq!(shown(&document), format!("1 {expected}\n"), "{runs}");
        }
    }

    #[test]
    fn blank_paragraphs_count_and_deleted_marks_join() {
        let deleted_mark = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>合</w:t></w:r></w:p>";
        let body = [p("a"), "<w:p/>".into(), "<w:p></w:p>".into(), deleted_mark.into(), p("计")].concat();
        assert_eq!(shown(&read(&docx(&body, &[])).unwrap()), "1 a\n4 合计\n");
    }

    #[test]
    fn cells_stand_in_the_column_of_the_grid() {
        let table = tbl(&[
            tr(&[tc("<w:vMerge w:val=\"restart\"/>", "项目"), tc("<w:gridSpan w:val=\"2\"/>", "其中"), tc("", "备注")]),
            tr(&[tc("<w:vMerge/>", ""), tc("", "公务接待费"), tc("", "运行费"), tc("", "x")]),
            // Begins in the third column.
            format!("<w:tr><w:trPr><w:gridBefore w:val=\"2\"/></w:trPr>{}</w:tr>", tc("", "7.51")),
        ]);
        assert_eq!(
            shown(&read(&docx(&table, &[])).unwrap()),
            "table 1\n r1c1 2x1 项目\n r1c2 1x2 其中\n r1c4 备注\n r2c2 公务接待费\n r2c3 运行费\n r2c4 x\n r3c3 7.51\n"
        );
    }

    #[test]
    fn tracked_and_hidden_rows_are_as_accepted() {
        let row = |mark: &str, cells: &[String]| format!("<w:tr><w:trPr>{mark}</w:trPr>{}</w:tr>", cells.concat());
        let table = tbl(&[
            tr(&[tc("<w:vMerge w:val=\"restart\"/>", "a"), tc("", "1")]),
            row("<w:del/>", &[tc("<w:vMerge/>", ""), tc("", "2")]),
            row("<w:ins/>", &[tc("<w:vMerge/>", ""), tc("", "3")]),
            tr(&[tc("", "b"), tc("<w:cellDel/>", "4")]),
            row("<w:hidden/>", &[tc("", "c"), tc("", "5")]),
        ]);
        let document = read(&docx(&table, &[])).unwrap();
        assert_eq!(
            shown(&document),
            "table 1\n r1c1 2x1 a\n r1c2 1\n r2c2 3\n r3c1 b\n r4c1 hidden c\n r4c2 hidden 5\n"
        );
    }

    #[test]
    fn a_nested_table_follows_the_one_that_holds_it() {
        let inner = tbl(&[tr(&[tc("", "内"), tc("", "2")])]);
        let outer = tbl(&[tr(&[format!("<w:tc>{}{inner}<w:p/></w:tc>", p("外")), tc("", "1")])]);
        let body = format!("{outer}{}", tbl(&[tr(&[tc("", "后")])]));
        assert_eq!(
            shown(&read(&docx(&body, &[])).unwrap()),
            "table 1\n r1c1 外\n r1c2 1\ntable 2\n r1c1 内\n r1c2 2\ntable 3\n r1c1 后\n"
        );
    }

    #[test]
    fn wrapped_cells_rows_and_boxes_are_read() {
        let sdt = |inner: &str| format!("<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>");
        let cells = [sdt(&tc("", "a")), tc("", "b")].concat();
        let boxed = format!("<w:p><w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r></w:p>", p("盒"));
        let table = format!(
            "<w:tbl>{}<w:tr><w:tc>{boxed}{}</w:tc></w:tr></w:tbl>",
            sdt(&format!("<w:tr>{cells}</w:tr>")),
            p("行")
        );
        assert_eq!(
            shown(&read(&docx(&sdt(&table), &[])).unwrap()),
            "table 1\n r1c1 a\n r1c2 b\n r2c1 ⏎盒⏎行\n".replace("c1 ⏎盒", "c1 盒")
        );
    }

    #[test]
    fn a_number_under_a_merged_cell_is_told_and_does_not_count() {
        let table = tbl(&[
            tr(&[tc("<w:vMerge w:val=\"restart\"/>", "12.96"), tc("", "a")]),
            tr(&[tc("<w:vMerge/>", "7.51"), tc("", "b")]),
            // No merge to go on: another span.
            tr(&[tc("<w:gridSpan w:val=\"2\"/><w:vMerge/>", "0.00")]),
        ]);
        let document = read(&docx(&table, &[])).unwrap();
        assert_eq!(shown(&document), "table 1\n r1c1 2x1 12.96\n r1c2 a\n r2c2 b\n r3c1 1x2 0.00\n");
        assert_eq!(document.findings.len(), 1);
        assert_eq!(document.findings[0].places[0].to_string(), "table 1 r2c1");
        assert_eq!(document.findings[0].actual.as_deref(), Some("7.51"));
    }

    #[test]
    fn automatic_numbering_is_written_out() {
        let numbering = r#"<w:numbering><w:abstractNum w:abstractNumId="7">
            <w:lvl w:ilvl="0"><w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="Titel"/><w:lvlText w:val="%1、"/></w:lvl>
            <w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="（%2）"/></w:lvl>
            </w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>"#;
        let styles = r#"<w:styles><w:style w:styleId="Titel"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
            <w:style w:styleId="Child"><w:basedOn w:val="Titel"/></w:style>
            <w:style w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"#;
        let item = |properties: &str, text: &str| {
            format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
        };
        let list =
            |level: u8, id: u8| format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{id}\"/></w:numPr>");
        let body = [
            item("<w:pStyle w:val=\"Titel\"/>", "收入"),
            item(&list(1, 3), "财政拨款"),
            item(&list(1, 3), "其他"),
            item("<w:pStyle w:val=\"Child\"/>", "支出"),
            item(&format!("<w:pStyle w:val=\"Titel\"/>{}", list(0, 0)), "无号"),
            item("<w:pStyle w:val=\"Secret\"/>", "不见"),
            format!("<w:p><w:r><w:rPr><w:rStyle w:val=\"Secret\"/></w:rPr><w:t>不见</w:t></w:r><w:r><w:t>见</w:t></w:r></w:p>"),
        ]
        .concat();
        let document = read(&docx(&body, &[("word/numbering.xml", numbering), ("word/styles.xml", styles)])).unwrap();
        assert_eq!(shown(&document), "1 一、收入\n2 （1）财政拨款\n3 （2）其他\n4 二、支出\n5 无号\n7 见\n");
    }

    #[test]
    fn footnotes_stand_at_the_end_and_only_those_that_are_referred_to() {
        let notes = "<w:footnotes><w:footnote w:type=\"separator\" w:id=\"0\"><w:p><w:r><w:t>-</w:t></w:r></w:p></w:footnote>\
            <w:footnote w:id=\"2\"><w:p><w:r><w:t>含上年结转</w:t></w:r></w:p></w:footnote>\
            <w:footnote w:id=\"3\"><w:p><w:r><w:t>已删除</w:t></w:r></w:p></w:footnote></w:footnotes>";
        let body = "<w:p><w:r><w:t>合计</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r>\
            <w:del><w:r><w:footnoteReference w:id=\"3\"/></w:r></w:del></w:p>";
        let document = read(&docx(body, &[("word/footnotes.xml", notes)])).unwrap();
        assert_eq!(shown(&document), "1 合计\n2 含上年结转\n");
    }

    #[test]
    fn bad_documents_are_refused_for_what_they_are() {
        let deep = |tag: &str, depth: usize| {
            format!("{}{}", format!("<w:{tag}>").repeat(depth), format!("</w:{tag}>").repeat(depth))
        };
        let nested = (0..300).fold(String::new(), |inner, _| tbl(&[format!("<w:tr><w:tc>{inner}</w:tc></w:tr>")]));
        for (body, reason) in [
            ("<w:p/>".to_owned(), Reason::Empty),
            ("<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>".to_owned(), Reason::ImageOnly),
            ("<w:p>".to_owned(), Reason::Damaged),
            ("<w:p><w:r><w:t>&secret;</w:t></w:r></w:p>".to_owned(), Reason::Damaged),
            (deep("sdt", 100_000), Reason::TooDeep),
            (nested, Reason::TooDeep),
            (tbl(&[tr(&vec![tc("<w:gridSpan w:val=\"999999999\"/>", "1"); 3])]), Reason::TooLarge),
        ] {
            assert_eq!(read(&docx(&body, &[])).unwrap_err().reason, reason, "{:.60}", body);
        }
        let external = "<!DOCTYPE w SYSTEM \"file:///etc/passwd\"><w:document/>";
        let package = zip_of(&[("word/document.xml", external)]);
        assert_eq!(read(&package).unwrap_err().reason, Reason::EntityExpansion);
        let whole = docx(&p("合计"), &[]);
        assert_eq!(read(&whole[..whole.len() - 30]).unwrap_err().reason, Reason::Damaged);
    }

    #[test]
    fn odd_packages_are_read() {
        let relations = r#"<Relationships><Relationship Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/Daten/Haupt.xml"/></Relationships>"#;
        // Another prefix, another folder, a byte order mark.
        let main = "\u{feff}<x:document><x:body><x:p><x:r><x:t>合计</x:t></x:r></x:p></x:body></x:document>";
        let package = zip_of(&[("_rels/.rels", relations), ("Daten/Haupt.xml", main)]);
        assert_eq!(shown(&read(&package).unwrap()), "1 合计\n");
    }
}
