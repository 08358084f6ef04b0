use std::collections::BTreeMap;

use crate::mapping::{FormMapping, Near, Vocabulary};
use crate::model::{
    Document, DocumentStatus, Extracted, Fate, Figure, Finding, FormSeen, Label, Leftover, NumberRecord, Place, Role,
    Score, Stands, Step, TextField, Trace,
};
use crate::pipeline::{self, Settings, Traced};
use crate::recognise::{Fit, Tried};

/// Which numbers of a document are to be explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those that became no figure and no score, and were not ignored by a rule.
    Unnamed,
    /// Those in a cell or paragraph, as `inspect` writes its place; a worksheet's cell also without the sheet's name.
    Cell(String),
    /// The figures of an item, and the leftovers that have its name among their words.
    Figure(String),
}

/// A document, and how its numbers came to be what they are.
#[derive(Debug)]
pub struct Explained {
    /// The document; `None` where it could not be read.
    pub document: Option<Document>,
    /// Why an import refuses it; it was then read as if it were of [`ASSUMED_YEAR`].
    pub refused: Option<String>,
    /// What was made of it.
    pub extracted: Extracted,
    /// The numbers that were asked for, in the order of the account.
    pub numbers: Vec<Explanation>,
    /// The texts that were tried as titles, and the tables that lack labels of a form.
    pub tried: Vec<Tried>,
}

/// How one number became what it is.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The number, its place and its fate.
    pub number: NumberRecord,
    /// The form it stands in, and how that was recognised.
    pub form: Option<FormSeen>,
    /// The words on its path; none for numbers that no words lead to.
    pub steps: Vec<Step>,
    /// The figures that it became.
    #[allow(clippy::vec_box, reason = "as in a submission")]
    pub figures: Vec<Box<Figure>>,
    /// The indicator whose weight or score it is.
    pub scores: Vec<Score>,
    /// The text field that it belongs to.
    pub texts: Vec<TextField>,
    /// Why it was left over.
    pub leftover: Option<Leftover>,
    /// What was found to be doubtful at its place.
    pub findings: Vec<Finding>,
    /// The words that block it, each with the known labels nearest to it, which are not used.
    pub suggested: Vec<Suggested>,
    /// For a number outside forms: the last headings above it, and why none is a title.
    pub tried: Vec<Tried>,
}

/// A word that is not understood, and the known labels nearest to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// The word.
    pub word: String,
    /// The labels; they are not used.
    pub near: Vec<Near>,
    /// It is known, but means something only below one of these, of which none stands there.
    pub under: Vec<String>,
    /// It heads a column of labels.
    pub heads_labels: bool,
}

/// The words that left a number over, as far as it tells them, each with the known labels nearest to it.
pub fn suggested(leftover: &Leftover, fiscal_year: Option<i32>, settings: &Settings) -> Vec<Suggested> {
    let Some(form) = settings.mappings.form(&leftover.form, fiscal_year) else { return Vec::new() };
    suggestions(&blocking_words(leftover, &[]), &[], form, settings)
}

/// The fiscal year of documents that tell none, where they are only explained.
pub const ASSUMED_YEAR: i32 = 2022;

/// Explains numbers of one file.
///
/// A document that an import refuses, because it tells no unit or no year, is explained as if it were of some year: what its
/// words mean does not wait for that.
pub fn explain(bytes: &[u8], path: &str, settings: &mut Settings, wanted: &Wanted) -> Explained {
    let (mut document, mut traced) = pipeline::inspect_traced(bytes, path, settings);
    let mut refused = None;
    if document.is_some() && traced.extracted.status == DocumentStatus::Quarantined && settings.assumed_year.is_none() {
        let reason = std::mem::take(&mut traced.extracted.reason);
        settings.assumed_year = Some(ASSUMED_YEAR);
        (document, traced) = pipeline::inspect_traced(bytes, path, settings);
        settings.assumed_year = None;
        refused = Some(reason);
    }
    let settings = &*settings;
    let Traced { extracted, traces, tried } = traced;
    let mut by_place: BTreeMap<&Place, Vec<&Trace>> = BTreeMap::new();
    for trace in &traces {
        by_place.entry(&trace.place).or_default().push(trace);
    }
    let mut numbers = extracted.submission.numbers.clone();
    if let Some(document) = &document {
        numbers.sort_by_cached_key(|number| document.position(&number.place));
    }
    let numbers = numbers
        .iter()
        .filter(|number| is_wanted(number, &extracted, wanted, &settings.mappings.vocabulary))
        .map(|number| {
            let trace = by_place.get(&number.place).and_then(|traces| traces.first());
            explanation(number, trace.copied(), &extracted, &tried, document.as_ref(), settings)
        })
        .collect();
    let tried = match &document {
        Some(document) => over_numbers(tried, &extracted, document),
        None => tried,
    };
    Explained { document, refused, extracted, numbers, tried }
}

