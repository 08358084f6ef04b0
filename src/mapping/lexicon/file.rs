//! `lexicon.yaml`, and the files that add to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::super::grounds::GroundEntry;
use super::super::phrases::PhraseList;
use super::senses::Only;
use crate::model::fold;

/// Parts of words, names and lines that tell something wherever they stand in one.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WordParts {
    /// A measure that has one speaks of what was received: 收入决算.
    pub income: Vec<String>,
    /// A measure that has one speaks of what was spent: 支出决算.
    pub expenditure: Vec<String>,
    /// A heading of such words alone is about what was carried over: 结余.
    pub carried: Vec<String>,
    /// But not a word that has one of these: 收支结余.
    pub both_sides: Vec<String>,
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
    /// What the head office of a unit is called, behind the unit's name: 机关.
    pub offices: Vec<String>,
    /// How names of organisations end.
    pub organisations: Vec<String>,
    /// Before an area: the whole of it.
    pub all_of: Vec<String>,
    /// Behind a count: organisations that are none's parts, so that what follows is that of all of them: 5个部门.
    pub counted: Vec<String>,
    /// Words that may begin with the end of a unit's name, and then do: 某乡｜政府采购支出.
    pub begin_in_names: Vec<String>,
    /// Before the number of a page: 第.
    pub page_number: Vec<String>,
    /// Before the number of all pages: 共.
    pub pages: Vec<String>,
    /// Behind both: 页.
    pub page: Vec<String>,
    /// Before the number of a figure, at the head of the line below or above it: 图.
    pub figure: Vec<String>,
    /// Before last year's amount, where one of `reaches` leads on to this year's: 由.
    pub risen_from: Vec<String>,
    /// Between the two: 减少到.
    pub reaches: Vec<String>,
    /// What the line before the first heading says directly before the unit of all amounts: 金额单位.
    pub units_told: Vec<String>,
    /// In a clause with a count: what there was at the end of the year.
    pub year_end: Vec<String>,
    /// What a heading of changes says: 增减情况.
    pub changed: Vec<String>,
    /// In a clause with an amount: what another one came to (实际支出), once something was added to it or taken off.
    pub comes_to: Vec<String>,
    /// What says that something was: 冲回, 加上.
    pub adjusts: Vec<String>,
    /// Before the number of a figure or table that a sentence refers to: 图, 附表.
    pub charts: Vec<String>,
    /// Before those: 如, 详见.
    pub refers: Vec<String>,
    /// Behind their number: 所示.
    pub shown: Vec<String>,
}

impl WordParts {
    /// All lists of a kind, to fold or join them.
    fn lists(&mut self) -> [&mut Vec<String>; 31] {
        [
            &mut self.income,
            &mut self.expenditure,
            &mut self.carried,
            &mut self.both_sides,
            &mut self.explanations,
            &mut self.heading_ends,
            &mut self.sentence_begins,
            &mut self.announcing,
            &mut self.follows,
            &mut self.announced,
            &mut self.towns,
            &mut self.seats,
            &mut self.offices,
            &mut self.organisations,
            &mut self.all_of,
            &mut self.counted,
            &mut self.begin_in_names,
            &mut self.page_number,
            &mut self.pages,
            &mut self.page,
            &mut self.figure,
            &mut self.risen_from,
            &mut self.reaches,
            &mut self.units_told,
            &mut self.year_end,
            &mut self.changed,
            &mut self.comes_to,
            &mut self.adjusts,
            &mut self.charts,
            &mut self.refers,
            &mut self.shown,
        ]
    }

    /// Adds those of a file, folded.
    pub(super) fn add(&mut self, file: &WordParts) {
        for (list, more) in self.lists().into_iter().zip(file.clone().lists()) {
            list.extend(more.iter().map(|word| fold(word)));
        }
    }

    /// 白石镇 of 白石镇人民政府.
    pub fn without_seat<'t>(&self, name: &'t str) -> Option<&'t str> {
        self.seats.iter().find_map(|seat| name.strip_suffix(seat.as_str()))
    }

    /// A folded text is the number of a page, by its marks: `-12-`, `第3页`, `第3页共30页`, `3/30`.
    pub fn is_page_number(&self, text: &str) -> bool {
        let is_mark = |c: char| matches!(c, '-' | '·' | '~' | '_' | '|' | '*');
        let (before, behind) = (text.trim_start_matches(is_mark), text.trim_end_matches(is_mark));
        if before.len() < text.len() && behind.len() < text.len() {
            let number = before.trim_end_matches(is_mark);
            return number.len() <= 3 && is_all_digits(number);
        }
        let is_page = |text: &str| text.len() <= 4 && is_all_digits(text);
        let one = |text: &str, heads: &[String]| {
            let number =
                |rest: &str| self.page.iter().find_map(|page| rest.strip_suffix(page.as_str())).is_some_and(is_page);
            behind_any(text, heads).is_some_and(number)
        };
        let find = |heads: &[String]| heads.iter().find_map(|head| text.find(head.as_str()));
        let (page, pages) = (&self.page_number, &self.pages);
        match (find(pages), text.split_once('/')) {
            (Some(at), _) if at > 0 => one(text[..at].trim_end_matches(['/', ',']), page) && one(&text[at..], pages),
            (Some(_), _) => find(page)
                .is_some_and(|at| one(text[..at].trim_end_matches(['/', ',']), pages) && one(&text[at..], page)),
            (None, Some((page, of))) => page.len() <= 3 && of.len() <= 3 && is_all_digits(page) && is_all_digits(of),
            (None, None) => one(text, page),
        }
    }
}

