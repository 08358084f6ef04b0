//! What must add up: documents, the rules that their figures break, and no others.

use std::collections::BTreeMap;

use juesuan::mapping::Mappings;
use juesuan::model::{Extracted, Finding};
use juesuan::pipeline::{Settings, extract};
use juesuan::store::Options;
use juesuan::wording::{Language, finding, problem};

use crate::dataset::{Folder, rows};
use crate::made::publish_with;

/// What is found in a text: the code, its severity, what is said of the figure.
fn broken_with(text: &str, settings: &Settings) -> Vec<String> {
    let made = extract(text.as_bytes(), "青禾县水利局/2022.txt", settings).submission;
    let of_checks =
        |finding: &&Finding| finding.word().starts_with("checks::") || finding.word().starts_with("scores::");
    let shown = |broken: &Finding| {
        let [is, gives] = [&broken.actual, &broken.expected].map(|side| side.as_deref().unwrap_or_default());
        format!("{} {}: {} is {is}, not {gives}", broken.severity().word(), broken.word(), broken.subject)
    };
    made.findings.iter().filter(of_checks).map(shown).collect()
}

fn broken(text: &str) -> Vec<String> {
    broken_with(text, &Settings::load(None, None, false).unwrap())
}

fn none(text: &str) {
    let none: [&str; 0] = [];
    assert_eq!(broken(text), none, "{text}");
}

/// A table of the “三公”经费 with its finals: total, abroad, vehicles, purchase, running, reception.
fn three_public(finals: [&str; 6]) -> String {
    let items = [
        "“三公”经费合计",
        "因公出国（境）费",
        "公务用车购置及运行维护费",
        "其中：公务用车购置费",
        "公务用车运行维护费",
        "公务接待费",
    ];
    let rows = items.iter().zip(finals).map(|(item, value)| format!("| {item} | {value} |\n"));
    format!(
        "2022年度一般公共预算财政拨款“三公”经费支出决算表\n\n单位：万元\n\n| 项目 | 决算数 |\n| --- | --- |\n{}",
        rows.collect::<String>()
    )
}

/// A table of expenditure: code, name, total, basic, projects.
fn expenditure(rows: &[&str]) -> String {
    let rows: String = rows.iter().map(|row| format!("| {row} |\n")).collect();
    format!(
        "2022年度支出决算表\n\n单位：万元\n\n| 科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出 |\n| --- | --- | --- | --- | --- |\n{rows}"
    )
}

/// An explanation with these sentences.
fn narrative(sentences: &str) -> String {
    format!("青禾县水利局2022年度部门决算公开说明\n\n三、支出决算情况说明\n{sentences}\n")
}

#[test]
fn a_total_is_the_sum_of_its_parts() {
    none(&three_public(["12.40", "0", "8.10", "0", "8.10", "4.30"]));
    // A blank part is nothing.
    none(&three_public(["12.40", "", "8.10", "", "8.10", "4.30"]));
    // 12 beside decimals is 12.00.
    assert_eq!(
        broken(&three_public(["12", "0", "8.10", "0", "8.10", "4.30"])),
        ["error checks::t7_total: “三公”经费 final is 12 万元, not 12.4 万元"]
    );
    assert_eq!(
        broken(&three_public(["12.40", "0", "8.10", "0.50", "8.10", "4.30"])),
        ["error checks::t7_vehicles: 公务用车购置及运行维护费 final is 8.1 万元, not 8.6 万元"]
    );
    // Two parts of two decimals, rounded, explain a difference of 0.01; they do not explain one of 0.02.
    none(&three_public(["12.41", "0", "8.10", "0", "8.10", "4.30"]));
    assert_eq!(broken(&three_public(["12.42", "0", "8.10", "0", "8.10", "4.30"])).len(), 1);
}

