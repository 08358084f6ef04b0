//! The YAML of a form's mapping file, as it is written.
//!
//! These structs are the grammar of the language: a key that is not here is refused with its line and column. What they
//! mean, and how files inherit from one another, is decided in [`super::form`].

use std::fmt;
use std::marker::PhantomData;
use std::sync::OnceLock;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::phrases::{PhraseList, expand};
use super::spanned::Spanned;
use super::vocabulary::ItemEntry;
use crate::model::Label;

/// One file of `mappings/forms/`.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Form")]
pub(super) struct FormFile {
    /// The form's id; a file without one is only there to be extended.
    pub(super) form: Option<Spanned<String>>,
    /// Its title in Chinese, for people.
    pub(super) name: Option<String>,
    /// The file to which all this is added, by its name without `.yaml`; then there is no `form` of its own.
    pub(super) adds_to: Option<Spanned<String>>,
    /// The file whose rules hold here too, by its name without `.yaml`.
    pub(super) extends: Option<Spanned<String>>,
    /// How its numbers get their names.
    pub(super) kind: Option<KindEntry>,
    /// Fiscal years it serves: `2012..`, `2015..2018`, `..2019`.
    pub(super) years: Option<Spanned<String>>,
    /// How it is known.
    #[serde(default)]
    pub(super) recognise: RecogniseEntry,
    /// What all its figures have in common.
    #[serde(default)]
    pub(super) context: RuleEntry,
    /// The unit of amounts when the document states none; `told`: it must state one, else they are left over.
    pub(super) amounts: Option<Spanned<String>>,
    /// The roots of the items it may give.
    #[serde(default)]
    pub(super) items: Vec<Spanned<String>>,
    /// What 合计 means where no item stands above it.
    pub(super) total: Option<Spanned<String>>,
    /// Items that the total sums as well, though the vocabulary has them below others.
    #[serde(default)]
    pub(super) total_of: Vec<Spanned<String>>,
    /// The classification whose codes name its rows.
    pub(super) codes: Option<CodesEntry>,
    /// The file that reads its tables instead, by its name without `.yaml`, where all codes of a table are of the other list.
    pub(super) other_codes: Option<Spanned<String>>,
    /// Classifications whose names alone name rows.
    #[serde(default)]
    pub(super) names: Vec<CodesEntry>,
    /// Items that the vocabulary does not have, parents before their parts.
    #[serde(default)]
    pub(super) vocabulary: Vec<ItemEntry>,
    /// Labels that mean what another label means, here.
    #[serde(default)]
    pub(super) aliases: Pairs<Spanned<String>>,
    /// What a column is, by its header.
    #[serde(default)]
    pub(super) columns: ColumnsEntry,
    /// Labels of parts that no key has a place for, such as a source of money: their values are left over, and totals beside
    /// them hold.
    #[serde(default)]
    pub(super) unnamed: PhraseList,
    /// What labels mean, across and down.
    #[serde(default)]
    pub(super) labels: Pairs<RuleEntry>,
    /// What labels mean in headers only.
    #[serde(default)]
    pub(super) across: Pairs<RuleEntry>,
    /// What labels mean in stubs only.
    #[serde(default)]
    pub(super) down: Pairs<RuleEntry>,
    /// Words that are known and say nothing, each with all that its brackets stand for.
    #[serde(default)]
    pub(super) neutral: PhraseList,
    /// Labels with their value beside, below or behind them.
    #[serde(default)]
    pub(super) fields: Pairs<FieldEntry>,
    /// Tables that stand among the fields, each read as a file of its own says.
    #[serde(default)]
    pub(super) inner_tables: Vec<InnerEntry>,
    /// The indicator whose weight and score stand in a table beside its values.
    pub(super) score: Option<String>,
    /// Rows and columns that hold no values, by label, each with a reason.
    #[serde(default)]
    pub(super) ignore: Pairs<String>,
    /// What labels mean where a note under the table says so.
    #[serde(default)]
    pub(super) notes: Vec<NoteEntry>,
    /// Examples, run by `juesuan mapping check`.
    #[serde(default)]
    pub(super) examples: Vec<Spanned<ExampleEntry>>,
}

