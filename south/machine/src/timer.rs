//! The local timer of the processor (Intel SDM volume 3, section 11.5.4), the time-stamp counter, and the old timer that
//! both are measured with.
#![expect(unsafe_code, reason = "device registers")]

use core::sync::atomic::{AtomicU64, Ordering};

use x86_64::instructions::port::Port;

use crate::enter::entry::TIMER;
use crate::frames::view;

/// Physical address of the local interrupt controller.
const CONTROLLER: u64 = 0xfee0_0000;

/// Its registers.
mod register {
    pub(super) const END_OF_INTERRUPT: u64 = 0xb0;
    pub(super) const SPURIOUS: u64 = 0xf0;
    pub(super) const TIMER: u64 = 0x320;
    pub(super) const INITIAL: u64 = 0x380;
    pub(super) const CURRENT: u64 = 0x390;
    pub(super) const DIVIDE: u64 = 0x3e0;
}

const MASKED: u32 = 1 << 16;
/// How long both counters are measured, in nanoseconds.
const MEASURED: u64 = 10_000_000;
/// Ticks of the old timer a second.
const OLD_FREQUENCY: u64 = 1_193_182;

/// Ticks of the counter, and of the timer, in [`MEASURED`].
static COUNTER_TICKS: AtomicU64 = AtomicU64::new(1);
static TIMER_TICKS: AtomicU64 = AtomicU64::new(1);
static START: AtomicU64 = AtomicU64::new(0);

fn write(register: u64, value: u32) {
    // SAFETY: the controller's page is in the kernel's view, and these registers only concern its timer.
    unsafe { view(CONTROLLER + register).cast::<u32>().write_volatile(value) };
}

fn read(register: u64) -> u32 {
    // SAFETY: the controller's page is in the kernel's view, and reading these registers changes nothing.
    unsafe { view(CONTROLLER + register).cast::<u32>().read_volatile() }
}

fn counter() -> u64 {
    // SAFETY: the instruction only reads.
    unsafe { core::arch::x86_64::_rdtsc() }
}

fn port(number: u16, value: u8) {
    // SAFETY: the ports named here are those of the old timer, the speaker's gate and the old interrupt controllers.
    unsafe { Port::<u8>::new(number).write(value) };
}

fn port_value(number: u16) -> u8 {
    // SAFETY: as in `port`; reading changes nothing.
    unsafe { Port::<u8>::new(number).read() }
}

/// What is left of channel 0 of the old timer.
fn old_count() -> u16 {
    port(0x43, 0);
    u16::from_le_bytes([port_value(0x40), port_value(0x40)])
}

/// Silence the old interrupt controllers, and measure the counter and the timer.
pub(crate) fn initialise() {
    port(0x21, 0xff);
    port(0xa1, 0xff);
    write(register::SPURIOUS, 0x1ff);
    write(register::TIMER, MASKED);
    // Divide by 16.
    write(register::DIVIDE, 3);
    let ticks = (OLD_FREQUENCY * MEASURED / 1_000_000_000) as u16;
    // Channel 0 counts down once, from the top.
    port(0x43, 0x30);
    port(0x40, 0xff);
    port(0x40, 0xff);
    write(register::INITIAL, u32::MAX);
    let before = counter();
    while u16::MAX - old_count() < ticks {}
    let after = counter();
    let left = read(register::CURRENT);
    write(register::INITIAL, 0);
    COUNTER_TICKS.store((after - before).max(1), Ordering::Relaxed);
    TIMER_TICKS.store(u64::from(u32::MAX - left).max(1), Ordering::Relaxed);
    START.store(after, Ordering::Relaxed);
    write(register::TIMER, TIMER as u32);
}

/// Nanoseconds since the start.
pub(crate) fn now() -> u64 {
    let ticks = u128::from(counter().wrapping_sub(START.load(Ordering::Relaxed)));
    let nanoseconds = ticks * u128::from(MEASURED) / u128::from(COUNTER_TICKS.load(Ordering::Relaxed));
    u64::try_from(nanoseconds).unwrap_or(u64::MAX)
}

/// Interrupt once in `nanoseconds`.
pub(crate) fn set(nanoseconds: u64) {
    let ticks =
        u128::from(nanoseconds) * u128::from(TIMER_TICKS.load(Ordering::Relaxed)) / u128::from(MEASURED);
    write(register::INITIAL, u32::try_from(ticks).unwrap_or(u32::MAX).max(1));
}

/// The interrupt is served.
pub(crate) fn acknowledge() {
    write(register::END_OF_INTERRUPT, 0);
}

/// Seconds since 1970 by the battery's clock (the CMOS of the IBM PC/AT), which is taken to keep UTC.
pub(crate) fn wall_clock() -> u64 {
    let register = |number: u8| {
        port(0x70, number);
        port_value(0x71)
    };
    while register(0x0a) & 0x80 != 0 {}
    let is_binary = register(0x0b) & 4 != 0;
    let number = |at: u8| {
        let value = register(at);
        u64::from(if is_binary { value } else { (value >> 4) * 10 + (value & 15) })
    };
    let (second, minute, hour) = (number(0), number(2), number(4));
    let (day, month, year) = (number(7), number(8), 2000 + number(9));
    ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
}

/// Days from 1970-01-01 to a date of the Gregorian calendar after 2000.
fn days(year: u64, month: u64, day: u64) -> u64 {
    // Years that begin in March have their leap day last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap = year / 4 - year / 100 + year / 400;
    year * 365 + leap + (month * 153 + 2) / 5 + day - 1 - 719_468
}
