//! Settings from the command line, the environment and `juesuan.yaml`; what a run leaves for those who watch it.

use std::path::Path;

use serde_json::Value;

use crate::cli::{code, command, run, stderr};
use crate::dataset::Folder;

/// A document that is read whole.
const EXPLANATION: &str =
    "洪江市教育局2023年度部门决算情况说明\n\n一、收入决算情况说明\n\n2023年度收入合计1240.71万元。\n";

fn write(folder: &Folder, path: &str, content: &str) {
    let path = folder.0.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

/// The manifests of a dataset, the oldest first.
fn manifests(folder: &Folder) -> Vec<Value> {
    let mut files: Vec<_> = std::fs::read_dir(folder.0.join("out/runs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort_by_key(|path| path.metadata().unwrap().modified().unwrap());
    files.iter().map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect()
}

/// The paths in the dataset.
fn paths(folder: &Folder) -> Vec<String> {
    let csv = std::fs::read_to_string(folder.0.join("out/current/csv/documents.csv")).unwrap();
    csv.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn a_configured_folder_needs_no_arguments() {
    let folder = Folder::new();
    write(&folder, "juesuan.yaml", "inputs: [.]\ndataset: out\nregistry: units.csv\noutputs: { csv: true }\n");
    write(&folder, "units.csv", "unit_id,name\nu1,洪江市教育局\n");
    write(&folder, "2023/洪江市教育局/说明.txt", EXPLANATION);
    let output = run(&folder, &["import"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    // Its own files among the inputs are no inputs.
    assert_eq!(paths(&folder), ["2023/洪江市教育局/说明.txt"]);
    assert_eq!(code(&run(&folder, &["status"])), 0);
    assert_eq!(code(&run(&folder, &["trend", "三公"])), 0);

    // From anywhere the file means the same.
    write(&folder, "elsewhere/x", "");
    let mut away = command(&folder, &["import", "--config", "../juesuan.yaml"]);
    let output = away.current_dir(folder.0.join("elsewhere")).output().unwrap();
    assert!(stderr(&output).contains("(1 new, 0 changed, 1 unchanged)"), "{}", stderr(&output));
    assert_eq!(paths(&folder), ["2023/洪江市教育局/说明.txt", "elsewhere/x"]);
}

#[test]
fn the_command_line_stands_above_the_environment_and_that_above_the_file() {
    let folder = Folder::new();
    write(&folder, "juesuan.yaml", "inputs: [a]\ndataset: out\njobs: 1\nfail_on: never\noutputs: { csv: true }\n");
    for name in ["a", "b", "c"] {
        write(&folder, &format!("{name}/x.txt"), EXPLANATION);
    }
    let mut command = command(&folder, &["import", "--dry-run", "--log-format", "json", "--fail-on", "warning"]);
    let output = command.env("JUESUAN_INPUTS", "b").env("JUESUAN_CSV", "no").env("JUESUAN_FAIL_ON", "error").output();
    let output = output.unwrap();
    let start = stderr(&output).lines().find(|line| line.contains("\"start\"")).unwrap().to_owned();
    let settings = &serde_json::from_str::<Value>(&start).unwrap()["settings"];
    for (name, value, from) in [
        ("inputs", serde_json::json!(["b"]), "environment"),
        ("csv", false.into(), "environment"),
        ("fail_on", "warning".into(), "command line"),
        ("jobs", 1.into(), "file"),
        ("quiet", false.into(), "default"),
    ] {
        assert_eq!(settings[name], serde_json::json!({ "value": value, "from": from }), "{name}");
    }
    assert!(!folder.0.join("out").exists());
}

#[test]
fn a_rehearsal_tells_the_settings_and_what_would_change() {
    let folder = Folder::new();
    write(&folder, "juesuan.yaml", "inputs: [pile]\ndataset: out\noutputs: { csv: true }\n");
    for name in ["stays", "changes", "goes"] {
        write(&folder, &format!("pile/{name}.txt"), &EXPLANATION.replace("1240.71", &format!("{}.00", name.len())));
    }
    run(&folder, &["import"]);
    write(&folder, "pile/changes.txt", EXPLANATION);
    write(&folder, "pile/comes.txt", &EXPLANATION.replace("1240", "1241"));
    std::fs::remove_file(folder.0.join("pile/goes.txt")).unwrap();
    let before = manifests(&folder).len();
    let said = stderr(&run(&folder, &["import", "--dry-run"]));
    for part in [
        "new 1\n    pile/comes.txt",
        "changed 1\n    pile/changes.txt",
        "gone 1\n    pile/goes.txt",
        "unchanged 1",
        "(juesuan.yaml)",
        "(default)",
        "nothing was published",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert_eq!(manifests(&folder).len(), before, "a rehearsal writes nothing");
    assert_eq!(paths(&folder).len(), 3);
}

#[test]
fn a_wrong_configuration_is_wrong_use() {
    let folder = Folder::new();
    write(&folder, "pile/a.txt", EXPLANATION);
    write(&folder, "juesuan.yaml", "inputs: [pile]\ndataset: out\nkeap: 3\n");
    let output = run(&folder, &["import"]);
    assert_eq!(code(&output), 2);
    let said = stderr(&output);
    assert!(said.contains("juesuan.yaml:3:1: ") && said.contains("3 | keap: 3"), "{said}");
    assert_eq!(code(&run(&folder, &["import", "--config", "nowhere.yaml"])), 2);
    std::fs::remove_file(folder.0.join("juesuan.yaml")).unwrap();
    for (arguments, part) in [(&["import"][..], "inputs"), (&["import", "pile"], "dataset"), (&["status"], "dataset")] {
        let output = run(&folder, arguments);
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(part) && stderr(&output).contains("juesuan.yaml"), "{}", stderr(&output));
    }
    let mut bad = command(&folder, &["import", "pile", "--dataset", "out"]);
    assert_eq!(code(&bad.env("JUESUAN_JOBS", "many").output().unwrap()), 2);
    assert!(!folder.0.join("out").exists());
}

#[test]
fn a_limit_on_file_size_is_a_setting() {
    let folder = Folder::new();
    write(&folder, "pile/a.txt", EXPLANATION);
    let arguments = ["import", "pile", "--dataset", "out", "--max-file-size", "10B", "--quiet"];
    assert_eq!(code(&run(&folder, &arguments)), 1);
    // With the limit lifted, what was refused is read.
    let output = run(&folder, &["import", "pile", "--dataset", "out"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("ok 1"), "{}", stderr(&output));
}

#[test]
fn every_run_leaves_a_manifest_whether_it_went_well_or_not() {
    let folder = Folder::new();
    write(&folder, "pile/说明.txt", EXPLANATION);
    write(&folder, "pile/坏.xlsx", "");
    assert_eq!(code(&run(&folder, &["import", "pile", "--dataset", "out"])), 1);
    let first = manifests(&folder).remove(0);
    assert_eq!((&first["state"], &first["exit"]), (&"ended".into(), &1.into()));
    assert_eq!(first["summary"]["documents"], serde_json::json!({ "ok": 1, "quarantined": 1 }));
    assert_eq!(first["summary"]["not_read"][0]["path"], "pile/坏.xlsx");
    let current = folder.0.join("out/current").canonicalize().unwrap();
    assert_eq!(first["snapshot"].as_str(), current.file_name().unwrap().to_str());
    assert_eq!(first["settings"]["dataset"], serde_json::json!({ "value": "out", "from": "command line" }));
    let stages: Vec<&str> =
        first["stages"].as_array().unwrap().iter().map(|stage| stage["stage"].as_str().unwrap()).collect();
    assert_eq!(stages, ["settings", "look", "read", "relate", "switch"]);
    for version in ["program", "schema", "mappings", "reading"] {
        assert!(first["versions"][version].is_string(), "{version} in {first}");
    }

    // A registry that is not there: the dataset keeps what became of the night.
    let arguments = ["import", "pile", "--dataset", "out", "--units", "nowhere.csv"];
    assert_eq!(code(&run(&folder, &arguments)), 2);
    let said = String::from_utf8(run(&folder, &["status", "--dataset", "out"]).stdout).unwrap();
    assert!(said.contains("the registry of units: nowhere.csv"), "{said}");

    // Held by another import, and a dataset whose snapshot is gone.
    let lock = std::fs::File::create(folder.0.join("out/import.lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(code(&run(&folder, &["import", "pile", "--dataset", "out"])), 4);
    drop(lock);
    std::fs::remove_dir_all(&current).unwrap();
    assert_eq!(code(&run(&folder, &["import", "pile", "--dataset", "out"])), 3);
    let exits: Vec<Value> = manifests(&folder).iter().map(|manifest| manifest["exit"].clone()).collect();
    assert_eq!(exits, [1, 2, 4, 3]);
    assert!(manifests(&folder)[3]["error"]["message"].as_str().unwrap().contains("current"));
}

#[test]
fn machines_get_one_event_a_line() {
    let folder = Folder::new();
    write(&folder, "pile/说明.txt", EXPLANATION);
    write(&folder, "pile/坏.xlsx", "");
    let output = run(&folder, &["import", "pile", "--dataset", "out", "--log-format", "json"]);
    let events: Vec<Value> = stderr(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let words: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    for word in ["start", "stage", "progress", "document", "summary", "end"] {
        assert!(words.contains(&word), "{word} in {words:?}");
    }
    let document = events.iter().find(|event| event["event"] == "document").unwrap();
    assert_eq!(document["path"], "pile/坏.xlsx");
    let summary = events.iter().find(|event| event["event"] == "summary").unwrap();
    assert_eq!((&summary["published"], &summary["new"]), (&true.into(), &2.into()));
    let end = events.last().unwrap();
    assert_eq!((&end["event"], &end["exit"]), (&"end".into(), &1.into()));
    assert!(events.iter().all(|event| event["time"].is_string()));

    let output = run(&folder, &["import", "nowhere", "--dataset", "out", "--log-format", "json", "--quiet"]);
    let error: Value = serde_json::from_str(stderr(&output).trim()).unwrap();
    assert_eq!((&error["event"], &error["exit"]), (&"error".into(), &2.into()));
}

#[test]
fn status_tells_runs_snapshot_and_which_form_each_unit_lacks() {
    let folder = Folder::new();
    assert_eq!(code(&run(&folder, &["status", "--dataset", "out"])), 2);
    let county = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/county/2022");
    run(&folder, &["import", county.to_str().unwrap(), "--dataset", "out", "--quiet"]);
    // A run that was killed: its manifest says that it runs, and a later one has had the dataset.
    write(&folder, "out/runs/20200101T000000Z.json", "{\"command\": \"import\", \"state\": \"running\"}\n");
    let output = run(&folder, &["status", "--dataset", "out"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("snapshot: 2") && said.contains("killed"), "{said}");
    assert!(said.contains("2022: 9 units, 1 lack a form"), "{said}");
    let school = said.lines().find(|line| line.contains("青禾县第一中学")).unwrap();
    let office = said.lines().find(|line| line.contains("青禾县人民政府办公室")).unwrap();
    let marks = |line: &str| line.split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>().join(" ");
    assert_eq!(marks(school), "✓ ✓ ✓ ✓ ✓ ✓ ✓ - - ✓ ✗ ✗ ✗ . .");
    assert_eq!(marks(office), "✓ ✓ ✓ ✓ ✓ ✓ ✓ - - ✓ ✓ ✓ ✓ - -");
    // Columns stand below each other, Chinese characters being two wide.
    use unicode_width::UnicodeWidthStr;
    let at = |line: &str| line.find('✓').map(|byte| line[..byte].width());
    assert_eq!(at(school), at(office));

    let output = run(&folder, &["status", "--dataset", "out", "--format", "json", "--year", "2022"]);
    let status: Value = serde_json::from_slice(&output.stdout).unwrap();
    let units = status["completeness"][0]["units"].as_array().unwrap();
    let school = units.iter().find(|unit| unit["unit"] == "青禾县第一中学").unwrap();
    assert_eq!(school["forms"]["self_evaluation"], "missing");
    assert_eq!(status["runs"].as_array().unwrap().len(), 2);
}

#[cfg(unix)]
#[test]
fn many_runs_of_one_second_have_a_manifest_each() {
    let folder = Folder::new();
    write(&folder, "pile/说明.txt", EXPLANATION);
    let arguments = ["import", "pile", "--dataset", "out", "--quiet"];
    let quiet = |_| command(&folder, &arguments).stderr(std::process::Stdio::null()).spawn().unwrap();
    let children: Vec<_> = (0..8).map(quiet).collect();
    let mut exits: Vec<i32> = children.into_iter().map(|mut child| child.wait().unwrap().code().unwrap()).collect();
    exits.sort_unstable();
    assert!(exits[0] == 0 && exits.iter().all(|exit| [0, 4].contains(exit)), "{exits:?}");
    let mut told: Vec<i64> = manifests(&folder).iter().map(|manifest| manifest["exit"].as_i64().unwrap()).collect();
    told.sort_unstable();
    assert_eq!(told, exits.into_iter().map(i64::from).collect::<Vec<_>>());
}

/// A file of `samples/recipes/`.
fn recipe(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/recipes").join(name)
}

#[cfg(unix)]
#[test]
fn the_recipe_for_cron_is_silent_where_all_went_well_and_tells_what_did_not() {
    let folder = Folder::new();
    std::fs::copy(recipe("juesuan.yaml"), folder.0.join("juesuan.yaml")).unwrap();
    write(&folder, "units.csv", "unit_id,name\nu1,洪江市教育局\n");
    write(&folder, "收件/说明.txt", EXPLANATION);
    let night = || {
        let mut shell = std::process::Command::new("sh");
        shell.arg(recipe("nightly.sh")).arg(&folder.0).env("JUESUAN", env!("CARGO_BIN_EXE_juesuan"));
        let output = shell.env("LC_ALL", "C").output().unwrap();
        (code(&output), String::from_utf8(output.stdout.clone()).unwrap() + &stderr(&output))
    };
    assert_eq!(night(), (0, String::new()));
    write(&folder, "收件/坏.xlsx", "");
    let (exit, said) = night();
    assert!(
        exit == 1 && said.starts_with("juesuan: published, some documents are wrong") && said.contains("收件/坏.xlsx")
    );
    let lock = std::fs::File::create(folder.0.join("dataset/import.lock")).unwrap();
    lock.lock().unwrap();
    let (exit, said) = night();
    assert!(exit == 4 && said.starts_with("juesuan: another import was still running"), "{said}");
    drop(lock);
    std::fs::remove_file(folder.0.join("units.csv")).unwrap();
    let (exit, said) = night();
    assert!(exit == 2 && said.contains("failed with exit code 2") && said.contains("units.csv"), "{said}");
}

#[test]
fn the_recipe_for_systemd_is_one_that_systemd_takes() {
    let units = ["juesuan.service", "juesuan.timer", "juesuan-failed.service"];
    let folder = Folder::new();
    for unit in units {
        // The programs of the recipe are not installed here.
        let text = std::fs::read_to_string(recipe(unit)).unwrap().replace("/usr/local/bin/juesuan", "/bin/sh");
        std::fs::write(folder.0.join(unit), text).unwrap();
    }
    let mut verify = std::process::Command::new("systemd-analyze");
    match verify.arg("verify").args(units.map(|unit| folder.0.join(unit))).output() {
        Ok(output) => assert!(output.status.success() && output.stderr.is_empty(), "{}", stderr(&output)),
        Err(error) => eprintln!("skipped: systemd-analyze: {error}"),
    }
}

#[test]
fn checks_are_as_grave_as_the_user_says_and_nothing_is_read_again_for_it() {
    let folder = Folder::new();
    let table = "2022年度一般公共预算财政拨款“三公”经费支出决算表\n编制单位：青禾县水利局　　　单位：万元\n\
                 | 项目 | 预算数 | 决算数 |\n| 公务接待费 | 3.00 | 2.50 |\n";
    write(&folder, "pile/2022/青禾县水利局/决算表.txt", table);
    write(&folder, "pile/2022/青禾县水利局/决算表（二）.txt", &table.replace("2.50", "2.60"));
    write(&folder, "juesuan.yaml", "inputs: [pile]\ndataset: out\noutputs: { csv: true }\n");
    let findings = || {
        let csv = std::fs::read_to_string(folder.0.join("out/current/csv/findings.csv")).unwrap();
        let rows = csv.lines().skip(1).map(|line| line.split(',').skip(1).take(2).collect::<Vec<_>>().join(" "));
        rows.collect::<Vec<_>>()
    };
    let output = run(&folder, &["import"]);
    // It is said what is wrong, not only that something is.
    let said = stderr(&output);
    assert!(code(&output) == 1 && said.contains("  ✗ facts::conflict 青禾县水利局 2022 公务接待费"), "{said}");
    assert_eq!(findings(), ["error facts::conflict", "warning forms::ambiguous"]);

    let settings =
        "inputs: [pile]\ndataset: out\noutputs: { csv: true }\nchecks:\n  forms::*: off\n  facts::conflict: info\n";
    write(&folder, "juesuan.yaml", settings);
    let output = run(&folder, &["import"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("0 new, 0 changed, 2 unchanged"), "{}", stderr(&output));
    assert!(stderr(&output).contains("0 errors, 0 warnings, 1 informations"), "{}", stderr(&output));
    assert_eq!(findings(), ["info facts::conflict"]);
    let said = run(&folder, &["import", "--quiet", "--dry-run", "--log-format", "json"]);
    assert_eq!(code(&said), 0);
    let last = manifests(&folder).pop().unwrap();
    let words = serde_json::json!({ "facts::conflict": "info", "forms::ambiguous": "off", "forms::missing": "off" });
    assert_eq!(last["settings"]["checks"], serde_json::json!({ "value": words, "from": "file" }));
    let compared = run(&folder, &["compare", "--format", "csv"]);
    let compared = String::from_utf8(compared.stdout).unwrap();
    for part in ["finding,CLOSED,checks,", "finding,OPENED,checks,"] {
        assert!(compared.contains(part), "{part} in {compared}");
    }
    assert!(!compared.contains("other_documents"), "{compared}");
    let output = run(&folder, &["import"]);
    assert!(stderr(&output).contains("nothing changed"), "{}", stderr(&output));

    // What is typed stands on top of the file.
    assert_eq!(code(&run(&folder, &["import", "--quiet", "--checks", "facts::conflict=error"])), 1);
    assert_eq!(findings(), ["error facts::conflict"]);
    let output = run(&folder, &["import", "--checks", "read::quarantined=off"]);
    assert!(code(&output) == 2 && stderr(&output).contains("not in the dataset"), "{}", stderr(&output));
}

#[test]
fn shards_are_published_with_the_checks_of_whoever_publishes() {
    let folder = Folder::new();
    write(&folder, "pile/青禾县水利局/说明.txt", &EXPLANATION.replace("1240.71", "12..5"));
    run(&folder, &["extract", "pile", "--out", "shard", "--quiet"]);
    let counts = |checks: &str| {
        run(&folder, &["publish", "shard", "--dataset", "out", "--checks", checks, "--quiet"]);
        manifests(&folder).pop().unwrap()["summary"]["findings"].clone()
    };
    assert_eq!(counts("value::*=error"), serde_json::json!({ "error": 1, "warning": 0, "info": 0 }));
    assert_eq!(counts("value::malformed_number=info"), serde_json::json!({ "error": 0, "warning": 0, "info": 1 }));
}

#[test]
fn the_recipe_for_windows_is_plain_text_that_powershell_takes() {
    let script = recipe("windows-task.ps1");
    let text = std::fs::read_to_string(&script).unwrap();
    // Windows PowerShell takes a file without a mark for one in the code page of the machine.
    assert!(text.is_ascii());
    assert_eq!(text.matches('{').count(), text.matches('}').count());
    let parse = format!(
        "$errors = $null; [void][System.Management.Automation.Language.Parser]::ParseFile('{}', [ref]$null, \
         [ref]$errors); $errors; exit $errors.Count",
        script.display()
    );
    match std::process::Command::new("pwsh").args(["-NoProfile", "-Command", &parse]).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout)),
        Err(error) => eprintln!("skipped: pwsh: {error}"),
    }
}
