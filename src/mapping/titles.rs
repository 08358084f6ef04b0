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
        let all = forms.iter().enumerate().flat_map(|(at, form)| form.titles.iter().map(move |title| (title, at)));
        let mut all: Vec<(&Label, usize)> = all.collect();
        all.sort_by_key(|(title, at)| (std::cmp::Reverse(title.as_str().len()), *at));
        let mut titles = Titles::default();
        for (title, at) in all {
            if let Some(last) = title.as_str().chars().next_back() {
                titles.by_end.entry(last).or_default().push((title.clone(), at));
            }
        }
        titles
    }

    /// The position of the form with the longest title that a folded text ends with, and what stands before that title.
    pub fn at_end_of<'t>(&self, folded: &'t str) -> Option<(usize, &'t str)> {
        let same_end = self.by_end.get(&folded.chars().next_back()?)?;
        same_end.iter().find_map(|(title, form)| Some((*form, folded.strip_suffix(title.as_str())?)))
    }
}