#[test]
fn rows_of_a_classification_are_the_sum_of_those_below_them() {
    let right = [
        "| 合计 | 30.00 | 20.00 | 10.00",
        "208 | 社会保障和就业支出 | 10.00 | 10.00 | ",
        "20805 | 行政事业单位养老支出 | 10.00 | 10.00 | ",
        "2080505 | 机关事业单位基本养老保险缴费支出 | 10.00 | 10.00 | ",
        "213 | 农林水支出 | 20.00 | 10.00 | 10.00",
        "21303 | 水利 | 20.00 | 10.00 | 10.00",
        "2130301 | 行政运行 | 10.00 | 10.00 | ",
        "2130305 | 水利工程建设 | 10.00 | | 10.00",
    ];
    none(&expenditure(&right));
    let with = |at: usize, row: &'static str| {
        let mut rows = right;
        rows[at] = row;
        broken(&expenditure(&rows))
    };
    assert_eq!(
        with(7, "2130305 | 水利工程建设 | 9.00 | | 9.00"),
        [
            "error checks::t_rollup: 本年支出合计 21303 final is 20 万元, not 19 万元",
            "error checks::t_rollup: 项目支出 21303 final is 10 万元, not 9 万元",
        ]
    );
    assert_eq!(
        with(7, "2130305 | 水利工程建设 | 10.00 | | 9.00"),
        [
            "error checks::t_rollup: 项目支出 21303 final is 10 万元, not 9 万元",
            "error checks::t3_row: 本年支出合计 2130305 final is 10 万元, not 9 万元",
        ]
    );
    // A row that could not be read may be the one that is missing; what is too much is too much all the same.
    assert!(with(7, "2130399 | 水利工程建设 | 10.00 | | 10.00").iter().all(|found| !found.contains("t_rollup")));
    assert_eq!(
        with(7, "2130305 | 水利工程建设 | 1O.00 | | 11.00").first().map(String::as_str),
        Some("error checks::t_rollup: 项目支出 21303 final is 10 万元, not 11 万元")
    );
}

#[test]
fn percentages_are_what_their_terms_give() {
    none(&narrative(
        "2022年度本年支出合计300.00万元，其中：基本支出200.00万元，占66.67%；项目支出100.00万元，占33.33%。",
    ));
    // Percentages count as written: 67% of 66.67.
    none(&narrative("2022年度本年支出合计300.00万元，其中：基本支出200.00万元，占67%；项目支出100.00万元，占33%。"));
    // Bent by one unit so that both add up to 100.
    assert_eq!(
        broken(&narrative(
            "2022年度本年支出合计300.00万元，其中：基本支出200.00万元，占66.68%；项目支出100.00万元，占33.32%。"
        )),
        [
            "warning checks::n_share: 基本支出 share is 66.68%, not 66.6666%",
            "warning checks::n_share: 项目支出 share is 33.32%, not 33.3333%",
        ]
    );
    assert_eq!(
        broken(&narrative(
            "2022年度本年支出合计300.00万元，与上年相比增加60.00万元，增长20.00%，完成年初预算250.00万元的120.00%。"
        )),
        ["error checks::n_change_rate: 本年支出合计 change_rate is 20%, not 25%"]
    );
    assert_eq!(
        broken(&narrative("2022年度公务接待费支出决算3.00万元，完成预算4.00万元的80.00%，比预算减少2.00万元。")),
        [
            "error checks::n_deviation: 公务接待费 deviation is -2 万元, not -1 万元",
            "error checks::n_completion_rate: 公务接待费 completion_rate is 80%, not 75%",
        ]
    );
    // A fund's share is of all funds, a part's of its own fund: where that total is not told, nothing is said.
    let both = "2022年度本年支出合计300.00万元。2022年度一般公共预算财政拨款支出240.00万元，占本年支出合计的80.00%。";
    none(&narrative(both));
    assert_eq!(broken(&narrative(&both.replace("80.00%", "81.00%"))).len(), 1);
    none(&narrative(
        "2022年度本年支出合计300.00万元。\n四、财政拨款支出决算情况说明\n2022年度财政拨款支出200.00万元，主要用于以下方面：\
         基本支出150.00万元，占75.00%；项目支出50.00万元，占25.00%。",
    ));
    // Without the amount of the year before, or with nothing to divide by, nothing is said.
    none(&narrative("2022年度公务接待费支出决算3.00万元，比上年增加3.00万元，增长100.00%。"));
    none(&narrative("2022年度公务接待费支出决算增长20.00%。"));
}

