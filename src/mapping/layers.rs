//! What labels mean, in layers: a file's own over those of the file that it extends, which all that extend it share.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::Arc;

use crate::model::{Label, Map};

/// Labels with what they mean: what a nearer layer says of one hides what those below it say.
#[derive(Clone, Debug)]
pub struct Layers<V>(Vec<Arc<Map<Label, V>>>);

impl<V> Default for Layers<V> {
    fn default() -> Layers<V> {
        Layers(Vec::new())
    }
}

impl<V> Layers<V> {
    /// What a label means.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, label: &Q) -> Option<&V>
    where
        Label: Borrow<Q>,
    {
        self.0.iter().rev().find_map(|layer| layer.get(label))
    }

    /// It has a meaning.
    pub fn contains_key<Q: Hash + Eq + ?Sized>(&self, label: &Q) -> bool
    where
        Label: Borrow<Q>,
    {
        self.get(label).is_some()
    }

    /// No label has one.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|layer| layer.is_empty())
    }

    /// All labels, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&Label, &V)> {
        let hidden = |at: usize, label: &Label| self.0[at + 1..].iter().any(|nearer| nearer.contains_key(label));
        let layers = self.0.iter().enumerate();
        layers.flat_map(move |(at, layer)| layer.iter().filter(move |(label, _)| !hidden(at, label)))
    }

    /// All that labels mean, in no order.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// Begins a layer over those that are there: they stay as they are for whoever shares them.
    pub(super) fn begin(&mut self) {
        if self.0.last().is_none_or(|last| !last.is_empty()) {
            self.0.push(Arc::default());
        }
    }

    /// Lays a whole layer over those that are there.
    pub(super) fn lay(&mut self, layer: Map<Label, V>) {
        self.0.push(Arc::new(layer));
    }
}

impl<V: Clone> Layers<V> {
    /// Says in the nearest layer what a label means.
    pub(super) fn insert(&mut self, label: Label, value: V) {
        if self.0.is_empty() {
            self.begin();
        }
        if let Some(nearest) = self.0.last_mut() {
            Arc::make_mut(nearest).insert(label, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nearer_layer_hides_what_those_below_it_say() {
        let mut base: Layers<u8> = Layers::default();
        base.insert(Label::new("决算数"), 1);
        base.insert(Label::new("预算数"), 2);
        let mut form = base.clone();
        form.begin();
        form.insert(Label::new("决算数"), 3);
        assert_eq!(form.get("决算数"), Some(&3));
        assert_eq!(form.get("预算数"), Some(&2));
        assert_eq!(base.get("决算数"), Some(&1));
        let mut values: Vec<u8> = form.values().copied().collect();
        values.sort_unstable();
        assert_eq!(values, [2, 3]);
    }
}
