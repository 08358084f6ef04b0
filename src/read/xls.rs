//! Workbooks of the older format (.xls of Excel 5 to 2003, .et of WPS): a compound file with one stream of records.
//!
//! The records are walked here rather than by calamine, which reads them all or nothing: an unknown error value or a
//! formula it cannot parse costs it the whole workbook, two cells far apart half a gigabyte, and it gives no number
//! formats and no hidden lines. In the tests it reads the same cells, and both must agree.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};
use std::sync::Arc;

use encoding_rs::{Encoding, GB18030};
use rust_decimal::Decimal;

use crate::model::{Aside, Block, Cell, CellNote, Document, Finding, Format, PlacedCell, struck};

use super::number_format::{DateOrigin, NumberFormat, double_decimal};
use super::worksheet::{Area, Budget, Worksheet};
use super::{RAISED, Reason, Refusal, make_a_number};

const XLS: &str = "xls";

/// Columns of a worksheet in this format.
const MOST_COLUMNS: u16 = 256;
/// Findings about cells without a valid place that one workbook may cause.
const MOST_FINDINGS: usize = 100;
/// The size of a compound file's largest sector: a file that ends within its last one is padded to it.
const SECTOR: usize = 4096;

/// The records that are read, by their number in the file.
mod record {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const PAGE_HEAD: u16 = 0x0014;
    pub(super) const PAGE_FOOT: u16 = 0x0015;
    pub(super) const END: u16 = 0x000A;
    pub(super) const DATE_1904: u16 = 0x0022;
    pub(super) const FILE_PASS: u16 = 0x002F;
    pub(super) const FONT: u16 = 0x0031;
    pub(super) const CONTINUE: u16 = 0x003C;
    pub(super) const CODE_PAGE: u16 = 0x0042;
    pub(super) const COLUMN_INFO: u16 = 0x007D;
    pub(super) const BOUND_SHEET: u16 = 0x0085;
    pub(super) const MULTIPLE_RK: u16 = 0x00BD;
    pub(super) const RICH_STRING: u16 = 0x00D6;
    pub(super) const XF: u16 = 0x00E0;
    pub(super) const MERGED_CELLS: u16 = 0x00E5;
    pub(super) const SHARED_STRINGS: u16 = 0x00FC;
    pub(super) const LABEL_SHARED: u16 = 0x00FD;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const LABEL: u16 = 0x0204;
    pub(super) const BOOLEAN_OR_ERROR: u16 = 0x0205;
    pub(super) const STRING: u16 = 0x0207;
    pub(super) const ROW: u16 = 0x0208;
    pub(super) const RK: u16 = 0x027E;
    pub(super) const FORMAT: u16 = 0x041E;
    pub(super) const BEGIN: u16 = 0x0809;
}

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
    let mut blocks = Vec::with_capacity(worksheets.len());
    for (index, worksheet) in worksheets.into_iter().enumerate() {
        let table = worksheet.into_table(index as u32 + 1, &mut reading.budget)?;
        blocks.extend(table.map(Block::Table));
    }
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

/// A record: its number, its data, and what the CONTINUE records behind it add.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    more: Vec<&'a [u8]>,
}

/// The records of a stream.
struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    /// The next record; an error if the stream ends within it, or before the end was said.
    fn next(&mut self) -> Result<Record<'a>, Refusal> {
        let (kind, data) = self.take().ok_or_else(|| damaged("数据流中途截断"))?;
        let mut record = Record { kind, data, more: Vec::new() };
        while self.rest.starts_with(&record::CONTINUE.to_le_bytes()) {
            let (_, more) = self.take().ok_or_else(|| damaged("数据流中途截断"))?;
            record.more.push(more);
        }
        Ok(record)
    }

    fn take(&mut self) -> Option<(u16, &'a [u8])> {
        let (kind, length) = (u16_at(self.rest, 0)?, u16_at(self.rest, 2)?);
        let data = self.rest.get(4..4 + usize::from(length))?;
        self.rest = &self.rest[4 + usize::from(length)..];
        Some((kind, data))
    }
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..at + 2).and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes)
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes)
}

fn f64_at(data: &[u8], at: usize) -> Option<f64> {
    data.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map(f64::from_le_bytes)
}

