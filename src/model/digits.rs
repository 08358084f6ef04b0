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
    text.bytes().any(|byte| byte.is_ascii_digit() || byte == 0xef)
}

/// Every run of digits of a text: `1,240.71`, `１２．３`, `29.30%`.
///
/// Half and full width alike. A comma belongs to a run only before three digits, a point only before a digit.
pub fn digit_runs(text: &str) -> Vec<DigitRun> {
    let mut runs = Vec::new();
    if !may_have_digits(text) {
        return runs;
    }
    let mut rest = text;
    let mut index = 0;
    while let Some(first) = rest.chars().next() {
        let end = end_of_run(rest);
        if end == 0 {
            rest = &rest[first.len_utf8()..];
            index += 1;
            continue;
        }
        let (run, behind) = rest.split_at(end);
        let start = index;
        index += run.chars().count();
        runs.push(DigitRun { start, end: index, text: run.to_owned() });
        rest = behind;
    }
    runs
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
    let is_digit = |c: &char| c.is_ascii_digit() || ('０'..='９').contains(c);
    text[start..].chars().take_while(is_digit).take(most).map(char::len_utf8).sum::<usize>() + start
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
