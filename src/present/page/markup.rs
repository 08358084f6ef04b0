//! Texts and places as the page shows them, safe against whatever a document holds.

use crate::model::Place;
use crate::wording::{self, Language};

/// A text as HTML shows it, inside an element and inside a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in wording::safe(&text.replace(['\r', '\n', '\t'], " ")).chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

/// A word of the page in both languages; the style shows one of them.
pub(super) fn both(chinese: &str, english: &str) -> String {
    if chinese == english {
        return escaped(chinese);
    }
    format!("<span class=\"zh\">{}</span><span class=\"en\">{}</span>", escaped(chinese), escaped(english))
}

/// What `say` says in Chinese and in English, for the page's script.
pub(super) fn both_plain(say: impl Fn(Language) -> String) -> serde_json::Value {
    serde_json::json!([say(Language::Chinese), say(Language::English)])
}

/// What a function of `wording` says in both languages.
pub(super) fn said<'a>(say: impl Fn(Language) -> &'a str) -> String {
    both(say(Language::Chinese), say(Language::English))
}

/// A link to a place on the page.
pub(super) fn link(place: &Place) -> String {
    format!("<a href=\"#{}\">{}</a>", anchor(place), escaped(&place.to_string()))
}

/// The id of the element in which a place stands.
pub(super) fn anchor(place: &Place) -> String {
    match place {
        Place::Paragraph { paragraph, .. } => format!("p{paragraph}"),
        Place::Table { table, row, column, .. } => format!("t{table}r{row}c{column}"),
        // The name of a sheet may hold anything: its bytes are written out.
        Place::Sheet { sheet, row, column, .. } => {
            let name: String = sheet.bytes().map(|byte| format!("{byte:02x}")).collect();
            format!("s{name}r{row}c{column}")
        }
    }
}
