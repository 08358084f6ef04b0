//! Values that words behind them take back: 3.00万元（预算数）, 4辆，年末3辆, 应为2.00万元.
//!
//! What stands behind a number is mostly a new statement. Some words say that the number is not what it was taken for: of another
//! year or measure, without a part of the whole, a slip. It is reported then, and the sentence must name its label anew.

use std::ops::Range;
use std::sync::Arc;

use super::reading::Reading;
use super::tokens::{Number, Token, Word};
use crate::mapping::{Only, Senses, TimeWord, Unit, WordSense};
use crate::model::{Fate, Finding, FindingCode, Measure};

impl<'r> Reading<'r, '_> {
    /// A bracket directly behind a number says that it is of another year or measure (2022年数, 预算数), without a part of the
    /// whole (不含下属单位), or in doubt (估算).
    pub(super) fn bracket_takes_back(&mut self, open: usize, inner: Range<usize>) -> bool {
        let Some(Word::Number(number)) = open.checked_sub(1).map(|before| &self.tokens[before].word) else {
            return false;
        };
        let run = number.run;
        let Some(last) = self.claim_runs.iter().position(|of| *of == run) else { return false };
        let numbers = self.tokens[inner.clone()].iter().any(super::tokens::is_number);
        let from = if self.leaves_out(inner.clone()) {
            // 收入总计90万元，支出总计90万元（不含下属单位）: of both; 其中甲5万元（不含…）: of the part.
            let of_all = !numbers && !self.state.list.as_ref().is_some_and(|list| list.here) && !self.state.aside;
            if of_all { self.sentence_from } else { self.claims_from + last }
        } else if !numbers
            && (self.doubts(inner.clone()) || self.says_otherwise(self.claims_from + last, inner.clone()))
        {
            self.claims_from + last
        } else {
            return false;
        };
        let words = self.paragraph.text[self.tokens[inner.start].start..self.tokens[inner.end - 1].end].to_owned();
        self.take_back_from(from, &words);
        true
    }

    /// The bracket says that the number is no exact one, or a slip: 估算.
    fn doubts(&self, inner: Range<usize>) -> bool {
        self.tokens[inner].iter().any(|token| matches!(token.word, Word::Phrase(senses) if senses.corrects))
    }

    /// The bracket begins with 不含.
    fn leaves_out(&self, inner: Range<usize>) -> bool {
        let is_link = |token: &&Token<'_>| {
            matches!(
                token.word,
                Word::Phrase(Senses { word: Some(WordSense::Link | WordSense::Each), label: None, .. })
            )
        };
        let first = self.tokens[inner].iter().find(|token| !is_link(token));
        matches!(first.map(|token| &token.word), Some(Word::Phrase(senses)) if senses.excludes)
    }

    /// The bracket tells a time or a measure and nothing else, and not those of the claim.
    fn says_otherwise(&self, claim: usize, inner: Range<usize>) -> bool {
        let key = &self.reader.located.claims[claim].key;
        if let [Token { word: Word::Phrase(Senses { word: Some(WordSense::Funding(funding)), .. }), .. }] =
            &self.tokens[inner.clone()]
        {
            // 基本支出90万元（财政拨款）: of more than one fund, or of this one?
            let fixed = self.reader.vocabulary.item(&key.item).is_some_and(|item| item.fixed_funding);
            return !fixed && key.funding != Some(*funding);
        }
        let measure = key.measure;
        let mut otherwise = false;
        for token in &self.tokens[inner] {
            otherwise |= match &token.word {
                Word::Year(year) => *year != self.reader.frame.fiscal_year,
                Word::Years => true,
                Word::Mark(_) | Word::UnitName => false,
                Word::Phrase(senses) => match senses.word {
                    Some(WordSense::Time(time)) => time != TimeWord::Current,
                    Some(WordSense::Measure(told)) => told != measure && is_of_amounts(measure),
                    Some(WordSense::Link | WordSense::Aside) if senses.label.is_none() => false,
                    _ => return false,
                },
                _ => return false,
            };
        }
        otherwise
    }

    /// 公务接待费3.00万元，应为2.00万元: what was told in the sentence, or in the one before it, was a slip.
    pub(super) fn is_corrected(&mut self, at: usize) {
        let word = self.text(at);
        let here = self.sentence_from < self.reader.located.claims.len();
        self.take_back_from(if here { self.sentence_from } else { self.claims_from }, &word);
    }

    /// 公务接待费1.20万元降至1.00万元: the amount directly before the word is not what there is now.
    pub(super) fn is_what_was_before(&mut self, at: usize) {
        let word = |at: Option<usize>| at.and_then(|at| self.tokens.get(at)).map(|token| &token.word);
        let before = at.checked_sub(1 + usize::from(matches!(word(at.checked_sub(1)), Some(Word::Mark(',')))));
        let (Some(Word::Number(from)), Some(Word::Number(_))) = (word(before), word(Some(at + 1))) else { return };
        let Some(last) = self.claim_runs.iter().position(|run| *run == from.run) else { return };
        let claim = self.claims_from + last;
        if self.reader.located.claims[claim].key.measure == Measure::Final {
            self.take_back_from(claim, &self.text(at));
        }
    }

    /// 公务用车保有量5辆，报废1辆，年末4辆: a count is left over that stands for the end of the year; what was counted before it in the
    /// sentence may be what there was at another time.
    pub(super) fn may_be_of_the_year_end(&mut self, at: usize, number: &Number) {
        let Some(Unit::Count(unit)) = &number.unit else { return };
        let counted_otherwise = |claim: &crate::model::Claim| {
            let item = self.reader.vocabulary.item(&claim.key.item);
            claim.key.measure == Measure::Final
                && item.is_some_and(|item| self.reader.words.lexicon.counts_in(unit, &item.unit))
                && *claim.written
                    != *self.paragraph.written(
                        self.reader.lines,
                        self.runs[number.run].start,
                        self.runs[number.run].end,
                    )
        };
        let governs = |claim: &crate::model::Claim| {
            let of = |(_, item): &(_, std::sync::Arc<str>)| *item == claim.key.item;
            self.state.subject.iter().any(|named| named.counts.iter().any(of))
        };
        let found = self.reader.located.claims[self.sentence_from..]
            .iter()
            .position(|claim| counted_otherwise(claim) && governs(claim));
        let Some(found) = found.filter(|_| !self.state.aside && self.speaks_of_the_year_end(at)) else { return };
        let word = self.state.hard.as_ref().map_or_else(|| self.text(at), |hard| hard.word.clone());
        self.leave_claim_over(self.sentence_from + found, &word);
    }

    /// 公务接待费共安排3万元，执行2万元: behind an amount that was put by another one is left over, or how much of it was spent, and no
    /// label was named since: the amount before it may have been the budget.
    pub(super) fn may_be_spent_of_it(&mut self, at: usize, number: &Number) {
        let money = |number: &Number| matches!(number.unit, Some(Unit::Money(_)));
        if !money(number) && number.unit != Some(Unit::Percent) || self.state.aside {
            return;
        }
        let sense = |at: usize| match &self.tokens[at].word {
            Word::Phrase(senses) => senses.word,
            _ => None,
        };
        let is_money = |at: &usize| matches!(&self.tokens[*at].word, Word::Number(number) if money(number));
        let Some(before) = (0..at).rev().find(is_money) else { return };
        let Word::Number(Number { run, .. }) = &self.tokens[before].word else { return };
        let Some(last) = self.claim_runs.iter().rposition(|of| of == run) else { return };
        let claim = self.claims_from + last;
        let goes_on = (before + 1..at).all(|at| match &self.tokens[at].word {
            Word::Function(_) | Word::Mark('。') => false,
            Word::Phrase(senses) => {
                let compared = matches!(
                    senses.word,
                    Some(
                        WordSense::Comparison(_)
                            | WordSense::Direction(_)
                            | WordSense::Average
                            | WordSense::Share
                            | WordSense::PartsOpen
                            | WordSense::Time(_)
                    )
                );
                let names = senses.label.as_ref().is_some_and(|label| label.only != Some(Only::Weak));
                !compared && !names && !senses.category
            }
            _ => true,
        });
        let spent = |at: usize| matches!(sense(at), Some(WordSense::CompletionOfTold | WordSense::Completion(_)));
        let tells = money(number) || (before + 1..at).any(spent);
        let is_final = self.reader.located.claims[claim].key.measure == Measure::Final;
        if let Some(word) = self.put_by(claim).filter(|_| goes_on && tells && is_final) {
            self.leave_claim_over(claim, &self.text(word));
        }
    }

    /// 支出100万元，减:上年冲回5万元，实际支出95万元: an amount is left over that the one before it came to, once another was added or taken off.
    pub(super) fn may_have_come_to(&mut self, at: usize, number: &Number) {
        if !matches!(number.unit, Some(Unit::Money(_))) {
            return;
        }
        let parts = self.reader.words.lexicon.parts();
        let has = |text: &str, words: &[String]| words.iter().any(|word| text.contains(word.as_str()));
        let label = self.tokens[..at].iter().rfind(|token| token.names());
        // 收入总计90万元（经审计调整，收入总计100万元）
        let names_again = |item: &Arc<str>| match label.map(|token| &token.word) {
            Some(Word::Phrase(Senses { label: Some(label), .. })) => self.state.aside && label.items.contains(item),
            _ => false,
        };
        let label_at = label.map_or(0, |token| token.start);
        let comes_to = !self.state.aside && has(self.clause_before(at), &parts.comes_to);
        let start = self.tokens[at].start;
        let came_to = |index: &usize| {
            let claim = &self.reader.located.claims[*index];
            let behind = &self.runs[self.claim_runs[*index - self.claims_from]];
            claim.key.measure == Measure::Final
                && claim.unit.is_money()
                && (comes_to && behind.start > label_at || names_again(&claim.key.item))
                && has(&self.paragraph.text[behind.end..start], &parts.adjusts)
        };
        let found = (self.sentence_from..self.reader.located.claims.len()).rev().find(came_to);
        if let Some(found) = found {
            self.leave_claim_over(found, &self.text(at));
        }
    }

    /// 年末结转20万元，结余5万元: an amount is left over that stands for the half of an item which the label before it did not name.
    pub(super) fn may_be_the_other_half(&mut self, at: usize, number: &Number) {
        if !matches!(number.unit, Some(Unit::Money(_))) {
            return;
        }
        let carried = &self.reader.words.lexicon.parts().carried;
        let clause = self.clause_before(at);
        let names = |text: &str| carried.iter().filter(|word| text.contains(word.as_str())).count();
        let Some(half) = carried.iter().find(|word| clause.contains(word.as_str())).filter(|_| names(clause) == 1)
        else {
            return;
        };
        let is_half = |claim: &crate::model::Claim| {
            let words = claim.label.split(" › ").next().unwrap_or_default();
            names(words) == 1 && !words.contains(half.as_str()) && claim.key.item.contains(half.as_str())
        };
        let found = self.reader.located.claims[self.claims_from..].iter().rposition(|claim| is_half(claim));
        if let Some(found) = found {
            let half = half.clone();
            self.leave_claim_over(self.claims_from + found, &half);
        }
    }

    /// 支出2万元用于检查，1万元用于调研; 支出2万元为燃油费，1万元为维修费: of an amount without words before it is told behind it what it is, as was of
    /// the one before it: each is that of a part.
    pub(super) fn may_be_that_of_a_part(&mut self, at: usize) {
        let is_money = |token: &Token<'_>| matches!(&token.word, Word::Number(number) if matches!(number.unit, Some(Unit::Money(_))));
        let is_weak = |at: &usize| match &self.tokens[*at].word {
            Word::Phrase(senses) => match &senses.label {
                Some(label) => label.only == Some(Only::Weak),
                None => senses.word == Some(WordSense::Link),
            },
            _ => false,
        };
        let mark = (0..at).rev().find(|at| !is_weak(at));
        let apart = mark.is_some_and(|mark| matches!(self.tokens[mark].word, Word::Mark(',' | '、' | ';')));
        let Some(before) = self.tokens[..at].iter().rposition(is_money).filter(|_| apart && is_money(&self.tokens[at]))
        else {
            return;
        };
        // What stands directly behind an amount: a bracket, or words that say what it is.
        let says = |number: usize| match self.tokens.get(number + 1).map(|token| &token.word) {
            Some(Word::Open(close)) => {
                let inner = &self.tokens[number + 2..*close];
                // 2万元（决算数），3万元（预算数）
                let measures = |token: &Token<'_>| match &token.word {
                    Word::Number(_) | Word::Year(_) | Word::Years => true,
                    Word::Phrase(senses) => matches!(senses.word, Some(WordSense::Measure(_) | WordSense::Time(_))),
                    _ => false,
                };
                (!inner.iter().any(measures)).then_some(true)
            }
            Some(Word::Unknown | Word::Function(_)) => Some(false),
            Some(Word::Phrase(senses)) => {
                use WordSense::{Blocker, Funding, Link, Purpose};
                let says = matches!(senses.word, Some(Link | Purpose | Funding(_) | Blocker));
                (says || senses.label.is_some()).then_some(false)
            }
            _ => matches!(&self.tokens[number].word, Word::Number(number) if number.behind.is_some()).then_some(false),
        };
        let ends = |token: &Token<'_>| matches!(token.word, Word::Mark('。'));
        if says(at).is_none() || says(at) != says(before) || self.tokens[before..at].iter().any(ends) {
            return;
        }
        let Word::Number(Number { run, .. }) = &self.tokens[before].word else { return };
        let run = *run;
        let mut taken = false;
        while let Some(claim) = self.claim_runs.iter().rposition(|of| *of == run) {
            taken = true;
            self.leave_claim_over(self.claims_from + claim, "told of what follows it");
        }
        if taken {
            self.state.end_of_governing("told of what follows it");
        }
    }

    /// 公务接待费安排3万元。实际执行2万元: another final of the same key stands in a sentence before, and was put by.
    pub(super) fn is_spent_of_what_was_put_by(&mut self, claim: usize) {
        let told = &self.reader.located.claims[claim];
        if told.key.measure != Measure::Final {
            return;
        }
        let of_it = |index: &usize| {
            let earlier = &self.reader.located.claims[*index];
            earlier.key == told.key && earlier.written != told.written
        };
        let mut earlier = (self.claims_from..self.sentence_from).rev().filter(of_it).peekable();
        // 项目支出100万元。安排项目支出30万元，用于…: a part that was put by.
        if let (true, Some(word)) = (earlier.peek().is_some(), self.put_by(claim)) {
            return self.leave_claim_over(claim, &self.text(word));
        }
        if let Some((index, word)) = earlier.filter_map(|index| Some((index, self.put_by(index)?))).next() {
            self.leave_claim_over(index, &self.text(word));
        }
    }

    /// The word that stands before the number of a claim in its clause, and says that it was put by: 安排.
    pub(super) fn put_by(&self, claim: usize) -> Option<usize> {
        let run = self.claim_runs[claim - self.claims_from];
        let of_run = |token: &Token<'_>| matches!(&token.word, Word::Number(number) if number.run == run);
        let puts_by = |at: &usize| matches!(self.tokens[*at].word, Word::Phrase(senses) if senses.puts_by);
        let ends = |at: &usize| matches!(self.tokens[*at].word, Word::Mark(_) | Word::Number(_));
        let number = self.tokens.iter().position(of_run)?;
        (0..number).rev().take_while(|at| !ends(at)).find(puts_by)
    }

    /// 预算5万元，其中公务接待费1.40万元，完成预算70%: an amount that was told without a measure behind that of a budget is none, where
    /// a budget is completed behind it.
    pub(super) fn may_be_no_budget(&mut self, at: usize, number: &Number) {
        let completed = self.state.pending.completion.is_some() && number.unit == Some(Unit::Percent);
        let claims = &self.reader.located.claims[self.sentence_from..];
        let Some(last) = claims.last().filter(|_| completed && self.state.after_bare) else { return };
        // No word of its own says that it is one.
        let is_bare = !last.label.contains(" › ");
        let is_budget = matches!(last.key.measure, Measure::Budget | Measure::AdjustedBudget);
        // 完成预算5万元的70%
        let behind = self.tokens[..at].iter().rev().take_while(|token| !matches!(token.word, Word::Number(_)));
        let completes = |token: &Token<'_>| match token.word {
            Word::Phrase(senses) => {
                matches!(senses.word, Some(WordSense::CompletionOfTold | WordSense::Completion(_)))
            }
            _ => false,
        };
        if is_bare && is_budget && { behind }.any(completes) {
            self.leave_claim_over(self.reader.located.claims.len() - 1, &self.text(at));
        }
    }

    /// 年末, 实有 stands before a number in its clause.
    fn speaks_of_the_year_end(&self, at: usize) -> bool {
        let clause = self.clause_before(at);
        self.reader.words.lexicon.parts().year_end.iter().any(|word| clause.contains(word.as_str()))
    }

    /// What stands before a word in its clause, behind the last number.
    fn clause_before(&self, at: usize) -> &'r str {
        let before = self.tokens[..at].iter().rposition(|token| matches!(token.word, Word::Mark(_) | Word::Number(_)));
        let from = before.map_or(0, |before| self.tokens[before].end);
        &self.paragraph.text[from..self.tokens[at].start]
    }

    /// 收、支总计180万元，其中收入（收入总计）90万元，支出90万元: the number is the sum of both, and neither.
    pub(super) fn divides_both_totals(&mut self, at: usize) {
        let Some(list) = self.state.list.as_ref().filter(|list| list.here && list.unnamed) else { return };
        let [both] = list.total.as_slice() else { return };
        if both.items.len() != 2 {
            return;
        }
        let next = self.tokens[at..].iter().find_map(|token| match &token.word {
            Word::Number(number) => Some(number.run),
            _ => None,
        });
        let Some(run) = next.map(|run| &self.runs[run]) else { return };
        let written = self.paragraph.written(self.reader.lines, run.start, run.end);
        let items = both.items.clone();
        let is_sum = |claim: &crate::model::Claim| items.contains(&claim.key.item) && claim.written != written;
        let claims = &self.reader.located.claims;
        let found: Vec<usize> = (self.claims_from..claims.len()).filter(|index| is_sum(&claims[*index])).collect();
        let word = self.text(at);
        self.sum_of_both |= !found.is_empty();
        for index in found.into_iter().rev() {
            self.leave_claim_over(index, &word);
        }
    }

    /// Reports what was told from a claim on; a label must be named anew.
    fn take_back_from(&mut self, from: usize, why: &str) {
        for index in (from..self.reader.located.claims.len()).rev() {
            self.leave_claim_over(index, why);
        }
        self.state.end_of_governing(why);
    }

    /// Takes a claim back: what stands behind its number contradicts what stands before it.
    fn leave_claim_over(&mut self, index: usize, why: &str) {
        if index < self.sentence_from {
            self.sentence_from -= 1;
        }
        let claim = self.reader.located.claims.remove(index);
        let run = self.claim_runs.remove(index - self.claims_from);
        // 收、支总计 are two values of one number.
        if self.claim_runs.contains(&run) {
            return;
        }
        self.runs[run].fate = Some((Fate::Finding, FindingCode::Contradiction.word().into()));
        let subject = format!("{} › {why}", claim.label);
        let mut finding = Finding::at(FindingCode::Contradiction, claim.place, subject).with_actual(claim.written);
        finding.form = self.reader.frame.form.to_string();
        self.reader.located.findings.push(finding);
    }
}

/// A measure of amounts: 预算数 behind a rate is what the rate is of.
fn is_of_amounts(measure: Measure) -> bool {
    matches!(
        measure,
        Measure::Budget | Measure::AdjustedBudget | Measure::Final | Measure::PriorFinal | Measure::PriorBudget
    )
}
