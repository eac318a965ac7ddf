// /proc/self/task lists the threads; /proc/<pid> is /proc/self.
#include "../test.h"
#include <dirent.h>

static pthread_barrier_t barrier;

static void *body(void *unused) {
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return unused;
}

static int count(const char *path) {
    DIR *dir = opendir(path);
    CHECK(dir);
    int n = 0;
    for (struct dirent *e; (e = readdir(dir));) n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}

int main(void) {
    char path[64];
    pthread_t threads[3];
    pthread_barrier_init(&barrier, NULL, 4);
    for (int i = 0; i < 3; i++) threads[i] = spawn(body, NULL);
    pthread_barrier_wait(&barrier);
    printf("%d\n", count("/proc/self/task"));
    snprintf(path, sizeof path, "/proc/%d/task", getpid());
    printf("%d\n", count(path));
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < 3; i++) join(threads[i]);
    char text[16] = {0};
    ssize_t length = readlink("/proc/self", text, sizeof text - 1);
    CHECK(length > 0 && atoi(text) == getpid());
}
