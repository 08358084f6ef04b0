//! The sentences of `tests/cases/prose/narrative-cases.md`, the seed, and the two properties that need no truth.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::*;
use crate::model::{Claim, UnitOfMeasure, fold_char};

struct Known {
    vocabulary: Vocabulary,
    codes: CodeLists,
    lexicon: Lexicon,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let vocabulary = Vocabulary::parse(include_str!("../../../mappings/vocabulary.yaml")).unwrap();
    let codes = CodeLists::parse(
        include_str!("../../../mappings/codes/functional.csv"),
        include_str!("../../../mappings/codes/functional_names.csv"),
        include_str!("../../../mappings/codes/economic.csv"),
    )
    .unwrap();
    let lexicon = Lexicon::parse(include_str!("../../../mappings/lexicon.yaml"), &vocabulary, &codes).unwrap();
    Known { vocabulary, codes, lexicon }
});

fn read_lines(texts: &[&str], year: i32, units: &[String], form: &str) -> Located {
    let lines: Vec<Line<'_>> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| Line {
            text,
            place: Place::Paragraph { paragraph: index as u32 + 1, range: None },
            offset: None,
        })
        .collect();
    let frame = Frame { form: form.into(), fiscal_year: year, unit_names: units, rule: "narrative.yaml".into() };
    locate(&lines, &frame, &KNOWN.vocabulary, &KNOWN.codes, &KNOWN.lexicon)
}

/// The digits of a value with its sign, separators and full-width forms taken out.
fn value(claim: &Claim) -> String {
    let digits: String =
        claim.written.chars().filter_map(fold_char).filter(|c| c.is_ascii_digit() || "-.".contains(*c)).collect();
    if claim.negative { format!("-{digits}") } else { digits }
}

fn unit(unit: UnitOfMeasure) -> &'static str {
    match unit {
        UnitOfMeasure::Yuan => "元",
        UnitOfMeasure::ThousandYuan => "千元",
        UnitOfMeasure::TenThousandYuan => "万元",
        UnitOfMeasure::HundredMillionYuan => "亿元",
        UnitOfMeasure::Percent => "%",
        UnitOfMeasure::Points => "分",
        UnitOfMeasure::Count => "",
    }
}

/// `item | function | economic | funding | measure | base | value | unit`
fn line_of(claim: &Claim) -> String {
    let key = &claim.key;
    let funding = key.funding.map_or("", |funding| funding.word());
    format!(
        "{}|{}|{}|{funding}|{}|{}|{}|{}",
        key.item,
        key.function,
        key.economic,
        key.measure.word(),
        key.base,
        value(claim),
        unit(claim.unit)
    )
}

// ---------------------------------------------------------------------- cases

#[derive(Debug, Default)]
struct Case {
    id: String,
    year: i32,
    headings: Vec<String>,
    text: Vec<String>,
    figures: Vec<Expected>,
}

#[derive(Debug, Clone)]
struct Expected {
    fields: [String; 7],
    optional: bool,
    items: Vec<String>,
    measures: Vec<String>,
    functions: Vec<String>,
    other_year: bool,
}

