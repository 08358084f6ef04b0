//! Words that are looked for in texts.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::model::fold;

/// Finds any of some words in folded texts.
pub(super) fn finder(words: &[String], kind: MatchKind) -> Option<AhoCorasick> {
    built(words, kind, AhoCorasickKind::DFA)
}

/// The same for words that few texts are searched for: it is built in a fraction of the time.
pub(super) fn slow_finder(words: &[String]) -> Option<AhoCorasick> {
    built(words, MatchKind::Standard, AhoCorasickKind::ContiguousNFA)
}

fn built(words: &[String], matches: MatchKind, kind: AhoCorasickKind) -> Option<AhoCorasick> {
    // A prefilter looks for rare bytes; those with which ideographs begin are in every text.
    let mut finder = AhoCorasick::builder();
    finder.match_kind(matches).kind(Some(kind)).prefilter(false);
    finder.build(words.iter().map(|word| fold(word))).ok()
}

/// Words, folded, the longest first.
pub(super) fn folded_longest_first<'w>(words: impl IntoIterator<Item = &'w String>) -> Vec<String> {
    let mut words: Vec<String> = words.into_iter().map(|word| fold(word)).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}
