use std::ops::Range;
use std::sync::Arc;

use compact_str::CompactString;
use rust_decimal::Decimal;

use super::{Finding, Place};

/// One file as it was read: its paragraphs and tables in the order in which they stand.
#[derive(Clone, Debug)]
pub struct Document {
    /// What the bytes turned out to be; never what the name says.
    pub format: Format,
    /// The text encoding that was detected, for formats that are text.
    pub encoding: Option<&'static str>,
    /// Paragraphs and tables in document order. A worksheet is a table.
    pub blocks: Vec<Block>,
    /// What reading noticed and could not mend: damaged bytes, cells that no reader understood.
    pub findings: Vec<Finding>,
    /// The title of a web page, which its window shows and its text need not.
    pub title: Option<String>,
    /// What stands beside its text.
    pub asides: Vec<Aside>,
}

impl Document {
    /// Where a place stands: block, row, column, character.
    pub fn position(&self, place: &Place) -> (usize, u32, u32, u32) {
        let range = |range: &Option<(u32, u32)>| range.map_or(0, |(start, _)| start);
        let block = |found: &dyn Fn(&Block) -> bool| self.blocks.iter().position(found).unwrap_or(usize::MAX);
        match place {
            Place::Paragraph { paragraph, range: within } => {
                let at = block(&|block| matches!(block, Block::Paragraph(found) if found.number == *paragraph));
                (at, 0, 0, range(within))
            }
            Place::Table { table, row, column, range: within } => {
                let at = block(&|block| matches!(block, Block::Table(found) if found.number == *table));
                (at, *row, *column, range(within))
            }
            Place::Sheet { sheet, row, column, range: within } => {
                let at = block(&|block| matches!(block, Block::Table(found) if found.sheet.as_ref() == Some(sheet)));
                (at, *row, *column, range(within))
            }
        }
    }
}

/// What stands at the head or the foot of the pages, or in a comment on a cell: no text of the document, but it may say what its
/// figures are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// The worksheet that it belongs to; none where it belongs to all of the document.
    pub sheet: Option<Arc<str>>,
    /// Row and column in the file of the cell that it is a comment on.
    pub cell: Option<(u32, u32)>,
    /// The text; of pages, one line.
    pub text: String,
}

/// The kinds of document that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Office Open XML workbook (.xlsx, .xlsm).
    Xlsx,
    /// Excel 97–2003 workbook (.xls), also WPS .et.
    Xls,
    /// Office Open XML document (.docx).
    Docx,
    /// Word 97–2003 document (.doc), also WPS .wps.
    Doc,
    /// A web page, also under the name of a workbook or a document.
    Html,
    /// A web archive (.mht): a page with its parts in one file.
    Mhtml,
    /// Plain text, as a text extractor writes it.
    Text,
}

impl Format {
    /// The word used in the `documents` table.
    pub fn word(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Xls => "xls",
            Format::Docx => "docx",
            Format::Doc => "doc",
            Format::Html => "html",
            Format::Mhtml => "mhtml",
            Format::Text => "txt",
        }
    }
}

/// A paragraph or a table.
#[derive(Clone, Debug)]
pub enum Block {
    /// A paragraph of running text.
    Paragraph(Paragraph),
    /// A table or a worksheet.
    Table(Table),
}

/// A paragraph of running text, never empty.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Position among the paragraphs of the document, from 1 (blank ones are counted, but not kept); 0 is the title of a
    /// web page where only that makes its forms known.
    pub number: u32,
    /// The text as it stands; automatic numbering is written out before it.
    pub text: String,
    /// Where the text starts in the file, in characters from 0; only for plain text.
    pub offset: Option<usize>,
}

impl Paragraph {
    /// The place of the whole paragraph.
    pub fn place(&self) -> Place {
        Place::Paragraph { paragraph: self.number, range: None }
    }
}

/// A table as a dense grid of cells without its empty rows and columns.
///
/// Rows and columns in which nothing stands are left out when a table is built, so that a table with blank rows put in
/// between is the same table; `rows` and `columns` keep where each of the others stands in the file.
#[derive(Clone, Debug)]
pub struct Table {
    /// Position among the tables of the document, from 1.
    pub number: u32,
    /// The worksheet's name, if it is one.
    pub sheet: Option<Arc<str>>,
    /// The whole worksheet is hidden.
    pub hidden: bool,
    /// Whether the format tells which cells are merged. In text they are lost.
    pub merges_known: bool,
    /// For each grid row, its row in the file (from 1).
    pub rows: Vec<u32>,
    /// For each grid column, its column in the file (from 1).
    pub columns: Vec<u32>,
    /// How many columns are drawn in the file, blank ones at the right edge included.
    drawn: u32,
    /// The grid is the file's on its side: grid rows are columns of the file.
    turned: bool,
    /// The cells, each once, in the order of their anchors.
    pub cells: Vec<Cell>,
    /// For each grid position, row by row, the index of the cell that covers it plus one; 0 where none does.
    grid: Vec<u32>,
}

