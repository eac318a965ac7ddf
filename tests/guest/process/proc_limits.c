// /proc/PID/limits of a child shows the child's limits.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    char path[64], text[4096];
    struct gate ready = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){123, 456}) == 0);
        CHECK(setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) == 0);
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    snprintf(path, sizeof path, "/proc/%d/limits", child);
    CHECK(read_text(path, text, sizeof text) > 0);
    CHECK(strncmp(text, "Limit                     Soft Limit           Hard Limit           Units     \n", 79) == 0);
    CHECK(strstr(text, "\nMax open files            123                  456                  files     \n"));
    CHECK(strstr(text, "\nMax core file size        0                    0                    bytes     \n"));
    open_gate(gate);
    CHECK_EXITS(child, 0);
    puts("ok");
}
