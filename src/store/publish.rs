//! Publishing: the documents of the current snapshot and those that came become the next snapshot.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use crate::model::{DocumentStatus, Extracted};

use super::document::DocumentRow;
use super::draft::{Draft, begin};
use super::schema::{DOCUMENTS, FIGURES, FINDINGS_SEEN, FORMS_SEEN, LEFTOVERS, SCORES, TABLES, TEXTS, TableShape};
use super::snapshot::{self, Held};
use super::stored::StoredTable;
use super::summary::{BadDocument, Summary};
use super::{Incoming, Options, Published, STATE, Stage, StoreError, csv, derived, facts, package, wide};

/// Documents that are extracted together before their rows are written, per thread: enough to keep threads busy,
/// few enough that their rows (about 250 each) are a small part of the memory.
const CHUNK_PER_THREAD: usize = 16;

/// Where the rows of a document come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The current snapshot; the position among its documents.
    Stored(usize),
    /// It is to be extracted; the position among the incoming.
    Incoming(usize),
}

/// One path of the next snapshot.
#[derive(Debug)]
struct Live {
    path: String,
    document_id: String,
    origin: Origin,
}

/// What the next snapshot is made of.
#[derive(Debug, Default)]
struct Plan {
    /// By path.
    live: Vec<Live>,
    /// Rows of `documents` that are no longer in force.
    superseded: Vec<DocumentRow>,
    new: usize,
    changed: usize,
    unchanged: usize,
}

impl Plan {
    /// Sets what came against what is there.
    fn new(stored: &[DocumentRow], incoming: &[Incoming], mapping_version: &str) -> Plan {
        let mut plan = Plan::default();
        let mut live: BTreeMap<&str, (&str, Origin)> = BTreeMap::new();
        for (at, row) in stored.iter().enumerate() {
            if row.status == DocumentStatus::Superseded {
                plan.superseded.push(row.clone());
            } else {
                live.insert(&row.path, (&row.document_id, Origin::Stored(at)));
            }
        }
        for (at, document) in incoming.iter().enumerate() {
            match live.get(document.path.as_str()) {
                Some((_, Origin::Incoming(_))) => continue,
                Some((id, Origin::Stored(row)))
                    if *id == document.document_id && stored[*row].mapping_version == mapping_version =>
                {
                    plan.unchanged += 1;
                    continue;
                }
                Some((id, Origin::Stored(row))) => {
                    plan.changed += 1;
                    if *id != document.document_id {
                        let row = DocumentRow { status: DocumentStatus::Superseded, ..stored[*row].clone() };
                        plan.superseded.push(row);
                    }
                }
                None => plan.new += 1,
            }
            live.insert(&document.path, (&document.document_id, Origin::Incoming(at)));
        }
        plan.live = live
            .into_iter()
            .map(|(path, (document_id, origin))| Live {
                path: path.to_owned(),
                document_id: document_id.to_owned(),
                origin,
            })
            .collect();
        // Content that came back to its path is in force again.
        plan.superseded.retain(|row| {
            let at = plan.live.binary_search_by(|live| live.path.as_str().cmp(&row.path));
            at.is_ok_and(|at| plan.live[at].document_id != row.document_id)
        });
        plan
    }

    fn is_idle(&self) -> bool {
        self.new == 0 && self.changed == 0
    }
}

/// The tables of the current snapshot, opened when the first row of them is needed.
struct Before {
    dir: PathBuf,
    figures: Option<Vec<(i32, StoredTable)>>,
    others: Vec<StoredOther>,
    /// For each document, the path under which its rows stand.
    rows_at: HashMap<String, String>,
}

struct StoredOther {
    shape: &'static TableShape,
    /// The column that tells documents apart, and the one that holds their path.
    key: &'static str,
    path: Option<&'static str>,
    table: Option<StoredTable>,
}

impl Before {
    fn new(dir: PathBuf, documents: &[DocumentRow]) -> Before {
        let other = |shape, key, path| StoredOther { shape, key, path, table: None };
        let mut rows_at = HashMap::new();
        for row in documents.iter().filter(|row| row.is_read()) {
            rows_at.entry(row.document_id.clone()).or_insert_with(|| row.path.clone());
        }
        Before {
            dir,
            figures: None,
            others: vec![
                other(&TEXTS, "document_id", None),
                other(&SCORES, "document_id", None),
                other(&LEFTOVERS, "document_id", Some("document_path")),
                other(&FORMS_SEEN, "document_path", Some("document_path")),
                other(&FINDINGS_SEEN, "document_path", Some("document_path")),
            ],
            rows_at,
        }
    }

