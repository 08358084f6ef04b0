//! One document through all stages; the only room that knows them all.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::check;
use crate::locate::{self, Frame, Located, Project};
use crate::mapping::{ColumnRole, FormMapping, Kind, Mappings, NamedState, Problem};
use crate::model::{
    Block, Document, DocumentStatus, Extracted, Fate, Figure, Finding, FindingCode, FormSeen, FormStatus, NumberRecord,
    Paragraph, Place, Severity, Submission, Trace, Versions, fold, hex,
};
use crate::normalise;
use crate::read::{self, Reason, Refusal};
use crate::recognise::{self, Recognised, Region, Scope, Stranger, Tried, recognise, state_of_path, told_by_path};
use crate::registry::Registry;
use crate::wording::{self, Language};

/// The version of this program: the release, and a digest of the sources, since not every build is a release.
const PROGRAM: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("JUESUAN_SOURCES"));

/// Everything that decides what is made of a document.
#[derive(Debug)]
pub struct Settings {
    /// What is known of templates.
    pub mappings: Mappings,
    /// What is known of units.
    pub registry: Registry,
    /// Personal data are kept.
    pub with_personal_data: bool,
    /// The fiscal year of documents that tell none; for examples and tests.
    pub assumed_year: Option<i32>,
    /// Limits other than the usual ones, as a part of versions.
    pub limits: String,
    /// A digest of all settings.
    pub mapping_version: String,
}

/// Why settings cannot be made.
#[derive(Debug)]
pub enum SettingsError {
    /// Mapping files with problems, each with its place.
    Mapping(Vec<Problem>),
    /// The registry of units.
    Registry(String),
}

impl SettingsError {
    /// What is wrong, each problem on lines of its own.
    pub fn shown(&self, language: Language) -> String {
        match self {
            SettingsError::Mapping(problems) => {
                let shown: Vec<String> = problems.iter().map(|found| wording::problem(found, language)).collect();
                shown.join("\n")
            }
            SettingsError::Registry(message) => {
                language.pick(format!("单位名录无法读取：{message}"), format!("the registry of units: {message}"))
            }
        }
    }
}

impl std::fmt::Display for SettingsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown(Language::English))
    }
}

impl std::error::Error for SettingsError {}

impl Settings {
    /// The built-in mappings, a directory that replaces or extends them, and a registry of units.
    ///
    /// # Errors
    /// Every problem of the mapping files, or what is wrong with the registry.
    pub fn load(
        mappings: Option<&Path>,
        registry: Option<&Path>,
        with_personal_data: bool,
    ) -> Result<Settings, SettingsError> {
        let mappings = Mappings::load(mappings).map_err(SettingsError::Mapping)?;
        let registry = match registry {
            Some(path) => Registry::read(path).map_err(SettingsError::Registry)?,
            None => Registry::default(),
        };
        let mapping_version = version(&mappings, &registry, with_personal_data);
        Ok(Settings {
            mappings,
            registry,
            with_personal_data,
            assumed_year: None,
            limits: String::new(),
            mapping_version,
        })
    }

    /// Settings with mappings that have been loaded, no registry, and no personal data.
    pub fn with_mappings(mappings: Mappings) -> Settings {
        let registry = Registry::default();
        let mapping_version = version(&mappings, &registry, false);
        Settings {
            mappings,
            registry,
            with_personal_data: false,
            assumed_year: None,
            limits: String::new(),
            mapping_version,
        }
    }

    /// The versions with which a document would be read that holds these forms and is of this unit.
    pub fn versions(&self, forms: &[&str], unit: &str) -> Versions {
        let mut mapping = self.mappings.digests.for_forms(forms);
        if self.with_personal_data {
            mapping.push_str("-personal");
        }
        mapping.push_str(&self.limits);
        Versions {
            program: PROGRAM.to_owned(),
            mapping,
            codes: self.mappings.digests.codes.clone(),
            registry: self.registry.version_of(unit),
        }
    }

    /// Whether two paths tell the same: a document that moved from one to the other would be read the same.
    pub fn same_by_path(&self, a: &str, b: &str) -> bool {
        read::name_tells(a) == read::name_tells(b) && told_by_path(a, &self.mappings) == told_by_path(b, &self.mappings)
    }

    /// How far the name of a path puts its document in doubt: none, some, or all of it.
    pub fn doubt_by_path(&self, path: &str) -> u8 {
        match state_of_path(path, &self.mappings) {
            None => 0,
            Some((NamedState::Doubtful, _)) => 1,
            Some((NamedState::Void, _)) => 2,
        }
    }

    /// The name of a classification code, or the last name of a path of names, in a fiscal year.
    pub fn code_name(&self, code: &str, year: i32) -> Option<&str> {
        let lists = &self.mappings.codes;
        let list = if code.starts_with('3') { &lists.economic } else { &lists.functional };
        list.name(code, Some(year)).map(|name| &**name)
    }
}

