// What may be done with attached pages, and whom the permission bits let attach.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/shm.h>
#include <setjmp.h>

static sigjmp_buf back;
static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    siglongjmp(back, 1);
}

static int writes(volatile char *p) {
    if (sigsetjmp(back, 1)) return 0;
    *p = 1;
    return 1;
}

int main(void) {
    handle(SIGSEGV, on_fault, 0);
    int id = shmget(IPC_PRIVATE, PAGE, 0600);
    CHECK(id >= 0);
    char *reads = shmat(id, NULL, SHM_RDONLY), *both = shmat(id, NULL, 0);
    CHECK(reads != (void *)-1 && both != (void *)-1);
    CHECK_EQ(writes(reads), 0);
    CHECK_EQ(writes(both), 1);
    CHECK_EQ(reads[0], 1);
    CHECK_ERRNO(mprotect(reads, PAGE, PROT_READ | PROT_WRITE), EACCES);
    CHECK_EQ(mprotect(both, PAGE, PROT_READ), 0);
    CHECK_EQ(writes(both), 0);
    // Code: mov $42, %eax; ret
    static const unsigned char code[] = {0xb8, 42, 0, 0, 0, 0xc3};
    int program = shmget(IPC_PRIVATE, PAGE, 0700);
    char *run = shmat(program, NULL, SHM_EXEC);
    CHECK(run != (void *)-1);
    memcpy(run, code, sizeof code);
    printf("%d\n", ((int (*)(void))run)());
    CHECK_EQ(shmctl(program, IPC_RMID, NULL), 0);
    // Another user.
    CHECK_EQ(shmctl(id, SHM_LOCK, NULL), 0);
    struct shmid_ds status;
    CHECK_EQ(shmctl(id, IPC_STAT, &status), 0);
    CHECK_EQ(status.shm_perm.mode, 0600 | SHM_LOCKED);
    CHECK_EQ(shmctl(id, SHM_UNLOCK, NULL), 0);
    if (geteuid() == 0) {
        status.shm_perm.mode = 0644;
        CHECK_EQ(shmctl(id, IPC_SET, &status), 0);
        CHECK_EQ(raw(SYS_setresuid, -1, 1234, -1), 0);
        CHECK_ERRNO((long)shmat(id, NULL, 0), EACCES);
        CHECK((long)shmat(id, NULL, SHM_RDONLY) != -1);
        CHECK_ERRNO(shmctl(id, IPC_RMID, NULL), EPERM);
        CHECK_ERRNO(shmctl(id, IPC_SET, &status), EPERM);
        CHECK_EQ(raw(SYS_setresuid, -1, 0, -1), 0);
    }
    CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
}
