//! The same content in another format gives the same figures.

use std::path::Path;

use juesuan::model::{Block, Document, DocumentStatus, Extracted, Table};
use juesuan::pipeline::{Settings, extract};
use juesuan::read;

/// Figures, scores and texts without their places.
fn rows(extracted: &Extracted) -> Vec<String> {
    let made = &extracted.submission;
    let figures = made.figures.iter().map(|figure| {
        format!("{} {} = {} {} ({})", figure.form, figure.key, figure.value, figure.unit_of_measure, figure.decimals)
    });
    let scores = made.scores.iter().map(|score| {
        format!(
            "{} {}›{}›{} {:?} {:?}",
            score.form, score.level1, score.level2, score.level3, score.weight, score.self_score
        )
    });
    let texts = made.texts.iter().map(|text| {
        let squeezed: String = text.text.split_whitespace().collect();
        format!("{} {} {squeezed}", text.form, text.item)
    });
    let mut rows: Vec<String> = figures.chain(scores).chain(texts).collect();
    rows.sort();
    rows
}

fn samples(extension: &str) -> Vec<std::path::PathBuf> {
    let county = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/county");
    let files = walkdir::WalkDir::new(county).sort_by_file_name();
    files
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect()
}

/// What a text extractor makes of a Word document: a line per paragraph; each cell led by a tab, a blank line behind each
/// row, cells that are merged into the one above empty.
fn as_extracted_text(document: &Document) -> String {
    let mut text = String::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => {
                text.push_str(&paragraph.text);
                text.push('\n');
            }
            Block::Table(table) => {
                text.push('\n');
                push_table(&mut text, table);
                text.push('\n');
            }
        }
    }
    text
}

fn push_table(text: &mut String, table: &Table) {
    for row in 0..table.height() {
        let mut column = 0;
        while column < table.width() {
            let span = match table.at(row, column) {
                Some(cell) => {
                    let written = if cell.row == row { cell.text.trim_matches('\n') } else { "" };
                    text.push_str(&format!("\t{}\n", written.replace("\n\n", "\n")));
                    cell.column + cell.column_span - column
                }
                None => {
                    text.push_str("\t\n");
                    1
                }
            };
            column += span;
        }
        text.push('\n');
    }
}

#[test]
fn a_word_document_and_the_text_taken_from_it_give_the_same() {
    let settings = Settings::load(None, None, false).unwrap();
    let files = samples("docx");
    assert!(files.len() > 5);
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.to_string_lossy();
        let document = read::read(&bytes, &name).unwrap();
        let of_word = extract(&bytes, &name, &settings);
        let text = as_extracted_text(&document);
        let of_text = extract(text.as_bytes(), &name.replace(".docx", ".txt"), &settings);
        assert!(!rows(&of_word).is_empty(), "{name}");
        assert_eq!(rows(&of_word), rows(&of_text), "{name}");
    }
}

#[test]
fn a_workbook_saved_in_the_old_format_gives_the_same() {
    let settings = Settings::load(None, None, false).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let of = |name: &str| {
        let path = folder.join(name);
        extract(&std::fs::read(&path).unwrap(), name, &settings)
    };
    let (new, old) = (of("unit.xlsx"), of("unit.xls"));
    assert_eq!((new.format.as_str(), old.format.as_str()), ("xlsx", "xls"));
    assert!(new.submission.figures.len() > 100);
    assert_eq!(rows(&new), rows(&old));
    let places = |extracted: &Extracted| -> Vec<String> {
        extracted.submission.figures.iter().map(|figure| figure.place.to_string()).collect()
    };
    assert_eq!(places(&new), places(&old));
}

