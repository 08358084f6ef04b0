//! Lines above and below tables: the number and the title of one, notes, signatures, what heads the accounts of a government.

use std::ops::Range;

use super::Surroundings;
use super::remarks::{names_year, without_footnote_mark};
use crate::model::{Label, UnitOfMeasure, fold, longer_than};

impl Surroundings {
    /// A folded line is a note: it begins with a head of notes and a mark or number behind it, or as notes do without one.
    /// `unnumbered` is the line without its ordinal.
    pub fn is_note(&self, line: &str, unnumbered: &str) -> bool {
        let headed = |rest: &str| rest.starts_with([':', '.', ',']) || rest.starts_with(|c: char| c.is_ascii_digit());
        self.notes.before(line).any(|(_, rest)| headed(rest))
            || self.notes_begin.begin(unnumbered)
            || self.is_footnote(line)
            || self.said_of_above(line).is_some_and(|said| {
                let tells_unit = self.unit_line.iter().any(|head| said.starts_with(head.as_str()));
                tells_unit || self.voids(line, said) || names_year(said).is_some()
            })
    }

    /// *不含下属单位, ①不含…: behind the mark that points to it, a footnote says at once what is left out.
    fn is_footnote(&self, line: &str) -> bool {
        let rest = without_footnote_mark(line);
        self.leaves_out.iter().any(|word| rest.starts_with(word.as_str()))
            && !rest.contains(|c: char| c.is_ascii_digit())
    }

