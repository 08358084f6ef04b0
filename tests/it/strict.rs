//! The strict rule: what is not understood may cost figures, but never changes or makes one.
//!
//! Two tests need no truth. Replace any one label, title or heading by unknown characters; put an unknown word in at any
//! of its boundaries. Figures may become leftovers; none changes its key or value, and none appears.

use std::collections::BTreeMap;

use juesuan::model::{Block, Document, Extracted};
use juesuan::pipeline::{Settings, extract_read};
use juesuan::read;
use rayon::prelude::*;

use crate::cases::{cases, settings};

/// What no label, word or name is.
const UNKNOWN: &str = "囗囗";

/// Figures and scores by the place where they stand.
///
/// Names of sub-units and projects are open words: an unknown word put into one is told, and is no fault.
fn by_place(extracted: &Extracted) -> BTreeMap<String, Vec<String>> {
    let mut by_place: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for figure in &extracted.submission.figures {
        let mut key = figure.key.clone();
        let known = !key.entity.is_empty();
        key.entity = "".into();
        let entity = if known { "[part] " } else { "" };
        by_place.entry(figure.place.to_string()).or_default().push(format!("{entity}{key} = {}", figure.value));
    }
    for figures in by_place.values_mut() {
        figures.sort();
    }
    by_place
}

/// Places whose number was left over because of a contradiction: without its other half it may become a figure.
fn contradicted(extracted: &Extracted) -> Vec<String> {
    use juesuan::model::FindingCode::{Ambiguous, Contradiction, TwoUnits, TwoValues};
    let codes = [Ambiguous, Contradiction, TwoUnits, TwoValues];
    let findings = extracted.submission.findings.iter().filter(|finding| codes.contains(&finding.code));
    findings.flat_map(|finding| finding.places.iter().map(ToString::to_string)).collect()
}

