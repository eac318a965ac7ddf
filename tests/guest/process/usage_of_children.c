// RUSAGE_CHILDREN and the children's times grow by a child's CPU time when it is waited for, not before.
#include "../test.h"
#include <sys/resource.h>
#include <sys/times.h>

static int64_t children_us(void) {
    struct rusage usage;
    CHECK(getrusage(RUSAGE_CHILDREN, &usage) == 0);
    return usage.ru_utime.tv_sec * 1000000LL + usage.ru_utime.tv_usec + usage.ru_stime.tv_sec * 1000000LL + usage.ru_stime.tv_usec;
}

static pid_t busy_child(void) {
    pid_t child = fork_child();
    if (child == 0) {
        while (now_ns(CLOCK_PROCESS_CPUTIME_ID) < 60000000) {
        }
        _exit(0);
    }
    return child;
}

int main(void) {
    struct tms times_now;
    struct rusage usage;
    siginfo_t info;
    CHECK_EQ(children_us(), 0);
    pid_t child = busy_child();
    CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0);
    CHECK_EQ(children_us(), 0);
    CHECK_EQ(wait4(child, NULL, 0, &usage), child);
    int64_t used = usage.ru_utime.tv_sec * 1000000LL + usage.ru_utime.tv_usec + usage.ru_stime.tv_sec * 1000000LL + usage.ru_stime.tv_usec;
    CHECK(used >= 40000);
    CHECK(children_us() >= 40000);
    CHECK(times(&times_now) != (clock_t)-1 && times_now.tms_cutime + times_now.tms_cstime >= 4);
    int64_t before = children_us();
    signal(SIGCHLD, SIG_IGN);
    child = busy_child();
    CHECK_ERRNO(waitpid(child, NULL, 0), ECHILD);
    CHECK_EQ(children_us(), before);
    puts("ok");
}
