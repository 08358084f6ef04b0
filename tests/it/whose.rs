//! Tables of another unit or year in a document give it no figures.

use juesuan::model::Extracted;
use juesuan::pipeline::{Settings, extract};

/// A page with a table of expenditure for each title and unit line; the amount of the n-th is n, its function one of its own.
fn page(tables: &[(&str, &str)]) -> Extracted {
    let functions = [("205", "教育支出"), ("208", "社会保障和就业支出"), ("210", "卫生健康支出")];
    let mut page = String::from("<html><head><meta charset=utf-8></head><body>");
    for (n, (title, line)) in tables.iter().enumerate() {
        let (code, name) = functions[n];
        page += &format!(
            "<p>{title}</p><p>{line}</p><table><tr><td>科目编码</td><td>科目名称</td><td>本年支出合计</td></tr>\
             <tr><td>{code}</td><td>{name}</td><td>{}.00</td></tr></table>",
            n + 1
        );
    }
    extract(page.as_bytes(), "a.html", &Settings::load(None, None, false).unwrap())
}

/// What stands for the unit, and what is left over with why.
fn told(made: &Extracted) -> (Vec<String>, Vec<(&str, &str)>) {
    let figures = made.submission.figures.iter().map(|figure| figure.value.to_string()).collect();
    let left = made.submission.leftovers.iter().map(|left| (left.value_as_written.as_str(), left.blocked_by.as_str()));
    (figures, left.collect())
}

#[test]
fn a_table_of_another_unit_is_left_over() {
    let made = page(&[
        ("2022年度支出决算表", "部门：青禾县第一小学　单位：万元"),
        ("2022年度支出决算表", "部门：青禾县第二小学　单位：万元"),
        ("2022年度支出决算表", "部门：青禾县第一小学　单位：万元"),
    ]);
    assert_eq!(made.submission.unit, "青禾县第一小学");
    assert_eq!(told(&made), (vec!["1".into(), "3".into()], vec![("2.00", "another unit's: 青禾县第二小学")]));
    assert!(made.submission.numbers.iter().all(|number| number.text != "2.00" || number.fate.word() == "leftover"));
}

#[test]
fn a_table_of_another_year_is_left_over() {
    let made = page(&[
        ("2021年度支出决算表", "部门：青禾县第一小学　单位：万元"),
        ("2022年度支出决算表", "部门：青禾县第一小学　单位：万元"),
        ("2022年度支出决算表", "部门：青禾县第一小学　单位：万元"),
    ]);
    assert_eq!(made.submission.fiscal_year, Some(2022));
    assert_eq!(told(&made), (vec!["2".into(), "3".into()], vec![("1.00", "another year's: 2021")]));
}

#[test]
fn a_county_s_sum_is_the_county_s_and_not_its_finance_bureau_s() {
    let title = "2022年度青禾县部门决算汇总表\n";
    let table = "支出决算表\n编制单位：青禾县财政局（汇总）　单位：万元\n科目编码\t科目名称\t本年支出合计\n205\t教育支出\t320.00\n";
    let of = |text: &str| extract(text.as_bytes(), "a.txt", &Settings::load(None, None, false).unwrap()).submission;
    let (summed, own) = (of(&format!("{title}{table}")), of(&format!("2022年度部门决算\n{table}")));
    assert_eq!((summed.unit.as_str(), summed.scope_total, summed.figures.len()), ("青禾县", true, 1));
    assert_eq!((own.unit.as_str(), own.scope_total, own.figures.len()), ("青禾县财政局", false, 1));
    // The title of the table itself says so, with or without a word for the departments.
    for title in ["青禾县2022年度支出决算汇总表", "青禾县2022年度部门支出决算汇总表"] {
        let made = of(&table.replace("支出决算表\n", &format!("{title}\n")).replace("（汇总）", ""));
        assert_eq!((made.unit.as_str(), made.scope_total, made.figures.len()), ("青禾县", true, 1), "{title}");
    }
    let made = of(
        "青禾县2022年度部门“三公”经费支出决算汇总表\n单位：万元\n| 公务接待费 | 公务用车运行维护费 |\n| 2.00 | 6.00 |\n",
    );
    assert_eq!((made.unit.as_str(), made.scope_total, made.figures.len()), ("青禾县", true, 2));
}

