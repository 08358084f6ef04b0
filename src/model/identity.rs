use std::sync::atomic::{AtomicU64, Ordering};

/// Tells a thing from every other one of this process, also from one that stood in its place before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity(u64);

impl Default for Identity {
    /// One that nothing else has.
    fn default() -> Identity {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Identity(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}
