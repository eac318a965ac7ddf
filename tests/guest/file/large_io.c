// A write and a read of 64 MiB in one call, at offsets beyond 4 GiB, and a count up to the cap.
#include "../test.h"

int main(void) {
    size_t size = 64UL << 20;
    unsigned char *out = malloc(size), *in = calloc(size, 1);
    CHECK(out && in);
    for (size_t i = 0; i < size; i += 8) *(uint64_t *)(out + i) = i * 0x9e3779b97f4a7c15;
    int fd = file_with("f", "", 0);
    CHECK_EQ(lseek(fd, 5L << 30, SEEK_SET), 5L << 30);
    for (size_t done = 0; done < size;) {
        ssize_t got = write(fd, out + done, size - done);
        CHECK(got > 0);
        done += (size_t)got;
    }
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(fd, in + done, size - done, (off_t)((5UL << 30) + done));
        CHECK(got > 0);
        done += (size_t)got;
    }
    CHECK(memcmp(in, out, size) == 0);
    CHECK_EQ(raw(SYS_pread64, fd, in, 0x7ffff000, (5L << 30) + size - 10), 10);
    CHECK_EQ(raw(SYS_write, open("/dev/null", O_WRONLY), in, 0x7ffff000), 0x7ffff000);
    CHECK_EQ(raw(SYS_write, open("/dev/null", O_WRONLY), in, 0x7fffffffffff), -EFAULT);
    puts("ok");
}
