//! What is copied out of the source of a page or of Markdown: characters by their names (`&nbsp;`), and the `**` of bold type amid a line.
//!
//! Each stands for as many characters as it was written with, those too many being ones that say nothing, so that every place in the
//! text stays the place in the file.

use std::borrow::Cow;

/// A character without width and meaning.
const NOTHING: char = '\u{200b}';

/// Characters by the names that pages give them.
const NAMED: [(&str, char); 15] = [
    ("&nbsp;", ' '),
    ("&ensp;", ' '),
    ("&emsp;", ' '),
    ("&thinsp;", ' '),
    ("&#160;", ' '),
    ("&ldquo;", '“'),
    ("&rdquo;", '”'),
    ("&lsquo;", '‘'),
    ("&rsquo;", '’'),
    ("&quot;", '"'),
    ("&mdash;", '—'),
    ("&middot;", '·'),
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
];

/// A text with the characters that it writes by their names.
pub(super) fn with_named_characters(text: String) -> String {
    if !text.contains('&') {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('&') {
        let (before, behind) = rest.split_at(at);
        plain.push_str(before);
        let named = NAMED.iter().find(|(name, _)| behind.starts_with(name));
        let (written, character) = named.map_or((1, '&'), |(name, character)| (name.len(), *character));
        let filler = if character == ' ' { ' ' } else { NOTHING };
        plain.push(character);
        plain.extend(std::iter::repeat_n(filler, written - 1));
        rest = &behind[written..];
    }
    plain.push_str(rest);
    plain
}

/// A line without the marks of bold type amid it: `收入合计**80.00**万元`. `**` may also stand where a number, a year or a name was left out
/// (`支出**万元`): a line in which one does is left as it is.
pub(super) fn without_bold(line: &str) -> Cow<'_, str> {
    const MARK: &str = "**";
    if !line.contains(MARK) || line.contains("***") {
        return line.into();
    }
    let pieces: Vec<&str> = line.split(MARK).collect();
    // Plain and bold by turns, plain at both ends.
    let is_bold = |(at, piece): (usize, &&str)| at % 2 == 0 || is_bold_type(piece, pieces.get(at + 1).copied());
    // 2**3年
    let parts_digits = |pair: &[&str]| {
        pair[0].ends_with(|c: char| c.is_ascii_digit()) && pair[1].starts_with(|c: char| c.is_ascii_digit())
    };
    if pieces.len().is_multiple_of(2) || pieces.windows(2).any(parts_digits) || !pieces.iter().enumerate().all(is_bold)
    {
        return line.into();
    }
    pieces.join(&NOTHING.to_string().repeat(MARK.len())).into()
}

/// What stands between two marks is words or an amount, not what is between two gaps: 万元，比上年增加.
fn is_bold_type(piece: &str, behind: Option<&str>) -> bool {
    let counts =
        |text: &str| text.starts_with(['元', '万', '亿', '%', '％', '年', '月', '个', '辆', '人', '批', '台', '次']);
    let ends_as_number = piece.ends_with(|c: char| c.is_ascii_digit());
    let begins_words = ["年初", "年末", "年度结", "个人", "人员"].iter().any(|word| piece.starts_with(word));
    piece.trim() == piece
        && piece.chars().nth(1).is_some()
        && !piece.starts_with(|c: char| c.is_ascii_punctuation() || "，。、；：）".contains(c))
        && (begins_words || !counts(piece))
        && (ends_as_number || !behind.is_some_and(counts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_write_by_name_is_a_character_in_its_place() {
        for (written, expected) in [
            ("收入&nbsp;80", "收入 80"),
            ("&ldquo;三公&rdquo;经费", "“三公”经费"),
            ("R&D 80 &lt;30&gt;", "R&D 80 <30>"),
        ] {
            let plain = with_named_characters(written.to_owned());
            assert_eq!(plain.chars().count(), written.chars().count(), "{written}");
            let shown: Vec<&str> = plain.split(' ').filter(|piece| !piece.is_empty()).collect();
            assert_eq!(shown.join(" ").replace(NOTHING, ""), expected);
        }
    }

    #[test]
    fn bold_type_is_no_part_of_a_line() {
        for line in [
            "本年收入合计**80.00**万元",
            "**收入总计**80.00万元，比上年**增加5.00万元**。",
            "**年初结转和结余**5.00万元",
            "占**8.00%**；",
        ] {
            let plain = without_bold(line);
            assert_eq!(plain.replace(NOTHING, ""), line.replace("**", ""));
            assert_eq!(plain.chars().count(), line.chars().count());
        }
    }

    #[test]
    fn what_was_left_out_is_no_bold_type() {
        for line in [
            "支出**万元，比上年增加**万元。",
            "**年收入80.00万元，比**年增加5.00万元。",
            "支出**万元，比上年**增加5.00万元。",
            "**镇**村支出80.00万元。",
            "共有车辆**辆，其中轿车**辆。",
            "占**%，增长** %。",
            "****支出80.00万元",
            "支出80.00万元**",
            "2**3年支出80.00万元，比2**2年增加5.00万元。",
        ] {
            assert_eq!(without_bold(line), line);
        }
    }
}
