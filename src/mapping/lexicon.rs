use std::collections::BTreeMap;
use std::sync::Arc;

use memchr::memmem::Finder;
use serde::Deserialize;

use super::grounds::{GroundEntry, Grounds};
use super::nearest::nearest;
use super::phrases::PhraseList;
use super::problem::{Misfit, WordKind, Wrong};
use super::trie::Trie;
use super::{CodeLists, Problem, Vocabulary};
use crate::model::words::Words;
use crate::model::{Funding, Identity, Measure, UnitOfMeasure, fold};

/// The words of sentences and headings: what part each phrase plays.
///
/// Made of `lexicon.yaml`, the labels of the vocabulary and the names of the 类 of the functional classification, and
/// compiled once into a trie that finds all of them in one pass.
#[derive(Debug)]
pub struct Lexicon {
    /// Tells it from other lexicons, for what is remembered of texts.
    pub(crate) identity: Identity,
    trie: Trie,
    phrases: Words,
    senses: Vec<Senses>,
    receptions: Vec<Reception>,
    cumulative: BTreeMap<Arc<str>, Arc<str>>,
    by_total: BTreeMap<Arc<str>, Arc<str>>,
    grounds: Grounds,
    not_behind: BTreeMap<Arc<str>, Vec<Arc<str>>>,
    not_in: Vec<(SectionKind, Arc<str>)>,
    expenses: Expenses,
    parts: WordParts,
}

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
    /// Speaks of all that was named before it: 总体.
    pub whole: bool,
    /// Makes a threshold of the number before it: 以上.
    pub threshold: bool,
    /// A blocker that only gives orders where a clause tells on whose word something is done: 县政府.
    pub authority: bool,
    /// A blocker that names units below the unit: 下属单位.
    pub subordinate: bool,
    /// A blocker that leaves out what follows: 不含.
    pub excludes: bool,
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
    fn join(&mut self, said: &LabelSense) {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// Has no figures: duties, glossary, contents.
    Ignored,
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
type Counts = Vec<(Arc<str>, Arc<str>)>;

/// A phrase found in a text.
#[derive(Clone, Copy, Debug)]
pub struct Found<'l> {
    /// Byte where it starts.
    pub start: usize,
    /// Byte behind its end.
    pub end: usize,
    /// The parts it may play.
    pub senses: &'l Senses,
}

/// Parts of words, names and lines that tell something wherever they stand in one.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WordParts {
    /// A measure that has one speaks of what was received: 收入决算.
    pub income: Vec<String>,
    /// A measure that has one speaks of what was spent: 支出决算.
    pub expenditure: Vec<String>,
    /// A heading that ends so needs no more words: 情况, 说明.
    pub explanations: Vec<String>,
    /// How headings end that stand for themselves: 概况, 表.
    pub heading_ends: Vec<String>,
    /// How sentences begin and headings do not: 本单位, 我局.
    pub sentence_begins: Vec<String>,
    /// How an announcement begins: 现将.
    pub announcing: Vec<String>,
    /// What stands at the end of the words that a line makes public: 如下.
    pub follows: Vec<String>,
    /// What stands before that: 决算情况如下.
    pub announced: Vec<String>,
    /// Areas whose government is one unit: 镇.
    pub towns: Vec<String>,
    /// What names the government of an area, behind its name: 人民政府.
    pub seats: Vec<String>,
    /// Before an area: the whole of it.
    pub all_of: Vec<String>,
    /// Before the number of a page: 第.
    pub page_number: Vec<String>,
    /// Before the number of all pages: 共.
    pub pages: Vec<String>,
    /// Behind both: 页.
    pub page: Vec<String>,
    /// Before the number of a figure, at the head of the line below or above it: 图.
    pub figure: Vec<String>,
}

impl WordParts {
    /// All lists of a kind, to fold or join them.
    fn lists(&mut self) -> [&mut Vec<String>; 15] {
        [
            &mut self.income,
            &mut self.expenditure,
            &mut self.explanations,
            &mut self.heading_ends,
            &mut self.sentence_begins,
            &mut self.announcing,
            &mut self.follows,
            &mut self.announced,
            &mut self.towns,
            &mut self.seats,
            &mut self.all_of,
            &mut self.page_number,
            &mut self.pages,
            &mut self.page,
            &mut self.figure,
        ]
    }

    /// Adds those of a file, folded.
    fn add(&mut self, file: &WordParts) {
        for (list, more) in self.lists().into_iter().zip(file.clone().lists()) {
            list.extend(more.iter().map(|word| fold(word)));
        }
    }

