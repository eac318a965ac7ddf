//! Builds the freestanding images that run inside a sandbox process, for the command to embed.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders of the packages that the images are made of, from the workspace's root.
const SOURCES: &[&str] = &[
    "apps/images",
    "north/linux",
    "north/optee",
    "libos",
    "south/host",
    "south/linux",
    "south/rewriter",
    "broker/protocol",
    "Cargo.toml",
    "Cargo.lock",
];

/// The images' names among the binaries of `litebox-images`.
const IMAGES: [&str; 2] = ["user-linux", "user-optee"];

/// What the outer build sets for itself, and the images' must not see: flags and wrappers change its code.
const OUTER: &[&str] = &[
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_TARGET_DIR",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
];

fn main() -> Result<(), Box<dyn Error>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", workspace.join(source).display());
    }
    let output = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets no OUT_DIR")?);
    let target = output.join("image");
    let mut cargo = Command::new(std::env::var_os("CARGO").ok_or("cargo sets no CARGO")?);
    cargo.current_dir(&workspace);
    cargo.args(["build", "--quiet", "--package", "litebox-images", "--profile", "image"]);
    cargo.args(IMAGES.iter().flat_map(|image| ["--bin", image]));
    cargo.arg("--target-dir").arg(&target);
    for variable in OUTER {
        cargo.env_remove(variable);
    }
    if !cargo.status()?.success() {
        return Err("the images do not build".into());
    }
    for image in IMAGES {
        std::fs::copy(target.join("image").join(image), output.join(image))?;
    }
    link_statically(&output)
}

/// Libraries that Rust's own asks the linker for, and the archives that stand for them in a static program.
const STATIC: &[(&str, &[&str])] = &[
    ("gcc_s", &["libgcc_eh.a", "libgcc.a"]),
    ("c", &["libc.a"]),
    ("m", &["libm.a"]),
    ("util", &["libutil.a"]),
    ("rt", &["librt.a"]),
    ("pthread", &["libpthread.a"]),
    ("dl", &["libdl.a"]),
];

/// Links the command without shared libraries, at addresses that are still random: a start then neither looks for them
/// nor maps them. `target-feature=+crt-static` says the same, but cannot be said for one package. Where an archive is
/// missing, the command is linked as usual.
fn link_statically(output: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ENV").as_deref() != Ok("gnu") {
        return Ok(());
    }
    let folder = output.join("static");
    std::fs::create_dir_all(&folder)?;
    for (name, archives) in STATIC {
        let paths: Option<Vec<_>> = archives.iter().map(|archive| find_archive(archive)).collect();
        let Some(paths) = paths else { return Ok(()) };
        let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
        // The linker takes a text of this form for a library.
        std::fs::write(folder.join(format!("lib{name}.so")), format!("GROUP({})\n", paths.join(" ")))?;
    }
    println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
    println!("cargo::rustc-link-arg-bins=-static-pie");
    Ok(())
}

/// Where the C compiler has an archive, if it has it.
fn find_archive(name: &str) -> Option<PathBuf> {
    let asked = Command::new("cc").arg(format!("-print-file-name={name}")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(asked.stdout).ok()?.trim());
    // A name that is not found comes back as it is.
    (path.is_absolute() && path.exists()).then_some(path)
}
