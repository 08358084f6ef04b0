use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use super::Problem;
use super::finder::{finder, folded_longest_first};
use super::problem::Wrong;
use super::spanned::Spanned;
use super::standing::{self, Standing, State};
use crate::model::{Label, Map, Set, UnitOfMeasure, fold, longer_than};

/// The words around tables: unit lines, reporting units, notes, signatures, the endings of organisations' names.
///
/// All are folded; see [`fold`].
#[derive(Debug, Default)]
pub struct Surroundings {
    /// Heads of unit lines.
    pub unit_line: Vec<String>,
    /// Heads of lines that name the reporting unit.
    pub reporting_unit: Vec<String>,
    /// Units of measure by their words.
    pub units: Map<String, UnitOfMeasure>,
    /// The number of a table, at the beginning of a line.
    table_number: Option<regex::Regex>,
    /// The same at the end of a line.
    table_number_behind: Option<regex::Regex>,
    /// Behind a title: the table goes on from an earlier one.
    pub continued: Vec<String>,
    /// What may stand before a title and says nothing.
    pub before_titles: Vec<String>,
    /// What a note begins with.
    notes: Heads,
    /// How a note begins that has no such head.
    notes_begin: Heads,
    /// What a signature line begins with.
    signatures: Heads,
    /// Signatures that may hold personal data.
    pub personal: Set<String>,
    /// How a line begins that belongs to a web page and not to its article.
    page_lines: Heads,
    /// Words of which such a line is made.
    page_words: Heads,
    /// What stands before the article's title there.
    page_titles: Heads,
    /// What heads the accounts of a government's whole budget.
    government_titles: Option<AhoCorasick>,
    /// What only those speak of.
    pub government_words: Vec<String>,
    /// What a table without values says instead.
    no_data: Option<AhoCorasick>,
    /// Endings of organisations' names.
    pub organisations: Vec<String>,
    /// Endings of the names of a unit's parts.
    pub parts_of_unit: Vec<String>,
    /// What stands behind a unit's name where the unit is meant with all its parts.
    whole_units: Vec<String>,
    /// Words for the sum of rows.
    pub totals: Vec<Label>,
    /// What stands in no organisation's name.
    pub not_in_organisations: Vec<String>,
    /// Words for the units below a unit, which are the whole only where they are joined to its name.
    subordinates: Vec<String>,
    /// What joins them: 某局及下属单位.
    and: Vec<String>,
    /// What stands before a unit's name without being part of it: 关于.
    pub about: Vec<String>,
    /// What stands between a unit's name and the accounts of which its letter makes public: 某局关于公开….
    pub before_letters: Vec<String>,
    /// What stands before the kind of a unit in the place of its name: 我镇, 本单位.
    speakers: Vec<String>,
    /// What each of many units is called.
    pub kinds: Vec<String>,
    /// What a heading says of a unit that is described below it.
    describes: Heads,
    /// Finds the first of them in a text.
    descriptions: Option<AhoCorasick>,
    /// How a sentence goes on behind the name of the unit that it describes.
    described_as: Heads,
    /// How one goes on behind a unit's name and a year that states its accounts.
    states: Heads,
    /// In a description: it is of another unit or of a part of one.
    of_parts: Option<AhoCorasick>,
    /// A text of the accounts of many units has one of these.
    of_others: Option<AhoCorasick>,
    /// Behind a unit's name: its own part.
    pub head_office: Vec<String>,
    /// What a line says of accounts that says no more than their year.
    pub mere_accounts: Vec<String>,
    /// In a line that ends as a table's name does: it only refers to one.
    pub refers: Vec<String>,
    /// What stands with a colon before the title of what is attached.
    attached: Vec<String>,
    /// What says that something is left out.
    leaves_out: Vec<String>,
    holds: Vec<String>,
    finds_left_out: Option<AhoCorasick>,
    /// How what is left out ends, where it is a part of the unit or of its money.
    left_out: Vec<String>,
    /// How a line begins that speaks of the figures above it, and what stands between that and what it says of them.
    points_above: Vec<String>,
    points_by: Vec<String>,
    noted_columns: Vec<String>,
    /// What makes a part of what a name of the classification means, beside it.
    dividing: Vec<String>,
    /// What speaks of the figures around it.
    of_figures: Vec<String>,
    /// What says of figures that they are a draft, a sample, of a part of the year, a slip.
    pub standing: Standing,
    /// What stands before the year of the accounts: 会计年度:2023.
    pub year_lines: Vec<String>,
    /// How the government of an area is called behind its name, and for short (empty: not at all).
    pub seats: Vec<(String, String)>,
    /// Areas whose own name their government goes by.
    pub towns: Vec<String>,
    /// How a label begins that says which year's it is: this one's.
    this_year: Vec<String>,
    /// What a header says of values of final accounts.
    finals: Vec<String>,
    /// What a header says beside one of these where the values are not this year's.
    not_finals: Vec<String>,
    /// How the heading of a part ends that says that its tables are of final accounts.
    finals_parts: Vec<String>,
    /// Labels of the fields in which a form says whose it is, for forms that nothing else tells of.
    own_unit_fields: Vec<Label>,
    /// Words for a whole county.
    pub scope_total: Vec<String>,
    /// Endings of the names of areas; a unit named so is the area's government, and its figures those of the whole.
    pub areas: Vec<String>,
    /// What organisations write in their own texts for words of their names, the longest words first: 人社局.
    pub abbreviations: Vec<(String, Vec<String>)>,
    /// What a heading calls final accounts or their evaluation, behind a year or an organisation's name.
    pub of_accounts: Vec<String>,
    /// Words behind which a year is the one that is compared with.
    pub compared: Vec<String>,
    /// What a declaration of a unit line begins with: [`Surroundings::unit_line`] and [`Surroundings::reporting_unit`].
    declarations: Heads,
    /// Finds any of [`Surroundings::government_words`].
    of_government: Option<AhoCorasick>,
    /// Finds the first of [`Surroundings::of_accounts`].
    accounts: Option<AhoCorasick>,
}