#[test]
fn the_head_office_beside_the_whole_is_left_over() {
    let made = page(&[
        ("2022年度支出决算表", "部门：青禾县教育局（汇总）　单位：万元"),
        ("2022年度支出决算表", "部门：青禾县教育局（本级）　单位：万元"),
    ]);
    assert_eq!((made.submission.unit.as_str(), made.submission.scope_total), ("青禾县教育局", false));
    assert_eq!(told(&made), (vec!["1".into()], vec![("2.00", "another unit's: 青禾县教育局(本级)")]));
}

#[test]
fn a_unit_may_be_named_in_several_ways() {
    let made = page(&[
        ("青禾县教育局2022年度支出决算表", "部门：青禾县教育局本级　单位：万元"),
        ("2022年度支出决算表", "部门：青禾县教育局机关　单位：万元"),
        ("2022年度支出决算表", "部门：教育局（本级）　单位：万元"),
    ]);
    assert_eq!(told(&made), (vec!["1".into(), "2".into(), "3".into()], vec![]));
}

fn text(text: &str) -> Extracted {
    extract(text.as_bytes(), "a.txt", &Settings::load(None, None, false).unwrap())
}

#[test]
fn an_explanation_of_another_unit_is_left_over() {
    for second in ["青禾县第二小学2022年度单位决算情况说明", "青禾县第二小学2022年度单位决算\n第三部分 决算情况说明"]
    {
        let made = text(&format!(
            "青禾县第一小学2022年度单位决算情况说明\n一、收入支出决算总体情况说明\n2022年度收入总计100.00万元。\n{second}\n\
             一、收入支出决算总体情况说明\n2022年度支出总计200.00万元。\n二、“三公”经费支出决算情况说明\n“三公”经费支出决算为3.00万元。\n"
        ));
        let whose = "another unit's: 青禾县第二小学";
        assert_eq!(told(&made), (vec!["100".into()], vec![("200.00", whose), ("3.00", whose)]), "{second}");
    }
}

#[test]
fn the_head_offices_explanation_beside_the_wholes_is_left_over() {
    let made = text(
        "青禾县教育局2022年度部门决算情况说明\n一、收入支出决算总体情况说明\n2022年度收入总计100.00万元。\n青禾县教育局（本级）2022年度单位决算\
         情况说明\n一、机关运行经费支出情况说明\n机关运行经费支出12.00万元。\n",
    );
    assert_eq!(told(&made), (vec!["100".into()], vec![("12.00", "another unit's: 青禾县教育局(本级)")]));
}

#[test]
fn a_cover_and_a_title_are_of_one_explanation() {
    for (cover, title) in [
        ("青禾县教育局2022年度部门决算", "第三部分 2022年度部门决算情况说明"),
        ("青禾县教育局2022年度部门决算", "教育局2022年度部门决算情况说明"),
        ("青禾县人民政府办公室2022年度部门决算", "政府办2022年度部门决算情况说明"),
        ("青禾县白石乡人民政府2022年度部门决算", "某省某市青禾县白石乡\n2022年度部门决算情况说明"),
    ] {
        let made = text(&format!(
            "{cover}\n第一部分 概况\n主管全县教育。\n{title}\n“三公”经费支出决算为3.00万元。\n我局2022年度“三公”经费决算\n公务接待费支出决算为1.00万元。\n"
        ));
        assert_eq!(told(&made).1, vec![], "{cover}");
        assert_eq!(made.submission.figures.len(), 2, "{cover}");
    }
}

#[test]
fn a_table_below_another_units_cover_is_left_over() {
    let made = page(&[
        ("青禾县教育局2022年度部门决算</p><p>支出决算表", "单位：万元"),
        ("青禾县第二小学2022年度单位决算</p><p>支出决算表", "单位：万元"),
        ("青禾县教育局2022年度部门决算</p><p>支出决算表", "单位：万元"),
    ]);
    assert_eq!(told(&made), (vec!["1".into(), "3".into()], vec![("2.00", "another unit's: 青禾县第二小学")]));
}

