//! Values: key, unit and sign of a number from its header and its stub.

use std::sync::Arc;

use super::super::{NO_PERCENT_SIGN, NO_PROJECT, says_percent, shows_percent};
use super::{Blocked, Head, Money, OfItem, Outcome, Project, Stub, Table, merge_into};
use crate::locate::grid::Spot;
use crate::mapping::{Difference, Partial};
use crate::model::{AMOUNTS, CellNote, Claim, FindingCode, Funding, Key, Measure, UnitOfMeasure, Unproved, fold};

/// Why a share is no figure: the whole is all of itself.
const ITS_OWN_SHARE: &str = "the share of a whole in itself";

/// What stands beside a number in its block: some rules look there.
pub(super) struct Beside {
    /// The measures that headers and stubs name.
    pub(super) measures: Vec<Measure>,
    /// A header that is not understood, nor what its column holds.
    pub(super) unknown: Option<String>,
    /// A row is not understood where rows are measures: it may be a budget, or last year's amounts.
    pub(super) unknown_row: bool,
    /// A header states a unit of money.
    pub(super) states_money: bool,
    /// There is one column of values.
    pub(super) is_one_column: bool,
    /// A total of no year stands beside columns that only their years name.
    pub(super) sums_years: bool,
    /// A row is named by a code or by an item.
    pub(super) names_rows: bool,
    /// A header or a stub names a measure.
    pub(super) names_measure: bool,
    /// All measures are last year's, or differences: this year's column may be told by its year alone.
    pub(super) names_prior_only: bool,
}

impl Beside {
    /// T-23: a difference needs to know of what; last year's values or the budget's beside it tell.
    pub(super) fn difference(&self, difference: Difference) -> Result<Measure, Blocked> {
        let has = |measure: Measure| self.measures.contains(&measure);
        let prior = has(Measure::PriorFinal);
        let budget = has(Measure::Budget) || has(Measure::AdjustedBudget);
        if let Some(unknown) = self.unknown.as_ref().filter(|_| !has(Measure::Final) && self.names_measure) {
            // 上年数 | 本年 | 增减: the sign is that of the last column, or of the first.
            return Err(Blocked::by(format!("a difference beside `{unknown}`")));
        }
        match (prior, budget, difference) {
            (true, false, Difference::Amount) => Ok(Measure::Change),
            (true, false, Difference::Rate) => Ok(Measure::ChangeRate),
            (false, true, Difference::Amount) => Ok(Measure::Deviation),
            (false, true, Difference::Rate) => Ok(Measure::DeviationRate),
            // The amounts tell of which of the two.
            (true, true, Difference::Amount) if self.may_be_of_either() => Ok(Measure::Change),
            (true, true, Difference::Rate) if self.may_be_of_either() => Ok(Measure::ChangeRate),
            _ => Err(Blocked::by("a difference that says not of what")),
        }
    }
}

impl Beside {
    /// A difference may be that from one budget or from last year's amounts, and from nothing else.
    fn may_be_of_either(&self) -> bool {
        let has = |measure: Measure| self.measures.contains(&measure);
        has(Measure::PriorFinal)
            && has(Measure::Budget)
            && has(Measure::Final)
            && !has(Measure::AdjustedBudget)
            && !has(Measure::PriorBudget)
    }

    /// Why a number is left over unless the amounts beside it prove its key.
    fn doubt(&self, key: &Key, head: &Head, stub: &Stub) -> Option<Unproved> {
        let has = |measure: Measure| self.measures.contains(&measure);
        let both = has(Measure::Budget) && has(Measure::AdjustedBudget);
        let of_either = is_deviation(key.measure) || head.key.any_budget || stub.key.any_budget;
        let named = head.key.measure.is_some() || stub.key.measure.is_some();
        let is_difference = head.difference.is_some() || stub.difference.is_some();
        // 上年决算数 | 囗囗囗 | 决算数 | 增减额
        let open = self.may_be_of_either() || self.unknown.is_some() || self.unknown_row;
        match (head.proved || stub.proved, key.measure) {
            (proved, _) if is_difference && !named && (open || !proved) => Some(Unproved::WhichDifference { open }),
            (true, _) => Some(Unproved::Kind),
            (false, Measure::CompletionRate | Measure::Deviation | Measure::DeviationRate) if both && of_either => {
                Some(Unproved::WhichBudget)
            }
            _ => None,
        }
    }
}

