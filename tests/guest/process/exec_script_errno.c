// needs: /bin/sh
// Scripts that cannot run: interpreter missing, not executable, a directory, an empty first line, a circle.
#include "../test.h"

static int run(const char *first_line) {
    int fd = file_with("s", first_line, strlen(first_line));
    CHECK(fchmod(fd, 0755) == 0 && close(fd) == 0);
    CHECK_EQ(execl("./s", "s", NULL), -1);
    return errno;
}

int main(void) {
    CHECK(close(file_with("plain", "#!/bin/sh\n", 10)) == 0 && chmod("plain", 0644) == 0);
    CHECK_EQ(run("#!/no/such/interpreter\n"), ENOENT);
    CHECK_EQ(run("#!./plain\n"), EACCES);
    CHECK_EQ(run("#!/tmp\n"), EACCES);
    CHECK_EQ(run("#!\n"), ENOEXEC);
    CHECK_EQ(run("#!   \n"), ENOEXEC);
    CHECK_EQ(run("#/bin/sh\n"), ENOEXEC);
    CHECK_EQ(run("#!./s\n"), ELOOP);
    CHECK_EQ(run("#!/bin/sh/x\n"), ENOTDIR);
    puts("ok");
}
