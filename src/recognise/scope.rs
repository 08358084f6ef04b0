//! Whose document it is, and for which fiscal year: titles and lines before file and folder names.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use super::brackets::{Bracketed, told_behind};
use super::declared::Said;
use super::described::{Described, Title};
use super::headings::is_heading;
use super::names::{governs_area, may_be_one, of_part, same_unit, short_names};
use super::path::{unit_of_path, year_of_path};
use super::years::{first_year, is_date, leading_year, plausible_year};
use crate::mapping::{Mappings, Surroundings, behind_any};
use crate::model::{Finding, FindingCode, Ordinal, longer_than, split_ordinal};

/// Whose a document is, and for which year.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// The reporting unit, as written; empty where it could not be told.
    pub(crate) unit: String,
    /// The fiscal year.
    pub(crate) fiscal_year: Option<i32>,
    /// It speaks of a whole county.
    pub(crate) total: bool,
    /// All names under which the document speaks of the unit.
    pub(crate) names: Vec<String>,
    /// The path tells another year than the document.
    pub(crate) year_is_contradicted: bool,
}

/// What the lines of a document said of unit and year, by how much they are worth.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Years in titles of forms.
    title_years: BTreeMap<i32, usize>,
    /// Years in lines around tables and in other headings.
    line_years: BTreeMap<i32, usize>,
    /// Years of lines that declare the year of the accounts.
    declared_years: Vec<i32>,
    /// Years of covers above all figures.
    cover_years: Vec<i32>,
    /// Years in sentences that speak of a unit's accounts.
    text_years: BTreeMap<i32, usize>,
    /// Units named in unit lines and fields.
    told_units: Vec<String>,
    /// A unit line names a unit with all its parts: 某局(汇总).
    sums_up: bool,
    /// Units named in titles and headings.
    title_units: Vec<String>,
    /// Units named in sentences.
    text_units: Vec<String>,
    /// The line above, if it is nothing but an organisation's name.
    organisation_above: Option<String>,
    /// The sentences themselves say that the accounts are final.
    of_finals: bool,
    /// The paragraphs, for the second look that a document takes where nothing else names its unit or year.
    heard: Vec<Heard>,
}

/// A paragraph as it was heard, for the second look that few documents need.
#[derive(Debug)]
enum Heard {
    /// A folded line, and whether a line above it named accounts of a year.
    Line { folded: Box<str>, below_title: bool },
    /// One or more that are known to tell nothing.
    Nothing,
}

impl Sources {
    /// A cover, above all figures.
    pub(super) fn cover(&mut self, year: i32) {
        self.cover_years.push(year);
    }

    /// What the document's sentences say of their amounts is said of final accounts only.
    pub(super) fn say_finals(&mut self) {
        self.of_finals = true;
    }

    /// A declared line.
    pub(super) fn said(&mut self, said: &Said, mappings: &Mappings) {
        if let Some(year) = said.year {
            *self.line_years.entry(year).or_default() += 1;
            self.declared_years.extend(Some(year).filter(|_| said.declares_year));
        }
        if let Some(name) = said.unit_name.as_deref() {
            let whole = mappings.surroundings.without_whole(name);
            self.sums_up |= whole != name;
            self.told_units.push(whole.to_owned());
        }
    }

    /// The title of a form.
    pub(super) fn title(&mut self, said: &Said) {
        if let Some(year) = said.year {
            *self.title_years.entry(year).or_default() += 1;
        }
        self.sums_up |= said.sums_up;
        self.title_units.extend(said.unit_name.clone());
    }

    /// The units that titles and headings named so far.
    pub(super) fn named(&self) -> &[String] {
        &self.title_units
    }

