// ends: signal 13
// By default SIGPIPE kills.
#include "../test.h"

int main(void) {
    int ends[2];
    CHECK(pipe(ends) == 0 && close(ends[0]) == 0);
    CHECK(write(ends[1], "x", 1) == 1);
}
