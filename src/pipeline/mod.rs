//! One document through all stages; the only room that knows them all.

mod region;
mod settings;

use sha2::{Digest, Sha256};

pub use self::settings::{Settings, SettingsError};
use crate::check;
use crate::mapping::{FormMapping, Kind, NamedState};
use crate::model::{
    Block, Document, DocumentStatus, Extracted, Figure, Finding, FindingCode, FormStatus, Paragraph, Place, Severity,
    Submission, Trace, Versions, fold, hex,
};
use crate::normalise;
use crate::read::{self, Reason, Refusal};
use crate::recognise::{self, Recognised, Region, Tried, recognise, state_of_path};

/// The bytes of a document, and their SHA-256 where it is known.
#[derive(Clone, Copy)]
struct Content<'a> {
    bytes: &'a [u8],
    sha256: Option<&'a str>,
}

impl<'a> From<&'a [u8]> for Content<'a> {
    fn from(bytes: &'a [u8]) -> Content<'a> {
        Content { bytes, sha256: None }
    }
}

/// What is made of one file. Pure: no clock, no file system, no order of documents; a panic costs this document only.
pub fn extract(bytes: &[u8], path: &str, settings: &Settings) -> Extracted {
    inspect(bytes, path, settings).1
}

/// The same where the SHA-256 of the bytes is known.
pub fn extract_hashed(bytes: &[u8], sha256: &str, path: &str, settings: &Settings) -> Extracted {
    inspect_content(Content { bytes, sha256: Some(sha256) }, path, settings).1
}

/// The same as [`extract`] with the document as it was read.
pub fn inspect(bytes: &[u8], path: &str, settings: &Settings) -> (Option<Document>, Extracted) {
    inspect_content(bytes.into(), path, settings)
}

fn inspect_content(content: Content<'_>, path: &str, settings: &Settings) -> (Option<Document>, Extracted) {
    let (document, mut extracted) = contained(|| made_of(content, path, settings))
        .unwrap_or_else(|refusal| (None, refused(content, path, &refusal)));
    let submission = &extracted.submission;
    let forms: Vec<&str> = submission.forms.iter().map(|seen| &*seen.form).collect();
    extracted.versions = settings.versions(&forms, &submission.unit);
    (document, extracted)
}

/// A panic is a bug of ours: it costs the document in hand, and asks for a report.
fn contained<T>(work: impl FnOnce() -> T) -> Result<T, Refusal> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .map_err(|_| Refusal::new(Reason::Crashed, "", "读取时程序出错；请把这个文件报告给 juesuan 的开发者"))
}

fn made_of(content: Content<'_>, path: &str, settings: &Settings) -> (Option<Document>, Extracted) {
    let document = match read::read(content.bytes, path) {
        Ok(document) => prepared(document, path, settings),
        Err(refusal) => return (None, refused(content, path, &refusal)),
    };
    let recognised = recognise(&document, path, &settings.mappings);
    let extracted = extract_recognised(content, path, &document, recognised, settings, None);
    (Some(document), extracted)
}

/// The document as it is recognised: tables side by side parted, and headed by its page's title.
fn prepared(document: Document, path: &str, settings: &Settings) -> Document {
    headed(recognise::parted(remarked(document, path, settings), &settings.mappings), path, settings)
}

/// The document with the comments that put its figures in doubt.
fn remarked(document: Document, path: &str, settings: &Settings) -> Document {
    if document.asides.iter().all(|aside| aside.cell.is_none()) {
        return document;
    }
    let year = recognise(&document, path, &settings.mappings).scope.fiscal_year;
    recognise::remarked(document, year, &settings.mappings)
}

/// The document with the title of its page as its first paragraph, where only that tells a form, the unit or the year.
///
/// A site's name before or behind it is not taken: 青禾县水利局2022年度部门决算 - 青禾县人民政府.
fn headed(mut document: Document, path: &str, settings: &Settings) -> Document {
    let knows = |document: &Document| {
        let recognised = recognise(document, path, &settings.mappings);
        let scope = &recognised.scope;
        !recognised.regions.is_empty() && !scope.unit.is_empty() && scope.fiscal_year.is_some()
    };
    let Some(title) = document.title.clone().filter(|title| title.contains("决算")) else { return document };
    if knows(&document) {
        return document;
    }
    for piece in title.split(['-', '_', '|', '—', '–', '>']).map(str::trim).filter(|piece| piece.contains("决算"))
    {
        document.blocks.insert(0, Block::Paragraph(Paragraph { number: 0, text: piece.to_owned(), offset: None }));
        if knows(&document) {
            return document;
        }
        document.blocks.remove(0);
    }
    document
}

/// What is made of a document that has been read from `bytes`.
pub fn extract_read(document: &Document, bytes: &[u8], path: &str, settings: &Settings) -> Extracted {
    let recognised = recognise(document, path, &settings.mappings);
    extract_recognised(bytes.into(), path, document, recognised, settings, None)
}

