// RLIMIT_NPROC: fork is EAGAIN when the user has too many processes. Root is not bound by it.
#include "../test.h"
#include <sys/resource.h>

static void *nothing(void *unused) {
    return unused;
}

int main(void) {
    if (geteuid() == 0) CHECK(setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
    struct rlimit old;
    pthread_t thread;
    CHECK(getrlimit(RLIMIT_NPROC, &old) == 0);
    CHECK(setrlimit(RLIMIT_NPROC, &(struct rlimit){0, old.rlim_max}) == 0);
    CHECK_ERRNO(fork(), EAGAIN);
    CHECK_EQ(raw(SYS_clone, SIGCHLD, 0, 0, 0, 0), -EAGAIN);
    CHECK_EQ(pthread_create(&thread, NULL, nothing, NULL), EAGAIN);
    CHECK_ERRNO(wait(NULL), ECHILD);
    CHECK(setrlimit(RLIMIT_NPROC, &old) == 0);
    pid_t child = fork_child();
    if (child == 0) _exit(4);
    CHECK_EXITS(child, 4);
    puts("ok");
}
