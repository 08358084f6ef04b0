//! Reading tables that were written before: whole ranges of rows, document by document, column by column.
//!
//! Columns of words are read as keys, the way they are stored: a word is looked at once and not once per row.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use polars_arrow::datatypes::{ArrowDataType, DTYPE_CATEGORICAL_NEW, Field as ArrowField, IntegerType};
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, FileMetadata, PageReader, column_iter_to_arrays, read_metadata,
};

use rayon::prelude::*;

use super::cells::Cell;
use super::columns::{ROW_GROUP, arrow_type};
use super::frame::{Frame, Values, runs_of};
use super::shape::{Kind, TableShape};
use super::writer::TableWriter;
use crate::store::StoreError;

/// A stored file that is open, with its table of contents.
pub(crate) struct StoredFile {
    shape: &'static TableShape,
    path: PathBuf,
    file: File,
    metadata: FileMetadata,
}

impl StoredFile {
    /// Opens a file of a table.
    pub(crate) fn open(shape: &'static TableShape, path: &Path) -> Result<StoredFile, StoreError> {
        let mut file = File::open(path).map_err(|error| StoreError::file("read", path, error))?;
        let metadata = read_metadata(&mut file)?;
        Ok(StoredFile { shape, path: path.to_owned(), file, metadata })
    }

    /// Number of rows.
    pub(crate) fn height(&self) -> usize {
        self.metadata.num_rows
    }

    /// Some columns of the rows `start..start + length`, in the order of `names`; fewer rows where it has no more.
    ///
    /// The columns are decoded in parallel. The row groups in question are in memory as they are stored, beside the
    /// rows that were asked for.
    pub(crate) fn read(&mut self, start: usize, length: usize, names: &[&str]) -> Result<Frame, StoreError> {
        let wanted = start.min(self.height())..start.saturating_add(length).min(self.height());
        self.read_runs(std::slice::from_ref(&wanted), names)
    }

    /// The same for several stretches of rows, which stand in order; no row group is unpacked twice for them.
    pub(crate) fn read_runs(&mut self, wanted: &[Range<usize>], names: &[&str]) -> Result<Frame, StoreError> {
        let groups = runs_of(self.metadata.row_groups.iter().map(|group| group.num_rows()), wanted);
        let mut stored = Vec::with_capacity(names.len());
        for name in names {
            stored.push(self.chunks(name, &groups)?);
        }
        let kinds: Vec<Kind> = names.iter().map(|name| self.shape.columns[self.shape.position(name)].kind).collect();
        let columns = stored
            .into_par_iter()
            .zip(names)
            .zip(kinds)
            .map(|((chunks, name), kind)| {
                let mut values = Values::new(kind);
                for chunk in chunks {
                    let metadata = &self.metadata.row_groups[chunk.group].parquet_columns()[chunk.column];
                    decode(metadata, chunk.bytes, field(name, kind), chunk.runs, &mut values)?;
                }
                Ok(values)
            })
            .collect::<Result<_, StoreError>>()?;
        Ok(Frame::of(wanted.iter().map(Range::len).sum(), columns))
    }

    /// The bytes of a column in row groups.
    fn chunks(&mut self, name: &str, groups: &[(usize, Vec<Range<usize>>)]) -> Result<Vec<Chunk>, StoreError> {
        let mut chunks = Vec::with_capacity(groups.len());
        for (group, runs) in groups {
            let metadata = &self.metadata.row_groups[*group];
            let found = metadata.columns_idxs_under_root_iter(name).and_then(|found| found.first());
            let Some(column) = found.copied() else {
                return Err(StoreError::table(format!("`{}` has no column `{name}`", self.path.display())));
            };
            let range = metadata.parquet_columns()[column].byte_range();
            let mut bytes = vec![0; (range.end - range.start) as usize];
            self.file
                .seek(SeekFrom::Start(range.start))
                .and_then(|_| self.file.read_exact(&mut bytes))
                .map_err(|error| StoreError::file("read", &self.path, error))?;
            chunks.push(Chunk { group: *group, column, runs: runs.clone(), bytes });
        }
        Ok(chunks)
    }
}

/// The bytes of a column of a row group, and which of its rows are asked for, in order.
struct Chunk {
    group: usize,
    column: usize,
    runs: Vec<Range<usize>>,
    bytes: Vec<u8>,
}

/// Adds some rows of a column of a row group.
fn decode(
    chunk: &ColumnChunkMetadata,
    bytes: Vec<u8>,
    field: ArrowField,
    runs: Vec<Range<usize>>,
    values: &mut Values,
) -> Result<(), StoreError> {
    let pages = PageReader::new(Cursor::new(bytes.into()), chunk, Vec::new(), usize::MAX);
    let kind = &chunk.descriptor().descriptor.primitive_type;
    let (arrays, _) = column_iter_to_arrays(vec![BasicDecompressor::new(pages, Vec::new())], vec![kind], field, None)?;
    let mut first = 0;
    for array in arrays {
        let end = first + array.len();
        let from = runs.partition_point(|run| run.end <= first);
        for run in runs[from..].iter().take_while(|run| run.start < end) {
            values.add(&*array, run.start.max(first) - first..run.end.min(end) - first)?;
        }
        first = end;
    }
    Ok(())
}

