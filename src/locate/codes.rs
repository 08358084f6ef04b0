//! Rows that a classification names: a code in one column, in three, or before its name in one cell.

use std::borrow::Cow;
use std::sync::Arc;

use super::grid::{Grid, Spot};
use super::layout::{Block, Layout, RowKind, is_part_of_code};
use super::words::Reader;
use crate::mapping::{CodeList, ColumnRole, NameMatch};
use crate::model::{FindingCode, fold};

/// What the stub of a row says about its code.
#[derive(Clone, Debug, Default)]
pub(super) struct CodedRow {
    /// The code, complete; empty where none stands.
    pub(super) code: Arc<str>,
    /// The name beside it, as written; empty where none stands.
    pub(super) name: String,
    /// What is wrong with the code: no figure.
    pub(super) blocked_by: Option<String>,
    /// What is worth telling.
    pub(super) finding: Option<(FindingCode, String)>,
}

/// The parts of a code that stands in three columns, filled down.
#[derive(Debug, Default)]
pub(super) struct SplitCode {
    category: String,
    section: String,
}

/// Reads the code of a row; `None` where the row has neither code nor split parts.
pub(super) fn coded_row(
    grid: &Grid<'_>,
    layout: &Layout,
    block: &Block,
    row: usize,
    split: &mut SplitCode,
    reader: &Reader<'_>,
) -> Option<CodedRow> {
    let codes = reader.form.codes.as_ref()?;
    let list = if codes.economic { &reader.mappings.codes.economic } else { &reader.mappings.codes.functional };
    let mut coded = CodedRow::default();
    let mut parts: [Option<String>; 3] = [None, None, None];
    for &column in &block.labels {
        // A cell merged over the code and name columns is a label, told once.
        let spot = grid
            .at(row, column)
            .filter(|spot| spot.column == column || layout.roles[spot.column] != layout.roles[column]);
        let text = without_decimals(spot.map_or("", |spot| spot.text().trim()));
        if let Some(spot) = spot.filter(|spot| parts_covered(layout, spot) > 1 && digits_of(text).is_some()) {
            // 2050202 merged over 类, 款 and 项: the whole code.
            match leading_code(text).0 {
                "" => coded.blocked_by = Some(format!("`{text}` is no code")),
                code if spot.column == column => coded.code = code.into(),
                _ => {}
            }
            continue;
        }
        match layout.roles[column] {
            Some(ColumnRole::Category) => parts[0] = digits_of(text),
            Some(ColumnRole::Section) => parts[1] = digits_of(text),
            Some(ColumnRole::Detail) => parts[2] = digits_of(text),
            Some(ColumnRole::Code | ColumnRole::Label | ColumnRole::Name) | None => {
                let (code, name) = code_and_name(text);
                let is_code_column = layout.roles[column] == Some(ColumnRole::Code);
                let is_name_column = layout.roles[column] == Some(ColumnRole::Name);
                let has_code_column =
                    || block.labels.iter().any(|other| layout.roles[*other] == Some(ColumnRole::Code));
                if is_name_column && !code.is_empty() && name.is_empty() && coded.code.is_empty() && has_code_column() {
                    coded.blocked_by = Some(format!("`{text}` where names stand"));
                }
                if is_code_column && code.is_empty() && digits_of(text).is_some() {
                    coded.blocked_by = Some(format!("`{text}` is no code"));
                }
                if !code.is_empty() && coded.code.is_empty() {
                    coded.code = code.into();
                }
                if !name.is_empty() && coded.name.is_empty() && !is_header(spot, name, reader) {
                    name.clone_into(&mut coded.name);
                }
            }
            _ => {}
        }
    }
    // What stands in other columns than its own may be the parent of the rows below.
    if coded.blocked_by.is_some() {
        *split = SplitCode::default();
        return Some(coded);
    }
    if parts.iter().any(Option::is_some) {
        if !coded.code.is_empty() {
            coded.blocked_by = Some(format!("`{}` is beside a part of a code", coded.code));
            *split = SplitCode::default();
            return Some(coded);
        }
        match split.join(&parts, codes.economic) {
            Ok(code) => coded.code = code.into(),
            Err(reason) => {
                *split = SplitCode::default();
                coded.blocked_by = Some(reason);
            }
        }
    }
    if coded.code.is_empty() && coded.blocked_by.is_none() {
        return None;
    }
    if coded.blocked_by.is_none() {
        check(&mut coded, list, codes.economic, reader);
    }
    Some(coded)
}

