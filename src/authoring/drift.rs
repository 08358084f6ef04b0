use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use rayon::prelude::*;

use super::draft::quoted;
use super::explain::{blocking_word, suggested};
use crate::mapping::{FormMapping, Kind, Mappings, Near};
use crate::model::{Block, Document, Extracted, Fate, FindingCode, Label, Leftover};
use crate::pipeline::{self, Settings};
use crate::recognise::{self, Fit};

/// What a pile of documents has that the mappings do not know, and the other way round.
#[derive(Clone, Debug, Default)]
pub struct Drift {
    /// Documents that were read.
    pub documents: usize,
    /// Documents that could not be read.
    pub unread: usize,
    /// Each form that was seen, by its id.
    pub coverage: Vec<Coverage>,
    /// Words that left numbers over; those that block most come first.
    pub new: Vec<NewWord>,
    /// Headings over numbers that belong to no form; those with most numbers come first.
    pub titles: Vec<NewTitle>,
    /// Labels that a form's own file knows, and that stand in no document that has the form.
    pub gone: Vec<Gone>,
}

/// How much of a form was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The form.
    pub form: String,
    /// Documents that have it.
    pub documents: usize,
    /// Numbers that became figures, scores or texts.
    pub named: usize,
    /// Numbers that were left over or reported.
    pub unnamed: usize,
}

/// A word that left numbers over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWord {
    /// The form.
    pub form: String,
    /// The word.
    pub word: String,
    /// Numbers that it blocks.
    pub blocks: usize,
    /// Documents in which it does.
    pub documents: usize,
    /// The first of them, and the place there.
    pub first: [String; 2],
    /// Forms that know the word: it moved from there.
    pub moved_from: Vec<String>,
    /// The form knows it, so that it blocks for another reason, which `explain` tells; nothing is suggested then.
    pub known: bool,
    /// The nearest known labels.
    pub near: Vec<Near>,
    /// How many more numbers are named if it means what the nearest label means; `None` where that was not tried.
    pub frees: Option<usize>,
}

/// A heading over numbers that belong to no form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTitle {
    /// The heading, without year and organisation.
    pub title: String,
    /// Numbers below it.
    pub numbers: usize,
    /// Documents that have it.
    pub documents: usize,
    /// The first of them, and the place there.
    pub first: [String; 2],
    /// The nearest titles, each with its form.
    pub near: Vec<Near>,
}

/// A label that is known and stands nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The form.
    pub form: String,
    /// The label.
    pub label: String,
}

/// A file of suggestions, to be looked at and put into a directory for `--mappings`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Its name.
    pub name: String,
    /// Its text.
    pub yaml: String,
}

/// Suggestions that are tried one by one; those behind them block too few numbers to matter.
const TRIED: usize = 60;

/// One document's part.
struct Seen {
    extracted: Extracted,
    labels: BTreeSet<Label>,
    titles: Vec<(String, [String; 2], usize)>,
}

/// Holds a pile against the mappings. `read` gives the bytes of a path; documents it cannot read are counted.
///
/// Nothing is applied: how many numbers a suggestion frees is found by reading the documents concerned once more with it.
pub fn drift<Read>(paths: &[String], read: Read, settings: &Settings, directory: Option<&Path>) -> Drift
where
    Read: Fn(&str) -> Option<Vec<u8>> + Sync,
{
    let seen: Vec<(&String, Seen)> =
        paths.par_iter().filter_map(|path| Some((path, seen(&read(path)?, path, settings)))).collect();
    let mut drift = Drift { documents: seen.len(), unread: paths.len() - seen.len(), ..Drift::default() };
    drift.coverage = coverage(&seen);
    drift.gone = gone(&seen, settings);
    drift.titles = new_titles(&seen, settings);
    let (mut words, places) = new_words(&seen, settings);
    let tried: Vec<Option<usize>> = words
        .par_iter()
        .enumerate()
        .map(|(at, word)| {
            let near = word.near.first().filter(|_| at < TRIED)?;
            let form = settings.mappings.form(&word.form, None)?;
            let patch = alias_file(form, &[(word.word.as_str(), near.label.as_str(), String::new())]);
            let mappings = Mappings::load_with_texts(directory, &[(patch.name, patch.yaml)]).ok()?;
            let changed = with_mappings(mappings, settings);
            let freed = |path: &&String| -> usize {
                let before = seen.iter().find(|(seen, _)| seen == path).map_or(0, |(_, seen)| named(&seen.extracted));
                let after = read(path).map_or(before, |bytes| named(&pipeline::extract(&bytes, path, &changed)));
                after.saturating_sub(before)
            };
            Some(places[at].iter().map(freed).sum())
        })
        .collect();
    for (word, frees) in words.iter_mut().zip(tried) {
        word.frees = frees;
    }
    drift.new = words;
    drift
}

/// The same settings with other mappings.
fn with_mappings(mappings: Mappings, settings: &Settings) -> Settings {
    let mut changed = Settings::with_mappings(mappings);
    changed.assumed_year = settings.assumed_year;
    changed
}

