//! What the words ahead tell: whether a statement opens, what a comparison runs to, and whether a label has a number.

use super::tokens::{Token, Word, is_number};
use crate::mapping::{ComparisonWord, Lexicon, Only, Senses, TimeWord, Unit, WordSense};
use crate::model::Measure;

/// The phrase is one of those that statements are made of.
pub(super) fn speaks(senses: &Senses) -> bool {
    let label = senses.label.as_ref().is_some_and(|label| label.only != Some(Only::Weak));
    label
        || senses.category
        || matches!(
            senses.word,
            Some(
                WordSense::Measure(_)
                    | WordSense::Completion(_)
                    | WordSense::Time(TimeWord::Prior | TimeWord::Other)
                    | WordSense::PartsOpen
                    | WordSense::PartsDivide
                    | WordSense::PartsClose
                    | WordSense::Comparison(ComparisonWord::Open | ComparisonWord::Close | ComparisonWord::Prior)
            )
        )
}

/// The phrase names nothing but what is counted: 接待.
pub(super) fn is_only_counted(senses: &Senses) -> bool {
    senses.label.as_ref().is_some_and(|label| label.items.is_empty())
}

/// A statement opens at `from`, behind a mark: a whole comparison, 占, 完成, or a label that runs on to its number.
pub(super) fn statement_opens(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    let mut at = from;
    let mut behind_date = false;
    while at < to {
        match &tokens[at].word {
            Word::Year(_) | Word::Ordinal | Word::UnitName => behind_date = true,
            Word::Mark(',') if behind_date => {}
            // 其中：
            Word::Mark(':') if at > from && opens_parts(&tokens[at - 1]) => {}
            // 共接待46批次: a word that leads to labels is one itself directly before a number.
            Word::Phrase(senses) if senses.label.is_some() && tokens[..to].get(at + 1).is_some_and(is_number) => {
                return label_runs_to_number(tokens, at, to);
            }
            Word::Phrase(senses) => match senses.word {
                Some(WordSense::Share | WordSense::Completion(_)) => return true,
                Some(WordSense::Comparison(ComparisonWord::OpenIfClosed | ComparisonWord::Open)) => {
                    return is_whole_comparison(tokens, at, to);
                }
                Some(
                    WordSense::Time(TimeWord::Current)
                    | WordSense::Link
                    | WordSense::PartsBehindAmount
                    | WordSense::Itself,
                ) => behind_date = true,
                Some(WordSense::PartsOpen | WordSense::PartsDivide) => behind_date = true,
                _ => return label_runs_to_number(tokens, at, to) || label_is_completed(tokens, at, to),
            },
            Word::Function(_) => return label_runs_to_number(tokens, at, to),
            _ => return false,
        }
        at += 1;
    }
    false
}

/// The word is 其中 or the like.
fn opens_parts(token: &Token<'_>) -> bool {
    matches!(&token.word, Word::Phrase(senses) if matches!(senses.word, Some(WordSense::PartsOpen | WordSense::PartsDivide)))
}

