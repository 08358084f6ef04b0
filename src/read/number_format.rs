//! What a worksheet shows for a stored number, by the cell's number format.
//!
//! Only what changes a figure is understood: decimals, percent, dates, units of money, and that a format scales.
//! Colours, separators, brackets and padding are skipped, so the sign and the digits are always those stored.

use std::fmt::Write as _;

use compact_str::{CompactString, ToCompactString as _};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::model::{Cell, CellNote, SheetNumber};

/// The day that a workbook's dates count from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum DateOrigin {
    /// Day 1 is 1 January 1900, and a 29 February 1900 that never was is day 60.
    #[default]
    Year1900,
    /// Day 0 is 1 January 1904.
    Year1904,
}

/// A number format as it is used for showing: its sections in order, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NumberFormat {
    sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Section {
    /// A condition such as `[>=10000]`.
    condition: Option<(Comparison, Decimal)>,
    shows: Shows,
    /// It writes a minus or brackets around the digits: right for negative numbers only.
    minus: bool,
    /// Neither a minus nor a colour tells a negative number from a positive one.
    plain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    More,
}

/// What a section shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shows {
    /// The number as it is, up to eleven characters of it.
    General { unit: Option<&'static str> },
    /// Digits with so many decimals.
    Digits { decimals: u32, percent: bool, unit: Option<&'static str> },
    /// A date, a time of day, or both.
    Date { day: bool, time: bool },
    /// A length of time: hours may pass 24.
    Duration,
    /// Every digit that is stored, in a notation of its own: exponents, fractions, text.
    AsStored,
    /// The number divided, or in Chinese numerals: not what is stored.
    Scaled,
    /// No digit at all.
    Nothing,
}

/// Units of money that a format writes behind the number, and `%` as mere text: they belong to it as if they were typed.
const UNITS: [&str; 11] = ["元", "千元", "万元", "百万元", "亿元", "万", "亿", "千", "百万", "千万元", "%"];

/// The most significant digits that the general format shows.
const GENERAL_DIGITS: u32 = 11;

impl Default for NumberFormat {
    fn default() -> Self {
        NumberFormat {
            sections: vec![Section {
                condition: None,
                shows: Shows::General { unit: None },
                minus: false,
                plain: true,
            }],
        }
    }
}

impl NumberFormat {
    /// Reads a format code such as `#,##0.00_);(#,##0.00)`. Every text is some format.
    pub(super) fn parse(code: &str) -> NumberFormat {
        let mut sections = Vec::new();
        let mut scanner = Scanner { rest: code };
        while sections.len() < 4 {
            let (section, more) = scanner.section();
            sections.push(section);
            if !more {
                break;
            }
        }
        NumberFormat { sections }
    }

    /// The format that an office program knows by number; the general one for numbers it does not know.
    ///
    /// Numbers 27 to 36 and 50 to 58 are those of Chinese versions.
    pub(super) fn built_in(id: u32) -> NumberFormat {
        let digits = |decimals, percent| Shows::Digits { decimals, percent, unit: None };
        let shows = match id {
            1 | 3 | 5 | 6 | 37 | 38 | 41 | 42 | 59 | 61 => digits(0, false),
            2 | 4 | 7 | 8 | 39 | 40 | 43 | 44 | 60 | 62 => digits(2, false),
            9 => digits(0, true),
            10 => digits(2, true),
            11 | 12 | 13 | 48 | 49 => Shows::AsStored,
            14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Shows::Date { day: true, time: false },
            18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Shows::Date { day: false, time: true },
            22 => Shows::Date { day: true, time: true },
            46 => Shows::Duration,
            _ => return NumberFormat::default(),
        };
        NumberFormat { sections: vec![Section { condition: None, shows, minus: false, plain: true }] }
    }

    /// The cell for a stored number: text as shown with all its digits, exact number, and what is odd about it.
    pub(super) fn show(&self, stored: Decimal, origin: DateOrigin) -> Cell {
        let mut cell = Cell::default();
        match self.shows(stored) {
            Shows::Date { day, time } => {
                if let Some(text) = iso_date(stored, day, time, origin) {
                    cell.text = text.into();
                    cell.note = Some(CellNote::Date);
                } else {
                    // Office programs fill such a cell with `#`.
                    cell.text = plain(stored.normalize());
                    cell.note = Some(CellNote::Unreadable);
                }
            }
            Shows::Duration => {
                cell.text = duration(stored).map_or_else(|| plain(stored.normalize()), CompactString::from);
                cell.note = Some(CellNote::Date);
            }
            Shows::Scaled if !stored.is_zero() => {
                cell.text = plain(stored.normalize());
                cell.note = Some(CellNote::ScaledFormat);
            }
            Shows::General { unit } => show_number(&mut cell, without_long_noise(stored), None, false, unit),
            Shows::Digits { decimals, percent, unit } => show_number(&mut cell, stored, Some(decimals), percent, unit),
            // A zero that is not shown, or as a dash, is a zero.
            Shows::AsStored | Shows::Scaled | Shows::Nothing => show_number(&mut cell, stored, None, false, None),
        }
        cell
    }

    /// What the section for this number shows.
    fn shows(&self, number: Decimal) -> Shows {
        match self.section(number) {
            // `-0.00`, `(0.00)`: a positive number is shown as a negative one.
            Some(Section { minus: true, shows: Shows::Digits { .. } | Shows::General { .. }, .. })
                if number > Decimal::ZERO =>
            {
                Shows::Scaled
            }
            // `0.00;0.00`: a negative number is shown as a positive one.
            Some(Section { plain: true, shows: Shows::Digits { .. } | Shows::General { .. }, .. })
                if number < Decimal::ZERO && self.has_one_for_negatives() =>
            {
                Shows::Scaled
            }
            // Nothing of it is shown: whoever printed the table left it out.
            Some(Section { shows: Shows::Nothing, .. }) if !number.is_zero() => Shows::Scaled,
            Some(section) => section.shows,
            None => Shows::AsStored,
        }
    }

    /// The second section writes negative numbers, sign and all.
    fn has_one_for_negatives(&self) -> bool {
        self.sections.len() > 1 && self.sections.iter().all(|section| section.condition.is_none())
    }

    /// The section for this number; none where it has conditions and none holds.
    fn section(&self, number: Decimal) -> Option<&Section> {
        let first = &self.sections[0];
        if self.sections.len() == 1 && first.condition.is_none() {
            return Some(first);
        }
        // A third section writes zero as a dash or not at all: it stays the zero that is stored.
        if number.is_zero() && first.condition.is_none() {
            return Some(first);
        }
        let conditional = self.sections.iter().any(|section| section.condition.is_some());
        // A fourth section is for text.
        let matching = self.sections.iter().take(3).enumerate().find(|(index, section)| match section.condition {
            Some((comparison, bound)) => comparison.holds(number, bound),
            None if conditional => *index > 0 || self.sections.len() == 1,
            None => match index {
                0 => number > Decimal::ZERO || self.sections.len() == 1,
                1 => number < Decimal::ZERO,
                _ => true,
            },
        });
        match matching {
            Some((_, section)) => Some(section),
            None if conditional => None,
            None => Some(first),
        }
    }
}

impl Comparison {
    fn holds(self, number: Decimal, bound: Decimal) -> bool {
        match self {
            Comparison::Less => number < bound,
            Comparison::AtMost => number <= bound,
            Comparison::Equal => number == bound,
            Comparison::Unequal => number != bound,
            Comparison::AtLeast => number >= bound,
            Comparison::More => number > bound,
        }
    }
}

/// Reads a format code section by section.
struct Scanner<'a> {
    rest: &'a str,
}

