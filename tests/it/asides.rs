//! What stands at the head or the foot of pages, or in comments on cells, is heeded.

use std::io::{Cursor, Write};

use juesuan::model::{Extracted, FindingCode};
use juesuan::pipeline::{Settings, extract};

const SPACE: &str = "http://schemas.openxmlformats.org";

fn package(parts: &[(&str, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn relations(of: &[(&str, &str)]) -> String {
    let relation = |(at, (kind, target)): (usize, &(&str, &str))| {
        format!(
            "<Relationship Id=\"rId{}\" Type=\"{SPACE}/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/>",
            at + 1
        )
    };
    let all: String = of.iter().enumerate().map(relation).collect();
    format!("<Relationships xmlns=\"{SPACE}/package/2006/relationships\">{all}</Relationships>")
}

const LINES: [&str; 2] = ["2022年度财政拨款“三公”经费支出决算表", "编制单位：青禾县教育局"];
const ROWS: [[&str; 3]; 3] =
    [["项目", "预算数", "决算数"], ["公务接待费", "3.00", "2.50"], ["公务用车运行维护费", "5.00", "4.50"]];

/// A Word document whose pages have a head.
fn document(head: &str) -> Extracted {
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph(text));
    let row = |row: &[&str; 3]| format!("<w:tr>{}</w:tr>", row.map(cell).concat());
    let body = LINES.map(paragraph).concat() + "<w:tbl>" + &ROWS.each_ref().map(row).concat() + "</w:tbl>";
    let bytes = package(&[
        ("_rels/.rels", relations(&[("officeDocument", "word/document.xml")])),
        ("word/_rels/document.xml.rels", relations(&[("header", "header1.xml")])),
        ("word/header1.xml", format!("<w:hdr>{head}</w:hdr>")),
        ("word/document.xml", format!("<w:document><w:body>{body}</w:body></w:document>")),
    ]);
    extract(&bytes, "决算.docx", &Settings::load(None, None, false).unwrap())
}

/// A workbook of one worksheet with a foot, and comments on its cells.
fn workbook(foot: &str, comments: &[(&str, &str)]) -> Extracted {
    let cell = |text: &str| match text.parse::<f64>() {
        Ok(_) => format!("<c><v>{text}</v></c>"),
        Err(_) => format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    };
    let row = |cells: String| format!("<row>{cells}</row>");
    let rows = LINES.map(|line| row(cell(line))).concat() + &ROWS.map(|cells| row(cells.map(cell).concat())).concat();
    let comment = |(at, text): &(&str, &str)| {
        format!("<comment ref=\"{at}\" authorId=\"0\"><text><r><t>某人:</t></r><r><t>\n{text}</t></r></text></comment>")
    };
    let comments: String = comments.iter().map(comment).collect();
    let main = format!("{SPACE}/spreadsheetml/2006/main");
    let bytes = package(&[
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/_rels/workbook.xml.rels", relations(&[("worksheet", "worksheets/sheet1.xml")])),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{SPACE}/officeDocument/2006/relationships\"><sheets>\
                 <sheet name=\"公开07表\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        ("xl/worksheets/_rels/sheet1.xml.rels", relations(&[("comments", "../comments1.xml")])),
        ("xl/comments1.xml", format!("<comments xmlns=\"{main}\"><commentList>{comments}</commentList></comments>")),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData><headerFooter><oddFooter>{foot}</oddFooter>\
                 </headerFooter></worksheet>"
            ),
        ),
    ]);
    extract(&bytes, "决算.xlsx", &Settings::load(None, None, false).unwrap())
}

/// The figures' values, and what blocked the others.
fn told(made: &Extracted) -> (String, Vec<&str>) {
    let figures: Vec<String> = made.submission.figures.iter().map(|figure| figure.value.to_string()).collect();
    let mut blocked: Vec<&str> = made.submission.leftovers.iter().map(|left| &*left.blocked_by).collect();
    blocked.dedup();
    (figures.join(" "), blocked)
}

/// All values of the table.
const ALL: &str = "3 2.5 5 4.5";

#[test]
fn pages_that_say_that_it_is_no_final_version_leave_it_over() {
    let text = |line: &str| format!("<w:p><w:r><w:t>{line}</w:t></w:r></w:p>");
    for line in ["征求意见稿", "样本", "内部资料　仅供参考", "截至2022年6月底"] {
        let made = document(&text(line));
        assert_eq!((told(&made).0.as_str(), told(&made).1.len()), ("", 1), "{line}");
        let foot = format!("&amp;L&amp;\"宋体,常规\"&amp;10{line}&amp;R第&amp;P页");
        let made = workbook(&foot, &[]);
        assert_eq!((told(&made).0.as_str(), told(&made).1.len()), ("", 1), "{line}");
    }
    // What is drawn across the pages.
    let mark = "<w:p><w:r><w:pict><v:shape><v:textpath string=\"草稿\"/></v:shape></w:pict></w:r></w:p>";
    assert_eq!(told(&document(mark)), (String::new(), vec!["草稿"]));
    for line in ["", "第1页 共3页", "青禾县教育局2022年度部门决算", "教育局", "内部资料"] {
        assert_eq!(told(&document(&text(line))), (ALL.into(), vec![]), "{line}");
        assert_eq!(told(&workbook(line, &[])), (ALL.into(), vec![]), "{line}");
    }
}

#[test]
fn another_year_or_unit_at_the_head_of_pages_is_told() {
    use FindingCode::{UnitContradiction, YearContradiction};
    for (line, code) in [
        ("2021年度部门决算", YearContradiction),
        ("青禾县水务局2022年度部门决算", UnitContradiction),
        ("青禾县水务局", UnitContradiction),
    ] {
        let made = workbook(line, &[]);
        assert_eq!(told(&made), (ALL.into(), vec![]), "{line}");
        assert!(made.submission.findings.iter().any(|finding| finding.code == code), "{line}");
    }
    for line in ["2023年9月", "青禾县人民政府", "青禾县教育局"] {
        assert_eq!(workbook(line, &[]).submission.findings, vec![], "{line}");
    }
}

#[test]
fn a_unit_of_measure_at_the_foot_of_pages_is_that_of_the_table_that_has_none() {
    assert_eq!(told(&workbook("金额单位：元", &[])).0, "0.0003 0.00025 0.0005 0.00045");
    assert_eq!(told(&workbook("单位：万元", &[])).0, ALL);
}

#[test]
fn a_comment_that_puts_a_number_in_doubt_leaves_it_over() {
    // On a number; on the label of its row, on the header of its column.
    for comment in
        ["含上年结转0.50万元", "含下属单位经费", "不含下属单位", "此数有误", "暂估", "此数为上年数", "单位为元"]
    {
        assert!(!told(&workbook("", &[("C4", comment)])).0.contains("2.5"), "{comment}");
    }
    for comment in ["本行为下属单位数", "不含局机关", "有误"] {
        assert_eq!(told(&workbook("", &[("A4", comment)])).0, "5 4.5", "{comment}");
    }
    assert_eq!(told(&workbook("", &[("C3", "此列为上年数")])).0, "3 5");
    assert_eq!(told(&workbook("", &[("A1", "草稿，待审核")])), (String::new(), vec!["草稿,待审核"]));
    for comment in ["已核对", "见财决08表", "2.60", "含税", "请按万元填列", "预算数为2022年预算数"]
    {
        assert_eq!(told(&workbook("", &[("A4", comment), ("C4", comment)])), (ALL.into(), vec![]), "{comment}");
    }
}
