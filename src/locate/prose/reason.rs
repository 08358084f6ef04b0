//! Free stretches (主要原因是 …): where one ends because a statement opens.

use super::ahead::{
    behind_final, changes_by_an_amount, counted_directly, is_direction, is_only_counted, label_changes,
    opens_comparison, speaks, statement_opens, tells_budget,
};
use super::naming::{Named, Told};
use super::reading::Reading;
use super::sentence::{IN_REASON, List, Reason, STATEMENT_IN_REASON, Since, Time};
use super::tokens::{Token, Word, is_number};
use crate::mapping::{ComparisonWord, LabelSense, Only, Senses, TimeWord, Unit, WordSense, accounts};
use crate::model::{Fate, Measure, Unproved, fold_char};

impl Reading<'_, '_> {
    pub(super) fn enter_reason(&mut self, purpose: bool) {
        self.finish_comparison();
        self.state.resumes = false;
        self.state.drop_pending();
        self.state.since = Since::Mark;
        self.state.reason = Some(Reason { purpose, ..Reason::default() });
    }

    /// 比上年减少3万元，主要是公务用车购置费减少2万元、公务接待费减少1万元: parts of what changed, each with its direction and amount, directly
    /// behind the opener of the reason. They are read as parts of a list, which add up to the change or are left over.
    pub(super) fn tell_parts_of_change(&mut self, from: usize, to: usize) {
        let end = self.end_of_moves(from, to);
        let [whole] = self.state.subject.as_slice() else { return };
        let clear = self.state.doubt().is_none() && self.state.hard.is_none() && whole.doubt.is_none();
        let last = self.reader.located.claims[self.sentence_from..].last();
        let changed = last.is_some_and(|claim| {
            use Measure::{Change, ChangeRate, Deviation, DeviationRate};
            let compares = matches!(claim.key.measure, Change | ChangeRate | Deviation | DeviationRate);
            compares && claim.doubt.is_none() && whole.items.contains(&claim.key.item)
        });
        if end == from || !clear || !changed || self.is_one_move_among_others(from, end, to) {
            return;
        }
        let outside = self.state.clone();
        let told = self.told.clone();
        let total = outside.subject.clone();
        self.state.drop_pending();
        self.state.list = Some(List { total, here: true, unnamed: true, behind_reason: true, ..List::default() });
        self.state.since = Since::Mark;
        self.state.clause_opens = true;
        let before = self.reader.located.claims.len();
        self.words(from, end);
        for claim in &mut self.reader.located.claims[before..] {
            // What is no part of the whole ends the list.
            claim.doubt.get_or_insert(Unproved::BehindReason);
        }
        self.state = outside;
        self.told = told;
    }

    /// 比上年减少3万元，主要是公务接待费减少3万元，某某减少1万元: one part that moved as far as the whole proves nothing where the reason goes on with
    /// numbers.
    fn is_one_move_among_others(&self, from: usize, end: usize, to: usize) -> bool {
        let mut goes_on = self.tokens[end..to].iter().take_while(|token| !matches!(token.word, Word::Mark('。')));
        self.tokens[from..end].iter().filter(|token| is_number(token)).count() == 1 && goes_on.any(is_number)
    }

    /// Where labels end that stand side by side, each with a direction and an amount of money and with nothing else.
    fn end_of_moves(&self, from: usize, to: usize) -> usize {
        let word = |at: usize| self.tokens[..to].get(at).map(|token| &token.word);
        let sense = |at: usize| match word(at) {
            Some(Word::Phrase(senses)) if senses.label.is_none() => senses.word,
            _ => None,
        };
        let names = |at: usize| match word(at) {
            Some(Word::Phrase(senses)) => {
                senses.category
                    || senses.label.as_ref().is_some_and(|label| label.only.is_none() && !label.items.is_empty())
            }
            _ => false,
        };
        let (mut end, mut at) = (from, from);
        loop {
            while matches!(word(at), Some(Word::Mark(',' | ';' | '、' | ':')))
                || sense(at) == Some(WordSense::Link) && self.enumerates(at)
            {
                at += 1;
            }
            let amount = at + 1 + usize::from(matches!(sense(at + 1), Some(WordSense::Direction(_))));
            let money =
                matches!(word(amount), Some(Word::Number(number)) if matches!(number.unit, Some(Unit::Money(_))));
            let whole = matches!(word(amount + 1), None | Some(Word::Mark(_)));
            if !(names(at) && amount == at + 2 && money && whole) {
                return end;
            }
            (end, at) = (amount + 1, amount + 1);
        }
    }

