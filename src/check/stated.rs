//! Numbers as they were written, held against one another: no tolerance is chosen, it follows from the decimals of both.

use crate::model::{AMOUNTS, Measure};

/// How well two figures of one key agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agreement {
    /// Equal, or the coarser one is the finer one rounded or cut.
    Agreed,
    /// One unit of the last place apart.
    LastDigit,
    /// Neither.
    Conflict,
}

/// A value as a comparison sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stated {
    /// The value times 10⁶.
    pub value: i128,
    /// Decimals in canonical units; negative where the last written place is above the point.
    pub decimals: i32,
}

impl Stated {
    /// A value times 10⁶ with the characters and the decimals that were written.
    pub(crate) fn of(value: i128, written: &str, decimals: i32, is_money: bool) -> Stated {
        Stated { value, decimals: if is_money { canonical_decimals(value, written, decimals) } else { decimals } }
    }

    /// Twice how far the number that was written may be from the one that is meant, times 10⁶: nothing for a zero, and for what is
    /// told to the 分.
    pub(crate) fn twice_open(self) -> i128 {
        if self.value == 0 || self.decimals >= 6 { 0 } else { place_value(self.decimals).unwrap_or_default() }
    }
}

/// Compares two figures of one key.
///
/// `whole` says that the values are counts, which no rounding makes differ. Zero is exact.
pub(crate) fn compare(a: Stated, b: Stated, whole: bool) -> Agreement {
    if a.value == b.value {
        return Agreement::Agreed;
    }
    if whole || a.value == 0 || b.value == 0 {
        return Agreement::Conflict;
    }
    let (fine, coarse) = if a.decimals >= b.decimals { (a, b) } else { (b, a) };
    let Some(unit) = place_value(coarse.decimals) else { return Agreement::Conflict };
    if fine.decimals == coarse.decimals {
        return if (fine.value - coarse.value).abs() == unit { Agreement::LastDigit } else { Agreement::Conflict };
    }
    // Cut off towards zero, or rounded, a half either way.
    let rest = (fine.value % unit).abs();
    let cut = fine.value - fine.value % unit;
    let up = cut + unit * fine.value.signum();
    let rounded_up = coarse.value == up && rest * 2 >= unit;
    if coarse.value == cut || rounded_up { Agreement::Agreed } else { Agreement::Conflict }
}

/// One unit of the last of `decimals` places, times 10⁶.
pub(super) fn place_value(decimals: i32) -> Option<i128> {
    10_i128.checked_pow(u32::try_from(6 - decimals.min(6)).ok()?)
}

/// Decimals of a figure in canonical units: an amount in 元 with two decimals has six in 万元.
///
/// In which unit it was written is seen from its digits: the value is what was written with the point moved.
pub(crate) fn canonical_decimals(value: i128, written: &str, decimals: i32) -> i32 {
    let mut digits: i128 = 0;
    for character in written.chars() {
        let digit = match character {
            '0'..='9' => character as i128 - '0' as i128,
            '０'..='９' => character as i128 - '０' as i128,
            _ => continue,
        };
        let Some(more) = digits.checked_mul(10).and_then(|digits| digits.checked_add(digit)) else { return decimals };
        digits = more;
    }
    if digits == 0 {
        return decimals;
    }
    for shift in [0, 4, 1, -4] {
        let exponent = 6 - decimals - shift;
        let Some(power) = 10_i128.checked_pow(exponent.unsigned_abs()) else { continue };
        let same = match exponent >= 0 {
            true => digits.checked_mul(power) == Some(value.abs()),
            false => value.abs().checked_mul(power) == Some(digits),
        };
        if same {
            return decimals + shift;
        }
    }
    decimals.min(6)
}

/// A value of a figure as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct StatedValue {
    /// Times 10⁶.
    pub value: i128,
    /// The characters that were written.
    pub written: String,
    /// The decimals that were written.
    pub decimals: i32,
}

/// How well two figures of one key agree, as the facts would judge them alone.
pub(crate) fn agreement(a: &StatedValue, b: &StatedValue, unit_of_measure: &str, measure: &str) -> Agreement {
    let is_rate = Measure::from_word(measure).is_some_and(Measure::is_rate);
    let money = unit_of_measure == AMOUNTS && !is_rate;
    let whole = !money && !is_rate && a.decimals == 0;
    let mut both = [a, b].map(|stated| Stated {
        value: stated.value,
        decimals: match money {
            true => canonical_decimals(stated.value, &stated.written, stated.decimals),
            false => stated.decimals,
        },
    });
    if money {
        let finest = both[0].decimals.max(both[1].decimals).max(0);
        for (stated, from) in both.iter_mut().zip([a, b]) {
            if from.decimals == 0 && stated.decimals == 0 {
                stated.decimals = finest;
            }
        }
    }
    compare(both[0], both[1], whole)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::model::micros;

    fn stated(written: &str) -> Stated {
        let value: Decimal = written.parse().unwrap();
        Stated { value: micros(value).unwrap(), decimals: value.scale() as i32 }
    }

    #[test]
    fn the_same_amount_written_differently_agrees() {
        for (a, b, expected) in [
            ("20.47", "20.47", Agreement::Agreed),
            ("20.470", "20.47", Agreement::Agreed),
            ("20.475", "20.47", Agreement::Agreed), // cut, or a half rounded to even
            ("20.475", "20.48", Agreement::Agreed), // a half rounded up
            ("20.4749", "20.48", Agreement::Conflict),
            ("20.47", "20.48", Agreement::LastDigit),
            ("20.47", "20.49", Agreement::Conflict),
            ("-20.47", "-20.48", Agreement::LastDigit),
            ("-20.479", "-20.48", Agreement::Agreed),
            ("0", "0.01", Agreement::Conflict), // zero is exact
            ("20.02", "20", Agreement::Agreed), // a rate without decimals
            ("-45.10", "45.10", Agreement::Conflict),
        ] {
            assert_eq!(compare(stated(a), stated(b), false), expected, "{a} {b}");
            assert_eq!(compare(stated(b), stated(a), false), expected, "{b} {a}");
        }
    }

    #[test]
    fn counts_are_equal_or_not() {
        assert_eq!(compare(stated("5"), stated("6"), true), Agreement::Conflict);
    }

    #[test]
    fn the_unit_in_which_an_amount_was_written_is_seen_from_its_digits() {
        for (value, written, decimals, canonical) in [
            ("12.96", "12.96", 2, 2),
            ("12.96", "１２.９６", 2, 2),
            ("1.234567", "12,345.67", 2, 6), // 元
            ("-51.41", "(514.1)", 1, 2),     // 千元
            ("12000", "1.2", 1, -3),         // 亿元
            ("0", "0.00", 2, 2),
            ("33.333333", "33.333333333333336", 15, 6), // rounded
        ] {
            let micros = micros(value.parse().unwrap()).unwrap();
            assert_eq!(canonical_decimals(micros, written, decimals), canonical, "{written}");
        }
    }
}
