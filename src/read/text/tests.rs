use proptest::prelude::*;

use super::tab_led::is_attachment;
use super::*;
use crate::read::tests::shown;

fn read_text(text: &str) -> Document {
    read(text.as_bytes()).unwrap()
}

#[test]
fn lines_are_paragraphs_numbered_by_line() {
    for text in [
        "一、收入\n\n  收、支总计\n",
        "一、收入\r\n\r\n  收、支总计",
        "一、收入\r\r  收、支总计\r",
        "一、收入\u{c}\u{c}  收、支总计",
    ] {
        assert_eq!(shown(&read_text(text)), "1 一、收入\n3   收、支总计\n", "{text:?}");
    }
}

/// `⇥` is a tab at the start of a line, as in the layout cases.
#[test]
fn tables_are_read_as_a_text_extractor_writes_them() {
    let cases: &[(&str, &str, &str)] = &[
        (
            "a blank line ends a row, a line without a tab goes on in its cell",
            "⇥机构名称\n⇥三公经费\n合 计\n⇥其中：\n\n⇥\n⇥\n⇥公务接待费\n⇥运行费\n\n⇥本级\n⇥11.20\n⇥4.10\n⇥7.10\n",
            "table 1\n r1c1 机构名称\n r1c2 三公经费⏎合 计\n r1c3 其中：\n r2c3 公务接待费\n r2c4 运行费\n r3c1 本级\n r3c2 11.20\n r3c3 4.10\n r3c4 7.10\n",
        ),
        (
            "a lone cell spans the table",
            "⇥二、收支情况\n\n⇥评价等次\n⇥良好\n",
            "table 1\n r1c1 1x2 二、收支情况\n r2c1 评价等次\n r2c2 良好\n",
        ),
        (
            "blank lines may stand inside a cell",
            "⇥一级\n⇥二级\n⇥分值\n\n⇥投\n\n入\n⇥目标\n⇥5\n\n⇥过\n\n程\n⇥预\n\n算\n⇥6\n",
            "table 1\n r1c1 一级\n r1c2 二级\n r1c3 分值\n r2c1 投⏎⏎入\n r2c2 目标\n r2c3 5\n r3c1 过⏎⏎程\n r3c2 预⏎⏎算\n r3c3 6\n",
        ),
        (
            "a line between two tables is no part of the last cell",
            "⇥项目\n⇥金额\n\n⇥结余\n⇥3\n\n单位：万元\n⇥项目\n⇥金额\n\n⇥其他\n⇥4\n",
            "table 1\n r1c1 项目\n r1c2 金额\n r2c1 结余\n r2c2 3\n7 单位：万元\ntable 2\n r1c1 项目\n r1c2 金额\n r2c1 其他\n r2c2 4\n",
        ),
        (
            "neither is one behind a short row",
            "⇥项目\n⇥预算\n⇥决算\n\n⇥结余\n\n单位：万元\n⇥项目\n⇥预算\n⇥决算\n",
            "table 1\n r1c1 项目\n r1c2 预算\n r1c3 决算\n r2c1 1x3 结余\n7 单位：万元\ntable 2\n r1c1 项目\n r1c2 预算\n r1c3 决算\n",
        ),
        (
            "a table may be cut off by the next document",
            "⇥目标\n⇥时间\n\n⇥目标3：\n⇥时间3：\n 附件5\n评分表\n⇥一级\n⇥分值\n",
            "table 1\n r1c1 目标\n r1c2 时间\n r2c1 目标3：\n r2c2 时间3：\n6  附件5\n7 评分表\ntable 2\n r1c1 一级\n r1c2 分值\n",
        ),
        (
            "paragraphs that begin with a tab are no table",
            "⇥一、收入支出决算总体情况\n\n⇥2023年度收、支总计1240.71万元。\n\n二、收入\n⇥本年收入合计1240.71万元，占100%。\n⇥其中财政拨款收入1240.71万元。\n",
            "1 一、收入支出决算总体情况\n3 2023年度收、支总计1240.71万元。\n5 二、收入\n6 本年收入合计1240.71万元，占100%。\n7 其中财政拨款收入1240.71万元。\n",
        ),
    ];
    for (what, text, expected) in cases {
        assert_eq!(shown(&read_text(&text.replace('⇥', "\t"))), *expected, "{what}");
    }
}

