// A POSIX queue is polled like any descriptor, by poll and by epoll.
#include "../test.h"
#include <mqueue.h>
#include <poll.h>
#include <sys/epoll.h>

static mqd_t queue;

static void *send_later(void *argument) {
    (void)argument;
    sleep_ms(20);
    CHECK_EQ(mq_send(queue, "x", 1, 0), 0);
    return NULL;
}

static int ready(int events) {
    struct pollfd poll_fd = {queue, events, 0};
    CHECK(poll(&poll_fd, 1, 0) >= 0);
    return poll_fd.revents;
}

int main(void) {
    char name[32], text[16];
    snprintf(name, sizeof name, "/poll-%d", getpid());
    struct mq_attr attributes = {.mq_maxmsg = 2, .mq_msgsize = 16};
    queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attributes);
    CHECK(queue >= 0 && mq_unlink(name) == 0);
    CHECK_EQ(ready(POLLIN | POLLOUT), POLLOUT);
    pthread_t thread = spawn(send_later, NULL);
    struct pollfd poll_fd = {queue, POLLIN, 0};
    CHECK_EQ(poll(&poll_fd, 1, 5000), 1);
    join(thread);
    CHECK_EQ(ready(POLLIN | POLLOUT), POLLIN | POLLOUT);
    CHECK_EQ(mq_send(queue, "y", 1, 0), 0);
    CHECK_EQ(ready(POLLIN | POLLOUT), POLLIN);
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET};
    CHECK_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, queue, &event), 0);
    CHECK_EQ(epoll_wait(epoll, &event, 1, 1000), 1);
    CHECK_EQ(event.events, EPOLLIN);
    CHECK_EQ(epoll_wait(epoll, &event, 1, 0), 0);
    CHECK_EQ(mq_receive(queue, text, 16, NULL), 1);
    CHECK_EQ(epoll_wait(epoll, &event, 1, 1000), 1);
    CHECK_EQ(event.events, EPOLLIN | EPOLLOUT);
    CHECK_EQ(mq_receive(queue, text, 16, NULL), 1);
    CHECK_EQ(ready(POLLIN | POLLOUT), POLLOUT);
    puts("ok");
}
