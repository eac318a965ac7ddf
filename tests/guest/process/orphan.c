// A process whose parent ends gets another parent, which reaps it; it is told nothing and runs on.
#include "../test.h"

struct report {
    pid_t before, after, self;
};

int main(void) {
    struct report *report = shared_pages(1);
    int ends[2];
    char byte;
    CHECK(pipe(ends) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        pid_t parent = getpid();
        struct gate born = new_gate();
        if (fork_child() == 0) {
            report->self = getpid();
            report->before = getppid();
            open_gate(born);
            while (getppid() == parent) sleep_ms(1);
            report->after = getppid();
            _exit(0);
        }
        pass_gate(born);
        _exit(1);
    }
    CHECK(close(ends[1]) == 0);
    CHECK_EXITS(child, 1);
    // The end of the pipe is the end of the orphan.
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    CHECK_EQ(report->before, child);
    CHECK(report->after != child && report->after != getpid() && report->after != report->self);
    CHECK_ERRNO(waitpid(report->self, NULL, 0), ECHILD);
    puts("ok");
}
