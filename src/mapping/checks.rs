//! `checks.yaml`: what must add up (勾稽关系), told in the keys of figures. No document is read by it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;

use super::problem::{WordKind, Wrong};
use super::spanned::Spanned;
use super::{Problem, Vocabulary};
use crate::model::{CheckRule, Funding, Measure, Severity, fold};

/// The file among the others.
pub(super) const FILE: &str = "checks.yaml";

/// One rule that figures must obey.
#[derive(Clone, Debug)]
pub struct Check {
    /// How it is named, and what is said of it.
    pub rule: Arc<CheckRule>,
    /// The forms in which it holds; empty: in every one.
    pub forms: Vec<Arc<str>>,
    /// The measures for which a sum holds.
    pub measures: Vec<Measure>,
    /// It holds between all that a unit tells of a year, and of the year before, whatever form it stands in.
    pub across: bool,
    /// What must hold.
    pub relation: Relation,
}

impl Check {
    /// It holds a year against the one before.
    pub fn is_of_two_years(&self) -> bool {
        let told =
            |terms: &[Term]| terms.iter().any(|term| term.last_year || term.or.iter().any(|other| other.last_year));
        match &self.relation {
            Relation::Sum { whole, parts, .. } => told(whole) || told(parts),
            Relation::Rate { of, to: Base::Terms(to), .. } => told(of) || told(to),
            Relation::Rate { of, .. } => told(of),
            Relation::Both { one, other } | Relation::Needs { one, other } => {
                told(std::slice::from_ref(one)) || told(std::slice::from_ref(other))
            }
            Relation::Rollup { .. } | Relation::Score { .. } | Relation::Points { .. } => false,
        }
    }

    /// It holds between figures of this form.
    pub fn holds_in(&self, form: &str) -> bool {
        !self.across && (self.forms.is_empty() || self.forms.iter().any(|known| **known == *form))
    }
}

/// What must hold between figures.
#[derive(Clone, Debug)]
pub enum Relation {
    /// Both sides come to the same; where not all parts are named, they come to the whole at most.
    Sum {
        /// The whole: the first term is looked for, the others are added to it.
        whole: Vec<Term>,
        /// Its parts.
        parts: Vec<Term>,
        /// The parts named may not be all.
        at_most: bool,
    },
    /// Each row of a classification is the sum of the rows below it.
    Rollup {
        /// The classification.
        axis: Axis,
        /// Rows may be left out.
        at_most: bool,
    },
    /// A figure is the score of a whole score table.
    Score {
        /// The figure.
        whole: Term,
        /// The form of the table.
        table: Arc<str>,
    },
    /// The points of an indicator fit the figures that they are given for.
    Points {
        /// What the indicator is called, folded.
        indicators: Vec<String>,
        /// How they follow from the figures.
        given: Given,
        /// The figure, or several added up; none for [`Given::NoneOfNothing`].
        of: Vec<Term>,
        /// What it is held against.
        to: Vec<Term>,
    },
    /// Two figures are nothing together, or neither is: what costs something is there.
    Both {
        /// The figure that is doubted where one of them is nothing.
        one: Term,
        /// The other.
        other: Term,
    },
    /// A figure is nothing, or not told, where another is nothing: there is no percentage of nothing.
    Needs {
        /// The figure that is doubted.
        one: Term,
        /// What it needs.
        other: Term,
    },
    /// A percentage is what its terms give.
    Rate {
        /// The percentage that is stated.
        rate: Term,
        /// Of what: terms that are added up.
        of: Vec<Term>,
        /// In percent of what.
        to: Base,
    },
}

impl Relation {
    /// The whole may be more than what is held against it.
    pub fn is_bound(&self) -> bool {
        matches!(self, Relation::Sum { at_most: true, .. } | Relation::Rollup { at_most: true, .. })
    }
}

/// What a percentage is of.
#[derive(Clone, Debug)]
pub enum Base {
    /// The whole that a share is of, as its key tells.
    OfShare,
    /// These terms, added up.
    Terms(Vec<Term>),
}

/// How the points of an indicator follow from a figure and what it is held against. How many are taken off each county lays down for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// All of them where it is no more, and not all where it is more.
    AtMost,
    /// All of them where it is no less, and not all where it is less.
    AtLeast,
    /// As many of them as it is of that, and no more than all.
    ProRata,
    /// None where that is nothing: it has no rate.
    NoneOfNothing,
}

