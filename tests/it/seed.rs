//! A real disclosure with its ground truth, where it is at hand; its fictitious twin is among the samples.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the ground truth, or `None`, said aloud, where it is not there.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn seeds() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    let python =
        Command::new("python3").args(["-c", "import polars"]).output().is_ok_and(|output| output.status.success());
    if !folder.exists() || !python {
        eprintln!("skipped: the ground truth of the real disclosure, or Python with polars, is not at hand");
        return None;
    }
    Some(folder)
}

fn juesuan(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_juesuan")).args(arguments).output().unwrap()
}

fn last_line(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_real_disclosure_is_read_whole() {
    let Some(seeds) = seeds() else { return };
    let dataset = std::env::temp_dir().join(format!("juesuan-seed-{}", std::process::id()));
    let document = seeds.join("hongjiang-2020.txt");
    let (document, dataset_text) = (document.to_string_lossy(), dataset.to_string_lossy().into_owned());
    juesuan(&["import", &document, "--dataset", &dataset_text, "--quiet"]);
    let compared = Command::new("python3").arg(seeds.join("compare.py")).arg(&dataset).output().unwrap();
    assert_eq!(last_line(&compared), "problems: 0", "{}", String::from_utf8_lossy(&compared.stdout));

    let account = dataset.join("account.json");
    std::fs::write(&account, juesuan(&["inspect", &document, "--format", "json"]).stdout).unwrap();
    let compared = Command::new("python3").arg(seeds.join("account.py")).arg(&account).output().unwrap();
    assert_eq!(last_line(&compared), "problems: 0", "{}", String::from_utf8_lossy(&compared.stdout));

    // What an audit of it must report, and nothing else: two amounts off by a last digit, points without a basis.
    let checked = juesuan(&["check", "--dataset", &dataset_text, "--format", "csv"]).stdout;
    let checked = String::from_utf8_lossy(&checked);
    let codes = checked
        .lines()
        .filter_map(|line| line.split(',').nth(4))
        .filter(|code| code.starts_with("checks::") || code.starts_with("facts::") || code.starts_with("scores::"));
    let expected = ["checks::s_score_without_basis", "facts::last_digit", "facts::last_digit"];
    assert_eq!(codes.collect::<Vec<_>>(), expected, "{checked}");
    std::fs::remove_dir_all(&dataset).unwrap();
}
