//! A table of the snapshot in the making, or one year of it: as long as its rows are those of the snapshot before, it
//! follows that one's file and writes nothing; with the first row that differs it begins a file of its own.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::cells::Cell;
use super::columns::Columns;
use super::frame::Frame;
use super::parts::{begin, folder};
use super::shape::TableShape;
use super::stored::StoredTable;
use super::writer::{KeepRoom, TableWriter};
use crate::store::schema::FIGURES_OF_FACTS;
use crate::store::{StoreError, disk};

/// Where in a partition a unit's rows stand: in as many stretches as there are folders in which its documents lie.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    /// The unit.
    pub unit_id: String,
    /// The stretches, in order, none beginning where another ends.
    pub runs: Vec<Range<usize>>,
}

impl Span {
    /// How many rows it has.
    pub(crate) fn rows(&self) -> usize {
        self.runs.iter().map(Range::len).sum()
    }
}

/// A table, or one year of it, in the making.
pub(crate) struct Partition {
    shape: &'static TableShape,
    dir: PathBuf,
    id: String,
    year: Option<i32>,
    before: Option<StoredTable>,
    /// The file of the snapshot before may stand in this one too.
    may_share: bool,
    /// Rows of the snapshot before that stand unchanged at the beginning of this one.
    passed: usize,
    writer: Option<TableWriter>,
    /// Where there is room for what facts will be made of.
    keep: Option<KeepRoom>,
    spans: Vec<Span>,
    known: HashMap<String, usize>,
}

/// A finished partition.
pub(crate) struct Finished {
    /// Its file.
    pub path: PathBuf,
    /// Where each unit's rows stand, in the order in which units first appear; only for tables by year that were written.
    pub spans: Vec<Span>,
    /// The file is that of the snapshot before.
    pub shared: bool,
    /// The columns of its rows that facts are made of, where they were kept.
    pub kept: Option<Vec<Frame>>,
}

impl Partition {
    /// Begins a partition in `dir`; `before` is the same partition of the snapshot before.
    pub(crate) fn begin(
        dir: &Path,
        id: &str,
        shape: &'static TableShape,
        year: Option<i32>,
        before: Option<StoredTable>,
        may_share: bool,
    ) -> Partition {
        Partition {
            shape,
            dir: dir.to_owned(),
            id: id.to_owned(),
            year,
            before,
            may_share,
            passed: 0,
            writer: None,
            keep: None,
            spans: Vec::new(),
            known: HashMap::new(),
        }
    }

    /// Keeps what facts will be made of, as long as there is room.
    pub(crate) fn keeping(self, room: KeepRoom) -> Partition {
        Partition { keep: Some(room), ..self }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: &[Cell<'_>]) -> Result<(), StoreError> {
        if self.writer.is_none() {
            self.part()?;
        }
        self.push_own(row)
    }

    /// Adds a row for each of `items`, all of one unit, a column at a time; see [`TableWriter::extend`].
    pub(crate) fn extend<T>(
        &mut self,
        unit_id: &str,
        items: &[T],
        fill: impl Fn(&mut Columns<'_>, &[T]),
    ) -> Result<(), StoreError> {
        if self.writer.is_none() {
            self.part()?;
        }
        self.count(unit_id, items.len());
        let Some(writer) = &mut self.writer else { return Err(StoreError::table("a partition was not begun")) };
        writer.extend(items, fill)
    }

    /// Adds the rows that a document had in the snapshot before; `replaced` is a column with another text in it.
    pub(crate) fn keep(&mut self, key: &str, replaced: Option<(usize, &str)>) -> Result<(), StoreError> {
        let Some((start, length)) = self.before.as_ref().and_then(|before| before.rows_of(key)) else { return Ok(()) };
        if self.writer.is_none() {
            if start == self.passed && replaced.is_none() {
                self.passed += length;
                return Ok(());
            }
            self.part()?;
        }
        self.copy(start, length, replaced)
    }

    /// Parts from the file of the snapshot before: what was passed of it is written.
    fn part(&mut self) -> Result<(), StoreError> {
        let mut writer = begin(&self.dir, &self.id, self.shape, self.year)?;
        if let Some(room) = self.keep.take() {
            writer.keep(&FIGURES_OF_FACTS, room);
        }
        self.writer = Some(writer);
        self.copy(0, self.passed, None)
    }

    fn copy(&mut self, start: usize, length: usize, replaced: Option<(usize, &str)>) -> Result<(), StoreError> {
        let Some(mut before) = self.before.take() else { return Ok(()) };
        let copied = before.copy(start, length, replaced, |row| self.push_own(row));
        self.before = Some(before);
        copied
    }

    fn push_own(&mut self, row: &[Cell<'_>]) -> Result<(), StoreError> {
        if self.shape.by_year {
            self.count(if let Cell::Text(unit_id) = row[0] { unit_id } else { "" }, 1);
        }
        let Some(writer) = &mut self.writer else { return Err(StoreError::table("a partition was not begun")) };
        writer.push(row)
    }

    /// Notes that the next `rows` rows are of a unit.
    fn count(&mut self, unit_id: &str, rows: usize) {
        let at = self.writer.as_ref().map_or(0, TableWriter::rows) as usize;
        let last = self.spans.last().is_some_and(|span| span.unit_id == unit_id);
        let span = if last {
            self.spans.len() - 1
        } else if let Some(span) = self.known.get(unit_id) {
            *span
        } else {
            self.known.insert(unit_id.to_owned(), self.spans.len());
            self.spans.push(Span { unit_id: unit_id.to_owned(), runs: Vec::new() });
            self.spans.len() - 1
        };
        let runs = &mut self.spans[span].runs;
        match runs.last_mut().filter(|run| run.end == at) {
            Some(run) => run.end += rows,
            None => runs.push(at..at + rows),
        }
    }

    /// Closes the partition. One of a year without any row leaves no file.
    pub(crate) fn finish(mut self) -> Result<Option<Finished>, StoreError> {
        if self.writer.is_none() {
            let all = self.before.as_ref().is_some_and(|before| before.rows() == self.passed);
            if all && self.may_share {
                return self.share().map(Some);
            }
            if self.year.is_some() && self.passed == 0 {
                return Ok(None);
            }
            self.part()?;
        }
        let Some(writer) = self.writer else { return Ok(None) };
        let (path, kept) = writer.finish_kept()?;
        Ok(Some(Finished { path, spans: self.spans, shared: false, kept }))
    }

    /// Takes the file of the snapshot before as it is.
    fn share(&self) -> Result<Finished, StoreError> {
        let Some(before) = &self.before else { return Err(StoreError::table("nothing to share")) };
        let path = share(&self.dir, self.shape, self.year, before.file())?;
        Ok(Finished { path, spans: Vec::new(), shared: true, kept: None })
    }
}

/// Takes a file of the snapshot before into this one, under its own name.
pub(crate) fn share(dir: &Path, shape: &TableShape, year: Option<i32>, file: &Path) -> Result<PathBuf, StoreError> {
    let folder = folder(dir, shape, year)?;
    let path = folder.join(file.file_name().unwrap_or_default());
    disk::share(file, &path)?;
    Ok(path)
}
