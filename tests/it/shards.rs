//! The two halves of an import: documents into shards on any machine, shards into a dataset.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use juesuan::model::Extracted;
use juesuan::store::{self, Incoming, Misfit, Options, ReadingVersions, Shards, StoreError};
use proptest::prelude::*;

use crate::cli::{code, command, run, stderr};
use crate::dataset::{Folder, rows, tables};
use crate::made;

const NOW: i64 = 1_795_613_001_000_000;

fn versions(mappings: &str) -> ReadingVersions {
    [("program", "test"), ("mappings", mappings)].map(|(name, version)| (name.to_owned(), version.to_owned())).into()
}

fn extract(out: &Path, documents: &[Extracted]) -> Result<store::Extraction, StoreError> {
    let incoming: Vec<Incoming> = documents
        .iter()
        .map(|document| Incoming { path: document.path.clone(), document_id: document.document_id.clone(), stat: None })
        .collect();
    let extract = |incoming: &Incoming| documents.iter().find(|one| one.path == incoming.path).unwrap().clone();
    store::extract(out, &incoming, &extract, &versions("a"), &Options::plain(NOW))
}

fn publish(dataset: &Path, shards: &[PathBuf]) -> Result<store::Published, StoreError> {
    store::publish_shards(dataset, &mut Shards::open(shards, &versions("a"))?, &Options::plain(NOW))
}

proptest! {
    // Each case makes 72 shards, and waits until they are on disk.
    #![proptest_config(ProptestConfig { cases: 1, ..ProptestConfig::default() })]

    /// The law: any partition of a pile into shards, in any order, gives the tables of one import, byte by byte.
    #[test]
    fn one_seven_and_sixty_four_shards_in_any_order_give_the_tables_of_one_import(
        places in prop::collection::vec(any::<prop::sample::Index>(), made::pile().len()),
        order in Just((0..64).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let pile = made::pile();
        let whole = Folder::new();
        made::publish(&whole.0, &pile).unwrap();
        let whole = tables(&whole.0);
        for count in [1, 7, 64] {
            let work = Folder::new();
            let mut parts: Vec<Vec<Extracted>> = vec![Vec::new(); count];
            for (document, place) in pile.iter().zip(&places) {
                parts[place.index(count)].push(document.clone());
            }
            let mut shards = Vec::new();
            for at in order.iter().filter(|at| **at < count) {
                let shard = work.0.join(format!("shard-{at}"));
                extract(&shard, &parts[*at]).unwrap();
                shards.push(shard);
            }
            publish(&work.0.join("out"), &shards).unwrap();
            let sharded = tables(&work.0.join("out"));
            prop_assert_eq!(whole.keys().collect::<Vec<_>>(), sharded.keys().collect::<Vec<_>>());
            for (path, bytes) in &whole {
                prop_assert!(bytes == &sharded[path], "{} differs with {} shards", path, count);
            }
        }
    }
}

#[test]
fn shards_come_on_top_of_what_the_dataset_has() {
    let (by_import, work) = (Folder::new(), Folder::new());
    let pile = made::pile();
    let (first, second) = pile.split_at(pile.len() / 2);
    made::publish(&by_import.0, &pile).unwrap();
    made::publish(&work.0.join("out"), first).unwrap();
    extract(&work.0.join("shard"), second).unwrap();
    let published = publish(&work.0.join("out"), &[work.0.join("shard")]).unwrap();
    assert_eq!(published.summary.new, second.len());
    assert!(tables(&by_import.0) == tables(&work.0.join("out")));
    // The same shard once more changes nothing.
    let again = publish(&work.0.join("out"), &[work.0.join("shard")]).unwrap();
    assert!(!again.switched);
}

#[test]
fn a_shard_is_made_whole_and_only_where_nothing_is() {
    let work = Folder::new();
    let shard = work.0.join("shard");
    let made = extract(&shard, &made::pile()).unwrap();
    assert_eq!(made.documents["quarantined"], 1);
    let description: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(shard.join("shard.json")).unwrap()).unwrap();
    assert_eq!(description["settings"]["mappings"], "a");
    assert_eq!(description["rows"]["figures"], made.rows["figures"]);
    assert_eq!(description["settings_hash"].as_str().unwrap().len(), 64);
    assert_eq!(std::fs::read_dir(&work.0).unwrap().count(), 1, "nothing unfinished stays");
    let again = extract(&shard, &made::pile());
    assert!(matches!(again, Err(StoreError::Misfit { why: Misfit::NotEmpty, .. })));
}