/// Figures of the changed document that the original does not have at their place.
fn violations(original: &BTreeMap<String, Vec<String>>, changed: &Extracted) -> Vec<String> {
    by_place(changed)
        .into_iter()
        .flat_map(|(place, figures)| {
            let before = original.get(&place).cloned().unwrap_or_default();
            figures
                .into_iter()
                .filter(move |figure| !before.contains(figure))
                .map(move |figure| format!("{place}: {figure}"))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The texts of a document that are no single numbers, as positions: block, cell (paragraphs have none).
fn texts(document: &Document) -> Vec<(usize, Option<usize>)> {
    let wordy = |text: &str| text.chars().any(|c| c.is_alphabetic());
    let mut texts = Vec::new();
    for (at, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Paragraph(paragraph) if paragraph.text.chars().count() <= 60 => texts.push((at, None)),
            Block::Paragraph(_) => {}
            Block::Table(table) => {
                let cells = table.cells.iter().enumerate();
                texts.extend(
                    cells
                        .filter(|(_, cell)| wordy(&cell.text) && cell.text.chars().count() <= 60)
                        .map(|(cell, _)| (at, Some(cell))),
                );
            }
        }
    }
    texts
}

fn text_at(document: &Document, at: (usize, Option<usize>)) -> &str {
    match (&document.blocks[at.0], at.1) {
        (Block::Table(table), Some(cell)) => &table.cells[cell].text,
        (Block::Paragraph(paragraph), _) => &paragraph.text,
        (Block::Table(_), None) => unreachable!("a table has cells"),
    }
}

fn set_text(document: &mut Document, at: (usize, Option<usize>), text: &str) {
    match (&mut document.blocks[at.0], at.1) {
        (Block::Table(table), Some(cell)) => table.cells[cell].text = text.into(),
        (Block::Paragraph(paragraph), _) => paragraph.text = text.to_owned(),
        (Block::Table(_), None) => unreachable!("a table has cells"),
    }
}

/// All changes of one kind to a document; each with what was changed.
fn replaced(text: &str) -> Vec<String> {
    let _ = text;
    vec![UNKNOWN.to_owned()]
}

fn inserted(text: &str) -> Vec<String> {
    let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    // Every boundary of short labels; of longer ones both ends and some between.
    let step = boundaries.len().div_ceil(6);
    let mut chosen: Vec<usize> = boundaries.iter().copied().step_by(step).collect();
    chosen.push(text.len());
    chosen.into_iter().map(|at| format!("{}{UNKNOWN}{}", &text[..at], &text[at..])).collect()
}

/// Runs all changes of a kind over a document and tells what came out wrong.
fn broken_by(
    document: &Document,
    name: &str,
    settings: &Settings,
    changes: fn(&str) -> Vec<String>,
) -> (usize, Vec<String>) {
    let extracted = extract_read(document, b"", name, settings);
    let (original, doubtful) = (by_place(&extracted), contradicted(&extracted));
    let mut tried = 0;
    let mut broken = Vec::new();
    for at in texts(document) {
        let mut changed = document.clone();
        let text = text_at(document, at);
        for change in changes(text) {
            // Words put into sentences shift the places behind them: the tests of prose look after those.
            if at.1.is_none() && change.contains(text) {
                continue;
            }
            set_text(&mut changed, at, &change);
            tried += 1;
            let mut wrong = violations(&original, &extract_read(&changed, b"", name, settings));
            wrong.retain(|figure| !doubtful.iter().any(|place| figure.starts_with(&format!("{place}:"))));
            if !wrong.is_empty() {
                broken.push(format!("{name}: `{text}` as `{change}`: {}", wrong.join("; ")));
            }
        }
    }
    (tried, broken)
}

/// Sample documents of each format and layout: `.xlsx`, `.xls`, upright 三公, split codes, amounts in 元, `.docx`, text.
fn sample_documents() -> Vec<(String, Document)> {
    let county = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/county");
    [
        "2021/青禾县水利局/决算公开表.xls",
        "2021/青禾县第一中学/决算公开表.xlsx",
        "2021/青禾县云溪镇人民政府/决算公开表.xlsx",
        "2021/青禾县白石镇中心卫生院/决算公开表.xlsx",
        "2021/青禾县民政局/绩效自评报告.docx",
        "2020/青禾县人民政府办公室/决算公开及绩效自评.txt",
    ]
    .iter()
    .map(|name| {
        let bytes = std::fs::read(county.join(name)).unwrap();
        ((*name).to_owned(), read::read(&bytes, name).unwrap())
    })
    .collect()
}

#[test]
fn replacing_a_label_of_a_sample_never_makes_or_changes_a_figure() {
    check(&sample_documents(), replaced);
}

#[test]
fn putting_an_unknown_word_into_a_sample_never_makes_or_changes_a_figure() {
    check(&sample_documents(), |text| inserted(text).into_iter().step_by(3).collect());
}

fn layout_documents() -> Vec<(String, Document)> {
    cases(include_str!("../cases/layout-cases.md"))
        .into_iter()
        .map(|case| {
            let text = case.document.replace('⇥', "\t");
            (format!("青禾县某局/{}.txt", &case.id[..3]), read::read(text.as_bytes(), "case.txt").unwrap())
        })
        .collect()
}

fn check(documents: &[(String, Document)], changes: fn(&str) -> Vec<String>) {
    let settings = settings();
    let (mut tried, mut broken) = (0, Vec::new());
    let outcomes: Vec<(usize, Vec<String>)> =
        documents.par_iter().map(|(name, document)| broken_by(document, name, &settings, changes)).collect();
    for (count, mut wrong) in outcomes {
        tried += count;
        broken.append(&mut wrong);
    }
    assert!(broken.is_empty(), "{} of {tried} changes made or changed figures:\n{}", broken.len(), broken.join("\n"));
    assert!(tried > documents.len());
}

#[test]
fn replacing_a_label_of_a_table_never_makes_or_changes_a_figure() {
    check(&layout_documents(), replaced);
}

#[test]
fn putting_an_unknown_word_into_a_label_never_makes_or_changes_a_figure() {
    check(&layout_documents(), inserted);
}
