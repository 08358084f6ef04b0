//! Web pages, whatever they are called: what Excel and Word save as a page or a web archive, and the tables that
//! government systems hand out as `.xls` or `.doc`.
//!
//! The tokens come from `html5gum`, which takes a page apart as browsers do; paragraphs and tables are made of them here,
//! on stacks of our own, so that no nesting can overflow the program's. What a person sees counts: scripts, styles,
//! tracked deletions and comments do not; what is hidden is left out, or marked where it is a row, a column or a table.
//!
//! A nested table becomes a table of its own behind the one that holds it. A table that only lays out a page (it holds
//! tables and little else, or one cell with several paragraphs) is no table: what it holds stands where it stood.

mod charset;
mod marked;
mod mhtml;
mod page;
mod short;
mod style;
mod table;
#[cfg(test)]
mod tests;

use super::refusal::{Reason, Refusal};
use crate::model::{Document, Format};
pub(super) use marked::holds_tables;
use page::Page;

/// Reads a web page.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let (text, finding) = charset::decode(bytes, None, "html")?;
    let mut page = Page::new("html");
    page.part(&text.text)?;
    document(page, Format::Html, text.encoding, finding)
}

/// Reads Markdown that holds tables of a page.
pub(super) fn read_marked(bytes: &[u8]) -> Result<Document, Refusal> {
    let (text, finding) = charset::decode(bytes, None, "html")?;
    let mut page = Page::new("html");
    page.part(&marked::as_page(&text.text))?;
    document(page, Format::Html, text.encoding, finding)
}

/// Reads a web archive: one page, or a workbook whose sheets are pages.
pub(super) fn read_archive(bytes: &[u8]) -> Result<Document, Refusal> {
    let parts = mhtml::pages(bytes)?;
    let mut page = Page::new("mhtml");
    let (mut encoding, mut finding) = ("utf-8", None);
    for part in &parts {
        let (text, disagrees) = charset::decode(&part.bytes, part.charset.as_deref(), "mhtml")?;
        page.part(&text.text)?;
        (encoding, finding) = (text.encoding, finding.or(disagrees));
    }
    document(page, Format::Mhtml, encoding, finding)
}

fn document(
    mut page: Page,
    format: Format,
    encoding: &'static str,
    finding: Option<crate::model::Finding>,
) -> Result<Document, Refusal> {
    let title = page.title();
    let (blocks, mut findings) = page.finish()?;
    let damage = super::text::damage(&blocks, encoding);
    if !damage.places.is_empty() {
        findings.push(damage);
    }
    findings.extend(finding);
    Ok(Document { format, encoding: Some(encoding), blocks, findings, title, asides: Vec::new() })
}

/// The refusal of a page whose sheets are files of their own.
fn sheets_elsewhere(format: &'static str) -> Refusal {
    let detail = "这是 Excel 另存的网页，各工作表在另外的文件里，没有一同提交；请另存为 xlsx 后再提交";
    Refusal::new(Reason::Damaged, format, detail)
}
