//! The line discipline byte by byte, and the two ends of a pseudoterminal.

use alloc::sync::Arc;
use alloc::vec::Vec;
use std::string::String;
use std::time::Duration;

use litebox_host::file::Timestamp;
use litebox_host::process::Process as _;
use litebox_host::terminal::WindowSize;
use litebox_host_fake::FakeHost;

use super::discipline::Discipline;
use super::*;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Readiness;
use crate::file::File;
use crate::process::Process;
use crate::signal::{Action, Disposition, Signal, SignalSet};
use crate::thread::Thread;

fn new() -> Discipline {
    let _host = FakeHost::new();
    Discipline::new().unwrap()
}

fn with(change: impl FnOnce(&mut Settings)) -> Discipline {
    let mut discipline = new();
    let mut settings = *discipline.settings();
    change(&mut settings);
    discipline.set(settings);
    discipline
}

fn type_in(discipline: &mut Discipline, bytes: &[u8]) -> Vec<Signal> {
    bytes.iter().filter_map(|byte| discipline.receive(*byte)).collect()
}

fn read(discipline: &mut Discipline, size: usize) -> Result<Vec<u8>> {
    let settings = *discipline.settings();
    let mut bytes = alloc::vec![0; size];
    let count = discipline.input.read(&settings, &mut bytes.as_mut_slice())?;
    bytes.truncate(count);
    Ok(bytes)
}

fn line(discipline: &mut Discipline) -> String {
    String::from_utf8_lossy(&read(discipline, 8192).unwrap()).into_owned()
}

fn screen(discipline: &mut Discipline) -> String {
    let mut bytes = alloc::vec![0; 65536];
    let count = discipline.output.read(&mut bytes.as_mut_slice()).unwrap();
    String::from_utf8_lossy(&bytes[..count]).into_owned()
}

fn show(discipline: &mut Discipline, bytes: &[u8]) -> String {
    let settings = *discipline.settings();
    assert_eq!(discipline.output.write(&settings, &mut &*bytes), Ok(bytes.len()));
    screen(discipline)
}

fn kind<T>(outcome: Result<T>) -> Option<ErrorKind> {
    outcome.err().map(|error: Error| error.kind)
}

#[test]
fn a_line_is_read_when_it_is_complete() {
    let mut tty = new();
    type_in(&mut tty, b"ab");
    assert_eq!(kind(read(&mut tty, 9)), Some(ErrorKind::WouldBlock));
    type_in(&mut tty, b"c\rnext\n");
    assert_eq!(tty.input.available(tty.settings()), 9);
    assert_eq!(line(&mut tty), "abc\n");
    assert_eq!(read(&mut tty, 2).unwrap(), b"ne");
    assert_eq!(line(&mut tty), "xt\n");
    assert_eq!(screen(&mut tty), "abc\r\nnext\r\n");
}

#[test]
fn erasing_takes_characters_words_and_lines() {
    let mut tty = new();
    type_in(&mut tty, b"abx\x7fc\n");
    assert_eq!(line(&mut tty), "abc\n");
    assert_eq!(screen(&mut tty), "abx\x08 \x08c\r\n");
    type_in(&mut tty, b"one two_3  \x17x\n");
    assert_eq!(line(&mut tty), "one x\n");
    assert_eq!(screen(&mut tty), std::format!("one two_3  {}x\r\n", "\x08 \x08".repeat(7)));
    type_in(&mut tty, b"gone\x15here\n\x7f\x15\x17");
    assert_eq!(line(&mut tty), "here\n");
    assert_eq!(screen(&mut tty), std::format!("gone{}here\r\n", "\x08 \x08".repeat(4)));
}

#[test]
fn control_characters_and_tabs_are_wiped_out_by_their_width() {
    let mut tty = new();
    type_in(&mut tty, b"\x01\x7f");
    assert_eq!(screen(&mut tty), "^A\x08 \x08\x08 \x08");
    type_in(&mut tty, b"ab\t\x7f");
    assert_eq!(screen(&mut tty), std::format!("ab\t{}", "\x08".repeat(6)));
    type_in(&mut tty, b"\t\t\x7f\x7f\n");
    assert_eq!(screen(&mut tty), std::format!("\t\t{}{}\r\n", "\x08".repeat(8), "\x08".repeat(6)));
    assert_eq!(line(&mut tty), "ab\n");
}

