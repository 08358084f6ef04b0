//! Writing one table: rows are pushed one after another, and leave as row groups of a fixed number of rows.
//!
//! The same rows in the same order give the same bytes, whether they come from a document or from an older snapshot:
//! nothing depends on how many were pushed at a time, or on what else was written.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::PlHashMap;
use polars_arrow::array::{Array, BooleanArray, DictionaryArray, PrimitiveArray, Utf8Array};
use polars_arrow::bitmap::{Bitmap, MutableBitmap};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field, TimeUnit};
use polars_arrow::record_batch::RecordBatchT;
use polars_parquet::write::{
    CompressionOptions, Encoding, FileWriter, KeyValue, StatisticsOptions, Version, WriteOptions, row_group_iter,
    schema_to_metadata_key,
};

use super::StoreError;
use super::schema::{Kind, SCHEMA_VERSION, TableShape};

/// Rows of a row group. Small, because every fiscal year keeps one open; 23 units' figures.
pub(crate) const ROW_GROUP: usize = 16_384;

/// The value of one cell on its way into a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    /// Nothing.
    Null,
    /// A text; the empty one is nothing.
    Text(&'a str),
    /// A whole number; in a timestamp column, microseconds since 1970.
    Int(i64),
    /// True or false.
    Flag(bool),
    /// An exact decimal, times 10⁶.
    Amount(i128),
}

impl Cell<'_> {
    /// A whole number, or nothing.
    pub(crate) fn int(value: Option<i64>) -> Cell<'static> {
        value.map_or(Cell::Null, Cell::Int)
    }

    /// An amount times 10⁶, or nothing.
    pub(crate) fn amount(value: Option<i128>) -> Cell<'static> {
        value.map_or(Cell::Null, Cell::Amount)
    }
}

/// A column that grows cell by cell.
enum Builder {
    Word { keys: Vec<u32>, valid: MutableBitmap, known: PlHashMap<Arc<str>, u32>, words: Vec<Arc<str>>, last: u32 },
    Text { offsets: Vec<i64>, bytes: Vec<u8>, valid: MutableBitmap },
    Int32 { values: Vec<i32>, valid: MutableBitmap },
    Int64 { values: Vec<i64>, valid: MutableBitmap, timestamp: bool },
    Flag { values: MutableBitmap, valid: MutableBitmap },
    Amount { values: Vec<i128>, valid: MutableBitmap },
}