impl Given {
    const ALL: [Given; 4] = [Given::AtMost, Given::AtLeast, Given::ProRata, Given::NoneOfNothing];

    fn word(self) -> &'static str {
        match self {
            Given::AtMost => "at_most",
            Given::AtLeast => "at_least",
            Given::ProRata => "pro_rata",
            Given::NoneOfNothing => "none_of_nothing",
        }
    }
}

/// A classification whose rows stand in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// 功能分类.
    Functional,
    /// 经济分类.
    Economic,
}

/// A part of a key: what it does not say is as in the figure that is checked.
#[derive(Clone, Debug, Default)]
pub struct Term {
    /// The item.
    pub item: Option<Arc<str>>,
    /// The functional code; the empty one is all functions.
    pub function: Option<Arc<str>>,
    /// The economic code; the empty one is all kinds.
    pub economic: Option<Arc<str>>,
    /// The funding; none is all funds.
    pub funding: Option<Option<Funding>>,
    /// The measure.
    pub measure: Option<Measure>,
    /// The base; empty where nothing is said.
    pub base: Arc<str>,
    /// It is of the year before.
    pub last_year: bool,
    /// It is taken off.
    pub minus: bool,
    /// What stands for it, added up, where it is not told itself.
    pub or: Vec<Term>,
}

/// `checks.yaml`.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Checks")]
pub(super) struct File {
    /// `checks`, in a file that adds to it.
    #[expect(dead_code, reason = "told before the file is read")]
    adds_to: Option<String>,
    /// The rules.
    checks: Vec<Entry>,
}

/// A rule that figures must obey: `whole` and `parts`, or `whole` and `scores`, or `rollup`, or `both`, or `needs`, or `rate`,
/// `of` and perhaps `to`, or `indicators`, `points`, `to` and perhaps `of`.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Check")]
struct Entry {
    /// Its name; `checks::` and it is the code of its findings.
    check: Spanned<String>,
    /// What must hold, for people.
    says: String,
    /// How grave it is to break it: error where nothing is said.
    severity: Option<Spanned<String>>,
    /// The forms in which it holds; every one where nothing is said.
    #[serde(default)]
    forms: Vec<Spanned<String>>,
    /// It holds between all forms and documents of a unit's year.
    #[serde(default)]
    across: bool,
    /// The measures for which a sum holds; all amounts where nothing is said.
    #[serde(default)]
    measures: Vec<Spanned<String>>,
    /// A sum: what the parts come to; several terms are added up.
    #[serde(default)]
    whole: Vec<TermEntry>,
    /// A sum: its parts; those that are not told are nothing.
    #[serde(default)]
    parts: Vec<TermEntry>,
    /// A sum, or the rows of a classification, that need not name all its parts: they come to the whole at most.
    #[serde(default)]
    at_most: bool,
    /// Each row of this classification is the sum of those below it: functional or economic.
    rollup: Option<Spanned<String>>,
    /// The form of the score table whose total the whole is.
    scores: Option<String>,
    /// Two figures that are nothing together, or neither.
    #[serde(default)]
    both: Vec<TermEntry>,
    /// A figure that is nothing, or not told, where the second is nothing.
    #[serde(default)]
    needs: Vec<TermEntry>,
    /// The names of an indicator of a score table.
    #[serde(default)]
    indicators: Vec<String>,
    /// How its points follow from the figures: at_most, at_least, pro_rata or none_of_nothing.
    points: Option<Spanned<String>>,
    /// A percentage.
    rate: Option<TermEntry>,
    /// What the percentage is of, or what an indicator has points for: terms that are added up.
    #[serde(default)]
    of: Vec<TermEntry>,
    /// In percent of what, or what the figure is held against: terms that are added up; none for the whole that a share is of.
    #[serde(default)]
    to: Vec<TermEntry>,
}

