//! Loading: files become one checked [`Mappings`].

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::checks;
use super::compile::Forms;
use super::file::{ExpectEntry, FormFile};
use super::files::{BUILT_IN, Files, built_in, is_built_in, own_files, place_of};
use super::form::FormMapping;
use super::guesses;
use super::phrases::expand;
use super::problem::Wrong;
use super::spanned::Spanned;
use super::surroundings;
use super::{
    CodeLists, Digests, Example, Guesses, Lexicon, Mappings, Problem, Schemes, Surroundings, Titles, Vocabulary,
};
use crate::model::{Label, Map, hex};

impl Mappings {
    /// The built-in mappings, with the files of a directory in place of those of the same name and beside the others: for
    /// reading, without the examples of built-in files.
    ///
    /// # Errors
    /// Every problem found, each with file, line, column and the line itself.
    pub fn load(directory: Option<&Path>) -> Result<Mappings, Vec<Problem>> {
        Mappings::load_as(directory, &[], BuiltIn::WithoutExamples)
    }

    /// The same with single files laid over them, for checking a file before it is put to use.
    ///
    /// # Errors
    /// Every problem found.
    pub fn load_with(directory: Option<&Path>, single: &[std::path::PathBuf]) -> Result<Mappings, Vec<Problem>> {
        Mappings::load_as(directory, single, BuiltIn::Whole)
    }

    fn load_as(
        directory: Option<&Path>,
        single: &[std::path::PathBuf],
        read: BuiltIn,
    ) -> Result<Mappings, Vec<Problem>> {
        let mut files = built_in();
        // For each file of the author's its path as the author knows it.
        let mut written: BTreeMap<String, String> = BTreeMap::new();
        for path in directory.into_iter().chain(single.iter().map(std::path::PathBuf::as_path)) {
            for (name, shown, text) in own_files(path).map_err(|problem| vec![problem])? {
                files.insert(name.clone().into(), text.into());
                written.insert(name, shown);
            }
        }
        let as_written = |problem: &mut Problem| {
            if let Some(shown) = written.get(&problem.file) {
                problem.file.clone_from(shown);
            }
        };
        match Mappings::from_files_as(&files, read) {
            Ok(mut mappings) => {
                mappings.examples.iter_mut().for_each(|example| as_written(&mut example.spot));
                mappings.untried.iter_mut().for_each(as_written);
                Ok(mappings)
            }
            Err(mut problems) => {
                problems.iter_mut().for_each(as_written);
                Err(problems)
            }
        }
    }

    /// The same with texts laid over them as files of the names that are given.
    ///
    /// # Errors
    /// Every problem found.
    pub fn load_with_texts(directory: Option<&Path>, texts: &[(String, String)]) -> Result<Mappings, Vec<Problem>> {
        let mut files = built_in();
        if let Some(path) = directory {
            files.extend(
                own_files(path)
                    .map_err(|problem| vec![problem])?
                    .into_iter()
                    .map(|(name, _, text)| (name.into(), text.into())),
            );
        }
        let placed = |name: &String| place_of(Path::new(name), Path::new("")).into();
        files.extend(texts.iter().map(|(name, text)| (placed(name), text.clone().into())));
        Mappings::from_files(&files)
    }

    /// Mappings from the texts of their files, by path below `mappings/`.
    ///
    /// # Errors
    /// Every problem found.
    pub(super) fn from_files(files: &Files) -> Result<Mappings, Vec<Problem>> {
        Mappings::from_files_as(files, BuiltIn::Whole)
    }

