//! Which mapping files can matter to a document: digests, so that a changed file touches only what it describes.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::FormMapping;
use super::file::FormFile;
use super::files::Files;
use super::guesses;
use crate::model::hex;

/// Digests of the mapping files by what they can matter to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digests {
    /// Vocabulary, lexicon and words around tables: to every document.
    shared: String,
    /// The code lists: to every document.
    pub codes: String,
    /// What makes each form known: to every document, since it may make a form known in it or no longer.
    recognition: String,
    /// By form: the files that say what its labels mean, those it extends among them.
    forms: BTreeMap<String, String>,
}

impl Digests {
    /// The digests of a set of files.
    pub(super) fn of(files: &Files, parsed: &BTreeMap<&str, (&str, FormFile)>, forms: &[FormMapping]) -> Digests {
        let code_list = |path: &str| path.starts_with("codes/");
        // A file that adds to the vocabulary or the lexicon, or an item of its own, says something to all documents.
        let of_one_form = |path: &str| {
            let name = path.strip_prefix("forms/").and_then(|name| name.strip_suffix(".yaml"));
            name.and_then(|name| parsed.get(name)).is_some_and(|(_, file)| file.vocabulary.is_empty())
        };
        let texts = |wanted: &dyn Fn(&str) -> bool| {
            let read_by = files.iter().filter(|(path, _)| **path != *guesses::FILE && wanted(path));
            digest(read_by.flat_map(|(path, text)| [&**path, &**text]))
        };
        let mut own: BTreeMap<String, String> = BTreeMap::new();
        let ids: BTreeSet<&str> = forms.iter().map(|form| &*form.form).collect();
        for id in ids {
            // A form may have several files, each for some years.
            let mut names: BTreeSet<&str> = BTreeSet::new();
            for form in forms.iter().filter(|form| &*form.form == id) {
                names.extend(chain(&form.file, parsed));
                let inner = form.tables.iter().map(|inner| &inner.form).chain(&form.other_codes);
                names.extend(inner.flat_map(|inner| chain(&inner.file, parsed)));
            }
            let texts = names.into_iter().flat_map(|name| [name, parsed.get(name).map_or("", |(text, _)| *text)]);
            own.insert(id.to_owned(), digest(texts)[..16].to_owned());
        }
        Digests {
            shared: texts(&|path| !code_list(path) && !of_one_form(path)),
            codes: texts(&code_list)[..6].to_owned(),
            recognition: digest(forms.iter().map(known_by).collect::<Vec<_>>().iter().map(String::as_str)),
            forms: own,
        }
    }

    /// The version of the mapping files for a document that holds `forms`. Where it holds none, any file may be the one
    /// that makes something of it: all count.
    pub fn for_forms(&self, forms: &[&str]) -> String {
        let own: Vec<&str> = if forms.is_empty() {
            self.forms.values().map(String::as_str).collect()
        } else {
            let forms: BTreeSet<&str> = forms.iter().copied().collect();
            forms.into_iter().map(|form| self.forms.get(form).map_or("gone", String::as_str)).collect()
        };
        digest([&*self.shared, &*self.recognition].into_iter().chain(own))[..10].to_owned()
    }
}

/// What makes a form known, as text: all that recognising may ask of a form that the document does not hold.
fn known_by(form: &FormMapping) -> String {
    // Every field is named, so that whoever adds one has to say on which side it is.
    let FormMapping {
        form: id,
        file,
        kind,
        years,
        titles,
        subjects,
        part_subjects,
        covers,
        labels_that_tell,
        headings,
        sections,
        statements,
        reports,
        ends,
        in_prose,
        name: _,
        context: _,
        amounts: _,
        unit_must_be_told: _,
        roots: _,
        total: _,
        total_of: _,
        codes: _,
        other_codes: _,
        names: _,
        columns: _,
        across: _,
        down: _,
        fields: _,
        tables: _,
        score: _,
        ignored: _,
        own_labels: _,
        notes: _,
        noted: _,
        tag: _,
    } = form;
    let mut text = format!("{id} {file} {kind:?} {years:?} {in_prose:?}");
    // Some thousand titles: to write them as Rust would took as long as all the rest of a start.
    for labels in [titles, subjects, part_subjects, covers, labels_that_tell, headings, ends] {
        text.push('\n');
        labels.iter().for_each(|label| text.extend([label.as_str(), "\t"]));
    }
    for words in [sections, statements, reports] {
        text.push('\n');
        words.iter().for_each(|word| text.extend([word.as_str(), "\t"]));
    }
    text
}

