//! Tables on disk: rows become row groups of Parquet files, and are read back. Knows shapes of tables, and not what they tell.

pub(super) mod cells;
mod columns;
pub(super) mod frame;
mod pages;
pub(super) mod partition;
pub(super) mod parts;
pub(super) mod shape;
pub(super) mod stored;
mod translation;
pub(super) mod writer;

pub(super) use columns::{Columns, ROW_GROUP};
