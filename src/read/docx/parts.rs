//! The other parts of a Word document: styles and numbering, as far as paragraphs depend on them.

use std::collections::HashMap;

use memchr::memmem;

use super::OpenParagraph;
use super::numbering::{Numbering, is_on};
use super::value;
use crate::read::package::{Package, Relation, XmlPart};
use crate::read::refusal::Refusal;
use crate::read::xml::{Piece, Xml};

/// The other parts of the package, each read when the first paragraph needs it.
pub(super) struct Parts<'a> {
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
    pub(super) fn new(package: Package<'a>, main: String) -> Parts<'a> {
        Parts { package, main, relations: None, styles: None, numbering: None }
    }

    /// The name and the text of the part that the main part calls its `kind`.
    pub(super) fn related(&mut self, kind: &str) -> Result<Option<(String, XmlPart)>, Refusal> {
        let found = self.relations()?.iter().find(|relation| relation.kind == kind);
        let found = found.map(|relation| relation.target.clone());
        let folder = self.main.rsplit_once('/').map_or("", |(folder, _)| folder);
        let name = found.unwrap_or_else(|| format!("{folder}/{kind}.xml"));
        Ok(self.package.xml(&name)?.map(|xml| (name, xml)))
    }

    fn relations(&mut self) -> Result<&[Relation], Refusal> {
        let relations = match self.relations.take() {
            Some(relations) => relations,
            None => self.package.relations(&self.main)?,
        };
        Ok(self.relations.insert(relations))
    }

    /// The lines at the head and at the foot of the pages, those drawn across them among them.
    pub(super) fn page_lines(&mut self) -> Result<Vec<String>, Refusal> {
        let mut lines = Vec::new();
        let of_pages = |relation: &&Relation| matches!(&*relation.kind, "header" | "footer");
        let names: Vec<String> =
            self.relations()?.iter().filter(of_pages).map(|relation| relation.target.clone()).collect();
        for name in names {
            if let Some(xml) = self.package.xml(&name)? {
                page_lines_of(&xml, &name, &mut lines)?;
            }
        }
        Ok(lines)
    }

    fn styles(&mut self) -> Result<&HashMap<String, Style>, Refusal> {
        let styles = match self.styles.take() {
            Some(styles) => styles,
            None => match self.related("styles")? {
                // Most styles say nothing about either, and then need no reading.
                Some((name, xml)) if has(&xml, "numPr") || has(&xml, "vanish") => styles(&xml, &name)?,
                _ => HashMap::new(),
            },
        };
        Ok(self.styles.insert(styles))
    }

    fn numbering(&mut self) -> Result<&mut Numbering, Refusal> {
        let numbering = match self.numbering.take() {
            Some(numbering) => numbering,
            None => match self.related("numbering")? {
                Some((name, xml)) => Numbering::parse(&xml, &name)?,
                None => Numbering::default(),
            },
        };
        Ok(self.numbering.insert(numbering))
    }

    /// Whether text of a style is hidden.
    pub(super) fn hides(&mut self, style: &str) -> Result<bool, Refusal> {
        Ok(inherited(self.styles()?, style, |style| style.is_hidden).unwrap_or(false))
    }

    /// Counts a numbered paragraph; what stands before its text.
    pub(super) fn label(&mut self, paragraph: &OpenParagraph) -> Result<String, Refusal> {
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

/// The lines of a head or a foot; a tab parts what stands at the left from what stands at the right.
fn page_lines_of(xml: &str, part: &str, lines: &mut Vec<String>) -> Result<(), Refusal> {
    let mut pieces = Xml::new(xml, part, "docx");
    let (mut line, mut in_text) = (String::new(), false);
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Start(element) | Piece::Empty(element) if element.name == "textpath" => {
                lines.extend(element.attribute("string"));
            }
            Piece::Start(element) => in_text = element.name == "t",
            Piece::Empty(element) if matches!(element.name, "tab" | "ptab" | "br") => {
                lines.push(std::mem::take(&mut line));
            }
            Piece::End(name) => {
                in_text = false;
                if name == "p" {
                    lines.push(std::mem::take(&mut line));
                }
            }
            text if in_text => pieces.append(text, &mut line)?,
            _ => {}
        }
    }
    lines.retain(|line| !line.trim().is_empty());
    Ok(())
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

/// A part has a word somewhere.
fn has(xml: &str, word: &str) -> bool {
    memmem::find(xml.as_bytes(), word.as_bytes()).is_some()
}

fn styles(xml: &str, part: &str) -> Result<HashMap<String, Style>, Refusal> {
    let mut styles: HashMap<String, Style> = HashMap::new();
    let mut current = Style::default();
    let mut name = String::new();
    let mut pieces = Xml::new(xml, part, "docx");
    while let Some(piece) = pieces.next()? {
        let (Piece::Start(element) | Piece::Empty(element)) = piece else { continue };
        match element.name {
            "style" => {
                styles.insert(std::mem::take(&mut name), std::mem::take(&mut current));
                name = element.attribute("styleId").unwrap_or_default();
            }
            "basedOn" => current.based_on = value(element),
            "numId" => current.list = Some(value(element)),
            "ilvl" => current.level = value(element).parse().ok(),
            "vanish" => current.is_hidden = Some(is_on(&element.attribute("val"))),
            _ => {}
        }
    }
    styles.insert(name, current);
    Ok(styles)
}