/// A file and those it extends, and all that add to one of these.
pub(super) fn chain<'p>(file: &str, parsed: &BTreeMap<&'p str, (&'p str, FormFile)>) -> Vec<&'p str> {
    let mut names = Vec::new();
    let mut next = Some(file);
    while let Some((name, (_, file))) = next.and_then(|name| parsed.get_key_value(name)) {
        if names.contains(name) {
            break;
        }
        names.push(*name);
        next = file.extends.as_ref().map(|extends| extends.value.as_str());
    }
    let adds = |file: &FormFile| file.adds_to.as_ref().is_some_and(|target| names.contains(&target.value.as_str()));
    let additions: Vec<&str> = parsed.iter().filter(|(_, (_, file))| adds(file)).map(|(name, _)| *name).collect();
    names.extend(additions);
    names
}

fn digest<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use crate::mapping::Mappings;

    fn with(changes: &[(&str, &str, &str)]) -> Mappings {
        let mut files = super::super::files::built_in();
        for (path, from, to) in changes {
            let text = files.get_mut(*path).unwrap();
            assert!(text.contains(from), "{path} has {from}");
            *text = text.replacen(from, to, 1).into();
        }
        Mappings::from_files(&files).unwrap()
    }

    #[test]
    fn a_label_touches_the_documents_that_hold_its_form() {
        let before = with(&[]);
        let after = with(&[("forms/three_public.yaml", "\ntotal:", "\nlabels:\n  某栏: {}\ntotal:")]);
        let same = |forms: &[&str]| before.digests.for_forms(forms) == after.digests.for_forms(forms);
        assert!(same(&["income"]));
        assert!(!same(&["three_public"]));
        assert!(!same(&["income", "three_public"]));
        assert!(!same(&[]), "a document without a known form is read again");
        assert_eq!(before.digests.codes, after.digests.codes);
    }

    #[test]
    fn a_file_that_is_extended_touches_the_forms_that_extend_it() {
        let before = with(&[]);
        let after = with(&[("forms/fund_table.yaml", "\n", "\n# changed\n")]);
        let same = |form: &str| before.digests.for_forms(&[form]) == after.digests.for_forms(&[form]);
        assert!(!same("general_budget_expenditure"));
        assert!(same("three_public"));
    }

    #[test]
    fn a_file_that_adds_to_a_form_touches_the_documents_that_hold_it() {
        let before = with(&[]);
        let after = |text: &str| {
            let mut files = super::super::files::built_in();
            files.insert("forms/own.yaml".into(), text.to_owned().into());
            Mappings::from_files(&files).unwrap()
        };
        let to_form = after("adds_to: three_public\nlabels:\n  某栏: {}\n");
        let same = |form: &str| before.digests.for_forms(&[form]) == to_form.digests.for_forms(&[form]);
        assert!(!same("three_public") && same("income"));
        let to_all = after("adds_to: vocabulary\nitems: []\n");
        assert_ne!(before.digests.for_forms(&["income"]), to_all.digests.for_forms(&["income"]));
    }

    #[test]
    fn a_title_and_a_shared_word_touch_every_document() {
        let before = with(&[]);
        for change in [
            ("forms/three_public.yaml", "titles:", "titles:\n    - 某某情况表"),
            ("lexicon.yaml", "\n", "\n# a word more\n"),
        ] {
            let after = with(&[change]);
            assert_ne!(before.digests.for_forms(&["income"]), after.digests.for_forms(&["income"]), "{change:?}");
        }
    }

    #[test]
    fn a_code_list_is_told_apart_from_the_mapping() {
        let before = with(&[]);
        let after = with(&[("codes/economic.csv", "\n", "\n")]);
        assert_eq!(before.digests, after.digests);
        let mut files = super::super::files::built_in();
        files.get_mut("codes/functional_names.csv").unwrap().to_mut().push('\n');
        let after = Mappings::from_files(&files).unwrap();
        assert_ne!(before.digests.codes, after.digests.codes);
        assert_eq!(before.digests.for_forms(&["income"]), after.digests.for_forms(&["income"]));
    }
}
