//! Lists of the economic classification in a sentence: 人员经费360万元，主要包括：基本工资120.10万元、津贴补贴80.20万元.
//!
//! Their names are those of the code list, not of the lexicon: elsewhere in an explanation 办公费 and 差旅费 only illustrate.

use std::ops::Range;
use std::sync::Arc;

use super::Reader;
use super::joining::Piece;
use super::naming::{Named, Told};
use super::reading::Reading;
use super::sentence::Time;
use super::text::Paragraph;
use super::tokens::{Token, Word};
use crate::mapping::{LabelSense, Senses, Unit, WordSense};
use crate::model::{Fate, Label, Measure};

/// A name with an amount behind it.
struct Expense {
    /// The words of the name.
    name: Range<usize>,
    /// The word that is the amount.
    amount: usize,
    /// The code that bears the name; `None` where no kind of what is divided does.
    code: Option<Arc<str>>,
    /// The run of the code that is written behind the name.
    written: Option<usize>,
}

impl Reading<'_, '_> {
    /// Reads the list that the word at `at` opens; gives the word behind it. `None` where none stands there.
    ///
    /// Only where the amount of what is divided was told, or the sentence opens with its label, and half of the names or more are known: the
    /// others are left over.
    pub(super) fn expenses(&mut self, at: usize, to: usize) -> Option<usize> {
        if !matches!(self.tokens[at].word, Word::Phrase(senses) if opens(senses)) {
            return None;
        }
        let divided = self.divided_expense(at)?;
        let item = self.reader.words.lexicon.expenses().item.clone()?;
        let begin = at + 1 + usize::from(matches!(self.tokens.get(at + 1)?.word, Word::Mark(':')));
        let (expenses, end) = self.expenses_from(begin, to, &divided)?;
        let known = expenses.iter().filter(|expense| expense.code.is_some()).count();
        if known < 2 || known * 2 < expenses.len() {
            return None;
        }
        self.open_list(at, false);
        for expense in &expenses {
            let name = self.name_of(&expense.name);
            let part = Named {
                words: format!("{} › {name}", divided.words).into(),
                items: [item.clone()].into(),
                counts: Arc::from([]),
                economic: expense.code.clone().unwrap_or_default(),
                only: None,
                listed: true,
                told: Told::Nothing,
                doubt: expense.code.is_none().then(|| name.to_owned()),
                ..divided.clone()
            };
            self.govern(part);
            self.number(expense.amount, to);
            if let Some(written) = expense.written {
                self.runs[written].fate = Some((Fate::Ignored, "code".into()));
            }
        }
        self.state.list = None;
        self.govern(divided);
        Some(end)
    }

    /// What governs, where such lists divide it, its amount was told and nothing is in doubt.
    fn divided_expense(&self, at: usize) -> Option<Named> {
        let state = &self.state;
        let [named] = state.subject.as_slice() else { return None };
        let [item] = &*named.items else { return None };
        let clear =
            state.time == Time::Ours && state.doubt().is_none() && state.hard.is_none() && !state.pending.cumulative;
        // 人员经费360万元，较上年增加3万元，主要包括：基本工资2万元: those may be the parts of the change.
        let told =
            named.told == Told::Amount(Measure::Final) || named.told == Told::Nothing && self.opens_with_label(at);
        let told = named.doubt.is_none() && told && !named.compared;
        let divides = named.function.is_empty() && self.reader.words.lexicon.expenses().divided.contains_key(item);
        (clear && told && divides).then(|| named.clone())
    }

    /// 人员经费主要包括：基本工资2万元: the sentence begins with the label directly before the word.
    fn opens_with_label(&self, at: usize) -> bool {
        let begins = |label: usize| match label.checked_sub(1).map(|before| &self.tokens[before].word) {
            None | Some(Word::Mark('。') | Word::Ordinal) => true,
            Some(_) => false,
        };
        at.checked_sub(1).is_some_and(|label| self.tokens[label].names_item() && begins(label))
    }

