//! What a note, a comment or a line says of the figures above it: that they are a part's, a draft's or another year's.

use super::Surroundings;
use crate::mapping::State;
use crate::model::{longer_than, split_ordinal};

/// What a note puts in doubt: the row or the column of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubtedRow {
    /// The folded label.
    pub label: String,
    /// What it holds an amount of: where that is another row of the table, it lacks the amount.
    pub held: Option<String>,
    /// What it sums up to is in doubt as well: it holds last year's money, or a budget.
    pub wholes: bool,
}

impl Surroundings {
    /// The one row or column that all doubts of a folded note are of (注:其他收入含利息收入0.20万元); `None` where they are of more, or
    /// where it is not told of what.
    pub fn doubted_row(&self, note: &str, fiscal_year: Option<i32>) -> Option<DoubtedRow> {
        let mut row: Option<DoubtedRow> = None;
        for sentence in self.behind_note_head(note).split(['。', ';']) {
            let (.., sentence) = split_ordinal(sentence);
            let found = match (self.tells_of_a_row(sentence, fiscal_year), self.tells_of_a_share(sentence)) {
                (false, false) => continue,
                (true, true) => return None,
                (true, false) => self.row_in_doubt(sentence.split_once(['为', '系', '是', '按'])?.0, true)?,
                (false, true) => self.row_that_holds(sentence)?,
            };
            if row.replace(found.clone()).is_some_and(|earlier| earlier != found) {
                return None;
            }
        }
        row
    }

