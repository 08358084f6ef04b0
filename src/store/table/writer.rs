//! Writing one table: rows are pushed one after another, and leave as row groups of a fixed number of rows.
//!
//! The same rows in the same order give the same bytes, whether they come from a document or from an older snapshot, row
//! by row or column by column: nothing depends on how many were pushed at a time, or on what else was written.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::PolarsError;
use polars_arrow::datatypes::{ArrowSchema, Field};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, FallibleStreamingIterator, FileWriter, KeyValue,
    ParquetType, StatisticsOptions, Version, WriteOptions, ZstdLevel, schema_to_metadata_key,
};
use rayon::prelude::*;

use super::cells::Cell;
use super::columns::{Builder, Columns, ROW_GROUP, arrow_type};
use super::frame::Frame;
use super::pages::ZSTD_LEVEL;
use super::shape::{Column, SCHEMA_VERSION, TableShape};
use crate::store::StoreError;
use crate::store::disk::{Failure, File};

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
            fill(&mut Columns::of(&mut self.builders, now.len()), now);
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
    use super::super::stored::StoredFile;
    use super::*;
    use crate::model::words::Words;
    use crate::store::schema::FACTS;

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
            Cell::Int(2),
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
        columns.ints(row().map(|_| Some(2)));
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
