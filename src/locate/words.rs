//! What the words of a table mean: a cell's text, looked up in the form, the vocabulary and the classification lists.

use std::sync::Arc;

use super::codes::code_and_name;
use crate::mapping::{ColumnRole, Difference, FormMapping, Mappings, NameMatch, Partial, Rule, Surroundings, When};
use crate::model::{Cell, CellNote, Label, Measure, Ordinal, UnitOfMeasure, fold, has_digits, split_ordinal, unstruck};

/// Whether a label stands in a header or in a stub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Across,
    Down,
}

/// A cell's text as a label, with what it means.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// As written, white space taken out: for messages and the `label` of figures.
    pub(super) written: String,
    /// Normalised.
    pub(super) label: Label,
    /// Its leading ordinal.
    pub(super) ordinal: Ordinal,
    /// It says 其中.
    pub(super) part_of: bool,
    /// What it means; `None` where it is not understood.
    pub(super) rule: Option<Arc<Rule>>,
    /// The year it names is not ours.
    pub(super) other_year: bool,
    /// It is nothing but the fiscal year, or begins with a word for it (本年).
    pub(super) own_year: bool,
    /// The unit of measure that it states.
    pub(super) unit: Option<UnitOfMeasure>,
}

/// What locating needs to know of the document around a form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    pub(super) form: &'a FormMapping,
    pub(super) mappings: &'a Mappings,
    pub(super) fiscal_year: Option<i32>,
}