/// What was seen in a section so far.
#[derive(Default)]
struct Seen {
    /// Places for digits, before and behind the point.
    places: u32,
    decimals: u32,
    point: bool,
    /// A comma since the last place for a digit.
    comma: bool,
    /// Commas with no place for a digit behind them divide by a thousand.
    scaled: bool,
    percents: u32,
    general: bool,
    text: bool,
    exponent: bool,
    fraction: bool,
    /// Letters of a date, a time, or `m`, which is either.
    day: bool,
    time: bool,
    month_or_minute: bool,
    elapsed: bool,
    numerals: bool,
    /// Literal text before the digits, and behind them.
    head: String,
    tail: String,
    /// Literal text between digits: `0!.0000` shows 25000 as 2.5000.
    split: bool,
}

impl Scanner<'_> {
    /// Reads up to the next `;`, and says whether there was one.
    fn section(&mut self) -> (Section, bool) {
        let mut seen = Seen::default();
        let mut condition = None;
        let mut coloured = false;
        let mut more = false;
        while let Some(character) = self.take() {
            match character {
                ';' => {
                    more = true;
                    break;
                }
                '"' => {
                    let literal = self.take_until('"');
                    seen.literal(literal);
                }
                // `!` is how Chinese versions write `\`.
                '\\' | '!' => {
                    if let Some(literal) = self.take() {
                        seen.literal(literal.encode_utf8(&mut [0; 4]));
                    }
                }
                // The width of a character, and a character that fills the cell.
                '_' | '*' => {
                    self.take();
                }
                '[' => {
                    let inside = self.take_until(']');
                    let inside_is_currency = inside.starts_with('$');
                    match bracket(inside) {
                        Bracket::Condition(comparison, bound) => condition = Some((comparison, bound)),
                        Bracket::Elapsed => seen.elapsed = true,
                        Bracket::Numerals => seen.numerals = true,
                        Bracket::Other => coloured |= !inside_is_currency,
                    }
                }
                '0' | '#' | '?' => seen.place(),
                '.' => seen.point = seen.places > 0 || self.rest.starts_with(['0', '#', '?']),
                ',' => seen.comma = seen.places > 0,
                '%' => seen.percents += 1,
                '@' => seen.text = true,
                '/' => seen.fraction = true,
                'E' | 'e' if self.rest.starts_with(['+', '-']) => seen.exponent = true,
                'G' | 'g' if self.take_word("eneral") || self.take_word("/通用格式") => seen.general = true,
                'A' | 'a' if self.take_word("m/pm") || self.take_word("/p") => seen.time = true,
                '上' if self.take_word("午/下午") => seen.time = true,
                // `e` is a year in Chinese and Japanese versions, `a` a day of the week.
                'y' | 'Y' | 'd' | 'D' | 'e' | 'E' | 'g' | 'G' | 'a' | 'A' | 'b' | 'B' => {
                    seen.letter(|seen| &mut seen.day)
                }
                'h' | 'H' | 's' | 'S' => seen.letter(|seen| &mut seen.time),
                'm' | 'M' => seen.letter(|seen| &mut seen.month_or_minute),
                other => seen.literal(other.encode_utf8(&mut [0; 4])),
            }
        }
        let minus = seen.writes_minus();
        let plain = !minus && !coloured;
        (Section { condition, shows: seen.shows(), minus, plain }, more)
    }

    fn take(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let first = characters.next();
        self.rest = characters.as_str();
        first
    }

    /// The text up to `end`, which is taken too.
    fn take_until(&mut self, end: char) -> &str {
        let (inside, rest) = self.rest.split_once(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        inside
    }

    /// Takes a word, in whatever letter case, if it comes next.
    fn take_word(&mut self, word: &str) -> bool {
        match self.rest.get(..word.len()) {
            Some(start) if start.eq_ignore_ascii_case(word) => {
                self.rest = &self.rest[word.len()..];
                true
            }
            _ => false,
        }
    }
}

