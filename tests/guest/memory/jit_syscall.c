// A system call instruction in code made at run time works, the first time and the thousandth, also after
// the page is made anew with another number.
#include "../test.h"

static const unsigned char template[] = {0xb8, 0, 0, 0, 0, 0x0f, 0x05, 0xc3}; // mov $nr,%eax; syscall; ret

static long call(void *page) {
    long result;
    __asm__ volatile("call *%1" : "=a"(result) : "r"(page) : "rcx", "r11", "memory", "cc");
    return result;
}

int main(void) {
    unsigned char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    int numbers[] = {SYS_getpid, SYS_getppid, SYS_getuid, 10000};
    long wanted[] = {getpid(), getppid(), getuid(), -ENOSYS};
    for (int round = 0; round < 20; round++)
        for (size_t i = 0; i < COUNT(numbers); i++) {
            unsigned char *code = page + 64 * (round % 4);
            memcpy(code, template, sizeof template);
            memcpy(code + 1, &numbers[i], 4);
            for (int again = 0; again < 5; again++) CHECK_EQ(call(code), wanted[i]);
        }
    puts("ok");
}
