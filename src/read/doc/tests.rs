use std::io::{Cursor, Read, Write};

use proptest::prelude::*;

use super::*;
use crate::read::tests::shown;

/// Made by LibreOffice from a `.docx` with merged cells, a nested table, a footnote, a field, a hidden word, a tracked
/// deletion, a list and a text box; what it holds is in `shown_of_sample`.
const SAMPLE: &[u8] = include_bytes!("../../../tests/files/report.doc");

/// The sample with some bytes of a stream replaced.
fn with(stream: &str, at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::open(Cursor::new(SAMPLE.to_vec())).unwrap();
    let mut content = Vec::new();
    file.open_stream(stream).unwrap().read_to_end(&mut content).unwrap();
    content[at..at + bytes.len()].copy_from_slice(bytes);
    file.create_stream(stream).unwrap().write_all(&content).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn a_locked_document_is_told_apart_from_a_damaged_one() {
    let flags = u16_at(&File::open(SAMPLE).unwrap().document, 10).unwrap();
    let locked = with("/WordDocument", 10, &(flags | 0x0100).to_le_bytes());
    assert_eq!(read(&locked).unwrap_err().reason, Reason::Encrypted);
    let old = with("/WordDocument", 0, &0xa5dc_u16.to_le_bytes());
    assert_eq!(read(&old).unwrap_err().reason, Reason::Unsupported);
    let nonsense = with("/WordDocument", 0, b"??");
    assert_eq!(read(&nonsense).unwrap_err().reason, Reason::Damaged);
}

#[test]
fn a_document_that_is_cut_short_is_damaged_and_never_half_read() {
    let whole = shown(&read(SAMPLE).unwrap());
    for length in (600..SAMPLE.len()).step_by(509) {
        match read(&SAMPLE[..length]) {
            Err(refusal) => assert_eq!(refusal.reason, Reason::Damaged, "{length}"),
            // Only what the text does not need was cut.
            Ok(document) => assert_eq!(shown(&document), whole, "{length}"),
        }
    }
}

#[test]
fn a_text_longer_than_its_pieces_is_damaged() {
    let file = File::open(SAMPLE).unwrap();
    assert!(Pieces::read(&file).unwrap().length() >= file.lengths.main);
    let longer = with("/WordDocument", 0x4c, &(file.lengths.main + 100_000).to_le_bytes());
    assert_eq!(read(&longer).unwrap_err().reason, Reason::Damaged);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_changed_bytes_give_a_document_or_a_refusal(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)
    ) {
        let mut bytes = SAMPLE.to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&bytes);
    }
}