/// How a workbook's texts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextForm {
    /// Excel 97 and later: UTF-16, or its low bytes alone.
    Unicode,
    /// Excel 5 and 95: bytes of a code page.
    Bytes(&'static Encoding),
}

impl TextForm {
    fn name(self) -> Option<&'static str> {
        match self {
            TextForm::Unicode => None,
            TextForm::Bytes(encoding) => Some(encoding.name()),
        }
    }
}

/// What stands before the worksheets.
struct Workbook {
    sheets: Vec<SheetEntry>,
    strings: Vec<Arc<str>>,
    /// For each cell style, its number format.
    formats: Vec<Arc<NumberFormat>>,
    /// For each cell style, whether its font strikes out.
    struck: Vec<bool>,
    origin: DateOrigin,
    text: TextForm,
}

struct SheetEntry {
    name: Arc<str>,
    hidden: bool,
    is_worksheet: bool,
    start: usize,
}

impl Workbook {
    fn read(stream: &[u8]) -> Result<Workbook, Refusal> {
        let text = text_form(stream)?;
        let mut workbook = Workbook {
            sheets: Vec::new(),
            strings: Vec::new(),
            formats: Vec::new(),
            struck: Vec::new(),
            origin: DateOrigin::default(),
            text,
        };
        let mut codes: HashMap<u16, Arc<NumberFormat>> = HashMap::new();
        // For each cell style, its font and its number format.
        let mut uses: Vec<(u16, u16)> = Vec::new();
        let mut fonts = Fonts::default();
        let mut records = Records { rest: stream };
        loop {
            let record = records.next()?;
            let data = record.data;
            match record.kind {
                record::FILE_PASS => return Err(encrypted()),
                record::DATE_1904 if u16_at(data, 0) == Some(1) => workbook.origin = DateOrigin::Year1904,
                record::FORMAT => {
                    if let Some((id, code)) = format_record(&record, text) {
                        codes.insert(id, Arc::new(NumberFormat::parse(&code)));
                    }
                }
                record::FONT => fonts.0.push(Font {
                    strikes_out: u16_at(data, 2).is_some_and(|options| options & 8 != 0),
                    raised: u16_at(data, 8).is_some_and(|escapement| escapement != 0),
                }),
                record::XF => uses.push((u16_at(data, 0).unwrap_or(0), u16_at(data, 2).unwrap_or(0))),
                record::BOUND_SHEET => {
                    workbook.sheets.push(sheet_entry(&record, text).ok_or_else(|| damaged("工作表目录已损坏"))?);
                }
                record::SHARED_STRINGS => workbook.strings = shared_strings(&record, &fonts)?,
                record::END => break,
                _ => (),
            }
        }
        workbook.struck = uses.iter().map(|(font, _)| fonts.get(*font).strikes_out).collect();
        workbook.formats = uses
            .into_iter()
            .map(|(_, id)| codes.entry(id).or_insert_with(|| Arc::new(NumberFormat::built_in(u32::from(id)))).clone())
            .collect();
        Ok(workbook)
    }
}

fn format_record(record: &Record<'_>, text: TextForm) -> Option<(u16, String)> {
    let id = u16_at(record.data, 0)?;
    let mut chunks = Chunks::of(record, 2);
    let code = match text {
        TextForm::Unicode => {
            let count = chunks.u16()?;
            chunks.unicode(usize::from(count))?
        }
        TextForm::Bytes(encoding) => {
            let count = chunks.u8()?;
            decode(encoding, chunks.bytes(usize::from(count))?)
        }
    };
    Some((id, code))
}

fn sheet_entry(record: &Record<'_>, text: TextForm) -> Option<SheetEntry> {
    let data = record.data;
    let start = u32_at(data, 0)? as usize;
    let (state, kind) = (*data.get(4)?, *data.get(5)?);
    let mut chunks = Chunks::of(record, 6);
    let count = usize::from(chunks.u8()?);
    let mut name = match text {
        TextForm::Unicode => chunks.unicode(count)?,
        TextForm::Bytes(encoding) => decode(encoding, chunks.bytes(count)?),
    };
    name.retain(|character| character != '\0');
    Some(SheetEntry { name: name.into(), hidden: state & 3 != 0, is_worksheet: kind == 0, start })
}

/// The fonts, as they stand.
#[derive(Default)]
struct Fonts(Vec<Font>);