#[test]
fn tables_copied_from_a_worksheet_are_read() {
    let text = "三公经费表\n项目\t预算数\t决算数\n接待费\t13\t12.96\n\t1\t\n落款\n";
    assert_eq!(
        shown(&read_text(text)),
        "1 三公经费表\ntable 1\n r1c1 项目\n r1c2 预算数\n r1c3 决算数\n r2c1 接待费\n r2c2 13\n r2c3 12.96\n r3c2 1\n5 落款\n"
    );
    assert_eq!(shown(&read_text("填报人：a\t电话：1\n")), "1 填报人：a\t电话：1\n");
}

#[test]
fn piped_tables_say_what_is_merged() {
    let text = "单位：万元\n| 项 目 | < | 本年⏎支出 | < |\n| ^ | < | ^ | 其中 |\n|---|---|---|\n| 208 | 社保 | 14.75 |\n--- next table\n| a |\n|---|\n| < |\n";
    let document = read_text(text);
    assert_eq!(
        shown(&document),
        "1 单位：万元\ntable 1\n r1c1 2x2 项 目\n r1c3 1x2 本年⏎支出\n r2c4 其中\n r3c1 ---\n r3c2 ---\n r3c3 ---\n r4c1 208\n r4c2 社保\n r4c3 14.75\ntable 2\n r1c1 a\n r2c1 <\n"
    );
    let Block::Table(table) = &document.blocks[1] else { panic!() };
    assert!(table.merges_known);
    assert_eq!(table.cells[0].offset, Some(8));
}

#[test]
fn rows_of_any_length_are_one_table() {
    let expected = "1 部门：某局\t单位：万元\ntable 1\n r1c1 收入\n r1c2 支出\n r2c1 项目\n r2c2 金额\n r2c3 项目\n r2c4 金额\n r3c1 事业收入\n r3c2 3.5\n r3c3 结余分配\n r3c4 1\n r4c3 合计\n r4c4 1\n6 落款\n";
    let tabs =
        "部门：某局\t单位：万元\n收入\t支出\n项目\t金额\t项目\t金额\n事业收入\t3.5\t结余分配\t1\n\t\t合计\t1\n落款\n";
    assert_eq!(shown(&read_text(tabs)), expected);
    // As Tika writes a table in HTML.
    let led = "部门：某局\t单位：万元\n\t收入\t支出\n\t项目\t金额\t项目\t金额\n\t事业收入\t3.5\t结余分配\t1\n\t\t\t合计\t1\n落款\n";
    assert_eq!(shown(&read_text(led)), expected);
    let bars = "部门：某局\t单位：万元\n收入 | 支出  \n---|---  \n项目 | 金额 | 项目 | 金额  \n事业收入 | 3.5 | 结余分配 | 1  \n |  | 合计 | 1  \n落款\n";
    assert_eq!(shown(&read_text(bars)), expected.replace("6 落款", "7 落款"));
    let document = read_text(bars);
    let Block::Table(table) = &document.blocks[1] else { panic!() };
    assert!(!table.merges_known);
    let offset = table.cells.iter().find(|cell| &*cell.text == "结余分配").and_then(|cell| cell.offset).unwrap();
    assert_eq!(bars.chars().skip(offset).take(4).collect::<String>(), "结余分配");
    // A signature below a table is none of its rows.
    let signed = tabs.replace("落款", "单位负责人：甲\t填表人：乙");
    assert_eq!(shown(&read_text(&signed)), expected.replace("落款", "单位负责人：甲\t填表人：乙"));
}

