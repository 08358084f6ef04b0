//! XML parts, piece by piece: a scanner for the parts of packages, where most of the time of reading goes.
//!
//! It borrows everything from the text, which is known to be UTF-8 by then, and takes a third of the time of quick-xml,
//! which checks each name and each text anew. In the tests both must see the same pieces.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3};

use super::refusal::{Reason, Refusal};

/// Elements within elements. Office programs stay below 30 in workbooks; a table in a table of a text takes three.
const MOST_DEPTH: usize = 600;

/// A part as it is read: well formed as far as it was read, without entities of its own, nested within bounds.
pub(super) struct Xml<'a> {
    rest: &'a str,
    part: &'a str,
    format: &'static str,
    /// The elements that are open: the full name of each, and the name without prefix.
    open: Vec<(&'a str, &'a str)>,
    /// An element was seen.
    any: bool,
}

/// A piece of an XML part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// An element begins.
    Start(Element<'a>),
    /// An element that holds nothing; no end follows.
    Empty(Element<'a>),
    /// The element of this name, without prefix, ends.
    End(&'a str),
    /// Text as it is written, with its references to characters: see [`Xml::append`].
    Text(&'a str),
    /// Text without references.
    Verbatim(&'a str),
}

/// The beginning of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element<'a> {
    /// Its name without prefix.
    pub(super) name: &'a str,
    attributes: &'a str,
}

impl<'a> Xml<'a> {
    /// Reads the text of a part; `part` is its name, for messages.
    pub(super) fn new(text: &'a str, part: &'a str, format: &'static str) -> Xml<'a> {
        Xml { rest: text.trim_start_matches('\u{feff}'), part, format, open: Vec::new(), any: false }
    }

    /// The next piece, or `None` at the end of a whole part.
    ///
    /// # Errors
    /// [`Reason::Damaged`], [`Reason::EntityExpansion`], [`Reason::TooDeep`].
    pub(super) fn next(&mut self) -> Result<Option<Piece<'a>>, Refusal> {
        loop {
            if self.rest.as_bytes().first() != Some(&b'<') {
                let Some(mark) = memchr(b'<', self.rest.as_bytes()) else {
                    let whole = self.any && self.open.is_empty() && self.rest.trim().is_empty();
                    return if whole { Ok(None) } else { Err(self.damaged("内容中途断了")) };
                };
                let (text, rest) = self.rest.split_at(mark);
                self.rest = rest;
                return Ok(Some(Piece::Text(text)));
            }
            match self.rest.as_bytes().get(1) {
                Some(b'/') => return self.end().map(Some),
                Some(b'?') => drop(self.up_to("<?", "?>")?),
                Some(b'!') if self.rest.starts_with("<!--") => drop(self.up_to("<!--", "-->")?),
                Some(b'!') if self.rest.starts_with("<![CDATA[") => {
                    return self.up_to("<![CDATA[", "]]>").map(|text| Some(Piece::Verbatim(text)));
                }
                Some(b'!') => self.declaration()?,
                _ => return self.start().map(Some),
            }
        }
    }

    /// Appends what a piece says in text. Other pieces say nothing.
    pub(super) fn append(&self, piece: Piece<'_>, text: &mut String) -> Result<(), Refusal> {
        text.push_str(&self.text(piece)?);
        Ok(())
    }

    /// What a piece says in text, its references resolved and its line ends made one. Other pieces say nothing.
    ///
    /// # Errors
    /// [`Reason::Damaged`] where it refers to an entity that there is none of.
    pub(super) fn text<'t>(&self, piece: Piece<'t>) -> Result<Cow<'t, str>, Refusal> {
        let written = match piece {
            Piece::Text(written) | Piece::Verbatim(written) => written,
            _ => return Ok(Cow::Borrowed("")),
        };
        if memchr2(b'&', b'\r', written.as_bytes()).is_none() {
            return Ok(Cow::Borrowed(written));
        }
        let lines = written.replace("\r\n", "\n").replace('\r', "\n");
        if matches!(piece, Piece::Verbatim(_)) {
            return Ok(Cow::Owned(lines));
        }
        let mut text = String::with_capacity(lines.len());
        unescape(&lines, &mut text).ok_or_else(|| self.damaged("未定义的实体"))?;
        Ok(Cow::Owned(text))
    }

    /// Passes over the content and the end of the element whose start was the last piece.
    pub(super) fn pass_over(&mut self) -> Result<(), Refusal> {
        let outside = self.open.len().saturating_sub(1);
        while self.open.len() > outside && self.next()?.is_some() {}
        Ok(())
    }

    /// The same, where its end is known to stand so many bytes further on.
    pub(super) fn pass_over_known(&mut self, length: usize) {
        self.rest = &self.rest[length..];
        self.open.pop();
    }

    /// Passes over whole elements that were read otherwise; `rest` is what stands behind them.
    pub(super) fn go_on_at(&mut self, rest: &'a str) {
        self.rest = rest;
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    fn start(&mut self) -> Result<Piece<'a>, Refusal> {
        let close = tag_end(self.rest.as_bytes()).ok_or_else(|| self.damaged("标记中途断了"))?;
        let mut inside = &self.rest[1..close];
        self.rest = &self.rest[close + 1..];
        self.any = true;
        let empty = inside.ends_with('/');
        if empty {
            inside = &inside[..inside.len() - 1];
        }
        let (full, name, attributes) = split_name(inside);
        if full.is_empty() {
            return Err(self.damaged("标记没有名称"));
        }
        let element = Element { name, attributes };
        if empty {
            return Ok(Piece::Empty(element));
        }
        self.open.push((full, name));
        if self.open.len() > MOST_DEPTH {
            let detail = format!("部件 {} 嵌套超过 {MOST_DEPTH} 层的上限", self.part);
            return Err(Refusal::new(Reason::TooDeep, self.format, detail));
        }
        Ok(Piece::Start(element))
    }

    fn end(&mut self) -> Result<Piece<'a>, Refusal> {
        let Some((open, name)) = self.open.pop() else { return Err(self.damaged("有结尾没有开头")) };
        let behind = self.rest[2..].strip_prefix(open);
        if let Some(rest) = behind.and_then(|behind| behind.strip_prefix('>')) {
            self.rest = rest;
            return Ok(Piece::End(name));
        }
        let close = memchr(b'>', self.rest.as_bytes()).ok_or_else(|| self.damaged("标记中途断了"))?;
        let full = self.rest[2..close].trim_ascii_end();
        self.rest = &self.rest[close + 1..];
        if open != full {
            return Err(self.damaged(format!("</{full}> 没有对应的开头")));
        }
        Ok(Piece::End(name))
    }

    /// What stands between two marks, of which the first comes next.
    fn up_to(&mut self, first: &str, last: &str) -> Result<&'a str, Refusal> {
        let (inside, rest) = self.rest[first.len()..].split_once(last).ok_or_else(|| self.damaged("标记中途断了"))?;
        self.rest = rest;
        Ok(inside)
    }

    /// A document type without entities is passed over.
    fn declaration(&mut self) -> Result<(), Refusal> {
        let close = tag_end(self.rest.as_bytes()).ok_or_else(|| self.damaged("标记中途断了"))?;
        let inside = &self.rest[..close];
        if inside.contains('[') || inside.contains("SYSTEM") || inside.contains("PUBLIC") {
            return Err(entities(self.format));
        }
        self.rest = &self.rest[close + 1..];
        Ok(())
    }

    fn damaged(&self, what: impl std::fmt::Display) -> Refusal {
        damaged(self.format, self.part, what)
    }
}

