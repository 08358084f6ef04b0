//! A format code such as `#,##0.00_);(#,##0.00)`, section by section.

use rust_decimal::Decimal;

use super::exact::stored_decimal;
use super::{Comparison, Section, Shows};

/// Units of money that a format writes behind the number, and `%` as mere text: they belong to it as if they were typed.
const UNITS: [&str; 11] = ["元", "千元", "万元", "百万元", "亿元", "万", "亿", "千", "百万", "千万元", "%"];

/// Reads a format code section by section.
pub(super) struct Scanner<'a> {
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

impl<'a> Scanner<'a> {
    pub(super) fn of(code: &'a str) -> Scanner<'a> {
        Scanner { rest: code }
    }

    /// Reads up to the next `;`, and says whether there was one.
    pub(super) fn section(&mut self) -> (Section, bool) {
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