/// Parts of a key; what is not said is as in the figure that is checked.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CheckTerm")]
struct TermEntry {
    /// The item.
    item: Option<Spanned<String>>,
    /// The functional code, or all.
    function: Option<String>,
    /// The economic code, or all.
    economic: Option<String>,
    /// The funding, or all.
    funding: Option<Spanned<String>>,
    /// The measure.
    measure: Option<Spanned<String>>,
    /// The base of a share or rate.
    base: Option<String>,
    /// It is what was told the year before.
    #[serde(default)]
    last_year: bool,
    /// It is taken off.
    #[serde(default)]
    minus: bool,
    /// What stands for it, added up, where it is not told itself.
    #[serde(default)]
    or: Vec<TermEntry>,
}

/// The word for what takes in all of a kind.
pub(super) const ALL: &str = "all";

/// The measures of which a whole is the sum of its parts' where a rule says nothing else.
const SUMMED: [Measure; 5] =
    [Measure::Budget, Measure::AdjustedBudget, Measure::Final, Measure::PriorFinal, Measure::PriorBudget];

/// Reads `checks.yaml` and the files that add to it, each with its name. A rule of the name of an earlier one takes its place.
///
/// # Errors
/// What is wrong with it, with line and column: a word that is none of the language, an item that the vocabulary does not have, a form that is not
/// there, a rule that says nothing or two things.
pub(super) fn parse(
    files: &[(&str, &str)],
    forms: &BTreeSet<&str>,
    vocabulary: &Vocabulary,
) -> Result<Vec<Check>, Problem> {
    let mut checks: Vec<Check> = Vec::new();
    for (name, yaml) in files {
        let file: File = serde_saphyr::from_str(yaml).map_err(|error| Problem::yaml(name, yaml, &error))?;
        let reader = Reader { name, yaml, forms, vocabulary };
        for entry in &file.checks {
            let check = reader.check(entry)?;
            match checks.iter_mut().find(|earlier| earlier.rule.code == check.rule.code) {
                Some(earlier) => *earlier = check,
                None => checks.push(check),
            }
        }
    }
    Ok(checks)
}

struct Reader<'f> {
    name: &'f str,
    yaml: &'f str,
    forms: &'f BTreeSet<&'f str>,
    vocabulary: &'f Vocabulary,
}

