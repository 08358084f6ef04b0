//! Cutting a paragraph into words, sentence by sentence.

use super::kept::{Kept, MEMORY};
use super::runs::{RunFate, parted, runs};
use super::text::Paragraph;
use super::tokens::{Cut, Token, Word, Words};
use super::uncut::{Sentence, sentence_end};
use super::unit_names::unit_spans;

impl<'a> Words<'a> {
    /// Cuts a paragraph.
    pub(super) fn cut(self, paragraph: &Paragraph) -> Cut<'a> {
        let text = paragraph.text.as_str();
        let (ordinal, begin) = paragraph.ordinal();
        let mut runs = runs(paragraph, self.lexicon, self.blank_groups);
        let units = unit_spans(text, self.unit_names, self.lexicon.parts());
        let mut tokens = Vec::with_capacity(text.len() / 6 + 4);
        let (mut start, mut first_run) = (0, 0);
        while start < text.len() {
            let end = sentence_end(text, start.max(begin));
            let behind_run = first_run + runs[first_run..].partition_point(|run| run.start < end);
            let within = |(from, _): &(usize, usize)| *from;
            let sentence = Sentence {
                text: &text[start..end],
                begin: begin.saturating_sub(start),
                start,
                runs: &runs[first_run..behind_run],
                units: part(&units, within, start, end),
                dashes: part(paragraph.dashes(), |at| *at, start, end),
            };
            let first_token = tokens.len();
            let fates = self.words_of(sentence, &mut tokens);
            for token in &mut tokens[first_token..] {
                token.start += start;
                token.end += start;
                match &mut token.word {
                    Word::Number(number) => number.run += first_run,
                    Word::Open(close) => *close += first_token,
                    _ => {}
                }
            }
            for (run, fate) in runs[first_run..behind_run].iter_mut().zip(fates) {
                run.fate = fate;
            }
            (start, first_run) = (end, behind_run);
        }
        // What stands beside a number may be in the next sentence, and what parts its lines in no key.
        for token in &mut tokens {
            if let Word::Number(number) = &mut token.word {
                number.parted = parted(paragraph, &runs[number.run], number.unit.as_ref());
            }
        }
        Cut { ordinal, tokens, runs }
    }

    /// Puts the words of a sentence behind others, and tells the fates of its runs.
    fn words_of(self, sentence: Sentence<'_>, tokens: &mut Vec<Token<'a>>) -> Vec<RunFate> {
        let of = (self.lexicon.identity, self.codes.identity);
        let year = self.fiscal_year;
        let known = MEMORY.with_borrow_mut(|memory| {
            memory.recall(of, year, &sentence).map(|kept| kept.put(&sentence, self.lexicon, tokens))
        });
        if let Some(fates) = known {
            return fates;
        }
        let (cut, fates) = self.cut_sentence(&sentence);
        if let Some(kept) = Kept::of(&sentence, &cut, &fates, self.lexicon) {
            MEMORY.with_borrow_mut(|memory| memory.keep(of, year, &sentence, kept));
        }
        tokens.extend(cut);
        fates
    }
}

/// The things in order that stand within `start..end`.
fn part<T>(things: &[T], at: impl Fn(&T) -> usize, start: usize, end: usize) -> &[T] {
    let first = things.partition_point(|thing| at(thing) < start);
    let behind = things.partition_point(|thing| at(thing) < end);
    &things[first..behind]
}
