//! What a dataset knows of the files it was made of, for whoever must tell whether a file is still the same.

use std::collections::HashMap;

use super::document::DocumentRow;

/// What a file was when it was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// Its size in bytes.
    pub size: u64,
    /// When its content was changed, in nanoseconds since 1970.
    pub modified: i64,
    /// When anything of it was changed, in nanoseconds since 1970; nobody can set it back. 0 where the system does not
    /// tell.
    pub changed: i64,
    /// When it was looked at, in nanoseconds since 1970.
    pub seen: i64,
}

/// How much older than the look at it a change must be to be told from one behind it: file systems count time in steps
/// of up to two seconds, and the clock of a server need not be ours.
const MARGIN: i64 = 3_000_000_000;

impl Stat {
    /// Whether a file that is like this now holds what it held when it was `before`.
    ///
    /// Doubt is no: where a time differs, was too near to the look, or the clock has been set back since.
    pub fn is_surely(&self, before: &Stat) -> bool {
        let same = (self.size, self.modified, self.changed) == (before.size, before.modified, before.changed);
        let last = before.modified.max(before.changed);
        same && last < before.seen.saturating_sub(MARGIN) && before.seen <= self.seen
    }
}

/// What a dataset knows of the files it was made of.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    files: HashMap<String, (String, Stat)>,
}

impl Ledger {
    pub(crate) fn of(stored: &[DocumentRow]) -> Ledger {
        let present = stored.iter().filter(|row| row.is_present() && !row.document_id.is_empty());
        let files = present.filter_map(|row| {
            let stat = row.known.stat.clone()?;
            Some((row.path.clone(), (row.document_id.clone(), stat)))
        });
        Ledger { files: files.collect() }
    }

    /// Whether the dataset knows a file at a stored path or below it.
    pub fn has_below(&self, folder: &str) -> bool {
        self.files.keys().any(|path| super::plan::is_below(path, folder))
    }

    /// The SHA-256 of the file at a stored path, if it is surely what it was when it was last hashed, and what it was
    /// like then.
    pub fn trusted(&self, path: &str, now: &Stat) -> Option<(&str, &Stat)> {
        let (id, before) = self.files.get(path)?;
        now.is_surely(before).then_some((id.as_str(), before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubt_about_a_file_is_no() {
        let second = 1_000_000_000;
        let before = Stat { size: 5, modified: 100 * second, changed: 101 * second, seen: 200 * second };
        let now = Stat { seen: 300 * second, ..before.clone() };
        for (what, before, now, sure) in [
            ("the same", before.clone(), now.clone(), true),
            ("another size", before.clone(), Stat { size: 6, ..now.clone() }, false),
            ("changed later", before.clone(), Stat { modified: 250 * second, ..now.clone() }, false),
            ("changed earlier: another file", before.clone(), Stat { modified: 50 * second, ..now.clone() }, false),
            ("its time was set back", before.clone(), Stat { changed: 250 * second, ..now.clone() }, false),
            ("the clock was set back", before.clone(), Stat { seen: 150 * second, ..now.clone() }, false),
            ("changed while it was looked at", Stat { seen: 103 * second, ..before.clone() }, now.clone(), false),
        ] {
            assert_eq!(now.is_surely(&before), sure, "{what}");
        }
    }
}
