//! A terminal's settings (`termios(3)`). The bits and the places are those of the kernel's `struct termios`.

use litebox_host::terminal::TerminalAttributes;

use crate::signal::Signal;

/// Declares a word of flags, named as in `termios(3)`, that keeps bits without a name.
macro_rules! flags {
    (#[doc = $doc:literal] $name:ident { $(#[doc = $flag_doc:literal] $flag:ident = $bits:literal;)* }) => {
        bitflags::bitflags! {
            #[doc = $doc]
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
            pub struct $name: u32 {
                $(#[doc = $flag_doc] const $flag = $bits;)*
                const _ = !0;
            }
        }
    };
}

flags! {
    /// What happens to input (`c_iflag`).
    InputFlags {
        /// 255 is doubled, to tell it from a mark.
        PARMRK = 0o10;
        /// The eighth bit is dropped.
        ISTRIP = 0o40;
        /// A newline becomes a carriage return.
        INLCR = 0o100;
        /// Carriage returns are dropped.
        IGNCR = 0o200;
        /// A carriage return becomes a newline.
        ICRNL = 0o400;
        /// Upper case becomes lower case.
        IUCLC = 0o1000;
        /// Output is stopped and started by characters.
        IXON = 0o2000;
        /// Any character starts stopped output.
        IXANY = 0o4000;
        /// Input is UTF-8, for erasing.
        IUTF8 = 0o40000;
    }
}

flags! {
    /// What happens to output (`c_oflag`).
    OutputFlags {
        /// The other flags count.
        OPOST = 0o1;
        /// Lower case becomes upper case.
        OLCUC = 0o2;
        /// A newline becomes a carriage return and a newline.
        ONLCR = 0o4;
        /// A carriage return becomes a newline.
        OCRNL = 0o10;
        /// No carriage return in column 0.
        ONOCR = 0o20;
        /// A newline moves to column 0.
        ONLRET = 0o40;
        /// Tabs become spaces (both bits).
        XTABS = 0o14000;
    }
}

flags! {
    /// The editing of lines, echo, and signals (`c_lflag`).
    LocalFlags {
        /// Characters send signals.
        ISIG = 0o1;
        /// Input comes in lines, which can be edited.
        ICANON = 0o2;
        /// Input is echoed.
        ECHO = 0o10;
        /// An erased character is wiped out.
        ECHOE = 0o20;
        /// A newline follows the kill character.
        ECHOK = 0o40;
        /// Newlines are echoed in any case.
        ECHONL = 0o100;
        /// Signals throw no input or output away.
        NOFLSH = 0o200;
        /// Background processes that write are stopped.
        TOSTOP = 0o400;
        /// Control characters are echoed as `^X`.
        ECHOCTL = 0o1000;
        /// What is erased is printed.
        ECHOPRT = 0o2000;
        /// A killed line is wiped out.
        ECHOKE = 0o4000;
        /// The characters that POSIX does not have count.
        IEXTEN = 0o100_000;
        /// The other end processes input. Never set: it is not supported.
        EXTPROC = 0o200_000;
    }
}

/// The control characters, by their place in `c_cc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of termios(3), without their V")]
pub enum Special {
    Interrupt = 0,
    Quit = 1,
    Erase = 2,
    Kill = 3,
    EndOfFile = 4,
    Time = 5,
    Minimum = 6,
    Start = 8,
    Stop = 9,
    Suspend = 10,
    EndOfLine = 11,
    Reprint = 12,
    WordErase = 14,
    LiteralNext = 15,
    EndOfLine2 = 16,
}

/// The places of `c_cc`.
const CHARACTERS: usize = 19;

/// A terminal's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `c_iflag`.
    pub input: InputFlags,
    /// `c_oflag`.
    pub output: OutputFlags,
    /// `c_cflag`: means nothing to a terminal without a line, but for the speeds.
    pub control: u32,
    /// `c_lflag`.
    pub local: LocalFlags,
    /// `c_line`.
    pub line: u8,
    /// `c_cc`.
    pub characters: [u8; CHARACTERS],
    /// Bits a second, where the control flags name no speed (`BOTHER`).
    pub speeds: Speeds,
}

/// Speeds in bits a second, kept for whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speeds {
    /// Of input.
    pub input: u32,
    /// Of output.
    pub output: u32,
}

impl Default for Settings {
    /// Those of a new terminal.
    fn default() -> Self {
        let mut characters = [0; CHARACTERS];
        characters.iter_mut().zip(*b"\x03\x1c\x7f\x15\x04\0\x01\0\x11\x13\x1a\0\x12\x0f\x17\x16\0").for_each(
            |(to, from)| {
                *to = from;
            },
        );
        let local = LocalFlags::ISIG
            | LocalFlags::ICANON
            | LocalFlags::ECHO
            | LocalFlags::ECHOE
            | LocalFlags::ECHOK
            | LocalFlags::ECHOCTL
            | LocalFlags::ECHOKE
            | LocalFlags::IEXTEN;
        Self {
            input: InputFlags::ICRNL | InputFlags::IXON,
            output: OutputFlags::OPOST | OutputFlags::ONLCR,
            control: speed::DEFAULT_CODE | CS8_AND_CREAD,
            local,
            line: 0,
            characters,
            speeds: Speeds { input: speed::DEFAULT, output: speed::DEFAULT },
        }
    }
}

