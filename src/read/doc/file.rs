//! The streams of a Word document and the directory at its head (FIB).

use std::io::{Cursor, Read};

use super::bytes::{slice, u16_at, u32_at};
use super::{damaged, unsupported};
use crate::read::refusal::{Reason, Refusal};

/// What a file that ends within its last sector is padded to.
const SECTOR: usize = 512;

/// Where in the directory the place and length of something stand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry {
    Styles = 1,
    CharacterPages = 12,
    ParagraphPages = 13,
    Fonts = 15,
    Pieces = 33,
    Shapes = 40,
    TextBoxes = 56,
    Lists = 73,
    ListOverrides = 74,
}

/// The streams of a document.
#[derive(Debug)]
pub(super) struct File {
    pub(super) document: Vec<u8>,
    pub(super) table: Vec<u8>,
    pub(super) data: Vec<u8>,
    /// Where the directory begins in the document stream.
    directory: usize,
    entries: usize,
    /// Characters of the main text, and of what follows it.
    pub(super) lengths: Lengths,
}

/// Characters of each kind of text, one after the other in this order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lengths {
    pub(super) main: u32,
    pub(super) footnotes: u32,
    pub(super) headers: u32,
    pub(super) comments: u32,
    pub(super) endnotes: u32,
    pub(super) text_boxes: u32,
}

impl File {
    /// Opens the streams and reads the head.
    ///
    /// # Errors
    /// [`Reason::Encrypted`], [`Reason::Unsupported`] for Word 95 and older, [`Reason::Damaged`].
    pub(super) fn open(bytes: &[u8]) -> Result<File, Refusal> {
        let mut padded = Vec::with_capacity(bytes.len().next_multiple_of(SECTOR));
        padded.extend_from_slice(bytes);
        padded.resize(bytes.len().next_multiple_of(SECTOR), 0);
        let mut container = cfb::CompoundFile::open(Cursor::new(padded)).map_err(|_| damaged("文件的目录"))?;
        let names: Vec<(String, u64)> =
            container.read_root_storage().map(|entry| (entry.name().to_owned(), entry.len())).collect();
        let mut stream = |wanted: &str| -> Result<Option<Vec<u8>>, Refusal> {
            let Some((name, length)) = names.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)) else {
                return Ok(None);
            };
            if *length > bytes.len() as u64 + SECTOR as u64 {
                return Err(damaged(name));
            }
            let mut read = Vec::new();
            let mut stream = container.open_stream(format!("/{name}")).map_err(|_| damaged(name))?;
            stream.read_to_end(&mut read).map_err(|_| damaged(name))?;
            Ok(Some(read))
        };
        let document = stream("WordDocument")?.ok_or_else(|| damaged("WordDocument"))?;
        let flags = check_head(&document)?;
        let table = stream(if flags & 0x0200 == 0 { "0Table" } else { "1Table" })?.ok_or_else(|| damaged("Table"))?;
        let data = stream("Data")?.unwrap_or_default();
        File::new(document, table, data).ok_or_else(|| damaged("WordDocument"))
    }

    fn new(document: Vec<u8>, table: Vec<u8>, data: Vec<u8>) -> Option<File> {
        let numbers = 34 + usize::from(u16_at(&document, 32)?) * 2;
        let directory = numbers + 2 + usize::from(u16_at(&document, numbers)?) * 4;
        let entries = usize::from(u16_at(&document, directory)?);
        let length = |at: usize| u32_at(&document, numbers + 2 + at * 4);
        let lengths = Lengths {
            main: length(3)?,
            footnotes: length(4)?,
            headers: length(5)?.checked_add(length(6)?)?,
            comments: length(7)?,
            endnotes: length(8)?,
            text_boxes: length(9)?,
        };
        Some(File { document, table, data, directory: directory + 2, entries, lengths })
    }

    /// What the directory leads to in the table stream; empty where the document has none of it.
    ///
    /// # Errors
    /// [`Reason::Damaged`] where it lies outside the stream.
    pub(super) fn entry(&self, entry: Entry) -> Result<&[u8], Refusal> {
        if entry as usize >= self.entries {
            return Ok(&[]);
        }
        let (start, length) = self.place(entry).ok_or_else(|| damaged("WordDocument"))?;
        slice(&self.table, start, length).ok_or_else(|| damaged("Table"))
    }

    /// What stands behind it in the table stream: the levels of lists stand there without being told.
    pub(super) fn behind(&self, entry: Entry) -> &[u8] {
        let end =
            self.place(entry).filter(|(_, length)| *length > 0).and_then(|(start, length)| start.checked_add(length));
        end.and_then(|end| self.table.get(end..)).unwrap_or_default()
    }

    fn place(&self, entry: Entry) -> Option<(usize, usize)> {
        let place = self.directory + entry as usize * 8;
        Some((u32_at(&self.document, place)? as usize, u32_at(&self.document, place + 4)? as usize))
    }
}

/// The flags of a head that can be read.
fn check_head(document: &[u8]) -> Result<u16, Refusal> {
    let (Some(magic), Some(version), Some(flags)) = (u16_at(document, 0), u16_at(document, 2), u16_at(document, 10))
    else {
        return Err(damaged("WordDocument"));
    };
    if magic != 0xa5ec || version < 0x00c1 {
        if matches!(magic, 0xa5dc | 0xa5db | 0xa5ec | 0xa699) {
            return Err(unsupported("这是 Word 95 或更早的文档，请用 Word 或 WPS 打开后另存为 docx 再提交"));
        }
        return Err(damaged("WordDocument"));
    }
    if flags & 0x0100 != 0 {
        return Err(Refusal::new(Reason::Encrypted, "doc", "文档加了打开密码；请取消密码后再提交"));
    }
    Ok(flags)
}
