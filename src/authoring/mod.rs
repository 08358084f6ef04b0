//! What authors of mappings need: examples run, numbers explained.
//!
//! *In:* documents and mappings. *Out:* plain data about how the one was read with the other. Runs the pipeline as an import
//! does; changes no mapping and writes no file. Prints nothing: the command line draws what is told here.

pub mod examples;
mod explain;

pub use explain::{ASSUMED_YEAR, Explained, Explanation, Suggested, Wanted, explain, suggested};
