//! The journal of a dataset: one JSON file per run, `runs/<id>.json`, there whole or not at all.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::StoreError;
use super::snapshot::compact_timestamp;

/// The folder of manifests in a dataset.
const RUNS: &str = "runs";

/// A run that has its manifest's name.
#[derive(Debug)]
pub struct Run {
    folder: PathBuf,
    id: String,
}

/// Takes a name for a run's manifest; the dataset's folder is made where there is none.
///
/// # Errors
///
/// Where the folder cannot be written: a full disk, a dataset that is only to be read.
pub fn begin_run(dataset: &Path, now: i64) -> Result<Run, StoreError> {
    let folder = dataset.join(RUNS);
    std::fs::create_dir_all(&folder).map_err(|error| StoreError::file("create", &folder, error))?;
    let stamp = compact_timestamp(now);
    let mut id = stamp.clone();
    let mut again = 1;
    loop {
        let run = Run { folder: folder.clone(), id: id.clone() };
        if run.reserve()? {
            return Ok(run);
        }
        again += 1;
        id = format!("{stamp}-{again}");
    }
}

impl Run {
    /// The name of the run: the time of its beginning.
    pub fn id(&self) -> &str {
        &self.id
    }

    fn file(&self) -> PathBuf {
        self.folder.join(format!("{}.json", self.id))
    }

    fn part(&self) -> PathBuf {
        self.folder.join(format!(".{}.part", self.id))
    }

    /// Says that the name is taken, until its manifest does.
    ///
    /// Another file than the one that manifests are written to: whoever finds the name taken takes this one away again,
    /// and must not take away what its owner is writing.
    fn claim(&self) -> PathBuf {
        self.folder.join(format!(".{}.taken", self.id))
    }

    /// Whether the name was free. Many imports may begin in one second.
    fn reserve(&self) -> Result<bool, StoreError> {
        let claim = self.claim();
        match File::create_new(&claim) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(StoreError::file("create", &claim, error)),
        }
        // The manifest of this name may have been put into its place between the two looks.
        let free = !self.file().exists();
        if !free {
            let _ = std::fs::remove_file(&claim);
        }
        Ok(free)
    }

    /// Writes the manifest, or replaces it: beside its place, to disk, and then into it.
    ///
    /// # Errors
    ///
    /// Where that is not possible; a manifest that was there stands.
    pub fn write(&self, manifest: &Value) -> Result<(), StoreError> {
        let (part, file) = (self.part(), self.file());
        let text = format!("{manifest:#}\n");
        let written =
            File::create(&part).and_then(|mut out| out.write_all(text.as_bytes()).and_then(|()| out.sync_all()));
        let placed = written.and_then(|()| std::fs::rename(&part, &file));
        if placed.is_ok() {
            let _ = std::fs::remove_file(self.claim());
        }
        placed.map_err(|error| {
            let _ = std::fs::remove_file(&part);
            StoreError::file("write", &file, error)
        })
    }
}

/// The last `count` runs, the newest first. A manifest that is no JSON is passed over.
///
/// # Errors
///
/// Where the folder cannot be read; a dataset without one has had no run.
pub fn runs(dataset: &Path, count: usize) -> Result<Vec<Value>, StoreError> {
    let folder = dataset.join(RUNS);
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::file("read", &folder, error)),
    };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut ids: Vec<String> = names
        .filter_map(|name| name.strip_suffix(".json").filter(|id| !id.starts_with('.')).map(str::to_owned))
        .collect();
    // `…Z-10` is newer than `…Z-9`.
    ids.sort_by_key(|id| {
        let (stamp, again) = id.split_once('-').unwrap_or((id, "1"));
        (stamp.to_owned(), again.parse::<u32>().unwrap_or_default())
    });
    let read = |id: String| {
        let text = std::fs::read_to_string(folder.join(format!("{id}.json"))).ok()?;
        serde_json::from_str(&text).ok()
    };
    Ok(ids.into_iter().rev().filter_map(read).take(count).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use serde_json::json;

    use super::*;

    #[test]
    fn whoever_looks_for_a_free_name_leaves_alone_what_its_owner_writes() {
        let dataset = std::env::temp_dir().join(format!("juesuan-runs-{}", std::process::id()));
        let run = begin_run(&dataset, 0).unwrap();
        run.write(&json!({ "state": "running" })).unwrap();
        let other = Run { folder: run.folder.clone(), id: run.id.clone() };
        let ended = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let looking = scope.spawn(|| {
                let mut free = 0;
                while !ended.load(Ordering::Relaxed) {
                    free += usize::from(other.reserve().unwrap());
                }
                free
            });
            let written: Vec<bool> = (0..100).map(|_| run.write(&json!({ "state": "ended" })).is_ok()).collect();
            ended.store(true, Ordering::Relaxed);
            assert!(written.iter().all(|written| *written), "a manifest was taken away while it was written");
            assert_eq!(looking.join().unwrap(), 0, "a name that has a manifest is taken");
        });
        let left: Vec<_> = std::fs::read_dir(&run.folder).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(left, ["19700101T000000Z.json"]);
        std::fs::remove_dir_all(dataset).unwrap();
    }
}
