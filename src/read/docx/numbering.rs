//! Automatic numbering of Word documents: the `一、` that stands before a heading without being part of its text.

use std::collections::{HashMap, HashSet};

use crate::read::refusal::Refusal;
use crate::read::xml::{Element, Piece, Xml};

/// Levels that a list may have.
const LEVELS: usize = 9;

/// The lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub(in crate::read) struct Numbering {
    /// Definitions by `abstractNumId`.
    definitions: HashMap<String, Definition>,
    /// Lists by `numId`.
    lists: HashMap<String, List>,
    /// How far each definition has counted; lists that share one go on counting.
    counters: HashMap<String, [Option<u32>; LEVELS]>,
    /// Lists and levels whose own start has been used.
    started: HashSet<(String, usize)>,
}

#[derive(Debug, Default)]
struct Definition {
    levels: [Level; LEVELS],
    /// The list style that this definition is of, or that it only points to.
    style: String,
    points_to: String,
}

#[derive(Debug, Default)]
struct List {
    definition: String,
    starts: [Option<u32>; LEVELS],
    levels: [Option<Level>; LEVELS],
}

/// How a level of a list is numbered.
#[derive(Debug)]
pub(in crate::read) struct Level {
    pub(in crate::read) start: u32,
    /// The word of the standard (`decimal`, `chineseCounting`).
    pub(in crate::read) format: String,
    /// `第%1部分`: `%` and the number of a level, from 1.
    pub(in crate::read) text: String,
    /// What follows: `tab`, `space` or `nothing`.
    pub(in crate::read) suffix: String,
    /// All levels in it are shown in Arabic digits.
    pub(in crate::read) is_legal: bool,
    /// Counts on although a level above it went on.
    pub(in crate::read) never_restarts: bool,
    /// The paragraph style that is numbered by this level.
    pub(in crate::read) style: String,
}

impl Default for Level {
    fn default() -> Level {
        Level {
            start: 1,
            format: "decimal".into(),
            text: String::new(),
            suffix: "tab".into(),
            is_legal: false,
            never_restarts: false,
            style: String::new(),
        }
    }
}

impl Numbering {
    /// Reads the numbering part, whose name is `part`.
    pub(super) fn parse(xml: &str, part: &str) -> Result<Numbering, Refusal> {
        let mut numbering = Numbering::default();
        let mut pieces = Xml::new(xml, part, "docx");
        // Where the elements that follow belong to.
        let (mut definition, mut list, mut level) = (None::<String>, None::<String>, 0);
        while let Some(piece) = pieces.next()? {
            let (Piece::Start(element) | Piece::Empty(element)) = piece else { continue };
            match element.name {
                "abstractNum" => (definition, list) = (element.attribute("abstractNumId"), None),
                "num" => (definition, list) = (None, element.attribute("numId")),
                "lvl" | "lvlOverride" => {
                    level = number(element, "ilvl").unwrap_or(0).min(LEVELS as u32 - 1) as usize;
                    if let (Some(list), "lvl") = (&list, element.name) {
                        numbering.list(list).levels[level] = Some(Level::default());
                    }
                }
                name => match (&definition, &list) {
                    (Some(id), _) => numbering.definition(id).set(name, element, level),
                    (_, Some(id)) => numbering.list(id).set(name, element, level),
                    _ => {}
                },
            }
        }
        Ok(numbering)
    }

    fn definition(&mut self, id: &str) -> &mut Definition {
        self.definitions.entry(id.to_owned()).or_default()
    }

    fn list(&mut self, id: &str) -> &mut List {
        self.lists.entry(id.to_owned()).or_default()
    }

    /// Adds a definition with its levels from the first on, as the older format tells it.
    pub(in crate::read) fn define(&mut self, id: String, levels: Vec<Level>) {
        let definition = self.definition(&id);
        for (own, level) in definition.levels.iter_mut().zip(levels) {
            *own = level;
        }
    }

    /// Says which definition a list is of.
    pub(in crate::read) fn list_of(&mut self, list: &str, definition: String) {
        self.list(list).definition = definition;
    }

    /// Gives a level of a list a start or a numbering of its own.
    pub(in crate::read) fn override_level(&mut self, list: &str, level: usize, start: Option<u32>, own: Option<Level>) {
        if level < LEVELS {
            let list = self.list(list);
            list.starts[level] = start;
            list.levels[level] = own;
        }
    }

    /// The level at which a list numbers paragraphs of a style.
    pub(super) fn level_of_style(&self, list: &str, style: &str) -> Option<usize> {
        let (_, definition) = resolve(&self.definitions, self.lists.get(list)?)?;
        definition.levels.iter().position(|level| !style.is_empty() && level.style == style)
    }

