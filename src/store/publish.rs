//! Publishing: the documents of the current snapshot and those that came become the next snapshot.

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::model::{DocumentStatus, Extracted};

use super::document::{self, DocumentRow};
use super::draft::{Draft, DraftFiles};
use super::partition::share;
use super::parts::{all_parts, only_part};
use super::plan::{Live, Origin, Plan, Tally};
use super::schema::{FINDINGS, FORMS, TABLES, THREE_PUBLIC, TableShape};
use super::shard::Shards;
use super::snapshot::{self, Held, Info};
use super::summary::{BadDocument, Summary};
use super::{Incoming, Ledger, Options, Published, Stage, Stat, StoreError, csv, derived, disk, facts, package, wide};

/// Documents that are extracted, per thread, before the rows of the first of them are written: enough to keep threads
/// busy, few enough that what is made of them (some 500 KB each) is still in the processor's cache when it is written.
const AHEAD_PER_THREAD: usize = 4;

/// The snapshot that is current when an import begins.
struct Before {
    dir: PathBuf,
    info: Info,
}

/// An import that has begun: nobody else writes into the dataset until it is dropped.
pub struct Import {
    held: Option<Held>,
    before: Option<Before>,
    stored: Vec<DocumentRow>,
}

impl Import {
    /// Takes the dataset, unless nothing is to be written into it, and reads what it knows.
    pub(crate) fn begin(dataset: &Path, rehearsal: bool) -> Result<Import, StoreError> {
        let held = if rehearsal { None } else { Some(Held::take(dataset)?) };
        let before = match snapshot::current(dataset)? {
            Some(dir) => Some(Before { info: Info::read(&dir)?, dir }),
            None => None,
        };
        let stored = match &before {
            Some(before) => DocumentRow::read_all(&before.dir)?,
            None => Vec::new(),
        };
        Ok(Import { held, before, stored })
    }

    /// What the dataset knows of the files it was made of.
    pub fn ledger(&self) -> Ledger {
        Ledger::of(&self.stored)
    }

    /// For each path of the dataset, the SHA-256 of its content, and whether it would be read the same now.
    pub fn known(&self, options: &Options<'_>) -> HashMap<String, (String, bool)> {
        let present = self.stored.iter().filter(|row| row.is_present());
        let known = present.map(|row| {
            let same = (options.versions)(&row.known.forms(), &row.known.unit) == row.known.versions;
            (row.path.clone(), (row.document_id.clone(), same))
        });
        known.collect()
    }

    /// Publishes the documents of the current snapshot together with those that came; see [`super::publish`].
    ///
    /// # Errors
    ///
    /// Whatever kept a file from being read or written, or [`StoreError::Stopped`]. Then nothing is published, and the
    /// snapshot before stands.
    pub fn publish(
        self,
        incoming: &[Incoming],
        extract: &(dyn Fn(&Incoming) -> Extracted + Sync),
        options: &Options<'_>,
    ) -> Result<Published, StoreError> {
        self.publish_from(incoming, Source::Documents(extract), options)
    }

    /// The same with documents that were extracted before, into shards.
    pub(crate) fn publish_shards(self, shards: &mut Shards, options: &Options<'_>) -> Result<Published, StoreError> {
        let incoming = shards.incoming().to_vec();
        self.publish_from(&incoming, Source::Shards(shards), options)
    }

    fn publish_from(
        self,
        incoming: &[Incoming],
        source: Source<'_>,
        options: &Options<'_>,
    ) -> Result<Published, StoreError> {
        if (options.stop)() {
            return Err(StoreError::Stopped);
        }
        let plan = Plan::new(&self.stored, incoming, options);
        if let Some(before) = &self.before
            && plan.is_idle()
            && before.info.checks == checks(options)
            && (!options.csv || before.dir.join("csv").is_dir())
        {
            return self.stay(before, &plan);
        }
        let (dir, id) = match &self.held {
            Some(held) => held.begin(options.now)?,
            None => rehearsal_folder()?,
        };
        let tally = plan.tally.clone();
        let built = self.build(&dir, &id, plan, incoming, source, options);
        let built = built.and_then(|summary| if (options.stop)() { Err(StoreError::Stopped) } else { Ok(summary) });
        let published = match (built, &self.held) {
            (Ok(summary), Some(held)) => {
                (options.stage)(Stage::Switch);
                held.publish(&dir, &id).map(|snapshot| (Some(snapshot), summary))
            }
            (Ok(summary), None) => Ok((None, summary)),
            (Err(error), _) => Err(error),
        };
        if self.held.is_none() || published.is_err() {
            // What cannot be removed now is cleared away by the next import.
            let _ = std::fs::remove_dir_all(&dir);
        }
        let (snapshot, summary) = published?;
        if let Some(held) = &self.held {
            // The new snapshot is current, whatever becomes of the old ones; the next import tries again.
            let _ = held.retire(options.keep);
        }
        Ok(Published { switched: snapshot.is_some(), snapshot, summary: told(summary, &tally) })
    }

