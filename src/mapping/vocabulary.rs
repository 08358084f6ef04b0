use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::nearest::distance;
use crate::model::{Funding, Label, Map, fold};

/// What can be measured: the items, how they are parts of one another, and the labels that mean them.
#[derive(Debug, Default)]
pub struct Vocabulary {
    items: Vec<Item>,
    by_name: Map<Arc<str>, usize>,
    by_label: Map<Label, Meaning>,
    /// For each item, the item it is a part of.
    parents: Vec<Option<usize>>,
}

/// One thing that is measured.
#[derive(Debug)]
pub struct Item {
    /// Its canonical name.
    pub name: Arc<str>,
    /// The item it is a part of.
    pub parent: Option<Arc<str>>,
    /// The unit its final is measured in: 万元, or the unit of a count.
    pub unit: Arc<str>,
    /// Its definition says which budget pays: its keys carry no funding.
    pub fixed_funding: bool,
    /// The labels that mean it, as written in the file (its name not among them).
    pub labels: Vec<String>,
}

/// What a label of the vocabulary means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The item.
    pub item: Arc<str>,
    /// The funding that the label says, too.
    pub funding: Option<Funding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    items: Vec<ItemEntry>,
    labels: HashMap<String, LabelEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemEntry {
    item: String,
    parent: Option<String>,
    unit: Option<String>,
    #[serde(default)]
    fixed_funding: bool,
    #[serde(default)]
    labels: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelEntry {
    item: String,
    funding: Option<String>,
}

impl Vocabulary {
    /// Reads `vocabulary.yaml`.
    ///
    /// # Errors
    /// A message with line and column where the YAML is ill-formed, or one that names the label where a label is claimed
    /// twice, a parent does not stand before its part, or a funding is unknown.
    pub fn parse(yaml: &str) -> Result<Vocabulary, String> {
        let file: File = serde_saphyr::from_str(yaml).map_err(|error| error.to_string())?;
        let mut vocabulary = Vocabulary::default();
        for entry in file.items {
            let parent = match &entry.parent {
                Some(parent) => match vocabulary.item(parent) {
                    Some(parent) => Some(parent.name.clone()),
                    None => {
                        return Err(format!("item `{}`: its parent `{parent}` does not stand above it", entry.item));
                    }
                },
                None => None,
            };
            vocabulary.add(entry, parent)?;
        }
        let mut labels: Vec<(String, LabelEntry)> = file.labels.into_iter().collect();
        labels.sort_by(|a, b| a.0.cmp(&b.0));
        for (label, entry) in labels {
            let Some(item) = vocabulary.item(&entry.item) else {
                return Err(format!("label `{label}`: there is no item `{}`", entry.item));
            };
            let item = item.name.clone();
            let funding = match &entry.funding {
                Some(word) => {
                    Some(Funding::from_word(word).ok_or_else(|| format!("label `{label}`: unknown funding `{word}`"))?)
                }
                None => None,
            };
            vocabulary.claim(&label, Meaning { item, funding })?;
        }
        Ok(vocabulary)
    }

    fn add(&mut self, entry: ItemEntry, parent: Option<Arc<str>>) -> Result<(), String> {
        let name: Arc<str> = entry.item.into();
        for label in entry.labels.iter().map(String::as_str).chain([&*name]) {
            self.claim(label, Meaning { item: name.clone(), funding: None })?;
        }
        let item = Item {
            name: name.clone(),
            parent,
            unit: entry.unit.as_deref().unwrap_or("万元").into(),
            fixed_funding: entry.fixed_funding,
            labels: entry.labels,
        };
        if self.by_name.insert(name, self.items.len()).is_some() {
            return Err(format!("item `{}` is there twice", item.name));
        }
        let parent = item.parent.as_ref().and_then(|parent| self.by_name.get(parent).copied());
        self.items.push(item);
        self.parents.push(parent);
        Ok(())
    }

    fn claim(&mut self, label: &str, meaning: Meaning) -> Result<(), String> {
        let normal = Label::new(label);
        match self.by_label.insert(normal, meaning.clone()) {
            Some(other) if other != meaning => {
                Err(format!("label `{label}` leads to two items: `{}` and `{}`", other.item, meaning.item))
            }
            _ => Ok(()),
        }
    }

    /// The item of a canonical name.
    pub fn item(&self, name: &str) -> Option<&Item> {
        self.by_name.get(name).map(|index| &self.items[*index])
    }

    /// All items, parents before their parts.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// What a label means wherever its item may be given.
    pub fn meaning(&self, label: &Label) -> Option<&Meaning> {
        self.by_label.get(label)
    }

    /// All labels with what they mean; in no particular order.
    pub fn labels(&self) -> Vec<(&Label, &Meaning)> {
        let mut all: Vec<_> = self.by_label.iter().collect();
        all.sort_unstable_by_key(|(label, _)| *label);
        all
    }

    /// `part` is `whole` or a part of it, at any depth.
    pub fn is_part_of(&self, part: &str, whole: &str) -> bool {
        part == whole
            || match (self.by_name.get(part), self.by_name.get(whole)) {
                (Some(part), Some(whole)) => self.above(*part).any(|ancestor| ancestor == *whole),
                _ => false,
            }
    }

    /// The items that an item is a part of, from the nearest outward.
    pub fn ancestors<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let item = self.by_name.get(name).copied();
        item.into_iter().flat_map(|item| self.above(item)).map(|ancestor| &*self.items[ancestor].name)
    }

    /// The positions of the items that an item is a part of, from the nearest outward.
    fn above(&self, item: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.parents[item], |item| self.parents[*item])
    }

    /// The item nearest to the root that both are parts of, if any.
    pub fn deeper<'a>(&self, a: &'a str, b: &'a str) -> Option<&'a str> {
        if self.is_part_of(a, b) {
            Some(a)
        } else if self.is_part_of(b, a) {
            Some(b)
        } else {
            None
        }
    }

    /// The known labels nearest to an unknown one: for messages, never for reading.
    pub fn nearest(&self, unknown: &str) -> Vec<String> {
        let unknown = fold(unknown);
        let mut near: Vec<(usize, &str)> = self
            .by_label
            .keys()
            .map(|label| (distance(label.as_str(), &unknown), label.as_str()))
            .filter(|(distance, label)| *distance * 2 <= label.chars().count().max(2))
            .collect();
        near.sort_unstable();
        near.into_iter().take(3).map(|(_, label)| label.to_owned()).collect()
    }
}
