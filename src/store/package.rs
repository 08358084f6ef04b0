//! `datapackage.json`: what every table and column is, for programs (Frictionless, with the Fiscal Data Package's types).

use std::path::Path;

use serde_json::{Value, json};

use super::schema::TABLES;
use super::table::shape::{Column, Kind, SCHEMA_VERSION, TableShape};

/// The description of a snapshot whose tables have the parts that `parts` lists, relative to the snapshot.
pub(crate) fn describe(id: &str, parts: impl Fn(&TableShape) -> Vec<String>) -> Value {
    let resources: Vec<Value> = TABLES.iter().map(|table| resource(table, parts(table))).collect();
    json!({
        "name": "juesuan",
        "profile": "data-package",
        "title": "部门决算",
        "description": "Final accounts (决算) of government units, made by juesuan",
        "version": SCHEMA_VERSION,
        "id": id,
        "resources": resources,
    })
}

fn resource(table: &TableShape, parts: Vec<String>) -> Value {
    let path = match <[String; 1]>::try_from(parts) {
        Ok([only]) => json!(only),
        Err(parts) => json!(parts),
    };
    json!({
        "name": table.name,
        "description": table.description,
        "path": path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": { "fields": table.columns.iter().map(field).collect::<Vec<Value>>() },
    })
}

fn field(column: &Column) -> Value {
    let kind = match column.kind {
        Kind::Word | Kind::Text => "string",
        Kind::Int32 | Kind::Int64 => "integer",
        Kind::Flag => "boolean",
        Kind::Amount => "number",
        Kind::Timestamp => "datetime",
    };
    let mut field = json!({
        "name": column.name,
        "type": kind,
        "title": column.title,
        "description": column.description,
    });
    if !column.fiscal_type.is_empty() {
        field["columnType"] = json!(column.fiscal_type);
    }
    field
}

/// A part's path relative to the snapshot, with `/` between its pieces.
pub(crate) fn relative(dir: &Path, part: &Path) -> String {
    let relative = part.strip_prefix(dir).unwrap_or(part);
    let pieces: Vec<String> = relative.iter().map(|piece| piece.to_string_lossy().into_owned()).collect();
    pieces.join("/")
}
