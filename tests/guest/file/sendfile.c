// sendfile and copy_file_range move bytes between descriptors with and without an offset.
#include "../test.h"
#include <sys/sendfile.h>

int main(void) {
    int in = file_with("in", "0123456789", 10), out = file_with("out", "", 0), ends[2];
    char text[16] = {0};
    CHECK(pipe(ends) == 0);
    off_t at = 2;
    CHECK_EQ(sendfile(ends[1], in, &at, 4), 4);
    CHECK_EQ(at, 6);
    CHECK_EQ(lseek(in, 0, SEEK_CUR), 0);
    CHECK_EQ(sendfile(out, in, NULL, 100), 10);
    CHECK_EQ(lseek(in, 0, SEEK_CUR), 10);
    CHECK_EQ(sendfile(out, in, NULL, 100), 0);
    CHECK_EQ(read(ends[0], text, 16), 4);
    puts(text);
    CHECK_ERRNO(sendfile(out, ends[0], NULL, 1), EINVAL);
    CHECK_ERRNO(sendfile(99, in, NULL, 1), EBADF);
    off_t from = 1, to = 20;
    CHECK_EQ(copy_file_range(in, &from, out, &to, 3, 0), 3);
    CHECK(from == 4 && to == 23);
    CHECK_EQ(pread(out, text, 16, 20), 3);
    printf("%.3s\n", text);
    CHECK_ERRNO(copy_file_range(in, &from, out, &to, 3, 1), EINVAL);
}