#[test]
fn blank_cells_are_put_back_to_the_ends_of_rows_that_lack_them() {
    let text =
        "\t收入表\n\t部门：某局\t\t单位：万元\n\t收入\t\t支出\n\t项目\t金额\t项目\t金额\n\t事业收入\t3.5\t结余分配\n";
    let blank = |text: &str| {
        let document = read_text(text);
        let Some(Block::Table(table)) = document.blocks.last() else { panic!("{text}") };
        table.cells.iter().filter(|cell| cell.text.is_empty()).count()
    };
    assert_eq!(
        shown(&read_text(text)).lines().take(3).collect::<Vec<_>>(),
        ["1 收入表", "2 部门：某局\t\t单位：万元", "table 1"]
    );
    assert_eq!(blank(text), 3);
    // A row that ends with a blank, a header whose cells are not over words, a column without header.
    for other in [
        text.replace("结余分配\n", "结余分配\t\n"),
        text.replace("收入\t\t支出", "收入\t支出"),
        text.replace("项目\t金额\n", "项目\n").replace("分配\n", "分配\n\t其他收入\t1\t债务\t2.0\n"),
    ] {
        assert!(blank(&other) < 3, "{other}");
    }
}

#[test]
fn lines_drawn_around_cells_tell_what_is_merged() {
    let text = "+----+-----------+\n| 项 | 预算“数”  |\n|    +-----+-----+\n|    | 甲  | 乙  |\n|    |     | 丙  |\n+----+-----+-----+\n| 1  | 2.0       |\n+----+-----------+\n末\n";
    let expected = "table 1\n r1c1 2x1 项\n r1c2 1x2 预算“数”\n r2c2 甲\n r2c3 乙⏎丙\n r3c1 1\n r3c2 1x2 2.0\n9 末\n";
    assert_eq!(shown(&read_text(text)), expected);
    let document = read_text(text);
    let Block::Table(table) = &document.blocks[0] else { panic!() };
    assert!(table.merges_known);
    let offset = table.cells.last().and_then(|cell| cell.offset).unwrap();
    assert_eq!(text.chars().skip(offset).take(3).collect::<String>(), "2.0");
    // A line that closes nothing.
    let open = text.replace("+----+-----+-----+\n| 1", "+----+-----+---- +\n| 1");
    assert!(!shown(&read_text(&open)).contains("2x1"));
}

#[test]
fn the_bar_behind_the_only_cell_of_a_row_is_none_of_its_text() {
    let text = "水利局2022年度决算说明 |\n支出80万元。 |\n第二行 | 两格 |\n";
    assert_eq!(shown(&read_text(text)), "1 水利局2022年度决算说明 \n2 支出80万元。 \n3 第二行 | 两格 |\n");
}

#[test]
fn tabs_and_bars_between_words_make_no_table() {
    for text in [
        "甲\t乙\n丙\t丁\t戊\n己\t庚\n",
        "首页 | 政务公开 | 部门决算\n字号 | 大 | 中 | 小\n",
        "目 录\n第一部分\t概况\t1\n一、职责\t2\n",
        "收入\t支出\t\n100\t200\n",
    ] {
        assert!(!shown(&read_text(text)).contains("table"), "{text}");
    }
}

#[test]
fn tables_saved_with_commas_are_read() {
    let text = "三公经费表\n项目,预算数,决算数\n公务接待费,\"1,300.00\",\"1,296.00\"\n,1,\n落款\n";
    assert_eq!(
        shown(&read_text(text)),
        "1 三公经费表\ntable 1\n r1c1 项目\n r1c2 预算数\n r1c3 决算数\n r2c1 公务接待费\n r2c2 1,300.00\n r2c3 1,296.00\n r3c2 1\n5 落款\n"
    );
    let document = read_text(text);
    let Block::Table(table) = &document.blocks[1] else { panic!() };
    assert!(!table.merges_known);
    let offset = table.cells.iter().find(|cell| &*cell.text == "1,296.00").and_then(|cell| cell.offset).unwrap();
    assert_eq!(text.chars().skip(offset).take(8).collect::<String>(), "1,296.00");
}

#[test]
fn a_sheet_saved_with_commas_is_one_table_with_its_titles_and_notes() {
    let text = "支出决算表,,\r\n部门：青禾县民政局,,单位：万元\r\n科目编码,科目名称,本年支出合计\r\n205,教育支出,\"1,300.00\"\r\n206,科学技术支出,2.00\r\n\
                注：本表反映支出情况。,,\r\n";
    let document = read_text(text);
    let [Block::Table(table)] = &document.blocks[..] else { panic!("{:?}", document.blocks) };
    assert_eq!((table.height(), table.width(), table.text_at(5, 0)), (6, 3, "注：本表反映支出情况。"));
}