#[test]
fn a_character_of_several_bytes_is_erased_whole() {
    let mut tty = with(|settings| settings.input |= InputFlags::IUTF8);
    type_in(&mut tty, "a€é\x7f\x7fb\n".as_bytes());
    assert_eq!(line(&mut tty), "ab\n");
    assert_eq!(screen(&mut tty), "a€é\x08 \x08\x08 \x08b\r\n");
}

#[test]
fn kill_and_erase_show_themselves_on_a_teleprinter() {
    let mut tty = with(|settings| settings.local -= LocalFlags::ECHOKE | LocalFlags::ECHOE);
    type_in(&mut tty, b"ab\x7f\x15c\n");
    assert_eq!(line(&mut tty), "c\n");
    assert_eq!(screen(&mut tty), "ab^?^U\r\nc\r\n");
    let mut tty = with(|settings| settings.local |= LocalFlags::ECHOPRT);
    type_in(&mut tty, b"abc\x7f\x7fd\n");
    assert_eq!(screen(&mut tty), "abc\\cb/d\r\n");
    assert_eq!(line(&mut tty), "ad\n");
}

#[test]
fn a_literal_character_has_no_meaning() {
    let mut tty = new();
    type_in(&mut tty, b"a\x16\x7f\x16\x03\x16\nb\n");
    assert_eq!(line(&mut tty), "a\x7f\x03\nb\n");
    assert_eq!(screen(&mut tty), "a^\x08^?^\x08^C^\x08^Jb\r\n");
}

#[test]
fn a_line_is_printed_again() {
    let mut tty = new();
    type_in(&mut tty, b"first\nab\x12c\n");
    assert_eq!(screen(&mut tty), "first\r\nab^R\r\nabc\r\n");
}

#[test]
fn the_end_of_a_file_ends_a_read() {
    let mut tty = new();
    type_in(&mut tty, b"ab\x04\x04");
    assert_eq!(tty.input.available(tty.settings()), 2);
    assert_eq!(line(&mut tty), "ab");
    assert_eq!(line(&mut tty), "");
    assert_eq!(kind(read(&mut tty, 9)), Some(ErrorKind::WouldBlock));
    type_in(&mut tty, b"abc\x04");
    assert_eq!(read(&mut tty, 3).unwrap(), b"abc");
    assert_eq!(kind(read(&mut tty, 9)), Some(ErrorKind::WouldBlock));
}

#[test]
fn further_characters_end_lines() {
    let mut tty = with(|settings| {
        settings.characters[Special::EndOfLine as usize] = b';';
        settings.characters[Special::EndOfLine2 as usize] = b'.';
    });
    type_in(&mut tty, b"a;b.c\n");
    assert_eq!([line(&mut tty), line(&mut tty), line(&mut tty)], ["a;", "b.", "c\n"]);
}

#[test]
fn a_line_that_is_too_long_keeps_its_end() {
    let mut tty = new();
    let mut typed = alloc::vec![b'x'; 5000];
    typed.push(b'\n');
    type_in(&mut tty, &typed);
    let read = line(&mut tty);
    assert_eq!(read.len(), 4096);
    assert!(read.ends_with("x\n"));
}

#[test]
fn without_lines_bytes_come_as_they_are() {
    let mut tty = with(|settings| {
        settings.local = LocalFlags::empty();
        settings.input = InputFlags::empty();
    });
    assert!(type_in(&mut tty, b"a\r\x03\x7f\x04\xff").is_empty());
    assert_eq!(read(&mut tty, 3).unwrap(), b"a\r\x03");
    assert_eq!(read(&mut tty, 9).unwrap(), b"\x7f\x04\xff");
    assert_eq!(screen(&mut tty), "");
}

#[test]
fn input_is_translated_as_the_flags_say() {
    let mut tty = with(|settings| {
        settings.local -= LocalFlags::ICANON;
        settings.input = InputFlags::INLCR | InputFlags::IGNCR | InputFlags::ISTRIP | InputFlags::IUCLC;
    });
    type_in(&mut tty, b"A\r\n\xe1");
    assert_eq!(read(&mut tty, 9).unwrap(), b"a\ra");
    let mut tty = with(|settings| {
        settings.local = LocalFlags::empty();
        settings.input = InputFlags::PARMRK;
    });
    type_in(&mut tty, b"\xff");
    assert_eq!(read(&mut tty, 9).unwrap(), b"\xff\xff");
}