    /// 白石镇 of 白石镇人民政府.
    pub fn without_seat<'t>(&self, name: &'t str) -> Option<&'t str> {
        self.seats.iter().find_map(|seat| name.strip_suffix(seat.as_str()))
    }
}

/// One of some words ends a text.
pub(crate) fn ends_with_any(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.ends_with(word.as_str()))
}

/// What stands behind one of some words at the head of a text.
pub(crate) fn behind_any<'t>(text: &'t str, words: &[String]) -> Option<&'t str> {
    words.iter().find_map(|word| text.strip_prefix(word.as_str()))
}

/// What sentences divide by the names of the economic classification: 人员经费360万元，主要包括：基本工资120万元、….
#[derive(Clone, Debug, Default)]
pub struct Expenses {
    /// The item that the parts are of, each with its code.
    pub item: Option<Arc<str>>,
    /// What is divided, and the group of basic expenditure that the codes belong to; `None` for any.
    pub divided: BTreeMap<Arc<str>, Option<String>>,
}

/// The same in a file.
#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct ExpensesEntry {
    /// The item that the parts are of: 基本支出.
    item: Option<String>,
    /// What is divided, with the group of its codes (`basic_group` of the code list), or `any`.
    divided: BTreeMap<String, String>,
}

/// `lexicon.yaml`, or a file that adds to it.
#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Lexicon")]
pub(super) struct File {
    /// `lexicon`, in a file that adds to it.
    adds_to: Option<String>,
    /// Phrases that play the parts of another phrase.
    aliases: BTreeMap<String, String>,
    /// Phrases that name what is measured, beside the vocabulary's labels.
    labels: Vec<LabelEntry>,
    /// Phrases that name counts, by what their unit counts.
    counts: Vec<LabelEntry>,
    /// Kinds of reception: the item of the cost, and its counts by unit.
    receptions: BTreeMap<String, BTreeMap<String, String>>,
    /// What 累计 with an unspecific unit counts, by the item before it.
    cumulative: BTreeMap<String, String>,
    /// The total that a bare 占 of an item means, where it has more than one above it.
    bases_by_total: BTreeMap<String, String>,
    /// Counts, by their total, that mean something else behind these items: 执法执勤用车 behind 公务用车购置费.
    not_behind: BTreeMap<String, Vec<String>>,
    /// Counts that are not the unit's in sections of a kind: what a project's training reached.
    not_in: BTreeMap<String, Vec<String>>,
    /// Items that a sentence divides by the names of the economic classification.
    expenses: ExpensesEntry,
    /// Parts of words, names and lines that tell something wherever they stand in one.
    word_parts: WordParts,
    /// Words for the budgets that pay: `appropriation`, `general_budget` …
    fundings: BTreeMap<String, PhraseList>,
    /// Words for which of an item's numbers the next one is: `budget`, `final` …
    measures: BTreeMap<String, PhraseList>,
    /// Words before a rate of completion: of the `budget` or the `adjusted_budget`.
    completions: BTreeMap<String, PhraseList>,
    /// Parts of comparisons: `open`, `open_if_closed`, `close`, `prior`, `blocked`.
    comparisons: BTreeMap<String, PhraseList>,
    /// Words for a change: `up`, `down`.
    directions: BTreeMap<String, PhraseList>,
    /// Words that set the final against the budget: `above`, `below`; with or without an amount behind them.
    deviations: BTreeMap<String, PhraseList>,
    /// Words for a share of what is named behind them.
    shares: PhraseList,
    /// Words by which labels meet numbers: `distribute` (in order), `each`.
    lists: BTreeMap<String, PhraseList>,
    /// Words around the parts of an item: `open`, `open_or_reason`, `divide`, `close`; `behind_amount` open them directly behind an amount.
    parts: BTreeMap<String, PhraseList>,
    /// Years in words: `current`, `prior`, `blocked`.
    times: BTreeMap<String, PhraseList>,
    /// Units behind a number.
    units: BTreeMap<String, PhraseList>,
    /// Statements without a number.
    statements: PhraseList,
    /// Openers of free stretches, whose numbers are no values.
    reasons: PhraseList,
    /// Openers of such stretches that tell what money was for: a comparison behind their comma is of what governs.
    purposes: PhraseList,
    /// Clauses that tell on whose word, on which ground or to which end: their words need not be known.
    grounds: Vec<GroundEntry>,
    /// Words that take the governing label away.
    blockers: PhraseList,
    /// The same, where they do not only give orders, in `grounds`.
    authorities: PhraseList,
    /// The same, for the units below the unit: a figure before them may be without theirs.
    subordinates: PhraseList,
    /// The same, for words that leave out what follows: 不含.
    exclusions: PhraseList,
    /// Words that do so for the next number alone: 人均.
    averages: PhraseList,
    /// Words that deny what follows.
    negations: PhraseList,
    /// Words that announce what follows without saying it.
    announcements: PhraseList,
    /// Kinds of expense that are no items.
    examples: PhraseList,
    /// Blanks of templates.
    placeholders: PhraseList,
    /// Words that have no meaning in a bracket.
    asides: PhraseList,
    /// Captions of charts.
    captions: PhraseList,
    /// Known words without a meaning: `plain`, `joiner`, `itself`, `cumulative`, `ends_examples`, `repeats_unit`.
    links: BTreeMap<String, PhraseList>,
    /// Words that no counter counts.
    particles: PhraseList,
    /// Links that make less than all of the item directly behind them: 项目公务接待费, 其他会议费.
    narrows: PhraseList,
    /// Links that tell that the whole number beside them is no exact one: 约, 左右.
    approximate: PhraseList,
    /// Links that speak of all that was named, where a comparison stands behind them: 总体.
    wholes: PhraseList,
    /// Words that make a threshold of the number before them.
    thresholds: PhraseList,
    /// Words by which a heading says that it is about finals.
    says_final: Vec<String>,
    /// Phrases that open sections in headings, by what the section is about.
    headings: BTreeMap<SectionKindKey, PhraseList>,
    /// Words that may stand in headings, without a meaning.
    heading_words: PhraseList,
}

