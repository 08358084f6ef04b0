//! Tests of both workbook readers: what must come out the same whichever format it went in.

use std::io::{Cursor, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader as _};
use proptest::prelude::*;

use super::{Reason, Refusal, xls, xlsx};
use crate::model::{Block, Cell, Document, Table};

const VALUES_XLSX: &[u8] = include_bytes!("../../tests/files/values.xlsx");
const VALUES_XLS: &[u8] = include_bytes!("../../tests/files/values.xls");
const UNCALCULATED_XLSX: &[u8] = include_bytes!("../../tests/files/uncalculated.xlsx");
const UNCALCULATED_XLS: &[u8] = include_bytes!("../../tests/files/uncalculated.xls");

/// The tables of a document.
fn tables(document: &Document) -> Vec<&Table> {
    document
        .blocks
        .iter()
        .map(|block| match block {
            Block::Table(table) => table,
            Block::Paragraph(paragraph) => panic!("a workbook has no paragraph: {}", paragraph.text),
        })
        .collect()
}

/// A cell in one line: place, text, and behind them what is not plain about it.
fn line(table: &Table, cell: &Cell) -> String {
    let mut line = format!("{} {}", table.place(cell), cell.text.replace('\n', "\\n"));
    if let Some(number) = &cell.number {
        line += &format!(" = {}", number.value);
        line += if number.percent { " percent" } else { "" };
        line += if number.hides_digits { " hides digits" } else { "" };
    }
    if (cell.row_span, cell.column_span) != (1, 1) {
        line += &format!(" spans {}x{}", cell.row_span, cell.column_span);
    }
    if table.hidden || cell.hidden {
        line += " hidden";
    }
    cell.note.iter().for_each(|note| line += &format!(" {note:?}"));
    line
}

/// All cells of a document, one in a line.
fn lines(document: &Document) -> Vec<String> {
    tables(document).iter().flat_map(|table| table.cells.iter().map(|cell| line(table, cell))).collect()
}

/// What calamine reads at each place, as text: the oracle of the tests.
fn calamine_cells(bytes: &[u8]) -> Vec<(String, u32, u32, Data)> {
    let mut cells = Vec::new();
    if bytes.starts_with(b"PK") {
        let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(Cursor::new(bytes)).unwrap();
        for sheet in book.sheets_metadata().to_vec() {
            if sheet.typ != calamine::SheetType::WorkSheet {
                continue;
            }
            let mut reader = book.worksheet_cells_reader(&sheet.name).unwrap();
            while let Some(cell) = reader.next_cell().unwrap() {
                let (row, column) = cell.get_position();
                cells.push((sheet.name.clone(), row + 1, column + 1, Data::from(cell.get_value().clone())));
            }
        }
    } else {
        let mut book: calamine::Xls<_> = calamine::Xls::new(Cursor::new(bytes)).unwrap();
        for sheet in book.sheets_metadata().to_vec() {
            let range = book.worksheet_range(&sheet.name).unwrap();
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                cells.push((sheet.name.clone(), top + row as u32 + 1, left + column as u32 + 1, value.clone()));
            }
        }
    }
    cells.retain(|(.., value)| *value != Data::Empty && *value != Data::String(String::new()));
    cells
}

/// Checks that calamine finds the same in each cell, and no cell less.
fn agrees_with_calamine(bytes: &[u8], document: &Document) {
    let mut own = std::collections::HashMap::new();
    for table in tables(document) {
        for cell in &table.cells {
            let place = (table.sheet.as_deref().unwrap().to_owned(), table.rows[cell.row], table.columns[cell.column]);
            own.insert(place, cell);
        }
    }
    for (sheet, row, column, value) in calamine_cells(bytes) {
        let Some(cell) = own.remove(&(sheet.clone(), row, column)) else {
            // Beneath a merge: not seen.
            continue;
        };
        let number = |double: f64| {
            let Some(number) = &cell.number else { return true };
            let value = if number.percent { number.value / rust_decimal::Decimal::ONE_HUNDRED } else { number.value };
            let shown: f64 = value.to_string().parse().unwrap();
            // Float noise is beyond the tenth digit; that of single precision beyond the fifth.
            format!("{shown:.9e}") == format!("{double:.9e}")
                || cell.text == "0.09" && format!("{shown:.4e}") == format!("{double:.4e}")
        };
        let agrees = match &value {
            Data::String(text) => text.trim() == cell.text.trim(),
            Data::Float(double) => number(*double),
            Data::Int(integer) => number(*integer as f64),
            Data::Bool(truth) => cell.text == if *truth { "TRUE" } else { "FALSE" },
            Data::Error(error) => cell.text == error.to_string(),
            Data::DateTime(_) => cell.number.is_none(),
            _ => false,
        };
        assert!(agrees, "{sheet} R{row}C{column}: {value:?} is read as {cell:?}");
    }
    own.retain(|_, cell| !cell.text.is_empty());
    assert!(own.is_empty(), "calamine does not know {own:?}");
}

