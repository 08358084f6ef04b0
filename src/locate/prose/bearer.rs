//! Whose a number is. Behind parts, behind several labels and behind a word of sums it need not be that of the label named last:
//! it may be the whole's, another one's, or that of all.

use std::sync::Arc;

use super::naming::{Named, Told};
use super::reading::Reading;
use super::sentence::{Against, List, Since};
use super::tokens::{Number, Token, Word, is_number};
use crate::mapping::{Senses, Unit, WordSense, accounts};
use crate::model::{Claim, Key, Measure, Unproved};

/// Who bears a number that a label governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bearer {
    /// The label.
    Label,
    /// The label or others, and the amounts can prove that it is the label.
    Unproved,
    /// The label or others, and nothing tells which.
    NotTold,
}

impl Reading<'_, '_> {
    /// Whose a number is that the label governs.
    pub(super) fn bearer(&self, at: usize, named: &Named, number: &Number) -> Bearer {
        let state = &self.state;
        let compared = state.pending.direction.is_some() && !named.items.is_empty() && !state.aside;
        let part_or_whole =
            state.others.part_or_whole && !self.whole_is_compared_so() || self.is_of_last_part_or_whole(at, named);
        let not_told = part_or_whole && !compared
            || self.is_told_to_be_whole(at, named)
            || self.is_compared_behind_several(number)
            || self.is_completed_behind_other_budget(at, named)
            || self.is_sum_behind_others(at, named, number)
            || self.is_budget_of_part_or_whole(at, named);
        if not_told {
            return Bearer::NotTold;
        }
        let unproved = part_or_whole
            || state.others.behind_several && compared
            || self.may_be_of_whole(at, named)
            || self.may_be_of_other_side(at, named)
            || self.may_be_of_all(at, named);
        if unproved { Bearer::Unproved } else { Bearer::Label }
    }

    /// “三公”经费5万元，比上年减少1万元。其中：公务接待费2万元；比上年减少1万元: the whole was held against the same before.
    fn whole_is_compared_so(&self) -> bool {
        /// How many values before the parts of a list its whole is told.
        const REACH: usize = 60;
        let state = &self.state;
        let against = match (&state.pending.comparison, state.comparisons.as_slice()) {
            (Some(comparison), _) => comparison.against.clone().and_then(Result::ok),
            // 与上年相比，支出决算增加1万元: that of the sentence, where it has one.
            (None, [first, rest @ ..]) if rest.iter().all(|other| other == first) => *first,
            _ => None,
        };
        let measure = match against {
            Some(Against::Prior) => Measure::Change,
            Some(Against::Budget(_)) => Measure::Deviation,
            _ => return false,
        };
        let Some(list) = state.list.as_ref().or(state.past_list.as_ref()) else { return false };
        let claims = &self.reader.located.claims;
        let recent = &claims[claims.len().saturating_sub(REACH)..];
        let told = |total: &Named| {
            recent.iter().any(|claim| {
                let key = &claim.key;
                let of_it = total.items.contains(&key.item) && key.function == total.function;
                of_it && key.economic == total.economic && key.measure == measure && claim.doubt.is_none()
            })
        };
        !list.total.is_empty() && list.total.iter().all(told)
    }

