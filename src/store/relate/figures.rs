//! The figures of a year as facts are made of them: the columns that are looked at, a bounded slice of units at a time, and what is
//! said of one key.

use std::borrow::Cow;
use std::ops::Range;

use crate::store::StoreError;
use crate::store::schema::{FIGURES, FIGURES_OF_FACTS};
use crate::store::table::frame::Frame;
use crate::store::table::partition::{Finished, Span};
use crate::store::table::stored::StoredFile;

/// Rows of `figures` that are looked at together, and twice as many are in memory; a unit is never split.
const SLICE: usize = 65_536;

pub(super) const UNIT_ID: usize = 0;
pub(super) const UNIT: usize = 1;
pub(super) const KEY: Range<usize> = 2..8;
pub(super) const MEASURE: usize = 6;
pub(super) const FORM: usize = 8;
pub(super) const VALUE: usize = 9;
pub(super) const UNIT_OF_MEASURE: usize = 10;
pub(super) const WRITTEN: usize = 11;
pub(super) const DECIMALS: usize = 12;
pub(super) const DOCUMENT_ID: usize = 13;
pub(super) const PLACE: usize = 14;
pub(super) const FLAGS: usize = 15;
pub(super) const LEVEL: usize = 16;
pub(super) const LEAF: usize = 17;
pub(super) const PATH: usize = 18;
pub(super) const ENTITY: usize = 19;

/// The figures of a year: as they were kept, or in their file.
pub(super) enum Rows<'f> {
    Kept(&'f [Frame]),
    Stored(Box<StoredFile>),
}

impl Rows<'_> {
    pub(super) fn of(figures: &Finished) -> Result<Rows<'_>, StoreError> {
        Ok(match &figures.kept {
            Some(kept) => Rows::Kept(kept),
            None => Rows::Stored(Box::new(StoredFile::open(&FIGURES, &figures.path)?)),
        })
    }

    /// [`FIGURES_OF_FACTS`] of some stretches of rows.
    pub(super) fn read(&mut self, runs: &[Range<usize>]) -> Result<Frame, StoreError> {
        match self {
            Rows::Kept(kept) => Ok(Frame::gathered(kept, runs)),
            Rows::Stored(file) => file.read_runs(runs, &FIGURES_OF_FACTS),
        }
    }
}

/// Units, in the order in which they first appear, cut so that each slice looks at a bounded number of rows.
pub(super) fn slices(spans: &[Span]) -> Vec<&[Span]> {
    let mut slices = Vec::new();
    let mut start = 0;
    let mut rows = 0;
    for (at, span) in spans.iter().enumerate() {
        if at > start && rows + span.rows() > SLICE {
            slices.push(&spans[start..at]);
            start = at;
            rows = 0;
        }
        rows += span.rows();
    }
    if start < spans.len() {
        slices.push(&spans[start..]);
    }
    slices
}

/// Stretches of rows in order, those that follow one another as one.
pub(super) fn together(runs: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut sorted: Vec<Range<usize>> = runs.collect();
    sorted.sort_by_key(|run| run.start);
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(sorted.len());
    for run in sorted {
        match joined.last_mut().filter(|last| last.end == run.start) {
            Some(last) => last.end = run.end,
            None => joined.push(run),
        }
    }
    joined
}

/// What is written of one key.
pub(super) struct Fact<'f> {
    /// The row of the figure that is preferred.
    pub(super) preferred: usize,
    /// Its value, or the finest one where all agree, times 10⁶.
    pub(super) value: i128,
    /// Decimals of that value in the canonical unit; negative where the last written place is above the point.
    pub(super) decimals: i32,
    pub(super) status: &'static str,
    pub(super) sources: usize,
    pub(super) forms: Cow<'f, str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_whose_documents_lie_in_distant_folders_are_looked_at_once() {
        // 2,000 units with 300 rows each in a folder of tables, and 40 each in a folder of explanations behind it.
        let span = |unit: usize| Span {
            unit_id: unit.to_string(),
            runs: vec![unit * 300..(unit + 1) * 300, 600_000 + unit * 40..600_000 + (unit + 1) * 40],
        };
        let spans: Vec<Span> = (0..2_000).map(span).collect();
        let slices = slices(&spans);
        assert_eq!(slices.iter().map(|slice| slice.len()).sum::<usize>(), 2_000);
        for slice in slices {
            let runs = together(slice.iter().flat_map(|span| span.runs.iter().cloned()));
            assert_eq!(runs.len(), 2, "those of neighbours follow one another");
            assert!(runs.iter().map(Range::len).sum::<usize>() <= SLICE);
        }
    }
}
