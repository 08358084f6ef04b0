//! What pages leave between the lines of a text that was copied from them: their numbers and running heads.
//!
//! A sentence goes on across them. A line of digits alone may also be a piece of a number that a line's end parts from
//! the rest; which of both it is, only the numbers of the other pages tell.

use super::text::{Gap, Paragraph};
use super::unit_names::UnitName;
use crate::mapping::{WordParts, behind_any};
use crate::model::{Map, Ordinal, characters, split_ordinal};

/// What a line is to its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A part of the text.
    Text,
    /// A part of the text, or the number of a page: digits alone.
    Digits,
    /// The number of a page.
    PageNumber {
        /// Without a mark: digits alone that count on from page to page.
        bare: bool,
    },
    /// A line that stands at the head or the foot of every page.
    RunningHead,
    /// What stands below a figure: 图2:收入决算结构图.
    Caption,
    /// A line of a list of contents: a heading and the number of its page.
    Contents,
}

impl Line {
    /// What stands in the account for its numbers; `None` for a part of the text.
    pub(super) fn rule(self) -> Option<&'static str> {
        match self {
            Line::Text | Line::Digits => None,
            Line::PageNumber { .. } => Some("page number"),
            Line::RunningHead => Some("running head"),
            Line::Caption => Some("caption of a figure"),
            Line::Contents => Some("contents"),
        }
    }

    /// What a number's digits on either side of the line come to is not sure.
    pub(super) fn parts_digits(self) -> bool {
        matches!(self, Line::Digits | Line::PageNumber { bare: true })
    }
}

/// What each line of a form is to its page. `is_title`: the line opens no section, as far as its words are known.
pub(super) fn lines(
    paragraphs: &[Paragraph],
    unit_names: &[UnitName],
    parts: &WordParts,
    is_title: impl Fn(&Paragraph) -> bool,
) -> Vec<Line> {
    let mut lines: Vec<Line> = paragraphs.iter().map(|paragraph| of_its_own(&paragraph.text, parts)).collect();
    number_pages(paragraphs, &mut lines);
    for at in 0..lines.len() {
        if lines[at] == Line::Text && is_caption(&paragraphs[at].text, parts) {
            lines[at] = Line::Caption;
        } else if lines[at] == Line::Text && is_of_contents(&paragraphs[at..], parts) {
            lines[at] = Line::Contents;
        }
    }
    for (at, is_head) in recurring(paragraphs, &lines, unit_names, parts) {
        if is_head && is_title(&paragraphs[at]) {
            lines[at] = Line::RunningHead;
        }
    }
    lines
}

/// What a line is by itself: a page number where marks say so.
fn of_its_own(text: &str, parts: &WordParts) -> Line {
    // Nearly all lines are longer.
    if text.is_empty() || text.len() > 40 {
        return Line::Text;
    }
    if is_digits(text) {
        return if text.len() <= 3 { Line::Digits } else { Line::Text };
    }
    if parts.is_page_number(text) { Line::PageNumber { bare: false } } else { Line::Text }
}

/// 图2:收入决算结构图(单位:万元): no more numbers than that of the figure, and no sentence.
pub(super) fn is_caption(text: &str, parts: &WordParts) -> bool {
    const LONGEST: usize = 40 * 3;
    let Some(behind) = behind_any(text, &parts.figure).filter(|_| text.len() <= LONGEST) else { return false };
    let words = behind.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.'));
    let ends = || parts.figure.iter().any(|figure| words.trim_end_matches(')').ends_with(figure.as_str()));
    // 图3中下属单位支出合计: the middle of a sentence that a page broke.
    let is_named = words.is_empty() || words.starts_with(':') || ends();
    // 图1:2020年收入决算结构图
    let dated = words.trim_start_matches(':');
    let undated = dated.split_once('年').filter(|(year, _)| year.bytes().all(|byte| byte.is_ascii_digit()));
    let rest = undated.map_or(dated, |(_, rest)| rest);
    words.len() < behind.len()
        && is_named
        && !rest.contains(|c: char| c.is_ascii_digit() || matches!(c, '。' | ',' | ';'))
}

