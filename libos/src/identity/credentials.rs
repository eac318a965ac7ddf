//! User and group numbers.

use alloc::vec::Vec;

/// The numbers that a thread acts under (`credentials(7)`). They are the sandbox's own: no host ever sees them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// User numbers.
    pub user: Identity,
    /// Group numbers.
    pub group: Identity,
    /// Supplementary groups.
    pub groups: Vec<u32>,
}

/// The four numbers that a thread has of users, and of groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Who started the program.
    pub real: u32,
    /// Whose rights it has.
    pub effective: u32,
    /// Whose rights it may take back.
    pub saved: u32,
    /// Whose rights count when files are accessed.
    pub file_system: u32,
}

impl Identity {
    /// The same number four times.
    pub const fn all(number: u32) -> Self {
        Self { real: number, effective: number, saved: number, file_system: number }
    }
}

impl Credentials {
    /// Those of user `user` in group `group`.
    pub const fn new(user: u32, group: u32) -> Self {
        Self { user: Identity::all(user), group: Identity::all(group), groups: Vec::new() }
    }

    /// A new program starts: what it has now can be taken back, and counts for files.
    pub const fn start_program(&mut self) {
        self.user.saved = self.user.effective;
        self.user.file_system = self.user.effective;
        self.group.saved = self.group.effective;
        self.group.file_system = self.group.effective;
    }

    /// Whether permission bits and ownership do not bind: user 0.
    pub const fn is_privileged(&self) -> bool {
        self.user.file_system == 0
    }

    /// Whether `group` is among the groups that count for files.
    pub fn is_in_group(&self, group: u32) -> bool {
        self.group.file_system == group || self.groups.contains(&group)
    }

    /// The same with the real numbers in the place of those that count for files, as `access(2)` asks.
    #[must_use]
    pub fn as_real(&self) -> Self {
        let mut real = self.clone();
        real.user.file_system = self.user.real;
        real.group.file_system = self.group.real;
        real
    }
}
