//! Reading: the bytes of one file become a [`Document`](crate::model::Document).
//!
//! *In:* bytes and a name. *Out:* paragraphs and tables in order, each cell with its text, exact number and place; or
//! a [`Refusal`] that says why nothing can be made of the file and what to do.
//!
//! The type is told by the bytes, never by the name. Knows no mapping and no template.

mod detect;
mod doc;
mod docx;
mod encoding;
mod html;
mod number_format;
mod package;
mod refusal;
mod second_opinion;
mod text;
#[cfg(test)]
mod workbook_tests;
mod worksheet;
mod xls;
mod xlsx;
mod xml;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::model::Document;
use detect::Kind;
pub(crate) use detect::name_tells;
pub use refusal::{Reason, Refusal};

/// Positions that a table's grid may have, filled or not. Honest tables stay far below; a few cells far apart in both
/// directions would fill the memory.
const GRID_LIMIT: usize = 10_000_000;

/// Reads one file.
///
/// `name` is its path or file name; it only tells lock files and the files of operating systems, and never what a
/// document is.
///
/// # Errors
/// A [`Refusal`] where nothing can be made of the file. What can only partly be read is a document with findings. A panic
/// below is caught: it costs this document, and is [`Reason::Crashed`].
pub fn read(bytes: &[u8], name: &str) -> Result<Document, Refusal> {
    catch_unwind(AssertUnwindSafe(|| read_as(detect::detect(bytes, name)?, bytes))).unwrap_or_else(|_| {
        Err(Refusal::new(Reason::Crashed, "", "读取时程序出错；请把这个文件报告给 juesuan 的开发者"))
    })
}

fn read_as(kind: Kind, bytes: &[u8]) -> Result<Document, Refusal> {
    match kind {
        Kind::Docx => docx::read(bytes),
        Kind::Doc => doc::read(bytes),
        Kind::Html => html::read(bytes),
        Kind::Mhtml => html::read_archive(bytes),
        Kind::Marked => html::read_marked(bytes),
        Kind::Text => text::read(bytes),
        Kind::Xlsx => xlsx::read(bytes),
        Kind::Xls => {
            let mut document = xls::read(bytes)?;
            second_opinion::compare(bytes, &mut document);
            Ok(document)
        }
    }
}

/// Stands between digits and raised or lowered ones beside them: 3.00¹ is 3.00 with the mark of a note, and no 3.001.
const RAISED: char = '^';

/// Whether two characters beside each other, one of them raised, would read as one number.
fn make_a_number(before: Option<char>, behind: Option<char>) -> bool {
    let of_number = |c: Option<char>| c.is_some_and(|c| c.is_numeric() || matches!(c, '.' | '．' | ',' | '，'));
    of_number(before) && of_number(behind)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use proptest::prelude::*;

    use super::*;
    use crate::model::Block;

    /// A package of the given parts.
    pub(super) fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// A document as the tests compare it: a line per paragraph and per cell.
    pub(super) fn shown(document: &Document) -> String {
        let mut shown = String::new();
        for block in &document.blocks {
            match block {
                Block::Paragraph(paragraph) => {
                    shown += &format!("{} {}\n", paragraph.number, paragraph.text.replace('\n', "⏎"));
                }
                Block::Table(table) => {
                    shown += &format!("table {}\n", table.number);
                    for cell in table.cells.iter().filter(|cell| !cell.text.is_empty()) {
                        let spans = match (cell.row_span, cell.column_span) {
                            (1, 1) => String::new(),
                            (rows, columns) => format!("{rows}x{columns} "),
                        };
                        let hidden = if cell.hidden { "hidden " } else { "" };
                        let (row, column) = (table.rows[cell.row], table.columns[cell.column]);
                        shown += &format!(" r{row}c{column} {spans}{hidden}{}\n", cell.text.replace('\n', "⏎"));
                    }
                }
            }
        }
        shown
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_document_or_a_refusal(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let crashed = matches!(read(&bytes, "x"), Err(Refusal { reason: Reason::Crashed, .. }));
            prop_assert!(!crashed);
        }

        #[test]
        fn any_text_gives_a_document_or_a_refusal(text in "[\t\n\r |<^\u{c}a1合计：附件.\u{0}\u{2028}-]{0,200}") {
            let crashed = matches!(read(text.as_bytes(), "x"), Err(Refusal { reason: Reason::Crashed, .. }));
            prop_assert!(!crashed);
        }
    }
}
