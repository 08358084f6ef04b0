//! Workbooks of the older format (.xls of Excel 5 to 2003, .et of WPS): a compound file with one stream of records.
//!
//! The records are walked here rather than by calamine, which reads them all or nothing: an unknown error value or a
//! formula it cannot parse costs it the whole workbook, two cells far apart half a gigabyte, and it gives no number
//! formats and no hidden lines. In the tests it reads the same cells, and both must agree.

mod narrow;
mod record;
mod records;
mod sheet;
mod text;
mod workbook;

use std::io::{Cursor, Read as _};

use self::sheet::{Reading, Results};
use self::workbook::Workbook;
use super::worksheet::{Budget, Worksheet};
use super::{Reason, Refusal};
use crate::model::{Document, Format};

const XLS: &str = "xls";

/// The size of a compound file's largest sector: a file that ends within its last one is padded to it.
const SECTOR: usize = 4096;

/// Reads a workbook: one table per worksheet that has text, hidden ones marked.
pub(crate) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let stream = workbook_stream(bytes)?;
    let workbook = Workbook::read(&stream)?;
    let mut reading = Reading {
        workbook: &workbook,
        budget: Budget::new(Format::Xls),
        findings: Vec::new(),
        asides: Vec::new(),
        results: Results::default(),
    };
    let mut worksheets = Vec::with_capacity(workbook.sheets.len());
    for sheet in &workbook.sheets {
        if sheet.is_worksheet {
            let mut worksheet = Worksheet::new(sheet.name.clone(), sheet.hidden);
            reading.worksheet(stream.get(sheet.start..).unwrap_or_default(), &mut worksheet)?;
            worksheets.push(worksheet);
        }
    }
    reading.results.doubt_all_blanks(&mut worksheets);
    let blocks = Worksheet::into_blocks(worksheets, &mut reading.budget)?;
    Ok(Document {
        format: Format::Xls,
        encoding: workbook.text.name(),
        blocks,
        findings: reading.findings,
        title: None,
        asides: reading.asides,
    })
}

fn damaged(detail: &str) -> Refusal {
    Refusal::new(Reason::Damaged, XLS, format!("{detail}；请用办公软件重新另存后再报送"))
}

fn encrypted() -> Refusal {
    Refusal::new(Reason::Encrypted, XLS, "工作簿设有打开密码；请报送单位提供未加密的文件")
}

/// The stream of records out of the compound file.
fn workbook_stream(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let broken = || damaged("复合文档不完整或已损坏");
    let mut padded = Vec::with_capacity(bytes.len().next_multiple_of(SECTOR));
    padded.extend_from_slice(bytes);
    padded.resize(bytes.len().next_multiple_of(512), 0);
    let mut file = cfb::CompoundFile::open(Cursor::new(padded)).map_err(|_| broken())?;
    let names: Vec<String> = file.read_root_storage().map(|entry| entry.name().to_owned()).collect();
    // Stream names are the same whatever their letter case.
    let find = |name: &str| names.iter().find(|found| found.eq_ignore_ascii_case(name));
    if find("EncryptedPackage").is_some() {
        return Err(encrypted());
    }
    let name = find("Workbook").or_else(|| find("Book")).ok_or_else(|| damaged("缺少数据流 `Workbook`"))?;
    let mut stream = file.open_stream(format!("/{name}")).map_err(|_| broken())?;
    if stream.len() > bytes.len() as u64 {
        return Err(broken());
    }
    let mut records = Vec::with_capacity(stream.len() as usize);
    stream.read_to_end(&mut records).map_err(|_| broken())?;
    Ok(records)
}