/// A file of the lexicon with its name and its text.
pub(super) struct Source<'s> {
    name: &'s str,
    yaml: &'s str,
    file: File,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord, schemars::JsonSchema)]
struct SectionKindKey(String);

/// Phrases that name what is measured.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Phrases")]
struct LabelEntry {
    /// The phrases.
    phrases: PhraseList,
    /// The items, where the number is an amount.
    #[serde(default)]
    items: Vec<String>,
    /// The items, by what the number's unit counts.
    #[serde(default)]
    counts: BTreeMap<String, String>,
    /// The unit of a count whose item the section tells.
    unit: Option<String>,
    /// The funding that the phrase says, too.
    funding: Option<String>,
    /// A code of the economic classification.
    economic: Option<String>,
    /// The measure that the phrase says, too.
    measure: Option<String>,
    /// Items by the item that governs.
    #[serde(default)]
    under: BTreeMap<String, String>,
    /// Items by what the section is about.
    #[serde(default)]
    by_section: BTreeMap<String, String>,
    /// The item that it means as the base of a share.
    base: Option<String>,
    /// In which use alone it has its meaning.
    only: Option<Only>,
    /// What stands before it in its clause is only its object.
    #[serde(default)]
    takes_object: bool,
}

/// The phrases while they are gathered, in order of appearance.
struct Phrases {
    phrases: Words,
    /// By the keys of the phrases.
    senses: Vec<Senses>,
    /// What a phrase plays of which folding leaves nothing: it stands in no text.
    nothing: Senses,
}

/// The built-in files hold more than nine thousand phrases of some 27 bytes: every start makes room for them once.
const PHRASES: usize = 12_000;

impl Phrases {
    fn with_room() -> Phrases {
        Phrases {
            phrases: Words::with_room_for(PHRASES, PHRASES * 27),
            senses: Vec::with_capacity(PHRASES),
            nothing: Senses::default(),
        }
    }

    fn at(&mut self, phrase: &str) -> &mut Senses {
        let key = self.phrases.key(&fold(phrase)) as usize;
        if key == self.senses.len() {
            self.senses.push(Senses::default());
        }
        self.senses.get_mut(key).unwrap_or(&mut self.nothing)
    }

    /// Gives phrases a part in sentences; a part that was given before stays.
    fn words(&mut self, phrases: &[String], word: WordSense) {
        for phrase in phrases {
            self.at(phrase).word.get_or_insert(word);
        }
    }

    fn word_groups(
        &mut self,
        role: &str,
        groups: &BTreeMap<String, PhraseList>,
        sense: impl Fn(&str) -> Option<WordSense>,
    ) -> Result<(), Misfit> {
        for (key, phrases) in groups {
            let word = sense(key).ok_or_else(|| no_key(role, key))?;
            self.words(phrases, word);
        }
        Ok(())
    }
}