/// One cell; a merged cell once, with its spans.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// Grid row of its upper left corner, from 0.
    pub row: usize,
    /// Grid column of its upper left corner, from 0.
    pub column: usize,
    /// Grid rows it covers, at least 1.
    pub row_span: usize,
    /// Grid columns it covers, at least 1.
    pub column_span: usize,
    /// It is merged over columns, too, that the grid does not have because nothing stands in them.
    pub wider: bool,
    /// What a person sees: text as written; a number with the decimals its format shows, unless that loses something.
    pub text: CompactString,
    /// The exact number of a worksheet's numeric cell.
    pub number: Option<SheetNumber>,
    /// Where the text starts in the file, in characters from 0; only for plain text.
    pub offset: Option<usize>,
    /// The cell stands in a hidden row or column.
    pub hidden: bool,
    /// What is odd about it.
    pub note: Option<CellNote>,
}

impl Cell {
    /// What stands in it (or which number is meant), or in which column it stands, is not certain: nothing may be taken from it.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.note, Some(CellNote::Unreadable | CellNote::Undivided | CellNote::ScaledFormat))
    }

    /// What stands in it is struck out, all of it: what somebody took back.
    pub fn is_struck_out(&self) -> bool {
        unstruck(&self.text).is_some()
    }

    /// Nothing but white space stands in it.
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// The words that a reader wrote between `~~` because they are struck out.
pub fn unstruck(text: &str) -> Option<&str> {
    text.trim().strip_prefix(STRUCK)?.strip_suffix(STRUCK)
}

/// A text that is struck out, as it is handed on where nothing else of its cell is left.
pub fn struck(text: &str) -> String {
    format!("{STRUCK}{}{STRUCK}", text.trim())
}

/// Stands around what is struck out, so that it is no word that anything knows, and no number.
const STRUCK: &str = "~~";

/// The number in a worksheet's cell: exact, in the decimals that were stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetNumber {
    /// What is stored, digit by digit; a percentage times 100, as it is shown.
    pub value: Decimal,
    /// The format shows a percent sign.
    pub percent: bool,
    /// The stored digits lie further from what is shown than float noise does.
    pub hides_digits: bool,
}

/// What is odd about a cell; each is told as a finding where the cell matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellNote {
    /// An error value such as `#REF!`.
    ErrorValue,
    /// A formula whose result was never stored.
    FormulaWithoutValue,
    /// A date or time; the text is ISO 8601.
    Date,
    /// A number format that shows another number than is stored: divided by a thousand, with a point or a minus of its own.
    ScaledFormat,
    /// The reader could not make sense of the cell; the text is what the file has.
    Unreadable,
    /// It may be a part of a cell, or several of them; or stand in another column.
    Undivided,
}

/// A cell as a reader hands it to [`Table::new`]: file coordinates from 1.
#[derive(Clone, Debug, Default)]
pub struct PlacedCell {
    /// Row in the file, from 1.
    pub row: u32,
    /// Column in the file, from 1.
    pub column: u32,
    /// Rows covered, at least 1.
    pub row_span: u32,
    /// Columns covered, at least 1.
    pub column_span: u32,
    /// The cell; its own coordinates are filled in by [`Table::new`].
    pub cell: Cell,
}

impl Table {
    /// Builds the grid from cells in any order.
    ///
    /// Where two cells claim one position the first by reading order keeps it; a cell that loses its anchor is dropped.
    /// Rows in which no cell has text are left out; so are columns, where the format tells which cells are merged.
    pub fn new(number: u32, sheet: Option<Arc<str>>, merges_known: bool, mut placed: Vec<PlacedCell>) -> Table {
        placed.sort_by_key(|cell| (cell.row, cell.column));
        let filled = |cell: &&PlacedCell| cell.cell.note.is_some() || !cell.cell.is_blank();
        let mut rows: Vec<u32> = placed.iter().filter(filled).map(|cell| cell.row).collect();
        // Where merges are lost, a blank cell is what is left of one: its column must stay countable.
        let mut columns: Vec<u32> = Vec::new();
        for cell in placed.iter().filter(|cell| !merges_known || filled(cell)) {
            if let Err(at) = columns.binary_search(&cell.column) {
                columns.insert(at, cell.column);
            }
        }
        // They come in the order of reading.
        rows.dedup();

        let drawn = placed.iter().map(|cell| cell.column + cell.column_span.max(1) - 1).max().unwrap_or(0);
        let mut table = Table {
            number,
            sheet,
            hidden: false,
            merges_known,
            drawn,
            turned: false,
            grid: vec![0; rows.len() * columns.len()],
            rows,
            columns,
            cells: Vec::with_capacity(placed.len()),
        };
        for PlacedCell { row, column, row_span, column_span, mut cell } in placed {
            let (top, bottom) = span(&table.rows, row, row_span);
            let (left, right) = span(&table.columns, column, column_span);
            if top == bottom || left == right || table.grid[top * table.columns.len() + left] != 0 {
                continue;
            }
            (cell.row, cell.column, cell.row_span, cell.column_span) = (top, left, bottom - top, right - left);
            cell.wider = column_span as usize > right - left;
            table.cells.push(cell);
            let index = table.cells.len() as u32;
            for r in top..bottom {
                for c in left..right {
                    let spot = &mut table.grid[r * table.columns.len() + c];
                    if *spot == 0 {
                        *spot = index;
                    }
                }
            }
        }
        table
    }