    /// “三公”经费支出5万元，全部为公务接待费，比上年减少2万元: what changed may be the whole, of which last year others were parts.
    fn is_told_to_be_whole(&self, at: usize, named: &Named) -> bool {
        let pending = &self.state.pending;
        if named.told != Told::Nothing || pending.direction.is_none() && pending.completion.is_none() {
            return false;
        }
        let word = |at: usize| self.tokens.get(at).map(|token| &token.word);
        let is_label = |token: &Token<'_>| matches!(&token.word, Word::Phrase(Senses { label: Some(_), .. }));
        let Some(label) = self.tokens[..at].iter().rposition(is_label) else { return false };
        let links = |senses: &Senses| matches!(senses.word, Some(WordSense::Link | WordSense::Each));
        let linked = label.checked_sub(1).and_then(word).is_some_and(|before| match before {
            Word::Phrase(senses) => links(senses),
            _ => false,
        });
        let parted = label.checked_sub(2).and_then(word).is_some_and(|before| matches!(before, Word::Mark(',')));
        // 支出5万元，为上年结转资金，比上年减少2万元
        let is_link = |at: usize| match word(at) {
            Some(Word::Phrase(senses)) => {
                senses.label.is_none() && (links(senses) || senses.word == Some(WordSense::PartsBehindAmount))
            }
            _ => false,
        };
        let end = (label + 1..at).find(|at| !is_link(*at)).and_then(word);
        let told_before = || {
            let start = self.tokens[label].start;
            self.told_since_semicolon(at).any(|(claim, at)| at < start && claim.unit.is_money())
        };
        match end {
            Some(Word::Mark(',')) => linked && parted || told_before(),
            // 项目支出400万元，在支出合计中占40%，比上年减少2万元
            Some(Word::Phrase(senses)) => senses.word == Some(WordSense::Share) && told_before(),
            _ => false,
        }
    }

    /// 基本支出80万元，项目支出10万元。比上年85万元减少3万元: the amount that is compared with.
    fn is_compared_behind_several(&self, number: &Number) -> bool {
        let pending = &self.state.pending;
        let nothing_else = pending.direction.is_none() && pending.completion.is_none() && pending.share.is_none();
        let compared_with = pending.comparison.is_some() && nothing_else;
        self.state.others.behind_several && compared_with && matches!(number.unit, Some(Unit::Money(_)))
    }

    /// 其中：甲…；乙…，占10%，比上年增加…: behind the last part of a list a comparison or a completion is of that part only where
    /// the other parts have theirs.
    fn is_of_last_part_or_whole(&self, at: usize, named: &Named) -> bool {
        let state = &self.state;
        let Some(list) = &state.list else { return false };
        let compared = state.pending.direction.is_some() && !list.compared;
        let completed = state.pending.completion.is_some() && !list.completed;
        let behind =
            named.listed && list.has_several() && list.parts > 0 && state.since == Since::Number && state.after_share;
        let last = || {
            let mut marks = self.tokens[at..].iter().filter_map(|token| match token.word {
                Word::Mark(mark @ (';' | '。')) => Some(mark),
                _ => None,
            });
            marks.next() != Some(';')
        };
        behind && !state.aside && (compared || completed) && last()
    }

    /// 公务接待费预算2万元，公务用车运行维护费决算3万元，完成预算70%: of the label that was told with a final, or of the one with a budget?
    fn is_completed_behind_other_budget(&self, at: usize, named: &Named) -> bool {
        let state = &self.state;
        let ([item], true) = (&*named.items, state.pending.completion.is_some() && !state.aside) else { return false };
        if state.since != Since::Number {
            return false;
        }
        let own = |key: &Key| key.item == *item && key.function == named.function && key.economic == named.economic;
        let of_budget = |key: &Key| matches!(key.measure, Measure::Budget | Measure::AdjustedBudget);
        let told: Vec<&Key> = self.told_since_semicolon(at).map(|(claim, _)| &claim.key).collect();
        let completed = |budget: &Key| {
            let one = |key: &&Key| key.item == budget.item && key.function == budget.function;
            told.iter().copied().filter(one).any(|key| key.measure == Measure::Final)
        };
        let has_budget = told.iter().any(|key| own(key) && of_budget(key));
        let has_final = told.iter().any(|key| own(key) && key.measure == Measure::Final);
        has_final && !has_budget && told.iter().any(|key| !own(key) && of_budget(key) && !completed(key))
    }

