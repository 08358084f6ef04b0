//! Clauses that tell on whose word, on which ground or to which end something was done: 按照…的要求.

use std::ops::Range;

use serde::Deserialize;

use super::phrases::PhraseList;
use super::trie::Trie;
use crate::model::fold;
use crate::model::words::Words;

/// Clauses that say nothing about the numbers behind them.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Grounds")]
pub(super) struct GroundEntry {
    /// What such a clause begins with.
    opens: PhraseList,
    /// What it ends with, directly before its mark; with none here, it may end with any word.
    #[serde(default)]
    closes: PhraseList,
    /// The words between both must be known, or be some of these.
    between: Option<PhraseList>,
    /// An amount behind it that no measure word names may be what was granted.
    #[serde(default)]
    grants: bool,
    /// It may speak of budgets and accounts as such: 坚持无预算不开支.
    #[serde(default)]
    measures: bool,
}

/// The kinds of such clauses.
///
/// Every clause of a text is asked for its first words, and nearly none has them: they are found in one pass.
#[derive(Debug)]
pub struct Grounds {
    kinds: Vec<Ground>,
    /// What any of them begins with.
    opens: Trie,
    /// By the keys of those words: the kinds that begin with them.
    opened: Vec<Vec<usize>>,
}

/// One kind.
#[derive(Debug)]
pub struct Ground {
    /// What such a clause ends with, folded; empty where that may be anything.
    closes: Vec<String>,
    /// What alone may stand between its first and its last words, beside words that are known: others may tell of a part of
    /// the money, 为迎接检查.
    between: Option<Vec<String>>,
    /// What is told behind them without a measure may be what was granted, not what was spent: 经财政局批复.
    pub grants: bool,
    /// It may speak of budgets and accounts as such.
    pub measures: bool,
}

impl Grounds {
    pub(super) fn of<'e>(entries: impl Iterator<Item = &'e GroundEntry>) -> Grounds {
        let (mut kinds, mut opens, mut opened) = (Vec::new(), Words::default(), Vec::<Vec<usize>>::new());
        for entry in entries {
            for words in folded(&entry.opens) {
                let key = opens.key(&words) as usize;
                opened.resize_with(opens.len(), Vec::new);
                opened[key].push(kinds.len());
            }
            kinds.push(Ground {
                closes: folded(&entry.closes),
                between: entry.between.as_ref().map(folded),
                grants: entry.grants,
                measures: entry.measures,
            });
        }
        Grounds { kinds, opens: Trie::of(&opens), opened }
    }

    /// How many bytes of a folded text are the first words of such a clause, whatever it ends with.
    pub fn opens(&self, text: &str) -> Option<usize> {
        self.opens.beginning(text).last().map(|(length, _)| length)
    }

    /// What kind a folded clause is, and which bytes of it stand between its first words and its last ones.
    pub fn kind(&self, clause: &str) -> Option<(&Ground, Range<usize>)> {
        let mut opened: Vec<(usize, usize)> = Vec::new();
        // The shortest first words come first: a kind has the longest of its own.
        for (length, key) in self.opens.beginning(clause) {
            for kind in &self.opened[key as usize] {
                opened.retain(|(other, _)| other != kind);
                opened.push((*kind, length));
            }
        }
        opened.sort_unstable();
        opened.into_iter().find_map(|(kind, opens)| {
            let kind = &self.kinds[kind];
            Some((kind, opens..kind.closes(clause, opens)?))
        })
    }
}

impl Ground {
    /// Where the last words of a folded clause begin, behind the first ones.
    fn closes(&self, clause: &str, opens: usize) -> Option<usize> {
        if self.closes.is_empty() {
            return Some(clause.len()).filter(|_| opens < clause.len());
        }
        let closes = self.closes.iter().filter(|closes| clause[opens..].ends_with(closes.as_str()));
        Some(clause.len() - closes.map(String::len).max()?)
    }

    /// Such a clause may have words that are not known, `text`, between its first words and its last ones.
    pub fn admits(&self, text: &str) -> bool {
        let Some(between) = &self.between else { return true };
        let longest = |rest: &str| {
            let fitting = between.iter().filter(|words| rest.starts_with(words.as_str()));
            fitting.map(|words| words.len()).max()
        };
        let mut rest = text;
        while let Some(words) = longest(rest) {
            rest = &rest[words..];
        }
        rest.is_empty()
    }
}

/// Phrases, folded, without those of which folding leaves nothing.
fn folded(phrases: &PhraseList) -> Vec<String> {
    phrases.iter().map(|phrase| fold(phrase)).filter(|phrase| !phrase.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grounds(yaml: &str) -> Grounds {
        let entries: Vec<GroundEntry> = serde_saphyr::from_str(yaml).unwrap();
        Grounds::of(entries.iter())
    }

    #[test]
    fn a_clause_is_of_the_first_kind_whose_first_and_last_words_it_has() {
        let grounds = grounds(
            "[{ opens: [根据, 根据上级], closes: [要求, 的要求] }, { opens: [根据], closes: [批复], grants: true }]",
        );
        let kind = |clause: &str| grounds.kind(clause).map(|(kind, between)| (kind.grants, clause[between].to_owned()));
        assert_eq!(kind("根据上级部门的要求"), Some((false, "部门".to_owned())));
        assert_eq!(kind("根据上级批复"), Some((true, "上级".to_owned())));
        assert_eq!(kind("根据要求"), Some((false, String::new())));
        assert_eq!(kind("根据安排"), None);
        assert_eq!(kind("按照要求"), None);
        assert_eq!(grounds.opens("根据上级安排"), Some("根据上级".len()));
        assert_eq!(grounds.opens("上级根据"), None);
    }

    #[test]
    fn a_clause_without_last_words_of_its_own_ends_with_any() {
        let grounds = grounds("[{ opens: [坚持], closes: [原则] }, { opens: [坚持], measures: true }]");
        let kind = |clause: &str| grounds.kind(clause).map(|(kind, _)| kind.measures);
        assert_eq!(kind("坚持节俭原则"), Some(false));
        assert_eq!(kind("坚持节俭"), Some(true));
        assert_eq!(kind("坚持"), None);
    }

    #[test]
    fn words_between_may_be_bound() {
        let grounds = grounds("[{ opens: [为], closes: [需要], between: [工作, 工作和, 生活] }]");
        let (kind, _) = grounds.kind("为工作需要").unwrap();
        assert!(kind.admits("工作") && kind.admits("工作和生活") && kind.admits(""));
        assert!(!kind.admits("工作检查"));
    }
}
