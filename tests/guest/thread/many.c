// Two hundred threads at once, all blocked, then all let go.
#include "../test.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static int waiting, is_open;

static void *body(void *unused) {
    pthread_mutex_lock(&lock);
    waiting++;
    while (!is_open) pthread_cond_wait(&opened, &lock);
    waiting--;
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void) {
    pthread_t threads[200];
    pthread_attr_t attribute;
    pthread_attr_init(&attribute);
    pthread_attr_setstacksize(&attribute, 64 * 1024);
    for (size_t i = 0; i < COUNT(threads); i++) CHECK_ZERO(pthread_create(&threads[i], &attribute, body, NULL));
    for (int now = 0; now < 200;) {
        sleep_ms(1);
        pthread_mutex_lock(&lock);
        now = waiting;
        pthread_mutex_unlock(&lock);
    }
    pthread_mutex_lock(&lock);
    is_open = 1;
    pthread_cond_broadcast(&opened);
    pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < COUNT(threads); i++) join(threads[i]);
    printf("%d\n", waiting);
}