    /// Some rows and columns of it as a table of its own, whose cells keep their places in the file; cells that stand only in
    /// part there are left out.
    pub fn part(&self, rows: Range<usize>, columns: Range<usize>) -> Table {
        let inside = |cell: &&Cell| {
            let (bottom, right) = (cell.row + cell.row_span, cell.column + cell.column_span);
            rows.contains(&cell.row) && bottom <= rows.end && columns.contains(&cell.column) && right <= columns.end
        };
        let in_file = |kept: &[u32], from: usize, span: usize| kept[from + span - 1] - kept[from] + 1;
        let placed = self.cells.iter().filter(inside).map(|cell| PlacedCell {
            row: self.rows[cell.row],
            column: self.columns[cell.column],
            row_span: in_file(&self.rows, cell.row, cell.row_span),
            column_span: in_file(&self.columns, cell.column, cell.column_span),
            cell: cell.clone(),
        });
        let part = Table::new(self.number, self.sheet.clone(), self.merges_known, placed.collect());
        Table { hidden: self.hidden, ..part }
    }

    /// The cell that covers a grid position, counted from 0.
    pub fn at(&self, row: usize, column: usize) -> Option<&Cell> {
        if row >= self.rows.len() || column >= self.columns.len() {
            return None;
        }
        match self.grid[row * self.columns.len() + column] {
            0 => None,
            index => Some(&self.cells[index as usize - 1]),
        }
    }

    /// The text at a grid position; empty where no cell stands.
    pub fn text_at(&self, row: usize, column: usize) -> &str {
        self.at(row, column).map_or("", |cell| &cell.text)
    }

    /// Rows of the two can stand below one another: something stands in the last column of both, or both are drawn with
    /// as many columns, of which `next` fills none that this one leaves blank.
    ///
    /// The part of a table behind a page break often has no value in its last columns. Worksheets draw no last column.
    pub fn has_columns_of(&self, next: &Table) -> bool {
        let told = |table: &Table| table.sheet.is_none() && table.merges_known;
        let drawn_alike = told(self)
            && told(next)
            && self.drawn == next.drawn
            && next.columns.iter().all(|column| self.columns.binary_search(column).is_ok());
        self.columns.last() == next.columns.last() || drawn_alike
    }

    /// Number of grid rows.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// Number of grid columns.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// The cells whose anchor stands in a grid row, left to right.
    pub fn anchored_in(&self, row: usize) -> impl Iterator<Item = &Cell> {
        (0..self.width())
            .filter_map(move |column| self.at(row, column).filter(|cell| cell.row == row && cell.column == column))
    }

    /// Where a cell stands in the file.
    pub fn place(&self, cell: &Cell) -> Place {
        let (mut row, mut column) = (self.rows[cell.row], self.columns[cell.column]);
        if self.turned {
            std::mem::swap(&mut row, &mut column);
        }
        match &self.sheet {
            Some(sheet) => Place::Sheet { sheet: sheet.clone(), row, column, range: None },
            None => Place::Table { table: self.number, row, column, range: None },
        }
    }

    /// The same table on its side: rows become columns. Places stay those of the file.
    pub fn turned(&self) -> Table {
        let (height, width) = (self.height(), self.width());
        let mut turned = self.clone();
        turned.turned = !self.turned;
        std::mem::swap(&mut turned.rows, &mut turned.columns);
        for cell in &mut turned.cells {
            std::mem::swap(&mut cell.row, &mut cell.column);
            std::mem::swap(&mut cell.row_span, &mut cell.column_span);
            cell.wider = false;
        }
        for row in 0..height {
            for column in 0..width {
                turned.grid[column * height + row] = self.grid[row * width + column];
            }
        }
        turned
    }
}

/// The half-open range of kept indexes that a span of file coordinates covers.
fn span(kept: &[u32], start: u32, length: u32) -> (usize, usize) {
    let first = kept.partition_point(|at| *at < start);
    if length <= 1 {
        return (first, first + usize::from(kept.get(first) == Some(&start)));
    }
    let last = kept.partition_point(|at| *at < start.saturating_add(length.max(1)));
    (first, last)
}