impl Lexicon {
    /// Reads `lexicon.yaml` and joins it with the vocabulary's labels and the names of the 类.
    ///
    /// # Errors
    /// Where the YAML is ill-formed, or a key or an item is not known.
    pub fn parse(yaml: &str, vocabulary: &Vocabulary, codes: &CodeLists) -> Result<Lexicon, Problem> {
        Lexicon::of(&Lexicon::read(&[("lexicon.yaml", yaml)])?, vocabulary, codes)
    }

    /// Reads the texts of `lexicon.yaml` and of the files that add to it, each with its name.
    ///
    /// # Errors
    /// Where the YAML is ill-formed.
    pub(super) fn read<'s>(sources: &[(&'s str, &'s str)]) -> Result<Vec<Source<'s>>, Problem> {
        let read = |(name, yaml): &(&'s str, &'s str)| {
            let file = serde_saphyr::from_str(yaml).map_err(|error| Problem::yaml(name, yaml, &error))?;
            Ok(Source { name, yaml, file })
        };
        sources.iter().map(read).collect()
    }

    /// Joins what was read with the vocabulary's labels and the names of the 类.
    ///
    /// # Errors
    /// Where a key or an item is not known.
    pub(super) fn of(sources: &[Source<'_>], vocabulary: &Vocabulary, codes: &CodeLists) -> Result<Lexicon, Problem> {
        let files: Vec<&File> = sources.iter().map(|source| &source.file).collect();
        Lexicon::joined(&files, vocabulary, codes)
            .map_err(|(at, misfit)| misfit.in_file(sources[at].name, sources[at].yaml))
    }

    /// Joins the files; an error tells which one it is in.
    fn joined(files: &[&File], vocabulary: &Vocabulary, codes: &CodeLists) -> Result<Lexicon, (usize, Misfit)> {
        let mut phrases = Phrases::with_room();
        for (at, file) in files.iter().enumerate() {
            add_words(&mut phrases, file).map_err(|misfit| (at, misfit))?;
        }
        for (label, meaning) in vocabulary.labels() {
            let item = vocabulary.item(&meaning.item).ok_or_else(|| (0, no_item(&meaning.item, vocabulary)))?;
            if item.tables_only {
                continue;
            }
            let senses = phrases.at(label.as_str());
            if senses.word.is_none() {
                let sense = Arc::make_mut(senses.label.get_or_insert_default());
                let unit = fold(&item.unit);
                match &*unit {
                    "万元" | "%" => sense.items = [item.name.clone()].into(),
                    _ => sense.counts = [(Arc::from(unit), item.name.clone())].into(),
                }
                sense.funded = sense.items.iter().any(|item| is_funded(vocabulary, item));
                sense.funding = meaning.funding;
            }
        }
        for (at, file) in files.iter().enumerate() {
            for entry in file.labels.iter().chain(&file.counts) {
                add_label(&mut phrases, entry, vocabulary).map_err(|misfit| (at, misfit))?;
            }
        }
        for (code, name) in codes.functional.names() {
            if code.len() == 3 && name.ends_with("支出") {
                phrases.at(name).category = true;
            }
        }
        for (at, file) in files.iter().enumerate() {
            add_aliases(&mut phrases, &file.aliases).map_err(|misfit| (at, misfit))?;
        }
        let says_final: Vec<String> = files.iter().flat_map(|file| &file.says_final).map(|word| fold(word)).collect();
        let says_final: Vec<Finder<'_>> = says_final.iter().map(Finder::new).collect();
        for (phrase, senses) in phrases.phrases.iter().zip(&mut phrases.senses) {
            senses.says_final = says_final.iter().any(|word| word.find(phrase.as_bytes()).is_some());
        }
        let mut lexicon = Lexicon {
            identity: Identity::default(),
            trie: Trie::of(&phrases.phrases),
            phrases: phrases.phrases,
            senses: phrases.senses,
            receptions: Vec::new(),
            cumulative: BTreeMap::new(),
            by_total: BTreeMap::new(),
            grounds: Grounds::of(files.iter().flat_map(|file| &file.grounds)),
            not_behind: BTreeMap::new(),
            not_in: Vec::new(),
            expenses: Expenses::default(),
            parts: WordParts::default(),
        };
        for (at, file) in files.iter().enumerate() {
            lexicon.relate(file, vocabulary).map_err(|misfit| (at, misfit))?;
        }
        Ok(lexicon)
    }

    /// Adds what a file says of how items go with one another.
    fn relate(&mut self, file: &File, vocabulary: &Vocabulary) -> Result<(), Misfit> {
        let name = |item: &String| item_name(item, vocabulary);
        for (item, counts) in &file.receptions {
            self.receptions.push(Reception { item: name(item)?, counts: count_pairs(counts, vocabulary)? });
        }
        for (of, counts) in &file.cumulative {
            self.cumulative.insert(name(of)?, name(counts)?);
        }
        for (item, base) in &file.bases_by_total {
            self.by_total.insert(name(item)?, name(base)?);
        }
        for (section, items) in &file.not_in {
            let kind = section_kind(section)?;
            for item in items {
                self.not_in.push((kind, name(item)?));
            }
        }
        if let Some(item) = &file.expenses.item {
            self.expenses.item = Some(name(item)?);
        }
        for (item, group) in &file.expenses.divided {
            let group = match group.as_str() {
                "any" => None,
                "personnel" | "public" => Some(group.clone()),
                _ => return Err(no_key("expenses", group)),
            };
            self.expenses.divided.insert(name(item)?, group);
        }
        self.parts.add(&file.word_parts);
        for (total, items) in &file.not_behind {
            let items: Vec<Arc<str>> = items.iter().map(name).collect::<Result<_, _>>()?;
            self.not_behind.entry(name(total)?).or_default().extend(items);
        }
        Ok(())
    }

    /// The number of the phrase whose parts these are.
    pub(crate) fn number_of(&self, senses: &Senses) -> Option<u32> {
        self.senses.element_offset(senses)?.try_into().ok()
    }

    /// The parts of the phrase with a number that [`Lexicon::number_of`] gave.
    pub(crate) fn numbered(&self, number: u32) -> &Senses {
        &self.senses[number as usize]
    }

    /// Every phrase of a folded text, the overlapping ones too: by start, the longest first.
    pub fn find<'l>(&'l self, folded: &str) -> Vec<Found<'l>> {
        let mut found: Vec<Found<'l>> = Vec::new();
        for (start, _) in folded.char_indices() {
            let before = found.len();
            found.extend(self.beginning_at(folded, start));
            found[before..].reverse();
        }
        found
    }

    /// The phrases that begin at byte `start` of a folded text, the shortest first.
    pub fn beginning_at<'l, 't>(
        &'l self,
        folded: &'t str,
        start: usize,
    ) -> impl Iterator<Item = Found<'l>> + use<'l, 't> {
        let found = self.trie.beginning(&folded[start..]);
        found.map(move |(length, phrase)| Found { start, end: start + length, senses: &self.senses[phrase as usize] })
    }

    /// Every phrase with the parts it may play, in the order of the files.
    pub fn phrases(&self) -> impl Iterator<Item = (&str, &Senses)> {
        self.phrases.iter().zip(&self.senses)
    }

    /// The kinds of reception.
    pub fn receptions(&self) -> &[Reception] {
        &self.receptions
    }

    /// What 累计 with an unspecific unit counts behind a count of `item`.
    pub fn cumulative(&self, item: &str) -> Option<&Arc<str>> {
        self.cumulative.get(item)
    }

    /// The clauses that tell on whose word, on which ground or to which end something was done.
    pub fn grounds(&self) -> &Grounds {
        &self.grounds
    }

    /// Totals of counts, and the items behind which a count of that total means something else.
    pub fn not_behind(&self) -> &BTreeMap<Arc<str>, Vec<Arc<str>>> {
        &self.not_behind
    }

    /// In sections of this kind a count is not the unit's, but a project's.
    pub fn is_not_of(&self, section: SectionKind, item: &str) -> bool {
        self.not_in.iter().any(|(kind, not)| *kind == section && **not == *item)
    }

    /// What sentences divide by the names of the economic classification.
    pub fn expenses(&self) -> &Expenses {
        &self.expenses
    }

    /// Parts of words, names and lines that tell something wherever they stand in one.
    pub fn parts(&self) -> &WordParts {
        &self.parts
    }

    /// The only total that a bare 占 of the item may mean, where the item has more than one above it.
    pub fn base_by_total(&self, item: &str) -> Option<&Arc<str>> {
        self.by_total.get(item)
    }
}