/// `document.yaml`.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Surroundings")]
pub(super) struct File {
    unit_line: Vec<String>,
    reporting_unit: Vec<String>,
    amounts: std::collections::BTreeMap<String, MoneyWord>,
    percent: Vec<String>,
    points: Vec<String>,
    counts: Vec<String>,
    table_number: Spanned<String>,
    continued: Vec<String>,
    before_titles: Vec<String>,
    notes: Vec<String>,
    notes_begin: Vec<String>,
    signatures: Vec<String>,
    personal: Vec<String>,
    page_lines: Vec<String>,
    page_words: Vec<String>,
    page_titles: Vec<String>,
    government_titles: Vec<String>,
    government_words: Vec<String>,
    no_data: Vec<String>,
    organisations: Vec<String>,
    parts_of_unit: Vec<String>,
    #[serde(default)]
    whole_units: Vec<String>,
    #[serde(default)]
    totals: Vec<String>,
    not_in_organisations: Vec<String>,
    #[serde(default)]
    about: Vec<String>,
    #[serde(default)]
    before_letters: Vec<String>,
    #[serde(default)]
    speakers: Vec<String>,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    describes: Vec<String>,
    #[serde(default)]
    described_as: Vec<String>,
    #[serde(default)]
    states: Vec<String>,
    #[serde(default)]
    of_parts: Vec<String>,
    #[serde(default)]
    of_others: Vec<String>,
    #[serde(default)]
    head_office: Vec<String>,
    #[serde(default)]
    mere_accounts: Vec<String>,
    #[serde(default)]
    refers: Vec<String>,
    #[serde(default)]
    attached: Vec<String>,
    #[serde(default)]
    leaves_out: Vec<String>,
    #[serde(default)]
    holds: Vec<String>,
    #[serde(default)]
    left_out: Vec<String>,
    #[serde(default)]
    points_above: Vec<String>,
    #[serde(default)]
    points_by: Vec<String>,
    #[serde(default)]
    noted_columns: Vec<String>,
    #[serde(default)]
    sample_names: Vec<String>,
    #[serde(default)]
    dividing: Vec<String>,
    #[serde(default)]
    of_figures: Vec<String>,
    #[serde(default)]
    corrections: Vec<String>,
    #[serde(default)]
    corrected_to: Vec<String>,
    #[serde(default)]
    seats: BTreeMap<String, String>,
    #[serde(default)]
    towns: Vec<String>,
    #[serde(default)]
    subordinates: Vec<String>,
    #[serde(default)]
    and: Vec<String>,
    #[serde(default)]
    this_year: Vec<String>,
    #[serde(default)]
    finals: Vec<String>,
    #[serde(default)]
    not_finals: Vec<String>,
    #[serde(default)]
    finals_parts: Vec<String>,
    #[serde(default)]
    own_unit_fields: Vec<String>,
    scope_total: Vec<String>,
    areas: Vec<String>,
    #[serde(default)]
    abbreviations: BTreeMap<String, Vec<String>>,
    of_accounts: Vec<String>,
    #[serde(default)]
    compared: Vec<String>,
    #[serde(default)]
    spare_sheets: Vec<String>,
    #[serde(default)]
    spare_sheet_names: Vec<String>,
    #[serde(default)]
    void_states: Vec<String>,
    #[serde(default)]
    valid_states: Vec<String>,
    #[serde(default)]
    void_names: Vec<String>,
    #[serde(default)]
    doubtful_names: Vec<String>,
    #[serde(default)]
    about_states: Vec<String>,
    part_of_year: Option<Spanned<String>>,
    #[serde(default)]
    slips: Vec<String>,
    #[serde(default)]
    year_lines: Vec<String>,
}