impl<'a> Element<'a> {
    /// The attributes: name as written, value as written.
    pub(super) fn attributes(&self) -> Attributes<'a> {
        Attributes { rest: self.attributes }
    }

    /// The value of an attribute by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let (_, written) = self.attributes().find(|(found, _)| local(found) == name)?;
        let mut value = String::with_capacity(written.len());
        unescape(written, &mut value)?;
        Some(value)
    }

    /// The attributes as they are written.
    pub(super) fn written(&self) -> &'a str {
        self.attributes
    }

    /// Whether an attribute says yes.
    pub(super) fn says(&self, name: &str) -> bool {
        self.attributes().any(|(found, value)| found == name && matches!(value, "1" | "true"))
    }
}

/// The attributes of an element; they end where they are not well formed.
pub(super) struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let bytes = self.rest.as_bytes();
        let behind_blanks = |mut at: usize| {
            while bytes.get(at)?.is_ascii_whitespace() {
                at += 1;
            }
            Some(at)
        };
        let up_to = |from: usize, wanted: u8| bytes[from..].iter().position(|byte| *byte == wanted).map(|at| from + at);
        let start = behind_blanks(0)?;
        let equals = up_to(start, b'=')?;
        let open = behind_blanks(equals + 1)?;
        let quote = Some(bytes[open]).filter(|byte| matches!(byte, b'"' | b'\''))?;
        let close = up_to(open + 1, quote)?;
        let (name, value) = (self.rest[start..equals].trim_ascii_end(), &self.rest[open + 1..close]);
        self.rest = &self.rest[close + 1..];
        Some((name, value))
    }
}

/// Where the tag that begins a text ends: at a `>` outside quotes.
fn tag_end(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr3(b'>', b'"', b'\'', &text[at..])?;
        match text[at] {
            b'>' => return Some(at),
            quote => at += 2 + memchr(quote, &text[at + 1..])?,
        }
    }
}