/// Finds codes that stand in two or three columns below one header: 科目编码 merged over them, or beside cells that have
/// lost their merge, with 科目名称 behind them. Their columns are 类, 款 and 项, though nothing says so.
///
/// What the columns hold must be parts of codes and nothing else; that the whole is a code, and the name beside it the
/// code's, each row is asked for afterwards.
pub(super) fn divide(grid: &Grid<'_>, rows: &[RowKind], roles: &mut [Option<ColumnRole>], reader: &Reader<'_>) {
    const PARTS: [ColumnRole; 3] = [ColumnRole::Category, ColumnRole::Section, ColumnRole::Detail];
    let Some(first) = roles.iter().position(|role| *role == Some(ColumnRole::Code)) else { return };
    let Some(header) = (0..grid.height).find_map(|row| {
        grid.at(row, first).filter(|spot| spot.row == row && spot.role(reader) == Some(ColumnRole::Code))
    }) else {
        return;
    };
    let behind = match header.column_span {
        1 => (first + 1..roles.len()).find(|column| roles[*column].is_some()),
        span if header.column == first => Some(first + span),
        _ => None,
    };
    let Some(behind) = behind.filter(|behind| (2..=PARTS.len()).contains(&(behind - first))) else { return };
    let named = header.column_span > 1 || roles[behind] == Some(ColumnRole::Name);
    let columns = first + 1..behind;
    let free = columns.clone().all(|column| roles[column].is_none() || roles[column] == roles[first]);
    if !named || !free {
        return;
    }
    let mut parts = 0;
    for row in (header.row + header.row_span..grid.height).filter(|row| rows[*row] != RowKind::Line) {
        for spot in columns.clone().filter_map(|column| grid.at(row, column)).filter(|spot| !spot.is_blank()) {
            match digits_of(spot.text().trim()) {
                Some(digits) if digits.len() <= 2 || matches!(digits.len(), 5 | 7) => parts += 1,
                // 合计 over all of them.
                None if spot.column <= first => {}
                _ => return,
            }
        }
    }
    if parts > 0 {
        (first..behind).zip(PARTS).for_each(|(column, part)| roles[column] = Some(part));
    }
}

/// For each code in the label columns of a grid: whether it is one of the economic list (3…), a function (2…), or of neither
/// list. Parts of codes are told by their 类.
pub(super) fn lists<'t>(grid: &'t Grid<'_>, layout: &'t Layout) -> impl Iterator<Item = Option<bool>> + 't {
    let columns = layout.blocks.iter().flat_map(|block| block.labels.iter().map(move |column| (block, *column)));
    let cells = columns.flat_map(move |(block, column)| (block.body..grid.height).map(move |row| (row, column)));
    cells.filter(|(row, _)| layout.rows[*row] == RowKind::Plain).filter_map(move |(row, column)| {
        let spot = grid.at(row, column).filter(|spot| spot.row == row && spot.column == column)?;
        let code = match layout.roles[column] {
            Some(ColumnRole::Section | ColumnRole::Detail | ColumnRole::Line | ColumnRole::Text) => return None,
            _ => code_and_name(without_decimals(spot.text().trim())).0,
        };
        match code.bytes().next()? {
            b'3' => Some(Some(true)),
            b'2' => Some(Some(false)),
            _ => Some(None),
        }
    })
}

/// How many of the columns 类, 款 and 项 a spot is merged over.
fn parts_covered(layout: &Layout, spot: &Spot<'_>) -> usize {
    let covered = layout.roles.iter().enumerate().filter(|(column, _)| spot.covers(*column));
    covered.filter(|(_, role)| role.is_some_and(is_part_of_code)).count()
}

/// A name is the header of a column. Where it fills its spot, the spot knows.
fn is_header(spot: Option<&Spot<'_>>, name: &str, reader: &Reader<'_>) -> bool {
    match spot.filter(|spot| spot.text().trim() == name) {
        Some(spot) => spot.role(reader).is_some(),
        None => reader.role(name).is_some(),
    }
}