    /// Takes over every row of a document.
    fn copy(&mut self, document: &DocumentRow, draft: &mut Draft) -> Result<(), StoreError> {
        let stood_at = match document.is_read() {
            true => self.rows_at.get(&document.document_id).unwrap_or(&document.path).clone(),
            false => document.path.clone(),
        };
        let moved = stood_at != document.path;
        if self.figures.is_none() {
            self.figures = Some(self.open_figures()?);
        }
        let path = moved.then_some((FIGURES.position("document_path"), document.path.as_str()));
        for (year, table) in self.figures.iter_mut().flatten() {
            if document.is_read() {
                table.copy(&document.document_id, path, |row| draft.copy_figure(*year, row))?;
            }
        }
        for other in &mut self.others {
            if other.table.is_none() {
                let internal = [FORMS_SEEN.name, FINDINGS_SEEN.name].contains(&other.shape.name);
                let dir = if internal { self.dir.join(STATE) } else { self.dir.clone() };
                other.table = Some(StoredTable::open(other.shape, only_part(&dir, other.shape)?, other.key)?);
            }
            let key = match other.key {
                "document_path" => stood_at.as_str(),
                // Nothing of an unread document is in the other tables, but another one may have its bytes.
                _ if !document.is_read() => continue,
                _ => &document.document_id,
            };
            let path = other.path.filter(|_| moved).map(|name| (other.shape.position(name), document.path.as_str()));
            if let Some(table) = &mut other.table {
                table.copy(key, path, |row| draft.copy(other.shape, row))?;
            }
        }
        Ok(())
    }

    fn open_figures(&self) -> Result<Vec<(i32, StoredTable)>, StoreError> {
        let mut tables = Vec::new();
        for (year, part) in snapshot::parts(&self.dir, &FIGURES)? {
            if let Some(year) = year {
                tables.push((year, StoredTable::open(&FIGURES, part, "document_id")?));
            }
        }
        Ok(tables)
    }
}

/// The one part of a table that is not split by year.
pub(crate) fn only_part(dir: &Path, shape: &TableShape) -> Result<PathBuf, StoreError> {
    let found = snapshot::parts(dir, shape)?.into_iter().next();
    found.map(|(_, part)| part).ok_or_else(|| StoreError::table(format!("`{}` has no part", shape.name)))
}

/// Makes the next snapshot and, unless it is a rehearsal, publishes it; see [`super::publish`].
pub(crate) fn publish(
    dataset: &Path,
    incoming: &[Incoming],
    extract: &(dyn Fn(&Incoming) -> Extracted + Sync),
    options: &Options<'_>,
) -> Result<Published, StoreError> {
    let held = if options.dry_run { None } else { Some(Held::take(dataset)?) };
    let current = snapshot::current(dataset)?;
    let stored = match &current {
        Some(dir) => DocumentRow::read_all(&only_part(dir, &DOCUMENTS)?)?,
        None => Vec::new(),
    };
    let plan = Plan::new(&stored, incoming, options.mapping_version);
    if let Some(dir) = &current
        && plan.is_idle()
        && (!options.csv || dir.join("csv").is_dir())
    {
        let mut summary = Summary::read(dir)?;
        (summary.new, summary.changed, summary.unchanged) = (0, 0, plan.unchanged);
        return Ok(Published { snapshot: Some(dir.clone()), switched: false, summary });
    }

    let (dir, id) = match &held {
        Some(held) => held.begin(options.now)?,
        None => rehearsal_folder()?,
    };
    let before = current.map(|dir| Before::new(dir, &stored));
    let built = build(&dir, &id, plan, stored, before, incoming, extract, options);
    let published = match (built, &held) {
        (Ok(summary), Some(held)) => {
            (options.stage)(Stage::Switch);
            held.publish(&dir, &id).map(|snapshot| (Some(snapshot), summary))
        }
        (Ok(summary), None) => Ok((None, summary)),
        (Err(error), _) => Err(error),
    };
    if held.is_none() || published.is_err() {
        // What cannot be removed now is cleared away by the next import.
        let _ = std::fs::remove_dir_all(&dir);
    }
    let (snapshot, summary) = published?;
    Ok(Published { switched: snapshot.is_some(), snapshot, summary })
}

