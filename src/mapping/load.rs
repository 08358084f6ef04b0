//! Loading: files become one checked [`Mappings`].

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_saphyr::Spanned;
use sha2::{Digest, Sha256};

use super::file::{CodesEntry, ExpectEntry, FieldEntry, FormFile, KindEntry, Pairs, RuleEntry, WhenEntry};
use super::form::{CodeUse, ColumnRole, Difference, Field, FormMapping, Kind, Partial, Rule, Side, When};
use super::{CodeLists, Example, Lexicon, Mappings, Problem, Surroundings, Titles, Vocabulary};
use crate::model::{Funding, Label, Map, Measure, Set, UnitOfMeasure};

/// The files that are built in, by their path below `mappings/`.
const BUILT_IN: &[(&str, &str)] = &[
    ("vocabulary.yaml", include_str!("../../mappings/vocabulary.yaml")),
    ("lexicon.yaml", include_str!("../../mappings/lexicon.yaml")),
    ("document.yaml", include_str!("../../mappings/document.yaml")),
    ("codes/functional.csv", include_str!("../../mappings/codes/functional.csv")),
    ("codes/functional_names.csv", include_str!("../../mappings/codes/functional_names.csv")),
    ("codes/economic.csv", include_str!("../../mappings/codes/economic.csv")),
    ("forms/final_accounts_table.yaml", include_str!("../../mappings/forms/final_accounts_table.yaml")),
    ("forms/fund_table.yaml", include_str!("../../mappings/forms/fund_table.yaml")),
    ("forms/income_expenditure_summary.yaml", include_str!("../../mappings/forms/income_expenditure_summary.yaml")),
    ("forms/income.yaml", include_str!("../../mappings/forms/income.yaml")),
    ("forms/expenditure.yaml", include_str!("../../mappings/forms/expenditure.yaml")),
    ("forms/appropriation_summary.yaml", include_str!("../../mappings/forms/appropriation_summary.yaml")),
    ("forms/general_budget_expenditure.yaml", include_str!("../../mappings/forms/general_budget_expenditure.yaml")),
    ("forms/basic_expenditure.yaml", include_str!("../../mappings/forms/basic_expenditure.yaml")),
    ("forms/three_public.yaml", include_str!("../../mappings/forms/three_public.yaml")),
    ("forms/government_fund.yaml", include_str!("../../mappings/forms/government_fund.yaml")),
    ("forms/state_capital.yaml", include_str!("../../mappings/forms/state_capital.yaml")),
    ("forms/narrative.yaml", include_str!("../../mappings/forms/narrative.yaml")),
    ("forms/self_evaluation.yaml", include_str!("../../mappings/forms/self_evaluation.yaml")),
    ("forms/evaluation_review.yaml", include_str!("../../mappings/forms/evaluation_review.yaml")),
    ("forms/score_table.yaml", include_str!("../../mappings/forms/score_table.yaml")),
    ("forms/overall_scores.yaml", include_str!("../../mappings/forms/overall_scores.yaml")),
    ("forms/project_data.yaml", include_str!("../../mappings/forms/project_data.yaml")),
    ("forms/project_scores.yaml", include_str!("../../mappings/forms/project_scores.yaml")),
];

impl Mappings {
    /// The built-in mappings, with the files of a directory in place of those of the same name and beside the others.
    ///
    /// # Errors
    /// Every problem found, each with file, line, column and the line itself.
    pub fn load(directory: Option<&Path>) -> Result<Mappings, Vec<Problem>> {
        Mappings::load_with(directory, &[])
    }

