// needs: /bin/cat
// /proc/PID/exe, cwd and root of a child, before and after it has moved and executed.
#include "../test.h"

static void expect(pid_t pid, const char *name, const char *wanted) {
    char path[64], target[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    ssize_t length = readlink(path, target, sizeof target - 1);
    CHECK(length > 0);
    target[length] = 0;
    if (strcmp(target, wanted) != 0) FAIL("%s is %s, wanted %s", path, target, wanted);
}

int main(void) {
    char here[PATH_MAX], below[PATH_MAX + 2], own[PATH_MAX], cat[PATH_MAX], byte;
    int go[2], started[2];
    CHECK(mkdir("d", 0777) == 0 && getcwd(here, sizeof here) && realpath("/bin/cat", cat));
    snprintf(below, sizeof below, "%s/d", here);
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    CHECK(length > 0);
    own[length] = 0;
    struct gate ready = new_gate(), gate = new_gate();
    CHECK(pipe2(go, O_CLOEXEC) == 0 && pipe2(started, O_CLOEXEC) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        open_gate(ready);
        pass_gate(gate);
        CHECK(chdir("d") == 0 && dup2(go[0], 0) == 0);
        execl("/bin/cat", "cat", NULL);
        _exit(99);
    }
    pass_gate(ready);
    expect(child, "exe", own);
    expect(child, "cwd", here);
    expect(child, "root", "/");
    CHECK(close(started[1]) == 0);
    open_gate(gate);
    CHECK_EQ(read(started[0], &byte, 1), 0);
    expect(child, "exe", cat);
    expect(child, "cwd", below);
    expect(getpid(), "exe", own);
    expect(getpid(), "cwd", here);
    CHECK(close(go[1]) == 0);
    CHECK_EXITS(child, 0);
    puts("ok");
}
