//! Counts that are written in words: 公务用车三辆, 接待五批次三十人次.
//!
//! Most numerals of a text are none (三公经费, 一是, 两项), so only those are read that stand between what counts them and its unit: where
//! a count is due. 数十批次, 二三辆 and 十余批次 are no exact ones.

use crate::mapping::{Lexicon, Unit, WordSense};
use crate::model::{is_numeral, numeral_value};

/// Where the counts of a text stand that are written in words: start and end of each numeral.
pub(super) fn find(text: &str, lexicon: &Lexicon) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    // Where the last one ends, with its unit.
    let mut last = None;
    let mut from = 0;
    while let Some(at) = text[from..].find(is_numeral).map(|at| from + at) {
        let end = at + text[at..].chars().take_while(|c| is_numeral(*c)).map(char::len_utf8).sum::<usize>();
        from = end;
        let Some((behind, unit)) = counter(text, end, lexicon) else { continue };
        if numeral_value(&text[at..end]).is_some() && is_due(text, at, unit, last, lexicon) {
            found.push((at, end));
            last = Some(behind);
        }
    }
    found
}

/// The unit that counts at a byte, and where it ends.
fn counter<'l>(text: &str, at: usize, lexicon: &'l Lexicon) -> Option<(usize, &'l str)> {
    let counters = lexicon.beginning_at(text, at).filter_map(|found| match &found.senses.unit {
        Some(Unit::Count(unit)) => Some((found.end, &**unit)),
        _ => None,
    });
    counters.last()
}

/// Directly before a numeral stands, but for links, a label that counts in the unit, or another such count.
fn is_due(text: &str, at: usize, unit: &str, last: Option<usize>, lexicon: &Lexicon) -> bool {
    // 数十批次
    let inexact = text[..at].ends_with('数')
        && !text[at..].starts_with(|c| numeral_value(&String::from(c)).is_some_and(|value| value < 10));
    if inexact {
        return false;
    }
    let mark = |c: char| matches!(c, ',' | ';' | '。' | ':' | '、');
    let mark = text[..at].rfind(mark).map_or(0, |mark| mark + text[mark..].chars().next().map_or(0, char::len_utf8));
    let begin = mark.max(last.unwrap_or(0));
    let clause = &text[begin..at];
    let runs_on = |from: usize| are_links(clause, from, lexicon);
    let goes_on =
        last.is_some_and(|last| text[last..begin].chars().all(|c| matches!(c, ',' | '、' | ')'))) && runs_on(0);
    let counts = |found: &crate::mapping::Found<'_>| {
        let label = found.senses.label.as_ref();
        label.is_some_and(|label| label.counts.iter().any(|(of, _)| lexicon.counts_in(unit, of))) && runs_on(found.end)
    };
    goes_on || lexicon.find(clause).iter().any(counts)
}

/// Nothing but links stands in a text from a byte on.
fn are_links(text: &str, mut from: usize, lexicon: &Lexicon) -> bool {
    while from < text.len() {
        let is_link = |found: &crate::mapping::Found<'_>| {
            let exact = !found.senses.approximate && !found.senses.narrows;
            matches!(found.senses.word, Some(WordSense::Link | WordSense::Cumulative))
                && found.senses.label.is_none()
                && exact
        };
        let Some(link) = lexicon.beginning_at(text, from).filter(is_link).last() else { return false };
        from = link.end;
    }
    true
}
