//! The JSON Schema of the mapping language: kept in step with what the loader takes.

use serde_json::Value;

/// What is wrong with a value by a schema: the part of JSON Schema that ours uses. A keyword that is not known here fails.
fn wrong(value: &Value, schema: &Value, root: &Value, at: &str, found: &mut Vec<String>) {
    let Value::Object(schema) = schema else {
        if schema == &Value::Bool(false) {
            found.push(format!("{at}: nothing may stand here"));
        }
        return;
    };
    for (keyword, rule) in schema {
        match (keyword.as_str(), value) {
            ("$schema" | "$defs" | "title" | "description" | "default" | "then" | "else" | "format", _) => {}
            ("$ref", _) => {
                let path = rule.as_str().unwrap().strip_prefix("#").unwrap();
                wrong(value, root.pointer(path).unwrap_or_else(|| panic!("{path}")), root, at, found);
            }
            ("type", _) => {
                let is = |kind: &Value| match kind.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "number" => value.is_number(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    other => panic!("type {other}"),
                };
                let right = rule.as_array().map_or_else(|| is(rule), |kinds| kinds.iter().any(is));
                if !right {
                    found.push(format!("{at}: {value} is no {rule}"));
                }
            }
            ("enum", _) => {
                if !rule.as_array().unwrap().contains(value) {
                    found.push(format!("{at}: {value} is none of {rule}"));
                }
            }
            ("const", _) => {
                if rule != value {
                    found.push(format!("{at}: {value} is not {rule}"));
                }
            }
            ("required", Value::Object(object)) => {
                for key in rule.as_array().unwrap() {
                    if !object.contains_key(key.as_str().unwrap()) {
                        found.push(format!("{at}: {key} is missing"));
                    }
                }
            }
            ("properties", Value::Object(object)) => {
                for (key, inner) in rule.as_object().unwrap() {
                    if let Some(value) = object.get(key) {
                        wrong(value, inner, root, &format!("{at}/{key}"), found);
                    }
                }
            }
            ("additionalProperties", Value::Object(object)) => {
                let known = schema.get("properties").and_then(Value::as_object);
                for (key, value) in object.iter().filter(|(key, _)| known.is_none_or(|known| !known.contains_key(*key)))
                {
                    wrong(value, rule, root, &format!("{at}/{key}"), found);
                }
            }
            ("items", Value::Array(list)) => {
                for (index, value) in list.iter().enumerate() {
                    wrong(value, rule, root, &format!("{at}/{index}"), found);
                }
            }
            ("minItems", Value::Array(list)) => {
                if (list.len() as u64) < rule.as_u64().unwrap() {
                    found.push(format!("{at}: too short"));
                }
            }
            ("anyOf" | "oneOf", _) => {
                let tries: Vec<Vec<String>> =
                    rule.as_array().unwrap().iter().map(|one| all_wrong(value, one, root)).collect();
                if tries.iter().all(|wrong| !wrong.is_empty()) {
                    found.push(format!("{at}: fits none: {tries:?}"));
                }
            }
            ("if", _) => {
                let branch = if all_wrong(value, rule, root).is_empty() { "then" } else { "else" };
                if let Some(branch) = schema.get(branch) {
                    wrong(value, branch, root, at, found);
                }
            }
            ("required" | "properties" | "additionalProperties" | "items" | "minItems" | "minimum" | "maximum", _) => {}
            (other, _) => panic!("the test does not know the keyword {other}"),
        }
    }
}

fn all_wrong(value: &Value, schema: &Value, root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    wrong(value, schema, root, "", &mut found);
    found
}

fn by_schema(yaml: &str) -> Vec<String> {
    let schema = juesuan::mapping::schema();
    let value: Value = serde_saphyr::from_str(yaml).unwrap();
    all_wrong(&value, &schema, &schema)
}

#[test]
fn the_schema_beside_the_mappings_is_what_the_command_prints() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("mappings/mapping.schema.json");
    let printed = format!("{:#}\n", juesuan::mapping::schema());
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::write(&path, &printed).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept == printed, "run the test with UPDATE_CASES=1 and look at the difference");
}

#[test]
fn every_built_in_mapping_file_fits_the_schema() {
    let mappings = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("mappings");
    let mut read = 0;
    for entry in walkdir::WalkDir::new(&mappings).into_iter().map(Result::unwrap) {
        let path = entry.path();
        // What `draft` guesses by is no mapping.
        if path.extension().is_none_or(|extension| extension != "yaml") || path.ends_with("guesses.yaml") {
            continue;
        }
        let wrong = by_schema(&std::fs::read_to_string(path).unwrap());
        assert!(wrong.is_empty(), "{}: {wrong:#?}", path.display());
        read += 1;
    }
    assert!(read > 15, "{read}");
}

#[test]
fn what_the_loader_refuses_the_schema_refuses_too() {
    for (yaml, refused) in [
        ("form: a\nlables: {}", true),
        ("form: a\nlabels: { 甲: { items: 公务接待费 } }", true),
        ("form: a\nlabels: { 甲: { measure: finale } }", true),
        ("form: a\nkind: tabel", true),
        ("form: a\ncolumns: { codes: [编码] }", true),
        ("form: a\nexamples: [{ expect: [] }]", true),
        ("adds_to: lexicon\nlink: { plain: [共] }", true),
        ("adds_to: vocabulary\nitem: []", true),
        ("form: a\nlabels: { 甲: { measure: final, when: [{ under: [乙], item: 公务接待费 }] } }", false),
        ("adds_to: lexicon\nlinks: { plain: [共] }\naliases: { 甲: 乙 }", false),
        ("adds_to: vocabulary\nitems: [{ item: 学费 }]", false),
        ("adds_to: document\nunit_lines: [计价单位]", true),
        ("adds_to: document\nunit_line: [计价单位]", false),
        ("adds_to: three_public\naliases: { 甲: 公务接待费 }", false),
    ] {
        let wrong = by_schema(yaml);
        assert_eq!(!wrong.is_empty(), refused, "{yaml}: {wrong:?}");
    }
}

#[test]
fn the_schema_says_what_each_key_is() {
    let schema = juesuan::mapping::schema();
    let form = &schema["$defs"]["Form"]["properties"];
    for (key, property) in form.as_object().unwrap() {
        assert!(property.get("description").is_some(), "`{key}` is not described");
    }
    assert!(
        schema["$defs"]["Rule"]["properties"]["measure"]["enum"].as_array().unwrap().contains(&"prior_final".into())
    );
}
