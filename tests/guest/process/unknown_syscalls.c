// Numbers that do not exist are ENOSYS, whatever their size; a number is the low 32 bits of rax.
#include "../test.h"

int main(void) {
    long numbers[] = {-1, -2, 10000, 1000000, 0x7fffffff, 512, 600, 0xffffffff, 0x40000000 + 10000};
    for (size_t i = 0; i < COUNT(numbers); i++) CHECK_EQ(raw6(numbers[i], 0, 0, 0, 0, 0, 0), -ENOSYS);
    CHECK_EQ(raw6(0x12345678ffffffff, 0, 0, 0, 0, 0, 0), -ENOSYS);
    CHECK_ERRNO(syscall(-1), ENOSYS);
    CHECK_ERRNO(syscall(5000), ENOSYS);
    puts("ok");
}
