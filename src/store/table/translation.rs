//! The keys of one list of words in another.

use crate::model::words::{NONE, Words};

/// The keys in one list of the words of another; each is looked up when it is first met.
pub(crate) struct Translation(Vec<u32>);

impl Translation {
    /// For another list with so many words.
    pub(crate) fn of(length: usize) -> Translation {
        Translation(vec![NONE; length])
    }

    /// The key in `words` of what is `text` of the key there.
    pub(crate) fn key<'t>(&mut self, there: u32, words: &mut Words, text: impl FnOnce(u32) -> &'t str) -> u32 {
        let Some(here) = self.0.get_mut(there as usize) else { return NONE };
        if *here == NONE {
            *here = words.key(text(there));
        }
        *here
    }
}
