use super::FormMapping;
use crate::model::{Label, Map};

/// The titles of all forms, by their last characters: every first cell of every row is held against them.
#[derive(Debug, Default)]
pub struct Titles {
    /// By last character: the title, and the position of its form. The longest come first, of equals the first form.
    by_end: Map<char, Vec<(Label, usize)>>,
}

impl Titles {
    /// The titles of the forms.
    pub fn of(forms: &[FormMapping]) -> Titles {
        let mut titles = Titles::default();
        for (at, form) in forms.iter().enumerate() {
            for title in &form.titles {
                if let Some(last) = title.as_str().chars().next_back() {
                    titles.by_end.entry(last).or_default().push((title.clone(), at));
                }
            }
        }
        for same_end in titles.by_end.values_mut() {
            same_end.sort_by_key(|(title, form)| (std::cmp::Reverse(title.as_str().len()), *form));
        }
        titles
    }

    /// The position of the form with the longest title that a folded text ends with, and what stands before that title.
    pub fn at_end_of<'t>(&self, folded: &'t str) -> Option<(usize, &'t str)> {
        let same_end = self.by_end.get(&folded.chars().next_back()?)?;
        same_end.iter().find_map(|(title, form)| Some((*form, folded.strip_suffix(title.as_str())?)))
    }
}