    /// Behind the full stop a reason is as one without a number where it told none that the label before it may have: 新增人员3人。
    pub(super) fn end_reason(&mut self) {
        if let Some(reason) = &mut self.state.reason {
            reason.number &= reason.own;
        }
        self.leave_reason();
    }

    /// A number in it puts the governing label in doubt.
    pub(super) fn leave_reason(&mut self) {
        let Some(reason) = self.state.reason.take() else { return };
        self.state.reason_of_whole = reason.of_whole;
        if reason.number {
            let clear = self.state.doubt().is_none() && self.state.hard.is_none();
            for named in &mut self.state.subject {
                named.by_reason = clear && named.doubt.is_none();
                named.doubt.get_or_insert_with(|| IN_REASON.to_owned());
            }
            self.told_before_reason = std::mem::take(&mut self.told);
        }
        // 用于经批准购置的2辆公务用车；公务用车运行维护费5万元: what was counted is no statement of money.
        if reason.amount && reason.speaks {
            self.state.unknown.get_or_insert_with(|| STATEMENT_IN_REASON.to_owned());
            self.state.apart = false;
            self.state.ours = false;
        }
    }

    /// 主要原因是上年接待较多，公务接待费6万元: last year's amount, or this year's? The time that a reason names last governs what
    /// resumes behind it, until ours is named or the sentence ends.
    fn keep_time_of_reason(&mut self) {
        let Some(words) = self.state.reason.as_ref().and_then(|reason| reason.time.clone()) else { return };
        let before = std::mem::replace(&mut self.state.time, Time::Other(words));
        self.state.time_before_reason.get_or_insert(before);
    }

    /// 主要是上年有专项120万元；本年支出80万元: a label that begins with our year ends what the reason spoke of, and its time.
    pub(super) fn end_time_of_reason(&mut self, label: usize) {
        let spoke = self.state.unknown.as_deref() == Some(STATEMENT_IN_REASON);
        if self.state.time_before_reason.is_none() && !spoke {
            return;
        }
        let token = &self.tokens[label];
        let ours = WordSense::Time(TimeWord::Current);
        let mut words = self.reader.words.lexicon.beginning_at(&self.paragraph.text, token.start);
        if words.any(|found| found.end < token.end && found.senses.word == Some(ours)) {
            if self.state.time_before_reason.take().is_some() {
                self.state.time = Time::Ours;
            }
            if spoke {
                self.state.unknown = None;
            }
        }
    }

    /// 支出90万元，主要原因是某某90万元: the number is written as a final of the sentence is, so that parts behind it may be of the one or
    /// of the other.
    fn is_as_much_as_told(&self, at: usize) -> bool {
        let digits = |written: &str| -> String {
            let digits = written.chars().filter_map(fold_char).filter(|c| c.is_ascii_digit() || *c == '.').collect();
            let digits: String = digits;
            if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.').to_owned() } else { digits }
        };
        let here = digits(&self.text(at));
        let claims = &self.reader.located.claims[self.sentence_from..];
        claims.iter().any(|claim| claim.key.measure == Measure::Final && digits(&claim.written) == here)
    }

