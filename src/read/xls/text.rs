//! How texts are written: UTF-16, its low bytes alone, or bytes of a code page that is often not told.

use encoding_rs::{Encoding, GB18030};

use super::narrow::chinese_text;
use super::records::{Record, Records, u16_at};
use super::{XLS, damaged, encrypted, record};
use crate::read::{Reason, Refusal};

/// How a workbook's texts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextForm {
    /// Excel 97 and later: UTF-16, or its low bytes alone.
    Unicode,
    /// Excel 5 and 95: bytes of a code page.
    Bytes(&'static Encoding),
}

impl TextForm {
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            TextForm::Unicode => None,
            TextForm::Bytes(encoding) => Some(encoding.name()),
        }
    }
}

/// Whether four bytes beyond ASCII stand side by side, as they do in all Chinese and in hardly any Western text.
fn has_two_pairs(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|bytes| bytes.iter().all(|byte| !byte.is_ascii()))
}

pub(super) fn decode(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// How the texts of the whole stream are written.
pub(super) fn text_form(stream: &[u8]) -> Result<TextForm, Refusal> {
    let (kind, version) = (u16_at(stream, 0), u16_at(stream, 4));
    match (kind, version) {
        (Some(record::BEGIN), Some(0x0600)) => return Ok(TextForm::Unicode),
        (Some(record::BEGIN), Some(0x0500)) => (),
        (Some(record::BEGIN | 0x0009 | 0x0209 | 0x0409), Some(_)) => {
            let detail = "早于 Excel 5.0 的工作簿尚不能读取；请用办公软件另存为 .xlsx 后再报送";
            return Err(Refusal::new(Reason::Unsupported, XLS, detail));
        }
        _ => return Err(damaged("数据流不是工作簿")),
    }
    // Excel 5: the code page is often missing or wrong, so all texts together decide.
    let (mut page, mut texts) = (None, Vec::new());
    let mut records = Records { rest: stream };
    while let Ok(Record { kind, data, .. }) = records.next() {
        let from = match kind {
            record::FILE_PASS => return Err(encrypted()),
            record::CODE_PAGE => {
                page = u16_at(data, 0);
                continue;
            }
            record::BOUND_SHEET => 7,
            record::FORMAT => 3,
            record::LABEL | record::RICH_STRING => 8,
            record::STRING => 2,
            _ => continue,
        };
        let mut text = data.get(from..).unwrap_or_default();
        if kind == record::RICH_STRING {
            // The fonts of its runs stand behind the text.
            text = text.get(..usize::from(u16_at(data, 6).unwrap_or(0))).unwrap_or(text);
        }
        if !text.is_ascii() {
            texts.extend_from_slice(text);
            texts.push(b'\n');
        }
    }
    if texts.is_empty() || (page != Some(1252) || has_two_pairs(&texts)) && chinese_text(&texts).is_some() {
        return Ok(TextForm::Bytes(GB18030));
    }
    let declared = match page {
        Some(936 | 54936) => Some(GB18030),
        Some(950) => Some(encoding_rs::BIG5),
        Some(932) => Some(encoding_rs::SHIFT_JIS),
        Some(949) => Some(encoding_rs::EUC_KR),
        Some(1252) if !has_two_pairs(&texts) => Some(encoding_rs::WINDOWS_1252),
        _ => None,
    };
    match declared.filter(|encoding| encoding.decode_without_bom_handling_and_without_replacement(&texts).is_some()) {
        Some(encoding) => Ok(TextForm::Bytes(encoding)),
        None => {
            let detail = "文字编码无法确定；请用办公软件另存为 .xlsx 后再报送";
            Err(Refusal::new(Reason::UnreadableEncoding, XLS, detail))
        }
    }
}
