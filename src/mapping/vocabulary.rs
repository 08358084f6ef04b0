use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::nearest::distance;
use super::problem::{Misfit, Shape, Wrong};
use super::{Problem, Side, accounts};
use crate::model::{AMOUNTS, Funding, Label, Map, fold};

/// What can be measured: the items, how they are parts of one another, and the labels that mean them.
#[derive(Debug, Default)]
pub struct Vocabulary {
    items: Vec<Item>,
    by_name: Map<Arc<str>, usize>,
    by_label: Map<Label, Meaning>,
    /// For each item, the item it is a part of.
    parents: Vec<Option<usize>>,
    limits: Vec<Limit>,
    /// Units of measure of which there are parts.
    measured: BTreeSet<String>,
}

/// One thing that is measured.
#[derive(Debug)]
pub struct Item {
    /// Its canonical name.
    pub name: Arc<str>,
    /// The item it is a part of.
    pub parent: Option<Arc<str>>,
    /// The item whose occasions it counts.
    pub of: Option<Arc<str>>,
    /// The unit its final is measured in: 万元, or the unit of a count.
    pub unit: Arc<str>,
    /// Its definition says which budget pays: its keys carry no funding.
    pub fixed_funding: bool,
    /// The side of the accounts that it is on; `None` for what is on neither (counts, assets, scores).
    pub side: Option<Side>,
    /// It is a total of the accounts, of a year or with what was carried over.
    pub accounts_total: bool,
    /// What is told of it is told as of the year: nobody budgets it.
    pub only_final: bool,
    /// Its labels mean it in tables only, since sentences use them for other things as well.
    pub tables_only: bool,
    /// The labels that mean it, as written in the file (its name not among them).
    pub labels: Vec<String>,
}

impl Item {
    /// Its final is an amount of money.
    pub fn is_money(&self) -> bool {
        &*self.unit == AMOUNTS
    }
}

/// What no unit's amounts pass, in 万元.
#[derive(Debug)]
pub struct Limit {
    /// The items whose amounts it holds for; none: for any.
    pub items: Vec<Arc<str>>,
    /// It holds for those of their parts, too.
    pub with_parts: bool,
    /// It holds for amounts of all funds together.
    pub all_funds: bool,
    /// It holds for amounts of which nothing tells the unit.
    pub untold: bool,
    /// It holds for each of what this item counts.
    pub per: Option<Arc<str>>,
    /// None is less.
    pub least: Option<Decimal>,
    /// None is more.
    pub most: Option<Decimal>,
}

/// What a label of the vocabulary means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The item.
    pub item: Arc<str>,
    /// The funding that the label says, too.
    pub funding: Option<Funding>,
}

/// `vocabulary.yaml`, or a file that adds to it.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Vocabulary")]
pub(super) struct File {
    /// `vocabulary`, in a file that adds to it.
    #[expect(dead_code, reason = "told before the file is read")]
    adds_to: Option<String>,
    /// Items, parents before their parts.
    #[serde(default)]
    items: Vec<ItemEntry>,
    /// Labels that say a funding beside the item.
    #[serde(default)]
    labels: HashMap<String, LabelEntry>,
    /// Amounts that no unit has: of a form that has one its unit of measure is asked.
    #[serde(default)]
    limits: Vec<LimitEntry>,
    /// Units of measure of which there are parts; what is counted in any other is whole.
    #[serde(default)]
    measured: Vec<String>,
}

/// What no unit's amounts pass, in 万元.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Limit")]
pub(super) struct LimitEntry {
    /// The items whose amounts it holds for; none: for any amount.
    #[serde(default)]
    items: Vec<String>,
    /// For those of their parts, too.
    #[serde(default)]
    with_parts: bool,
    /// Only for amounts of all funds together.
    #[serde(default)]
    all_funds: bool,
    /// Only for amounts of which nothing tells the unit.
    #[serde(default)]
    untold: bool,
    /// For each of what this item counts.
    per: Option<String>,
    /// None is less.
    #[schemars(with = "Option<f64>")]
    least: Option<String>,
    /// None is more.
    #[schemars(with = "Option<f64>")]
    most: Option<String>,
}

