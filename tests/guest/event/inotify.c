// inotify reports what happens in a directory, in order, with names and cookies.
#include "../test.h"
#include <sys/inotify.h>

int main(void) {
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    CHECK(fd >= 0 && mkdir("d", 0755) == 0);
    int watch = inotify_add_watch(fd, "d", IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE);
    CHECK(watch > 0);
    close(file_with("d/a", "x", 1));
    CHECK(rename("d/a", "d/b") == 0 && unlink("d/b") == 0);
    char buffer[4096] __attribute__((aligned(8)));
    ssize_t got = read(fd, buffer, sizeof buffer);
    uint32_t cookie = 0;
    for (ssize_t at = 0; at < got;) {
        struct inotify_event *event = (struct inotify_event *)(buffer + at);
        CHECK_EQ(event->wd, watch);
        printf("%x %s\n", event->mask, event->name);
        if (event->mask == IN_MOVED_FROM) cookie = event->cookie;
        if (event->mask == IN_MOVED_TO) CHECK_EQ(event->cookie, cookie);
        at += (ssize_t)sizeof *event + event->len;
    }
    CHECK_ERRNO(read(fd, buffer, sizeof buffer), EAGAIN);
    CHECK_ERRNO(inotify_add_watch(fd, "none", IN_CREATE), ENOENT);
    CHECK(inotify_rm_watch(fd, watch) == 0);
    CHECK_ERRNO(inotify_rm_watch(fd, watch), EINVAL);
}
