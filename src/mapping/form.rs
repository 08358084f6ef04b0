use std::collections::BTreeMap;
use std::sync::Arc;

use super::layers::Layers;
use crate::model::{Funding, Label, Map, Measure, UnitOfMeasure};

impl FormMapping {
    /// What a file says that extends this one is laid over what it says itself.
    pub(super) fn begin_layer(&mut self) {
        self.columns.begin();
        self.across.begin();
        self.down.begin();
        self.fields.begin();
        self.ignored.begin();
    }
}

/// A form's mapping, with everything it inherits: what `recognise` and `locate` work from.
#[derive(Clone, Debug, Default)]
pub struct FormMapping {
    /// The form's id.
    pub form: Arc<str>,
    /// Its title, for people.
    pub name: String,
    /// The file it comes from, without `.yaml`: the prefix of the rules it makes.
    pub file: String,
    /// How its numbers get their names.
    pub kind: Kind,
    /// First and last fiscal year it serves.
    pub years: (i32, i32),
    /// Titles, compared whole.
    pub titles: Vec<Label>,
    /// Titles that do not say whether they are of final accounts: a table below must say so.
    pub subjects: Vec<Label>,
    /// Titles that hold only in a part of the document that says that its tables are of final accounts.
    pub part_subjects: Vec<Label>,
    /// Titles of a whole publication: they begin it where nothing else in the document makes a form known.
    pub covers: Vec<Label>,
    /// Labels that together make it known where no title stands.
    pub labels_that_tell: Vec<Label>,
    /// Headings that begin it without a title.
    pub headings: Vec<Label>,
    /// Folded words of headings: one that the lexicon understands whole, and that has one of them, begins it too.
    pub sections: Vec<String>,
    /// Folded words of sentences that make a short text known in which nothing else does.
    pub statements: Vec<String>,
    /// The same, where the text speaks of no budget.
    pub reports: Vec<String>,
    /// Headings that end it.
    pub ends: Vec<Label>,
    /// The form of prose that sentences below its title are of.
    pub in_prose: Option<Arc<str>>,
    /// What all its figures have in common.
    pub context: Partial,
    /// The unit of amounts when the document states none.
    pub amounts: Option<UnitOfMeasure>,
    /// No unit is assumed: an amount of which the document states none is left over.
    pub unit_must_be_told: bool,
    /// The roots of the items it may give; empty: any.
    pub roots: Vec<Arc<str>>,
    /// What 合计 means where no item stands above it.
    pub total: Option<Arc<str>>,
    /// Items that the total sums as well, though the vocabulary has them below others.
    pub total_of: Vec<Arc<str>>,
    /// The classification whose codes name rows.
    pub codes: Option<CodeUse>,
    /// How its tables are read whose codes are all of a list that the form has not.
    pub other_codes: Option<Arc<FormMapping>>,
    /// Classifications whose names alone name rows.
    pub names: Vec<CodeUse>,
    /// What a column is, by its header.
    pub columns: Layers<ColumnRole>,
    /// What labels mean in headers.
    pub across: Layers<Arc<Rule>>,
    /// What labels mean in stubs.
    pub down: Layers<Arc<Rule>>,
    /// Labels with their value beside, below or behind them.
    pub fields: Layers<Field>,
    /// Tables among the fields, each with the labels that begin it.
    pub tables: Vec<Inner>,
    /// The indicator whose weight and score stand in the table beside its values.
    pub score: Option<Arc<str>>,
    /// Labels of rows and columns that hold no values, with the reason.
    pub ignored: Layers<Arc<str>>,
    /// The labels that its own file names, what it inherits left out; where it names none, those of the file it extends.
    pub own_labels: Vec<Label>,
    /// What labels mean where a note under the table says so.
    pub notes: Vec<NoteRule>,
    /// Which notes explain it here: what tells it from the same form without them.
    pub noted: String,
    /// Tells it from all other forms of its mappings, in few characters: for what is remembered of texts.
    pub tag: String,
}

/// A table among the fields of a form.
#[derive(Clone, Debug)]
pub struct Inner {
    /// Folded labels of which one stands in its first row.
    pub begins: Vec<Label>,
    /// How it is read; its figures are the outer form's.
    pub form: Arc<FormMapping>,
}

