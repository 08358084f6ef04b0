//! What changed, by how much and at which rate; shares and completions.

use std::sync::Arc;

use super::naming::{Named, Told};
use super::reading::Reading;
use super::section::Section;
use super::sentence::{Against, Direction, Since, Time};
use super::tokens::{Number, Word};
use super::values::{Draft, Trouble, left};
use crate::mapping::{Only, Unit};
use crate::model::{FindingCode, Key, Measure, UnitOfMeasure, Unproved};

impl Reading<'_, '_> {
    /// The measure of a change (or its rate), its base, its sign and words, and the measure that changed.
    pub(super) fn change(
        &self,
        named: &Named,
        section: &Section,
        direction: &Direction,
        rate: bool,
    ) -> Result<(Measure, &'static str, bool, String, Measure), Trouble> {
        let state = &self.state;
        let (negative, word) = match direction {
            Direction::Up(word) => (false, word),
            Direction::Down(word) => (true, word),
            Direction::Both(word) => return Err(Trouble::Report(FindingCode::SignNotTold, word.clone())),
        };
        // Other comparisons of the sentence count only where none was begun since.
        let comparison = state.pending.comparison.as_ref().or(state.pending.leading.as_ref());
        let against = match comparison {
            Some(comparison) => match &comparison.against {
                Some(Ok(against)) => *against,
                _ => return left(comparison.words.clone()),
            },
            None => match state.comparisons.as_slice() {
                [] => return left(format!("{word} compared with what")),
                [first, rest @ ..] => match first {
                    Some(against) if rest.iter().all(|other| other == first) => *against,
                    _ => return left(format!("{word} compared with what")),
                },
            },
        };
        if state.since == Since::Number
            && state.pending.measure.is_none()
            && named.told == Told::Nothing
            && !named.counted.is_empty()
        {
            // 国内公务接待52批次，与上年相比减少0.80万元: of what was only counted no amount was told that could have changed.
            return left("nothing but a count");
        }
        let subject = self.subject_measure(named, section)?;
        let with_final = comparison.is_some_and(|with| with.measure == Some(Measure::Final));
        if subject == Measure::Budget && with_final {
            // 预算3万元，比上年决算数增加1万元: no measure of ours.
            return left(format!("{word} of {}", subject.word()));
        }
        let doubtful = state.doubt().is_some() && !self.may_be_proved(named);
        if doubtful || section.doubt.is_some() {
            self.vouch(named, section, state.pending.measure.is_some() && state.pending.comparison.is_some())?;
        }
        let (measure, rated, base) = match (subject, against) {
            (Measure::Final, Against::Prior) => (Measure::Change, Measure::ChangeRate, ""),
            (Measure::Budget, Against::Prior | Against::PriorBudget) => {
                (Measure::BudgetChange, Measure::BudgetChangeRate, "")
            }
            (Measure::Final, Against::Budget(adjusted)) => {
                let base = if adjusted { "adjusted_budget" } else { "" };
                (Measure::Deviation, Measure::DeviationRate, base)
            }
            _ => return left(format!("{word} of {}", subject.word())),
        };
        let comparison = state.pending.comparison.as_ref().map_or("", |comparison| comparison.words.as_str());
        let words = format!("{comparison}{word}");
        Ok((if rate { rated } else { measure }, base, negative, words, subject))
    }