/// 执行率 90.00 without a percent sign may be a ninetieth or ninety times: what the amounts of its row prove.
fn doubt_of_unit(key: &Key, spot: &Spot<'_>, head: &Head, stub: &Stub) -> Option<Unproved> {
    let percent = [head.unit, stub.unit, stub.unit_above].contains(&Some(UnitOfMeasure::Percent));
    let told = percent || tells_percent(spot, head, stub) || is_nothing(spot);
    (is_proved_by_amounts(key.measure) && !told).then_some(Unproved::Kind)
}

/// A percent sign stands in the number, its format or a label.
fn tells_percent(spot: &Spot<'_>, head: &Head, stub: &Stub) -> bool {
    shows_percent(spot.cell) || head.words.iter().chain(&stub.words).any(|word| says_percent(&word.written))
}

/// Nothing is nothing in every unit.
fn is_nothing(spot: &Spot<'_>) -> bool {
    let text = spot.text().trim();
    text.contains('0') && text.chars().all(|c| matches!(c, '0' | '.'))
}

/// 100%: all of it.
fn is_all(spot: &Spot<'_>) -> bool {
    let text = fold(spot.text());
    let digits = text.trim_end_matches('%');
    digits.strip_prefix("100").is_some_and(|rest| rest.trim_start_matches('.').bytes().all(|digit| digit == b'0'))
}

/// The amounts of a row can prove its rate.
fn is_proved_by_amounts(measure: Measure) -> bool {
    matches!(measure, Measure::CompletionRate | Measure::ChangeRate | Measure::DeviationRate | Measure::Share)
}

fn is_deviation(measure: Measure) -> bool {
    matches!(measure, Measure::Deviation | Measure::DeviationRate)
}

impl<'a, 'g> Table<'a, 'g> {
    pub(super) fn value(&self, spot: &Spot<'a>, head: &Head, stub: &Stub, beside: &Beside) -> Outcome {
        let labels = || labels_of(head, stub);
        let doubt = |key: &Key| beside.doubt(key, head, stub).or_else(|| doubt_of_unit(key, spot, head, stub));
        match self.key(spot, head, stub, beside) {
            // What the amounts of its row would prove, if it were certain which row it is.
            Ok((key, ..)) if stub.by_place && doubt(&key).is_some() => {
                Outcome::Leftover { labels: labels(), blocked: Blocked::by(Unproved::ByPlace.words()) }
            }
            Ok((key, unit, negative, flags)) => Outcome::Claim(Box::new(Claim {
                doubt: if stub.by_place { Some(Unproved::ByPlace) } else { doubt(&key) },
                key,
                written: spot.text().trim().into(),
                number: spot.cell.number.clone(),
                unit,
                negative,
                label: labels(),
                place: spot.table.place(spot.cell),
                offset: spot.cell.offset,
                rule: self.frame.rule.clone(),
                flags,
            })),
            Err(blocked) if blocked.by == ITS_OWN_SHARE && is_all(spot) => Outcome::Known(ITS_OWN_SHARE),
            Err(blocked) => Outcome::Leftover { labels: labels(), blocked },
        }
    }

