//! What the words before tell of others that the next number may be of.

/// What tells, from the words before, that the next number may be of others than the label named last.
#[derive(Clone, Debug, Default)]
pub(super) struct Others {
    /// A part of a list governed, and its statement is over: 其中：甲100万元；乙20万元。比上年增加… is of the last part
    /// or of the whole, until a label is named.
    pub(super) part_or_whole: bool,
    /// An ordinal stands before, and whether a label was named behind it.
    ordinal_named: Option<bool>,
    /// 总收入80万元，其中本年收入78万元: what was named behind 其中 is no part of what stands before it, as that is understood, so that it is
    /// not known what is told behind the last part.
    pub(super) among_strangers: bool,
    /// How many labels the sentence named, one after the other.
    pub(super) named_here: usize,
    /// The sentence before named several, and this one none: 基本支出80万元，项目支出10万元。与上年相比增加… is of the last or of all.
    pub(super) behind_several: bool,
    /// An enumeration by 、: behind its comma a number without a label is of its last member or of all.
    enumeration: Enumeration,
}

/// Labels with their numbers, joined by 、: 甲100万元、乙20万元.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Enumeration {
    /// There is none.
    #[default]
    None,
    /// 、 stands behind a number.
    Joined,
    /// A label stands behind that.
    Goes,
}

impl Others {
    /// A label is named, `another` than governed before: the next number is its own.
    pub(super) fn named(&mut self, another: bool) {
        self.part_or_whole = false;
        self.behind_several = false;
        self.named_here += usize::from(another);
        if self.enumeration == Enumeration::Joined {
            self.enumeration = Enumeration::Goes;
        }
    }

    /// A label governs now.
    pub(super) fn governed(&mut self) {
        if let Some(named) = &mut self.ordinal_named {
            *named = true;
        }
    }

    /// 各 gives the next numbers to all that were named.
    pub(super) fn of_all(&mut self) {
        self.enumeration = Enumeration::None;
        self.part_or_whole = false;
    }

    /// `、` behind a number.
    pub(super) fn joined(&mut self) {
        if self.enumeration == Enumeration::None {
            self.enumeration = Enumeration::Joined;
        }
    }

    /// `，`
    pub(super) fn comma(&mut self) {
        self.part_or_whole |= std::mem::take(&mut self.enumeration) == Enumeration::Goes;
    }

    /// 1.公务接待费2万元；2.公务用车运行维护费10万元；3.比上年减少…: behind ordinals that each name their own, one that names nothing
    /// speaks of the last one, or of all.
    pub(super) fn ordinal(&mut self) {
        self.part_or_whole |= self.ordinal_named == Some(true);
        self.ordinal_named = Some(false);
    }

    /// `；`: a statement is over, in which a part governed.
    pub(super) fn semicolon(&mut self, of_part: bool) {
        self.enumeration = Enumeration::None;
        self.part_or_whole |= of_part;
    }

    /// `。`: a sentence is over, which told of both totals alone where `of_both`.
    pub(super) fn full_stop(&mut self, of_both: bool) {
        self.among_strangers = false;
        self.behind_several = std::mem::take(&mut self.named_here) > 1 && !of_both;
    }
}
