//! The macro that makes a crate a TA.

/// Makes a crate a TA: its head, its heap, its properties, its entry points and its panic handler.
///
/// ```ignore
/// utee::trusted_application! {
///     application: Echo,                            // implements `utee::application::Application`
///     uuid: "5b0c3d1e-8a41-4d0b-9e11-6c6974650011",
///     flags: utee::abi::flags::SINGLE_INSTANCE,
///     stack_size: 0x4000,                           // bytes, for each entry
///     heap_size: 0x8000,                            // bytes, of the instance
///     version: c"1.0",
///     description: c"echoes",
/// }
/// ```
#[macro_export]
macro_rules! trusted_application {
    (
        application: $application:ty,
        uuid: $uuid:literal,
        flags: $flags:expr,
        stack_size: $stack_size:expr,
        heap_size: $heap_size:expr,
        version: $version:literal,
        description: $description:literal $(,)?
    ) => {
        const _: () = {
            use $crate::abi::{Head, PARAMETERS, Parameter, Property, Uuid};
            use $crate::application::{HeapMemory, State};

            static STATE: State<$application> = State::new();

            #[used]
            #[unsafe(no_mangle)]
            #[unsafe(link_section = ".ta_head")]
            static ta_head: Head = Head::new(Uuid::parse($uuid), $stack_size, $flags);

            #[unsafe(no_mangle)]
            static ta_heap: HeapMemory<{ $heap_size }> = HeapMemory::new();

            #[unsafe(no_mangle)]
            static ta_heap_size: usize = $heap_size;

            #[unsafe(no_mangle)]
            static ta_properties: [Property; 3] = [
                Property::text(c"gpd.ta.version", $version),
                Property::text(c"gpd.ta.description", $description),
                Property::END,
            ];

            #[cfg(not(test))]
            #[panic_handler]
            fn on_panic(information: &::core::panic::PanicInfo<'_>) -> ! {
                $crate::fault::on_panic(information)
            }

            #[unsafe(no_mangle)]
            extern "C" fn TA_CreateEntryPoint() -> u32 {
                STATE.create()
            }

            #[unsafe(no_mangle)]
            extern "C" fn TA_DestroyEntryPoint() {
                STATE.destroy();
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn TA_OpenSessionEntryPoint(
                types: u32,
                parameters: &mut [Parameter; PARAMETERS],
                context: &mut usize,
            ) -> u32 {
                // SAFETY: the entry passes on memory that the kernel gave for its time.
                unsafe { STATE.open(types, parameters, context) }
            }

            #[unsafe(no_mangle)]
            extern "C" fn TA_CloseSessionEntryPoint(context: usize) {
                STATE.close(context);
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn TA_InvokeCommandEntryPoint(
                context: usize,
                command: u32,
                types: u32,
                parameters: &mut [Parameter; PARAMETERS],
            ) -> u32 {
                // SAFETY: the entry passes on memory that the kernel gave for its time.
                unsafe { STATE.invoke(context, command, types, parameters) }
            }
        };
    };
}
