//! A piece of an explanation that has lost its title and all headings that say of what it is.
//!
//! A page that publishes three paragraphs, a text that was cut anywhere: what they say of amounts (支出决算为…) is said of final
//! accounts only, or of a year that is over (国内公务接待5批次) where nothing speaks of a budget. No heading tells of which fund their money
//! is: what does not say so of itself is left over.

use super::declared::Said;
use super::headings::{LONGEST_HEADING, is_heading, section};
use super::lines::is_page_number;
use super::names::may_be_one;
use super::path::unit_of_path;
use super::years::{first_year, plausible_year};
use crate::locate::prose;
use crate::mapping::{FormMapping, Kind, Mappings, Surroundings, ends_with_any};
use crate::model::{Block, Document, Ordinal, Paragraph, fold, has_digits, longer_than, split_ordinal};

/// No piece has more paragraphs: a report that speaks of the accounts in one of its many chapters is no explanation.
const MOST: usize = 80;

/// A form of prose of which a text is a piece.
#[derive(Clone)]
pub(super) struct Piece<'m> {
    pub(super) form: &'m FormMapping,
    /// What its title says of unit and year.
    pub(super) said: Said,
    /// Some line of it speaks of a budget.
    pub(super) speaks_of_budgets: bool,
}

/// The form of prose that a text without tables is a piece of, as its sentences say. `name` is its path, which may tell whose it is.
pub(super) fn piece_of_prose<'m>(document: &Document, name: &str, mappings: &'m Mappings) -> Option<Piece<'m>> {
    let lines: Option<Vec<&Paragraph>> = document.blocks.iter().map(paragraph).collect();
    let lines = lines?.into_iter().map(|line| fold(&line.text));
    let words = &mappings.surroundings;
    let of_text = |line: &String| !line.is_empty() && !is_page_number(line) && !words.is_page_line(line);
    let lines: Vec<String> = lines.filter(of_text).collect();
    let of_another = |unit: String| lines.iter().any(|line| is_another(line, &unit, mappings));
    if lines.len() > MOST
        || lines.iter().any(|line| heads_another(line, mappings))
        || unit_of_path(name, mappings).is_some_and(of_another)
    {
        return None;
    }
    let titles = lines.iter().take_while(|line| is_heading(line) && !longer_than(line, LONGEST_HEADING));
    let titles: Option<Vec<Said>> = titles.map(|title| said_by_title(title, mappings)).collect();
    let said = titles?.into_iter().find(|said| said.unit_name.is_some()).unwrap_or_default();
    let latest = lines.iter().flat_map(|line| years(line)).map(|(_, year)| year).max();
    let mut forms = mappings.forms.iter().filter(|form| form.kind == Kind::Prose);
    forms.find_map(|form| {
        let speaks_of_budgets = lines.iter().any(|line| tells_budget(line, form, words));
        let states = |said: &[String]| lines.iter().any(|line| states(line, said, latest, words));
        let known = states(&form.statements) || !speaks_of_budgets && states(&form.reports);
        known.then(|| Piece { form, said: said.clone(), speaks_of_budgets })
    })
}

/// A line speaks of a budget or of plans, and not only to hold a final against it (比年初预算减少), as the statements of a form do.
fn tells_budget(folded: &str, form: &FormMapping, words: &Surroundings) -> bool {
    let compared = form.statements.iter().filter(|word| words.says_budget(word));
    words.speaks_of_plans(folded)
        || words.says_budget(folded)
            && words.says_budget(&compared.fold(folded.to_owned(), |line, word| line.replace(word.as_str(), "")))
}

fn paragraph(block: &Block) -> Option<&Paragraph> {
    match block {
        Block::Paragraph(paragraph) => Some(paragraph),
        Block::Table(_) => None,
    }
}

/// A line, at the head or below as a signature, that is the name of another organisation than the unit.
fn is_another(folded: &str, unit: &str, mappings: &Mappings) -> bool {
    let words = &mappings.surroundings;
    words.looks_like_organisation(folded) && !may_be_one(folded, unit, words)
}

