//! What authors of mappings need: examples run, numbers explained, a mapping drafted, a pile held against the mappings.
//!
//! *In:* documents and mappings. *Out:* plain data about how the one was read with the other. Runs the pipeline as an import
//! does; changes no mapping and writes no file. Prints nothing: the command line draws what is told here.

mod draft;
mod drift;
pub mod examples;
mod explain;

pub use draft::{NoDraft, draft};
pub use drift::{Coverage, Drift, Gone, NewTitle, NewWord, Patch, drift};
pub use explain::{ASSUMED_YEAR, Explained, Explanation, Suggested, Wanted, explain, suggested};
