// A new session has no controlling terminal: /dev/tty is ENXIO.
#include "../test.h"

int main(void) {
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_EQ(setsid(), getpid());
        CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    puts("ok");
}
