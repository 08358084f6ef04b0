use super::*;
use crate::read::tests::{shown, zip_of};

const RELATIONS: &str = r#"<Relationships><Relationship Id="1" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>"#;

/// A document with the given body and further parts.
fn docx(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<?xml version=\"1.0\"?><w:document><w:body>{body}<w:sectPr/></w:body></w:document>");
    let mut all = vec![("_rels/.rels", RELATIONS), ("word/document.xml", document.as_str())];
    all.extend_from_slice(parts);
    zip_of(&all)
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A cell with properties and one paragraph.
fn tc(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
}

fn tr(cells: &[String]) -> String {
    format!("<w:tr>{}</w:tr>", cells.concat())
}

fn tbl(rows: &[String]) -> String {
    format!("<w:tbl><w:tblPr/><w:tblGrid/>{}</w:tbl>", rows.concat())
}

#[test]
fn a_paragraph_holds_what_a_person_sees() {
    let cases: &[(&str, &str)] = &[
        ("<w:r><w:t>1240</w:t></w:r><w:r><w:t>.71</w:t></w:r>", "1240.71"),
        ("<w:r><w:t xml:space=\"preserve\">收、 </w:t><w:t> 支 </w:t></w:r>", "收、 支"),
        ("<w:r><w:t>A&amp;B &#x4E07;元</w:t></w:r>", "A&B 万元"),
        ("<w:r><w:t><![CDATA[a<b]]></w:t></w:r>", "a<b"),
        (
            "<w:r><w:noBreakHyphen/><w:t>5.00</w:t><w:tab/><w:t>a</w:t><w:br/><w:t>b</w:t><w:cr/><w:t>c</w:t></w:r>",
            "-5.00\ta⏎b⏎c",
        ),
        ("<w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>a</w:t></w:r>", "a"),
        (
            "<w:r><w:sym w:font=\"Symbol\" w:char=\"F0B3\"/><w:t>90%</w:t><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/></w:r>",
            "≥90%☑",
        ),
        // Tracked changes, as accepted.
        ("<w:ins><w:r><w:t>20.47</w:t></w:r></w:ins><w:del><w:r><w:delText>20.48</w:delText></w:r></w:del>", "20.47"),
        ("<w:moveFrom><w:r><w:t>a</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>b</w:t></w:r></w:moveTo>", "b"),
        ("<w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>a</w:t></w:r>", "a"),
        // Hidden text.
        (
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>a</w:t></w:r><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>b</w:t></w:r>",
            "b",
        ),
        (
            "<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>the mark is hidden, the text is not</w:t></w:r>",
            "the mark is hidden, the text is not",
        ),
        // The mark of a note, raised, is no digit of the number beside it.
        (
            "<w:r><w:t>3.00</w:t></w:r><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>1</w:t></w:r><w:r><w:t>2</w:t></w:r>",
            "3.00^1^2",
        ),
        ("<w:r><w:t>m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>2</w:t></w:r>", "m2"),
        // Struck out.
        (
            "<w:r><w:rPr><w:strike/><w:vanish w:val=\"0\"/></w:rPr><w:t>3.00</w:t></w:r><w:r><w:rPr><w:dstrike w:val=\"0\"/></w:rPr><w:t>2.00</w:t></w:r>",
            "2.00",
        ),
        // Fields show their result.
        (
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>PAGE</w:instrText><w:t>code</w:t></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>3</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t>页</w:t></w:r>",
            "3页",
        ),
        ("<w:fldSimple w:instr=\"DATE\"><w:r><w:t>2024</w:t></w:r></w:fldSimple>", "2024"),
        // Wrappers.
        ("<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent><w:r><w:t>良好</w:t></w:r></w:sdtContent></w:sdt>", "良好"),
        ("<w:hyperlink><w:smartTag><w:r><w:t>a</w:t></w:r></w:smartTag></w:hyperlink>", "a"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>yuán</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>元</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "元",
        ),
        // A text box is stored twice.
        (
            "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>anchor</w:t></w:r>",
            "anchor\n2 box",
        ),
    ];
    for (runs, expected) in cases {
        let document = read(&docx(&format!("<w:p>{runs}</w:p>"), &[])).unwrap();
        assert_eq!(shown(&document), format!("1 {expected}\n"), "{runs}");
    }
}

#[test]
fn blank_paragraphs_count_and_deleted_marks_join() {
    let deleted_mark = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>合</w:t></w:r></w:p>";
    let body = [p("a"), "<w:p/>".into(), "<w:p></w:p>".into(), deleted_mark.into(), p("计")].concat();
    assert_eq!(shown(&read(&docx(&body, &[])).unwrap()), "1 a\n4 合计\n");
}

