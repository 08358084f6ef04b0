//! Night after night: what an import does to a dataset when files change, move, go away or are read otherwise.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use juesuan::model::{Extracted, Measure, Versions};
use juesuan::present;
use juesuan::store::{Incoming, Options, Published, Replacements, StoreError};
use proptest::prelude::*;

use crate::dataset::{Folder, rows, tables, with_csv};
use crate::made;

/// In these piles the folder tells unit and year, and nothing else of a path matters.
fn same_folder(a: &str, b: &str) -> bool {
    a.rsplit_once('/').unwrap().0 == b.rsplit_once('/').unwrap().0
}

/// The files of a pile, and how often each was read.
struct Disk {
    files: BTreeMap<String, Extracted>,
    read: Mutex<Vec<String>>,
}

impl Disk {
    fn new(documents: Vec<Extracted>) -> Disk {
        let files = documents.into_iter().map(|document| (document.path.clone(), document)).collect();
        Disk { files, read: Mutex::default() }
    }

    /// Imports the whole pile; what is below `pile` and not there is gone.
    fn import<'a>(
        &self,
        dataset: &Path,
        change: impl FnOnce(Options<'a>) -> Options<'a>,
    ) -> Result<Published, StoreError> {
        let incoming: Vec<Incoming> = self
            .files
            .values()
            .map(|file| Incoming { path: file.path.clone(), document_id: file.document_id.clone(), stat: None })
            .collect();
        let extract = |incoming: &Incoming| {
            self.read.lock().unwrap().push(incoming.path.clone());
            self.files[&incoming.path].clone()
        };
        static BELOW: LazyLock<[String; 1]> = LazyLock::new(|| ["pile".to_owned()]);
        let plain = Options::plain(1_795_613_001_000_000);
        let options = change(Options { same_by_path: &same_folder, below: &*BELOW, ..plain });
        juesuan::store::publish(dataset, &incoming, &extract, &options)
    }

    /// What was read since the last time this was asked.
    fn was_read(&self) -> Vec<String> {
        let mut read = std::mem::take(&mut *self.read.lock().unwrap());
        read.sort();
        read
    }

    /// Renames a file; what is in it stays.
    fn rename(&mut self, from: &str, to: &str) {
        let mut file = self.files.remove(from).unwrap();
        file.path = to.to_owned();
        self.files.insert(to.to_owned(), file);
    }
}

/// The parts of a table of the current snapshot, each with the number of its file on disk.
#[cfg(unix)]
fn files_of(dataset: &Path, table: &str) -> BTreeMap<PathBuf, u64> {
    use std::os::unix::fs::MetadataExt;
    let dir = dataset.join("current").canonicalize().unwrap();
    let parts = walkdir::WalkDir::new(dir.join(table)).into_iter().map(Result::unwrap);
    parts
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().strip_prefix(&dir).unwrap().to_owned(), entry.metadata().unwrap().ino()))
        .collect()
}

#[cfg(unix)]
#[test]
fn partitions_that_did_not_change_are_the_same_files() {
    let dataset = Folder::new();
    made::publish(&dataset.0, &made::pile()).unwrap();
    let before: Vec<_> = ["figures", "facts", "texts"].map(|table| files_of(&dataset.0, table)).into();
    let mut new = made::document("pile/2023/洪江市水利局/决算公开表.xlsx", "洪江市水利局", 2023);
    made::form(&mut new, "three_public");
    made::amount(&mut new, "three_public", "公务接待费", Measure::Final, "1.00");
    made::publish(&dataset.0, &[new]).unwrap();
    for (table, before) in ["figures", "facts"].into_iter().zip(&before) {
        let after = files_of(&dataset.0, table);
        let shared: Vec<bool> = before.iter().map(|(path, file)| after.get(path) == Some(file)).collect();
        assert_eq!(shared, [true, false], "{table}: 2022 is shared, 2023 is not");
        assert_eq!(after.len(), 2);
    }
    assert_eq!(files_of(&dataset.0, "texts"), before[2], "the new document has no text");
}

