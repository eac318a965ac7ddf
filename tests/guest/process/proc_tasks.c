// /proc/PID/task of a child with threads lists each by its number, with a stat of its own.
#include "../test.h"
#include <dirent.h>

static struct gate ready, gate;
static pid_t *numbers;

static void *body(void *argument) {
    numbers[(long)argument] = gettid();
    open_gate(ready);
    for (;;) pause();
    return NULL;
}

int main(void) {
    char path[96], text[1024];
    numbers = shared_pages(1);
    ready = new_gate();
    gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        for (long i = 0; i < 3; i++) spawn(body, (void *)i);
        pass_gate(gate);
        _exit(0);
    }
    for (int i = 0; i < 3; i++) pass_gate(ready);
    snprintf(path, sizeof path, "/proc/%d/task", child);
    DIR *directory = opendir(path);
    CHECK(directory);
    int known = 0, all = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (entry->d_name[0] == '.') continue;
        pid_t number = atoi(entry->d_name);
        all++;
        known += number == child || number == numbers[0] || number == numbers[1] || number == numbers[2];
    }
    CHECK(closedir(directory) == 0);
    CHECK(all == 4 && known == 4);
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "/proc/%d/task/%d/stat", child, numbers[i]);
        CHECK(read_text(path, text, sizeof text) > 0);
        CHECK_EQ(atoi(text), numbers[i]);
        // A thread has a folder of its own, which the listing of /proc leaves out.
        snprintf(path, sizeof path, "/proc/%d/status", numbers[i]);
        CHECK(read_text(path, text, sizeof text) > 0);
        char *group = strstr(text, "\nTgid:\t");
        CHECK(group && atoi(group + 7) == child);
    }
    snprintf(path, sizeof path, "/proc/%d/task/%d", child, getpid());
    CHECK_ERRNO(access(path, F_OK), ENOENT);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    puts("ok");
}
