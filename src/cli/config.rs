//! `juesuan.yaml`: what a folder's night's work is. The grammar, and where the file is found.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use juesuan::mapping::{Problem, Wrong};
use juesuan::model::Checks;
use juesuan::store::Replacements;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::paths::{Root, stored_path};
use super::written::{FailOn, LogFormat, file_size};

/// The file that is looked for in the current folder.
pub(crate) const FILE: &str = "juesuan.yaml";

/// The most threads that may be asked for.
const MOST_JOBS: u16 = 1024;

/// What stands in the file. A key that is not here is refused with its line and column.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    /// Files and folders to read.
    #[serde(default)]
    inputs: Vec<String>,
    /// Folder of the dataset.
    dataset: Option<String>,
    /// Folder of mapping files that replace or extend the built-in ones.
    mappings: Option<String>,
    /// Registry of units.
    registry: Option<String>,
    /// Keep personal data.
    with_personal_data: Option<bool>,
    #[serde(default)]
    limits: Limits,
    #[serde(default)]
    outputs: Outputs,
    /// For each code of a finding, or family of codes, its severity.
    #[serde(default)]
    checks: BTreeMap<String, Spanned<String>>,
    /// Threads.
    jobs: Option<Spanned<u16>>,
    log_format: Option<LogFormat>,
    quiet: Option<bool>,
    fail_on: Option<FailOn>,
    /// What is no longer there leaves.
    prune: Option<bool>,
    /// Snapshots that stay.
    keep: Option<Spanned<usize>>,
    /// For each document that replaces others, which.
    #[serde(default)]
    replaces: BTreeMap<String, Names>,
}

/// One name or several.
#[derive(Debug)]
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Names, D::Error> {
        struct NamesVisitor;
        impl<'de> Visitor<'de> for NamesVisitor {
            type Value = Names;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path or a list of paths")
            }

            fn visit_str<E>(self, name: &str) -> Result<Names, E> {
                Ok(Names(vec![name.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = list.next_element()? {
                    names.push(name);
                }
                Ok(Names(names))
            }
        }
        deserializer.deserialize_any(NamesVisitor)
    }
}

/// What a document may cost.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    /// Larger files are not read.
    file_size: Option<Spanned<String>>,
}

/// What is written beside Parquet.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Outputs {
    csv: Option<bool>,
}

/// The file, read and checked; without one, nothing is set.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The file, where there is one.
    pub(crate) file: Option<PathBuf>,
    pub(crate) inputs: Vec<Root>,
    pub(crate) dataset: Option<PathBuf>,
    pub(crate) mappings: Option<PathBuf>,
    pub(crate) registry: Option<PathBuf>,
    pub(crate) with_personal_data: Option<bool>,
    /// In bytes.
    pub(crate) max_file_size: Option<u64>,
    pub(crate) csv: Option<bool>,
    /// None where the file says nothing of them.
    pub(crate) checks: Option<Checks>,
    pub(crate) jobs: Option<u16>,
    pub(crate) log_format: Option<LogFormat>,
    pub(crate) quiet: Option<bool>,
    pub(crate) fail_on: Option<FailOn>,
    pub(crate) prune: Option<bool>,
    pub(crate) keep: Option<usize>,
    pub(crate) replaced: Replacements,
}

impl Config {
    /// The file that was asked for, else [`FILE`] of the current folder, else none.
    ///
    /// # Errors
    /// What is wrong with it, with file, line, column and the line.
    pub(crate) fn find(asked: Option<&Path>) -> Result<Config, Box<Problem>> {
        let path = match asked.filter(|path| !path.as_os_str().is_empty()) {
            Some(path) => path,
            None if Path::new(FILE).is_file() => Path::new(FILE),
            None => return Ok(Config::default()),
        };
        let text = std::fs::read_to_string(path).map_err(|error| {
            Box::new(Problem::of(&path.display().to_string(), Wrong::Unreadable(error.to_string())))
        })?;
        Config::parse(path, &text)
    }

    /// The settings of a file's text; its relative paths are relative to the file.
    fn parse(path: &Path, text: &str) -> Result<Config, Box<Problem>> {
        let shown = path.display().to_string();
        let entries: Entries = if is_empty(text) {
            Entries::default()
        } else {
            serde_saphyr::from_str(text).map_err(|error| Box::new(Problem::yaml(&shown, text, &error)))?
        };
        let wrong = |location, message: String| Box::new(Problem::at(&shown, text, location, Wrong::Told(message)));
        let jobs = match entries.jobs {
            Some(jobs) if !(1..=MOST_JOBS).contains(&jobs.value) => {
                return Err(wrong(jobs.referenced, format!("`jobs` is {}, not 1 to {MOST_JOBS}", jobs.value)));
            }
            jobs => jobs.map(|jobs| jobs.value),
        };
        let max_file_size = match entries.limits.file_size {
            Some(size) => Some(file_size(&size.value).map_err(|message| wrong(size.referenced, message))?),
            None => None,
        };
        let keep = match entries.keep {
            Some(keep) if keep.value < 2 => {
                return Err(wrong(keep.referenced, format!("`keep` is {}, not 2 or more", keep.value)));
            }
            keep => keep.map(|keep| keep.value),
        };
        let said = entries.checks.iter().map(|(code, severity)| (code.as_str(), severity.value.as_str()));
        let checks = Checks::new(said).map_err(|(at, message)| match entries.checks.values().nth(at) {
            Some(severity) => wrong(severity.referenced, message),
            None => Box::new(Problem::of(&shown, Wrong::Told(message))),
        })?;
        let pairs = entries.replaces.iter().flat_map(|(new, old)| old.0.iter().map(move |old| (old, new)));
        let stored = |name: &String| stored_path(Path::new(name));
        let replaced = Replacements::new(pairs.map(|(old, new)| (stored(old), stored(new))))
            .map_err(|message| Box::new(Problem::of(&shown, Wrong::Told(format!("`replaces`: {message}")))))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let below = |path: String| folder.join(path);
        Ok(Config {
            file: Some(path.to_owned()),
            inputs: entries
                .inputs
                .into_iter()
                .map(|input| Root { name: PathBuf::from(&input), at: folder.join(input) })
                .collect(),
            dataset: entries.dataset.map(below),
            mappings: entries.mappings.map(below),
            registry: entries.registry.map(below),
            with_personal_data: entries.with_personal_data,
            max_file_size,
            csv: entries.outputs.csv,
            checks: Some(checks).filter(|_| !entries.checks.is_empty()),
            jobs,
            log_format: entries.log_format,
            quiet: entries.quiet,
            fail_on: entries.fail_on,
            prune: entries.prune,
            keep,
            replaced,
        })
    }
}

