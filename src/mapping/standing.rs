//! What the words around figures say of their standing: a draft, a sample, a part of the year, a slip.
//!
//! They stand in a line above a table or a text, at the end of a heading, in a worksheet's name, or in a remark beside a row. Figures of
//! which they speak are left over: whoever wrote them does not vouch for them.

use aho_corasick::AhoCorasick;

use super::finder::{folded_longest_first, slow_finder};
use crate::model::{fold, longer_than, split_ordinal};

/// No line that says what the content below it is has more characters.
const LONGEST: usize = 40;

/// What a line says of the content below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is none of the final accounts of the year: 征求意见稿, 修改前.
    Void,
    /// It holds, whatever was said before: 修改后.
    Valid,
}

/// What the name of a file or of a folder says of the documents in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedState {
    /// They were given up for others: 初稿, 作废.
    Void,
    /// They may be: 模板, 副本.
    Doubtful,
}

/// The words for it, folded.
#[derive(Debug, Default)]
pub struct Standing {
    void: Vec<String>,
    valid: Vec<String>,
    /// What stands around them without a meaning: 以下数据为….
    about: Vec<String>,
    /// A time that is only a part of the year: 截至6月底.
    part_of_year: Option<regex::Regex>,
    finds: Option<AhoCorasick>,
    /// How a line begins that says that a figure is a slip.
    corrections: Vec<String>,
    /// What stands before the number that a figure should have been.
    corrected_to: Vec<String>,
    /// What a line says of a table whose figures stand in wrong places.
    misplaced: Option<AhoCorasick>,
    /// What a remark beside figures says of them that are in doubt.
    slips: Option<AhoCorasick>,
    /// What the name of a worksheet contains, and what it is, that holds none of the year's accounts.
    spare_sheets: (Vec<String>, Vec<String>),
    /// What the name of a file contains that is void, and that may be.
    names: (Vec<String>, Vec<String>),
    /// What the name of a project is that stands there as an example.
    samples: Vec<String>,
}

/// The same as it is written in `document.yaml`.
pub(super) struct Written<'f> {
    pub(super) void: &'f [String],
    pub(super) valid: &'f [String],
    pub(super) about: &'f [String],
    pub(super) part_of_year: Option<regex::Regex>,
    pub(super) corrections: &'f [String],
    pub(super) corrected_to: &'f [String],
    pub(super) misplaced: &'f [String],
    pub(super) slips: &'f [String],
    pub(super) spare_sheets: (&'f [String], &'f [String]),
    pub(super) names: (&'f [String], &'f [String]),
    pub(super) samples: &'f [String],
}

impl Standing {
    pub(super) fn of(written: Written<'_>) -> Standing {
        let all: Vec<String> = written.void.iter().chain(written.valid).cloned().collect();
        Standing {
            void: folded_longest_first(written.void),
            valid: folded_longest_first(written.valid),
            about: folded_longest_first(written.about),
            part_of_year: written.part_of_year,
            finds: slow_finder(&all),
            corrections: folded_longest_first(written.corrections),
            corrected_to: folded_longest_first(written.corrected_to),
            misplaced: slow_finder(written.misplaced),
            slips: slow_finder(written.slips),
            spare_sheets: (folded_longest_first(written.spare_sheets.0), folded_longest_first(written.spare_sheets.1)),
            names: (folded_longest_first(written.names.0), folded_longest_first(written.names.1)),
            samples: folded_longest_first(written.samples),
        }
    }

    /// What a folded line says of the content below it: in one of its clauses, or at its end; `alone`: and nothing else.
    pub fn of_line(&self, line: &str, alone: bool) -> Option<State> {
        let may_be =
            || self.finds.as_ref().is_some_and(|words| words.is_match(line)) || line.contains(['月', '季', '半']);
        if longer_than(line, LONGEST) || !may_be() {
            return None;
        }
        let marks = ['(', ')', '[', ']', '【', '】', '《', '》', ',', ';', ':', '。', '、'];
        let clauses = line.split(marks).filter(|clause| !clause.is_empty());
        let said: Vec<Option<State>> = clauses.filter_map(|clause| self.of_clause(clause)).collect();
        if alone && said.contains(&None) {
            return None;
        }
        let ends_void = || {
            /// 样表, 原稿: shorter words end other names, too.
            const TELLING: usize = 3;
            let mut long = self.void.iter().filter(|word| longer_than(word, TELLING - 1));
            !alone && long.any(|word| line.ends_with(word.as_str()))
        };
        let void = said.contains(&Some(State::Void)) || ends_void();
        if void { Some(State::Void) } else { said.contains(&Some(State::Valid)).then_some(State::Valid) }
    }

