// /proc/PID/stat of a child: number, name, state, parent, group, session, terminal, threads, start time.
#include "../test.h"
#include <sys/prctl.h>

static void read_stat(pid_t pid, char *name, char *state, long long *fields) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    CHECK(read_text(path, text, sizeof text) > 0);
    char *open = strchr(text, '('), *close = strrchr(text, ')');
    CHECK(open && close && atoi(text) == pid);
    *close = 0;
    strcpy(name, open + 1);
    *state = close[2];
    char *rest = close + 3;
    for (int i = 4; i <= 52; i++) fields[i] = strtoll(rest, &rest, 10);
    CHECK(*rest == '\n' && rest[1] == 0);
}

int main(void) {
    char name[64], state;
    long long fields[53], own[53];
    struct gate ready = new_gate(), gate = new_gate();
    read_stat(getpid(), name, &state, own);
    CHECK_EQ(state, 'R');
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(prctl(PR_SET_NAME, "odd) name (") == 0 && setpgid(0, 0) == 0);
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    wait_until_state(child, 'S');
    read_stat(child, name, &state, fields);
    CHECK(strcmp(name, "odd) name (") == 0);
    CHECK_EQ(state, 'S');
    CHECK_EQ(fields[4], getpid());
    CHECK_EQ(fields[5], child);
    CHECK_EQ(fields[6], getsid(0));
    CHECK_EQ(fields[7], own[7]);
    CHECK_EQ(fields[8], own[8]);
    CHECK_EQ(fields[20], 1);
    CHECK(fields[22] >= own[22] && fields[22] > 0);
    CHECK(fields[23] > 0 && fields[24] > 0);
    CHECK(kill(child, SIGSTOP) == 0);
    wait_until_state(child, 'T');
    read_stat(child, name, &state, fields);
    CHECK_EQ(state, 'T');
    CHECK(kill(child, SIGCONT) == 0);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    puts("ok");
}
