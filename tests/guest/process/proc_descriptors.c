// /proc/PID/fd and fdinfo of a child: what it has open, where it stands, and opened again through the link.
#include "../test.h"
#include <dirent.h>

int main(void) {
    char path[64], target[PATH_MAX], text[1024], byte;
    struct gate ready = new_gate(), gate = new_gate();
    CHECK(close(file_with("f", "0123456789", 10)) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        int fd = open("f", O_RDONLY | O_CLOEXEC);
        CHECK(dup3(fd, 77, O_CLOEXEC) == 77 && close(fd) == 0 && lseek(77, 6, SEEK_SET) == 6);
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    snprintf(path, sizeof path, "/proc/%d/fd", child);
    DIR *directory = opendir(path);
    CHECK(directory);
    int found = 0, zero = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        found += strcmp(entry->d_name, "77") == 0;
        zero += strcmp(entry->d_name, "0") == 0;
    }
    CHECK(closedir(directory) == 0);
    CHECK(found == 1 && zero == 1);
    snprintf(path, sizeof path, "/proc/%d/fd/77", child);
    ssize_t length = readlink(path, target, sizeof target - 1);
    CHECK(length > 2);
    target[length] = 0;
    CHECK(strcmp(strrchr(target, '/'), "/f") == 0);
    int copy = open(path, O_RDONLY);
    CHECK(copy >= 0 && read(copy, &byte, 1) == 1 && byte == '0');
    CHECK_ERRNO(fcntl(77, F_GETFD), EBADF);
    snprintf(path, sizeof path, "/proc/%d/fdinfo/77", child);
    CHECK(read_text(path, text, sizeof text) > 0);
    CHECK(strncmp(text, "pos:\t6\n", 7) == 0);
    char *flags = strstr(text, "flags:\t");
    CHECK(flags && (strtol(flags + 7, NULL, 8) & O_CLOEXEC));
    snprintf(path, sizeof path, "/proc/%d/fd/78", child);
    CHECK_ERRNO(readlink(path, target, sizeof target), ENOENT);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    puts("ok");
}
