//! Packages: the zip files that Office Open XML documents are, read part by part within a limit.

use std::io::Cursor;

use flate2::{Decompress, FlushDecompress, Status};
use zip::{CompressionMethod, ZipArchive};

use super::refusal::{Reason, Refusal};
use super::xml::{Piece, Xml, damaged};

/// Unpacked bytes that one document may have. Honest ones stay far below; counted while unpacking, because what a
/// package says about its sizes may be false.
const UNPACKED_LIMIT: u64 = 300 << 20;

/// Members that one package may have.
const MEMBER_LIMIT: usize = 50_000;

/// An open package.
pub(super) struct Package<'a> {
    bytes: &'a [u8],
    archive: ZipArchive<Cursor<&'a [u8]>>,
    inflater: Inflater,
    /// Bytes that may still be unpacked.
    budget: u64,
    format: &'static str,
}

/// A relationship of a package or a part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Relation {
    /// Its name within the part that has it.
    pub(super) id: String,
    /// The last word of its type: `officeDocument`, `styles`, `numbering` …
    pub(super) kind: String,
    /// The part it leads to, without a leading slash.
    pub(super) target: String,
}

impl<'a> Package<'a> {
    /// Opens a package; `format` is what refusals call it.
    ///
    /// # Errors
    /// [`Reason::Damaged`] where it is cut short or holds a part twice, [`Reason::TooLarge`] where it has too many parts.
    pub(super) fn open(bytes: &'a [u8], format: &'static str) -> Result<Package<'a>, Refusal> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
            Refusal::new(
                Reason::Damaged,
                format,
                format!("文件不完整或已损坏，打不开（{error}）；请重新导出或重新传送"),
            )
        })?;
        if archive.has_duplicate_names() || has_same_part_twice(&archive) {
            return Err(Refusal::new(
                Reason::Damaged,
                format,
                "文件里同名的部件出现了两次，无法判断以哪个为准；请重新另存",
            ));
        }
        if archive.len() > MEMBER_LIMIT {
            let detail = format!("文件里有 {} 个部件，超过 {MEMBER_LIMIT} 个的上限", archive.len());
            return Err(Refusal::new(Reason::TooLarge, format, detail));
        }
        Ok(Package { bytes, archive, inflater: Inflater(Decompress::new(false)), budget: UNPACKED_LIMIT, format })
    }

    /// Whether a part is there. Names are compared without regard to case, as the standard has it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.index(name).is_some()
    }

    fn index(&self, name: &str) -> Option<usize> {
        let name = name.trim_start_matches('/');
        self.archive.index_for_name_raw(name.as_bytes()).or_else(|| {
            let same = |(a, b): (&u8, &u8)| a.eq_ignore_ascii_case(b) || (*a == b'\\' && *b == b'/');
            self.archive
                .file_names_raw()
                .position(|raw| raw.len() == name.len() && raw.iter().zip(name.as_bytes()).all(same))
        })
    }

    /// Unpacks a part; `None` where there is none of that name.
    ///
    /// # Errors
    /// [`Reason::Encrypted`], [`Reason::Damaged`] (also by its checksum), [`Reason::TooLarge`].
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        self.unpack(name, u64::MAX)
    }

    /// Unpacks the first bytes of a part, enough to see what it is.
    pub(super) fn head(&mut self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        self.unpack(name, 4096)
    }

    fn unpack(&mut self, name: &str, at_most: u64) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(index) = self.index(name) else { return Ok(None) };
        let (format, budget) = (self.format, self.budget);
        let member = self.archive.by_index_raw(index).map_err(|error| damaged(format, name, error))?;
        if member.encrypted() {
            return Err(Refusal::new(Reason::Encrypted, format, "文件加了密码；请取消密码后再提交"));
        }
        // A part whose own header gives it another name has two readings. More is not compared: honest programs write
        // other dates and sizes there.
        let header = usize::try_from(member.header_start()).ok().and_then(|start| self.bytes.get(start..));
        let (local_name, content) = header.and_then(local).ok_or_else(|| damaged(format, name, "文件中途断了"))?;
        if local_name != member.name_raw() {
            return Err(damaged(format, name, "目录与内容不符"));
        }
        let content = usize::try_from(member.compressed_size()).ok().and_then(|size| content.get(..size));
        let content = content.ok_or_else(|| damaged(format, name, "文件中途断了"))?;
        let limit = at_most.min(budget.saturating_add(1));
        let (unpacked, whole) = match member.compression() {
            CompressionMethod::Stored => {
                let end = usize::try_from(limit).map_or(content.len(), |limit| limit.min(content.len()));
                (content[..end].to_vec(), end == content.len())
            }
            CompressionMethod::Deflated => {
                self.inflater.inflate(content, member.size(), limit).ok_or_else(|| damaged(format, name, "解压失败"))?
            }
            other => return Err(damaged(format, name, format!("压缩方法 {other} 不能读取"))),
        };
        if whole && crc32fast::hash(&unpacked) != member.crc32() {
            return Err(damaged(format, name, "校验和不符"));
        }
        let Some(rest) = budget.checked_sub(unpacked.len() as u64) else {
            let detail = format!("解压后超过 {} MB 的上限；请拆分后再提交", UNPACKED_LIMIT >> 20);
            return Err(Refusal::new(Reason::TooLarge, format, detail));
        };
        self.budget = rest;
        Ok(Some(unpacked))
    }

    /// Unpacks a part that is XML.
    pub(super) fn xml(&mut self, name: &str) -> Result<Option<XmlPart>, Refusal> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        let text = match bytes.as_slice() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => encoding_rs::UTF_16LE.decode(&bytes).0.into_owned().into_bytes(),
            _ => bytes,
        };
        simdutf8::compat::from_utf8(&text).map_err(|error| damaged(self.format, name, error))?;
        Ok(Some(XmlPart(text)))
    }

    /// The relationships of a part, or of the package itself for an empty name. None where they are missing.
    pub(super) fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Refusal> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let name = format!("{folder}{slash}_rels/{file}.rels");
        let Some(xml) = self.xml(&name)? else { return Ok(Vec::new()) };
        let mut relations = Vec::new();
        let mut pieces = Xml::new(&xml, &name, self.format);
        while let Some(piece) = pieces.next()? {
            let (Piece::Start(element) | Piece::Empty(element)) = piece else { continue };
            if element.name == "Relationship" && element.attribute("TargetMode").as_deref() != Some("External") {
                let kind = element.attribute("Type").unwrap_or_default();
                let target = element.attribute("Target").unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let id = element.attribute("Id").unwrap_or_default();
                relations.push(Relation { id, kind, target: resolve(folder, &target) });
            }
        }
        Ok(relations)
    }

    /// The name of the main part, by the package's relationships.
    pub(super) fn main_part(&mut self) -> Result<Option<String>, Refusal> {
        let main = self.relations("")?.into_iter().find(|relation| relation.kind == "officeDocument");
        Ok(main.map(|relation| relation.target))
    }
}

