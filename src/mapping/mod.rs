//! The mapping language: what each figure is called and where it lives, loaded from YAML and CSV.
//!
//! *In:* the files of `mappings/` (built in) and of a directory that replaces or extends them. *Out:* one [`Mappings`],
//! checked. Knows the nouns of the model; knows no document.

mod codes;
mod lexicon;
mod vocabulary;

pub use codes::{CodeList, CodeLists, CodeName, NameMatch};
pub use lexicon::{
    ComparisonWord, Found, LabelSense, Lexicon, Only, Reception, SectionKind, Senses, TimeWord, Unit, WordSense,
};
pub use vocabulary::{Item, Meaning, Vocabulary};