/// Nothing but blank lines and remarks.
fn is_empty(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::super::written::checks;
    use super::*;

    fn parse(text: &str) -> Result<Config, Box<Problem>> {
        Config::parse(Path::new("/srv/决算/juesuan.yaml"), text)
    }

    #[test]
    fn relative_paths_are_relative_to_the_file() {
        let config = parse("inputs: [pile, /abs]\ndataset: out\nmappings: own\nregistry: ../units.csv\n").unwrap();
        let roots: Vec<(&str, &str)> =
            config.inputs.iter().map(|root| (root.name.to_str().unwrap(), root.at.to_str().unwrap())).collect();
        // Documents keep the path that is written, wherever the command runs.
        assert_eq!(roots, [("pile", "/srv/决算/pile"), ("/abs", "/abs")]);
        assert_eq!(config.dataset.as_deref(), Some(Path::new("/srv/决算/out")));
        assert_eq!(config.mappings.as_deref(), Some(Path::new("/srv/决算/own")));
        assert_eq!(config.registry.as_deref(), Some(Path::new("/srv/决算/../units.csv")));
        assert_eq!(
            Config::parse(Path::new("juesuan.yaml"), "dataset: out").unwrap().dataset.unwrap(),
            Path::new("out")
        );
    }

    #[test]
    fn every_key_is_taken() {
        let config = parse(
            "# 每晚\nwith_personal_data: true\nlimits: { file_size: 64MiB }\noutputs: { csv: true }\njobs: 2\n\
             checks: { facts::last_digit: off, forms::*: info }\nlog_format: json\nquiet: true\nfail_on: warning\nprune: true\nkeep: 30\nreplaces:\n  \
             ./a/新.xlsx: a/旧.xlsx\n  a/b.xlsx: [a/c.xlsx, a/d.xlsx]\n",
        )
        .unwrap();
        let pairs = [("a/旧.xlsx", "a/新.xlsx"), ("a/c.xlsx", "a/b.xlsx"), ("a/d.xlsx", "a/b.xlsx")];
        let pairs = pairs.map(|(old, new)| (old.to_owned(), new.to_owned()));
        assert_eq!(config.replaced, Replacements::new(pairs).unwrap());
        assert_eq!(config.checks, Some(checks("facts::last_digit=off, forms::*=info,").unwrap()));
        assert_eq!((config.prune, config.keep), (Some(true), Some(30)));
        assert_eq!(config.with_personal_data, Some(true));
        assert_eq!(config.max_file_size, Some(64 << 20));
        assert_eq!((config.csv, config.jobs, config.quiet), (Some(true), Some(2), Some(true)));
        assert_eq!((config.log_format, config.fail_on), (Some(LogFormat::Json), Some(FailOn::Warning)));
        assert!(parse("").unwrap().inputs.is_empty());
        assert!(parse("# nothing yet\n\n").unwrap().inputs.is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_file_line_column_and_the_line() {
        for (text, line, column, part) in [
            ("inputs: [a]\ndatset: out\n", 2, 1, "datset"),
            ("outputs:\n  cvs: true\n", 2, 3, "cvs"),
            ("jobs: 0\n", 1, 7, "not 1 to 1024"),
            ("limits:\n  file_size: many\n", 2, 14, "64MiB"),
            ("fail_on: sometimes\n", 1, 10, "sometimes"),
            ("keep: 1\n", 1, 7, "2 or more"),
            ("checks:\n  forms::missing: off\n  facts::last_digits: off\n", 3, 23, "known: facts::conflict"),
            ("checks:\n  read::quarantined: off\n", 2, 22, "not in the dataset"),
            ("checks:\n  facts::conflict: fatal\n", 2, 20, "off, info, warning or error"),
        ] {
            let problem = parse(text).unwrap_err();
            assert_eq!((problem.line, problem.column), (line, column), "{problem:?}");
            let said = juesuan::wording::problem(&problem, juesuan::wording::Language::English);
            assert!(said.starts_with(&format!("/srv/决算/juesuan.yaml:{line}:{column}: ")), "{said}");
            assert!(said.contains(part), "{said}");
            assert_eq!(problem.source, text.lines().nth(line - 1).unwrap());
        }
    }
}
