//! Shards: the documents of a part of a pile, extracted but not yet published.
//!
//! A shard is a folder with the tables that are made document by document, as Parquet, and [`DESCRIPTION`]: what was read
//! how. Its rows stand in the order of its documents, by path, those last whose names put them in doubt; so a publication
//! goes through all its shards once, from their beginnings to their ends, and holds one window of rows of each.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::model::hex;

use super::document::DocumentRow;
use super::draft::Draft;
use super::error::Misfit;
use super::schema::{CHECKS_SEEN, FIGURES, FINDINGS_SEEN, FORMS_SEEN, LEFTOVERS, SCORES, TEXTS};
use super::table::ROW_GROUP;
use super::table::cells::Cell;
use super::table::frame::Frame;
use super::table::parts::{all_parts, only_part};
use super::table::shape::{SCHEMA_VERSION, TableShape};
use super::table::stored;
use super::{Incoming, STATE, StoreError};

/// The file that describes a shard.
pub(crate) const DESCRIPTION: &str = "shard.json";

/// What stands in the place of a snapshot's id in the names of a shard's files.
pub(crate) const ID: &str = "shard";

/// Shards of which rows are held at a time: windows of some ten megabytes each. Where paths of more shards than these
/// alternate, rows are read several times.
const OPEN_SHARDS: usize = 12;

/// All that decides what is made of a document, by name: program, mappings, registry …
pub type ReadingVersions = BTreeMap<String, String>;

/// One word for all settings of a shard.
pub(crate) fn settings_hash(versions: &ReadingVersions) -> String {
    let mut hash = Sha256::new();
    for (name, version) in versions {
        hash.update(format!("{name}\0{version}\0"));
    }
    hex(&hash.finalize())
}

/// Shards that are to be published together.
pub struct Shards {
    shards: Vec<Shard>,
    /// The documents of all, by path.
    incoming: Vec<Incoming>,
    /// For each of them its shard and its row there.
    origins: Vec<(usize, usize)>,
    /// The shards whose rows are held, the one that was asked last at the end.
    recent: VecDeque<usize>,
}

impl Shards {
    /// Opens shards, in any order, that were made with these versions.
    ///
    /// # Errors
    ///
    /// [`StoreError::Misfit`] where a folder is no shard, was made with other versions, or has a path that another one
    /// has with other content; else where one cannot be read.
    pub fn open(folders: &[PathBuf], versions: &ReadingVersions) -> Result<Shards, StoreError> {
        let shards = folders.iter().map(|dir| Shard::open(dir, versions)).collect::<Result<Vec<Shard>, _>>()?;
        let mut by_path: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (shard, opened) in shards.iter().enumerate() {
            for (row, document) in opened.documents.iter().enumerate() {
                let Some((first, at)) = by_path.insert(&document.path, (shard, row)) else { continue };
                let before = &shards[first].documents[at];
                if before.document_id != document.document_id || before.document_id.is_empty() {
                    let (path, other) = (document.path.clone(), shards[first].dir.clone());
                    return Err(StoreError::Misfit { path: opened.dir.clone(), why: Misfit::SamePath { path, other } });
                }
            }
        }
        let origins: Vec<(usize, usize)> = by_path.into_values().collect();
        let incoming = origins.iter().map(|(shard, row)| shards[*shard].documents[*row].incoming()).collect();
        Ok(Shards { shards, incoming, origins, recent: VecDeque::new() })
    }

    /// How many documents they hold.
    pub fn documents(&self) -> usize {
        self.incoming.len()
    }

    /// The documents of all shards, by path.
    pub(crate) fn incoming(&self) -> &[Incoming] {
        &self.incoming
    }

    /// What `documents` says of one of them.
    pub(crate) fn document(&self, at: usize) -> &DocumentRow {
        let (shard, row) = self.origins[at];
        &self.shards[shard].documents[row]
    }

    /// Adds the rows of one of them to a draft.
    pub(crate) fn copy(&mut self, at: usize, draft: &mut Draft) -> Result<(), StoreError> {
        let (shard, row) = self.origins[at];
        self.recent.retain(|held| *held != shard);
        self.recent.push_back(shard);
        if self.recent.len() > OPEN_SHARDS
            && let Some(oldest) = self.recent.pop_front()
        {
            self.shards[oldest].tables.iter_mut().for_each(Cursor::rest);
        }
        self.shards[shard].copy(row, draft)
    }
}

/// One shard that is read from.
struct Shard {
    dir: PathBuf,
    /// In the order in which their rows stand.
    documents: Vec<DocumentRow>,
    /// Where each path stands among them.
    paths: HashMap<String, usize>,
    /// The document under which the rows of some content stand.
    homes: HashMap<String, usize>,
    tables: Vec<Cursor>,
}

impl Shard {
    fn open(dir: &Path, versions: &ReadingVersions) -> Result<Shard, StoreError> {
        describe(dir, versions)?;
        let documents = DocumentRow::read_all(dir)?;
        let paths = documents.iter().enumerate().map(|(at, row)| (row.path.clone(), at)).collect();
        let mut homes = HashMap::new();
        for (at, row) in documents.iter().enumerate().filter(|(_, row)| row.is_read()) {
            homes.entry(row.document_id.clone()).or_insert(at);
        }
        let mut tables = Vec::new();
        for (year, part) in all_parts(dir, &FIGURES)? {
            tables.push(Cursor::new(&FIGURES, year, part, "document_id"));
        }
        for shape in [&TEXTS, &SCORES, &LEFTOVERS] {
            tables.push(Cursor::new(shape, None, only_part(dir, shape)?, "document_id"));
        }
        for shape in [&FORMS_SEEN, &FINDINGS_SEEN] {
            tables.push(Cursor::new(shape, None, only_part(&dir.join(STATE), shape)?, "document_path"));
        }
        let checks = only_part(&dir.join(STATE), &CHECKS_SEEN)?;
        tables.push(Cursor::new(&CHECKS_SEEN, None, checks, "document_id"));
        Ok(Shard { dir: dir.to_owned(), documents, paths, homes, tables })
    }

