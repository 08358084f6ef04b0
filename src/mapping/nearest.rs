//! Known labels that look like an unknown one: for messages and suggestions, never for reading.

use super::{FormMapping, Kind, Mappings, Partial, Vocabulary};
use crate::model::{Label, fold};

/// A known label near an unknown one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Near {
    /// Characters to put in, take out or exchange.
    pub distance: usize,
    /// The known label, normalised.
    pub label: String,
    /// What it means: an item, a measure, the role of a column.
    pub means: String,
}

/// How many are told.
const TOLD: usize = 3;

impl Mappings {
    /// The labels that a form understands, nearest to one that it does not.
    ///
    /// At most three, none of which needs more than half of its characters changed.
    pub fn nearest_labels(&self, form: &FormMapping, unknown: &str) -> Vec<Near> {
        let unknown = fold(unknown);
        let unknown = match form.kind {
            Kind::Prose => unknown,
            _ => Label::of_folded(&unknown).as_str().to_owned(),
        };
        nearest(&unknown, self.labels_of(form).into_iter())
    }

    /// The form (or, for prose, the lexicon) knows a word: where it blocks all the same, that has another reason.
    pub fn knows(&self, form: &FormMapping, word: &str) -> bool {
        match form.kind {
            Kind::Prose => {
                let folded = fold(word);
                self.lexicon.find(&folded).iter().any(|found| found.start == 0 && found.end == folded.len())
            }
            _ => meaning(form, &self.vocabulary, &Label::new(word)).is_some(),
        }
    }

    /// The titles of all forms nearest to a heading, each with its form.
    pub fn nearest_titles(&self, heading: &str) -> Vec<Near> {
        let titles = self
            .forms
            .iter()
            .flat_map(|form| form.titles.iter().map(|title| (title.as_str().to_owned(), form.form.to_string())));
        nearest(Label::new(heading).as_str(), titles)
    }

    /// Every label that a form understands, with what it means.
    pub fn labels_of(&self, form: &FormMapping) -> Vec<(String, String)> {
        if form.kind == Kind::Prose {
            return self.lexicon.phrases().map(|(phrase, senses)| (phrase.to_owned(), senses.to_string())).collect();
        }
        labels_of(form, &self.vocabulary)
    }
}

/// Every label that a form of tables understands, with what it means.
pub(super) fn labels_of(form: &FormMapping, vocabulary: &Vocabulary) -> Vec<(String, String)> {
    let mut labels: Vec<(String, String)> = Vec::new();
    for rules in [&form.across, &form.down] {
        labels.extend(rules.iter().map(|(label, rule)| (label.to_string(), rule.to_string())));
    }
    labels.extend(form.columns.iter().map(|(label, role)| (label.to_string(), format!("column {}", role.word()))));
    labels.extend(form.fields.iter().map(|(label, field)| (label.to_string(), format!("field {}", field.name))));
    labels.extend(form.ignored.iter().map(|(label, reason)| (label.to_string(), format!("ignored: {reason}"))));
    let may_give =
        |item: &str| form.roots.is_empty() || form.roots.iter().any(|root| vocabulary.is_part_of(item, root));
    let known = vocabulary.labels();
    let known = known.into_iter().filter(|(_, meaning)| may_give(&meaning.item));
    labels.extend(known.map(|(label, meaning)| (label.to_string(), meaning.item.to_string())));
    labels.sort_unstable();
    labels.dedup_by(|a, b| a.0 == b.0);
    labels
}

/// What a label means in a form of tables: all of it, as one text.
pub(super) fn meaning(form: &FormMapping, vocabulary: &Vocabulary, label: &Label) -> Option<String> {
    let mut means: Vec<String> = Vec::new();
    means.extend(form.across.get(label).map(|rule| format!("across {rule}")));
    means.extend(form.down.get(label).map(|rule| format!("down {rule}")));
    means.extend(form.columns.get(label).map(|role| format!("column {}", role.word())));
    means.extend(form.fields.get(label).map(|field| format!("field {}", field.name)));
    means.extend(form.ignored.get(label).map(|reason| format!("ignored: {reason}")));
    if means.is_empty() {
        means.extend(vocabulary.meaning(label).map(|meaning| {
            let key = Partial { item: Some(meaning.item.clone()), funding: meaning.funding, ..Partial::default() };
            format!("across {key}, down {key}")
        }));
    }
    (!means.is_empty()).then(|| means.join(", "))
}

/// The nearest of some labels.
pub(super) fn nearest(unknown: &str, labels: impl Iterator<Item = (String, String)>) -> Vec<Near> {
    let mut near: Vec<Near> = labels
        .map(|(label, means)| Near { distance: distance(&label, unknown), label, means })
        .filter(|near| near.distance > 0 && near.distance * 2 <= near.label.chars().count().max(2))
        .collect();
    // Of labels that are equally near, the one that begins like it.
    near.sort_by_cached_key(|near| {
        (near.distance, std::cmp::Reverse(common_start(&near.label, unknown)), near.label.clone())
    });
    near.truncate(TOLD);
    near
}

/// How many characters two texts begin with alike.
fn common_start(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}

/// The number of characters to put in, take out or exchange to make one text the other.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let exchanged = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_near_by_the_characters_to_change() {
        for (a, b, steps) in
            [("公务接待费", "公务接待费", 0), ("公务接待", "公务接待费", 1), ("出国费", "接待费", 2), ("", "费", 1)]
        {
            assert_eq!(distance(a, b), steps, "{a} {b}");
        }
    }

    #[test]
    fn a_form_tells_the_labels_it_knows_and_no_far_ones() {
        let mappings = Mappings::load(None).expect("built-in mappings");
        let form = mappings.form("three_public", None).expect("the form");
        let near = mappings.nearest_labels(form, "公务接代费");
        assert_eq!((near[0].label.as_str(), near[0].distance), ("公务接待费", 1));
        assert!(near[0].means.contains("公务接待费"), "{near:?}");
        assert!(mappings.nearest_labels(form, "囗囗囗囗").is_empty());
        let title = &mappings.nearest_titles("“三公”经费支出决算明细表")[0];
        assert_eq!(title.means, "three_public");
    }
}
