//! Bad input: one document costs one document, and the message says what was found and what to do.

use std::path::PathBuf;
use std::process::Command;

/// A fresh folder that is removed when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("juesuan-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(path.join("pile")).unwrap();
        Folder(path)
    }

    fn with(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.join("pile").join(name), bytes).unwrap();
    }

    /// Imports the pile; the exit code and what was said.
    fn import(&self, more: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_juesuan"))
            .current_dir(&self.0)
            .env("LC_ALL", "C")
            .args(["import", "pile", "--dataset", "out"])
            .args(more)
            .output()
            .unwrap();
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const GOOD: &str = "部门：青禾县档案局\n2022年度\n财政拨款“三公”经费支出决算表\n单位：万元\n| 项目 | 决算数 |\n| 公务接待费 | 2.00 |\n";

#[test]
fn bad_documents_cost_only_themselves_and_are_told_one_by_one() {
    let workbook = include_bytes!("../files/unit.xlsx");
    let folder = Folder::new("bad");
    folder.with("青禾县档案局2022.txt", GOOD.as_bytes());
    folder.with("empty.xlsx", b"");
    folder.with("blank.txt", b" \n\t\n");
    folder.with("cut.xlsx", &workbook[..workbook.len() / 2]);
    folder.with("picture.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR");
    folder.with("report.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
    folder.with("page.xls", "<html><body><table><tr><td>合计</td></tr></table></body></html>".as_bytes());
    folder.with("cut.doc", "<html><table><tr><td>公务接待费</td><td>12.9".as_bytes());
    folder.with("poem.txt", "床前明月光，疑是地上霜。".as_bytes());
    folder.with("~$open.docx", b"\x05owner");
    folder.with(".DS_Store", b"\x00\x00\x00\x01Bud1");
    let (exit, said) = folder.import(&[]);
    assert_eq!(exit, 1, "{said}");
    for (file, reason) in [
        ("empty.xlsx", "empty"),
        ("blank.txt", "empty"),
        ("cut.xlsx", "damaged"),
        ("picture.xlsx", "unknown_type"),
        ("report.pdf", "unsupported"),
        ("page.xls", "no_known_form"),
        ("cut.doc", "damaged"),
        ("poem.txt", "no_known_form"),
    ] {
        let line =
            said.lines().find(|line| line.contains(file)).unwrap_or_else(|| panic!("{file} is not told:\n{said}"));
        assert!(line.contains(reason), "{line}");
    }
    for no_fault in ["~$open.docx", ".DS_Store"] {
        assert!(!said.lines().any(|line| line.contains(no_fault) && line.contains("quarantined")), "{said}");
    }
    let figures = std::fs::read_dir(folder.0.join("out/current/figures")).unwrap().count();
    assert_eq!(figures, 1, "the good document is in the dataset");
}

/// A compound file with the stream that locked Office files have.
fn locked() -> Vec<u8> {
    use std::io::Write;
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream("/EncryptedPackage").unwrap().write_all(&[7; 4096]).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn a_locked_workbook_is_told_apart_from_a_damaged_one() {
    let folder = Folder::new("locked");
    folder.with("locked.xlsx", &locked());
    let (exit, said) = folder.import(&[]);
    assert_eq!(exit, 1, "{said}");
    let line = said.lines().find(|line| line.contains("locked.xlsx")).unwrap_or_default();
    assert!(line.contains("encrypted") && !line.contains("damaged"), "{said}");
}

#[test]
fn a_bad_mapping_is_wrong_use_and_nothing_is_written() {
    let folder = Folder::new("mapping");
    folder.with("青禾县档案局2022.txt", GOOD.as_bytes());
    std::fs::create_dir_all(folder.0.join("own")).unwrap();
    std::fs::write(
        folder.0.join("own/fees.yaml"),
        "form: fees\nextends: final_accounts_table\nrecognise:\n  titles: [收费表]\nlabels:\n  学费: { itm: 学费 }\n",
    )
    .unwrap();
    let (exit, said) = folder.import(&["--mappings", "own"]);
    assert_eq!(exit, 2, "{said}");
    assert!(said.contains("own/fees.yaml:6:9"), "{said}");
    assert!(said.contains("学费: { itm: 学费 }"), "the line itself is shown:\n{said}");
    assert!(!folder.0.join("out").exists());
}

#[test]
fn wrong_arguments_are_wrong_use() {
    let output = Command::new(env!("CARGO_BIN_EXE_juesuan")).args(["import", "pile"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