/// What is made of a document, with the words that led to each of its numbers and the headings that were tried as titles.
#[derive(Debug)]
pub struct Traced {
    /// What [`extract_read`] makes of it.
    pub extracted: Extracted,
    /// For each number of a form that has words on its path: these words.
    pub traces: Vec<Trace>,
    /// For each text that might be a title: which form it names, or why it names none.
    pub tried: Vec<Tried>,
}

/// The same as [`extract_read`], telling how it came about.
pub fn extract_traced(document: &Document, bytes: &[u8], path: &str, settings: &Settings) -> Traced {
    let recognised = recognise(document, path, &settings.mappings);
    let tried = recognise::tried(document, &settings.mappings);
    let mut traces = Vec::new();
    let extracted = extract_recognised(bytes.into(), path, document, recognised, settings, Some(&mut traces));
    Traced { extracted, traces, tried }
}

/// The same as [`inspect`], telling how it came about.
pub fn inspect_traced(bytes: &[u8], path: &str, settings: &Settings) -> (Option<Document>, Traced) {
    let refused = |refusal: &Refusal| Traced {
        extracted: refused(bytes.into(), path, refusal),
        traces: Vec::new(),
        tried: Vec::new(),
    };
    contained(|| match read::read(bytes, path) {
        Ok(document) => {
            let document = prepared(document, path, settings);
            let traced = extract_traced(&document, bytes, path, settings);
            (Some(document), traced)
        }
        Err(refusal) => (None, refused(&refusal)),
    })
    .unwrap_or_else(|refusal| (None, refused(&refusal)))
}

/// The SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn described(content: Content<'_>, path: &str, status: DocumentStatus, reason: String) -> Extracted {
    Extracted {
        document_id: content.sha256.map_or_else(|| sha256(content.bytes), str::to_owned),
        path: path.to_owned(),
        bytes: content.bytes.len() as u64,
        format: String::new(),
        encoding: String::new(),
        status,
        reason,
        versions: Versions::default(),
        submission: Submission::default(),
    }
}

fn refused(content: Content<'_>, path: &str, refusal: &Refusal) -> Extracted {
    let status = if refusal.reason.is_no_fault() { DocumentStatus::Skipped } else { DocumentStatus::Quarantined };
    let mut extracted = described(content, path, status, refusal.to_string());
    extracted.format = refusal.format.to_owned();
    if status == DocumentStatus::Quarantined {
        extracted.submission.findings.push(Finding::new(FindingCode::Quarantined, refusal.to_string()));
    }
    extracted
}

fn extract_recognised(
    content: Content<'_>,
    path: &str,
    document: &Document,
    recognised: Recognised<'_, '_>,
    settings: &Settings,
    mut traces: Option<&mut Vec<Trace>>,
) -> Extracted {
    let mut extracted = described(content, path, DocumentStatus::Ok, String::new());
    extracted.format = document.format.word().to_owned();
    extracted.encoding = document.encoding.unwrap_or_default().to_owned();
    let submission = &mut extracted.submission;
    submission.unit.clone_from(&recognised.scope.unit);
    submission.scope_total = recognised.scope.total;
    submission.fiscal_year = recognised.scope.fiscal_year.or(settings.assumed_year);
    submission.unit_id =
        settings.registry.id(&submission.unit, submission.fiscal_year).unwrap_or_else(|| fold(&submission.unit));
    submission.findings.extend(document.findings.iter().cloned());
    let fiscal_year = match year_of_submission(submission, &recognised, settings) {
        Ok(fiscal_year) => fiscal_year,
        Err((reason, detail)) => {
            submission.numbers = recognised.outside;
            submission.findings.extend(recognised.findings);
            refuse(&mut extracted, reason, &detail);
            return extracted;
        }
    };
    submission.findings.extend(recognised.findings);
    // Numbers are large and many: all regions write theirs into one list, which need not grow.
    submission.numbers.reserve(likely_numbers(document));
    let mut ends = Vec::with_capacity(recognised.regions.len());
    for found in &recognised.regions {
        let numbers = std::mem::take(&mut submission.numbers);
        let scope = &recognised.scope;
        submission.take(region::of_region(found, fiscal_year, scope, settings, numbers, traces.as_deref_mut()));
        ends.push(submission.figures.len());
    }
    let told_twice = forms_told_twice(&recognised.regions);
    let versions = versions_of_tables(&recognised.regions, &ends, &told_twice, &submission.figures);
    for form in told_twice {
        normalise::one_number_per_form(submission, form);
    }
    normalise::leave_versions_over(submission, &versions);
    normalise::one_unit(submission, &settings.mappings.vocabulary);
    if let Some((state, name)) = state_of_path(path, &settings.mappings) {
        if state == NamedState::Void {
            normalise::leave_over(submission, 0, &name.as_str().into());
        }
        submission.findings.push(Finding::new(FindingCode::DraftByName, name));
    }
    normalise::ask_for_units(submission, &settings.mappings.vocabulary);
    submission.numbers.extend(recognised.outside);
    if !settings.with_personal_data {
        submission.texts.retain(|text| !text.personal);
    }
    if is_partial(submission) {
        extracted.status = DocumentStatus::Partial;
        extracted.reason = format!("{} leftovers, {} findings", submission.leftovers.len(), submission.findings.len());
    }
    let (checked, contradictions) = check::check(submission, &settings.mappings);
    submission.checked = checked;
    submission.findings.extend(contradictions);
    extracted
}

