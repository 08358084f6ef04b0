//! The key that the words give a number, or what leaves it over.

use std::sync::Arc;

use super::bearer::Bearer;
use super::naming::{Named, Told};
use super::reading::Reading;
use super::section::{Section, SectionFunding};
use super::sentence::{Against, Direction, IN_REASON, Since, Time};
use super::tokens::{Number, Word};
use crate::mapping::{Item, Only, Unit, WordSense};
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

impl Reading<'_, '_> {
    pub(super) fn read_for(&self, at: usize, labels: &[usize], number: &Number) -> Result<Vec<Draft>, Trouble> {
        if let Some(hard) = &self.state.hard {
            return left(hard.word.clone());
        }
        if let Some(word) = self.state.examples.as_ref().or(self.state.negated.as_ref()) {
            return left(word.clone());
        }
        if let Some(behind) = &number.behind {
            return left(behind.clone());
        }
        if let Some(why) = number.parted {
            return left(why);
        }
        if let Some(word) = self.approximately(at).filter(|_| !number.decimals && !number.zero) {
            return left(word);
        }
        if number.span {
            return left("a span of numbers");
        }
        let section = self.reader.sections.current_or_none_above();
        if let Time::Other(words) = &self.state.time {
            return left(words.clone());
        }
        if labels.is_empty() {
            return left("no label");
        }
        if self.state.pending.funding.is_some() && self.state.since != Since::Nothing {
            return left("a funding without its label");
        }
        let mut drafts = Vec::new();
        for index in labels {
            let named = &self.state.subject[*index];
            if let Some(doubt) = &named.doubt
                && !self.may_be_proved(named)
            {
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
            match &number.unit {
                Some(Unit::Money(_)) if self.compares_nothing(at) => return left("compared with what"),
                Some(Unit::Money(unit)) => self.money(named, *unit, section, &mut drafts)?,
                Some(Unit::Percent) => match self.rate_in_bracket(at, named, number, section) {
                    Some(draft) => drafts.push(draft),
                    None => self.percent(named, number, section, &mut drafts)?,
                },
                Some(Unit::Count(_)) if named.only_none && !number.zero => return left(&*named.words),
                Some(Unit::Count(unit)) => self.count(named, unit, section, &mut drafts)?,
                Some(Unit::Points) => self.points(named, section, &mut drafts)?,
                Some(Unit::Short) if is_sum(named, number) => {
                    self.money(named, UnitOfMeasure::TenThousandYuan, section, &mut drafts)?;
                    for draft in &mut drafts[from..] {
                        draft.assumed = true;
                    }
                }
                Some(Unit::Short) => return left("万"),
                Some(Unit::PercentagePoints | Unit::Other) => return left("a unit of nothing known"),
                None if self.is_nothing_spent(at, named, number) => {
                    self.money(named, UnitOfMeasure::TenThousandYuan, section, &mut drafts)?;
                }
                None => {
                    let unit = self.unit_of_list(at, named, number)?;
                    self.money(named, unit, section, &mut drafts)?;
                    for draft in &mut drafts[from..] {
                        draft.assumed = true;
                        // 增加20，: an amount, or a rate without its sign? The amounts can prove the former.
                        draft.doubt = self.state.pending.direction.is_some().then_some(Unproved::NoUnit);
                    }
                }
            }
            let borne_out =
                (self.state.borne_out || self.is_behind_deviation(at)) && self.state.pending.direction.is_some();
            if let [Draft { doubt: Some(doubt @ Unproved::WhichTotal(_)), .. }] = &drafts[from..] {
                if bearer == Bearer::Unproved || borne_out || named.doubt.is_some() {
                    return left(doubt.words());
                }
                continue;
            }
            if bearer == Bearer::Unproved {
                drafts[from..].iter_mut().for_each(|draft| draft.doubt = Some(Unproved::PartOrWhole));
            }
            if borne_out {
                drafts[from..].iter_mut().for_each(|draft| draft.doubt = Some(Unproved::Kind));
            }
            if self.state.list.as_ref().is_some_and(|list| list.here && list.behind_reason) {
                for draft in &mut drafts[from..] {
                    use Measure::{Change, Deviation, Final};
                    let amount = matches!(draft.key.measure, Final | Change | Deviation) && draft.unit.is_money();
                    let provable = named.listed && (amount || draft.key.measure == Measure::Share);
                    if !provable || draft.assumed || draft.doubt.is_some() || named.doubt.is_some() {
                        return left(IN_REASON);
                    }
                    draft.doubt = Some(Unproved::BehindReason);
                }
                continue;
            }
            if named.listed && self.state.list.as_ref().is_some_and(|list| list.behind_parts) {
                for draft in &mut drafts[from..] {
                    let amount = draft.key.measure == Measure::Final && draft.unit.is_money() && !draft.assumed;
                    let provable = amount || draft.key.measure == Measure::Share;
                    if !provable || draft.doubt.is_some() || named.doubt.is_some() {
                        return left(Unproved::BehindParts.words());
                    }
                    draft.doubt = Some(Unproved::BehindParts);
                }
                continue;
            }
            if let Some(doubt) = &named.doubt {
                for draft in &mut drafts[from..] {
                    let provable = matches!(
                        draft.key.measure,
                        Measure::Change | Measure::ChangeRate | Measure::Deviation | Measure::DeviationRate
                    );
                    if !provable || draft.assumed {
                        return left(doubt.clone());
                    }
                    draft.doubt = Some(doubt.as_str().into());
                }
            }
        }
        Ok(drafts)
    }

    /// 基本支出60万元（75.00%）, 增加5万元（9.09%）: in a bracket of its own directly behind an amount, its share in the total above it, or
    /// the rate of the change that it is, where the amounts prove it.
    fn rate_in_bracket(&self, at: usize, named: &Named, number: &Number, section: &Section) -> Option<Draft> {
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

    /// 小于预算数3万元: by so much, or less than that budget?
    fn is_behind_deviation(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|before| &self.tokens[before].word);
        matches!(before, Some(Word::Phrase(senses)) if matches!(senses.word, Some(WordSense::Deviation(_))))
    }

    /// 约200万元, 200万元左右: the word beside a number that makes it no exact one.
    fn approximately(&self, at: usize) -> Option<String> {
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        let approximate = |at: &usize| matches!(self.tokens.get(*at).map(|token| &token.word), Some(Word::Phrase(senses)) if senses.approximate);
        { beside }.find(approximate).map(|at| self.text(at))
    }

    /// 主要原因是压减支出10%，与上年相比减少3万元，减少20%: of the label before the reason, or of what the reason speaks of? The
    /// amounts can prove the former.
    fn may_be_proved(&self, named: &Named) -> bool {
        self.state.resumes && named.by_reason && self.state.pending.direction.is_some() && !named.items.is_empty()
    }

    /// 比上年1万元，降低7%: where no direction and no 相比 follow the amount that is compared with, one may be lost before it.
    fn compares_nothing(&self, at: usize) -> bool {
        let state = &self.state;
        let against_amount = state.pending.comparison.is_some()
            && state.pending.direction.is_none()
            && state.pending.completion.is_none()
            && state.pending.share.is_none();
        let word = |at: usize| match self.tokens.get(at).map(|token| &token.word) {
            Some(Word::Phrase(senses)) => senses.word,
            _ => None,
        };
        let directed = |at: usize| matches!(word(at), Some(WordSense::Direction(_)));
        let of_money = |at: usize| {
            matches!(
                self.tokens.get(at).map(|token| &token.word),
                Some(Word::Number(Number { unit: Some(Unit::Money(_)), .. }))
            )
        };
        let mut next = at + 1;
        while matches!(word(next), Some(WordSense::Link)) {
            next += 1;
        }
        let mark = matches!(self.tokens.get(next).map(|token| &token.word), Some(Word::Mark(',')));
        let goes_on = directed(next)
            || mark && directed(next + 1) && of_money(next + 2)
            || matches!(
                word(next),
                Some(WordSense::Comparison(_) | WordSense::Statement | WordSense::Each | WordSense::Distribute)
            );
        against_amount && !goes_on
    }

    /// 年初预算为0，: of a sum of money whose measure is told directly before, nothing is nothing in every unit; so it is where a
    /// clause says no more than that: 因公出国（境）费为0，
    fn is_nothing_spent(&self, at: usize, named: &Named, number: &Number) -> bool {
        let state = &self.state;
        let is_whole = state.since == Since::Nothing
            && matches!(self.tokens.get(at + 1).map(|next| &next.word), None | Some(Word::Mark(_) | Word::Close));
        // 公务接待0: of what is counted, too.
        let only_money = named.counts.is_empty() || matches!(&*named.items, [item] if *item == named.words);
        let of_money = |item: &Arc<str>| self.reader.vocabulary.item(item).is_some_and(Item::is_money);
        number.zero
            && !number.decimals
            && !number.minus
            && (state.pending.measure.is_some() || is_whole && only_money && !named.items.is_empty())
            && state.pending.direction.is_none()
            && state.pending.share.is_none()
            && state.pending.completion.is_none()
            && state.pending.comparison.is_none()
            && named.items.iter().all(of_money)
    }

    /// A number without a unit takes that of its list, if it has decimals and a label of its own, or that which the head of the text
    /// tells: there a whole number, too, where it is all that a clause tells of a sum of money (收入总计520，), and a change.
    fn unit_of_list(&self, at: usize, named: &Named, number: &Number) -> Result<UnitOfMeasure, Trouble> {
        let state = &self.state;
        let plain = state.pending.share.is_none() && state.pending.completion.is_none() && !number.minus;
        let labelled =
            state.pending.direction.is_none() && state.pending.comparison.is_none() && state.since == Since::Nothing;
        let told = self.reader.unit_told.filter(|_| !self.reader.units_differ);
        let told = told.filter(|told| state.amount_unit.is_none_or(|before| before == Some(*told)));
        let named_or_compared = labelled || state.pending.measure.is_some() || state.pending.direction.is_some();
        let whole = self.is_all_of_clause(at, named) && named_or_compared;
        match (state.amount_unit, told) {
            (Some(Some(unit)), _) if plain && labelled && number.decimals => Ok(unit),
            (_, Some(unit)) if plain && (whole || labelled && number.decimals) => Ok(unit),
            _ => left(Unproved::NoUnit.words()),
        }
    }

    /// A mark that ends a clause stands behind the number, and what governs it can be nothing but money. 、 stands behind ordinals, too:
    /// 基本支出1、人员经费300万元.
    fn is_all_of_clause(&self, at: usize, named: &Named) -> bool {
        let of_money = |item: &Arc<str>| self.reader.vocabulary.item(item).is_some_and(Item::is_money);
        let full_name = matches!(&*named.items, [item] if *item == named.words);
        let only_money = named.counts.is_empty() || self.state.pending.measure.is_some() || full_name;
        let mark = matches!(self.tokens.get(at + 1).map(|next| &next.word), Some(Word::Mark(',' | ';' | '。')));
        mark && only_money && !named.items.is_empty() && named.items.iter().all(of_money)
    }

    /// In a sentence (or section) with a word that is not understood, what was told before it does not count: the number
    /// needs all of it said anew, or a list opened before the word.
    pub(super) fn vouch(&self, named: &Named, section: &Section, says_all: bool) -> Result<(), Trouble> {
        let Some(doubt) = self.state.doubt().or(section.doubt.as_deref()) else { return Ok(()) };
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

    /// Nobody budgets it.
    fn is_only_final(&self, named: &Named) -> bool {
        let only_final = |item: &Arc<str>| self.reader.vocabulary.item(item).is_some_and(|item| item.only_final);
        !named.items.is_empty() && named.items.iter().all(only_final)
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

    pub(super) fn money(
        &self,
        named: &Named,
        unit: UnitOfMeasure,
        section: &Section,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Trouble> {
        let state = &self.state;
        if state.pending.cumulative {
            return left("累计");
        }
        if let Some((Measure::DeviationRate | Measure::ChangeRate, words)) = &state.pending.measure {
            return left(words.clone());
        }
        let draft = |words: String, negative: bool, told: Option<Told>, base: &'static str| {
            move |mut key: Key| {
                key.base = base.into();
                Draft { key, negative, unit, words: words.clone(), assumed: false, told, doubt: None }
            }
        };
        if let Some(direction) = &state.pending.direction {
            let (measure, base, negative, words, subject) = self.change(named, section, direction, false)?;
            let told = Some(Told::ChangeOf(subject));
            return self.each_item(named, measure, draft(words, negative, told, base), drafts);
        }
        if let Some(adjusted) = state.pending.completion {
            self.vouch(named, section, true)?;
            if !adjusted && state.adjusted_told {
                return left("年初预算 or 全年预算");
            }
            let measure = if adjusted { Measure::AdjustedBudget } else { Measure::Budget };
            return self.each_item(named, measure, draft("完成预算".into(), false, None, ""), drafts);
        }
        if let Some(share) = &state.pending.share {
            return self.base_amount(share.base.as_ref(), unit, section, drafts);
        }
        if let Some(comparison) = &state.pending.comparison {
            // 比上年120万元减少3万元: the amount that is compared with.
            let words = comparison.words.clone();
            if comparison.closed
                || state.since == Since::Number
                    && comparison.label.is_none()
                    && comparison.time.is_none()
                    && comparison.measure.is_none()
            {
                return left(words);
            }
            let subject = self.subject_measure(named, section)?;
            self.vouch(named, section, state.pending.measure.is_some())?;
            let of_final = comparison.measure == Some(Measure::Final);
            let measure = match (&comparison.against, subject) {
                // 预算3万元，比上年决算数2万元增加1万元
                (Some(Ok(Against::Prior)), Measure::Budget) if of_final => Measure::PriorFinal,
                (Some(Ok(Against::Prior)), Measure::Final) => Measure::PriorFinal,
                (Some(Ok(Against::Prior | Against::PriorBudget)), Measure::Budget) => Measure::PriorBudget,
                (Some(Ok(Against::Budget(false))), Measure::Final) => Measure::Budget,
                (Some(Ok(Against::Budget(true))), Measure::Final) => Measure::AdjustedBudget,
                _ => return left(words),
            };
            return self.each_item(named, measure, draft(words, false, None, ""), drafts);
        }
        let (measure, words) = self.plain_measure(named, section)?;
        let told = (measure != Measure::PriorFinal).then_some(Told::Amount(measure));
        self.each_item(named, measure, draft(words, false, told, ""), drafts)
    }

    /// The measure of an amount: its own word, its list's, its section's, else `final` where nothing is in doubt.
    pub(super) fn plain_measure(&self, named: &Named, section: &Section) -> Result<(Measure, String), Trouble> {
        let state = &self.state;
        if let Some((measure, words)) = &state.pending.measure {
            self.vouch(named, section, true)?;
            if section.budget && *measure == Measure::Final {
                return Err(Trouble::Report(FindingCode::Contradiction, format!("{} › {words}", section.title)));
            }
            return match (&state.time, measure) {
                (Time::Prior, Measure::Final) => Ok((Measure::PriorFinal, words.clone())),
                (Time::Prior, _) => left("上年"),
                _ => Ok((*measure, words.clone())),
            };
        }
        if state.time == Time::Prior {
            return left("上年");
        }
        if state.moved {
            // 支出增加：5万元: the change, or the amount?
            return left("a direction without a number");
        }
        if state.since != Since::Nothing && matches!(named.told, Told::Amount(_) | Told::Doubt) && !section.budget {
            // 5万元，合计6万元: not another amount of the same label.
            return left("an amount without a label of its own");
        }
        if named.split && named.listed {
            let of_total = state.list.iter().flat_map(|list| &list.total).find_map(|total| match total.told {
                Told::Amount(measure) => Some(measure),
                _ => None,
            });
            return match state.last_measure.or(of_total) {
                Some(measure) => Ok((measure, String::new())),
                None => left("no measure"),
            };
        }
        if self.is_only_final(named) && !section.budget {
            // 绩效自评的2022年度项目4个，涉及预算金额90万元: whatever was said before it.
            self.vouch(named, section, true)?;
            return Ok((Measure::Final, String::new()));
        }
        self.vouch(named, section, false)?;
        if named.listed
            && let Some(list) = &state.list
            && let Some(total) = list.total.iter().find(|total| named.is_part_of(total, self.reader.vocabulary))
        {
            match (total.told, total.told_measure()) {
                (Told::Nothing, _) => {}
                (Told::Amount(_), Ok(Some(measure))) => return Ok((measure, String::new())),
                _ => return left("the total's measure"),
            }
        }
        if let Some(list) = &state.list
            && let Some(doubt) = &list.doubt
        {
            return left(doubt.clone());
        }
        if section.budget {
            return Ok((Measure::Budget, section.title.clone()));
        }
        if state.budget_told || state.bare_budgets {
            return left("a budget before it");
        }
        if let Some(doubt) = state.blocker.as_ref().or(section.bare_doubt.as_ref()) {
            return left(doubt.clone());
        }
        Ok((Measure::Final, String::new()))
    }

    /// The measure whose change is told.
    pub(super) fn subject_measure(&self, named: &Named, section: &Section) -> Result<Measure, Trouble> {
        let state = &self.state;
        if let Some((measure, _)) = &state.pending.measure {
            return Ok(*measure);
        }
        let of_final =
            state.pending.comparison.as_ref().is_some_and(|comparison| comparison.measure == Some(Measure::Final));
        let against = state.pending.comparison.as_ref().and_then(|comparison| comparison.against.as_ref());
        let of_budget =
            matches!(against, Some(Ok(Against::Budget(false)))) && named.told == Told::Amount(Measure::Budget);
        match named.told_measure() {
            Ok(Some(measure)) => return Ok(measure),
            // 支出0万元，年初预算2万元，与上年决算数0.4万元相比: a final is held against a final. 比年初预算: no budget is held against itself.
            Err(_) if named.final_told && (of_final || of_budget) => return Ok(Measure::Final),
            Err(why) => return left(why),
            Ok(None) => {}
        }
        if state.time == Time::Prior {
            return left("上年");
        }
        if let Some(list) = &state.list {
            if let Some(doubt) = &list.doubt {
                return left(doubt.clone());
            }
            if named.listed
                && let Some(total) = list.total.iter().find(|total| named.is_part_of(total, self.reader.vocabulary))
            {
                match total.told_measure() {
                    Ok(Some(measure)) => return Ok(measure),
                    Err(_) => return left("the total's measure"),
                    Ok(None) => {}
                }
            }
        }
        if section.budget {
            return Ok(Measure::Budget);
        }
        if state.budget_told || state.bare_budgets {
            return left("a budget before it");
        }
        if let Some(doubt) = section.bare_doubt.as_ref() {
            return left(doubt.clone());
        }
        Ok(Measure::Final)
    }

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
            let base = if state.adjusted_told { "adjusted_budget" } else { "" };
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
                Err(why) => match self.total_told_before(&named, item) {
                    Some(total) => (total, Some(Unproved::InBracket)),
                    None => return Err(why),
                },
            };
            let parent = self.reader.vocabulary.item(item).and_then(|item| item.parent.clone());
            let whole = if base.is_empty() { parent.unwrap_or_default() } else { base.clone() };
            if share.base.is_none() && state.other_base.as_ref().is_some_and(|other| *other != whole) {
                // 货物采购…占货物支出金额的80%，工程占70%: of what, the words before tell only of theirs.
                return left("占 of which total");
            }
            let doubt = doubt.or_else(|| self.wider_base(&named, item, &key, section).map(Unproved::WhichBase));
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
