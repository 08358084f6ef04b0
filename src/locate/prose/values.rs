//! The key that the words give a number, or what leaves it over.

use std::sync::Arc;

use super::bearer::Bearer;
use super::naming::{Named, Told};
use super::reading::Reading;
use super::section::{Section, SectionFunding};
use super::sentence::{IN_REASON, Since, Time};
use super::tokens::{Number, Word};
use crate::mapping::{Only, Unit};
use crate::model::{FindingCode, Funding, Key, Measure, UnitOfMeasure, Unproved};

/// A value that the words name.
pub(super) struct Draft {
    pub(super) key: Key,
    pub(super) negative: bool,
    pub(super) unit: UnitOfMeasure,
    pub(super) words: String,
    pub(super) assumed: bool,
    /// The measure of an own amount or count, for what follows.
    pub(super) told: Option<Told>,
    /// What leaves it over unless the amounts prove it.
    pub(super) doubt: Option<Unproved>,
}

/// Why a number has no key.
pub(super) enum Trouble {
    /// It is left over: the word that blocked it, or what was missing.
    Left(String),
    /// It is reported.
    Report(FindingCode, String),
}

pub(super) fn left<T>(why: impl Into<String>) -> Result<T, Trouble> {
    Err(Trouble::Left(why.into()))
}

/// 0.5万: of what can be nothing but money, or is no whole number, 万 is 万元.
fn is_sum(named: &Named, number: &Number) -> bool {
    !named.items.is_empty() && (named.counts.is_empty() || number.decimals)
}

/// The parts of a list are left over for `why` unless each is an amount of one of these measures, or a share, which the amounts can prove.
fn to_be_proved(
    drafts: &mut [Draft],
    named: &Named,
    amounts: &[Measure],
    unproved: &Unproved,
    why: &str,
) -> Result<(), Trouble> {
    for draft in drafts {
        let of_amount =
            matches!(draft.key.measure, Measure::ChangeRate | Measure::DeviationRate | Measure::CompletionRate);
        let amount = amounts.contains(&draft.key.measure) && (draft.unit.is_money() || of_amount);
        let provable = named.listed && (amount || draft.key.measure == Measure::Share);
        if !provable || draft.assumed || draft.doubt.is_some() || named.doubt.is_some() {
            return left(why);
        }
        draft.doubt = Some(unproved.clone());
    }
    Ok(())
}

impl Reading<'_, '_> {
    /// The values of a number that the labels at these places bear.
    ///
    /// # Errors
    ///
    /// Why the words leave it over, or what they contradict.
    pub(super) fn read_for(&self, at: usize, labels: &[usize], number: &Number) -> Result<Vec<Draft>, Trouble> {
        if let Some(why) = self.bars_every_number(at, number) {
            return left(why);
        }
        if labels.is_empty() {
            return left("no label");
        }
        if self.state.pending.funding.is_some() && self.state.since != Since::Nothing {
            return left("a funding without its label");
        }
        let section = self.reader.sections.current_or_none_above(self.reader.frame.of_finals);
        let mut drafts = Vec::new();
        for index in labels {
            let named = &self.state.subject[*index];
            if let Some(doubt) = named.doubt.as_ref().filter(|_| !self.may_be_proved(named)) {
                return left(doubt.clone());
            }
            if self.sum_of_both && named.items.len() > 1 {
                // 收支总计180万元（收入90万元，支出90万元），比上年增加20万元: of neither.
                return Err(Trouble::Report(FindingCode::Contradiction, named.words.to_string()));
            }
            let bearer = self.bearer(at, named, number);
            if bearer == Bearer::NotTold {
                return left(Unproved::PartOrWhole.words());
            }
            let from = drafts.len();
            self.by_unit(at, named, number, section, &mut drafts)?;
            self.doubt(at, named, bearer, &mut drafts[from..])?;
        }
        Ok(drafts)
    }

