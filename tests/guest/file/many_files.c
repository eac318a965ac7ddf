// Two thousand files and a tree forty levels deep are made, found and removed again.
#include "../test.h"

int main(void) {
    char name[64];
    CHECK(mkdir("many", 0755) == 0);
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof name, "many/%d", i);
        int fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0600);
        CHECK(fd >= 0 && write(fd, name, strlen(name)) > 0 && close(fd) == 0);
    }
    struct stat st;
    for (int i = 0; i < 2000; i += 7) {
        snprintf(name, sizeof name, "many/%d", i);
        CHECK(stat(name, &st) == 0 && st.st_size == (off_t)strlen(name));
    }
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof name, "many/%d", i);
        CHECK(unlink(name) == 0);
    }
    CHECK(rmdir("many") == 0);
    for (int i = 0; i < 40; i++) CHECK(mkdir("level", 0755) == 0 && chdir("level") == 0);
    close(file_with("bottom", "", 0));
    CHECK(unlink("bottom") == 0);
    for (int i = 0; i < 40; i++) CHECK(chdir("..") == 0 && rmdir("level") == 0);
    puts("ok");
}