#[test]
fn commas_between_quoted_cells_part_no_thousands() {
    let text = "\"项目\",\"行次\",\"金额\"\n\"事业收入\",\"5\",\"900.00\"\n\"其他收入\",\"6\",\"500.00\"\n";
    assert!(shown(&read_text(text)).contains(" r2c3 900.00\n"));
}

/// The rows of the only table of a text, with `?` behind cells that are not told apart, and the places that its finding names.
fn rows_of(text: &str) -> (Vec<String>, Vec<String>) {
    let document = read_text(text);
    let [Block::Table(table)] = &document.blocks[..] else { panic!("{:?}", document.blocks) };
    let cell = |cell: &crate::model::Cell| {
        format!("{}{}", cell.text, if cell.note == Some(CellNote::Undivided) { "?" } else { "" })
    };
    let row = |row: usize| table.anchored_in(row).map(cell).collect::<Vec<_>>().join("|");
    let places = document.findings.iter().flat_map(|finding| finding.places.iter().map(ToString::to_string));
    ((0..table.height()).map(row).collect(), places.collect())
}

#[test]
fn amounts_are_put_together_that_their_commas_have_parted() {
    for (text, rows) in [
        // As many cells too many as commas inside amounts.
        ("项目,金额\n接待费,1,300.00\n会议费,2,400.00\n培训费,9.00\n", "接待费|1,300.00 会议费|2,400.00 培训费|9.00"),
        (
            "项目,预算数,决算数\n接待费,1,234,567.89,-1,300.00\n会议费,,5.00\n",
            "接待费|1,234,567.89|-1,300.00 会议费||5.00",
        ),
        // None too many, in a table that keeps its width where cells are blank.
        ("项目,行次,金额\n接待费,1,300.00\n会议费,2,\n", "接待费|1|300.00 会议费|2|"),
        // Or that writes amounts without commas.
        ("项目,行次,金额\n接待费,1,300.00\n会议费,2,1240.71\n", "接待费|1|300.00 会议费|2|1240.71"),
        // Quotes part them, or something else than commas.
        ("项目,行次,金额\n接待费,1,300.00\n会议费,2,\"1,240.71\"\n", "接待费|1|300.00 会议费|2|1,240.71"),
        ("项目;行次;金额\n接待费;1;300.00\n会议费;2;1,240.71\n", "接待费|1|300.00 会议费|2|1,240.71"),
    ] {
        let (found, places) = rows_of(text);
        assert_eq!((found[1..].join(" "), places), (rows.to_owned(), vec![]), "{text}");
    }
}

#[test]
fn cells_that_may_be_one_amount_or_two_are_told() {
    for (text, rows, places) in [
        ("项目,预算数,决算数\n接待费,1,300.00\n会议费,2,400.00\n", "接待费|1?|300.00? 会议费|2?|400.00?", "r2c2 r3c2"),
        // One comma too many, and two places where it may be inside an amount.
        ("项目,预算数,决算数\n接待费,12,300,456.00\n会议费,,5.00\n", "接待费|12?|300?|456.00? 会议费||5.00", "r2c2"),
        // A comma in a label, or in a remark.
        (
            "项目,预算数,决算数\n接待费,差旅费,1.00,2.00\n会议费,3.00,4.00\n",
            "接待费?|差旅费?|1.00?|2.00? 会议费|3.00|4.00",
            "r2c1",
        ),
        // No header tells how many cells there are.
        (
            "接待费,1,300.00\n会议费,2,400.00\n培训费,3,500.00\n",
            "接待费|1?|300.00? 会议费|2?|400.00? 培训费|3?|500.00?",
            "r1c2 r2c2 r3c2",
        ),
    ] {
        let (found, told) = rows_of(text);
        let found = found.iter().filter(|row| !row.contains('项')).cloned().collect::<Vec<_>>().join(" ");
        assert_eq!((found.as_str(), told.join(" ").replace("table 1 ", "").as_str()), (rows, places), "{text}");
    }
}