impl Reader<'_> {
    fn check(&self, entry: &Entry) -> Result<Check, Problem> {
        let severity = match &entry.severity {
            None => Severity::Error,
            Some(word) => {
                let known = Severity::ALL.into_iter().find(|severity| severity.word() == word.value);
                known.ok_or_else(|| self.no_word(word, WordKind::Other, &Severity::ALL.map(Severity::word)))?
            }
        };
        let measures = match entry.measures.as_slice() {
            [] => SUMMED.to_vec(),
            words => words.iter().map(|word| self.measure(word)).collect::<Result<_, _>>()?,
        };
        let code = format!("checks::{}", entry.check.value);
        Ok(Check {
            rule: Arc::new(CheckRule { code, says: entry.says.clone(), severity }),
            forms: entry.forms.iter().map(|form| self.form(form)).collect::<Result<_, _>>()?,
            measures,
            across: entry.across,
            relation: self.relation(entry)?,
        })
    }

    fn form(&self, form: &Spanned<String>) -> Result<Arc<str>, Problem> {
        if self.forms.contains(form.value.as_str()) {
            return Ok(form.value.as_str().into());
        }
        let known = self.forms.iter().map(|form| (*form).to_owned()).collect();
        let wrong = Wrong::NoForm { name: form.value.clone(), known };
        Err(Problem::at(self.name, self.yaml, form.referenced, wrong))
    }

    fn relation(&self, entry: &Entry) -> Result<Relation, Problem> {
        let parted =
            (entry.whole.as_slice(), entry.parts.as_slice(), entry.scores.as_deref(), &entry.rollup, &entry.points);
        let paired = (entry.both.as_slice(), entry.needs.as_slice());
        match (parted, paired, (&entry.rate, entry.of.as_slice(), entry.to.as_slice())) {
            ((whole @ [_, ..], parts @ [_, ..], None, None, None), ([], []), (None, [], [])) => {
                Ok(Relation::Sum { whole: self.terms(whole)?, parts: self.terms(parts)?, at_most: entry.at_most })
            }
            (([whole], [], Some(table), None, None), ([], []), (None, [], [])) => {
                Ok(Relation::Score { whole: self.term(whole)?, table: table.into() })
            }
            (([], [], None, Some(axis), None), ([], []), (None, [], [])) => {
                Ok(Relation::Rollup { axis: self.axis(axis)?, at_most: entry.at_most })
            }
            (([], [], None, None, None), ([one, other], []), (None, [], [])) => {
                Ok(Relation::Both { one: self.term(one)?, other: self.term(other)? })
            }
            (([], [], None, None, None), ([], [one, other]), (None, [], [])) => {
                Ok(Relation::Needs { one: self.term(one)?, other: self.term(other)? })
            }
            (([], [], None, None, None), ([], []), (Some(rate), of @ [_, ..], to)) => {
                let to = if to.is_empty() { Base::OfShare } else { Base::Terms(self.terms(to)?) };
                Ok(Relation::Rate { rate: self.term(rate)?, of: self.terms(of)?, to })
            }
            (([], [], None, None, Some(points)), ([], []), (None, of, to @ [_, ..])) => {
                let given = self.given(points)?;
                if entry.indicators.is_empty() || (given == Given::NoneOfNothing) != of.is_empty() {
                    return Err(self.no_relation(entry));
                }
                let indicators = entry.indicators.iter().map(|name| fold(name)).collect();
                Ok(Relation::Points { indicators, given, of: self.terms(of)?, to: self.terms(to)? })
            }
            _ => Err(self.no_relation(entry)),
        }
    }

    fn no_relation(&self, entry: &Entry) -> Problem {
        let wrong = Wrong::NoRelation(entry.check.value.clone());
        Problem::at(self.name, self.yaml, entry.check.referenced, wrong)
    }

    fn axis(&self, word: &Spanned<String>) -> Result<Axis, Problem> {
        match word.value.as_str() {
            "functional" => Ok(Axis::Functional),
            "economic" => Ok(Axis::Economic),
            _ => Err(self.no_word(word, WordKind::Classification, &["functional", "economic"])),
        }
    }

    fn given(&self, word: &Spanned<String>) -> Result<Given, Problem> {
        let known = Given::ALL.into_iter().find(|given| given.word() == word.value);
        known.ok_or_else(|| self.no_word(word, WordKind::Other, &Given::ALL.map(Given::word)))
    }

    fn terms(&self, entries: &[TermEntry]) -> Result<Vec<Term>, Problem> {
        entries.iter().map(|entry| self.term(entry)).collect()
    }

    fn term(&self, entry: &TermEntry) -> Result<Term, Problem> {
        let code = |written: &Option<String>| -> Option<Arc<str>> {
            written.as_deref().map(|code| if code == ALL { "" } else { code }.into())
        };
        let item = entry.item.as_ref().map(|item| match self.vocabulary.item(&item.value) {
            Some(known) => Ok(known.name.clone()),
            None => {
                let (name, near) = (item.value.clone(), self.vocabulary.nearest(&item.value));
                Err(Problem::at(self.name, self.yaml, item.referenced, Wrong::NoItem { name, near }))
            }
        });
        let funding = entry.funding.as_ref().map(|word| match word.value.as_str() {
            ALL => Ok(None),
            written => Funding::from_word(written)
                .map(Some)
                .ok_or_else(|| self.no_word(word, WordKind::Funding, &Funding::ALL.map(Funding::word))),
        });
        Ok(Term {
            item: item.transpose()?,
            function: code(&entry.function),
            economic: code(&entry.economic),
            funding: funding.transpose()?,
            measure: entry.measure.as_ref().map(|word| self.measure(word)).transpose()?,
            base: entry.base.as_deref().unwrap_or_default().into(),
            last_year: entry.last_year,
            minus: entry.minus,
            or: self.terms(&entry.or)?,
        })
    }

    fn measure(&self, word: &Spanned<String>) -> Result<Measure, Problem> {
        let known = || Measure::ALL.map(Measure::word);
        Measure::from_word(&word.value).ok_or_else(|| self.no_word(word, WordKind::Measure, &known()))
    }

    fn no_word(&self, word: &Spanned<String>, kind: WordKind, expected: &[&'static str]) -> Problem {
        let wrong = Wrong::NoWord { kind, word: word.value.clone(), expected: expected.to_vec() };
        Problem::at(self.name, self.yaml, word.referenced, wrong)
    }
}
