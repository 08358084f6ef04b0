//! What a phrase may be in a sentence.

use std::sync::Arc;

use serde::Deserialize;

use crate::model::{Funding, Measure, UnitOfMeasure};

/// The parts a phrase may play; which of them it does, its neighbours decide.
#[derive(Clone, Debug, Default)]
pub struct Senses {
    /// It names what is measured. Beside the others: few phrases do, and every start makes all of them.
    pub label: Option<Arc<LabelSense>>,
    /// It is the name of a 类, with 支出 at its end.
    pub category: bool,
    /// It plays another part in a sentence.
    pub word: Option<WordSense>,
    /// It is a unit, behind a number.
    pub unit: Option<Unit>,
    /// It opens a section, in a heading.
    pub heading: Option<SectionKind>,
    /// It may stand in a heading, without a meaning.
    pub heading_word: bool,
    /// No noun that a counter before it may count: 的.
    pub particle: bool,
    /// Narrows the label behind it: 项目公务接待费.
    pub narrows: bool,
    /// The number beside it is no exact one: 约.
    pub approximate: bool,
    /// The amount behind it may be that which was put by, where another one was spent: 安排.
    pub puts_by: bool,
    /// The year that was told before it, and ours where none was: 全年.
    pub told_year: bool,
    /// Tells what money was for, where its clause has no number: 用于保障.
    pub purpose_of_clause: bool,
    /// Speaks of all that was named before it: 总体.
    pub whole: bool,
    /// Makes a threshold of the number before it: 以上.
    pub threshold: bool,
    /// A blocker that only gives orders where a clause tells on whose word something is done: 县政府.
    pub authority: bool,
    /// A blocker that names units below the unit: 下属单位.
    pub subordinate: bool,
    /// A blocker that names more than the unit, or a part of it: 全县, 局机关.
    pub others: bool,
    /// A blocker that leaves out what follows: 不含.
    pub excludes: bool,
    /// A blocker that tells that what was said before it was a slip: 应为.
    pub corrects: bool,
    /// A blocker that leads from what there was before to what there is now: 1.20万元降至1.00万元.
    pub arrives: bool,
    /// A heading that says it is about finals.
    pub says_final: bool,
}

impl std::fmt::Display for Senses {
    /// The parts it may play: `item: 公务接待费`, `Measure(Final)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        if let Some(label) = &self.label {
            parts.extend(label.items.iter().map(|item| format!("item: {item}")));
            let counts = label.counts.iter().filter(|(_, item)| !item.is_empty());
            parts.extend(counts.map(|(unit, item)| format!("item: {item} ({unit})")));
            parts.extend(label.funding.map(|funding| format!("funding: {}", funding.word())));
        }
        parts.extend(self.category.then(|| "function".to_owned()));
        parts.extend(self.word.map(|word| format!("{word:?}")));
        parts.extend(self.unit.as_ref().map(|unit| format!("{unit:?}")));
        parts.extend(self.heading.map(|kind| format!("heading: {kind:?}")));
        parts.extend((self.heading_word && parts.is_empty()).then(|| "heading word".to_owned()));
        f.write_str(&parts.join(", "))
    }
}

/// What a label names.
#[derive(Clone, Debug, Default)]
pub struct LabelSense {
    /// The items, where the number is an amount of money (or the item's own rate or score).
    pub items: Arc<[Arc<str>]>,
    /// The items by what the number's unit counts: `个`, `批次`, `人次`, `辆` …
    pub counts: Arc<[(Arc<str>, Arc<str>)]>,
    /// Its items belong to income or expenditure, and may be paid by one fund or another.
    pub funded: bool,
    /// The funding that the label says, too.
    pub funding: Option<Funding>,
    /// Code of the economic classification.
    pub economic: Option<Arc<str>>,
    /// The measure that the label says, too.
    pub measure: Option<Measure>,
    /// Items by the item that governs.
    pub under: Vec<(Arc<str>, Arc<str>)>,
    /// Items by the section it stands in.
    pub by_section: Vec<(SectionKind, Arc<str>)>,
    /// The item it means as the base of a share.
    pub base: Option<Arc<str>>,
    /// In which use alone it has its meaning.
    pub only: Option<Only>,
    /// What stands before it in its clause is only its object: 对项目支出开展绩效自评.
    pub takes_object: bool,
}

impl LabelSense {
    /// Adds what another entry says of the same phrase; what was said first stays, but the items of counts.
    pub(super) fn join(&mut self, said: &LabelSense) {
        let mut items = self.items.to_vec();
        items.extend(said.items.iter().filter(|item| !self.items.contains(item)).cloned());
        let mut counts = self.counts.to_vec();
        counts.retain(|(unit, _)| !said.counts.iter().any(|(other, item)| other == unit && !item.is_empty()));
        counts.extend(said.counts.iter().cloned());
        self.items = items.into();
        self.counts = counts.into();
        self.funded |= said.funded;
        self.funding = self.funding.or(said.funding);
        self.economic = self.economic.take().or_else(|| said.economic.clone());
        self.measure = self.measure.or(said.measure);
        self.under.extend(said.under.iter().cloned());
        self.by_section.extend(said.by_section.iter().cloned());
        self.base = self.base.take().or_else(|| said.base.clone());
        self.only = self.only.or(said.only);
        self.takes_object |= said.takes_object;
    }
}

