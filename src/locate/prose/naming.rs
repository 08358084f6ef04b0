//! What a label names in its sentence: the items, and the funding that the words around it tell.

use std::sync::Arc;

use super::tokens::Number;
use crate::mapping::{LabelSense, Lexicon, Only, Side, Unit, Vocabulary, accounts};
use crate::model::{Funding, Key, Measure};

/// A label that was named, as it governs the numbers behind it.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    /// The words, as folded.
    pub(super) words: Arc<str>,
    /// What it is where the number is an amount (or the item's own rate or score).
    pub(super) items: Arc<[Arc<str>]>,
    /// What it is by the unit of a count.
    pub(super) counts: Arc<[(Arc<str>, Arc<str>)]>,
    /// Its items belong to income or expenditure, and may be paid by one fund or another.
    pub(super) funded: bool,
    /// The funding that its own words tell.
    pub(super) own_funding: Option<Funding>,
    /// The funding of its key, or what leaves it open.
    pub(super) funding: Option<Funding>,
    /// What leaves the funding open.
    pub(super) funding_open: Option<String>,
    /// The one fund of whose part its number is, where the item's definition leaves the funding open no more: 政府性基金“三公”经费.
    pub(super) of_fund: Option<Funding>,
    /// Code (or path of names) of the functional classification.
    pub(super) function: Arc<str>,
    /// Code of the economic classification.
    pub(super) economic: Arc<str>,
    /// The measure that the label says.
    pub(super) measure: Option<Measure>,
    /// In which use alone it has its meaning.
    pub(super) only: Option<Only>,
    /// Only that there is none of it is told of its item.
    pub(super) only_none: bool,
    /// What it may mean beside its item: 总收入 is 本年收入合计, or 收入总计.
    pub(super) or_total: Option<Arc<str>>,
    /// It is a part of the total that a list opened.
    pub(super) listed: bool,
    /// It may be a part of the total of a list in a sentence before.
    pub(super) past_part: bool,
    /// It is a total split by funding: 公务接待费（其中：一般公共预算…）.
    pub(super) split: bool,
    /// What was told of it so far.
    pub(super) told: Told,
    /// A comparison was told of it.
    pub(super) compared: bool,
    /// A completion was told of it.
    pub(super) completed: bool,
    /// It counts a part of what the label before it counts: 接待20批次，其中外事接待1批次.
    pub(super) counts_part: bool,
    /// Its final was told.
    pub(super) final_told: bool,
    /// An amount of it without a measure was left over, which may have been its final.
    pub(super) amount_left: bool,
    /// Why it is in doubt.
    pub(super) doubt: Option<String>,
    /// Nothing but a number in a reason put it in doubt.
    pub(super) by_reason: bool,
    /// Counts that were given.
    pub(super) counted: Vec<Arc<str>>,
}

/// What was told of a label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Told {
    /// Nothing.
    #[default]
    Nothing,
    /// Amounts, the last one of this measure.
    Amount(Measure),
    /// Only a change or a rate of this measure.
    ChangeOf(Measure),
    /// A number that was left over.
    Doubt,
}

impl Named {
    pub(super) fn of(sense: &LabelSense, words: &str) -> Named {
        Named {
            words: words.into(),
            items: sense.items.clone(),
            counts: sense.counts.clone(),
            funded: sense.funded,
            own_funding: sense.funding,
            economic: sense.economic.clone().unwrap_or_default(),
            measure: sense.measure,
            only: sense.only,
            ..Named::default()
        }
    }

    /// The same thing in the classification.
    pub(super) fn same_as(&self, other: &Named) -> bool {
        self.items == other.items
            && self.counts == other.counts
            && self.function == other.function
            && self.economic == other.economic
    }

