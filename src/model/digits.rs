/// A run of digits in a text, as the account of numbers counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigitRun<'t> {
    /// Index of its first character.
    pub start: usize,
    /// Index behind its last character.
    pub end: usize,
    /// Its characters: digits, separators, one decimal point, a percent sign.
    pub text: &'t str,
}

/// Whether a text has a digit, of half or full width: told without decoding it.
pub fn has_digits(text: &str) -> bool {
    first_digit(text.as_bytes()).is_some()
}

/// Every run of digits of a text: `1,240.71`, `１２．３`, `29.30%`.
///
/// Half and full width alike. A comma belongs to a run only before three digits, a point only before a digit.
pub fn digit_runs(text: &str) -> DigitRuns<'_> {
    DigitRuns { rest: text, index: 0 }
}

/// The runs of digits of a text, one after another.
#[derive(Clone, Debug)]
pub struct DigitRuns<'t> {
    rest: &'t str,
    /// Index of the first character of `rest`.
    index: usize,
}

impl<'t> Iterator for DigitRuns<'t> {
    type Item = DigitRun<'t>;

    fn next(&mut self) -> Option<DigitRun<'t>> {
        let before = first_digit(self.rest.as_bytes())?;
        self.index += characters(&self.rest[..before]);
        let (text, behind) = self.rest[before..].split_at(end_of_run(&self.rest[before..]));
        let start = self.index;
        self.index += characters(text);
        self.rest = behind;
        Some(DigitRun { start, end: self.index, text })
    }
}

/// Where the first digit stands.
fn first_digit(text: &[u8]) -> Option<usize> {
    // The first byte of a full-width digit is that of most punctuation, too.
    let may_begin = |byte: &u8| byte.is_ascii_digit() | (*byte == 0xef);
    // Stretches without any are passed over many bytes at once.
    const MANY: usize = 32;
    let mut from = 0;
    loop {
        while text[from..]
            .first_chunk::<MANY>()
            .is_some_and(|many| !many.iter().fold(false, |any, byte| any | may_begin(byte)))
        {
            from += MANY;
        }
        let at = from + text[from..].iter().position(may_begin)?;
        if text[at] != 0xef || matches!(text[at..], [_, 0xbc, 0x90..=0x99, ..]) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// The number of characters: as many as bytes that begin one.
pub(crate) fn characters(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

/// Where the run ends with which a text begins.
fn end_of_run(text: &str) -> usize {
    let mut end = digits_at(text, 0, usize::MAX);
    if end == text.len() {
        return end;
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
            let found: Vec<String> = digit_runs(text).map(|run| run.text.to_owned()).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