impl FormFile {
    /// Every label that the file names.
    pub(super) fn labels_told(&self) -> Vec<Label> {
        let rules = [&self.labels, &self.across, &self.down];
        let rules = rules.into_iter().flat_map(|rules| rules.0.iter().map(|(label, _)| label));
        let fields = self.fields.0.iter().map(|(label, _)| label);
        rules.chain(fields).map(|label| Label::new(&label.value)).collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Kind")]
pub(super) enum KindEntry {
    Table,
    Fields,
    Indicators,
    Prose,
}

#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Recognise")]
pub(super) struct RecogniseEntry {
    /// Titles, compared whole; `<…>` may be missing.
    #[serde(default)]
    pub(super) titles: Vec<Spanned<String>>,
    /// Titles that do not say whether they are of a budget or of final accounts: they hold above a table that says it is
    /// of final accounts. `<…>` may be missing.
    #[serde(default)]
    pub(super) subjects: Vec<Spanned<String>>,
    /// Titles that a government's own accounts have as well: they hold only below the heading of a part that says that its
    /// tables are of a unit's final accounts (第二部分 2021年度部门决算报表). `<…>` may be missing.
    #[serde(default)]
    pub(super) part_subjects: Vec<Spanned<String>>,
    /// Titles of a whole publication: they begin it where nothing else in the document makes a form known. `<…>` may be missing.
    #[serde(default)]
    pub(super) covers: Vec<Spanned<String>>,
    /// Labels that together make it known where no title stands.
    #[serde(default)]
    pub(super) labels: Vec<Spanned<String>>,
    /// Headings of prose that begin it without a title; `<…>` may be missing.
    #[serde(default)]
    pub(super) headings: Vec<Spanned<String>>,
    /// Words of headings: one that the lexicon understands whole, and that has one of them, begins it too.
    #[serde(default)]
    pub(super) sections: Vec<Spanned<String>>,
    /// Words of sentences: a short text without tables, in which nothing else makes a form known and no heading speaks of a
    /// budget, is this form where a clause that states an amount has one of them.
    #[serde(default)]
    pub(super) statements: Vec<Spanned<String>>,
    /// The same, where the text speaks of no budget at all: what is said of a year that is over.
    #[serde(default)]
    pub(super) reports: Vec<Spanned<String>>,
    /// Headings that end it.
    #[serde(default)]
    pub(super) ends: Vec<Spanned<String>>,
    /// The form of prose that a text below its title is, where sentences with amounts stand there and no fields.
    pub(super) in_prose: Option<Spanned<String>>,
}

/// A partial key, and what else a label may say.
#[derive(Clone, Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Rule")]
pub(super) struct RuleEntry {
    pub(super) item: Option<Spanned<String>>,
    pub(super) function: Option<String>,
    pub(super) economic: Option<String>,
    pub(super) funding: Option<Spanned<String>>,
    pub(super) measure: Option<Spanned<String>>,
    /// Beside `measure: budget`: of which budget, another label above or below it may say (预算数 over 全年预算数).
    #[serde(default)]
    pub(super) any_budget: bool,
    /// What a share is of; of a rate against a budget: `adjusted_budget`, or `budget`.
    pub(super) base: Option<String>,
    /// `income` or `expenditure`: whose side of the table it heads.
    pub(super) side: Option<Spanned<String>>,
    /// It means the item above it, else the form's total.
    #[serde(default)]
    pub(super) total: bool,
    /// It is an item only beside a total; over codes it only groups them.
    #[serde(default)]
    pub(super) group: bool,
    /// A difference whose terms the columns beside it tell: `amount` or `rate`.
    pub(super) difference: Option<Spanned<String>>,
    /// A decrease written as a positive number.
    #[serde(default)]
    pub(super) negative: bool,
    /// It gives a figure only where the amounts beside it prove it: a difference or rate whose sign the words leave open.
    #[serde(default)]
    pub(super) proved: bool,
    /// Rows below it that name only a funding are parts of it.
    #[serde(default)]
    pub(super) governs_funding: bool,
    /// What it means below, beside or under other labels; the first that fits.
    #[serde(default)]
    pub(super) when: Vec<WhenEntry>,
}

#[derive(Clone, Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "When")]
pub(super) struct WhenEntry {
    /// Labels of which one must stand above it, in the header or in the outline of rows, else on the other side of the
    /// number: a row's label is then told by its column, a column's by its row.
    pub(super) under: Vec<String>,
    pub(super) item: Option<Spanned<String>>,
    pub(super) function: Option<String>,
    pub(super) economic: Option<String>,
    pub(super) funding: Option<Spanned<String>>,
    pub(super) measure: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) total: bool,
}

#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Codes")]
pub(super) struct CodesEntry {
    /// `functional` or `economic`.
    pub(super) list: Spanned<String>,
    /// The item of a row that a code names.
    pub(super) item: Option<Spanned<String>>,
    /// The side of the table on which the names count.
    pub(super) side: Option<Spanned<String>>,
    /// The names head columns (classes, and their items below them), not rows.
    #[serde(default)]
    pub(super) across: bool,
    /// The items that groups of codes make up.
    #[serde(default)]
    pub(super) groups: Pairs<Spanned<String>>,
}

#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Columns")]
pub(super) struct ColumnsEntry {
    /// A column of codes.
    pub(super) code: Vec<String>,
    /// 类 of a code in three columns.
    pub(super) category: Vec<String>,
    /// 款 of a code in three columns.
    pub(super) section: Vec<String>,
    /// 项 of a code in three columns.
    pub(super) detail: Vec<String>,
    /// A column of the names of codes.
    pub(super) name: Vec<String>,
    /// A column of labels.
    pub(super) label: Vec<String>,
    /// Numbers of rows or columns: no values.
    pub(super) line: Vec<String>,
    /// Words that are no labels, numbers in them no values.
    pub(super) text: Vec<String>,
    /// Names of sub-units, taken as they stand.
    pub(super) entity: Vec<String>,
    /// Names of projects, taken as they stand.
    pub(super) project: Vec<String>,
    /// Indicators of the first, second and third level, taken as they stand.
    pub(super) level1: Vec<String>,
    pub(super) level2: Vec<String>,
    pub(super) level3: Vec<String>,
    /// Indicators of the third level, or of the only one where no level stands to their left.
    pub(super) indicator: Vec<String>,
    /// 分值.
    pub(super) weight: Vec<String>,
    /// 自评得分.
    pub(super) self_score: Vec<String>,
    /// What an indicator was to reach: number or words, kept as a text.
    pub(super) target: Vec<String>,
    /// What it reached, likewise.
    pub(super) actual: Vec<String>,
    /// The sign of comparison before a target, in a column of its own.
    pub(super) sign: Vec<String>,
    /// What a target is counted in, in a column of its own.
    pub(super) counted_in: Vec<String>,
    /// Names, telephone numbers, signatures.
    pub(super) personal: Vec<String>,
}

/// A table among the fields of a form.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Inner")]
pub(super) struct InnerEntry {
    /// Labels of which one stands in its first row.
    pub(super) begins: Vec<Spanned<String>>,
    /// The file that says what its labels mean, by its name without `.yaml`.
    pub(super) reads: Spanned<String>,
}

#[derive(Clone, Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Field")]
pub(super) struct FieldEntry {
    /// The item that a number in it measures.
    pub(super) item: Option<Spanned<String>>,
    /// Another measure than `final`.
    pub(super) measure: Option<Spanned<String>>,
    /// Its value is a text.
    #[serde(default)]
    pub(super) text: bool,
    /// Its value is personal: never stored unless asked for.
    #[serde(default)]
    pub(super) personal: bool,
    /// Its value is the project that everything after it speaks of.
    #[serde(default)]
    pub(super) project: bool,
    /// The value stands below the label, not beside it.
    #[serde(default)]
    pub(super) below: bool,
    /// The name of the text field, where it is not the label.
    pub(super) name: Option<String>,
}

#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Note")]
pub(super) struct NoteEntry {
    /// Phrases of which one stands in the note.
    pub(super) says: Vec<String>,
    /// What labels mean then.
    pub(super) labels: Pairs<RuleEntry>,
}

#[derive(Clone, Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Example")]
pub(super) struct ExampleEntry {
    /// A document: paragraphs and pipe tables.
    pub(super) given: String,
    /// Fiscal year of the document, where its text does not say one.
    #[serde(default)]
    pub(super) year: Option<i32>,
    /// The figures that must be read from it, and no others.
    #[serde(default)]
    pub(super) expect: Vec<ExpectEntry>,
}

#[derive(Clone, Debug, PartialEq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
#[schemars(rename = "Expect")]
pub(super) struct ExpectEntry {
    pub(super) entity: String,
    pub(super) item: String,
    pub(super) function: String,
    pub(super) economic: String,
    pub(super) funding: String,
    pub(super) measure: String,
    pub(super) base: String,
    pub(super) value: String,
}

impl ExpectEntry {
    /// As examples are compared.
    pub(super) fn shown(&self) -> String {
        let measure = if self.measure.is_empty() { "final" } else { &self.measure };
        let parts = [&self.entity, &self.item, &self.function, &self.economic, &self.funding, measure, &self.base]
            .map(|part: &str| part);
        // 12.50 is 12.5: a figure's value is compared, not its writing.
        let value = rust_decimal::Decimal::from_str_exact(&self.value).map(|value| value.normalize().to_string());
        super::shown(parts, value.as_deref().unwrap_or(&self.value))
    }
}

/// A YAML mapping with the place of each key, in the order of the file.
#[derive(Debug)]
pub(super) struct Pairs<V>(pub(super) Vec<(Spanned<String>, V)>, OnceLock<Vec<Expanded>>);

/// The labels that a pattern stands for, or what is wrong with it.
type Expanded = Result<Vec<Label>, String>;

impl<V> Pairs<V> {
    /// For each key the labels that it stands for. A file stands in many forms, and is expanded once.
    pub(super) fn labels(&self) -> &[Expanded] {
        let labels = |pattern: &str| Ok(expand(pattern)?.iter().map(|phrase| Label::new(phrase)).collect());
        self.1.get_or_init(|| self.0.iter().map(|(key, _)| labels(&key.value)).collect())
    }
}

impl<V> Default for Pairs<V> {
    fn default() -> Self {
        Pairs(Vec::new(), OnceLock::new())
    }
}

impl<V: JsonSchema> JsonSchema for Pairs<V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("{}ByLabel", V::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<V>() })
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Pairs<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for PairsVisitor<V> {
            type Value = Pairs<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping from labels")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs, OnceLock::new()))
            }
        }
        deserializer.deserialize_map(PairsVisitor(PhantomData))
    }
}
