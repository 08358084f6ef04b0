//! Workbooks of the newer format (.xlsx, .xlsm): a package of XML parts.
//!
//! One pass over each worksheet takes all that matters: text, the digits of numbers as they are stored, number
//! formats, merges, hidden lines, errors, formulas without a result. calamine reads the same cells in the tests, and
//! both must agree: it is no base for this reader, because it gives no raw digits, no hidden lines, no place of a cell
//! it refuses, and parses each worksheet once more for its merges.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{Aside, Block, Cell, CellNote, Document, Finding, FindingCode, Format, PlacedCell, struck};

use super::number_format::{DateOrigin, NumberFormat, stored_decimal};
use super::package::{Package, Relation, XmlPart};
use super::plain_cell::PlainCell;
use super::worksheet::{Area, Budget, MOST_COLUMNS, MOST_ROWS, Worksheet};
use super::xml::{Element, Piece, Xml, damaged};
use super::{RAISED, Reason, Refusal, make_a_number};

const XLSX: &str = "xlsx";

/// Findings about cells without a valid place that one workbook may cause.
const MOST_FINDINGS: usize = 100;

/// Reads a workbook: one table per worksheet that has text, hidden ones marked.
pub(crate) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let mut package = Package::open(bytes, XLSX)?;
    let main = package.main_part()?.unwrap_or_else(|| "xl/workbook.xml".to_owned());
    if main.ends_with(".bin") {
        return Err(Refusal::new(
            Reason::Unsupported,
            "xlsb",
            "二进制工作簿（.xlsb）尚不能读取；请另存为 .xlsx 后再报送",
        ));
    }
    let workbook = Workbook::read(&needed(&mut package, &main)?, &main)?;
    let related = Related::of(&mut package, &main)?;
    let strings = match &related.strings {
        Some(part) => Strings::read(&package.xml(part)?.unwrap_or_default(), part)?,
        None => Strings::default(),
    };
    let styles = match &related.styles {
        Some(part) => Styles::read(&package.xml(part)?.unwrap_or_default(), part)?,
        None => Styles::default(),
    };
    let mut reading = Reading {
        strings: &strings,
        styles: &styles,
        origin: workbook.origin,
        budget: Budget::new(Format::Xlsx),
        findings: Vec::new(),
        asides: Vec::new(),
        results: Results::default(),
    };
    let mut worksheets = Vec::with_capacity(workbook.sheets.len());
    for sheet in workbook.sheets {
        // A module of macros in very old files; nothing stands behind it.
        if sheet.relationship.is_empty() {
            reading.findings.push(Finding::new(FindingCode::PartNotRead, &*sheet.name));
            continue;
        }
        let Some((kind, part)) = related.sheets.get(&sheet.relationship) else {
            let detail = format!("工作表“{}”没有对应的部件；请用办公软件重新另存后再报送", sheet.name);
            return Err(Refusal::new(Reason::Damaged, XLSX, detail));
        };
        // Chart sheets, dialogs and macro sheets hold no cells of ours.
        if kind == "worksheet" {
            let mut worksheet = Worksheet::new(sheet.name.clone(), sheet.hidden);
            reading.worksheet(&needed(&mut package, part)?, part, &mut worksheet)?;
            let comments = package.relations(part)?.into_iter().find(|relation| relation.kind == "comments");
            if let Some(Relation { target, .. }) = comments
                && let Some(xml) = package.xml(&target)?
            {
                reading.comments(&xml, &target, &sheet.name)?;
            }
            worksheets.push(worksheet);
        }
    }
    if workbook.calculate_on_load {
        reading.results.doubt_all_zeros(&mut worksheets);
    }
    let mut blocks = Vec::with_capacity(worksheets.len());
    for (index, worksheet) in worksheets.into_iter().enumerate() {
        let table = worksheet.into_table(index as u32 + 1, &mut reading.budget)?;
        blocks.extend(table.map(Block::Table));
    }
    Ok(Document {
        format: Format::Xlsx,
        encoding: None,
        blocks,
        findings: reading.findings,
        title: None,
        asides: reading.asides,
    })
}

/// The text of a part that must be there.
fn needed(package: &mut Package<'_>, part: &str) -> Result<XmlPart, Refusal> {
    package.xml(part)?.ok_or_else(|| damaged(XLSX, part, "缺少这个部件"))
}

