//! Storing: the rows of documents become a published snapshot of a dataset.
//!
//! *In:* documents as they were extracted, and the snapshot before. *Out:* `snapshots/<id>/` with every table, and
//! `current` switched to it at once; or an error, and the snapshot before stands.
//!
//! **The law:** any partition of the same documents into imports, in any order, gives byte-identical tables, the time
//! of import aside. Rows therefore stand in one total order (fiscal year, path, order in the document), row groups
//! have a fixed number of rows, and whatever several documents decide together is computed anew for every snapshot.
//!
//! Memory is bounded by the rows of a few documents, one row group per fiscal year, a dozen row groups that are kept for
//! the facts, the figures of some ninety units while facts are made of them, and one record per path. All work is done on
//! the current rayon pool: polars' own threads are never started, so that `--jobs` bounds an import; only what does
//! nothing but wait for the disk has threads of its own.
//!
//! Knows polars' writers and readers, and alone does so (with `present`). Knows no document and prints nothing.

mod csv;
mod delta;
mod disk;
mod document;
mod draft;
mod error;
mod extract;
mod fill;
mod ledger;
mod package;
mod plan;
mod publish;
mod relate;
mod replaced;
mod runs;
mod schema;
mod shard;
mod snapshot;
mod sources;
mod summary;
mod table;

use std::path::{Path, PathBuf};

use crate::mapping::Mappings;
use crate::model::{Checks, DocumentStatus, Extracted, Versions};

pub use delta::{DeltaTable, export_delta};
pub use error::{Misfit, StoreError};
pub use extract::{Extraction, extract};
pub use ledger::{Ledger, Stat};
pub use publish::Import;
pub use replaced::Replacements;
pub use runs::{Run, begin_run, runs};
pub use shard::{ReadingVersions, Shards};
pub use snapshot::timestamp;
pub use summary::{BadDocument, ErrorFinding, Summary};
pub use table::shape::SCHEMA_VERSION;

pub(crate) use document::DocumentRow;
pub(crate) use relate::facts::speaks_for_unit;
pub(crate) use relate::wide::change_rate;
pub(crate) use schema::{CHECKS, DOCUMENTS, FACTS, FIGURES, FINDINGS, FORMS, FORMS_SEEN};
pub(crate) use snapshot::Info as SnapshotInfo;
pub(crate) use sources::{FORM_ORDER, form_rank};
pub(crate) use table::cells::Cell;
pub(crate) use table::frame::Frame;
pub(crate) use table::parts::all_parts;
use table::parts::only_part;
pub(crate) use table::shape::TableShape;
pub(crate) use table::stored::{StoredFile, StoredTable, read_columns, scan};

/// How many snapshots are kept where nothing else is asked for: a week of nights.
pub const KEEP: usize = 7;

/// The folder beside the tables that holds what the next import needs and nobody else reads.
const STATE: &str = "state";

/// A document on its way into a dataset: where it is and what its bytes are, not yet what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    /// The path as it is stored, with `/` between its parts.
    pub path: String,
    /// SHA-256 of the bytes, in hexadecimal; empty where they could not be read.
    pub document_id: String,
    /// What the file was just before it was hashed.
    pub stat: Option<Stat>,
}

/// The names of classification codes, as the code lists of the mapping give them.
#[derive(Clone, Copy)]
pub struct CodeNames<'a> {
    /// The name that a code has in a fiscal year.
    pub look_up: &'a (dyn Fn(&str, i32) -> Option<&'a str> + Sync),
}

impl<'a> CodeNames<'a> {
    /// The name of a code; of a path of names, the last one; empty where there is none.
    fn of<'b>(&self, code: &'b str, year: i32) -> &'b str
    where
        'a: 'b,
    {
        if code.is_empty() {
            return "";
        }
        if let Some((_, last)) = code.rsplit_once('›') {
            return last;
        }
        (self.look_up)(code, year).unwrap_or_default()
    }
}

/// What a publication is busy with, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Documents become rows, those of the snapshot before are taken over.
    Read,
    /// What documents say together: facts, forms, the wide table, findings.
    Relate,
    /// The snapshot is flushed to disk and switched to.
    Switch,
}

impl Stage {
    /// Its word in manifests and logs.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Read => "read",
            Stage::Relate => "relate",
            Stage::Switch => "switch",
        }
    }
}

