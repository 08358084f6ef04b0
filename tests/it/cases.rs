//! Layout cases: small documents as Markdown, each with what a careful person reads from it.
//!
//! A case is a heading, a `document` block, a `figures` block and perhaps one of what is `left over`; see `tests/cases/layout-cases.md` for the notation.

use std::collections::BTreeMap;

use juesuan::model::{Extracted, Leftover, Measure};
use juesuan::pipeline::{Settings, extract};

/// One case of a file.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) document: String,
    /// Expected figures; `None` where the case says in words what must happen.
    pub(crate) figures: Option<Vec<String>>,
    /// The numbers left over, `table 1 r4c2 5.00 | why`, where the case tells them.
    left_over: Option<Vec<String>>,
}

/// The cases of a Markdown file.
pub(crate) fn cases(markdown: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut block: Option<(String, String)> = None;
    for line in markdown.lines() {
        if let Some((kind, text)) = &mut block {
            if line.starts_with("```") {
                let (kind, text) = (kind.clone(), std::mem::take(text));
                if let Some(case) = cases.last_mut() {
                    match kind.as_str() {
                        "document" => case.document = text,
                        "figures" => {
                            case.figures =
                                Some(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect())
                        }
                        "left over" => {
                            let mut told: Vec<String> = text.lines().map(str::to_owned).collect();
                            told.sort();
                            case.left_over = Some(told);
                        }
                        _ => panic!("{}: no case has a block of {kind}", case.id),
                    }
                }
                block = None;
            } else {
                assert!(!line.starts_with("### "), "a case begins inside a block of the one before it: {line}");
                text.push_str(line);
                text.push('\n');
            }
        } else if let Some(kind) = line.strip_prefix("```") {
            block = Some((kind.to_owned(), String::new()));
        } else if let Some(id) = line.strip_prefix("### ") {
            cases.push(Case { id: id.to_owned(), document: String::new(), figures: None, left_over: None });
        }
    }
    cases.retain(|case| !case.document.is_empty());
    cases
}

pub(crate) fn settings() -> Settings {
    let mut settings = Settings::load(None, None, false).unwrap();
    settings.assumed_year = Some(2023);
    settings
}

/// The figures of a document in the notation of the cases, values in canonical units, sorted.
pub(crate) fn figures(extracted: &Extracted) -> Vec<String> {
    let mut rows: Vec<String> = extracted
        .submission
        .figures
        .iter()
        .filter(|figure| !figure.key.measure.is_score())
        .map(|figure| {
            let key = &figure.key;
            let codes = [&*key.function, &*key.economic];
            let code = codes.into_iter().filter(|code| !code.is_empty()).collect::<Vec<_>>().join(" ");
            row(
                &key.entity,
                &key.item,
                &code,
                key.funding.map_or("", |funding| funding.word()),
                key.measure.word(),
                &figure.value.to_string(),
                &figure.unit_of_measure,
            )
        })
        .collect();
    for score in &extracted.submission.scores {
        let path = [&score.level1, &score.level2, &score.level3];
        let path = path.into_iter().filter(|level| !level.is_empty()).map(String::as_str).collect::<Vec<_>>().join("›");
        for (measure, value) in [(Measure::Weight, score.weight), (Measure::SelfScore, score.self_score)] {
            if let Some(value) = value {
                rows.push(row(&score.entity, &path, "", "", measure.word(), &value.normalize().to_string(), "分"));
            }
        }
    }
    for text in extracted.submission.texts.iter().filter(|text| !text.measure.is_empty()) {
        rows.push(row(&text.entity, &text.item, "", "", text.measure, &text.text, "text"));
    }
    rows.sort();
    rows
}

fn row(entity: &str, item: &str, code: &str, funding: &str, measure: &str, value: &str, unit: &str) -> String {
    let entity = if entity.is_empty() { String::new() } else { format!("[{entity}] ") };
    format!("{entity}{item} | {code} | {funding} | {measure} | {value} | {unit}")
}

