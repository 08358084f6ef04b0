//! The styles of cells: number formats, and what makes their content no content.

use std::collections::HashMap;

use super::XLSX;
use super::strings::is_on;
use crate::read::Refusal;
use crate::read::number_format::NumberFormat;
use crate::read::xml::{Element, Piece, Xml};

/// How what stands in a cell looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) struck: bool,
    /// White.
    pub(super) white: bool,
}

/// The number formats of cell styles.
#[derive(Default)]
pub(super) struct Styles {
    formats: Vec<NumberFormat>,
    /// For each style, the index of its format, and how what stands in it looks.
    pub(super) styles: Vec<(usize, Look)>,
}

impl Styles {
    pub(super) fn read(text: &str, part: &str) -> Result<Styles, Refusal> {
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
    pub(super) fn get(&self, style: usize) -> Option<&NumberFormat> {
        self.formats.get(self.styles.get(style)?.0)
    }

    /// How what stands in a cell of the style looks.
    pub(super) fn look(&self, style: Option<usize>) -> Look {
        style.and_then(|style| self.styles.get(style)).map(|(_, look)| *look).unwrap_or_default()
    }
}

/// The colour is white, or that of the paper.
fn is_white(element: &Element<'_>) -> bool {
    let is = |name: &str, values: &[&str]| element.attribute(name).is_some_and(|value| values.contains(&&*value));
    let tinted = element.attribute("tint").is_some();
    is("rgb", &["FFFFFFFF", "00FFFFFF", "FFFFFF"]) || is("indexed", &["9", "65"]) || is("theme", &["0"]) && !tinted
}
