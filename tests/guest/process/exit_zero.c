// Returning from main flushes and runs the exit handlers in reverse order.
#include "../test.h"

static void first(void) { puts("first registered"); }
static void second(void) { puts("second registered"); }

int main(void) {
    CHECK(atexit(first) == 0 && atexit(second) == 0);
    printf("from main, ");
}