    /// The same with single files laid over them, for checking a file before it is put to use.
    ///
    /// # Errors
    /// Every problem found.
    pub fn load_with(directory: Option<&Path>, single: &[std::path::PathBuf]) -> Result<Mappings, Vec<Problem>> {
        let mut files: BTreeMap<String, String> =
            BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        if let Some(directory) = directory {
            let own = read_directory(directory).map_err(|problem| vec![problem])?;
            files.extend(own);
        }
        for path in single {
            let text = std::fs::read_to_string(path)
                .map_err(|error| vec![Problem::of(&path.display().to_string(), error.to_string())])?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let known = BUILT_IN.iter().find(|(built_in, _)| built_in.rsplit('/').next() == Some(&name));
            let place = known.map_or_else(|| format!("forms/{name}"), |(built_in, _)| (*built_in).to_owned());
            files.insert(place, text);
        }
        Mappings::from_files(&files)
    }

    /// Mappings from the texts of their files, by path below `mappings/`.
    ///
    /// # Errors
    /// Every problem found.
    pub fn from_files(files: &BTreeMap<String, String>) -> Result<Mappings, Vec<Problem>> {
        let text = |name: &str| files.get(name).map_or("", String::as_str);
        let mut problems = Vec::new();

        let vocabulary = Vocabulary::parse(text("vocabulary.yaml")).unwrap_or_else(|message| {
            problems.push(Problem::of("vocabulary.yaml", message));
            Vocabulary::default()
        });
        let surroundings = Surroundings::parse("document.yaml", text("document.yaml")).unwrap_or_else(|problem| {
            problems.push(problem);
            Surroundings::default()
        });
        let codes = CodeLists::parse(
            text("codes/functional.csv"),
            text("codes/functional_names.csv"),
            text("codes/economic.csv"),
        )
        .unwrap_or_else(|message| {
            problems.push(Problem::of("codes", message));
            CodeLists::default()
        });

        let lexicon = match Lexicon::parse(text("lexicon.yaml"), &vocabulary, &codes) {
            Ok(lexicon) => lexicon,
            Err(message) => {
                problems.push(Problem::of("lexicon.yaml", message));
                return Err(problems);
            }
        };
        if !problems.is_empty() {
            // Every form would only repeat what is missing.
            return Err(problems);
        }
        let mut parsed: BTreeMap<&str, (&str, FormFile)> = BTreeMap::new();
        for (path, yaml) in files.iter().filter(|(path, _)| path.starts_with("forms/") && path.ends_with(".yaml")) {
            match serde_saphyr::from_str::<FormFile>(yaml) {
                Ok(file) => {
                    let name = path.trim_start_matches("forms/").trim_end_matches(".yaml");
                    parsed.insert(name, (yaml, file));
                }
                Err(error) => problems.push(Problem::yaml(path, yaml, &error)),
            }
        }
        let mut forms = Vec::new();
        for (name, (_, file)) in &parsed {
            if file.form.is_some() {
                forms.push(compile(name, &parsed, &vocabulary, &mut problems));
            }
        }
        check_titles(&forms, &parsed, &mut problems);
        let examples = parsed.iter().flat_map(|(name, (text, file))| examples_of(name, text, file)).collect();
        let mut digest = Sha256::new();
        for (path, text) in files {
            digest.update(path);
            digest.update([0]);
            digest.update(text);
            digest.update([0]);
        }
        let version = digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        if problems.is_empty() {
            let titles = Titles::of(&forms);
            Ok(Mappings { vocabulary, surroundings, lexicon, codes, forms, titles, examples, version })
        } else {
            Err(problems)
        }
    }
}

/// The examples of one file.
fn examples_of(name: &str, text: &str, file: &FormFile) -> Vec<Example> {
    let Some(form) = &file.form else { return Vec::new() };
    file.examples
        .iter()
        .map(|example| Example {
            form: form.value.clone(),
            spot: Problem::at(&format!("forms/{name}.yaml"), text, example.referenced, ""),
            given: example.value.given.clone(),
            year: example.value.year,
            expect: example.value.expect.iter().map(ExpectEntry::shown).collect(),
        })
        .collect()
}