    /// A paragraph: on a cover the unit may stand in a line of its own above the year or the word for the accounts.
    pub(super) fn paragraph(&mut self, folded: &str, mappings: &Mappings) {
        let words = &mappings.surroundings;
        self.heard.push(Heard::Line { folded: folded.into(), below_title: self.has_year() });
        let folded = behind_ordinal(folded);
        let above = self.organisation_above.take();
        // 某局, and 关于2021年度部门决算公开的说明 in the next line.
        let folded = behind_any(folded, &words.about).unwrap_or(folded);
        let (year, behind_year) = leading_year(folded).map_or((None, folded), |(year, behind)| (Some(year), behind));
        let short = !longer_than(folded, 40) && !words.speaks_only_of_budgets(behind_year);
        let of_accounts = short && words.of_accounts.iter().any(|word| behind_year.starts_with(word.as_str()));
        // 2017年度一般公共预算财政拨款, and “三公”经费决算情况说明 in the next line.
        let broken_year = year.filter(|_| {
            behind_year.chars().count() >= 4 && words.of_accounts.iter().any(|word| word.starts_with(behind_year))
        });
        if let Some(year) = broken_year {
            *self.line_years.entry(year).or_default() += 1;
        }
        if behind_year.is_empty() || of_accounts || broken_year.is_some() {
            self.title_units.extend(above);
        } else if words.looks_like_organisation(folded) && !words.reporting_unit.iter().any(|word| word == folded) {
            let tells = |name: &String| name.chars().count() >= 4 && !governs_area(name, words);
            // 某镇人民政府2020年度部门, and 决算情况说明 in the next line.
            let title = first_year(folded).filter(|(name, _, behind)| {
                let of_accounts = |word: &String| word.starts_with(behind) && word.len() > behind.len();
                words.looks_like_organisation(name) && words.of_accounts.iter().any(of_accounts)
            });
            if let Some((_, year, _)) = title {
                *self.line_years.entry(year).or_default() += 1;
            }
            let name = title.map_or_else(|| without_head(folded, words), |(name, ..)| name);
            self.organisation_above = Some(name.to_owned()).filter(tells);
        }
    }

    /// A paragraph that is known to tell nothing.
    pub(super) fn no_organisation(&mut self) {
        self.organisation_above = None;
        if !matches!(self.heard.last(), Some(Heard::Nothing)) {
            self.heard.push(Heard::Nothing);
        }
    }

    /// The unit that the text describes or is signed by, and the year of its statements.
    fn described(&self, mappings: &Mappings) -> Described {
        let words = &mappings.surroundings;
        let mut described = if self.of_finals { Described::of_finals() } else { Described::default() };
        for heard in &self.heard {
            match heard {
                Heard::Nothing => described.nothing(),
                Heard::Line { folded, below_title } => {
                    let title = match year_of_cover(folded, mappings) {
                        Some(_) if split_ordinal(folded).0 == Ordinal::None => Title::OfYear,
                        Some(_) => Title::Accounts,
                        None if words.first_of_accounts(folded) == Some(0) && !longer_than(folded, 20) => {
                            Title::Accounts
                        }
                        None => Title::None,
                    };
                    described.line(folded, *below_title, title, words);
                }
            }
        }
        described
    }

    /// A line named accounts of a year.
    pub(super) fn has_year(&self) -> bool {
        !(self.title_years.is_empty() && self.line_years.is_empty() && self.text_years.is_empty())
    }

    /// Whether a paragraph tells nothing, whatever stands above it; asked of sources that know nothing yet.
    pub(super) fn says_nothing(mut self, folded: &str, mappings: &Mappings) -> bool {
        self.organisation_above = Some(String::new());
        self.paragraph(folded, mappings);
        self.line(folded, mappings);
        self.organisation_above.is_none()
            && self.title_units.is_empty()
            && first_year(folded).is_none()
            && !Described::may_tell(folded, &mappings.surroundings)
    }

    /// Any line that may be a heading: `某局2020年度部门决算`, `2020年度某局部门决算公开`.
    pub(super) fn line(&mut self, folded: &str, mappings: &Mappings) {
        self.line_of(folded, false, mappings);
    }

    /// The same for a line inside an explanation, where a page may have broken a sentence: `与 | 2021年`.
    pub(super) fn line_in_prose(&mut self, folded: &str, mappings: &Mappings) {
        self.line_of(folded, true, mappings);
    }

