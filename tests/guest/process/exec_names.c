// After execve the names in /proc are the new program's: comm, cmdline, exe, environ.
#include "../test.h"
#include <sys/prctl.h>

static int after(char **argv) {
    char text[4096], wanted[4096], name[16];
    CHECK(prctl(PR_GET_NAME, name) == 0 && strcmp(name, "exec_names") == 0);
    CHECK(read_text("/proc/self/comm", text, sizeof text) == 11 && strcmp(text, "exec_names\n") == 0);
    CHECK_EQ(read_text("/proc/self/cmdline", text, sizeof text), 13);
    CHECK(memcmp(text, "shown\0second", 13) == 0);
    (void)argv;
    CHECK_EQ(read_text("/proc/self/environ", text, sizeof text), 8);
    CHECK(memcmp(text, "A=1\0B=2\0", 8) == 0);
    ssize_t length = readlink("/proc/self/exe", wanted, sizeof wanted - 1);
    CHECK(length > 0);
    wanted[length] = 0;
    CHECK(strcmp(strrchr(wanted, '/'), "/exec_names") == 0);
    return 6;
}

int main(int argc, char **argv) {
    if (argc == 2) return after(argv);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(prctl(PR_SET_NAME, "another name") == 0);
        char *arguments[] = {"shown", "second", NULL}, *environment[] = {"A=1", "B=2", NULL};
        execve(argv[0], arguments, environment);
        _exit(99);
    }
    CHECK_EXITS(child, 6);
    puts("ok");
}