    /// 其他收入 in 其他收入含利息收入0.20万元.
    fn row_that_holds(&self, sentence: &str) -> Option<DoubtedRow> {
        let split = |words: &[String]| words.iter().find_map(|word| sentence.split_once(word.as_str()));
        if let Some((row, _)) = split(&self.leaves_out) {
            return self.row_in_doubt(row, true);
        }
        let (row, held) = split(&self.holds)?;
        let is_whole_table = self.looks_like_organisation(held) || self.is_of_several_units(sentence);
        let what = held.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '万' | '元'));
        let row = self.row_in_doubt(row, self.divides(what)).filter(|_| !is_whole_table)?;
        Some(DoubtedRow { held: Some(what.to_owned()), ..row })
    }

    /// The label of a row before what a note says of it: 公务接待费 in 公务接待费决算数.
    fn row_in_doubt(&self, said: &str, wholes: bool) -> Option<DoubtedRow> {
        let column = self.noted_columns.iter().filter_map(|column| said.strip_suffix(column.as_str()));
        let label = column.min_by_key(|label| label.len()).unwrap_or(said).trim_end_matches(['中', '的']);
        let of_one = !label.is_empty() && !label.contains([',', '、', ':', '(', '和', '及']);
        of_one.then(|| DoubtedRow { label: label.to_owned(), held: None, wholes })
    }

    /// A line as it is written may speak of the figures above it.
    pub fn may_point_above(&self, line: &str) -> bool {
        let bare = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '（'));
        self.points_above.iter().any(|word| bare.starts_with(word.as_str()))
    }

    /// What a folded line says of the figures above it, or of its table, that speaks of nothing else: 局机关 in 以上数据仅为局机关数据.
    pub fn said_of_above<'t>(&self, line: &'t str) -> Option<&'t str> {
        /// No such line has more characters.
        const LONGEST: usize = 30;
        let bare = line.trim_matches(|c| matches!(c, '(' | ')' | '。' | '[' | ']'));
        let bare = self.behind_note_head(bare);
        let mut said = self.points_above.iter().find_map(|word| bare.strip_prefix(word.as_str()))?;
        if longer_than(said, LONGEST) {
            return None;
        }
        while let Some(rest) = self.points_by.iter().find_map(|word| said.strip_prefix(word.as_str())) {
            said = rest;
        }
        while let Some(rest) = self.points_by.iter().find_map(|word| said.strip_suffix(word.as_str())) {
            said = rest;
        }
        Some(said)
    }

    /// A folded note says that a column, or all of its table, is of another year than the table: 注:预算数为2023年预算数.
    pub fn tells_of_another_year(&self, note: &str, fiscal_year: i32) -> bool {
        let of_table = |of: &str| {
            let of = self.points_above.iter().find_map(|word| of.strip_prefix(word.as_str())).unwrap_or(of);
            of.is_empty() || self.noted_columns.iter().any(|column| of.starts_with(column.as_str()))
        };
        self.behind_note_head(note).split(['。', ';', ',']).any(|clause| {
            let column = clause.split_once(['为', '系', '是']).map(|(column, _)| column);
            column.is_some_and(of_table) && self.standing.is_of_another_year(clause, fiscal_year)
        })
    }

    /// A folded note says of a row or a column of its table that its figures are budgets, estimates or another year's: 注:公务接待费决算数为预算数.
    pub fn tells_of_a_row(&self, note: &str, fiscal_year: Option<i32>) -> bool {
        /// No label has more characters.
        const LONGEST: usize = 20;
        let doubted = |(of, said): (&str, &str)| {
            let mut said = said;
            while let Some(rest) = self.points_by.iter().find_map(|word| said.strip_suffix(word.as_str())) {
                said = rest;
            }
            // 预算数为全年预算数
            let of_budget = self.budgets.is_in(of);
            // 上年决算数为2021年数 says nothing new.
            let of_last_year = self.not_finals.iter().any(|word| of.starts_with(word.as_str()));
            let is_of = |year: i32| if of_last_year { year - 1 } else { year };
            let another = names_year(said).is_some_and(|told| fiscal_year.is_some_and(|year| told != is_of(year)));
            let estimated = self.standing.of_line(said, false) == Some(State::Void);
            // 2022年度, but not 年末结转和结余.
            let dated = of.match_indices('年').any(|(at, _)| of[..at].ends_with(|c: char| c.is_ascii_digit()));
            let is_label = !of.is_empty() && !longer_than(of, LONGEST) && !of.contains(':') && !dated;
            is_label && (another || estimated || !of_budget && self.said_budgets.iter().any(|word| word == said))
        };
        let note = self.behind_note_head(note);
        note.split(['。', ';', ',']).filter_map(|clause| clause.split_once(['为', '系', '是', '按'])).any(doubted)
    }

    /// A folded note says of figures of its table that they hold or lack an amount of something (公务接待费含上年结转0.50万元, …中1.00万元为上年支出),
    /// hold those of another organisation (数据包括某某中心), or are those of several units (为两个单位合计数).
    pub fn tells_of_a_share(&self, note: &str) -> bool {
        self.behind_note_head(note).split(['。', ';']).any(|sentence| {
            let behind = |word: &String| sentence.split_once(word.as_str()).map(|(_, behind)| behind);
            let held = self.holds.iter().find_map(behind);
            let of_what = sentence.match_indices('中').find(|(at, _)| !sentence[..*at].ends_with('其'));
            let of_what = of_what.map(|(at, of)| sentence[at + of.len()..].trim_start_matches(','));
            let of_what = of_what.filter(|behind| behind.starts_with(|c: char| c.is_ascii_digit()));
            let shares = [held, self.leaves_out.iter().find_map(behind), of_what];
            shares.into_iter().flatten().any(states_amount)
                || held.is_some_and(|held| self.looks_like_organisation(held))
                || self.is_of_several_units(sentence)
        })
    }

    /// 为两个单位合计数, but not 局机关及下属两个单位合计数, which is the whole.
    fn is_of_several_units(&self, sentence: &str) -> bool {
        let mut said = sentence;
        while let Some(rest) = self.points_by.iter().find_map(|word| said.strip_suffix(word.as_str())) {
            said = rest;
        }
        let is_whole = || self.subordinates.iter().any(|word| sentence.contains(word.as_str()));
        self.sums_of_units.iter().any(|word| said.ends_with(word.as_str())) && !is_whole()
    }

    /// A folded line below a table may speak of it as a note does, without saying that it is one: 含上年结转0.50万元.
    pub fn may_tell_of_a_share(&self, line: &str) -> bool {
        let bare = without_footnote_mark(line);
        self.holds.iter().chain(self.leaves_out.iter()).any(|word| bare.starts_with(word.as_str()))
    }

    pub(super) fn voids(&self, line: &str, said: &str) -> bool {
        self.standing.of_line(line, false) == Some(State::Void)
            || self.said_budgets.iter().any(|word| word == said)
            || self.names_a_part(said)
            || self.names_subordinates(said)
    }

    /// A folded line says that the figures above it, or those of its table, do not count: they are a draft's or a part's, or of another
    /// year than theirs.
    pub fn voids_above(&self, line: &str, year: Option<i32>) -> bool {
        self.said_of_above(line).is_some_and(|said| {
            let another = names_year(said).is_some_and(|told| year.is_some_and(|year| told != year));
            another || self.voids(line, said)
        })
    }

    /// A folded line may say that something is left out.
    pub fn may_leave_out(&self, line: &str) -> bool {
        self.leaves_out.is_in(line)
    }

    /// A folded sentence says of figures that they leave out a part of the unit or of its money; `of_figures` where it need not
    /// say that it speaks of figures.
    pub fn leaves_out(&self, sentence: &str, of_figures: bool) -> bool {
        let says_figures = of_figures || self.of_figures.iter().any(|word| sentence.contains(word.as_str()));
        let left_out =
            self.leaves_out.iter().find_map(|word| sentence.split_once(word.as_str())).map(|(_, behind)| behind);
        let Some(left_out) = left_out.filter(|_| says_figures) else { return false };
        let mut name = left_out.split([',', '、', ')']).next().unwrap_or_default();
        while let Some(shorter) = self.of_figures.iter().find_map(|word| name.strip_suffix(word.as_str())) {
            name = shorter.trim_end_matches('的');
        }
        self.names_subordinates(name)
            || self.left_out.iter().any(|ending| name.ends_with(ending.as_str()))
            || self.looks_like_organisation(name)
    }

    /// A folded note says of its table that it leaves out one of the budgets: 不含政府性基金.
    pub fn leaves_out_a_budget(&self, note: &str) -> bool {
        let behind = self.leaves_out.iter().filter_map(|word| note.split_once(word.as_str()));
        let mut behind = behind.map(|(_, behind)| behind);
        behind.any(|name| self.left_out_budgets.iter().any(|budget| name.starts_with(budget.as_str())))
    }

    /// Folded words beside a name of the classification make a part of what it means: those of a unit, of another year, of what is
    /// left out.
    pub fn divides(&self, words: &str) -> bool {
        let said = |list: &[String]| list.iter().any(|word| words.contains(word.as_str()));
        said(&self.dividing)
            || said(&self.leaves_out)
            || self.names_subordinates(words)
            || self.parts_of_unit.iter().chain(&self.organisations).any(|ending| words.ends_with(ending.as_str()))
    }

    /// A folded comment puts in doubt what it is on: it says that it is a slip, of another year, not the whole, or that it holds
    /// something beside it (含上年结转0.50万元).
    pub fn doubts_what_it_is_on(&self, comment: &str, fiscal_year: Option<i32>) -> bool {
        let holds = |rest: &str| rest.contains(|c: char| c.is_ascii_digit()) || self.divides(rest);
        let said = self.said_of_above(comment);
        self.standing.doubts(comment)
            || fiscal_year.is_some_and(|year| self.standing.is_of_another_year(comment, year))
            || self.leaves_out(comment, true)
            || said.is_some_and(|said| self.voids(comment, said) || said.starts_with(['上', '去']))
            || self.holds.iter().find_map(|word| comment.strip_prefix(word.as_str())).is_some_and(holds)
    }
}

/// The year that a text is, and nothing else: 2022年度.
pub(super) fn names_year(text: &str) -> Option<i32> {
    text.trim_end_matches('度').strip_suffix('年')?.parse().ok()
}

/// A folded text states an amount of money, and no threshold: 单价50万元以上.
fn states_amount(text: &str) -> bool {
    text.match_indices('元').any(|(at, unit)| {
        let before = text[..at].trim_end_matches(['万', '千', '亿', '百']);
        let behind = &text[at + unit.len()..];
        before.ends_with(|c: char| c.is_ascii_digit())
            && !behind.trim_start_matches("(含)").starts_with(['以', '(', '及'])
    })
}

/// A folded line behind the mark by which an amount points to it: *, ①.
pub fn without_footnote_mark(line: &str) -> &str {
    line.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '①'..='⑳' | '*' | '※' | '#' | '△' | '▲' | '(' | ')' | '[' | ']' | ':' | '.')
    })
}