    fn line_of(&mut self, folded: &str, in_prose: bool, mappings: &Mappings) {
        let words = &mappings.surroundings;
        let folded = behind_ordinal(folded);
        if is_date(folded) {
            // 2023年9月 on the cover of the accounts of 2022.
            return;
        }
        // 某局部门决算(2019年度)
        let turned = told_behind(folded, words).and_then(|(title, told)| turned(title, told, words));
        let folded = turned.as_deref().unwrap_or(folded);
        // 编报政务信息，汇总全县经济社会动态 is a duty of the office.
        self.sums_up |= !longer_than(folded, 40) && is_heading(folded) && words.sums_up(folded);
        let year = first_year(folded).or_else(|| year_of_accounts(folded, words));
        let Some((before, year, behind)) = year else { return };
        if words.compared.iter().any(|word| before.ends_with(word.as_str())) {
            // 与2021年度决算数相比: the other year.
            return;
        }
        // A line with the marks of sentences is no heading, however short a page broke it.
        // 某局2022年度（本级）决算公开报告
        let behind = words.before_titles.iter().find_map(|word| bracketed(behind, word)).unwrap_or(behind);
        let short = !longer_than(folded, 40) && !folded.contains([',', '。', ';', '%', '元']);
        if behind.is_empty() && short && words.looks_like_organisation(before) {
            // 某镇人民政府2022年度
            *self.line_years.entry(year).or_default() += 1;
            self.title_units.push(before.to_owned());
        }
        // `2020年度某局部门决算公开`: the unit stands between the year and the word.
        let first_word = words.first_of_accounts(behind);
        let of_accounts = first_word == Some(0) && !words.speaks_only_of_budgets(behind);
        let between = first_word.unwrap_or(0);
        let unit_behind = Some(&behind[..between]).filter(|name| short && words.looks_like_organisation(name));
        let begins_with_year =
            before.is_empty() && short && !words.speaks_of_budgets(behind) && (!in_prose || first_word.is_some());
        if short && of_accounts || unit_behind.is_some() || begins_with_year {
            *self.line_years.entry(year).or_default() += 1;
        } else if of_accounts {
            *self.text_years.entry(year).or_default() += 1;
        }
        if let Some(name) = unit_behind {
            self.title_units.push(name.to_owned());
        } else if of_accounts {
            let start = before
                .rfind(['。', ';', ':', ',', '、'])
                .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
            let mut name = &before[start..];
            // 某局关于公开2022年度部门决算的报告
            name = words.before_letters.iter().find_map(|words| name.strip_suffix(words.as_str())).unwrap_or(name);
            name = behind_any(name, &words.about).unwrap_or(name);
            if let Some((_, rest)) = leading_year(name) {
                name = rest;
            }
            // 某镇财政拨款三公经费2015年决算情况如下
            name = words.before_funds(name);
            // 某局(汇总)2022年度部门决算
            name = words.without_kind(words.without_whole(name));
            if words.looks_like_organisation(name) {
                if short { &mut self.title_units } else { &mut self.text_units }.push(name.to_owned());
            }
        }
    }

