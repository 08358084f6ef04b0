//! Filling: the rows of documents that came and of those that stay, in the order of the plan.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::document::DocumentRow;
use super::draft::{Draft, DraftFiles};
use super::plan::{Live, Origin};
use super::shard::Shards;
use super::{Incoming, Options, Stat, StoreError};
use crate::model::Extracted;

/// Documents that are extracted, per thread, before the rows of the first of them are written: enough to keep threads
/// busy, few enough that what is made of them (some 500 KB each) is still in the processor's cache when it is written.
const AHEAD_PER_THREAD: usize = 4;

/// What makes rows of a document.
pub(crate) type Extract<'a> = dyn Fn(&Incoming) -> Extracted + Sync + 'a;

/// Fills the tables that are made document by document, in the order of the plan.
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

    /// Writes the rows of one document; the same bytes at a path behind it are the same document.
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
