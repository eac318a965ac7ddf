// /proc/net/unix lists sockets with their type, state and name.
#include "unix.h"

static void show(const char *name) {
    static char text[1 << 20];
    CHECK(read_text("/proc/net/unix", text, sizeof text) > 0);
    CHECK(strncmp(text, "Num       RefCount Protocol Flags    Type St Inode Path\n", 55) == 0);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        unsigned flags, type, state;
        unsigned long inode;
        char path[200];
        if (sscanf(line, "%*x: %*x %*x %x %x %x %lu %199s", &flags, &type, &state, &inode, path) == 5 && strcmp(path, name) == 0) {
            printf("%s %#x %u %u\n", path, flags, type, state);
            return;
        }
    }
    printf("%s is not there\n", name);
}

int main(void) {
    char path[] = "litebox-test-path";
    int server = listening(SOCK_STREAM, path, 1), datagram = bound(SOCK_DGRAM, "@litebox-test-datagram");
    int client = bound(SOCK_SEQPACKET, "@litebox-test-packets");
    show(path);
    show("@litebox-test-datagram");
    show("@litebox-test-packets");
    CHECK(close(datagram) == 0 && close(client) == 0 && close(server) == 0);
    show("@litebox-test-datagram");
}
