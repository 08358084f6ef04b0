use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;

use crate::model::{NumberRecord, Place};

use super::markup::escaped;

/// Where the numbers of a document stand in its paragraphs and cells.
pub(super) struct Marks<'a> {
    numbers: &'a [NumberRecord],
    /// For each paragraph and cell, its numbers by position.
    by_place: HashMap<Place, Vec<usize>>,
    /// Personal data that are not to be shown.
    hidden: &'a [&'a str],
}

impl<'a> Marks<'a> {
    pub(super) fn new(numbers: &'a [NumberRecord], hidden: &'a [&'a str]) -> Marks<'a> {
        let mut by_place: HashMap<Place, Vec<usize>> = HashMap::new();
        for (at, record) in numbers.iter().enumerate() {
            by_place.entry(record.place.whole()).or_default().push(at);
        }
        Marks { numbers, by_place, hidden }
    }

    /// A text without the personal data in it, character by character, so that positions stay.
    pub(super) fn masked(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        for secret in self.hidden.iter().filter(|secret| !secret.is_empty()) {
            if shown.contains(secret) {
                shown = shown.replace(secret, &"*".repeat(secret.chars().count()));
            }
        }
        shown
    }

    /// The text of a paragraph or cell as HTML, each number marked with its fate.
    pub(super) fn drawn(&self, place: &Place, text: &str) -> String {
        let text = self.masked(text);
        let Some(numbers) = self.by_place.get(place) else { return escaped(&text) };
        let characters: Vec<char> = text.chars().collect();
        let part = |range: Range<usize>| escaped(&characters[range].iter().collect::<String>());
        let mut html = String::new();
        let mut done = 0;
        for (range, numbers) in self.spans(&characters, numbers) {
            let ids: Vec<String> = numbers.iter().map(usize::to_string).collect();
            let fate = self.numbers[numbers[0]].fate.word();
            let _ = write!(
                html,
                "{}<b class=\"n {fate}\" data-n=\"{}\" tabindex=\"0\" role=\"button\">{}</b>",
                part(done..range.start),
                ids.join(" "),
                part(range.clone())
            );
            done = range.end;
        }
        html.push_str(&part(done..characters.len()));
        html
    }

    /// The characters that each number takes, in order and apart; numbers whose characters overlap share a mark.
    fn spans(&self, characters: &[char], numbers: &[usize]) -> Vec<(Range<usize>, Vec<usize>)> {
        let mut found: Vec<(Range<usize>, usize)> = Vec::new();
        let mut from = 0;
        for number in numbers {
            let record = &self.numbers[*number];
            let range = match range_of(&record.place) {
                Some(range) => range.start.min(characters.len())..range.end.min(characters.len()),
                None => position(characters, &record.text, from).unwrap_or(0..characters.len()),
            };
            if !range.is_empty() {
                from = range.end;
                found.push((range, *number));
            }
        }
        found.sort_by_key(|(range, _)| (range.start, range.end));
        let mut spans: Vec<(Range<usize>, Vec<usize>)> = Vec::new();
        for (range, number) in found {
            match spans.last_mut() {
                Some((last, numbers)) if range.start < last.end => {
                    last.end = last.end.max(range.end);
                    numbers.push(number);
                }
                _ => spans.push((range, vec![number])),
            }
        }
        spans
    }
}

/// The characters that a place means, where it is not the whole cell or paragraph.
pub(super) fn range_of(place: &Place) -> Option<Range<usize>> {
    match place {
        Place::Sheet { range, .. } | Place::Table { range, .. } | Place::Paragraph { range, .. } => {
            range.map(|(start, end)| start as usize..end as usize)
        }
    }
}

/// Where a text stands among characters, from a position on.
fn position(characters: &[char], text: &str, from: usize) -> Option<Range<usize>> {
    let wanted: Vec<char> = text.chars().collect();
    if wanted.is_empty() {
        return None;
    }
    let starts = from..=characters.len().checked_sub(wanted.len())?;
    starts.into_iter().find(|start| characters[*start..].starts_with(&wanted)).map(|at| at..at + wanted.len())
}
