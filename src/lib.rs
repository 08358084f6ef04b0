//! juesuan (决算) turns the final accounts that government units hand in into exact, traceable data.

pub mod model;

pub mod read;

pub mod wording;

pub mod store;

pub mod present;

pub mod pipeline;
