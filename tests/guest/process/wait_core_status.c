// A signal whose action is a core file is reported without the flag when the limit forbids the file.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    int numbers[] = {SIGQUIT, SIGILL, SIGABRT, SIGFPE, SIGSEGV, SIGBUS, SIGTRAP, SIGSYS, SIGXCPU, SIGXFSZ};
    CHECK(setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) == 0);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        siginfo_t info = {0};
        pid_t child = fork_child();
        if (child == 0) {
            raise(numbers[i]);
            _exit(1);
        }
        CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0);
        CHECK_EQ(info.si_code, CLD_KILLED);
        CHECK_EQ(info.si_status, numbers[i]);
        CHECK_EQ(status_of(child), numbers[i]);
    }
    puts("ok");
}