/// What the main part says.
#[derive(Default)]
struct Workbook {
    sheets: Vec<SheetEntry>,
    origin: DateOrigin,
    /// Formulas are to be calculated when an office program opens the file.
    calculate_on_load: bool,
}

struct SheetEntry {
    name: Arc<str>,
    hidden: bool,
    relationship: String,
}

impl Workbook {
    fn read(text: &str, part: &str) -> Result<Workbook, Refusal> {
        let mut workbook = Workbook::default();
        let mut xml = Xml::new(text, part, XLSX);
        while let Some(piece) = xml.next()? {
            let (Piece::Start(element) | Piece::Empty(element)) = piece else { continue };
            match element.name {
                "workbookPr" if element.says("date1904") => workbook.origin = DateOrigin::Year1904,
                "calcPr" => workbook.calculate_on_load = element.says("fullCalcOnLoad"),
                "sheet" => workbook.sheets.push(SheetEntry {
                    name: element.attribute("name").unwrap_or_default().into(),
                    hidden: element.attribute("state").is_some_and(|state| state != "visible"),
                    relationship: element.attribute("id").unwrap_or_default(),
                }),
                _ => (),
            }
        }
        Ok(workbook)
    }
}

/// The parts that the main part leads to.
#[derive(Default)]
struct Related {
    /// Kind and part by relationship.
    sheets: HashMap<String, (String, String)>,
    strings: Option<String>,
    styles: Option<String>,
}

impl Related {
    fn of(package: &mut Package<'_>, main: &str) -> Result<Related, Refusal> {
        let mut related = Related::default();
        for relationship in package.relations(main)? {
            match relationship.kind.as_str() {
                "sharedStrings" => related.strings = Some(relationship.target),
                "styles" => related.styles = Some(relationship.target),
                _ => {
                    related.sheets.insert(relationship.id, (relationship.kind, relationship.target));
                }
            }
        }
        Ok(related)
    }
}

/// The texts that cells share, one after another, with the end of each.
#[derive(Default)]
struct Strings {
    texts: String,
    ends: Vec<usize>,
}

impl Strings {
    /// Reads the part. What it says about its own size is not believed.
    fn read(text: &str, part: &str) -> Result<Strings, Refusal> {
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

    fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.texts.get(start..end)
    }
}

