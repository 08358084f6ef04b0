use std::collections::BTreeSet;

use crate::mapping::Mappings;
use crate::pipeline::{Settings, inspect};

use super::*;
use crate::model::Place;

fn page_of(text: &str, with_personal_data: bool) -> String {
    let settings = Settings::with_mappings(Mappings::load(None).unwrap());
    let (document, extracted) = inspect(text.as_bytes(), "2022/青禾县民政局/说明.txt", &settings);
    let options = PageOptions { language: Language::Chinese, with_personal_data, notice: None };
    page(document.as_ref(), &extracted, &[], options)
}

const EXPLANATION: &str = "青禾县民政局2022年度部门决算情况说明\n\n一、收入支出决算总体情况说明\n\n\
    2022年度收、支总计482.38万元。与上年相比，增加17.39万元，增加3.74%。\n\n";

#[test]
fn each_number_is_marked_with_its_fate_and_can_be_asked_about() {
    let html = page_of(EXPLANATION, false);
    assert!(html.contains("<b class=\"n figure\" data-n="), "{html}");
    assert!(html.contains(">482.38</b>万元。与上年相比，增加<b class=\"n figure\""), "{html}");
    assert!(html.contains("\"item\":\"收入总计\"") && html.contains("\"item\":\"支出总计\""));
}

#[test]
fn what_a_document_says_is_text_and_never_markup() {
    let hostile = "<script>alert(1)</script> </script><!-- \" onmouseover='x' &lt;b&gt; &copy; 12";
    let html =
        page_of(&format!("{EXPLANATION}{hostile}\n\n| {hostile} | 34 |\n| --- | --- |\n| {hostile} | 56 |\n\n"), false);
    assert_eq!(html.matches("<script").count(), 2, "the page's own data and script");
    assert_eq!(html.matches("</script>").count(), 2);
    let (markup, _) = html.split_once("<script type=\"application/json\"").unwrap();
    assert!(!html.contains("<!--") && !markup.contains("onmouseover='x'"));
    assert!(html.contains("&lt;script&gt;alert(") && html.contains("&amp;copy;"));
    let data = html.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap();
    assert!(!data.contains('<'));
    serde_json::from_str::<serde_json::Value>(data).unwrap();
}

#[test]
fn the_page_allows_its_own_script_and_style_only() {
    let html = page_of(EXPLANATION, false);
    for (element, name) in [("script", "script-src"), ("style", "style-src")] {
        let own = html.rsplit(&format!("<{element}>")).next().unwrap().split(&format!("</{element}>")).next().unwrap();
        assert!(html.contains(&format!("{name} 'sha256-{}'", digest(own))), "{element}");
    }
    assert!(!html.contains("http://") && !html.contains("https://"), "nothing is loaded from anywhere");
}

#[test]
fn a_document_that_cannot_be_read_says_why() {
    let html = page_of("", false);
    assert!(html.contains("未能读取") && html.contains("empty"), "{html}");
}

#[test]
fn numbers_that_share_characters_share_a_mark() {
    let place = Place::Paragraph { paragraph: 1, range: None };
    let number = |text: &str, start, end| crate::model::NumberRecord {
        text: text.into(),
        place: place.narrowed(start, end),
        offset: None,
        fate: Fate::Figure,
        rule: "".into(),
        form: "".into(),
    };
    let numbers = [number("12", 2, 4), number("123", 2, 5), number("7", 8, 9)];
    let drawn = Marks::new(&numbers, &[]).drawn(&place, "甲乙123丙丁戊7");
    assert_eq!(
        drawn,
        "甲乙<b class=\"n figure\" data-n=\"0 1\" tabindex=\"0\" role=\"button\">123</b>丙丁戊\
         <b class=\"n figure\" data-n=\"2\" tabindex=\"0\" role=\"button\">7</b>"
    );
}

#[test]
fn personal_data_are_starred_without_moving_a_number() {
    let place = Place::Paragraph { paragraph: 1, range: None };
    let marks = Marks::new(&[], &["张三"]);
    assert_eq!(marks.drawn(&place, "填表人：张三 12"), "填表人：** 12");
}

#[test]
fn every_element_that_is_linked_to_is_there() {
    let html = page_of(EXPLANATION, false);
    let ids: BTreeSet<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for target in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.contains(target), "{target}");
    }
}
