//! What a line around a table says: a title, a unit line, a reporting unit, a note.

use std::cell::RefCell;
use std::sync::Arc;

use super::names::telling_name;
use super::years::{first_year, leading_year, trailing_digits_year, trailing_year, with_year_in_digits};
use crate::locate::{Money, prose};
use crate::mapping::{FormMapping, Kind, Mappings, Surroundings, Titles, behind_any};
use crate::model::{
    Cell, Label, Ordinal, Recent, Table, TextNumber, UnitOfMeasure, dotted_ordinal, fold, has_digits, longer_than,
    split_ordinal,
};

/// No name of a unit, or of a part of one, that stands in a line of its own has more characters.
pub(super) const LONGEST_NAME: usize = 30;
/// No heading has more characters.
pub(super) const LONGEST_HEADING: usize = 60;

/// What a line is.
#[derive(Clone, Debug)]
pub(super) enum Line<'m> {
    /// The title of a form.
    Title { form: &'m FormMapping, said: Said },
    /// Known, and it may say something of the tables below it.
    Declared { rule: &'static str, said: Said },
    /// A page number.
    PageNumber,
    /// Not understood.
    Unknown,
}

/// What a line says besides being what it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) year: Option<i32>,
    /// The line says that it is the year of the accounts: 会计年度:2023.
    pub(super) declares_year: bool,
    pub(super) unit_name: Option<String>,
    pub(super) money: Option<Money>,
    /// The table goes on from an earlier one.
    pub(super) continued: bool,
    /// The title does not say whether it is of final accounts: the table below it must.
    pub(super) is_subject: bool,
    /// The title says that it sums up the accounts of several units.
    pub(super) sums_up: bool,
    /// Nor can the table: the heading of its part must.
    pub(super) of_part: bool,
    /// The number of a table, folded: 公开05表.
    pub(super) number: Option<String>,
}

/// `12`, `-12-`, `第2页,共9页`
fn is_page_number(folded: &str) -> bool {
    let among = |others: &str| folded.chars().all(|c| c.is_ascii_digit() || others.contains(c));
    folded.len() <= 5 && among("-") || folded.starts_with('第') && folded.ends_with('页') && among("第页共,/")
}

/// Reads one line, or one cell of a line.
///
/// `folded` is the text, folded.
pub(super) fn read<'m>(text: &str, folded: &str, mappings: &'m Mappings) -> Line<'m> {
    if folded.is_empty() {
        return Line::Declared { rule: "blank", said: Said::default() };
    }
    if is_page_number(folded) {
        return Line::PageNumber;
    }
    if let Some((form, said)) = title(folded, mappings) {
        return Line::Title { form, said };
    }
    if let Some((rule, said)) = declared(text, folded, mappings).or_else(|| note_or_signature(folded, mappings)) {
        return Line::Declared { rule, said };
    }
    Line::Unknown
}

/// A line, folded, with its year in digits.
pub(super) fn folded_line(text: &str) -> String {
    with_year_in_digits(fold(text))
}

/// The same for a line of an explanation, where notes and signatures are sentences as others are.
pub(super) fn read_in_prose<'m>(text: &str, folded: &str, mappings: &'m Mappings) -> Line<'m> {
    match title(folded, mappings) {
        Some((form, said)) => Line::Title { form, said },
        None => declared(text, folded, mappings).map_or(Line::Unknown, |(rule, said)| Line::Declared { rule, said }),
    }
}

/// Reads one cell of a table: most are not understood, and stand in every document of the pile.
pub(super) fn read_cell<'m>(text: &str, mappings: &'m Mappings) -> Line<'m> {
    thread_local! {
        static IS_UNKNOWN: RefCell<Recent<bool>> = RefCell::default();
    }
    let anew = || read(text, &folded_line(text), mappings);
    if Recent::recall(&IS_UNKNOWN, &mappings.version, &[], TextNumber::of(text), || matches!(anew(), Line::Unknown)) {
        return Line::Unknown;
    }
    anew()
}

/// The unit that a cell with a line of its own tells: 单位名称：青禾县某局.
pub(super) fn unit_told_by(text: &str, mappings: &Mappings) -> Option<String> {
    match read_cell(text, mappings) {
        Line::Declared { said, .. } if text.contains([':', '：']) => said.unit_name.map(|name| fold(&name)),
        _ => None,
    }
}

