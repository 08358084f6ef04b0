//! Paragraphs that say nothing of what a document is.

use std::cell::RefCell;

use super::headings::{heading_of, is_numbered_sentence, section, unit_named_alone};
use super::lines::{Line, folded_line, read};
use super::scope::Sources;
use super::titles::{cover, holds_title};
use crate::mapping::Mappings;
use crate::model::{LONGEST_RECENT, Recent, TextNumber, has_digits};

/// A paragraph that is no more than text, wherever it stands but below the title of a government's accounts: no title, no
/// declared line, no heading that begins or ends a form, no line of a web page, nothing that tells of unit or year. Most paragraphs are, and stand in every document of the pile.
pub(super) fn says_nothing(text: &str, mappings: &Mappings) -> bool {
    thread_local! {
        static SAYS_NOTHING: RefCell<Recent<bool>> = RefCell::default();
    }
    // What has numbers is not the same in the next document; what is long takes longer to know again than to look at.
    if text.len() > LONGEST_RECENT || has_digits(text) {
        return false;
    }
    Recent::recall(&SAYS_NOTHING, &mappings.version, &[], TextNumber::of(text), || {
        let folded = folded_line(text);
        let section = section(text, &folded, mappings);
        let words = &mappings.surroundings;
        matches!(read(text, &folded, mappings), Line::Unknown)
            && cover(&folded, mappings).is_none()
            // 灌区配套绩效自评表 is one, where the table below says that 灌区配套 is a project.
            && !holds_title(text, mappings)
            && !is_numbered_sentence(&folded)
            && Sources::default().says_nothing(&folded, mappings)
            && words.standing.of_line(&folded, false).is_none()
            && words.behind_attached(&folded).len() == folded.len()
            && unit_named_alone(&folded, mappings).is_none()
            && words.page_title(&folded).is_none()
            && !words.is_page_line(&folded)
            && !words.heads_government_accounts(&folded)
            && !words.speaks_of_government_accounts(&folded)
            && (section.form.is_none() && !section.of_budget)
            && heading_of(&folded, mappings, true).is_none()
            && heading_of(&folded, mappings, false).is_none()
    })
}
