// A pseudoterminal is opened by its parts, and its slave is in /dev/pts.
#include "pty.h"
#include <dirent.h>
#include <sys/sysmacros.h>

int main(void) {
    int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    int number = -1, locked = -1;
    char name[64], found[64];
    CHECK(master >= 0 && isatty(master));
    CHECK(ioctl(master, TIOCGPTN, &number) == 0 && ioctl(master, TIOCGPTLCK, &locked) == 0);
    CHECK_EQ(locked, 1);
    snprintf(name, sizeof name, "/dev/pts/%d", number);
    CHECK_ERRNO(open(name, O_RDWR | O_NOCTTY), EIO);
    CHECK(ioctl(master, TIOCSPTLCK, &(int){0}) == 0);
    int slave = open(name, O_RDWR | O_NOCTTY);
    CHECK(slave >= 0 && isatty(slave));
    struct stat by_path, by_fd;
    CHECK(stat(name, &by_path) == 0 && fstat(slave, &by_fd) == 0);
    CHECK(S_ISCHR(by_fd.st_mode) && by_fd.st_rdev == makedev(136, (unsigned)number));
    CHECK(by_path.st_ino == by_fd.st_ino && by_path.st_dev == by_fd.st_dev);
    CHECK_EQ(by_fd.st_uid, geteuid());
    CHECK_EQ(by_fd.st_mode & 0757, 0600);
    CHECK(strcmp(ttyname(slave), name) == 0);
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", slave);
    ssize_t length = readlink(link, found, sizeof found);
    CHECK(length == (ssize_t)strlen(name) && memcmp(found, name, (size_t)length) == 0);
    DIR *directory = opendir("/dev/pts");
    int seen = 0;
    for (struct dirent *entry; (entry = readdir(directory));) seen += strcmp(entry->d_name, name + 9) == 0;
    CHECK_EQ(seen, 1);
    CHECK(chmod(name, 0600) == 0 && stat(name, &by_path) == 0 && (by_path.st_mode & 07777) == 0600);
    CHECK_ERRNO(ioctl(slave, TIOCGPTN, &number), ENOTTY);
    close(master);
    CHECK_ERRNO(stat(name, &by_path), ENOENT);
}
