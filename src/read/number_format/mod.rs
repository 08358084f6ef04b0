//! What a worksheet shows for a stored number, by the cell's number format.
//!
//! Only what changes a figure is understood: decimals, percent, dates, units of money, and that a format scales.
//! Colours, separators, brackets and padding are skipped, so the sign and the digits are always those stored.

mod code;
mod dates;
mod exact;

use compact_str::CompactString;
use rust_decimal::Decimal;

use code::Scanner;
pub(super) use dates::DateOrigin;
use dates::{duration, iso_date};
pub(super) use exact::{double_decimal, stored_decimal};
use exact::{plain, times_hundred, without_long_noise, without_noise};

use crate::model::{Cell, CellNote, SheetNumber};

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
        let mut scanner = Scanner::of(code);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn show(code: &str, stored: &str) -> Cell {
        NumberFormat::parse(code).show(stored_decimal(stored).unwrap(), DateOrigin::Year1900)
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
