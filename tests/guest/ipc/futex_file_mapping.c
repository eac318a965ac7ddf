// A futex in a shared file mapping, at different addresses in two processes, is one futex.
#include "../test.h"
#include <linux/futex.h>

int main(void) {
    char block[2 * PAGE] = {0};
    int fd = file_with("f", block, sizeof block);
    struct gate ready = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        CHECK(p != MAP_FAILED);
        _Atomic int *word = (_Atomic int *)(p + PAGE + 8);
        open_gate(ready);
        while (*word == 0) {
            long result = raw(SYS_futex, word, FUTEX_WAIT, 0, NULL);
            CHECK(result == 0 || result == -EAGAIN);
        }
        _exit(9);
    }
    pass_gate(ready);
    CHECK(map_pages(3));
    char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, PAGE);
    CHECK(p != MAP_FAILED);
    _Atomic int *word = (_Atomic int *)(p + 8);
    wait_until_state(child, 'S');
    // A private wake-up does not reach a shared waiter, nor does one of the word beside it.
    CHECK_EQ(raw(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1), 0);
    CHECK_EQ(raw(SYS_futex, word + 1, FUTEX_WAKE, 1), 0);
    *word = 1;
    CHECK_EQ(raw(SYS_futex, word, FUTEX_WAKE, 1), 1);
    CHECK_EXITS(child, 9);
    puts("ok");
}
