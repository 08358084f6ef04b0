//! Names of the functional classification in sentences: `{类}（类）{款}（款）{项}（项）`, from any level on, and
//! `{name}（{code}）`.

use std::sync::Arc;

use memchr::memchr;

use crate::mapping::{CodeLists, Found, Lexicon, NameMatch, WordSense};

/// The brackets behind the names of a path, from the highest level down, and the digits of their codes.
const LEVELS: [(&str, usize); 3] = [("(类)", 3), ("(款)", 5), ("(项)", 7)];

/// They alone.
pub(super) fn levels() -> impl Iterator<Item = &'static str> {
    LEVELS.iter().map(|(bracket, _)| *bracket)
}

/// What a path of names leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Function {
    /// A code, or a path of names whose last one the list does not have.
    Known(Arc<str>),
    /// Names below the 类 or 款 that governs: digits and name of each level.
    Below(Vec<(usize, String)>),
}

/// Finds all paths of a folded text: start, end, and what each leads to (`None`: not understood).
pub(super) fn find(
    text: &str,
    begin: usize,
    codes: &CodeLists,
    year: i32,
    lexicon: &Lexicon,
) -> Vec<(usize, usize, Option<Function>)> {
    let mut found: Vec<(usize, usize, Option<Function>)> = Vec::new();
    let mut reached = begin;
    let mut search = begin;
    while let Some(bracket) = next_level(text, search) {
        search = bracket.end;
        if bracket.start < reached {
            continue;
        }
        let Some((start, mut levels)) = first_name(text, reached, &bracket, codes, year, lexicon) else {
            // A level's bracket whose name is not in the list: nothing that is known.
            let start = boundary(text, reached, bracket.start);
            found.push((start, bracket.end, None));
            reached = bracket.end;
            continue;
        };
        let mut end = bracket.end;
        let mut printed: Vec<String> = bracket.whole.iter().cloned().collect();
        if bracket.code.is_none() {
            // The deeper levels follow directly.
            while let Some(next) = next_level(text, end) {
                // 一般公共服务支出（类）201财政事务（款）20106
                let code = code_behind(&text[end..next.start], levels.last());
                // 一般公共服务支出（类）—财政事务（款）
                let name = text[end + code.len()..next.start].trim_start_matches(JOINS);
                let deeper = levels.last().is_some_and(|(digits, _)| next.digits > *digits);
                if !deeper || name.contains([',', ';', '。', ':']) || name.is_empty() {
                    break;
                }
                printed.extend((!code.is_empty()).then(|| code.to_owned()));
                printed.extend(next.whole.clone());
                levels.push((next.digits, name.to_owned()));
                end = next.end;
            }
            let code = code_behind(&text[end..], levels.last());
            let behind = &text[end + code.len()..];
            // 教育支出（类）205,745.01元 is no code, nor is a number that is another's.
            let is_number = behind.strip_prefix(',').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            let ends = behind.is_empty() || behind.starts_with([',', ';', '。', ':']) && !is_number;
            if !code.is_empty()
                && ends
                && resolve(&levels, "", codes, year).is_some_and(|known| known.starts_with(code))
            {
                printed.push(code.to_owned());
                end += code.len();
            }
        }
        let coded = bracket.code.clone().map(|code| deepest_code(text, &mut end, code, codes, year));
        let told = coded.or_else(|| {
            // 审计事务（款）行政运行（项）（2010801）
            let next = next_level(text, end).filter(|next| next.start == end)?;
            let (_, name) = levels.last()?;
            let code = next.code.filter(|code| fits(codes, code, name, year))?;
            end = next.end;
            Some(code)
        });
        let function = match told {
            Some(code) if bracket.code.is_some() => Some(Function::Known(code.into())),
            Some(code) => leads_to(&levels, &code, codes, year).then(|| Function::Known(code.into())),
            None if levels[0].0 == 3 => resolve(&levels, "", codes, year).map(Function::Known),
            None => Some(Function::Below(levels)),
        };
        let is_of = |function: &Function| match function {
            Function::Known(code) => printed.iter().all(|printed| code.starts_with(printed.as_str())),
            Function::Below(_) => printed.is_empty(),
        };
        let function = function.filter(is_of);
        found.push((start, end, function));
        reached = end;
        search = end;
    }
    found
}

