//! Walking a document from top to bottom: where each form begins, goes on and ends.

use std::ops::Range;
use std::sync::Arc;

use super::lines::{self, Line, Said};
use super::scope::{self, Scope, Sources, only_of_budget, same_unit};
use super::strangers::{self, Stranger, Told};
use crate::locate::{Money, Part, Rows};
use crate::mapping::{FormMapping, Kind, Mappings};
use crate::model::{
    Block, Cell, Document, Fate, Finding, FindingCode, Label, NumberRecord, Ordinal, Paragraph, Place, Set, Table,
    digit_runs, fold, split_ordinal,
};

/// A document with its forms recognised.
#[derive(Debug)]
pub(crate) struct Recognised<'d, 'm> {
    /// Whose it is and for which year.
    pub(crate) scope: Scope,
    /// The forms, in document order.
    pub(crate) regions: Vec<Region<'d, 'm>>,
    /// Numbers that stand in no form.
    pub(crate) outside: Vec<NumberRecord>,
    /// Titles and headings seen that are no known form's, for messages.
    pub(crate) titles_seen: Vec<String>,
    /// What recognising noticed.
    pub(crate) findings: Vec<Finding>,
}

/// One form of a document.
#[derive(Debug)]
pub(crate) struct Region<'d, 'm> {
    pub(crate) form: &'m FormMapping,
    /// The title or labels that made it known.
    pub(crate) known_by: String,
    /// Where it begins.
    pub(crate) place: Place,
    /// Its paragraphs and rows.
    pub(crate) parts: Vec<Part<'d>>,
    /// The unit of amounts in it.
    pub(crate) money: Money,
    /// It is that of a table above, until a line says otherwise.
    unit_is_of_another: bool,
    /// The number of its table: 公开05表.
    number: Option<String>,
    /// Numbers of the lines around it: titles, unit lines, notes.
    pub(crate) captions: Vec<NumberRecord>,
    /// A line says that the table holds no data.
    pub(crate) says_no_data: bool,
    /// Its notes, folded: some say what its labels mean.
    pub(crate) notes: Vec<String>,
    /// A note stands below its rows.
    is_noted: bool,
    /// Numbers in the lines below its title that no table holds: a copy that lost its tables.
    pub(crate) copied: usize,
    /// The unit and the year that its title, or a line between title and table, tells.
    pub(crate) told: Told,
    /// It is of another unit or year than the document.
    pub(crate) stranger: Option<Stranger>,
    /// No title made it known, only a heading.
    by_heading: bool,
}

impl Region<'_, '_> {
    /// What a later title or heading tells is of another unit or year than this form.
    fn is_of_another(&self, told: &Told, mappings: &Mappings) -> bool {
        self.told.differs(told, mappings, || self.parts.iter().any(strangers::states_amount))
    }

    /// Its notes stand above rows of the same sheet that begin with a header: they are those of another table, whose title
    /// may be lost.
    fn is_whole_above(&self, rows: &Rows<'_>) -> bool {
        let same = matches!(self.parts.last(), Some(Part::Rows(above)) if std::ptr::eq(above.table, rows.table));
        let filled = |row: &usize| rows.table.anchored_in(*row).any(|cell| !cell.is_blank());
        let heads = |row: usize| {
            rows.table.anchored_in(row).any(|cell| self.form.columns.contains_key(fold(&cell.text).as_str()))
        };
        self.is_noted && self.form.kind == Kind::Table && same && rows.rows.clone().find(filled).is_some_and(heads)
    }

    /// The first column that its rows in a table have anything in, those that are still being read among them.
    fn first_column(&self, table: &Table, being_read: Range<usize>) -> usize {
        let read = match self.parts.last() {
            Some(Part::Rows(rows)) if std::ptr::eq(rows.table, table) => rows.first_column(),
            _ => None,
        };
        let being_read = Rows { table, rows: being_read }.first_column();
        read.into_iter().chain(being_read).min().unwrap_or(0)
    }
}

/// Recognises the forms of a document. `name` is its path, for unit and year where its text tells none.
pub(crate) fn recognise<'d, 'm>(document: &'d Document, name: &str, mappings: &'m Mappings) -> Recognised<'d, 'm> {
    let by_name = lines::title_of_name(name, mappings);
    let mut walk = walked(document, None, mappings);
    if walk.regions.is_empty() && has_one_sheet(document) && by_name.is_some() {
        // What nothing in it names, its name may.
        walk = walked(document, by_name, mappings);
    }
    let mut regions = walk.regions;
    doubt_defaults(&mut regions);
    if let Some(form) = by_name.filter(|form| contradicts(&regions, form)) {
        let other = regions.iter().map(|region| &*region.form.form).collect::<Vec<_>>().join("、");
        walk.findings
            .push(Finding::new(FindingCode::FormContradiction, name).with_expected(&*form.form).with_actual(other));
    }
    let (scope, mut scope_findings) = walk.sources.settle(name, || unit_of_fields(&regions, mappings), mappings);
    walk.findings.append(&mut scope_findings);
    strangers::find(&mut regions, &scope, mappings);
    Recognised { scope, regions, outside: walk.outside, titles_seen: walk.titles_seen, findings: walk.findings }
}

