//! What an import would change: paths set against what the dataset holds.

use std::collections::{BTreeSet, HashMap};

use juesuan::store::Incoming;
use juesuan::wording::safe;
use serde_json::{Value, json};

use super::paths::Root;
use super::paths::stored_path;
use super::settings::Speaker;

/// How many paths of a kind people are told.
const NAMED: usize = 10;

/// Paths by what has become of them since the snapshot before.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Not in the dataset.
    new: Vec<String>,
    /// With other content.
    changed: Vec<String>,
    /// The same content, but mappings, registry or settings are others.
    read_again: Vec<String>,
    unchanged: usize,
    /// In the dataset, and no longer below the inputs.
    gone: Vec<String>,
}

impl Changes {
    /// Sets what is below `roots` against the published snapshot: for each path its content, and whether it would be
    /// read the same now.
    pub(crate) fn of(known: &HashMap<String, (String, bool)>, roots: &[Root], incoming: &[Incoming]) -> Changes {
        let mut changes = Changes::default();
        for document in incoming {
            match known.get(&document.path) {
                None => changes.new.push(document.path.clone()),
                Some((id, _)) if *id != document.document_id => changes.changed.push(document.path.clone()),
                Some((_, false)) => changes.read_again.push(document.path.clone()),
                Some(_) => changes.unchanged += 1,
            }
        }
        let given: BTreeSet<&str> = incoming.iter().map(|document| document.path.as_str()).collect();
        let roots: Vec<String> = roots.iter().map(|root| stored_path(&root.name)).collect();
        let below = |path: &str| roots.iter().any(|root| is_below(path, root));
        let gone: BTreeSet<&String> =
            known.keys().filter(|path| !given.contains(path.as_str()) && below(path)).collect();
        changes.gone = gone.into_iter().cloned().collect();
        changes
    }

    fn kinds(&self) -> [(&'static str, &'static str, &[String]); 4] {
        [
            ("新", "new", &self.new),
            ("内容变", "changed", &self.changed),
            ("重读", "read_again", &self.read_again),
            ("已不在输入中", "gone", &self.gone),
        ]
    }

    /// Every path, for machines.
    pub(crate) fn to_json(&self) -> Value {
        let mut lists = json!({ "unchanged": self.unchanged });
        for (_, word, paths) in self.kinds() {
            lists[word] = json!(paths);
        }
        lists
    }

    /// How many, and the first of each kind.
    pub(crate) fn told(&self, speaker: Speaker) -> String {
        let mut text = format!("{}\n", speaker.say("文件：", "documents:"));
        for (chinese, word, paths) in self.kinds() {
            text.push_str(&format!("  {} {}\n", speaker.say(chinese, word).replace('_', " "), paths.len()));
            for path in paths.iter().take(NAMED) {
                text.push_str(&format!("    {}\n", safe(path)));
            }
            if paths.len() > NAMED {
                text.push_str("    …\n");
            }
        }
        text.push_str(&format!("  {} {}\n", speaker.say("未变", "unchanged"), self.unchanged));
        text
    }
}

/// Whether a stored path is an input or stands below it.
fn is_below(path: &str, root: &str) -> bool {
    match root {
        "" => !path.starts_with('/') && !path.starts_with("../"),
        root => path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || root == "/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_below_its_folder_and_not_below_a_name_that_begins_alike() {
        assert!(is_below("pile/a.xlsx", "pile"));
        assert!(is_below("pile/a.xlsx", "pile/a.xlsx"));
        assert!(!is_below("pile2/a.xlsx", "pile"));
        assert!(is_below("a.xlsx", "") && !is_below("/x/a.xlsx", ""));
        assert!(is_below("/x/a.xlsx", "/"));
    }
}