impl Seen {
    fn place(&mut self) {
        self.split |= !self.exponent && self.tail.contains(|c: char| !c.is_whitespace());
        self.places += 1;
        self.comma = false;
        if self.point {
            self.decimals += 1;
        }
    }

    fn literal(&mut self, text: &str) {
        self.end_of_digits();
        if self.places > 0 || self.general { &mut self.tail } else { &mut self.head }.push_str(text);
    }

    /// Literal text makes a negative number of what is shown.
    fn writes_minus(&self) -> bool {
        self.head.contains(['-', '−', '–', '－', '△', '▲', '负', '减'])
            || self.head.contains(['(', '（']) && self.tail.contains([')', '）'])
    }

    /// The unit of money (or `%`) behind the digits; `None` where the text there says something else of the size.
    fn unit(&self) -> Option<Option<&'static str>> {
        let around = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '（' | '）' | '整');
        let said = self.tail.trim_matches(around);
        let unit = UNITS.into_iter().find(|unit| *unit == said);
        let sizes = |text: &str| text.contains(|c: char| c.is_numeric() || "%‰元万亿千百".contains(c));
        (unit.is_some() || !sizes(said)).then_some(unit).filter(|_| !self.head.contains(char::is_numeric))
    }

    /// A letter of a date, unless it stands behind the places of a number, as in `0.00m`.
    fn letter(&mut self, which: impl Fn(&mut Seen) -> &mut bool) {
        if self.places == 0 || self.is_date() {
            *which(self) = true;
        } else {
            self.tail.push('\u{fffd}');
        }
    }

    fn is_date(&self) -> bool {
        self.day || self.time || self.month_or_minute || self.elapsed
    }

    fn end_of_digits(&mut self) {
        self.scaled |= self.comma;
    }

    fn shows(mut self) -> Shows {
        self.end_of_digits();
        if self.elapsed {
            return Shows::Duration;
        }
        if self.is_date() {
            // `m` is a minute beside hours or seconds alone, else a month.
            let day = self.day || (self.month_or_minute && !self.time);
            return Shows::Date { day, time: self.time };
        }
        if self.scaled || self.numerals || self.percents > 1 || self.split {
            return Shows::Scaled;
        }
        let Some(unit) = self.unit() else { return Shows::Scaled };
        if self.exponent || self.fraction || self.text {
            return Shows::AsStored;
        }
        if self.general {
            return if self.percents > 0 { Shows::Scaled } else { Shows::General { unit } };
        }
        if self.places == 0 {
            return Shows::Nothing;
        }
        Shows::Digits { decimals: self.decimals, percent: self.percents == 1, unit }
    }
}