    pub(super) fn key(
        &self,
        spot: &Spot<'a>,
        head: &Head,
        stub: &Stub,
        beside: &Beside,
    ) -> Result<(Key, UnitOfMeasure, bool, Vec<&'static str>), Blocked> {
        if spot.cell.is_struck_out() {
            return Err(Blocked::by("struck out"));
        }
        if spot.cell.note == Some(CellNote::ScaledFormat) {
            return Err(Blocked::told("a number shown otherwise than it is stored", FindingCode::ScaledFormat));
        }
        if let Some(why) = crate::locate::unreadable(spot.cell) {
            return Err(Blocked::by(why));
        }
        if spot.row_span > 1 || spot.column_span > 1 {
            return Err(Blocked::by("merged over several items"));
        }
        if let Some(blocked) = head.blocked.as_ref().or(stub.blocked.as_ref()) {
            return Err(blocked.clone());
        }
        if head.unnamed || stub.unnamed {
            return Err(Blocked::by("a part that no key has a place for"));
        }
        if let Some(year) = self.year_of_money(head, stub, beside) {
            return Err(Blocked::by(year));
        }
        let form = self.frame.form;
        // T-13: a form of projects gives nothing without its project.
        let is_nobodys = stub.entity.is_none() && !stub.total && stub.coded.is_none() && self.of_projects;
        if self.frame.project == Project::Unnamed || is_nobodys {
            return Err(Blocked::by(NO_PROJECT));
        }
        let mut partial = head.key.clone();
        // A total across means the item of the row, where that is a part of it.
        let mut conflict = None;
        merge_into(&mut partial, &stub.key, self, &mut conflict);
        if let Some(conflict) = conflict {
            return Err(conflict);
        }
        if partial.item.is_none() {
            // 上年数 below 人员经费合计: of that, or of all?
            let bare = stub.key.measure.is_some() && stub.coded.is_none() && !stub.total;
            if bare && beside.names_rows && partial.function.is_none() && partial.economic.is_none() {
                return Err(Blocked::by("no item"));
            }
            partial.item.clone_from(&form.context.item);
        }
        let item = partial.item.take().ok_or_else(|| Blocked::by("no item"))?;
        let of_item = self.of_item(&item);
        if !of_item.may_give {
            return Err(Blocked::by(format!("`{item}` is none of this form's items")));
        }
        sides(head, stub, &of_item)?;
        let funding = self.funding(&partial, &of_item)?;
        let measure = self.measure(&mut partial, head, stub, beside)?;
        if measure == Measure::Share {
            self.share_base(&mut partial, &item, funding)?;
        }
        let key = Key {
            entity: stub.entity.clone().unwrap_or_else(|| self.frame.project.name()),
            item,
            function: partial.function.unwrap_or_default(),
            economic: partial.economic.unwrap_or_default(),
            funding,
            measure,
            base: partial.base.unwrap_or_default(),
        };
        let item_unit = of_item.unit.as_deref().unwrap_or(AMOUNTS);
        let (unit, assumed) = self.unit(head, stub, measure, item_unit, spot, beside)?;
        let mut flags = Vec::new();
        if assumed {
            flags.push("unit_assumed");
        }
        if spot.cell.hidden {
            flags.push("hidden");
        }
        Ok((key, unit, head.negative || stub.negative, flags))
    }

    /// 本年 | 上年结转, 合计 | 上年 | 本年: what this year's money paid is not all that was spent in it. Beside last year's amounts,
    /// and no sum of both, it is.
    fn year_of_money(&self, head: &Head, stub: &Stub, beside: &Beside) -> Option<String> {
        let words = &self.frame.mappings.surroundings;
        let of_last_year = |measure: &Measure| matches!(measure, Measure::PriorFinal | Measure::PriorBudget);
        let has_last_year = beside.measures.iter().any(of_last_year);
        // Alone it has no other beside it.
        let across = head.words.iter().filter(|_| has_last_year || !beside.is_one_column);
        let mut told = across.chain(&stub.words);
        let of_money = |label: &str| match has_last_year {
            true => beside.sums_years && words.is_this_year_or_last(label),
            false => words.is_this_year(label),
        };
        told.find(|word| of_money(word.label.as_str())).map(|word| word.written.clone())
    }

