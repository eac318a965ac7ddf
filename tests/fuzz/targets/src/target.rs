//! What all targets are made from.

/// Makes the program a target: libFuzzer chooses bytes, and the body of this name tries them.
#[macro_export]
macro_rules! target {
    ($name:literal) => {
        $crate::libfuzzer_sys::fuzz_target!(|data: &[u8]| {
            let body = $crate::litebox_fuzz::body($name).expect("a target is named as a body");
            (body.run)(data);
        });
    };
}
