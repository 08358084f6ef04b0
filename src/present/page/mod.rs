//! The document with its figures on it: one self-contained HTML file, offline, in Chinese and in English.
//!
//! *In:* a document as it was read, what was made of it, and what other documents state of the same facts. *Out:* the text
//! of a page. Every number is coloured by its fate; a click shows its key, the words that gave it, and who else states it.
//!
//! Whatever comes from a document is text and never markup: it is escaped where it stands in the page, it reaches the script as
//! JSON, and the script writes text nodes only. The page's policy forbids every script and style but its own two.

mod details;
mod marks;
mod markup;

use std::fmt::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::model::{Block, Document, Extracted, Fate, Paragraph, Severity, Table, column_letters};
use crate::wording::{self, Language};

use super::statement::Statement;
use details::Statements;
use marks::Marks;
use markup::{anchor, both, escaped, link, said};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// How a page is to be made.
#[derive(Clone, Copy, Debug)]
pub struct PageOptions<'a> {
    /// The language in which the page opens; it can be switched there.
    pub language: Language,
    /// Contact names, phone numbers and signatures are shown.
    pub with_personal_data: bool,
    /// Something the reader must know first, in Chinese and in English.
    pub notice: Option<(&'a str, &'a str)>,
}

/// The page of a document; `elsewhere` are the figures of other documents of the same unit.
///
/// A document that could not be read gives a page that says why.
pub fn page(
    document: Option<&Document>,
    extracted: &Extracted,
    elsewhere: &[Statement],
    options: PageOptions<'_>,
) -> String {
    let hidden: Vec<&str> = match options.with_personal_data {
        true => Vec::new(),
        false => {
            extracted.submission.texts.iter().filter(|field| field.personal).map(|field| field.text.as_str()).collect()
        }
    };
    let marks = Marks::new(&extracted.submission.numbers, &hidden);
    let statements = Statements::new(extracted, elsewhere);
    let mut body = String::new();
    head(extracted, options, &mut body);
    body.push_str("<main>");
    for block in document.map(|document| document.blocks.as_slice()).unwrap_or_default() {
        match block {
            Block::Paragraph(paragraph) => draw_paragraph(paragraph, &marks, &mut body),
            Block::Table(table) => draw_table(table, &marks, &mut body),
        }
    }
    body.push_str("</main><aside id=\"panel\" tabindex=\"-1\"><div id=\"detail\" hidden></div><div id=\"overview\">");
    overview(extracted, &statements, &marks, &mut body);
    body.push_str("</div></aside>");
    let data = details::of(extracted, &statements, &marks).to_string().replace('<', "\\u003c");
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    );
    format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\
         <meta name=\"generator\" content=\"juesuan\"><meta name=\"referrer\" content=\"no-referrer\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title><style>{STYLE}</style></head>\n<body>{body}\n\
         <script type=\"application/json\" id=\"data\">{data}</script><script>{SCRIPT}</script></body></html>\n",
        options.language.pick("zh", "en"),
        escaped(&extracted.path),
    )
}

/// The SHA-256 of an embedded text as a content security policy writes it.
fn digest(text: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()))
}

/// Path, unit, year and status, and the account of numbers with a switch for each fate.
fn head(extracted: &Extracted, options: PageOptions<'_>, html: &mut String) {
    let submission = &extracted.submission;
    let _ = write!(html, "<header><h1>{}</h1><p>", escaped(&extracted.path));
    let unit = if submission.unit.is_empty() { both("未知", "unknown") } else { escaped(&submission.unit) };
    let year = submission.fiscal_year.map_or_else(|| both("未知", "unknown"), |year| year.to_string());
    let status = said(|language| wording::document_status(extracted.status.word(), language));
    let _ = write!(
        html,
        "{}：<b>{unit}</b> · {}：<b>{year}</b> · {} · <b>{status}</b>",
        both("单位", "unit"),
        both("年度", "year"),
        escaped(&extracted.format),
    );
    if !extracted.reason.is_empty() {
        let _ = write!(html, " · {}", escaped(&extracted.reason));
    }
    html.push_str("</p>");
    if let Some((chinese, english)) = options.notice {
        let _ = write!(html, "<p class=\"notice\">{}</p>", both(chinese, english));
    }
    html.push_str("<p class=\"account\">");
    let counts = submission.account();
    for (fate, count) in Fate::ALL.into_iter().zip(counts) {
        let _ = write!(
            html,
            "<button type=\"button\" class=\"chip {}\" data-fate=\"{}\" aria-pressed=\"true\">{} {count}</button> ",
            fate.word(),
            fate.word(),
            said(|language| wording::fate(fate, language)),
        );
    }
    let _ = write!(
        html,
        "<span>= {}</span> <button type=\"button\" id=\"previous\" disabled>↑</button> <button type=\"button\" id=\"next\" disabled>↓ {}</button> \
         <button type=\"button\" id=\"language\">{}</button></p></header>",
        counts.iter().sum::<usize>(),
        both("下一个存疑处 (n)", "next doubtful (n)"),
        both("English", "中文"),
    );
}

