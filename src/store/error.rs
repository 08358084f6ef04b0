use std::fmt;
use std::path::{Path, PathBuf};

use polars::prelude::PolarsError;

/// Why a dataset could not be written or read. The published snapshot stands as it was.
#[derive(Debug)]
pub enum StoreError {
    /// Another import is writing into the dataset.
    Held {
        /// The dataset's folder.
        dataset: PathBuf,
    },
    /// A file or folder could not be created, read, written or renamed.
    File {
        /// What was to be done with it (`create`, `read`, `write` …).
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is no published snapshot.
    NoSnapshot {
        /// The dataset's folder.
        dataset: PathBuf,
    },
    /// It was asked to stop.
    Stopped,
    /// A table of the published snapshot cannot be read or written.
    Table {
        /// What was found.
        detail: String,
    },
}

impl StoreError {
    /// A failed `action` on `path`.
    pub(crate) fn file(action: &'static str, path: &Path, source: std::io::Error) -> StoreError {
        StoreError::File { action, path: path.to_owned(), source }
    }

    /// A table of the snapshot that is not as it should be.
    pub(crate) fn table(detail: impl Into<String>) -> StoreError {
        StoreError::Table { detail: detail.into() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Held { dataset } => write!(f, "another import holds `{}`", dataset.display()),
            StoreError::File { action, path, source } => write!(f, "cannot {action} `{}`: {source}", path.display()),
            StoreError::Stopped => f.write_str("stopped before it was done"),
            StoreError::NoSnapshot { dataset } => write!(f, "no published snapshot in `{}`", dataset.display()),
            StoreError::Table { detail } => write!(f, "a table cannot be read or written: {detail}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<PolarsError> for StoreError {
    fn from(error: PolarsError) -> StoreError {
        StoreError::table(error.to_string())
    }
}
