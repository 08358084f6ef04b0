//! What stands below the inputs: every file once, with the path under which it is stored.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use juesuan::model::{DocumentStatus, Extracted, Finding, FindingCode, Submission, Versions, hex};
use juesuan::pipeline::{self, Settings};
use juesuan::read::Reason;
use juesuan::store::{Incoming, Ledger, Stat};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::paths::{Root, stored_path};
use super::signals;
use super::written::LARGEST;

/// One file below the inputs.
#[derive(Debug)]
pub(crate) struct Input {
    /// Where it is.
    file: PathBuf,
    /// Why it cannot be read, as far as listing it has shown.
    trouble: Option<String>,
    /// Its bytes, from when it was hashed until it is extracted.
    kept: Mutex<Option<Vec<u8>>>,
}

/// Bytes of files that are kept so that these are read once, in all: most imports are smaller, and what does not fit is
/// read again.
const KEPT: u64 = 32 << 20;

impl Input {
    fn new(file: PathBuf, trouble: Option<String>) -> Input {
        Input { file, trouble, kept: Mutex::default() }
    }

    /// A file that is there.
    pub(crate) fn of(file: PathBuf) -> Input {
        Input::new(file, None)
    }

    fn kept(&self) -> MutexGuard<'_, Option<Vec<u8>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An input that does not exist.
#[derive(Debug)]
pub(crate) struct Missing(pub(crate) PathBuf);

/// What stands below the inputs.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Every file once, by its stored path.
    pub(crate) files: BTreeMap<String, Input>,
    /// The inputs, as stored paths.
    pub(crate) roots: Vec<String>,
    /// Those of them that are folders without any file.
    pub(crate) empty: Vec<String>,
    /// What could not be listed, as stored paths.
    pub(crate) unseen: Vec<String>,
}

/// Every file below the inputs, by its stored path. `own` are no inputs: the dataset, the configuration, the registry
/// and the mapping files may stand among them.
pub(crate) fn list(inputs: &[Root], own: &[&Path]) -> Result<Listing, Missing> {
    let own: Vec<PathBuf> = own.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut found = Listing::default();
    for root in inputs {
        let input = &root.at;
        let stored = |file: &Path| stored_path(&root.name.join(file.strip_prefix(input).unwrap_or(Path::new(""))));
        let mut any = false;
        if input.symlink_metadata().is_err() {
            return Err(Missing(input.clone()));
        }
        let walk = walkdir::WalkDir::new(input).follow_links(true).sort_by_file_name();
        let is_own = |entry: &walkdir::DirEntry| {
            // Only a name of theirs is worth the look: a path is resolved step by step.
            own.iter().any(|path| path.file_name() == Some(entry.file_name()))
                && entry.path().canonicalize().is_ok_and(|path| own.contains(&path))
        };
        for entry in walk.into_iter().filter_entry(|entry| !is_own(entry)) {
            let (file, trouble) = match entry {
                Ok(entry) if entry.file_type().is_dir() => continue,
                Ok(entry) if entry.file_type().is_file() => (entry.into_path(), None),
                Ok(entry) => (entry.into_path(), Some("不是普通文件 (not a regular file)".to_owned())),
                Err(error) => {
                    let file = error.path().unwrap_or(input).to_owned();
                    found.unseen.push(stored(&file));
                    if has_vanished(&error, &file) {
                        continue;
                    }
                    (file, Some(trouble_of(&error)))
                }
            };
            any = true;
            found.files.entry(stored(&file)).or_insert(Input::new(file, trouble));
        }
        let root = stored(input);
        if !any {
            found.empty.push(root.clone());
        }
        found.roots.push(root);
    }
    Ok(found)
}

/// It was there when its folder was listed. A link that leads nowhere still is.
fn has_vanished(error: &walkdir::Error, file: &Path) -> bool {
    error.io_error().is_some_and(|error| error.kind() == ErrorKind::NotFound) && file.symlink_metadata().is_err()
}

fn trouble_of(error: &walkdir::Error) -> String {
    match (error.loop_ancestor(), error.io_error()) {
        (Some(ancestor), _) => format!("链接成环，指向 {}", ancestor.display()),
        (None, Some(error)) => error.to_string(),
        (None, None) => error.to_string(),
    }
}

/// The files as the store wants them: each with the SHA-256 of its bytes, or none where it cannot be read. A file that
/// is surely what the ledger knows is not read, unless `rescan` asks for it.
pub(crate) fn identify(inputs: &BTreeMap<String, Input>, ledger: &Ledger, rescan: bool) -> Vec<Incoming> {
    let inputs: Vec<(&String, &Input)> = inputs.iter().collect();
    let room = AtomicU64::new(KEPT);
    inputs.par_iter().map(|(path, input)| identified(path, input, ledger, rescan, &room)).collect()
}