/// Phrases that play the parts of others; one that plays parts already may only be an alias of itself.
fn add_aliases(phrases: &mut Phrases, aliases: &BTreeMap<String, String>) -> Result<(), Misfit> {
    for (alias, known) in aliases {
        let Some(of) = phrases.phrases.known(&fold(known)) else {
            let near = nearest(&fold(known), phrases.phrases.iter().map(|phrase| (phrase.to_owned(), String::new())));
            let near = near.into_iter().map(|near| near.label).collect();
            return Err(Misfit::new(known, Wrong::AliasOfNothing { label: known.clone(), near }));
        };
        let senses = phrases.senses[of as usize].clone();
        match phrases.phrases.known(&fold(alias)).map(|key| phrases.senses[key as usize].to_string()) {
            Some(means) if means != senses.to_string() => {
                return Err(Misfit::new(alias, Wrong::AliasMeansAnother { alias: alias.clone(), means }));
            }
            _ => *phrases.at(alias) = senses,
        }
    }
    Ok(())
}

fn add_words(phrases: &mut Phrases, file: &File) -> Result<(), Misfit> {
    // The order decides where a phrase has two parts in sentences: the first stays.
    phrases.word_groups("fundings", &file.fundings, |key| Funding::from_word(key).map(WordSense::Funding))?;
    phrases.word_groups("measures", &file.measures, |key| Measure::from_word(key).map(WordSense::Measure))?;
    phrases.word_groups("completions", &file.completions, |key| match key {
        "budget" => Some(WordSense::Completion(false)),
        "adjusted_budget" => Some(WordSense::Completion(true)),
        _ => None,
    })?;
    phrases.word_groups("comparisons", &file.comparisons, |key| {
        Some(WordSense::Comparison(match key {
            "open" => ComparisonWord::Open,
            "open_if_closed" => ComparisonWord::OpenIfClosed,
            "close" => ComparisonWord::Close,
            "prior" => ComparisonWord::Prior,
            "blocked" => ComparisonWord::Other,
            _ => return None,
        }))
    })?;
    phrases.word_groups("directions", &file.directions, |key| match key {
        "up" => Some(WordSense::Direction(true)),
        "down" => Some(WordSense::Direction(false)),
        _ => None,
    })?;
    phrases.word_groups("deviations", &file.deviations, |key| match key {
        "above" => Some(WordSense::Deviation(true)),
        "below" => Some(WordSense::Deviation(false)),
        _ => None,
    })?;
    phrases.words(&file.shares, WordSense::Share);
    phrases.word_groups("lists", &file.lists, |key| match key {
        "distribute" => Some(WordSense::Distribute),
        "each" => Some(WordSense::Each),
        _ => None,
    })?;
    phrases.word_groups("parts", &file.parts, |key| match key {
        "open" => Some(WordSense::PartsOpen),
        "divide" => Some(WordSense::PartsDivide),
        "open_or_reason" => Some(WordSense::PartsOrReason),
        "behind_amount" => Some(WordSense::PartsBehindAmount),
        "close" => Some(WordSense::PartsClose),
        _ => None,
    })?;
    phrases.word_groups("times", &file.times, |key| {
        Some(WordSense::Time(match key {
            "current" => TimeWord::Current,
            "prior" => TimeWord::Prior,
            "blocked" => TimeWord::Other,
            _ => return None,
        }))
    })?;
    for (list, word) in [
        (&file.statements, WordSense::Statement),
        (&file.reasons, WordSense::Reason),
        (&file.purposes, WordSense::Purpose),
        (&file.negations, WordSense::Negation),
        (&file.announcements, WordSense::Announcement),
        (&file.blockers, WordSense::Blocker),
        (&file.authorities, WordSense::Blocker),
        (&file.subordinates, WordSense::Blocker),
        (&file.exclusions, WordSense::Blocker),
        (&file.averages, WordSense::Average),
        (&file.examples, WordSense::Example),
        (&file.placeholders, WordSense::Placeholder),
        (&file.captions, WordSense::Caption),
    ] {
        phrases.words(list, word);
    }
    phrases.word_groups("links", &file.links, |key| match key {
        "plain" => Some(WordSense::Link),
        "joiner" => Some(WordSense::Joiner),
        "itself" => Some(WordSense::Itself),
        "cumulative" => Some(WordSense::Cumulative),
        "ends_examples" => Some(WordSense::EndsExamples),
        "repeats_unit" => Some(WordSense::RepeatsUnit),
        _ => None,
    })?;
    phrases.words(&file.asides, WordSense::Aside);
    for phrase in &file.particles {
        phrases.at(phrase).particle = true;
    }
    phrases.words(&file.narrows, WordSense::Link);
    for phrase in &file.narrows {
        phrases.at(phrase).narrows = true;
    }
    phrases.words(&file.approximate, WordSense::Link);
    for phrase in &file.approximate {
        phrases.at(phrase).approximate = true;
    }
    phrases.words(&file.wholes, WordSense::Link);
    for phrase in &file.wholes {
        phrases.at(phrase).whole = true;
    }
    phrases.words(&file.thresholds, WordSense::Link);
    for phrase in &file.thresholds {
        phrases.at(phrase).threshold = true;
    }
    for phrase in &file.authorities {
        phrases.at(phrase).authority = true;
    }
    for phrase in &file.subordinates {
        phrases.at(phrase).subordinate = true;
    }
    for phrase in &file.exclusions {
        phrases.at(phrase).excludes = true;
    }
    for (key, list) in &file.units {
        for phrase in list {
            phrases.at(phrase).unit = Some(unit(key));
        }
    }
    for (SectionKindKey(key), list) in &file.headings {
        let kind = section_kind(key)?;
        for phrase in list {
            phrases.at(phrase).heading = Some(kind);
        }
    }
    for phrase in &file.heading_words {
        phrases.at(phrase).heading_word = true;
    }
    Ok(())
}