    /// The names with amounts that begin at a word, and the word at which they end: a mark, or the end of the words.
    fn expenses_from(&self, from: usize, to: usize, divided: &Named) -> Option<(Vec<Expense>, usize)> {
        let mut expenses = Vec::new();
        let mut next = from;
        loop {
            // 1.基本工资120.10万元；2.津贴补贴80.20万元
            let is_ordinal = self.tokens[..to].get(next).is_some_and(|token| matches!(token.word, Word::Ordinal));
            let at = next + usize::from(is_ordinal);
            if next > from && self.names_divided(at) {
                return Some((expenses, next - 1));
            }
            let Some(expense) = self.expense(at, to, divided) else {
                // What follows a comma may be of the last one, or of all.
                let over = next > from && matches!(self.tokens[next - 1].word, Word::Mark(';'));
                return over.then_some((expenses, next - 1));
            };
            let behind = expense.amount + 1;
            expenses.push(expense);
            match self.tokens[..to].get(behind).map(|token| &token.word) {
                None | Some(Word::Mark('。')) => return Some((expenses, behind)),
                Some(Word::Mark('、' | ',' | ';')) => next = behind + 1,
                Some(_) if self.is_joiner(behind) => next = behind + 1,
                Some(Word::Phrase(Senses { word: Some(WordSense::EndsExamples), .. })) => {
                    return Some((expenses, behind));
                }
                Some(_) => return None,
            }
        }
    }

    /// The name with an amount that begins at a word.
    fn expense(&self, at: usize, to: usize, divided: &Named) -> Option<Expense> {
        let stops = |at: &usize| {
            matches!(self.tokens[*at].word, Word::Number(_) | Word::Mark(_)) || self.code_in_bracket(*at).is_some()
        };
        let stop = (at..to).find(stops)?;
        let written = self.code_in_bracket(stop);
        // 基本工资（30101）120.10万元
        let amount = if written.is_some() { stop + 3 } else { stop };
        let Word::Number(number) = &self.tokens[..to].get(amount)?.word else { return None };
        let is_link = |token: &Token<'_>| {
            matches!(token.word, Word::Phrase(Senses { word: Some(WordSense::Link), label: None, .. }))
        };
        let links = self.tokens[at..stop].iter().rev().take_while(|token| is_link(token)).count();
        let name = at..stop - links;
        let plain = matches!(number.unit, Some(Unit::Money(_))) && !number.minus && number.behind.is_none();
        if name.is_empty() || !plain {
            return None;
        }
        let code = self.code_of_expense(self.name_of(&name), divided).or_else(|| self.code_of_label(&name, divided));
        let code = code.filter(|code| written.is_none_or(|(_, written)| **code == *written));
        // 比上年增加5万元 is no name.
        if code.is_none() && !self.tokens[name.clone()].iter().all(may_name) {
            return None;
        }
        Some(Expense { name, amount, code, written: written.map(|(run, _)| run) })
    }

    /// The code that stands alone in the bracket which opens at a word, and its run.
    fn code_in_bracket(&self, at: usize) -> Option<(usize, &str)> {
        const DIGITS: usize = 5;
        let (Word::Open(close), Word::Number(number)) = (&self.tokens[at].word, &self.tokens.get(at + 1)?.word) else {
            return None;
        };
        let run = &self.runs[number.run];
        let code = &self.paragraph.text[run.start..run.end];
        let alone = *close == at + 2 && number.unit.is_none() && code.len() == DIGITS;
        (alone && code.bytes().all(|byte| byte.is_ascii_digit())).then_some((number.run, code))
    }

    /// …；公用经费50万元，包括…: what such lists divide is named anew.
    fn names_divided(&self, at: usize) -> bool {
        // 工资福利支出 is a part of it.
        let is_whole = |label: &LabelSense| label.economic.is_none();
        let divided = |item: &Arc<str>| self.reader.words.lexicon.expenses().divided.contains_key(item);
        matches!(
            self.tokens.get(at).map(|token| &token.word),
            Some(Word::Phrase(Senses { label: Some(label), .. })) if is_whole(label) && label.items.iter().any(divided)
        )
    }

    fn name_of(&self, words: &Range<usize>) -> &str {
        &self.paragraph.text[self.tokens[words.start].start..self.tokens[words.end - 1].end]
    }

    /// 对个人和家庭补助支出: the code of a kind of expense that the lexicon calls otherwise than the list of codes, where all kinds are divided.
    fn code_of_label(&self, words: &Range<usize>, divided: &Named) -> Option<Arc<str>> {
        let [Token { word: Word::Phrase(Senses { label: Some(label), .. }), .. }] = &self.tokens[words.clone()] else {
            return None;
        };
        let group = self.reader.words.lexicon.expenses().divided.get(divided.items.first()?)?;
        let whole = group.is_none() && divided.economic.is_empty();
        label.economic.clone().filter(|_| whole && label.items == divided.items)
    }

    /// The code of the economic classification that bears a name in the year, among the kinds of what is divided.
    fn code_of_expense(&self, name: &str, divided: &Named) -> Option<Arc<str>> {
        let words = &self.reader.words;
        let group = words.lexicon.expenses().divided.get(divided.items.first()?)?.as_deref();
        let codes = |name: &str| words.codes.economic.codes_of_group(name, group, words.fiscal_year);
        // 印刷费支出 is 印刷费.
        let mut ends = words.lexicon.parts().expenditure.iter();
        let found = match codes(name) {
            found if found.is_empty() => ends.find_map(|end| name.strip_suffix(end.as_str())).map_or(found, codes),
            found => found,
        };
        let mut found = found.into_iter().filter(|code| code.starts_with(&*divided.economic));
        let code = found.next()?;
        found.next().is_none().then_some(code)
    }
}