#[test]
fn a_cell_in_quotes_may_have_several_lines() {
    let text = "项目,\"年初结转\n和结余\",决算数\n接待费,1.00,2.00\n会议费,3.00,4.00\n";
    assert_eq!(rows_of(text).0[0], "项目|年初结转\n和结余|决算数");
}

#[test]
fn many_rows_of_many_cells_are_a_table_even_with_sentences_in_them() {
    let text = "项目名称,,村道养护,,\n项目资金,,预算数,执行数,得分\n,总额,51.12,48.69,8.7\n\
                目标,预期。,,完成。,\n产出,数量,养护里程,10,9.5\n总分,,,100,97.2\n";
    assert!(shown(&read_text(text)).contains(" r5c5 9.5\n"));
}

#[test]
fn sentences_with_commas_are_no_table() {
    for text in [
        "其中:接待费12万元,减少1万元,下降7%\n会议费12万元,减少1万元,下降7%\n培训费12万元,减少1万元,下降7%\n",
        "接待费,12,13\n会议费,11,12\n",
        "全年收入1,300万元,支出1,200万元\n其中,基本支出1,100万元\n项目支出,100万元\n",
        "甲,乙,丙。\n1,2,3\n4,5,6\n",
        "甲,乙,丙\n丁,戊,己\n庚,辛,1\n",
    ] {
        assert!(read_text(text).blocks.iter().all(|block| matches!(block, Block::Paragraph(_))), "{text}");
    }
}

#[test]
fn markdown_is_read_without_its_marks() {
    let text = "## **收入决算表**\n\n#号\n\n| 项目 | | 年末结转<br>和结余 |\n|:---|---|---:|\n| 科目编码 | 科目名称 | |\n| **合计** | | **14.75** |\n";
    let document = read_text(text);
    assert_eq!(
        shown(&document),
        "1 收入决算表\n3 #号\ntable 1\n r1c1 项目\n r1c3 年末结转⏎   和结余\n r2c1 科目编码\n r2c2 科目名称\n r3c1 合计\n r3c3 14.75\n"
    );
    let Block::Table(table) = &document.blocks[2] else { panic!() };
    assert!(!table.merges_known);
    let characters: Vec<char> = text.chars().collect();
    for_each_text(&document, |offset, part| {
        assert_eq!(characters[offset], part.chars().next().unwrap_or(characters[offset]))
    });
}

#[test]
fn a_markdown_table_that_repeats_the_text_of_merged_cells_knows_its_merges() {
    let text = "| 项目 | 项目 | 合计 | 本年支出 | 本年支出 |\n|--|--|--|--|--|\n| 编码 | 名称 | 合计 | 小计 | 基本支出 |\n\
                | 合计 | 合计 | 5.00 | 5.00 | 5.00 |\n| 205 | 205 | 5.00 | | |\n| 206 | 教育 | 0 | 0 | 0 |\n";
    let document = read_text(text);
    assert_eq!(
        shown(&document),
        "table 1\n r1c1 1x2 项目\n r1c3 2x1 合计\n r1c4 1x2 本年支出\n r2c1 编码\n r2c2 名称\n r2c4 小计\n r2c5 基本支出\n \
         r3c1 1x2 合计\n r3c3 5.00\n r3c4 5.00\n r3c5 5.00\n r4c1 1x2 205\n r4c3 5.00\n r5c1 206\n r5c2 教育\n r5c3 0\n r5c4 0\n r5c5 0\n"
    );
    let Block::Table(table) = &document.blocks[0] else { panic!() };
    assert!(table.merges_known);
}

#[test]
fn the_same_word_below_two_bands_is_two_cells() {
    let text = "| 本年支出 | 本年支出 | 本年支出 |\n|--|--|--|\n| 小计 | 基本支出 | 基本支出 |\n| 小计 | 小计 | 人员经费 |\n| 5.00 | 5.00 | 4.00 |\n";
    let expected = "table 1\n r1c1 1x3 本年支出\n r2c1 2x1 小计\n r2c2 1x2 基本支出\n r3c2 小计\n r3c3 人员经费\n \
                    r4c1 5.00\n r4c2 5.00\n r4c3 4.00\n";
    assert_eq!(shown(&read_text(text)), expected);
}

