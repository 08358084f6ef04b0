//! The published snapshot as Delta tables: each table a folder with Parquet files and a `_delta_log`.
//!
//! Source: the Delta transaction log protocol (github.com/delta-io/delta, PROTOCOL.md). A commit is one file of JSON
//! lines that comes into being at once under the next number; what it does not name, readers do not see.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::error::Misfit;
use super::schema::TABLES;
use super::table::parts::all_parts;
use super::table::shape::{Kind, TableShape};
use super::table::stored;
use super::{StoreError, snapshot};

/// The folder of commits in a Delta table.
const LOG: &str = "_delta_log";

/// What became of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeltaTable {
    /// Its name, which is its folder's.
    pub table: &'static str,
    /// The version that holds the snapshot.
    pub version: u64,
    /// Whether this export made it.
    pub committed: bool,
    /// Its rows.
    pub rows: u64,
}

/// Writes every table of the published snapshot as a Delta table `out/<table>`; into one that is there, as its next
/// version. Files are linked where the file system can, else copied. `now` is in microseconds since 1970.
///
/// # Errors
///
/// Where nothing was published, where `out/<table>` is something else, or a file cannot be read or written. Tables
/// that were committed before that stay.
pub fn export_delta(dataset: &Path, out: &Path, now: i64) -> Result<Vec<DeltaTable>, StoreError> {
    let dir = snapshot::current(dataset)?.ok_or_else(|| StoreError::NoSnapshot { dataset: dataset.to_owned() })?;
    TABLES.iter().map(|shape| export(&dir, shape, &out.join(shape.name), now)).collect()
}

/// A Parquet file of the snapshot and what a commit says of it.
struct Part {
    file: PathBuf,
    /// Its name in the Delta table.
    name: String,
    bytes: u64,
    /// Milliseconds since 1970.
    modified: u64,
    rows: u64,
}

impl Part {
    fn of(year: Option<i32>, file: PathBuf) -> Result<Part, StoreError> {
        let failed = |error| StoreError::file("read", &file, error);
        let metadata = file.metadata().map_err(failed)?;
        let rows = stored::rows(&file)?;
        let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // The years' files bear one name, and stand in one folder here: the year is a column of them, not of the folder.
        let name = year.map_or_else(|| name.clone(), |year| format!("{year}-{name}"));
        Ok(Part { name, bytes: metadata.len(), modified: since.as_millis() as u64, rows, file })
    }

    fn add(&self) -> Value {
        json!({ "add": {
            "path": self.name,
            "partitionValues": {},
            "size": self.bytes,
            "modificationTime": self.modified,
            "dataChange": true,
            "stats": json!({ "numRecords": self.rows }).to_string(),
        }})
    }
}

fn export(dir: &Path, shape: &'static TableShape, out: &Path, now: i64) -> Result<DeltaTable, StoreError> {
    let parts = all_parts(dir, shape)?;
    let parts = parts.into_iter().map(|(year, file)| Part::of(year, file)).collect::<Result<Vec<Part>, _>>()?;
    let log = out.join(LOG);
    let before = History::read(out)?;
    std::fs::create_dir_all(&log).map_err(|error| StoreError::file("create", &log, error))?;

    let schema = schema(shape).to_string();
    let mut actions = Vec::new();
    if before.schema.as_ref() != Some(&schema) {
        actions.push(protocol(shape));
        actions.push(json!({ "metaData": {
            "id": before.id.clone().unwrap_or_else(|| new_id(out, now)),
            "name": shape.name,
            "description": shape.description,
            "format": { "provider": "parquet", "options": {} },
            "schemaString": schema,
            "partitionColumns": [],
            "configuration": {},
            "createdTime": now / 1000,
        }}));
    }
    let names: BTreeSet<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    for name in before.files.iter().filter(|name| !names.contains(name.as_str())) {
        actions.push(json!({ "remove": { "path": name, "deletionTimestamp": now / 1000, "dataChange": true } }));
    }
    for part in parts.iter().filter(|part| !before.files.contains(&part.name)) {
        place(&part.file, &out.join(&part.name))?;
        actions.push(part.add());
    }
    let rows = parts.iter().map(|part| part.rows).sum();
    let made = |version, committed| DeltaTable { table: shape.name, version, committed, rows };
    match (actions.is_empty(), before.version) {
        (true, Some(version)) => Ok(made(version, false)),
        (_, version) => {
            let next = version.map_or(0, |version| version + 1);
            let id = dir.file_name().unwrap_or_default().to_string_lossy();
            actions.insert(
                0,
                json!({ "commitInfo": {
                    "timestamp": now / 1000,
                    "operation": "WRITE",
                    "operationParameters": { "mode": "Overwrite", "partitionBy": "[]" },
                    "engineInfo": concat!("juesuan/", env!("CARGO_PKG_VERSION")),
                    "snapshot": id,
                }}),
            );
            commit(&log, next, &actions)?;
            Ok(made(next, true))
        }
    }
}

