//! Proof by amounts: claims whose words leave something open stand only where the amounts beside them leave one reading.
//!
//! *In:* the claims of one form. *Out:* a verdict on each. Each room has the proof of one kind of doubt: [`changes`] behind reasons
//! and lists, [`parts`] told behind a reason, [`totals`] with or without what was carried over and shares in them ([`bases`]), [`brackets`], rows by their [`places`], and the rates and differences of [`rows`]; [`wholes`] has
//! what no words leave open and the amounts contradict, [`points`] what may be a separator, [`shifted`] columns that stand a row too high, [`slid`] rows whose
//! amounts stand too far to the left. [`reckoning`] says what fits what. Nothing is put right here, and nothing
//! chosen between two values: without a proof a number is left over.

mod bases;
mod brackets;
mod changes;
mod parts;
mod places;
mod points;
mod reckoning;
mod rows;
mod shifted;
mod slid;
mod totals;
mod wholes;

use std::sync::Arc;

use super::value::{Value, value_of};
use crate::mapping::Vocabulary;
use crate::model::{Claim, Key, Measure, Place, Unproved};

/// What the amounts of a form make of one of its claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is what its key says: nothing was in doubt, or it is proved.
    Stands,
    /// It is of this wider item instead.
    Wider(Arc<str>),
    /// It is what these keys are about instead, with its own measure: a part's place in the sentence, the whole's change.
    OfWholes(Arc<[Key]>),
    /// It is the share in this wider total instead.
    InWider(Arc<str>),
    /// It is the difference from the budget instead.
    FromBudget,
    /// It is left over, for this reason.
    Refuted(Arc<str>),
}

impl Verdict {
    /// Adds the claims that stand by it.
    #[expect(clippy::vec_box, reason = "claims stay in the boxes in which they came")]
    pub(crate) fn apply(self, mut claim: Box<Claim>, standing: &mut Vec<Box<Claim>>) {
        match self {
            Verdict::Stands => {}
            Verdict::Wider(item) => claim.key.item = item,
            Verdict::InWider(base) => claim.key.base = base,
            Verdict::FromBudget => claim.key.measure = claim.key.measure.from_budget(),
            Verdict::Refuted(_) => return,
            Verdict::OfWholes(keys) => {
                let own = |key: &Key| Key { measure: claim.key.measure, base: claim.key.base.clone(), ..key.clone() };
                standing.extend(keys.iter().map(|key| Box::new(Claim { key: own(key), ..(*claim).clone() })));
                return;
            }
        }
        standing.push(claim);
    }
}

/// A verdict on each claim of a form.
pub(crate) fn verdicts(claims: &[Box<Claim>], vocabulary: &Vocabulary) -> Vec<Verdict> {
    let told = Told { claims, vocabulary };
    let open = |claim: &Claim| claim.doubt.as_ref().map(|doubt| Verdict::Refuted(doubt.words().into()));
    let mut verdicts: Vec<Verdict> = claims.iter().map(|claim| open(claim).unwrap_or(Verdict::Stands)).collect();
    changes::prove(told, &mut verdicts);
    totals::prove(told, &mut verdicts);
    bases::prove(told, &mut verdicts);
    brackets::prove(told, &mut verdicts);
    parts::prove(told, &mut verdicts);
    places::prove(told, &mut verdicts);
    rows::prove(told, &mut verdicts);
    rows::prove_differences(told, &mut verdicts);
    changes::refute(told, &mut verdicts);
    wholes::refute(told, &mut verdicts);
    points::refute(told, &mut verdicts);
    bases::refute(told, &mut verdicts);
    rows::refute(told, &mut verdicts);
    shifted::refute(told, &mut verdicts);
    slid::refute(told, &mut verdicts);
    verdicts
}

/// What the claims of a form tell.
#[derive(Clone, Copy)]
struct Told<'c> {
    claims: &'c [Box<Claim>],
    vocabulary: &'c Vocabulary,
}

impl<'c> Told<'c> {
    /// The positions of the claims that are in a doubt of one kind.
    fn open(self, of: impl Fn(&Unproved) -> bool + 'c) -> impl Iterator<Item = usize> + 'c {
        (0..self.claims.len()).filter(move |at| self.claims[*at].doubt.as_ref().is_some_and(&of))
    }

    /// The value of a claim; `None` where it cannot be read.
    fn value(self, claim: &Claim) -> Option<Value> {
        value_of(claim, self.vocabulary).ok()
    }

    /// What nothing puts in doubt at a key with another measure, if it has one value wherever it is told: a text may say an
    /// amount again, and one that it tells otherwise proves nothing.
    fn amount(self, key: &Key, measure: Measure) -> Option<Value> {
        let all = self.claims.iter().filter(|claim| claim.doubt.is_none() && is_of(claim, key, measure));
        let mut all = all.map(|claim| self.value(claim));
        let first = all.next()??;
        all.all(|other| other.is_some_and(|other| other.value == first.value)).then_some(first)
    }
}

/// The claim is about the same as a key, but for the measure.
fn is_of(claim: &Claim, key: &Key, measure: Measure) -> bool {
    claim.key.measure == measure && Key { measure, base: claim.key.base.clone(), ..key.clone() } == claim.key
}

/// The paragraph in which a claim stands; `None` in a table.
fn paragraph(claim: &Claim) -> Option<u32> {
    match claim.place {
        Place::Paragraph { paragraph, .. } => Some(paragraph),
        _ => None,
    }
}