#[test]
fn a_moved_file_takes_its_rows_along() {
    let dataset = Folder::new();
    let mut disk = Disk::new(made::pile());
    disk.import(&dataset.0, |options| options).unwrap();
    disk.was_read();
    let (from, to) = ("pile/2022/洪江市教育局/情况说明.txt", "pile/2022/洪江市教育局/说明（终稿）.txt");
    disk.rename(from, to);
    let published = disk.import(&dataset.0, |options| options).unwrap();
    assert_eq!(published.summary.moved, [(from.to_owned(), to.to_owned())]);
    assert_eq!((published.summary.new, published.summary.gone.len()), (0, 0));
    assert!(disk.was_read().is_empty());
    let fresh = Folder::new();
    disk.import(&fresh.0, |options| options).unwrap();
    assert!(tables(&dataset.0) == tables(&fresh.0));
}

#[test]
fn a_file_that_moved_to_where_the_folder_tells_something_else_is_read_again() {
    let dataset = Folder::new();
    let mut disk = Disk::new(made::pile());
    disk.import(&dataset.0, |options| options).unwrap();
    disk.was_read();
    let to = "pile/2022/洪江市民政局/情况说明.txt";
    disk.rename("pile/2022/洪江市教育局/情况说明.txt", to);
    let published = disk.import(&dataset.0, |options| options).unwrap();
    assert_eq!(published.summary.moved.len(), 1);
    assert_eq!(disk.was_read(), [to]);
}

#[test]
fn what_is_no_longer_there_stays_and_is_told_until_it_is_pruned() {
    let dataset = Folder::new();
    let mut disk = Disk::new(made::pile());
    disk.import(&dataset.0, |options| options).unwrap();
    let before = tables(&dataset.0);
    let gone = "pile/2022/洪江市教育局/情况说明.txt";
    disk.files.remove(gone);
    let published = disk.import(&dataset.0, |options| options).unwrap();
    assert_eq!(published.summary.gone, [gone]);
    assert!(!published.switched && tables(&dataset.0) == before);

    let unseen = ["pile/2022/洪江市教育局".to_owned()];
    let published = disk.import(&dataset.0, |options| Options { prune: true, unseen: &unseen, ..options }).unwrap();
    assert!(published.summary.pruned.is_empty(), "a folder that cannot be listed is not an empty one");

    let published = disk.import(&dataset.0, |options| Options { prune: true, ..options }).unwrap();
    assert_eq!(published.summary.pruned, [gone]);
    let fresh = Folder::new();
    disk.import(&fresh.0, |options| options).unwrap();
    assert!(tables(&dataset.0) == tables(&fresh.0));
}

#[test]
fn only_documents_that_hold_a_changed_form_are_read_again() {
    let dataset = Folder::new();
    let disk = Disk::new(made::pile());
    let versions = |of: &'static str| {
        move |forms: &[&str], _: &str| {
            let mapping = forms.iter().map(|form| if *form == "narrative" { of } else { "1" }).collect();
            Versions { mapping, ..Versions::default() }
        }
    };
    let (first, second) = (versions("1"), versions("2"));
    let mut pile = Disk::new(Vec::new());
    for mut file in disk.files.values().cloned() {
        let forms: Vec<&str> = file.submission.forms.iter().map(|seen| &*seen.form).collect();
        file.versions = first(&forms, "");
        pile.files.insert(file.path.clone(), file);
    }
    pile.import(&dataset.0, |options| Options { versions: &first, ..options }).unwrap();
    pile.was_read();
    let published = pile.import(&dataset.0, |options| Options { versions: &second, ..options }).unwrap();
    let narratives: Vec<String> = pile.files.keys().filter(|path| path.ends_with("情况说明.txt")).cloned().collect();
    assert_eq!(pile.was_read(), narratives);
    assert_eq!(published.summary.reread, narratives.len());
}