/// A workbook as the page that a government system hands out as `.xls`: tables with spans, GBK, amounts as shown.
fn as_page(document: &Document) -> Vec<u8> {
    let mut page =
        String::from("<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'></head><body>");
    for block in &document.blocks {
        let Block::Table(table) = block else { continue };
        page.push_str("<table border=1>");
        for row in 0..table.height() {
            page.push_str("<tr>");
            for column in 0..table.width() {
                match table.at(row, column) {
                    None => page.push_str("<td>&nbsp;</td>"),
                    Some(cell) if (cell.row, cell.column) == (row, column) => page.push_str(&format!(
                        "<td rowspan={} colspan={}>{}</td>",
                        cell.row_span,
                        cell.column_span,
                        cell.text.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>")
                    )),
                    Some(_) => {}
                }
            }
            page.push_str("</tr>\n");
        }
        page.push_str("</table><br>\n");
    }
    page.push_str("</body></html>");
    encoding_rs::GBK.encode(&page).0.into_owned()
}

#[test]
fn a_workbook_and_the_page_made_of_it_give_the_same() {
    let settings = Settings::load(None, None, false).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/unit.xlsx");
    let workbook = read::read(&std::fs::read(path).unwrap(), "unit.xlsx").unwrap();
    let of_workbook = extract(&std::fs::read("tests/files/unit.xlsx").unwrap(), "unit.xlsx", &settings);
    let of_page = extract(&as_page(&workbook), "unit.xls", &settings);
    assert_eq!((of_page.format.as_str(), of_page.encoding.as_str()), ("html", "gb18030"));
    assert!(of_page.submission.figures.len() > 100);
    assert_eq!(rows(&of_workbook), rows(&of_page));
}

#[test]
fn a_word_document_saved_in_the_old_format_gives_the_same() {
    let settings = Settings::load(None, None, false).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let of = |name: &str| extract(&std::fs::read(folder.join(name)).unwrap(), name, &settings);
    let (new, old) = (of("self_evaluation.docx"), of("self_evaluation.doc"));
    assert_eq!((new.format.as_str(), old.format.as_str()), ("docx", "doc"));
    assert!(new.submission.figures.len() > 20 && new.submission.scores.len() > 20);
    assert_eq!(rows(&new), rows(&old));
}

/// A web page with the table of the three public expenses, its rows as given.
fn three_public_page(rows: &str) -> Extracted {
    let page = format!(
        "<html><head><meta charset=utf-8></head><body><p>2022年度部门决算</p><table>\
         <tr><td colspan=3>一般公共预算财政拨款“三公”经费支出决算表</td></tr>\
         <tr><td>编制单位：青禾县民政局</td><td></td><td>单位：元</td></tr>{rows}</table></body></html>"
    );
    extract(page.as_bytes(), "三公.html", &Settings::load(None, None, false).unwrap())
}

#[test]
fn a_hidden_cell_in_a_column_that_shows_leaves_the_numbers_behind_it_over() {
    let page = three_public_page(
        "<tr><td>项目</td><td>预算数</td><td>决算数</td></tr><tr><td>公务接待费</td><td>12.35</td><td>10</td></tr>\
         <tr><td>公务用车运行维护费</td><td style='display:none'>9</td><td>8</td><td>7</td></tr>",
    );
    let figures: Vec<String> = page.submission.figures.iter().map(|figure| figure.place.to_string()).collect();
    assert_eq!(figures, ["table 1 r4c2"]);
    let left: Vec<(&str, &str)> = page
        .submission
        .leftovers
        .iter()
        .map(|left| (left.value_as_written.as_str(), left.blocked_by.as_str()))
        .collect();
    let why = "a cell that cannot be read";
    let beside = "the column beside it has no header";
    assert_eq!(left, [("10", beside), ("9", why), ("8", why), ("7", why)]);
}

#[test]
fn a_hidden_cell_in_a_header_leaves_the_numbers_of_the_table_over() {
    let page = three_public_page(
        "<tr><td>项目</td><td style='display:none'>预算数</td><td>决算数</td></tr>\
         <tr><td>公务接待费</td><td>12.35</td><td>10</td></tr>",
    );
    assert!(page.submission.figures.is_empty(), "{:?}", page.submission.figures);
    let left: Vec<&str> = page.submission.leftovers.iter().map(|left| left.value_as_written.as_str()).collect();
    assert_eq!(left, ["12.35", "10"]);
}

