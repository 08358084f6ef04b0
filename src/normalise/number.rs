use std::fmt;

use compact_str::CompactString;
use rust_decimal::Decimal;

/// A number as it was written: exact, with its decimals and what stood around the digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The value, with the decimals that were written.
    pub value: Decimal,
    /// A percent sign stands behind it.
    pub percent: bool,
    /// The word behind the digits (`万元`, `辆`), folded; empty where none stands.
    pub unit: String,
}

/// Why a text is no number that can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A character that does not belong into a number.
    NoDigit(char),
    /// More than one decimal point.
    TwoPoints,
    /// A separator that does not part thousands.
    Grouping,
    /// A blank between digits.
    Blank,
    /// An underscore among digits.
    Underscore,
    /// Brackets, or a bracket and a sign, that do not belong together.
    Sign,
    /// More digits than can be kept exactly.
    TooLong,
    /// No digit at all.
    Empty,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doubt::NoDigit(character) => write!(f, "`{character}` is not a digit"),
            Doubt::TwoPoints => f.write_str("two decimal points"),
            Doubt::Grouping => f.write_str("a separator in the wrong place"),
            Doubt::Blank => f.write_str("a blank between digits"),
            Doubt::Underscore => f.write_str("an underscore among digits"),
            Doubt::Sign => f.write_str("a sign that cannot be read"),
            Doubt::TooLong => f.write_str("more digits than can be kept exactly"),
            Doubt::Empty => f.write_str("no digits"),
        }
    }
}

/// Reads a number as written in a cell or a sentence: signs, brackets, separators, full width, `%`, a unit behind it.
///
/// Brackets around the whole mean a negative amount, as accountants write it. White space is allowed around the number
/// and between the number and its unit, nowhere inside.
///
/// # Errors
/// A [`Doubt`] where anything else stands among the digits: nothing is mended.
pub fn read(text: &str) -> Result<Written, Doubt> {
    if let Some(value) = plain_number(text) {
        return Ok(Written { value, percent: false, unit: String::new() });
    }
    let plain: CompactString = text.trim().chars().map(half_width).collect();
    let mut rest = plain.as_str();
    let mut negative = false;

    let bracketed = rest.strip_prefix('(').map(|inner| (inner, inner.strip_suffix(')')));
    if let Some((_, inner)) = bracketed {
        rest = inner.ok_or(Doubt::Sign)?.trim();
        negative = true;
    }
    if let Some(unsigned) = rest.strip_prefix('-') {
        if negative {
            return Err(Doubt::Sign);
        }
        (rest, negative) = (unsigned.trim_start(), true);
    } else if let Some(unsigned) = rest.strip_prefix('+') {
        rest = unsigned.trim_start();
    }
    rest = rest.strip_prefix('¥').map_or(rest, str::trim_start);

    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(rest.len());
    let (digits, behind) = rest.split_at(end);
    if digits.is_empty() {
        return Err(rest.chars().next().map_or(Doubt::Empty, Doubt::NoDigit));
    }
    let behind = behind.trim();
    let (percent, unit) = match behind.strip_prefix('%') {
        Some(unit) => (true, unit.trim_start()),
        None => (false, behind),
    };
    if let Some(doubt) = what_is_wrong_behind(unit) {
        return Err(doubt);
    }
    let value = read_digits(digits)?;
    let value = if negative { -value } else { value };
    Ok(Written { value, percent, unit: unit.to_owned() })
}

/// The value of a number as most are written, digits and perhaps decimals; `None` for any other text.
fn plain_number(text: &str) -> Option<Decimal> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let is_plain = text.len() <= 28 && is_digits(whole) && is_digits(decimals);
    if is_plain { Decimal::from_str_exact(text).ok() } else { None }
}

/// Why the text behind the digits is no unit, if it is none.
fn what_is_wrong_behind(unit: &str) -> Option<Doubt> {
    match unit.chars().next()? {
        '_' => Some(Doubt::Underscore),
        '.' | ',' => Some(Doubt::Grouping),
        first if first.is_ascii_digit() => Some(Doubt::Blank),
        first if first.is_ascii() && first != '(' => Some(Doubt::NoDigit(first)),
        first if unit.chars().any(|c| c.is_ascii_digit()) => Some(Doubt::NoDigit(first)),
        _ => None,
    }
}

/// Digits with perhaps separators of thousands and one decimal point.
fn read_digits(digits: &str) -> Result<Decimal, Doubt> {
    let (whole, decimals) = match digits.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (digits, None),
    };
    if let Some(decimals) = decimals {
        if decimals.contains('.') {
            return Err(Doubt::TwoPoints);
        }
        if decimals.is_empty() || decimals.contains(',') {
            return Err(Doubt::Grouping);
        }
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    if first.is_empty() || whole.contains(',') && (first.len() > 3 || groups.any(|group| group.len() != 3)) {
        return Err(Doubt::Grouping);
    }
    let plain: CompactString = digits.chars().filter(|c| *c != ',').collect();
    if plain.len() > 28 {
        return Err(Doubt::TooLong);
    }
    Decimal::from_str_exact(&plain).map_err(|_| Doubt::TooLong)
}

/// Full-width digits and marks, and the many dashes that mean minus, to their plain forms.
fn half_width(character: char) -> char {
    match character {
        '０'..='９' | '．' | '，' | '％' | '＋' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        '（' => '(',
        '）' => ')',
        '－' | '−' | '–' | '‐' | '‑' | '﹣' => '-',
        '￥' => '¥',
        '\u{a0}' | '\u{3000}' | '\u{2002}'..='\u{200a}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_numbers_keep_their_value_and_their_decimals() {
        for (written, value) in [
            ("1,240.70", "1240.70"), // the last 0 was written, so it is kept
            ("１２４０．７１", "1240.71"),
            ("（514.11）", "-514.11"),
            ("(514.11)", "-514.11"),
            ("−514.11", "-514.11"), // U+2212, what Word makes of a minus
            ("- 514.11", "-514.11"),
            (" 0.00 ", "0.00"),
            ("1240.71万元", "1240.71"),
            ("29.30%", "29.30"),
            ("3 辆", "3"),
            ("¥12.50", "12.50"),
        ] {
            assert_eq!(read(written).map(|number| number.value.to_string()).as_deref(), Ok(value), "{written}");
        }
    }

    #[test]
    fn doubtful_numbers_are_refused() {
        for (written, doubt) in [
            ("1,24O.71", "`O` is not a digit"),
            ("13.40（其中外宾接待2.00）", "`(` is not a digit"),
            ("12..5", "two decimal points"),
            ("1,2340.5", "a separator in the wrong place"),
            ("1,24.5", "a separator in the wrong place"),
            ("12.3045.60", "two decimal points"),
            ("31.00 30.20", "a blank between digits"),
            ("1_240", "an underscore among digits"),
            ("(514.11", "a sign that cannot be read"),
            ("(-514.11)", "a sign that cannot be read"),
            ("5.", "a separator in the wrong place"),
            (".5", "a separator in the wrong place"),
            ("12O", "`O` is not a digit"),
            ("#REF!", "`#` is not a digit"),
            ("1e3", "`e` is not a digit"),
        ] {
            assert_eq!(read(written).map_err(|doubt| doubt.to_string()), Err(doubt.to_owned()), "{written}");
        }
    }
}