/// Which budget a column of percentages is of, its label says, whatever budgets stand beside it.
#[test]
fn percentages_of_both_budgets_are_each_of_its_own() {
    let table = |rates: &str| {
        format!(
            "2022年度一般公共预算财政拨款“三公”经费支出决算表\n\n单位：万元\n\n\
             | 项目 | 年初预算数 | 全年预算数 | 决算数 | 决算数为年初预算数的% | 决算数为全年预算数的% |\n\
             | --- | --- | --- | --- | --- | --- |\n| 公务接待费 | 8.00 | 5.00 | 4.00 | {rates} |\n"
        )
    };
    none(&table("50.00 | 80.00"));
    assert_eq!(
        broken(&table("80.00 | 50.00")),
        [
            "error checks::n_completion_rate: 公务接待费 completion_rate is 80%, not 50%",
            "error checks::n_completion_rate_adjusted: 公务接待费 completion_rate of adjusted_budget is 50%, not 80%",
        ]
    );
}

#[test]
fn a_share_of_what_the_item_is_no_part_of_is_no_sum() {
    let with = |share: &str| {
        narrative(&format!(
            "2022年度政府采购支出总额100.00万元，其中：政府采购货物支出60.00万元、政府采购服务支出40.00万元。授予中小企业合同金额90.00万元，\
             占政府采购支出总额的{share}；货物采购授予中小企业合同金额占货物支出金额的95.00%。"
        ))
    };
    none(&with("90.00%"));
    assert_eq!(broken(&with("95.00%")).len(), 1);
}

#[test]
fn amounts_and_counts_are_nothing_together() {
    let of = |text: &str| published(&[("2022/青禾县水利局/说明.txt", narrative(text))]);
    let none: [&str; 0] = [];
    assert_eq!(of("公务接待费支出4.30万元，公务接待5批次、31人次。"), none);
    assert_eq!(of("公务接待费支出0万元，公务接待0批次、0人次。"), none);
    assert_eq!(
        of("公务接待费支出4.30万元，公务接待0批次、0人次。"),
        [
            "warning checks::n_received 2022 公务接待费与批次应同为零或同不为零：公务接待费 决算数 为 4.3 万元，按其他各数应为 0 万元"
        ]
    );
    assert_eq!(
        of("公务接待费支出0万元，公务接待5批次、31人次。"),
        [
            "warning checks::n_received 2022 公务接待费与批次应同为零或同不为零：公务接待费 决算数 为 0 万元，按其他各数应为 ≠ 0"
        ]
    );
    // Fewer persons than receptions.
    assert_eq!(of("公务接待费支出4.30万元，公务接待31批次、5人次。").len(), 1);
}

/// A sign that was lost: no rate tells, since there is none of less than nothing.
#[test]
fn nothing_has_grown_by_more_than_it_is() {
    let told = |change: &str, rate: &str| {
        broken(&narrative(&format!(
            "2022年度收、支总计229.00万元。与上年相比，{change}万元，{rate}，主要原因是职能调整。"
        )))
    };
    assert_eq!(
        told("增加263.00", "增长53.46%"),
        ["error checks::n_change_within: 收入总计 final is 229 万元, not ≥ 263 万元"]
    );
    assert_eq!(told("减少263.00", "下降53.46%"), [""; 0]);
    assert_eq!(told("增加229.00", "增长100%"), [""; 0]);
}

#[test]
fn there_is_no_percentage_of_nothing() {
    let told = |budget: &str, rate: &str| {
        broken(&narrative(&format!("2022年度公务接待费预算{budget}万元，支出决算3.00万元，完成预算的{rate}。")))
    };
    assert_eq!(told("4.00", "75.00%"), [""; 0]);
    assert_eq!(told("0", "0%"), [""; 0]);
    assert_eq!(told("0.00", "100%"), ["warning checks::n_zero_base: 公务接待费 completion_rate is 100%, not 0%"]);
    assert_eq!(
        broken(&narrative("2022年度公务接待费支出决算3.00万元，上年决算数为0万元，比上年增加3.00万元，增长100%。")),
        ["warning checks::n_zero_prior: 公务接待费 change_rate is 100%, not 0%"]
    );
}