/// The unit that all forms of fields name as theirs, in a document of nothing else.
fn unit_of_fields(regions: &[Region<'_, '_>], mappings: &Mappings) -> Option<String> {
    if regions.iter().any(|region| !matches!(region.form.kind, Kind::Fields | Kind::Indicators)) {
        return None;
    }
    let mut units = Vec::new();
    for part in regions.iter().flat_map(|region| &region.parts) {
        let Part::Rows(rows) = part else { continue };
        for row in rows.rows.clone() {
            let cells: Vec<&Cell> = rows.table.anchored_in(row).filter(|cell| !cell.text.trim().is_empty()).collect();
            let named = cells.windows(2).filter(|pair| mappings.surroundings.is_own_unit_field(&pair[0].text));
            units.extend(named.map(|pair| fold(&pair[1].text)));
        }
    }
    let (first, others) = units.split_first()?;
    let one = others.iter().all(|other| same_unit(first, other, &mappings.surroundings));
    (one && mappings.surroundings.looks_like_organisation(first)).then(|| first.clone())
}

/// The document's worksheets, if it has any, are one: its name cannot mean another.
fn has_one_sheet(document: &Document) -> bool {
    let sheets = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => table.sheet.as_deref(),
        Block::Paragraph(_) => None,
    });
    sheets.collect::<Set<&str>>().len() <= 1
}

/// A document whose name says that it is a form holds others, and not that one.
fn contradicts(regions: &[Region<'_, '_>], named: &FormMapping) -> bool {
    !regions.is_empty()
        && regions.iter().all(|region| region.form.kind == Kind::Table && region.form.form != named.form)
}

/// A document, walked from top to bottom. Its first table is a form's that its name tells, where nothing else does.
fn walked<'d, 'm>(document: &'d Document, by_name: Option<&'m FormMapping>, mappings: &'m Mappings) -> Walk<'d, 'm> {
    let mut walk = Walk {
        by_name,
        mappings,
        regions: Vec::new(),
        current: None,
        unknown_heading: false,
        below_budget: false,
        below_government: false,
        in_part_of_finals: false,
        interrupted: None,
        pending_money: None,
        pending_is_of_another: false,
        pending_number: None,
        outside: Vec::new(),
        pending: Vec::new(),
        titles_seen: Vec::new(),
        findings: Vec::new(),
        sources: Sources::default(),
        in_note: false,
        without_table: None,
        below: &[],
        heading: None,
        heading_year: None,
    };
    for (at, block) in document.blocks.iter().enumerate() {
        walk.below = &document.blocks[at + 1..];
        match block {
            Block::Paragraph(paragraph) => walk.paragraph(paragraph),
            Block::Table(table) => walk.table(table),
        }
    }
    walk.end_pending();
    walk.leave_government_accounts();
    walk.leave_contents();
    walk
}

/// T-26: where a document states another unit than 万元, a form that states none is in doubt.
fn doubt_defaults(regions: &mut [Region<'_, '_>]) {
    use crate::model::UnitOfMeasure::{HundredMillionYuan, ThousandYuan, Yuan};
    let other = regions.iter().find_map(|region| match region.money {
        Money::Stated(Yuan) => Some("元"),
        Money::Stated(ThousandYuan) => Some("千元"),
        Money::Stated(HundredMillionYuan) => Some("亿元"),
        _ => None,
    });
    let Some(other) = other else { return };
    let other: Arc<str> = other.into();
    for region in regions.iter_mut().filter(|region| region.form.kind == Kind::Table) {
        if matches!(region.money, Money::Assumed(_)) {
            region.money = lines::in_doubt(&other);
        }
    }
}

/// So many rows below a title may be lines and header.
const LINES_AND_HEADER: usize = 8;
/// No word of a header has more characters.
const LONGEST: usize = 15;

struct Walk<'d, 'm> {
    mappings: &'m Mappings,
    /// The form that the document's name tells, until a table is found for it.
    by_name: Option<&'m FormMapping>,
    regions: Vec<Region<'d, 'm>>,
    /// The form that goes on.
    current: Option<usize>,
    /// A heading that was not understood stands above: labels alone recognise nothing (T-2).
    unknown_heading: bool,
    /// A title above is that of a budget.
    below_budget: bool,
    /// A title above is that of a government's whole budget.
    below_government: bool,
    /// The heading of the part that is read says that its tables are of final accounts.
    in_part_of_finals: bool,
    /// The explanation that the table that goes on stands in.
    interrupted: Option<usize>,
    /// A unit line that stood before a title.
    pending_money: Option<Money>,
    /// A table that is left over stood below that line.
    pending_is_of_another: bool,
    /// The number of a table that stood before its title.
    pending_number: Option<String>,
    outside: Vec<NumberRecord>,
    /// Rows outside any form, to be told once: the title above them and how many numbers they have.
    pending: Vec<(String, Place, usize)>,
    titles_seen: Vec<String>,
    findings: Vec<Finding>,
    sources: Sources,
    /// The last thing read was a note: a numbered sentence goes on with it.
    in_note: bool,
    /// The form of tables whose title stands above and that has no table yet.
    without_table: Option<usize>,
    /// What stands below what is read.
    below: &'d [Block],
    /// The unit that the last cover or heading named: 某局2022年度部门决算.
    heading: Option<String>,
    /// The year of accounts that the last cover named.
    heading_year: Option<i32>,
}

/// What a row of a table is.
enum RowIs<'d, 'm> {
    /// A row of the form that goes on, or of no form.
    Part,
    /// Lines around a table.
    Lines(Vec<(&'d Cell, Line<'m>)>),
    /// Headings that are not understood.
    Headings(Vec<&'d Cell>),
    /// The first row of a form that its headings make known.
    Begins(&'m FormMapping, &'d Cell),
}

/// A line of the document, wherever it stands.
struct Text<'t> {
    text: &'t str,
    place: Place,
    offset: Option<usize>,
}

