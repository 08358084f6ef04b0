//! juesuan (决算) turns the final accounts that government units hand in into exact, traceable data.

pub mod model;

pub mod mapping;

pub mod read;

pub mod recognise;

pub mod locate;

pub mod normalise;
