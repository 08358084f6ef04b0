//! What stands beside a document's text, at the head or the foot of its pages or in comments on its cells, and says what its figures are.
//!
//! It is mostly nothing, and often a leftover of the document that was written over: a year or a unit there that the titles contradict is
//! told, and the titles hold. What says that the figures are none of the final accounts, or what unit they are in, holds as it would above
//! the tables.

use super::declared;
use super::declared::Said;
use super::lines::{self, Line};
use super::names::{governs_area, may_be_one, of_part};
use super::regions::Region;
use super::scope::{Scope, Sources, year_of_cover};
use super::told::Stranger;
use crate::locate::Money;
use crate::mapping::{Kind, Mappings, State, Surroundings};
use crate::model::{Aside, Block, Cell, Document, Finding, FindingCode, Place, fold};

/// Unit lines of pages are those of tables that have none; one that contradicts the table's own leaves both in doubt.
pub(super) fn money_of_pages(asides: &[Aside], regions: &mut [Region<'_, '_>], mappings: &Mappings) {
    for aside in asides.iter().filter(|aside| aside.cell.is_none()) {
        let Some(money) = said(aside, mappings).money else { continue };
        for region in regions.iter_mut().filter(|region| region.form.kind == Kind::Table && is_of(aside, region)) {
            match &region.money {
                Money::Assumed(_) => region.money = money.clone(),
                Money::Stated(own) if Money::Stated(*own) != money => {
                    region.money = Money::Unknown("two unit lines that contradict each other".into());
                }
                _ => {}
            }
        }
    }
}

/// Leaves over what a line of its pages says is none of the final accounts, and tells units and years that are not the document's.
pub(super) fn heed(
    asides: &[Aside],
    regions: &mut [Region<'_, '_>],
    scope: &Scope,
    mappings: &Mappings,
    findings: &mut Vec<Finding>,
) {
    let words = &mappings.surroundings;
    for aside in asides.iter().filter(|aside| aside.cell.is_none()) {
        let folded = lines::folded_line(&aside.text);
        if words.standing.of_line(&folded, false) == Some(State::Void) {
            for region in regions.iter_mut().filter(|region| is_of(aside, region)) {
                region.stranger.get_or_insert_with(|| Stranger::Qualified(folded.clone()));
            }
        }
        let said = said(aside, mappings);
        let about = |code| Finding::new(code, aside.text.trim());
        if let (Some(year), Some(own)) = (said.year, scope.fiscal_year)
            && year != own
        {
            let finding = about(FindingCode::YearContradiction);
            findings.push(finding.with_expected(own.to_string()).with_actual(year.to_string()));
        }
        if let Some(unit) = said.unit_name.filter(|unit| is_another(unit, scope, words)) {
            findings.push(about(FindingCode::UnitContradiction).with_expected(scope.unit.clone()).with_actual(unit));
        }
    }
    findings.dedup();
}

fn is_of(aside: &Aside, region: &Region<'_, '_>) -> bool {
    match (&aside.sheet, &region.place) {
        (Some(of), Place::Sheet { sheet, .. }) => of == sheet,
        (of, _) => of.is_none(),
    }
}

/// What a line of the pages tells, as a line or a cover above the tables would.
fn said(aside: &Aside, mappings: &Mappings) -> Said {
    let words = &mappings.surroundings;
    let folded = lines::folded_line(&aside.text);
    let mut said = match lines::read(&aside.text, &folded, mappings) {
        Line::Title { said, .. } | Line::Declared { said, .. } => said,
        _ => Said::default(),
    };
    said.year = said.year.or_else(|| year_of_cover(&folded, mappings));
    let of_cover = || {
        let mut sources = Sources::default();
        sources.paragraph(&folded, mappings);
        sources.line(&folded, mappings);
        sources.named().last().cloned()
    };
    let bare = || Some(folded.clone()).filter(|name| words.looks_like_organisation(name) && words.names_one(name));
    said.unit_name = said.unit_name.take().or_else(of_cover).or_else(bare);
    said
}

/// A unit's name that is not the document's, nor that of the government that it belongs to.
fn is_another(unit: &str, scope: &Scope, words: &Surroundings) -> bool {
    let (name, own) = (of_part(unit, words).0, of_part(&scope.unit, words).0);
    !scope.unit.is_empty() && !governs_area(&name, words) && !may_be_one(&name, &own, words)
}

/// The document with the comments that put figures in doubt behind what they are on; one that calls its worksheet a draft or a sample
/// counts as a line of its pages.
pub(crate) fn remarked(mut document: Document, fiscal_year: Option<i32>, mappings: &Mappings) -> Document {
    let words = &mappings.surroundings;
    let comments: Vec<Aside> = document.asides.extract_if(.., |aside| aside.cell.is_some()).collect();
    for comment in comments {
        let clauses = comment.text.split(['\n', '\r', '。', '；', ';', ':', '：']).map(str::trim);
        for clause in clauses.filter(|clause| !clause.is_empty()) {
            let folded = fold(clause);
            let is_void = words.standing.of_line(&folded, false) == Some(State::Void);
            let Some(cell) = cell_of(&comment, &mut document.blocks) else { break };
            let is_label = cell.number.is_none() && !crate::locate::is_number(cell, words);
            if is_void && is_label {
                document.asides.push(Aside { cell: None, text: clause.to_owned(), ..comment.clone() });
            } else if is_void || words.doubts_what_it_is_on(&folded, fiscal_year) || of_other_money(&folded, mappings) {
                cell.text.push_str(&format!("（{clause}）"));
                cell.number = None;
            }
        }
    }
    document
}

fn cell_of<'d>(comment: &Aside, blocks: &'d mut [Block]) -> Option<&'d mut Cell> {
    let (row, column) = comment.cell?;
    blocks.iter_mut().find_map(|block| {
        let Block::Table(table) = block else { return None };
        let is_there = |kept: &[u32], at: u32| kept.binary_search(&at).ok();
        let of_sheet = table.sheet == comment.sheet;
        let (row, column) = (is_there(&table.rows, row).filter(|_| of_sheet)?, is_there(&table.columns, column)?);
        table.cells.iter_mut().find(|cell| cell.row == row && cell.column == column)
    })
}

/// 金额单位为元: a comment that tells another unit than that of most accounts.
fn of_other_money(folded: &str, mappings: &Mappings) -> bool {
    use crate::model::UnitOfMeasure::TenThousandYuan;
    declared::unit_of_note(folded, mappings).is_some_and(|money| money != Money::Stated(TenThousandYuan))
}
