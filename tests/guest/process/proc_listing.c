// /proc lists a child while it lives and no longer; a folder opened before its end is ESRCH or ENOENT afterwards.
#include "../test.h"
#include <dirent.h>

static int listed(pid_t pid) {
    DIR *directory = opendir("/proc");
    CHECK(directory);
    int found = 0;
    for (struct dirent *entry; (entry = readdir(directory));) found += atoi(entry->d_name) == pid;
    CHECK(closedir(directory) == 0);
    return found;
}

int main(void) {
    char path[64], text[64];
    struct stat st;
    struct gate gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        pass_gate(gate);
        _exit(0);
    }
    CHECK_EQ(listed(child), 1);
    CHECK_EQ(listed(getpid()), 1);
    snprintf(path, sizeof path, "/proc/%d", child);
    CHECK(stat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid());
    int folder = open(path, O_RDONLY | O_DIRECTORY), file = openat(folder, "stat", O_RDONLY);
    CHECK(folder >= 0 && file >= 0);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    CHECK_EQ(listed(child), 0);
    CHECK_ERRNO(open(path, O_RDONLY), ENOENT);
    CHECK(openat(folder, "stat", O_RDONLY) == -1 && (errno == ENOENT || errno == ESRCH));
    CHECK_ERRNO(read(file, text, sizeof text), ESRCH);
    puts("ok");
}
