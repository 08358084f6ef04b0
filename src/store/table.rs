//! Writing one table: rows are pushed one after another, and leave as row groups of a fixed number of rows.
//!
//! The same rows in the same order give the same bytes, whether they come from a document or from an older snapshot, row
//! by row or column by column: nothing depends on how many were pushed at a time, or on what else was written.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::PolarsError;
use polars_arrow::array::{Array, BooleanArray, PrimitiveArray, Utf8Array};
use polars_arrow::bitmap::{Bitmap, MutableBitmap};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field, TimeUnit};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, Encoding, FallibleStreamingIterator, FileWriter,
    KeyValue, ParquetType, StatisticsOptions, Version, WriteOptions, ZstdLevel, array_to_columns,
    schema_to_metadata_key,
};
use rayon::prelude::*;

use super::StoreError;
use super::cells::Cell;
use super::disk::{Failure, File};
use super::frame::{Frame, Values};
use super::pages::{ZSTD_LEVEL, compressed, empty_page, word_pages};
use super::schema::{Column, Kind, SCHEMA_VERSION, TableShape};
use super::translation::Translation;
use crate::model::words::{NONE, Words};

/// Rows of a row group. Small, because every fiscal year keeps one open; 23 units' figures.
pub(crate) const ROW_GROUP: usize = 16_384;

/// A column that grows.
enum Builder {
    Word {
        words: Words,
        keys: Vec<u32>,
        /// The key of the last row.
        last: u32,
        /// In a column that follows from the one before, the key here of each key there.
        derived: Vec<Option<u32>>,
    },
    Text {
        offsets: Vec<i64>,
        bytes: Vec<u8>,
        valid: MutableBitmap,
    },
    Int32 {
        values: Vec<i32>,
        valid: MutableBitmap,
    },
    Int64 {
        values: Vec<i64>,
        valid: MutableBitmap,
        timestamp: bool,
    },
    Flag {
        values: MutableBitmap,
        valid: MutableBitmap,
    },
    Amount {
        values: Vec<i128>,
        valid: MutableBitmap,
    },
}

impl Builder {
    fn new(kind: Kind) -> Builder {
        let valid = MutableBitmap::new();
        match kind {
            Kind::Word => Builder::Word { words: Words::default(), keys: Vec::new(), last: NONE, derived: Vec::new() },
            Kind::Text => Builder::Text { offsets: vec![0], bytes: Vec::new(), valid },
            Kind::Int32 => Builder::Int32 { values: Vec::new(), valid },
            Kind::Int64 => Builder::Int64 { values: Vec::new(), valid, timestamp: false },
            Kind::Timestamp => Builder::Int64 { values: Vec::new(), valid, timestamp: true },
            Kind::Flag => Builder::Flag { values: MutableBitmap::new(), valid },
            Kind::Amount => Builder::Amount { values: Vec::new(), valid },
        }
    }

    /// Adds one cell. A cell of another kind than the column's is nothing.
    fn push(&mut self, cell: Cell<'_>) {
        let text = if let Cell::Text(text) = cell { text } else { "" };
        let int = if let Cell::Int(value) = cell { Some(value) } else { None };
        match self {
            Builder::Word { .. } | Builder::Text { .. } => self.push_text(text),
            Builder::Int32 { .. } | Builder::Int64 { .. } => self.push_int(int),
            Builder::Flag { values, valid } => {
                let value = if let Cell::Flag(value) = cell { Some(value) } else { None };
                values.push(value.unwrap_or_default());
                valid.push(value.is_some());
            }
            Builder::Amount { values, valid } => {
                let value = if let Cell::Amount(value) = cell { Some(value) } else { None };
                values.push(value.unwrap_or_default());
                valid.push(value.is_some());
            }
        }
    }

    /// Adds a text; the empty one is nothing.
    fn push_text(&mut self, text: &str) {
        match self {
            Builder::Word { words, keys, last, .. } => {
                // Most words are those of the row above.
                if words.get(*last) != text {
                    *last = words.key(text);
                }
                keys.push(*last);
            }
            Builder::Text { offsets, bytes, valid } => {
                bytes.extend_from_slice(text.as_bytes());
                offsets.push(bytes.len() as i64);
                valid.push(!text.is_empty());
            }
            _ => {}
        }
    }

