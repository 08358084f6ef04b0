//! Blanks between the thousands of a text's amounts: 6 318.45万元.
//!
//! One blank amid digits may be a slip, or part two numbers. Where all numbers of a text that hold one are amounts in groups of three, and no amount
//! of a thousand or more is written otherwise, they are what parts the thousands.

/// So many amounts make a custom of it.
const LEAST: usize = 4;

/// Blanks part the thousands of the amounts of a text.
pub(super) fn by_blanks<'t>(lines: impl Iterator<Item = &'t str>) -> bool {
    let mut grouped = 0;
    for line in lines {
        let mut rest = line;
        while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
            let Some((written, behind)) = written(&rest[at..]) else { return false };
            match written {
                Written::Grouped => grouped += 1,
                Written::Otherwise => return false,
                Written::Short => {}
            }
            rest = behind;
        }
    }
    grouped >= LEAST
}

/// How a number is written.
enum Written {
    /// An amount with blanks between its thousands.
    Grouped,
    /// An amount of a thousand or more without them.
    Otherwise,
    /// Anything else.
    Short,
}

/// How the number is written that a text begins with, and what stands behind it; `None` where blanks part it in another way.
fn written(text: &str) -> Option<(Written, &str)> {
    let (first, mut rest) = digits(text);
    let mut groups = 0;
    while let Some(next) = behind_blank(rest) {
        let (group, behind) = digits(next);
        if group != 3 || first > 3 || text.starts_with('0') {
            return None;
        }
        (groups, rest) = (groups + 1, behind);
    }
    let commas = rest.starts_with(',') && digits(&rest[1..]).0 == 3;
    if let Some(decimals) = rest.strip_prefix('.') {
        rest = digits(decimals).1;
    }
    let is_amount = rest.trim_start().starts_with(['万', '元', '亿', '千']);
    match groups {
        0 if is_amount && first > 3 || commas => Some((Written::Otherwise, rest)),
        0 => Some((Written::Short, rest)),
        _ if is_amount && behind_blank(rest).is_none() => Some((Written::Grouped, rest)),
        _ => None,
    }
}

/// How many digits a text begins with, and what stands behind them.
fn digits(text: &str) -> (usize, &str) {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    (count, &text[count..])
}

/// What stands behind one blank, where that is a digit.
fn behind_blank(text: &str) -> Option<&str> {
    let mut characters = text.chars();
    let blank = characters.next().is_some_and(char::is_whitespace);
    Some(characters.as_str()).filter(|behind| blank && behind.starts_with(|c: char| c.is_ascii_digit()))
}
