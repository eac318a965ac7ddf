// read and write: offsets, short counts at the end, holes by seeking, bad descriptors and pointers.
#include "../test.h"

int main(void) {
    char text[20] = {0};
    int fd = file_with("f", "0123456789", 10);
    CHECK_EQ(read(fd, text, 4), 4);
    CHECK_EQ(read(fd, text + 4, 16), 6);
    CHECK_EQ(read(fd, text, 16), 0);
    puts(text);
    CHECK_EQ(lseek(fd, 20, SEEK_SET), 20);
    CHECK_EQ(read(fd, text, 1), 0);
    CHECK_EQ(write(fd, "x", 1), 1);
    CHECK_EQ(pread(fd, text, 20, 10), 11);
    for (int i = 0; i < 10; i++) CHECK_EQ(text[i], 0);
    CHECK_EQ(pwrite(fd, "yz", 2, 5), 2);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 21);
    CHECK_EQ(pread(fd, text, 3, 4), 3);
    printf("%.3s\n", text);
    CHECK_ERRNO(pread(fd, text, 1, -1), EINVAL);
    CHECK_ERRNO(pwrite(fd, text, 1, -1), EINVAL);
    CHECK_ERRNO(read(99, text, 0), EBADF);
    CHECK_ERRNO(write(99, text, 0), EBADF);
    CHECK_EQ(raw(SYS_read, fd, 8, 0), 0);
    CHECK_EQ(raw(SYS_write, fd, 8, 0), 0);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    CHECK_EQ(raw(SYS_read, fd, 8, 4), -EFAULT);
    CHECK_EQ(raw(SYS_write, fd, 8, 4), -EFAULT);
    CHECK_EQ(raw(SYS_read, fd, 0xffff800000000000, 4), -EFAULT);
    CHECK_EQ(raw(SYS_read, fd, text, -1L), -EFAULT);
    CHECK_EQ(raw(SYS_pread64, fd, 0x8000000000000000, 4, 0), -EFAULT);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
}
