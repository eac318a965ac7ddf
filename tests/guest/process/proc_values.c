// Files of /proc/PID that hold one value, those that can be written among them; a text is made anew at offset 0.
#include "../test.h"
#include <sys/prctl.h>

static char text[65536];

static const char *own(const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/%s", name);
    CHECK(read_text(path, text, sizeof text) > 0);
    return text;
}

static long put(const char *path, const char *value) {
    int fd = open(path, O_WRONLY | O_TRUNC);
    CHECK(fd >= 0);
    long count = write(fd, value, strlen(value));
    int error = errno;
    CHECK(close(fd) == 0);
    errno = error;
    return count;
}

static void *body(void *unused) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", gettid());
    CHECK_EQ(put(path, "worker"), 6);
    CHECK(read_text(path, text, sizeof text) == 7 && strcmp(text, "worker\n") == 0);
    return unused;
}

int main(void) {
    char path[64];
    CHECK_EQ(put("/proc/self/oom_score_adj", "500\n"), 4);
    CHECK(strcmp(own("oom_score_adj"), "500\n") == 0 && strcmp(own("oom_adj"), "8\n") == 0);
    CHECK_ERRNO(put("/proc/self/oom_score_adj", "1001"), EINVAL);
    CHECK_ERRNO(put("/proc/self/oom_score_adj", "word"), EINVAL);
    CHECK_EQ(put("/proc/self/oom_adj", "15"), 2);
    CHECK(strcmp(own("oom_score_adj"), "1000\n") == 0 && strcmp(own("oom_adj"), "15\n") == 0);
    CHECK(atoi(own("oom_score")) > 0);
    CHECK_EQ(put("/proc/self/timerslack_ns", "70000"), 5);
    CHECK_EQ(prctl(PR_GET_TIMERSLACK), 70000);
    CHECK(strcmp(own("timerslack_ns"), "70000\n") == 0);
    CHECK_EQ(strlen(own("personality")), 9);
    CHECK(strstr(own("io"), "rchar: ") && strstr(text, "cancelled_write_bytes: "));
    CHECK(strchr("0123456789", own("schedstat")[0]));
    CHECK(strstr(own("smaps_rollup"), "[rollup]\nRss: ") && strstr(text, "\nPss: "));
    CHECK(strstr(own("smaps"), "[stack]\nSize: ") && strstr(text, "\nVmFlags: rd "));
    CHECK(own("loginuid")[0] >= '0' && own("sessionid")[0] >= '0');
    CHECK_EQ(own("wchan")[0], '0');
    join(spawn(body, NULL));
    CHECK(strcmp(own("comm"), "proc_values\n") == 0);

    int fd = open("/proc/self/comm", O_RDONLY);
    CHECK(fd >= 0 && read(fd, text, 4) == 4);
    CHECK(prctl(PR_SET_NAME, "renamed") == 0);
    CHECK(pread(fd, text, sizeof text, 0) == 8 && memcmp(text, "renamed\n", 8) == 0);
    CHECK(lseek(fd, 0, SEEK_SET) == 0 && read(fd, text, sizeof text) == 8 && read(fd, text, sizeof text) == 0);

    struct gate gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        pass_gate(gate);
        CHECK(strcmp(own("oom_score_adj"), "1000\n") == 0 && strcmp(own("comm"), "renamed\n") == 0);
        _exit(0);
    }
    snprintf(path, sizeof path, "/proc/%d/comm", child);
    CHECK_ERRNO(put(path, "other"), EINVAL);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    puts("ok");
}