    /// 注:本表…: what a note says.
    pub(super) fn behind_note_head<'t>(&self, line: &'t str) -> &'t str {
        self.notes.before(line).find_map(|(_, rest)| rest.strip_prefix(':')).unwrap_or(line)
    }

    /// What a folded note says behind the words that speak of its table: 本表反映….
    pub fn told_by_note<'t>(&self, note: &'t str) -> Option<&'t str> {
        note.char_indices().find_map(|(at, _)| Some(self.notes_begin.before(&note[at..]).next()?.1))
    }

    /// A folded text says that a table has no values.
    pub fn says_no_data(&self, text: &str) -> bool {
        self.no_data.is_in(text)
    }

    /// A folded line without its ordinal begins as a signature does.
    pub fn is_signature(&self, line: &str) -> bool {
        self.signatures.begin(line)
    }

    /// A folded line begins with a unit of amounts or a reporting unit that it tells: 单位, 编制单位.
    pub fn may_declare(&self, line: &str) -> bool {
        self.declarations.begin(line)
    }

    /// A cell is the label of a field in which a form says whose it is: 实施单位（盖章）.
    pub fn is_own_unit_field(&self, text: &str) -> bool {
        let folded = fold(text);
        let bare = folded.split_once('(').map_or(folded.as_str(), |(label, _)| label);
        [folded.as_str(), bare].iter().any(|text| self.own_unit_fields.contains(&Label::new(text)))
    }

    /// A folded line is only the number of a table: `公开01表`, `附件5`.
    pub fn is_table_number(&self, text: &str) -> bool {
        self.table_number_end(text).is_some_and(|end| self.is_all_of_table_number(text, end))
    }

    /// Nothing stands behind the number of a table that ends there.
    pub fn is_all_of_table_number(&self, text: &str, end: usize) -> bool {
        text[end..].trim_start_matches([':', '、', '.']).is_empty()
    }

    /// Where the number of a table ends with which a folded line begins.
    pub fn table_number_end(&self, text: &str) -> Option<usize> {
        self.patterns.table_number.as_ref()?.find(text).map(|found| found.end())
    }

    /// A folded line without the number of a table before it: `公开01表收入支出决算总表`.
    ///
    /// `表5一般公共预算…`: a title may itself begin with a numeral, which is then no part of the number. The longest number comes
    /// first.
    pub fn without_table_number<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let end = self.table_number_end(text).unwrap_or(0);
        let number = &text[..end];
        let is_numeral = |c: &char| "一二三四五六七八九十".contains(*c);
        let numerals: usize = number.chars().rev().take_while(is_numeral).map(char::len_utf8).sum();
        let is_left = move |back: &usize| text[..end - back].contains(|c: char| c.is_ascii_digit() || is_numeral(&c));
        let given_back = (1..).map(|count| count * '一'.len_utf8()).take_while(move |back| *back <= numerals);
        let ends = std::iter::once(0).chain(given_back.filter(is_left)).map(move |back| end - back);
        let rests = ends.map(|end| text[end..].trim_start_matches([':', '、', '.']));
        rests.map(move |rest| if rest.is_empty() { text } else { rest })
    }

    /// A folded title without the number of its table behind it: `收入支出决算总表(公开01表)`.
    pub fn without_table_number_behind<'t>(&self, title: &'t str) -> Option<&'t str> {
        let start = self.patterns.table_number_behind.as_ref()?.find(title)?.start();
        (start > 0).then(|| &title[..start])
    }

    /// A folded title without the words behind it that say that the table goes on: `…决算表(续)`.
    pub fn without_continued<'t>(&self, title: &'t str) -> Option<&'t str> {
        let bracketed = title.strip_suffix(')').and_then(|inner| Some((inner.rfind('(')?, inner)));
        if let Some((open, inner)) = bracketed {
            return self.continued.iter().any(|word| *word == inner[open + 1..]).then(|| &title[..open]);
        }
        self.continued.iter().find_map(|word| title.strip_suffix(word.as_str()))
    }

    /// A folded title in the words of the forms: 收入支出决算公开表 is 收入支出决算表; and whether its table holds a budget as well. None, if it
    /// has no other words.
    pub fn title_in_other_words(&self, title: &str) -> Option<(String, bool)> {
        let words = self.title_words.iter().map(|words| (words, false));
        let words = words.chain(self.title_words_of_both.iter().map(|words| (words, true)));
        let found =
            words.filter(|((word, _), _)| title.contains(word.as_str())).max_by_key(|((word, _), _)| word.len());
        found.map(|((word, own), of_both)| (title.replace(word, own), of_both))
    }

    /// A folded title without the word that says that it is attached: 附:…, 附件2:….
    pub fn behind_attached<'t>(&self, title: &'t str) -> &'t str {
        let is_number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
        let behind = |word: &String| title.strip_prefix(word.as_str())?.trim_start_matches(is_number).strip_prefix(':');
        self.attached.iter().find_map(behind).unwrap_or(title)
    }

    /// A folded header says that its values are of this year's final accounts: 决算数, not 上年决算数 or 比上年决算数.
    pub fn says_finals(&self, text: &str) -> bool {
        let has = |words: &[String]| words.iter().any(|word| text.contains(word.as_str()));
        has(&self.finals) && !has(&self.not_finals)
    }

    /// The folded heading of a part says that its tables are of a unit's final accounts: 第二部分 2021年度部门决算报表.
    pub fn heads_part_of_finals(&self, text: &str) -> bool {
        self.finals_parts.iter().any(|end| text.ends_with(end.as_str()))
            && !self.speaks_of_budgets(text)
            && !self.heads_government_accounts(text)
    }

    /// A folded line heads the accounts of a government's whole budget: `某镇2020年财政决算（草案）报告`, not a sentence
    /// that speaks of one.
    pub fn heads_government_accounts(&self, text: &str) -> bool {
        !longer_than(text, 45)
            && !text.contains(['，', ',', '。', ';'])
            && !self.is_of_unit(text)
            && self.government_titles.is_in(text)
    }

    /// A folded line says that what follows is a unit's own.
    pub fn is_of_unit(&self, text: &str) -> bool {
        self.own_accounts.is_in(text)
    }

    /// A folded text speaks of what only a government's whole budget has.
    pub fn speaks_of_government_accounts(&self, text: &str) -> bool {
        self.government_words.is_in(text)
    }

    /// Where in a folded text the first word stands that tells of accounts: 部门决算, 绩效.
    pub fn first_of_accounts(&self, text: &str) -> Option<usize> {
        self.of_accounts.first_in(text).map(|found| found.start)
    }

    /// A folded text speaks of a budget, if only as part of a fund's name.
    pub fn speaks_of_budgets(&self, text: &str) -> bool {
        self.budgets.is_in(text)
    }

    /// A folded text speaks of a budget: not 一般公共预算“三公”经费支出情况, where the word is part of a fund's name.
    pub fn says_budget(&self, text: &str) -> bool {
        let is_another = |budget: &Range<usize>| {
            let (before, behind) = (&text[..budget.end], &text[budget.start..]);
            self.not_budgets.iter().any(|name| before.ends_with(name.as_str()) || behind.starts_with(name.as_str()))
        };
        self.budgets.all_in(text).any(|budget| !is_another(&budget))
    }

    /// A folded text speaks of money that is not spent yet: 计划, 安排.
    pub fn speaks_of_plans(&self, text: &str) -> bool {
        self.plans.iter().any(|word| text.contains(word.as_str()))
    }

    /// A folded text speaks of a budget and of no final accounts.
    pub fn speaks_only_of_budgets(&self, text: &str) -> bool {
        self.says_budget(text) && !self.finals.iter().any(|word| text.contains(word.as_str()))
    }

    /// A text as it is written says that there is nothing where a number might stand: 无, 不涉及.
    pub fn says_nothing(&self, text: &str) -> bool {
        self.nothing.iter().any(|word| word == text)
    }

    /// The unit of measure that a folded bracket behind a label names: (万元), (单位:万元).
    pub fn unit_in_bracket(&self, bracket: &str) -> Option<UnitOfMeasure> {
        let behind_head = |head: &String| bracket.strip_prefix(head.as_str())?.strip_prefix(':');
        self.unit(self.unit_line.iter().find_map(behind_head).unwrap_or(bracket))
    }

    /// A folded label says that it is of the fiscal year: 本年支出 beside 上年支出数.
    pub fn says_this_year(&self, label: &str) -> bool {
        self.this_year.iter().any(|word| label.starts_with(word.as_str()))
    }

    /// A folded label says nothing but that it is of the fiscal year: 本年, 本年度.
    pub fn is_this_year(&self, label: &str) -> bool {
        is_one_of(label, &self.this_year)
    }

    /// A folded label says nothing but that it is of the fiscal year, or of the one before: 上年.
    pub fn is_this_year_or_last(&self, label: &str) -> bool {
        self.is_this_year(label) || is_one_of(label, &self.not_finals)
    }

    /// The unit of measure that a word means.
    pub fn unit(&self, word: &str) -> Option<UnitOfMeasure> {
        self.units.get(word).copied()
    }

    /// A label says the sum of rows, and names nobody.
    pub fn is_total(&self, label: &Label) -> bool {
        self.totals.contains(label)
    }
}

/// 本年, 本年度: one of some words for a year.
fn is_one_of(label: &str, years: &[String]) -> bool {
    years.iter().any(|word| label.strip_prefix(word.as_str()).is_some_and(|rest| matches!(rest, "" | "度")))
}
