// Waiting without children is ECHILD; unknown options are EINVAL.
#include "../test.h"
#include <sys/wait.h>

int main(void) {
    int status;
    siginfo_t info;
    CHECK_ERRNO(wait(&status), ECHILD);
    CHECK_ERRNO(waitpid(-1, &status, WNOHANG), ECHILD);
    CHECK_ERRNO(waitpid(0x7ffffff0, &status, 0), ECHILD);
    CHECK_ERRNO(waitpid(-1, &status, 0x1000), EINVAL);
    CHECK_ERRNO(waitid(P_ALL, 0, &info, WEXITED | WNOHANG), ECHILD);
    CHECK_ERRNO(waitid(P_ALL, 0, &info, 0), EINVAL);
    CHECK_ERRNO(waitid(99, 0, &info, WEXITED), EINVAL);
    puts("ok");
}