fn seen(bytes: &[u8], path: &str, settings: &Settings) -> Seen {
    let (document, traced) = pipeline::inspect_traced(bytes, path, settings);
    let labels = document.as_ref().map(labels_of).unwrap_or_default();
    let outside =
        traced.extracted.submission.findings.iter().filter(|finding| finding.code == FindingCode::NumbersOutsideForms);
    let titles = outside
        .filter_map(|finding| {
            let place = finding.places.first()?;
            let numbers = finding.actual.as_deref().and_then(|count| count.parse().ok()).unwrap_or(0);
            let (title, _) = recognise::bare_title(&finding.subject, &settings.mappings);
            let title = if title.chars().any(char::is_alphabetic) { title } else { String::new() };
            // Words around a known title are an organisation that is not known as one, or another table.
            let around = traced
                .tried
                .iter()
                .any(|tried| tried.text == finding.subject && matches!(tried.outcome, Fit::Around { .. }));
            (!title.is_empty() && !around).then(|| (title, [path.to_owned(), place.to_string()], numbers))
        })
        .collect();
    Seen { extracted: traced.extracted, labels, titles }
}

fn labels_of(document: &Document) -> BTreeSet<Label> {
    let mut labels = BTreeSet::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => {
                labels.insert(Label::new(&paragraph.text));
            }
            Block::Table(table) => labels.extend(table.cells.iter().map(|cell| Label::new(&cell.text))),
        }
    }
    labels
}

fn named(extracted: &Extracted) -> usize {
    let numbers = extracted.submission.numbers.iter();
    numbers.filter(|number| matches!(number.fate, Fate::Figure | Fate::Score | Fate::Text)).count()
}

fn coverage(seen: &[(&String, Seen)]) -> Vec<Coverage> {
    let mut by_form: BTreeMap<String, Coverage> = BTreeMap::new();
    for (_, seen) in seen {
        let submission = &seen.extracted.submission;
        let forms: BTreeSet<&str> = submission.forms.iter().map(|seen| &*seen.form).collect();
        for form in forms {
            by_form.entry(form.to_owned()).or_default().documents += 1;
        }
        for number in submission.numbers.iter().filter(|number| !number.form.is_empty()) {
            let coverage = by_form.entry(number.form.to_string()).or_default();
            match number.fate {
                Fate::Figure | Fate::Score | Fate::Text => coverage.named += 1,
                Fate::Leftover | Fate::Finding => coverage.unnamed += 1,
                Fate::Ignored | Fate::Outside => {}
            }
        }
    }
    by_form.into_iter().map(|(form, coverage)| Coverage { form, ..coverage }).collect()
}

/// Labels of a form's own file that stand in no document that has the form; of prose none, whose words are everybody's.
fn gone(seen: &[(&String, Seen)], settings: &Settings) -> Vec<Gone> {
    let mut gone = Vec::new();
    for form in settings.mappings.forms.iter().filter(|form| form.kind != Kind::Prose) {
        let has =
            |seen: &&(&String, Seen)| seen.1.extracted.submission.forms.iter().any(|found| found.form == form.form);
        let with: Vec<&(&String, Seen)> = seen.iter().filter(has).collect();
        if with.is_empty() {
            continue;
        }
        let nowhere = |label: &&Label| !with.iter().any(|(_, seen)| seen.labels.contains(*label));
        gone.extend(
            form.own_labels
                .iter()
                .filter(nowhere)
                .map(|label| Gone { form: form.form.to_string(), label: label.to_string() }),
        );
    }
    gone
}

fn new_titles(seen: &[(&String, Seen)], settings: &Settings) -> Vec<NewTitle> {
    let mut by_title: BTreeMap<&str, NewTitle> = BTreeMap::new();
    for (title, first, numbers) in seen.iter().flat_map(|(_, seen)| &seen.titles) {
        let found = by_title.entry(title).or_insert_with(|| NewTitle {
            title: title.clone(),
            numbers: 0,
            documents: 0,
            first: first.clone(),
            near: settings.mappings.nearest_titles(title),
        });
        found.numbers += numbers;
        found.documents += 1;
    }
    let mut titles: Vec<NewTitle> = by_title.into_values().collect();
    titles.sort_by(|a, b| b.numbers.cmp(&a.numbers).then(a.title.cmp(&b.title)));
    titles
}