    /// The current snapshot is what the next one would be.
    fn stay(&self, before: &Before, plan: &Plan) -> Result<Published, StoreError> {
        if plan.looked_again() && self.held.is_some() {
            // Only the ledger learns something: that the files it doubted are the same. Where it cannot be written,
            // they are looked at once more the next time.
            let stats = plan.live.iter().map(|live| (live.path.as_str(), live.stat.clone())).collect();
            let _ = document::refresh_ledger(&before.dir, &before.info.id, &self.stored, &stats);
        }
        let summary = told(Summary::read(&before.dir)?, &plan.tally);
        Ok(Published { snapshot: Some(before.dir.clone()), switched: false, summary })
    }

    /// Fills every table of a snapshot.
    fn build(
        &self,
        dir: &Path,
        id: &str,
        plan: Plan,
        incoming: &[Incoming],
        source: Source<'_>,
        options: &Options<'_>,
    ) -> Result<Summary, StoreError> {
        let program = (options.versions)(&[], "").program;
        let before = self.before.as_ref();
        // Another program may compare otherwise what it reads the same.
        let may_share = before.is_some_and(|before| before.info.program == program);
        let before_dir = before.map(|before| before.dir.as_path());
        let draft = Draft::begin(dir, id, before_dir, may_share, facts::KEPT)?;
        let (extract, shards) = match source {
            Source::Documents(extract) => (Some(extract), None),
            Source::Shards(shards) => (None, Some(shards)),
        };
        let mut filler = Filler::new(draft, &self.stored, incoming, shards, options);
        (options.stage)(Stage::Read);
        filler.fill(&plan.live, extract)?;
        let (files, mut rows) = filler.finish()?;

        (options.stage)(Stage::Relate);
        let mut facts = facts::publish(dir, id, &files, before_dir, options.stop)?;
        let units = derived::publish_forms(dir, id, &files.forms, &rows, &facts)?;
        rows.extend(plan.superseded);
        rows.sort_by(|a, b| {
            let key = |row: &DocumentRow| (!row.is_present(), row.imported_at);
            (&a.path, key(a), &a.document_id).cmp(&(&b.path, key(b), &b.document_id))
        });
        let of_facts = std::mem::take(&mut facts.finding_files);
        // None of the three needs another.
        let (wide, (findings, documents)) = rayon::join(
            || wide::publish(dir, id, &facts, &units.totals),
            || {
                rayon::join(
                    || derived::publish_findings(dir, id, &files.findings, &of_facts, &units.findings, options.checks),
                    || document::write_all(dir, id, &rows),
                )
            },
        );
        wide?;
        documents?;
        let findings = findings?;
        if let Some(before) = before_dir.filter(|_| may_share) {
            for shape in [&FORMS, &THREE_PUBLIC, &FINDINGS] {
                share_if_same(dir, before, shape)?;
            }
        }

        let summary = summarise(&rows, units.counts, findings);
        summary.write(dir)?;
        let previous = before.map(|before| before.info.id.clone()).unwrap_or_default();
        let checks = checks(options);
        Info { id: id.to_owned(), previous, made_at: options.now, program, checks }.write(dir)?;
        describe(dir, id)?;
        if options.csv {
            write_csv(dir, before_dir)?;
        }
        Ok(summary)
    }
}

/// What the user says of findings' codes, as a snapshot keeps it.
fn checks(options: &Options<'_>) -> BTreeMap<String, String> {
    options.checks.words().into_iter().map(|(code, severity)| (code.to_owned(), severity.to_owned())).collect()
}

