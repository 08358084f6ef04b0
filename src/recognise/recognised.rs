//! A document with its forms recognised, whose they are, and what stands in none.

use super::titles;
use std::sync::Arc;

use super::asides;
use super::fragment::piece_of_prose;
use super::lines;
use super::names::same_unit;
use super::regions::Region;
use super::scope::Scope;
use super::strangers;
use super::walk::{Otherwise, walked};
use crate::locate::{Money, Part};
use crate::mapping::{FormMapping, Kind, Mappings};
use crate::model::{Block, Cell, Document, Finding, FindingCode, NumberRecord, Set, fold, has_digits};

/// A document with its forms recognised.
#[derive(Debug)]
pub(crate) struct Recognised<'d, 'm> {
    /// Whose it is and for which year.
    pub(crate) scope: Scope,
    /// The forms, in document order.
    pub(crate) regions: Vec<Region<'d, 'm>>,
    /// Numbers that stand in no form.
    pub(crate) outside: Vec<NumberRecord>,
    /// Titles and headings seen that are no known form's, for messages.
    pub(crate) titles_seen: Vec<String>,
    /// What recognising noticed.
    pub(crate) findings: Vec<Finding>,
}

/// Recognises the forms of a document. `name` is its path, for unit and year where its text tells none.
pub(crate) fn recognise<'d, 'm>(document: &'d Document, name: &str, mappings: &'m Mappings) -> Recognised<'d, 'm> {
    let by_name = titles::title_of_name(name, mappings);
    let mut walk = walked(document, Otherwise::Nothing, mappings);
    if let Some(form) = by_name.filter(|_| walk.regions.is_empty() && has_one_sheet(document)) {
        // What nothing in it names, its name may.
        walk = walked(document, Otherwise::Name(form), mappings);
    }
    if walk.regions.is_empty() && walk.is_covered {
        walk = walked(document, Otherwise::Cover, mappings);
    }
    if (walk.regions.is_empty() || begins_amid_sentences(document, &walk.regions))
        && let Some(piece) = piece_of_prose(document, name, mappings)
    {
        walk = walked(document, Otherwise::Sentences(piece), mappings);
    }
    let mut regions = walk.regions;
    asides::money_of_pages(&document.asides, &mut regions, mappings);
    doubt_defaults(&mut regions);
    if let Some(form) = by_name.filter(|form| contradicts(&regions, form)) {
        let other = regions.iter().map(|region| &*region.form.form).collect::<Vec<_>>().join("、");
        walk.findings
            .push(Finding::new(FindingCode::FormContradiction, name).with_expected(&*form.form).with_actual(other));
    }
    let (scope, mut scope_findings) = walk.sources.settle(name, || unit_of_fields(&regions, mappings), mappings);
    walk.findings.append(&mut scope_findings);
    strangers::find(&mut regions, &scope, &mappings.surroundings);
    asides::heed(&document.asides, &mut regions, &scope, mappings, &mut walk.findings);
    Recognised { scope, regions, outside: walk.outside, titles_seen: walk.titles_seen, findings: walk.findings }
}

/// The unit that all forms of fields name as theirs, in a document of nothing else.
fn unit_of_fields(regions: &[Region<'_, '_>], mappings: &Mappings) -> Option<String> {
    if regions.iter().any(|region| !matches!(region.form.kind, Kind::Fields | Kind::Indicators)) {
        return None;
    }
    let (mut units, mut told) = (Vec::new(), Vec::new());
    for part in regions.iter().flat_map(|region| &region.parts) {
        let Part::Rows(rows) = part else { continue };
        for row in rows.rows.clone() {
            let cells: Vec<&Cell> = rows.table.anchored_in(row).filter(|cell| !cell.text.trim().is_empty()).collect();
            let named = cells.windows(2).filter(|pair| mappings.surroundings.is_own_unit_field(&pair[0].text));
            units.extend(named.map(|pair| fold(&pair[1].text)));
            told.extend(cells.iter().filter_map(|cell| lines::unit_told_by(&cell.text, mappings)));
        }
    }
    // 单位名称：某局 above the form says whose it is, whoever carries out its project.
    let units = if told.is_empty() { units } else { told };
    let (first, others) = units.split_first()?;
    let one = others.iter().all(|other| same_unit(first, other, &mappings.surroundings));
    (one && mappings.surroundings.looks_like_organisation(first)).then(|| first.clone())
}

/// A text that was cut begins amid what an explanation tells; the first heading that makes that known stands below.
fn begins_amid_sentences(document: &Document, regions: &[Region<'_, '_>]) -> bool {
    let by_heading = regions.first().filter(|region| region.form.kind == Kind::Prose && region.by_heading);
    let first = document.blocks.iter().find(|block| match block {
        Block::Paragraph(line) => !line.text.trim().is_empty() && !lines::is_page_number(&fold(&line.text)),
        Block::Table(_) => true,
    });
    match (by_heading, first) {
        (Some(region), Some(Block::Paragraph(line))) => {
            region.place != line.place() && line.text.contains('元') && has_digits(&line.text)
        }
        _ => false,
    }
}

/// The document's worksheets, if it has any, are one: its name cannot mean another.
fn has_one_sheet(document: &Document) -> bool {
    let sheets = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => table.sheet.as_deref(),
        Block::Paragraph(_) => None,
    });
    sheets.collect::<Set<&str>>().len() <= 1
}

/// A document whose name says that it is a form holds others, and not that one.
fn contradicts(regions: &[Region<'_, '_>], named: &FormMapping) -> bool {
    !regions.is_empty()
        && regions.iter().all(|region| region.form.kind == Kind::Table && region.form.form != named.form)
}

/// T-26: where a document states another unit than 万元, a form that states none is in doubt.
fn doubt_defaults(regions: &mut [Region<'_, '_>]) {
    use crate::model::UnitOfMeasure::{HundredMillionYuan, ThousandYuan, Yuan};
    let other = regions.iter().find_map(|region| match region.money {
        Money::Stated(Yuan) => Some("元"),
        Money::Stated(ThousandYuan) => Some("千元"),
        Money::Stated(HundredMillionYuan) => Some("亿元"),
        _ => None,
    });
    let Some(other) = other else { return };
    let other: Arc<str> = other.into();
    for region in regions.iter_mut().filter(|region| region.form.kind == Kind::Table) {
        if matches!(region.money, Money::Assumed(_)) {
            region.money = lines::in_doubt(&other);
        }
    }
}