/// T-1: a title is understood whole. Before it only a year and an organisation's name may stand (and a table's number),
/// behind it a year in brackets.
fn title<'m>(folded: &str, mappings: &'m Mappings) -> Option<(&'m FormMapping, Said)> {
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
    let mut said = Said::default();
    let mut text = behind_ordinal(folded);
    text = mappings.surroundings.without_table_number(text);
    text = mappings.surroundings.behind_attached(text);
    loop {
        if let Some(before) = mappings.surroundings.without_continued(text) {
            said.continued = true;
            text = before;
        } else if let Some((before, money)) = trailing_unit(text, mappings) {
            said.money = Some(money);
            text = before;
        } else if let Some((before, year)) = trailing_year(text) {
            said.year = Some(year);
            text = before;
        } else if let Some(before) = mappings.surroundings.without_table_number_behind(text) {
            text = before;
        } else {
            break;
        }
    }
    let found = titles.at_end_of(text)?;
    (said.is_subject, said.of_part) = (found.is_subject, found.of_part);
    said.sums_up = mappings.surroundings.says_whole(&text[found.before.len()..]);
    let explained = explain(found.before, mappings, &mut said);
    if said.sums_up {
        // 青禾县2022年度部门“三公”经费支出决算汇总表 is that of the county.
        said.unit_name = said.unit_name.map(|name| mappings.surroundings.area_of_departments(&name).to_owned());
    }
    explained.then_some((&mappings.forms[found.form], said))
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

/// `…决算表(单位:元)`, `…决算表单位:元`
pub(super) fn trailing_unit<'t>(text: &'t str, mappings: &Mappings) -> Option<(&'t str, Money)> {
    // Almost no cell has a colon, and every first cell of a row comes through here.
    if !text.contains(':') {
        return None;
    }
    let before_colon = |head: &String| {
        let colon = text.rmatch_indices(':').find(|(colon, _)| text[..*colon].ends_with(head.as_str()));
        colon.map(|(colon, _)| colon - head.len())
    };
    let at = mappings.surroundings.unit_line.iter().find_map(before_colon)?;
    let piece = text[at..].trim_end_matches(')');
    Some((text[..at].trim_end_matches('('), unit_line(piece, mappings)?))
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
    let name = words.without_whole(&name).to_owned();
    let of_area = parted.is_none_or(|(area, ..)| mappings.surroundings.areas.iter().any(|end| area.ends_with(end)));
    if !of_area || !mappings.surroundings.looks_like_organisation(&name) {
        return false;
    }
    said.year = parted.map(|(_, year, _)| year).or(said.year);
    said.unit_name = Some(name);
    true
}

/// A line that is declared: it holds no values.
fn declared(text: &str, folded: &str, mappings: &Mappings) -> Option<(&'static str, Said)> {
    let words = &mappings.surroundings;
    let mut said = Said::default();
    let table_number = words.table_number_end(folded);
    if table_number.is_some_and(|end| words.is_all_of_table_number(folded, end)) {
        said.number = Some(folded.to_owned());
        return Some(("table number", said));
    }
    let bare = folded.trim_start_matches('(').trim_end_matches(')');
    if let Some((year, rest)) = leading_year(bare)
        && (rest.is_empty() || words.mere_accounts.iter().any(|word| word == rest))
    {
        said.year = Some(year);
        return Some(("year", said));
    }
    if !(table_number.is_some() || may_declare(folded, mappings)) {
        return None;
    }
    let found = unit_and_reporter(text, folded, mappings)?;
    // 注：本表…无数据 is a note, whatever unit it names.
    note_or_signature(folded, mappings).filter(|(rule, _)| *rule == "note").or(Some(("unit line", found)))
}

/// A line below or above a table that a person reads.
fn note_or_signature(folded: &str, mappings: &Mappings) -> Option<(&'static str, Said)> {
    let words = &mappings.surroundings;
    let bare = folded.trim_start_matches('(').trim_end_matches(')');
    let unnumbered = split_ordinal(bare).2;
    if words.is_note(bare, unnumbered) || words.says_no_data(folded) {
        return Some(("note", Said::default()));
    }
    (words.is_signature(unnumbered) && !longer_than(folded, 60)).then(|| ("signature", Said::default()))
}

