//! Reading tables that were written before: whole ranges of rows, document by document, column by column.
//!
//! Columns of words are read as keys, the way they are stored: a word is looked at once and not once per row.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use polars_arrow::array::{Array, BooleanArray, DictionaryArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::datatypes::{ArrowDataType, DTYPE_CATEGORICAL_NEW, Field as ArrowField, IntegerType};
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, FileMetadata, PageReader, column_iter_to_arrays, read_metadata,
};

use rayon::prelude::*;

use super::StoreError;
use super::schema::{Kind, TableShape};
use super::table::{Cell, ROW_GROUP, TableWriter, arrow_type};
use super::translation::Translation;
use crate::model::words::{NONE, Words};

/// Rows of a stored table, readable cell by cell.
pub(crate) struct Frame {
    height: usize,
    columns: Vec<Values>,
}

/// One column of a [`Frame`].
pub(crate) enum Values {
    /// Keys of words; equal keys are equal words, in the order in which they first came.
    Word {
        keys: Vec<u32>,
        words: Words,
    },
    /// Texts one after another, each ending where `ends` says.
    Text {
        text: String,
        ends: Vec<usize>,
    },
    /// Whole numbers; in a timestamp column, microseconds since 1970.
    Int(Vec<Option<i64>>),
    Flag(Vec<Option<bool>>),
    Amount(Vec<Option<i128>>),
}

impl Values {
    fn new(kind: Kind) -> Values {
        match kind {
            Kind::Word => Values::Word { keys: Vec::new(), words: Words::default() },
            Kind::Text => Values::Text { text: String::new(), ends: Vec::new() },
            Kind::Int32 | Kind::Int64 | Kind::Timestamp => Values::Int(Vec::new()),
            Kind::Flag => Values::Flag(Vec::new()),
            Kind::Amount => Values::Amount(Vec::new()),
        }
    }

    /// Adds some rows of an array as the file holds it.
    fn add(&mut self, array: &dyn Array, rows: Range<usize>) -> Result<(), StoreError> {
        let array = array.sliced(rows.start, rows.len());
        let any = array.as_any();
        match self {
            Values::Word { keys, words } => {
                if let Some(stored) = any.downcast_ref::<DictionaryArray<u32>>() {
                    return add_keys(keys, words, stored);
                }
                let stored = downcast::<Utf8ViewArray>(&*array)?;
                keys.extend(stored.iter().map(|text| words.key(text.unwrap_or_default())));
            }
            Values::Text { text, ends } => {
                for value in downcast::<Utf8ViewArray>(&*array)?.iter() {
                    text.push_str(value.unwrap_or_default());
                    ends.push(text.len());
                }
            }
            Values::Int(values) => {
                if let Some(stored) = any.downcast_ref::<PrimitiveArray<i32>>() {
                    values.extend(stored.iter().map(|value| value.map(|value| i64::from(*value))));
                } else {
                    values.extend(downcast::<PrimitiveArray<i64>>(&*array)?.iter().map(|value| value.copied()));
                }
            }
            Values::Flag(values) => values.extend(downcast::<BooleanArray>(&*array)?.iter()),
            Values::Amount(values) => {
                values.extend(downcast::<PrimitiveArray<i128>>(&*array)?.iter().map(|value| value.copied()));
            }
        }
        Ok(())
    }
}

impl Values {
    /// A column of the same kind without a row.
    fn emptied(&self) -> Values {
        match self {
            Values::Word { .. } => Values::new(Kind::Word),
            Values::Text { .. } => Values::new(Kind::Text),
            Values::Int(_) => Values::new(Kind::Int64),
            Values::Flag(_) => Values::new(Kind::Flag),
            Values::Amount(_) => Values::new(Kind::Amount),
        }
    }

    /// Adds stretches of the rows of a column of the same kind.
    fn add_own(&mut self, other: &Values, runs: &[Range<usize>]) {
        let rows = || runs.iter().cloned();
        match (self, other) {
            (Values::Word { keys, words }, Values::Word { keys: other_keys, words: other }) => {
                let mut translation = Translation::of(other.len());
                for run in rows() {
                    let run = other_keys[run].iter();
                    keys.extend(run.map(|key| translation.key(*key, words, |key| other.get(key))));
                }
            }
            (Values::Text { text, ends }, Values::Text { text: other_text, ends: other_ends }) => {
                for row in rows().flatten() {
                    text.push_str(
                        &other_text[row.checked_sub(1).map_or(0, |before| other_ends[before])..other_ends[row]],
                    );
                    ends.push(text.len());
                }
            }
            (Values::Int(values), Values::Int(other)) => rows().for_each(|run| values.extend_from_slice(&other[run])),
            (Values::Flag(values), Values::Flag(other)) => rows().for_each(|run| values.extend_from_slice(&other[run])),
            (Values::Amount(values), Values::Amount(other)) => {
                rows().for_each(|run| values.extend_from_slice(&other[run]));
            }
            _ => {}
        }
    }
}

/// Those of parts of some length that stand one behind another which hold some of the rows, each with the stretches that
/// it holds, counted from its own first row.
fn runs_of(lengths: impl Iterator<Item = usize>, wanted: &[Range<usize>]) -> Vec<(usize, Vec<Range<usize>>)> {
    let mut parts = Vec::new();
    let mut first = 0;
    for (part, length) in lengths.enumerate() {
        let end = first + length;
        let from = wanted.partition_point(|run| run.end <= first);
        let here = wanted[from..].iter().take_while(|run| run.start < end).filter(|run| !run.is_empty());
        let runs: Vec<Range<usize>> = here.map(|run| run.start.max(first) - first..run.end.min(end) - first).collect();
        if !runs.is_empty() {
            parts.push((part, runs));
        }
        first = end;
    }
    parts
}