    /// Decides; `name` is the document's path, and `of_fields` asks what its forms themselves say.
    pub(super) fn settle(
        &self,
        name: &str,
        of_fields: impl FnOnce() -> Option<String>,
        mappings: &Mappings,
    ) -> (Scope, Vec<Finding>) {
        let mut findings = Vec::new();
        let described = LazyCell::new(|| self.described(mappings));
        let mut names: Vec<String> = Vec::new();
        for unit in self.told_units.iter().chain(&self.title_units).chain(&self.text_units) {
            if !names.contains(unit) {
                names.push(unit.clone());
            }
        }
        let words = &mappings.surroundings;
        let telling =
            |units: &[String]| -> Vec<String> { units.iter().filter(|name| words.names_one(name)).cloned().collect() };
        let told = [&self.told_units, &self.title_units, &self.text_units]
            .into_iter()
            .map(|units| telling(units))
            .find(|units| !units.is_empty());
        let unit = match &told {
            Some(units) => {
                let of_area = self.title_units.iter().find(|title| self.sums_up && is_area_of(title, units, words));
                let chosen = of_area.cloned().unwrap_or_else(|| most_frequent(units, words));
                if let Some(other) = units.iter().find(|other| !same_unit(other, &chosen, &mappings.surroundings)) {
                    findings.push(
                        Finding::new(FindingCode::UnitContradiction, chosen.clone())
                            .with_expected(chosen.clone())
                            .with_actual(other.clone()),
                    );
                }
                chosen
            }
            None => {
                let (mut of_path, mut of_text) = (unit_of_path(name, mappings), described.unit(words));
                if let (Some(unit), Some(other)) = (&of_path, of_text)
                    && !may_be_one(unit, other, words)
                {
                    findings.push(
                        Finding::new(FindingCode::UnitContradiction, unit.clone())
                            .with_expected(unit.clone())
                            .with_actual(other),
                    );
                    if self.of_finals {
                        // A piece of another unit's text in this unit's folder: whose the sentences without a name are, nothing tells.
                        (of_path, of_text) = (None, None);
                    }
                }
                of_path.or_else(|| of_text.map(str::to_owned)).or_else(of_fields).unwrap_or_default()
            }
        };
        let fiscal_year = self.year(name, || described.year(), &mut findings);
        let total =
            words.scope_total.iter().any(|word| unit.starts_with(word.as_str()) || unit.ends_with(word.as_str()))
                || told.is_some() && words.areas.iter().any(|word| unit.ends_with(word.as_str()));
        if let Some(ending) = words.areas.iter().find(|word| total && unit.ends_with(word.as_str())) {
            // 全县 in a county's own document is the unit itself.
            names.push(format!("全{ending}"));
        }
        if unit.is_empty() {
            findings.push(Finding::new(FindingCode::ScopeUnknown, "unit"));
        } else {
            // Its own name comes first: 局机关 in the text of 某局机关 is the unit, whoever else is named.
            names.retain(|name| *name != unit);
            names.insert(0, unit.clone());
        }
        let aliases: Vec<String> = names.iter().flat_map(|name| short_names(name, words)).collect();
        names.extend(aliases);
        if fiscal_year.is_none() {
            findings.push(Finding::new(FindingCode::ScopeUnknown, "fiscal year"));
        }
        let of_path = year_of_path(name);
        let year_is_contradicted = of_path.is_some() && of_path != fiscal_year;
        (Scope { unit, fiscal_year, total, names, year_is_contradicted }, findings)
    }

    fn year(
        &self,
        name: &str,
        of_statements: impl FnOnce() -> Option<i32>,
        findings: &mut Vec<Finding>,
    ) -> Option<i32> {
        let of_path = year_of_path(name);
        for years in [&self.title_years, &self.line_years, &self.text_years] {
            let most = years.values().max().copied().unwrap_or(0);
            let mut best = years.iter().filter(|(_, count)| **count == most && most > 0).map(|(year, _)| *year);
            let (first, second) = (best.next(), best.next());
            let Some(year) = first else { continue };
            if let Some(other) = self.declared_years.iter().find(|declared| **declared != year) {
                findings.push(
                    Finding::new(FindingCode::YearContradiction, "titles")
                        .with_expected(year.to_string())
                        .with_actual(other.to_string()),
                );
            }
            let on_cover = self.cover_years.iter().copied().find(|of_cover| *of_cover != year);
            if let Some(second) = second.or(on_cover) {
                findings.push(
                    Finding::new(FindingCode::YearContradiction, "titles")
                        .with_expected(year.to_string())
                        .with_actual(second.to_string()),
                );
                // The path may decide between two years that titles name equally often, or that of most and that of the cover.
                return of_path.filter(|path| years.contains_key(path) || on_cover == Some(*path));
            }
            if let Some(path) = of_path.filter(|path| *path != year) {
                findings.push(
                    Finding::new(FindingCode::YearContradiction, name)
                        .with_expected(year.to_string())
                        .with_actual(path.to_string()),
                );
            }
            return Some(year);
        }
        of_path.or_else(of_statements)
    }
}

