//! What a file is, told by its bytes. The name only helps to know what is no submission: lock files and the files of
//! operating systems.

use std::io::Cursor;

use super::package::Package;
use super::refusal::{Reason, Refusal};
use super::xml;

/// The kinds of file that have a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Xlsx,
    Xls,
    Docx,
    Doc,
    Html,
    Mhtml,
    /// Text with tables of a page in it.
    Marked,
    Text,
}

/// Compound files: the container of Excel and Word 97–2003, and of encrypted Office files.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Tells which reader a file goes to.
///
/// # Errors
/// The refusal of everything else, with what it is and what to hand in instead.
pub(super) fn detect(bytes: &[u8], name: &str) -> Result<Kind, Refusal> {
    // An honest document under such a name is read all the same.
    if let Some(refusal) = no_submission(bytes, name)
        && !matches!(by_content(bytes), Ok(Kind::Xlsx | Kind::Xls | Kind::Docx | Kind::Doc))
    {
        return Err(refusal);
    }
    by_content(bytes)
}

fn by_content(bytes: &[u8]) -> Result<Kind, Refusal> {
    if bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::new(Reason::Empty, "", "文件是空的；请重新导出后再提交"));
    }
    if bytes.starts_with(COMPOUND) {
        return compound(bytes);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zipped(bytes);
    }
    if let Some(refusal) = by_signature(bytes) {
        return Err(refusal);
    }
    markup(bytes)
}

// ---------------------------------------------------------------------------------------------- no submission

/// All that a path says of what a file is: nothing but that it may be no submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NameTells {
    /// A lock file of an office program, if it is small.
    lock: bool,
    /// A file of an operating system.
    system: bool,
    /// A resource fork of macOS, if it is small.
    fork: bool,
}

/// What a path says of what a file is.
pub(crate) fn name_tells(name: &str) -> NameTells {
    let name = name.replace('\\', "/");
    let file = name.rsplit('/').next().unwrap_or(&name);
    NameTells {
        lock: file.starts_with("~$") || (file.starts_with(".~lock.") && file.ends_with('#')),
        system: ["thumbs.db", "desktop.ini", ".ds_store", "ehthumbs.db"].contains(&file.to_lowercase().as_str())
            || name.split('/').rev().skip(1).any(|folder| folder == "__MACOSX"),
        fork: file.starts_with("._"),
    }
}

/// Files that stand beside submissions without being any.
fn no_submission(bytes: &[u8], name: &str) -> Option<Refusal> {
    let tells = name_tells(name);
    // Office programs write some 160 bytes with the name of whoever has the document open.
    if tells.lock && bytes.len() <= 1024 {
        return Some(Refusal::new(Reason::LockFile, "", "办公软件打开文件时留下的锁文件，不是报送材料"));
    }
    // The head of a macOS resource fork.
    let is_fork = bytes.starts_with(&[0x00, 0x05, 0x16, 0x07]);
    let is_system = is_fork || tells.system || (tells.fork && bytes.len() <= 4096);
    is_system.then(|| Refusal::new(Reason::SystemFile, "", "操作系统自己的文件，不是报送材料"))
}

// ---------------------------------------------------------------------------------------------- containers

/// A compound file, by the streams in its root.
fn compound(bytes: &[u8]) -> Result<Kind, Refusal> {
    let names: Vec<String> = match cfb::CompoundFile::open(Cursor::new(bytes)) {
        Ok(file) => file.read_root_storage().map(|entry| entry.name().to_lowercase()).collect(),
        // Too odd for the library. The names stand in its directory as UTF-16 all the same.
        Err(_) => ["EncryptedPackage", "WordDocument", "Workbook", "Book"]
            .into_iter()
            .filter(|name| contains_utf16(bytes, name))
            .map(str::to_lowercase)
            .collect(),
    };
    let has = |name: &str| names.iter().any(|other| other == name);
    if has("encryptedpackage") {
        return Err(Refusal::new(Reason::Encrypted, "", "文件加了打开密码；请取消密码后再提交"));
    }
    // A drawing or a table may be embedded in a Word document, but then not in the root.
    if has("workbook") || has("book") {
        return Ok(Kind::Xls);
    }
    if has("worddocument") {
        return Ok(Kind::Doc);
    }
    if has("powerpoint document") {
        return Err(unsupported("ppt", "这是演示文稿，请改交 xlsx、docx 或文本文件"));
    }
    let detail = if names.is_empty() {
        "文件不完整或已损坏，读不出其中的目录；请重新导出或重新传送"
    } else {
        "复合文件里既没有工作簿也没有 Word 文档；请重新导出后再提交"
    };
    Err(Refusal::new(Reason::Damaged, "", detail))
}