/// One thing that can be measured.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Item")]
pub(super) struct ItemEntry {
    /// Its canonical name.
    item: String,
    /// The item that it is a part of; it stands above.
    parent: Option<String>,
    /// The item whose occasions it counts, and over whose column it may stand with its amount; it stands above.
    of: Option<String>,
    /// What it is measured in: 万元 (as any money is) where nothing is said, else what is counted: 人, 辆, 个.
    unit: Option<String>,
    /// Its definition says which budget pays.
    #[serde(default)]
    fixed_funding: bool,
    /// It is a total of the accounts, than which none of the unit's amounts is more.
    #[serde(default)]
    accounts_total: bool,
    /// It is told as of the year alone, and never budgeted: its amounts need no word for their measure.
    #[serde(default)]
    only_final: bool,
    /// Its labels are too common to be words of sentences: they mean it in tables only.
    #[serde(default)]
    tables_only: bool,
    /// Labels that mean it.
    #[serde(default)]
    labels: Vec<String>,
}

/// What a label means.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Label")]
pub(super) struct LabelEntry {
    /// The item.
    item: String,
    /// The funding that the label says, too.
    funding: Option<String>,
}

impl Vocabulary {
    /// Reads `vocabulary.yaml`.
    ///
    /// # Errors
    /// Where the YAML is ill-formed, a label is claimed twice, a parent does not stand before its part, or a funding is
    /// unknown.
    pub fn parse(yaml: &str) -> Result<Vocabulary, Problem> {
        let mut vocabulary = Vocabulary::default();
        vocabulary.add_file("vocabulary.yaml", yaml)?;
        Ok(vocabulary)
    }

    /// Adds the items and labels of a file.
    ///
    /// # Errors
    /// The same.
    pub(super) fn add_file(&mut self, name: &str, yaml: &str) -> Result<(), Problem> {
        let file: File = serde_saphyr::from_str(yaml).map_err(|error| Problem::yaml(name, yaml, &error))?;
        self.add_items(name, yaml, &file.items)?;
        let mut labels: Vec<(String, LabelEntry)> = file.labels.into_iter().collect();
        labels.sort_by(|a, b| a.0.cmp(&b.0));
        for (label, entry) in labels {
            self.add_label(&label, &entry).map_err(|misfit| misfit.in_file(name, yaml))?;
        }
        for entry in &file.limits {
            let limit = self.limit(entry).map_err(|misfit| misfit.in_file(name, yaml))?;
            self.limits.push(limit);
        }
        self.measured.extend(file.measured);
        Ok(())
    }

    fn limit(&self, entry: &LimitEntry) -> Result<Limit, Misfit> {
        let amount = |written: &String| {
            Decimal::from_str_exact(written).map_err(|_| Misfit::new(written, Wrong::Expected(Shape::Number)))
        };
        Ok(Limit {
            items: entry.items.iter().map(|item| self.named(item)).collect::<Result<_, _>>()?,
            with_parts: entry.with_parts,
            all_funds: entry.all_funds,
            untold: entry.untold,
            per: entry.per.as_ref().map(|item| self.named(item)).transpose()?,
            least: entry.least.as_ref().map(amount).transpose()?,
            most: entry.most.as_ref().map(amount).transpose()?,
        })
    }

    /// The name of an item that a file names.
    fn named(&self, item: &str) -> Result<Arc<str>, Misfit> {
        let no_item = || Misfit::new(item, Wrong::NoItem { name: item.to_owned(), near: self.nearest(item) });
        self.item(item).map(|item| item.name.clone()).ok_or_else(no_item)
    }

    /// Adds items to those that are there; one that is there already gets more labels.
    ///
    /// # Errors
    /// Where a label is claimed by two items, an item is there twice, or a parent does not stand before its part.
    pub(super) fn add_items(&mut self, name: &str, yaml: &str, entries: &[ItemEntry]) -> Result<(), Problem> {
        for entry in entries {
            self.add(entry).map_err(|misfit| misfit.in_file(name, yaml))?;
        }
        Ok(())
    }