    fn from_files_as(files: &Files, read: BuiltIn) -> Result<Mappings, Vec<Problem>> {
        let text = |name: &str| files.get(name).map_or("", |text| &**text);
        let mut problems = Vec::new();

        let mut to_vocabulary = Vec::new();
        let [mut to_lexicon, mut to_document, mut to_checks] =
            ["lexicon.yaml", surroundings::FILE, checks::FILE].map(|name| vec![(name, text(name))]);
        let mut of_forms = Vec::new();
        for (path, yaml) in files.iter().filter(|(path, _)| path.starts_with("forms/") && path.ends_with(".yaml")) {
            match adds_to(yaml) {
                Some("vocabulary") => to_vocabulary.push((&**path, &**yaml)),
                Some("lexicon") => to_lexicon.push((&**path, &**yaml)),
                Some("document") => to_document.push((&**path, &**yaml)),
                Some("checks") => to_checks.push((&**path, &**yaml)),
                _ => of_forms.push((&**path, &**yaml)),
            }
        }
        // Every start waits for this. The lexicon is as long as all forms together, and needs none of them yet; the other
        // files need nothing.
        let ((parsed, vocabulary), (lexicon, surroundings, codes, schemes)) = beside(
            || {
                let parsed = parse_forms(&of_forms, read, &mut problems);
                let vocabulary = read_vocabulary(text("vocabulary.yaml"), &to_vocabulary, &parsed, &mut problems);
                (parsed, vocabulary)
            },
            || {
                let lexicon = Lexicon::read(&to_lexicon);
                let surroundings = Surroundings::read(&to_document);
                let (functional, economic) = (text("codes/functional.csv"), text("codes/economic.csv"));
                let codes = CodeLists::parse(functional, text("codes/functional_names.csv"), economic);
                let schemes = Schemes::parse(text("codes/score_schemes.csv"));
                (lexicon, surroundings, codes, schemes)
            },
        );
        let surroundings = or_problem(surroundings, &mut problems);
        let ids = parsed.values().filter_map(|(_, file)| file.form.as_ref().map(|form| form.value.as_str())).collect();
        let checks = or_problem(checks::parse(&to_checks, &ids, &vocabulary), &mut problems);
        let guesses = or_problem(Guesses::parse(text(guesses::FILE)), &mut problems);
        let of_codes = |message| Problem::of("codes", Wrong::Codes(message));
        let codes = or_problem(codes.map_err(of_codes), &mut problems);
        let schemes = or_problem(schemes.map_err(of_codes), &mut problems);

        if !problems.is_empty() {
            // Lexicon and forms would only repeat what is missing.
            return Err(problems);
        }
        let (forms, lexicon) = beside(
            || {
                let mut made = Forms::of(&parsed, &vocabulary);
                let names = parsed.iter().filter(|(_, (_, file))| file.form.is_some()).map(|(name, _)| name);
                let compiled =
                    names.enumerate().map(|(at, name)| FormMapping { tag: at.to_string(), ..made.compile(name) });
                let forms: Vec<FormMapping> = compiled.collect();
                problems.append(&mut made.problems);
                forms
            },
            || lexicon.and_then(|read| Lexicon::of(&read, &vocabulary, &codes)),
        );
        let lexicon = match lexicon {
            Ok(lexicon) => lexicon,
            Err(problem) => return Err(vec![problem]),
        };
        check_additions(&parsed, &mut problems);
        check_titles(&forms, &parsed, &mut problems);
        check_years(&forms, &parsed, &mut problems);
        let examples: Vec<Example> =
            parsed.iter().flat_map(|(name, (text, file))| examples_of(name, text, file, &parsed)).collect();
        let untried = untried(&forms, &examples);
        let mut digest = Sha256::new();
        for (path, text) in files.iter().filter(|(path, _)| **path != *guesses::FILE) {
            digest.update(path.as_bytes());
            digest.update([0]);
            digest.update(text.as_bytes());
            digest.update([0]);
        }
        let version = hex(&digest.finalize()[..6]);
        if problems.is_empty() {
            let (titles, covers) = (Titles::of(&forms), Titles::of_covers(&forms));
            let digests = Digests::of(files, &parsed, &forms);
            Ok(Mappings {
                vocabulary,
                surroundings,
                lexicon,
                codes,
                schemes,
                checks,
                guesses,
                forms,
                titles,
                covers,
                examples,
                untried,
                version,
                digests,
            })
        } else {
            Err(problems)
        }
    }
}

