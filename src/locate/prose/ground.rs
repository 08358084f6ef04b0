//! Clauses that tell on whose word, on which ground or to which end something was done: 按照厉行节约的要求，…
//!
//! Their frame says what they are, from its first word to its last one before the mark. So their other words need not be
//! known: they say nothing about the numbers behind them. They may name what the next clause is about, though, so that a
//! label must be named anew.

use super::ahead::{changes_by_an_amount, opens_comparison};
use super::reading::Reading;
use super::sentence::Time;
use super::text::Gap;
use super::tokens::{Token, Word};
use crate::mapping::{ComparisonWord, Only, Senses, TimeWord, Unit, WordSense};

impl Reading<'_, '_> {
    /// The mark at which the clause ends that begins at `at`, where it is a ground; what governed before it is over.
    ///
    /// `None` where it is none, and where all its words are known to say nothing: those are read as usual.
    pub(super) fn ground(&mut self, at: usize, to: usize) -> Option<usize> {
        let begins = matches!(self.tokens[at].word, Word::Unknown | Word::Phrase(_));
        let grounds = self.reader.words.lexicon.grounds();
        // Every word is asked; hardly one of them is the first of such a clause.
        if !begins || grounds.opens(&self.paragraph.text[self.tokens[at].start..]).is_none() || !self.begins_clause(at)
        {
            return None;
        }
        let end = end_of_clause(self.tokens, at, to)?;
        let words = &self.tokens[at..end];
        let (from, behind) = (words.first()?.start, words.last()?.end);
        let clause = &self.paragraph.text[from..behind];
        if matches!(&words[0].word, Word::Phrase(senses) if senses.label.is_some() || senses.category) {
            return None;
        }
        // 经费: no word that begins with 经.
        let parts_a_word = |spot: usize| {
            let inside = |token: &Token<'_>| token.start < spot && spot < token.end;
            words.iter().any(|token| inside(token) && !matches!(token.word, Word::Unknown))
        };
        let ground = grounds.kind(clause).filter(|(_, between)| !parts_a_word(from + between.start));
        let Some((ground, between)) = ground else {
            let opens = grounds.opens(clause)?;
            if !parts_a_word(from + opens) && words.iter().any(tells_of_others) {
                // 根据上年决算，…: whose is what follows, and which of its numbers?
                self.state.block(clause, false);
                return Some(end);
            }
            return None;
        };
        let admits = |token: &Token<'_>| {
            let (begin, end) = (token.start.max(from + between.start), token.end.min(from + between.end));
            !matches!(token.word, Word::Unknown) || begin >= end || ground.admits(&self.paragraph.text[begin..end])
        };
        let as_such = |token: &Token<'_>| ground.measures && (is_measure(token) || negates(token));
        let free = words.iter().all(|token| (self.is_free(token) || as_such(token)) && admits(token));
        if !free && words.iter().any(tells_of_others) {
            self.state.block(clause, false);
            return Some(end);
        }
        if !free || words.iter().all(says_nothing) {
            return None;
        }
        let grants = ground.grants;
        let word = self.text(at);
        self.finish_comparison();
        self.state.budget_told |= grants;
        if !self.resumes_behind_ground(words, end, to) {
            self.state.end_of_governing(&word);
        }
        Some(end)
    }

    /// Nothing stands before it in its clause but the year, the unit, and words without a meaning.
    fn begins_clause(&self, at: usize) -> bool {
        let begins = |token: &Token<'_>| match &token.word {
            Word::Year(_) | Word::UnitName => true,
            Word::Phrase(senses) => {
                senses.label.is_none()
                    && matches!(
                        senses.word,
                        Some(
                            WordSense::Link
                                | WordSense::PartsBehindAmount
                                | WordSense::Itself
                                | WordSense::Time(TimeWord::Current)
                        )
                    )
            }
            _ => false,
        };
        // （一）机关运行经费 | 为维持机关正常运转，…: the line above is a heading, or what it left in doubt stays so.
        if self.paragraph.gap_before(self.tokens[at].start) == Gap::LineEnd {
            return true;
        }
        let before = self.tokens[..at].iter().rev().find(|token| !begins(token));
        before.is_none_or(|token| matches!(token.word, Word::Ordinal | Word::Mark(',' | ';' | '。' | ':')))
    }

    /// The word may stand in such a clause: nothing that tells of another year, another unit, or of what was granted.
    fn is_free(&self, token: &Token<'_>) -> bool {
        match &token.word {
            Word::Unknown | Word::UnitName | Word::Open(_) | Word::Close | Word::Mark('、') => true,
            Word::Year(year) => self.reader.frame.fiscal_year == *year,
            Word::Phrase(senses) => is_free(senses),
            _ => false,
        }
    }

    /// 按照…要求，较上年减少2万元: a change with its amount is that of what governed, where the clause names nothing.
    fn resumes_behind_ground(&self, words: &[Token<'_>], end: usize, to: usize) -> bool {
        let names = words.iter().any(|token| matches!(&token.word, Word::Phrase(senses) if senses.label.is_some()));
        !names
            && self.state.time == Time::Ours
            && opens_comparison(self.tokens, end + 1)
            && changes_by_an_amount(self.tokens, end + 2, to)
    }
}