    fn add_label(&mut self, label: &str, entry: &LabelEntry) -> Result<(), Misfit> {
        let item = self.named(&entry.item)?;
        let funding = match &entry.funding {
            Some(word) => match Funding::from_word(word) {
                Some(funding) => Some(funding),
                None => return Err(Misfit::new(word, Wrong::no_funding(word))),
            },
            None => None,
        };
        self.claim(label, Meaning { item, funding })
    }

    fn add(&mut self, entry: &ItemEntry) -> Result<(), Misfit> {
        if self.item(&entry.item).is_some() {
            if entry.parent.is_some()
                || entry.of.is_some()
                || entry.unit.is_some()
                || entry.fixed_funding
                || entry.labels.is_empty()
            {
                return Err(Misfit::new(&entry.item, Wrong::ItemTwice(entry.item.clone())));
            }
            let item: Arc<str> = entry.item.as_str().into();
            return entry
                .labels
                .iter()
                .try_for_each(|label| self.claim(label, Meaning { item: item.clone(), funding: None }));
        }
        let above = |name: &Option<String>| match name {
            Some(name) => self.item(name).map(Some).ok_or_else(|| {
                let wrong = Wrong::ParentNotAbove { item: entry.item.clone(), parent: name.clone() };
                Misfit::new(name, wrong)
            }),
            None => Ok(None),
        };
        let (parent, side) = match above(&entry.parent)? {
            Some(parent) => (Some(parent.name.clone()), parent.side),
            None => (None, accounts::headed_by(&entry.item)),
        };
        let of = above(&entry.of)?.map(|of| of.name.clone());
        let name: Arc<str> = entry.item.as_str().into();
        for label in entry.labels.iter().map(String::as_str).chain([&*name]) {
            self.claim(label, Meaning { item: name.clone(), funding: None })?;
        }
        let item = Item {
            name: name.clone(),
            parent,
            of,
            unit: entry.unit.as_deref().unwrap_or(AMOUNTS).into(),
            fixed_funding: entry.fixed_funding,
            side,
            accounts_total: entry.accounts_total,
            only_final: entry.only_final,
            tables_only: entry.tables_only,
            labels: entry.labels.clone(),
        };
        self.by_name.insert(name, self.items.len());
        let parent = item.parent.as_ref().and_then(|parent| self.by_name.get(parent).copied());
        self.items.push(item);
        self.parents.push(parent);
        Ok(())
    }

    fn claim(&mut self, label: &str, meaning: Meaning) -> Result<(), Misfit> {
        let normal = Label::new(label);
        if normal.is_empty() {
            return Err(Misfit::new(label, Wrong::EmptyLabel(label.to_owned())));
        }
        match self.by_label.insert(normal, meaning.clone()) {
            Some(other) if other != meaning => {
                let items = [other.item.to_string(), meaning.item.to_string()];
                Err(Misfit::new(label, Wrong::LabelOfTwoItems { label: label.to_owned(), items }))
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

    /// What no unit's amounts pass.
    pub fn limits(&self) -> &[Limit] {
        &self.limits
    }

    /// There are no parts of what is told in this unit of measure: it is counted.
    pub fn is_counted_in(&self, unit: &str) -> bool {
        !self.measured.contains(unit)
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

    /// `count` counts the occasions of an item or of a part of it: 公务接待批次 those of 公务接待费.
    fn counts(&self, count: &str, item: &str) -> bool {
        let of = |name: &str| self.item(name)?.of.as_deref();
        std::iter::once(count).chain(self.ancestors(count)).find_map(of).is_some_and(|of| self.is_part_of(of, item))
    }

    /// The side of the accounts that an item is on.
    pub fn side(&self, item: &str) -> Option<Side> {
        self.item(item)?.side
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

    /// The one of two items that says more: a part of the other, or a count of its occasions.
    pub fn deeper<'a>(&self, a: &'a str, b: &'a str) -> Option<&'a str> {
        if self.is_part_of(a, b) || self.counts(a, b) {
            Some(a)
        } else if self.is_part_of(b, a) || self.counts(b, a) {
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
