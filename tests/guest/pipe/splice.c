// splice, tee and vmsplice between pipes and files.
#include "../test.h"

int main(void) {
    int a[2], b[2], file = file_with("f", "0123456789", 10);
    char text[16] = {0};
    CHECK(pipe(a) == 0 && pipe(b) == 0);
    off_t at = 3;
    CHECK_EQ(splice(file, &at, a[1], NULL, 4, 0), 4);
    CHECK_EQ(at, 7);
    CHECK_EQ(tee(a[0], b[1], 10, 0), 4);
    CHECK_EQ(read(b[0], text, 16), 4);
    puts(text);
    CHECK_EQ(splice(a[0], NULL, b[1], NULL, 2, 0), 2);
    CHECK_EQ(read(b[0], text, 16), 2);
    struct iovec iov = {"xyz", 3};
    CHECK_EQ(vmsplice(b[1], &iov, 1, 0), 3);
    CHECK_EQ(read(b[0], text, 16), 3);
    printf("%.3s\n", text);
    CHECK_ERRNO(splice(file, NULL, file, NULL, 1, 0), EINVAL);
    CHECK_ERRNO(splice(a[0], &at, b[1], NULL, 1, 0), ESPIPE);
    CHECK_ERRNO(tee(a[0], a[1], 1, 0), EINVAL);
    CHECK_ERRNO(splice(a[0], NULL, b[1], NULL, 1, 0x100), EINVAL);
}