enum Bracket {
    Condition(Comparison, Decimal),
    Elapsed,
    Numerals,
    Other,
}

/// What stands in square brackets: a condition, elapsed time, Chinese numerals; or a colour, language or currency.
fn bracket(inside: &str) -> Bracket {
    for (sign, comparison) in [
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("<>", Comparison::Unequal),
        ("<", Comparison::Less),
        (">", Comparison::More),
        ("=", Comparison::Equal),
    ] {
        if let Some(bound) = inside.strip_prefix(sign) {
            return match stored_decimal(bound.trim()) {
                Some(bound) => Bracket::Condition(comparison, bound),
                None => Bracket::Other,
            };
        }
    }
    let lower = inside.to_ascii_lowercase();
    if lower.starts_with("dbnum") {
        Bracket::Numerals
    } else if !lower.is_empty() && ['h', 'm', 's'].iter().any(|letter| lower.chars().all(|c| c == *letter)) {
        Bracket::Elapsed
    } else {
        Bracket::Other
    }
}

/// Fills in a number that is shown with so many decimals, or with all it has.
fn show_number(cell: &mut Cell, stored: Decimal, decimals: Option<u32>, percent: bool, unit: Option<&'static str>) {
    let Some(value) = (if percent { times_hundred(stored) } else { Some(stored) }) else {
        cell.text = plain(stored.normalize());
        cell.note = Some(CellNote::Unreadable);
        return;
    };
    let value = value.normalize();
    let (value, hides_digits) = match decimals {
        Some(decimals) if decimals < value.scale() => without_noise(value, decimals),
        _ => (value, false),
    };

    let mut padded = value;
    if let Some(decimals) = decimals.filter(|decimals| *decimals > value.scale() && *decimals <= Decimal::MAX_SCALE) {
        // Where 28 digits do not suffice, as many zeros as fit are written; no other digit is lost.
        padded.rescale(decimals);
    }
    cell.text = plain(padded);
    if percent {
        cell.text.push('%');
    }
    match unit {
        // `0.00"万元"` is read as the text that a person sees: the unit stands in the cell.
        Some(unit) if !hides_digits && !percent => cell.text.push_str(unit),
        Some(_) => cell.note = Some(CellNote::ScaledFormat),
        None => cell.number = Some(SheetNumber { value, percent, hides_digits }),
    }
}