impl<'a> Reader<'a> {
    /// 人员经费360万元，主要包括： / 1.基本工资120.10万元； / 2.津贴补贴80.20万元。: the line is the next one of a list that the lines before it opened.
    pub(super) fn lists_an_expense(&self, before: &Piece<'a>, next: &Piece<'a>) -> bool {
        let tokens = &before.cut.tokens;
        let Some(Word::Mark(':' | ';')) = tokens.last().map(|token| &token.word) else { return false };
        let opens = |at: &usize| {
            let mark = matches!(tokens.get(at + 1).map(|next| &next.word), Some(Word::Mark(':')));
            mark && matches!(&tokens[*at].word, Word::Phrase(senses) if opens(senses))
        };
        let Some(opened) = (0..tokens.len()).rev().find(opens) else { return false };
        let divided = |item: &Arc<str>| self.words.lexicon.expenses().divided.contains_key(item);
        let divides = tokens[..opened].iter().any(|token| match &token.word {
            Word::Phrase(Senses { label: Some(label), .. }) => label.items.iter().any(divided),
            _ => false,
        });
        divides
            && tokens[opened + 2..]
                .split(|token| matches!(token.word, Word::Mark(';')))
                .all(|part| part.is_empty() || self.is_expense(&before.paragraph, part))
            && {
                let part = &next.cut.tokens;
                let ends = matches!(part.last().map(|token| &token.word), Some(Word::Mark(';' | '。')));
                self.is_expense(&next.paragraph, &part[..part.len() - usize::from(ends)])
            }
    }

    /// 1.基本工资120.10万元: a name that the economic classification has, and an amount.
    fn is_expense(&self, paragraph: &Paragraph, part: &[Token<'_>]) -> bool {
        let part = &part[usize::from(matches!(part.first().map(|token| &token.word), Some(Word::Ordinal)))..];
        let [first, middle @ .., amount] = part else { return false };
        let last = middle.last().unwrap_or(first);
        let name = Label::new(&paragraph.text[first.start..last.end]);
        matches!(&amount.word, Word::Number(number) if matches!(number.unit, Some(Unit::Money(_))))
            && self.words.codes.economic.knows_name(&name)
    }
}

/// The word opens such a list.
fn opens(senses: &Senses) -> bool {
    matches!(senses.word, Some(WordSense::PartsOpen | WordSense::PartsOrReason | WordSense::Purpose))
}

/// The word may be part of a name that no kind of expense bears.
fn may_name(token: &Token<'_>) -> bool {
    match &token.word {
        Word::Unknown | Word::Open(_) | Word::Close | Word::Function(_) => true,
        Word::Phrase(senses) => {
            senses.label.is_some()
                || senses.category
                || matches!(senses.word, None | Some(WordSense::Example | WordSense::Link))
        }
        _ => false,
    }
}
