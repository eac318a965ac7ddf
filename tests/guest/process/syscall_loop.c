// A hundred thousand system calls of each way in: through the C library, by a plain instruction, by syscall().
#include "../test.h"

int main(void) {
    long wanted = getppid();
    for (int i = 0; i < 100000; i++) CHECK_EQ(getppid(), wanted);
    for (int i = 0; i < 100000; i++) CHECK_EQ(raw(SYS_getppid), wanted);
    for (int i = 0; i < 100000; i++) CHECK_EQ(syscall(SYS_getppid), wanted);
    puts("ok");
}
