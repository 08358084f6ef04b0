use proptest::prelude::*;

use super::*;
use crate::model::{Block, FindingCode};
use crate::read::tests::shown;

fn page(html: &str) -> Document {
    read(html.as_bytes()).unwrap()
}

#[test]
fn paragraphs_hold_what_a_person_sees() {
    for (html, expected) in [
        ("<h1>2023年度</h1><p>收、<b>支</b>总计1240<font>.71</font>万元", "1 2023年度\n2 收、支总计1240.71万元\n"),
        ("<div>a\n   b&nbsp;c&amp;d&#21512;</div>", "1 a b\u{a0}c&d合\n"),
        ("<p>a<script>if (1 < 2) { write('<p>x') }</script><style>p {}</style>b<!-- c --></p>", "1 ab\n"),
        ("<title>t</title><p>a<del>1</del><ins>2</ins></p>", "1 a2\n"),
        ("<!--[if gte mso 9]><xml>1</xml><![endif]--><p><![if !supportLists]>一、<![endif]>收入</p>", "1 一、收入\n"),
        ("<p>3.00<sup>1</sup>2 m<sup>2</sup> 5<span style='vertical-align: super'>1</span>7", "1 3.00^1^2 m2 5^1^7\n"),
        ("<p>a<s>1</s><strike>2</strike><span style='text-decoration: line-through'>3</span>b", "1 ab\n"),
        ("<p>a<span style='display:none'>1<span>2</span>3</span>b", "1 ab\n"),
        ("<p style='display:none'>1<p>a", "1 a\n"),
        ("<style>.x{display:none}</style><div class='y x'><p>1</div>a", "1 a\n"),
        ("一、收入<br>　　共计5万元。<br>其中<br>财政拨款", "1 一、收入\n2 　　共计5万元。\n3 其中⏎财政拨款\n"),
        ("<ol start=3><li>a<li>b</ol><ul><li>c</ul>", "1 3. a\n2 4. b\n3 c\n"),
        ("<pre>a  b\nc</pre>", "1 a  b⏎c\n"),
        ("<p><input type=text value=5.00><input type=hidden value=6><select><option>7</select>万元", "1 5.00万元\n"),
        ("<p><ruby>元<rt>yuán</rt></ruby>", "1 元\n"),
        ("<p>&nbsp;</p><p>a", "2 a\n"),
    ] {
        assert_eq!(shown(&page(html)), expected, "{html}");
    }
}

#[test]
fn cells_stand_where_their_spans_and_those_before_put_them() {
    let html = "<table><caption>收入决算表</caption>
        <tr><th rowspan=2>项目<th colspan=2>其中</th><th rowspan=0>备注
        <tr><td>公务<br>接待费<td>运行费
        <tbody><tr><td colspan=2 rowspan=2>a</td><td>1<tr><td>2<tr><td>b<td>3<td>4</table>";
    assert_eq!(
        shown(&page(html)),
        "1 收入决算表\ntable 1\n r1c1 2x1 项目\n r1c2 1x2 其中\n r1c4 2x1 备注\n r2c2 公务⏎接待费\n r2c3 运行费\n \
         r3c1 2x2 a\n r3c3 1\n r4c3 2\n r5c1 b\n r5c2 3\n r5c3 4\n"
    );
}

#[test]
fn rows_of_different_lengths_without_any_span_have_lost_their_merges() {
    let known = |html: &str| {
        let document = page(html);
        document.blocks.iter().any(|block| matches!(block, Block::Table(table) if table.merges_known))
    };
    assert!(!known(
        "<table><tr><td>项目<td>合计<td>其他<tr><td>编码<td>名称<td><td><tr><td>201<td>a<td>1<td>2</table>"
    ));
    // Blank cells are written, a title has one cell, or spans are there.
    assert!(known("<table><tr><td>收入决算表<tr><td>编码<td>名称<td>合计<tr><td>201<td>a<td>1</table>"));
    assert!(known("<table><tr><td colspan=2>项目<td>合计<tr><td>201<td>a<td>1</table>"));
}

#[test]
fn numbers_of_a_row_that_lacks_a_cell_below_spans_may_stand_in_another_column() {
    let doubted = |rows: &str| {
        let header = "<tr><td colspan=2>项目<td>合计<td>基本支出<td>项目支出<tr><td>编码<td>名称<td><td><td>";
        let document = page(&format!("<table>{header}{rows}</table>"));
        let cells = document.blocks.iter().flat_map(|block| match block {
            Block::Table(table) => table.cells.clone(),
            Block::Paragraph(_) => Vec::new(),
        });
        let doubted = cells.filter(|cell| cell.note == Some(crate::model::CellNote::Undivided));
        doubted.map(|cell| cell.text).collect::<Vec<_>>()
    };
    let (whole, short) = ("<tr><td>201<td>a<td>3<td>2<td>1", "<tr><td>205<td>b<td>5<td>5");
    assert_eq!(doubted(whole), Vec::<String>::new());
    assert_eq!(doubted(&[whole, short, whole].concat()), vec!["205", "5", "5"]);
    assert_eq!(doubted(&[short, short].concat()).len(), 6);
    // All rows leave out their last cell, and the numbers of columns and a title do not.
    assert_eq!(doubted(&["<tr><td>栏次<td><td>1<td>2<td>3", short, short, short].concat()).len(), 0);
    assert_eq!(doubted("<tr><td>注<tr><td colspan=5>合计").len(), 0);
}

