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
fn a_document_holds_what_a_person_sees_in_it() {
    assert_eq!(
        shown(&read(SAMPLE).unwrap()),
        "1 青禾县档案局2023年度部门决算\n3 一、收入支出决算总体情况\n\
         4 收、支总计1240.71万元，比上年减少 5.00万元。⏎第1页\n5 表格如下\n6 单位：万元\n\
         table 1\n r1c1 2x1 项目\n r1c2 1x2 决算数\n r1c4 2x1 备注\n r2c2 基本支出\n r2c3 项目支出\n \
         r3c1 公务⏎接待费\n r3c2 20.47\n r3c3 -3.10\n r3c4 见下⏎无\n r4c1 合计\n r4c2 1x3 17.37\n\
         table 2\n r1c1 批次\n r1c2 12\n r2c1 人次\n r2c2 96\n8 二、其他\n9 完。\n11 \t含结转12.30万元。\n"
    );
}

/// Made by LibreOffice from a `.docx` in which words are struck out once and twice, and a digit is raised.
const LOOKS: &[u8] = include_bytes!("../../../tests/files/looks.doc");

#[test]
fn what_is_struck_out_is_not_read_and_a_raised_digit_is_none_of_the_number_beside_it() {
    assert_eq!(
        shown(&read(LOOKS).unwrap()),
        "1 公务接待费3.00^1^2万元\n2 公务用车运行维护费8.00万元。\ntable 1\n r1c1 培训费\n r1c2 2.50\n r2c2 4.00\n"
    );
}

/// The modifiers of a row with cells between edges, the flags of each cell.
fn row(edges: &[i16], flags: &[u16]) -> Vec<u8> {
    let mut operand = vec![flags.len() as u8];
    edges.iter().for_each(|edge| operand.extend(edge.to_le_bytes()));
    for flags in flags {
        operand.extend(flags.to_le_bytes());
        operand.extend([0; 18]);
    }
    let mut list = properties::DEFINE_ROW.to_le_bytes().to_vec();
    list.extend((operand.len() as u16 + 1).to_le_bytes());
    list.extend(operand);
    list
}

#[test]
fn cells_stand_between_their_edges() {
    const GOES_ON_LEFT: u16 = 1;
    const GOES_ON_ABOVE: u16 = 1 << 5;
    const BEGINS: u16 = 3 << 5;
    let mut table = OpenTable::default();
    let mut add = |texts: &[&str], modifiers: &[Vec<u8>], is_deleted: bool| {
        for text in texts {
            table.paragraph((*text).to_owned());
            table.end_cell();
        }
        let list = modifiers.concat();
        table.end_row(row_modifiers([&list, &[], &[]]), is_deleted);
    };
    add(&["项目", "其中", "备注"], &[row(&[0, 1000, 3000, 4000], &[BEGINS, 0, 0])], false);
    // Edges that differ by a hair; a cell that begins further right.
    add(&["", "a", "b", "c"], &[row(&[0, 1005, 2000, 3010, 4000], &[GOES_ON_ABOVE, 0, 0, 0])], false);
    add(&["7.51"], &[row(&[2004, 2998], &[0])], false);
    add(&["gone"], &[row(&[0, 4000], &[0])], true);
    // Merged the old way, and by a modifier of its own.
    add(&["d", "", "e", "1"], &[row(&[0, 1000, 2000, 3000, 4000], &[2, GOES_ON_LEFT, 0, 0])], false);
    add(&["f", "", "g", "2"], &[row(&[0, 1000, 2000, 3000, 4000], &[0; 4]), vec![0x24, 0x56, 0, 2]], false);
    add(&["no edges", "3"], &[], false);
    let (read, _) = table.end().unwrap();
    assert_eq!(read.unplaced, [6]);
    let table = Table::new(1, None, true, read.cells);
    let document = Document {
        format: Format::Doc,
        encoding: None,
        blocks: vec![Block::Table(table)],
        findings: Vec::new(),
        title: None,
        asides: Vec::new(),
    };
    assert_eq!(
        shown(&document),
        "table 1\n r1c1 2x1 项目\n r1c2 1x2 其中\n r1c4 备注\n r2c2 a\n r2c3 b\n r2c4 c\n r3c3 7.51\n \
         r4c1 1x2 d\n r4c3 e\n r4c4 1\n r5c1 1x2 f\n r5c3 g\n r5c4 2\n r6c1 no edges\n r6c2 3\n"
    );
}

#[test]
fn lists_of_modifiers_end_where_they_are_not_whole() {
    let codes = |list: &[u8]| -> Vec<u16> { Modifiers(list).map(|modifier| modifier.code).collect() };
    let whole = [0x16, 0x24, 1, 0x49, 0x66, 1, 0, 0, 0, 0x2b, 0xd6, 2, 0, 1, 0x0b, 0x46, 5, 0];
    assert_eq!(codes(&whole), [sprm::IN_TABLE, sprm::DEPTH, sprm::MERGE_DOWN, sprm::LIST]);
    for length in 0..whole.len() {
        assert!(codes(&whole[..length]).len() < 4);
    }
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
