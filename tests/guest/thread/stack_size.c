// A thread's stack has the size asked for, and its guard page faults.
#include "../test.h"
#include <setjmp.h>

static sigjmp_buf back;

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    siglongjmp(back, 1);
}

static void *body(void *unused) {
    pthread_attr_t attribute;
    void *low;
    size_t size, guard;
    CHECK_ZERO(pthread_getattr_np(pthread_self(), &attribute));
    CHECK_ZERO(pthread_attr_getstack(&attribute, &low, &size));
    CHECK_ZERO(pthread_attr_getguardsize(&attribute, &guard));
    CHECK(size >= 128 * 1024 && guard >= PAGE);
    char *lowest = low;
    lowest[64] = 1;
    if (sigsetjmp(back, 1)) {
        puts("the guard faults");
        return unused;
    }
    lowest[-1] = 1;
    FAIL("no fault below the stack");
}

int main(void) {
    pthread_attr_t attribute;
    pthread_t thread;
    handle(SIGSEGV, on_fault, 0);
    CHECK_ZERO(pthread_attr_init(&attribute));
    CHECK_ZERO(pthread_attr_setstacksize(&attribute, 128 * 1024));
    CHECK_ZERO(pthread_create(&thread, &attribute, body, NULL));
    join(thread);
}