    pub(super) fn percent(
        &self,
        named: &Named,
        number: &Number,
        section: &Section,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Trouble> {
        let state = &self.state;
        if state.time == Time::Prior {
            return left("上年");
        }
        let unit = UnitOfMeasure::Percent;
        let plain = |mut key: Key, words: &str, negative: bool, base: Arc<str>| {
            key.base = base;
            Draft { key, negative, unit, words: words.to_owned(), assumed: false, told: None, doubt: None }
        };
        let only_rate = state.after_rate && !matches!(named.told, Told::Amount(_));
        if state.pending.direction.is_some() && (only_rate || state.rate_compared) {
            // 项目支出占40%，比上年提高5%, 预算执行率80%，较上年下降10%: nothing but the rate was told, and that may have changed.
            return left("a rate that may have changed");
        }
        if let Some(direction) = &state.pending.direction {
            let (measure, base, negative, words, _) = self.change(named, section, direction, true)?;
            return self.each_item(named, measure, |key| plain(key, &words, negative, base.into()), drafts);
        }
        if let Some((Measure::DeviationRate, words)) = &state.pending.measure {
            // 年初预算数5万元，决算数4万元，预决算差异率-20%: both amounts stand before it. Whether less spent than budgeted is a
            // plus or a minus, the words do not say: the amounts must bear it out.
            let both = state.budget_told && state.last_measure == Some(Measure::Final);
            if !both || named.told != Told::Amount(Measure::Final) {
                return left(words.clone());
            }
            self.vouch(named, section, true)?;
            // 年初预算数5万元，调整预算数6万元，决算数4万元，预决算差异率-20%: of the year's first, if the amounts say so.
            let adjusted = state.adjusted_told && !self.first_budget_told();
            let base = if adjusted { "adjusted_budget" } else { "" };
            let rate = |key| plain(key, words, false, base.into());
            let before = drafts.len();
            self.each_item(named, Measure::DeviationRate, rate, drafts)?;
            drafts[before..].iter_mut().for_each(|draft| draft.doubt = Some(Unproved::Kind));
            return Ok(());
        }
        if let Some((Measure::ChangeRate, words)) = &state.pending.measure {
            return self.signed_rate(named, number, section, words, drafts);
        }
        if number.minus {
            return left("a minus sign");
        }
        if let Some(adjusted) = state.pending.completion {
            self.vouch(named, section, true)?;
            // 全年预算4万元，支出3万元，预算执行率75%: of which budget, the amounts must tell.
            let which = !adjusted && state.adjusted_told;
            let adjusted = adjusted || which && self.budget_told_of_subject() == Some(true);
            let base = if adjusted { "adjusted_budget" } else { "" };
            let before = drafts.len();
            let rate = |key| plain(key, "完成预算", false, base.into());
            self.each_item(named, Measure::CompletionRate, rate, drafts)?;
            drafts[before..].iter_mut().filter(|_| which).for_each(|draft| draft.doubt = Some(Unproved::WhichBudget));
            return Ok(());
        }
        if let Some(share) = &state.pending.share {
            let mut named = named.clone();
            if named.only == Some(Only::Share) && share.base.is_some() {
                named.only = None;
            }
            let [item] = &*named.items else { return left(&*named.words) };
            let key = self.key(&named, item, Measure::Share)?;
            let (base, doubt) = match self.base(&named, item, &key, share.base.as_ref(), section) {
                Ok(base) => (base, None),
                // 本年收入90万元，占总收入的95%: of itself it is no share, so of the total with what was carried over.
                Err(why) => {
                    let before = self.total_told_before(&named, item).map(|total| (total, Unproved::InBracket));
                    let wider = || self.wider_base(&named, item, &key, section);
                    match before.or_else(|| wider().map(|total| (total.clone(), Unproved::WhichBase(total)))) {
                        Some((total, doubt)) => (total, Some(doubt)),
                        None => return Err(why),
                    }
                }
            };
            let parent = self.reader.vocabulary.item(item).and_then(|item| item.parent.clone());
            let whole = if base.is_empty() { parent.unwrap_or_default() } else { base.clone() };
            let of_fund = key.funding.filter(|_| base.is_empty()).map(|fund| format!("{whole}{{{}}}", fund.word()));
            let is_whole = |other: &Arc<str>| *other == whole || of_fund.as_deref() == Some(&**other);
            if share.base.is_none() && state.other_base.as_ref().is_some_and(|other| !is_whole(other)) {
                // 货物采购…占货物支出金额的80%，工程占70%: of what, the words before tell only of theirs.
                return left("占 of which total");
            }
            let doubt = doubt.or_else(|| self.wider_base(&named, item, &key, section).map(Unproved::WhichBase));
            let (base, doubt) = match self.base_of_section(&named, item, &key, section) {
                Some(of_section) if doubt.is_none() => (of_section, Some(Unproved::WhichBase(base))),
                _ => (base, doubt),
            };
            let before = drafts.len();
            self.each_item(&named, Measure::Share, |key| plain(key, "占", false, base.clone()), drafts)?;
            if doubt.is_some() {
                drafts[before..].iter_mut().for_each(|draft| draft.doubt.clone_from(&doubt));
            }
            return Ok(());
        }
        if let [item] = &*named.items
            && self.reader.vocabulary.item(item).is_some_and(|item| &*item.unit == "%")
            && state.pending.comparison.is_none()
            && state.pending.measure.is_none()
            && state.since != Since::Number
        {
            self.vouch(named, section, true)?;
            drafts.push(plain(self.key(named, item, Measure::Final)?, "", false, "".into()));
            return Ok(());
        }
        left(Unproved::InBracket.words())
    }

    /// 较上年减少1万元，变动率-16.67%: which way, the sign tells; without one, the amounts of both years must.
    fn signed_rate(
        &self,
        named: &Named,
        number: &Number,
        section: &Section,
        words: &str,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Trouble> {
        let state = &self.state;
        let compared = !state.comparisons.is_empty();
        let with_last_year = state.comparisons.iter().all(|against| *against == Some(Against::Prior));
        let of_final = named.told_measure() == Ok(Some(Measure::Final));
        if !(compared && with_last_year && of_final) {
            return left(words);
        }
        self.vouch(named, section, true)?;
        let rate = |key| Draft {
            key,
            negative: false,
            unit: UnitOfMeasure::Percent,
            words: words.to_owned(),
            assumed: false,
            told: None,
            doubt: Some(Unproved::Kind).filter(|_| state.borne_out || !number.minus),
        };
        self.each_item(named, Measure::ChangeRate, rate, drafts)
    }

    /// 基本支出60万元（75.00%）, 增加5万元（9.09%）: in a bracket of its own directly behind an amount, its share in the total above it, or
    /// the rate of the change that it is, where the amounts prove it.
    pub(super) fn rate_in_bracket(
        &self,
        at: usize,
        named: &Named,
        number: &Number,
        section: &Section,
    ) -> Option<Draft> {
        let opened = at.checked_sub(1).map(|open| &self.tokens[open].word);
        if !(self.state.aside && matches!(opened, Some(Word::Open(close)) if *close == at + 1)) {
            return None;
        }
        let amount = match &self.tokens[at.checked_sub(2)?].word {
            Word::Number(amount) if matches!(amount.unit, Some(Unit::Money(_))) => amount,
            _ => return None,
        };
        let last = self.reader.located.claims.last()?;
        let of_amount = self.claim_runs.iter().filter(|run| **run == amount.run).count() == 1;
        if !of_amount || self.claim_runs.last() != Some(&amount.run) || last.doubt.is_some() {
            return None;
        }
        let rate = |measure: Measure, negative: bool, base: Arc<str>| Draft {
            key: Key { measure, base, ..last.key.clone() },
            negative,
            unit: UnitOfMeasure::Percent,
            words: String::new(),
            assumed: false,
            told: None,
            doubt: Some(Unproved::InBracket),
        };
        match last.key.measure {
            // 减少5万元（-9.09%）: the sign stands there already.
            _ if number.minus && !last.negative => None,
            Measure::Change => Some(rate(Measure::ChangeRate, last.negative && !number.minus, "".into())),
            Measure::Deviation => {
                Some(rate(Measure::DeviationRate, last.negative && !number.minus, last.key.base.clone()))
            }
            Measure::Final => {
                let key = Key { measure: Measure::Share, ..last.key.clone() };
                let base = self.base(named, &key.item, &key, None, section).ok()?;
                Some(rate(Measure::Share, false, base))
            }
            _ => None,
        }
    }
}