fn contains_utf16(bytes: &[u8], name: &str) -> bool {
    let wanted: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    // Entries of the directory are aligned to 128 bytes.
    bytes.chunks(128).any(|entry| entry.starts_with(&wanted))
}

/// A zip file, by its parts.
fn zipped(bytes: &[u8]) -> Result<Kind, Refusal> {
    let mut package = Package::open(bytes, "")?;
    if package.has("OFD.xml") {
        return Err(unsupported("ofd", "这是 OFD 版式文件，表格已成为图形，请提交原来的 xlsx 或 docx"));
    }
    if let Some(kind) = package.head("mimetype")? {
        let kind = String::from_utf8_lossy(&kind);
        if kind.starts_with("application/vnd.oasis.opendocument") {
            let format = if kind.contains("spreadsheet") { "ods" } else { "odt" };
            return Err(unsupported(format, "这是 OpenDocument 文件（.ods 或 .odt），请另存为 xlsx 或 docx 后再提交"));
        }
    }
    let related = package.main_part()?;
    let main = match &related {
        Some(main) => Some(main.as_str()),
        None => ["xl/workbook.xml", "word/document.xml", "xl/workbook.bin"].into_iter().find(|name| package.has(name)),
    };
    let Some(main) = main else {
        if package.has("[Content_Types].xml") {
            let detail = "文件里缺少正文部件（xl/workbook.xml 或 word/document.xml）；请用办公软件打开后重新另存";
            return Err(Refusal::new(Reason::Damaged, "", detail));
        }
        return Err(unsupported("zip", "这是压缩包，请解压后提交其中的文件"));
    };
    let Some(head) = package.head(main)? else {
        let detail = format!("文件里缺少正文部件 {main}；请用办公软件打开后重新另存");
        return Err(Refusal::new(Reason::Damaged, "", detail));
    };
    match root_element(&head) {
        Some("workbook") => Ok(Kind::Xlsx),
        Some("document") => Ok(Kind::Docx),
        Some("presentation") => Err(unsupported("pptx", "这是演示文稿，请改交 xlsx、docx 或文本文件")),
        _ if main.ends_with(".bin") => {
            Err(unsupported("xlsb", "这是 Excel 二进制工作簿（.xlsb），请另存为 xlsx 后再提交"))
        }
        // A declaration longer than the head, or no XML: its reader will say.
        _ if main.starts_with("xl/") => Ok(Kind::Xlsx),
        _ if main.starts_with("word/") => Ok(Kind::Docx),
        _ => Err(xml::damaged("", main, "不认识的内容")),
    }
}

/// The local name of the first element of an XML part.
fn root_element(head: &[u8]) -> Option<&str> {
    let mut rest = head;
    loop {
        let open = rest.iter().position(|byte| *byte == b'<')?;
        rest = &rest[open + 1..];
        if !matches!(rest.first()?, b'?' | b'!') {
            break;
        }
    }
    let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))?;
    let name = std::str::from_utf8(&rest[..end]).ok()?;
    Some(name.rsplit(':').next().unwrap_or(name))
}

// ---------------------------------------------------------------------------------------------- signatures

fn unsupported(format: &'static str, detail: &str) -> Refusal {
    Refusal::new(Reason::Unsupported, format, detail)
}

/// Files that begin with a signature of their own.
fn by_signature(bytes: &[u8]) -> Option<Refusal> {
    const ARCHIVE: &str = "这是压缩包，请解压后提交其中的文件";
    // Some programs write a few bytes before the signature.
    if bytes.starts_with(b"%PDF") || bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-") {
        return Some(unsupported("pdf", "这是 PDF，表格的栏目只能靠猜；请提交原来的 xlsx、docx 或文本文件"));
    }
    let known: &[(&[u8], &'static str, &str)] = &[
        (b"{\\rtf", "rtf", "这是 RTF 文档，请另存为 docx 后再提交"),
        (b"7z\xBC\xAF\x27\x1C", "7z", ARCHIVE),
        (b"Rar!\x1A\x07", "rar", ARCHIVE),
        (b"\x1F\x8B\x08", "gz", ARCHIVE),
        (b"BZh", "bz2", ARCHIVE),
        (b"\xFD7zXZ\0", "xz", ARCHIVE),
        (b"\x09\x08\x04\x00", "xls", "这是很早的 Excel 工作簿，请另存为 xlsx 后再提交"),
        (b"\x09\x08\x08\x00", "xls", "这是很早的 Excel 工作簿，请另存为 xlsx 后再提交"),
    ];
    if let Some((_, format, detail)) = known.iter().find(|(signature, ..)| bytes.starts_with(signature)) {
        return Some(unsupported(format, detail));
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(unsupported("tar", ARCHIVE));
    }
    let pictures: &[(&[u8], &'static str)] = &[
        (b"\x89PNG\r\n", "png"),
        (b"\xFF\xD8\xFF", "jpeg"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"II*\0", "tiff"),
        (b"MM\0*", "tiff"),
        (b"8BPS", "psd"),
    ];
    let is_bitmap = bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]);
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let picture = pictures.iter().find(|(signature, _)| bytes.starts_with(signature)).map(|(_, format)| *format);
    if let Some(format) = picture.or(is_bitmap.then_some("bmp")).or(is_webp.then_some("webp")) {
        return Some(Refusal::new(Reason::UnknownType, format, "这是图片，请提交原来的 xlsx、docx 或文本文件"));
    }
    let is_program = [b"MZ\x90\0".as_slice(), b"MZ\0\0", b"\x7FELF", b"\xCF\xFA\xED\xFE"]
        .iter()
        .any(|signature| bytes.starts_with(signature));
    let is_media = bytes.get(4..8) == Some(b"ftyp") || bytes.starts_with(b"ID3") || bytes.starts_with(b"OggS");
    (is_program || is_media)
        .then(|| Refusal::new(Reason::UnknownType, "", "这是程序或影音文件，不是报送材料；请检查提交的文件"))
}