    /// Adds a whole number; one that does not fit is nothing.
    fn push_int(&mut self, value: Option<i64>) {
        match self {
            Builder::Int32 { values, valid } => {
                let value = value.and_then(|value| i32::try_from(value).ok());
                values.push(value.unwrap_or_default());
                valid.push(value.is_some());
            }
            Builder::Int64 { values, valid, .. } => {
                values.push(value.unwrap_or_default());
                valid.push(value.is_some());
            }
            _ => {}
        }
    }

    /// Number of cells.
    fn len(&self) -> usize {
        match self {
            Builder::Word { keys, .. } => keys.len(),
            Builder::Text { valid, .. }
            | Builder::Int32 { valid, .. }
            | Builder::Int64 { valid, .. }
            | Builder::Flag { valid, .. }
            | Builder::Amount { valid, .. } => valid.len(),
        }
    }

    /// Whether no cell of a column of other things than words has anything.
    fn is_empty(&self) -> bool {
        match self {
            Builder::Word { .. } => false,
            Builder::Text { valid, .. }
            | Builder::Int32 { valid, .. }
            | Builder::Int64 { valid, .. }
            | Builder::Flag { valid, .. }
            | Builder::Amount { valid, .. } => valid.unset_bits() == valid.len(),
        }
    }

    /// Encodes what was pushed as the pages of a column and starts afresh.
    fn encode(&mut self, field: ParquetType, options: WriteOptions) -> Result<Vec<CompressedPage>, StoreError> {
        if self.is_empty() {
            let page = empty_page(self.len(), field)?;
            self.finish()?;
            return Ok(vec![compressed(page)?]);
        }
        let encoding = match self {
            Builder::Word { words, keys, last, derived } => {
                let pages = word_pages(words, keys, field)?;
                words.clear();
                keys.clear();
                derived.clear();
                *last = NONE;
                return pages.into_iter().map(compressed).collect();
            }
            Builder::Int32 { .. } => Encoding::RleDictionary,
            _ => Encoding::Plain,
        };
        let mut encoded = Vec::new();
        for page in array_to_columns(self.finish()?, field, options, &[encoding])?.into_iter().flatten() {
            encoded.push(compressed(page?)?);
        }
        Ok(encoded)
    }

    /// What was pushed, as it would be read again.
    fn values(&self) -> Values {
        match self {
            Builder::Word { words, keys, .. } => Values::Word { keys: keys.clone(), words: words.clone() },
            Builder::Text { offsets, bytes, .. } => Values::Text {
                text: String::from_utf8_lossy(bytes).into_owned(),
                ends: offsets.iter().skip(1).map(|end| *end as usize).collect(),
            },
            Builder::Int32 { values, valid } => Values::Int(
                values.iter().zip(valid.iter()).map(|(value, valid)| valid.then(|| i64::from(*value))).collect(),
            ),
            Builder::Int64 { values, valid, .. } => {
                Values::Int(values.iter().zip(valid.iter()).map(|(value, valid)| valid.then_some(*value)).collect())
            }
            Builder::Flag { values, valid } => {
                Values::Flag(values.iter().zip(valid.iter()).map(|(value, valid)| valid.then_some(value)).collect())
            }
            Builder::Amount { values, valid } => {
                Values::Amount(values.iter().zip(valid.iter()).map(|(value, valid)| valid.then_some(*value)).collect())
            }
        }
    }