#[derive(Clone, Copy, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum MoneyWord {
    Yuan,
    ThousandYuan,
    TenThousandYuan,
    HundredMillionYuan,
}

impl Surroundings {
    /// Reads `document.yaml`.
    ///
    /// # Errors
    /// The problem with its line and column.
    pub fn parse(name: &str, yaml: &str) -> Result<Surroundings, Problem> {
        let file: File = serde_saphyr::from_str(yaml).map_err(|error| Problem::yaml(name, yaml, &error))?;
        let mut units = Map::default();
        for (word, unit) in file.amounts {
            let unit = match unit {
                MoneyWord::Yuan => UnitOfMeasure::Yuan,
                MoneyWord::ThousandYuan => UnitOfMeasure::ThousandYuan,
                MoneyWord::TenThousandYuan => UnitOfMeasure::TenThousandYuan,
                MoneyWord::HundredMillionYuan => UnitOfMeasure::HundredMillionYuan,
            };
            units.insert(fold(&word), unit);
        }
        for (words, unit) in [
            (file.percent, UnitOfMeasure::Percent),
            (file.points, UnitOfMeasure::Points),
            (file.counts, UnitOfMeasure::Count),
        ] {
            units.extend(words.iter().map(|word| (fold(word), unit)));
        }
        let pattern = |pattern: String, written: &Spanned<String>| {
            regex::Regex::new(&pattern)
                .map_err(|error| Problem::at(name, yaml, written.referenced, Wrong::Pattern(error.to_string())))
        };
        let table_number = pattern(format!("^(?:{})", file.table_number.value), &file.table_number)?;
        let table_number_behind = pattern(format!("(?:{})$", file.table_number.value), &file.table_number)?;
        let part_of_year = file.part_of_year.as_ref().map(|part| pattern(format!("^(?:{})$", part.value), part));
        let standing = Standing::of(standing::Written {
            void: &file.void_states,
            valid: &file.valid_states,
            names: (&file.void_names, &file.doubtful_names),
            about: &file.about_states,
            part_of_year: part_of_year.transpose()?,
            corrections: &file.corrections,
            corrected_to: &file.corrected_to,
            slips: &file.slips,
            spare_sheets: (&file.spare_sheets, &file.spare_sheet_names),
            samples: &file.sample_names,
        });
        let mut surroundings = Surroundings {
            of_government: None,
            accounts: None,
            table_number: Some(table_number),
            table_number_behind: Some(table_number_behind),
            unit_line: folded_longest_first(&file.unit_line),
            reporting_unit: folded_longest_first(&file.reporting_unit),
            units,
            continued: folded_longest_first(&file.continued),
            before_titles: folded_longest_first(&file.before_titles),
            notes: Heads::of(&file.notes),
            notes_begin: Heads::of(&file.notes_begin),
            signatures: Heads::of(&file.signatures),
            declarations: Heads::of(file.unit_line.iter().chain(&file.reporting_unit).chain(&file.year_lines)),
            personal: file.personal.iter().map(|word| fold(word)).collect(),
            page_lines: Heads::of(&file.page_lines),
            page_words: Heads::of(&file.page_words),
            page_titles: Heads::of(&file.page_titles),
            government_titles: finder(&file.government_titles, MatchKind::Standard),
            government_words: folded_longest_first(&file.government_words),
            no_data: finder(&file.no_data, MatchKind::Standard),
            organisations: folded_longest_first(&file.organisations),
            parts_of_unit: folded_longest_first(&file.parts_of_unit),
            whole_units: folded_longest_first(&file.whole_units),
            totals: file.totals.iter().map(|word| Label::new(word)).collect(),
            not_in_organisations: folded_longest_first(&file.not_in_organisations),
            about: folded_longest_first(&file.about),
            before_letters: folded_longest_first(&file.before_letters),
            speakers: folded_longest_first(&file.speakers),
            kinds: folded_longest_first(&file.kinds),
            describes: Heads::of(&file.describes),
            descriptions: finder(&folded_longest_first(&file.describes), MatchKind::LeftmostFirst),
            described_as: Heads::of(&file.described_as),
            states: Heads::of(&file.states),
            of_parts: finder(&file.of_parts, MatchKind::Standard),
            of_others: finder(&file.of_others, MatchKind::Standard),
            head_office: folded_longest_first(&file.head_office),
            mere_accounts: folded_longest_first(&file.mere_accounts),
            refers: folded_longest_first(&file.refers),
            attached: folded_longest_first(&file.attached),
            leaves_out: folded_longest_first(&file.leaves_out),
            holds: folded_longest_first(&file.holds),
            finds_left_out: finder(&file.leaves_out, MatchKind::Standard),
            left_out: folded_longest_first(&file.left_out),
            points_above: folded_longest_first(&file.points_above),
            points_by: folded_longest_first(&file.points_by),
            noted_columns: folded_longest_first(&file.noted_columns),
            dividing: folded_longest_first(&file.dividing),
            of_figures: folded_longest_first(&file.of_figures),
            standing,
            year_lines: folded_longest_first(&file.year_lines),
            seats: file.seats.iter().map(|(seat, short)| (fold(seat), fold(short))).collect(),
            towns: folded_longest_first(&file.towns),
            subordinates: folded_longest_first(&file.subordinates),
            and: folded_longest_first(&file.and),
            this_year: folded_longest_first(&file.this_year),
            finals: folded_longest_first(&file.finals),
            not_finals: folded_longest_first(&file.not_finals),
            finals_parts: folded_longest_first(&file.finals_parts),
            own_unit_fields: file.own_unit_fields.iter().map(|word| Label::new(word)).collect(),
            scope_total: folded_longest_first(&file.scope_total),
            areas: folded_longest_first(&file.areas),
            abbreviations: abbreviations(&file.abbreviations),
            of_accounts: folded_longest_first(&file.of_accounts),
            compared: folded_longest_first(&file.compared),
        };
        surroundings.accounts = finder(&surroundings.of_accounts, MatchKind::LeftmostFirst);
        surroundings.of_government = finder(&surroundings.government_words, MatchKind::Standard);
        Ok(surroundings)
    }

