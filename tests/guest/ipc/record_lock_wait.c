// F_SETLKW waits until the owner unlocks or ends, however it ends.
#include "../test.h"

int main(void) {
    int fd = file_with("f", "0123456789", 10);
    struct flock write_lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET}, none = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    for (int way = 0; way < 3; way++) {
        struct gate locked = new_gate(), gate = new_gate();
        pid_t owner = fork_child();
        if (owner == 0) {
            CHECK(fcntl(fd, F_SETLK, &write_lock) == 0);
            open_gate(locked);
            pass_gate(gate);
            if (way == 0) CHECK(fcntl(fd, F_SETLK, &none) == 0);
            if (way == 1) _exit(0);
            for (;;) pause();
        }
        pass_gate(locked);
        pid_t waiter = fork_child();
        if (waiter == 0) _exit(fcntl(fd, F_SETLKW, &write_lock) == 0 ? 5 : 6);
        wait_until_state(waiter, 'S');
        CHECK_EQ(waitpid(waiter, NULL, WNOHANG), 0);
        if (way == 2) CHECK(kill(owner, SIGKILL) == 0);
        else open_gate(gate);
        CHECK_EXITS(waiter, 5);
        if (way != 2) kill(owner, SIGKILL);
        status_of(owner);
        CHECK(close(locked.ends[0]) == 0 && close(locked.ends[1]) == 0 && close(gate.ends[0]) == 0 && close(gate.ends[1]) == 0);
    }
    puts("ok");
}