#[test]
fn output_is_processed_as_the_flags_say() {
    let mut tty = new();
    assert_eq!(show(&mut tty, b"a\nb"), "a\r\nb");
    let mut tty = with(|settings| {
        settings.output = OutputFlags::OPOST | OutputFlags::XTABS | OutputFlags::OCRNL | OutputFlags::OLCUC;
    });
    assert_eq!(show(&mut tty, b"ab\tc\r"), "AB      C\n");
    let mut tty =
        with(|settings| settings.output = OutputFlags::OPOST | OutputFlags::ONOCR | OutputFlags::ONLRET);
    assert_eq!(show(&mut tty, b"\ra\r\n\rb"), "a\r\nb");
    let mut tty = with(|settings| settings.output = OutputFlags::ONLCR);
    assert_eq!(show(&mut tty, b"a\n\t"), "a\n\t");
}

#[test]
fn signal_characters_throw_away_what_was_typed() {
    let mut tty = new();
    assert_eq!(type_in(&mut tty, b"ab\x03c\x1c\x1ad\n"), [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTSTP]);
    assert_eq!(line(&mut tty), "d\n");
    assert_eq!(screen(&mut tty), "ab^Cc^\\^Zd\r\n");
    let mut tty = with(|settings| settings.local |= LocalFlags::NOFLSH);
    type_in(&mut tty, b"ab\x03c\n");
    assert_eq!(line(&mut tty), "abc\n");
}

#[test]
fn characters_stop_and_start_output() {
    let mut tty = new();
    let settings = *tty.settings();
    type_in(&mut tty, b"\x13ab");
    assert_eq!(kind(tty.output.write(&settings, &mut &b"x"[..])), Some(ErrorKind::WouldBlock));
    assert_eq!(screen(&mut tty), "");
    type_in(&mut tty, b"\x11");
    assert_eq!(screen(&mut tty), "ab");
    assert_eq!(tty.output.take_events(), PacketStatus::START);
    let mut tty = with(|settings| settings.input |= InputFlags::IXANY);
    type_in(&mut tty, b"\x13");
    assert!(tty.output.is_stopped());
    type_in(&mut tty, b"x");
    assert!(!tty.output.is_stopped());
}

#[test]
fn what_was_typed_before_the_mode_changed_is_a_line() {
    let mut tty = with(|settings| settings.local -= LocalFlags::ICANON);
    type_in(&mut tty, b"ab");
    let mut settings = *tty.settings();
    settings.local |= LocalFlags::ICANON;
    tty.set(settings);
    assert_eq!(line(&mut tty), "ab");
}

fn pty() -> (Arc<Terminals>, Arc<Master>) {
    let terminals = Terminals::new();
    let master = terminals.open(0, Timestamp::default(), None).unwrap();
    (terminals, master)
}

fn read_file(file: &dyn File, size: usize) -> Result<Vec<u8>> {
    let mut bytes = alloc::vec![0; size];
    let count = file.read(None, &mut bytes.as_mut_slice())?;
    bytes.truncate(count);
    Ok(bytes)
}

/// A session's leader in the foreground of the terminal.
fn leader(pty: &Pty, terminals: &Terminals) -> (Arc<Process>, Arc<Thread>) {
    let thread = Thread::new(1);
    let process = Process::new(1, 0, Arc::clone(&thread));
    process.set_mask(&thread, SignalSet::ALL);
    terminals.acquire(pty, &process, Acquisition::Asked).unwrap();
    (process, thread)
}

#[test]
fn typing_interrupts_the_foreground() {
    let _host = FakeHost::new();
    let (terminals, master) = pty();
    let (process, thread) = leader(master.pty(), &terminals);
    assert_eq!(master.write(None, &mut &b"x\x03"[..]), Ok(2));
    assert!(process.pending(&thread).contains(Signal::SIGINT));
    master.pty().set_window(WindowSize { rows: 1, columns: 2, width: 0, height: 0 });
    // Ignored by default, but blocked, so kept.
    assert!(process.pending(&thread).contains(Signal::SIGWINCH));
    assert_eq!(read_file(&*master, 99).unwrap(), b"x^C");
}

#[test]
fn a_background_process_cannot_read() {
    let _host = FakeHost::new();
    let (terminals, master) = pty();
    let (process, thread) = leader(master.pty(), &terminals);
    assert_eq!(master.pty().check_background(&process, &thread, Signal::SIGTTIN), Ok(()));
    process.set_group(7);
    // Blocked counts as ignored; writing is let pass then.
    let check = |signal| kind(master.pty().check_background(&process, &thread, signal));
    assert_eq!(check(Signal::SIGTTIN), Some(ErrorKind::InputOutput));
    assert_eq!(check(Signal::SIGTTOU), None);
    process.set_mask(&thread, SignalSet::EMPTY);
    // Nobody could tell its group to go on.
    assert_eq!(check(Signal::SIGTTOU), Some(ErrorKind::InputOutput));
    process.set_action(Signal::SIGTTOU, Action { disposition: Disposition::Ignore, ..Action::default() });
    assert_eq!(check(Signal::SIGTTOU), None);
}

