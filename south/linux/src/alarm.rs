//! The process's alarm: a thread of ours that sleeps until the deadline and then rings.
//!
//! It is made when the first alarm is set, runs no guest code, and is the one thread that may call into the
//! library OS without having been entered by a guest.

use alloc::sync::Arc;

use litebox_host::HostError;
use litebox_host::ambient;
use litebox_host::sync::{AtomicU32, Mutex, Ordering};
use litebox_host::time::{Alarm, Deadline, Ring};

use crate::enter::block::ThreadBlock;
use crate::host::LinuxProcess;
use crate::{process, thread};

/// A process's alarm. In the arena.
pub(crate) struct AlarmState {
    setting: Mutex<Setting>,
    /// Counts changes of the setting; the thread sleeps on it.
    changes: AtomicU32,
}

struct Setting {
    alarm: Option<Arc<dyn Ring>>,
    deadline: Option<Deadline>,
    /// Whether the thread exists.
    running: bool,
    /// The process ends, and so does the thread.
    stopped: bool,
}

impl AlarmState {
    pub(crate) const fn new() -> Self {
        let setting = Setting { alarm: None, deadline: None, running: false, stopped: false };
        Self { setting: Mutex::new(setting), changes: AtomicU32::new(0) }
    }

    /// End the thread, if there is one.
    pub(crate) fn stop(&self) {
        self.setting.lock().stopped = true;
        self.announce();
    }

    fn announce(&self) {
        self.changes.fetch_add(1, Ordering::Release);
        ambient::wake(&self.changes, 1);
    }

    /// Sleep and ring until the process ends.
    fn serve(&self) {
        loop {
            let seen = self.changes.load(Ordering::Acquire);
            let (alarm, deadline) = {
                let setting = self.setting.lock();
                if setting.stopped {
                    return;
                }
                (setting.alarm.clone(), setting.deadline)
            };
            if ambient::wait(&self.changes, seen, deadline).is_ok() {
                continue;
            }
            let next = alarm.and_then(|alarm| alarm.ring());
            let mut setting = self.setting.lock();
            // A deadline that was set meanwhile counts, not the one that followed from the older setting.
            if self.changes.load(Ordering::Acquire) == seen {
                setting.deadline = next;
            }
        }
    }
}

/// What the alarm's thread runs.
fn service(_: &ThreadBlock) -> ! {
    process::current().alarm.serve();
    process::end_thread()
}

impl Alarm for LinuxProcess {
    fn set_alarm(&self, alarm: &Arc<dyn Ring>, deadline: Option<Deadline>) -> Result<(), HostError> {
        let process = process::current();
        let mut setting = process.alarm.setting.lock();
        if !setting.running && deadline.is_some() {
            thread::start_service(process, service)?;
            setting.running = true;
        }
        setting.alarm = Some(Arc::clone(alarm));
        setting.deadline = deadline;
        drop(setting);
        process.alarm.announce();
        Ok(())
    }
}
