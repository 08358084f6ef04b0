use std::fmt;
use std::sync::Arc;

/// What a figure is about. One meaning has one key, wherever it stands; an empty part means "all".
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The sub-unit or project that the row speaks of, as written; empty: the reporting unit as a whole.
    pub entity: Arc<str>,
    /// What is measured: a canonical name of the vocabulary.
    pub item: Arc<str>,
    /// Functional classification: a code of 3, 5 or 7 digits, or a path of names; empty: all functions.
    pub function: Arc<str>,
    /// Economic classification of the department: a code of 3 or 5 digits; empty: all kinds.
    pub economic: Arc<str>,
    /// Which budget paid; none: all funds, or an item whose definition fixes its funding.
    pub funding: Option<Funding>,
    /// Which of the item's numbers it is.
    pub measure: Measure,
    /// What a share is of, or a rate is measured against, where it is not the default.
    pub base: Arc<str>,
}

/// The budgets that pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Funding {
    /// 财政拨款: the sum of the three below.
    Appropriation,
    /// 一般公共预算财政拨款.
    GeneralBudget,
    /// 政府性基金预算财政拨款.
    GovernmentFund,
    /// 国有资本经营预算财政拨款.
    StateCapital,
}

impl Funding {
    /// Every budget, the sum first.
    pub const ALL: [Funding; 4] =
        [Funding::Appropriation, Funding::GeneralBudget, Funding::GovernmentFund, Funding::StateCapital];

    /// The word in datasets and mapping files.
    pub fn word(self) -> &'static str {
        match self {
            Funding::Appropriation => "appropriation",
            Funding::GeneralBudget => "general_budget",
            Funding::GovernmentFund => "government_fund",
            Funding::StateCapital => "state_capital",
        }
    }

    /// The funding of a word in a mapping file.
    pub fn from_word(word: &str) -> Option<Funding> {
        Funding::ALL.into_iter().find(|funding| funding.word() == word)
    }

    /// Both together, where one is a part of the other; `None` where they contradict.
    ///
    /// Every budget is a part of the appropriation, so the narrower one refines it.
    pub fn merged(self, other: Funding) -> Option<Funding> {
        match (self, other) {
            (a, b) if a == b => Some(a),
            (Funding::Appropriation, narrow) | (narrow, Funding::Appropriation) => Some(narrow),
            _ => None,
        }
    }
}

/// Which of an item's numbers a figure is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// 年初预算数 (or 预算数, unspecified).
    Budget,
    /// 全年预算数, 调整预算数.
    AdjustedBudget,
    /// 决算数; also every count and stock as of the year.
    #[default]
    Final,
    /// 上年决算数.
    PriorFinal,
    /// 上年预算数.
    PriorBudget,
    /// This year's final minus last year's.
    Change,
    /// The same in percent of last year's.
    ChangeRate,
    /// This year's budget minus last year's.
    BudgetChange,
    /// The same in percent of last year's.
    BudgetChangeRate,
    /// Final minus budget.
    Deviation,
    /// The same in percent of the budget.
    DeviationRate,
    /// Final in percent of the budget.
    CompletionRate,
    /// A part in percent of its whole.
    Share,
    /// 分值 of an indicator.
    Weight,
    /// 自评得分.
    SelfScore,
    /// 年度指标值: what was to be reached (a text).
    Target,
    /// 实际完成值: what was reached (a text).
    Actual,
}

impl Measure {
    /// Every measure, in the order of the contract.
    pub const ALL: [Measure; 17] = [
        Measure::Budget,
        Measure::AdjustedBudget,
        Measure::Final,
        Measure::PriorFinal,
        Measure::PriorBudget,
        Measure::Change,
        Measure::ChangeRate,
        Measure::BudgetChange,
        Measure::BudgetChangeRate,
        Measure::Deviation,
        Measure::DeviationRate,
        Measure::CompletionRate,
        Measure::Share,
        Measure::Weight,
        Measure::SelfScore,
        Measure::Target,
        Measure::Actual,
    ];

    /// The word in datasets and mapping files.
    pub fn word(self) -> &'static str {
        match self {
            Measure::Budget => "budget",
            Measure::AdjustedBudget => "adjusted_budget",
            Measure::Final => "final",
            Measure::PriorFinal => "prior_final",
            Measure::PriorBudget => "prior_budget",
            Measure::Change => "change",
            Measure::ChangeRate => "change_rate",
            Measure::BudgetChange => "budget_change",
            Measure::BudgetChangeRate => "budget_change_rate",
            Measure::Deviation => "deviation",
            Measure::DeviationRate => "deviation_rate",
            Measure::CompletionRate => "completion_rate",
            Measure::Share => "share",
            Measure::Weight => "weight",
            Measure::SelfScore => "self_score",
            Measure::Target => "target",
            Measure::Actual => "actual",
        }
    }

    /// The measure of a word in a mapping file.
    pub fn from_word(word: &str) -> Option<Measure> {
        Measure::ALL.into_iter().find(|measure| measure.word() == word)
    }

    /// The rate of what this is the amount of: of a change or a deviation.
    pub fn rate(self) -> Option<Measure> {
        match self {
            Measure::Change => Some(Measure::ChangeRate),
            Measure::BudgetChange => Some(Measure::BudgetChangeRate),
            Measure::Deviation => Some(Measure::DeviationRate),
            _ => None,
        }
    }

    /// The same difference from the budget instead of last year's final accounts.
    pub fn from_budget(self) -> Measure {
        match self {
            Measure::Change => Measure::Deviation,
            Measure::ChangeRate => Measure::DeviationRate,
            other => other,
        }
    }

    /// Measured in percent, whatever the item's unit is.
    pub fn is_rate(self) -> bool {
        matches!(
            self,
            Measure::ChangeRate
                | Measure::BudgetChangeRate
                | Measure::DeviationRate
                | Measure::CompletionRate
                | Measure::Share
        )
    }

    /// Measured in points of a score table.
    pub fn is_score(self) -> bool {
        matches!(self, Measure::Weight | Measure::SelfScore)
    }

    /// A text rather than a number.
    pub fn is_text(self) -> bool {
        matches!(self, Measure::Target | Measure::Actual)
    }
}

impl fmt::Display for Key {
    /// The parts that are told, parted by blanks: `公务接待费 final`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.entity.is_empty() {
            write!(f, "[{}] ", self.entity)?;
        }
        f.write_str(&self.item)?;
        for part in [&self.function, &self.economic] {
            if !part.is_empty() {
                write!(f, " {part}")?;
            }
        }
        if let Some(funding) = self.funding {
            write!(f, " {}", funding.word())?;
        }
        write!(f, " {}", self.measure.word())?;
        if !self.base.is_empty() {
            write!(f, " of {}", self.base)?;
        }
        Ok(())
    }
}
