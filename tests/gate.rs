//! The mechanism of user mode, scene by scene: see `gate/image`.
//!
//! This side plays supervisor and broker: it starts the image as a sandbox is started, answers its requests, and
//! does to it from outside what a scene needs.

#[path = "gate/stage.rs"]
mod stage;

use std::time::Duration;

use rustix::process::Signal;
use stage::{Ending, Stage, is_gone};

/// A scene that plays itself.
fn play(scene: &str) {
    let mut stage = Stage::open(scene);
    let notes = stage.run_to_end();
    println!("{scene}: {notes:?}");
    assert_eq!(stage.ending(), Ending::Exited(0), "{scene} ended with {notes:?}");
    assert!(notes.iter().any(|note| note.starts_with("ok: ")), "{scene} said {notes:?}");
}

#[test]
fn every_register_is_live_over_trapped_calls() {
    play("registers");
}

#[test]
fn forked_processes_share_the_arena_and_nothing_else() {
    play("fork");
}

#[test]
fn a_process_can_live_in_its_parents_memory() {
    play("share");
}

#[test]
fn a_kick_reaches_a_thread_that_computes() {
    play("kick");
}

#[test]
fn faults_of_guest_code_arrive_as_faults() {
    play("faults");
}

#[test]
fn threads_enter_side_by_side() {
    play("threads");
}

#[test]
fn a_timed_wait_outlives_stop_and_continue() {
    let mut stage = Stage::open("sleep");
    assert_eq!(stage.next_note().as_deref(), Some("sleeping"));
    std::thread::sleep(Duration::from_millis(300));
    stage.signal_group(Signal::STOP);
    std::thread::sleep(Duration::from_millis(300));
    stage.signal_group(Signal::CONT);
    let notes = stage.run_to_end();
    assert_eq!(stage.ending(), Ending::Exited(0), "{notes:?}");
    assert!(notes.iter().any(|note| note.starts_with("ok: ")), "{notes:?}");
}

#[test]
fn one_group_kill_outruns_a_fork_chain() {
    let mut stage = Stage::open("chain");
    assert_eq!(stage.next_note().as_deref(), Some("chain"));
    std::thread::sleep(Duration::from_millis(50));
    let group = stage.group();
    stage.signal_group(Signal::KILL);
    assert!(is_gone(group, Duration::from_secs(5)), "a member of the chain outlived the kill");
}

#[test]
fn a_broken_member_ends_the_sandbox() {
    let mut stage = Stage::open("crash");
    let group = stage.group();
    let notes = stage.run_to_end();
    assert!(notes.iter().any(|note| note.contains("index out of bounds")), "{notes:?}");
    assert_ne!(stage.ending(), Ending::Exited(0));
    assert!(is_gone(group, Duration::from_secs(5)));
}

#[test]
fn a_killed_member_ends_the_sandbox() {
    let mut stage = Stage::open("sleep");
    assert_eq!(stage.next_note().as_deref(), Some("sleeping"));
    let group = stage.group();
    stage.kill_member();
    let notes = stage.run_to_end();
    assert!(notes.iter().any(|note| note.contains("killed by signal 9")), "{notes:?}");
    assert!(is_gone(group, Duration::from_secs(5)));
}

#[test]
fn nothing_outlives_the_supervisor() {
    // The supervisor is a second run of this test program, which starts a chain and is killed.
    if std::env::var_os("LITEBOX_GATE_SUPERVISOR").is_some() {
        let mut stage = Stage::open("chain");
        assert_eq!(stage.next_note().as_deref(), Some("chain"));
        println!("group {}", stage.group());
        std::thread::sleep(Duration::from_secs(20));
        return;
    }
    let group = stage::supervise_and_kill("nothing_outlives_the_supervisor");
    assert!(is_gone(group, Duration::from_secs(5)), "a member outlived the supervisor");
}

#[test]
fn the_sandbox_holds_nothing_of_the_supervisor() {
    let secret = b"PLANTED-3f1c-SECRET".repeat(3);
    let mut stage = Stage::open("sleep");
    assert_eq!(stage.next_note().as_deref(), Some("sleeping"));
    for process in stage.members() {
        assert!(!stage::memory_contains(process, &secret), "found in process {process}");
    }
    assert!(stage::memory_contains(std::process::id(), &secret), "the search itself finds nothing");
}
