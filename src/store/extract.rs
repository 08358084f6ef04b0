//! Extraction: the documents of a part of a pile become a shard.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;

use super::document;
use super::draft::Draft;
use super::error::Misfit;
use super::fill::Filler;
use super::plan::Plan;
use super::schema::{FIGURES, LEFTOVERS, SCORES, TEXTS};
use super::shard::{DESCRIPTION, ID, ReadingVersions, settings_hash};
use super::table::parts::all_parts;
use super::table::shape::SCHEMA_VERSION;
use super::table::stored;
use super::{Incoming, Options, StoreError, disk, snapshot};
use crate::model::Extracted;

/// What an extraction made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    /// Documents by status.
    pub documents: BTreeMap<String, u64>,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
}

/// Extracts documents into a new shard, the folder `out`; it comes into being at once, or not at all.
///
/// `incoming`, `extract` and `options` are those of [`super::publish`]; `versions` will be compared at publication.
///
/// # Errors
///
/// [`StoreError::Misfit`] where `out` holds something; else whatever kept a file from being written.
pub fn extract(
    out: &Path,
    incoming: &[Incoming],
    extract: &(dyn Fn(&Incoming) -> Extracted + Sync),
    versions: &ReadingVersions,
    options: &Options<'_>,
) -> Result<Extraction, StoreError> {
    let empty = std::fs::read_dir(out).map_or(true, |mut entries| entries.next().is_none());
    if !empty || out.is_file() {
        return Err(StoreError::Misfit { path: out.to_owned(), why: Misfit::NotEmpty });
    }
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let parent = match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let beside = parent.join(format!(".unfinished-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&beside);
    disk::create_folders(&beside)?;
    let made = fill(&beside, incoming, extract, versions, options).and_then(|extraction| {
        disk::sync_below(&beside)?;
        let _ = std::fs::remove_dir(out);
        disk::rename(&beside, out)?;
        disk::sync_folder(parent)?;
        Ok(extraction)
    });
    if made.is_err() {
        let _ = std::fs::remove_dir_all(&beside);
    }
    made
}

fn fill(
    dir: &Path,
    incoming: &[Incoming],
    extract: &(dyn Fn(&Incoming) -> Extracted + Sync),
    versions: &ReadingVersions,
    options: &Options<'_>,
) -> Result<Extraction, StoreError> {
    (options.stage)(super::Stage::Read);
    let plan = Plan::new(&[], incoming, options);
    let mut filler = Filler::new(Draft::begin(dir, ID, None, false, 0)?, &[], incoming, None, options);
    filler.fill(&plan.live, Some(extract))?;
    let (_, rows) = filler.finish()?;
    document::write_all(dir, ID, &rows)?;

    let mut documents = BTreeMap::new();
    for row in &rows {
        *documents.entry(row.status.word().to_owned()).or_default() += 1;
    }
    let mut counted = BTreeMap::new();
    for shape in [&FIGURES, &TEXTS, &SCORES, &LEFTOVERS] {
        let parts = all_parts(dir, shape)?;
        let rows = parts.iter().map(|(_, part)| stored::rows(part)).sum::<Result<u64, StoreError>>()?;
        counted.insert(shape.name.to_owned(), rows);
    }
    let extraction = Extraction { documents, rows: counted };
    let description = json!({
        "kind": "juesuan shard",
        "schema": SCHEMA_VERSION,
        "made_at": snapshot::timestamp(options.now),
        "settings": versions,
        "settings_hash": settings_hash(versions),
        "documents": extraction.documents,
        "rows": extraction.rows,
    });
    super::summary::write_json(&dir.join(DESCRIPTION), &description)?;
    Ok(extraction)
}
