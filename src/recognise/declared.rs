//! What a line declares of the tables below it: unit of money, reporting unit, year, number; or that it is a note or a signature.

use super::years::{leading_year, year_at_its_end};
use crate::locate::Money;
use crate::mapping::{Mappings, Surroundings};
use crate::model::{UnitOfMeasure, fold, longer_than, split_ordinal};

/// What a line says besides being what it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) year: Option<i32>,
    /// The line says that it is the year of the accounts: 会计年度:2023.
    pub(super) declares_year: bool,
    pub(super) unit_name: Option<String>,
    pub(super) money: Option<Money>,
    /// The table goes on from an earlier one.
    pub(super) continued: bool,
    /// The title does not say whether it is of final accounts: the table below it must.
    pub(super) is_subject: bool,
    /// The title says that it sums up the accounts of several units.
    pub(super) sums_up: bool,
    /// Nor can the table: the heading of its part must.
    pub(super) of_part: bool,
    /// The number of a table, folded: 公开05表.
    pub(super) number: Option<String>,
}

/// `…决算表(单位:元)`, `…决算表单位:元`
pub(super) fn trailing_unit<'t>(text: &'t str, mappings: &Mappings) -> Option<(&'t str, Money)> {
    // Almost no cell has a colon, and every first cell of a row comes through here.
    if !text.contains(':') {
        return None;
    }
    let before_colon = |head: &String| {
        let colon = text.rmatch_indices(':').find(|(colon, _)| text[..*colon].ends_with(head.as_str()));
        colon.map(|(colon, _)| colon - head.len())
    };
    let at = mappings.surroundings.unit_line.iter().find_map(before_colon)?;
    let piece = text[at..].trim_end_matches(')');
    Some((text[..at].trim_end_matches('('), unit_line(piece, mappings)?))
}

/// A line that is declared: it holds no values.
pub(super) fn declared(text: &str, folded: &str, mappings: &Mappings) -> Option<(&'static str, Said)> {
    let words = &mappings.surroundings;
    let mut said = Said::default();
    let table_number = words.table_number_end(folded);
    if table_number.is_some_and(|end| words.is_all_of_table_number(folded, end)) {
        said.number = Some(folded.to_owned());
        return Some(("table number", said));
    }
    let bare = folded.trim_start_matches('(').trim_end_matches(')');
    if let Some((year, rest)) = leading_year(bare)
        && (rest.is_empty() || words.mere_accounts.iter().any(|word| word == rest))
    {
        said.year = Some(year);
        return Some(("year", said));
    }
    // (截至2022年12月31日)
    said.year = words.as_of.iter().find_map(|word| year_at_its_end(bare.strip_prefix(word.as_str())?));
    if said.year.is_some() {
        return Some(("year", said));
    }
    if !(table_number.is_some() || may_declare(folded, mappings)) {
        return None;
    }
    let found = unit_and_reporter(text, folded, mappings)?;
    // 注：本表…无数据 is a note, whatever unit it names.
    note_or_signature(folded, mappings).filter(|(rule, _)| *rule == "note").or(Some(("unit line", found)))
}

/// A line below or above a table that a person reads.
pub(super) fn note_or_signature(folded: &str, mappings: &Mappings) -> Option<(&'static str, Said)> {
    let words = &mappings.surroundings;
    let bare = folded.trim_start_matches('(').trim_end_matches(')');
    let unnumbered = split_ordinal(bare).2;
    if words.is_note(bare, unnumbered) || words.says_no_data(folded) {
        return Some(("note", Said::default()));
    }
    (words.is_signature(unnumbered) && !longer_than(folded, 60)).then(|| ("signature", Said::default()))
}

/// What a line begins with may be a declaration: all lines of text are asked, and nearly none is one.
fn may_declare(folded: &str, mappings: &Mappings) -> bool {
    let words = &mappings.surroundings;
    let begin = folded.trim_start_matches('(');
    begin.starts_with(|c: char| c.is_ascii_digit())
        || words.may_declare(begin)
        || begin.len() < folded.len() && words.table_number_end(begin).is_some()
}

/// Reads every declaration of a line: `编制单位：青禾县司法局　2022年度　金额单位：万元`.
///
/// `None` if the line is none of it. A line that looks like a unit line whose unit is not understood gives
/// [`Money::Unknown`]: the default must not hold below it.
fn unit_and_reporter(text: &str, folded: &str, mappings: &Mappings) -> Option<Said> {
    let words = &mappings.surroundings;
    let mut said = Said::default();
    let mut any = false;
    let mut signed = false;
    let pieces = if text.contains(char::is_whitespace) {
        text.split(char::is_whitespace).map(fold).collect::<Joined>().0
    } else {
        vec![folded.to_owned()]
    };
    for piece in pieces {
        if piece.is_empty() {
            continue;
        }
        let piece = within_brackets(&piece).to_owned();
        if let Some((year, rest)) = leading_year(&piece)
            && rest.is_empty()
        {
            said.year = Some(year);
            continue;
        }
        if let Some(year) = year_at_its_end(&piece) {
            said.year = Some(year);
            continue;
        }
        if words.is_table_number(&piece) {
            said.number = Some(piece);
            continue;
        }
        if let Some(year) = year_line(&piece, words) {
            (said.year, said.declares_year, any) = (Some(year), true, true);
            continue;
        }
        if let Some(unit) = unit_line(&piece, mappings) {
            any = true;
            let contradicts = said.money.as_ref().is_some_and(|other| *other != unit);
            said.money = Some(if contradicts { Money::Unknown(piece.clone()) } else { unit });
            continue;
        }
        // 填报单位：某局　填报日期：2023年2月3日
        if words.is_signature(&piece) || signed && !piece.contains(':') {
            signed = true;
            continue;
        }
        let reporter = words.reporting_unit.iter().find_map(|head| {
            let rest = piece.strip_prefix(head.as_str())?;
            // 下设二级单位:甲中心、乙站: a sentence that a line's end parts names several.
            let name = rest.strip_prefix(':').filter(|name| !name.contains(['、', ',', '。', ';']))?;
            Some(name.trim_end_matches('年').to_owned())
        });
        match reporter {
            Some(name) => {
                any = true;
                if !name.is_empty() && said.unit_name.is_none() {
                    said.unit_name = Some(name);
                }
            }
            None => return None,
        }
    }
    any.then_some(said)
}