fn section_kind(key: &str) -> Result<SectionKind, Misfit> {
    Ok(match key {
        "ignored" => SectionKind::Ignored,
        "totals" => SectionKind::Totals,
        "three_public" => SectionKind::ThreePublic,
        "assets" => SectionKind::Assets,
        "performance" => SectionKind::Performance,
        "review" => SectionKind::Review,
        "whole" => SectionKind::Whole,
        "other" => SectionKind::Other,
        _ => return Err(no_key("headings", key)),
    })
}

fn unit(key: &str) -> Unit {
    match key {
        "元" => Unit::Money(UnitOfMeasure::Yuan),
        "千元" => Unit::Money(UnitOfMeasure::ThousandYuan),
        "万元" => Unit::Money(UnitOfMeasure::TenThousandYuan),
        "亿元" => Unit::Money(UnitOfMeasure::HundredMillionYuan),
        "short" => Unit::Short,
        "percent" => Unit::Percent,
        "points" => Unit::PercentagePoints,
        "分" => Unit::Points,
        "other" => Unit::Other,
        counted => Unit::Count(fold(counted).into()),
    }
}

fn no_key(list: &str, key: &str) -> Misfit {
    Misfit::new(key, Wrong::LexiconKey { list: list.to_owned(), key: key.to_owned() })
}