/// A decimal as [`Decimal`] writes it. Every number of a worksheet is, and nearly all fit into a machine word.
fn plain(value: Decimal) -> CompactString {
    let Ok(mut rest) = u64::try_from(value.mantissa().unsigned_abs()) else { return value.to_compact_string() };
    let decimals = value.scale() as usize;
    let mut digits = [0_u8; 48];
    let mut start = digits.len();
    let mut put = |byte: u8| {
        start -= 1;
        digits[start] = byte;
        start
    };
    let mut written = 0;
    while rest > 0 || written <= decimals {
        put(b'0' + (rest % 10) as u8);
        rest /= 10;
        written += 1;
        if written == decimals {
            put(b'.');
        }
    }
    let start = if value.is_sign_negative() { put(b'-') } else { start };
    CompactString::from_utf8_lossy(&digits[start..])
}

/// The value without float noise beyond the decimals shown, and whether it hides more than that.
fn without_noise(value: Decimal, decimals: u32) -> (Decimal, bool) {
    let shown = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    if is_float_noise(value, shown, decimals) { (shown.normalize(), false) } else { (value, true) }
}

/// A hundred times the number, by moving the point; `None` where that does not fit.
fn times_hundred(number: Decimal) -> Option<Decimal> {
    let mut moved = number;
    if number.scale() >= 2 {
        moved.set_scale(number.scale() - 2).ok()?;
        return Some(moved);
    }
    number.checked_mul(Decimal::ONE_HUNDRED)
}

/// Whether a stored number differs from what is shown by no more than binary floating point does.
///
/// A billionth of the value, as long as that is no more than a thousandth of the last place shown (in 3604086.1733333333
/// shown as 3604086.17 real decimals are hidden, however large the rest); a millionth where the value, or a hundred times it, is a number of single precision
/// written out (`0.0900000762939453`), as programs leave it that computed so.
fn is_float_noise(stored: Decimal, shown: Decimal, decimals: u32) -> bool {
    let (size, difference) = (stored.abs(), (stored - shown).abs());
    let within = |parts: i64| difference.checked_mul(Decimal::from(parts)).is_some_and(|scaled| scaled < size);
    let thousandth = Decimal::try_new(1, decimals.saturating_add(3)).unwrap_or_default();
    if within(1_000_000_000) && difference <= thousandth {
        return true;
    }
    within(1_000_000)
        // A short decimal such as 1000000.5 is of single precision by chance.
        && rounded_to_15(stored).is_some_and(|rounded| significant_digits(rounded) >= 11)
        && (is_single_precision(stored) || times_hundred(stored).is_some_and(is_single_precision))
}

/// Whether the number is, to 15 digits, one that single precision can hold.
fn is_single_precision(number: Decimal) -> bool {
    let Ok(double) = number.to_string().parse::<f64>() else { return false };
    let single = f64::from(double as f32);
    format!("{single:.14e}") == format!("{double:.14e}")
}

/// A number in the general format without the noise of its last digits: `1240.7099999999998` is `1240.71`.
///
/// Only where 16 or 17 digits are stored and rounding to 15 leaves no more than the general format shows: a quotient
/// such as `33.333333333333336` stays as it is.
fn without_long_noise(stored: Decimal) -> Decimal {
    if significant_digits(stored) <= 15 {
        return stored;
    }
    match rounded_to_15(stored) {
        Some(rounded) if stored.scale() > 0 && significant_digits(rounded) <= GENERAL_DIGITS => rounded.normalize(),
        _ => stored,
    }
}

/// The number to 15 significant digits, as many as a double is sure of.
fn rounded_to_15(number: Decimal) -> Option<Decimal> {
    number.round_sf_with_strategy(15, RoundingStrategy::MidpointAwayFromZero)
}

/// Digits from the first to the last that is not zero.
fn significant_digits(number: Decimal) -> u32 {
    let mantissa = number.normalize().mantissa().unsigned_abs();
    mantissa.checked_ilog10().map_or(0, |log| log + 1)
}

