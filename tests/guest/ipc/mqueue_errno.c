// Names, sizes and access modes that mq_open refuses.
#include "../test.h"
#include <mqueue.h>

static long open_raw(const char *name, int flags, long messages, long size) {
    struct mq_attr attributes = {.mq_maxmsg = messages, .mq_msgsize = size};
    return raw(SYS_mq_open, name, flags, 0600, &attributes);
}

int main(void) {
    CHECK_EQ(open_raw("", O_RDWR | O_CREAT, 1, 1), -ENOENT);
    CHECK_EQ(open_raw("a/b", O_RDWR | O_CREAT, 1, 1), -EACCES);
    CHECK_EQ(open_raw("/a", O_RDWR | O_CREAT, 1, 1), -EACCES);
    CHECK_EQ(open_raw("..", O_RDWR | O_CREAT, 1, 1), -EACCES);
    char name[300];
    memset(name, 'n', 299), name[299] = 0;
    CHECK_EQ(open_raw(name, O_RDWR | O_CREAT, 1, 1), -ENAMETOOLONG);
    name[256] = 0;
    CHECK_EQ(open_raw(name, O_RDWR | O_CREAT, 1, 1), -ENAMETOOLONG);
    CHECK_EQ(raw(SYS_mq_open, 1, O_RDWR, 0, NULL), -EFAULT);
    CHECK_EQ(raw(SYS_mq_open, "x", O_RDWR | O_CREAT, 0600, 8), -EFAULT);
    snprintf(name, sizeof name, "errno-%d", getpid());
    CHECK_EQ(open_raw(name, O_RDWR | O_CREAT, 0, 1), -EINVAL);
    CHECK_EQ(open_raw(name, O_RDWR | O_CREAT, 1, 0), -EINVAL);
    CHECK_EQ(open_raw(name, O_RDWR | O_CREAT, -1, 1), -EINVAL);
    CHECK_EQ(open_raw(name, O_RDWR | O_CREAT, 65537, 1), -EINVAL);
    CHECK_EQ(open_raw(name, O_RDWR | O_CREAT, 1, (16 << 20) + 1), -EINVAL);
    // No more than RLIMIT_MSGQUEUE allows a user.
    int many[12], count = 0;
    for (; count < 12; count++) {
        snprintf(name, sizeof name, "errno-%d-%d", getpid(), count);
        many[count] = open_raw(name, O_RDWR | O_CREAT, 10, 8192);
        if (many[count] < 0) break;
        CHECK_EQ(raw(SYS_mq_unlink, name), 0);
    }
    CHECK_EQ(many[count], -EMFILE);
    while (count > 0) close(many[--count]);
    snprintf(name, sizeof name, "errno-%d", getpid());
    int queue = open_raw(name, O_RDWR | O_CREAT, 2, 16);
    CHECK(queue >= 0);
    CHECK_EQ(open_raw(name, 3, 1, 1), -EINVAL);
    CHECK_EQ(open_raw(name, O_RDWR | O_CREAT, 0, 0) >= 0, 1);
    struct timespec bad = {0, -1};
    char text[16];
    CHECK_EQ(raw(SYS_mq_timedsend, queue, "x", 1, 0, &bad), -EINVAL);
    CHECK_EQ(raw(SYS_mq_timedsend, queue, 8, 1, 0, NULL), -EFAULT);
    CHECK_EQ(raw(SYS_mq_timedreceive, -1, text, 16, NULL, NULL), -EBADF);
    struct stat status;
    CHECK_EQ(fstat(queue, &status), 0);
    printf("%o %ld %d\n", status.st_mode, (long)status.st_size, status.st_uid == geteuid());
    CHECK_EQ(raw(SYS_mq_unlink, name), 0);
    CHECK_EQ(raw(SYS_mq_unlink, "no such queue"), -ENOENT);
}
