// build: -static -no-pie
// A static program at a fixed low address finds itself there.
#include "../test.h"

static int data = 5;
static int zero[100000];

int main(void) {
    extern const char __executable_start;
    printf("%p %d\n", (void *)&__executable_start, data);
    for (size_t i = 0; i < COUNT(zero); i++) CHECK_EQ(zero[i], 0);
}