/// The text of a part that is XML.
///
/// To make a `String` of its bytes would check them the slow way; to check them again at each look is nothing beside it.
#[derive(Default)]
pub(super) struct XmlPart(Vec<u8>);

impl std::ops::Deref for XmlPart {
    type Target = str;

    fn deref(&self) -> &str {
        simdutf8::basic::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The name that a member's own header gives it, and all that stands behind that header.
fn local(header: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = |at: usize| Some(usize::from(u16::from_le_bytes([*header.get(at)?, *header.get(at + 1)?])));
    let (name, extra) = (length(26)?, length(28)?);
    Some((header.get(30..30 + name)?, header.get(30 + name + extra..)?))
}

/// What unpacks one part after another, without an intermediate buffer.
struct Inflater(Decompress);

impl Inflater {
    /// Unpacks a part as far as a limit, and says whether that was all of it; `None` where it is damaged.
    ///
    /// The size it declares helps to reserve memory, within reason; it proves nothing.
    fn inflate(&mut self, packed: &[u8], declared: u64, limit: u64) -> Option<(Vec<u8>, bool)> {
        self.0.reset(false);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut unpacked = Vec::with_capacity(limit.min(declared.min(4 << 20) as usize).max(64));
        loop {
            let rest = packed.get(usize::try_from(self.0.total_in()).ok()?..)?;
            let status = self.0.decompress_vec(rest, &mut unpacked, FlushDecompress::Finish).ok()?;
            let ended = status == Status::StreamEnd;
            if ended || unpacked.len() >= limit {
                let whole = ended && unpacked.len() <= limit;
                unpacked.truncate(limit);
                return Some((unpacked, whole));
            }
            if unpacked.len() < unpacked.capacity() {
                // There is room, and nothing left that would fill it.
                return None;
            }
            unpacked.reserve(unpacked.len().min(limit - unpacked.len()));
        }
    }
}

/// Whether two members are the same part, names being the same whatever their letter case.
fn has_same_part_twice(archive: &ZipArchive<Cursor<&[u8]>>) -> bool {
    let mut names: Vec<Vec<u8>> = archive.file_names_raw().map(<[u8]>::to_ascii_lowercase).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

/// The name of the part that a relationship's target leads to, seen from the folder of its source.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved_from_the_folder_of_their_source() {
        for (folder, target, part) in [
            ("", "word/document.xml", "word/document.xml"),
            ("word", "styles.xml", "word/styles.xml"),
            ("word", "/word/styles.xml", "word/styles.xml"),
            ("word", "../customXml/item1.xml", "customXml/item1.xml"),
            ("word", "./numbering.xml", "word/numbering.xml"),
            ("", "word\\document.xml", "word/document.xml"),
        ] {
            assert_eq!(resolve(folder, target), part, "{folder} {target}");
        }
    }
}