    /// 安排农林水支出90万元用于某工程，实际支出80万元: behind what the money was for another final is told, so that the first was none; nor was
    /// one that was put by, where 支出80万元 alone follows.
    fn is_spent_behind_purpose(&mut self, at: usize) {
        let [before @ .., word] = &self.tokens[..at] else { return };
        let Word::Phrase(senses) = &word.word else { return };
        // 用于某工程，当年支出80万元
        let says_when = |token: &&Token<'_>| {
            let word = if let Word::Phrase(senses) = &token.word { senses.word } else { None };
            matches!(word, Some(WordSense::Time(TimeWord::Current) | WordSense::Link))
        };
        let Some(mark) = before.iter().rev().find(|token| !says_when(token)) else { return };
        let is_final = senses.word == Some(WordSense::Measure(Measure::Final)) && senses.label.is_none();
        let spends = senses.label.as_ref().is_some_and(|label| label.only == Some(Only::Weak));
        let opens = (is_final || spends) && matches!(mark.word, Word::Mark(',' | ';'));
        let purpose = self.state.reason.as_ref().is_some_and(|reason| reason.purpose && !reason.number);
        let [named] = self.state.subject.as_slice() else { return };
        if !(opens && purpose) {
            return;
        }
        let of_it = |claim: &crate::model::Claim| {
            claim.key.measure == Measure::Final
                && named.items.contains(&claim.key.item)
                && claim.key.function == named.function
        };
        let told = self.reader.located.claims[self.sentence_from..].iter().rposition(|claim| of_it(claim));
        let told = told.map(|told| self.sentence_from + told);
        if let Some(told) = told.filter(|told| is_final || self.put_by(*told).is_some()) {
            self.report_two_values(told);
        }
    }

    /// 一是…；二是项目支出较上年增加5万元: another reason.
    fn enumerates(&self, at: usize) -> bool {
        let text = self.tokens.get(at).map(|token| &self.paragraph.text[token.start..token.end]);
        text.is_some_and(|text| text.starts_with(|c| "一二三四五六七八九十".contains(c)))
    }

    /// What a word of a free stretch makes of the time in it: `None` where it names none, `Some(None)` where it names ours.
    fn time_in_reason(&self, at: usize, to: usize) -> Option<Option<String>> {
        let ours = match &self.tokens[at].word {
            Word::Year(year) => self.time_of(*year, at) == Time::Ours,
            Word::Years => false,
            Word::Phrase(Senses { word: Some(WordSense::Time(time)), .. }) => *time == TimeWord::Current,
            _ => return None,
        };
        // 比上年, 与2020年相比: that of a comparison, not of what is told.
        let comparison = |at: usize| match &self.tokens[at].word {
            Word::Phrase(Senses { word: Some(WordSense::Comparison(word)), .. }) => Some(*word),
            _ => None,
        };
        let opened = at.checked_sub(1).is_some_and(|before| match comparison(before) {
            Some(ComparisonWord::Open) => true,
            Some(ComparisonWord::OpenIfClosed) => self.is_closed(before, to),
            Some(ComparisonWord::Close) => self.opens_alone(before, to),
            _ => false,
        });
        let closed = at + 1 < to && comparison(at + 1) == Some(ComparisonWord::Close);
        if opened || closed { None } else { Some((!ours).then(|| self.text(at))) }
    }

    /// 主要是厉行节约；较上年减少2万元: behind a reason that names no label and no number, and that a semicolon ends, a
    /// comparison with its direction and amount is that of what governs. So it is behind a comma where what was said is what
    /// the money was for: 用于接待检查组，较上年减少2万元. There the budget of a place of the classification is told in the same way:
    /// 行政运行（项）70万元，用于人员工资，年初预算为80万元. That behind 项目支出70万元，用于某工程 may be of what it was for.
    fn resumes_behind(&self, mark: char, from: usize, to: usize) -> bool {
        let silent = |reason: &Reason| match mark {
            ';' => !reason.names && !reason.enumerates,
            ',' => reason.purpose && !reason.names,
            _ => false,
        };
        let silent = self.state.reason.as_ref().is_some_and(|reason| !reason.number && silent(reason));
        let compares = || opens_comparison(self.tokens, from) && changes_by_an_amount(self.tokens, from + 1, to);
        let of_place = matches!(self.state.subject.as_slice(), [named] if !named.function.is_empty());
        silent && (compares() || mark == ',' && of_place && tells_budget(self.tokens, from, to))
    }

    /// 较预算减少1万元，主要是公务用车购置费减少；较上年减少2万元: behind a semicolon, and with a comparison or completion before the
    /// reason, the sentence goes on with what it was about, whatever the reason names. So it does behind a comma where what
    /// was named is what the money was for: 主要用于人员经费和公用经费支出，比上年增加5万元.
    fn goes_on_behind(&self, mark: char) -> bool {
        let (Some(reason), [named]) = (&self.state.reason, self.state.subject.as_slice()) else { return false };
        let told = matches!(named.told, Told::Amount(_) | Told::ChangeOf(_));
        let plain = !reason.number && !reason.enumerates && named.doubt.is_none() && told;
        plain && (mark == ';' && (named.compared || named.completed) || mark == ',' && reason.purpose)
    }

    /// Behind the reason a comparison opens with its direction and amount: of the label before the reason where that goes on
    /// for certain, else if the amounts prove it. `false` where it is not read at all.
    fn resumes_with_change(&mut self, mark: char, at: usize) -> bool {
        let of_one = matches!(self.state.subject.as_slice(), [named] if named.doubt.is_none() || named.by_reason);
        if !matches!(mark, ',' | ';') || !of_one || self.state.hard.is_some() {
            return false;
        }
        let certain = self.goes_on_behind(mark);
        let list = self.state.list.as_ref().or(self.state.past_list.as_ref());
        let last_part = self.state.subject.iter().any(|named| named.listed || named.past_part)
            && list.is_some_and(|list| list.has_several() && !list.compared)
            && !self.another_part_follows(at);
        if !certain {
            self.keep_time_of_reason();
        }
        self.leave_reason();
        if !certain || last_part {
            for named in &mut self.state.subject {
                named.by_reason |= named.doubt.is_none();
                named.doubt.get_or_insert_with(|| CHANGE_BEHIND.to_owned());
            }
        }
        // 主要是…；较上年: no statement of its own.
        self.comma();
        self.state.resumes = true;
        true
    }

    /// …收入90万元，主要是…；支出80万元: behind what was told of the one side of a total, the other side.
    fn opens_other_side(&self, from: usize, to: usize) -> bool {
        let [named] = self.state.subject.as_slice() else { return false };
        let (Some(Word::Phrase(Senses { label: Some(label), .. })), true) =
            (self.tokens.get(from).map(|token| &token.word), named.is_total() && named.doubt.is_none())
        else {
            return false;
        };
        let other = |item: &std::sync::Arc<str>| label.items.iter().any(|of| accounts::opposite(item) == Some(&**of));
        let measure = |token: &&Token<'_>| match &token.word {
            Word::Phrase(senses) => {
                senses.label.is_none()
                    && matches!(senses.word, Some(WordSense::Measure(Measure::Final) | WordSense::Link))
            }
            _ => false,
        };
        let behind = from + 1 + self.tokens[from + 1..to].iter().take_while(measure).count();
        let amount = matches!(
            self.tokens[..to].get(behind).map(|token| &token.word),
            Some(Word::Number(number)) if matches!(number.unit, Some(Unit::Money(_)))
        );
        label.only == Some(Only::Weak) && named.items.iter().any(other) && amount
    }

    /// 与上年相比，收入总计增加5万元，主要是…；支出总计增加4万元: behind what was compared of the one side of a total, the other side, by its
    /// full name and with its direction and amount.
    fn compares_other_side(&self, from: usize, to: usize) -> bool {
        let [named] = self.state.subject.as_slice() else { return false };
        // 财政拨款 | 支出总计
        let fund = match self.tokens.get(from).map(|token| &token.word) {
            Some(Word::Phrase(Senses { label: None, word: Some(WordSense::Funding(fund)), .. })) => Some(*fund),
            _ => None,
        };
        let at = from + usize::from(fund.is_some());
        let Some(Word::Phrase(Senses { label: Some(label), .. })) = self.tokens.get(at).map(|token| &token.word) else {
            return false;
        };
        let is_other =
            |item: &std::sync::Arc<str>| label.items.iter().any(|of| accounts::opposite(item) == Some(&**of));
        let compared = named.compared && named.doubt.is_none() && (named.is_total() || named.is_grand_total());
        let of_same_fund = label.funding.or(fund) == named.own_funding;
        let other = label.only.is_none() && of_same_fund && named.items.iter().any(is_other);
        compared
            && other
            && is_direction(self.tokens[..to].get(at + 1))
            && changes_by_an_amount(self.tokens, at + 1, to)
    }

    /// 公务接待费2万元，用于接待检查组，公务接待费较上年减少1万元: behind what the money was for, the label that governs.
    fn names_itself_again(&self, at: usize) -> bool {
        let of_purpose = self.state.reason.as_ref().is_some_and(|reason| reason.purpose);
        let [named] = self.state.subject.as_slice() else { return false };
        let same = |label: &LabelSense| label.only.is_none() && !label.items.is_empty() && label.items == named.items;
        match self.tokens.get(at).map(|token| &token.word) {
            Some(Word::Phrase(Senses { label: Some(label), .. })) => of_purpose && named.doubt.is_none() && same(label),
            _ => false,
        }
    }

    /// 公务接待费2万元，用于接待检查组1万元，公务接待费较上年减少1万元: of the label before it, or of what it was for? The amounts can prove
    /// the former.
    fn resumes_with_itself(&mut self) {
        let unknown = self.state.unknown.clone();
        self.keep_time_of_reason();
        self.leave_reason();
        self.state.unknown = unknown;
        self.comma();
        self.state.resumes = true;
    }

    /// Directly before a mark stands what opens a reason.
    fn is_reason_s_name(&self, mark: usize) -> bool {
        let is = |at: usize, sense: WordSense| match &self.tokens[at].word {
            Word::Phrase(senses) => senses.word == Some(sense),
            _ => false,
        };
        let before = (0..mark).rev().find(|at| !is(*at, WordSense::Link));
        before.is_some_and(|at| is(at, WordSense::Reason))
    }

    /// 主要是公车改革后封存车辆2辆: behind a word that is not known what a count and its parts are called alike (车辆) names one of these.
    fn names_any_part(&self, at: usize) -> bool {
        let behind_unknown = at.checked_sub(1).is_some_and(|before| matches!(self.tokens[before].word, Word::Unknown));
        let Word::Phrase(Senses { label: Some(label), .. }) = &self.tokens[at].word else { return false };
        let kinds = self.reader.words.lexicon.kinds();
        let mut called = label.counts.iter().filter_map(|(_, item)| kinds.get(item)).flatten();
        behind_unknown && called.any(|word| *word == self.text(at))
    }

    /// 主要用于油料费3万元、维修费2万元等，公务用车保有量6辆: what the amounts were for has no part in what is counted behind the mark.
    fn reason_ends_in_a_count(&self, from: usize, to: usize) -> bool {
        let purpose = self.state.reason.as_ref().is_some_and(|reason| reason.purpose);
        purpose && counted_directly(self.tokens, from, to, self.reader.words.lexicon)
    }

    /// 车均运行维护费2.16万元: an average, which is no amount of any label.
    fn is_average(&self, at: usize) -> bool {
        let clause = self.tokens[..at].iter().rev().take_while(|token| !matches!(token.word, Word::Mark(_)));
        let averages = |token: &Token<'_>| match &token.word {
            Word::Phrase(senses) => senses.word == Some(WordSense::Average),
            _ => false,
        };
        { clause }.any(averages)
    }

    /// 主要原因是基本支出减少5万元其中：基本支出80万元，…: the mark before the list was left out, behind a number of the reason.
    fn opens_list_in_reason(&self, at: usize, to: usize) -> bool {
        let behind_number = at.checked_sub(1).is_some_and(|before| is_number(&self.tokens[before]));
        let colon = matches!(self.tokens[..to].get(at + 1).map(|next| &next.word), Some(Word::Mark(':')));
        let opens = matches!(&self.tokens[at].word, Word::Phrase(Senses { word: Some(WordSense::PartsOpen), .. }));
        behind_number && colon && opens && statement_opens(self.tokens, at + 2, to)
    }

    /// A word inside a free stretch: `None` where the stretch is over and the word is read as usual.
    pub(super) fn in_reason(&mut self, at: usize, to: usize) -> Option<usize> {
        match &self.tokens[at].word {
            Word::Mark('。') if !self.state.aside => None,
            Word::Mark(mark @ (',' | ';' | '。' | ':')) => {
                let from = if *mark == ';' { behind_final(self.tokens, at + 1, to) } else { at + 1 };
                let compares = opens_comparison(self.tokens, from) && changes_by_an_amount(self.tokens, from + 1, to);
                if compares && self.goes_on_behind(*mark) && self.resumes_with_change(*mark, at) {
                    return Some(at + 1);
                }
                let apart = *mark == ';' && !self.enumerates(at + 1);
                if self.state.reason.as_ref().is_some_and(|reason| reason.number)
                    && self.names_itself_again(at + 1)
                    && label_changes(self.tokens, at + 1, to)
                {
                    self.resumes_with_itself();
                    return Some(at + 2);
                }
                let changed = (apart || self.names_itself_again(at + 1)) && label_changes(self.tokens, at + 1, to);
                // 主要原因是：住房保障支出60万元: what the colon announces is the reason.
                let announced = *mark == ':' && self.is_reason_s_name(at);
                if changed
                    || apart && (self.opens_other_side(at + 1, to) || self.compares_other_side(at + 1, to))
                    || !announced && statement_opens(self.tokens, at + 1, to)
                    || self.resumes_behind(*mark, from, to)
                {
                    let unknown = self.state.unknown.clone();
                    let counts = self.reason_ends_in_a_count(at + 1, to);
                    // 会议费2万元，主要用于总结上年工作；培训费5万元: what the money was for has no time of another statement.
                    if *mark != ';' || self.state.reason.as_ref().is_none_or(|reason| !reason.purpose) {
                        self.keep_time_of_reason();
                    }
                    self.leave_reason();
                    if counts {
                        self.state.unknown = unknown;
                    }
                    self.state.resumes = *mark == ',' && opens_comparison(self.tokens, at + 1);
                    return None;
                }
                if compares && self.resumes_with_change(*mark, at) {
                    return Some(at + 1);
                }
                if let Some(reason) = &mut self.state.reason {
                    // 较上年减少2万元，下降5%: the rate goes with the amount.
                    reason.compares = compares
                        || tells_budget(self.tokens, at + 1, to)
                        || reason.compares && is_direction(self.tokens.get(at + 1));
                    if !reason.number {
                        reason.spoke |= reason.speaks;
                        reason.speaks = false;
                    }
                }
                Some(at + 1)
            }
            Word::Number(_) | Word::Phrase(_)
                if counted_directly(self.tokens, at, to, self.reader.words.lexicon)
                    && !self.names_any_part(at)
                    && self.state.reason.as_ref().is_some_and(|reason| !reason.number) =>
            {
                self.keep_time_of_reason();
                self.leave_reason();
                None
            }
            Word::Number(number) if self.is_average(at) => {
                let (run, token) = (number.run, &self.tokens[at]);
                for run in self.runs[run..].iter_mut().take_while(|run| run.start < token.end) {
                    run.fate.get_or_insert_with(|| (Fate::Ignored, "reason".into()));
                }
                Some(at + 1)
            }
            Word::Number(number) => {
                let run = number.run;
                let token = &self.tokens[at];
                if self.state.reason.as_ref().is_some_and(|reason| reason.compares) {
                    self.leave_over(number, CHANGE_BEHIND.to_owned());
                }
                for run in self.runs[run..].iter_mut().take_while(|run| run.start < token.end) {
                    run.fate.get_or_insert_with(|| (Fate::Ignored, "reason".into()));
                }
                // An amount of money or a rate may be that of a label: what the rest of the sentence takes for granted
                // is in doubt. 人数120人 is no such number.
                let of_a_label = !matches!(number.unit, Some(Unit::Count(_) | Unit::Other));
                let counted = |named: &Named| match &number.unit {
                    Some(Unit::Count(unit)) => {
                        named.counts.iter().any(|(of, _)| self.reader.words.lexicon.counts_in(unit, of))
                    }
                    _ => false,
                };
                let own = of_a_label || self.state.subject.iter().any(counted);
                let of_whole = self.is_as_much_as_told(at);
                if !of_whole {
                    self.is_spent_behind_purpose(at);
                }
                self.may_be_that_of_a_part(at);
                if let Some(reason) = &mut self.state.reason {
                    reason.of_whole |= of_whole;
                    reason.own |= own;
                    reason.number = true;
                    reason.speaks |= of_a_label;
                    reason.amount |= of_a_label;
                }
                Some(at + 1)
            }
            Word::Phrase(_) if self.opens_list_in_reason(at, to) => {
                self.keep_time_of_reason();
                self.leave_reason();
                None
            }
            Word::Phrase(senses) => {
                let time = self.time_in_reason(at, to);
                let enumerates = self.enumerates(at) && self.text(at).ends_with('是');
                // 某项目收入20万元: 收入 alone may be that of anything; 财政拨款收入 is a part.
                let same = |label: &std::sync::Arc<LabelSense>| {
                    let of_it = |named: &Named| !label.items.is_empty() && named.items == label.items;
                    let of_part =
                        label.funding.is_some() && self.state.subject.iter().all(|of| of.own_funding.is_none());
                    label.only != Some(Only::Weak) && !of_part && self.state.subject.iter().any(of_it)
                };
                let of_whole = senses.label.as_ref().is_some_and(same);
                if let Some(reason) = &mut self.state.reason {
                    reason.of_whole |= of_whole;
                    reason.enumerates |= enumerates;
                    reason.speaks |= speaks(senses);
                    reason.names |= speaks(senses) && !is_only_counted(senses);
                    reason.time = time.unwrap_or(reason.time.take());
                }
                Some(at + 1)
            }
            Word::Function(_) | Word::Years | Word::Year(_) => {
                let time = self.time_in_reason(at, to);
                let is_year = matches!(self.tokens[at].word, Word::Year(_));
                if let Some(reason) = &mut self.state.reason {
                    reason.speaks |= !is_year;
                    reason.names = true;
                    reason.time = time.unwrap_or(reason.time.take());
                }
                Some(at + 1)
            }
            Word::Ordinal => {
                if let Some(reason) = &mut self.state.reason {
                    reason.enumerates = true;
                }
                Some(at + 1)
            }
            _ => Some(at + 1),
        }
    }
}

/// What leaves over a change behind a reason that the amounts do not prove.
pub(super) const CHANGE_BEHIND: &str = "a change behind a reason";
