//! The totals that accounts are made up of. Rules of sentences and tables know them by the names of the contract; all
//! other items are the vocabulary's.

use super::Side;

/// All that was received, with what was carried over.
pub const ALL_INCOME: &str = "收入总计";
/// All that was spent, with what is carried over.
pub const ALL_EXPENDITURE: &str = "支出总计";
/// What was received in the year.
pub const INCOME: &str = "本年收入合计";
/// What was spent in the year.
pub const EXPENDITURE: &str = "本年支出合计";
/// What was carried over from the year before.
pub const CARRIED_IN: &str = "年初结转和结余";
/// What is carried over into the next year.
pub const CARRIED_OUT: &str = "年末结转和结余";
/// What keeps the unit running: a part of [`EXPENDITURE`].
pub const BASIC: &str = "基本支出";
/// What its projects cost: the other part.
pub const PROJECTS: &str = "项目支出";
/// The three public expenses together.
pub const THREE_PUBLIC: &str = "“三公”经费";

/// It is 本年收入合计 or 本年支出合计.
pub fn is_of_year(item: &str) -> bool {
    matches!(item, INCOME | EXPENDITURE)
}

/// The total of the other side: 收入总计 and 支出总计, 本年收入合计 and 本年支出合计.
pub fn opposite(item: &str) -> Option<&'static str> {
    match item {
        ALL_INCOME => Some(ALL_EXPENDITURE),
        ALL_EXPENDITURE => Some(ALL_INCOME),
        INCOME => Some(EXPENDITURE),
        EXPENDITURE => Some(INCOME),
        _ => None,
    }
}

/// The side that an item heads, if it heads one: every other item of a side is a part of its head.
pub(super) fn headed_by(item: &str) -> Option<Side> {
    match item {
        ALL_INCOME => Some(Side::Income),
        ALL_EXPENDITURE => Some(Side::Expenditure),
        _ => None,
    }
}
