//! Lines of text: titles, headings, notes, and what of an explanation or of no form they are.

use super::super::declared::Said;
use super::super::headings;
use super::super::lines::{self, Line};
use super::super::names::may_be_one;
use super::super::regions::{self, Region};
use super::super::titles;
use super::super::told::Told;
use super::super::{qualified, scope, silent};
use super::Text;
use super::Walk;
use crate::locate::Part;
use crate::mapping::{FormMapping, Kind};
use crate::model::{
    Block, Fate, Finding, FindingCode, NumberRecord, Ordinal, Paragraph, Table, fold, has_digits, longer_than,
    split_ordinal,
};

/// No heading and no line around a table has more characters.
const LONGEST_LINE: usize = 80;

/// The first words of a page that was pasted as one line, which may be its title.
fn lead_of_page(text: &str) -> Option<String> {
    let lead = text.split_whitespace().next().filter(|_| longer_than(text, LONGEST_LINE))?;
    (lead.len() < text.trim().len() && !longer_than(lead, LONGEST_LINE)).then(|| lines::folded_line(lead))
}

impl<'d, 'm> Walk<'d, 'm> {
    pub(super) fn paragraph(&mut self, paragraph: &'d Paragraph) {
        self.line(paragraph);
        self.heads_table(paragraph);
    }

    /// 三、“三公”经费支出情况 right above a table in an explanation: it is the table's title, and the explanation goes on below.
    fn heads_table(&mut self, paragraph: &Paragraph) {
        // Nearly every paragraph is longer than a heading.
        if self.current_kind() != Some(Kind::Prose) || longer_than(&paragraph.text, LONGEST_LINE) {
            return;
        }
        let Some(table) = self.table_right_below() else { return };
        let Some((form, said)) = titles::title_of_heading(&fold(&paragraph.text), self.mappings) else { return };
        if !self.says_finals(table, 0) {
            return;
        }
        let money = self.stated_before(form).unwrap_or_else(|| lines::assumed(form));
        let title = paragraph.text.split_whitespace().collect();
        let mut region = Region::new(form, title, paragraph.place(), money);
        region.told = self.above.told(&said, form.kind, &self.mappings.surroundings);
        region.by_heading = true;
        self.interrupted = self.current;
        self.begin(region);
    }