#[test]
fn cells_stand_in_the_column_of_the_grid() {
    let table = tbl(&[
        tr(&[tc("<w:vMerge w:val=\"restart\"/>", "项目"), tc("<w:gridSpan w:val=\"2\"/>", "其中"), tc("", "备注")]),
        tr(&[tc("<w:vMerge/>", ""), tc("", "公务接待费"), tc("", "运行费"), tc("", "x")]),
        // Begins in the third column.
        format!("<w:tr><w:trPr><w:gridBefore w:val=\"2\"/></w:trPr>{}</w:tr>", tc("", "7.51")),
    ]);
    assert_eq!(
        shown(&read(&docx(&table, &[])).unwrap()),
        "table 1\n r1c1 2x1 项目\n r1c2 1x2 其中\n r1c4 备注\n r2c2 公务接待费\n r2c3 运行费\n r2c4 x\n r3c3 7.51\n"
    );
}

#[test]
fn tracked_and_hidden_rows_are_as_accepted() {
    let row = |mark: &str, cells: &[String]| format!("<w:tr><w:trPr>{mark}</w:trPr>{}</w:tr>", cells.concat());
    let table = tbl(&[
        tr(&[tc("<w:vMerge w:val=\"restart\"/>", "a"), tc("", "1")]),
        row("<w:del/>", &[tc("<w:vMerge/>", ""), tc("", "2")]),
        row("<w:ins/>", &[tc("<w:vMerge/>", ""), tc("", "3")]),
        tr(&[tc("", "b"), tc("<w:cellDel/>", "4")]),
        row("<w:hidden/>", &[tc("", "c"), tc("", "5")]),
    ]);
    let document = read(&docx(&table, &[])).unwrap();
    assert_eq!(shown(&document), "table 1\n r1c1 2x1 a\n r1c2 1\n r2c2 3\n r3c1 b\n r4c1 hidden c\n r4c2 hidden 5\n");
}

#[test]
fn a_nested_table_follows_the_one_that_holds_it() {
    let inner = tbl(&[tr(&[tc("", "内"), tc("", "2")])]);
    let outer = tbl(&[tr(&[format!("<w:tc>{}{inner}<w:p/></w:tc>", p("外")), tc("", "1")])]);
    let body = format!("{outer}{}", tbl(&[tr(&[tc("", "后")])]));
    assert_eq!(
        shown(&read(&docx(&body, &[])).unwrap()),
        "table 1\n r1c1 外\n r1c2 1\ntable 2\n r1c1 内\n r1c2 2\ntable 3\n r1c1 后\n"
    );
}

#[test]
fn a_cell_that_only_lays_out_a_table_is_none() {
    let inner = tbl(&[tr(&[tc("", "内"), tc("", "2")])]);
    let around = |inner: &str| tbl(&[tr(&[format!("<w:tc>{}{inner}{}</w:tc>", p("收入决算表"), p("单位：元"))])]);
    assert_eq!(
        shown(&read(&docx(&around(&inner), &[])).unwrap()),
        "1 收入决算表\n2 单位：元\ntable 1\n r1c1 内\n r1c2 2\n"
    );
    // Of two tables it is not told which line stands above which.
    let two = shown(&read(&docx(&around(&[inner.clone(), inner].concat()), &[])).unwrap());
    assert!(two.starts_with("table 1\n r1c1 收入决算表⏎单位：元\n"), "{two}");
}

#[test]
fn wrapped_cells_rows_and_boxes_are_read() {
    let sdt = |inner: &str| format!("<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>");
    let cells = [sdt(&tc("", "a")), tc("", "b")].concat();
    let boxed = format!("<w:p><w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r></w:p>", p("盒"));
    let table =
        format!("<w:tbl>{}<w:tr><w:tc>{boxed}{}</w:tc></w:tr></w:tbl>", sdt(&format!("<w:tr>{cells}</w:tr>")), p("行"));
    assert_eq!(
        shown(&read(&docx(&sdt(&table), &[])).unwrap()),
        "table 1\n r1c1 a\n r1c2 b\n r2c1 ⏎盒⏎行\n".replace("c1 ⏎盒", "c1 盒")
    );
}

#[test]
fn a_number_under_a_merged_cell_is_told_and_does_not_count() {
    let table = tbl(&[
        tr(&[tc("<w:vMerge w:val=\"restart\"/>", "12.96"), tc("", "a")]),
        tr(&[tc("<w:vMerge/>", "7.51"), tc("", "b")]),
        // No merge to go on: another span.
        tr(&[tc("<w:gridSpan w:val=\"2\"/><w:vMerge/>", "0.00")]),
    ]);
    let document = read(&docx(&table, &[])).unwrap();
    assert_eq!(shown(&document), "table 1\n r1c1 2x1 12.96\n r1c2 a\n r2c2 b\n r3c1 1x2 0.00\n");
    assert_eq!(document.findings.len(), 1);
    assert_eq!(document.findings[0].places[0].to_string(), "table 1 r2c1");
    assert_eq!(document.findings[0].actual.as_deref(), Some("7.51"));
}

