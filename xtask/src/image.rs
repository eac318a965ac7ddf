//! `cargo xtask image`: what runs inside a sandbox process, or alone on a machine, and what machine code it may hold.

mod bare;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

pub(crate) use bare::check_bare;

use crate::command;

/// What runs inside a sandbox process.
const HOSTED: [&str; 2] = ["user-linux", "user-optee"];

/// What runs alone on a machine.
const BARE: [&str; 2] = ["machine-linux", "machine-optee"];

/// Apart from the ordinary target folder, so that the two builds do not wait for each other's lock.
const TARGET: &str = "target/image";

/// How many offending instructions a failure shows.
const SHOWN: usize = 10;

/// Builds an image and returns where it is.
///
/// # Errors
/// There is no image of this name, or it does not build.
pub(crate) fn build(name: &str) -> Result<PathBuf> {
    match name {
        _ if HOSTED.contains(&name) => hosted(name),
        _ if BARE.contains(&name) => bare::kernel(name),
        _ => bail!("no image named `{name}`; there are {}", [HOSTED, BARE].concat().join(", ")),
    }
}

fn hosted(name: &str) -> Result<PathBuf> {
    let package = ["--package", "litebox-images", "--bin", name];
    let place = ["--profile", "image", "--target-dir", TARGET];
    command::run("cargo", &[&["build"][..], &package, &place].concat())?;
    Ok(Path::new(TARGET).join("image").join(name))
}

/// Builds the images of sandbox processes and disassembles them.
///
/// Legacy SSE never touches the upper half of a vector register; VEX code does, and an entry from the guest does not
/// save them. `%fs:` would be the guest's thread pointer. An undefined symbol would be a libc that is not there.
///
/// # Errors
/// One does not build, or holds what it must not.
pub(crate) fn check() -> Result<()> {
    HOSTED.into_iter().try_for_each(check_one)
}

fn check_one(name: &str) -> Result<()> {
    let image = build(name)?;
    let path = image.to_string_lossy();
    let mut offences =
        forbidden_instructions(&command::output("objdump", &["-d", "--no-show-raw-insn", &path])?);
    let undefined = command::output("nm", &["-u", &path])?;
    offences.extend(undefined.lines().map(|symbol| format!("undefined symbol {}", symbol.trim())));
    if !offences.is_empty() {
        let shown = offences.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n  ");
        bail!("{path} holds {} things it must not:\n  {shown}", offences.len());
    }
    Ok(())
}

/// The lines of a disassembly that use a wide register, VEX or EVEX encoding, or the FS segment.
fn forbidden_instructions(disassembly: &str) -> Vec<String> {
    let instructions =
        disassembly.lines().filter_map(|line| line.split_once(":\t").map(|(_, code)| (line, code)));
    instructions.filter(|(_, code)| is_forbidden(code)).map(|(line, _)| line.trim().to_owned()).collect()
}

fn is_forbidden(code: &str) -> bool {
    let mnemonic = code.split_whitespace().next().unwrap_or_default();
    // verr and verw read a segment descriptor; no other plain instruction outside VMX starts with a v. objdump marks
    // an encoding that was chosen against its default by a word in braces.
    let is_vex = mnemonic.starts_with(['v', '{']) && !matches!(mnemonic, "verr" | "verw");
    is_vex || ["%ymm", "%zmm", "%fs:"].iter().any(|word| code.contains(word))
}

#[cfg(test)]
mod tests {
    use super::forbidden_instructions;

    #[test]
    fn finds_wide_registers_vex_and_fs() {
        let text = "0000 <f>:\n  10:\tvmovdqu (%rsi),%xmm0\n  14:\tmov    %fs:0x28,%rax\n  18:\tvpaddd %ymm1,%ymm2,%ymm3\n";
        assert_eq!(forbidden_instructions(text).len(), 3);
    }

    #[test]
    fn leaves_legacy_sse_and_gs_alone() {
        let text =
            "  10:\tmovdqu (%rsi),%xmm0\n  14:\tmov    %gs:0x28,%rax\n  18:\tverw   -4(%rsp)\n  1c:\tret\n";
        assert_eq!(forbidden_instructions(text), Vec::<String>::new());
    }
}
