// mq_notify signals one process when another sends to the empty queue; one registration at a time, gone at exit.
#include "../test.h"
#include <mqueue.h>

int main(void) {
    char name[64], text[32];
    struct mq_attr attributes = {.mq_maxmsg = 3, .mq_msgsize = 32};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 12};
    sigset_t set = set_of(SIGUSR1);
    siginfo_t info;
    snprintf(name, sizeof name, "/litebox-test-%d", getpid());
    mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
    CHECK(queue >= 0 && mq_unlink(name) == 0 && sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    pid_t child = fork_child();
    if (child == 0) _exit(mq_notify(queue, &event) != 0);
    CHECK_EXITS(child, 0);
    CHECK(mq_notify(queue, &event) == 0);
    child = fork_child();
    if (child == 0) {
        CHECK_ERRNO(mq_notify(queue, &event), EBUSY);
        CHECK(mq_send(queue, "x", 1, 0) == 0);
        _exit(0);
    }
    CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
    CHECK_EQ(info.si_code, SI_MESGQ);
    CHECK_EQ(info.si_pid, child);
    CHECK_EQ(info.si_uid, getuid());
    CHECK_EQ(info.si_value.sival_int, 12);
    CHECK_EXITS(child, 0);
    CHECK(mq_receive(queue, text, sizeof text, NULL) == 1);
    CHECK(mq_send(queue, "y", 1, 0) == 0);
    CHECK_ERRNO(sigtimedwait(&set, &info, &(struct timespec){0, 0}), EAGAIN);
    puts("ok");
}
