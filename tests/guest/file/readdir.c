// readdir, telldir, seekdir, rewinddir; entries removed on the way cause no repetition of others.
#include "../test.h"
#include <dirent.h>

int main(void) {
    CHECK(mkdir("d", 0755) == 0);
    char name[64];
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "d/%d", i);
        close(file_with(name, "", 0));
    }
    DIR *dir = opendir("d");
    char seen[500] = {0};
    int count = 0;
    for (struct dirent *e; (e = readdir(dir));) {
        if (e->d_name[0] == '.') continue;
        int i = atoi(e->d_name);
        CHECK(!seen[i]++);
        count++;
        snprintf(name, sizeof name, "d/%d", i);
        CHECK(unlink(name) == 0);
        if (count % 50 == 0) {
            snprintf(name, sizeof name, "d/.new%d", i);
            close(file_with(name, "", 0));
        }
    }
    printf("%d\n", count);
    rewinddir(dir);
    count = 0;
    while (readdir(dir)) count++;
    printf("%d\n", count);
    rewinddir(dir);
    CHECK(readdir(dir) && readdir(dir));
    long here = telldir(dir);
    struct dirent *e = readdir(dir);
    strcpy(name, e->d_name);
    CHECK(readdir(dir));
    seekdir(dir, here);
    CHECK(strcmp(readdir(dir)->d_name, name) == 0);
    CHECK(closedir(dir) == 0);
    CHECK(opendir("none") == NULL);
}
