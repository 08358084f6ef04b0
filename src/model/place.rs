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

impl Place {
    /// Adds the place to `text` as a person would look it up; every row of a dataset has one, so it is written by hand.
    pub fn push_to(&self, text: &mut String) {
        let range = match self {
            Place::Sheet { sheet, row, column, range } => {
                text.push_str(sheet);
                text.push('!');
                push_letters(text, *column);
                push_number(text, *row);
                range
            }
            Place::Table { table, row, column, range } => {
                text.push_str("table ");
                push_number(text, *table);
                text.push_str(" r");
                push_number(text, *row);
                text.push('c');
                push_number(text, *column);
                range
            }
            Place::Paragraph { paragraph, range } => {
                text.push_str("paragraph ");
                push_number(text, *paragraph);
                range
            }
        };
        if let Some((start, end)) = range {
            text.push_str(" [");
            push_number(text, *start);
            text.push_str("..");
            push_number(text, *end);
            text.push(']');
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push_to(&mut text);
        f.write_str(&text)
    }
}

/// Adds a number in decimal digits.
fn push_number(text: &mut String, number: u32) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// Adds the letters of a column, counted from 1.
fn push_letters(text: &mut String, column: u32) {
    if column > 0 {
        push_letters(text, (column - 1) / 26);
        text.push(char::from(b'A' + ((column - 1) % 26) as u8));
    }
}

/// The letters of a worksheet's column, counted from 1: `1` is `A`, `28` is `AB`.
pub fn column_letters(column: u32) -> String {
    let mut letters = String::new();
    push_letters(&mut letters, column);
    letters
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