/// …；支出完成年初预算110.90%: a label, and directly behind it a completion with its rate. 支出 alone only behind a semicolon.
fn label_is_completed(tokens: &[Token<'_>], at: usize, to: usize) -> bool {
    let behind_semicolon = at.checked_sub(1).is_some_and(|before| matches!(tokens[before].word, Word::Mark(';')));
    let [first, second, third, ..] = &tokens[at..to] else { return false };
    let names =
        |senses: &Senses| senses.label.as_ref().is_some_and(|label| label.only != Some(Only::Weak) || behind_semicolon);
    let completes = |senses: &Senses| matches!(senses.word, Some(WordSense::Completion(_)));
    matches!(first.word, Word::Phrase(senses) if names(senses))
        && matches!(second.word, Word::Phrase(senses) if completes(senses))
        && matches!(&third.word, Word::Number(number) if matches!(number.unit, Some(Unit::Percent)))
}

/// The word is 增加, 下降 or the like.
pub(super) fn is_direction(token: Option<&Token<'_>>) -> bool {
    let direction = |senses: &Senses| matches!(senses.word, Some(WordSense::Direction(_)));
    matches!(token.map(|token| &token.word), Some(Word::Phrase(senses)) if direction(senses))
}

/// The statement that opens at `from` is a comparison, and begins with it.
pub(super) fn opens_comparison(tokens: &[Token<'_>], from: usize) -> bool {
    matches!(
        tokens.get(from).map(|token| &token.word),
        Some(Word::Phrase(Senses {
            word: Some(WordSense::Comparison(ComparisonWord::OpenIfClosed | ComparisonWord::Open)),
            ..
        }))
    )
}

/// 年初预算为80万元: a budget without a label, and its amount.
pub(super) fn tells_budget(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    let word = |at: usize| match tokens[..to].get(at).map(|token| &token.word) {
        Some(Word::Phrase(senses)) if senses.label.is_none() => senses.word,
        _ => None,
    };
    let budget = matches!(word(from), Some(WordSense::Measure(Measure::Budget | Measure::AdjustedBudget)));
    let behind = (from + 1..to).find(|at| word(*at) != Some(WordSense::Link)).unwrap_or(to);
    let amount = |token: &Token<'_>| match &token.word {
        Word::Number(number) => matches!(number.unit, Some(Unit::Money(_))),
        _ => false,
    };
    budget && tokens[..to].get(behind).is_some_and(amount)
}

/// 决算数较上年减少2万元: where what is compared stands again by its measure alone, the comparison behind it.
pub(super) fn behind_final(tokens: &[Token<'_>], from: usize, to: usize) -> usize {
    let is_final = |token: &&Token<'_>| match &token.word {
        Word::Phrase(senses) => senses.label.is_none() && senses.word == Some(WordSense::Measure(Measure::Final)),
        _ => false,
    };
    from + tokens[from..to].iter().take_while(is_final).count()
}

/// 上年度决算减少2万元: times and measures, a direction, an amount of money.
pub(super) fn changes_by_an_amount(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    let mut directed = false;
    for (at, token) in tokens.iter().enumerate().take(to).skip(from) {
        match &token.word {
            Word::Year(_) if !directed => {}
            Word::Phrase(senses) => match senses.word {
                Some(WordSense::Time(_) | WordSense::Measure(_) | WordSense::Link | WordSense::PartsBehindAmount)
                    if !directed => {}
                Some(WordSense::Direction(_)) if !directed => directed = true,
                _ => return false,
            },
            Word::Number(number) => {
                return directed && matches!(number.unit, Some(Unit::Money(_))) && !tells_of_itself(tokens, at, to);
            }
            _ => return false,
        }
    }
    false
}

/// 增加5万元的项目款, 增加5万元用于某工程: what stands behind a number says what it is, so that it need not be all of what moved.
fn tells_of_itself(tokens: &[Token<'_>], number: usize, to: usize) -> bool {
    match tokens[..to].get(number + 1).map(|next| &next.word) {
        Some(Word::Phrase(senses)) => {
            let says = matches!(senses.word, Some(WordSense::Link | WordSense::Purpose)) || senses.label.is_some();
            says && !reason_opens(tokens, number + 1, to)
        }
        Some(Word::Unknown | Word::Function(_)) => true,
        _ => false,
    }
}

/// 的主要原因是: known words without a meaning lead to what opens a reason.
fn reason_opens(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    let sense = |token: &Token<'_>| match &token.word {
        Word::Phrase(senses) => senses.word,
        _ => None,
    };
    let behind = tokens[from..to].iter().map(sense).find(|sense| *sense != Some(WordSense::Link));
    behind == Some(Some(WordSense::Reason))
}

/// 本年支出较2019年度增加50万元: a label, and a comparison with its direction and amount.
pub(super) fn label_changes(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    let mut labelled = false;
    for (at, token) in tokens.iter().enumerate().take(to).skip(from) {
        match &token.word {
            Word::Function(_) => labelled = true,
            Word::Year(_) | Word::UnitName => {}
            Word::Phrase(senses) => match senses.word {
                _ if senses.label.is_some() || senses.category => {
                    labelled |= senses.label.as_ref().is_none_or(|label| label.only.is_none());
                }
                Some(WordSense::Comparison(ComparisonWord::Open | ComparisonWord::OpenIfClosed)) => {
                    let behind = behind_whole_comparison(tokens, at, to).unwrap_or(at + 1);
                    return labelled && changes_by_an_amount(tokens, behind, to);
                }
                Some(
                    WordSense::Link
                    | WordSense::PartsBehindAmount
                    | WordSense::Itself
                    | WordSense::Measure(_)
                    | WordSense::Funding(_)
                    | WordSense::Time(TimeWord::Current),
                ) => {}
                _ => return false,
            },
            _ => return false,
        }
    }
    false
}

/// 与上年相比: opened, with a time or a measure, and closed, all of it known.
fn is_whole_comparison(tokens: &[Token<'_>], at: usize, to: usize) -> bool {
    for token in &tokens[at + 1..to] {
        match &token.word {
            Word::Year(_) => {}
            Word::Phrase(senses) => match senses.word {
                Some(WordSense::Comparison(ComparisonWord::Close)) => return true,
                Some(WordSense::Time(_) | WordSense::Measure(_) | WordSense::Link | WordSense::PartsBehindAmount) => {}
                _ => return false,
            },
            _ => return false,
        }
    }
    false
}

/// Where the words behind 与上年相比 and its comma begin.
fn behind_whole_comparison(tokens: &[Token<'_>], at: usize, to: usize) -> Option<usize> {
    let closes = |token: &Token<'_>| match &token.word {
        Word::Phrase(senses) => senses.word == Some(WordSense::Comparison(ComparisonWord::Close)),
        _ => false,
    };
    let close = at + tokens[at..to].iter().position(closes).filter(|_| is_whole_comparison(tokens, at, to))?;
    let comma = matches!(tokens[..to].get(close + 1).map(|next| &next.word), Some(Word::Mark(',')));
    Some(close + 1 + usize::from(comma))
}

/// 包括基本工资、津贴补贴等人员经费支出占基本支出的…: behind names alone, a label of theirs has a share.
pub(super) fn examples_have_a_share(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    let Some(end) = end_of_examples(tokens, from, to) else { return false };
    let labelled = senses_at(tokens, end + 1, to).is_some_and(|senses| senses.label.is_some());
    let mut behind = (end + 2..end + 4).filter_map(|at| senses_at(tokens, at, to));
    labelled && behind.any(|senses| senses.word == Some(WordSense::Share))
}

/// 包括基本工资、津贴补贴等支出60万元: behind names alone, an amount, which is all that the clause goes on to tell.
pub(super) fn examples_have_an_amount(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    let Some(end) = end_of_examples(tokens, from, to) else { return false };
    let is_spent = senses_at(tokens, end + 1, to)
        .and_then(|senses| senses.label.as_ref())
        .is_some_and(|label| label.only == Some(Only::Weak));
    let word = |at: usize| tokens[..to].get(at).map(|token| &token.word);
    let amount = matches!(word(end + 2), Some(Word::Number(number)) if matches!(number.unit, Some(Unit::Money(_))));
    is_spent && amount && matches!(word(end + 3), None | Some(Word::Mark(_)))
}

/// Where 等 stands behind names alone.
fn end_of_examples(tokens: &[Token<'_>], from: usize, to: usize) -> Option<usize> {
    let ends =
        |at: &usize| senses_at(tokens, *at, to).is_some_and(|senses| senses.word == Some(WordSense::EndsExamples));
    let names = |token: &Token<'_>| match &token.word {
        Word::Mark('、') => true,
        Word::Phrase(senses) => {
            matches!(senses.word, Some(WordSense::Example | WordSense::Joiner | WordSense::EndsExamples))
        }
        _ => false,
    };
    (from..to).find(ends).filter(|end| tokens[from..*end].iter().all(names))
}

/// The phrase at a place.
fn senses_at<'t>(tokens: &[Token<'t>], at: usize, to: usize) -> Option<&'t Senses> {
    match &tokens[..to].get(at)?.word {
        Word::Phrase(senses) => Some(*senses),
        _ => None,
    }
}

