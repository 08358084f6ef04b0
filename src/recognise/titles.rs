//! Titles: of forms, of whole publications, of projects.

use super::brackets::told_behind;
use super::declared::{Said, trailing_unit};
use super::years::{first_year, leading_year, trailing_digits_year};
use crate::locate::Money;
use crate::mapping::{FormMapping, Kind, Mappings, Surroundings, Titles, WordSense, behind_any};
use crate::model::{Cell, Funding, Label, Ordinal, Table, dotted_ordinal, fold, longer_than, split_ordinal};

/// T-1: a title is understood whole. Before it only a year and an organisation's name may stand (and a table's number),
/// behind it a year in brackets.
pub(super) fn title<'m>(folded: &str, mappings: &'m Mappings) -> Option<(&'m FormMapping, Said)> {
    title_among(&mappings.titles, folded, mappings)
}

/// The title of a whole publication: 青禾县某局2021年度部门决算公开.
pub(super) fn cover<'m>(folded: &str, mappings: &'m Mappings) -> Option<(&'m FormMapping, Said)> {
    title_among(&mappings.covers, folded, mappings)
}

fn title_among<'m>(titles: &Titles, folded: &str, mappings: &'m Mappings) -> Option<(&'m FormMapping, Said)> {
    if longer_than(folded, 80) {
        return None;
    }
    let mut numbers = mappings.surroundings.without_table_number(behind_ordinal(folded));
    numbers
        .find_map(|text| title_without_number(titles, text, mappings))
        .or_else(|| title_without_number(titles, &fund_in_front(titles, folded, mappings)?, mappings))
}

/// 支出决算表(一般公共预算财政拨款) with its fund where other titles have it.
fn fund_in_front(titles: &Titles, folded: &str, mappings: &Mappings) -> Option<String> {
    let (before, fund) = folded.strip_suffix(')')?.rsplit_once('(')?;
    let found = titles.at_end_of(before)?;
    let is_fund = funds_to_the_end(fund, mappings).any(|(start, _)| start == 0);
    is_fund.then(|| [found.before, fund, &before[found.before.len()..]].concat())
}

fn title_without_number<'m>(titles: &Titles, text: &str, mappings: &'m Mappings) -> Option<(&'m FormMapping, Said)> {
    let mut said = Said::default();
    let mut text = mappings.surroundings.behind_attached(text);
    loop {
        if let Some(before) = mappings.surroundings.without_continued(text) {
            said.continued = true;
            text = before;
        } else if let Some((before, money)) = trailing_unit(text, mappings) {
            said.money = Some(money);
            text = before;
        } else if let Some((before, told)) = told_behind(text, &mappings.surroundings) {
            said.year = told.year.or(said.year);
            said.money = told.money.map(Money::Stated).or(said.money);
            said.unit_name = told.name.map(str::to_owned).or(said.unit_name);
            text = before;
        } else if let Some(before) = mappings.surroundings.without_table_number_behind(text) {
            text = before;
        } else {
            break;
        }
    }
    let in_other_words;
    let (found, of_both) = match titles.at_end_of(text) {
        Some(found) => (found, false),
        None => {
            // Most lines end as no title does.
            let may_be_title = titles.may_end(text);
            in_other_words = may_be_title.then(|| mappings.surroundings.title_in_other_words(text)).flatten()?;
            text = &in_other_words.0;
            (titles.at_end_of(text)?, in_other_words.1)
        }
    };
    (said.is_subject, said.of_part) = (found.is_subject || of_both, found.of_part);
    said.sums_up = mappings.surroundings.says_whole(&text[found.before.len()..]);
    let explained = explain(found.before, mappings, &mut said);
    if said.sums_up {
        // 青禾县2022年度部门“三公”经费支出决算汇总表 is that of the county.
        said.unit_name = said.unit_name.map(|name| mappings.surroundings.area_of_departments(&name).to_owned());
    }
    let form = &mappings.forms[found.form];
    if !said.sums_up && is_of_one_department(form) {
        // 青禾县2022年度部门整体支出绩效自评表: where the department is, and not whose the form is.
        said.unit_name = said.unit_name.filter(|name| !mappings.surroundings.is_area(name));
    }
    explained.then_some((form, said))
}

/// A form of fields or of scores is filled in by a department, or for one of its projects: no area has one of its own.
fn is_of_one_department(form: &FormMapping) -> bool {
    matches!(form.kind, Kind::Fields | Kind::Indicators)
}

