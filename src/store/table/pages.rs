//! Pages, the pieces of which a column is written: those of a column of words, and how all are compressed.
//!
//! Most cells of a dataset are keys of words. polars' own encoder spent forty instructions on each; this one, which knows
//! that they stand in a slice, spends a few.

use std::borrow::Cow;
use std::cell::RefCell;

use polars_parquet::parquet::CowBuffer;
use polars_parquet::parquet::compression::Compression;
use polars_parquet::parquet::metadata::Descriptor;
use polars_parquet::parquet::page::{
    CompressedDataPage, CompressedDictPage, DataPage, DataPageHeader, DataPageHeaderV1, DictPage,
};
use polars_parquet::parquet::schema::types::PrimitiveType;
use polars_parquet::parquet::statistics::BinaryStatistics;
use polars_parquet::write::{CompressedPage, Encoding, Page, ParquetType};
use zstd::bulk::Compressor;

use crate::model::words::{NONE, Words};
use crate::store::StoreError;

/// The page of words and the page of keys of a column; [`NONE`] is a row without a word.
pub(crate) fn word_pages(words: &Words, keys: &[u32], field: ParquetType) -> Result<[Page; 2], StoreError> {
    let primitive_type = primitive(field)?;
    let missing = keys.iter().filter(|key| **key == NONE).count();
    let some: Cow<'_, [u32]> = match missing {
        0 => keys.into(),
        _ => keys.iter().copied().filter(|key| *key != NONE).collect(),
    };
    let statistics = BinaryStatistics {
        primitive_type: primitive_type.clone(),
        null_count: Some(missing as i64),
        distinct_count: None,
        max_value: words.iter().max().map(|word| word.as_bytes().to_vec()),
        min_value: words.iter().min().map(|word| word.as_bytes().to_vec()),
    };
    let list = DictPage::new(CowBuffer::Owned(list(words)), words.len(), false);
    let data = data_page(data(keys, &some), keys.len(), Encoding::RleDictionary, statistics);
    Ok([Page::Dict(list), data])
}

/// The page of a column of which no row has anything.
///
/// polars' own encoder fills eight megabytes with zeros for the first one.
pub(crate) fn empty_page(rows: usize, field: ParquetType) -> Result<Page, StoreError> {
    let statistics = BinaryStatistics {
        primitive_type: primitive(field)?,
        null_count: Some(rows as i64),
        distinct_count: None,
        max_value: None,
        min_value: None,
    };
    let mut bytes = Vec::new();
    push_levels(&mut bytes, |bytes| push_run(bytes, rows, 0, 1));
    Ok(data_page(bytes, rows, Encoding::Plain, statistics))
}

fn primitive(field: ParquetType) -> Result<PrimitiveType, StoreError> {
    match field {
        ParquetType::PrimitiveType(primitive) => Ok(primitive),
        group => Err(StoreError::table(format!("`{}` is no column of single values", group.name()))),
    }
}

fn data_page(bytes: Vec<u8>, rows: usize, encoding: Encoding, statistics: BinaryStatistics) -> Page {
    let header = DataPageHeader::V1(DataPageHeaderV1 {
        num_values: rows as i32,
        encoding: encoding.into(),
        definition_level_encoding: Encoding::Rle.into(),
        repetition_level_encoding: Encoding::Rle.into(),
        statistics: Some(statistics.serialize()),
    });
    let descriptor = Descriptor { primitive_type: statistics.primitive_type, max_def_level: 0, max_rep_level: 0 };
    Page::Data(DataPage::new(header, CowBuffer::Owned(bytes), descriptor, rows))
}

/// Each word behind its length.
fn list(words: &Words) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(words.iter().map(|word| 4 + word.len()).sum());
    for word in words.iter() {
        bytes.extend_from_slice(&(word.len() as u32).to_le_bytes());
        bytes.extend_from_slice(word.as_bytes());
    }
    bytes
}

/// Which rows have a word, then the keys of those that have.
fn data(keys: &[u32], some: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::new();
    push_levels(&mut bytes, |bytes| {
        if some.len() == keys.len() {
            push_run(bytes, keys.len(), 1, 1);
        } else {
            let levels: Vec<u32> = keys.iter().map(|key| u32::from(*key != NONE)).collect();
            push_hybrid(bytes, &levels, 1);
        }
    });
    let width = u32::BITS - some.iter().max().map_or(0, |key| *key).leading_zeros();
    bytes.push(width as u8);
    push_hybrid(&mut bytes, some, width);
    bytes
}

/// Adds what tells which rows have a value, behind its length in bytes.
fn push_levels(bytes: &mut Vec<u8>, push: impl FnOnce(&mut Vec<u8>)) {
    let start = bytes.len() + 4;
    bytes.resize(start, 0);
    push(bytes);
    let length = (bytes.len() - start) as u32;
    bytes[start - 4..start].copy_from_slice(&length.to_le_bytes());
}

