//! The sentence's state: which label governs, what is pending before the next number, and what is in doubt.

use std::sync::Arc;

use super::naming::{Named, Told};
use super::others::Others;
use crate::model::{Funding, Measure, UnitOfMeasure};

/// What puts the rest of a sentence in doubt behind a reason that tells an amount of a label.
pub(super) const STATEMENT_IN_REASON: &str = "a statement in a reason";

/// What puts a label behind a reason with a number in doubt.
pub(super) const IN_REASON: &str = "a number in the reason before it";

/// What governs at a place of a paragraph.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// The labels that govern: one, or those of a list.
    pub(super) subject: Vec<Named>,
    /// The labels of the heading above the paragraph.
    pub(super) headed: Vec<Named>,
    /// What the words before the next number say of it.
    pub(super) pending: Pending,
    /// What stands between the last label and here.
    pub(super) since: Since,
    /// No label was named yet in the statement that `；` or `。` began.
    pub(super) fresh: bool,
    /// A label of the statement whose amounts others divide: 教育支出30万元，基本支出20万元，项目支出10万元.
    pub(super) crossing: Option<Named>,
    /// Something not understood, or a blocker, that no label has ended yet.
    pub(super) hard: Option<Hard>,
    /// A word of the sentence that was not understood.
    pub(super) unknown: Option<String>,
    /// A blocker of the sentence.
    pub(super) blocker: Option<String>,
    /// Units below the unit were named since the last number, with whether they were left out: 不含下属单位.
    pub(super) subordinate: Option<(String, bool)>,
    /// A blocker behind which a label was named: 下属单位公务接待费.
    pub(super) scope: Option<String>,
    /// `；` stood behind the word that was not understood.
    pub(super) apart: bool,
    /// The fiscal year was named behind the word that was not understood.
    pub(super) ours: bool,
    /// The time that governs.
    pub(super) time: Time,
    /// The time that governed before a reason that names another: it governs again behind the sentence.
    pub(super) time_before_reason: Option<Time>,
    /// A word that was not understood may have been another year: what follows in other sentences needs ours named.
    pub(super) untimed: Option<String>,
    /// The last time word, for 2023年度相比.
    pub(super) last_time: Option<Time>,
    /// The last number was one without a measure word.
    pub(super) after_bare: bool,
    /// A count that is told of something else than its own total, with the words: 购置公务用车2辆，其中执法执勤用车….
    pub(super) misplaced: Option<(Arc<str>, String)>,
    /// The last number was a share, with which a part's statement is over: 乙5万元，占10%，比上年增加…
    pub(super) after_share: bool,
    /// The last number was a rate that another one is compared with: 较上年90%.
    pub(super) rate_compared: bool,
    /// The last number was a share or a completion: 预算执行率80%，较上年…
    pub(super) after_rate: bool,
    /// The measure of the last number.
    pub(super) last_measure: Option<Measure>,
    /// The base that a share of the sentence named, where that is not the total of its label.
    pub(super) other_base: Option<Arc<str>>,
    /// A direction word without a number stands behind the label.
    pub(super) moved: bool,
    /// What tells that the next number may be of others than the label named last.
    pub(super) others: Others,
    /// Names of kinds of expense that 等 has not ended.
    pub(super) examples: Option<String>,
    /// The kinds of comparison in the sentence; `None` in it: one that is none of ours.
    pub(super) comparisons: Vec<Option<Against>>,
    /// The label of whose parts the rest of the statement tells: 政府性基金支出中，基本支出….
    pub(super) inside: Option<Named>,
    /// A budget without its final was told in this sentence.
    pub(super) budget_told: bool,
    /// Budgets were told in a list without a measure of their own, in this paragraph.
    pub(super) bare_budgets: bool,
    /// Words of the sentence may be those of a list of budgets.
    pub(super) may_list_budgets: bool,
    /// An adjusted budget was told in this sentence.
    pub(super) adjusted_told: bool,
    /// The unit of the sentence's amounts; `None` in it: several.
    pub(super) amount_unit: Option<Option<UnitOfMeasure>>,
    /// The total whose parts are being named.
    pub(super) list: Option<List>,
    /// The list of a sentence before, whose parts may go on: 其中：甲…。乙…。比上年增加… is of 乙 or of the whole.
    pub(super) past_list: Option<List>,
    /// Totals of the sentence with their funding, for the opposite side.
    pub(super) neighbours: Vec<Named>,
    /// The two totals of the paragraph, where both were named.
    pub(super) totals: Vec<Named>,
    /// Nothing but times and funding words since the clause began.
    pub(super) clause_opens: bool,
    /// A free stretch.
    pub(super) reason: Option<Reason>,
    /// The last free stretch named what governs, so that parts behind it may be those of last year's, or of less.
    pub(super) reason_of_whole: bool,
    /// Behind a free stretch with a number a whole comparison opens: of the label before it, if the amounts prove it.
    pub(super) resumes: bool,
    /// A change is read only where last year's amount and this year's bear it out.
    pub(super) borne_out: bool,
    /// 现将…公布如下：what the line speaks of is no list.
    pub(super) announced: bool,
    /// 无: what is named now there is none of.
    pub(super) negated: Option<String>,
    /// A word that made a label of the statement less than all of its item: 自有资金安排公务接待费.
    pub(super) narrowed: Option<String>,
    /// A fund that a clause of its own names, without a label: 政府性基金预算财政拨款方面，本年收入9万元.
    pub(super) fund_apart: Option<Funding>,
    /// A colon stands behind it, and its statement goes on: 政府性基金预算财政拨款：本年收入9万元，本年支出8万元.
    pub(super) fund_announced: bool,
    /// The words are those of a bracket.
    pub(super) aside: bool,
}

