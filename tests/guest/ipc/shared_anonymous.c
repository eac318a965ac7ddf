// Anonymous shared memory: writes on either side are seen by the other, by grandchildren too, and by nobody after execve.
#include "../test.h"

int main(void) {
    _Atomic int *shared = shared_pages(4);
    struct gate wrote = new_gate(), look = new_gate();
    shared[0] = 1;
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_EQ(shared[0], 1);
        shared[1] = 2;
        open_gate(wrote);
        pass_gate(look);
        CHECK_EQ(shared[2], 3);
        pid_t grandchild = fork_child();
        if (grandchild == 0) {
            shared[3 * PAGE / sizeof *shared] = 4;
            _exit(0);
        }
        CHECK_EXITS(grandchild, 0);
        // What the child unmaps stays in place for the parent.
        CHECK(munmap((void *)shared, 4 * PAGE) == 0);
        _exit(0);
    }
    pass_gate(wrote);
    CHECK_EQ(shared[1], 2);
    shared[2] = 3;
    open_gate(look);
    CHECK_EXITS(child, 0);
    CHECK_EQ(shared[3 * PAGE / sizeof *shared], 4);
    puts("ok");
}