    /// The table below what is read, where nothing but blank lines and unit lines stands between.
    fn table_right_below(&self) -> Option<&'d Table> {
        let says_unit = |text: &str| match lines::read(text, &fold(text), self.mappings) {
            Line::Declared { rule, said } => rule == "blank" || said.money.is_some(),
            _ => false,
        };
        let stands_between = |block: &&Block| match block {
            Block::Paragraph(line) => !longer_than(&line.text, LONGEST_LINE) && says_unit(&line.text),
            Block::Table(_) => false,
        };
        let mut below = self.below.iter().skip_while(stands_between);
        below.next().and_then(|block| match block {
            Block::Table(table) if table.sheet.is_none() && !table.hidden => Some(table),
            _ => None,
        })
    }

    fn line(&mut self, paragraph: &'d Paragraph) {
        let text = Text { text: &paragraph.text, place: paragraph.place(), offset: paragraph.offset };
        self.begins_part(&paragraph.text);
        if !self.below_government && silent::says_nothing(&paragraph.text, self.mappings) {
            self.sources.no_organisation();
            return self.plain(paragraph, &text);
        }
        let folded = lines::folded_line(&paragraph.text);
        let pending_project = self.pending_project.take();
        if folded.is_empty() {
            self.pending_project.clone_from(&pending_project);
        }
        self.enters_state(&folded);
        self.begins_attached(&folded);
        self.begins_again(&folded);
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
        let line = match line {
            Line::Unknown => self.title_of_project(&folded).unwrap_or(Line::Unknown),
            line => line,
        };
        if let Line::Declared { rule: "year", said: Said { year: Some(year), .. } } = &line
            && folded.contains("年度")
        {
            self.on_cover(*year);
        }
        match line {
            Line::Title { form, said }
                if !said.is_subject || self.next_table().is_some_and(|table| self.is_of_finals(&said, table, 0)) =>
            {
                self.title(form, &said, &text, Some(paragraph));
                return self.of_pending_project(pending_project);
            }
            // In prose its readers tell page numbers from numbers that a line's end parts from their sentence.
            Line::PageNumber if self.current_kind() != Some(Kind::Prose) => return self.caption(&text, "page number"),
            Line::Declared { rule: "year", said }
                if matches!(self.below.first(), Some(Block::Table(_))) && self.begins_another_year(&said) =>
            {
                return self.count_outside(&text, Fate::Outside, "year");
            }
            Line::Declared { rule, said } if self.current_kind() != Some(Kind::Prose) => {
                self.sources.said(&said, self.mappings);
                self.numbered(&said);
                self.tells(&said);
                let money = said.money.is_some();
                self.said_money(said.money);
                if self.current_kind() == Some(Kind::Fields) && !money && !self.heads_fields(rule) {
                    return self.push(Part::Paragraph(paragraph));
                }
                return self.caption(&text, rule);
            }
            // 部门名称：某局, 决算年度：2022年 at the head of a piece that no title names.
            Line::Declared { said, .. } if said.money.is_none() && self.is_at_head_of_piece() => {
                self.sources.said(&said, self.mappings);
                return self.caption(&text, "unit line");
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
        if let Some((form, said)) = self.cover(&folded) {
            self.is_covered = true;
            if self.by_cover {
                self.title(form, &said, &text, Some(paragraph));
                if let Some(index) = self.current {
                    self.regions[index].by_heading = true;
                }
                return;
            }
        }
        if let Some(lead) = lead_of_page(&paragraph.text)
            && let Some((form, said)) = self.cover(&lead)
        {
            self.is_covered = true;
            if self.by_cover {
                self.sources.title(&said);
                self.begin_by_heading(form, &Text { text: &lead, place: text.place.clone(), offset: text.offset });
                return self.push(Part::Paragraph(paragraph));
            }
        }
        let outside = self.current_kind() != Some(Kind::Prose) && !self.below_budget && !self.below_government;
        if outside && let Some((form, heading)) = headings::heading_inside(&folded, self.mappings) {
            self.begin_by_heading(form, &Text { text: heading, place: text.place.clone(), offset: text.offset });
            return self.push(Part::Paragraph(paragraph));
        }
        if self.ends_here(&folded) {
            self.current = None;
            self.unknown_heading = true;
            self.keep_above(&paragraph.text);
            return self.count_outside(&text, Fate::Outside, "heading that ends a form");
        }
        self.plain(paragraph, &text);
    }

    /// Nothing of the explanation that is read stands above, and no title that names its unit.
    fn is_at_head_of_piece(&self) -> bool {
        let is_piece = |index: usize| {
            let region = &self.regions[index];
            region.by_heading && region.parts.is_empty()
        };
        self.current_kind() == Some(Kind::Prose)
            && self.current.is_some_and(is_piece)
            && self.sources.named().is_empty()
    }

    /// The title of the whole publication of a unit; 某镇2021年决算公开 may be that of a government's whole budget.
    fn cover(&self, folded: &str) -> Option<(&'m FormMapping, Said)> {
        if !self.regions.is_empty() || self.below_budget || self.below_government {
            return None;
        }
        let words = &self.mappings.surroundings;
        let of_area = |name: &String| words.towns.iter().chain(&words.areas).any(|area| name.ends_with(area.as_str()));
        let says_of_unit = || {
            let below = self.below.iter().take(2).filter_map(|block| match block {
                Block::Paragraph(line) => Some(fold(&line.text)),
                Block::Table(_) => None,
            });
            words.is_of_unit(folded) || below.into_iter().any(|line| words.is_of_unit(&line))
        };
        titles::cover(folded, self.mappings)
            .filter(|(_, said)| said.unit_name.as_ref().is_none_or(|name| !of_area(name)) || says_of_unit())
    }

    /// 第二部分 2021年度部门决算报表: the heading of a part says what its tables are of.
    fn begins_part(&mut self, text: &str) {
        if text.trim_start().starts_with('第') {
            let folded = fold(text);
            let (ordinal, _, words) = split_ordinal(&folded);
            if ordinal == Ordinal::Part {
                self.in_part_of_finals = self.mappings.surroundings.heads_part_of_finals(&folded);
                self.enters_part_of(words);
            }
        }
    }

    /// 附：青禾县执法大队情况: what follows is that unit's.
    fn begins_attached(&mut self, folded: &str) {
        let attached = self.mappings.surroundings.behind_attached(folded);
        if attached.len() == folded.len() {
            return;
        }
        if let Some(name) = headings::unit_named_first(attached, self.mappings).map(str::to_owned) {
            self.enters_part_of(&name);
        }
    }

    /// 水管站 right above a heading that the explanation has had: an explanation of that unit begins.
    fn begins_again(&mut self, folded: &str) {
        if self.current_kind() == Some(Kind::Prose)
            && let Some(name) = headings::unit_named_alone(folded, self.mappings)
            && self.is_above_heading_again()
            && !self.is_of_current(name)
        {
            let name = name.to_owned();
            self.enters_part_of(&name);
        }
    }

    /// The explanation that is read is that of the unit that a name may be.
    fn is_of_current(&self, name: &str) -> bool {
        let told = self.current.and_then(|index| self.regions[index].told.unit.as_deref());
        told.is_some_and(|unit| may_be_one(name, &fold(unit), &self.mappings.surroundings))
    }

    /// A heading with an ordinal stands below, and stood in the explanation before, whose last sentence is whole.
    fn is_above_heading_again(&self) -> bool {
        let text = |paragraph: &Paragraph| (!longer_than(&paragraph.text, LONGEST_LINE)).then(|| fold(&paragraph.text));
        let below = self.below.iter().map(|block| match block {
            Block::Paragraph(paragraph) => text(paragraph),
            Block::Table(_) => None,
        });
        let mut below = below.skip_while(|line| line.as_deref().is_some_and(str::is_empty));
        let Some(heading) = below.next().flatten() else { return false };
        let had = |part: &Part<'_>| matches!(part, Part::Paragraph(paragraph) if text(paragraph).is_some_and(|line| line == heading));
        let whole = |parts: &[Part<'_>]| matches!(parts.last(), Some(Part::Paragraph(line)) if line.text.trim_end().ends_with('。'));
        let parts = self.current.map(|index| self.regions[index].parts.as_slice());
        split_ordinal(&heading).0 != Ordinal::None && parts.is_some_and(|parts| whole(parts) && parts.iter().any(had))
    }

    /// 第一部分 局机关: what follows is that unit's, or that part's, and none's behind the next heading of its kind.
    fn enters_part_of(&mut self, name: &str) {
        if self.above.at_part(name, &self.mappings.surroundings) && self.current_kind() == Some(Kind::Prose) {
            self.current = None;
        }
    }

    /// A cover or heading that names a unit: what stands below it is that unit's, and an explanation of another ends.
    ///
    /// So it is with a year of accounts: 某局2022年度部门决算 above tables of their own, in a file of 2023.
    fn heads(&mut self, folded: &str, named_before: usize) {
        if self.current_kind() != Some(Kind::Prose)
            && headings::is_heading(folded)
            && let Some(year) = scope::year_of_cover(folded, self.mappings)
        {
            self.above.at_cover_of(year);
            if split_ordinal(folded).0 == Ordinal::None {
                self.on_cover(year);
            }
        }
        let Some(unit) = self.sources.named()[named_before..].last() else { return };
        if !headings::is_heading(folded) {
            return;
        }
        let told = Told::of_unit(unit, &self.mappings.surroundings);
        if self.current.is_some_and(|index| self.regions[index].is_of_another(&told, self.mappings)) {
            self.current = None;
        }
        self.above.at_heading(unit);
    }

    /// The year of a line that stands above all figures.
    pub(super) fn on_cover(&mut self, year: i32) {
        let has_figures = |part: &Part<'_>| matches!(part, Part::Rows(_)) || regions::states_amount(part);
        if !self.regions.iter().flat_map(|region| &region.parts).any(has_figures) {
            self.sources.cover(year);
        }
    }

    /// A paragraph that is none of all that: a part of a form of text, else one that ends the form above it.
    fn plain(&mut self, paragraph: &'d Paragraph, text: &Text<'_>) {
        self.qualifies(&paragraph.text);
        match self.current_kind() {
            Some(Kind::Prose | Kind::Fields) => {
                self.push(Part::Paragraph(paragraph));
                self.keep_above(&paragraph.text);
            }
            Some(Kind::Indicators) if self.takes_fields_of_line(&paragraph.text, &text.place) => {
                self.caption(text, "field")
            }
            Some(Kind::Table) if self.is_headed_in_prose() || self.goes_on_below_table(&paragraph.text) => {
                self.current = self.interrupted.take();
                self.push(Part::Paragraph(paragraph));
            }
            None if self.names_next_project(&paragraph.text, &text.place) => self.caption(text, "field"),
            Some(Kind::Table | Kind::Indicators) | None if self.ends_title(text, Some(paragraph)) => {}
            Some(Kind::Table | Kind::Indicators) | None => {
                let ended = self.current.filter(|index| self.regions[*index].parts.is_empty());
                self.breaks_off(text);
                // 第三部分 … is a part of its own.
                let part = split_ordinal(&fold(&paragraph.text)).0 == Ordinal::Part;
                self.without_table = ended.or(self.without_table).filter(|_| !part);
                self.interrupted = None;
                self.current = None;
                self.unknown_heading = true;
                self.seen(&paragraph.text);
                if self.is_right_above_title() {
                    self.tells_whose(&paragraph.text);
                }
                let before = self.outside.len();
                self.count_outside(text, Fate::Outside, "no form");
                if let Some(index) = self.without_table {
                    self.regions[index].copied += self.outside.len() - before;
                }
                self.keep_above(&paragraph.text);
            }
        }
    }

    /// A line of cells right below the rows of a form, with a number in it: the table came apart here.
    fn breaks_off(&mut self, text: &Text<'_>) {
        let Some(region) = self.current.map(|index| &self.regions[index]) else { return };
        let below_rows = matches!(region.parts.last(), Some(Part::Rows(_))) && !region.is_noted;
        if below_rows && text.text.contains('\t') && has_digits(text.text) {
            self.findings.push(Finding::at(FindingCode::TableBroken, text.place.clone(), region.known_by.clone()));
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
            return headings::heading_of(folded, self.mappings, true);
        }
        self.below_government |= self.mappings.surroundings.heads_government_accounts(folded);
        if self.below_government && !self.mappings.surroundings.is_of_unit(folded) {
            return None;
        }
        self.below_government = false;
        let section = headings::section(text, folded, self.mappings);
        self.below_budget |= section.of_budget;
        if section.form.is_some() {
            self.below_budget = false;
            self.sources.title(&Said { unit_name: section.organisation, year: section.year, ..Said::default() });
            return section.form;
        }
        headings::heading_of(folded, self.mappings, true).filter(|form| {
            form.kind != Kind::Prose
                || !self.below_budget
                || form.sections.iter().any(|word| folded.contains(word.as_str()))
        })
    }

    /// A line may say that the figures around it leave something out, or that one of the table above it is a slip.
    fn qualifies(&mut self, text: &str) {
        let words = &self.mappings.surroundings;
        let of_table = matches!(self.current_kind(), Some(Kind::Table | Kind::Fields));
        if !(of_table || words.may_leave_out(text) || words.may_point_above(text)) {
            return;
        }
        let folded = fold(text);
        let year = self.current.and_then(|index| self.regions[index].told.year());
        let leaves_out = qualified::leaves_out(&folded, false, words) || words.voids_above(&folded, year);
        let tells_of_it = || {
            words.standing.corrects(&folded) || words.may_tell_of_a_share(&folded) && words.tells_of_a_share(&folded)
        };
        if leaves_out || of_table && tells_of_it() {
            match self.current {
                Some(index) => self.regions[index].qualified = Some(folded),
                None => self.above.at_qualification(folded),
            }
        }
    }

    /// The table above stands in an explanation, and only its heading there made it known: all below it is the explanation's.
    fn is_headed_in_prose(&self) -> bool {
        self.interrupted.is_some() && self.current.is_some_and(|index| self.regions[index].by_heading)
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

    fn ends_here(&self, folded: &str) -> bool {
        let Some(index) = self.current else { return false };
        let form = self.regions[index].form;
        matches!(form.kind, Kind::Prose | Kind::Fields)
            && folded.chars().count() <= 40
            && form.ends.contains(&headings::heading_label(folded))
    }

    /// A title is what stands next below.
    fn is_right_above_title(&self) -> bool {
        let is_title = |text: &str| matches!(lines::read(text, &fold(text), self.mappings), Line::Title { .. });
        match self.below.first() {
            Some(Block::Paragraph(next)) => !longer_than(&next.text, LONGEST_LINE) && is_title(&next.text),
            _ => false,
        }
    }

    /// The title of a form of projects that names the project of the table below it.
    fn title_of_project(&self, folded: &str) -> Option<Line<'m>> {
        let table = self.next_table().filter(|_| folded.contains('表'))?;
        let (form, said) = titles::title_of_project(folded, table, 0, self.mappings)?;
        Some(Line::Title { form, said })
    }

    /// The next table below what is read.
    fn next_table(&self) -> Option<&'d Table> {
        self.below.iter().find_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Paragraph(_) => None,
        })
    }

    /// What a heading made known is the explanation of no unit where it speaks of what only a government's budget has.
    pub(super) fn leave_government_accounts(&mut self) {
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
}