/// An expected row with its amount in 万元 and counts in the vocabulary's unit.
fn canonical(expected: &str, settings: &Settings) -> String {
    let fields: Vec<&str> = expected.split('|').map(str::trim).collect();
    let [item, code, funding, measure, value, unit] = fields.as_slice() else { return expected.to_owned() };
    if *unit == "text" {
        return row("", item, code, funding, measure, value, unit);
    }
    let mut number: rust_decimal::Decimal = match value.parse() {
        Ok(number) => number,
        Err(_) => return expected.to_owned(),
    };
    let mut unit = (*unit).to_owned();
    if unit == "元" {
        number.set_scale(number.scale() + 4).unwrap();
        unit = "万元".to_owned();
    }
    let name = item.rsplit("] ").next().unwrap_or(item);
    if let Some(known) = settings.mappings.vocabulary.item(name)
        && unit != "%"
        && unit != "万元"
        && unit != "分"
    {
        unit = known.unit.to_string();
    }
    let (entity, item) = match item.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((entity, item)) => (entity, item),
        None => ("", *item),
    };
    row(entity, item, code, funding, measure, &number.normalize().to_string(), &unit)
}

#[test]
fn layouts_are_read_as_a_careful_person_reads_them() {
    let settings = settings();
    let mut wrong = BTreeMap::new();
    let mut read = 0;
    for case in cases(include_str!("../cases/layout-cases.md")) {
        let Some(expected) = &case.figures else { continue };
        let document = case.document.replace('⇥', "\t");
        let extracted = extract(document.as_bytes(), &format!("青禾县某局/{}.txt", &case.id[..3]), &settings);
        let mut expected: Vec<String> = expected.iter().map(|row| canonical(row, &settings)).collect();
        expected.sort();
        let found = figures(&extracted);
        read += found.len();
        let missing: Vec<&String> = expected.iter().filter(|row| !found.contains(row)).collect();
        let invented: Vec<&String> = found.iter().filter(|row| !expected.contains(row)).collect();
        let left = left_over(&extracted);
        if !missing.is_empty() || !invented.is_empty() {
            wrong.insert(
                case.id.clone(),
                format!(
                    "missing {missing:#?}\ninvented {invented:#?}\nleft over {left:#?} {:?} {}",
                    extracted.status, extracted.reason
                ),
            );
        }
    }
    let report: Vec<String> = wrong.iter().map(|(id, what)| format!("== {id}\n{what}")).collect();
    assert!(wrong.is_empty(), "{} cases are read otherwise ({read} figures read):\n{}", wrong.len(), report.join("\n"));
}

