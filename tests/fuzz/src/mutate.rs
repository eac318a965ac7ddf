//! Random inputs from a seed: mutations of those at hand.

use litebox_broker_protocol::{
    Access, Identity, Limit, RelativePath, Reply, Request, Rule, Start, StartFlags, Terminals,
};

/// A small generator (SplitMix64): the same seed, the same inputs.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn long(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.long() >> 16).unwrap_or_default() % end
    }

    fn byte(&mut self) -> u8 {
        self.long().to_le_bytes()[0]
    }
}

/// Longest input that is made.
const LONGEST: usize = 64 << 10;

/// Change `input` in one to eight places.
pub(crate) fn mutate(random: &mut Random, input: &mut Vec<u8>, others: &[Vec<u8>]) {
    for _ in 0..=random.below(8) {
        let at = random.below(input.len() + 1);
        match random.below(9) {
            0 => input.insert(at, random.byte()),
            1 if at < input.len() => drop(input.remove(at)),
            2 => input.truncate(at),
            3 => splice(random, input, at, others),
            4 => {
                let count = random.below(40);
                let bytes: Vec<u8> = (0..count).map(|_| random.byte()).collect();
                input.splice(at..at, bytes);
            }
            5 => number(random, input, at),
            6 if at < input.len() => {
                let end = at + random.below(input.len() - at) + 1;
                let copy = input[at..end].to_vec();
                input.splice(at..at, copy);
            }
            7 if at < input.len() => input[at] ^= 1 << random.below(8),
            _ if at < input.len() => input[at] = random.byte(),
            _ => input.push(random.byte()),
        }
    }
    input.truncate(LONGEST);
}

/// Go on as another input does.
fn splice(random: &mut Random, input: &mut Vec<u8>, at: usize, others: &[Vec<u8>]) {
    if others.is_empty() {
        return;
    }
    let other = &others[random.below(others.len())];
    input.truncate(at);
    input.extend_from_slice(&other[random.below(other.len() + 1)..]);
}

/// Write a number that fields tend to be confused by.
fn number(random: &mut Random, input: &mut [u8], at: usize) {
    let numbers = [0, 1, u64::MAX, 1 << 31, 1 << 32, 1 << 63, 0x7fff_ffff, 4096, 0xffff, input.len() as u64];
    let value = numbers[random.below(numbers.len())].wrapping_add(random.below(3) as u64).wrapping_sub(1);
    let width = 1 << random.below(4);
    for (to, from) in input.iter_mut().skip(at).zip(value.to_le_bytes()).take(width) {
        *to = from;
    }
}

/// Nothing in particular.
pub(crate) fn nothing() -> Vec<Vec<u8>> {
    let mut random = Random::new(1);
    (0..16).map(|length| (0..length * 32).map(|_| random.byte()).collect()).collect()
}

/// Messages of both directions.
pub(crate) fn messages() -> Vec<Vec<u8>> {
    let path = RelativePath::new(b"usr/lib/libc.so.6").expect("a plain path");
    let requests = [
        Request::Start { offset: 0 },
        Request::Stat { mount: 0, path },
        Request::List { mount: 1, path, cookie: 7 },
        Request::Open { mount: 0, path, access: Access::READ },
        Request::Link { mount: 2, from: path, to: path },
        Request::Create { mount: 2, path, mode: 0o644, access: Access::READ | Access::WRITE },
        Request::MakeSymlink { mount: 2, path, target: b"../lib" },
        Request::Exit { status: 256 },
        Request::Fatal { text: b"the end" },
    ];
    let replies = [
        Reply::Done,
        Reply::Error { errno: 2, rule: Rule(1) },
        Reply::Bytes { total: 9, data: b"123456789" },
        Reply::Target(b"../x"),
    ];
    let mut buffer = vec![0; litebox_broker_protocol::MAX_DATAGRAM];
    let mut kept = Vec::new();
    for request in &requests {
        let length = request.encode(&mut buffer).expect("it fits");
        kept.push(buffer[..length].to_vec());
    }
    for reply in &replies {
        let length = reply.encode(&mut buffer).expect("it fits");
        kept.push(buffer[..length].to_vec());
    }
    // Every operation's number with a body of some length.
    for opcode in (1_u16..24).chain(0x8000..0x800c) {
        for length in [0_usize, 4, 14, 40, 120] {
            let mut message = [b"LBXb\x01\x00".as_slice(), &opcode.to_le_bytes()].concat();
            message.extend_from_slice(&u32::try_from(16 + length).unwrap_or_default().to_le_bytes());
            message.resize(16 + length, 0);
            kept.push(message);
        }
    }
    kept
}