#[test]
fn what_is_declared_replaced_leaves_no_rows_in_any_order() {
    let pile = made::pile();
    let (old, new) = ("pile/2022/洪江市教育局/决算公开表.xlsx", "pile/2022/洪江市教育局/决算公开表（更正）.xlsx");
    let mut corrected = pile.iter().find(|document| document.path == old).unwrap().clone();
    corrected.path = new.to_owned();
    corrected.document_id = juesuan::pipeline::sha256(b"corrected");
    let mut all = Disk::new(pile.clone());
    all.files.insert(new.to_owned(), corrected);
    let replaced = Replacements::new([(old.to_owned(), new.to_owned())]).unwrap();

    let at_once = Folder::new();
    all.import(&at_once.0, |options| Options { replaced: &replaced, csv: true, ..options }).unwrap();
    let documents = rows(&at_once.0, "documents");
    let row = documents.iter().find(|row| row["path"] == old).unwrap();
    assert_eq!((row["status"].as_str(), row["reason"].contains(new)), ("superseded", true));
    assert!(rows(&at_once.0, "figures").iter().all(|row| row["document_path"] != old));
    let again = all.import(&at_once.0, |options| Options { replaced: &replaced, csv: true, ..options }).unwrap();
    assert!(!again.switched);

    let one_by_one = Folder::new();
    with_csv(&one_by_one.0, &pile);
    all.import(&one_by_one.0, |options| Options { replaced: &replaced, csv: true, ..options }).unwrap();
    assert!(tables(&at_once.0) == tables(&one_by_one.0));

    // Withdrawn, the declaration has changed nothing.
    all.import(&at_once.0, |options| Options { csv: true, ..options }).unwrap();
    let plain = Folder::new();
    all.import(&plain.0, |options| Options { csv: true, ..options }).unwrap();
    assert!(tables(&at_once.0) == tables(&plain.0));
}

#[test]
fn content_that_could_not_be_read_this_time_stays_as_it_was() {
    let dataset = Folder::new();
    let mut disk = Disk::new(made::pile());
    disk.import(&dataset.0, |options| options).unwrap();
    let before = tables(&dataset.0);
    let path = "pile/2022/洪江市教育局/情况说明.txt";
    disk.files.get_mut(path).unwrap().document_id.clear();
    let published = disk.import(&dataset.0, |options| options).unwrap();
    assert_eq!(published.summary.unreadable, [path]);
    assert!(!published.switched && tables(&dataset.0) == before);
}

#[test]
fn what_was_never_read_leaves_with_what_kept_it_from_being_read() {
    let dataset = Folder::new();
    let mut disk = Disk::new(made::pile());
    disk.import(&dataset.0, |options| Options { csv: true, ..options }).unwrap();
    let before = tables(&dataset.0);
    // A folder that cannot be listed once, and can the next night.
    let mut folder = made::document("pile/2022/洪江市水利局", "", 2022);
    folder.document_id.clear();
    disk.files.insert(folder.path.clone(), folder.clone());
    disk.import(&dataset.0, |options| Options { csv: true, ..options }).unwrap();
    assert!(rows(&dataset.0, "documents").iter().any(|row| row["path"] == folder.path));
    disk.files.remove(&folder.path);
    let published = disk.import(&dataset.0, |options| Options { csv: true, ..options }).unwrap();
    assert!(published.summary.gone.is_empty() && published.summary.pruned.is_empty());
    assert!(tables(&dataset.0) == before);
}

#[test]
fn two_documents_of_one_form_both_stay_and_their_contradiction_is_told() {
    let dataset = Folder::new();
    let mut pile = made::pile();
    let path = "pile/2022/洪江市教育局/决算公开表.xlsx";
    let mut second = made::document("pile/2022/洪江市教育局/决算公开表（二）.xlsx", "洪江市教育局", 2022);
    made::form(&mut second, "three_public");
    made::amount(&mut second, "three_public", "公务接待费", Measure::Final, "77.77");
    pile.push(second);
    with_csv(&dataset.0, &pile);
    let figures = rows(&dataset.0, "figures");
    for path in [path, "pile/2022/洪江市教育局/决算公开表（二）.xlsx"] {
        assert!(figures.iter().any(|row| row["document_path"] == path), "{path}");
    }
    let conflict = |row: &BTreeMap<String, String>| {
        row["unit"] == "洪江市教育局" && row["fiscal_year"] == "2022" && row["status"] == "conflict"
    };
    assert!(rows(&dataset.0, "facts").iter().any(conflict));
    let codes: BTreeSet<String> = rows(&dataset.0, "findings").into_iter().map(|row| row["code"].clone()).collect();
    assert!(codes.contains("facts::conflict") && codes.contains("forms::ambiguous"), "{codes:?}");
}

