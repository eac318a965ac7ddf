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

bodies!(elf, request, reply, start, patch, plan, filter, syscalls, user);
