//! Runs of digits: where numbers stand, and what shows that one is not whole.

use std::sync::Arc;

use super::numerals;
use super::text::{Gap, Paragraph, begins_with_code};
use crate::mapping::{Lexicon, Unit};
use crate::model::{Fate, UnitOfMeasure};

/// A run of digits of the paragraph and what becomes of it.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// Byte where it starts.
    pub(super) start: usize,
    /// Byte behind its end, the percent sign included.
    pub(super) end: usize,
    /// Its fate and the rule that decided, once they are known.
    pub(super) fate: RunFate,
}

/// The fate of a run and the rule that decided, once they are known.
pub(super) type RunFate = Option<(Fate, Arc<str>)>;

/// All runs of digits: thousands, decimals and a percent sign belong to them, also over a line's end. Counts in words stand
/// among them.
///
/// Where `blank_groups`, blanks part thousands: 6 318.45.
pub(super) fn runs(paragraph: &Paragraph, lexicon: &Lexicon, blank_groups: bool) -> Vec<Run> {
    let bytes = paragraph.text.as_bytes();
    let mut runs = Vec::new();
    let mut at = 0;
    let digits = |from: usize| {
        let mut end = from;
        while end < bytes.len()
            && bytes[end].is_ascii_digit()
            && (end == from || paragraph.gap_before(end) != Gap::Blank)
        {
            end += 1;
        }
        end
    };
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        let mut end = digits(start);
        let short = end <= start + 3;
        while blank_groups && short && paragraph.gap_before(end) == Gap::Blank && digits(end) == end + 3 {
            end += 3;
        }
        let grouped = |end: usize| {
            bytes.get(end) == Some(&b',') && digits(end + 1) == end + 4 && paragraph.gap_before(end) != Gap::Blank
        };
        while grouped(end) {
            end += 4;
        }
        if bytes.get(end) == Some(&b'.') && paragraph.gap_before(end) != Gap::Blank {
            let decimals = digits(end + 1);
            // 2.2018年: an ordinal before a year.
            let year = decimals == end + 5 && paragraph.text[decimals..].starts_with('年');
            // 1.2010601行政运行: or before a code.
            let code = start == 0 && end <= 2 && begins_with_code(&paragraph.text[end + 1..]);
            if decimals > end + 1 && !year && !code {
                end = decimals;
            }
        }
        if bytes.get(end) == Some(&b'%') {
            end += 1;
        } else if paragraph.text[end..].starts_with('‰') {
            end += '‰'.len_utf8();
        }
        runs.push(Run { start, end, fate: None });
        at = end;
    }
    let in_words = numerals::find(&paragraph.text, lexicon);
    if !in_words.is_empty() {
        runs.extend(in_words.into_iter().map(|(start, end)| Run { start, end, fate: None }));
        runs.sort_unstable_by_key(|run| run.start);
    }
    runs
}

/// Where a number that is none ends: 12..5, 1,24O.71.
pub(super) fn malformed(text: &str, run: &Run) -> Option<usize> {
    let tail = &text[run.end..];
    let length = tail.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == ',')).unwrap_or(tail.len());
    let cluster = tail[..length].trim_end_matches([',', '.']);
    let year = cluster.strip_prefix(',').is_some_and(|digits| digits.len() == 4 && tail[length..].starts_with('年'));
    if year || text[run.start..run.end].ends_with('%') && cluster.starts_with(',') {
        // 完成预算的62.00%，2022年度…: the next clause.
        return None;
    }
    let odd = cluster.contains("..")
        || cluster.bytes().any(|byte| byte.is_ascii_alphabetic())
        || (cluster.starts_with(['.', ',']) && cluster.len() > 1);
    (odd && !cluster.is_empty()).then_some(run.end + cluster.len())
}

/// Why the digits of a run may not be all of their number.
pub(super) fn parted(paragraph: &Paragraph, run: &Run, unit: Option<&Unit>) -> Option<&'static str> {
    if paragraph.has_seam(run.start, run.end) {
        // 公务用车 | 3 | 辆: no page number stands there, for its noun needs a number.
        let whole = paragraph.is_line_of_digits(run.start, run.end)
            && matches!(unit, Some(Unit::Count(_) | Unit::Money(UnitOfMeasure::TenThousandYuan)));
        return (!whole).then_some("a line of digits alone");
    }
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let text = paragraph.text.as_str();
    let mut back = text[..run.start].chars().rev();
    let mut on = text[run.end..].chars();
    // 12 34.5, 12。5, 12·5
    let is_stop = |c: Option<char>| matches!(c, Some('。' | '·'));
    let (last, first) = (back.next(), on.next());
    let parted = is_digit(last)
        || is_digit(first)
        || is_stop(last) && is_digit(back.next())
        || is_stop(first) && is_digit(on.next()) && !text[run.start..run.end].ends_with('%');
    parted.then_some("digits apart")
}
