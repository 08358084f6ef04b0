//! What stands directly behind a number and changes what it is: a noun that its counter counts, a threshold, a word that is not known.

use super::tokens::{Number, Token, Word};
use crate::mapping::{Unit, WordSense};

/// A unit that is not known, or a noun that a bare counter counts, stands directly behind a number.
pub(super) fn look_behind_numbers(tokens: &mut [Token<'_>], text: &str) {
    for index in 0..tokens.len() {
        let behind = match (&tokens[index].word, tokens.get(index + 1)) {
            (Word::Number(number), Some(next)) if is_noun(number, next) => Some(text[next.start..next.end].to_owned()),
            _ => None,
        };
        if let (Some(behind), Word::Number(number)) = (behind, &mut tokens[index].word) {
            number.behind = Some(behind);
        }
    }
}

/// The word behind a number changes what the number is: nothing known, a threshold, or what a bare counter counts.
fn is_noun(number: &Number, next: &Token<'_>) -> bool {
    match &next.word {
        Word::Unknown => true,
        Word::UnitName => matches!(number.unit, Some(Unit::Count(_))),
        Word::Phrase(senses) if senses.threshold => true,
        Word::Phrase(senses) => {
            let bare_counter = matches!(&number.unit, Some(Unit::Count(unit)) if matches!(&**unit, "个" | "批次"));
            // 2辆轿车
            let counts_another = matches!(number.unit, Some(Unit::Count(_))) && senses.word == Some(WordSense::Blocker);
            counts_another && senses.label.is_none()
                || bare_counter
                    && !senses.particle
                    && senses.label.is_none()
                    && matches!(
                        senses.word,
                        Some(
                            WordSense::Link
                                | WordSense::Itself
                                | WordSense::RepeatsUnit
                                | WordSense::Blocker
                                | WordSense::Average
                        )
                    )
        }
        _ => false,
    }
}
