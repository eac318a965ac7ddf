// ends: signal 6
// abort ends by SIGABRT even if a handler for it returns.
#include "../test.h"

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    CHECK(write(1, "handler\n", 8) == 8);
}

int main(void) {
    handle(SIGABRT, on_signal, 0);
    abort();
}
