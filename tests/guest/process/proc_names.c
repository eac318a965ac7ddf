// /proc/PID/comm of a child, oom_score_adj and oom_score, and who may write them.
#include "../test.h"
#include <sys/prctl.h>

static ssize_t file_of(pid_t pid, const char *name, char *text, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    return read_text(path, text, size);
}

static void write_own(const char *path, const char *text) {
    int fd = open(path, O_WRONLY);
    CHECK(fd >= 0);
    CHECK_EQ(write(fd, text, strlen(text)), strlen(text));
    CHECK(close(fd) == 0);
}

int main(void) {
    char text[256];
    struct gate ready = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        char name[16];
        write_own("/proc/self/comm", "a name that is too long");
        CHECK(prctl(PR_GET_NAME, name) == 0 && strcmp(name, "a name that is ") == 0);
        write_own("/proc/self/oom_score_adj", "500");
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    CHECK_EQ(file_of(child, "comm", text, sizeof text), 16);
    CHECK(strcmp(text, "a name that is \n") == 0);
    CHECK(file_of(child, "oom_score_adj", text, sizeof text) > 0 && strcmp(text, "500\n") == 0);
    CHECK(file_of(child, "oom_score", text, sizeof text) > 0 && text[0] >= '0' && text[0] <= '9');
    CHECK(file_of(getpid(), "comm", text, sizeof text) > 0 && strcmp(text, "proc_names\n") == 0);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    CHECK_EQ(file_of(child, "comm", text, sizeof text), -1);
    CHECK_EQ(errno, ENOENT);
    puts("ok");
}
