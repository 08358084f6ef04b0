//! Walking a document from top to bottom: where each form begins, goes on and ends.

mod fields;
mod paragraphs;
mod tables;

use super::declared;
use super::headings;
use std::sync::Arc;

use super::above::Above;
use super::declared::Said;
use super::fragment::Piece;
use super::lines::{self, Line};
use super::qualified;
use super::regions::{self, Region};
use super::scope::Sources;
use super::titles;
use super::years;
use crate::locate::{Money, Part};
use crate::mapping::{FormMapping, Kind, Mappings, State, Surroundings};
use crate::model::{
    Block, Document, Fate, Finding, FindingCode, NumberRecord, Paragraph, Place, digit_runs, fold, longer_than,
};

/// No line in which a title begins has more characters.
const LONGEST_LINE_OF_TITLE: usize = 40;

/// What is read of a document so far.
pub(super) struct Walk<'d, 'm> {
    mappings: &'m Mappings,
    /// The form that the document's name tells, until a table is found for it.
    by_name: Option<&'m FormMapping>,
    /// The form that the name of the worksheet tells, until a table is found on it.
    by_sheet: Option<&'m FormMapping>,
    pub(super) regions: Vec<Region<'d, 'm>>,
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
    /// The project that the line right above named.
    pending_project: Option<String>,
    /// A unit line that stood before a title.
    pending_money: Option<Money>,
    /// A table that is left over stood below that line.
    pending_is_of_another: bool,
    /// The number of a table that stood before its title.
    pending_number: Option<String>,
    pub(super) outside: Vec<NumberRecord>,
    /// Rows outside any form, to be told once: the title above them and how many numbers they have.
    pending: Vec<(String, Place, usize)>,
    pub(super) titles_seen: Vec<String>,
    pub(super) findings: Vec<Finding>,
    pub(super) sources: Sources,
    /// The last thing read was a note: a numbered sentence goes on with it.
    in_note: bool,
    /// The form of tables whose title stands above and that has no table yet.
    without_table: Option<usize>,
    /// The title of the whole publication begins a form.
    by_cover: bool,
    /// Such a title was read, and no form stood above it.
    pub(super) is_covered: bool,
    /// What stands below what is read.
    below: &'d [Block],
    /// Whose what is read is, of which year, and whether it counts.
    above: Above,
    /// Every worksheet is called as one that holds no accounts.
    only_spare_sheets: bool,
    /// The line above, folded, where nothing made it known: a title may begin in it.
    line_above: Option<String>,
}

/// A line of the document, wherever it stands.
struct Text<'t> {
    text: &'t str,
    place: Place,
    offset: Option<usize>,
}

impl Text<'_> {
    /// Its numbers, none of which is a value.
    fn numbers(&self, fate: Fate, rule: &str, form: Arc<str>) -> impl Iterator<Item = NumberRecord> {
        let rule: Arc<str> = rule.into();
        digit_runs(self.text).map(move |run| NumberRecord {
            place: self.place.narrowed(run.start, run.end),
            offset: self.offset.map(|offset| offset + run.start),
            text: run.text.into(),
            fate,
            rule: rule.clone(),
            form: form.clone(),
        })
    }
}

/// What makes a form known in a document in which nothing else does.
#[derive(Clone)]
pub(super) enum Otherwise<'m> {
    Nothing,
    /// The document's name: of its first table.
    Name(&'m FormMapping),
    /// The title of the whole publication.
    Cover,
    /// What its sentences say: all of it.
    Sentences(Piece<'m>),
}

/// A document, walked from top to bottom.
pub(super) fn walked<'d, 'm>(document: &'d Document, otherwise: Otherwise<'m>, mappings: &'m Mappings) -> Walk<'d, 'm> {
    let mut walk = Walk {
        by_sheet: None,
        by_name: match &otherwise {
            Otherwise::Name(form) => Some(form),
            Otherwise::Nothing | Otherwise::Cover | Otherwise::Sentences(_) => None,
        },
        by_cover: matches!(otherwise, Otherwise::Cover),
        is_covered: false,
        mappings,
        regions: Vec::new(),
        current: None,
        unknown_heading: false,
        below_budget: false,
        below_government: false,
        in_part_of_finals: false,
        interrupted: None,
        pending_project: None,
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
        above: Above::default(),
        only_spare_sheets: has_only_spare_sheets(document, &mappings.surroundings),
        line_above: None,
    };
    if let (Otherwise::Sentences(piece), Some(Block::Paragraph(first))) = (&otherwise, document.blocks.first()) {
        walk.begin_by_sentences(piece, first);
    }
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

fn has_only_spare_sheets(document: &Document, words: &Surroundings) -> bool {
    let mut sheets = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) if !table.hidden => table.sheet.as_deref(),
        _ => None,
    });
    sheets.all(|sheet| words.standing.is_spare_sheet(sheet))
}

