//! One form of its files: what they say is looked up in the vocabulary and checked, word by word.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::file::{CodesEntry, FieldEntry, FormFile, KindEntry, Pairs, RuleEntry, WhenEntry};
use super::form::{
    CodeUse, ColumnRole, Difference, Field, FormMapping, Inner, Kind, NoteRule, Partial, Rule, Side, When,
};
use super::nearest;
use super::phrases::expand;
use super::problem::{WordKind, Wrong};
use super::spanned::Spanned;
use super::{Problem, Vocabulary};
use crate::model::{Funding, Label, Map, Measure, Set, UnitOfMeasure, fold};

/// The files of forms, and what was made of those that others extend.
pub(super) struct Forms<'f> {
    parsed: &'f BTreeMap<&'f str, (&'f str, FormFile)>,
    vocabulary: &'f Vocabulary,
    /// Files that others extend, each with everything it inherits.
    bases: BTreeMap<&'f str, FormMapping>,
    /// What is wrong with them.
    pub(super) problems: Vec<Problem>,
}

/// A file with its path and text.
type Written<'f> = (String, &'f str, &'f FormFile);

impl<'f> Forms<'f> {
    pub(super) fn of(parsed: &'f BTreeMap<&'f str, (&'f str, FormFile)>, vocabulary: &'f Vocabulary) -> Forms<'f> {
        Forms { parsed, vocabulary, bases: BTreeMap::new(), problems: Vec::new() }
    }