fn no_item(item: &str, vocabulary: &Vocabulary) -> Misfit {
    Misfit::new(item, Wrong::NoItem { name: item.to_owned(), near: vocabulary.nearest(item) })
}

fn no_measure(word: &str) -> Misfit {
    let expected = Measure::ALL.iter().map(|measure| measure.word()).collect();
    Misfit::new(word, Wrong::NoWord { kind: WordKind::Measure, word: word.to_owned(), expected })
}

/// The item belongs to income or expenditure, and may be paid by one fund or another.
pub(crate) fn is_funded(vocabulary: &Vocabulary, item: &str) -> bool {
    vocabulary.item(item).is_some_and(|item| !item.fixed_funding)
        && (vocabulary.is_part_of(item, "收入总计") || vocabulary.is_part_of(item, "支出总计"))
}

fn item_name(item: &str, vocabulary: &Vocabulary) -> Result<Arc<str>, Misfit> {
    vocabulary.item(item).map(|item| item.name.clone()).ok_or_else(|| no_item(item, vocabulary))
}

fn count_pairs(counts: &BTreeMap<String, String>, vocabulary: &Vocabulary) -> Result<Counts, Misfit> {
    counts.iter().map(|(unit, item)| Ok((Arc::from(fold(unit)), item_name(item, vocabulary)?))).collect()
}