impl<'d, 'm> Walk<'d, 'm> {
    // ---------------------------------------------------------------- paragraphs

    fn paragraph(&mut self, paragraph: &'d Paragraph) {
        let text = Text { text: &paragraph.text, place: paragraph.place(), offset: paragraph.offset };
        self.begins_part(&paragraph.text);
        if !self.below_government && lines::says_nothing(&paragraph.text, self.mappings) {
            self.sources.no_organisation();
            return self.plain(paragraph, &text);
        }
        let folded = lines::folded_line(&paragraph.text);
        if self.page_line(&text, &folded) {
            return;
        }
        let named = self.sources.named().len();
        if !folded.is_empty() {
            self.sources.paragraph(&folded, self.mappings);
        }
        let line = if self.current_kind() == Some(Kind::Prose) {
            lines::read_in_prose(&paragraph.text, &folded, self.mappings)
        } else {
            self.in_its_note(lines::read(&paragraph.text, &folded, self.mappings), &paragraph.text)
        };
        match line {
            Line::Title { form, said }
                if !said.is_subject || self.next_table().is_some_and(|table| self.is_of_finals(&said, table, 0)) =>
            {
                return self.title(form, &said, &text, Some(paragraph));
            }
            // In prose its readers tell page numbers from numbers that a line's end parts from their sentence.
            Line::PageNumber if self.current_kind() != Some(Kind::Prose) => return self.caption(&text, "page number"),
            Line::Declared { rule, said } if self.current_kind() != Some(Kind::Prose) => {
                self.sources.said(&said, self.mappings);
                self.numbered(&said);
                self.tells(&said);
                let money = said.money.is_some();
                self.said_money(said.money);
                if self.current_kind() == Some(Kind::Fields) && !money {
                    return self.push(Part::Paragraph(paragraph));
                }
                return self.caption(&text, rule);
            }
            // 与 | 2021年: a sentence that a page broke.
            Line::Declared { rule: "year", .. } => {}
            Line::Declared { said, .. } => self.sources.said(&said, self.mappings),
            _ => {}
        }
        if self.current_kind() == Some(Kind::Prose) {
            self.sources.line_in_prose(&folded, self.mappings);
        } else {
            self.sources.line(&folded, self.mappings);
        }
        self.heads(&folded, named);
        if let Some(form) = self.begins_prose(&paragraph.text, &folded) {
            self.begin_by_heading(form, &text);
            return self.push(Part::Paragraph(paragraph));
        }
        let outside = self.current_kind() != Some(Kind::Prose) && !self.below_budget && !self.below_government;
        if outside && let Some((form, heading)) = lines::heading_inside(&folded, self.mappings) {
            self.begin_by_heading(form, &Text { text: heading, place: text.place.clone(), offset: text.offset });
            return self.push(Part::Paragraph(paragraph));
        }
        if self.ends_here(&folded) {
            self.current = None;
            self.unknown_heading = true;
            return self.count_outside(&text, Fate::Outside, "heading that ends a form");
        }
        self.plain(paragraph, &text);
    }

    /// 第二部分 2021年度部门决算报表: the heading of a part says what its tables are of.
    fn begins_part(&mut self, text: &str) {
        if text.trim_start().starts_with('第') {
            let folded = fold(text);
            if split_ordinal(&folded).0 == Ordinal::Part {
                self.in_part_of_finals = self.mappings.surroundings.heads_part_of_finals(&folded);
            }
        }
    }

    /// A cover or heading that names a unit: what stands below it is that unit's, and an explanation of another ends.
    ///
    /// So it is with a year of accounts: 某局2022年度部门决算 above tables of their own, in a file of 2023.
    fn heads(&mut self, folded: &str, named_before: usize) {
        if self.current_kind() != Some(Kind::Prose) && strangers::is_heading(folded) {
            self.heading_year = scope::year_of_cover(folded, self.mappings).or(self.heading_year);
        }
        let Some(unit) = self.sources.named()[named_before..].last() else { return };
        if !strangers::is_heading(folded) {
            return;
        }
        let told = Told::of_unit(unit);
        if self.current.is_some_and(|index| self.regions[index].is_of_another(&told, self.mappings)) {
            self.current = None;
        }
        self.heading = Some(unit.clone());
    }

    /// A paragraph that is none of all that: a part of a form of text, else one that ends the form above it.
    fn plain(&mut self, paragraph: &'d Paragraph, text: &Text<'_>) {
        match self.current_kind() {
            Some(Kind::Prose | Kind::Fields) => self.push(Part::Paragraph(paragraph)),
            Some(Kind::Table) if self.goes_on_below_table(&paragraph.text) => {
                self.current = self.interrupted.take();
                self.push(Part::Paragraph(paragraph));
            }
            Some(Kind::Table | Kind::Indicators) | None => {
                let ended = self.current.filter(|index| self.regions[*index].parts.is_empty());
                // 第三部分 … is a part of its own.
                let part = split_ordinal(&fold(&paragraph.text)).0 == Ordinal::Part;
                self.without_table = ended.or(self.without_table).filter(|_| !part);
                self.interrupted = None;
                self.current = None;
                self.unknown_heading = true;
                self.seen(&paragraph.text);
                let before = self.outside.len();
                self.count_outside(text, Fate::Outside, "no form");
                if let Some(index) = self.without_table {
                    self.regions[index].copied += self.outside.len() - before;
                }
            }
        }
    }

