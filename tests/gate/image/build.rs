//! Links the images: no start files, no libraries, at the fixed base of `south/linux/src/layout.rs`.

fn main() {
    for argument in ["-nostartfiles", "-nostdlib", "-static", "-no-pie", "-Wl,--image-base=0x7f8000000000"] {
        println!("cargo:rustc-link-arg-bins={argument}");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