    /// Counts the next paragraph of a list and says what stands before it; empty for bullets.
    pub(in crate::read) fn count(&mut self, list: &str, level: usize) -> String {
        let level = level.min(LEVELS - 1);
        let Some(own) = self.lists.get(list) else { return String::new() };
        let Some((id, definition)) = resolve(&self.definitions, own) else { return String::new() };
        let levels: [&Level; LEVELS] =
            std::array::from_fn(|at| own.levels[at].as_ref().unwrap_or(&definition.levels[at]));
        let own_start = own.starts[level];
        let start = own_start.unwrap_or(levels[level].start);
        let begins_anew = own_start.is_some() && self.started.insert((list.to_owned(), level));

        let counters = self.counters.entry(id.to_owned()).or_default();
        counters[level] = Some(match counters[level] {
            Some(count) if !begins_anew => count.saturating_add(1),
            _ => start,
        });
        for below in level + 1..LEVELS {
            if !levels[below].never_restarts {
                counters[below] = None;
            }
        }
        levels[level].label(&levels, counters)
    }
}

/// The definition of a list; one that only points to a list style leads to the definition which that style has.
fn resolve<'a>(definitions: &'a HashMap<String, Definition>, list: &'a List) -> Option<(&'a str, &'a Definition)> {
    let definition = definitions.get(&list.definition)?;
    if definition.points_to.is_empty() {
        return Some((&list.definition, definition));
    }
    definitions
        .iter()
        .filter(|(_, other)| other.style == definition.points_to)
        .map(|(id, definition)| (id.as_str(), definition))
        // Two of one style are a mistake; any will do, if it is always the same.
        .min_by_key(|(id, _)| *id)
}

impl Definition {
    fn set(&mut self, name: &str, element: Element<'_>, level: usize) {
        match name {
            "styleLink" => self.style = value(element),
            "numStyleLink" => self.points_to = value(element),
            _ => self.levels[level].set(name, element),
        }
    }
}

impl List {
    fn set(&mut self, name: &str, element: Element<'_>, level: usize) {
        match name {
            "abstractNumId" => self.definition = value(element),
            "startOverride" => self.starts[level] = number(element, "val"),
            _ => {
                if let Some(level) = &mut self.levels[level] {
                    level.set(name, element);
                }
            }
        }
    }
}

impl Level {
    fn set(&mut self, name: &str, element: Element<'_>) {
        match name {
            "start" => self.start = number(element, "val").unwrap_or(1),
            "numFmt" => self.format = value(element),
            "lvlText" => self.text = value(element),
            "suff" => self.suffix = value(element),
            "isLgl" => self.is_legal = is_on(&element.attribute("val")),
            "lvlRestart" => self.never_restarts = value(element) == "0",
            "pStyle" => self.style = value(element),
            _ => {}
        }
    }

    fn label(&self, levels: &[&Level; LEVELS], counters: &[Option<u32>; LEVELS]) -> String {
        if self.format == "bullet" || self.text.is_empty() {
            return String::new();
        }
        let mut label = String::new();
        let mut rest = self.text.chars().peekable();
        while let Some(c) = rest.next() {
            let shown = rest.peek().and_then(|digit| digit.to_digit(10)).filter(|digit| (1..=9).contains(digit));
            match (c, shown) {
                ('%', Some(digit)) => {
                    rest.next();
                    let at = digit as usize - 1;
                    let format = if self.is_legal { "decimal" } else { levels[at].format.as_str() };
                    label.push_str(&formatted(counters[at].unwrap_or(levels[at].start), format));
                }
                _ => label.push(c),
            }
        }
        // Something must part `1` from a number that follows; behind `一、` and `（一）` people write nothing.
        if self.suffix != "nothing" && !label.ends_with(['、', '）', '：', ' ']) {
            label.push(' ');
        }
        label
    }
}

/// The switch `w:vanish`, `w:vanish w:val="0"` …
pub(super) fn is_on(value: &Option<String>) -> bool {
    !matches!(value.as_deref(), Some("0" | "false" | "off"))
}

fn value(element: Element<'_>) -> String {
    element.attribute("val").unwrap_or_default()
}

fn number(element: Element<'_>, name: &str) -> Option<u32> {
    element.attribute(name)?.parse().ok()
}

/// A number in one of Word's numbering formats; in Arabic digits where the format has no sign for it.
fn formatted(number: u32, format: &str) -> String {
    let nth = |signs: &str| number.checked_sub(1).and_then(|at| signs.chars().nth(at as usize)).map(String::from);
    let from = |first: u32, last: u32| {
        (1..=last).contains(&number).then(|| char::from_u32(first + number - 1)).flatten().map(String::from)
    };
    let written = match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand" => Some(chinese(number, "零一二三四五六七八九", "十百千")),
        "chineseLegalSimplified" | "ideographLegalTraditional" => {
            Some(chinese(number, "零壹贰叁肆伍陆柒捌玖", "拾佰仟"))
        }
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => Some(
            number
                .to_string()
                .bytes()
                .filter_map(|digit| "〇一二三四五六七八九".chars().nth((digit - b'0') as usize))
                .collect(),
        ),
        "ideographTraditional" => nth("甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac" => nth("子丑寅卯辰巳午未申酉戌亥"),
        "ideographEnclosedCircle" => from('㊀' as u32, 10),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => from('①' as u32, 20),
        "decimalEnclosedParen" => from('⑴' as u32, 20),
        "decimalEnclosedFullstop" => from('⒈' as u32, 20),
        "decimalFullWidth" | "decimalFullWidth2" => Some(
            number
                .to_string()
                .bytes()
                .filter_map(|digit| char::from_u32('０' as u32 + u32::from(digit - b'0')))
                .collect(),
        ),
        "decimalZero" => Some(format!("{number:02}")),
        "upperLetter" => letters(number, b'A'),
        "lowerLetter" => letters(number, b'a'),
        "upperRoman" => roman(number),
        "lowerRoman" => roman(number).map(|roman| roman.to_lowercase()),
        "none" => Some(String::new()),
        _ => None,
    };
    written.unwrap_or_else(|| number.to_string())
}

