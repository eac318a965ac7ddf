//! Signals: handlers, masks, restarts, faults, timers.

#[path = "support/guest.rs"]
mod common;

use common::{DATA, STACK, catch, get, get_word, host, put, run, start_thread};
use litebox_host::shim::{Exception, Fault};

const SIGUSR1: u64 = 10;
const SIGSEGV: u64 = 11;
const SIGALRM: u64 = 14;
const HANDLER: u64 = 0x5000;
const KILL: u64 = 62;
const TGKILL: u64 = 234;
const MASK: u64 = 14;
const FUTEX: u64 = 202;
const PRIVATE: u64 = 128;
const EXIT_GROUP: u64 = 231;
const SA_SIGINFO: u64 = 4;
const SA_RESTART: u64 = 0x1000_0000;
const SA_ONSTACK: u64 = 0x0800_0000;
const SA_RESETHAND: u64 = 0x8000_0000;
const EINTR: i64 = -4;
/// Where handlers count.
const COUNT: u64 = DATA + 0x10;
const TID_WORD: u64 = DATA + 0x40;

fn count(guest: &litebox_host_fake::Guest<'_>) {
    put(guest, COUNT, get(guest, COUNT) + 1);
}

#[test]
fn a_handler_runs_with_its_frame_and_everything_comes_back() {
    let host = host();
    host.code(HANDLER, |guest| {
        let registers = guest.registers.clone();
        assert_eq!(registers.rdi, SIGUSR1);
        assert_eq!(registers.rsp % 16, 8);
        assert_eq!(registers.rax, 0);
        // siginfo: number, code SI_USER, sender 1.
        assert_eq!(get_word(guest, registers.rsi), 10);
        assert_eq!(get_word(guest, registers.rsi + 8), 0);
        assert_eq!(get_word(guest, registers.rsi + 16), 1);
        // ucontext: rsp of the interrupted code, cs, and the magic number of the vector state.
        assert_eq!(get(guest, registers.rdx + 40 + 15 * 8), STACK);
        assert_eq!(get(guest, registers.rdx + 40 + 18 * 8) & 0xffff, 0x33);
        let vector = get(guest, registers.rdx + 40 + 184);
        assert_eq!(vector % 64, 0);
        assert_eq!(get_word(guest, vector + 464), 0x4650_5853);
        // The red zone is left alone.
        assert!(vector + 832 + 4 <= STACK - 128);
        // The signal is blocked in its handler.
        guest.syscall(MASK, &[0, 0, DATA + 0x80, 8]);
        assert_eq!(get(guest, DATA + 0x80), 1 << 9);
        guest.registers.rbx = 99;
        guest.registers.rsp = registers.rsp;
        count(guest);
        guest.ret();
    });
    let status = run(&host, |guest| {
        catch(guest, SIGUSR1, HANDLER, SA_SIGINFO);
        guest.registers.rbx = 5;
        assert_eq!(guest.syscall(KILL, &[1, SIGUSR1]), 0);
        assert_eq!(get(guest, COUNT), 1);
        assert_eq!(guest.registers.rbx, 5);
        assert_eq!(guest.registers.rsp, STACK);
        guest.syscall(MASK, &[0, 0, DATA + 0x80, 8]);
        assert_eq!(get(guest, DATA + 0x80), 0);
        assert_eq!(guest.syscall(KILL, &[1, 65]), -22);
        assert_eq!(guest.syscall(KILL, &[77, 0]), -3);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn default_actions_end_the_process() {
    let host = host();
    let status = run(&host, |guest| {
        guest.syscall(KILL, &[1, 15]);
    });
    assert_eq!(status, Some(15));
    let host = common::host();
    let status = run(&host, |guest| {
        guest.syscall(KILL, &[1, 6]);
    });
    assert_eq!(status, Some(6));
}

/// Start a thread that, once the first thread sleeps, sends it `SIGUSR1` and then wakes the word at DATA.
fn signal_then_wake(guest: &mut litebox_host_fake::Guest<'_>) {
    start_thread(guest, 0x3000, STACK - 0x8000, TID_WORD, |guest| {
        // All others sleep once this sleep is over: the clock only jumps then.
        put(guest, DATA + 0x60, 1);
        put(guest, DATA + 0x68, 0);
        assert_eq!(guest.syscall(35, &[DATA + 0x60, 0]), 0);
        assert_eq!(guest.syscall(TGKILL, &[1, 1, SIGUSR1]), 0);
        assert_eq!(guest.syscall(35, &[DATA + 0x60, 0]), 0);
        put(guest, DATA, 1);
        guest.syscall(FUTEX, &[DATA, 1 | PRIVATE, 1]);
        guest.syscall(60, &[0]);
    });
}

#[test]
fn an_untimed_wait_restarts_if_asked_and_a_timed_one_never() {
    let host = host();
    host.code(HANDLER, |guest| {
        count(guest);
        guest.ret();
    });
    let status = run(&host, |guest| {
        catch(guest, SIGUSR1, HANDLER, SA_RESTART);
        signal_then_wake(guest);
        assert_eq!(guest.syscall(FUTEX, &[DATA, PRIVATE, 0, 0]), 0);
        assert_eq!(get(guest, COUNT), 1);
        put(guest, DATA, 0);
        put(guest, DATA + 0x20, 1000);
        put(guest, DATA + 0x28, 0);
        signal_then_wake(guest);
        assert_eq!(guest.syscall(FUTEX, &[DATA, PRIVATE, 0, DATA + 0x20]), EINTR);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn a_wait_without_restart_is_interrupted_and_sleep_tells_what_is_left() {
    let host = host();
    host.code(HANDLER, |guest| {
        count(guest);
        guest.ret();
    });
    let status = run(&host, |guest| {
        catch(guest, SIGUSR1, HANDLER, 0);
        signal_then_wake(guest);
        assert_eq!(guest.syscall(FUTEX, &[DATA, PRIVATE, 0, 0]), EINTR);
        put(guest, DATA + 0x20, 100);
        put(guest, DATA + 0x28, 0);
        signal_then_wake(guest);
        assert_eq!(guest.syscall(35, &[DATA + 0x20, DATA + 0x30]), EINTR);
        assert!((90..100).contains(&get(guest, DATA + 0x30)));
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn suspend_waits_with_another_mask_and_returns_to_the_old_one() {
    let host = host();
    host.code(HANDLER, |guest| {
        count(guest);
        guest.ret();
    });
    let status = run(&host, |guest| {
        catch(guest, SIGUSR1, HANDLER, 0);
        put(guest, DATA + 0x80, 1 << 9);
        assert_eq!(guest.syscall(MASK, &[0, DATA + 0x80, 0, 8]), 0);
        guest.syscall(KILL, &[1, SIGUSR1]);
        assert_eq!(get(guest, COUNT), 0);
        assert_eq!(guest.syscall(127, &[DATA + 0x88, 8]), 0);
        assert_eq!(get(guest, DATA + 0x88), 1 << 9);
        put(guest, DATA + 0x90, 0);
        assert_eq!(guest.syscall(130, &[DATA + 0x90, 8]), EINTR);
        assert_eq!(get(guest, COUNT), 1);
        guest.syscall(MASK, &[0, 0, DATA + 0x90, 8]);
        assert_eq!(get(guest, DATA + 0x90), 1 << 9);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn faults_are_signals_with_address_and_reason() {
    let host = host();
    host.code(HANDLER, |guest| {
        let (info, context) = (guest.registers.rsi, guest.registers.rdx);
        assert_eq!(guest.registers.rdi, SIGSEGV);
        assert_eq!(get_word(guest, info + 8), 1);
        assert_eq!(get(guest, info + 16), 0xdead_b000);
        // err, trapno, cr2.
        let machine = context + 40;
        assert_eq!(get(guest, machine + 19 * 8), 6);
        assert_eq!(get(guest, machine + 20 * 8), 14);
        assert_eq!(get(guest, machine + 22 * 8), 0xdead_b000);
        // Go on behind the instruction.
        let rip = get(guest, machine + 16 * 8);
        put(guest, machine + 16 * 8, rip + 2);
        count(guest);
        guest.ret();
    });
    let fault = Fault { exception: Exception::NotMapped, address: 0xdead_b000, error_code: 6 };
    let status = run(&host, move |guest| {
        catch(guest, SIGSEGV, HANDLER, SA_SIGINFO);
        guest.fault(&fault);
        assert_eq!(get(guest, COUNT), 1);
        // Blocked, it cannot be caught.
        put(guest, DATA + 0x80, 1 << 10);
        guest.syscall(MASK, &[0, DATA + 0x80, 0, 8]);
        guest.fault(&fault);
    });
    assert_eq!(status, Some(11));
}

#[test]
fn the_alternate_stack_is_used_and_too_small_ones_are_refused() {
    let host = host();
    const ALTERNATE: u64 = DATA + 0x2_0000;
    host.code(HANDLER, |guest| {
        let stack_pointer = guest.registers.rsp;
        assert!((ALTERNATE..ALTERNATE + 0x2000).contains(&stack_pointer));
        guest.syscall(131, &[0, DATA + 0x200]);
        assert_eq!(get_word(guest, DATA + 0x208), 1);
        assert_eq!(guest.syscall(131, &[DATA + 0x220, 0]), -1);
        count(guest);
        guest.ret();
    });
    let status = run(&host, |guest| {
        for (index, value) in [ALTERNATE, 0, 2047].into_iter().enumerate() {
            put(guest, DATA + 0x220 + 8 * index as u64, value);
        }
        assert_eq!(guest.syscall(131, &[DATA + 0x220, 0]), -12);
        put(guest, DATA + 0x230, 0x2000);
        assert_eq!(guest.syscall(131, &[DATA + 0x220, 0]), 0);
        catch(guest, SIGUSR1, HANDLER, SA_ONSTACK | SA_RESETHAND);
        guest.syscall(KILL, &[1, SIGUSR1]);
        assert_eq!(get(guest, COUNT), 1);
        // SA_RESETHAND: the second is deadly.
        guest.syscall(KILL, &[1, SIGUSR1]);
    });
    assert_eq!(status, Some(10));
}

#[test]
fn a_forged_return_is_a_segmentation_fault() {
    let host = host();
    host.code(HANDLER, |guest| {
        let machine = guest.registers.rdx + 40;
        put(guest, machine + 16 * 8, 0xffff_8000_0000_0000);
        guest.ret();
    });
    let status = run(&host, |guest| {
        catch(guest, SIGUSR1, HANDLER, 0);
        guest.syscall(KILL, &[1, SIGUSR1]);
    });
    assert_eq!(status, Some(11));
}

#[test]
fn queued_signals_are_taken_in_order_without_a_handler() {
    let host = host();
    let status = run(&host, |guest| {
        put(guest, DATA + 0x80, (1 << 33) | (1 << 9));
        guest.syscall(MASK, &[0, DATA + 0x80, 0, 8]);
        for value in [5, 6] {
            put(guest, DATA + 0x200, 0);
            put(guest, DATA + 0x208, u64::from((-1_i32).cast_unsigned()));
            put(guest, DATA + 0x218, value);
            assert_eq!(guest.syscall(129, &[1, 34, DATA + 0x200]), 0);
        }
        for value in [5, 6] {
            assert_eq!(guest.syscall(128, &[DATA + 0x80, DATA + 0x280, 0, 8]), 34);
            assert_eq!(get(guest, DATA + 0x298), value);
        }
        put(guest, DATA + 0x300, 1);
        put(guest, DATA + 0x308, 0);
        assert_eq!(guest.syscall(128, &[DATA + 0x80, 0, DATA + 0x300, 8]), -11);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn an_alarm_interrupts_a_pause() {
    let host = host();
    host.code(HANDLER, |guest| {
        count(guest);
        guest.ret();
    });
    let status = run(&host, |guest| {
        catch(guest, SIGALRM, HANDLER, SA_RESTART);
        assert_eq!(guest.syscall(37, &[100]), 0);
        assert_eq!(guest.syscall(37, &[2]), 100);
        assert_eq!(guest.syscall(34, &[]), EINTR);
        assert_eq!(get(guest, COUNT), 1);
        assert_eq!(guest.syscall(37, &[0]), 0);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn a_made_timer_sends_its_value() {
    let host = host();
    let status = run(&host, |guest| {
        put(guest, DATA + 0x80, 1 << 13);
        guest.syscall(MASK, &[0, DATA + 0x80, 0, 8]);
        put(guest, DATA + 0x200, 77);
        put(guest, DATA + 0x208, 14);
        assert_eq!(guest.syscall(222, &[1, DATA + 0x200, DATA + 0x240]), 0);
        let timer = u64::from(get_word(guest, DATA + 0x240));
        for (index, value) in [0, 0, 3, 0].into_iter().enumerate() {
            put(guest, DATA + 0x260 + 8 * index as u64, value);
        }
        assert_eq!(guest.syscall(223, &[timer, 0, DATA + 0x260, 0]), 0);
        assert_eq!(guest.syscall(128, &[DATA + 0x80, DATA + 0x280, 0, 8]), 14);
        assert_eq!(get(guest, DATA + 0x298), 77);
        assert_eq!(guest.syscall(226, &[timer]), 0);
        assert_eq!(guest.syscall(226, &[timer]), -22);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn a_restarted_call_is_made_by_the_guests_own_instruction_where_there_is_one() {
    use litebox_host::memory::{Memory, PAGE_SIZE, Protection, UserAccess};
    let host = host();
    // The fake host's instructions lie here, one each 16 bytes: let them be what they say.
    let code = 0x7000_0000_0000_usize;
    host.map(code - PAGE_SIZE..code + PAGE_SIZE, Protection::READ | Protection::WRITE).expect("free");
    UserAccess::write(&host, code, &[0x0f, 0x05].repeat(PAGE_SIZE / 2)).expect("mapped");
    host.code(HANDLER, |guest| {
        let machine = guest.registers.rdx + 40;
        // rax is the call's number again, rip the instruction's address.
        assert_eq!(get(guest, machine + 13 * 8), FUTEX);
        assert_eq!(get(guest, machine + 16 * 8) % 16, 14);
        count(guest);
        guest.ret();
    });
    let status = run(&host, |guest| {
        catch(guest, SIGUSR1, HANDLER, SA_RESTART);
        signal_then_wake(guest);
        assert_eq!(guest.syscall(FUTEX, &[DATA, PRIVATE, 0, 0]), 0);
        assert_eq!(get(guest, COUNT), 1);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

#[test]
fn a_signal_descriptor_is_made_and_changed() {
    let host = host();
    let status = run(&host, |guest| {
        put(guest, DATA + 0x80, 1 << 9);
        assert_eq!(guest.syscall(289, &[u64::MAX, DATA + 0x80, 8, 0x800]), 3);
        assert_eq!(guest.syscall(289, &[3, DATA + 0x80, 8, 0]), 3);
        assert_eq!(guest.syscall(289, &[1, DATA + 0x80, 8, 0]), -22);
        assert_eq!(guest.syscall(289, &[u64::MAX, DATA + 0x80, 8, 1]), -22);
        assert_eq!(guest.syscall(289, &[u64::MAX, DATA + 0x80, 4, 0]), -22);
        assert_eq!(guest.syscall(289, &[77, DATA + 0x80, 8, 0]), -9);
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}

/// A thread that computes gets every signal, also after one that it had no wait to notice in.
#[test]
fn a_computing_thread_is_interrupted_again_and_again() {
    let host = host();
    host.code(HANDLER, |guest| {
        count(guest);
        guest.ret();
    });
    let status = run(&host, |guest| {
        catch(guest, SIGUSR1, HANDLER, 0);
        start_thread(guest, 0x3000, STACK - 0x8000, TID_WORD, |guest| {
            for sent in 1..=50 {
                assert_eq!(guest.syscall(TGKILL, &[1, 1, SIGUSR1]), 0);
                while get(guest, COUNT) < sent {
                    guest.nothing();
                }
            }
            guest.syscall(60, &[0]);
        });
        while get(guest, COUNT) < 50 {
            guest.nothing();
        }
        guest.syscall(EXIT_GROUP, &[0]);
    });
    assert_eq!(status, Some(0));
}
