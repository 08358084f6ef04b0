//! Kinds of what is counted that no phrase names: 共有车辆7辆，其中：业务用车3辆、其他用车2辆.

use super::naming::Named;
use super::reading::Reading;
use super::tokens::{Number, Word};
use crate::mapping::{ComparisonWord, Only, Senses, Unit, WordSense};

impl Reading<'_, '_> {
    /// 业务用车3辆, among the parts of a count: one more of them, which is left over and takes nothing from those behind it.
    ///
    /// A word that is not known blocks because it may say what the numbers behind it are of; here it stands where a part does, is called
    /// as parts are (用车), and has a number of its own.
    pub(super) fn another_kind(&mut self, at: usize, to: usize) -> Option<usize> {
        let amount = self.part_without_name(at, to)?;
        let Word::Number(number) = self.tokens[amount].word.clone() else { return None };
        let words = self.paragraph.text[self.tokens[at].start..self.tokens[amount].start].to_owned();
        self.state.subject =
            vec![Named { words: words.as_str().into(), doubt: Some(words.clone()), ..Named::default() }];
        if let Some(list) = &mut self.state.list {
            list.unnamed = false;
        }
        self.leave_over(&number, words);
        self.after_number(&number, true);
        Some(amount + 1)
    }

    /// Where the number of such a part stands.
    fn part_without_name(&self, at: usize, to: usize) -> Option<usize> {
        let state = &self.state;
        let clear = state.hard.as_ref().is_none_or(|hard| hard.restart);
        let list = state.list.as_ref().filter(|list| list.doubt.is_none() && clear)?;
        let [total] = list.total.as_slice() else { return None };
        if total.counts.is_empty() || total.doubt.is_some() || !self.begins_a_part(at) {
            return None;
        }
        let amount = (at..to).find(|at| matches!(self.tokens[*at].word, Word::Number(_) | Word::Mark(_)))?;
        let Word::Number(Number {
            unit: Some(Unit::Count(unit)), behind: None, malformed: false, parted: None, ..
        }) = &self.tokens[amount].word
        else {
            return None;
        };
        let behind = |at: usize| self.tokens[..to].get(amount + at).map(|next| &next.word);
        // 某站业务用车3辆，其中执法执勤用车2辆 are parts of that.
        let is_divided = matches!(behind(1), Some(Word::Mark(_)))
            && matches!(behind(2), Some(Word::Phrase(senses)) if opens_parts(senses));
        let ends = matches!(behind(1), None | Some(Word::Mark(_) | Word::Open(_) | Word::Close)) && !is_divided;
        let kinds = self.reader.words.lexicon.kinds();
        let called = |(_, item): &(_, std::sync::Arc<str>)| kinds.get(item);
        let called =
            total.counts.iter().filter(|(of, _)| self.reader.words.lexicon.counts_in(unit, of)).find_map(called)?;
        let name = &self.paragraph.text[self.tokens[at].start..self.tokens[amount].start];
        let is_called_so = called.iter().any(|word| name.ends_with(word.as_str()));
        let part = &self.tokens[at..amount];
        let may_name = |word: &Word<'_>| match word {
            Word::Unknown => true,
            Word::Phrase(senses) => match &senses.label {
                Some(label) => {
                    label.only == Some(Only::Nothing)
                        || label.counts.iter().any(|(of, _)| self.reader.words.lexicon.counts_in(unit, of))
                }
                None => match senses.word {
                    Some(WordSense::Link) => !senses.narrows,
                    word => {
                        matches!(word, Some(WordSense::Joiner | WordSense::Comparison(ComparisonWord::OpenIfClosed)))
                    }
                },
            },
            _ => false,
        };
        let known = part.iter().all(|token| !matches!(token.word, Word::Unknown));
        (ends && is_called_so && !known && part.iter().all(|token| may_name(&token.word))).then_some(amount)
    }

    /// A mark, or what opens the list, stands directly before.
    fn begins_a_part(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| match &self.tokens[before].word {
            Word::Mark(mark) => *mark != '。',
            Word::Phrase(senses) => opens_parts(senses),
            _ => false,
        })
    }
}

/// 其中, 包括
fn opens_parts(senses: &Senses) -> bool {
    matches!(senses.word, Some(WordSense::PartsOpen | WordSense::PartsOrReason))
}
