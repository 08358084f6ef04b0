//! The lines of a web page around its article.

use super::Surroundings;
use crate::model::longer_than;

impl Surroundings {
    /// A folded line of a web page around its article: 索引号, 发布日期, 打印, 字号.
    ///
    /// One that speaks of money or percent is none, whatever it begins with.
    pub fn is_page_line(&self, text: &str) -> bool {
        // 2021-08-23 08:50 | 发布者：…
        let dated = |c: char| is_page_mark(c) || c.is_ascii_digit() || matches!(c, '年' | '月' | '日');
        let bare = text.trim_start_matches(dated);
        // 来源于… is the middle of a sentence: behind a short head stands a mark, a number, or another word of pages.
        let heads = |(head, behind): (&str, &str)| {
            let parted =
                behind.is_empty() || behind.starts_with(|c: char| is_page_mark(c) || c.is_ascii_alphanumeric());
            parted || head.chars().count() >= 4 || self.page_lines.begin(behind) || self.page_titles.begin(behind)
        };
        // 日期: begins with a mark of dates itself.
        let begins = self.page_lines.before(bare).any(heads) || self.page_lines.before(text).any(heads);
        let ends = self.page_ends.iter().any(|end| text.ends_with(end.as_str()));
        (begins || ends || self.is_made_of_page_words(bare)) && !longer_than(text, 160) && !text.contains(['元', '%'])
    }

    /// The title of a web page's article, behind the word for it: `名称:某局2021年度部门决算`.
    pub fn page_title<'t>(&self, text: &'t str) -> Option<&'t str> {
        let bare = text.trim_start_matches(is_page_mark);
        let (_, behind) = self.page_titles.before(bare).next()?;
        Some(behind.trim_start_matches(is_page_mark)).filter(|title| title.chars().count() > 4)
    }

    fn is_made_of_page_words(&self, text: &str) -> bool {
        let mut rest = text.trim_end_matches(is_page_mark);
        let some = rest.chars().nth(1).is_some();
        while !rest.is_empty() {
            let Some((_, behind)) = self.page_words.before(rest).next() else { return false };
            rest = behind.trim_start_matches(is_page_mark);
        }
        some
    }
}

/// What parts the words of a web page.
fn is_page_mark(character: char) -> bool {
    matches!(character, '[' | ']' | '【' | '】' | '(' | ')' | ':' | '|' | '>' | '·' | '•' | '-' | '/' | '、')
}