impl Reader<'_> {
    /// What a header or stub cell means.
    pub(super) fn word(&self, text: &str, axis: Axis) -> Word {
        let folded = fold(text);
        let (ordinal, part_of, rest) = split_ordinal(&folded);
        let mut word = Word {
            written: text.chars().filter(|c| !c.is_whitespace()).collect(),
            label: Label::of_folded(&folded),
            ordinal,
            part_of,
            rule: None,
            other_year: false,
            own_year: self.mappings.surroundings.says_this_year(rest)
                || leading_year(rest).is_some_and(|(year, behind)| behind.is_empty() && Some(year) == self.fiscal_year),
            unit: None,
        };
        if rest.is_empty() {
            // Only an ordinal or 其中: known, and without meaning of its own.
            word.rule = part_of.then(Arc::default);
            return word;
        }
        let last_year = self.compared_year(rest);
        if last_year.as_ref().is_some_and(|(year, _)| self.fiscal_year.is_none_or(|own| *year != own - 1)) {
            word.other_year = self.fiscal_year.is_some();
            return word;
        }
        let rest = last_year.as_ref().map_or(rest, |(_, named)| named);
        if last_year.is_some() {
            // 2023年比2022年增减 is 比上年增减, as the words below it look for it.
            let own_year = leading_year(rest).filter(|(year, _)| Some(*year) == self.fiscal_year);
            word.label = Label::new(own_year.map_or(rest, |(_, behind)| behind));
        }
        word.rule = self.rule(rest, axis, &mut word.other_year);
        if word.rule.is_none() && !word.other_year {
            self.without_bracket(rest, axis, &mut word);
        }
        if word.rule.is_none() && !word.other_year {
            self.without_colon(rest, axis, &mut word);
        }
        word
    }

    /// A label whose last bracket is a unit, a column's letter or its formula: 公务用车保有量（辆）, 执行率（B/A）.
    fn without_bracket(&self, text: &str, axis: Axis, word: &mut Word) {
        let Some(open) = text.rfind('(').filter(|open| *open > 0 && text.ends_with(')')) else { return };
        let (before, inner) = (&text[..open], &text[open + 1..text.len() - 1]);
        let unit = self.mappings.surroundings.unit_in_bracket(inner);
        // 决算数（2）: the number of a column.
        let is_numbered = axis == Axis::Across && inner.len() <= 2 && inner.bytes().all(|byte| byte.is_ascii_digit());
        let says_a_kind = is_numbered || self.is_formula(inner, axis) || self.says_nothing(inner, axis);
        if unit.is_none() && !says_a_kind {
            return;
        }
        // 年度目标1：（40分）
        let before = before.strip_suffix(':').unwrap_or(before);
        word.rule = self.rule(before, axis, &mut word.other_year);
        if word.rule.is_none() && !word.other_year && before.ends_with(')') {
            // Two brackets: 决算数（B）（万元）.
            self.without_bracket(before, axis, word);
        }
        if word.rule.is_some() {
            word.label = Label::new(before);
        }
        if unit.is_some() {
            word.unit = unit;
        }
        if unit == Some(UnitOfMeasure::Percent)
            && let Some(rule) = &mut word.rule
        {
            as_rate(rule);
        }
    }

    /// A label that a colon ends: 年度资金总额：, 合计：.
    fn without_colon(&self, text: &str, axis: Axis, word: &mut Word) {
        let Some(before) = text.strip_suffix(':') else { return };
        word.rule = self.rule(before, axis, &mut word.other_year);
        if word.rule.is_none() && !word.other_year {
            self.without_bracket(before, axis, word);
        } else if word.rule.is_some() {
            word.label = Label::new(before);
        }
    }

    /// Words of a bracket that say nothing, perhaps behind the fiscal year: （2021年完工项目）, （一个专项一行）.
    fn says_nothing(&self, inner: &str, axis: Axis) -> bool {
        let words = match leading_year(inner) {
            Some((year, words)) if Some(year) == self.fiscal_year => words,
            Some(_) => return false,
            None => inner,
        };
        self.plain_rule(words, axis).is_some_and(|rule| rule.is_neutral())
    }

    /// What a bracket says of how a column is reckoned: its letter or formula, or the points there are to reach:
    /// （B/A）, （20分）, （20分*执行率）.
    fn is_formula(&self, inner: &str, axis: Axis) -> bool {
        let terms: Vec<&str> = inner.split(['/', '-', '+', '*', '=', '×', '÷']).collect();
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_term = |term: &&str| {
            term.chars().all(|c| c.is_ascii_uppercase())
                || term.strip_suffix('分').is_some_and(is_number)
                || terms.len() > 1 && (is_number(term.trim_end_matches('%')) || self.plain_rule(term, axis).is_some())
        };
        terms.iter().all(is_term)
    }

    /// The year behind 比, 较 and the like, and the text with 上年 in its place: 比2021年增减%, 2022年决算数比2021年决算数.
    fn compared_year(&self, text: &str) -> Option<(i32, String)> {
        let at = text.match_indices("年").find_map(|(at, _)| {
            let from = at.checked_sub(4)?;
            let (year, _) = leading_year(text.get(from..)?)?;
            self.mappings
                .surroundings
                .compared
                .iter()
                .any(|word| text[..from].ends_with(word.as_str()))
                .then_some((from, year))
        });
        let (from, year) = at?;
        let (_, behind) = leading_year(&text[from..])?;
        Some((year, format!("{}上年{behind}", &text[..from])))
    }

    /// The rule of a label without ordinal.
    fn rule(&self, text: &str, axis: Axis, other_year: &mut bool) -> Option<Arc<Rule>> {
        if let Some(rule) = self.plain_rule(text, axis) {
            return Some(rule);
        }
        let (year, rest) = leading_year(text)?;
        let fiscal_year = self.fiscal_year?;
        let mut rule = if rest.is_empty() { Arc::default() } else { self.plain_rule(rest, axis)? };
        if year == fiscal_year {
            return Some(rule);
        }
        if year != fiscal_year - 1 {
            *other_year = true;
            return None;
        }
        let prior = Some(match rule.key.measure {
            None | Some(Measure::Final) => Measure::PriorFinal,
            Some(Measure::Budget) => Measure::PriorBudget,
            Some(_) => {
                *other_year = true;
                return None;
            }
        });
        Arc::make_mut(&mut rule).key.measure = prior;
        Some(rule)
    }

    fn plain_rule(&self, text: &str, axis: Axis) -> Option<Arc<Rule>> {
        let own = match axis {
            Axis::Across => &self.form.across,
            Axis::Down => &self.form.down,
        };
        if let Some(rule) = own.get(text) {
            return Some(rule.clone());
        }
        let label = Label::new(text);
        if label.as_str() != text
            && let Some(rule) = own.get(&label)
        {
            return Some(rule.clone());
        }
        if axis == Axis::Down
            && let Some(rule) = self.named_class(text)
        {
            return Some(Arc::new(rule));
        }
        if axis == Axis::Across
            && let Some(rule) = self.class_across(text)
        {
            return Some(Arc::new(rule));
        }
        let meaning = self.mappings.vocabulary.meaning(&label)?;
        if !self.may_give(&meaning.item) || self.may_be_a_class(&label) {
            return None;
        }
        let mut rule = Rule::default();
        rule.key.item = Some(meaning.item.clone());
        rule.key.funding = meaning.funding;
        Some(Arc::new(rule))
    }

    /// A column that a class heads, or an item below its class: 工资福利支出 over 基本工资. What two classes have in common
    /// (其他支出) is told by the class above it.
    fn class_across(&self, text: &str) -> Option<Rule> {
        let names = self.form.names.iter().find(|names| names.across)?;
        let list = if names.economic { &self.mappings.codes.economic } else { &self.mappings.codes.functional };
        let key = |code: &Arc<str>| {
            let mut key = Partial { item: names.item.clone(), ..Partial::default() };
            *if names.economic { &mut key.economic } else { &mut key.function } = Some(code.clone());
            key
        };
        let mut rule = Rule::default();
        // 基本工资(30101), 30101基本工资: the code must bear the name.
        let (code, name) = code_and_name(text);
        if !code.is_empty() {
            let is_named =
                matches!(list.compare(&code, name, self.fiscal_year), NameMatch::Same | NameMatch::AnotherYear);
            rule.key = key(&Arc::from(&*code));
            return is_named.then_some(rule);
        }
        let class = list.code_of(text, 3, "", self.fiscal_year);
        for (code, class) in list.codes_named(text, 5, self.fiscal_year) {
            let above = list.names_of(class).map(Label::new).collect();
            rule.when.push(When { under: above, key: key(code), total: false });
        }
        match (class, rule.when.len()) {
            // 其他支出 is a class and an item of it: by itself the class.
            (Some(class), _) => rule.key = key(&class),
            (None, 0) => return None,
            (None, _) => {}
        }
        Some(rule)
    }

    /// A row that names a class of a classification without its code.
    fn named_class(&self, text: &str) -> Option<Rule> {
        for names in self.form.names.iter().filter(|names| !names.across) {
            let list = if names.economic { &self.mappings.codes.economic } else { &self.mappings.codes.functional };
            let Some(code) = list.code_of(text, 3, "", self.fiscal_year) else { continue };
            let mut rule = Rule { side: names.side, ..Rule::default() };
            rule.key.item.clone_from(&names.item);
            if names.economic {
                rule.key.economic = Some(code);
            } else {
                rule.key.function = Some(code);
            }
            return Some(rule);
        }
        None
    }

    /// 国有资本经营预算支出 is a total and a class of the list: where rows have codes, its code tells which.
    fn may_be_a_class(&self, label: &Label) -> bool {
        let codes = &self.mappings.codes;
        self.form.codes.as_ref().is_some_and(|used| {
            let list = if used.economic { &codes.economic } else { &codes.functional };
            list.knows_name(label)
        })
    }

    /// The form may give an item: it is one of its roots or a part of one.
    pub(super) fn may_give(&self, item: &str) -> bool {
        self.form.roots.is_empty() || self.form.roots.iter().any(|root| self.mappings.vocabulary.is_part_of(item, root))
    }

    /// What a column (or row) headed by a text is.
    pub(super) fn role(&self, text: &str) -> Option<ColumnRole> {
        if text.is_empty() {
            return None;
        }
        let folded = fold(text);
        let role = |text: &str| self.form.columns.get(text).copied();
        role(&folded)
            .or_else(|| Some(split_ordinal(&folded).2).filter(|label| label.len() < folded.len()).and_then(role))
            .or_else(|| {
                // 得分（20分*执行率）, 年度指标值（A）, 指标权重（分）.
                let (before, inner) = folded.strip_suffix(')')?.rsplit_once('(')?;
                role(before).filter(|role| self.is_formula(inner, Axis::Across) || self.counts_points(*role, inner))
            })
    }

    /// A bracket says in which unit points are counted: 得分（分）, or 权重（%）, the hundredths of the whole.
    fn counts_points(&self, role: ColumnRole, inner: &str) -> bool {
        let unit = self.mappings.surroundings.units.get(inner);
        matches!(role, ColumnRole::Weight | ColumnRole::SelfScore | ColumnRole::Text)
            && matches!(unit, Some(UnitOfMeasure::Points | UnitOfMeasure::Percent))
    }
}