/// The mapping files of a user's directory, by path below it.
fn read_directory(directory: &Path) -> Result<BTreeMap<String, String>, Problem> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(directory).sort_by_file_name() {
        let entry = entry.map_err(|error| Problem::of(&directory.display().to_string(), error.to_string()))?;
        let known = entry.path().extension().is_some_and(|extension| extension == "yaml" || extension == "csv");
        if !entry.file_type().is_file() || !known {
            continue;
        }
        let below = entry.path().strip_prefix(directory).unwrap_or(entry.path());
        let mut name = below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        let text = std::fs::read_to_string(entry.path())
            .map_err(|error| Problem::of(&entry.path().display().to_string(), error.to_string()))?;
        // A form's file may lie in the directory itself.
        let built_in = BUILT_IN.iter().any(|(built_in, _)| *built_in == name);
        if !built_in && !name.contains('/') && name.ends_with(".yaml") && name != "lexicon.yaml" {
            name = format!("forms/{name}");
        }
        files.insert(name, text);
    }
    Ok(files)
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
            problems.push(Problem::of(&format!("forms/{name}.yaml"), "`extends` leads back to the file itself"));
            break;
        }
        chain.push((*file_name, *text, file));
        next = file.extends.as_ref().map(|extends| extends.value.clone());
        if let Some(extends) = &file.extends
            && !parsed.contains_key(extends.value.as_str())
        {
            let message = format!("there is no file `{}.yaml` to extend", extends.value);
            problems.push(Problem::at(&format!("forms/{file_name}.yaml"), text, extends.referenced, message));
        }
    }
    let mut form = FormMapping { file: name.to_owned(), years: (i32::MIN, i32::MAX), ..FormMapping::default() };
    // From the farthest ancestor down, so that the nearer file wins.
    for (file_name, text, file) in chain.into_iter().rev() {
        let path = format!("forms/{file_name}.yaml");
        Compiler { path: &path, text, vocabulary, problems }.apply(file, &mut form);
    }
    form
}

/// Adds one file to a form, noting what is wrong with it.
struct Compiler<'a> {
    path: &'a str,
    text: &'a str,
    vocabulary: &'a Vocabulary,
    problems: &'a mut Vec<Problem>,
}

