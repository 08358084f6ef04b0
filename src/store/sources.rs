//! The forms, as sources of facts, and what became of them.

/// Statuses of forms in the order in which they are counted.
pub(crate) const FORM_STATUSES: [&str; 4] = ["filled", "blank", "missing", "ambiguous"];

/// Forms in the order in which they are preferred as a source.
pub(crate) const FORM_ORDER: [&str; 15] = [
    "income_expenditure_summary",
    "income",
    "expenditure",
    "appropriation_summary",
    "general_budget_expenditure",
    "basic_expenditure",
    "three_public",
    "government_fund",
    "state_capital",
    "narrative",
    "self_evaluation",
    "evaluation_review",
    "overall_scores",
    "project_data",
    "project_scores",
];

/// The position of a form among the preferred sources.
pub(crate) fn form_rank(form: &str) -> usize {
    FORM_ORDER.iter().position(|known| *known == form).unwrap_or(FORM_ORDER.len())
}
