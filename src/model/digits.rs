/// A run of digits in a text, as the account of numbers counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigitRun {
    /// Index of its first character.
    pub start: usize,
    /// Index behind its last character.
    pub end: usize,
    /// Its characters: digits, separators, one decimal point, a percent sign.
    pub text: String,
}

/// A text without a half-width digit or anything of full width has no digits: told without decoding it.
pub fn may_have_digits(text: &str) -> bool {
    text.bytes().any(may_be_digit)
}

/// Every run of digits of a text: `1,240.71`, `１２．３`, `29.30%`.
///
/// Half and full width alike. A comma belongs to a run only before three digits, a point only before a digit.
pub fn digit_runs(text: &str) -> Vec<DigitRun> {
    let mut runs = Vec::new();
    let mut rest = text;
    let mut index = 0;
    while let Some(before) = rest.bytes().position(may_be_digit) {
        index += characters(&rest[..before]);
        rest = &rest[before..];
        let end = end_of_run(rest);
        if end == 0 {
            rest = &rest[rest.chars().next().map_or(rest.len(), char::len_utf8)..];
            index += 1;
            continue;
        }
        let (run, behind) = rest.split_at(end);
        let start = index;
        index += characters(run);
        runs.push(DigitRun { start, end: index, text: run.to_owned() });
        rest = behind;
    }
    runs
}

/// A byte that is a digit, or may begin one of full width.
fn may_be_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == 0xef
}

/// The number of characters: as many as bytes that begin one.
fn characters(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

/// Where the run ends with which a text begins; 0 where it begins with none.
fn end_of_run(text: &str) -> usize {
    let mut end = digits_at(text, 0, usize::MAX);
    if end == 0 {
        return 0;
    }
    let mark =
        |at: usize, marks: &[char]| text[at..].chars().next().filter(|c| marks.contains(c)).map_or(0, char::len_utf8);
    loop {
        let separator = mark(end, &[',', '，']);
        let group = digits_at(text, end + separator, 3);
        if separator == 0 || text[end + separator..group].chars().count() < 3 {
            break;
        }
        end = group;
    }
    let point = mark(end, &['.', '．']);
    let decimals = digits_at(text, end + point, usize::MAX);
    if point > 0 && decimals > end + point {
        end = decimals;
    }
    end + mark(end, &['%', '％', '‰'])
}

/// Where the digits end that begin at a byte, at most so many of them.
fn digits_at(text: &str, start: usize, most: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut count) = (start, 0);
    while count < most {
        match bytes[at..] {
            [b'0'..=b'9', ..] => at += 1,
            // ０ to ９
            [0xef, 0xbc, 0x90..=0x99, ..] => at += 3,
            _ => break,
        }
        count += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_hold_separators_points_and_percent_signs() {
        for (text, expected) in [
            ("减少514.11万元，减少29.30%", vec!["514.11", "29.30%"]),
            ("1,240.71、１２．３％", vec!["1,240.71", "１２．３％"]),
            ("（5分）1、局机关 2.5 3,12", vec!["5", "1", "2.5", "3", "12"]),
            ("1,2340.5", vec!["1,234", "0.5"]),
            ("没有", vec![]),
        ] {
            let found: Vec<String> = digit_runs(text).into_iter().map(|run| run.text).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
