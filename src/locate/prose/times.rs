//! Words that name the year of what is told.

use super::reading::Reading;
use super::sentence::Time;
use super::tokens::{Token, Word};
use crate::mapping::{Senses, WordSense};

impl Reading<'_, '_> {
    pub(super) fn time_of(&self, year: i32, at: usize) -> Time {
        match self.reader.frame.fiscal_year - year {
            0 => Time::Ours,
            1 => Time::Prior,
            _ => Time::Other(self.text(at)),
        }
    }

    /// 2022年、2023年: another time stands directly before, joined to this one.
    pub(super) fn joins_a_time(&self, at: usize) -> bool {
        let Some(joiner) = at.checked_sub(1) else { return false };
        let joins = matches!(self.tokens[joiner].word, Word::Mark('、')) || self.is_joiner(joiner);
        let is_time = |token: &Token<'_>| match &token.word {
            Word::Year(_) | Word::Years => true,
            Word::Phrase(senses) => matches!(senses.word, Some(WordSense::Time(_))),
            _ => false,
        };
        let is_link = |token: &Token<'_>| {
            matches!(token.word, Word::Phrase(Senses { word: Some(WordSense::Link), label: None, .. }))
        };
        joins && self.tokens[..joiner].iter().rev().find(|token| !is_link(token)).is_some_and(is_time)
    }

    /// 全年: the year that was told before it.
    fn is_year_told(&self, at: usize) -> bool {
        matches!(&self.tokens[at].word, Word::Phrase(senses) if senses.told_year)
    }

    pub(super) fn time(&mut self, time: Time, at: usize) {
        let words = self.text(at);
        let time = if self.joins_a_time(at) { Time::Other(words.clone()) } else { time };
        if let Some(comparison) = self.state.pending.comparison.as_mut().filter(|comparison| comparison.open) {
            comparison.time = Some(time);
            comparison.words.push_str(&words);
            return;
        }
        if time == Time::Prior && self.repeats_comparison(at) {
            return;
        }
        if self.state.pending.share.as_ref().is_some_and(|share| share.open) {
            if time != Time::Ours {
                self.state.block(&words, false);
            }
            return;
        }
        if time == Time::Ours && self.state.time != Time::Ours && self.is_year_told(at) {
            // 上年预算3万元，全年支出2万元: of the year before still, or of ours?
            self.state.time = Time::Other(words);
            return;
        }
        self.state.last_time = Some(time.clone());
        self.state.time_before_reason = None;
        let clear = self.state.hard.as_ref().is_none_or(|hard| hard.restart);
        self.state.ours = time == Time::Ours && clear;
        if time == Time::Ours {
            self.state.untimed = None;
        }
        self.state.time = time;
    }
}