/// The year of a cover: a short line that is, with an organisation's name or without, a year and what is called the accounts.
pub(super) fn year_of_cover(folded: &str, mappings: &Mappings) -> Option<i32> {
    let words = &mappings.surroundings;
    let folded = behind_ordinal(folded);
    let (before, year, behind) = first_year(folded).or_else(|| year_of_accounts(folded, words))?;
    let compared = words.compared.iter().any(|word| before.ends_with(word.as_str()));
    let of_accounts = words.first_of_accounts(behind) == Some(0) && !words.speaks_only_of_budgets(behind);
    let begins = before.is_empty() || words.looks_like_organisation(before);
    (begins && of_accounts && !compared && !longer_than(folded, 40)).then_some(year)
}

/// A title with what its brackets tell before it, as other titles have it: 部门决算情况说明(某镇2024年度).
fn turned(title: &str, told: Bracketed<'_>, words: &Surroundings) -> Option<String> {
    let (year, title) = match (told.year, leading_year(title)) {
        (Some(year), _) => (year, title),
        (None, Some(year)) => year,
        (None, None) => return None,
    };
    let name = told.name.unwrap_or_default();
    // 某局决算情况说明(水管站2024年度): whose?
    (name.is_empty() || words.first_of_accounts(title) == Some(0)).then(|| format!("{name}{year}年度{title}"))
}

/// 第三部分青禾县水利局2022年度部门决算情况说明, 一、青禾县水利局…: the ordinal is none of the unit's name.
fn behind_ordinal(folded: &str) -> &str {
    split_ordinal(folded).2
}

/// 部门名称 某局: without the head of a field that lost its colon.
fn without_head<'t>(name: &'t str, words: &Surroundings) -> &'t str {
    let heads = words.reporting_unit.iter().filter(|head| head.chars().count() >= 4);
    let behind = heads.filter_map(|head| name.strip_prefix(head.as_str())).min_by_key(|rest| rest.len());
    behind.filter(|rest| words.looks_like_organisation(rest)).unwrap_or(name)
}

/// 某小学2016部门决算: a year without its 年, directly before the word for the accounts.
fn year_of_accounts<'t>(folded: &'t str, words: &Surroundings) -> Option<(&'t str, i32, &'t str)> {
    let twos = memchr::memchr_iter(b'2', folded.as_bytes());
    twos.filter(|at| folded[*at..].starts_with("20")).find_map(|at| {
        let (before, behind) = (&folded[..at], folded.get(at + 4..)?);
        let year = plausible_year(&folded[at..at + 4])?;
        let alone = !before.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
        (alone && words.first_of_accounts(behind) == Some(0)).then_some((before, year, behind))
    })
}

/// What stands behind a word in brackets.
fn bracketed<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    text.strip_prefix('(')?.strip_prefix(word)?.strip_prefix(')')
}

/// 2022年度青禾县部门决算汇总表 of 青禾县财政局(汇总): the title names the area whose bureau sums up the accounts of all its units.
fn is_area_of(title: &str, units: &[String], words: &Surroundings) -> bool {
    let is_area = words.areas.iter().any(|area| title.ends_with(area.as_str()));
    is_area && units.iter().any(|unit| unit.starts_with(title) && unit.len() > title.len())
}

