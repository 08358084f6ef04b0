//! Known labels that look like an unknown one: for messages and suggestions, never for reading.

use super::{FormMapping, Kind, Mappings};
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
        let mut labels: Vec<(String, String)> = Vec::new();
        for rules in [&form.across, &form.down] {
            labels.extend(rules.iter().map(|(label, rule)| (label.to_string(), rule.to_string())));
        }
        labels.extend(form.columns.iter().map(|(label, role)| (label.to_string(), format!("column {}", role.word()))));
        labels.extend(form.fields.iter().map(|(label, field)| (label.to_string(), format!("field {}", field.name))));
        labels.extend(form.ignored.iter().map(|(label, reason)| (label.to_string(), format!("ignored: {reason}"))));
        let may_give =
            |item: &str| form.roots.is_empty() || form.roots.iter().any(|root| self.vocabulary.is_part_of(item, root));
        let known = self.vocabulary.labels();
        let known = known.into_iter().filter(|(_, meaning)| may_give(&meaning.item));
        labels.extend(known.map(|(label, meaning)| (label.to_string(), meaning.item.to_string())));
        labels.sort_unstable();
        labels.dedup_by(|a, b| a.0 == b.0);
        labels
    }
}

/// The nearest of some labels.
fn nearest(unknown: &str, labels: impl Iterator<Item = (String, String)>) -> Vec<Near> {
    let mut near: Vec<Near> = labels
        .map(|(label, means)| Near { distance: distance(&label, unknown), label, means })
        .filter(|near| near.distance > 0 && near.distance * 2 <= near.label.chars().count().max(2))
        .collect();
    near.sort_unstable();
    near.truncate(TOLD);
    near
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