    /// What a clause says that is nothing else; `None` where it has no meaning of its own, `Some(None)` where it says another thing.
    fn of_clause(&self, clause: &str) -> Option<Option<State>> {
        let mut rest = split_ordinal(clause).2;
        // 以下三公经费数据为全县汇总数, 2023年数据为合并前数据
        let points = rest.starts_with("20") || self.about.iter().any(|word| rest.starts_with(word.as_str()));
        if let Some((_, told)) = rest.rsplit_once(['为', '系', '是']).filter(|_| points) {
            rest = told;
        }
        loop {
            if rest.is_empty() {
                return None;
            }
            if self.void.iter().any(|word| word == rest) || self.is_part_of_year(rest) {
                return Some(Some(State::Void));
            }
            if self.valid.iter().any(|word| word == rest) {
                return Some(Some(State::Valid));
            }
            let shorter = self
                .about
                .iter()
                .find_map(|word| rest.strip_prefix(word.as_str()).or_else(|| rest.strip_suffix(word.as_str())));
            let Some(shorter) = shorter else { return Some(None) };
            rest = shorter;
        }
    }

    fn is_part_of_year(&self, clause: &str) -> bool {
        clause.contains(|c: char| c.is_ascii_digit() || matches!(c, '季' | '半'))
            && self.part_of_year.as_ref().is_some_and(|pattern| pattern.is_match(clause))
    }

    /// A folded line says what a figure should have been: `更正:…`, `…应为2.00`; or that figures stand in wrong places: 两栏填反.
    pub fn corrects(&self, line: &str) -> bool {
        let to_number = |word: &String| {
            let mut behind = line.match_indices(word.as_str()).map(|(at, word)| &line[at + word.len()..]);
            behind.any(|behind| behind.starts_with(|c: char| c.is_ascii_digit()))
        };
        let puts_right = || {
            self.corrections.iter().any(|word| line.starts_with(word.as_str()))
                || self.corrected_to.iter().any(to_number)
        };
        line.contains(|c: char| c.is_ascii_digit()) && puts_right()
            || self.misplaced.as_ref().is_some_and(|words| words.is_match(line))
    }

    /// A folded remark beside figures puts them in doubt: 应为2.00, 有误, 截至6月底.
    pub fn doubts(&self, remark: &str) -> bool {
        self.corrects(remark)
            || self.slips.as_ref().is_some_and(|words| words.is_match(remark))
            || self.of_line(remark, false) == Some(State::Void)
    }

    /// A folded remark beside figures says that they are those of another year: 此数为2022年数, 上年数据.
    pub fn is_of_another_year(&self, remark: &str, fiscal_year: i32) -> bool {
        let told = remark.rsplit_once(['为', '系', '是']).map_or(remark, |(_, told)| told);
        let Some(time) = ["数", "数据", "数字", "金额"].iter().find_map(|word| told.strip_suffix(word)) else {
            return false;
        };
        let time = time.trim_end_matches("决算").trim_end_matches("预算").trim_end_matches('度');
        let year = time.strip_suffix('年').and_then(|year| year.parse::<i32>().ok());
        year.is_some_and(|year| year != fiscal_year) || ["上年", "去年"].contains(&time)
    }

    /// A worksheet of this name holds none of the year's accounts, unless all do.
    pub fn is_spare_sheet(&self, name: &str) -> bool {
        let (parts, wholes) = &self.spare_sheets;
        let name = fold(name);
        parts.iter().any(|word| name.contains(word.as_str()))
            || wholes.contains(&name)
            || self.of_line(&name, false) == Some(State::Void)
    }

    /// A project of this name is an example: (示例)某项目, 示例:某项目.
    pub fn is_sample(&self, name: &str) -> bool {
        let name = fold(name);
        self.samples.iter().any(|word| {
            let apart = |at: usize| {
                let behind = &name[at + word.len()..];
                at == 0 && behind.starts_with(':') || name[..at].ends_with('(') && behind.starts_with(')')
            };
            name == *word || name.match_indices(word.as_str()).any(|(at, _)| apart(at))
        })
    }

    /// What the name of a file or a folder says of the documents: 某局2023年度决算（初稿）.docx.
    pub fn of_name(&self, name: &str) -> Option<NamedState> {
        let name = fold(name);
        let says = |words: &[String]| words.iter().any(|word| name.contains(word.as_str()));
        let (void, doubtful) = &self.names;
        match says(void) {
            true => Some(NamedState::Void).filter(|_| !says(&self.valid)),
            false => says(doubtful).then_some(NamedState::Doubtful),
        }
    }
}