/// E02 as a Word document, E06 as a workbook: two projects, and level cells where a workbook has no cell at all.
#[test]
fn self_evaluations_in_word_documents_and_workbooks_give_what_their_text_gives() {
    let settings = crate::cases::settings();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let cases = crate::cases::cases(include_str!("../cases/self-evaluations.md"));
    for (id, file) in [("E02", "project_self_evaluation.docx"), ("E06", "project_self_evaluation.xlsx")] {
        let case = cases.iter().find(|case| case.id.starts_with(id)).unwrap();
        let text = extract(case.document.as_bytes(), "青禾县某局/自评表.txt", &settings);
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let read = extract(&bytes, &format!("青禾县某局/{file}"), &settings);
        assert_eq!(crate::cases::figures(&text), crate::cases::figures(&read), "{file}");
        assert_eq!(text.submission.leftovers.len(), read.submission.leftovers.len(), "{file}");
    }
}

/// A saved page often shows its title in the window alone.
#[test]
fn the_title_of_a_page_makes_its_form_known_where_its_text_has_none() {
    let settings = Settings::load(None, None, false).unwrap();
    let read = |title: &str| {
        let page = format!(
            "<html><head><meta charset=utf-8><title>{title}</title></head><body><p>“三公”经费支出共计9.07万元，其中：公务接待费\
             4万元。</p></body></html>"
        );
        extract(page.as_bytes(), "a.html", &settings)
    };
    let known = read("青禾县白石镇2021年“三公”经费决算情况 - 青禾县人民政府");
    assert_eq!((known.submission.unit.as_str(), known.submission.fiscal_year), ("青禾县白石镇", Some(2021)));
    assert_eq!(known.submission.figures.len(), 2);
    for title in ["青禾县人民政府", "2021年“三公”经费决算情况 - 青禾县人民政府", "青禾县白石镇2021年“三公”经费预算情况"]
    {
        assert!(read(title).submission.figures.is_empty(), "{title}");
    }
}

/// A list of contents names tables that may not be there at all; a copy of a PDF has their lines, but not their cells.
#[test]
fn a_table_that_is_only_listed_is_not_blank_and_one_that_lost_its_cells_is_told() {
    let settings = Settings::load(None, None, false).unwrap();
    let text = "青禾县水利局2022年度部门决算\n目录\n第一部分 概况\n第二部分 青禾县水利局2022年度部门决算表\n\
                一、收入支出决算总表\n二、收入决算表\n三、支出决算表\n第三部分 名词解释\n\
                第二部分 青禾县水利局2022年度部门决算表\n收入决算表\n单位：万元\n项目 本年收入合计 财政拨款收入\n\
                合计 30.00 30.00\n205 教育支出 30.00 30.00\n支出决算表\n单位：万元\n注：本单位没有支出，故本表无数据。\n\
                第三部分 青禾县水利局2022年度部门决算情况说明\n一、收入支出决算总体情况说明\n\
                2022年度收入总计30.00万元，支出总计30.00万元。\n";
    let made = extract(text.as_bytes(), "a.txt", &settings).submission;
    assert_eq!((made.unit.as_str(), made.fiscal_year), ("青禾县水利局", Some(2022)));
    let seen: Vec<(&str, &str)> = made.forms.iter().map(|seen| (&*seen.form, seen.status.word())).collect();
    assert_eq!(seen, [("income", "ambiguous"), ("expenditure", "blank"), ("narrative", "filled")]);
    let told: Vec<&str> = made.findings.iter().filter_map(|finding| finding.actual.as_deref()).collect();
    assert_eq!(told, ["5"], "{:?}", made.findings);
    assert_eq!(extract(text.as_bytes(), "a.txt", &settings).status, DocumentStatus::Partial, "not all of it was read");
}

/// So does one on a worksheet, where the number of each table stands beside its title.
#[test]
fn titles_beside_their_numbers_and_pages_are_a_list_of_contents() {
    let settings = Settings::load(None, None, false).unwrap();
    let text = "| 目录 | | |\n| 公开01表 | 收入支出决算总表 | 1 |\n| 公开02表 | 收入决算表 | 2 |\n\
                | 公开03表 | 支出决算表 | 3 |\n单位：万元\n| 科目编码 | 科目名称 | 本年支出合计 |\n| 205 | 教育支出 | 9.00 |\n";
    let made = extract(text.as_bytes(), "a.txt", &settings).submission;
    assert!(made.forms.is_empty() && made.figures.is_empty(), "{:?}", made.forms);
}

