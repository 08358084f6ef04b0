use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};

use super::number::{self, Doubt};
use super::proof;
use crate::locate::WHICH_TOTAL;
use crate::mapping::{CodeLists, FormMapping, Vocabulary};
use crate::model::{
    AMOUNTS, Claim, Fate, Figure, Finding, FindingCode, Funding, IN_WORDS, Key, Leftover, Map, Measure, NumberRecord,
    Place, Submission, UnitOfMeasure, fold, numeral_value,
};

/// What normalising made of the claims of one form.
#[derive(Debug, Default)]
pub struct Normalised {
    /// The figures, in the order of their claims.
    #[allow(clippy::vec_box, reason = "as in a submission")]
    pub figures: Vec<Box<Figure>>,
    /// Claims that are none after all.
    pub leftovers: Vec<Leftover>,
    /// What is wrong with them.
    pub findings: Vec<Finding>,
}

/// Decimals that a dataset keeps.
const DECIMALS: u32 = 6;

/// Reads the value of each claim, brings it into its canonical unit and settles which claims stand.
///
/// `numbers` is the account of the form; the fate of a number whose claim does not stand is changed in it. One key with
/// two different values in one form leaves both over, except in prose, where a text may repeat itself: there the
/// sentence has already been looked at.
pub fn normalise(
    claims: Vec<Box<Claim>>,
    form: &FormMapping,
    fiscal_year: i32,
    codes: &CodeLists,
    vocabulary: &Vocabulary,
    numbers: &mut [NumberRecord],
) -> Normalised {
    let mut out = Normalised { figures: Vec::with_capacity(claims.len()), ..Normalised::default() };
    let mut fates: Vec<(Place, Fate, Arc<str>)> = Vec::new();
    let refuted = proof::refuted(&claims, vocabulary);
    let of_two = |claim: &Claim| claim.doubt.as_deref() == Some(WHICH_TOTAL);
    let proved = claims.iter().zip(&refuted).filter(|(claim, refuted)| refuted.is_none() && of_two(claim));
    let stands_at: Vec<Place> = proved.map(|(claim, _)| claim.place.clone()).collect();
    for (claim, refuted) in claims.into_iter().zip(refuted) {
        if let Some(doubt) = refuted {
            // A number that may be one of two is left over once, or not at all where it is one of them.
            let told = |place: &Place| out.leftovers.iter().any(|left| left.place == *place);
            if &*doubt == WHICH_TOTAL && (stands_at.contains(&claim.place) || told(&claim.place)) {
                continue;
            }
            fates.push((claim.place.clone(), Fate::Leftover, doubt.clone()));
            out.leftovers.push(left_over(*claim, form, &doubt));
            continue;
        }
        match value_of(&claim, vocabulary) {
            Ok(value) => out.figures.push(Box::new(figure(*claim, value, form, fiscal_year))),
            Err(refusal) => {
                fates.push((claim.place.clone(), Fate::Finding, refusal.subject.as_str().into()));
                out.findings.push(refusal.finding(&claim, form));
            }
        }
    }
    let mut keys = Keys::of(&out.figures, vocabulary);
    if form.kind != crate::mapping::Kind::Prose && keys.have_two_values(&out.figures) {
        one_number_per_key(&mut out, form, &mut fates);
        keys = Keys::of(&out.figures, vocabulary);
    }
    let told: Vec<(u8, bool)> = keys.levels(form).into_iter().zip(keys.leaves(&out.figures, form, codes)).collect();
    for (figure, (level, leaf)) in out.figures.iter_mut().zip(told) {
        (figure.level, figure.leaf) = (level, leaf);
    }
    settle(numbers, fates);
    out
}

fn left_over(claim: Claim, form: &FormMapping, why: &str) -> Leftover {
    Leftover {
        form: form.form.clone(),
        place: claim.place,
        value_as_written: claim.written.into(),
        labels: claim.label,
        blocked_by: why.to_owned(),
    }
}

/// A value in its canonical unit.
pub(super) struct Value {
    pub(super) value: Decimal,
    pub(super) unit: Arc<str>,
    /// Decimals as written.
    pub(super) decimals: u32,
    /// How many places the point was moved to the left.
    pub(super) moved: u32,
    pub(super) flags: Vec<&'static str>,
}

/// Why a claim gives no figure.
pub(super) struct Refusal {
    code: FindingCode,
    subject: String,
}