/// The title of a form of projects that names its project: 2023年度灌区配套项目支出绩效自评表, where the first rows of the table
/// below it say that 灌区配套 is the project. Without that name it must be understood as any other title.
pub(super) fn title_of_project<'m>(
    folded: &str,
    table: &Table,
    from: usize,
    mappings: &'m Mappings,
) -> Option<(&'m FormMapping, Said)> {
    /// So many rows below a title may be lines, the row of the project among them.
    const HEAD: usize = 5;
    if !folded.contains('表') || longer_than(folded, 80) {
        return None;
    }
    let names_projects = |form: &&FormMapping| form.fields.values().any(|field| field.project);
    let is_label = |cell: &Cell| {
        let label = Label::new(&cell.text);
        mappings
            .forms
            .iter()
            .filter(names_projects)
            .any(|form| form.fields.get(&label).is_some_and(|field| field.project))
    };
    let rows = from..table.height().min(from + HEAD);
    let label = rows.into_iter().flat_map(|row| table.anchored_in(row)).find(|cell| is_label(cell))?;
    let name = fold(table.text_at(label.row, label.column + label.column_span));
    let name = name.strip_suffix("项目").unwrap_or(&name);
    let (before, behind) = folded.rsplit_once(name).filter(|_| !name.is_empty())?;
    title(&[before, behind].concat(), mappings).filter(|(form, _)| names_projects(form))
}

/// What a title says below a line that nothing made known: 一般公共预算财政拨款 / 支出决算表.
pub(super) enum InTwoLines<'m> {
    /// Nothing else.
    Same,
    /// Both lines are the title of another form.
    Title(&'m FormMapping, Said),
    /// The line above narrows it to a fund, and both are no title; or it may be a heading, and both a title by chance.
    Narrowed,
}

/// What the title of a form, alone in the line `folded`, is below the line `above`.
pub(super) fn in_two_lines<'m>(
    above: &str,
    folded: &str,
    form: &FormMapping,
    mappings: &'m Mappings,
) -> InTwoLines<'m> {
    match title(&[above, folded].concat(), mappings) {
        Some((both, _)) if both.file == form.file => InTwoLines::Same,
        // （一）收入 above 支出决算表 may be a heading of its own, where it names no fund.
        Some((both, _)) if both.context.funding.is_none() && split_ordinal(above).0 != Ordinal::None => {
            InTwoLines::Narrowed
        }
        Some((both, said)) if !said.is_subject => InTwoLines::Title(both, said),
        _ => match funds_to_the_end(above.trim_end_matches(')'), mappings).next() {
            // 财政拨款 above 一般公共预算财政拨款支出决算表 is no narrower.
            Some((_, fund)) if form.kind == Kind::Table => match form.context.funding {
                Some(own) if own.merged(fund) == Some(own) => InTwoLines::Same,
                _ => InTwoLines::Narrowed,
            },
            _ => InTwoLines::Same,
        },
    }
}

/// The name of the worksheet narrows a title to a fund: 一般公共预算财政拨款支出决算表, or 一般公共预算 alone, over 支出决算表.
pub(super) fn is_narrowed_by_sheet(sheet: &str, folded: &str, form: &FormMapping, mappings: &Mappings) -> bool {
    let sheet = fold(sheet);
    let Some(found) = mappings.titles.at_end_of(folded) else { return false };
    match title(&sheet, mappings) {
        Some((other, _)) => {
            let narrower = other.context.funding.is_some() && form.context.funding != other.context.funding;
            narrower && other.file != form.file && sheet.contains(&folded[found.before.len()..])
        }
        None => !matches!(in_two_lines(&sheet, folded, form, mappings), InTwoLines::Same),
    }
}

/// The form of a title to which the line below it adds its fund in brackets: 支出决算表 / (一般公共预算财政拨款).
pub(super) fn narrowed<'m>(known_by: &str, folded: &str, mappings: &'m Mappings) -> Option<&'m FormMapping> {
    let in_brackets = folded.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))?;
    funds_to_the_end(in_brackets, mappings).find(|(start, _)| *start == 0)?;
    let both = title(&[&*fold(known_by), folded].concat(), mappings);
    both.filter(|(_, said)| !said.is_subject).map(|(form, _)| form)
}

/// The funds that the last words of a line name, each with where its name begins, the longest name first.
fn funds_to_the_end(folded: &str, mappings: &Mappings) -> impl Iterator<Item = (usize, Funding)> {
    let starts = folded.char_indices().map(|(start, _)| start);
    let phrases = starts.flat_map(|start| mappings.lexicon.beginning_at(folded, start));
    phrases.filter(|found| found.end == folded.len()).filter_map(|found| {
        let fund = match (found.senses.word, &found.senses.label) {
            (Some(WordSense::Funding(fund)), _) => Some(fund),
            (_, label) => label.as_ref().and_then(|label| label.funding),
        };
        Some((found.start, fund?))
    })
}

