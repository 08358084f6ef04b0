//! The account: every number that was read is handed on as a value, left over or reported.

use super::naming::{Named, Told};
use super::reading::Reading;
use super::sentence::{Direction, Since};
use super::tokens::Number;
use super::values::{Draft, Trouble};
use crate::mapping::{Only, Unit};
use crate::model::{
    Claim, Fate, Finding, FindingCode, IN_WORDS, Leftover, Measure, UnitOfMeasure, Unproved, is_numeral,
};

impl Reading<'_, '_> {
    /// Hands on the values of a number, or tells what left it over.
    pub(super) fn settle(&mut self, at: usize, number: &Number, read: Result<Vec<Draft>, Trouble>, labels: &[usize]) {
        let signed_twice = number.minus && !number.zero && self.state.pending.direction.is_some();
        let read = match read {
            Ok(_) if signed_twice => Err(Trouble::Report(FindingCode::SignNotTold, self.text(at))),
            // 0 is 0, whichever of the template's words holds.
            Err(Trouble::Report(FindingCode::SignNotTold, _)) if number.zero && !number.minus => {
                let direction = self.state.pending.direction.replace(Direction::Up("0".to_owned()));
                let read = self.read_for(at, labels, number);
                self.state.pending.direction = direction;
                read
            }
            read => read,
        };
        let money = match &number.unit {
            Some(Unit::Money(unit)) => Some(*unit),
            _ => None,
        };
        self.may_be_no_budget(at, number);
        match read {
            Ok(drafts) => {
                self.is_sum_of_apart(at, number, labels);
                self.note_told(&drafts, labels);
                for draft in drafts {
                    self.claim(at, number, draft);
                    self.is_spent_of_what_was_put_by(self.reader.located.claims.len() - 1);
                }
                self.two_units(at, number, money);
            }
            Err(trouble) => {
                // 支出决算为5，: without its unit it may have been the amount that later words speak of.
                // 国内公务接待12批次，外事接待2批次，共14批次: what stands behind the sum is that of all.
                let tells = matches!(number.unit, Some(Unit::Money(_) | Unit::Count(_)));
                let summed = tells && self.state.pending.direction.is_none() && self.state.since == Since::Number;
                self.state.others.part_or_whole |= summed && self.is_sum(at);
                let amount =
                    money.is_some() || matches!(number.unit, None | Some(Unit::Short)) || number.parted.is_some();
                if amount && self.state.pending.comparison.is_none() && self.state.pending.completion.is_none() {
                    let bare = self.state.pending.measure.is_none();
                    for index in labels {
                        self.state.subject[*index].told =
                            self.told_of_unnamed(at, &self.state.subject[*index], money.is_some());
                        self.state.subject[*index].amount_left |= bare;
                    }
                    self.state.last_measure = None;
                    // 部门预算安排130万元，其中基本支出82万元: whatever it was the budget of.
                    let budget = |measure: &Measure| matches!(measure, Measure::Budget | Measure::AdjustedBudget);
                    self.state.budget_told |= self.state.pending.measure.iter().any(|(measure, _)| budget(measure));
                }
                match trouble {
                    Trouble::Left(why) => {
                        self.is_told_of_another_fund(number, labels);
                        self.is_told_apart(at, number, labels);
                        self.may_be_of_the_year_end(at, number);
                        self.may_be_spent_of_it(at, number);
                        self.may_be_that_of_a_part(at);
                        self.may_have_come_to(at, number);
                        self.may_be_the_other_half(at, number);
                        self.leave_over(number, why);
                    }
                    Trouble::Report(code, subject) => self.report(at, number, code, subject),
                }
            }
        }
        if let Some(unit) = money
            && !number.zero
        {
            self.reader.units_differ |= self.reader.unit_told.is_some_and(|told| told != unit);
            self.state.amount_unit = match self.state.amount_unit {
                None => Some(Some(unit)),
                Some(Some(before)) if before == unit => Some(Some(unit)),
                _ => Some(None),
            };
        }
    }

    /// 总收入90万元，其中…: which of two totals it is leaves the amount over, and takes nothing from its parts.
    fn told_of_unnamed(&self, at: usize, named: &Named, is_money: bool) -> Told {
        let only_base = is_money && named.only == Some(Only::Base) && named.doubt.is_none();
        let section = self.reader.sections.current().filter(|_| only_base && self.state.pending.direction.is_none());
        match section.map(|section| self.plain_measure(at, named, section)) {
            Some(Ok((measure, _))) => Told::Amount(measure),
            _ => Told::Doubt,
        }
    }