    /// 占比 beside the amounts of an item: its share in the whole of that item, which the amounts must prove.
    fn share_base(&self, partial: &mut Partial, item: &Arc<str>, funding: Option<Funding>) -> Result<(), Blocked> {
        let classified = partial.function.is_some() || partial.economic.is_some();
        let parent = self.frame.mappings.vocabulary.item(item).and_then(|item| item.parent.as_ref());
        let narrowed = classified || funding != self.frame.form.context.funding;
        if partial.base.is_none() {
            // 购置费 in 三公 tables is a part of a part: its share is that in their total.
            partial.base = if narrowed { Some(item.clone()) } else { self.frame.form.total.clone() };
        }
        partial.base = partial.base.take().filter(|base| narrowed || Some(base) != parent);
        let of_itself =
            !narrowed && (partial.base.as_ref() == Some(item) || self.frame.form.total.as_ref() == Some(item));
        if of_itself { Err(Blocked::by(ITS_OWN_SHARE)) } else { Ok(()) }
    }

    fn funding(&self, partial: &Partial, item: &OfItem) -> Result<Option<Funding>, Blocked> {
        let context = self.frame.form.context.funding;
        match (partial.funding, context) {
            (told, _) if item.fixed_funding => Ok(told),
            (None, context) => Ok(context),
            (told, None) => Ok(told),
            (Some(told), Some(context)) => match told.merged(context) {
                Some(funding) => Ok(Some(funding)),
                None => Err(Blocked::told(
                    format!("{} in a form of {}", told.word(), context.word()),
                    FindingCode::Contradiction,
                )),
            },
        }
    }

    pub(super) fn measure(
        &self,
        partial: &mut Partial,
        head: &Head,
        stub: &Stub,
        beside: &Beside,
    ) -> Result<Measure, Blocked> {
        if let Some(difference) = head.difference.or(stub.difference) {
            let measure = match partial.measure {
                None => beside.difference(difference)?,
                Some(measure) => said_again(measure, difference)
                    .ok_or_else(|| Blocked::told("a difference and a measure", FindingCode::Contradiction))?,
            };
            if partial.base.is_none() && is_deviation(measure) && beside.measures.contains(&Measure::AdjustedBudget) {
                partial.base = Some("adjusted_budget".into());
            }
            return Ok(measure);
        }
        if let Some(measure) = partial.measure {
            if (measure == Measure::CompletionRate || is_deviation(measure)) && partial.base.is_none() {
                let of_any = partial.any_budget || is_deviation(measure);
                let unknown_beside = beside.unknown.as_ref().filter(|_| of_any);
                if beside.measures.contains(&Measure::AdjustedBudget) && unknown_beside.is_none() {
                    partial.base = Some("adjusted_budget".into());
                } else if let Some(unknown) = &beside.unknown {
                    // It may be the adjusted budget, and the rate that of it.
                    return Err(Blocked::by(format!("a rate beside `{unknown}`")));
                }
            }
            return Ok(measure);
        }
        // T-22: the title's measure holds only in a block in which no label names one.
        let own_year = || head.words.iter().chain(&stub.words).any(|word| word.own_year);
        let by_year = beside.names_prior_only && self.frame.form.context.measure == Some(Measure::Final);
        if beside.names_measure && !(by_year && own_year()) {
            return Err(Blocked::by("no measure"));
        }
        self.frame.form.context.measure.ok_or_else(|| Blocked::by("no measure"))
    }

