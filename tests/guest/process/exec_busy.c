// ETXTBSY: a file open for writing cannot be executed, a running program cannot be opened for writing.
#include "../test.h"
#include <sys/sendfile.h>

int main(int argc, char **argv) {
    if (argc > 1) {
        char byte;
        return read(0, &byte, 1) == 0 ? 8 : 9;
    }
    struct stat st;
    char byte;
    int source = open(argv[0], O_RDONLY), ends[2], started[2];
    int target = open("copy", O_WRONLY | O_CREAT, 0755);
    CHECK(source >= 0 && target >= 0 && fstat(source, &st) == 0);
    CHECK_EQ(sendfile(target, source, NULL, (size_t)st.st_size), st.st_size);
    CHECK_ERRNO(execl("./copy", "copy", "again", NULL), ETXTBSY);
    CHECK(close(target) == 0 && pipe2(ends, O_CLOEXEC) == 0 && pipe2(started, O_CLOEXEC) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(dup2(ends[0], 0) == 0);
        execl("./copy", "copy", "again", NULL);
        _exit(99);
    }
    // This pipe ends when the new program has started.
    CHECK(close(started[1]) == 0);
    CHECK_EQ(read(started[0], &byte, 1), 0);
    CHECK_ERRNO(open("copy", O_WRONLY), ETXTBSY);
    CHECK_ERRNO(truncate("copy", 0), ETXTBSY);
    CHECK(close(ends[1]) == 0);
    CHECK_EXITS(child, 8);
    CHECK(open("copy", O_WRONLY) >= 0);
    puts("ok");
}
