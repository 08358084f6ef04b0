//! Two properties that need no truth: a word replaced by an unknown one, and an unknown word put in.

use super::corpora::{corpora_at_hand, corpus};
use super::seed::{SEED, seed_forms};
use super::*;

/// A text that is changed word by word.
pub(super) struct Text {
    pub(super) name: String,
    pub(super) year: i32,
    pub(super) form: String,
    pub(super) units: Vec<String>,
    pub(super) lines: Vec<String>,
}

/// Key, value and place of each figure, as often as it stands; and the places of numbers that others contradict.
type Reading = Vec<(String, u32, u32)>;

const UNKNOWN: &str = "囗囗";

impl Text {
    fn read(&self, lines: &[String]) -> (Reading, Vec<(u32, u32)>) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let located = read_lines(&lines, self.year, &self.units, &self.form);
        let spot = |place: &Place| match place {
            Place::Paragraph { paragraph, range } => (*paragraph, range.unwrap_or_default().0),
            _ => (0, 0),
        };
        let mut reading: Reading = located
            .claims
            .iter()
            .map(|claim| {
                let (paragraph, start) = spot(&claim.place);
                (line_of(claim), paragraph, start)
            })
            .collect();
        reading.sort();
        let twice = located
            .findings
            .iter()
            .filter(|finding| matches!(finding.code, FindingCode::TwoValues | FindingCode::Contradiction))
            .flat_map(|finding| finding.places.iter().map(spot))
            .collect();
        (reading, twice)
    }

    /// The characters of each known word of a line, and where each word of it begins.
    fn words(&self, line: &str) -> (Vec<(usize, usize)>, Vec<usize>) {
        let units = UnitName::all(&self.units, &KNOWN.lexicon);
        let words = Words {
            lexicon: &KNOWN.lexicon,
            codes: &KNOWN.codes,
            fiscal_year: self.year,
            unit_names: &units,
            blank_groups: false,
        };
        let whole = [Line { text: line, place: Place::Paragraph { paragraph: 1, range: None }, offset: None }];
        let paragraph = Paragraph::of_line(&whole[0], 0);
        let cut = words.cut(&paragraph);
        let span = |start: usize, end: usize| match paragraph.place(&whole, start, end).0 {
            Place::Paragraph { range: Some((start, end)), .. } => (start as usize, end as usize),
            _ => (0, 0),
        };
        let (mut known, mut starts) = (Vec::new(), Vec::new());
        for token in &cut.tokens {
            let (from, to) = span(token.start, token.end);
            starts.push(from);
            match &token.word {
                Word::Phrase(_) | Word::UnitName | Word::Year(_) | Word::Years | Word::Function(_) => {
                    known.push((from, to));
                }
                Word::Number(number) if cut.runs[number.run].end < token.end => {
                    let (behind, to) = span(cut.runs[number.run].end, token.end);
                    starts.push(behind);
                    known.push((behind, to));
                }
                _ => {}
            }
        }
        (known, starts)
    }

    /// What each change of one word makes appear, or turns into something else.
    pub(super) fn violations(&self, every: usize) -> (usize, Vec<String>) {
        let (before, twice) = self.read(&self.lines);
        let (mut changes, mut violations) = (0, Vec::new());
        let mut lines = self.lines.clone();
        for index in 0..lines.len() {
            let line = std::mem::take(&mut lines[index]);
            let characters: Vec<char> = line.chars().collect();
            let (known, starts) = self.words(&line);
            let edits = known.into_iter().chain(starts.into_iter().map(|start| (start, start)));
            for (start, end) in edits {
                changes += 1;
                if changes % every != 0 {
                    continue;
                }
                let mut changed: String = characters[..start].iter().collect();
                changed.push_str(UNKNOWN);
                changed.extend(&characters[end..]);
                lines[index] = changed;
                let shift = 2 + start as i64 - end as i64;
                let back = |paragraph: u32, at: u32| {
                    let moved = paragraph as usize == index + 1 && at as usize > start;
                    if moved || (paragraph as usize == index + 1 && at as usize == start) {
                        (i64::from(at) - shift) as u32
                    } else {
                        at
                    }
                };
                let mut left = before.clone();
                for (key, paragraph, at) in self.read(&lines).0 {
                    let at = back(paragraph, at);
                    match left.iter().position(|figure| figure == &(key.clone(), paragraph, at)) {
                        Some(same) => {
                            left.swap_remove(same);
                        }
                        None if twice.contains(&(paragraph, at)) => {}
                        None => {
                            let word: String = characters[start..end].iter().collect();
                            let was = before.iter().find(|(_, other, spot)| (*other, *spot) == (paragraph, at));
                            let became = match was {
                                Some((was, ..)) => format!("{was} -> {key}"),
                                None => format!("appeared: {key}"),
                            };
                            violations.push(format!("{}: {} for `{word}`: {became}", self.name, lines[index].trim()));
                        }
                    }
                }
            }
            lines[index] = line;
        }
        (changes / every, violations)
    }
}