/// The index of the mark that ends the clause; one inside a bracket does not. At the end of the words, their number.
fn end_of_clause(tokens: &[Token<'_>], from: usize, to: usize) -> Option<usize> {
    let mut at = from;
    while at < to {
        match tokens[at].word {
            Word::Mark(',' | ';' | '。') => break,
            Word::Mark(':') | Word::Number(_) | Word::Ordinal => return None,
            Word::Open(close) if close >= to => return None,
            Word::Open(close) => at = close + 1,
            _ => at += 1,
        }
    }
    (at > from).then_some(at)
}

/// The word sets what would go on behind the clause: a year, a measure.
fn tells_of_others(token: &Token<'_>) -> bool {
    is_measure(token)
        || matches!(&token.word, Word::Phrase(Senses { word: Some(WordSense::Time(TimeWord::Prior)), .. }))
}

/// 无, 没有: of what its clause speaks of.
fn negates(token: &Token<'_>) -> bool {
    matches!(&token.word, Word::Phrase(Senses { word: Some(WordSense::Negation), .. }))
}

fn is_measure(token: &Token<'_>) -> bool {
    matches!(&token.word, Word::Phrase(Senses { word: Some(WordSense::Measure(_)), .. }))
}

/// The phrase sets nothing, or what it sets ends with the clause.
fn is_free(senses: &Senses) -> bool {
    // 公务接待: named anew behind the clause, or what is told there has no label.
    if senses.label.is_some() || senses.category || senses.authority {
        return true;
    }
    match senses.word {
        None => !matches!(senses.unit, Some(Unit::Money(_) | Unit::Percent)),
        Some(word) => matches!(
            word,
            WordSense::Link
                | WordSense::PartsBehindAmount
                | WordSense::Joiner
                | WordSense::Itself
                | WordSense::Direction(_)
                | WordSense::Example
                | WordSense::EndsExamples
                | WordSense::RepeatsUnit
                | WordSense::Aside
                | WordSense::Comparison(ComparisonWord::OpenIfClosed)
                | WordSense::Time(TimeWord::Current)
        ),
    }
}

/// The word has no meaning wherever it stands.
fn says_nothing(token: &Token<'_>) -> bool {
    match &token.word {
        Word::UnitName | Word::Year(_) | Word::Mark('、') => true,
        Word::Phrase(senses) => {
            senses.label.as_ref().is_none_or(|label| label.only == Some(Only::Weak))
                && matches!(
                    senses.word,
                    Some(
                        WordSense::Link
                            | WordSense::PartsBehindAmount
                            | WordSense::Joiner
                            | WordSense::Itself
                            | WordSense::Time(TimeWord::Current)
                    )
                )
        }
        _ => false,
    }
}
