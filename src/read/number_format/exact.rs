//! Stored numbers as exact decimals: read digit by digit, and without the noise of binary floating point.

use compact_str::{CompactString, ToCompactString as _};
use rust_decimal::{Decimal, RoundingStrategy};

/// The most significant digits that the general format shows.
const GENERAL_DIGITS: u32 = 11;

/// A decimal as [`Decimal`] writes it. Every number of a worksheet is, and nearly all fit into a machine word.
pub(super) fn plain(value: Decimal) -> CompactString {
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
pub(super) fn without_noise(value: Decimal, decimals: u32) -> (Decimal, bool) {
    let shown = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    if is_float_noise(value, shown, decimals) { (shown.normalize(), false) } else { (value, true) }
}

/// A hundred times the number, by moving the point; `None` where that does not fit.
pub(super) fn times_hundred(number: Decimal) -> Option<Decimal> {
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
pub(super) fn without_long_noise(stored: Decimal) -> Decimal {
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

/// The number that a workbook's XML stores as text: `1240.7`, `2.010301E6`. `None` if it is none, or does not fit.
///
/// More than 15 digits with a point are how a program wrote out a binary double: they stand for the shortest decimal
/// that reads back to the same double (`8.5800000000000001` is 8.58). Integers are kept digit by digit.
pub(in crate::read) fn stored_decimal(text: &str) -> Option<Decimal> {
    let (decimal, digits) = exact_decimal(text)?;
    if digits > 15 && text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
        return double_decimal(text.parse().ok()?);
    }
    Some(decimal)
}

/// The shortest decimal that reads back to the same double. `None` for infinities and what does not fit.
pub(in crate::read) fn double_decimal(double: f64) -> Option<Decimal> {
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
}
