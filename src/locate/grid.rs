//! The rows of one form as one grid, wherever they stood: in one table, or in several that go on from one another.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use super::unreadable;
use super::words::{Axis, Reader, Shape, Word, shape};
use crate::mapping::{ColumnRole, Surroundings};
use crate::model::{Cell, Label, Recent, Table, TextNumber};

/// Consecutive rows of a table.
#[derive(Clone, Debug)]
pub(crate) struct Rows<'a> {
    pub(crate) table: &'a Table,
    pub(crate) rows: Range<usize>,
}

impl Rows<'_> {
    /// The first column in which they have anything: a table may stand anywhere on its sheet.
    pub(crate) fn first_column(&self) -> Option<usize> {
        let cells = self.rows.clone().flat_map(|row| self.table.anchored_in(row)).filter(|cell| !cell.is_blank());
        cells.map(|cell| cell.column).min()
    }

    /// Why it is not certain what some of its words are or where they stand: they may be a header or a label of any number.
    pub(super) fn unreadable_words(&self, words: &Surroundings) -> Option<&'static str> {
        let mut cells = self.table.cells.iter().filter(|cell| self.rows.contains(&cell.row));
        cells.find_map(|cell| unreadable(cell).filter(|_| shape(Some(cell), words) == Shape::Words))
    }
}

/// The rows before and from one of them on, counted through all parts.
pub(super) fn parted<'a>(parts: &[Rows<'a>], row: usize) -> (Vec<Rows<'a>>, Vec<Rows<'a>>) {
    let (mut above, mut below) = (Vec::new(), Vec::new());
    let mut first = 0;
    for part in parts {
        let at = part.rows.start + row.saturating_sub(first).min(part.rows.len());
        first += part.rows.len();
        for (side, rows) in [(&mut above, part.rows.start..at), (&mut below, at..part.rows.end)] {
            if !rows.is_empty() {
                side.push(Rows { table: part.table, rows });
            }
        }
    }
    (above, below)
}

/// A cell with its position in the grid.
#[derive(Clone, Debug)]
pub(super) struct Spot<'a> {
    pub(super) table: &'a Table,
    pub(super) cell: &'a Cell,
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) row_span: usize,
    pub(super) column_span: usize,
    /// What stands in it, as far as its shape tells.
    pub(super) shape: Shape,
    blank: bool,
    known: Known,
}

/// What the text of a spot was found to mean. Headers are asked for each column below them, so each is looked up once.
///
/// A grid is read with one [`Reader`], so that the answers stay true.
#[derive(Clone, Debug, Default)]
struct Known {
    number: OnceCell<Option<TextNumber>>,
    label: OnceCell<Rc<Label>>,
    role: OnceCell<Option<ColumnRole>>,
    across: OnceCell<Rc<Word>>,
    down: OnceCell<Rc<Word>>,
}

impl<'a> Spot<'a> {
    pub(super) fn text(&self) -> &'a str {
        &self.cell.text
    }

    /// Nothing but white space stands in it.
    pub(super) fn is_blank(&self) -> bool {
        self.blank
    }

    /// Its text as a label.
    pub(super) fn label(&self) -> &Label {
        self.known.label.get_or_init(|| label_of(self.text(), self.number()))
    }

    /// The number of its text, by which it is known again.
    fn number(&self) -> Option<TextNumber> {
        *self.known.number.get_or_init(|| TextNumber::of(self.text()))
    }

    /// What its text means as a header (across) or in a stub (down).
    pub(super) fn word(&self, reader: &Reader<'_>, axis: Axis) -> &Rc<Word> {
        let word = match axis {
            Axis::Across => &self.known.across,
            Axis::Down => &self.known.down,
        };
        word.get_or_init(|| recalled_word(reader, self, axis))
    }

    /// What a column (or row) is that it heads.
    pub(super) fn role(&self, reader: &Reader<'_>) -> Option<ColumnRole> {
        *self.known.role.get_or_init(|| recalled_role(reader, self))
    }

    /// It covers a grid column.
    pub(super) fn covers(&self, column: usize) -> bool {
        (self.column..self.column + self.column_span).contains(&column)
    }
}

thread_local! {
    static LABELS: RefCell<Recent<Rc<Label>>> = RefCell::default();
    static ACROSS: RefCell<Recent<Rc<Word>>> = RefCell::default();
    static DOWN: RefCell<Recent<Rc<Word>>> = RefCell::default();
    static ROLES: RefCell<Recent<Option<ColumnRole>>> = RefCell::default();
}

