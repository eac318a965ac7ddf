// FUTEX_WAKE counts waiters in several processes; requeue moves them; a killed waiter is forgotten.
#include "../test.h"
#include <linux/futex.h>

int main(void) {
    _Atomic int *words = shared_pages(1);
    pid_t children[4];
    for (int i = 0; i < 4; i++) {
        children[i] = fork_child();
        if (children[i] == 0) _exit(raw(SYS_futex, &words[0], FUTEX_WAIT, 0, NULL) == 0 ? 0 : 1);
        wait_until_state(children[i], 'S');
    }
    CHECK(kill(children[0], SIGKILL) == 0);
    CHECK_DIES(children[0], SIGKILL);
    CHECK_EQ(raw(SYS_futex, &words[0], FUTEX_WAKE, 1), 1);
    CHECK_EQ(raw(SYS_futex, &words[0], FUTEX_CMP_REQUEUE, 0, 10, &words[1], 0), 2);
    CHECK_EQ(raw(SYS_futex, &words[0], FUTEX_WAKE, 10), 0);
    CHECK_EQ(raw(SYS_futex, &words[1], FUTEX_WAKE, 10), 2);
    for (int i = 1; i < 4; i++) CHECK_EXITS(children[i], 0);
    puts("ok");
}
