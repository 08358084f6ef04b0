use std::fmt;

use serde_saphyr::Location;

/// What is wrong with a mapping file, and where: shown with the line itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it is called in messages.
    pub file: String,
    /// Line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The line itself.
    pub source: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// A problem at a spot of a file.
    pub fn at(file: &str, text: &str, location: Location, message: impl Into<String>) -> Problem {
        let line = location.line() as usize;
        Problem {
            file: file.to_owned(),
            line,
            column: location.column() as usize,
            source: text.lines().nth(line.saturating_sub(1)).unwrap_or_default().to_owned(),
            message: message.into(),
        }
    }

    /// A problem of a file as a whole.
    pub fn of(file: &str, message: impl Into<String>) -> Problem {
        Problem { file: file.to_owned(), line: 0, column: 0, source: String::new(), message: message.into() }
    }

    /// What the YAML parser found.
    pub fn yaml(file: &str, text: &str, error: &serde_saphyr::Error) -> Problem {
        let message = error.without_snippet().to_string();
        match error.location() {
            Some(location) => Problem::at(file, text, location, message),
            None => Problem::of(file, message),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return write!(f, "{}: {}", self.file, self.message);
        }
        writeln!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        write!(f, "  {} | {}", self.line, self.source)
    }
}

impl std::error::Error for Problem {}
