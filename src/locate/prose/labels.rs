//! Labels: what one names where it stands, which funding it has, and how it goes with the labels before it.

use std::sync::Arc;

use super::functions;
use super::naming::{Named, Told};
use super::reading::Reading;
use super::section::{SectionFunding, is_part};
use super::sentence::{Enumeration, Since, Time};
use super::tokens::{Token, Word};
use crate::mapping::{ComparisonWord, LabelSense, Only, SectionKind, Senses, Unit, WordSense, accounts, is_funded};
use crate::model::{Funding, Measure};

impl Reading<'_, '_> {
    /// 本年支出合计, of which a function is a part.
    pub(super) fn expenditure(&self, at: usize) -> Named {
        Named { words: self.text(at).into(), items: self.reader.expenditure.clone(), funded: true, ..Named::default() }
    }

    /// The code of a 类; a name that the economic classification has too must stand among other 类.
    pub(super) fn category(&self, at: usize) -> Option<Arc<str>> {
        let year = self.reader.frame.fiscal_year;
        let of_both = self.reader.words.codes.economic.knows_name(&crate::model::Label::new(&self.text(at)));
        let before = self.state.subject.last().or(self.reader.subject.last());
        let among = |named: &Named| named.function.len() == 3 && named.doubt.is_none();
        if of_both && !before.is_some_and(among) {
            return None;
        }
        self.reader.words.codes.functional.code_of(&self.text(at), 3, "", Some(year))
    }

    pub(super) fn function(&mut self, at: usize, function: &functions::Function) {
        let code = match function {
            functions::Function::Known(code) => Some(code.clone()),
            functions::Function::Below(levels) => {
                let governing = self
                    .state
                    .subject
                    .iter()
                    .chain(self.state.list.iter().flat_map(|list| &list.total))
                    .find(|named| named.doubt.is_none() && !named.function.is_empty());
                // Without a 类 above it, 款 and 项 together may be those of one 类 alone.
                let parent = governing.map(|named| &*named.function).or((levels.len() > 1).then_some(""));
                let (codes, year) = (self.reader.words.codes, self.reader.frame.fiscal_year);
                // 其中：行政运行（项）80万元，执法办案（项）20万元: the second one stands beside the first.
                let beside = levels.first().map_or(0, |(digits, _)| digits.saturating_sub(2));
                // 就业补助 without its bracket may be a 款 or a 项.
                let bare = !self.text(at).contains('(');
                // 水利（款）680万元，其中：行政运行346万元: a part of that, and of no other 款 of its 类.
                let list = self.state.list.iter().filter(|list| list.doubt.is_none() && !list.of_several);
                let divided = list.flat_map(|list| &list.total).find(|total| total.function.len() == 5);
                let divided = divided.map(|total| total.function.clone()).filter(|_| bare);
                let below = |parent: &str| {
                    // Beside others of its 类, whatever governs.
                    let parent = match &divided {
                        Some(divided) if parent.starts_with(&**divided) => divided,
                        _ if bare => parent.get(..3).unwrap_or(parent),
                        _ => parent,
                    };
                    let resolved = |levels: &[(usize, String)]| {
                        functions::resolve(levels, parent.get(..beside).unwrap_or(parent), codes, year)
                    };
                    let section = || match levels.as_slice() {
                        [(7, name)] if bare && parent.len() == 3 => resolved(&[(5, name.clone())]),
                        _ => None,
                    };
                    match (resolved(levels), section()) {
                        (Some(_), Some(_)) => None,
                        (item, section) => item.or(section),
                    }
                };
                let above = || self.reader.places.last().and_then(|(_, above)| below(above));
                let free = bare && self.reader.places.is_empty() && !self.reader.lost && self.state.list.is_none();
                let alone = || if free { self.only_place_of(levels) } else { None };
                parent.and_then(below).or_else(|| if governing.is_none() { above().or_else(alone) } else { None })
            }
        };
        match code {
            Some(code) => {
                let named = Named { function: code, ..self.expenditure(at) };
                self.name(named);
            }
            // 行政运行: a name that several places have, and no word that might be anything.
            None if !self.text(at).contains('(') => {
                let word = self.text(at);
                self.state.block(&word, false);
            }
            None => self.not_understood(at),
        }
    }

    /// 教育支出（类）甲乙（款）丙丁（项）: a whole path that the list does not have, or not so, and no word in it that tells anything else.
    pub(super) fn is_strange_path(&self, at: usize) -> bool {
        let text = self.text(at);
        let lexicon = self.reader.words.lexicon;
        let tells_more = |from: usize| {
            lexicon.beginning_at(&text, from).any(|found| {
                let is_word = text[found.start..found.end].chars().nth(1).is_some();
                let harmless = |word| {
                    use WordSense::{Aside, EndsExamples, Example, Itself, Joiner, Link, RepeatsUnit};
                    matches!(word, Aside | EndsExamples | Example | Itself | Joiner | Link | RepeatsUnit)
                };
                let names = |label: &std::sync::Arc<LabelSense>| label.only.is_none();
                let senses = found.senses;
                is_word && (senses.word.is_some_and(|word| !harmless(word)) || senses.label.as_ref().is_some_and(names))
            })
        };
        // Its first level is one of all.
        let Some(end) = text.find("(类)") else { return false };
        let category = crate::model::Label::new(&text[..end]);
        let known = self.reader.words.codes.functional.knows_name(&category);
        known && text.contains("(项)") && !text.char_indices().any(|(from, _)| from >= end && tells_more(from))
    }

    /// Such a path takes away what governs until another label is named; that one, and the list, it leaves as they are.
    pub(super) fn strange_path(&mut self, at: usize) {
        let word = self.text(at);
        self.reader.stumbled = true;
        self.told.clear();
        self.state.block(&word, false);
    }

    /// 机关事业单位基本养老保险缴费支出年初预算60万元: a name without its 类 that one 项 of all has, and that means nothing else.
    fn only_place_of(&self, levels: &[(usize, String)]) -> Option<Arc<str>> {
        /// 培训支出, 安全监管: shorter names may be anything.
        const LONG: usize = 6;
        let codes = self.reader.words.codes;
        let [(7, name)] = levels else { return None };
        let label = crate::model::Label::new(name);
        let year = Some(self.reader.frame.fiscal_year);
        let of_section = codes.functional.code_of(name, 5, "", year).is_some();
        if name.chars().count() < LONG || of_section || codes.economic.knows_name(&label) {
            return None;
        }
        codes.functional.code_of(name, 7, "", year)
    }