/// A note under a table that says what labels of it mean.
#[derive(Clone, Debug, Default)]
pub struct NoteRule {
    /// Folded; one of them stands in the note.
    pub says: Vec<String>,
    /// What labels mean then.
    pub labels: Map<Label, Arc<Rule>>,
}

impl FormMapping {
    /// The form as its notes explain it; `None` where they say nothing that changes it. `notes` are folded.
    pub fn as_noted(&self, notes: &[String]) -> Option<FormMapping> {
        let said =
            |rule: &&NoteRule| rule.says.iter().any(|phrase| notes.iter().any(|note| note.contains(phrase.as_str())));
        let mut noted: Option<FormMapping> = None;
        for rule in self.notes.iter().filter(said) {
            let form = noted.get_or_insert_with(|| self.clone());
            form.noted.push_str(&rule.says.join("\n"));
            form.across.lay(rule.labels.clone());
            form.down.lay(rule.labels.clone());
        }
        noted
    }
}

/// How the numbers of a form get their names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// By headers above and stubs to the left.
    #[default]
    Table,
    /// By fields and small tables inside one big one.
    Fields,
    /// By a tree of indicators with weights and scores.
    Indicators,
    /// By the words of sentences.
    Prose,
}

/// A part of a key: what one label, or a form, says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Partial {
    /// The item.
    pub item: Option<Arc<str>>,
    /// A functional code.
    pub function: Option<Arc<str>>,
    /// An economic code.
    pub economic: Option<Arc<str>>,
    /// The funding.
    pub funding: Option<Funding>,
    /// The measure.
    pub measure: Option<Measure>,
    /// The measure is that of any budget: another label may say that it is the adjusted one.
    pub any_budget: bool,
    /// The base of a rate.
    pub base: Option<Arc<str>>,
}

/// What a label means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// What it says of the key.
    pub key: Partial,
    /// The side of the table that it heads.
    pub side: Option<Side>,
    /// It means the item above it, else the form's total.
    pub total: bool,
    /// It is an item only beside a total.
    pub group: bool,
    /// A difference whose terms the columns beside it tell.
    pub difference: Option<Difference>,
    /// A decrease written as a positive number.
    pub negative: bool,
    /// It holds only where the amounts beside it prove it.
    pub proved: bool,
    /// Rows below it that name only a funding are parts of it.
    pub governs_funding: bool,
    /// It names a part that no key has a place for: what it names is left over.
    pub unnamed: bool,
    /// What it means under other labels; where none fits and the rule says nothing else, it is not understood.
    pub when: Vec<When>,
}

impl Rule {
    /// A known word without meaning.
    pub fn is_neutral(&self) -> bool {
        *self == Rule::default()
    }

    /// It names a measure, or a difference, at least below some words.
    pub fn may_name_a_measure(&self) -> bool {
        let told = |key: &Partial| key.measure.is_some();
        told(&self.key) || self.difference.is_some() || self.when.iter().any(|when| told(&when.key))
    }

    /// It says a part of the key by itself.
    pub fn says_something(&self) -> bool {
        self.key != Partial::default() || self.total || self.unnamed || self.side.is_some() || self.difference.is_some()
    }
}

impl std::fmt::Display for Partial {
    /// As it is written in a file, without the braces: `item: 公务接待费, measure: final`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let funding = self.funding.map(Funding::word);
        let measure = self.measure.map(Measure::word);
        let parts = [
            ("item", self.item.as_deref()),
            ("function", self.function.as_deref()),
            ("economic", self.economic.as_deref()),
            ("funding", funding),
            ("measure", measure),
            ("base", self.base.as_deref().map(|base| if base.is_empty() { Measure::Budget.word() } else { base })),
        ];
        let told: Vec<String> = parts.iter().filter_map(|(name, part)| Some(format!("{name}: {}", (*part)?))).collect();
        f.write_str(&told.join(", "))?;
        f.write_str(if self.any_budget { ", any_budget: true" } else { "" })
    }
}