#[test]
fn whole_explanations_are_read_as_a_careful_person_reads_them() {
    let settings = Settings::load(None, None, false).unwrap();
    let mut wrong = Vec::new();
    let pages = [include_str!("../cases/prose/pages.md"), include_str!("../cases/prose/odd.md")];
    for case in pages.into_iter().flat_map(cases) {
        let extracted = extract(case.document.as_bytes(), "page.txt", &settings);
        let expected: Vec<String> = case.figures.iter().flatten().map(|row| canonical(row, &settings)).collect();
        let found = figures(&extracted);
        let missing: Vec<&String> = expected.iter().filter(|row| !found.contains(row)).collect();
        let invented: Vec<&String> = found.iter().filter(|row| !expected.contains(row)).collect();
        let left = left_over(&extracted);
        let is_left_as_told = case.left_over.as_ref().is_none_or(|told| *told == left);
        if !missing.is_empty() || !invented.is_empty() || !is_left_as_told {
            wrong.push(format!(
                "== {}\nmissing {missing:#?}\ninvented {invented:#?}\nleft over {left:#?} {:?} {}",
                case.id, extracted.status, extracted.reason
            ));
        }
    }
    assert!(wrong.is_empty(), "{} pages are read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

/// What must not become a figure. For each near miss: the figures that may be given, and a finding, a blocking word or the
/// reason of an ignored number that must say why the rest is none.
const NEAR_MISSES: &[(&str, &[&str], &str)] = &[
    ("N01", &[], ""),
    ("N02", &[], "no_known_form"),
    ("N03", &[], "no_known_form"),
    ("N04", &[], "no_known_form"),
    ("N05", &[], "locate::ambiguous"),
    ("N06", &[], "locate::two_units"),
    ("N12", &["基本支出 | 201 |  | final | 20 | 万元", "项目支出 | 201 |  | final | 5 | 万元"], "no header fits"),
    ("N14", &["公务接待费 |  |  | final | 2 | 万元"], "公务飞机运行费"),
    ("N15", &["本年支出合计 | 201 |  | final | 20 | 万元"], "what a page happens to show"),
    ("N16", &[], "no_known_form"),
    ("N17", &[], ""),
    ("N19", &[], ""),
    ("N20", &["公务接待费 |  |  | budget | 10 | 万元"], "value::wrong_kind"),
    (
        "made up: a value merged over two items",
        &["公务用车购置费 |  |  | budget | 0 | 万元", "公务用车运行维护费 |  |  | budget | 10 | 万元"],
        "merged over several items",
    ),
    ("N22", &["“三公”经费 |  |  | final | 31.255 | 万元"], ""),
    ("made up: a lost first character", &[], "no_known_form"),
    ("made up: an unknown heading above labels that fit", &[], "no_known_form"),
    ("made up: a unit line that nobody understands", &[], "locate::unknown_unit"),
    ("made up: last year's heading inside the table", &["公务用车运行维护费 |  |  | final | 3 | 万元"], "上年情况"),
    ("made up: damaged numbers", &["公务用车购置费 |  |  | final | 1 | 万元"], "value::malformed_number"),
    ("made up: code and name contradict", &["本年支出合计 | 201 |  | final | 1 | 万元"], "code::contradicts_name"),
    ("made up: another year", &["公务接待费 |  |  | final | 2 | 万元"], "another year"),
    (
        "made up: another table below",
        &[
            "本年支出合计 |  | government_fund | final | 4 | 万元",
            "本年收入合计 |  | government_fund | final | 4 | 万元",
        ],
        "recognise::numbers_outside_forms",
    ),
    ("made up: a total of a class that has lost its code", &[], "a name that many codes bear"),
    ("made up: a column of numbers beside the last header", &[], "the column beside it has no header"),
    (
        "made up: another header below values",
        &[
            "本年支出合计 | 204 |  | final | 10 | 万元",
            "基本支出 | 204 |  | final | 8 | 万元",
            "项目支出 | 204 |  | final | 2 | 万元",
            "本年支出合计 | 205 |  | final | 9 | 万元",
            "项目支出 | 205 |  | final | 8 | 万元",
            "基本支出 | 205 |  | final | 1 | 万元",
        ],
        "",
    ),
    (
        "made up: another header of two levels",
        &[
            "本年支出合计 | 204 | general_budget | final | 10 | 万元",
            "基本支出 | 204 | general_budget | final | 8 | 万元",
            "项目支出 | 204 | general_budget | final | 2 | 万元",
            "本年支出合计 | 205 | general_budget | final | 9 | 万元",
            "项目支出 | 205 | general_budget | final | 8 | 万元",
            "基本支出 | 205 | general_budget | final | 1 | 万元",
        ],
        "",
    ),
    ("made up: two labels of fields side by side", &[], "two labels side by side"),
    (
        "made up: another header below the scores",
        &[
            "投入›目标设定›绩效目标合理性 |  |  | weight | 5 | 分",
            "投入›目标设定›绩效目标合理性 |  |  | self_score | 4 | 分",
            "过程›预算执行›预算完成率 |  |  | weight | 10 | 分",
            "过程›预算执行›预算完成率 |  |  | self_score | 8 | 分",
        ],
        "",
    ),
    ("made up: the sum of projects where", &[], "no project that it belongs to"),
    ("made up: a header cell emptied", &["公务接待费 |  |  | final | 2 | 万元"], "no header of its own"),
];

#[test]
fn near_misses_give_nothing_wrong_and_say_why() {
    let settings = settings();
    let mut failures = Vec::new();
    let all: Vec<Case> = cases(include_str!("../cases/layout-cases.md"))
        .into_iter()
        .chain(cases(include_str!("../cases/near-misses.md")))
        .collect();
    for (id, may, why) in NEAR_MISSES {
        let case = all.iter().find(|case| case.id.starts_with(id)).unwrap_or_else(|| panic!("no case {id}"));
        let extracted = extract(case.document.as_bytes(), "青禾县某局/near.txt", &settings);
        let found = figures(&extracted);
        let mut expected: Vec<String> = may.iter().map(|row| (*row).to_owned()).collect();
        expected.sort();
        let said = extracted.reason.contains(why)
            || extracted.submission.findings.iter().any(|finding| finding.code.word().contains(why))
            || extracted.submission.leftovers.iter().any(|left| left.blocked_by.contains(why))
            || extracted.submission.numbers.iter().any(|number| number.rule.contains(why));
        if found != expected || !said {
            let left: Vec<&str> = extracted.submission.leftovers.iter().map(|left| left.blocked_by.as_str()).collect();
            let told: Vec<&str> = extracted.submission.findings.iter().map(|finding| finding.code.word()).collect();
            failures.push(format!(
                "{id}: found {found:?}, may {expected:?}; `{why}` not in {left:?} {told:?} {}",
                extracted.reason
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The numbers that were left over, as a case tells them.
fn left_over(extracted: &Extracted) -> Vec<String> {
    let told = |left: &Leftover| format!("{} {} | {}", left.place, left.value_as_written, left.blocked_by);
    let mut left: Vec<String> = extracted.submission.leftovers.iter().map(told).collect();
    left.sort();
    left
}

#[test]
fn tables_to_fear_are_read_as_a_careful_person_reads_them() {
    all_are_read_as_told(include_str!("../cases/tables.md"), 25);
}

#[test]
fn tables_that_tempt_give_no_figure_of_another() {
    all_are_read_as_told(include_str!("../cases/table-traps.md"), 27);
}

#[test]
fn what_is_not_the_years_not_the_whole_or_not_final_is_left_over() {
    all_are_read_as_told(include_str!("../cases/state.md"), 29);
}

#[test]
fn tables_of_converters_are_read_as_a_careful_person_reads_them() {
    all_are_read_as_told(include_str!("../cases/converters.md"), 9);
}

#[test]
fn layouts_of_counties_are_read_as_a_careful_person_reads_them() {
    all_are_read_as_told(include_str!("../cases/county-layouts.md"), 44);
}

#[test]
fn rows_named_without_codes_are_read_where_their_codes_are_certain() {
    all_are_read_as_told(include_str!("../cases/names-without-codes.md"), 16);
}

/// What a file holds that has this name: its figures, and the words of its findings.
fn named(name: &str, text: &str) -> (Vec<String>, Vec<&'static str>) {
    let extracted = extract(text.as_bytes(), name, &settings());
    let told = extracted.submission.findings.iter().map(|finding| finding.code.word()).collect();
    (figures(&extracted), told)
}

const UNTITLED: &str = "部门：青禾县某局　　单位：元\n\
    | 科目编码 | 科目名称 | 本年支出合计 |\n\
    | 205 | 教育支出 | 30000.00 |\n";

#[test]
fn a_file_name_is_a_title_where_nothing_in_the_file_is() {
    let read = ["本年支出合计 | 205 |  | final | 3 | 万元"];
    for name in [
        "青禾县某局/2023/支出决算表.txt",
        "青禾县某局/公开03表 支出决算表.html",
        "青禾县某局/3.支出决算表.txt",
        "收件/青禾县某局_支出决算表.txt",
    ] {
        let (found, told) = named(name, UNTITLED);
        assert_eq!(found, read, "{name} {told:?}");
        assert!(!told.contains(&"recognise::form_contradiction"), "{name}");
    }
    // No name of a table, or one of another kind than the table's; a title in the file; a heading above the table.
    for name in ["青禾县某局/决算公开表.txt", "青禾县某局/支出预算表.txt", "青禾县某局/支出表.txt"]
    {
        assert!(named(name, UNTITLED).0.is_empty(), "{name}");
    }
    let below_heading = format!("下属企业情况\n{UNTITLED}");
    assert!(named("青禾县某局/支出决算表.txt", &below_heading).0.is_empty());
}

#[test]
fn a_file_name_that_tells_another_form_is_told_and_not_used() {
    let titled = format!("2023年度支出决算表\n{UNTITLED}");
    let read = ["本年支出合计 | 205 |  | final | 3 | 万元"];
    let (found, told) = named("青禾县某局/收入决算表.txt", &titled);
    assert_eq!(found, read);
    assert!(told.contains(&"recognise::form_contradiction"), "{told:?}");
    for name in ["青禾县某局/支出决算表.txt", "青禾县某局/决算公开表.txt"] {
        let (found, told) = named(name, &titled);
        assert_eq!(found, read);
        assert!(!told.contains(&"recognise::form_contradiction"), "{name} {told:?}");
    }
}

#[test]
fn a_header_below_the_note_of_a_table_is_that_of_another_and_without_the_note_that_of_the_next_page() {
    let sheet = |between: &str| {
        let header = "| 科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出 |";
        format!(
            "| 政府性基金预算财政拨款支出决算表 | < | < | < | < |\n| 单位：万元 | < | < | < | < |\n{header}\n\
             | 212 | 城乡社区支出 | 5.00 | 0.00 | 5.00 |\n{between}| 单位：万元 | < | < | < | < |\n{header}\n\
             | 208 | 社会保障和就业支出 | 3.00 | 1.00 | 2.00 |\n"
        )
    };
    let funds = |between: &str| named("青禾县某局/2022/决算公开表.txt", &sheet(between)).0;
    let (below_note, on_next_page) = (funds("| 注：本表反映政府性基金支出情况。 | < | < | < | < |\n"), funds(""));
    assert_eq!(on_next_page.len(), 6, "{on_next_page:?}");
    assert!(on_next_page.contains(&"本年支出合计 | 208 | government_fund | final | 3 | 万元".to_owned()));
    assert_eq!(below_note.len(), 3, "{below_note:?}");
    assert!(below_note.iter().all(|figure| figure.contains("| 212 |")));
}

#[test]
fn self_evaluations_are_read_as_a_careful_person_reads_them() {
    all_are_read_as_told(include_str!("../cases/self-evaluations.md"), 9);
}

#[test]
fn scores_tell_their_scheme_where_the_table_is_that_scheme_and_nothing_else() {
    let settings = settings();
    for (id, scheme) in [("E10", Some("sichuan-2017-project")), ("E11", None), ("E03", None)] {
        let all = cases(include_str!("../cases/self-evaluations.md"));
        let case = all.iter().find(|case| case.id.starts_with(id)).unwrap();
        let extracted = extract(case.document.as_bytes(), "青禾县某局/得分表.txt", &settings);
        assert!(!extracted.submission.scores.is_empty());
        for score in &extracted.submission.scores {
            assert_eq!(score.scheme.as_deref(), scheme, "{id} {}", score.level3);
        }
    }
}

#[test]
fn tables_beside_the_nine_are_read_as_a_careful_person_reads_them() {
    all_are_read_as_told(include_str!("../cases/beside-the-nine.md"), 5);
}

/// Every case gives the figures that it tells and no others, and leaves over what it tells.
fn all_are_read_as_told(markdown: &str, at_least: usize) {
    let settings = settings();
    let mut wrong = Vec::new();
    let all = cases(markdown);
    assert!(all.len() >= at_least);
    for case in &all {
        let document = case.document.replace('⇥', "\t");
        let extracted = extract(document.as_bytes(), &format!("青禾县某局/{}.txt", &case.id[..3]), &settings);
        let mut expected: Vec<String> = case.figures.iter().flatten().map(|row| canonical(row, &settings)).collect();
        expected.sort();
        let found = figures(&extracted);
        let left = left_over(&extracted);
        if found != expected || left != case.left_over.clone().unwrap_or_default() {
            wrong.push(format!("== {}\nfound {found:#?}\nexpected {expected:#?}\nleft over {left:#?}", case.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
