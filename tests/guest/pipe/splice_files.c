// splice from files and to them: at an offset, at the file's own, across the pipe's capacity, and never lost.
#include "../test.h"
#include <sys/socket.h>

static char block[300000], got[300000];

static void *drain(void *argument) {
    int fd = (long)argument;
    long sum = 0;
    for (;;) {
        ssize_t n = read(fd, got + sum, sizeof got - sum);
        if (n <= 0) return (void *)sum;
        sum += n;
    }
}

int main(void) {
    for (size_t i = 0; i < sizeof block; i++) block[i] = i * 31 + i / 1000;
    int file = file_with("in", block, sizeof block), out = file_with("out", "", 0), ends[2];
    CHECK(pipe(ends) == 0);
    // As much as the pipe holds.
    CHECK_EQ(splice(file, NULL, ends[1], NULL, sizeof block, 0), 65536);
    CHECK_EQ(lseek(file, 0, SEEK_CUR), 65536);
    CHECK_ERRNO(splice(file, NULL, ends[1], NULL, 1, SPLICE_F_NONBLOCK), EAGAIN);
    loff_t at = 100;
    CHECK_EQ(splice(ends[0], NULL, out, &at, 65536, 0), 65536);
    CHECK_EQ(at, 65636);
    CHECK_EQ(lseek(out, 0, SEEK_CUR), 0);
    CHECK_EQ(pread(out, got, 65536, 100), 65536);
    CHECK_EQ(memcmp(got, block, 65536), 0);
    // All of it, with a thread at the other end.
    CHECK_EQ(lseek(file, 0, SEEK_SET), 0);
    pthread_t thread = spawn(drain, (void *)(long)ends[0]);
    long left = sizeof block;
    while (left > 0) {
        ssize_t n = splice(file, NULL, ends[1], NULL, left, SPLICE_F_MOVE | SPLICE_F_MORE);
        CHECK(n > 0);
        left -= n;
    }
    CHECK_EQ(splice(file, NULL, ends[1], NULL, 1, 0), 0);
    close(ends[1]);
    CHECK_EQ((long)join(thread), sizeof block);
    CHECK_EQ(memcmp(got, block, sizeof block), 0);
    close(ends[0]);
    // Refused.
    CHECK(pipe(ends) == 0 && write(ends[1], "abc", 3) == 3);
    int append = open("out", O_WRONLY | O_APPEND), readonly = open("out", O_RDONLY);
    CHECK_ERRNO(splice(ends[0], NULL, append, NULL, 3, 0), EINVAL);
    CHECK_ERRNO(splice(ends[0], NULL, readonly, NULL, 3, 0), EBADF);
    at = -1;
    CHECK_ERRNO(splice(ends[0], NULL, out, &at, 3, 0), EINVAL);
    CHECK_ERRNO(splice(ends[0], NULL, out, (void *)hole(1), 3, 0), EFAULT);
    // What a full socket does not take stays in the pipe.
    int sockets[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets), 0);
    while (write(sockets[0], block, 4096) > 0) {
    }
    ssize_t moved = splice(ends[0], NULL, sockets[0], NULL, 3, 0);
    CHECK_EQ(moved, -1);
    CHECK_EQ(errno, EAGAIN);
    while (read(sockets[1], got, sizeof got) > 0) {
    }
    CHECK_EQ(splice(ends[0], NULL, sockets[0], NULL, 3, 0), 3);
    CHECK_EQ(read(sockets[1], got, 9), 3);
    printf("%.3s\n", got);
    CHECK_EQ(write(sockets[1], "from a socket", 13), 13);
    CHECK_EQ(splice(sockets[0], NULL, ends[1], NULL, 100, 0), 13);
    CHECK_EQ(read(ends[0], got, 100), 13);
    printf("%.13s\n", got);
}