/// The digits behind a level, where they are as many as its code has: 财政事务（款）20106.
fn code_behind<'t>(text: &'t str, level: Option<&(usize, String)>) -> &'t str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    level.filter(|(of_level, _)| *of_level == digits).map_or("", |_| &text[..digits])
}

/// 一般公共服务支出（201）—财政事务（20106）, 教育支出（205）普通教育（02）: the deepest of the codes that names lead to, and where
/// it ends.
fn deepest_code(text: &str, end: &mut usize, mut code: String, codes: &CodeLists, year: i32) -> String {
    while let Some((below, behind)) = code_below(text, *end, &code, codes, year) {
        (code, *end) = (below, behind);
    }
    code
}

/// The code below another whose name stands at a byte: whole behind a join, or the two digits that it has more.
fn code_below(text: &str, at: usize, code: &str, codes: &CodeLists, year: i32) -> Option<(String, usize)> {
    let open = at + memchr(b'(', &text.as_bytes()[at..])?;
    let close = open + memchr(b')', &text.as_bytes()[open..])?;
    let digits = text[open + 1..close].bytes().all(|byte| byte.is_ascii_digit()).then(|| &text[open + 1..close])?;
    let (name, below) = match text[at..open].strip_prefix(JOINS) {
        Some(name) => (name.trim_start_matches(JOINS), digits.to_owned()),
        None if digits.len() == 2 => (&text[at..open], format!("{code}{digits}")),
        None => return None,
    };
    let is_below = below.len() > code.len() && below.starts_with(code);
    (is_below && fits(codes, &below, name, year)).then_some((below, close + 1))
}

/// A name of a 款 or 项 without its bracket, or of a 类 without its 支出, from a byte to the number behind it
/// (（1）行政单位离退休42万元, 一般公共服务42万元) or to the word of a measure before that (行政单位离退休年初预算42万元).
pub(super) fn bare_name(
    text: &str,
    at: usize,
    codes: &CodeLists,
    year: i32,
    lexicon: &Lexicon,
) -> Option<(usize, Function)> {
    /// No name of the list is longer.
    const LONGEST: usize = 40 * 3;
    let rest = &text[at..];
    // 政府办公厅（室）及相关机构事务 is one name.
    let parts = |at: usize, byte: u8| {
        byte.is_ascii_digit() || b",;:".contains(&byte) || byte == b'(' && !rest[at..].starts_with("(室)")
    };
    let end = { rest.bytes().take(LONGEST) }.enumerate().find_map(|(at, byte)| parts(at, byte).then_some(at))?;
    let words = rest.get(..end).filter(|name| name.chars().nth(1).is_some() && !name.contains(['。', '、']))?;
    if !rest.as_bytes()[end].is_ascii_digit() {
        return None;
    }
    if is_short(words) {
        let code = codes.functional.code_of(words, 3, "", Some(year))?;
        // 教育80万元、其他5万元: the rest of what is divided, and not 其他支出.
        let is_rest = lexicon.beginning_at(text, at).any(|found| found.end == at + words.len() && found.senses.narrows);
        let function = if is_rest { Function::Below(vec![(7, words.to_owned())]) } else { Function::Known(code) };
        return Some((at + end, function));
    }
    let known = |name: &str| is_name(codes, name);
    let is_phrase = |words: &str| lexicon.beginning_at(text, at).any(|found| found.end == at + words.len());
    let named = |words: &str| {
        // 国有资本经营预算 is a 类 too, and a fund first.
        if !is_phrase(words)
            && let Some(code) = codes.functional.code_of(words, 3, "", Some(year))
        {
            return Some(Function::Known(code));
        }
        let bare =
            |words| if known(words) { Some(words) } else { words.strip_suffix("支出").filter(|name| known(name)) };
        match bare(words) {
            Some(name) => Some(Function::Below(vec![(7, name.to_owned())])),
            None => section_and_item(words, codes, year, bare),
        }
    };
    let is_measure = |found: Found<'_>| matches!(found.senses.word, Some(WordSense::Measure(_)));
    let measured = || {
        let ends = words.char_indices().skip(4).map(|(length, _)| length);
        let mut ends = ends.filter(|length| lexicon.beginning_at(text, at + length).any(is_measure));
        ends.find_map(|length| Some((at + length, named(&words[..length])?)))
    };
    named(words).map(|function| (at + end, function)).or_else(measured)
}

