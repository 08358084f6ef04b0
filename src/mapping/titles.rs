use super::FormMapping;
use crate::model::{Label, Map};

/// The titles of all forms, by their last characters: every first cell of every row is held against them.
#[derive(Debug, Default)]
pub struct Titles {
    /// By last character. The longest come first; of equals one that says it is of final accounts, of these the first form's.
    by_end: Map<char, Vec<Title>>,
}

/// One title of a form.
#[derive(Clone, Debug)]
struct Title {
    label: Label,
    /// The position of its form.
    form: usize,
    is_subject: bool,
}

/// A title at the end of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TitleFound<'t> {
    /// The position of its form.
    pub form: usize,
    /// What stands before the title.
    pub before: &'t str,
    /// It says only what the table is about: whether of final accounts, the table must say.
    pub is_subject: bool,
}

impl Titles {
    /// The titles of the forms.
    pub fn of(forms: &[FormMapping]) -> Titles {
        let mut all: Vec<Title> = Vec::new();
        for (form, mapping) in forms.iter().enumerate() {
            for (labels, is_subject) in [(&mapping.titles, false), (&mapping.subjects, true)] {
                all.extend(labels.iter().map(|label| Title { label: label.clone(), form, is_subject }));
            }
        }
        all.sort_by_key(|title| (std::cmp::Reverse(title.label.as_str().len()), title.is_subject, title.form));
        let mut titles = Titles::default();
        for title in all {
            if let Some(last) = title.label.as_str().chars().next_back() {
                titles.by_end.entry(last).or_default().push(title);
            }
        }
        titles
    }

    /// The longest title that a folded text ends with.
    pub fn at_end_of<'t>(&self, folded: &'t str) -> Option<TitleFound<'t>> {
        let same_end = self.by_end.get(&folded.chars().next_back()?)?;
        same_end.iter().find_map(|title| {
            let before = folded.strip_suffix(title.label.as_str())?;
            Some(TitleFound { form: title.form, before, is_subject: title.is_subject })
        })
    }
}