/// 一, 十, 十一, 二十, 一百零一: up to 9999.
fn chinese(number: u32, digits: &str, units: &str) -> String {
    if !(1..=9999).contains(&number) {
        return number.to_string();
    }
    let digit = |value: u32| digits.chars().nth(value as usize);
    let mut written = String::new();
    let mut skipped_zero = false;
    for place in (0..4_u32).rev() {
        let value = number / 10_u32.pow(place) % 10;
        if value == 0 {
            skipped_zero = !written.is_empty();
            continue;
        }
        if skipped_zero {
            written.extend(digit(0));
            skipped_zero = false;
        }
        // 十一, not 一十一; but 一百一十一.
        if !(value == 1 && place == 1 && number < 20) {
            written.extend(digit(value));
        }
        if place > 0 {
            written.extend(units.chars().nth(place as usize - 1));
        }
    }
    written
}

/// A … Z, AA, BB …: Word repeats the letter.
fn letters(number: u32, first: u8) -> Option<String> {
    let at = number.checked_sub(1)?;
    let letter = (first + (at % 26) as u8) as char;
    (at < 26 * 30).then(|| letter.to_string().repeat(at as usize / 26 + 1))
}

fn roman(number: u32) -> Option<String> {
    const SIGNS: &[(u32, &str)] = &[
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = (1..4000).contains(&number).then_some(number)?;
    let mut written = String::new();
    for (value, sign) in SIGNS {
        while rest >= *value {
            written.push_str(sign);
            rest -= value;
        }
    }
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_word_shows_them() {
        for (number, format, written) in [
            (1, "chineseCounting", "一"),
            (10, "chineseCounting", "十"),
            (11, "chineseCountingThousand", "十一"),
            (20, "japaneseCounting", "二十"),
            (101, "chineseCountingThousand", "一百零一"),
            (110, "chineseCountingThousand", "一百一十"),
            (12, "chineseLegalSimplified", "拾贰"),
            (10, "ideographDigital", "一〇"),
            (3, "ideographTraditional", "丙"),
            (5, "decimalEnclosedCircle", "⑤"),
            (21, "decimalEnclosedCircle", "21"),
            (12, "decimalFullWidth", "１２"),
            (7, "decimalZero", "07"),
            (28, "upperLetter", "BB"),
            (14, "lowerRoman", "xiv"),
            (3, "an unknown one", "3"),
        ] {
            assert_eq!(formatted(number, format), written, "{number} {format}");
        }
    }

    const LISTS: &str = r#"<w:numbering>
        <w:abstractNum w:abstractNumId="0">
          <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
          <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/><w:isLgl/></w:lvl>
          <w:lvl w:ilvl="2"><w:pStyle w:val="3"/><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl>
        </w:abstractNum>
        <w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="A"/></w:abstractNum>
        <w:abstractNum w:abstractNumId="2"><w:styleLink w:val="A"/>
          <w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="（%1）"/></w:lvl>
        </w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>
        <w:num w:numId="3"><w:abstractNumId w:val="0"/>
          <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
        <w:num w:numId="4"><w:abstractNumId w:val="1"/></w:num>
      </w:numbering>"#;

    #[test]
    fn lists_count_as_word_does() {
        let mut numbering = Numbering::parse(LISTS, "numbering.xml").unwrap();
        for (list, level, label) in [
            ("1", 0, "一、"),
            ("1", 1, "1.1 "),
            ("1", 1, "1.2 "),
            ("1", 0, "二、"),
            ("1", 1, "2.1 "), // a level begins again below the next one above it
            ("2", 0, "三、"), // two lists of one definition count together
            ("3", 0, "一、"), // unless one has a start of its own
            ("3", 0, "二、"),
            ("1", 2, ""),
            ("4", 0, "（3）"), // a definition that points to a list style
            ("9", 0, ""),
        ] {
            assert_eq!(numbering.count(list, level), label, "list {list}, level {level}");
        }
        assert_eq!(numbering.level_of_style("1", "3"), Some(2));
    }
}
