//! Runs every fuzz body: its corpus, then random mutations of it for some seconds.

use std::path::Path;

use litebox_fuzz::body;

fn run(name: &str) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let failures = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let body = body(name).expect("the body is listed");
    if let Err(failure) = litebox_fuzz::run(body, &corpus, failures) {
        panic!("{failure}");
    }
}

macro_rules! bodies {
    ($($name:ident),*) => {
        $(#[test]
        fn $name() {
            run(stringify!($name));
        })*

        #[test]
        fn every_body_is_run() {
            let mut run = vec![$(stringify!($name)),*];
            let mut listed: Vec<&str> = litebox_fuzz::BODIES.iter().map(|body| body.name).collect();
            run.sort_unstable();
            listed.sort_unstable();
            assert_eq!(run, listed);
        }
    };
}

#[test]
fn every_body_is_a_target() {
    let targets = Path::new(env!("CARGO_MANIFEST_DIR")).join("targets");
    let manifest = std::fs::read_to_string(targets.join("Cargo.toml")).expect("the targets have a manifest");
    let mut named: Vec<&str> =
        manifest.split("[[bin]]\nname = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut listed: Vec<&str> = litebox_fuzz::BODIES.iter().map(|body| body.name).collect();
    named.sort_unstable();
    listed.sort_unstable();
    assert_eq!(named, listed, "tests/fuzz/targets/Cargo.toml has one [[bin]] for each body");
    for name in listed {
        let source = std::fs::read_to_string(targets.join(format!("src/bin/{name}.rs"))).expect(name);
        assert!(source.contains(&format!("target!(\"{name}\")")), "{name}: the target runs another body");
    }
}

bodies!(elf, application, request, reply, start, patch, plan, filter, syscalls, tee, user);