    /// Takes what was pushed as an array and starts afresh; a column of words has none.
    fn finish(&mut self) -> Result<Box<dyn Array>, StoreError> {
        Ok(match self {
            Builder::Word { .. } => return Err(StoreError::table("a column of words is no array")),
            Builder::Text { offsets, bytes, valid } => {
                let offsets = std::mem::replace(offsets, vec![0]);
                let bytes = renewed(bytes);
                Box::new(Utf8Array::<i64>::try_new(
                    ArrowDataType::LargeUtf8,
                    offsets.try_into()?,
                    bytes.into(),
                    bitmap(valid),
                )?)
            }
            Builder::Int32 { values, valid } => {
                Box::new(PrimitiveArray::try_new(ArrowDataType::Int32, renewed(values).into(), bitmap(valid))?)
            }
            Builder::Int64 { values, valid, timestamp } => {
                let kind = if *timestamp { timestamp_type() } else { ArrowDataType::Int64 };
                Box::new(PrimitiveArray::try_new(kind, renewed(values).into(), bitmap(valid))?)
            }
            Builder::Flag { values, valid } => {
                Box::new(BooleanArray::try_new(ArrowDataType::Boolean, std::mem::take(values).into(), bitmap(valid))?)
            }
            Builder::Amount { values, valid } => {
                Box::new(PrimitiveArray::try_new(ArrowDataType::Decimal(20, 6), renewed(values).into(), bitmap(valid))?)
            }
        })
    }
}

/// Takes what a full row group has in a column; the next one will most likely need as much room.
fn renewed<T>(values: &mut Vec<T>) -> Vec<T> {
    let room = if values.len() >= ROW_GROUP { values.len() } else { 0 };
    std::mem::replace(values, Vec::with_capacity(room))
}

/// Several rows on their way into a table, given column by column, in the order of the columns.
///
/// Each call fills the next column. A column that is given cells of another kind, or fewer than there are rows, makes
/// the row group that it ends in fail to be written.
pub(crate) struct Columns<'a> {
    builders: std::slice::IterMut<'a, Builder>,
    rows: usize,
    /// The words of the column that was filled last, and the key of each row.
    before: Option<(&'a Words, &'a [u32])>,
}

/// How many texts are remembered by where they stand. A table has some dozen items, measures and funds.
const REMEMBERED: usize = 64;

/// Where a text is remembered: told by its address, all of which counts, because some stand side by side.
fn spot(text: &str) -> usize {
    let mixed = (text.as_ptr().addr() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (u64::BITS - REMEMBERED.ilog2())) as usize
}

impl Columns<'_> {
    /// One text for all rows.
    pub(crate) fn text(&mut self, text: &str) {
        match self.builders.next() {
            Some(Builder::Word { words, keys, last, .. }) => {
                *last = words.key(text);
                keys.resize(keys.len() + self.rows, *last);
            }
            Some(column) => (0..self.rows).for_each(|_| column.push_text(text)),
            None => {}
        }
    }

    /// A text for each row; the empty one is nothing.
    pub(crate) fn texts<'t>(&mut self, texts: impl Iterator<Item = &'t str>) {
        match self.builders.next() {
            Some(Builder::Word { words, keys, last, .. }) => {
                let begin = keys.len();
                // Rows of one table share their texts: most often it is the same memory.
                let mut remembered = [("", NONE); REMEMBERED];
                keys.extend(texts.map(|text| {
                    let (known, key) = &mut remembered[spot(text)];
                    if !std::ptr::eq(*known, text) {
                        (*known, *key) = (text, words.key(text));
                    }
                    *key
                }));
                *last = NONE;
                self.before = Some((words, &keys[begin..]));
            }
            Some(column) => texts.for_each(|text| column.push_text(text)),
            None => {}
        }
    }

    /// A text for each row that follows from the word in the column before, always in the same way: it is made once for
    /// each word of a row group.
    pub(crate) fn derived(&mut self, make: impl Fn(&str, &mut String)) {
        let Some((from, from_keys)) = self.before else { return };
        let Some(Builder::Word { words, keys, derived, .. }) = self.builders.next() else { return };
        derived.resize(from.len(), None);
        let mut text = String::new();
        keys.extend(from_keys.iter().map(|from_key| match derived.get_mut(*from_key as usize) {
            Some(Some(key)) => *key,
            Some(unknown) => {
                text.clear();
                make(from.get(*from_key), &mut text);
                *unknown.insert(words.key(&text))
            }
            None => NONE,
        }));
    }

    /// A text for each row that is made on the spot, in a buffer that is empty before.
    pub(crate) fn made<T>(&mut self, rows: impl Iterator<Item = T>, make: impl Fn(T, &mut String)) {
        let Some(column) = self.builders.next() else { return };
        let mut text = String::new();
        for row in rows {
            text.clear();
            make(row, &mut text);
            column.push_text(&text);
        }
    }

    /// Words by their keys in a list of words.
    pub(crate) fn keys(&mut self, from: &Words, keys: impl Iterator<Item = u32>) {
        match self.builders.next() {
            Some(Builder::Word { words, keys: column, last, .. }) => {
                let mut translation = Translation::of(from.len());
                column.extend(keys.map(|key| translation.key(key, words, |key| from.get(key))));
                *last = NONE;
            }
            Some(column) => keys.for_each(|key| column.push_text(from.get(key))),
            None => {}
        }
    }

    /// A whole number, or nothing, for each row.
    pub(crate) fn ints(&mut self, values: impl Iterator<Item = Option<i64>>) {
        let Some(column) = self.builders.next() else { return };
        values.for_each(|value| column.push_int(value));
    }

    /// True, false or nothing for each row.
    pub(crate) fn flags(&mut self, values: impl Iterator<Item = Option<bool>>) {
        if let Some(Builder::Flag { values: column, valid }) = self.builders.next() {
            for value in values {
                column.push(value.unwrap_or_default());
                valid.push(value.is_some());
            }
        }
    }

    /// An amount times 10⁶ for each row.
    pub(crate) fn amounts(&mut self, values: impl Iterator<Item = i128>) {
        if let Some(Builder::Amount { values: column, valid }) = self.builders.next() {
            let before = column.len();
            column.extend(values);
            valid.extend_constant(column.len() - before, true);
        }
    }
}