/// [`Label::new`], remembered from one document to the next. No mapping has a say in it.
pub(super) fn recalled_label(text: &str) -> Rc<Label> {
    label_of(text, TextNumber::of(text))
}

fn label_of(text: &str, number: Option<TextNumber>) -> Rc<Label> {
    Recent::recall(&LABELS, "", &[], number, || Rc::new(Label::new(text)))
}

/// [`Reader::word`], remembered from one document to the next.
fn recalled_word(reader: &Reader<'_>, spot: &Spot<'_>, axis: Axis) -> Rc<Word> {
    // No year is told apart from the year 0, of which there are no accounts.
    let year = reader.fiscal_year.and_then(|year| u32::try_from(year).ok()).and_then(char::from_u32).unwrap_or('\0');
    let mut buffer = [0; 4];
    let words = match axis {
        Axis::Across => &ACROSS,
        Axis::Down => &DOWN,
    };
    let form = reader.form;
    let context = [&*form.tag, &*form.noted, &*year.encode_utf8(&mut buffer)];
    let anew = || Rc::new(reader.word(spot.text(), axis));
    Recent::recall(words, &reader.mappings.version, &context, spot.number(), anew)
}

/// [`Reader::role`], remembered from one document to the next.
fn recalled_role(reader: &Reader<'_>, spot: &Spot<'_>) -> Option<ColumnRole> {
    let context = [&*reader.form.tag, &*reader.form.noted];
    Recent::recall(&ROLES, &reader.mappings.version, &context, spot.number(), || reader.role(spot.text()))
}

/// A dense grid of spots.
#[derive(Clone, Debug)]
pub(super) struct Grid<'a> {
    pub(super) spots: Vec<Spot<'a>>,
    pub(super) height: usize,
    pub(super) width: usize,
    /// Whether merges can be trusted to be told.
    pub(super) merges_known: bool,
    /// For each row: where its cells stand is not told, because merges are lost.
    pub(super) loose: Vec<bool>,
    index: Vec<u32>,
    /// The columns in which something stands, blank ones before and behind them left out.
    filled: Range<usize>,
}

impl<'a> Grid<'a> {
    /// Lays the rows of all parts below one another, by the columns of the file.
    pub(super) fn new(parts: &[Rows<'a>], words: &Surroundings) -> Grid<'a> {
        let mut columns: Vec<u32> = parts.iter().flat_map(|part| part.table.columns.iter().copied()).collect();
        columns.sort_unstable();
        columns.dedup();
        let width = columns.len();
        let height = parts.iter().map(|part| part.rows.len()).sum();
        let merges_known = parts.iter().all(|part| part.table.merges_known);
        let mut spots = Vec::with_capacity(parts.iter().map(|part| part.table.cells.len()).sum());
        let mut base = 0;
        for part in parts {
            let columns: Vec<usize> =
                part.table.columns.iter().map(|of_table| columns.partition_point(|at| at < of_table)).collect();
            for cell in &part.table.cells {
                // A cell merged over the border of the part keeps what stands inside.
                let (top, bottom) = (cell.row.max(part.rows.start), (cell.row + cell.row_span).min(part.rows.end));
                if top < bottom {
                    let (first, last) = (columns[cell.column], columns[cell.column + cell.column_span - 1]);
                    let shape = shape(Some(cell), words);
                    spots.push(Spot {
                        table: part.table,
                        cell,
                        row: base + top - part.rows.start,
                        column: first,
                        row_span: bottom - top,
                        column_span: last + 1 - first,
                        shape,
                        // What is noted of a cell gives it a shape, whatever stands in it.
                        blank: shape == Shape::Blank || cell.note.is_some() && cell.text.trim().is_empty(),
                        known: Known::default(),
                    });
                }
            }
            base += part.rows.len();
        }
        let loose = vec![false; height];
        let mut grid = Grid { spots, height, width, merges_known, loose, index: Vec::new(), filled: 0..0 };
        if grid.merges_known {
            grid.join_columns();
        }
        grid.reindex();
        grid
    }

    /// Takes columns for one between which no cell begins or ends: another table of the sheet divides them, not this one.
    fn join_columns(&mut self) {
        let mut begins = vec![false; self.width + 1];
        for spot in &self.spots {
            begins[spot.column] = true;
            begins[spot.column + spot.column_span] = true;
        }
        // How many columns begin before each column of the file.
        let mut before = Vec::with_capacity(self.width + 1);
        let mut count = 0;
        for (column, begins) in begins.iter().enumerate() {
            before.push(count);
            count += usize::from(*begins || column == 0);
        }
        for spot in &mut self.spots {
            let behind = before[spot.column + spot.column_span];
            spot.column = before[spot.column];
            spot.column_span = behind - spot.column;
        }
        self.width = before[self.width];
    }

    /// Rebuilds the index after spots have moved.
    pub(super) fn reindex(&mut self) {
        let filled = || self.spots.iter().filter(|spot| !spot.is_blank());
        let first = filled().map(|spot| spot.column).min().unwrap_or(0);
        self.filled = first..filled().map(|spot| spot.column + spot.column_span).max().unwrap_or(0);
        self.index = vec![0; self.height * self.width];
        for (at, spot) in self.spots.iter().enumerate() {
            for row in spot.row..(spot.row + spot.row_span).min(self.height) {
                for column in spot.column..(spot.column + spot.column_span).min(self.width) {
                    let entry = &mut self.index[row * self.width + column];
                    if *entry == 0 {
                        *entry = at as u32 + 1;
                    }
                }
            }
        }
    }

    /// The index of the spot that covers a position.
    pub(super) fn index_at(&self, row: usize, column: usize) -> Option<usize> {
        match self.index[row * self.width + column] {
            0 => None,
            at => Some(at as usize - 1),
        }
    }

    /// The spot that covers a position.
    pub(super) fn at(&self, row: usize, column: usize) -> Option<&Spot<'a>> {
        self.index_at(row, column).map(|at| &self.spots[at])
    }

    /// The text at a position; empty where nothing stands.
    pub(super) fn text(&self, row: usize, column: usize) -> &'a str {
        self.at(row, column).map_or("", |spot| &spot.cell.text)
    }