    /// An amount in another unit than the sentence's: told beside the figure.
    pub(super) fn two_units(&mut self, at: usize, number: &Number, money: Option<UnitOfMeasure>) {
        let (Some(unit), Some(Some(before))) = (money, self.state.amount_unit) else { return };
        if unit != before && !number.zero {
            let run = &self.runs[number.run];
            let (place, _) = self.paragraph.place(self.reader.lines, run.start, run.end);
            let mut finding = Finding::at(FindingCode::TwoUnits, place, self.text(at));
            finding.form = self.reader.frame.form.to_string();
            self.reader.located.findings.push(finding);
        }
    }

    /// What the number tells of its labels, for the words behind it.
    pub(super) fn note_told(&mut self, drafts: &[Draft], labels: &[usize]) {
        let Some(draft) = drafts.first() else { return };
        let budget = matches!(draft.key.measure, Measure::Budget | Measure::AdjustedBudget);
        let plain_amount = matches!(draft.told, Some(Told::Amount(_))) && draft.unit != UnitOfMeasure::Count;
        if plain_amount {
            self.state.last_measure = Some(draft.key.measure);
            let in_list =
                self.state.pending.measure.is_none() && labels.iter().all(|index| self.state.subject[*index].listed);
            if budget && in_list {
                self.state.bare_budgets |= !self.reader.sections.current().is_some_and(|section| section.budget);
            } else if budget {
                self.state.budget_told = true;
            }
            self.state.adjusted_told |= draft.key.measure == Measure::AdjustedBudget;
        }
        let named_base = self.state.pending.share.as_ref().is_some_and(|share| share.base.is_some());
        if draft.key.measure == Measure::Share && named_base {
            self.state.other_base = Some(draft.key.base.clone()).filter(|base| !base.is_empty());
        }
        if let Some(list) = self.state.list.as_mut().filter(|_| self.state.pending.direction.is_some()) {
            list.changed_at.get_or_insert(list.parts);
        }
        let own = draft.doubt != Some(Unproved::PartOrWhole);
        if let Some(list) = self.state.list.as_mut().filter(|_| own) {
            list.compared |= self.state.pending.direction.is_some();
            list.completed |= self.state.pending.completion.is_some();
        }
        // 其中：甲80万元，比上年增加6万元；乙10万元，比上年增加…: each part has its own.
        self.state.others.among_strangers &= !own || self.state.pending.direction.is_none();
        let (compared, completed) = (self.state.pending.direction.is_some(), self.state.pending.completion.is_some());
        for index in labels {
            let named = &mut self.state.subject[*index];
            named.compared |= own && compared;
            named.completed |= own && completed;
            if draft.unit == UnitOfMeasure::Count {
                named.counted.extend(drafts.iter().map(|draft| draft.key.item.clone()));
                continue;
            }
            let of_final = matches!(draft.key.measure, Measure::CompletionRate | Measure::Deviation);
            if of_final && named.final_told {
                // 支出810万元，年初预算790万元，完成年初预算的102.53%: it is again the final that is spoken of.
                named.told = Told::Amount(Measure::Final);
            }
            match draft.told {
                Some(Told::Amount(measure)) => {
                    named.told = Told::Amount(measure);
                    named.final_told |= measure == Measure::Final;
                }
                Some(Told::ChangeOf(measure)) if named.told == Told::Nothing => named.told = Told::ChangeOf(measure),
                // 预算3万元，决算比预算减少1万元，下降33.33%: the rate is of what the change was told of.
                Some(Told::ChangeOf(Measure::Final)) if named.told == Told::Amount(Measure::Budget) => {
                    named.told = Told::ChangeOf(Measure::Final);
                }
                _ => {}
            }
        }
    }

    pub(super) fn claim(&mut self, at: usize, number: &Number, draft: Draft) {
        if draft.assumed && self.reader.unit_told.is_none() {
            self.ask_for_unit(at, number);
        }
        let token = &self.tokens[at];
        let run = &self.runs[number.run];
        let start = if number.minus { token.start } else { run.start };
        let (place, offset) = self.paragraph.place(self.reader.lines, start, run.end);
        let mut label = self.subject_words();
        if !draft.words.is_empty() {
            label.push_str(" › ");
            label.push_str(&draft.words);
        }
        let mut flags = Vec::new();
        flags.extend(draft.assumed.then_some("unit_assumed"));
        let in_words = self.paragraph.text[start..].starts_with(is_numeral);
        flags.extend(in_words.then_some(IN_WORDS));
        let claim = Claim {
            key: draft.key,
            written: self.paragraph.written(self.reader.lines, start, run.end),
            number: None,
            unit: draft.unit,
            negative: draft.negative && !number.zero,
            label,
            place,
            offset,
            rule: self.reader.rule.clone(),
            flags,
            doubt: draft.doubt,
        };
        self.reader.located.claims.push(Box::new(claim));
        self.claim_runs.push(number.run);
        self.runs[number.run].fate = Some((Fate::Figure, self.reader.rule.clone()));
    }

