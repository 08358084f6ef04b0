//! The sentences that were cut lately: one that was cut before is not cut again, since the units of a pile fill in one template, so
//! that most of their sentences differ in nothing but their amounts.
//!
//! What a cut depends on is in [`Sentence`] and nowhere else, and all of it is in the key under which the cut is kept; only
//! the digits of amounts with decimals are not, on which no word of a cut depends.

use std::cell::RefCell;

use super::runs::RunFate;
use super::tokens::{Token, Word, without_phrase};
use super::uncut::Sentence;
use crate::mapping::Lexicon;
use crate::model::{Identity, Map};

/// A sentence as it was cut, in as few bytes as will do: it is dearer to fetch many than to cut it again.
#[derive(Debug)]
pub(super) struct Kept {
    words: Box<[KeptToken]>,
    /// The words that are not told by a number.
    others: Box<[Word<'static>]>,
    /// Where each run ended, and its fate.
    runs: Box<[(u16, RunFate)]>,
}

#[derive(Clone, Copy, Debug)]
struct KeptToken {
    start: u16,
    end: u16,
    word: KeptWord,
}

/// A word that does not refer to the lexicon.
#[derive(Clone, Copy, Debug)]
enum KeptWord {
    /// The phrase with this number.
    Phrase(u32),
    Year(i32),
    Mark(char),
    Open(u32),
    Close,
    Unknown,
    /// One of the others.
    Other(u32),
}

impl Kept {
    /// What may be kept: a cut in which each amount that the key leaves out is a number, and part of no other word.
    pub(super) fn of(
        sentence: &Sentence<'_>,
        tokens: &[Token<'_>],
        fates: &[RunFate],
        lexicon: &Lexicon,
    ) -> Option<Kept> {
        for (index, run) in sentence.runs().enumerate().filter(|(_, run)| is_amount(&sentence.text[run.start..run.end]))
        {
            let mut over = tokens.iter().filter(|token| token.start < run.end && run.start < token.end);
            let is_its_number = |token: &Token<'_>| {
                matches!(&token.word, Word::Number(number) if number.run == index)
                    && token.start <= run.start
                    && run.end <= token.end
            };
            if !over.next().is_some_and(is_its_number) || over.next().is_some() {
                return None;
            }
        }
        let mut others = Vec::new();
        let mut other = |word: Word<'static>| {
            others.push(word);
            KeptWord::Other(others.len() as u32 - 1)
        };
        let words = tokens.iter().map(|token| {
            let word = match &token.word {
                Word::Phrase(senses) => match lexicon.number_of(senses) {
                    Some(number) => KeptWord::Phrase(number),
                    None => other(Word::Phrase(without_phrase(senses)?)),
                },
                Word::UnitName => other(Word::UnitName),
                Word::Number(number) => other(Word::Number(number.clone())),
                Word::Year(year) => KeptWord::Year(*year),
                Word::Years => other(Word::Years),
                Word::Ordinal => other(Word::Ordinal),
                Word::Mark(mark) => KeptWord::Mark(*mark),
                Word::Open(close) => KeptWord::Open(u32::try_from(*close).ok()?),
                Word::Close => KeptWord::Close,
                Word::Function(function) => other(Word::Function(function.clone())),
                Word::Unknown => KeptWord::Unknown,
            };
            Some(KeptToken { start: token.start.try_into().ok()?, end: token.end.try_into().ok()?, word })
        });
        let words = words.collect::<Option<_>>()?;
        let ends = sentence.runs().map(|run| u16::try_from(run.end).ok());
        let runs = ends.zip(fates).map(|(end, fate)| Some((end?, fate.clone()))).collect::<Option<_>>()?;
        Some(Kept { words, others: others.into(), runs })
    }

    /// Puts the words behind others, at their places in a sentence that differs in the digits of its amounts.
    pub(super) fn put<'a>(
        &self,
        sentence: &Sentence<'_>,
        lexicon: &'a Lexicon,
        tokens: &mut Vec<Token<'a>>,
    ) -> Vec<RunFate> {
        let mut ends =
            self.runs.iter().zip(sentence.runs()).map(|((then, _), now)| (usize::from(*then), now.end)).peekable();
        // Where the last run that was passed ended then, and where it ends now.
        let mut passed = (0, 0);
        let mut shifted = |at: u16| {
            while let Some(run) = ends.next_if(|(then, _)| *then <= usize::from(at)) {
                passed = run;
            }
            usize::from(at) - passed.0 + passed.1
        };
        tokens.extend(self.words.iter().map(|token| {
            let (start, end) = (shifted(token.start), shifted(token.end));
            let word = match token.word {
                KeptWord::Phrase(number) => Word::Phrase(lexicon.numbered(number)),
                KeptWord::Year(year) => Word::Year(year),
                KeptWord::Mark(mark) => Word::Mark(mark),
                KeptWord::Open(close) => Word::Open(close as usize),
                KeptWord::Close => Word::Close,
                KeptWord::Unknown => Word::Unknown,
                KeptWord::Other(at) => self.others[at as usize].clone(),
            };
            Token { start, end, word }
        }));
        self.runs.iter().map(|(_, fate)| fate.clone()).collect()
    }
}

