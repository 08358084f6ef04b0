//! The totals of the accounts: 收入 and 支出 alone, totals with what was carried over, and the one side behind the other.

use std::sync::Arc;

use super::naming::{Named, Told};
use super::reading::Reading;
use super::sentence::{Since, Time};
use super::tokens::{Token, Word};
use crate::mapping::{ComparisonWord, LabelSense, Only, SectionKind, Senses, Unit, WordSense, accounts};
use crate::model::Measure;

impl Reading<'_, '_> {
    /// 总收入90万元，其中：本年收入80万元，年初结转和结余10万元: 收入总计, where what was carried over is told to be a part of it, and every
    /// word of the sentence is known. Else 总收入 may be that or 本年收入.
    pub(super) fn with_what_was_left(&self, at: usize, of_year: &Arc<str>) -> Option<Arc<str>> {
        let vocabulary = self.reader.vocabulary;
        let total = vocabulary.item(of_year)?.parent.clone()?;
        let rest = &self.tokens[at + 1..];
        let stop = rest.iter().position(|token| matches!(token.word, Word::Mark('。' | ';'))).unwrap_or(rest.len());
        let rest = &rest[..stop];
        let amount = rest.iter().position(|token| matches!(token.word, Word::Number(_)))?;
        let plain = |token: &Token<'_>| match &token.word {
            Word::Phrase(senses) => {
                senses.label.is_none()
                    && matches!(senses.word, Some(WordSense::Link | WordSense::Measure(Measure::Final)))
            }
            _ => false,
        };
        let opens = |token: &&Token<'_>| match &token.word {
            Word::Phrase(senses) => matches!(senses.word, Some(WordSense::PartsOpen | WordSense::PartsOrReason)),
            _ => false,
        };
        let (before, behind) = (&rest[..amount], rest.get(amount + 1..)?);
        if !before.iter().all(plain) {
            return None;
        }
        let mark = behind.first().is_some_and(|token| matches!(token.word, Word::Mark(',')));
        let parts = behind.get(usize::from(mark)..)?;
        let parts = parts.get(1..).filter(|_| parts.first().as_ref().is_some_and(opens))?;
        let known = |token: &Token<'_>| match &token.word {
            Word::Mark(_) | Word::Number(_) | Word::UnitName => true,
            Word::Phrase(senses) => {
                senses.label.is_some()
                    || matches!(
                        senses.word,
                        Some(WordSense::Link | WordSense::Joiner | WordSense::Share | WordSense::Funding(_))
                    )
            }
            _ => false,
        };
        let left = |token: &Token<'_>| match &token.word {
            Word::Phrase(Senses { label: Some(label), .. }) => label.items.iter().any(|item| {
                vocabulary.is_part_of(item, &total) && item != of_year && !vocabulary.is_part_of(item, of_year)
            }),
            _ => false,
        };
        (parts.iter().all(known) && parts.iter().any(left)).then_some(total)
    }

    /// 收入, 支出 alone: an item where a clause opens with them below totals, else a word without a meaning.
    pub(super) fn weak(&mut self, at: usize, label: &LabelSense) {
        let words = self.text(at);
        let income = label.items.iter().any(|item| &**item == accounts::INCOME);
        let vocabulary = self.reader.vocabulary;
        let same_side = |named: &Named| named.items.is_empty() || named.is_income(vocabulary) == income;
        if let Some(comparison) = self.state.pending.comparison.as_mut().filter(|comparison| comparison.open) {
            if !self.state.subject.iter().all(same_side) {
                comparison.time = Some(Time::Other(words));
            } else if self.state.subject.iter().any(Named::is_grand_total) {
                // 支出总计90万元，比上年支出增加5万元: of that, or of 本年支出? The amounts can prove the former.
                self.state.resumes = true;
                for named in &mut self.state.subject {
                    named.by_reason |= named.doubt.is_none();
                    named.doubt.get_or_insert_with(|| words.clone());
                }
            }
            return;
        }
        if self.state.pending.direction.is_some() {
            return;
        }
        if self.state.pending.share.as_ref().is_some_and(|share| share.open && share.base.is_none()) {
            if self.is_share_of(label)
                && let Some(share) = &mut self.state.pending.share
            {
                // As a bare 占 is.
                share.open = false;
                return;
            }
            self.state.block(&words, false);
            return;
        }
        if let Some(hard) = &self.state.hard {
            // What governs is not known, so 支出 is neither that nor a total of its own.
            let word = hard.word.clone();
            return self.state.block(&word, hard.unknown);
        }
        self.divides_both_totals(at);
        if self.side_of_totals(income, &words) {
            return;
        }
        let of_totals = |section: &super::section::Section| section.kind == SectionKind::Totals || section.of_whole;
        let totals_section = self.reader.sections.current().is_some_and(of_totals);
        let governing = self.state.subject.last();
        // 预算3万元、支出2万元: the mark that joins them opens a clause.
        let joined = at.checked_sub(1).is_some_and(|before| matches!(self.tokens[before].word, Word::Mark('、')));
        if joined
            && !income
            && self.state.pending.funding.is_none()
            && let Some(named) = governing.filter(|named| same_side(named) && self.is_spent_of(named, at))
            && self.state.since == Since::Number
            && !named.is_total()
        {
            self.state.others.part_or_whole |= self.may_be_measure_of_whole(at);
            self.state.pending.measure = Some((Measure::Final, words));
            return;
        }
        // 与上年相比收入增加5万元
        let compared = || {
            at.checked_sub(1).is_some_and(|before| match &self.tokens[before].word {
                Word::Phrase(senses) => senses.word == Some(WordSense::Comparison(ComparisonWord::Close)),
                _ => false,
            })
        };
        let opens = self.state.since != Since::Nothing && (self.state.clause_opens || compared());
        // 收入总计90万元。 / 与上年相比，收入增加5万元: that of 收入总计, or of 本年收入?
        let compares = self.state.pending.comparison.is_some() || !self.state.comparisons.is_empty();
        // 财政拨款收入90万元。与上年相比，收入增加5万元: that of the fund, or of all?
        let of_a_fund =
            |told: &Named| told.items == label.items && told.function.is_empty() && told.own_funding.is_some();
        let after_grand_total = compares
            && (self.reader.sections.current().is_some_and(|section| section.told_grand_total)
                || self.told.iter().any(of_a_fund));
        if opens && self.state.pending.funding.is_none() {
            match governing {
                // Below 总支出, too, which may be the one or the other.
                Some(named) if named.is_grand_total() || named.is_either_total() => self.either_total(label, &words),
                _ if after_grand_total => self.either_total(label, &words),
                // 年初预算收入500万元，决算收入600万元: the year's, or all that there was?
                _ if self.is_of_accounts(at) => self.either_total(label, &words),
                // 年初结转和结余10万元。与上年相比，收入增加5万元
                Some(named) if named.is_total() && !named.is_of_year() && self.state.pending.comparison.is_some() => {
                    self.either_total(label, &words);
                }
                Some(named) if named.is_total() => self.side_of_year(label, &words),
                // What told of the one or the other may be what was not understood.
                None if totals_section && self.state.pending.comparison.is_some() => self.either_total(label, &words),
                None if totals_section => self.side_of_year(label, &words),
                Some(named) if !same_side(named) => self.state.block(&words, false),
                // 本年收入100万元，其他收入10万元，收入比上年增加5万元: of the total that was told, or of its part?
                _ if self.told.iter().any(|before| before.is_total() && before.items == label.items) => {
                    self.state.block(&words, false);
                }
                Some(named) if !income && self.is_spent_of(named, at) => {
                    self.state.others.part_or_whole |= self.may_be_measure_of_whole(at);
                    self.state.pending.measure = Some((Measure::Final, words));
                }
                _ => {}
            }
        } else if self.state.pending.funding.is_some() && self.state.since != Since::Nothing {
            // 财政拨款安排的支出: more than one reading.
            self.state.block(&words, false);
        } else if !self.state.subject.iter().all(same_side) {
            // 支出安排90万元。年末决算收入80万元
            self.state.block(&words, false);
        }
    }

    /// 基本支出…，占支出的60%: of the total whose parts these are, where no other total is divided and none with what was carried
    /// over was told.
    fn is_share_of(&self, side: &LabelSense) -> bool {
        let vocabulary = self.reader.vocabulary;
        let [named] = self.state.subject.as_slice() else { return false };
        let ([item], [total]) = (&*named.items, &*side.items) else { return false };
        let parent = vocabulary.item(item).and_then(|item| item.parent.as_ref());
        let is_part = if item == total { named.own_funding.is_some() } else { parent == Some(total) };
        let of_other = |list: &super::sentence::List| list.total.iter().any(|of| of.items != side.items);
        is_part && named.doubt.is_none() && !self.state.list.as_ref().is_some_and(of_other)
    }

    /// 财政拨款收入总计90万元。与上年相比，财政拨款收入增加5万元: where only the grand total was told, the change may be that of the year's or that.
    pub(super) fn or_grand_total(&self, named: &mut Named) {
        let grand = self.reader.sections.current().is_some_and(|section| section.told_grand_total);
        if !grand || named.listed || named.or_total.is_some() {
            return;
        }
        let [item] = &*named.items else { return };
        let plain = named.function.is_empty() && named.economic.is_empty() && named.only.is_none();
        let told = self.told.iter().any(|told| told.same_as(named) && told.funding == named.funding);
        if named.is_of_year() && plain && !told {
            named.or_total = self.reader.vocabulary.item(item).and_then(|item| item.parent.clone());
        }
    }

    /// 收入 that is the year's; a change of it may be that of the total with what was carried over: 收入比上年增加5万元. Behind 本年收入90万元
    /// it is not.
    fn side_of_year(&mut self, label: &LabelSense, words: &str) {
        let of_year = |told: &Named| told.is_of_year() && told.items == label.items && told.own_funding.is_none();
        let parent = || label.items.first().and_then(|item| self.reader.vocabulary.item(item)?.parent.clone());
        let or_total = if self.told.iter().any(of_year) { None } else { parent() };
        self.name(Named { or_total, ..Named::of(label, words) });
    }

    /// 收入 that is the year's, or the total with what was carried over.
    fn either_total(&mut self, label: &LabelSense, words: &str) {
        let or_total = label.items.first().and_then(|item| self.reader.vocabulary.item(item)?.parent.clone());
        self.name(Named { only: Some(Only::Base), or_total, ..Named::of(label, words) });
    }

    /// 收入90万元，支出80万元，结转结余30万元: what is left at the end of the year, or what was at its beginning? The amounts can prove the former.
    pub(super) fn either_end(&self, at: usize, label: &LabelSense) -> Option<Named> {
        let ends =
            |item: &str| label.items.iter().any(|of| &**of == item) || label.under.iter().any(|(_, of)| &**of == item);
        let of_both = ends(accounts::CARRIED_IN) && ends(accounts::CARRIED_OUT);
        let of_totals = |section: &super::section::Section| section.kind == SectionKind::Totals;
        let opens = self.state.since == Since::Mark && self.state.clause_opens && self.state.hard.is_none();
        let amount = matches!(
            self.tokens.get(at + 1).map(|next| &next.word),
            Some(Word::Number(number)) if matches!(number.unit, Some(Unit::Money(_)))
        );
        let told = of_both && opens && amount && self.reader.sections.current().is_some_and(of_totals);
        told.then(|| Named {
            items: [accounts::CARRIED_OUT.into()].into(),
            or_total: Some(accounts::CARRIED_IN.into()),
            only: Some(Only::Base),
            funded: true,
            ..Named::of(label, &self.text(at))
        })
    }

    /// 决算收入, 年初预算支出: the words before it say of which accounts it is.
    fn is_of_accounts(&self, at: usize) -> bool {
        let is_measure = |at: usize| match &self.tokens[at].word {
            Word::Phrase(senses) => matches!(senses.word, Some(WordSense::Measure(_))),
            _ => false,
        };
        is_measure(at) && self.side_behind(at).is_some() || at.checked_sub(1).is_some_and(is_measure)
    }

    /// 预算3万元，支出2万元，完成预算的67%: behind a budget, and with nothing said of what it was for, all that was spent of it.
    fn is_spent_of(&self, named: &Named, at: usize) -> bool {
        let amount = matches!(
            self.tokens.get(at + 1).map(|next| &next.word),
            Some(Word::Number(number)) if matches!(number.unit, Some(Unit::Money(_)))
        );
        let mark = matches!(self.tokens.get(at + 2).map(|next| &next.word), None | Some(Word::Mark(_)));
        let budget = matches!(named.told, Told::Amount(Measure::Budget | Measure::AdjustedBudget));
        amount && mark && budget && named.doubt.is_none() && !named.items.is_empty() && !named.is_total()
    }

    /// 收入总计90万元，支出总计90万元。与上年相比收入增加5万元，增长5.88%: of 收入总计, or of 本年收入? The amounts can prove the former.
    fn side_of_totals(&mut self, income: bool, words: &str) -> bool {
        let state = &self.state;
        let of_total = state.subject.last().is_some_and(Named::is_grand_total);
        if !of_total || state.totals.len() != 2 || state.comparisons.is_empty() || state.pending.funding.is_some() {
            return false;
        }
        let item = if income { accounts::ALL_INCOME } else { accounts::ALL_EXPENDITURE };
        let is_it = |named: &&Named| named.items.iter().any(|of| &**of == item);
        let Some(total) = state.totals.iter().find(is_it).cloned() else { return false };
        let told = self.told.iter().filter(|before| before.funding == total.funding).find(is_it);
        let Some(told) = told.map(|before| before.told).filter(|told| *told == Told::Amount(Measure::Final)) else {
            return false;
        };
        let total = match self.state.subject.as_slice() {
            // 收入、支出均增加5万元: as 收、支总计.
            [before] if self.state.since == Since::Joiner && before.by_reason && before.told == told => {
                let items: Vec<_> = before.items.iter().chain(total.items.iter()).cloned().collect();
                Named { items: items.into(), words: format!("{}、{}", before.words, total.words).into(), ..total }
            }
            _ => total,
        };
        self.govern(Named { told, ..total });
        self.state.others.part_or_whole = false;
        self.state.resumes = true;
        for named in &mut self.state.subject {
            named.doubt = Some(words.to_owned());
            named.by_reason = true;
        }
        true
    }

    /// 收入总计100万元，支出总计100万元，与上年相比，各增加5万元: behind their numbers 各 is of the two totals, not of the
    /// one named last.
    pub(super) fn both_totals(&mut self) {
        let [last] = self.state.subject.as_slice() else { return };
        if self.state.since == Since::Nothing || self.state.totals.len() != 2 || !last.is_grand_total() {
            return;
        }
        let told = |total: &Named| {
            let found = self.told.iter().find(|before| before.same_as(total) && before.funding == total.funding)?;
            matches!(found.told, Told::Amount(Measure::Final)).then(|| Named { told: found.told, ..total.clone() })
        };
        let both: Option<Vec<Named>> = self.state.totals.iter().map(told).collect();
        if let Some([first, second]) = both.as_deref() {
            let items: Vec<_> = first.items.iter().chain(second.items.iter()).cloned().collect();
            let words = format!("{}、{}", first.words, second.words);
            self.state.others.of_all();
            self.state.subject = vec![Named { items: items.into(), words: words.into(), ..second.clone() }];
        }
    }

    pub(super) fn remember_totals(&mut self, named: &Named) {
        if !named.is_grand_total() || !named.function.is_empty() {
            return;
        }
        if named.doubt.is_some() {
            self.state.totals.clear();
            return;
        }
        if let Some(section) = self.reader.sections.current_mut() {
            section.told_grand_total = true;
        }
        for item in named.items.iter() {
            let single = Named { items: [item.clone()].into(), ..named.clone() };
            self.state.totals.retain(|other| other.items != single.items && other.funding == single.funding);
            self.state.totals.push(single);
        }
    }
}