/// Tags that begin a page, or a piece of one.
const PAGE_TAGS: &[&str] = &[
    "!doctype html",
    "html",
    "head",
    "body",
    "meta",
    "title",
    "style",
    "script",
    "link",
    "table",
    "tbody",
    "thead",
    "tr",
    "td",
    "div",
    "center",
    "p",
    "span",
    "font",
    "h1",
    "h2",
    "h3",
    "b",
    "strong",
    "br",
    "ul",
    "ol",
    "form",
    "article",
    "section",
    "a",
    "img",
];

/// Web pages and XML, whatever they are called; everything else is text.
fn markup(bytes: &[u8]) -> Result<Kind, Refusal> {
    // Without NUL bytes UTF-16 reads as ASCII.
    let head: Vec<u8> = bytes.iter().take(4096).filter(|byte| **byte != 0).map(u8::to_ascii_lowercase).collect();
    let head = String::from_utf8_lossy(&head);
    let head = head.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    let web = "请用 Excel 或 Word 打开后另存为 xlsx 或 docx 再提交";
    let is_mail = |head: &str| head.starts_with("mime-version:") || head.contains("\nmime-version:");
    if (head.starts_with("from:") || head.starts_with("mime-version:") || head.starts_with("x-document-type:"))
        && is_mail(head)
    {
        return Ok(Kind::Mhtml);
    }
    if !head.starts_with('<') {
        return Ok(if super::html::holds_tables(bytes) { Kind::Marked } else { Kind::Text });
    }
    if head.contains("<!entity") {
        return Err(xml::entities("xml"));
    }
    if head.contains("urn:schemas-microsoft-com:office:spreadsheet") && !head.contains("<html") {
        return Err(unsupported("xml", &format!("这是 XML 电子表格（2003），{web}")));
    }
    if head.contains("/office/word/2003/wordml") {
        return Err(unsupported("xml", &format!("这是 Word 2003 XML 文档，{web}")));
    }
    if head.contains("<pkg:package") {
        return Err(unsupported("xml", &format!("这是单文件 Office XML（flat OPC），{web}")));
    }
    // Comments may stand before the first tag.
    let begins = |tag: &&&str| {
        head[1..]
            .strip_prefix(**tag)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/')))
    };
    if head.contains("<html") || head.contains("<table") || PAGE_TAGS.iter().find(begins).is_some() {
        return Ok(Kind::Html);
    }
    if head.starts_with("<?xml") {
        return Err(unsupported("xml", "这是 XML 文件，请提交 xlsx、docx 或文本文件"));
    }
    Ok(Kind::Text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::tests::zip_of;

    #[test]
    fn files_that_cannot_be_read_are_named_for_what_they_are() {
        let cases: &[(&[u8], Reason, &str)] = &[
            (b"", Reason::Empty, ""),
            (b" \r\n\t\n", Reason::Empty, ""),
            (b"\xEF\xBB\xBF\n", Reason::Empty, ""),
            (b"%PDF-1.7\n", Reason::Unsupported, "pdf"),
            (b"\n%PDF-1.4\n", Reason::Unsupported, "pdf"),
            (b"{\\rtf1\\ansi", Reason::Unsupported, "rtf"),
            (b"7z\xBC\xAF\x27\x1C\0\x04", Reason::Unsupported, "7z"),
            (b"Rar!\x1A\x07\0", Reason::Unsupported, "rar"),
            (
                b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                Reason::Unsupported,
                "xml",
            ),
            (b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a/>", Reason::EntityExpansion, "xml"),
            (b"\x89PNG\r\n\x1A\n", Reason::UnknownType, "png"),
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", Reason::UnknownType, "jpeg"),
            (b"GIF89a", Reason::UnknownType, "gif"),
            (b"BM\x36\0\0\0\0\0\0\0\x36", Reason::UnknownType, "bmp"),
            (b"II*\0", Reason::UnknownType, "tiff"),
            (b"MZ\x90\0\x03", Reason::UnknownType, ""),
            (b"PK\x03\x04half an archive", Reason::Damaged, ""),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 half", Reason::Damaged, ""),
        ];
        for (bytes, reason, format) in cases {
            let refusal = detect(bytes, "决算.xlsx").unwrap_err();
            assert_eq!((refusal.reason, refusal.format), (*reason, *format), "{}", String::from_utf8_lossy(bytes));
            assert!(!refusal.detail.is_empty() && !refusal.detail.contains('\n'));
        }
    }

    #[test]
    fn web_pages_are_told_from_text_by_their_first_tag() {
        for (bytes, kind) in [
            (b"<html><body><table>".as_slice(), Kind::Html),
            (b"\xEF\xBB\xBF<!DOCTYPE HTML PUBLIC>", Kind::Html),
            (b"<table border=1><tr><td>1", Kind::Html),
            (b"\r\n <!-- made by a system --><TABLE>", Kind::Html),
            (b"<p>1", Kind::Html),
            (b"<p\0>\x001\0", Kind::Html),
            (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", Kind::Mhtml),
            (b"From: <Saved by Microsoft Internet Explorer>\r\nMIME-Version: 1.0\r\n", Kind::Mhtml),
            ("<附件1>\n合计".as_bytes(), Kind::Text),
            (b"< 5%", Kind::Text),
        ] {
            assert_eq!(detect(bytes, "决算.xls"), Ok(kind), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn packages_are_told_by_their_main_part() {
        const RELS: &str = "_rels/.rels";
        let rels = |target: &str| {
            format!(
                "<Relationships><Relationship Type=\"http://x/officeDocument\" Target=\"{target}\"/></Relationships>"
            )
        };
        let to = rels("word/document.xml");
        let odd = rels("/Daten/Haupt.xml");
        let nowhere = rels("xl/nothing.xml");
        type Case<'a> = (&'a [(&'a str, &'a str)], Result<Kind, Reason>);
        let cases: &[Case] = &[
            (&[(RELS, &to), ("word/document.xml", "<w:document/>")], Ok(Kind::Docx)),
            (&[(RELS, &odd), ("Daten/Haupt.xml", "<?xml version='1.0'?>\n<x:workbook/>")], Ok(Kind::Xlsx)),
            (&[("xl/workbook.xml", "<workbook/>")], Ok(Kind::Xlsx)),
            (&[("Word/Document.XML", "<w:document/>")], Ok(Kind::Docx)),
            (&[(RELS, &nowhere), ("xl/workbook.xml", "<workbook/>")], Err(Reason::Damaged)),
            (&[("[Content_Types].xml", "<Types/>")], Err(Reason::Damaged)),
            (&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")], Err(Reason::Unsupported)),
            (&[("OFD.xml", "<ofd:OFD/>")], Err(Reason::Unsupported)),
            (&[("决算.txt", "合计")], Err(Reason::Unsupported)),
        ];
        for (parts, expected) in cases {
            let found = detect(&zip_of(parts), "x").map_err(|refusal| refusal.reason);
            assert_eq!(&found, expected, "{parts:?}");
        }
    }

    #[test]
    fn what_systems_leave_behind_is_no_fault() {
        for (bytes, name, reason) in [
            (b"\x05admin".as_slice(), "城关镇/~$决算.docx", Reason::LockFile),
            (b",user,host", ".~lock.决算.xlsx#", Reason::LockFile),
            (b"", "~$决算.xlsx", Reason::LockFile),
            (b"\0\0\0\x01Bud1", "城关镇/.DS_Store", Reason::SystemFile),
            (b"[.ShellClassInfo]", "desktop.ini", Reason::SystemFile),
            (b"\x00\x05\x16\x07\0\x02", "__MACOSX/._决算.xlsx", Reason::SystemFile),
            (b"x", "a\\__MACOSX\\b.xlsx", Reason::SystemFile),
        ] {
            assert_eq!(detect(bytes, name).unwrap_err().reason, reason, "{name}");
        }
        let document = zip_of(&[("word/document.xml", "<w:document/>")]);
        assert_eq!(detect(&document, "~$决算.docx").ok(), Some(Kind::Docx));
        assert_eq!(detect("单位：万元".as_bytes(), "说明.txt").ok(), Some(Kind::Text));
    }
}
