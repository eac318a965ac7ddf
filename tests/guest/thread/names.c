// A thread's name is kept per thread, cut to 15 bytes, and may be read by another thread.
#include "../test.h"
#include <sys/prctl.h>

static pthread_barrier_t meet;

static void *body(void *unused) {
    CHECK_ZERO(pthread_setname_np(pthread_self(), "worker"));
    pthread_barrier_wait(&meet);
    pthread_barrier_wait(&meet);
    return unused;
}

int main(void) {
    char name[16] = "";
    CHECK(prctl(PR_SET_NAME, "a name longer than fifteen bytes") == 0);
    CHECK(prctl(PR_GET_NAME, name) == 0);
    puts(name);
    pthread_barrier_init(&meet, NULL, 2);
    pthread_t thread = spawn(body, NULL);
    pthread_barrier_wait(&meet);
    CHECK_ZERO(pthread_getname_np(thread, name, sizeof name));
    puts(name);
    CHECK(prctl(PR_GET_NAME, name) == 0);
    puts(name);
    pthread_barrier_wait(&meet);
    join(thread);
}
