//! The files of a table: one part, or one for each fiscal year.

use std::path::{Path, PathBuf};

use super::shape::TableShape;
use super::writer::TableWriter;
use crate::store::{StoreError, disk};

/// The folder of a table, or of one year of it; it is made.
pub(crate) fn folder(dir: &Path, shape: &TableShape, year: Option<i32>) -> Result<PathBuf, StoreError> {
    let mut folder = dir.join(shape.name);
    if let Some(year) = year.filter(|_| shape.by_year) {
        folder.push(format!("fiscal_year={year}"));
    }
    disk::create_folders(&folder)?;
    Ok(folder)
}

/// Begins a table that is not split by year, or one year of a table that is.
pub(crate) fn begin(
    dir: &Path,
    id: &str,
    shape: &'static TableShape,
    year: Option<i32>,
) -> Result<TableWriter, StoreError> {
    TableWriter::create(shape, &folder(dir, shape, year)?.join(format!("part-{id}-0.parquet")))
}

/// The parts of a table in a snapshot, with the fiscal year of those that have one, in the order of years.
pub(crate) fn all_parts(dir: &Path, shape: &TableShape) -> Result<Vec<(Option<i32>, PathBuf)>, StoreError> {
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

/// The one part of a table that is not split by year.
pub(crate) fn only_part(dir: &Path, shape: &TableShape) -> Result<PathBuf, StoreError> {
    let found = all_parts(dir, shape)?.into_iter().next();
    found.map(|(_, part)| part).ok_or_else(|| StoreError::table(format!("`{}` has no part", shape.name)))
}