    /// A folded line is a note: it begins with a head of notes and a mark or number behind it, or as notes do without one.
    /// `unnumbered` is the line without its ordinal.
    pub fn is_note(&self, line: &str, unnumbered: &str) -> bool {
        let headed = |rest: &str| rest.starts_with([':', '.', ',']) || rest.starts_with(|c: char| c.is_ascii_digit());
        self.notes.before(line).any(|(_, rest)| headed(rest))
            || self.notes_begin.begin(unnumbered)
            || self.is_footnote(line)
            || self.said_of_above(line).is_some_and(|said| self.voids(line, said) || names_year(said).is_some())
    }

    /// A line as it is written may speak of the figures above it.
    pub fn may_point_above(&self, line: &str) -> bool {
        let bare = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '（'));
        self.points_above.iter().any(|word| bare.starts_with(word.as_str()))
    }

    /// What a folded line says of the figures above it, or of its table, that speaks of nothing else: 局机关 in 以上数据仅为局机关数据.
    fn said_of_above<'t>(&self, line: &'t str) -> Option<&'t str> {
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

    /// 注:本表…: what a note says.
    fn behind_note_head<'t>(&self, line: &'t str) -> &'t str {
        self.notes.before(line).find_map(|(_, rest)| rest.strip_prefix(':')).unwrap_or(line)
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

    fn voids(&self, line: &str, said: &str) -> bool {
        self.standing.of_line(line, false) == Some(State::Void)
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

    /// *不含下属单位, ①不含…: behind the mark that points to it, a footnote says at once what is left out.
    fn is_footnote(&self, line: &str) -> bool {
        let rest = without_footnote_mark(line);
        self.leaves_out.iter().any(|word| rest.starts_with(word.as_str()))
            && !rest.contains(|c: char| c.is_ascii_digit())
    }

    /// A folded text says that a table has no values.
    pub fn says_no_data(&self, text: &str) -> bool {
        self.no_data.as_ref().is_some_and(|phrases| phrases.is_match(text))
    }

    /// A folded line without its ordinal begins as a signature does.
    pub fn is_signature(&self, line: &str) -> bool {
        self.signatures.begin(line)
    }

    /// A folded line begins with a unit of amounts or a reporting unit that it tells: 单位, 编制单位.
    pub fn may_declare(&self, line: &str) -> bool {
        self.declarations.begin(line)
    }

    /// Where in a folded text the first word stands that tells of accounts: 部门决算, 绩效.
    pub fn first_of_accounts(&self, text: &str) -> Option<usize> {
        self.accounts.as_ref()?.find(text).map(|found| found.start())
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
        self.table_number.as_ref()?.find(text).map(|found| found.end())
    }

    /// A folded line without the number of a table before it: `公开01表收入支出决算总表`.
    pub fn without_table_number<'t>(&self, text: &'t str) -> &'t str {
        match self.table_number_end(text) {
            Some(end) => {
                Some(text[end..].trim_start_matches([':', '、', '.'])).filter(|rest| !rest.is_empty()).unwrap_or(text)
            }
            None => text,
        }
    }

    /// A folded title without the number of its table behind it: `收入支出决算总表(公开01表)`.
    pub fn without_table_number_behind<'t>(&self, title: &'t str) -> Option<&'t str> {
        let start = self.table_number_behind.as_ref()?.find(title)?.start();
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

    /// A folded line of a web page around its article: 索引号, 发布日期, 打印, 字号.
    ///
    /// One that speaks of money or percent is none, whatever it begins with.
    pub fn is_page_line(&self, text: &str) -> bool {
        // 2021-08-23 08:50 | 发布者：…
        let dated = |c: char| is_page_mark(c) || c.is_ascii_digit() || matches!(c, '年' | '月' | '日');
        let bare = text.trim_start_matches(dated);
        // 来源于… is the middle of a sentence: behind a short head stands a mark, a number, or another word of pages.
        let heads = |(head, behind): (&str, &str)| {
            let parted =
                behind.is_empty() || behind.starts_with(|c: char| is_page_mark(c) || c.is_ascii_alphanumeric());
            parted || head.chars().count() >= 4 || self.page_lines.begin(behind) || self.page_titles.begin(behind)
        };
        // 日期: begins with a mark of dates itself.
        let begins = self.page_lines.before(bare).any(heads) || self.page_lines.before(text).any(heads);
        (begins || self.is_made_of_page_words(bare)) && !longer_than(text, 160) && !text.contains(['元', '%'])
    }

    /// A folded header says that its values are of this year's final accounts: 决算数, not 上年决算数 or 比上年决算数.
    pub fn says_finals(&self, text: &str) -> bool {
        let has = |words: &[String]| words.iter().any(|word| text.contains(word.as_str()));
        has(&self.finals) && !has(&self.not_finals)
    }

    /// The folded heading of a part says that its tables are of a unit's final accounts: 第二部分 2021年度部门决算报表.
    pub fn heads_part_of_finals(&self, text: &str) -> bool {
        self.finals_parts.iter().any(|end| text.ends_with(end.as_str()))
            && !text.contains("预算")
            && !self.heads_government_accounts(text)
    }

    /// A folded line heads the accounts of a government's whole budget: `某镇2020年财政决算（草案）报告`, not a sentence
    /// that speaks of one.
    pub fn heads_government_accounts(&self, text: &str) -> bool {
        !longer_than(text, 45)
            && !text.contains(['，', ',', '。', ';'])
            && !self.is_of_unit(text)
            && self.government_titles.as_ref().is_some_and(|titles| titles.is_match(text))
    }

    /// A folded line says that what follows is a unit's own.
    pub fn is_of_unit(&self, text: &str) -> bool {
        ["部门决算", "单位决算"].iter().any(|own| text.contains(own))
    }

    /// A folded text speaks of what only a government's whole budget has.
    pub fn speaks_of_government_accounts(&self, text: &str) -> bool {
        self.of_government.as_ref().is_some_and(|words| words.is_match(text))
    }

    /// The title of a web page's article, behind the word for it: `名称:某局2021年度部门决算`.
    pub fn page_title<'t>(&self, text: &'t str) -> Option<&'t str> {
        let bare = text.trim_start_matches(is_page_mark);
        let (_, behind) = self.page_titles.before(bare).next()?;
        Some(behind.trim_start_matches(is_page_mark)).filter(|title| title.chars().count() > 4)
    }

    fn is_made_of_page_words(&self, text: &str) -> bool {
        let mut rest = text.trim_end_matches(is_page_mark);
        let some = rest.chars().nth(1).is_some();
        while !rest.is_empty() {
            let Some((_, behind)) = self.page_words.before(rest).next() else { return false };
            rest = behind.trim_start_matches(is_page_mark);
        }
        some
    }

    /// A folded label says that it is of the fiscal year: 本年支出 beside 上年支出数.
    pub fn says_this_year(&self, label: &str) -> bool {
        self.this_year.iter().any(|word| label.starts_with(word.as_str()))
    }

    /// The unit of measure that a word means.
    pub fn unit(&self, word: &str) -> Option<UnitOfMeasure> {
        self.units.get(word).copied()
    }

    /// A folded text may be the name of a part of the reporting unit: an organisation, perhaps numbered.
    pub fn looks_like_part(&self, text: &str) -> bool {
        let bare = text.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(')').trim_end_matches("(本级");
        self.looks_like_organisation(bare) || self.parts_of_unit.iter().any(|ending| bare.ends_with(ending.as_str()))
    }

    /// A title says that its accounts are those of several units: 2022年度青禾县部门决算汇总表, but not 汇总全县经济动态.
    pub fn sums_up(&self, title: &str) -> bool {
        self.says_whole(self.first_of_accounts(title).map_or("", |at| &title[at..]))
    }

    /// The name of a table says that it sums up several units: 收入决算汇总表.
    pub fn says_whole(&self, title: &str) -> bool {
        self.whole_units.iter().any(|word| title.contains(word.as_str()))
    }

    /// The area whose departments a name speaks of: 青禾县部门.
    pub fn area_of_departments<'t>(&self, name: &'t str) -> &'t str {
        let is_area = |name: &&str| self.areas.iter().any(|area| name.ends_with(area.as_str()));
        self.before_titles.iter().filter_map(|word| name.strip_suffix(word.as_str())).find(is_area).unwrap_or(name)
    }

    /// A folded unit's name without the words behind it that mean the unit with all its parts: `某局(汇总)`.
    pub fn without_whole<'t>(&self, name: &'t str) -> &'t str {
        self.whole_units.iter().find_map(|word| self.without_ending(name, word)).unwrap_or(name)
    }

    /// A folded unit's name without the part of the unit that it names: `某局(本级)`, `某局机关`.
    pub fn without_part<'t>(&self, name: &'t str) -> Option<&'t str> {
        let parts = self.parts_of_unit.iter().filter(|part| !self.whole_units.contains(*part));
        parts.filter_map(|part| self.without_ending(name, part)).min_by_key(|rest| rest.len())
    }

    /// A folded title without the word that says that it is attached: 附:….
    pub fn behind_attached<'t>(&self, title: &'t str) -> &'t str {
        let behind = |word: &String| title.strip_prefix(word.as_str())?.strip_prefix(':');
        self.attached.iter().find_map(behind).unwrap_or(title)
    }

    /// A folded line may say that something is left out.
    pub fn may_leave_out(&self, line: &str) -> bool {
        self.finds_left_out.as_ref().is_some_and(|words| words.is_match(line))
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

    /// A folded name is that of an organisation, of a part of one or of those below it, and not that of one with all its parts.
    pub fn names_unit_or_part(&self, name: &str) -> bool {
        let is_organisation = self.looks_like_organisation(name) && self.names_one(name);
        let named = is_organisation || self.names_a_part(name) || self.names_subordinates(name);
        named && self.without_whole(name) == name
    }

    /// A folded organisation's name without what stands behind it, in brackets or not.
    fn without_ending<'t>(&self, name: &'t str, ending: &str) -> Option<&'t str> {
        let bracketed = name.strip_suffix(')').and_then(|name| name.strip_suffix(ending)?.strip_suffix('('));
        bracketed.or_else(|| name.strip_suffix(ending)).filter(|rest| self.looks_like_organisation(rest))
    }

    /// A folded name is that of a part of a unit: 本级, 局机关, 农业局本级.
    pub fn names_a_part(&self, name: &str) -> bool {
        let mut parts = self.parts_of_unit.iter().filter(|part| !self.whole_units.contains(*part));
        parts.any(|part| name == part) || self.without_part(name).is_some()
    }

    /// A label says the sum of rows, and names nobody.
    pub fn is_total(&self, label: &Label) -> bool {
        self.totals.contains(label)
    }

    /// A folded text may be the name of an organisation.
    ///
    /// It may have another one of its names in brackets behind it: 某市中医医院(某某医院).
    pub fn looks_like_organisation(&self, text: &str) -> bool {
        let bracketed = text.strip_suffix(')').and_then(|inner| inner.split_once('('));
        match bracketed {
            Some((name, other)) if !other.contains('(') && name.chars().count() >= 3 => {
                self.is_organisation(name) && self.is_organisation(other)
                    || self.is_organisation(text)
                    || self.is_head_office(text)
            }
            _ => self.is_organisation(text) || self.is_head_office(text),
        }
    }

    /// 某局机关, 某局(机关): the head office of an organisation; what sits in an area (县机关) is none.
    fn is_head_office(&self, text: &str) -> bool {
        let of = |office: &String| {
            let bracketed =
                text.strip_suffix(')').and_then(|name| name.strip_suffix(office.as_str())?.strip_suffix('('));
            bracketed.or_else(|| text.strip_suffix(office.as_str()))
        };
        let is_area = |name: &str| self.areas.iter().any(|area| name.ends_with(area.as_str()));
        let mut names = self.head_office.iter().filter_map(of);
        names.any(|name| name.chars().nth(3).is_some() && !is_area(name) && self.is_organisation(name))
    }

    /// A folded organisation's name tells it from others: not 我镇, 本单位, 学校.
    pub fn names_one(&self, name: &str) -> bool {
        let is_kind = |rest: &str| self.organisations.iter().chain(&self.kinds).any(|kind| kind == rest);
        !self.kinds.iter().any(|kind| kind == name)
            && !self.speakers.iter().any(|word| name.strip_prefix(word.as_str()).is_some_and(is_kind))
    }

    /// The words before those of a folded heading that say that a unit is described: the unit's name, or nothing.
    pub fn described_by<'t>(&self, heading: &'t str) -> Option<&'t str> {
        let found = self.descriptions.as_ref()?.find(heading)?;
        let mut rest = &heading[found.end()..];
        while !rest.is_empty() {
            let joined = self.and.iter().find_map(|and| rest.strip_prefix(and.as_str()));
            rest = joined.unwrap_or(rest).trim_start_matches('、');
            rest = self.describes.before(rest).next()?.1;
        }
        Some(heading[..found.start()].trim_end_matches('的'))
    }

    /// A folded text goes on as a sentence does that describes the unit named before it.
    pub fn begins_description(&self, text: &str) -> bool {
        self.described_as.begin(text)
    }

    /// A folded text goes on as a sentence does that states the accounts of the unit and year named before it.
    pub fn begins_statement(&self, text: &str) -> bool {
        self.states.begin(text)
    }

    /// A folded clause describes another unit than the text's own, or a part of it.
    pub fn speaks_of_parts(&self, clause: &str) -> bool {
        self.of_parts.as_ref().is_some_and(|words| words.is_match(clause))
    }

    /// A folded text speaks of the accounts of many units.
    pub fn speaks_of_others(&self, text: &str) -> bool {
        self.of_others.as_ref().is_some_and(|words| words.is_match(text))
    }

    /// A folded text speaks of one unit as its own: 我局.
    pub fn speaks_for_one(&self, text: &str) -> bool {
        let is_unit = |rest: &str| {
            let of_area = self.areas.iter().any(|area| rest.starts_with(area.as_str()));
            !of_area && self.organisations.iter().any(|kind| rest.starts_with(kind.as_str()))
        };
        self.speakers
            .iter()
            .any(|word| text.match_indices(word.as_str()).any(|(at, word)| is_unit(&text[at + word.len()..])))
    }

    /// What a folded note says behind the words that speak of its table: 本表反映….
    pub fn told_by_note<'t>(&self, note: &'t str) -> Option<&'t str> {
        note.char_indices().find_map(|(at, _)| Some(self.notes_begin.before(&note[at..]).next()?.1))
    }

    /// A folded text names the units below a unit: 某局下属单位; 某局及下属单位 is the whole.
    pub fn names_subordinates(&self, text: &str) -> bool {
        self.subordinates.iter().any(|word| {
            let joined = |at: usize| self.and.iter().any(|and| text[..at].ends_with(and.as_str()));
            text.match_indices(word.as_str()).any(|(at, _)| !joined(at))
        })
    }

    fn is_organisation(&self, text: &str) -> bool {
        text.chars().nth(1).is_some()
            && !longer_than(text, 40)
            && !text.contains(['，', ',', '。', ';', ':', '、'])
            && text.matches('(').count() == text.matches(')').count()
            && self.organisations.iter().any(|ending| text.ends_with(ending.as_str()))
            && !self.not_in_organisations.iter().any(|word| text.contains(word.as_str()))
            && !self.names_subordinates(text)
    }
}