#[test]
fn a_clock_that_is_set_back_changes_nothing_but_the_name() {
    let dataset = Folder::new();
    let disk = Disk::new(made::pile());
    let night = |path: &str, now: i64| {
        let new = made::document(path, "洪江市水利局", 2022);
        made::publish_with(&dataset.0, &[new], |options| Options { now, keep: 2, ..options }).unwrap()
    };
    disk.import(&dataset.0, |options| options).unwrap();
    let first = night("pile/2022/一.xlsx", 1_795_700_000_000_000);
    let second = night("pile/2022/二.xlsx", 1_795_500_000_000_000);
    let current = dataset.0.join("current").canonicalize().unwrap();
    assert_eq!(current, second.snapshot.unwrap().canonicalize().unwrap());
    let pair = present::named(&dataset.0, "previous", "current").unwrap();
    let comparison = present::compare(&pair).unwrap();
    assert_eq!(first.snapshot.unwrap().file_name().unwrap().to_str().unwrap(), comparison.older);
    assert_eq!(comparison.documents.len(), 1, "{:?}", comparison.documents);
}

/// What differs between the last two snapshots, one short line each.
fn compared(dataset: &Path) -> Vec<String> {
    let comparison = present::compare(&present::named(dataset, "previous", "current").unwrap()).unwrap();
    let name = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let documents = comparison
        .documents
        .iter()
        .map(|change| format!("{} {} because of {}", change.change.word(), name(&change.path), change.cause.word()));
    let figures = comparison.figures.iter().map(|change| {
        let (item, measure) = (&change.key[1], &change.key[5]);
        let (old, new) = (&change.old_value, &change.new_value);
        format!("{} {item} {measure} {old}→{new} because of {}", change.change.word(), change.cause.word())
    });
    let findings = comparison.findings.iter().map(|change| {
        let causes: Vec<&str> = change.causes.iter().map(|cause| cause.word()).collect();
        format!("{} {} because of {}", if change.opened { "OPENED" } else { "CLOSED" }, change.code, causes.join(","))
    });
    documents.chain(figures).chain(findings).collect()
}

#[test]
fn two_snapshots_are_compared_with_the_cause_of_every_difference() {
    let dataset = Folder::new();
    let mut disk = Disk::new(Vec::new());
    let mut table = made::document("pile/2022/甲/表.xlsx", "甲局", 2022);
    made::form(&mut table, "three_public");
    made::amount(&mut table, "three_public", "公务接待费", Measure::Budget, "3");
    made::amount(&mut table, "three_public", "公务接待费", Measure::Final, "2");
    disk.files.insert(table.path.clone(), table.clone());
    disk.import(&dataset.0, |options| options).unwrap();

    // A document that comes and contradicts.
    let mut prose = made::document("pile/2022/甲/说明.txt", "甲局", 2022);
    made::form(&mut prose, "narrative");
    made::amount(&mut prose, "narrative", "公务接待费", Measure::Final, "5");
    disk.files.insert(prose.path.clone(), prose);
    disk.import(&dataset.0, |options| options).unwrap();
    assert_eq!(
        compared(&dataset.0),
        [
            "ADDED 说明.txt because of new_document",
            "ADDED 公务接待费 final →5 because of new_document",
            "OPENED facts::conflict because of new_document",
        ]
    );

    // A resubmission that mends it, says more and less.
    let mut mended = table.clone();
    mended.document_id = juesuan::pipeline::sha256(b"mended");
    mended.submission.figures.clear();
    mended.submission.numbers.clear();
    made::amount(&mut mended, "three_public", "公务接待费", Measure::Final, "5");
    made::amount(&mut mended, "three_public", "会议费", Measure::Final, "1.5");
    disk.files.insert(mended.path.clone(), mended);
    disk.import(&dataset.0, |options| options).unwrap();
    assert_eq!(
        compared(&dataset.0),
        [
            "MODIFIED 表.xlsx because of changed_content",
            "MODIFIED 公务接待费 final 2→5 because of changed_content",
            "ADDED 会议费 final →1.5 because of changed_content",
            "DELETED 公务接待费 budget 3→ because of changed_content",
            "CLOSED facts::conflict because of changed_content",
        ]
    );

    // A move changes no figure, a removal all of a document's.
    disk.rename("pile/2022/甲/表.xlsx", "pile/2022/甲/决算表.xlsx");
    disk.import(&dataset.0, |options| options).unwrap();
    assert_eq!(compared(&dataset.0), ["MODIFIED 决算表.xlsx because of moved_document"]);
    disk.files.remove("pile/2022/甲/说明.txt");
    disk.import(&dataset.0, |options| Options { prune: true, ..options }).unwrap();
    assert_eq!(
        compared(&dataset.0),
        ["DELETED 说明.txt because of removed_document", "DELETED 公务接待费 final 5→ because of removed_document",]
    );

    // Another mapping reads the same document otherwise.
    let versions = |_: &[&str], _: &str| Versions { mapping: "2".into(), ..Versions::default() };
    let file = disk.files.get_mut("pile/2022/甲/决算表.xlsx").unwrap();
    file.versions = versions(&[], "");
    file.submission.figures[1].key.item = "培训费".into();
    disk.import(&dataset.0, |options| Options { versions: &versions, ..options }).unwrap();
    assert_eq!(
        compared(&dataset.0),
        ["ADDED 培训费 final →1.5 because of mapping", "DELETED 会议费 final 1.5→ because of mapping",]
    );
    let old = present::since(&dataset.0, 1_795_613_001_000_000).unwrap();
    assert!(present::compare(&old).unwrap().documents.is_empty(), "all were made at the same moment");
    assert!(matches!(present::since(&dataset.0, 0), Err(present::NoPair::NoOlder(_))));
    assert!(matches!(present::named(&dataset.0, "1999", "current"), Err(present::NoPair::NoSuch(..))));
}

