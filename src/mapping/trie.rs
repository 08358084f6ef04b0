//! Phrases by their characters: how the lexicon finds them in a text.

use std::collections::VecDeque;

use crate::model::words::Words;

/// Phrases by their characters.
///
/// At each character of a text the phrases that begin with it are followed, most of which end at the next one. An
/// automaton over bytes finds them no faster, and takes 4 ms to build, which every start would pay.
#[derive(Debug, Default)]
pub(super) struct Trie {
    /// The first is the root.
    nodes: Vec<Node>,
    /// The children of all nodes: character and node, those of one node side by side in the order of the characters.
    children: Vec<(char, u32)>,
    /// For each ideograph of the main block, the child of the root; 0 where there is none.
    by_ideograph: Vec<u32>,
    /// With which pairs of characters phrases begin.
    pairs: Pairs,
}

/// A set of pairs of characters that may also hold others: told by a hash, in 8 KiB that stay in the nearest cache.
#[derive(Debug)]
struct Pairs(Box<[u64; 1024]>);

impl Default for Pairs {
    fn default() -> Pairs {
        Pairs(Box::new([0; 1024]))
    }
}

impl Pairs {
    /// Which bit of which word stands for a pair.
    fn spot(first: char, second: char) -> (usize, u32) {
        let hash = (first as u32).wrapping_mul(0x9e37_79b1) ^ (second as u32).wrapping_mul(0x85eb_ca6b);
        ((hash >> 22) as usize, hash >> 16 & 63)
    }

    fn insert(&mut self, first: char, second: char) {
        let (word, bit) = Pairs::spot(first, second);
        self.0[word] |= 1 << bit;
    }

    fn may_have(&self, first: char, second: char) -> bool {
        let (word, bit) = Pairs::spot(first, second);
        self.0[word] >> bit & 1 == 1
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// Where its children begin, and how many there are.
    first: u32,
    count: u32,
    /// The phrase that ends here.
    phrase: Option<u32>,
}

const FIRST_IDEOGRAPH: u32 = 0x4e00;
const LAST_IDEOGRAPH: u32 = 0x9fff;

impl Trie {
    /// The trie of phrases, each told by its key.
    pub(super) fn of(phrases: &Words) -> Trie {
        let mut sorted: Vec<(&str, u32)> = phrases.iter().zip(0..).collect();
        sorted.sort_unstable();
        // A phrase adds some three nodes.
        let mut trie = Trie {
            nodes: Vec::with_capacity(phrases.len() * 3 + 1),
            children: Vec::with_capacity(phrases.len() * 3),
            ..Trie::default()
        };
        trie.nodes.push(Node::default());
        // The nodes to fill, each with its phrases, and how many bytes of them lead to it. Nodes are added at the end.
        let mut open: VecDeque<(&[(&str, u32)], usize)> = VecDeque::from([(sorted.as_slice(), 0)]);
        for node in 0.. {
            let Some((mut rest, depth)) = open.pop_front() else { break };
            if let Some(((text, phrase), behind)) = rest.split_first()
                && text.len() == depth
            {
                (trie.nodes[node].phrase, rest) = (Some(*phrase), behind);
            }
            trie.nodes[node].first = trie.children.len() as u32;
            while let Some(character) = rest.first().and_then(|(text, _)| text[depth..].chars().next()) {
                let same = rest.partition_point(|(text, _)| text[depth..].starts_with(character));
                trie.children.push((character, trie.nodes.len() as u32));
                trie.nodes.push(Node::default());
                trie.nodes[node].count += 1;
                open.push_back((&rest[..same], depth + character.len_utf8()));
                rest = &rest[same..];
            }
        }
        trie.by_ideograph = vec![0; (LAST_IDEOGRAPH - FIRST_IDEOGRAPH) as usize + 1];
        for (character, child) in &trie.children[..trie.nodes[0].count as usize] {
            if (FIRST_IDEOGRAPH..=LAST_IDEOGRAPH).contains(&(*character as u32)) {
                trie.by_ideograph[(*character as u32 - FIRST_IDEOGRAPH) as usize] = *child;
            }
        }
        for phrase in phrases.iter() {
            let mut characters = phrase.chars();
            if let (Some(first), Some(second)) = (characters.next(), characters.next()) {
                trie.pairs.insert(first, second);
            }
        }
        trie
    }

    /// The phrases that a text begins with, the shortest first: the length of each in bytes, and its key.
    pub(super) fn beginning(&self, text: &str) -> impl Iterator<Item = (usize, u32)> {
        let mut characters = text.chars();
        let mut ahead = characters.clone();
        // With most characters no phrase begins, and most that do begin one are not followed by its second one.
        let goes_on =
            matches!((ahead.next(), ahead.next()), (Some(first), Some(second)) if self.pairs.may_have(first, second));
        let (mut node, mut end) = (0, 0);
        std::iter::from_fn(move || {
            while node == 0 || goes_on {
                let next = characters.next()?;
                node = self.child(node, next)?;
                end += next.len_utf8();
                if let Some(phrase) = self.nodes[node as usize].phrase {
                    return Some((end, phrase));
                }
            }
            None
        })
    }

    /// The node behind a node.
    fn child(&self, node: u32, character: char) -> Option<u32> {
        if node == 0 && (FIRST_IDEOGRAPH..=LAST_IDEOGRAPH).contains(&(character as u32)) {
            let child = self.by_ideograph[(character as u32 - FIRST_IDEOGRAPH) as usize];
            return Some(child).filter(|child| *child > 0);
        }
        let Node { first, count, .. } = self.nodes[node as usize];
        let children = &self.children[first as usize..][..count as usize];
        // Most nodes have one or two; the root has hundreds.
        if count > 8 {
            let at = children.binary_search_by_key(&character, |(other, _)| *other).ok()?;
            return Some(children[at].1);
        }
        children.iter().find(|(other, _)| *other == character).map(|(_, child)| *child)
    }
}