/// 比上年增减（%）: the rate of what it would be an amount of.
fn as_rate(rule: &mut Arc<Rule>) {
    let rate = rule.key.measure.and_then(Measure::rate);
    if rate.is_some() {
        Arc::make_mut(rule).key.measure = rate;
    }
    if rule.difference == Some(Difference::Amount) {
        Arc::make_mut(rule).difference = Some(Difference::Rate);
    }
}

/// A year at the beginning of a label: `2022年决算数`, `2020年度支出`.
pub(super) fn leading_year(text: &str) -> Option<(i32, &str)> {
    let digits = text.get(..4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !(digits.starts_with("19") || digits.starts_with("20")) {
        return None;
    }
    let rest = text[4..].strip_prefix('年')?;
    Some((digits.parse().ok()?, rest.strip_prefix('度').unwrap_or(rest)))
}

/// What stands in a cell, as far as its shape tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing.
    Blank,
    /// A dash or a word that stands for nothing.
    Dash,
    /// One number, perhaps damaged, perhaps with its unit: it wants to be a value.
    Number,
    /// Words, perhaps with digits.
    Words,
}

/// The shape of a cell.
pub(super) fn shape(cell: Option<&Cell>, words: &Surroundings) -> Shape {
    let Some(cell) = cell else { return Shape::Blank };
    if cell.number.is_some() {
        return Shape::Number;
    }
    match cell.note {
        Some(CellNote::ErrorValue | CellNote::FormulaWithoutValue | CellNote::ScaledFormat) => return Shape::Number,
        Some(CellNote::Date) => return Shape::Words,
        _ => {}
    }
    shape_of_text(&cell.text, words)
}