fn downcast<T: Array>(array: &dyn Array) -> Result<&T, StoreError> {
    array.as_any().downcast_ref().ok_or_else(|| StoreError::table(format!("a column is stored as {:?}", array.dtype())))
}

/// Adds keys of one list of words as keys of another.
fn add_keys(keys: &mut Vec<u32>, words: &mut Words, stored: &DictionaryArray<u32>) -> Result<(), StoreError> {
    let texts = downcast::<Utf8ViewArray>(&**stored.values())?;
    let mut translation = Translation::of(texts.len());
    let mut key_here = |key: u32| translation.key(key, words, |key| texts.value(key as usize));
    let values = stored.keys().values().iter();
    match stored.keys().validity() {
        None => keys.extend(values.map(|key| key_here(*key))),
        Some(valid) => {
            keys.extend(values.zip(valid.iter()).map(|(key, valid)| if valid { key_here(*key) } else { NONE }));
        }
    }
    Ok(())
}

impl Frame {
    /// Takes the columns of `shape` that the answer of a query has, in the order of `names`.
    pub(crate) fn new(shape: &TableShape, frame: &DataFrame, names: &[&str]) -> Result<Frame, StoreError> {
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let series = frame.column(name)?.as_materialized_series();
            let mut values = Values::new(shape.columns[shape.position(name)].kind);
            for chunk in series.to_physical_repr().chunks() {
                values.add(&**chunk, 0..chunk.len())?;
            }
            columns.push(values);
        }
        Ok(Frame { height: frame.height(), columns })
    }

    /// Columns with so many rows each.
    pub(crate) fn of(height: usize, columns: Vec<Values>) -> Frame {
        Frame { height, columns }
    }

    /// Stretches of the rows of frames that stand one behind another, in order.
    pub(crate) fn gathered(frames: &[Frame], wanted: &[Range<usize>]) -> Frame {
        let runs = runs_of(frames.iter().map(Frame::height), wanted);
        let columns = (0..frames.first().map_or(0, |frame| frame.columns.len())).into_par_iter().map(|column| {
            let mut values = frames[0].columns[column].emptied();
            for (frame, runs) in &runs {
                values.add_own(&frames[*frame].columns[column], runs);
            }
            values
        });
        Frame { height: wanted.iter().map(Range::len).sum(), columns: columns.collect() }
    }

    /// Number of rows.
    pub(crate) fn height(&self) -> usize {
        self.height
    }

    /// One cell, by the position of its column and row.
    pub(crate) fn cell(&self, column: usize, row: usize) -> Cell<'_> {
        match &self.columns[column] {
            Values::Word { .. } | Values::Text { .. } => match self.text(column, row) {
                "" => Cell::Null,
                text => Cell::Text(text),
            },
            Values::Int(values) => Cell::int(values[row]),
            Values::Flag(values) => values[row].map_or(Cell::Null, Cell::Flag),
            Values::Amount(values) => Cell::amount(values[row]),
        }
    }

    /// The words of a column and the key of each row, [`NONE`] where it has none. Equal words have equal keys.
    pub(crate) fn words(&self, column: usize) -> (&Words, &[u32]) {
        match &self.columns[column] {
            Values::Word { keys, words } => (words, keys),
            _ => panic!("column {column} of a frame is none of words"),
        }
    }

    /// The text of a cell; empty where there is none.
    pub(crate) fn text(&self, column: usize, row: usize) -> &str {
        match &self.columns[column] {
            Values::Word { keys, words } => words.get(keys[row]),
            Values::Text { text, ends } => &text[row.checked_sub(1).map_or(0, |before| ends[before])..ends[row]],
            _ => "",
        }
    }

    /// The whole number of a cell.
    pub(crate) fn int(&self, column: usize, row: usize) -> Option<i64> {
        match &self.columns[column] {
            Values::Int(values) => values[row],
            _ => None,
        }
    }

    /// The decimal of a cell, times 10⁶.
    pub(crate) fn amount(&self, column: usize, row: usize) -> Option<i128> {
        match &self.columns[column] {
            Values::Amount(values) => values[row],
            _ => None,
        }
    }

    /// Whether a cell is true.
    pub(crate) fn flag(&self, column: usize, row: usize) -> bool {
        self.flag_or_nothing(column, row) == Some(true)
    }

    /// Whether a cell is true or false; `None` where it says nothing.
    pub(crate) fn flag_or_nothing(&self, column: usize, row: usize) -> Option<bool> {
        match &self.columns[column] {
            Values::Flag(values) => values[row],
            _ => None,
        }
    }
}

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
        Ok(Frame { height: wanted.iter().map(Range::len).sum(), columns })
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
            let mut cells: Vec<Cell<'_>> = (0..frame.columns.len()).map(|column| frame.cell(column, row)).collect();
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
    let mut cells: Vec<Cell<'_>> = (from..frame.columns.len()).map(|column| frame.cell(column, row)).collect();
    cells[other - from] = cell;
    table.push(&cells)
}

/// Number of rows of a stored file.
pub(crate) fn rows(file: &Path) -> Result<u64, StoreError> {
    let mut opened = File::open(file).map_err(|error| StoreError::file("read", file, error))?;
    Ok(polars_parquet::read::read_metadata(&mut opened)?.num_rows as u64)
}