/// A workbook with a table of expenditure on each sheet, as `page` has them; `None` is a sheet name that tells nothing.
fn workbook(sheets: &[&str]) -> Vec<u8> {
    titled_workbook(sheets, "支出决算表", "单位：万元")
}

fn titled_workbook(sheets: &[&str], title: &str, line: &str) -> Vec<u8> {
    use std::io::{Cursor, Write};
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, content: &str| {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    };
    let space = "http://schemas.openxmlformats.org";
    let (mut named, mut related) = (String::new(), String::new());
    for (n, sheet) in sheets.iter().enumerate() {
        named += &format!("<sheet name=\"{sheet}\" sheetId=\"{0}\" r:id=\"rId{0}\"/>", n + 1);
        related += &format!(
            "<Relationship Id=\"rId{0}\" Type=\"{space}/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{0}.xml\"/>",
            n + 1
        );
        let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let code = ["205", "208", "210"][n];
        let name = ["教育支出", "社会保障和就业支出", "卫生健康支出"][n];
        let rows = [
            cell(title),
            cell(line),
            cell("科目编码") + &cell("科目名称") + &cell("本年支出合计"),
            cell(code) + &cell(name) + &format!("<c><v>{}</v></c>", n + 1),
        ];
        let rows: String = rows.iter().map(|row| format!("<row>{row}</row>")).collect();
        put(
            &format!("xl/worksheets/sheet{}.xml", n + 1),
            &format!("<worksheet xmlns=\"{space}/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"),
        );
    }
    put(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns=\"{space}/spreadsheetml/2006/main\" xmlns:r=\"{space}/officeDocument/2006/relationships\"><sheets>{named}</sheets></workbook>"
        ),
    );
    let relationships = |content: &str| {
        format!("<Relationships xmlns=\"{space}/package/2006/relationships\">{content}</Relationships>")
    };
    put("xl/_rels/workbook.xml.rels", &relationships(&related));
    put(
        "_rels/.rels",
        &relationships(&format!(
            "<Relationship Id=\"rId1\" Type=\"{space}/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>"
        )),
    );
    put("[Content_Types].xml", &format!("<Types xmlns=\"{space}/package/2006/content-types\"/>"));
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_sheet_that_is_called_as_another_unit_is_left_over() {
    let settings = Settings::load(None, None, false).unwrap();
    let read = |sheets: &[&str]| extract(&workbook(sheets), "青禾县第一小学2022年度/决算.xlsx", &settings);
    let made = read(&["第一小学", "青禾县第二小学", "支出"]);
    assert_eq!(made.submission.unit, "青禾县第一小学");
    assert_eq!(told(&made), (vec!["1".into(), "3".into()], vec![("2", "another unit's: 青禾县第二小学")]));
    assert_eq!(told(&read(&["公开01表", "部门", "Sheet1"])).1, vec![]);
    // In a worksheet's name a short name is one, too.
    assert_eq!(told(&read(&["一小", "种子站", "单位"])).1, vec![("2", "another unit's: 种子站")]);
}

#[test]
fn what_no_title_names_the_name_of_the_sheet_does() {
    let settings = Settings::load(None, None, false).unwrap();
    let read = |sheets: &[&str], title: &str| {
        let made = extract(&titled_workbook(sheets, title, "单位：万元"), "青禾县教育局2022年度/决算.xlsx", &settings);
        told(&made).0.len()
    };
    let sheets = ["3支出决算表", "GK05一般公共预算财政拨款支出决算表(公开05表)", "Sheet3"];
    assert_eq!(read(&sheets, ""), 2);
    // Its year, too.
    assert_eq!(read(&["3支出决算表", "2021年支出决算表", "Sheet3"], ""), 1);
    // A heading that is not understood, or that of a budget, holds whatever the sheet is called.
    assert_eq!(read(&sheets, "2022年部门支出预算表"), 0);
    assert_eq!(read(&sheets, "往来款项情况表"), 0);
    // The unit's own, of which nothing says that they are final accounts, and those of another.
    assert_eq!(read(&["支出情况表", "青禾县民政局支出决算表"], ""), 0);
}