/// What the words before the next number say of it, until it is told.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    /// The measure of the next number, with its words.
    pub(super) measure: Option<(Measure, String)>,
    /// The measures of a label that 分别 gives to the next numbers: 预算数和决算数分别为.
    pub(super) measures: Vec<(Measure, String)>,
    /// 完成预算的: the next percentage is the rate, an amount before it the budget (`true`: the adjusted one).
    pub(super) completion: Option<bool>,
    /// 占: the next percentage is a share.
    pub(super) share: Option<Share>,
    /// The comparison that governs.
    pub(super) comparison: Option<Comparison>,
    /// The comparison directly before the labels that govern: 与上年相比，收、支总计各减少….
    pub(super) leading: Option<Comparison>,
    /// A direction word before the next number.
    pub(super) direction: Option<Direction>,
    /// How the labels meet the next numbers.
    pub(super) pairing: Option<Pairing>,
    /// 累计 stands before the number.
    pub(super) cumulative: bool,
    /// A funding word without its label.
    pub(super) funding: Option<Funding>,
}

/// What stands between the last label and a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Since {
    /// Nothing that parts them.
    Nothing,
    /// `、`, 和, 及.
    Joiner,
    /// A comma or colon.
    #[default]
    Mark,
    /// A number.
    Number,
}

/// Something that takes the governing label away.
#[derive(Clone, Debug)]
pub(super) struct Hard {
    /// The word.
    pub(super) word: String,
    /// It was not understood (else it is a known blocker).
    pub(super) unknown: bool,
    /// A label named now starts clean.
    pub(super) restart: bool,
    /// A label was named behind it: it governs the rest of the sentence.
    pub(super) labelled: bool,
    /// It governs the next number alone: 车均.
    pub(super) brief: bool,
}

/// The time that governs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Time {
    /// The fiscal year.
    #[default]
    Ours,
    /// The year before.
    Prior,
    /// None that is ours: the words.
    Other(String),
}

/// What a share is of.
#[derive(Clone, Debug, Default)]
pub(super) struct Share {
    /// The base that was named.
    pub(super) base: Option<Named>,
    /// A label named now is the base.
    pub(super) open: bool,
}

/// What a comparison is with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Against {
    /// Last year's final.
    Prior,
    /// This year's budget (`true`: the adjusted one).
    Budget(bool),
    /// Last year's budget.
    PriorBudget,
}

/// A comparison, while it is put together and after.
#[derive(Clone, Debug, Default)]
pub(super) struct Comparison {
    /// It is still being put together.
    pub(super) open: bool,
    /// An opener or a closer was said that only a comparison has.
    pub(super) closed: bool,
    /// The time it names.
    pub(super) time: Option<Time>,
    /// The measure it names.
    pub(super) measure: Option<Measure>,
    /// The label it names.
    pub(super) label: Option<Named>,
    /// A number stood behind it.
    pub(super) told: bool,
    /// What it came to: `Err` with the words where it is none of ours.
    pub(super) against: Option<Result<Against, String>>,
    /// Its words.
    pub(super) words: String,
}

/// The sign of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Up.
    Up(String),
    /// Down.
    Down(String),
    /// Both words of the template.
    Both(String),
}