/// What is known of a font.
#[derive(Clone, Copy, Default)]
struct Font {
    strikes_out: bool,
    /// Above or below the line.
    raised: bool,
}

impl Fonts {
    fn get(&self, font: u16) -> Font {
        // There is no font 4: those from 5 on are numbered one higher than they stand.
        let at = usize::from(font) - usize::from(font > 4);
        self.0.get(at).copied().filter(|_| font != 4).unwrap_or_default()
    }
}

/// A text without the runs that are struck out, raised digits parted from others; each run begins at a place in UTF-16 units.
/// Where all is struck out, that is told.
fn with_fonts(text: String, runs: &[(u16, u16)], fonts: &Fonts) -> String {
    let looks = |(_, font): &(u16, u16)| fonts.get(*font);
    if !runs.iter().map(looks).any(|font| font.strikes_out || font.raised) {
        return text;
    }
    let mut kept = String::new();
    let (mut at, mut was_raised) = (0, false);
    for character in text.chars() {
        let font = runs.iter().rev().find(|(from, _)| usize::from(*from) <= at).map(looks).unwrap_or_default();
        at += character.len_utf16();
        if font.strikes_out {
            continue;
        }
        let changes = std::mem::replace(&mut was_raised, font.raised) != font.raised;
        if changes && make_a_number(kept.chars().next_back(), Some(character)) {
            kept.push(RAISED);
        }
        kept.push(character);
    }
    if kept.trim().is_empty() { struck(&text) } else { kept }
}

/// The texts that cells share. What the record says about their number is not believed.
fn shared_strings(record: &Record<'_>, fonts: &Fonts) -> Result<Vec<Arc<str>>, Refusal> {
    let broken = || damaged("共享文字表已损坏");
    let count = u32_at(record.data, 4).ok_or_else(broken)?;
    let mut chunks = Chunks::of(record, 8);
    let mut strings = Vec::new();
    for _ in 0..count {
        // A table that ends early has fewer texts; a cell that names one of the others is in doubt.
        let Some(length) = chunks.u16() else { break };
        let flags = chunks.u8().ok_or_else(broken)?;
        let runs = if flags & 8 != 0 { chunks.u16().ok_or_else(broken)? } else { 0 };
        let guides = if flags & 4 != 0 { chunks.u32().ok_or_else(broken)? } else { 0 };
        let text = chunks.characters(usize::from(length), flags).ok_or_else(broken)?;
        let mut fonts_of = Vec::new();
        for _ in 0..runs {
            fonts_of.push((chunks.u16().ok_or_else(broken)?, chunks.u16().ok_or_else(broken)?));
        }
        strings.push(with_fonts(text, &fonts_of, fonts).into());
        chunks.skip(guides as usize).ok_or_else(broken)?;
    }
    Ok(strings)
}

/// The data of a record and of the CONTINUE records behind it, read as one.
struct Chunks<'a> {
    chunk: &'a [u8],
    more: std::vec::IntoIter<&'a [u8]>,
}

impl<'a> Chunks<'a> {
    fn of(record: &Record<'a>, from: usize) -> Chunks<'a> {
        Chunks { chunk: record.data.get(from..).unwrap_or_default(), more: record.more.clone().into_iter() }
    }

    /// Goes on to the next chunk that has bytes where this one is used up.
    fn refill(&mut self) -> Option<()> {
        while self.chunk.is_empty() {
            self.chunk = self.more.next()?;
        }
        Some(())
    }

    fn u8(&mut self) -> Option<u8> {
        self.refill()?;
        let (first, rest) = self.chunk.split_first()?;
        self.chunk = rest;
        Some(*first)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            self.refill()?;
            let step = count.min(self.chunk.len());
            self.chunk = &self.chunk[step..];
            count -= step;
        }
        Some(())
    }

