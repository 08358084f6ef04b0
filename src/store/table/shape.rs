//! What a table is: its name, its columns, and what they hold.

/// The version of the tables' shape; it stands in the metadata of every Parquet file.
pub const SCHEMA_VERSION: &str = "1";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text that repeats from row to row: kept once per row group.
    Word,
    /// Text that seldom repeats.
    Text,
    /// A 32-bit integer.
    Int32,
    /// A 64-bit integer.
    Int64,
    /// True or false.
    Flag,
    /// An exact decimal with 20 digits, 6 of them behind the point.
    Amount,
    /// Microseconds since 1970, UTC.
    Timestamp,
}

/// One column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The Chinese header.
    pub title: &'static str,
    /// What it means, for the data package.
    pub description: &'static str,
    /// The Fiscal Data Package's `columnType`; empty where it has none that fits.
    pub fiscal_type: &'static str,
}

/// One table of a dataset.
#[derive(Debug)]
pub(crate) struct TableShape {
    /// Its name, which is its folder's.
    pub name: &'static str,
    /// What one row is.
    pub description: &'static str,
    /// Split into one folder per fiscal year.
    pub by_year: bool,
    /// Its columns in order.
    pub columns: &'static [Column],
}

impl TableShape {
    /// The names of its columns, in order.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|column| column.name).collect()
    }

    /// The position of a column.
    ///
    /// # Panics
    ///
    /// Where the table has no such column: a mistake of the program that every test of the table finds.
    pub(crate) fn position(&self, name: &str) -> usize {
        match self.columns.iter().position(|column| column.name == name) {
            Some(position) => position,
            None => panic!("table {} has no column {name}", self.name),
        }
    }
}
