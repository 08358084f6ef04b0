//! Walking the tokens of a page: paragraphs and tables in order.

use std::collections::BTreeMap;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{HtmlString, Token, Tokenizer};

use super::style::{HiddenClasses, hides, raises, strikes_out};
use super::table::{CellTag, Item, OpenTable, ReadTable};
use crate::model::{Block, Finding, FindingCode, Paragraph, PlacedCell, Table, digit_runs};
use crate::read::refusal::{Reason, Refusal};
use crate::read::{RAISED, make_a_number};

/// Tables inside tables. Pages that lay themselves out with tables have a dozen.
const DEPTH_LIMIT: usize = 200;
/// Lists inside lists whose numbers are counted.
const LIST_LIMIT: usize = 50;
/// Positions that the grids of one page may have together.
const POSITION_LIMIT: usize = 16_000_000;

/// Where paragraphs and tables go: the page, or a cell.
#[derive(Debug, Default)]
struct Flow {
    items: Vec<Item>,
    /// The paragraph that is being read.
    text: String,
}

/// An element whose contents do not count, or do not show.
#[derive(Debug)]
struct Shut {
    name: Vec<u8>,
    /// Elements of that name inside of it that are open, and itself.
    count: u32,
    /// How many tables and flows were open where it began: it ends with them.
    tables: usize,
    flows: usize,
}

type Attributes = BTreeMap<HtmlString, html5gum::Spanned<HtmlString, ()>>;

/// A page that is being read; of an archive, one after the other.
pub(super) struct Page {
    format: &'static str,
    flows: Vec<Flow>,
    tables: Vec<OpenTable>,
    /// What is left out: scripts, tracked deletions.
    left_out: Option<Shut>,
    hidden: Option<Shut>,
    /// What is raised or lowered, and whether that begins or ends before the next letter.
    raised: Option<Shut>,
    raised_changes: bool,
    classes: HiddenClasses,
    in_style: bool,
    preformatted: u32,
    /// For each open list, the number of the next item if it is numbered.
    lists: Vec<Option<i64>>,
    /// Every sheet of this part is hidden.
    part_is_hidden: bool,
    /// The page began with `<html>` or `<body>`, and ended so.
    began: bool,
    ended: bool,
    has_frames: bool,
    has_pictures: bool,
    /// What stands in `<title>`.
    title: String,
    hidden_numbers: usize,
    positions: usize,
    findings: Vec<Finding>,
}

impl Page {
    /// A page of which nothing has been read; `format` is what refusals call it.
    pub(super) fn new(format: &'static str) -> Page {
        Page {
            format,
            flows: vec![Flow::default()],
            tables: Vec::new(),
            left_out: None,
            hidden: None,
            raised: None,
            raised_changes: false,
            classes: HiddenClasses::default(),
            in_style: false,
            preformatted: 0,
            lists: Vec::new(),
            part_is_hidden: false,
            began: false,
            ended: false,
            has_frames: false,
            has_pictures: false,
            title: String::new(),
            hidden_numbers: 0,
            positions: POSITION_LIMIT,
            findings: Vec::new(),
        }
    }

