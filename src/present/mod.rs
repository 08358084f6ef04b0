//! Presenting.
