// A socket outlives fork and exec of its owner's children, and its name the process that made it.
#include "unix.h"

int main(int argc, char **argv) {
    if (argc > 1) {
        int server = atoi(argv[1]);
        int accepted = accept(server, NULL, NULL);
        CHECK(accepted >= 0);
        CHECK_SENDS(accepted, "from the new program");
        return 0;
    }
    char number[16];
    int server = listening(SOCK_STREAM, "door", 4);
    pid_t child = fork_child();
    if (child == 0) {
        snprintf(number, sizeof number, "%d", server);
        execv("/proc/self/exe", (char *[]){argv[0], number, NULL});
        _exit(1);
    }
    CHECK(close(server) == 0);
    int client = connected(SOCK_STREAM, "door");
    CHECK_TEXT(client, "from the new program");
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(connect_to(new_socket(SOCK_STREAM), "door"), ECONNREFUSED);
    child = fork_child();
    if (child == 0) {
        bound(SOCK_DGRAM, "left");
        bound(SOCK_DGRAM, "@litebox-test-left");
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(access("left", F_OK) == 0);
    CHECK_ERRNO(bind_to(new_socket(SOCK_DGRAM), "left"), EADDRINUSE);
    CHECK(bind_to(new_socket(SOCK_DGRAM), "@litebox-test-left") == 0);
}