    /// Reads a page, or the next one of an archive, to its end.
    ///
    /// # Errors
    /// [`Reason::Damaged`] where it ends inside a table, [`Reason::TooDeep`], [`Reason::TooLarge`].
    pub(super) fn part(&mut self, text: &str) -> Result<(), Refusal> {
        (self.began, self.ended) = (false, false);
        // Excel notes in a comment whether the sheet is hidden.
        self.part_is_hidden =
            ["<x:Visible>SheetHidden<", "<x:Visible>SheetVeryHidden<"].iter().any(|mark| text.contains(mark));
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(text, emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => self.start(&tag.name, &tag.attributes)?,
                Token::EndTag(tag) => self.end(&tag.name)?,
                Token::String(text) => self.text(&String::from_utf8_lossy(&text)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        self.end_part()
    }

    /// What a page that stops in mid-air leaves open was never finished: it is not read.
    fn end_part(&mut self) -> Result<(), Refusal> {
        if !self.tables.is_empty() && !self.ended {
            let detail = "网页在表格中间断了，内容不完整；请重新导出或重新传送";
            return Err(Refusal::new(Reason::Damaged, self.format, detail));
        }
        if !self.tables.is_empty() {
            let unclosed = self.tables.len().to_string();
            self.findings
                .push(Finding::new(FindingCode::PartNotRead, "表格没有结束标记，内容可能不全").with_actual(unclosed));
            while !self.tables.is_empty() {
                self.end_table()?;
            }
        }
        if self.began && !self.ended {
            let finding = Finding::new(FindingCode::PartNotRead, "网页没有结束标记，可能不完整；未结束的一段没有读取");
            let rest = std::mem::take(&mut self.flows[0].text);
            self.findings.push(if rest.trim().is_empty() { finding } else { finding.with_actual(rest.trim()) });
        }
        self.flush();
        (self.left_out, self.hidden, self.in_style, self.preformatted) = (None, None, false, 0);
        self.lists.clear();
        Ok(())
    }

    // ------------------------------------------------------------------------------------------ tags

    fn start(&mut self, name: &[u8], attributes: &Attributes) -> Result<(), Refusal> {
        if let Some(shut) = &mut self.left_out {
            // A table that begins inside of what is left out: its end was forgotten.
            if !matches!(name, b"table" | b"tr" | b"td" | b"th" | b"body") {
                shut.count += u32::from(name == shut.name);
                return Ok(());
            }
            self.left_out = None;
        }
        let shows = !self.is_hidden(name, attributes);
        self.start_raised(name, attributes);
        let struck = matches!(name, b"s" | b"strike")
            || attribute(attributes, b"style").is_some_and(|style| strikes_out(&style));
        match name {
            b"html" | b"body" => self.began = true,
            b"frameset" => self.has_frames = true,
            b"style" => self.in_style = true,
            b"br" => self.line_break(),
            b"img" => self.has_pictures = true,
            b"input" if shows => self.input(attributes),
            b"script" | b"title" | b"template" | b"xml" | b"svg" | b"math" | b"select" | b"datalist" | b"iframe"
            | b"noframes" | b"noembed" | b"del" | b"rt" | b"rp" => return self.leave_out(name),
            _ if is_comment(attributes) => return self.leave_out(name),
            b"table" => self.start_table(shows)?,
            b"caption" => self.flush(),
            b"col" => {
                let span = number(attributes, b"span").unwrap_or(1);
                if let Some(table) = self.tables.last_mut().filter(|table| !table.has_cell()) {
                    table.column(span, !shows);
                }
            }
            b"thead" | b"tbody" | b"tfoot" => {
                self.end_row();
                if let Some(table) = self.tables.last_mut() {
                    table.start_group(!shows);
                }
            }
            b"tr" => {
                self.end_row();
                if let Some(table) = self.tables.last_mut() {
                    table.start_row(!shows);
                }
            }
            b"td" | b"th" => {
                self.start_cell(attributes, !shows)?;
                if struck && self.hidden.is_none() {
                    self.hidden = Some(self.shut(name));
                }
            }
            // What is struck out was withdrawn: it is no more read than what does not show.
            _ => self.start_other(name, attributes, shows && !struck),
        }
        Ok(())
    }

    /// An element of running text.
    fn start_other(&mut self, name: &[u8], attributes: &Attributes, shows: bool) {
        if is_block(name) {
            self.flush();
            // A paragraph ends where the next block begins, with or without a tag.
            if self.hidden.as_ref().is_some_and(|shut| shut.name == b"p" && self.is_at(shut)) {
                self.hidden = None;
            }
        }
        match name {
            b"ol" | b"ul" if self.lists.len() < LIST_LIMIT => {
                let first = number(attributes, b"start").map_or(1, i64::from);
                self.lists.push((name == b"ol").then_some(first));
            }
            b"li" => self.list_item(attributes, shows),
            b"pre" | b"textarea" => self.preformatted += 1,
            _ => {}
        }
        match &mut self.hidden {
            Some(shut) => shut.count += u32::from(name == shut.name && !is_void(name)),
            None if !shows && !is_void(name) => self.hidden = Some(self.shut(name)),
            None => {}
        }
    }

    fn end(&mut self, name: &[u8]) -> Result<(), Refusal> {
        if let Some(shut) = &self.left_out {
            let ends_around = matches!(name, b"td" | b"th" | b"tr" | b"table") && shut.tables > 0;
            if !ends_around {
                self.left_out = self.left_out.take().and_then(|shut| self.closed(shut, name));
                return Ok(());
            }
            self.left_out = None;
        }
        match name {
            b"body" | b"html" => self.ended = true,
            b"style" => self.in_style = false,
            b"td" | b"th" => self.end_cell(),
            b"tr" => self.end_row(),
            b"thead" | b"tbody" | b"tfoot" => {
                self.end_row();
                if let Some(table) = self.tables.last_mut() {
                    table.end_group();
                }
            }
            b"table" if !self.tables.is_empty() => self.end_table()?,
            b"caption" => self.flush(),
            b"ol" | b"ul" => {
                self.flush();
                self.lists.pop();
            }
            b"pre" | b"textarea" => {
                self.flush();
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            _ if is_block(name) => self.flush(),
            _ => {}
        }
        self.hidden = self.hidden.take().and_then(|shut| self.closed(shut, name));
        if let Some(shut) = self.raised.take() {
            self.raised = self.closed(shut, name);
            self.raised_changes |= self.raised.is_none();
        }
        Ok(())
    }

    /// `<sup>`, `<sub>`, and what a style raises or lowers.
    fn start_raised(&mut self, name: &[u8], attributes: &Attributes) {
        if let Some(shut) = &mut self.raised {
            shut.count += u32::from(name == shut.name && !is_void(name));
            return;
        }
        let raised = matches!(name, b"sup" | b"sub")
            || !is_void(name) && attribute(attributes, b"style").is_some_and(|style| raises(&style));
        if raised {
            self.raised = Some(self.shut(name));
            self.raised_changes = true;
        }
    }

    fn shut(&self, name: &[u8]) -> Shut {
        Shut { name: name.to_vec(), count: 1, tables: self.tables.len(), flows: self.flows.len() }
    }

    fn leave_out(&mut self, name: &[u8]) -> Result<(), Refusal> {
        self.left_out = Some(self.shut(name));
        Ok(())
    }

    /// Whether we stand where something shut began, and not inside a table in it.
    fn is_at(&self, shut: &Shut) -> bool {
        (shut.tables, shut.flows) == (self.tables.len(), self.flows.len())
    }

    /// Whether text does not show. In a cell of a hidden table it is read, and the table is marked.
    fn in_hidden_text(&self) -> bool {
        self.hidden.as_ref().is_some_and(|shut| shut.flows == self.flows.len())
    }

    /// What is shut after an end tag.
    fn closed(&self, mut shut: Shut, name: &[u8]) -> Option<Shut> {
        if self.tables.len() < shut.tables || self.flows.len() < shut.flows {
            return None;
        }
        if name == shut.name && self.is_at(&shut) {
            shut.count -= 1;
        }
        (shut.count > 0).then_some(shut)
    }

    fn is_hidden(&self, name: &[u8], attributes: &Attributes) -> bool {
        attribute(attributes, b"style").is_some_and(|style| hides(&style))
            || attributes.contains_key(b"hidden".as_slice())
            || attribute(attributes, b"class")
                .is_some_and(|classes| self.classes.hide(&String::from_utf8_lossy(name), &classes))
    }

    // ------------------------------------------------------------------------------------------ text

    fn text(&mut self, text: &str) {
        if self.in_style {
            return self.classes.add(text);
        }
        if let Some(shut) = &self.left_out {
            if shut.name == b"title" {
                self.title.push_str(text);
            }
            return;
        }
        if self.in_hidden_text() {
            self.hidden_numbers += digit_runs(text).count();
            return;
        }
        let preformatted = self.preformatted > 0;
        let Some(flow) = self.flows.last_mut() else { return };
        for c in text.chars() {
            match c {
                '\r' => {}
                '\n' | '\t' if preformatted => flow.text.push(c),
                // Blanks are one blank, and none where a line begins. Non-breaking ones are characters.
                ' ' | '\t' | '\n' | '\u{c}' => {
                    if preformatted || !(flow.text.is_empty() || flow.text.ends_with([' ', '\n'])) {
                        flow.text.push(' ');
                    }
                }
                c => {
                    if std::mem::take(&mut self.raised_changes) && make_a_number(flow.text.chars().next_back(), Some(c))
                    {
                        flow.text.push(RAISED);
                    }
                    flow.text.push(c);
                }
            }
        }
    }

    fn line_break(&mut self) {
        if self.in_hidden_text() {
            return;
        }
        let Some(flow) = self.flows.last_mut() else { return };
        while flow.text.ends_with(' ') {
            flow.text.pop();
        }
        flow.text.push('\n');
    }

    /// What is typed into a form's field is seen.
    fn input(&mut self, attributes: &Attributes) {
        let kind = attribute(attributes, b"type").unwrap_or_default().to_ascii_lowercase();
        if matches!(kind.as_str(), "" | "text" | "number") {
            self.text(&attribute(attributes, b"value").unwrap_or_default());
        }
    }

    /// A numbered item shows its number.
    fn list_item(&mut self, attributes: &Attributes, shows: bool) {
        let Some(Some(next)) = self.lists.last_mut() else { return };
        let own = number(attributes, b"value").map_or(*next, i64::from);
        *next = own.saturating_add(1);
        if shows && !self.in_hidden_text() {
            self.text(&format!("{own}. "));
        }
    }

    /// Ends the paragraph that is being read.
    fn flush(&mut self) {
        let in_page = self.flows.len() == 1;
        let Some(flow) = self.flows.last_mut() else { return };
        let text = std::mem::take(&mut flow.text);
        let text = text.trim_matches([' ', '\n', '\t']);
        if text.is_empty() {
            return;
        }
        if !in_page {
            return flow.items.push(Item::Paragraph(text.to_owned()));
        }
        flow.items.extend(paragraphs(text).into_iter().map(|text| Item::Paragraph(text.to_owned())));
    }

    // ------------------------------------------------------------------------------------------ tables

    fn start_table(&mut self, shows: bool) -> Result<(), Refusal> {
        if self.tables.len() >= DEPTH_LIMIT {
            let detail = format!("表格嵌套超过 {DEPTH_LIMIT} 层；请另存为 xlsx 或 docx 后再提交");
            return Err(Refusal::new(Reason::TooDeep, self.format, detail));
        }
        self.flush();
        let hidden = !shows || self.hidden.is_some() || self.part_is_hidden;
        self.tables.push(OpenTable::new(hidden));
        Ok(())
    }

    fn start_cell(&mut self, attributes: &Attributes, hidden: bool) -> Result<(), Refusal> {
        self.end_cell();
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        if !table.has_row() {
            table.start_row(false);
        }
        let tag = CellTag {
            row_span: number(attributes, b"rowspan"),
            column_span: number(attributes, b"colspan"),
            hidden,
            width: attribute(attributes, b"width").and_then(|width| width.trim_end_matches("px").parse().ok()),
            stored: attribute(attributes, b"x:num").or_else(|| attribute(attributes, b"sdval")),
        };
        // What stands in a table but in no cell of it stands before it.
        self.flush();
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        if table.start_cell(tag, self.format)? {
            self.flows.push(Flow::default());
        } else {
            self.left_out = Some(self.shut(b"td"));
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        if !self.tables.last().is_some_and(OpenTable::has_cell) {
            return;
        }
        self.flush();
        let items = self.flows.pop().map(|flow| flow.items).unwrap_or_default();
        if let Some(table) = self.tables.last_mut() {
            table.end_cell(items);
        }
        if self.hidden.as_ref().is_some_and(|shut| self.flows.len() < shut.flows) {
            self.hidden = None;
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if let Some(table) = self.tables.last_mut() {
            table.end_row();
        }
    }

    fn end_table(&mut self) -> Result<(), Refusal> {
        self.end_row();
        self.flush();
        let Some(table) = self.tables.pop() else { return Ok(()) };
        let items = table.end(self.format, &mut self.positions, &mut self.hidden_numbers)?;
        if let Some(flow) = self.flows.last_mut() {
            flow.items.extend(items);
        }
        Ok(())
    }

    // ------------------------------------------------------------------------------------------ the document

    /// What its window shows as its title, if it has one.
    pub(super) fn title(&mut self) -> Option<String> {
        let title = std::mem::take(&mut self.title);
        let words: Vec<&str> = title.split_whitespace().collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// Paragraphs and tables with their numbers, and what was noticed.
    ///
    /// # Errors
    /// A refusal where the page has no text.
    pub(super) fn finish(mut self) -> Result<(Vec<Block>, Vec<Finding>), Refusal> {
        let items = self.flows.pop().map(|flow| flow.items).unwrap_or_default();
        let (mut blocks, mut paragraphs, mut tables) = (Vec::new(), 0, 0);
        for item in items {
            match item {
                Item::Paragraph(text) => {
                    paragraphs += 1;
                    if !text.trim().is_empty() {
                        blocks.push(Block::Paragraph(Paragraph { number: paragraphs, text, offset: None }));
                    }
                }
                Item::Table(ReadTable { cells, hidden }) => {
                    tables += 1;
                    let (merges_known, cells) = told_merges(cells);
                    let mut table = Table::new(tables, None, merges_known, cells);
                    table.hidden = hidden;
                    if table.height() > 0 {
                        blocks.push(Block::Table(table));
                    }
                }
            }
        }
        if blocks.is_empty() {
            return Err(if self.has_frames {
                super::sheets_elsewhere(self.format)
            } else if self.has_pictures {
                Refusal::new(Reason::ImageOnly, self.format, "网页里只有图片，没有文字；请提交可以编辑的 xlsx 或 docx")
            } else {
                Refusal::new(Reason::Empty, self.format, "网页里没有内容；请重新导出后再提交")
            });
        }
        if self.hidden_numbers > 0 {
            let finding = Finding::new(FindingCode::PartNotRead, "隐藏的文字中的数字");
            self.findings.push(finding.with_actual(self.hidden_numbers.to_string()));
        }
        Ok((blocks, self.findings))
    }
}

/// Whether the spans of a table can be trusted, and its cells.
///
/// Some publishing systems strip all attributes. Then no cell has a span, but rows have different numbers of cells: they are
/// short by what was merged, and a lone cell is a title over the whole width.
fn told_merges(mut cells: Vec<PlacedCell>) -> (bool, Vec<PlacedCell>) {
    if cells.iter().any(|cell| cell.row_span > 1 || cell.column_span > 1) {
        super::short::doubt(&mut cells);
        return (true, cells);
    }
    let mut widths: BTreeMap<u32, u32> = BTreeMap::new();
    for cell in &cells {
        *widths.entry(cell.row).or_default() += 1;
    }
    let widest = widths.values().copied().max().unwrap_or(0);
    if widths.values().all(|width| matches!(width, 1) || *width == widest) {
        return (true, cells);
    }
    for cell in cells.iter_mut().filter(|cell| widths.get(&cell.row) == Some(&1)) {
        cell.column_span = widest.max(1);
    }
    (false, cells)
}

/// The paragraphs of a text with line breaks: pages part their paragraphs by `<br>` as often as by `<p>`.
///
/// A break parts two where a blank line stands, a sentence or a heading ends, or the next line is indented. Any other is
/// a break within a paragraph.
fn paragraphs(text: &str) -> Vec<&str> {
    let (mut found, mut start) = (Vec::new(), 0);
    for (at, _) in text.match_indices('\n') {
        let (before, after) = (&text[start..at], &text[at + 1..]);
        let ends = before.trim_end().ends_with(['。', '；', '：', '！', '？', ';', ':']) || before.trim().is_empty();
        let begins = after.starts_with(['\u{3000}', '\u{a0}', '\n', ' ']);
        if ends || begins {
            found.push(before);
            start = at + 1;
        }
    }
    found.push(&text[start..]);
    found.retain(|text| !text.is_empty());
    found
}

/// A comment that Word keeps beside the text.
fn is_comment(attributes: &Attributes) -> bool {
    attribute(attributes, b"style").is_some_and(|style| style.to_ascii_lowercase().contains("mso-element:comment"))
}

fn attribute(attributes: &Attributes, name: &[u8]) -> Option<String> {
    attributes.get(name).map(|value| String::from_utf8_lossy(value).into_owned())
}

/// A number at the start of an attribute, as browsers take it.
fn number(attributes: &Attributes, name: &[u8]) -> Option<u32> {
    let value = attribute(attributes, name)?;
    let value = value.trim_start();
    let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let digits = &value[..end];
    // Longer numbers are cut by their limits all the same.
    if digits.len() > 9 { Some(u32::MAX / 2) } else { digits.parse().ok() }
}

fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"br"
            | b"img"
            | b"hr"
            | b"input"
            | b"col"
            | b"meta"
            | b"link"
            | b"wbr"
            | b"base"
            | b"area"
            | b"embed"
            | b"param"
    )
}

/// Elements that begin on a line of their own.
fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"div"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"ul"
            | b"ol"
            | b"li"
            | b"dl"
            | b"dt"
            | b"dd"
            | b"pre"
            | b"hr"
            | b"blockquote"
            | b"center"
            | b"address"
            | b"article"
            | b"aside"
            | b"section"
            | b"header"
            | b"footer"
            | b"nav"
            | b"main"
            | b"form"
            | b"fieldset"
            | b"legend"
            | b"figure"
            | b"figcaption"
            | b"summary"
            | b"details"
            | b"body"
            | b"html"
    )
}
