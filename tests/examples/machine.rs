//! Runs a program of the host on the machine: `cargo run -p litebox-tests --example machine -- PROGRAM [ARGUMENTS]`, with
//! the kernel that `LITEBOX_MACHINE` names.

use std::path::PathBuf;
use std::time::Duration;

use litebox_tests::{Job, Machine};

fn main() -> Result<(), String> {
    let kernel = std::env::var_os("LITEBOX_MACHINE").ok_or("LITEBOX_MACHINE names no kernel")?;
    let work = std::env::temp_dir().join("litebox-machine");
    let machine = Machine::new(PathBuf::from(kernel), work);
    let job = Job {
        argv: std::env::args_os().skip(1).collect(),
        env: vec![("PATH".into(), "/usr/bin:/bin".into()), ("HOME".into(), "/root".into())],
        cwd: PathBuf::from("/tmp"),
        timeout: Duration::from_secs(60),
    };
    let finished = machine.run(&job, &[])?;
    print!("{}", String::from_utf8_lossy(&finished.stdout));
    eprint!("{}", String::from_utf8_lossy(&finished.stderr));
    println!("{:?}", finished.ending);
    Ok(())
}