    /// The label at a position; `None` where nothing but white space stands.
    pub(super) fn label(&self, row: usize, column: usize) -> Option<&Label> {
        self.at(row, column).filter(|spot| !spot.is_blank()).map(Spot::label)
    }

    /// The shape of what stands at a position.
    pub(super) fn shape(&self, row: usize, column: usize) -> Shape {
        self.at(row, column).map_or(Shape::Blank, |spot| spot.shape)
    }

    /// The spots whose anchor stands in a row, left to right, blank ones left out.
    pub(super) fn filled_in(&self, row: usize) -> impl Iterator<Item = &Spot<'a>> {
        (0..self.width).filter_map(move |column| {
            self.at(row, column).filter(|spot| spot.row == row && spot.column == column && !spot.is_blank())
        })
    }

    /// How many of the cells of a row there are up to the last one in which something stands.
    pub(super) fn written(&self, row: &[usize]) -> usize {
        row.iter().rposition(|at| !self.spots[*at].is_blank()).map_or(0, |last| last + 1)
    }

    /// A row that one cell fills from end to end, blank columns at the edges aside.
    pub(super) fn band(&self, row: usize) -> Option<&Spot<'a>> {
        let Range { start, end } = self.filled.clone();
        if start + 1 >= end {
            return None;
        }
        let spot = self.at(row, start)?;
        let whole = spot.column <= start && spot.column + spot.column_span >= end && spot.row_span == 1;
        (whole && !spot.is_blank()).then_some(spot)
    }

    /// The same grid on its side.
    pub(super) fn turned(&self) -> Grid<'a> {
        let mut turned = self.clone();
        std::mem::swap(&mut turned.height, &mut turned.width);
        for spot in &mut turned.spots {
            std::mem::swap(&mut spot.row, &mut spot.column);
            std::mem::swap(&mut spot.row_span, &mut spot.column_span);
        }
        turned.loose = vec![false; turned.height];
        turned.spots.sort_by_key(|spot| (spot.row, spot.column));
        turned.reindex();
        turned
    }
}

/// A number with two decimals or more, or with separators: no number of a row and no code.
pub(super) fn is_amount(spot: &Spot<'_>) -> bool {
    if spot.shape != Shape::Number {
        return false;
    }
    let text = spot.text().trim();
    let decimals = text.rsplit_once('.').map_or(0, |(_, behind)| behind.len());
    (decimals >= 2 || text.contains(',')) && text.bytes().all(|byte| byte.is_ascii_digit() || b".,-".contains(&byte))
}
