use std::cell::RefCell;
use std::thread::LocalKey;

use super::Map;

/// Answers that are kept. A pile has some thousand different labels.
const MOST: usize = 20_000;

/// What was made of texts lately, in one thread: every document of a pile has the labels of its template.
///
/// An answer must be told by the key and the mappings alone, so that nobody can see whether it was made anew.
#[derive(Debug)]
pub struct Recent<V> {
    /// The version of the mappings that the answers were made with.
    version: String,
    answers: Map<String, V>,
    /// The parts of a key put together.
    key: String,
}

impl<V> Default for Recent<V> {
    fn default() -> Recent<V> {
        Recent { version: String::new(), answers: Map::default(), key: String::new() }
    }
}

impl<V> Recent<V> {
    /// Longer texts are sentences, which do not come again.
    pub const LONGEST: usize = 300;
}

impl<V: Clone> Recent<V> {
    /// The answer for a key, its last part a text: the one that is known, else what `make` makes.
    ///
    /// `version` is that of the mappings; with another one all answers are forgotten.
    pub fn recall(
        recent: &'static LocalKey<RefCell<Recent<V>>>,
        version: &str,
        key: &[&str],
        make: impl FnOnce() -> V,
    ) -> V {
        if key.last().is_none_or(|text| text.len() > Recent::<V>::LONGEST) {
            return make();
        }
        let known = recent.with_borrow_mut(|recent| {
            recent.begin(version, key);
            recent.answers.get(&recent.key).cloned()
        });
        known.unwrap_or_else(|| {
            let made = make();
            recent.with_borrow_mut(|recent| {
                recent.begin(version, key);
                if recent.answers.len() >= MOST {
                    recent.answers.clear();
                }
                recent.answers.insert(recent.key.clone(), made.clone());
            });
            made
        })
    }

    fn begin(&mut self, version: &str, key: &[&str]) {
        if self.version != version {
            version.clone_into(&mut self.version);
            self.answers.clear();
        }
        self.key.clear();
        for part in key {
            self.key.push_str(part);
            self.key.push('\0');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    thread_local! {
        static LENGTHS: RefCell<Recent<usize>> = RefCell::default();
    }

    #[test]
    fn an_answer_is_made_once_for_each_key_and_version() {
        let made = std::cell::Cell::new(0);
        let length = |version: &str, key: &[&str]| {
            Recent::recall(&LENGTHS, version, key, || {
                made.set(made.get() + 1);
                key.concat().len()
            })
        };
        for (version, key, answer, so_far) in [
            ("1", &["a", "bc"][..], 3, 1),
            ("1", &["a", "bc"], 3, 1),
            ("1", &["ab", "c"], 3, 2), // parts are not run together
            ("2", &["a", "bc"], 3, 3), // other mappings
            ("1", &["a", "bc"], 3, 4),
        ] {
            assert_eq!(length(version, key), answer);
            assert_eq!(made.get(), so_far, "{version} {key:?}");
        }
    }
}
