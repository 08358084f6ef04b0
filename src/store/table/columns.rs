//! The columns of a row group that is being filled: cells as they come, and as the pages of a file.

use polars_arrow::array::{Array, BooleanArray, PrimitiveArray, Utf8Array};
use polars_arrow::bitmap::{Bitmap, MutableBitmap};
use polars_arrow::datatypes::{ArrowDataType, TimeUnit};
use polars_parquet::write::{CompressedPage, Encoding, ParquetType, WriteOptions, array_to_columns};

use super::cells::Cell;
use super::frame::Values;
use super::pages::{compressed, empty_page, word_pages};
use super::shape::Kind;
use super::translation::Translation;
use crate::model::words::{NONE, Words};
use crate::store::StoreError;

/// Rows of a row group. Small, because every fiscal year keeps one open; 23 units' figures.
pub(crate) const ROW_GROUP: usize = 16_384;

/// A column that grows.
pub(super) enum Builder {
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
    pub(super) fn new(kind: Kind) -> Builder {
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
    pub(super) fn push(&mut self, cell: Cell<'_>) {
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
    pub(super) fn len(&self) -> usize {
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
    pub(super) fn encode(
        &mut self,
        field: ParquetType,
        options: WriteOptions,
    ) -> Result<Vec<CompressedPage>, StoreError> {
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
    pub(super) fn values(&self) -> Values {
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

impl<'a> Columns<'a> {
    /// `rows` rows on their way into `builders`.
    pub(super) fn of(builders: &'a mut [Builder], rows: usize) -> Columns<'a> {
        Columns { builders: builders.iter_mut(), rows, before: None }
    }

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
