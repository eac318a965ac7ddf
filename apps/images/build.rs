//! Links the images: no start files, no libraries. What runs in a sandbox process lies at the fixed base of
//! `south/linux/src/layout.rs`, the kernel of a bare machine where its linker script says.

fn main() {
    for argument in ["-nostartfiles", "-nostdlib", "-static", "-no-pie", "-Wl,--image-base=0x7f8000000000"] {
        println!("cargo:rustc-link-arg-bin=user-linux={argument}");
    }
    let folder = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    println!("cargo:rustc-link-arg-bin=machine-linux=-T{folder}/machine.ld");
    println!("cargo:rerun-if-changed=machine.ld");
    println!("cargo:rerun-if-changed=build.rs");
}
