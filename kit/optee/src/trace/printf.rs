//! The part of C's `printf` that log lines use: `%d %i %u %x %X %p %c %s %%`, with `-`, `0`, `#`, width, precision and the
//! lengths `hh h l ll z j t`.

/// Where the arguments come from.
pub(super) trait Variadic {
    /// The next argument as a word.
    fn word(&mut self) -> u64;
    /// The next argument as a text of at most `limit` bytes.
    fn text(&mut self, limit: usize) -> &[u8];
}

/// What stands between `%` and its letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Form {
    is_left: bool,
    has_prefix: bool,
    pad_zero: bool,
    width: usize,
    precision: Option<usize>,
    length: Length,
}

/// How much of a word a number takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Length {
    Byte,
    Short,
    #[default]
    Int,
    Long,
}

/// Writes `format` with its arguments, piece by piece. A letter that is not known is written as it stands.
pub(super) fn format(out: &mut impl FnMut(&[u8]), format: &[u8], arguments: &mut impl Variadic) {
    let mut rest = format;
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        let (before, from) = rest.split_at(at);
        out(before);
        let (form, after) = parse(from.split_at(1).1, arguments);
        let [letter, tail @ ..] = after else {
            out(from);
            return;
        };
        if !convert(out, *letter, form, arguments) {
            out(from.split_at(from.len() - tail.len()).0);
        }
        rest = tail;
    }
    out(rest);
}

/// Reads flags, width, precision and length; the rest begins with the letter.
fn parse<'a>(mut text: &'a [u8], arguments: &mut impl Variadic) -> (Form, &'a [u8]) {
    let mut form = Form::default();
    while let [flag @ (b'-' | b'0' | b'#' | b'+' | b' '), tail @ ..] = text {
        match flag {
            b'-' => form.is_left = true,
            b'0' => form.pad_zero = true,
            b'#' => form.has_prefix = true,
            _ => {}
        }
        text = tail;
    }
    (form.width, text) = number(text, arguments);
    if let [b'.', tail @ ..] = text {
        let (precision, tail) = number(tail, arguments);
        form.precision = Some(precision);
        text = tail;
    }
    while let [letter @ (b'h' | b'l' | b'z' | b'j' | b't'), tail @ ..] = text {
        form.length = match (letter, form.length) {
            (b'h', Length::Short) => Length::Byte,
            (b'h', _) => Length::Short,
            _ => Length::Long,
        };
        text = tail;
    }
    (form, text)
}

fn number<'a>(text: &'a [u8], arguments: &mut impl Variadic) -> (usize, &'a [u8]) {
    if let [b'*', tail @ ..] = text {
        return (arguments.word() as u32 as usize, tail);
    }
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, tail) = text.split_at(digits);
    let value = digits
        .iter()
        .fold(0_usize, |value, digit| value.saturating_mul(10).saturating_add(usize::from(digit - b'0')));
    (value, tail)
}

/// Writes one argument; `false` if the letter is not known.
fn convert(out: &mut impl FnMut(&[u8]), letter: u8, form: Form, arguments: &mut impl Variadic) -> bool {
    match letter {
        b'%' => out(b"%"),
        b'c' => pad(out, form, b"", &[arguments.word() as u8]),
        b's' => {
            let text = arguments.text(form.precision.unwrap_or(usize::MAX));
            pad(out, Form { pad_zero: false, ..form }, b"", text);
        }
        b'd' | b'i' => {
            let value = signed(arguments.word(), form.length);
            digits(out, form, if value < 0 { b"-" } else { b"" }, value.unsigned_abs(), 10, b"0123456789");
        }
        b'u' => digits(out, form, b"", unsigned(arguments.word(), form.length), 10, b"0123456789"),
        b'x' | b'X' => {
            let value = unsigned(arguments.word(), form.length);
            let prefix: &[u8] = if form.has_prefix && value != 0 { &[b'0', letter] } else { b"" };
            let alphabet = if letter == b'x' { b"0123456789abcdef" } else { b"0123456789ABCDEF" };
            digits(out, form, prefix, value, 16, alphabet);
        }
        b'p' => digits(out, form, b"0x", arguments.word(), 16, b"0123456789abcdef"),
        _ => return false,
    }
    true
}

