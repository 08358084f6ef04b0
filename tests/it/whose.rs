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
    assert_eq!(told(&made), (vec!["1".into(), "3".into()], vec![("2.00", "a table of 青禾县第二小学")]));
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
    assert_eq!(told(&made), (vec!["2".into(), "3".into()], vec![("1.00", "a table of 2021")]));
}

#[test]
fn the_head_office_beside_the_whole_is_left_over() {
    let made = page(&[
        ("2022年度支出决算表", "部门：青禾县教育局（汇总）　单位：万元"),
        ("2022年度支出决算表", "部门：青禾县教育局（本级）　单位：万元"),
    ]);
    assert_eq!((made.submission.unit.as_str(), made.submission.scope_total), ("青禾县教育局", false));
    assert_eq!(told(&made), (vec!["1".into()], vec![("2.00", "a table of 青禾县教育局(本级)")]));
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
