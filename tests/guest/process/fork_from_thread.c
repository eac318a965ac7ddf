// fork from a thread: the caller alone lives on in the child, as its main thread, with its storage and stack.
#include "../test.h"
#include <dirent.h>

static __thread int stored;
static struct gate never;

static void *other(void *unused) {
    char byte;
    CHECK_EQ(read(never.ends[0], &byte, 1), 0);
    return unused;
}

static int count_tasks(void) {
    DIR *directory = opendir("/proc/self/task");
    CHECK(directory);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory));) count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

static void *nothing(void *unused) {
    return unused;
}

static void *forker(void *argument) {
    stored = *(int *)argument;
    pthread_t self = pthread_self();
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_EQ(stored, 77);
        CHECK_EQ(gettid(), getpid());
        CHECK(pthread_equal(self, pthread_self()));
        CHECK_EQ(count_tasks(), 1);
        // The new process makes threads of its own.
        CHECK(join(spawn(nothing, &stored)) == &stored);
        _exit(23);
    }
    CHECK_EXITS(child, 23);
    return NULL;
}

int main(void) {
    int value = 77;
    never = new_gate();
    pthread_t waiting = spawn(other, NULL);
    join(spawn(forker, &value));
    CHECK(close(never.ends[1]) == 0);
    join(waiting);
    puts("ok");
}
