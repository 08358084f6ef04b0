//! Which files there are: those that are built in, and those of an author.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use super::Problem;
use super::problem::Wrong;

/// The files that are built in, by their path below `mappings/`.
pub(super) const BUILT_IN: &[(&str, &str)] = &[
    ("vocabulary.yaml", include_str!("../../mappings/vocabulary.yaml")),
    ("lexicon.yaml", include_str!("../../mappings/lexicon.yaml")),
    ("document.yaml", include_str!("../../mappings/document.yaml")),
    ("checks.yaml", include_str!("../../mappings/checks.yaml")),
    ("guesses.yaml", include_str!("../../mappings/guesses.yaml")),
    ("codes/functional.csv", include_str!("../../mappings/codes/functional.csv")),
    ("codes/functional_names.csv", include_str!("../../mappings/codes/functional_names.csv")),
    ("codes/economic.csv", include_str!("../../mappings/codes/economic.csv")),
    ("codes/score_schemes.csv", include_str!("../../mappings/codes/score_schemes.csv")),
    ("forms/final_accounts_table.yaml", include_str!("../../mappings/forms/final_accounts_table.yaml")),
    ("forms/fund_table.yaml", include_str!("../../mappings/forms/fund_table.yaml")),
    ("forms/income_expenditure_summary.yaml", include_str!("../../mappings/forms/income_expenditure_summary.yaml")),
    ("forms/income.yaml", include_str!("../../mappings/forms/income.yaml")),
    ("forms/expenditure.yaml", include_str!("../../mappings/forms/expenditure.yaml")),
    ("forms/appropriation_summary.yaml", include_str!("../../mappings/forms/appropriation_summary.yaml")),
    ("forms/appropriation_expenditure.yaml", include_str!("../../mappings/forms/appropriation_expenditure.yaml")),
    ("forms/general_budget_expenditure.yaml", include_str!("../../mappings/forms/general_budget_expenditure.yaml")),
    ("forms/basic_table.yaml", include_str!("../../mappings/forms/basic_table.yaml")),
    (
        "forms/appropriation_basic_expenditure.yaml",
        include_str!("../../mappings/forms/appropriation_basic_expenditure.yaml"),
    ),
    ("forms/operating_expenses.yaml", include_str!("../../mappings/forms/operating_expenses.yaml")),
    ("forms/basic_expenditure.yaml", include_str!("../../mappings/forms/basic_expenditure.yaml")),
    ("forms/three_public_table.yaml", include_str!("../../mappings/forms/three_public_table.yaml")),
    ("forms/three_public_meetings.yaml", include_str!("../../mappings/forms/three_public_meetings.yaml")),
    ("forms/main_indicators.yaml", include_str!("../../mappings/forms/main_indicators.yaml")),
    ("forms/operations_information.yaml", include_str!("../../mappings/forms/operations_information.yaml")),
    ("forms/government_procurement.yaml", include_str!("../../mappings/forms/government_procurement.yaml")),
    ("forms/state_assets.yaml", include_str!("../../mappings/forms/state_assets.yaml")),
    ("forms/three_public.yaml", include_str!("../../mappings/forms/three_public.yaml")),
    ("forms/three_public_only_meetings.yaml", include_str!("../../mappings/forms/three_public_only_meetings.yaml")),
    ("forms/government_fund.yaml", include_str!("../../mappings/forms/government_fund.yaml")),
    ("forms/state_capital.yaml", include_str!("../../mappings/forms/state_capital.yaml")),
    ("forms/narrative.yaml", include_str!("../../mappings/forms/narrative.yaml")),
    ("forms/self_evaluation.yaml", include_str!("../../mappings/forms/self_evaluation.yaml")),
    ("forms/project_goals.yaml", include_str!("../../mappings/forms/project_goals.yaml")),
    ("forms/evaluation_review.yaml", include_str!("../../mappings/forms/evaluation_review.yaml")),
    ("forms/expenditure_detail.yaml", include_str!("../../mappings/forms/expenditure_detail.yaml")),
    ("forms/balance_by_function.yaml", include_str!("../../mappings/forms/balance_by_function.yaml")),
    ("forms/by_class.yaml", include_str!("../../mappings/forms/by_class.yaml")),
    ("forms/by_function.yaml", include_str!("../../mappings/forms/by_function.yaml")),
    (
        "forms/department_expenditure_detail.yaml",
        include_str!("../../mappings/forms/department_expenditure_detail.yaml"),
    ),
    (
        "forms/department_basic_expenditure_detail.yaml",
        include_str!("../../mappings/forms/department_basic_expenditure_detail.yaml"),
    ),
    (
        "forms/department_project_expenditure_detail.yaml",
        include_str!("../../mappings/forms/department_project_expenditure_detail.yaml"),
    ),
    (
        "forms/government_fund_expenditure_detail.yaml",
        include_str!("../../mappings/forms/government_fund_expenditure_detail.yaml"),
    ),
    (
        "forms/state_capital_expenditure_detail.yaml",
        include_str!("../../mappings/forms/state_capital_expenditure_detail.yaml"),
    ),
    (
        "forms/general_budget_expenditure_detail.yaml",
        include_str!("../../mappings/forms/general_budget_expenditure_detail.yaml"),
    ),
    (
        "forms/appropriation_expenditure_detail.yaml",
        include_str!("../../mappings/forms/appropriation_expenditure_detail.yaml"),
    ),
    (
        "forms/general_budget_project_expenditure.yaml",
        include_str!("../../mappings/forms/general_budget_project_expenditure.yaml"),
    ),
    ("forms/project_income_expenditure.yaml", include_str!("../../mappings/forms/project_income_expenditure.yaml")),
    ("forms/assets_liabilities.yaml", include_str!("../../mappings/forms/assets_liabilities.yaml")),
    ("forms/self_evaluation_funds.yaml", include_str!("../../mappings/forms/self_evaluation_funds.yaml")),
    ("forms/department_funds.yaml", include_str!("../../mappings/forms/department_funds.yaml")),
    ("forms/department_tasks.yaml", include_str!("../../mappings/forms/department_tasks.yaml")),
    ("forms/self_evaluation_indicators.yaml", include_str!("../../mappings/forms/self_evaluation_indicators.yaml")),
    ("forms/self_evaluation_fields.yaml", include_str!("../../mappings/forms/self_evaluation_fields.yaml")),
    ("forms/project_self_evaluation.yaml", include_str!("../../mappings/forms/project_self_evaluation.yaml")),
    ("forms/department_funds_whole.yaml", include_str!("../../mappings/forms/department_funds_whole.yaml")),
    ("forms/department_years.yaml", include_str!("../../mappings/forms/department_years.yaml")),
    ("forms/fund_management.yaml", include_str!("../../mappings/forms/fund_management.yaml")),
    ("forms/department_self_evaluation.yaml", include_str!("../../mappings/forms/department_self_evaluation.yaml")),
    ("forms/score_table.yaml", include_str!("../../mappings/forms/score_table.yaml")),
    ("forms/overall_scores.yaml", include_str!("../../mappings/forms/overall_scores.yaml")),
    ("forms/project_data.yaml", include_str!("../../mappings/forms/project_data.yaml")),
    ("forms/department_data.yaml", include_str!("../../mappings/forms/department_data.yaml")),
    ("forms/department_data_staff.yaml", include_str!("../../mappings/forms/department_data_staff.yaml")),
    ("forms/department_data_spending.yaml", include_str!("../../mappings/forms/department_data_spending.yaml")),
    ("forms/department_data_buildings.yaml", include_str!("../../mappings/forms/department_data_buildings.yaml")),
    ("forms/project_scores.yaml", include_str!("../../mappings/forms/project_scores.yaml")),
    ("forms/project_self_evaluations.yaml", include_str!("../../mappings/forms/project_self_evaluations.yaml")),
];

