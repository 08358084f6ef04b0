use juesuan::store::StoreError;

/// How a command ended, as the shell sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, nothing wrong.
    Done = 0,
    /// Done and published, but there are errors among the findings, or documents that could not be read.
    Findings = 1,
    /// Wrong use: arguments, mapping or configuration; nothing was written.
    WrongUse = 2,
    /// Could not finish; the previous snapshot stands.
    Unfinished = 3,
    /// Another import holds the dataset.
    Held = 4,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        (exit as u8).into()
    }
}

impl From<&StoreError> for Exit {
    fn from(error: &StoreError) -> Exit {
        match error {
            StoreError::Held { .. } => Exit::Held,
            StoreError::NoSnapshot { .. } | StoreError::Misfit { .. } => Exit::WrongUse,
            StoreError::File { .. } | StoreError::Table { .. } | StoreError::Stopped => Exit::Unfinished,
        }
    }
}
