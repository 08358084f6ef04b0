//! Figures that what stands beside them puts in doubt: 我局公务接待费15万元，下属单位公务接待费5万元，合计20万元.
//!
//! The accounts are those of the unit with all that is below it. Where the figure of one of several is told, and then that of the
//! others or the sum, the first one may be a part only: it is reported, whoever it was told of.

use super::naming::Apart;
use super::reading::Reading;
use super::sentence::Since;
use super::tokens::{Number, Word};
use crate::mapping::{Senses, Unit, WordSense};
use crate::model::Funding;

impl Reading<'_, '_> {
    /// A number was left over: is it that of units below the unit, or of others beside it?
    pub(super) fn is_told_apart(&mut self, at: usize, number: &Number, labels: &[usize]) {
        let word = self.state.subordinate.take();
        // Nothing is a part of nothing; 下属2个单位 is no statement of what they have.
        let tells = matches!(number.unit, Some(Unit::Money(_) | Unit::Count(_) | Unit::Short));
        if number.zero || number.behind.is_some() || !tells {
            return;
        }
        let Some(named) = labels.iter().find_map(|index| self.state.subject.get(*index)) else { return };
        let apart = Apart::of(named, number, self.reader.words.lexicon);
        if self.is_sum(at) && self.apart.iter().any(|before| before.items == apart.items) {
            return self.take_back(&apart, self.claims_from);
        }
        let in_list = self.state.list.as_ref().is_some_and(|list| list.here);
        let excluded = word.as_ref().is_some_and(|(_, excluded)| *excluded);
        if (in_list || self.state.aside) && !excluded {
            // 其中下属单位5万元 is a part of what stands before it.
            return;
        }
        match word {
            Some(_) => self.take_back(&apart, self.sentence_from),
            None if named.doubt.is_some() => self.apart.push(apart),
            None => {}
        }
    }

    /// A sum is told of what others were told apart of: what was told of it before is a part.
    pub(super) fn is_sum_of_apart(&mut self, at: usize, number: &Number, labels: &[usize]) {
        if self.apart.is_empty() || !self.is_sum(at) {
            return;
        }
        let Some(named) = labels.iter().find_map(|index| self.state.subject.get(*index)) else { return };
        let sum = Apart::of(named, number, self.reader.words.lexicon);
        if self.apart.iter().any(|before| before.items == sum.items) {
            self.take_back(&sum, self.claims_from);
        }
    }

    /// 公务接待费一般公共预算2万元，政府性基金1万元: what was told of an item without a fund was that of one of them.
    pub(super) fn is_told_of_another_fund(&mut self, number: &Number, labels: &[usize]) {
        let funded = self.state.pending.funding.is_some() && self.state.since != Since::Nothing;
        if !funded || !matches!(number.unit, Some(Unit::Money(_))) {
            return;
        }
        let Some(named) = labels.iter().find_map(|index| self.state.subject.get(*index)) else { return };
        let sum = Apart::of(named, number, self.reader.words.lexicon);
        // Below a heading of 一般公共预算: 财政拨款支出90万元，其中一般公共预算80万元.
        let told = self.state.pending.funding;
        let of_more = named.funding == told && named.own_funding == Some(Funding::Appropriation);
        if self.is_fixed(named) || of_more {
            let words = of_more.then(|| named.words.to_string());
            self.take_back(&sum, self.sentence_from);
            // Which of both the section goes on with, nothing tells.
            words.iter().for_each(|words| self.reader.sections.doubt(words));
        }
    }

    /// 合计20万元, 公务接待费共计20万元: a word of sums stands before the number, in its clause.
    pub(super) fn is_sum(&self, at: usize) -> bool {
        let clause = self.tokens[..at].iter().rev();
        let mut clause =
            clause.take_while(|token| !matches!(token.word, Word::Mark(_) | Word::Number(_) | Word::Close));
        // 总支出, 共计支出
        let total = |senses: &Senses| senses.label.as_ref().is_some_and(|label| label.base.is_some());
        clause.any(|token| matches!(token.word, Word::Phrase(senses) if senses.whole || total(senses)))
    }

    /// A blocker that names units below the unit; `excluded` where it stands directly behind 不含.
    pub(super) fn names_subordinates(&mut self, at: usize, senses: &Senses) {
        if senses.subordinate {
            let before = at.checked_sub(1).map(|before| &self.tokens[before].word);
            let excluded = matches!(before, Some(Word::Phrase(senses)) if senses.excludes);
            self.state.subordinate = Some((self.text(at), excluded));
        }
    }

    /// 占总额的60%, 占合计的60%: of which total, where no list says it?
    pub(super) fn is_share_of_unnamed_total(&self, senses: &Senses) -> bool {
        let open = self.state.pending.share.as_ref().is_some_and(|share| share.open && share.base.is_none());
        open && senses.whole
            && senses.word == Some(WordSense::Link)
            && !self.state.subject.iter().any(|named| named.listed)
    }

    /// Reports what was told of an item from a claim on.
    fn take_back(&mut self, apart: &Apart, from: usize) {
        let claims = &self.reader.located.claims;
        let found: Vec<usize> = (from..claims.len()).filter(|index| apart.is_of(&claims[*index].key)).collect();
        for index in found.into_iter().rev() {
            self.report_two_values(index);
            if index < self.sentence_from {
                self.sentence_from -= 1;
            }
        }
    }
}
