// Threads share descriptors, the working directory, the umask and memory mappings.
#include "../test.h"

static int ends[2];
static char *page;

static void *body(void *unused) {
    CHECK(pipe(ends) == 0);
    CHECK(mkdir("d", 0755) == 0 && chdir("d") == 0);
    umask(027);
    page = map_pages(1);
    page[0] = 'p';
    return unused;
}

int main(void) {
    char before[4096], after[4096];
    CHECK(getcwd(before, sizeof before));
    join(spawn(body, NULL));
    CHECK(getcwd(after, sizeof after));
    CHECK_EQ(strlen(after), strlen(before) + 2);
    puts(after + strlen(before));
    printf("%03o %c\n", umask(0), page[0]);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK(chdir("..") == 0 && rmdir("d") == 0);
}