#[test]
fn sums_in_sentences_hold_where_all_parts_are_told() {
    let sum = |parts: &str| narrative(&format!("2022年度本年支出合计100.00万元，其中：{parts}。"));
    none(&sum("基本支出60.00万元，项目支出40.00万元"));
    none(&sum("基本支出60.00万元")); // the rest is not told
    assert_eq!(broken(&sum("基本支出60.00万元，项目支出41.00万元")).len(), 1);
    let all = |projects: &str| {
        sum(&format!(
            "基本支出60.00万元，项目支出{projects}万元，上缴上级支出0万元，经营支出0万元，对附属单位补助支出0万元"
        ))
    };
    none(&all("40.00"));
    assert_eq!(broken(&all("39.00")).len(), 1);
}

#[test]
fn what_a_unit_tells_twice_in_a_sentence_of_both_totals_is_one_mistake() {
    let text = narrative("2022年度收、支总计各200.00万元。与上年相比，收、支总计各增加20.00万元，增长21.11%。");
    assert_eq!(broken(&text), ["error checks::n_change_rate: 收入总计 change_rate is 21.11%, not 11.1111%"]);
}

#[test]
fn a_broken_rule_leaves_the_document_whole() {
    let settings = Settings::load(None, None, false).unwrap();
    let made =
        extract(three_public(["12", "0", "8.10", "0", "8.10", "4.30"]).as_bytes(), "青禾县水利局/2022.txt", &settings);
    assert_eq!((made.status.word(), made.submission.figures.len()), ("ok", 6));
    let found = made.submission.findings.iter().find(|found| found.word() == "checks::t7_total").unwrap();
    assert_eq!(
        finding(found, Language::Chinese),
        "“三公”经费应等于各项之和：“三公”经费 决算数 为 12 万元，按其他各数应为 12.4 万元，相差 -0.4 万元"
    );
    let places: Vec<String> = found.places.iter().map(ToString::to_string).collect();
    assert_eq!(places, ["table 1 r2c2", "table 1 r3c2", "table 1 r4c2", "table 1 r7c2"]);
}

/// A self-evaluation of a project: what was planned, spent, and the points for spending it.
fn project(planned: &str, spent: &str, points: &str) -> String {
    format!(
        "2022年度项目支出绩效自评表\n\n单位：万元\n\n| 项目名称 | 渠道清淤 | | | | | |\n| 项目资金 | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 得分 |\n\
         | | 年度资金总额 | 80.00 | {planned} | {spent} | 10 | {points} |\n"
    )
}

#[test]
fn points_for_spending_are_those_of_the_rate() {
    none(&project("90.00", "81.00", "9"));
    none(&project("90.00", "83.00", "9.2"));
    none(&project("90.00", "83.00", "9.22"));
    none(&project("90.00", "90.00", "10"));
    none(&project("90.00", "95.00", "10"));
    // What was not scored yet is not wrong, and nothing can be said of a rate of nothing.
    none(&project("90.00", "81.00", ""));
    none(&project("0", "0", "10"));
    let off = |gives: &str, is: &str| {
        vec![format!("warning checks::s_execution_points: 预算执行 is {is} 分, not {gives} 分")]
    };
    assert_eq!(broken(&project("90.00", "81.00", "10")), off("9", "10"));
    assert_eq!(broken(&project("90.00", "90.00", "9.5")), off("10", "9.5"));
    assert_eq!(
        broken(&project("90.00", "83.00", "9.23")),
        ["warning checks::s_execution_points: 预算执行 is 9.23 分, not 9.222222 分"]
    );
}

