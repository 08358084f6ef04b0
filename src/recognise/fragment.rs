//! A piece of an explanation that has lost its title and all headings that say of what it is.
//!
//! A page that publishes three paragraphs, a text that was cut anywhere: what they say of amounts (支出决算为…) is said of final
//! accounts only. No heading tells of which fund their money is: what does not say so of itself is left over.

use super::lines::{LONGEST_HEADING, is_heading, section};
use super::years::plausible_year;
use crate::locate::prose;
use crate::mapping::{FormMapping, Kind, Mappings};
use crate::model::{Block, Document, Ordinal, Paragraph, fold, has_digits, longer_than, split_ordinal};

/// No piece has more paragraphs: a report that speaks of the accounts in one of its many chapters is no explanation.
const MOST: usize = 80;

/// The form of prose that a text without tables is a piece of, as its sentences say.
pub(super) fn form_of_sentences<'m>(document: &Document, mappings: &'m Mappings) -> Option<&'m FormMapping> {
    let lines: Option<Vec<&Paragraph>> = document.blocks.iter().map(paragraph).collect();
    let lines: Vec<String> = lines?.into_iter().map(|line| fold(&line.text)).filter(|line| !line.is_empty()).collect();
    let mut titles = lines.iter().take_while(|line| is_heading(line) && !longer_than(line, LONGEST_HEADING));
    if lines.len() > MOST
        || lines.iter().any(|line| heads_another(line, mappings))
        || titles.any(|title| is_strange_title(title, mappings))
    {
        return None;
    }
    let latest = lines.iter().flat_map(|line| years(line)).max();
    let mut forms = mappings.forms.iter().filter(|form| form.kind == Kind::Prose);
    forms.find(|form| lines.iter().any(|line| states(line, form, latest, mappings)))
}

fn paragraph(block: &Block) -> Option<&Paragraph> {
    match block {
        Block::Paragraph(paragraph) => Some(paragraph),
        Block::Table(_) => None,
    }
}

/// A title that is neither an organisation's name nor what an explanation may be headed with: it may be of anything (竣工财务决算).
fn is_strange_title(folded: &str, mappings: &Mappings) -> bool {
    let words = &mappings.surroundings;
    let is_organisation = |name: &str| words.looks_like_organisation(name);
    let (ordinal, _, title) = split_ordinal(folded);
    let opens_section = || {
        let says =
            prose::read_heading(title, is_organisation, &mappings.vocabulary, &mappings.codes, &mappings.lexicon);
        says.is_some_and(|says| says.opens_section)
    };
    ordinal == Ordinal::None && !is_organisation(title) && !opens_section()
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

/// The years that a text names, but for those of dates.
fn years(folded: &str) -> impl Iterator<Item = i32> {
    folded.match_indices('年').filter_map(|(at, year)| {
        let behind = &folded[at + year.len()..];
        let month = behind.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_date = month != behind && month.starts_with('月');
        plausible_year(folded.get(at.checked_sub(4)?..at)?).filter(|_| !is_date)
    })
}

/// A clause of a line states an amount as only this form does: not what is compared with it, nor the accounts of others, nor those
/// of a year before the `latest` that the text speaks of, which may be that of its budget.
fn states(folded: &str, form: &FormMapping, latest: Option<i32>, mappings: &Mappings) -> bool {
    let words = &mappings.surroundings;
    let has = |clause: &str| {
        let word = form.statements.iter().find_map(|word| clause.find(word.as_str()));
        word.is_some_and(|at| !words.compared.iter().any(|compared| clause[..at].contains(compared.as_str())))
    };
    folded.split('。').any(|sentence| {
        let is_past = years(sentence).next().is_some_and(|year| latest.is_some_and(|latest| year < latest));
        has_digits(sentence)
            && !is_past
            && !words.speaks_of_others(sentence)
            && sentence.split([',', ';', ':']).any(has)
    })
}
