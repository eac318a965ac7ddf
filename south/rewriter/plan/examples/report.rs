//! Prints how much of each program named on the command line can be patched.

use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in env::args().skip(1) {
        let file = fs::read(&path)?;
        println!("{path}: {}", litebox_rewriter_plan::report(&file)?);
    }
    Ok(())
}