#[test]
fn a_title_that_the_name_of_the_sheet_narrows_to_a_fund_is_none() {
    let settings = Settings::load(None, None, false).unwrap();
    let read = |sheet: &str| {
        let workbook = titled_workbook(&[sheet], "支出决算表", "单位：万元");
        told(&extract(&workbook, "青禾县教育局2022年度/决算.xlsx", &settings)).0.len()
    };
    for sheet in ["GK05一般公共预算财政拨款支出决算表(公开05表)", "一般公共预算", "政府性基金预算财政拨款"]
    {
        assert_eq!(read(sheet), 0, "{sheet}");
    }
    let wider = titled_workbook(&["财政拨款"], "一般公共预算财政拨款支出决算表", "单位：万元");
    assert_eq!(told(&extract(&wider, "青禾县教育局2022年度/决算.xlsx", &settings)).0.len(), 1);
    // Names that say the same as the title, or are those of another table.
    for sheet in ["公开03表", "支出决算表", "GK01收入支出决算总表", "Sheet1"] {
        assert_eq!(read(sheet), 1, "{sheet}");
    }
}

#[test]
fn a_cover_on_a_worksheet_that_names_another_year_than_a_title_leaves_the_year_open() {
    let settings = Settings::load(None, None, false).unwrap();
    let read = |cover: i32, name: &str| {
        let text = format!(
            "青禾县某乡{cover}年度部门决算公开表,,\n2016年度支出决算表,,\n单位：万元,,\n科目编码,科目名称,本年支出合计\n213,农林水支出,100.00\n"
        );
        extract(text.as_bytes(), name, &settings).submission.fiscal_year
    };
    assert_eq!(read(2016, "决算.csv"), Some(2016));
    assert_eq!(read(2017, "决算.csv"), None);
    assert_eq!(read(2017, "2017/决算.csv"), Some(2017));
}

#[test]
fn a_sheet_that_is_called_as_a_part_of_the_unit_is_left_over_beside_others() {
    let settings = Settings::load(None, None, false).unwrap();
    let read = |sheets: &[&str]| extract(&workbook(sheets), "青禾县教育局2022年度/决算.xlsx", &settings);
    assert_eq!(told(&read(&["汇总", "本级", "支出"])).1, vec![("2", "another unit's: 本级")]);
    assert_eq!(told(&read(&["公开03表", "支出", "教育局本级"])).1, vec![("3", "another unit's: 教育局本级")]);
    assert_eq!(told(&read(&["本级", "局机关", "教育局机关"])).1, vec![]);
}

#[test]
fn a_sheet_that_is_called_a_sample_or_a_draft_is_outside_unless_all_are() {
    let settings = Settings::load(None, None, false).unwrap();
    let read = |sheets: &[&str]| extract(&workbook(sheets), "青禾县教育局2022年度/决算.xlsx", &settings);
    for spare in ["填报样表", "示例", "备份", "上年", "审核前", "old", "公开03表_bak", "第一稿", "不用", "上报前"]
    {
        let made = read(&["公开03表", spare, "支出"]);
        assert_eq!(told(&made), (vec!["1".into(), "3".into()], vec![]), "{spare}");
    }
    assert_eq!(told(&read(&["与上年比较", "表3", "支出"])).0.len(), 3);
    assert_eq!(told(&read(&["模板1", "模板2", "模板3"])).0.len(), 3);
}

#[test]
fn a_sheet_that_is_called_as_another_year_or_as_the_units_below_is_left_over() {
    let settings = Settings::load(None, None, false).unwrap();
    let read = |sheets: &[&str]| extract(&workbook(sheets), "青禾县教育局2022年度/决算.xlsx", &settings);
    let left = |why| vec![("2", why)];
    assert_eq!(
        told(&read(&["2022年", "2021年公开03表", "支出"])),
        (vec!["1".into(), "3".into()], left("another year's: 2021"))
    );
    assert_eq!(
        told(&read(&["公开03表", "下属单位", "支出"])),
        (vec!["1".into(), "3".into()], left("another unit's: 下属单位"))
    );
    assert_eq!(told(&read(&["2022", "部门汇总", "2021-2022年"])).1, vec![]);
}