fn identified(path: &str, input: &Input, ledger: &Ledger, rescan: bool, room: &AtomicU64) -> Incoming {
    let path = path.to_owned();
    // An import that is asked to stop looks at nothing more, and publishes nothing.
    if input.trouble.is_some() || signals::stopped() {
        return Incoming { path, ..Incoming::default() };
    }
    // Looked at before it is hashed: what changes in between is then newer than the look.
    let now = stat_of(&input.file).ok();
    if let Some((id, before)) = now.as_ref().filter(|_| !rescan).and_then(|now| ledger.trusted(&path, now)) {
        return Incoming { path, document_id: id.to_owned(), stat: Some(before.clone()) };
    }
    let size = now.as_ref().map_or(u64::MAX, |now| now.size);
    let fits = room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| room.checked_sub(size)).is_ok();
    let hashed = match if fits { read(&input.file, size) } else { Err(Unread::TooLarge(size)) } {
        Ok(bytes) => {
            let id = pipeline::sha256(&bytes);
            *input.kept() = Some(bytes);
            Ok(id)
        }
        // Too large, or it grew just now.
        Err(Unread::TooLarge(_)) => sha256_of(&input.file),
        Err(Unread::Failed(error)) => Err(error),
    };
    match hashed {
        Ok(document_id) => Incoming { path, document_id, stat: now },
        Err(_) => Incoming { path, ..Incoming::default() },
    }
}

fn stat_of(file: &Path) -> std::io::Result<Stat> {
    let nanoseconds = |time: SystemTime| {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
    };
    let seen = nanoseconds(SystemTime::now());
    let metadata = file.metadata()?;
    Ok(Stat { size: metadata.len(), modified: nanoseconds(metadata.modified()?), changed: changed(&metadata), seen })
}

#[cfg(unix)]
fn changed(metadata: &std::fs::Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_metadata: &std::fs::Metadata) -> i64 {
    0
}

fn sha256_of(file: &Path) -> std::io::Result<String> {
    let mut file = File::open(file)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            length => hash.update(&buffer[..length]),
        }
    }
    Ok(hex(&hash.finalize()))
}

/// Reads one file of at most `largest` bytes and extracts it; a file that cannot be read is a document that says so.
pub(crate) fn extract(
    incoming: &Incoming,
    inputs: &BTreeMap<String, Input>,
    largest: u64,
    settings: &Settings,
) -> Extracted {
    let refused = |incoming: &Incoming, bytes: u64, reason: Reason, detail: &str| Extracted {
        versions: settings.versions(&[], ""),
        ..refused(incoming, bytes, reason, detail)
    };
    let Some(input) = inputs.get(&incoming.path) else {
        return refused(incoming, 0, Reason::Damaged, "文件不在输入中");
    };
    if let Some(trouble) = &input.trouble {
        return refused(incoming, 0, Reason::Damaged, trouble);
    }
    let kept = input.kept().take();
    if let Some(bytes) = kept.filter(|bytes| bytes.len() as u64 <= largest) {
        return pipeline::extract_hashed(&bytes, &incoming.document_id, &incoming.path, settings);
    }
    match read(&input.file, largest) {
        Ok(bytes) => pipeline::extract(&bytes, &incoming.path, settings),
        Err(Unread::TooLarge(size)) => {
            let detail = format!("{size} 字节，上限 {largest}；请只报送报表本身");
            refused(incoming, size, Reason::TooLarge, &detail)
        }
        Err(Unread::Failed(error)) => {
            // What it holds is not known, whatever it held when it was hashed: the next import looks again.
            let unknown = Incoming { path: incoming.path.clone(), ..Incoming::default() };
            refused(&unknown, 0, Reason::Damaged, &format!("无法读取（{error}）；请检查权限和磁盘"))
        }
    }
}

/// The bytes of one of the inputs, if they can be read.
pub(crate) fn bytes_of(path: &str, inputs: &BTreeMap<String, Input>) -> Option<Vec<u8>> {
    let input = inputs.get(path).filter(|input| input.trouble.is_none())?;
    read(&input.file, LARGEST).ok()
}

/// Why the bytes of a file are not at hand.
pub(crate) enum Unread {
    /// Larger than is read; its size.
    TooLarge(u64),
    /// What the system said.
    Failed(std::io::Error),
}

/// The bytes of a file that has at most `largest`.
pub(crate) fn read(file: &Path, largest: u64) -> Result<Vec<u8>, Unread> {
    let opened = File::open(file).map_err(Unread::Failed)?;
    let size = opened.metadata().map_err(Unread::Failed)?.len();
    if size > largest {
        return Err(Unread::TooLarge(size));
    }
    let mut bytes = Vec::with_capacity(size as usize);
    // One byte more than allowed, for a file that grows while it is read.
    opened.take(largest.saturating_add(1)).read_to_end(&mut bytes).map_err(Unread::Failed)?;
    if bytes.len() as u64 > largest { Err(Unread::TooLarge(bytes.len() as u64)) } else { Ok(bytes) }
}

/// A document of which nothing could be read.
pub(crate) fn refused(incoming: &Incoming, bytes: u64, reason: Reason, detail: &str) -> Extracted {
    let reason = format!("{}: {detail}", reason.word());
    let finding = Finding::new(FindingCode::Quarantined, reason.clone());
    Extracted {
        document_id: incoming.document_id.clone(),
        path: incoming.path.clone(),
        bytes,
        format: String::new(),
        encoding: String::new(),
        status: DocumentStatus::Quarantined,
        reason,
        versions: Versions::default(),
        submission: Submission { findings: vec![finding], ..Submission::default() },
    }
}
