// build: -static-pie
// A static program that relocates itself.
#include "../test.h"

static const char *const texts[] = {"re", "lo", "cated"};

int main(void) {
    for (size_t i = 0; i < COUNT(texts); i++) fputs(texts[i], stdout);
    puts("");
    extern const char __executable_start;
    CHECK_EQ((uintptr_t)&__executable_start % PAGE, 0);
    CHECK((uintptr_t)&__executable_start > 0x100000);
}