impl Refusal {
    fn finding(&self, claim: &Claim, form: &FormMapping) -> Finding {
        let mut finding = Finding::at(self.code, claim.place.clone(), self.subject.clone());
        finding.form = form.form.to_string();
        finding.with_actual(claim.written.clone()).with_expected(claim.key.to_string())
    }
}

impl From<Doubt> for Refusal {
    fn from(doubt: Doubt) -> Refusal {
        Refusal { code: FindingCode::MalformedNumber, subject: doubt.to_string() }
    }
}

pub(super) fn value_of(claim: &Claim, vocabulary: &Vocabulary) -> Result<Value, Refusal> {
    let wrong_kind = |subject: String| Refusal { code: FindingCode::WrongKind, subject };
    let mut flags = claim.flags.clone();
    let (written, percent, unit_behind) = match &claim.number {
        Some(number) => {
            if number.hides_digits {
                flags.push("hidden_digits");
            }
            (number.value, number.percent, String::new())
        }
        None if claim.flags.contains(&IN_WORDS) => {
            let value = numeral_value(&fold(&claim.written)).ok_or(Doubt::Empty)?;
            (value.into(), false, String::new())
        }
        None => {
            let written = number::read(&claim.written)?;
            (written.value, written.percent, written.unit)
        }
    };
    let decimals = written_decimals(claim, written);
    let key = &claim.key;
    let rate = key.measure.is_rate();
    let item = vocabulary.item(&key.item);
    let in_percent = item.is_some_and(|item| &*item.unit == "%");
    if percent && !rate && !in_percent {
        return Err(wrong_kind(format!("a percentage where {} belongs", unit_name(key, claim.unit, vocabulary))));
    }
    let value = if claim.negative && !written.is_zero() {
        if written.is_sign_negative() {
            return Err(Refusal { code: FindingCode::SignNotTold, subject: "a direction and a minus sign".into() });
        }
        -written
    } else {
        written
    };
    if rate {
        return Ok(Value { value: rounded(value, &mut flags), unit: "%".into(), decimals, moved: 0, flags });
    }
    if key.measure.is_score() || claim.unit == UnitOfMeasure::Points {
        return Ok(Value { value: rounded(value, &mut flags), unit: "分".into(), decimals, moved: 0, flags });
    }
    let item_unit = item.map_or_else(|| Arc::from(AMOUNTS), |item| item.unit.clone());
    if &*item_unit == AMOUNTS {
        // A unit in the cell itself is nearer than any line above the table.
        let unit = match UnitOfMeasure::of_money(&unit_behind) {
            Some(unit) => unit,
            None if unit_behind.is_empty() => claim.unit,
            None => return Err(wrong_kind(format!("`{unit_behind}` where an amount belongs"))),
        };
        let Some(places) = unit.places_below_wan() else {
            return Err(wrong_kind("a count where an amount belongs".into()));
        };
        let moved = shift(value, places).ok_or(Doubt::TooLong)?;
        let value = rounded(moved, &mut flags);
        return Ok(Value { value, unit: item_unit, decimals, moved: places.max(0).unsigned_abs(), flags });
    }
    if UnitOfMeasure::of_money(&unit_behind).is_some() {
        return Err(wrong_kind(format!("an amount of money where {item_unit} are counted")));
    }
    if &*item_unit != "%" && &*item_unit != "分" && &*item_unit != "平方米" && value.normalize().scale() > 0 {
        return Err(wrong_kind(format!("a fraction where {item_unit} are counted")));
    }
    Ok(Value { value: rounded(value, &mut flags), unit: item_unit, decimals, moved: 0, flags })
}

fn unit_name(key: &Key, unit: UnitOfMeasure, vocabulary: &Vocabulary) -> String {
    if key.measure.is_score() {
        return "a score".into();
    }
    match vocabulary.item(&key.item) {
        Some(item) if !item.is_money() => format!("a count ({})", item.unit),
        _ if unit.is_money() => "an amount".into(),
        _ => "another kind of number".into(),
    }
}

/// Decimals as written: those of the text, which for a worksheet's number are those of its format.
fn written_decimals(claim: &Claim, value: Decimal) -> u32 {
    match &claim.number {
        Some(_) => {
            let digits = claim.written.trim_end_matches(['%', '％']);
            digits.rsplit_once('.').map_or(0, |(_, decimals)| decimals.len() as u32)
        }
        None => value.scale(),
    }
}

