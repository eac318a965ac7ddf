// A blocked read of an eventfd wakes by a write; a blocked write by a read.
#include "../test.h"
#include <sys/eventfd.h>

static int fd;
static _Atomic int tid;

static void *reader(void *unused) {
    uint64_t value = 0;
    tid = gettid();
    CHECK(read(fd, &value, 8) == 8);
    (void)unused;
    return (void *)value;
}

static void *writer(void *unused) {
    uint64_t value = 7;
    tid = gettid();
    CHECK(write(fd, &value, 8) == 8);
    return unused;
}

int main(void) {
    uint64_t value = 9;
    fd = eventfd(0, 0);
    pthread_t thread = spawn(reader, NULL);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    CHECK(write(fd, &value, 8) == 8);
    printf("%ld\n", (long)join(thread));
    value = UINT64_MAX - 1;
    CHECK(write(fd, &value, 8) == 8);
    tid = 0;
    thread = spawn(writer, NULL);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    CHECK(read(fd, &value, 8) == 8);
    join(thread);
    CHECK(read(fd, &value, 8) == 8);
    printf("%lu\n", value);
}