impl Direction {
    /// As written.
    pub(super) fn words(&self) -> &str {
        let (Direction::Up(words) | Direction::Down(words) | Direction::Both(words)) = self;
        words
    }
}

/// How a list of labels meets numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pairing {
    /// 分别为
    InOrder,
    /// 各, 均
    Each,
}

/// A total whose parts are named.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    /// The total; empty where it is in doubt or was not named.
    pub(super) total: Vec<Named>,
    /// Why the list tells its parts nothing.
    pub(super) doubt: Option<String>,
    /// It was opened in this sentence, so that a bare 占 is of its total.
    pub(super) here: bool,
    /// Its words open their line, so that its total was named in a line above.
    pub(super) heads_line: bool,
    /// No label was named in it yet.
    pub(super) unnamed: bool,
    /// What was named in it first is no part of its total.
    pub(super) stranger: bool,
    /// So was another place of the classification: 农林水支出90万元，其中：教育支出2万元.
    pub(super) places: bool,
    /// Others were named before its total: 水利（款）680万元，农业农村（款）20万元，其中…
    pub(super) of_several: bool,
    /// How many of its parts `；` ended.
    pub(super) parts: usize,
    /// Its words divide by a classification (按支出性质划分), so that another one divides the same total, and the label before it
    /// need not be what is divided.
    pub(super) divides: bool,
    /// Its total is the last one of several labels, or all that they are parts of: 基本支出…，项目支出…。按经济分类划分：….
    pub(super) unsure: bool,
    /// It was opened behind a reason with a number (增加5万元，主要原因是新增3万元；其中：…): its parts stand if they add up to its total.
    pub(super) behind_reason: bool,
    /// It divides again what a list before it has the parts of (其中：基本支出…，项目支出…。按功能分类：…): its parts stand if they add up to its total.
    pub(super) behind_parts: bool,
    /// How many of its parts were named in this paragraph.
    pub(super) named: usize,
    /// How many counts were named in it.
    pub(super) counted: usize,
    /// A part of it was compared, so that a comparison behind the last part is that part's.
    pub(super) compared: bool,
    /// How many of its parts `；` had ended where a change was told behind one first, of that part or of the total.
    pub(super) changed_at: Option<usize>,
    /// The same of a completion.
    pub(super) completed: bool,
}

impl List {
    /// What stands behind its last part may be of the whole: the total was named in the same sentence, or several parts in
    /// the same paragraph.
    pub(super) fn has_several(&self) -> bool {
        self.here || self.named > 1
    }
}

/// A free stretch.
#[derive(Clone, Debug, Default)]
pub(super) struct Reason {
    /// It tells what the money was for, not why there was more or less of it.
    pub(super) purpose: bool,
    /// It has a number.
    pub(super) number: bool,
    /// It has one that may be that of a label: an amount of money, a rate.
    pub(super) amount: bool,
    /// It has one that the label before it may have: such an amount, or a count of what that label counts.
    pub(super) own: bool,
    /// Its clause names what statements name.
    pub(super) speaks: bool,
    /// A clause before it did.
    pub(super) spoke: bool,
    /// It names what governs, or as much as was told of it: 主要原因是上年支出90万元.
    pub(super) of_whole: bool,
    /// It names more than what is counted: an item of money, a measure, a year.
    pub(super) names: bool,
    /// The last time that it names, where that is not ours.
    pub(super) time: Option<String>,
    /// It counts several reasons: 一是…；二是….
    pub(super) enumerates: bool,
    /// Its clause is a change with its amount: 主要是厉行节约，较上年减少2万元 may be that of what governs.
    pub(super) compares: bool,
}

impl State {
    /// What was begun and not finished by a number is over.
    pub(super) fn drop_pending(&mut self) {
        self.pending = Pending::default();
    }

    /// A fund without its label, where its clause is over, is what the clauses behind it may be of.
    pub(super) fn set_fund_apart(&mut self) {
        let named = self.pending.funding.take().filter(|_| self.since != Since::Nothing);
        self.fund_apart = named.or(self.fund_apart);
    }

    /// Why the sentence is in doubt, whatever was named since.
    pub(super) fn doubt(&self) -> Option<&str> {
        self.unknown.as_deref().or(self.scope.as_deref())
    }

