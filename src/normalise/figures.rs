use std::sync::Arc;

use rust_decimal::Decimal;

use super::keys::Keys;
use super::proof::{self, Verdict};
use super::value::{Value, value_of};
use crate::mapping::{CodeLists, DoubtedRow, FormMapping, Vocabulary};
use crate::model::{
    Claim, Fate, Figure, Finding, FindingCode, Key, Label, Leftover, Map, NumberRecord, Place, Set, Submission, fold,
    split_ordinal,
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
    let verdicts = proof::verdicts(&claims, vocabulary);
    let mut standing = Vec::new();
    for (claim, verdict) in claims.into_iter().zip(verdicts) {
        if let Verdict::Refuted(doubt) = &verdict {
            fates.push((claim.place.clone(), Fate::Leftover, doubt.clone()));
            out.leftovers.push(left_over(*claim, form, doubt));
            continue;
        }
        verdict.apply(claim, &mut standing);
        for claim in standing.drain(..) {
            match value_of(&claim, vocabulary) {
                Ok(value) => out.figures.push(Box::new(figure(*claim, value, form, fiscal_year))),
                Err(refusal) => {
                    let finding = refusal.finding(&claim, form);
                    fates.push((claim.place.clone(), Fate::Finding, finding.subject.as_str().into()));
                    out.findings.push(finding);
                }
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

/// Leaves all figures and scores over; `from` is where the account of their numbers begins.
pub fn leave_over(made: &mut Submission, from: usize, why: &Arc<str>) {
    let figures = std::mem::take(&mut made.figures);
    let fates = figures.iter().map(|figure| (figure.place.clone(), Fate::Leftover, why.clone())).collect();
    made.leftovers.extend(figures.into_iter().map(|figure| left_over_again(*figure, why)));
    settle(&mut made.numbers[from..], fates);
    made.scores.clear();
    for number in made.numbers[from..].iter_mut().filter(|number| number.fate == Fate::Score) {
        (number.fate, number.rule) = (Fate::Leftover, why.clone());
        made.leftovers.push(Leftover {
            form: number.form.clone(),
            place: number.place.clone(),
            value_as_written: number.text.to_string(),
            labels: String::new(),
            blocked_by: why.to_string(),
        });
    }
}

/// Leaves the figures over of which a note puts one row or column in doubt: those that it names with their parts, and where it says so
/// what they sum up to; all, where nothing is called so.
pub fn leave_row_over(made: &mut Submission, from: usize, row: &DoubtedRow, why: &Arc<str>, vocabulary: &Vocabulary) {
    let named_by = |label: &str| -> Vec<Key> {
        let item = vocabulary.meaning(&Label::new(label)).map(|meaning| meaning.item.clone());
        let is_named = |figure: &Figure| {
            item.as_ref() == Some(&figure.key.item) || figure.label.split(" › ").any(|word| is_called(word, label))
        };
        made.figures.iter().filter(|figure| is_named(figure)).map(|figure| figure.key.clone()).collect()
    };
    let mut named = named_by(&row.label);
    if named.is_empty() {
        return leave_over(made, from, why);
    }
    named.extend(row.held.as_deref().map(named_by).unwrap_or_default());
    let is_within = |part: &Key, whole: &Key| {
        vocabulary.is_part_of(&part.item, &whole.item)
            && part.function.starts_with(&*whole.function)
            && part.economic.starts_with(&*whole.economic)
            && (whole.funding.is_none() || part.funding == whole.funding)
            && (whole.entity.is_empty() || part.entity == whole.entity)
    };
    let in_doubt = |key: &Key| named.iter().any(|named| is_within(key, named) || row.wholes && is_within(named, key));
    let (doubted, kept): (Vec<_>, Vec<_>) =
        std::mem::take(&mut made.figures).into_iter().partition(|figure| in_doubt(&figure.key));
    made.figures = kept;
    let fates = doubted.iter().map(|figure| (figure.place.clone(), Fate::Leftover, why.clone())).collect();
    made.leftovers.extend(doubted.into_iter().map(|figure| left_over_again(*figure, why)));
    settle(&mut made.numbers[from..], fates);
}

/// A word of a header or a stub is a label, behind its ordinal or its code: 30217公务接待费.
fn is_called(word: &str, label: &str) -> bool {
    let folded = fold(word);
    split_ordinal(&folded).2.trim_start_matches(|c: char| c.is_ascii_digit()) == label
}

/// Where the figures of tables stand of which one is another version of the other: most of what the smaller one tells the other
/// tells, too, and more often with another number than with the same. `tables` are those of one form.
pub fn versions_of_one_table(tables: &[&[Box<Figure>]]) -> Vec<Place> {
    let mut places = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        for other in &tables[..at] {
            let there: Map<&Key, Decimal> = other.iter().map(|figure| (&figure.key, figure.value)).collect();
            let values = table.iter().filter_map(|figure| Some((figure.value, there.get(&figure.key)?)));
            let (same, differ): (Vec<_>, Vec<_>) = values.partition(|(value, there)| value == *there);
            let shared = same.len() + differ.len();
            if differ.len() > same.len() && shared * 2 >= table.len().min(other.len()) {
                places.extend(table.iter().chain(*other).map(|figure| figure.place.clone()));
            }
        }
    }
    places
}

/// Leaves the figures over that stand at these places.
pub fn leave_versions_over(submission: &mut Submission, places: &[Place]) {
    const WHY: &str = "in a table that stands twice, and not with the same amounts";
    if places.is_empty() {
        return;
    }
    let places: Set<&Place> = places.iter().collect();
    let (versions, kept): (Vec<_>, Vec<_>) =
        std::mem::take(&mut submission.figures).into_iter().partition(|figure| places.contains(&figure.place));
    submission.figures = kept;
    let Some(first) = versions.first() else { return };
    let mut finding = Finding::new(FindingCode::TwoValues, first.form.to_string());
    finding.form = first.form.to_string();
    finding.places = versions.iter().map(|figure| figure.place.clone()).collect();
    submission.findings.push(finding);
    let fates = versions.iter().map(|figure| (figure.place.clone(), Fate::Leftover, WHY.into())).collect();
    submission.leftovers.extend(versions.into_iter().map(|figure| left_over_again(*figure, WHY)));
    settle(&mut submission.numbers, fates);
}

/// What was a figure and is none.
fn left_over_again(figure: Figure, why: &str) -> Leftover {
    Leftover {
        form: figure.form,
        place: figure.place,
        value_as_written: figure.value_as_written.into(),
        labels: figure.label,
        blocked_by: why.to_owned(),
    }
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