#[test]
fn a_corrected_submission_is_compared_with_the_one_it_corrects() {
    let dataset = Folder::new();
    let (old, new) = ("pile/2022/甲/表.xlsx", "pile/2022/甲/更正/表.xlsx");
    let document = |path: &str, finals: &str| {
        let mut table = made::document(path, "甲局", 2022);
        made::form(&mut table, "three_public");
        made::amount(&mut table, "three_public", "公务接待费", Measure::Budget, "3");
        made::amount(&mut table, "three_public", "公务接待费", Measure::Final, finals);
        table
    };
    let mut disk = Disk::new(vec![document(old, "2")]);
    disk.import(&dataset.0, |options| options).unwrap();
    disk.files.insert(new.to_owned(), document(new, "5"));
    let replaced = Replacements::new([(old.to_owned(), new.to_owned())]).unwrap();
    disk.import(&dataset.0, |options| Options { replaced: &replaced, ..options }).unwrap();
    let figures: Vec<String> = compared(&dataset.0).into_iter().filter(|line| line.contains("公务接待费")).collect();
    assert_eq!(figures, ["MODIFIED 公务接待费 final 2→5 because of replaced"]);
}

/// A short run of the script that kills, breaks and crowds the program itself; `python3 tests/nights.py` runs all of it.
#[cfg(unix)]
#[test]
fn kills_broken_disks_and_crowds_do_no_harm() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/nights.py");
    let run = std::process::Command::new("python3")
        .args([script, "--short", "--binary", env!("CARGO_BIN_EXE_juesuan")])
        .output();
    let Ok(run) = run else {
        eprintln!("skipped: there is no python3");
        return;
    };
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
}

