use std::collections::HashMap;

use serde_json::{Value, json};

use crate::model::{Extracted, Figure, Measure, Place};
use crate::wording;

use super::super::statement::{FactKey, Statement};
use super::marks::Marks;
use super::markup::{anchor, both_plain};

/// Everything that a click on a number may show, as JSON for the page's script.
pub(super) fn of(extracted: &Extracted, statements: &Statements<'_>, marks: &Marks<'_>) -> Value {
    let submission = &extracted.submission;
    let mut numbers: Vec<Value> = submission
        .numbers
        .iter()
        .map(|record| {
            json!({
                "text": marks.masked(&record.text),
                "place": record.place.to_string(),
                "fate": record.fate.word(),
                "rule": marks.masked(&record.rule),
                "form": &*record.form,
                "figures": [], "scores": [], "texts": [], "leftovers": [], "findings": [],
            })
        })
        .collect();
    let at = NumbersAt::new(extracted);
    let mut add = |kind: &str, place: &Place, value: &Value| {
        for number in at.numbers(place) {
            if let Some(list) = numbers[number][kind].as_array_mut() {
                list.push(value.clone());
            }
        }
    };
    for (index, figure) in submission.figures.iter().enumerate() {
        let others = statements.of(index).map(|(other, here)| {
            json!({
                "document": other.document,
                "form": &*other.form,
                "place": other.place,
                "anchor": if here { other.here.as_ref().map(anchor) } else { None },
                "value": other.shown(),
                "agrees": statements.own[index].agreement(other),
            })
        });
        add("figures", &figure.place, &drawn_figure(figure, &others.collect::<Vec<_>>()));
    }
    for score in &submission.scores {
        let levels: Vec<&str> = [&score.level1, &score.level2, &score.level3]
            .into_iter()
            .map(String::as_str)
            .filter(|level| !level.is_empty())
            .collect();
        let shown = |value: Option<rust_decimal::Decimal>| value.map_or("—".to_owned(), |value| value.to_string());
        let value = json!({
            "levels": levels, "entity": &*score.entity,
            "score": shown(score.self_score), "weight": shown(score.weight),
        });
        add("scores", &score.place, &value);
    }
    for field in &submission.texts {
        let text = marks.masked(&field.text);
        add("texts", &field.place, &json!({ "item": field.item, "measure": field.measure, "text": text }));
    }
    for leftover in &submission.leftovers {
        let value = json!({
            "labels": marks.masked(&leftover.labels),
            "blocked_by": marks.masked(&leftover.blocked_by),
        });
        add("leftovers", &leftover.place, &value);
    }
    for finding in &submission.findings {
        let value = json!({
            "severity": finding.severity().word(),
            "code": finding.word(),
            "message": both_plain(|language| marks.masked(&wording::finding(finding, language))),
        });
        for place in &finding.places {
            add("findings", place, &value);
        }
    }
    json!({ "numbers": numbers, "words": words(extracted) })
}

/// Which numbers a place holds.
struct NumbersAt<'a> {
    extracted: &'a Extracted,
    by_place: HashMap<Place, Vec<usize>>,
}

impl<'a> NumbersAt<'a> {
    fn new(extracted: &'a Extracted) -> NumbersAt<'a> {
        let mut by_place: HashMap<Place, Vec<usize>> = HashMap::new();
        for (at, record) in extracted.submission.numbers.iter().enumerate() {
            by_place.entry(record.place.whole()).or_default().push(at);
        }
        NumbersAt { extracted, by_place }
    }

    /// Those at the very characters, else those that overlap them, else all of the cell or paragraph.
    fn numbers(&self, place: &Place) -> Vec<usize> {
        let all = self.by_place.get(&place.whole()).cloned().unwrap_or_default();
        let place_of = |at: &usize| &self.extracted.submission.numbers[*at].place;
        let same: Vec<usize> = all.iter().copied().filter(|at| place_of(at) == place).collect();
        if !same.is_empty() {
            return same;
        }
        match super::marks::range_of(place) {
            None => all,
            Some(range) => all
                .into_iter()
                .filter(|at| match super::marks::range_of(place_of(at)) {
                    Some(other) => other.start < range.end && range.start < other.end,
                    None => true,
                })
                .collect(),
        }
    }
}

/// Who states what: the figures of this document and of others, by what they are about.
pub(super) struct Statements<'a> {
    own: Vec<Statement>,
    by_key: HashMap<FactKey, Vec<usize>>,
    others: HashMap<FactKey, Vec<&'a Statement>>,
}

