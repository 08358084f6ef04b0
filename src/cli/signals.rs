//! Ctrl-C and the service manager's stop: the work in hand is given up in order, and the snapshot before stands.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From now on the first SIGINT or SIGTERM asks for an end, and the second one ends the process at once.
pub(crate) fn watch() {
    let asked = ASKED.get_or_init(Arc::default);
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // In this order: the first one finds nothing asked for yet. Where signals cannot be watched, they end the
        // process as they always do, and the next import clears away what it leaves.
        let _ = signal_hook::flag::register_conditional_default(signal, asked.clone());
        let _ = signal_hook::flag::register(signal, asked.clone());
    }
}

/// Whether an end was asked for.
pub(crate) fn stopped() -> bool {
    ASKED.get().is_some_and(|asked| asked.load(Ordering::Relaxed))
}
