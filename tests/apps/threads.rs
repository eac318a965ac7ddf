//! A static Rust program: threads, channels, locks, files, time and a caught panic.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::{Duration, Instant};
use std::{fs, panic, thread};

fn sums() -> BTreeMap<u64, u64> {
    let (sender, receiver) = mpsc::channel();
    for worker in 0..4u64 {
        let sender = sender.clone();
        thread::spawn(move || {
            for value in 0..5000 {
                sender.send((worker, value)).expect("the receiver waits");
            }
        });
    }
    drop(sender);
    let mut sums = BTreeMap::new();
    for (worker, value) in receiver {
        *sums.entry(worker).or_default() += value;
    }
    sums
}

fn main() {
    println!("{:?}", sums());
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let opener = Arc::clone(&gate);
    let thread = thread::spawn(move || {
        thread::sleep(Duration::from_millis(10));
        *opener.0.lock().expect("not poisoned") = true;
        opener.1.notify_all();
    });
    let start = Instant::now();
    let open = gate.1.wait_while(gate.0.lock().expect("not poisoned"), |open| !*open).expect("not poisoned");
    println!("{} {}", *open, start.elapsed() >= Duration::from_millis(9));
    drop(open);
    thread.join().expect("the opener ends");
    fs::write("out.txt", "written").expect("the folder is writable");
    println!("{:?} {:?}", fs::read_to_string("out.txt"), fs::read("missing").map_err(|error| error.kind()));
    panic::set_hook(Box::new(|_| ()));
    println!("{}", panic::catch_unwind(|| panic!("caught")).is_err());
}