/// What stands inside a tag: the full name, the same without its prefix, the attributes.
fn split_name(inside: &str) -> (&str, &str, &str) {
    let (mut local, mut end) = (0, inside.len());
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            b':' if local == 0 => local = at + 1,
            byte if byte.is_ascii_whitespace() => {
                end = at;
                break;
            }
            _ => (),
        }
    }
    let (full, attributes) = inside.split_at(end);
    (full, &full[local..], attributes)
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    match name.bytes().position(|byte| byte == b':') {
        Some(colon) => &name[colon + 1..],
        None => name,
    }
}

/// Appends a text with its references to characters resolved; `None` where there is no such character.
fn unescape(written: &str, text: &mut String) -> Option<()> {
    let mut rest = written;
    while let Some((before, reference)) = rest.split_once('&') {
        text.push_str(before);
        let (name, behind) = reference.split_once(';')?;
        text.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix('x') {
                    Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                    None => number.parse(),
                };
                char::from_u32(code.ok()?)?
            }
        });
        rest = behind;
    }
    text.push_str(rest);
    Some(())
}

/// The refusal of a package with a part that cannot be read.
pub(super) fn damaged(format: &'static str, part: &str, error: impl std::fmt::Display) -> Refusal {
    Refusal::new(Reason::Damaged, format, format!("部件 {part} 已损坏（{error}）；请用办公软件打开后重新另存"))
}

/// The refusal of XML with a document type declaration.
pub(super) fn entities(format: &'static str) -> Refusal {
    Refusal::new(Reason::EntityExpansion, format, "文件里带有文档类型声明（DTD），可能展开或引用外部内容，不予读取")
}

#[cfg(test)]
mod tests {
    use quick_xml::events::Event;

    use super::*;

    /// The pieces of a part in one text, as this scanner sees them.
    fn pieces(text: &str) -> Result<String, Reason> {
        let mut xml = Xml::new(text, "part", "xlsx");
        let mut seen = String::new();
        while let Some(piece) = xml.next().map_err(|refusal| refusal.reason)? {
            match piece {
                Piece::Start(element) => seen += &format!("<{}>", written(element)),
                Piece::Empty(element) => seen += &format!("<{}/>", written(element)),
                Piece::End(name) => seen += &format!("</{name}>"),
                text => xml.append(text, &mut seen).map_err(|refusal| refusal.reason)?,
            }
        }
        Ok(seen.trim().to_owned())
    }

    fn written(element: Element<'_>) -> String {
        let attributes: Vec<&str> = element.attributes().map(|(name, _)| name).collect();
        let values: Vec<String> = attributes.iter().filter_map(|name| element.attribute(local(name))).collect();
        format!("{} {}", element.name, values.join(" "))
    }

    /// The same, as quick-xml sees them.
    fn quick_pieces(text: &str) -> String {
        let mut reader = quick_xml::Reader::from_str(text);
        let mut seen = String::new();
        let written = |element: &quick_xml::events::BytesStart<'_>| {
            let values: Vec<String> = element
                .attributes()
                .map(|found| found.unwrap().normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned())
                .collect();
            format!("{} {}", element.local_name().as_ref(), values.join(" "))
        };
        loop {
            match reader.read_event().unwrap() {
                Event::Start(element) => seen += &format!("<{}>", written(&element)),
                Event::Empty(element) => seen += &format!("<{}/>", written(&element)),
                Event::End(element) => seen += &format!("</{}>", element.local_name().as_ref()),
                Event::Text(text) => seen += &text.xml10_content(),
                Event::CData(text) => seen += &text.xml10_content(),
                Event::GeneralRef(reference) => match reference.resolve_char_ref().unwrap() {
                    Some(character) => seen.push(character),
                    None => seen += &quick_xml::escape::unescape(&format!("&{};", &*reference)).unwrap(),
                },
                Event::Eof => return seen.trim().to_owned(),
                _ => (),
            }
        }
    }

    #[test]
    fn pieces_are_those_that_quick_xml_sees() {
        for text in [
            "<a/>",
            "<?xml version=\"1.0\"?>\r\n<a>b</a>\n",
            "<!-- > --><x:a x:b = '1\"2' c=\"&lt;&#65;&#x4e00;>\"\n>t&amp;u\r\nv<![CDATA[<&]]></x:a >",
            "<a><b /><c d=\"\"/>合计<e>１</e></a>",
            "<!DOCTYPE a><a></a>",
        ] {
            assert_eq!(pieces(text).unwrap(), quick_pieces(text), "{text}");
        }
    }

    #[test]
    fn what_is_not_well_formed_is_damaged() {
        for text in [
            "",
            "a",
            "<a>",
            "</a>",
            "<a></b>",
            "<a b=\"></a>",
            "<a><!-- </a>",
            "<",
            "< >",
            "<a>&b;</a>",
            "<a>&#0",
            "<a/>b",
        ] {
            assert_eq!(pieces(text), Err(Reason::Damaged), "{text}");
        }
        for text in ["<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "<!DOCTYPE a SYSTEM 'b'><a/>"] {
            assert_eq!(pieces(text), Err(Reason::EntityExpansion), "{text}");
        }
    }
}