/// A document with a score table behind it.
fn scored(document: &str, [indicator, points, score]: [&str; 3]) -> String {
    format!(
        "{document}\n附件\n2022年度部门整体支出绩效评价评分表\n\n| 一级指标 | 二级指标 | 三级指标 | 分值 | 评价标准 | 得分 |\n\
         | 投入 | 预算配置 | {indicator} | {points} | 达标得满分 | {score} |\n\
         | 投入 | 预算配置 | 预算编制完整性 | 5 | 完整得满分 | 4 |\n"
    )
}

#[test]
fn points_are_held_against_the_figures_that_they_are_for() {
    let spent = |basic: &str| narrative(&format!("本年支出合计100.00万元，其中：基本支出{basic}万元。"));
    let told = |document: &str, row: [&str; 3]| broken(&scored(document, row));
    let row = |points| ["重点支出安排率", "5", points];
    assert_eq!(
        told(&spent("100.00"), row("4")),
        ["warning checks::s_score_without_basis: 投入›预算配置›重点支出安排率 is 4 分, not 0 分"]
    );
    none(&scored(&spent("100.00"), row("0")));
    none(&scored(&spent("100.00"), row("")));
    none(&scored(&spent("90.00"), row("4")));
    none(&scored(&narrative("本年收入合计100.00万元。"), row("4")));

    let staff = |there: u32| format!("2022年度部门整体支出绩效自评报告\n\n| 人员编制 | 20 | 实有人数 | {there} |\n");
    let row = |points| ["在职人员控制率", "5", points];
    let off = |gives: &str, is: &str| {
        vec![format!("info checks::s_recompute_staff: 投入›预算配置›在职人员控制率 is {is} 分, not {gives} 分")]
    };
    none(&scored(&staff(20), row("5")));
    none(&scored(&staff(22), row("4.8")));
    assert_eq!(told(&staff(20), row("4")), off("5", "4"));
    assert_eq!(told(&staff(22), row("5")), off("< 5", "5"));
    // Of points that two indicators share nobody knows whose they are.
    none(&scored(&staff(22), ["在职人员控制率、编制管理", "5", "5"]));

    let public = |budget: &str| narrative(&format!("2022年度“三公”经费支出预算为{budget}万元，支出决算为4.00万元。"));
    let row = |points| ["“三公经费”控制率", "3", points];
    none(&scored(&public("4.00"), row("3")));
    // What is taken off for less than a percentage point is not told.
    none(&scored(&public("3.99"), row("3")));
    assert_eq!(told(&public("3.00"), row("3")).len(), 1);
    assert_eq!(told(&public("5.00"), row("2.5")).len(), 1);
}

/// Settings with a file of one's own beside the built-in ones.
fn own(yaml: &str) -> Result<Settings, String> {
    let files = [("own.yaml".to_owned(), yaml.to_owned())];
    match Mappings::load_with_texts(None, &files) {
        Ok(mappings) => Ok(Settings::with_mappings(mappings)),
        Err(problems) => {
            Err(problems.iter().map(|found| problem(found, Language::English)).collect::<Vec<_>>().join("\n"))
        }
    }
}

