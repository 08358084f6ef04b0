//! Bytes that are Chinese where the format has Western letters.

use encoding_rs::GB18030;

/// A text of which only the low bytes are stored: U+0000 to U+00FF.
///
/// Some programs put GBK there. It is taken for that only where it cannot well be anything else.
pub(super) fn narrow_text(bytes: &[u8]) -> String {
    let chinese = if is_surely_gbk(bytes) { chinese_text(bytes) } else { None };
    chinese.unwrap_or_else(|| bytes.iter().map(|byte| char::from(*byte)).collect())
}

/// Whether all bytes beyond ASCII come in pairs of the older GB 2312, and two such pairs stand side by side: words such
/// as `Operações` have one, by chance.
fn is_surely_gbk(bytes: &[u8]) -> bool {
    let mut longest = 0;
    for run in bytes.split(u8::is_ascii).filter(|run| !run.is_empty()) {
        if run.len() % 2 != 0 || run.iter().any(|byte| *byte < 0xa1) {
            return false;
        }
        longest = longest.max(run.len());
    }
    longest >= 4
}

/// The text in GB18030, if it is one and all of it beyond ASCII is Chinese.
pub(super) fn chinese_text(bytes: &[u8]) -> Option<String> {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    let is_chinese = |character: char| {
        matches!(character,
            '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{2000}'..='\u{27ff}' | '\u{3000}'..='\u{303f}'
            | '\u{ff00}'..='\u{ffef}' | '·' | '×' | '÷' | '±' | '°' | '§')
    };
    text.chars().all(|character| character.is_ascii() || is_chinese(character)).then(|| text.into_owned())
}