/// The date and time of day of a serial number, in ISO 8601; `None` outside the years 1900 to 9999.
fn iso_date(serial: Decimal, day: bool, time: bool, origin: DateOrigin) -> Option<String> {
    let (mut days, seconds) = days_and_seconds(serial)?;
    let mut text = String::new();
    if day {
        if !(0..2_958_466).contains(&days) {
            return None;
        }
        match origin {
            DateOrigin::Year1904 => days += 1462,
            DateOrigin::Year1900 if days == 60 => {
                text.push_str("1900-02-29");
            }
            // Before the day that never was, serial numbers are one behind.
            DateOrigin::Year1900 if days < 60 => days += 1,
            DateOrigin::Year1900 => (),
        }
        if text.is_empty() {
            // Day 25,569 is 1 January 1970.
            let (year, month, date) = civil(days - 25_569);
            let _ = write!(text, "{year:04}-{month:02}-{date:02}");
        }
        if time {
            text.push('T');
        }
    }
    if time {
        let _ = write!(text, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    Some(text)
}

/// Hours, minutes and seconds of a length of time in days.
fn duration(days: Decimal) -> Option<String> {
    let (whole, seconds) = days_and_seconds(days)?;
    if whole < 0 {
        return None;
    }
    let hours = whole.checked_mul(24)?.checked_add(seconds / 3600)?;
    Some(format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60))
}

/// Whole days and the seconds of the day that has begun, to the nearest second.
fn days_and_seconds(serial: Decimal) -> Option<(i64, i64)> {
    let whole = serial.floor();
    let seconds = (serial - whole)
        .checked_mul(Decimal::from(86_400))?
        .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    let days = i64::try_from(whole.normalize().mantissa()).ok().filter(|_| whole.normalize().scale() == 0)?;
    let seconds = i64::try_from(seconds.normalize().mantissa()).ok()?;
    Some(if seconds == 86_400 { (days.checked_add(1)?, 0) } else { (days, seconds) })
}

/// Year, month and day of the Gregorian calendar, from days since 1 January 1970.
///
/// Source: Howard Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `civil_from_days`.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The number that a workbook's XML stores as text: `1240.7`, `2.010301E6`. `None` if it is none, or does not fit.
///
/// More than 15 digits with a point are how a program wrote out a binary double: they stand for the shortest decimal
/// that reads back to the same double (`8.5800000000000001` is 8.58). Integers are kept digit by digit.
pub(super) fn stored_decimal(text: &str) -> Option<Decimal> {
    let (decimal, digits) = exact_decimal(text)?;
    if digits > 15 && text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
        return double_decimal(text.parse().ok()?);
    }
    Some(decimal)
}

/// The shortest decimal that reads back to the same double. `None` for infinities and what does not fit.
pub(super) fn double_decimal(double: f64) -> Option<Decimal> {
    exact_decimal(&format!("{double}")).map(|(decimal, _)| decimal)
}