    pub(super) fn label(&mut self, at: usize, label: &LabelSense) {
        let words = self.text(at);
        if label.only == Some(Only::Weak) {
            return self.weak(at, label);
        }
        let kind = self.reader.sections.current().map(|section| section.kind);
        let mut named = Named::of(label, &words);
        if let Some((_, item)) = label.by_section.iter().find(|(section, _)| Some(*section) == kind) {
            named.only = None;
            if named.counts.is_empty() {
                named.items = [item.clone()].into();
            } else {
                named.counts = named.counts.iter().map(|(unit, _)| (unit.clone(), item.clone())).collect();
            }
        } else if !label.by_section.is_empty() {
            named.counts = named.counts.iter().filter(|(_, item)| !item.is_empty()).cloned().collect();
            if let Some(base) = &label.base {
                let total = self.with_what_was_left(at, base);
                named.only = total.is_none().then_some(Only::Base);
                named.or_total = self.reader.vocabulary.item(base).and_then(|item| item.parent.clone());
                named.or_total = named.or_total.filter(|_| total.is_none());
                named.items = [total.unwrap_or_else(|| base.clone())].into();
                named.funded = true;
            } else if named.counts.is_empty() {
                named.doubt = Some(words.clone());
            }
        }
        if label.economic.is_some() {
            self.whole_of_kind(&mut named);
        }
        if !label.under.is_empty() {
            let governing = self.governing_items();
            match label.under.iter().find(|(over, _)| governing.contains(over)) {
                Some((_, item)) => {
                    named.items = [item.clone()].into();
                    named.funded = is_funded(self.reader.vocabulary, item);
                }
                None => named.doubt = Some(words.clone()),
            }
        }
        if let Some(fund) = self.fund_before(at) {
            named.own_funding.get_or_insert(fund);
        }
        match label.only {
            // 没有公务用车: nothing is told of it.
            Some(Only::Nothing) if self.state.negated.is_some() => return,
            Some(Only::Nothing) => return self.state.block(&words, false),
            Some(Only::Totals) => {
                if self.state.totals.len() == 2 {
                    let totals = std::mem::take(&mut self.state.totals);
                    named.own_funding = totals[0].funding;
                    self.state.totals = totals;
                } else {
                    named.doubt = Some(words.clone());
                }
            }
            Some(Only::Reception) => self.reception(&mut named),
            _ => {}
        }
        if let Some(narrowing) = self.narrowed(at).filter(|_| !label.takes_object) {
            named.doubt.get_or_insert_with(|| format!("{narrowing} {words}"));
        }
        if label.takes_object && self.state.hard.is_none() && matches!(self.state.since, Since::Nothing) {
            self.state.since = Since::Mark;
            self.state.funding = None;
        }
        self.name(named);
    }

