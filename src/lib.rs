//! juesuan (决算) turns the final accounts that government units hand in into exact, traceable data.
//!
//! A document passes through these stages, each a module with a verb for its name:
//!
//! 1. [`read`] turns bytes into a [`Document`](model::Document), each cell with its place;
//! 2. [`recognise`] says which forms it holds, whose they are, and for which fiscal year;
//! 3. [`locate`] finds the values and the words that name them;
//! 4. [`normalise`] makes figures of them: exact numbers in canonical units;
//! 5. `check` holds them against one another by the rules of what must add up;
//! 6. [`store`] publishes them as a snapshot of a dataset;
//! 7. [`present`] answers questions from one.
//!
//! [`pipeline`] runs a document through them; [`authoring`] tells authors of mappings how that came out, and why.
//!
//! Two promises hold throughout. No amount passes through binary floating point. No number is lost: it ends as a figure,
//! a score, a text, a leftover or a finding, or a rule says why it is none, and each of these knows its place.

pub mod model;

pub mod mapping;

pub mod registry;

pub mod read;

pub mod recognise;

pub mod locate;

pub mod normalise;

mod check;

pub mod wording;

pub mod store;

pub mod present;

pub mod pipeline;

pub mod authoring;
