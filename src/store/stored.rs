//! Reading tables that were written before: whole ranges of rows, document by document, column by column.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use polars_arrow::array::{BooleanArray, PrimitiveArray, Utf8ViewArray};

use super::StoreError;
use super::schema::{Kind, TableShape};
use super::table::{Cell, ROW_GROUP, TableWriter};

/// Rows of a stored table, readable cell by cell.
pub(crate) struct Frame {
    height: usize,
    columns: Vec<Values>,
}

/// One column of a [`Frame`], in one piece: finding the piece of a cell would take longer than reading it.
enum Values {
    Text(Utf8ViewArray),
    Int32(PrimitiveArray<i32>),
    Int64(PrimitiveArray<i64>),
    Flag(BooleanArray),
    Amount(PrimitiveArray<i128>),
}

impl Frame {
    /// Takes the columns of `shape` that `frame` has, in the order of `names`.
    pub(crate) fn new(shape: &TableShape, frame: &DataFrame, names: &[&str]) -> Result<Frame, StoreError> {
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let series = frame.column(name)?.as_materialized_series().rechunk();
            columns.push(match shape.columns[shape.position(name)].kind {
                Kind::Word | Kind::Text => Values::Text(series.str()?.downcast_as_array().clone()),
                Kind::Int32 => Values::Int32(series.i32()?.downcast_as_array().clone()),
                Kind::Int64 => Values::Int64(series.i64()?.downcast_as_array().clone()),
                Kind::Timestamp => Values::Int64(series.datetime()?.physical().downcast_as_array().clone()),
                Kind::Flag => Values::Flag(series.bool()?.downcast_as_array().clone()),
                Kind::Amount => Values::Amount(series.decimal()?.physical().downcast_as_array().clone()),
            });
        }
        Ok(Frame { height: frame.height(), columns })
    }

    /// Number of rows.
    pub(crate) fn height(&self) -> usize {
        self.height
    }

    /// One cell, by the position of its column and row.
    pub(crate) fn cell(&self, column: usize, row: usize) -> Cell<'_> {
        match &self.columns[column] {
            Values::Text(values) => values.get(row).map_or(Cell::Null, Cell::Text),
            Values::Int32(values) => Cell::int(values.get(row).map(i64::from)),
            Values::Int64(values) => Cell::int(values.get(row)),
            Values::Flag(values) => values.get(row).map_or(Cell::Null, Cell::Flag),
            Values::Amount(values) => Cell::amount(values.get(row)),
        }
    }

    /// Every text of a column, in order; empty where there is none.
    pub(crate) fn texts(&self, column: usize) -> Vec<&str> {
        match &self.columns[column] {
            Values::Text(values) => values.iter().map(Option::unwrap_or_default).collect(),
            _ => vec![""; self.height],
        }
    }

    /// The text of a cell; empty where there is none.
    pub(crate) fn text(&self, column: usize, row: usize) -> &str {
        match self.cell(column, row) {
            Cell::Text(text) => text,
            _ => "",
        }
    }

    /// The whole number of a cell.
    pub(crate) fn int(&self, column: usize, row: usize) -> Option<i64> {
        match self.cell(column, row) {
            Cell::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The decimal of a cell, times 10⁶.
    pub(crate) fn amount(&self, column: usize, row: usize) -> Option<i128> {
        match self.cell(column, row) {
            Cell::Amount(value) => Some(value),
            _ => None,
        }
    }

    /// Whether a cell is true.
    pub(crate) fn flag(&self, column: usize, row: usize) -> bool {
        self.cell(column, row) == Cell::Flag(true)
    }
}

/// Every column of the rows `start..start + length` of a stored file, as far as it has them.
pub(crate) fn read(shape: &TableShape, file: &Path, start: usize, length: usize) -> Result<Frame, StoreError> {
    let names: Vec<&str> = shape.columns.iter().map(|column| column.name).collect();
    read_columns(shape, file, start, length, &names)
}

/// Some columns of the rows `start..start + length` of a stored file, in the order of `names`.
pub(crate) fn read_columns(
    shape: &TableShape,
    file: &Path,
    start: usize,
    length: usize,
    names: &[&str],
) -> Result<Frame, StoreError> {
    let opened = File::open(file).map_err(|error| StoreError::file("read", file, error))?;
    // One thread and one window at a time: what is read here is rewritten at once.
    let frame = ParquetReader::new(opened)
        .read_parallel(ParallelStrategy::None)
        .with_slice(Some((start, length)))
        .with_columns(Some(names.iter().map(|name| (*name).to_owned()).collect()))
        .finish()?;
    Frame::new(shape, &frame, names)
}

/// Some columns of a stored file as a lazy query.
pub(crate) fn scan(file: &Path) -> Result<LazyFrame, StoreError> {
    let args = ScanArgsParquet { hive_options: HiveOptions::new_disabled(), glob: false, ..ScanArgsParquet::default() };
    Ok(LazyFrame::scan_parquet(PlRefPath::try_from_path(file)?, args)?)
}

/// A table of the snapshot before, whose rows are taken over document by document.
pub(crate) struct StoredTable {
    shape: &'static TableShape,
    file: PathBuf,
    /// First row and number of rows of each document (by the key column).
    index: HashMap<String, (usize, usize)>,
    window: Option<(usize, Frame)>,
}

impl StoredTable {
    /// Opens a stored file and notes where each document's rows stand; `key` is the column that tells documents apart.
    pub(crate) fn open(shape: &'static TableShape, file: PathBuf, key: &str) -> Result<StoredTable, StoreError> {
        let keys = read_columns(shape, &file, 0, usize::MAX, &[key])?;
        let mut index: HashMap<String, (usize, usize)> = HashMap::new();
        let mut start = 0;
        for row in 1..=keys.height() {
            if row == keys.height() || keys.text(0, row) != keys.text(0, start) {
                index.insert(keys.text(0, start).to_owned(), (start, row - start));
                start = row;
            }
        }
        Ok(StoredTable { shape, file, index, window: None })
    }

    /// Pushes the rows of the document `key`, with the cell of one column replaced where `replaced` says so.
    pub(crate) fn copy(
        &mut self,
        key: &str,
        replaced: Option<(usize, &str)>,
        mut push: impl FnMut(&[Cell<'_>]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Some((start, length)) = self.index.get(key).copied() else { return Ok(()) };
        let held = |window: &Option<(usize, Frame)>| {
            window.as_ref().is_some_and(|(first, frame)| *first <= start && start + length <= first + frame.height())
        };
        if !held(&self.window) {
            let frame = read(self.shape, &self.file, start, length.max(ROW_GROUP))?;
            self.window = Some((start, frame));
        }
        let Some((first, frame)) = &self.window else { return Ok(()) };
        for row in start - first..start - first + length {
            let mut cells: Vec<Cell<'_>> =
                (0..self.shape.columns.len()).map(|column| frame.cell(column, row)).collect();
            if let Some((column, text)) = replaced {
                cells[column] = Cell::Text(text);
            }
            push(&cells)?;
        }
        Ok(())
    }
}

/// Copies every row of a stored file of the same columns.
pub(crate) fn copy_all(
    shape: &TableShape,
    file: &Path,
    mut visit: impl FnMut(&Frame, usize) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut start = 0;
    loop {
        let frame = read(shape, file, start, ROW_GROUP)?;
        for row in 0..frame.height() {
            visit(&frame, row)?;
        }
        start += frame.height();
        if frame.height() < ROW_GROUP {
            return Ok(());
        }
    }
}

/// Pushes a row of a frame, as it is, from its column `from` on.
pub(crate) fn push_row(frame: &Frame, row: usize, from: usize, table: &mut TableWriter) -> Result<(), StoreError> {
    let cells: Vec<Cell<'_>> = (from..frame.columns.len()).map(|column| frame.cell(column, row)).collect();
    table.push(&cells)
}