impl<'d, 'm> Walk<'d, 'm> {
    /// A line as it was read; a numbered sentence below a note is one as well.
    fn in_its_note(&self, line: Line<'m>, text: &str) -> Line<'m> {
        match line {
            Line::Unknown if self.in_note && headings::is_numbered_sentence(&fold(text)) => {
                Line::Declared { rule: "note", said: Said::default() }
            }
            line => line,
        }
    }

    fn current_kind(&self) -> Option<Kind> {
        self.current.map(|index| self.regions[index].form.kind)
    }

    /// A title, unless the line above it makes another one of it.
    fn title(&mut self, form: &'m FormMapping, said: &Said, text: &Text<'_>, paragraph: Option<&'d Paragraph>) {
        let Some(above) = self.line_above.take() else { return self.begin_by_title(form, said, text, paragraph) };
        match titles::in_two_lines(&above, &lines::folded_line(text.text), form, self.mappings) {
            titles::InTwoLines::Same => self.begin_by_title(form, said, text, paragraph),
            titles::InTwoLines::Title(form, said) => self.begin_by_title(form, &said, text, paragraph),
            titles::InTwoLines::Narrowed => self.no_title(text),
        }
    }

    /// A title that is narrowed to what no form is: nothing below it is known.
    fn no_title(&mut self, text: &Text<'_>) {
        self.current = None;
        self.unknown_heading = true;
        self.seen(text.text);
        self.count_outside(text, Fate::Outside, "no form");
    }

    /// A line that is no title, and yet one together with the line above it.
    fn ends_title(&mut self, text: &Text<'_>, paragraph: Option<&'d Paragraph>) -> bool {
        if let Some(region) = self.current.map(|index| &mut self.regions[index])
            && let Some(form) = titles::narrowed(&region.known_by, &lines::folded_line(text.text), self.mappings)
            && region.parts.is_empty()
            && region.form.kind == Kind::Table
        {
            region.form = form;
            region.known_by.extend(text.text.split_whitespace());
            self.caption(text, "title");
            return true;
        }
        let Some(above) = self.line_above.take() else { return false };
        let found = titles::title(&[&above, &*lines::folded_line(text.text)].concat(), self.mappings);
        let Some((form, said)) = found.filter(|(_, said)| !said.is_subject) else { return false };
        self.begin_by_title(form, &said, text, paragraph);
        true
    }

    /// Keeps a line in mind that nothing made known.
    fn keep_above(&mut self, text: &str) {
        let is_line = !longer_than(text, LONGEST_LINE_OF_TITLE) && !text.trim_end().ends_with(['。', '；', '：', '，']);
        self.line_above = is_line.then(|| lines::folded_line(text)).filter(|line| !line.is_empty());
    }

    /// A title begins a form; the same form's prose goes on where it was interrupted.
    fn begin_by_title(
        &mut self,
        form: &'m FormMapping,
        said: &Said,
        text: &Text<'_>,
        paragraph: Option<&'d Paragraph>,
    ) {
        self.end_pending();
        self.below_government = false;
        self.without_table = None;
        self.sources.title(said);
        let form = paragraph.and_then(|_| self.in_prose(form)).unwrap_or(form);
        let told = self.above.told(said, form.kind, &self.mappings.surroundings);
        if let (Kind::Prose, Some(index), Some(paragraph)) = (form.kind, self.current, paragraph)
            && self.regions[index].form.form == form.form
            && !self.regions[index].is_of_another(&told, self.mappings)
        {
            // A title of the whole, then one of the part: one explanation. The same title again may begin another version.
            let region = &mut self.regions[index];
            let again: String = text.text.split_whitespace().collect();
            region.told_again |= again == region.known_by && region.parts.iter().any(regions::states_amount);
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
        let mut region = Region::new(form, text.text.split_whitespace().collect(), text.place.clone(), money);
        (region.unit_is_of_another, region.number, region.told) =
            (unit_is_of_another, self.pending_number.take(), told);
        self.begin(region);
        if form.kind == Kind::Prose
            && let Some(paragraph) = paragraph
        {
            return self.push(Part::Paragraph(paragraph));
        }
        self.caption(text, "title");
    }

    /// A line right above a title, behind a table, may tell whose the tables below it are.
    fn tells_whose(&mut self, text: &str) {
        let has_rows = |region: &Region<'_, '_>| region.form.kind == Kind::Table && !region.parts.is_empty();
        if self.regions.iter().any(has_rows) {
            self.above.at_line(text, &self.mappings.surroundings);
        }
    }

    /// A line that says of which state the content below it is: a draft or a sample, or what holds in its place.
    ///
    /// In an explanation it must say nothing else, and what stands below it is an explanation of its own.
    fn enters_state(&mut self, folded: &str) -> bool {
        let in_prose = self.current_kind() == Some(Kind::Prose);
        let words = &self.mappings.surroundings;
        let Some(state) = words.standing.of_line(folded, in_prose).filter(|_| !words.voids_above(folded, None)) else {
            return false;
        };
        if state == State::Void && self.is_last_line() && words.standing.of_line(folded, true).is_some() {
            // 初稿 below the last table: nothing but what stands above can be meant.
            for region in &mut self.regions {
                region.qualified.get_or_insert_with(|| folded.to_owned());
            }
        }
        if !self.above.at_state(state, folded) {
            return false;
        }
        if let Some(above) = self.current.map(|index| &self.regions[index]).filter(|_| in_prose) {
            let mut region = Region::new(above.form, above.known_by.clone(), above.place.clone(), above.money.clone());
            (region.told, region.by_heading) = (above.told.clone(), above.by_heading);
            self.begin(region);
        }
        true
    }

    /// Nothing stands below.
    fn is_last_line(&self) -> bool {
        let blank = |block: &Block| matches!(block, Block::Paragraph(line) if line.text.trim().is_empty());
        self.below.iter().all(blank)
    }

    /// What follows is the form's.
    fn begin(&mut self, mut region: Region<'d, 'm>) {
        region.before_any_year = !self.sources.has_year();
        region.qualified = self.above.qualified().cloned();
        region.above = self.above.clone();
        self.regions.push(region);
        self.current = Some(self.regions.len() - 1);
        self.unknown_heading = false;
        self.by_sheet = None;
    }

    /// A form of fields that a report tells in sentences: what reads those.
    fn in_prose(&self, form: &FormMapping) -> Option<&'m FormMapping> {
        let prose = form.in_prose.as_ref()?;
        let lines = self.below.iter().map_while(|block| match block {
            Block::Paragraph(paragraph) => Some(fold(&paragraph.text)),
            Block::Table(_) => None,
        });
        let is_field = |line: &str| line.split_once(':').is_some_and(|(label, _)| form.fields.contains_key(label));
        // 支出12.00万元, 自评得分95分
        let tells = |line: &str| {
            line.contains('。')
                && (line.contains("元") || line.contains("得分"))
                && line.contains(|c: char| c.is_ascii_digit())
        };
        let mut sentences = 0;
        for line in lines {
            if is_field(&line) {
                return None;
            }
            sentences += usize::from(tells(&line));
        }
        self.mappings.forms.iter().find(|other| other.form == *prose).filter(|_| sentences > 0)
    }

    /// Below a table a bare year, and no title: what follows is that year's, and that tells nothing of what stands above.
    fn begins_another_year(&mut self, said: &Said) -> bool {
        let Some(region) = self.current.map(|index| &self.regions[index]) else { return false };
        let begins = region.form.kind == Kind::Table
            && !region.parts.is_empty()
            && said.year.is_some_and(|year| region.told.year() != Some(year));
        if begins {
            self.current = None;
            self.unknown_heading = true;
        }
        begins
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
            self.regions[index].told.add(said, &self.mappings.surroundings);
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
        let told = self.above.told_of_untitled(form.kind, &self.mappings.surroundings);
        let goes_on = |region: &Region<'_, '_>| {
            same(region) && region.above.is_one_text_with(&self.above) && !region.is_of_another(&told, self.mappings)
        };
        if let Some(index) = self.regions.iter().rposition(goes_on) {
            self.current = Some(index);
            return;
        }
        let known_by = text.text.split_whitespace().collect();
        let money = self.pending_money.clone().filter(|_| form.kind == Kind::Prose);
        let mut region = Region::new(form, known_by, text.place.clone(), money.unwrap_or_else(|| lines::assumed(form)));
        (region.told, region.by_heading) = (told, true);
        self.begin(region);
    }

    /// All of the document is a piece of that form, which no heading names.
    fn begin_by_sentences(&mut self, piece: &Piece<'m>, first: &Paragraph) {
        let known_by = first.text.split_whitespace().collect::<String>().chars().take(40).collect();
        let mut region = Region::new(piece.form, known_by, first.place(), lines::assumed(piece.form));
        (region.by_heading, region.of_finals) = (true, !piece.speaks_of_budgets);
        self.begin(region);
        self.sources.title(&piece.said);
        self.sources.say_finals();
    }

    fn push(&mut self, part: Part<'d>) {
        self.in_note = false;
        if let Some(index) = self.current {
            let region = &mut self.regions[index];
            region.parts.push(part);
        }
    }

    /// A note between the title of a form of fields and its table; further down it is a field as any other.
    fn heads_fields(&self, rule: &str) -> bool {
        rule == "note" && self.current.is_some_and(|index| self.regions[index].parts.is_empty())
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
            let words = &self.mappings.surroundings;
            region.says_no_data |= words.says_no_data(&note);
            let void = words.standing.of_line(&note, false) == Some(State::Void);
            let year = region.told.year();
            let of_others = void
                || words.voids_above(&note, year)
                || year.is_some_and(|year| words.tells_of_another_year(&note, year))
                || qualified::leaves_out(&note, true, words)
                || region.is_of_all_budgets() && words.leaves_out_a_budget(&note)
                || words.standing.corrects(&note);
            let of_figures =
                words.tells_of_a_row(&note, year) || region.form.kind != Kind::Prose && words.tells_of_a_share(&note);
            let row = words.doubted_row(&note, year).filter(|_| region.form.kind == Kind::Table && !of_others);
            match row {
                Some(row) => region.doubted.push((row, note.clone())),
                None if of_others || of_figures => region.qualified = Some(note.clone()),
                None => {}
            }
            region.notes.push(note);
            region.is_noted |= !region.parts.is_empty();
            self.said_in_note(index);
        }
        let region = &mut self.regions[index];
        let form = region.form.form.clone();
        region.captions.extend(text.numbers(Fate::Ignored, rule, form));
    }

    /// The last note of a table may tell its unit of money, or its year: 本表反映2022年度….
    fn said_in_note(&mut self, index: usize) {
        let region = &mut self.regions[index];
        let Some(note) = region.notes.last().filter(|_| region.form.kind == Kind::Table) else { return };
        let year = self.mappings.surroundings.told_by_note(note).and_then(years::leading_year).map(|(year, _)| year);
        let money = declared::unit_of_note(note, self.mappings);
        region.told = std::mem::take(&mut region.told).or_of_year(year);
        self.said_money(money);
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
                    (Money::Assumed(_), true) => {
                        region.money = money;
                        region.unit_came_below = region.parts.iter().any(regions::holds_a_number);
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
        self.outside.extend(text.numbers(fate, rule, "".into()));
    }

    fn seen(&mut self, text: &str) {
        let title: String = text.split_whitespace().collect();
        if self.titles_seen.len() < 8 && title.chars().count() <= 40 {
            self.titles_seen.push(title);
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
