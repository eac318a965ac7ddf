// User and group numbers and capabilities are inherited; a child that gives them up leaves the parent's alone.
#include "../test.h"

static void same(const unsigned *ids) {
    unsigned now[6];
    CHECK(getresuid(now, now + 1, now + 2) == 0 && getresgid(now + 3, now + 4, now + 5) == 0);
    for (int i = 0; i < 6; i++) CHECK_EQ(now[i], ids[i]);
}

int main(void) {
    unsigned ids[6];
    int count = getgroups(0, NULL);
    CHECK(getresuid(ids, ids + 1, ids + 2) == 0 && getresgid(ids + 3, ids + 4, ids + 5) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        same(ids);
        CHECK_EQ(getgroups(0, NULL), count);
        unsigned user = ids[0] ? ids[0] : 1234, group = ids[0] ? ids[3] : 4321;
        CHECK(setresgid(group, group, group) == 0 && setresuid(user, user, user) == 0);
        CHECK(getuid() == user && getegid() == group);
        CHECK_ERRNO(setresuid(user + 1, (uid_t)-1, (uid_t)-1), EPERM);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    same(ids);
    puts("ok");
}
