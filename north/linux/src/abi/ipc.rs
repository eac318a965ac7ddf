//! Interprocess communication: `sysvipc(7)` and `mq_overview(7)`.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use litebox_libos::ipc::Permission;

/// The object is made if there is none.
pub const IPC_CREAT: i32 = 0o1000;
/// With [`IPC_CREAT`]: there must be none.
pub const IPC_EXCL: i32 = 0o2000;
/// Rather fail than wait.
pub const IPC_NOWAIT: i32 = 0o4000;

/// Remove the object.
pub const IPC_RMID: i32 = 0;
/// Change owner and permission bits.
pub const IPC_SET: i32 = 1;
/// Tell of the object.
pub const IPC_STAT: i32 = 2;
/// Tell of the limits.
pub const IPC_INFO: i32 = 3;

/// The process that changed a semaphore last.
pub const GETPID: i32 = 11;
/// A semaphore's value.
pub const GETVAL: i32 = 12;
/// All values.
pub const GETALL: i32 = 13;
/// How many threads wait for a larger value.
pub const GETNCNT: i32 = 14;
/// How many threads wait for 0.
pub const GETZCNT: i32 = 15;
/// Set a value.
pub const SETVAL: i32 = 16;
/// Set all values.
pub const SETALL: i32 = 17;
/// As [`IPC_STAT`], by place.
pub const SEM_STAT: i32 = 18;
/// Tell of what is in use.
pub const SEM_INFO: i32 = 19;
/// As [`SEM_STAT`], whatever the permission bits.
pub const SEM_STAT_ANY: i32 = 20;
/// The change is undone when the process ends.
pub const SEM_UNDO: i16 = 0x1000;

/// As [`IPC_STAT`], by place.
pub const MSG_STAT: i32 = 11;
/// Tell of what is in use.
pub const MSG_INFO: i32 = 12;
/// As [`MSG_STAT`], whatever the permission bits.
pub const MSG_STAT_ANY: i32 = 13;
/// What does not fit is cut off.
pub const MSG_NOERROR: i32 = 0o10000;
/// A message of another kind.
pub const MSG_EXCEPT: i32 = 0o20000;
/// A copy of the message at a place.
pub const MSG_COPY: i32 = 0o40000;

/// Keep a segment in memory.
pub const SHM_LOCK: i32 = 11;
/// Keep it no more.
pub const SHM_UNLOCK: i32 = 12;
/// As [`IPC_STAT`], by place.
pub const SHM_STAT: i32 = 13;
/// Tell of what is in use.
pub const SHM_INFO: i32 = 14;
/// As [`SHM_STAT`], whatever the permission bits.
pub const SHM_STAT_ANY: i32 = 15;
/// In huge pages.
pub const SHM_HUGETLB: i32 = 0o4000;
/// Attach for reading only.
pub const SHM_RDONLY: i32 = 0o10000;
/// Round the address down.
pub const SHM_RND: i32 = 0o20000;
/// Replace what is mapped there.
pub const SHM_REMAP: i32 = 0o40000;
/// Attach for running code.
pub const SHM_EXEC: i32 = 0o100_000;

/// `struct ipc64_perm`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of sysvipc(7)")]
pub struct IpcPerm {
    pub key: i32,
    pub uid: u32,
    pub gid: u32,
    pub cuid: u32,
    pub cgid: u32,
    pub mode: u32,
    pub seq: u16,
    pub padding: [u16; 3],
    pub unused: [u64; 2],
}

impl IpcPerm {
    /// Those of the object numbered `id`.
    pub fn new(permission: &Permission, id: i32) -> Self {
        Self {
            key: permission.key,
            uid: permission.user,
            gid: permission.group,
            cuid: permission.creator_user,
            cgid: permission.creator_group,
            mode: permission.mode,
            seq: u16::try_from(id >> 15).unwrap_or(u16::MAX),
            ..Self::default()
        }
    }
}

/// `struct semid64_ds`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of semctl(2)")]
pub struct SemidDs {
    pub perm: IpcPerm,
    pub otime: i64,
    pub unused1: u64,
    pub ctime: i64,
    pub unused2: u64,
    pub nsems: u64,
    pub unused3: [u64; 2],
}

/// `struct sembuf`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of semop(2)")]
pub struct Sembuf {
    pub num: u16,
    pub op: i16,
    pub flags: i16,
}

/// `struct seminfo`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of semctl(2)")]
pub struct Seminfo {
    pub map: i32,
    pub mni: i32,
    pub mns: i32,
    pub mnu: i32,
    pub msl: i32,
    pub opm: i32,
    pub ume: i32,
    pub usz: i32,
    pub vmx: i32,
    pub aem: i32,
}

/// `struct msqid64_ds`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of msgctl(2)")]
pub struct MsqidDs {
    pub perm: IpcPerm,
    pub stime: i64,
    pub rtime: i64,
    pub ctime: i64,
    pub cbytes: u64,
    pub qnum: u64,
    pub qbytes: u64,
    pub lspid: u32,
    pub lrpid: u32,
    pub unused: [u64; 2],
}

/// `struct msginfo`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of msgctl(2)")]
pub struct Msginfo {
    pub pool: i32,
    pub map: i32,
    pub max: i32,
    pub mnb: i32,
    pub mni: i32,
    pub ssz: i32,
    pub tql: i32,
    pub seg: u16,
    pub padding: u16,
}

/// `struct shmid64_ds`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of shmctl(2)")]
pub struct ShmidDs {
    pub perm: IpcPerm,
    pub segsz: u64,
    pub atime: i64,
    pub dtime: i64,
    pub ctime: i64,
    pub cpid: u32,
    pub lpid: u32,
    pub nattch: u64,
    pub unused: [u64; 2],
}

/// `struct shminfo64`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of shmctl(2)")]
pub struct Shminfo {
    pub max: u64,
    pub min: u64,
    pub mni: u64,
    pub seg: u64,
    pub all: u64,
    pub unused: [u64; 4],
}

/// `struct shm_info`: what is in use.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of shmctl(2)")]
pub struct ShmInfo {
    pub used_ids: i32,
    pub padding: i32,
    pub total: u64,
    pub resident: u64,
    pub swapped: u64,
    pub swap_attempts: u64,
    pub swap_successes: u64,
}

/// `struct mq_attr`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of mq_getattr(3)")]
pub struct MqAttr {
    pub flags: i64,
    pub maxmsg: i64,
    pub msgsize: i64,
    pub curmsgs: i64,
    pub reserved: [i64; 4],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_the_kernels() {
        assert_eq!(size_of::<IpcPerm>(), 48);
        assert_eq!(size_of::<SemidDs>(), 104);
        assert_eq!(size_of::<Sembuf>(), 6);
        assert_eq!(size_of::<Seminfo>(), 40);
        assert_eq!(size_of::<MsqidDs>(), 120);
        assert_eq!(size_of::<Msginfo>(), 32);
        assert_eq!(size_of::<ShmidDs>(), 112);
        assert_eq!(size_of::<Shminfo>(), 72);
        assert_eq!(size_of::<ShmInfo>(), 48);
        assert_eq!(size_of::<MqAttr>(), 64);
    }
}
