// needs: /bin/sh
// ETXTBSY of scripts, mapped files and /proc/self/exe; who made a memfd does not count as its writer.
#include "../test.h"
#include <sys/mman.h>
#include <sys/sendfile.h>

static void copy(const char *from, int to) {
    struct stat st;
    int source = open(from, O_RDONLY);
    CHECK(source >= 0 && fstat(source, &st) == 0);
    CHECK_EQ(sendfile(to, source, NULL, (size_t)st.st_size), st.st_size);
    CHECK(close(source) == 0);
}

int main(int argc, char **argv) {
    if (argc > 1) {
        CHECK_ERRNO(open("/proc/self/exe", O_RDWR), ETXTBSY);
        int fd = open("/proc/self/exe", O_RDONLY);
        CHECK(fd >= 0);
        CHECK_ERRNO(ftruncate(fd, 0), EINVAL);
        CHECK_ERRNO(open("/proc/self/exe", O_RDONLY | O_TRUNC), ETXTBSY);
        // Other changes are allowed, as Linux does.
        CHECK(unlink("program") == 0 || errno == ENOENT);
        return 3;
    }
    int script = open("script", O_WRONLY | O_CREAT, 0755);
    const char *line = "#!/bin/sh\nexit 4\n";
    CHECK_EQ(write(script, line, strlen(line)), strlen(line));
    CHECK_ERRNO(execl("./script", "script", NULL), ETXTBSY);
    CHECK(close(script) == 0);

    int target = open("program", O_RDWR | O_CREAT, 0755);
    CHECK(target >= 0);
    copy(argv[0], target);
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, target, 0);
    CHECK(page != MAP_FAILED && close(target) == 0);
    CHECK_ERRNO(execl("./program", "program", "again", NULL), ETXTBSY);
    CHECK(munmap(page, PAGE) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        execl("./program", "program", "again", NULL);
        _exit(99);
    }
    CHECK_EXITS(child, 3);

    int memory = memfd_create("program", 0);
    CHECK(memory >= 0);
    copy(argv[0], memory);
    child = fork_child();
    if (child == 0) {
        char *arguments[] = {"program", "again", NULL};
        fexecve(memory, arguments, environ);
        _exit(98);
    }
    CHECK_EXITS(child, 3);
    puts("ok");
}