#[test]
fn a_county_adds_rules_of_its_own_and_replaces_others() {
    let settings = own("
adds_to: checks
checks:
  - check: own_reception
    says: 公务接待费不得超过“三公”经费的一半
    severity: warning
    forms: [three_public]
    whole: [{ item: “三公”经费, measure: final }]
    parts: [{ item: 公务接待费, measure: final }, { item: 公务接待费, measure: final }]
    at_most: true
  - check: t7_total
    says: “三公”经费应等于各项之和
    severity: info
    forms: [three_public]
    whole: [{ item: “三公”经费 }]
    parts: [{ item: 因公出国（境）费 }, { item: 公务用车购置及运行维护费 }, { item: 公务接待费 }]
")
    .unwrap();
    assert_eq!(
        broken_with(&three_public(["12", "0", "4.30", "0", "4.30", "8.10"]), &settings),
        [
            "info checks::t7_total: “三公”经费 final is 12 万元, not 12.4 万元",
            "warning checks::own_reception: “三公”经费 final is 12 万元, not ≥ 16.2 万元",
        ]
    );
}

/// A table of a dataset of these documents, by path.
fn table_of(table: &str, documents: &[(&str, String)]) -> Vec<BTreeMap<String, String>> {
    let settings = Settings::load(None, None, false).unwrap();
    let made: Vec<Extracted> = documents.iter().map(|(path, text)| extract(text.as_bytes(), path, &settings)).collect();
    let dataset = Folder::new();
    publish_with(&dataset.0, &made, |options| Options { mappings: Some(&settings.mappings), csv: true, ..options })
        .unwrap();
    rows(&dataset.0, table)
}

#[test]
fn the_only_sub_unit_with_values_speaks_for_the_unit() {
    let finals = |rows: &str| {
        let text = format!(
            "2022年度部门整体支出绩效自评报告\n\n| 人员编制 | 20 | 实有人数 | 22 |\n\n单位：万元\n\n\
             | 机构名称 | 三公经费合计 | 公务接待费 |\n{rows}"
        );
        let facts = table_of("facts", &[("2022/青禾县水利局/自评.txt", text)]);
        let told = facts.iter().filter(|row| row["unit_of_measure"] == "万元");
        told.map(|row| format!("{} {}", row["item"], row["value"])).collect::<Vec<_>>()
    };
    let both = ["“三公”经费 3", "公务接待费 3"];
    // The staff is the unit's, and no row of the table.
    assert_eq!(finals("| 水利局本级 | 3.00 | 3.00 |\n| 水管站 | | |\n"), both);
    let none: [&str; 0] = [];
    assert_eq!(finals("| 水利局本级 | 3.00 | 3.00 |\n| 水管站 | 1.00 | 1.00 |\n"), none);
    // Where all together are told they are the unit.
    assert_eq!(finals("| 水利局本级 | 2.00 | 2.00 |\n| 水管站 | | |\n| 合计 | 3.00 | 3.00 |\n"), both);
}

/// The findings of checks in a dataset of these documents, by path.
fn published(documents: &[(&str, String)]) -> Vec<String> {
    let rows = table_of("findings", documents);
    let of_checks = rows.iter().filter(|row| row["code"].starts_with("checks::"));
    of_checks
        .map(|row| format!("{} {} {} {}", row["severity"], row["code"], row["fiscal_year"], row["message"]))
        .collect()
}

/// A table of the basic expenditure of a year, in which the receptions cost so much.
fn basic_expenditure(reception: &str) -> String {
    format!(
        "2022年度一般公共预算财政拨款基本支出决算明细表\n\n单位：万元\n\n| 科目编码 | 科目名称 | 决算数 |\n| --- | --- | --- |\n\
         | 302 | 商品和服务支出 | {reception} |\n| 30217 | 公务接待费 | {reception} |\n"
    )
}

#[test]
fn a_part_is_no_more_than_its_whole_in_another_document() {
    let finals = ["12.40", "0", "8.10", "0", "8.10", "4.30"];
    let of = |reception: &str| {
        published(&[
            ("2022/青禾县水利局/三公经费.txt", three_public(finals)),
            ("2022/青禾县水利局/基本支出.txt", basic_expenditure(reception)),
        ])
    };
    let none: [&str; 0] = [];
    assert_eq!(of("4.30"), none);
    assert_eq!(of("1.00"), none, "the rest was paid from projects");
    assert_eq!(
        of("4.31"),
        [
            "error checks::x_t6_t7_reception 2022 基本支出中的公务接待费不应大于“三公”经费中的公务接待费：公务接待费 决算数 为 4.3 万元，\
          按其他各数应为 ≥ 4.31 万元，相差 -0.01 万元"
        ]
    );
}

#[test]
fn what_is_told_of_last_year_is_what_was_handed_in_then() {
    let of = |year: i32, text: &str| {
        let text = format!("青禾县水利局{year}年度部门决算公开说明\n\n七、“三公”经费支出决算情况说明\n{text}\n");
        (if year == 2021 { "2021/青禾县水利局/说明.txt" } else { "2022/青禾县水利局/说明.txt" }, text)
    };
    let last = of(2021, "2021年度公务接待费支出决算5.00万元。");
    let with = |text: &str| published(&[last.clone(), of(2022, text)]);
    let none: [&str; 0] = [];
    assert_eq!(with("2022年度公务接待费支出决算4.00万元，比上年减少1.00万元。"), none);
    assert_eq!(
        with("2022年度公务接待费支出决算4.00万元，比上年减少2.00万元。"),
        [
            "warning checks::y_change 2022 增减额应等于本年决算数减上年报送的决算数：公务接待费 比上年增减额 为 -2 万元，\
          按其他各数应为 -1 万元，相差 -1 万元"
        ]
    );
    // What is told with one decimal may be as much more or less.
    assert_eq!(with("2022年度公务接待费支出决算4.0万元，比上年减少1.04万元。"), none);
    assert_eq!(with("2022年度公务接待费支出决算4.0万元，比上年减少1.06万元。").len(), 1);
    // Two years apart nothing is known of the year between.
    let apart = published(&[last.clone(), {
        let (_, text) = of(2022, "2022年度公务接待费支出决算4.00万元，比上年减少2.00万元。");
        ("2023/青禾县水利局/说明.txt", text.replace("2022", "2023"))
    }]);
    assert_eq!(apart, none);
}

#[test]
fn of_how_many_rules_nothing_was_found_is_told() {
    let documents = [
        ("2022/青禾县水利局/三公经费.txt", three_public(["12.40", "0", "8.10", "0", "8.10", "4.30"])),
        ("2022/青禾县水利局/基本支出.txt", basic_expenditure("4.30")),
        (
            "2022/青禾县水利局/说明.txt",
            "青禾县水利局2022年度部门决算公开说明\n\n七、“三公”经费支出决算情况说明\n\
             2022年度公务接待费支出决算4.31万元，完成预算的85.00%，预算5.00万元。\n"
                .to_owned(),
        ),
    ];
    let shown = |row: &BTreeMap<String, String>| {
        let counts = ["exact", "within_rounding", "last_digit", "broken"].map(|column| row[column].as_str());
        format!("{} {} {}", row["check"], row["form"], counts.join(" "))
    };
    let mut told: Vec<String> = table_of("checks", &documents).iter().map(shown).collect();
    told.sort();
    assert_eq!(
        told,
        [
            "checks::n_completion_rate narrative 0 0 0 1",
            "checks::t6_class basic_expenditure 1 0 0 0",
            "checks::t7_total three_public 1 0 0 0",
            "checks::t7_vehicles three_public 1 0 0 0",
            "checks::x_t6_t7_reception  1 0 0 0",
            "facts::agreement  0 0 1 0",
        ]
    );
}

#[test]
fn wrong_rules_are_told_with_line_and_column() {
    let with =
        |lines: &str| own(&format!("adds_to: checks\nchecks:\n  - check: own\n    says: 某\n{lines}")).unwrap_err();
    for (lines, told) in [
        ("    whole: [{ item: 三公经 }]\n    parts: [{ item: 公务接待费 }]\n", ":5:21"),
        ("    whole: [{ measure: finals }]\n    parts: [{ measure: final }]\n", ":5:24"),
        ("    rollup: functions\n", ":5:13"),
        ("    whole: [{ measure: final }]\n", "check `own` must have `whole` and `parts`"),
        (
            "    indicators: [人员控制率]\n    points: at_most\n    to: [{ item: 人员编制 }]\n",
            "check `own` must have `whole` and `parts`",
        ),
        (
            "    indicators: [人员控制率]\n    points: below\n    to: [{ item: 人员编制 }]\n",
            "`below` is no word that may stand here; it is one of at_most, at_least, pro_rata, none_of_nothing",
        ),
        (
            "    rollup: functional\n    rate: { measure: share }\n    of: [{ measure: final }]\n",
            "check `own` must have",
        ),
        ("    severity: fatal\n    rollup: functional\n", ":5:15"),
        ("    rollups: functional\n", ":5:5"),
        ("    forms: [incomes]\n    rollup: functional\n", "there is no form `incomes`; known: "),
    ] {
        let said = with(lines);
        assert!(said.contains(told), "{told} in {said}");
    }
}