    /// A word that is not understood: the governing label is gone, and all that the sentence had told with it.
    pub(super) fn not_understood(&mut self, word: &str) {
        // 政府性基金预算财政拨款收支某某: a heading of its own, perhaps, for all that follows.
        let announced = self.subject.last().filter(|named| self.since == Since::Nothing && named.told == Told::Nothing);
        let fund = self.pending.funding.or_else(|| announced?.own_funding);
        self.fund_apart = fund.filter(|fund| *fund != Funding::Appropriation).or(self.fund_apart);
        self.block(word, true);
        self.unknown.get_or_insert_with(|| word.to_owned());
        self.apart = false;
        self.ours = false;
        self.totals.clear();
    }

    /// A word that takes the governing label away.
    pub(super) fn block(&mut self, word: &str, unknown: bool) {
        let before = self.hard.take().filter(|hard| hard.unknown && !hard.restart);
        self.hard = Some(before.unwrap_or_else(|| Hard {
            word: word.to_owned(),
            unknown,
            restart: false,
            labelled: false,
            brief: false,
        }));
        for named in &mut self.subject {
            named.doubt.get_or_insert_with(|| word.to_owned());
            named.by_reason = false;
        }
        self.resumes = false;
        let Pending { leading, cumulative, .. } = std::mem::take(&mut self.pending);
        self.pending = Pending { leading, cumulative, ..Pending::default() };
        self.since = Since::Mark;
        self.clause_opens = false;
    }

    /// What governed is over, and nothing is in doubt: a label named now starts clean, if it did before.
    pub(super) fn end_of_governing(&mut self, word: &str) {
        if self.hard.as_ref().is_some_and(|hard| !hard.restart) {
            return;
        }
        self.block(word, false);
        if let Some(hard) = &mut self.hard {
            hard.restart = true;
        }
    }

    /// `；` (or an ordinal): a statement of the same sentence begins.
    pub(super) fn semicolon(&mut self) {
        self.set_fund_apart();
        self.fund_announced = false;
        self.narrowed = None;
        self.inside = None;
        self.negated = None;
        self.subordinate = None;
        self.resumes = false;
        self.moved = false;
        self.borne_out = false;
        self.fresh = true;
        self.crossing = None;
        if let Some((Measure::Budget | Measure::AdjustedBudget, _)) = self.pending.measure {
            self.budget_told = true;
        }
        self.drop_pending();
        let part = self.subject.iter().any(|named| named.listed);
        let goes_on = self.subject.iter().any(|named| named.past_part);
        let goes_on = goes_on || self.others.among_strangers && !self.subject.is_empty();
        // 其中：教育支出（类）普通教育（款）初中教育（项）。年初预算为…: the path heads what follows.
        let heads =
            matches!(self.subject.as_slice(), [named] if !named.function.is_empty() && named.told == Told::Nothing);
        let goes_on = goes_on && !(heads && self.since == Since::Nothing);
        let part = part && !(heads && self.since == Since::Nothing);
        let of_part = goes_on || part && self.list.as_ref().is_some_and(List::has_several);
        self.others.semicolon(of_part && !self.aside);
        if let Some(list) = &mut self.list {
            list.parts += 1;
        }
        if let Some(hard) = &mut self.hard {
            hard.restart = true;
        }
        self.apart = true;
        if self.time == Time::Prior {
            self.time = Time::Other("上年".to_owned());
        }
        self.since = Since::Mark;
        self.clause_opens = true;
        self.examples = None;
    }

    /// `。`: a new sentence. The label goes on governing; what the sentence said does not.
    pub(super) fn full_stop(&mut self) {
        if let Some(time) = self.time_before_reason.take() {
            self.time = time;
        }
        self.semicolon();
        if let Some(word) = self.untimed.take() {
            self.time = Time::Other(word);
        }
        if let Some(list) = self.list.take() {
            for named in self.subject.iter_mut().filter(|_| list.behind_reason) {
                named.doubt.get_or_insert_with(|| IN_REASON.to_owned());
            }
            self.past_list = Some(list);
        }
        self.announced = false;
        self.other_base = None;
        self.others.full_stop(self.subject.iter().all(Named::is_grand_total));
        self.misplaced = None;
        self.unknown = None;
        self.blocker = None;
        self.scope = None;
        self.apart = false;
        self.ours = false;
        self.budget_told = false;
        self.adjusted_told = false;
        self.may_list_budgets = false;
        self.amount_unit = None;
        self.comparisons.clear();
        self.inside = None;
        self.pending.leading = None;
        self.neighbours.clear();
        self.last_measure = None;
        self.last_time = None;
        self.reason = None;
    }
}
