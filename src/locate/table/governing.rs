//! What the rows above still govern.

use std::rc::Rc;
use std::sync::Arc;

use super::{Blocked, Stub, Table};
use crate::locate::words::Word;
use crate::mapping::accounts::{CARRIED_IN, CARRIED_OUT, EXPENDITURE, INCOME};
use crate::model::Ordinal;

/// What each funding has its part of.
const DIVIDED: [&str; 4] = [INCOME, EXPENDITURE, CARRIED_IN, CARRIED_OUT];

/// What the rows above still govern: the outline, the last rows that stood by themselves, and what blocked.
#[derive(Debug, Default)]
pub(super) struct Governing {
    /// Open outline levels, outermost first.
    outline: Vec<Outlined>,
    /// Labelled rows above, for fundings that lean on them.
    last_item: Option<LastItem>,
    /// The items of the rows above, each once.
    items: Vec<Arc<str>>,
    /// A row that was not understood, on which others may lean.
    unknown: Option<String>,
    /// A row without value that was not understood: everything after it is in doubt.
    unknown_heading: Option<(Ordinal, String)>,
    /// A row among rows of codes that names another unit, or a part of this one: the codes below it are that one's.
    of_others: Option<String>,
}

#[derive(Debug)]
struct Outlined {
    rank: Ordinal,
    word: Rc<Word>,
    unknown: bool,
}

#[derive(Debug)]
struct LastItem {
    item: Option<Arc<str>>,
    word: String,
    governs: bool,
    rank: Ordinal,
    /// It is a total of the year, or what was carried over, and was understood: fundings below it in the outline divide it.
    divides: bool,
    /// It is of a function; or a part of one, whose name does not say so.
    function: Option<OfFunction>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OfFunction {
    Whole,
    Part,
}

pub(super) enum FundingFrom {
    Nothing,
    Item(Arc<str>),
    Stranger(String),
}

impl Governing {
    /// The words that stand above a label in the outline, nearest first; for a label that leans, the last row too.
    pub(super) fn above(&self, word: &Word) -> Vec<&Word> {
        let rank = word.ordinal;
        let mut words: Vec<&Word> = self
            .outline
            .iter()
            .rev()
            .filter(|outlined| outlined.rank < rank || rank == Ordinal::None)
            .map(|outlined| &*outlined.word)
            .collect();
        if word.part_of && words.is_empty() {
            words.extend(self.outline.last().map(|outlined| &*outlined.word));
        }
        words
    }

    /// The item of a row that only names a funding: of the row above that governs it, or of which it says to be a part, or below
    /// which it stands in the outline: 一、本年收入 › （一）一般公共预算财政拨款.
    pub(super) fn funding_from(&self, part_of: bool, rank: Ordinal) -> FundingFrom {
        let is_below =
            |last: &LastItem| last.rank != Ordinal::None && rank != Ordinal::None && rank > last.rank && last.divides;
        match &self.last_item {
            None => FundingFrom::Nothing,
            Some(last @ LastItem { item: Some(item), governs, .. }) if *governs || part_of || is_below(last) => {
                FundingFrom::Item(item.clone())
            }
            Some(last) => FundingFrom::Stranger(last.word.clone()),
        }
    }

    /// 其中：上年结转 below 财政拨款收入: what is said to be a part of a row, and is a part of none above, is not all of what its name
    /// says.
    fn part_of_nothing(&self, stub: &Stub, table: &Table<'_, '_>) -> Option<Blocked> {
        let item = stub.key.item.as_ref()?;
        let above = self.last_item.as_ref()?;
        // What was carried over is divided by nothing but itself: 其中：财政拨款 below it is no income of the year.
        let carried = above.item.iter().find(|item| [CARRIED_IN, CARRIED_OUT].contains(&&***item));
        let of_one = match carried {
            Some(carried) => table.may_be_summed(item, carried),
            None => self.items.is_empty() || self.items.iter().any(|whole| table.may_be_summed(item, whole)),
        };
        (!of_one).then(|| Blocked::by(format!("no part of `{}`", above.word)))
    }

    /// 十二、农林水支出 / 其中：基本支出 / 项目支出: parts of that function, which their names do not say.
    fn part_of_function(&self, stub: &Stub, word: &Word, table: &Table<'_, '_>) -> Option<Blocked> {
        let above = self.last_item.as_ref()?;
        let goes_on = match above.function? {
            OfFunction::Whole => word.part_of,
            OfFunction::Part => word.part_of || word.ordinal == Ordinal::None,
        };
        let item = table.frame.mappings.vocabulary.item(stub.key.item.as_ref()?)?;
        let divides = goes_on && stub.key.function.is_none() && !item.accounts_total;
        divides.then(|| Blocked::by(format!("a part of `{}`", above.word)))
    }