    /// Bytes that stand in one chunk.
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        self.refill();
        let (bytes, rest) = self.chunk.split_at_checked(count)?;
        self.chunk = rest;
        Some(bytes)
    }

    /// A text of so many UTF-16 units behind its flags.
    fn unicode(&mut self, count: usize) -> Option<String> {
        let flags = self.u8()?;
        self.characters(count, flags)
    }

    /// So many UTF-16 units, wide or low bytes alone; each chunk that goes on with them says anew which.
    fn characters(&mut self, count: usize, flags: u8) -> Option<String> {
        let mut wide = flags & 1 != 0;
        // The usual text stands in one chunk.
        if !wide && let Some((bytes, rest)) = self.chunk.split_at_checked(count) {
            self.chunk = rest;
            return Some(narrow_text(bytes));
        }
        let mut units: Vec<u16> = Vec::with_capacity(count);
        while units.len() < count {
            if self.chunk.is_empty() {
                self.chunk = self.more.next()?;
                wide = self.u8()? & 1 != 0;
                continue;
            }
            let wanted = count - units.len();
            if wide {
                let (pairs, _) = self.chunk.as_chunks::<2>();
                let take = wanted.min(pairs.len());
                if take == 0 {
                    return None;
                }
                units.extend(pairs[..take].iter().map(|pair| u16::from_le_bytes(*pair)));
                self.chunk = &self.chunk[2 * take..];
            } else {
                let take = wanted.min(self.chunk.len());
                units.extend(self.chunk[..take].iter().map(|byte| u16::from(*byte)));
                self.chunk = &self.chunk[take..];
            }
        }
        Some(String::from_utf16_lossy(&units))
    }
}

/// A text of which only the low bytes are stored: U+0000 to U+00FF.
///
/// Some programs put GBK there. It is taken for that only where it cannot well be anything else.
fn narrow_text(bytes: &[u8]) -> String {
    let chinese = if is_surely_gbk(bytes) { chinese_text(bytes) } else { None };
    chinese.unwrap_or_else(|| bytes.iter().map(|byte| char::from(*byte)).collect())
}

/// Whether all bytes beyond ASCII come in pairs of the older GB 2312, and two such pairs stand side by side: words such
/// as `Operações` have one, by chance.
fn is_surely_gbk(bytes: &[u8]) -> bool {
    let mut longest = 0;
    for run in bytes.split(u8::is_ascii).filter(|run| !run.is_empty()) {
        if run.len() % 2 != 0 || run.iter().any(|byte| *byte < 0xa1) {
            return false;
        }
        longest = longest.max(run.len());
    }
    longest >= 4
}

/// The text in GB18030, if it is one and all of it beyond ASCII is Chinese.
fn chinese_text(bytes: &[u8]) -> Option<String> {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    let is_chinese = |character: char| {
        matches!(character,
            '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{2000}'..='\u{27ff}' | '\u{3000}'..='\u{303f}'
            | '\u{ff00}'..='\u{ffef}' | '·' | '×' | '÷' | '±' | '°' | '§')
    };
    text.chars().all(|character| character.is_ascii() || is_chinese(character)).then(|| text.into_owned())
}

/// Whether four bytes beyond ASCII stand side by side, as they do in all Chinese and in hardly any Western text.
fn has_two_pairs(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|bytes| bytes.iter().all(|byte| !byte.is_ascii()))
}

