//! Years and dates: 2023年度, 2022、2023年, 12月31日.

pub(super) fn year_of(digits: &str) -> Option<i32> {
    (digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))).then(|| digits.parse().ok())?
}

/// The length of 、2022、2023年 behind the digits of a year: what is said of several years is said of none.
pub(super) fn years_joined(rest: &str) -> Option<usize> {
    const JOINS: [&str; 7] = ["、", "和", "与", "及", "至", "到", "~"];
    let mut end = 0;
    loop {
        let join = JOINS.iter().find(|join| rest[end..].starts_with(**join))?;
        let from = end + join.len();
        let digits = rest[from..].bytes().take_while(u8::is_ascii_digit).count();
        year_of(&rest[from..from + digits])?;
        end = from + digits;
        if rest[end..].starts_with('年') {
            let behind = end + '年'.len_utf8();
            return Some(if rest[behind..].starts_with('度') { behind + '度'.len_utf8() } else { behind });
        }
    }
}

/// A date whose month tells a part of a year: 9月份, 9月30日. What is said of it is not said of the year; the year's last
/// day is the year's.
pub(super) fn is_within_year(date: &str) -> bool {
    date.contains('月') && !["12月31日", "12月31号", "12月底", "12月末"].contains(&date)
}

/// The length of 月31日 or 月底 behind the digits of a month.
pub(super) fn date_end(rest: &str, month: &str) -> Option<usize> {
    if month.len() > 2 {
        return None;
    }
    if let Some(day) = rest.strip_prefix('日') {
        return Some(rest.len() - day.len());
    }
    let mut tail = rest.strip_prefix('月')?;
    let day = tail.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=2).contains(&day)
        && let Some(behind) = tail[day..].strip_prefix(['日', '号'])
    {
        tail = behind;
    } else {
        tail = tail.strip_prefix(['底', '末', '份']).unwrap_or(tail);
    }
    Some(rest.len() - tail.len())
}
