//! Documents from standard input, for engines that have bytes and no files.
//!
//! The stream is one frame per document: the length of its name and the length of its content, each as eight bytes,
//! little-endian; then the name, UTF-8, as the path under which it is stored; then the content. It ends with a frame.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::inputs::Input;
use super::paths::stored_path;
use super::settings::Speaker;

/// The longest name; a longer one shows that the stream is something else.
const LONGEST_NAME: u64 = 64 * 1024;

/// Why a stream cannot be taken.
#[derive(Debug)]
pub(crate) enum StreamError {
    /// It is not framed so, or names are wrong; the number of the frame, from 1, and what is wrong with it.
    Frame(u64, &'static str, &'static str),
    /// It cannot be read or kept.
    Io(io::Error),
}

impl StreamError {
    /// What happened, and what to do.
    pub(crate) fn told(&self, speaker: Speaker) -> (String, &'static str) {
        match self {
            StreamError::Frame(number, chinese, english) => (
                speaker.say(
                    format!("标准输入的第 {number} 个文件：{chinese}"),
                    format!("document {number} of standard input: {english}"),
                ),
                speaker.say(
                    "每个文件：名称长度、内容长度（各 8 字节，小端），名称（UTF-8），内容",
                    "per document: length of name, length of content (8 bytes each, little-endian), name (UTF-8), content",
                ),
            ),
            StreamError::Io(error) => (error.to_string(), ""),
        }
    }
}

/// The documents of a stream, kept as files until this is dropped: the stream may be larger than the memory.
#[derive(Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
}

impl Drop for Spool {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Spool {
    /// Makes an empty spool.
    pub(crate) fn new(folder: PathBuf) -> Result<Spool, StreamError> {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).map_err(StreamError::Io)?;
        Ok(Spool { folder })
    }

    /// Takes in a stream to its end. Each name may come once.
    pub(crate) fn take(&self, mut stream: impl Read) -> Result<BTreeMap<String, Input>, StreamError> {
        let mut inputs = BTreeMap::new();
        let mut number = 0;
        loop {
            number += 1;
            let Some((name, length)) = header(&mut stream, number)? else { return Ok(inputs) };
            let path = stored_path(Path::new(&name));
            if path.is_empty() {
                return Err(StreamError::Frame(number, "没有名称", "it has no name"));
            }
            let file = self.folder.join(number.to_string());
            let mut kept = File::create(&file).map_err(StreamError::Io)?;
            let copied = io::copy(&mut stream.by_ref().take(length), &mut kept).map_err(StreamError::Io)?;
            if copied < length {
                return Err(torn(number));
            }
            if inputs.insert(path, Input::of(file)).is_some() {
                return Err(StreamError::Frame(number, "名称已经出现过", "its name came before"));
            }
        }
    }
}

/// The name and the length of the content of the next frame; `None` at the end of the stream.
fn header(stream: &mut impl Read, number: u64) -> Result<Option<(String, u64)>, StreamError> {
    let mut lengths = [0; 16];
    let mut have = 0;
    while have < lengths.len() {
        match stream.read(&mut lengths[have..]) {
            Ok(0) if have == 0 => return Ok(None),
            Ok(0) => return Err(torn(number)),
            Ok(read) => have += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(StreamError::Io(error)),
        }
    }
    let [name, content] = [0, 8].map(|at| {
        let mut length = [0; 8];
        length.copy_from_slice(&lengths[at..at + 8]);
        u64::from_le_bytes(length)
    });
    if name > LONGEST_NAME {
        return Err(StreamError::Frame(number, "名称过长，不是约定的格式", "its name is too long: not such a stream"));
    }
    let mut bytes = vec![0; name as usize];
    stream.read_exact(&mut bytes).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => torn(number),
        _ => StreamError::Io(error),
    })?;
    let name =
        String::from_utf8(bytes).map_err(|_| StreamError::Frame(number, "名称不是 UTF-8", "its name is not UTF-8"))?;
    Ok(Some((name, content)))
}

fn torn(number: u64) -> StreamError {
    StreamError::Frame(number, "不完整", "the stream ends within it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(name: &[u8], content: &[u8]) -> Vec<u8> {
        let lengths = [name.len() as u64, content.len() as u64].map(u64::to_le_bytes).concat();
        [&lengths, name, content].concat()
    }

    fn take(stream: &[u8], test: &str) -> Result<Vec<String>, String> {
        let folder = std::env::temp_dir().join(format!("juesuan-spool-{}-{test}", std::process::id()));
        let spool = Spool::new(folder).unwrap();
        match spool.take(stream) {
            Ok(inputs) => Ok(inputs.into_keys().collect()),
            Err(StreamError::Frame(number, _, english)) => Err(format!("{number}: {english}")),
            Err(StreamError::Io(error)) => Err(error.to_string()),
        }
    }

    #[test]
    fn a_stream_is_taken_whole_or_not_at_all() {
        let two = [frame("乙/b.txt".as_bytes(), b"two"), frame("./甲/a.txt".as_bytes(), b"")].concat();
        assert_eq!(take(&two, "two").unwrap(), ["乙/b.txt", "甲/a.txt"]);
        assert_eq!(take(b"", "none").unwrap(), [""; 0]);
        for cut in [1, 15, 16, 20, two.len() - 1] {
            assert!(take(&two[..cut], "cut").unwrap_err().ends_with("the stream ends within it"), "{cut}");
        }
        for (stream, why) in [
            (frame(b"", b"x"), "1: it has no name"),
            (frame(&[0xff], b"x"), "1: its name is not UTF-8"),
            ([frame(b"a", b"x"), frame(b"./a", b"y")].concat(), "2: its name came before"),
            (b"{\"path\": \"a\", \"bytes\": \"x\"}".to_vec(), "1: its name is too long: not such a stream"),
        ] {
            assert_eq!(take(&stream, "wrong").unwrap_err(), why);
        }
    }
}
