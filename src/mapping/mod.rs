//! The mapping language: what each figure is called and where it lives, loaded from YAML and CSV.
//!
//! *In:* the files of `mappings/` (built in) and of a directory that replaces or extends them. *Out:* one [`Mappings`],
//! checked. Knows the nouns of the model; knows no document.

pub mod accounts;
mod checks;
mod codes;
mod compile;
mod digests;
mod file;
mod files;
mod finder;
mod form;
mod grounds;
mod guesses;
mod layers;
mod lexicon;
mod load;
mod nearest;
mod phrases;
mod problem;
mod schema;
mod schemes;
mod spanned;
mod standing;
mod surroundings;
mod titles;
mod trie;
mod vocabulary;

pub use checks::{Axis, Base, Check, Given, Relation, Term};
pub(crate) use codes::split_csv;
pub use codes::{CodeList, CodeLists, CodeName, NameMatch};
pub use digests::Digests;
pub use form::{CodeUse, ColumnRole, Difference, Field, FormMapping, Inner, Kind, Partial, Rule, Side, When};
pub use grounds::{Ground, Grounds};
pub use guesses::Guesses;
pub use lexicon::{
    ComparisonWord, Expenses, Found, LabelSense, Lexicon, Only, Reception, SectionKind, Senses, TimeWord, Unit,
    WordParts, WordSense,
};
pub(crate) use lexicon::{behind_any, ends_with_any, is_funded};
pub use nearest::Near;
pub use problem::{Problem, Shape, WordKind, Wrong};
pub use schema::schema;
pub use schemes::Schemes;
pub(crate) use schemes::leaves;
pub use standing::{NamedState, Standing, State};
pub use surroundings::{DoubtedRow, Surroundings, without_footnote_mark};
pub use titles::{TitleFound, Titles};
pub use vocabulary::{Item, Limit, Meaning, Vocabulary};

/// A small document in a mapping file, and the figures that must be read from it.
#[derive(Clone, Debug)]
pub struct Example {
    /// The form of the file.
    pub form: String,
    /// Where it stands, to be reported with what is wrong.
    pub spot: Problem,
    /// The document: paragraphs and pipe tables.
    pub given: String,
    /// Its fiscal year, where its text tells none.
    pub year: Option<i32>,
    /// The figures, as [`shown`] writes them; sorted by nobody.
    pub expect: Vec<String>,
}

/// A figure as examples are compared: the parts of its key that are told, and its value in canonical units.
pub fn shown(parts: [&str; 7], value: &str) -> String {
    let names = ["entity", "item", "function", "economic", "funding", "measure", "base"];
    let told: Vec<String> = names
        .iter()
        .zip(parts)
        .filter(|(_, part)| !part.is_empty())
        .map(|(name, part)| format!("{name}: {part}"))
        .collect();
    format!("{{ {}, value: \"{value}\" }}", told.join(", "))
}

/// Everything that is known of templates.
#[derive(Debug)]
pub struct Mappings {
    /// Items and their labels.
    pub vocabulary: Vocabulary,
    /// Words around tables.
    pub surroundings: Surroundings,
    /// Words of prose by what they do.
    pub lexicon: Lexicon,
    /// Classification lists.
    pub codes: CodeLists,
    /// Scoring schemes.
    pub schemes: Schemes,
    /// What must add up.
    pub checks: Vec<Check>,
    /// What a draft of a mapping guesses by.
    pub guesses: Guesses,
    /// The forms, by file name.
    pub forms: Vec<FormMapping>,
    /// Their titles.
    pub titles: Titles,
    /// The titles of whole publications.
    pub covers: Titles,
    /// The examples of all files, run by `juesuan mapping check`.
    pub examples: Vec<Example>,
    /// For each form of an author's that has no example a remark.
    pub untried: Vec<Problem>,
    /// A digest of all files.
    pub version: String,
    /// Digests by what the files can matter to.
    pub digests: Digests,
}

impl Mappings {
    /// The mapping of a form that serves a fiscal year.
    pub fn form(&self, id: &str, year: Option<i32>) -> Option<&FormMapping> {
        self.forms
            .iter()
            .filter(|form| &*form.form == id)
            .find(|form| year.is_none_or(|year| (form.years.0..=form.years.1).contains(&year)))
    }
}