/// A validity mask; none where nothing is missing, so that it cannot matter how it came about.
fn bitmap(valid: &mut MutableBitmap) -> Option<Bitmap> {
    std::mem::take(valid).into()
}

fn timestamp_type() -> ArrowDataType {
    ArrowDataType::Timestamp(TimeUnit::Microsecond, None)
}

/// The Arrow type that stands in the file for a kind of column.
pub(crate) fn arrow_type(kind: Kind) -> ArrowDataType {
    match kind {
        Kind::Word | Kind::Text => ArrowDataType::LargeUtf8,
        Kind::Int32 => ArrowDataType::Int32,
        Kind::Int64 => ArrowDataType::Int64,
        Kind::Flag => ArrowDataType::Boolean,
        Kind::Amount => ArrowDataType::Decimal(20, 6),
        Kind::Timestamp => timestamp_type(),
    }
}

/// One Parquet file that grows row by row.
pub(crate) struct TableWriter {
    shape: &'static TableShape,
    path: PathBuf,
    builders: Vec<Builder>,
    buffered: usize,
    rows: u64,
    writer: FileWriter<BufWriter<File>>,
    failure: Failure,
    kept: Option<Kept>,
}

/// Columns of the row groups that were written, kept for whoever would read them again at once.
struct Kept {
    columns: Vec<usize>,
    frames: Vec<Frame>,
    room: KeepRoom,
}

/// How many row groups may still be kept, by all tables together.
pub(crate) type KeepRoom = Arc<AtomicUsize>;

impl TableWriter {
    /// Begins a file; its folder must exist.
    pub(crate) fn create(shape: &'static TableShape, path: &Path) -> Result<TableWriter, StoreError> {
        let fields = shape
            .columns
            .iter()
            .map(|column| (column.name.into(), Field::new(column.name.into(), arrow_type(column.kind), true)));
        let schema: ArrowSchema = fields.collect();
        let options = WriteOptions {
            statistics: StatisticsOptions::default(),
            version: Version::V1,
            compression: CompressionOptions::Zstd(Some(ZstdLevel::try_new(ZSTD_LEVEL)?)),
            data_page_size: None,
        };
        let file = File::create(path)?;
        Ok(TableWriter {
            shape,
            path: path.to_owned(),
            builders: shape.columns.iter().map(|column| Builder::new(column.kind)).collect(),
            buffered: 0,
            rows: 0,
            failure: file.failure(),
            writer: FileWriter::try_new(BufWriter::new(file), schema, options)?,
            kept: None,
        })
    }