/// Adds values in Parquet's hybrid of runs and packed bits: from eight equal values on, it is a run.
fn push_hybrid(bytes: &mut Vec<u8>, values: &[u32], width: u32) {
    let mut packed_from = 0;
    let mut at = 0;
    while at < values.len() {
        let run = values[at..].iter().take_while(|value| **value == values[at]).count();
        // Values are packed in groups of eight: the first of a run fill up the group that was begun.
        let begun = (at - packed_from) % 8;
        let fill = if begun == 0 { 0 } else { 8 - begun };
        if run >= fill + 8 {
            push_packed(bytes, &values[packed_from..at + fill], width);
            push_run(bytes, run - fill, values[at], width);
            packed_from = at + run;
        }
        at += run;
    }
    push_packed(bytes, &values[packed_from..], width);
}

/// Adds a run of equal values.
fn push_run(bytes: &mut Vec<u8>, length: usize, value: u32, width: u32) {
    push_header(bytes, (length as u64) << 1);
    bytes.extend_from_slice(&value.to_le_bytes()[..width.div_ceil(8) as usize]);
}

/// Adds values with `width` bits each, filled up with zeros to a multiple of eight values.
fn push_packed(bytes: &mut Vec<u8>, values: &[u32], width: u32) {
    if values.is_empty() {
        return;
    }
    let groups = values.len().div_ceil(8);
    push_header(bytes, (groups as u64) << 1 | 1);
    let end = bytes.len() + groups * width as usize;
    bytes.reserve(end - bytes.len() + 4);
    let (mut bits, mut count) = (0_u64, 0);
    for value in values {
        bits |= u64::from(*value) << count;
        count += width;
        if count >= u32::BITS {
            bytes.extend_from_slice(&(bits as u32).to_le_bytes());
            bits >>= u32::BITS;
            count -= u32::BITS;
        }
    }
    bytes.extend_from_slice(&(bits as u32).to_le_bytes());
    bytes.resize(end, 0);
}

/// Adds a number in groups of seven bits, the lowest first.
fn push_header(bytes: &mut Vec<u8>, mut header: u64) {
    while header >= 0x80 {
        bytes.push(header as u8 | 0x80);
        header >>= 7;
    }
    bytes.push(header as u8);
}

/// How hard zstd tries. Level 3 took twice the time for files a few percent smaller: most columns are keys of words.
pub(crate) const ZSTD_LEVEL: i32 = 1;

thread_local! {
    /// Making one takes longer than compressing most pages with it.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = RefCell::default();
}

/// A page as it is written.
pub(crate) fn compressed(page: Page) -> Result<CompressedPage, StoreError> {
    Ok(match page {
        Page::Data(page) => CompressedPage::Data(CompressedDataPage::new(
            page.header().clone(),
            packed(page.buffer())?,
            Compression::Zstd,
            page.buffer().len(),
            page.descriptor.clone(),
            page.num_rows().unwrap_or_default(),
        )),
        Page::Dict(page) => CompressedPage::Dict(CompressedDictPage::new(
            packed(&page.buffer)?,
            Compression::Zstd,
            page.buffer.len(),
            page.num_values,
            page.is_sorted,
        )),
    })
}

fn packed(bytes: &[u8]) -> Result<CowBuffer, StoreError> {
    let failed = |error| StoreError::table(format!("a page cannot be compressed: {error}"));
    let packed = COMPRESSOR.with_borrow_mut(|kept| match kept {
        Some(compressor) => compressor.compress(bytes),
        None => kept.insert(Compressor::new(ZSTD_LEVEL)?).compress(bytes),
    });
    packed.map(CowBuffer::Owned).map_err(failed)
}

#[cfg(test)]
mod tests {
    use polars_parquet::parquet::encoding::hybrid_rle::HybridRleDecoder;

    use super::*;

    fn decoded(bytes: &[u8], width: u32, length: usize) -> Vec<u32> {
        HybridRleDecoder::new(bytes, width, length).collect().unwrap()
    }

    #[test]
    fn runs_and_packed_values_are_read_as_they_were() {
        let lengths = [1, 7, 8, 9, 15, 16, 17, 31, 64, 100, 235];
        for width in [0, 1, 2, 7, 8, 9, 13, 16, 17, 24, 31] {
            let largest = if width == 0 { 0 } else { u32::MAX >> (32 - width) };
            for first in lengths {
                for second in lengths {
                    // A run, values of all kinds, a run; so that runs begin at every place of a group.
                    let mut values = vec![largest; first];
                    values.extend((0..second as u32).map(|value| value.wrapping_mul(2_654_435_761) & largest));
                    values.extend(vec![0; first + 3]);
                    let mut bytes = Vec::new();
                    push_hybrid(&mut bytes, &values, width);
                    assert_eq!(decoded(&bytes, width, values.len()), values, "{width} bits, {first}, {second}");
                }
            }
        }
    }

    #[test]
    fn a_run_costs_three_bytes_however_long_it_is() {
        let mut bytes = Vec::new();
        push_hybrid(&mut bytes, &[5; 5_000], 3);
        assert_eq!(bytes, [0x90, 0x4e, 5]);
    }
}
