// The first thread may exit by pthread_exit; the process ends with the last thread, with status 0.
#include "../test.h"

static void *body(void *main_thread) {
    CHECK_ZERO(pthread_join(*(pthread_t *)main_thread, NULL));
    puts("main has gone");
    return NULL;
}

int main(void) {
    static pthread_t self;
    self = pthread_self();
    spawn(body, &self);
    pthread_exit(NULL);
}