/// The shape of a text.
pub(super) fn shape_of_text(text: &str, words: &Surroundings) -> Shape {
    let trimmed = text.trim();
    // A number that was taken back stands where a number stands.
    let trimmed = unstruck(trimmed).unwrap_or(trimmed);
    if trimmed.is_empty() {
        return Shape::Blank;
    }
    if words.says_nothing(trimmed) || trimmed.chars().all(|c| matches!(c, '-' | '—' | '–' | '－' | '―' | '─'))
    {
        return Shape::Dash;
    }
    if trimmed.starts_with('#') && trimmed.is_ascii() {
        return Shape::Number;
    }
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    if !has_digits(trimmed) {
        return Shape::Words;
    }
    let starts = trimmed.chars().next().is_some_and(|c| digit(c) || "+-−－–(（¥￥.．".contains(c));
    // `1,24O.71` wants to be a number; `2010301 行政运行` and `3……` do not.
    let has_words = trimmed.chars().any(|c| c as u32 >= 0x2e80 && !(0xff01..=0xff5e).contains(&(c as u32)) || c == '…');
    match (starts, has_words) {
        (true, false) => Shape::Number,
        (true, true) if is_number_with_unit(trimmed, words) => Shape::Number,
        _ => Shape::Words,
    }
}

/// The text is nothing but an amount with decimals or a percentage; no page number, year or date is.
pub(super) fn is_value(text: &str) -> bool {
    let folded = fold(text);
    let digits = folded.trim_start_matches('-').trim_end_matches('%');
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
    let is_month = whole.len() == 4 && decimals.len() <= 2 && (whole.starts_with("19") || whole.starts_with("20"));
    let has_mark = !decimals.is_empty() && !is_month || folded.ends_with('%');
    has_mark && !whole.is_empty() && all_digits(whole) && all_digits(decimals)
}

/// Two such values or more stand in a text, with blanks or the marks of tables between them: a row that fell together.
pub(super) fn holds_values(text: &str) -> bool {
    let between = |c: char| c.is_whitespace() || matches!(c, '|' | ',' | '，' | ';' | '；');
    text.contains(['.', '．', '%', '％']) && text.split(between).filter(|part| is_value(part)).nth(1).is_some()
}

/// Digits with a unit of measure behind them: `12.30万元`, `3辆`.
fn is_number_with_unit(text: &str, words: &Surroundings) -> bool {
    let behind = text.trim_start_matches(|c: char| {
        c.is_ascii_digit() || ('０'..='９').contains(&c) || ",.，．+-−－% \u{a0}\u{3000}".contains(c)
    });
    words.unit(&fold(behind)).is_some()
}
