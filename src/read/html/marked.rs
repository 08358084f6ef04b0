//! Markdown whose tables are in HTML, as converters of PDFs write it: merges are then known.

use crate::read::text::unmarked;

/// Whether a text that is no page holds whole tables of a page.
pub(in crate::read) fn holds_tables(bytes: &[u8]) -> bool {
    let find = |tag: &[u8]| memchr::memmem::find(bytes, tag);
    matches!((find(b"<table"), find(b"</table>")), (Some(begins), Some(ends)) if begins < ends)
}

/// The text as a page: its tables as they stand, each other line a paragraph without the marks of headings and bold type.
pub(super) fn as_page(text: &str) -> String {
    let mut page = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(begins) = rest.find("<table") {
        push_lines(&mut page, &rest[..begins]);
        let ends = end_of_table(&rest[begins..]);
        page.push_str(&rest[begins..begins + ends]);
        rest = &rest[begins + ends..];
    }
    push_lines(&mut page, rest);
    page
}

/// Bytes of a table that begins a text, with the tables in it; all of a text whose table is never closed.
fn end_of_table(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while let Some(tag) = text[at..].find(['<']).map(|tag| at + tag) {
        let from = &text[tag..];
        if from.starts_with("<table") {
            depth += 1;
        } else if from.starts_with("</table>") {
            depth -= 1;
            if depth == 0 {
                return tag + "</table>".len();
            }
        }
        at = tag + 1;
    }
    text.len()
}

fn push_lines(page: &mut String, text: &str) {
    for line in text.lines() {
        // Some converters make a page of each table.
        let mut line = line.to_owned();
        for tag in ["<html>", "</html>", "<body>", "</body>"] {
            line = line.replace(tag, "");
        }
        let line = line.trim();
        if !line.is_empty() {
            page.push_str("<p>");
            page.push_str(&line[unmarked(line)]);
            page.push_str("</p>\n");
        }
    }
}
