// CPU time of a grandchild counts for its grandparent when both it and its parent have been waited for.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    struct rusage usage;
    pid_t child = fork_child();
    if (child == 0) {
        pid_t grandchild = fork_child();
        if (grandchild == 0) {
            while (now_ns(CLOCK_PROCESS_CPUTIME_ID) < 60000000) {
            }
            _exit(0);
        }
        CHECK_EXITS(grandchild, 0);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(getrusage(RUSAGE_CHILDREN, &usage) == 0);
    CHECK(usage.ru_utime.tv_sec * 1000000LL + usage.ru_utime.tv_usec + usage.ru_stime.tv_sec * 1000000LL + usage.ru_stime.tv_usec >= 40000);
    puts("ok");
}
