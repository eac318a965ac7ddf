// The types and device numbers of the standard devices, pipes and sockets.
#include "../test.h"
#include <sys/socket.h>
#include <sys/sysmacros.h>

static void show(const char *name, struct stat st) {
    printf("%s: type %o", name, st.st_mode & S_IFMT);
    if (S_ISCHR(st.st_mode)) printf(" %d:%d mode %o", major(st.st_rdev), minor(st.st_rdev), st.st_mode & 0777);
    putchar('\n');
}

int main(void) {
    const char *devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"};
    struct stat st;
    for (size_t i = 0; i < COUNT(devices); i++) {
        CHECK(stat(devices[i], &st) == 0);
        show(devices[i], st);
    }
    const char *links[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd", "/proc/self", "/proc/self/exe", "/proc/self/cwd"};
    for (size_t i = 0; i < COUNT(links); i++) {
        CHECK(lstat(links[i], &st) == 0);
        show(links[i], st);
    }
    int ends[2], pair[2];
    CHECK(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(fstat(ends[0], &st) == 0);
    show("pipe", st);
    CHECK(fstat(pair[0], &st) == 0);
    show("socket", st);
}
