//! Numbers where they stand: which labels they meet, and what they end.

use super::naming::{Named, Told};
use super::reading::Reading;
use super::sentence::{Direction, Pairing, Since, Time};
use super::tokens::{Number, Token, Word, is_number};
use super::values::left;
use crate::mapping::{ComparisonWord, LabelSense, Only, Senses, Unit, WordSense};
use crate::model::{Claim, FindingCode, Measure, Unproved};

impl Reading<'_, '_> {
    /// Reads the number at `at`; returns the next word to read.
    pub(super) fn number(&mut self, at: usize, to: usize) -> usize {
        let Word::Number(mut number) = self.tokens[at].word.clone() else { return at + 1 };
        let mut next = at + 1;
        if number.malformed {
            self.report(at, &number, FindingCode::MalformedNumber, self.text(at));
            for named in &mut self.state.subject {
                named.told = Told::Doubt;
            }
            self.after_number(&number, false);
            return next;
        }
        let of_part = self.counts_unnamed_part(&number);
        let labelled = at >= 2 && matches!(self.tokens[at - 1].word, Word::Mark(':')) && self.is_label(at - 2);
        if self.state.since != Since::Nothing
            && !labelled
            && !self.ends_line(at)
            && let Some(label) = self.counted_behind(&number, next, to)
        {
            // 1个因公出国（境）团组: the counter counts the noun behind it.
            self.name(label);
            next += 1;
        } else if let Some(label) = self.counted_object(&number, next, to) {
            return self.object(at, number, label, of_part);
        }
        self.finish_comparison();
        if self.state.pending.funding.is_some() && self.state.since != Since::Nothing {
            self.split_by_funding(at);
        }
        if self.state.pending.pairing == Some(Pairing::InOrder) {
            return self.pair(at, to);
        }
        if !self.state.pending.measures.is_empty() && self.state.subject.len() == 1 {
            // 预算数和决算数均为4万元
            let measures = std::mem::take(&mut self.state.pending.measures);
            let numbers = vec![(at, number); measures.len()];
            return self.pair_measures(&numbers, measures, next);
        }
        if let Some(Direction::Both(words)) = &self.state.pending.direction
            && number.zero
        {
            // 增加（减少）0万元: the sign does not matter.
            self.state.pending.direction = Some(Direction::Up(words.clone()));
        }
        if self.is_last_years(at, &number) || self.is_last_years_again(at, &number) {
            self.state.pending.measure = Some((Measure::Final, self.text(at - 1)));
        }
        self.return_to_heading(&number);
        self.return_to_cost(&number);
        self.cost_of_counted(&number);
        let labels: Vec<usize> = (0..self.state.subject.len()).collect();
        number.behind = number.behind.take().filter(|noun| !self.counts_that(&labels, &number, noun));
        // 甲支出、乙支出共0万元: no part of nothing is something; that they changed by nothing says it of the sum alone.
        let nothing = labels.len() > 1 && number.zero;
        if nothing && self.state.pending.direction.is_none() && self.state.pending.pairing.is_none() {
            self.state.pending.pairing = Some(Pairing::Each);
        }
        let of_next = self.counts_what_follows(&number, next, to);
        let several = labels.len() > 1 && self.state.pending.pairing != Some(Pairing::Each);
        let read = if of_part && self.counts_unnamed_part(&number) {
            left(Unproved::PartOrWhole.words())
        } else if several {
            left("several labels, one number")
        } else if self.another_follows(&number, next) || self.counts_one_kind(&number, next, to) {
            left("several numbers, one label")
        } else if let Some(word) = self.said_without_number(at) {
            left(word)
        } else if of_next
            || self.is_of_what_follows(&number, next, to)
            || self.measure_follows(&number, next, to)
            || self.label_follows(&number, next, to)
        {
            left("told of what follows it")
        } else {
            self.read_for(at, &labels, &number)
        };
        self.settle(at, &number, read, &labels);
        self.after_number(&number, true);
        if of_next {
            // 2辆为执法执勤用车，3辆为其他用车: that one has its number.
            self.block_at(at);
        }
        if number.parted.is_some() && number.unit.is_none() {
            // 政府采购 | 4 | 支出总额: whatever it is, it parts the words around it.
            self.not_understood(at);
        }
        next
    }

