//! Open packages: zip files whose parts are XML, bound to each other by relationships.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipReadOptions;
use zip::result::ZipError;

use super::{Reason, Refusal};

/// Bytes that the parts of one package may unpack to, counted while they are unpacked.
const MOST_UNPACKED: u64 = 300 << 20;
/// Members that a package may have; office programs write some dozens.
const MOST_MEMBERS: usize = 20_000;
/// Elements within elements. Office programs stay below 30.
const MOST_DEPTH: usize = 256;

/// A package whose parts can be read by name.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    format: &'static str,
    /// Part names in lower case: they are the same whatever their case.
    members: HashMap<String, usize>,
    left: u64,
}

/// A relationship of one part to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relationship {
    pub(super) id: String,
    /// The last word of the type: `worksheet`. Transitional and strict files differ only before it.
    pub(super) kind: String,
    /// The part's name, without a leading `/`.
    pub(super) target: String,
}

impl<'a> Package<'a> {
    /// Opens a package that is read as a document of kind `format`.
    pub(super) fn open(bytes: &'a [u8], format: &'static str) -> Result<Package<'a>, Refusal> {
        let damaged = |detail: &str| Refusal::new(Reason::Damaged, format, detail);
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| damaged("压缩包不完整或已损坏；请用办公软件重新另存后再报送"))?;
        if archive.len() > MOST_MEMBERS {
            let detail = format!("压缩包内有 {} 个部件，超过 {MOST_MEMBERS} 个", archive.len());
            return Err(Refusal::new(Reason::TooLarge, format, detail));
        }
        let mut members = HashMap::with_capacity(archive.len());
        let mut twice = archive.has_duplicate_names();
        for (index, name) in archive.file_names_raw().enumerate() {
            let name = part_name(&String::from_utf8_lossy(name));
            twice |= members.insert(name, index).is_some();
        }
        if twice {
            return Err(damaged("压缩包内同一部件出现两次，无法判断以哪一个为准；请重新另存后再报送"));
        }
        Ok(Package { archive, format, members, left: MOST_UNPACKED })
    }

    /// The name of the main part (`xl/workbook.xml`), as the package's relationships have it.
    pub(super) fn main_part(&mut self, usual: &str) -> Result<String, Refusal> {
        let relationships = self.relationships("")?;
        let main = relationships.into_iter().find(|relationship| relationship.kind == "officeDocument");
        Ok(main.map_or_else(|| usual.to_owned(), |relationship| relationship.target))
    }

    /// The relationships of a part, or of the package for an empty name. None if there are none.
    pub(super) fn relationships(&mut self, part: &str) -> Result<Vec<Relationship>, Refusal> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = format!("{folder}{}_rels/{file}.rels", if folder.is_empty() { "" } else { "/" });
        let Some(text) = self.optional_text(&name)? else { return Ok(Vec::new()) };
        let mut relationships = Vec::new();
        let mut xml = Xml::new(&text, &name, self.format);
        while let Some(event) = xml.next()? {
            let (Event::Start(element) | Event::Empty(element)) = event else { continue };
            if element.local_name().as_ref() != "Relationship" {
                continue;
            }
            let external = attribute(&element, "TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
            if let (false, Some(id), Some(kind), Some(target)) =
                (external, attribute(&element, "Id"), attribute(&element, "Type"), attribute(&element, "Target"))
            {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relationships.push(Relationship { id, kind, target: resolve(folder, &target) });
            }
        }
        Ok(relationships)
    }

    /// The text of a part that must be there.
    pub(super) fn text(&mut self, name: &str) -> Result<String, Refusal> {
        self.optional_text(name)?.ok_or_else(|| {
            let detail = format!("缺少部件 `{name}`；请用办公软件打开并重新另存后再报送");
            Refusal::new(Reason::Damaged, self.format, detail)
        })
    }

    /// The text of a part that may be missing.
    pub(super) fn optional_text(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        let Some(index) = self.members.get(&part_name(name)).copied() else { return Ok(None) };
        let format = self.format;
        let damaged =
            || Refusal::new(Reason::Damaged, format, format!("部件 `{name}` 已损坏；请用办公软件重新另存后再报送"));
        // A part whose own header disagrees with the directory has two readings.
        let options = ZipReadOptions::new().enforce_header_consistency(true);
        let mut member = self.archive.by_index_with_options(index, options).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
                Refusal::new(Reason::Encrypted, format, "压缩包已加密；请报送单位提供未加密的文件")
            }
            _ => damaged(),
        })?;
        let mut bytes = Vec::with_capacity(member.size().min(1 << 20) as usize);
        let read = member.by_ref().take(self.left + 1).read_to_end(&mut bytes).map_err(|_| damaged())? as u64;
        let Some(left) = self.left.checked_sub(read) else {
            let detail = format!("解压后超过 {} MB（部件 `{name}`）", MOST_UNPACKED >> 20);
            return Err(Refusal::new(Reason::TooLarge, format, detail));
        };
        self.left = left;
        decode(bytes).map(Some).ok_or_else(damaged)
    }
}