/// A label stands at `from` (links aside) and known words lead from it to a number that it can have.
pub(super) fn label_runs_to_number(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    let mut labelled = false;
    for token in &tokens[from..to] {
        match &token.word {
            Word::Function(_) => labelled = true,
            Word::Year(_) | Word::UnitName | Word::Mark('、') => {}
            Word::Mark(':') | Word::Ordinal if !labelled => {}
            Word::Phrase(senses) => {
                if let Some(label) = &senses.label {
                    labelled |= label.only != Some(Only::Weak);
                    continue;
                }
                if senses.category {
                    labelled = true;
                    continue;
                }
                match senses.word {
                    Some(WordSense::RepeatsUnit | WordSense::Distribute | WordSense::Each | WordSense::Cumulative)
                        if labelled => {}
                    Some(
                        WordSense::Link
                        | WordSense::PartsBehindAmount
                        | WordSense::Itself
                        | WordSense::Joiner
                        | WordSense::Measure(_)
                        | WordSense::Funding(_)
                        | WordSense::Time(TimeWord::Current),
                    ) => {}
                    Some(WordSense::Comparison(ComparisonWord::OpenIfClosed)) if labelled => {}
                    _ => return false,
                }
            }
            Word::Number(number) => {
                return labelled && matches!(number.unit, Some(Unit::Money(_) | Unit::Count(_) | Unit::Points));
            }
            _ => return false,
        }
    }
    false
}

/// A fully named count stands directly before its number (国内公务接待203批), or directly behind it (1个因公出国团组).
pub(super) fn counted_directly(tokens: &[Token<'_>], at: usize, to: usize, lexicon: &Lexicon) -> bool {
    let label = |token: &Token<'_>, unit: &str| match &token.word {
        Word::Phrase(Senses { label: Some(label), .. }) => {
            label.only.is_none() && label.counts.iter().any(|(of, _)| lexicon.counts_in(unit, of))
        }
        _ => false,
    };
    let count = |token: &Token<'_>| match &token.word {
        Word::Number(number) => match &number.unit {
            Some(Unit::Count(unit)) if number.behind.is_none() => Some(unit.clone()),
            _ => None,
        },
        _ => None,
    };
    let Some(next) = tokens[..to].get(at + 1) else { return false };
    match (count(&tokens[at]), count(next)) {
        (Some(unit), _) => label(next, &unit),
        (None, Some(unit)) => label(&tokens[at], &unit),
        _ => false,
    }
}

/// The clause ends with a mark, before any number: 用于保障机关正常运转，.
pub(super) fn clause_without_number(tokens: &[Token<'_>]) -> bool {
    let ends = |token: &&Token<'_>| matches!(token.word, Word::Number(_) | Word::Mark(',' | ';' | '。' | ':'));
    tokens.iter().find(ends).is_some_and(|end| matches!(end.word, Word::Mark(_)))
}
