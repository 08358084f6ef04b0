//! The columns of a table that blanks align, where its numbers tell them.
//!
//! Numbers that stand exactly below one another are a column; what stands between two such columns are the labels of one more.
//! Where numbers stand below one another by their ends, their beginnings or their middles, nothing else can have put them
//! there. A table in which a number stands out of line, or below no word of the header, is not divided.

mod header;

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use self::header::{add_blank, headed, numbers_of_columns, over};
use super::lines::Kind;
use super::{Reader, is_amount};
use crate::model::{Cell, Ordinal, PlacedCell, fold, split_ordinal};

/// No table has more columns, nor a header more lines; they bound the time on texts made to be slow.
const MOST_COLUMNS: usize = 64;
const MOST_HEADER_LINES: usize = 32;
const MOST_STEPS: usize = 20_000;

/// What a character is wide: converters count what a screen shows, or characters.
type Measure = fn(char) -> usize;

/// What stands together in a line.
#[derive(Clone, Debug)]
struct Piece {
    text: String,
    offset: usize,
    /// Where it stands in its line.
    at: Range<usize>,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Words,
    /// A number with decimals.
    Decimal,
    /// A code, the number of a row, a count.
    Whole,
    /// A dash where a number may stand.
    Nothing,
}

/// A column: numbers or labels.
#[derive(Clone, Debug)]
struct Column {
    at: Range<usize>,
    kind: ColumnKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColumnKind {
    Amounts,
    Codes,
    Labels,
    /// Nothing stands below its header.
    Blank,
}

/// A table that is divided: the lines that it takes, and its cells.
pub(super) struct Divided {
    pub(super) height: usize,
    pub(super) cells: Vec<PlacedCell>,
}

impl Reader<'_> {
    /// Divides the lines of a table into cells, if its numbers tell where its columns are.
    pub(super) fn divided(&self, start: usize, height: usize) -> Option<Divided> {
        let screen: Measure = |character| character.width().unwrap_or(0);
        let characters: Measure = |_| 1;
        let mut found = [screen, characters].into_iter().filter_map(|measure| self.divided_by(start, height, measure));
        let first = found.next()?;
        let same = |other: &Divided| {
            let spots = |divided: &Divided| -> Vec<(u32, u32, Option<usize>)> {
                divided.cells.iter().map(|cell| (cell.row, cell.column, cell.cell.offset)).collect()
            };
            spots(other) == spots(&first)
        };
        found.all(|other| same(&other)).then_some(first)
    }

    fn divided_by(&self, start: usize, height: usize, measure: Measure) -> Option<Divided> {
        let mut lines: Vec<Vec<Piece>> = Vec::with_capacity(height);
        let mut body: Option<usize> = None;
        for at in start..start + height {
            if body.is_some() && self.lines[at].kind == Kind::Plain && is_page_number(self.line(at)) {
                break;
            }
            lines.push(self.fragments(at, measure));
            body = body.or_else(|| lines.last().filter(|line| is_body(line)).map(|_| lines.len() - 1));
        }
        let mut cells = arranged(&lines, body?)?;
        cells.sort_by_key(|cell| (cell.row, cell.column));
        Some(Divided { height: lines.len(), cells })
    }

    /// What two blanks part in a line, or one beside a number.
    fn fragments(&self, at: usize, measure: Measure) -> Vec<Piece> {
        let line = &self.lines[at];
        let mut pieces: Vec<Piece> = Vec::new();
        let (mut column, mut blanks) = (0, 2);
        for (index, character) in self.line(at).chars().enumerate() {
            let width = measure(character);
            if character.is_whitespace() {
                blanks += width.max(1);
            } else {
                match pieces.last_mut().filter(|_| blanks == 0) {
                    Some(piece) => {
                        piece.text.push(character);
                        piece.at.end = column + width;
                    }
                    None => pieces.push(Piece {
                        text: character.to_string(),
                        offset: line.offset + index,
                        at: column..column + width,
                        shape: Shape::Words,
                    }),
                }
                blanks = 0;
            }
            column += width;
        }
        pieces.iter_mut().for_each(|piece| piece.shape = shape(&piece.text));
        let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match joined.last_mut().filter(|last| goes_on(last, &piece)) {
                Some(last) => {
                    last.text.push(' ');
                    last.text.push_str(&piece.text);
                    last.at.end = piece.at.end;
                    last.shape = Shape::Words;
                }
                None => joined.push(piece),
            }
        }
        joined
    }
}

