// needs: /bin/cat
// A pipeline of three programs: writer, /bin/cat, reader; the data arrives and every status is seen.
#include "../test.h"

static pid_t stage(char **arguments, int in, int out) {
    pid_t child = fork_child();
    if (child == 0) {
        if (in != 0) CHECK(dup2(in, 0) == 0);
        if (out != 1) CHECK(dup2(out, 1) == 1);
        execv(arguments[0], arguments);
        _exit(99);
    }
    if (in != 0) CHECK(close(in) == 0);
    if (out != 1) CHECK(close(out) == 0);
    return child;
}

static int produce(void) {
    for (int i = 0; i < 20000; i++) printf("line %d\n", i);
    fflush(stdout);
    return 1;
}

static int consume(void) {
    char line[64], wanted[64];
    for (int i = 0; i < 20000; i++) {
        snprintf(wanted, sizeof wanted, "line %d\n", i);
        CHECK(fgets(line, sizeof line, stdin) && strcmp(line, wanted) == 0);
    }
    CHECK(!fgets(line, sizeof line, stdin));
    return 3;
}

int main(int argc, char **argv) {
    if (argc > 1) return strcmp(argv[1], "produce") == 0 ? produce() : consume();
    int first[2], second[2];
    CHECK(pipe2(first, O_CLOEXEC) == 0 && pipe2(second, O_CLOEXEC) == 0);
    pid_t producer = stage((char *[]){argv[0], "produce", NULL}, 0, first[1]);
    pid_t middle = stage((char *[]){"/bin/cat", NULL}, first[0], second[1]);
    pid_t consumer = stage((char *[]){argv[0], "consume", NULL}, second[0], 1);
    CHECK_EXITS(producer, 1);
    CHECK_EXITS(middle, 0);
    CHECK_EXITS(consumer, 3);
    puts("ok");
}