#[test]
fn a_sheet_that_tells_another_unit_or_year_than_its_name_is_left_over_beside_others() {
    let read = |name: &str| {
        let line = "编制单位：青禾县教育局　单位：万元";
        let sheets = titled_workbook(&["公开03表", name], "2022年度支出决算表", line);
        extract(&sheets, "决算.xlsx", &Settings::load(None, None, false).unwrap())
    };
    assert_eq!(told(&read("青禾县水务局")), (vec!["1".into()], vec![("2", "another unit's: 青禾县水务局")]));
    assert_eq!(told(&read("2021")), (vec!["1".into()], vec![("2", "of which year?")]));
    for name in ["教育局", "县教育局", "2022", "财决03"] {
        assert_eq!(told(&read(name)).1, vec![], "{name}");
    }
}

#[test]
fn a_year_below_a_table_is_none_of_it() {
    let settings = Settings::load(None, None, false).unwrap();
    let table = |code: &str, amount: &str| format!("| 科目编码 | 科目名称 | 本年支出合计 |\n| {code} | {amount} |\n");
    let text = format!(
        "支出决算表\n单位：万元\n{}2022年\n{}",
        table("205 | 教育支出", "1.00"),
        table("210 | 卫生健康支出", "2.00")
    );
    let made = extract(text.as_bytes(), "2023/青禾县教育局/决算.txt", &settings);
    assert_eq!(made.submission.fiscal_year, Some(2023));
    assert_eq!(told(&made), (vec!["1".into()], vec![]));

    // A title tells the document's year, and the folder another one: of which the first table is, nothing tells.
    let text = text.replace("2022年\n", "2022年度支出决算表\n单位：万元\n");
    let made = extract(text.as_bytes(), "2023/青禾县教育局/决算.txt", &settings);
    assert_eq!(made.submission.fiscal_year, Some(2022));
    assert_eq!(told(&made), (vec!["2".into()], vec![("1.00", "of which year?")]));
    assert_eq!(told(&extract(text.as_bytes(), "2022/青禾县教育局/决算.txt", &settings)).1, vec![]);
}

#[test]
fn a_note_that_tells_another_year_leaves_its_table_over_where_the_title_tells_none() {
    let settings = Settings::load(None, None, false).unwrap();
    let read = |title: &str| {
        let table = "单位：万元\n| 科目编码 | 科目名称 | 本年支出合计 |\n| 205 | 教育支出 | 2.00 |\n";
        let text = format!("{title}\n{table}注：本表反映2022年度支出情况，金额单位：万元。\n");
        extract(text.as_bytes(), "2023/青禾县教育局/决算.txt", &settings)
    };
    assert_eq!(told(&read("支出决算表")), (vec![], vec![("2.00", "another year's: 2022")]));
    assert_eq!(told(&read("2023年度支出决算表")).1, vec![]);
}

#[test]
fn a_year_inside_an_organisations_name_is_none_of_it() {
    let made = page(&[("青禾县2022年度移民局支出决算表", "单位：万元")]);
    assert_eq!((made.submission.unit.as_str(), made.submission.fiscal_year), ("青禾县移民局", Some(2022)));
    assert_eq!(told(&made), (vec!["1".into()], vec![]));
}

/// A form of a project, with a row for each field given.
fn project_form(fields: &[(&str, &str)]) -> Extracted {
    let rows: String = fields.iter().map(|(label, value)| format!("| {label} | {value} | < | < |\n")).collect();
    let text = format!(
        "项目支出绩效自评表\n（2022年度）\n| 项目名称 | 操场改造 | < | < |\n{rows}\
         | 项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 |\n| 年度资金总额 | 30.00 | 28.00 | 27.00 |\n"
    );
    extract(text.as_bytes(), "a.txt", &Settings::load(None, None, false).unwrap())
}

#[test]
fn a_form_of_fields_alone_is_that_of_the_unit_that_it_names() {
    let made = project_form(&[("主管部门", "青禾县教育局"), ("实施单位（盖章）", "青禾县第一小学")]);
    assert_eq!(made.submission.unit, "青禾县第一小学");
    assert_eq!(told(&made).0, vec!["30", "28", "27"]);
    let two = project_form(&[("实施单位", "青禾县第一小学"), ("项目单位", "青禾县第二小学")]);
    assert_eq!((two.submission.unit.as_str(), told(&two).0.len()), ("", 0));
    assert_eq!(project_form(&[("主管部门", "青禾县教育局")]).submission.unit, "");
}