/// What a line begins with may be a declaration: all lines of text are asked, and nearly none is one.
fn may_declare(folded: &str, mappings: &Mappings) -> bool {
    let words = &mappings.surroundings;
    let begin = folded.trim_start_matches('(');
    begin.starts_with(|c: char| c.is_ascii_digit())
        || words.may_declare(begin)
        || begin.len() < folded.len() && words.table_number_end(begin).is_some()
}

/// Reads every declaration of a line: `编制单位：青禾县司法局　2022年度　金额单位：万元`.
///
/// `None` if the line is none of it. A line that looks like a unit line whose unit is not understood gives
/// [`Money::Unknown`]: the default must not hold below it.
fn unit_and_reporter(text: &str, folded: &str, mappings: &Mappings) -> Option<Said> {
    let words = &mappings.surroundings;
    let mut said = Said::default();
    let mut any = false;
    let mut signed = false;
    let pieces = if text.contains(char::is_whitespace) {
        text.split(char::is_whitespace).map(fold).collect::<Joined>().0
    } else {
        vec![folded.to_owned()]
    };
    for piece in pieces {
        if piece.is_empty() {
            continue;
        }
        let piece = within_brackets(&piece).to_owned();
        if let Some((year, rest)) = leading_year(&piece)
            && rest.is_empty()
        {
            said.year = Some(year);
            continue;
        }
        if words.is_table_number(&piece) {
            said.number = Some(piece);
            continue;
        }
        if let Some(year) = year_line(&piece, words) {
            (said.year, said.declares_year, any) = (Some(year), true, true);
            continue;
        }
        if let Some(unit) = unit_line(&piece, mappings) {
            any = true;
            let contradicts = said.money.as_ref().is_some_and(|other| *other != unit);
            said.money = Some(if contradicts { Money::Unknown(piece.clone()) } else { unit });
            continue;
        }
        // 填报单位：某局　填报日期：2023年2月3日
        if words.is_signature(&piece) || signed && !piece.contains(':') {
            signed = true;
            continue;
        }
        let reporter = words.reporting_unit.iter().find_map(|head| {
            let rest = piece.strip_prefix(head.as_str())?;
            // 下设二级单位:甲中心、乙站: a sentence that a line's end parts names several.
            let name = rest.strip_prefix(':').filter(|name| !name.contains(['、', ',', '。', ';']))?;
            Some(name.trim_end_matches('年').to_owned())
        });
        match reporter {
            Some(name) => {
                any = true;
                if !name.is_empty() && said.unit_name.is_none() {
                    said.unit_name = Some(name);
                }
            }
            None => return None,
        }
    }
    any.then_some(said)
}

/// `会计年度:2023`
fn year_line(piece: &str, words: &Surroundings) -> Option<i32> {
    let rest = words.year_lines.iter().find_map(|head| piece.strip_prefix(head.as_str()))?;
    let (year, behind) = leading_year(rest.trim_start_matches(':'))?;
    behind.is_empty().then_some(year)
}

/// A piece without the brackets around it, also where only one of them is there; 某局(本级) keeps its own.
fn within_brackets(piece: &str) -> &str {
    match (piece.contains('('), piece.contains(')')) {
        (true, true) => piece.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(piece),
        _ => piece.trim_start_matches('(').trim_end_matches(')'),
    }
}

/// The pieces of a line, those put together that belong to one declaration: `单位 ： 万元`, `编制单位（公章）：某局`.
struct Joined(Vec<String>);

impl FromIterator<String> for Joined {
    fn from_iter<I: IntoIterator<Item = String>>(pieces: I) -> Joined {
        let mut joined: Vec<String> = Vec::new();
        // The last piece is letter-spaced, as far as it goes: 金 额 单 位 : 万 元.
        let mut spaced = false;
        for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
            let is_letter = !longer_than(&piece, 1);
            match joined.last_mut() {
                Some(last) if last.ends_with(':') => {
                    last.push_str(&piece);
                    spaced = is_letter;
                }
                Some(last) if piece.starts_with(':') || spaced && is_letter => {
                    last.push_str(&piece);
                    spaced &= is_letter;
                }
                // 单 位: 万元
                Some(last) if !longer_than(last, 1) && !longer_than(&piece, 4) => {
                    last.push_str(&piece);
                    spaced = false;
                }
                _ => {
                    joined.push(piece);
                    spaced = is_letter;
                }
            }
        }
        Joined(joined)
    }
}

