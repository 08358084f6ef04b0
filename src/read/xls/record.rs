//! The records that are read, by their number in the file.

pub(super) const FORMULA: u16 = 0x0006;
pub(super) const PAGE_HEAD: u16 = 0x0014;
pub(super) const PAGE_FOOT: u16 = 0x0015;
pub(super) const END: u16 = 0x000A;
pub(super) const DATE_1904: u16 = 0x0022;
pub(super) const FILE_PASS: u16 = 0x002F;
pub(super) const FONT: u16 = 0x0031;
pub(super) const CONTINUE: u16 = 0x003C;
pub(super) const CODE_PAGE: u16 = 0x0042;
pub(super) const COLUMN_INFO: u16 = 0x007D;
pub(super) const BOUND_SHEET: u16 = 0x0085;
pub(super) const MULTIPLE_RK: u16 = 0x00BD;
pub(super) const RICH_STRING: u16 = 0x00D6;
pub(super) const XF: u16 = 0x00E0;
pub(super) const MERGED_CELLS: u16 = 0x00E5;
pub(super) const SHARED_STRINGS: u16 = 0x00FC;
pub(super) const LABEL_SHARED: u16 = 0x00FD;
pub(super) const NUMBER: u16 = 0x0203;
pub(super) const LABEL: u16 = 0x0204;
pub(super) const BOOLEAN_OR_ERROR: u16 = 0x0205;
pub(super) const STRING: u16 = 0x0207;
pub(super) const ROW: u16 = 0x0208;
pub(super) const RK: u16 = 0x027E;
pub(super) const FORMAT: u16 = 0x041E;
pub(super) const BEGIN: u16 = 0x0809;