    /// 决算5万元，上年同期6万元, 决算5万元（2020年6万元）: directly behind the final of the only label of its statement, or in a bracket of its
    /// own behind that, last year's final.
    fn is_last_years(&self, at: usize, number: &Number) -> bool {
        let state = &self.state;
        let [named] = state.subject.as_slice() else { return false };
        let told = named.final_told && named.told == Told::Amount(Measure::Final) && named.doubt.is_none();
        let plain = state.pending.measure.is_none()
            && state.pending.comparison.is_none()
            && state.pending.direction.is_none()
            && state.pending.completion.is_none()
            && state.pending.share.is_none()
            && state.last_measure == Some(Measure::Final);
        if !(told && plain && state.time == Time::Prior && matches!(number.unit, Some(Unit::Money(_)))) {
            return false;
        }
        let is_time = |at: usize| match &self.tokens[at].word {
            Word::Year(_) => true,
            Word::Phrase(senses) => matches!(senses.word, Some(WordSense::Time(_))),
            _ => false,
        };
        let is_link = |at: &usize| match &self.tokens[*at].word {
            Word::Phrase(senses) => senses.word == Some(WordSense::Link) && senses.label.is_none(),
            _ => false,
        };
        let links = (0..at).rev().take_while(is_link).count();
        let Some(time) = (at - links).checked_sub(1).filter(|time| is_time(*time)) else { return false };
        match time.checked_sub(1).map(|before| &self.tokens[before].word) {
            Some(Word::Open(_)) => state.aside,
            Some(Word::Mark(',')) => {
                !state.aside && !named.listed && !named.past_part && self.is_alone_in_statement(time)
            }
            _ => false,
        }
    }

    /// 2023年支出合计5万元，2022年支出合计4万元: directly behind the final of a label its name again, with last year before it.
    fn is_last_years_again(&mut self, at: usize, number: &Number) -> bool {
        let state = &self.state;
        let [named] = state.subject.as_slice() else { return false };
        let plain = state.pending.measure.is_none()
            && state.pending.comparison.is_none()
            && state.pending.direction.is_none()
            && state.pending.completion.is_none()
            && state.pending.share.is_none()
            && state.since == Since::Nothing
            && state.last_measure == Some(Measure::Final);
        let of_money = matches!(number.unit, Some(Unit::Money(_))) && !state.aside && state.time == Time::Prior;
        if !(plain && of_money && named.doubt.is_none() && !named.listed && !named.past_part && state.list.is_none()) {
            return false;
        }
        let claims = &self.reader.located.claims[self.sentence_from..];
        let [claim] = claims else { return false };
        let told = named.items.contains(&claim.key.item)
            && named.items.len() == 1
            && claim.key.function == named.function
            && claim.key.economic == named.economic
            && claim.key.funding == named.funding;
        // ，2022年支出合计: nothing else stands between.
        let is_link = |at: &usize| match &self.tokens[*at].word {
            Word::Phrase(senses) => senses.word == Some(WordSense::Link) && senses.label.is_none() && !senses.narrows,
            Word::UnitName => true,
            _ => false,
        };
        let behind_links = |at: usize| (0..at).rev().find(|at| !is_link(at));
        let label = behind_links(at).filter(|label| self.is_label(*label));
        let time = label.and_then(behind_links).filter(|time| match &self.tokens[*time].word {
            Word::Year(_) => true,
            Word::Phrase(senses) => matches!(senses.word, Some(WordSense::Time(_))),
            _ => false,
        });
        let mark = time.and_then(|time| time.checked_sub(1)).map(|mark| &self.tokens[mark].word);
        let last = told && matches!(mark, Some(Word::Mark(',')));
        if let Some(named) = self.state.subject.first_mut().filter(|_| last) {
            (named.told, named.final_told) = (Told::Amount(Measure::Final), true);
        }
        last
    }

