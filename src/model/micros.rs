//! Amounts as whole numbers of millionths: as datasets store them, and as they are compared.

use rust_decimal::Decimal;

/// The largest number of a `Decimal(20, 6)` column, times 10⁶.
const LARGEST: i128 = 99_999_999_999_999_999_999;

/// A decimal times 10⁶, rounded where it has more than six decimals; `None` where it has more than 20 digits then.
pub fn micros(value: Decimal) -> Option<i128> {
    let value = if value.scale() > 6 {
        value.round_dp_with_strategy(6, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
    } else {
        value
    };
    let scaled = value.mantissa().checked_mul(10_i128.pow(6 - value.scale().min(6)))?;
    (scaled.abs() <= LARGEST).then_some(scaled)
}

/// A number times 10⁶ as people write it: no zeros behind the last decimal that counts.
pub fn plain(value: i128) -> String {
    match Decimal::try_from_i128_with_scale(value, 6) {
        Ok(value) => value.normalize().to_string(),
        Err(_) => value.to_string(),
    }
}