/// Appends the text of an element that has begun, up to its end: all runs but those struck out, no phonetic guides. Where all is
/// struck out, that is told.
fn rich_text(xml: &mut Xml<'_>, text: &mut String) -> Result<(), Refusal> {
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

/// The colour is white, or that of the paper.
fn is_white(element: &Element<'_>) -> bool {
    let is = |name: &str, values: &[&str]| element.attribute(name).is_some_and(|value| values.contains(&&*value));
    let tinted = element.attribute("tint").is_some();
    is("rgb", &["FFFFFFFF", "00FFFFFF", "FFFFFF"]) || is("indexed", &["9", "65"]) || is("theme", &["0"]) && !tinted
}

fn is_raised(element: &Element<'_>) -> bool {
    element.attribute("val").is_some_and(|value| &*value != "baseline")
}

/// A property that is there, and not switched off.
fn is_on(element: &Element<'_>) -> bool {
    element.attribute("val").is_none_or(|value| !matches!(&*value, "0" | "false" | "off"))
}

/// Replaces `_x000D_` and its like from `start` on by the characters they stand for.
fn decode_escapes(text: &mut String, start: usize) {
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

/// How what stands in a cell looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    struck: bool,
    /// White.
    white: bool,
}

/// The number formats of cell styles.
#[derive(Default)]
struct Styles {
    formats: Vec<NumberFormat>,
    /// For each style, the index of its format, and how what stands in it looks.
    styles: Vec<(usize, Look)>,
}

impl Styles {
    fn read(text: &str, part: &str) -> Result<Styles, Refusal> {
        let mut styles = Styles::default();
        if text.is_empty() {
            return Ok(styles);
        }
        let (mut in_formats, mut in_styles, mut in_fonts, mut in_fills) = (false, false, false, false);
        let mut fonts: Vec<Look> = Vec::new();
        // Whether nothing, or white, is behind the text.
        let mut fills: Vec<bool> = Vec::new();
        let mut codes: HashMap<u32, String> = HashMap::new();
        let mut known: HashMap<u32, usize> = HashMap::new();
        let mut uses: Vec<(u32, Look)> = Vec::new();
        let mut xml = Xml::new(text, part, XLSX);
        while let Some(piece) = xml.next()? {
            match piece {
                Piece::Start(element) | Piece::Empty(element) => match element.name {
                    "numFmts" => in_formats = true,
                    "cellXfs" => in_styles = true,
                    "fonts" => in_fonts = true,
                    "fills" => in_fills = true,
                    "font" if in_fonts => fonts.push(Look::default()),
                    "strike" if in_fonts => {
                        if let Some(font) = fonts.last_mut() {
                            font.struck = is_on(&element);
                        }
                    }
                    "color" if in_fonts => {
                        if let Some(font) = fonts.last_mut() {
                            font.white = is_white(&element);
                        }
                    }
                    "fill" if in_fills => fills.push(true),
                    "patternFill" | "gradientFill" if in_fills => {
                        if let Some(fill) = fills.last_mut() {
                            *fill = element.attribute("patternType").is_some_and(|kind| &*kind == "none");
                        }
                    }
                    "fgColor" if in_fills => {
                        if let Some(fill) = fills.last_mut() {
                            *fill |= is_white(&element);
                        }
                    }
                    "numFmt" if in_formats => {
                        let id = element.attribute("numFmtId").and_then(|id| id.parse().ok());
                        if let (Some(id), Some(code)) = (id, element.attribute("formatCode")) {
                            codes.insert(id, code);
                        }
                    }
                    "xf" if in_styles => {
                        let id = element.attribute("numFmtId").and_then(|id| id.parse().ok());
                        let font: Option<usize> = element.attribute("fontId").and_then(|id| id.parse().ok());
                        let mut look = font.and_then(|font| fonts.get(font)).copied().unwrap_or_default();
                        let fill: Option<usize> = element.attribute("fillId").and_then(|id| id.parse().ok());
                        look.white &= fill.is_none_or(|fill| fills.get(fill).is_none_or(|plain| *plain));
                        uses.push((id.unwrap_or(0), look));
                    }
                    _ => (),
                },
                Piece::End(name) => match name {
                    "numFmts" => in_formats = false,
                    "cellXfs" => in_styles = false,
                    "fonts" => in_fonts = false,
                    "fills" => in_fills = false,
                    _ => (),
                },
                _ => (),
            }
        }
        for (id, look) in uses {
            let index = *known.entry(id).or_insert_with(|| {
                styles.formats.push(match codes.get(&id) {
                    Some(code) => NumberFormat::parse(code),
                    None => NumberFormat::built_in(id),
                });
                styles.formats.len() - 1
            });
            styles.styles.push((index, look));
        }
        Ok(styles)
    }

    /// The format of a style; `None` for a style that there is none of.
    fn get(&self, style: usize) -> Option<&NumberFormat> {
        self.formats.get(self.styles.get(style)?.0)
    }

    /// How what stands in a cell of the style looks.
    fn look(&self, style: Option<usize>) -> Look {
        style.and_then(|style| self.styles.get(style)).map(|(_, look)| *look).unwrap_or_default()
    }
}

/// What cached results of formulas a workbook has.
#[derive(Default)]
struct Results {
    /// Some result is more than a bare `0`.
    any: bool,
    /// Worksheet and cell, by index, of the zeros.
    zeros: Vec<(usize, usize)>,
    worksheet: usize,
}

impl Results {
    /// Programs that calculate nothing write 0 for every formula, and leave the calculation to whoever opens the file.
    /// Where all results are zeros and it was left, none of them was ever calculated.
    fn doubt_all_zeros(&self, worksheets: &mut [Worksheet]) {
        if self.any {
            return;
        }
        for (worksheet, cell) in &self.zeros {
            if let Some(placed) = worksheets.get_mut(*worksheet).and_then(|sheet| sheet.cells_mut().get_mut(*cell)) {
                placed.cell = without_value();
            }
        }
    }
}

/// A formula whose result is not known.
fn without_value() -> Cell {
    Cell { note: Some(CellNote::FormulaWithoutValue), ..Cell::default() }
}

/// What reading the worksheets of one workbook needs and gathers.
struct Reading<'a> {
    strings: &'a Strings,
    styles: &'a Styles,
    origin: DateOrigin,
    budget: Budget,
    findings: Vec<Finding>,
    asides: Vec<Aside>,
    results: Results,
}