fn version(mappings: &Mappings, registry: &Registry, with_personal_data: bool) -> String {
    let mut version = mappings.version.clone();
    if let Some(registry) = registry.version() {
        version.push('-');
        version.push_str(&registry);
    }
    if with_personal_data {
        version.push_str("-personal");
    }
    version
}

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

    if recognised.regions.is_empty() {
        submission.numbers = recognised.outside;
        submission.findings.extend(recognised.findings);
        let seen = if recognised.titles_seen.is_empty() {
            "没有标题".to_owned()
        } else {
            recognised.titles_seen.join("、")
        };
        refuse(
            &mut extracted,
            Reason::NoKnownForm,
            &format!("没有认出任何表格或说明；所见标题：{seen}。如果是新的表式，请为它写映射文件"),
        );
        return extracted;
    }
    let Some(fiscal_year) = submission.fiscal_year else {
        submission.numbers = recognised.outside;
        submission.findings.extend(recognised.findings);
        refuse(&mut extracted, Reason::Ambiguous, "看不出决算年度；请在标题、表头或文件夹名中写明年度");
        return extracted;
    };
    if submission.unit.is_empty() && settings.assumed_year.is_none() {
        submission.numbers = recognised.outside;
        submission.findings.extend(recognised.findings);
        refuse(&mut extracted, Reason::Ambiguous, "看不出是哪个单位；请在表头“部门：”或文件夹名中写明单位");
        return extracted;
    }
    submission.findings.extend(recognised.findings);
    // Numbers are large and many: all regions write theirs into one list, which need not grow.
    submission.numbers.reserve(likely_numbers(document));
    let mut ends = Vec::with_capacity(recognised.regions.len());
    for region in &recognised.regions {
        let numbers = std::mem::take(&mut submission.numbers);
        let scope = &recognised.scope;
        submission.take(of_region(region, fiscal_year, scope, settings, numbers, traces.as_deref_mut()));
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
    // A form whose title stands there and whose numbers could not be taken from what follows it is not read.
    let unread = submission.forms.iter().any(|form| form.status == FormStatus::Ambiguous);
    let partial = unread
        || !submission.leftovers.is_empty()
        || submission
            .findings
            .iter()
            .any(|finding| finding.severity() > Severity::Info && !finding.code.tells_a_contradiction());
    if partial {
        extracted.status = DocumentStatus::Partial;
        extracted.reason = format!(
            "{} leftovers, {} findings",
            extracted.submission.leftovers.len(),
            extracted.submission.findings.len()
        );
    }
    let (checked, contradictions) = check::check(&extracted.submission, &settings.mappings);
    extracted.submission.checked = checked;
    extracted.submission.findings.extend(contradictions);
    extracted
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

/// One form of a document. `numbers` is the account of the forms before it; it comes back with that of this form behind.
fn of_region(
    region: &Region<'_, '_>,
    fiscal_year: i32,
    scope: &Scope,
    settings: &Settings,
    mut numbers: Vec<NumberRecord>,
    traces: Option<&mut Vec<Trace>>,
) -> Submission {
    let noted = region.form.as_noted(&region.notes);
    let form = noted.as_ref().unwrap_or(region.form);
    let mappings = &settings.mappings;
    let frame = Frame {
        form,
        mappings,
        fiscal_year: Some(fiscal_year),
        money: region.money.clone(),
        unit: &scope.unit,
        rule: form.file.as_str().into(),
        traced: traces.is_some(),
        project: Project::default(),
    };
    let before = numbers.len();
    numbers.extend(region.captions.iter().cloned());
    let mut located: Located = match form.kind {
        Kind::Prose => {
            locate::locate_prose(&region.parts, &frame, numbers, fiscal_year, &scope.names, region.of_finals)
        }
        _ => locate::locate(&region.parts, &frame, numbers),
    };
    if let Some(traces) = traces {
        traces.append(&mut located.traces);
    }
    mappings.schemes.tell(&mut located.scores);
    if located.leftovers.is_empty() {
        // Where a score is left over, the rest need not be a whole.
        located.findings.extend(check::contradictions_of_scores(&located.scores));
    }
    let mut numbers = located.numbers;
    let own = &mut numbers[before..];
    let normalised =
        normalise::normalise(located.claims, form, fiscal_year, &mappings.codes, &mappings.vocabulary, own);
    let mut made = Submission {
        figures: normalised.figures,
        scores: located.scores,
        texts: located.texts,
        leftovers: located.leftovers,
        findings: located.findings,
        numbers,
        ..Submission::default()
    };
    made.leftovers.extend(normalised.leftovers);
    made.findings.extend(normalised.findings);
    for finding in &mut made.findings {
        if finding.form.is_empty() {
            finding.form = form.form.to_string();
        }
    }
    let of_another =
        || region.stranger.as_ref().and_then(|stranger| whose(stranger, &scope.unit, fiscal_year, settings));
    if let Some(whose) = of_another().or_else(|| sample(&made, mappings)) {
        normalise::leave_over(&mut made, before, &whose.into());
    }
    speak_for_unit(&mut made.figures, names_projects(form));
    let scored = made.scores.iter().filter(|score| score.self_score.is_some()).count();
    if region.copied > 0 && region.parts.is_empty() {
        let place = region.place.clone();
        let finding = Finding::at(FindingCode::NumbersOutsideForms, place, region.known_by.clone());
        made.findings.push(finding.with_actual(region.copied.to_string()));
    }
    let status = if !made.figures.is_empty() || scored > 0 {
        FormStatus::Filled
    } else if made.leftovers.is_empty() && region.copied == 0 {
        FormStatus::Blank
    } else {
        FormStatus::Ambiguous
    };
    made.forms.push(FormSeen {
        form: form.form.clone(),
        status,
        known_by: region.known_by.clone(),
        place: region.place.clone(),
        figures: made.figures.len() + made.scores.len(),
        leftovers: made.leftovers.len(),
    });
    made
}

/// Another unit or year whose table it is; none where the registry knows that it is only another name of the unit.
fn whose(stranger: &Stranger, unit: &str, fiscal_year: i32, settings: &Settings) -> Option<String> {
    match stranger {
        Stranger::OfYear(year) => Some(format!("another year's: {year}")),
        Stranger::YearUntold => Some("of which year?".to_owned()),
        Stranger::Qualified(line) => Some(line.clone()),
        Stranger::OfUnit(name) => {
            let id = |name: &str| settings.registry.id(name, Some(fiscal_year));
            let is_alias = id(name).is_some_and(|of_name| id(unit) == Some(of_name));
            (!is_alias).then(|| format!("another unit's: {name}"))
        }
    }
}

/// The name of a project that stands in the form as an example.
fn sample(made: &Submission, mappings: &Mappings) -> Option<String> {
    let entities =
        made.figures.iter().map(|figure| &figure.key.entity).chain(made.scores.iter().map(|score| &score.entity));
    let mut last = "";
    let mut names = entities.filter(|name| std::mem::replace(&mut last, name) != &***name);
    names.find(|name| mappings.surroundings.standing.is_sample(name)).map(ToString::to_string)
}

/// The entities of a form are projects, by a column or by a field.
fn names_projects(form: &FormMapping) -> bool {
    form.columns.values().any(|role| *role == ColumnRole::Project) || form.fields.values().any(|field| field.project)
}

/// A figure of a sub-unit speaks for the unit where no other sub-unit of its form has values; one of a project never does.
fn speak_for_unit(figures: &mut [Box<Figure>], of_projects: bool) {
    let one_entity = figures.windows(2).all(|pair| pair[0].key.entity == pair[1].key.entity);
    let alone = one_entity && !of_projects;
    for figure in figures {
        figure.speaks_for_unit = figure.key.entity.is_empty() || alone;
    }
}

impl Submission {
    /// Takes in what was made of a region, and the account that was handed to it.
    fn take(&mut self, mut other: Submission) {
        self.figures.append(&mut other.figures);
        self.scores.append(&mut other.scores);
        self.texts.append(&mut other.texts);
        self.leftovers.append(&mut other.leftovers);
        self.findings.append(&mut other.findings);
        self.forms.append(&mut other.forms);
        self.numbers = other.numbers;
    }

    /// How many numbers met each fate, in the order of [`Fate::ALL`].
    pub fn account(&self) -> [usize; 7] {
        let mut account = [0; 7];
        for number in &self.numbers {
            if let Some(at) = Fate::ALL.iter().position(|fate| *fate == number.fate) {
                account[at] += 1;
            }
        }
        account
    }
}

/// Puts the account of a document into the order in which its numbers stand.
pub fn in_document_order(numbers: &mut [NumberRecord], document: &Document) {
    numbers.sort_by_cached_key(|number| position(&number.place, document));
}

/// Where a place stands in its document: block, row, column, character.
pub fn position(place: &Place, document: &Document) -> (usize, u32, u32, u32) {
    let range = |range: &Option<(u32, u32)>| range.map_or(0, |(start, _)| start);
    let block = |found: &dyn Fn(&Block) -> bool| document.blocks.iter().position(found).unwrap_or(usize::MAX);
    match place {
        Place::Paragraph { paragraph, range: within } => {
            let at = block(&|block| matches!(block, Block::Paragraph(found) if found.number == *paragraph));
            (at, 0, 0, range(within))
        }
        Place::Table { table, row, column, range: within } => {
            let at = block(&|block| matches!(block, Block::Table(found) if found.number == *table));
            (at, *row, *column, range(within))
        }
        Place::Sheet { sheet, row, column, range: within } => {
            let at = block(&|block| matches!(block, Block::Table(found) if found.sheet.as_ref() == Some(sheet)));
            (at, *row, *column, range(within))
        }
    }
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
