//! The mapping language: what each figure is called and where it lives, loaded from YAML and CSV.
//!
//! *In:* the files of `mappings/` (built in) and of a directory that replaces or extends them. *Out:* one [`Mappings`],
//! checked. Knows the nouns of the model; knows no document.

mod codes;
mod file;
mod form;
mod load;
mod problem;
mod surroundings;
mod vocabulary;

pub use codes::{CodeList, CodeLists, CodeName, NameMatch};
pub use form::{CodeUse, ColumnRole, Difference, Field, FormMapping, Kind, Partial, Rule, Side, When};
pub use problem::Problem;
pub use surroundings::Surroundings;
pub use vocabulary::{Item, Meaning, Vocabulary};

/// Everything that is known of templates.
#[derive(Debug)]
pub struct Mappings {
    /// Items and their labels.
    pub vocabulary: Vocabulary,
    /// Words around tables.
    pub surroundings: Surroundings,
    /// Classification lists.
    pub codes: CodeLists,
    /// The forms, by file name.
    pub forms: Vec<FormMapping>,
    /// A digest of all files: tells which mappings made a row.
    pub version: String,
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
