use std::cell::RefCell;
use std::thread::LocalKey;

use super::Map;
use super::words::Words;

/// Texts that are kept. A pile has some thousand different labels.
const MOST: usize = 20_000;

/// Longer texts are sentences, which do not come again.
pub const LONGEST_RECENT: usize = 300;

/// The number of a text in one thread: texts are told apart by it, and what was made of them is found by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextNumber {
    /// How often all numbers have been given back.
    generation: u32,
    number: u32,
}

impl TextNumber {
    /// The number of a text; `None` for one that is empty or long.
    pub fn of(text: &str) -> Option<TextNumber> {
        thread_local! {
            static TEXTS: RefCell<(u32, Words)> = RefCell::default();
        }
        if text.is_empty() || text.len() > LONGEST_RECENT {
            return None;
        }
        TEXTS.with_borrow_mut(|(generation, texts)| {
            if texts.len() >= MOST {
                texts.clear();
                *generation += 1;
            }
            Some(TextNumber { generation: *generation, number: texts.key(text) })
        })
    }
}

/// What was made of texts lately, in one thread: every document of a pile has the labels of its template.
///
/// An answer must be told by its context, its text and the mappings alone, so that nobody can see whether it was made
/// anew.
#[derive(Debug)]
pub struct Recent<V> {
    /// The version of the mappings that the answers were made with.
    version: String,
    /// The generation of the numbers.
    generation: u32,
    /// Where the answers of each context stand.
    contexts: Map<String, usize>,
    /// For each context, the answer for each number.
    answers: Vec<Vec<Option<V>>>,
    /// The context that was asked last, its parts put together, and where its answers stand.
    last: Option<(String, usize)>,
}

impl<V> Default for Recent<V> {
    fn default() -> Recent<V> {
        Recent { version: String::new(), generation: 0, contexts: Map::default(), answers: Vec::new(), last: None }
    }
}

impl<V: Clone> Recent<V> {
    /// The answer for a text: the one that is known, else what `make` makes.
    ///
    /// `version` is that of the mappings; with another one all answers are forgotten. `context` is all else that tells the
    /// answer.
    pub fn recall(
        recent: &'static LocalKey<RefCell<Recent<V>>>,
        version: &str,
        context: &[&str],
        text: Option<TextNumber>,
        make: impl FnOnce() -> V,
    ) -> V {
        let Some(text) = text else { return make() };
        let known = recent.with_borrow_mut(|recent| recent.place(version, context, text)?.clone());
        known.unwrap_or_else(|| {
            let made = make();
            recent.with_borrow_mut(|recent| {
                if let Some(place) = recent.place(version, context, text) {
                    *place = Some(made.clone());
                }
            });
            made
        })
    }

    /// Where the answer for a text stands; `None` for a number that has been given back.
    fn place(&mut self, version: &str, context: &[&str], text: TextNumber) -> Option<&mut Option<V>> {
        if self.version != version || self.generation < text.generation {
            version.clone_into(&mut self.version);
            self.generation = text.generation;
            self.contexts.clear();
            self.answers.clear();
            self.last = None;
        }
        if self.generation != text.generation {
            return None;
        }
        let at = match &self.last {
            Some((last, at)) if is_joined(last, context) => *at,
            _ => self.context(context),
        };
        let answers = &mut self.answers[at];
        let number = text.number as usize;
        if answers.len() <= number {
            answers.resize(number + 1, None);
        }
        answers.get_mut(number)
    }

    /// Where the answers of a context stand that is not the last one.
    fn context(&mut self, context: &[&str]) -> usize {
        let mut joined = String::new();
        for part in context {
            joined.push_str(part);
            joined.push('\0');
        }
        let at = *self.contexts.entry(joined.clone()).or_insert_with(|| {
            self.answers.push(Vec::new());
            self.answers.len() - 1
        });
        self.last = Some((joined, at));
        at
    }
}

/// The parts, a mark behind each, make up a text.
fn is_joined(joined: &str, parts: &[&str]) -> bool {
    let mut rest = Some(joined);
    for part in parts {
        rest = rest.and_then(|rest| rest.strip_prefix(part)?.strip_prefix('\0'));
    }
    rest == Some("")
}

#[cfg(test)]
mod tests {
    use super::*;

    thread_local! {
        static LENGTHS: RefCell<Recent<usize>> = RefCell::default();
    }

    #[test]
    fn an_answer_is_made_once_for_each_version_context_and_text() {
        let made = std::cell::Cell::new(0);
        let length = |version: &str, context: &[&str], text: &str| {
            Recent::recall(&LENGTHS, version, context, TextNumber::of(text), || {
                made.set(made.get() + 1);
                context.concat().len() + text.len()
            })
        };
        for (version, context, text, answer, so_far) in [
            ("1", &["a", "b"][..], "c", 3, 1),
            ("1", &["a", "b"], "c", 3, 1),
            ("1", &["ab", ""], "c", 3, 2), // parts are not run together
            ("1", &["a"], "bc", 3, 3),
            ("1", &["a", "b"], "c", 3, 3),
            ("2", &["a", "b"], "c", 3, 4), // other mappings
            ("1", &["a", "b"], "c", 3, 5),
            ("1", &["a", "b"], "", 2, 6), // nothing is remembered of no text
            ("1", &["a", "b"], "", 2, 7),
        ] {
            assert_eq!(length(version, context, text), answer);
            assert_eq!(made.get(), so_far, "{version} {context:?} {text}");
        }
    }

    #[test]
    fn a_number_that_was_given_back_tells_nothing() {
        let answer = |number, make: usize| Recent::recall(&LENGTHS, "given back", &[], number, || make);
        let first = TextNumber::of("first");
        assert_eq!(answer(first, 1), 1);
        assert_eq!(answer(first, 2), 1);
        for number in 0..=MOST {
            TextNumber::of(&format!("text {number}"));
        }
        let again = TextNumber::of("again");
        assert_eq!(answer(again, 3), 3);
        assert_eq!(answer(again, 4), 3);
        assert_eq!(answer(first, 5), 5);
        assert_eq!(answer(first, 6), 6);
    }
}
