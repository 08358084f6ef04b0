//! The mapping language as its authors meet it: the examples of its README, and what they are told when something is wrong.

use std::collections::BTreeSet;

use juesuan::authoring::examples;
use juesuan::mapping::Mappings;
use juesuan::pipeline::{Settings, extract};
use juesuan::wording::{Language, problem};

use crate::cases::figures;

/// An example of the README: blocks between two headings.
#[derive(Default)]
struct Taught {
    heading: String,
    files: Vec<String>,
    document: String,
    figures: Vec<String>,
    leftovers: Vec<String>,
    findings: Option<Vec<String>>,
}

fn taught(markdown: &str) -> Vec<Taught> {
    let mut all: Vec<Taught> = Vec::new();
    let mut block: Option<(String, String)> = None;
    for line in markdown.lines() {
        match &mut block {
            Some((kind, text)) if line == "```" => {
                let current = all.last_mut().unwrap();
                let rows = || text.lines().map(str::to_owned).collect();
                match kind.as_str() {
                    "yaml" => current.files.push(text.clone()),
                    "document" => current.document.clone_from(text),
                    "figures" => current.figures = rows(),
                    "leftovers" => current.leftovers = rows(),
                    "findings" => current.findings = Some(rows()),
                    _ => {}
                }
                block = None;
            }
            Some((_, text)) => {
                text.push_str(line);
                text.push('\n');
            }
            None => match (line.strip_prefix("```"), line.starts_with('#')) {
                (Some(kind), _) => block = Some((kind.to_owned(), String::new())),
                (None, true) => all.push(Taught { heading: line.to_owned(), ..Taught::default() }),
                (None, false) => {}
            },
        }
    }
    all.retain(|taught| !taught.document.is_empty());
    all
}

fn loaded(files: &[String]) -> Mappings {
    let texts: Vec<(String, String)> =
        files.iter().enumerate().map(|(at, text)| (format!("own{at}.yaml"), text.clone())).collect();
    Mappings::load_with_texts(None, &texts).unwrap_or_else(|problems| {
        let said: Vec<String> = problems.iter().map(|found| problem(found, Language::English)).collect();
        panic!("{}", said.join("\n"))
    })
}

