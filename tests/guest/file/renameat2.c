// RENAME_NOREPLACE and RENAME_EXCHANGE.
#include "../test.h"

static char first_byte(const char *name) {
    char byte = '-';
    int fd = open(name, O_RDONLY);
    if (fd >= 0 && read(fd, &byte, 1) != 1) byte = '0';
    close(fd);
    return byte;
}

int main(void) {
    close(file_with("a", "A", 1));
    close(file_with("b", "B", 1));
    CHECK(mkdir("d", 0755) == 0);
    CHECK_ERRNO(renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_NOREPLACE), EEXIST);
    CHECK(renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE) == 0);
    printf("%c%c\n", first_byte("a"), first_byte("b"));
    CHECK(renameat2(AT_FDCWD, "a", AT_FDCWD, "d", RENAME_EXCHANGE) == 0);
    struct stat st;
    CHECK(stat("a", &st) == 0 && S_ISDIR(st.st_mode));
    CHECK(renameat2(AT_FDCWD, "b", AT_FDCWD, "c", RENAME_NOREPLACE) == 0);
    CHECK_ERRNO(renameat2(AT_FDCWD, "c", AT_FDCWD, "none", RENAME_EXCHANGE), ENOENT);
    CHECK_ERRNO(renameat2(AT_FDCWD, "c", AT_FDCWD, "d", RENAME_EXCHANGE | RENAME_NOREPLACE), EINVAL);
    CHECK_ERRNO(renameat2(AT_FDCWD, "c", AT_FDCWD, "d", 0x80), EINVAL);
    printf("%c%c\n", first_byte("c"), first_byte("d"));
}