    /// A line of the web page around its article says nothing of the forms; only the article's title, where it is named,
    /// says what the text below it is.
    fn page_line(&mut self, text: &Text<'_>, folded: &str) -> bool {
        if self.current_kind() == Some(Kind::Fields) {
            return false;
        }
        let words = &self.mappings.surroundings;
        if let Some(title) = words.page_title(folded) {
            self.sources.line(title, self.mappings);
            if let Some(form) = self.begins_prose(title, title) {
                self.begin_by_heading(form, text);
                self.caption(text, "page line");
                return true;
            }
            return false;
        }
        let is = words.is_page_line(folded);
        if is {
            self.caption(text, "page line");
        }
        is
    }

    /// A heading of prose. Below the title of a budget only one that says 决算 is of final accounts.
    fn begins_prose(&mut self, text: &str, folded: &str) -> Option<&'m FormMapping> {
        if self.current_kind() == Some(Kind::Prose) {
            return lines::heading_of(folded, self.mappings, true);
        }
        self.below_government |= self.mappings.surroundings.heads_government_accounts(folded);
        if self.below_government && !self.mappings.surroundings.is_of_unit(folded) {
            return None;
        }
        self.below_government = false;
        let section = lines::section(text, folded, self.mappings);
        self.below_budget |= section.of_budget;
        if section.form.is_some() {
            self.below_budget = false;
            self.sources.title(&Said { unit_name: section.organisation, ..Said::default() });
            return section.form;
        }
        lines::heading_of(folded, self.mappings, true).filter(|form| {
            form.kind != Kind::Prose
                || !self.below_budget
                || form.sections.iter().any(|word| folded.contains(word.as_str()))
        })
    }

    /// A sentence right below a table that stands in the middle of an explanation goes on with the explanation.
    ///
    /// What stood above the table must have been whole: no sentence goes on across a table.
    fn goes_on_below_table(&self, text: &str) -> bool {
        let Some(index) = self.interrupted else { return false };
        let folded = fold(text);
        let above = self.regions[index].parts.iter().rev().find_map(|part| match part {
            Part::Paragraph(paragraph) => Some(fold(&paragraph.text)).filter(|text| !text.is_empty()),
            Part::Rows(_) => None,
        });
        let whole =
            above.is_some_and(|text| text.ends_with('。') || !text.contains(|c: char| c.is_ascii_digit() || c == ':'));
        whole && folded.ends_with('。') && folded.chars().count() > 15
    }

    /// What a heading made known is the explanation of no unit where it speaks of what only a government's budget has.
    fn leave_government_accounts(&mut self) {
        let words = &self.mappings.surroundings;
        let speaks = |part: &Part<'_>| match part {
            Part::Paragraph(paragraph) => words.speaks_of_government_accounts(&fold(&paragraph.text)),
            Part::Rows(_) => false,
        };
        let of_government = |region: &Region<'_, '_>| {
            region.by_heading && region.form.kind == Kind::Prose && region.parts.iter().any(speaks)
        };
        let (left, kept) = std::mem::take(&mut self.regions).into_iter().partition(of_government);
        self.regions = kept;
        let left: Vec<Region<'_, '_>> = left;
        for region in left {
            for part in &region.parts {
                if let Part::Paragraph(paragraph) = part {
                    let text = Text { text: &paragraph.text, place: paragraph.place(), offset: paragraph.offset };
                    self.count_outside(&text, Fate::Outside, "accounts of a government");
                }
            }
            self.outside.extend(region.captions.into_iter().map(|number| NumberRecord {
                fate: Fate::Outside,
                rule: "accounts of a government".into(),
                form: "".into(),
                ..number
            }));
            self.findings.push(Finding::at(FindingCode::NumbersOutsideForms, region.place, region.known_by));
        }
    }

    /// A line as it was read; a numbered sentence below a note is one as well.
    fn in_its_note(&self, line: Line<'m>, text: &str) -> Line<'m> {
        match line {
            Line::Unknown if self.in_note && lines::is_numbered_sentence(&fold(text)) => {
                Line::Declared { rule: "note", said: Said::default() }
            }
            line => line,
        }
    }

    /// The next table below what is read.
    fn next_table(&self) -> Option<&'d Table> {
        self.below.iter().find_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Paragraph(_) => None,
        })
    }

    fn current_kind(&self) -> Option<Kind> {
        self.current.map(|index| self.regions[index].form.kind)
    }

    /// A title begins a form; the same form's prose goes on where it was interrupted.
    fn title(&mut self, form: &'m FormMapping, said: &Said, text: &Text<'_>, paragraph: Option<&'d Paragraph>) {
        self.end_pending();
        self.below_government = false;
        self.without_table = None;
        self.sources.title(said);
        let form = paragraph.and_then(|_| self.in_prose(form)).unwrap_or(form);
        let mut told = Told::of(said).or_of_unit(self.heading.as_deref());
        if form.kind == Kind::Table {
            told = told.or_of_year(self.heading_year);
        }
        if let (Kind::Prose, Some(index), Some(paragraph)) = (form.kind, self.current, paragraph)
            && self.regions[index].form.form == form.form
            && !self.regions[index].is_of_another(&told, self.mappings)
        {
            // A title of the whole, then one of the part: one explanation.
            return self.push(Part::Paragraph(paragraph));
        }
        let earlier = self.regions.iter().rposition(|region| region.form.form == form.form);
        if let Some(index) = earlier.filter(|_| said.continued) {
            self.current = Some(index);
            self.regions[index].is_noted = false;
            self.unknown_heading = false;
            let money = said.money.clone().or_else(|| self.pending_money.take());
            self.said_money(money);
            return self.caption(text, "title");
        }
        let unit_is_of_another = said.money.is_none() && self.pending_money.is_some() && self.pending_is_of_another;
        let money = match (&said.money, self.pending_money.take()) {
            (Some(money), _) => money.clone(),
            (None, Some(money)) => money,
            (None, None) => self.stated_before(form).unwrap_or_else(|| lines::assumed(form)),
        };
        let inside = form.kind == Kind::Table && self.current_kind() == Some(Kind::Prose);
        self.interrupted = self.current.filter(|_| inside);
        self.regions.push(Region {
            form,
            known_by: text.text.split_whitespace().collect(),
            place: text.place.clone(),
            parts: Vec::new(),
            money,
            unit_is_of_another,
            number: self.pending_number.take(),
            captions: Vec::new(),
            says_no_data: false,
            notes: Vec::new(),
            is_noted: false,
            copied: 0,
            told,
            stranger: None,
            by_heading: false,
        });
        self.current = Some(self.regions.len() - 1);
        self.unknown_heading = false;
        if form.kind == Kind::Prose
            && let Some(paragraph) = paragraph
        {
            return self.push(Part::Paragraph(paragraph));
        }
        self.caption(text, "title");
    }

    /// A form of fields that a report tells in sentences: what reads those.
    fn in_prose(&self, form: &FormMapping) -> Option<&'m FormMapping> {
        let prose = form.in_prose.as_ref()?;
        let lines = self.below.iter().map_while(|block| match block {
            Block::Paragraph(paragraph) => Some(fold(&paragraph.text)),
            Block::Table(_) => None,
        });
        let is_field = |line: &str| line.split_once(':').is_some_and(|(label, _)| form.fields.contains_key(label));
        let tells_money =
            |line: &str| line.contains('。') && line.contains("元") && line.contains(|c: char| c.is_ascii_digit());
        let mut sentences = 0;
        for line in lines {
            if is_field(&line) {
                return None;
            }
            sentences += usize::from(tells_money(&line));
        }
        self.mappings.forms.iter().find(|other| other.form == *prose).filter(|_| sentences > 0)
    }

    /// Below a table the number of another one: what follows is that one's, though its title is gone.
    fn numbered(&mut self, said: &Said) {
        let Some(number) = &said.number else { return };
        let of_tables = |region: &Region<'_, '_>| region.form.kind == Kind::Table;
        match self.current.map(|index| &mut self.regions[index]).filter(|region| of_tables(region)) {
            Some(region) if region.parts.is_empty() => region.number = Some(number.clone()),
            Some(region) if region.number.as_ref().is_some_and(|own| own != number) => {
                self.current = None;
                self.unknown_heading = true;
                self.pending_number = Some(number.clone());
            }
            Some(_) => {}
            None => self.pending_number = Some(number.clone()),
        }
    }

    /// A line between a title and its table.
    fn tells(&mut self, said: &Said) {
        if let Some(index) = self.current.filter(|index| self.regions[*index].parts.is_empty()) {
            self.regions[index].told.add(said);
        }
    }

    /// T-26: a unit once stated holds for the later tables of the form until another is.
    fn stated_before(&self, form: &FormMapping) -> Option<Money> {
        let last = self.regions.iter().rev().find(|region| region.form.form == form.form)?;
        (!matches!(last.money, Money::Assumed(_))).then(|| last.money.clone())
    }

    fn begin_by_heading(&mut self, form: &'m FormMapping, text: &Text<'_>) {
        self.end_pending();
        let same = |region: &Region<'_, '_>| region.form.form == form.form;
        if self.current.is_some_and(|index| same(&self.regions[index])) {
            return;
        }
        // Inside another prose form its headings are headings of that form.
        if self.current_kind() == Some(Kind::Prose) {
            return;
        }
        let told = Told::default().or_of_unit(self.heading.as_deref());
        let goes_on = |region: &Region<'_, '_>| same(region) && !region.is_of_another(&told, self.mappings);
        if let Some(index) = self.regions.iter().rposition(goes_on) {
            self.current = Some(index);
            return;
        }
        self.regions.push(Region {
            form,
            known_by: text.text.split_whitespace().collect(),
            place: text.place.clone(),
            parts: Vec::new(),
            money: lines::assumed(form),
            unit_is_of_another: false,
            number: None,
            captions: Vec::new(),
            says_no_data: false,
            notes: Vec::new(),
            is_noted: false,
            copied: 0,
            told,
            stranger: None,
            by_heading: true,
        });
        self.current = Some(self.regions.len() - 1);
        self.unknown_heading = false;
    }

    fn ends_here(&self, folded: &str) -> bool {
        let Some(index) = self.current else { return false };
        let form = self.regions[index].form;
        matches!(form.kind, Kind::Prose | Kind::Fields)
            && folded.chars().count() <= 40
            && form.ends.contains(&lines::heading_label(folded))
    }

    fn push(&mut self, part: Part<'d>) {
        self.in_note = false;
        if let Some(index) = self.current {
            let region = &mut self.regions[index];
            region.parts.push(part);
        }
    }

    /// A known line around a form: its numbers are no values.
    fn caption(&mut self, text: &Text<'_>, rule: &'static str) {
        let Some(index) = self.current else {
            return self.count_outside(text, Fate::Outside, rule);
        };
        let region = &mut self.regions[index];
        self.in_note = rule == "note";
        if self.in_note {
            let note = fold(text.text);
            region.says_no_data |= self.mappings.surroundings.says_no_data(&note);
            region.notes.push(note);
            region.is_noted |= !region.parts.is_empty();
        }
        let rule: Arc<str> = rule.into();
        for run in digit_runs(text.text) {
            region.captions.push(NumberRecord {
                place: text.place.narrowed(run.start, run.end),
                offset: text.offset.map(|offset| offset + run.start),
                text: run.text.into(),
                fate: Fate::Ignored,
                rule: rule.clone(),
                form: region.form.form.clone(),
            });
        }
    }

    fn said_money(&mut self, money: Option<Money>) {
        let Some(money) = money else { return };
        match self.current {
            Some(index) => {
                let region = &mut self.regions[index];
                let has_values = !region.parts.is_empty();
                match (&region.money, has_values) {
                    // Below a table that had no unit line the line may stand; one that contradicts leaves doubt.
                    (Money::Stated(old), _) if Money::Stated(*old) != money && !region.unit_is_of_another => {
                        region.money = Money::Unknown("two unit lines that contradict each other".into());
                    }
                    _ => region.money = money,
                }
                region.unit_is_of_another = false;
            }
            None => (self.pending_money, self.pending_is_of_another) = (Some(money), false),
        }
    }

    /// Titles of tables without anything below them are a list of contents, not forms that the unit left blank.
    fn leave_contents(&mut self) {
        let (kept, listed) = std::mem::take(&mut self.regions).into_iter().partition(|region| {
            region.form.kind != Kind::Table
                || !matches!(region.place, Place::Paragraph { .. })
                || !region.parts.is_empty()
                || !region.notes.is_empty()
                || region.says_no_data
                || region.copied > 0
                || !matches!(region.money, Money::Assumed(_))
        });
        self.regions = kept;
        let listed: Vec<Region<'_, '_>> = listed;
        for mut record in listed.into_iter().flat_map(|region| region.captions) {
            (record.fate, record.form) = (Fate::Outside, "".into());
            self.outside.push(record);
        }
    }

    fn count_outside(&mut self, text: &Text<'_>, fate: Fate, rule: &str) {
        let rule: Arc<str> = rule.into();
        for run in digit_runs(text.text) {
            self.outside.push(NumberRecord {
                place: text.place.narrowed(run.start, run.end),
                offset: text.offset.map(|offset| offset + run.start),
                text: run.text.into(),
                fate,
                rule: rule.clone(),
                form: "".into(),
            });
        }
    }

    fn seen(&mut self, text: &str) {
        let title: String = text.split_whitespace().collect();
        if self.titles_seen.len() < 8 && title.chars().count() <= 40 {
            self.titles_seen.push(title);
        }
    }

    // ---------------------------------------------------------------- tables

    fn table(&mut self, table: &'d Table) {
        self.without_table = None;
        if table.hidden {
            return self.hidden(table);
        }
        if table.sheet.is_some() {
            self.new_sheet(table);
        }
        let mut start = 0;
        for row in 0..table.height() {
            let is = self.what_row_is(table, start, row);
            if matches!(is, RowIs::Part) {
                continue;
            }
            // What stands above a line belongs to the form before it.
            self.rows(table, start, row);
            start = row + 1;
            match is {
                RowIs::Part => {}
                RowIs::Lines(lines) => self.lines(table, lines),
                RowIs::Headings(cells) => cells.into_iter().for_each(|cell| self.heading(table, cell)),
                RowIs::Begins(form, cell) => {
                    let text = Text { text: &cell.text, place: table.place(cell), offset: cell.offset };
                    self.begin_by_heading(form, &text);
                    start = row;
                }
            }
        }
        self.rows(table, start, table.height());
    }

    /// On a new sheet the form goes on only if its header is repeated there. Its name may be that of a unit.
    fn new_sheet(&mut self, table: &'d Table) {
        let name = table.sheet.as_deref().map(fold);
        self.heading = name.filter(|name| self.mappings.surroundings.looks_like_organisation(name));
        let goes_on = self.current.is_some_and(|index| {
            let first = self.regions[index].parts.iter().find_map(|part| match part {
                Part::Rows(rows) => Some(rows),
                Part::Paragraph(_) => None,
            });
            first.is_some_and(|first| {
                first.table.width() == table.width()
                    && (0..table.width()).all(|column| {
                        fold(first.table.text_at(first.rows.start, column)) == fold(table.text_at(0, column))
                    })
            })
        });
        if !goes_on {
            self.current = None;
            self.unknown_heading = false;
            self.pending_money = None;
        }
    }

    /// What a row is: lines around a table, a heading that is not understood, or a part of the form.
    ///
    /// `first`: no row of a table stands directly above it.
    fn what_row_is(&self, table: &'d Table, start: usize, row: usize) -> RowIs<'d, 'm> {
        let cells: Vec<&'d Cell> = table.anchored_in(row).filter(|cell| !cell.is_blank()).collect();
        let fields = self.current_kind() == Some(Kind::Fields);
        let mut read: Vec<(&'d Cell, Line<'m>)> = Vec::new();
        let mut bare_year = false;
        for cell in &cells {
            match self.in_its_note(lines::read_cell(&cell.text, self.mappings), &cell.text) {
                // 编制单位：某局 | 2023 | 金额单位：万元
                Line::PageNumber => match lines::plausible_year(&fold(&cell.text)) {
                    Some(year) => {
                        let said = Said { year: Some(year), ..Said::default() };
                        bare_year = true;
                        read.push((cell, Line::Declared { rule: "year", said }));
                    }
                    None => break,
                },
                Line::Unknown => break,
                Line::Title { said, .. } if said.is_subject && !self.is_of_finals(&said, table, row + 1) => break,
                line => read.push((cell, line)),
            }
        }
        let all_known = !cells.is_empty() && read.len() == cells.len();
        let has_title = read.iter().any(|(_, line)| matches!(line, Line::Title { .. }));
        // A unit line holds for the tables of a form of fields, too.
        let has_unit = read.iter().any(|(_, line)| matches!(line, Line::Declared { said, .. } if said.money.is_some()));
        let tells_of_a_table = |line: &Line<'m>| match line {
            Line::Title { .. } => true,
            Line::Declared { said, .. } => said.money.is_some() || said.unit_name.is_some(),
            _ => false,
        };
        let all_known = all_known && (!bare_year || read.iter().any(|(_, line)| tells_of_a_table(line)));
        if all_known && (has_title || has_unit || !fields) && !self.is_row_of_form(&cells) {
            return RowIs::Lines(read);
        }
        if fields || cells.is_empty() {
            return RowIs::Part;
        }
        if cells.iter().any(|cell| lines::holds_title(&cell.text, self.mappings)) && !self.is_note(&cells) {
            return RowIs::Headings(cells);
        }
        let [only] = cells.as_slice() else { return RowIs::Part };
        let whole = only.column_span == table.width() && table.width() > 1;
        let alone_above = start == row && self.current.is_none();
        let names_table = only.column == 0
            && only.text.contains('表')
            && lines::names_a_table(&fold(&only.text), &self.mappings.surroundings);
        let stray = || self.is_stray(table, start..row, &cells);
        if !(whole || alone_above || names_table || stray()) || self.is_band(only) {
            return RowIs::Part;
        }
        match lines::heading_of(&fold(&only.text), self.mappings, true).filter(|form| form.kind == Kind::Fields) {
            Some(form) => RowIs::Begins(form, only),
            None => RowIs::Headings(cells),
        }
    }

    /// The table whose header begins at a row below a title that does not say so is of final accounts.
    fn is_of_finals(&self, said: &Said, table: &Table, from: usize) -> bool {
        !said.of_part && self.says_finals(table, from) || self.in_part_of_finals && !self.says_budget_only(table, from)
    }

    /// Nothing in the header that begins at a row speaks of final accounts, and something of a budget.
    fn says_budget_only(&self, table: &Table, from: usize) -> bool {
        let rows = from..table.height().min(from + LINES_AND_HEADER);
        let of_budget = |cell: &Cell| cell.text.chars().count() <= LONGEST && only_of_budget(&fold(&cell.text));
        !self.says_finals(table, from) && rows.into_iter().any(|row| table.anchored_in(row).any(of_budget))
    }

    /// The header that begins at a row says that its values are of the final accounts of its year, the latest one it names.
    fn says_finals(&self, table: &Table, from: usize) -> bool {
        let mut years = Vec::new();
        let mut of_finals = Vec::new();
        for row in from..table.height().min(from + LINES_AND_HEADER) {
            for cell in table.anchored_in(row) {
                let folded = fold(&cell.text);
                if folded.chars().count() > LONGEST
                    || !matches!(lines::read_cell(&cell.text, self.mappings), Line::Unknown)
                {
                    continue;
                }
                let year = lines::leading_year(&folded).map(|(year, _)| year);
                years.extend(year);
                if self.mappings.surroundings.says_finals(&folded) {
                    of_finals.push(year);
                }
            }
        }
        of_finals.iter().any(|year| *year == years.iter().max().copied())
    }

    /// Lines around a table: a title, a unit line, a note.
    fn lines(&mut self, table: &'d Table, lines: Vec<(&'d Cell, Line<'m>)>) {
        for (cell, line) in lines {
            let text = Text { text: &cell.text, place: table.place(cell), offset: cell.offset };
            match line {
                Line::Title { form, said } => self.title(form, &said, &text, None),
                Line::Declared { rule, said } => {
                    self.sources.said(&said, self.mappings);
                    self.numbered(&said);
                    self.tells(&said);
                    self.said_money(said.money);
                    self.caption(&text, rule);
                }
                Line::PageNumber | Line::Unknown => {}
            }
        }
    }

    fn is_note(&self, cells: &[&Cell]) -> bool {
        cells
            .iter()
            .any(|cell| matches!(lines::read_cell(&cell.text, self.mappings), Line::Declared { rule: "note", .. }))
    }

    /// A lone text in the first column of a table of codes that is neither a code nor a label of the form: a heading.
    fn is_stray(&self, table: &Table, above: Range<usize>, cells: &[&Cell]) -> bool {
        let ([only], Some(index)) = (cells, self.current) else { return false };
        let region = &self.regions[index];
        region.form.codes.is_some()
            && !only.text.trim().starts_with(|c: char| c.is_ascii_digit())
            && !region.form.columns.contains_key(fold(&only.text).as_str())
            && only.column <= region.first_column(table, above)
    }

    /// A row whose cells are all known lines may still be a row of the form: 项目 | 说明.
    fn is_row_of_form(&self, cells: &[&Cell]) -> bool {
        let Some(index) = self.current else { return false };
        let form = self.regions[index].form;
        cells.len() > 1 && cells.iter().all(|cell| form.columns.contains_key(fold(&cell.text).as_str()))
    }

    /// One cell from end to end that the form knows: a band of its rows.
    fn is_band(&self, cell: &Cell) -> bool {
        let Some(index) = self.current else { return false };
        let form = self.regions[index].form;
        let label = Label::new(&cell.text);
        form.across.contains_key(&label)
            || form.down.contains_key(&label)
            || form.ignored.contains_key(&label)
            || self.mappings.vocabulary.meaning(&label).is_some()
            || crate::locate::is_number(cell)
    }

    /// A heading that is not understood: it ends the form above it, and forbids knowing the next one by labels (T-2).
    fn heading(&mut self, table: &'d Table, cell: &'d Cell) {
        self.sources.line(&fold(&cell.text), self.mappings);
        self.current = None;
        self.unknown_heading = true;
        self.seen(&cell.text);
        let text = Text { text: &cell.text, place: table.place(cell), offset: cell.offset };
        self.count_outside(&text, Fate::Outside, "no form");
    }

    fn rows(&mut self, table: &'d Table, start: usize, end: usize) {
        if start >= end {
            return;
        }
        let rows = Rows { table, rows: start..end };
        if self.current.is_some_and(|index| self.regions[index].is_whole_above(&rows)) {
            self.current = None;
            self.unknown_heading = true;
        }
        if self.current_kind() == Some(Kind::Prose) || self.current.is_none() {
            let by_labels = self.by_labels(&rows);
            // A heading that is not understood forbids what the name tells as well (T-2).
            let by_name =
                self.by_name.take_if(|_| by_labels.is_none() && self.current.is_none() && !self.unknown_heading);
            if let Some(form) = by_labels.or(by_name) {
                let cell = table.anchored_in(start).next();
                let place = cell.map_or(Place::Paragraph { paragraph: 0, range: None }, |cell| table.place(cell));
                let labels: Vec<&str> = form.labels_that_tell.iter().map(|label| label.as_str()).collect();
                let known_by = if by_name.is_some() { form.name.clone() } else { labels.join("、") };
                let money = self.pending_money.take().unwrap_or_else(|| lines::assumed(form));
                self.regions.push(Region {
                    form,
                    known_by,
                    place,
                    parts: Vec::new(),
                    money,
                    unit_is_of_another: false,
                    number: None,
                    captions: Vec::new(),
                    says_no_data: false,
                    notes: Vec::new(),
                    is_noted: false,
                    copied: 0,
                    told: Told::default(),
                    stranger: None,
                    by_heading: false,
                });
                self.current = Some(self.regions.len() - 1);
            } else {
                return self.rows_outside(&rows);
            }
        }
        self.push(Part::Rows(rows));
    }

    /// T-3: labels recognise a form only where no title stands, and only if no other form fits them.
    fn by_labels(&self, rows: &Rows<'_>) -> Option<&'m FormMapping> {
        if self.unknown_heading || self.current.is_some() {
            return None;
        }
        let labels: Set<Label> = rows
            .table
            .cells
            .iter()
            .filter(|cell| rows.rows.contains(&cell.row))
            .map(|cell| Label::new(&cell.text))
            .collect();
        let mut fitting = self.mappings.forms.iter().filter(|form| {
            form.kind != Kind::Prose
                && !form.labels_that_tell.is_empty()
                && form.labels_that_tell.iter().all(|label| labels.contains(label))
        });
        match (fitting.next(), fitting.next()) {
            (Some(form), None) => Some(form),
            _ => None,
        }
    }

    fn rows_outside(&mut self, rows: &Rows<'d>) {
        // The unit line above them was theirs; the next table may state its own.
        self.pending_is_of_another = true;
        let before = self.outside.len();
        let mut first = None;
        for cell in rows.table.cells.iter().filter(|cell| rows.rows.contains(&cell.row)) {
            let text = Text { text: &cell.text, place: rows.table.place(cell), offset: cell.offset };
            first.get_or_insert_with(|| (text.text.split_whitespace().collect::<String>(), text.place.clone()));
            self.count_outside(&text, Fate::Outside, "no form");
        }
        let count = self.outside.len() - before;
        if let (Some((title, place)), true) = (first, count > 0) {
            let title = self.titles_seen.last().cloned().unwrap_or(title);
            self.pending.push((title, place, count));
        }
    }

    fn hidden(&mut self, table: &'d Table) {
        let before = self.outside.len();
        let mut place = None;
        for cell in &table.cells {
            let text = Text { text: &cell.text, place: table.place(cell), offset: cell.offset };
            place.get_or_insert(text.place.clone());
            self.count_outside(&text, Fate::Outside, "hidden sheet");
        }
        if let (Some(place), true) = (place, self.outside.len() > before) {
            let name = table.sheet.as_deref().unwrap_or_default();
            self.findings.push(Finding::at(FindingCode::HiddenSheet, place, name));
        }
    }

    /// Tables without a form are told once each.
    fn end_pending(&mut self) {
        for (title, place, count) in std::mem::take(&mut self.pending) {
            self.findings
                .push(Finding::at(FindingCode::NumbersOutsideForms, place, title).with_actual(count.to_string()));
        }
    }
}
