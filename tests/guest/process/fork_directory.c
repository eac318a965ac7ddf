// Working directory and file mode mask are inherited, and change in one process alone.
#include "../test.h"

int main(void) {
    char here[PATH_MAX], there[PATH_MAX];
    CHECK(mkdir("a", 0777) == 0 && mkdir("b", 0777) == 0 && chdir("a") == 0 && getcwd(here, sizeof here));
    umask(027);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(getcwd(there, sizeof there) && strcmp(here, there) == 0);
        CHECK_EQ(umask(0), 027);
        CHECK(chdir("../b") == 0 && close(open("made", O_CREAT | O_WRONLY, 0666)) == 0);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(getcwd(there, sizeof there) && strcmp(here, there) == 0);
    CHECK_EQ(umask(022), 027);
    struct stat st;
    CHECK(stat("../b/made", &st) == 0);
    CHECK_EQ(st.st_mode & 0777, 0666);
    puts("ok");
}