#[test]
fn a_column_without_width_is_none() {
    let table = |wide: u32| {
        page(&format!(
            "<table><tr><td colspan=4 width=320><tr><td width=72>a<td width=72>b<td colspan=2 width=72>c
             <tr><td width=72>1<td colspan=2 width={wide}>2<td width=71>3</table>"
        ))
    };
    assert_eq!(shown(&table(72)), "table 1\n r2c1 a\n r2c2 b\n r2c3 c\n r3c1 1\n r3c2 2\n r3c3 3\n");
    // One that a person sees is a column: the number stands below both.
    assert_eq!(shown(&table(110)), "table 1\n r2c1 a\n r2c2 b\n r2c3 1x2 c\n r3c1 1\n r3c2 1x2 2\n r3c4 3\n");
}

#[test]
fn nested_tables_follow_the_one_that_holds_them_and_layout_is_none() {
    let html = "<table><tr><td>a<td>1<tr><td>b<td>2<table><tr><td>c<td>3</table></table>";
    assert_eq!(shown(&page(html)), "table 1\n r1c1 a\n r1c2 1\n r2c1 b\n r2c2 2\ntable 2\n r1c1 c\n r1c2 3\n");
    let layout = "<table><tr><td>menu<td><p>收入决算表</p><table><tr><td>c<td>3</table><p>注</table>";
    assert_eq!(shown(&page(layout)), "1 menu\n2 收入决算表\ntable 1\n r1c1 c\n r1c2 3\n3 注\n");
    let frame = "<table><tr><td><p>a</p><p>b</p></table>";
    assert_eq!(shown(&page(frame)), "1 a\n2 b\n");
}

#[test]
fn hidden_rows_columns_and_tables_are_marked() {
    let html = "<table><col><col style='display:none'><tr><td>a<td>1<td>x<tr style='display:none'><td>b<td>2<td>y
        <tr><td>c<td style='display:none'>3<td>z</table>";
    assert_eq!(
        shown(&page(html)),
        "table 1\n r1c1 a\n r1c2 hidden 1\n r1c3 x\n r2c1 hidden b\n r2c2 hidden 2\n r2c3 hidden y\n r3c1 c\n \
         r3c2 hidden 3\n r3c3 z\n"
    );
    // Merged by a script: what lies beneath takes no place.
    let merged = "<table><tr><td rowspan=2>a<td>1<tr><td style='display:none'>a</td><td>2</table>";
    assert_eq!(shown(&page(merged)), "table 1\n r1c1 2x1 a\n r1c2 1\n r2c2 2\n");
    let document = page("<div style='display:none'><p>5</p><table><tr><td>a<td>1</table></div><p>b");
    let hidden: Vec<bool> = document
        .blocks
        .iter()
        .filter_map(|block| match block {
            crate::model::Block::Table(table) => Some(table.hidden),
            crate::model::Block::Paragraph(_) => None,
        })
        .collect();
    assert_eq!(hidden, [true]);
    assert_eq!(document.findings[0].code, FindingCode::PartNotRead);
}

#[test]
fn tags_that_were_forgotten_do_not_move_a_cell() {
    for html in [
        "<table><td>a<td>1<tr><td>b<td>2</table>",
        "<table><tr><td>a</td><td>1</td></tr></tr><tr><td>b</td></td><td>2</tr></table></table>",
        "<table><tr><td><p>a</td><td><b>1</td></tr><tr><td><font>b</td><td>2</td></tr></table>",
        "<table><tbody><tr><td>a<td>1</tbody><tbody><tr><td>b<td>2</tbody></table>",
        "<table><tr><td>a<td>1<del>9</td></tr><tr><td>b<td>2</table>",
    ] {
        assert_eq!(shown(&page(html)), "table 1\n r1c1 a\n r1c2 1\n r2c1 b\n r2c2 2\n", "{html}");
    }
}

#[test]
fn a_page_that_was_cut_short_gives_nothing_of_its_last_part() {
    for cut in [
        "<html><table><tr><td>公务接待费<td>1240.7",
        "<table><tr><td>a<td>1240.7</td></tr>",
        "<table><tr><td>a<td>1</table><table><tr><td",
    ] {
        assert_eq!(read(cut.as_bytes()).unwrap_err().reason, Reason::Damaged, "{cut}");
    }
    let document = page("<html><body><p>a</p><p>共计1240.7");
    assert_eq!(shown(&document), "1 a\n");
    assert_eq!(document.findings[0].actual.as_deref(), Some("共计1240.7"));
    // A table without its end tag in a page that has one.
    let document = page("<html><table><tr><td>a<td>1</html>");
    assert_eq!(shown(&document), "table 1\n r1c1 a\n r1c2 1\n");
    assert_eq!(document.findings.len(), 1);
}