/// A folder outside the dataset, for an import that is not to be published.
fn rehearsal_folder() -> Result<(PathBuf, String), StoreError> {
    let dir = std::env::temp_dir().join(format!("juesuan-rehearsal-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    disk::create_folders(&dir)?;
    Ok((dir, "rehearsal".to_owned()))
}

/// A table that came out as it was is the file of the snapshot before.
fn share_if_same(dir: &Path, before: &Path, shape: &TableShape) -> Result<(), StoreError> {
    let (new, old) = (only_part(dir, shape)?, only_part(before, shape)?);
    let read = |path: &Path| std::fs::read(path).map_err(|error| StoreError::file("read", path, error));
    if read(&new)? == read(&old)? {
        disk::remove_file(&new)?;
        share(dir, shape, None, &old)?;
    }
    Ok(())
}

/// Writes `datapackage.json`.
fn describe(dir: &Path, id: &str) -> Result<(), StoreError> {
    let package = package::describe(id, |shape| {
        let parts = all_parts(dir, shape).unwrap_or_default();
        parts.iter().map(|(_, part)| package::relative(dir, part)).collect()
    });
    super::summary::write_json(&dir.join("datapackage.json"), &package)
}

/// Writes every table once more as CSV; one whose parts are all those of the snapshot before is taken from there.
fn write_csv(dir: &Path, before: Option<&Path>) -> Result<(), StoreError> {
    let folder = dir.join("csv");
    disk::create_folders(&folder)?;
    for shape in TABLES {
        let parts: Vec<PathBuf> = all_parts(dir, shape)?.into_iter().map(|(_, part)| part).collect();
        let name = format!("{}.csv", shape.name);
        match before.filter(|before| before.join("csv").join(&name).is_file() && same_parts(dir, before, shape)) {
            Some(before) => disk::share(&before.join("csv").join(&name), &folder.join(&name))?,
            None => csv::write(&folder, shape, &parts)?,
        }
    }
    Ok(())
}

/// A table has the same files in two snapshots: their names tell who wrote them.
fn same_parts(a: &Path, b: &Path, shape: &TableShape) -> bool {
    let relative = |dir: &Path| -> Option<Vec<PathBuf>> {
        let parts = all_parts(dir, shape).ok()?;
        parts.iter().map(|(_, part)| part.strip_prefix(dir).ok().map(Path::to_owned)).collect()
    };
    matches!((relative(a), relative(b)), (Some(a), Some(b)) if a == b)
}

/// Where the rows of what came are from.
enum Source<'a> {
    /// Documents that are extracted on the way.
    Documents(&'a Extract<'a>),
    /// Documents that were extracted before.
    Shards(&'a mut Shards),
}

/// What makes rows of a document.
type Extract<'a> = dyn Fn(&Incoming) -> Extracted + Sync + 'a;

/// Fills the tables that are made document by document, in the order of paths.
pub(crate) struct Filler<'a, 'o> {
    draft: Draft,
    stored: &'a [DocumentRow],
    incoming: &'a [Incoming],
    /// The rows of what came, where they are not made on the way.
    shards: Option<&'a mut Shards>,
    options: &'a Options<'o>,
    /// For each content that was read, the row of its first path.
    first_with: HashMap<String, usize>,
    rows: Vec<DocumentRow>,
}

impl<'a, 'o> Filler<'a, 'o> {
    pub(crate) fn new(
        draft: Draft,
        stored: &'a [DocumentRow],
        incoming: &'a [Incoming],
        shards: Option<&'a mut Shards>,
        options: &'a Options<'o>,
    ) -> Filler<'a, 'o> {
        Filler { draft, stored, incoming, shards, options, first_with: HashMap::new(), rows: Vec::new() }
    }

    /// Closes the tables; the rows of `documents` are not written yet.
    pub(crate) fn finish(self) -> Result<(DraftFiles, Vec<DocumentRow>), StoreError> {
        Ok((self.draft.finish()?, self.rows))
    }

    /// Extracts documents, on all threads, while the rows of those before them are written, in their order.
    pub(crate) fn fill(&mut self, live: &[Live], extract: Option<&Extract<'_>>) -> Result<(), StoreError> {
        // Where rows are in shards nothing is extracted.
        let Some(extract) = extract else {
            return (0..live.len()).try_for_each(|at| self.take(live, at, None));
        };
        let (incoming, now) = (self.incoming, self.options.now);
        let made = Made::default();
        rayon::scope_fifo(|scope| {
            let threads = rayon::current_num_threads();
            let ahead = if threads == 1 { 1 } else { AHEAD_PER_THREAD * threads };
            let mut begun = 0;
            for at in 0..live.len() {
                while begun < live.len().min(at + ahead) {
                    let (next, made) = (begun, &made);
                    if let Origin::Incoming(document) = live[next].origin {
                        let (imported_at, stat) = (live[next].imported_at.unwrap_or(now), live[next].stat.clone());
                        let read = move || Read::of(extract(&incoming[document]), imported_at, stat);
                        scope.spawn_fifo(move |_| made.put(next, read));
                    }
                    begun += 1;
                }
                let read = matches!(live[at].origin, Origin::Incoming(_)).then(|| made.wait_for(at));
                self.take(live, at, read)?;
            }
            Ok(())
        })
    }

    /// Writes the rows of the next document, and tells how far it is.
    fn take(&mut self, live: &[Live], at: usize, read: Option<Read>) -> Result<(), StoreError> {
        let row = self.push(&live[at], read)?;
        if row.is_read() {
            self.first_with.entry(row.document_id.clone()).or_insert(self.rows.len());
        }
        self.rows.push(row);
        (self.options.progress)(at + 1, live.len());
        if (self.options.stop)() { Err(StoreError::Stopped) } else { Ok(()) }
    }

    /// Writes the rows of one document; the same bytes at a later path are the same document.
    fn push(&mut self, live: &Live, read: Option<Read>) -> Result<DocumentRow, StoreError> {
        let imported_at = live.imported_at.unwrap_or(self.options.now);
        let stat = live.stat.clone();
        if !live.replaced_by.is_empty() {
            // It is described, so that it need not be read again, and leaves no rows.
            let row = match (live.origin, read) {
                (_, Some(read)) => read.row,
                (Origin::Stored(row), None) => self.stored[row].at(&live.path, imported_at, stat),
                (Origin::Incoming(at), None) => self.sharded(at)?.at(&live.path, imported_at, stat),
            };
            return Ok(row.superseded(&live.replaced_by));
        }
        if let Some(first) = self.first_with.get(&live.document_id) {
            // A system's own file stays one, whatever else has its bytes.
            let skipped = matches!(&read, Some(read) if !read.row.is_read())
                || matches!(live.origin, Origin::Stored(row) if !self.stored[row].is_read())
                || matches!(live.origin, Origin::Incoming(at) if read.is_none() && !self.sharded(at)?.is_read());
            if !skipped {
                return Ok(self.rows[*first].at(&live.path, imported_at, stat));
            }
        }
        match (live.origin, read) {
            (Origin::Stored(row), _) => {
                let stood_at = self.stored[row].known.rows_at.clone();
                let mut document = self.stored[row].at(&live.path, imported_at, stat);
                document.known.rows_at.clone_from(&live.path);
                if live.outdated {
                    document.known.versions = Default::default();
                }
                self.draft.keep(&document, &stood_at)?;
                Ok(document)
            }
            (Origin::Incoming(_), Some(Read { row, extracted })) => {
                self.draft.push(&extracted, row, &self.options.names)
            }
            (Origin::Incoming(at), None) => {
                let mut document = self.sharded(at)?.at(&live.path, imported_at, stat);
                document.known.rows_at.clone_from(&live.path);
                if let Some(shards) = &mut self.shards {
                    shards.copy(at, &mut self.draft)?;
                }
                Ok(document)
            }
        }
    }

    /// What a shard says of a document that came.
    fn sharded(&self, at: usize) -> Result<&DocumentRow, StoreError> {
        let document = self.shards.as_ref().map(|shards| shards.document(at));
        document.ok_or_else(|| StoreError::table(format!("`{}` was not extracted", self.incoming[at].path)))
    }
}

/// A document that was read: what it was found to be, and its rows.
struct Read {
    row: DocumentRow,
    /// Without the account of its numbers, which the row sums up.
    extracted: Extracted,
}

impl Read {
    fn of(mut extracted: Extracted, imported_at: i64, stat: Option<Stat>) -> Read {
        let row = DocumentRow::new(&extracted, imported_at, stat);
        // As large as all the rest; no table holds it.
        extracted.submission.numbers = Vec::new();
        Read { row, extracted }
    }
}

/// What threads have made of documents, by their position, until it is asked for.
#[derive(Default)]
struct Made {
    documents: Mutex<HashMap<usize, std::thread::Result<Read>>>,
    more: Condvar,
}

impl Made {
    fn documents(&self) -> MutexGuard<'_, HashMap<usize, std::thread::Result<Read>>> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a document. A panic is kept for whoever asks for it.
    fn put(&self, at: usize, read: impl FnOnce() -> Read) {
        let read = catch_unwind(AssertUnwindSafe(read));
        self.documents().insert(at, read);
        self.more.notify_all();
    }

    /// A document that is being made, or will be; meanwhile this thread makes others.
    fn wait_for(&self, at: usize) -> Read {
        loop {
            if let Some(read) = self.documents().remove(&at) {
                return read.unwrap_or_else(|panic| resume_unwind(panic));
            }
            if rayon::yield_now() == Some(rayon::Yield::Executed) {
                continue;
            }
            // Nothing is left to begin: other threads have it in hand.
            let documents = self.documents();
            if !documents.contains_key(&at) {
                drop(self.more.wait(documents));
            }
        }
    }
}

/// A snapshot's summary with what this import found.
fn told(summary: Summary, tally: &Tally) -> Summary {
    let Tally { new, changed, unchanged, reread, moved, pruned, gone, outdated, unreadable } = tally.clone();
    Summary { new, changed, unchanged, reread, moved, pruned, gone, outdated, unreadable, ..summary }
}

/// What a person is told at the end.
fn summarise(rows: &[DocumentRow], forms: derived::FormCounts, findings: derived::FindingNotes) -> Summary {
    let derived::FindingNotes { counts, errors } = findings;
    let mut summary = Summary { findings: counts, errors, ..Summary::default() };
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