#[test]
fn shards_that_do_not_go_together_are_refused_by_name() {
    let work = Folder::new();
    let (one, two) = (work.0.join("one"), work.0.join("two"));
    let mut pile = made::pile();
    extract(&one, &pile).unwrap();
    let why = |result: Result<Shards, StoreError>| match result {
        Err(StoreError::Misfit { path, why }) => (path, why),
        _ => panic!("it was taken"),
    };
    let (path, misfit) = why(Shards::open(std::slice::from_ref(&one), &versions("b")));
    let ours = ("mappings".to_owned(), "a".to_owned(), "b".to_owned());
    assert_eq!(path, one);
    assert_eq!(misfit, Misfit::OtherSettings { what: ours.0, theirs: ours.1, ours: ours.2 });
    assert_eq!(why(Shards::open(&[work.0.join("nowhere")], &versions("a"))).1, Misfit::NoShard);
    // The same documents twice are taken once; a path with two contents is nobody's.
    extract(&two, &pile[..2]).unwrap();
    assert_eq!(Shards::open(&[one.clone(), two.clone()], &versions("a")).unwrap().documents(), pile.len());
    pile[0].document_id = "other".into();
    let three = work.0.join("three");
    extract(&three, &pile[..1]).unwrap();
    let (_, misfit) = why(Shards::open(&[one.clone(), three], &versions("a")));
    assert_eq!(misfit, Misfit::SamePath { path: pile[0].path.clone(), other: one });
}

/// The sample county below `work`.
fn county(work: &Folder) {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/county/2022");
    for entry in walkdir::WalkDir::new(&samples).into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file()) {
        let to = work.0.join("county").join(entry.path().strip_prefix(&samples).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(entry.path(), to).unwrap();
    }
}

/// Every table as CSV but for the time of import.
fn without_times(dataset: &Path) -> Vec<(String, String)> {
    ["figures", "facts", "texts", "scores", "leftovers", "findings", "three_public", "forms"]
        .map(|table| {
            let csv = dataset.join(format!("current/csv/{table}.csv"));
            (table.to_owned(), std::fs::read_to_string(csv).unwrap())
        })
        .into_iter()
        .chain(rows(dataset, "documents").into_iter().map(|mut row| {
            row.remove("imported_at");
            (row["path"].clone(), format!("{row:?}"))
        }))
        .collect()
}

