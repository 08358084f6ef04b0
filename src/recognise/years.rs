//! Years as lines write them.

use memchr::memmem;

/// A year of four digits.
pub(super) fn plausible_year(digits: &str) -> Option<i32> {
    let year: i32 = digits.parse().ok()?;
    (digits.len() == 4 && (2000..2100).contains(&year)).then_some(year)
}

/// `2020年度…`
pub(super) fn leading_year(text: &str) -> Option<(i32, &str)> {
    let year = plausible_year(text.get(..4)?)?;
    let rest = text[4..].strip_prefix('年').unwrap_or(&text[4..]);
    Some((year, rest.strip_prefix('度').unwrap_or(rest)))
}

/// The first year of a text, with what stands before and behind it.
pub(super) fn first_year(text: &str) -> Option<(&str, i32, &str)> {
    let at = memmem::find(text.as_bytes(), b"20")?;
    let year = plausible_year(text.get(at..at + 4)?)?;
    let rest = text[at + 4..].strip_prefix('年')?;
    Some((&text[..at], year, rest.strip_prefix('度').unwrap_or(rest)))
}

/// The four digits of a year at the end, and what stands before them.
pub(super) fn trailing_digits_year(text: &str) -> Option<(i32, &str)> {
    let at = text.len().checked_sub(4)?;
    let digits = text.get(at..)?;
    let year = plausible_year(digits)?;
    Some((year, &text[..at]))
}

/// The year in a name, where no other number of four digits stands in it: `2022年公开07表`.
pub(super) fn only_year(name: &str) -> Option<i32> {
    let mut years = name.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
    let year = years.next().and_then(plausible_year)?;
    years.next().is_none().then_some(year)
}

/// `2022年9月12日`,  `2022年9月`
pub(super) fn is_date(folded: &str) -> bool {
    let Some((_, rest)) = leading_year(folded).filter(|(_, rest)| !rest.is_empty()) else { return false };
    let is_digit = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let is_day = |day: &str| (1..=3).contains(&day.chars().count()) && day.chars().all(is_digit);
    rest.split_once('月')
        .is_some_and(|(month, day)| is_day(month) && (day.is_empty() || day.strip_suffix('日').is_some_and(is_day)))
}

/// The year of which a folded text is the last day: 2022年12月31日. Accounts of what there is are drawn up for it.
pub(super) fn year_at_its_end(folded: &str) -> Option<i32> {
    let (year, day) = leading_year(folded)?;
    (day.strip_suffix('止').unwrap_or(day) == "12月31日").then_some(year)
}

/// A folded line with the year in digits that it writes in characters: 二零二一年度 is 2021年度, and so is 二0二一年度.
pub(super) fn with_year_in_digits(folded: String) -> String {
    let digit = |c: char| {
        "零一二三四五六七八九".chars().position(|digit| digit == c).or(matches!(c, '○' | '0' | 'O').then_some(0))
    };
    let year = |at: usize| {
        let digits: Vec<usize> = folded[at..].chars().take(4).map_while(digit).collect();
        let behind: String = folded[at..].chars().skip(4).take(1).collect();
        let written: String = digits.iter().map(usize::to_string).collect();
        plausible_year(&written).filter(|_| behind == "年").map(|_| (at, written))
    };
    let Some((at, written)) = folded.match_indices('二').find_map(|(at, _)| year(at)) else { return folded };
    let behind: String = folded[at..].chars().skip(4).collect();
    with_year_in_digits(format!("{}{written}{behind}", &folded[..at]))
}
