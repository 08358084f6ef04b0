use std::collections::BTreeMap;

/// What a user declares to be replaced: for each path of a document, the path of the one that replaces it.
///
/// A document is replaced as long as its replacement is in the dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replacements(BTreeMap<String, String>);

impl Replacements {
    /// Nothing is replaced.
    pub const fn none() -> Replacements {
        Replacements(BTreeMap::new())
    }

    /// From pairs of stored paths: what is replaced, and what replaces it.
    ///
    /// # Errors
    ///
    /// Names the path that is replaced by two others, or, in the end, by itself.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Replacements, String> {
        let mut all = BTreeMap::new();
        for (old, new) in pairs {
            if let Some(other) = all.insert(old.clone(), new.clone()).filter(|other| *other != new) {
                return Err(format!("`{old}` is replaced by `{other}` and by `{new}`"));
            }
        }
        if let Some(path) = all.keys().find(|path| is_in_circle(&all, path)) {
            return Err(format!("`{path}` is replaced by itself in the end"));
        }
        Ok(Replacements(all))
    }

    /// The path of the document that replaces the one at `path`.
    pub(crate) fn by(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }
}

fn is_in_circle(all: &BTreeMap<String, String>, start: &str) -> bool {
    let mut next = all.get(start);
    for _ in 0..all.len() {
        match next {
            Some(path) if path == start => return true,
            Some(path) => next = all.get(path),
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_replaced_by_itself() {
        let of = |pairs: &[(&str, &str)]| {
            Replacements::new(pairs.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())))
        };
        assert!(of(&[("a", "b"), ("b", "c"), ("x", "c")]).is_ok());
        assert!(of(&[("a", "a")]).unwrap_err().contains("`a` is replaced by itself"));
        assert!(of(&[("z", "a"), ("a", "b"), ("b", "a")]).unwrap_err().contains("by itself"));
        assert!(of(&[("a", "b"), ("a", "c")]).unwrap_err().contains("`b` and by `c`"));
    }
}