#[test]
fn automatic_numbering_is_written_out() {
    let numbering = r#"<w:numbering><w:abstractNum w:abstractNumId="7">
        <w:lvl w:ilvl="0"><w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="Titel"/><w:lvlText w:val="%1、"/></w:lvl>
        <w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="（%2）"/></w:lvl>
        </w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>"#;
    let styles = r#"<w:styles><w:style w:styleId="Titel"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
        <w:style w:styleId="Child"><w:basedOn w:val="Titel"/></w:style>
        <w:style w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"#;
    let item =
        |properties: &str, text: &str| format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>");
    let list = |level: u8, id: u8| format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{id}\"/></w:numPr>");
    let body = [
        item("<w:pStyle w:val=\"Titel\"/>", "收入"),
        item(&list(1, 3), "财政拨款"),
        item(&list(1, 3), "其他"),
        item("<w:pStyle w:val=\"Child\"/>", "支出"),
        item(&format!("<w:pStyle w:val=\"Titel\"/>{}", list(0, 0)), "无号"),
        item("<w:pStyle w:val=\"Secret\"/>", "不见"),
        "<w:p><w:r><w:rPr><w:rStyle w:val=\"Secret\"/></w:rPr><w:t>不见</w:t></w:r><w:r><w:t>见</w:t></w:r></w:p>"
            .to_owned(),
    ]
    .concat();
    let document = read(&docx(&body, &[("word/numbering.xml", numbering), ("word/styles.xml", styles)])).unwrap();
    assert_eq!(shown(&document), "1 一、收入\n2 （1）财政拨款\n3 （2）其他\n4 二、支出\n5 无号\n7 见\n");
}

#[test]
fn footnotes_stand_at_the_end_and_only_those_that_are_referred_to() {
    let notes = "<w:footnotes><w:footnote w:type=\"separator\" w:id=\"0\"><w:p><w:r><w:t>-</w:t></w:r></w:p></w:footnote>\
        <w:footnote w:id=\"2\"><w:p><w:r><w:t>含上年结转</w:t></w:r></w:p></w:footnote>\
        <w:footnote w:id=\"3\"><w:p><w:r><w:t>已删除</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let body = "<w:p><w:r><w:t>合计</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r>\
        <w:del><w:r><w:footnoteReference w:id=\"3\"/></w:r></w:del></w:p>";
    let document = read(&docx(body, &[("word/footnotes.xml", notes)])).unwrap();
    assert_eq!(shown(&document), "1 合计\n2 含上年结转\n");
}

#[test]
fn bad_documents_are_refused_for_what_they_are() {
    let deep = |tag: &str, depth: usize| {
        format!("{}{}", format!("<w:{tag}>").repeat(depth), format!("</w:{tag}>").repeat(depth))
    };
    let nested = (0..300).fold(String::new(), |inner, _| tbl(&[format!("<w:tr><w:tc>{inner}</w:tc></w:tr>")]));
    for (body, reason) in [
        ("<w:p/>".to_owned(), Reason::Empty),
        ("<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>".to_owned(), Reason::ImageOnly),
        ("<w:p>".to_owned(), Reason::Damaged),
        ("<w:p><w:r><w:t>&secret;</w:t></w:r></w:p>".to_owned(), Reason::Damaged),
        (deep("sdt", 100_000), Reason::TooDeep),
        (nested, Reason::TooDeep),
        (tbl(&[tr(&vec![tc("<w:gridSpan w:val=\"999999999\"/>", "1"); 3])]), Reason::TooLarge),
    ] {
        assert_eq!(read(&docx(&body, &[])).unwrap_err().reason, reason, "{:.60}", body);
    }
    let external = "<!DOCTYPE w SYSTEM \"file:///etc/passwd\"><w:document/>";
    let package = zip_of(&[("word/document.xml", external)]);
    assert_eq!(read(&package).unwrap_err().reason, Reason::EntityExpansion);
    let whole = docx(&p("合计"), &[]);
    assert_eq!(read(&whole[..whole.len() - 30]).unwrap_err().reason, Reason::Damaged);
}

#[test]
fn odd_packages_are_read() {
    let relations = r#"<Relationships><Relationship Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/Daten/Haupt.xml"/></Relationships>"#;
    // Another prefix, another folder, a byte order mark.
    let main = "\u{feff}<x:document><x:body><x:p><x:r><x:t>合计</x:t></x:r></x:p></x:body></x:document>";
    let package = zip_of(&[("_rels/.rels", relations), ("Daten/Haupt.xml", main)]);
    assert_eq!(shown(&read(&package).unwrap()), "1 合计\n");
}