    /// Adds the rows of the document `at`: those of its content, wherever they stand, and those of its path.
    fn copy(&mut self, at: usize, draft: &mut Draft) -> Result<(), StoreError> {
        let Shard { dir, documents, paths, homes, tables } = self;
        let document = &documents[at];
        let home = homes.get(&document.document_id).copied().filter(|_| document.is_read());
        if home.is_some_and(|home| home != at) {
            // The path of a copy that came first is replaced by declaration; its rows tell of that path.
            let path = document.path.clone();
            return Err(StoreError::Misfit { path: dir.clone(), why: Misfit::CopyOfReplaced { path } });
        }
        let place = |key: &str, by_path: bool| match by_path {
            true => paths.get(key).copied(),
            false => homes.get(key).copied(),
        };
        for table in tables {
            // Nothing of a document that was not read is in the tables by content, but another may have its bytes.
            if table.by_path || home.is_some() {
                table.copy(at, &place, |shape, year, row| draft.add(shape, year, row))?;
            }
        }
        Ok(())
    }
}

/// Checks what a shard says of itself.
fn describe(dir: &Path, versions: &ReadingVersions) -> Result<(), StoreError> {
    let misfit = |why| StoreError::Misfit { path: dir.to_owned(), why };
    let text = std::fs::read_to_string(dir.join(DESCRIPTION)).map_err(|_| misfit(Misfit::NoShard))?;
    let description: Value = serde_json::from_str(&text).map_err(|_| misfit(Misfit::NoShard))?;
    let other = |what: &str, theirs: &Value, ours: &str| {
        let theirs = theirs.as_str().unwrap_or("—").to_owned();
        misfit(Misfit::OtherSettings { what: what.to_owned(), theirs, ours: ours.to_owned() })
    };
    if description["kind"] != "juesuan shard" {
        return Err(misfit(Misfit::NoShard));
    }
    if description["schema"] != SCHEMA_VERSION {
        return Err(other("schema", &description["schema"], SCHEMA_VERSION));
    }
    for (what, ours) in versions {
        if description["settings"][what] != ours.as_str() {
            return Err(other(what, &description["settings"][what], ours));
        }
    }
    if description["settings_hash"] != settings_hash(versions).as_str() {
        return Err(other("settings_hash", &description["settings_hash"], &settings_hash(versions)));
    }
    Ok(())
}

/// A table of a shard that is read from its beginning to its end.
struct Cursor {
    shape: &'static TableShape,
    year: Option<i32>,
    file: PathBuf,
    key: usize,
    /// Rows belong to paths, not to contents.
    by_path: bool,
    /// The next row.
    at: usize,
    /// The row behind the last one, once it is known.
    end: Option<usize>,
    window: Option<(usize, Frame)>,
}

impl Cursor {
    fn new(shape: &'static TableShape, year: Option<i32>, file: PathBuf, key: &str) -> Cursor {
        let by_path = key == "document_path";
        Cursor { shape, year, file, key: shape.position(key), by_path, at: 0, end: None, window: None }
    }

    /// Lets go of the rows that are held.
    fn rest(&mut self) {
        self.window = None;
    }

    /// Makes the next row be held; whether there is one.
    fn reach(&mut self) -> Result<bool, StoreError> {
        if self.end.is_some_and(|end| self.at >= end) {
            return Ok(false);
        }
        let held =
            self.window.as_ref().is_some_and(|(first, frame)| (*first..first + frame.height()).contains(&self.at));
        if !held {
            // Windows are those in which the file is packed, so that none is unpacked twice.
            let first = self.at / ROW_GROUP * ROW_GROUP;
            let frame = stored::read(self.shape, &self.file, first, ROW_GROUP)?;
            if frame.height() < ROW_GROUP {
                self.end = Some(first + frame.height());
            }
            self.window = Some((first, frame));
        }
        Ok(self.end.is_none_or(|end| self.at < end))
    }

    /// Goes on to the rows of the document that has the place `wanted`, and hands them on. Rows of documents before it
    /// are passed over: they were not asked for.
    fn copy(
        &mut self,
        wanted: usize,
        place: &dyn Fn(&str, bool) -> Option<usize>,
        mut add: impl FnMut(&TableShape, Option<i32>, &[Cell<'_>]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        while self.reach()? {
            let Some((first, frame)) = &self.window else { return Ok(()) };
            let row = self.at - first;
            let key = frame.text(self.key, row);
            let of = place(key, self.by_path).ok_or_else(|| {
                StoreError::table(format!("`{}` has rows of an unknown document", self.file.display()))
            })?;
            if of > wanted {
                return Ok(());
            }
            if of == wanted {
                let cells: Vec<Cell<'_>> =
                    (0..self.shape.columns.len()).map(|column| frame.cell(column, row)).collect();
                add(self.shape, self.year, &cells)?;
            }
            self.at += 1;
        }
        Ok(())
    }
}