#[test]
fn a_number_that_is_said_in_each_column_of_its_cell_is_one() {
    let text = "| 项目 | 项目 | 决算数 | 决算数 | 执行率 |\n|--|--|--|--|--|\n| 合计 | 合计 | 5.00 | 5.00 | 5.00 |\n| 205 | 甲 | 7.00 | 8.00 | 0 |\n\
                | 206 | 乙 | 12月底前完成 | 12月底前完成 | 0 |\n";
    let expected = "table 1\n r1c1 1x2 项目\n r1c3 1x2 决算数\n r1c5 执行率\n r2c1 1x2 合计\n r2c3 1x2 5.00\n r2c5 5.00\n \
                    r3c1 205\n r3c2 甲\n r3c3 7.00\n r3c4 8.00\n r3c5 0\n r4c1 206\n r4c2 乙\n r4c3 12月底前完成\n r4c4 12月底前完成\n r4c5 0\n";
    assert_eq!(shown(&read_text(text)), expected);
}

#[test]
fn what_a_converter_puts_into_blank_cells_is_left_off() {
    let text = "| 支出决算表 | Unnamed: 1 | Unnamed: 2 |\n| --- | --- | --- |\n| NaN | NaN | 单位：万元 |\n| 205 | 教育支出 | 9.00 |\n";
    assert_eq!(
        shown(&read_text(text)),
        "table 1\n r1c1 支出决算表\n r2c3 单位：万元\n r3c1 205\n r3c2 教育支出\n r3c3 9.00\n"
    );
    // It has numbered the words that stand there once more.
    let text = "| 项目 | 金额 | 项目.1 | 金额.1 |\n|--|--|--|--|\n| 甲 | 1.50 | 乙 | 2.50 |\n";
    assert!(shown(&read_text(text)).starts_with("table 1\n r1c1 项目\n r1c2 金额\n r1c3 项目\n r1c4 金额\n"));
    // Only where the first row tells that such a converter wrote it, and in its own column.
    for text in ["| 甲 | 乙 |\n|--|--|\n| NaN | 1 |\n", "| 甲 | Unnamed: 2 |\n|--|--|\n| NaN | 1 |\n"] {
        assert!(shown(&read_text(text)).contains("NaN"), "{text}");
    }
}

#[test]
fn a_table_whose_grid_would_fill_the_memory_is_refused() {
    // One row of 20,000 cells, then 20,000 rows of one.
    let text = format!("{}\n{}", "\t1\n".repeat(20_000), "\t1\n\n".repeat(20_000));
    assert_eq!(read(text.as_bytes()).unwrap_err().reason, Reason::TooLarge);
}

#[test]
fn long_and_odd_texts_take_time_in_proportion() {
    let shape = |part: &str| read_text(&part.repeat(50_000)).blocks.len();
    assert_eq!(shape("\t投\n\n入\n"), 100_000);
    assert_eq!(shape("合\t计\n算\n"), 100_000);
    assert_eq!(shape("|^|<\n"), 1);
    assert_eq!(shape("甲,乙,丙\n"), 50_000);
    assert_eq!(shape("甲,乙,丙"), 1);
    let drawn = format!("{}+\n{}", "+-".repeat(900), format!("{}|\n", "|+".repeat(900)).repeat(2_000));
    assert!(read_text(&drawn).blocks.len() < 2_002);
    let declared = read_text(&"\t甲\n\t乙：丙\t丁：戊\n\t己\t庚\t辛\n\t壬\t1\t2\n\t癸\t3\t4\n".repeat(10_000));
    assert!(declared.blocks.len() >= 10_000);
}

#[test]
fn attachments_are_told_from_text() {
    for (line, is) in [
        (" 附件5", true),
        ("附件 5：", true),
        ("附件", true),
        ("附件4-1", true),
        ("附件1：评分表", true),
        ("附件一 2020年度评分表", true),
        ("附表3", true),
        ("附件齐全的计1分", false),
        ("附件：1.部门职责", false),
        ("见附件", false),
    ] {
        assert_eq!(is_attachment(line), is, "{line}");
    }
}