    /// One label was named since the last `；`, `。` or ordinal before a place.
    fn is_alone_in_statement(&self, at: usize) -> bool {
        let statement = self.tokens[..at]
            .iter()
            .rev()
            .take_while(|token| !matches!(token.word, Word::Mark(';' | '。') | Word::Ordinal));
        let names = |token: &&super::tokens::Token<'_>| match &token.word {
            Word::Function(_) => true,
            Word::Phrase(senses) => {
                senses.category || senses.label.as_ref().is_some_and(|label| label.only != Some(Only::Weak))
            }
            _ => false,
        };
        statement.filter(names).count() == 1
    }

    /// 2022年和2023年公务接待费3万元、2万元: a number of the same kind is joined to this one.
    fn another_follows(&self, number: &Number, next: usize) -> bool {
        let joined = self.tokens.get(next).is_some_and(|token| matches!(token.word, Word::Mark('、')))
            || next < self.tokens.len() && self.is_joiner(next);
        let is_money = |unit: &Option<Unit>| matches!(unit, Some(Unit::Money(_)));
        let same_kind = |other: &Option<Unit>| {
            is_money(&number.unit) && is_money(other) || number.unit.is_some() && number.unit == *other
        };
        // 低于预算90万元5万元: or it stands directly behind this one.
        let directly = |other: &Option<Unit>| {
            (is_money(&number.unit) || number.unit == Some(Unit::Short))
                && !matches!(other, Some(Unit::Count(_) | Unit::Percent | Unit::Points))
        };
        self.tokens.get(next + usize::from(joined)).is_some_and(|token| match &token.word {
            Word::Number(other) if joined => same_kind(&other.unit) && other.behind.is_none(),
            Word::Number(other) => directly(&other.unit),
            _ => false,
        })
    }

    /// 购置1辆执法执勤用车和2辆业务用车: what is counted stands behind the number, and another number in the same clause.
    fn counts_one_kind(&self, number: &Number, next: usize, to: usize) -> bool {
        let clause = self.tokens[next..to].iter();
        let mut clause = clause.take_while(|token| !matches!(token.word, Word::Mark(',' | ';' | '。' | ':')));
        let counts = matches!(number.unit, Some(Unit::Count(_))) && self.state.since == Since::Nothing;
        let noun =
            clause.next().is_some_and(|noun| matches!(&noun.word, Word::Phrase(senses) if senses.label.is_some()));
        counts && noun && clause.any(is_number)
    }

    /// 未超过预算3万元, 低于预算90万元: directly behind a statement that needs no number stands one that is none of the label's.
    fn said_without_number(&self, at: usize) -> Option<String> {
        let is_particle = |at: &usize| matches!(self.tokens[*at].word, Word::Phrase(senses) if senses.particle);
        let before = (0..at).rev().find(|at| !is_particle(at))?;
        let states = |senses: &Senses| matches!(senses.word, Some(WordSense::Statement | WordSense::Deviation(_)));
        let open = self.state.pending.direction.is_none() && self.state.pending.measure.is_none();
        matches!(self.tokens[before].word, Word::Phrase(senses) if open && states(senses)).then(|| self.text(before))
    }

    /// 支出2万元的是公务接待费, 2万元用于公务接待费: an amount without a label or a measure before it may be that of what known words
    /// lead to from it.
    fn is_of_what_follows(&self, number: &Number, next: usize, to: usize) -> bool {
        let state = &self.state;
        let told = state.since == Since::Nothing
            || state.pending.measure.is_some()
            || state.pending.direction.is_some()
            || state.pending.comparison.is_some()
            || state.pending.completion.is_some()
            || state.pending.share.is_some();
        let is_money = matches!(number.unit, None | Some(Unit::Money(_) | Unit::Short));
        let word = |at: usize| self.tokens.get(at).filter(|_| at < to).map(|token| &token.word);
        let Some(Word::Phrase(first)) = word(next) else { return false };
        let leads_on = match first.word {
            Some(WordSense::Purpose) => true,
            // 完成预算5万元的80% is of what stands before it.
            Some(WordSense::Link) if first.label.is_none() && !first.approximate && !first.threshold => {
                !matches!(word(next + 1), Some(Word::Number(_) | Word::Mark(_)))
            }
            _ => false,
        };
        leads_on && is_money && !told
    }

    /// 2辆为执法执勤用车: known words without a meaning lead from the count to a label that counts so.
    fn counts_what_follows(&self, number: &Number, next: usize, to: usize) -> bool {
        let Some(Unit::Count(unit)) = &number.unit else { return false };
        let lexicon = self.reader.words.lexicon;
        let is_link = |token: &&Token<'_>| match &token.word {
            Word::Phrase(senses) => senses.word == Some(WordSense::Link) && senses.label.is_none(),
            _ => false,
        };
        let links = self.tokens[next..to].iter().take_while(is_link).count();
        let counts = |senses: &Senses| {
            let label = senses.label.as_deref();
            label.is_some_and(|label| label.counts.iter().any(|(of, _)| lexicon.counts_in(unit, of)))
        };
        let label = self.tokens[..to].get(next + links).map(|token| &token.word);
        let behind = self.tokens[..to].get(next + links + 1).map(|token| &token.word);
        self.state.since != Since::Nothing
            && links > 0
            && matches!(label, Some(Word::Phrase(senses)) if counts(senses))
            && matches!(behind, None | Some(Word::Mark(_) | Word::Close))
    }

    /// 年初预算为30万元的教育支出: whose the amount is, stands behind it.
    fn label_follows(&self, number: &Number, next: usize, to: usize) -> bool {
        let pending = &self.state.pending;
        let of_base = pending.completion.is_some() || pending.share.is_some() || pending.comparison.is_some();
        let word = |at: usize| self.tokens[..to].get(at).map(|token| &token.word);
        let names = match word(next + 1) {
            Some(Word::Function(_) | Word::Unknown) => true,
            Some(Word::Phrase(senses)) => {
                let label = |label: &LabelSense| !label.items.is_empty() && label.only != Some(Only::Weak);
                senses.category || senses.label.as_deref().is_some_and(label)
            }
            _ => false,
        };
        let is_money = matches!(number.unit, Some(Unit::Money(_) | Unit::Short));
        let changes = pending.direction.is_some();
        is_money
            && names
            && (changes || !of_base)
            && matches!(word(next), Some(Word::Phrase(senses)) if senses.particle)
    }

    /// “三公”经费12万元的预算安排: what the amount is, stands behind it.
    fn measure_follows(&self, number: &Number, next: usize, to: usize) -> bool {
        let word = |at: usize| self.tokens[..to].get(at).map(|token| &token.word);
        let is_money = matches!(number.unit, Some(Unit::Money(_) | Unit::Short));
        let plain = self.state.pending.measure.is_none()
            && self.state.pending.direction.is_none()
            && self.state.pending.completion.is_none();
        let says_what = match word(next + 1) {
            Some(Word::Unknown) => true,
            Some(Word::Phrase(senses)) => matches!(senses.word, Some(WordSense::Measure(_))),
            _ => false,
        };
        is_money && plain && says_what && matches!(word(next), Some(Word::Phrase(senses)) if senses.particle)
    }

    /// A label stands at a place: that of the number behind its colon.
    pub(super) fn is_label(&self, at: usize) -> bool {
        matches!(&self.tokens[at].word, Word::Phrase(Senses { label: Some(_), .. }))
    }

    /// The label directly behind a number, where it is what the number counts.
    pub(super) fn counted_behind(&mut self, number: &Number, at: usize, to: usize) -> Option<Named> {
        let Some(Unit::Count(unit)) = &number.unit else { return None };
        if at >= to {
            return None;
        }
        let Word::Phrase(senses) = &self.tokens[at].word else { return None };
        let label = senses.label.as_ref()?;
        let counts =
            label.only.is_none() && label.counts.iter().any(|(of, _)| self.reader.words.lexicon.counts_in(unit, of));
        // 6个预算项目支出开展绩效自评抽查 is something else.
        let ends = matches!(self.tokens.get(at + 1).map(|next| &next.word), None | Some(Word::Mark(_) | Word::Close));
        let whole = ends || !label.takes_object;
        (counts && whole && label.by_section.is_empty()).then(|| Named::of(label, &self.text(at)))
    }

    /// 对6个项目开展绩效自评: what is done with what the number counts, where the item counts that and known words lead to it.
    fn counted_object(&self, number: &Number, at: usize, to: usize) -> Option<Named> {
        let Some(Unit::Count(unit)) = &number.unit else { return None };
        let noun: String = self.text_of(at, to)?.chars().take(2).collect();
        for (index, token) in self.tokens.iter().enumerate().take(to).skip(at) {
            let Word::Phrase(senses) = &token.word else { return None };
            match (&senses.label, senses.word) {
                (Some(label), _) if label.takes_object => {
                    let counts = |(of, item): &(std::sync::Arc<str>, std::sync::Arc<str>)| {
                        self.reader.words.lexicon.counts_in(unit, of) && item.contains(&noun)
                    };
                    let words = &self.paragraph.text[token.start..token.end];
                    // 开展绩效自评抽查 is something else.
                    if self.tokens.get(index + 1).is_some_and(|next| !matches!(next.word, Word::Mark(_) | Word::Close))
                    {
                        return None;
                    }
                    return label.counts.iter().any(counts).then(|| Named::of(label, words));
                }
                (Some(_), _) | (None, None | Some(WordSense::Link | WordSense::Funding(_))) => {}
                _ => return None,
            }
        }
        None
    }

    /// 公务用车2辆，其中1辆为新能源车: behind the word that opens a list its total is counted again, and no part was named.
    fn counts_unnamed_part(&self, number: &Number) -> bool {
        let (Some(Unit::Count(unit)), Some(list)) = (&number.unit, &self.state.list) else { return false };
        let lexicon = self.reader.words.lexicon;
        let counted = |total: &Named| {
            total.counts.iter().any(|(of, item)| lexicon.counts_in(unit, of) && total.counted.contains(item))
        };
        let unnamed = list.unnamed && list.counted == 0;
        list.here && unnamed && !self.state.aside && list.total.iter().any(counted)
    }

    /// The words at a place, where they are a phrase.
    fn text_of(&self, at: usize, to: usize) -> Option<String> {
        (at < to && matches!(self.tokens[at].word, Word::Phrase(_))).then(|| self.text(at))
    }

    /// Reads a number of objects; what governs behind it is the label that follows.
    fn object(&mut self, at: usize, mut number: Number, label: Named, of_part: bool) -> usize {
        number.behind = None;
        let governing = self.state.subject.clone();
        self.state.pending.funding = None;
        self.name(label);
        let read = if of_part { left(Unproved::PartOrWhole.words()) } else { self.read_for(at, &[0], &number) };
        self.settle(at, &number, read, &[0]);
        self.after_number(&number, true);
        self.state.subject = governing;
        at + 1
    }

    /// 分别为: k labels meet k numbers, in order.
    pub(super) fn pair(&mut self, at: usize, to: usize) -> usize {
        let mut numbers = Vec::new();
        let mut end = at;
        while end < to {
            match &self.tokens[end].word {
                Word::Number(number) => numbers.push((end, number.clone())),
                Word::Mark('、') => {}
                Word::Mark(',')
                    if matches!(self.tokens.get(end + 1).map(|token| &token.word), Some(Word::Number(_))) => {}
                _ if self.is_joiner(end)
                    && matches!(self.tokens.get(end + 1).map(|token| &token.word), Some(Word::Number(_))) => {}
                _ => break,
            }
            end += 1;
        }
        share_unit(&mut numbers);
        let measures = std::mem::take(&mut self.state.pending.measures);
        let of_several = !measures.is_empty();
        if measures.len() == numbers.len() && self.state.subject.len() == 1 && !self.may_go_on(end, to) {
            return self.pair_measures(&numbers, measures, end);
        }
        if let Some(subject) = self.labels_of_sentence(numbers.len()) {
            self.state.subject = subject;
            self.state.others.part_or_whole = false;
        }
        if self.are_counts_of_one(&numbers) && !self.may_go_on(end, to) {
            for (at, number) in &numbers {
                let read = self.read_for(*at, &[0], number);
                self.settle(*at, number, read, &[0]);
            }
            if let Some((_, number)) = numbers.last() {
                self.after_number(number, true);
            }
            return end;
        }
        let single = |named: &Named| named.items.len().max(1);
        let labels: usize = self.state.subject.iter().map(single).sum();
        let damaged = numbers.iter().any(|(_, number)| number.malformed || number.parted.is_some());
        let damaged = damaged || self.may_go_on(end, to);
        if labels != numbers.len() || labels < 2 || damaged || of_several {
            let words = self.subject_words();
            for (at, number) in &numbers {
                self.report(*at, number, FindingCode::ListMismatch, words.clone());
            }
            for named in &mut self.state.subject {
                named.told = Told::Doubt;
            }
        } else if let [both] = self.state.subject.as_slice()
            && both.items.len() == numbers.len()
        {
            // 收、支总计分别为…: each number one of the two.
            let both = both.clone();
            for (index, (at, number)) in numbers.iter().enumerate() {
                self.state.subject = vec![Named { items: [both.items[index].clone()].into(), ..both.clone() }];
                let read = self.read_for(*at, &[0], number);
                self.settle(*at, number, read, &[0]);
            }
            let told = self.state.subject.first().map_or(Told::Nothing, |named| named.told);
            self.state.subject = vec![Named { told, ..both }];
        } else {
            for (index, (at, number)) in numbers.iter().enumerate() {
                let read = self.read_for(*at, &[index], number);
                self.settle(*at, number, read, &[index]);
            }
        }
        if let Some((_, number)) = numbers.last() {
            self.after_number(number, true);
        }
        end.max(at + 1)
    }

    /// 国内公务接待批次和人数分别为10批次、80人次: of one label, and each in a unit of its own, which tells what it counts.
    fn are_counts_of_one(&self, numbers: &[(usize, Number)]) -> bool {
        let ([named], true) = (self.state.subject.as_slice(), numbers.len() > 1) else { return false };
        let unit = |(_, number): &(usize, Number)| match &number.unit {
            Some(Unit::Count(unit)) if !number.malformed && number.parted.is_none() => Some(unit.clone()),
            _ => None,
        };
        let Some(units) = numbers.iter().map(unit).collect::<Option<Vec<_>>>() else { return false };
        let item = |unit: &std::sync::Arc<str>| {
            named.counts.iter().find(|(of, _)| self.reader.words.lexicon.counts_in(unit, of)).map(|(_, item)| item)
        };
        let Some(items) = units.iter().map(item).collect::<Option<Vec<_>>>() else { return false };
        (1..items.len()).all(|at| !items[..at].contains(&items[at]))
    }

    /// 分别为3万元、2万元和囗囗1万元: what ends a list of numbers may be one of them that is not understood.
    fn may_go_on(&self, end: usize, to: usize) -> bool {
        let unknown = |at: usize| matches!(self.tokens[..to].get(at).map(|token| &token.word), Some(Word::Unknown));
        let number = |at: usize| matches!(self.tokens[..to].get(at).map(|token| &token.word), Some(Word::Number(_)));
        let joined = end < to && self.is_joiner(end);
        unknown(end) || joined || unknown(end + 1) && number(end + 2)
    }

    /// 预算数和决算数分别为4万元、3万元: one label, and as many measures of it as there are numbers.
    fn pair_measures(&mut self, numbers: &[(usize, Number)], measures: Vec<(Measure, String)>, end: usize) -> usize {
        for ((at, number), measure) in numbers.iter().zip(measures) {
            self.state.pending.measure = Some(measure);
            let read = self.read_for(*at, &[0], number);
            self.settle(*at, number, read, &[0]);
        }
        if let Some((_, number)) = numbers.last() {
            self.after_number(number, true);
        }
        end
    }

    /// 货物支出10万元、工程支出30万元、服务支出20万元，分别占…的16%、50%、34%: all that the sentence named, each with its own amount, or all parts
    /// of what it named first.
    fn labels_of_sentence(&self, numbers: usize) -> Option<Vec<Named>> {
        let state = &self.state;
        let rates =
            state.pending.share.is_some() || state.pending.completion.is_some() || state.pending.direction.is_some();
        let clear = state.doubt().is_none() && state.hard.is_none() && state.blocker.is_none() && !state.aside;
        if !(rates && clear && state.subject.len() == 1 && state.since == Since::Number) {
            return None;
        }
        let claims = self.reader.located.claims.get(self.sentence_from..)?;
        let vocabulary = self.reader.vocabulary;
        let is_part = |claim: &Claim| vocabulary.is_part_of(&claim.key.item, &claims[0].key.item);
        let parts = match claims.len().checked_sub(numbers)? {
            0 => claims,
            1 if claims[1..].iter().all(|claim| is_part(claim)) => &claims[1..],
            _ => return None,
        };
        // The first may be what a heading named.
        let all_told = state.others.named_here == claims.len() || state.others.named_here + 1 == claims.len();
        if !all_told || numbers < 2 {
            return None;
        }
        let label = |claim: &Claim| {
            let key = &claim.key;
            let of_it = |named: &&Named| {
                matches!(&*named.items, [item] if *item == key.item)
                    && named.function == key.function
                    && named.economic == key.economic
                    && (!named.funded || named.funding == key.funding)
                    && named.told == Told::Amount(Measure::Final)
            };
            let mut told = self.told.iter().filter(of_it);
            let named = told.next().filter(|named| named.doubt.is_none())?;
            (told.next().is_none() && claim.doubt.is_none()).then(|| named.clone())
        };
        parts.iter().map(|part| label(part)).collect()
    }

    pub(super) fn is_joiner(&self, at: usize) -> bool {
        matches!(
            self.tokens[at].word,
            Word::Phrase(Senses {
                word: Some(WordSense::Joiner | WordSense::Comparison(ComparisonWord::OpenIfClosed)),
                ..
            })
        )
    }

    /// What a number ends.
    pub(super) fn after_number(&mut self, number: &Number, read: bool) {
        let percent = matches!(number.unit, Some(Unit::Percent));
        self.remember_told();
        self.state.after_bare = self.state.pending.measure.is_none() && matches!(number.unit, Some(Unit::Money(_)));
        self.state.after_share = percent && self.state.pending.share.is_some();
        self.state.after_rate =
            percent && (self.state.pending.share.is_some() || self.state.pending.completion.is_some());
        // 较上年90%下降10%: what fell is a rate, too.
        self.state.rate_compared =
            percent && self.state.pending.comparison.is_some() && self.state.pending.direction.is_none();
        self.state.since = Since::Number;
        self.state.clause_opens = false;
        self.state.pending.measure = None;
        if let Some(comparison) = &mut self.state.pending.comparison {
            comparison.told = true;
        }
        self.state.pending.direction = None;
        self.state.pending.cumulative = false;
        self.state.pending.funding = None;
        self.state.pending.pairing = None;
        if percent || !read {
            self.state.pending.completion = None;
            self.state.pending.share = None;
        }
        if let Some(share) = &mut self.state.pending.share {
            share.open = false;
        }
        if let Some(behind) = &number.behind {
            // 5万元以上的3次: what stands behind the number goes on.
            self.state.block(&behind.clone(), false);
        }
        if let Some(hard) = &mut self.state.hard
            && !hard.unknown
            && (!hard.labelled || hard.brief)
        {
            hard.restart = true;
        }
    }
}

/// 分别为3、4.5、6万元: the unit of a list stands behind its last number.
fn share_unit(numbers: &mut [(usize, Number)]) {
    let [before @ .., (_, last)] = numbers else { return };
    if matches!(last.unit, Some(Unit::Money(_) | Unit::Count(_)))
        && before.iter().all(|(_, number)| number.unit.is_none())
    {
        for (_, number) in before {
            number.unit.clone_from(&last.unit);
        }
    }
}
