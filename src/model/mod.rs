//! The nouns that all stages share: documents and their places, labels and keys, figures, findings and the account of
//! numbers.
//!
//! Nothing here reads a file, knows a template or prints. Values that carry an invariant have one constructor that
//! checks it; the rest are plain records.

mod calendar;
mod checked;
mod checks;
mod digits;
mod document;
mod finding;
mod identity;
mod key;
mod map;
mod micros;
mod numerals;
mod outcome;
mod place;
mod recent;
mod text;
mod trace;
mod unit_of_measure;
mod versions;
pub(crate) mod words;

pub(crate) use calendar::civil;
pub use checked::{CheckRule, Checked, Tally};
pub use checks::Checks;
pub(crate) use digits::characters;
pub use digits::{DigitRun, DigitRuns, digit_runs, has_digits};
pub use document::{
    Aside, Block, Cell, CellNote, Document, Format, Paragraph, PlacedCell, SheetNumber, Table, struck, unstruck,
};
pub use finding::{Finding, FindingCode, Severity};
pub use identity::Identity;
pub use key::{Funding, Key, Measure};
pub use map::{Map, Set};
pub use micros::{micros, plain};
pub use numerals::{IN_WORDS, is_numeral, numeral_value};
pub use outcome::{
    Claim, DocumentStatus, Extracted, Fate, Figure, FormSeen, FormStatus, Leftover, NumberRecord, Score, Submission,
    TextField, Unproved,
};
pub use place::{Place, column_letters};
pub use recent::{LONGEST_RECENT, Recent, TextNumber};
pub use text::{Folded, Label, Ordinal, dotted_ordinal, fold, fold_char, hex, longer_than, split_ordinal};
pub use trace::{Role, Says, Stands, Step, Trace};
pub use unit_of_measure::{AMOUNTS, UnitOfMeasure};
pub use versions::Versions;