#[test]
fn an_archive_is_read_page_by_page() {
    let sheet = |rows: &str| {
        format!("--b\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\r\n<html><table>{rows}</table></html>\r\n")
    };
    let archive = format!(
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><frameset rows=3D\"*\"></frameset></html>\r\n{}{}--b--\r\n",
        sheet("<tr><td>合计<td>1"),
        sheet("<tr><td>小计<td>2"),
    );
    let document = read_archive(archive.as_bytes()).unwrap();
    assert_eq!(shown(&document), "table 1\n r1c1 合计\n r1c2 1\ntable 2\n r1c1 小计\n r1c2 2\n");
    let alone = read("<html><frameset><frame src=sheet001.htm></frameset></html>".as_bytes()).unwrap_err();
    assert_eq!(alone.reason, Reason::Damaged);
}

#[test]
fn cells_behind_a_hidden_one_whose_column_shows_are_in_doubt() {
    let notes = |rows: &str| -> Vec<bool> {
        let document = page(&format!("<table>{rows}</table>"));
        let tables = document.blocks.iter().filter_map(|block| match block {
            crate::model::Block::Table(table) => Some(table),
            crate::model::Block::Paragraph(_) => None,
        });
        tables.flat_map(|table| &table.cells).map(|cell| cell.note.is_some()).collect()
    };
    // A browser shows 8 below 预算数 and 7 below 决算数.
    let stray = "<tr><td>项目<td>预算数<td>决算数<tr><td>公务接待费<td style='display:none'>9<td>8<td>7";
    assert_eq!(notes(stray), [false, false, false, false, true, true, true]);
    let hidden_column = "<tr><td>项目<td hidden>预算数<td>决算数<tr><td>公务接待费<td hidden>9<td>8";
    assert_eq!(notes(hidden_column), [false; 6]);
}

#[test]
fn hostile_pages_are_refused_in_bounded_time() {
    let deep = "<table><tr><td>".repeat(5_000);
    assert_eq!(read(deep.as_bytes()).unwrap_err().reason, Reason::TooDeep);
    let wide = format!("<table><tr>{}</table>", "<td colspan=100000>1".repeat(50));
    assert_eq!(read(wide.as_bytes()).unwrap_err().reason, Reason::TooLarge);
    let mut diagonal = String::from("<table>");
    for row in 0..8_000 {
        diagonal.push_str(&format!("<tr><td colspan={}></td><td rowspan=60000>1", row % 900 + 1));
    }
    assert_eq!(read(format!("{diagonal}</table>").as_bytes()).unwrap_err().reason, Reason::TooLarge);
    // Odd, and no harm.
    for html in ["<div>".repeat(200_000) + "a", "<b><i>".repeat(100_000) + "a", "<ol><li>".repeat(50_000) + "a"] {
        assert!(read(html.as_bytes()).is_ok());
    }
    assert_eq!(shown(&page("<table><tr><td colspan=4000000000 rowspan=-1>a</table>")), "table 1\n r1c1 a\n");
}

proptest! {
    #[test]
    fn any_soup_of_tags_gives_a_document_or_a_refusal(
        soup in "(<(/?(table|tr|td|th|tbody|p|div|b|del|script|style|ol|li|pre|html|body|caption|col)|td rowspan=(0|2|9)|td colspan=3|td hidden|p hidden|tr hidden|br|!--|/)>?|a|1|\n){0,80}"
    ) {
        let _ = read(soup.as_bytes());
    }
}

#[test]
fn the_title_of_the_page_is_kept_beside_its_text() {
    let told = |html: &str| page(html).title;
    assert_eq!(
        told("<title>\n青禾县水利局  2022年度\n部门决算</title><p>a").as_deref(),
        Some("青禾县水利局 2022年度 部门决算")
    );
    assert_eq!(told("<title> </title><p>a"), None);
    assert_eq!(told("<svg><title>图</title></svg><p>a"), None);
    assert_eq!(told("<p>a"), None);
}

#[test]
fn markdown_with_tables_of_a_page_is_read_as_one() {
    let text = "# 青禾县第一中学2022年度部门决算\n\n**收入决算表**\n单位：万元\n\n<html><body><table><tr><td colspan=\"2\">项目</td>\
                <td>本年收入<br>合计</td></tr><tr><td>205</td><td>教育支出</td><td>5.00</td></tr></table></body></html>\n\n\
                注：5<6\n";
    let document = crate::read::read(text.as_bytes(), "a.md").unwrap();
    assert_eq!(
        shown(&document),
        "1 青禾县第一中学2022年度部门决算\n2 收入决算表\n3 单位：万元\ntable 1\n r1c1 1x2 项目\n r1c3 本年收入⏎合计\n r2c1 205\n \
         r2c2 教育支出\n r2c3 5.00\n4 注：5<6\n"
    );
}
