//! The signals.

/// A signal's number, 1 to 64. Numbers are those of `signal(7)`; from 32 on signals are real-time ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signal(u8);

/// What happens at a signal without handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultAction {
    /// The process ends.
    Terminate,
    /// The process ends, and says that it left a core file.
    Core,
    /// Nothing.
    Ignore,
    /// The process stops.
    Stop,
    /// The process goes on, if it was stopped.
    Continue,
}

macro_rules! signals {
    ($($(#[doc = $doc:literal])* $name:ident = $number:literal $action:ident;)*) => {
        impl Signal {
            $($(#[doc = $doc])* pub const $name: Self = Self($number);)*

            /// The signal's name; `None` for the real-time signals.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($number => Some(stringify!($name)),)*
                    _ => None,
                }
            }

            /// What happens without a handler.
            pub const fn default_action(self) -> DefaultAction {
                match self.0 {
                    $($number => DefaultAction::$action,)*
                    _ => DefaultAction::Terminate,
                }
            }
        }
    };
}

signals! {
    /// The terminal hung up.
    SIGHUP = 1 Terminate;
    /// Interrupt from the terminal.
    SIGINT = 2 Terminate;
    /// Quit from the terminal.
    SIGQUIT = 3 Core;
    /// Illegal instruction.
    SIGILL = 4 Core;
    /// Breakpoint or single step.
    SIGTRAP = 5 Core;
    /// `abort(3)`.
    SIGABRT = 6 Core;
    /// Access that the hardware cannot do.
    SIGBUS = 7 Core;
    /// Arithmetic exception.
    SIGFPE = 8 Core;
    /// End that cannot be caught.
    SIGKILL = 9 Terminate;
    /// For programs' own use.
    SIGUSR1 = 10 Terminate;
    /// Access to memory that is not there or protected.
    SIGSEGV = 11 Core;
    /// For programs' own use.
    SIGUSR2 = 12 Terminate;
    /// Nobody reads the other end.
    SIGPIPE = 13 Terminate;
    /// `alarm(2)` or an interval timer.
    SIGALRM = 14 Terminate;
    /// Request to end.
    SIGTERM = 15 Terminate;
    /// Coprocessor stack fault; unused.
    SIGSTKFLT = 16 Terminate;
    /// A child ended, stopped or went on.
    SIGCHLD = 17 Ignore;
    /// Go on after a stop.
    SIGCONT = 18 Continue;
    /// Stop that cannot be caught.
    SIGSTOP = 19 Stop;
    /// Stop from the terminal.
    SIGTSTP = 20 Stop;
    /// Background read from the terminal.
    SIGTTIN = 21 Stop;
    /// Background write to the terminal.
    SIGTTOU = 22 Stop;
    /// Urgent data on a socket.
    SIGURG = 23 Ignore;
    /// Processor-time limit reached.
    SIGXCPU = 24 Core;
    /// File-size limit reached.
    SIGXFSZ = 25 Core;
    /// Virtual interval timer.
    SIGVTALRM = 26 Terminate;
    /// Profiling interval timer.
    SIGPROF = 27 Terminate;
    /// The terminal's window changed its size.
    SIGWINCH = 28 Ignore;
    /// A descriptor is ready.
    SIGIO = 29 Terminate;
    /// Power failure.
    SIGPWR = 30 Terminate;
    /// Bad system call.
    SIGSYS = 31 Core;
}

impl Signal {
    /// The largest number.
    pub const LAST: u8 = 64;
    /// The first real-time signal's number.
    const FIRST_REALTIME: u8 = 32;

    /// The signal numbered `number`.
    pub fn new(number: i32) -> Option<Self> {
        u8::try_from(number).ok().filter(|number| (1..=Self::LAST).contains(number)).map(Self)
    }

    /// The signal's number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Whether every sending counts, in order.
    pub const fn is_realtime(self) -> bool {
        self.0 >= Self::FIRST_REALTIME
    }

    /// Whether it can be neither caught, blocked nor ignored.
    pub const fn is_unstoppable(self) -> bool {
        self.0 == Self::SIGKILL.0 || self.0 == Self::SIGSTOP.0
    }
}