/// `会计年度:2023`
fn year_line(piece: &str, words: &Surroundings) -> Option<i32> {
    let rest = words.year_lines.iter().find_map(|head| piece.strip_prefix(head.as_str()))?;
    let (year, behind) = leading_year(rest.trim_start_matches(':'))?;
    behind.is_empty().then_some(year)
}

/// A piece without the brackets around it, also where only one of them is there; 某局(本级) keeps its own.
fn within_brackets(piece: &str) -> &str {
    match (piece.contains('('), piece.contains(')')) {
        (true, true) => piece.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(piece),
        _ => piece.trim_start_matches('(').trim_end_matches(')'),
    }
}

/// The pieces of a line, those put together that belong to one declaration: `单位 ： 万元`, `编制单位（公章）：某局`.
struct Joined(Vec<String>);

impl FromIterator<String> for Joined {
    fn from_iter<I: IntoIterator<Item = String>>(pieces: I) -> Joined {
        let mut joined: Vec<String> = Vec::new();
        // The last piece is letter-spaced, as far as it goes: 金 额 单 位 : 万 元.
        let mut spaced = false;
        for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
            let is_letter = !longer_than(&piece, 1);
            match joined.last_mut() {
                Some(last) if last.ends_with(':') => {
                    last.push_str(&piece);
                    spaced = is_letter;
                }
                Some(last) if piece.starts_with(':') || spaced && is_letter => {
                    last.push_str(&piece);
                    spaced &= is_letter;
                }
                // 单 位: 万元
                Some(last) if !longer_than(last, 1) && !longer_than(&piece, 4) => {
                    last.push_str(&piece);
                    spaced = false;
                }
                _ => {
                    joined.push(piece);
                    spaced = is_letter;
                }
            }
        }
        Joined(joined)
    }
}

/// `单位:万元`, `金额单位万元`; a head that speaks of money with an unknown unit is [`Money::Unknown`].
fn unit_line(piece: &str, mappings: &Mappings) -> Option<Money> {
    let words = &mappings.surroundings;
    for head in &words.unit_line {
        let Some(rest) = piece.strip_prefix(head.as_str()) else { continue };
        let unit = rest.trim_start_matches(':');
        if unit.is_empty() {
            return None;
        }
        if let Some(unit) = words.unit(unit).filter(|unit| unit.is_money()).or_else(|| money_among_counts(unit, words))
        {
            return Some(Money::Stated(unit));
        }
        if all_units(unit, words).is_some() {
            // 单位：辆、台（套）: of no amounts.
            return Some(Money::Unknown(piece.to_owned()));
        }
        // Behind what heads lines of both kinds (单位) an organisation's name may stand, too.
        let speaks_of_money = !words.reporting_unit.contains(head)
            || !words.looks_like_organisation(unit) && (unit.contains('元') || unit.chars().count() <= 3);
        if speaks_of_money {
            return Some(Money::Unknown(piece.to_owned()));
        }
    }
    None
}

/// 单位：万元、辆、台（套）: the only unit of money beside those in which other rows are counted.
fn money_among_counts(units: &str, words: &Surroundings) -> Option<UnitOfMeasure> {
    let units = all_units(units, words)?;
    let mut money = units.iter().filter(|unit| unit.is_money());
    let found = money.next().copied();
    let others_count = units.iter().all(|unit| unit.is_money() || *unit == UnitOfMeasure::Count);
    found.filter(|_| money.next().is_none() && others_count)
}

/// The units of measure that a text lists, where it is nothing else.
fn all_units(text: &str, words: &Surroundings) -> Option<Vec<UnitOfMeasure>> {
    text.split(['、', ',', '/']).map(|unit| words.unit(unit)).collect()
}

/// The unit of money that a folded note tells of its table: `本表金额单位为万元。`, `本表以元为单位。`
pub(super) fn unit_of_note(note: &str, mappings: &Mappings) -> Option<Money> {
    let words = &mappings.surroundings;
    let money = |word: &str| words.unit(word).filter(|unit| unit.is_money()).map(Money::Stated);
    let ends = |c: char| matches!(c, '。' | ',' | ';' | '、' | '(' | ')');
    // 上表应为元。
    if let Some(said) = words.said_of_above(note).and_then(|said| said.strip_prefix("应为").or(Some(said)))
        && let Some(money) = money(said)
    {
        return Some(money);
    }
    words.unit_line.iter().flat_map(|head| note.match_indices(head.as_str())).find_map(|(at, head)| {
        let behind = note[at + head.len()..].trim_start_matches([':', '均', '应', '实', '际', '系', '为', '是']);
        let behind = behind.split(ends).next().and_then(money);
        let before = note[..at].strip_suffix('为').and_then(|before| before.rsplit_once('以'));
        behind.or_else(|| money(before?.1))
    })
}
