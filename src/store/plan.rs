//! Setting what came against what is there: which documents the next snapshot holds, and which must be read for it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::model::Versions;

use super::document::DocumentRow;
use super::{Incoming, Options, Stat};

/// Where the rows of a document come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The current snapshot, where they may stand under another path; the position among its documents.
    Stored(usize),
    /// It is to be extracted; the position among the incoming.
    Incoming(usize),
}

/// One path of the next snapshot whose file is there.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub path: String,
    pub document_id: String,
    pub origin: Origin,
    /// When it was imported, where that is not now.
    pub imported_at: Option<i64>,
    /// What the file is, as far as is known.
    pub stat: Option<Stat>,
    /// The path of the document that the user declares to replace it; empty for none.
    pub replaced_by: String,
    /// It should be read again, but is not at hand.
    pub outdated: bool,
}

/// What the next snapshot is made of.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// In the order in which their rows stand: by path, those last whose names put them in doubt.
    pub live: Vec<Live>,
    /// Rows of `documents` whose content is no longer at their path.
    pub superseded: Vec<DocumentRow>,
    /// What came, told apart.
    pub tally: Tally,
    /// Something differs from the current snapshot.
    changes: bool,
    /// A file was looked at again and found the same.
    looked_again: bool,
}

/// What an import found, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// Read again although their content is the same.
    pub reread: usize,
    /// Each with the path where it was.
    pub moved: Vec<(String, String)>,
    /// No longer there, and their figures left with them.
    pub pruned: Vec<String>,
    /// No longer there, but their figures stay.
    pub gone: Vec<String>,
    /// How many were not among the inputs and would be read otherwise now: other mappings, registry or program read them.
    pub outdated: usize,
    /// There, but they could not be read now; what was read before stays.
    pub unreadable: Vec<String>,
}

impl Plan {
    /// Sets what came against what is there.
    pub(crate) fn new(stored: &[DocumentRow], incoming: &[Incoming], options: &Options<'_>) -> Plan {
        let mut planner = Planner::new(stored, incoming, options);
        for at in 0..incoming.len() {
            planner.take(at);
        }
        planner.miss();
        planner.finish()
    }

    /// The current snapshot is what the next one would be.
    pub(crate) fn is_idle(&self) -> bool {
        !self.changes
    }

    /// The ledger could know more of the files than it does.
    pub(crate) fn looked_again(&self) -> bool {
        self.looked_again
    }
}

struct Planner<'a, 'o> {
    stored: &'a [DocumentRow],
    incoming: &'a [Incoming],
    options: &'a Options<'o>,
    live: BTreeMap<&'a str, Live>,
    /// Positions of the stored documents with some content that was read; the first by path comes first.
    readings: HashMap<&'a str, Vec<usize>>,
    /// What came at paths where nothing was: they may have moved there.
    new: Vec<(&'a str, usize)>,
    came: HashSet<&'a str>,
    plan: Plan,
}

impl<'a, 'o> Planner<'a, 'o> {
    fn new(stored: &'a [DocumentRow], incoming: &'a [Incoming], options: &'a Options<'o>) -> Self {
        let mut planner = Planner {
            stored,
            incoming,
            options,
            live: BTreeMap::new(),
            readings: HashMap::new(),
            new: Vec::new(),
            came: HashSet::new(),
            plan: Plan::default(),
        };
        for (at, row) in stored.iter().enumerate() {
            if !row.is_present() {
                planner.plan.superseded.push(row.clone());
                continue;
            }
            if row.is_read() {
                planner.readings.entry(&row.document_id).or_default().push(at);
            }
            planner.live.insert(
                &row.path,
                Live {
                    path: row.path.clone(),
                    document_id: row.document_id.clone(),
                    origin: Origin::Stored(at),
                    imported_at: Some(row.imported_at),
                    stat: row.known.stat.clone(),
                    replaced_by: String::new(),
                    outdated: false,
                },
            );
        }
        planner
    }

