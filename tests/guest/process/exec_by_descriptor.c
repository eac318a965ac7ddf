// needs: /bin/sh
// execveat: by descriptor, relative to a directory, without following a link; fexecve; a script that closes itself.
#include "../test.h"

extern char **environ;

static int execute_at(int directory, const char *path, int flags) {
    char *arguments[] = {"program", "again", NULL};
    return (int)raw(SYS_execveat, directory, path, arguments, environ, flags);
}

int main(int argc, char **argv) {
    if (argc > 1) return strcmp(argv[0], "program") == 0 ? 17 : 18;
    int fd = open(argv[0], O_RDONLY | O_CLOEXEC), folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(symlink(argv[0], "link") == 0);
    CHECK_EQ(execute_at(folder, "link", AT_SYMLINK_NOFOLLOW), -ELOOP);
    CHECK_EQ(execute_at(fd, "", 0), -ENOENT);
    CHECK_EQ(execute_at(fd, "x", 0), -ENOTDIR);
    CHECK_EQ(execute_at(999, "link", 0), -EBADF);
    CHECK_EQ(execute_at(fd, "", AT_EMPTY_PATH | 0x100000), -EINVAL);
    CHECK_EQ(execute_at(folder, "", AT_EMPTY_PATH), -EACCES);
    int script = file_with("script", "#!/bin/sh\nexit 5\n", 17);
    CHECK(fchmod(script, 0755) == 0 && close(script) == 0);
    script = open("script", O_RDONLY | O_CLOEXEC);
    CHECK_EQ(execute_at(script, "", AT_EMPTY_PATH), -ENOENT);
    for (int way = 0; way < 4; way++) {
        pid_t child = fork_child();
        if (child == 0) {
            if (way == 0) execute_at(fd, "", AT_EMPTY_PATH);
            if (way == 1) execute_at(folder, "link", 0);
            if (way == 2) execute_at(-1, argv[0], 0);
            if (way == 3) fexecve(fd, (char *[]){"program", "again", NULL}, environ);
            _exit(99);
        }
        CHECK_EXITS(child, 17);
    }
    CHECK(fcntl(script, F_SETFD, 0) == 0);
    pid_t child = fork_child();
    if (child == 0) _exit(execute_at(script, "", AT_EMPTY_PATH) ? 99 : 98);
    CHECK_EXITS(child, 5);
    puts("ok");
}