#[test]
fn files_and_bytes_from_standard_input_give_what_an_import_gives() {
    let work = Folder::new();
    county(&work);
    assert_eq!(code(&run(&work, &["import", "county", "--dataset", "plain", "--csv", "--quiet"])), 0);
    let files: Vec<String> =
        rows(&work.0.join("plain"), "documents").into_iter().map(|row| row["path"].clone()).collect();
    let (listed, streamed) = files.split_at(files.len() / 2);

    std::fs::write(work.0.join("files.txt"), listed.join("\n")).unwrap();
    let output = run(&work, &["extract", "--files-from", "files.txt", "--out", "shards/b"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("next: juesuan publish shards/b"), "{}", stderr(&output));

    let mut child =
        command(&work, &["extract", "--stdin", "--out", "shards/a", "--quiet"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for name in streamed {
        let content = std::fs::read(work.0.join(name)).unwrap();
        stdin.write_all(&(name.len() as u64).to_le_bytes()).unwrap();
        stdin.write_all(&(content.len() as u64).to_le_bytes()).unwrap();
        stdin.write_all(name.as_bytes()).unwrap();
        stdin.write_all(&content).unwrap();
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());

    let output = run(&work, &["publish", "shards/b", "shards/a", "--dataset", "out", "--csv"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(without_times(&work.0.join("plain")), without_times(&work.0.join("out")));
    assert_eq!(std::fs::read_dir(work.0.join("out/runs")).unwrap().count(), 1);

    // A shard of other settings, and a torn stream.
    let output = run(&work, &["publish", "shards/a", "--dataset", "out", "--with-personal-data"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("with_personal_data `false`"), "{}", stderr(&output));
    let mut child = command(&work, &["extract", "--stdin", "--out", "shards/c", "--quiet"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&[9; 12]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(code(&output) == 2 && stderr(&output).contains("ends within it"), "{}", stderr(&output));
    assert!(!work.0.join("shards/c").exists());
}

#[test]
fn of_equal_bytes_those_whose_name_is_no_drafts_are_the_document() {
    let work = Folder::new();
    let text = "青禾县水利局2023年度部门决算情况说明\n三、支出决算情况说明\n本年支出合计300.00万元。\n";
    let (draft, last) = ("pile/a-初稿.txt", "pile/b-定稿.txt");
    std::fs::create_dir(work.0.join("pile")).unwrap();
    std::fs::write(work.0.join(draft), text).unwrap();
    let import = |dataset: &str| run(&work, &["import", "pile", "--dataset", dataset, "--csv", "--quiet"]);
    // The draft alone gives nothing; the other name for it, coming later, gives its figures.
    import("out");
    assert!(rows(&work.0.join("out"), "figures").is_empty());
    std::fs::write(work.0.join(last), text).unwrap();
    import("out");
    import("at-once");
    let paths = |dataset: &str| -> Vec<String> {
        rows(&work.0.join(dataset), "figures").into_iter().map(|row| row["document_path"].clone()).collect()
    };
    assert_eq!(paths("out"), [last]);
    assert_eq!(without_times(&work.0.join("out")), without_times(&work.0.join("at-once")));
    // Whether one shard holds both or each its own.
    for (shard, files) in [("both", vec![draft, last]), ("one", vec![draft]), ("other", vec![last])] {
        std::fs::write(work.0.join("files.txt"), files.join("\n")).unwrap();
        run(&work, &["extract", "--files-from", "files.txt", "--out", shard, "--quiet"]);
    }
    run(&work, &["publish", "both", "--dataset", "by-one", "--csv", "--quiet"]);
    run(&work, &["publish", "one", "other", "--dataset", "by-two", "--csv", "--quiet"]);
    for dataset in ["by-one", "by-two"] {
        assert_eq!(without_times(&work.0.join(dataset)), without_times(&work.0.join("at-once")), "{dataset}");
    }
}

#[test]
fn a_delta_table_gets_a_version_for_each_snapshot_that_changed_it() {
    let work = Folder::new();
    let (dataset, out) = (work.0.join("out"), work.0.join("delta"));
    let pile = made::pile();
    made::publish(&dataset, &pile[..4]).unwrap();
    let first = store::export_delta(&dataset, &out, NOW).unwrap();
    assert!(first.iter().all(|table| table.version == 0 && table.committed));
    assert!(
        store::export_delta(&dataset, &out, NOW).unwrap().iter().all(|table| table.version == 0 && !table.committed)
    );
    made::publish(&dataset, &pile).unwrap();
    let second = store::export_delta(&dataset, &out, NOW).unwrap();
    assert_eq!(second.iter().find(|table| table.table == "documents").unwrap().version, 1);

    let log = out.join("documents/_delta_log");
    let commit = |version: usize| -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(log.join(format!("{version:020}.json"))).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let (created, changed) = (commit(0), commit(1));
    let schema = created.iter().find_map(|action| action["metaData"]["schemaString"].as_str()).unwrap();
    assert!(schema.contains("\"timestamp_ntz\""), "{schema}");
    let files = |commit: &[serde_json::Value], what: &str| -> Vec<String> {
        commit.iter().filter_map(|action| action[what]["path"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(files(&created, "add"), files(&changed, "remove"));
    let added = &files(&changed, "add")[0];
    assert!(out.join("documents").join(added).is_file());
    let stats = changed.iter().find_map(|action| action["add"]["stats"].as_str()).unwrap();
    assert_eq!(stats, format!("{{\"numRecords\":{}}}", pile.len()));

    std::fs::write(work.0.join("delta/figures.txt"), "x").unwrap();
    std::fs::create_dir_all(work.0.join("other/figures")).unwrap();
    std::fs::write(work.0.join("other/figures/x"), "x").unwrap();
    let refused = store::export_delta(&dataset, &work.0.join("other"), NOW);
    assert!(matches!(refused, Err(StoreError::Misfit { why: Misfit::NoDeltaTable, .. })));
}

#[test]
fn each_recipe_for_an_engine_has_at_most_20_lines() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/recipes/shards");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 20, "{} has {lines} lines", path.display());
    }
}