impl<'a> Statements<'a> {
    pub(super) fn new(extracted: &Extracted, elsewhere: &'a [Statement]) -> Statements<'a> {
        let own: Vec<Statement> =
            extracted.submission.figures.iter().map(|figure| Statement::of_figure(figure)).collect();
        let mut by_key: HashMap<FactKey, Vec<usize>> = HashMap::new();
        for (at, statement) in own.iter().enumerate() {
            by_key.entry(statement.key.clone()).or_default().push(at);
        }
        let mut others: HashMap<FactKey, Vec<&Statement>> = HashMap::new();
        for statement in elsewhere {
            others.entry(statement.key.clone()).or_default().push(statement);
        }
        Statements { own, by_key, others }
    }

    /// The other statements of the fact that a figure of this document states, and whether they stand in it too.
    pub(super) fn of(&self, figure: usize) -> impl Iterator<Item = (&Statement, bool)> {
        let key = &self.own[figure].key;
        let here = self.by_key.get(key).map(Vec::as_slice).unwrap_or_default();
        let there = self.others.get(key).map(Vec::as_slice).unwrap_or_default();
        let here = here.iter().filter(move |at| **at != figure).map(|at| (&self.own[*at], true));
        here.chain(there.iter().map(|statement| (*statement, false)))
    }

    /// Whether another statement contradicts that of a figure of this document.
    pub(super) fn contradicts(&self, figure: usize, other: &Statement) -> bool {
        self.own[figure].agreement(other) == "conflict"
    }
}

fn drawn_figure(figure: &Figure, others: &[Value]) -> Value {
    let key = &figure.key;
    json!({
        "item": &*key.item, "entity": &*key.entity, "function": &*key.function, "economic": &*key.economic,
        "funding": key.funding.map(|funding| funding.word()), "measure": key.measure.word(), "base": &*key.base,
        "year": figure.fiscal_year,
        "value": figure.value.to_string(), "unit": &*figure.unit_of_measure, "written": figure.value_as_written,
        "label": figure.label, "rule": &*figure.rule, "flags": figure.flags, "others": others,
    })
}

/// The words that the script needs, each in Chinese and in English.
fn words(extracted: &Extracted) -> Value {
    let mut words = serde_json::Map::new();
    let mut add = |key: String, value: Value| {
        words.insert(key, value);
    };
    for fate in crate::model::Fate::ALL {
        add(format!("fate.{}", fate.word()), both_plain(|language| wording::fate(fate, language).to_owned()));
    }
    for measure in Measure::ALL {
        let word = measure.word();
        add(format!("measure.{word}"), both_plain(|language| wording::measure(measure, language).to_owned()));
    }
    for funding in crate::model::Funding::ALL {
        let word = funding.word();
        add(format!("funding.{word}"), both_plain(|language| wording::funding(funding, language).to_owned()));
    }
    for seen in &extracted.submission.forms {
        add(format!("form.{}", seen.form), both_plain(|language| wording::form(&seen.form, language).to_owned()));
    }
    for id in crate::store::FORM_ORDER {
        add(format!("form.{id}"), both_plain(|language| wording::form(id, language).to_owned()));
    }
    for severity in ["error", "warning", "info"] {
        add(format!("severity.{severity}"), both_plain(|language| wording::severity(severity, language).to_owned()));
    }
    for (key, chinese, english) in WORDS {
        add((*key).to_owned(), json!([chinese, english]));
    }
    Value::Object(words)
}

const WORDS: &[(&str, &str, &str)] = &[
    ("place", "位置", "place"),
    ("rule", "规则", "rule"),
    ("item", "项目", "item"),
    ("entity", "下属单位或项目", "entity"),
    ("function", "功能分类", "function"),
    ("economic", "经济分类", "economic"),
    ("funding", "资金", "funding"),
    ("measure", "指标", "measure"),
    ("base", "基数", "base"),
    ("year", "年度", "year"),
    ("value", "数值", "value"),
    ("written", "原文", "as written"),
    ("form", "报表", "form"),
    ("flags", "标记", "flags"),
    ("label", "由这些词得出", "given by the words"),
    ("labels", "所见的词", "words on its path"),
    ("blocked_by", "受阻于", "blocked by"),
    ("elsewhere", "同一事实还见于", "the same fact elsewhere"),
    ("nowhere", "没有别处写到同一事实", "stated nowhere else"),
    ("agreed", "一致", "agrees"),
    ("last_digit", "末位差一", "last digit differs"),
    ("conflict", "矛盾", "contradicts"),
    ("here", "本文件", "this document"),
    ("score", "得分 / 分值", "score / weight"),
    ("text", "文本", "text"),
    ("back", "← 总览", "← overview"),
];
