use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use juesuan::model::{DocumentStatus, Extracted, Measure};
use juesuan::store::StoreError;
use proptest::prelude::*;

use crate::made;

/// A fresh folder that goes away with its test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("juesuan-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The bytes of every file of the current snapshot but the descriptions of the run, by path without the id of the
/// snapshot that wrote it.
pub fn tables(dataset: &Path) -> BTreeMap<String, Vec<u8>> {
    let current = dataset.join("current").canonicalize().unwrap();
    let mut found = BTreeMap::new();
    for entry in walkdir::WalkDir::new(&current).into_iter().map(Result::unwrap) {
        let path = entry.path().strip_prefix(&current).unwrap().to_str().unwrap().to_owned();
        let path = match path.rsplit_once("/part-") {
            Some((folder, part)) => format!("{folder}/part-{}", part.rsplit_once('-').unwrap().1),
            None => path,
        };
        if entry.file_type().is_file() && !path.ends_with(".json") {
            found.insert(path, std::fs::read(entry.path()).unwrap());
        }
    }
    found
}

/// The lines of a table's CSV, as lists of fields; only for tables without commas in their texts.
pub fn rows(dataset: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(dataset.join(format!("current/csv/{table}.csv"))).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').split("\r\n").filter(|line| !line.is_empty());
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let mut fields = vec![String::new()];
            let mut inside = false;
            for character in line.chars() {
                match character {
                    '"' => inside = !inside,
                    ',' if !inside => fields.push(String::new()),
                    other => fields.last_mut().unwrap().push(other),
                }
            }
            names.iter().map(|name| (*name).to_owned()).zip(fields).collect()
        })
        .collect()
}

pub fn with_csv(dataset: &Path, documents: &[Extracted]) {
    made::publish_with(dataset, documents, |options| juesuan::store::Options { csv: true, ..options }).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_split_of_a_batch_in_any_order_gives_the_same_tables(
        order in Just((0..made::pile().len()).collect::<Vec<usize>>()).prop_shuffle(),
        cuts in prop::collection::vec(any::<bool>(), made::pile().len()),
    ) {
        let pile = made::pile();
        let whole = Folder::new();
        made::publish(&whole.0, &pile).unwrap();

        let split = Folder::new();
        let mut batch = Vec::new();
        for (at, cut) in order.iter().zip(cuts) {
            batch.push(pile[*at].clone());
            if cut {
                made::publish(&split.0, &batch).unwrap();
                batch.clear();
            }
        }
        made::publish(&split.0, &batch).unwrap();

        let (whole, split) = (tables(&whole.0), tables(&split.0));
        prop_assert_eq!(whole.keys().collect::<Vec<_>>(), split.keys().collect::<Vec<_>>());
        for (path, bytes) in &whole {
            prop_assert!(bytes == &split[path], "{} differs", path);
        }
    }
}

#[test]
fn one_thread_gives_the_same_tables_as_many() {
    let [one, many] = [1, 4].map(|threads| {
        let dataset = Folder::new();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| made::publish(&dataset.0, &made::pile())).unwrap();
        tables(&dataset.0)
    });
    assert!(one == many);
}

#[test]
fn facts_say_whether_documents_agree() {
    let dataset = Folder::new();
    with_csv(&dataset.0, &made::pile());
    let facts = rows(&dataset.0, "facts");
    let status = |unit: &str, year: &str, item: &str, measure: &str| {
        let row = facts
            .iter()
            .find(|row| {
                row["unit"] == unit && row["fiscal_year"] == year && row["item"] == item && row["measure"] == measure
            })
            .unwrap();
        (row["status"].clone(), row["value"].clone(), row["sources"].clone(), row["forms"].clone())
    };
    let told = |a: &str, b: &str, c: &str, d: &str| (a.to_owned(), b.to_owned(), c.to_owned(), d.to_owned());
    let unit = "洪江市财政局";
    assert_eq!(status(unit, "2022", "公务接待费", "budget"), told("single", "10", "1", "three_public"));
    assert_eq!(status(unit, "2022", "“三公”经费", "final"), told("agreed", "10.47", "2", "three_public,narrative"));
    assert_eq!(status(unit, "2022", "公务接待费", "final"), told("last_digit", "10.47", "2", "three_public,narrative"));
    assert_eq!(status(unit, "2023", "公务接待费", "final"), told("conflict", "10.47", "2", "three_public,narrative"));
}

#[test]
fn a_copy_under_another_path_is_the_same_document() {
    let dataset = Folder::new();
    with_csv(&dataset.0, &made::pile());
    let figures = rows(&dataset.0, "figures");
    let pile = made::pile();
    let id = &pile[0].document_id;
    let paths: Vec<&String> =
        figures.iter().filter(|row| row["document_id"] == *id).map(|row| &row["document_path"]).collect();
    assert_eq!(paths, ["pile/2022/副本.xlsx"; 3], "figures once, under the first path in sorted order");
    let documents = rows(&dataset.0, "documents");
    assert_eq!(documents.iter().filter(|row| row["document_id"] == *id).count(), 2);
}

#[test]
fn forms_that_most_units_have_are_missing_elsewhere() {
    let dataset = Folder::new();
    let mut pile = made::pile();
    pile.retain(|document| document.path != "pile/2022/洪江市教育局/情况说明.txt");
    with_csv(&dataset.0, &pile);
    let missing: Vec<_> = rows(&dataset.0, "forms")
        .into_iter()
        .filter(|row| row["status"] == "missing")
        .map(|row| (row["unit"].clone(), row["fiscal_year"].clone(), row["form"].clone()))
        .collect();
    assert_eq!(missing, [("洪江市教育局".to_owned(), "2022".to_owned(), "narrative".to_owned())]);
}

