//! Tells the program which sources it was built from, so that a dataset knows what read each of its documents.

use std::path::{Path, PathBuf};

/// What cannot change what is read in a document: the command line and the answers.
const NO_MATTER: [&str; 4] = ["src/build.rs", "src/cli", "src/main.rs", "src/present"];

fn main() {
    let mut files = vec![PathBuf::from("Cargo.lock")];
    collect(Path::new("src"), &mut files);
    files.sort();
    let mut hash = Fnv::new();
    for file in files {
        hash.add(file.to_string_lossy().replace('\\', "/").as_bytes());
        // A file that cannot be read stops the compiler too, with a better message.
        hash.add(&std::fs::read(&file).unwrap_or_default());
    }
    println!("cargo::rustc-env=JUESUAN_SOURCES={:08x}", hash.0 >> 32);
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.lock");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if NO_MATTER.iter().any(|name| path == Path::new(name)) {
            continue;
        }
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

/// FNV-1a with 64 bits: it need only tell sources apart.
struct Fnv(u64);

impl Fnv {
    fn new() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0xff]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
