// mknod makes regular files, pipes and sockets with names; devices need privilege.
#include "../test.h"

int main(void) {
    struct stat st;
    umask(022);
    CHECK(mknod("f", S_IFREG | 0666, 0) == 0 && mkfifo("p", 0666) == 0 && mknod("zero", 0600, 0) == 0);
    CHECK(stat("p", &st) == 0);
    printf("%o\n", st.st_mode);
    CHECK(stat("zero", &st) == 0);
    printf("%o\n", st.st_mode);
    CHECK_ERRNO(mknod("f", S_IFREG | 0666, 0), EEXIST);
    CHECK_ERRNO(mknod("d", S_IFDIR | 0777, 0), EPERM);
    CHECK_ERRNO(mknod("x", 0170000, 0), EINVAL);
    CHECK(mknod("s", S_IFSOCK | 0600, 0) == 0);
    CHECK_ERRNO(open("s", O_RDONLY), ENXIO);
    CHECK_ERRNO(open("p", O_WRONLY | O_NONBLOCK), ENXIO);
    int reader = open("p", O_RDONLY | O_NONBLOCK), writer = open("p", O_WRONLY);
    char byte;
    CHECK(write(writer, "n", 1) == 1 && read(reader, &byte, 1) == 1 && byte == 'n');
    CHECK(close(writer) == 0 && read(reader, &byte, 1) == 0);
}