    /// One document that came.
    fn take(&mut self, at: usize) {
        let document = &self.incoming[at];
        if !self.came.insert(&document.path) {
            return;
        }
        let before = self.live.get(document.path.as_str()).map(|live| live.origin);
        let Some(Origin::Stored(row)) = before else {
            self.new.push((&document.path, at));
            self.plan.tally.new += 1;
            self.plan.changes = true;
            return self.put(at);
        };
        let stored = &self.stored[row];
        if document.document_id.is_empty() && !stored.document_id.is_empty() {
            // What it holds now nobody knows; what it held stands.
            self.plan.tally.unreadable.push(document.path.clone());
            return;
        }
        if document.document_id != stored.document_id {
            self.plan.tally.changed += 1;
            self.plan.changes = true;
            if stored.known.replaced_by.is_empty() && !stored.document_id.is_empty() {
                self.plan.superseded.push(stored.superseded(""));
            }
            return self.put(at);
        }
        if let Some(live) = self.live.get_mut(document.path.as_str()).filter(|_| document.stat.is_some()) {
            self.plan.looked_again |= live.stat != document.stat;
            live.stat.clone_from(&document.stat);
        }
        if self.is_current(stored) {
            self.plan.tally.unchanged += 1;
            return;
        }
        self.plan.tally.changed += 1;
        self.plan.tally.reread += 1;
        self.plan.changes = true;
        self.put(at);
    }

    /// Enters a document that came; it is extracted unless what it would give is there already.
    fn put(&mut self, at: usize) {
        let document = &self.incoming[at];
        let origin = self.reading_of(document).map_or(Origin::Incoming(at), Origin::Stored);
        let live = Live {
            path: document.path.clone(),
            document_id: document.document_id.clone(),
            origin,
            imported_at: None,
            stat: document.stat.clone(),
            replaced_by: String::new(),
            outdated: false,
        };
        self.live.insert(&document.path, live);
    }

    /// A stored document with the same bytes that would be read the same under this path, and has been.
    fn reading_of(&self, document: &Incoming) -> Option<usize> {
        let same = self.readings.get(document.document_id.as_str())?;
        same.iter().copied().find(|row| {
            let stored = &self.stored[*row];
            self.is_current(stored) && self.reads_the_same(stored, &document.path)
        })
    }

    /// The rows of a document would be the same under another path.
    fn reads_the_same(&self, stored: &DocumentRow, path: &str) -> bool {
        let rows_at = stored.known.rows_at.as_str();
        rows_at == path || !stored.known.quotes_path && (self.options.same_by_path)(rows_at, path)
    }

    /// A document would be read now with what read it.
    fn is_current(&self, stored: &DocumentRow) -> bool {
        let known = &stored.known;
        let now: Versions = (self.options.versions)(&known.forms(), &known.unit);
        now == known.versions
    }

    /// What was there below the inputs and did not come: it moved, leaves, or is missed.
    fn miss(&mut self) {
        let within = |path: &str, folders: &[String]| folders.iter().any(|folder| is_below(path, folder));
        let missed: Vec<&str> = self
            .live
            .keys()
            .copied()
            .filter(|path| !self.came.contains(path))
            .filter(|path| within(path, self.options.below) && !within(path, self.options.unseen))
            .collect();
        let mut arrived: HashMap<&str, Vec<&str>> = HashMap::new();
        for (path, at) in self.new.iter().rev().filter(|(_, at)| !self.incoming[*at].document_id.is_empty()) {
            arrived.entry(&self.incoming[*at].document_id).or_default().push(path);
        }
        for path in missed {
            let Some(live) = self.live.get(path) else { continue };
            let replaced = matches!(live.origin, Origin::Stored(row) if !self.stored[row].known.replaced_by.is_empty());
            let imported_at = live.imported_at;
            if let Some(new) = arrived.get_mut(live.document_id.as_str()).and_then(Vec::pop) {
                self.plan.tally.moved.push((path.to_owned(), new.to_owned()));
                self.plan.tally.new -= 1;
                if let Some(new) = self.live.get_mut(new) {
                    new.imported_at = imported_at;
                }
            } else if live.document_id.is_empty() {
                // Nothing of it was ever read: it leaves with what kept it from being read.
            } else if self.options.prune {
                self.plan.tally.pruned.push(path.to_owned());
            } else {
                if !replaced {
                    self.plan.tally.gone.push(path.to_owned());
                }
                continue;
            }
            self.plan.changes = true;
            self.live.remove(path);
        }
    }

