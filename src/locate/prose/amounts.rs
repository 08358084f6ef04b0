//! Amounts of money: which measure of which label they are, and in which unit.

use std::sync::Arc;

use super::ahead::tells_budget;
use super::naming::{Named, Told};
use super::reading::Reading;
use super::section::Section;
use super::sentence::{Against, Since, Time};
use super::tokens::{Number, Word};
use super::values::{Draft, Trouble, left};
use crate::mapping::{Item, SectionKind, TimeWord, Unit, WordSense};
use crate::model::{Claim, FindingCode, Key, Measure, UnitOfMeasure, Unproved, fold};

impl Reading<'_, '_> {
    pub(super) fn money(
        &self,
        at: usize,
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
        let (measure, words) = self.plain_measure(at, named, section)?;
        let told = (measure != Measure::PriorFinal).then_some(Told::Amount(measure));
        self.each_item(named, measure, draft(words, false, told, ""), drafts)
    }

    /// The measure of an amount: its own word, its list's, its section's, else `final` where nothing is in doubt.
    pub(super) fn plain_measure(
        &self,
        at: usize,
        named: &Named,
        section: &Section,
    ) -> Result<(Measure, String), Trouble> {
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
        if section.of_changes && !self.compares_or_dates() {
            // 增减情况: by how much, or how much?
            return left(section.title.clone());
        }
        if section.kind == SectionKind::Performance && named.funded && named.own_funding.is_some() {
            // 共涉及项目3个，一般公共预算项目支出150万元: that of the projects, or the unit's?
            return left(section.title.clone());
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
        if state.bare_budgets || state.budget_told && !self.is_beside_its_budget(at) {
            return left("a budget before it");
        }
        if let Some(doubt) = state.blocker.as_ref().or(section.bare_doubt.as_ref()) {
            return left(doubt.clone());
        }
        Ok((Measure::Final, String::new()))
    }

    /// 甲5万元，年初预算6万元；乙7万元，年初预算8万元: where a label before it was told so, an amount whose own budget follows is its final.
    fn is_beside_its_budget(&self, at: usize) -> bool {
        let follows = self.state.since == Since::Nothing
            && matches!(self.tokens.get(at + 1).map(|next| &next.word), Some(Word::Mark(',')))
            && tells_budget(self.tokens, at + 2, self.tokens.len());
        let told = &self.reader.located.claims[self.sentence_from..];
        let before = |budget: &Key| {
            let same = |key: &Key| key.item == budget.item && key.function == budget.function;
            let is_final = |claim: &Claim| claim.key.measure == Measure::Final && claim.doubt.is_none();
            told.iter().any(|claim| is_final(claim) && same(&claim.key))
        };
        let is_budget = |key: &Key| matches!(key.measure, Measure::Budget | Measure::AdjustedBudget);
        follows && told.iter().filter(|claim| is_budget(&claim.key)).all(|claim| before(&claim.key))
    }

    /// A word of the paragraph compares, or names our year.
    fn compares_or_dates(&self) -> bool {
        let ours = self.reader.frame.fiscal_year;
        self.tokens.iter().any(|token| match &token.word {
            Word::Year(year) => *year == ours,
            Word::Phrase(senses) => matches!(
                senses.word,
                Some(
                    WordSense::Comparison(_)
                        | WordSense::Direction(_)
                        | WordSense::Statement
                        | WordSense::Time(TimeWord::Current)
                )
            ),
            _ => false,
        })
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

    /// 比上年1万元，降低7%: where no direction and no 相比 follow the amount that is compared with, one may be lost before it.
    pub(super) fn compares_nothing(&self, at: usize) -> bool {
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
    pub(super) fn is_nothing_spent(&self, at: usize, named: &Named, number: &Number) -> bool {
        let state = &self.state;
        let is_whole = state.since == Since::Nothing
            && matches!(self.tokens.get(at + 1).map(|next| &next.word), None | Some(Word::Mark(_) | Word::Close));
        // 公务接待0: of what is counted, too.
        let only_money = named.counts.is_empty() || matches!(&*named.items, [item] if fold(item) == *named.words);
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
    pub(super) fn unit_of_list(&self, at: usize, named: &Named, number: &Number) -> Result<UnitOfMeasure, Trouble> {
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

    /// 小于预算数3万元: by so much, or less than that budget?
    pub(super) fn is_behind_deviation(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|before| &self.tokens[before].word);
        matches!(before, Some(Word::Phrase(senses)) if matches!(senses.word, Some(WordSense::Deviation(_))))
    }

    /// Nobody budgets it.
    fn is_only_final(&self, named: &Named) -> bool {
        let only_final = |item: &Arc<str>| self.reader.vocabulary.item(item).is_some_and(|item| item.only_final);
        !named.items.is_empty() && named.items.iter().all(only_final)
    }
}
