//! Lines that a page broke are read as whole ones.

use super::corpora::corpus;
use super::*;

/// Breaks lines as a page does that is `width` letters wide, with its number and a running head on every page.
fn on_pages(lines: &[String], width: usize, indent: bool, number: impl Fn(usize) -> String, head: &str) -> Vec<String> {
    let (mut broken, mut page) = (Vec::new(), 2);
    for line in lines {
        let mut rest = format!("{}{}", if indent { "　　" } else { "" }, line.trim());
        while !rest.is_empty() {
            let (mut at, mut wide) = (0, 0);
            for c in rest.chars().take_while(|c| {
                wide += if c.is_ascii() { 1 } else { 2 };
                wide <= width || "，。；：、）%".contains(*c)
            }) {
                at += c.len_utf8();
            }
            let behind = rest.split_off(at.max(rest.chars().next().map_or(0, char::len_utf8)));
            broken.push(std::mem::replace(&mut rest, behind));
            if broken.len() % 19 == 0 {
                broken.extend([number(page), head.to_owned()]);
                page += 1;
            }
        }
    }
    broken
}

#[test]
fn lines_broken_by_pages_change_no_figure_and_lose_few() {
    let (documents, ..) = corpus(&file("tests/cases/prose/families.txt")).unwrap();
    for document in documents.iter().filter(|document| document.form == "narrative") {
        let names = std::slice::from_ref(&document.unit);
        let read = |lines: &[String]| -> Vec<String> {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            read_lines(&lines, document.year, names, &document.form).claims.iter().map(|claim| line_of(claim)).collect()
        };
        let whole = read(&document.lines);
        for width in [58, 66, 73, 84] {
            let head = format!("{}年度部门决算公开", document.year);
            let numbers: [fn(usize) -> String; 3] =
                [|page| format!("- {page} -"), |page| page.to_string(), |page| format!("第 {page} 页")];
            for (indent, number) in [true, false, true].into_iter().zip(numbers) {
                let broken = read(&on_pages(&document.lines, width, indent, number, &head));
                let other: Vec<&String> = broken.iter().filter(|figure| !whole.contains(figure)).collect();
                assert!(other.is_empty(), "{} {width}: {other:?}", document.name);
                let share = broken.len() * 100 / whole.len();
                assert!(share >= 85, "{} {width}: {share} %", document.name);
            }
        }
    }
}
