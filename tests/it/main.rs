//! All integration tests, one binary: each links polars only once.

mod cases;
mod strict;