    /// One form with everything it inherits.
    pub(super) fn compile(&mut self, name: &'f str) -> FormMapping {
        let chain = self.chain(name);
        let mut form = self.inherited(&chain);
        form.file = name.to_owned();
        // A file that names no label leaves it to the file that it extends.
        let told = chain.iter().filter_map(|name| Some(self.parsed.get(name)?.1.labels_told()));
        form.own_labels = told.into_iter().find(|told| !told.is_empty()).unwrap_or_default();
        // All labels are known now, wherever they were written.
        let written: Vec<Written<'f>> = chain.iter().rev().flat_map(|name| self.with_additions(name)).collect();
        form.begin_layer();
        for file in &written {
            self.compiler(file).aliases(&file.2.aliases, &mut form);
        }
        form.tables = self.inner_tables(name, &form);
        form.other_codes = self.other_codes(name, &form);
        if let Some((text, file)) = self.parsed.get(name)
            && let Some(id) = &file.form
        {
            let known = !form.titles.is_empty() || !form.labels_that_tell.is_empty() || !form.headings.is_empty();
            let path = path_of(name);
            if !known {
                self.problems.push(Problem::at(&path, text, id.referenced, Wrong::NeverRecognised(id.value.clone())));
            }
            check_items(&path, text, file, &form, self.vocabulary, &mut self.problems);
        }
        // Names of projects, of sub-units and of a classification are no labels, and a condition may wait for them.
        let named = |(_, _, file): &Written<'_>| {
            let own = file.form.is_some() || file.adds_to.is_some();
            own && !file.columns.entity.is_empty() || !file.columns.project.is_empty()
        };
        if form.codes.is_none() && form.names.is_empty() && !written.iter().any(named) {
            for (path, text, file) in &written {
                check_conditions(path, text, file, &form, self.vocabulary, &mut self.problems);
            }
        }
        form
    }

    /// A file and those that it extends, from itself to the farthest.
    fn chain(&mut self, name: &'f str) -> Vec<&'f str> {
        let mut chain: Vec<&'f str> = Vec::new();
        let mut next = Some(name);
        while let Some((current, (text, file))) = next.and_then(|name| self.parsed.get_key_value(name)) {
            if chain.contains(current) {
                let path = path_of(name);
                let spot =
                    self.parsed.get(name).and_then(|(text, file)| Some((*text, file.extends.as_ref()?.referenced)));
                self.problems.push(match spot {
                    Some((text, spot)) => Problem::at(&path, text, spot, Wrong::ExtendsItself),
                    None => Problem::of(&path, Wrong::ExtendsItself),
                });
                break;
            }
            chain.push(current);
            next = file.extends.as_ref().map(|extends| extends.value.as_str());
            if let Some(extends) = &file.extends
                && !self.parsed.contains_key(extends.value.as_str())
            {
                let wrong = Wrong::NoFileToExtend(extends.value.clone());
                self.problems.push(Problem::at(&path_of(current), text, extends.referenced, wrong));
            }
        }
        chain
    }

    /// What the first file of a chain says, laid over what those behind it say.
    fn inherited(&mut self, chain: &[&'f str]) -> FormMapping {
        let Some((name, farther)) = chain.split_first() else {
            return FormMapping { years: (i32::MIN, i32::MAX), ..FormMapping::default() };
        };
        let mut form = match farther.first() {
            Some(base) if self.bases.contains_key(base) => self.bases[base].clone(),
            Some(base) => {
                let made = self.inherited(farther);
                self.bases.insert(base, made.clone());
                made
            }
            None => self.inherited(farther),
        };
        form.begin_layer();
        for file in self.with_additions(name) {
            self.compiler(&file).apply(file.2, &mut form);
        }
        form
    }

    /// A file, and those that add to it.
    fn with_additions(&self, name: &str) -> Vec<Written<'f>> {
        let adds = |file: &FormFile| file.adds_to.as_ref().is_some_and(|target| target.value == name);
        let additions = self.parsed.iter().filter(|(_, (_, file))| adds(file));
        let own = self.parsed.get_key_value(name);
        own.into_iter().chain(additions).map(|(name, (text, file))| (path_of(name), *text, file)).collect()
    }

    fn compiler<'c>(&'c mut self, (path, text, _): &'c Written<'f>) -> Compiler<'c> {
        Compiler { path, text, vocabulary: self.vocabulary, problems: &mut self.problems }
    }

    /// The tables among the fields of a form, each with all that its file inherits: those that the nearest file tells which
    /// tells any.
    fn inner_tables(&mut self, name: &str, outer: &FormMapping) -> Vec<Inner> {
        let mut tables = Vec::new();
        let mut chain = super::digests::chain(name, self.parsed).into_iter();
        let telling = chain.find_map(|name| {
            self.parsed.get(name).filter(|(_, file)| !file.inner_tables.is_empty()).map(|found| (name, found))
        });
        let Some((name, (text, file))) = telling else { return tables };
        for entry in &file.inner_tables {
            let reads = entry.reads.value.as_str();
            // A file with tables of its own would stand in itself sooner or later.
            let wrong = match self.parsed.get(reads) {
                None => Some(Wrong::NoFileToExtend(reads.to_owned())),
                Some((_, inner)) if !inner.inner_tables.is_empty() => Some(Wrong::ExtendsItself),
                Some(_) => None,
            };
            if let Some(wrong) = wrong {
                self.problems.push(Problem::at(&path_of(name), text, entry.reads.referenced, wrong));
                continue;
            }
            let mut inner = self.compile(reads);
            inner.form = outer.form.clone();
            inner.amounts = inner.amounts.or(outer.amounts);
            // What its words mean is remembered by this: another table among the fields may give them other items.
            inner.noted = format!("{reads} in {}", outer.file);
            tables.push(Inner {
                begins: entry.begins.iter().map(|label| Label::new(&label.value)).collect(),
                form: Arc::new(inner),
            });
        }
        tables
    }

    /// The file that reads a form's tables where their codes are of the other list, with all that it inherits; what it does not
    /// say of context, items and total is as in the form.
    fn other_codes(&mut self, name: &str, outer: &FormMapping) -> Option<Arc<FormMapping>> {
        let parsed = self.parsed;
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
            self.problems.push(Problem::at(&path_of(name), text, reads.referenced, wrong));
            return None;
        }
        let mut inner = self.compile(other);
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
}