#[test]
fn an_explanation_of_one_line_begins_at_the_headings_inside_it() {
    let text = |title: &str| {
        format!(
            "{title}\n一、概况 （一）单位职责 救助流浪人员。 二、决算公开表 详见附表。 三、单位决算情况说明 \
             （一）收入支出决算总体情况说明 2021年度收入总计619.07万元，支出总计619.07万元。 （二）收入决算情况说明 \
             本年收入合计610.07万元。"
        )
    };
    let read = |title: &str| extract(text(title).as_bytes(), "a.txt", &Settings::load(None, None, false).unwrap());
    assert_eq!(told(&read("青禾县救助管理站2021年度单位决算")).0, vec!["619.07", "619.07", "610.07"]);
    assert!(told(&read("青禾县救助管理站2021年度单位预算")).0.is_empty());
}

#[test]
fn a_heading_right_above_a_table_in_an_explanation_is_its_title() {
    let of = |heading: &str, header: &str| {
        let page = format!(
            "<html><meta charset=utf-8><body><p>青禾县水利局2022年度部门决算情况说明</p><p>{heading}</p><table><tr><td>项目</td><td>{header}</td></tr>\
             <tr><td>公务接待费</td><td>3.00</td></tr></table><p>1.因公出国（境）费支出决算0万元</p><p>四、机关运行经费支出情况</p>\
             <p>机关运行经费支出20.00万元。</p></body></html>"
        );
        let made = extract(page.as_bytes(), "a.html", &Settings::load(None, None, false).unwrap()).submission;
        made.figures.iter().map(|figure| format!("{} {}", figure.key.item, figure.value)).collect::<Vec<_>>()
    };
    let all = ["因公出国（境）费 0", "机关运行经费 20", "公务接待费 3"];
    assert_eq!(of("三、“三公”经费支出情况", "决算数"), all);
    assert_eq!(of("三、“三公”经费支出决算情况说明", "2022年决算数"), all);
    // A budget's, and one of which the heading says nothing.
    assert_eq!(of("三、“三公”经费支出情况", "预算数"), all[..2]);
    assert_eq!(of("三、有关情况", "决算数"), all[..2]);
}

#[test]
fn a_unit_keeps_both_brackets_of_its_other_name() {
    for title in [
        "水利局（移民办）2024年度“三公”经费财政拨款决算情况说明\n",
        "水利局（移民办）2024年度“三公”经费财政拨款\n决算情况说明\n",
    ] {
        let text = format!("{title}2024年度公务接待费支出2.00万元。\n");
        let made = extract(text.as_bytes(), "a.txt", &Settings::load(None, None, false).unwrap()).submission;
        assert_eq!((made.unit.as_str(), made.figures.len()), ("水利局(移民办)", 1), "{title}");
    }
}

#[test]
fn a_file_that_is_called_a_draft_gives_no_figures() {
    let text = "青禾县水利局2023年度部门决算情况说明\n三、支出决算情况说明\n本年支出合计300.00万元。\n";
    let settings = Settings::load(None, None, false).unwrap();
    let of = |path: &str| {
        let made = extract(text.as_bytes(), path, &settings).submission;
        (made.figures.len(), made.findings.iter().map(|finding| finding.code.word()).collect::<Vec<_>>())
    };
    let told = vec!["recognise::draft_by_name"];
    for void in ["青禾县水利局2023年度决算（初稿）.txt", "2023/青禾县水利局/作废/说明.txt", "修改前_说明.txt"]
    {
        assert_eq!(of(void), (0, told.clone()), "{void}");
    }
    for doubtful in ["说明 - 副本.txt", "2023部门决算公开模板.txt"] {
        assert_eq!(of(doubtful), (1, told.clone()), "{doubtful}");
    }
    for plain in ["说明.txt", "决算初稿（定稿）.txt", "修改后.txt"] {
        assert_eq!(of(plain), (1, Vec::new()), "{plain}");
    }
}

