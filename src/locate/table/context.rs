//! Words that mean something only beside others.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::{Blocked, Head, Stub, Table, merge_into};
use crate::locate::words::{Axis, Word};
use crate::mapping::{Rule, When};
use crate::model::{Label, Measure};

impl<'a, 'g> Table<'a, 'g> {
    /// What a rule says below the words that stand above it; `None` where it has no meaning there.
    ///
    /// What it says by itself is the rule as it stands; its `when` has been answered then.
    pub(super) fn in_context<'w, Farther: Iterator<Item = &'w Word>>(
        &self,
        rule: &Arc<Rule>,
        nearer: &'w [Rc<Word>],
        farther: impl FnOnce() -> Farther,
    ) -> Option<Arc<Rule>> {
        if rule.when.is_empty() {
            return Some(rule.clone());
        }
        let mut words = nearer.iter().rev().map(|word| &**word).chain(farther());
        match words.find_map(|word| self.answered_by(rule, word)) {
            Some(when) => {
                let mut resolved = Rule { key: when.key.clone(), total: when.total, when: Vec::new(), ..**rule };
                if resolved.key.measure.is_none() {
                    resolved.key.measure = rule.key.measure;
                }
                Some(Arc::new(resolved))
            }
            None => rule.says_something().then(|| rule.clone()),
        }
    }

    /// What a rule says below a word.
    pub(super) fn answered_by<'r>(&self, rule: &'r Rule, word: &Word) -> Option<&'r When> {
        rule.when
            .iter()
            .find(|when| when.under.iter().any(|label| *label == word.label || self.same_meaning(label, word)))
    }

    /// What a rule says below the nearest of some words.
    pub(super) fn condition<'r>(&self, rule: &'r Rule, words: &[Rc<Word>]) -> Option<&'r When> {
        words.iter().rev().find_map(|word| self.answered_by(rule, word))
    }

    /// Header and stub of one number, where they meet: a word that waits for one of the other side is told by it.
    pub(super) fn met<'t>(&self, head: &'t Head, stub: &'t Stub) -> (Cow<'t, Head>, Cow<'t, Stub>) {
        let (mut head, mut stub) = (Cow::Borrowed(head), Cow::Borrowed(stub));
        match (head.waiting.clone(), stub.waiting.clone()) {
            (None, None) => {}
            // Each waits for the other.
            (Some(word), Some(_)) => {
                head.to_mut().blocked.get_or_insert(Blocked::by(word.written.clone()));
            }
            (Some(word), None) => {
                let told =
                    word.rule.as_ref().and_then(|rule| self.condition(rule, &stub.words).map(|when| (rule, when)));
                let head = head.to_mut();
                match told {
                    Some((rule, when)) => {
                        head.total |= when.total;
                        head.side = rule.side.or(head.side);
                        head.difference = rule.difference.or(head.difference);
                        head.negative |= rule.negative;
                        head.proved |= rule.proved;
                        merge_into(&mut head.key, &when.key, self, &mut head.blocked);
                    }
                    // The row says itself what it is not known for.
                    None if stub.blocked.is_some() => {}
                    None => {
                        head.blocked.get_or_insert(Blocked::by(word.written.clone()));
                    }
                }
            }
            (None, Some(word)) => {
                let rule = word.rule.as_ref();
                let told = rule.and_then(|rule| self.in_context(rule, &head.words, std::iter::empty));
                let stub = stub.to_mut();
                match told {
                    Some(rule) => {
                        stub.total |= rule.total;
                        stub.side = rule.side.or(stub.side);
                        stub.difference = rule.difference.or(stub.difference);
                        stub.negative |= rule.negative;
                        stub.proved |= rule.proved;
                        merge_into(&mut stub.key, &rule.key, self, &mut stub.blocked);
                    }
                    None => {
                        stub.blocked.get_or_insert(Blocked::by(word.written.clone()));
                    }
                }
            }
        }
        (head, stub)
    }

    /// A label names the item that the word does, or the same difference: 决算与年初预算差异 and 决算比年初预算增减.
    fn same_meaning(&self, label: &Label, word: &Word) -> bool {
        let Some(rule) = &word.rule else { return false };
        match (&rule.key.item, rule.key.measure) {
            (Some(item), _) => {
                self.frame.mappings.vocabulary.meaning(label).is_some_and(|meaning| meaning.item == *item)
            }
            (None, Some(measure @ (Measure::Change | Measure::Deviation))) => {
                let of_label = self.reader.word(label.as_str(), Axis::Across).rule;
                let same = |of: &Rule| of.key.measure == Some(measure) && of.key.base == rule.key.base;
                of_label.is_some_and(|of| same(&of))
            }
            _ => false,
        }
    }
}

/// The words that stand above all columns.
pub(super) fn over_all(heads: &[Head]) -> impl Iterator<Item = &Word> {
    let first = heads.first().map(|head| head.words.as_slice()).unwrap_or_default();
    let over_all = |word: &&Rc<Word>| heads.iter().all(|head| head.words.iter().any(|other| other.label == word.label));
    first.iter().filter(over_all).map(|word| &**word)
}