fn is_wanted(number: &NumberRecord, extracted: &Extracted, wanted: &Wanted, vocabulary: &Vocabulary) -> bool {
    match wanted {
        Wanted::Unnamed => matches!(number.fate, Fate::Leftover | Fate::Finding),
        Wanted::Cell(place) => {
            let same = |found: String| {
                let squeezed = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
                let (found, wanted) = (squeezed(&found), squeezed(place));
                found == wanted || !wanted.contains('!') && found.ends_with(&format!("!{wanted}"))
            };
            same(number.place.to_string()) || same(number.place.whole().to_string())
        }
        Wanted::Figure(item) => {
            let submission = &extracted.submission;
            // A person names what stands in the document, too: 三公经费.
            let meant = vocabulary.meaning(&Label::new(item)).map_or(item.as_str(), |meaning| &*meaning.item);
            submission.figures.iter().any(|figure| figure.place == number.place && &*figure.key.item == meant)
                || submission.leftovers.iter().any(|left| {
                    left.place == number.place
                        && (left.labels.contains(item.as_str()) || left.blocked_by.contains(item.as_str()))
                })
        }
    }
}

fn explanation(
    number: &NumberRecord,
    trace: Option<&Trace>,
    extracted: &Extracted,
    tried: &[Tried],
    document: Option<&Document>,
    settings: &Settings,
) -> Explanation {
    let submission = &extracted.submission;
    let place = &number.place;
    let steps = trace.map(|trace| trace.steps.clone()).unwrap_or_default();
    // Digits among words are left over with the whole cell.
    let mut left_over = [place.clone(), place.whole()].into_iter();
    let leftover = left_over.find_map(|place| submission.leftovers.iter().find(|left| left.place == place)).cloned();
    let form = form_of(number, submission.forms.as_slice(), document);
    let suggested = match &leftover {
        Some(leftover) => settings
            .mappings
            .form(&leftover.form, submission.fiscal_year)
            .map(|form| suggestions(&blocking_words(leftover, &steps), &steps, form, settings))
            .unwrap_or_default(),
        None => Vec::new(),
    };
    Explanation {
        number: number.clone(),
        form,
        steps,
        figures: submission.figures.iter().filter(|figure| figure.place == *place).cloned().collect(),
        scores: submission
            .scores
            .iter()
            .filter(|score| *score.form == *number.form && same_row(&score.place, place))
            .cloned()
            .collect(),
        texts: submission.texts.iter().filter(|text| text.place.whole() == place.whole()).cloned().collect(),
        leftover,
        findings: submission.findings.iter().filter(|finding| finding.places.contains(place)).cloned().collect(),
        suggested,
        tried: if number.fate == Fate::Outside { above(place, tried, document) } else { Vec::new() },
    }
}

/// The form that a number stands in: the last of its kind that begins before it.
fn form_of(number: &NumberRecord, forms: &[FormSeen], document: Option<&Document>) -> Option<FormSeen> {
    let same: Vec<&FormSeen> = forms.iter().filter(|seen| seen.form == number.form).collect();
    let position = |place: &Place| document.map(|document| document.position(place));
    let before = same.iter().rev().find(|seen| position(&seen.place) <= position(&number.place));
    before.or(same.first()).map(|seen| (*seen).clone())
}

