// /proc/PID/maps of a child shows the child's mappings, not the reader's.
#include "../test.h"

static int has_line(const char *path, const char *start) {
    static char text[1 << 16];
    CHECK(read_text(path, text, sizeof text) > 0);
    size_t length = strlen(start);
    for (char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, start, length) == 0) return 1;
        if (!*line) break;
    }
    return 0;
}

int main(void) {
    char path[64];
    struct gate ready = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(mmap((void *)0x400000000000, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == (void *)0x400000000000);
        open_gate(ready);
        pass_gate(gate);
        CHECK(munmap((void *)0x400000000000, 3 * PAGE) == 0);
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    snprintf(path, sizeof path, "/proc/%d/maps", child);
    CHECK(has_line(path, "400000000000-400000003000 r--p 00000000 00:00 0"));
    CHECK(!has_line("/proc/self/maps", "400000000000-"));
    open_gate(gate);
    pass_gate(ready);
    CHECK(!has_line(path, "400000000000-"));
    open_gate(gate);
    CHECK_EXITS(child, 0);
    puts("ok");
}
