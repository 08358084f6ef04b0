//! The sentences of `tests/cases/prose/`, the seed, and the two properties that need no truth.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they measured, and fail loudly")]

mod account;
mod corpora;
mod pages;
mod properties;
mod seed;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use self::properties::{Text, check};
use super::*;
use crate::model::{Claim, FindingCode, UnitOfMeasure, fold_char, numeral_value};
use crate::normalise::{Verdict, verdicts};

/// A file of the package, read when the test runs: words and cases change more often than code.
fn file(path: &str) -> String {
    std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

struct Known {
    vocabulary: Vocabulary,
    codes: CodeLists,
    lexicon: Lexicon,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let vocabulary = Vocabulary::parse(&file("mappings/vocabulary.yaml")).unwrap();
    let codes = CodeLists::parse(
        &file("mappings/codes/functional.csv"),
        &file("mappings/codes/functional_names.csv"),
        &file("mappings/codes/economic.csv"),
    )
    .unwrap();
    let lexicon = Lexicon::parse(&file("mappings/lexicon.yaml"), &vocabulary, &codes).unwrap();
    Known { vocabulary, codes, lexicon }
});

/// What is read of lines, as far as the amounts do not refute it.
fn read_lines(texts: &[&str], year: i32, units: &[String], form: &str) -> Located {
    let mut located = read_all(texts, year, units, form);
    let verdicts = verdicts(&located.claims, &KNOWN.vocabulary);
    let claims = std::mem::take(&mut located.claims);
    for (claim, verdict) in claims.into_iter().zip(verdicts) {
        verdict.apply(claim, &mut located.claims);
    }
    located
}

fn read_all(texts: &[&str], year: i32, units: &[String], form: &str) -> Located {
    let lines: Vec<Line<'_>> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| Line {
            text,
            place: Place::Paragraph { paragraph: index as u32 + 1, range: None },
            offset: None,
        })
        .collect();
    let frame = Frame {
        form: form.into(),
        fiscal_year: year,
        unit_names: units,
        of_finals: false,
        unit_above: None,
        rule: "narrative.yaml".into(),
    };
    locate(&lines, &frame, &KNOWN.vocabulary, &KNOWN.codes, &KNOWN.lexicon)
}

/// The digits of a value with its sign, separators and full-width forms taken out.
fn value(claim: &Claim) -> String {
    if let Some(number) = numeral_value(&claim.written) {
        return number.to_string();
    }
    let digits: String =
        claim.written.chars().filter_map(fold_char).filter(|c| c.is_ascii_digit() || "-.".contains(*c)).collect();
    if claim.negative { format!("-{digits}") } else { digits }
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
        claim.unit.word()
    )
}

