//! All integration tests are modules of one binary: each binary links polars.

mod cases;
mod cli;
mod dataset;
mod made;
mod strict;
