// The user and group numbers agree in every way of asking; setting what is already so succeeds.
#include "../test.h"
#include <sys/fsuid.h>

int main(void) {
    uid_t r, e, s;
    gid_t rg, eg, sg;
    CHECK(getresuid(&r, &e, &s) == 0 && getresgid(&rg, &eg, &sg) == 0);
    CHECK(r == getuid() && e == geteuid() && rg == getgid() && eg == getegid());
    printf("%u %u %u %u\n", r, e, rg, eg);
    CHECK(setuid(e) == 0 && setgid(eg) == 0 && setreuid(-1, e) == 0 && setregid(-1, eg) == 0);
    CHECK(setresuid(-1, -1, -1) == 0 && setresgid(r == e ? rg : (gid_t)-1, -1, -1) == 0);
    CHECK_EQ(setfsuid((uid_t)-1), (int)e);
    CHECK_EQ(setfsgid((gid_t)-1), (int)eg);
    CHECK_ERRNO(setuid(-1), EINVAL);
    CHECK_ERRNO(setgid(-1), EINVAL);
    CHECK_EQ(raw(SYS_getresuid, 8, &e, &s), -EFAULT);
    if (e != 0) CHECK_ERRNO(setuid(0), EPERM);
    puts("ok");
}
