// Atomic additions by four processes to one shared word are all counted.
#include "../test.h"

int main(void) {
    _Atomic long *counter = shared_pages(1);
    pid_t children[4];
    for (int i = 0; i < 4; i++) {
        children[i] = fork_child();
        if (children[i] == 0) {
            for (int n = 0; n < 100000; n++) (*counter)++;
            _exit(0);
        }
    }
    for (int i = 0; i < 4; i++) CHECK_EXITS(children[i], 0);
    CHECK_EQ(*counter, 400000);
    puts("ok");
}