    /// Keeps some columns of what is written, as long as there is room for all of it.
    pub(crate) fn keep(&mut self, columns: &[&str], room: KeepRoom) {
        let columns = columns.iter().map(|name| self.shape.position(name)).collect();
        self.kept = Some(Kept { columns, frames: Vec::new(), room });
    }

    /// Rows pushed so far.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds a row: one cell per column, in the order of the columns.
    pub(crate) fn push(&mut self, row: &[Cell<'_>]) -> Result<(), StoreError> {
        debug_assert_eq!(row.len(), self.builders.len(), "a row of {} has one cell per column", self.shape.name);
        for (builder, cell) in self.builders.iter_mut().zip(row) {
            builder.push(*cell);
        }
        self.grown_by(1)
    }

    /// Adds a row for each of `items`, a column at a time: `fill` is given the columns and the items whose cells it is
    /// to put into them; several times where a row group ends among the items.
    pub(crate) fn extend<T>(
        &mut self,
        mut items: &[T],
        fill: impl Fn(&mut Columns<'_>, &[T]),
    ) -> Result<(), StoreError> {
        while !items.is_empty() {
            let (now, later) = items.split_at(items.len().min(ROW_GROUP - self.buffered));
            fill(&mut Columns { builders: self.builders.iter_mut(), rows: now.len(), before: None }, now);
            self.grown_by(now.len())?;
            items = later;
        }
        Ok(())
    }

    /// Counts rows whose cells are in the columns; at most as many as the row group has room for.
    fn grown_by(&mut self, rows: usize) -> Result<(), StoreError> {
        self.rows += rows as u64;
        self.buffered += rows;
        if self.buffered == ROW_GROUP { self.flush() } else { Ok(()) }
    }

    /// Encodes what is buffered as one row group, its columns in parallel.
    fn flush(&mut self) -> Result<(), StoreError> {
        self.write_group().map_err(|error| self.told(error))
    }

    /// A write that failed is told as what the system said of the file, and not as the words of the writer above it.
    fn told(&self, error: StoreError) -> StoreError {
        match self.failure.error() {
            Some(error) => StoreError::file("write", &self.path, error),
            None => error,
        }
    }

    fn write_group(&mut self) -> Result<(), StoreError> {
        let rows = self.buffered;
        self.kept = self.kept.take().and_then(|kept| kept.with(&self.builders, rows));
        let fields = self.writer.parquet_schema().fields().to_vec();
        let options = self.writer.options();
        let columns: Vec<(&Column, ParquetType)> = self.shape.columns.iter().zip(fields).collect();
        let encoded: Vec<Vec<CompressedPage>> = self
            .builders
            .par_iter_mut()
            .zip(columns)
            .map(|(builder, (column, field))| {
                if builder.len() != rows {
                    let name = column.name;
                    return Err(StoreError::table(format!("{} cells of `{name}` for {rows} rows", builder.len())));
                }
                builder.encode(field, options)
            })
            .collect::<Result<_, _>>()?;
        let group = encoded
            .into_iter()
            .map(|pages| Ok(DynStreamingIterator::new(Pages { current: None, rest: pages.into_iter() })));
        self.writer.write(rows as u64, DynIter::new(group))?;
        self.buffered = 0;
        Ok(())
    }

    /// Writes the rest and the footer.
    pub(crate) fn finish(self) -> Result<PathBuf, StoreError> {
        Ok(self.finish_kept()?.0)
    }

    /// The same; what was kept comes back, if it is all that was written.
    pub(crate) fn finish_kept(mut self) -> Result<(PathBuf, Option<Vec<Frame>>), StoreError> {
        if self.buffered > 0 {
            self.flush()?;
        }
        let version = KeyValue { key: "juesuan:schema_version".into(), value: Some(SCHEMA_VERSION.into()) };
        let metadata = vec![schema_to_metadata_key(self.writer.schema()), version];
        self.writer.end(Some(metadata)).map_err(|error| self.told(error.into()))?;
        self.writer.into_inner().flush().map_err(|error| StoreError::file("write", &self.path, error))?;
        Ok((self.path, self.kept.map(|kept| kept.frames)))
    }
}

impl Kept {
    /// With one row group more; `None` where there is no room for it.
    fn with(mut self, builders: &[Builder], rows: usize) -> Option<Kept> {
        let has_room = self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| room.checked_sub(1)).is_ok();
        if !has_room {
            self.room.fetch_add(self.frames.len(), Ordering::Relaxed);
            return None;
        }
        self.frames.push(Frame::of(rows, self.columns.iter().map(|column| builders[*column].values()).collect()));
        Some(self)
    }
}

/// Pages that are ready, as the writer wants them.
struct Pages {
    current: Option<CompressedPage>,
    rest: std::vec::IntoIter<CompressedPage>,
}

impl FallibleStreamingIterator for Pages {
    type Item = CompressedPage;
    type Error = PolarsError;

