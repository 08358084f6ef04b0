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
    /// A folder is not what it is to be used as; nothing was written.
    Misfit {
        /// The folder.
        path: PathBuf,
        /// What it is.
        why: Misfit,
    },
    /// A table of the published snapshot cannot be read or written.
    Table {
        /// What was found.
        detail: String,
    },
}

/// Why a folder cannot be used as it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// A shard is to be made in it, and it holds something.
    NotEmpty,
    /// It holds something, but no Delta table of ours.
    NoDeltaTable,
    /// It is no shard.
    NoShard,
    /// A shard was made with other settings.
    OtherSettings {
        /// Which: program, mappings, registry …
        what: String,
        /// That of the shard.
        theirs: String,
        /// That of this publication.
        ours: String,
    },
    /// Another shard has the same path with other content.
    SamePath {
        /// The path of the document.
        path: String,
        /// The other shard.
        other: PathBuf,
    },
    /// A document's rows stand with its copy, which is declared to be replaced.
    CopyOfReplaced {
        /// The path of the document.
        path: String,
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
            StoreError::Misfit { path, why } => {
                let path = path.display();
                match why {
                    Misfit::NotEmpty => write!(f, "`{path}` is not empty"),
                    Misfit::NoDeltaTable => write!(f, "`{path}` holds something else than a Delta table of juesuan"),
                    Misfit::NoShard => write!(f, "`{path}` is no shard"),
                    Misfit::OtherSettings { what, theirs, ours } => {
                        write!(f, "shard `{path}` was made with {what} `{theirs}`, this publication has `{ours}`")
                    }
                    Misfit::SamePath { path: document, other } => {
                        write!(
                            f,
                            "shards `{}` and `{path}` both have `{document}`, with different content",
                            other.display()
                        )
                    }
                    Misfit::CopyOfReplaced { path: document } => {
                        write!(
                            f,
                            "shard `{path}` has the rows of `{document}` under the path of a copy that is replaced"
                        )
                    }
                }
            }
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