impl Compiler<'_> {
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
                None => self.problem(years, "a year range is written `2012..`, `..2018` or `2015..2018`"),
            }
        }
        form.titles.extend(file.recognise.titles.iter().map(|title| Label::new(&title.value)));
        form.labels_that_tell.extend(file.recognise.labels.iter().map(|label| Label::new(&label.value)));
        form.headings.extend(file.recognise.headings.iter().map(|heading| Label::new(&heading.value)));
        form.ends.extend(file.recognise.ends.iter().map(|heading| Label::new(&heading.value)));
        let context = self.partial(&file.context);
        refine(&mut form.context, context);
        if let Some(amounts) = &file.amounts {
            form.amounts = self.money(amounts);
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
        for (label, reason) in &file.ignore.0 {
            form.ignored.insert(Label::new(&label.value), reason.as_str().into());
        }
    }

    fn problem(&mut self, spot: &Spanned<String>, message: impl Into<String>) {
        self.problems.push(Problem::at(self.path, self.text, spot.referenced, message));
    }

    /// The canonical item of a name; aliases are refused, so that files stay readable.
    fn item(&mut self, name: &Spanned<String>) -> Option<Arc<str>> {
        match self.vocabulary.item(&name.value) {
            Some(item) => Some(item.name.clone()),
            None => {
                let near = self.vocabulary.nearest(&name.value).join("`, `");
                let hint = if near.is_empty() { String::new() } else { format!("; nearest: `{near}`") };
                self.problem(name, format!("`{}` is no item of vocabulary.yaml{hint}", name.value));
                None
            }
        }
    }

    fn funding(&mut self, word: &Spanned<String>) -> Option<Funding> {
        let funding = Funding::from_word(&word.value);
        if funding.is_none() {
            self.problem(
                word,
                format!(
                    "`{}` is no funding; it is appropriation, general_budget, government_fund or state_capital",
                    word.value
                ),
            );
        }
        funding
    }

    fn measure(&mut self, word: &Spanned<String>) -> Option<Measure> {
        let measure = Measure::from_word(&word.value);
        if measure.is_none() {
            let known: Vec<&str> = Measure::ALL.iter().map(|measure| measure.word()).collect();
            self.problem(word, format!("`{}` is no measure; it is one of {}", word.value, known.join(", ")));
        }
        measure
    }

    fn money(&mut self, word: &Spanned<String>) -> Option<UnitOfMeasure> {
        let unit = match word.value.as_str() {
            "元" => UnitOfMeasure::Yuan,
            "千元" => UnitOfMeasure::ThousandYuan,
            "万元" => UnitOfMeasure::TenThousandYuan,
            "亿元" => UnitOfMeasure::HundredMillionYuan,
            other => {
                let message = format!("`{other}` is no unit of money; it is 元, 千元, 万元 or 亿元");
                self.problem(word, message);
                return None;
            }
        };
        Some(unit)
    }

    fn side(&mut self, word: &Spanned<String>) -> Option<Side> {
        match word.value.as_str() {
            "income" => Some(Side::Income),
            "expenditure" => Some(Side::Expenditure),
            other => {
                self.problem(word, format!("`{other}` is no side; it is income or expenditure"));
                None
            }
        }
    }

    fn codes(&mut self, entry: &CodesEntry) -> Option<CodeUse> {
        let economic = match entry.list.value.as_str() {
            "functional" => false,
            "economic" => true,
            other => {
                self.problem(&entry.list, format!("`{other}` is no classification; it is functional or economic"));
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
        Some(CodeUse { economic, item, side, groups })
    }

    fn partial(&mut self, entry: &RuleEntry) -> Partial {
        Partial {
            item: entry.item.as_ref().and_then(|item| self.item(item)),
            function: entry.function.as_deref().map(Arc::from),
            economic: entry.economic.as_deref().map(Arc::from),
            funding: entry.funding.as_ref().and_then(|word| self.funding(word)),
            measure: entry.measure.as_ref().and_then(|word| self.measure(word)),
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
                other => {
                    self.problem(word, format!("`{other}` is no difference; it is amount or rate"));
                    None
                }
            }),
            negative: entry.negative,
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
                self.problem(label, format!("label `{}` is claimed twice in this file", label.value));
            }
            let rule = Arc::new(self.rule(entry));
            for target in targets.iter_mut() {
                target.insert(normal.clone(), rule.clone());
            }
        }
    }

    fn field(&mut self, label: &Spanned<String>, entry: &FieldEntry) -> Option<Field> {
        if entry.item.is_none() && !entry.text && !entry.personal {
            self.problem(label, format!("field `{}` says neither item, text nor personal", label.value));
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
            (ColumnRole::Personal, &columns.personal),
        ] {
            for label in labels {
                form.columns.insert(Label::new(label), role);
            }
        }
    }
}

/// Lays a nearer partial key over a farther one.
fn refine(under: &mut Partial, over: Partial) {
    under.item = over.item.or(under.item.take());
    under.function = over.function.or(under.function.take());
    under.economic = over.economic.or(under.economic.take());
    under.funding = over.funding.or(under.funding);
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
                let message = format!("title `{title}` names `{}` and `{}`", other.form, form.form);
                let path = format!("forms/{}.yaml", form.file);
                let spot = parsed.get(form.file.as_str()).and_then(|(text, file)| {
                    let written = file.recognise.titles.iter().find(|written| Label::new(&written.value) == *title)?;
                    Some(Problem::at(&path, text, written.referenced, message.clone()))
                });
                problems.push(spot.unwrap_or_else(|| Problem::of(&path, message)));
            }
        }
    }
}
