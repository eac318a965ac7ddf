// Thread-specific data: destructors run at exit with the value of that thread; once runs once.
#include "../test.h"

static pthread_key_t key;
static _Atomic int destroyed, initialised;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void destroy(void *value) {
    destroyed += (int)(long)value;
}

static void initialise(void) {
    initialised++;
    sleep_ms(5);
}

static void *body(void *argument) {
    CHECK_ZERO(pthread_once(&once, initialise));
    CHECK_EQ(initialised, 1);
    CHECK(pthread_getspecific(key) == NULL);
    CHECK_ZERO(pthread_setspecific(key, argument));
    return NULL;
}

int main(void) {
    pthread_t threads[10];
    CHECK_ZERO(pthread_key_create(&key, destroy));
    for (long i = 0; i < 10; i++) threads[i] = spawn(body, (void *)(i + 1));
    for (long i = 0; i < 10; i++) join(threads[i]);
    printf("%d %d\n", destroyed, initialised);
}
