use super::{Format, MountOption, RunOptions, Variable};
use clap::{Args, Command, FromArgMatches};
use litebox::MountMode;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

fn parse(arguments: &[&str]) -> Result<RunOptions, clap::Error> {
    let command = RunOptions::augment_args(Command::new("run").no_binary_name(true));
    RunOptions::from_arg_matches(&command.try_get_matches_from(arguments)?)
}

#[test]
fn options_end_where_the_program_begins() {
    let options = parse(&["--no-rewrite", "ls", "-l", "--trace", "--", "-q"]).unwrap();
    assert!(options.no_rewrite && !options.trace && !options.quiet);
    assert_eq!(options.command, ["ls", "-l", "--trace", "--", "-q"]);
    let options = parse(&["--trace", "--", "-odd", "-v"]).unwrap();
    assert!(options.trace);
    assert_eq!(options.command, ["-odd", "-v"]);
}

#[test]
fn a_program_is_needed_and_unknown_options_are_refused() {
    assert!(parse(&[]).is_err());
    assert!(parse(&["--trace"]).is_err());
    assert!(parse(&["--no-such-option", "ls"]).is_err());
    assert!(parse(&["-q", "--verbose", "ls"]).is_err());
}

#[test]
fn mounts_are_read_only_unless_they_say_otherwise() {
    let mount = |text: &str| parse(&["-v", text, "ls"]).map(|options| options.mounts);
    let wanted = |mode| vec![MountOption { source: "a".into(), target: "/b".into(), mode }];
    assert_eq!(mount("a:/b").unwrap(), wanted(MountMode::ReadOnly));
    assert_eq!(mount("a:/b:ro").unwrap(), wanted(MountMode::ReadOnly));
    assert_eq!(mount("a:/b:rw").unwrap(), wanted(MountMode::ReadWrite));
    assert_eq!(mount("a:/b:ov").unwrap(), wanted(MountMode::Overlay));
    for text in ["a", "a:", ":/b", "a:/b:", "a:/b:rx", "a:/b:rw:rw", ""] {
        assert!(mount(text).is_err(), "{text}");
    }
}

#[test]
fn variables_have_a_value_or_pass() {
    let options = parse(&["-e", "A=1=2", "-e", "B", "--env", "C=", "ls"]).unwrap();
    let wanted =
        |name: &str, value: Option<&str>| Variable { name: name.into(), value: value.map(Into::into) };
    assert_eq!(options.variables, [wanted("A", Some("1=2")), wanted("B", None), wanted("C", Some(""))]);
    assert!(parse(&["-e", "=x", "ls"]).is_err());
}

#[test]
fn values_need_not_be_utf8() {
    let bytes = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
    let command = RunOptions::augment_args(Command::new("run").no_binary_name(true));
    let arguments = [bytes(b"-v"), bytes(b"\xff:/\xfe"), bytes(b"-e"), bytes(b"A=\xfd"), bytes(b"\xfc")];
    let matches = command.try_get_matches_from(arguments).unwrap();
    let options = RunOptions::from_arg_matches(&matches).unwrap();
    assert_eq!(options.mounts.first().unwrap().target.as_os_str(), bytes(b"/\xfe"));
    assert_eq!(options.variables.first().unwrap().value, Some(bytes(b"\xfd")));
    assert_eq!(options.command, [bytes(b"\xfc")]);
}

#[test]
fn users_are_numbers() {
    let user =
        |text: &str| parse(&["-u", text, "ls"]).map(|options| options.user.map(|user| (user.uid, user.gid)));
    assert_eq!(user("0").unwrap(), Some((0, 0)));
    assert_eq!(user("1:2").unwrap(), Some((1, 2)));
    for text in ["root", "-1", "1:", ":1", "4294967295", "1:2:3"] {
        assert!(user(text).is_err(), "{text}");
    }
}

#[test]
fn only_no_network_is_accepted() {
    assert!(parse(&["--net", "none", "ls"]).is_ok());
    for mode in ["host", "allow=example.org", "None", ""] {
        assert!(parse(&["--net", mode, "ls"]).is_err(), "{mode}");
    }
}

#[test]
fn the_policy_is_printed_in_two_formats() {
    let format = |option: &str| parse(&[option, "ls"]).map(|options| options.print_policy);
    assert_eq!(format("--print-policy").unwrap(), Some(Format::Text));
    assert_eq!(format("--print-policy=json").unwrap(), Some(Format::Json));
    assert!(format("--print-policy=xml").is_err());
}
