//! The charset of a page: the bytes decide, and a declaration that says otherwise is told.

use encoding_rs::Encoding;

use crate::model::{Finding, FindingCode};
use crate::read::encoding::{self, Decoded};
use crate::read::refusal::{Reason, Refusal};

/// How far into a page a declaration is looked for.
const HEAD: usize = 4096;

/// Decodes a page. `declared` is what stands outside of it, in a header; else its own declaration is looked for.
///
/// A charset that the bytes cannot tell (Big5) is taken from the declaration, if every byte agrees.
///
/// # Errors
/// As [`encoding::decode`].
pub(super) fn decode(
    bytes: &[u8],
    declared: Option<&str>,
    format: &'static str,
) -> Result<(Decoded, Option<Finding>), Refusal> {
    let label = declared.map(str::to_owned).or_else(|| declared_in(bytes));
    let encoding = label.as_deref().and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let decoded = match (encoding::decode(bytes), encoding) {
        (Ok(decoded), _) => decoded,
        (Err(refusal), Some(encoding)) if refusal.reason == Reason::UnreadableEncoding => {
            let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
            let text = text.ok_or(Refusal { format, ..refusal })?;
            return Ok((Decoded { text: text.into_owned(), encoding: encoding.name() }, None));
        }
        (Err(refusal), _) => return Err(Refusal { format, ..refusal }),
    };
    let disagrees = match encoding {
        Some(encoding) if !decoded.text.is_ascii() => family(encoding.name()) != family(decoded.encoding),
        _ => false,
    };
    let finding = disagrees.then(|| {
        Finding::new(FindingCode::DeclaredEncoding, "")
            .with_expected(label.unwrap_or_default())
            .with_actual(decoded.encoding)
    });
    Ok((decoded, finding))
}

/// Encodings that one declaration stands for: GB2312, GBK and GB18030 are used for one another.
fn family(encoding: &str) -> &'static str {
    match encoding {
        "GBK" | "GB18030" | "gb18030" => "gb",
        "UTF-8" | "utf-8" => "utf-8",
        "UTF-16LE" | "UTF-16BE" | "utf-16le" | "utf-16be" => "utf-16",
        _ => "other",
    }
}

/// The charset that a page declares in its head, in `<meta>` or in an XML declaration.
fn declared_in(bytes: &[u8]) -> Option<String> {
    let head: Vec<u8> = bytes.iter().take(HEAD).filter(|byte| **byte != 0).map(u8::to_ascii_lowercase).collect();
    let head = String::from_utf8_lossy(&head);
    let in_xml = head
        .trim_start()
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split_once("?>"))
        .and_then(|(declaration, _)| value_behind(declaration, "encoding"));
    head.split("<meta").skip(1).find_map(|meta| value_behind(meta.split('>').next()?, "charset")).or(in_xml)
}

/// What stands behind a word and an equals sign, without quotes.
fn value_behind(text: &str, word: &str) -> Option<String> {
    let (_, rest) = text.split_once(word)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '/' | '>')).unwrap_or(rest.len());
    Some(rest[..end].to_owned()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_however_they_are_written() {
        for (page, charset) in [
            ("<meta charset=gbk>", Some("gbk")),
            ("<META http-equiv=Content-Type content=\"text/html; charset=GB2312\">", Some("gb2312")),
            ("<meta name=a content=b><meta charset = 'utf-8' />", Some("utf-8")),
            ("<?xml version=\"1.0\" encoding=\"GB18030\"?><html>", Some("gb18030")),
            ("<html><p>charset=gbk", None),
        ] {
            assert_eq!(declared_in(page.as_bytes()).as_deref(), charset, "{page}");
        }
    }

    #[test]
    fn a_declaration_that_the_bytes_contradict_is_told() {
        let gbk = |declared: &str| {
            encoding_rs::GBK.encode(&format!("<meta charset={declared}><p>本年收入合计")).0.into_owned()
        };
        for (bytes, encoding, told) in [
            (gbk("gb2312"), "gb18030", false),
            (gbk("utf-8"), "gb18030", true),
            (gbk("iso-8859-1"), "gb18030", true),
            ("<meta charset=gbk><p>本年收入合计".into(), "utf-8", true),
            ("<meta charset=nonsense><p>本年收入合计".into(), "utf-8", false),
            (b"<meta charset=gbk><p>&#21512;&#35745;".to_vec(), "utf-8", false),
        ] {
            let (decoded, finding) = decode(&bytes, None, "html").unwrap();
            assert_eq!((decoded.encoding, finding.is_some()), (encoding, told), "{}", decoded.text);
        }
    }

    #[test]
    fn a_charset_that_bytes_cannot_tell_is_taken_from_the_declaration() {
        let page = "<meta charset=big5><p>財政撥款收入支出決算總表，本年收入合計，本年支出合計";
        let bytes = encoding_rs::BIG5.encode(page).0;
        assert_eq!(decode(&bytes, None, "html").unwrap().0.text, page);
    }
}
