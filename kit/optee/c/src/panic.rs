//! Where a panic of the kit itself ends.

#[panic_handler]
fn on_panic(information: &core::panic::PanicInfo<'_>) -> ! {
    utee::fault::on_panic(information)
}