#[test]
fn a_session_has_one_terminal_and_gives_it_up_at_its_end() {
    let _host = FakeHost::new();
    let (terminals, master) = pty();
    let second = terminals.open(0, Timestamp::default(), None).unwrap();
    assert_eq!(second.pty().number(), 1);
    let (process, thread) = leader(master.pty(), &terminals);
    let taken = terminals.acquire(second.pty(), &process, Acquisition::Asked);
    assert_eq!(kind(taken), Some(ErrorKind::NotPermitted));
    assert_eq!(terminals.controlling(&process).map(|pty| pty.number()), Some(0));
    terminals.process_ended(&process);
    assert!(process.pending(&thread).contains(Signal::SIGHUP));
    assert!(terminals.controlling(&process).is_none());
    drop(master);
    assert!(terminals.get(0).is_err());
    assert_eq!(terminals.open(0, Timestamp::default(), None).unwrap().pty().number(), 0);
}

#[test]
fn the_master_hangs_up_on_the_leader() {
    let _host = FakeHost::new();
    let (terminals, master) = pty();
    let (process, thread) = leader(master.pty(), &terminals);
    drop(master);
    let pending = process.pending(&thread);
    assert!(pending.contains(Signal::SIGHUP) && pending.contains(Signal::SIGCONT));
}

#[test]
fn packets_tell_of_flow_control() {
    let _host = FakeHost::new();
    let (_terminals, master) = pty();
    master.pty().set_packet_mode(true);
    assert_eq!(master.write(None, &mut &b"a\x13"[..]), Ok(2));
    assert!(master.readiness().contains(Readiness::PRIORITY));
    assert_eq!(read_file(&*master, 99).unwrap(), [4]);
    assert_eq!(read_file(&*master, 99).unwrap(), b"\0a");
    let settings = master.pty().settings();
    master.pty().set_settings(Settings { input: InputFlags::empty(), ..settings });
    assert_eq!(read_file(&*master, 99).unwrap(), [8 | 16]);
    assert_eq!(kind(read_file(&*master, 99)), Some(ErrorKind::WouldBlock));
}

#[test]
fn what_nobody_reads_is_bounded() {
    let _host = FakeHost::new();
    let (_terminals, master) = pty();
    let text = [b'a'; 4095];
    let mut total = 0;
    for _ in 0..100 {
        let chunk = [&text[..], b"\n"].concat();
        match master.write(None, &mut chunk.as_slice()) {
            Ok(count) => total += count,
            Err(error) => assert_eq!(error.kind, ErrorKind::WouldBlock),
        }
    }
    assert!((8192..16384).contains(&total), "{total}");
    assert!(!master.readiness().contains(Readiness::WRITE));
    master.pty().flush(Queues::Both);
    assert!(master.readiness().contains(Readiness::WRITE));
}

/// What the host's link has shown, once it is `wanted`.
fn wait_for_output(host: &FakeHost, wanted: &[u8]) {
    for _ in 0..2000 {
        if host.output() == wanted {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(String::from_utf8_lossy(&host.output()), String::from_utf8_lossy(wanted));
}

#[test]
fn a_console_carries_bytes_both_ways() {
    let host = FakeHost::new();
    let size = WindowSize { rows: 5, columns: 6, width: 7, height: 8 };
    host.resize(size);
    let terminals = Terminals::new();
    let pty = start_console(&host, &terminals, 0).unwrap();
    assert_eq!(pty.window(), size);
    let (process, thread) = leader(&pty, &terminals);
    host.type_input(b"ab\x03");
    wait_for_output(&host, b"ab^C");
    assert!(process.pending(&thread).contains(Signal::SIGINT));
    // Nobody could continue what the stop key stops, so all of it is to be stopped.
    host.type_input(b"\x1a");
    wait_for_output(&host, b"ab^C^Z");
    for _ in 0..2000 {
        if host.suspensions() > 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(host.suspensions(), 1);
    pty.change(|state| state.write(&mut &b"last words\n"[..])).unwrap();
    let ended = std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| host.exit(0)));
    assert!(ended.is_err());
    assert_eq!(host.output(), b"ab^C^Zlast words\r\n");
}