/// 财政事务行政运行: the names of a 款 and of a 项 below it, one behind the other, where they are parted in one way only.
fn section_and_item<'t>(
    words: &'t str,
    codes: &CodeLists,
    year: i32,
    bare: impl Fn(&'t str) -> Option<&'t str>,
) -> Option<Function> {
    let list = &codes.functional;
    let below = |section: &str, item: &str| {
        let section = list.code_of(section, 5, "", Some(year))?;
        list.code_of(item, 7, &section, Some(year))
    };
    let parted = |(at, _): (usize, char)| {
        let (section, item) = words.split_at(at);
        let item = bare(item)?;
        below(section, item).map(|_| vec![(5, section.to_owned()), (7, item.to_owned())])
    };
    let mut found = words.char_indices().skip(2).filter_map(parted);
    found.next().filter(|_| found.next().is_none()).map(Function::Below)
}

/// 教育, 农林水: so short a name means a 类 only among others.
pub(super) fn is_short(name: &str) -> bool {
    name.chars().nth(3).is_none()
}

/// The names are those of a code and of what stands above it, as far as they tell.
fn leads_to(levels: &[(usize, String)], code: &str, codes: &CodeLists, year: i32) -> bool {
    levels.iter().all(|(digits, name)| code.get(..*digits).is_some_and(|above| fits(codes, above, name, year)))
}

/// Finds paths whose names dashes, arrows or strokes part: 一般公共服务支出—财政事务—行政运行, from a 类 on.
pub(super) fn find_joined(
    text: &str,
    begin: usize,
    codes: &CodeLists,
    year: i32,
    lexicon: &Lexicon,
) -> Vec<(usize, usize, Function)> {
    let mut found = Vec::new();
    let mut reached = begin;
    while let Some((first, behind)) = next_join(text, reached) {
        let found_here = joined_from(text, reached, first, codes, year);
        match found_here.filter(|(start, ..)| is_whole_name(text, boundary(text, reached, first), *start, lexicon)) {
            Some((start, end, code)) => {
                found.push((start, end, Function::Known(code)));
                reached = end;
            }
            None => reached = behind,
        }
    }
    found
}

/// Nothing stands between the beginning of a clause and a name but an ordinal or a known word: 其他 would make it another name.
fn is_whole_name(text: &str, begin: usize, start: usize, lexicon: &Lexicon) -> bool {
    let before = &text[begin..start];
    let known = || lexicon.beginning_at(text, begin).any(|found| found.end == start && !found.senses.narrows);
    before.is_empty() || behind_ordinal(before) == Some("") || known()
}

/// What parts the names of a path.
const JOINS: [char; 7] = ['-', '→', '>', '/', '›', '·', '\\'];

/// Where the next of them begins, and where its repetitions end.
fn next_join(text: &str, from: usize) -> Option<(usize, usize)> {
    let start = from + text[from..].find(JOINS)?;
    Some((start, start + text[start..].len() - text[start..].trim_start_matches(JOINS).len()))
}

/// The path whose 类 stands directly before the join at `first`: start, end and code. Two names or three, each a part of the one
/// before; the last one ends where the longest name of the list does.
fn joined_from(
    text: &str,
    reached: usize,
    first: usize,
    codes: &CodeLists,
    year: i32,
) -> Option<(usize, usize, Arc<str>)> {
    let list = &codes.functional;
    let begin = boundary(text, reached, first);
    let starts = text[begin..first].char_indices().map(|(at, _)| begin + at);
    let (start, mut code) = { starts }.find_map(|at| Some((at, list.code_of(&text[at..first], 3, "", Some(year))?)))?;
    let (mut end, mut join) = (first, Some((first, next_join(text, first)?.1)));
    for digits in [5, 7] {
        let Some((at, behind)) = join.filter(|(at, _)| *at == end) else { break };
        let (name_end, below) = longest_below(text, behind, &code, digits, codes, year)?;
        debug_assert!(at < behind);
        (end, code) = (name_end, below);
        join = next_join(text, end);
    }
    // 一般公共服务支出-财政事务-行政运行-甲: it goes on with a name that is not known.
    let goes_on = text[end..].starts_with(JOINS);
    (end > first && !goes_on).then_some((start, end, code))
}