/// Moves the decimal point to the left; moving it cannot round. `None` where the digits do not fit.
fn shift(value: Decimal, places: i32) -> Option<Decimal> {
    if places >= 0 {
        let mut moved = value;
        moved.set_scale(value.scale().checked_add(places as u32)?).ok()?;
        return Some(moved);
    }
    let factor = Decimal::from(10_i64.pow(places.unsigned_abs()));
    value.checked_mul(factor)
}

/// At most the decimals that a dataset keeps; what was cut is flagged.
fn rounded(value: Decimal, flags: &mut Vec<&'static str>) -> Decimal {
    let plain = value.normalize();
    if plain.scale() <= DECIMALS {
        return plain;
    }
    flags.push("rounded");
    value.round_dp_with_strategy(DECIMALS, RoundingStrategy::MidpointAwayFromZero).normalize()
}

fn figure(claim: Claim, value: Value, form: &FormMapping, fiscal_year: i32) -> Figure {
    Figure {
        form: form.form.clone(),
        fiscal_year,
        key: claim.key,
        value: value.value,
        unit_of_measure: value.unit,
        value_as_written: claim.written,
        decimals: value.decimals,
        label: claim.label,
        place: claim.place,
        rule: claim.rule,
        flags: value.flags.join(" "),
        speaks_for_unit: false,
        level: 0,
        leaf: true,
    }
}

/// The same net over all tables of one form in a document: two different numbers at one key are both left over.
pub fn one_number_per_form(submission: &mut Submission, form: &FormMapping) {
    let mut out = Normalised::default();
    let (mine, others) = std::mem::take(&mut submission.figures).into_iter().partition(|one| one.form == form.form);
    out.figures = mine;
    submission.figures = others;
    let mut fates = Vec::new();
    one_number_per_key(&mut out, form, &mut fates);
    submission.figures.append(&mut out.figures);
    submission.leftovers.append(&mut out.leftovers);
    submission.findings.append(&mut out.findings);
    settle(&mut submission.numbers, fates);
}

/// Leaves all figures of a form over.
pub fn leave_over(made: &mut Submission, why: &Arc<str>) {
    let figures = std::mem::take(&mut made.figures);
    let fates = figures.iter().map(|figure| (figure.place.clone(), Fate::Leftover, why.clone())).collect();
    made.leftovers.extend(figures.into_iter().map(|figure| Leftover {
        form: figure.form,
        place: figure.place,
        value_as_written: figure.value_as_written.into(),
        labels: figure.label,
        blocked_by: why.to_string(),
    }));
    settle(&mut made.numbers, fates);
}

/// The last net: two different numbers at one key in one form are both left over.
fn one_number_per_key(out: &mut Normalised, form: &FormMapping, fates: &mut Vec<(Place, Fate, Arc<str>)>) {
    let mut values: Map<&Key, (Decimal, bool)> = Map::default();
    values.reserve(out.figures.len());
    for figure in &out.figures {
        let entry = values.entry(&figure.key).or_insert((figure.value, true));
        entry.1 &= entry.0 == figure.value;
    }
    if values.values().all(|(_, same)| *same) {
        return;
    }
    let doubtful: Vec<bool> = out.figures.iter().map(|figure| !values[&figure.key].1).collect();
    let mut kept = Vec::with_capacity(out.figures.len());
    let mut told: Vec<Key> = Vec::new();
    let mut places: Vec<Vec<Box<Figure>>> = Vec::new();
    for (figure, doubtful) in std::mem::take(&mut out.figures).into_iter().zip(doubtful) {
        if !doubtful {
            kept.push(figure);
            continue;
        }
        match told.iter().position(|key| *key == figure.key) {
            Some(at) => places[at].push(figure),
            None => {
                told.push(figure.key.clone());
                places.push(vec![figure]);
            }
        }
    }
    out.figures = kept;
    for figures in places {
        let Some(first) = figures.first() else { continue };
        let mut finding = Finding::new(FindingCode::TwoValues, first.key.to_string());
        finding.form = form.form.to_string();
        finding.actual = Some(figures.iter().map(|figure| &*figure.value_as_written).collect::<Vec<_>>().join(" / "));
        for figure in figures {
            fates.push((figure.place.clone(), Fate::Leftover, "two values for one key".into()));
            finding.places.push(figure.place.clone());
            out.leftovers.push(Leftover {
                form: form.form.clone(),
                place: figure.place,
                value_as_written: figure.value_as_written.into(),
                labels: figure.label,
                blocked_by: "two values for one key".into(),
            });
        }
        out.findings.push(finding);
    }
}

