use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{Identity, Label, Map, fold};

/// The classification lists: functional (2xx) and economic (3xx) codes with the names they bore in each year.
#[derive(Debug, Default)]
pub struct CodeLists {
    /// Tells them from other lists, for what is remembered of texts.
    pub(crate) identity: Identity,
    /// 支出功能分类.
    pub functional: CodeList,
    /// 部门预算支出经济分类.
    pub economic: CodeList,
}

/// One classification.
#[derive(Debug, Default)]
pub struct CodeList {
    /// All names of a code, in the order of the file.
    names: Map<Arc<str>, Vec<CodeName>>,
    /// Codes by folded name; a name may be that of many codes.
    by_name: Map<String, Vec<(Arc<str>, Years)>>,
    /// The group of basic expenditure that a class belongs to.
    groups: Map<Arc<str>, Vec<(Years, String)>>,
}

/// A name that a code bears in some years.
#[derive(Clone, Debug)]
pub struct CodeName {
    /// As the list prints it.
    pub name: Arc<str>,
    folded: String,
    years: Years,
}

#[derive(Clone, Copy, Debug)]
struct Years {
    from: i32,
    to: i32,
}

impl Years {
    fn hold(self, year: Option<i32>) -> bool {
        year.is_none_or(|year| (self.from..=self.to).contains(&year))
    }
}

/// How a name goes with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameMatch {
    /// It is the code's name in that year.
    Same,
    /// The code bears it in another year.
    AnotherYear,
    /// The list does not have the code.
    UnknownCode,
    /// The code has other names, and no code of the list has this one: perhaps a local wording.
    OtherWording,
    /// It is the name of another code.
    Contradicts,
}

impl CodeLists {
    /// Reads the lists (CSV with a header row; columns by name).
    ///
    /// # Errors
    /// A message that names the list and the missing column.
    pub fn parse(functional: &str, older_functional_names: &str, economic: &str) -> Result<CodeLists, String> {
        let mut lists = CodeLists::default();
        lists.functional.add(functional).map_err(|error| format!("functional.csv: {error}"))?;
        lists.functional.add(older_functional_names).map_err(|error| format!("functional_names.csv: {error}"))?;
        lists.economic.add(economic).map_err(|error| format!("economic.csv: {error}"))?;
        Ok(lists)
    }
}

impl CodeList {
    fn add(&mut self, csv: &str) -> Result<(), String> {
        let mut rows = csv.trim_start_matches('\u{feff}').lines().map(split_csv);
        let header = rows.next().ok_or("is empty")?;
        let column = |name: &str| header.iter().position(|column| column == name);
        let code_at = column("code").ok_or("has no column `code`")?;
        let name_at = column("name").ok_or("has no column `name`")?;
        let (from_at, to_at, group_at) = (column("valid_from"), column("valid_to"), column("basic_group"));
        for row in rows.filter(|row| row.len() > 1) {
            let year = |at: Option<usize>, open: i32| at.and_then(|at| row.get(at)?.parse().ok()).unwrap_or(open);
            let years = Years { from: year(from_at, i32::MIN), to: year(to_at, i32::MAX) };
            let (Some(code), Some(name)) = (row.get(code_at), row.get(name_at)) else { continue };
            self.insert(code, name, years);
            if let Some(group) = group_at.and_then(|at| row.get(at)).filter(|group| !group.is_empty())
                && code.len() == 3
            {
                self.groups.entry(code.as_ref().into()).or_default().push((years, group.to_string()));
            }
        }
        Ok(())
    }

    fn insert(&mut self, code: &str, name: &str, years: Years) {
        let code: Arc<str> = code.into();
        let folded = fold(name);
        self.by_name.entry(folded.clone()).or_default().push((code.clone(), years));
        self.names.entry(code).or_default().push(CodeName { name: name.into(), folded, years });
    }