/// Converters of PDFs write Markdown, which knows no merges; worksheets are saved with commas.
#[test]
fn a_table_in_markdown_or_with_commas_gives_what_its_page_gives() {
    let table = [
        ["项目", "", "本年收入合计", "财政拨款收入", "事业收入"],
        ["科目编码", "科目名称", "", "", ""],
        ["合计", "", "1,250.50", "1,200.50", "50.00"],
        ["205", "教育支出", "1,250.50", "1,200.50", "50.00"],
        ["20502", "普通教育", "1,200.50", "1,200.50", ""],
    ];
    let cells = |before: &str, between: &str, behind: &str, quote: bool| -> Vec<String> {
        let cell = |text: &&str| if quote && text.contains(',') { format!("\"{text}\"") } else { (*text).to_owned() };
        table
            .iter()
            .map(|row| before.to_owned() + &row.iter().map(cell).collect::<Vec<_>>().join(between) + behind)
            .collect()
    };
    let titles = ["青禾县第一中学2022年度部门决算", "收入决算表", "部门：青禾县第一中学 单位：万元"];
    let mut markdown = cells("| ", " | ", " |", false);
    markdown.insert(1, "|---|---|---|---|---|".to_owned());
    let markdown = format!("# {}\n\n## **{}**\n\n{}\n\n{}\n", titles[0], titles[1], titles[2], markdown.join("\n"));
    let commas = format!("{}\n{}\n", titles.join("\n"), cells("", ",", "", true).join("\n"));
    let page = format!(
        "<html><head><meta charset=utf-8></head><body><p>{}</p><table><tr><td colspan=2>项目</td><td rowspan=2>本年收入合计\
         </td><td rowspan=2>财政拨款收入</td><td rowspan=2>事业收入</td></tr><tr><td>科目编码</td><td>科目名称</td></tr>{}</table>",
        titles.join("</p><p>"),
        cells("<tr><td>", "</td><td>", "</td></tr>", false)[2..].join("")
    );
    let settings = Settings::load(None, None, false).unwrap();
    let expected = rows(&extract(page.as_bytes(), "a.html", &settings));
    assert_eq!(expected.len(), 8, "{expected:#?}");
    for (text, name) in [(markdown, "a.md"), (commas, "a.csv")] {
        let made = extract(text.as_bytes(), name, &settings);
        assert_eq!((rows(&made), made.submission.leftovers.len()), (expected.clone(), 0), "{text}");
    }
}

/// The first row of a header has fewer cells than the rows below it, and so stands above them as a line.
#[test]
fn a_table_that_a_line_parts_from_its_title_is_not_blank() {
    let settings = Settings::load(None, None, false).unwrap();
    let read = |above: &str, rows: &str| {
        let text = format!("青禾县水利局2022年度部门决算\n{above}\n{rows}");
        let made = extract(text.as_bytes(), "a.txt", &settings);
        let seen: Vec<String> =
            { made.submission.forms.iter() }.map(|seen| format!("{} {}", seen.form, seen.status.word())).collect();
        (made.status, seen.join(", "))
    };
    let summary = "收入支出决算总表\n单位：万元\n收入 支出";
    let rows = "项目\t决算数\t项目\t决算数\n一、一般公共预算财政拨款收入\t30.00\t一、一般公共服务支出\t30.00\n\
                本年收入合计\t30.00\t本年支出合计\t30.00\n";
    assert_eq!(read(summary, rows), (DocumentStatus::Partial, "income_expenditure_summary ambiguous".to_owned()));
    // Rows of something else say nothing of it.
    let others = "村名\t人口\t户数\t面积\n东村\t300\t90\t12.50\n西村\t200\t60\t9.50\n";
    assert!(read(summary, others).1.ends_with("blank"), "{:?}", read(summary, others));
}
