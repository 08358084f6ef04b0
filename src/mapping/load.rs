//! Loading: files become one checked [`Mappings`].

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::file::{CodesEntry, ExpectEntry, FieldEntry, FormFile, KindEntry, Pairs, RuleEntry, WhenEntry};
use super::form::{
    CodeUse, ColumnRole, Difference, Field, FormMapping, Inner, Kind, NoteRule, Partial, Rule, Side, When,
};
use super::nearest;
use super::phrases::expand;
use super::problem::{WordKind, Wrong};
use super::spanned::Spanned;
use super::{CodeLists, Digests, Example, Lexicon, Mappings, Problem, Schemes, Surroundings, Titles, Vocabulary};
use crate::model::{Funding, Label, Map, Measure, Set, UnitOfMeasure, fold, hex};

/// The files that are built in, by their path below `mappings/`.
const BUILT_IN: &[(&str, &str)] = &[
    ("vocabulary.yaml", include_str!("../../mappings/vocabulary.yaml")),
    ("lexicon.yaml", include_str!("../../mappings/lexicon.yaml")),
    ("document.yaml", include_str!("../../mappings/document.yaml")),
    ("codes/functional.csv", include_str!("../../mappings/codes/functional.csv")),
    ("codes/functional_names.csv", include_str!("../../mappings/codes/functional_names.csv")),
    ("codes/economic.csv", include_str!("../../mappings/codes/economic.csv")),
    ("codes/score_schemes.csv", include_str!("../../mappings/codes/score_schemes.csv")),
    ("forms/final_accounts_table.yaml", include_str!("../../mappings/forms/final_accounts_table.yaml")),
    ("forms/fund_table.yaml", include_str!("../../mappings/forms/fund_table.yaml")),
    ("forms/income_expenditure_summary.yaml", include_str!("../../mappings/forms/income_expenditure_summary.yaml")),
    ("forms/income.yaml", include_str!("../../mappings/forms/income.yaml")),
    ("forms/expenditure.yaml", include_str!("../../mappings/forms/expenditure.yaml")),
    ("forms/appropriation_summary.yaml", include_str!("../../mappings/forms/appropriation_summary.yaml")),
    ("forms/appropriation_expenditure.yaml", include_str!("../../mappings/forms/appropriation_expenditure.yaml")),
    ("forms/general_budget_expenditure.yaml", include_str!("../../mappings/forms/general_budget_expenditure.yaml")),
    ("forms/basic_table.yaml", include_str!("../../mappings/forms/basic_table.yaml")),
    (
        "forms/appropriation_basic_expenditure.yaml",
        include_str!("../../mappings/forms/appropriation_basic_expenditure.yaml"),
    ),
    ("forms/operating_expenses.yaml", include_str!("../../mappings/forms/operating_expenses.yaml")),
    ("forms/basic_expenditure.yaml", include_str!("../../mappings/forms/basic_expenditure.yaml")),
    ("forms/three_public_table.yaml", include_str!("../../mappings/forms/three_public_table.yaml")),
    ("forms/three_public_meetings.yaml", include_str!("../../mappings/forms/three_public_meetings.yaml")),
    ("forms/operations_information.yaml", include_str!("../../mappings/forms/operations_information.yaml")),
    ("forms/government_procurement.yaml", include_str!("../../mappings/forms/government_procurement.yaml")),
    ("forms/state_assets.yaml", include_str!("../../mappings/forms/state_assets.yaml")),
    ("forms/three_public.yaml", include_str!("../../mappings/forms/three_public.yaml")),
    ("forms/government_fund.yaml", include_str!("../../mappings/forms/government_fund.yaml")),
    ("forms/state_capital.yaml", include_str!("../../mappings/forms/state_capital.yaml")),
    ("forms/narrative.yaml", include_str!("../../mappings/forms/narrative.yaml")),
    ("forms/self_evaluation.yaml", include_str!("../../mappings/forms/self_evaluation.yaml")),
    ("forms/evaluation_review.yaml", include_str!("../../mappings/forms/evaluation_review.yaml")),
    ("forms/expenditure_detail.yaml", include_str!("../../mappings/forms/expenditure_detail.yaml")),
    ("forms/by_class.yaml", include_str!("../../mappings/forms/by_class.yaml")),
    ("forms/by_function.yaml", include_str!("../../mappings/forms/by_function.yaml")),
    (
        "forms/general_budget_expenditure_detail.yaml",
        include_str!("../../mappings/forms/general_budget_expenditure_detail.yaml"),
    ),
    (
        "forms/appropriation_expenditure_detail.yaml",
        include_str!("../../mappings/forms/appropriation_expenditure_detail.yaml"),
    ),
    (
        "forms/general_budget_project_expenditure.yaml",
        include_str!("../../mappings/forms/general_budget_project_expenditure.yaml"),
    ),
    ("forms/project_income_expenditure.yaml", include_str!("../../mappings/forms/project_income_expenditure.yaml")),
    ("forms/assets_liabilities.yaml", include_str!("../../mappings/forms/assets_liabilities.yaml")),
    ("forms/self_evaluation_funds.yaml", include_str!("../../mappings/forms/self_evaluation_funds.yaml")),
    ("forms/department_funds.yaml", include_str!("../../mappings/forms/department_funds.yaml")),
    ("forms/department_tasks.yaml", include_str!("../../mappings/forms/department_tasks.yaml")),
    ("forms/self_evaluation_indicators.yaml", include_str!("../../mappings/forms/self_evaluation_indicators.yaml")),
    ("forms/self_evaluation_fields.yaml", include_str!("../../mappings/forms/self_evaluation_fields.yaml")),
    ("forms/project_self_evaluation.yaml", include_str!("../../mappings/forms/project_self_evaluation.yaml")),
    ("forms/department_self_evaluation.yaml", include_str!("../../mappings/forms/department_self_evaluation.yaml")),
    ("forms/score_table.yaml", include_str!("../../mappings/forms/score_table.yaml")),
    ("forms/overall_scores.yaml", include_str!("../../mappings/forms/overall_scores.yaml")),
    ("forms/project_data.yaml", include_str!("../../mappings/forms/project_data.yaml")),
    ("forms/project_scores.yaml", include_str!("../../mappings/forms/project_scores.yaml")),
];

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

        let (mut to_vocabulary, mut to_lexicon) = (Vec::new(), vec![("lexicon.yaml", text("lexicon.yaml"))]);
        let mut of_forms = Vec::new();
        for (path, yaml) in files.iter().filter(|(path, _)| path.starts_with("forms/") && path.ends_with(".yaml")) {
            match adds_to(yaml) {
                Some("vocabulary") => to_vocabulary.push((&**path, &**yaml)),
                Some("lexicon") => to_lexicon.push((&**path, &**yaml)),
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
                let surroundings = Surroundings::parse("document.yaml", text("document.yaml"));
                let (functional, economic) = (text("codes/functional.csv"), text("codes/economic.csv"));
                let codes = CodeLists::parse(functional, text("codes/functional_names.csv"), economic);
                let schemes = Schemes::parse(text("codes/score_schemes.csv"));
                (lexicon, surroundings, codes, schemes)
            },
        );
        let surroundings = or_problem(surroundings, &mut problems);
        let of_codes = |message| Problem::of("codes", Wrong::Codes(message));
        let codes = or_problem(codes.map_err(of_codes), &mut problems);
        let schemes = or_problem(schemes.map_err(of_codes), &mut problems);

        if !problems.is_empty() {
            // Lexicon and forms would only repeat what is missing.
            return Err(problems);
        }
        let (forms, lexicon) = beside(
            || {
                let names = parsed.iter().filter(|(_, (_, file))| file.form.is_some()).map(|(name, _)| name);
                let compiled = names.enumerate().map(|(at, name)| FormMapping {
                    tag: at.to_string(),
                    ..compile(name, &parsed, &vocabulary, &mut problems)
                });
                compiled.collect::<Vec<FormMapping>>()
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
        for (path, text) in files {
            digest.update(path.as_bytes());
            digest.update([0]);
            digest.update(text.as_bytes());
            digest.update([0]);
        }
        let version = hex(&digest.finalize()[..6]);
        if problems.is_empty() {
            let titles = Titles::of(&forms);
            let digests = Digests::of(files, &parsed, &forms);
            Ok(Mappings {
                vocabulary,
                surroundings,
                lexicon,
                codes,
                schemes,
                forms,
                titles,
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

/// The files of forms, by name without folder and ending.
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

/// The texts of files, by path below `mappings/`.
pub(super) type Files = BTreeMap<Cow<'static, str>, Cow<'static, str>>;

/// The files that are built in, as a map to lay others over.
pub(super) fn built_in() -> Files {
    BUILT_IN.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect()
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

/// A form's file, by its name without `.yaml`, is built in (or stands in place of one that is).
fn is_built_in(name: &str) -> bool {
    let path = format!("forms/{name}.yaml");
    BUILT_IN.iter().any(|(known, _)| *known == path)
}

/// The files of an author: each with its path below `mappings/`, its path as the author knows it, and its text.
///
/// `path` is a file, or a directory of which all YAML and CSV files are taken.
fn own_files(path: &Path) -> Result<Vec<(String, String, String)>, Problem> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
        let entry =
            entry.map_err(|error| Problem::of(&path.display().to_string(), Wrong::Unreadable(error.to_string())))?;
        let known = entry.path().extension().is_some_and(|extension| extension == "yaml" || extension == "csv");
        if !entry.file_type().is_file() || !(known || entry.depth() == 0) {
            continue;
        }
        let shown = entry.path().display().to_string();
        let bytes =
            std::fs::read(entry.path()).map_err(|error| Problem::of(&shown, Wrong::Unreadable(error.to_string())))?;
        let text = String::from_utf8(bytes).map_err(|_| Problem::of(&shown, Wrong::NotUtf8))?;
        files.push((place_of(entry.path(), path), shown, text));
    }
    Ok(files)
}

/// Where a file belongs below `mappings/`: in place of the built-in one of its name, else among the forms.
fn place_of(file: &Path, root: &Path) -> String {
    let below = file.strip_prefix(root).unwrap_or(file);
    let below = below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let known = BUILT_IN.iter().map(|(known, _)| *known);
    let mut known = known.filter(|known| *known == below || known.rsplit('/').next() == Some(&name));
    known.next().map_or_else(|| format!("forms/{name}"), str::to_owned)
}

/// The file that a file adds to, if it says so: told by one line, without reading the rest.
fn adds_to(yaml: &str) -> Option<&str> {
    let line = yaml.trim_start_matches('\u{feff}').lines().find_map(|line| line.strip_prefix("adds_to:"))?;
    Some(line.split('#').next()?.trim().trim_matches(['"', '\'']))
}

/// One form with everything it inherits.
fn compile(
    name: &str,
    parsed: &BTreeMap<&str, (&str, FormFile)>,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) -> FormMapping {
    let mut chain = Vec::new();
    let mut next = Some(name.to_owned());
    while let Some(current) = next {
        let Some((file_name, (text, file))) = parsed.get_key_value(current.as_str()) else { break };
        if chain.iter().any(|(seen, _, _)| seen == file_name) {
            let path = format!("forms/{name}.yaml");
            let spot = parsed.get(name).and_then(|(text, file)| Some((*text, file.extends.as_ref()?.referenced)));
            problems.push(match spot {
                Some((text, spot)) => Problem::at(&path, text, spot, Wrong::ExtendsItself),
                None => Problem::of(&path, Wrong::ExtendsItself),
            });
            break;
        }
        chain.push((*file_name, *text, file));
        next = file.extends.as_ref().map(|extends| extends.value.clone());
        if let Some(extends) = &file.extends
            && !parsed.contains_key(extends.value.as_str())
        {
            let wrong = Wrong::NoFileToExtend(extends.value.clone());
            problems.push(Problem::at(&format!("forms/{file_name}.yaml"), text, extends.referenced, wrong));
        }
    }
    let mut form = FormMapping { file: name.to_owned(), years: (i32::MIN, i32::MAX), ..FormMapping::default() };
    // A file that names no label leaves it to the file that it extends.
    form.own_labels =
        chain.iter().map(|(.., file)| file.labels_told()).find(|told| !told.is_empty()).unwrap_or_default();
    // From the farthest ancestor down, so that the nearer file wins.
    let mut aliases = Vec::new();
    for (file_name, text, file) in chain.into_iter().rev() {
        let additions = parsed
            .iter()
            .filter(|(_, (_, addition))| addition.adds_to.as_ref().is_some_and(|target| target.value == file_name));
        let additions = additions.map(|(name, (text, file))| (*name, *text, file));
        for (file_name, text, file) in std::iter::once((file_name, text, file)).chain(additions) {
            let path = format!("forms/{file_name}.yaml");
            Compiler { path: &path, text, vocabulary, problems }.apply(file, &mut form);
            aliases.push((path, text, file));
        }
    }
    // All labels are known now, wherever they were written.
    for (path, text, file) in &aliases {
        Compiler { path, text, vocabulary, problems }.aliases(&file.aliases, &mut form);
    }
    form.tables = inner_tables(name, &form, parsed, vocabulary, problems);
    form.other_codes = other_codes(name, &form, parsed, vocabulary, problems);
    if let Some((text, file)) = parsed.get(name)
        && let Some(id) = &file.form
    {
        let known = !form.titles.is_empty() || !form.labels_that_tell.is_empty() || !form.headings.is_empty();
        let path = format!("forms/{name}.yaml");
        if !known {
            problems.push(Problem::at(&path, text, id.referenced, Wrong::NeverRecognised(id.value.clone())));
        }
        check_items(&path, text, file, &form, vocabulary, problems);
    }
    // Names of projects, of sub-units and of a classification are no labels, and a condition may wait for them.
    let named = |(_, _, file): &(String, &str, &FormFile)| {
        let own = file.form.is_some() || file.adds_to.is_some();
        own && !file.columns.entity.is_empty() || !file.columns.project.is_empty()
    };
    if form.codes.is_none() && form.names.is_empty() && !aliases.iter().any(named) {
        for (path, text, file) in &aliases {
            check_conditions(path, text, file, &form, vocabulary, problems);
        }
    }
    form
}

/// A `when` waits for labels of which at least one is known: one that nothing knows blocks all it stands over.
fn check_conditions(
    path: &str,
    text: &str,
    file: &FormFile,
    form: &FormMapping,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) {
    let known = |label: &str| {
        let label = Label::new(label);
        label.as_str().starts_with(|c: char| c.is_ascii_digit()) || nearest::meaning(form, vocabulary, &label).is_some()
    };
    let rules = [&file.labels, &file.across, &file.down];
    for (label, rule) in rules.into_iter().flat_map(|rules| &rules.0) {
        let never = |when: &&WhenEntry| !when.under.is_empty() && !when.under.iter().any(|under| known(under));
        let Some(when) = rule.when.iter().find(never) else { continue };
        let labels = nearest::labels_of(form, vocabulary);
        let near = nearest::nearest(&fold(&when.under[0]), labels.into_iter());
        let near = near.into_iter().map(|near| near.label).collect();
        let wrong = Wrong::UnderUnknown { label: label.value.clone(), under: when.under.clone(), near };
        problems.push(Problem::at(path, text, label.referenced, wrong));
    }
}

/// The tables among the fields of a form, each with all that its file inherits: those that the nearest file tells which
/// tells any.
fn inner_tables(
    name: &str,
    outer: &FormMapping,
    parsed: &BTreeMap<&str, (&str, FormFile)>,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) -> Vec<Inner> {
    let mut tables = Vec::new();
    let mut chain = super::digests::chain(name, parsed).into_iter();
    let telling = chain
        .find_map(|name| parsed.get(name).filter(|(_, file)| !file.inner_tables.is_empty()).map(|found| (name, found)));
    let Some((name, (text, file))) = telling else { return tables };
    for entry in &file.inner_tables {
        let reads = entry.reads.value.as_str();
        // A file with tables of its own would stand in itself sooner or later.
        let wrong = match parsed.get(reads) {
            None => Some(Wrong::NoFileToExtend(reads.to_owned())),
            Some((_, inner)) if !inner.inner_tables.is_empty() => Some(Wrong::ExtendsItself),
            Some(_) => None,
        };
        if let Some(wrong) = wrong {
            problems.push(Problem::at(&format!("forms/{name}.yaml"), text, entry.reads.referenced, wrong));
            continue;
        }
        let mut inner = compile(reads, parsed, vocabulary, problems);
        inner.form = outer.form.clone();
        inner.amounts = inner.amounts.or(outer.amounts);
        tables.push(Inner {
            begins: entry.begins.iter().map(|label| Label::new(&label.value)).collect(),
            form: Arc::new(inner),
        });
    }
    tables
}

/// The file that reads a form's tables where their codes are of the other list, with all that it inherits; what it does not
/// say of context, items and total is as in the form.
fn other_codes(
    name: &str,
    outer: &FormMapping,
    parsed: &BTreeMap<&str, (&str, FormFile)>,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) -> Option<Arc<FormMapping>> {
    let telling = |name: &str| Some((parsed.get(name)?.0, parsed.get(name)?.1.other_codes.as_ref()?));
    let chain = super::digests::chain(name, parsed);
    let (name, (text, reads)) = chain.into_iter().find_map(|name| Some((name, telling(name)?)))?;
    let other = reads.value.as_str();
    // What is read by another file in turn would be read by itself sooner or later.
    let wrong = match parsed.get(other) {
        None => Some(Wrong::NoFileToExtend(other.to_owned())),
        Some(_) if super::digests::chain(other, parsed).into_iter().any(|name| telling(name).is_some()) => {
            Some(Wrong::ExtendsItself)
        }
        Some(_) => None,
    };
    if let Some(wrong) = wrong {
        problems.push(Problem::at(&format!("forms/{name}.yaml"), text, reads.referenced, wrong));
        return None;
    }
    let mut inner = compile(other, parsed, vocabulary, problems);
    inner.form = outer.form.clone();
    inner.amounts = inner.amounts.or(outer.amounts);
    let own = std::mem::replace(&mut inner.context, outer.context.clone());
    refine(&mut inner.context, own);
    if inner.roots.is_empty() {
        inner.roots.clone_from(&outer.roots);
    }
    inner.total = inner.total.or_else(|| outer.total.clone());
    // What its words mean is remembered by this, too: another file of the form may give it other items.
    inner.noted = format!("other codes than {}", outer.file);
    Some(Arc::new(inner))
}

/// What a label of the file names must be among the items that the form may give.
fn check_items(
    path: &str,
    text: &str,
    file: &FormFile,
    form: &FormMapping,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) {
    if form.roots.is_empty() {
        return;
    }
    let rules = [&file.labels, &file.across, &file.down];
    let items = rules
        .into_iter()
        .flat_map(|rules| &rules.0)
        .flat_map(|(_, rule)| rule.item.iter().chain(rule.when.iter().filter_map(|when| when.item.as_ref())));
    for item in items.chain(&file.total) {
        let may_give = form.roots.iter().any(|root| vocabulary.is_part_of(&item.value, root));
        if vocabulary.item(&item.value).is_some() && !may_give {
            let roots = form.roots.iter().map(|root| root.to_string()).collect();
            let wrong = Wrong::ItemNotOfForm { item: item.value.clone(), roots };
            problems.push(Problem::at(path, text, item.referenced, wrong));
        }
    }
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

/// Adds one file to a form, noting what is wrong with it.
struct Compiler<'a> {
    path: &'a str,
    text: &'a str,
    vocabulary: &'a Vocabulary,
    problems: &'a mut Vec<Problem>,
}

impl Compiler<'_> {
    /// All that the phrases of a list stand for.
    fn phrases(&mut self, written: &[Spanned<String>], into: &mut Vec<Label>) {
        for phrase in written {
            match expand(&phrase.value) {
                Ok(phrases) => into.extend(phrases.iter().map(|phrase| Label::new(phrase))),
                Err(message) => self.problem(phrase, Wrong::Told(message)),
            }
        }
    }

    fn apply(&mut self, file: &FormFile, form: &mut FormMapping) {
        if let Some(id) = &file.form {
            form.form = id.value.as_str().into();
        }
        if let Some(name) = &file.name {
            form.name.clone_from(name);
        }
        if let Some(kind) = file.kind {
            form.kind = match kind {
                KindEntry::Table => Kind::Table,
                KindEntry::Fields => Kind::Fields,
                KindEntry::Indicators => Kind::Indicators,
                KindEntry::Prose => Kind::Prose,
            };
        }
        if let Some(years) = &file.years {
            match year_range(&years.value) {
                Some(range) => form.years = range,
                None => self.problem(years, Wrong::YearRange(years.value.clone())),
            }
        }
        self.phrases(&file.recognise.titles, &mut form.titles);
        self.phrases(&file.recognise.subjects, &mut form.subjects);
        self.phrases(&file.recognise.part_subjects, &mut form.part_subjects);
        form.labels_that_tell.extend(file.recognise.labels.iter().map(|label| Label::new(&label.value)));
        self.phrases(&file.recognise.headings, &mut form.headings);
        form.sections.extend(file.recognise.sections.iter().map(|word| fold(&word.value)));
        form.ends.extend(file.recognise.ends.iter().map(|heading| Label::new(&heading.value)));
        if let Some(prose) = &file.recognise.in_prose {
            form.in_prose = Some(prose.value.as_str().into());
        }
        let context = self.partial(&file.context);
        refine(&mut form.context, context);
        if let Some(amounts) = &file.amounts {
            form.unit_must_be_told = amounts.value == "told";
            form.amounts = if form.unit_must_be_told { None } else { self.money(amounts) };
        }
        if !file.items.is_empty() {
            form.roots = file.items.iter().filter_map(|item| self.item(item)).collect();
        }
        if let Some(total) = &file.total {
            form.total = self.item(total);
        }
        if let Some(codes) = &file.codes {
            form.codes = self.codes(codes);
        }
        form.names.extend(file.names.iter().filter_map(|codes| self.codes(codes)));
        self.columns(file, form);
        for word in &file.neutral {
            form.across.insert(Label::new(word), Arc::default());
            form.down.insert(Label::new(word), Arc::default());
        }
        self.labels(&file.labels, &mut [&mut form.across, &mut form.down]);
        self.labels(&file.across, &mut [&mut form.across]);
        self.labels(&file.down, &mut [&mut form.down]);
        for (label, field) in &file.fields.0 {
            if let Some(compiled) = self.field(label, field) {
                form.fields.insert(Label::new(&label.value), compiled);
            }
        }
        for note in &file.notes {
            let mut labels = Map::default();
            self.labels(&note.labels, &mut [&mut labels]);
            let says = note.says.iter().map(|phrase| crate::model::fold(phrase)).collect();
            form.notes.push(NoteRule { says, labels });
        }
        if let Some(score) = &file.score {
            form.score = Some(score.as_str().into());
        }
        for (label, reason) in &file.ignore.0 {
            form.ignored.insert(Label::new(&label.value), reason.as_str().into());
        }
    }

    fn problem(&mut self, spot: &Spanned<String>, wrong: Wrong) {
        self.problems.push(Problem::at(self.path, self.text, spot.referenced, wrong));
    }

    /// A word that is none of those that may stand there.
    fn no_word(&mut self, spot: &Spanned<String>, kind: WordKind, expected: &[&'static str]) {
        self.problem(spot, Wrong::NoWord { kind, word: spot.value.clone(), expected: expected.to_vec() });
    }

    /// Gives each alias the meaning of the label that it is an alias of.
    fn aliases(&mut self, aliases: &Pairs<Spanned<String>>, form: &mut FormMapping) {
        for (alias, label) in &aliases.0 {
            if form.kind == Kind::Prose {
                self.problem(alias, Wrong::AliasInProse);
                continue;
            }
            let (new, known) = (Label::new(&alias.value), Label::new(&label.value));
            let meant = nearest::meaning(form, self.vocabulary, &known);
            let Some(means) = meant else {
                let near = nearest::nearest(known.as_str(), nearest::labels_of(form, self.vocabulary).into_iter());
                let near = near.into_iter().map(|near| near.label).collect();
                self.problem(label, Wrong::AliasOfNothing { label: label.value.clone(), near });
                continue;
            };
            match nearest::meaning(form, self.vocabulary, &new) {
                Some(other) if other != means => {
                    self.problem(alias, Wrong::AliasMeansAnother { alias: alias.value.clone(), means: other });
                }
                Some(_) => {}
                None => take_meaning(form, self.vocabulary, new, &known),
            }
        }
    }

    /// The canonical item of a name; aliases are refused, so that files stay readable.
    fn item(&mut self, name: &Spanned<String>) -> Option<Arc<str>> {
        match self.vocabulary.item(&name.value) {
            Some(item) => Some(item.name.clone()),
            None => {
                let near = self.vocabulary.nearest(&name.value);
                self.problem(name, Wrong::NoItem { name: name.value.clone(), near });
                None
            }
        }
    }

    fn funding(&mut self, word: &Spanned<String>) -> Option<Funding> {
        let funding = Funding::from_word(&word.value);
        if funding.is_none() {
            let known = ["appropriation", "general_budget", "government_fund", "state_capital"];
            self.no_word(word, WordKind::Funding, &known);
        }
        funding
    }

    fn measure(&mut self, word: &Spanned<String>) -> Option<Measure> {
        let measure = Measure::from_word(&word.value);
        if measure.is_none() {
            let known: Vec<&str> = Measure::ALL.iter().map(|measure| measure.word()).collect();
            self.no_word(word, WordKind::Measure, &known);
        }
        measure
    }

    fn money(&mut self, word: &Spanned<String>) -> Option<UnitOfMeasure> {
        let unit = match word.value.as_str() {
            "元" => UnitOfMeasure::Yuan,
            "千元" => UnitOfMeasure::ThousandYuan,
            "万元" => UnitOfMeasure::TenThousandYuan,
            "亿元" => UnitOfMeasure::HundredMillionYuan,
            _ => {
                self.no_word(word, WordKind::Money, &["元", "千元", "万元", "亿元", "told"]);
                return None;
            }
        };
        Some(unit)
    }

    fn side(&mut self, word: &Spanned<String>) -> Option<Side> {
        match word.value.as_str() {
            "income" => Some(Side::Income),
            "expenditure" => Some(Side::Expenditure),
            _ => {
                self.no_word(word, WordKind::Side, &["income", "expenditure"]);
                None
            }
        }
    }

    fn codes(&mut self, entry: &CodesEntry) -> Option<CodeUse> {
        let economic = match entry.list.value.as_str() {
            "functional" => false,
            "economic" => true,
            _ => {
                self.no_word(&entry.list, WordKind::Classification, &["functional", "economic"]);
                return None;
            }
        };
        let item = match &entry.item {
            Some(item) => Some(self.item(item)?),
            None => None,
        };
        let side = entry.side.as_ref().and_then(|side| self.side(side));
        let mut groups = BTreeMap::new();
        for (group, item) in &entry.groups.0 {
            groups.insert(group.value.clone(), self.item(item)?);
        }
        Some(CodeUse { economic, item, side, across: entry.across, groups })
    }

    fn partial(&mut self, entry: &RuleEntry) -> Partial {
        Partial {
            item: entry.item.as_ref().and_then(|item| self.item(item)),
            function: entry.function.as_deref().map(Arc::from),
            economic: entry.economic.as_deref().map(Arc::from),
            funding: entry.funding.as_ref().and_then(|word| self.funding(word)),
            measure: entry.measure.as_ref().and_then(|word| self.measure(word)),
            any_budget: entry.any_budget,
            base: entry.base.as_deref().map(Arc::from),
        }
    }

    fn rule(&mut self, entry: &RuleEntry) -> Rule {
        Rule {
            key: self.partial(entry),
            side: entry.side.as_ref().and_then(|side| self.side(side)),
            total: entry.total,
            group: entry.group,
            difference: entry.difference.as_ref().and_then(|word| match word.value.as_str() {
                "amount" => Some(Difference::Amount),
                "rate" => Some(Difference::Rate),
                _ => {
                    self.no_word(word, WordKind::Difference, &["amount", "rate"]);
                    None
                }
            }),
            negative: entry.negative,
            proved: entry.proved,
            governs_funding: entry.governs_funding,
            when: entry.when.iter().map(|when| self.when(when)).collect(),
        }
    }

    fn when(&mut self, entry: &WhenEntry) -> When {
        When {
            under: entry.under.iter().map(|label| Label::new(label)).collect(),
            key: Partial {
                item: entry.item.as_ref().and_then(|item| self.item(item)),
                function: entry.function.as_deref().map(Arc::from),
                economic: entry.economic.as_deref().map(Arc::from),
                funding: entry.funding.as_ref().and_then(|word| self.funding(word)),
                measure: entry.measure.as_ref().and_then(|word| self.measure(word)),
                any_budget: false,
                base: None,
            },
            total: entry.total,
        }
    }

    fn labels(&mut self, entries: &Pairs<RuleEntry>, targets: &mut [&mut Map<Label, Arc<Rule>>]) {
        let mut claimed = Set::default();
        for (label, entry) in &entries.0 {
            let normal = Label::new(&label.value);
            if !claimed.insert(normal.clone()) {
                self.problem(label, Wrong::LabelTwice(label.value.clone()));
            }
            if normal.is_empty() {
                self.problem(label, Wrong::EmptyLabel(label.value.clone()));
            }
            let rule = Arc::new(self.rule(entry));
            self.check_when(label, &rule);
            for target in targets.iter_mut() {
                target.insert(normal.clone(), rule.clone());
            }
        }
    }

    /// The first `when` that fits is taken: one whose labels are all those of earlier ones never is.
    fn check_when(&mut self, label: &Spanned<String>, rule: &Rule) {
        let mut earlier: Vec<&Label> = Vec::new();
        let mut never = false;
        for when in &rule.when {
            never |= when.under.iter().all(|under| earlier.contains(&under));
            earlier.extend(&when.under);
        }
        if never {
            self.problem(label, Wrong::NeverFits(label.value.clone()));
        }
    }

    fn field(&mut self, label: &Spanned<String>, entry: &FieldEntry) -> Option<Field> {
        if entry.item.is_none() && !entry.text && !entry.personal && !entry.project {
            self.problem(label, Wrong::FieldSaysNothing(label.value.clone()));
            return None;
        }
        Some(Field {
            item: match &entry.item {
                Some(item) => Some(self.item(item)?),
                None => None,
            },
            measure: entry.measure.as_ref().and_then(|word| self.measure(word)).unwrap_or(Measure::Final),
            name: entry.name.clone().unwrap_or_else(|| label.value.clone()),
            text: entry.text,
            personal: entry.personal,
            below: entry.below,
            project: entry.project,
        })
    }

    fn columns(&mut self, file: &FormFile, form: &mut FormMapping) {
        let columns = &file.columns;
        for (role, labels) in [
            (ColumnRole::Code, &columns.code),
            (ColumnRole::Category, &columns.category),
            (ColumnRole::Section, &columns.section),
            (ColumnRole::Detail, &columns.detail),
            (ColumnRole::Name, &columns.name),
            (ColumnRole::Label, &columns.label),
            (ColumnRole::Line, &columns.line),
            (ColumnRole::Text, &columns.text),
            (ColumnRole::Entity, &columns.entity),
            (ColumnRole::Project, &columns.project),
            (ColumnRole::Level(1), &columns.level1),
            (ColumnRole::Level(2), &columns.level2),
            (ColumnRole::Level(3), &columns.level3),
            (ColumnRole::Weight, &columns.weight),
            (ColumnRole::SelfScore, &columns.self_score),
            (ColumnRole::Target, &columns.target),
            (ColumnRole::Actual, &columns.actual),
            (ColumnRole::Sign, &columns.sign),
            (ColumnRole::CountedIn, &columns.counted_in),
            (ColumnRole::Personal, &columns.personal),
        ] {
            for label in labels {
                form.columns.insert(Label::new(label), role);
            }
        }
    }
}

/// Gives a label all that another one means in the form.
fn take_meaning(form: &mut FormMapping, vocabulary: &Vocabulary, alias: Label, label: &Label) {
    let mut known = false;
    for rules in [&mut form.across, &mut form.down] {
        if let Some(rule) = rules.get(label).cloned() {
            rules.insert(alias.clone(), rule);
            known = true;
        }
    }
    if let Some(role) = form.columns.get(label).copied() {
        form.columns.insert(alias.clone(), role);
        known = true;
    }
    if let Some(field) = form.fields.get(label).cloned() {
        form.fields.insert(alias.clone(), field);
        known = true;
    }
    if let Some(reason) = form.ignored.get(label).cloned() {
        form.ignored.insert(alias.clone(), reason);
        known = true;
    }
    if !known && let Some(meaning) = vocabulary.meaning(label) {
        let key = Partial { item: Some(meaning.item.clone()), funding: meaning.funding, ..Partial::default() };
        let rule = Arc::new(Rule { key, ..Rule::default() });
        form.across.insert(alias.clone(), rule.clone());
        form.down.insert(alias, rule);
    }
}

/// Lays a nearer partial key over a farther one.
fn refine(under: &mut Partial, over: Partial) {
    under.item = over.item.or(under.item.take());
    under.function = over.function.or(under.function.take());
    under.economic = over.economic.or(under.economic.take());
    under.funding = over.funding.or(under.funding);
    under.any_budget = if over.measure.is_some() { over.any_budget } else { under.any_budget };
    under.measure = over.measure.or(under.measure);
    under.base = over.base.or(under.base.take());
}

/// `2012..`, `..2018` or `2015..2018`, both ends included.
fn year_range(written: &str) -> Option<(i32, i32)> {
    let (from, to) = written.split_once("..")?;
    let year = |text: &str, open: i32| match text.trim() {
        "" => Some(open),
        year => year.parse().ok().filter(|year| (1990..2100).contains(year)),
    };
    let range = (year(from, i32::MIN)?, year(to, i32::MAX)?);
    (range.0 <= range.1 && range != (i32::MIN, i32::MAX)).then_some(range)
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
