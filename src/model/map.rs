use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

/// A map whose hash is cheap and the same in every run.
///
/// The standard library's hash withstands keys that an attacker chose. The keys of these maps come from mapping files,
/// or from one document whose size is bounded, and they are looked up for every cell: there it took a tenth of all time.
pub type Map<K, V> = HashMap<K, V, FixedState>;

/// A set with the hash of [`Map`].
pub type Set<K> = HashSet<K, FixedState>;