/// A blank parts two words of one cell, or the thousands of a number.
fn goes_on(last: &Piece, piece: &Piece) -> bool {
    let is_group = piece.text.bytes().take_while(u8::is_ascii_digit).count() == 3;
    piece.at.start <= last.at.end + 1
        && match (last.shape, piece.shape) {
            (Shape::Words, Shape::Words) => true,
            (Shape::Whole, Shape::Whole | Shape::Decimal) => is_group && last.text.len() <= 3,
            _ => false,
        }
}

fn shape(text: &str) -> Shape {
    if text.chars().all(|c| matches!(c, '-' | '—' | '–' | '－' | '*' | '/')) {
        return Shape::Nothing;
    }
    match is_amount(text) {
        true if text.contains('.') => Shape::Decimal,
        true => Shape::Whole,
        false => Shape::Words,
    }
}

fn is_number(piece: &&Piece) -> bool {
    matches!(piece.shape, Shape::Decimal | Shape::Whole)
}

/// A line with an amount.
fn is_body(line: &[Piece]) -> bool {
    line.iter().any(|piece| piece.shape == Shape::Decimal)
}

/// 栏次 1 2 3: the numbers of columns.
fn counts(line: &[Piece]) -> bool {
    let numbers: Vec<&str> = line.iter().filter(is_number).map(|piece| piece.text.as_str()).collect();
    numbers.len() > 1 && numbers.iter().enumerate().all(|(at, number)| *number == (at + 1).to_string())
}