    /// The group of basic expenditure (`personnel`, `public`) that the class of a code belongs to in a year.
    pub fn group(&self, code: &str, year: i32) -> Option<&str> {
        let groups = self.groups.get(code.get(..3)?)?;
        groups.iter().find(|(years, _)| years.hold(Some(year))).map(|(_, group)| group.as_str())
    }

    /// The list has the code, in any year.
    pub fn knows(&self, code: &str) -> bool {
        self.names.contains_key(code)
    }

    /// The code's name in a year, else the nearest one it had.
    pub fn name(&self, code: &str, year: Option<i32>) -> Option<&Arc<str>> {
        let names = self.names.get(code)?;
        names.iter().find(|name| name.years.hold(year)).or_else(|| names.first()).map(|name| &name.name)
    }

    /// The names that a code bears in one year or another.
    pub fn names_of(&self, code: &str) -> impl Iterator<Item = &str> {
        self.names.get(code).into_iter().flatten().map(|name| &*name.name)
    }

    /// How a name as written goes with a code.
    pub fn compare(&self, code: &str, written: &str, year: Option<i32>) -> NameMatch {
        let written = fold(written);
        let spellings = self.spellings(&written);
        let has = |name: &CodeName| spellings.iter().any(|spelling| name.folded == *spelling);
        let Some(names) = self.names.get(code) else {
            // 21212 beside the name of 212: not a new code, but two cells that do not belong together. Only what is left
            // over of a class (…99) bears its name, and a class that is not divided (39900).
            let may = code.ends_with("99") || code.ends_with("00");
            let class = code.get(..3).and_then(|class| self.names.get(class)).filter(|_| !may);
            let of_class = class.is_some_and(|names| names.iter().any(has));
            return if of_class { NameMatch::Contradicts } else { NameMatch::UnknownCode };
        };
        if names.iter().any(|name| name.years.hold(year) && has(name)) {
            NameMatch::Same
        } else if names.iter().any(has) {
            NameMatch::AnotherYear
        } else if spellings.iter().any(|spelling| self.by_name.contains_key(*spelling)) {
            NameMatch::Contradicts
        } else {
            NameMatch::OtherWording
        }
    }

    /// A code of the list bears this name in some year.
    pub fn knows_name(&self, label: &Label) -> bool {
        self.spellings(label.as_str()).iter().any(|spelling| self.by_name.contains_key(*spelling))
    }

    /// The code of `digits` digits below `parent` that bears a name: in that year, else in another one.
    ///
    /// `None` where no code has the name or more than one has it in the same years.
    pub fn code_of(&self, name: &str, digits: usize, parent: &str, year: Option<i32>) -> Option<Arc<str>> {
        let folded = fold(name);
        let with_suffix = format!("{folded}支出");
        let mut tried = self.spellings(&folded);
        if digits == 3 {
            // The explanation drops the 支出 of a 类: 一般公共服务（类）.
            tried.push(&with_suffix);
        }
        for spelling in tried {
            let Some(codes) = self.by_name.get(spelling) else { continue };
            for in_year in [true, false] {
                let mut fitting: Vec<&Arc<str>> = codes
                    .iter()
                    .filter(|(code, years)| {
                        code.len() == digits && code.starts_with(parent) && (!in_year || years.hold(year))
                    })
                    .map(|(code, _)| code)
                    .collect();
                fitting.dedup();
                match fitting.as_slice() {
                    [] => continue,
                    [code] => return Some((*code).clone()),
                    _ => return None,
                }
            }
        }
        None
    }

    /// The codes of `digits` digits that bear a name in a year, each with its 类.
    pub fn codes_named(&self, name: &str, digits: usize, year: Option<i32>) -> Vec<(&Arc<str>, &str)> {
        let folded = fold(name);
        let codes = self.by_name.get(&folded).map_or(&[][..], Vec::as_slice);
        let mut found: Vec<(&Arc<str>, &str)> = codes
            .iter()
            .filter(|(code, years)| code.len() == digits && years.hold(year))
            .filter_map(|(code, _)| Some((code, code.get(..3)?)))
            .collect();
        found.dedup();
        found
    }

