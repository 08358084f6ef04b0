use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::model::Fate;

use super::StoreError;
use super::sources::FORM_STATUSES;

/// How many of the unreadable documents a stored summary names.
const NAMED: usize = 1_000;

/// How many findings of severity error a stored summary names.
pub(crate) const ERRORS: usize = 100;

/// What a snapshot holds, in the few numbers that a person is told after an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Paths that this import brought.
    pub new: usize,
    /// Paths whose content or mapping changed with this import.
    pub changed: usize,
    /// Paths that this import found as they were.
    pub unchanged: usize,
    /// Of the changed ones, those whose content is the same: they were read again with other settings.
    pub reread: usize,
    /// Documents that moved: from which path, to which.
    pub moved: Vec<(String, String)>,
    /// Documents that are no longer there and left the dataset.
    pub pruned: Vec<String>,
    /// Documents that are no longer there, but stay in the dataset.
    pub gone: Vec<String>,
    /// How many documents were not among the inputs and would be read otherwise now.
    pub outdated: usize,
    /// Documents that are there but could not be read this time; what was read before stays.
    pub unreadable: Vec<String>,
    /// Paths by status.
    pub documents: BTreeMap<String, u64>,
    /// Documents that could not be read, by path; at most the first thousand.
    pub bad: Vec<BadDocument>,
    /// For each form how often it is filled, blank, missing, ambiguous.
    pub forms: BTreeMap<String, [u64; 4]>,
    /// Numbers by fate, in the order of [`Fate::ALL`].
    pub numbers: [u64; Fate::ALL.len()],
    /// Findings: errors, warnings, informations.
    pub findings: [u64; 3],
    /// Those of severity error that speak of documents which could be read, in the order of the table; at most the first
    /// hundred.
    pub errors: Vec<ErrorFinding>,
}

/// A finding of severity error, as far as a person needs it to know where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorFinding {
    /// Its code.
    pub code: String,
    /// The unit's name; empty for none.
    pub unit: String,
    /// The fiscal year.
    pub fiscal_year: Option<i64>,
    /// What it says, in Chinese.
    pub message: String,
}

/// A document that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadDocument {
    /// Its path.
    pub path: String,
    /// Why: a reason word, a colon, and what to do.
    pub reason: String,
}

impl Summary {
    /// How many paths have a status.
    pub fn with_status(&self, status: &str) -> u64 {
        self.documents.get(status).copied().unwrap_or_default()
    }

    /// The summary as JSON, for machines and for the next import.
    pub fn to_json(&self) -> Value {
        let forms: serde_json::Map<String, Value> = self
            .forms
            .iter()
            .map(|(form, counts)| {
                let counts = FORM_STATUSES.iter().zip(counts).map(|(status, n)| ((*status).to_owned(), json!(n)));
                (form.clone(), Value::Object(counts.collect()))
            })
            .collect();
        let numbers: serde_json::Map<String, Value> =
            Fate::ALL.iter().zip(self.numbers).map(|(fate, count)| (fate.word().to_owned(), json!(count))).collect();
        let bad: Vec<Value> = self
            .bad
            .iter()
            .take(NAMED)
            .map(|document| json!({ "path": document.path, "reason": document.reason }))
            .collect();
        let errors: Vec<Value> = self
            .errors
            .iter()
            .map(|error| {
                let ErrorFinding { code, unit, fiscal_year, message } = error;
                json!({ "code": code, "unit": unit, "fiscal_year": fiscal_year, "message": message })
            })
            .collect();
        json!({
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "reread": self.reread,
            "moved": self.moved.iter().take(NAMED).map(|(from, to)| json!({ "from": from, "to": to })).collect::<Vec<_>>(),
            "pruned": self.pruned.iter().take(NAMED).collect::<Vec<_>>(),
            "gone": self.gone.iter().take(NAMED).collect::<Vec<_>>(),
            "outdated": self.outdated,
            "unreadable": self.unreadable.iter().take(NAMED).collect::<Vec<_>>(),
            "documents": self.documents,
            "not_read": bad,
            "forms": forms,
            "numbers": numbers,
            "findings": { "error": self.findings[0], "warning": self.findings[1], "info": self.findings[2] },
            "errors": errors,
        })
    }

    /// Writes `summary.json` into a snapshot.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), StoreError> {
        write_json(&dir.join("summary.json"), &self.to_json())
    }

    /// The summary of a published snapshot.
    pub(crate) fn read(dir: &Path) -> Result<Summary, StoreError> {
        let path = dir.join("summary.json");
        let text = std::fs::read_to_string(&path).map_err(|error| StoreError::file("read", &path, error))?;
        let value: Value = serde_json::from_str(&text)
            .map_err(|error| StoreError::file("read", &path, std::io::Error::other(error)))?;
        let count = |value: &Value| value.as_u64().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut summary = Summary::default();
        for (status, number) in value["documents"].as_object().into_iter().flatten() {
            summary.documents.insert(status.clone(), count(number));
        }
        for bad in value["not_read"].as_array().into_iter().flatten() {
            summary.bad.push(BadDocument { path: text(&bad["path"]), reason: text(&bad["reason"]) });
        }
        for (form, counts) in value["forms"].as_object().into_iter().flatten() {
            summary.forms.insert(form.clone(), FORM_STATUSES.map(|status| count(&counts[status])));
        }
        for (number, fate) in summary.numbers.iter_mut().zip(Fate::ALL) {
            *number = count(&value["numbers"][fate.word()]);
        }
        summary.findings = ["error", "warning", "info"].map(|severity| count(&value["findings"][severity]));
        for error in value["errors"].as_array().into_iter().flatten() {
            summary.errors.push(ErrorFinding {
                code: text(&error["code"]),
                unit: text(&error["unit"]),
                fiscal_year: error["fiscal_year"].as_i64(),
                message: text(&error["message"]),
            });
        }
        Ok(summary)
    }
}

/// Writes a JSON file that people may read.
pub(crate) fn write_json(path: &Path, value: &Value) -> Result<(), StoreError> {
    super::disk::write(path, format!("{value:#}\n").as_bytes())
}