/// How an import is to be published.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The versions with which a document that holds these forms and is of this unit would be read now. One that was
    /// read with others is read again.
    pub versions: &'a (dyn Fn(&[&str], &str) -> Versions + Sync),
    /// Whether two paths tell the same of a document, so that it would be read the same under both.
    pub same_by_path: &'a (dyn Fn(&str, &str) -> bool + Sync),
    /// How far the name of a path puts its document in doubt (初稿): of equal bytes, those under the path with the least doubt
    /// are the document, and of such paths under the first.
    pub doubt_by_path: &'a (dyn Fn(&str) -> u8 + Sync),
    /// The inputs, as stored paths: what the dataset has below them and did not come is no longer there.
    pub below: &'a [String],
    /// Stored paths that could not be looked below: nothing is known of what is there.
    pub unseen: &'a [String],
    /// The figures of documents that are no longer there leave; else they stay.
    pub prune: bool,
    /// What the user declares to be replaced.
    pub replaced: &'a Replacements,
    /// How grave findings are to the user.
    pub checks: &'a Checks,
    /// The mappings, for what must add up between all that a unit tells of a year, and for names that may mean one unit.
    pub mappings: Option<&'a Mappings>,
    /// How many snapshots are kept; at least two.
    pub keep: usize,
    /// The time of the import, in microseconds since 1970 (UTC): the only thing in a dataset that depends on the run.
    pub now: i64,
    /// Write the tables as CSV too.
    pub csv: bool,
    /// Do everything but publish; nothing is written into the dataset.
    pub dry_run: bool,
    /// The names of codes.
    pub names: CodeNames<'a>,
    /// Told after each chunk: documents done, documents in all.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
    /// Told when a stage begins.
    pub stage: &'a (dyn Fn(Stage) + Sync),
    /// Whether to give up. Asked every so often, and for the last time just before the switch.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

impl<'a> Options<'a> {
    /// How documents are published that know no settings, inputs or signals: for tests, and for what overrides it.
    pub fn plain(now: i64) -> Options<'a> {
        static NONE: Replacements = Replacements::none();
        static AS_CODED: Checks = Checks::as_coded();
        Options {
            versions: &|_, _| Versions::default(),
            same_by_path: &|_, _| false,
            doubt_by_path: &|_| 0,
            below: &[],
            unseen: &[],
            prune: false,
            replaced: &NONE,
            checks: &AS_CODED,
            mappings: None,
            keep: KEEP,
            now,
            csv: false,
            dry_run: false,
            names: CodeNames { look_up: &|_, _| None },
            progress: &|_, _| {},
            stage: &|_| {},
            stop: &|| false,
        }
    }
}

/// Takes a dataset for an import, and reads what it knows; with `rehearsal` nothing is taken or written.
///
/// # Errors
///
/// [`StoreError::Held`] where another import runs; else whatever kept the dataset from being read.
pub fn begin(dataset: &Path, rehearsal: bool) -> Result<Import, StoreError> {
    Import::begin(dataset, rehearsal)
}

/// What came of an import.
#[derive(Clone, Debug)]
pub struct Published {
    /// The snapshot that is current now; none after a dry run.
    pub snapshot: Option<PathBuf>,
    /// Whether this import switched to a new one.
    pub switched: bool,
    /// What it holds.
    pub summary: Summary,
}

/// Publishes the documents of the current snapshot together with those that came.
///
/// `incoming` may stand in any order; each path once. `extract` is called for those whose content or mapping version
/// the dataset does not have yet, in parallel on the current rayon pool.
///
/// # Errors
///
/// [`StoreError::Held`] where another import runs; else whatever kept a file from being read or written. Then nothing
/// is published, and the snapshot before stands.
pub fn publish(
    dataset: &Path,
    incoming: &[Incoming],
    extract: &(dyn Fn(&Incoming) -> Extracted + Sync),
    options: &Options<'_>,
) -> Result<Published, StoreError> {
    begin(dataset, options.dry_run)?.publish(incoming, extract, options)
}

/// Publishes the documents of the current snapshot together with those of shards; the tables are those of one import
/// of all of them.
///
/// # Errors
///
/// As [`publish`].
pub fn publish_shards(dataset: &Path, shards: &mut Shards, options: &Options<'_>) -> Result<Published, StoreError> {
    begin(dataset, options.dry_run)?.publish_shards(shards, options)
}

/// The id of the published snapshot; `None` where nothing was published.
///
/// # Errors
///
/// Where the link to it cannot be followed.
pub fn snapshot_id(dataset: &Path) -> Result<Option<String>, StoreError> {
    // A bridge leads to the snapshot that it stands for.
    snapshot::current(dataset)?.map(|dir| snapshot::Info::read(&dir).map(|info| info.id)).transpose()
}

/// What the published snapshot holds; `None` where nothing was published.
///
/// # Errors
///
/// Where it cannot be read.
pub fn summary(dataset: &Path) -> Result<Option<Summary>, StoreError> {
    snapshot::current(dataset)?.map(|dir| Summary::read(&dir)).transpose()
}

