//! What documents say together: facts and whether they agree, what must add up across forms and years, the wide table, forms that
//! are missing, and what is found on the way. Computed anew for every snapshot, year by year.

mod across;
pub(super) mod carry;
pub(super) mod checks;
pub(super) mod facts;
mod figures;
pub(super) mod findings;
pub(super) mod forms;
pub(super) mod notes;
pub(super) mod wide;
pub(super) mod years;