/// Uses to which a label's meaning is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Only {
    /// As the base of a share.
    Base,
    /// Where a clause opens with it below totals; elsewhere it has no meaning.
    Weak,
    /// Behind the two totals.
    Totals,
    /// With a share whose base is written.
    Share,
    /// As a kind of reception, which the label that governs tells.
    Reception,
    /// Nowhere: a label that does not tell which item it means.
    Nothing,
}

/// The part of a word in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordSense {
    /// Which budget pays.
    Funding(Funding),
    /// Which of the item's numbers the next one is.
    Measure(Measure),
    /// The final in percent of the budget (`true`: of the adjusted one).
    Completion(bool),
    /// 完成率: of the budget that the sentence told of.
    CompletionOfTold,
    /// A part of a comparison.
    Comparison(ComparisonWord),
    /// A change upward (`true`) or downward.
    Direction(bool),
    /// The final is above (`true`) or below the budget: by the amount directly behind it, else only said.
    Deviation(bool),
    /// A share of what is named behind it.
    Share,
    /// One number for each label, in order.
    Distribute,
    /// The same number for each label.
    Each,
    /// Parts of the item before it are named behind it.
    PartsOpen,
    /// The same, in another way than before: 按经济分类划分.
    PartsDivide,
    /// The same directly behind an amount and before a mark: 支出90万元中：.
    PartsBehindAmount,
    /// The same where a label runs on to a number, else the opener of a free stretch: 包括.
    PartsOrReason,
    /// Back to the level above.
    PartsClose,
    /// A year in words.
    Time(TimeWord),
    /// A statement without a number.
    Statement,
    /// Opens a free stretch.
    Reason,
    /// Opens a free stretch that tells what money was for.
    Purpose,
    /// What follows is not the unit's own figure of the year.
    Blocker,
    /// The next number is an average.
    Average,
    /// Says that something is made public: 公布如下.
    Announcement,
    /// What is named behind it, up to a mark, there is none of: 无.
    Negation,
    /// A kind of expense that is no item.
    Example,
    /// Nobody filled in a number.
    Placeholder,
    /// Has no meaning in a bracket.
    Aside,
    /// Known, without a meaning.
    Link,
    /// Joins labels: 及.
    Joiner,
    /// The reporting unit speaks of itself: 本单位.
    Itself,
    /// Known, but a blocker before an amount: over years.
    Cumulative,
    /// Ends a list of examples.
    EndsExamples,
    /// Says what the unit says.
    RepeatsUnit,
    /// A caption of a chart.
    Caption,
}

/// Parts of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparisonWord {
    /// 比, 较.
    Open,
    /// 与, 和, 同: only where it is closed.
    OpenIfClosed,
    /// 相比, 对比.
    Close,
    /// 同比: with last year.
    Prior,
    /// 环比: with something else.
    Other,
}

/// Years in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeWord {
    /// The fiscal year.
    Current,
    /// The year before.
    Prior,
    /// Any other.
    Other,
}

/// What stands behind a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// An amount of money.
    Money(UnitOfMeasure),
    /// 万 without 元.
    Short,
    /// %.
    Percent,
    /// Percentage points: no measure.
    PercentagePoints,
    /// Points of a score.
    Points,
    /// A count, by what it counts.
    Count(Arc<str>),
    /// A count of nothing known.
    Other,
}

/// What a section is about, as far as reading needs to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// Has no figures: duties, glossary.
    Ignored,
    /// The list of contents: what it lists may stand below it at once, with its text.
    Contents,
    /// Income, expenditure, balances: of all funds unless a heading says otherwise.
    Totals,
    /// 三公.
    ThreePublic,
    /// 国有资产.
    Assets,
    /// 预算绩效.
    Performance,
    /// The review; of all funds.
    Review,
    /// The accounts as a whole, in headings that say no more; else as `Other`.
    Whole,
    /// Tells nothing of its own: its children decide.
    #[default]
    Other,
}

/// A kind of reception: the item of its cost, and what counts it.
#[derive(Clone, Debug)]
pub struct Reception {
    /// The item of its cost.
    pub item: Arc<str>,
    /// Its counts by unit.
    pub counts: Vec<(Arc<str>, Arc<str>)>,
}

/// What a count is, by its unit.
pub(super) type Counts = Vec<(Arc<str>, Arc<str>)>;