    /// The codes that bear a name as written in a year, or in another one where none does in that year; and whether it is another.
    ///
    /// A bracket behind the name may tell its level: 教育支出（类）.
    pub fn bearers(&self, written: &str, year: Option<i32>) -> (Vec<Arc<str>>, bool) {
        let digits = ["类", "款", "项"].iter().position(|level| written.ends_with(&format!("({level})")));
        let of_level = |code: &str| digits.is_none_or(|level| code.len() == 3 + 2 * level);
        for spelling in self.spellings(written) {
            let Some(codes) = self.by_name.get(spelling) else { continue };
            for another in [false, true] {
                let fitting = codes.iter().filter(|(code, years)| of_level(code) && (another || years.hold(year)));
                let mut found: Vec<Arc<str>> = fitting.map(|(code, _)| code.clone()).collect();
                found.sort_unstable();
                found.dedup();
                if !found.is_empty() {
                    return (found, another);
                }
            }
        }
        (Vec::new(), false)
    }

    /// The codes of a class or below it that bear a name in a year and whose class belongs to a group of basic expenditure: to that
    /// one, or to any.
    pub fn codes_of_group(&self, name: &str, group: Option<&str>, year: i32) -> Vec<Arc<str>> {
        let belongs = |code: &str| self.group(code, year).is_some_and(|of| group.is_none_or(|group| of == group));
        let named = [3, 5].into_iter().flat_map(|digits| self.codes_named(name, digits, Some(year)));
        named.filter(|(code, _)| belongs(code)).map(|(code, _)| code.clone()).collect()
    }

    /// All names with their codes, for building lexicons; sorted.
    pub fn names(&self) -> Vec<(&str, &str)> {
        let mut all: Vec<(&str, &str)> =
            self.names.iter().flat_map(|(code, names)| names.iter().map(|name| (&**code, &*name.name))).collect();
        all.sort_unstable();
        all
    }

    /// A folded name as it may stand in the list: whole, and without a last bracket that says where in the list it stands:
    /// 行政运行（水利）, 其他支出（款）. Any other bracket may divide what the name means: 行政运行（局机关）.
    fn spellings<'n>(&self, folded: &'n str) -> Vec<&'n str> {
        let mut spellings = vec![folded];
        if folded.ends_with(')')
            && let Some(open) = matching_bracket(folded)
            && open > 0
            && self.tells_a_place(&folded[open + 1..folded.len() - 1])
        {
            spellings.push(&folded[..open]);
        }
        spellings
    }

    /// A bracket's text is a level of the list, a code, or a name of the list.
    fn tells_a_place(&self, bracket: &str) -> bool {
        const LEVELS: [&str; 5] = ["类", "款", "项", "目", "科目"];
        let listed = |ending: &str| self.by_name.contains_key(&format!("{bracket}{ending}"));
        LEVELS.contains(&bracket)
            || bracket.bytes().all(|byte| byte.is_ascii_digit())
            || ["", "支出", "事务"].into_iter().any(listed)
    }
}