/// Does one thing on this thread and another one beside it.
fn beside<A, B: Send>(here: impl FnOnce() -> A, there: impl FnOnce() -> B + Send) -> (A, B) {
    std::thread::scope(|scope| {
        let there = scope.spawn(there);
        (here(), there.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// What was read, or nothing and one problem more.
fn or_problem<T: Default>(read: Result<T, Problem>, problems: &mut Vec<Problem>) -> T {
    read.unwrap_or_else(|problem| {
        problems.push(problem);
        T::default()
    })
}

/// The vocabulary, with what other files add to it.
fn read_vocabulary(
    yaml: &str,
    additions: &[(&str, &str)],
    forms: &BTreeMap<&str, (&str, FormFile)>,
    problems: &mut Vec<Problem>,
) -> Vocabulary {
    let mut vocabulary = or_problem(Vocabulary::parse(yaml), problems);
    for (path, yaml) in additions {
        or_problem(vocabulary.add_file(path, yaml), problems);
    }
    for (name, (yaml, file)) in forms {
        or_problem(vocabulary.add_items(&format!("forms/{name}.yaml"), yaml, &file.vocabulary), problems);
    }
    vocabulary
}

/// How much of the built-in files is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BuiltIn {
    Whole,
    /// Every start waits for the mappings, and none but a check for their examples.
    WithoutExamples,
}

/// A file without its examples, where they stand at its end.
fn without_examples(yaml: &str) -> &str {
    let Some((before, examples)) = yaml.split_once("\nexamples:") else { return yaml };
    let at_end = examples.lines().skip(1).all(|line| line.is_empty() || line.starts_with([' ', '-', '#']));
    if at_end { before } else { yaml }
}

/// The files of forms, by name without folder and ending.
fn parse_forms<'t>(
    files: &[(&'t str, &'t str)],
    read: BuiltIn,
    problems: &mut Vec<Problem>,
) -> BTreeMap<&'t str, (&'t str, FormFile)> {
    let mut parsed = BTreeMap::new();
    for (path, yaml) in files {
        let built_in = || BUILT_IN.iter().any(|(name, text)| name == path && text == yaml);
        let wanted = if read == BuiltIn::WithoutExamples && built_in() { without_examples(yaml) } else { yaml };
        match serde_saphyr::from_str::<FormFile>(wanted) {
            Ok(file) => {
                let name = path.trim_start_matches("forms/").trim_end_matches(".yaml");
                parsed.insert(name, (*yaml, file));
            }
            Err(error) => problems.push(Problem::yaml(path, yaml, &error)),
        }
    }
    parsed
}

/// The examples of one file; those of a file that adds to another are of that one's form.
fn examples_of(name: &str, text: &str, file: &FormFile, parsed: &BTreeMap<&str, (&str, FormFile)>) -> Vec<Example> {
    let target = file.adds_to.as_ref().and_then(|target| parsed.get(target.value.as_str()));
    let Some(form) = file.form.as_ref().or(target.and_then(|(_, target)| target.form.as_ref())) else {
        return Vec::new();
    };
    file.examples
        .iter()
        .map(|example| Example {
            form: form.value.clone(),
            spot: Problem::at(&format!("forms/{name}.yaml"), text, example.referenced, Wrong::no_example()),
            given: example.value.given.clone(),
            year: example.value.year,
            expect: example.value.expect.iter().map(ExpectEntry::shown).collect(),
        })
        .collect()
}

/// The forms of an author's that have no example.
fn untried(forms: &[FormMapping], examples: &[Example]) -> Vec<Problem> {
    let without = forms
        .iter()
        .filter(|form| !is_built_in(&form.file) && !examples.iter().any(|example| example.form == *form.form));
    without
        .map(|form| Problem::of(&format!("forms/{}.yaml", form.file), Wrong::NoExample(form.form.to_string())))
        .collect()
}

/// The file that a file adds to, if it says so: told by one line, without reading the rest.
fn adds_to(yaml: &str) -> Option<&str> {
    let line = yaml.trim_start_matches('\u{feff}').lines().find_map(|line| line.strip_prefix("adds_to:"))?;
    Some(line.split('#').next()?.trim().trim_matches(['"', '\'']))
}

/// A file that adds to another: that is there, and says what the other is.
fn check_additions(parsed: &BTreeMap<&str, (&str, FormFile)>, problems: &mut Vec<Problem>) {
    for (name, (text, file)) in parsed {
        let Some(target) = &file.adds_to else { continue };
        let path = format!("forms/{name}.yaml");
        if !parsed.contains_key(target.value.as_str()) {
            let wrong = Wrong::NoFileToAddTo(target.value.clone());
            problems.push(Problem::at(&path, text, target.referenced, wrong));
        }
        for (key, spot) in [("form", &file.form), ("extends", &file.extends)] {
            if let Some(spot) = spot {
                problems.push(Problem::at(&path, text, spot.referenced, Wrong::NotInAddition(key)));
            }
        }
    }
}

/// Of two files of one form, each serves years of its own or is known by titles of its own (a family of layouts).
fn check_years(forms: &[FormMapping], parsed: &BTreeMap<&str, (&str, FormFile)>, problems: &mut Vec<Problem>) {
    for (at, form) in forms.iter().enumerate() {
        let overlaps = |other: &&FormMapping| {
            other.form == form.form
                && other.years.0 <= form.years.1
                && form.years.0 <= other.years.1
                && form.titles.iter().all(|title| other.titles.contains(title))
        };
        let Some(other) = forms[..at].iter().find(overlaps) else { continue };
        let wrong = Wrong::YearsOverlap { form: form.form.to_string(), other: other.file.clone() };
        let path = format!("forms/{}.yaml", form.file);
        let spot = parsed.get(form.file.as_str()).and_then(|(text, file)| {
            let spot = file.years.as_ref().or(file.form.as_ref())?;
            Some(Problem::at(&path, text, spot.referenced, wrong.clone()))
        });
        problems.push(spot.unwrap_or_else(|| Problem::of(&path, wrong)));
    }
}

/// A title names one form only, in any year that both serve.
fn check_titles(forms: &[FormMapping], parsed: &BTreeMap<&str, (&str, FormFile)>, problems: &mut Vec<Problem>) {
    let mut owners: Map<&Label, &FormMapping> = Map::default();
    for form in forms {
        for title in &form.titles {
            if let Some(other) = owners.insert(title, form)
                && other.form != form.form
                && other.years.0 <= form.years.1
                && form.years.0 <= other.years.1
            {
                let forms = [other.form.to_string(), form.form.to_string()];
                let wrong = Wrong::TitleOfTwoForms { title: title.to_string(), forms };
                let path = format!("forms/{}.yaml", form.file);
                let spot = parsed.get(form.file.as_str()).and_then(|(text, file)| {
                    let is_it = |phrase: &String| Label::new(phrase) == *title;
                    let says =
                        |written: &&Spanned<String>| expand(&written.value).is_ok_and(|all| all.iter().any(is_it));
                    let written = file.recognise.titles.iter().find(says)?;
                    Some(Problem::at(&path, text, written.referenced, wrong.clone()))
                });
                problems.push(spot.unwrap_or_else(|| Problem::of(&path, wrong)));
            }
        }
    }
}