/// The longest name at a byte that a code below `parent` bears: its end, and the code.
fn longest_below(
    text: &str,
    at: usize,
    parent: &str,
    digits: usize,
    codes: &CodeLists,
    year: i32,
) -> Option<(usize, Arc<str>)> {
    let marks = |c: char| c.is_ascii_digit() || ",;。:、".contains(c) || JOINS.contains(&c);
    let stretch = at + text[at..].find(marks).unwrap_or(text.len() - at);
    let ends = text[at..stretch].char_indices().map(|(from, c)| at + from + c.len_utf8());
    let ends: Vec<usize> = ends.take_while(|end| end - at <= 90).collect();
    let code = |end: &usize| Some((*end, codes.functional.code_of(&text[at..*end], digits, parent, Some(year))?));
    ends.iter().rev().find_map(code)
}

/// Finds codes with their names behind them: `2050202-小学教育`, `2050202（小学教育）`, `2050202小学教育`.
pub(super) fn find_codes(text: &str, begin: usize, codes: &CodeLists, year: i32) -> Vec<(usize, usize, Function)> {
    let mut found = Vec::new();
    let mut at = begin;
    while let Some(start) = text.as_bytes()[at..].iter().position(u8::is_ascii_digit).map(|digit| at + digit) {
        let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
        at = start + digits;
        // 1.2010601行政运行: an ordinal may stand before the code.
        let behind_ordinal = start == begin && digits >= 5;
        // 教育支出90万元,208社会保障和就业支出5万元: that comma parts no thousands.
        let before = &text[..start];
        let parts_thousands =
            before.strip_suffix(',').is_some_and(|number| number.ends_with(|c: char| c.is_ascii_digit()));
        let begins = behind_ordinal || !parts_thousands && !before.ends_with(['.', '-']);
        if !begins || !matches!(digits, 3 | 5 | 7) {
            continue;
        }
        let code = &text[start..at];
        let rest = &text[at..];
        let end = match rest.chars().next() {
            Some('(') => {
                rest.find(')').filter(|close| fits(codes, code, &rest[1..*close], year)).map(|close| close + 1)
            }
            Some('-') => longest_name(codes, code, &rest[1..], year).map(|length| length + 1),
            _ => longest_name(codes, code, rest, year),
        };
        if let Some(end) = end {
            found.push((start, at + end, Function::Known(code.into())));
            at += end;
        }
    }
    found
}

/// A name of the list, with nothing before it: labels are compared without 其中 and without their ordinals.
fn is_name(codes: &CodeLists, name: &str) -> bool {
    let label = crate::model::Label::new(name);
    label.as_str() == name && codes.functional.knows_name(&label)
}

fn fits(codes: &CodeLists, code: &str, name: &str, year: i32) -> bool {
    matches!(codes.functional.compare(code, name, Some(year)), NameMatch::Same | NameMatch::AnotherYear)
}

/// The bytes of the longest beginning of a text that is a name of the code.
fn longest_name(codes: &CodeLists, code: &str, text: &str, year: i32) -> Option<usize> {
    codes.functional.name(code, Some(year))?;
    let stretch = text.find(|c: char| c.is_ascii_digit() || ",;。:".contains(c)).unwrap_or(text.len());
    let mut ends = text[..stretch].char_indices().map(|(at, c)| at + c.len_utf8()).filter(|end| *end <= 90);
    ends.rfind(|end| fits(codes, code, &text[..*end], year))
}

/// The code of names below a parent, or the path of names where only the last is a 其他 of its parent's name.
pub(super) fn resolve(levels: &[(usize, String)], parent: &str, codes: &CodeLists, year: i32) -> Option<Arc<str>> {
    let list = &codes.functional;
    let mut code: Arc<str> = parent.into();
    for (index, (digits, name)) in levels.iter().enumerate() {
        // 城乡社区环境卫生支出（项）: 支出 may be added to a name, or fall away.
        let code_of = |name: &str| list.code_of(name, *digits, &code, Some(year));
        let otherwise = || match name.strip_suffix("支出") {
            Some(shorter) => code_of(shorter),
            None => code_of(&format!("{name}支出")),
        };
        if let Some(found) = code_of(name).or_else(otherwise) {
            code = found;
            continue;
        }
        let last = index + 1 == levels.len();
        let parent_name = index.checked_sub(1).map(|before| levels[before].1.as_str());
        return match parent_name {
            // 其他{款}: a 项 that every 款 has; the list may not print it.
            Some(above) if last && name.strip_prefix("其他") == Some(above) => {
                let names: Vec<&str> = levels.iter().map(|(_, name)| name.as_str()).collect();
                Some(names.join("›").into())
            }
            _ => None,
        };
    }
    Some(code)
}