/// 2130301.0: a code that a program took for a number.
fn without_decimals(text: &str) -> &str {
    let is_code = |digits: &&str| (1..=7).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    text.strip_suffix(".0").filter(is_code).unwrap_or(text)
}

/// A code and its name in one text: `2010601 行政运行`, `[2010601]行政运行`, `行政运行（2010601）`, `201-06-01`.
pub(super) fn code_and_name(text: &str) -> (Cow<'_, str>, &str) {
    if let Some((code, name)) = bracketed_code(text) {
        return (code.into(), name);
    }
    if let Some((code, name)) = parted_code(text) {
        return (code.into(), name);
    }
    let (code, name) = leading_code(text);
    (code.into(), name)
}

/// A code in a bracket before or behind its name.
fn bracketed_code(text: &str) -> Option<(&str, &str)> {
    const OPEN: [char; 5] = ['[', '［', '【', '(', '（'];
    const CLOSE: [char; 5] = [']', '］', '】', ')', '）'];
    let is_code = |code: &&str| matches!(code.len(), 3 | 5 | 7) && code.bytes().all(|byte| byte.is_ascii_digit());
    let (code, name) = match text.strip_prefix(OPEN) {
        Some(inner) => inner.split_once(CLOSE)?,
        None => {
            let (name, code) = text.strip_suffix(CLOSE)?.rsplit_once(OPEN)?;
            (code, name)
        }
    };
    let name = name.trim();
    Some((code.trim(), name)).filter(|(code, name)| is_code(code) && !name.is_empty())
}

/// A code whose parts a mark parts: `201-06-01`, `201.06.01`, `201 06 01`.
fn parted_code(text: &str) -> Option<(String, &str)> {
    let part = |text: &str, digits: usize| {
        let found = text.get(..digits)?;
        found.bytes().all(|byte| byte.is_ascii_digit()).then(|| found.to_owned())
    };
    let mut code = part(text, 3)?;
    let mark = text[3..].chars().next().filter(|mark| matches!(mark, '-' | '.' | ' ' | '—' | '－'))?;
    let mut rest = &text[3..];
    while let Some(section) = rest.strip_prefix(mark).and_then(|rest| part(rest, 2)) {
        code += &section;
        rest = &rest[mark.len_utf8() + 2..];
    }
    let ends = !rest.starts_with(|c: char| c.is_ascii_digit());
    let name = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '-' || c == '—');
    (matches!(code.len(), 5 | 7) && ends).then_some((code, name))
}

/// A code at the beginning of a text.
fn leading_code(text: &str) -> (&str, &str) {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    match digits {
        3 | 5 | 7 => {
            (&text[..digits], text[digits..].trim_start_matches(|c: char| c.is_whitespace() || c == '-' || c == '—'))
        }
        0 => ("", text),
        _ => ("", ""),
    }
}

/// The digits of a part of a split code; `None` for a blank or a word.
fn digits_of(text: &str) -> Option<String> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.to_owned())
}

impl SplitCode {
    /// Puts 类, 款 and 项 together. Blank parents repeat the row above; lost zeros come back.
    fn join(&mut self, parts: &[Option<String>; 3], economic: bool) -> Result<String, String> {
        if let Some(code) = whole_code(parts)? {
            self.category = code[..3].to_owned();
            self.section = code[3..5].to_owned();
            return Ok(code);
        }
        let [category, section, detail] = parts;
        if let Some(category) = category {
            if category.len() != 3 {
                return Err(format!("类 `{category}` has not three digits"));
            }
            if *category != self.category {
                self.section.clear();
            }
            self.category.clone_from(category);
        }
        if self.category.is_empty() {
            return Err("类 is missing".to_owned());
        }
        let two = |part: &str, parent: &str| -> Result<String, String> {
            match part.len() {
                1 => Ok(format!("0{part}")),
                2 => Ok(part.to_owned()),
                _ => Err(format!("`{part}` is no part of a code below `{parent}`")),
            }
        };
        match (section, detail) {
            (None, None) => {
                if category.is_some() {
                    self.section.clear();
                }
                Ok(self.category.clone())
            }
            (Some(section), detail) => {
                self.section = two(section, &self.category)?;
                let parent = format!("{}{}", self.category, self.section);
                match detail {
                    Some(detail) => Ok(format!("{parent}{}", two(detail, &parent)?)),
                    None => Ok(parent),
                }
            }
            (None, Some(detail)) if !economic && category.is_none() && !self.section.is_empty() => {
                let parent = format!("{}{}", self.category, self.section);
                Ok(format!("{parent}{}", two(detail, &parent)?))
            }
            (None, Some(_)) => Err("款 is missing".to_owned()),
        }
    }
}

