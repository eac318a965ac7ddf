// execve from a second thread: the process keeps its number, the new program's only thread has it, the others are gone.
#include "../test.h"
#include <dirent.h>

static char *program, *number;

static void *spin(void *unused) {
    for (;;) __asm__ volatile("pause");
    return unused;
}

static void *block(void *unused) {
    pause();
    return unused;
}

static void *execute(void *unused) {
    char *arguments[] = {program, number, NULL};
    execv(program, arguments);
    _exit(99);
    return unused;
}

static int after(pid_t expected) {
    CHECK_EQ(getpid(), expected);
    CHECK_EQ(gettid(), expected);
    DIR *directory = opendir("/proc/self/task");
    CHECK(directory);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory));) count += entry->d_name[0] != '.';
    CHECK_EQ(count, 1);
    return 28;
}

int main(int argc, char **argv) {
    if (argc > 1) return after(atoi(argv[1]));
    program = argv[0];
    for (int round = 0; round < 3; round++) {
        pid_t child = fork_child();
        if (child == 0) {
            CHECK(asprintf(&number, "%d", getpid()) > 0);
            spawn(spin, NULL);
            spawn(block, NULL);
            spawn(execute, NULL);
            if (round == 0) pthread_exit(NULL);
            for (;;) round == 1 ? (void)pause() : (void)sched_yield();
        }
        CHECK_EXITS(child, 28);
    }
    puts("ok");
}
