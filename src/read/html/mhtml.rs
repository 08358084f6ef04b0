//! Web archives (MHTML): the pages in them, as Word and Excel save them.
//!
//! Source: RFC 2045 to 2047 and 2557, as far as these two programs use them.

use crate::read::refusal::{Reason, Refusal};

/// Parts that one archive may have. Each picture is one.
const PART_LIMIT: usize = 20_000;

/// A page of an archive.
#[derive(Debug)]
pub(super) struct Part {
    /// Its bytes, no longer encoded for mail.
    pub(super) bytes: Vec<u8>,
    /// The charset that its header tells.
    pub(super) charset: Option<String>,
}

/// The pages of an archive that hold its text: the first one, or where that is only a frame, the sheets of a workbook.
///
/// # Errors
/// [`Reason::Damaged`] where the archive is cut short or holds no page.
pub(super) fn pages(bytes: &[u8]) -> Result<Vec<Part>, Refusal> {
    let damaged = |detail: &str| Refusal::new(Reason::Damaged, "mhtml", format!("{detail}；请重新另存为 xlsx 或 docx"));
    let (head, body) = split_head(bytes);
    let Some(boundary) = head.parameter("content-type", "boundary") else {
        return Ok(vec![head.part(body)]);
    };
    let mut pages = Vec::new();
    let (sections, is_whole) = sections(body, boundary.as_bytes());
    if !is_whole {
        return Err(damaged("网页存档不完整"));
    }
    if sections.len() > PART_LIMIT {
        return Err(Refusal::new(Reason::TooLarge, "mhtml", format!("网页存档超过 {PART_LIMIT} 个部分")));
    }
    for section in sections {
        let (head, body) = split_head(section);
        if head.value("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("text/html")) {
            pages.push(head.part(body));
        }
    }
    let is_frame = |part: &Part| contains(&part.bytes, b"<frameset");
    match pages.first() {
        None => Err(damaged("网页存档里没有网页")),
        Some(first) if is_frame(first) => {
            pages.retain(|part| !is_frame(part) && contains(&part.bytes, b"<table") && !is_tab_strip(part));
            if pages.is_empty() { Err(super::sheets_elsewhere("mhtml")) } else { Ok(pages) }
        }
        Some(_) => {
            pages.truncate(1);
            Ok(pages)
        }
    }
}

/// The page with a workbook's tabs, which is no sheet.
fn is_tab_strip(part: &Part) -> bool {
    contains(&part.bytes, b"fntabs") || contains(&part.bytes, b"g_iienum") || contains(&part.bytes, b"class=\"tab\"")
}

/// Whether lower-case bytes stand in others, in whatever letter case.
fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window.eq_ignore_ascii_case(wanted))
}

/// The fields of a header, their names in lower case.
struct Head(Vec<(String, String)>);

impl Head {
    fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of a field, as `boundary` of `multipart/related; boundary="x"`.
    fn parameter(&self, field: &str, name: &str) -> Option<String> {
        self.value(field)?.split(';').skip(1).find_map(|parameter| {
            let (found, value) = parameter.split_once('=')?;
            let value = value.trim().trim_matches('"');
            (found.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then(|| value.to_owned())
        })
    }

    fn part(&self, body: &[u8]) -> Part {
        let transfer = self.value("content-transfer-encoding").unwrap_or_default().trim().to_ascii_lowercase();
        let bytes = match transfer.as_str() {
            "base64" => base64(body),
            "quoted-printable" => quoted_printable(body),
            _ => body.to_vec(),
        };
        Part { bytes, charset: self.parameter("content-type", "charset") }
    }
}

/// A header and what follows the blank line behind it.
fn split_head(bytes: &[u8]) -> (Head, &[u8]) {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut rest = bytes;
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        let line = String::from_utf8_lossy(&rest[..end]).into_owned();
        let line = line.trim_end();
        if line.trim_start().is_empty() {
            // Blank lines may stand before the first field.
            if end == 0 || !fields.is_empty() || rest.len() == end {
                return (Head(fields), &rest[end..]);
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim_start());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        } else {
            // No header at all.
            return (Head(fields), rest);
        }
        rest = &rest[end..];
    }
}

/// What stands between the lines of a boundary, and whether the closing one was there.
fn sections<'a>(body: &'a [u8], boundary: &[u8]) -> (Vec<&'a [u8]>, bool) {
    let mut sections = Vec::new();
    let (mut start, mut at) = (None::<usize>, 0);
    while at < body.len() {
        let end = body[at..].iter().position(|byte| *byte == b'\n').map_or(body.len(), |length| at + length + 1);
        let line = body[at..end].trim_ascii_end();
        if let Some(behind) = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary))
            && matches!(behind, b"" | b"--")
        {
            if let Some(start) = start {
                sections.push(&body[start..at]);
            }
            if behind == b"--" {
                return (sections, true);
            }
            start = Some(end);
        }
        at = end;
    }
    (sections, false)
}

/// Bytes that were written as `=D0`; a line that ends with `=` goes on in the next.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    let mut bytes = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let content = line.trim_ascii_end();
        let (mut rest, goes_on) = match content.strip_suffix(b"=") {
            Some(content) => (content, true),
            None => (content, false),
        };
        while let Some((first, behind)) = rest.split_first() {
            rest = behind;
            match (first, behind) {
                (b'=', [high, low, tail @ ..]) => match (digit(*high), digit(*low)) {
                    (Some(high), Some(low)) => {
                        bytes.push(high << 4 | low);
                        rest = tail;
                    }
                    _ => bytes.push(b'='),
                },
                _ => bytes.push(*first),
            }
        }
        if !goes_on && line.ends_with(b"\n") {
            bytes.push(b'\n');
        }
    }
    bytes
}

fn base64(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in body {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_encodings_are_undone() {
        assert_eq!(quoted_printable(b"a=3D=\r\nb =C4=EA\r\nc=zz"), b"a=b \xc4\xea\nc=zz");
        assert_eq!(base64(b"5ZCI\r\n6K6h"), "合计".as_bytes());
        assert_eq!(base64(b"YWI="), b"ab");
    }

    #[test]
    fn an_archive_that_is_cut_short_is_damaged() {
        let whole = "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/html; charset=\"gb2312\"\r\n\r\n<p>a</p>\r\n--x--\r\n";
        let parts = pages(whole.as_bytes()).unwrap();
        assert_eq!((parts.len(), parts[0].bytes.as_slice()), (1, b"<p>a</p>\r\n".as_slice()));
        assert_eq!(parts[0].charset.as_deref(), Some("gb2312"));
        let cut = &whole.as_bytes()[..whole.len() - 8];
        assert_eq!(pages(cut).unwrap_err().reason, Reason::Damaged);
    }
}