/// The decimal that a text writes, digit by digit, and its number of significant digits.
///
/// What lies beyond the 28th decimal of a number smaller than a billionth is cut: the residue of a subtraction.
fn exact_decimal(text: &str) -> Option<(Decimal, u32)> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], unsigned[at + 1..].parse::<i32>().ok().filter(|e| e.abs() < 1000)?),
        None => (unsigned, 0),
    };
    let (mut value, mut digits, mut scale, mut point, mut any, mut cut) = (0_i128, 0_u32, 0_i32, false, false, false);
    for byte in mantissa.bytes() {
        match byte {
            b'0'..=b'9' => {
                any = true;
                if digits >= 28 {
                    cut = true;
                    scale -= i32::from(!point);
                    continue;
                }
                value = value * 10 + i128::from(byte - b'0');
                digits += u32::from(value != 0);
                scale += i32::from(point);
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    if !any {
        return None;
    }
    scale -= exponent;
    while scale > 28 && value % 10 == 0 && value != 0 {
        value /= 10;
        scale -= 1;
    }
    // Zeros behind the last digit carry nothing; a value that needs more places than there are is small or cut.
    if scale > 28 {
        let tiny = scale - digits as i32 >= 9;
        if value != 0 && !tiny {
            return None;
        }
        while scale > 28 && value != 0 {
            value /= 10;
            scale -= 1;
            if value == 0 {
                return None;
            }
        }
        scale = 28;
    }
    while scale < 0 {
        value = value.checked_mul(10)?;
        scale += 1;
        if value == 0 {
            scale = 0;
        }
    }
    if cut && scale == 0 {
        return None;
    }
    let value = if negative { -value } else { value };
    let decimal = Decimal::try_from_i128_with_scale(value, scale as u32).ok()?;
    Some((if decimal.is_zero() { Decimal::ZERO } else { decimal }, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(code: &str, stored: &str) -> Cell {
        NumberFormat::parse(code).show(stored_decimal(stored).unwrap(), DateOrigin::Year1900)
    }

    #[test]
    fn numbers_are_written_as_a_decimal_writes_them() {
        for written in ["0", "0.00", "0.05", "-0.5", "12", "1240.70", "-3604086.17", "18446744073709551616.5"] {
            let value: Decimal = written.parse().unwrap();
            assert_eq!((plain(value).as_str(), plain(value).to_string()), (written, value.to_string()));
        }
        let mut zero = Decimal::ZERO;
        zero.set_sign_negative(true);
        for value in [Decimal::try_new(-7, 28).unwrap(), zero] {
            assert_eq!(plain(value), value.to_string());
        }
    }

    #[test]
    fn stored_numbers_are_read_digit_by_digit() {
        for (stored, value) in [
            ("1240.7", "1240.7"),
            ("1.2E-3", "0.0012"),
            ("2.010301E6", "2010301"),
            ("1.24071E3", "1240.71"),
            ("8.5800000000000001", "8.58"),               // the same double as 8.58
            ("1240.7099999999998", "1240.7099999999998"), // another double than 1240.71
            ("434.99999999999994", "434.99999999999994"),
            ("12345678901234567890", "12345678901234567890"),
            ("-0", "0"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1E+2", "100"),
            ("0E-40", "0"),
        ] {
            assert_eq!(stored_decimal(stored).map(|d| d.to_string()).as_deref(), Some(value), "{stored}");
        }
        for stored in
            ["", "-", ".", "1,240.70", "1_240", "12..5", "1e", "1e300", "3e-104", "NaN", "inf", "0x10", "1 2", "１"]
        {
            assert_eq!(stored_decimal(stored), None, "{stored}");
        }
    }

    #[test]
    fn the_residue_of_a_subtraction_stays_a_number() {
        let cell = show("0.00", "5.5511151231257827E-17");
        assert_eq!(cell.text, "0.0000000000000000555111512312");
        assert!(cell.number.unwrap().hides_digits);
    }

    #[test]
    fn a_format_pads_with_zeros_and_hides_nothing_silently() {
        for (code, stored, text, hides_digits) in [
            ("General", "1240.7", "1240.7", false),
            ("G/通用格式", "1240.7", "1240.7", false),
            ("0.00", "1240.7", "1240.70", false),
            ("#,##0.00", "12401.7", "12401.70", false),
            ("#,##0.00_);(#,##0.00)", "-3.24", "-3.24", false),
            ("0.00_M", "12.5", "12.50", false),
            (r#"_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ "#, "0", "0.00", false),
            (r#"0.00;[Red]\-0.00;;@"#, "0", "0.00", false),
            ("0.00", "1240.7099999999998", "1240.71", false), // float noise
            ("General", "1240.7099999999998", "1240.71", false),
            ("General", "33.333333333333336", "33.333333333333336", false),
            ("0.00", "0.0900000762939453", "0.09", false), // noise of single precision
            ("0", "1000000.5", "1000000.5", true),
            ("0.00", "3604086.1733333333", "3604086.1733333333", true),
            ("0", "40310000.009999976", "40310000.009999976", true),
            ("0.00", "123456.78125", "123456.78", false),
            ("#,##0", "106865.89999999997", "106865.89999999997", true),
            ("0.0", "12.345", "12.345", true),
            ("0", "2200220.12", "2200220.12", true),
            (";;;", "0", "0", false),
            ("0.00;[Red]0.00", "-3.5", "-3.50", false),
            (r#"[=0]"-";0.00"#, "0", "0", false),
            ("0.00E+00", "2010301", "2010301", false),
            ("@", "0.5", "0.5", false),
            (r#"0"天""#, "3", "3", false),
            (r#""共"0"辆""#, "3", "3", false),
            ("[$¥-804]#,##0.00", "3.5", "3.50", false),
            ("[>=100]0.0;0.00", "3.5", "3.50", false),
            ("[>=100]0.0;0.00", "350", "350.0", false),
        ] {
            let cell = show(code, stored);
            assert_eq!((cell.text.as_str(), cell.note.clone()), (text, None), "{code} {stored}");
            assert_eq!(cell.number.as_ref().map(|n| n.hides_digits), Some(hides_digits), "{code} {stored}");
        }
    }

    #[test]
    fn a_percentage_is_a_hundred_times_what_is_stored() {
        for (code, stored, text, value) in [
            ("0.00%", "0.293", "29.30%", "29.3"),
            ("0%", "1", "100%", "100"),
            ("0.0%", "-0.28999999999999998", "-29.0%", "-29"),
        ] {
            let cell = show(code, stored);
            let number = cell.number.unwrap();
            assert_eq!((cell.text.as_str(), number.value.to_string().as_str()), (text, value), "{code} {stored}");
            assert!(number.percent);
        }
    }

    #[test]
    fn a_format_that_scales_leaves_no_number() {
        let codes = ["#,##0,", "0.00,,", r#"0!.0,"万""#, r#"0\.0,"万""#, "[DBNum1]General", "[DBNum2]0", "0.00,_ "];
        // What is written among the digits, or behind them, makes another number of them.
        let written = ["0!.0000", r#"0\.0"#, r#"0"."00"#, r#"0"00""#, r#"0".5""#, r#"0.00"元/人""#, r#"0.0"‰""#];
        // Or nothing is shown of it.
        let nothing = [";;;", r#""-""#, r#"[<20000]"少";0.00"#];
        // 12345.6 is positive.
        let negative = ["-0.00", r#""-"0.00"#, "(0.00)", r#""减"0.00"#, "(0.00);0.00"];
        for code in codes.into_iter().chain(written).chain(nothing).chain(negative) {
            let cell = show(code, "12345.6");
            assert_eq!((cell.text.as_str(), &cell.note), ("12345.6", &Some(CellNote::ScaledFormat)), "{code}");
            assert_eq!(cell.number, None, "{code}");
        }
        for code in ["0.00;0.00", "#,##0.00;#,##0.00;0.00"] {
            assert_eq!(show(code, "-3.5").note, Some(CellNote::ScaledFormat), "{code}");
        }
    }

    #[test]
    fn a_unit_of_money_in_the_format_stands_in_the_cell() {
        for (code, text) in [
            (r#"0.00"万元""#, "12.50万元"),
            ("0.00亿", "12.50亿"),
            (r#"General"元""#, "12.5元"),
            (r#"0.00"（元）""#, "12.50元"),
            (r#"0.00" 元整""#, "12.50元"),
            (r#"0.0"%""#, "12.5%"),
        ] {
            let cell = show(code, "12.5");
            assert_eq!((cell.text.as_str(), cell.number), (text, None), "{code}");
        }
    }

    #[test]
    fn dates_are_told_by_their_format() {
        for (code, stored, text) in [
            ("yyyy-mm-dd", "44032", "2020-07-20"),
            (r#"yyyy"年"m"月"d"日""#, "44032", "2020-07-20"),
            ("[$-804]e年m月", "44032", "2020-07-20"),
            (r#"[DBNum1][$-804]yyyy"年"m"月""#, "44032", "2020-07-20"),
            ("yyyy/m/d h:mm", "44032.354166666664", "2020-07-20T08:30:00"),
            ("h:mm:ss.0", "0.99999999", "00:00:00"),
            ("[h]:mm", "3843071682022823254", "3843071682022823254"),
            ("[h]:mm", "1.5", "36:00:00"),
            ("mm:ss", "0.5", "12:00:00"),
            ("m/d", "59", "1900-02-28"),
            ("m/d", "60", "1900-02-29"),
            ("m/d", "61", "1900-03-01"),
            (r#"yyyy"年""#, "2020", "1905-07-12"),
            ("上午/下午h:mm", "0.5", "12:00:00"),
        ] {
            let cell = show(code, stored);
            assert_eq!((cell.text.as_str(), &cell.note), (text, &Some(CellNote::Date)), "{code} {stored}");
            assert_eq!(cell.number, None, "{code}");
        }
        let shown = NumberFormat::built_in(14).show(Decimal::from(42570), DateOrigin::Year1904);
        assert_eq!(shown.text, "2020-07-20");
        assert_eq!(show("yyyy-mm-dd", "-5").note, Some(CellNote::Unreadable));
        assert_eq!(show("yyyy-mm-dd", "99999999").note, Some(CellNote::Unreadable));
    }
}