    fn advance(&mut self) -> Result<(), PolarsError> {
        self.current = self.rest.next();
        Ok(())
    }

    fn get(&self) -> Option<&CompressedPage> {
        self.current.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::FACTS;
    use super::super::stored::StoredFile;
    use super::*;

    /// A row in the making: its number, and what a few columns say.
    fn cells(row: usize, texts: &[String; 3]) -> Vec<Cell<'_>> {
        let [unit, place, form] = texts;
        let text = |text| Cell::Text(text);
        vec![
            text(unit),
            text(unit),
            Cell::Int(2023),
            text("公务接待费"),
            Cell::Null,
            Cell::Null,
            text(if row.is_multiple_of(3) { "general_budget" } else { "" }),
            text("final"),
            Cell::Null,
            Cell::Amount(row as i128 * 10_000),
            text("万元"),
            text("single"),
            Cell::Int(1),
            text(form),
            text(unit),
            text(place),
            if row.is_multiple_of(5) { Cell::Null } else { Cell::Int(row as i64 % 4) },
            Cell::Flag(row.is_multiple_of(2)),
        ]
    }

    fn texts(row: usize) -> [String; 3] {
        let form = if row % 700 < 350 { "three_public" } else { "narrative" };
        [format!("单位{}", row / 700), format!("公开07表!C{}", row % 700), form.to_owned()]
    }

    fn by_columns(columns: &mut Columns<'_>, rows: &[usize]) {
        let all: Vec<[String; 3]> = rows.iter().map(|row| texts(*row)).collect();
        let units = || all.iter().map(|[unit, ..]| unit.as_str());
        let row = || rows.iter().copied();
        columns.texts(units());
        columns.derived(|unit, text| text.push_str(unit));
        columns.ints(row().map(|_| Some(2023)));
        columns.texts(units().map(|_| "公务接待费"));
        columns.derived(|_, _| {});
        columns.text("");
        columns.texts(row().map(|row| if row.is_multiple_of(3) { "general_budget" } else { "" }));
        columns.text("final");
        columns.texts(row().map(|_| ""));
        columns.amounts(row().map(|row| row as i128 * 10_000));
        columns.text("万元");
        columns.texts(row().map(|_| "single"));
        columns.ints(row().map(|_| Some(1)));
        columns.texts(all.iter().map(|[.., form]| form.as_str()));
        let mut words = Words::default();
        let keys: Vec<u32> = units().map(|unit| words.key(unit)).collect();
        columns.keys(&words, keys.into_iter());
        columns.made(all.iter(), |[_, place, _], text| text.push_str(place));
        columns.ints(row().map(|row| (!row.is_multiple_of(5)).then_some(row as i64 % 4)));
        columns.flags(row().map(|row| Some(row.is_multiple_of(2))));
    }

