// An alarm set before execve rings in the new program, by default deadly.
#include "../test.h"
#include <sys/time.h>

int main(int argc, char **argv) {
    if (argc > 1)
        for (;;) pause();
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {0, 100000}}, NULL) == 0);
        execl(argv[0], argv[0], "again", NULL);
        _exit(99);
    }
    CHECK_DIES(child, SIGALRM);
    puts("ok");
}
