// args: first second
// /proc/PID/cmdline and stat of a child that computes, sleeps or is stopped, and reading does not disturb its calls.
#include "../test.h"
#include <poll.h>

static unsigned long user_time(pid_t pid) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    CHECK(read_text(path, text, sizeof text) > 0);
    unsigned long user, system;
    CHECK_EQ(sscanf(strrchr(text, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system), 2);
    return user + system;
}

static void wait_for_title(pid_t pid, char title) {
    char path[64], text[8192];
    snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
    for (int round = 0; round < 5000; round++) {
        ssize_t length = read_text(path, text, sizeof text);
        if (length > 0 && memchr(text, title, (size_t)length)) return;
        sleep_ms(1);
    }
    CHECK(!"the title shows");
}

int main(int argc, char **argv) {
    CHECK_EQ(argc, 3);
    pid_t computing = fork_child();
    if (computing == 0) {
        argv[1][0] = '\1';
        for (;;) __asm__ volatile("");
    }
    struct gate gate = new_gate();
    pid_t sleeping = fork_child();
    if (sleeping == 0) {
        argv[1][0] = '\2';
        struct pollfd entry = {gate.ends[0], POLLIN, 0};
        _exit(poll(&entry, 1, 10000) == 1 ? 5 : 6);
    }
    pid_t stopped = fork_child();
    if (stopped == 0) {
        argv[1][0] = '\3';
        raise(SIGSTOP);
        _exit(7);
    }
    wait_for_title(computing, '\1');
    wait_for_title(sleeping, '\2');
    wait_for_title(stopped, '\3');
    unsigned long before = user_time(computing);
    for (int round = 0; round < 5000 && user_time(computing) < before + 5; round++) sleep_ms(1);
    CHECK(user_time(computing) >= before + 5);
    for (int i = 0; i < 50; i++) user_time(sleeping);
    CHECK(kill(computing, SIGKILL) == 0 && kill(stopped, SIGCONT) == 0);
    CHECK_DIES(computing, SIGKILL);
    CHECK_EXITS(stopped, 7);
    open_gate(gate);
    CHECK_EXITS(sleeping, 5);
    puts("ok");
}
