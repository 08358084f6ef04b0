//! Counts and scores: how many of what the label counts.

use std::sync::Arc;

use super::naming::{Named, Told};
use super::reading::Reading;
use super::section::Section;
use super::sentence::Time;
use super::tokens::Number;
use super::values::{Draft, Trouble, left};
use crate::mapping::{Item, Unit};
use crate::model::{Measure, UnitOfMeasure};

impl Reading<'_, '_> {
    /// 开展绩效自评，共4个项目: the noun behind the counter is what the label's item counts.
    pub(super) fn counts_that(&self, labels: &[usize], number: &Number, noun: &str) -> bool {
        let Some(Unit::Count(unit)) = &number.unit else { return false };
        let counts_it = |named: &Named| {
            let item = named.counts.iter().find(|(of, _)| of == unit).map(|(_, item)| item);
            item.and_then(|item| item.strip_suffix('数')).is_some_and(|item| item.ends_with(noun))
        };
        noun.chars().count() >= 2
            && !labels.is_empty()
            && labels.iter().all(|label| counts_it(&self.state.subject[*label]))
    }

    pub(super) fn count(
        &self,
        named: &Named,
        unit: &Arc<str>,
        section: &Section,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Trouble> {
        let state = &self.state;
        if state.pending.completion.is_some() || state.pending.share.is_some() {
            return left("a count that is completed or a share");
        }
        if state.time == Time::Prior {
            return left("上年");
        }
        if state.pending.measure.as_ref().is_some_and(|(measure, _)| *measure != Measure::Final) || section.budget {
            return left("a budget of a count");
        }
        let exact = named.counts.iter().find(|(of, _)| of == unit);
        let counts_in = |of: &str| self.reader.words.lexicon.counts_in(unit, of);
        let Some((_, item)) = exact.or_else(|| named.counts.iter().find(|(of, _)| counts_in(of))) else {
            return left(format!("{} in {unit}", named.words));
        };
        let item = if state.pending.cumulative && &**unit == "个" {
            match self.reader.words.lexicon.cumulative(item) {
                Some(people) if named.counted.contains(item) => people,
                _ => return left("累计"),
            }
        } else {
            item
        };
        if self.reader.words.lexicon.is_not_of(section.kind, item) {
            return left(section.title.clone());
        }
        let (measure, negative, words) = match &state.pending.direction {
            None if state.pending.comparison.is_some() => return left("a comparison"),
            None => {
                self.vouch(named, section, true)?;
                (Measure::Final, false, String::new())
            }
            Some(direction) => {
                let subject = Named { told: Told::Amount(Measure::Final), ..named.clone() };
                let (measure, _, negative, words, _) = self.change(&subject, section, direction, false)?;
                if measure != Measure::Change || self.is_change_of_another_count(named, item, unit) {
                    return left(words);
                }
                (measure, negative, words)
            }
        };
        let key = self.key(named, item, measure)?;
        let told = (measure == Measure::Final).then_some(Told::Amount(Measure::Final));
        drafts.push(Draft { key, negative, unit: UnitOfMeasure::Count, words, assumed: false, told, doubt: None });
        Ok(())
    }

    /// 国内公务接待12批次，公务接待费2万元，比上年减少3批次: of what was counted in the sentence, not of what governs.
    fn is_change_of_another_count(&self, named: &Named, item: &Arc<str>, unit: &Arc<str>) -> bool {
        let vocabulary = self.reader.vocabulary;
        let counted = self.reader.located.claims[self.sentence_from..].iter().filter(|claim| {
            let counts = |of: &Item| self.reader.words.lexicon.counts_in(unit, &of.unit);
            claim.key.measure == Measure::Final && vocabulary.item(&claim.key.item).is_some_and(counts)
        });
        let mut others = false;
        for claim in counted {
            if claim.key.item == *item {
                return false;
            }
            others = true;
        }
        others && named.counted.is_empty()
    }

    pub(super) fn points(&self, named: &Named, section: &Section, drafts: &mut Vec<Draft>) -> Result<(), Trouble> {
        let state = &self.state;
        let item = named.counts.iter().find(|(of, _)| &**of == "分").map(|(_, item)| item);
        let free = state.pending.direction.is_none()
            && state.pending.comparison.is_none()
            && state.pending.share.is_none()
            && state.time == Time::Ours;
        let (Some(item), true) = (item, free) else { return left(&*named.words) };
        self.vouch(named, section, true)?;
        let key = self.key(named, item, named.measure.unwrap_or(Measure::Final))?;
        drafts.push(Draft {
            key,
            negative: false,
            unit: UnitOfMeasure::Points,
            words: String::new(),
            assumed: false,
            told: None,
            doubt: None,
        });
        Ok(())
    }
}