    /// An amount without a unit where no line tells one, read in that of its neighbours: told once beside its figures.
    fn ask_for_unit(&mut self, at: usize, number: &Number) {
        let run = &self.runs[number.run];
        let (place, _) = self.paragraph.place(self.reader.lines, run.start, run.end);
        let mut finding = Finding::at(FindingCode::UnitMissing, place, self.subject_words()).with_actual(self.text(at));
        finding.form = self.reader.frame.form.to_string();
        let findings = &mut self.reader.located.findings;
        if findings.last() != Some(&finding) {
            findings.push(finding);
        }
    }

    pub(super) fn leave_over(&mut self, number: &Number, why: String) {
        let run = &mut self.runs[number.run];
        run.fate = Some((Fate::Leftover, why.as_str().into()));
        let (start, end) = (run.start, run.end);
        let (place, _) = self.paragraph.place(self.reader.lines, start, end);
        self.reader.located.leftovers.push(Leftover {
            form: self.reader.frame.form.clone(),
            place,
            value_as_written: self.paragraph.written(self.reader.lines, start, end).into(),
            labels: self.subject_words(),
            blocked_by: why,
        });
    }

    pub(super) fn report(&mut self, at: usize, number: &Number, code: FindingCode, subject: String) {
        let token = &self.tokens[at];
        let (place, _) = self.paragraph.place(self.reader.lines, token.start, token.end);
        let mut finding = Finding::at(code, place, subject).with_actual(self.text(at));
        finding.form = self.reader.frame.form.to_string();
        self.reader.located.findings.push(finding);
        for run in self.runs[number.run..].iter_mut().take_while(|run| run.start < token.end) {
            run.fate = Some((Fate::Finding, code.word().into()));
        }
        if code == FindingCode::MalformedNumber {
            for named in &mut self.state.subject {
                named.told = Told::Doubt;
            }
        }
    }

    /// The same key with two values in one sentence: both are reported, but for one in doubt beside one that is not.
    pub(super) fn settle_values(&mut self) {
        let from = self.sentence_from;
        let claims = &self.reader.located.claims;
        let value = |claim: &Claim| {
            let digits: String =
                claim.written.chars().filter_map(crate::model::fold_char).filter(|c| *c != ',').collect();
            // 年初预算0.00万元，…年初预算数为0: the same, in whatever unit.
            let digits =
                if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { &digits };
            let zero = digits.bytes().all(|byte| byte == b'0');
            (digits.to_owned(), claim.negative && !zero, Some(claim.unit).filter(|_| !zero))
        };
        let mut bad: Vec<usize> = Vec::new();
        for a in from..claims.len() {
            for b in a + 1..claims.len() {
                let either = [a, b]
                    .iter()
                    .any(|at| matches!(claims[*at].doubt, Some(Unproved::WhichTotal(_) | Unproved::HoldsCarried(_))));
                if !either && claims[a].key == claims[b].key && value(&claims[a]) != value(&claims[b]) {
                    match (&claims[a].doubt, &claims[b].doubt) {
                        (None, Some(_)) => bad.push(b),
                        (Some(_), None) => bad.push(a),
                        _ => bad.extend([a, b]),
                    }
                }
            }
        }
        bad.sort_unstable();
        bad.dedup();
        for index in bad.into_iter().rev() {
            self.report_two_values(index);
        }
    }

    /// Takes back the claim at an index: its key was told with another value too.
    pub(super) fn report_two_values(&mut self, index: usize) {
        let claim = self.reader.located.claims.remove(index);
        let run = self.claim_runs.remove(index - self.claims_from);
        self.runs[run].fate = Some((Fate::Finding, FindingCode::TwoValues.word().into()));
        let mut finding =
            Finding::at(FindingCode::TwoValues, claim.place, claim.key.to_string()).with_actual(claim.written);
        finding.form = self.reader.frame.form.to_string();
        self.reader.located.findings.push(finding);
    }
}