/// The text of an XML part: UTF-8, or UTF-16 with a mark.
fn decode(bytes: Vec<u8>) -> Option<String> {
    match bytes.get(..2) {
        Some([0xff, 0xfe] | [0xfe, 0xff]) => {
            let (encoding, _) = encoding_rs::Encoding::for_bom(&bytes)?;
            encoding.decode_with_bom_removal(&bytes).0.into_owned().into()
        }
        Some([0xef, 0xbb]) => String::from_utf8(bytes).ok().map(|text| text.trim_start_matches('\u{feff}').to_owned()),
        _ => String::from_utf8(bytes).ok(),
    }
}

/// A part's name as it is looked up: lower case, `/` between folders, none at the start.
fn part_name(name: &str) -> String {
    let mut name = name.trim_start_matches(['/', '\\']).replace('\\', "/");
    name.make_ascii_lowercase();
    name
}

/// The part that a relationship of a part in `folder` leads to.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = Vec::new();
    if !target.starts_with('/') {
        path.extend(folder.split('/'));
    }
    for step in target.split('/') {
        match step {
            "" | "." => (),
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

/// The events of one XML part, checked: nesting is bounded, entities are refused, the end is reached.
///
/// A self-closed element is an event of its own, with no end.
pub(super) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    part: &'a str,
    format: &'static str,
    depth: usize,
    elements: bool,
}

impl<'a> Xml<'a> {
    /// Reads the text of a part; `part` is its name, for messages.
    pub(super) fn new(text: &'a str, part: &'a str, format: &'static str) -> Xml<'a> {
        Xml { reader: Reader::from_str(text), part, format, depth: 0, elements: false }
    }

    /// The next event, or `None` at the end of a whole part.
    pub(super) fn next(&mut self) -> Result<Option<Event<'a>>, Refusal> {
        let event = self.reader.read_event().map_err(|_| self.damaged())?;
        match &event {
            Event::Start(_) => {
                self.elements = true;
                self.depth += 1;
                if self.depth > MOST_DEPTH {
                    let detail = format!("部件 `{}` 嵌套超过 {MOST_DEPTH} 层", self.part);
                    return Err(Refusal::new(Reason::TooDeep, self.format, detail));
                }
            }
            Event::Empty(_) => self.elements = true,
            Event::End(_) => self.depth -= 1,
            Event::DocType(declaration) => {
                if ["ENTITY", "SYSTEM", "PUBLIC"].iter().any(|word| declaration.contains(word)) {
                    let detail = format!("部件 `{}` 含有实体声明，不予展开；请用办公软件重新另存后再报送", self.part);
                    return Err(Refusal::new(Reason::EntityExpansion, self.format, detail));
                }
            }
            Event::Eof => {
                return if self.depth == 0 && self.elements { Ok(None) } else { Err(self.damaged()) };
            }
            _ => (),
        }
        Ok(Some(event))
    }

    /// Appends what an event says in text: characters, references to characters. Other events say nothing.
    pub(super) fn append(&self, event: &Event<'_>, text: &mut String) -> Result<(), Refusal> {
        match event {
            Event::Text(plain) => text.push_str(&plain.xml10_content()),
            Event::CData(plain) => text.push_str(&plain.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(|_| self.damaged())? {
                Some(character) => text.push(character),
                None => text.push(match &**reference {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => return Err(self.damaged()),
                }),
            },
            _ => (),
        }
        Ok(())
    }

    /// The part is not well formed.
    fn damaged(&self) -> Refusal {
        let detail = format!("部件 `{}` 不完整或已损坏；请用办公软件重新另存后再报送", self.part);
        Refusal::new(Reason::Damaged, self.format, detail)
    }
}

/// The value of an attribute by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    // Without a version told otherwise, all XML is 1.0.
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_lead_to_parts_wherever_they_start() {
        for (folder, target, part) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "../xl/./sheet1.xml", "xl/sheet1.xml"),
            ("xl", "..\\a\\b.xml", "a/b.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("", "../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(resolve(folder, target), part, "{folder} {target}");
        }
    }
}
