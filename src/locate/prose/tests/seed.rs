//! The seed, figure by figure; skipped, saying so, where it is not there.

use super::*;

pub(super) const SEED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/seeds/");

/// The lines of one form of the seed with their offsets: from and to a line.
fn seed_lines<'a>(text: &'a str, from: &str, to: &str) -> Vec<Line<'a>> {
    let (mut lines, mut offset, mut inside) = (Vec::new(), 0, false);
    for (index, line) in text.split('\n').enumerate() {
        inside = (inside || line.trim() == from) && !(inside && line.trim() == to);
        if inside {
            let place = Place::Paragraph { paragraph: index as u32 + 1, range: None };
            lines.push(Line { text: line, place, offset: Some(offset) });
        }
        offset += line.chars().count() + 1;
    }
    lines
}

pub(super) fn seed_forms(text: &str) -> [(&'static str, Vec<Line<'_>>); 2] {
    [
        ("narrative", seed_lines(text, "第一部分", "2020年度部门整体支出绩效评价报告")),
        ("evaluation_review", seed_lines(text, "2020年度政府办整体绩效评价报告综述", "附件3")),
    ]
}

fn csv(line: &str) -> Vec<String> {
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

#[test]
fn a_point_behind_words_ends_a_sentence_and_one_among_digits_does_not() {
    let heading = "七、“三公”经费支出决算情况说明";
    for (sentence, figures) in [
        (
            "公务接待费支出决算为1.20万元,比上年减少0.10万元,下降7.69%.",
            &["公务接待费 final 1.20", "公务接待费 change -0.10", "公务接待费 change_rate -7.69"][..],
        ),
        (
            "公务接待费支出决算为1.20万元.公务用车运行维护费支出决算为3万元.",
            &["公务接待费 final 1.20", "公务用车运行维护费 final 3"],
        ),
        ("公务接待费支出决算为1.20.5万元.", &[]),
        ("公务接待费支出决算为 . 万元,公务用车运行维护费支出决算为3万元.", &[]),
    ] {
        let located = read_lines(&[heading, sentence], 2021, &[], "narrative");
        let figure = |claim: &Claim| format!("{} {} {}", claim.key.item, claim.key.measure.word(), value(claim));
        let read: Vec<String> = located.claims.iter().map(|claim| figure(claim)).collect();
        assert_eq!(read, figures, "{sentence}");
    }
    // A line that ends inside a number goes on.
    let located = read_lines(&[heading, "公务接待费支出决算为1.", "20万元,下降7.69%."], 2021, &[], "narrative");
    assert!(
        located.claims.iter().all(|claim| claim.key.measure != crate::model::Measure::Final || value(claim) == "1.20")
    );
}

#[test]
fn the_seed_reads_as_a_careful_person_reads_it() {
    let Ok(text) = std::fs::read_to_string(format!("{SEED}hongjiang-2020.txt")) else {
        println!("skipped: no shared files beside the package");
        return;
    };
    let truth = std::fs::read_to_string(format!("{SEED}truth.csv")).unwrap();
    let truth: Vec<Vec<String>> = truth.lines().skip(1).map(csv).collect();
    let fates = std::fs::read_to_string(format!("{SEED}numbers.csv")).unwrap();
    let fates: Vec<Vec<String>> = fates.lines().skip(1).map(csv).collect();
    let units = ["洪江市人民政府办公室".to_owned(), "政府办".to_owned()];
    let mut problems = Vec::new();
    for (form, lines) in seed_forms(&text) {
        let frame = Frame {
            form: form.into(),
            fiscal_year: 2020,
            unit_names: &units,
            of_finals: false,
            unit_above: None,
            rule: form.into(),
        };
        let located = locate(&lines, &frame, &KNOWN.vocabulary, &KNOWN.codes, &KNOWN.lexicon);
        let rows: Vec<&Vec<String>> = truth.iter().filter(|row| row[0] == form).collect();
        let is = |row: &[String], claim: &Claim| {
            let key = &claim.key;
            let parent = KNOWN.vocabulary.item(&key.item).and_then(|item| item.parent.clone()).unwrap_or_default();
            let whole = |base: &str| if base == &*parent { String::new() } else { base.to_owned() };
            row[3] == *key.item
                && row[4] == *key.function
                && row[5] == *key.economic
                && row[6] == key.funding.map_or("", |funding| funding.word())
                && row[7] == key.measure.word()
                && whole(&row[8]) == whole(&key.base)
                && row[9] == value(claim)
                && row[12].parse().ok() == claim.offset
        };
        for row in &rows {
            if row[13] != "yes" && !located.claims.iter().any(|claim| is(row, claim)) {
                let offset: usize = row[12].parse().unwrap();
                let why = located.numbers.iter().find(|number| number.offset == Some(offset));
                problems.push(format!("missing {row:?}: {:?}", why.map(|number| &number.rule)));
            }
        }
        for claim in &located.claims {
            if !rows.iter().any(|row| is(row, claim)) {
                problems.push(format!("wrong {} at {:?}", line_of(claim), claim.offset));
            }
        }
        let (from, to) = (lines[0].offset.unwrap(), lines.last().map(|line| line.offset.unwrap()).unwrap());
        for row in fates.iter().filter(|row| (from..=to).contains(&row[0].parse().unwrap())) {
            let offset: usize = row[0].parse().unwrap();
            match located.numbers.iter().find(|number| number.offset == Some(offset)) {
                Some(number) if row[3].split('|').any(|fate| fate == number.fate.word()) => {}
                Some(number) => problems.push(format!("fate {row:?}: {:?} {}", number.fate, number.rule)),
                None => problems.push(format!("no fate {row:?}")),
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
