// POSIX message queues between processes: priorities, blocking both ways, timeouts, O_NONBLOCK, the name unlinked.
#include "../test.h"
#include <mqueue.h>

int main(void) {
    char name[64], text[64];
    unsigned priority;
    struct mq_attr attributes = {.mq_maxmsg = 3, .mq_msgsize = 32}, now;
    snprintf(name, sizeof name, "/litebox-test-%d", getpid());
    mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &attributes);
    CHECK(queue >= 0);
    pid_t child = fork_child();
    if (child == 0) {
        mqd_t own = mq_open(name, O_RDWR);
        CHECK(own >= 0 && own != queue);
        CHECK_EQ(mq_receive(own, text, sizeof text, &priority), 5);
        CHECK(priority == 7 && memcmp(text, "first", 5) == 0);
        for (int i = 0; i < 3; i++) CHECK(mq_send(own, "fill", 4, (unsigned)i) == 0);
        CHECK(mq_send(own, "late", 4, 9) == 0);
        _exit(0);
    }
    int opened = mq_send(queue, "first", 5, 7);
    while (mq_getattr(queue, &now) == 0 && now.mq_curmsgs < 3) sched_yield();
    wait_until_state(child, 'S');
    int early = waitpid(child, NULL, WNOHANG), unlinked = mq_unlink(name);
    CHECK(opened == 0 && early == 0 && unlinked == 0);
    CHECK(mq_receive(queue, text, sizeof text, &priority) == 4 && priority == 2);
    CHECK_EXITS(child, 0);
    CHECK(mq_receive(queue, text, sizeof text, &priority) == 4 && priority == 9 && memcmp(text, "late", 4) == 0);
    CHECK(mq_receive(queue, text, sizeof text, &priority) == 4 && priority == 1);
    CHECK(mq_receive(queue, text, sizeof text, &priority) == 4 && priority == 0);
    struct timespec soon;
    CHECK(clock_gettime(CLOCK_REALTIME, &soon) == 0);
    CHECK_ERRNO(mq_timedreceive(queue, text, sizeof text, NULL, &soon), ETIMEDOUT);
    // The flag belongs to the open queue, which a child shares.
    child = fork_child();
    if (child == 0) _exit(mq_setattr(queue, &(struct mq_attr){.mq_flags = O_NONBLOCK}, NULL) != 0);
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(mq_receive(queue, text, sizeof text, NULL), EAGAIN);
    CHECK(mq_open(name, O_RDWR) == -1 && errno == ENOENT);
    puts("ok");
}