/// `单位:万元`, `金额单位万元`; a head that speaks of money with an unknown unit is [`Money::Unknown`].
fn unit_line(piece: &str, mappings: &Mappings) -> Option<Money> {
    let words = &mappings.surroundings;
    for head in &words.unit_line {
        let Some(rest) = piece.strip_prefix(head.as_str()) else { continue };
        let unit = rest.trim_start_matches(':');
        if unit.is_empty() {
            return None;
        }
        if let Some(unit) = words.unit(unit).filter(|unit| unit.is_money()) {
            return Some(Money::Stated(unit));
        }
        // Behind what heads lines of both kinds (单位) an organisation's name may stand, too.
        let speaks_of_money = !words.reporting_unit.contains(head)
            || !words.looks_like_organisation(unit) && (unit.contains('元') || unit.chars().count() <= 3);
        if speaks_of_money {
            return Some(Money::Unknown(piece.to_owned()));
        }
    }
    None
}

/// The unit of money that a folded note tells of its table: `本表金额单位为万元。`, `本表以元为单位。`
pub(super) fn unit_of_note(note: &str, mappings: &Mappings) -> Option<Money> {
    let words = &mappings.surroundings;
    let money = |word: &str| words.unit(word).filter(|unit| unit.is_money()).map(Money::Stated);
    let ends = |c: char| matches!(c, '。' | ',' | ';' | '、' | '(' | ')');
    // 上表应为元。
    if let Some(said) = words.said_of_above(note).and_then(|said| said.strip_prefix("应为").or(Some(said)))
        && let Some(money) = money(said)
    {
        return Some(money);
    }
    words.unit_line.iter().flat_map(|head| note.match_indices(head.as_str())).find_map(|(at, head)| {
        let behind = note[at + head.len()..].trim_start_matches([':', '均', '应', '实', '际', '系', '为', '是']);
        let behind = behind.split(ends).next().and_then(money);
        let before = note[..at].strip_suffix('为').and_then(|before| before.rsplit_once('以'));
        behind.or_else(|| money(before?.1))
    })
}

/// `2.本表金额保留两位小数。`: a sentence with a number, not a heading.
pub(super) fn is_numbered_sentence(folded: &str) -> bool {
    let (ordinal, _, rest) = split_ordinal(folded);
    let numbered = matches!(ordinal, Ordinal::Digit | Ordinal::BracketedDigit | Ordinal::Circled);
    numbered && rest.ends_with(['。', ';'])
}

/// A heading that a prose form knows: to begin it, or to end it.
pub(super) fn heading_of<'m>(folded: &str, mappings: &'m Mappings, begins: bool) -> Option<&'m FormMapping> {
    if longer_than(folded, LONGEST_HEADING) {
        return None;
    }
    let label = heading_label(folded);
    mappings.forms.iter().find(|form| {
        let list = if begins { &form.headings } else { &form.ends };
        list.contains(&label)
    })
}

/// What a heading of the lexicon's says to recognition.
#[derive(Debug, Default)]
pub(super) struct Section<'m> {
    /// The prose form that it begins: all its words are known, before them at most an organisation's name, and it says
    /// that it is about final accounts.
    pub(super) form: Option<&'m FormMapping>,
    /// It speaks of a budget.
    pub(super) of_budget: bool,
    /// The organisation that it names.
    pub(super) organisation: Option<String>,
}

/// Reads a line as a heading of the lexicon's.
pub(super) fn section<'m>(text: &str, folded: &str, mappings: &'m Mappings) -> Section<'m> {
    let is_organisation = |name: &str| mappings.surroundings.looks_like_organisation(name);
    let (vocabulary, codes) = (&mappings.vocabulary, &mappings.codes);
    let of_form = |words: &str, says: &prose::HeadingSays| {
        let begins = |form: &&FormMapping| form.sections.iter().any(|word| words.contains(word.as_str()));
        mappings.forms.iter().find(begins).filter(|_| says.opens_section && !says.of_budget)
    };
    if folded.ends_with(':')
        && let Some((words, says)) =
            prose::read_announcement(text, is_organisation, vocabulary, codes, &mappings.lexicon)
    {
        return Section { form: of_form(&words, &says), of_budget: says.of_budget, organisation: says.organisation };
    }
    if longer_than(folded, LONGEST_HEADING) {
        return Section::default();
    }
    let Some(says) = prose::read_heading(text, is_organisation, vocabulary, codes, &mappings.lexicon) else {
        return Section::default();
    };
    let form = of_form(folded, &says);
    let organisation =
        says.organisation.map(|name| behind_any(&name, &mappings.surroundings.about).unwrap_or(&name).to_owned());
    Section { form, of_budget: says.of_budget, organisation }
}