fn signed(word: u64, length: Length) -> i64 {
    match length {
        Length::Byte => i64::from(word as i8),
        Length::Short => i64::from(word as i16),
        Length::Int => i64::from(word as i32),
        Length::Long => word as i64,
    }
}

fn unsigned(word: u64, length: Length) -> u64 {
    match length {
        Length::Byte => u64::from(word as u8),
        Length::Short => u64::from(word as u16),
        Length::Int => u64::from(word as u32),
        Length::Long => word,
    }
}

/// Digits of the longest number: 64 bits in tens.
const DIGITS: usize = 20;

fn digits(out: &mut impl FnMut(&[u8]), form: Form, prefix: &[u8], value: u64, base: u64, alphabet: &[u8]) {
    let mut text = [b'0'; DIGITS];
    let mut start = DIGITS;
    let mut left = value;
    while left > 0 || start == DIGITS {
        start -= 1;
        text[start] = alphabet[(left % base) as usize];
        left /= base;
    }
    // A precision is the least number of digits; more than the longest number has are not written.
    let least = form.precision.unwrap_or(1).min(DIGITS);
    let start = start.min(DIGITS - least);
    pad(out, form, prefix, &text[start..]);
}

/// Writes prefix and text in the width of the form.
fn pad(out: &mut impl FnMut(&[u8]), form: Form, prefix: &[u8], text: &[u8]) {
    let missing = form.width.saturating_sub(prefix.len() + text.len());
    let (with_zeros, with_blanks) =
        if form.pad_zero && !form.is_left && form.precision.is_none() { (missing, 0) } else { (0, missing) };
    let (before, after) = if form.is_left { (0, with_blanks) } else { (with_blanks, 0) };
    (0..before).for_each(|_| out(b" "));
    out(prefix);
    (0..with_zeros).for_each(|_| out(b"0"));
    out(text);
    (0..after).for_each(|_| out(b" "));
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use super::{Variadic, format};

    /// Words, and the texts that some of them stand for.
    struct Given<'a>(Vec<u64>, &'a [&'a str]);

    impl Variadic for Given<'_> {
        fn word(&mut self) -> u64 {
            self.0.remove(0)
        }
        fn text(&mut self, limit: usize) -> &[u8] {
            let text = self.1[self.0.remove(0) as usize].as_bytes();
            &text[..text.len().min(limit)]
        }
    }

    fn formatted(text: &str, words: &[u64]) -> String {
        let mut bytes = Vec::new();
        let mut given = Given(words.to_vec(), &["abc", "a longer text"]);
        format(&mut |piece: &[u8]| bytes.extend_from_slice(piece), text.as_bytes(), &mut given);
        String::from_utf8(bytes).expect("is text")
    }

    #[test]
    fn numbers_take_as_much_of_a_word_as_their_length_says() {
        let minus = u64::MAX;
        assert_eq!(formatted("%d %u %x", &[minus, minus, minus]), "-1 4294967295 ffffffff");
        assert_eq!(formatted("%ld %lx %zu", &[minus, minus, 5]), "-1 ffffffffffffffff 5");
        assert_eq!(formatted("%hhx %hd", &[0x1FF, 0x1_0001]), "ff 1");
        assert_eq!(formatted("%ld", &[i64::MIN as u64]), "-9223372036854775808");
        assert_eq!(formatted("%llu", &[minus]), "18446744073709551615");
    }

    #[test]
    fn width_precision_and_flags() {
        assert_eq!(formatted("[%5d|%-5d|%05d]", &[42, 42, u64::MAX]), "[   42|42   |-0001]");
        assert_eq!(formatted("[%.3u|%#x|%08X|%p]", &[7, 255, 0xAB, 0x10]), "[007|0xff|000000AB|0x10]");
        assert_eq!(formatted("[%*d|%.*s]", &[4, 1, 3, 1]), "[   1|a l]");
    }

    #[test]
    fn texts_letters_percents_and_what_is_unknown() {
        assert_eq!(formatted("%s, %5s, %-5s.", &[0, 0, 0]), "abc,   abc, abc  .");
        assert_eq!(formatted("%c%c 100%%", &[0x41, 0x42]), "AB 100%");
        assert_eq!(formatted("%q %5", &[]), "%q %5");
    }
}