/// The name that stands most often; of two that do, a whole unit's before that of a part of one.
fn most_frequent(units: &[String], words: &Surroundings) -> String {
    let mut best = ((0, false), "");
    for unit in units {
        let count = units.iter().filter(|other| *other == unit).count();
        let worth = (count, !of_part(unit, words).1);
        if worth > best.0 {
            best = (worth, unit);
        }
    }
    best.1.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognise::lines::folded_line;

    fn told(lines: &[&str]) -> (String, Option<i32>) {
        let mappings = Mappings::load(None).expect("the built-in mappings load");
        let mut sources = Sources::default();
        for line in lines {
            let folded = folded_line(line);
            sources.paragraph(&folded, &mappings);
            sources.line(&folded, &mappings);
        }
        let scope = sources.settle("a.txt", || None, &mappings).0;
        (scope.unit, scope.fiscal_year)
    }

    #[test]
    fn a_cover_tells_unit_and_year_in_any_order() {
        let unit = "青禾县水利局".to_owned();
        for lines in [
            &["青禾县水利局2022年度部门决算"][..],
            &["2022年度青禾县水利局部门决算公开"],
            &["2022 年度", "青禾县水利局", "2022年度部门决算"],
            &["青禾县水利局", "2022年部门决算公开"],
            &["关于青禾县水利局2022年部门决算公开的说明"],
            &["青禾县水利局2022年度"],
            &["青禾县水利局", "2022年度“三公”经费决算汇总情况"],
            &["青禾县水利局2022年度三公经费支出情况", "二、2023年三公经费预算安排情况"],
            &["现将青禾县水利局2022年度三公经费决算情况公布如下："],
            &["青禾县水利局财政拨款三公经费2022年决算情况如下："],
            &["第三部分 青禾县水利局2022年度部门决算情况"],
            &["青禾县水利局", "2022年度一般公共预算财政拨款", "“三公”经费决算情况说明"],
            &["青禾县水利局2022年一般公共预算“三公”经费决算执行情况说明"],
            &["（1）青禾县水利局2022年度部门决算"],
            &["青禾县水利局2022年度（本级）决算公开报告"],
            &["青禾县水利局2022部门决算"],
            &["青禾县水利局关于公开2022年度部门决算的报告"],
            &["部门名称 青禾县水利局", "2022年度部门决算公开"],
            &["青禾县水利局2022年度部门决算", "与2021年度决算数相比减少", "与2021年度决算数相比增加"],
        ] {
            assert_eq!(told(lines), (unit.clone(), Some(2022)), "{lines:?}");
        }
    }

    #[test]
    fn what_a_text_describes_or_who_signs_it_tells_the_unit_where_no_title_does() {
        for lines in [
            &["2022年度", "部门决算公开说明", "一、青禾县水利局概况"][..],
            &["2022年度", "部门决算公开说明", "青禾县水利局", "2023年9月"],
            &["二〇二二年度部门决算公开", "青禾县水利局", "二〇二三年九月"],
            &["二0二二年度部门决算公开", "青禾县水利局", "二O二三年九月"],
            &["2022年度部门决算说明", "第一部分 青禾县水利局主要职责及机构设置"],
            &["2022年度部门决算说明", "一、部门概况", "（一）主要职能", "青禾县水利局负责全县水资源的统一管理。"],
            &["2022年度部门决算说明", "（一）主要职责。青禾县水利局是县政府工作部门，下属三个站。"],
            &["2022年度部门决算说明", "一、基本情况", "青禾县水利局（以下简称“我局”）为县政府工作部门。"],
            &["2022年度部门决算说明", "青禾县水利局2022年度收、支总计120.00万元。"],
            &["2022年度部门决算说明", "青禾县水利局", "一、收支情况"],
            &["2022年度", "青禾县水利局部门决算"],
            &["青禾县水利局部门决算（2022年度）"],
            &[
                "一、概况",
                "青禾县水利局是政府部门。",
                "二、决算情况",
                "1.总体情况。2022年度收入总计5.00万元，比2021年度减少。",
            ],
            &["关于2022年度部门决算的公示", "现将我局决算公布如下。", "青禾县水利局", "2023年9月12日"],
            &["青禾县水利局", "关于2022年度部门决算公开的说明"],
        ] {
            assert_eq!(told(lines), ("青禾县水利局".to_owned(), Some(2022)), "{lines:?}");
        }
    }

    #[test]
    fn a_text_of_several_units_or_of_parts_of_one_tells_none() {
        for lines in [
            &["2022年度部门决算说明", "一、青禾县水利局概况", "二、青禾县灌区管理所概况"][..],
            &["2022年度部门决算说明", "一、下属单位概况", "青禾县灌区管理所是公益一类事业单位。"],
            &["2022年度部门决算说明", "一、概况", "青禾县灌区管理所是青禾县水利局下属单位。"],
            &["2022年度部门决算说明", "一、概况", "青禾县水利局是我单位主管部门。"],
            &["2022年度部门决算说明", "青禾县水利局是县政府工作部门。"],
            &["2022年度部门决算说明", "一、概况", "青禾县是农业大县。"],
            &["2022年度部门决算说明", "一、概况", "青禾县水利局主要职责调整情况说明。"],
            &["2022年度部门决算说明", "现将我局决算公布如下。", "青禾县财政局", "青禾县水利局", "2023年9月12日"],
            &["2022年度全县部门决算说明", "由我局汇总如下。", "青禾县财政局", "2023年9月12日"],
            &["青禾县人民政府", "2022年度部门决算说明", "青禾县人民政府", "2023年9月12日"],
        ] {
            assert_eq!(told(lines).0, "", "{lines:?}");
        }
    }

    #[test]
    fn a_cover_of_another_year_than_the_titles_leaves_the_year_in_doubt() {
        let mappings = Mappings::load(None).expect("the built-in mappings load");
        let told = |path: &str| {
            let mut sources = Sources::default();
            sources.cover(2022);
            sources.title(&Said { year: Some(2021), ..Said::default() });
            sources.settle(path, || None, &mappings).0.fiscal_year
        };
        assert_eq!(told("a.txt"), None);
        assert_eq!(told("2022/a.txt"), Some(2022));
        assert_eq!(told("2021/a.txt"), Some(2021));
    }

    #[test]
    fn the_year_of_totals_is_none_of_accounts_where_no_heading_says_that_they_are_final() {
        let (heading, statement) = ("一、收支总体情况", "2022年收入总计5.00万元，较上年决算数增加。");
        assert_eq!(told(&[heading, statement]).1, None);
        assert_eq!(told(&["二、决算情况说明", statement]).1, Some(2022));
        assert_eq!(told(&["二、决算情况说明", statement, "2021年收入总计4.00万元。"]).1, None);
    }

    #[test]
    fn what_stands_for_a_unit_without_naming_it_is_no_unit() {
        for lines in [
            &["我镇2022年度部门决算公开说明"][..],
            &["现将本单位2022年度部门决算公开如下："],
            &["单位2022年度部门决算公开"],
            &["镇政府2022年度部门决算公开"],
        ] {
            assert_eq!(told(lines), (String::new(), Some(2022)), "{lines:?}");
        }
    }

    #[test]
    fn a_unit_s_text_shortens_its_name() {
        let mappings = Mappings::load(None).expect("the built-in mappings load");
        let short = |name: &str| short_names(name, &mappings.surroundings);
        let of_bureau = short("青禾县人力资源和社会保障局");
        for name in ["县人社局", "人社局", "青禾县人社局"] {
            assert!(of_bureau.iter().any(|short| short == name), "{name}: {of_bureau:?}");
        }
        let of_town = short("青禾县临江乡人民政府（部门）");
        assert!(of_town.iter().any(|short| short == "临江乡人民政府"), "{of_town:?}");
        // 一中 might be any.
        let of_school = short("青禾县第一中学");
        assert!(of_school.iter().any(|short| short == "县一中"), "{of_school:?}");
        assert!(!of_school.iter().any(|short| short == "一中"), "{of_school:?}");
    }

    #[test]
    fn what_is_no_cover_tells_no_unit() {
        for lines in [
            &["关于批复青禾县水利局2022年度部门决算的通知"][..],
            &["青禾县水利局", "一、部门职责", "2022年度"],
            &["公开单位", "2022年度部门决算"],
            &["青禾县水利局", "2022年度一般公共服务支出", "“三公”经费决算情况说明"],
            &["2022年度青禾县预算执行情况和决算草案"],
            &["纳入青禾县水利局2022年部门决算编制范围的"],
            &["青禾县财政局关于批复2022年度部门决算的通知"],
            &["青禾县财政局关于做好2022年度部门决算公开工作的通知"],
        ] {
            assert_eq!(told(lines).0, "", "{lines:?}");
        }
    }
}
