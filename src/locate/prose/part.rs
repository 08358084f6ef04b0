//! Parts of a text that are of others than the unit, or of another year: what they head, and the lists that a line opens for the lines
//! below it.

use super::headings::lead;
use super::reading::Reading;
use super::runs::Run;
use super::text::Paragraph;
use super::tokens::{Cut, Token, Word, is_number};
use super::{Reader, heading, section};
use crate::mapping::{Only, TimeWord, WordSense, ends_with_any};
use crate::model::{Fate, Ordinal, longer_than};

/// Lines that are not of the unit's year, until one of their level follows or one that names the unit.
#[derive(Clone, Debug)]
pub(super) struct AnotherPart {
    /// How deep the line stands that heads them.
    level: u8,
    /// What leaves their numbers over.
    pub(super) words: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Of a part of the unit, or of more than it: naming the year does not make them the unit's.
    Others,
    /// Of years to come.
    Year,
    /// What a line of another year lists: 2019年“三公”经费50万元，其中：
    ListOfYear,
}

impl AnotherPart {
    /// What leaves a number over, whatever time its sentence names.
    pub(super) fn of_others(&self) -> Option<&str> {
        (self.kind == Kind::Others).then_some(&*self.words)
    }
}

impl Reader<'_> {
    /// （本级）, （二）本级收支情况: what stands below is that part's, until a line of its level or one that names the unit. So it is with a numbered
    /// heading of a year to come, or of an organisation alone: （二）执法大队.
    pub(super) fn note_part(&mut self, paragraph: &Paragraph, cut: &Cut<'_>) {
        let names_unit = cut.tokens.iter().all(|token| matches!(token.word, Word::UnitName));
        let level = section::level(cut.ordinal);
        let heads = match cut.ordinal {
            Ordinal::None => Some(cut.tokens.len()),
            Ordinal::Part => (!cut.tokens.iter().any(is_number)).then_some(cut.tokens.len()),
            _ => lead(cut),
        };
        let whole = heads.filter(|end| *end >= cut.tokens.len());
        let offices = &self.words.lexicon.parts().offices;
        let of_part = |end: usize| {
            let head = &cut.tokens[..end];
            let of_office = || !self.is_part() && heading::heads_part_of_unit(head, &paragraph.text, offices);
            of_office() || cut.ordinal != Ordinal::None && self.names_an_organisation_alone(head, paragraph)
        };
        let kind = if heads.is_some_and(of_part) {
            Some(Kind::Others)
        } else if whole.is_some() && self.is_of_another_year(paragraph, cut) {
            Some(Kind::Year)
        } else {
            None
        };
        if let (Some(kind), Some(end)) = (kind, heads) {
            let words = paragraph.text[..cut.tokens[..end].last().map_or(0, |last| last.end)].to_owned();
            self.part = Some(AnotherPart { level, words, kind });
        } else if names_unit
            || cut.ordinal != Ordinal::None && self.part.as_ref().is_some_and(|part| level <= part.level)
        {
            self.part = None;
        }
    }

    /// The unit is itself a part of one: 某局机关.
    fn is_part(&self) -> bool {
        let own = self.words.unit_names.first().map_or("", |name| name.text.trim_end_matches(')'));
        ends_with_any(own, &self.words.lexicon.parts().offices)
    }

    /// 执法大队情况: words that are not all known and end as names of organisations do, and words of headings that mean nothing.
    fn names_an_organisation_alone(&self, head: &[Token<'_>], paragraph: &Paragraph) -> bool {
        let endings = &self.words.lexicon.parts().organisations;
        let says_nothing = |token: &Token<'_>| match &token.word {
            Word::Mark(_) | Word::Ordinal => true,
            Word::Phrase(senses) => senses.heading_word && senses.label.is_none() && senses.heading.is_none(),
            _ => false,
        };
        let of_name = |token: &Token<'_>| match &token.word {
            Word::Unknown => true,
            Word::Phrase(senses) => senses.label.is_none() && !senses.category && senses.heading.is_none(),
            _ => false,
        };
        let Some(last) = head.iter().rposition(|token| !says_nothing(token)) else { return false };
        let first = head.iter().position(|token| !matches!(token.word, Word::Mark(_) | Word::Ordinal)).unwrap_or(last);
        let name = &head[first..=last];
        name.iter().all(of_name)
            && name.iter().any(|token| matches!(token.word, Word::Unknown))
            && ends_with_any(&paragraph.text[name[0].start..name[name.len() - 1].end], endings)
    }

    /// A line that ends with a colon tells of others (下属单位“三公”经费20万元，其中：), or of another year: so do the lines below it.
    pub(super) fn note_list_of_others(&mut self, paragraph: &Paragraph, cut: &Cut<'_>, from: usize, runs: &[Run]) {
        let Some((last, tokens)) = cut.tokens[from..].split_last() else { return };
        let text = |token: &Token<'_>| paragraph.text[token.start..token.end].to_owned();
        let told = last_told(tokens);
        // 2019年“三公”经费50万元。 / 其中：公务接待费30万元
        self.year_before = told.and_then(|sentence| self.year_of_total(sentence)).map(text);
        if !matches!(last.word, Word::Mark(':')) {
            return;
        }
        let level = self.level_or_section().unwrap_or_else(|| section::level(Ordinal::None));
        let Some(sentence) = told else {
            if let Some(words) = self.announced_alone(tokens, paragraph).map(text) {
                self.part = Some(AnotherPart { level, words, kind: Kind::Others });
            }
            return;
        };
        // 本部门（含局本级和下属单位）“三公”经费支出8万元: what was read is the unit's.
        let is_read = |token: &Token<'_>| {
            let run = if let Word::Number(number) = &token.word { runs.get(number.run) } else { None };
            run.and_then(|run| run.fate.as_ref()).is_some_and(|(fate, _)| *fate == Fate::Figure)
        };
        let label = sentence.iter().position(is_label).unwrap_or(0);
        let of_unit = sentence[label..].iter().find(|token| is_number(token)).is_some_and(is_read);
        if let Some(words) = self.whose_total(sentence, paragraph).filter(|_| !of_unit).map(text) {
            self.part = Some(AnotherPart { level, words, kind: Kind::Others });
        } else if let Some(words) = self.year_before.clone() {
            let of_year = || AnotherPart { level, words, kind: Kind::ListOfYear };
            self.part.get_or_insert_with(of_year);
        } else {
            self.ends_list_of_year();
        }
    }

    /// Whom a statement names before its label: others, or a word that is not known in the same clause.
    fn whose_total<'t, 'a>(&self, sentence: &'t [Token<'a>], paragraph: &Paragraph) -> Option<&'t Token<'a>> {
        let label = sentence.iter().position(|token| is_label(token) || is_number(token))?;
        let before = &sentence[..label];
        let clause = before.iter().rposition(|token| matches!(token.word, Word::Mark(_))).map_or(0, |mark| mark + 1);
        let unknown = || before[clause..].iter().find(|token| matches!(token.word, Word::Unknown));
        let others = before.iter().find(|token| self.names_others(token, paragraph));
        others.or_else(|| unknown().filter(|_| is_label(&sentence[label])))
    }

    /// The first year that a statement names, where that is another than ours, and is not compared with: 2019年“三公”经费50万元. It names ours nowhere.
    fn year_of_total<'t, 'a>(&self, sentence: &'t [Token<'a>]) -> Option<&'t Token<'a>> {
        let sense = |at: usize| match &sentence[at].word {
            Word::Phrase(senses) => senses.word,
            _ => None,
        };
        // 年初, 年末: times within a year.
        let year = |at: usize| match sentence[at].word {
            Word::Year(year) => Some(year == self.frame.fiscal_year),
            _ => match sense(at) {
                Some(WordSense::Time(TimeWord::Current)) => Some(true),
                Some(WordSense::Time(TimeWord::Prior)) => Some(false),
                _ => None,
            },
        };
        let mut years = (0..sentence.len()).filter_map(|at| Some((at, year(at)?)));
        let (first, ours) = years.next()?;
        let compared =
            first.checked_sub(1).is_some_and(|before| matches!(sense(before), Some(WordSense::Comparison(_))));
        let of_other = !ours && !compared && !years.any(|(_, ours)| ours);
        of_other.then_some(&sentence[first])
    }

    /// 2020年：, and lines that list what is of our year: those of another year are over.
    pub(super) fn ends_list_of_year(&mut self) {
        self.part.take_if(|part| part.kind == Kind::ListOfYear);
    }

    /// 局机关情况如下：, 执法大队“三公”经费情况： what stands below is that of the one whom a line names beside words of headings. What is made public
    /// of many is no such line: 现将全县各部门“三公”经费决算情况公布如下：
    fn announced_alone<'t, 'a>(&self, tokens: &'t [Token<'a>], paragraph: &Paragraph) -> Option<&'t Token<'a>> {
        let endings = &self.words.lexicon.parts().organisations;
        let is_organisation = |token: &Token<'_>| {
            matches!(token.word, Word::Unknown) && ends_with_any(&paragraph.text[token.start..token.end], endings)
        };
        let is_other = |token: &&Token<'_>| self.names_others(token, paragraph) || is_organisation(token);
        let says_nothing = |token: &Token<'_>| match &token.word {
            Word::Phrase(senses) => {
                senses.heading_word || senses.label.is_some() || senses.word == Some(WordSense::Link)
            }
            Word::Mark(mark) => *mark != '。',
            Word::Ordinal | Word::UnitName | Word::Year(_) => true,
            _ => false,
        };
        let other = tokens.iter().find(is_other)?;
        let alone = tokens.iter().all(|token| token.start == other.start || says_nothing(token));
        alone.then_some(other)
    }

    /// 下属单位, 全县, 局机关.
    fn names_others(&self, token: &Token<'_>, paragraph: &Paragraph) -> bool {
        let offices = &self.words.lexicon.parts().offices;
        let office = || ends_with_any(&paragraph.text[token.start..token.end], offices);
        match &token.word {
            Word::Phrase(senses) => {
                senses.subordinate
                    || (senses.others || senses.heading_word)
                        && (!office() || !self.is_part())
                        && (senses.others || office())
            }
            _ => false,
        }
    }

    /// 第四部分 2024年部门预算: a heading of a year to come, or of a whole part that is another year's.
    fn is_of_another_year(&self, paragraph: &Paragraph, cut: &Cut<'_>) -> bool {
        const LONGEST: usize = 50;
        let ours = self.frame.fiscal_year;
        let mut years = cut.tokens.iter().filter_map(|token| match token.word {
            Word::Year(year) => Some(year),
            _ => None,
        });
        let Some(first) = years.next() else { return false };
        if first == ours || years.any(|year| year == ours || (year > ours) != (first > ours)) {
            return false;
        }
        match cut.ordinal {
            Ordinal::Part => true,
            // 某局2024年部门预算情况说明; a title may name the year in which it was made public.
            Ordinal::None => {
                let short = !longer_than(&paragraph.text, LONGEST) && !cut.tokens.iter().any(is_number);
                first > ours && short && self.read_heading(cut, paragraph, cut.tokens.len()).is_of_budgets()
            }
            _ => first > ours,
        }
    }
}