/// `CS8 | CREAD`: what a terminal without a line always has.
const CS8_AND_CREAD: u32 = 0o60 | 0o200;
/// `CSIZE | PARENB`: what it never has otherwise.
const CSIZE_AND_PARENB: u32 = 0o60 | 0o400;

impl Settings {
    /// Those that a `struct termios` holds, as far as a terminal without a line can have them; `speeds` are those that
    /// count where the control flags name none.
    pub fn decode(bytes: &TerminalAttributes, speeds: Speeds) -> Self {
        let mut words = bytes.chunks_exact(4).map(|word| word.try_into().map_or(0, u32::from_le_bytes));
        let mut next = || words.next().unwrap_or_default();
        let (input, output, control, local) = (next(), next(), next(), next());
        let mut characters = [0; CHARACTERS];
        for (to, from) in characters.iter_mut().zip(bytes.iter().skip(17)) {
            *to = *from;
        }
        let control = (control & !CSIZE_AND_PARENB) | CS8_AND_CREAD;
        Self {
            input: InputFlags::from_bits_retain(input),
            output: OutputFlags::from_bits_retain(output),
            control,
            local: LocalFlags::from_bits_retain(local) - LocalFlags::EXTPROC,
            line: 0,
            characters,
            speeds: speed::of_control(control, speeds),
        }
    }

    /// As a `struct termios`.
    pub fn encode(&self) -> TerminalAttributes {
        let words = [self.input.bits(), self.output.bits(), self.control, self.local.bits()];
        let words = words.into_iter().flat_map(u32::to_le_bytes);
        let mut bytes = [0; 36];
        for (to, from) in bytes.iter_mut().zip(words.chain([self.line]).chain(self.characters)) {
            *to = from;
        }
        bytes
    }

    /// A control character.
    pub fn character(&self, which: Special) -> u8 {
        self.characters.get(which as usize).copied().unwrap_or_default()
    }

    /// Whether `byte` is the control character `which`; 0 is none.
    pub(super) fn is(&self, byte: u8, which: Special) -> bool {
        byte != 0 && byte == self.character(which)
    }

    /// Whether input comes in lines.
    pub fn is_canonical(&self) -> bool {
        self.local.contains(LocalFlags::ICANON)
    }

    /// The signal that `byte` sends.
    pub(super) fn signal(&self, byte: u8) -> Option<Signal> {
        if !self.local.contains(LocalFlags::ISIG) {
            return None;
        }
        let all = [
            (Special::Interrupt, Signal::SIGINT),
            (Special::Quit, Signal::SIGQUIT),
            (Special::Suspend, Signal::SIGTSTP),
        ];
        all.into_iter().find(|(which, _)| self.is(byte, *which)).map(|(_, signal)| signal)
    }

    /// Whether `byte` goes on a character that began before it.
    pub(super) fn continues(&self, byte: u8) -> bool {
        self.input.contains(InputFlags::IUTF8) && byte & 0xc0 == 0x80
    }

    /// Whether output is stopped and started by the usual characters, as packet mode tells it (`ioctl_tty(2)`).
    pub(super) fn has_usual_flow_control(&self) -> bool {
        self.input.contains(InputFlags::IXON)
            && self.character(Special::Start) == 0x11
            && self.character(Special::Stop) == 0x13
    }
}

/// Speeds as the control flags code them (`termios(3)`, `cfsetspeed(3)`).
mod speed {
    use super::Speeds;

    /// `B38400`.
    pub(super) const DEFAULT_CODE: u32 = 0o17;
    /// What that is.
    pub(super) const DEFAULT: u32 = 38400;
    /// `CBAUD`, with `CBAUDEX` in it.
    const CODE: u32 = 0o10017;
    /// `BOTHER`: the speed stands elsewhere.
    const OTHER: u32 = 0o10000;
    /// Where the code of the input's speed is; 0 there is the output's.
    const INPUT_SHIFT: u32 = 16;
    const SPEEDS: [u32; 16] =
        [0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400];
    const HIGH_SPEEDS: [u32; 15] = [
        57600, 115_200, 230_400, 460_800, 500_000, 576_000, 921_600, 1_000_000, 1_152_000, 1_500_000,
        2_000_000, 2_500_000, 3_000_000, 3_500_000, 4_000_000,
    ];

    fn of_code(code: u32, other: u32) -> u32 {
        let low = (code & 0o17) as usize;
        match (code & OTHER, low) {
            (0, _) => SPEEDS.get(low).copied().unwrap_or_default(),
            (_, 0) => other,
            _ => HIGH_SPEEDS.get(low - 1).copied().unwrap_or_default(),
        }
    }

    pub(super) fn of_control(control: u32, given: Speeds) -> Speeds {
        let output = of_code(control & CODE, given.output);
        let input = match (control >> INPUT_SHIFT) & CODE {
            0 => output,
            code => of_code(code, given.input),
        };
        Speeds { input, output }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_their_encoding() {
        let settings = Settings::default();
        assert_eq!(Settings::decode(&settings.encode(), settings.speeds), settings);
        assert_eq!(settings.encode().get(..4), Some(&0x500_u32.to_le_bytes()[..]));
    }

    #[test]
    fn speeds_come_from_their_codes() {
        let given = Speeds { input: 1, output: 2 };
        assert_eq!(speed::of_control(0o15, given), Speeds { input: 9600, output: 9600 });
        assert_eq!(speed::of_control(0o10002, given), Speeds { input: 115_200, output: 115_200 });
        assert_eq!(speed::of_control(0o10000 | (0o10000 << 16), given), given);
    }
}