#[test]
fn old_snapshots_go_but_for_the_last_ones() {
    let dataset = Folder::new();
    for (keep, night) in [(1, 0), (1, 1), (1, 2), (3, 3), (3, 4)] {
        let new = made::document(&format!("pile/{night}.xlsx"), "洪江市财政局", 2022);
        made::publish_with(&dataset.0, &[new], |options| Options { keep, ..options }).unwrap();
    }
    let ids = |of: &str| -> BTreeSet<String> {
        let folder = std::fs::read_dir(dataset.0.join(of)).unwrap();
        folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(ids("snapshots").len(), 3, "{:?}", ids("snapshots"));
    assert!(!ids(".").iter().any(|name| name.starts_with(".current")));
}

#[test]
fn a_stop_leaves_the_snapshot_before() {
    let dataset = Folder::new();
    made::publish(&dataset.0, &made::pile()).unwrap();
    let before = tables(&dataset.0);
    let new = made::document("pile/2023/新.xlsx", "洪江市财政局", 2023);
    let stopped = made::publish_with(&dataset.0, &[new], |options| Options { stop: &|| true, ..options });
    assert!(matches!(stopped, Err(StoreError::Stopped)));
    assert!(tables(&dataset.0) == before);
    assert_eq!(std::fs::read_dir(dataset.0.join("snapshots")).unwrap().count(), 1);
}

/// What happens to the files of a pile from one night to the next.
#[derive(Clone, Debug)]
enum Event {
    /// A file comes; the number is which of the pile's.
    Comes(usize),
    /// A file gets other content.
    Changes(usize),
    /// A file gets another name in its folder, or in another one.
    Moves(usize, bool),
    /// A copy of a file comes.
    IsCopied(usize),
    /// A file goes.
    Goes(usize),
    /// The night's import.
    Night,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => any::<usize>().prop_map(Event::Comes),
        1 => any::<usize>().prop_map(Event::Changes),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(at, far)| Event::Moves(at, far)),
        1 => any::<usize>().prop_map(Event::IsCopied),
        1 => any::<usize>().prop_map(Event::Goes),
        3 => Just(Event::Night),
    ]
}

fn happen(event: &Event, number: usize, disk: &mut Disk, pile: &[Extracted], dataset: &Path) {
    let some = |at: usize, disk: &Disk| {
        let count = disk.files.len();
        (count > 0).then(|| disk.files.keys().nth(at % count).unwrap().clone())
    };
    match event {
        Event::Comes(at) => {
            let file = pile[at % pile.len()].clone();
            disk.files.entry(file.path.clone()).or_insert(file);
        }
        Event::Changes(at) => {
            let Some(path) = some(*at, disk) else { return };
            let file = disk.files.get_mut(&path).unwrap();
            file.document_id = juesuan::pipeline::sha256(format!("{path} {number}").as_bytes());
            if file.submission.fiscal_year.is_some() {
                made::amount(file, "narrative", "会议费", Measure::Final, &format!("{number}.5"));
            }
        }
        Event::Moves(at, far) => {
            let Some(from) = some(*at, disk) else { return };
            let folder = if *far { "pile/别处" } else { from.rsplit_once('/').unwrap().0 };
            disk.rename(&from, &format!("{folder}/{number}.xlsx"));
        }
        Event::IsCopied(at) => {
            let Some(from) = some(*at, disk) else { return };
            let mut copy = disk.files[&from].clone();
            copy.path = format!("{}/{number}.xlsx", from.rsplit_once('/').unwrap().0);
            disk.files.insert(copy.path.clone(), copy);
        }
        Event::Goes(at) => {
            if let Some(path) = some(*at, disk) {
                disk.files.remove(&path);
            }
        }
        Event::Night => {
            disk.import(dataset, |options| Options { prune: true, keep: 2, ..options }).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_nights_give_the_tables_of_the_pile_that_is_left(events in prop::collection::vec(event(), 1..30)) {
        let pile = made::pile();
        let dataset = Folder::new();
        let mut disk = Disk::new(Vec::new());
        for (number, event) in events.iter().chain([&Event::Night]).enumerate() {
            happen(event, number, &mut disk, &pile, &dataset.0);
        }
        let fresh = Folder::new();
        disk.import(&fresh.0, |options| options).unwrap();
        let (fresh, nightly) = (tables(&fresh.0), tables(&dataset.0));
        prop_assert_eq!(fresh.keys().collect::<Vec<_>>(), nightly.keys().collect::<Vec<_>>());
        for (path, bytes) in &fresh {
            // What was superseded stays listed among the documents.
            let lists_documents = path.starts_with("documents/") || path.starts_with("state/ledger/");
            prop_assert!(lists_documents || bytes == &nightly[path], "{} differs", path);
        }
    }
}
