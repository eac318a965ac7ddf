// A byte goes back and forth between two processes five thousand times; nobody sleeps through a wake-up.
#include "../test.h"

int main(void) {
    int there[2], back[2];
    char byte = 0;
    CHECK(pipe(there) == 0 && pipe(back) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(close(there[1]) == 0 && close(back[0]) == 0);
        while (read(there[0], &byte, 1) == 1) {
            byte++;
            CHECK_EQ(write(back[1], &byte, 1), 1);
        }
        _exit(0);
    }
    CHECK(close(there[0]) == 0 && close(back[1]) == 0);
    for (int i = 0; i < 5000; i++) {
        char sent = (char)i;
        CHECK_EQ(write(there[1], &sent, 1), 1);
        CHECK_EQ(read(back[0], &byte, 1), 1);
        CHECK_EQ(byte, (char)(sent + 1));
    }
    CHECK(close(there[1]) == 0);
    CHECK_EXITS(child, 0);
    puts("ok");
}
