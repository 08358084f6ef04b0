//! Labels: what one names where it stands, and how it goes with the labels before it.

use std::sync::Arc;

use super::naming::{Named, Told};
use super::reading::Reading;
use super::section::SectionFunding;
use super::sentence::{Pairing, Since};
use super::tokens::{Word, is_number};
use crate::mapping::{LabelSense, Only, SectionKind, WordSense, accounts, is_funded};
use crate::model::{Funding, Unproved};

impl Reading<'_, '_> {
    pub(super) fn label(&mut self, at: usize, label: &LabelSense) {
        let words = self.text(at);
        if label.only == Some(Only::Weak) {
            return self.weak(at, label);
        }
        let of_comparison = self.state.pending.comparison.as_ref().is_some_and(|comparison| comparison.open);
        if self.state.pending.pairing == Some(Pairing::InOrder) && !of_comparison && self.state.pending.share.is_none()
        {
            // 分别是：公务接待费1万元；…: each number has its label.
            self.state.pending.pairing = None;
        }
        let kind = self.reader.sections.current().map(|section| section.kind);
        if label.base.is_some() && kind == Some(SectionKind::ThreePublic) && self.counted_receptions() {
            // 国内公务接待8批次，92人，共计支出0.50万元: as 支出.
            return;
        }
        if let Some(end) = self.either_end(at, label) {
            return self.name(end);
        }
        let mut named = Named::of(label, &words);
        if named.is_grand_total() && named.own_funding.is_none() && self.state.pending.funding.is_none() {
            self.divides_both_totals(at);
        }
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
            } else if let ([(_, item)], [(unit, _)], []) = (&*label.by_section, &*label.counts, &*named.counts) {
                // 购置车辆0辆: there is none of what it counts in another section, either.
                named.counts = [(unit.clone(), item.clone())].into();
                named.only_none = true;
            } else if named.counts.is_empty() {
                named.doubt = Some(words.clone());
            }
        }
        if label.economic.is_some() {
            self.whole_of_kind(&mut named);
        }
        if !label.under.is_empty() {
            let mut governing = self.governing_items();
            if self.state.list.is_none() && self.state.amount_unit.is_none() {
                // 一级项目2个，二级项目5个，共涉及资金9万元; behind 其中 it may be the last one's.
                let sure = self.state.subject.iter().filter(|named| named.doubt.is_none());
                governing.extend(sure.flat_map(|named| named.counts.iter().map(|(_, item)| item.clone())));
            }
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
            self.state.narrowed = Some(narrowing);
        } else if let Some(narrowing) = self.state.narrowed.clone().filter(|_| !named.items.is_empty()) {
            // 自有资金安排公务接待费3万元、公务用车运行维护费12万元: the other one, too, perhaps.
            named.doubt.get_or_insert_with(|| format!("{narrowing} {words}"));
        }
        if label.takes_object && self.state.hard.is_none() && matches!(self.state.since, Since::Nothing) {
            self.state.since = Since::Mark;
            self.state.pending.funding = None;
        }
        self.name(named);
    }

    /// 项目公务接待费, 其他会议费, 行政单位的公务接待费: the word that makes it less than all of the item.
    fn narrowed(&self, at: usize) -> Option<String> {
        let senses = |at: usize| match self.tokens[at].word {
            Word::Phrase(senses) => Some(senses),
            _ => None,
        };
        let before = at.checked_sub(1)?;
        let at = if senses(before)?.particle { before.checked_sub(1)? } else { before };
        (senses(at)?.narrows && !self.is_of_all_below(at)).then(|| self.text(at))
    }

    /// 局机关及下属6个预算单位: behind words for the unit that end with those for the units below it, all of them are counted.
    fn is_of_all_below(&self, at: usize) -> bool {
        let Some(of) = at.checked_sub(2).filter(|_| is_number(&self.tokens[at - 1])).map(|of| &self.tokens[of]) else {
            return false;
        };
        let itself = matches!(of.word, Word::Phrase(senses) if senses.word == Some(WordSense::Itself));
        let text = &self.paragraph.text;
        let lexicon = self.reader.words.lexicon;
        let ends_below = |(from, _): (usize, char)| {
            let mut found = lexicon.beginning_at(text, of.start + from);
            found.any(|found| found.end == of.end && found.senses.subordinate)
        };
        itself && text[of.start..of.end].char_indices().any(ends_below)
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
        // 公务接待费3万元，其中外事接待费1万元。接待20批次: likewise.
        // “三公”经费9万元，其中公务接待费3万元。接待20批次: nothing else of the whole is received.
        let receptions = self.reader.words.lexicon.receptions();
        let receives = |named: &Named| receptions.iter().any(|kind| named.items.contains(&kind.item));
        let lists = self.state.list.iter().chain(&self.state.past_list);
        let of_receptions =
            lists.clone().any(|list| list.doubt.is_some() || list.total.is_empty() || list.total.iter().any(receives));
        let among_receptions = of_receptions || lists.count() == 0;
        let behind_part =
            |named: &Named| self.state.others.part_or_whole && among_receptions && !named.items.is_empty();
        let part_or_whole = part_or_whole || governing.is_some_and(behind_part);
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

    /// Receptions govern, and the last number counted them.
    fn counted_receptions(&self) -> bool {
        let receptions = self.reader.words.lexicon.receptions();
        let [named] = self.state.subject.as_slice() else { return false };
        let counted = !named.counted.is_empty() && self.state.since == Since::Number;
        counted && receptions.iter().any(|kind| named.items.contains(&kind.item))
    }

    /// A label is named: it governs, or it belongs to a comparison or a share.
    pub(super) fn name(&mut self, mut named: Named) {
        let says_fund = named.own_funding.is_some();
        if self.state.negated.is_some() {
            // 无国（境）外公务接待: nothing is told of it.
            self.there_is_none(&named);
            return;
        }
        if let Some(comparison) = self.state.pending.comparison.as_mut().filter(|comparison| comparison.open) {
            comparison.words.push_str(&named.words);
            if self.state.subject.iter().all(|governing| governing.same_as(&named)) {
                // 与财政拨款支出年初预算100万元相比: of which of both is told.
                self.state.others.part_or_whole = false;
            }
            comparison.label = Some(named);
            return;
        }
        if let Some(funding) = self.state.pending.funding.take() {
            let own = named.own_funding.get_or_insert(funding);
            match own.merged(funding) {
                Some(merged) => *own = merged,
                // 一般公共预算和政府性基金预算财政拨款支出: what both paid is of neither.
                None => {
                    named.doubt.get_or_insert_with(|| format!("{} {}", funding.word(), named.words));
                }
            }
        }
        if let Some(share) = self.state.pending.share.as_mut().filter(|share| share.open && share.base.is_none()) {
            share.open = false;
            share.base = Some(named);
            return;
        }
        self.part_of_one_fund(&mut named, says_fund);
        if let Some(direction) = &self.state.pending.direction {
            // 比上年增加公务接待费2万元: what the item grew by, not what it is.
            named.doubt.get_or_insert_with(|| direction.words().to_owned());
        }
        self.state.resumes = false;
        self.state.borne_out = false;
        self.state.moved = false;
        let another = !named.items.is_empty() && !self.state.subject.iter().any(|governing| governing.same_as(&named));
        self.state.others.named(another);
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
        if let Some(word) = self.below_another_kind(&named) {
            named.doubt.get_or_insert(word);
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
        self.remember_first(&named);
        self.relate(named);
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
        // 购置单价50万元以上通用设备1台: the word directly before it tells what was bought.
        let directly = state.since == Since::Nothing;
        let is_it = |total: &str| directly && named.counts.iter().any(|(_, count)| &**count == total);
        let governing = || state.subject.iter().chain(state.list.iter().flat_map(|list| &list.total));
        let fits = |total: &str| counts_part(total) || is_it(total);
        let found = lexicon.not_behind().iter().filter(|(total, _)| fits(total)).find_map(|(total, items)| {
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
        // 收入合计90万元，其中：财政拨款收入80万元，年初结转和结余10万元
        if list.here && list.total.iter().any(|total| self.makes_grand_total(&named.items, total)) {
            let totals = list.total.clone();
            self.doubt_whole_of(&totals);
        }
        let Some(list) = &self.state.list else { return };
        let is_total = |total: &Named| total.items == named.items && total.same_as(named);
        if list.here && !named.counts.is_empty() && list.total.iter().any(is_total) {
            // 因公出国（境）费0万元。其中，全年因公出国（境）累计0人次: among its parts the total is only counted.
            named.items = Arc::from([]);
        }
        if named.items.is_empty() {
            named.listed = list.doubt.is_none();
            if let Some(list) = &mut self.state.list {
                list.counted += 1;
            }
            return;
        }
        let is_money_of = |total: &Named| !total.counts.is_empty() && total.items == named.items;
        if list.here && named.counts.is_empty() && list.total.iter().any(is_money_of) {
            // 绩效自评，其中一级项目2个，共涉及资金5万元: of the only part, or of the whole? Behind two parts without amounts of the whole.
            if list.counted == 1 || self.state.amount_unit.is_some() {
                named.doubt.get_or_insert_with(|| Unproved::PartOrWhole.words().to_owned());
            }
            self.state.list = None;
            return;
        }
        if list.total.is_empty() {
            self.state.others.among_strangers |= list.here;
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
            // 按功能分类，支出主要用于以下方面; 按功能分类，一般公共预算支出主要用于…: what is divided.
            let again = |total: &Named| {
                total.same_as(named) && (named.own_funding.is_none() || named.own_funding == total.own_funding)
            };
            let divided = list.divides && (named.only == Some(Only::Weak) || list.total.iter().any(again));
            // 本年收入90万元，其中：教育支出80万元: the income for it, and not what was spent.
            let of_income = !named.function.is_empty() && list.total.iter().all(|total| total.is_income(vocabulary));
            // 培训费5万元，其中：教育支出2万元; 农林水支出90万元，其中：教育支出2万元；…: what of the one was spent for the other.
            let is_kind =
                |total: &Named| total.function.is_empty() && (!total.is_total() || total.is_carried(vocabulary));
            let is_place = |total: &Named| !total.function.is_empty() && !total.same_as(named);
            let of_kind = !named.function.is_empty() && list.total.iter().all(is_kind);
            let of_place = !named.function.is_empty() && !list.heads_line && list.total.iter().all(is_place);
            let of_other = of_kind || of_place;
            let among = list.here && list.places && of_place;
            let of_carried = list.total.iter().all(|total| named.is_left_of(total, vocabulary));
            let of_something_else = list.here && (of_income || of_carried);
            let strange = (directly && (!classified || of_other) || among) && !divided || of_something_else;
            if strange && (!of_another || of_place) && list.total.iter().all(told) {
                // 项目支出40万元，其中上年结转10万元: what is said to be a part of it is not all of what its name says.
                named.doubt.get_or_insert_with(|| format!("{} {}", list.total[0].words, named.words));
                if let Some(list) = &mut self.state.list {
                    (list.unnamed, list.stranger) = (false, true);
                    list.places |= of_place;
                }
                return;
            }
            if !list.here {
                self.reader.above.list = None;
            }
            self.state.others.among_strangers |= list.here && list.unnamed;
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
                    // 用事业收入安排的基本支出10万元、项目支出20万元
                    let paid = before.told == Told::Nothing && !before.items.is_empty() && !named.items.is_empty();
                    self.state.narrowed = paid.then(|| before.words.to_string()).or(self.state.narrowed.take());
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
        self.state.others.governed();
        self.state.since = Since::Nothing;
        self.state.fresh = false;
        self.state.clause_opens = false;
        self.state.pending.leading = self.state.pending.comparison.take().filter(|comparison| !comparison.told);
        self.state.pending.completion = None;
        self.state.pending.share = None;
        self.state.pending.direction = None;
    }
}

fn has_unit(counts: &[(Arc<str>, Arc<str>)], unit: &str) -> bool {
    counts.iter().any(|(of, _)| &**of == unit)
}