impl std::fmt::Display for Rule {
    /// What it says, as it is written in a file: `item: 公务接待费`, `total: true`; `neutral` where it says nothing.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = vec![self.key.to_string()];
        parts.extend(self.side.map(|side| format!("side: {}", side.word())));
        parts.extend(self.difference.map(|difference| format!("difference: {}", difference.word())));
        for (name, set) in [
            ("total", self.total),
            ("group", self.group),
            ("negative", self.negative),
            ("proved", self.proved),
            ("governs_funding", self.governs_funding),
            ("unnamed", self.unnamed),
        ] {
            parts.extend(set.then(|| format!("{name}: true")));
        }
        parts.extend(self.when.iter().map(|when| {
            let under: Vec<&str> = when.under.iter().map(Label::as_str).collect();
            format!("under {}: {}", under.join("、"), when.key)
        }));
        parts.retain(|part| !part.is_empty());
        f.write_str(if parts.is_empty() { "neutral" } else { "" })?;
        f.write_str(&parts.join(", "))
    }
}

/// What a label means where one of other labels stands above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The labels of which one must stand above it.
    pub under: Vec<Label>,
    /// What it says then.
    pub key: Partial,
    /// It then means the item above it.
    pub total: bool,
}

/// The two sides of a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// 收入
    Income,
    /// 支出
    Expenditure,
}

impl Side {
    /// The word in mapping files.
    pub fn word(self) -> &'static str {
        match self {
            Side::Income => "income",
            Side::Expenditure => "expenditure",
        }
    }
}

/// A difference that says not of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// In the unit of the item.
    Amount,
    /// In percent.
    Rate,
}

impl Difference {
    /// The word in mapping files.
    pub fn word(self) -> &'static str {
        match self {
            Difference::Amount => "amount",
            Difference::Rate => "rate",
        }
    }
}

/// A classification that names rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeUse {
    /// The economic list, else the functional one.
    pub economic: bool,
    /// The item of a row that a code names, where no header says one.
    pub item: Option<Arc<str>>,
    /// The side on which names count.
    pub side: Option<Side>,
    /// The names head columns, not rows.
    pub across: bool,
    /// The items that groups of codes (`basic_group` of the list) make up.
    pub groups: BTreeMap<String, Arc<str>>,
}

/// What a column (or, where it stands in a stub, a row) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnRole {
    /// Whole codes, perhaps with their names.
    Code,
    /// 类 of a split code.
    Category,
    /// 款 of a split code.
    Section,
    /// 项 of a split code.
    Detail,
    /// Names of codes.
    Name,
    /// Labels.
    Label,
    /// Numbers of rows or columns.
    Line,
    /// Words that are no labels.
    Text,
    /// Names of sub-units.
    Entity,
    /// Names of projects.
    Project,
    /// Indicators of a level, 1 to 3.
    Level(u8),
    /// Indicators of the third level, or of the only one.
    Indicator,
    /// 分值.
    Weight,
    /// 自评得分.
    SelfScore,
    /// What an indicator was to reach.
    Target,
    /// What it reached.
    Actual,
    /// The sign of comparison before a target.
    Sign,
    /// What a target is counted in.
    CountedIn,
    /// Personal data.
    Personal,
}

impl ColumnRole {
    /// The word in mapping files.
    pub fn word(self) -> &'static str {
        match self {
            ColumnRole::Code => "code",
            ColumnRole::Category => "category",
            ColumnRole::Section => "section",
            ColumnRole::Detail => "detail",
            ColumnRole::Name => "name",
            ColumnRole::Label => "label",
            ColumnRole::Line => "line",
            ColumnRole::Text => "text",
            ColumnRole::Entity => "entity",
            ColumnRole::Project => "project",
            ColumnRole::Level(1) => "level1",
            ColumnRole::Level(2) => "level2",
            ColumnRole::Level(_) => "level3",
            ColumnRole::Indicator => "indicator",
            ColumnRole::Weight => "weight",
            ColumnRole::SelfScore => "self_score",
            ColumnRole::Target => "target",
            ColumnRole::Actual => "actual",
            ColumnRole::Sign => "sign",
            ColumnRole::CountedIn => "counted_in",
            ColumnRole::Personal => "personal",
        }
    }
}

/// A label with its value beside, below or behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The item and measure of a number in it; none for a text.
    pub item: Option<Arc<str>>,
    /// Its measure.
    pub measure: Measure,
    /// Its name as a text field.
    pub name: String,
    /// Its value is a text.
    pub text: bool,
    /// Its value is personal.
    pub personal: bool,
    /// The value stands below the label.
    pub below: bool,
    /// Its value is the project that everything after it speaks of.
    pub project: bool,
}
