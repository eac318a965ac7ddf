// native: may fail "the three functions of the vsyscall page reach nothing outside"
// The vsyscall page: calls without a `syscall` instruction. They are answered from inside, or fault.
#include "attack.h"

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    long now[2] = {0, 0};
    long processor = -1;
    int result = ((int (*)(long *, void *))0xffffffffff600000)(now, 0);
    dprintf(1, "gettimeofday %d %d\n", result, now[0] > 1000000000);
    long seconds = ((long (*)(long *))0xffffffffff600400)(0);
    dprintf(1, "time %d\n", seconds > 1000000000);
    result = ((int (*)(long *, void *, void *))0xffffffffff600800)(&processor, 0, 0);
    dprintf(1, "getcpu %d\n", result);
    return 0;
}
