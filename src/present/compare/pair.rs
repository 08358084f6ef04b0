//! Which two snapshots are compared.

use std::path::{Path, PathBuf};

use crate::store::{self, SnapshotInfo, StoreError};

/// Two snapshots of a dataset.
#[derive(Clone, Debug)]
pub struct Pair {
    pub(super) older: (SnapshotInfo, PathBuf),
    pub(super) newer: (SnapshotInfo, PathBuf),
}

/// Why a pair of snapshots cannot be had.
#[derive(Debug)]
pub enum NoPair {
    /// There is no such snapshot; those that there are, the newest first.
    NoSuch(String, Vec<String>),
    /// There is no snapshot before the current one, or none as old as was asked for; the oldest there is.
    NoOlder(String),
    /// The dataset cannot be read.
    Store(StoreError),
}

impl From<StoreError> for NoPair {
    fn from(error: StoreError) -> NoPair {
        NoPair::Store(error)
    }
}

/// Two snapshots by their names: an id, the unambiguous beginning of one, `current` or `previous`.
///
/// # Errors
///
/// Where one of them is not there.
pub fn named(dataset: &Path, older: &str, newer: &str) -> Result<Pair, NoPair> {
    let all = store::chain(dataset)?;
    Ok(Pair { older: find(&all, older)?, newer: find(&all, newer)? })
}

/// The snapshot that was current at a time, in microseconds since 1970 (UTC), and the one that is current now.
///
/// # Errors
///
/// Where no snapshot of that time is left.
pub fn since(dataset: &Path, time: i64) -> Result<Pair, NoPair> {
    let all = store::chain(dataset)?;
    let older = all.iter().find(|(info, _)| info.made_at <= time);
    let oldest = || NoPair::NoOlder(all.last().map(|(info, _)| info.id.clone()).unwrap_or_default());
    Ok(Pair { older: older.cloned().ok_or_else(oldest)?, newer: find(&all, "current")? })
}

fn find(all: &[(SnapshotInfo, PathBuf)], name: &str) -> Result<(SnapshotInfo, PathBuf), NoPair> {
    let ids = || all.iter().map(|(info, _)| info.id.clone()).collect();
    let nothing = || NoPair::NoSuch(name.to_owned(), ids());
    match name {
        "current" => all.first().cloned().ok_or_else(nothing),
        "previous" => match all {
            [only] => Err(NoPair::NoOlder(only.0.id.clone())),
            _ => all.get(1).cloned().ok_or_else(nothing),
        },
        "" => Err(nothing()),
        _ => {
            if let Some(same) = all.iter().find(|(info, _)| info.id == name) {
                return Ok(same.clone());
            }
            let mut fitting = all.iter().filter(|(info, _)| info.id.starts_with(name));
            match (fitting.next(), fitting.next()) {
                (Some(one), None) => Ok(one.clone()),
                _ => Err(nothing()),
            }
        }
    }
}
