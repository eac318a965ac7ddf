// args: first second
// env: LITEBOX_GUEST=value
// /proc/PID/cmdline of a child: inherited, then rewritten in place by the child; /proc/PID/environ.
#include "../test.h"

int main(int argc, char **argv) {
    char path[64], text[8192], own[8192];
    struct gate ready = new_gate(), gate = new_gate();
    CHECK_EQ(argc, 3);
    pid_t child = fork_child();
    if (child == 0) {
        open_gate(ready);
        pass_gate(gate);
        memset(argv[1], 'Z', 5);
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    snprintf(path, sizeof path, "/proc/%d/cmdline", child);
    ssize_t length = read_text("/proc/self/cmdline", own, sizeof own);
    CHECK_EQ(length, strlen(argv[0]) + 14);
    CHECK_EQ(read_text(path, text, sizeof text), length);
    CHECK(memcmp(text, own, (size_t)length) == 0);
    open_gate(gate);
    pass_gate(ready);
    CHECK_EQ(read_text(path, text, sizeof text), length);
    CHECK(strcmp(text + length - 13, "ZZZZZ") == 0 && strcmp(text + length - 7, "second") == 0);
    CHECK_EQ(read_text("/proc/self/cmdline", text, sizeof text), length);
    CHECK(memcmp(text, own, (size_t)length) == 0);
    snprintf(path, sizeof path, "/proc/%d/environ", child);
    length = read_text("/proc/self/environ", own, sizeof own);
    CHECK(length > 0 && read_text(path, text, sizeof text) == length && memcmp(text, own, (size_t)length) == 0);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    puts("ok");
}