/// A folder outside the dataset, for an import that is not to be published.
fn rehearsal_folder() -> Result<(PathBuf, String), StoreError> {
    let dir = std::env::temp_dir().join(format!("juesuan-rehearsal-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).map_err(|error| StoreError::file("create", &dir, error))?;
    Ok((dir, "rehearsal".to_owned()))
}

/// Fills every table of a snapshot.
#[expect(clippy::too_many_arguments, reason = "each is a thing of its own, and there is one caller")]
fn build(
    dir: &Path,
    id: &str,
    plan: Plan,
    stored: Vec<DocumentRow>,
    before: Option<Before>,
    incoming: &[Incoming],
    extract: &(dyn Fn(&Incoming) -> Extracted + Sync),
    options: &Options<'_>,
) -> Result<Summary, StoreError> {
    let mut filler = Filler {
        draft: Draft::begin(dir, id)?,
        stored: &stored,
        before,
        incoming,
        options,
        first_with: HashMap::new(),
        rows: Vec::new(),
    };
    (options.stage)(Stage::Read);
    filler.fill(&plan.live, extract)?;
    let Filler { draft, mut rows, .. } = filler;
    let files = draft.finish()?;

    (options.stage)(Stage::Relate);
    let mut facts = facts::publish(dir, id, &files)?;
    let units = derived::publish_forms(dir, id, &files.forms, &rows, &facts)?;
    wide::publish(dir, id, &facts, &units.totals)?;
    let mut across = std::mem::take(&mut facts.findings);
    across.extend(units.findings);
    let findings = derived::publish_findings(dir, id, &files.findings, &across)?;

    rows.extend(plan.superseded);
    rows.sort_by(|a, b| {
        let key = |row: &DocumentRow| (row.status == DocumentStatus::Superseded, row.imported_at);
        (&a.path, key(a), &a.document_id).cmp(&(&b.path, key(b), &b.document_id))
    });
    let mut table = begin(dir, id, &DOCUMENTS, None)?;
    for row in &rows {
        row.push(&mut table)?;
    }
    table.finish()?;

    let summary = summarise(&rows, units.counts, findings, (plan.new, plan.changed, plan.unchanged));
    summary.write(dir)?;
    describe(dir, id)?;
    if options.csv {
        write_csv(dir)?;
    }
    Ok(summary)
}

/// Writes `datapackage.json`.
fn describe(dir: &Path, id: &str) -> Result<(), StoreError> {
    let package = package::describe(id, |shape| {
        let parts = snapshot::parts(dir, shape).unwrap_or_default();
        parts.iter().map(|(_, part)| package::relative(dir, part)).collect()
    });
    super::summary::write_json(&dir.join("datapackage.json"), &package)
}

/// Writes every table once more as CSV.
fn write_csv(dir: &Path) -> Result<(), StoreError> {
    let folder = dir.join("csv");
    std::fs::create_dir_all(&folder).map_err(|error| StoreError::file("create", &folder, error))?;
    for shape in TABLES {
        let parts: Vec<PathBuf> = snapshot::parts(dir, shape)?.into_iter().map(|(_, part)| part).collect();
        csv::write(&folder, shape, &parts)?;
    }
    Ok(())
}

/// Fills the tables that are made document by document, in the order of paths.
struct Filler<'a, 'o> {
    draft: Draft,
    stored: &'a [DocumentRow],
    before: Option<Before>,
    incoming: &'a [Incoming],
    options: &'a Options<'o>,
    /// For each content that was read, the row of its first path.
    first_with: HashMap<String, usize>,
    rows: Vec<DocumentRow>,
}

impl Filler<'_, '_> {
    /// Extracts a chunk of documents while the rows of the chunk before it are written.
    fn fill(&mut self, live: &[Live], extract: &(dyn Fn(&Incoming) -> Extracted + Sync)) -> Result<(), StoreError> {
        let incoming = self.incoming;
        let chunk = CHUNK_PER_THREAD * rayon::current_num_threads();
        let mut chunks = live.chunks(chunk.max(1));
        let first = chunks.next().unwrap_or_default();
        let mut ready = (first, extract_chunk(first, incoming, extract));
        let mut done = 0;
        loop {
            let next = chunks.next();
            let (filled, extracted) = rayon::join(
                || self.push_chunk(ready.0, std::mem::take(&mut ready.1)),
                || next.map(|next| extract_chunk(next, incoming, extract)),
            );
            filled?;
            done += ready.0.len();
            (self.options.progress)(done, live.len());
            match (next, extracted) {
                (Some(next), Some(extracted)) => ready = (next, extracted),
                _ => return Ok(()),
            }
        }
    }

    /// Writes the rows of a chunk, in order.
    fn push_chunk(&mut self, live: &[Live], extracted: Vec<Option<Extracted>>) -> Result<(), StoreError> {
        for (live, extracted) in live.iter().zip(extracted) {
            let row = self.push(live, extracted)?;
            if row.is_read() {
                self.first_with.entry(row.document_id.clone()).or_insert(self.rows.len());
            }
            self.rows.push(row);
        }
        Ok(())
    }

    /// Writes the rows of one document; the same bytes at a later path are the same document.
    fn push(&mut self, live: &Live, extracted: Option<Extracted>) -> Result<DocumentRow, StoreError> {
        let options = self.options;
        let imported_at = match live.origin {
            Origin::Stored(row) => self.stored[row].imported_at,
            Origin::Incoming(_) => options.now,
        };
        if let Some(first) = self.first_with.get(&live.document_id) {
            // A system's own file stays one, whatever else has its bytes.
            let skipped = matches!(&extracted, Some(extracted) if !is_read(extracted))
                || matches!(live.origin, Origin::Stored(row) if !self.stored[row].is_read());
            if !skipped {
                return Ok(self.rows[*first].at(&live.path, imported_at));
            }
        }
        match (live.origin, extracted) {
            (Origin::Stored(row), _) => {
                let document = self.stored[row].clone();
                if let Some(before) = &mut self.before {
                    before.copy(&document, &mut self.draft)?;
                }
                Ok(document)
            }
            (Origin::Incoming(_), Some(extracted)) => {
                self.draft.push(&extracted, imported_at, options.mapping_version, &options.names)
            }
            (Origin::Incoming(at), None) => {
                Err(StoreError::table(format!("`{}` was not extracted", self.incoming[at].path)))
            }
        }
    }
}

fn is_read(extracted: &Extracted) -> bool {
    matches!(extracted.status, DocumentStatus::Ok | DocumentStatus::Partial)
}

/// Extracts the incoming documents of a chunk in parallel, in order.
fn extract_chunk(
    live: &[Live],
    incoming: &[Incoming],
    extract: &(dyn Fn(&Incoming) -> Extracted + Sync),
) -> Vec<Option<Extracted>> {
    use rayon::prelude::*;
    live.par_iter()
        // A document takes long enough to be handed to another thread alone.
        .with_max_len(1)
        .map(|live| match live.origin {
            Origin::Incoming(at) => Some(extract(&incoming[at])),
            Origin::Stored(_) => None,
        })
        .collect()
}

/// What a person is told at the end.
fn summarise(
    rows: &[DocumentRow],
    forms: derived::FormCounts,
    findings: derived::SeverityCounts,
    (new, changed, unchanged): (usize, usize, usize),
) -> Summary {
    let mut summary = Summary { new, changed, unchanged, findings, ..Summary::default() };
    let mut counted: std::collections::HashSet<&str> = std::collections::HashSet::new();
    for row in rows {
        *summary.documents.entry(row.status.word().to_owned()).or_default() += 1;
        if row.status == DocumentStatus::Quarantined {
            summary.bad.push(BadDocument { path: row.path.clone(), reason: row.reason.clone() });
        }
        // The same bytes at two paths are counted once.
        if row.is_read() && counted.insert(&row.document_id) {
            for (sum, count) in summary.numbers.iter_mut().zip(row.numbers) {
                *sum += count;
            }
        }
    }
    summary.forms = forms;
    summary
}