/// Start blocks.
pub(crate) fn starts() -> Vec<Vec<u8>> {
    let start = Start {
        executable: b"/bin/true".to_vec(),
        directory: b"/".to_vec(),
        hostname: b"litebox".to_vec(),
        arguments: vec![b"true".to_vec(), b"-x".to_vec()],
        environment: vec![b"A=b".to_vec()],
        identity: Identity { uid: 1, euid: 1, suid: 1, gid: 1, egid: 1, sgid: 1 },
        groups: vec![1, 2, 3],
        umask: 0o22,
        memory_limit: 1 << 30,
        cpus: 2,
        pids: 100,
        flags: StartFlags::empty(),
        terminals: Terminals::empty(),
        mounts: Vec::new(),
        limits: [Limit { soft: 1, hard: 2 }; 16],
    };
    start.encode().into_iter().collect()
}

/// Code around a system call, behind the head that [`litebox_rewriter::fuzz_patch`] reads.
pub(crate) fn code() -> Vec<Vec<u8>> {
    let head = |at: u8| {
        let mut head = 0x40_0000_u64.to_le_bytes().to_vec();
        head.extend_from_slice(&0x10_0000_u32.to_le_bytes());
        head.extend_from_slice(&0x1000_u32.to_le_bytes());
        head.push(at);
        head
    };
    let after: [&[u8]; 5] = [
        b"\xb8\x27\0\0\0\x0f\x05\x48\x3d\x00\xf0\xff\xff\xc3",
        b"\x90\x90\x90\x90\x90\x0f\x05\x48\x3d\x01\xf0\xff\xff\x73\x01\xc3",
        b"\x48\xb8\xd6\x07\0\0\x0f\x05\0\0\xc3\xcc\xcc\xcc\xcc\xcc",
        b"\x31\xc0\x90\x90\x90\x0f\x05\xc3\x90\x90\x90\x90\x90\x90\x90",
        b"\x49\x89\xca\x90\x90\x0f\x05\x48\x83\xf8\xff\x75\x10\xc3\x90",
    ];
    after.iter().map(|code| [head(5), code.to_vec()].concat()).collect()
}

/// Programs for x86-64: a small one written here, and this very program's first bytes.
pub(crate) fn programs() -> Vec<Vec<u8>> {
    let mut small = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0".to_vec();
    small.extend_from_slice(&0x40_0078_u64.to_le_bytes());
    small.extend_from_slice(&64_u64.to_le_bytes());
    small.extend_from_slice(&0_u64.to_le_bytes());
    small.extend_from_slice(b"\0\0\0\0\x40\0\x38\0\x01\0\x40\0\0\0\0\0");
    small.extend_from_slice(b"\x01\0\0\0\x05\0\0\0");
    for word in [0, 0x40_0000, 0x40_0000, 0x90, 0x2000, 0x1000_u64] {
        small.extend_from_slice(&word.to_le_bytes());
    }
    small.extend_from_slice(
        b"\xb8\x3c\0\0\0\x31\xff\x0f\x05\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90",
    );
    let own = std::env::current_exe().and_then(std::fs::read).unwrap_or_default();
    let script = b"#!/program -x\n".to_vec();
    vec![small, own.into_iter().take(16 << 10).collect(), script]
}