#[derive(Debug, Default)]
struct Case {
    id: String,
    year: i32,
    headings: Vec<String>,
    text: Vec<String>,
    figures: Vec<Expected>,
    /// How often each finding must be told, where the case says so.
    findings: Option<BTreeMap<String, usize>>,
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
    let markdown: String = ["narrative-cases", "feared-cases", "traps", "first-sight", "odd-sentences", "wordings"]
        .map(|name| file(&format!("tests/cases/prose/{name}.md")))
        .concat();
    let mut cases: Vec<Case> = Vec::new();
    let mut block = "";
    for line in markdown.lines() {
        if let Some(head) = line.strip_prefix("### ") {
            assert!(block.is_empty(), "a case begins inside a block of the one before it: {head}");
            let parts: Vec<&str> = head.split(" · ").collect();
            cases.push(Case {
                id: parts[0].to_owned(),
                headings: parts[2].strip_prefix("section ").unwrap().split('›').map(str::to_owned).collect(),
                year: parts[3].strip_prefix("year ").unwrap().parse().unwrap(),
                ..Case::default()
            });
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
            "findings" => {
                let (word, count) = line.split_once(": ").unwrap();
                case.findings.get_or_insert_default().insert(word.to_owned(), count.parse().unwrap());
            }
            // What must not be read is any figure that the case does not have.
            "figures" | "not" => {}
            _ => assert!(block.is_empty(), "{}: no case has a block of {block}", case.id),
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
        let unit = claim.unit.word();
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
    "青柳县水务局",
    "青柳县市场所",
    "青柳县城管局",
    "青柳镇",
    "青柳局",
    "云岭区绿化所",
    "市级部门",
    "省级行政事业单位",
    "局机关",
];

fn run(case: &Case) -> Located {
    let mut units: Vec<String> = UNITS.iter().map(|unit| (*unit).to_owned()).collect();
    if case.id == "M-038" {
        units.push("全县".to_owned());
    }
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
        if let Some(expected) = &case.findings {
            let mut told: BTreeMap<String, usize> = BTreeMap::new();
            for finding in &located.findings {
                *told.entry(finding.code.word().rsplit("::").next().unwrap().to_owned()).or_default() += 1;
            }
            if told != *expected {
                wrong.push(format!("{}: findings {told:?}, not {expected:?}", case.id));
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

/// 主要是厉行节约，较上年减少1.5万元: of the item, or of what the reason speaks of? Not told, and not lost either.
#[test]
fn a_change_behind_a_reason_that_nothing_proves_is_left_over_and_other_numbers_of_the_reason_are_not() {
    let heading = "七、“三公”经费支出决算情况说明";
    for (sentence, left) in [
        (
            "公务接待费支出2万元，主要原因是厉行节约，人员减少3人，较上年减少1.5万元，下降32.86%。",
            &["1.5", "32.86%"][..],
        ),
        ("公务接待费支出2万元，主要原因是厉行节约，开展业务12次，下降明显。", &[]),
    ] {
        let located = read_all(&[heading, sentence], 2021, &[], "narrative");
        let verdicts = verdicts(&located.claims, &KNOWN.vocabulary);
        let refuted = Verdict::Refuted("a number in the reason before it".into());
        let told: Vec<&str> = (located.claims.iter().zip(&verdicts))
            .filter(|(_, verdict)| **verdict == refuted)
            .map(|(claim, _)| &*claim.written)
            .collect();
        assert_eq!(located.claims.len() - told.len(), 1, "{sentence}");
        assert_eq!(told, left, "{sentence}");
        assert!(located.leftovers.is_empty(), "{sentence}");
    }
}

/// A long number without a unit is a telephone's, but not where it is told of what has amounts.
#[test]
fn a_long_number_behind_a_label_is_left_over_and_no_telephone() {
    let heading = "一、收入支出决算总体情况说明";
    for (sentence, left) in [
        ("本年收入合计1200000，本年支出合计为1150000。", &["1200000", "1150000"][..]),
        ("咨询收入情况，请拨打3352871。", &[]),
        ("联系电话：3352871。", &[]),
    ] {
        let located = read_all(&[heading, sentence], 2021, &[], "narrative");
        let told: Vec<&str> = located.leftovers.iter().map(|left| &*left.value_as_written).collect();
        assert_eq!(told, left, "{sentence}");
        assert!(located.claims.is_empty(), "{sentence}");
    }
}

/// Sentences made up to break the rules: what may be read in them, and nothing else.
#[test]
fn what_could_mean_two_things_is_left_over() {
    let three_public = "七、“三公”经费支出决算情况说明";
    let all_funds = "三、支出决算情况说明";
    for (heading, sentence, expected) in [
        // A blocker with a label governs the sentence; one without counts only what stands behind it.
        (all_funds, "下属单位公务接待费决算7万元，公务用车购置费决算8万元。", &[][..]),
        (three_public, "全年安排下属2个单位出国团组3个。", &["因公出国（境）团组数 final 3"]),
        (three_public, "接待局机关和2个单位，出国团组3个。", &["因公出国（境）团组数 final 3"]),
        // Words in a bracket between a label and its number.
        (three_public, "公务接待费（预算数）5万元。公务接待费（人均）3万元。", &[]),
        // Parts of a budget, and what follows them without a word.
        (
            three_public,
            "“三公”经费预算18万元，其中：公务接待费8万元。公务用车运行维护费10万元。",
            &["“三公”经费 budget 18", "公务接待费 budget 8"],
        ),
        // A second amount without a label of its own.
        (three_public, "公务接待费支出5万元，其中本级3万元，合计6万元。", &["公务接待费 final 5"]),
        // Of what could not be understood and is divided, or of what it is divided into? Of the last, or of both?
        (
            "一、收入支出决算总体情况说明",
            "总收入90万元，其中本年收入90万元，上年结转0万元。与上年相比，增加6万元，增长7.14%。",
            &["收入总计 final 90", "本年收入合计 final 90", "年初结转和结余 final 0"],
        ),
        (
            "一、收入支出决算总体情况说明",
            "总收入90.00万元，其中本年收入80.00万元，比上年增加6.00万元，增长7.14%。",
            &["本年收入合计 final 80.00"],
        ),
        (
            all_funds,
            "基本支出80万元，项目支出10万元。与上年相比增加6万元。",
            &["基本支出 final 80", "项目支出 final 10"],
        ),
        // Of the part, or of the whole?
        (
            three_public,
            "公务接待20批次，其中外事接待2批次，接待人次200人次。",
            &["公务接待批次 final 20", "外事接待批次 final 2"],
        ),
        (
            three_public,
            "“三公”经费决算14万元，其中：公务接待费4万元；公务用车运行维护费10万元。比上年减少1万元。",
            &["“三公”经费 final 14", "公务接待费 final 4", "公务用车运行维护费 final 10"],
        ),
        (
            three_public,
            "“三公”经费决算14万元，其中：公务接待费4万元；公务用车运行维护费10万元；较上年有所减少，完成预算的90%。",
            &["“三公”经费 final 14", "公务接待费 final 4", "公务用车运行维护费 final 10"],
        ),
        (
            three_public,
            "“三公”经费决算14万元，其中公务接待费4万元、公务用车运行维护费10万元，比上年减少1万元。",
            &["“三公”经费 final 14", "公务接待费 final 4", "公务用车运行维护费 final 10"],
        ),
        (
            three_public,
            "“三公”经费决算14万元，其中：公务接待费4万元，比上年减少1万元。",
            &["“三公”经费 final 14", "公务接待费 final 4"],
        ),
        (
            three_public,
            "“三公”经费决算14万元，公务接待费4万元，比上年减少3.5万元，下降20%。",
            &["“三公”经费 final 14", "公务接待费 final 4"],
        ),
        // What a project reached is not what the unit did.
        ("（四）预算绩效情况说明", "该项目开展培训5次，培训人数200人，购置车辆2辆。全年召开会议3次，参会100人。", &[]),
        // Two amounts for one label.
        (three_public, "公务接待费支出2万元、3万元。公务用车运行维护费支出10万元和5万元。", &[]),
        // Over years; of the item, not of the year's amount.
        (three_public, "公务接待费支出5万元，累计支出30万元。", &["公务接待费 final 5"]),
        (three_public, "公务接待费支出由6万元减少到5万元。", &[]),
        (three_public, "公务接待费5万元以上的3次。", &[]),
        // A year that is named as such, and what is said of another one.
        (three_public, "公务接待费4万元，2022年预算安排5万元，增加1万元。", &["公务接待费 final 4"]),
        (three_public, "上年公务接待费5万元。公务用车运行维护费决算4万元。", &[]),
        (
            three_public,
            "公务接待费决算数4万元（上年决算数5万元）。",
            &["公务接待费 final 4", "公务接待费 prior_final 5"],
        ),
        // Below a 总计, 支出 has two readings.
        (all_funds, "收入总计100万元，支出90万元。", &["收入总计 final 100"]),
        // Of one fund, or of all?
        (all_funds, "财政拨款收入100万元；本年支出合计90万元。", &["本年收入合计 final 100"]),
        // Nothing that governs is known, so 支出 is no total of its own.
        (all_funds, "囗囗均为3批次。此外，支出共12万元。", &[]),
        // A time that a reason names governs what resumes behind it, until ours is named or the sentence ends.
        (
            three_public,
            "公务接待费支出5万元，主要原因是上年囗囗，公务用车运行维护费6万元，增加1万元。",
            &["公务接待费 final 5"],
        ),
        (three_public, "主要用于囗囗，2020年囗囗，公务用车运行维护费决算数6万元，增加1万元。", &[]),
        (
            three_public,
            "公务接待费支出5万元，主要原因是上年囗囗，2021年公务用车运行维护费6万元。",
            &["公务接待费 final 5", "公务用车运行维护费 final 6"],
        ),
        (
            three_public,
            "公务接待费支出5万元，主要原因是上年囗囗。公务用车运行维护费6万元。",
            &["公务接待费 final 5", "公务用车运行维护费 final 6"],
        ),
        (
            three_public,
            "公务接待费支出5万元，主要原因是囗囗比上年囗囗，公务用车运行维护费6万元。",
            &["公务接待费 final 5", "公务用车运行维护费 final 6"],
        ),
        (
            three_public,
            "公务接待费支出5万元，主要原因是上年囗囗，与上年相比减少1万元。",
            &["公务接待费 final 5", "公务接待费 change -1"],
        ),
        // What an item grew by is not what it is.
        (three_public, "“三公”经费6万元，与上年相比增加公务接待费2万元。", &["“三公”经费 final 6"]),
        (all_funds, "本年支出合计90万元，较上年增加基本支出20万元，减少项目支出10万元。", &["本年支出合计 final 90"]),
        // Cars that were bought are not those that are there; nor are those of a kind all.
        (three_public, "公务用车购置费36万元，购置执法执勤用车2辆。", &["公务用车购置费 final 36"]),
        (three_public, "年末执法执勤用车保有量42辆。", &[]),
        // A kind of expenditure of a function, a function of a kind: of both, and told as neither.
        (all_funds, "教育支出30万元，其中基本支出20万元，项目支出10万元。", &["本年支出合计 final 30"]),
        (all_funds, "教育支出30万元，基本支出20万元，项目支出10万元。", &["本年支出合计 final 30"]),
        (all_funds, "教育支出30万元（基本支出20万元，项目支出10万元）。", &["本年支出合计 final 30"]),
        (all_funds, "基本支出90万元，其中：教育支出60万元、农林水支出30万元。", &["基本支出 final 90"]),
        (
            all_funds,
            "基本支出60万元，项目支出30万元。按功能分类：教育支出50万元，农林水支出40万元。",
            &["基本支出 final 60", "项目支出 final 30", "本年支出合计 final 50", "本年支出合计 final 40"],
        ),
        // What a purpose counts is no statement of money.
        (
            three_public,
            "公务用车购置费支出0万元，主要用于经批准购置的0辆公务用车；公务用车运行维护费支出2万元。",
            &["公务用车购置费 final 0", "公务用车购置数 final 0", "公务用车运行维护费 final 2"],
        ),
        (
            three_public,
            "公务用车购置费支出5万元，主要用于购置2辆公务用车；比上年增加1万元。",
            &["公务用车购置费 final 5", "公务用车购置数 final 2"],
        ),
        // What a bracket took back takes what is said of it with it.
        (three_public, "公务接待费4万元（预算数），比上年减少1万元。", &[]),
        (
            three_public,
            "公务接待费2万元（不含外事接待1万元），比上年减少3万元，公务用车运行维护费5万元。",
            &["公务用车运行维护费 final 5"],
        ),
        // An amount in a reason may be that of a label.
        (all_funds, "基本支出5万元，主要用于囗囗3万元，项目支出4万元。", &["基本支出 final 5"]),
    ] {
        let located = read_lines(&[heading, sentence], 2021, &[], "narrative");
        let read: Vec<String> = located
            .claims
            .iter()
            .map(|claim| format!("{} {} {}", claim.key.item, claim.key.measure.word(), value(claim)))
            .collect();
        assert_eq!(read, expected, "{sentence}");
    }
}

/// What is read of each sentence below a heading.
fn assert_read(sentences: &[(&str, &str, &[&str])]) {
    let mut others = Vec::new();
    for (heading, sentence, expected) in sentences {
        let located = read_lines(&[heading, sentence], 2021, &["青柳县水务局".to_owned()], "narrative");
        let read: Vec<String> = located
            .claims
            .iter()
            .map(|claim| format!("{} {} {}", claim.key.item, claim.key.measure.word(), value(claim)))
            .collect();
        if read != *expected {
            let left: Vec<&str> = located.leftovers.iter().map(|left| left.blocked_by.as_str()).collect();
            others.push(format!("{sentence}: {read:?} for {expected:?}, left over {left:?}"));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

/// 按照厉行节约的要求，: on whose word, on which ground, to which end. Its unknown words block nothing behind it.
#[test]
fn a_ground_says_nothing_of_the_numbers_behind_it() {
    let heading = "七、“三公”经费支出决算情况说明";
    let final_of_reception = &["公务接待费 final 3.2"][..];
    let sentences: &[(&str, &str, &[&str])] = &[
        (heading, "根据县政府年度工作安排，2021年公务接待费支出3.2万元。", final_of_reception),
        (heading, "为保障机关正常运转，公务接待费支出3.2万元。", final_of_reception),
        (heading, "按照厉行节约的要求，公务接待费支出3.2万元。", final_of_reception),
        (heading, "随着业务量增加，公务接待费支出3.2万元。", final_of_reception),
        (heading, "2021年，在县委的坚强领导下，公务接待费支出3.2万元。", final_of_reception),
        (heading, "经县财政局批复，公务接待费支出决算3.2万元。", final_of_reception),
        (heading, "通过加强管理，公务接待费支出3.2万元。", final_of_reception),
        (heading, "因工作需要，公务接待费支出3.2万元。", final_of_reception),
        (heading, "坚持以囗囗精神为指导，紧紧围绕县委中心工作，公务接待费支出3.2万元。", final_of_reception),
        (heading, "在厉行节约的大背景下，从严控制“三公”经费支出，公务接待费支出3.2万元。", final_of_reception),
        (heading, "为保障机关正常运转和各项事业发展，公务接待费支出3.2万元。", final_of_reception),
        (heading, "全校上下严格落实囗囗要求，公务接待费支出3.2万元。", final_of_reception),
        (
            heading,
            "本单位认真贯彻落实中央八项规定（囗囗〔2013〕13号）精神，严格控制经费，公务接待费支出3.2万元。",
            final_of_reception,
        ),
        (heading, "2021年，青柳县水务局严格遵守公务接待管理规定，公务接待费支出3.2万元。", final_of_reception),
        // What one holds to, or does better, whatever it is.
        (heading, "坚持囗囗不开支，公务接待费支出决算3.2万元。", final_of_reception),
        (heading, "本单位坚持无预算不开支、无公函不接待，公务接待费支出3.2万元。", final_of_reception),
        (heading, "进一步完善囗囗制度，严禁囗囗，公务接待费支出3.2万元。", final_of_reception),
        // A list, a change, a budget behind it.
        (
            heading,
            "“三公”经费决算5万元，其中：按照过紧日子要求，公务接待费3万元，公务用车运行维护费2万元。",
            &["“三公”经费 final 5", "公务接待费 final 3", "公务用车运行维护费 final 2"],
        ),
        (
            heading,
            "公务接待费支出3.2万元，按照过紧日子要求，较上年减少1万元，下降23.81%。",
            &["公务接待费 final 3.2", "公务接待费 change -1", "公务接待费 change_rate -23.81"],
        ),
    ];
    assert_read(sentences);
    let texts = sentences.iter().map(|(heading, sentence, _)| Text {
        name: (*sentence).to_owned(),
        year: 2021,
        form: "narrative".to_owned(),
        units: vec!["青柳县水务局".to_owned()],
        lines: vec![(*heading).to_owned(), (*sentence).to_owned()],
    });
    check(&texts.collect::<Vec<_>>(), 1);
}

/// Clauses like it that change whose figure it is, of which year, of which part, or which of the item's numbers.
#[test]
fn a_clause_that_may_tell_of_other_money_is_no_ground() {
    let heading = "七、“三公”经费支出决算情况说明";
    let sentences = [
        "根据上年决算，公务接待费支出3.2万元。",
        "根据上年工作安排，公务接待费支出3.2万元。",
        "根据2020年囗囗要求，公务接待费支出3.2万元。",
        "按照全县汇总，公务接待费支出3.2万元。",
        "按照全县统一要求，公务接待费支出3.2万元。",
        "按照囗囗汇总，公务接待费支出3.2万元。",
        "随着下属单位并入，局机关公务接待费支出3.2万元。",
        "随着下属单位增加，公务接待费支出3.2万元。",
        "为下属学校支付，公务接待费支出3.2万元。",
        "为囗囗支付，公务接待费支出3.2万元。",
        "为保障囗囗正常运转，公务接待费支出3.2万元。",
        "为迎接囗囗检查，公务接待费支出3.2万元。",
        "为保障囗囗工作需要，公务接待费支出3.2万元。",
        "在上年囗囗的大背景下，公务接待费支出3.2万元。",
        "全镇上下囗囗，按照囗囗要求，公务接待费支出3.2万元。",
        "因囗囗需要，公务接待费支出3.2万元。",
        "通过囗囗支付，公务接待费支出3.2万元。",
        "按照囗囗支付方式，公务接待费支出3.2万元。",
        "坚持下属单位囗囗，公务接待费支出3.2万元。",
        "坚持上年囗囗，公务接待费支出3.2万元。",
        "囗囗坚持囗囗，公务接待费支出3.2万元。",
        "加强囗囗建设，公务接待费支出3.2万元。",
        "经财政局调整预算，公务接待费支出3.2万元。",
        "根据年初预算安排，公务接待费支出3.2万元。",
        "经财政局批复，公务接待费3.2万元。",
        "按照囗囗下达，公务接待费支出3.2万元。",
        "其中按照囗囗要求，人均公务接待费支出3.2万元。",
        "下属单位囗囗，按照囗囗要求，公务接待费支出3.2万元。",
        "囗囗按照囗囗要求，公务接待费支出3.2万元。",
        "经费囗囗批准，公务接待费支出3.2万元。",
        // The clause names what is spoken of: what governed before it does not.
        "按照囗囗管理要求，支出3.2万元。",
        "按照“三公”经费囗囗要求，支出3.2万元。",
        "“三公”囗囗，按照囗囗要求，较上年减少3.2万元。",
    ];
    let traps: Vec<_> = sentences.iter().map(|sentence| (heading, *sentence, &[][..])).collect();
    assert_read(&traps);
    let before = &["公务接待费 final 5"][..];
    assert_read(&[
        (heading, "公务接待费支出5万元，按照囗囗管理要求，支出3.2万元。", before),
        (heading, "公务接待费支出5万元，为保障公务用车需要，支出3.2万元，下降3%。", before),
        (heading, "公务接待费支出5万元，按照公务用车购置囗囗要求，较上年减少3.2万元。", before),
        (heading, "公务接待费支出5万元，按照全县囗囗要求，较上年减少3.2万元。", before),
        (heading, "公务接待费支出5万元，按照囗囗要求，年初预算3.2万元。", before),
    ]);
}

/// What a line's own words tell of one fund, the lines below it divide; without an ordinal they may be back to the whole.
#[test]
fn parts_below_a_line_of_one_fund_are_of_that_fund_or_left_over() {
    let all = "三、支出决算情况说明";
    let appropriation = "四、财政拨款支出决算情况说明";
    for (lines, expected) in [
        (&[all, "财政拨款支出90万元。基本支出50万元，项目支出40万元。"][..], &["appropriation 90"][..]),
        (&[all, "一般公共预算财政拨款基本支出50万元，人员经费40万元。"], &["general_budget 50"]),
        (&[all, "财政拨款支出90万元，其中：基本支出50万元。"], &["appropriation 90", "appropriation 50"]),
        (&[all, "本年支出100万元。基本支出50万元。"], &[" 100", " 50"]),
        (
            &[
                appropriation,
                "（一）一般公共预算财政拨款支出90万元，比上年增加5万元。",
                "1.教育支出（类）30万元。",
                "（二）政府性基金预算财政拨款支出20万元，比上年增加5万元。",
                "1.城乡社区支出（类）20万元。",
                "五、基本支出决算情况说明",
                "基本支出50万元。",
            ],
            &[
                "general_budget 90",
                "general_budget 5",
                "general_budget 30",
                "government_fund 20",
                "government_fund 5",
                "government_fund 20",
                " 50",
            ],
        ),
        (&[appropriation, "（一）一般公共预算财政拨款支出90万元。", "教育支出（类）30万元。"], &["general_budget 90"]),
        (
            &[all, "（一）财政拨款支出90万元，占90%。", "1.教育支出（类）30万元。"],
            &["appropriation 90", "appropriation 90", "appropriation 30"],
        ),
    ] {
        let located = read_lines(lines, 2021, &[], "narrative");
        let read = located
            .claims
            .iter()
            .map(|claim| format!("{} {}", claim.key.funding.map_or("", |funding| funding.word()), value(claim)));
        assert_eq!(read.collect::<Vec<_>>(), expected, "{lines:?}");
    }
}

#[test]
fn a_counter_may_count_the_noun_that_the_label_s_item_counts() {
    let heading = "八、预算绩效情况说明";
    assert_read(&[
        (
            heading,
            "全面开展绩效自评，共4个项目，涉及资金500万元。",
            &["绩效自评项目数 final 4", "绩效自评项目金额 final 500"],
        ),
        (heading, "全面开展绩效自评，共4个单位，涉及资金500万元。", &[]),
        (heading, "全面开展绩效自评，共4个囗囗项目，涉及资金500万元。", &[]),
    ]);
}

/// 1.社会保障和就业支出160万元，具体包括：（1）行政单位离退休42万元: names of 项 without their brackets, below a 类.
#[test]
fn a_bare_name_of_the_classification_is_read_below_the_place_that_governs() {
    let heading = "五、一般公共预算财政拨款支出决算情况说明";
    for (lines, expected) in [
        (
            &[
                "1.社会保障和就业支出160万元，具体包括：",
                "（1）行政单位离退休42万元，完成年初预算的105%。",
                "（2）机关事业单位基本养老保险缴费支出118万元。",
            ][..],
            &["208 final 160", "2080501 final 42", "2080501 completion_rate 105", "2080505 final 118"][..],
        ),
        // Several 款 have a 项 of this name; what stands behind it is read all the same.
        (
            &[
                "1.农林水支出300万元，具体包括：",
                "（1）行政运行100万元，完成年初预算的105%。",
                "（2）森林资源培育200万元。",
            ],
            &["213 final 300", "2130205 final 200"],
        ),
        // A 款; a 款 and a 项 of one name.
        (
            &["1.社会保障和就业支出300万元，其中：就业补助50万元，财政对失业保险基金的补助20万元。"],
            &["208 final 300", "20807 final 50", "2082701 final 20"],
        ),
        (&["1.城乡社区支出300万元，其中：城乡社区环境卫生50万元。"], &["212 final 300"]),
        // Below another 类, below none, below a word that is not known.
        (&["1.教育支出300万元，具体包括：", "（1）森林资源培育200万元。"], &["205 final 300"]),
        (&["项目支出300万元，其中：森林资源培育200万元。"], &["final 300"]),
        (&["1.囗囗支出300万元，具体包括：", "（1）森林资源培育200万元。"], &[]),
        (&["1.农林水支出300万元，具体包括：", "下属单位：", "（1）囗囗森林资源培育200万元。"], &["213 final 300"]),
        (&["1.农林水支出300万元，其中：上年森林资源培育200万元。"], &["213 final 300"]),
    ] {
        let lines: Vec<&str> = std::iter::once(heading).chain(lines.iter().copied()).collect();
        let located = read_lines(&lines, 2021, &[], "narrative");
        let read = located.claims.iter().map(|claim| {
            let function = &claim.key.function;
            let place = if function.is_empty() { String::new() } else { format!("{function} ") };
            format!("{place}{} {}", claim.key.measure.word(), value(claim))
        });
        assert_eq!(read.collect::<Vec<_>>(), expected, "{lines:?}");
    }
}

#[test]
fn what_lines_and_headings_may_be_otherwise_is_left_over() {
    let budget = "五、一般公共预算财政拨款支出决算情况说明";
    let three_public = "七、“三公”经费支出决算情况说明";
    let mut others = Vec::new();
    for (lines, expected) in [
        // A page's number inside a number: its marks tell it, or the other pages' numbers, or nothing does.
        (&[three_public, "公务接待费1", "- 4 -", "2.50万元。"][..], &["公务接待费  final 12.50"][..]),
        (&[three_public, "公务接待费1", "4", "2.50万元。"], &[]),
        (&[three_public, "公务接待费", "4", "支出2.50万元。"], &[]),
        (&[three_public, "3", "公务接待费支出", "4", "2.50万元。", "5", "公务用车运行维护费1", "6", "2万元。"], &[]),
        (&[three_public, "3", "公务接待费", "4", "支出共2.50万元。", "5"], &["公务接待费  final 2.50"]),
        (&[three_public, "年末公务用车保有量", "3", "辆。"], &["公务用车保有量  final 3"]),
        (
            &[three_public, "公务用车购置费、公务接待费分别为7.93万元、6", ".22万元。"],
            &["公务用车购置费  final 7.93", "公务接待费  final 6.22"],
        ),
        (&[three_public, "公务用车购置费、公务接待费分别为7.93万元、6..22万元。"], &[]),
        (&[three_public, "公务接待费1 2.50万元，公务用车运行维护费12。50万元。"], &[]),
        // A heading of two topics says not which of both the line below it is about; nor is income what is spent.
        (&["2021年度部门决算及“三公”经费决算情况说明", "2021年支出决算205.27万元，比上年减少3万元。"], &[]),
        (&["一、部门收支及“三公”经费决算情况", "2021年决算数为205.27万元。"], &[]),
        (&["2021年度“三公”经费决算情况说明", "2021年支出决算20.27万元。"], &["“三公”经费  final 20.27"]),
        (&["2021年度“三公”经费支出及决算情况说明", "2021年支出决算20.27万元。"], &["“三公”经费  final 20.27"]),
        (&[three_public, "2021年收入决算205.27万元，比上年收入决算200万元增加5.27万元。"], &[]),
        (&[three_public, "公务接待费收入决算5万元，公务用车运行维护费2万元。"], &[]),
        (&["四、财政拨款收入决算情况说明", "2021年支出决算205.27万元。"], &[]),
        (&["四、财政拨款收入决算情况说明", "2021年收入决算205.27万元。"], &["本年收入合计 财政拨款 final 205.27"]),
        // Below a heading that names the one, the other is of both.
        (
            &["六、一般公共预算财政拨款基本支出决算情况说明", "基本支出90万元。", "教育支出60万元。"],
            &["基本支出 一般公共预算 final 90"],
        ),
        (
            &[budget, "1.教育支出（类）。", "支出决算30万元。", "项目支出10万元。"],
            &["本年支出合计@205 一般公共预算 final 30"],
        ),
        // A page's running head ends no section, and no sentence.
        (
            &[
                budget,
                "2021年度财政拨款支",
                "- 1 -",
                "2021年度部门决算",
                "出10万元。",
                "- 2 -",
                "2021年度部门决算",
                "其中：基本支出4万元。",
            ],
            &["本年支出合计 一般公共预算 final 10", "基本支出 一般公共预算 final 4"],
        ),
        // One that stands there once may be the beginning of something else.
        (&[budget, "部门决算说明", "2021年度财政拨款支出10万元。"], &[]),
        (&[budget, "财政拨款支出决算结构情况", "2021年度财政拨款支出10万元。"], &[]),
        // The line's end in a heading, in a path of the classification, before a word of headings.
        (
            &[
                "八、青禾县残疾人联合会2021年度政府性基金预算财政拨款",
                "收入支出决算情况说明",
                "2021年度本年收入6万元。",
            ],
            &["本年收入合计 政府性基金 final 6"],
        ),
        (
            &[budget, "1.教育支出（类）普通教育（款）", "高中教育（项）。", "支出决算为5万元。"],
            &["本年支出合计@2050204 一般公共预算 final 5"],
        ),
        (&[three_public, "公务接待费支出决算1万元，完成", "预算的", "50%。"], &["公务接待费  final 1"]),
        // A path at the end of the paragraph above heads what follows; one inside it leaves the heading's behind.
        (
            &[
                budget,
                "1.教育支出（类）普通教育（款）高中教育（项）。",
                "支出决算为5万元。2.教育支出（类）普通教育（款）初中教育（项）。",
                "支出决算为6万元。",
            ],
            &["本年支出合计@2050204 一般公共预算 final 5", "本年支出合计@2050203 一般公共预算 final 6"],
        ),
        (
            &[
                budget,
                "1.教育支出（类）普通教育（款）高中教育（项）。",
                "支出决算为5万元。教育支出（类）普通教育（款）初中教育（项）支出决算为6万元。",
                "年初预算为7万元。",
            ],
            &["本年支出合计@2050204 一般公共预算 final 5", "本年支出合计@2050203 一般公共预算 final 6"],
        ),
        // Headings in one line with what stands below them.
        (
            &[
                "（一）财政拨款收入支出决算情况说明2021年度财政拨款收入5万元。（二）一般公共预算财政拨款支出决算情况说明2021年度财政拨款支出6万元。",
            ],
            &["本年收入合计 财政拨款 final 5", "本年支出合计 一般公共预算 final 6"],
        ),
        (
            &[
                "四、财政拨款收入支出决算情况说明",
                "财政拨款收入5万元。五、一般公共预算财政拨款支出决算情况说明（一）支出决算总体情况2021年度财政拨款支出6万元。",
            ],
            &["本年收入合计 财政拨款 final 5", "本年支出合计 一般公共预算 final 6"],
        ),
        // The numbers of pages between them.
        (
            &[
                "（二）收入决算情况说明 本年收入合计5万元。 （三）支出决算情况说明 2 本年支出合计6万元，其中基本支出4万元。 3 本年支出合计6万元。",
            ],
            &["本年收入合计  final 5", "本年支出合计  final 6", "基本支出  final 4", "本年支出合计  final 6"],
        ),
        (
            &[
                "（五）一般公共预算财政拨款支出决算情况说明 1.一般公共预算财政拨款支出决算总体情况 2021年度财政拨款支出6万元。 2.一般公共预算财政拨款支出决算结构情况 2021年度财政拨款支出6万元，主要用于以下方面：教育支出（类）支出6万元。",
            ],
            &[
                "本年支出合计 一般公共预算 final 6",
                "本年支出合计 一般公共预算 final 6",
                "本年支出合计@205 一般公共预算 final 6",
            ],
        ),
        // At a line's beginning it is no page's, and a number that no blanks part belongs to what stands beside it.
        (&["（三）支出决算情况说明", "2 公务接待费5万元。"], &["公务接待费  final 5"]),
        (&["五，一般公共预算财政拨款支出决算情况说明", "财政拨款支出6万元。"], &["本年支出合计 一般公共预算 final 6"]),
        // What is compared with a budget is none; a budget among headings with ordinals says nothing of the next of them.
        (
            &[
                "一、收入支出决算情况",
                "与年初预算数相比情况：",
                "收入总计5万元。",
                "二、支出决算情况",
                "基本支出3万元。",
            ],
            &["基本支出  final 3"],
        ),
        (
            &[
                "四、支出决算情况",
                "基本支出3万元。",
                "“三公”经费预算情况",
                "五、机关运行经费情况",
                "机关运行经费2万元。",
            ],
            &["基本支出  final 3"],
        ),
        // A place of the classification tells no funding.
        (&["2021年度部门决算", "1.教育支出（类）普通教育（款）高中教育（项）。", "支出决算为5万元。"], &[]),
        // An amount without its unit may have been the one that is compared.
        (&[three_public, "公务接待费预算为2万元，支出决算为1.00，比上年减少0.5万元。"], &["公务接待费  budget 2"]),
        (&[three_public, "“三公”经费预算为5，其中：公务接待费2万元。"], &[]),
        (
            &[three_public, "“三公”经费预算为5万，其中：公务接待费2万元。"],
            &["“三公”经费  budget 5", "公务接待费  budget 2"],
        ),
        // 万 of what is counted, too.
        (&[three_public, "国内公务接待共2万，其中外事接待1万。"], &[]),
        // The final, then the budget: which of them was more, and which the parts are of?
        (
            &[three_public, "公务接待费支出5万元，年初预算8万元，较上年增加1万元。"],
            &["公务接待费  final 5", "公务接待费  budget 8"],
        ),
        (
            &[three_public, "“三公”经费支出5万元，年初预算8万元，其中：公务接待费2万元。"],
            &["“三公”经费  final 5", "“三公”经费  budget 8"],
        ),
        (
            &[three_public, "公务接待费支出4万元，为年初预算8万元的50%，较上年3万元增加1万元。"],
            &[
                "公务接待费  final 4",
                "公务接待费  budget 8",
                "公务接待费  completion_rate 50",
                "公务接待费  prior_final 3",
                "公务接待费  change 1",
            ],
        ),
        (
            &[three_public, "公务接待费支出4万元，年初预算8万元，完成年初预算的50%，较上年增加1万元。"],
            &["公务接待费  final 4", "公务接待费  budget 8", "公务接待费  completion_rate 50", "公务接待费  change 1"],
        ),
        // What money was for, and why there was less of it.
        (
            &[three_public, "公务接待费支出4万元，主要用于接待检查组，较上年减少1万元，下降20%。"],
            &["公务接待费  final 4", "公务接待费  change -1", "公务接待费  change_rate -20"],
        ),
        (
            &[three_public, "公务接待费支出4万元，主要用于接待检查组，人员减少3人，较上年减少1万元。"],
            &["公务接待费  final 4"],
        ),
        (&[three_public, "公务接待费支出4万元，主要是接待减少，较上年减少1万元。"], &["公务接待费  final 4"]),
        (
            &[
                three_public,
                "“三公”经费支出6万元，其中：公务接待费4万元，主要用于公务用车运行维护费，较上年减少1万元。",
            ],
            &["“三公”经费  final 6", "公务接待费  final 4"],
        ),
        // A paragraph of its own compares what the one before told alone.
        (
            &[budget, "一般公共预算财政拨款支出90万元。", "与2020年相比，增加5万元，增长5.88%。"],
            &[
                "本年支出合计 一般公共预算 final 90",
                "本年支出合计 一般公共预算 change 5",
                "本年支出合计 一般公共预算 change_rate 5.88",
            ],
        ),
        (
            &[budget, "一般公共预算财政拨款支出90万元，其中：基本支出80万元。", "与2020年相比，增加5万元。"],
            &["本年支出合计 一般公共预算 final 90", "基本支出 一般公共预算 final 80"],
        ),
        (
            &[budget, "一般公共预算财政拨款支出年初预算90万元。", "与2020年相比，增加5万元。"],
            &["本年支出合计 一般公共预算 budget 90"],
        ),
        (
            &[budget, "一般公共预算财政拨款支出90万元，某某事项。", "与2020年相比，增加5万元。"],
            &["本年支出合计 一般公共预算 final 90"],
        ),
        // The title of the whole tells the fund of its totals, and of nothing that may be one budget's.
        (
            &["2021年度部门决算情况说明", "2021年度收入总计90万元，其中财政拨款收入80万元。"],
            &["收入总计  final 90", "本年收入合计 财政拨款 final 80"],
        ),
        (&["2021年度部门决算情况说明", "2021年度基本支出90万元，教育支出（类）80万元。"], &[]),
        (&["2021年度部门决算民生支出情况说明", "2021年度收入总计90万元。"], &[]),
        (&["2021年度某某资金决算情况说明", "2021年度收入总计90万元。"], &[]),
        // 决算数据 is not 决算数 and something more.
        (&["一、2021年度部门决算数据说明", "2021年度收入总计90万元。"], &["收入总计  final 90"]),
        // The places of the classification above a line, and beside a name.
        (
            &[
                budget,
                "1.公共安全支出（类）90万元。",
                "（1）公安（款）80万元，其中：行政运行（项）60万元，执法办案（项）20万元。",
                "2.教育支出（类）10万元。",
                "（1）公安（款）5万元。",
            ],
            &[
                "本年支出合计@204 一般公共预算 final 90",
                "本年支出合计@20402 一般公共预算 final 80",
                "本年支出合计@2040201 一般公共预算 final 60",
                "本年支出合计@2040220 一般公共预算 final 20",
                "本年支出合计@205 一般公共预算 final 10",
            ],
        ),
        (&[budget, "205教育支出90万元。"], &["本年支出合计@205 一般公共预算 final 90"]),
        // Nothing is nothing in every unit, unless it may be nothing of a count.
        (
            &[three_public, "因公出国（境）费用为0，公务接待为0，公务接待费为0。"],
            &["因公出国（境）费  final 0", "公务接待费  final 0"],
        ),
        (&[three_public, "公务接待费比上年增加0，公务用车运行维护费支出5。"], &[]),
        // An average is of its own number alone; what is another unit's governs the sentence.
        (
            &[three_public, "公务用车运行维护费支出2万元，车均运行维护费1万元，公务用车保有量2辆。"],
            &["公务用车运行维护费  final 2", "公务用车保有量  final 2"],
        ),
        (&[three_public, "公务接待费支出2万元，人均49元，3批次。"], &["公务接待费  final 2"]),
        (&[three_public, "下属单位车均运行维护费1万元，公务用车保有量2辆。"], &[]),
        // Parts on lines of their own: a comparison behind the only part of a line is that part's.
        (
            &[budget, "基本支出9万元，其中：", "人员经费7万元，包括工资。较上年增加1万元。", "公用经费2万元。"],
            &[
                "基本支出 一般公共预算 final 9",
                "人员经费 一般公共预算 final 7",
                "人员经费 一般公共预算 change 1",
                "公用经费 一般公共预算 final 2",
            ],
        ),
        (
            &[budget, "基本支出9万元，其中：", "人员经费7万元；公用经费2万元。较上年增加1万元。"],
            &["基本支出 一般公共预算 final 9", "人员经费 一般公共预算 final 7", "公用经费 一般公共预算 final 2"],
        ),
        // A reason ends with a semicolon before what changed, named with its amount.
        (
            &[budget, "基本支出9万元，主要原因是人员增加；项目支出较2020年度增加5万元，增长20%。"],
            &[
                "基本支出 一般公共预算 final 9",
                "项目支出 一般公共预算 change 5",
                "项目支出 一般公共预算 change_rate 20",
            ],
        ),
        (
            &[budget, "基本支出9万元，主要原因是人员增加，项目支出较2020年度增加5万元。"],
            &["基本支出 一般公共预算 final 9"],
        ),
        (
            &[three_public, "公务接待费支出2万元，较预算减少1万元，主要原因是接待减少；较上年减少0.5万元。"],
            &["公务接待费  final 2", "公务接待费  deviation -1", "公务接待费  change -0.5"],
        ),
        (
            &[three_public, "公务接待费支出2万元，主要原因是公务用车运行维护费减少；较上年减少0.5万元。"],
            &["公务接待费  final 2"],
        ),
        // A heading that compares, and 收入 in the name of a measure.
        (
            &["一、收入支出决算总体情况及比上年增减情况说明", "2021年度收入总计90万元，较上年增加5万元。"],
            &["收入总计  final 90", "收入总计  change 5"],
        ),
        (
            &["一、收入支出决算总体情况说明", "2021年度收入年初预算数为80万元，决算数为90万元；支出决算数为85万元。"],
            &["本年收入合计  budget 80", "本年收入合计  final 90", "本年支出合计  final 85"],
        ),
        (&["一、收入支出决算总体情况说明", "2021年度收入总计80万元；支出决算数为85万元。"], &["收入总计  final 80"]),
        // 总收入 may be either of two totals, unless the year's parts add up to it.
        (
            &["二、收入决算情况说明", "2021年总收入90万元，其中财政拨款收入80万元，事业收入10万元。"],
            &["本年收入合计  final 90", "本年收入合计 财政拨款 final 80", "事业收入  final 10"],
        ),
        (
            &["二、收入决算情况说明", "2021年总收入95万元，其中财政拨款收入80万元，事业收入10万元。"],
            &["本年收入合计 财政拨款 final 80", "事业收入  final 10"],
        ),
        (
            &["二、收入决算情况说明", "2021年总收入预算90万元，其中财政拨款收入80万元。"],
            &["本年收入合计 财政拨款 budget 80"],
        ),
        // Divided in two ways: by both the whole, not by the second one the last part of the first.
        (
            &[
                "三、支出决算情况说明",
                "本年支出合计90万元。按支出性质划分，基本支出60万元；项目支出30万元。按经济分类划分，工资福利支出70万元，资本性支出20万元。",
            ],
            &[
                "本年支出合计  final 90",
                "基本支出  final 60",
                "项目支出  final 30",
                "本年支出合计%301  final 70",
                "本年支出合计%310  final 20",
            ],
        ),
        (
            &["三、支出决算情况说明", "本年支出合计90万元，其中项目支出30万元，按经济分类划分，资本性支出20万元。"],
            &["本年支出合计  final 90", "项目支出  final 30"],
        ),
        (
            &["三、支出决算情况说明", "本年支出合计90万元，其中项目支出30万元。", "按经济分类划分，资本性支出20万元。"],
            &["本年支出合计  final 90", "项目支出  final 30"],
        ),
        (
            &[
                "三、支出决算情况说明",
                "本年支出合计90万元，其中基本支出60万元。项目支出30万元。按经济分类划分，资本性支出20万元。",
            ],
            &["本年支出合计  final 90", "基本支出  final 60", "项目支出  final 30"],
        ),
        (
            &["三、支出决算情况说明", "本年支出合计90万元，按经济分类划分，资本性支出20万元。"],
            &["本年支出合计  final 90", "本年支出合计%310  final 20"],
        ),
        // A bracket with the budget that was completed, and one with something else.
        (
            &[three_public, "公务接待费支出2万元，完成预算（4万元）的50%。"],
            &["公务接待费  final 2", "公务接待费  budget 4", "公务接待费  completion_rate 50"],
        ),
        (&[three_public, "公务接待费支出2万元（4万元），占预算（3万元）。"], &["公务接待费  final 2"]),
        // A final held against a final, though the budget was told last.
        (
            &[three_public, "公务接待费决算数1万元，预算数2万元，与2020年决算数3万元相比，减少2万元。"],
            &["公务接待费  final 1", "公务接待费  budget 2", "公务接待费  prior_final 3", "公务接待费  change -2"],
        ),
        // Lines of labels with their counts: no count is of the next line's label.
        (
            &["十二、国有资产占用情况说明", "单价50万元以上通用设备：1台（套）", "单价100万元以上专用设备：2台（套）"],
            &["单价50万元以上通用设备  final 1", "单价100万元以上专用设备  final 2"],
        ),
        // 支出决算 without a label, where the line of the item above it may be lost.
        (
            &[budget, "一般公共预算财政拨款支出9万元。", "年初预算为5万元，支出决算为4万元，完成年初预算的80%。"],
            &["本年支出合计 一般公共预算 final 9"],
        ),
        (
            &[budget, "一般公共预算财政拨款支出9万元。", "支出决算为4万元，完成年初预算的80%。"],
            &["本年支出合计 一般公共预算 final 9"],
        ),
        // 财政拨款收入总计 is no 财政拨款收入, whatever year stands before it.
        (
            &["四、财政拨款收入支出决算总体情况说明", "本年度财政拨款收入总计90万元，支出总计90万元。"],
            &["收入总计 财政拨款 final 90", "支出总计 财政拨款 final 90"],
        ),
        (
            &["四、财政拨款收入支出决算总体情况说明", "本年财政拨款收入80万元，当年一般公共预算拨款支出70万元。"],
            &["本年收入合计 财政拨款 final 80", "本年支出合计 一般公共预算 final 70"],
        ),
        // One reason more, not a statement.
        (
            &[budget, "基本支出9万元，主要原因：一是人员增加；二是项目支出较2020年度增加5万元。"],
            &["基本支出 一般公共预算 final 9"],
        ),
        (&["九、预算绩效情况说明", "对2个项目开展绩效自评抽查。"], &[]),
        // The town's seat is another's, unless the unit is the town.
        (&[three_public, "镇政府公务接待费支出2万元。"], &[]),
        (&[three_public, "本镇政府公务接待费支出2万元。"], &["公务接待费  final 2"]),
        // What is done with what is counted.
        (
            &["九、预算绩效情况说明", "本单位对2021年度6个项目支出开展绩效自评，涉及资金90万元。"],
            &["绩效自评项目数  final 6", "绩效自评项目金额  final 90"],
        ),
        (&["九、预算绩效情况说明", "本单位对6个单位开展绩效自评。"], &[]),
        (&["九、预算绩效情况说明", "本单位对6个某某项目开展绩效自评。"], &[]),
        // 与…相比, closed behind its amount: the change is of the final.
        (
            &[budget, "一般公共预算财政拨款支出决算9万元。与年初预算7万元相比，增加2万元。"],
            &[
                "本年支出合计 一般公共预算 final 9",
                "本年支出合计 一般公共预算 budget 7",
                "本年支出合计 一般公共预算 deviation 2",
            ],
        ),
        // A rate of deviation has its sign, and needs both amounts before it.
        (
            &[
                three_public,
                "“三公”经费全年预算数5万元，决算数4万元，预决算差异率-20%。公务接待费决算数1万元，预决算差异率10%。",
            ],
            &[
                "“三公”经费  adjusted_budget 5",
                "“三公”经费  final 4",
                "“三公”经费  deviation_rate -20",
                "公务接待费  final 1",
            ],
        ),
        (
            &[three_public, "“三公”经费全年预算数5万元，决算数4万元，预决算差异率20%。"],
            &["“三公”经费  adjusted_budget 5", "“三公”经费  final 4"],
        ),
        (
            &[three_public, "上年“三公”经费年初预算数5万元，决算数4万元，预决算差异率-20%。"],
            &["“三公”经费  prior_final 4"],
        ),
        // Money behind what is only counted is the heading's, where its measure is told.
        (
            &[
                three_public,
                "1.因公出国（境）费支出情况",
                "2021年度因公出国（境）团组2个，4人次，预算为5万元，支出决算为3万元。",
            ],
            &[
                "因公出国（境）团组数  final 2",
                "因公出国（境）人次数  final 4",
                "因公出国（境）费  budget 5",
                "因公出国（境）费  final 3",
            ],
        ),
        (&[three_public, "1.公务接待费支出情况", "购置车辆1台，预算为5万元。"], &["公务用车购置数  final 1"]),
        (
            &[three_public, "1.因公出国（境）费支出情况", "因公出国（境）团组2个，囗囗预算为5万元。"],
            &["因公出国（境）团组数  final 2"],
        ),
        (
            &[three_public, "1.因公出国（境）费支出情况", "因公出国（境）团组2个，共花5万元。"],
            &["因公出国（境）团组数  final 2"],
        ),
        // 运行维护 by itself is that of the cars only among their costs.
        (
            &[three_public, "公务用车购置及运行维护费6万元，其中公务用车购置2万元，运行维护4万元。"],
            &["公务用车购置及运行维护费  final 6", "公务用车购置费  final 2", "公务用车运行维护费  final 4"],
        ),
        (&[three_public, "公务接待费6万元，其中运行维护4万元。"], &["公务接待费  final 6"]),
        (
            &[three_public, "公务用车购置及运行维护费6万元，其中信息系统运行维护4万元。"],
            &["公务用车购置及运行维护费  final 6"],
        ),
        // An amount behind 增加：, or behind 比上年 without a direction, may be the change.
        (
            &[three_public, "公务接待费增加：5万元，公务用车运行维护费比上年1万元，降低7%。"],
            &["公务用车运行维护费  change_rate -7"],
        ),
        (&["二、收入决算情况", "财政拨款收入总5万元。"], &[]),
        // A heading in one line with its text ends the list above, too.
        (
            &[
                budget,
                "一般公共预算财政拨款支出9万元，其中：",
                "1.教育支出9万元。",
                "六、一般公共预算财政拨款基本支出决算情况说明：2021年度基本支出6万元。",
                "（一）工资福利支出4万元。",
            ],
            &[
                "本年支出合计 一般公共预算 final 9",
                "本年支出合计@205 一般公共预算 final 9",
                "基本支出 一般公共预算 final 6",
                "基本支出%301 一般公共预算 final 4",
            ],
        ),
        (
            &[three_public, "公务接待费比上年7万元减少2万元。公务用车运行维护费与上年9万元相比，减少1万元。"],
            &[
                "公务接待费  prior_final 7",
                "公务接待费  change -2",
                "公务用车运行维护费  prior_final 9",
                "公务用车运行维护费  change -1",
            ],
        ),
        // A heading that lost its ordinal may be a part of what stands above it.
        (&[budget, "（三支出决算具体情况。", "1.教育支出（类）普通教育（款）高中教育（项）支出决算为5万元。"], &[]),
        (
            &[
                "（三）一般公共预算财政拨款支出决算情况说明。",
                "3.结转结余情况。2021年度年末一般公共预算财政拨款结转和结余5万元。",
            ],
            &["年末结转和结余 一般公共预算 final 5"],
        ),
        // What is not of the public purse is never of the appropriation.
        (
            &["二、收入决算情况", "财政拨款收入5万元，其中：其他收入2万元。"],
            &["本年收入合计 财政拨款 final 5", "其他收入  final 2"],
        ),
    ] {
        let located = read_lines(lines, 2021, &["青禾县残疾人联合会".to_owned()], "narrative");
        let read: Vec<String> = located
            .claims
            .iter()
            .map(|claim| {
                let key = &claim.key;
                let function = if key.function.is_empty() { String::new() } else { format!("@{}", key.function) };
                let function = if key.economic.is_empty() { function } else { format!("%{}", key.economic) };
                let funding = match key.funding {
                    None => "",
                    Some(crate::model::Funding::Appropriation) => "财政拨款",
                    Some(crate::model::Funding::GeneralBudget) => "一般公共预算",
                    Some(crate::model::Funding::GovernmentFund) => "政府性基金",
                    Some(crate::model::Funding::StateCapital) => "国有资本",
                };
                format!("{}{function} {funding} {} {}", key.item, key.measure.word(), value(claim))
            })
            .collect();
        if read != expected {
            others.push(format!("{lines:?}\n  {read:?}\n  expected {expected:?}"));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

#[test]
fn a_lone_amount_in_yuan_among_many_in_ten_thousands_is_left_over() {
    let items = ["因公出国（境）费", "公务接待费", "公务用车购置费", "公务用车运行维护费"];
    let mut text = String::new();
    for item in items {
        text.push_str(&format!("{item}年初预算为3万元，支出决算为2万元，比上年减少1万元。"));
    }
    text.push_str("会议费支出决算为16元。");
    let located = read_lines(&["七、“三公”经费支出决算情况说明", &text], 2021, &[], "narrative");
    assert!(located.claims.iter().all(|claim| &*claim.key.item != "会议费"));
    assert_eq!(located.claims.len(), 12);
}
