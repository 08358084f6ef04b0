//! What can differ, and why.

/// How something differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only the newer snapshot has it.
    Added,
    /// Only the older snapshot has it.
    Deleted,
    /// Both have it, and it says something else.
    Modified,
}

impl Change {
    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Change::Added => "ADDED",
            Change::Deleted => "DELETED",
            Change::Modified => "MODIFIED",
        }
    }
}

/// Why something differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A document came.
    NewDocument,
    /// A document has other content.
    ChangedContent,
    /// A document is no longer in the dataset.
    RemovedDocument,
    /// A document stands under another path.
    MovedDocument,
    /// The user declared that a document is replaced, or no longer does.
    Replaced,
    /// The program is another version.
    Program,
    /// Mapping files that could matter to the document changed.
    Mapping,
    /// The code lists changed.
    Codes,
    /// The registry says something else of the unit.
    Registry,
    /// The user says something else of how grave such findings are.
    Checks,
    /// Other documents changed, of other units or years: what is missing is told from what most have.
    OtherDocuments,
}

impl Cause {
    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Cause::NewDocument => "new_document",
            Cause::ChangedContent => "changed_content",
            Cause::RemovedDocument => "removed_document",
            Cause::MovedDocument => "moved_document",
            Cause::Replaced => "replaced",
            Cause::Program => "program",
            Cause::Mapping => "mapping",
            Cause::Codes => "codes",
            Cause::Registry => "registry",
            Cause::Checks => "checks",
            Cause::OtherDocuments => "other_documents",
        }
    }
}

/// A document that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentChange {
    /// How it differs.
    pub change: Change,
    /// Its path: in the newer snapshot, if it is there.
    pub path: String,
    /// Its path in the older snapshot, if it was there.
    pub old_path: String,
    /// Its status in the older snapshot; empty where it was not there.
    pub old_status: String,
    /// Its status in the newer snapshot; empty where it is not there.
    pub new_status: String,
    /// Why it differs.
    pub cause: Cause,
}

/// A figure that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureChange {
    /// How it differs.
    pub change: Change,
    /// The unit's id.
    pub unit_id: String,
    /// The unit's name as written.
    pub unit: String,
    /// The fiscal year.
    pub fiscal_year: i32,
    /// The form it stands in.
    pub form: String,
    /// Its key: entity, item, function, economic, funding, measure, base.
    pub key: [String; 7],
    /// The exact value in the older snapshot; empty where it was not there.
    pub old_value: String,
    /// The exact value in the newer snapshot; empty where it is not there.
    pub new_value: String,
    /// What both are measured in.
    pub unit_of_measure: String,
    /// The path of its document.
    pub document_path: String,
    /// Where it stood; empty where it was not there.
    pub old_place: String,
    /// Where it stands; empty where it is not there.
    pub new_place: String,
    /// Why it differs.
    pub cause: Cause,
}

/// A finding that came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingChange {
    /// It was opened, else closed.
    pub opened: bool,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// Its code.
    pub code: String,
    /// The unit's id; empty for none.
    pub unit_id: String,
    /// The unit's name.
    pub unit: String,
    /// The fiscal year.
    pub fiscal_year: Option<i32>,
    /// The form.
    pub form: String,
    /// What it says, in Chinese.
    pub message: String,
    /// The places it speaks of.
    pub places: String,
    /// Why it came or went: every cause that could have had a part in it.
    pub causes: Vec<Cause>,
}

/// What differs between two snapshots.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The older snapshot's id.
    pub older: String,
    /// The newer snapshot's id.
    pub newer: String,
    /// Documents by path.
    pub documents: Vec<DocumentChange>,
    /// Figures by document.
    pub figures: Vec<FigureChange>,
    /// Findings, those closed first.
    pub findings: Vec<FindingChange>,
}