/// The file of `forms` in the published snapshot, and that of the forms as documents show them.
///
/// # Errors
///
/// [`StoreError::NoSnapshot`] where nothing was published.
pub(crate) fn forms_files(dataset: &Path) -> Result<(PathBuf, PathBuf), StoreError> {
    let dir = snapshot::current(dataset)?.ok_or_else(|| StoreError::NoSnapshot { dataset: dataset.to_owned() })?;
    Ok((only_part(&dir, &FORMS)?, only_part(&dir.join(STATE), &FORMS_SEEN)?))
}

/// The files of `findings` and `documents` in the published snapshot.
///
/// # Errors
///
/// [`StoreError::NoSnapshot`] where nothing was published.
pub(crate) fn findings_files(dataset: &Path) -> Result<(PathBuf, PathBuf), StoreError> {
    let dir = snapshot::current(dataset)?.ok_or_else(|| StoreError::NoSnapshot { dataset: dataset.to_owned() })?;
    Ok((only_part(&dir, &FINDINGS)?, only_part(&dir, &DOCUMENTS)?))
}

/// The file of `checks` in the published snapshot.
///
/// # Errors
///
/// [`StoreError::NoSnapshot`] where nothing was published.
pub(crate) fn checks_file(dataset: &Path) -> Result<PathBuf, StoreError> {
    let dir = snapshot::current(dataset)?.ok_or_else(|| StoreError::NoSnapshot { dataset: dataset.to_owned() })?;
    only_part(&dir, &CHECKS)
}

/// A document of the published snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDocument {
    /// The path under which it is stored.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub document_id: String,
    /// The unit that it is of.
    pub unit_id: String,
    /// The mapping version that it was read with.
    pub mapping_version: String,
}

/// The documents in force whose path is `wanted`, or else ends with it (at a `/`), or whose id begins with it.
///
/// # Errors
///
/// [`StoreError::NoSnapshot`] where nothing was published.
pub fn find_documents(dataset: &Path, wanted: &str) -> Result<Vec<StoredDocument>, StoreError> {
    let dir = snapshot::current(dataset)?.ok_or_else(|| StoreError::NoSnapshot { dataset: dataset.to_owned() })?;
    let rows = document::DocumentRow::read_all(&dir)?;
    let live: Vec<StoredDocument> = rows
        .into_iter()
        .filter(|row| row.status != DocumentStatus::Superseded)
        .map(|row| StoredDocument {
            path: row.path,
            document_id: row.document_id,
            unit_id: row.unit_id,
            mapping_version: row.mapping_version,
        })
        .collect();
    if let Some(exact) = live.iter().find(|document| document.path == wanted) {
        return Ok(vec![exact.clone()]);
    }
    let ends = |path: &str| path.strip_suffix(wanted).is_some_and(|before| before.ends_with('/'));
    let is_id = wanted.len() >= 8 && wanted.chars().all(|character| character.is_ascii_hexdigit());
    Ok(live
        .into_iter()
        .filter(|document| ends(&document.path) || is_id && document.document_id.starts_with(wanted))
        .collect())
}

/// The files of `figures` in the published snapshot, by fiscal year.
///
/// # Errors
///
/// [`StoreError::NoSnapshot`] where nothing was published.
pub(crate) fn figures_files(dataset: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let dir = snapshot::current(dataset)?.ok_or_else(|| StoreError::NoSnapshot { dataset: dataset.to_owned() })?;
    Ok(all_parts(&dir, &schema::FIGURES)?.into_iter().map(|(_, part)| part).collect())
}

/// The snapshots that were published and are still there, each with its folder, the current one first.
///
/// # Errors
///
/// [`StoreError::NoSnapshot`] where nothing was published.
pub(crate) fn chain(dataset: &Path) -> Result<Vec<(SnapshotInfo, PathBuf)>, StoreError> {
    let found = snapshot::chain(dataset, usize::MAX)?;
    if found.is_empty() {
        return Err(StoreError::NoSnapshot { dataset: dataset.to_owned() });
    }
    Ok(found)
}

/// Whether the published snapshot has a row of the three public expenses; false where nothing can be told.
pub fn has_three_public(dataset: &Path) -> bool {
    let Ok(Some(dir)) = snapshot::current(dataset) else { return false };
    let parts = all_parts(&dir, &schema::THREE_PUBLIC).unwrap_or_default();
    parts.iter().any(|(_, part)| table::stored::rows(part).is_ok_and(|rows| rows > 0))
}

/// The files of `facts` in the published snapshot, by fiscal year.
///
/// # Errors
///
/// [`StoreError::NoSnapshot`] where nothing was published.
pub(crate) fn facts_files(dataset: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let dir = snapshot::current(dataset)?.ok_or_else(|| StoreError::NoSnapshot { dataset: dataset.to_owned() })?;
    Ok(all_parts(&dir, &schema::FACTS)?.into_iter().map(|(_, part)| part).collect())
}