/// The keys of the figures of one form, by numbers: each is looked up some ten times.
struct Keys<'k> {
    vocabulary: &'k Vocabulary,
    texts: Texts<'k>,
    /// For each figure its key, and the position of that among all different keys.
    parts: Vec<(Part, usize)>,
    /// All different keys.
    known: Map<Part, usize>,
}

impl<'k> Keys<'k> {
    fn of(figures: &'k [Box<Figure>], vocabulary: &'k Vocabulary) -> Keys<'k> {
        let mut texts = Texts::default();
        let mut known: Map<Part, usize> = Map::default();
        known.reserve(figures.len());
        let mut parts = Vec::with_capacity(figures.len());
        for figure in figures {
            let part = texts.part(&figure.key, vocabulary);
            let next = known.len();
            parts.push((part, *known.entry(part).or_insert(next)));
        }
        Keys { vocabulary, texts, parts, known }
    }

    /// Whether two different numbers stand at one key.
    fn have_two_values(&self, figures: &[Box<Figure>]) -> bool {
        let mut values: Vec<Option<Decimal>> = vec![None; self.known.len()];
        self.parts
            .iter()
            .zip(figures)
            .any(|((_, key), figure)| *values[*key].get_or_insert(figure.value) != figure.value)
    }

    /// How deep each figure stands: below the form's root by its item, or by its code.
    fn levels(&self, form: &FormMapping) -> Vec<u8> {
        let root = form.context.item.as_deref().map_or(0, |item| self.vocabulary.ancestors(item).count());
        let levels = self.parts.iter().map(|(part, _)| {
            let (function, economic) =
                (self.texts.functions.text(part.function), self.texts.economics.text(part.economic));
            match (function.len(), economic.len()) {
                (0, 0) => self.texts.items.above(part.item).count().saturating_sub(root) as u8,
                (0, digits) => digits.div_ceil(2).saturating_sub(1) as u8,
                (digits, _) if function.starts_with(|c: char| c.is_ascii_digit()) => (digits / 2) as u8,
                _ => function.split('›').count() as u8,
            }
        });
        levels.collect()
    }

    /// For each figure, whether no other one is a part of it.
    fn leaves(&self, figures: &[Box<Figure>], form: &FormMapping, codes: &CodeLists) -> Vec<bool> {
        let mut has_parts = vec![false; self.known.len()];
        let mut note = |whole: Part| {
            if let Some(key) = self.known.get(&whole) {
                has_parts[*key] = true;
            }
        };
        for (figure, (part, _)) in figures.iter().zip(&self.parts) {
            self.texts.wholes(*part).for_each(&mut note);
            // A class of basic expenditure is a part of 人员经费 or 公用经费, which stand beside it without a code.
            let group = codes.economic.group(&figure.key.economic, figure.fiscal_year);
            let item = group.and_then(|group| form.codes.as_ref()?.groups.get(group));
            let item = item.and_then(|item| self.texts.items.known.get(&**item));
            if let (Some(item), Some(economic)) = (item, self.texts.economics.known.get("")) {
                note(Part { item: *item, economic: *economic, ..*part });
            }
        }
        self.parts.iter().map(|(_, key)| !has_parts[*key]).collect()
    }
}

/// A key by the numbers of its texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Part {
    item: u32,
    function: u32,
    economic: u32,
    entity: u32,
    base: u32,
    funding: Option<Funding>,
    measure: Measure,
}

/// The texts of the keys of one form, numbered.
#[derive(Default)]
struct Texts<'k> {
    items: Numbers<'k>,
    functions: Numbers<'k>,
    economics: Numbers<'k>,
    /// Sub-units and projects; the unit itself stands above them.
    entities: Numbers<'k>,
    bases: Numbers<'k>,
}

/// Texts of one kind.
#[derive(Default)]
struct Numbers<'k> {
    known: Map<&'k str, u32>,
    /// By their numbers.
    texts: Vec<Text<'k>>,
    /// The number that was asked for last.
    last: u32,
}

