//! The folders of a dataset: one import at a time, each snapshot built beside the others and switched to at once.
//!
//! A reader lists `current/<table>/fiscal_year=*/*.parquet` and then opens what it found, each name anew through the
//! link. Whatever of this falls on either side of a switch, it sees one snapshot or fails:
//!
//! - a part's name tells which snapshot wrote it, and it stands in a later one only if it is the same file, so a name
//!   from before the switch is the same rows behind it, or not there;
//! - a year that the snapshot before does not have would be missing from a list begun before the switch and opened
//!   behind it. So where years are added, `current` goes by way of a bridge: the snapshot before, file for file, with
//!   an empty part for each new year, long enough for any list to end.

use std::collections::BTreeMap;
use std::fs::TryLockError;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::schema::{FACTS, FIGURES};
use super::table::parts::{all_parts, begin};
use super::{StoreError, disk};
use crate::model::civil;

/// The folder of snapshots in a dataset.
const SNAPSHOTS: &str = "snapshots";
/// The link to the published snapshot.
const CURRENT: &str = "current";
/// The file whose lock says that an import is running.
const LOCK: &str = "import.lock";
/// How the folder of a snapshot in the making begins, or of one that is being removed.
const UNFINISHED: &str = ".unfinished-";
/// How the folder of a bridge begins.
const BRIDGE: &str = ".bridge-";
/// How the link in the making begins.
const LINK: &str = ".current-";
/// What a snapshot is, for programs.
const INFO: &str = "snapshot.json";
/// How long a bridge stands: listing a table's folders takes a thousandth of it.
const BRIDGE_STANDS: Duration = Duration::from_millis(200);

/// What a snapshot says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Info {
    /// Its id.
    pub id: String,
    /// The id of the one that was current before it; empty for the first.
    pub previous: String,
    /// When it was made, in microseconds since 1970 (UTC).
    pub made_at: i64,
    /// The program that made it.
    pub program: String,
    /// The codes of findings that were not taken as they come, each with the severity it was given, or `off`.
    pub checks: BTreeMap<String, String>,
}

impl Info {
    /// Reads what a snapshot says of itself.
    pub(crate) fn read(dir: &Path) -> Result<Info, StoreError> {
        let path = dir.join(INFO);
        let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                StoreError::table("the snapshot was made by an older juesuan; import into a new dataset")
            }
            _ => StoreError::file("read", &path, error),
        })?;
        let value: Value = serde_json::from_str(&text)
            .map_err(|error| StoreError::file("read", &path, std::io::Error::other(error)))?;
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Ok(Info {
            id: text("id"),
            previous: text("previous"),
            made_at: value["made_at_micros"].as_i64().unwrap_or_default(),
            program: text("program"),
            checks: words(&value["checks"]),
        })
    }

    /// Writes it into a snapshot.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), StoreError> {
        let previous = Some(&self.previous).filter(|previous| !previous.is_empty());
        let value = json!({
            "id": self.id,
            "previous": previous,
            "made_at": timestamp(self.made_at),
            "made_at_micros": self.made_at,
            "program": self.program,
            "checks": self.checks,
        });
        disk::write(&dir.join(INFO), format!("{value:#}\n").as_bytes())
    }
}

/// The entries of an object whose values are words.
fn words(object: &Value) -> BTreeMap<String, String> {
    let entries = object.as_object().into_iter().flatten();
    entries.filter_map(|(name, word)| Some((name.clone(), word.as_str()?.to_owned()))).collect()
}

/// A dataset's folder, held for writing until it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    dataset: PathBuf,
    lock: std::fs::File,
}

impl Drop for Held {
    // Closing the file is not enough: a process that is just being started may still share it.
    fn drop(&mut self) {
        self.lock.unlock().ok();
    }
}