/// A title without its ordinal: `二、`, `2.1`, `2 ` (whose blank is gone).
fn behind_ordinal(folded: &str) -> &str {
    if let Some((_, end)) = dotted_ordinal(folded) {
        return &folded[end..];
    }
    let rest = split_ordinal(folded).2;
    let bare = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = (1..=2).contains(&(rest.len() - bare.len())) && rest.len() == folded.len();
    if numbered && bare.starts_with(|c: char| ('\u{4e00}'..='\u{9fff}').contains(&c)) { bare } else { rest }
}

/// The form of tables whose title a heading of an explanation is but for the word 表: 三、“三公”经费支出决算情况说明.
pub(super) fn title_of_heading<'m>(folded: &str, mappings: &'m Mappings) -> Option<(&'m FormMapping, Said)> {
    if folded.is_empty() || longer_than(folded, 60) || folded.contains(['。', ',', ';']) {
        return None;
    }
    let heading = folded.trim_end_matches([':', '.']);
    let heading = heading.strip_suffix("说明").unwrap_or(heading).trim_end_matches('的');
    // …支出决算总体情况, …支出决算情况如下表
    let mut ends = mappings.surroundings.ends_above_tables.iter();
    let heading = ends.find_map(|end| heading.strip_suffix(end.as_str())).unwrap_or(heading);
    title(&format!("{heading}表"), mappings).filter(|(form, said)| form.kind == Kind::Table && !said.of_part)
}

/// The form of tables whose title is the name of a file: `公开01表收入支出决算总表.xls`, `青禾县某局_收入支出决算总表.html`.
///
/// `path` is the file's; only its last part counts.
pub(super) fn title_of_name<'m>(path: &str, mappings: &'m Mappings) -> Option<&'m FormMapping> {
    let file = path.rsplit(['/', '\\']).next()?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let last = stem.rsplit(['_', '-', ' ', '\u{3000}']).next()?;
    let found = [stem, last].into_iter().find_map(|text| title(&fold(text), mappings));
    found.filter(|(form, said)| form.kind == Kind::Table && !said.is_subject).map(|(form, _)| form)
}

/// The form of tables whose title is the name of a worksheet: `GK05一般公共预算财政拨款支出决算表(公开05表)`.
pub(super) fn title_of_sheet<'m>(sheet: &str, mappings: &'m Mappings) -> Option<&'m FormMapping> {
    let found = title(&fold(sheet), mappings);
    let tells = |form: &FormMapping, said: &Said| {
        form.kind == Kind::Table && !said.is_subject && !said.sums_up && said.unit_name.is_none()
    };
    found.filter(|(form, said)| tells(form, said)).map(|(form, _)| form)
}

/// A line holds the title of a form somewhere, with words around it that are not understood: a heading of its own.
pub(super) fn holds_title(text: &str, mappings: &Mappings) -> bool {
    if !text.contains('表') {
        return false;
    }
    let folded = fold(text);
    !longer_than(&folded, 80) && mappings.titles.stand_in(&folded)
}

/// A line alone in a row that ends as the name of a table does: 政府购买服务决算公开情况表. No label of a form does.
pub(super) fn names_a_table(folded: &str, words: &Surroundings) -> bool {
    folded.ends_with('表')
        && (6..=60).contains(&folded.chars().count())
        && !folded.contains(['。', ',', ':'])
        && !words.refers.iter().any(|word| folded.contains(word.as_str()))
}

/// The words before a title are a year and an organisation's name, in either order, or nothing.
fn explain(before: &str, mappings: &Mappings, said: &mut Said) -> bool {
    let mut rest = before.trim_end_matches(['年', '度']);
    if let Some((year, before_year)) = trailing_digits_year(rest) {
        said.year = Some(year);
        rest = before_year;
    } else {
        rest = before;
    }
    if let Some((year, behind)) = leading_year(rest) {
        said.year = Some(year);
        rest = behind;
    }
    let words = &mappings.surroundings;
    let rest = behind_any(rest, &words.about).unwrap_or(rest).trim_end_matches('的');
    let rest = words.before_letters.iter().find_map(|letter| rest.strip_suffix(letter.as_str())).unwrap_or(rest);
    if rest.is_empty() || mappings.surroundings.before_titles.iter().any(|word| word == rest) {
        return true;
    }
    // 青禾县2020年度移民局: no organisation has a year in its name.
    let parted = first_year(rest);
    let name = parted.map_or_else(|| rest.to_owned(), |(area, _, behind)| format!("{area}{behind}"));
    // 某局(汇总)
    let name = words.without_kind(words.without_whole(&name)).to_owned();
    let of_area = parted.is_none_or(|(area, ..)| mappings.surroundings.areas.iter().any(|end| area.ends_with(end)));
    // 某局决算情况说明(水管站): whose?
    if !of_area || said.unit_name.is_some() || !mappings.surroundings.looks_like_organisation(&name) {
        return false;
    }
    said.year = parted.map(|(_, year, _)| year).or(said.year);
    said.unit_name = Some(name);
    true
}
