use std::process::{Command, Output, Stdio};

use crate::dataset::Folder;

/// Runs juesuan in a folder, in English.
pub fn run(folder: &Folder, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// juesuan in a folder, in English.
pub fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_juesuan"));
    command.args(arguments).current_dir(&folder.0).env_remove("LC_MESSAGES").env("LC_ALL", "C");
    command
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn wrong_use_ends_with_2_and_writes_nothing() {
    let folder = Folder::new();
    for arguments in [
        &["import"][..],
        &["import", "nowhere", "--dataset", "out"],
        &["import", ".", "--dataset", "out", "--jobs", "0"],
        &["trend", "三公", "--dataset", "out"],
        &["fly"],
    ] {
        let output = run(&folder, arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
    assert!(!folder.0.join("out").exists());
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_rest_goes_on() {
    let folder = Folder::new();
    std::fs::create_dir(folder.0.join("pile")).unwrap();
    std::fs::write(folder.0.join("pile/空.xlsx"), b"").unwrap();
    std::fs::write(folder.0.join("pile/.隐藏.xlsx"), b"").unwrap();
    let output = run(&folder, &["import", "./pile", "--dataset", "out", "--csv"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let said = stderr(&output);
    for part in
        ["pile/空.xlsx", "pile/.隐藏.xlsx", "numbers:", "in all", "findings:", "out/current", "next: juesuan inspect"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(output.stdout.is_empty());
    let documents = std::fs::read_to_string(folder.0.join("out/current/csv/documents.csv")).unwrap();
    assert!(documents.starts_with('\u{feff}') && documents.contains(",pile/空.xlsx,"), "{documents}");
    assert_eq!(code(&run(&folder, &["import", "pile", "--dataset", "out", "--fail-on", "never", "--quiet"])), 0);
}

#[test]
fn a_held_dataset_ends_with_4() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.0.join("out")).unwrap();
    std::fs::create_dir_all(folder.0.join("pile")).unwrap();
    let lock = std::fs::File::create(folder.0.join("out/import.lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(code(&run(&folder, &["import", "pile", "--dataset", "out"])), 4);
}

#[test]
fn a_dataset_that_cannot_be_written_ends_with_3() {
    let folder = Folder::new();
    std::fs::write(folder.0.join("out"), b"a file").unwrap();
    std::fs::create_dir_all(folder.0.join("pile")).unwrap();
    let output = run(&folder, &["import", "pile", "--dataset", "out"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).contains("out"));
}

#[test]
fn chinese_users_are_spoken_to_in_chinese() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.0.join("pile")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_juesuan"))
        .args(["import", "pile", "--dataset", "out"])
        .current_dir(&folder.0)
        .env("LC_ALL", "zh_CN.UTF-8")
        .output()
        .unwrap();
    assert!(stderr(&output).contains("数据集：out/current"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn links_in_circles_and_links_to_nowhere_are_said() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.0.join("pile/a")).unwrap();
    std::os::unix::fs::symlink("..", folder.0.join("pile/a/上级")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.0.join("pile/断")).unwrap();
    let output = run(&folder, &["import", "pile", "--dataset", "out"]);
    assert_eq!(code(&output), 1);
    let said = stderr(&output);
    assert!(said.contains("pile/a/上级") && said.contains("pile/断"), "{said}");
}

#[test]
fn the_dataset_among_the_inputs_is_no_input() {
    let folder = Folder::new();
    std::fs::write(folder.0.join("a.xlsx"), b"x").unwrap();
    run(&folder, &["import", ".", "--dataset", "out"]);
    let output = run(&folder, &["import", ".", "--dataset", "out"]);
    assert!(stderr(&output).contains("1 given (0 new, 0 changed, 1 unchanged)"), "{}", stderr(&output));
}

#[test]
fn a_closed_pipe_is_a_normal_end() {
    let folder = Folder::new();
    std::fs::write(folder.0.join("a.xlsx"), b"x").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_juesuan"))
        .args(["inspect", "a.xlsx", "--format", "json"])
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(code(&output) <= 1 && output.stderr.is_empty(), "{}", stderr(&output));
}

#[test]
fn a_document_is_viewed_as_a_page_that_names_who_contradicts_it() {
    let folder = Folder::new();
    let explanation = |value: &str| {
        format!(
            "青禾县民政局2022年度部门决算情况说明\n\n一、收入支出决算总体情况说明\n\n2022年度收、支总计{value}万元。\n\n"
        )
    };
    std::fs::create_dir_all(folder.0.join("pile")).unwrap();
    std::fs::write(folder.0.join("pile/说明.txt"), explanation("482.38")).unwrap();
    std::fs::write(folder.0.join("pile/更正.txt"), explanation("428.38")).unwrap();
    assert_eq!(code(&run(&folder, &["import", "pile", "--dataset", "out", "--quiet"])), 1, "a contradiction");

    let view = |arguments: &[&str]| run(&folder, &[&["view", "--dataset", "out"], arguments].concat());
    let output = view(&["说明.txt"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("written: 说明.txt.html"));
    let page = std::fs::read_to_string(folder.0.join("说明.txt.html")).unwrap();
    assert!(
        page.contains("contradictions") && page.contains("428.38 万元 <") | page.contains("428.38 万元</"),
        "{page}"
    );
    assert!(page.contains("pile/更正.txt · paragraph"));
    assert_eq!(code(&view(&["说明.txt"])), 0, "a page of ours is replaced");

    // What is not ours is left alone, and what cannot be shown is said.
    std::fs::write(folder.0.join("说明.txt.html"), "mine").unwrap();
    for (arguments, said) in [
        (&["说明.txt"][..], "is not juesuan's"),
        (&["没有.txt"], "the dataset has no document `没有.txt`"),
        (&["pile"], "the dataset has no document"),
    ] {
        let output = view(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
    assert_eq!(std::fs::read_to_string(folder.0.join("说明.txt.html")).unwrap(), "mine");
    std::fs::rename(folder.0.join("pile/说明.txt"), folder.0.join("moved.txt")).unwrap();
    assert!(stderr(&view(&["说明.txt"])).contains("say with --file where it is now"));
    let output = view(&["说明.txt", "--file", "moved.txt", "--out", "-"]);
    assert_eq!((code(&output), String::from_utf8(output.stdout).unwrap()), (0, page));
    std::fs::write(folder.0.join("moved.txt"), explanation("1")).unwrap();
    assert!(stderr(&view(&["说明.txt", "--file", "moved.txt"])).contains("its content has changed"));
}

#[test]
fn inspect_writes_a_page_of_one_file() {
    let folder = Folder::new();
    let text =
        "青禾县民政局2022年度部门决算情况说明\n\n一、收入支出决算总体情况说明\n\n2022年度收、支总计482.38万元。\n\n";
    std::fs::write(folder.0.join("说明.txt"), text).unwrap();
    let output = run(&folder, &["inspect", "说明.txt", "--format", "html"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">") && page.trim_end().ends_with("</html>"));
    assert!(page.contains(">482.38</b>"));
}

/// A mapping of a ledger, and the ledger: no 三公 figure in it.
const LEDGER: [&str; 2] = [
    "form: ledger\nrecognise: { titles: [项目资金台账] }\nvocabulary: [{ item: 项目合同金额 }]\nitems: [项目合同金额]\n\
     context: { measure: final }\ncolumns: { project: [项目] }\nlabels: { 合同金额: { item: 项目合同金额 }, 合计: { total: true } }\n",
    "青禾县水利局2023年度项目资金台账\n单位：万元\n| 项目 | 合同金额 |\n| 河堤加固 | 80 |\n| 水库除险 | 45 |\n| 合计 | 125 |\n",
];

#[test]
fn the_hint_behind_an_import_prints_something_in_a_dataset_of_other_forms() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.0.join("pile")).unwrap();
    std::fs::create_dir_all(folder.0.join("own")).unwrap();
    std::fs::write(folder.0.join("own/ledger.yaml"), LEDGER[0]).unwrap();
    std::fs::write(folder.0.join("pile/台账.txt"), LEDGER[1]).unwrap();
    let output = run(&folder, &["import", "pile", "--dataset", "out", "--mappings", "own", "--csv"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("next: juesuan status --dataset out"), "{}", stderr(&output));
    let status = run(&folder, &["status", "--dataset", "out"]);
    assert!(String::from_utf8(status.stdout).unwrap().contains("ledger"));
    let trend = run(&folder, &["trend", "三公", "--dataset", "out"]);
    assert_eq!(code(&trend), 0);
    assert!(stderr(&trend).contains("the dataset has no three public expenses"), "{}", stderr(&trend));
    // The projects stand in figures, their total in facts too.
    let table = |name: &str| std::fs::read_to_string(folder.0.join(format!("out/current/csv/{name}.csv"))).unwrap();
    assert!(table("figures").contains("河堤加固") && !table("facts").contains("河堤加固"));
    assert!(table("facts").contains("项目合同金额,,,,final,,125,"), "{}", table("facts"));
}

#[test]
fn what_does_not_add_up_is_listed_unit_by_unit() {
    let folder = Folder::new();
    let table = |total: &str| {
        format!(
            "2022年度财政拨款“三公”经费支出决算表\n单位：万元\n| 项目 | 决算数 |\n| “三公”经费合计 | {total} |\n| 公务接待费 | 3.00 |\n"
        )
    };
    for (unit, total) in [("青禾县水利局", "3.00"), ("青禾县民政局", "4.00")] {
        std::fs::create_dir_all(folder.0.join("pile").join(unit)).unwrap();
        std::fs::write(folder.0.join("pile").join(unit).join("三公.txt"), table(total)).unwrap();
    }
    let imported = run(&folder, &["import", "pile", "--dataset", "out"]);
    assert_eq!(code(&imported), 1, "{}", stderr(&imported));
    assert!(stderr(&imported).contains("next: juesuan check --dataset out"), "{}", stderr(&imported));

    let found = run(&folder, &["check", "--dataset", "out"]);
    assert_eq!(code(&found), 1);
    assert_eq!(
        String::from_utf8(found.stdout).unwrap(),
        "青禾县民政局 2022\n  error[checks::t7_total] “三公”经费应等于各项之和：“三公”经费 决算数 为 4 万元，按其他各数应为 3 万元，相差 1 万元\n    \
         pile/青禾县民政局/三公.txt  table 1 r2c2; table 1 r3c2\n"
    );
    let none =
        run(&folder, &["check", "--dataset", "out", "--unit", "青禾县水利局", "--year", "2022", "--least", "info"]);
    assert_eq!((code(&none), none.stdout.len()), (0, 0));
    assert!(stderr(&none).contains("nothing was found"), "{}", stderr(&none));
    // Of how many: the total of its one table.
    let of = "checked 1 relations of 1 unit years: exact 1, within rounding 0, off by a last digit 0, broken 0";
    assert!(stderr(&none).contains(of), "{}", stderr(&none));
    // A name that nobody bears is no clean one.
    let mistyped = run(&folder, &["check", "--dataset", "out", "--unit", "青禾县水力局"]);
    assert_eq!(code(&mistyped), 2);
    assert!(stderr(&mistyped).contains("nothing was checked of 青禾县水力局"), "{}", stderr(&mistyped));
    let csv = run(&folder, &["check", "--dataset", "out", "--format", "csv", "--least", "error"]);
    let csv = String::from_utf8(csv.stdout).unwrap();
    assert!(csv.starts_with("unit_id,unit,fiscal_year,") && csv.lines().count() == 2, "{csv}");
    let json = run(&folder, &["check", "--dataset", "out", "--format", "json"]);
    let rows: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(rows[0]["code"], "checks::t7_total");
    assert_eq!(rows[0]["documents"][0], "pile/青禾县民政局/三公.txt");

    // What the user says of a rule holds for the next import, without reading anything again.
    std::fs::write(folder.0.join("juesuan.yaml"), "checks: { 'checks::t7_total': off }\n").unwrap();
    let imported = run(&folder, &["import", "pile", "--dataset", "out"]);
    assert_eq!(code(&imported), 0, "{}", stderr(&imported));
    assert_eq!(code(&run(&folder, &["check", "--dataset", "out"])), 0);
}
