//! Text encodings: which one the bytes of a text are in, told without any declaration.
//!
//! Neither validity alone decides: `元` in GBK is valid UTF-8, the UTF-8 bytes of `合计` are valid GB18030. The order in
//! [`decode`] was tried on short labels and whole disclosures in UTF-8, GB18030 and UTF-16 both ways.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::refusal::{Reason, Refusal};

/// A text and the encoding it was in.
#[derive(Debug)]
pub(super) struct Decoded {
    /// Without byte order mark; damaged bytes are U+FFFD.
    pub(super) text: String,
    /// `utf-8`, `utf-16le`, `utf-16be` or `gb18030`.
    pub(super) encoding: &'static str,
}

/// Decodes a text.
///
/// A few damaged bytes never flip a file to another encoding; they become U+FFFD.
///
/// # Errors
/// [`Reason::UnknownType`] where the bytes are no text at all, [`Reason::UnreadableEncoding`] where they are text that
/// makes no sense in any encoding that is supported.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let decoded = by_mark(bytes)
        .or_else(|| if bytes.contains(&0) { utf16(bytes) } else { None })
        .or_else(|| utf8(bytes))
        .or_else(|| damaged_utf8(bytes, 4))
        .or_else(|| gb18030(bytes))
        .or_else(|| damaged_utf8(bytes, 2))
        .or_else(|| utf16(bytes))
        .unwrap_or_else(|| replacing(bytes, GB18030));
    let counts = Counts::of(&decoded.text);
    if counts.noise * 20 > counts.all {
        return Err(Refusal::new(
            Reason::UnknownType,
            "",
            "内容不是文字，可能是图片、程序或被加密软件处理过的文件；请提交 xlsx、docx 或文本文件",
        ));
    }
    let garbled = decoded.encoding == "gb18030" && !reads_as_chinese(bytes);
    if counts.replaced * 10 > counts.all || garbled {
        return Err(Refusal::new(
            Reason::UnreadableEncoding,
            "txt",
            "文字编码不是 UTF-8、UTF-16 或 GB18030，无法读成通顺的文字；请另存为 UTF-8 后再提交",
        ));
    }
    Ok(decoded)
}

/// Decoding by a byte order mark.
fn by_mark(bytes: &[u8]) -> Option<Decoded> {
    if let Some(rest) = bytes.strip_prefix(&[0x84, 0x31, 0x95, 0x33]) {
        return Some(replacing(rest, GB18030));
    }
    let (encoding, length) = Encoding::for_bom(bytes)?;
    Some(replacing(&bytes[length..], encoding))
}

/// UTF-8 that is valid to the last byte. Chinese always has a character from U+0800 up; without one, two bytes that are
/// valid UTF-8 are more likely GBK.
fn utf8(bytes: &[u8]) -> Option<Decoded> {
    let text = simdutf8::basic::from_utf8(bytes).ok()?;
    let is_certain = text.is_ascii() || text.chars().any(|c| c >= '\u{800}') || gb18030(bytes).is_none();
    is_certain.then(|| Decoded { text: text.to_owned(), encoding: "utf-8" })
}

/// UTF-8 with damaged bytes, if each stands against `least` good characters that only UTF-8 has.
fn damaged_utf8(bytes: &[u8], least: usize) -> Option<Decoded> {
    let (mut wide, mut damaged) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        wide += chunk.valid().chars().filter(|c| *c >= '\u{800}').count();
        damaged += usize::from(!chunk.invalid().is_empty());
    }
    (wide > 0 && wide >= damaged * least).then(|| replacing(bytes, UTF_8))
}

/// GB18030 (and so GBK and GB2312) that is valid to the last byte.
fn gb18030(bytes: &[u8]) -> Option<Decoded> {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(Decoded { text: text.into_owned(), encoding: "gb18030" })
}

/// UTF-16 without a mark, in the one byte order that reads as Chinese and ASCII.
fn utf16(bytes: &[u8]) -> Option<Decoded> {
    let zeros = bytes.iter().filter(|byte| **byte == 0).count();
    // Two ASCII letters in a row read as one Chinese character; UTF-16 has a zero beside each of them, and where it has
    // few letters its bytes are not UTF-8 by accident.
    if std::str::from_utf8(bytes).is_ok() && zeros * 3 < bytes.len() {
        return None;
    }
    let [little, big] = [UTF_16LE, UTF_16BE].map(|encoding| {
        let decoded = replacing(bytes, encoding);
        let odd = decoded.text.chars().filter(|c| !is_usual(*c)).count();
        (odd, decoded)
    });
    let ((odd, decoded), (other, _)) = if little.0 <= big.0 { (little, big) } else { (big, little) };
    (odd < other && odd * 50 <= decoded.text.chars().count()).then_some(decoded)
}

fn replacing(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
    let name = match encoding.name() {
        "UTF-8" => "utf-8",
        "UTF-16LE" => "utf-16le",
        "UTF-16BE" => "utf-16be",
        _ => "gb18030",
    };
    Decoded { text: encoding.decode_without_bom_handling(bytes).0.into_owned(), encoding: name }
}

