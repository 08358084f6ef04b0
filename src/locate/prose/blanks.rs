//! Blanks of a template that nobody filled: 增长%, XX万元.

use super::reading::Reading;
use super::sentence::Since;
use super::tokens::Word;
use crate::mapping::{Senses, Unit, WordSense};
use crate::model::{Finding, FindingCode};

impl<'a> Reading<'_, 'a> {
    /// A phrase that has no part in sentences; a unit without its number is a blank of the template.
    pub(super) fn stray(&mut self, at: usize, senses: &Senses) {
        let declares = at.checked_sub(1).is_some_and(|before| matches!(self.tokens[before].word, Word::Mark(':')));
        match senses.unit {
            // XX万元: told already.
            Some(_) if self.is_placeholder_before(at) => {}
            Some(Unit::Money(_) | Unit::Percent) if !declares && !self.state.aside => self.missing_number(at),
            _ => self.not_understood(at),
        }
    }

    /// A unit stands directly behind, without a number of its own.
    pub(super) fn unit_follows(&self, at: usize) -> bool {
        matches!(self.tokens.get(at + 1).map(|next| &next.word), Some(Word::Phrase(Senses { unit: Some(_), .. })))
    }

    /// A placeholder stands directly before, in the place of this unit's number.
    fn is_placeholder_before(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|before| &self.tokens[before].word);
        matches!(before, Some(Word::Phrase(Senses { word: Some(WordSense::Placeholder), .. })))
    }

    /// 增长%，: the blank of a rate, a share or a change is all that is missing, as if its number had been read. One of an amount
    /// may hide of which measure the next comparison is.
    pub(super) fn missing_number(&mut self, at: usize) {
        let state = &mut self.state;
        let is_rate =
            state.pending.direction.is_some() || state.pending.share.is_some() || state.pending.completion.is_some();
        if !is_rate || state.hard.is_some() {
            return self.placeholder(at);
        }
        state.after_share |= state.pending.share.is_some();
        state.after_rate |= state.pending.share.is_some() || state.pending.completion.is_some();
        state.pending.measure = None;
        state.pending.direction = None;
        state.pending.share = None;
        state.pending.completion = None;
        state.pending.pairing = None;
        state.since = Since::Number;
        self.report_placeholder(at);
    }

    pub(super) fn placeholder(&mut self, at: usize) {
        self.report_placeholder(at);
        self.block_at(at);
    }

    fn report_placeholder(&mut self, at: usize) {
        let token = &self.tokens[at];
        let (place, _) = self.paragraph.place(self.reader.lines, token.start, token.end);
        let labels = self.subject_words();
        let mut finding = Finding::at(FindingCode::Placeholder, place, labels).with_actual(self.text(at));
        finding.form = self.reader.frame.form.to_string();
        self.reader.located.findings.push(finding);
    }
}
