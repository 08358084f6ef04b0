//! What authors of mappings are told: why a number became a figure or did not, tried from outside.

use std::path::Path;

use serde_json::Value;

use crate::cli::{code, run, stderr};
use crate::dataset::Folder;

/// A 三公 table with one label that nobody knows.
const THREE_PUBLIC: &str = "2023年度财政拨款“三公”经费支出决算表\n编制单位：青禾县司法局　单位：万元\n\
    | 项目 | 预算数 | 决算数 |\n| 公务接待费 | 30.00 | 20.00 |\n| 公务接代费 | 1.00 | 2.00 |\n| 合计 | 30.00 | 20.00 |\n\
    \n学校收费情况表\n| 项目 | 金额 |\n| 学费 | 3.00 |\n";

fn stdout(output: &std::process::Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn with(document: &str) -> Folder {
    let folder = Folder::new();
    std::fs::write(folder.0.join("三公.txt"), document).unwrap();
    folder
}

fn explained(folder: &Folder, arguments: &[&str]) -> Value {
    let mut all = vec!["mapping", "explain", "三公.txt", "--format", "json"];
    all.extend(arguments);
    let output = run(folder, &all);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

#[test]
fn a_figure_is_explained_by_each_word_on_its_path() {
    let folder = with(THREE_PUBLIC);
    let told = explained(&folder, &["--cell", "table 1 r2c3"]);
    let number = &told["numbers"][0];
    assert_eq!(number["fate"], "figure");
    assert_eq!(number["form"]["known_by"], "2023年度财政拨款“三公”经费支出决算表");
    assert_eq!(number["figures"][0]["key"], "公务接待费 final");
    let word = |role: &str| number["path"].as_array().unwrap().iter().find(|step| step["role"] == role).cloned();
    let path: Vec<(&str, &str)> = number["path"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|step| Some((step["place"].as_str()?, step["word"].as_str()?)))
        .collect();
    assert_eq!(path, [("table 1 r1c3", "决算数"), ("table 1 r2c1", "公务接待费")]);
    assert_eq!(word("key").unwrap()["says"], serde_json::json!([{"measure": "final"}]), "the form's context");
    assert!(word("unit").is_some_and(|step| step["says"][0]["amounts"] == "万元 (stated)"), "{number}");
    let last = number["path"].as_array().unwrap().last().unwrap()["so_far"].to_string();
    assert!(last.contains("公务接待费") && last.contains("final"), "{last}");
}

#[test]
fn a_leftover_is_explained_by_the_word_that_blocks_it_and_what_is_near() {
    let folder = with(THREE_PUBLIC);
    let told = explained(&folder, &[]);
    let numbers = told["numbers"].as_array().unwrap();
    assert!(numbers.iter().all(|number| number["fate"] == "leftover"));
    let blocked = numbers.iter().find(|number| number["place"] == "table 1 r3c2").unwrap();
    assert_eq!(blocked["blocked_by"], "公务接代费");
    assert_eq!(blocked["nearest"][0]["labels"][0]["label"], "公务接待费");
    assert_eq!(blocked["nearest"][0]["used"], false);
    // The total below it leans on it, and is left over for the same word.
    let total = numbers.iter().find(|number| number["place"] == "table 1 r4c2").unwrap();
    assert_eq!(total["blocked_by"], "below `公务接代费`");
    assert_eq!(total["nearest"][0]["word"], "公务接代费");
    let said = stdout(&run(&folder, &["inspect", "三公.txt"]));
    assert!(said.contains("nearest known, not used: 公务接待费"), "{said}");
}

#[test]
fn a_number_in_no_form_is_explained_by_the_headings_that_were_tried() {
    let folder = with(THREE_PUBLIC);
    let told = explained(&folder, &["--cell", "table 2 r2c2"]);
    let number = &told["numbers"][0];
    assert_eq!((number["fate"].as_str(), &number["form"]), (Some("outside"), &Value::Null));
    let tried = number["titles_tried"].as_array().unwrap();
    assert!(tried.iter().any(|tried| tried["text"] == "学校收费情况表"), "{tried:?}");
}

#[test]
fn prose_is_explained_word_by_word_with_what_governs() {
    let folder = with(
        "青禾县司法局2023年度部门决算情况说明\n一、一般公共预算财政拨款“三公”经费支出决算情况说明\n\
         公务接待费支出决算为8.79万元，与上年相比减少5.11万元，主要原因是压缩招待3次。\n",
    );
    let told = explained(&folder, &["--figure", "公务接待费"]);
    // Under what a document calls it, too.
    assert_eq!(explained(&folder, &["--figure", "公务招待费"])["numbers"], told["numbers"]);
    let change = told["numbers"].as_array().unwrap().iter().find(|number| number["text"] == "5.11").unwrap().clone();
    assert_eq!(change["figures"][0]["key"], "公务接待费 change");
    let steps = change["path"].as_array().unwrap();
    let word =
        |word: &str| steps.iter().find(|step| step["word"] == word).unwrap_or_else(|| panic!("{word}: {steps:#?}"));
    assert_eq!(word("公务接待费")["role"], "key");
    assert_eq!(word("上年")["role"], "time");
    assert_eq!(word("减少")["role"], "direction");
    assert!(word("减少")["so_far"].to_string().contains(r#"{"compared_with":"prior_final"}"#));
    assert!(steps.iter().any(|step| step["stands"] == "heading" && step["says"].to_string().contains("three_public")));
    let output = run(&folder, &["mapping", "explain", "三公.txt", "--cell", "paragraph 3"]);
    assert!(stdout(&output).contains("reason"), "{}", stdout(&output));
}

#[test]
fn digits_among_words_are_explained_by_why_their_cell_was_left_over() {
    let folder = with(&THREE_PUBLIC.replace("| 1.00 | 2.00 |", "| 约1万元 | 2.00 |"));
    let told = explained(&folder, &["--cell", "table 1 r3c2"]);
    assert_eq!(told["numbers"][0]["fate"], "leftover", "{told:#}");
    assert_eq!(told["numbers"][0]["blocked_by"], "words beside the number", "{told:#}");
}

#[test]
fn an_item_or_place_without_a_number_is_answered_with_what_to_do() {
    let folder = with(THREE_PUBLIC);
    for (arguments, said) in [
        (["--figure", "公务接代费用"], "no number of the item"),
        (["--cell", "table 9 r1c1"], "no number stands at `table 9 r1c1`"),
    ] {
        let output = run(&folder, &[&["mapping", "explain", "三公.txt"][..], &arguments[..]].concat());
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

/// A table of fees that no form describes.
const FEES: &str = "青禾县第一中学2023年度学校收费情况表\n编制单位：青禾县第一中学　单位：元\n\
    | 收费项目 | 应收金额 | 实收金额 | 备注 |\n| 学费 | 120,000.00 | 118,000.00 | 按学期收 |\n\
    | 住宿费 | 36,000.00 | 36,000.00 | |\n| 合计 | 156,000.00 | 154,000.00 | |\n";

#[test]
fn a_draft_passes_the_check_as_it_stands_and_reads_once_its_guesses_are_taken() {
    let folder = with(FEES);
    let output = run(&folder, &["mapping", "draft", "三公.txt"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let draft = stdout(&output);
    for part in [
        "titles: [学校收费情况表]",
        "- item: 学费",
        "parent: 学校收费合计",
        "#   实收金额: { measure: final }",
        "expect: []",
    ] {
        assert!(draft.contains(part), "{part} in {draft}");
    }
    std::fs::create_dir(folder.0.join("own")).unwrap();
    std::fs::write(folder.0.join("own/fees.yaml"), &draft).unwrap();
    let checked = run(&folder, &["mapping", "check", "own"]);
    assert_eq!(code(&checked), 0, "{draft}\n{}", stderr(&checked));
    let said = stderr(&checked);
    assert!(said.contains("loads, but none of the 6 numbers in its examples is read"), "{said}");
    assert!(said.contains("remarks: 1, above") && !said.contains("fine"), "{said}");
    // The guesses are right here: their comment signs go.
    let taken = draft
        .replace("# columns:", "columns:")
        .replace("#   label: ", "  label: ")
        .replace("# labels:", "labels:")
        .replace("#   应收金额", "  应收金额")
        .replace("#   实收金额", "  实收金额");
    std::fs::write(folder.0.join("own/fees.yaml"), &taken).unwrap();
    let said = stderr(&run(&folder, &["mapping", "check", "own/fees.yaml"]));
    for figure in [
        r#"not expected: { item: 学费, measure: final, value: "11.8" }"#,
        r#"not expected: { item: 学校收费合计, measure: budget, value: "15.6" }"#,
    ] {
        assert!(said.contains(figure), "{figure} in {said}\n{taken}");
    }
}

/// Parts of what is printed.
type Parts = &'static [&'static str];

/// Tables that no form describes: what the draft of each has, what it has not, and what is read once its guesses are taken.
const UNKNOWN: &[(&str, Parts, Parts, Parts)] = &[
    // Columns that the vocabulary knows are items, so that the rows are projects, though only 项目 stands over them.
    (
        "青禾县教育局2023年度专项资金台账\n单位：万元\n| 序号 | 项目 | 本年收入 | 年末结余 | 经办科室 |\n\
         | 1 | 校舍维修 | 80.00 | 15.00 | 基建科 |\n| 2 | 营养改善 | 60.00 | 1.00 | 财务科 |\n| | 合计 | 140.00 | 16.00 | |\n",
        &[
            "#   project: [项目]",
            "#   text: [经办科室]",
            "本年收入: { item: 本年收入（本表） }   # elsewhere 本年收入合计",
        ],
        &["parent:", "- item: 校舍维修"],
        &[
            r#"{ entity: 校舍维修, item: 本年收入（本表）, measure: final, value: "80" }"#,
            r#"{ item: 年末结余, measure: final, value: "16" }"#,
        ],
    ),
    // Merges are kept in the example, bands are parents, and who signed is left out.
    (
        "青禾县实验小学2023年度食堂收支台账\n单位：元\n| 月份 | 收入 | < | < | 支出 | 备注 |\n| ^ | 学生伙食费 | 教师伙食费 | 小计 | ^ | ^ |\n\
         | 1月 | 52000 | 6000 | 58000 | 41000 | |\n| 2月 | 30000 | 4000 | 34000 | 25000 | 寒假停餐12天 |\n\
         | 填表人：某某 | < | < | 填表日期：2024年1月5日 | < | < |\n",
        &[
            "#   project: [月份]",
            "  - item: 教师伙食费\n    parent: 收入",
            "| 月份 | 收入 | < | < | 支出 | 备注 |\n      | ^ | 学生",
        ],
        &["某某", "2024", "台账合计"],
        &[
            r#"{ entity: 1月, item: 收入, measure: final, value: "5.8" }"#,
            r#"{ entity: 2月, item: 支出, measure: final, value: "2.5" }"#,
        ],
    ),
    // Names of organisations are sub-units, and what is known of them is known.
    (
        "青禾县教育局2023年度学校经费表\n单位：元\n| 学校 | 学生人数（人） | 公务接待费 |\n\
         | 第一中学 | 1200 | 20,000 |\n| 柳溪小学 | 600 | 0 |\n",
        &["#   entity: [学校]", "#   公务接待费: { item: 公务接待费 }   # todo: known so elsewhere; is it that here?"],
        &["#   label"],
        &[
            r#"{ entity: 第一中学, item: 学生人数, measure: final, value: "1200" }"#,
            r#"{ entity: 第一中学, item: 公务接待费, measure: final, value: "2" }"#,
        ],
    ),
    // The first project and the last row tell all; what is merged down to the last is written there.
    (
        "青禾县水利局2023年度工程台账\n单位：万元\n| 乡镇 | 工程名称 | 合同金额 | 受益人口（人） |\n| 柳溪镇 | 河堤加固 | 80 | 900 |\n\
         | ^ | 水库除险 | 45 | 700 |\n| 河口乡 | 灌渠清淤 | 12 | 300 |\n| ^ | 堰塘整治 | 9 | 200 |\n",
        &["| 柳溪镇 | 河堤加固 | 80 | 900 |\n      | 河口乡 | 堰塘整治 | 9 | 200 |\n    year"],
        &["水库除险", "灌渠清淤"],
        &[r#"{ entity: 堰塘整治, item: 合同金额, measure: final, value: "9" }"#],
    ),
    // Measures above projects: of what, nobody says.
    (
        "青禾县水利局2023年度工程资金表\n单位：万元\n| 工程名称 | 预算数 | 决算数 |\n| 河堤加固 | 80 | 60 |\n",
        &["#   project: [工程名称]", "# context: { item: 工程资金合计 }"],
        &[],
        &[r#"{ entity: 河堤加固, item: 工程资金合计, measure: budget, value: "80" }"#],
    ),
];

#[test]
fn a_draft_tells_items_from_projects_and_reads_all_once_its_guesses_are_taken() {
    for (document, has, has_not, read) in UNKNOWN {
        let folder = with(document);
        let output = run(&folder, &["mapping", "draft", "三公.txt"]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let draft = stdout(&output);
        has.iter().for_each(|part| assert!(draft.contains(part), "{part} in {draft}"));
        has_not.iter().for_each(|part| assert!(!draft.contains(part), "{part} not in {draft}"));
        std::fs::write(folder.0.join("draft.yaml"), &draft).unwrap();
        let checked = run(&folder, &["mapping", "check", "draft.yaml"]);
        assert_eq!(code(&checked), 0, "{draft}\n{}", stderr(&checked));
        // The guesses are right here: their comment signs go.
        let lines = draft.lines().map(|line| match line.strip_prefix("#   ") {
            Some(guess) => format!("  {guess}\n"),
            None => format!("{}\n", line.strip_prefix("# ").unwrap_or(line)),
        });
        std::fs::write(folder.0.join("taken.yaml"), lines.collect::<String>()).unwrap();
        let said = stderr(&run(&folder, &["mapping", "check", "taken.yaml"]));
        read.iter().for_each(|row| assert!(said.contains(row), "{row} in {said}\n{draft}"));
        assert!(!said.contains("left over"), "{said}\n{draft}");
    }
}

#[test]
fn nothing_is_drafted_from_what_is_known_or_not_there() {
    let known = THREE_PUBLIC.split("\n学校").next().unwrap();
    let folder = with(known);
    for (arguments, said) in [
        (&["mapping", "draft", "三公.txt"][..], "no table is unknown"),
        (&["mapping", "draft", "三公.txt", "--table", "1"], "the table is of a form that is known: three_public"),
        (&["mapping", "draft", "三公.txt", "--table", "7"], "there is no such table; the file has 1"),
        (&["mapping", "draft", "nowhere.txt"], "nowhere.txt"),
    ] {
        let output = run(&folder, arguments);
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn a_copy_of_all_mappings_is_a_folder_of_ones_own() {
    let folder = with(FEES);
    let own = folder.0.join("own");
    copy(Path::new("mappings"), &own);
    let checked = run(&folder, &["mapping", "check", "own"]);
    assert_eq!(code(&checked), 0, "{}", stderr(&checked));
    // What drafts guess by is a file as others are.
    let draft = |folder: &Folder| run(folder, &["mapping", "draft", "三公.txt", "--mappings", "own"]);
    assert!(stdout(&draft(&folder)).contains("#   实收金额: { measure: final }"));
    std::fs::write(own.join("guesses.yaml"), "measures: { prior_final: [实收] }\nunits: {}\ncolumns: {}\n").unwrap();
    assert!(stdout(&draft(&folder)).contains("#   实收金额: { measure: prior_final }"), "{}", stdout(&draft(&folder)));
    std::fs::write(own.join("guesses.yaml"), "measures: {}\nunit: {}\n").unwrap();
    let refused = draft(&folder);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("guesses.yaml:2:1: unknown key `unit`"), "{}", stderr(&refused));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A pile whose 三公 table calls a known item by another name, and has a table that no form describes.
fn drifting() -> Folder {
    let folder = Folder::new();
    std::fs::create_dir(folder.0.join("pile")).unwrap();
    for (unit, amount) in [("青禾县司法局", "2.00"), ("青禾县民政局", "3.00")] {
        let text = format!(
            "2023年度财政拨款“三公”经费支出决算表\n编制单位：{unit}　单位：万元\n\
             | 项目 | 预算数 | 决算数 |\n| 公务接待用餐费 | 5.00 | {amount} |\n| 公务用车购置费 | 0.00 | 0.00 |\n\
             \n学校收费情况表\n| 项目 | 金额 |\n| 学费 | 3.00 |\n"
        );
        std::fs::write(folder.0.join(format!("pile/{unit}.txt")), text).unwrap();
    }
    folder
}

#[test]
fn drift_tells_new_words_with_what_they_block_and_its_patch_frees_them() {
    let folder = drifting();
    let output = run(&folder, &["mapping", "drift", "pile", "--format", "json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let told: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((told["documents"].as_u64(), told["unread"].as_u64()), (Some(2), Some(0)));
    let coverage = told["coverage"].as_array().unwrap().iter().find(|form| form["form"] == "three_public").unwrap();
    assert_eq!((coverage["named"].as_u64(), coverage["unnamed"].as_u64()), (Some(4), Some(4)));
    let word = &told["new"][0];
    assert_eq!((word["form"].as_str(), word["word"].as_str()), (Some("three_public"), Some("公务接待用餐费")));
    assert_eq!(
        (word["blocks"].as_u64(), word["documents"].as_u64(), word["frees"].as_u64()),
        (Some(4), Some(2), Some(4))
    );
    assert!(word["nearest"][0]["means"].as_str().unwrap().contains("公务接待费"), "{word}");
    assert_eq!(told["titles"][0]["title"], "学校收费情况表");
    assert!(told["gone"].as_array().unwrap().iter().any(|gone| gone["label"] == "行政单位"), "{}", told["gone"]);
    // Nothing is applied by itself; the patch is put into a folder, looked at, and used.
    let before = run(&folder, &["inspect", "pile/青禾县司法局.txt"]);
    assert!(!stdout(&before).contains("公务接待费 final"));
    let written = run(&folder, &["mapping", "drift", "pile", "--write", "own"]);
    assert_eq!(code(&written), 0, "{}", stderr(&written));
    let patch = std::fs::read_to_string(folder.0.join("own/three_public_words.yaml")).unwrap();
    let alias = patch.lines().find(|line| line.starts_with("  公务接待用餐费: ")).unwrap();
    assert!(alias.contains("# frees 4 of 4 numbers"), "{patch}");
    assert_eq!(code(&run(&folder, &["mapping", "check", "own"])), 0);
    let after = stdout(&run(&folder, &["inspect", "pile/青禾县司法局.txt", "--mappings", "own"]));
    assert!(after.contains("公务接待费 final") && after.contains("公务接待费 budget"), "{after}");
    // A file that is there is not written over.
    assert_eq!(code(&run(&folder, &["mapping", "drift", "pile", "--write", "own"])), 3);
}

#[test]
fn a_patch_frees_words_of_prose_too() {
    let folder = Folder::new();
    std::fs::create_dir(folder.0.join("pile")).unwrap();
    let text = "青禾县司法局2023年度部门决算情况说明\n一、一般公共预算财政拨款“三公”经费支出决算情况说明\n\
                公务接待膳费支出决算为8.79万元。\n";
    std::fs::write(folder.0.join("pile/说明.txt"), text).unwrap();
    let told = run(&folder, &["mapping", "drift", "pile", "--format", "json", "--write", "own"]);
    let told: Value = serde_json::from_str(&stdout(&told)).unwrap();
    assert_eq!(told["new"][0]["form"], "narrative", "{told:#}");
    let patch = std::fs::read_dir(folder.0.join("own")).map(Iterator::count);
    let yaml = "adds_to: lexicon\naliases:\n  公务接待膳费: 公务接待费\n";
    std::fs::create_dir_all(folder.0.join("mine")).unwrap();
    std::fs::write(folder.0.join("mine/words.yaml"), yaml).unwrap();
    let after = stdout(&run(&folder, &["inspect", "pile/说明.txt", "--mappings", "mine"]));
    assert!(after.contains("公务接待费 final"), "{after} {patch:?}");
}

#[test]
fn words_that_contradict_one_another_are_told_as_such() {
    let folder = with(
        "2023年度财政拨款“三公”经费支出决算表\n编制单位：青禾县司法局　单位：万元\n\
        | 项目 | 公务接待费 | 决算数 |\n| 会议费 | 2.00 | 1.00 |\n",
    );
    let told = explained(&folder, &["--cell", "table 1 r2c2"]);
    let number = &told["numbers"][0];
    assert_ne!(number["fate"], "figure", "{number:#}");
    let path = number["path"].as_array().unwrap();
    let word = path.iter().find(|step| step["role"] == "contradicts").unwrap_or_else(|| panic!("{number:#}"));
    assert_eq!(word["word"], "会议费");
}

#[test]
fn a_label_that_waits_for_another_and_an_unknown_header_of_labels_are_explained_as_such() {
    let folder = with("青禾县第一中学2023年度人员情况表\n| 项目 | 在编 | 借调 |\n| 教师 | 31 | 2 |\n");
    let own = "form: staff\nrecognise: { titles: [人员情况表] }\nvocabulary: [{ item: 在编教师数, unit: 人 }]\n\
               items: [在编教师数]\ncontext: { measure: final }\nlabels:\n  在编: {}\n  借调: {}\n  \
               教师: { when: [{ under: [在编], item: 在编教师数 }] }\n";
    std::fs::create_dir(folder.0.join("own")).unwrap();
    std::fs::write(folder.0.join("own/staff.yaml"), own).unwrap();
    let told = stdout(&run(&folder, &["mapping", "explain", "三公.txt", "--mappings", "own"]));
    assert!(told.contains("over labels  table 1 r1c1  项目   NOT KNOWN"), "{told}");
    assert!(told.contains("`项目` heads the labels: write columns: { label: [项目] }"), "{told}");
    std::fs::write(folder.0.join("own/staff.yaml"), format!("{own}columns: {{ label: [项目] }}\n")).unwrap();
    let told = stdout(&run(&folder, &["mapping", "explain", "三公.txt", "--mappings", "own"]));
    assert!(told.contains("BY CONTEXT  under: 在编, item: 在编教师数"), "{told}");
    assert!(told.contains("`教师` means something only under: 在编; none of these"), "{told}");
}

#[test]
fn fields_and_scores_are_explained_by_their_labels() {
    let county =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/county/2021/青禾县民政局/绩效自评报告.docx");
    let folder = Folder::new();
    std::fs::copy(county, folder.0.join("三公.txt")).unwrap();
    let output = run(&folder, &["inspect", "三公.txt", "--format", "json"]);
    let all: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let figures = all["figures"].as_array().unwrap();
    let field = figures
        .iter()
        .find(|figure| figure["item"] == "绩效自评综合得分" || figure["form"] == "self_evaluation")
        .unwrap();
    let told = explained(&folder, &["--cell", field["place"].as_str().unwrap()]);
    let steps = told["numbers"][0]["path"].as_array().unwrap();
    assert!(!steps.is_empty(), "{told:#}");
    let score = &all["scores"].as_array().unwrap()[0];
    let told = explained(&folder, &["--cell", score["place"].as_str().unwrap()]);
    assert_eq!(told["numbers"][0]["scores"][0]["level1"], score["level1"]);
}