#[test]
fn the_wide_table_takes_last_years_final_where_none_is_stated() {
    let dataset = Folder::new();
    with_csv(&dataset.0, &made::pile());
    let wide = rows(&dataset.0, "three_public");
    assert_eq!(wide.len(), 4);
    let row = wide.iter().find(|row| row["unit"] == "洪江市教育局" && row["fiscal_year"] == "2023").unwrap();
    assert_eq!(row["receptions_final"], "20.47");
    assert_eq!(row["receptions_prior_final"], "20.47");
    assert_eq!(row["receptions_change"], "0");
    assert_eq!(row["receptions_change_rate"], "0");
    assert_eq!(row["overseas_travel_final"], "");
    assert_eq!(row["conflicts"], "receptions_final");
}

#[test]
fn new_content_at_a_path_replaces_the_old() {
    let dataset = Folder::new();
    let pile = made::pile();
    made::publish(&dataset.0, &pile).unwrap();
    let mut changed = pile[2].clone();
    changed.document_id = juesuan::pipeline::sha256(b"changed");
    changed.submission.figures.clear();
    changed.submission.numbers.clear();
    made::amount(&mut changed, "three_public", "公务接待费", Measure::Final, "99.99");
    with_csv(&dataset.0, std::slice::from_ref(&changed));

    let figures = rows(&dataset.0, "figures");
    let values: Vec<&String> =
        figures.iter().filter(|row| row["document_path"] == changed.path).map(|row| &row["value"]).collect();
    assert_eq!(values, ["99.99"]);
    let statuses: Vec<(String, String)> = rows(&dataset.0, "documents")
        .into_iter()
        .filter(|row| row["path"] == changed.path)
        .map(|row| (row["document_id"].clone(), row["status"].clone()))
        .collect();
    assert_eq!(
        statuses,
        [(changed.document_id, "ok".to_owned()), (pile[2].document_id.clone(), "superseded".to_owned())]
    );
}

#[test]
fn content_that_stays_at_a_second_path_keeps_its_rows() {
    let dataset = Folder::new();
    let pile = made::pile();
    made::publish(&dataset.0, &pile).unwrap();
    // The copy, which stood first, gets other content; the original's rows now stand under its own path.
    let mut replaced = made::document("pile/2022/副本.xlsx", "洪江市财政局", 2022);
    replaced.document_id = juesuan::pipeline::sha256(b"replaced");
    with_csv(&dataset.0, &[replaced]);
    let figures = rows(&dataset.0, "figures");
    let rows = figures.iter().filter(|row| row["document_path"] == pile[0].path).count();
    assert_eq!(rows, 3);
}

#[test]
fn nothing_new_switches_nothing() {
    let dataset = Folder::new();
    let first = made::publish(&dataset.0, &made::pile()).unwrap();
    let second = made::publish(&dataset.0, &made::pile()).unwrap();
    assert!(first.switched && !second.switched);
    assert_eq!(first.snapshot, second.snapshot);
    assert_eq!(second.summary.unchanged, made::pile().len());
    assert_eq!(first.summary.documents, second.summary.documents);
    assert_eq!(first.summary.numbers, second.summary.numbers);
    assert_eq!(first.summary.findings, second.summary.findings);
}

#[test]
fn a_rehearsal_leaves_no_trace() {
    let dataset = Folder::new();
    let path = dataset.0.join("new");
    let published =
        made::publish_with(&path, &made::pile(), |options| juesuan::store::Options { dry_run: true, ..options })
            .unwrap();
    assert_eq!(published.snapshot, None);
    assert_eq!(published.summary.with_status(DocumentStatus::Quarantined.word()), 1);
    assert!(!path.exists());
}

#[test]
fn one_import_at_a_time() {
    let dataset = Folder::new();
    made::publish(&dataset.0, &made::pile()).unwrap();
    let lock = std::fs::File::options().write(true).open(dataset.0.join("import.lock")).unwrap();
    lock.lock().unwrap();
    assert!(matches!(made::publish(&dataset.0, &made::pile()), Err(StoreError::Held { .. })));
}

#[test]
fn an_import_that_fails_leaves_the_snapshot_before() {
    let dataset = Folder::new();
    made::publish(&dataset.0, &made::pile()).unwrap();
    let before = tables(&dataset.0);
    let table = dataset.0.join("current/texts");
    let part = std::fs::read_dir(&table).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&part, b"no parquet").unwrap();
    let new = made::document("pile/2023/新.xlsx", "洪江市财政局", 2023);
    assert!(made::publish(&dataset.0, &[new]).is_err());
    let after = tables(&dataset.0);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    assert_eq!(std::fs::read_dir(dataset.0.join("snapshots")).unwrap().count(), 1, "nothing unfinished is left");
}

#[test]
fn a_dataset_without_any_document_has_every_table() {
    let dataset = Folder::new();
    made::publish(&dataset.0, &[]).unwrap();
    assert_eq!(tables(&dataset.0).len(), 14, "ten tables, and four for the next import");
}

#[test]
fn the_trend_marks_conflicts_and_keeps_gaps() {
    let dataset = Folder::new();
    made::publish(&dataset.0, &made::pile()).unwrap();
    let rows = juesuan::present::trend(&dataset.0, &["洪江市教育局".to_owned()]).unwrap();
    let receptions: Vec<_> = rows.iter().filter(|row| row.item == "公务接待费").collect();
    assert_eq!(receptions.len(), 2);
    let last = receptions[1];
    assert!(last.final_amount.as_ref().unwrap().conflict);
    assert_eq!(last.change.as_ref().unwrap().value, "0");
    assert_eq!(receptions[0].change, None);
}