/// Digits with decimals: neither a year nor an ordinal, a code or a day.
fn is_amount(digits: &str) -> bool {
    digits.contains('.')
}

thread_local! {
    pub(super) static MEMORY: RefCell<Memory> = RefCell::default();
}

/// What cuts are made with: the lexicon and the code lists.
type Made = (Identity, Identity);

/// The sentences that a thread has cut lately, by their keys.
#[derive(Debug, Default)]
pub(super) struct Memory {
    of: Option<Made>,
    recent: Map<Box<str>, Kept>,
    /// Those that were recent before; what is asked for becomes recent again.
    older: Map<Box<str>, Kept>,
    /// Room for the key that is looked up.
    key: String,
}

/// Recent sentences that are kept; a template has some thousand.
const MOST: usize = 4_000;

/// Longer sentences, in bytes, are not kept.
const LONGEST: usize = 1_500;

impl Memory {
    pub(super) fn recall(&mut self, of: Made, year: i32, sentence: &Sentence<'_>) -> Option<&Kept> {
        if self.of != Some(of) {
            *self = Memory { of: Some(of), ..Memory::default() };
        }
        if !write_key(&mut self.key, year, sentence) {
            return None;
        }
        if let Some((key, kept)) = self.older.remove_entry(&*self.key) {
            self.insert(key, kept);
        }
        self.recent.get(&*self.key)
    }

    pub(super) fn keep(&mut self, of: Made, year: i32, sentence: &Sentence<'_>, kept: Kept) {
        if self.of == Some(of) && write_key(&mut self.key, year, sentence) {
            self.insert(self.key.as_str().into(), kept);
        }
    }

    fn insert(&mut self, key: Box<str>, kept: Kept) {
        if self.recent.len() >= MOST {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(key, kept);
    }
}

/// Marks in keys: control characters, which no folded text has.
mod mark {
    pub(super) const UNIT: char = '\u{1}';
    pub(super) const UNIT_ENDS: char = '\u{2}';
    pub(super) const DASH: char = '\u{3}';
    pub(super) const RUN: char = '\u{4}';
    pub(super) const RUN_ENDS: char = '\u{5}';
    pub(super) const AMOUNT: char = '\u{6}';
    pub(super) const ZERO: char = '\u{7}';
}

/// Writes everything that the cut of a sentence depends on, but for what it is made with. `false` where it cannot be told, or
/// is too long to be kept.
fn write_key(key: &mut String, year: i32, sentence: &Sentence<'_>) -> bool {
    key.clear();
    // The ordinal at its beginning, which is told by the paragraph.
    let Some(begin) = u8::try_from(sentence.begin).ok().filter(|_| sentence.text.len() <= LONGEST) else {
        return false;
    };
    // Headings are read without a year (0), and a pile has several.
    let Some(year) = u32::try_from(year).ok().and_then(char::from_u32) else { return false };
    key.extend([char::from(begin), year]);
    let mut at = 0;
    for run in sentence.runs {
        let (digits, start, end) = sentence.digits(run);
        write_text(key, sentence, at, start);
        key.push(mark::RUN);
        if is_amount(digits) {
            if sentence.units().any(|(from, to)| (start < from && from < end) || (start < to && to < end)) {
                return false;
            }
            write_units(key, sentence, start);
            let is_zero = !digits.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
            key.push(if is_zero { mark::ZERO } else { mark::AMOUNT });
            key.push_str(digits.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')));
        } else {
            write_text(key, sentence, start, end);
        }
        key.push(mark::RUN_ENDS);
        at = end;
    }
    write_text(key, sentence, at, sentence.text.len());
    write_units(key, sentence, sentence.text.len());
    true
}

/// Writes the bytes `from..to` of a sentence, with what is known of them.
fn write_text(key: &mut String, sentence: &Sentence<'_>, from: usize, to: usize) {
    let text = &sentence.text[from..to];
    if sentence.units.is_empty() && sentence.dashes.is_empty() {
        key.push_str(text);
        return;
    }
    for (index, character) in text.char_indices() {
        write_units(key, sentence, from + index);
        let minus = character != '-' || sentence.written_is_minus(from + index);
        key.push(if minus { character } else { mark::DASH });
    }
}

/// Writes that names of the unit end or begin at a byte.
fn write_units(key: &mut String, sentence: &Sentence<'_>, at: usize) {
    for (start, end) in sentence.units() {
        if end == at {
            key.push(mark::UNIT_ENDS);
        }
        if start == at {
            key.push(mark::UNIT);
        }
    }
}

/// Forgets every sentence, so that the next ones are cut anew.
#[cfg(test)]
pub(super) fn forget() {
    MEMORY.set(Memory::default());
}