/// A heading that says that it is of final accounts, inside a line: a page's text may be one line, as in
/// `…情况说明（一）收入支出决算总体情况说明2021年度收入总计…`. With it the prose form that it begins.
pub(super) fn heading_inside<'m, 't>(folded: &'t str, mappings: &'m Mappings) -> Option<(&'m FormMapping, &'t str)> {
    const ENDS: [&str; 2] = ["情况", "说明"];
    const LONGEST: usize = 45 * 3;
    if !longer_than(folded, LONGEST_HEADING) {
        return None;
    }
    let starts = folded.char_indices().filter(|(_, c)| "(一二三四五六七八九十".contains(*c)).map(|(at, _)| at);
    starts.filter(|at| folded[..*at].ends_with(['。', ';', '%', '元', ')', '明', '况', '表'])).find_map(|at| {
        let (ordinal, _, rest) = split_ordinal(&folded[at..]);
        if !matches!(ordinal, Ordinal::Chinese | Ordinal::BracketedChinese) {
            return None;
        }
        let end = rest.find(['。', ';', ',', ':']).unwrap_or(rest.len());
        let first = &rest[..rest.floor_char_boundary(end.min(LONGEST))];
        let heading_ends = |end: &str| first.find(end).map(|found| found + end.len());
        let mut heading = &first[..ENDS.into_iter().filter_map(heading_ends).min()?];
        if first[heading.len()..].starts_with(ENDS[1]) {
            heading = &first[..heading.len() + ENDS[1].len()];
        }
        section(heading, heading, mappings).form.map(|form| (form, heading))
    })
}

/// A folded line that is a heading, not a sentence: it has no number but the year, and no mark inside it.
pub(super) fn is_heading(folded: &str) -> bool {
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    digits <= 4 && !folded.contains(['。', ',', ';', ':'])
}

/// The unit or the part of one that the words of a line name first, and little else behind it: 水管站决算情况.
pub(super) fn unit_named_first<'t>(words: &'t str, mappings: &Mappings) -> Option<&'t str> {
    /// No more than so many characters say of what of the unit's they speak.
    const LONGEST: usize = 6;
    if longer_than(words, LONGEST_NAME) {
        return None;
    }
    let ends = words.char_indices().map(|(at, _)| at).chain([words.len()]);
    let mut names = ends.rev().filter(|end| !longer_than(&words[*end..], LONGEST)).map(|end| &words[..end]);
    names.find(|name| mappings.surroundings.names_unit_or_part(name))
}

/// That which a line names and nothing else, but for an ordinal, brackets or a word and a colon before the name: （二）水管站, 下属单位：水管站.
pub(super) fn unit_named_alone<'t>(folded: &'t str, mappings: &Mappings) -> Option<&'t str> {
    let words = split_ordinal(folded).2;
    if longer_than(words, LONGEST_NAME) || has_digits(words) {
        return None;
    }
    let bare = words.trim_matches(['(', ')', '[', ']', '【', '】', ':']);
    let name = bare.rsplit_once(':').map_or(bare, |(_, name)| name);
    let words = &mappings.surroundings;
    Some(name).filter(|name| telling_name(name, words) && words.names_unit_or_part(name))
}

/// A heading without ordinal, year, last mark and last digits: `附件3` is 附件.
pub(super) fn heading_label(folded: &str) -> Label {
    let text = split_ordinal(folded).2;
    let text = leading_year(text).map_or(text, |(_, rest)| rest);
    let text = text.trim_end_matches(['。', ':', '.']).trim_end_matches(|c: char| c.is_ascii_digit());
    Label::new(text)
}

/// The default unit of a form.
pub(super) fn assumed(form: &FormMapping) -> Money {
    Money::Assumed(form.amounts.unwrap_or(UnitOfMeasure::TenThousandYuan))
}

/// The reason for an unknown unit, where another table of the document states another unit than 万元.
pub(super) fn in_doubt(stated: &Arc<str>) -> Money {
    Money::Unknown(format!("no unit line, but the document states {stated} elsewhere"))
}
