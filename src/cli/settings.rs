use std::io::IsTerminal;

use juesuan::wording::Language;

/// How this process speaks to its user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Speaker {
    /// The language of messages.
    pub(crate) language: Language,
    /// Whether stderr may be coloured.
    pub(crate) colour: bool,
}

impl Speaker {
    /// The language of the first locale variable that is set, and colour where stderr is a terminal that wants it.
    pub(crate) fn from_environment() -> Speaker {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set).unwrap_or_default();
        let plain = set("NO_COLOR").is_some() || set("TERM").is_some_and(|terminal| terminal == "dumb");
        Speaker { language: Language::of_locale(&locale), colour: !plain && std::io::stderr().is_terminal() }
    }

    /// The one of two texts that is in the user's language.
    pub(crate) fn say<T>(self, chinese: T, english: T) -> T {
        self.language.pick(chinese, english)
    }

    /// A text in a colour of ANSI, where colours are wanted.
    pub(crate) fn paint(self, colour: u8, text: &str) -> String {
        if self.colour { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
