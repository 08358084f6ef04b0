//! Workbooks of the newer format (.xlsx, .xlsm): a package of XML parts.
//!
//! One pass over each worksheet takes all that matters: text, the digits of numbers as they are stored, number
//! formats, merges, hidden lines, errors, formulas without a result. calamine reads the same cells in the tests, and
//! both must agree: it is no base for this reader, because it gives no raw digits, no hidden lines, no place of a cell
//! it refuses, and parses each worksheet once more for its merges.

mod cell;
mod plain_cell;
mod sheet;
mod strings;
mod styles;
mod workbook;

use self::sheet::{Reading, Results};
use self::strings::Strings;
use self::styles::Styles;
use self::workbook::{Related, Workbook};
use super::package::{Package, Relation, XmlPart};
use super::worksheet::{Budget, Worksheet};
use super::xml::damaged;
use super::{Reason, Refusal};
use crate::model::{Document, Finding, FindingCode, Format};

const XLSX: &str = "xlsx";

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
    let blocks = Worksheet::into_blocks(worksheets, &mut reading.budget)?;
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