/// The fiscal year whose accounts these are, or why nothing of the document can be read: no form, no year or no unit is told.
fn year_of_submission(
    submission: &Submission,
    recognised: &Recognised<'_, '_>,
    settings: &Settings,
) -> Result<i32, (Reason, String)> {
    if recognised.regions.is_empty() {
        let seen = match recognised.titles_seen.as_slice() {
            [] => "没有标题".to_owned(),
            titles => titles.join("、"),
        };
        let detail = format!("没有认出任何表格或说明；所见标题：{seen}。如果是新的表式，请为它写映射文件");
        return Err((Reason::NoKnownForm, detail));
    }
    let ambiguous = |detail: &str| (Reason::Ambiguous, detail.to_owned());
    let year = submission.fiscal_year.ok_or_else(|| ambiguous("看不出决算年度；请在标题、表头或文件夹名中写明年度"))?;
    if submission.unit.is_empty() && settings.assumed_year.is_none() {
        return Err(ambiguous("看不出是哪个单位；请在表头“部门：”或文件夹名中写明单位"));
    }
    Ok(year)
}

/// Something was left over or found, or a form whose title stands there has numbers that could not be taken from what follows it. What
/// does not add up makes no document partial.
fn is_partial(submission: &Submission) -> bool {
    let counts = |finding: &Finding| finding.severity() > Severity::Info && !finding.code.tells_a_contradiction();
    submission.forms.iter().any(|form| form.status == FormStatus::Ambiguous)
        || !submission.leftovers.is_empty()
        || submission.findings.iter().any(counts)
}

/// The forms that stand more than once in a document; prose may repeat itself, but for a second version of all of it.
fn forms_told_twice<'m>(regions: &[Region<'_, 'm>]) -> Vec<&'m FormMapping> {
    let mut twice: Vec<&FormMapping> = Vec::new();
    for (at, region) in regions.iter().enumerate() {
        let again = regions[..at].iter().any(|earlier| earlier.form.form == region.form.form);
        let twice_told = again && region.form.kind != Kind::Prose || region.told_again;
        if twice_told && !twice.iter().any(|form| form.form == region.form.form) {
            twice.push(region.form);
        }
    }
    twice
}

/// Where the figures of tables stand that are two versions of one. `ends`: where the figures of each region end.
fn versions_of_tables(
    regions: &[Region<'_, '_>],
    ends: &[usize],
    told_twice: &[&FormMapping],
    figures: &[Box<Figure>],
) -> Vec<Place> {
    let tables_of = |form: &FormMapping| {
        let own = regions.iter().enumerate().filter(|(_, region)| region.form.form == form.form);
        own.map(|(at, _)| &figures[at.checked_sub(1).map_or(0, |before| ends[before])..ends[at]]).collect::<Vec<_>>()
    };
    let tables = told_twice.iter().filter(|form| form.kind == Kind::Table);
    tables.flat_map(|form| normalise::versions_of_one_table(&tables_of(form))).collect()
}

/// Nothing of the document enters the dataset.
fn refuse(extracted: &mut Extracted, reason: Reason, detail: &str) {
    extracted.status = DocumentStatus::Quarantined;
    extracted.reason = format!("{}: {detail}", reason.word());
    extracted.submission.findings.push(Finding::new(FindingCode::Quarantined, extracted.reason.clone()));
}

/// About as many numbers as a document of the usual size has, or more: one in each cell, and one in each twenty characters of text.
fn likely_numbers(document: &Document) -> usize {
    let of_block = |block: &Block| match block {
        Block::Table(table) => table.cells.len(),
        Block::Paragraph(paragraph) => paragraph.text.len() / 60,
    };
    // A document of some other kind may have millions of cells, and few numbers in a form.
    document.blocks.iter().map(of_block).sum::<usize>().min(16_384)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_costs_one_document_only() {
        let work = |name: &str| contained(|| assert!(name != "bad", "a bug")).map(|()| name.to_owned());
        let made: Vec<Result<String, Refusal>> = ["a", "bad", "b"].into_iter().map(work).collect();
        assert_eq!(made[0].as_deref(), Ok("a"));
        assert_eq!(made[1].as_ref().map_err(|refusal| refusal.reason), Err(Reason::Crashed));
        assert_eq!(made[2].as_deref(), Ok("b"));
        let extracted = refused(b"x".as_slice().into(), "bad", made[1].as_ref().unwrap_err());
        assert_eq!(extracted.status, DocumentStatus::Quarantined);
        assert!(extracted.reason.starts_with("crashed: "), "{}", extracted.reason);
    }
}