fn decode(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// How the texts of the whole stream are written.
fn text_form(stream: &[u8]) -> Result<TextForm, Refusal> {
    let (kind, version) = (u16_at(stream, 0), u16_at(stream, 4));
    match (kind, version) {
        (Some(record::BEGIN), Some(0x0600)) => return Ok(TextForm::Unicode),
        (Some(record::BEGIN), Some(0x0500)) => (),
        (Some(record::BEGIN | 0x0009 | 0x0209 | 0x0409), Some(_)) => {
            let detail = "早于 Excel 5.0 的工作簿尚不能读取；请用办公软件另存为 .xlsx 后再报送";
            return Err(Refusal::new(Reason::Unsupported, XLS, detail));
        }
        _ => return Err(damaged("数据流不是工作簿")),
    }
    // Excel 5: the code page is often missing or wrong, so all texts together decide.
    let (mut page, mut texts) = (None, Vec::new());
    let mut records = Records { rest: stream };
    while let Ok(Record { kind, data, .. }) = records.next() {
        let from = match kind {
            record::FILE_PASS => return Err(encrypted()),
            record::CODE_PAGE => {
                page = u16_at(data, 0);
                continue;
            }
            record::BOUND_SHEET => 7,
            record::FORMAT => 3,
            record::LABEL | record::RICH_STRING => 8,
            record::STRING => 2,
            _ => continue,
        };
        let mut text = data.get(from..).unwrap_or_default();
        if kind == record::RICH_STRING {
            // The fonts of its runs stand behind the text.
            text = text.get(..usize::from(u16_at(data, 6).unwrap_or(0))).unwrap_or(text);
        }
        if !text.is_ascii() {
            texts.extend_from_slice(text);
            texts.push(b'\n');
        }
    }
    if texts.is_empty() || (page != Some(1252) || has_two_pairs(&texts)) && chinese_text(&texts).is_some() {
        return Ok(TextForm::Bytes(GB18030));
    }
    let declared = match page {
        Some(936 | 54936) => Some(GB18030),
        Some(950) => Some(encoding_rs::BIG5),
        Some(932) => Some(encoding_rs::SHIFT_JIS),
        Some(949) => Some(encoding_rs::EUC_KR),
        Some(1252) if !has_two_pairs(&texts) => Some(encoding_rs::WINDOWS_1252),
        _ => None,
    };
    match declared.filter(|encoding| encoding.decode_without_bom_handling_and_without_replacement(&texts).is_some()) {
        Some(encoding) => Ok(TextForm::Bytes(encoding)),
        None => {
            let detail = "文字编码无法确定；请用办公软件另存为 .xlsx 后再报送";
            Err(Refusal::new(Reason::UnreadableEncoding, XLS, detail))
        }
    }
}

/// What cached results of formulas a workbook has.
#[derive(Default)]
struct Results {
    /// Some result is a number or a text.
    any: bool,
    /// Worksheet, row and column of results that are the empty text though the formula has no text in it.
    blanks: Vec<(usize, u32, u32)>,
    worksheet: usize,
}

impl Results {
    /// Programs that calculate nothing write the empty text for every formula. Where all results are that, none of
    /// them was ever calculated.
    fn doubt_all_blanks(&self, worksheets: &mut [Worksheet]) {
        if self.any {
            return;
        }
        for (worksheet, row, column) in &self.blanks {
            let cell = Cell { note: Some(CellNote::FormulaWithoutValue), ..Cell::default() };
            let placed = PlacedCell { row: *row, column: *column, row_span: 1, column_span: 1, cell };
            if let Some(sheet) = worksheets.get_mut(*worksheet) {
                sheet.add_blank(placed);
            }
        }
    }
}

/// What reading the worksheets of one workbook needs and gathers.
struct Reading<'a> {
    workbook: &'a Workbook,
    budget: Budget,
    findings: Vec<Finding>,
    asides: Vec<Aside>,
    results: Results,
}

