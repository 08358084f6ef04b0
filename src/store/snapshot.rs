//! The folders of a dataset: one import at a time, each snapshot built beside the others and switched to at once.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::StoreError;
use super::schema::TableShape;

/// The folder of snapshots in a dataset.
const SNAPSHOTS: &str = "snapshots";
/// The link to the published snapshot.
const CURRENT: &str = "current";
/// The file whose lock says that an import is running.
const LOCK: &str = "import.lock";
/// How the folder of a snapshot in the making begins.
const UNFINISHED: &str = ".unfinished-";

/// A dataset's folder, held for writing until it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    dataset: PathBuf,
    lock: File,
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
        let snapshots = dataset.join(SNAPSHOTS);
        std::fs::create_dir_all(&snapshots).map_err(|error| StoreError::file("create", &snapshots, error))?;
        let path = dataset.join(LOCK);
        let lock = File::options()
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

    fn clear_unfinished(&self) -> Result<(), StoreError> {
        let snapshots = self.dataset.join(SNAPSHOTS);
        let entries = std::fs::read_dir(&snapshots).map_err(|error| StoreError::file("read", &snapshots, error))?;
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                let path = entry.path();
                std::fs::remove_dir_all(&path).map_err(|error| StoreError::file("remove", &path, error))?;
            }
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
        std::fs::create_dir(&dir).map_err(|error| StoreError::file("create", &dir, error))?;
        Ok((dir, id))
    }

    /// Makes a finished folder the snapshot `id` and switches `current` to it.
    pub(crate) fn publish(&self, dir: &Path, id: &str) -> Result<PathBuf, StoreError> {
        sync_folders(dir)?;
        let snapshots = self.dataset.join(SNAPSHOTS);
        let target = snapshots.join(id);
        std::fs::rename(dir, &target).map_err(|error| StoreError::file("rename", dir, error))?;
        sync_folder(&snapshots)?;
        let link = self.dataset.join(format!(".{CURRENT}-{id}"));
        let current = self.dataset.join(CURRENT);
        let _ = std::fs::remove_file(&link);
        make_link(&Path::new(SNAPSHOTS).join(id), &link).map_err(|error| StoreError::file("create", &link, error))?;
        replace(&link, &current).map_err(|error| StoreError::file("switch", &current, error))?;
        sync_folder(&self.dataset)?;
        Ok(target)
    }
}

#[cfg(unix)]
fn make_link(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn make_link(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(target, link)
}

#[cfg(unix)]
fn replace(link: &Path, current: &Path) -> std::io::Result<()> {
    std::fs::rename(link, current)
}

#[cfg(windows)]
fn replace(link: &Path, current: &Path) -> std::io::Result<()> {
    // A link to a folder cannot be renamed over another one there.
    if current.exists() {
        std::fs::remove_dir(current)?;
    }
    std::fs::rename(link, current)
}

/// Waits until the names in a folder and all below it are on disk.
fn sync_folders(dir: &Path) -> Result<(), StoreError> {
    for entry in std::fs::read_dir(dir).map_err(|error| StoreError::file("read", dir, error))?.flatten() {
        if entry.path().is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    sync_folder(dir)
}

#[cfg(unix)]
fn sync_folder(dir: &Path) -> Result<(), StoreError> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|error| StoreError::file("write", dir, error))
}

#[cfg(not(unix))]
fn sync_folder(_dir: &Path) -> Result<(), StoreError> {
    Ok(())
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

/// The parts of a table in a snapshot, with the fiscal year of those that have one, in the order of years.
pub(crate) fn parts(dir: &Path, shape: &TableShape) -> Result<Vec<(Option<i32>, PathBuf)>, StoreError> {
    let folder = dir.join(shape.name);
    let mut found = Vec::new();
    for (year, folder) in std::iter::once((None, folder.clone())).chain(years(&folder)?) {
        for entry in std::fs::read_dir(&folder).map_err(|error| StoreError::file("read", &folder, error))?.flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "parquet") {
                found.push((year, path));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The folders `fiscal_year=…` of a table.
fn years(folder: &Path) -> Result<Vec<(Option<i32>, PathBuf)>, StoreError> {
    let entries = std::fs::read_dir(folder).map_err(|error| StoreError::file("read", folder, error))?;
    Ok(entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let year = name.strip_prefix("fiscal_year=")?.parse().ok()?;
            Some((Some(year), entry.path()))
        })
        .collect())
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
    // Days are counted from 1 March of year 0, so that the leap day is the last of its year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
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