    /// 总收入90万元，其中：本年收入80万元，年初结转和结余10万元: 收入总计, where what was carried over is told to be a part of it, and every
    /// word of the sentence is known. Else 总收入 may be that or 本年收入.
    fn with_what_was_left(&self, at: usize, of_year: &Arc<str>) -> Option<Arc<str>> {
        let vocabulary = self.reader.vocabulary;
        let total = vocabulary.item(of_year)?.parent.clone()?;
        let rest = &self.tokens[at + 1..];
        let stop = rest.iter().position(|token| matches!(token.word, Word::Mark('。' | ';'))).unwrap_or(rest.len());
        let rest = &rest[..stop];
        let amount = rest.iter().position(|token| matches!(token.word, Word::Number(_)))?;
        let plain = |token: &Token<'_>| match &token.word {
            Word::Phrase(senses) => {
                senses.label.is_none()
                    && matches!(senses.word, Some(WordSense::Link | WordSense::Measure(Measure::Final)))
            }
            _ => false,
        };
        let opens = |token: &&Token<'_>| match &token.word {
            Word::Phrase(senses) => matches!(senses.word, Some(WordSense::PartsOpen | WordSense::PartsOrReason)),
            _ => false,
        };
        let (before, behind) = (&rest[..amount], rest.get(amount + 1..)?);
        if !before.iter().all(plain) {
            return None;
        }
        let mark = behind.first().is_some_and(|token| matches!(token.word, Word::Mark(',')));
        let parts = behind.get(usize::from(mark)..)?;
        let parts = parts.get(1..).filter(|_| parts.first().as_ref().is_some_and(opens))?;
        let known = |token: &Token<'_>| match &token.word {
            Word::Mark(_) | Word::Number(_) | Word::UnitName => true,
            Word::Phrase(senses) => {
                senses.label.is_some()
                    || matches!(
                        senses.word,
                        Some(WordSense::Link | WordSense::Joiner | WordSense::Share | WordSense::Funding(_))
                    )
            }
            _ => false,
        };
        let left = |token: &Token<'_>| match &token.word {
            Word::Phrase(Senses { label: Some(label), .. }) => label.items.iter().any(|item| {
                vocabulary.is_part_of(item, &total) && item != of_year && !vocabulary.is_part_of(item, of_year)
            }),
            _ => false,
        };
        (parts.iter().all(known) && parts.iter().any(left)).then_some(total)
    }

    /// The fund that the word directly before a label names, as far as it is pending.
    fn fund_before(&self, at: usize) -> Option<Funding> {
        let before = at.checked_sub(1).map(|before| &self.tokens[before].word)?;
        matches!(before, Word::Phrase(senses) if matches!(senses.word, Some(WordSense::Funding(_))))
            .then_some(self.state.funding)?
    }

    /// 项目公务接待费, 其他会议费, 行政单位的公务接待费: the word that makes it less than all of the item.
    fn narrowed(&self, at: usize) -> Option<String> {
        let senses = |at: usize| match self.tokens[at].word {
            Word::Phrase(senses) => Some(senses),
            _ => None,
        };
        let before = at.checked_sub(1)?;
        let at = if senses(before)?.particle { before.checked_sub(1)? } else { before };
        senses(at)?.narrows.then(|| self.text(at))
    }

    /// 工资福利支出 is a kind of the expenditure that is divided: of the basic one, where the list, the sentence or a heading
    /// says so, of all or of projects where the list's total is that; else nothing tells of which.
    fn whole_of_kind(&self, named: &mut Named) {
        let vocabulary = self.reader.vocabulary;
        let item_of = |of: &Named| -> Option<Arc<[Arc<str>]>> {
            let [item] = &*of.items else { return None };
            let plain = of.function.is_empty() && of.doubt.is_none();
            match &**item {
                _ if !of.economic.is_empty() && plain => Some(of.items.clone()),
                _ if vocabulary.is_part_of(item, accounts::BASIC) && plain => Some(named.items.clone()),
                accounts::EXPENDITURE | accounts::PROJECTS if plain => Some(of.items.clone()),
                _ => None,
            }
        };
        let list = self.state.list.as_ref();
        let total = list.map(|list| list.total.as_slice());
        let unsure =
            |total: &Named| list.is_some_and(|list| list.unsure || list.divides && self.stands_beside_another(total));
        let items = match total {
            Some([total]) if !unsure(total) => item_of(total),
            Some(_) => None,
            None => self
                .state
                .subject
                .last()
                .filter(|named| !self.stands_beside_another(named))
                .and_then(item_of)
                .filter(|items| items.iter().all(|item| &**item != accounts::EXPENDITURE)),
        };
        let headed = || self.reader.sections.all().iter().any(|section| section.title.contains(accounts::BASIC));
        match items {
            Some(items) => named.items = items,
            None if total.is_none_or(<[Named]>::is_empty) && headed() => {}
            None => named.doubt = Some(named.words.to_string()),
        }
    }

    /// 基本支出60万元，项目支出30万元。按经济分类：工资福利支出50万元: of the last of them, or of all?
    fn stands_beside_another(&self, named: &Named) -> bool {
        let vocabulary = self.reader.vocabulary;
        let plain = |of: &Named| !of.items.is_empty() && of.function.is_empty() && of.economic.is_empty();
        let apart =
            |of: &Named| !of.same_as(named) && !of.is_part_of(named, vocabulary) && !named.is_part_of(of, vocabulary);
        self.told.iter().any(|of| plain(of) && apart(of) && of.is_income(vocabulary) == named.is_income(vocabulary))
    }

    pub(super) fn governing_items(&self) -> Vec<Arc<str>> {
        let list = self.state.list.iter().filter(|list| list.doubt.is_none()).flat_map(|list| &list.total);
        list.chain(&self.state.subject)
            .filter(|named| named.doubt.is_none())
            .flat_map(|named| named.items.iter().cloned())
            .collect()
    }

    /// 来宾, 接待: of the kind of reception that governs.
    pub(super) fn reception(&self, named: &mut Named) {
        let governing = self
            .state
            .subject
            .iter()
            .rev()
            .chain(self.state.list.iter().flat_map(|list| &list.total))
            .find(|governing| !governing.items.is_empty() || !governing.counts.is_empty());
        // 其中外事接待2批次，接待人次200人次: of the part, or of the whole?
        let counted = |named: &Named| !named.counted.is_empty();
        let part_or_whole = self.state.list.as_ref().is_some_and(|list| {
            list.here && governing.is_some_and(counted) && (list.doubt.is_some() || list.total.iter().any(counted))
        });
        let kind = governing.filter(|governing| governing.doubt.is_none() && !part_or_whole).and_then(|governing| {
            self.reader.words.lexicon.receptions().iter().find(|kind| {
                governing.items.contains(&kind.item)
                    || governing.counts.iter().any(|(_, item)| kind.counts.iter().any(|(_, of)| of == item))
            })
        });
        match kind {
            Some(kind) => {
                named.counts = kind.counts.iter().filter(|(unit, _)| has_unit(&named.counts, unit)).cloned().collect();
            }
            None => {
                let word = named.words.to_string();
                let why = governing.and_then(|governing| governing.doubt.clone()).unwrap_or(word);
                named.doubt = Some(why);
            }
        }
    }

    /// 收入, 支出 alone: an item where a clause opens with them below totals, else a word without a meaning.
    pub(super) fn weak(&mut self, at: usize, label: &LabelSense) {
        let words = self.text(at);
        let income = label.items.iter().any(|item| &**item == accounts::INCOME);
        let vocabulary = self.reader.vocabulary;
        let same_side = |named: &Named| named.items.is_empty() || named.is_income(vocabulary) == income;
        if let Some(comparison) = self.state.comparison.as_mut().filter(|comparison| comparison.open) {
            if !self.state.subject.iter().all(same_side) {
                comparison.time = Some(Time::Other(words));
            } else if self.state.subject.iter().any(Named::is_grand_total) {
                // 支出总计90万元，比上年支出增加5万元: of that, or of 本年支出? The amounts can prove the former.
                self.state.resumes = true;
                for named in &mut self.state.subject {
                    named.by_reason |= named.doubt.is_none();
                    named.doubt.get_or_insert_with(|| words.clone());
                }
            }
            return;
        }
        if self.state.direction.is_some() {
            return;
        }
        if self.state.share.as_ref().is_some_and(|share| share.open && share.base.is_none()) {
            if self.is_share_of(label)
                && let Some(share) = &mut self.state.share
            {
                // As a bare 占 is.
                share.open = false;
                return;
            }
            self.state.block(&words, false);
            return;
        }
        if let Some(hard) = &self.state.hard {
            // What governs is not known, so 支出 is neither that nor a total of its own.
            let word = hard.word.clone();
            return self.state.block(&word, hard.unknown);
        }
        self.divides_both_totals(at);
        if self.side_of_totals(income, &words) {
            return;
        }
        let of_totals = |section: &super::section::Section| section.kind == SectionKind::Totals || section.of_whole;
        let totals_section = self.reader.sections.current().is_some_and(of_totals);
        let governing = self.state.subject.last();
        // 预算3万元、支出2万元: the mark that joins them opens a clause.
        let joined = at.checked_sub(1).is_some_and(|before| matches!(self.tokens[before].word, Word::Mark('、')));
        if joined
            && !income
            && self.state.funding.is_none()
            && let Some(named) = governing.filter(|named| same_side(named) && self.is_spent_of(named, at))
            && self.state.since == Since::Number
            && !named.is_total()
        {
            self.state.part_or_whole |= self.may_be_measure_of_whole(at);
            self.state.measure = Some((Measure::Final, words));
            return;
        }
        // 与上年相比收入增加5万元
        let compared = || {
            at.checked_sub(1).is_some_and(|before| match &self.tokens[before].word {
                Word::Phrase(senses) => senses.word == Some(WordSense::Comparison(ComparisonWord::Close)),
                _ => false,
            })
        };
        let opens = self.state.since != Since::Nothing && (self.state.clause_opens || compared());
        // 收入总计90万元。 / 与上年相比，收入增加5万元: that of 收入总计, or of 本年收入?
        let compares = self.state.comparison.is_some() || !self.state.comparisons.is_empty();
        // 财政拨款收入90万元。与上年相比，收入增加5万元: that of the fund, or of all?
        let of_a_fund =
            |told: &Named| told.items == label.items && told.function.is_empty() && told.own_funding.is_some();
        let after_grand_total = compares
            && (self.reader.sections.current().is_some_and(|section| section.told_grand_total)
                || self.told.iter().any(of_a_fund));
        if opens && self.state.funding.is_none() {
            match governing {
                // Below 总支出, too, which may be the one or the other.
                Some(named) if named.is_grand_total() || named.or_total.is_some() => self.either_total(label, &words),
                _ if after_grand_total => self.either_total(label, &words),
                // 年初结转和结余10万元。与上年相比，收入增加5万元
                Some(named) if named.is_total() && !named.is_of_year() && self.state.comparison.is_some() => {
                    self.either_total(label, &words);
                }
                Some(named) if named.is_total() => self.name(Named::of(label, &words)),
                // What told of the one or the other may be what was not understood.
                None if totals_section && self.state.comparison.is_some() => self.either_total(label, &words),
                None if totals_section => self.name(Named::of(label, &words)),
                Some(named) if !same_side(named) => self.state.block(&words, false),
                // 本年收入100万元，其他收入10万元，收入比上年增加5万元: of the total that was told, or of its part?
                _ if self.told.iter().any(|before| before.is_total() && before.items == label.items) => {
                    self.state.block(&words, false);
                }
                Some(named) if !income && self.is_spent_of(named, at) => {
                    self.state.part_or_whole |= self.may_be_measure_of_whole(at);
                    self.state.measure = Some((Measure::Final, words));
                }
                _ => {}
            }
        } else if self.state.funding.is_some() && self.state.since != Since::Nothing {
            // 财政拨款安排的支出: more than one reading.
            self.state.block(&words, false);
        } else if !self.state.subject.iter().all(same_side) {
            // 支出安排90万元。年末决算收入80万元
            self.state.block(&words, false);
        }
    }

    /// 基本支出…，占支出的60%: of the total whose parts these are, where no other total is divided and none with what was carried
    /// over was told.
    fn is_share_of(&self, side: &LabelSense) -> bool {
        let vocabulary = self.reader.vocabulary;
        let [named] = self.state.subject.as_slice() else { return false };
        let ([item], [total]) = (&*named.items, &*side.items) else { return false };
        let parent = vocabulary.item(item).and_then(|item| item.parent.as_ref());
        let is_part = if item == total { named.own_funding.is_some() } else { parent == Some(total) };
        let of_other = |list: &super::sentence::List| list.total.iter().any(|of| of.items != side.items);
        is_part && named.doubt.is_none() && !self.state.list.as_ref().is_some_and(of_other)
    }

    /// 财政拨款收入总计90万元。与上年相比，财政拨款收入增加5万元: where only the grand total was told, the change may be that of the year's or that.
    fn or_grand_total(&self, named: &mut Named) {
        let grand = self.reader.sections.current().is_some_and(|section| section.told_grand_total);
        if !grand || named.listed || named.or_total.is_some() {
            return;
        }
        let [item] = &*named.items else { return };
        let plain = named.function.is_empty() && named.economic.is_empty() && named.only.is_none();
        let told = self.told.iter().any(|told| told.same_as(named) && told.funding == named.funding);
        if named.is_of_year() && plain && !told {
            named.or_total = self.reader.vocabulary.item(item).and_then(|item| item.parent.clone());
        }
    }

    /// 收入 that is the year's, or the total with what was carried over.
    fn either_total(&mut self, label: &LabelSense, words: &str) {
        let or_total = label.items.first().and_then(|item| self.reader.vocabulary.item(item)?.parent.clone());
        self.name(Named { only: Some(Only::Base), or_total, ..Named::of(label, words) });
    }

    /// 预算3万元，支出2万元，完成预算的67%: behind a budget, and with nothing said of what it was for, all that was spent of it.
    fn is_spent_of(&self, named: &Named, at: usize) -> bool {
        let amount = matches!(
            self.tokens.get(at + 1).map(|next| &next.word),
            Some(Word::Number(number)) if matches!(number.unit, Some(Unit::Money(_)))
        );
        let mark = matches!(self.tokens.get(at + 2).map(|next| &next.word), None | Some(Word::Mark(_)));
        let budget = matches!(named.told, Told::Amount(Measure::Budget | Measure::AdjustedBudget));
        amount && mark && budget && named.doubt.is_none() && !named.items.is_empty() && !named.is_total()
    }

    /// 收入总计90万元，支出总计90万元。与上年相比收入增加5万元，增长5.88%: of 收入总计, or of 本年收入? The amounts can prove the former.
    fn side_of_totals(&mut self, income: bool, words: &str) -> bool {
        let state = &self.state;
        let of_total = state.subject.last().is_some_and(Named::is_grand_total);
        if !of_total || state.totals.len() != 2 || state.comparisons.is_empty() || state.funding.is_some() {
            return false;
        }
        let item = if income { accounts::ALL_INCOME } else { accounts::ALL_EXPENDITURE };
        let is_it = |named: &&Named| named.items.iter().any(|of| &**of == item);
        let Some(total) = state.totals.iter().find(is_it).cloned() else { return false };
        let told = self.told.iter().filter(|before| before.funding == total.funding).find(is_it);
        let Some(told) = told.map(|before| before.told).filter(|told| *told == Told::Amount(Measure::Final)) else {
            return false;
        };
        let total = match self.state.subject.as_slice() {
            // 收入、支出均增加5万元: as 收、支总计.
            [before] if self.state.since == Since::Joiner && before.by_reason && before.told == told => {
                let items: Vec<_> = before.items.iter().chain(total.items.iter()).cloned().collect();
                Named { items: items.into(), words: format!("{}、{}", before.words, total.words).into(), ..total }
            }
            _ => total,
        };
        self.govern(Named { told, ..total });
        self.state.part_or_whole = false;
        self.state.resumes = true;
        for named in &mut self.state.subject {
            named.doubt = Some(words.to_owned());
            named.by_reason = true;
        }
        true
    }

    /// A label is named: it governs, or it belongs to a comparison or a share.
    pub(super) fn name(&mut self, mut named: Named) {
        let says_fund = named.own_funding.is_some();
        if self.state.negated.is_some() {
            // 无国（境）外公务接待: nothing is told of it.
            return;
        }
        if let Some(comparison) = self.state.comparison.as_mut().filter(|comparison| comparison.open) {
            comparison.words.push_str(&named.words);
            if self.state.subject.iter().all(|governing| governing.same_as(&named)) {
                // 与财政拨款支出年初预算100万元相比: of which of both is told.
                self.state.part_or_whole = false;
            }
            comparison.label = Some(named);
            return;
        }
        if let Some(funding) = self.state.funding.take() {
            let own = named.own_funding.get_or_insert(funding);
            match own.merged(funding) {
                Some(merged) => *own = merged,
                // 一般公共预算和政府性基金预算财政拨款支出: what both paid is of neither.
                None => {
                    named.doubt.get_or_insert_with(|| format!("{} {}", funding.word(), named.words));
                }
            }
        }
        if let Some(share) = self.state.share.as_mut().filter(|share| share.open && share.base.is_none()) {
            share.open = false;
            share.base = Some(named);
            return;
        }
        self.part_of_one_fund(&mut named, says_fund);
        if let Some(direction) = &self.state.direction {
            // 比上年增加公务接待费2万元: what the item grew by, not what it is.
            named.doubt.get_or_insert_with(|| direction.words().to_owned());
        }
        self.state.resumes = false;
        self.state.borne_out = false;
        self.state.moved = false;
        self.state.part_or_whole = false;
        self.state.behind_several = false;
        if !named.items.is_empty() && !self.state.subject.iter().any(|governing| governing.same_as(&named)) {
            self.state.named_here += 1;
        }
        if self.state.enumeration == Enumeration::Joined {
            self.state.enumeration = Enumeration::Goes;
        }
        if self.split(&mut named) {
            return self.govern(named);
        }
        if let Some(hard) = &mut self.state.hard {
            if hard.restart {
                self.state.hard = None;
            } else {
                named.doubt.get_or_insert_with(|| hard.word.clone());
                hard.labelled |= !hard.brief;
                if !hard.brief && self.state.scope.is_none() {
                    self.state.scope = Some(hard.word.clone());
                    self.state.apart = false;
                    self.state.ours = false;
                }
            }
        }
        if let Some(example) = &self.state.examples {
            named.doubt.get_or_insert_with(|| example.clone());
        }
        if self.inert_behind_fixed(&named) {
            return;
        }
        if let Some(title) = self.below_fixed(&named) {
            named.doubt.get_or_insert(title);
        }
        if let Some(other) = self.crossed(&named) {
            named.doubt.get_or_insert_with(|| format!("{} {}", other.words, named.words));
            self.state.crossing = Some(other);
        }
        if let Some(word) = self.misplaced(&named) {
            named.doubt.get_or_insert(word);
        }
        self.place_in_list(&mut named);
        self.fund(&mut named);
        if let Some(inside) = self.state.inside.as_ref().filter(|inside| self.is_outside(&named, inside)) {
            named.doubt.get_or_insert_with(|| format!("{} {}", inside.words, named.words));
        }
        self.or_grand_total(&mut named);
        self.remember_budget(&named);
        if named.funded && !self.state.aside {
            self.reader.first.get_or_insert_with(|| named.clone());
        }
        self.relate(named);
    }

    /// 一般公共预算支出 in a bracket behind an item whose definition fixes the funding: that item, split.
    pub(super) fn split(&self, named: &mut Named) -> bool {
        let Some(funding) = named.own_funding else { return false };
        let Some([total]) = self.state.list.as_ref().map(|list| list.total.as_slice()) else { return false };
        let vocabulary = self.reader.vocabulary;
        let fixed = total.items.iter().all(|item| vocabulary.item(item).is_some_and(|item| item.fixed_funding));
        let bare = named.items.iter().all(|item| &**item == accounts::EXPENDITURE) && named.function.is_empty();
        if !(self.state.aside && fixed && bare && total.doubt.is_none() && self.state.hard.is_none()) {
            return false;
        }
        *named = Named {
            words: format!("{} › {}", total.words, named.words).into(),
            own_funding: Some(funding),
            funding: Some(funding),
            split: true,
            listed: true,
            counts: Arc::from([]),
            told: Told::Nothing,
            ..total.clone()
        };
        true
    }

    /// 政府性基金预算100万元, in a list or bracket, or behind 本年支出中，: the total, of that fund. Where there is no such total, the
    /// funding stays without a label.
    pub(super) fn split_by_funding(&mut self) {
        let Some(funding) = self.state.funding else { return };
        if self.is_funding_of_subject(funding) {
            self.state.funding = None;
            return;
        }
        let state = &self.state;
        let list = state.list.as_ref().filter(|list| !list.total.is_empty());
        let listed = list.is_some();
        let total = match list {
            Some(list) if list.doubt.is_some() => None,
            Some(list) => <&[Named; 1]>::try_from(list.total.as_slice()).ok().map(|[total]| total),
            None => state.inside.as_ref(),
        };
        let Some(total) = total.filter(|total| total.doubt.is_none() && state.hard.is_none()) else { return };
        let finer = total.funding.is_none_or(|of| of.merged(funding).is_some_and(|merged| merged != of));
        if !(self.needs_no_funding(total) || finer) {
            return;
        }
        let named = Named {
            words: format!("{} › {}", total.words, funding.word()).into(),
            own_funding: Some(funding),
            funding: Some(funding),
            funding_open: None,
            split: true,
            listed,
            counts: Arc::from([]),
            told: Told::Nothing,
            ..total.clone()
        };
        self.state.funding = None;
        self.state.part_or_whole = false;
        self.govern(named);
    }

    /// “三公”经费，财政拨款10万元: of what needs no funding it says nothing new, unless the parts of that are told of.
    fn is_funding_of_subject(&self, funding: Funding) -> bool {
        let state = &self.state;
        let divided = state.inside.is_some() || state.list.as_ref().is_some_and(|list| !list.total.is_empty());
        let says_nothing = |named: &Named| {
            named.funding == Some(funding)
                || self.needs_no_funding(named) && matches!(funding, Funding::Appropriation | Funding::GeneralBudget)
        };
        !divided && !state.subject.is_empty() && state.subject.iter().all(says_nothing)
    }

    /// 其中一般公共预算财政拨款比上年增加8万元: the word at `at` tells something of what the funding before it pays, unless a label
    /// follows that it pays for. Of what it pays then, or of nothing that is known.
    pub(super) fn settle_funding(&mut self, at: usize, to: usize) {
        let pending = self.state.comparison.as_ref().is_some_and(|comparison| comparison.open)
            || self.state.share.as_ref().is_some_and(|share| share.open);
        if self.state.funding.is_none()
            || self.state.since == Since::Nothing
            || pending
            || super::reason::label_runs_to_number(self.tokens, at + 1, to)
        {
            return;
        }
        self.split_by_funding();
        if let Some(funding) = self.state.funding.filter(|_| !self.state.subject.is_empty()) {
            self.state.block(funding.word(), false);
        }
    }

    /// 政府性基金“三公”经费支出3万元: what one fund paid is a part of an item that needs none, and so is what stands below a heading of
    /// that fund. Else a label behind it may be of the fund or of the whole.
    fn part_of_one_fund(&self, named: &mut Named, says_fund: bool) {
        let counts = named.items.is_empty() && !named.counts.is_empty();
        if !(counts || self.needs_no_funding(named)) {
            return;
        }
        let one = |funding: Option<Funding>| funding.filter(|funding| is_part(*funding));
        let section = self.reader.sections.current();
        let below_one = section.is_some_and(|section| match section.funding {
            SectionFunding::Told(funding) => one(funding).is_some(),
            _ => false,
        });
        let headed = section.and_then(|section| section.of_fund);
        let doubt = match (one(named.own_funding), headed, section) {
            // 政府性基金安排公务接待费3万元: what it was meant for, perhaps.
            (Some(own), ..) if !says_fund => Some(format!("{} {}", own.word(), named.words)),
            (own, Some(headed), Some(section)) => {
                named.of_fund = Some(headed);
                (named.own_funding.is_some() && own != Some(headed)).then(|| section.title.clone())
            }
            (Some(own), ..) => {
                named.of_fund = Some(own);
                None
            }
            (_, _, Some(section)) if below_one => Some(section.title.clone()),
            _ => {
                let vocabulary = self.reader.vocabulary;
                let mut totals = self.state.list.iter().flat_map(|list| &list.total);
                let whole = |total: &&Named| total.of_fund.is_some() && named.own_funding.is_none();
                // 公务接待费4万元，其中一般公共预算公务接待费3万元
                let split = |total: &&Named| total.own_funding.is_none() && total.items == named.items;
                let says_general = named.own_funding == Some(Funding::GeneralBudget) && says_fund;
                let total = totals.find(|total| {
                    (whole(total) || says_general && split(total)) && named.is_part_of(total, vocabulary)
                });
                named.of_fund = total.and_then(|total| total.of_fund.or(named.own_funding));
                let below = |item: &Arc<str>, whole: &Arc<str>| item == whole || vocabulary.is_part_of(item, whole);
                let may_be_of = |before: &&Named| {
                    let related = |item| before.items.iter().any(|whole| below(item, whole));
                    before.of_fund.is_some() && (counts || named.items.iter().any(related))
                };
                let mut before = self.told.iter().chain(&self.state.subject);
                let of_one = before.find(may_be_of).filter(|_| total.is_none());
                of_one.map(|before| before.words.to_string())
            }
        };
        if named.of_fund.is_some() {
            named.funding = named.of_fund;
        }
        if let Some(doubt) = doubt {
            named.doubt.get_or_insert(doubt);
        }
    }

    /// Its definition fixes its funding: 公务接待费.
    fn needs_no_funding(&self, named: &Named) -> bool {
        let fixed = |item: &Arc<str>| self.reader.vocabulary.item(item).is_some_and(|item| item.fixed_funding);
        !named.items.is_empty() && named.items.iter().all(fixed)
    }

    /// “三公”经费财政拨款支出, 机关运行经费支出合计: the funding of an item that needs none, and that it was spent.
    pub(super) fn inert_behind_fixed(&self, named: &Named) -> bool {
        self.state.since == Since::Nothing
            && matches!(named.own_funding, None | Some(Funding::Appropriation | Funding::GeneralBudget))
            && is_all_spent(named)
            && self.state.subject.last().is_some_and(|before| self.needs_no_funding(before))
    }

    /// Below 1.公务接待费: 财政拨款支出8万元 is of what the heading names, or of all that was spent?
    fn below_fixed(&self, named: &Named) -> Option<String> {
        let section = self.reader.sections.all().iter().rev().find(|section| !section.topics.is_empty())?;
        let fixed = section.topics.iter().all(|topic| self.needs_no_funding(topic));
        let spent = !named.items.is_empty() && named.only.is_none() && is_all_spent(named);
        (fixed && spent).then(|| section.title.clone())
    }

    /// 教育支出30万元，其中基本支出20万元: of 教育支出, not of all; the same where a heading or a comma leads from the one to the other.
    fn crossed(&self, named: &Named) -> Option<Named> {
        let crosses = |of: &&Named| named.crosses(of, self.reader.vocabulary);
        let lists = self.state.list.iter().chain(&self.state.past_list).filter(|list| !list.divides);
        let total = lists.flat_map(|list| &list.total).find(crosses);
        let before = self.state.subject.last().filter(|_| !self.state.fresh);
        let before = before.filter(crosses).or(self.state.crossing.as_ref().filter(crosses));
        let headed = self.reader.sections.all().iter().map(|section| &section.topics);
        let headed =
            headed.filter(|topics| topics.iter().all(|topic| crosses(&topic))).find_map(|topics| topics.first());
        total.or(before).or(headed).cloned()
    }

    /// 购置公务用车2辆，其中执法执勤用车1辆: a kind of what the unit has, told of what it bought.
    fn misplaced(&mut self, named: &Named) -> Option<String> {
        let (reader, state) = (&self.reader, &self.state);
        let (vocabulary, lexicon) = (reader.vocabulary, reader.words.lexicon);
        let of = |named: &Named, item: &Arc<str>| {
            named.items.contains(item) || named.counts.iter().any(|(_, count)| count == item)
        };
        let counts_part = |total: &str| {
            named.counts.iter().any(|(_, count)| &**count != total && vocabulary.is_part_of(count, total))
        };
        let governing = || state.subject.iter().chain(state.list.iter().flat_map(|list| &list.total));
        let found = lexicon.not_behind().iter().filter(|(total, _)| counts_part(total)).find_map(|(total, items)| {
            let before = governing().find(|governing| items.iter().any(|item| of(governing, item)));
            match (&state.misplaced, before) {
                (Some((of, words)), _) if of == total => Some((total.clone(), words.clone())),
                (_, before) => before.map(|before| (total.clone(), before.words.to_string())),
            }
        });
        self.state.misplaced.clone_from(&found);
        found.map(|(_, words)| format!("{words} {}", named.words))
    }

    /// Whether the label is a part of the total of a list; a label that is none ends the list.
    pub(super) fn place_in_list(&mut self, named: &mut Named) {
        let Some(list) = &self.state.list else { return self.place_in_past_list(named) };
        let is_total = |total: &Named| total.items == named.items && total.same_as(named);
        if list.here && !named.counts.is_empty() && list.total.iter().any(is_total) {
            // 因公出国（境）费0万元。其中，全年因公出国（境）累计0人次: among its parts the total is only counted.
            named.items = Arc::from([]);
        }
        if named.items.is_empty() {
            named.listed = list.doubt.is_none();
            return;
        }
        if list.total.is_empty() {
            self.state.among_strangers |= list.here;
            return;
        }
        let vocabulary = self.reader.vocabulary;
        named.counts_part = list.total.iter().any(|total| named.counts_part_of(total, vocabulary));
        let part = list.total.iter().any(|total| named.is_part_of(total, vocabulary));
        if part {
            named.listed = list.doubt.is_none();
            // （二）公务用车购置及运行维护费8万元。公务用车购置及运行维护费比上年…: the same part.
            let again = self.state.subject.last().is_some_and(|before| before.same_as(named));
            if let Some(list) = self.state.list.as_mut().filter(|list| !again || list.named == 0) {
                list.named += 1;
            }
        } else if !list.total.iter().any(|total| named.crosses(total, vocabulary)) {
            let told = |total: &Named| !total.items.is_empty() && total.only.is_none();
            let classified = !named.function.is_empty() || !named.economic.is_empty();
            let directly = list.here && (list.unnamed || list.stranger && !self.state.fresh);
            // 本年收入90万元；本年支出80万元。其中：一般公共预算财政拨款收入70万元
            let of_another =
                self.told.iter().any(|total| total.items == named.items && named.is_part_of(total, vocabulary));
            // 按功能分类，支出主要用于以下方面: what is divided.
            let divided = named.only == Some(Only::Weak) && list.divides;
            if directly && !classified && !of_another && !divided && list.total.iter().all(told) {
                // 项目支出40万元，其中上年结转10万元: what is said to be a part of it is not all of what its name says.
                named.doubt.get_or_insert_with(|| format!("{} {}", list.total[0].words, named.words));
                if let Some(list) = &mut self.state.list {
                    (list.unnamed, list.stranger) = (false, true);
                }
                return;
            }
            if !list.here {
                self.reader.carried = None;
            }
            self.state.among_strangers |= list.here && list.unnamed;
            self.state.list = None;
        }
        if let Some(list) = &mut self.state.list {
            list.unnamed = false;
        }
    }

    /// A label of a later sentence may be another part of a list's total; one that is none ends that list.
    pub(super) fn place_in_past_list(&mut self, named: &mut Named) {
        let Some(list) = &self.state.past_list else { return };
        let vocabulary = self.reader.vocabulary;
        named.past_part = list.total.is_empty() || list.total.iter().any(|total| named.is_part_of(total, vocabulary));
        if !named.past_part && !named.items.is_empty() {
            self.state.past_list = None;
        }
    }

    /// The funding of a label: its own words, its total's, its neighbour's, the section's.
    pub(super) fn fund(&mut self, named: &mut Named) {
        if !named.funded {
            return;
        }
        let section = self.reader.sections.current();
        let told = match section.map(|section| &section.funding) {
            Some(SectionFunding::Told(funding)) => Ok(*funding),
            _ => Err(section.map_or("no heading".to_owned(), |section| section.title.clone())),
        };
        if let Some(own) = named.own_funding {
            named.funding = match told {
                Ok(Some(section)) => own.merged(section).or(Some(own)),
                _ => Some(own),
            };
            if own == Funding::Appropriation
                && section.is_some_and(|section| section.funding == SectionFunding::Several)
            {
                named.funding_open = section.map(|section| section.title.clone());
            }
            return;
        }
        let from_total = named
            .listed
            .then_some(self.state.list.as_ref())
            .flatten()
            .and_then(|list| list.total.iter().find(|total| total.funded));
        let other_side = named.items.iter().find_map(|item| accounts::opposite(item));
        let neighbour = other_side.and_then(|other| {
            self.state.neighbours.iter().rev().find(|neighbour| neighbour.items.iter().any(|item| &**item == other))
        });
        if let Some(before) = self.beside_one_fund(named, from_total.map_or(told.clone(), |total| Ok(total.funding))) {
            named.funding_open = Some(before);
        } else if let Some(total) = from_total {
            named.funding = total.funding;
            named.funding_open = total.funding_open.clone();
        } else if let Some((level, above)) = self.of_one_fund_above(named, &told) {
            // （一）一般公共预算财政拨款支出90万元。 / 1.教育支出30万元: of that; without an ordinal it may be back to the whole.
            named.funding = above.funding;
            let below = self.reader.level.is_some_and(|own| own > *level);
            let open = above.funding_open.clone().or_else(|| above.doubt.clone());
            named.funding_open = open.or_else(|| (!below).then(|| above.words.to_string()));
        } else if let Some(before) = self.of_one_fund_before(named, &told) {
            named.funding_open = Some(before);
        } else if let Some(neighbour) = neighbour.filter(|_| named.function.is_empty()) {
            named.funding = neighbour.funding;
            named.funding_open = neighbour.funding_open.clone().or_else(|| neighbour.doubt.clone());
            if told == Ok(None) && neighbour.funding.is_some() && named.only != Some(Only::Weak) {
                // 财政拨款收入100万元；本年支出合计90万元, where the section is of all funds: of one fund, or of all?
                named.funding_open = Some(neighbour.words.to_string());
            }
        } else {
            match told {
                Ok(Some(Funding::Appropriation)) if !named.function.is_empty() => self.fund_as_before(named),
                Ok(funding) => named.funding = funding,
                // Below the title of the whole, 收入总计 is that of the whole.
                Err(_)
                    if section.is_some_and(|section| section.of_whole)
                        && named.function.is_empty()
                        && (named.is_total() || named.is_grand_total()) => {}
                Err(_) if section.is_some_and(|section| section.of_whole) && self.is_part_of_told_whole(named) => {}
                Err(heading) => named.funding_open = Some(heading),
            }
        }
    }

    /// 本年支出90万元，…。教育支出50万元，… below the title of the whole: a part of the total of all funds that the paragraph told, where it
    /// told nothing of one fund.
    fn is_part_of_told_whole(&self, named: &Named) -> bool {
        let vocabulary = self.reader.vocabulary;
        let of_all = |told: &Named| {
            told.is_total()
                && told.funding.is_none()
                && told.funding_open.is_none()
                && told.doubt.is_none()
                && told.final_told
                && named.is_part_of(told, vocabulary)
        };
        self.told.iter().any(of_all)
            && self.told.iter().all(|told| told.funding.is_none() && told.own_funding.is_none())
    }

    /// A 类 that is a part of one budget's expenditure, in a section of all that the treasury gives.
    fn remember_budget(&mut self, named: &Named) {
        let appropriation = SectionFunding::Told(Some(Funding::Appropriation));
        let here = self.reader.sections.current().is_some_and(|section| section.funding == appropriation);
        if named.function.len() != 3 || !here {
            return;
        }
        let doubtful = named.doubt.is_some() || named.funding_open.is_some() || self.state.doubt().is_some();
        let told =
            if doubtful { Some(None) } else { named.funding.filter(|of| *of != Funding::Appropriation).map(Some) };
        if let (Some(told), Some(section)) = (told, self.reader.sections.current_mut()) {
            section.of_budget.push((named.function.clone(), told));
        }
    }

    /// 1.教育支出80万元，具体包括：… below 一般公共预算财政拨款支出100万元，包括：教育支出80万元，…: a place in the classification, in a
    /// section of all that the treasury gives, is of the budget whose part its 类 was told to be.
    fn fund_as_before(&self, named: &mut Named) {
        let told: Vec<_> = self.reader.sections.all().iter().flat_map(|section| &section.of_budget).collect();
        let mut of_class = told.iter().filter(|(class, _)| named.function.starts_with(&**class)).map(|told| told.1);
        match of_class.next() {
            Some(Some(funding)) if of_class.all(|other| other == Some(funding)) => named.funding = Some(funding),
            None if told.is_empty() => named.funding = Some(Funding::Appropriation),
            _ => named.funding_open = Some("of which budget".to_owned()),
        }
    }

    /// What a line above tells of first, where its words name another fund than the heading and the label is a part of it.
    fn of_one_fund_above(&self, named: &Named, told: &Result<Option<Funding>, String>) -> Option<&(u8, Named)> {
        let vocabulary = self.reader.vocabulary;
        let of_another = |above: &Named| told.as_ref() != Ok(&above.funding) && named.is_part_of(above, vocabulary);
        self.reader.above.last().filter(|(_, above)| of_another(above))
    }

    /// 财政拨款支出90万元。基本支出50万元, below a heading of all funds: of that fund, or of all?
    fn of_one_fund_before(&self, named: &Named, told: &Result<Option<Funding>, String>) -> Option<String> {
        let vocabulary = self.reader.vocabulary;
        let of_another = |before: &&Named| {
            before.own_funding.is_some()
                && told.as_ref().is_ok_and(|told| *told != before.funding)
                && named.is_part_of(before, vocabulary)
        };
        // 事业收入 is none of 财政拨款收入.
        let before = self.told.iter().filter(|_| !named.is_income(vocabulary)).find(of_another)?;
        Some(before.words.to_string())
    }

    /// 财政拨款安排基本支出50万元，项目支出20万元: the one beside it of that fund, too, or of all?
    fn beside_one_fund(&self, named: &Named, funding: Result<Option<Funding>, String>) -> Option<String> {
        let vocabulary = self.reader.vocabulary;
        let plain = |named: &Named| named.function.is_empty() && named.economic.is_empty();
        let [item] = &*named.items else { return None };
        let parent = vocabulary.item(item)?.parent.clone()?;
        // Not 本年支出 and what was carried over.
        vocabulary.item(&parent)?.parent.as_ref()?;
        let beside = |before: &&Named| {
            before.own_funding.is_some()
                && plain(before)
                && funding.as_ref().is_ok_and(|funding| *funding != before.funding)
                && before.items.iter().all(|of| of != item && vocabulary.is_part_of(of, &parent) && **of != *parent)
        };
        plain(named).then(|| self.told.iter().find(beside).map(|before| before.words.to_string()))?
    }

    /// 政府性基金支出中，基本支出36万元: what that fund paid is less than the item. 项目支出中，人员经费36万元: no part of it at all.
    fn is_outside(&self, named: &Named, inside: &Named) -> bool {
        let loses_fund = inside.own_funding.is_some() && named.own_funding.is_none() && named.funding != inside.funding;
        named.funded
            && inside.funded
            && !named.same_as(inside)
            && (loses_fund || !named.is_part_of(inside, self.reader.vocabulary))
    }

    /// The label and those named before it without a number between them.
    pub(super) fn relate(&mut self, mut named: Named) {
        if let Some(before) = self.told.iter().find(|before| before.same_as(&named) && before.funding == named.funding)
        {
            named.counted = before.counted.clone();
        }
        if self.state.list.is_none() || !named.listed {
            self.state.neighbours.push(named.clone());
        }
        match (self.state.since, self.state.subject.last()) {
            (Since::Joiner, Some(before)) => {
                if before.doubt.is_some() {
                    named.doubt = before.doubt.clone();
                }
                if before.is_grand_total()
                    && named.is_grand_total()
                    && before.items != named.items
                    && self.state.subject.len() == 1
                    && before.funding == named.funding
                {
                    // 收入总计和支出总计: the two totals, as 收、支总计.
                    let mut both = named.clone();
                    both.items = before.items.iter().chain(named.items.iter()).cloned().collect();
                    both.words = format!("{}、{}", before.words, named.words).into();
                    both.doubt = before.doubt.clone().or(named.doubt.clone());
                    self.remember_totals(&named);
                    self.state.subject = vec![both];
                    self.named_now();
                } else {
                    self.remember_totals(&named);
                    self.state.subject.push(named);
                    self.named_now();
                }
            }
            (Since::Nothing, Some(before)) => {
                let fits = named.is_part_of(before, self.reader.vocabulary)
                    || before.items.is_empty()
                        && named.items.is_empty()
                        && !self.count_different_things(before, &named)
                    || named.items.is_empty() && named.only == Some(Only::Reception)
                    || named.same_as(before)
                    || (!named.counts.is_empty()
                        && before.counts.iter().any(|(_, item)| {
                            named.counts.iter().any(|(_, of)| self.reader.vocabulary.is_part_of(of, item))
                        }));
                if !fits && self.state.hard.is_none() {
                    named.doubt = Some(format!("{} {}", before.words, named.words));
                }
                if before.doubt.is_some() {
                    named.doubt = before.doubt.clone();
                }
                self.govern(named);
            }
            _ => self.govern(named),
        }
    }

    /// 购置执法执勤用车2辆: two labels that count in one unit, neither a part of the other.
    fn count_different_things(&self, before: &Named, named: &Named) -> bool {
        let vocabulary = self.reader.vocabulary;
        let related = |a: &str, b: &str| vocabulary.is_part_of(a, b) || vocabulary.is_part_of(b, a);
        before.counts.iter().any(|(unit, item)| {
            named.counts.iter().any(|(of, other)| of == unit && !item.is_empty() && !related(item, other))
        })
    }

    pub(super) fn govern(&mut self, named: Named) {
        self.remember_totals(&named);
        self.state.subject = vec![named];
        self.named_now();
    }

    pub(super) fn named_now(&mut self) {
        if let Some(named) = &mut self.state.ordinal_named {
            *named = true;
        }
        self.state.since = Since::Nothing;
        self.state.fresh = false;
        self.state.clause_opens = false;
        self.state.leading = self.state.comparison.take().filter(|comparison| !comparison.told);
        self.state.completion = None;
        self.state.share = None;
        self.state.direction = None;
    }

    /// 收入总计100万元，支出总计100万元，与上年相比，各增加5万元: behind their numbers 各 is of the two totals, not of the
    /// one named last.
    pub(super) fn both_totals(&mut self) {
        let [last] = self.state.subject.as_slice() else { return };
        if self.state.since == Since::Nothing || self.state.totals.len() != 2 || !last.is_grand_total() {
            return;
        }
        let told = |total: &Named| {
            let found = self.told.iter().find(|before| before.same_as(total) && before.funding == total.funding)?;
            matches!(found.told, Told::Amount(Measure::Final)).then(|| Named { told: found.told, ..total.clone() })
        };
        let both: Option<Vec<Named>> = self.state.totals.iter().map(told).collect();
        if let Some([first, second]) = both.as_deref() {
            let items: Vec<_> = first.items.iter().chain(second.items.iter()).cloned().collect();
            let words = format!("{}、{}", first.words, second.words);
            self.state.enumeration = Enumeration::None;
            self.state.part_or_whole = false;
            self.state.subject = vec![Named { items: items.into(), words: words.into(), ..second.clone() }];
        }
    }

    pub(super) fn remember_totals(&mut self, named: &Named) {
        if !named.is_grand_total() || !named.function.is_empty() {
            return;
        }
        if named.doubt.is_some() {
            self.state.totals.clear();
            return;
        }
        if let Some(section) = self.reader.sections.current_mut() {
            section.told_grand_total = true;
        }
        for item in named.items.iter() {
            let single = Named { items: [item.clone()].into(), ..named.clone() };
            self.state.totals.retain(|other| other.items != single.items && other.funding == single.funding);
            self.state.totals.push(single);
        }
    }
}

fn has_unit(counts: &[(Arc<str>, Arc<str>)], unit: &str) -> bool {
    counts.iter().any(|(of, _)| &**of == unit)
}

/// 本年支出合计, 财政拨款支出: no part of what was spent, but the funding's.
fn is_all_spent(named: &Named) -> bool {
    named.function.is_empty()
        && named.economic.is_empty()
        && named.items.iter().all(|item| &**item == accounts::EXPENDITURE)
}
