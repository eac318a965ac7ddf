// A POSIX message queue: made, opened, filled and emptied by priority, and unlinked while open.
#include "../test.h"
#include <mqueue.h>

int main(void) {
    char name[32], text[64];
    snprintf(name, sizeof name, "/queue-%d", getpid());
    struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 64}, got;
    CHECK_ERRNO(mq_open(name, O_RDWR), ENOENT);
    mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
    CHECK(queue >= 0);
    CHECK_EQ(fcntl(queue, F_GETFD), FD_CLOEXEC);
    CHECK_ERRNO(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, NULL), EEXIST);
    mqd_t reader = mq_open(name, O_RDONLY | O_NONBLOCK);
    CHECK(reader >= 0);
    CHECK_EQ(mq_getattr(reader, &got), 0);
    printf("%ld %ld %ld %ld\n", got.mq_maxmsg, got.mq_msgsize, got.mq_curmsgs, got.mq_flags);
    CHECK_ERRNO(mq_receive(reader, text, 64, NULL), EAGAIN);
    CHECK_EQ(mq_send(queue, "low", 3, 1), 0);
    CHECK_EQ(mq_send(queue, "high", 4, 32767), 0);
    CHECK_EQ(mq_send(queue, "low again", 9, 1), 0);
    CHECK_EQ(mq_send(queue, "", 0, 2), 0);
    CHECK_EQ(mq_getattr(queue, &got), 0);
    CHECK_EQ(got.mq_curmsgs, 4);
    CHECK_ERRNO(mq_send(queue, "x", 1, 32768), EINVAL);
    CHECK_ERRNO(mq_send(queue, text, 65, 1), EMSGSIZE);
    CHECK_ERRNO(mq_send(reader, "x", 1, 1), EBADF);
    CHECK_ERRNO(mq_receive(reader, text, 63, NULL), EMSGSIZE);
    // Full.
    struct mq_attr nonblock = {.mq_flags = O_NONBLOCK};
    CHECK_EQ(mq_setattr(queue, &nonblock, &got), 0);
    CHECK_EQ(got.mq_flags, 0);
    CHECK_ERRNO(mq_send(queue, "x", 1, 1), EAGAIN);
    nonblock.mq_flags = O_NONBLOCK | O_APPEND;
    CHECK_ERRNO(mq_setattr(queue, &nonblock, NULL), EINVAL);
    CHECK_EQ(fcntl(queue, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    for (int i = 0; i < 4; i++) {
        unsigned priority;
        ssize_t length = mq_receive(reader, text, 64, &priority);
        CHECK(length >= 0);
        printf("%u %.*s\n", priority, (int)length, text);
    }
    char path[64], target[64] = {0};
    snprintf(path, sizeof path, "/proc/self/fd/%d", queue);
    CHECK(readlink(path, target, 63) > 0);
    CHECK_EQ(strcmp(target, name), 0);
    CHECK_ERRNO(write(queue, "x", 1), EINVAL);
    CHECK_EQ(pread(queue, target, 63, 0) > 0, 1);
    printf("%.6s\n", target);
    // Unlinked, it goes on for who has it open.
    CHECK_EQ(mq_unlink(name), 0);
    CHECK_ERRNO(mq_unlink(name), ENOENT);
    memset(target, 0, sizeof target);
    CHECK(readlink(path, target, 63) > 0);
    CHECK_EQ(strcmp(strchr(target, ' '), " (deleted)"), 0);
    CHECK_ERRNO(mq_open(name, O_RDWR), ENOENT);
    CHECK_EQ(mq_send(queue, "still", 5, 0), 0);
    CHECK_EQ(mq_receive(reader, text, 64, NULL), 5);
    CHECK_EQ(mq_close(queue), 0);
    CHECK_EQ(mq_close(reader), 0);
    CHECK_ERRNO(mq_getattr(queue, &got), EBADF);
    CHECK_ERRNO(mq_getattr(0, &got), EBADF);
    CHECK_ERRNO(mq_send(0, "x", 1, 0), EBADF);
}
