//! The mapping language as JSON Schema, made of the structs that read it, so that it cannot fall out of step with them.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::file::FormFile;
use super::{checks, lexicon, vocabulary};
use crate::model::{Funding, Measure, Severity, UnitOfMeasure};

/// The JSON Schema (draft 2020-12) of all mapping files, for editors and validators.
///
/// Which of the kinds of file one is, its keys tell: `adds_to`, or those that only one kind has.
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let form = reference(generator.subschema_for::<FormFile>());
    let vocabulary = reference(generator.subschema_for::<vocabulary::File>());
    let lexicon = reference(generator.subschema_for::<lexicon::File>());
    let surroundings = reference(generator.subschema_for::<super::Surroundings>());
    let checks = reference(generator.subschema_for::<checks::File>());
    let mut definitions = Value::Object(generator.take_definitions(true));
    restrict(&mut definitions);
    // A check may also speak of all funds together.
    if let Some(Value::Array(fundings)) = definitions.pointer_mut("/CheckTerm/properties/funding/enum") {
        fundings.push(json!(checks::ALL));
    }
    let adds_to = |file: &str| json!({ "properties": { "adds_to": { "const": file } }, "required": ["adds_to"] });
    let lists_items = json!({ "properties": { "items": { "type": "array", "items": { "type": "object" }, "minItems": 1 } }, "required": ["items"] });
    let has_checks = json!({ "required": ["checks"] });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "juesuan mapping",
        "description": "What the labels of final accounts mean. Made by `juesuan mapping schema`; mappings/README.md teaches the language.",
        "type": "object",
        "if": { "anyOf": [adds_to("vocabulary"), lists_items] },
        "then": vocabulary,
        "else": {
            "if": { "anyOf": [adds_to("lexicon"), { "required": ["comparisons"] }] },
            "then": lexicon,
            "else": {
                "if": { "anyOf": [adds_to("document"), { "required": ["unit_line"] }] },
                "then": surroundings,
                "else": { "if": { "anyOf": [adds_to("checks"), has_checks] }, "then": checks, "else": form },
            },
        },
        "$defs": definitions,
    })
}

fn reference(schema: schemars::Schema) -> Value {
    schema.to_value()
}

/// Texts of which only some words may stand in a place, by the key they stand under.
fn words(key: &str) -> Option<Vec<&'static str>> {
    Some(match key {
        "funding" => [Funding::Appropriation, Funding::GeneralBudget, Funding::GovernmentFund, Funding::StateCapital]
            .map(Funding::word)
            .to_vec(),
        "measure" => Measure::ALL.map(Measure::word).to_vec(),
        "side" => vec!["income", "expenditure"],
        "difference" => vec!["amount", "rate"],
        "list" | "rollup" => vec!["functional", "economic"],
        "severity" => Severity::ALL.map(Severity::word).to_vec(),
        _ => return None,
    })
}

/// Gives the keys that take words of the language these words, and lets codes and values be written as numbers.
fn restrict(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                properties.iter_mut().for_each(|(key, property)| restrict_property(key, property));
            }
            object.iter_mut().for_each(|(_, inner)| restrict(inner));
        }
        Value::Array(list) => list.iter_mut().for_each(restrict),
        _ => {}
    }
}

fn restrict_property(key: &str, property: &mut Value) {
    let Value::Object(property) = property else { return };
    let optional = match property.get("type") {
        Some(Value::String(kind)) if kind == "string" => false,
        Some(Value::Array(kinds)) if kinds.contains(&json!("string")) => true,
        _ => return,
    };
    if let Some(words) = words(key) {
        let mut known: Vec<Value> = words.into_iter().map(Value::from).collect();
        if optional {
            known.push(Value::Null);
        }
        property.insert("enum".to_owned(), Value::Array(known));
    } else if key == "amounts" {
        let [yuan, thousands, wan, yi] = UnitOfMeasure::MONEY_WORDS;
        property.insert("enum".to_owned(), json!([yuan, thousands, wan, yi, "told", null]));
    } else if matches!(key, "value" | "function" | "economic") {
        let kinds: &[&str] = if optional { &["string", "number", "null"] } else { &["string", "number"] };
        property.insert("type".to_owned(), json!(kinds));
    }
}
