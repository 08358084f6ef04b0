use std::fmt;

/// Why nothing can be made of a file.
///
/// Shown as `reason: detail`, which is what the `reason` column of `documents` holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable word.
    pub reason: Reason,
    /// The kind of file, as far as it could be told (`pdf`, `xlsx` …); empty otherwise.
    pub format: &'static str,
    /// What was found and what to do, for people (Chinese, one line).
    pub detail: String,
}

impl Refusal {
    /// A refusal for `reason`, of a file of kind `format`.
    pub fn new(reason: Reason, format: &'static str, detail: impl Into<String>) -> Refusal {
        Refusal { reason, format, detail: detail.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason.word(), self.detail)
    }
}

impl std::error::Error for Refusal {}

/// The stable words for why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// No bytes, or nothing but white space.
    Empty,
    /// Cut short, broken container, ill-formed or contradictory parts.
    Damaged,
    /// Locked with a password or rights management.
    Encrypted,
    /// A kind that is known but cannot be read yet.
    Unsupported,
    /// Content of no type that is read: a picture, a program, noise.
    UnknownType,
    /// Pages with pictures and no text.
    ImageOnly,
    /// Bytes that no supported encoding turns into plausible text.
    UnreadableEncoding,
    /// Readable, but no form was recognised.
    NoKnownForm,
    /// Unit or year cannot be told with certainty.
    Ambiguous,
    /// Over a limit of bytes, unpacked bytes, cells, rows or members.
    TooLarge,
    /// Over a limit of nesting.
    TooDeep,
    /// A document type declaration with entities.
    EntityExpansion,
    /// Reading it panicked.
    Crashed,
    /// An office program's lock file; no fault.
    LockFile,
    /// An operating system's own file; no fault.
    SystemFile,
}

impl Reason {
    /// The word in datasets.
    pub fn word(self) -> &'static str {
        match self {
            Reason::Empty => "empty",
            Reason::Damaged => "damaged",
            Reason::Encrypted => "encrypted",
            Reason::Unsupported => "unsupported",
            Reason::UnknownType => "unknown_type",
            Reason::ImageOnly => "image_only",
            Reason::UnreadableEncoding => "unreadable_encoding",
            Reason::NoKnownForm => "no_known_form",
            Reason::Ambiguous => "ambiguous",
            Reason::TooLarge => "too_large",
            Reason::TooDeep => "too_deep",
            Reason::EntityExpansion => "entity_expansion",
            Reason::Crashed => "crashed",
            Reason::LockFile => "lock_file",
            Reason::SystemFile => "system_file",
        }
    }

    /// The file is no submission by its nature: listed as `skipped`, no fault.
    pub fn is_no_fault(self) -> bool {
        matches!(self, Reason::LockFile | Reason::SystemFile)
    }
}