    /// T-25, T-26: the unit that governs a number, and whether it was only assumed.
    pub(super) fn unit(
        &self,
        head: &Head,
        stub: &Stub,
        measure: Measure,
        item_unit: &str,
        spot: &Spot<'_>,
        beside: &Beside,
    ) -> Result<(UnitOfMeasure, bool), Blocked> {
        let above = stub.unit_above.filter(|_| item_unit == AMOUNTS && !measure.is_rate() && !measure.is_score());
        let told = match (head.unit, stub.unit.or(above)) {
            // 执行率（%） beside 项目资金（万元）, 增减率（%） beside 年末实有人数（人）: a rate of that money, or of that count.
            (Some(UnitOfMeasure::Percent), Some(_)) | (Some(_), Some(UnitOfMeasure::Percent)) if measure.is_rate() => {
                Some(UnitOfMeasure::Percent)
            }
            (Some(a), Some(b)) if a != b => return Err(Blocked::told("two units of measure", FindingCode::TwoUnits)),
            (a, b) => a.or(b),
        };
        let percent = || {
            let is_told = told == Some(UnitOfMeasure::Percent) || tells_percent(spot, head, stub) || is_nothing(spot);
            if is_told || is_proved_by_amounts(measure) {
                Ok((UnitOfMeasure::Percent, false))
            } else {
                Err(Blocked::by(NO_PERCENT_SIGN))
            }
        };
        if measure.is_rate() {
            return percent();
        }
        if measure.is_score() {
            return Ok((UnitOfMeasure::Points, false));
        }
        if item_unit != AMOUNTS {
            return match told {
                Some(unit) if unit.is_money() => {
                    Err(Blocked::told(format!("money where {item_unit} are counted"), FindingCode::TwoUnits))
                }
                _ if item_unit == "%" => percent(),
                _ => Ok((UnitOfMeasure::Count, false)),
            };
        }
        let own = self.unit_in_cell(spot);
        let of_path = match (told, &self.frame.money) {
            (None, Money::Stated(line)) => Some(*line),
            _ => told,
        };
        if own.is_some() && of_path.is_some_and(|of_path| own != Some(of_path)) {
            // 3.00元 below 单位：万元: which of both was a slip, nobody can tell.
            return Err(Blocked::told("the unit in the cell and that above it", FindingCode::TwoUnits));
        }
        let told = told.or(own);
        match (told, &self.frame.money) {
            (Some(unit), _) if !unit.is_money() => {
                Err(Blocked::told("a count where an amount belongs", FindingCode::TwoUnits))
            }
            (_, Money::Unknown(line)) => Err(Blocked::told(line.clone(), FindingCode::UnknownUnit)),
            (Some(unit), Money::Stated(line)) if unit != *line => {
                Err(Blocked::told("the unit of the header and that of the unit line", FindingCode::TwoUnits))
            }
            (Some(unit), _) => Ok((unit, false)),
            (None, Money::Stated(unit)) => Ok((*unit, false)),
            (None, Money::Assumed(unit)) => {
                if self.frame.form.unit_must_be_told {
                    return Err(Blocked::by("no unit of measure is told"));
                }
                // A unit stated in one column forbids the default for the others.
                if beside.states_money {
                    return Err(Blocked::by("no unit, but another column states one"));
                }
                Ok((*unit, true))
            }
        }
    }

    /// The unit of money that the cell itself states behind its digits: 3.00元.
    fn unit_in_cell(&self, spot: &Spot<'_>) -> Option<UnitOfMeasure> {
        let text = spot.text().trim_end();
        let end = text.trim_end_matches(|c: char| !c.is_numeric()).len();
        let behind = Some(&text[end..]).filter(|behind| !behind.is_empty())?;
        UnitOfMeasure::of_money(&fold(behind))
    }
}

/// The measure that 增减额 or 增减% is below a word that says of what it is: 比上年增减.
fn said_again(measure: Measure, difference: Difference) -> Option<Measure> {
    match (measure, difference) {
        (Measure::Change, Difference::Amount) => Some(Measure::Change),
        (Measure::Change | Measure::ChangeRate, Difference::Rate) => Some(Measure::ChangeRate),
        (Measure::Deviation, Difference::Amount) => Some(Measure::Deviation),
        (Measure::Deviation | Measure::DeviationRate, Difference::Rate) => Some(Measure::DeviationRate),
        _ => None,
    }
}

/// A side (收入, 支出) and an item of the other side contradict each other.
fn sides(head: &Head, stub: &Stub, item: &OfItem) -> Result<(), Blocked> {
    let mut sides = [head.side, stub.side, item.side].into_iter().flatten();
    let first = sides.next();
    if sides.any(|side| Some(side) != first) {
        return Err(Blocked::told(format!("`{}` on the other side", item.item), FindingCode::Contradiction));
    }
    Ok(())
}

fn labels_of(head: &Head, stub: &Stub) -> String {
    let mut labels = String::with_capacity(96);
    for word in head.words.iter().chain(&stub.words) {
        if !labels.is_empty() {
            labels.push_str(" › ");
        }
        labels.push_str(&word.written);
    }
    labels
}