/// A text of a key, or one that stands above it.
struct Text<'k> {
    text: &'k str,
    above: Option<u32>,
    /// A key has it.
    is_used: bool,
}

impl<'k> Numbers<'k> {
    /// The number of a text that a key has. `above` tells which text stands above one; it is asked once for each.
    fn of(&mut self, text: &'k str, above: &impl Fn(&'k str) -> Option<&'k str>) -> u32 {
        // Figures of a row or of a column stand side by side.
        if self.texts.get(self.last as usize).is_some_and(|last| last.text == text) {
            return self.last;
        }
        self.last = self.take_in(text, above);
        self.texts[self.last as usize].is_used = true;
        self.last
    }

    fn take_in(&mut self, text: &'k str, above: &impl Fn(&'k str) -> Option<&'k str>) -> u32 {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let number = self.texts.len() as u32;
        self.known.insert(text, number);
        self.texts.push(Text { text, above: None, is_used: false });
        self.texts[number as usize].above = above(text).map(|whole| self.take_in(whole, above));
        number
    }

    fn text(&self, number: u32) -> &'k str {
        self.texts[number as usize].text
    }

    /// The numbers of the texts above one, from the nearest outward.
    fn above(&self, number: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(self.texts[number as usize].above, |number| self.texts[*number as usize].above)
    }

    /// Those of them that a key has.
    fn used_above(&self, number: u32) -> impl Iterator<Item = u32> {
        self.above(number).filter(|number| self.texts[*number as usize].is_used)
    }
}

impl<'k> Texts<'k> {
    fn part(&mut self, key: &'k Key, vocabulary: &'k Vocabulary) -> Part {
        Part {
            item: self.items.of(&key.item, &|item| vocabulary.ancestors(item).next()),
            function: self.functions.of(&key.function, &shorter),
            economic: self.economics.of(&key.economic, &shorter),
            entity: self.entities.of(&key.entity, &|entity| (!entity.is_empty()).then_some("")),
            base: self.bases.of(&key.base, &|_| None),
            funding: key.funding,
            measure: key.measure,
        }
    }

    /// The keys that a figure is a part of: by its codes, its item, its funding and its entity, one step at a time. Those
    /// with a text that no key has are left out.
    fn wholes(&self, part: Part) -> impl Iterator<Item = Part> {
        let by_function = self.functions.used_above(part.function).map(move |function| Part { function, ..part });
        let by_economic = self.economics.used_above(part.economic).map(move |economic| Part { economic, ..part });
        let by_item = self.items.used_above(part.item).map(move |item| Part { item, ..part });
        let by_entity = self.entities.used_above(part.entity).map(move |entity| Part { entity, ..part });
        let by_funding = wider(part.funding).map(move |funding| Part { funding, ..part });
        let wholes = by_function.chain(by_economic).chain(by_item).chain(by_entity).chain(by_funding);
        wholes.filter(move |_| part.measure != Measure::Share)
    }
}

/// The fundings that one is a part of: a budget of the appropriation, and that of all funds.
fn wider(funding: Option<Funding>) -> impl Iterator<Item = Option<Funding>> {
    let appropriation =
        funding.filter(|funding| *funding != Funding::Appropriation).map(|_| Some(Funding::Appropriation));
    appropriation.into_iter().chain(funding.map(|_| None))
}

/// The code, or path of names, directly above one; the empty one stands above all.
fn shorter(code: &str) -> Option<&str> {
    match code.rfind('›') {
        _ if code.is_empty() => None,
        Some(at) => Some(&code[..at]),
        None if code.len() > 3 && code.is_ascii() => Some(&code[..code.len() - 2]),
        None => Some(""),
    }
}

/// Writes the fates of numbers whose claims did not stand into the account.
pub(super) fn settle(numbers: &mut [NumberRecord], fates: Vec<(Place, Fate, Arc<str>)>) {
    if fates.is_empty() {
        return;
    }
    let by_place: Map<Place, (Fate, Arc<str>)> =
        fates.into_iter().map(|(place, fate, rule)| (place, (fate, rule))).collect();
    for number in numbers {
        let found = by_place.get(&number.place).or_else(|| by_place.get(&number.place.whole()));
        if let Some((fate, rule)) = found
            && number.fate == Fate::Figure
        {
            number.fate = *fate;
            number.rule = rule.clone();
        }
    }
}
