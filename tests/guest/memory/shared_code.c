// Code in a memory file, mapped twice: written through one mapping, run through the other. Its system calls work,
// and running them leaves the file's bytes as they are.
#include "../test.h"

// mov $39,%eax (getpid); syscall; ret
static const unsigned char code[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3};

int main(void) {
    int fd = memfd_create("code", 0);
    CHECK(ftruncate(fd, PAGE) == 0);
    unsigned char *writer = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    unsigned char *runner = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    CHECK(writer != MAP_FAILED && runner != MAP_FAILED);
    memcpy(writer, code, sizeof code);
    for (int i = 0; i < 100; i++) CHECK_EQ(((int (*)(void))runner)(), getpid());
    unsigned char got[sizeof code];
    CHECK(pread(fd, got, sizeof got, 0) == sizeof got);
    CHECK(memcmp(got, code, sizeof code) == 0);
    CHECK(memcmp(writer, code, sizeof code) == 0);
    unsigned char *other = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
    CHECK(other != MAP_FAILED);
    for (int i = 0; i < 100; i++) CHECK_EQ(((int (*)(void))other)(), getpid());
    CHECK(memcmp(writer, code, sizeof code) == 0);
    puts("ok");
}
