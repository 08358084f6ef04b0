//! Corpora of sentences with their truth; skipped, saying so, where they are not there.

use super::*;

pub(super) struct Document {
    pub(super) name: String,
    pub(super) year: i32,
    pub(super) form: String,
    pub(super) unit: String,
    pub(super) lines: Vec<String>,
}

pub(super) type Truth = std::collections::BTreeMap<(String, String), Vec<Vec<String>>>;

/// Texts with their truth: `#DOC` name, unit, year, form; `L` and a line; `#T` rows that must be read (name, form, item,
/// function, economic, funding, measure, base, value, unit), `#A` rows that may be.
pub(super) fn corpus(text: &str) -> Option<(Vec<Document>, Truth, Truth)> {
    let (mut documents, mut truth, mut allowed) = (Vec::<Document>::new(), Truth::new(), Truth::new());
    for line in text.lines() {
        if let Some(line) = line.strip_prefix('L') {
            documents.last_mut()?.lines.push(line.to_owned());
            continue;
        }
        let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        match fields[0].as_str() {
            "#DOC" => documents.push(Document {
                name: fields[1].clone(),
                unit: fields[2].clone(),
                year: fields[3].parse().unwrap(),
                form: fields[4].clone(),
                lines: Vec::new(),
            }),
            kind => {
                let rows = if kind == "#T" { &mut truth } else { &mut allowed };
                rows.entry((fields[1].clone(), fields[2].clone())).or_default().push(fields[3..].to_vec());
            }
        }
    }
    Some((documents, truth, allowed))
}

impl Document {
    pub(super) fn located(&self) -> Located {
        let lines: Vec<&str> = self.lines.iter().map(String::as_str).collect();
        read_lines(&lines, self.year, std::slice::from_ref(&self.unit), &self.form)
    }
}

fn same_row(row: &[String], claim: &Claim) -> bool {
    let key = &claim.key;
    let parent = KNOWN.vocabulary.item(&key.item).and_then(|item| item.parent.clone()).unwrap_or_default();
    let whole = |base: &str| if base == &*parent || base == &*key.item { String::new() } else { base.to_owned() };
    let number = |text: &str| text.parse::<rust_decimal::Decimal>().unwrap_or_default().normalize();
    let shift = |text: &str| match claim.unit {
        UnitOfMeasure::Yuan => number(text) * rust_decimal::Decimal::new(1, 4),
        _ => number(text),
    };
    row[0] == *key.item
        && row[1] == *key.function
        && row[2] == *key.economic
        && row[3] == key.funding.map_or("", |funding| funding.word())
        && row[4] == key.measure.word()
        && whole(&row[5]) == whole(&key.base)
        && number(&row[6]) == shift(&value(claim)).normalize()
}

/// One made-up explanation in each of five families of wording and a review, and the corpora that
/// `JUESUAN_PROSE_CORPUS` names (paths parted by commas).
pub(super) fn corpora_at_hand() -> Vec<(String, String)> {
    let mut corpora = vec![("families.txt".to_owned(), file("tests/cases/prose/families.txt"))];
    for path in std::env::var("JUESUAN_PROSE_CORPUS").iter().flat_map(|paths| paths.split(',')) {
        corpora.push((path.to_owned(), std::fs::read_to_string(path).unwrap()));
    }
    corpora
}

#[test]
fn five_families_of_wording_read_as_they_were_written() {
    let mut problems = Vec::new();
    for (path, text) in corpora_at_hand() {
        let (documents, truth, allowed) = corpus(&text).unwrap();
        let (mut right, mut missing, mut wrong, mut bytes) = (0, 0, 0, 0);
        let start = std::time::Instant::now();
        for document in &documents {
            std::hint::black_box(document.located());
            bytes += document.lines.iter().map(String::len).sum::<usize>();
        }
        let time = start.elapsed();
        for document in &documents {
            let located = document.located();
            let key = (document.name.clone(), document.form.clone());
            let mut rows: Vec<Vec<String>> = truth.get(&key).cloned().unwrap_or_default();
            let may: Vec<Vec<String>> = allowed.get(&key).cloned().unwrap_or_default();
            for claim in &located.claims {
                if let Some(at) = rows.iter().position(|row| same_row(row, claim)) {
                    rows.remove(at);
                    right += 1;
                } else if !may.iter().any(|row| same_row(row, claim)) {
                    wrong += 1;
                    problems.push(format!("wrong {} {} {}", document.name, line_of(claim), claim.place));
                }
            }
            missing += rows.len();
            for row in rows {
                let why = located.leftovers.iter().find(|left| {
                    row[6].trim_start_matches('-').trim_end_matches('0')
                        == left.value_as_written.trim_end_matches('%').trim_end_matches('0')
                });
                let why = why.map(|left| (left.place.to_string(), &left.blocked_by));
                problems.push(format!("missing {} {row:?} {why:?}", document.name));
            }
        }
        println!("{path}: right {right}, missing {missing}, wrong {wrong}; {bytes} bytes in {time:?}");
    }
    assert!(problems.is_empty(), "{}:\n{}", problems.len(), problems[..problems.len().min(60)].join("\n"));
}
