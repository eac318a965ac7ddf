// needs: /usr/bin/busybox /bin/sh
// A static program of many applets, and a shell's pipelines of them.
#include "../test.h"

#define BUSYBOX "/usr/bin/busybox"

static void run(char *const argv[]) {
    pid_t child = fork_child();
    if (child == 0) {
        execv(argv[0], argv);
        FAIL("execv %s", argv[0]);
    }
    CHECK_EXITS(child, 0);
}

#define RUN(...) run((char *const[]){__VA_ARGS__, NULL})

int main(void) {
    const char *text = "pear 3\napple 1\nfig 2\n";
    close(file_with("fruit", text, strlen(text)));
    CHECK_ZERO(mkdir("folder", 0755));
    close(file_with("folder/inside", "x", 1));
    RUN(BUSYBOX, "ls", "-1", "folder");
    RUN(BUSYBOX, "cat", "fruit");
    RUN(BUSYBOX, "awk", "{ sum += $2 } END { print sum }", "fruit");
    RUN(BUSYBOX, "sort", "-k2", "-n", "fruit");
    RUN("/bin/sh", "-c", BUSYBOX " cat fruit | " BUSYBOX " sort -r | " BUSYBOX " sed s/e/E/g | " BUSYBOX " wc -c");
    RUN("/bin/sh", "-c", "for i in 1 2 3; do echo $i; done | while read n; do echo $((n * n)); done");
    RUN(BUSYBOX, "sh", "-c", BUSYBOX " md5sum fruit; x=$(" BUSYBOX " head -c 4 fruit); echo \"$x\"");
    RUN(BUSYBOX, "find", "folder", "-type", "f");
}