fn draw_paragraph(paragraph: &Paragraph, marks: &Marks<'_>, html: &mut String) {
    let place = paragraph.place();
    let _ = write!(
        html,
        "<p id=\"{}\" title=\"{}\">{}</p>",
        anchor(&place),
        escaped(&place.to_string()),
        marks.drawn(&place, &paragraph.text)
    );
}

/// A table with its rows and columns named as places name them.
fn draw_table(table: &Table, marks: &Marks<'_>, html: &mut String) {
    let is_sheet = table.sheet.is_some();
    let _ = write!(html, "<section><h2>{} {}", both("表", "table"), table.number);
    if let Some(sheet) = &table.sheet {
        let _ = write!(html, " · {}", escaped(sheet));
    }
    if table.hidden {
        let _ = write!(html, " · {}", both("隐藏的工作表", "hidden sheet"));
    }
    html.push_str("</h2><div class=\"scroll\"><table><tr><th></th>");
    for column in &table.columns {
        let name = if is_sheet { column_letters(*column) } else { format!("c{column}") };
        let _ = write!(html, "<th scope=\"col\">{name}</th>");
    }
    html.push_str("</tr>");
    for row in 0..table.height() {
        let number = table.rows[row];
        let name = if is_sheet { number.to_string() } else { format!("r{number}") };
        let _ = write!(html, "<tr><th scope=\"row\">{name}</th>");
        for column in 0..table.width() {
            let Some(cell) = table.at(row, column) else {
                html.push_str("<td></td>");
                continue;
            };
            if (cell.row, cell.column) != (row, column) {
                continue;
            }
            let place = table.place(cell);
            let _ = write!(html, "<td id=\"{}\"", anchor(&place));
            for (name, span) in [("rowspan", cell.row_span), ("colspan", cell.column_span)] {
                if span > 1 {
                    let _ = write!(html, " {name}=\"{span}\"");
                }
            }
            if cell.hidden {
                html.push_str(" class=\"hid\"");
            }
            let _ = write!(html, ">{}</td>", marks.drawn(&place, &cell.text));
        }
        html.push_str("</tr>");
    }
    html.push_str("</table></div></section>");
}

/// Forms, contradictions, findings and leftovers, each with a link to its place.
fn overview(extracted: &Extracted, statements: &Statements<'_>, marks: &Marks<'_>, html: &mut String) {
    let submission = &extracted.submission;
    let mut list = |title: String, items: Vec<String>| {
        if !items.is_empty() {
            let _ = write!(html, "<h2>{title} ({})</h2><ul>{}</ul>", items.len(), items.concat());
        }
    };
    let forms = submission.forms.iter().map(|seen| {
        format!(
            "<li>{} {} · {} · ✓{} ?{}<br><small>{}</small></li>",
            link(&seen.place),
            said(|language| wording::form(&seen.form, language)),
            said(|language| wording::form_status(seen.status.word(), language)),
            seen.figures,
            seen.leftovers,
            escaped(&seen.known_by),
        )
    });
    list(both("报表", "forms"), forms.collect());
    list(both("矛盾", "contradictions"), contradictions(extracted, statements));
    let findings = submission.findings.iter().map(|finding| {
        let severity = match finding.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let places: Vec<String> = finding.places.iter().map(link).collect();
        format!(
            "<li class=\"{severity}\">{} <small>{}</small> {} {}</li>",
            said(|language| wording::severity(severity, language)),
            escaped(finding.word()),
            both(
                &marks.masked(&wording::finding(finding, Language::Chinese)),
                &marks.masked(&wording::finding(finding, Language::English))
            ),
            places.join(" "),
        )
    });
    list(both("发现", "findings"), findings.collect());
    let leftovers = submission.leftovers.iter().map(|leftover| {
        format!(
            "<li>{} <b>{}</b> {}<br><small>{}</small></li>",
            link(&leftover.place),
            escaped(&leftover.value_as_written),
            escaped(&marks.masked(&leftover.blocked_by)),
            escaped(&marks.masked(&leftover.labels)),
        )
    });
    list(both("未识别", "leftovers"), leftovers.collect());
}

/// Each figure that another statement of the same fact contradicts.
fn contradictions(extracted: &Extracted, statements: &Statements<'_>) -> Vec<String> {
    let mut items = Vec::new();
    for (at, figure) in extracted.submission.figures.iter().enumerate() {
        let others: Vec<String> = statements
            .of(at)
            .filter(|(other, _)| statements.contradicts(at, other))
            .map(|(other, _)| {
                let document =
                    if other.document.is_empty() { String::new() } else { format!("{} · ", other.document) };
                format!(
                    "<br>{} <small>{}</small>",
                    escaped(&other.shown()),
                    escaped(&format!("{document}{}", other.place))
                )
            })
            .collect();
        if !others.is_empty() {
            items.push(format!(
                "<li class=\"error\">{} {}: <b>{} {}</b>{}</li>",
                link(&figure.place),
                escaped(&figure.key.to_string()),
                figure.value,
                escaped(&figure.unit_of_measure),
                others.concat()
            ));
        }
    }
    items
}

#[cfg(test)]
mod tests;
