//! The registry of units: ids, names, aliases and the years they hold for.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::model::fold;

/// Units by their folded names.
#[derive(Debug, Default)]
pub struct Registry {
    by_name: HashMap<String, Vec<Entry>>,
    digest: Option<String>,
}

#[derive(Clone, Debug)]
struct Entry {
    id: String,
    from: i32,
    to: i32,
}

impl Registry {
    /// Reads `units.csv`: `unit_id,name,aliases,county,parent,valid_from,valid_to,successor`, aliases parted by `;`.
    ///
    /// # Errors
    /// A message that names the file and what is wrong with it.
    pub fn read(path: &Path) -> Result<Registry, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Registry::parse(&text).map_err(|message| format!("{}: {message}", path.display()))
    }

    fn parse(text: &str) -> Result<Registry, String> {
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next().unwrap_or_default().split(',').map(str::trim).collect();
        let column = |name: &str| header.iter().position(|column| *column == name);
        let id_at = column("unit_id").ok_or("line 1: there is no column `unit_id`")?;
        let name_at = column("name").ok_or("line 1: there is no column `name`")?;
        let (aliases_at, from_at, to_at) = (column("aliases"), column("valid_from"), column("valid_to"));
        let mut registry = Registry {
            digest: Some(Sha256::digest(text).iter().take(4).map(|byte| format!("{byte:02x}")).collect()),
            ..Registry::default()
        };
        for (index, line) in lines.enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let fields: Vec<&str> = line.split(',').map(|field| field.trim().trim_matches('"')).collect();
            let field = |at: Option<usize>| at.and_then(|at| fields.get(at)).copied().unwrap_or_default();
            let id = field(Some(id_at));
            if id.is_empty() || field(Some(name_at)).is_empty() {
                return Err(format!("line {}: unit_id and name must not be empty", index + 2));
            }
            let year = |text: &str, open: i32| text.get(..4).and_then(|year| year.parse().ok()).unwrap_or(open);
            let entry =
                Entry { id: id.to_owned(), from: year(field(from_at), i32::MIN), to: year(field(to_at), i32::MAX) };
            let aliases = field(aliases_at).split([';', '；', '|', '、']).filter(|alias| !alias.trim().is_empty());
            for name in std::iter::once(field(Some(name_at))).chain(aliases) {
                registry.by_name.entry(fold(name)).or_default().push(entry.clone());
            }
        }
        Ok(registry)
    }

    /// The id of a unit by one of its names, in a year where that can be told apart.
    pub fn id(&self, name: &str, year: Option<i32>) -> Option<String> {
        let entries = self.by_name.get(&fold(name))?;
        let in_year = entries.iter().find(|entry| year.is_none_or(|year| (entry.from..=entry.to).contains(&year)));
        in_year.or_else(|| entries.first()).map(|entry| entry.id.clone())
    }

    /// A digest of what the registry says of a unit; empty where it says nothing.
    pub fn version_of(&self, name: &str) -> String {
        let Some(entries) = self.by_name.get(&fold(name)) else { return String::new() };
        let digest = Sha256::digest(format!("{entries:?}"));
        digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    }

    /// A digest of the registry's file, if one was read.
    pub fn version(&self) -> Option<String> {
        self.digest.clone()
    }
}
