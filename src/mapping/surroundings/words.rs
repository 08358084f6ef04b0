//! Lists of words, each made ready when it is read for how it is asked: nearly every line of a pile has none of them.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::slice;

use aho_corasick::{AhoCorasick, MatchKind};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::mapping::finder::{finder, folded_longest_first};
use crate::model::{Label, Map, fold};

/// Words, folded, the longest first.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(from = "Vec<String>")]
#[schemars(inline)]
pub struct Words(Vec<String>);

/// Words that stand at the head of lines, by their first characters.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(from = "Vec<String>")]
#[schemars(inline)]
pub(super) struct Heads {
    words: Words,
    #[schemars(skip)]
    by_first: Map<char, Vec<String>>,
}

/// Words that may stand anywhere in a line.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(from = "Vec<String>")]
#[schemars(inline)]
pub struct Finder {
    words: Words,
    #[schemars(skip)]
    finds: Option<AhoCorasick>,
}

/// Labels that are compared whole.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(from = "Vec<String>")]
#[schemars(inline)]
pub(super) struct Labels(#[schemars(with = "Vec<String>")] Vec<Label>);

/// Words, folded, the longest first, each with what is written for it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(from = "BTreeMap<String, Vec<String>>")]
#[schemars(inline)]
pub struct Abbreviations(Vec<(String, Vec<String>)>);

/// What another file may add to.
pub(super) trait Grows {
    fn add(&mut self, more: Self);
}

impl From<Vec<String>> for Words {
    fn from(written: Vec<String>) -> Words {
        Words(folded_longest_first(&written))
    }
}

impl Deref for Words {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl<'w> IntoIterator for &'w Words {
    type Item = &'w String;
    type IntoIter = slice::Iter<'w, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl Grows for Words {
    fn add(&mut self, more: Words) {
        *self = [&**self, &*more].concat().into();
    }
}

impl From<Vec<String>> for Heads {
    fn from(written: Vec<String>) -> Heads {
        let mut heads = Heads { words: written.into(), ..Heads::default() };
        for word in &heads.words {
            if let Some(first) = word.chars().next() {
                heads.by_first.entry(first).or_default().push(word.clone());
            }
        }
        heads
    }
}

impl Heads {
    /// The words that a folded text begins with, the longest first, each with what stands behind it.
    pub(super) fn before<'w, 't>(&'w self, text: &'t str) -> impl Iterator<Item = (&'w str, &'t str)> {
        let same_first = text.chars().next().and_then(|first| self.by_first.get(&first)).map_or(&[][..], Vec::as_slice);
        same_first.iter().filter_map(|word| Some((word.as_str(), text.strip_prefix(word.as_str())?)))
    }

    /// A folded text begins with one of them.
    pub(super) fn begin(&self, text: &str) -> bool {
        self.before(text).next().is_some()
    }

    /// Finds them anywhere.
    pub(super) fn finder(&self) -> Finder {
        self.words.0.clone().into()
    }
}

impl Grows for Heads {
    fn add(&mut self, more: Heads) {
        self.words.add(more.words);
        *self = std::mem::take(&mut self.words).0.into();
    }
}

impl From<Vec<String>> for Finder {
    fn from(written: Vec<String>) -> Finder {
        let words = Words::from(written);
        Finder { finds: finder(&words, MatchKind::LeftmostFirst), words }
    }
}

impl Finder {
    /// One of them stands in a folded text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.finds.as_ref().is_some_and(|words| words.is_match(text))
    }

    /// Where any of them stand in a folded text.
    pub(super) fn all_in<'t>(&'t self, text: &'t str) -> impl Iterator<Item = std::ops::Range<usize>> + 't {
        self.finds.iter().flat_map(move |words| words.find_iter(text)).map(|found| found.range())
    }

    /// Where the first of them stands in a folded text.
    pub(super) fn first_in(&self, text: &str) -> Option<std::ops::Range<usize>> {
        Some(self.finds.as_ref()?.find(text)?.range())
    }
}

impl Deref for Finder {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.words
    }
}

impl Grows for Finder {
    fn add(&mut self, more: Finder) {
        self.words.add(more.words);
        *self = std::mem::take(&mut self.words).0.into();
    }
}

impl From<Vec<String>> for Labels {
    fn from(written: Vec<String>) -> Labels {
        Labels(written.iter().map(|word| Label::new(word)).collect())
    }
}

impl Deref for Labels {
    type Target = [Label];

    fn deref(&self) -> &[Label] {
        &self.0
    }
}

impl Grows for Labels {
    fn add(&mut self, more: Labels) {
        self.0.extend(more.0);
    }
}

impl From<BTreeMap<String, Vec<String>>> for Abbreviations {
    fn from(written: BTreeMap<String, Vec<String>>) -> Abbreviations {
        let folded =
            |(words, short): (String, Vec<String>)| (fold(&words), short.iter().map(|short| fold(short)).collect());
        let mut all = Abbreviations(written.into_iter().map(folded).collect());
        all.0.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        all
    }
}

impl Deref for Abbreviations {
    type Target = [(String, Vec<String>)];

    fn deref(&self) -> &[(String, Vec<String>)] {
        &self.0
    }
}

impl Grows for Abbreviations {
    fn add(&mut self, more: Abbreviations) {
        self.0.extend(more.0);
        self.0.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }
}

/// Words that are compared as they are written.
impl Grows for Vec<String> {
    fn add(&mut self, more: Vec<String>) {
        self.extend(more);
    }
}

impl<K: Ord, V> Grows for BTreeMap<K, V> {
    fn add(&mut self, more: BTreeMap<K, V>) {
        self.extend(more);
    }
}

/// A pattern is replaced by that of the file that adds one.
impl<T> Grows for Option<T> {
    fn add(&mut self, more: Option<T>) {
        *self = more.or(self.take());
    }
}