/// Weight and score of an indicator stand in one row.
fn same_row(one: &Place, other: &Place) -> bool {
    match (one, other) {
        (Place::Sheet { sheet, row, .. }, Place::Sheet { sheet: other, row: of_other, .. }) => {
            (sheet, row) == (other, of_other)
        }
        (Place::Table { table, row, .. }, Place::Table { table: other, row: of_other, .. }) => {
            (table, row) == (other, of_other)
        }
        _ => one == other,
    }
}

/// The headings below which numbers of no form stand before the next one; those inside forms are none of an author's business.
fn over_numbers(tried: Vec<Tried>, extracted: &Extracted, document: &Document) -> Vec<Tried> {
    let outside = extracted.submission.numbers.iter().filter(|number| number.fate == Fate::Outside);
    let mut numbers: Vec<_> = outside.map(|number| document.position(&number.place)).collect();
    numbers.sort_unstable();
    let places: Vec<_> = tried.iter().map(|tried| document.position(&tried.place)).collect();
    let governs = |at: usize| {
        let end = places[at + 1..].iter().find(|place| **place > places[at]);
        let first = numbers.partition_point(|number| *number < places[at]);
        numbers.get(first).is_some_and(|number| end.is_none_or(|end| number < end))
    };
    let told: Vec<bool> = (0..tried.len()).map(governs).collect();
    tried.into_iter().zip(told).filter(|(_, told)| *told).map(|(tried, _)| tried).collect()
}

/// How many headings above a number outside forms are told.
const HEADINGS_TOLD: usize = 3;

fn above(place: &Place, tried: &[Tried], document: Option<&Document>) -> Vec<Tried> {
    let Some(document) = document else { return Vec::new() };
    let here = document.position(place);
    let mut above: Vec<Tried> = tried.iter().filter(|tried| document.position(&tried.place) <= here).cloned().collect();
    // A title below which the number stands ends the search.
    let from = above.iter().rposition(|tried| matches!(tried.outcome, Fit::Title(_))).unwrap_or(0);
    above.drain(..from.max(above.len().saturating_sub(HEADINGS_TOLD)));
    above
}

/// The words that leave a number over: the one that is told, else those of its path that block.
pub(super) fn blocking_words(leftover: &Leftover, steps: &[Step]) -> Vec<String> {
    let told = blocking_word(&leftover.blocked_by);
    let on_path = |word: &str| steps.iter().any(|step| step.written == word && step.role.blocks());
    if on_path(told) || leftover.blocked_by.contains('`') {
        return vec![told.to_owned()];
    }
    let mut words: Vec<String> = steps
        .iter()
        .filter(|step| step.role.blocks() && !step.written.is_empty())
        .map(|step| step.written.clone())
        .collect();
    words.dedup();
    if words.is_empty() && !told.is_ascii() {
        words.push(told.to_owned());
    }
    words
}

/// The word in what blocked a number: ``a total beside `公务飞机运行费` `` is about 公务飞机运行费.
pub(super) fn blocking_word(blocked_by: &str) -> &str {
    let quoted = blocked_by.split('`').nth(1);
    quoted.unwrap_or_else(|| blocked_by.split(" (").next().unwrap_or(blocked_by))
}

/// The known labels nearest to each word; words with none are told too.
pub(super) fn suggestions(words: &[String], steps: &[Step], form: &FormMapping, settings: &Settings) -> Vec<Suggested> {
    let suggested = |word: &String| {
        let mine = || steps.iter().filter(|step| step.written == *word);
        let waits = mine().filter(|step| step.role == Role::NoMeaningHere).flat_map(|step| &step.says);
        let under: Vec<String> = waits.filter(|(name, _)| *name == "under").map(|(_, labels)| labels.clone()).collect();
        let heads_labels = mine().any(|step| step.stands == Stands::OverLabels);
        // What is known, or no label, is not to be taken for another.
        let near =
            if under.is_empty() && !heads_labels { settings.mappings.nearest_labels(form, word) } else { Vec::new() };
        Suggested { word: word.clone(), near, under, heads_labels }
    };
    words.iter().map(suggested).collect()
}