/// The year that a text is, and nothing else: 2022年度.
fn names_year(text: &str) -> Option<i32> {
    text.trim_end_matches('度').strip_suffix('年')?.parse().ok()
}

/// A folded line behind the mark by which an amount points to it: *, ①.
pub fn without_footnote_mark(line: &str) -> &str {
    line.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '①'..='⑳' | '*' | '※' | '#' | '△' | '▲' | '(' | ')' | '[' | ']' | ':' | '.')
    })
}

/// Words that stand at the head of lines, by their first characters: nearly every line begins with none of them.
#[derive(Debug, Default)]
struct Heads(Map<char, Vec<String>>);

impl Heads {
    fn of<'w>(words: impl IntoIterator<Item = &'w String>) -> Heads {
        let mut heads = Heads::default();
        for word in folded_longest_first(words) {
            if let Some(first) = word.chars().next() {
                heads.0.entry(first).or_default().push(word);
            }
        }
        heads
    }

    /// The words that a folded text begins with, the longest first, each with what stands behind it.
    fn before<'w, 't>(&'w self, text: &'t str) -> impl Iterator<Item = (&'w str, &'t str)> {
        let same_first = text.chars().next().and_then(|first| self.0.get(&first)).map_or(&[][..], Vec::as_slice);
        same_first.iter().filter_map(|word| Some((word.as_str(), text.strip_prefix(word.as_str())?)))
    }

    /// A folded text begins with one of them.
    fn begin(&self, text: &str) -> bool {
        self.before(text).next().is_some()
    }
}

/// What parts the words of a web page.
fn is_page_mark(character: char) -> bool {
    matches!(character, '[' | ']' | '【' | '】' | '(' | ')' | ':' | '|' | '>' | '·' | '•' | '-' | '/' | '、')
}

/// Words of names with what is written for them, folded, the longest words first.
fn abbreviations(written: &BTreeMap<String, Vec<String>>) -> Vec<(String, Vec<String>)> {
    let folded =
        |(words, short): (&String, &Vec<String>)| (fold(words), short.iter().map(|short| fold(short)).collect());
    let mut all: Vec<(String, Vec<String>)> = written.iter().map(folded).collect();
    all.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    all
}