/// The texts of files, by path below `mappings/`.
pub(super) type Files = BTreeMap<Cow<'static, str>, Cow<'static, str>>;

/// The files that are built in, as a map to lay others over.
pub(super) fn built_in() -> Files {
    BUILT_IN.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect()
}

/// A form's file, by its name without `.yaml`, is built in (or stands in place of one that is).
pub(super) fn is_built_in(name: &str) -> bool {
    let path = format!("forms/{name}.yaml");
    BUILT_IN.iter().any(|(known, _)| *known == path)
}

/// The files of an author: each with its path below `mappings/`, its path as the author knows it, and its text.
///
/// `path` is a file, or a directory of which all YAML and CSV files are taken.
pub(super) fn own_files(path: &Path) -> Result<Vec<(String, String, String)>, Problem> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
        let entry =
            entry.map_err(|error| Problem::of(&path.display().to_string(), Wrong::Unreadable(error.to_string())))?;
        let known = entry.path().extension().is_some_and(|extension| extension == "yaml" || extension == "csv");
        if !entry.file_type().is_file() || !(known || entry.depth() == 0) {
            continue;
        }
        let shown = entry.path().display().to_string();
        let bytes =
            std::fs::read(entry.path()).map_err(|error| Problem::of(&shown, Wrong::Unreadable(error.to_string())))?;
        let text = String::from_utf8(bytes).map_err(|_| Problem::of(&shown, Wrong::NotUtf8))?;
        files.push((place_of(entry.path(), path), shown, text));
    }
    Ok(files)
}

/// Where a file belongs below `mappings/`: in place of the built-in one of its name, else among the forms.
pub(super) fn place_of(file: &Path, root: &Path) -> String {
    let below = file.strip_prefix(root).unwrap_or(file);
    let below = below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let known = BUILT_IN.iter().map(|(known, _)| *known);
    let mut known = known.filter(|known| *known == below || known.rsplit('/').next() == Some(&name));
    known.next().map_or_else(|| format!("forms/{name}"), str::to_owned)
}
