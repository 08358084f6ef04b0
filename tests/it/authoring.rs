//! What authors of mappings are told: why a number became a figure or did not, tried from outside.

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