impl Reading<'_> {
    /// Reads one worksheet from where the stream has it.
    fn worksheet(&mut self, stream: &[u8], sheet: &mut Worksheet) -> Result<(), Refusal> {
        let mut records = Records { rest: stream };
        if u16_at(stream, 0) != Some(record::BEGIN) {
            return Err(damaged("工作表的位置有误"));
        }
        let mut depth = 0;
        // A formula whose text comes in a record of its own.
        let mut formula = None;
        loop {
            let record = records.next()?;
            match record.kind {
                record::BEGIN => depth += 1,
                record::END => depth -= 1,
                // Charts within the worksheet have cells too.
                _ if depth > 1 => continue,
                record::PAGE_HEAD | record::PAGE_FOOT if !record.data.is_empty() => {
                    // A line that is cut short says nothing of the cells.
                    let code = self.text(&record, 0).filter(|_| self.workbook.text == TextForm::Unicode);
                    self.asides.extend(code.iter().flat_map(|code| sheet.page_lines(code)));
                }
                record::STRING => {
                    if let Some(at) = formula.take() {
                        let text = self.text(&record, 0).ok_or_else(|| damaged("单元格记录已损坏"))?;
                        self.results.any = true;
                        self.add(at, Cell { text: text.into(), ..Cell::default() }, sheet)?;
                    }
                }
                record::FORMULA | 0x0206 | 0x0406 => {
                    self.without_text(formula.take(), sheet)?;
                    formula = self.formula(&record, sheet)?;
                }
                _ => self.line_or_cell(&record, sheet)?,
            }
            if depth == 0 {
                self.without_text(formula, sheet)?;
                self.results.worksheet += 1;
                return Ok(());
            }
        }
    }

    /// A record about lines, merges or one or more cells.
    fn line_or_cell(&mut self, record: &Record<'_>, sheet: &mut Worksheet) -> Result<(), Refusal> {
        self.line_or_cell_if_whole(record, sheet).unwrap_or_else(|| Err(damaged("单元格记录已损坏")))
    }

    /// The same; `None` if the record is too short for what it should have.
    fn line_or_cell_if_whole(&mut self, record: &Record<'_>, sheet: &mut Worksheet) -> Option<Result<(), Refusal>> {
        let data = record.data;
        match record.kind {
            record::ROW if u16_at(data, 12).is_some_and(|options| options & 0x20 != 0) => {
                sheet.hide_row(u32::from(u16_at(data, 0)?) + 1);
            }
            record::COLUMN_INFO if u16_at(data, 8).is_some_and(|options| options & 1 != 0) => {
                sheet.hide_columns(u32::from(u16_at(data, 0)?) + 1, u32::from(u16_at(data, 2)?) + 1);
            }
            record::MERGED_CELLS => {
                let count = usize::from(u16_at(data, 0)?);
                data[2..].as_chunks::<8>().0.iter().take(count).filter_map(merged).for_each(|area| sheet.merge(area));
            }
            record::NUMBER => {
                let at = place(data)?;
                let cell = self.number(double_decimal(f64_at(data, 6)?), at.2, data);
                return Some(self.add(at, cell, sheet));
            }
            record::RK => {
                let at = place(data)?;
                let cell = self.number(rk(u32_at(data, 6)?), at.2, data);
                return Some(self.add(at, cell, sheet));
            }
            record::MULTIPLE_RK => {
                let (row, first) = (u16_at(data, 0)?, u16_at(data, 2)?);
                let (values, _) = data.get(4..data.len().checked_sub(2)?)?.as_chunks::<6>();
                for (value, column) in values.iter().zip(first..) {
                    let style = u16_at(value, 0)?;
                    let cell = self.number(rk(u32_at(value, 2)?), style, value);
                    if let Err(refusal) = self.add((row, column, style), cell, sheet) {
                        return Some(Err(refusal));
                    }
                }
            }
            record::LABEL | record::RICH_STRING => {
                let at = place(data)?;
                let text = self.text(record, 6)?;
                return Some(self.add(at, Cell { text: text.into(), ..Cell::default() }, sheet));
            }
            record::LABEL_SHARED => {
                let at = place(data)?;
                let index = u32_at(data, 6)?;
                let cell = match self.workbook.strings.get(index as usize) {
                    Some(text) => Cell { text: text.as_ref().into(), ..Cell::default() },
                    None => {
                        Cell { text: index.to_string().into(), note: Some(CellNote::Unreadable), ..Cell::default() }
                    }
                };
                return Some(self.add(at, cell, sheet));
            }
            record::BOOLEAN_OR_ERROR => {
                let at = place(data)?;
                let (value, is_error) = (*data.get(6)?, *data.get(7)? != 0);
                return Some(self.add(at, if is_error { error(value) } else { boolean(value) }, sheet));
            }
            _ => (),
        }
        Some(Ok(()))
    }

    /// A formula's cached result. Its tokens are not looked at. Gives the place where the text follows.
    fn formula(&mut self, record: &Record<'_>, sheet: &mut Worksheet) -> Result<Option<(u16, u16, u16)>, Refusal> {
        let data = record.data;
        let (Some(at), Some(result)) = (place(data), data.get(6..14)) else {
            return Err(damaged("公式记录已损坏"));
        };
        let (row, column, style) = at;
        let cell = match result {
            [0, .., 0xff, 0xff] => return Ok(Some(at)),
            [1, _, value, .., 0xff, 0xff] => boolean(*value),
            [2, _, value, .., 0xff, 0xff] => error(*value),
            [3, .., 0xff, 0xff] => {
                // 0x17 begins a text among the tokens: such a formula may well give the empty one.
                if data.get(20..).is_some_and(|tokens| !tokens.contains(&0x17)) {
                    let worksheet = self.results.worksheet;
                    self.results.blanks.push((worksheet, u32::from(row) + 1, u32::from(column) + 1));
                }
                return Ok(None);
            }
            [_, .., 0xff, 0xff] => Cell { text: "?".into(), note: Some(CellNote::Unreadable), ..Cell::default() },
            _ => self.number(f64_at(data, 6).and_then(double_decimal), style, data),
        };
        self.results.any = true;
        self.add(at, cell, sheet)?;
        Ok(None)
    }

    /// A formula whose text should have followed, and did not.
    fn without_text(&mut self, formula: Option<(u16, u16, u16)>, sheet: &mut Worksheet) -> Result<(), Refusal> {
        let Some(at) = formula else { return Ok(()) };
        self.add(at, Cell { note: Some(CellNote::FormulaWithoutValue), ..Cell::default() }, sheet)
    }

    /// A cell with a number, shown by the format of its style.
    fn number(&self, stored: Option<Decimal>, style: u16, data: &[u8]) -> Cell {
        let unreadable = |text: String| Cell { text: text.into(), note: Some(CellNote::Unreadable), ..Cell::default() };
        match (stored, self.workbook.formats.get(usize::from(style))) {
            (Some(stored), Some(format)) => format.show(stored, self.workbook.origin),
            (Some(stored), None) => unreadable(stored.normalize().to_string()),
            (None, _) => unreadable(f64_at(data, 6).map_or_else(|| "?".to_owned(), |double| format!("{double:e}"))),
        }
    }

    /// A text with its length before it.
    fn text(&self, record: &Record<'_>, from: usize) -> Option<String> {
        let mut chunks = Chunks::of(record, from);
        let count = usize::from(chunks.u16()?);
        match self.workbook.text {
            TextForm::Unicode if count == 0 => Some(String::new()),
            TextForm::Unicode => chunks.unicode(count),
            TextForm::Bytes(encoding) => {
                let mut bytes = Vec::with_capacity(count);
                for _ in 0..count {
                    bytes.push(chunks.u8()?);
                }
                Some(decode(encoding, &bytes))
            }
        }
    }

    /// Adds a cell at a row and column counted from 0 (behind them its style), unless it is blank.
    fn add(&mut self, at: (u16, u16, u16), cell: Cell, sheet: &mut Worksheet) -> Result<(), Refusal> {
        let (row, column, style) = at;
        let is_struck = self.workbook.struck.get(usize::from(style)) == Some(&true);
        let cell = if is_struck { Worksheet::strike_out(cell) } else { cell };
        if cell.text.is_empty() && cell.note.is_none() {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            if self.findings.len() < MOST_FINDINGS {
                let address = format!("R{}C{}", u32::from(row) + 1, u32::from(column) + 1);
                self.findings.push(sheet.nowhere(&address, &cell.text));
            }
            return Ok(());
        }
        let (row, column) = (u32::from(row) + 1, u32::from(column) + 1);
        sheet.add(PlacedCell { row, column, row_span: 1, column_span: 1, cell }, &mut self.budget)
    }
}