/// How a column is to be read: words as the keys that [`TableWriter`] wrote, other texts as views.
fn field(name: &str, kind: Kind) -> ArrowField {
    let text = ArrowDataType::Utf8View;
    match kind {
        Kind::Word => {
            // What polars marks its categories with; the reader takes the keys of a column with this mark as they are.
            let mark = [(DTYPE_CATEGORICAL_NEW.into(), "".into())].into_iter().collect();
            let keys = ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(text), false);
            ArrowField::new(name.into(), keys, true).with_metadata(mark)
        }
        Kind::Text => ArrowField::new(name.into(), text, true),
        other => ArrowField::new(name.into(), arrow_type(other), true),
    }
}

/// Every column of the rows `start..start + length` of a stored file.
pub(crate) fn read(shape: &'static TableShape, file: &Path, start: usize, length: usize) -> Result<Frame, StoreError> {
    read_columns(shape, file, start, length, &shape.names())
}

/// Some columns of the rows `start..start + length` of a stored file, in the order of `names`.
pub(crate) fn read_columns(
    shape: &'static TableShape,
    file: &Path,
    start: usize,
    length: usize,
    names: &[&str],
) -> Result<Frame, StoreError> {
    StoredFile::open(shape, file)?.read(start, length, names)
}

/// Some columns of a stored file as a lazy query.
pub(crate) fn scan(file: &Path) -> Result<LazyFrame, StoreError> {
    let args = ScanArgsParquet { hive_options: HiveOptions::new_disabled(), glob: false, ..ScanArgsParquet::default() };
    Ok(LazyFrame::scan_parquet(PlRefPath::try_from_path(file)?, args)?)
}

/// A table of the snapshot before, whose rows are taken over document by document.
pub(crate) struct StoredTable {
    file: StoredFile,
    /// First row and number of rows of each document (by the key column).
    index: HashMap<String, (usize, usize)>,
    window: Option<(usize, Frame)>,
}

impl StoredTable {
    /// Opens a stored file and notes where each document's rows stand; `key` is the column that tells documents apart.
    pub(crate) fn open(shape: &'static TableShape, file: PathBuf, key: &str) -> Result<StoredTable, StoreError> {
        let mut file = StoredFile::open(shape, &file)?;
        let keys = file.read(0, usize::MAX, &[key])?;
        let mut index: HashMap<String, (usize, usize)> = HashMap::new();
        let mut start = 0;
        for row in 1..=keys.height() {
            if row == keys.height() || keys.text(0, row) != keys.text(0, start) {
                index.insert(keys.text(0, start).to_owned(), (start, row - start));
                start = row;
            }
        }
        Ok(StoredTable { file, index, window: None })
    }

    /// The file.
    pub(crate) fn file(&self) -> &Path {
        &self.file.path
    }

    /// Number of its rows.
    pub(crate) fn rows(&self) -> usize {
        self.file.height()
    }

    /// First row and number of rows of a document; `None` where it has none.
    pub(crate) fn rows_of(&self, key: &str) -> Option<(usize, usize)> {
        self.index.get(key).copied()
    }

    /// Pushes the rows `start..start + length`, with the cell of one column replaced where `replaced` says so.
    pub(crate) fn copy(
        &mut self,
        start: usize,
        length: usize,
        replaced: Option<(usize, &str)>,
        mut push: impl FnMut(&[Cell<'_>]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut at = start;
        while at < start + length {
            let held = |(first, frame): &(usize, Frame)| (*first..first + frame.height()).contains(&at);
            if !self.window.as_ref().is_some_and(held) {
                self.window = Some((at, self.file.read(at, ROW_GROUP, &self.file.shape.names())?));
            }
            let Some((first, frame)) = &self.window else { return Ok(()) };
            let row = at - first;
            at += 1;
            let mut cells: Vec<Cell<'_>> = (0..frame.width()).map(|column| frame.cell(column, row)).collect();
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
    shape: &'static TableShape,
    file: &Path,
    mut visit: impl FnMut(&Frame, usize) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut file = StoredFile::open(shape, file)?;
    for start in (0..file.height()).step_by(ROW_GROUP) {
        let frame = file.read(start, ROW_GROUP, &shape.names())?;
        for row in 0..frame.height() {
            visit(&frame, row)?;
        }
    }
    Ok(())
}

/// Pushes a row of a frame from its column `from` on, with another cell in one column.
pub(crate) fn push_row(
    frame: &Frame,
    row: usize,
    from: usize,
    (other, cell): (usize, Cell<'_>),
    table: &mut TableWriter,
) -> Result<(), StoreError> {
    let mut cells: Vec<Cell<'_>> = (from..frame.width()).map(|column| frame.cell(column, row)).collect();
    cells[other - from] = cell;
    table.push(&cells)
}

/// Number of rows of a stored file.
pub(crate) fn rows(file: &Path) -> Result<u64, StoreError> {
    let mut opened = File::open(file).map_err(|error| StoreError::file("read", file, error))?;
    Ok(polars_parquet::read::read_metadata(&mut opened)?.num_rows as u64)
}
