use std::sync::Arc;

use super::Place;

/// How a number got its key, or why it got none: the words on its path in the order in which they were read.
///
/// Built only when somebody asks; an import makes none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Where the number stands.
    pub place: Place,
    /// The form it stands in.
    pub form: Arc<str>,
    /// The words, from the outermost to the number itself.
    pub steps: Vec<Step>,
}

/// One word on the path of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How it stands to the number.
    pub stands: Stands,
    /// Where it stands; `None` for what no single place says.
    pub place: Option<Place>,
    /// As written.
    pub written: String,
    /// What it is to a reader.
    pub role: Role,
    /// The parts of the key that it says (or the name of what it is), by the names of the mapping language.
    pub says: Says,
    /// What the words so far come to.
    pub merged: Says,
}

/// Parts of a key by their names: `item`, `measure`, `funding` …
pub type Says = Vec<(&'static str, String)>;

/// How a word stands to the number that it may govern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// The form gives it to all its figures.
    Form,
    /// Above it, in the header.
    Above,
    /// Above the labels to its left, in their header.
    OverLabels,
    /// In a band from end to end above the row.
    Band,
    /// To its left, in the stub.
    Left,
    /// In the label of a field.
    Field,
    /// In a heading above the paragraph.
    Heading,
    /// Before it, in its sentence.
    Before,
    /// Nowhere: it follows from rows above, or from all words together.
    Derived,
    /// Around the table: the unit line.
    Around,
}

impl Stands {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Stands::Form => "form",
            Stands::Above => "above",
            Stands::OverLabels => "over_labels",
            Stands::Band => "band",
            Stands::Left => "left",
            Stands::Field => "field",
            Stands::Heading => "heading",
            Stands::Before => "before",
            Stands::Derived => "derived",
            Stands::Around => "around",
        }
    }
}

/// What a word is to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It says a part of the key.
    Key,
    /// Known, and it says nothing.
    Neutral,
    /// It means the item above it, or the form's total.
    Total,
    /// It says what a column is.
    Column,
    /// A code of a classification, perhaps with its name.
    Code,
    /// The name of a sub-unit or project, taken as it stands.
    Entity,
    /// A unit of measure.
    Unit,
    /// It is not known: it blocks.
    Unknown,
    /// Known, but of a year that is not ours: it blocks.
    OtherYear,
    /// Known, but without a meaning where it stands: it blocks.
    NoMeaningHere,
    /// What it says contradicts the words before it: it blocks.
    Contradicts,
    /// A known word that takes the governing label away.
    Blocker,
    /// A year, or a word for one.
    Time,
    /// A part of a comparison.
    Comparison,
    /// Up or down.
    Direction,
    /// A share of something.
    Share,
    /// A rate of completion.
    Completion,
    /// Opens, orders or closes a list of parts.
    List,
    /// Opens a free stretch, whose numbers are no values.
    Reason,
    /// A statement without a number.
    Statement,
    /// A blank of the template.
    Placeholder,
    /// A number.
    Number,
    /// A mark.
    Mark,
}

impl Role {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Role::Key => "key",
            Role::Neutral => "neutral",
            Role::Total => "total",
            Role::Column => "column",
            Role::Code => "code",
            Role::Entity => "entity",
            Role::Unit => "unit",
            Role::Unknown => "unknown",
            Role::OtherYear => "other_year",
            Role::NoMeaningHere => "no_meaning_here",
            Role::Contradicts => "contradicts",
            Role::Blocker => "blocker",
            Role::Time => "time",
            Role::Comparison => "comparison",
            Role::Direction => "direction",
            Role::Share => "share",
            Role::Completion => "completion",
            Role::List => "list",
            Role::Reason => "reason",
            Role::Statement => "statement",
            Role::Placeholder => "placeholder",
            Role::Number => "number",
            Role::Mark => "mark",
        }
    }

    /// A number behind such a word has no key.
    pub fn blocks(self) -> bool {
        matches!(
            self,
            Role::Unknown
                | Role::OtherYear
                | Role::NoMeaningHere
                | Role::Contradicts
                | Role::Blocker
                | Role::Placeholder
        )
    }
}