impl Builder {
    fn new(kind: Kind) -> Builder {
        let valid = MutableBitmap::new();
        match kind {
            Kind::Word => Builder::Word {
                keys: Vec::new(),
                valid,
                known: PlHashMap::default(),
                words: Vec::new(),
                last: u32::MAX,
            },
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
        match self {
            Builder::Word { keys, valid, known, words, last } => match cell {
                Cell::Text(text) if !text.is_empty() => {
                    // Most words are those of the row above.
                    let same = words.get(*last as usize).is_some_and(|word| **word == *text);
                    if !same {
                        *last = match known.get(text) {
                            Some(key) => *key,
                            None => {
                                let word: Arc<str> = text.into();
                                let key = words.len() as u32;
                                known.insert(word.clone(), key);
                                words.push(word);
                                key
                            }
                        };
                    }
                    keys.push(*last);
                    valid.push(true);
                }
                _ => {
                    keys.push(0);
                    valid.push(false);
                }
            },
            Builder::Text { offsets, bytes, valid } => {
                let text = if let Cell::Text(text) = cell { text } else { "" };
                bytes.extend_from_slice(text.as_bytes());
                offsets.push(bytes.len() as i64);
                valid.push(!text.is_empty());
            }
            Builder::Int32 { values, valid } => {
                let value = if let Cell::Int(value) = cell { i32::try_from(value).ok() } else { None };
                values.push(value.unwrap_or_default());
                valid.push(value.is_some());
            }
            Builder::Int64 { values, valid, .. } => {
                let value = if let Cell::Int(value) = cell { Some(value) } else { None };
                values.push(value.unwrap_or_default());
                valid.push(value.is_some());
            }
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

    /// Takes what was pushed as an array and starts afresh.
    fn finish(&mut self) -> Result<Box<dyn Array>, StoreError> {
        Ok(match self {
            Builder::Word { keys, valid, known, words, last } => {
                let values: Utf8Array<i64> = Utf8Array::from_slice(words.as_slice());
                let keys = PrimitiveArray::try_new(u32_type(), std::mem::take(keys).into(), bitmap(valid))?;
                known.clear();
                words.clear();
                *last = u32::MAX;
                Box::new(DictionaryArray::try_from_keys(keys, values.boxed(), false)?)
            }
            Builder::Text { offsets, bytes, valid } => {
                let offsets = std::mem::replace(offsets, vec![0]);
                let bytes = std::mem::take(bytes);
                Box::new(Utf8Array::<i64>::try_new(
                    ArrowDataType::LargeUtf8,
                    offsets.try_into()?,
                    bytes.into(),
                    bitmap(valid),
                )?)
            }
            Builder::Int32 { values, valid } => {
                Box::new(PrimitiveArray::try_new(ArrowDataType::Int32, std::mem::take(values).into(), bitmap(valid))?)
            }
            Builder::Int64 { values, valid, timestamp } => {
                let kind = if *timestamp { timestamp_type() } else { ArrowDataType::Int64 };
                Box::new(PrimitiveArray::try_new(kind, std::mem::take(values).into(), bitmap(valid))?)
            }
            Builder::Flag { values, valid } => {
                Box::new(BooleanArray::try_new(ArrowDataType::Boolean, std::mem::take(values).into(), bitmap(valid))?)
            }
            Builder::Amount { values, valid } => Box::new(PrimitiveArray::try_new(
                ArrowDataType::Decimal(20, 6),
                std::mem::take(values).into(),
                bitmap(valid),
            )?),
        })
    }
}

/// A validity mask; none where nothing is missing, so that it cannot matter how it came about.
fn bitmap(valid: &mut MutableBitmap) -> Option<Bitmap> {
    std::mem::take(valid).into()
}

fn u32_type() -> ArrowDataType {
    ArrowDataType::UInt32
}

fn timestamp_type() -> ArrowDataType {
    ArrowDataType::Timestamp(TimeUnit::Microsecond, None)
}

/// The Arrow type that stands in the file for a kind of column.
fn arrow_type(kind: Kind) -> ArrowDataType {
    match kind {
        Kind::Word | Kind::Text => ArrowDataType::LargeUtf8,
        Kind::Int32 => ArrowDataType::Int32,
        Kind::Int64 => ArrowDataType::Int64,
        Kind::Flag => ArrowDataType::Boolean,
        Kind::Amount => ArrowDataType::Decimal(20, 6),
        Kind::Timestamp => timestamp_type(),
    }
}

/// How a kind of column is laid out.
fn encoding(kind: Kind) -> Encoding {
    match kind {
        Kind::Word | Kind::Int32 => Encoding::RleDictionary,
        _ => Encoding::Plain,
    }
}

/// One Parquet file that grows row by row.
pub(crate) struct TableWriter {
    shape: &'static TableShape,
    path: PathBuf,
    schema: Arc<ArrowSchema>,
    builders: Vec<Builder>,
    buffered: usize,
    rows: u64,
    writer: FileWriter<BufWriter<File>>,
}

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
            compression: CompressionOptions::Zstd(None),
            data_page_size: None,
        };
        let file = File::create(path).map_err(|error| StoreError::file("create", path, error))?;
        Ok(TableWriter {
            shape,
            path: path.to_owned(),
            builders: shape.columns.iter().map(|column| Builder::new(column.kind)).collect(),
            buffered: 0,
            rows: 0,
            writer: FileWriter::try_new(BufWriter::new(file), schema.clone(), options)?,
            schema: Arc::new(schema),
        })
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
        self.rows += 1;
        self.buffered += 1;
        if self.buffered == ROW_GROUP {
            self.flush()?;
        }
        Ok(())
    }

    /// Encodes what is buffered as one row group.
    fn flush(&mut self) -> Result<(), StoreError> {
        let arrays = self.builders.iter_mut().map(Builder::finish).collect::<Result<Vec<_>, _>>()?;
        let batch = RecordBatchT::try_new(self.buffered, self.schema.clone(), arrays)?;
        let encodings: Vec<Vec<Encoding>> =
            self.shape.columns.iter().map(|column| vec![encoding(column.kind)]).collect();
        let fields = self.writer.parquet_schema().fields().to_vec();
        let group = row_group_iter(batch, encodings.into(), fields, self.writer.options());
        self.writer.write(self.buffered as u64, group)?;
        self.buffered = 0;
        Ok(())
    }

    /// Writes the rest and the footer, and waits until the bytes are on disk.
    pub(crate) fn finish(mut self) -> Result<PathBuf, StoreError> {
        if self.buffered > 0 {
            self.flush()?;
        }
        let version = KeyValue { key: "juesuan:schema_version".into(), value: Some(SCHEMA_VERSION.into()) };
        let metadata = vec![schema_to_metadata_key(self.writer.schema()), version];
        self.writer.end(Some(metadata))?;
        let synced =
            self.writer.into_inner().into_inner().map_err(|error| error.into_error()).and_then(|f| f.sync_all());
        synced.map_err(|error| StoreError::file("write", &self.path, error))?;
        Ok(self.path)
    }
}