    fn finish(mut self) -> Plan {
        let paths: BTreeSet<&str> = self.live.keys().copied().collect();
        for live in self.live.values_mut() {
            if let Some(by) = self.options.replaced.by(&live.path).filter(|by| paths.contains(by)) {
                by.clone_into(&mut live.replaced_by);
            }
        }
        let incoming: HashMap<&str, usize> =
            (0..self.incoming.len()).map(|at| (self.incoming[at].path.as_str(), at)).collect();
        let at_hand = |path: &str| incoming.get(path).copied().filter(|at| !self.incoming[*at].document_id.is_empty());
        let mut lives: Vec<Live> = self.live.values().cloned().collect();
        lives.sort_by_cached_key(|live| (self.options.doubt_by_path)(&live.path));
        let mut homes: HashSet<&str> = HashSet::new();
        let elsewhere = self.live.values().filter(|live| !self.came.contains(live.path.as_str()));
        self.plan.tally.outdated = elsewhere
            .filter(|live| matches!(live.origin, Origin::Stored(row) if !self.is_current(&self.stored[row])))
            .count();
        for live in &mut lives {
            let Origin::Stored(row) = live.origin else {
                if live.replaced_by.is_empty() {
                    homes.insert(self.id_of(&live.origin));
                }
                continue;
            };
            let stored = &self.stored[row];
            let was = &stored.known.replaced_by;
            if !was.is_empty() && live.replaced_by.is_empty() {
                // It left no rows: it is read again, or, where it is not among the inputs, waits for the import that
                // has it.
                match at_hand(&live.path) {
                    Some(at) => live.origin = Origin::Incoming(at),
                    None => live.replaced_by.clone_from(was),
                }
            }
            if live.replaced_by.is_empty()
                && stored.is_read()
                && homes.insert(&stored.document_id)
                && !self.reads_the_same(stored, &live.path)
            {
                // The path under which it was read is no longer the first that has its bytes, and told something else.
                match at_hand(&live.path) {
                    Some(at) => live.origin = Origin::Incoming(at),
                    None => live.outdated = true,
                }
            }
            let same_place = stored.path == live.path;
            self.plan.changes |= live.origin != Origin::Stored(row) || same_place && *was != live.replaced_by;
        }
        self.plan.live = lives;
        // Content that came back to its path is in force again.
        let live = &self.live;
        self.plan
            .superseded
            .retain(|row| live.get(row.path.as_str()).is_some_and(|live| live.document_id != row.document_id));
        self.plan
    }

    fn id_of(&self, origin: &Origin) -> &'a str {
        match origin {
            Origin::Stored(row) => &self.stored[*row].document_id,
            Origin::Incoming(at) => &self.incoming[*at].document_id,
        }
    }
}

/// A stored path is a folder's or file's, or lies below it.
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    match folder {
        // Everything that is named from where the command is run.
        "" => !path.starts_with('/') && path != ".." && !path.starts_with("../"),
        "/" => path.starts_with('/'),
        _ => path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_below_an_input_is_told_by_whole_names() {
        for (path, folder, below) in [
            ("pile/a.xlsx", "pile", true),
            ("pile", "pile", true),
            ("pile2/a.xlsx", "pile", false),
            ("pile/a.xlsx", "", true),
            ("/data/a.xlsx", "", false),
            ("../a.xlsx", "", false),
            ("/data/a.xlsx", "/", true),
        ] {
            assert_eq!(is_below(path, folder), below, "{path} {folder}");
        }
    }
}
