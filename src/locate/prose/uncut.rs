//! A sentence before it is cut: where it ends, and all that its cut depends on.

use memchr::memchr3;

use super::runs::Run;

/// A part of a paragraph that is cut by itself: up to a full stop outside brackets and titles.
#[derive(Clone, Copy)]
pub(super) struct Sentence<'p> {
    pub(super) text: &'p str,
    /// The byte behind the paragraph's ordinal, where it is the first one.
    pub(super) begin: usize,
    /// The byte of the paragraph where it starts, from which the bytes of all that follows must be counted.
    pub(super) start: usize,
    pub(super) runs: &'p [Run],
    pub(super) units: &'p [(usize, usize)],
    pub(super) dashes: &'p [usize],
}

impl<'p> Sentence<'p> {
    /// Its runs of digits.
    pub(super) fn runs(&self) -> impl Iterator<Item = Run> + use<'p> {
        let start = self.start;
        self.runs.iter().map(move |run| Run { start: run.start - start, end: run.end - start, fate: run.fate.clone() })
    }

    /// Start and end of each name of the reporting unit.
    pub(super) fn units(&self) -> impl Iterator<Item = (usize, usize)> + use<'p> {
        let start = self.start;
        self.units.iter().map(move |(from, to)| (from - start, to - start))
    }

    /// A folded `-` at a byte was written as a minus sign or a hyphen, not as a dash.
    pub(super) fn written_is_minus(&self, at: usize) -> bool {
        !self.dashes.contains(&(self.start + at))
    }

    /// The digits of a run, and where it starts and ends.
    pub(super) fn digits(&self, run: &Run) -> (&'p str, usize, usize) {
        let (start, end) = (run.start - self.start, run.end - self.start);
        (&self.text[start..end], start, end)
    }
}

/// Where the sentence ends that goes on at a byte: behind a full stop outside brackets and titles, or with the text.
pub(super) fn sentence_end(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = from;
    // The first byte of `。` is that of `《`, too.
    while let Some(found) = memchr3(b'(', b')', "。".as_bytes()[0], &bytes[at..]) {
        at += found;
        match &bytes[at..] {
            [b'(', ..] => depth += 1,
            [b')', ..] => depth = depth.saturating_sub(1),
            rest if rest.starts_with("。".as_bytes()) && depth == 0 => return at + '。'.len_utf8(),
            rest if rest.starts_with("《".as_bytes()) => {
                at += text[at..].find('》').unwrap_or(0);
            }
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_with_full_stops_outside_brackets_and_titles() {
        for (text, sentences) in [
            ("甲1万元。乙2万元。", &["甲1万元。", "乙2万元。"][..]),
            ("甲(含乙。含丙)1万元。丁", &["甲(含乙。含丙)1万元。", "丁"]),
            ("按《甲。乙》。丙", &["按《甲。乙》。", "丙"]),
            ("甲(乙。丙", &["甲(乙。丙"]),
            ("甲)乙。丙", &["甲)乙。", "丙"]),
            ("按《甲。乙", &["按《甲。", "乙"]),
            ("甲、乙", &["甲、乙"]),
        ] {
            let mut found = Vec::new();
            let mut start = 0;
            while start < text.len() {
                let end = sentence_end(text, start);
                found.push(&text[start..end]);
                start = end;
            }
            assert_eq!(found, sentences, "{text}");
        }
    }
}