pub(super) fn check(texts: &[Text], every: usize) {
    let (mut changes, mut violations) = (0, Vec::new());
    for text in texts {
        let (count, found) = text.violations(every);
        changes += count;
        violations.extend(found);
    }
    println!("{changes} changes, {} violations", violations.len());
    assert!(violations.is_empty(), "{}:\n{}", violations.len(), violations[..violations.len().min(60)].join("\n"));
}

#[test]
fn an_unknown_word_changes_no_figure_of_a_case_and_adds_none() {
    let texts: Vec<Text> = cases()
        .into_iter()
        .map(|case| Text {
            name: case.id,
            year: case.year,
            form: "narrative".to_owned(),
            units: UNITS.iter().map(|unit| (*unit).to_owned()).collect(),
            lines: case.headings.into_iter().chain(case.text).collect(),
        })
        .collect();
    check(&texts, 1);
}

#[test]
fn an_unknown_word_changes_no_figure_of_the_seed_and_adds_none() {
    let Ok(text) = std::fs::read_to_string(format!("{SEED}hongjiang-2020.txt")) else {
        println!("skipped: no shared files beside the package");
        return;
    };
    let texts = seed_forms(&text).map(|(form, lines)| Text {
        name: form.to_owned(),
        year: 2020,
        form: form.to_owned(),
        units: vec!["洪江市人民政府办公室".to_owned(), "政府办".to_owned()],
        lines: lines.iter().map(|line| line.text.to_owned()).collect(),
    });
    check(&texts, every());
}

#[test]
fn an_unknown_word_changes_no_figure_of_the_families_and_adds_none() {
    for (_, text) in corpora_at_hand() {
        let (documents, ..) = corpus(&text).unwrap();
        let texts: Vec<Text> = documents
            .into_iter()
            .take(20)
            .map(|document| Text {
                name: document.name,
                year: document.year,
                form: document.form,
                units: vec![document.unit],
                lines: document.lines,
            })
            .collect();
        check(&texts, every());
    }
}

/// The prose of the documents at hand: the samples, and all files below the folders that `JUESUAN_DOCUMENTS` names (parted
/// by commas).
pub(super) fn documents_at_hand() -> Vec<Text> {
    let mappings = crate::mapping::Mappings::load(None).unwrap();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/county"))];
    let named = std::env::var("JUESUAN_DOCUMENTS").unwrap_or_default();
    folders.extend(named.split(',').filter(|path| !path.is_empty()).map(std::path::PathBuf::from));
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let mut texts = Vec::new();
    for file in files {
        let path = file.to_string_lossy().into_owned();
        let Ok(document) = crate::read::read(&std::fs::read(&file).unwrap(), &path) else { continue };
        let recognised = crate::recognise::recognise(&document, &path, &mappings);
        let Some(year) = recognised.scope.fiscal_year else { continue };
        for region in recognised.regions.iter().filter(|region| region.form.kind == crate::mapping::Kind::Prose) {
            let lines = region.parts.iter().filter_map(|part| match part {
                crate::locate::Part::Paragraph(paragraph) => Some(paragraph.text.clone()),
                crate::locate::Part::Rows(_) => None,
            });
            texts.push(Text {
                name: path.clone(),
                year,
                form: region.form.form.to_string(),
                units: recognised.scope.names.clone(),
                lines: lines.collect(),
            });
        }
    }
    texts
}

#[test]
fn an_unknown_word_changes_no_figure_of_a_document_at_hand_and_adds_none() {
    let texts = documents_at_hand();
    assert!(texts.len() > 20, "the samples hold explanations");
    check(&texts, every() * 5);
}

/// Each how many-th change is tried: all of them take a minute.
fn every() -> usize {
    std::env::var("JUESUAN_EVERY").ok().and_then(|every| every.parse().ok()).unwrap_or(11)
}
