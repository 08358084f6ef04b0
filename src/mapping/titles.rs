use super::FormMapping;
use crate::model::{Label, Map};

/// The titles of all forms: every first cell of every row is held against them.
#[derive(Debug, Default)]
pub struct Titles {
    /// The bytes that titles with a last character take, the most first.
    lengths: Map<char, Vec<usize>>,
    /// Of equal ones one that says it is of final accounts, of these the first form's.
    known: Map<Label, Title>,
}

/// One title of a form.
#[derive(Clone, Copy, Debug)]
struct Title {
    /// The position of its form.
    form: usize,
    is_subject: bool,
    of_part: bool,
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
    /// The table alone cannot: the heading of its part must.
    pub of_part: bool,
}

impl Titles {
    /// The titles of the forms.
    pub fn of(forms: &[FormMapping]) -> Titles {
        let mut titles = Titles::default();
        for (is_subject, of_part) in [(false, false), (true, false), (true, true)] {
            for (form, mapping) in forms.iter().enumerate() {
                let labels = match (is_subject, of_part) {
                    (false, _) => &mapping.titles,
                    (true, false) => &mapping.subjects,
                    (true, true) => &mapping.part_subjects,
                };
                for label in labels {
                    titles.add(label, Title { form, is_subject, of_part });
                }
            }
        }
        titles
    }

    /// The titles of whole publications.
    pub fn of_covers(forms: &[FormMapping]) -> Titles {
        let mut titles = Titles::default();
        for (form, mapping) in forms.iter().enumerate() {
            for label in &mapping.covers {
                titles.add(label, Title { form, is_subject: false, of_part: false });
            }
        }
        titles
    }

    fn add(&mut self, label: &Label, title: Title) {
        let Some(last) = label.as_str().chars().next_back() else { return };
        let lengths = self.lengths.entry(last).or_default();
        let length = label.as_str().len();
        if let Err(at) = lengths.binary_search_by(|other| length.cmp(other)) {
            lengths.insert(at, length);
        }
        self.known.entry(label.clone()).or_insert(title);
    }

    /// The longest title that a folded text ends with.
    pub fn at_end_of<'t>(&self, folded: &'t str) -> Option<TitleFound<'t>> {
        let lengths = self.lengths.get(&folded.chars().next_back()?)?;
        lengths.iter().find_map(|length| {
            let (before, end) = folded.split_at_checked(folded.len().checked_sub(*length)?)?;
            let title = self.known.get(end)?;
            Some(TitleFound { form: title.form, before, is_subject: title.is_subject, of_part: title.of_part })
        })
    }

    /// Some title ends with the last character of a folded text.
    pub fn may_end(&self, folded: &str) -> bool {
        folded.chars().next_back().is_some_and(|last| self.lengths.contains_key(&last))
    }

    /// A title that says it is of final accounts stands anywhere in a folded text.
    pub fn stand_in(&self, folded: &str) -> bool {
        let ends = folded.char_indices().map(|(at, last)| (at + last.len_utf8(), last));
        ends.into_iter().any(|(end, last)| {
            let lengths = self.lengths.get(&last).into_iter().flatten();
            let starts = lengths.filter_map(|length| end.checked_sub(*length));
            starts.into_iter().any(|start| {
                let title = folded.get(start..end).and_then(|title| self.known.get(title));
                title.is_some_and(|title| !title.is_subject)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles() -> Titles {
        let form = |titles: &[&str], subjects: &[&str]| FormMapping {
            titles: titles.iter().map(|title| Label::new(title)).collect(),
            subjects: subjects.iter().map(|title| Label::new(title)).collect(),
            ..FormMapping::default()
        };
        Titles::of(&[form(&["支出决算表"], &["支出情况表"]), form(&["财政拨款支出决算表", "支出情况表"], &[])])
    }

    #[test]
    fn the_longest_title_at_the_end_is_found_and_rather_one_that_says_it_is_of_final_accounts() {
        let titles = titles();
        let found = |text| titles.at_end_of(text).map(|found| (found.form, found.before, found.is_subject));
        assert_eq!(found("某局财政拨款支出决算表"), Some((1, "某局", false)));
        assert_eq!(found("某局的支出决算表"), Some((0, "某局的", false)));
        assert_eq!(found("支出情况表"), Some((1, "", false)));
        assert_eq!(found("支出决算表的说明"), None);
        assert_eq!(found(""), None);
    }

    #[test]
    fn a_title_may_stand_anywhere_in_a_text() {
        let titles = titles();
        for (text, stands) in [("见支出决算表的说明", true), ("支出决算表", true), ("支出决算的表", false), ("", false)]
        {
            assert_eq!(titles.stand_in(text), stands, "{text}");
        }
    }
}