#[test]
fn amounts_that_no_unit_has_are_asked_for() {
    let settings = Settings::load(None, None, false).unwrap();
    let asked = |unit: &str, total: &str| {
        let table = format!(
            "部门：青禾县水利局\n2023年度支出决算表\n单位：{unit}\n科目编码\t科目名称\t本年支出合计\n205\t教育支出\t{total}\n\t合计\t{total}\n"
        );
        let made = extract(table.as_bytes(), "a.txt", &settings).submission;
        assert_eq!(made.figures.len(), 2);
        made.findings.iter().any(|finding| finding.code.word() == "value::doubtful_unit")
    };
    assert!(asked("万元", "8,345,612.36"));
    assert!(asked("元", "834.56"));
    assert!(!asked("元", "8,345,612.36"));
    assert!(!asked("万元", "834.56"));
    assert!(!asked("元", "0.00"));
    // A person's year costs what it costs; a unit that pays many more people than it counts does not mistake 元 for 万元.
    let of_persons = |amount: &str| {
        let text = format!(
            "青禾县水利局2023年度部门决算情况说明\n三、支出决算情况说明\n人员经费{amount}。\n\n2023年度部门整体支出绩效自评报告\n\
             | 机构名称 | 青禾县水利局 | 预算编码 | 123 |\n| 人员编制 | 20 | 实有人数 | 20 |\n"
        );
        let made = extract(text.as_bytes(), "a.txt", &settings).submission;
        let persons = made.figures.iter().any(|figure| &*figure.key.item == "实有人数");
        let asked = made.findings.iter().any(|finding| finding.code.word() == "value::doubtful_unit");
        (persons, asked)
    };
    assert_eq!(of_persons("300.00万元"), (true, false));
    assert_eq!(of_persons("5,000.00万元"), (true, false));
    assert_eq!(of_persons("3,000,000.00万元"), (true, true));
    assert_eq!(of_persons("300.00元"), (true, true));
}

#[test]
fn a_station_with_a_short_name_is_another_unit() {
    let text = "青禾县水利局2023年度部门决算情况说明\n三、支出决算情况说明\n本年支出合计300.00万元。\n\
                水管站2023年度决算情况说明\n三、支出决算情况说明\n基本支出90.00万元。\n";
    let made = extract(text.as_bytes(), "a.txt", &Settings::load(None, None, false).unwrap());
    assert_eq!(told(&made), (vec!["300".into()], vec![("90.00", "another unit's: 水管站")]));
}

#[test]
fn a_piece_that_another_unit_than_its_folder_s_heads_or_signs_is_nobody_s() {
    let settings = Settings::load(None, None, false).unwrap();
    let figures = |text: &str| {
        let made = extract(text.as_bytes(), "2022/青禾县水务局/说明.txt", &settings);
        made.submission.figures.len()
    };
    let piece = "2022年度公务接待费支出决算2.00万元。";
    assert_eq!(figures(&format!("青禾县教育局\n{piece}")), 0);
    assert_eq!(figures(&format!("{piece}\n青禾县教育局\n2023年8月1日")), 0);
    assert_eq!(figures(&format!("{piece}\n青禾县水务局\n2023年8月1日")), 1);
}

#[test]
fn a_table_that_came_apart_is_told_as_such() {
    let settings = Settings::load(None, None, false).unwrap();
    let head = "青禾县水利局2023年度绩效自评\n\n部门整体支出绩效评价评分表\n一级指标\t二级指标\t三级指标\t分值\t评价标准\t得分\t扣分原因\n";
    let whole = "投入\t目标设定\t绩效目标合理性\t3\t按比例\t2\t滞后\n\t\t绩效指标明确性\t2\t按比例\t2\t\n";
    let apart = "投入\t目标设定\t绩效目标合理性\t3\t按比例\t2\t滞后\n\n绩效指标明确性\t2\t按比例\t2\t\n";
    // The same table with a row that lacks what is merged down.
    let short = &apart.replace("\n\n", "\n");
    let told = |rows: &str| {
        let made = extract(format!("{head}{rows}").as_bytes(), "a.txt", &settings);
        let codes: Vec<_> = made.submission.findings.iter().map(|finding| finding.code.word()).collect();
        (made.submission.scores.len(), made.status.word(), codes.contains(&"recognise::table_broken"))
    };
    assert_eq!(told(whole), (2, "ok", false));
    assert_eq!(told(apart), (1, "partial", true));
    assert_eq!(told(short), (1, "partial", false));
}