    fn file(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("juesuan-table-{name}-{}.parquet", std::process::id()))
    }

    #[test]
    fn rows_give_the_same_bytes_one_by_one_and_column_by_column() {
        let rows: Vec<usize> = (0..ROW_GROUP + 3_000).collect();
        let (one_by_one, in_columns) = (file("rows"), file("columns"));
        let mut table = TableWriter::create(&FACTS, &one_by_one).unwrap();
        for row in &rows {
            table.push(&cells(*row, &texts(*row))).unwrap();
        }
        table.finish().unwrap();
        // Some documents' worth at a time, so that a row group ends in the middle of one.
        let mut table = TableWriter::create(&FACTS, &in_columns).unwrap();
        table.keep(&FACTS.names(), KeepRoom::new(2.into()));
        for rows in rows.chunks(235) {
            table.extend(rows, by_columns).unwrap();
        }
        assert_eq!(table.rows(), rows.len() as u64);
        let (_, kept) = table.finish_kept().unwrap();
        assert!(std::fs::read(&one_by_one).unwrap() == std::fs::read(&in_columns).unwrap());

        // And read again, across the end of the row group, they are what was written.
        let start = ROW_GROUP - 50;
        let frame = StoredFile::open(&FACTS, &in_columns).unwrap().read(start, 100, &FACTS.names()).unwrap();
        assert_eq!(frame.height(), 100);
        for at in 0..100 {
            let texts = texts(start + at);
            let expected: Vec<Cell<'_>> = cells(start + at, &texts)
                .into_iter()
                .map(|cell| if cell == Cell::Text("") { Cell::Null } else { cell })
                .collect();
            let read: Vec<Cell<'_>> = (0..FACTS.columns.len()).map(|column| frame.cell(column, at)).collect();
            assert_eq!(read, expected, "row {at}");
        }
        // Stretches of rows give the same cells as each alone.
        let runs = [3..5, 700..701, start..start + 100, ROW_GROUP + 2_000..ROW_GROUP + 2_003];
        let mut stored = StoredFile::open(&FACTS, &in_columns).unwrap();
        let frame = stored.read_runs(&runs, &FACTS.names()).unwrap();
        let gathered = Frame::gathered(&kept.unwrap(), &runs);
        let cell = |frame: &Frame, column, row| format!("{:?}", frame.cell(column, row));
        let mut at = 0;
        for row in runs.into_iter().flatten() {
            let alone = stored.read(row, 1, &FACTS.names()).unwrap();
            for column in 0..FACTS.columns.len() {
                assert_eq!(cell(&frame, column, at), cell(&alone, column, 0), "row {row}");
                assert_eq!(cell(&gathered, column, at), cell(&alone, column, 0), "row {row} as it was kept");
            }
            at += 1;
        }
        assert_eq!((frame.height(), gathered.height()), (at, at));
        for path in [one_by_one, in_columns] {
            std::fs::remove_file(path).unwrap();
        }
    }

    #[test]
    fn rows_are_kept_only_as_long_as_there_is_room_for_all_of_them() {
        let path = file("room");
        let rows: Vec<usize> = (0..2 * ROW_GROUP + 1).collect();
        for (room, groups, left) in [(3, Some(3), 0), (4, Some(3), 1), (2, None, 2)] {
            let room = KeepRoom::new(room.into());
            let mut table = TableWriter::create(&FACTS, &path).unwrap();
            table.keep(&["place", "value"], room.clone());
            table.extend(&rows, by_columns).unwrap();
            let (_, kept) = table.finish_kept().unwrap();
            assert_eq!(kept.map(|frames| frames.len()), groups);
            assert_eq!(room.load(Ordering::Relaxed), left);
        }
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_column_without_its_cells_is_an_error_and_no_file() {
        let path = file("short");
        let mut table = TableWriter::create(&FACTS, &path).unwrap();
        table.extend(&[1, 2, 3], |columns, rows| columns.ints(rows.iter().map(|row| Some(*row)))).unwrap();
        assert!(table.finish().is_err());
        std::fs::remove_file(path).unwrap();
    }
}
