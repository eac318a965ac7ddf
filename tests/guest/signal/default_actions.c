// The default action of every signal, seen from the parent: end, stop, or nothing.
#include "../test.h"
#include <sys/resource.h>

static int is_in(int number, const int *list) {
    while (*list && *list != number) list++;
    return *list != 0;
}

int main(void) {
    static const int ignored[] = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT, 0}, stopping[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, 0};
    CHECK(setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) == 0);
    for (int number = 1; number <= SIGRTMAX; number++) {
        if (number > 31 && number < SIGRTMIN) continue;
        struct gate gate = new_gate();
        int status;
        pid_t child = fork_child();
        if (child == 0) {
            pass_gate(gate);
            _exit(77);
        }
        CHECK(setpgid(child, child) == 0);
        CHECK(kill(child, number) == 0);
        if (is_in(number, stopping)) {
            CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
            CHECK_EQ(status, number << 8 | 0x7f);
            CHECK(kill(child, SIGCONT) == 0);
        }
        open_gate(gate);
        int wanted = is_in(number, ignored) || is_in(number, stopping) ? 77 << 8 : number;
        CHECK_EQ(status_of(child), wanted);
        CHECK(close(gate.ends[0]) == 0 && close(gate.ends[1]) == 0);
    }
    puts("ok");
}