    /// What leaves a number over whatever its label is.
    fn bars_every_number(&self, at: usize, number: &Number) -> Option<String> {
        let state = &self.state;
        if let Some(words) = self.reader.part.as_ref().and_then(|part| part.of_others()) {
            return Some(words.to_owned());
        }
        if let Some(words) = self.lists_parts_of_others() {
            return Some(words.to_owned());
        }
        if let Some(section) = self.reader.sections.current().filter(|section| section.of_others) {
            return Some(section.title.clone());
        }
        if let Some(hard) = &state.hard {
            return Some(hard.word.clone());
        }
        if let Some(word) = state.examples.as_ref().or(state.negated.as_ref()).or(number.behind.as_ref()) {
            return Some(word.clone());
        }
        if let Some(why) = number.parted {
            return Some(why.to_owned());
        }
        if let Some(word) = self.approximately(at).filter(|_| !number.decimals && !number.zero) {
            return Some(word);
        }
        if number.span {
            return Some("a span of numbers".to_owned());
        }
        match &state.time {
            Time::Other(words) => Some(words.clone()),
            _ => None,
        }
    }

    /// The values of a number that a label bears, by what the number counts.
    fn by_unit(
        &self,
        at: usize,
        named: &Named,
        number: &Number,
        section: &Section,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Trouble> {
        let from = drafts.len();
        match &number.unit {
            Some(Unit::Money(_)) if self.compares_nothing(at) => left("compared with what"),
            Some(Unit::Money(unit)) => self.money(at, named, *unit, section, drafts),
            Some(Unit::Percent) => match self.rate_in_bracket(at, named, number, section) {
                Some(draft) => {
                    drafts.push(draft);
                    Ok(())
                }
                None => self.percent(named, number, section, drafts),
            },
            Some(Unit::Count(_)) if named.only_none && !number.zero => left(&*named.words),
            Some(Unit::Count(unit)) => self.count(named, unit, section, drafts),
            Some(Unit::Points) => self.points(named, section, drafts),
            Some(Unit::Short) if is_sum(named, number) => {
                self.money(at, named, UnitOfMeasure::TenThousandYuan, section, drafts)?;
                drafts[from..].iter_mut().for_each(|draft| draft.assumed = true);
                Ok(())
            }
            Some(Unit::Short) => left("万"),
            Some(Unit::PercentagePoints | Unit::Other) => left("a unit of nothing known"),
            None if self.is_nothing_spent(at, named, number) => {
                self.money(at, named, UnitOfMeasure::TenThousandYuan, section, drafts)
            }
            None => {
                let unit = self.unit_of_list(at, named, number)?;
                self.money(at, named, unit, section, drafts)?;
                for draft in &mut drafts[from..] {
                    draft.assumed = true;
                    // 增加20，: an amount, or a rate without its sign? The amounts can prove the former.
                    draft.doubt = self.state.pending.direction.is_some().then_some(Unproved::NoUnit);
                }
                Ok(())
            }
        }
    }

    /// What the amounts must prove of a label's values, or that they cannot.
    fn doubt(&self, at: usize, named: &Named, bearer: Bearer, drafts: &mut [Draft]) -> Result<(), Trouble> {
        let state = &self.state;
        let borne_out = (state.borne_out || self.is_behind_deviation(at)) && state.pending.direction.is_some();
        if let [Draft { doubt: Some(doubt @ Unproved::WhichTotal(_)), .. }] = drafts {
            if bearer == Bearer::Unproved || borne_out || named.doubt.is_some() {
                return left(doubt.words());
            }
            return Ok(());
        }
        if bearer == Bearer::Unproved {
            drafts.iter_mut().for_each(|draft| draft.doubt = Some(Unproved::PartOrWhole));
        }
        if borne_out {
            drafts.iter_mut().for_each(|draft| draft.doubt = Some(Unproved::Kind));
        }
        let list = state.list.as_ref();
        if list.is_some_and(|list| list.here && list.behind_reason) {
            let amounts = [Measure::Final, Measure::Change, Measure::Deviation];
            return to_be_proved(drafts, named, &amounts, &Unproved::BehindReason, IN_REASON);
        }
        if named.listed && list.is_some_and(|list| list.behind_parts) {
            // What is told of a part behind its amount is that part's where the amount is.
            use Measure::{Change, ChangeRate, CompletionRate, Deviation, DeviationRate, Final};
            let of_part = matches!(named.told, Told::Amount(Final) | Told::ChangeOf(_));
            let held: &[Measure] = &[Final, Change, ChangeRate, Deviation, DeviationRate, CompletionRate];
            let unproved = Unproved::BehindParts;
            return to_be_proved(drafts, named, if of_part { held } else { &held[..1] }, &unproved, unproved.words());
        }
        let Some(doubt) = &named.doubt else { return Ok(()) };
        let provable = |draft: &Draft| {
            let changes = [Measure::Change, Measure::ChangeRate, Measure::Deviation, Measure::DeviationRate];
            changes.contains(&draft.key.measure) && !draft.assumed
        };
        if !drafts.iter().all(provable) {
            return left(doubt.clone());
        }
        drafts.iter_mut().for_each(|draft| draft.doubt = Some(doubt.as_str().into()));
        Ok(())
    }

    /// 约200万元, 200万元左右: the word beside a number that makes it no exact one.
    fn approximately(&self, at: usize) -> Option<String> {
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        let approximate = |at: &usize| matches!(self.tokens.get(*at).map(|token| &token.word), Some(Word::Phrase(senses)) if senses.approximate);
        { beside }.find(approximate).map(|at| self.text(at))
    }

    /// 主要原因是压减支出10%，与上年相比减少3万元，减少20%: of the label before the reason, or of what the reason speaks of? The
    /// amounts can prove the former.
    pub(super) fn may_be_proved(&self, named: &Named) -> bool {
        self.state.resumes && named.by_reason && self.state.pending.direction.is_some() && !named.items.is_empty()
    }

    /// In a sentence (or section) with a word that is not understood, what was told before it does not count: the number
    /// needs all of it said anew, or a list opened before the word.
    pub(super) fn vouch(&self, named: &Named, section: &Section, says_all: bool) -> Result<(), Trouble> {
        // 某某“三公”经费决算数50万元。其中：公务接待费决算数30万元: whose are both?
        let of_list = self.state.list.as_ref().filter(|list| list.here).and_then(|list| list.doubt.as_deref());
        let of_list = of_list.filter(|doubt| *doubt != IN_REASON && !named.final_told);
        let Some(doubt) = self.state.doubt().or(of_list).or(section.doubt.as_deref()) else { return Ok(()) };
        // The word may have ended the list: what the list gives must be what its section would give.
        let same_fund = self.is_fixed(named) || section.funding == SectionFunding::Told(named.funding);
        let in_list = named.listed
            && self.state.apart
            && same_fund
            && section.doubt.is_none()
            && self.state.list.as_ref().is_some_and(|list| list.doubt.is_none() && !list.total.is_empty());
        // Below a heading that is not understood 财政拨款 may be any of its budgets.
        let funded = match named.own_funding {
            Some(Funding::Appropriation) => section.doubt.is_none(),
            Some(_) => true,
            None => self.is_fixed(named),
        };
        let told = says_all && self.state.ours && funded;
        if in_list || told { Ok(()) } else { left(doubt) }
    }

    pub(super) fn is_fixed(&self, named: &Named) -> bool {
        !named.funded
    }

    pub(super) fn key(&self, named: &Named, item: &Arc<str>, measure: Measure) -> Result<Key, Trouble> {
        let funding = if named.split {
            named.funding
        } else if named.funded {
            if let Some(open) = &named.funding_open {
                return left(open.clone());
            }
            named.funding
        } else {
            named.of_fund
        };
        Ok(Key {
            item: item.clone(),
            function: named.function.clone(),
            economic: named.economic.clone(),
            funding,
            measure,
            ..Key::default()
        })
    }

    pub(super) fn each_item(
        &self,
        named: &Named,
        measure: Measure,
        draft: impl Fn(Key) -> Draft,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Trouble> {
        if let (Some(total), [of_year]) = (named.may_be_wider(measure), &*named.items) {
            let draft = draft(self.key(named, of_year, measure)?);
            drafts.push(Draft { doubt: Some(Unproved::WhichTotal(total.clone())), ..draft });
            return Ok(());
        }
        if named.items.is_empty() || matches!(named.only, Some(Only::Base | Only::Share | Only::Nothing)) {
            return left(&*named.words);
        }
        for item in named.items.iter() {
            let unit = self.reader.vocabulary.item(item).map(|item| item.unit.clone());
            if unit.as_deref() == Some("%") {
                return left(&*named.words);
            }
            drafts.push(draft(self.key(named, item, measure)?));
        }
        Ok(())
    }
}
