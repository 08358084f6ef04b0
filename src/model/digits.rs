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

/// Every run of digits of a text: `1,240.71`, `１２．３`, `29.30%`.
///
/// Half and full width alike. A comma belongs to a run only before three digits, a point only before a digit.
pub fn digit_runs(text: &str) -> Vec<DigitRun> {
    if !text.bytes().any(|byte| byte.is_ascii_digit() || byte == 0xef) {
        return Vec::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| chars.get(at).is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(c));
    let digits_from = |start: usize| (start..).take_while(|at| is_digit(*at)).count();
    let mut runs = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !is_digit(at) {
            at += 1;
            continue;
        }
        let start = at;
        at += digits_from(at);
        while matches!(chars.get(at), Some(',' | '，')) && digits_from(at + 1) >= 3 {
            at += 4;
        }
        if matches!(chars.get(at), Some('.' | '．')) && is_digit(at + 1) {
            at += 1 + digits_from(at + 1);
        }
        if matches!(chars.get(at), Some('%' | '％' | '‰')) {
            at += 1;
        }
        runs.push(DigitRun { start, end: at, text: chars[start..at].iter().collect() });
    }
    runs
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
