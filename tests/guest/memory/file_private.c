// A private file mapping shows the file, zeros after its end, and keeps writes to itself.
#include "../test.h"

int main(void) {
    char bytes[PAGE + 100];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = 'a' + i % 26;
    int fd = file_with("f", bytes, sizeof bytes);
    char *p = mmap(NULL, sizeof bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    char *second = mmap(NULL, 100, PROT_READ, MAP_PRIVATE, fd, PAGE);
    CHECK(p != MAP_FAILED && second != MAP_FAILED);
    CHECK(close(fd) == 0);
    CHECK(memcmp(p, bytes, sizeof bytes) == 0);
    CHECK(memcmp(second, bytes + PAGE, 100) == 0);
    for (size_t i = sizeof bytes; i < 2 * PAGE; i++) CHECK_EQ(p[i], 0);
    p[PAGE] = '!';
    p[sizeof bytes] = '!';
    char again;
    fd = open("f", O_RDONLY);
    CHECK(pread(fd, &again, 1, PAGE) == 1);
    CHECK_EQ(again, bytes[PAGE]);
    CHECK_EQ(second[0], bytes[PAGE]);
    struct stat st;
    CHECK(fstat(fd, &st) == 0);
    CHECK_EQ(st.st_size, sizeof bytes);
    puts("ok");
}
