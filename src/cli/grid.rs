use unicode_width::UnicodeWidthStr;

/// On which side a column's cells stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// For words.
    Left,
    /// For numbers.
    Right,
}

/// Rows as aligned text: Chinese characters are two wide. Rows may be shorter than `sides`.
pub(crate) fn aligned(rows: &[Vec<String>], sides: &[Side], indent: &str) -> String {
    let mut widths = vec![0; sides.len()];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = indent.to_owned();
        for (at, cell) in row.iter().enumerate() {
            let gap = " ".repeat(widths.get(at).map_or(0, |width| width - cell.width().min(*width)));
            match sides.get(at) {
                Some(Side::Right) => line.push_str(&format!("{gap}{cell}  ")),
                _ => line.push_str(&format!("{cell}{gap}  ")),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A text of at most `width` columns, cut with `…`.
pub(crate) fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += unicode_width::UnicodeWidthChar::width(character).unwrap_or_default();
        if used > width {
            break;
        }
        short.push(character);
    }
    short + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_columns_stand_below_each_other() {
        let rows = [["公务接待费", "12.96"], ["合计", "1240.71"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(aligned(&rows, &[Side::Left, Side::Right], ""), "公务接待费    12.96\n合计        1240.71\n");
    }

    #[test]
    fn long_texts_are_cut_by_width_and_not_by_characters() {
        assert_eq!(shortened("公务接待费", 10), "公务接待费");
        assert_eq!(shortened("公务接待费支出", 10), "公务接待…");
    }
}
