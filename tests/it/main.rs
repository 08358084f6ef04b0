//! All integration tests are modules of one binary: each binary links polars.

#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test that cannot go on fails")]

mod asides;
mod authoring;
mod cases;
mod checks;
mod cli;
mod dataset;
mod formats;
mod hostile;
mod language;
mod made;
mod mutations;
mod nights;
mod operation;
mod samples;
mod schema;
mod seed;
mod shards;
mod strict;
mod whose;
