//! Money behind what is only counted: whose it is.

use super::naming::{Named, Told};
use super::reading::Reading;
use super::sentence::Since;
use super::tokens::Number;
use crate::mapping::{SectionKind, Unit};
use crate::model::{Measure, fold};

impl Reading<'_, '_> {
    /// Below 1.因公出国（境）费: 因公出国（境）团组2个，预算为5万元. What is only counted costs nothing: the money is the heading's, where
    /// its measure is told and its name goes on as the heading's does. So it is behind a line on that item alone.
    pub(super) fn return_to_heading(&mut self, number: &Number) {
        /// 因公出国, 公务用车.
        const SAME: usize = 4;
        let state = &self.state;
        let above = if state.headed.is_empty() { &self.reader.subject } else { &state.headed };
        let ([named], [headed]) = (state.subject.as_slice(), above.as_slice()) else { return };
        let only_counted = named.items.is_empty() && !named.counts.is_empty() && named.doubt.is_none();
        let told = state.pending.measure.is_some() && state.since != Since::Nothing && state.hard.is_none();
        let told = told && headed.doubt.is_none();
        let is_money = matches!(number.unit, Some(Unit::Money(_)));
        let [item] = &*headed.items else { return };
        let goes_on = |(_, count): &(_, std::sync::Arc<str>)| {
            count.chars().zip(item.chars()).take_while(|(a, b)| a == b).count() >= SAME
        };
        if only_counted && told && is_money && named.counts.iter().any(goes_on) {
            self.state.subject = vec![Named { listed: false, ..headed.clone() }];
        }
    }

    /// 公务接待费4万元。累计接待52批次、接待总人数430人次。与上年相比减少1万元: what is only counted costs nothing; the change is that of the
    /// money that was told of in this paragraph, where that is of one label alone, whose receptions they were.
    pub(super) fn return_to_cost(&mut self, number: &Number) {
        let state = &self.state;
        let [named] = state.subject.as_slice() else { return };
        let only_counted = named.items.is_empty() && !named.counted.is_empty() && named.doubt.is_none();
        let compared =
            state.pending.direction.is_some() && state.pending.comparison.is_some() && state.pending.measure.is_none();
        // A rate may be that of the visits.
        let of_money = matches!(number.unit, Some(Unit::Money(_)));
        if !(only_counted && compared && of_money) || state.hard.is_some() || state.list.is_some() {
            return;
        }
        let mut costs = self.told.iter().filter(|told| !told.items.is_empty());
        let (Some(cost), None) = (costs.next(), costs.next()) else { return };
        let kinds = self.reader.words.lexicon.receptions();
        let kind = kinds.iter().find(|kind| matches!(&*cost.items, [item] if *item == kind.item));
        let of_it =
            kind.is_some_and(|kind| named.counted.iter().all(|count| kind.counts.iter().any(|(_, of)| of == count)));
        if of_it && matches!(cost.told, Told::Amount(Measure::Final)) && cost.doubt.is_none() {
            self.state.subject = vec![cost.clone()];
            self.state.others.part_or_whole = false;
        }
    }

    /// 因公出国（境）团组2个，5人次，预算3万元，支出决算2万元: in a section on the three public expenses, money with a measure of its own is what
    /// that cost which was counted directly before.
    pub(super) fn cost_of_counted(&mut self, number: &Number) {
        let state = &self.state;
        let [named] = state.subject.as_slice() else { return };
        let only_counted = named.items.is_empty() && !named.counted.is_empty() && named.doubt.is_none();
        let told = state.pending.measure.is_some() && state.pending.comparison.is_none();
        let apart = state.since != Since::Nothing && state.hard.is_none() && state.doubt().is_none() && !state.aside;
        let of_money = matches!(number.unit, Some(Unit::Money(_)));
        let section = self.reader.sections.current().filter(|section| section.kind == SectionKind::ThreePublic);
        // Below 2.公务接待费支出3万元 it may be of that.
        let below_line = self.reader.level.is_none() && self.reader.above.numbered;
        let Some(section) = section.filter(|_| only_counted && told && apart && of_money && !below_line) else {
            return;
        };
        let lexicon = self.reader.words.lexicon;
        let Some(cost) = named.counted.iter().find_map(|count| lexicon.cost_of(count)) else { return };
        let of_cost = |topic: &Named| {
            topic.items.contains(cost) || topic.items.iter().any(|item| self.reader.vocabulary.is_part_of(cost, item))
        };
        if !section.topics.iter().all(of_cost) {
            return;
        }
        let folded = fold(cost);
        let mut found = lexicon.beginning_at(&folded, 0).filter(|found| found.end == folded.len());
        let Some(label) = found.find_map(|found| found.senses.label.clone()) else { return };
        let measure = self.state.pending.measure.take();
        self.name(Named::of(&label, cost));
        self.state.pending.measure = measure;
    }
}
