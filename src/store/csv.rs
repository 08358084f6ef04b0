//! The tables once more as CSV that Excel and WPS open right: UTF-8 with a byte order mark, CRLF, no formulas.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::StoreError;
use super::disk::File;
use super::table::cells::Cell;
use super::table::shape::{Kind, TableShape};
use super::table::stored;
use crate::model::plain;

/// Writes `<dir>/<table>.csv` from the parts of a table, in their order.
pub(crate) fn write(dir: &Path, shape: &'static TableShape, parts: &[PathBuf]) -> Result<(), StoreError> {
    let path = dir.join(format!("{}.csv", shape.name));
    let failed = |error| StoreError::file("write", &path, error);
    let mut out = BufWriter::new(File::create(&path)?);
    let names: Vec<&str> = shape.columns.iter().map(|column| column.name).collect();
    write!(out, "\u{feff}{}\r\n", names.join(",")).map_err(failed)?;
    let mut line = String::new();
    for part in parts {
        stored::copy_all(shape, part, |frame, row| {
            line.clear();
            for (at, column) in shape.columns.iter().enumerate() {
                if at > 0 {
                    line.push(',');
                }
                add_field(&mut line, column.kind, frame.cell(at, row));
            }
            line.push_str("\r\n");
            out.write_all(line.as_bytes()).map_err(|error| StoreError::file("write", &path, error))
        })?;
    }
    out.flush().map_err(failed)
}

/// Adds one field, quoted where it must be.
fn add_field(line: &mut String, kind: Kind, cell: Cell<'_>) {
    match cell {
        Cell::Null => {}
        Cell::Text(text) => add_text(line, text),
        Cell::Int(value) if kind == Kind::Timestamp => line.push_str(&super::snapshot::timestamp(value)),
        Cell::Int(value) => line.push_str(&value.to_string()),
        Cell::Flag(value) => line.push_str(if value { "true" } else { "false" }),
        Cell::Amount(value) => line.push_str(&plain(value)),
    }
}

/// Adds a text: defused where a spreadsheet would take it for a formula, without control characters.
fn add_text(line: &mut String, text: &str) {
    let defused = if looks_like_formula(text) { "'" } else { "" };
    let harmful = |character: char| character.is_control() && !matches!(character, '\n' | '\r' | '\t');
    if !text.contains(|c: char| matches!(c, '"' | ',' | '\n' | '\r') || harmful(c)) {
        line.push_str(defused);
        line.push_str(text);
        return;
    }
    line.push('"');
    line.push_str(defused);
    for character in text.chars() {
        match character {
            '"' => line.push_str("\"\""),
            other if harmful(other) => line.push('\u{fffd}'),
            other => line.push(other),
        }
    }
    line.push('"');
}

/// A text that a spreadsheet would run. A number with a sign is none, nor is a dash.
fn looks_like_formula(text: &str) -> bool {
    let mut characters = text.chars();
    match characters.next() {
        Some('=' | '@' | '\t' | '\r' | '＝' | '＠') => true,
        Some('+' | '-' | '＋' | '－') => {
            characters.any(|c| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | ' ' | '-')))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        for (text, field) in [
            ("公务接待费", "公务接待费"),
            ("=1+1", "'=1+1"),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-1.88", "-1.88"),
            ("-", "-"),
            ("--", "--"),
            ("-1,240.71", "\"-1,240.71\""),
            ("两行\n文字", "\"两行\n文字\""),
            ("\u{1b}[31m红", "\"\u{fffd}[31m红\""),
        ] {
            let mut line = String::new();
            add_text(&mut line, text);
            assert_eq!(line, field, "{text}");
        }
    }

    #[test]
    fn decimals_have_no_padding_zeros() {
        for (value, field) in [(1_240_710_000, "1240.71"), (0, "0"), (-29_300_000, "-29.3"), (3_000_000, "3")] {
            let mut line = String::new();
            add_field(&mut line, Kind::Amount, Cell::Amount(value));
            assert_eq!(line, field);
        }
    }
}