/// A cell that is being read.
#[derive(Default)]
struct Raw {
    row: u32,
    column: u32,
    /// The address as written, if it is no place of a worksheet or not in its row.
    odd_address: Option<String>,
    kind: Kind,
    style: Option<usize>,
    formula: bool,
    value: bool,
    /// The text stood in the cell itself; a `<v>` beside it says no more.
    inline: bool,
}

/// What a cell says about its content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Inline,
    Text,
    Boolean,
    Error,
    Date,
    Unknown,
}

impl Reading<'_> {
    /// Reads one worksheet's part.
    fn worksheet(&mut self, text: &str, part: &str, sheet: &mut Worksheet) -> Result<(), Refusal> {
        let mut xml = Xml::new(text, part, XLSX);
        let (mut row, mut column, mut row_named) = (0, 0, false);
        let (mut in_data, mut in_value, mut in_page) = (false, false, false);
        let mut cell: Option<Raw> = None;
        let mut content = String::new();
        loop {
            // Nearly all that a worksheet holds.
            while let Some((plain, rest)) = next_plain(&xml, row, in_data && row_named && cell.is_none()) {
                xml.go_on_at(rest);
                column = plain.column;
                if let Some(value) = plain.value {
                    content.clear();
                    content.push_str(value);
                    self.end_cell(Raw::plain(plain), &mut content, sheet)?;
                }
            }
            let Some(piece) = xml.next()? else { break };
            match piece {
                Piece::Start(element) | Piece::Empty(element) => {
                    let empty = matches!(piece, Piece::Empty(_));
                    match element.name {
                        "c" if in_data => {
                            let raw = Raw::begin(element, row, column, row_named);
                            column = raw.column;
                            // A row without a number takes that of its cells.
                            row = if row_named || raw.row == 0 { row } else { raw.row };
                            cell = Some(raw).filter(|_| !empty);
                            content.clear();
                        }
                        "v" => {
                            if let Some(raw) = &mut cell {
                                (in_value, raw.value) = (!empty && !raw.inline, true);
                            }
                        }
                        "f" => {
                            if let Some(raw) = &mut cell {
                                raw.formula = true;
                            }
                        }
                        "is" if !empty => {
                            if let Some(raw) = &mut cell {
                                raw.inline = true;
                                content.clear();
                                rich_text(&mut xml, &mut content)?;
                            }
                        }
                        "row" if in_data => {
                            (row, row_named) = begin_row(element, row, sheet);
                            column = 0;
                        }
                        "col" if !in_data => hide_columns(element, sheet),
                        "mergeCell" if !in_data => {
                            if let Some(area) = element.attribute("ref").as_deref().and_then(area) {
                                sheet.merge(area);
                            }
                        }
                        "sheetData" => in_data = !empty,
                        name if is_page_part(name) => {
                            in_page = !empty;
                            content.clear();
                        }
                        _ => (),
                    }
                }
                Piece::End(name) => match name {
                    "v" => in_value = false,
                    "c" => {
                        if let Some(raw) = cell.take() {
                            self.end_cell(raw, &mut content, sheet)?;
                        }
                    }
                    "sheetData" => in_data = false,
                    name if is_page_part(name) => {
                        in_page = false;
                        self.asides.extend(sheet.page_lines(&content));
                    }
                    _ => (),
                },
                other if in_value || in_page => xml.append(other, &mut content)?,
                _ => (),
            }
        }
        self.results.worksheet += 1;
        Ok(())
    }

    /// Reads the comments on the cells of a worksheet.
    fn comments(&mut self, text: &str, part: &str, sheet: &Arc<str>) -> Result<(), Refusal> {
        let mut xml = Xml::new(text, part, XLSX);
        let mut cell = None;
        while let Some(piece) = xml.next()? {
            match piece {
                Piece::Start(element) if element.name == "comment" => {
                    cell = element.attribute("ref").as_deref().and_then(address);
                }
                Piece::Start(element) if element.name == "text" => {
                    let mut text = String::new();
                    rich_text(&mut xml, &mut text)?;
                    self.asides.extend(cell.take().map(|cell| Aside {
                        sheet: Some(sheet.clone()),
                        cell: Some(cell),
                        text,
                    }));
                }
                _ => (),
            }
        }
        Ok(())
    }

    /// Adds a cell that has been read, unless it is blank.
    fn end_cell(&mut self, raw: Raw, content: &mut String, sheet: &mut Worksheet) -> Result<(), Refusal> {
        // What is written where nothing was calculated; `0.0` is somebody's result.
        let bare_zero = content == "0";
        let mut cell = self.cell(&raw, content);
        if cell.text.is_empty() && cell.note.is_none() {
            return Ok(());
        }
        if let Some(address) = raw.odd_address {
            if raw.row == 0 || raw.column == 0 || raw.row > MOST_ROWS || raw.column > MOST_COLUMNS {
                if self.findings.len() < MOST_FINDINGS {
                    self.findings.push(sheet.nowhere(&address, &cell.text));
                }
                return Ok(());
            }
            // The address and the row around it disagree.
            (cell.number, cell.note) = (None, Some(CellNote::Unreadable));
        }
        let look = self.styles.look(raw.style);
        if look.struck {
            cell = Worksheet::strike_out(cell);
        }
        if look.white && cell.number.take_if(|number| !number.value.is_zero()).is_some() {
            // White on white: whoever looks at the table sees no number.
            cell.note = Some(CellNote::ScaledFormat);
        }
        if raw.formula && cell.note.is_none() {
            match &cell.number {
                Some(number) if number.value.is_zero() && bare_zero => {
                    self.results.zeros.push((self.results.worksheet, sheet.cells_mut().len()));
                }
                _ => self.results.any = true,
            }
        }
        sheet.add(PlacedCell { row: raw.row, column: raw.column, row_span: 1, column_span: 1, cell }, &mut self.budget)
    }

    /// What a cell says: its text, its exact number, what is odd about it.
    fn cell(&self, raw: &Raw, content: &mut String) -> Cell {
        let noted = |text: &str, note| Cell { text: text.into(), note: Some(note), ..Cell::default() };
        let plain = |text: &str| Cell { text: text.into(), ..Cell::default() };
        let blank = content.is_empty();
        match raw.kind {
            Kind::Number | Kind::Boolean | Kind::Error | Kind::Date if blank && raw.formula => without_value(),
            // A text formula without `<v>` has no result; one with an empty `<v>` has the empty text.
            Kind::Text if blank && raw.formula && !raw.value => without_value(),
            _ if blank && raw.kind != Kind::Shared => Cell::default(),
            Kind::Shared => match content.trim().parse().ok().and_then(|index| self.strings.get(index)) {
                Some(text) => plain(text),
                None if blank => Cell::default(),
                None => noted(content, CellNote::Unreadable),
            },
            Kind::Number => self.number(raw, content),
            Kind::Inline | Kind::Text => {
                decode_escapes(content, 0);
                plain(content)
            }
            Kind::Boolean => match content.trim() {
                "1" | "true" => plain("TRUE"),
                "0" | "false" => plain("FALSE"),
                other => noted(other, CellNote::Unreadable),
            },
            Kind::Error => noted(content.trim(), CellNote::ErrorValue),
            Kind::Date => noted(content.trim(), CellNote::Date),
            Kind::Unknown => noted(content, CellNote::Unreadable),
        }
    }

    /// A cell whose content should be a number.
    fn number(&self, raw: &Raw, content: &str) -> Cell {
        let content = content.trim();
        let Some(stored) = stored_decimal(content) else {
            // `1,240.70` where a number should be is a text, and read like one. A number that is too large is neither.
            let note = content.parse::<f64>().is_ok().then_some(CellNote::Unreadable);
            return Cell { text: content.into(), note, ..Cell::default() };
        };
        match raw.style {
            None => match self.styles.get(0) {
                Some(format) => format.show(stored, self.origin),
                None => NumberFormat::default().show(stored, self.origin),
            },
            Some(style) => match self.styles.get(style) {
                Some(format) => format.show(stored, self.origin),
                // Without styles every cell is in the general format.
                None if self.styles.styles.is_empty() => NumberFormat::default().show(stored, self.origin),
                None => Cell { text: content.into(), note: Some(CellNote::Unreadable), ..Cell::default() },
            },
        }
    }
}