impl Reading<'_, '_> {
    /// 全县“三公”经费50万元。其中：公务接待费决算数30万元: the list divides what is of others. Who they are.
    pub(super) fn lists_parts_of_others(&self) -> Option<&str> {
        let doubt = self.state.list.as_ref().filter(|list| list.here)?.doubt.as_deref()?;
        let mut found = self.reader.words.lexicon.beginning_at(doubt, 0);
        let of_others = |found: crate::mapping::Found<'_>| {
            found.end == doubt.len() && (found.senses.others || found.senses.subordinate)
        };
        found.any(of_others).then_some(doubt)
    }

    /// 其中局机关5万元：an amount of others, who are all that stands before it in its clause, stands directly before the mark. Who they are.
    pub(super) fn amount_of_others_before(&self, mark: usize) -> Option<String> {
        let number = mark.checked_sub(1).filter(|number| is_number(&self.tokens[*number]))?;
        let is_link = |at: &usize| matches!(&self.tokens[*at].word, Word::Phrase(senses) if senses.label.is_none() && senses.word == Some(WordSense::Link));
        let who = (0..number).rev().find(|at| !is_link(at))?;
        match &self.tokens[who].word {
            Word::Phrase(senses) if senses.others || senses.subordinate => Some(self.text(who)),
            _ => None,
        }
    }
}

/// The last statement with a number, if it can be one that names a label: …50万元，主要原因是…。具体情况如下：
fn last_told<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
    let ends = |token: &Token<'_>| matches!(token.word, Word::Mark('。' | ';'));
    let told = || tokens.split(ends).filter(|sentence| sentence.iter().any(is_number));
    told().rfind(|sentence| sentence.iter().any(is_label)).or_else(|| told().next_back())
}

/// The word names an item, and is not 收入 or 支出 alone.
fn is_label(token: &Token<'_>) -> bool {
    match &token.word {
        Word::Phrase(senses) => senses.label.as_ref().is_some_and(|label| label.only != Some(Only::Weak)),
        _ => false,
    }
}
