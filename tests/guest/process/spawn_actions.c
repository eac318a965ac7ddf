// The file actions of posix_spawn: open, dup2, close and chdir happen in order, in the child alone.
#include "../test.h"
#include <spawn.h>

extern char **environ;

int main(int argc, char **argv) {
    if (argc > 1) {
        char text[8], here[PATH_MAX];
        CHECK_ERRNO(fcntl(atoi(argv[1]), F_GETFD), EBADF);
        CHECK(read(30, text, sizeof text) == 5 && memcmp(text, "input", 5) == 0);
        CHECK(write(31, "output", 6) == 6);
        CHECK_EQ(fcntl(32, F_GETFD), 0);
        CHECK(getcwd(here, sizeof here) && strcmp(strrchr(here, '/'), "/d") == 0);
        return 12;
    }
    posix_spawn_file_actions_t actions;
    pid_t child;
    char number[16], text[8];
    int kept = fcntl(file_with("in", "input", 5), F_DUPFD_CLOEXEC, 40), gone = open("in", O_RDONLY);
    CHECK(mkdir("d", 0777) == 0);
    snprintf(number, sizeof number, "%d", gone);
    char *arguments[] = {"program", number, NULL};
    CHECK_ZERO(posix_spawn_file_actions_init(&actions));
    CHECK_ZERO(posix_spawn_file_actions_addclose(&actions, gone));
    CHECK_ZERO(posix_spawn_file_actions_adddup2(&actions, kept, 30));
    CHECK_ZERO(posix_spawn_file_actions_addopen(&actions, 31, "out", O_WRONLY | O_CREAT, 0600));
    // The same number on both sides takes the close-on-exec flag away.
    CHECK_EQ(dup3(kept, 32, O_CLOEXEC), 32);
    CHECK_ZERO(posix_spawn_file_actions_adddup2(&actions, 32, 32));
    CHECK_ZERO(posix_spawn_file_actions_addchdir_np(&actions, "d"));
    CHECK_ZERO(posix_spawn(&child, argv[0], &actions, NULL, arguments, environ));
    CHECK_EXITS(child, 12);
    CHECK_EQ(fcntl(gone, F_GETFD), 0);
    CHECK_EQ(fcntl(32, F_GETFD), FD_CLOEXEC);
    CHECK(read(open("out", O_RDONLY), text, sizeof text) == 6 && memcmp(text, "output", 6) == 0);
    CHECK_ZERO(posix_spawn_file_actions_addopen(&actions, 33, "missing", O_RDONLY, 0));
    CHECK_EQ(posix_spawn(&child, argv[0], &actions, NULL, arguments, environ), ENOENT);
    CHECK_ZERO(posix_spawn_file_actions_destroy(&actions));
    CHECK_ERRNO(wait(NULL), ECHILD);
    puts("ok");
}