    /// Ends the levels of the outline that do not go on at a row.
    fn end_outline_at(&mut self, rank: Ordinal, part_of: bool, part_of_last: bool) {
        if part_of_last {
            return;
        }
        let is_part = |outlined: &Outlined| outlined.rank == Ordinal::None && outlined.word.part_of;
        if rank == Ordinal::None && part_of {
            // 其中：台式计算机 is below 一、货物.
            while self.outline.last().is_some_and(|outlined| outlined.rank == Ordinal::None) {
                self.outline.pop();
            }
            return;
        }
        // It ends where 二、 begins.
        let numbered = |outlined: &Outlined| outlined.rank != Ordinal::None && outlined.rank >= rank;
        if rank != Ordinal::None
            && let Some(at) = self.outline.iter().position(numbered)
            && self.outline[at + 1..].iter().all(|outlined| is_part(outlined) || numbered(outlined))
        {
            self.outline.truncate(at);
        }
        while self.outline.last().is_some_and(|outlined| outlined.rank >= rank) {
            self.outline.pop();
        }
    }

    /// Takes a row into account for the rows below it, and blocks it by those above.
    pub(super) fn after(&mut self, stub: &mut Stub, has_value: bool, table: &Table<'_, '_>) {
        if let Some(name) = self.of_others.as_ref().filter(|_| stub.coded.is_some()) {
            stub.blocked.get_or_insert(Blocked::by(format!("below `{name}`")));
        }
        let Some(word) = stub.words.first().cloned() else { return };
        if stub.coded.is_some() || stub.entity.is_some() {
            return;
        }
        if word.rule.is_none() && table.frame.form.codes.is_some() && table.frame.names_others(&word.written) {
            self.of_others = Some(word.written.clone());
        }
        let rank = word.ordinal;
        let leans = word.part_of
            || word.rule.as_ref().is_some_and(|rule| rule.total || !rule.when.is_empty())
            || stub.key.funding.is_some() && word.rule.as_ref().is_some_and(|rule| rule.key.item.is_none());
        // 二、… that is known ends what is below 一、….
        let ends = |(of_heading, _): &mut (Ordinal, String)| *of_heading != Ordinal::None && *of_heading == rank;
        if word.rule.is_some() && self.unknown_heading.take_if(ends).is_some() {
            self.unknown = None;
        }
        if let Some((_, heading)) = &self.unknown_heading {
            stub.blocked.get_or_insert(Blocked::by(format!("below `{heading}`")));
        }
        // 基本支出结转 below 年末结转和结余 says what it is by that row, and so may the next of its kind.
        let part_of_last = rank == Ordinal::None
            && word.rule.as_ref().filter(|rule| !rule.total).is_some_and(|rule| {
                self.outline.last().is_some_and(|outlined| table.answered_by(rule, &outlined.word).is_some())
            });
        self.end_outline_at(rank, word.part_of, part_of_last);
        if let Some(unknown) = self.outline.iter().find(|outlined| outlined.unknown) {
            stub.blocked.get_or_insert(Blocked::by(format!("below `{}`", unknown.word.written)));
        }
        if leans && let Some(unknown) = &self.unknown {
            stub.blocked.get_or_insert(Blocked::by(format!("below `{unknown}`")));
        }
        let of_function = self.part_of_function(stub, &word, table);
        let function = match &of_function {
            Some(_) => Some(OfFunction::Part),
            None => stub.key.function.as_ref().map(|_| OfFunction::Whole),
        };
        let stranger = of_function.or_else(|| self.part_of_nothing(stub, table).filter(|_| word.part_of));
        if let Some(stranger) = stranger {
            stub.blocked.get_or_insert(stranger);
        }
        self.items.extend(stub.key.item.iter().filter(|item| !self.items.contains(item)).cloned().collect::<Vec<_>>());
        let not_understood = word.rule.is_none();
        if not_understood {
            self.unknown = Some(word.written.clone());
            if !has_value && table.frame.form.codes.is_none() {
                self.unknown_heading = Some((rank, word.written.clone()));
            }
        } else if !leans {
            self.unknown = None;
        }
        let only_funding = word.rule.as_ref().is_some_and(|rule| rule.key.funding.is_some() && rule.key.item.is_none());
        if !only_funding {
            self.last_item = Some(LastItem {
                item: stub.key.item.clone(),
                word: word.written.clone(),
                governs: stub.governs_funding && stub.blocked.is_none(),
                rank,
                divides: stub.key.item.as_deref().is_some_and(|item| DIVIDED.contains(&item)) && stub.blocked.is_none(),
                function,
            });
        }
        if !part_of_last {
            self.outline.push(Outlined { rank, word, unknown: not_understood });
        }
    }
}