    /// The measure that was told of it last; `Err` where that may be one of two, or was left over.
    pub(super) fn told_measure(&self) -> Result<Option<Measure>, &'static str> {
        match self.told {
            // 支出5万元，年初预算8万元，较上年增加1万元: of the one, or of the other?
            Told::Amount(Measure::Budget | Measure::AdjustedBudget) if self.final_told || self.amount_left => {
                Err("the budget's, or the final's?")
            }
            Told::Amount(measure) | Told::ChangeOf(measure) => Ok(Some(measure)),
            Told::Doubt => Err("the amount before it"),
            Told::Nothing => Ok(None),
        }
    }

    /// A proper part of `total`: deeper in the vocabulary, in a classification, or of one fund.
    pub(super) fn is_part_of(&self, total: &Named, vocabulary: &Vocabulary) -> bool {
        let [.., item] = &*self.items else { return false };
        total.items.iter().any(|whole| {
            if item == whole {
                let classified = (total.function.is_empty() && !self.function.is_empty())
                    || (self.function.starts_with(&*total.function) && self.function.len() > total.function.len())
                    || (total.economic.is_empty() && !self.economic.is_empty());
                let finer = match (total.own_funding, self.own_funding) {
                    (None, own) => own.is_some(),
                    (Some(whole), Some(own)) => own != whole && own.merged(whole) == Some(own),
                    (Some(_), None) => false,
                };
                classified || finer
            } else {
                vocabulary.is_part_of(item, whole)
            }
        })
    }

    /// It counts a part of what `total` counts in the same unit.
    pub(super) fn counts_part_of(&self, total: &Named, vocabulary: &Vocabulary) -> bool {
        total
            .counts
            .iter()
            .any(|(unit, whole)| self.counts.iter().any(|(of, item)| of == unit && vocabulary.is_part_of(item, whole)))
    }

    /// The one is of a function, the other a kind of expenditure (基本支出, 工资福利支出): where the one is told of the other, the
    /// amount is of both.
    pub(super) fn crosses(&self, other: &Named, vocabulary: &Vocabulary) -> bool {
        let of_a_function = |named: &Named| !named.function.is_empty();
        of_a_function(self) && other.is_kind(vocabulary) || self.is_kind(vocabulary) && of_a_function(other)
    }

    /// It is a kind of expenditure: 基本支出, 工资福利支出.
    pub(super) fn is_kind(&self, vocabulary: &Vocabulary) -> bool {
        let kind =
            |item: &Arc<str>| &**item != accounts::EXPENDITURE && vocabulary.is_part_of(item, accounts::EXPENDITURE);
        let kinds = !self.items.is_empty() && self.items.iter().all(kind);
        self.function.is_empty() && (kinds || !self.economic.is_empty())
    }

    /// It is one of the totals by which 收入 and 支出 alone are understood.
    pub(super) fn is_total(&self) -> bool {
        self.function.is_empty()
            && self.items.iter().any(|item| {
                matches!(
                    &**item,
                    accounts::INCOME | accounts::EXPENDITURE | accounts::CARRIED_IN | accounts::CARRIED_OUT
                )
            })
    }

    /// It is a function or a kind of expenditure, and `whole` what was carried over: 年末结转10万元，其中：项目支出8万元 is what is left for that.
    pub(super) fn is_left_of(&self, whole: &Named, vocabulary: &Vocabulary) -> bool {
        whole.is_carried(vocabulary) && (!self.function.is_empty() || self.is_kind(vocabulary))
    }

    /// It is what was carried over, of all or of a part.
    pub(super) fn is_carried(&self, vocabulary: &Vocabulary) -> bool {
        let carried = |item: &Arc<str>| {
            [accounts::CARRIED_IN, accounts::CARRIED_OUT]
                .iter()
                .any(|all| **item == **all || vocabulary.is_part_of(item, all))
        };
        !self.items.is_empty() && self.items.iter().all(carried)
    }

    /// It is 本年收入合计 or 本年支出合计.
    pub(super) fn is_of_year(&self) -> bool {
        self.items.iter().any(|item| accounts::is_of_year(item))
    }

    /// Its number may be that of a wider total as well: always, or as a change where its own amount was not told.
    pub(super) fn may_be_wider(&self, measure: Measure) -> Option<&Arc<str>> {
        let changed = matches!(measure, Measure::Change | Measure::ChangeRate) && !self.final_told;
        self.or_total.as_ref().filter(|_| changed || self.is_either_total())
    }

    /// It is 总收入 or the like, which is one of two totals.
    pub(super) fn is_either_total(&self) -> bool {
        self.or_total.is_some() && self.only == Some(Only::Base)
    }

    /// It is 收入总计 or 支出总计.
    pub(super) fn is_grand_total(&self) -> bool {
        self.items.iter().any(|item| matches!(&**item, accounts::ALL_INCOME | accounts::ALL_EXPENDITURE))
    }

    /// It is on the side of income.
    pub(super) fn is_income(&self, vocabulary: &Vocabulary) -> bool {
        self.items.iter().all(|item| vocabulary.side(item) == Some(Side::Income)) && !self.items.is_empty()
    }
}

/// What a number that is told apart would be of.
#[derive(Clone, Debug)]
pub(super) struct Apart {
    pub(super) items: Vec<Arc<str>>,
    function: Arc<str>,
    economic: Arc<str>,
}

impl Apart {
    /// What a number of the label is of: an amount, or a count.
    pub(super) fn of(named: &Named, number: &Number, lexicon: &Lexicon) -> Apart {
        Apart {
            items: match &number.unit {
                Some(Unit::Count(unit)) => {
                    let counted = named.counts.iter().filter(|(of, _)| lexicon.counts_in(unit, of));
                    counted.map(|(_, item)| item.clone()).collect()
                }
                _ => named.items.to_vec(),
            },
            function: named.function.clone(),
            economic: named.economic.clone(),
        }
    }

    pub(super) fn is_of(&self, key: &Key) -> bool {
        self.items.contains(&key.item) && key.function == self.function && key.economic == self.economic
    }
}
