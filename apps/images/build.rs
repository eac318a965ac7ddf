//! Links the images: no start files, no libraries. What runs in a sandbox process lies at the fixed base of
//! `south/linux/src/layout.rs`, the kernel of a bare machine where its linker script says.

fn main() {
    for argument in ["-nostartfiles", "-nostdlib", "-static", "-no-pie", "-Wl,--image-base=0x7f8000000000"] {
        for image in ["user-linux", "user-optee"] {
            println!("cargo:rustc-link-arg-bin={image}={argument}");
        }
    }
    let folder = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    for image in ["machine-linux", "machine-optee"] {
        println!("cargo:rustc-link-arg-bin={image}=-T{folder}/machine.ld");
    }
    println!("cargo:rerun-if-changed=machine.ld");
    println!("cargo:rerun-if-changed=build.rs");
}
