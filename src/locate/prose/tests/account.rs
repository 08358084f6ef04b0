//! Every run of digits enters the account once.

use super::corpora::{corpora_at_hand, corpus};
use super::properties::{Text, documents_at_hand};
use super::*;

/// Every run of digits of the lines stands in the account exactly once, where it stands in the text.
fn assert_accounted(lines: &[&str], located: &Located) {
    let run = regex::Regex::new("[0-9０-９]+(?:[,，][0-9０-９]{3})*(?:[.．][0-9０-９]+)?[%％‰]?").unwrap();
    let mut spots: Vec<(u32, u32, u32)> = located
        .numbers
        .iter()
        .map(|number| match &number.place {
            Place::Paragraph { paragraph, range: Some((start, end)) } => (*paragraph, *start, *end),
            other => panic!("{other}"),
        })
        .collect();
    let count = spots.len();
    spots.sort_unstable();
    spots.dedup();
    assert_eq!(count, spots.len(), "a number stands twice in the account of {lines:?}");
    for (index, line) in lines.iter().enumerate() {
        for found in run.find_iter(line) {
            let start = line[..found.start()].chars().count() as u32;
            let inside = spots
                .iter()
                .any(|(paragraph, from, to)| *paragraph == index as u32 + 1 && (*from..*to).contains(&start));
            // A number broken over two lines stands where it begins.
            let broken = line[..found.start()].trim().is_empty() && index > 0;
            assert!(inside || broken, "{} of `{line}` is not in the account", found.as_str());
        }
    }
}

#[test]
fn every_number_is_in_the_account_once() {
    for case in cases() {
        let lines: Vec<&str> = case.headings.iter().chain(&case.text).map(String::as_str).collect();
        assert_accounted(&lines, &run(&case));
    }
    for (_, text) in corpora_at_hand() {
        for document in corpus(&text).unwrap().0 {
            let lines: Vec<&str> = document.lines.iter().map(String::as_str).collect();
            assert_accounted(&lines, &document.located());
        }
    }
}

#[test]
fn no_text_is_too_strange_to_be_read() {
    let pieces: Vec<&str> = "、|，|；|。|：|（|）|（类）|（款）|（项）|（201类）|（2010301）|其中|占|比|较|与|上年|相比|增加|减少|分别为|各|\
        均|年初预算|决算|完成预算的|主要原因是|公务接待费|财政拨款|收、支总计|教育支出|教育|行政运行|1|2021年|12.5|1,240.71|０．５|万元|元|%|个|\
        批次|人|-|—|..|1.|（1）|一、|（一）|《|》|囗|XX|单价50万元以上通用设备|\u{301}|🙂|2021年12月31日|2020—2021年|O|第|号|月|日"
        .split('|')
        .collect();
    let mut seed: u64 = 42;
    let mut next = |limit: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % limit
    };
    for _ in 0..3000 {
        let lines: Vec<String> = (0..1 + next(4))
            .map(|_| (0..next(14)).map(|_| pieces[next(pieces.len())]).collect::<Vec<_>>().join(""))
            .collect();
        let mut all = vec!["五、一般公共预算财政拨款支出决算情况说明"];
        all.extend(lines.iter().map(String::as_str));
        let located = read_lines(&all, 2021, &[], "narrative");
        assert_accounted(&all, &located);
    }
}

/// Sentences put together by chance from the phrases that real ones are made of.
fn by_chance(seed: u64) -> Text {
    let mut seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |limit: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % limit
    };
    let labels = [
        "公务接待费",
        "“三公”经费",
        "公务用车购置及运行维护费",
        "公务用车运行维护费",
        "基本支出",
        "项目支出",
        "本年支出合计",
        "本年收入合计",
        "收、支总计",
        "财政拨款收入",
        "其他收入",
        "教育支出",
        "人员经费",
        "一般公共预算财政拨款支出",
        "政府性基金预算财政拨款收入",
        "支出",
        "本年支出",
        "国内公务接待",
        "会议费",
        "年初结转和结余",
        "教育支出（类）普通教育（款）学前教育（项）",
        "收入总计",
        "公务用车保有量",
        "来宾",
    ];
    let before = [
        "",
        "",
        "",
        "",
        "2021年",
        "上年",
        "其中：",
        "此外，",
        "主要原因是",
        "比上年",
        "与上年相比，",
        "全县",
        "完成预算",
        "占",
        "（其中：",
        "年初预算",
        "2021年度",
        "各",
        "、",
    ];
    let behind = [
        "",
        "",
        "",
        "支出",
        "决算为",
        "年初预算为",
        "预算",
        "增加",
        "减少",
        "比上年增加",
        "比年初预算减少",
        "占本年支出合计的",
        "占",
        "完成预算的",
        "同比下降",
        "分别为",
        "上年决算数",
        "共",
        "，增加",
        "，占",
        "，其中",
        "均为",
        "（含结转和结余）",
    ];
    let numbers =
        ["5万元", "12.50万元", "10%", "3批次", "20人次", "4辆", "7.25", "8万元", "6万元", "1个", "9万元、2万元"];
    let marks = ["，", "，", "；", "。", "。", "）", "、", "：", "，主要用于采购，", "。\n", "，其中：\n", "\n（1）"];
    let headings = [
        "一、收入支出决算总体情况说明",
        "五、一般公共预算财政拨款支出决算情况说明",
        "七、“三公”经费支出决算情况说明",
        "八、政府性基金预算收入支出决算情况",
    ];
    let mut text = format!("{}\n", headings[next(headings.len())]);
    for _ in 0..3 + next(6) {
        for part in [&before[..], &labels, &behind, &numbers, &marks] {
            text.push_str(part[next(part.len())]);
        }
    }
    Text {
        name: "by chance".to_owned(),
        year: 2021,
        form: "narrative".to_owned(),
        units: Vec::new(),
        lines: text.lines().map(str::to_owned).collect(),
    }
}

