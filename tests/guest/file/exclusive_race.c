// Of many threads that create the same file with O_EXCL, link it or make the same directory, one wins.
#include "../test.h"

static _Atomic int created, linked, made;
static pthread_barrier_t start;

static void *body(void *unused) {
    char name[20];
    for (int i = 0; i < 100; i++) {
        pthread_barrier_wait(&start);
        snprintf(name, sizeof name, "f%d", i);
        int fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0600);
        if (fd >= 0) created++, close(fd);
        snprintf(name, sizeof name, "l%d", i);
        if (link("source", name) == 0) linked++;
        snprintf(name, sizeof name, "d%d", i);
        if (mkdir(name, 0700) == 0) made++;
    }
    return unused;
}

int main(void) {
    pthread_t threads[4];
    close(file_with("source", "", 0));
    pthread_barrier_init(&start, NULL, 4);
    for (int i = 0; i < 4; i++) threads[i] = spawn(body, NULL);
    for (int i = 0; i < 4; i++) join(threads[i]);
    printf("%d %d %d\n", created, linked, made);
}