/// Where the bracket opens that the last character closes.
fn matching_bracket(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, character) in text.char_indices().rev() {
        match character {
            ')' => depth += 1,
            '(' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Splits a line of CSV without line breaks inside fields.
pub(crate) fn split_csv(line: &str) -> Vec<Cow<'_, str>> {
    let line = line.trim_end_matches('\r');
    if !line.contains('"') {
        return line.split(',').map(Cow::Borrowed).collect();
    }
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field).into()),
            other => field.push(other),
        }
    }
    fields.push(field.into());
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists() -> CodeLists {
        CodeLists::parse(
            include_str!("../../mappings/codes/functional.csv"),
            include_str!("../../mappings/codes/functional_names.csv"),
            include_str!("../../mappings/codes/economic.csv"),
        )
        .unwrap()
    }

    #[test]
    fn a_name_is_held_against_its_code_and_year() {
        let lists = lists();
        for (code, name, year, expected) in [
            ("2010301", "行政运行", 2020, NameMatch::Same),
            ("2010301", "行政运行（政府办公厅（室）及相关机构事务）", 2020, NameMatch::Same),
            ("2080505", "住房公积金", 2020, NameMatch::Contradicts),
            ("30311", "住房公积金", 2016, NameMatch::Same),
            ("30311", "住房公积金", 2022, NameMatch::AnotherYear),
            ("2019999", "某种新的支出", 2020, NameMatch::OtherWording),
            ("2999901", "某种新的支出", 2020, NameMatch::UnknownCode),
            ("21297", "某种新的支出", 2020, NameMatch::UnknownCode),
            ("21297", "城乡社区支出", 2020, NameMatch::Contradicts),
            ("39900", "其他支出", 2016, NameMatch::UnknownCode),
            ("2100302", "乡镇卫生院", 2021, NameMatch::Same),
            ("2082102", "农村五保供养支出", 2022, NameMatch::AnotherYear),
            ("2130701", "对村级一事一议的补助", 2019, NameMatch::Same),
            ("31205", "利息补贴", 2020, NameMatch::Same),
        ] {
            let list = if code.starts_with('3') { &lists.economic } else { &lists.functional };
            assert_eq!(list.compare(code, name, Some(year)), expected, "{code} {name} {year}");
        }
    }

    #[test]
    fn a_path_of_names_leads_to_its_code() {
        let lists = lists();
        let functional = &lists.functional;
        for (name, digits, parent, code) in [
            ("一般公共服务支出", 3, "", "201"),
            ("一般公共服务", 3, "", "201"),
            ("住房保障", 3, "", "221"),
            ("抚恤", 5, "208", "20808"),
            ("死亡抚恤", 7, "20808", "2080801"),
            ("住房公积金", 7, "22102", "2210201"),
            ("退役军人管理事务", 5, "208", "20828"),
            ("财政对基本医疗保险基金的补助", 5, "210", "21012"),
            ("对村民委员会和村党支部的补助", 7, "21307", "2130705"),
            ("事业运行", 7, "20131", "2013150"),
            ("农村危房改造", 7, "22101", "2210105"),
        ] {
            assert_eq!(functional.code_of(name, digits, parent, Some(2020)).as_deref(), Some(code), "{name}");
        }
        assert_eq!(functional.code_of("行政运行", 7, "", Some(2020)), None, "many codes bear it");
        assert_eq!(functional.code_of("行政运行", 7, "208", Some(2020)), None, "many codes of one 类 bear it");
        assert_eq!(functional.code_of("移民补助", 7, "208", Some(2020)), None, "two 款 of one 类 have it");
    }

    #[test]
    fn the_last_item_of_a_section_has_the_code_of_its_year() {
        let lists = lists();
        for (year, code) in [(2020, "2089901"), (2021, "2089999")] {
            let found = lists.functional.code_of("其他社会保障和就业支出", 7, "20899", Some(year));
            assert_eq!(found.as_deref(), Some(code), "{year}");
        }
    }

    #[test]
    fn every_code_of_a_list_has_its_parent_in_it() {
        let lists = lists();
        for (list, digits) in [(&lists.functional, [3, 5, 7].as_slice()), (&lists.economic, [3, 5].as_slice())] {
            for (code, name) in list.names() {
                assert!(digits.contains(&code.len()), "{code} {name}");
                let parent = &code[..code.len() - 2];
                assert!(code.len() == 3 || list.knows(parent), "{code} {name} has no parent");
                assert!(!name.contains(char::is_whitespace) && !name.contains(['(', ')']), "{code} {name}");
            }
        }
    }
}
