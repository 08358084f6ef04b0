//! Publishing: the documents of the current snapshot and those that came become the next snapshot.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use crate::model::{DocumentStatus, Extracted};

use super::document::{self, DocumentRow};
use super::draft::Draft;
use super::fill::{Extract, Filler};
use super::plan::{Plan, Tally};
use super::relate::{checks, facts, findings, forms, wide, years};
use super::schema::{CHECKS, FINDINGS, FORMS, TABLES, THREE_PUBLIC};
use super::shard::Shards;
use super::snapshot::{self, Held, Info};
use super::summary::{BadDocument, Summary};
use super::table::partition::share;
use super::table::parts::{all_parts, only_part};
use super::table::shape::TableShape;
use super::{Incoming, Ledger, Options, Published, Stage, StoreError, csv, disk, package};

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
            && before.info.checks == checks_said(options)
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
        let mut facts = facts::publish(dir, id, &files, before_dir, options.mappings, options.stop)?;
        let mut units = forms::publish_forms(dir, id, &files.forms, &rows, &facts, options.mappings)?;
        let of_years = years::hold(&facts.years, options.mappings)?;
        units.findings.extend(of_years.findings);
        checks::publish(dir, id, &files.checks, &facts.check_files, &of_years.checks)?;
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
                    || findings::publish_findings(dir, id, &files.findings, &of_facts, &units.findings, options.checks),
                    || document::write_all(dir, id, &rows),
                )
            },
        );
        wide?;
        documents?;
        let findings = findings?;
        if let Some(before) = before_dir.filter(|_| may_share) {
            for shape in [&FORMS, &THREE_PUBLIC, &FINDINGS, &CHECKS] {
                share_if_same(dir, before, shape)?;
            }
        }

        let summary = summarise(&rows, units.counts, findings);
        summary.write(dir)?;
        let previous = before.map(|before| before.info.id.clone()).unwrap_or_default();
        let checks = checks_said(options);
        Info { id: id.to_owned(), previous, made_at: options.now, program, checks }.write(dir)?;
        describe(dir, id)?;
        if options.csv {
            write_csv(dir, before_dir)?;
        }
        Ok(summary)
    }
}

/// What the user says of findings' codes, as a snapshot keeps it.
fn checks_said(options: &Options<'_>) -> BTreeMap<String, String> {
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

/// A snapshot's summary with what this import found.
fn told(summary: Summary, tally: &Tally) -> Summary {
    let Tally { new, changed, unchanged, reread, moved, pruned, gone, outdated, unreadable } = tally.clone();
    Summary { new, changed, unchanged, reread, moved, pruned, gone, outdated, unreadable, ..summary }
}

/// What a person is told at the end.
fn summarise(rows: &[DocumentRow], forms: forms::FormCounts, findings: findings::FindingNotes) -> Summary {
    let findings::FindingNotes { counts, errors } = findings;
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
