//! The words around tables: unit lines, reporting units, notes, signatures, the endings of organisations' names.
//!
//! *In:* `document.yaml` and the files that add to it. *Out:* one [`Surroundings`], each list as it is asked. All words are
//! folded (see [`fold`]), and so are the texts that are asked about.

mod lines;
mod names;
mod pages;
mod remarks;
mod words;

use std::collections::BTreeMap;

use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

pub use self::remarks::{DoubtedRow, without_footnote_mark};
use self::words::{Abbreviations, Finder, Grows, Heads, Labels, Words};
use super::Problem;
use super::files::BUILT_IN;
use super::problem::Wrong;
use super::spanned::Spanned;
use super::standing::{self, Standing};
use crate::model::{Map, UnitOfMeasure, fold};

/// Each list is named once: as a key of the language, with what it means, and as what it is asked by.
macro_rules! lists {
    ($($(#[$meaning:meta])* $visible:vis $list:ident: $kind:ty,)*) => {
        /// The words around tables.
        #[derive(Debug, Default, Deserialize, JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct Surroundings {
            /// `document`, in a file that adds to it.
            adds_to: Option<String>,
            $($(#[$meaning])* $visible $list: $kind,)*
            /// Units of measure by their words.
            #[serde(skip)]
            pub units: Map<String, UnitOfMeasure>,
            /// What says of figures that they are a draft, a sample, of a part of the year, a slip.
            #[serde(skip)]
            pub standing: Standing,
            /// What a declaration of a unit line begins with.
            #[serde(skip)]
            declarations: Heads,
            /// Finds the first word in a heading that describes a unit.
            #[serde(skip)]
            descriptions: Finder,
            #[serde(skip)]
            patterns: Patterns,
        }

        impl Surroundings {
            /// The keys of all lists.
            const LISTS: &[&str] = &[$(stringify!($list)),*];

            /// Adds what a file has.
            fn add(&mut self, more: Surroundings) {
                $(self.$list.add(more.$list);)*
                self.patterns.add(more.patterns);
            }
        }
    };
}

lists! {
    /// Heads of unit lines, and of what a bracket says of the unit of a label.
    pub unit_line: Words,
    /// Heads of lines that name the reporting unit.
    pub reporting_unit: Words,
    /// What stands before the year of the accounts: 会计年度:2023.
    pub year_lines: Words,
    /// What stands before the last day of a year for which a table is drawn up.
    pub as_of: Words,
    /// Units of money by their words.
    amounts: BTreeMap<String, MoneyWord>,
    /// Words for hundredths.
    percent: Words,
    /// Words for points of a score.
    points: Words,
    /// Units in which things are counted.
    counts: Words,
    /// The number of a table, alone in a line or beside a title: a regular expression.
    table_number: Option<Spanned<String>>,
    /// How a label begins that says which year's it is: this one's.
    this_year: Words,
    /// What a header says of values of final accounts.
    finals: Words,
    /// What a header says beside one of these where the values are not this year's.
    pub not_finals: Words,
    /// What speaks of a budget.
    budgets: Finder,
    /// What ends with such a word and speaks of a fund.
    not_budgets: Words,
    /// What is said of money that is not spent yet, in other words.
    plans: Words,
    /// What a line says that heads a unit's own accounts beside those of its government.
    own_accounts: Finder,
    /// What speaks behind a unit's name of its money: 某镇财政拨款三公经费.
    funds: Finder,
    /// What stands in a cell where there is nothing, beside dashes: compared as it is written.
    nothing: Vec<String>,
    /// How the heading of a part ends that says that its tables are of final accounts.
    finals_parts: Words,
    /// Behind a title: the table goes on from an earlier one.
    continued: Words,
    /// What stands in a title for another word.
    title_words: BTreeMap<String, String>,
    /// The same where the table holds a budget as well, and its columns must say which are final accounts.
    title_words_of_both: BTreeMap<String, String>,
    /// What may stand before a title and says nothing.
    pub before_titles: Words,
    /// What may stand behind a title in brackets and says nothing.
    pub behind_titles: Words,
    /// What a note begins with, before a mark or a number.
    notes: Heads,
    /// How a note begins that has no such head.
    notes_begin: Heads,
    /// What a signature line begins with.
    signatures: Heads,
    /// Signatures that may hold personal data.
    pub personal: Words,
    /// How a line begins that belongs to a web page and not to its article.
    page_lines: Heads,
    /// How such a line ends, behind an organisation's name: 某县人民政府主办.
    page_ends: Words,
    /// Words of which such a line is made.
    page_words: Heads,
    /// What stands before the article's title there.
    page_titles: Heads,
    /// What heads the accounts of a government's whole budget.
    government_titles: Finder,
    /// What only those speak of.
    government_words: Finder,
    /// What a table without values says instead.
    no_data: Finder,
    /// Labels of the fields in which a form says whose it is, for forms that nothing else tells of.
    own_unit_fields: Labels,
    /// Endings of organisations' names.
    pub organisations: Words,
    /// Endings of the names of a unit's parts.
    parts_of_unit: Words,
    /// What stands behind a unit's name where the unit is meant with all its parts.
    whole_units: Words,
    /// What stands behind a unit's name where a title says twice that it is one: 某局部门2023年度部门决算.
    behind_names: Words,
    /// Words for the sum of rows: never the name of anybody.
    totals: Labels,
    /// What the name of a worksheet contains that holds none of the year's accounts.
    spare_sheets: Words,
    /// What it is.
    spare_sheet_names: Words,
    /// What says of figures that they are no final accounts of the year.
    void_states: Words,
    /// What says that they are again.
    valid_states: Words,
    /// What stands around these without a meaning.
    about_states: Words,
    /// What the name of a file says that was given up for another.
    void_names: Words,
    /// What the name of a file says that may be no unit's last word.
    doubtful_names: Words,
    /// What a project is called that is only an example.
    sample_names: Words,
    /// A time that is only a part of the year: a regular expression.
    part_of_year: Option<Spanned<String>>,
    /// What a remark beside a row says that puts its figures in doubt.
    slips: Words,
    /// What a line says of a table whose figures stand in wrong places.
    misplaced: Words,
    /// What a line says of a table above it that is one of budgets.
    said_budgets: Words,
    /// How the departments of a county are called, none of which is a part of another.
    departments: Words,
    /// What stands in no organisation's name.
    not_in_organisations: Words,
    /// Words that have one of these in them, and stand in organisations' names: 非税收入管理局.
    in_organisations: Words,
    /// Words for the units below a unit, which are the whole only where they are joined to its name.
    subordinates: Words,
    /// What joins them: 某局及下属单位.
    and: Words,
    /// What stands before a unit's name without being part of it: 关于.
    pub about: Words,
    /// Behind a unit's name: its own part.
    pub head_office: Words,
    /// What stands between a unit's name and the accounts of which its letter makes public: 某局关于公开….
    pub before_letters: Words,
    /// What stands before the kind of a unit in the place of its name: 我镇, 本单位.
    speakers: Words,
    /// What each of many units is called.
    pub kinds: Words,
    /// What a heading says of a unit that is described below it.
    describes: Heads,
    /// How a sentence goes on behind the name of the unit that it describes.
    described_as: Heads,
    /// How one goes on behind a unit's name and a year that states its accounts.
    states: Heads,
    /// How one goes on behind a year that states of it what one item was.
    states_items: Heads,
    /// In a description: it is of another unit or of a part of one.
    of_parts: Finder,
    /// A text of the accounts of many units has one of these.
    of_others: Finder,
    /// What a line says of accounts that says no more than their year.
    pub mere_accounts: Words,
    /// What stands with a colon before the title of what is attached.
    attached: Words,
    /// How a comment on a cell begins, or a note goes on, that says that something else is part of it, too.
    holds: Words,
    /// How a note ends that says that amounts are those of several units together: 为两个单位合计数.
    sums_of_units: Words,
    /// What says that something is left out.
    leaves_out: Finder,
    /// How what is left out ends, where it is a part of the unit or of its money.
    left_out: Words,
    /// How it begins, where it is one of the budgets: no table of them all may leave it out.
    left_out_budgets: Words,
    /// What speaks of the figures around it.
    of_figures: Words,
    /// How a line begins that speaks of the figures above it.
    points_above: Words,
    /// Columns, or all values, of which a note may say that they are another year's.
    noted_columns: Words,
    /// What stands between the head of such a line and what it says.
    points_by: Words,
    /// What makes a part of what a name of the classification means, beside it.
    dividing: Words,
    /// How a line begins that says that a figure is a slip.
    corrections: Words,
    /// What stands before the number that a figure should have been.
    corrected_to: Words,
    /// How a heading right above a table ends, where it says no more than the name of the table's form: 总体情况.
    pub ends_above_tables: Words,
    /// In a line that ends as a table's name does: it only refers to one.
    pub refers: Words,
    /// How the government of an area is called behind its name, and for short (empty: not at all).
    pub seats: BTreeMap<String, String>,
    /// Areas whose own name their government goes by.
    pub towns: Words,
    /// Words for a whole county: their figures are those of no unit.
    pub scope_total: Words,
    /// Endings of the names of areas; a unit named so is the area's government, and its figures those of the whole.
    pub areas: Words,
    /// What stands above a unit in its name as an area does: the rest of the name is the unit for short.
    pub divisions: Words,
    /// What organisations write in their own texts for words of their names: 人社局.
    pub abbreviations: Abbreviations,
    /// How words of units' names are read where two names may mean one unit.
    spoken: BTreeMap<String, String>,
    /// What a heading calls final accounts or their evaluation, behind a year or an organisation's name.
    pub of_accounts: Finder,
    /// Words behind which a year is the one that is compared with.
    pub compared: Words,
}

/// The regular expressions, as they run.
#[derive(Debug, Default)]
struct Patterns {
    /// The number of a table at the beginning of a line.
    table_number: Option<Regex>,
    /// The same at its end.
    table_number_behind: Option<Regex>,
    part_of_year: Option<Regex>,
}

impl Grows for Patterns {
    fn add(&mut self, more: Patterns) {
        self.table_number.add(more.table_number);
        self.table_number_behind.add(more.table_number_behind);
        self.part_of_year.add(more.part_of_year);
    }
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum MoneyWord {
    Yuan,
    ThousandYuan,
    TenThousandYuan,
    HundredMillionYuan,
}

impl MoneyWord {
    fn unit(self) -> UnitOfMeasure {
        match self {
            MoneyWord::Yuan => UnitOfMeasure::Yuan,
            MoneyWord::ThousandYuan => UnitOfMeasure::ThousandYuan,
            MoneyWord::TenThousandYuan => UnitOfMeasure::TenThousandYuan,
            MoneyWord::HundredMillionYuan => UnitOfMeasure::HundredMillionYuan,
        }
    }
}

/// The file that others add to.
pub(super) const FILE: &str = "document.yaml";

/// A file that takes the place of the built-in one has every list: without one, fewer documents would be read, and nothing would say why.
fn has_all_lists(yaml: &str) -> Result<(), Problem> {
    let there: BTreeMap<String, IgnoredAny> =
        serde_saphyr::from_str(yaml).map_err(|error| Problem::yaml(FILE, yaml, &error))?;
    let missing = Surroundings::LISTS.iter().find(|list| !there.contains_key(**list));
    missing.map_or(Ok(()), |list| Err(Problem::of(FILE, Wrong::MissingKey(list))))
}

impl Surroundings {
    /// Reads `document.yaml` and the files that add to it: each with its name.
    ///
    /// # Errors
    /// The first problem, with its line and column.
    pub(super) fn read(files: &[(&str, &str)]) -> Result<Surroundings, Problem> {
        let mut surroundings = Surroundings::default();
        for (name, yaml) in files {
            let mut file: Surroundings =
                serde_saphyr::from_str(yaml).map_err(|error| Problem::yaml(name, yaml, &error))?;
            // Every start waits for this: the built-in file is known to have them.
            if *name == FILE && !BUILT_IN.contains(&(name, yaml)) {
                has_all_lists(yaml)?;
            }
            file.patterns = file.patterns_of(name, yaml)?;
            surroundings.add(file);
        }
        surroundings.make_ready();
        Ok(surroundings)
    }

    fn patterns_of(&self, name: &str, yaml: &str) -> Result<Patterns, Problem> {
        let pattern = |written: &Option<Spanned<String>>, around: [&str; 2]| {
            let made = |written: &Spanned<String>| {
                let [before, behind] = around;
                Regex::new(&format!("{before}(?:{}){behind}", written.value))
                    .map_err(|error| Problem::at(name, yaml, written.referenced, Wrong::Pattern(error.to_string())))
            };
            written.as_ref().map(made).transpose()
        };
        Ok(Patterns {
            table_number: pattern(&self.table_number, ["^", ""])?,
            table_number_behind: pattern(&self.table_number, ["", "$"])?,
            part_of_year: pattern(&self.part_of_year, ["^", "$"])?,
        })
    }

    /// Makes what is asked of several lists together.
    fn make_ready(&mut self) {
        self.units = self.amounts.iter().map(|(word, unit)| (fold(word), unit.unit())).collect();
        for (words, unit) in [
            (&self.percent, UnitOfMeasure::Percent),
            (&self.points, UnitOfMeasure::Points),
            (&self.counts, UnitOfMeasure::Count),
        ] {
            self.units.extend(words.iter().map(|word| (word.clone(), unit)));
        }
        for pairs in [&mut self.seats, &mut self.spoken] {
            *pairs = pairs.iter().map(|(long, short)| (fold(long), fold(short))).collect();
        }
        self.declarations = [&*self.unit_line, &*self.reporting_unit, &*self.year_lines].concat().into();
        self.descriptions = self.describes.finder();
        self.standing = Standing::of(standing::Written {
            void: &self.void_states,
            valid: &self.valid_states,
            names: (&self.void_names, &self.doubtful_names),
            about: &self.about_states,
            part_of_year: self.patterns.part_of_year.take(),
            corrections: &self.corrections,
            corrected_to: &self.corrected_to,
            misplaced: &self.misplaced,
            slips: &self.slips,
            spare_sheets: (&self.spare_sheets, &self.spare_sheet_names),
            samples: &self.sample_names,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_file_has_every_list() {
        let (_, yaml) = BUILT_IN.iter().find(|(name, _)| *name == FILE).unwrap();
        has_all_lists(yaml).unwrap();
    }
}
