//! What decides what is made of a document, and the version that this has.

use std::path::Path;

use crate::mapping::{Mappings, NamedState, Problem};
use crate::model::Versions;
use crate::read;
use crate::recognise::{state_of_path, told_by_path};
use crate::registry::Registry;
use crate::wording::{self, Language};

/// The version of this program: the release, and a digest of the sources, since not every build is a release.
const PROGRAM: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("JUESUAN_SOURCES"));

/// Everything that decides what is made of a document.
#[derive(Debug)]
pub struct Settings {
    /// What is known of templates.
    pub mappings: Mappings,
    /// What is known of units.
    pub registry: Registry,
    /// Personal data are kept.
    pub with_personal_data: bool,
    /// The fiscal year of documents that tell none; for examples and tests.
    pub assumed_year: Option<i32>,
    /// Limits other than the usual ones, as a part of versions.
    pub limits: String,
    /// A digest of all settings.
    pub mapping_version: String,
}

/// Why settings cannot be made.
#[derive(Debug)]
pub enum SettingsError {
    /// Mapping files with problems, each with its place.
    Mapping(Vec<Problem>),
    /// The registry of units.
    Registry(String),
}

impl SettingsError {
    /// What is wrong, each problem on lines of its own.
    pub fn shown(&self, language: Language) -> String {
        match self {
            SettingsError::Mapping(problems) => {
                let shown: Vec<String> = problems.iter().map(|found| wording::problem(found, language)).collect();
                shown.join("\n")
            }
            SettingsError::Registry(message) => {
                language.pick(format!("单位名录无法读取：{message}"), format!("the registry of units: {message}"))
            }
        }
    }
}

impl std::fmt::Display for SettingsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown(Language::English))
    }
}

impl std::error::Error for SettingsError {}

impl Settings {
    /// The built-in mappings, a directory that replaces or extends them, and a registry of units.
    ///
    /// # Errors
    /// Every problem of the mapping files, or what is wrong with the registry.
    pub fn load(
        mappings: Option<&Path>,
        registry: Option<&Path>,
        with_personal_data: bool,
    ) -> Result<Settings, SettingsError> {
        let mappings = Mappings::load(mappings).map_err(SettingsError::Mapping)?;
        let registry = match registry {
            Some(path) => Registry::read(path).map_err(SettingsError::Registry)?,
            None => Registry::default(),
        };
        let mapping_version = version(&mappings, &registry, with_personal_data);
        Ok(Settings {
            mappings,
            registry,
            with_personal_data,
            assumed_year: None,
            limits: String::new(),
            mapping_version,
        })
    }

    /// Settings with mappings that have been loaded, no registry, and no personal data.
    pub fn with_mappings(mappings: Mappings) -> Settings {
        let registry = Registry::default();
        let mapping_version = version(&mappings, &registry, false);
        Settings {
            mappings,
            registry,
            with_personal_data: false,
            assumed_year: None,
            limits: String::new(),
            mapping_version,
        }
    }

    /// The versions with which a document would be read that holds these forms and is of this unit.
    pub fn versions(&self, forms: &[&str], unit: &str) -> Versions {
        let mut mapping = self.mappings.digests.for_forms(forms);
        if self.with_personal_data {
            mapping.push_str("-personal");
        }
        mapping.push_str(&self.limits);
        Versions {
            program: PROGRAM.to_owned(),
            mapping,
            codes: self.mappings.digests.codes.clone(),
            registry: self.registry.version_of(unit),
        }
    }

    /// Whether two paths tell the same: a document that moved from one to the other would be read the same.
    pub fn same_by_path(&self, a: &str, b: &str) -> bool {
        read::name_tells(a) == read::name_tells(b) && told_by_path(a, &self.mappings) == told_by_path(b, &self.mappings)
    }

    /// How far the name of a path puts its document in doubt: none, some, or all of it.
    pub fn doubt_by_path(&self, path: &str) -> u8 {
        match state_of_path(path, &self.mappings) {
            None => 0,
            Some((NamedState::Doubtful, _)) => 1,
            Some((NamedState::Void, _)) => 2,
        }
    }

    /// The name of a classification code, or the last name of a path of names, in a fiscal year.
    pub fn code_name(&self, code: &str, year: i32) -> Option<&str> {
        let lists = &self.mappings.codes;
        let list = if code.starts_with('3') { &lists.economic } else { &lists.functional };
        list.name(code, Some(year)).map(|name| &**name)
    }
}

fn version(mappings: &Mappings, registry: &Registry, with_personal_data: bool) -> String {
    let mut version = mappings.version.clone();
    if let Some(registry) = registry.version() {
        version.push('-');
        version.push_str(&registry);
    }
    if with_personal_data {
        version.push_str("-personal");
    }
    version
}
