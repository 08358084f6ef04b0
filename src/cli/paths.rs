//! Paths of inputs: as they are typed, found and stored.

use std::path::{Component, Path, PathBuf};

/// A path of the file: as it stands there, and where that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    /// As it was written or typed; documents below it are stored under it.
    pub(crate) name: PathBuf,
    /// As this process finds it.
    pub(crate) at: PathBuf,
}

impl Root {
    /// A path that is found as it was typed.
    pub(crate) fn typed(path: PathBuf) -> Root {
        Root { at: path.clone(), name: path }
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