/// The head or the foot of the pages of a worksheet.
fn is_page_part(name: &str) -> bool {
    matches!(name, "oddHeader" | "evenHeader" | "firstHeader" | "oddFooter" | "evenFooter" | "firstFooter")
}

impl Kind {
    /// The kind of a type as it is written.
    fn of(written: &str) -> Kind {
        match written {
            "n" => Kind::Number,
            "s" => Kind::Shared,
            "inlineStr" => Kind::Inline,
            "str" => Kind::Text,
            "b" => Kind::Boolean,
            "e" => Kind::Error,
            "d" => Kind::Date,
            _ => Kind::Unknown,
        }
    }
}

/// The plain cell that comes next, if one may and it stands in this row.
fn next_plain<'a>(xml: &Xml<'a>, row: u32, may: bool) -> Option<(PlainCell<'a>, &'a str)> {
    let found = if may { PlainCell::at_start_of(xml.rest()) } else { None };
    found.filter(|(cell, _)| cell.row == row && (1..=MOST_ROWS).contains(&row) && cell.column <= MOST_COLUMNS)
}

impl Raw {
    /// A plain cell with a value.
    fn plain(cell: PlainCell<'_>) -> Raw {
        let kind = cell.kind.map_or(Kind::Number, Kind::of);
        Raw { row: cell.row, column: cell.column, kind, style: cell.style, value: true, ..Raw::default() }
    }

