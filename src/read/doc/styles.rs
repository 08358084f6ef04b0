//! Style sheets, as far as text depends on them: what they hide, and which list they number.

use super::bytes::{slice, u16_at};
use super::properties::Modifiers;
use super::sprm;

/// Styles that are built on one another.
const CHAIN_LIMIT: usize = 20;

#[derive(Debug, Default)]
pub(super) struct Styles(Vec<Style>);

/// What a style says itself.
#[derive(Clone, Copy, Debug, Default)]
struct Style {
    base: u16,
    hides: Option<bool>,
    list: Option<u16>,
    level: Option<u8>,
}

impl Styles {
    /// Reads a style sheet; what is not whole of it is left out.
    pub(super) fn read(sheet: &[u8]) -> Styles {
        let mut styles = Vec::new();
        let Some((head, count, fixed)) = u16_at(sheet, 0)
            .and_then(|head| Some((usize::from(head), u16_at(sheet, 2)?, usize::from(u16_at(sheet, 4)?))))
        else {
            return Styles::default();
        };
        let mut at = 2 + head;
        for _ in 0..count {
            let Some(length) = u16_at(sheet, at) else { break };
            let length = usize::from(length);
            let Some(definition) = slice(sheet, at + 2, length) else {
                break;
            };
            styles.push(style(definition, fixed).unwrap_or_default());
            at += 2 + length;
        }
        Styles(styles)
    }

    /// Whether a style hides its text; `None` where neither it nor those it is based on say so.
    pub(super) fn hides(&self, style: u16) -> Option<bool> {
        self.inherited(style, |style| style.hides)
    }

    /// The list (from 1) that a style numbers.
    pub(super) fn list(&self, style: u16) -> Option<u16> {
        self.inherited(style, |style| style.list)
    }

    /// The level in its list.
    pub(super) fn level(&self, style: u16) -> Option<u8> {
        self.inherited(style, |style| style.level)
    }

    fn inherited<T>(&self, style: u16, of: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let mut next = style;
        for _ in 0..CHAIN_LIMIT {
            let style = self.0.get(usize::from(next))?;
            if let Some(value) = of(style) {
                return Some(value);
            }
            next = style.base;
        }
        None
    }
}

/// A style from its definition: numbers, a name, then a list of modifiers for each kind of property.
fn style(definition: &[u8], fixed: usize) -> Option<Style> {
    let kind_and_base = u16_at(definition, 2)?;
    let lists = u16_at(definition, 4)? & 0x000f;
    let (kind, base) = (kind_and_base & 0x000f, kind_and_base >> 4);
    let name = usize::from(u16_at(definition, fixed)?);
    let mut at = fixed + 2 + name * 2 + 2;
    let mut style = Style { base, ..Style::default() };
    for number in 0..lists {
        at += at % 2;
        let Some(length) = u16_at(definition, at) else { break };
        let Some(list) = slice(definition, at + 2, usize::from(length)) else {
            break;
        };
        at += 2 + usize::from(length);
        // Paragraph styles: the style's own number and paragraph properties, then character properties.
        let list = if (kind, number) == (1, 0) { list.get(2..).unwrap_or_default() } else { list };
        for modifier in Modifiers(list) {
            match modifier.code {
                sprm::HIDDEN => style.hides = Some(modifier.byte() == 1),
                sprm::LIST => style.list = Some(modifier.word()),
                sprm::LEVEL => style.level = Some(modifier.byte()),
                _ => {}
            }
        }
    }
    Some(style)
}
