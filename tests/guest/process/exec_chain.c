// Thirty programs one after the other in one process.
#include "../test.h"

int main(int argc, char **argv) {
    int left = argc > 1 ? atoi(argv[1]) : 30;
    char number[16], process[16];
    if (argc > 2) CHECK_EQ(getpid(), atoi(argv[2]));
    if (left == 0) {
        puts("ok");
        return 0;
    }
    snprintf(number, sizeof number, "%d", left - 1);
    snprintf(process, sizeof process, "%d", getpid());
    execl(argv[0], argv[0], number, process, NULL);
    FAIL("execl");
}
