// ends: signal 4
// A fault whose signal is ignored kills the process all the same.
#include "../test.h"

int main(void) {
    signal(SIGILL, SIG_IGN);
    __asm__ volatile("ud2");
    FAIL("alive");
}