fn is_all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
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
pub(super) struct ExpensesEntry {
    /// The item that the parts are of: 基本支出.
    pub(super) item: Option<String>,
    /// What is divided, with the group of its codes (`basic_group` of the code list), or `any`.
    pub(super) divided: BTreeMap<String, String>,
}

/// `lexicon.yaml`, or a file that adds to it.
#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Lexicon")]
pub(in crate::mapping) struct File {
    /// `lexicon`, in a file that adds to it.
    pub(super) adds_to: Option<String>,
    /// Phrases that play the parts of another phrase.
    pub(super) aliases: BTreeMap<String, String>,
    /// Phrases that name what is measured, beside the vocabulary's labels.
    pub(super) labels: Vec<LabelEntry>,
    /// Phrases that name counts, by what their unit counts.
    pub(super) counts: Vec<LabelEntry>,
    /// Kinds of reception: the item of the cost, and its counts by unit.
    pub(super) receptions: BTreeMap<String, BTreeMap<String, String>>,
    /// What that cost which is counted, where money stands behind a count of it: 因公出国（境）团组2个，预算3万元.
    pub(super) costs: BTreeMap<String, String>,
    /// What 累计 with an unspecific unit counts, by the item before it.
    pub(super) cumulative: BTreeMap<String, String>,
    /// The total that a bare 占 of an item means, where it has more than one above it.
    pub(super) bases_by_total: BTreeMap<String, String>,
    /// Counts, by their total, that mean something else behind these items: 执法执勤用车 behind 公务用车购置费.
    pub(super) not_behind: BTreeMap<String, Vec<String>>,
    /// Units in which what other units count may be counted as well: 批次 in 个, cars in 台.
    pub(super) counters: BTreeMap<String, Vec<String>>,
    /// What the parts of a count are called: one that no phrase knows is one more of them, and blocks nothing behind it.
    pub(super) kinds: BTreeMap<String, Vec<String>>,
    /// What a unit whose name ends so calls itself where a clause opens: 学校, of a 中学.
    pub(super) own_kinds: BTreeMap<String, Vec<String>>,
    /// Counts that are not the unit's in sections of a kind: what a project's training reached.
    pub(super) not_in: BTreeMap<String, Vec<String>>,
    /// Items that a sentence divides by the names of the economic classification.
    pub(super) expenses: ExpensesEntry,
    /// Parts of words, names and lines that tell something wherever they stand in one.
    pub(super) word_parts: WordParts,
    /// Words for the budgets that pay: `appropriation`, `general_budget` …
    pub(super) fundings: BTreeMap<String, PhraseList>,
    /// Words for which of an item's numbers the next one is: `budget`, `final` …
    pub(super) measures: BTreeMap<String, PhraseList>,
    /// Words before a rate of completion: of the `budget` or the `adjusted_budget`.
    pub(super) completions: BTreeMap<String, PhraseList>,
    /// Parts of comparisons: `open`, `open_if_closed`, `close`, `prior`, `blocked`.
    pub(super) comparisons: BTreeMap<String, PhraseList>,
    /// Words for a change: `up`, `down`.
    pub(super) directions: BTreeMap<String, PhraseList>,
    /// Words that set the final against the budget: `above`, `below`; with or without an amount behind them.
    pub(super) deviations: BTreeMap<String, PhraseList>,
    /// Words for a share of what is named behind them.
    pub(super) shares: PhraseList,
    /// Words by which labels meet numbers: `distribute` (in order), `each`.
    pub(super) lists: BTreeMap<String, PhraseList>,
    /// Words around the parts of an item: `open`, `open_or_reason`, `divide`, `close`; `behind_amount` open them directly behind an amount.
    pub(super) parts: BTreeMap<String, PhraseList>,
    /// Years in words: `current`, `prior`, `blocked`.
    pub(super) times: BTreeMap<String, PhraseList>,
    /// Words for a year that are the year told before them: 上年预算3万元，全年支出2万元.
    pub(super) told_years: PhraseList,
    /// Units behind a number.
    pub(super) units: BTreeMap<String, PhraseList>,
    /// Statements without a number.
    pub(super) statements: PhraseList,
    /// Openers of free stretches, whose numbers are no values.
    pub(super) reasons: PhraseList,
    /// Openers of such stretches that tell what money was for: a comparison behind their comma is of what governs.
    pub(super) purposes: PhraseList,
    /// Clauses that tell on whose word, on which ground or to which end: their words need not be known.
    pub(super) grounds: Vec<GroundEntry>,
    /// Words that take the governing label away.
    pub(super) blockers: PhraseList,
    /// The same, where they do not only give orders, in `grounds`.
    pub(super) authorities: PhraseList,
    /// The same, for the units below the unit: a figure before them may be without theirs.
    pub(super) subordinates: PhraseList,
    /// The same, for more than the unit, or for a part of it: 全县, 局机关. What a line that names them before its label lists below itself is theirs, too.
    pub(super) others: PhraseList,
    /// The same, for words that leave out what follows: 不含.
    pub(super) exclusions: PhraseList,
    /// The same, for words that tell that what was said before them was a slip: 应为.
    pub(super) corrections: PhraseList,
    /// Blockers that lead from what there was before to what there is now: 1.20万元降至1.00万元.
    pub(super) arrivals: PhraseList,
    /// Words that do so for the next number alone: 人均.
    pub(super) averages: PhraseList,
    /// Words that deny what follows.
    pub(super) negations: PhraseList,
    /// Words that announce what follows without saying it.
    pub(super) announcements: PhraseList,
    /// Kinds of expense that are no items.
    pub(super) examples: PhraseList,
    /// Blanks of templates.
    pub(super) placeholders: PhraseList,
    /// Words that have no meaning in a bracket.
    pub(super) asides: PhraseList,
    /// Captions of charts.
    pub(super) captions: PhraseList,
    /// Known words without a meaning: `plain`, `joiner`, `itself`, `cumulative`, `ends_examples`, `repeats_unit`.
    pub(super) links: BTreeMap<String, PhraseList>,
    /// Words that no counter counts.
    pub(super) particles: PhraseList,
    /// Links that make less than all of the item directly behind them: 项目公务接待费, 其他会议费.
    pub(super) narrows: PhraseList,
    /// Links that tell that the whole number beside them is no exact one: 约, 左右.
    pub(super) approximate: PhraseList,
    /// Links behind which an amount is what was put by, where another one behind it was spent: 安排3万元，执行2万元.
    pub(super) puts_by: PhraseList,
    /// Links that tell what money was for, where their clause has no number: 用于保障机关运转，.
    pub(super) purposes_of_clauses: PhraseList,
    /// Links that speak of all that was named, where a comparison stands behind them: 总体.
    pub(super) wholes: PhraseList,
    /// Words that make a threshold of the number before them.
    pub(super) thresholds: PhraseList,
    /// Words by which a heading says that it is about finals.
    pub(super) says_final: Vec<String>,
    /// Phrases that open sections in headings, by what the section is about.
    pub(super) headings: BTreeMap<SectionKindKey, PhraseList>,
    /// Words that may stand in headings, without a meaning.
    pub(super) heading_words: PhraseList,
}