/// In sentences that make no sense a lost word may lift a doubt, so that a figure appears; none may become another one.
#[test]
fn an_unknown_word_makes_no_other_figure_of_sentences_made_by_chance() {
    let many = std::env::var("JUESUAN_MANY").ok().and_then(|many| many.parse().ok()).unwrap_or(150);
    let mut changed: Vec<String> = (0..many).flat_map(|seed| by_chance(seed).violations(1).1).collect();
    println!("{} in all", changed.len());
    changed.retain(|violation| !violation.contains("appeared:"));
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn a_folded_stretch_knows_where_it_stands_and_how_it_was_written() {
    let place = |paragraph| Place::Paragraph { paragraph, range: None };
    let lines = [
        Line { text: " 共 计“１２．５” 万元", place: place(1), offset: Some(100) },
        Line { text: "，减少—3万 元。", place: place(2), offset: Some(200) },
    ];
    let mut paragraph = Paragraph::of_line(&lines[0], 0);
    paragraph.append(&Paragraph::of_line(&lines[1], 1));
    assert_eq!(paragraph.text, "共计12.5万元,减少-3万元。");
    for (text, whole, written, offset) in [
        ("共计", "paragraph 1 [1..4]", "共计", 101),
        ("12.5", "paragraph 1 [5..9]", "１２．５", 105),
        ("5万", "paragraph 1 [8..12]", "５万", 108),
        ("元,减", "paragraph 1 [12..13]", "元，减", 112),
        ("-3", "paragraph 2 [3..5]", "—3", 203),
        ("万元。", "paragraph 2 [5..9]", "万元。", 205),
    ] {
        let start = paragraph.text.find(text).unwrap();
        let end = start + text.len();
        let (place, told) = paragraph.place(&lines, start, end);
        assert_eq!((place.to_string().as_str(), told), (whole, Some(offset)), "{text}");
        assert_eq!(paragraph.written(&lines, start, end), written);
    }
    let gap = |text: &str| paragraph.gap_before(paragraph.text.find(text).unwrap());
    use text::Gap;
    assert_eq!(
        [gap("共"), gap("计"), gap("2.5"), gap(",减"), gap("减")],
        [Gap::None, Gap::Blank, Gap::None, Gap::LineEnd, Gap::None]
    );
    assert!(paragraph.dashes().contains(&paragraph.text.find('-').unwrap()));
    let behind = paragraph.text.len();
    assert_eq!(paragraph.place(&lines, behind, behind).0.to_string(), "paragraph 2");
    let rest = paragraph.split_off(paragraph.text.find("元").unwrap());
    assert_eq!((paragraph.text.as_str(), rest.text.as_str()), ("共计12.5万", "元,减少-3万元。"));
    assert_eq!(rest.place(&lines, 0, 3).0.to_string(), "paragraph 1 [12..13]");
    assert_eq!(rest.written(&lines, 0, rest.text.len()), "元，减少—3万元。");
    assert_eq!((rest.gap_before(3), rest.dashes().contains(&rest.text.find('-').unwrap())), (Gap::LineEnd, true));
}

/// The digits of each number with decimals replaced by others, with as many or more of them.
fn with_other_amounts(line: &str, other: impl Fn(&str) -> String) -> String {
    let amount = regex::Regex::new(r"[0-9][0-9,，]*[.．][0-9]+").unwrap();
    amount.replace_all(line, |found: &regex::Captures<'_>| other(&found[0])).into_owned()
}

#[test]
fn a_sentence_that_is_remembered_is_cut_as_if_it_were_new() {
    let of_cases = cases().into_iter().map(|case| {
        (
            case.headings.into_iter().chain(case.text).collect(),
            case.year,
            UNITS.iter().map(|unit| (*unit).to_owned()).collect(),
        )
    });
    let at_hand = documents_at_hand().into_iter().map(|text| (text.lines, text.year, text.units));
    let made = (0..100).map(by_chance).map(|text| (text.lines, text.year, text.units));
    let texts: Vec<(Vec<String>, i32, Vec<String>)> = of_cases.chain(at_hand).chain(made).collect();
    let mut remembered = 0;
    for (lines, year, units) in texts {
        let units = UnitName::all(&units, &KNOWN.lexicon);
        let words = Words {
            lexicon: &KNOWN.lexicon,
            codes: &KNOWN.codes,
            fiscal_year: year,
            unit_names: &units,
            blank_groups: false,
        };
        for line in &lines {
            let cut = |text: &str| {
                let line = Line { text, place: Place::Paragraph { paragraph: 1, range: None }, offset: None };
                format!("{:?}", words.cut(&Paragraph::of_line(&line, 0)))
            };
            for other in [
                with_other_amounts(line, |amount| format!("31{amount}07")),
                with_other_amounts(line, |_| "1,234.5".to_owned()),
                with_other_amounts(line, |_| "0.00".to_owned()),
            ] {
                cut(line);
                let again = cut(&other);
                kept::forget();
                assert_eq!(again, cut(&other), "{line}");
                remembered += usize::from(other != *line);
            }
        }
    }
    assert!(remembered > 1_000, "{remembered} lines with other amounts");
}