fn add_label(phrases: &mut Phrases, entry: &LabelEntry, vocabulary: &Vocabulary) -> Result<(), Misfit> {
    let items: Vec<Arc<str>> = entry.items.iter().map(|item| item_name(item, vocabulary)).collect::<Result<_, _>>()?;
    let counts = count_pairs(&entry.counts, vocabulary)?;
    let funding = match &entry.funding {
        Some(word) => Some(Funding::from_word(word).ok_or_else(|| Misfit::new(word, Wrong::no_funding(word)))?),
        None => None,
    };
    let measure = match &entry.measure {
        Some(word) => Some(Measure::from_word(word).ok_or_else(|| no_measure(word))?),
        None => None,
    };
    let under = entry
        .under
        .iter()
        .map(|(governing, item)| Ok((item_name(governing, vocabulary)?, item_name(item, vocabulary)?)))
        .collect::<Result<Vec<_>, Misfit>>()?;
    let by_section = entry
        .by_section
        .iter()
        .map(|(section, item)| Ok((section_kind(section)?, item_name(item, vocabulary)?)))
        .collect::<Result<Vec<_>, Misfit>>()?;
    let base = entry.base.as_deref().map(|item| item_name(item, vocabulary)).transpose()?;
    let mut all_counts = Vec::new();
    let mut all_items = items;
    for (unit, item) in counts {
        if &*unit == "万元" {
            all_items.push(item);
        } else {
            all_counts.push((unit, item));
        }
    }
    if let Some(unit) = &entry.unit {
        // The item of a count that the section tells is told by `by_section`; the unit says that it is a count.
        all_counts.push((Arc::from(fold(unit)), Arc::from("")));
    }
    let said = Arc::new(LabelSense {
        funded: all_items.iter().any(|item| is_funded(vocabulary, item)),
        items: all_items.into(),
        counts: all_counts.into(),
        funding,
        economic: entry.economic.as_deref().map(Arc::from),
        measure,
        under,
        by_section,
        base,
        only: entry.only,
        takes_object: entry.takes_object,
    });
    for phrase in &entry.phrases {
        match &mut phrases.at(phrase).label {
            Some(label) => Arc::make_mut(label).join(&said),
            label => *label = Some(Arc::clone(&said)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> (Vocabulary, CodeLists) {
        let vocabulary = Vocabulary::parse(include_str!("../../mappings/vocabulary.yaml")).expect("vocabulary");
        let codes = CodeLists::parse(
            include_str!("../../mappings/codes/functional.csv"),
            include_str!("../../mappings/codes/functional_names.csv"),
            include_str!("../../mappings/codes/economic.csv"),
        );
        (vocabulary, codes.expect("codes"))
    }

    #[test]
    fn a_phrase_is_found_with_all_the_parts_it_may_play() {
        let (vocabulary, codes) = known();
        let lexicon = Lexicon::parse(include_str!("../../mappings/lexicon.yaml"), &vocabulary, &codes);
        let lexicon = lexicon.expect("lexicon");
        let longest = |text: &str| {
            let folded = fold(text);
            lexicon.find(&folded).into_iter().find(|found| found.start == 0 && found.end == folded.len())
        };
        let item = |text: &str| longest(text)?.senses.label.as_ref()?.items.first().cloned();
        for (phrase, expected) in [
            ("“三公”经费", "“三公”经费"),
            ("三公经费支出", "“三公”经费"),
            ("因公出国（境）费用", "因公出国（境）费"),
            ("财政拨款收入", "本年收入合计"),
            ("日常公用经费", "公用经费"),
            ("收、支总计", "收入总计"),
            ("工资福利支出", "基本支出"),
        ] {
            assert_eq!(item(phrase).as_deref(), Some(expected), "{phrase}");
        }
        for (phrase, expected) in [
            ("完成年初预算的", WordSense::Completion(false)),
            ("完成全年预算的", WordSense::Completion(true)),
            ("支出决算", WordSense::Measure(Measure::Final)),
            ("与上年持平", WordSense::Statement),
            ("主要原因是", WordSense::Reason),
            ("本单位", WordSense::Itself),
        ] {
            assert_eq!(longest(phrase).and_then(|found| found.senses.word), Some(expected), "{phrase}");
        }
        assert!(longest("教育支出").is_some_and(|found| found.senses.category));
    }

    #[test]
    fn an_entry_that_leads_nowhere_is_refused_by_name() {
        let (vocabulary, codes) = known();
        let yaml = include_str!("../../mappings/lexicon.yaml");
        for (old, new, message) in [
            ("items: [政府采购执行率]", "items: [政府采购进度]", "政府采购进度"),
            ("  distribute:", "  distribut:", "distribut"),
            ("  assets:", "  asset:", "asset"),
        ] {
            assert!(yaml.contains(old), "{old}");
            let error = Lexicon::parse(&yaml.replace(old, new), &vocabulary, &codes).expect_err(new);
            let named = match &*error.wrong {
                Wrong::NoItem { name, .. } => name,
                Wrong::LexiconKey { key, .. } => key,
                other => panic!("{other:?}"),
            };
            assert_eq!(named, message);
            assert!(error.line > 0 && error.source.contains(message), "{error:?}");
        }
    }
}