/// 一、收入支出决算总体情况说明……9: the first line is a heading with an ordinal, then dots or nothing, and the number of a page;
/// where nothing stands between, the heading itself stands below.
fn is_of_contents(lines: &[Paragraph], parts: &WordParts) -> bool {
    const LONGEST: usize = 45 * 3;
    let Some((text, below)) = lines.split_first().map(|(line, below)| (line.text.as_str(), below)) else {
        return false;
    };
    let words = text.trim_end_matches(|c: char| c.is_ascii_digit());
    if words.len() == text.len() || text.len() - words.len() > 3 || text.len() > LONGEST {
        return false;
    }
    let heading = words.trim_end_matches(['.', '…', '·', '-', '_']);
    let is_heading = parts.heading_ends.iter().any(|end| heading.ends_with(end.as_str()))
        && !heading.contains(['。', ';', '%', '元'])
        && split_ordinal(heading).0 != Ordinal::None;
    let led = words[heading.len()..].chars().nth(1).is_some();
    is_heading && (led || below.iter().any(|line| line.text == heading))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Lines of digits alone are page numbers where they count on: at least three of them, one or two pages apart.
fn number_pages(paragraphs: &[Paragraph], lines: &mut [Line]) {
    const FEWEST: usize = 3;
    let candidates: Vec<(usize, u32)> = lines
        .iter()
        .enumerate()
        .filter(|(at, line)| **line == Line::Digits && !paragraphs[*at].text.starts_with('0'))
        .filter_map(|(at, _)| Some((at, paragraphs[at].text.parse().ok()?)))
        .collect();
    // For each the longest count that ends with it, and the one before in that.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(candidates.len());
    for (index, (_, number)) in candidates.iter().enumerate() {
        let goes_on = |earlier: &usize| (1..=2).contains(&number.saturating_sub(candidates[*earlier].1));
        let before = (0..index).rev().take(MOST_BETWEEN).filter(goes_on).max_by_key(|earlier| best[*earlier].0);
        best.push((before.map_or(1, |before| best[before].0 + 1), before));
    }
    let mut last = (0..best.len()).max_by_key(|index| best[*index].0).filter(|index| best[*index].0 >= FEWEST);
    while let Some(index) = last {
        lines[candidates[index].0] = Line::PageNumber { bare: true };
        last = best[index].1;
    }
}

/// How many other lines of digits may stand between two page numbers.
const MOST_BETWEEN: usize = 40;

/// Lines that recur, and whether they do as running heads do: beside page numbers, or many times with year or name.
fn recurring(
    paragraphs: &[Paragraph],
    lines: &[Line],
    unit_names: &[UnitName],
    parts: &WordParts,
) -> Vec<(usize, bool)> {
    let mut by_words: Map<&str, Vec<(usize, bool)>> = Map::default();
    let filled: Vec<usize> = (0..paragraphs.len()).filter(|at| !paragraphs[*at].is_empty()).collect();
    let is_page = |at: Option<&usize>| at.is_some_and(|at| matches!(lines[*at], Line::PageNumber { .. }));
    let mut words_in_order = Vec::new();
    for (index, at) in filled.iter().enumerate() {
        let paragraph = &paragraphs[*at];
        if lines[*at] != Line::Text || !may_be_head(paragraph) {
            continue;
        }
        let (words, numbered) = without_page_number(paragraph, parts);
        let beside = numbered
            || is_page(filled.get(index + 1))
            || is_page(index.checked_sub(1).and_then(|before| filled.get(before)));
        let same = by_words.entry(words).or_default();
        if same.is_empty() {
            words_in_order.push(words);
        }
        same.push((*at, beside));
    }
    let mut heads = Vec::new();
    for words in words_in_order {
        let Some(places) = by_words.get(words).filter(|places| places.len() > 1) else { continue };
        let all_beside = places[1..].iter().all(|(_, beside)| *beside);
        let named = words.contains("年") && words.contains("20")
            || unit_names.iter().any(|name| !name.of_kind && words.contains(&name.text));
        let is_head = all_beside || named && places.len() > 2;
        // The first may be the title itself.
        let first_is_title = !places[0].1;
        heads.extend(places.iter().skip(usize::from(first_is_title)).map(|(at, _)| (*at, is_head)));
    }
    heads
}

/// Wider lines are all the same: wider than any page.
const WIDEST: usize = 200;

/// How wide the lines of a text are, where a page broke them: most of its long lines are then equally wide.
pub(super) fn width(lines: &[super::Line<'_>]) -> Option<usize> {
    /// Narrower or wider ones were broken by no page.
    const LIKELY: std::ops::RangeInclusive<usize> = 40..=140;
    let mut widths: Vec<usize> = lines.iter().map(|line| width_of(line.text)).filter(|width| *width > 0).collect();
    widths.sort_unstable();
    let width = *widths.get(widths.len() * 9 / 10)?;
    let full = widths.iter().filter(|of| is_near(**of, width)).count();
    let beyond = widths.iter().filter(|of| **of > width + width / 5).count();
    (LIKELY.contains(&width) && full * 3 >= widths.len() && beyond * 20 <= widths.len()).then_some(width)
}

/// A line is as wide as the page.
pub(super) fn is_full(text: &str, width: usize) -> bool {
    is_near(width_of(text), width)
}

fn is_near(width: usize, page: usize) -> bool {
    width * 8 >= page * 7
}

/// A line's width in letters: an ideograph has the width of two.
fn width_of(text: &str) -> usize {
    let text = text.trim();
    if text.len() > 2 * WIDEST {
        // A letter takes at most two bytes for each of its width: how wide so long a line is, nobody asks.
        return WIDEST;
    }
    2 * characters(text) - text.bytes().filter(u8::is_ascii).count()
}

/// A short line of words, without an ordinal or the marks of sentences.
fn may_be_head(paragraph: &Paragraph) -> bool {
    let text = paragraph.text.as_str();
    (9..=150).contains(&text.len())
        && !text.contains(['。', ';', ',', ':', '%', '元'])
        && matches!(paragraph.ordinal().0, Ordinal::None | Ordinal::Part)
}

/// A line without the number of its page before or behind its words, and whether it had one.
fn without_page_number<'p>(paragraph: &'p Paragraph, parts: &WordParts) -> (&'p str, bool) {
    let text = paragraph.text.as_str();
    let of_pages = [&parts.page_number, &parts.page, &parts.pages];
    let of_pages = |c: char| of_pages.iter().any(|words| words.iter().any(|word| word.contains(c)));
    let words = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '/') || of_pages(c));
    if words.len() < text.len() && paragraph.gap_before(words.len()) == Gap::Blank {
        return (words, true);
    }
    let behind = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    let at = text.len() - behind.len();
    if at > 0 && at <= 5 && paragraph.gap_before(at) == Gap::Blank { (behind, true) } else { (text, false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(texts: &[&str]) -> Vec<Line> {
        let read = |(number, text): (usize, &&str)| {
            let place = crate::model::Place::Paragraph { paragraph: 1, range: None };
            Paragraph::of_line(&super::super::Line { text, place, offset: None }, number)
        };
        let paragraphs: Vec<Paragraph> = texts.iter().enumerate().map(read).collect();
        let word = |word: &str| vec![word.to_owned()];
        let parts = WordParts {
            page_number: word("第"),
            pages: word("共"),
            page: word("页"),
            heading_ends: word("说明"),
            figure: word("图"),
            ..WordParts::default()
        };
        lines(&paragraphs, &[], &parts, |_| true)
    }

    #[test]
    fn page_numbers_are_known_by_their_marks() {
        for text in
            ["- 12 -", "—3—", "－ 4 －", "第3页", "第 3 页 共 30 页", "第3页/共30页", "3 / 30", "共30页 第3页", "·5·"]
        {
            assert_eq!(kinds(&[text]), [Line::PageNumber { bare: false }], "{text}");
        }
        for text in ["-5", "5-", "第3", "3.5", "2021/2020", "共5", "第一页"] {
            assert_eq!(kinds(&[text]), [Line::Text], "{text}");
        }
    }

    #[test]
    fn digits_alone_are_page_numbers_only_where_they_count_on() {
        let bare = Line::PageNumber { bare: true };
        assert_eq!(kinds(&["甲", "3", "乙"])[1], Line::Digits);
        assert_eq!(kinds(&["3", "甲", "4", "8", "乙", "6"]), [bare, Line::Text, bare, Line::Digits, Line::Text, bare]);
        assert_eq!(kinds(&["03", "04", "05"]), [Line::Digits; 3]);
    }

    #[test]
    fn a_line_that_begins_with_the_number_of_a_figure_is_its_caption() {
        for text in ["图1", "图2：收入决算结构图（单位：万元）", "图 1-3 支出结构图", "图3：2020年支出结构图"]
        {
            assert_eq!(kinds(&[text]), [Line::Caption], "{text}");
        }
        for text in ["图书馆", "图3中下属单位支出合计", "图2显示收入3万元", "图3：收入增加。", "图书3册"]
        {
            assert_eq!(kinds(&[text]), [Line::Text], "{text}");
        }
    }

    #[test]
    fn a_heading_with_the_number_of_a_page_is_of_the_contents() {
        let of_contents = |texts: &[&str]| kinds(texts)[0] == Line::Contents;
        assert!(of_contents(&["一、收入决算情况说明……9"]));
        assert!(of_contents(&["（一）收入决算情况说明 ........ 12"]));
        assert!(of_contents(&["一、收入决算情况说明\t9", "甲", "一、收入决算情况说明"]));
        for lines in [
            &["一、收入决算情况说明\t9", "甲"][..],
            &["收入决算情况说明……9"],
            &["1.公务接待费\t3", "1.公务接待费"],
            &["一、收入9万元的说明3", "一、收入9万元的说明"],
            &["一、收入决算情况说明2022", "一、收入决算情况说明"],
        ] {
            assert!(!of_contents(lines), "{lines:?}");
        }
    }

    #[test]
    fn what_recurs_beside_page_numbers_is_a_running_head() {
        let head = Line::RunningHead;
        let page = Line::PageNumber { bare: false };
        assert_eq!(
            kinds(&["部门决算说明", "甲", "-1-", "部门决算说明", "乙", "-2-", "部门决算说明"]),
            [Line::Text, Line::Text, page, head, Line::Text, page, head]
        );
        assert_eq!(kinds(&["决算说明 1", "甲", "决算说明 2"]), [head, Line::Text, head]);
        assert_eq!(kinds(&["总体情况", "甲", "总体情况", "乙", "总体情况"]), [Line::Text; 5]);
        assert_eq!(kinds(&["2021年度决算", "甲", "2021年度决算", "2021年度决算"])[2], head);
    }
}