/// What a title says that is an organisation's name or what an explanation may be headed with; any other may be of anything (竣工财务决算).
fn said_by_title(folded: &str, mappings: &Mappings) -> Option<Said> {
    let words = &mappings.surroundings;
    let is_organisation = |name: &str| words.looks_like_organisation(name);
    let (ordinal, _, title) = split_ordinal(folded);
    let says = |heading: &str| {
        prose::read_heading(heading, is_organisation, &mappings.vocabulary, &mappings.codes, &mappings.lexicon)
    };
    if ordinal != Ordinal::None || is_organisation(title) || says(title).is_some_and(|says| says.opens_section) {
        return Some(Said::default());
    }
    // 某镇2022年度国有资产占用情况说明
    let (name, year, heading) = first_year(title).filter(|(name, ..)| name.is_empty() || is_organisation(name))?;
    let unit_name = Some(name).filter(|name| !name.is_empty()).map(str::to_owned);
    says(heading).is_some_and(|says| says.is_known).then(|| Said { year: Some(year), unit_name, ..Said::default() })
}

/// A heading of a budget, of a government's accounts or of those of many units.
fn heads_another(folded: &str, mappings: &Mappings) -> bool {
    let words = &mappings.surroundings;
    let heading = folded.trim_end_matches([':', '。']);
    words.speaks_of_government_accounts(folded)
        || words.heads_government_accounts(heading)
        || !longer_than(heading, LONGEST_HEADING)
            && is_heading(heading)
            && (words.speaks_only_of_budgets(heading)
                || words.speaks_of_others(heading)
                || section(heading, heading, mappings).of_budget)
}

/// The years that a text names, but for those of dates, and the text before each.
fn years(folded: &str) -> impl Iterator<Item = (&str, i32)> {
    folded.match_indices('年').filter_map(|(at, year)| {
        let behind = &folded[at + year.len()..];
        let month = behind.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_date = month != behind && month.starts_with('月');
        let start = at.checked_sub(4)?;
        let year = plausible_year(folded.get(start..at)?).filter(|_| !is_date)?;
        Some((&folded[..start], year))
    })
}

/// The same without those that are compared with: 与2021年度相比.
fn own_years(folded: &str, words: &Surroundings) -> impl Iterator<Item = i32> {
    years(folded).filter(|(before, _)| !ends_with_any(before, &words.compared)).map(|(_, year)| year)
}

/// The years at whose end something is counted: 截至2022年12月31日.
fn year_ends(folded: &str) -> impl Iterator<Item = i32> {
    let dates = folded.match_indices("年12月31日");
    dates.filter_map(|(at, _)| plausible_year(folded.get(at.checked_sub(4)?..at)?))
}

/// A clause of a line states an amount in words that are `said` of this form only: not what is compared with it, nor the accounts of
/// others, nor those of a year before the `latest` that the text speaks of, which may be that of its budget. What is held against a budget
/// (较年初预算减少) is a final where its sentence speaks of no other one.
fn states(folded: &str, said: &[String], latest: Option<i32>, words: &Surroundings) -> bool {
    let states = |sentence: &str, clause: &str| {
        said.iter().any(|word| {
            // 与2021年支出决算相比, 上年支出决算
            let compares = |before: &str| {
                words.compared.iter().chain(&words.not_finals).any(|other| before.contains(other.as_str()))
            };
            let of_another_budget = || {
                words.says_budget(word)
                    && (words.speaks_of_plans(sentence) || words.says_budget(&sentence.replacen(word, "", 1)))
            };
            // 2021年公务接待费2万元，2020年公务接待费决算为3万元
            let of_past = || own_years(clause, words).any(|year| latest.is_some_and(|latest| year < latest));
            clause.find(word.as_str()).is_some_and(|at| !compares(&clause[..at]) && !of_past() && !of_another_budget())
        })
    };
    folded.split('。').any(|sentence| {
        let is_past = own_years(sentence, words).next().is_some_and(|year| latest.is_some_and(|latest| year < latest))
            || year_ends(sentence).any(|year| latest != Some(year));
        has_digits(sentence)
            && !is_past
            && !words.speaks_of_others(sentence)
            && sentence.split([',', ';', ':']).any(|clause| states(sentence, clause))
    })
}
