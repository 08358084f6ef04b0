//! Days and seconds that stand for dates, times of day and lengths of time.

use std::fmt::Write as _;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::model::civil;

/// The day that a workbook's dates count from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::read) enum DateOrigin {
    /// Day 1 is 1 January 1900, and a 29 February 1900 that never was is day 60.
    #[default]
    Year1900,
    /// Day 0 is 1 January 1904.
    Year1904,
}

/// The date and time of day of a serial number, in ISO 8601; `None` outside the years 1900 to 9999.
pub(super) fn iso_date(serial: Decimal, day: bool, time: bool, origin: DateOrigin) -> Option<String> {
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
pub(super) fn duration(days: Decimal) -> Option<String> {
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