struct Level {
    start: usize,
    end: usize,
    digits: usize,
    code: Option<String>,
    /// The whole code before the level's word, which the names must lead to: （20103款）.
    whole: Option<String>,
}

/// The next （类）, （款）, （项）, （201类） or （2010301）.
fn next_level(text: &str, from: usize) -> Option<Level> {
    let mut at = from;
    while let Some(open) = memchr(b'(', &text.as_bytes()[at..]).map(|open| at + open) {
        let inside = &text[open + 1..];
        let count = inside.bytes().take_while(u8::is_ascii_digit).count();
        let tail = &inside[count..];
        for (bracket, digits) in LEVELS {
            let word = &bracket[1..];
            if tail.starts_with(word) && (count <= 3 || count == digits) {
                let whole = (count == digits && digits > 3).then(|| inside[..count].to_owned());
                return Some(Level { start: open, end: open + 1 + count + word.len(), digits, code: None, whole });
            }
        }
        // 基本工资（30101）: a code that begins so is of the economic classification.
        if matches!(count, 3 | 5 | 7) && tail.starts_with(')') && !inside.starts_with('3') {
            let code = inside[..count].to_owned();
            return Some(Level { start: open, end: open + count + 2, digits: count, code: Some(code), whole: None });
        }
        at = open + 1;
    }
    None
}

/// Where the words before a bracket begin: behind the last mark, number or bracket.
fn boundary(text: &str, from: usize, to: usize) -> usize {
    let mut depth = 0;
    for (at, character) in text[from..to].char_indices().rev() {
        match character {
            ')' => depth += 1,
            '(' if depth == 0 => return from + at + 1,
            '(' => depth -= 1,
            ',' | ';' | '。' | ':' | '%' if depth == 0 => return from + at + character.len_utf8(),
            _ if character.is_ascii_digit() && depth == 0 => return from + at + 1,
            _ => {}
        }
    }
    from
}

/// The name before the first bracket of a path: known words that stand before it are cut off, others are not.
fn first_name(
    text: &str,
    reached: usize,
    bracket: &Level,
    codes: &CodeLists,
    year: i32,
    lexicon: &Lexicon,
) -> Option<(usize, Vec<(usize, String)>)> {
    let mut start = boundary(text, reached, bracket.start);
    let fits = |name: &str| match &bracket.code {
        Some(code) => {
            matches!(codes.functional.compare(code, name, Some(year)), NameMatch::Same | NameMatch::AnotherYear)
        }
        None if bracket.digits == 3 => codes.functional.code_of(name, 3, "", Some(year)).is_some(),
        None => is_name(codes, name),
    };
    let phrases = lexicon.find(&text[start..bracket.start]);
    let begin = start;
    loop {
        let name = &text[start..bracket.start];
        if name.is_empty() {
            return None;
        }
        // 2.卫生健康（类）, ①卫生健康（类）
        let ordinal = |first: char| matches!(first, '、' | '.' | '①'..='⑳');
        if let Some(rest) = name.strip_prefix(ordinal).or_else(|| behind_ordinal(name)) {
            start = bracket.start - rest.len();
            continue;
        }
        if fits(name) {
            return Some((start, vec![(bracket.digits, name.to_owned())]));
        }
        // The longest known phrase first; a name may begin inside of it, so shorter ones are tried as well.
        let here = start - begin;
        let next = phrases.iter().filter(|found| found.start == here).map(|found| begin + found.end);
        let shorter: Vec<usize> = next.collect();
        let fitting = shorter.iter().find(|end| **end < bracket.start && fits(&text[**end..bracket.start]));
        start = *fitting.or(shorter.first())?;
    }
}

/// What stands behind （1）.
fn behind_ordinal(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?;
    let rest = inside.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = inside.len() - rest.len();
    rest.strip_prefix(')').filter(|_| (1..=2).contains(&digits))
}
