// Processes that take memory until there is no more are refused it, or ended by a signal; others go on.
#include "../test.h"
#include <sys/resource.h>

enum { HOGS = 3, CHUNK = 4 << 20, LIMIT = 320 << 20 };

static void take_all(void) {
    CHECK_ZERO(setrlimit(RLIMIT_AS, &(struct rlimit){LIMIT, LIMIT}));
    for (;;) {
        char *more = mmap(0, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (more == MAP_FAILED) {
            CHECK_EQ(errno, ENOMEM);
            break;
        }
        for (int at = 0; at < CHUNK; at += 4096) more[at] = 1;
    }
    sleep_ms(100);
    _exit(0);
}

int main(void) {
    pid_t hogs[HOGS];
    CHECK_ZERO(setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}));
    for (int i = 0; i < HOGS; i++) {
        hogs[i] = fork_child();
        if (hogs[i] == 0) take_all();
    }
    for (int i = 0; i < HOGS; i++) {
        int status = status_of(hogs[i]);
        CHECK(status == 0 || status == SIGBUS || status == SIGKILL || status == SIGSEGV);
    }
    pid_t child = fork_child();
    if (child == 0) _exit(7);
    CHECK_EXITS(child, 7);
    puts("ok");
}
