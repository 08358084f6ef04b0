//! What the workbook's main part says, and the parts that it leads to.

use std::collections::HashMap;
use std::sync::Arc;

use super::XLSX;
use crate::read::Refusal;
use crate::read::number_format::DateOrigin;
use crate::read::package::Package;
use crate::read::xml::{Piece, Xml};

/// What the main part says.
#[derive(Default)]
pub(super) struct Workbook {
    pub(super) sheets: Vec<SheetEntry>,
    pub(super) origin: DateOrigin,
    /// Formulas are to be calculated when an office program opens the file.
    pub(super) calculate_on_load: bool,
}

pub(super) struct SheetEntry {
    pub(super) name: Arc<str>,
    pub(super) hidden: bool,
    pub(super) relationship: String,
}

impl Workbook {
    pub(super) fn read(text: &str, part: &str) -> Result<Workbook, Refusal> {
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
pub(super) struct Related {
    /// Kind and part by relationship.
    pub(super) sheets: HashMap<String, (String, String)>,
    pub(super) strings: Option<String>,
    pub(super) styles: Option<String>,
}

impl Related {
    pub(super) fn of(package: &mut Package<'_>, main: &str) -> Result<Related, Refusal> {
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