/// The words that left numbers over, those that block most first; for each the documents in which it does.
fn new_words<'s>(seen: &'s [(&'s String, Seen)], settings: &Settings) -> (Vec<NewWord>, Vec<Vec<&'s String>>) {
    let mut by_word: BTreeMap<(String, String), (NewWord, Vec<&String>)> = BTreeMap::new();
    for (path, seen) in seen {
        for left in &seen.extracted.submission.leftovers {
            let word = blocking_word(&left.blocked_by);
            if word.is_ascii() {
                // What is missing, and no word: `no measure`.
                continue;
            }
            let key = (left.form.to_string(), word.to_owned());
            let (found, paths) = by_word
                .entry(key)
                .or_insert_with(|| (new_word(left, word, path, &seen.extracted, settings), Vec::new()));
            found.blocks += 1;
            if paths.last() != Some(path) {
                paths.push(path);
                found.documents += 1;
            }
        }
    }
    let mut words: Vec<(NewWord, Vec<&String>)> = by_word.into_values().collect();
    words.sort_by(|(a, _), (b, _)| b.blocks.cmp(&a.blocks).then(a.word.cmp(&b.word)).then(a.form.cmp(&b.form)));
    words.into_iter().unzip()
}

fn new_word(left: &Leftover, word: &str, path: &str, extracted: &Extracted, settings: &Settings) -> NewWord {
    let year = extracted.submission.fiscal_year;
    let asked = Leftover { blocked_by: format!("`{word}`"), ..left.clone() };
    let known = settings.mappings.form(&left.form, year).is_some_and(|form| settings.mappings.knows(form, word));
    let near = match known {
        true => Vec::new(),
        false => suggested(&asked, year, settings).into_iter().flat_map(|suggested| suggested.near).collect(),
    };
    let label = Label::new(word);
    let knows = |form: &&FormMapping| {
        *form.form != *left.form
            && (form.across.contains_key(&label) || form.down.contains_key(&label) || form.fields.contains_key(&label))
    };
    NewWord {
        form: left.form.to_string(),
        word: word.to_owned(),
        blocks: 0,
        documents: 0,
        first: [path.to_owned(), left.place.to_string()],
        moved_from: settings.mappings.forms.iter().filter(knows).map(|form| form.form.to_string()).collect(),
        known,
        near,
        frees: None,
    }
}

impl Drift {
    /// The suggestions as mapping files, those that free most numbers first; what frees none is a comment.
    pub fn patches(&self, settings: &Settings) -> Vec<Patch> {
        let mut words: Vec<&NewWord> = self.new.iter().filter(|word| !word.near.is_empty()).collect();
        words.sort_by_key(|word| std::cmp::Reverse((word.frees.unwrap_or(0), word.blocks)));
        let mut targets: Vec<&FormMapping> = Vec::new();
        for form in words.iter().filter_map(|word| settings.mappings.form(&word.form, None)) {
            if !targets.iter().any(|other| target_of(other) == target_of(form)) {
                targets.push(form);
            }
        }
        targets
            .into_iter()
            .map(|form| {
                let of_target = words.iter().filter(|word| {
                    settings.mappings.form(&word.form, None).is_some_and(|other| target_of(other) == target_of(form))
                });
                let mut aliases: Vec<&NewWord> = Vec::new();
                for word in of_target {
                    if !aliases.iter().any(|alias| alias.word == word.word) {
                        aliases.push(word);
                    }
                }
                let any = aliases.iter().any(|word| word.is_clear());
                let mut patch = alias_file(form, &[]);
                patch.yaml.clear();
                let _ = writeln!(patch.yaml, "{PATCH_HEAD}");
                let _ = writeln!(patch.yaml, "adds_to: {}", target_of(form));
                let _ = writeln!(patch.yaml, "{}aliases:", if any { "" } else { "# " });
                aliases.into_iter().for_each(|word| draw_alias(word, &mut patch.yaml));
                patch
            })
            .collect()
    }
}

/// What stands above every file of suggestions.
const PATCH_HEAD: &str = "# Suggested by `juesuan mapping drift`; none of it is in use. Is each of these really the same? What is doubtful,\n\
    # or frees no number by itself, is a comment.";

impl NewWord {
    /// One known label is nearer than any that means something else, and it frees numbers.
    fn is_clear(&self) -> bool {
        let [first, others @ ..] = self.near.as_slice() else { return false };
        let rivalled = others.iter().any(|other| other.distance == first.distance && other.means != first.means);
        !rivalled && self.frees.is_some_and(|frees| frees > 0)
    }
}

/// One suggestion, with what it frees and what else is near.
fn draw_alias(word: &NewWord, yaml: &mut String) {
    let Some((near, others)) = word.near.split_first() else { return };
    let lead = if word.is_clear() { "  " } else { "#  " };
    let alias = format!("{lead}{}: {}", quoted(&word.word), quoted(&near.label));
    let _ = write!(yaml, "{alias}   # frees {} of {} numbers; {}", word.frees.unwrap_or(0), word.blocks, near.means);
    for other in others.iter().filter(|other| other.means != near.means) {
        let _ = write!(yaml, "; or {} [{}]", other.label, other.means);
    }
    yaml.push('\n');
}

/// The file that a form's aliases are added to: words of prose are the lexicon's.
fn target_of(form: &FormMapping) -> &str {
    if form.kind == Kind::Prose { "lexicon" } else { &form.file }
}

fn alias_file(form: &FormMapping, aliases: &[(&str, &str, String)]) -> Patch {
    let target = target_of(form);
    let mut yaml = format!("adds_to: {target}\naliases:\n");
    for (word, label, _) in aliases {
        let _ = writeln!(yaml, "  {}: {}", quoted(word), quoted(label));
    }
    Patch { name: format!("{target}_words.yaml"), yaml }
}
