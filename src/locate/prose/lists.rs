//! Lists of parts (其中), and brackets, in which the label outside is the total.

use std::sync::Arc;

use super::ahead::is_direction;
use super::naming::{Named, Told};
use super::reading::Reading;

use super::sentence::{Direction, IN_REASON, List, STATEMENT_IN_REASON, Since, Time};
use super::tokens::{Token, Word, is_number};
use crate::mapping::{Only, Senses, Unit, WordSense, accounts};
use crate::model::{Claim, Key, Measure, Unproved};

/// What leaves over 收入 or 支出 with a bracket that is not understood.
const HOLDS_MORE: &str = "what the bracket behind it holds";
/// The same of any label that is told to hold what stands beside it.
const HOLDS_OTHERS: &str = "what is told to be a part of it, and is none";

impl<'a> Reading<'a, '_> {
    /// 其中: what governs is the total of what is named now; so it is behind 按经济分类划分, unless a part governs: then that total
    /// which was divided before, where that is sure.
    pub(super) fn open_list(&mut self, at: usize, divides: bool) {
        self.finish_comparison();
        self.state.set_fund_apart();
        self.state.resumes = false;
        let first = self.tokens[..at].iter().rev().find(|token| !matches!(token.word, Word::Ordinal));
        let opens_sentence = first.is_none_or(|token| matches!(token.word, Word::Mark('。')));
        if opens_sentence && self.state.comparisons.is_empty() {
            match self.before.take() {
                Some(comparisons) => self.state.comparisons = comparisons,
                None => self.state.comparisons.push(None),
            }
        }
        self.state.drop_pending();
        let doubt = self
            .state
            .subject
            .iter()
            .find_map(|named| named.doubt.clone())
            .or_else(|| self.state.hard.as_ref().map(|hard| hard.word.clone()))
            .or_else(|| self.state.unknown.clone())
            // 预算9万元，支出8万元，节约1万元，其中…: of what was spent, or of what was saved?
            .or_else(|| self.state.borne_out.then(|| Unproved::PartOrWhole.words().to_owned()));
        let mut total = self.state.subject.clone();
        self.with_other_side(&mut total);
        let past = self.state.list.as_ref().or(self.state.past_list.as_ref());
        let before = past.or(self.reader.above.divided.as_ref());
        // 按支出性质分类：基本支出90万元，占100%。按经济分类：…: the only part is the whole.
        let only_part = before.is_some_and(|list| list.divides && list.named == 1);
        let of_part = divides && !only_part && total.iter().any(|named| named.listed || named.past_part);
        // …，其中基本支出1960万元，项目支出3821万元。按功能分类：the sentence of the parts is over.
        let is_over = opens_sentence && total.iter().all(|named| named.listed && !named.past_part);
        let beside = is_over && !divides && past.is_some_and(|list| self.divides_past_total(at, list));
        let whole = before.filter(|list| (of_part && (list.divides || is_over) || beside) && list.doubt.is_none());
        let again = |list: &&List| !beside && list.here && !list.divides || list.behind_parts;
        let behind_parts = whole.as_ref().is_some_and(again);
        let of_unknown = divides && before.is_some_and(|list| list.divides && list.total.is_empty());
        let unsure = divides && whole.is_none() && self.is_behind_several(at);
        // 本年支出90万元。 / 基本支出80万元，项目支出10万元。 / 按经济分类：…: of that total, if the parts add up to it.
        let open = whole.is_none() && (of_part || of_unknown || unsure || doubt.is_some());
        let told_total = if divides && opens_sentence && open { self.only_total_spent() } else { None };
        let (behind_parts, unsure) = (behind_parts || told_total.is_some(), unsure && told_total.is_none());
        let before_free = || self.total_before_free(opens_sentence);
        let before_reason = if divides { None } else { self.total_before_reason().or_else(before_free) };
        let doubt = match whole {
            _ if before_reason.is_some() => {
                self.state.unknown = None;
                self.state.time = Time::Ours;
                None
            }
            Some(list) => {
                total.clone_from(&list.total);
                self.state.unknown.clone()
            }
            None if told_total.is_some() => {
                total = told_total.into_iter().collect();
                self.state.unknown.clone()
            }
            None if of_part || of_unknown => Some(Unproved::PartOrWhole.words().to_owned()),
            None => doubt,
        };
        for named in &mut total {
            if let Some(before) = self.told.iter().find(|before| before.same_as(named)) {
                named.compared |= before.compared;
                named.completed |= before.completed;
            }
            if matches!(named.told, Told::ChangeOf(_) | Told::Nothing)
                && let Some(before) = self.told.iter().find(|before| before.same_as(named))
                && matches!(before.told, Told::Amount(_))
            {
                named.told = before.told;
            }
        }
        if doubt.is_some() {
            total.clear();
        }
        let in_such = self.state.list.as_ref().is_some_and(|list| list.here && list.behind_reason);
        let behind_reason = before_reason.is_some() || in_such;
        if let Some(before) = before_reason {
            total = vec![before];
        }
        // 按支出用途分类，其中基本支出…: nothing was named since.
        let goes_on = self.state.fresh && self.state.list.as_ref().is_some_and(|list| list.divides);
        let divides = goes_on || divides;
        let of_several = self.state.others.named_here > 1 || self.state.others.behind_several;
        self.state.list = Some(List {
            total,
            doubt,
            here: true,
            heads_line: first.is_none(),
            unnamed: true,
            divides,
            unsure,
            of_several,
            behind_reason,
            behind_parts,
            ..List::default()
        });
        self.state.since = Since::Mark;
        self.state.clause_opens = true;
        self.state.may_list_budgets = true;
        let mark = matches!(self.tokens.get(at + 1).map(|token| &token.word), Some(Word::Mark(',' | ':')));
        if self.ends_line(at + usize::from(mark)) {
            self.carry_list();
        }
    }

    /// 政府采购支出90万元，其中：货物支出60万元、服务支出30万元。其中：授予中小企业合同金额80万元: a part of what the list before divided, and of none of
    /// its parts.
    fn divides_past_total(&self, at: usize, past: &List) -> bool {
        let vocabulary = self.reader.vocabulary;
        let label = self.tokens[at + 1..].iter().find_map(|token| match &token.word {
            Word::Phrase(Senses { label: Some(label), .. }) => Some(Some(label)),
            Word::Mark(',' | ':') => None,
            _ => Some(None),
        });
        let Some(Some(label)) = label else { return false };
        let is_part_of = |whole: &Named| {
            let part = |item: &Arc<str>| whole.items.iter().any(|whole| vocabulary.is_part_of(item, whole));
            label.only.is_none() && !label.items.is_empty() && label.items.iter().all(part)
        };
        past.total.iter().any(is_part_of) && !self.state.subject.iter().any(is_part_of)
    }

    /// 其中：（1）工资福利支出包括基本工资、奖金等支出60万元: the label of a part, which has no number yet, stands directly before a word.
    pub(super) fn describes_a_part(&self, at: usize) -> bool {
        let state = &self.state;
        let in_list = state.list.as_ref().is_some_and(|list| list.here && list.doubt.is_none());
        let plain = state.pending.direction.is_none() && state.pending.comparison.is_none();
        let directly = at.checked_sub(1).is_some_and(|before| self.is_label(before)) && state.since == Since::Nothing;
        in_list && plain && directly && matches!(state.subject.as_slice(), [named] if named.listed)
    }

    /// 本年支出90万元，比上年增加5万元，主要原因是新增项目3万元；其中：…: the one label before the reason, where nothing but the reason puts it in
    /// doubt.
    fn total_before_reason(&self) -> Option<Named> {
        let state = &self.state;
        let [named] = state.subject.as_slice() else { return None };
        let only_reason = named.by_reason && named.doubt.as_deref() == Some(IN_REASON) && !state.reason_of_whole;
        let clear = state.hard.is_none()
            && state.scope.is_none()
            && state.unknown.as_deref().is_none_or(|word| word == STATEMENT_IN_REASON);
        let of_total = only_reason && clear && named.final_told && named.told == Told::Amount(Measure::Final);
        of_total.then(|| Named { doubt: None, by_reason: false, ..named.clone() })
    }

    /// The one label that governs keeps its amount in mind when words follow that are not understood.
    pub(super) fn keep_told_before_free(&mut self) {
        let state = &self.state;
        let [named] = state.subject.as_slice() else { return };
        let plain = named.doubt.is_none() || named.by_reason && named.doubt.as_deref() == Some(IN_REASON);
        let clear = state.hard.is_none() && state.scope.is_none() && state.time == Time::Ours && !state.reason_of_whole;
        if plain && clear && named.final_told && named.told == Told::Amount(Measure::Final) {
            self.told_before_free = Some(Named { doubt: None, by_reason: false, ..named.clone() });
        }
    }

    /// 本年支出90万元，比上年增加5万元，主要原因是案件增加。办案成本也随之上升。其中：…: what was told before a sentence that is free of numbers.
    fn total_before_free(&self, opens_sentence: bool) -> Option<Named> {
        let state = &self.state;
        let unknown = state.hard.as_ref().is_some_and(|hard| hard.unknown) && state.scope.is_none();
        self.told_before_free.clone().filter(|_| opens_sentence && unknown)
    }

    /// The one total of what was spent that this paragraph told, or the one before it.
    fn only_total_spent(&self) -> Option<Named> {
        let spent = |named: &&Named| {
            let plain = named.function.is_empty() && named.economic.is_empty();
            plain && matches!(&*named.items, [item] if **item == *accounts::EXPENDITURE)
        };
        let mut told = self.told.iter().filter(spent);
        let total = told.next().filter(|_| told.next().is_none())?;
        let sure = total.doubt.is_none() && total.final_told && total.funding_open.is_none();
        sure.then(|| Named { told: Told::Amount(Measure::Final), listed: false, ..total.clone() })
    }

    /// 收入总计100万元，支出总计100万元，其中：年初结转和结余5万元: parts of the one or of the other.
    fn with_other_side(&self, total: &mut Vec<Named>) {
        let [last] = total.as_slice() else { return };
        if !last.is_grand_total() || last.items.len() != 1 || last.doubt.is_some() {
            return;
        }
        let is_other = |named: &&Named| named.items != last.items && named.funding == last.funding;
        if let Some(other) = self.state.totals.iter().find(is_other) {
            let other = Named { told: last.told, final_told: last.final_told, ..other.clone() };
            total.push(other);
        }
    }

    /// A line that ends with its list still open (其中：) hands it to the lines below.
    pub(super) fn carry_list(&mut self) {
        let list = match (&self.state.list, &self.state.unknown) {
            (_, Some(word)) => List { doubt: Some(word.clone()), ..List::default() },
            (Some(list), None) if list.behind_reason => List { doubt: Some(IN_REASON.to_owned()), ..List::default() },
            (Some(list), None) => List { here: false, ..list.clone() },
            (None, None) => return,
        };
        let level = self.reader.level_or_section();
        self.reader.above.open_list(list, level);
    }

    /// What was told of the governing labels, for a sentence that names them again.
    pub(super) fn remember_told(&mut self) {
        for named in &self.state.subject {
            let same = |before: &Named| before.same_as(named) && before.funding == named.funding;
            let amount = self.told.iter().find(|before| same(before)).map(|before| before.told);
            self.told.retain(|before| !same(before));
            let told = match (named.told, amount) {
                (Told::ChangeOf(_) | Told::Nothing, Some(Told::Amount(measure))) => Told::Amount(measure),
                (told, _) => told,
            };
            self.told.push(Named { told, ..named.clone() });
        }
    }

    /// A bracket is a sentence of its own, in which the label outside is the total.
    pub(super) fn aside(&mut self, open: usize, close: usize) {
        let inner = open + 1..close;
        let behind_number = open
            .checked_sub(1)
            .is_some_and(|before| matches!(self.tokens[before].word, Word::Number(_) | Word::Year(_)));
        if self.both_directions(inner.clone()) || self.is_inert(inner.clone()) || self.names_only_parts(inner.clone()) {
            return;
        }
        if self.bracket_takes_back(open, inner.clone()) {
            return;
        }
        let holds_others = self.bracket_holds_others(inner.clone());
        if holds_others && behind_number {
            self.doubt_whole();
        }
        let words = self.paragraph.text[self.tokens[open].start..self.tokens[close].end].to_owned();
        let has_number = self.tokens[inner.clone()].iter().any(is_number);
        let has_word = self.tokens[inner.clone()].iter().any(|token| matches!(token.word, Word::Unknown));
        if !has_number {
            if !behind_number {
                if has_word {
                    self.state.not_understood(&words);
                    self.told.clear();
                } else {
                    self.state.block(&words, false);
                }
            }
            return;
        }
        let outside = self.state.clone();
        let completion = self.completed_budget(inner.clone());
        self.state.drop_pending();
        self.state.pending.completion = completion;
        self.state.aside = true;
        // 收入增加5万元（增长10%）: the rate goes with the amount, of whichever label the amounts prove that to be.
        self.state.resumes &= behind_number && self.is_rate_of_change(inner.clone());
        let doubt = outside
            .subject
            .iter()
            .find_map(|named| named.doubt.clone())
            .or_else(|| outside.unknown.clone())
            .or_else(|| outside.hard.as_ref().map(|hard| hard.word.clone()));
        let total = if doubt.is_some() { Vec::new() } else { outside.subject.clone() };
        let behind_reason = outside.list.as_ref().is_some_and(|list| list.here && list.behind_reason);
        self.state.list = Some(List { total, doubt, here: true, unnamed: true, behind_reason, ..List::default() });
        self.state.since = Since::Mark;
        self.state.clause_opens = true;
        let (told_outside, claims) = (self.told.clone(), self.reader.located.claims.len());
        let numbers = self.tokens[inner.clone()].iter().filter(|token| is_number(token)).count();
        self.words(inner.start, inner.end);
        self.finish_comparison();
        self.leave_reason();
        let inside = std::mem::replace(&mut self.state, outside);
        self.weigh_told(&told_outside, claims, numbers);
        if !behind_number && holds_others {
            self.state.block(&words, false);
        } else if !behind_number && inside.unknown.is_some() && self.state.unknown.is_none() {
            self.state.not_understood(&words);
            self.told.clear();
        } else if !behind_number && inside.blocker.is_some() {
            self.state.block(&words, false);
        }
    }

    /// （增长10%）: a direction and a rate, and nothing else.
    fn is_rate_of_change(&self, inner: std::ops::Range<usize>) -> bool {
        let [direction, Token { word: Word::Number(rate), .. }] = &self.tokens[inner] else { return false };
        is_direction(Some(direction)) && matches!(rate.unit, Some(Unit::Percent))
    }

    /// 支出27万元（预算31万元）: what the sentence tells of its label is the final. 预算31万元（支出27万元）: the one or the other, for
    /// what is compared behind the bracket; so it is where a number in the bracket is not understood.
    fn weigh_told(&mut self, outside: &[Named], from: usize, numbers: usize) {
        let vocabulary = self.reader.vocabulary;
        let claims = &self.reader.located.claims[from.min(self.reader.located.claims.len())..];
        let unread = claims.len() < numbers;
        if let ([named], true) = (self.state.subject.as_slice(), numbers > 0) {
            let is_part = |claim: &Claim| {
                let part = |item: &Arc<str>| *item == claim.key.item || vocabulary.is_part_of(&claim.key.item, item);
                named.items.iter().any(part)
            };
            if named.only == Some(Only::Weak) && (unread || !claims.iter().all(|claim| is_part(claim))) {
                self.doubt_weak_total();
            }
        }
        let claims = &self.reader.located.claims[from.min(self.reader.located.claims.len())..];
        for named in &mut self.state.subject {
            let Told::Amount(measure) = named.told else { continue };
            let told = self.told.iter_mut().find(|told| told.same_as(named) && told.funding == named.funding);
            if measure == Measure::Final {
                let before = outside.iter().any(|before| before.same_as(named) && before.funding == named.funding);
                if let Some(told) = told.filter(|_| before) {
                    told.told = named.told;
                }
                continue;
            }
            let of_it = |key: &Key| named.items.contains(&key.item) && key.function == named.function;
            let amount = |key: &Key| matches!(key.measure, Measure::Final | Measure::Budget | Measure::AdjustedBudget);
            if unread || claims.iter().any(|claim| of_it(&claim.key) && amount(&claim.key)) {
                named.told = Told::Doubt;
                if let Some(told) = told {
                    told.told = Told::Doubt;
                }
            }
        }
    }

    /// 收入120万元（含上年结转20万元）: what 收入 alone names holds something that is not understood, and may be 收入总计.
    fn doubt_weak_total(&mut self) {
        let [named] = self.state.subject.as_slice() else { return };
        for claim in &mut self.reader.located.claims[self.sentence_from..] {
            if named.items.contains(&claim.key.item) && claim.key.function.is_empty() {
                claim.doubt.get_or_insert_with(|| HOLDS_MORE.into());
            }
        }
    }

    /// 收入总计（含年初结转和结余）, 本年支出（含上年结转）: the bracket names, without a number, parts of what governs, or what it was paid from.
    fn names_only_parts(&self, inner: std::ops::Range<usize>) -> bool {
        let vocabulary = self.reader.vocabulary;
        let of = |item: &Arc<str>, whole: &Named| {
            let other_side =
                vocabulary.side(item).is_some() && vocabulary.side(item) != vocabulary.side(&whole.items[0]);
            other_side || whole.items.iter().any(|whole| vocabulary.is_part_of(item, whole))
        };
        let [whole] = self.state.subject.as_slice() else { return false };
        let mut tokens = self.tokens[inner].iter();
        let is_word = |token: &Token<'_>| match &token.word {
            Word::Mark('、') => true,
            Word::Phrase(senses) => match &senses.label {
                Some(label) => !label.items.is_empty() && label.items.iter().all(|item| of(item, whole)),
                None => {
                    use WordSense::{Aside, Joiner, Link, PartsOpen, PartsOrReason};
                    matches!(senses.word, Some(Aside | Joiner | Link | PartsOpen | PartsOrReason))
                }
            },
            _ => false,
        };
        let begins = |token: &Token<'_>| !matches!(token.word, Word::Phrase(Senses { label: Some(_), .. }));
        !whole.items.is_empty()
            && tokens.next().is_some_and(|first| begins(first) && is_word(first))
            && tokens.all(is_word)
    }

    /// 本年收入90万元（含上年结转10万元）: the bracket begins with words for a part, and names what stands beside what governs; behind the
    /// year's total nobody knows what one holds that is not understood.
    fn bracket_holds_others(&self, inner: std::ops::Range<usize>) -> bool {
        let [first, rest @ ..] = &self.tokens[inner] else { return false };
        let label = |token: &Token<'a>| match token.word {
            Word::Phrase(Senses { label: Some(label), .. }) => Some(label),
            _ => None,
        };
        let beside = |items: &[Arc<str>]| self.state.subject.iter().any(|whole| self.is_beside(items, whole));
        let unknown = || {
            let opens = matches!(
                first.word,
                Word::Phrase(Senses { word: Some(WordSense::PartsOrReason | WordSense::PartsOpen), .. })
            );
            let of_year = self.state.subject.iter().any(Named::is_of_year);
            opens && of_year && matches!(rest.first(), Some(Token { word: Word::Unknown, .. }))
        };
        label(first).is_none() && rest.iter().find_map(label).map_or_else(unknown, |label| beside(&label.items))
    }

    /// A label names the year's income or expenditure, and one of the items what was carried over: it would make a grand total of it.
    pub(super) fn makes_grand_total(&self, items: &[Arc<str>], whole: &Named) -> bool {
        whole.is_of_year() && self.is_beside(items, whole)
    }

    /// One of the items is no part of a label's, but of that of which the label's is a part: 年初结转和结余 of 本年收入合计.
    pub(super) fn is_beside(&self, items: &[Arc<str>], whole: &Named) -> bool {
        let vocabulary = self.reader.vocabulary;
        let apart = |a: &str, b: &str| !vocabulary.is_part_of(a, b) && !vocabulary.is_part_of(b, a);
        let plain = whole.function.is_empty() && whole.economic.is_empty();
        plain
            && whole.items.iter().any(|of| {
                let above = vocabulary.item(of).and_then(|of| of.parent.as_ref());
                above
                    .is_some_and(|above| items.iter().any(|item| vocabulary.is_part_of(item, above) && apart(item, of)))
            })
    }

    /// What the sentence told last of labels that are said to hold what stands beside them is more than they mean: of 本年收入合计
    /// with what was carried over it may be 收入总计, where the amounts prove that.
    pub(super) fn doubt_whole_of(&mut self, totals: &[Named]) {
        let vocabulary = self.reader.vocabulary;
        let is_of = |claim: &Claim| {
            let named = |total: &Named| total.items.contains(&claim.key.item) && total.funding == claim.key.funding;
            let plain = claim.key.function.is_empty() && claim.key.economic.is_empty();
            plain && claim.key.measure == Measure::Final && totals.iter().any(named)
        };
        let told = &mut self.reader.located.claims[self.sentence_from..];
        let Some(claim) = told.iter_mut().rev().find(|claim| is_of(claim)) else { return };
        let grand = vocabulary.item(&claim.key.item).and_then(|item| item.parent.clone());
        let grand = grand.filter(|grand| [accounts::ALL_INCOME, accounts::ALL_EXPENDITURE].contains(&&**grand));
        claim.doubt.get_or_insert_with(|| grand.map_or_else(|| HOLDS_OTHERS.into(), Unproved::HoldsCarried));
    }

    fn doubt_whole(&mut self) {
        let totals = self.state.subject.clone();
        self.doubt_whole_of(&totals);
    }

    /// 完成预算（70万元）的69%: the bracket holds the budget that was completed.
    fn completed_budget(&self, inner: std::ops::Range<usize>) -> Option<bool> {
        let [Token { word: Word::Number(number), .. }] = &self.tokens[inner] else { return None };
        self.state.pending.completion.filter(|_| matches!(number.unit, Some(Unit::Money(_))))
    }

    /// 减少（增加）: the template's two words; which one holds is not told.
    pub(super) fn both_directions(&mut self, inner: std::ops::Range<usize>) -> bool {
        let Some(direction) = &self.state.pending.direction else { return false };
        let [Token { word: Word::Phrase(Senses { word: Some(WordSense::Direction(_)), .. }), .. }] =
            &self.tokens[inner.clone()]
        else {
            return false;
        };
        let (Direction::Up(words) | Direction::Down(words) | Direction::Both(words)) = direction;
        self.state.pending.direction = Some(Direction::Both(format!("{words}（{}）", self.text(inner.start))));
        true
    }

    pub(super) fn is_inert(&self, inner: std::ops::Range<usize>) -> bool {
        self.tokens[inner].iter().all(|token| match &token.word {
            // 主要用于以下方面：（按功能分类科目说明）
            Word::Phrase(senses) => matches!(
                senses.word,
                Some(WordSense::Aside | WordSense::Link | WordSense::Itself | WordSense::PartsDivide)
            ),
            Word::UnitName => true,
            _ => false,
        })
    }
}