#[test]
fn damaged_bytes_are_told_with_their_places() {
    let mut bytes = "一、收入合计1240.71万元，比上年增加\n\t项目\n\t合计\n".as_bytes().to_vec();
    let at = bytes.len() - 2;
    bytes[at] = 0xff;
    let document = read(&bytes).unwrap();
    assert_eq!(document.findings[0].code, FindingCode::DamagedText);
    assert_eq!(document.findings[0].places[0].to_string(), "table 1 r1c2");
}

/// Calls `check` with the offset and the text of each paragraph and cell.
fn for_each_text(document: &Document, mut check: impl FnMut(usize, &str)) {
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => check(paragraph.offset.unwrap(), &paragraph.text),
            Block::Table(table) => table.cells.iter().for_each(|cell| check(cell.offset.unwrap(), &cell.text)),
        }
    }
}

/// A real disclosure as Apache Tika wrote it, if it is at hand.
fn seed() -> Option<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/seeds/hongjiang-2020.txt");
    let seed = std::fs::read_to_string(path).ok();
    if seed.is_none() {
        eprintln!("skipped: {path} is not there");
    }
    seed
}

#[test]
fn every_text_of_the_seed_is_a_slice_of_it() {
    let Some(seed) = seed() else { return };
    let characters: Vec<char> = seed.chars().collect();
    for_each_text(&read_text(&seed), |offset, text| {
        let slice: String = characters[offset..offset + text.chars().count()].iter().collect();
        assert_eq!(slice, text);
    });
}

#[test]
fn the_tables_of_the_seed_are_those_that_a_careful_reader_sees() {
    let Some(seed) = seed() else { return };
    let document = read_text(&seed);
    let tables: Vec<&Table> = document
        .blocks
        .iter()
        .filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None })
        .collect();
    // Number, rows with text, columns with text, the first cell.
    let shapes: Vec<_> =
        tables.iter().map(|table| (table.number, table.height(), table.width(), table.text_at(0, 0))).collect();
    assert_eq!(
        shapes,
        [
            (1, 44, 7, "一、部门（单位）基本概况"),
            (2, 36, 7, "2020年度部门（单位）整体支出绩效评价评分表"),
            (3, 7, 15, "2020年度本级项目绩效评价基础数据表"),
            (4, 22, 7, "一级\n指标"),
        ]
    );
    // Below its title the score table has seven cells in each row but the last, the project scores in each.
    let lengths = |table: &Table| (0..table.height()).map(|row| table.anchored_in(row).count()).collect::<Vec<_>>();
    let [title, rows @ .., total] = &lengths(tables[1])[..] else { panic!() };
    assert!((*title, *total) == (1, 5) && rows.iter().all(|cells| *cells == 7), "{rows:?}");
    let [rows @ .., total] = &lengths(tables[3])[..] else { panic!() };
    assert!(*total == 5 && rows.iter().all(|cells| *cells == 7), "{rows:?}");
    for (table, row, texts) in [
        (0, 18, ["政府办本级", "1240.71", "1240.71", "875.14", "365.57", "", ""]),
        (3, 1, ["投\n\n入", "项目\n立项", "项目立项规范性", "2", "", "", ""]),
    ] {
        for (column, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            assert_eq!(tables[table].text_at(row, column), *text);
        }
    }
}

proptest! {
    #[test]
    fn every_character_is_read_once_and_knows_its_place(text in "([\t\n\r ]{0,3}[合计0-9。<^附件5]{0,4}){0,40}") {
        let characters: Vec<char> = text.chars().collect();
        let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let mut seen = String::new();
        let document = Document { format: Format::Text, encoding: None, blocks: blocks(&text).unwrap().0, findings: vec![], title: None, asides: Vec::new() };
        // What a converter has said again in each place of a merged cell is read once.
        prop_assume!(!document.blocks.iter().any(|block| matches!(block, Block::Table(table) if table.merges_known)));
        for_each_text(&document, |offset, part| {
            let slice: String = characters[offset..offset + part.chars().count()].iter().collect();
            assert_eq!(slice, part);
            seen += &visible(part);
        });
        prop_assert_eq!(seen, visible(&text));
    }
}
