// System call instructions in awkward places: two in a row, at the end of a page, before a jump target,
// followed by an instruction relative to rip.
#include "../test.h"

static const long after_value = 4711;

static long twice(void) {
    long result;
    __asm__ volatile("mov $110, %%eax\n\tsyscall\n\tmov $39, %%eax\n\tsyscall" : "=a"(result) : : "rcx", "r11", "memory");
    return result;
}

static long relative(void) {
    long loaded, number = SYS_getpid;
    __asm__ volatile("syscall\n\tmov %2, %0" : "=&r"(loaded), "+a"(number) : "m"(after_value) : "rcx", "r11", "memory");
    CHECK_EQ(number, getpid());
    return loaded;
}

static long looped(int times) {
    long result = 0, left = times;
    __asm__ volatile("1: mov $39, %%eax\n\tsyscall\n\t2: dec %1\n\tjz 3f\n\ttest $1, %b1\n\tjz 1b\n\tmov $110, %%eax\n\tjmp 2b\n\t3:" : "=&a"(result), "+r"(left) : : "rcx", "r11", "memory", "cc");
    return result;
}

static long at_page_end(void) {
    unsigned char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED);
    memcpy(p + PAGE - 7, "\xb8\x27\x00\x00\x00\x0f\x05\xc3", 8);
    long result;
    __asm__ volatile("call *%1" : "=a"(result) : "r"(p + PAGE - 7) : "rcx", "r11", "memory");
    CHECK(munmap(p + PAGE, PAGE) == 0);
    return result;
}

int main(void) {
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(twice(), getpid());
        CHECK_EQ(relative(), 4711);
        CHECK(looped(5) == getpid() || looped(5) == 110);
        CHECK_EQ(at_page_end(), getpid());
    }
    puts("ok");
}
