// needs: /bin/sh /bin/true
// execve that fails leaves the program as it was: missing, empty, no program, directory, not executable.
#include "../test.h"

extern char **environ;

static int try(const char *path) {
    char *argv[] = {(char *)path, NULL};
    CHECK_EQ(execve(path, argv, environ), -1);
    return errno;
}

int main(void) {
    CHECK(close(file_with("empty", "", 0)) == 0 && chmod("empty", 0755) == 0);
    CHECK(close(file_with("garbage", "\x7f" "ELF garbage", 12)) == 0 && chmod("garbage", 0755) == 0);
    CHECK(close(file_with("plain", "#!/bin/sh\n", 10)) == 0 && chmod("plain", 0644) == 0);
    CHECK(close(file_with("lost", "#!/no/such/interpreter\n", 23)) == 0 && chmod("lost", 0755) == 0);
    printf("%d %d %d\n", try("none") == ENOENT, try("empty") == ENOEXEC, try("garbage") == ENOEXEC);
    printf("%d %d %d\n", try(".") == EACCES, try("plain") == EACCES, try("lost") == ENOENT);
    printf("%d %d\n", try("empty/x") == ENOTDIR, try("") == ENOENT);
    CHECK_EQ(raw(SYS_execve, 8, NULL, NULL), -EFAULT);
    CHECK_EQ(raw(SYS_execve, "/bin/true", 8, NULL), -EFAULT);
    static char huge[140000];
    memset(huge, 'x', sizeof huge - 1);
    char *argv[] = {"true", huge, NULL};
    CHECK_ERRNO(execve("/bin/true", argv, environ), E2BIG);
}
