//! All integration tests are modules of one binary.

mod cli;
mod dataset;
mod made;