    /// Begins the cell behind `column` in `row`, or where it says that it stands.
    fn begin(element: Element<'_>, row: u32, column: u32, row_named: bool) -> Raw {
        let mut raw = Raw { row, column: column.saturating_add(1), ..Raw::default() };
        for (name, value) in element.attributes() {
            match name {
                "r" => match address(value) {
                    Some((named_row, named_column)) => {
                        if row_named && named_row != row {
                            raw.odd_address = Some(value.to_owned());
                        }
                        (raw.row, raw.column) = (named_row, named_column);
                    }
                    None => {
                        raw.odd_address = Some(value.to_owned());
                        (raw.row, raw.column) = (0, column);
                    }
                },
                "s" => raw.style = Some(value.parse().unwrap_or(usize::MAX)),
                "t" => raw.kind = Kind::of(value),
                _ => (),
            }
        }
        if raw.odd_address.is_none() && (raw.row > MOST_ROWS || raw.column > MOST_COLUMNS) {
            raw.odd_address = Some(format!("R{}C{}", raw.row, raw.column));
        }
        raw
    }
}

/// The number of a row that begins behind `previous`, and whether the row itself says so.
fn begin_row(element: Element<'_>, previous: u32, sheet: &mut Worksheet) -> (u32, bool) {
    let (mut row, mut named, mut hidden) = (previous.saturating_add(1), false, false);
    for (name, value) in element.attributes() {
        match name {
            "r" => (row, named) = (value.parse().unwrap_or(u32::MAX), true),
            "hidden" => hidden = matches!(value, "1" | "true"),
            _ => (),
        }
    }
    if hidden {
        sheet.hide_row(row);
    }
    (row, named)
}

fn hide_columns(element: Element<'_>, sheet: &mut Worksheet) {
    let number = |name| element.attribute(name).and_then(|value| value.parse::<u32>().ok());
    if let (true, Some(first), Some(last)) = (element.says("hidden"), number("min"), number("max")) {
        sheet.hide_columns(first, last);
    }
}

/// Row and column of an address such as `C7`, counted from 1; `None` if it is none.
fn address(text: &str) -> Option<(u32, u32)> {
    let (mut row, mut column) = (0_u32, 0_u32);
    let (mut letters, mut digits) = (0, 0);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' if digits == 0 && letters < 3 => {
                column = column * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1;
                letters += 1;
            }
            b'0'..=b'9' if letters > 0 => {
                row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?;
                digits += 1;
            }
            _ => return None,
        }
    }
    (digits > 0 && (1..=MOST_ROWS).contains(&row) && column <= MOST_COLUMNS).then_some((row, column))
}

/// The cells of a reference such as `A1:C3`, its corners in whichever order.
fn area(text: &str) -> Option<Area> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let ((row_a, column_a), (row_b, column_b)) = (address(first)?, address(last)?);
    Some(Area {
        top: row_a.min(row_b),
        left: column_a.min(column_b),
        bottom: row_a.max(row_b),
        right: column_a.max(column_b),
    })
}
