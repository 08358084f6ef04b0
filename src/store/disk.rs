//! Every operation that changes the files of a dataset, in one place: each tells what failed and where, and a test can
//! make any of them fail.
//!
//! Nothing waits for the disk while a folder is filled: [`sync_below`] does so once, for all that is in it, before
//! anybody is led there.
//!
//! `JUESUAN_FAULT=enospc@17` lets the 17th operation and all that follow fail as on a full disk, `eio@17` the 17th
//! alone as on a broken one; a write that fails has written half of its bytes. Nothing but the tests sets it.

use std::io::{Error, Result, Write};
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};

use super::StoreError;

/// A failure that a test asks for.
struct Fault {
    /// The operation that fails, counted from 1.
    at: u64,
    /// All that follow fail too.
    for_good: bool,
    /// The system's error number.
    code: i32,
}

/// Operations so far; counted only where a fault is asked for.
static DONE: AtomicU64 = AtomicU64::new(0);

static FAULT: LazyLock<Option<Fault>> = LazyLock::new(|| {
    let asked = std::env::var("JUESUAN_FAULT").ok()?;
    let (kind, at) = asked.split_once('@')?;
    let at = at.parse().ok()?;
    match kind {
        "enospc" => Some(Fault { at, for_good: true, code: 28 }),
        "eio" => Some(Fault { at, for_good: false, code: 5 }),
        _ => None,
    }
});

/// Fails where a test wants this operation to fail.
fn allowed() -> Result<()> {
    let Some(fault) = &*FAULT else { return Ok(()) };
    let now = DONE.fetch_add(1, Ordering::SeqCst) + 1;
    if now == fault.at || fault.for_good && now > fault.at {
        return Err(Error::from_raw_os_error(fault.code));
    }
    Ok(())
}

/// A file that is written from its beginning to its end.
#[derive(Debug)]
pub(crate) struct File {
    inner: std::fs::File,
    failure: Failure,
}

/// What the system said when a write failed; kept apart, because a writer between us and the file may keep only words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failure(Arc<OnceLock<(std::io::ErrorKind, Option<i32>)>>);

impl Failure {
    fn note(&self, error: Error) -> Error {
        let _ = self.0.set((error.kind(), error.raw_os_error()));
        error
    }

    /// The error, if a write failed.
    pub(crate) fn error(&self) -> Option<Error> {
        let (kind, code) = self.0.get()?;
        Some(code.map_or_else(|| Error::from(*kind), Error::from_raw_os_error))
    }
}

impl File {
    /// Creates a file, emptying one that is there.
    pub(crate) fn create(path: &Path) -> std::result::Result<File, StoreError> {
        let inner = allowed().and_then(|()| std::fs::File::create(path));
        let inner = inner.map_err(|error| StoreError::file("create", path, error))?;
        Ok(File { inner, failure: Failure::default() })
    }

    /// Where a failed write will be noted.
    pub(crate) fn failure(&self) -> Failure {
        self.failure.clone()
    }
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        if let Err(error) = allowed() {
            let _ = self.inner.write(&bytes[..bytes.len() / 2]);
            return Err(self.failure.note(error));
        }
        self.inner.write(bytes).map_err(|error| self.failure.note(error))
    }

    fn flush(&mut self) -> Result<()> {
        self.inner.flush()
    }
}

/// Runs one operation on `path`.
fn run<T>(
    action: &'static str,
    path: &Path,
    operation: impl FnOnce() -> Result<T>,
) -> std::result::Result<T, StoreError> {
    allowed().and_then(|()| operation()).map_err(|error| StoreError::file(action, path, error))
}

/// Writes a whole file.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> std::result::Result<(), StoreError> {
    File::create(path)?.write_all(bytes).map_err(|error| StoreError::file("write", path, error))
}

/// Makes a folder and those above it, as far as they are missing.
pub(crate) fn create_folders(path: &Path) -> std::result::Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    run("create", path, || std::fs::create_dir_all(path))
}

/// Makes a folder that must not be there.
pub(crate) fn create_folder(path: &Path) -> std::result::Result<(), StoreError> {
    run("create", path, || std::fs::create_dir(path))
}

/// Gives a file or folder another name.
pub(crate) fn rename(from: &Path, to: &Path) -> std::result::Result<(), StoreError> {
    run("rename", from, || std::fs::rename(from, to))
}

/// Makes a second name for a file; where the file system has no such names, a copy.
pub(crate) fn share(from: &Path, to: &Path) -> std::result::Result<(), StoreError> {
    run("create", to, || std::fs::hard_link(from, to).or_else(|_| std::fs::copy(from, to).map(drop)))
}

/// Removes a file.
pub(crate) fn remove_file(path: &Path) -> std::result::Result<(), StoreError> {
    run("remove", path, || std::fs::remove_file(path))
}

/// Removes a folder and all below it.
pub(crate) fn remove_folder(path: &Path) -> std::result::Result<(), StoreError> {
    run("remove", path, || std::fs::remove_dir_all(path))
}

/// Makes the link `link` to the folder `target`, in place of a link that is there, at once.
pub(crate) fn switch(target: &Path, link: &Path, beside: &Path) -> std::result::Result<(), StoreError> {
    let _ = std::fs::remove_file(beside);
    run("create", beside, || make_link(target, beside))?;
    run("switch", link, || replace(beside, link))
}

#[cfg(unix)]
fn make_link(target: &Path, link: &Path) -> Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn make_link(target: &Path, link: &Path) -> Result<()> {
    std::os::windows::fs::symlink_dir(target, link)
}

#[cfg(unix)]
fn replace(link: &Path, current: &Path) -> Result<()> {
    std::fs::rename(link, current)
}

#[cfg(windows)]
fn replace(link: &Path, current: &Path) -> Result<()> {
    // A link to a folder cannot be renamed over another one there.
    if current.exists() {
        std::fs::remove_dir(current)?;
    }
    std::fs::rename(link, current)
}

/// Waits until the names in a folder are on disk.
pub(crate) fn sync_folder(path: &Path) -> std::result::Result<(), StoreError> {
    run("write", path, || sync_names(path))
}

/// Waits until a folder and all below it are on disk, the bytes of files and their names.
pub(crate) fn sync_below(path: &Path) -> std::result::Result<(), StoreError> {
    let mut paths = Vec::new();
    for entry in walkdir::WalkDir::new(path) {
        let entry = entry.map_err(|error| StoreError::file("read", path, error.into()))?;
        paths.push((entry.file_type().is_dir(), entry.into_path()));
    }
    let next = AtomicUsize::new(0);
    let sync = || {
        while let Some((is_folder, path)) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            run("write", path, || if *is_folder { sync_names(path) } else { sync_bytes(path) })?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let waiting: Vec<_> = (0..AT_ONCE.min(paths.len())).map(|_| scope.spawn(sync)).collect();
        waiting.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

/// How many files and folders are waited for at once. Each costs some milliseconds alone, which a disk spends for all
/// that it was asked for meanwhile; so these threads have nothing to do, however few an import may use.
const AT_ONCE: usize = 16;

fn sync_bytes(path: &Path) -> Result<()> {
    // Only where the system wants it so: what is on disk already may be read-only.
    std::fs::File::options().read(true).write(cfg!(windows)).open(path)?.sync_all()
}

#[cfg(unix)]
fn sync_names(path: &Path) -> Result<()> {
    std::fs::File::open(path)?.sync_all()
}

#[cfg(not(unix))]
fn sync_names(_path: &Path) -> Result<()> {
    Ok(())
}
