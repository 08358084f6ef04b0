//! The figures of one form by their keys, as checks look them up.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::stated::Stated;
use crate::mapping::Term;
use crate::model::{AMOUNTS, Figure, Funding, Key, Map, Measure, micros};

/// A key that borrows its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyRef<'k> {
    pub(crate) entity: &'k str,
    pub(crate) item: &'k str,
    pub(crate) function: &'k str,
    pub(crate) economic: &'k str,
    pub(crate) funding: Option<Funding>,
    pub(crate) measure: Measure,
    pub(crate) base: &'k str,
    /// It is of the year before.
    pub(crate) last_year: bool,
}

impl<'k> From<&'k Key> for KeyRef<'k> {
    fn from(key: &'k Key) -> KeyRef<'k> {
        KeyRef {
            entity: &key.entity,
            item: &key.item,
            function: &key.function,
            economic: &key.economic,
            funding: key.funding,
            measure: key.measure,
            base: &key.base,
            last_year: false,
        }
    }
}

impl<'k> KeyRef<'k> {
    /// It has what a term says. The base of a share is any.
    fn has(&self, term: &Term) -> bool {
        let same = |said: &Option<Arc<str>>, own: &str| said.as_deref().is_none_or(|said| said == own);
        term.measure.is_none_or(|measure| measure == self.measure)
            && term.last_year == self.last_year
            && term.funding.is_none_or(|funding| funding == self.funding)
            && same(&term.function, self.function)
            && same(&term.economic, self.economic)
            && same(&term.item, self.item)
            && (self.measure == Measure::Share || *term.base == *self.base)
    }

    /// The key with what a term says in place of its own parts.
    pub(super) fn with(self, term: &'k Term) -> KeyRef<'k> {
        let or = |said: &'k Option<Arc<str>>, own: &'k str| said.as_deref().unwrap_or(own);
        KeyRef {
            entity: self.entity,
            item: or(&term.item, self.item),
            function: or(&term.function, self.function),
            economic: or(&term.economic, self.economic),
            funding: term.funding.unwrap_or(self.funding),
            measure: term.measure.unwrap_or(self.measure),
            base: &term.base,
            last_year: term.last_year,
        }
    }
}

/// A number as checks see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    /// Where it stands among the numbers that were handed in.
    pub(crate) at: usize,
    pub(crate) stated: Stated,
    /// It is money written without decimals: 49 beside 12.96 is 49.00 written short.
    pub(crate) is_short: bool,
    pub(crate) is_money: bool,
    /// Another number is told for the same key, too.
    pub(crate) is_doubtful: bool,
}

/// Numbers by their keys.
pub(crate) struct Numbers<'k> {
    known: Map<KeyRef<'k>, Number>,
    /// The keys in the order in which they were told.
    pub(super) order: Vec<KeyRef<'k>>,
    /// Where those of an item stand among them, and those of a measure: most rules speak of one.
    of_items: Map<&'k str, Vec<usize>>,
    of_measures: Vec<Vec<usize>>,
    /// What is not among them may be told all the same: numbers were left over, or they are told in sentences.
    pub(super) is_open: bool,
}

impl<'k> Numbers<'k> {
    /// Numbers with their keys. One key with two values is doubtful.
    pub(crate) fn of(told: impl IntoIterator<Item = (KeyRef<'k>, Number)>, is_open: bool) -> Numbers<'k> {
        let told = told.into_iter();
        let mut numbers = Numbers {
            known: Map::with_capacity_and_hasher(told.size_hint().1.unwrap_or_default(), Default::default()),
            order: Vec::new(),
            of_items: Map::default(),
            of_measures: vec![Vec::new(); Measure::ALL.len()],
            is_open,
        };
        for (key, number) in told {
            match numbers.known.entry(key) {
                Entry::Occupied(mut known) => {
                    known.get_mut().is_doubtful |= known.get().stated.value != number.stated.value;
                }
                Entry::Vacant(new) => {
                    new.insert(number);
                    let at = numbers.order.len();
                    numbers.order.push(key);
                    numbers.of_items.entry(key.item).or_default().push(at);
                    numbers.of_measures[key.measure as usize].push(at);
                }
            }
        }
        // An amount without decimals has those that the others have.
        let finest = numbers.known.values().filter(|number| number.is_money).map(|number| number.stated.decimals).max();
        if let Some(finest) = finest {
            for number in numbers.known.values_mut().filter(|number| number.is_short) {
                number.stated.decimals = number.stated.decimals.max(finest);
            }
        }
        numbers
    }

    /// The figures of one form of a document; those that cannot be compared are left out.
    pub(super) fn of_figures(figures: &[&'k Figure], is_open: bool) -> Numbers<'k> {
        let told = figures.iter().enumerate().filter_map(|(at, figure)| {
            let value = micros(figure.value)?;
            let is_money = *figure.unit_of_measure == *AMOUNTS && !figure.key.measure.is_rate();
            let decimals = i32::try_from(figure.decimals).unwrap_or(i32::MAX);
            let number = Number {
                at,
                stated: Stated::of(value, &figure.value_as_written, decimals, is_money),
                is_short: is_money && figure.decimals == 0,
                is_money,
                is_doubtful: false,
            };
            let key = KeyRef::from(&figure.key);
            Some((if figure.speaks_for_unit { KeyRef { entity: "", ..key } } else { key }, number))
        });
        Numbers::of(told, is_open)
    }

    /// The keys that have what a term says.
    pub(super) fn keys_of(&self, term: &Term) -> impl Iterator<Item = &KeyRef<'k>> {
        let told = match (&term.item, term.measure) {
            (Some(item), _) => self.of_items.get(&**item).map(Vec::as_slice).unwrap_or_default(),
            (None, Some(measure)) => &self.of_measures[measure as usize],
            (None, None) => &[],
        };
        let any = term.item.is_none() && term.measure.is_none();
        let all = if any { self.order.as_slice() } else { &[] };
        told.iter().map(|at| &self.order[*at]).chain(all).filter(|key| key.has(term))
    }

    /// The number of a key.
    pub(super) fn get(&self, key: &KeyRef<'_>) -> Option<Number> {
        self.known.get(key).copied()
    }
}