/// The code that stands whole in the last column that is filled: 201, 20106, 2010601 in the three, or 2010601 in one of
/// them alone. What stands to its left must be the beginning of it.
fn whole_code(parts: &[Option<String>; 3]) -> Result<Option<String>, String> {
    let Some(last) = parts.iter().rposition(Option::is_some) else { return Ok(None) };
    let Some(code) = parts[last].as_deref().filter(|code| matches!(code.len(), 5 | 7)) else { return Ok(None) };
    for (at, part) in parts[..last].iter().enumerate() {
        let Some(part) = part.as_deref() else { continue };
        let padded = format!("{part:0>2}");
        let own = if at == 1 && part.len() <= 2 { code.get(3..5) == Some(&*padded) } else { code.starts_with(part) };
        if !own || part.len() == code.len() {
            return Err(format!("`{part}` is no part of `{code}`"));
        }
    }
    Ok(Some(code.to_owned()))
}

/// Holds the code against the list of the form and of the year.
fn check(coded: &mut CodedRow, list: &CodeList, economic: bool, reader: &Reader<'_>) {
    let code = coded.code.clone();
    let first = if economic { '3' } else { '2' };
    if !code.starts_with(first) {
        coded.blocked_by = Some(format!("code `{code}` is of another classification"));
        return;
    }
    if economic && code.len() == 7 {
        coded.blocked_by = Some(format!("code `{code}` has too many digits"));
        return;
    }
    if coded.name.is_empty() {
        if !list.knows(&code) {
            coded.blocked_by = Some(format!("code `{code}` is not in the list and has no name"));
        }
        return;
    }
    // 21303Ol行政运行: letters directly behind the digits were digits.
    if coded.name.contains(|c: char| c.is_ascii_digit()) || coded.name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        coded.blocked_by = Some(format!("digits in the name of {code}: `{}`", coded.name));
        return;
    }
    match list.compare(&code, &coded.name, reader.fiscal_year) {
        NameMatch::Same => {}
        NameMatch::AnotherYear => {
            coded.finding = Some((FindingCode::NameOfAnotherYear, format!("{code} {}", coded.name)));
        }
        NameMatch::UnknownCode => coded.finding = Some((FindingCode::UnknownCode, format!("{code} {}", coded.name))),
        NameMatch::OtherWording if divides(list, coded, reader) => {
            coded.blocked_by = Some(coded.name.clone());
        }
        NameMatch::OtherWording => {
            let listed = list.name(&code, reader.fiscal_year).map_or("", |name| name);
            if !fold(listed).starts_with(&fold(&coded.name)) {
                coded.finding = Some((FindingCode::OtherWording, format!("{code} {}", coded.name)));
            }
        }
        NameMatch::Contradicts => {
            coded.finding = Some((FindingCode::CodeContradictsName, format!("{code} {}", coded.name)));
            coded.blocked_by = Some(format!("`{}` is not the name of {code}", coded.name));
        }
    }
}

/// The name is the code's with words before or behind it that make a part of it: 行政运行（局机关）, 行政运行-上年.
fn divides(list: &CodeList, coded: &CodedRow, reader: &Reader<'_>) -> bool {
    let written = fold(&coded.name);
    let rest = |name: &str| {
        let name = fold(name);
        let rest = written.strip_prefix(&name).or_else(|| written.strip_suffix(&name))?;
        Some(rest.to_owned())
    };
    let mut rests = list.names_of(&coded.code).filter_map(rest);
    rests.any(|rest| reader.mappings.surroundings.divides(rest.trim_matches(|c: char| !c.is_alphanumeric())))
}