/// What the commits of a Delta table have come to.
#[derive(Debug, Default)]
struct History {
    version: Option<u64>,
    id: Option<String>,
    schema: Option<String>,
    /// Files that are in the table now.
    files: BTreeSet<String>,
}

impl History {
    fn read(out: &Path) -> Result<History, StoreError> {
        let log = out.join(LOG);
        let names = match std::fs::read_dir(&log) {
            Ok(entries) => entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let empty = std::fs::read_dir(out).map_or(true, |mut entries| entries.next().is_none());
                let misfit = StoreError::Misfit { path: out.to_owned(), why: Misfit::NoDeltaTable };
                return if empty { Ok(History::default()) } else { Err(misfit) };
            }
            Err(error) => return Err(StoreError::file("read", &log, error)),
        };
        let commits: BTreeMap<u64, String> =
            names.filter_map(|name| Some((name.strip_suffix(".json")?.parse().ok()?, name))).collect();
        // Another program may have put a checkpoint in the place of the first commits; then their files are not known.
        if commits.keys().next().is_some_and(|first| *first != 0) {
            return Err(StoreError::Misfit { path: out.to_owned(), why: Misfit::NoDeltaTable });
        }
        let mut history = History::default();
        for (version, name) in commits {
            let path = log.join(name);
            let text = std::fs::read_to_string(&path).map_err(|error| StoreError::file("read", &path, error))?;
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                let action = serde_json::from_str(line)
                    .map_err(|error| StoreError::file("read", &path, std::io::Error::other(error)))?;
                history.take(&action);
            }
            history.version = Some(version);
        }
        Ok(history)
    }

    fn take(&mut self, action: &Value) {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        if let Some(path) = text(&action["add"]["path"]) {
            self.files.insert(path);
        }
        if let Some(path) = text(&action["remove"]["path"]) {
            self.files.remove(&path);
        }
        if action["metaData"].is_object() {
            self.id = text(&action["metaData"]["id"]);
            self.schema = text(&action["metaData"]["schemaString"]);
        }
    }
}

/// What a reader must be able to do: nothing of note, unless there are times without a zone.
fn protocol(shape: &TableShape) -> Value {
    if shape.columns.iter().any(|column| column.kind == Kind::Timestamp) {
        return json!({ "protocol": {
            "minReaderVersion": 3,
            "minWriterVersion": 7,
            "readerFeatures": ["timestampNtz"],
            "writerFeatures": ["timestampNtz"],
        }});
    }
    json!({ "protocol": { "minReaderVersion": 1, "minWriterVersion": 2 } })
}

fn schema(shape: &TableShape) -> Value {
    let fields: Vec<Value> = shape
        .columns
        .iter()
        .map(|column| {
            let kind = match column.kind {
                Kind::Word | Kind::Text => "string",
                Kind::Int32 => "integer",
                Kind::Int64 => "long",
                Kind::Flag => "boolean",
                Kind::Amount => "decimal(20,6)",
                Kind::Timestamp => "timestamp_ntz",
            };
            let comment = json!({ "comment": column.description });
            json!({ "name": column.name, "type": kind, "nullable": true, "metadata": comment })
        })
        .collect();
    json!({ "type": "struct", "fields": fields })
}

/// An id in the form of a UUID that no other table has: of the place and the moment.
fn new_id(out: &Path, now: i64) -> String {
    let digest = Sha256::digest(format!("{}\0{now}", out.display()));
    let hex = crate::model::hex(&digest[..16]);
    format!("{}-{}-8{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

/// Puts a data file into the table, over one that an export which did not come to its commit has left.
fn place(from: &Path, to: &Path) -> Result<(), StoreError> {
    let linked = std::fs::hard_link(from, to).or_else(|error| {
        if error.kind() == ErrorKind::AlreadyExists {
            std::fs::remove_file(to)?;
        }
        std::fs::copy(from, to)?;
        File::options().write(true).open(to)?.sync_all()
    });
    linked.map_err(|error| StoreError::file("write", to, error))
}

/// Writes a commit beside its place, and gives it its number; somebody else's of that number stands.
fn commit(log: &Path, version: u64, actions: &[Value]) -> Result<(), StoreError> {
    let (beside, path) = (log.join(".commit.part"), log.join(format!("{version:020}.json")));
    let lines: String = actions.iter().map(|action| format!("{action}\n")).collect();
    let written =
        File::create(&beside).and_then(|mut file| file.write_all(lines.as_bytes()).and_then(|()| file.sync_all()));
    let placed = written.and_then(|()| {
        std::fs::hard_link(&beside, &path).or_else(|error| match error.kind() {
            ErrorKind::AlreadyExists => Err(error),
            _ => std::fs::rename(&beside, &path),
        })
    });
    let _ = std::fs::remove_file(&beside);
    placed.map_err(|error| StoreError::file("write", &path, error))
}