/// `- 9 -`, `第 9 页`, `9`, alone in a line.
pub(super) fn is_page_number(line: &str) -> bool {
    let text = line.trim().trim_start_matches('第').trim_end_matches('页');
    let digits = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '—' | '－'));
    (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

fn widen(at: &mut Range<usize>, by: &Range<usize>) {
    *at = at.start.min(by.start)..at.end.max(by.end);
}

/// The cells of a table whose first amount stands in line `body`.
fn arranged(lines: &[Vec<Piece>], body: usize) -> Option<Vec<PlacedCell>> {
    let (header, rows) = lines.split_at(body);
    if body > MOST_HEADER_LINES || header.iter().any(|line| line.len() > MOST_COLUMNS) {
        return None;
    }
    let numbered = header.iter().position(|line| counts(line)).unwrap_or(body);
    let (words, between) = header.split_at(numbered);
    if words.iter().flatten().any(|piece| piece.shape != Shape::Words)
        || between.iter().skip(1).any(|line| !line.is_empty())
    {
        return None;
    }
    let mut columns = number_columns(rows)?;
    add_labels(&mut columns, rows)?;
    add_blank(&mut columns, words)?;
    let mut cells = headed(&columns, words)?;
    if let Some(line) = between.first() {
        cells.extend(numbers_of_columns(&columns, line, numbered)?);
    }
    cells.extend(body_cells(&columns, rows, body)?);
    add_blanks(&mut cells, columns.len() as u32);
    Some(cells)
}

/// Puts a blank cell where nothing stands in a row.
fn add_blanks(cells: &mut Vec<PlacedCell>, width: u32) {
    let mut rows: Vec<(u32, Vec<bool>)> = Vec::new();
    for cell in cells.iter() {
        if rows.last().is_none_or(|(row, _)| *row != cell.row) {
            rows.push((cell.row, vec![false; width as usize]));
        }
        if let Some((_, filled)) = rows.last_mut() {
            (cell.column..cell.column + cell.column_span).for_each(|column| filled[column as usize - 1] = true);
        }
    }
    for (row, filled) in rows {
        let blank = filled.iter().enumerate().filter(|(_, filled)| !**filled);
        cells.extend(blank.map(|(column, _)| PlacedCell {
            row,
            column: column as u32 + 1,
            row_span: 1,
            column_span: 1,
            cell: Cell::default(),
        }));
    }
}

/// Numbers that stand below one another.
fn number_columns(rows: &[Vec<Piece>]) -> Option<Vec<Column>> {
    let mut numbers: Vec<&Piece> = rows.iter().flatten().filter(|piece| piece.shape != Shape::Words).collect();
    numbers.sort_by_key(|piece| piece.at.start);
    let mut groups: Vec<(Range<usize>, Vec<&Piece>)> = Vec::new();
    for piece in numbers {
        match groups.last_mut().filter(|(at, _)| overlap(at, &piece.at)) {
            Some((at, group)) => {
                widen(at, &piece.at);
                group.push(piece);
            }
            None => groups.push((piece.at.clone(), vec![piece])),
        }
    }
    let once = |at: &Range<usize>| {
        rows.iter()
            .all(|row| row.iter().filter(|piece| piece.shape != Shape::Words && overlap(at, &piece.at)).count() < 2)
    };
    if groups.len() > MOST_COLUMNS {
        return None;
    }
    let are_columns = groups.iter().all(|(at, group)| in_line(group) && once(at));
    let column = |(at, group): (Range<usize>, Vec<&Piece>)| {
        let is_amounts = group.iter().any(|piece| piece.shape == Shape::Decimal || piece.shape == Shape::Nothing);
        Column { at, kind: if is_amounts { ColumnKind::Amounts } else { ColumnKind::Codes } }
    };
    are_columns.then(|| groups.into_iter().map(column).collect())
}

/// Their ends, their beginnings or their middles stand below one another.
fn in_line(group: &[&Piece]) -> bool {
    const OUT_OF_LINE: usize = 1;
    let is_even = |place: fn(&Piece) -> usize, slack: usize| {
        let places = || group.iter().copied().filter(is_number).map(place);
        let (least, most) = (places().min().unwrap_or(0), places().max().unwrap_or(0));
        most - least <= slack
    };
    is_even(|piece| piece.at.end, OUT_OF_LINE)
        || is_even(|piece| piece.at.start, OUT_OF_LINE)
        || is_even(|piece| piece.at.start + piece.at.end, 2 * OUT_OF_LINE)
}

/// Adds the columns of labels: one between two columns of numbers.
fn add_labels(columns: &mut Vec<Column>, rows: &[Vec<Piece>]) -> Option<()> {
    let mut labels: Vec<Option<Range<usize>>> = vec![None; columns.len() + 1];
    for piece in rows.iter().flatten().filter(|piece| piece.shape == Shape::Words) {
        // A total's label may be merged over a code, or further.
        if columns.iter().any(|column| overlap(&column.at, &piece.at)) {
            continue;
        }
        let gap = columns.iter().filter(|column| column.at.end <= piece.at.start).count();
        match &mut labels[gap] {
            Some(at) => widen(at, &piece.at),
            none => *none = Some(piece.at.clone()),
        }
    }
    // An amount that has moved among the labels makes no column there.
    let is_amongst_labels = |column: &Column| {
        let with = |shapes: fn(Shape) -> bool| {
            let over = |piece: &&Piece| shapes(piece.shape) && overlap(&piece.at, &column.at);
            rows.iter().flatten().filter(over).count()
        };
        column.kind == ColumnKind::Amounts && with(|shape| shape == Shape::Words) >= with(|shape| shape != Shape::Words)
    };
    if columns.iter().any(is_amongst_labels) {
        return None;
    }
    for (gap, at) in labels.into_iter().enumerate().rev() {
        if let Some(at) = at {
            columns.insert(gap, Column { at, kind: ColumnKind::Labels });
        }
    }
    let is_row = |row: &&Vec<Piece>| !row.is_empty();
    (columns.iter().any(|column| column.kind == ColumnKind::Labels) || rows.iter().filter(is_row).count() == 1)
        .then_some(())
}

fn placed(row: usize, columns: Range<usize>, piece: &Piece) -> PlacedCell {
    PlacedCell {
        row: row as u32 + 1,
        column: columns.start as u32 + 1,
        row_span: 1,
        column_span: columns.len() as u32,
        cell: Cell { text: piece.text.as_str().into(), offset: Some(piece.offset), ..Cell::default() },
    }
}

/// The cells of the rows. Words of a label that stand alone in their line go on with the label above.
fn body_cells(columns: &[Column], rows: &[Vec<Piece>], body: usize) -> Option<Vec<PlacedCell>> {
    let mut cells: Vec<PlacedCell> = Vec::new();
    let mut above: Vec<Option<(usize, &Piece)>> = vec![None; columns.len()];
    for (at, line) in rows.iter().enumerate() {
        let has_numbers = line.iter().any(|piece| piece.shape != Shape::Words);
        if has_numbers {
            above.fill(None);
        }
        for piece in line {
            let covered = over(columns, piece)?;
            let column = covered.start;
            let is_label =
                covered.len() == 1 && columns[column].kind == ColumnKind::Labels && piece.shape == Shape::Words;
            let label = above[column].filter(|(_, first)| {
                let is_rest = is_full(first, &columns[column]) && !is_full(piece, &columns[column]);
                is_rest || begins_anew(columns, column, &rows[at + 1..])
            });
            if let Some((label, _)) = label.filter(|_| !has_numbers && is_label && !has_ordinal(&piece.text)) {
                let cell = &mut cells[label].cell;
                cell.text = format!("{}\n{}", cell.text, piece.text).into();
                continue;
            }
            let end = |cell: &PlacedCell| cell.column + cell.column_span;
            if cells.last().is_some_and(|cell| cell.row as usize == body + at + 1 && end(cell) > column as u32 + 1) {
                return None;
            }
            // Words alone in their line may be the first of a label whose number stands beside its second.
            above[column] = (is_label && (has_numbers || has_ordinal(&piece.text))).then_some((cells.len(), piece));
            cells.push(placed(body + at, covered, piece));
        }
    }
    Some(cells)
}

/// The words reach from one side of their column to the other: they may go on in the next line.
fn is_full(piece: &Piece, column: &Column) -> bool {
    const ONE_CHARACTER: usize = 2;
    piece.at.len() + ONE_CHARACTER >= column.at.len()
}

/// The next row with numbers has a label in this column that cannot have begun above: an ordinal leads it, or a code stands
/// before it; or there is none.
fn begins_anew(columns: &[Column], column: usize, rows: &[Vec<Piece>]) -> bool {
    const FARTHEST: usize = 16;
    let mut near = rows.iter().take(FARTHEST);
    let Some(row) = near.find(|row| row.iter().any(|piece| is_number(&piece))) else { return rows.len() <= FARTHEST };
    let label = row.iter().find(|piece| piece.shape == Shape::Words && overlap(&piece.at, &columns[column].at));
    let before = column.checked_sub(1).map(|before| &columns[before]);
    let has_code = before.is_some_and(|before| {
        before.kind == ColumnKind::Codes && row.iter().any(|piece| is_number(&piece) && overlap(&piece.at, &before.at))
    });
    label.is_none_or(|label| has_code || has_ordinal(&label.text)) && (label.is_some() || has_code)
}

/// 二、 or （二） or 2. before a label.
fn has_ordinal(text: &str) -> bool {
    split_ordinal(&fold(text)).0 != Ordinal::None
}
