//! The lock and the cell that everything else rests on.

use std::sync::Arc;

use litebox_host::sync::{AtomicBool, AtomicU32, Mutex, Once, Ordering};
use shuttle::thread::spawn;

use crate::check::check;

/// A value that shows whether two threads use it at a time.
#[derive(Default)]
struct Shared {
    is_used: AtomicBool,
    count: u32,
}

impl Shared {
    fn use_it(&mut self) {
        assert!(!self.is_used.swap(true, Ordering::SeqCst), "two threads hold the lock");
        self.count += 1;
        self.is_used.store(false, Ordering::SeqCst);
    }
}

#[test]
fn one_thread_at_a_time_holds_a_lock_and_every_other_gets_it_later() {
    const THREADS: u32 = 3;
    const TURNS: u32 = 2;
    check(|| {
        let shared = Arc::new(Mutex::new(Shared::default()));
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let shared = Arc::clone(&shared);
                spawn(move || (0..TURNS).for_each(|_| shared.lock().use_it()))
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(shared.lock().count, THREADS * TURNS);
    });
}

#[test]
fn a_lock_that_is_only_tried_is_not_held_by_two() {
    check(|| {
        let shared = Arc::new(Mutex::new(Shared::default()));
        let taken = Arc::new(AtomicU32::new(0));
        let trier = {
            let (shared, taken) = (Arc::clone(&shared), Arc::clone(&taken));
            spawn(move || {
                for _ in 0..3 {
                    if let Some(mut shared) = shared.try_lock() {
                        shared.use_it();
                        taken.fetch_add(1, Ordering::SeqCst);
                    }
                }
            })
        };
        let other = Arc::clone(&shared);
        let sleeper = spawn(move || other.lock().use_it());
        shared.lock().use_it();
        trier.join().unwrap();
        sleeper.join().unwrap();
        assert_eq!(shared.lock().count, 2 + taken.load(Ordering::SeqCst));
    });
}

#[test]
fn a_cell_is_filled_once_and_never_seen_half_full() {
    check(|| {
        let cell = Arc::new(Once::new());
        let threads: Vec<_> = (1..=2_u32)
            .map(|value| {
                let cell = Arc::clone(&cell);
                spawn(move || {
                    let set = cell.set([value; 2]).is_ok();
                    assert!(cell.get().is_none_or(|[first, second]| first == second));
                    set.then_some(value)
                })
            })
            .collect();
        let winners: Vec<u32> = threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect();
        assert_eq!(winners.len(), 1);
        assert_eq!(cell.get(), Some(&[winners[0]; 2]));
    });
}
