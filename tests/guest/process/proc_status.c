// /proc/PID/status of a child: names, numbers, threads and signal sets.
#include "../test.h"

static char text[8192];

static const char *value(const char *key) {
    char wanted[32];
    snprintf(wanted, sizeof wanted, "\n%s:", key);
    char *found = strstr(text, wanted);
    if (!found) FAIL("no %s in status", key);
    return found + strlen(wanted) + 1;
}

static void nothing(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
}

int main(void) {
    char path[64];
    struct gate ready = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        sigset_t set = set_of(SIGUSR2);
        CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
        handle(SIGUSR1, nothing, 0);
        signal(SIGHUP, SIG_IGN);
        CHECK(kill(getpid(), SIGUSR2) == 0);
        umask(013);
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    wait_until_state(child, 'S');
    snprintf(path, sizeof path, "/proc/%d/status", child);
    CHECK(read_text(path, text, sizeof text) > 0);
    CHECK(strncmp(text, "Name:\tproc_status\n", 18) == 0);
    CHECK_EQ(strtol(value("Umask"), NULL, 8), 013);
    CHECK_EQ(value("State")[0], 'S');
    CHECK_EQ(atoi(value("Tgid")), child);
    CHECK_EQ(atoi(value("Pid")), child);
    CHECK_EQ(atoi(value("PPid")), getpid());
    CHECK_EQ(atoi(value("TracerPid")), 0);
    CHECK_EQ(atoi(value("Uid")), getuid());
    CHECK_EQ(atoi(value("Gid")), getgid());
    CHECK_EQ(atoi(value("Threads")), 1);
    CHECK_EQ(strtoull(value("SigBlk"), NULL, 16), 1ULL << (SIGUSR2 - 1));
    CHECK_EQ(strtoull(value("ShdPnd"), NULL, 16), 1ULL << (SIGUSR2 - 1));
    CHECK_EQ(strtoull(value("SigPnd"), NULL, 16), 0);
    CHECK(strtoull(value("SigIgn"), NULL, 16) & 1ULL << (SIGHUP - 1));
    CHECK(strtoull(value("SigCgt"), NULL, 16) & 1ULL << (SIGUSR1 - 1));
    CHECK(atol(value("VmSize")) > 0);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    puts("ok");
}
