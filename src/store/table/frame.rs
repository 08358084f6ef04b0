//! Rows in memory, column by column, whether they were read from a file or are to be written.

use std::ops::Range;

use polars::prelude::DataFrame;
use polars_arrow::array::{Array, BooleanArray, DictionaryArray, PrimitiveArray, Utf8ViewArray};
use rayon::prelude::*;

use super::cells::Cell;
use super::shape::{Kind, TableShape};
use super::translation::Translation;
use crate::model::words::{NONE, Words};
use crate::store::StoreError;

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
    /// A column of a kind, without a row.
    pub(crate) fn new(kind: Kind) -> Values {
        match kind {
            Kind::Word => Values::Word { keys: Vec::new(), words: Words::default() },
            Kind::Text => Values::Text { text: String::new(), ends: Vec::new() },
            Kind::Int32 | Kind::Int64 | Kind::Timestamp => Values::Int(Vec::new()),
            Kind::Flag => Values::Flag(Vec::new()),
            Kind::Amount => Values::Amount(Vec::new()),
        }
    }

    /// Adds some rows of an array as the file holds it.
    pub(crate) fn add(&mut self, array: &dyn Array, rows: Range<usize>) -> Result<(), StoreError> {
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
pub(crate) fn runs_of(
    lengths: impl Iterator<Item = usize>,
    wanted: &[Range<usize>],
) -> Vec<(usize, Vec<Range<usize>>)> {
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

    /// Number of columns.
    pub(crate) fn width(&self) -> usize {
        self.columns.len()
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