fn cases() -> Vec<Case> {
    let markdown = include_str!("../../../tests/cases/prose/narrative-cases.md");
    let mut cases: Vec<Case> = Vec::new();
    let mut block = "";
    for line in markdown.lines() {
        if let Some(head) = line.strip_prefix("### ") {
            let parts: Vec<&str> = head.split(" · ").collect();
            cases.push(Case {
                id: parts[0].to_owned(),
                headings: parts[2].strip_prefix("section ").unwrap().split('›').map(str::to_owned).collect(),
                year: parts[3].strip_prefix("year ").unwrap().parse().unwrap(),
                ..Case::default()
            });
            block = "";
            continue;
        }
        if let Some(fence) = line.strip_prefix("```") {
            block = if block.is_empty() { fence } else { "" };
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        match block {
            "text" => case.text.push(line.to_owned()),
            "figures" if !line.is_empty() => case.figures.push(expected(line)),
            _ => {}
        }
    }
    cases
}

fn expected(line: &str) -> Expected {
    let (row, note) = line.split_once('#').unwrap_or((line, ""));
    let fields: Vec<String> = row.split('|').map(|field| field.trim().to_owned()).collect();
    let of = |name: &str| -> Vec<String> {
        note.match_indices(&format!("[{name}="))
            .map(|(at, found)| note[at + found.len()..].split(']').next().unwrap().to_owned())
            .collect()
    };
    let with = |own: &str, mut others: Vec<String>| {
        others.push(own.to_owned());
        others
    };
    Expected {
        items: with(&fields[0], of("item")),
        functions: with(&fields[1], of("function")),
        measures: with(&fields[3], of("measure")),
        other_year: note.contains("[year="),
        optional: note.contains("optional"),
        fields: fields.try_into().unwrap(),
    }
}

impl Expected {
    fn is(&self, claim: &Claim) -> bool {
        let [_, _, funding, _, base, number, unit_word] = &self.fields;
        let key = &claim.key;
        let parent = KNOWN.vocabulary.item(&key.item).and_then(|item| item.parent.clone()).unwrap_or_default();
        let whole = |base: &str| if base == &*parent { String::new() } else { base.to_owned() };
        let function = self.functions.iter().any(|function| match function.strip_prefix('e') {
            Some(code) => code.split(' ').next() == Some(&*key.economic) && key.function.is_empty(),
            None if function.is_empty() => key.function.is_empty() && key.economic.is_empty(),
            None => function.split(' ').next() == Some(&*key.function),
        });
        let classified = !key.function.is_empty() || !key.economic.is_empty();
        let bases = if classified { key.base.as_ref() == base.as_str() } else { whole(&key.base) == whole(base) };
        let unit = unit(claim.unit);
        self.items.iter().any(|item| **item == *key.item)
            && function
            && funding.as_str() == key.funding.map_or("", |funding| funding.word())
            && self.measures.iter().any(|measure| measure == key.measure.word())
            && bases
            && number.trim_start_matches('-').trim_start_matches(['0', '.']).is_empty()
                == value(claim).trim_start_matches('-').trim_start_matches(['0', '.']).is_empty()
            && (number == &value(claim))
            && (unit.is_empty() || unit == unit_word)
    }
}

const UNITS: [&str; 9] = [
    "青柳县水务局", "青柳县市场所", "青柳县城管局", "青柳镇", "青柳局", "云岭区绿化所", "市级部门", "省级行政事业单位", "局机关",
];

fn run(case: &Case) -> Located {
    let units: Vec<String> = UNITS.iter().map(|unit| (*unit).to_owned()).collect();
    let lines: Vec<&str> = case.headings.iter().chain(&case.text).map(String::as_str).collect();
    read_lines(&lines, case.year, &units, "narrative")
}

#[test]
fn sentences_give_the_figures_that_a_careful_person_reads_in_them() {
    let (mut right, mut missing, mut wrong) = (0, Vec::new(), Vec::new());
    for case in cases() {
        let located = run(&case);
        let mut used = vec![false; located.claims.len()];
        for expected in &case.figures {
            let found = located.claims.iter().position(|claim| expected.is(claim));
            match found {
                Some(_) => {
                    for (index, claim) in located.claims.iter().enumerate() {
                        used[index] |= expected.is(claim);
                    }
                    if !expected.optional {
                        right += 1;
                    }
                }
                None if expected.optional || expected.other_year => {}
                None => {
                    let number = expected.fields[5].trim_start_matches('-');
                    let why = located
                        .leftovers
                        .iter()
                        .find(|left| left.value_as_written.trim_end_matches('%').replace(',', "") == number)
                        .map(|left| left.blocked_by.clone());
                    missing.push(format!("{}: {:?} — {why:?}", case.id, expected.fields));
                }
            }
        }
        for (claim, used) in located.claims.iter().zip(used) {
            if !used {
                wrong.push(format!("{}: {}", case.id, line_of(claim)));
            }
        }
    }
    let report = format!(
        "right {right}, missing {}:\n{}\nwrong {}:\n{}",
        missing.len(),
        missing.join("\n"),
        wrong.len(),
        wrong.join("\n")
    );
    println!("{report}");
    assert!(missing.is_empty() && wrong.is_empty(), "{report}");
}
