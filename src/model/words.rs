//! Different words and their keys.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

/// The key of a row that has no word.
pub(crate) const NONE: u32 = u32::MAX;

/// An empty slot of the table of keys.
const EMPTY: u64 = u64::MAX;

/// Different words in the order in which they first came; the key of a word is its position.
///
/// The words stand in one piece, so that a word costs no allocation. Keys are found through an open table that holds a
/// part of each word's hash beside its key.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    text: String,
    /// Where each word begins, and where the last one ends.
    offsets: Vec<usize>,
    /// Hash above, key below; the length is a power of two and at least twice the number of words.
    slots: Vec<u64>,
    /// The key given last.
    last: u32,
    /// For each word the key that was given after its own last time: documents of one template have their words in one order.
    next: Vec<u32>,
}

impl Default for Words {
    fn default() -> Words {
        Words { text: String::new(), offsets: vec![0], slots: vec![EMPTY; 16], last: NONE, next: Vec::new() }
    }
}

impl Words {
    /// Room for so many words of so many bytes in all, without growing.
    pub(crate) fn with_room_for(words: usize, bytes: usize) -> Words {
        let mut offsets = Vec::with_capacity(words + 1);
        offsets.push(0);
        Words {
            text: String::with_capacity(bytes),
            offsets,
            slots: vec![EMPTY; (words * 2).next_power_of_two().max(16)],
            last: NONE,
            next: Vec::with_capacity(words),
        }
    }

    /// Number of words.
    pub(crate) fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// The word of a key; empty for [`NONE`] and for a key that was never given.
    pub(crate) fn get(&self, key: u32) -> &str {
        let key = key as usize;
        match (self.offsets.get(key), self.offsets.get(key.wrapping_add(1))) {
            (Some(start), Some(end)) => &self.text[*start..*end],
            _ => "",
        }
    }

    /// Every word, in the order of keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|key| self.get(key))
    }

    /// The key of a word, which is taken in where it is new; [`NONE`] for the empty text.
    pub(crate) fn key(&mut self, word: &str) -> u32 {
        if word.is_empty() {
            return NONE;
        }
        let next = self.next.get(self.last as usize).copied().unwrap_or(NONE);
        let key = if self.get(next) == word { next } else { self.find(word) };
        if let Some(next) = self.next.get_mut(self.last as usize) {
            *next = key;
        }
        self.last = key;
        key
    }

    /// The key of a word that was taken in.
    pub(crate) fn known(&self, word: &str) -> Option<u32> {
        self.look(word, FixedState::default().hash_one(word)).ok()
    }

    /// The key of a word, wherever it stands; a new one is taken in.
    fn find(&mut self, word: &str) -> u32 {
        let hash = FixedState::default().hash_one(word);
        let at = match self.look(word, hash) {
            Ok(key) => return key,
            Err(at) => at,
        };
        let key = self.len() as u32;
        self.text.push_str(word);
        self.offsets.push(self.text.len());
        self.next.push(NONE);
        self.slots[at] = slot_of(hash, key);
        if self.len() * 2 > self.slots.len() {
            self.grow();
        }
        key
    }

    /// The key of a word, or the slot where it would stand.
    fn look(&self, word: &str, hash: u64) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == EMPTY {
                return Err(at);
            }
            // The lower half of the hash chose the slot, the upper half tells words apart.
            let key = slot as u32;
            if slot >> 32 == hash >> 32 && self.get(key) == word {
                return Ok(key);
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let mut slots = vec![EMPTY; size];
        for (key, word) in self.iter().enumerate() {
            let hash = FixedState::default().hash_one(word);
            let mut at = hash as usize & (size - 1);
            while slots[at] != EMPTY {
                at = (at + 1) & (size - 1);
            }
            slots[at] = slot_of(hash, key as u32);
        }
        self.slots = slots;
    }

    /// Forgets every word.
    pub(crate) fn clear(&mut self) {
        self.slots.fill(EMPTY);
        self.offsets.truncate(1);
        self.text.clear();
        self.last = NONE;
        self.next.clear();
    }
}

fn slot_of(hash: u64, key: u32) -> u64 {
    (hash >> 32) << 32 | u64::from(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_the_key_it_first_had() {
        let mut words = Words::default();
        let texts: Vec<String> = (0..1_000).map(|number| format!("公开{:02}表!C{number}", number % 9)).collect();
        for round in 0..2 {
            for (at, text) in texts.iter().enumerate() {
                assert_eq!(words.key(text), at as u32, "round {round}");
            }
        }
        assert_eq!(words.len(), 1_000);
        assert!(words.iter().eq(texts.iter().map(String::as_str)));
        assert_eq!(words.key(""), NONE);
        assert_eq!(words.get(NONE), "");
    }

    #[test]
    fn words_that_were_forgotten_are_new_again() {
        let mut words = Words::default();
        words.key("决算");
        words.key("预算");
        words.clear();
        assert_eq!(words.len(), 0);
        assert_eq!(words.key("预算"), 0);
        assert_eq!(words.get(0), "预算");
    }
}