fn path_of(name: &str) -> String {
    format!("forms/{name}.yaml")
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
        let near = nearest::nearest_of_tables(&fold(&when.under[0]), form, vocabulary);
        let near = near.into_iter().map(|near| near.label).collect();
        let wrong = Wrong::UnderUnknown { label: label.value.clone(), under: when.under.clone(), near };
        problems.push(Problem::at(path, text, label.referenced, wrong));
    }
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
        self.phrases(&file.recognise.covers, &mut form.covers);
        form.labels_that_tell.extend(file.recognise.labels.iter().map(|label| Label::new(&label.value)));
        self.phrases(&file.recognise.headings, &mut form.headings);
        form.sections.extend(file.recognise.sections.iter().map(|word| fold(&word.value)));
        form.statements.extend(file.recognise.statements.iter().map(|word| fold(&word.value)));
        form.reports.extend(file.recognise.reports.iter().map(|word| fold(&word.value)));
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
        form.total_of.extend(file.total_of.iter().filter_map(|item| self.item(item)));
        if let Some(codes) = &file.codes {
            form.codes = self.codes(codes);
        }
        form.names.extend(file.names.iter().filter_map(|codes| self.codes(codes)));
        self.columns(file, form);
        for word in &file.neutral {
            form.across.insert(Label::new(word), Arc::default());
            form.down.insert(Label::new(word), Arc::default());
        }
        let unnamed = Arc::new(Rule { unnamed: true, ..Rule::default() });
        for word in &file.unnamed {
            form.across.insert(Label::new(word), unnamed.clone());
            form.down.insert(Label::new(word), unnamed.clone());
        }
        self.labels(&file.labels, |label, rule| {
            form.across.insert(label.clone(), rule.clone());
            form.down.insert(label, rule);
        });
        self.labels(&file.across, |label, rule| form.across.insert(label, rule));
        self.labels(&file.down, |label, rule| form.down.insert(label, rule));
        for (label, field) in &file.fields.0 {
            if let Some(compiled) = self.field(label, field) {
                form.fields.insert(Label::new(&label.value), compiled);
            }
        }
        for note in &file.notes {
            let mut labels = Map::default();
            self.labels(&note.labels, |label, rule| {
                labels.insert(label, rule);
            });
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
                let near = nearest::nearest_of_tables(known.as_str(), form, self.vocabulary);
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
        let unit = UnitOfMeasure::of_money(&word.value);
        if unit.is_none() {
            let [yuan, thousands, wan, yi] = UnitOfMeasure::MONEY_WORDS;
            self.no_word(word, WordKind::Money, &[yuan, thousands, wan, yi, "told"]);
        }
        unit
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
            // Of the year's first budget, which keys do not name: said all the same, so that no other budget beside it is meant.
            base: entry.base.as_deref().map(|base| if base == Measure::Budget.word() { "" } else { base }.into()),
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
            unnamed: false,
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

    fn labels(&mut self, entries: &Pairs<RuleEntry>, mut insert: impl FnMut(Label, Arc<Rule>)) {
        let mut claimed = Set::default();
        for ((label, entry), written) in entries.0.iter().zip(entries.labels()) {
            let written = match written {
                Ok(written) => written,
                Err(message) => {
                    self.problem(label, Wrong::Told(message.clone()));
                    continue;
                }
            };
            let rule = Arc::new(self.rule(entry));
            self.check_when(label, &rule);
            for normal in written {
                if !claimed.insert(normal.clone()) {
                    self.problem(label, Wrong::LabelTwice(label.value.clone()));
                }
                if normal.is_empty() {
                    self.problem(label, Wrong::EmptyLabel(label.value.clone()));
                }
                insert(normal.clone(), rule.clone());
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
            (ColumnRole::Indicator, &columns.indicator),
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