#[test]
fn a_name_above_a_heading_told_before_begins_another_unit() {
    let of = |line: &str| {
        let text = format!(
            "青禾县水利局2023年度部门决算情况说明\n一、支出决算情况说明\n本年支出合计300.00万元。\n{line}\n\
             一、支出决算情况说明\n基本支出90.00万元。\n"
        );
        extract(text.as_bytes(), "a.txt", &Settings::load(None, None, false).unwrap())
    };
    for line in ["水管站", "（二）水管站", "下属单位：水管站", "【水管站】"] {
        let left = [("90.00", "another unit's: 水管站")];
        assert_eq!(told(&of(line)), (vec!["300".into()], left.to_vec()), "{line}");
    }
    let both = (vec!["300".into(), "90".into()], vec![]);
    // A broken line, the unit itself, and nothing.
    for line in ["心办公大楼装修。", "青禾县水利局", "水利局", ""] {
        assert_eq!(told(&of(line)), both, "{line}");
    }
}

#[test]
fn a_draft_that_says_so_in_its_last_line_gives_no_figures() {
    let table =
        "青禾县水利局2023年度部门决算\n收入决算表\n单位：万元\n科目编码\t科目名称\t本年收入合计\n205\t教育支出\t3.00\n";
    let of = |text: &str| extract(text.as_bytes(), "a.txt", &Settings::load(None, None, false).unwrap());
    let made = of(&format!("{table}初稿\n"));
    assert_eq!(told(&made), (vec![], vec![("3.00", "初稿")]));
    for below in ["某某办法（征求意见稿）\n", ""] {
        let made = of(&format!("{table}{below}"));
        assert_eq!(told(&made), (vec!["3".into()], vec![]), "{below}");
    }
}

#[test]
fn the_sum_of_both_sides_is_neither_total() {
    let of = |sentence: &str| {
        let text = format!("青禾县水利局2023年度部门决算情况说明\n一、收入支出决算总体情况说明\n{sentence}\n");
        extract(text.as_bytes(), "a.txt", &Settings::load(None, None, false).unwrap())
    };
    let why = "the sum of income and expenditure";
    let made = of("2023年度收支总计980.00万元，本年收入500.00万元，本年支出480.00万元。");
    assert_eq!(told(&made), (vec!["500".into(), "480".into()], vec![("980.00", why), ("980.00", why)]));
    let made = of("2023年度收支总计700.00万元，本年收入690.00万元，本年支出695.00万元。");
    assert_eq!(made.submission.figures.len(), 4);
    let made = of("2023年度收入支出总计200.00万元，其中收入总计100.00万元，支出总计100.00万元。");
    assert_eq!(told(&made).0, Vec::<String>::new());
    // That of one fund is a part.
    let made = of("2023年度收入支出总计300.00万元，其中财政拨款收入总计120.00万元。");
    assert_eq!(told(&made), (vec!["300".into(), "300".into(), "120".into()], vec![]));
}

#[test]
fn the_area_before_the_title_of_a_departments_form_is_where_it_is() {
    let form = "青禾县2022年度部门整体支出绩效自评表\n\
                | 年度预算申请（万元） | | 年初预算数 | 全年执行数 |\n| ^ | 年度资金总额 | 80.00 | 72.00 |\n";
    let of =
        |name: &str, text: &str| extract(text.as_bytes(), name, &Settings::load(None, None, false).unwrap()).submission;
    assert_eq!(of("2022/青禾县水利局/自评表.txt", form).unit, "青禾县水利局");
    let field = form.replace("表\n", "表\n| 部门名称 | 青禾县水利局 | < | < |\n");
    assert_eq!(of("自评表.txt", &field).unit, "青禾县水利局");
    // Nothing says whose it is.
    assert_eq!(of("自评表.txt", form).unit, "");
}