/// Characters of which a Chinese text consists: ASCII, Chinese, full-width, punctuation and signs.
fn is_usual(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{c}' | ' '..='~' | '\u{a0}'..='\u{3ff}' | '\u{2000}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3134f}')
}

/// How much of a text is text.
struct Counts {
    all: usize,
    /// Control characters that no text has.
    noise: usize,
    /// Bytes that the encoding does not know.
    replaced: usize,
}

impl Counts {
    // Over bytes, because every file passes through here.
    fn of(text: &str) -> Counts {
        let bytes = text.as_bytes();
        let is_noise = |byte: &u8| u8::from(matches!(byte, 0..=8 | 0xe..=0x1f | 0x7f));
        // Counted in pieces whose count fits a byte, many bytes at once.
        let of_piece = |piece: &[u8]| piece.iter().map(is_noise).fold(0_u8, u8::wrapping_add);
        let mut noise: usize = bytes.chunks(128).map(|piece| usize::from(of_piece(piece))).sum();
        if bytes.contains(&0xc2) {
            // U+0080 to U+009F but for U+0085, a line end.
            noise += text.chars().filter(|c| matches!(c, '\u{80}'..='\u{9f}') && *c != '\u{85}').count();
        }
        Counts { all: text.chars().count(), noise, replaced: text.matches(char::REPLACEMENT_CHARACTER).count() }
    }
}

/// Whether bytes that are valid GB18030 are Chinese: most of it lies among the 3,755 common characters and the signs of
/// GB2312, where text in another encoding lands only now and then.
fn reads_as_chinese(bytes: &[u8]) -> bool {
    let (mut all, mut common) = (0_usize, 0_usize);
    let mut rest = bytes;
    while let [lead, tail @ ..] = rest {
        rest = tail;
        if *lead < 0x81 {
            continue;
        }
        all += 1;
        if let [trail, tail @ ..] = tail {
            common += usize::from(matches!(lead, 0xa1..=0xa9 | 0xb0..=0xd7) && *trail >= 0xa1);
            rest = tail;
        }
    }
    all < 8 || common * 100 >= all * 45
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: &[&str] =
        &["元", "合计", "决算数", "公务接待费", "“三公”经费", "2023年度部门决算\n单位：万元\n", "①20.47㎡ 〇"];

    fn utf16_bytes(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn short_labels_are_read_in_every_encoding() {
        for label in LABELS {
            let gb = GB18030.encode(label).0;
            for (bytes, encoding) in [(label.as_bytes(), "utf-8"), (&gb, "gb18030")] {
                let decoded = decode(bytes).unwrap();
                assert_eq!((decoded.text.as_str(), decoded.encoding), (*label, encoding));
            }
        }
    }

    #[test]
    fn utf16_is_read_with_and_without_a_mark() {
        let text = "2023年度部门决算\n收、支总计1240.71万元。\n";
        for (little, encoding) in [(true, "utf-16le"), (false, "utf-16be")] {
            for mark in ["", "\u{feff}"] {
                let decoded = decode(&utf16_bytes(&format!("{mark}{text}"), little)).unwrap();
                assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
            }
        }
    }

    #[test]
    fn a_mark_is_not_part_of_the_text() {
        assert_eq!(decode("\u{feff}合计".as_bytes()).unwrap().text, "合计");
        assert_eq!(decode(&[0x84, 0x31, 0x95, 0x33, 0xba, 0xcf]).unwrap().text, "合");
    }

    #[test]
    fn damaged_bytes_do_not_flip_the_encoding() {
        let text = "本年收入合计1240.71万元，其中：财政拨款收入1240.71万元。";
        let mut utf8 = text.as_bytes().to_vec();
        utf8[4] = 0xff;
        let decoded = decode(&utf8).unwrap();
        assert_eq!(decoded.encoding, "utf-8");
        assert!(decoded.text.contains("收入合计1240.71万元") && decoded.text.contains('\u{fffd}'));

        let mut gb = GB18030.encode(text).0.into_owned();
        gb[4] = 0xff;
        let decoded = decode(&gb).unwrap();
        assert_eq!(decoded.encoding, "gb18030");
        assert!(decoded.text.contains("1240.71万元") && decoded.text.contains('\u{fffd}'));

        let mut cut = text.as_bytes().to_vec();
        cut.pop();
        assert_eq!(decode(&cut).unwrap().encoding, "utf-8");
        // Much ASCII, little Chinese, a NUL.
        let mostly_ascii = format!("{}合计\0", "a,1240.71\n".repeat(500));
        assert_eq!(decode(mostly_ascii.as_bytes()).unwrap().encoding, "utf-8");
    }

    #[test]
    fn what_is_no_text_or_no_chinese_is_refused() {
        let noise: Vec<u8> = (0..4000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let big5 = encoding_rs::BIG5.encode("財政撥款收入支出決算總表，本年收入合計，本年支出合計").0.into_owned();
        for (bytes, reason) in [(noise, Reason::UnknownType), (big5, Reason::UnreadableEncoding)] {
            assert_eq!(decode(&bytes).unwrap_err().reason, reason);
        }
    }
}
