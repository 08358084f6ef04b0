//! Wording: findings and errors become the sentences that a user reads, in Chinese and in English.
//!
//! *In:* plain data under a stable code. *Out:* one line of text. A new code does not compile until it has its sentence
//! in both languages. Knows no document and prints nothing.

mod finding;
mod names;
mod problem;
mod trace;

pub use finding::finding;
pub use names::{document_status, fate, form, form_status, funding, measure, severity};
pub use problem::problem;
pub use trace::{derived, role, stands};

/// What the one rule says, in Chinese, that no mapping file has.
pub(crate) const SAME_EVERYWHERE: &str = "同一数字在各表、各文件中应一致";

/// The languages that users are spoken to in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 中文
    Chinese,
    /// English
    English,
}

impl Language {
    /// The language of a locale as `LC_ALL`, `LC_MESSAGES` or `LANG` name it: Chinese for `zh…`, else English.
    ///
    /// ```
    /// use juesuan::wording::Language;
    /// assert_eq!(Language::of_locale("zh_CN.UTF-8"), Language::Chinese);
    /// assert_eq!(Language::of_locale("C"), Language::English);
    /// ```
    pub fn of_locale(locale: &str) -> Language {
        let chinese = locale.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("zh"));
        if chinese { Language::Chinese } else { Language::English }
    }

    /// The one of two texts that is in this language.
    pub fn pick<T>(self, chinese: T, english: T) -> T {
        match self {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}

/// A text that may come from a document, made safe for a terminal: control characters become `�`.
pub fn safe(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || is_direction(c) { '\u{fffd}' } else { c }).collect()
}

/// Characters that turn the direction of writing, and so can make one text look like another.
fn is_direction(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}
