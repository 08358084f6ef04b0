//! The fictitious county of `samples/`, against what its maker says must be read from it.

use std::collections::BTreeMap;
use std::path::Path;

use juesuan::model::Extracted;
use juesuan::pipeline::{Settings, extract};
use juesuan::store::Options;
use rust_decimal::Decimal;

use crate::dataset::{Folder, rows};
use crate::made::publish_with;

/// Rows of a CSV file without line breaks in its fields, by column.
fn csv(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let fields = fields(line);
            header.iter().map(|name| (*name).to_owned()).zip(fields).collect()
        })
        .collect()
}

fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    fields.push(field);
    fields
}

fn samples() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn extracted() -> BTreeMap<String, Extracted> {
    let settings = Settings::load(None, Some(&samples().join("units.csv")), false).unwrap();
    let county = samples().join("county");
    walkdir::WalkDir::new(&county)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path.strip_prefix(&county).unwrap().to_string_lossy().replace('\\', "/");
            let extracted = extract(&std::fs::read(&path).unwrap(), &name, &settings);
            (name, extracted)
        })
        .collect()
}

#[test]
fn every_figure_of_the_samples_is_read_and_no_other() {
    let documents = extracted();
    let mut expected: Vec<String> = csv(&samples().join("expected/figures.csv"))
        .into_iter()
        .map(|row| {
            let value: Decimal = row["value"].parse().unwrap();
            let key = [
                "document",
                "fiscal_year",
                "form",
                "entity",
                "item",
                "function",
                "economic",
                "funding",
                "measure",
                "base",
            ];
            let key: Vec<&str> = key.iter().map(|name| row[*name].as_str()).collect();
            format!("{} = {}", key.join(" | "), value.normalize())
        })
        .collect();
    let mut found: Vec<String> = documents
        .iter()
        .flat_map(|(name, extracted)| {
            extracted.submission.figures.iter().map(move |figure| {
                let key = &figure.key;
                let funding = key.funding.map_or("", |funding| funding.word());
                let year = figure.fiscal_year.to_string();
                let parts: [&str; 10] = [
                    name,
                    &year,
                    &figure.form,
                    &key.entity,
                    &key.item,
                    &key.function,
                    &key.economic,
                    funding,
                    key.measure.word(),
                    &key.base,
                ];
                format!("{} = {}", parts.join(" | "), figure.value.normalize())
            })
        })
        .collect();
    expected.sort();
    found.sort();
    let differs = expected.iter().zip(&found).find(|(expected, found)| expected != found);
    assert_eq!(differs, None, "the first difference");
    assert_eq!(expected.len(), found.len());
}

#[test]
fn what_is_planted_in_the_samples_is_found_and_nothing_else() {
    let dataset = Folder::new();
    let documents: Vec<Extracted> = extracted().into_values().collect();
    let settings = Settings::load(None, Some(&samples().join("units.csv")), false).unwrap();
    publish_with(&dataset.0, &documents, |options| Options {
        mappings: Some(&settings.mappings),
        csv: true,
        ..options
    })
    .unwrap();
    let shown = |row: &BTreeMap<String, String>| {
        ["unit", "fiscal_year", "code", "severity"].map(|column| row[column].as_str()).join(" ")
    };
    let sorted = |mut told: Vec<String>| {
        told.sort();
        told
    };
    let found = rows(&dataset.0, "findings");
    let expected = csv(&samples().join("expected/planted.csv"));
    assert_eq!(sorted(found.iter().map(shown).collect()), sorted(expected.iter().map(shown).collect()));
}

#[test]
fn every_figure_of_the_samples_knows_its_place() {
    let documents = extracted();
    let mut checked = 0;
    for row in csv(&samples().join("expected/figures.csv")).into_iter().filter(|row| !row["place"].is_empty()) {
        let value: Decimal = row["value"].parse().unwrap();
        let figures = &documents[&row["document"]].submission.figures;
        let there = figures.iter().any(|figure| {
            figure.place.to_string() == row["place"]
                && *figure.key.item == *row["item"]
                && figure.value == value.normalize()
        });
        assert!(there, "{} {} {}", row["document"], row["place"], row["item"]);
        checked += 1;
    }
    assert!(checked > 1000);
}

#[test]
fn the_account_of_every_sample_adds_up() {
    for (name, extracted) in extracted() {
        let made = &extracted.submission;
        let mut places: Vec<String> = made.numbers.iter().map(|number| number.place.to_string()).collect();
        let count = places.len();
        places.sort();
        places.dedup();
        assert_eq!(places.len(), count, "{name}: a number is counted twice");
        assert_eq!(made.account().iter().sum::<usize>(), count, "{name}");
    }
}

#[test]
fn personal_data_of_the_samples_stand_in_no_row() {
    for (name, extracted) in extracted() {
        let all = format!("{:?}", extracted.submission);
        for secret in ["测试甲", "0745-0000000"] {
            assert!(!all.contains(secret), "{name}: {secret}");
        }
    }
}

#[test]
fn the_sum_over_leaves_is_the_total() {
    // 收入决算表, 支出决算表 and the table of basic expenditure: totals stand beside their parts.
    for (name, extracted) in extracted() {
        for (form, item) in
            [("income", "本年收入合计"), ("expenditure", "本年支出合计"), ("basic_expenditure", "基本支出")]
        {
            let figures: Vec<_> = extracted.submission.figures.iter().filter(|figure| *figure.form == *form).collect();
            let total: Option<Decimal> = if form == "basic_expenditure" {
                // Its total row is split in two: 人员经费合计 and 公用经费合计.
                let parts = figures.iter().filter(|figure| figure.key.economic.is_empty() && *figure.key.item != *item);
                (!figures.is_empty()).then(|| parts.map(|figure| figure.value).sum())
            } else {
                figures
                    .iter()
                    .find(|figure| {
                        *figure.key.item == *item && figure.key.function.is_empty() && figure.key.funding.is_none()
                    })
                    .map(|figure| figure.value)
            };
            let leaves: Decimal = figures.iter().filter(|figure| figure.leaf).map(|figure| figure.value).sum();
            if let Some(total) = total {
                assert_eq!(leaves, total, "{name} {form}");
            }
        }
    }
}

#[test]
fn the_total_of_projects_is_no_leaf_beside_them() {
    let text = "部门：青禾县水利局\n2022年度\n项目收入支出决算表\n单位：万元\n\
        | 科目编码 | 科目名称 | 项目名称 | 资金来源 | < | < | 支出数 |\n\
        | ^ | ^ | ^ | 合计 | 年初结转和结余 | 本年收入合计 | 合计 |\n\
        | | | 合计 | 130.00 | 10.00 | 120.00 | 125.00 |\n\
        | 2130126 | 农村社会事业 | 村道养护 | 90.00 | 10.00 | 80.00 | 85.00 |\n\
        | 2050202 | 小学教育 | 校舍维修 | 40.00 | 0.00 | 40.00 | 40.00 |\n";
    let extracted = extract(text.as_bytes(), "项目.txt", &Settings::load(None, None, false).unwrap());
    let spent: Vec<(&str, String, bool)> = extracted
        .submission
        .figures
        .iter()
        .filter(|figure| &*figure.key.item == "本年支出合计")
        .map(|figure| (&*figure.key.entity, figure.value.to_string(), figure.leaf))
        .collect();
    let expected = [("", "125", false), ("村道养护", "85", true), ("校舍维修", "40", true)];
    assert_eq!(spent, expected.map(|(entity, value, leaf)| (entity, value.to_owned(), leaf)));
}