    /// 公务用车运行维护费6万元；2022年预算安排9万元: the budget that a new clause tells without a label may be that of all that the parts are of.
    /// 年初部门预算5万元。公务接待费3万元: where the next one tells of a part, it may be that of the part.
    fn is_budget_of_part_or_whole(&self, at: usize, named: &Named) -> bool {
        let state = &self.state;
        let budget = |(measure, _): &(Measure, String)| matches!(measure, Measure::Budget | Measure::AdjustedBudget);
        if !state.pending.measure.as_ref().is_some_and(budget) || state.aside || state.since == Since::Nothing {
            return false;
        }
        let ends = |token: &Token<'_>| matches!(token.word, Word::Mark(';' | '。'));
        let from = self.tokens[..at].iter().rposition(ends).map_or(0, |mark| mark + 1);
        if self.tokens[from..at].iter().any(Token::names_item) {
            return false;
        }
        let vocabulary = self.reader.vocabulary;
        let is_part = named.items.iter().any(|item| vocabulary.ancestors(item).next().is_some());
        let behind_clause = from.checked_sub(1).is_some_and(|mark| matches!(self.tokens[mark].word, Word::Mark(';')));
        let of_budget = matches!(named.told, Told::Amount(Measure::Budget | Measure::AdjustedBudget));
        if behind_clause && is_part && named.told != Told::Nothing && !of_budget {
            return true;
        }
        let is_part_of_it = |item: &Arc<str>| named.items.iter().any(|whole| vocabulary.is_part_of(item, whole));
        let has_parts = || vocabulary.items().iter().any(|item| is_part_of_it(&item.name));
        let names_part = |token: &Token<'_>| match &token.word {
            Word::Unknown => true,
            Word::Phrase(Senses { label: Some(label), .. }) => label.items.iter().any(is_part_of_it),
            _ => false,
        };
        let is_statement = self.tokens.get(at + 1).is_some_and(ends) && named.told == Told::Nothing;
        let next = |token: &&Token<'_>| matches!(token.word, Word::Unknown) || token.names_item();
        is_statement && self.tokens[at + 1..].iter().find(next).is_some_and(names_part) && has_parts()
    }

    /// What the sentence told behind its last semicolon, and where the number of each stands.
    fn told_since_semicolon(&self, at: usize) -> impl Iterator<Item = (&Claim, usize)> {
        let parted = self.tokens[..at].iter().rposition(|token| matches!(token.word, Word::Mark(';')));
        let from = parted.map_or(0, |mark| self.tokens[mark].start);
        let claims = self.reader.located.claims[self.claims_from..].iter().zip(&self.claim_runs);
        let told = claims.skip(self.sentence_from - self.claims_from);
        told.map(|(claim, run)| (&**claim, self.runs[*run].start)).filter(move |(_, start)| *start >= from)
    }

    /// 公务用车运行维护费2万元，国内公务接待7批次，共支出2.5万元; 甲占20%，乙占80%，合计5万元: of what was named last, or of all that its
    /// statement told?
    fn is_sum_behind_others(&self, at: usize, named: &Named, number: &Number) -> bool {
        if self.state.since != Since::Number {
            return false;
        }
        if let Some(Unit::Count(unit)) = &number.unit {
            // 国内公务接待12批次，外事接待2批次，共14批次
            let counted = |(of, item): &(Arc<str>, Arc<str>)| {
                self.reader.words.lexicon.counts_in(unit, of) && named.counted.contains(item)
            };
            return self.state.pending.direction.is_none() && named.counts.iter().any(counted) && self.is_sum(at);
        }
        // 会议费支出5万元；培训费支出3万元，合计完成80%
        let completes = self.state.pending.completion.is_some() && matches!(number.unit, Some(Unit::Percent));
        if !completes && (named.told != Told::Nothing || !matches!(number.unit, Some(Unit::Money(_)))) {
            return false;
        }
        // 国内公务接待12批次，其中外事接待2批次，支出2万元: what the whole cost was not told.
        let list = self.state.list.as_ref().filter(|list| list.here && named.listed && !self.state.aside);
        let of_whole = list.is_some_and(|list| list.total.iter().any(|total| total.told == Told::Nothing));
        if of_whole && !named.counted.is_empty() {
            return true;
        }
        if !self.is_sum(at) {
            return false;
        }
        let vocabulary = self.reader.vocabulary;
        let own = || named.items.iter().chain(named.counts.iter().map(|(_, item)| item));
        let related =
            |item: &Arc<str>| own().any(|own| vocabulary.is_part_of(own, item) || vocabulary.is_part_of(item, own));
        let statement = self.tokens[..at].iter().rev();
        let mut statement = statement.take_while(|token| match token.word {
            Word::Mark(';') => completes,
            Word::Mark('。') | Word::Ordinal => false,
            _ => true,
        });
        statement.any(|token| match &token.word {
            Word::Phrase(Senses { label: Some(label), .. }) if label.only.is_none() => {
                let items = || label.items.iter().chain(label.counts.iter().map(|(_, item)| item));
                items().next().is_some() && !items().any(related)
            }
            Word::Function(_) => true,
            _ => false,
        })
    }

    /// 三公经费12万元，其中公务接待费2万元，比上年减少3万元: behind the last part named in a sentence, where neither the whole nor another
    /// part has its own, a comparison or a completion is that part's only if the amounts prove it.
    fn may_be_of_whole(&self, at: usize, named: &Named) -> bool {
        let state = &self.state;
        let list = state.list.as_ref().filter(|list| list.here && !list.total.is_empty());
        let (compared, completed) = (state.pending.direction.is_some(), state.pending.completion.is_some());
        let part = named.listed && !(named.items.is_empty() && named.counts.is_empty());
        // 其中年初结转和结余5万元，比上年增加10万元；本年收入85万元，比上年增加9万元: whichever the first is of, the second is of its part.
        let changed_before = |list: &List| list.changed_at.is_some_and(|parts| parts < list.parts);
        let open = match list {
            Some(list) if part => {
                let told = |told: fn(&Named) -> bool| list.total.iter().any(told);
                compared && !list.compared && !changed_before(list) && !told(|total| total.compared)
                    || completed && !list.completed && !told(|total| total.completed)
            }
            _ => compared && (named.counts_part || state.others.among_strangers && !named.items.is_empty()),
        };
        // 收入总计90万元，其中年初结转和结余5万元，比上年增加10万元；本年收入85万元，比上年…: though that one has its own.
        let of_both_years = |list: &List| list.parts == 0 && list.total.iter().all(Named::is_grand_total);
        let part_alone = list.is_none_or(|list| !of_both_years(list)) && self.another_part_follows(at)
            || list.is_some_and(|list| self.compared_part_follows(at, named, list));
        open && !state.aside && state.since == Since::Number && !part_alone && !self.tells_of_own_final(at, named)
    }

    /// …24万元，其中公务用车购置费预算3万元，决算数2万元，决算数比上年增加1万元: the final that is compared is the one that was told with its budget,
    /// where the whole has no budget.
    fn tells_of_own_final(&self, at: usize, named: &Named) -> bool {
        let ([item], Some(list)) = (&*named.items, &self.state.list) else { return false };
        let of_final = matches!(self.state.pending.measure, Some((Measure::Final, _)));
        let own = |key: &Key| key.item == *item && key.function == named.function && key.economic == named.economic;
        let is_budget = |key: &Key| matches!(key.measure, Measure::Budget | Measure::AdjustedBudget);
        let told: Vec<&Key> = self.told_since_semicolon(at).map(|(claim, _)| &claim.key).collect();
        let budgets = || told.iter().filter(|key| is_budget(key));
        let alone = budgets().next().is_some() && budgets().all(|key| own(key));
        of_final && named.final_told && alone && list.total.iter().all(|total| !total.completed)
    }

    /// 收入总计90万元，支出总计88万元，比上年增加2万元: the two sides differ, and neither has a change of its own; so it is of the one told last
    /// only if the amounts prove it.
    fn may_be_of_other_side(&self, at: usize, named: &Named) -> bool {
        let state = &self.state;
        let compared = state.pending.direction.is_some() || state.pending.completion.is_some();
        let ([item], [_]) = (&*named.items, state.subject.as_slice()) else { return false };
        let Some(other) = accounts::opposite(item).filter(|_| compared && state.since == Since::Number && !state.aside)
        else {
            return false;
        };
        let is_of_side =
            |claim: &Claim| claim.doubt.as_ref().is_none_or(|doubt| matches!(doubt, Unproved::WhichTotal(_)));
        let mut amounts = (None, None);
        for (claim, _) in self.told_since_semicolon(at) {
            let key = &claim.key;
            let of_all = key.funding == named.funding && key.function.is_empty() && key.economic.is_empty();
            let amount = Some((&claim.written, claim.unit));
            match (&*key.item, key.measure) {
                (told, Measure::Final) if of_all && told == other => amounts.0 = amount,
                (told, Measure::Final) if of_all && told == &**item => amounts.1 = amount,
                (told, Measure::Budget | Measure::AdjustedBudget | Measure::PriorFinal) if told == other => {}
                (told, Measure::Change) if told == &**item && is_of_side(claim) => return false,
                (told, _) if told == other => return false,
                _ => {}
            }
        }
        amounts.0.is_some() && amounts.1.is_some() && amounts.0 != amounts.1
    }

    /// 会议费3万元，培训费2万元，比上年减少1万元: of the one told last, or of all that the statement told with their amounts, side by side?
    fn may_be_of_all(&self, at: usize, named: &Named) -> bool {
        let state = &self.state;
        let held = state.pending.direction.is_some() || state.pending.completion.is_some();
        let held = held && state.pending.pairing.is_none() && !named.listed;
        let ([item], true) = (&*named.items, held && state.since == Since::Number && !state.aside) else {
            return false;
        };
        let Some(label) = self.tokens[..at].iter().rposition(Token::names) else { return false };
        let ordinal = self.tokens[..at].iter().rposition(|token| matches!(token.word, Word::Ordinal));
        let from = ordinal.map_or(0, |ordinal| self.tokens[ordinal].start);
        let beside = |claim: &Claim| {
            let key = &claim.key;
            key.measure == Measure::Final && claim.unit.is_money() && self.stands_beside(key, item, named)
        };
        // 公务用车购置费0万元，公务用车运行维护费6万元，比上年…: where there was none of the other, it is of this one that is spoken.
        let is_nothing = |start: usize| {
            self.tokens
                .iter()
                .any(|token| token.start == start && matches!(&token.word, Word::Number(number) if number.zero))
        };
        let mut others = self.told_since_semicolon(at);
        let first = others.find(|(claim, start)| *start >= from && beside(claim) && !is_nothing(*start));
        let Some((_, first)) = first else { return false };
        // 会议费3万元，与上年持平，培训费2万元，比上年减少1万元: each has its own.
        let holds = |token: &Token<'_>| match &token.word {
            Word::Phrase(senses) => matches!(
                senses.word,
                Some(
                    WordSense::Comparison(_)
                        | WordSense::Direction(_)
                        | WordSense::Statement
                        | WordSense::Deviation(_)
                        | WordSense::Completion(_)
                        | WordSense::CompletionOfTold
                )
            ),
            _ => false,
        };
        !self.tokens[..label].iter().filter(|token| token.start > first).any(holds)
    }

    /// Both are parts of one whole, or of none, and neither is a part of the other or a total: what is told of both can be told of their sum.
    fn stands_beside(&self, key: &Key, item: &Arc<str>, named: &Named) -> bool {
        let vocabulary = self.reader.vocabulary;
        let parted = |a: &str, b: &str| !a.starts_with(b) && !b.starts_with(a);
        if key.item == *item {
            return parted(&key.function, &named.function) || parted(&key.economic, &named.economic);
        }
        let root = |item: &str| vocabulary.ancestors(item).last().map(str::to_owned);
        let is_total = |item: &str| accounts::opposite(item).is_some();
        let related = vocabulary.is_part_of(&key.item, item) || vocabulary.is_part_of(item, &key.item);
        !related && !is_total(&key.item) && !is_total(item) && root(&key.item) == root(item)
    }

    /// Another label follows in the sentence, before it tells reasons or behind their semicolon.
    pub(super) fn another_part_follows(&self, at: usize) -> bool {
        let mut in_reason = false;
        for token in &self.tokens[at + 1..] {
            match &token.word {
                Word::Mark('。') => return false,
                Word::Mark(';') => in_reason = false,
                _ if in_reason => {}
                // It may have opened a reason.
                Word::Unknown => in_reason = true,
                Word::Function(_) => return true,
                Word::Phrase(senses) => match (&senses.label, senses.word) {
                    (_, Some(WordSense::Reason | WordSense::Purpose)) => in_reason = true,
                    (Some(label), _) if !label.items.is_empty() || !label.counts.is_empty() => return true,
                    (None, _) if senses.category => return true,
                    _ => {}
                },
                _ => {}
            }
        }
        // A line of a list that goes on in the next one.
        matches!(self.tokens.last().map(|token| &token.word), Some(Word::Mark(';')))
    }

    /// 其中：人员经费90万元，较上年增加5万元。公用经费10万元，较上年减少1万元: the next sentence with numbers tells of another part, and has its own
    /// comparison.
    fn compared_part_follows(&self, at: usize, named: &Named, list: &List) -> bool {
        let vocabulary = self.reader.vocabulary;
        let is_stop = |token: &Token<'_>| matches!(token.word, Word::Mark('。'));
        let mut sentences = self.tokens[at + 1..].split(is_stop).skip(1);
        let Some([first, second, rest @ ..]) = sentences.find(|sentence| sentence.iter().any(is_number)) else {
            return false;
        };
        let is_other_part = |item: &Arc<str>| {
            let whole = |total: &Named| total.items.iter().any(|whole| vocabulary.is_part_of(item, whole));
            !named.items.contains(item) && list.total.iter().any(|total| whole(total) && !total.is_grand_total())
        };
        let is_part = match &first.word {
            Word::Phrase(Senses { label: Some(label), .. }) => {
                !label.items.is_empty() && label.items.iter().all(is_other_part)
            }
            _ => false,
        };
        let is_amount = matches!(&second.word, Word::Number(number) if matches!(number.unit, Some(Unit::Money(_))));
        let compares =
            |token: &Token<'_>| matches!(&token.word, Word::Phrase(Senses { word: Some(WordSense::Direction(_)), .. }));
        is_part && is_amount && rest.iter().any(compares)
    }

    /// 公务接待费2万元，总体比上年减少…: behind a number, and a comparison or the like follows directly.
    pub(super) fn speaks_of_whole(&self, at: usize) -> bool {
        let follows = self.tokens.get(at + 1).is_some_and(|next| match &next.word {
            Word::Phrase(senses) => matches!(
                senses.word,
                Some(WordSense::Comparison(_) | WordSense::Direction(_) | WordSense::Completion(_))
            ),
            _ => false,
        });
        let compared = self.state.pending.comparison.as_ref().is_some_and(|comparison| comparison.open);
        follows && self.state.since == Since::Number && !compared
    }

    /// 基本支出90万元，项目支出20万元。按经济分类划分：…: the last one of several is divided, or all that they are parts of.
    pub(super) fn is_behind_several(&self, at: usize) -> bool {
        let several = match at.checked_sub(1).map(|before| &self.tokens[before].word) {
            Some(Word::Mark(';')) => self.state.others.named_here > 1,
            Some(Word::Mark('。')) => self.state.others.behind_several,
            _ => false,
        };
        several && !self.state.subject.iter().all(Named::is_total)
    }
}