/// A file of the lexicon with its name and its text.
pub(in crate::mapping) struct Source<'s> {
    pub(super) name: &'s str,
    pub(super) yaml: &'s str,
    pub(super) file: File,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord, schemars::JsonSchema)]
pub(super) struct SectionKindKey(pub(super) String);

/// Phrases that name what is measured.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Phrases")]
pub(super) struct LabelEntry {
    /// The phrases.
    pub(super) phrases: PhraseList,
    /// The items, where the number is an amount.
    #[serde(default)]
    pub(super) items: Vec<String>,
    /// The items, by what the number's unit counts.
    #[serde(default)]
    pub(super) counts: BTreeMap<String, String>,
    /// The unit of a count whose item the section tells.
    pub(super) unit: Option<String>,
    /// The funding that the phrase says, too.
    pub(super) funding: Option<String>,
    /// A code of the economic classification.
    pub(super) economic: Option<String>,
    /// The measure that the phrase says, too.
    pub(super) measure: Option<String>,
    /// Items by the item that governs.
    #[serde(default)]
    pub(super) under: BTreeMap<String, String>,
    /// Items by what the section is about.
    #[serde(default)]
    pub(super) by_section: BTreeMap<String, String>,
    /// The item that it means as the base of a share.
    pub(super) base: Option<String>,
    /// In which use alone it has its meaning.
    pub(super) only: Option<Only>,
    /// What stands before it in its clause is only its object.
    #[serde(default)]
    pub(super) takes_object: bool,
}
