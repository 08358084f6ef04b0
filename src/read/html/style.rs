//! As much of style sheets as tells whether something is shown.

use std::collections::HashSet;

/// The classes that a page's style sheets hide: `c` for `.c`, `tr.c` for `tr.c`.
#[derive(Debug, Default)]
pub(super) struct HiddenClasses(HashSet<String>);

impl HiddenClasses {
    /// Takes in a style sheet. Rules inside of others (`@media`) do not count: they are for other pages than the screen's.
    pub(super) fn add(&mut self, sheet: &str) {
        let sheet = without_comments(sheet);
        let mut rest = sheet.as_str();
        while let Some((selectors, behind)) = rest.split_once('{') {
            let is_group = selectors.trim_start().starts_with('@');
            let length = if is_group { group_length(behind) } else { behind.find('}').unwrap_or(behind.len()) };
            let body = &behind[..length];
            rest = behind.get(length + 1..).unwrap_or_default();
            if !is_group && hides(body) {
                self.0.extend(selectors.split(',').filter_map(class_of));
            }
        }
    }

    /// Whether an element of a class is hidden.
    pub(super) fn hide(&self, element: &str, classes: &str) -> bool {
        !self.0.is_empty()
            && classes
                .split_ascii_whitespace()
                .any(|class| self.0.contains(class) || self.0.contains(&format!("{element}.{class}")))
    }
}

/// Whether a list of declarations hides what it is for.
pub(super) fn hides(declarations: &str) -> bool {
    declarations.split(';').any(|declaration| {
        let Some((property, value)) = declaration.split_once(':') else { return false };
        let value = value.trim().trim_end_matches("!important").trim_end();
        let is = |word: &str| value.eq_ignore_ascii_case(word);
        match property.trim().to_ascii_lowercase().as_str() {
            "display" => is("none"),
            "visibility" => is("hidden") || is("collapse"),
            _ => false,
        }
    })
}

/// Whether declarations raise or lower text.
pub(super) fn raises(declarations: &str) -> bool {
    declarations.split(';').any(|declaration| {
        declaration.split_once(':').is_some_and(|(property, value)| {
            let value = value.trim();
            property.trim().eq_ignore_ascii_case("vertical-align")
                && (value.eq_ignore_ascii_case("super") || value.eq_ignore_ascii_case("sub"))
        })
    })
}

/// Whether declarations strike text out.
pub(super) fn strikes_out(declarations: &str) -> bool {
    declarations.split(';').any(|declaration| {
        declaration.split_once(':').is_some_and(|(property, value)| {
            property.trim().to_ascii_lowercase().starts_with("text-decoration")
                && value.to_ascii_lowercase().contains("line-through")
        })
    })
}

/// The class of a selector that is nothing but a class, with or without the name of an element.
fn class_of(selector: &str) -> Option<String> {
    let selector = selector.trim();
    let (element, class) = selector.split_once('.')?;
    let is_name = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if class.is_empty() || !is_name(class) || !is_name(element) {
        return None;
    }
    Some(if element.is_empty() { class.to_owned() } else { format!("{}.{class}", element.to_ascii_lowercase()) })
}

/// Bytes up to the brace that closes a group of rules.
fn group_length(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return at,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

fn without_comments(sheet: &str) -> String {
    let mut plain = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, behind)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = behind.split_once("*/").map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    plain.replace("<!--", "").replace("-->", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_hidden_by_the_rules_that_name_them() {
        let mut classes = HiddenClasses::default();
        classes.add(
            "<!-- /* Font */ td {padding:0} .xl65 {mso-number-format:\"\\@\"; DISPLAY : none}
             tr.gone, .also { display:none !important; } .a .b {display:none} .c:hover {display:none}
             @media print { .printed {display:none} } .shown {display:block} .last{visibility:hidden -->",
        );
        for (element, class, hidden) in [
            ("td", "xl65", true),
            ("td", "x xl65", true),
            ("tr", "gone", true),
            ("td", "gone", false),
            ("p", "also", true),
            ("p", "b", false),
            ("p", "c", false),
            ("p", "printed", false),
            ("p", "shown", false),
            ("p", "last", true),
        ] {
            assert_eq!(classes.hide(element, class), hidden, "{element}.{class}");
        }
    }
}
