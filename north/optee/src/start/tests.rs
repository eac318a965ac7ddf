//! Scripts: what they may say, and how they are refused.

use super::{Action, Person, Script};
use crate::abi::identity::{LOGIN_PUBLIC, LOGIN_USER, Uuid};
use crate::abi::ipc::Direction;
use crate::session::Parameter;

fn parse(text: &str) -> Script {
    Script::parse(text, Person { user: 1000, group: 100 }).expect(text)
}

fn refusal(text: &str) -> (usize, alloc::string::String) {
    let error = Script::parse(text, Person::default()).expect_err(text);
    (error.line, error.cause)
}

fn action(script: &Script, index: usize) -> &Action {
    &script.blocks.get(index).and_then(|block| block.steps.first()).expect("there is a step").action
}

#[test]
fn a_script_is_a_list_of_requests() {
    let script =
        parse("# a comment\nopen a\n\ninvoke a 0x10 value:1,0xffffffff mem-out:4 none # more\nclose a\n");
    assert_eq!(script.blocks.len(), 3);
    let Action::Open { uuid, identity, .. } = action(&script, 0) else { panic!("it opens") };
    assert_eq!((*uuid, identity.login), (None, LOGIN_USER));
    let Action::Invoke { command, parameters } = action(&script, 1) else { panic!("it invokes") };
    assert_eq!(*command, 16);
    assert_eq!(parameters[0], Parameter::Value { direction: Direction::In, a: 1, b: u32::MAX });
    assert_eq!(parameters[1], Parameter::memory(Direction::Out, [0; 4].into()));
    assert!(matches!(action(&script, 2), Action::Close));
}

#[test]
fn bytes_are_digits_or_texts() {
    let script = parse("open a mem:00fF mem-inout:\"a b # c\"/8 mem-out:null mem:");
    let Action::Open { parameters, .. } = action(&script, 0) else { panic!("it opens") };
    assert_eq!(parameters[0], Parameter::memory(Direction::In, [0, 255].into()));
    assert_eq!(parameters[1], Parameter::memory(Direction::InOut, b"a b # c\0".to_vec()));
    assert!(matches!(parameters[2], Parameter::Memory { is_null: true, direction: Direction::Out, .. }));
    assert!(matches!(parameters[3], Parameter::Memory { is_null: false, size: 0, .. }));
}

#[test]
fn repetitions_are_blocks() {
    let script = parse("repeat 5\nopen a\nclose a\nend\nopen b");
    let counts: alloc::vec::Vec<_> =
        script.blocks.iter().map(|block| (block.count, block.steps.len())).collect();
    assert_eq!(counts, [(5, 2), (1, 1)]);
}

/// The UUIDs that a Linux client of OP-TEE has, computed by Python's `uuid.uuid5`.
#[test]
fn clients_have_the_names_that_linux_gives_them() {
    let script = parse("open a\nopen b login=group\nopen c login=public");
    let identity = |index| match action(&script, index) {
        Action::Open { identity, .. } => *identity,
        _ => panic!("it opens"),
    };
    assert_eq!(Some(identity(0).uuid), Uuid::parse(b"fc34275c-d8dd-5ba7-968b-504718363b87"));
    assert_eq!(Some(identity(1).uuid), Uuid::parse(b"d32f761e-b364-519b-be12-ed54ba663b0a"));
    assert_eq!((identity(2).login, identity(2).uuid), (LOGIN_PUBLIC, Uuid::default()));
}

#[test]
fn what_makes_no_sense_is_refused_by_its_line() {
    for (text, line) in [
        ("invoke a 1", 1),
        ("open a\nclose b", 2),
        ("open", 1),
        ("open a value:1", 1),
        ("open a value:1,4294967296", 1),
        ("open a mem:123", 1),
        ("open a mem:\"x", 1),
        ("open a mem-inout:0102/1", 1),
        ("open a mem-out:999999999", 1),
        ("open a none none none none none", 1),
        ("open a uuid=5a5a0001-0002-0003-8005-06070809", 1),
        ("open a uuid=5a5a0001-0002-0003-8005-0607080g0a0b", 1),
        ("open a login=root", 1),
        ("open a\ninvoke a", 2),
        ("open a\ninvoke a -1", 2),
        ("open a\nclose a now", 2),
        ("jump a", 1),
        ("limit 0", 1),
        ("repeat 3\nrepeat 4\nend\nend", 2),
        ("repeat 3\nopen a", 2),
        ("end", 1),
        ("open a mem-out:0x4000000\ninvoke a 1 mem-out:1", 2),
    ] {
        let (found, cause) = refusal(text);
        assert_eq!(found, line, "{text:?}: {cause}");
        assert!(!cause.is_empty());
    }
}

#[test]
fn uuids_are_written_as_they_are_read() {
    use alloc::string::ToString;
    let text = "8aaaf200-2450-11e4-abe2-0002a5d5c51b";
    let uuid = Uuid::parse(text.as_bytes()).expect(text);
    assert_eq!((uuid.low, uuid.rest[0], uuid.to_string().as_str()), (0x8aaa_f200, 0xab, text));
    assert_eq!(Uuid::parse(b"8aaaf200-2450-11e4-abe2-0002a5d5c51b0"), None);
    assert_eq!(Uuid::parse(b"8aaaf200024500011e40abe200002a5d5c51b"), None);
}