/// A package with these parts.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const ROOT: (&str, &str) = (
    "_rels/.rels",
    r#"<Relationships><Relationship Id="a" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
);
const WORKBOOK: (&str, &str) =
    ("xl/workbook.xml", r#"<workbook><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#);
const RELATED: (&str, &str) = (
    "xl/_rels/workbook.xml.rels",
    r#"<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="r2" Type="http://x/sharedStrings" Target="/xl/sharedStrings.xml"/>
    <Relationship Id="r3" Type="http://x/styles" Target="styles.xml"/></Relationships>"#,
);

/// A workbook whose only worksheet has this XML, without styles and shared strings.
fn workbook(sheet: &str) -> Vec<u8> {
    package(&[ROOT, WORKBOOK, RELATED, ("xl/worksheets/sheet1.xml", sheet)])
}

/// The cells of a workbook whose only worksheet has these rows.
fn rows(rows: &str) -> Vec<String> {
    lines(&xlsx::read(&workbook(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"))).unwrap())
}

fn reason(result: Result<Document, Refusal>) -> Reason {
    result.map(|document| lines(&document)).unwrap_err().reason
}

#[test]
fn both_formats_give_the_same_cells() {
    let expected = [
        "公开01表!A1 行1",
        "公开01表!B1 合计",
        "公开01表!D1 合并 spans 2x2", // three columns in the file, of which one is blank and left out
        "公开01表!B2 1240.70 = 1240.7",
        "公开01表!A3 行3 hidden",
        "公开01表!B3 1240.71 = 1240.71 hidden", // stored as 1240.7099999999998
        "公开01表!D4  spans 3x1",
        "公开01表!B5 33.3333333333333 = 33.3333333333333",
        "公开01表!B6 12.345 = 12.345 hides digits",
        "公开01表!B7 29.30% = 29.3 percent",
        "公开01表!H7 藏列 hidden",
        "公开01表!B8 2010301 = 2010301",
        "公开01表!G8 半藏 spans 1x2", // hidden columns are only a part of it
        "公开01表!B10 0.00 = 0",
        "公开01表!B11 -3.24 = -3.24",
        "公开01表!B12 12345.6 ScaledFormat",
        "公开01表!B15 12.50万元",
        "公开01表!B16 2020-07-20 Date",
        "公开01表!B21 TRUE",
        "公开01表!B22 公务\\n接待费 ",
        "公开01表!B23 1,240.70",
        "公开01表!B26 123456789.12 = 123456789.12",
        "藏!A1 隐 hidden",
        "深藏!A1 隐 hidden",
        "末!A1 尾",
        "末!IV65536 远",
    ];
    let (newer, older) = (xlsx::read(VALUES_XLSX).unwrap(), xls::read(VALUES_XLS).unwrap());
    let formulas = ["公开01表!A30", "公开01表!A31", "公开01表!A32", "公开01表!B30", "公开01表!B31", "公开01表!B32"];
    let mut newer_lines = lines(&newer);
    newer_lines.retain(|line| !formulas.iter().any(|place| line.starts_with(place)));
    assert_eq!(newer_lines, lines(&older));
    for line in expected {
        assert!(newer_lines.iter().any(|found| found == line), "{line}");
    }
    let numbers: Vec<u32> = tables(&newer).iter().map(|table| table.number).collect();
    assert_eq!(numbers, [1, 2, 3, 5]); // the fourth worksheet is blank; the chart is none
}

#[test]
fn calamine_reads_the_same() {
    agrees_with_calamine(VALUES_XLSX, &xlsx::read(VALUES_XLSX).unwrap());
    agrees_with_calamine(VALUES_XLS, &xls::read(VALUES_XLS).unwrap());
}

#[test]
fn formulas_that_were_never_calculated_are_told() {
    for document in [xlsx::read(UNCALCULATED_XLSX), xls::read(UNCALCULATED_XLS)] {
        assert_eq!(lines(&document.unwrap()), ["S!A1 合计", "S!B1  FormulaWithoutValue", "S!B2 1.5 = 1.5"]);
    }
    for (cell, line) in [
        (r#"<c r="A1"><f>SUM(B1)</f><v>3.5</v></c>"#, "S!A1 3.5 = 3.5"),
        (r#"<c r="A1"><f>SUM(B1)</f><v></v></c>"#, "S!A1  FormulaWithoutValue"),
        (r#"<c r="A1"><f>SUM(B1)</f></c>"#, "S!A1  FormulaWithoutValue"),
        (r#"<c r="A1" t="str"><f>A2</f></c>"#, "S!A1  FormulaWithoutValue"),
        (r#"<c r="A1" t="e"><f>1/0</f><v>#SPILL!</v></c>"#, "S!A1 #SPILL! ErrorValue"),
    ] {
        assert_eq!(rows(&format!("<row>{cell}</row>")), [line], "{cell}");
    }
    assert!(rows(r#"<row r="1"><c r="A1" t="str"><f>IF(B1,"","")</f><v></v></c></row>"#).is_empty());
}

#[test]
fn what_is_struck_out_is_no_number_and_a_row_that_is_struck_out_is_none() {
    const STYLES: (&str, &str) = (
        "xl/styles.xml",
        r#"<styleSheet><fonts><font/><font><strike/></font><font><strike val="0"/></font></fonts>
        <cellXfs><xf fontId="0"/><xf fontId="1"/><xf fontId="2"/></cellXfs></styleSheet>"#,
    );
    const STRINGS: (&str, &str) = (
        "xl/sharedStrings.xml",
        "<sst><si><r><rPr><strike/></rPr><t>3.00</t></r><r><t>2.50</t></r></si>\
         <si><r><rPr><strike/></rPr><t>8</t></r></si></sst>",
    );
    let sheet = r#"<worksheet><sheetData>
        <row r="1"><c r="A1" t="str" s="1"><v>old</v></c><c r="B1" s="1"><v>3</v></c></row>
        <row r="2"><c r="A2" t="str" s="1"><v>label</v></c><c r="B2" s="2"><v>4</v></c><c r="C2" s="1"><v>5</v></c></row>
        <row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c></row></sheetData></worksheet>"#;
    let bytes = package(&[ROOT, WORKBOOK, RELATED, STYLES, STRINGS, ("xl/worksheets/sheet1.xml", sheet)]);
    let expected = ["S!A2 ~~label~~", "S!B2 4 = 4", "S!C2 ~~5~~", "S!A3 2.50", "S!B3 ~~8~~"];
    assert_eq!(lines(&xlsx::read(&bytes).unwrap()), expected);
}

#[test]
fn what_is_struck_out_in_an_old_workbook_is_no_number() {
    let font = |options: u8| record(0x0031, &[&[200, 0, options, 0][..], &[0; 12]].concat());
    // Font 4 does not exist: the fifth one that stands has number 5.
    let fonts = [font(0), font(0), font(0), font(0), font(8)].concat();
    let style = record(0x00E0, &[&[5, 0][..], &[0; 18]].concat());
    // 32.5, of which the 3 is struck out.
    let text = [&[1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 8, 2, 0][..], b"32.5", &[0, 0, 5, 0, 1, 0, 0, 0]].concat();
    let number = [&[0, 0, 0, 0, 1, 0][..], &3_f64.to_le_bytes()].concat();
    let cells = [record(0x0203, &number), record(0x00FD, &[0, 0, 1, 0, 0, 0, 0, 0, 0, 0]), self::number(2, 7.0)];
    let bytes = compound("Workbook", &stream(0x0600, b"S", &[fonts, style, record(0x00FC, &text)], &cells));
    assert_eq!(lines(&xls::read(&bytes).unwrap()), ["S!A1 ~~3~~", "S!B1 2.5", "S!C1 7 = 7"]);
}

#[test]
fn a_raised_digit_is_none_of_the_number_beside_it() {
    let raised = r#"<r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>"#;
    let cell = format!(r#"<c r="A1" t="inlineStr"><is><r><t>3.00</t></r>{raised}<r><t>2</t></r></is></c>"#);
    assert_eq!(rows(&format!("<row>{cell}</row>")), ["S!A1 3.00^1^2"]);

    let font = |escapement: u8| record(0x0031, &[&[0; 8][..], &[escapement, 0, 0, 0, 0, 0, 0, 0]].concat());
    let text = [&[1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 8, 1, 0][..], b"2.51", &[3, 0, 1, 0]].concat();
    let cells = [record(0x00FD, &[0, 0, 1, 0, 0, 0, 0, 0, 0, 0])];
    let globals = [font(0), font(1), record(0x00FC, &text)];
    let bytes = compound("Workbook", &stream(0x0600, b"S", &globals, &cells));
    assert_eq!(lines(&xls::read(&bytes).unwrap()), ["S!B1 2.5^1"]);
}

#[test]
fn zeros_that_somebody_calculated_are_zeros() {
    const LEFT: (&str, &str) = (
        "xl/workbook.xml",
        r#"<workbook><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets><calcPr fullCalcOnLoad="1"/></workbook>"#,
    );
    let read = |result: &str| {
        let cells = format!(
            r#"<worksheet><sheetData><row><c r="A1"><f>B1+C1</f><v>{result}</v></c></row></sheetData></worksheet>"#
        );
        lines(&xlsx::read(&package(&[ROOT, LEFT, RELATED, ("xl/worksheets/sheet1.xml", &cells)])).unwrap())
    };
    assert_eq!(read("0"), ["S!A1  FormulaWithoutValue"], "what is written where nothing was calculated");
    assert_eq!(read("0.0")[0].split(' ').next_back(), Some("0"));
    assert!(!read("0.0")[0].contains("FormulaWithoutValue"));
}

#[test]
fn cells_without_addresses_stand_where_their_order_puts_them() {
    for sheet in [
        "<row><c><v>1</v></c><c/><c><v>2</v></c></row><row/><row><c><v>3</v></c></row>",
        r#"<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row><row r="3"><c><v>3</v></c></row>"#,
        r#"<row><c r="A1"><v>1</v></c><c/><c><v>2</v></c></row><row><c r="A3"><v>3</v></c></row>"#,
    ] {
        assert_eq!(rows(sheet), ["S!A1 1 = 1", "S!C1 2 = 2", "S!A3 3 = 3"], "{sheet}");
    }
}

#[test]
fn odd_cells_are_told_and_cost_no_other_cell() {
    for (cell, line) in [
        (r#"<c r="A1" t="n"><v>1,240.70</v></c>"#, "S!A1 1,240.70"),
        (r#"<c r="A1" t="z"><v>5</v></c>"#, "S!A1 5 Unreadable"),
        (r#"<c r="A1" t="s"><v>99</v></c>"#, "S!A1 99 Unreadable"),
        (r#"<c r="A1" s="99"><v>5</v></c>"#, "S!A1 5 = 5"), // no styles at all: every style is the general one
        (r#"<c r="A1"><v>1e300</v></c>"#, "S!A1 1e300 Unreadable"),
        (r#"<c r="A1"><v>0100</v></c>"#, "S!A1 100 = 100"),
        (r#"<c r="A1" t="str"><v>0100</v></c>"#, "S!A1 0100"),
        (r#"<c r="A1" t="d"><v>2020-07-20</v></c>"#, "S!A1 2020-07-20 Date"),
        (r#"<c r="A1" t="b"><v>0</v></c>"#, "S!A1 FALSE"),
        (r#"<c r="A1" t="inlineStr"><v>9</v><is><t>1.</t></is><v>9</v></c>"#, "S!A1 1."),
        (r#"<c r="A1"><v>5</v><extLst><ext/></extLst></c>"#, "S!A1 5 = 5"),
        (
            r#"<c r="A1" t="inlineStr"><is><r><t>合</t></r><r><t xml:space="preserve"> 计</t></r><rPh><t>hé</t></rPh></is></c>"#,
            "S!A1 合 计",
        ),
        (r#"<c r="A1" t="inlineStr"><is><t>a&amp;b&#x4e00;_x000A__x005F_x0041_</t></is></c>"#, "S!A1 a&b一\\n_x0041_"),
        (r#"<c r="A1"><v>5</v></c><c r="A1"><v>6</v></c>"#, "S!A1 5 Unreadable"), // two readings
        (r#"<c r="A9"><v>5</v></c>"#, "S!A9 5 Unreadable"),                       // row 1 says otherwise
    ] {
        let found = rows(&format!(r#"<row r="1">{cell}<c r="B1"><v>7</v></c></row>"#));
        assert!(found.contains(&line.to_owned()), "{cell}: {found:?}");
        assert!(found.contains(&"S!B1 7 = 7".to_owned()), "{cell}: {found:?}");
    }
}

#[test]
fn a_cell_reads_the_same_in_plain_writing_and_in_any_other() {
    for cells in [
        r#"<c r="A1" s="1"/><c r="B1" s="1"><v>2054.95</v></c><c r="C1"><v></v></c><c r="D1" t="str"><v>_x0041_</v></c>"#,
        r#"<c r="A1" t="s"><v>0</v></c><c r="B1" t=""><v>5</v></c><c r="C1" t="b"><v>1</v></c><c r="D1" t="e"><v>#REF!</v></c>"#,
        r#"<c r="A1"><v>a&amp;b</v></c><c r="B1"><v> 5 </v></c><c r="AA1"><v>1</v></c><c r="B1"><v>6</v></c>"#,
        r#"<c r="A2"><v>1</v></c><c r="XFE1"><v>2</v></c><c r="A0"><v>3</v></c><c r="A1" s="99999999"><v>4</v></c>"#,
        r#"<c r="AAAA1"><v>1</v></c><c r="A10485760"><v>2</v></c><c r="b1"><v>3</v></c><c r="C1"><v>4</v></c>"#,
    ] {
        for row in [r#"<row r="1">"#, "<row>"] {
            let read = |cells: &str| {
                let sheet = format!("<worksheet><sheetData>{row}{cells}</row></sheetData></worksheet>");
                let document = xlsx::read(&workbook(&sheet)).unwrap();
                (lines(&document), document.findings)
            };
            assert_eq!(read(cells), read(&cells.replace("<c ", "<c  ")), "{row}{cells}");
        }
    }
}

#[test]
fn parts_are_unpacked_whatever_their_directory_says_of_their_size() {
    let rows: String =
        (1..=3000).map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>"#)).collect();
    let bytes = workbook(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"));
    assert_eq!(lines(&xlsx::read(&bytes).unwrap()).len(), 3000);
    let entry = bytes.windows(46).rposition(|at| at.starts_with(b"PK\x01\x02")).unwrap();
    // The size unpacked proves nothing; the checksum does, and so does the size packed.
    for (field, replaced, damaged) in [(24, 1_u32, false), (24, 50 << 20, false), (16, 7, true), (20, 100, true)] {
        let mut bytes = bytes.clone();
        bytes[entry + field..entry + field + 4].copy_from_slice(&replaced.to_le_bytes());
        let read = xlsx::read(&bytes);
        assert_eq!(read.is_err(), damaged, "{field} {replaced}");
        assert!(!damaged || reason(read) == Reason::Damaged, "{field} {replaced}");
    }
}

#[test]
fn addresses_that_are_none_become_findings() {
    for address in ["AAAAAAAAAAA1", "XFE1", "A0", "A1048577", "A99999999999", "A", "1", ""] {
        let sheet = format!(
            r#"<worksheet><sheetData><row r="1"><c r="{address}"><v>5</v></c><c r="B1"><v>7</v></c></row></sheetData></worksheet>"#
        );
        let document = xlsx::read(&workbook(&sheet)).unwrap();
        assert_eq!(lines(&document), ["S!B1 7 = 7"], "{address}");
        assert_eq!(document.findings.len(), 1, "{address}");
    }
}

#[test]
fn unusual_packages_are_read() {
    let sheet = r#"<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:dimension ref="C3:A1"/>
        <x:sheetData><x:row r="1"><x:c r="B1" t="s"><x:v>1</x:v></x:c><x:c r="XFD1" s="1"><x:v>1240.7</x:v></x:c></x:row>
        </x:sheetData></x:worksheet>"#;
    let strings = r#"<sst count="1" uniqueCount="4000000000"><si/><si><t>甲</t></si></sst>"#;
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.00&quot;天&quot;"/></numFmts>
        <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
    let document = xlsx::read(&package(&[
        (
            "_rels/.rels",
            r#"<p:Relationships xmlns:p="x"><p:Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/Data/Book.xml"/></p:Relationships>"#,
        ),
        ("data/book.xml", WORKBOOK.1),
        (
            "data/_rels/book.xml.rels",
            r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="../a/one.xml"/>
            <Relationship Id="r2" Type="x/sharedStrings" Target="/a/two.xml"/><Relationship Id="r3" Type="x/styles" Target="\a\three.xml"/></Relationships>"#,
        ),
        ("a/one.xml", sheet),
        ("a/two.xml", strings),
        ("a/three.xml", styles),
    ]));
    assert_eq!(lines(&document.unwrap()), ["S!B1 甲", "S!XFD1 1240.70 = 1240.7"]);
}

#[test]
fn a_stray_cell_far_away_and_blank_formatted_rows_cost_nothing() {
    let mut sheet = String::from(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#);
    for row in 2..200_000 {
        sheet += &format!(r#"<row r="{row}" s="1"><c r="A{row}" s="1"/></row>"#);
    }
    sheet += r#"<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#;
    assert_eq!(rows(&sheet), ["S!A1 1 = 1", "S!XFD1048576 2 = 2"]);
}

#[test]
fn what_stands_beneath_a_merge_is_not_seen() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>
        <row r="2"><c r="B2"><v>4</v></c></row></sheetData>
        <mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="C2:C1"/><mergeCell ref="B2"/><mergeCell ref="XFA1:XFD1048576"/></mergeCells></worksheet>"#;
    let document = xlsx::read(&workbook(sheet)).unwrap();
    assert_eq!(lines(&document), ["S!A1 1 = 1 spans 1x2", "S!C1 3 = 3 spans 2x1", "S!B2 4 = 4"]);
}

#[test]
fn damaged_packages_are_refused_with_what_is_missing() {
    for (part, parts) in [
        ("xl/workbook.xml", vec![ROOT]),
        ("xl/workbook.xml", vec![RELATED]),
        ("xl/worksheets/sheet1.xml", vec![ROOT, WORKBOOK, RELATED]),
        (
            "xl/worksheets/sheet1.xml",
            vec![ROOT, WORKBOOK, RELATED, ("xl/worksheets/sheet1.xml", "<worksheet><sheetData>")],
        ),
        ("xl/worksheets/sheet1.xml", vec![ROOT, WORKBOOK, RELATED, ("xl/worksheets/sheet1.xml", "<a></b>")]),
        ("xl/worksheets/sheet1.xml", vec![ROOT, WORKBOOK, RELATED, ("xl/worksheets/sheet1.xml", "")]),
        ("“S”", vec![ROOT, WORKBOOK]),
    ] {
        let refusal = xlsx::read(&package(&parts)).unwrap_err();
        assert_eq!(refusal.reason, Reason::Damaged);
        assert!(refusal.detail.contains(part), "{refusal}");
    }
    let twice =
        package(&[ROOT, WORKBOOK, RELATED, ("xl/worksheets/sheet1.xml", "<a/>"), ("XL/worksheets/sheet1.xml", "<a/>")]);
    assert_eq!(reason(xlsx::read(&twice)), Reason::Damaged);
}

#[test]
fn half_a_file_is_damaged() {
    for length in [VALUES_XLSX.len() / 2, VALUES_XLSX.len() - 30, 100, 4, 0] {
        assert_eq!(reason(xlsx::read(&VALUES_XLSX[..length])), Reason::Damaged, "{length}");
    }
    for length in [VALUES_XLS.len() / 2, 600, 100, 4, 0] {
        assert_eq!(reason(xls::read(&VALUES_XLS[..length])), Reason::Damaged, "{length}");
    }
}

#[test]
fn hostile_parts_are_refused() {
    let entity = r#"<!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>"#;
    assert_eq!(reason(xlsx::read(&workbook(entity))), Reason::EntityExpansion);
    let external = r#"<!DOCTYPE a SYSTEM "http://x/a.dtd"><worksheet/>"#;
    assert_eq!(reason(xlsx::read(&workbook(external))), Reason::EntityExpansion);
    assert_eq!(reason(xlsx::read(&workbook(&"<a>".repeat(700)))), Reason::TooDeep);
    // A diagonal: few cells, and a grid of 25 million positions.
    let diagonal: String = (1..=5000)
        .map(|at| format!(r#"<row r="{at}"><c r="{}{at}"><v>1</v></c></row>"#, crate::model::column_letters(at)))
        .collect();
    let sheet = format!("<worksheet><sheetData>{diagonal}</sheetData></worksheet>");
    assert_eq!(reason(xlsx::read(&workbook(&sheet))), Reason::TooLarge);
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [ROOT, WORKBOOK, RELATED] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let blank = vec![b' '; 1 << 20];
    (0..301).for_each(|_| zip.write_all(&blank).unwrap());
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    assert_eq!(reason(xlsx::read(&bomb)), Reason::TooLarge);
}

/// A compound file with one stream.
fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(format!("/{name}")).unwrap().write_all(stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// A record of a workbook's stream.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

/// A stream with one worksheet: the records before it and its own.
fn stream(version: u16, name: &[u8], globals: &[Vec<u8>], cells: &[Vec<u8>]) -> Vec<u8> {
    let begin = record(0x0809, &[&version.to_le_bytes()[..], &[5, 0, 0, 0, 0, 0, 0, 0, 0, 0]].concat());
    let style = record(0x00E0, &[0; 20]);
    let end = record(0x000A, &[]);
    let mut bound = vec![0; 6];
    bound.push(name.len() as u8);
    if version == 0x0600 {
        bound.push(0);
    }
    bound.extend_from_slice(name);
    let globals = [begin.clone(), style, globals.concat()].concat();
    let start = (globals.len() + bound.len() + 4 + end.len()) as u32;
    bound[..4].copy_from_slice(&start.to_le_bytes());
    [globals, record(0x0085, &bound), end.clone(), begin, cells.concat(), end].concat()
}

/// A number in row 1 of a column counted from 0.
fn number(column: u8, value: f64) -> Vec<u8> {
    record(0x0203, &[&[0, 0, column, 0, 0, 0][..], &value.to_le_bytes()].concat())
}

#[test]
fn locked_workbooks_are_told_from_damaged_ones() {
    let locked = stream(0x0600, b"S", &[record(0x002F, &[1, 0, 1, 0])], &[]);
    assert_eq!(reason(xls::read(&compound("Workbook", &locked))), Reason::Encrypted);
    assert_eq!(reason(xls::read(&compound("EncryptedPackage", &[1; 5000]))), Reason::Encrypted);
    assert_eq!(reason(xls::read(&compound("Other", &[1; 5000]))), Reason::Damaged);
}

#[test]
fn old_workbooks_are_read_however_they_were_written() {
    let cells = [
        record(0x0200, &[0, 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0]), // a dimension that lies
        number(0, 1240.7),
        record(0x0205, &[0, 0, 1, 0, 0, 0, 0x99, 1]), // an error value of a later version
        // A formula whose tokens are cut short.
        record(0x0006, &[&[0, 0, 2, 0, 0, 0][..], &3.5_f64.to_le_bytes(), &[0, 0, 0, 0, 0, 0, 99, 0, 0x44]].concat()),
        record(0x027E, &[0, 0, 3, 0, 0, 0, 0x37, 0xE5, 0x1E, 0x00]), // 506189 / 100 as an integer
    ];
    let expected = ["S!A1 1240.7 = 1240.7", "S!B1 #ERROR! ErrorValue", "S!C1 3.5 = 3.5", "S!D1 5061.89 = 5061.89"];
    for (name, version) in [("Workbook", 0x0600), ("WORKBOOK", 0x0600), ("Book", 0x0500), ("BOOK", 0x0500)] {
        let bytes = compound(name, &stream(version, b"S", &[], &cells));
        assert_eq!(lines(&xls::read(&bytes).unwrap()), expected, "{name}");
    }
}

#[test]
fn a_formula_with_a_text_has_it_in_the_next_record() {
    let formula =
        |column: u8| record(0x0006, &[0, 0, column, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
    let cells = [formula(0), record(0x0207, &[2, 0, 0, b'O', b'K']), formula(1), formula(2)];
    let bytes = compound("Workbook", &stream(0x0600, b"S", &[], &cells));
    let expected = ["S!A1 OK", "S!B1  FormulaWithoutValue", "S!C1  FormulaWithoutValue"];
    assert_eq!(lines(&xls::read(&bytes).unwrap()), expected);
}

#[test]
fn compound_files_of_other_writers_are_read() {
    // A class in the header, as WPS writes it.
    let mut with_class = VALUES_XLS.to_vec();
    with_class[8..24].copy_from_slice(b"WPS Office class");
    // A file that ends before its last sector is full.
    let mut stream = stream(0x0600, b"S", &[], &[number(0, 1.5)]);
    stream.resize(5000, 0);
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
    file.flush().unwrap();
    let mut unpadded = file.into_inner().into_inner();
    let zeros = unpadded.iter().rev().take_while(|byte| **byte == 0).count();
    unpadded.truncate(unpadded.len() - zeros.min(100));
    assert_eq!(lines(&xls::read(&with_class).unwrap()), lines(&xls::read(VALUES_XLS).unwrap()));
    assert_eq!(lines(&xls::read(&unpadded).unwrap()), ["S!A1 1.5 = 1.5"]);
}

#[test]
fn texts_of_a_code_page_are_chinese_whatever_the_file_says() {
    let (label, _, _) = encoding_rs::GBK.encode("合计（元）");
    let cell = record(0x0204, &[&[0, 0, 0, 0, 0, 0, label.len() as u8, 0][..], &label].concat());
    for page in [936_u16, 1252, 10000] {
        let globals = [record(0x0042, &page.to_le_bytes())];
        let bytes =
            compound("Book", &stream(0x0500, &encoding_rs::GBK.encode("表").0, &globals, std::slice::from_ref(&cell)));
        let document = xls::read(&bytes).unwrap();
        assert_eq!(
            (lines(&document), document.encoding),
            (vec!["表!A1 合计（元）".to_owned()], Some("gb18030")),
            "{page}"
        );
    }
    let western = record(0x0204, &[0, 0, 0, 0, 0, 0, 4, 0, b'A', 0xe7, 0xf5, b's']);
    let bytes = compound("Book", &stream(0x0500, b"S", &[record(0x0042, &1252_u16.to_le_bytes())], &[western]));
    assert_eq!(lines(&xls::read(&bytes).unwrap()), ["S!A1 Açõs"]);
    let unknown = record(0x0204, &[0, 0, 0, 0, 0, 0, 3, 0, 0xff, 0xff, 0xe9]);
    let bytes = compound("Book", &stream(0x0500, b"S", &[], &[unknown]));
    assert_eq!(reason(xls::read(&bytes)), Reason::UnreadableEncoding);
}

#[test]
fn low_bytes_of_texts_are_gbk_only_where_they_are_nothing_else() {
    for (bytes, text) in [
        (&b"\xba\xcf\xbc\xc6 (A)"[..], "合计 (A)"), // what some exporters write
        (b"Opera\xe7\xf5es", "Operações"),
        (b"13\xb4\xb4", "13´´"),
        (b"20\xb0", "20°"),
    ] {
        let label = record(0x0204, &[&[0, 0, 0, 0, 0, 0, bytes.len() as u8, 0, 0][..], bytes].concat());
        let file = compound("Workbook", &stream(0x0600, b"S", &[], &[label]));
        assert_eq!(lines(&xls::read(&file).unwrap()), [format!("S!A1 {text}")]);
    }
}

#[test]
fn a_part_under_another_name_than_the_directory_says_is_damaged() {
    let mut bytes = workbook("<worksheet/>");
    let at = bytes.windows(10).position(|name| name == b"sheet1.xml").unwrap();
    bytes[at..at + 10].copy_from_slice(b"sheet2.xml");
    assert_eq!(reason(xlsx::read(&bytes)), Reason::Damaged);
}

#[test]
fn a_shared_text_may_be_cut_by_the_end_of_its_record() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let first = [&[2, 0, 0, 0, 2, 0, 0, 0, 4, 0, 1][..], &wide("公务")].concat();
    let rest = [&[1][..], &wide("接待"), &[2, 0, 0, b'O', b'K']].concat();
    let cells = [record(0x00FD, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), record(0x00FD, &[0, 0, 1, 0, 0, 0, 1, 0, 0, 0])];
    let bytes = compound("Workbook", &stream(0x0600, b"S", &[record(0x00FC, &first), record(0x003C, &rest)], &cells));
    assert_eq!(lines(&xls::read(&bytes).unwrap()), ["S!A1 公务接待", "S!B1 OK"]);
}

/// Reads the bytes as both formats; any answer will do, a panic will not.
fn reads_without_panic(bytes: &[u8]) {
    let read = catch_unwind(AssertUnwindSafe(|| (xlsx::read(bytes).is_ok(), xls::read(bytes).is_ok())));
    assert!(read.is_ok(), "reading panicked");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_give_a_document_or_a_refusal(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        reads_without_panic(&bytes);
        reads_without_panic(&[b"PK\x03\x04", &bytes[..]].concat());
        reads_without_panic(&compound("Workbook", &bytes));
        reads_without_panic(&compound("Workbook", &stream(0x0600, b"S", &[], &[bytes])));
    }

    #[test]
    fn damaged_bytes_give_a_document_or_a_refusal(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        for file in [VALUES_XLSX, VALUES_XLS, UNCALCULATED_XLS] {
            let mut bytes = file.to_vec();
            for (at, value) in &changes {
                *at.get_mut(&mut bytes) = *value;
            }
            reads_without_panic(&bytes);
        }
    }

    #[test]
    fn a_worksheet_of_any_text_gives_a_document_or_a_refusal(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<worksheet>", "</worksheet>", "<sheetData>", "</sheetData>", "<row>", "<row r=\"4294967295\">", "<row hidden='1'/>",
            "</row>", "<c r=\"XFD1048576\">", "<c t='s'>", "<c>", "<c/>", "</c>", "<v>", "1e28", "-7.922816251426433759354395033e28",
            "0.1", "99999999999999999999", "1E-999", "</v>", "<f/>", "<is>", "<t>", "</t>", "</is>", "<rPh>", "</rPh>", "&#0;", "&b;",
            "_x00", "_xD800_", "<mergeCell ref='A1:XFD1048576'/>", "<col min='0' max='4294967295' hidden='1'/>", "<!--", "-->", "<![CDATA[",
        ]), 0..60)
    ) {
        reads_without_panic(&workbook(&pieces.concat()));
    }

    #[test]
    fn any_format_shows_any_number(code in "[0#?.,;%@\"\\\\_*\\[\\]hmsydeEGA/+<>=一万!-]{0,20}", mantissa in any::<i64>(), scale in 0_u32..28) {
        let stored = rust_decimal::Decimal::new(mantissa, scale);
        let format = super::number_format::NumberFormat::parse(&code);
        let cell = format.show(stored, super::number_format::DateOrigin::Year1900);
        prop_assert!(!cell.text.is_empty());
        if let Some(number) = cell.number {
            let shown = cell.text.trim_end_matches('%').parse::<rust_decimal::Decimal>().unwrap();
            prop_assert_eq!(shown, number.value);
        }
    }
}
