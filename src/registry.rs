//! The registry of units: ids, names, aliases and the years they hold for.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::mapping::split_csv;
use crate::model::{fold, hex};

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
    /// Reads `units.csv`: `unit_id,name,aliases,county,parent,valid_from,valid_to,successor`, aliases parted by `;`; in
    /// UTF-8, or in GB18030, as Excel saves a CSV in China.
    ///
    /// # Errors
    /// A message that names the file and what is wrong with it.
    pub fn read(path: &Path) -> Result<Registry, String> {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let text = decoded(bytes)
            .ok_or_else(|| format!("{}: neither UTF-8 nor GB18030; save it as CSV UTF-8", path.display()))?;
        Registry::parse(&text).map_err(|message| format!("{}: {message}", path.display()))
    }

    fn parse(text: &str) -> Result<Registry, String> {
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = text.lines();
        let header = split_csv(lines.next().unwrap_or_default());
        let column = |name: &str| header.iter().position(|column| column.trim() == name);
        let id_at = column("unit_id").ok_or("line 1: there is no column `unit_id`")?;
        let name_at = column("name").ok_or("line 1: there is no column `name`")?;
        let (aliases_at, from_at, to_at) = (column("aliases"), column("valid_from"), column("valid_to"));
        let mut registry = Registry { digest: Some(hex(&Sha256::digest(text)[..4])), ..Registry::default() };
        for (index, line) in lines.enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let fields = split_csv(line);
            let field = |at: Option<usize>| at.and_then(|at| fields.get(at)).map_or("", |field| field.trim());
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
        hex(&digest[..4])
    }

    /// A digest of the registry's file, if one was read.
    pub fn version(&self) -> Option<String> {
        self.digest.clone()
    }
}

/// The text of a file; `None` where a byte of it fits no encoding in use.
fn decoded(bytes: Vec<u8>) -> Option<String> {
    String::from_utf8(bytes).map_or_else(
        |error| {
            let (text, damaged) = encoding_rs::GB18030.decode_without_bom_handling(error.as_bytes());
            (!damaged).then(|| text.into_owned())
        },
        Some,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_may_be_as_excel_saves_it() {
        let csv = "unit_id,name,aliases\r\nu1,洪江市教育局,教育局；教委\r\nu2,\"洪江市档案馆,史志办\",\r\n";
        let (gb18030, ..) = encoding_rs::GB18030.encode(csv);
        let with_mark = format!("\u{feff}{csv}");
        for bytes in [csv.as_bytes(), with_mark.as_bytes(), &gb18030] {
            let registry = Registry::parse(&decoded(bytes.to_vec()).unwrap()).unwrap();
            assert_eq!(registry.id("教委", None).as_deref(), Some("u1"));
            assert_eq!(registry.id("洪江市档案馆,史志办", None).as_deref(), Some("u2"));
        }
        assert_eq!(decoded(vec![0xff, 0xff, 0x80]), None);
    }
}
