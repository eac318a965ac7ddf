// personality: the default, what it answers to the query, setting it and reading it back.
#include "../test.h"
#include <sys/personality.h>

int main(void) {
    CHECK_EQ(personality(0xffffffff), PER_LINUX);
    CHECK_EQ(personality(ADDR_NO_RANDOMIZE), PER_LINUX);
    CHECK_EQ(personality(0xffffffff), ADDR_NO_RANDOMIZE);
    CHECK_EQ(personality(PER_LINUX), ADDR_NO_RANDOMIZE);
    puts("ok");
}
