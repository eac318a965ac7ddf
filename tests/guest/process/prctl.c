// The common prctl options: name, parent-death signal, dumpable, no_new_privs, subreaper, timer slack.
#include "../test.h"
#include <sys/prctl.h>

int main(void) {
    char name[16];
    int value = -1;
    CHECK(prctl(PR_SET_NAME, "fifteen letters and more") == 0 && prctl(PR_GET_NAME, name) == 0);
    puts(name);
    CHECK(prctl(PR_GET_PDEATHSIG, &value) == 0);
    printf("pdeathsig %d\n", value);
    CHECK(prctl(PR_SET_PDEATHSIG, SIGUSR1) == 0 && prctl(PR_GET_PDEATHSIG, &value) == 0 && value == SIGUSR1);
    CHECK_ERRNO(prctl(PR_SET_PDEATHSIG, 65), EINVAL);
    CHECK_EQ(prctl(PR_GET_DUMPABLE), 1);
    CHECK(prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_GET_DUMPABLE) == 0 && prctl(PR_SET_DUMPABLE, 1) == 0);
    CHECK_ERRNO(prctl(PR_SET_DUMPABLE, 9), EINVAL);
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    CHECK_ERRNO(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), EINVAL);
    CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 && prctl(PR_GET_CHILD_SUBREAPER, &value) == 0 && value == 1);
    CHECK(prctl(PR_SET_TIMERSLACK, 100000) == 0 && prctl(PR_GET_TIMERSLACK) == 100000);
    CHECK_EQ(prctl(PR_GET_KEEPCAPS), 0);
    CHECK_ERRNO(prctl(99999, 0, 0, 0, 0), EINVAL);
    CHECK_EQ(raw(SYS_prctl, PR_SET_NAME, 8), -EFAULT);
}