/// Row, column (from 0) and style of a cell's record.
fn place(data: &[u8]) -> Option<(u16, u16, u16)> {
    Some((u16_at(data, 0)?, u16_at(data, 2)?, u16_at(data, 4)?))
}

/// A merged range; `None` if its corners are the wrong way round.
fn merged(area: &[u8; 8]) -> Option<Area> {
    let at = |from| u16_at(area, from).map(|value| u32::from(value) + 1);
    let area = Area { top: at(0)?, bottom: at(2)?, left: at(4)?, right: at(6)? };
    (area.top <= area.bottom && area.left <= area.right).then_some(area)
}

/// The number of an RK value: 30 bits of a double or of an integer, perhaps a hundred times what is meant.
fn rk(value: u32) -> Option<Decimal> {
    let (hundredfold, integer) = (value & 1 != 0, value & 2 != 0);
    let mut number = if integer {
        Decimal::from(value.cast_signed() >> 2)
    } else {
        double_decimal(f64::from_bits(u64::from(value & !3) << 32))?
    };
    if hundredfold {
        // The point is moved: dividing in binary would make noise.
        number.set_scale(number.scale() + 2).ok()?;
    }
    Some(number.normalize())
}

fn boolean(value: u8) -> Cell {
    Cell { text: if value == 0 { "FALSE" } else { "TRUE" }.into(), ..Cell::default() }
}

fn error(value: u8) -> Cell {
    let text = match value {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        0x2b => "#GETTING_DATA",
        _ => "#ERROR!",
    };
    Cell { text: text.into(), note: Some(CellNote::ErrorValue), ..Cell::default() }
}
