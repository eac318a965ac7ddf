// uname and sysinfo are plausible; setting the clock is refused without privilege or with bad values.
#include "../test.h"
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/utsname.h>

int main(void) {
    struct utsname name;
    struct sysinfo info;
    CHECK(uname(&name) == 0);
    printf("%s %s\n", name.sysname, name.machine);
    CHECK(strlen(name.nodename) > 0 && name.release[0] >= '3' && strlen(name.version) > 0);
    char host[65];
    CHECK(gethostname(host, sizeof host) == 0 && !strcmp(host, name.nodename));
    CHECK(sysinfo(&info) == 0 && info.totalram > info.freeram && info.mem_unit > 0 && info.procs >= 1 && info.uptime >= 0);
    CHECK_EQ(raw(SYS_uname, 8), -EFAULT);
    CHECK_EQ(raw(SYS_sysinfo, 8), -EFAULT);
    CHECK_ERRNO(clock_settime(CLOCK_MONOTONIC, &(struct timespec){0, 0}), EINVAL);
    CHECK_ERRNO(clock_settime(CLOCK_REALTIME, &(struct timespec){0, 1000000000}), EINVAL);
}
