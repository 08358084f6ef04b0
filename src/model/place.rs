use std::fmt;
use std::sync::Arc;

/// Where something stands in its document, as a person would look it up.
///
/// Rows, columns, tables and paragraphs count from 1; ranges count characters from 0, the end excluded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A cell of a worksheet: `公开01表!C7`.
    Sheet {
        /// The name of the worksheet.
        sheet: Arc<str>,
        /// Row of the worksheet, from 1.
        row: u32,
        /// Column of the worksheet, from 1.
        column: u32,
        /// The characters of the cell that are meant, where it is not the whole cell.
        range: Option<(u32, u32)>,
    },
    /// A cell of a table in running text: `table 3 r5c2`.
    Table {
        /// Number of the table in the document, from 1.
        table: u32,
        /// Row of the table, from 1.
        row: u32,
        /// Grid column of the table, from 1.
        column: u32,
        /// The characters of the cell that are meant, where it is not the whole cell.
        range: Option<(u32, u32)>,
    },
    /// Characters of a paragraph: `paragraph 41 [5..12]`.
    Paragraph {
        /// Number of the paragraph in the document, from 1.
        paragraph: u32,
        /// The characters that are meant, where it is not the whole paragraph.
        range: Option<(u32, u32)>,
    },
}

impl Place {
    /// The same cell or paragraph, narrowed to the characters `start..end` of its text.
    pub fn narrowed(&self, start: usize, end: usize) -> Place {
        let narrow = Some((start as u32, end as u32));
        let mut place = self.clone();
        match &mut place {
            Place::Sheet { range, .. } | Place::Table { range, .. } | Place::Paragraph { range, .. } => *range = narrow,
        }
        place
    }

    /// The whole cell or paragraph that this place is in.
    pub fn whole(&self) -> Place {
        let mut place = self.clone();
        match &mut place {
            Place::Sheet { range, .. } | Place::Table { range, .. } | Place::Paragraph { range, .. } => *range = None,
        }
        place
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let range = match self {
            Place::Sheet { sheet, row, column, range } => {
                write!(f, "{sheet}!{}{row}", column_letters(*column))?;
                range
            }
            Place::Table { table, row, column, range } => {
                write!(f, "table {table} r{row}c{column}")?;
                range
            }
            Place::Paragraph { paragraph, range } => {
                write!(f, "paragraph {paragraph}")?;
                range
            }
        };
        match range {
            Some((start, end)) => write!(f, " [{start}..{end}]"),
            None => Ok(()),
        }
    }
}

/// The letters of a worksheet's column, counted from 1: `1` is `A`, `28` is `AB`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    letters.iter().rev().map(|letter| *letter as char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_a_worksheet() {
        for (column, letters) in
            [(1, "A"), (26, "Z"), (27, "AA"), (28, "AB"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn places_read_as_a_person_would_look_them_up() {
        let cell = Place::Sheet { sheet: "公开01表".into(), row: 7, column: 3, range: None };
        assert_eq!(cell.to_string(), "公开01表!C7");
        assert_eq!(cell.narrowed(2, 5).to_string(), "公开01表!C7 [2..5]");
        assert_eq!(Place::Table { table: 3, row: 5, column: 2, range: None }.to_string(), "table 3 r5c2");
        assert_eq!(Place::Paragraph { paragraph: 41, range: Some((5, 12)) }.to_string(), "paragraph 41 [5..12]");
    }
}
