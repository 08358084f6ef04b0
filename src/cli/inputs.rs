//! What stands below the inputs: every file once, with the path under which it is stored.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use juesuan::model::{DocumentStatus, Extracted, Finding, FindingCode, Submission};
use juesuan::pipeline::{self, Settings};
use juesuan::read::Reason;
use juesuan::store::Incoming;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// The largest file that is read; no honest submission comes near it.
const LARGEST: u64 = 512 * 1024 * 1024;

/// One file below the inputs.
#[derive(Debug)]
pub(crate) struct Input {
    /// Where it is.
    file: PathBuf,
    /// Why it cannot be read, as far as listing it has shown.
    trouble: Option<String>,
}

/// An input that does not exist.
#[derive(Debug)]
pub(crate) struct Missing(pub(crate) PathBuf);

/// Every file below the inputs, by its stored path. The dataset itself is no input.
pub(crate) fn list(inputs: &[PathBuf], dataset: &Path) -> Result<BTreeMap<String, Input>, Missing> {
    let dataset = dataset.canonicalize().ok();
    let mut found = BTreeMap::new();
    for input in inputs {
        if input.symlink_metadata().is_err() {
            return Err(Missing(input.clone()));
        }
        let walk = walkdir::WalkDir::new(input).follow_links(true).sort_by_file_name();
        let own = |entry: &walkdir::DirEntry| {
            entry.file_type().is_dir() && dataset.is_some() && entry.path().canonicalize().ok() == dataset
        };
        for entry in walk.into_iter().filter_entry(|entry| !own(entry)) {
            let (file, trouble) = match entry {
                Ok(entry) if entry.file_type().is_dir() => continue,
                Ok(entry) if entry.file_type().is_file() => (entry.into_path(), None),
                Ok(entry) => (entry.into_path(), Some("不是普通文件 (not a regular file)".to_owned())),
                Err(error) => {
                    let file = error.path().unwrap_or(input).to_owned();
                    (file, Some(trouble_of(&error)))
                }
            };
            found.entry(stored_path(&file)).or_insert(Input { file, trouble });
        }
    }
    Ok(found)
}

fn trouble_of(error: &walkdir::Error) -> String {
    match (error.loop_ancestor(), error.io_error()) {
        (Some(ancestor), _) => format!("链接成环，指向 {}", ancestor.display()),
        (None, Some(error)) => error.to_string(),
        (None, None) => error.to_string(),
    }
}

/// A path as it is stored: parted by `/`, without `.` and, where possible, without `..`; bytes that are no text are
/// written as `\xNN`.
pub(crate) fn stored_path(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut rooted = String::new();
    for component in path.components() {
        match component {
            Component::Prefix(prefix) => rooted.push_str(&prefix.as_os_str().to_string_lossy().replace('\\', "/")),
            Component::RootDir => rooted.push('/'),
            Component::CurDir => {}
            Component::ParentDir => {
                let climbs = parts.last().is_none_or(|part| part == "..");
                if !climbs {
                    parts.pop();
                } else if rooted.is_empty() {
                    parts.push("..".to_owned());
                }
            }
            Component::Normal(part) => parts.push(as_text(part)),
        }
    }
    format!("{rooted}{}", parts.join("/"))
}

fn as_text(part: &std::ffi::OsStr) -> String {
    let mut text = String::new();
    for chunk in part.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    text
}

/// The files as the store wants them: each with the SHA-256 of its bytes, or none where it cannot be read.
pub(crate) fn identify(inputs: &BTreeMap<String, Input>) -> Vec<Incoming> {
    let inputs: Vec<(&String, &Input)> = inputs.iter().collect();
    inputs
        .par_iter()
        .map(|(path, input)| {
            let id = if input.trouble.is_some() { None } else { sha256_of(&input.file).ok() };
            Incoming { path: (*path).clone(), document_id: id.unwrap_or_default() }
        })
        .collect()
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
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Reads one file and extracts it; a file that cannot be read is a document that says so.
pub(crate) fn extract(incoming: &Incoming, inputs: &BTreeMap<String, Input>, settings: &Settings) -> Extracted {
    let Some(input) = inputs.get(&incoming.path) else {
        return refused(incoming, 0, Reason::Damaged, "文件不在输入中");
    };
    if let Some(trouble) = &input.trouble {
        return refused(incoming, 0, Reason::Damaged, trouble);
    }
    match read(&input.file) {
        Ok(bytes) => pipeline::extract(&bytes, &incoming.path, settings),
        Err(Unread::TooLarge(size)) => {
            let detail = format!("{size} 字节，上限 {LARGEST}；请只报送报表本身");
            refused(incoming, size, Reason::TooLarge, &detail)
        }
        Err(Unread::Failed(error)) => {
            refused(incoming, 0, Reason::Damaged, &format!("无法读取（{error}）；请检查权限和磁盘"))
        }
    }
}

/// Why the bytes of a file are not at hand.
pub(crate) enum Unread {
    /// Larger than is read; its size.
    TooLarge(u64),
    /// What the system said.
    Failed(std::io::Error),
}

/// The bytes of a file.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, Unread> {
    let opened = File::open(file).map_err(Unread::Failed)?;
    let size = opened.metadata().map_err(Unread::Failed)?.len();
    if size > LARGEST {
        return Err(Unread::TooLarge(size));
    }
    let mut bytes = Vec::with_capacity(size as usize);
    // One byte more than allowed, for a file that grows while it is read.
    opened.take(LARGEST + 1).read_to_end(&mut bytes).map_err(Unread::Failed)?;
    if bytes.len() as u64 > LARGEST { Err(Unread::TooLarge(bytes.len() as u64)) } else { Ok(bytes) }
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
        submission: Submission { findings: vec![finding], ..Submission::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_paths_are_as_typed_and_plain() {
        for (typed, stored) in [
            ("./pile", "pile"),
            ("pile/./2020/../2021/a.xlsx", "pile/2021/a.xlsx"),
            ("../pile", "../pile"),
            ("../../a", "../../a"),
            ("/data//pile/", "/data/pile"),
            ("/..", "/"),
        ] {
            assert_eq!(stored_path(Path::new(typed)), stored, "{typed}");
        }
    }
}
