//! Known labels that look like an unknown one: for messages and suggestions, never for reading.

use super::{ColumnRole, FormMapping, Kind, Mappings, Partial, Rule, Vocabulary};
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
        match form.kind {
            Kind::Prose => nearest(&unknown, self.lexicon.phrases(), |senses| senses.to_string()),
            _ => nearest_of_tables(&unknown, form, &self.vocabulary),
        }
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
        let titles = self.forms.iter().flat_map(|form| form.titles.iter().map(|title| (title.as_str(), &form.form)));
        nearest(Label::new(heading).as_str(), titles, |form| form.to_string())
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
fn labels_of(form: &FormMapping, vocabulary: &Vocabulary) -> Vec<(String, String)> {
    let labels = meanings(form, vocabulary).map(|(label, means)| (label.to_owned(), means.to_string()));
    let mut labels: Vec<(String, String)> = labels.collect();
    labels.sort_unstable();
    labels.dedup_by(|a, b| a.0 == b.0);
    labels
}

/// The labels of a form of tables that are nearest to an unknown one.
pub(super) fn nearest_of_tables(unknown: &str, form: &FormMapping, vocabulary: &Vocabulary) -> Vec<Near> {
    nearest(unknown, meanings(form, vocabulary), |means| means.to_string())
}

/// What a label means in one place.
enum Means<'m> {
    Rule(&'m Rule),
    Column(ColumnRole),
    Field(&'m str),
    Ignored(&'m str),
    Item(&'m str),
}

impl std::fmt::Display for Means<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Means::Rule(rule) => rule.fmt(f),
            Means::Column(role) => write!(f, "column {}", role.word()),
            Means::Field(name) => write!(f, "field {name}"),
            Means::Ignored(reason) => write!(f, "ignored: {reason}"),
            Means::Item(item) => f.write_str(item),
        }
    }
}

/// Every label that a form of tables understands with what it means in each place, in no order.
fn meanings<'m>(form: &'m FormMapping, vocabulary: &'m Vocabulary) -> impl Iterator<Item = (&'m str, Means<'m>)> {
    let may_give =
        |item: &str| form.roots.is_empty() || form.roots.iter().any(|root| vocabulary.is_part_of(item, root));
    let known = vocabulary.labels().into_iter().filter(move |(_, meaning)| may_give(&meaning.item));
    let rules = form.across.iter().chain(form.down.iter());
    let fields = form.fields.iter().map(|(label, field)| (label, Means::Field(&field.name)));
    rules
        .map(|(label, rule)| (label, Means::Rule(rule)))
        .chain(form.columns.iter().map(|(label, role)| (label, Means::Column(*role))))
        .chain(fields)
        .chain(form.ignored.iter().map(|(label, reason)| (label, Means::Ignored(reason))))
        .chain(known.map(|(label, meaning)| (label, Means::Item(&meaning.item))))
        .map(|(label, means)| (label.as_str(), means))
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

/// The nearest of some labels. What they mean is told of those alone: a form knows thousands.
pub(super) fn nearest<'l, M>(
    unknown: &str,
    labels: impl Iterator<Item = (&'l str, M)>,
    tell: impl Fn(&M) -> String,
) -> Vec<Near> {
    let long = unknown.chars().count();
    let mut near: Vec<(usize, &str, M)> = labels
        .filter_map(|(label, means)| {
            let own = label.chars().count();
            let allowed = own.max(2) / 2;
            // So many characters at least must be put in or taken out.
            let distance =
                Some(label).filter(|_| own.abs_diff(long) <= allowed).map(|label| distance(label, unknown))?;
            (1..=allowed).contains(&distance).then_some((distance, label, means))
        })
        .collect();
    // Of labels that are equally near, the one that begins like it.
    near.sort_by_cached_key(|(distance, label, means)| {
        (*distance, std::cmp::Reverse(common_start(label, unknown)), *label, tell(means))
    });
    near.dedup_by(|a, b| a.1 == b.1);
    near.truncate(TOLD);
    let told =
        |(distance, label, means): (usize, &str, M)| Near { distance, label: label.to_owned(), means: tell(&means) };
    near.into_iter().map(told).collect()
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
