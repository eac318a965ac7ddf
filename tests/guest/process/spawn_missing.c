// posix_spawn returns the reason when the program cannot be started, and leaves no child.
#include "../test.h"
#include <spawn.h>

extern char **environ;

int main(void) {
    pid_t child = 77;
    char *arguments[] = {"x", NULL};
    CHECK(close(file_with("plain", "#!/bin/sh\n", 10)) == 0 && chmod("plain", 0644) == 0);
    CHECK(close(file_with("garbage", "\x7f" "ELF garbage", 12)) == 0 && chmod("garbage", 0755) == 0);
    CHECK_EQ(posix_spawn(&child, "/no/such/program", NULL, NULL, arguments, environ), ENOENT);
    CHECK_EQ(posix_spawn(&child, "plain", NULL, NULL, arguments, environ), EACCES);
    CHECK_EQ(posix_spawn(&child, "garbage", NULL, NULL, arguments, environ), ENOEXEC);
    CHECK_EQ(posix_spawnp(&child, "no-such-program-in-path", NULL, NULL, arguments, environ), ENOENT);
    CHECK_ERRNO(wait(NULL), ECHILD);
    puts("ok");
}