#[test]
fn the_examples_of_the_readme_are_read_as_it_says() {
    let mut wrong = Vec::new();
    let all = taught(include_str!("../../mappings/README.md"));
    assert!(all.len() >= 14, "{}", all.len());
    for example in &all {
        let mut settings = Settings::with_mappings(loaded(&example.files));
        settings.assumed_year = Some(2023);
        let extracted = extract(example.document.as_bytes(), "example.txt", &settings);
        let mut expected = example.figures.clone();
        expected.sort();
        let found = figures(&extracted);
        let left: Vec<String> = extracted
            .submission
            .leftovers
            .iter()
            .map(|left| format!("{} | {}", left.value_as_written, left.blocked_by))
            .collect();
        if found != expected || left != example.leftovers {
            wrong.push(format!("{}\nread {found:#?}\nleft over {left:#?}\n{}", example.heading, extracted.reason));
        }
        let findings: Vec<String> = extracted.submission.findings.iter().map(shown).collect();
        if example.findings.as_ref().is_some_and(|expected| *expected != findings) {
            wrong.push(format!("{}\nfound {findings:#?}", example.heading));
        }
        let mut settings = Settings::with_mappings(loaded(&example.files));
        if let Err(problems) = examples::check(&mut settings) {
            wrong.extend(problems.iter().map(|found| problem(found, Language::English)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A finding as the README shows it.
fn shown(finding: &juesuan::model::Finding) -> String {
    let [is, gives] = [&finding.actual, &finding.expected].map(|side| side.as_deref().unwrap_or_default());
    let shown = format!("{} {} | {} | {is} | {gives}", finding.severity().word(), finding.word(), finding.subject);
    shown.trim_end().to_owned()
}

/// The worked example is short enough to be written in an hour.
#[test]
fn the_worked_example_has_at_most_40_lines() {
    let worked = taught(include_str!("../../mappings/README.md")).pop().unwrap();
    assert!(worked.heading.contains("from nothing"), "{}", worked.heading);
    assert_eq!(worked.files.len(), 1);
    assert!(worked.files[0].lines().count() <= 40, "{}", worked.files[0].lines().count());
}

/// A form of which everything is right.
const HEAD: &str = "form: fees\nname: 收费表\nrecognise:\n  titles: [学校收费情况表]\n";

/// One file for each thing that can be wrong: what follows the head, line and column, the line itself, and what is said.
const LINTS: &[(&str, usize, usize, &str, &str, &str)] = &[
    ("lables: {}\n", 5, 1, "lables: {}", "did you mean `labels`?", "是不是 `labels`"),
    (
        "labels:\n  甲: { items: 公务接待费 }\n",
        6,
        8,
        "  甲: { items: 公务接待费 }",
        "did you mean `item`?",
        "没有 `items` 这个键",
    ),
    ("name: 乙\n", 5, 1, "name: 乙", "the key `name` is there twice", "出现了两次"),
    ("labels:\n\t甲: {}\n", 6, 1, "\t甲: {}", "a tab indents the line", "制表符"),
    (
        "labels:\n  甲：{ item: 公务接待费 }\n",
        6,
        4,
        "  甲：{ item: 公务接待费 }",
        "`：` behind `甲` is a full-width colon",
        "全角冒号",
    ),
    ("total：公务接待费\n", 5, 6, "total：公务接待费", "`：` behind `total` is a full-width colon", "全角冒号"),
    ("neutral:\n  - 单位: 万元\n", 6, 5, "  - 单位: 万元", "put it into quotes: \"单位: 万元\"", "请加引号"),
    (
        "labels:\n  单位: 万元: { item: 公务接待费 }\n",
        6,
        3,
        "  单位: 万元: { item: 公务接待费 }",
        "put it into quotes",
        "请加引号",
    ),
    ("neutral: [甲, *, 乙]\n", 5, 14, "neutral: [甲, *, 乙]", "begins with `*` must stand in quotes", "要加引号"),
    ("labels:\n  甲: 公务接待费\n", 6, 6, "  甲: 公务接待费", "keys with values belong here", "键和值"),
    ("items: 公务接待费\n", 5, 8, "items: 公务接待费", "a list belongs here", "应是列表"),
    ("total: [公务接待费]\n", 5, 8, "total: [公务接待费]", "a single text belongs here", "一段文字"),
    ("kind: tabel\n", 5, 7, "kind: tabel", "it is one of table, fields, indicators, prose", "可用：table"),
    ("examples:\n  - expect: []\n", 6, 5, "  - expect: []", "the key `given` is missing", "缺少键 `given`"),
    (
        "total: 公务接代费\n",
        5,
        8,
        "total: 公务接代费",
        "is no item of the vocabulary; nearest: 公务接待费",
        "词汇表中没有项目",
    ),
    (
        "labels:\n  甲: { funding: budget }\n",
        6,
        17,
        "  甲: { funding: budget }",
        "`budget` is no funding",
        "不是资金性质",
    ),
    (
        "labels:\n  甲: { measure: actually }\n",
        6,
        17,
        "  甲: { measure: actually }",
        "`actually` is no measure",
        "不是口径",
    ),
    ("amounts: 美元\n", 5, 10, "amounts: 美元", "`美元` is no unit of money", "不是金额单位"),
    ("labels:\n  甲: { side: left }\n", 6, 14, "  甲: { side: left }", "`left` is no side", "不是收支方向"),
    (
        "labels:\n  甲: { difference: big }\n",
        6,
        20,
        "  甲: { difference: big }",
        "`big` is no difference",
        "不是差异种类",
    ),
    ("codes: { list: mine }\n", 5, 16, "codes: { list: mine }", "`mine` is no classification", "不是科目分类"),
    ("years: 2020-2022\n", 5, 8, "years: 2020-2022", "is no range of years", "不是年度范围"),
    ("years: 2022..2020\n", 5, 8, "years: 2022..2020", "is no range of years", "不是年度范围"),
    ("extends: nothing\n", 5, 10, "extends: nothing", "there is no file `nothing.yaml` to extend", "没有可继承的文件"),
    ("extends: lint\n", 5, 10, "extends: lint", "`extends` leads back to the file itself", "绕回了文件自身"),
    ("labels:\n  甲乙: {}\n  甲 乙: {}\n", 7, 3, "  甲 乙: {}", "label `甲 乙` is claimed twice", "出现了两次"),
    ("labels:\n  “”: {}\n", 6, 3, "  “”: {}", "nothing is left of label", "什么也不剩"),
    ("fields:\n  甲: {}\n", 6, 3, "  甲: {}", "says neither item, text nor personal", "没有写 item"),
    (
        "vocabulary:\n  - { item: 学费, parent: 收费 }\n",
        6,
        25,
        "  - { item: 学费, parent: 收费 }",
        "its parent `收费` does not stand above it",
        "没有写在它前面",
    ),
    (
        "vocabulary:\n  - { item: 学费 }\n  - { item: 学费, unit: 人 }\n",
        7,
        13,
        "  - { item: 学费, unit: 人 }",
        "item `学费` is there twice",
        "出现了两次",
    ),
    (
        "vocabulary:\n  - { item: 学费, labels: [公务接待费] }\n",
        6,
        26,
        "  - { item: 学费, labels: [公务接待费] }",
        "leads to two items: `公务接待费` and `学费`",
        "指向两个项目",
    ),
    (
        "aliases:\n  甲: 公务接代费\n",
        6,
        6,
        "  甲: 公务接代费",
        "is not known here, so that nothing can mean the same; nearest: 公务接待费",
        "无法与它同义",
    ),
    (
        "aliases:\n  公务接待费: 会议费\n",
        6,
        3,
        "  公务接待费: 会议费",
        "is known already, and means something else",
        "另有含义",
    ),
    (
        "labels:\n  甲:\n    when: [{ under: [], item: 公务接待费 }]\n",
        6,
        3,
        "  甲:",
        "this `when` of `甲` never fits",
        "永远不会成立",
    ),
    (
        "labels:\n  甲:\n    when: [{ under: [乙], item: 公务接待费 }, { under: [乙], item: 会议费 }]\n",
        6,
        3,
        "  甲:",
        "never fits",
        "永远不会成立",
    ),
    (
        "labels:\n  会计: {}\n  甲:\n    when: [{ under: [会记, 囗], item: 公务接待费 }]\n",
        7,
        3,
        "  甲:",
        "a `when` of `甲` never fits: nothing knows `会记`, `囗`, which blocks all it stands over; say what it means (`会记: {}` if \
         nothing); nearest: 会计",
        "不认识“会记”、“囗”",
    ),
    (
        "items: [会议费]\nlabels:\n  甲: { item: 公务接待费 }\n",
        7,
        14,
        "  甲: { item: 公务接待费 }",
        "is no part of this form's `items` (会议费)",
        "不属于本报表的 `items`",
    ),
    (
        "examples:\n  - { given: 甲, expect: [{ item: 公务接待费, value: 1.50 }] }\n",
        6,
        5,
        "  - { given: 甲, expect: [{ item: 公务接待费, value: 1.50 }] }",
        "missing: { item: 公务接待费, measure: final, value: \"1.5\" }",
        "缺：{ item: 公务接待费",
    ),
];

/// What a file is told: by loading it, else by running its examples.
fn told(name: &str, yaml: &str) -> Vec<juesuan::mapping::Problem> {
    match Mappings::load_with_texts(None, &[(name.to_owned(), yaml.to_owned())]) {
        Err(problems) => problems,
        Ok(mappings) => examples::check(&mut Settings::with_mappings(mappings)).err().unwrap_or_default(),
    }
}

#[test]
fn every_lint_tells_line_and_column_and_shows_the_line() {
    let mut wrong = Vec::new();
    for (tail, line, column, source, english, chinese) in LINTS {
        let problems = told("lint.yaml", &format!("{HEAD}{tail}"));
        let Some(found) = problems.first() else {
            wrong.push(format!("nothing is wrong with {tail:?}"));
            continue;
        };
        let said = [Language::English, Language::Chinese].map(|language| problem(found, language));
        let there = (found.line, found.column, found.source.as_str()) == (*line, *column, *source);
        let shown = said[0].contains(&format!("\n  {line} | {}", source.replace('\t', "→")));
        if !there || !shown || !said[0].contains(english) || !said[1].contains(chinese) {
            wrong.push(format!("{tail:?} is told:\n{}\n{}", said[0], said[1]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What a file that nothing is wrong with is told.
fn remarked(yaml: &str) -> Vec<juesuan::mapping::Problem> {
    examples::check(&mut Settings::with_mappings(loaded(&[yaml.to_owned()]))).unwrap().remarks
}

#[test]
fn a_form_that_no_example_shows_to_read_anything_is_remarked_and_no_other() {
    let given = "    given: |\n      学校收费情况表\n      单位：万元\n      | | 金额 |\n      | 学费 | 3.00 |\n";
    let reads = "vocabulary: [{ item: 学费 }]\nlabels: { 金额: { measure: final } }\n";
    let expect = "    expect: [{ item: 学费, measure: final, value: \"3\" }]\n";
    let near_miss = "  - given: |\n      学校收费情况表\n      | | 单价 |\n      | 学费 | 3.00 |\n    expect: []\n";
    for (tail, said) in [
        (String::new(), Some("form `fees` has no `examples`")),
        (
            format!("examples:\n  -{}    expect: []\n", &given[3..]),
            Some("form `fees` loads, but none of the 1 numbers in its examples is read\n    blocked by: 金额"),
        ),
        (format!("{reads}examples:\n  -{}{expect}", &given[3..]), None),
        // An example of what must not be read stands well beside one that is.
        (format!("{reads}examples:\n  -{}{expect}{near_miss}", &given[3..]), None),
        ("examples:\n  - { given: 学校收费情况表, expect: [] }\n".to_owned(), None),
    ] {
        let remarks = remarked(&format!("{HEAD}{tail}"));
        let told: Vec<String> = remarks.iter().map(|remark| problem(remark, Language::English)).collect();
        match said {
            Some(said) => assert!(told.len() == 1 && told[0].contains(said), "{tail}: {told:#?}"),
            None => assert!(told.is_empty(), "{tail}: {told:#?}"),
        }
    }
}

#[test]
fn lints_between_files_name_the_file_that_can_be_mended() {
    let head = |form: &str, title: &str| format!("form: {form}\nrecognise: {{ titles: [{title}] }}\n");
    for (name, yaml, line, english) in [
        ("own.yaml", head("own", "收入决算表"), 2, "title `收入决算表` names two forms"),
        ("z_more.yaml", head("three_public", "“三公”经费支出决算表"), 1, "has another file for these years"),
        ("own.yaml", "form: own\n".to_owned(), 1, "form `own` is never recognised"),
        ("own.yaml", "adds_to: nothing\n".to_owned(), 1, "there is no file `nothing.yaml` to add to"),
        ("own.yaml", "adds_to: income\nform: own\n".to_owned(), 2, "a file that adds to another cannot have `form`"),
        (
            "own.yaml",
            "adds_to: narrative\naliases: { 甲: 公务接待费 }\n".to_owned(),
            2,
            "put the alias into a file with `adds_to: lexicon`",
        ),
        ("own.yaml", "adds_to: lexicon\naliases:\n  甲: 囗囗囗\n".to_owned(), 3, "label `囗囗囗` is not known here"),
        ("own.yaml", "adds_to: lexicon\nlinks: { plan: [共] }\n".to_owned(), 2, "`links` has no key `plan`"),
        ("own.yaml", "adds_to: lexicon\nlabels: [{ phrases: [甲], items: [乙] }]\n".to_owned(), 2, "`乙` is no item"),
        ("own.yaml", "adds_to: vocabulary\nlabels: { 甲: { item: 乙 } }\n".to_owned(), 2, "`乙` is no item"),
        ("own.yaml", "adds_to: vocabulary\nlimits: [{ items: [乙] }]\n".to_owned(), 2, "`乙` is no item"),
        ("own.yaml", "adds_to: vocabulary\nlimits: [{ most: 1千 }]\n".to_owned(), 2, "a number belongs here"),
        (
            "own.yaml",
            "adds_to: vocabulary\nlabels: { 甲: { item: 会议费, funding: all } }\n".to_owned(),
            2,
            "`all` is no funding",
        ),
    ] {
        let problems = told(name, &yaml);
        let said: Vec<String> = problems.iter().map(|found| problem(found, Language::English)).collect();
        let here = |found: &juesuan::mapping::Problem| found.file.ends_with(name) && found.line == line;
        assert!(problems.iter().any(here) && said.iter().any(|said| said.contains(english)), "{yaml}: {said:#?}");
    }
    let problems = told("own.yaml", "adds_to: document\nunit_lines: [计价单位]\n");
    assert!(problem(&problems[0], Language::English).contains("`unit_lines`"), "{problems:?}");
    let replaced = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/mappings/document.yaml")).unwrap();
    let problems = told("document.yaml", &replaced.replace("table_number: '", "table_number: '("));
    assert!(problem(&problems[0], Language::English).contains("no regular expression"), "{problems:?}");
    let without = replaced.replace("\nnothing: [", "\n# nothing: [");
    let problems = told("document.yaml", &without);
    assert!(
        problem(&problems[0], Language::English).contains("document.yaml: the key `nothing` is missing"),
        "{problems:?}"
    );
    assert!(told("own.yaml", &format!("adds_to: document\n{without}")).is_empty());
    let problems = told("economic.csv", "a,b\n");
    assert!(problem(&problems[0], Language::English).contains("economic.csv: has no column `code`"), "{problems:?}");
}

/// A county's own words, each list alone: what is known already, what is added, and the item that a document tells without and with it.
#[test]
fn lists_take_words_of_ones_own() {
    const EXPENSES: &str = "adds_to: three_public\naliases: { 专户核定计划: 预算数 }\n";
    const UNITS: &str = "adds_to: lexicon\nunits: { 拨: [拨] }\n";
    const CELL: &str = "青禾县水利局2023年度“三公”经费支出决算表\n单位：万元\n\
                        | 项目 | 预算数 | 决算数 |\n| 公务接待费 | 查无 | 2.00 |\n";
    const COUNT: &str = "青禾县水利局2023年度部门决算情况说明\n三、“三公”经费支出决算情况说明\n国内公务接待12拨。\n";
    const GOVERNMENT: &str = "青禾镇2023年度财政总决算情况说明\n税收收入完成300.00万元。\n单位名称：青禾县水利局\n\
                              2023年度决算机关账目\n三、“三公”经费支出决算情况说明\n公务接待费支出2.00万元。\n";
    const MONEY: &str =
        "青禾县水利局专户资金2023年决算情况如下\n三、“三公”经费支出决算情况说明\n公务接待费支出2.00万元。\n";
    const BUDGET: &str = "青禾县水利局2023年度部门决算\n第二部分 2023年度部门决算报表\n一般公共预算“三公”经费支出表\n\
                          单位：万元\n| 项目 | 专户核定计划 |\n| 公务接待费 | 2.00 |\n";
    let receptions = Some("公务接待费");
    for (known, added, document, without, with) in [
        ("", "adds_to: document\nnothing: [查无]\n", CELL, None, receptions),
        (UNITS, "adds_to: lexicon\ncounters: { 拨: [批次] }\n", COUNT, None, Some("国内公务接待批次")),
        ("", "adds_to: document\nown_accounts: [机关账目]\n", GOVERNMENT, None, receptions),
        ("", "adds_to: document\nfunds: [专户资金]\n", MONEY, None, receptions),
        (EXPENSES, "adds_to: document\nbudgets: [核定计划]\n", BUDGET, receptions, None),
        (
            EXPENSES,
            "adds_to: document\nbudgets: [核定计划]\nnot_budgets: [专户核定计划]\n",
            BUDGET,
            receptions,
            receptions,
        ),
    ] {
        let read = |files: &[&str]| {
            let files: Vec<String> =
                files.iter().filter(|yaml| !yaml.is_empty()).map(|yaml| (*yaml).to_owned()).collect();
            let extracted = extract(document.as_bytes(), "a.txt", &Settings::with_mappings(loaded(&files)));
            extracted.submission.figures.iter().map(|figure| figure.key.item.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(read(&[known]), without.as_slice(), "{added}");
        assert_eq!(read(&[known, added]), with.as_slice(), "{added}");
    }
}

#[test]
fn a_byte_order_mark_is_no_mistake_and_another_encoding_is_told() {
    assert!(told("own.yaml", &format!("\u{feff}{HEAD}")).is_empty());
    assert!(told("own.yaml", &HEAD.replace('\n', "\r\n")).is_empty());
    let folder = crate::dataset::Folder::new();
    std::fs::write(folder.0.join("own.yaml"), b"form: \xb1\xed\n").unwrap();
    let output = crate::cli::run(&folder, &["mapping", "check", "own.yaml", "nowhere.yaml"]);
    let said = crate::cli::stderr(&output);
    assert!(said.contains("own.yaml: the file is no UTF-8"), "{said}");
    let output = crate::cli::run(&folder, &["mapping", "check", "nowhere.yaml"]);
    assert!(crate::cli::stderr(&output).contains("nowhere.yaml: the file cannot be read"));
}

/// Each kind of problem has its test: a new kind does not come without one.
#[test]
fn no_kind_of_problem_is_without_a_test() {
    let source = include_str!("../../src/mapping/problem.rs");
    let kinds = source.split("pub enum Wrong {").nth(1).unwrap().split("\n}\n").next().unwrap();
    let kinds: BTreeSet<&str> = kinds
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| line.split(['(', ' ', ',']).next().unwrap())
        .collect();
    let mut met: BTreeSet<String> = BTreeSet::new();
    let name = |found: &juesuan::mapping::Problem| {
        format!("{:?}", found.wrong).split(['(', ' ', '{']).next().unwrap().to_owned()
    };
    for (tail, ..) in LINTS {
        met.extend(told("lint.yaml", &format!("{HEAD}{tail}")).iter().map(name));
    }
    // Told by the tests above, from several files, from the system, by other kinds of file, or by the parser alone.
    let elsewhere = [
        "Unreadable",
        "Told",
        "NotUtf8",
        "NoFileToAddTo",
        "NotInAddition",
        "AliasInProse",
        "TitleOfTwoForms",
        "YearsOverlap",
        "NeverRecognised",
        "LexiconKey",
        "Codes",
        "Pattern",
        // By the tests of checks.
        "NoForm",
        "NoRelation",
    ];
    met.extend(told("own.yaml", "form: \"fees\n").iter().map(name));
    for tail in ["", "examples: [{ given: '学校收费情况表\n\n| 学费 |\n| 3 |' }]\n"] {
        met.extend(remarked(&format!("{HEAD}{tail}")).iter().map(name));
    }
    let without: Vec<&&str> = kinds.iter().filter(|kind| !met.contains(**kind) && !elsewhere.contains(kind)).collect();
    assert!(without.is_empty(), "{without:?}; met {met:?}");
}

/// A form whose items are told by row and column together.
const STAFF: &str = "form: staff\nrecognise: { titles: [人员情况表] }\n\
    vocabulary: [{ item: 在编教师数, unit: 人 }, { item: 离岗教师数, unit: 人 }, { item: 在编工人数, unit: 人 }]\n\
    items: [在编教师数, 离岗教师数, 在编工人数]\ncontext: { measure: final }\ncolumns: { label: [人员] }\n\
    labels:\n  在编: {}\n  离岗: {}\n  教师:\n    when:\n      - { under: [在编], item: 在编教师数 }\n      \
    - { under: [离岗], item: 离岗教师数 }\n  工人: { when: [{ under: [在编], item: 在编工人数 }] }\n";

/// The figures and leftovers of a document by one mapping file.
fn read_by(yaml: &str, document: &str) -> (Vec<String>, Vec<String>) {
    let mut settings = Settings::with_mappings(loaded(&[yaml.to_owned()]));
    settings.assumed_year = Some(2023);
    let extracted = extract(document.as_bytes(), "example.txt", &settings);
    let left = |left: &juesuan::model::Leftover| format!("{} | {}", left.value_as_written, left.blocked_by);
    (figures(&extracted), extracted.submission.leftovers.iter().map(left).collect())
}

#[test]
fn a_condition_is_answered_by_the_number_s_own_row_and_column_and_by_no_neighbour_s() {
    for (document, expected, left) in [
        (
            "人员情况表\n| 人员 | 在编 | 离岗 |\n| 教师 | 31 | 2 |\n",
            vec!["在编教师数 |  |  | final | 31 | 人", "离岗教师数 |  |  | final | 2 | 人"],
            vec![],
        ),
        // The first column has no value: the second is not the first's for that.
        ("人员情况表\n| 人员 | 在编 | 离岗 |\n| 教师 | | 2 |\n", vec!["离岗教师数 |  |  | final | 2 | 人"], vec![]),
        (
            "人员情况表\n| 人员 | 教师 |\n| 在编 | 31 |\n| 离岗 | 2 |\n",
            vec!["在编教师数 |  |  | final | 31 | 人", "离岗教师数 |  |  | final | 2 | 人"],
            vec![],
        ),
        (
            "人员情况表\n| 人员 | 离岗 | 在编 |\n| 工人 | 3 | 4 |\n",
            vec!["在编工人数 |  |  | final | 4 | 人"],
            vec!["3 | 工人"],
        ),
        // A column that is not understood is none of the two.
        (
            "人员情况表\n| 人员 | 在编 | 借调 |\n| 教师 | 31 | 2 |\n",
            vec!["在编教师数 |  |  | final | 31 | 人"],
            vec!["2 | 借调"],
        ),
    ] {
        let (found, over) = read_by(STAFF, document);
        assert_eq!(
            (found, over),
            (
                expected.iter().map(|row| (*row).to_owned()).collect(),
                left.iter().map(|row| (*row).to_owned()).collect()
            ),
            "{document}"
        );
    }
}
