//! Documents made by hand: what extraction would hand on, without a file behind it.

use juesuan::model::{
    CheckRule, Checked, DocumentStatus, Extracted, Fate, Figure, Finding, FindingCode, FormSeen, FormStatus, Key,
    Leftover, Measure, NumberRecord, Place, Score, Severity, Submission, Tally, TextField, Versions,
};
use juesuan::store::{Incoming, Options, Published, StoreError};
use rust_decimal::Decimal;
use std::path::Path;

/// A document of one unit and year, without rows yet.
pub fn document(path: &str, unit: &str, year: i32) -> Extracted {
    Extracted {
        document_id: juesuan::pipeline::sha256(path.as_bytes()),
        path: path.to_owned(),
        bytes: path.len() as u64,
        format: "xlsx".into(),
        encoding: String::new(),
        status: DocumentStatus::Ok,
        reason: String::new(),
        versions: Versions::default(),
        submission: Submission {
            unit: unit.to_owned(),
            unit_id: unit.to_owned(),
            fiscal_year: Some(year),
            ..Submission::default()
        },
    }
}

/// The place of a cell in the only sheet of these documents.
pub fn cell(row: u32, column: u32) -> Place {
    Place::Sheet { sheet: "公开表".into(), row, column, range: None }
}

/// Adds an amount in 万元 as written.
pub fn amount(document: &mut Extracted, form: &str, item: &str, measure: Measure, written: &str) {
    let place = cell(document.submission.figures.len() as u32 + 1, 3);
    let value: Decimal = written.parse().unwrap();
    let submission = &mut document.submission;
    submission.figures.push(Box::new(Figure {
        form: form.into(),
        fiscal_year: submission.fiscal_year.unwrap(),
        key: Key { item: item.into(), measure, ..Key::default() },
        value,
        unit_of_measure: if measure.is_rate() { "%" } else { "万元" }.into(),
        value_as_written: written.into(),
        decimals: value.scale(),
        label: format!("{item} › {}", measure.word()),
        place: place.clone(),
        rule: "grid".into(),
        flags: String::new(),
        speaks_for_unit: true,
        level: 0,
        leaf: true,
    }));
    submission.numbers.push(NumberRecord {
        text: written.into(),
        place,
        offset: None,
        fate: Fate::Figure,
        rule: "grid".into(),
        form: form.into(),
    });
}

/// Notes that the document holds a form.
pub fn form(document: &mut Extracted, form: &str) {
    document.submission.forms.push(FormSeen {
        form: form.into(),
        status: FormStatus::Filled,
        known_by: "标题".into(),
        place: cell(1, 1),
        figures: 1,
        leftovers: 0,
    });
}

/// A pile of two units and two years with a bit of everything: agreeing and contradicting documents, a copy under
/// another path, an unreadable file, texts, scores, leftovers and findings.
pub fn pile() -> Vec<Extracted> {
    let mut documents = Vec::new();
    for (unit, base) in [("洪江市财政局", 10), ("洪江市教育局", 20)] {
        for year in [2022, 2023] {
            let mut table = document(&format!("pile/{year}/{unit}/决算公开表.xlsx"), unit, year);
            form(&mut table, "three_public");
            form(&mut table, "income");
            amount(&mut table, "three_public", "公务接待费", Measure::Budget, &format!("{base}.00"));
            amount(&mut table, "three_public", "公务接待费", Measure::Final, &format!("{base}.47"));
            amount(&mut table, "three_public", "“三公”经费", Measure::Final, &format!("{base}.47"));
            table.submission.leftovers.push(Leftover {
                form: "income".into(),
                place: cell(9, 9),
                value_as_written: "3.14".into(),
                labels: "某栏".into(),
                blocked_by: "某栏".into(),
            });
            documents.push(table);
            let mut prose = document(&format!("pile/{year}/{unit}/情况说明.txt"), unit, year);
            form(&mut prose, "narrative");
            let said = if year == 2022 { format!("{base}.48") } else { format!("{}.99", base + 5) };
            amount(&mut prose, "narrative", "公务接待费", Measure::Final, &said);
            amount(&mut prose, "narrative", "“三公”经费", Measure::Final, &format!("{base}.470"));
            prose.submission.texts.push(TextField {
                form: "narrative".into(),
                entity: "".into(),
                item: "评价等次".into(),
                measure: "",
                text: "良好".into(),
                place: cell(2, 2),
                rule: "field".into(),
                personal: false,
            });
            prose.submission.findings.push(Finding::at(FindingCode::MalformedNumber, cell(3, 3), "1,24O.71"));
            let rule = CheckRule { code: "checks::n_share".into(), says: "占比".into(), severity: Severity::Error };
            prose.submission.checked.push(Checked {
                rule: rule.into(),
                form: "narrative".into(),
                tally: Tally { exact: 2, within_rounding: 5, last_digit: 1, broken: 0 },
            });
            documents.push(prose);
        }
        let mut scores = document(&format!("pile/2023/{unit}/绩效自评.docx"), unit, 2023);
        form(&mut scores, "overall_scores");
        scores.submission.scores.push(Score {
            form: "overall_scores".into(),
            entity: "".into(),
            scheme: None,
            total: false,
            level1: "投入".into(),
            level2: "目标设定".into(),
            level3: "合理性".into(),
            weight: Some("3".parse().unwrap()),
            self_score: Some("2.5".parse().unwrap()),
            place: cell(4, 4),
        });
        documents.push(scores);
    }
    let mut copy = documents[0].clone();
    copy.path = "pile/2022/副本.xlsx".into();
    documents.push(copy);
    let mut damaged = document("pile/2022/坏.xlsx", "", 2022);
    damaged.status = DocumentStatus::Quarantined;
    damaged.reason = "damaged: 文件不完整；请重新报送".into();
    damaged.submission = Submission {
        findings: vec![Finding::new(FindingCode::Quarantined, "damaged: 文件不完整")],
        ..Submission::default()
    };
    documents.push(damaged);
    documents
}

/// Publishes documents into a dataset at a fixed time.
pub fn publish(dataset: &Path, documents: &[Extracted]) -> Result<Published, StoreError> {
    publish_with(dataset, documents, |options| options)
}

/// The same with options changed.
pub fn publish_with<'a>(
    dataset: &Path,
    documents: &[Extracted],
    change: impl FnOnce(Options<'a>) -> Options<'a>,
) -> Result<Published, StoreError> {
    let incoming: Vec<Incoming> = documents
        .iter()
        .map(|document| Incoming { path: document.path.clone(), document_id: document.document_id.clone(), stat: None })
        .collect();
    let extract = |incoming: &Incoming| documents.iter().find(|one| one.path == incoming.path).unwrap().clone();
    juesuan::store::publish(dataset, &incoming, &extract, &change(Options::plain(1_795_613_001_000_000)))
}
