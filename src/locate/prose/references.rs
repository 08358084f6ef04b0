//! References to figures and tables by their number: （见图1）, 如图2所示, 详见附表3, 公开03表, and their captions behind a sentence.
//! They say nothing of what stands beside them.

use super::pages;
use crate::mapping::{WordParts, behind_any};

/// The reference that the digits `start..end` of a text are the number of: where it starts and ends.
///
/// What refers stands before it (如, 见), or nothing but a mark does; behind it stands a mark: 表3人 and 图3中下属单位 refer to nothing.
pub(super) fn around(text: &str, start: usize, end: usize, parts: &WordParts) -> Option<(usize, usize)> {
    /// 公开12表.
    const LONGEST: usize = 2;
    let is_number =
        (1..=LONGEST).contains(&(end - start)) && text[start..end].bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return None;
    }
    let named = ending_in(&text[..start], &parts.charts)?;
    let referred = ending_in(&text[..named], &parts.refers);
    let apart = || named == 0 || text[..named].ends_with([',', ';', '。', ':', '、', '(']);
    if referred.is_none() && !apart() {
        return None;
    }
    // …占12%。图1：收入决算结构图
    let caption = text[named..].split('。').next().filter(|caption| pages::is_caption(caption, parts));
    if let (None, Some(caption)) = (referred, caption) {
        return Some((named, named + caption.len()));
    }
    let part = |rest: &str| {
        let digits = rest.strip_prefix('-').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
        if digits > 0 { digits + 1 } else { 0 }
    };
    let mut behind = end + part(&text[end..]);
    while let Some(rest) = behind_any(&text[behind..], &parts.shown) {
        behind = text.len() - rest.len();
    }
    let closes = text[behind..].is_empty() || text[behind..].starts_with([',', ';', '。', ':', '、', ')']);
    closes.then_some((referred.unwrap_or(named), behind))
}

/// Where the longest of some words begins that ends a text.
fn ending_in(text: &str, words: &[String]) -> Option<usize> {
    let ends = words.iter().filter_map(|word| text.strip_suffix(word.as_str()));
    ends.map(str::len).min()
}