impl Held {
    /// Takes the dataset for this process, making its folder where there is none, and clears away what an import
    /// that was killed has left.
    pub(crate) fn take(dataset: &Path) -> Result<Held, StoreError> {
        disk::create_folders(&dataset.join(SNAPSHOTS))?;
        let path = dataset.join(LOCK);
        let lock = std::fs::File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| StoreError::file("create", &path, error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::Held { dataset: dataset.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(StoreError::file("lock", &path, error)),
        }
        let held = Held { dataset: dataset.to_owned(), lock };
        held.clear_unfinished()?;
        Ok(held)
    }

    /// Removes what a killed import has left, and bridges that no reader can be on any more.
    fn clear_unfinished(&self) -> Result<(), StoreError> {
        let current = current(&self.dataset)?;
        for name in names(&self.dataset.join(SNAPSHOTS))? {
            let path = self.dataset.join(SNAPSHOTS).join(&name);
            let leads_there = current.as_ref().is_some_and(|current| current.file_name() == path.file_name());
            if name.starts_with(UNFINISHED) || name.starts_with(BRIDGE) && !leads_there {
                disk::remove_folder(&path)?;
            }
        }
        for name in names(&self.dataset)?.into_iter().filter(|name| name.starts_with(LINK)) {
            disk::remove_file(&self.dataset.join(name))?;
        }
        Ok(())
    }

    /// An empty folder for a snapshot in the making, and the id it will have.
    pub(crate) fn begin(&self, now: i64) -> Result<(PathBuf, String), StoreError> {
        let snapshots = self.dataset.join(SNAPSHOTS);
        let stamp = compact_timestamp(now);
        let mut id = stamp.clone();
        let mut again = 1;
        while snapshots.join(&id).exists() {
            again += 1;
            id = format!("{stamp}-{again}");
        }
        let dir = snapshots.join(format!("{UNFINISHED}{id}"));
        disk::create_folder(&dir)?;
        Ok((dir, id))
    }

    /// Makes a finished folder the snapshot `id` and switches `current` to it. Where this fails, `current` still leads
    /// to the snapshot before, or to a bridge with all of it.
    pub(crate) fn publish(&self, dir: &Path, id: &str) -> Result<PathBuf, StoreError> {
        let before = current(&self.dataset)?;
        disk::sync_below(dir)?;
        let snapshots = self.dataset.join(SNAPSHOTS);
        let target = snapshots.join(id);
        disk::rename(dir, &target)?;
        let switched = disk::sync_folder(&snapshots).and_then(|()| {
            if let Some(before) = &before {
                self.bridge(before, &target, id)?;
            }
            self.switch(&Path::new(SNAPSHOTS).join(id), id)
        });
        match switched {
            Ok(()) => Ok(target),
            Err(error) => {
                // It was never current: nobody reads it. What cannot be removed now, a later import removes.
                let _ = disk::rename(&target, dir).and_then(|()| disk::remove_folder(dir));
                Err(error)
            }
        }
    }

    /// Switches `current` to a folder, at once.
    fn switch(&self, target: &Path, id: &str) -> Result<(), StoreError> {
        disk::switch(target, &self.dataset.join(CURRENT), &self.dataset.join(format!("{LINK}{id}")))?;
        // Switched is switched: should the machine stop before the name is on disk, the snapshot before is current.
        let _ = disk::sync_folder(&self.dataset);
        Ok(())
    }

    /// Lets `current` lead to the snapshot before with empty parts for the years that `target` adds to it, until no
    /// list of files that was begun without them can be under way.
    fn bridge(&self, before: &Path, target: &Path, id: &str) -> Result<(), StoreError> {
        let mut added = Vec::new();
        for shape in [&FIGURES, &FACTS] {
            let known: Vec<Option<i32>> = all_parts(before, shape)?.into_iter().map(|(year, _)| year).collect();
            let new = all_parts(target, shape)?.into_iter().map(|(year, _)| year).filter(|year| !known.contains(year));
            added.extend(new.map(|year| (shape, year)));
        }
        if added.is_empty() {
            return Ok(());
        }
        let name = format!("{BRIDGE}{id}");
        let bridge = self.dataset.join(SNAPSHOTS).join(&name);
        share_all(before, &bridge)?;
        for (shape, year) in added {
            begin(&bridge, &format!("{id}-bridge"), shape, year)?.finish()?;
        }
        disk::sync_below(&bridge)?;
        self.switch(&Path::new(SNAPSHOTS).join(name), id)?;
        std::thread::sleep(BRIDGE_STANDS);
        Ok(())
    }

    /// Removes snapshots but the last `keep` that were published, and never the current one or the one before it.
    pub(crate) fn retire(&self, keep: usize) -> Result<(), StoreError> {
        let snapshots = self.dataset.join(SNAPSHOTS);
        let kept = chain(&self.dataset, keep.max(2))?;
        for name in names(&snapshots)? {
            let kept = kept.iter().any(|(info, _)| info.id == name);
            if !kept && !name.starts_with('.') {
                // Half of a snapshot must not look like one.
                let going = snapshots.join(format!("{UNFINISHED}{name}"));
                disk::rename(&snapshots.join(&name), &going)?;
                disk::remove_folder(&going)?;
            }
        }
        Ok(())
    }
}

/// Makes a folder with all files of another one, under the same names.
fn share_all(from: &Path, to: &Path) -> Result<(), StoreError> {
    disk::create_folder(to)?;
    for name in names(from)? {
        let (from, to) = (from.join(&name), to.join(&name));
        if from.is_dir() { share_all(&from, &to)? } else { disk::share(&from, &to)? }
    }
    Ok(())
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = std::fs::read_dir(folder).map_err(|error| StoreError::file("read", folder, error))?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    Ok(names)
}

/// The snapshots of a dataset that were published and are still there, the current one first; at most `most`.
pub(crate) fn chain(dataset: &Path, most: usize) -> Result<Vec<(Info, PathBuf)>, StoreError> {
    let mut found: Vec<(Info, PathBuf)> = Vec::new();
    let mut next = current(dataset)?;
    while let Some(dir) = next.take().filter(|_| found.len() < most) {
        let info = Info::read(&dir)?;
        let before = dataset.join(SNAPSHOTS).join(&info.previous);
        if !info.previous.is_empty() && before.join(INFO).is_file() && found.iter().all(|(other, _)| *other != info) {
            next = Some(before);
        }
        found.push((info, dir));
    }
    Ok(found)
}

/// The folder of the published snapshot, resolved once so that a switch cannot mix two; `None` where there is none.
pub(crate) fn current(dataset: &Path) -> Result<Option<PathBuf>, StoreError> {
    let link = dataset.join(CURRENT);
    match std::fs::canonicalize(&link) {
        Ok(path) => Ok(Some(path)),
        // A link to a snapshot that somebody removed is no empty dataset.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && link.symlink_metadata().is_err() => Ok(None),
        Err(error) => Err(StoreError::file("read", &link, error)),
    }
}

/// `2026-11-25T13:40:01Z` of microseconds since 1970.
pub fn timestamp(micros: i64) -> String {
    let (date, [hour, minute, second]) = split(micros);
    format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", date[0], date[1], date[2])
}

/// `20261125T134001Z` of microseconds since 1970: sorts by time and may be part of a file's name everywhere.
pub(crate) fn compact_timestamp(micros: i64) -> String {
    timestamp(micros).chars().filter(|character| !matches!(character, '-' | ':')).collect()
}

/// Year, month, day and hour, minute, second of microseconds since 1970.
fn split(micros: i64) -> ([i64; 3], [i64; 3]) {
    let seconds = micros.div_euclid(1_000_000);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    ([year, month, day], [second / 3_600, second / 60 % 60, second % 60])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_those_of_the_calendar() {
        for (seconds, written) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_613_001, "2026-11-25T13:23:21Z"),
        ] {
            assert_eq!(timestamp(seconds * 1_000_000), written);
        }
        assert_eq!(compact_timestamp(0), "19700101T000000Z");
    }
}
